//! Playing a person from within the process.

use std::fmt;

use serde_json::Value;
use url::Url;

use crate::control::mint::{self, Mint, MintError};
use crate::emulator::Emulator;
use crate::server::Shared;
use crate::services::auth::authorize::CODE_PAGE;
use crate::services::auth::{documents, player};

/// Why nobody could sign in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignInError {
    /// The address is not that of this emulator's login page.
    #[error("`{0}` is not the login page of this emulator")]
    NotALogin(String),
    /// Nobody has this id, username or first name.
    #[error("there is no user `{0}`; try `alice`, or a username")]
    NoSuchUser(String),
    /// The login page showed an error instead of leading back to the application.
    #[error("the login page refused: {0}")]
    Refused(String),
}

/// Where a login led to. [`Debug`] leaves out the code.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedIn {
    redirect: String,
    shows_code: bool,
}

impl SignedIn {
    pub(crate) fn new(redirect: String, origin: &str) -> Self {
        let own = Url::parse(origin).ok();
        let url = Url::parse(&redirect).ok();
        let shows_code = url.zip(own).is_some_and(|(url, own)| {
            url.port_or_known_default() == own.port_or_known_default()
                && url.path().strip_prefix('/') == Some(CODE_PAGE)
        });
        Self { redirect, shows_code }
    }

    /// The address to which the browser is sent, with the code and the state, or with an error.
    pub fn redirect(&self) -> &str {
        &self.redirect
    }

    /// Whether that is the page on which a person reads the code, to copy it.
    pub fn shows_code(&self) -> bool {
        self.shows_code
    }

    /// The authorization code; `None` when the login ended with an error.
    pub fn code(&self) -> Option<String> {
        self.parameter("code")
    }

    /// The state that the application sent along.
    pub fn state(&self) -> Option<String> {
        self.parameter("state")
    }

    /// What went wrong, such as `invalid_scope` (RFC 6749, section 4.1.2.1).
    pub fn error(&self) -> Option<String> {
        self.parameter("error")
    }

    fn parameter(&self, name: &str) -> Option<String> {
        let url = Url::parse(&self.redirect).ok()?;
        url.query_pairs()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }
}

impl fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.redirect.split('?').next().unwrap_or_default();
        f.debug_struct("SignedIn")
            .field("redirect", &place)
            .field("error", &self.error())
            .finish_non_exhaustive()
    }
}

impl Shared {
    pub(crate) fn sign_in(&self, url: &str, user: &str) -> Result<SignedIn, SignInError> {
        let redirect = player::sign_in(&mut self.world(), url, user)?;
        self.control().answered(url);
        Ok(SignedIn::new(redirect, &self.setting.origin))
    }
}

/// Somebody seeded, to act for. Made by [`Emulator::as_user`].
#[derive(Debug, Clone)]
#[must_use]
pub struct Person<'a> {
    pub(crate) emulator: &'a Emulator,
    pub(crate) name: String,
}

impl Emulator {
    /// Goes through a login as somebody would in a browser: signs in the way the login page asks for, allows
    /// everything, and says where that led. Nothing is sent to the application's redirect.
    ///
    /// The user is an id, a username (`researcher@example.org`) or a first name (`alice`).
    ///
    /// # Errors
    ///
    /// When the address is no login page of this emulator, when there is no such user, and when the login page would
    /// show an error, because the client or its redirect is unknown or the user cannot do as required.
    pub fn sign_in(&self, url: &str, user: &str) -> Result<SignedIn, SignInError> {
        self.shared().sign_in(url, user)
    }

    /// The identity that is meant by an id, a username or a first name.
    pub fn user_id(&self, name: &str) -> Option<uuid::Uuid> {
        self.shared().world().auth.person(name).map(|row| row.id)
    }

    /// Somebody to act for: an id, a username (`researcher@example.org`) or a first name (`alice`).
    pub fn as_user(&self, name: &str) -> Person<'_> {
        Person {
            emulator: self,
            name: name.to_owned(),
        }
    }
}

impl Person<'_> {
    /// Goes through a login, see [`Emulator::sign_in`].
    ///
    /// # Errors
    ///
    /// Those of [`Emulator::sign_in`].
    pub fn sign_in(&self, url: &str) -> Result<SignedIn, SignInError> {
        self.emulator.sign_in(url, &self.name)
    }

    /// Makes an access token, see [`Emulator::mint_token`].
    ///
    /// # Errors
    ///
    /// Those of [`Emulator::mint_token`].
    pub fn token(&self, scopes: &[&str]) -> Result<String, MintError> {
        self.emulator.mint_token(&self.name, scopes)
    }

    /// Makes tokens with refresh tokens, one for each resource server of the scopes, as the seeded native client would
    /// get them in a login: the document that the token endpoint answers with, without an identity token.
    ///
    /// # Errors
    ///
    /// When there is no such user or scope.
    pub fn tokens(&self, scopes: &[&str]) -> Result<Value, MintError> {
        let wanted = Mint {
            identity: self.name.clone(),
            scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
            refresh: true,
            ..Mint::default()
        };
        let issued = mint::tokens(&mut self.emulator.shared().world(), &wanted)?;
        Ok(documents::tokens(&issued))
    }

    /// Sets whether this person's sessions know of a second factor; those of the future start without.
    pub fn set_mfa(&self, mfa: bool) {
        let mut world = self.emulator.shared().world();
        if let Some(id) = world.auth.person(&self.name).map(|row| row.id) {
            world.auth.sessions.set_facts(id, Some(mfa), None);
        }
    }
}
