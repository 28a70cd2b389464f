//! Clients per runtime.

use crate::transport::pool::{Pool, Route, Settings};
use crate::transport::proxy::Proxies;
use crate::transport::tls::Trust;

fn pool() -> Pool {
    Pool::new(Settings {
        trust: Trust::System,
        proxies: Proxies::default(),
        connect_timeout: None,
    })
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

#[test]
fn a_runtime_that_ends_is_forgotten() {
    let pool = pool();
    let (one, two) = (runtime(), runtime());
    one.block_on(async { pool.client(Route::Plain).map(drop) }).unwrap();
    one.block_on(async { pool.client(Route::Plain).map(drop) }).unwrap();
    two.block_on(async { pool.client(Route::Plain).map(drop) }).unwrap();
    assert_eq!(pool.runtimes(), 2);
    drop(one);
    assert_eq!(pool.runtimes(), 1);
    two.shutdown_background();
    assert_eq!(pool.runtimes(), 0);
}

#[test]
fn there_is_a_limit() {
    let pool = pool();
    let runtimes: Vec<_> = (0..70).map(|_| runtime()).collect();
    for runtime in &runtimes {
        runtime.block_on(async { pool.client(Route::Plain).map(drop) }).unwrap();
    }
    assert_eq!(pool.runtimes(), 64);
    drop(runtimes);
    assert_eq!(pool.runtimes(), 0);
}

#[test]
fn a_pool_may_go_first() {
    let runtime = runtime();
    let pool = pool();
    runtime.block_on(async { pool.client(Route::Plain).map(drop) }).unwrap();
    drop(pool);
    runtime.block_on(tokio::task::yield_now());
}

#[test]
fn without_a_runtime_there_is_an_error() {
    let error = pool().client(Route::Plain).unwrap_err();
    assert!(error.to_string().contains("no tokio runtime"), "{error}");
}
