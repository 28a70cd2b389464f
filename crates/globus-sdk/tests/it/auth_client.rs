//! The Auth API with a token.

use std::sync::Arc;

use globus_sdk::config::Config;
use globus_sdk::error::ErrorKind;
use globus_sdk::scopes::TransferScopes;
use globus_sdk::services::auth::DependentScopeSpec;
use globus_sdk::{AuthClient, ConfidentialAppAuthClient, blocking};
use serde_json::{Value, json};

use crate::scripted::{Scripted, json_answer};

fn client(transport: &Arc<Scripted>) -> AuthClient {
    AuthClient::builder()
        .config(Config::default())
        .transport(transport.clone())
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_client_is_read_by_its_id_or_its_host_name() {
    let transport = Scripted::json([json!({"client": {"id": "c", "name": "n"}})]);
    let auth = client(&transport);
    let by_id = auth.get_client().client_id("a/b").await.unwrap();
    assert_eq!(by_id.client.as_ref().unwrap().name.as_deref(), Some("n"));
    auth.get_client()
        .fqdn("the host")
        .with_query_param("zz", json!(1))
        .await
        .unwrap();
    auth.call("get_client", r#"{"fqdn": "x.example"}"#).await.unwrap();
    assert_eq!(
        transport.targets(),
        [
            "/v2/api/clients/a%2Fb",
            "/v2/api/clients?fqdn=the+host&zz=1",
            "/v2/api/clients?fqdn=x.example"
        ]
    );
    for call in [auth.get_client(), auth.get_client().client_id("c").fqdn("x")] {
        assert_eq!(call.await.unwrap_err().kind(), ErrorKind::Usage);
    }
    assert_eq!(transport.requests().len(), 3);
}

#[tokio::test]
async fn lookups_take_one_key() {
    let transport = Scripted::json([json!({"scopes": [], "identity_providers": []})]);
    let auth = client(&transport);
    assert!(
        auth.get_scopes()
            .scope_strings(["openid", "email"])
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        auth.get_identity_providers()
            .domains(["example.org"])
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        transport.targets(),
        [
            "/v2/api/scopes?scope_strings=openid%2Cemail",
            "/v2/api/identity_providers?domains=example.org"
        ]
    );
    assert!(auth.get_scopes().scope_strings(["x"]).ids(["y"]).await.is_err());
    assert!(auth.get_identity_providers().domains(["x"]).ids(["y"]).await.is_err());
}

#[test]
fn documents_are_wrapped() {
    let transport = Scripted::json([json!({"policy": {"id": "p", "required_mfa": true}, "scope": {"id": "s"}})]);
    let builder = blocking::AuthClient::builder().config(Config::default());
    let auth = builder.transport(transport.clone()).build().unwrap();
    let policy = auth
        .create_policy("p", "name", "text")
        .required_mfa(false)
        .domain_constraints_include_null()
        .domain_constraints_exclude(["a.example"])
        .send()
        .unwrap();
    assert_eq!(policy.policy.as_ref().unwrap().required_mfa, Some(true));
    let wanted = json!({"policy": {
        "project_id": "p", "display_name": "name", "description": "text", "required_mfa": false,
        "domain_constraints_include": null, "domain_constraints_exclude": ["a.example"]
    }});
    assert_eq!(transport.body(0), wanted);
    let needed = vec![DependentScopeSpec::new("d", true, false)];
    auth.create_scope("c", "name", "text", "suffix")
        .dependent_scopes(&needed)
        .send()
        .unwrap();
    let scope = transport.body(1);
    assert_eq!(
        scope["scope"]["dependent_scopes"],
        json!([{"scope": "d", "optional": true, "requires_refresh_token": false}])
    );
    auth.delete_client_credential("c", "k").send().unwrap();
    assert_eq!(transport.targets()[2], "/v2/api/clients/c/credentials/k");
}

#[tokio::test]
async fn consents_make_a_forest() {
    let consent = |id: i64, name: &str, path: Value| {
        json!({
            "id": id, "client": "c", "scope": "s", "scope_name": name, "dependency_path": path, "status": "approved",
            "allows_refresh": true, "atomically_revocable": false, "auto_approved": false, "effective_identity": "i",
            "created": "2024-01-01T00:00:00+00:00", "updated": "2024-01-01T00:00:00+00:00", "last_used": null
        })
    };
    let body =
        json!({"consents": [consent(1, TransferScopes::ALL, json!([1])), consent(2, "dependent", json!([1, 2]))]});
    let transport = Scripted::json([body]);
    let forest = client(&transport).get_consents("i").await.unwrap().to_forest().unwrap();
    assert_eq!(transport.targets(), ["/v2/api/identities/i/consents?all=False"]);
    assert!(
        forest
            .meets_scope_requirements(format!("{}[dependent]", TransferScopes::ALL))
            .unwrap()
    );
    assert!(!forest.meets_scope_requirements("dependent").unwrap());
}

#[tokio::test]
async fn errors_keep_the_id_for_the_operators() {
    let body =
        json!({"errors": [{"status": "401", "id": "the-id", "code": "UNAUTHORIZED", "detail": "d", "title": "t"}]});
    let transport = Scripted::answers([json_answer(401, &body)]);
    let error = client(&transport).userinfo().await.unwrap_err();
    assert_eq!(
        (error.http_status(), error.code(), error.request_id()),
        (Some(401), Some("UNAUTHORIZED"), Some("the-id"))
    );
}

#[tokio::test]
async fn secrets_of_clients_are_not_shown() {
    let transport = Scripted::json([json!({"credential": {"id": "k", "secret": "hush"}})]);
    let made = client(&transport).create_client_credential("c", "name").await.unwrap();
    assert!(!format!("{made:?}").contains("hush"));
    assert_eq!(made.credential.as_ref().unwrap().secret.as_deref(), Some("hush"));
}

#[tokio::test]
async fn what_a_new_client_is_told_must_go_together() {
    let transport = Scripted::json([json!({"client": {"id": "c"}})]);
    let program = ConfidentialAppAuthClient::with_secret("c", "s").config(Config::default());
    let program = program.transport(transport.clone()).build().unwrap();
    let new = || program.create_child_client("n");
    let url = "https://app.example.org/legal";
    for (call, names) in [
        (new(), ["`public_client`", "`client_type`"]),
        (
            new().public_client(true).client_type("public_installed_client"),
            ["`public_client`", "`client_type`"],
        ),
        (
            new().public_client(true).terms_and_conditions(url),
            ["`terms_and_conditions`", "`privacy_policy`"],
        ),
        (
            new().public_client(true).privacy_policy(url),
            ["`terms_and_conditions`", "`privacy_policy`"],
        ),
    ] {
        let error = call.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage);
        assert!(names.iter().all(|name| error.to_string().contains(name)), "{error}");
    }
    for params in [
        json!({"name": "n"}),
        json!({"name": "n", "public_client": true, "privacy_policy": url}),
    ] {
        let error = program
            .call("create_child_client", &params.to_string())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage, "{error}");
    }
    assert!(transport.requests().is_empty());
    new()
        .public_client(true)
        .terms_and_conditions(url)
        .privacy_policy(url)
        .await
        .unwrap();
    new().client_type("public_installed_client").await.unwrap();
    let links = json!({"terms_and_conditions": url, "privacy_policy": url});
    assert_eq!(transport.body(0)["client"]["links"], links);
    assert_eq!(transport.body(1)["client"].get("links"), None);
}
