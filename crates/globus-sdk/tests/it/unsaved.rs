//! A storage that cannot be written: a clear error, and the tokens in memory stay usable.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use globus_emulator::{Emulator, Fault, seed};
use globus_sdk::app::{GlobusAppConfig, LoginPolicy};
use globus_sdk::error::{ErrorKind, StorageError};
use globus_sdk::login::LoginFlowManager;
use globus_sdk::scopes::GroupsScopes;
use globus_sdk::tokens::{LockGuard, TokenDataByResourceServer, TokenStorageData, UnsavedTokens};
use globus_sdk::{
    AuthorizationFlow, ClientApp, Config, GroupsClient, MemoryTokenStorage, Result, TokenStorage, UserApp,
};
use secrecy::SecretString;

/// A disk that may be full.
#[derive(Debug, Default)]
struct Disk {
    tokens: MemoryTokenStorage,
    full: AtomicBool,
    /// How often it can be read until nothing of it can be reached.
    reads: Mutex<Option<usize>>,
    /// How often the token for Groups was to be locked.
    locks: AtomicUsize,
    unsaved: UnsavedTokens,
    /// Of how many tokens each change was.
    changes: Mutex<Vec<usize>>,
}

impl Disk {
    /// Whether it can be reached.
    fn check(&self) -> Result<()> {
        let gone = || StorageError::io("read", std::io::Error::from(std::io::ErrorKind::ConnectionReset)).into();
        if *self.reads.lock().unwrap() == Some(0) {
            return Err(gone());
        }
        Ok(())
    }

    fn fail_after(&self, reads: Option<usize>) {
        *self.reads.lock().unwrap() = reads;
    }

    async fn groups_token(&self) -> TokenStorageData {
        let found = self.tokens.get_token_data(GroupsScopes::RESOURCE_SERVER).await;
        found.unwrap().expect("a token for Groups")
    }
}

impl TokenStorage for Disk {
    fn namespace(&self) -> &str {
        self.tokens.namespace()
    }

    fn store_token_data_by_resource_server(&self, data: TokenDataByResourceServer) -> BoxFuture<'_, Result<()>> {
        if let Err(gone) = self.check() {
            return Box::pin(async { Err(gone) });
        }
        if self.full.load(Ordering::SeqCst) {
            let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
            return Box::pin(async { Err(StorageError::io("write", full).into()) });
        }
        self.changes.lock().unwrap().push(data.len());
        self.tokens.store_token_data_by_resource_server(data)
    }

    fn get_token_data_by_resource_server(&self) -> BoxFuture<'_, Result<TokenDataByResourceServer>> {
        self.tokens.get_token_data_by_resource_server()
    }

    fn get_token_data<'a>(&'a self, resource_server: &'a str) -> BoxFuture<'a, Result<Option<TokenStorageData>>> {
        if let Err(gone) = self.check() {
            return Box::pin(async { Err(gone) });
        }
        if let Some(left) = &mut *self.reads.lock().unwrap() {
            *left -= 1;
        }
        self.tokens.get_token_data(resource_server)
    }

    fn remove_token_data<'a>(&'a self, resource_server: &'a str) -> BoxFuture<'a, Result<bool>> {
        self.tokens.remove_token_data(resource_server)
    }

    fn namespaces(&self) -> BoxFuture<'_, Result<Vec<String>>> {
        self.tokens.namespaces()
    }

    fn lock<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<LockGuard>> {
        if key == GroupsScopes::RESOURCE_SERVER {
            self.locks.fetch_add(1, Ordering::SeqCst);
        }
        self.tokens.lock(key)
    }

    fn unsaved(&self) -> Option<&UnsavedTokens> {
        Some(&self.unsaved)
    }
}

#[derive(Debug)]
struct Alice(Arc<Emulator>);

impl LoginFlowManager for Alice {
    fn run_login_flow<'a>(&'a self, _flow: &'a AuthorizationFlow, url: &'a str) -> BoxFuture<'a, Result<SecretString>> {
        Box::pin(async move { Ok(self.0.sign_in(url, "alice").unwrap().code().unwrap().into()) })
    }
}

/// Alice's groups, by an app that keeps its tokens on `disk`.
fn groups(emulator: &Arc<Emulator>, disk: &Arc<Disk>) -> GroupsClient {
    GroupsClient::builder().app(&app(emulator, disk)).build().unwrap()
}

fn config(emulator: &Emulator) -> Config {
    let env = emulator.env();
    let found = move |name: &str| env.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    Config::from_lookup(found).unwrap()
}

fn app(emulator: &Arc<Emulator>, disk: &Arc<Disk>) -> UserApp {
    let settings = GlobusAppConfig::new()
        .with_config(config(emulator))
        .with_token_storage(disk.clone())
        .with_login_policy(LoginPolicy::Always)
        .with_login_flow_manager(Alice(emulator.clone()));
    let builder = UserApp::builder("unsaved").client_id(seed::NATIVE_CLIENT_ID);
    builder.config(settings).build().unwrap()
}

fn logins(emulator: &Emulator) -> usize {
    let requests = emulator.requests();
    requests
        .iter()
        .filter(|request| request.form_value("grant_type") == Some("authorization_code"))
        .count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_that_cannot_be_stored_is_not_lost() {
    let emulator = Arc::new(Emulator::start().await.unwrap());
    let disk = Arc::new(Disk::default());
    disk.full.store(true, Ordering::SeqCst);
    let groups = groups(&emulator, &disk);
    assert_eq!(groups.get_my_groups().await.unwrap_err().kind(), ErrorKind::Storage);
    emulator.clear_requests();
    groups.get_my_groups().await.unwrap();
    assert_eq!(logins(&emulator), 0);
    disk.full.store(false, Ordering::SeqCst);
    emulator.expire_tokens();
    groups.get_my_groups().await.unwrap();
    assert_eq!(logins(&emulator), 0);
    assert!(
        disk.get_token_data(GroupsScopes::RESOURCE_SERVER)
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_that_cannot_be_stored_stay_usable() {
    let emulator = Arc::new(Emulator::start().await.unwrap());
    emulator.rotate_refresh_tokens(true);
    let disk = Arc::new(Disk::default());
    let groups = groups(&emulator, &disk);
    groups.get_my_groups().await.unwrap();
    let stored = disk.get_token_data(GroupsScopes::RESOURCE_SERVER).await.unwrap();

    disk.full.store(true, Ordering::SeqCst);
    groups.get_my_groups().await.unwrap();
    emulator.expire_tokens();
    emulator.clear_requests();
    let error = groups.get_my_groups().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Storage);
    assert!(error.to_string().contains("no storage space"), "{error}");
    assert_eq!(
        disk.get_token_data(GroupsScopes::RESOURCE_SERVER).await.unwrap(),
        stored,
        "as it was"
    );

    // What the renewal brought is in use, although the refresh token that is stored is of no more use.
    groups.get_my_groups().await.unwrap();
    groups.get_my_groups().await.unwrap();
    emulator.expire_tokens();
    groups.get_my_groups().await.unwrap_err();
    groups.get_my_groups().await.unwrap();

    // As soon as there is room, it is stored, and nobody had to log in.
    disk.full.store(false, Ordering::SeqCst);
    emulator.expire_tokens();
    groups.get_my_groups().await.unwrap();
    let renewed = disk.get_token_data(GroupsScopes::RESOURCE_SERVER).await.unwrap();
    assert_ne!(renewed, stored);
    assert_eq!(logins(&emulator), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storage_that_goes_away_during_a_renewal_loses_no_refresh_token() {
    let emulator = Arc::new(Emulator::start().await.unwrap());
    let disk = Arc::new(Disk::default());
    let groups = groups(&emulator, &disk);
    groups.get_my_groups().await.unwrap();
    let before = disk.groups_token().await;
    emulator.clear_requests();
    let mut outages = 0;
    for reads in 1..5 {
        emulator.expire_tokens();
        disk.fail_after(Some(reads));
        outages += usize::from(groups.get_my_groups().await.is_err());
        disk.fail_after(None);
        groups.get_my_groups().await.unwrap();
        let after = disk.groups_token().await;
        assert!(after.refresh_token.is_some(), "after {reads} reads");
        assert_eq!(after.identity_id, before.identity_id, "after {reads} reads");
    }
    assert!(outages > 1);
    emulator.expire_tokens();
    groups.get_my_groups().await.unwrap();
    assert_eq!(logins(&emulator), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_waits_for_the_renewal_on_its_way() {
    let emulator = Arc::new(Emulator::start().await.unwrap());
    let disk = Arc::new(Disk::default());
    groups(&emulator, &disk).get_my_groups().await.unwrap();
    let before = disk.groups_token().await;
    let app = app(&emulator, &disk);
    app.add_scope_requirements(GroupsScopes::RESOURCE_SERVER, GroupsScopes::ALL)
        .unwrap();

    let renewal = disk.lock(GroupsScopes::RESOURCE_SERVER).await.unwrap();
    let locks = disk.locks.load(Ordering::SeqCst);
    let login = tokio::spawn(app.login().into_future());
    let waits = async {
        while disk.locks.load(Ordering::SeqCst) == locks {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waits)
        .await
        .expect("it asks for the lock");
    disk.store_token_data_by_resource_server([(before.resource_server.clone(), before)].into())
        .await
        .unwrap();
    drop(renewal);
    login.await.unwrap().unwrap();
    assert!(disk.groups_token().await.has_scope(GroupsScopes::ALL));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_is_stored_as_one_change() {
    let emulator = Arc::new(Emulator::start().await.unwrap());
    let disk = Arc::new(Disk::default());
    groups(&emulator, &disk).get_my_groups().await.unwrap();
    assert_eq!(*disk.changes.lock().unwrap(), [2], "of Groups and Auth");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_logout_revokes_what_could_not_be_stored() {
    let emulator = Arc::new(Emulator::start().await.unwrap());
    emulator.rotate_refresh_tokens(true);
    let disk = Arc::new(Disk::default());
    let app = app(&emulator, &disk);
    let groups = GroupsClient::builder().app(&app).build().unwrap();
    disk.full.store(true, Ordering::SeqCst);
    groups.get_my_groups().await.unwrap_err();
    groups.get_my_groups().await.unwrap();
    assert!(disk.get_token_data_by_resource_server().await.unwrap().is_empty());

    let revoke = "/v2/oauth2/token/revoke";
    emulator.inject(Fault::status(403).path(revoke).times(1));
    app.logout(false).await.unwrap_err();
    emulator.clear_requests();
    app.logout(false).await.unwrap();
    let requests = emulator.requests();
    let revoked = requests.iter().filter(|request| request.path == revoke).count();
    assert_eq!(revoked, 2, "what the first logout could not revoke");
    emulator.clear_requests();
    app.logout(false).await.unwrap();
    assert!(emulator.requests().is_empty(), "nothing is left");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_in_memory_is_one() {
    let emulator = Arc::new(Emulator::start().await.unwrap());
    let disk = Arc::new(Disk::default());
    disk.full.store(true, Ordering::SeqCst);
    let app = app(&emulator, &disk);
    let groups = GroupsClient::builder().app(&app).build().unwrap();
    assert_eq!(app.login().await.unwrap_err().kind(), ErrorKind::Storage);
    assert!(!app.login_required().await.unwrap());
    app.login().await.unwrap();
    groups.get_my_groups().await.unwrap();
    assert_eq!(logins(&emulator), 1);

    // It is for so much and no more.
    app.add_scope_requirements(GroupsScopes::RESOURCE_SERVER, GroupsScopes::ALL)
        .unwrap();
    assert!(app.login_required().await.unwrap());
    groups.get_my_groups().await.unwrap_err();
    groups.get_my_groups().await.unwrap();
    assert_eq!(logins(&emulator), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_app_for_each_request_loses_nothing() {
    let emulator = Arc::new(Emulator::start().await.unwrap());
    emulator.rotate_refresh_tokens(true);
    let disk = Arc::new(Disk::default());
    groups(&emulator, &disk).get_my_groups().await.unwrap();
    emulator.expire_tokens();
    disk.full.store(true, Ordering::SeqCst);
    groups(&emulator, &disk).get_my_groups().await.unwrap_err();
    groups(&emulator, &disk).get_my_groups().await.unwrap();
    disk.full.store(false, Ordering::SeqCst);
    emulator.expire_tokens();
    groups(&emulator, &disk).get_my_groups().await.unwrap();
    assert_eq!(logins(&emulator), 1);
    assert_eq!(format!("{:?}", disk.unsaved), "UnsavedTokens(0)");
}

/// A program can get another token at any time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_does_without_a_disk() {
    let emulator = Arc::new(Emulator::start().await.unwrap());
    let disk = Arc::new(Disk::default());
    disk.full.store(true, Ordering::SeqCst);
    let settings = GlobusAppConfig::new()
        .with_config(config(&emulator))
        .with_token_storage(disk.clone());
    let builder = ClientApp::builder("unsaved").client_id(seed::CLIENT_ID);
    let app = builder
        .client_secret(seed::CLIENT_SECRET)
        .config(settings)
        .build()
        .unwrap();
    let groups = GroupsClient::builder().app(&app).build().unwrap();
    groups.get_my_groups().await.unwrap();
    groups.get_my_groups().await.unwrap();
    let requests = emulator.requests();
    assert_eq!(
        requests
            .iter()
            .filter(|request| request.path == "/v2/oauth2/token")
            .count(),
        1
    );
}
