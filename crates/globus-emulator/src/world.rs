//! Everything the emulator knows.

use std::time::Duration;

use crate::clock::{Clock, Time};
use crate::ids::Ids;
use crate::seed::Seed;
use crate::services::auth::state::AuthState;
use crate::services::flows;
use crate::services::flows::state::FlowsState;
use crate::services::groups::state::GroupsState;
use crate::services::transfer::state::TransferState;

/// The state of all services. One lock guards it: a request either happened or it did not. It holds tokens and secrets, so
/// neither it nor what it is made of can be printed.
pub(crate) struct World {
    /// Base URL of the emulator, with a slash at the end.
    pub(crate) origin: String,
    pub(crate) time: Time,
    pub(crate) ids: Ids,
    pub(crate) auth: AuthState,
    pub(crate) flows: FlowsState,
    pub(crate) groups: GroupsState,
    pub(crate) transfer: TransferState,
}

impl World {
    pub(crate) fn new(origin: &str, clock: Clock, seed: &Seed) -> Self {
        let time = Time::new(clock);
        let mut auth = AuthState::new(seed);
        let flows = FlowsState::new(seed, &mut auth);
        let transfer = TransferState::new(seed, &mut auth, time.clone());
        Self {
            origin: origin.to_owned(),
            ids: Ids::new(clock != Clock::Real),
            flows,
            groups: GroupsState::new(seed, time.now()),
            time,
            auth,
            transfer,
        }
    }

    /// Carries out what was to happen by now.
    pub(crate) fn settle(&mut self) {
        flows::engine::settle(self);
    }

    /// Moves the clock forward, and what waits for it with it.
    pub(crate) fn advance(&mut self, by: Duration) {
        self.time.advance(by);
        self.transfer.engine.wake();
        self.settle();
    }
}
