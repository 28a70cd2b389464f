//! What both kinds of apps have in common.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use http::HeaderValue;

use super::authorizer::AppAuthorizer;
use super::config::LoginPolicy;
use super::turns::Turns;
use crate::authorizers::Authorizer;
use crate::client::AppBinding;
use crate::config::Config;
use crate::engine::Background;
use crate::error::{Error, Result};
use crate::gare::GlobusAuthorizationParameters;
use crate::login::LoginFlowManager;
use crate::scopes::{Scope, ScopeList, merge_scopes};
use crate::services::auth::{AuthorizationFlow, ConfidentialAppAuthClient, IdTokenDecoder, NativeAppAuthClient};
use crate::tokens::{ScopeRequirements, UnsavedOf, ValidatingTokenStorage};
use crate::transport::{Ambient, AuthorizationHook, Transport};

/// An app. Clones of [`UserApp`](super::UserApp) and [`ClientApp`](super::ClientApp) share one.
pub struct Core {
    pub(super) name: String,
    pub(super) slug: String,
    pub(super) config: Config,
    pub(super) login: LoginClient,
    /// `None` for an app that acts as itself.
    pub(super) person: Option<Person>,
    pub(super) turns: Turns,
    pub(super) requirements: ScopeRequirements,
    /// Changes when requirements or tokens do, so that held tokens are looked at again.
    pub(super) generation: AtomicU64,
    pub(super) storage: ValidatingTokenStorage,
    /// Tokens that the storage could not take.
    pub(super) unsaved: UnsavedOf,
    pub(super) auto_redrive: bool,
    pub(super) transport: Arc<dyn Transport>,
    pub(super) ambient: Ambient,
    pub(super) slots: Mutex<HashMap<String, Arc<Slot>>>,
    /// Requirements are read and written in one go.
    pub(super) adding: Mutex<()>,
    /// Gets tokens where the caller's runtime may stand still.
    pub(super) background: Background,
}

/// The client with which tokens are got.
#[derive(Debug, Clone)]
pub(super) enum LoginClient {
    Native(NativeAppAuthClient),
    Confidential(ConfidentialAppAuthClient),
}

/// How an app asks its person.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) manager: Arc<dyn LoginFlowManager>,
    pub(super) redirect_uri: Option<String>,
    pub(super) policy: LoginPolicy,
    pub(super) refresh_tokens: bool,
    pub(super) decoder: IdTokenDecoder,
    /// The login that was offered last, until it is finished.
    pub(super) pending: Mutex<Option<Pending>>,
}

/// A login that has begun. Whoever needs the same gets the same, so that every address that was shown is good.
#[derive(Debug, Clone)]
pub(super) struct Pending {
    pub(super) demands: Option<GlobusAuthorizationParameters>,
    pub(super) flow: AuthorizationFlow,
}

/// The token in use for one resource server.
#[derive(Debug, Default)]
pub(super) struct Slot {
    pub(super) gate: tokio::sync::Mutex<()>,
    pub(super) held: Mutex<Option<Held>>,
    pub(super) tries: Mutex<Tries>,
}

/// How often a token was to be got, and how the last time failed: at which generation, and why.
#[derive(Debug, Default)]
pub(super) struct Tries {
    pub(super) count: u64,
    failed: Option<(u64, Error)>,
}

impl Tries {
    pub(super) fn end(&mut self, failed: Option<(u64, Error)>) {
        self.count += 1;
        self.failed = failed;
    }

    /// The failure of the last try, for those who came before its end and need what it was to get.
    pub(super) fn failure(&self, tried: u64, generation: u64) -> Option<Error> {
        let (failed_at, failure) = self.failed.as_ref()?;
        (self.count > tried && *failed_at == generation).then(|| failure.clone())
    }
}

/// A token that was found good.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) header: HeaderValue,
    pub(super) expires_at: SystemTime,
    pub(super) generation: u64,
    /// The scopes that were required when it was got.
    pub(super) required: Vec<Scope>,
}

pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Core {
    pub(super) fn client_id(&self) -> &str {
        match &self.login {
            LoginClient::Native(client) => client.client_id(),
            LoginClient::Confidential(client) => client.client_id(),
        }
    }

    pub(super) fn slot(&self, resource_server: &str) -> Arc<Slot> {
        locked(&self.slots)
            .entry(resource_server.to_owned())
            .or_default()
            .clone()
    }

    /// Forgets every token in use, also those that are just being got; the storage is looked at again.
    pub(super) fn forget(&self) {
        self.generation.fetch_add(1, Ordering::AcqRel);
        for slot in locked(&self.slots).values() {
            *locked(&slot.held) = None;
        }
    }

    pub(super) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Every required scope, merged, as the text of a request.
    pub(super) fn all_scopes(&self) -> Result<Vec<Scope>> {
        let merge = |all: Vec<Scope>, scopes: Vec<Scope>| merge_scopes(&all, &scopes);
        Ok(self.requirements.all().into_values().try_fold(Vec::new(), merge)?)
    }

    pub(super) fn required(&self, resource_server: &str) -> Result<Vec<Scope>> {
        self.requirements
            .get(resource_server)
            .filter(|scopes| !scopes.is_empty())
            .ok_or_else(|| {
                Error::usage(format!(
                    "the app {:?} needs no scopes of {resource_server}; bind a client, or add them",
                    self.name
                ))
            })
    }

    pub(super) fn add_requirements(&self, resource_server: &str, scopes: &[Scope]) -> Result<()> {
        let _adding = locked(&self.adding);
        let known = self.requirements.get(resource_server).unwrap_or_default();
        self.requirements.set(resource_server, merge_scopes(&known, scopes)?);
        self.generation.fetch_add(1, Ordering::AcqRel);
        Ok(())
    }

    pub(super) fn scope_requirements(&self) -> BTreeMap<String, Vec<Scope>> {
        self.requirements.all()
    }
}

impl std::fmt::Debug for Core {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App")
            .field("name", &self.name)
            .field("client_id", &self.client_id())
            .finish_non_exhaustive()
    }
}

/// The handle that clients have on an app.
#[derive(Debug, Clone)]
pub(super) struct Handle(pub(super) Arc<Core>);

impl AppBinding for Handle {
    fn app_name(&self) -> &str {
        &self.0.slug
    }

    fn config(&self) -> &Config {
        &self.0.config
    }

    fn transport(&self) -> Arc<dyn Transport> {
        self.0.transport.clone()
    }

    fn ambient(&self) -> Ambient {
        self.0.ambient.clone()
    }

    fn add_scope_requirements(&self, resource_server: &str, scopes: &ScopeList) -> Result<()> {
        self.0.add_requirements(resource_server, &scopes.to_scopes()?)
    }

    fn authorizer(&self, resource_server: &str) -> Arc<dyn Authorizer> {
        Arc::new(AppAuthorizer::new(self.0.clone(), resource_server))
    }

    fn hook(&self) -> Option<Arc<dyn AuthorizationHook>> {
        let redrives = self.0.auto_redrive;
        redrives.then(|| Arc::new(self.clone()) as Arc<dyn AuthorizationHook>)
    }
}
