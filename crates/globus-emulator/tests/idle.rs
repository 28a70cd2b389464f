//! What an emulator costs that nobody asks anything: many of them, in one process.
#![allow(missing_docs)]

use std::time::Duration;

use globus_emulator::Emulator;
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const MANY: usize = 300;
const MEGABYTE: usize = 1_000_000;

/// Resident size of this process in bytes, where the system tells it.
fn resident() -> Option<usize> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.split_whitespace().next()?.parse::<usize>().ok()? * 1_024)
}

#[test]
fn three_hundred_at_once_are_small() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        // What all emulators of a process share does not count: the table of routes, the keys.
        let first = Emulator::start().await.expect("an emulator");
        answers(&first).await;
        let (heap, rss) = (MEMORY.current_usage(), resident());
        let mut all = Vec::with_capacity(MANY);
        for _ in 0..MANY {
            all.push(Emulator::start().await.expect("an emulator"));
        }
        let each = (MEMORY.current_usage() - heap) / MANY;
        let each_resident = resident()
            .zip(rss)
            .map(|(now, before)| now.saturating_sub(before) / MANY);
        println!("idle: {each} bytes of heap each, {each_resident:?} resident");
        assert!(each < MEGABYTE, "{each} bytes each");
        assert!(
            each_resident.is_none_or(|each| each < MEGABYTE),
            "{each_resident:?} resident bytes each"
        );
        // Each is there, and a world of its own.
        for emulator in [&all[0], &all[MANY / 2], &all[MANY - 1]] {
            answers(emulator).await;
        }
        all[0].advance(Duration::from_secs(3_600));
    });
}

async fn answers(emulator: &Emulator) {
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let url = format!("{}jwk.json", emulator.url());
    let answer = client.get(url).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
}
