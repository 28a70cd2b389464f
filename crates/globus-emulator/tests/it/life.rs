//! Starting and stopping, wherever that happens.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use globus_emulator::{Emulator, seed};

use crate::http::{World, send};

fn healthy(url: &str) -> bool {
    send(url, "GET", "/_emulator/health", &[], b"").is_ok_and(|answer| answer.status == 200)
}

/// Waits until nothing listens there any more.
fn gone(port: u16) -> bool {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(5) {
        if TcpStream::connect(("127.0.0.1", port)).is_err() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    false
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime")
}

#[test]
fn it_lives_on_the_runtime_that_started_it_and_dies_when_dropped_anywhere() {
    let (one, other) = (runtime(), runtime());
    let emulator = one.block_on(Emulator::start()).expect("an emulator");
    assert!(healthy(emulator.url()));
    let port = emulator.port();
    other.block_on(async move { drop(emulator) });
    assert!(gone(port));
    // Dropped without a runtime, and after its own is gone.
    let emulator = one.block_on(Emulator::start()).expect("an emulator");
    let port = emulator.port();
    drop(emulator);
    assert!(gone(port));
    let emulator = one.block_on(Emulator::start()).expect("an emulator");
    let port = emulator.port();
    drop(one);
    assert!(gone(port));
    drop(emulator);
}

#[test]
fn stopping_waits_until_the_port_is_free() {
    let runtime = runtime();
    runtime.block_on(async {
        let emulator = Emulator::start().await.expect("an emulator");
        let (url, port) = (emulator.url().to_owned(), emulator.port());
        // An idle connection does not keep it.
        let idle = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
        assert!(
            tokio::task::spawn_blocking(move || healthy(&url))
                .await
                .expect("a task")
        );
        emulator.stop().await;
        drop(idle);
        let again = Emulator::builder().port(port).start().await.expect("the port is free");
        assert_eq!(again.port(), port);
        let taken = Emulator::builder().port(port).start().await;
        assert_eq!(
            taken.map(drop).map_err(|error| error.kind()),
            Err(std::io::ErrorKind::AddrInUse)
        );
    });
}

#[test]
fn it_needs_no_runtime() {
    let world = World::new();
    assert!(healthy(world.emulator.url()));
    let port = world.emulator.port();
    drop(world);
    assert!(gone(port));
}

#[test]
fn a_current_thread_runtime_will_do() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let emulator = Emulator::start().await.expect("an emulator");
        let url = emulator.url().to_owned();
        assert!(
            tokio::task::spawn_blocking(move || healthy(&url))
                .await
                .expect("a task")
        );
        emulator.stop().await;
    });
}

#[test]
fn three_hundred_live_side_by_side() {
    let runtime = runtime();
    runtime.block_on(async {
        let start = Instant::now();
        let mut all = Vec::new();
        for _ in 0..300 {
            all.push(Emulator::start().await.expect("an emulator"));
        }
        let started = start.elapsed();
        let urls: Vec<String> = all.iter().map(|emulator| emulator.url().to_owned()).collect();
        let healthy = tokio::task::spawn_blocking(move || urls.iter().all(|url| healthy(url))).await;
        assert!(healthy.expect("a task"));
        assert!(started < Duration::from_secs(15), "{started:?}: 50 ms each at most");
    });
}

#[test]
fn the_environment_points_every_client_at_it() {
    let world = World::new();
    let env = world.emulator.env();
    for name in [
        "AUTH", "TRANSFER", "GROUPS", "FLOWS", "SEARCH", "TIMER", "TIMERS", "COMPUTE",
    ] {
        let name = format!("GLOBUS_SDK_SERVICE_URL_{name}");
        let value = env
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.as_str());
        assert_eq!(value, Some(world.emulator.url()), "{name}");
    }
    assert!(world.emulator.url().ends_with('/'));
    for (name, value) in [("ID", seed::CLIENT_ID), ("SECRET", seed::CLIENT_SECRET)] {
        let variable = (format!("GLOBUS_CLIENT_{name}"), value.to_owned());
        assert_eq!(env.iter().filter(|one| **one == variable).count(), 1, "{name}");
    }
}

#[test]
fn nothing_secret_is_printed() {
    let world = World::new();
    let token = world.client_token(crate::http::GROUPS);
    let builder = Emulator::builder();
    let shown = format!(
        "{:?} {builder:?} {:?}",
        world.emulator,
        globus_emulator::Seed::standard()
    );
    assert!(
        !shown.contains(&token) && !shown.contains(globus_emulator::seed::CLIENT_SECRET),
        "{shown}"
    );
}
