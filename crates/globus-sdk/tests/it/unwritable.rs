//! Places where nothing can be written: tokens that are there are used, those that are renewed stay usable, and it is
//! said what to do.
//!
//! A process that is this test program itself, run as [`asking`] alone, stands for the user's, as root can write anywhere.

#![cfg(unix)]
#![allow(clippy::print_stdout)] // what the process says

use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;

use globus_emulator::{Emulator, seed};
use globus_sdk::app::{GlobusAppConfig, LoginPolicy};
use globus_sdk::tokens::{JsonTokenStorage, SQLiteTokenStorage, StorageWarning};
use globus_sdk::{Config, Error, GroupsClient, TokenStorage, UserApp};

use crate::one_renewal;
use crate::python::skipped;
use crate::token_processes::{STORE, open};

const NOBODY: u32 = 65534;

/// Not a test of its own: asks for groups whenever it is told to, and says what came of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "it is run by the other tests of this file, as a process of its own"]
async fn asking() {
    let Ok(store) = std::env::var(STORE) else { return };
    let (kind, path) = store.split_once(' ').unwrap();
    let (json, sqlite) = match kind {
        "json" => (Some(JsonTokenStorage::new(path).unwrap()), None),
        _ => (None, Some(SQLiteTokenStorage::new(path).unwrap())),
    };
    let storage: Arc<dyn TokenStorage> = match (&json, &sqlite) {
        (Some(json), _) => Arc::new(json.clone()),
        (_, sqlite) => Arc::new(sqlite.clone().unwrap()),
    };
    let warnings = || {
        let json = json.as_ref().map(JsonTokenStorage::warnings);
        json.or(sqlite.as_ref().map(SQLiteTokenStorage::warnings)).unwrap()
    };
    let config = GlobusAppConfig::new()
        .with_config(Config::from_env().unwrap())
        .with_token_storage(storage)
        .with_login_policy(LoginPolicy::Never);
    let app = UserApp::builder("unwritable").client_id(seed::NATIVE_CLIENT_ID);
    let app = app.config(config).build().unwrap();
    let groups = GroupsClient::builder().app(&app).build().unwrap();
    println!("ready");
    for _ in std::io::stdin().lines() {
        let came = match groups.get_my_groups().await {
            Ok(_) => "groups".to_owned(),
            Err(Error::Storage(error)) => {
                let hint = error.hint().unwrap_or_default();
                format!("{:?}: {error}; {hint}", error.problem())
            }
            Err(error) => format!("other error: {error}"),
        };
        let unprotected = warnings()
            .iter()
            .any(|one| matches!(one, StorageWarning::NotWritable { .. }));
        println!("came {came}{}", if unprotected { " (warned)" } else { "" });
    }
}

/// Such a process.
struct Process {
    child: Child,
    input: ChildStdin,
    said: Lines<BufReader<ChildStdout>>,
    user: Option<u32>,
}

impl Process {
    /// Starts it as somebody else, where this is root; `None`, said aloud, if that one may not run this program.
    fn start(emulator: &Emulator, store: &str, user: Option<u32>) -> Option<Self> {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args([
                "--exact",
                "unwritable::asking",
                "--ignored",
                "--nocapture",
                "--test-threads=1",
            ])
            .envs(emulator.env())
            .env(STORE, store)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        if let Some(user) = user {
            command.uid(user);
        }
        let mut child = match command.spawn() {
            Ok(child) => child,
            Err(error) => {
                skipped(&format!("another user cannot run this program ({error})"));
                return None;
            }
        };
        let mut process = Self {
            input: child.stdin.take().unwrap(),
            said: BufReader::new(child.stdout.take().unwrap()).lines(),
            user,
            child,
        };
        process.hear("ready");
        Some(process)
    }

    fn hear(&mut self, word: &str) -> String {
        loop {
            let line = self.said.next().expect("it is still there").unwrap();
            if let Some((_, rest)) = line.split_once(word) {
                return rest.trim().to_owned();
            }
        }
    }

    /// What comes of asking for groups.
    fn ask(&mut self) -> String {
        writeln!(self.input, "ask").unwrap();
        self.hear("came ")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Alice logs in, with her tokens in the folder.
async fn logged_in(store: &str) -> Arc<Emulator> {
    let emulator = Arc::new(Emulator::start().await.unwrap());
    emulator.rotate_refresh_tokens(true);
    drop(one_renewal::logged_in(&emulator, open(store).await).await);
    emulator.clear_requests();
    emulator
}

fn renewals(emulator: &Emulator) -> usize {
    let requests = emulator.requests();
    let renewals = requests.iter().filter(|request| request.path == "/v2/oauth2/token");
    renewals.count()
}

/// What has to hold wherever nothing can be written; `mend` makes it writable again.
fn stays_usable(what: &str, emulator: &Emulator, store: &str, process: &mut Process, mend: impl FnOnce()) -> String {
    assert_eq!(process.ask(), "groups", "{what}: a token that is good is used");
    emulator.expire_tokens();
    let error = process.ask();
    assert!(error.contains("cannot write stored tokens in `"), "{what}: {error}");
    assert!(
        error.contains("the new token is in use as long as this program runs"),
        "{what}: {error}"
    );
    for _ in 0..2 {
        let came = process.ask();
        assert!(came.starts_with("groups"), "{what}: {came}");
    }
    assert_eq!(renewals(emulator), 1, "{what}");
    mend();
    emulator.expire_tokens();
    let came = process.ask();
    assert!(came.starts_with("groups"), "{what}: {came}");
    // It is stored now: a program that starts uses it.
    let renewed = renewals(emulator);
    let mut another = Process::start(emulator, store, process.user).expect("the first one started");
    assert_eq!(another.ask(), "groups", "{what}");
    assert_eq!((renewed, renewals(emulator)), (2, 2), "{what}");
    println!("{what}: {error:?}");
    error
}

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn entries(folder: &Path) -> Vec<std::path::PathBuf> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect()
}

/// Whoever the process is to run as, if not as this one: then the files are theirs.
fn given_away(folder: &Path) -> Option<u32> {
    chown(folder, Some(NOBODY), None).ok()?;
    for path in entries(folder) {
        chown(path, Some(NOBODY), None).unwrap();
    }
    Some(NOBODY)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_only_folder() {
    for kind in ["json", "sqlite"] {
        for with_locks in [true, false] {
            let what = format!("{kind}, read-only folder, lock files {with_locks}");
            let folder = tempfile::tempdir().unwrap();
            let store = format!("{kind} {}", folder.path().join("tokens").display());
            let emulator = logged_in(&store).await;
            for path in entries(folder.path()) {
                if path.extension().is_some_and(|extension| extension == "lock") && !with_locks {
                    std::fs::remove_file(path).unwrap();
                }
            }
            let user = given_away(folder.path());
            let all = entries(folder.path());
            for path in &all {
                set_mode(path, 0o400);
            }
            set_mode(folder.path(), 0o500);
            let Some(mut process) = Process::start(&emulator, &store, user) else {
                return;
            };
            let error = stays_usable(&what, &emulator, &store, &mut process, || {
                set_mode(folder.path(), 0o700);
                for path in &all {
                    set_mode(path, 0o600);
                }
            });
            assert!(error.starts_with("Access: "), "{what}: {error}");
            assert!(
                error.contains("check the permissions of the file and its folder"),
                "{what}: {error}"
            );
            assert_eq!(error.contains("(warned)"), !with_locks, "{what}: {error}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_only_file() {
    for kind in ["json", "sqlite"] {
        let what = format!("{kind}, read-only file");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tokens");
        let store = format!("{kind} {}", path.display());
        let emulator = logged_in(&store).await;
        let user = given_away(folder.path());
        set_mode(&path, 0o400);
        let Some(mut process) = Process::start(&emulator, &store, user) else {
            return;
        };
        if kind == "sqlite" {
            let error = stays_usable(&what, &emulator, &store, &mut process, || set_mode(&path, 0o600));
            assert!(error.starts_with("Access: "), "{what}: {error}");
            continue;
        }
        // A JSON file is replaced, and that is up to its folder.
        emulator.expire_tokens();
        assert_eq!(process.ask(), "groups");
        let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600);
    }
}

/// A file system of 96 KB, until this is dropped.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// `None`, said aloud, for whoever may not mount.
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=96k,mode=700", "none"])
            .arg(folder.path())
            .output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Some(Self(folder));
        }
        skipped("a full disk needs root, and `mount`");
        None
    }

    fn remount(&self, option: &str) {
        let done = Command::new("mount").args(["-o", option]).arg(self.0.path()).status();
        assert!(done.unwrap().success());
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk() {
    for kind in ["json", "sqlite"] {
        let Some(disk) = SmallDisk::mount() else { return };
        let what = format!("{kind}, full disk");
        let store = format!("{kind} {}", disk.0.path().join("tokens").display());
        let emulator = logged_in(&store).await;
        let Some(mut process) = Process::start(&emulator, &store, None) else {
            return;
        };
        let filler = disk.0.path().join("filler");
        let mut file = std::fs::File::create(&filler).unwrap();
        while file.write_all(&[7; 512]).is_ok() {}
        drop(file);
        let error = stays_usable(&what, &emulator, &store, &mut process, || {
            std::fs::remove_file(&filler).unwrap();
        });
        assert!(error.starts_with("Failed: "), "{what}: {error}");
        assert!(
            error.contains("make room, or keep the tokens on another disk"),
            "{what}: {error}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_only_disk() {
    for kind in ["json", "sqlite"] {
        let Some(disk) = SmallDisk::mount() else { return };
        let what = format!("{kind}, read-only disk");
        let store = format!("{kind} {}", disk.0.path().join("tokens").display());
        let emulator = logged_in(&store).await;
        disk.remount("remount,ro");
        let Some(mut process) = Process::start(&emulator, &store, None) else {
            return;
        };
        let error = stays_usable(&what, &emulator, &store, &mut process, || disk.remount("remount,rw"));
        assert!(
            error.starts_with("Access: ") && error.contains("read-only"),
            "{what}: {error}"
        );
    }
}
