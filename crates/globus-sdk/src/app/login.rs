//! Logging in: when, how, and what to do where nobody can be asked.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use http::HeaderValue;
use secrecy::ExposeSecret;

use super::config::LoginPolicy;
use super::core::{Core, Handle, LoginClient, Pending, Person, locked};
use crate::client::{Async, Blocking, Mode, Task};
use crate::error::{ApiError, AuthorizationParameters, Error, LoginRequired, Result};
use crate::gare::GlobusAuthorizationParameters;
use crate::scopes::{AuthScopes, ScopeList};
use crate::services::auth::{AuthorizationFlow, OAuthTokenResponse};
use crate::tokens::{TokenGrant, TokenStorage};
use crate::transport::AuthorizationHook;

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
            if force || parameters.is_some() || app.login_required().await? {
                app.log_in(parameters.as_ref()).await?;
            }
            Ok(())
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
            match self.stored(&resource_server).await {
                Ok(token) if self.is_good(&token, None) || token.refresh_token.is_some() => {}
                Ok(_) | Err(Error::Token(_)) => return Ok(true),
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }

    /// Logs in because a request needs it. Those that come meanwhile wait for this login.
    pub(super) async fn log_in_for(
        &self,
        resource_server: &str,
        why: &Error,
        rejected: Option<&HeaderValue>,
    ) -> Result<()> {
        let Some(person) = &self.person else { return Ok(()) };
        let _gate = person.gate.lock().await;
        if let Ok(token) = self.stored(resource_server).await
            && self.is_good(&token, rejected)
        {
            return Ok(());
        }
        if self.may_ask(person) {
            self.ask(person, None).await
        } else {
            Err(self.offer(person, why, None))
        }
    }

    /// Logs in because the program says so.
    pub(super) async fn log_in(&self, parameters: Option<&GlobusAuthorizationParameters>) -> Result<()> {
        let Some(person) = &self.person else {
            let scopes: ScopeList = self.login_scopes(parameters)?;
            let answer = self.client_credentials(scopes).await?;
            return self.store(&answer, None).await;
        };
        let _gate = person.gate.lock().await;
        self.ask(person, parameters).await
    }

    fn may_ask(&self, person: &Person) -> bool {
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
    async fn ask(&self, person: &Person, parameters: Option<&GlobusAuthorizationParameters>) -> Result<()> {
        // Tokens that cannot be stored would be lost: that shows before anybody is troubled.
        drop(self.storage.lock(AuthScopes::RESOURCE_SERVER).await?);
        let flow = self.begin(person, parameters)?;
        let url = Self::url(&flow, parameters);
        let code = person.manager.run_login_flow(&flow, &url).await?;
        self.finish(person, &flow, code.expose_secret()).await
    }

    /// The error that offers a login to be finished later.
    fn offer(&self, person: &Person, why: &Error, parameters: Option<&GlobusAuthorizationParameters>) -> Error {
        let flow = match self.begin(person, parameters) {
            Ok(flow) => flow,
            Err(error) => return error,
        };
        let scopes: Vec<String> = flow.scope().split(' ').map(ToOwned::to_owned).collect();
        let offered = LoginRequired::new(why.to_string())
            .with_scopes(scopes)
            .with_url(Self::url(&flow, parameters));
        offered.into()
    }

    /// Finishes the login that an error offered.
    pub(super) async fn finish_offered(&self, code: &str) -> Result<()> {
        let Some(person) = &self.person else {
            return Err(Error::usage("this app logs in by itself"));
        };
        let Some(Pending { flow, .. }) = locked(&person.pending).clone() else {
            return Err(Error::usage("no login is waiting to be finished"));
        };
        if code.starts_with("http://") || code.starts_with("https://") {
            let code = flow.code_from_redirect(code)?;
            return self.finish(person, &flow, code.expose_secret()).await;
        }
        self.finish(person, &flow, code).await
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

    fn url(flow: &AuthorizationFlow, parameters: Option<&GlobusAuthorizationParameters>) -> String {
        let mut url = flow.authorize_url();
        if let Some(parameters) = parameters {
            url = url.parameters(&AuthorizationParameters::from(parameters));
        }
        url.to_string()
    }

    async fn finish(&self, person: &Person, flow: &AuthorizationFlow, code: &str) -> Result<()> {
        let answer = match &self.login {
            LoginClient::Native(client) => flow.exchange(client, code).await?,
            LoginClient::Confidential(client) => flow.exchange(client, code).await?,
        };
        let Some(id_token) = answer.id_token() else {
            return Err(crate::error::TokenError::MissingIdentity.into());
        };
        let claims = person.decoder.decode(id_token.clone()).await?;
        self.store(&answer, Some(claims.sub.to_string())).await?;
        person.logins.fetch_add(1, Ordering::AcqRel);
        *locked(&person.pending) = None;
        Ok(())
    }

    async fn store(&self, answer: &OAuthTokenResponse, identity: Option<String>) -> Result<()> {
        let grant = TokenGrant::new(answer.tokens().iter().cloned()).with_identity_id(identity);
        self.storage.store_token_response(grant).await?;
        self.forget();
        Ok(())
    }

    /// What every user app needs to know whose tokens it has.
    pub(super) fn require_openid(&self) -> Result<()> {
        self.add_requirements(AuthScopes::RESOURCE_SERVER, &crate::scopes::parse(AuthScopes::OPENID)?)
    }
}

impl AuthorizationHook for Handle {
    fn redrive<'a>(&'a self, refusal: &'a ApiError) -> futures_util::future::BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let Some(gare) = crate::gare::to_gare(refusal) else {
                return Ok(false);
            };
            let app = &self.0;
            let parameters = gare.authorization_parameters;
            let Some(person) = &app.person else {
                app.log_in(Some(&parameters)).await?;
                return Ok(true);
            };
            let before = person.logins.load(Ordering::Acquire);
            let _gate = person.gate.lock().await;
            // Others were refused for the same: one login serves them all.
            if person.logins.load(Ordering::Acquire) != before {
                return Ok(true);
            }
            if !app.may_ask(person) {
                return Err(app.offer(person, &Error::from(refusal.clone()), Some(&parameters)));
            }
            app.ask(person, Some(&parameters)).await?;
            Ok(true)
        })
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
