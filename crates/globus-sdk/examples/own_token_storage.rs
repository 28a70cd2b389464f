//! Keeps tokens where you want them: here in a folder, with a file for each token. The storage is what has 30 lines.
//!
//! ```sh
//! cargo run --example own_token_storage
//! ```

#![allow(clippy::print_stdout)] // an example talks to people

use std::path::PathBuf;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use globus_sdk::app::GlobusAppConfig;
use globus_sdk::error::StorageError;
use globus_sdk::tokens::{LockGuard, TokenDataByResourceServer};
use globus_sdk::{Error, GroupsClient, Result, TokenStorage, UserApp};
use tokio::sync::Mutex;

/// The client of the Globus tutorials. Register one of your own at <https://app.globus.org/settings/developers>.
const CLIENT_ID: &str = "61338d24-54d5-408f-a10d-66c06b59f6d2";

#[derive(Debug)]
struct Folder(PathBuf, Arc<Mutex<()>>);

impl TokenStorage for Folder {
    fn namespace(&self) -> &'static str {
        "DEFAULT"
    }
    fn store_token_data_by_resource_server(&self, data: TokenDataByResourceServer) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            for (name, token) in data {
                let text = serde_json::to_vec(&token).map_err(std::io::Error::from);
                text.and_then(|text| std::fs::write(self.0.join(name), text))
                    .map_err(failed)?;
            }
            Ok(())
        })
    }
    fn get_token_data_by_resource_server(&self) -> BoxFuture<'_, Result<TokenDataByResourceServer>> {
        Box::pin(async {
            let files = std::fs::read_dir(&self.0).map_err(failed)?.flatten();
            let tokens = files.filter_map(|file| serde_json::from_slice(&std::fs::read(file.path()).ok()?).ok());
            Ok(tokens
                .map(|token: globus_sdk::tokens::TokenStorageData| (token.resource_server.clone(), token))
                .collect())
        })
    }
    fn remove_token_data<'a>(&'a self, resource_server: &'a str) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move { Ok(std::fs::remove_file(self.0.join(resource_server)).is_ok()) })
    }
    fn namespaces(&self) -> BoxFuture<'_, Result<Vec<String>>> {
        Box::pin(async { Ok(vec!["DEFAULT".to_owned()]) })
    }
    fn lock<'a>(&'a self, _key: &'a str) -> BoxFuture<'a, Result<LockGuard>> {
        Box::pin(async { Ok(LockGuard::new(self.1.clone().lock_owned().await)) })
    }
}

fn failed(error: std::io::Error) -> Error {
    StorageError::io("reach", error).into()
}

#[tokio::main]
async fn main() -> Result<()> {
    let folder = std::env::home_dir().unwrap_or_default().join(".own-token-storage");
    std::fs::create_dir_all(&folder).map_err(failed)?;
    #[cfg(unix)]
    std::fs::set_permissions(&folder, std::os::unix::fs::PermissionsExt::from_mode(0o700)).map_err(failed)?;
    let storage = Folder(folder, Arc::default());
    let app = UserApp::builder("own-token-storage")
        .client_id(CLIENT_ID)
        .config(GlobusAppConfig::new().with_token_storage(storage))
        .build()?;
    for group in GroupsClient::builder().app(&app).build()?.get_my_groups().await? {
        println!("{}", group.name.unwrap_or_default());
    }
    Ok(())
}
