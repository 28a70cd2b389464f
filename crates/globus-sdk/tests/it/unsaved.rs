//! A storage that cannot be written: a clear error, and the tokens in memory stay usable.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::BoxFuture;
use globus_emulator::{Emulator, seed};
use globus_sdk::app::{GlobusAppConfig, LoginPolicy};
use globus_sdk::error::{ErrorKind, StorageError};
use globus_sdk::login::LoginFlowManager;
use globus_sdk::scopes::GroupsScopes;
use globus_sdk::tokens::{LockGuard, TokenDataByResourceServer};
use globus_sdk::{AuthorizationFlow, Config, GroupsClient, MemoryTokenStorage, Result, TokenStorage, UserApp};
use secrecy::SecretString;

/// A disk that may be full.
#[derive(Debug, Default)]
struct Disk {
    tokens: MemoryTokenStorage,
    full: AtomicBool,
}

impl TokenStorage for Disk {
    fn namespace(&self) -> &str {
        self.tokens.namespace()
    }

    fn store_token_data_by_resource_server(&self, data: TokenDataByResourceServer) -> BoxFuture<'_, Result<()>> {
        if self.full.load(Ordering::SeqCst) {
            let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
            return Box::pin(async { Err(StorageError::io("write", full).into()) });
        }
        self.tokens.store_token_data_by_resource_server(data)
    }

    fn get_token_data_by_resource_server(&self) -> BoxFuture<'_, Result<TokenDataByResourceServer>> {
        self.tokens.get_token_data_by_resource_server()
    }

    fn remove_token_data<'a>(&'a self, resource_server: &'a str) -> BoxFuture<'a, Result<bool>> {
        self.tokens.remove_token_data(resource_server)
    }

    fn namespaces(&self) -> BoxFuture<'_, Result<Vec<String>>> {
        self.tokens.namespaces()
    }

    fn lock<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<LockGuard>> {
        self.tokens.lock(key)
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
    let env = emulator.env();
    let config =
        Config::from_lookup(move |name| env.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()));
    let settings = GlobusAppConfig::new()
        .with_config(config.unwrap())
        .with_token_storage(disk.clone())
        .with_login_policy(LoginPolicy::Always)
        .with_login_flow_manager(Alice(emulator.clone()));
    let builder = UserApp::builder("unsaved").client_id(seed::NATIVE_CLIENT_ID);
    let app = builder.config(settings).build().unwrap();
    GroupsClient::builder().app(&app).build().unwrap()
}

fn logins(emulator: &Emulator) -> usize {
    let requests = emulator.requests();
    requests
        .iter()
        .filter(|request| request.path.contains("authorize"))
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
