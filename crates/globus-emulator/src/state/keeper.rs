//! Writes down what changes while nobody asks the emulator anything: runs that go on, tasks that end.

use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

use crate::server::Shared;

/// How long a change waits that no request has made.
const LONGEST: Duration = Duration::from_millis(50);

/// Begins to look after the changes of an emulator with a state file.
pub(crate) fn begin(shared: &Arc<Shared>) -> std::io::Result<()> {
    let weak = Arc::downgrade(shared);
    let builder = thread::Builder::new().name("globus-keeper".to_owned());
    builder.spawn(move || keep(&weak)).map(drop)
}

fn keep(shared: &Weak<Shared>) {
    while let Some(shared) = shared.upgrade() {
        if *shared.stop.borrow() {
            return;
        }
        let mut world = shared.world();
        if let Err(error) = shared.save(&mut world, true) {
            tracing::error!(%error, "changes that were not written down");
        }
        drop(world);
        drop(shared);
        thread::sleep(LONGEST);
    }
}
