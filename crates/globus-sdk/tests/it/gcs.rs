//! Globus Connect Server: what a client is made of, answers in envelopes, documents, and files over HTTPS.

use std::sync::Arc;

use bytes::Bytes;
use globus_sdk::app::GlobusAppConfig;
use globus_sdk::models::Field;
use globus_sdk::scopes::ScopeCollection as _;
use globus_sdk::services::gcs::*;
use globus_sdk::{
    AccessTokenAuthorizer, ClientApp, Config, Error, GCSClient, GCSCollectionClient, MemoryTokenStorage,
    NullAuthorizer, TransferClient, blocking,
};
use serde_json::{Value, json};

use crate::scripted::{Scripted, json_answer};

const COLLECTION: &str = "c0110000-1111-4222-8333-44444444c011";
const FILE: &str = "https://m-0f.abc.data.globus.org/dir/file.txt";

fn client(transport: &Arc<Scripted>) -> GCSClient {
    GCSClient::at("gcs.example.org")
        .config(Config::default())
        .transport(transport.clone())
        .authorizer(AccessTokenAuthorizer::new("TOKEN"))
        .build()
        .unwrap()
}

fn envelope(data: &Value) -> Value {
    json!({"DATA_TYPE": "result#1.0.0", "code": "success", "http_response_code": 200, "data": data})
}

#[test]
fn scopes_of_endpoints_and_collections() {
    let endpoint = GCSClient::get_gcs_endpoint_scopes("E").unwrap();
    assert_eq!(
        endpoint.manage_collections().name(),
        "urn:globus:auth:scope:E:manage_collections"
    );
    let names: Vec<_> = endpoint.iter().map(|scope| scope.name().to_owned()).collect();
    assert_eq!(names, ["urn:globus:auth:scope:E:manage_collections"]);
    let collection = GCSClient::get_gcs_collection_scopes(uuid::Uuid::nil()).unwrap();
    let all: Vec<_> = collection.iter().map(|scope| scope.name().to_owned()).collect();
    let url = |name: &str| format!("https://auth.globus.org/scopes/{}/{name}", uuid::Uuid::nil());
    assert_eq!(all, [url("data_access"), url("https")]);
    assert_eq!(collection.resource_server(), uuid::Uuid::nil().to_string());
    assert!(!collection.contains("urn:globus:auth:scope:E:manage_collections"));
    assert!(GCSClient::get_gcs_endpoint_scopes("not an id").is_err());
}

#[test]
fn a_collection_client_knows_its_scopes() {
    let client = GCSCollectionClient::new(COLLECTION, "m-0f.abc.data.globus.org", NullAuthorizer).unwrap();
    assert_eq!(client.base_url().as_str(), "https://m-0f.abc.data.globus.org/");
    assert_eq!(client.collection_id(), COLLECTION);
    assert_eq!(client.resource_server(), Some(COLLECTION));
    assert_eq!(
        client.scopes().unwrap().https().name(),
        format!("https://auth.globus.org/scopes/{COLLECTION}/https")
    );
}

#[tokio::test]
async fn an_answer_is_the_document_and_its_envelope_is_kept() {
    let whole = envelope(&json!([
        {"DATA_TYPE": "noise#1.0.0"}, {"DATA_TYPE": "collection"}, 5,
        {"DATA_TYPE": "collection#9.9.9", "id": "C", "collection_type": "guest", "new_field": [1]},
        {"DATA_TYPE": "collection#1.0.0", "id": "later"},
    ]));
    let transport = Scripted::json([whole.clone()]);
    let answer = client(&transport).get_collection("C").await.unwrap();
    assert_eq!(answer.id.as_ref().unwrap(), &"C");
    assert_eq!(answer.collection_type, Some(CollectionType::Guest));
    assert_eq!(answer.extra.get("new_field").unwrap().get(), "[1]");
    assert_eq!(answer.full_data::<Value>().unwrap(), whole);
    assert_eq!(answer.json::<Value>().unwrap(), whole["data"][3]);
    let result: GCSResult = answer.full_data().unwrap();
    assert_eq!(result.code.as_deref(), Some("success"));
}

#[tokio::test]
async fn an_answer_without_its_document_stays_whole() {
    for whole in [
        json!({"DATA_TYPE": "collection#1.0.0", "id": "C"}),
        envelope(&json!([{"DATA_TYPE": "collection", "id": "C"}, {"DATA_TYPE": 5}, {}])),
        envelope(&json!({"DATA_TYPE": "collection#1.0.0"})),
    ] {
        let transport = Scripted::json([whole.clone()]);
        let answer = client(&transport).get_collection("C").await.unwrap();
        assert_eq!(answer.json::<Value>().unwrap(), whole);
        assert_eq!(answer.full_data::<Value>().unwrap(), whole);
    }
}

#[tokio::test]
async fn errors_have_a_detail() {
    let refused = json!({"DATA_TYPE": "result#1.0.0", "code": "permission_denied", "message": "no", "detail":
        {"DATA_TYPE": "missing_required_role#1.0.0", "role": "owner"}});
    let plain = json!({"code": "permission_denied", "message": "no", "detail": null});
    let transport = Scripted::answers([json_answer(403, &refused), json_answer(403, &plain)]);
    let client = client(&transport);
    let error = client.get_collection_list().await.unwrap_err();
    let api = error.api().unwrap();
    assert_eq!(
        (api.code(), api.detail_data_type()),
        (Some("permission_denied"), Some("missing_required_role#1.0.0"))
    );
    assert_eq!(api.detail().unwrap()["role"], "owner");
    let error = client.get_collection_list().await.unwrap_err();
    assert_eq!(
        (error.api().unwrap().detail(), error.api().unwrap().detail_data_type()),
        (None, None)
    );
}

#[tokio::test]
async fn documents_of_either_kind_make_collections() {
    let transport = Scripted::json([envelope(&json!([]))]);
    let client = client(&transport);
    let mut mapped = MappedCollectionDocument::new("G", "/", "Data");
    mapped.delete_protected = Some(false);
    client.create_collection(&mapped).await.unwrap();
    let guest = GuestCollectionDocument::new("M", "U", "/mine/", "Mine");
    client.create_collection(guest.clone()).await.unwrap();
    client
        .update_collection("C", CollectionDocument::from(guest))
        .await
        .unwrap();
    client
        .update_collection("C", json!({"display_name": "Other"}))
        .await
        .unwrap();
    assert_eq!(
        transport.body(0),
        json!({"DATA_TYPE": "collection#1.8.0", "collection_type": "mapped", "storage_gateway_id": "G",
            "collection_base_path": "/", "display_name": "Data", "delete_protected": false})
    );
    let sent = json!({"DATA_TYPE": "collection#1.0.0", "collection_type": "guest", "mapped_collection_id": "M",
        "user_credential_id": "U", "collection_base_path": "/mine/", "display_name": "Mine"});
    assert_eq!((transport.body(1), transport.body(2)), (sent.clone(), sent));
    assert_eq!(transport.body(3), json!({"display_name": "Other"}));
}

#[test]
fn the_highest_version_wins_and_an_own_one_stays() {
    let mut document = MappedCollectionDocument::default();
    let version = |document: &MappedCollectionDocument| document.deduced_data_type();
    assert_eq!(version(&document), "collection#1.0.0");
    document.user_message = Field::Null;
    assert_eq!(version(&document), "collection#1.1.0");
    document.user_message = "é".repeat(64).into();
    assert_eq!(version(&document), "collection#1.1.0");
    document.user_message = "é".repeat(65).into();
    assert_eq!(version(&document), "collection#1.7.0");
    document.auto_delete_timeout = Some(0);
    assert_eq!(version(&document), "collection#1.13.0");
    // A field that this version does not know goes along under a version of the caller's.
    document
        .extra
        .push("foo_field".to_owned(), serde_json::value::to_raw_value("foo").unwrap());
    document.data_type = Some("collection#1.20.0".to_owned());
    let written = serde_json::to_value(&document).unwrap();
    assert_eq!(
        (&written["DATA_TYPE"], &written["foo_field"]),
        (&json!("collection#1.20.0"), &json!("foo"))
    );
}

#[test]
fn a_document_of_the_other_kind_is_refused() {
    let read = serde_json::from_value::<MappedCollectionDocument>(json!({"collection_type": "guest"}));
    assert_eq!(
        read.unwrap_err().to_string(),
        "`collection_type` is `guest` where `mapped` belongs"
    );
}

#[test]
fn policies_are_told_by_their_type() {
    let gateway =
        |policies: &Value| -> StorageGateway { serde_json::from_value(json!({"policies": policies})).unwrap() };
    let s3 = json!({"DATA_TYPE": "s3_storage_policies#1.2.0", "s3_buckets": ["b"], "later": null});
    let known = gateway(&s3);
    let Some(StorageGatewayPolicies::S3(policies)) = &known.policies else {
        panic!("{known:?}")
    };
    assert_eq!(policies.s3_buckets.as_deref(), Some(&["b".to_owned()][..]));
    assert_eq!(serde_json::to_value(&known).unwrap()["policies"], s3);
    for other in [
        json!({"DATA_TYPE": "tape_storage_policies#1.0.0", "robots": 2}),
        json!({"DATA_TYPE": "s3_storage_policies#1.0.0", "s3_buckets": "not a list"}),
        json!({"k": null}),
    ] {
        let unknown = gateway(&other);
        assert_eq!(unknown.policies, Some(StorageGatewayPolicies::Other(other.clone())));
        assert_eq!(serde_json::to_value(&unknown).unwrap()["policies"], other);
    }
    let mut document = StorageGatewayDocument::new("gw", &ConnectorTable::S3);
    document.policies = Some(S3StoragePolicies::default().into());
    document.require_mfa = Some(true);
    assert_eq!(
        serde_json::to_value(&document).unwrap(),
        json!({"DATA_TYPE": "storage_gateway#1.1.0", "display_name": "gw",
            "require_mfa": true, "connector_id": "7643e831-5f6c-4b47-a07f-8ee90f401d23",
            "policies": {"DATA_TYPE": "s3_storage_policies#1.0.0"}})
    );
}

#[test]
fn what_connectors_keep_secret_is_not_shown() {
    let ceph = CephStoragePolicies {
        ceph_admin_secret_key: Some("hush".to_owned()),
        ..CephStoragePolicies::default()
    };
    let mut credential = UserCredentialDocument::new("G");
    credential.policies = Some(json!({"s3_secret_key": "hush"}));
    let shown = format!("{:?} {credential:?}", StorageGatewayPolicies::from(ceph));
    assert!(!shown.contains("hush"), "{shown}");
}

fn app(transport: &Arc<Scripted>) -> ClientApp {
    let config = GlobusAppConfig::new()
        .with_config(Config::default())
        .with_token_storage(MemoryTokenStorage::new())
        .with_transport(transport.clone());
    let app = ClientApp::builder("a test").client_id("c11e0000-0000-4000-8000-00000000c11e");
    app.client_secret("hush").config(config).build().unwrap()
}

fn login_page(query: &str) -> http::Response<Bytes> {
    let location = format!("https://auth.globus.org/v2/oauth2/authorize?{query}");
    let answer = http::Response::builder().status(302).header("location", location);
    answer.body(Bytes::new()).unwrap()
}

fn endpoint(entity_type: &str, high_assurance: bool, server: &str) -> http::Response<Bytes> {
    let body = json!({"id": COLLECTION, "entity_type": entity_type, "high_assurance": high_assurance,
        "https_server": server});
    json_answer(200, &body)
}

fn tokens(scopes: &str) -> http::Response<Bytes> {
    let token = json!({"access_token": "C-TOKEN", "scope": scopes, "expires_in": 172_800, "token_type": "Bearer",
        "resource_server": COLLECTION, "other_tokens": []});
    json_answer(200, &token)
}

fn content(text: &'static str) -> http::Response<Bytes> {
    http::Response::builder().body(Bytes::from(text)).unwrap()
}

/// A Transfer client of its own, so that the app needs a token for the collection only.
fn transfer(transport: &Arc<Scripted>) -> TransferClient {
    let builder = TransferClient::builder()
        .config(Config::default())
        .transport(transport.clone());
    builder
        .authorizer(AccessTokenAuthorizer::new("T-TOKEN"))
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_file_is_read_by_its_address() {
    let scope = |name: &str| format!("https://auth.globus.org/scopes/{COLLECTION}/{name}");
    for (entity_type, high_assurance, data_access) in [
        ("GCSv5_mapped_collection", false, true),
        ("GCSv5_mapped_collection", true, false),
        ("GCSv5_guest_collection", false, false),
    ] {
        let needed = if data_access {
            format!("{} {}", scope("data_access"), scope("https"))
        } else {
            scope("https")
        };
        let transport = Scripted::answers([
            login_page(&format!("client_id={COLLECTION}&scope=x")),
            endpoint(entity_type, high_assurance, "https://m-0f.abc.data.globus.org"),
            tokens(&needed),
            content("one"),
            content("two"),
        ]);
        let app = app(&transport);
        let downloader = GCSDownloader::new(&app).unwrap().transfer_client(&transfer(&transport));
        assert_eq!(downloader.read_text(FILE).await.unwrap(), "one");
        assert_eq!(downloader.read_file(FILE).await.unwrap(), "two");
        let mut scopes: Vec<_> = app.scope_requirements()[COLLECTION]
            .iter()
            .map(|scope| scope.name().to_owned())
            .collect();
        scopes.sort();
        assert_eq!(scopes.join(" "), needed);
        let requests = transport.requests();
        let sent: Vec<_> = requests.iter().map(|request| request.uri().to_string()).collect();
        assert_eq!(
            (sent.len(), &*sent[0], &*sent[3], &*sent[4]),
            (5, FILE, FILE, FILE),
            "nothing is found out twice"
        );
        assert!(!requests[0].headers().contains_key("authorization"));
        assert_eq!(requests[4].headers()["authorization"], "Bearer C-TOKEN");
    }
}

#[tokio::test]
async fn a_server_that_does_not_tell_its_collection() {
    for (answer, said) in [
        (content("free for all"), "read without a login"),
        (login_page("scope=x"), "no `client_id`"),
        (login_page("client_id=a&client_id=b"), "more than one"),
    ] {
        let transport = Scripted::answers([answer]);
        let error = GCSDownloader::new(&app(&transport))
            .unwrap()
            .read_file(FILE)
            .await
            .unwrap_err();
        assert!(
            matches!(error, Error::Decode(_)) && error.to_string().contains(said),
            "{error}"
        );
        assert_eq!(transport.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_server_that_names_another_collection_gets_no_token() {
    let transport = Scripted::answers([
        login_page(&format!("client_id={COLLECTION}")),
        endpoint("GCSv5_mapped_collection", false, "https://m-0f.abc.data.globus.org"),
    ]);
    let app = app(&transport);
    let downloader = GCSDownloader::new(&app).unwrap().transfer_client(&transfer(&transport));
    let error = downloader
        .read_file("https://elsewhere.example/file")
        .await
        .unwrap_err();
    assert!(
        matches!(error, Error::Validation(_)) && error.to_string().contains("another server"),
        "{error}"
    );
    assert!(!app.scope_requirements().contains_key(COLLECTION));
}

#[tokio::test]
async fn a_given_client_reads_its_own_collection_only() {
    let transport = Scripted::answers([content("it")]);
    let client = GCSCollectionClient::at(COLLECTION, "m-0f.abc.data.globus.org")
        .config(Config::default())
        .transport(transport.clone())
        .authorizer(AccessTokenAuthorizer::new("TOKEN"))
        .build()
        .unwrap();
    let downloader = GCSDownloader::new(&app(&transport)).unwrap().gcs_client(&client);
    assert_eq!(downloader.read_file(FILE).await.unwrap(), "it");
    let elsewhere = downloader
        .read_file("https://elsewhere.example/file")
        .await
        .unwrap_err();
    let no_url = GCSDownloader::new(&app(&transport))
        .unwrap()
        .read_file("dir/file.txt")
        .await
        .unwrap_err();
    assert!(
        matches!(
            (&elsewhere, &no_url),
            (Error::Usage(_) | Error::Validation(_), Error::Validation(_))
        ),
        "{elsewhere}"
    );
    assert_eq!(transport.requests().len(), 1);
}

#[test]
fn a_blocking_program_reads_and_streams() {
    let transport = Scripted::answers([
        login_page(&format!("client_id={COLLECTION}")),
        endpoint("GCSv5_guest_collection", false, "https://m-0f.abc.data.globus.org"),
        tokens(&format!("https://auth.globus.org/scopes/{COLLECTION}/https")),
        content("whole"),
        content("piece"),
    ]);
    let config = GlobusAppConfig::new()
        .with_config(Config::default())
        .with_token_storage(MemoryTokenStorage::new())
        .with_transport(transport.clone());
    let app = blocking::ClientApp::builder("a test").client_id("c11e0000-0000-4000-8000-00000000c11e");
    let app = app.client_secret("hush").config(config).build().unwrap();
    let transfer = blocking::TransferClient::builder()
        .config(Config::default())
        .transport(transport.clone());
    let transfer = transfer
        .authorizer(AccessTokenAuthorizer::new("T-TOKEN"))
        .build()
        .unwrap();
    let downloader = blocking::GCSDownloader::new(&app).unwrap().transfer_client(&transfer);
    assert_eq!(downloader.read_text(FILE).send().unwrap(), "whole");
    let mut stream = downloader.client(FILE).send().unwrap().get(FILE).stream().unwrap();
    assert_eq!(stream.chunk().unwrap().unwrap(), "piece");
}
