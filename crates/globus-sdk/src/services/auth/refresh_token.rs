//! [`RefreshTokenAuthorizer`]: a program that acts for a person who logged in once.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::future::BoxFuture;
use http::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};

use super::client_credentials::single_token;
use super::{LoginClient, OAuthTokenResponse};
use crate::authorizers::{Authorizer, Renewal, RenewingAuthorizer, RenewingAuthorizerBuilder, TokenSource};
use crate::client::{Async, Bound, Core};
use crate::error::Result;
use crate::operation::{Arg, Call};

/// Authorizes requests with tokens that a refresh token renews, 60 seconds before they end.
///
/// However many requests find the token ended, one of them renews it and the others wait for it. Clones share the
/// token. Where the service replaces the refresh token, `on_refresh` gets the new one before anybody uses the access
/// token that came with it; store it, since the old one may be of no more use.
///
/// ```
/// use globus_sdk::scopes::TransferScopes;
/// use globus_sdk::{NativeAppAuthClient, RefreshTokenAuthorizer, TransferClient};
///
/// # globus_emulator::doc::run(async {
/// let client = NativeAppAuthClient::new("61338d24-54d5-408f-a10d-66c06b59f6d2")?;
/// # let flow = client.oauth2_start_flow(TransferScopes::ALL).refresh_tokens(true).build()?;
/// # println!("Log in at {}", flow.authorize_url());
/// # let tokens = flow.exchange(&client, globus_emulator::doc::code()).await?;
/// # let refresh_token = tokens.by_resource_server()[TransferScopes::RESOURCE_SERVER].refresh_token.clone().unwrap();
/// let authorizer = RefreshTokenAuthorizer::with(&client, refresh_token, |settings| {
///     settings.on_refresh(|renewal| async move {
///         println!("to be stored: it ends at {}", renewal.expires_at_seconds());
///         Ok(())
///     })
/// });
/// let transfer = TransferClient::new(authorizer)?;
/// let found = transfer.endpoint_search().filter_scope("my-endpoints").await?;
/// println!("{} endpoints of yours", found.len());
/// # Ok(()) });
/// ```
///
/// Only clients that get tokens themselves will do:
///
/// ```compile_fail
/// fn authorizer(client: globus_sdk::AuthClient) {
///     globus_sdk::RefreshTokenAuthorizer::new(&client, "the refresh token");
/// }
/// ```
#[derive(Debug, Clone)]
pub struct RefreshTokenAuthorizer(Arc<RenewingAuthorizer<RefreshTokenSource>>);

/// Gets tokens by a refresh token (RFC 6749, section 6).
pub struct RefreshTokenSource {
    core: Arc<Core>,
    refresh_token: Mutex<SecretString>,
}

impl RefreshTokenAuthorizer {
    /// `refresh_token` is one of this `client`. The first request gets the first access token.
    pub fn new(client: &impl LoginClient, refresh_token: impl Into<SecretString>) -> Self {
        Self::with(client, refresh_token, |builder| builder)
    }

    /// The same with more settings: an access token at hand, or what to do after a renewal. What `on_refresh` gets always
    /// has the refresh token to keep, whether it is a new one or the old.
    pub fn with(
        client: &impl LoginClient,
        refresh_token: impl Into<SecretString>,
        settings: impl FnOnce(
            RenewingAuthorizerBuilder<RefreshTokenSource>,
        ) -> RenewingAuthorizerBuilder<RefreshTokenSource>,
    ) -> Self {
        let core = client.core().clone();
        let clock = core.ambient().clock.clone();
        let source = RefreshTokenSource {
            core,
            refresh_token: Mutex::new(refresh_token.into()),
        };
        let builder = RenewingAuthorizer::builder(source).now(move || clock.now());
        Self(Arc::new(settings(builder).build()))
    }

    /// The refresh token that is good now.
    pub fn refresh_token(&self) -> SecretString {
        self.0.source().refresh_token()
    }

    /// The renewing authorizer behind it.
    pub fn renewing(&self) -> &RenewingAuthorizer<RefreshTokenSource> {
        &self.0
    }
}

impl Authorizer for RefreshTokenAuthorizer {
    fn authorization_header(&self) -> BoxFuture<'_, Result<Option<HeaderValue>>> {
        self.0.authorization_header()
    }

    fn handle_missing_authorization(&self, rejected: Option<&HeaderValue>) -> BoxFuture<'_, Result<bool>> {
        self.0.handle_missing_authorization(rejected)
    }
}

impl RefreshTokenSource {
    /// The refresh token that is good now.
    pub fn refresh_token(&self) -> SecretString {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, SecretString> {
        self.refresh_token.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TokenSource for RefreshTokenSource {
    fn fetch(&self) -> BoxFuture<'_, Result<Renewal>> {
        Box::pin(async move {
            let mut call = Call::new(self.core.operation("oauth2_refresh_token")?);
            let refresh_token = self.refresh_token().expose_secret().to_owned();
            call.set_by_name("refresh_token", Arg::Text(refresh_token));
            let answer = Bound::<Async>::of(self.core.clone(), call)
                .one::<OAuthTokenResponse>()
                .await?;
            let renewal = single_token(&answer)?;
            // Remembered at once: should storing it fail, the next try must not come with a token that is used up.
            let mut current = self.lock();
            if let Some(rotated) = &renewal.refresh_token {
                *current = rotated.clone();
            }
            let kept = Some(current.clone());
            drop(current);
            Ok(renewal.with_refresh_token(kept))
        })
    }
}

impl fmt::Debug for RefreshTokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshTokenSource")
            .field("client", &self.core.spec().name)
            .field("refresh_token", &"***")
            .finish_non_exhaustive()
    }
}
