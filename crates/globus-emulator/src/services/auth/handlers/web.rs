//! The other pages: the code to be copied, and signing out.

use http::header::{ACCEPT, HeaderValue, SET_COOKIE};
use serde_json::json;
use url::Url;

use crate::exchange::{Incoming, Outcome, Reply};
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
