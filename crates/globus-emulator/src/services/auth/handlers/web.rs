//! The other pages: the code to be copied, signing out, and what somebody is and has allowed.

use http::header::{ACCEPT, HeaderValue, SET_COOKIE};
use serde_json::json;
use url::Url;
use uuid::Uuid;

use crate::exchange::{Incoming, Outcome, Reply};
use crate::services::auth::pages::account;
use crate::services::auth::{pages, sessions};
use crate::world::World;

/// Shows the code at the end of a login; as JSON, if that is asked for.
#[allow(clippy::unnecessary_wraps, reason = "the type of handlers")]
pub(crate) fn auth_code(_world: &mut World, request: &Incoming) -> Outcome {
    let query = request.query();
    let (code, state) = (query.get("code"), query.get("state"));
    let (error, description) = (query.get("error"), query.get("error_description"));
    let accepted = request.headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    if accepted.is_some_and(|accepted| accepted.contains("application/json")) {
        let document = match code {
            Some(code) => json!({"code": code, "state": state}),
            None => json!({"error": error, "error_description": description, "state": state}),
        };
        return Ok(Reply::ok(&document));
    }
    Ok(match code {
        Some(code) => pages::code(code),
        None => pages::no_code(error.unwrap_or("no error either"), description),
    })
}

/// Makes the browser forget who signed in.
#[allow(clippy::unnecessary_wraps, reason = "the type of handlers")]
pub(crate) fn logout(world: &mut World, request: &Incoming) -> Outcome {
    if let Some(browser) = sessions::cookie(world, request) {
        world.auth.sessions.leave(&browser);
    }
    let query = request.query();
    let back = query
        .get("redirect_uri")
        .filter(|text| Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https")));
    let back = back.map(|address| (address, query.get("redirect_name").unwrap_or(address)));
    let cookie = format!(
        "{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0",
        sessions::cookie_name(world)
    );
    let page = pages::signed_out(back);
    Ok(match HeaderValue::try_from(cookie) {
        Ok(cookie) => page.with(SET_COOKIE, cookie),
        Err(_) => page,
    })
}

/// Who signed in last with the browser.
fn known(world: &World, request: &Incoming) -> Option<Uuid> {
    let browser = sessions::cookie(world, request)?;
    world.auth.sessions.browsers.get(&browser)?.identity
}

/// The linked identities of whoever is signed in.
#[allow(clippy::unnecessary_wraps, reason = "the type of handlers")]
pub(crate) fn identities(world: &mut World, request: &Incoming) -> Outcome {
    let identity = known(world, request);
    Ok(identity.map_or_else(account::nobody, |id| account::identities(&world.auth, id)))
}

/// What whoever is signed in has allowed.
#[allow(clippy::unnecessary_wraps, reason = "the type of handlers")]
pub(crate) fn consents(world: &mut World, request: &Incoming) -> Outcome {
    let identity = known(world, request);
    Ok(identity.map_or_else(account::nobody, |id| account::consents(&world.auth, id)))
}

/// Takes back what somebody allowed an application, and with it the tokens. A page elsewhere cannot do this: the cookie
/// does not come along.
pub(crate) fn withdraw(world: &mut World, request: &Incoming) -> Outcome {
    let Some(identity) = known(world, request) else {
        return Ok(account::nobody());
    };
    let client = request.form().get("client").and_then(|text| Uuid::parse_str(text).ok());
    let client = client.ok_or_else(|| pages::problem("The form names no application."))?;
    let identity = world.auth.effective(identity);
    world.auth.consents.withdraw(Some(identity), Some(client));
    world.auth.drop_unconsented();
    Ok(account::consents(&world.auth, identity))
}
