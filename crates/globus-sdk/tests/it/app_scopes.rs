//! What clients tell the app to which they are bound: the recorded cases.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use globus_sdk::app::GlobusAppConfig;
use globus_sdk::client::{ClientBuilder, ClientType};
use globus_sdk::scopes::{self, ScopeList};
use globus_sdk::services::ResourceIds;
use globus_sdk::{
    AuthClient, ComputeClientV2, ComputeClientV3, Config, Error, FlowsClient, GCSClient, GCSCollectionClient,
    GroupsClient, MemoryTokenStorage, SearchClient, SpecificFlowClient, TimersClient, TransferClient, TransferClientV2,
    UserApp,
};
use serde_json::{Value, json};

use crate::scripted::Scripted;
use crate::support::{Rules, vectors};

type Requirements = BTreeMap<String, Vec<String>>;

fn app() -> UserApp {
    let info = json!({"DATA_TYPE": "result#1.0.0", "data": [
        {"DATA_TYPE": "info#1.0.0", "client_id": "00000003-aaaa-4bbb-8ccc-000000000003"},
    ]});
    let config = GlobusAppConfig::new()
        .with_config(Config::default())
        .with_token_storage(MemoryTokenStorage::new())
        .with_transport(Scripted::json([info]));
    UserApp::builder("test app")
        .client_id("c11e0000-0000-4000-8000-00000000c11e")
        .config(config)
        .build()
        .unwrap()
}

fn requirements(app: &UserApp) -> Requirements {
    let text = |scopes: Vec<scopes::Scope>| scopes.iter().map(|scope| scope.to_text().unwrap()).collect();
    app.scope_requirements()
        .into_iter()
        .map(|(server, scopes)| (server, text(scopes)))
        .collect()
}

fn list(value: &Value) -> ScopeList {
    let text = |value: &Value| {
        value
            .get("__scope__")
            .unwrap_or(value)
            .as_str()
            .expect("a scope")
            .to_owned()
    };
    match value {
        Value::Array(items) => items.iter().map(text).collect(),
        one => std::iter::once(text(one)).collect(),
    }
}

fn ids(value: &Value) -> ResourceIds {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
    match value {
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().into(),
        one => text(one).into(),
    }
}

/// Makes the client of a case and answers what its calls do.
fn run(case: &Value, app: &UserApp) -> Result<(), Error> {
    fn made<C: ClientType>(builder: ClientBuilder<C>, app: &UserApp, case: &Value) -> Result<C, Error> {
        let builder = builder.app(app);
        match case["kwargs"].get("app_scopes") {
            Some(scopes) => builder.app_scopes(list(scopes)).build(),
            None => builder.build(),
        }
    }
    macro_rules! client {
        ($builder:expr $(, $method:ident)*) => {{
            let client = made($builder, app, case)?;
            for call in case["calls"].as_array().unwrap() {
                let argument = &call[1][0];
                match call[0].as_str().unwrap() {
                    "add_app_scope" => client.add_app_scope(list(argument)).map(|_| ())?,
                    $(stringify!($method) => client.$method(ids(argument)).map(|_| ())?,)*
                    other => panic!("no such method: {other}"),
                }
            }
        }};
    }
    let argument = |position: usize| case["args"][position].as_str().unwrap_or_default();
    match case["client"].as_str().unwrap() {
        "AuthClient" => client!(AuthClient::builder()),
        "TransferClient" => client!(TransferClient::builder(), add_app_data_access_scope),
        "TransferClientV2" => client!(TransferClientV2::builder()),
        "GroupsClient" => client!(GroupsClient::builder()),
        "FlowsClient" => client!(FlowsClient::builder()),
        "SearchClient" => client!(SearchClient::builder()),
        "TimersClient" => {
            client!(
                TimersClient::builder(),
                add_app_transfer_data_access_scope,
                add_app_flow_user_scope
            );
        }
        "ComputeClientV2" => client!(ComputeClientV2::builder()),
        "ComputeClientV3" => client!(ComputeClientV3::builder()),
        "SpecificFlowClient" => {
            client!(
                SpecificFlowClient::builder(argument(0)),
                add_app_transfer_data_access_scope
            );
        }
        "GCSCollectionClient" => client!(GCSCollectionClient::builder(argument(0)).base_url(argument(1))),
        // This one must ask its server first, which it does with its first request.
        "GCSClient" => client!(GCSClient::at(argument(0))),
        other => panic!("no such client: {other}"),
    }
    Ok(())
}

fn merged(expected: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let texts = |scopes: &Value| {
        let joined: ScopeList = list(scopes);
        joined
            .to_scopes()
            .unwrap()
            .iter()
            .map(|scope| scope.to_text().unwrap())
            .collect()
    };
    expected
        .as_object()
        .unwrap()
        .iter()
        .map(|(server, scopes)| (server.clone(), texts(scopes)))
        .collect()
}

#[test]
fn the_recorded_cases() {
    let rules = Rules::load("app_scopes");
    for case in vectors("app_scopes")
        .iter()
        .filter(|case| case.get("client").is_some_and(|_| case.get("args").is_some()))
    {
        let id = case["id"].as_str().unwrap();
        if case["client"] == "GCSClient" {
            continue;
        }
        let app = app();
        assert_eq!(
            serde_json::to_value(requirements(&app)).unwrap(),
            json!({"auth.globus.org": ["openid"]})
        );
        let result = run(case, &app);
        let expected = &case["result"];
        if expected["ok"] == false {
            let error = result.expect_err(id).to_string();
            let number = case["calls"][0][1][0][1].is_number();
            let message = expected["message"].as_str().unwrap();
            let place = message.split(" must").next().unwrap();
            assert!(
                error.contains(place) && (number || error.contains("must be a valid UUID")),
                "{id}: {error}"
            );
            continue;
        }
        result.unwrap_or_else(|error| panic!("{id}: {error}"));
        let mut ours: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (server, scopes) in requirements(&app) {
            ours.insert(server, scopes.into_iter().collect());
        }
        let count: usize = ours.values().map(BTreeSet::len).sum();
        let recorded: usize = expected["scope_requirements"]
            .as_object()
            .unwrap()
            .values()
            .map(|v| v.as_array().unwrap().len())
            .sum();
        assert_eq!(ours, merged(&expected["scope_requirements"]), "{id}");
        assert!(count == recorded || rules.find(case).is_some(), "{id}: {ours:?}");
    }
    rules.assert_all_used();
}

#[tokio::test]
async fn a_gcs_client_registers_what_its_server_tells() {
    let app = app();
    let client = GCSClient::at("x.example").app(&app).build().unwrap();
    client.add_app_scope("extra[dependency]").unwrap();
    assert_eq!(requirements(&app).len(), 1, "nothing is asked before the first request");
    // Nobody is there to log in, so the request itself fails; by then the scopes are known.
    assert!(client.get_collection_list().await.is_err());
    let server = "00000003-aaaa-4bbb-8ccc-000000000003";
    let manage = format!("urn:globus:auth:scope:{server}:manage_collections");
    assert_eq!(requirements(&app)[server], [manage.as_str(), "extra[dependency]"]);
}

#[test]
fn settings_that_do_not_go_together() {
    let app = app();
    let usage = |result: Result<FlowsClient, Error>| match result {
        Err(Error::Usage(error)) => error.to_string(),
        other => panic!("{other:?}"),
    };
    let token = globus_sdk::AccessTokenAuthorizer::new("T");
    assert!(usage(FlowsClient::builder().app(&app).authorizer(token).build()).contains("not both"));
    assert!(usage(FlowsClient::builder().app_scopes("a").build()).contains("app"));
    assert!(usage(FlowsClient::builder().app(&app).environment("preview").build()).contains("[Environment Mismatch]"));
    let unbound = FlowsClient::builder().config(Config::default()).build().unwrap();
    assert!(
        unbound
            .add_app_scope("a")
            .unwrap_err()
            .to_string()
            .contains("bound to no app")
    );
    let _: Arc<dyn globus_sdk::client::AppBinding> = (&app).into();
}
