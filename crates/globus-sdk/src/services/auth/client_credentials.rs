//! [`ClientCredentialsAuthorizer`]: a program that acts as itself.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use http::HeaderValue;

use super::{ConfidentialAppAuthClient, OAuthTokenData, OAuthTokenResponse, RequestedScopes};
use crate::authorizers::{Authorizer, Renewal, RenewingAuthorizer, RenewingAuthorizerBuilder, TokenSource};
use crate::client::{Async, ClientType, Core, Mode};
use crate::error::{Error, Result};

/// Authorizes requests with tokens that the program gets for itself, and renews them 60 seconds before they end.
///
/// However many requests find the token ended, one of them renews it and the others wait for it. Clones share the
/// token.
#[derive(Debug, Clone)]
pub struct ClientCredentialsAuthorizer(Arc<RenewingAuthorizer<ClientCredentialsSource>>);

/// Gets tokens by the client-credentials grant (RFC 6749, section 4.4).
#[derive(Debug, Clone)]
pub struct ClientCredentialsSource {
    core: Arc<Core>,
    scopes: RequestedScopes,
}

impl ClientCredentialsAuthorizer {
    /// Tokens with `scopes`, which must all belong to one resource server. The first request gets the first token.
    pub fn new<M: Mode>(client: &ConfidentialAppAuthClient<M>, scopes: impl Into<RequestedScopes>) -> Self {
        Self::with(client, scopes, |builder| builder)
    }

    /// The same with more settings: a token at hand, or what to do after a renewal.
    pub fn with<M: Mode>(
        client: &ConfidentialAppAuthClient<M>,
        scopes: impl Into<RequestedScopes>,
        settings: impl FnOnce(
            RenewingAuthorizerBuilder<ClientCredentialsSource>,
        ) -> RenewingAuthorizerBuilder<ClientCredentialsSource>,
    ) -> Self {
        let core = client.core().clone();
        let clock = core.ambient().clock.clone();
        let source = ClientCredentialsSource {
            core,
            scopes: scopes.into(),
        };
        let builder = RenewingAuthorizer::builder(source).now(move || clock.now());
        Self(Arc::new(settings(builder).build()))
    }

    /// The renewing authorizer behind it.
    pub fn renewing(&self) -> &RenewingAuthorizer<ClientCredentialsSource> {
        &self.0
    }
}

impl Authorizer for ClientCredentialsAuthorizer {
    fn authorization_header(&self) -> BoxFuture<'_, Result<Option<HeaderValue>>> {
        self.0.authorization_header()
    }

    fn handle_missing_authorization(&self, rejected: Option<&HeaderValue>) -> BoxFuture<'_, Result<bool>> {
        self.0.handle_missing_authorization(rejected)
    }
}

impl TokenSource for ClientCredentialsSource {
    fn fetch(&self) -> BoxFuture<'_, Result<Renewal>> {
        Box::pin(async move {
            let client = ConfidentialAppAuthClient::<Async>::from_core(self.core.clone());
            let answer = client.oauth2_client_credentials_tokens(self.scopes.clone()).await?;
            single_token(&answer)
        })
    }
}

/// The one token of an answer; an authorizer cannot choose among several.
pub(super) fn single_token(answer: &OAuthTokenResponse) -> Result<Renewal> {
    let [token] = answer.tokens() else {
        let servers: Vec<&str> = answer
            .tokens()
            .iter()
            .map(|token| token.resource_server.as_str())
            .collect();
        return Err(Error::usage(format!(
            "an authorizer needs scopes of one resource server, and these are of several: {}",
            servers.join(", ")
        )));
    };
    Ok(token.into())
}

impl From<&OAuthTokenData> for Renewal {
    fn from(token: &OAuthTokenData) -> Self {
        Self::new(token.access_token.clone(), token.expires_at())
            .with_refresh_token(token.refresh_token.clone())
            .with_resource_server(token.resource_server.clone())
            .with_scope(token.scope.clone())
    }
}
