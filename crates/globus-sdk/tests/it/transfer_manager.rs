//! Documents for roles, rules, shares and tunnels; ids that are drawn; filters that do not go together.

use std::sync::Arc;

use globus_sdk::TransferClient;
use globus_sdk::error::ErrorKind;
use globus_sdk::services::transfer::{
    AccessPermissions, AccessRule, Bookmark, CreateTunnelData, EndpointRole, EndpointRoleName, EndpointUse, PauseRule,
    SharedEndpointData, TunnelCreateDocument, TunnelState, TunnelUpdateDocument,
};
use globus_sdk::transport::{Ambient, FixedRandom, ManualClock, Transport};
use serde_json::{Value, json};

use crate::scripted::{Scripted, json_answer};

fn client(script: &Arc<Scripted>) -> TransferClient {
    let transport: Arc<dyn Transport> = script.clone();
    let ambient = Ambient::new(ManualClock::at_unix(1_700_000_000), FixedRandom::new(0.0));
    TransferClient::builder()
        .transport(transport)
        .ambient(ambient)
        .build()
        .expect("a client")
}

fn written(document: &impl serde::Serialize) -> Value {
    serde_json::to_value(document).expect("JSON")
}

fn submission_id(body: &Value) -> uuid::Uuid {
    let id = &body["data"]["attributes"]["submission_id"];
    id.as_str().expect("an id").parse().expect("a UUID")
}

#[test]
fn documents_have_what_the_service_wants() {
    assert_eq!(
        written(&EndpointRole::for_identity("i", EndpointRoleName::AccessManager)),
        json!({"DATA_TYPE": "role", "principal_type": "identity", "principal": "i", "role": "access_manager"})
    );
    assert_eq!(
        written(&EndpointRole::for_group("g", EndpointRoleName::ActivityMonitor))["principal_type"],
        "group"
    );
    assert_eq!(
        written(&AccessRule::for_group("g", "/d/", AccessPermissions::ReadWrite)),
        json!({"DATA_TYPE": "access", "principal_type": "group", "principal": "g", "path": "/d/", "permissions": "rw"})
    );
    let everybody = written(&AccessRule::for_all_authenticated_users("/", AccessPermissions::Read));
    assert_eq!(
        (&everybody["principal_type"], &everybody["principal"]),
        (&json!("all_authenticated_users"), &json!(""))
    );
    assert_eq!(
        written(&AccessRule::for_identity("i", "/", AccessPermissions::Read))["permissions"],
        "r"
    );
    assert_eq!(
        written(&AccessRule::for_anonymous("/", AccessPermissions::Read))["principal_type"],
        "anonymous"
    );
    let never_ends = AccessRule {
        expiration_date: globus_sdk::models::Field::Null,
        ..AccessRule::default()
    };
    assert_eq!(written(&never_ends), json!({"expiration_date": null}));
    assert_eq!(
        written(&Bookmark::new("n", "e", "/p/")),
        json!({"DATA_TYPE": "bookmark", "name": "n", "endpoint_id": "e", "path": "/p/"})
    );
    assert_eq!(
        written(&SharedEndpointData::new("h", "/p/", "n")),
        json!({"DATA_TYPE": "shared_endpoint", "host_endpoint": "h", "host_path": "/p/", "display_name": "n"})
    );
    assert_eq!(
        written(&PauseRule::new("e", "m")),
        json!({"DATA_TYPE": "pause_rule", "endpoint_id": "e", "message": "m", "identity_id": null, "start_time": null})
    );
    let stop = written(&TunnelUpdateDocument::stopping());
    assert_eq!(
        stop,
        json!({"data": {"type": "Tunnel", "attributes": {"state": "STOPPING"}}})
    );
    assert_eq!(TunnelState::from("LATER"), TunnelState::Other("LATER".to_owned()));
}

#[test]
fn each_new_tunnel_document_has_a_submission_id_of_its_own() {
    let [one, other] = [0, 1].map(|_| submission_id(&written(&TunnelCreateDocument::new("a", "b"))));
    assert_ne!(one, other);
}

#[tokio::test]
async fn a_tunnel_is_made_once_even_when_the_request_is_repeated() {
    let made = json!({"data": {"type": "Tunnel", "id": "t", "attributes": {"state": "AWAITING_LISTENER"}}});
    let script = Scripted::answers([json_answer(502, &json!({})), json_answer(200, &made)]);
    let data = CreateTunnelData::new("a", "b").label("l");
    let before = written(&data);
    let tunnel = client(&script)
        .create_tunnel(&data)
        .await
        .expect("a tunnel")
        .into_inner()
        .data
        .expect("data");
    assert_eq!(
        tunnel.attributes.expect("attributes").state,
        Some(TunnelState::AwaitingListener)
    );
    let ids = [0, 1].map(|index| submission_id(&script.body(index)));
    assert_eq!(ids[0], ids[1]);
    assert_eq!(script.body(0)["data"]["attributes"]["label"], "l");
    assert_eq!(written(&data), before, "the caller's document stays as it is");
}

#[tokio::test]
async fn ids_are_drawn_only_where_none_stands() {
    let script = Scripted::json([json!({})]);
    let client = client(&script);
    for (given, kept) in [
        (
            json!({"data": {"attributes": {"submission_id": "mine", "x": 1}}}),
            json!("mine"),
        ),
        (json!({"data": {"attributes": {"submission_id": null}}}), Value::Null),
    ] {
        client.create_tunnel(given).await.expect("sent");
        assert_eq!(
            script.body(script.requests().len() - 1)["data"]["attributes"]["submission_id"],
            kept
        );
    }
    client
        .create_tunnel(json!({"data": {"type": "Tunnel"}, "z": [1]}))
        .await
        .expect("sent");
    let body = script.body(2);
    assert_eq!((&body["z"], &body["data"]["type"]), (&json!([1]), &json!("Tunnel")));
    submission_id(&body);
    client
        .create_tunnel(json!({}))
        .with_field("data", json!({"type": "Tunnel"}))
        .await
        .expect("sent");
    submission_id(&script.body(3));

    let request = client
        .create_tunnel(CreateTunnelData::new("a", "b"))
        .into_request()
        .expect("a request");
    submission_id(&serde_json::from_slice(request.body()).expect("JSON"));
    assert_eq!(script.requests().len(), 4, "nothing was asked for it");
}

#[tokio::test]
async fn odd_tunnel_documents_are_refused() {
    let script = Scripted::json([json!({})]);
    for (document, words) in [
        (json!({"type": "Tunnel"}), "`data`"),
        (json!({"data": null}), "`data`"),
        (json!({"data": []}), "`data`"),
        (json!([]), "`data`"),
        (json!({"data": {"attributes": null}}), "is no object"),
        (json!({"data": {"attributes": "text"}}), "is no object"),
    ] {
        let error = client(&script)
            .create_tunnel(document.clone())
            .await
            .expect_err("it is refused");
        assert!(
            matches!(error.kind(), ErrorKind::Usage | ErrorKind::Validation),
            "{document}: {error}"
        );
        assert!(error.to_string().contains(words), "{document}: {error}");
    }
    assert!(script.requests().is_empty());
}

#[tokio::test]
async fn filters_that_do_not_go_together_are_refused() {
    let script = Scripted::json([json!({"DATA": []})]);
    let client = client(&script);
    let list = || client.endpoint_manager_task_list();
    for (call, words) in [
        (list().filter_endpoint_use(EndpointUse::Source), "`filter_endpoint`"),
        (list().filter_completion_time(["2020-01-01"]), "a start and an end"),
        (list().filter_completion_time(["", ""]), "one may be empty"),
        (
            list().filter_completion_time(["2020-01-01", "2021-01-01", "2022-01-01"]),
            "a start and an end",
        ),
    ] {
        let error = call.await.expect_err("it is refused");
        assert_eq!(error.kind(), ErrorKind::Usage);
        assert!(error.to_string().contains(words), "{error}");
    }
    assert!(script.requests().is_empty());
    list()
        .filter_completion_time(["", "2021-01-01T00:00:00"])
        .await
        .expect("it is sent");
    list()
        .filter_completion_time(["2020-01-01,"])
        .await
        .expect("it is sent");
    list()
        .filter_endpoint("e")
        .filter_endpoint_use(EndpointUse::Destination)
        .await
        .expect("it is sent");
    assert_eq!(
        script.targets()[2],
        "/v0.10/endpoint_manager/task_list?filter_endpoint=e&filter_endpoint_use=destination"
    );
}
