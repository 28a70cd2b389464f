//! Services that want more than a token: one login meets it for all who need it, and each request is sent once more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::BoxFuture;
use globus_emulator::{Emulator, Requirement, seed};
use globus_sdk::app::{GlobusAppConfig, LoginPolicy};
use globus_sdk::error::{LoginError, LoginErrorKind};
use globus_sdk::login::LoginFlowManager;
use globus_sdk::scopes::{GroupsScopes, Scope};
use globus_sdk::services::flows::RunStatus;
use globus_sdk::services::transfer::Task;
use globus_sdk::{
    AuthorizationFlow, ClientApp, Config, Error, FlowsClient, GroupsClient, MemoryTokenStorage, Result,
    SpecificFlowClient, TransferClient, UserApp,
};
use secrecy::SecretString;
use serde_json::json;
use tokio::sync::Barrier;

/// Alice, who logs in slowly, or says no.
#[derive(Debug)]
struct Alice {
    emulator: Arc<Emulator>,
    asked: AtomicUsize,
    refuses: AtomicBool,
    /// She takes her time, until so many calls have begun and so many requests have been refused.
    waits_for: (AtomicUsize, AtomicUsize),
    begun: AtomicUsize,
}

impl Alice {
    fn refused(&self) -> usize {
        self.emulator
            .requests()
            .iter()
            .filter(|request| request.status == 403)
            .count()
    }

    async fn take_her_time(&self) {
        let begun = || self.begun.load(Ordering::SeqCst) >= self.waits_for.0.load(Ordering::SeqCst);
        let refused = || self.refused() >= self.waits_for.1.load(Ordering::SeqCst);
        for _ in 0..2000 {
            if begun() && refused() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        // The last of them have yet to come to the door.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

impl LoginFlowManager for Alice {
    fn run_login_flow<'a>(&'a self, _: &'a AuthorizationFlow, url: &'a str) -> BoxFuture<'a, Result<SecretString>> {
        Box::pin(async move {
            self.asked.fetch_add(1, Ordering::SeqCst);
            self.take_her_time().await;
            if self.refuses.load(Ordering::SeqCst) {
                return Err(LoginError::new(LoginErrorKind::Refused, "alice says no").into());
            }
            let code = self.emulator.sign_in(url, "alice").expect("alice can log in").code();
            Ok(code.expect("a code").into())
        })
    }
}

struct Scene {
    emulator: Arc<Emulator>,
    alice: Arc<Alice>,
    app: UserApp,
}

fn config(emulator: &Emulator) -> Config {
    let env = emulator.env();
    Config::from_lookup(move |name| env.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())).unwrap()
}

impl Scene {
    async fn new() -> Self {
        Self::with(LoginPolicy::Always).await
    }

    async fn with(policy: LoginPolicy) -> Self {
        let emulator = Arc::new(Emulator::start().await.unwrap());
        let alice = Arc::new(Alice {
            emulator: emulator.clone(),
            asked: AtomicUsize::new(0),
            refuses: AtomicBool::new(false),
            waits_for: Default::default(),
            begun: AtomicUsize::new(0),
        });
        let config = GlobusAppConfig::new()
            .with_config(config(&emulator))
            .with_token_storage(MemoryTokenStorage::new())
            .with_login_policy(policy)
            .with_login_flow_manager(alice.clone())
            .with_auto_redrive_gares(true);
        let app = UserApp::builder("step up")
            .client_id(seed::NATIVE_CLIENT_ID)
            .config(config);
        let app = app.build().unwrap();
        Self { emulator, alice, app }
    }

    fn asked(&self) -> usize {
        self.alice.asked.load(Ordering::SeqCst)
    }

    /// How often a path was asked for, and with which outcome.
    fn statuses(&self, path: &str) -> Vec<u16> {
        let requests = self.emulator.requests();
        let of_path = requests.iter().filter(|request| request.path == path);
        of_path.map(|request| request.status).collect()
    }
}

#[tokio::test]
async fn every_kind_of_demand_is_met_and_the_request_sent_once_more() {
    let scene = Scene::new().await;
    let groups = GroupsClient::builder().app(&scene.app).build().unwrap();
    groups.get_my_groups().await.unwrap();
    let path = "/v2/groups/my_groups";
    let transfer = "urn:globus:auth:scope:transfer.api.globus.org:all";
    let mut prompts = 0;
    for demand in [
        Requirement::new().mfa(),
        Requirement::new().session_identity(seed::ALICE),
        Requirement::new().domain("example.org"),
        Requirement::new().fresh_login(),
        Requirement::new().scope(transfer),
    ] {
        scene.emulator.clear_requirements();
        scene
            .emulator
            .require(demand.clone().path("/v2/groups/*").message("Prove it"))
            .unwrap();
        let (asked, sent) = (scene.asked(), scene.statuses(path).len());
        groups.get_my_groups().await.unwrap();
        let met = scene.asked() - asked;
        let statuses = scene.statuses(path).split_off(sent);
        // The login of before may do.
        let wanted = if met == 0 { vec![200] } else { vec![403, 200] };
        assert_eq!((statuses, met <= 1), (wanted, true), "{demand:?}");
        prompts += met;
    }
    assert!(prompts >= 3, "most demands needed a login: {prompts}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_tasks_share_one_login() {
    let scene = Scene::new().await;
    let groups = GroupsClient::builder().app(&scene.app).build().unwrap();
    let transfer = TransferClient::builder().app(&scene.app).build().unwrap();
    // The calls come while one login is under way; `sent` of them have reached the service, which refused them.
    let all = |fails: bool, sent: usize| {
        let alice = &scene.alice;
        let begun = alice.begun.load(Ordering::SeqCst) + 64;
        alice.waits_for.0.store(begun, Ordering::SeqCst);
        alice.waits_for.1.store(alice.refused() + sent, Ordering::SeqCst);
        let start = Arc::new(Barrier::new(64));
        let calls: Vec<_> = (0..64)
            .map(|index| {
                let (groups, transfer, start) = (groups.clone(), transfer.clone(), start.clone());
                let alice = alice.clone();
                tokio::spawn(async move {
                    start.wait().await;
                    alice.begun.fetch_add(1, Ordering::SeqCst);
                    if index % 2 == 0 {
                        groups.get_my_groups().await.map(drop)
                    } else {
                        transfer.endpoint_search().filter_scope("my-endpoints").await.map(drop)
                    }
                })
            })
            .collect();
        async move {
            for call in calls {
                let outcome = call.await.unwrap();
                assert_eq!(outcome.is_err(), fails, "{outcome:?}");
            }
        }
    };
    // No token at all.
    all(false, 0).await;
    assert_eq!(scene.asked(), 1);
    // A second factor, of both services.
    scene.emulator.require(Requirement::new().mfa().user("alice")).unwrap();
    all(false, 64).await;
    assert_eq!(scene.asked(), 2, "64 tasks, 1 prompt");
    // All who wait hear that she says no; nobody asks her again.
    scene.emulator.clear_requirements();
    scene
        .emulator
        .require(Requirement::new().fresh_login().user("alice"))
        .unwrap();
    scene.alice.refuses.store(true, Ordering::SeqCst);
    all(true, 64).await;
    assert_eq!(scene.asked(), 3, "64 tasks, 1 refusal");
    // Whoever comes later asks again.
    scene.alice.refuses.store(false, Ordering::SeqCst);
    all(false, 64).await;
    assert_eq!(scene.asked(), 4);
    // Without tokens, and with a person who says no.
    scene.app.logout(true).await.unwrap();
    scene.alice.refuses.store(true, Ordering::SeqCst);
    all(true, 0).await;
    let refusals = scene.asked() - 4;
    assert_eq!(refusals, 1, "64 tasks, 1 refusal");
    scene.alice.waits_for.1.store(0, Ordering::SeqCst);
    // A login that the program asks for.
    scene.alice.refuses.store(false, Ordering::SeqCst);
    let asked = scene.asked();
    let logins: Vec<_> = (0..64).map(|_| tokio::spawn(scene.app.login().into_future())).collect();
    for login in logins {
        login.await.unwrap().unwrap();
    }
    assert_eq!(scene.asked(), asked + 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn different_demands_at_once_are_each_met() {
    let scene = Scene::new().await;
    let groups = GroupsClient::builder().app(&scene.app).build().unwrap();
    let transfer = TransferClient::builder().app(&scene.app).build().unwrap();
    scene.app.login().await.unwrap();
    scene
        .emulator
        .require(Requirement::new().mfa().path("/v2/groups/*"))
        .unwrap();
    scene
        .emulator
        .require(Requirement::new().fresh_login().path("/v0.10/*"))
        .unwrap();
    let (one, other) = tokio::join!(
        groups.get_my_groups().into_future(),
        transfer.endpoint_search().filter_scope("my-endpoints").into_future()
    );
    one.unwrap();
    other.unwrap();
    assert!(scene.asked() <= 3);
}

#[tokio::test]
async fn a_request_is_sent_once_more_and_not_oftener() {
    let scene = Scene::new().await;
    let groups = GroupsClient::builder().app(&scene.app).build().unwrap();
    groups.get_my_groups().await.unwrap();
    let transfer = "urn:globus:auth:scope:transfer.api.globus.org:all";
    let all = Requirement::new().path("/v2/groups/*");
    scene.emulator.require(all.clone().mfa()).unwrap();
    scene.emulator.require(all.scope(transfer)).unwrap();
    let path = "/v2/groups/my_groups";
    let refused = groups.get_my_groups().await.unwrap_err();
    assert_eq!(refused.http_status(), Some(403));
    assert_eq!((scene.asked(), scene.statuses(path)), (2, vec![200, 403, 403]));
    // Both at once: a login for the one must not lose the other.
    let error = groups.get_my_groups().await.err();
    assert!(scene.statuses(path).len() <= 5 && scene.asked() <= 3, "{error:?}");
}

#[tokio::test]
async fn where_nobody_may_be_asked_the_demand_is_offered() {
    let scene = Scene::with(LoginPolicy::Never).await;
    let groups = GroupsClient::builder().app(&scene.app).build().unwrap();
    scene.app.login().await.unwrap();
    scene
        .emulator
        .require(Requirement::new().mfa().path("/v2/groups/*"))
        .unwrap();
    let Error::LoginRequired(offer) = groups.get_my_groups().await.unwrap_err() else {
        panic!("a login is needed")
    };
    assert!(offer.url().unwrap().contains("session_required_mfa=True"), "{offer}");
    let code = scene
        .emulator
        .sign_in(offer.url().unwrap(), "alice")
        .unwrap()
        .code()
        .unwrap();
    scene.app.finish_login(code).await.unwrap();
    groups.get_my_groups().await.unwrap();
    assert_eq!(scene.asked(), 1, "by the program only");
}

#[tokio::test]
async fn a_program_gets_consents_and_has_no_session() {
    let emulator = Emulator::start().await.unwrap();
    let settings = GlobusAppConfig::new()
        .with_config(config(&emulator))
        .with_token_storage(MemoryTokenStorage::new())
        .with_auto_redrive_gares(true);
    let app = ClientApp::builder("p")
        .client_id(seed::CLIENT_ID)
        .client_secret(seed::CLIENT_SECRET);
    let app = app.config(settings).build().unwrap();
    let groups = GroupsClient::builder().app(&app).build().unwrap();
    groups.get_my_groups().await.unwrap();
    emulator.require(Requirement::new().mfa().path("/v2/groups/*")).unwrap();
    let grants = || {
        emulator
            .requests()
            .iter()
            .filter(|request| request.path == "/v2/oauth2/token")
            .count()
    };
    let before = grants();
    assert_eq!(groups.get_my_groups().await.unwrap_err().http_status(), Some(403));
    assert_eq!(grants(), before, "another token would change nothing");
}

/// A flow whose action needs a consent that nobody gave: the run stands still, the person consents, the run goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_went_inactive_is_resumed_after_a_login() {
    let scene = Scene::new().await;
    let flows = FlowsClient::builder().app(&scene.app).build().unwrap();
    let scope = GroupsScopes::VIEW_MY_GROUPS_AND_MEMBERSHIPS;
    let definition = json!({"StartAt": "Greet", "States": {"Greet": {
        "Type": "Action", "ActionUrl": "https://actions.globus.org/hello_world", "End": true,
        "Parameters": {"echo_string": "hello", "required_dependent_scope": scope}, "ResultPath": "$.Said"}}});
    let flow = flows
        .create_flow("t", definition, json!({}))
        .await
        .unwrap()
        .into_inner()
        .id
        .unwrap();
    let one = SpecificFlowClient::builder(&flow).app(&scene.app).build().unwrap();
    let settle = async |run: &globus_sdk::models::RunId| loop {
        let run = flows.get_run(run).await.unwrap().into_inner();
        if run.status != Some(RunStatus::Active) {
            return run;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    let mut waiting = Vec::new();
    for _ in 0..4 {
        let started = one.run_flow(json!({})).await.unwrap().into_inner();
        let run = settle(started.run_id.as_ref().unwrap()).await;
        assert_eq!(run.status, Some(RunStatus::Inactive), "{run:?}");
        let demands = run.auth_requirements().expect("it says what it lacks");
        assert!(
            demands.authorization_parameters.required_scopes.is_some(),
            "{demands:?}"
        );
        waiting.push(run);
    }
    let asked = scene.asked();
    // All at once, and one login for them.
    let resumed: Vec<_> = waiting
        .iter()
        .map(|run| tokio::spawn(scene.app.resume_run(&one, run).into_future()))
        .collect();
    for run in resumed {
        run.await.unwrap().unwrap();
    }
    assert_eq!(scene.asked(), asked + 1);
    for run in &waiting {
        let run = settle(run.run_id.as_ref().unwrap()).await;
        assert_eq!(run.status, Some(RunStatus::Succeeded), "{run:?}");
    }
}

#[tokio::test]
async fn a_task_that_went_inactive_is_met_by_a_fresh_login() {
    let scene = Scene::new().await;
    scene.app.login().await.unwrap();
    let task: Task =
        serde_json::from_value(json!({"status": "INACTIVE", "nice_status": "CREDENTIALS_EXPIRED"})).unwrap();
    let demands = task.auth_requirements().unwrap();
    let (one, other) = tokio::join!(
        scene.app.meet_requirements(&demands).into_future(),
        scene.app.meet_requirements(&demands).into_future()
    );
    one.unwrap();
    other.unwrap();
    assert_eq!(scene.asked(), 2, "one before, and one for both");
}

/// What a person has consented to is looked up once before a login, since it may do, and once after it.
#[tokio::test]
async fn consents_are_read_no_oftener_than_needed() {
    let scene = Scene::new().await;
    let groups = GroupsClient::builder().app(&scene.app).build().unwrap();
    groups.get_my_groups().await.unwrap();
    let consents = || {
        let requests = scene.emulator.requests();
        requests
            .iter()
            .filter(|request| request.path.ends_with("/consents"))
            .count()
    };
    assert_eq!(consents(), 0, "nothing depends on anything");
    let collection = "6c54cade-bde5-45c1-bdea-f4bd71dba2cc";
    let data_access = format!("https://auth.globus.org/scopes/{collection}/data_access");
    let transfer = TransferClient::builder().app(&scene.app).build().unwrap();
    transfer.endpoint_search().filter_scope("my-endpoints").await.unwrap();
    let before = consents();
    let scope = Scope::parse(&format!(
        "urn:globus:auth:scope:transfer.api.globus.org:all[*{data_access}]"
    ))
    .unwrap();
    transfer.add_app_scope(scope).unwrap();
    let asked = scene.asked();
    transfer.endpoint_search().filter_scope("my-endpoints").await.unwrap();
    transfer.endpoint_search().filter_scope("my-endpoints").await.unwrap();
    assert_eq!((scene.asked() - asked, consents() - before), (1, 2));
}
