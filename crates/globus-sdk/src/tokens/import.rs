//! Logins of other programs, taken over without logging in again.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use serde_json::{Map, Value};

use super::copy::store_login;
use super::sqlite::{self, Kept};
use super::{AppFolder, SQLiteTokenStorage, TokenDataByResourceServer, TokenStorage};
use crate::error::Result;

/// A login that the Python CLI keeps: one for each environment and profile.
///
/// Its tokens belong to the client that the CLI registered on this machine. With [`client_id`](Self::client_id) and
/// [`client_secret`](Self::client_secret), whoever imports the login can renew them.
///
/// What the CLI does not keep cannot be taken over: the secret of a program that logs in as itself, which stays in
/// `GLOBUS_CLI_CLIENT_SECRET`, and the tokens of a login that has logged out, which revokes those that were taken over before
/// as well. The older file `~/.globus.cfg` is not read: the CLI revokes the tokens in it.
///
/// Its `Debug` shows neither tokens nor the secret.
#[derive(Clone)]
#[non_exhaustive]
pub struct CliLogin {
    /// Under which the CLI stores it: `userprofile/production`, `userprofile/sandbox/my-profile`, or
    /// `clientprofile/production/<client id>` for a program that logs in as itself.
    pub namespace: String,
    /// The Globus environment, for example `production`.
    pub environment: String,
    /// The value of `GLOBUS_PROFILE` at the login, if there was one.
    pub profile: Option<String>,
    /// The client to which the tokens belong, if it is known.
    pub client_id: Option<String>,
    /// The secret of that client. A program that logs in as itself keeps it elsewhere, and then it is `None`.
    pub client_secret: Option<SecretString>,
    /// Who logged in.
    pub identity_id: Option<String>,
    /// The tokens by resource server; none after a logout.
    pub tokens: TokenDataByResourceServer,
    config: BTreeMap<String, Map<String, Value>>,
}

/// The settings that the CLI keeps beside tokens.
const CONFIGS: [&str; 3] = ["auth_client_data", "auth_user_data", "scope_contract_versions"];

impl CliLogin {
    /// Where the Python CLI keeps its logins: `~/.globus/cli/storage.db`, on Windows
    /// `%LOCALAPPDATA%\globus\cli\storage.db`.
    ///
    /// # Errors
    /// Those of [`AppFolder::from_env`].
    pub fn default_path() -> Result<PathBuf> {
        let apps = AppFolder::from_env()?;
        Ok(apps.path().with_file_name("cli").join("storage.db"))
    }

    /// Reads all logins that the Python CLI keeps in the file `path`, in the order of their namespaces. The CLI goes on
    /// using it: the file is only read, and neither its permissions nor anything beside it changes.
    ///
    /// # Errors
    /// [`Error::Storage`](crate::error::Error::Storage) if the file is not there, cannot be read, or is no such file.
    pub async fn read_all(path: impl AsRef<Path>) -> Result<Vec<Self>> {
        let path = path.as_ref().to_owned();
        let kept = super::offload::offload("read", move || sqlite::read_all(&path, &CONFIGS)).await?;
        Ok(kept.into_iter().map(Self::new).collect())
    }

    fn new(kept: Kept) -> Self {
        let Kept {
            namespace,
            mut tokens,
            configs: config,
        } = kept;
        let text = |name: &str, member: &str| {
            let value = config.get(name).and_then(|members| members.get(member));
            value.and_then(Value::as_str).map(str::to_owned)
        };
        let mut parts = namespace.splitn(3, '/').map(str::to_owned);
        let kind = parts.next().unwrap_or_default();
        let environment = parts.next().unwrap_or_else(|| "production".to_owned());
        let last = parts.next();
        let (profile, client) = if kind == "clientprofile" {
            (None, last)
        } else {
            (last, None)
        };
        let identity_id = text("auth_user_data", "sub");
        for token in tokens.values_mut() {
            // The CLI notes once who logged in, not with each token.
            token.identity_id = token.identity_id.take().or_else(|| identity_id.clone());
        }
        Self {
            namespace,
            environment,
            profile,
            client_id: text("auth_client_data", "client_id").or(client),
            client_secret: text("auth_client_data", "client_secret").map(Into::into),
            identity_id,
            tokens,
            config,
        }
    }

    /// All settings that the CLI stored with the login, by name: `auth_client_data` (with the secret of the client),
    /// `auth_user_data`, `scope_contract_versions`.
    pub fn config(&self) -> &BTreeMap<String, Map<String, Value>> {
        &self.config
    }

    /// Stores the tokens in another storage, in the namespace of that value. Others that are there stay, and those of the same
    /// resource servers are replaced: give each login a namespace of its own, `storage.clone().with_namespace(&login.namespace)`.
    ///
    /// An app finds them with a storage of that namespace, the login's [`client_id`](Self::client_id) and
    /// [`client_secret`](Self::client_secret), and its [`environment`](Self::environment). A renewal that is on
    /// its way does not undo it, as with [`TokenGrant::store_in`](super::TokenGrant::store_in).
    ///
    /// # Errors
    /// Those of the storage.
    pub async fn store_in(&self, storage: &dyn TokenStorage) -> Result<()> {
        store_login(storage, self.tokens.clone()).await
    }

    /// Stores the tokens and all settings in another database, in the namespace of that value, as
    /// [`store_in`](Self::store_in) does.
    ///
    /// # Errors
    /// Those of the storage.
    pub async fn store_all_in(&self, storage: &SQLiteTokenStorage) -> Result<()> {
        for (name, config) in &self.config {
            storage.store_config(name, config).await?;
        }
        self.store_in(storage).await
    }
}

impl fmt::Debug for CliLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CliLogin")
            .field("namespace", &self.namespace)
            .field("client_id", &self.client_id)
            .field("identity_id", &self.identity_id)
            .field("tokens", &self.tokens.keys())
            .finish_non_exhaustive()
    }
}
