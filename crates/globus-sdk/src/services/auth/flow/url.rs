//! [`AuthorizeUrl`]: the address of the login page.

use std::fmt;

use secrecy::ExposeSecret as _;

use super::{AuthorizationFlow, pkce};
use crate::error::AuthorizationParameters;
use crate::models::{IdentityId, PolicyId};
use crate::operation::{Arg, pairs_of};

/// The address of the login page, with demands to the person's session. Printing it gives the address.
///
/// Source: <https://docs.globus.org/api/auth/reference/#authorization_code_grant_preferred>,
/// <https://docs.globus.org/api/auth/sessions/>.
///
/// ```
/// # use globus_sdk::NativeAppAuthClient;
/// # let client = NativeAppAuthClient::new("61338d24-54d5-408f-a10d-66c06b59f6d2")?;
/// let flow = client.oauth2_start_flow("openid").build()?;
/// let url = flow.authorize_url().session_required_mfa(true).prompt("login").to_string();
/// assert!(url.ends_with("&session_required_mfa=True&prompt=login"));
/// # Ok::<(), globus_sdk::Error>(())
/// ```
#[derive(Clone)]
#[must_use = "it is an address: print it, or open it in a browser"]
pub struct AuthorizeUrl {
    endpoint: String,
    query: Vec<(String, String)>,
    session: [Option<String>; SESSION.len()],
    more: Vec<(String, String)>,
}

/// Names of the demands, in the order in which they are sent.
const SESSION: [&str; 6] = [
    "session_required_identities",
    "session_required_single_domain",
    "session_required_policies",
    "session_required_mfa",
    "session_message",
    "prompt",
];

impl AuthorizeUrl {
    pub(super) fn new(flow: &AuthorizationFlow) -> Self {
        let challenge = pkce::challenge(flow.verifier.expose_secret());
        let access_type = if flow.refresh_tokens { "offline" } else { "online" };
        let fixed = [
            ("client_id", flow.client_id.as_str()),
            ("redirect_uri", &flow.redirect_uri),
            ("scope", &flow.scope),
            ("state", &flow.state),
            ("response_type", "code"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("access_type", access_type),
        ];
        let grant = flow.prefill_named_grant.iter();
        let grant = grant.map(|name| ("prefill_named_grant", name.as_str()));
        Self {
            endpoint: flow.authorization_endpoint.clone(),
            query: fixed
                .into_iter()
                .chain(grant)
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .collect(),
            session: Default::default(),
            more: Vec::new(),
        }
    }

    /// Identities that must be in the session; a person who has not just logged in with them is asked to.
    pub fn session_required_identities(self, ids: impl IntoIterator<Item = impl Into<IdentityId>>) -> Self {
        let ids = ids.into_iter().map(|id| id.into().to_string());
        self.demand(0, joined(ids))
    }

    /// Domains, of one of which the session must have an identity.
    pub fn session_required_single_domain(self, domains: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.demand(1, joined(domains.into_iter().map(Into::into)))
    }

    /// Authentication policies that the session must meet.
    pub fn session_required_policies(self, ids: impl IntoIterator<Item = impl Into<PolicyId>>) -> Self {
        let ids = ids.into_iter().map(|id| id.into().to_string());
        self.demand(2, joined(ids))
    }

    /// Whether the person must log in with a second factor.
    pub fn session_required_mfa(self, required: bool) -> Self {
        // The services read booleans in Python's spelling.
        self.demand(3, if required { "True" } else { "False" }.to_owned())
    }

    /// A message that the login page shows.
    pub fn session_message(self, message: impl Into<String>) -> Self {
        self.demand(4, message.into())
    }

    /// `login` asks the person to log in even when a session is there.
    pub fn prompt(self, prompt: impl Into<String>) -> Self {
        self.demand(5, prompt.into())
    }

    /// Adds or overrides any query parameter.
    pub fn query_param(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.more.push((name.into(), value.into()));
        self
    }

    /// Takes over what a service demands of the session. (Scopes are asked for when the login starts.)
    pub fn parameters(mut self, parameters: &AuthorizationParameters) -> Self {
        let list = |list: &Option<Vec<String>>| list.as_ref().map(|list| list.join(","));
        let mfa = parameters.session_required_mfa;
        let demands = [
            list(&parameters.session_required_identities),
            list(&parameters.session_required_single_domain),
            list(&parameters.session_required_policies),
            mfa.map(|mfa| if mfa { "True" } else { "False" }.to_owned()),
            parameters.session_message.clone(),
            parameters.prompt.clone(),
        ];
        for (slot, demand) in self.session.iter_mut().zip(demands) {
            if demand.is_some() {
                *slot = demand;
            }
        }
        self
    }

    fn demand(mut self, index: usize, value: String) -> Self {
        self.session[index] = Some(value);
        self
    }
}

fn joined(texts: impl Iterator<Item = String>) -> String {
    texts.collect::<Vec<_>>().join(",")
}

impl fmt::Display for AuthorizeUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let demands = SESSION.iter().zip(&self.session);
        let demands = demands.filter_map(|(name, value)| Some(((*name).to_owned(), value.clone()?)));
        let entries: Vec<(String, Arg)> = (self.query.iter().cloned())
            .chain(demands)
            .chain(self.more.iter().cloned())
            .map(|(name, value)| (name, Arg::Text(value)))
            .collect();
        let query = pairs_of(&entries).map_err(|_| fmt::Error)?;
        write!(f, "{}?{query}", self.endpoint)
    }
}

impl From<AuthorizeUrl> for String {
    fn from(url: AuthorizeUrl) -> Self {
        url.to_string()
    }
}

/// The query has the login's `state`.
impl fmt::Debug for AuthorizeUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizeUrl")
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}
