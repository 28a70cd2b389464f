//! The control routes about people: their tokens, sessions, consents, and more people.

use http::Method;
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::mint::{self, Mint};
use super::requirements::Requirement;
use super::{invalid, read};
use crate::exchange::Reply;
use crate::server::Shared;
use crate::services::auth::documents;
use crate::services::auth::scope_request::ScopeRequest;
use crate::services::auth::state::Identity;
use crate::world::World;

/// The routes of this file.
pub(super) const ROUTES: [&str; 9] = [
    "tokens",
    "tokens/expire",
    "tokens/revoke",
    "tokens/rotation",
    "sign-in",
    "sessions",
    "consents",
    "users",
    "requirements",
];

/// Answers a request to one of the routes; `None` if it has no such method.
pub(super) fn answer(shared: &Shared, method: &Method, path: &str, body: &Value) -> Result<Option<Reply>, Reply> {
    let document = match (method.as_str(), path) {
        ("POST", "tokens") => {
            let wanted: Mint = read(body)?;
            let issued = mint::tokens(&mut shared.world(), &wanted);
            documents::tokens(&issued.map_err(|error| invalid(&error.to_string()))?)
        }
        ("POST", "tokens/expire") => expire(&mut shared.world(), &read(body)?)?,
        ("POST", "tokens/revoke") => revoke(&mut shared.world(), &read(body)?)?,
        ("POST", "tokens/rotation") => rotation(&mut shared.world(), &read(body)?),
        ("POST", "sign-in") => {
            let SignIn { url, identity } = read(body)?;
            let there = shared.sign_in(&url, &identity);
            let there = there.map_err(|error| invalid(&error.to_string()))?;
            json!({"redirect": there.redirect(), "code": there.code()})
        }
        ("POST", "sessions") => sessions(&mut shared.world(), &read(body)?)?,
        ("POST", "consents") => consent(&mut shared.world(), &read(body)?)?,
        ("DELETE", "consents") => withdraw(&mut shared.world(), &read(body)?)?,
        ("POST", "users") => {
            let mut world = shared.world();
            let id = add_user(&mut world, read(body)?).map_err(|what| invalid(&what))?;
            json!({"identity": world.auth.identities.get(&id).map(documents::identity)})
        }
        ("GET", "requirements") => requirements(shared),
        ("POST", "requirements") => {
            let wanted: Requirement = read(body)?;
            shared.require(wanted).map_err(|what| invalid(&what))?;
            requirements(shared)
        }
        ("DELETE", "requirements") => {
            shared.control().clear_requirements();
            requirements(shared)
        }
        _ => return Ok(None),
    };
    Ok(Some(Reply::ok(&document)))
}

/// A login to go through.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignIn {
    url: String,
    identity: String,
}

/// Somebody who is meant by an id, a username or a first name.
fn person(world: &World, text: &str) -> Result<Uuid, Reply> {
    let found = world.auth.person(text).map(|row| row.id);
    found.ok_or_else(|| invalid(&format!("there is no identity {text}")))
}

fn optional_person(world: &World, text: Option<&String>) -> Result<Option<Uuid>, Reply> {
    text.map(|text| person(world, text)).transpose()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expire {
    token: Option<String>,
    identity: Option<String>,
    client: Option<Uuid>,
    /// Whether refresh tokens end too. One that is named ends in any case.
    #[serde(default)]
    refresh: bool,
}

/// Ends one token, the tokens of an identity or client, or all.
fn expire(world: &mut World, wanted: &Expire) -> Result<Value, Reply> {
    let identity = optional_person(world, wanted.identity.as_ref())?;
    let now = world.time.now();
    let fits = |text: &String, token: &crate::services::auth::tokens::Token| {
        wanted.token.as_ref().is_none_or(|wanted| wanted == text)
            && identity.is_none_or(|wanted| wanted == token.identity)
            && wanted.client.is_none_or(|wanted| wanted == token.client)
    };
    let mut expired = 0_usize;
    for (text, token) in world.auth.tokens.iter_mut() {
        if fits(text, token) && token.expires > now {
            token.expires = now;
            expired += 1;
        }
    }
    if wanted.refresh || wanted.token.is_some() {
        let before = world.auth.refresh_tokens.len();
        world.auth.refresh_tokens.retain(|text, row| !fits(text, &row.token));
        expired += before - world.auth.refresh_tokens.len();
    }
    Ok(json!({"expired": expired}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Revoke {
    token: Option<String>,
    identity: Option<String>,
    client: Option<Uuid>,
}

/// Takes back one token, the tokens of an identity or client, or all: access tokens and refresh tokens.
fn revoke(world: &mut World, wanted: &Revoke) -> Result<Value, Reply> {
    let identity = optional_person(world, wanted.identity.as_ref())?;
    let fits = |text: &String, token: &crate::services::auth::tokens::Token| {
        wanted.token.as_ref().is_none_or(|wanted| wanted == text)
            && identity.is_none_or(|wanted| wanted == token.identity)
            && wanted.client.is_none_or(|wanted| wanted == token.client)
    };
    let auth = &mut world.auth;
    let before = auth.tokens.len() + auth.refresh_tokens.len();
    auth.tokens.retain(|text, token| !fits(text, token));
    auth.refresh_tokens.retain(|text, row| !fits(text, &row.token));
    Ok(json!({"revoked": before - auth.tokens.len() - auth.refresh_tokens.len()}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rotate {
    on: bool,
    client: Option<Uuid>,
}

/// Whether refresh tokens are replaced when they are used: those of a client, or all.
fn rotation(world: &mut World, wanted: &Rotate) -> Value {
    let rotation = &mut world.auth.rotation;
    match wanted.client {
        None => rotation.all = wanted.on,
        Some(client) if wanted.on => {
            rotation.clients.insert(client);
        }
        Some(client) => {
            rotation.clients.remove(&client);
        }
    }
    json!({"all": rotation.all, "clients": rotation.clients})
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Facts {
    identity: String,
    mfa: Option<bool>,
    /// Seconds since the person signed in.
    age: Option<u32>,
}

/// Changes what the sessions of an identity know.
fn sessions(world: &mut World, wanted: &Facts) -> Result<Value, Reply> {
    let identity = person(world, &wanted.identity)?;
    let now = world.time.now();
    let age = |seconds: u32| {
        now.saturating_sub(SignedDuration::from_secs(i64::from(seconds)))
            .unwrap_or(now)
    };
    let changed = world.auth.sessions.set_facts(identity, wanted.mfa, wanted.age.map(age));
    Ok(json!({"changed": changed}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Grant {
    identity: String,
    client: Option<Uuid>,
    scopes: Vec<String>,
    #[serde(default)]
    refresh: bool,
}

/// Writes down a consent that nobody was asked for.
fn consent(world: &mut World, wanted: &Grant) -> Result<Value, Reply> {
    let identity = person(world, &wanted.identity)?;
    let client = wanted.client.unwrap_or_else(mint::native_client);
    let request = ScopeRequest::parse(&wanted.scopes.join(" ")).map_err(|what| invalid(&what))?;
    let unknown = crate::services::auth::authorize::unknown_scopes(&world.auth, &request);
    if !unknown.is_empty() {
        return Err(invalid(&format!("there is no scope {}", unknown.join(", "))));
    }
    let now = world.time.now();
    world.auth.consent(client, identity, &request, wanted.refresh, now);
    let rows = world.auth.consents.rows().filter(|row| row.identity == identity);
    Ok(json!({"consents": rows.map(documents::consent).collect::<Vec<_>>()}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct Withdraw {
    identity: Option<String>,
    client: Option<Uuid>,
}

/// Takes consents back, and with them the tokens that rest on them.
fn withdraw(world: &mut World, wanted: &Withdraw) -> Result<Value, Reply> {
    let identity = optional_person(world, wanted.identity.as_ref())?;
    let withdrawn = world.auth.consents.withdraw(identity, wanted.client);
    world.auth.drop_unconsented();
    Ok(json!({"withdrawn": withdrawn}))
}

/// Somebody new.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewUser {
    pub(crate) username: String,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) organization: Option<String>,
    /// An identity of the same person.
    pub(crate) linked_to: Option<String>,
}

pub(crate) fn add_user(world: &mut World, new: NewUser) -> Result<Uuid, String> {
    if !new.username.contains('@') {
        return Err("a username is like an email address".to_owned());
    }
    if world
        .auth
        .by_username(&new.username)
        .is_some_and(|row| row.status == "used")
    {
        return Err(format!("there is a user {} already", new.username));
    }
    let linked = new
        .linked_to
        .as_deref()
        .map(|text| world.auth.person(text).map(|row| row.person));
    let person = match linked {
        Some(None) => return Err("there is nobody to link the user to".to_owned()),
        Some(found) => found,
        None => None,
    };
    // The id is that which a lookup with provision=true gave, or would have given.
    let id = world.auth.provision(&new.username);
    let provisioned = world.auth.identities.get(&id).cloned();
    if let Some(row) = provisioned {
        world.auth.add_identity(Identity {
            status: "used".to_owned(),
            email: new.email.or_else(|| Some(new.username.clone())),
            name: new.name.or(Some(new.username)),
            organization: new.organization,
            person: person.unwrap_or(id),
            ..row
        });
    }
    Ok(id)
}

fn requirements(shared: &Shared) -> Value {
    json!({"requirements": shared.control().requirements()})
}
