//! Playing a person at the login page: they sign in as they are asked to, and allow everything.

use url::Url;
use uuid::Uuid;

use super::authorize::{self, Asked, LOGIN_PAGE, Refusal};
use super::demands::Demands;
use crate::exchange::Fields;
use crate::person::SignInError;
use crate::world::World;

/// Goes through a login as somebody; gives the address to which the login page leads in the end, also when that tells the
/// application of an error.
pub(crate) fn sign_in(world: &mut World, url: &str, user: &str) -> Result<String, SignInError> {
    let query = login_query(world, url).ok_or_else(|| SignInError::NotALogin(without_query(url)))?;
    let no_user = || SignInError::NoSuchUser(user.to_owned());
    let person = world.auth.person(user).map(|row| row.id).ok_or_else(no_user)?;
    let asked = match authorize::read(world, &Fields::parse(query.as_bytes())) {
        Ok(asked) => asked,
        Err(Refusal::Page(what)) => return Err(SignInError::Refused(what)),
        Err(Refusal::Redirect(address)) => return Ok(address),
    };
    let browser = {
        let World { auth, ids, .. } = &mut *world;
        auth.sessions.player(ids, person)
    };
    let known = world.auth.sessions.browsers.get(&browser).and_then(|row| row.identity);
    if asked.silent {
        let Some(identity) = known else {
            return Ok(address(asked.refuse("login_required", "nobody is signed in")));
        };
        if let Err(refusal) = authorize::bar(&world.auth, &asked, identity) {
            return Ok(address(refusal));
        }
        if !authorize::is_granted(&world.auth, &asked, identity) {
            return Ok(address(
                asked.refuse("consent_required", "there is something to consent to"),
            ));
        }
        return Ok(authorize::grant(world, &asked, &browser, identity));
    }
    let identities = suitable(world, &asked, person)?;
    let fresh = asked.demands.are_fresh() || known != Some(person);
    if fresh {
        for &identity in &identities {
            authorize::authenticate(world, &asked, &browser, identity, false);
        }
    }
    let identity = identities.first().copied().unwrap_or(person);
    if let Err(refusal) = authorize::bar(&world.auth, &asked, identity) {
        return Ok(address(refusal));
    }
    Ok(authorize::grant(world, &asked, &browser, identity))
}

fn address(refusal: Refusal) -> String {
    match refusal {
        Refusal::Page(text) | Refusal::Redirect(text) => text,
    }
}

/// The identities with which somebody has to sign in: those that are demanded, or the first of theirs that will do.
fn suitable(world: &World, asked: &Asked, person: Uuid) -> Result<Vec<Uuid>, SignInError> {
    let demands: &Demands = &asked.demands;
    let own = world.auth.linked(person);
    let nobody = || SignInError::Refused("the login asks for an identity that this user does not have".to_owned());
    if !demands.identities.is_empty() {
        return if demands.identities.iter().all(|id| own.contains(id)) {
            Ok(demands.identities.clone())
        } else {
            Err(nobody())
        };
    }
    let mut own = own.iter().filter_map(|id| world.auth.identities.get(id));
    let found = own.find(|row| demands.suit(&world.auth, row)).ok_or_else(nobody)?;
    Ok(vec![found.id])
}

/// The query of a login URL of this emulator, under whichever name of this machine.
fn login_query(world: &World, url: &str) -> Option<String> {
    let own = Url::parse(&world.origin).ok()?;
    let url = Url::parse(url).ok()?;
    let ours = authorize::is_loopback(&url) && url.port_or_known_default() == own.port_or_known_default();
    (ours && url.path().strip_prefix('/') == Some(LOGIN_PAGE)).then(|| url.query().unwrap_or_default().to_owned())
}

fn without_query(url: &str) -> String {
    url.split(['?', '#'])
        .next()
        .unwrap_or_default()
        .chars()
        .take(200)
        .collect()
}
