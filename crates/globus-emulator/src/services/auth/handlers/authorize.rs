//! `/v2/oauth2/authorize`: the login page, which asks who somebody is and what they allow.
//! <https://docs.globus.org/api/auth/developer-guide/#obtaining-authorization>

use http::header::{HeaderValue, SET_COOKIE};
use jiff::SignedDuration;
use uuid::Uuid;

use crate::exchange::{Incoming, Outcome, Reply};
use crate::services::auth::authorize::{self, Asked, Refusal};
use crate::services::auth::pages;
use crate::services::auth::sessions::{self, Ticket};
use crate::services::auth::tokens::after;
use crate::world::World;

/// How long a consent page may lie open.
const PAGE_LIFE: SignedDuration = SignedDuration::from_mins(30);

fn refuse(refusal: Refusal) -> Reply {
    match refusal {
        Refusal::Page(what) => pages::problem(&what),
        Refusal::Redirect(address) => Reply::redirect(&address),
    }
}

/// Somebody arrives: they sign in, unless the browser knows them and the application is content with that.
pub(crate) fn show(world: &mut World, request: &Incoming) -> Outcome {
    let asked = authorize::read(world, &request.query()).map_err(refuse)?;
    let browser = browser(world, request);
    let known = world.auth.sessions.browsers.get(&browser).and_then(|row| row.identity);
    if asked.silent {
        return silently(world, &asked, &browser, known).map_err(refuse);
    }
    match known.filter(|_| !asked.demands.are_fresh()) {
        Some(identity) => Ok(signed_in(world, request, &asked, &browser, identity)),
        None => Ok(remember(
            world,
            &browser,
            pages::sign_in(&world.auth, &asked, &request.query, None),
        )),
    }
}

/// What can be granted without a page.
fn silently(world: &mut World, asked: &Asked, browser: &str, known: Option<Uuid>) -> Result<Reply, Refusal> {
    let identity = known.ok_or_else(|| asked.refuse("login_required", "nobody is signed in"))?;
    let now = world.time.now();
    let World { auth, ids, .. } = world;
    let session = auth.sessions.enter(ids, browser, asked.client, identity);
    let met = auth
        .sessions
        .get(Some(session))
        .is_some_and(|session| asked.demands.are_met(auth, session, now));
    if !met {
        return Err(asked.refuse("login_required", "the session is not as required"));
    }
    authorize::bar(auth, asked, identity)?;
    if !authorize::is_granted(auth, asked, identity) {
        return Err(asked.refuse("consent_required", "there is something to consent to"));
    }
    Ok(Reply::redirect(&authorize::grant(world, asked, browser, identity)))
}

/// A form comes back: somebody signs in, or answers the question of the consent page.
pub(crate) fn answer(world: &mut World, request: &Incoming) -> Outcome {
    let asked = authorize::read(world, &request.query()).map_err(refuse)?;
    let form = request.form();
    let browser = browser(world, request);
    if let Some(ticket) = form.get("ticket") {
        return decide(world, request, &asked, &browser, ticket, form.get("answer"));
    }
    let identity = form.get("identity").and_then(|text| Uuid::parse_str(text).ok());
    let person = identity.and_then(|id| world.auth.people().find(|row| row.id == id));
    let Some(person) = person.filter(|person| asked.demands.suit(&world.auth, person)) else {
        let notice = Some("Choose one of these.");
        let page = pages::sign_in(&world.auth, &asked, &request.query, notice);
        return Ok(remember(world, &browser, page));
    };
    let identity = person.id;
    let session = authorize::authenticate(world, &asked, &browser, identity, form.get("mfa").is_some());
    let session = world.auth.sessions.get(Some(session));
    let now = world.time.now();
    if session.is_some_and(|session| !asked.demands.are_met(&world.auth, session, now)) {
        let notice = Some("Now sign in with the other identity too.");
        let page = pages::sign_in(&world.auth, &asked, &request.query, notice);
        return Ok(remember(world, &browser, page));
    }
    Ok(signed_in(world, request, &asked, &browser, identity))
}

/// What follows once it is known who somebody is: the consent page or, if nothing is new, the way back.
fn signed_in(world: &mut World, request: &Incoming, asked: &Asked, browser: &str, identity: Uuid) -> Reply {
    if let Err(refusal) = authorize::bar(&world.auth, asked, identity) {
        return remember(world, browser, refuse(refusal));
    }
    let consented = authorize::is_granted(&world.auth, asked, identity);
    if consented && !asked.ask_again {
        let address = authorize::grant(world, asked, browser, identity);
        return remember(world, browser, Reply::redirect(&address));
    }
    let now = world.time.now();
    let tickets = &mut world.auth.sessions.tickets;
    tickets.retain(|_, ticket| ticket.expires > now);
    let name = world.ids.token();
    let ticket = Ticket {
        browser: browser.to_owned(),
        identity,
        query: request.query.clone(),
        expires: after(now, PAGE_LIFE),
    };
    tickets.insert(name.clone(), ticket);
    let page = pages::consent(&world.auth, asked, &request.query, identity, &name);
    remember(world, browser, page)
}

/// Grants or refuses, if the page with the ticket was shown to this browser for this very request.
fn decide(
    world: &mut World,
    request: &Incoming,
    asked: &Asked,
    browser: &str,
    ticket: &str,
    answer: Option<&str>,
) -> Outcome {
    let now = world.time.now();
    let tickets = &mut world.auth.sessions.tickets;
    let fits = tickets
        .get(ticket)
        .is_some_and(|row| row.browser == browser && row.query == request.query && row.expires > now);
    let Some(row) = fits.then(|| tickets.remove(ticket)).flatten() else {
        return Err(pages::problem("This page has been answered before, or is too old."));
    };
    match answer {
        Some("allow") => Ok(Reply::redirect(&authorize::grant(world, asked, browser, row.identity))),
        Some("deny") => Err(refuse(asked.refuse("access_denied", "the person did not allow it"))),
        _ => Err(pages::problem("The answer is neither yes nor no.")),
    }
}

/// The browser of a request, which is a new one if it brings no cookie.
fn browser(world: &mut World, request: &Incoming) -> String {
    let cookie = sessions::cookie(world, request);
    let World { auth, ids, .. } = world;
    auth.sessions.browser(ids, cookie)
}

/// An answer after which the browser is known.
fn remember(world: &World, browser: &str, reply: Reply) -> Reply {
    let cookie = format!(
        "{}={browser}; Path=/; HttpOnly; SameSite=Lax",
        sessions::cookie_name(world)
    );
    match HeaderValue::try_from(cookie) {
        Ok(cookie) => reply.with(SET_COOKIE, cookie),
        Err(_) => reply,
    }
}
