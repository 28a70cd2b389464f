//! Cases of the clients of `services::gcs`.

use globus_sdk::services::gcs::*;

use super::*;

#[rustfmt::skip]
pub(super) static CASES: &[Case] = cases! {
    GCSClient {
        get_gcs_info()[];
        endpoint_client_id()[];
        get_endpoint()[];
        update_endpoint(endpoint_data: Raw)[include: Vec<EndpointInclude>];
        get_collection_list()[
            include: Vec<CollectionInclude>, page_size: u32, marker: String, mapped_collection_id: EndpointId,
            filter: Vec<CollectionFilter>] pages;
        get_collection(collection_id: EndpointId)[];
        create_collection(collection_data: Raw)[];
        update_collection(collection_id: EndpointId, collection_data: Raw)[];
        delete_collection(collection_id: EndpointId)[];
        get_storage_gateway_list()[include: Vec<StorageGatewayInclude>, page_size: u32, marker: String] pages;
        create_storage_gateway(data: Raw)[];
        get_storage_gateway(storage_gateway_id: StorageGatewayId)[include: Vec<StorageGatewayInclude>];
        update_storage_gateway(storage_gateway_id: StorageGatewayId, data: Raw)[];
        delete_storage_gateway(storage_gateway_id: StorageGatewayId)[];
        get_role_list()[include: RoleInclude, page_size: u32, marker: String, collection_id: EndpointId] pages;
        create_role(data: Raw)[];
        get_role(role_id: GCSRoleId)[];
        delete_role(role_id: GCSRoleId)[];
        get_user_credential_list()[storage_gateway: StorageGatewayId, page_size: u32, marker: String] pages;
        create_user_credential(data: Raw)[];
        get_user_credential(user_credential_id: UserCredentialId)[];
        update_user_credential(user_credential_id: UserCredentialId, data: Raw)[];
        delete_user_credential(user_credential_id: UserCredentialId)[];
    }
};

pub(super) const FURTHER: &[Further] = &[];
