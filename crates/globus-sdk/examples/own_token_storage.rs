//! Keeps tokens where you want them: here in one file, safely for any number of threads and processes. The methods of the
//! trait are 22 lines; the other 49 are for the file, so that nothing is lost and nobody reads half of it.
//!
//! ```sh
//! cargo run --example own_token_storage
//! ```

#![allow(clippy::print_stdout)] // an example talks to people

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::PathBuf;

use futures_util::future::BoxFuture;
use globus_sdk::app::GlobusAppConfig;
use globus_sdk::error::StorageError;
use globus_sdk::tokens::{LockGuard, TokenDataByResourceServer};
use globus_sdk::{Config, Error, GroupsClient, Result, TokenStorage, UserApp};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// The client of the Globus tutorials. Register one of your own at <https://app.globus.org/settings/developers>.
const CLIENT_ID: &str = "61338d24-54d5-408f-a10d-66c06b59f6d2";

/// Keeps all tokens in `tokens.json` of a folder.
#[derive(Clone, Debug)]
pub(crate) struct OneFile {
    pub(crate) folder: PathBuf,
    pub(crate) namespace: String,
}

type Namespaces = BTreeMap<String, TokenDataByResourceServer>;

impl OneFile {
    fn read(&self) -> io::Result<Namespaces> {
        match std::fs::read(self.folder.join("tokens.json")) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Namespaces::new()),
            // What is wrong with it is not passed on: it may quote a token.
            text => serde_json::from_slice(&text?).map_err(|_| io::ErrorKind::InvalidData.into()),
        }
    }
    /// A new file takes the place of the old one, whole and on the disk: whoever reads sees one of both, after a crash too.
    fn change<T>(&self, change: impl FnOnce(&mut TokenDataByResourceServer) -> T) -> io::Result<T> {
        let _lock = self.lock_file("")?;
        let mut stored = self.read()?;
        let done = change(stored.entry(self.namespace.clone()).or_default());
        stored.retain(|_, tokens| !tokens.is_empty());
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        serde_json::to_writer(&mut file, &stored)?;
        file.as_file().sync_all()?;
        file.persist(self.folder.join("tokens.json"))?;
        #[cfg(unix)]
        File::open(&self.folder)?.sync_all()?;
        Ok(done)
    }
    /// Excludes other threads and other processes, until the file is closed. Never remove the files of locks.
    fn lock_file(&self, name: &str) -> io::Result<File> {
        let name = utf8_percent_encode(name, NON_ALPHANUMERIC);
        let file = File::create(self.folder.join(format!("{name}.lock")))?;
        file.lock()?;
        Ok(file)
    }
    /// Waits where that is allowed. What was begun goes on to its end, also if the future is dropped.
    fn run<T, F>(&self, work: F) -> BoxFuture<'static, Result<T>>
    where
        T: Send + 'static,
        F: FnOnce(&Self) -> io::Result<T> + Send + 'static,
    {
        let this = self.clone();
        Box::pin(async move {
            let done = tokio::task::spawn_blocking(move || work(&this)).await;
            done.map_err(io::Error::from).flatten().map_err(failed)
        })
    }
}

impl TokenStorage for OneFile {
    fn namespace(&self) -> &str {
        &self.namespace
    }
    fn store_token_data_by_resource_server(&self, data: TokenDataByResourceServer) -> BoxFuture<'_, Result<()>> {
        self.run(|this| this.change(|tokens| tokens.extend(data)))
    }
    fn get_token_data_by_resource_server(&self) -> BoxFuture<'_, Result<TokenDataByResourceServer>> {
        self.run(|this| Ok(this.read()?.remove(&this.namespace).unwrap_or_default()))
    }
    fn remove_token_data<'a>(&'a self, resource_server: &'a str) -> BoxFuture<'a, Result<bool>> {
        let resource_server = resource_server.to_owned();
        self.run(move |this| this.change(|tokens| tokens.remove(&resource_server).is_some()))
    }
    fn namespaces(&self) -> BoxFuture<'_, Result<Vec<String>>> {
        self.run(|this| Ok(this.read()?.into_keys().collect()))
    }
    fn lock<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<LockGuard>> {
        let name = format!("{}\0{key}", self.namespace);
        self.run(move |this| this.lock_file(&name).map(LockGuard::new))
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
    let namespace = Config::from_env()?.token_namespace();
    let app = UserApp::builder("own-token-storage")
        .client_id(CLIENT_ID)
        .config(GlobusAppConfig::new().with_token_storage(OneFile { folder, namespace }))
        .build()?;
    for group in GroupsClient::builder().app(&app).build()?.get_my_groups().await? {
        println!("{}", group.name.unwrap_or_default());
    }
    Ok(())
}
