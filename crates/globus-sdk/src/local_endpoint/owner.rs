//! [`GlobusConnectPersonalOwnerInfo`]: whose Globus Connect Personal it is.

use std::fmt;

use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::client::{Async, ClientType as _, Mode, Task};
use crate::models::IdentityId;
use crate::services::auth::{AuthClient, Identity};

/// What a line of the gridmap begins with, when it is about an owner.
const START: &str = "\"/C=US/O=Globus Consortium/OU=Globus Connect User/CN=";

/// Characters of an identity id in base32: 128 bits, five in each.
const ID_LENGTH: usize = 26;

/// The owner of a Globus Connect Personal, as its files name them: by id or by user name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum GlobusConnectPersonalOwnerInfo {
    /// The id of the identity.
    Id(IdentityId),
    /// The user name of the identity, for example `user@globusid.org`.
    Username(String),
}

impl GlobusConnectPersonalOwnerInfo {
    /// The id, if the files tell it.
    pub const fn id(&self) -> Option<&IdentityId> {
        match self {
            Self::Id(id) => Some(id),
            Self::Username(_) => None,
        }
    }

    /// The user name, if the files tell it.
    pub fn username(&self) -> Option<&str> {
        match self {
            Self::Username(username) => Some(username),
            Self::Id(_) => None,
        }
    }

    /// Looks the owner up; `None` when Auth knows no such identity.
    ///
    /// # Errors
    /// Those of [`get_identities`](AuthClient::get_identities).
    pub fn get_identity<M: Mode>(&self, auth: &AuthClient<M>) -> Task<Option<Identity>, M> {
        let wanted = match self {
            Self::Id(id) => json!({"ids": id}),
            Self::Username(username) => json!({"usernames": username}),
        };
        let lookup = AuthClient::<Async>::from_core(auth.core().clone()).call("get_identities", &wanted.to_string());
        Task::new(M::runtime_of(auth.core()), async move {
            let found: Found = lookup.await?.json()?;
            Ok(found.identities.into_iter().next())
        })
    }

    /// The owner in the first line about one; `None` when there is no such line, or it is not in order.
    pub(super) fn of_gridmap(text: &str) -> Option<Self> {
        let line = text.lines().find(|line| line.starts_with(START))?;
        let words = shlex::split(line.trim())?;
        let [subject, _local_account] = words.as_slice() else {
            return None;
        };
        // What follows the fourth `=` is the common name.
        let name = subject.splitn(5, '=').last()?;
        Some(match id_of(name) {
            Some(id) => Self::Id(id.into()),
            None => Self::Username(format!("{name}@globusid.org")),
        })
    }
}

impl fmt::Display for GlobusConnectPersonalOwnerInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "GlobusConnectPersonalOwnerInfo(id={id})"),
            Self::Username(username) => write!(f, "GlobusConnectPersonalOwnerInfo(username={username})"),
        }
    }
}

/// What Auth answers; without a list it found nobody.
#[derive(Deserialize)]
struct Found {
    #[serde(default)]
    identities: Vec<Identity>,
}

/// The identity id in a common name: `u_` and the id in base32 (RFC 4648) without padding.
fn id_of(name: &str) -> Option<Uuid> {
    let digits = name.strip_prefix("u_")?;
    if digits.len() != ID_LENGTH {
        return None;
    }
    let mut id = 0_u128;
    for (position, digit) in digits.bytes().enumerate() {
        let digit = digit.to_ascii_uppercase();
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'2'..=b'7' => digit - b'2' + 26,
            _ => return None,
        };
        // Of the last digit the upper three bits belong to the id.
        id = if position + 1 == ID_LENGTH {
            id << 3 | u128::from(value >> 2)
        } else {
            id << 5 | u128::from(value)
        };
    }
    Some(Uuid::from_u128(id))
}
