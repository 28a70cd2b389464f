//! Documents of Globus Connect Server.

use globus_sdk::services::gcs::*;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::notation::{Arguments, Payload};
use super::{Entry, Refused, document};

/// One line for each class: its fields, with the recorded parameter's name where that is another.
macro_rules! entries {
    ($($class:ident: $type_name:literal, [$($field:ident $(= $parameter:literal)?),* $(,)?];)*) => {
        pub(super) const ENTRIES: &[Entry] = &[
            $((stringify!($class), |payload| {
                let given = payload.made_with(&[]);
                let mut made = $class {
                    data_type: argument(&given, $type_name)?,
                    $($field: argument(&given, entries!(@name $field $($parameter)?))?,)*
                    ..$class::default()
                };
                given.add_fields(&mut made.extra);
                document(&made)
            }),)*
            ("CollectionDocument", |_| Err("a collection is mapped or a guest".to_owned())),
            ("CollectionPolicies", |_| document(&CollectionPolicies::Other(json!({})))),
            ("StorageGatewayPolicies", |_| document(&StorageGatewayPolicies::Other(json!({})))),
        ];
    };
    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident $parameter:literal) => { $parameter };
}

entries! {
    EndpointDocument: "data_type", [
        contact_email, contact_info, department, description, display_name, info_link, network_use, organization,
        subscription_id, keywords, allow_udt, public, max_concurrency, max_parallelism, preferred_concurrency,
        preferred_parallelism, gridftp_control_channel_port,
    ];
    MappedCollectionDocument: "data_type", [
        collection_base_path, contact_email, contact_info, default_directory, department, description, display_name,
        identity_id, info_link, organization, restrict_transfers_to_high_assurance, user_message, user_message_link,
        keywords, disable_verify, enable_https, force_encryption, force_verify, public, acl_expiration_mins,
        associated_flow_policy, domain_name, guest_auth_policy_id, storage_gateway_id, sharing_users_allow,
        sharing_users_deny, sharing_restrict_paths, delete_protected, allow_guest_collections, disable_anonymous_writes,
        auto_delete_timeout, policies,
    ];
    GuestCollectionDocument: "data_type", [
        collection_base_path, contact_email, contact_info, default_directory, department, description, display_name,
        identity_id, info_link, organization, restrict_transfers_to_high_assurance, user_message, user_message_link,
        keywords, disable_verify, enable_https, force_encryption, force_verify, public, acl_expiration_mins,
        associated_flow_policy, mapped_collection_id, user_credential_id, skip_auto_delete, activity_notification_policy,
    ];
    StorageGatewayDocument: "DATA_TYPE", [
        display_name, connector_id, root, identity_mappings, policies, allowed_domains, high_assurance, require_mfa,
        authentication_timeout_mins, users_allow, users_deny,
    ];
    GCSRoleDocument: "DATA_TYPE", [collection, principal, role];
    UserCredentialDocument: "DATA_TYPE", [
        identity_id, connector_id, username, display_name, storage_gateway_id, policies,
    ];
    POSIXCollectionPolicies: "DATA_TYPE", [sharing_groups_allow, sharing_groups_deny];
    POSIXStagingCollectionPolicies: "DATA_TYPE", [sharing_groups_allow, sharing_groups_deny];
    GoogleCloudStorageCollectionPolicies: "DATA_TYPE", [project];
    POSIXStoragePolicies: "DATA_TYPE", [groups_allow, groups_deny];
    POSIXStagingStoragePolicies: "DATA_TYPE", [groups_allow, groups_deny, stage_app, environment];
    BlackPearlStoragePolicies: "DATA_TYPE", [s3_endpoint, bp_access_id_file];
    BoxStoragePolicies: "DATA_TYPE", [enterprise_id = "enterpriseID", box_app_settings = "boxAppSettings"];
    CephStoragePolicies: "DATA_TYPE", [s3_endpoint, s3_buckets, ceph_admin_key_id, ceph_admin_secret_key];
    GoogleDriveStoragePolicies: "DATA_TYPE", [client_id, secret, user_api_rate_quota];
    GoogleCloudStoragePolicies: "DATA_TYPE", [client_id, secret, service_account_key, buckets, projects];
    OneDriveStoragePolicies: "DATA_TYPE", [client_id, secret, tenant, user_api_rate_limit];
    AzureBlobStoragePolicies: "DATA_TYPE", [client_id, secret, tenant, account, auth_type, adls];
    S3StoragePolicies: "DATA_TYPE", [s3_endpoint, s3_buckets, s3_user_credential_required];
    ActiveScaleStoragePolicies: "DATA_TYPE", [s3_endpoint, s3_buckets, s3_user_credential_required];
    IrodsStoragePolicies: "DATA_TYPE", [irods_environment_file, irods_authentication_file];
    HPSSStoragePolicies: "DATA_TYPE", [authentication_mech, authenticator, uda_checksum_support];
}

/// An argument; one text stands for a list of one, and a helper object for what it serializes to.
fn argument<T: DeserializeOwned + Default>(given: &Arguments, name: &str) -> Result<T, Refused> {
    let plain = given.take::<T>(name);
    let value = match (&plain, given.take::<Value>(name)?) {
        (Err(_), Some(Value::String(one))) => json!([one]),
        (_, Some(inner)) if inner.get("__payload__").is_some() => {
            let inner = Payload::read(&inner);
            let (_, build) = ENTRIES
                .iter()
                .find(|(class, _)| *class == inner.class)
                .ok_or("no such class")?;
            build(&inner)?
        }
        _ => return plain.map(Option::unwrap_or_default),
    };
    serde_json::from_value(value).map_err(|error| format!("{name}: {error}"))
}
