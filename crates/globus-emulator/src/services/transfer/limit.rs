//! How many requests a user may make, for tests that want to meet the limit: as many as so many a second, counted over ten
//! seconds. <https://docs.globus.org/api/transfer/overview/>

use std::collections::{BTreeMap, VecDeque};

use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::errors;
use crate::exchange::{Credentials, Incoming, Reply};
use crate::state::{Kept, Visit};
use crate::world::World;

/// Over how many seconds requests are counted.
const SPAN: i64 = 10;

/// The limit, if there is one, and when users made their last requests.
#[derive(Debug, Default)]
pub(crate) struct Limit {
    per_second: Kept<Option<u32>>,
    calls: BTreeMap<Uuid, VecDeque<Timestamp>>,
}

impl Limit {
    /// Names what is kept: not who has asked how often.
    pub(crate) fn visit(&mut self, see: Visit<'_>) {
        see("transfer/limit", &mut self.per_second);
    }

    pub(crate) fn set(&mut self, per_second: Option<u32>) {
        *self.per_second = per_second;
        self.calls.clear();
    }

    /// Counts a request; of one too many, says after how many seconds there is room again.
    fn count(&mut self, who: Uuid, now: Timestamp) -> Option<i64> {
        let most = usize::try_from(i64::from((*self.per_second)?) * SPAN).unwrap_or(usize::MAX);
        let calls = self.calls.entry(who).or_default();
        let from = now.checked_sub(SignedDuration::from_secs(SPAN)).unwrap_or(now);
        while calls.front().is_some_and(|call| *call <= from) {
            calls.pop_front();
        }
        if calls.len() < most {
            calls.push_back(now);
            return None;
        }
        let oldest = calls.front().copied().unwrap_or(now);
        Some((SPAN - now.duration_since(oldest).as_secs()).max(1))
    }
}

/// Refuses a request of a user who makes too many.
pub(crate) fn check(world: &mut World, request: &Incoming) -> Result<(), Reply> {
    let Credentials::Bearer(token) = request.credentials() else {
        return Ok(());
    };
    let Some(who) = world.auth.tokens.get(token).map(|token| token.identity) else {
        return Ok(());
    };
    let now = world.time.now();
    let Some(after) = world.transfer.limit.count(who, now) else {
        return Ok(());
    };
    let message = "Too many requests; try again later";
    let reply = errors::error(
        world,
        request,
        StatusCode::TOO_MANY_REQUESTS,
        "TooManyRequests",
        message,
    );
    Err(reply.inferred().with(RETRY_AFTER, HeaderValue::from(after)))
}
