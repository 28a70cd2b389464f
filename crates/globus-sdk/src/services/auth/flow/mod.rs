//! Logins of people: the authorization-code grant (RFC 6749, section 4.1) with PKCE (RFC 7636).

mod pkce;
mod redirect;
mod start;
mod url;

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize, Serializer};

use super::LoginClient;
use super::operations::login::Oauth2ExchangeCodeForTokens;
use crate::error::Result;

pub use start::StartFlow;
pub use url::AuthorizeUrl;

/// A login that has started: it makes the address of the login page, and trades the code that comes back for tokens.
///
/// It is a value: no client remembers it, so any number of logins can be under way at once. It can be serialized, to be
/// kept in a web session until the person comes back. It holds the login's secret, so keep it where the person's
/// browser cannot read it.
///
/// ```
/// use globus_sdk::NativeAppAuthClient;
/// use globus_sdk::scopes::TransferScopes;
///
/// # globus_emulator::doc::run(async {
/// let client = NativeAppAuthClient::new("61338d24-54d5-408f-a10d-66c06b59f6d2")?;
/// let flow = client.oauth2_start_flow(TransferScopes::ALL).refresh_tokens(true).build()?;
/// println!("Log in at {}", flow.authorize_url());
/// # let code = globus_emulator::doc::code();
/// let tokens = flow.exchange(&client, code).await?;
/// # assert!(tokens.by_resource_server().contains_key(TransferScopes::RESOURCE_SERVER));
/// # Ok(()) });
/// ```
#[derive(Clone, Serialize, Deserialize)]
pub struct AuthorizationFlow {
    authorization_endpoint: String,
    client_id: String,
    redirect_uri: String,
    scope: String,
    state: String,
    #[serde(serialize_with = "exposed")]
    verifier: SecretString,
    refresh_tokens: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    prefill_named_grant: Option<String>,
}

fn exposed<S: Serializer>(secret: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose_secret())
}

impl AuthorizationFlow {
    /// The client that asks.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Where the login page leads in the end.
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// The scopes that are asked for, separated by spaces.
    pub fn scope(&self) -> &str {
        &self.scope
    }

    /// The value that has to come back with the code.
    pub fn state(&self) -> &str {
        &self.state
    }

    /// Whether refresh tokens are asked for.
    pub const fn refresh_tokens(&self) -> bool {
        self.refresh_tokens
    }

    /// The same login, leading to another address in the end: that of a server which waits for it, for example. The
    /// address of the login page changes with it.
    #[must_use]
    pub fn with_redirect_uri(&self, redirect_uri: impl Into<String>) -> Self {
        Self {
            redirect_uri: redirect_uri.into(),
            ..self.clone()
        }
    }

    /// Whether the login leads to the page on which Globus shows the code.
    pub(crate) fn leads_to_code_page(&self) -> bool {
        let base = self.authorization_endpoint.strip_suffix("/v2/oauth2/authorize");
        base.is_some_and(|base| self.redirect_uri.strip_prefix(base) == Some("/v2/web/auth-code"))
    }

    /// The address of the login page, with further demands to set. It can be printed.
    pub fn authorize_url(&self) -> AuthorizeUrl {
        AuthorizeUrl::new(self)
    }

    /// Trades a code for tokens (RFC 6749, section 4.1.3). Use this for a code that the person copied; where the login
    /// page led to an address of yours, [`exchange_redirect`](Self::exchange_redirect) also checks that it belongs to
    /// this login.
    pub fn exchange<C: LoginClient>(
        &self,
        client: &C,
        auth_code: impl Into<SecretString>,
    ) -> Oauth2ExchangeCodeForTokens<C::Mode> {
        client.exchange_code(self, auth_code.into().expose_secret())
    }

    /// Trades what came back for tokens: `redirect` is the address to which the login page led, or its query alone.
    ///
    /// # Errors
    /// Those of [`code_from_redirect`](Self::code_from_redirect), before anything is sent.
    pub fn exchange_redirect<C: LoginClient>(
        &self,
        client: &C,
        redirect: &str,
    ) -> Result<Oauth2ExchangeCodeForTokens<C::Mode>> {
        Ok(self.exchange(client, self.code_from_redirect(redirect)?))
    }

    /// The code in what came back: `redirect` is the address to which the login page led, or its query alone.
    ///
    /// # Errors
    /// [`Error::Login`](crate::Error::Login) when it belongs to another login, when the authorization server refused,
    /// or when there is no code.
    pub fn code_from_redirect(&self, redirect: &str) -> Result<SecretString> {
        Ok(redirect::code(redirect, &self.state)?)
    }

    /// The form that trades a code for tokens, in the order of the reference.
    pub(super) fn form<'a>(&'a self, code: &'a str, names_client: bool) -> ExchangeForm<'a> {
        ExchangeForm {
            client_id: names_client.then_some(&self.client_id),
            grant_type: "authorization_code",
            code,
            code_verifier: self.verifier.expose_secret(),
            redirect_uri: &self.redirect_uri,
        }
    }
}

#[derive(Serialize)]
pub(super) struct ExchangeForm<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<&'a str>,
    grant_type: &'static str,
    code: &'a str,
    code_verifier: &'a str,
    redirect_uri: &'a str,
}

impl fmt::Debug for AuthorizationFlow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationFlow")
            .field("client_id", &self.client_id)
            .field("redirect_uri", &self.redirect_uri)
            .field("scope", &self.scope)
            .field("refresh_tokens", &self.refresh_tokens)
            .field("state", &"***")
            .field("verifier", &"***")
            .finish_non_exhaustive()
    }
}
