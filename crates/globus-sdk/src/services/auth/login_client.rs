//! [`LoginClient`]: the clients that get tokens.

use super::flow::{AuthorizationFlow, AuthorizeUrl, StartFlow};
use super::operations::login::Oauth2ExchangeCodeForTokens;
use super::{AuthLoginClient, ConfidentialAppAuthClient, NativeAppAuthClient, RequestedScopes};
use crate::client::{ClientType, Mode};

/// A client that gets tokens with credentials of its own. An [`AuthClient`](super::AuthClient) is none.
pub trait LoginClient: ClientType + sealed::Sealed {
    #[doc(hidden)]
    fn exchange_code(&self, flow: &AuthorizationFlow, auth_code: &str) -> Oauth2ExchangeCodeForTokens<Self::Mode>;
}

/// A client with which people log in: [`NativeAppAuthClient`] or [`ConfidentialAppAuthClient`].
pub trait FlowClient: LoginClient {
    /// Whether the client can do without a redirect URI: Globus then shows the code on a page, to be copied.
    const SHOWS_CODE: bool;

    #[doc(hidden)]
    fn start_flow(&self, requested_scopes: RequestedScopes) -> StartFlow {
        StartFlow::new(self.core().clone(), requested_scopes)
    }
}

macro_rules! login_clients {
    ($($client:ident)*) => {
        $(
            impl<M: Mode> sealed::Sealed for $client<M> {}

            impl<M: Mode> LoginClient for $client<M> {
                fn exchange_code(&self, flow: &AuthorizationFlow, auth_code: &str) -> Oauth2ExchangeCodeForTokens<M> {
                    self.oauth2_exchange_code_for_tokens(flow, auth_code)
                }
            }

            impl<M: Mode> $client<M> {
                /// The address of the login page of a login that has started, with further demands to set.
                pub fn oauth2_get_authorize_url(&self, flow: &AuthorizationFlow) -> AuthorizeUrl {
                    flow.authorize_url()
                }
            }
        )*
    };
}

login_clients!(AuthLoginClient ConfidentialAppAuthClient NativeAppAuthClient);

impl<M: Mode> FlowClient for NativeAppAuthClient<M> {
    const SHOWS_CODE: bool = true;
}

impl<M: Mode> FlowClient for ConfidentialAppAuthClient<M> {
    const SHOWS_CODE: bool = false;
}

impl<M: Mode> NativeAppAuthClient<M> {
    /// Starts the login of a person (RFC 6749, section 4.1, with PKCE): `requested_scopes` are what the program wants to
    /// be allowed. Nothing is sent, and the client remembers nothing: the login is the value that
    /// [`build`](StartFlow::build) gives.
    pub fn oauth2_start_flow(&self, requested_scopes: impl Into<RequestedScopes>) -> StartFlow {
        self.start_flow(requested_scopes.into())
    }
}

impl<M: Mode> ConfidentialAppAuthClient<M> {
    /// Starts the login of a person (RFC 6749, section 4.1, with PKCE): `redirect_uri` is the program's own address,
    /// registered for the client, to which the login page leads in the end; `requested_scopes` are what the program
    /// wants to be allowed. Nothing is sent, and the client remembers nothing: the login is the value that
    /// [`build`](StartFlow::build) gives.
    pub fn oauth2_start_flow(
        &self,
        redirect_uri: impl Into<String>,
        requested_scopes: impl Into<RequestedScopes>,
    ) -> StartFlow {
        self.start_flow(requested_scopes.into()).redirect_uri(redirect_uri)
    }
}

mod sealed {
    pub trait Sealed {}
}
