//! What holds for the request of any call, whatever it is given.

use globus_sdk::AnyClient;
use globus_sdk::config::Config;
use globus_sdk::operation::Operation;
use globus_sdk::services::operations;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use url::Url;

const BASE: &str = "https://service.example:8443/base/v1/";

/// Text with everything that means something somewhere on the way.
fn nasty() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{0,3}",
        r#"[./\\%?#&=+:;@ ,*~'"<>{}|^`\[\]a-z0-9\t\n\r]{0,12}"#,
        Just("..".to_owned()),
        Just(".".to_owned()),
        Just("../../etc".to_owned()),
        Just("%2e%2e".to_owned()),
        Just("//other.example/x".to_owned()),
        any::<String>(),
    ]
}

fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        nasty().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((nasty(), inner), 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

/// An operation and parameters for it: most of its own, and at times something else.
fn call() -> impl Strategy<Value = (&'static Operation, Map<String, Value>)> {
    let all: Vec<&'static Operation> = operations().collect();
    proptest::sample::select(all).prop_flat_map(|operation| {
        let own = operation.params.iter().map(|param| param.name);
        let names: Vec<&str> = own
            .chain(["query_params", "additional_fields", "headers", "zz"])
            .collect();
        let entries = names.into_iter().map(|name| {
            proptest::option::weighted(if name == "zz" { 0.05 } else { 0.8 }, anything())
                .prop_map(move |value| (name, value))
        });
        let entries: Vec<_> = entries.collect();
        entries.prop_map(move |entries| {
            let given = entries
                .into_iter()
                .filter_map(|(name, value)| Some((name.to_owned(), value?)));
            (operation, given.collect())
        })
    })
}

fn client(id: &str, variable: &str) -> globus_sdk::Result<AnyClient> {
    let builder = AnyClient::builder(id)?.config(Config::default()).base_url(BASE);
    builder
        .argument("flow_id", variable)?
        .argument("client_id", variable)?
        .argument("collection_id", variable)?
        .build()
}

/// The request stays below the base URL, also for those who resolve dots in paths.
fn stays_home(uri: &http::Uri) -> bool {
    let url = Url::parse(&uri.to_string()).expect("a URL");
    let base = Url::parse(BASE).expect("a URL");
    url.origin() == base.origin() && url.path().starts_with("/base/v1/") && uri.to_string().starts_with(BASE)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_call_makes_a_request_below_the_base_url_or_is_refused((operation, params) in call(), variable in nasty()) {
        let Ok(client) = client(operation.client.id, &variable) else { return Ok(()) };
        match client.call(operation.name, &Value::Object(params).to_string()).into_request() {
            Err(error) => prop_assert!(error.http_status().is_none()),
            Ok(request) => {
                prop_assert!(stays_home(request.uri()), "{}", request.uri());
                let segments = request.uri().path().split('/').count();
                prop_assert_eq!(segments, operation.path.split('/').count() + 2, "{}", request.uri());
                let kind = request.headers().get("content-type").map(http::HeaderValue::as_bytes);
                if kind == Some(b"application/json") {
                    prop_assert!(serde_json::from_slice::<Value>(request.body()).is_ok());
                }
            }
        }
    }

    #[test]
    fn any_path_stays_below_the_base_url_or_is_refused(path in nasty()) {
        prop_assume!(!path.starts_with("http://") && !path.starts_with("https://"));
        let client = client("base", "v").expect("a client");
        if let Ok(request) = client.call("get", &json!({"path": path}).to_string()).into_request() {
            let shown = request.uri().to_string();
            prop_assert!(stays_home(request.uri()) || path.is_empty() && shown == BASE.trim_end_matches('/'), "{shown}");
        }
    }

    #[test]
    fn queries_and_forms_are_read_as_they_were_meant(entries in proptest::collection::btree_map(nasty(), nasty(), 0..5)) {
        let client = client("base", "v").expect("a client");
        let given: Vec<(String, String)> = entries.clone().into_iter().collect();
        let params = json!({"path": "/x", "query_params": entries, "data": entries, "encoding": "form"});
        let request = client.call("post", &params.to_string()).into_request().expect("a request");
        let read = |text: &str| url::form_urlencoded::parse(text.as_bytes()).into_owned().collect::<Vec<_>>();
        prop_assert_eq!(read(request.uri().query().unwrap_or_default()), given.clone());
        prop_assert_eq!(read(std::str::from_utf8(request.body()).expect("ASCII")), given);
    }
}

fn body_of(id: &str, operation: &str, params: &Value) -> globus_sdk::Result<Value> {
    let request = client(id, "x")?.call(operation, &params.to_string()).into_request()?;
    Ok(serde_json::from_slice(request.body()).unwrap_or_default())
}

#[test]
fn null_is_sent_for_a_switch_but_not_where_it_means_nothing() {
    for (id, operation, params, body) in [
        (
            "auth",
            "update_scope",
            json!({"scope_id": "s", "advertised": null}),
            json!({"scope": {"advertised": null}}),
        ),
        (
            "auth",
            "update_policy",
            json!({"policy_id": "p", "required_mfa": null}),
            json!({"policy": {"required_mfa": null}}),
        ),
        (
            "transfer",
            "set_subscription_admin_verified",
            json!({"collection_id": "c", "subscription_admin_verified": null}),
            json!({"subscription_admin_verified": null}),
        ),
        (
            "timers",
            "resume_job",
            json!({"job_id": "j", "update_credentials": null}),
            json!({}),
        ),
    ] {
        assert_eq!(body_of(id, operation, &params).expect("a request"), body, "{operation}");
    }
}

#[test]
fn null_is_no_document_and_no_list() {
    for (id, operation, params, name) in [
        ("search", "post_search", json!({"index_id": "i", "data": null}), "data"),
        (
            "search",
            "delete_by_query",
            json!({"index_id": "i", "data": null}),
            "data",
        ),
        ("timers", "create_timer", json!({"timer": null}), "timer"),
        (
            "transfer",
            "endpoint_manager_resume_tasks",
            json!({"task_ids": null}),
            "task_ids",
        ),
        (
            "groups",
            "batch_membership_action",
            json!({"group_id": "g", "actions": null}),
            "actions",
        ),
    ] {
        let error = body_of(id, operation, &params)
            .expect_err("nothing to send")
            .to_string();
        assert!(
            error.contains(&format!("needs the parameter `{name}`")),
            "{operation}: {error}"
        );
    }
}
