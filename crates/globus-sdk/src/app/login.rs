//! Logging in: when, how, and what to do where nobody can be asked.

use std::io::IsTerminal;
use std::sync::Arc;

use futures_util::FutureExt as _;
use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use super::config::LoginPolicy;
use super::core::{Core, LoginClient, Pending, Person, locked};
use super::renew::is_of_another_person;
use super::turns::Ticket;
use crate::client::{Async, Blocking, Mode, Task};
use crate::error::{Error, LoginRequired, Result};
use crate::gare::GlobusAuthorizationParameters;
use crate::login::{address, scopes_of};
use crate::scopes::{AuthScopes, ScopeList};
use crate::services::auth::{AuthorizationFlow, OAuthTokenResponse};
use crate::tokens::{TokenGrant, TokenStorage as _};

/// A login before it starts: `app.login().await`, or with a blocking app `app.login().send()`.
#[derive(Debug, Clone)]
#[must_use = "nobody logs in until it is awaited or sent"]
pub struct Login<M: Mode = Async> {
    app: Arc<Core>,
    force: bool,
    parameters: Option<GlobusAuthorizationParameters>,
    runtime: M::Runtime,
}

impl<M: Mode> Login<M> {
    pub(super) const fn new(app: Arc<Core>, runtime: M::Runtime) -> Self {
        Self {
            app,
            force: false,
            parameters: None,
            runtime,
        }
    }

    /// Whether to log in even if no login is needed.
    pub fn force(mut self, force: bool) -> Self {
        self.force = force;
        self
    }

    /// What this login must fulfil: a message, identities, policies, MFA, further scopes. With it, a login always runs.
    pub fn auth_params(mut self, parameters: GlobusAuthorizationParameters) -> Self {
        self.parameters = Some(parameters);
        self
    }

    fn task(self) -> Task<(), M> {
        let Self {
            app,
            force,
            parameters,
            runtime,
        } = self;
        Task::new(runtime, async move {
            let ticket = app.turns.ticket();
            if force || parameters.is_some() {
                app.log_in(parameters.as_ref()).await
            } else if app.login_required().await? {
                app.log_in_if_required(ticket).await
            } else {
                Ok(())
            }
        })
    }
}

impl IntoFuture for Login<Async> {
    type Output = Result<()>;
    type IntoFuture = futures_util::future::BoxFuture<'static, Result<()>>;
    fn into_future(self) -> Self::IntoFuture {
        self.task().into_future()
    }
}

impl Login<Blocking> {
    /// Logs in and waits for it.
    ///
    /// # Errors
    /// A login that fails or that nobody can be asked for, and a storage that cannot be written.
    pub fn send(self) -> Result<()> {
        self.task().send()
    }
}

impl Core {
    /// Whether some required token is missing, does not do, or has ended and cannot be renewed.
    pub(super) async fn login_required(&self) -> Result<bool> {
        for resource_server in self.scope_requirements().into_keys() {
            match self.found(&resource_server).await {
                Ok(token) if self.is_good(&token, None) || token.refresh_token.is_some() => {}
                Err(error) if !matches!(error, Error::Token(_)) || is_of_another_person(&error) => return Err(error),
                _ => return Ok(true),
            }
        }
        Ok(false)
    }

    /// Logs in because a request needs it. Those that come meanwhile wait for this login.
    pub(super) async fn log_in_for(
        self: &Arc<Self>,
        resource_server: &str,
        why: &Error,
        rejected: Option<&HeaderValue>,
        ticket: Ticket,
    ) -> Result<()> {
        let Some(person) = &self.person else { return Ok(()) };
        let (_gate, others) = self.turns.enter(ticket).await;
        if others {
            if let Ok(token) = self.found(resource_server).await
                && self.is_good(&token, rejected)
            {
                return Ok(());
            }
            if let Some(failure) = self.turns.failure(ticket, None) {
                return Err(failure);
            }
        }
        if self.may_ask(person) {
            self.ask(person, None).await
        } else {
            Err(self.offer(person, &why.to_string(), None))
        }
    }

    /// Logs in because the program says so, whatever there is.
    pub(super) async fn log_in(self: &Arc<Self>, parameters: Option<&GlobusAuthorizationParameters>) -> Result<()> {
        let (_gate, _) = self.turns.enter(self.turns.ticket()).await;
        self.ask_anybody(parameters).await
    }

    /// Logs in because the program says so and something lacks; several that say so at once share the login.
    async fn log_in_if_required(self: &Arc<Self>, ticket: Ticket) -> Result<()> {
        let (_gate, others) = self.turns.enter(ticket).await;
        if others {
            if !self.login_required().await? {
                return Ok(());
            }
            if let Some(failure) = self.turns.failure(ticket, None) {
                return Err(failure);
            }
        }
        self.ask_anybody(None).await
    }

    /// The person, or for an app that acts as itself the service.
    pub(super) async fn ask_anybody(
        self: &Arc<Self>,
        parameters: Option<&GlobusAuthorizationParameters>,
    ) -> Result<()> {
        if let Some(person) = &self.person {
            return self.ask(person, parameters).await;
        }
        let scopes: ScopeList = self.login_scopes(parameters)?;
        let outcome = match self.client_credentials(scopes).await {
            Ok(answer) => self.store(&answer, None).await,
            Err(error) => Err(error),
        };
        self.turns.end(parameters, &outcome);
        outcome
    }

    pub(super) fn may_ask(&self, person: &Person) -> bool {
        match person.policy {
            LoginPolicy::Always => true,
            LoginPolicy::Never => false,
            LoginPolicy::Auto => {
                let said = self
                    .config
                    .variable("GLOBUS_SDK_INTERACTIVE")
                    .filter(|said| !said.is_empty());
                said.map_or_else(|| std::io::stdin().is_terminal(), |said| said == "1")
            }
        }
    }

    /// Asks the person, and stores what the login brings.
    pub(super) async fn ask(
        self: &Arc<Self>,
        person: &Person,
        parameters: Option<&GlobusAuthorizationParameters>,
    ) -> Result<()> {
        let outcome = self.ask_person(person, parameters).await;
        self.turns.end(parameters, &outcome);
        outcome
    }

    async fn ask_person(
        self: &Arc<Self>,
        person: &Person,
        parameters: Option<&GlobusAuthorizationParameters>,
    ) -> Result<()> {
        // What no login can mend shows before anybody is troubled.
        drop(self.storage.lock(AuthScopes::RESOURCE_SERVER).await?);
        if let Err(mixed @ Error::Token(_)) = self.storage.identity_id().await {
            return Err(mixed);
        }
        let mut flow = self.begin(person, parameters)?;
        let finish = Box::new(|flow, code| self.finish(flow, code).boxed());
        person.manager.complete_login(&mut flow, parameters, finish).await
    }

    /// The error that offers a login to be finished later.
    pub(super) fn offer(
        &self,
        person: &Person,
        why: &str,
        parameters: Option<&GlobusAuthorizationParameters>,
    ) -> Error {
        let flow = match self.begin(person, parameters) {
            Ok(flow) => flow,
            Err(error) => return error,
        };
        let offered = LoginRequired::new(why)
            .with_scopes(scopes_of(&flow))
            .with_url(address(&flow, parameters));
        offered.into()
    }

    /// Finishes the login that an error offered.
    pub(super) async fn finish_offered(self: &Arc<Self>, code: &str) -> Result<()> {
        let Some(person) = &self.person else {
            return Err(Error::usage("this app logs in by itself"));
        };
        let Some(Pending { demands, flow }) = locked(&person.pending).clone() else {
            return Err(Error::usage("no login is waiting to be finished"));
        };
        let code = if code.starts_with("http://") || code.starts_with("https://") {
            flow.code_from_redirect(code)?
        } else {
            code.into()
        };
        let outcome = self.finish(flow, code).await;
        if outcome.is_ok() {
            self.turns.end(demands.as_ref(), &outcome);
        }
        outcome
    }

    /// Starts a login, or goes on with the one that was offered for the same.
    fn begin(&self, person: &Person, demands: Option<&GlobusAuthorizationParameters>) -> Result<AuthorizationFlow> {
        let flow = self.start(person, demands)?;
        let mut pending = locked(&person.pending);
        if let Some(offered) = &*pending
            && offered.demands.as_ref() == demands
            && offered.flow.scope() == flow.scope()
        {
            return Ok(offered.flow.clone());
        }
        *pending = Some(Pending {
            demands: demands.cloned(),
            flow: flow.clone(),
        });
        Ok(flow)
    }

    fn login_scopes(&self, parameters: Option<&GlobusAuthorizationParameters>) -> Result<ScopeList> {
        let mut scopes: ScopeList = self.all_scopes()?.into_iter().collect();
        scopes.extend(
            parameters
                .iter()
                .flat_map(|parameters| parameters.required_scopes.iter().flatten())
                .map(String::as_str),
        );
        Ok(scopes.to_scopes()?.into_iter().collect())
    }

    fn start(&self, person: &Person, parameters: Option<&GlobusAuthorizationParameters>) -> Result<AuthorizationFlow> {
        let scopes = self.login_scopes(parameters)?;
        let started = match (&self.login, &person.redirect_uri) {
            (LoginClient::Native(client), None) => client.oauth2_start_flow(scopes),
            (LoginClient::Native(client), Some(uri)) => client.oauth2_start_flow(scopes).redirect_uri(uri),
            (LoginClient::Confidential(client), Some(uri)) => client.oauth2_start_flow(uri, scopes),
            (LoginClient::Confidential(_), None) => {
                return Err(Error::usage(
                    "a user app with a secret needs a `login_redirect_uri` in its config",
                ));
            }
        };
        started
            .refresh_tokens(person.refresh_tokens)
            .prefill_named_grant(format!("{} on {}", self.name, host()))
            .build()
    }

    /// Trades the code for tokens and stores them: to the end even if the caller goes away, since a code is good for one
    /// use only.
    async fn finish(self: &Arc<Self>, flow: AuthorizationFlow, code: SecretString) -> Result<()> {
        let (this, finishing) = (self.clone(), self.turns.finishing().await);
        let task = async move {
            let _finishing = finishing;
            match &this.person {
                Some(person) => this.trade(person, &flow, code.expose_secret()).await,
                None => Ok(()),
            }
        };
        self.background.finish(task).await
    }

    async fn trade(&self, person: &Person, flow: &AuthorizationFlow, code: &str) -> Result<()> {
        let answer = match &self.login {
            LoginClient::Native(client) => flow.exchange(client, code).await?,
            LoginClient::Confidential(client) => flow.exchange(client, code).await?,
        };
        let Some(id_token) = answer.id_token() else {
            return Err(crate::error::TokenError::MissingIdentity.into());
        };
        let claims = person.decoder.decode(id_token.clone()).await?;
        self.store(&answer, Some(claims.sub.to_string())).await?;
        *locked(&person.pending) = None;
        Ok(())
    }

    async fn store(&self, answer: &OAuthTokenResponse, identity: Option<String>) -> Result<()> {
        let grant = TokenGrant::new(answer.tokens().iter().cloned()).with_identity_id(identity);
        let kept = self.keep_login(&grant).await;
        self.forget();
        kept
    }

    /// What every user app needs to know whose tokens it has.
    pub(super) fn require_openid(&self) -> Result<()> {
        self.add_requirements(AuthScopes::RESOURCE_SERVER, &crate::scopes::parse(AuthScopes::OPENID)?)
    }
}

/// The name of this machine, for the label of a consent.
fn host() -> String {
    let from_file = || std::fs::read_to_string("/etc/hostname").ok();
    let name = std::env::var("HOSTNAME")
        .or_else(|_| std::env::var("COMPUTERNAME"))
        .ok()
        .or_else(from_file);
    let name = name.as_deref().and_then(nice);
    name.unwrap_or("this machine").to_owned()
}

/// The name as people know it: without the suffix of the local network.
fn nice(name: &str) -> Option<&str> {
    let name = name.trim();
    Some(name.strip_suffix(".local").unwrap_or(name)).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::nice;

    #[test]
    fn machines_have_short_names() {
        for (name, wanted) in [
            ("lab\n", Some("lab")),
            ("lab.local", Some("lab")),
            ("lab.example.org", Some("lab.example.org")),
            (".local", None),
            (" ", None),
        ] {
            assert_eq!(nice(name), wanted, "{name:?}");
        }
    }
}
