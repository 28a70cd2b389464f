//! Lets runs of flows go on in real time while nobody asks the emulator anything.

use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

use crate::server::Shared;
use crate::world::World;

/// How long it sleeps at most: somebody may have moved the clock, or wants it to stop.
const LONGEST: Duration = Duration::from_millis(100);
const SHORTEST: Duration = Duration::from_millis(1);

/// Begins to look after runs, unless somebody does already or there is none at work. A logical clock does so when it moves.
pub(crate) fn begin(shared: &Arc<Shared>, world: &mut World) {
    if world.time.is_logical() || world.flows.has_pulse || world.flows.next_due().is_none() {
        return;
    }
    let weak = Arc::downgrade(shared);
    let builder = thread::Builder::new().name("globus-flows".to_owned());
    match builder.spawn(move || beat(&weak)) {
        Ok(_) => world.flows.has_pulse = true,
        Err(error) => tracing::error!(%error, "no thread to look after runs"),
    }
}

/// Looks after runs until there is none left, or the emulator stops.
fn beat(shared: &Weak<Shared>) {
    while let Some(shared) = shared.upgrade() {
        if *shared.stop.borrow() {
            return;
        }
        let mut world = shared.world();
        world.settle();
        let Some(due) = world.flows.next_due() else {
            world.flows.has_pulse = false;
            return;
        };
        let left = due.duration_since(world.time.now());
        drop(world);
        drop(shared);
        let left = Duration::try_from(left).unwrap_or_default();
        thread::sleep(left.clamp(SHORTEST, LONGEST));
    }
}
