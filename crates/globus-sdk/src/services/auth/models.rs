//! Documents of the Auth API.

mod developer;
mod people;

use std::collections::BTreeMap;

use globus_sdk_macros::model;
use serde_json::Value;

use crate::models::{ClientId, CredentialId, IdentityId, IdentityProviderId, ProjectId, ScopeId};

pub use developer::*;
pub use people::*;

/// Where Auth's endpoints and keys are. Source: OpenID Connect Discovery 1.0, section 3.
#[model]
pub struct OpenIdConfiguration {
    /// Who issues ID tokens.
    pub issuer: Option<String>,
    /// Where people log in.
    pub authorization_endpoint: Option<String>,
    /// Where grants become tokens.
    pub token_endpoint: Option<String>,
    /// Where claims about a person are read.
    pub userinfo_endpoint: Option<String>,
    /// Where tokens are revoked.
    pub revocation_endpoint: Option<String>,
    /// Where the signing keys are.
    pub jwks_uri: Option<String>,
    /// Supported values of `response_type`.
    pub response_types_supported: Option<Vec<String>>,
    /// Algorithms that sign ID tokens.
    pub id_token_signing_alg_values_supported: Option<Vec<String>>,
    /// Scopes of OpenID Connect.
    pub scopes_supported: Option<Vec<String>>,
    /// How clients may identify themselves.
    pub token_endpoint_auth_methods_supported: Option<Vec<String>>,
    /// Claims that ID tokens may have.
    pub claims_supported: Option<Vec<String>>,
    /// Kinds of subject identifiers.
    pub subject_types_supported: Option<Vec<String>>,
}

/// Keys that sign ID tokens. Source: RFC 7517, section 5.
#[model]
pub struct JsonWebKeySet {
    /// The keys.
    pub keys: Option<Vec<JsonWebKey>>,
}

/// One public key. Source: RFC 7517, section 4.
#[model]
pub struct JsonWebKey {
    /// Id of the key.
    pub kid: Option<String>,
    /// Kind of key, for example `RSA`.
    pub kty: Option<String>,
    /// Algorithm it is used with.
    pub alg: Option<String>,
    /// What it is used for.
    #[wire("use")]
    pub key_use: Option<String>,
    /// Modulus of an RSA key, base64url.
    pub n: Option<String>,
    /// Exponent of an RSA key, base64url.
    pub e: Option<String>,
}

/// What became of a revoked token: it is not active.
#[model]
pub struct RevokedToken {
    /// Always false.
    pub active: Option<bool>,
}

/// What Auth knows of a token. Source: RFC 7662, section 2.2.
#[model]
pub struct TokenIntrospection {
    /// Whether the token is good; all else is absent when it is not.
    pub active: bool,
    /// What the token allows: scope names, separated by spaces.
    pub scope: Option<String>,
    /// The client that got the token.
    pub client_id: Option<ClientId>,
    /// The identity for which it acts.
    pub sub: Option<IdentityId>,
    /// That identity's user name.
    pub username: Option<String>,
    /// Its full name.
    pub name: Option<String>,
    /// Its email address.
    pub email: Option<String>,
    /// Resource servers and clients for which it is meant.
    pub aud: Option<Vec<String>>,
    /// Who issued it.
    pub iss: Option<String>,
    /// When it ends, in seconds since 1970.
    pub exp: Option<i64>,
    /// When it was issued, in seconds since 1970.
    pub iat: Option<i64>,
    /// From when it is good, in seconds since 1970.
    pub nbf: Option<i64>,
    /// `Bearer`.
    pub token_type: Option<String>,
    /// The identities linked to `sub`; only with `include=identity_set`.
    pub identity_set: Option<Vec<IdentityId>>,
    /// The same with names; only with `include=identity_set_detail`.
    pub identity_set_detail: Option<Vec<IdentitySetDetail>>,
    /// How the person authenticated; only with `include=session_info`.
    pub session_info: Option<SessionInfo>,
    /// Which policies the session meets, by their ids in lower case; only with the field `authentication_policies`. A policy that
    /// could not be evaluated is missing. Source: services that are in use; the API reference does not name it.
    pub policy_evaluations: Option<BTreeMap<String, PolicyEvaluation>>,
}

/// What a token's session is worth to one policy.
#[model]
pub struct PolicyEvaluation {
    /// Whether it meets the policy.
    pub evaluation: Option<bool>,
}

/// One linked identity.
#[model]
pub struct IdentitySetDetail {
    /// The identity.
    pub sub: Option<IdentityId>,
    /// Its user name.
    pub username: Option<String>,
    /// Its full name.
    pub name: Option<String>,
    /// Its email address.
    pub email: Option<String>,
    /// The provider that vouches for it.
    pub identity_provider: Option<IdentityProviderId>,
    /// That provider's name.
    pub identity_provider_display_name: Option<String>,
    /// Its organization.
    pub organization: Option<String>,
    /// When it last authenticated, in seconds since 1970.
    pub last_authentication: Option<i64>,
}

/// The session in which a token was made.
#[model]
pub struct SessionInfo {
    /// Id of the session.
    pub session_id: Option<String>,
    /// Authentications by identity id.
    pub authentications: Option<BTreeMap<String, Authentication>>,
}

/// One authentication.
#[model]
pub struct Authentication {
    /// How strong it was (OpenID Connect `acr`).
    pub acr: Option<String>,
    /// Methods used (OpenID Connect `amr`).
    pub amr: Option<Vec<String>>,
    /// The identity provider.
    pub idp: Option<IdentityProviderId>,
    /// When it happened, in seconds since 1970.
    pub auth_time: Option<i64>,
    /// Claims of the identity provider.
    pub custom_claims: Option<BTreeMap<String, Value>>,
}

/// A registered client in its envelope.
#[model]
pub struct ClientEnvelope {
    /// The client.
    pub client: Option<RegisteredClient>,
    /// What belongs to it, such as its first secret.
    pub included: Option<IncludedWithClient>,
}

/// What comes with a new client.
#[model]
pub struct IncludedWithClient {
    /// Its first credential.
    pub client_credential: Option<ClientCredential>,
}

/// A secret of a client. The secret itself is shown once, when it is made.
#[model]
pub struct ClientCredential {
    /// Id of the credential.
    pub id: Option<CredentialId>,
    /// Its name.
    pub name: Option<String>,
    /// The client it belongs to.
    pub client: Option<ClientId>,
    /// When it was made, as ISO 8601 text.
    pub created: Option<String>,
    /// The secret.
    #[secret]
    pub secret: Option<String>,
}

/// A registered client.
#[model]
pub struct RegisteredClient {
    /// Id of the client.
    pub id: Option<ClientId>,
    /// Name that people see.
    pub name: Option<String>,
    /// The project it belongs to.
    pub project: Option<ProjectId>,
    /// What kind of client it is.
    pub client_type: Option<RegisteredClientType>,
    /// Whether it can keep no secret.
    pub public_client: Option<bool>,
    /// Who can see it.
    pub visibility: Option<ClientVisibility>,
    /// Where people may be sent back to after a login.
    pub redirect_uris: Option<Vec<String>>,
    /// URLs of its terms and its privacy policy.
    pub links: Option<ClientLinks>,
    /// Grants it may use.
    pub grant_types: Option<Vec<String>>,
    /// Ids of its own scopes.
    pub scopes: Option<Vec<ScopeId>>,
    /// Host names it stands for.
    pub fqdns: Option<Vec<String>>,
    /// The only identity provider with which one can log in to it.
    pub required_idp: Option<IdentityProviderId>,
    /// The identity provider that the login page offers first.
    pub preselect_idp: Option<IdentityProviderId>,
    /// The client it is an instance or child of.
    pub parent_client: Option<ClientId>,
    /// Whether people are asked to name their consent.
    pub prompt_for_named_grant: Option<bool>,
    /// Whether user info is that of the effective identity.
    pub userinfo_from_effective_identity: Option<bool>,
}

/// URLs of a client.
#[model]
pub struct ClientLinks {
    /// Its privacy policy.
    pub privacy_policy: Option<String>,
    /// Its terms.
    pub terms_and_conditions: Option<String>,
}

/// Kinds of registered clients.
#[model]
pub enum RegisteredClientType {
    /// Acts as itself.
    ClientIdentity,
    /// Logs people in and keeps a secret.
    ConfidentialClient,
    /// A Globus Connect Server endpoint.
    GlobusConnectServer,
    /// Logs people in and can keep no secret.
    PublicInstalledClient,
    /// Runs in a browser.
    PublicWebappClient,
    /// A service that is also a client.
    HybridConfidentialClientResourceServer,
    /// A service.
    ResourceServer,
}

/// Who can see a client.
#[model]
pub enum ClientVisibility {
    /// Everybody.
    Public,
    /// The administrators of its project.
    Private,
}

/// An account at one identity provider.
#[model]
pub struct Identity {
    /// Id of the identity.
    pub id: Option<IdentityId>,
    /// User name, for example `user@example.org`.
    pub username: Option<String>,
    /// Full name.
    pub name: Option<String>,
    /// Email address.
    pub email: Option<String>,
    /// Organization.
    pub organization: Option<String>,
    /// The provider that vouches for it.
    pub identity_provider: Option<IdentityProviderId>,
    /// Kind of identity, for example `login`.
    pub identity_type: Option<String>,
    /// Whether it has ever been used.
    pub status: Option<IdentityStatus>,
}

/// Whether an identity has ever been used.
#[model]
pub enum IdentityStatus {
    /// Somebody has logged in with it.
    Used,
    /// Nobody has.
    Unused,
    /// Not told.
    Private,
    /// Closed.
    Closed,
}
