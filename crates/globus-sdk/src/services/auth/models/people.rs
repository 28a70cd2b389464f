//! People: what Auth tells about them, and what they consented to.

use globus_sdk_macros::model;

use crate::models::{IdentityId, IdentityProviderId};
use crate::paging::Page;
use crate::scopes::{Consent, ConsentError, ConsentForest};
use crate::services::auth::IdentitySetDetail;

/// Whose token it is. What it tells depends on the scopes of the token: `openid`, `profile`, `email`.
#[model]
pub struct UserInfo {
    /// The identity.
    pub sub: Option<IdentityId>,
    /// User name, for example `user@example.org`; only with `profile`.
    pub preferred_username: Option<String>,
    /// Full name; only with `profile`.
    pub name: Option<String>,
    /// Email address; only with `email`.
    pub email: Option<String>,
    /// Organization; only with `profile`.
    pub organization: Option<String>,
    /// The provider that vouches for the identity; only with `profile`.
    pub identity_provider: Option<IdentityProviderId>,
    /// That provider's name; only with `profile`.
    pub identity_provider_display_name: Option<String>,
    /// The identities linked to it, itself included.
    pub identity_set: Option<Vec<IdentitySetDetail>>,
    /// When the person last authenticated, in seconds since 1970.
    pub last_authentication: Option<i64>,
}

/// An organization that vouches for identities.
#[model]
pub struct IdentityProvider {
    /// Id of the provider.
    pub id: Option<IdentityProviderId>,
    /// Its name.
    pub name: Option<String>,
    /// A short form of the name.
    pub short_name: Option<String>,
    /// Further names under which it is found.
    pub alternative_names: Option<Vec<String>>,
    /// Domains of its user names.
    pub domains: Option<Vec<String>>,
}

impl Page<Consent> {
    /// The consents put together, to see whether they meet what a program needs.
    ///
    /// # Errors
    /// A consent that depends on one that is not in the list.
    pub fn to_forest(&self) -> Result<ConsentForest, ConsentError> {
        ConsentForest::new(self.iter().cloned())
    }
}
