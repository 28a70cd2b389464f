//! Consents for the data of collections: found out, looked up, asked for once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::BoxFuture;
use globus_emulator::{Emulator, Fault, seed};
use globus_sdk::app::{GlobusAppConfig, LoginPolicy};
use globus_sdk::login::LoginFlowManager;
use globus_sdk::models::EndpointId;
use globus_sdk::scopes::{FlowsScopes, SpecificFlowScopes, TimersScopes, TransferScopes};
use globus_sdk::{
    AuthorizationFlow, Config, FlowsClient, MemoryTokenStorage, Result, SpecificFlowClient, TimersClient,
    TransferClient, UserApp,
};
use secrecy::SecretString;

#[derive(Debug, Clone)]
struct Alice(Arc<Emulator>, Arc<AtomicUsize>);

impl LoginFlowManager for Alice {
    fn run_login_flow<'a>(&'a self, _flow: &'a AuthorizationFlow, url: &'a str) -> BoxFuture<'a, Result<SecretString>> {
        Box::pin(async move {
            self.1.fetch_add(1, Ordering::SeqCst);
            Ok(self.0.sign_in(url, "alice").unwrap().code().unwrap().into())
        })
    }
}

struct Scene {
    alice: Alice,
    storage: Arc<MemoryTokenStorage>,
}

impl Scene {
    fn new(emulator: Emulator) -> Self {
        let alice = Alice(Arc::new(emulator), Arc::default());
        let storage = Arc::new(MemoryTokenStorage::new());
        Self { alice, storage }
    }

    fn config(&self) -> GlobusAppConfig {
        let env = self.alice.0.env();
        let lookup = move |name: &str| env.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        GlobusAppConfig::new()
            .with_config(Config::from_lookup(lookup).unwrap())
            .with_token_storage(self.storage.clone())
            .with_login_policy(LoginPolicy::Always)
            .with_login_flow_manager(self.alice.clone())
    }

    fn app(&self) -> UserApp {
        let app = UserApp::builder("A Test").client_id(seed::NATIVE_CLIENT_ID);
        app.config(self.config()).build().unwrap()
    }

    fn logins(&self) -> usize {
        self.alice.1.load(Ordering::SeqCst)
    }
}

fn data_access(collection: &str) -> String {
    format!("https://auth.globus.org/scopes/{collection}/data_access")
}

/// All kinds of collections, one of them twice.
const COLLECTIONS: [&str; 6] = [
    seed::TUTORIAL_COLLECTION_2,
    seed::EXAMPLE_GUEST_COLLECTION,
    seed::HIGH_ASSURANCE_COLLECTION,
    seed::ALICE_COLLECTION,
    seed::EXAMPLE_COLLECTION,
    seed::TUTORIAL_COLLECTION_2,
];

#[tokio::test]
async fn one_login_covers_transfer_timers_and_flows() {
    let scene = Scene::new(Emulator::start().await.unwrap());
    let app = scene.app();
    let transfer = TransferClient::builder().app(&app).build().unwrap();
    // Bound, so that the app knows that it needs their tokens. To read flows takes one too.
    let _flows = FlowsClient::builder().app(&app).build().unwrap();
    let _timers = TimersClient::builder().app(&app).build().unwrap();
    let _flow = SpecificFlowClient::builder(seed::FLOW_TWO_STEPS)
        .app(&app)
        .build()
        .unwrap();
    app.login().await.unwrap();
    assert_eq!(scene.logins(), 1);

    let adding = app.add_data_access_scopes(COLLECTIONS).timers(true);
    let found = adding.flows(seed::FLOW_TWO_STEPS).await.unwrap();
    assert_eq!(
        found,
        [seed::TUTORIAL_COLLECTION_2, seed::EXAMPLE_COLLECTION].map(EndpointId::from)
    );
    assert_eq!(scene.logins(), 1, "reading the collections and the flow asks nobody");

    let both = format!(
        "*{} *{}",
        data_access(seed::TUTORIAL_COLLECTION_2),
        data_access(seed::EXAMPLE_COLLECTION)
    );
    let through = TransferScopes::ALL;
    let flow_scopes = SpecificFlowScopes::new(seed::FLOW_TWO_STEPS).unwrap();
    // The flow's action provider has a scope of its own.
    let provider = "https://auth.globus.org/scopes/actions.globus.org/transfer/transfer";
    let run = format!("{}[*{provider}[*{through}[{both}]]]", flow_scopes.user().name());
    let wanted = [
        (TransferScopes::RESOURCE_SERVER, format!("{through}[{both}]")),
        (
            TimersScopes::RESOURCE_SERVER,
            // A timer runs the flow, or transfers by itself.
            format!("{}[{run} {through}[{both}]]", TimersScopes::TIMER),
        ),
        (seed::FLOW_TWO_STEPS, run.clone()),
    ];
    let required = app.scope_requirements();
    for (server, text) in wanted {
        let texts: Vec<String> = required[server].iter().map(|scope| scope.to_text().unwrap()).collect();
        assert_eq!(texts, [text], "{server}");
    }

    // The first request that needs it asks, once, for all three.
    transfer
        .operation_ls(seed::TUTORIAL_COLLECTION_2)
        .path("/")
        .await
        .unwrap();
    assert_eq!(scene.logins(), 2);
    assert!(!app.login_required().await.unwrap());
    assert_eq!(scene.logins(), 2);

    // The next run finds the consents where they are stored, and asks nobody.
    let again = scene.app();
    let transfer = TransferClient::builder().app(&again).build().unwrap();
    let adding = again.add_data_access_scopes(COLLECTIONS).timers(true);
    assert_eq!(adding.flows([seed::FLOW_TWO_STEPS]).await.unwrap().len(), 2);
    transfer
        .operation_ls(seed::TUTORIAL_COLLECTION_2)
        .path("/")
        .await
        .unwrap();
    assert_eq!(scene.logins(), 2);
}

/// A person who has never logged in does so once for all that is read, and once for the consents.
#[tokio::test]
async fn what_is_read_takes_one_login() {
    let scene = Scene::new(Emulator::start().await.unwrap());
    let app = scene.app();
    let adding = app.add_data_access_scopes(seed::TUTORIAL_COLLECTION_2).timers(true);
    assert_eq!(adding.flows(seed::FLOW_TWO_STEPS).await.unwrap().len(), 1);
    assert_eq!(scene.logins(), 1);
    let required = app.scope_requirements();
    let view: Vec<String> = required[FlowsScopes::RESOURCE_SERVER]
        .iter()
        .map(|scope| scope.to_text().unwrap())
        .collect();
    assert_eq!(view, [FlowsScopes::VIEW_FLOWS]);
    let flow = SpecificFlowClient::builder(seed::FLOW_TWO_STEPS)
        .app(&app)
        .build()
        .unwrap();
    let input = serde_json::json!({"source": seed::TUTORIAL_COLLECTION_2, "staging": seed::ALICE_COLLECTION,
        "destination": seed::ALICE_COLLECTION, "path": "/~/x"});
    flow.validate_run(input).await.unwrap();
    assert_eq!(scene.logins(), 2);
    assert!(!app.login_required().await.unwrap(), "transfer, timer and flow");
}

#[tokio::test]
async fn a_flow_that_there_is_not_is_reported() {
    let scene = Scene::new(Emulator::start().await.unwrap());
    let adding = scene.app().add_data_access_scopes(seed::TUTORIAL_COLLECTION_2);
    let unknown = adding.flows("00000000-0000-4000-8000-000000000000").await.unwrap_err();
    assert_eq!(unknown.api().unwrap().http_status(), 404);
}

#[tokio::test]
async fn guest_collections_and_computers_need_nothing() {
    let scene = Scene::new(Emulator::start().await.unwrap());
    let app = scene.app();
    let before = TransferClient::builder()
        .app(&app)
        .build()
        .map(|_| app.scope_requirements());
    let none = [
        seed::EXAMPLE_GUEST_COLLECTION,
        seed::ALICE_COLLECTION,
        seed::HIGH_ASSURANCE_COLLECTION,
    ];
    assert!(app.add_data_access_scopes(none).timers(true).await.unwrap().is_empty());
    assert_eq!(app.scope_requirements(), before.unwrap());
    assert_eq!(scene.logins(), 1);
}

#[tokio::test]
async fn bad_ids_are_refused_and_unknown_ones_reported() {
    let scene = Scene::new(Emulator::start().await.unwrap());
    let app = scene.app();
    let error = app.add_data_access_scopes(["nonsense"]).await.unwrap_err();
    assert!(error.to_string().contains("collection_ids[0]"), "{error}");
    let error = app
        .add_data_access_scopes(seed::ALICE_COLLECTION)
        .flows("nonsense")
        .await
        .unwrap_err();
    assert!(error.to_string().contains("flow_ids"), "{error}");
    assert_eq!(scene.logins(), 0, "nothing was sent");
    let unknown = app
        .add_data_access_scopes("00000000-0000-4000-8000-000000000000")
        .await
        .unwrap_err();
    assert_eq!(unknown.api().unwrap().http_status(), 404);
}

#[test]
fn a_program_consents_for_itself() {
    let emulator = Emulator::builder().start_now().unwrap();
    let scene = Scene::new(emulator);
    let app = globus_sdk::blocking::ClientApp::builder("A Test")
        .client_id(seed::CLIENT_ID)
        .client_secret(seed::CLIENT_SECRET)
        .config(scene.config())
        .build()
        .unwrap();
    let found = app
        .add_data_access_scopes([seed::TUTORIAL_COLLECTION_1, seed::TUTORIAL_COLLECTION_2])
        .send()
        .unwrap();
    assert!(found.contains(&seed::TUTORIAL_COLLECTION_2.into()), "{found:?}");
    let transfer = globus_sdk::blocking::TransferClient::builder()
        .app(&app)
        .build()
        .unwrap();
    transfer
        .operation_ls(seed::TUTORIAL_COLLECTION_2)
        .path("/")
        .send()
        .unwrap();
    assert_eq!(scene.logins(), 0);
}

/// The consents are read with the token for Auth, which has ended like the others.
#[tokio::test]
async fn the_next_day_asks_nobody() {
    let scene = Scene::new(Emulator::start().await.unwrap());
    scene.alice.0.rotate_refresh_tokens(true);
    let ls = async || {
        let app = scene.app();
        let transfer = TransferClient::builder().app(&app).build().unwrap();
        app.add_data_access_scopes(COLLECTIONS).await.unwrap();
        let ls = transfer.operation_ls(seed::TUTORIAL_COLLECTION_2).path("/");
        ls.await.unwrap();
        assert!(!app.login_required().await.unwrap());
    };
    ls().await;
    let logins = scene.logins();
    for _ in 0..2 {
        scene.alice.0.expire_tokens();
        ls().await;
    }
    // So is one that Auth takes no more, though its time is not over.
    scene.alice.0.inject(Fault::status(401).path("*/consents").times(1));
    ls().await;
    assert_eq!(scene.logins(), logins);

    // Where it cannot be renewed, she is asked.
    scene.alice.0.expire_tokens();
    scene.alice.0.expire_refresh_tokens();
    ls().await;
    assert_eq!(scene.logins(), logins + 1);
}
