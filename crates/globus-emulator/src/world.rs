//! Everything the emulator knows.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::clock::{Clock, Time};
use crate::ids::Ids;
use crate::secure::Authority;
use crate::seed::{Seed, SeedError};
use crate::services::auth::state::AuthState;
use crate::services::flows;
use crate::services::flows::state::FlowsState;
use crate::services::gcs::state::GcsState;
use crate::services::groups::state::GroupsState;
use crate::services::transfer::state::TransferState;
use crate::services::transfer::storage::Storage;
use crate::state::store::Changes;
use crate::state::{Kept, Rows, Visit};

/// Where and when a world is.
#[derive(Debug, Clone)]
pub(crate) struct Setting {
    /// Base URL of the emulator, with a slash at the end.
    pub(crate) origin: String,
    /// The same over TLS.
    pub(crate) secure_origin: String,
    /// Who vouches for that.
    pub(crate) authority: Arc<Authority>,
    pub(crate) clock: Clock,
    /// Where the folders of collections are.
    pub(crate) storage: Arc<Storage>,
}

/// The state of all services. One lock guards it: a request either happened or it did not. It holds tokens and secrets, so
/// neither it nor what it is made of can be printed.
pub(crate) struct World {
    /// Base URL of the emulator, with a slash at the end.
    pub(crate) origin: String,
    /// The same over TLS, where the managers of endpoints and the files of collections are.
    pub(crate) secure_origin: String,
    pub(crate) time: Time,
    pub(crate) ids: Ids,
    pub(crate) auth: AuthState,
    pub(crate) flows: FlowsState,
    pub(crate) gcs: GcsState,
    pub(crate) groups: GroupsState,
    pub(crate) transfer: TransferState,
    /// The clock, written down.
    clock: Kept<Moved>,
}

/// How far a clock was moved, and when it started if it moves only so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Moved {
    start: Option<Timestamp>,
    offset: SignedDuration,
}

/// Rows that were written down: key and JSON, by the names of tables.
pub(crate) type Loaded = BTreeMap<String, Vec<(String, String)>>;

impl World {
    pub(crate) fn new(setting: &Setting, seed: &Seed) -> Self {
        let time = Time::new(setting.clock);
        let mut auth = AuthState::new(seed);
        let flows = FlowsState::new(seed, &mut auth);
        let transfer = TransferState::new(seed, &mut auth, time.clone(), Arc::clone(&setting.storage));
        let mut gcs = GcsState::new(seed);
        gcs.complete(&transfer);
        Self {
            origin: setting.origin.clone(),
            secure_origin: setting.secure_origin.clone(),
            gcs,
            ids: Ids::new(time.is_logical()),
            flows,
            groups: GroupsState::new(seed, time.now()),
            clock: Kept::new(Moved {
                start: time.start(),
                offset: SignedDuration::ZERO,
            }),
            time,
            auth,
            transfer,
        }
    }

    /// Adds what a seed has, or says why it does not fit.
    pub(crate) fn add(&mut self, seed: &Seed) -> Result<(), SeedError> {
        seed.check(Some(self))?;
        let now = self.time.now();
        let auth = &mut self.auth;
        for row in &seed.providers {
            auth.providers.insert(row.id, row.clone());
        }
        for row in &seed.identities {
            auth.add_identity(row.clone());
        }
        for row in &seed.projects {
            auth.projects.insert(row.id, row.clone());
        }
        for row in &seed.policies {
            auth.policies.insert(row.id, row.clone());
        }
        for row in &seed.clients {
            auth.add_client(row.clone());
        }
        for row in &seed.flows {
            self.flows.add(row.clone(), auth);
        }
        self.transfer.add(seed, auth);
        self.gcs.add(seed);
        self.gcs.complete(&self.transfer);
        for row in &seed.groups {
            self.groups.add(row.clone(), now);
        }
        Ok(())
    }

    /// Makes a world of rows that were written down.
    pub(crate) fn load(setting: &Setting, mut rows: Loaded) -> Result<Self, String> {
        let mut world = Self::new(setting, &Seed::empty());
        let mut wrong = None;
        world.visit(&mut |name, table| {
            table.clear();
            for (at, (key, json)) in rows.remove(name).unwrap_or_default().iter().enumerate() {
                if let Err(what) = table.load(key, json)
                    && wrong.is_none()
                {
                    // Keys may be secrets.
                    wrong = Some(format!("row {at} of {name} is not readable: {what}"));
                }
            }
        });
        if let Some(wrong) = wrong {
            return Err(wrong);
        }
        if let Some(name) = rows.keys().next() {
            return Err(format!("there are rows of {name}, which this emulator does not know"));
        }
        if world.clock.start != world.time.start() {
            let kind = |start: Option<Timestamp>| {
                start.map_or_else(
                    || "a real clock".to_owned(),
                    |start| format!("a logical clock from {start} on"),
                )
            };
            let (theirs, ours) = (kind(world.clock.start), kind(world.time.start()));
            return Err(format!(
                "it was written with {theirs}, and this emulator has {ours}: start it with the same clock"
            ));
        }
        world.time.set_offset(world.clock.offset);
        world.auth.loaded();
        world.flows.loaded()?;
        world.transfer.loaded();
        world.gcs.complete(&world.transfer);
        Ok(world)
    }

    /// Names all that is kept.
    pub(crate) fn visit(&mut self, see: Visit<'_>) {
        self.visit_quick(see);
        self.transfer.visit_tasks(see);
    }

    /// Names all that is kept but for what tasks change while they are at work.
    pub(crate) fn visit_quick(&mut self, see: Visit<'_>) {
        let offset = self.time.offset();
        if self.clock.offset != offset {
            self.clock.offset = offset;
        }
        let Self {
            origin: _,
            secure_origin: _,
            time: _,
            ids,
            auth,
            flows,
            gcs,
            groups,
            transfer,
            clock,
        } = self;
        see("emulator/clock", clock);
        see("emulator/ids", &mut ids.counter);
        auth.visit(see);
        flows.visit(see);
        gcs.visit(see);
        groups.visit(see);
        transfer.visit(see);
    }

    /// What has changed; what only the threads that work on tasks have changed may be left for later.
    pub(crate) fn changes(&mut self, tasks: bool) -> Result<Changes, String> {
        let (mut changes, mut failed) = (Changes::new(), None);
        let mut see = |name: &'static str, rows: &mut dyn Rows| match rows.changes() {
            Ok(rows) if rows.is_empty() => {}
            Ok(rows) => changes.push((name, rows)),
            Err(error) => failed = Some(format!("{name}: {error}")),
        };
        self.visit_quick(&mut see);
        if tasks {
            self.transfer.visit_tasks(&mut see);
        }
        failed.map_or(Ok(changes), Err)
    }

    /// All rows there are, none of which counts as changed any longer.
    pub(crate) fn everything(&mut self) -> Result<Changes, String> {
        let (mut all, mut failed) = (Changes::new(), None);
        self.visit(&mut |name, rows| {
            rows.forget();
            match rows.all() {
                Ok(rows) => all.push((name, rows)),
                Err(error) => failed = Some(format!("{name}: {error}")),
            }
        });
        failed.map_or(Ok(all), Err)
    }

    /// Forgets what has changed, where nothing is written down.
    pub(crate) fn forget(&mut self) {
        self.visit(&mut |_, rows| rows.forget());
    }

    /// Carries out what was to happen by now.
    pub(crate) fn settle(&mut self) {
        flows::engine::settle(self, true);
    }

    /// Moves the clock forward, at most to when the next run goes on, and says how far.
    pub(crate) fn advance(&mut self, by: Duration) -> Duration {
        let next = self.flows.next_due().map(|due| due.duration_since(self.time.now()));
        let next = next.map(|left| Duration::try_from(left).unwrap_or_default());
        let by = next.map_or(by, |next| next.min(by));
        self.time.advance(by);
        self.transfer.engine.wake();
        by
    }
}
