//! Where the programs run: all on one core.

/// Holds this process, and all that it starts, to one core; says what came of it.
#[cfg(target_os = "linux")]
pub(super) fn hold() -> String {
    use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

    let one = sched_getaffinity(None).ok().and_then(|allowed| {
        // The last one: interrupts mostly go to the first.
        let core = (0..CpuSet::MAX_CPU).rev().find(|core| allowed.is_set(*core))?;
        let mut one = CpuSet::new();
        one.set(core);
        sched_setaffinity(None, &one).ok().map(|()| core)
    });
    match one {
        Some(core) => format!("clients and server share core {core}"),
        None => UNPINNED.to_owned(),
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn hold() -> String {
    UNPINNED.to_owned()
}

const UNPINNED: &str = "clients and server are not held to one core here: figures move with where they run";
