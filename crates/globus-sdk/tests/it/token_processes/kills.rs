//! Processes that are killed: while they store, while they make what they store in, while they hold a lock.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use globus_sdk::tokens::{TokenDataByResourceServer, TokenStorage};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::{TOLD, acknowledged, command, data, files, full, open, start};
use crate::postgres::PostgresServer;

/// Where the processes of one test store, and where nothing is yet.
struct Place {
    store: String,
    folder: TempDir,
    runtime: Runtime,
}

impl Place {
    fn new(kind: &str, server: Option<&PostgresServer>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().build().expect("a runtime");
        let place = match server {
            Some(server) => runtime.block_on(server.schema()),
            None => folder.path().join("tokens").display().to_string(),
        };
        Self {
            store: format!("{kind} {place}"),
            folder,
            runtime,
        }
    }

    fn open(&self) -> Arc<dyn TokenStorage> {
        self.runtime.block_on(open(&self.store))
    }

    fn stored(&self, storage: &dyn TokenStorage, when: &str) -> TokenDataByResourceServer {
        let stored = self.runtime.block_on(storage.get_token_data_by_resource_server());
        stored.unwrap_or_else(|error| panic!("{when}: {error}"))
    }

    /// Stores once more. Nothing that the dead left may be in the way, or stay.
    fn is_whole(&self, storage: &dyn TokenStorage, when: &str) {
        let stored = self
            .runtime
            .block_on(storage.store_token_data_by_resource_server(data("last", 1)));
        stored.unwrap_or_else(|error| panic!("{when}: {error}"));
        if !self.store.starts_with("postgres") {
            assert_eq!(files(self.folder.path()), ["tokens", "tokens.lock"], "{when}");
        }
    }
}

/// Kills a process that stores, again and again; each time, all must be whole and hold all it had said was stored.
fn kill_again_and_again(place: &Place, times: u64, seed: u64) {
    let storage = place.open();
    for time in 0..times {
        let when = format!("kill {time} of seed {seed}");
        let mut child = start(&place.store, "a,b,c,d,e,f,g", 1_000_000);
        let mut lines = BufReader::new(child.stdout.take().expect("its output"));
        let mut said = Vec::new();
        let mut line = String::new();
        while said.is_empty() {
            line.clear();
            if lines.read_line(&mut line).expect("text") == 0 {
                let mut why = String::new();
                let _ = child.stderr.take().expect("its errors").read_to_string(&mut why);
                panic!("it ended by itself: {why}");
            }
            said.extend(acknowledged(&line));
        }
        // Some moment within the next two or three changes.
        std::thread::sleep(Duration::from_micros((time * 7919 + seed * 104_729) % 4000));
        child.kill().expect("killed");
        child.wait().expect("an end");
        said.extend(
            lines
                .lines()
                .map_while(Result::ok)
                .filter_map(|line| acknowledged(&line)),
        );
        assert_nothing_is_lost(&place.stored(&*storage, &when), &said, &when);
    }
    place.is_whole(&*storage, &format!("seed {seed}"));
}

fn assert_nothing_is_lost(stored: &TokenDataByResourceServer, said: &[(i64, String)], when: &str) {
    for (number, name) in said {
        let found = stored.get(name).map_or(0, |token| token.expires_at_seconds);
        assert!(found >= *number, "{when}: {name} is at {found}, not {number}");
    }
}

/// 100 kills, or with `STRESS=full` 500, in four places at a time.
fn kills(kind: &str, server: Option<&PostgresServer>) {
    let times = if full() { 125 } else { 25 };
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for seed in 1..=4 {
            scope.spawn(move || kill_again_and_again(&Place::new(kind, server), times, seed));
        }
    });
    println!(
        "{kind}: {} kills (seeds 1 to 4): 0 corrupt, 0 acknowledged stores lost, {:.1} s",
        times * 4,
        begun.elapsed().as_secs_f32()
    );
}

#[test]
fn a_json_file_stays_whole() {
    kills("json", None);
}

#[test]
fn an_sqlite_file_stays_whole() {
    kills("sqlite", None);
}

#[test]
fn postgres_stays_whole() {
    let Some(server) = PostgresServer::start() else { return };
    kills("postgres", Some(&server));
}

/// Four processes begin at once where there is nothing yet, and all but one are killed, each at its own moment. That one
/// must not notice.
fn first_use(kind: &str, server: Option<&PostgresServer>, time: u64, within: u64) -> (usize, usize) {
    let place = Place::new(kind, server);
    let when = format!("time {time}");
    let mut children: Vec<(Child, BufReader<_>)> = (0..4)
        .map(|process| {
            let mut command = command("process", &place.store, &format!("rs-{process}"));
            let command = command.env(TOLD, "yes").env(super::ROUNDS, "3");
            let mut child = command.spawn().expect("a process");
            let out = BufReader::new(child.stdout.take().expect("its output"));
            (child, out)
        })
        .collect();
    for (_, out) in &mut children {
        let mut line = String::new();
        while !line.contains("ready") {
            line.clear();
            assert_ne!(
                out.read_line(&mut line).expect("text"),
                0,
                "it ended before it was ready"
            );
        }
    }
    for (child, _) in &mut children {
        writeln!(child.stdin.take().expect("its input"), "go").expect("a reader");
    }
    let begun = Instant::now();
    let mut moments: Vec<(u64, usize)> = (0..3)
        .map(|process| ((time * 7919 + process as u64 * 104_729) % within, process))
        .collect();
    moments.sort_unstable();
    let mut killed = 0;
    let mut late = 0;
    for (moment, process) in moments {
        std::thread::sleep(Duration::from_micros(moment).saturating_sub(begun.elapsed()));
        let child = &mut children[process].0;
        killed += usize::from(child.try_wait().expect("its state").is_none());
        child.kill().expect("killed");
    }
    let mut said = Vec::new();
    for (process, (mut child, mut out)) in children.into_iter().enumerate() {
        let mut text = String::new();
        out.read_to_string(&mut text).expect("text");
        let status = child.wait().expect("an end");
        assert!(!text.contains("error ") && !text.contains("torn "), "{when}: {text}");
        let stored: Vec<_> = text.lines().filter_map(acknowledged).collect();
        late += usize::from(process < 3 && !stored.is_empty());
        if process == 3 {
            let mut why = String::new();
            let _ = child.stderr.take().expect("its errors").read_to_string(&mut why);
            assert!(status.success() && stored.len() == 3, "{when}: {text} {why}");
        }
        said.extend(stored);
    }
    let storage = place.open();
    assert_nothing_is_lost(&place.stored(&*storage, &when), &said, &when);
    place.is_whole(&*storage, &when);
    (killed, late)
}

/// 36 times, or with `STRESS=full` 170 times, the first use by four processes of which three are killed `within` so many
/// microseconds.
fn first_uses(kind: &str, server: Option<&PostgresServer>, within: u64) {
    let times = if full() { 170 } else { 36 };
    let begun = Instant::now();
    let counts: Vec<(usize, usize)> = std::thread::scope(|scope| {
        let halves = [0, 1].map(|half| {
            scope.spawn(move || -> Vec<_> {
                let own = (0..times).filter(|time| time % 2 == half);
                own.map(|time| first_use(kind, server, time, within)).collect()
            })
        });
        let halves = halves.into_iter().map(|half| half.join().expect("whole"));
        halves.flatten().collect()
    });
    let (killed, late) = counts.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    println!(
        "{kind}: first use by 4 processes, {times} times, {killed} of them killed, {late} after they had stored something: 0 \
         corrupt, 0 acknowledged stores lost, 0 of the others failed, {:.1} s",
        begun.elapsed().as_secs_f32()
    );
    assert!(killed > 0);
}

#[test]
fn the_first_use_of_a_json_file() {
    first_uses("json", None, 30_000);
}

#[test]
fn the_first_use_of_an_sqlite_file() {
    first_uses("sqlite", None, 60_000);
}

#[test]
fn the_first_use_of_postgres() {
    let Some(server) = PostgresServer::start() else { return };
    first_uses("postgres", Some(&server), 120_000);
}

/// A process that takes a lock, says so, and holds it until it is killed or told to end.
struct Holder {
    child: Child,
    _input: ChildStdin,
}

impl Holder {
    /// What it says comes with its `number`.
    fn start(store: &str, number: usize, says: &Sender<(usize, String)>) -> Self {
        let mut child = command("waiting::holder", store, "rs").spawn().expect("a process");
        let out = BufReader::new(child.stdout.take().expect("its output"));
        let says = says.clone();
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                let _ = says.send((number, line));
            }
        });
        Self {
            _input: child.stdin.take().expect("its input"),
            child,
        }
    }

    fn kill(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("an end");
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn next(said: &Receiver<(usize, String)>, word: &str) -> usize {
    loop {
        let (number, line) = said.recv_timeout(Duration::from_secs(60)).expect("somebody goes on");
        if line.contains(word) {
            return number;
        }
    }
}

/// Five processes want the same lock. Whoever has it is killed, until the last one has it.
fn holders(kind: &str, server: Option<&PostgresServer>) {
    let (rounds, processes) = (if full() { 20 } else { 3 }, 5);
    let place = Place::new(kind, server);
    let storage = place.open();
    let begun = Instant::now();
    for round in 0..rounds {
        let (says, said) = channel();
        let mut all: Vec<Holder> = (0..processes)
            .map(|number| Holder::start(&place.store, number, &says))
            .collect();
        for _ in 0..processes {
            let holder = next(&said, "held");
            assert!(
                !said.try_iter().any(|(_, line)| line.contains("held")),
                "round {round}: two at once"
            );
            all[holder].kill();
        }
        drop(
            place
                .runtime
                .block_on(storage.lock("rs"))
                .expect("nobody holds it any more"),
        );
    }
    println!(
        "{kind}: {} holders of a lock killed while others wait: each time the next one went on, {:.1} s",
        rounds * processes,
        begun.elapsed().as_secs_f32()
    );
}

#[test]
fn a_holder_of_a_lock_in_a_json_folder() {
    holders("json", None);
}

#[test]
fn a_holder_of_a_lock_in_an_sqlite_folder() {
    holders("sqlite", None);
}

#[test]
fn a_holder_of_a_lock_in_postgres() {
    let Some(server) = PostgresServer::start() else { return };
    holders("postgres", Some(&server));
}
