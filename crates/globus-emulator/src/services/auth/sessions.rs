//! Who is signed in where. A browser remembers who signed in with it; a session is one application in one browser, and
//! knows how its person proved who they are.

use std::collections::{BTreeMap, BTreeSet};

use http::header::COOKIE;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::demands::Demands;
use crate::exchange::Incoming;
use crate::ids::Ids;
use crate::state::{Kept, Table, Visit};
use crate::world::World;

/// Beyond this many browsers, those that were never used to sign in are forgotten.
const MANY: usize = 1_000;

/// That a person proved who they are.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Authentication {
    pub(crate) time: Timestamp,
    /// With a second factor.
    pub(crate) mfa: bool,
    /// How many there were before, of anybody's: later ones are told from earlier ones also when the clock stands still.
    pub(crate) order: u64,
}

/// One application in one browser.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) authentications: BTreeMap<Uuid, Authentication>,
    /// The policies that the person has met.
    pub(crate) policies: BTreeSet<String>,
}

/// A browser, known by its cookie.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Browser {
    /// Who signed in last.
    pub(crate) identity: Option<Uuid>,
    authentications: BTreeMap<Uuid, Authentication>,
    /// Sessions by application.
    sessions: BTreeMap<Uuid, Uuid>,
}

/// A login that has got as far as the consent page.
#[derive(Serialize, Deserialize)]
pub(crate) struct Ticket {
    pub(crate) browser: String,
    pub(crate) identity: Uuid,
    /// The query of the page, so that no other request is granted with it.
    pub(crate) query: String,
    pub(crate) expires: Timestamp,
}

/// All browsers and sessions. Cookies and tickets are secrets, so this cannot be printed.
#[derive(Default)]
pub(crate) struct Sessions {
    pub(crate) browsers: Table<String, Browser>,
    rows: Table<Uuid, Session>,
    pub(crate) tickets: Table<String, Ticket>,
    /// How often anybody proved who they are.
    proofs: Kept<u64>,
    /// The browsers of the people whom the emulator plays.
    players: Table<Uuid, String>,
}

impl Sessions {
    /// Names all that is kept.
    pub(crate) fn visit(&mut self, see: Visit<'_>) {
        let Self {
            browsers,
            rows,
            tickets,
            proofs,
            players,
        } = self;
        see("auth/browsers", browsers);
        see("auth/sessions", rows);
        see("auth/tickets", tickets);
        see("auth/proofs", proofs);
        see("auth/players", players);
    }

    pub(crate) fn get(&self, session: Option<Uuid>) -> Option<&Session> {
        self.rows.get(&session?)
    }

    /// That somebody proves now who they are.
    pub(crate) fn prove(&mut self, time: Timestamp, mfa: bool) -> Authentication {
        let order = *self.proofs;
        *self.proofs += 1;
        Authentication { time, mfa, order }
    }

    /// How often anybody proved who they are, so far.
    pub(crate) fn proofs(&self) -> u64 {
        *self.proofs
    }

    /// The browser behind a cookie, or a new one.
    pub(crate) fn browser(&mut self, ids: &mut Ids, cookie: Option<String>) -> String {
        if let Some(cookie) = cookie.filter(|cookie| self.browsers.contains_key(cookie)) {
            return cookie;
        }
        if self.browsers.len() >= MANY {
            self.browsers.retain(|_, browser| browser.identity.is_some());
        }
        let cookie = ids.token();
        self.browsers.insert(cookie.clone(), Browser::default());
        cookie
    }

    /// The browser of somebody whom the emulator plays.
    pub(crate) fn player(&mut self, ids: &mut Ids, person: Uuid) -> String {
        let known = self.players.get(&person).cloned();
        let browser = self.browser(ids, known);
        self.players.insert(person, browser.clone());
        browser
    }

    /// The session of an application in a browser, which takes over what the browser knows of the identity.
    pub(crate) fn enter(&mut self, ids: &mut Ids, browser: &str, client: Uuid, identity: Uuid) -> Uuid {
        let browser = self.browsers.or_default(browser.to_owned());
        let id = *browser.sessions.entry(client).or_insert_with(|| ids.uuid());
        let session = self.rows.or_default(id);
        if let Some(known) = browser.authentications.get(&identity) {
            session.authentications.entry(identity).or_insert(*known);
        }
        id
    }

    /// A session outside any browser.
    pub(crate) fn alone(&mut self, ids: &mut Ids, identity: Uuid, authentication: Authentication) -> Uuid {
        let id = ids.uuid();
        let session = self.rows.or_default(id);
        session.authentications.insert(identity, authentication);
        id
    }

    /// Records that somebody proved in a browser who they are, to an application that had demands.
    pub(crate) fn authenticate(
        &mut self,
        ids: &mut Ids,
        browser: &str,
        client: Uuid,
        identity: Uuid,
        authentication: Authentication,
        demands: &Demands,
    ) -> Uuid {
        let row = self.browsers.or_default(browser.to_owned());
        row.identity = Some(identity);
        row.authentications.insert(identity, authentication);
        let id = self.enter(ids, browser, client, identity);
        if let Some(session) = self.rows.get_mut(&id) {
            session.authentications.insert(identity, authentication);
            session.policies.extend(demands.policies.iter().cloned());
        }
        id
    }

    /// Changes how and when an identity signed in, in every session that holds it; says how many those are.
    pub(crate) fn set_facts(&mut self, identity: Uuid, mfa: Option<bool>, time: Option<Timestamp>) -> usize {
        let kept = self.rows.values_mut().map(|session| &mut session.authentications);
        let change = |row: &mut Authentication| {
            row.mfa = mfa.unwrap_or(row.mfa);
            row.time = time.unwrap_or(row.time);
        };
        let changed = kept.filter_map(|rows| rows.get_mut(&identity)).map(change).count();
        for browser in self.browsers.values_mut() {
            if let Some(row) = browser.authentications.get_mut(&identity) {
                change(row);
            }
        }
        changed
    }

    /// Forgets who signed in with a browser.
    pub(crate) fn leave(&mut self, browser: &str) {
        if let Some(browser) = self.browsers.remove(browser) {
            for session in browser.sessions.values() {
                self.rows.remove(session);
            }
        }
        self.tickets.retain(|_, ticket| ticket.browser != browser);
    }
}

/// Name of the cookie. Browsers share cookies among the ports of a host, so the port is part of it.
pub(crate) fn cookie_name(world: &World) -> String {
    let port = world
        .origin
        .trim_end_matches('/')
        .rsplit(':')
        .next()
        .unwrap_or_default();
    format!("globus_emulator_{port}")
}

/// The browser's cookie, if it brings one.
pub(crate) fn cookie(world: &World, request: &Incoming) -> Option<String> {
    let name = cookie_name(world);
    request
        .headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}
