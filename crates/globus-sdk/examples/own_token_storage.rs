//! Keeps tokens where you want them: here in a folder, with a file for each token. The storage is what has 50 lines.
//!
//! ```sh
//! cargo run --example own_token_storage
//! ```

#![allow(clippy::print_stdout)] // an example talks to people

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use globus_sdk::app::GlobusAppConfig;
use globus_sdk::error::StorageError;
use globus_sdk::tokens::{LockGuard, TokenDataByResourceServer, TokenStorageData};
use globus_sdk::{Error, GroupsClient, Result, TokenStorage, UserApp};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::sync::Mutex;

/// The client of the Globus tutorials. Register one of your own at <https://app.globus.org/settings/developers>.
const CLIENT_ID: &str = "61338d24-54d5-408f-a10d-66c06b59f6d2";

#[derive(Debug)]
struct Folder(PathBuf, Arc<Mutex<()>>);

impl Folder {
    /// Encoded, as a name may have any characters, also those of a path.
    fn file(&self, name: &str) -> PathBuf {
        self.0
            .join(format!("{}.json", utf8_percent_encode(name, NON_ALPHANUMERIC)))
    }
    /// A new file takes the place of the old one, so that nobody ever reads half a token.
    fn write(&self, name: &str, token: &TokenStorageData) -> io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(&self.0)?;
        serde_json::to_writer(&mut file, token)?;
        file.as_file().sync_all()?;
        file.persist(self.file(name)).map(drop).map_err(|error| error.error)
    }
    fn read(&self) -> io::Result<TokenDataByResourceServer> {
        let mut tokens = TokenDataByResourceServer::new();
        for entry in std::fs::read_dir(&self.0)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                let token: TokenStorageData = serde_json::from_slice(&std::fs::read(path)?)?;
                tokens.insert(token.resource_server.clone(), token);
            }
        }
        Ok(tokens)
    }
}

impl TokenStorage for Folder {
    fn namespace(&self) -> &'static str {
        "DEFAULT"
    }
    fn store_token_data_by_resource_server(&self, data: TokenDataByResourceServer) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let mut stored = data.iter().map(|(name, token)| self.write(name, token));
            stored.try_for_each(|done| done.map_err(failed))
        })
    }
    fn get_token_data_by_resource_server(&self) -> BoxFuture<'_, Result<TokenDataByResourceServer>> {
        Box::pin(async { self.read().map_err(failed) })
    }
    fn remove_token_data<'a>(&'a self, resource_server: &'a str) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            match std::fs::remove_file(self.file(resource_server)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
                removed => removed.map(|()| true).map_err(failed),
            }
        })
    }
    fn namespaces(&self) -> BoxFuture<'_, Result<Vec<String>>> {
        Box::pin(async { Ok(vec!["DEFAULT".to_owned()]) })
    }
    fn lock<'a>(&'a self, _key: &'a str) -> BoxFuture<'a, Result<LockGuard>> {
        Box::pin(async { Ok(LockGuard::new(self.1.clone().lock_owned().await)) })
    }
}

fn failed(error: io::Error) -> Error {
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
