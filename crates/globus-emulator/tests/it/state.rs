//! Snapshots and state files: what is written down, read back and refused.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use globus_emulator::{ActionFault, Builder, Clock, Emulator, Mishap, seed};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::http::{GROUPS, TRANSFER, World};
use crate::transfer_desk::{Desk, transfer};

const FLOWS: &str = "https://auth.globus.org/scopes/eec9b274-0c81-4334-bdc2-54e90e689b9a/all";
const WAIT: u64 = 100;

/// What somebody has who has used an emulator: a token, a group, a run that waits and a task that has not begun.
struct Used {
    token: String,
    refresh: String,
    group: String,
    run: String,
    task: String,
    submission: String,
}

impl Used {
    fn new(desk: &Desk) -> Self {
        let world = &desk.world;
        let token = world.user_token("alice", GROUPS);
        let made = json!({"name": "Kept", "description": "\u{1f4be}"});
        let group = world.call(&token, "POST", "/v2/groups", Some(made)).expect(201);
        let minted = json!({"identity": "alice", "scopes": [TRANSFER], "refresh": true});
        let minted = control(world, "POST", "tokens", &minted).expect(200);

        let flows = world.user_token("alice", FLOWS);
        let flow = json!({
            "title": "Waits",
            "definition": {"StartAt": "wait", "States": {"wait": {"Type": "Wait", "Seconds": WAIT, "End": true}}},
            "input_schema": {},
        });
        let flow = text(&world.call(&flows, "POST", "/flows", Some(flow)).expect(201)["id"]);
        let suffix = flow.replace('-', "_");
        let scope = format!("https://auth.globus.org/scopes/{flow}/flow_{suffix}_user");
        let starts = world.user_token("alice", &scope);
        let run = world.call(
            &starts,
            "POST",
            &format!("/flows/{flow}/run"),
            Some(json!({"body": {}})),
        );

        desk.write("/a.txt", "a");
        world.emulator.hold_tasks(true);
        let document = transfer(&[("/a.txt", "/b.txt")], json!({"label": "kept"}));
        let submission = text(&document["submission_id"]);
        Self {
            refresh: text(&minted["refresh_token"]),
            group: text(&group["id"]),
            run: text(&run.expect(201)["run_id"]),
            task: desk.begin(document),
            token,
            submission,
        }
    }

    /// That another emulator goes on where the first was.
    fn check(&self, desk: &Desk) {
        let world = &desk.world;
        let group = world
            .get(&self.token, &format!("/v2/groups/{}", self.group))
            .expect(200);
        assert_eq!(
            (&group["name"], &group["description"]),
            (&json!("Kept"), &json!("\u{1f4be}"))
        );
        let form = format!(
            "grant_type=refresh_token&client_id={}&refresh_token={}",
            seed::NATIVE_CLIENT_ID,
            self.refresh
        );
        let kind = ("content-type", "application/x-www-form-urlencoded");
        world
            .send("POST", "/v2/oauth2/token", &[kind], form.as_bytes())
            .expect(200);

        let flows = world.user_token("alice", FLOWS);
        let run = world.get(&flows, &format!("/runs/{}", self.run)).expect(200);
        assert_eq!(run["status"], "ACTIVE", "{run}");
        world.emulator.advance(Duration::from_secs(WAIT + 1));
        let run = world.get(&flows, &format!("/runs/{}", self.run)).expect(200);
        assert_eq!(run["status"], "SUCCEEDED", "{run}");

        // It is held as it was.
        let task = desk.get(&format!("/task/{}", self.task)).expect(200);
        assert_eq!(
            (&task["status"], &task["nice_status"]),
            (&json!("ACTIVE"), &json!("Queued")),
            "{task}"
        );
        world.emulator.hold_tasks(false);
        let task = desk.wait(&self.task);
        assert_eq!(
            (&task["status"], &task["label"]),
            (&json!("SUCCEEDED"), &json!("kept")),
            "{task}"
        );
        let again = transfer(&[("/a.txt", "/b.txt")], json!({"submission_id": self.submission}));
        let again = desk.submit(again).expect(202);
        assert_eq!(
            (&again["code"], &again["task_id"]),
            (&json!("Duplicate"), &json!(self.task))
        );
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn control(world: &World, method: &str, path: &str, body: &Value) -> crate::http::Answer {
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    world.send(method, &format!("/_emulator/{path}"), &[], body.as_bytes())
}

fn on(file: &Path) -> Builder {
    Emulator::builder().clock(Clock::logical()).state(file)
}

#[test]
fn a_snapshot_is_restored_elsewhere() {
    let desk = Desk::at(Clock::logical());
    let used = Used::new(&desk);
    let snapshot = control(&desk.world, "GET", "snapshot", &Value::Null).expect(200);
    let other = Desk::at(Clock::logical());
    other.write("/a.txt", "a");
    control(&other.world, "POST", "restore", &snapshot).expect(200);
    used.check(&other);
    assert_eq!(other.read("/b.txt").as_deref(), Some("a"));
    // What is restored is what was written down.
    let again = Desk::at(Clock::logical());
    again.world.emulator.restore(&snapshot.to_string()).expect("a snapshot");
    again.world.emulator.hold_tasks(true);
    let written = again.world.emulator.snapshot().expect("a snapshot");
    let written: Value = serde_json::from_str(&written).expect("JSON");
    for (name, rows) in snapshot["tables"].as_object().expect("tables") {
        if !name.starts_with("transfer/") {
            assert_eq!(&written["tables"][name], rows, "{name}");
        }
    }
}

#[test]
fn what_is_to_go_wrong_goes_wrong_elsewhere_too() {
    let desk = Desk::new();
    desk.write("/a.txt", "a");
    let emulator = &desk.world.emulator;
    emulator.add_mishap(Mishap::new("QUOTA_EXCEEDED").path("/b.txt").fatal());
    emulator.hold_tasks(true);
    emulator.limit_transfer(Some(2));
    emulator.inject_action(ActionFault::failed().state("Nowhere"));
    let task = desk.begin(transfer(&[("/a.txt", "/b.txt")], json!({})));
    let snapshot = emulator.snapshot().expect("a snapshot");

    let other = Desk::new();
    other.write("/a.txt", "a");
    other.world.emulator.restore(&snapshot).expect("a snapshot");
    for (path, name) in [("mishaps", "mishaps"), ("actions", "actions")] {
        let rows = control(&other.world, "GET", path, &Value::Null).expect(200);
        assert_eq!(rows[name].as_array().map(Vec::len), Some(1), "{rows}");
    }
    let desk = Desk {
        token: desk.token.clone(),
        ..other
    };
    let limited = (0..40).any(|_| desk.get("/task_list").status == 429);
    assert!(limited, "the limit is kept");
    desk.world.emulator.limit_transfer(None);
    assert_eq!(desk.get(&format!("/task/{task}")).expect(200)["nice_status"], "Queued");
    desk.world.emulator.hold_tasks(false);
    let ended = desk.wait(&task);
    assert_eq!(ended["fatal_error"]["code"], "QUOTA_EXCEEDED", "{ended}");
    // And with the seeded world it is gone.
    desk.world.emulator.reset();
    let rows = control(&desk.world, "GET", "actions", &Value::Null).expect(200);
    assert_eq!(rows["actions"], json!([]));
}

/// How many files are in the snapshot of a task that is at work, of which some are transferred and some are not.
fn half_done(desk: &Desk, task: &str, most: u64) -> Option<(String, u64)> {
    loop {
        let snapshot = desk.world.emulator.snapshot().expect("a snapshot");
        let document: Value = serde_json::from_str(&snapshot).expect("JSON");
        let row = &document["tables"]["transfer/tasks"][task];
        if row["stage"] != "Running" && row["stage"] != "Queued" {
            return None;
        }
        let done = row["counts"]["files_transferred"].as_u64().expect("a count");
        if 0 < done && done < most {
            return Some((snapshot, done));
        }
    }
}

#[test]
fn a_task_goes_on_elsewhere_where_it_was() {
    let home = tempfile::tempdir().expect("a folder");
    let at = || Emulator::builder().collection(seed::CLIENT_COLLECTION, home.path());
    let from = home.path().join("from");
    let mut files = 500;
    loop {
        fs::create_dir_all(&from).expect("a folder");
        for number in 0..files {
            fs::write(from.join(format!("{number:06}")), "12345").expect("a file");
        }
        let desk = Desk::on(at());
        let document = transfer(&[], json!({}));
        let mut document = document;
        document["DATA"] = json!([{
            "DATA_TYPE": "transfer_item", "source_path": "/from/", "destination_path": "/to/", "recursive": true,
        }]);
        let task = desk.begin(document);
        let Some((snapshot, done)) = half_done(&desk, &task, files) else {
            files *= 4;
            fs::remove_dir_all(home.path().join("to")).expect("the copies");
            continue;
        };
        let token = desk.token.clone();
        drop(desk);
        // What was transferred is not looked at again.
        for number in 0..done {
            fs::remove_file(from.join(format!("{number:06}"))).expect("a file");
        }
        let other = Desk::on(at());
        other.world.emulator.restore(&snapshot).expect("a snapshot");
        let desk = Desk { token, ..other };
        let ended = desk.wait(&task);
        assert_eq!(ended["status"], "SUCCEEDED", "{ended}");
        for (name, wanted) in [
            ("files", files),
            ("files_transferred", files),
            ("bytes_transferred", 5 * files),
            ("directories", 1),
            ("subtasks_total", files + 2),
            ("subtasks_succeeded", files + 2),
            ("faults", 0),
        ] {
            assert_eq!(ended[name], wanted, "{name}: {ended}");
        }
        let events = desk.get(&format!("/task/{task}/event_list?limit=100")).expect(200);
        let codes: Vec<&Value> = events["DATA"]
            .as_array()
            .expect("rows")
            .iter()
            .map(|row| &row["code"])
            .collect();
        assert_eq!(codes, ["SUCCEEDED", "PROGRESS", "STARTED"], "{events}");
        assert_eq!(
            fs::read_dir(home.path().join("to")).expect("a folder").count() as u64,
            files
        );
        return;
    }
}

#[test]
fn what_is_no_snapshot_is_refused_and_changes_nothing() {
    let world = World {
        emulator: Emulator::builder()
            .clock(Clock::logical())
            .start_now()
            .expect("an emulator"),
    };
    let token = world.user_token("alice", GROUPS);
    let good = control(&world, "GET", "snapshot", &Value::Null).expect(200);
    let mut version = good.clone();
    version["globus_emulator_snapshot"] = json!(99);
    let mut unknown = good.clone();
    unknown["tables"]["auth/spells"] = json!({"x": {}});
    let mut clock = good.clone();
    clock["tables"]["emulator/clock"][""]["start"] = Value::Null;
    let mut field = good.clone();
    field["tables"]["groups/groups"][seed::GROUP_RESEARCH]["policies"]["join_requests"] = json!("x");
    for (document, wanted) in [
        (json!({"tables": {}}), "no number \"globus_emulator_snapshot\""),
        (
            version,
            "the snapshot has version 99, and this emulator reads version 2",
        ),
        (unknown, "there are rows of auth/spells"),
        (clock, "written with a real clock"),
        (
            field,
            "of groups/groups is not readable: at `policies.join_requests`: invalid type",
        ),
    ] {
        let answer = control(&world, "POST", "restore", &document).expect(400);
        assert!(text(&answer["error"]).contains(wanted), "{answer}");
        world.get(&token, "/v2/groups/my_groups").expect(200);
    }
    assert!(world.emulator.restore("{").is_err());
}

#[test]
fn a_state_file_outlives_its_emulator() {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("globus.db");
    let desk = Desk::on(on(&file));
    assert!(
        desk.folder.starts_with(home.path().join("globus.db.files")),
        "{}",
        desk.folder.display()
    );
    let used = Used::new(&desk);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        for entry in fs::read_dir(home.path()).expect("a folder") {
            let entry = entry.expect("an entry");
            if entry.file_type().expect("a type").is_file() {
                let mode = entry.metadata().expect("facts").permissions().mode();
                assert_eq!(mode & 0o777, 0o600, "{}", entry.path().display());
            }
        }
    }
    let refused = on(&file).start_now().expect_err("it is in use").to_string();
    assert!(refused.contains("another emulator uses it"), "{refused}");
    drop(desk);
    let desk = Desk::on(on(&file));
    used.check(&desk);
    assert_eq!(desk.read("/b.txt").as_deref(), Some("a"));
    // And back to the beginning.
    desk.world.emulator.reset();
    desk.world
        .get(&used.token, "/v2/groups/my_groups")
        .refused(401, "INVALID_TOKEN");
    let folder = desk.world.emulator.folder(seed::CLIENT_COLLECTION).expect("a folder");
    assert!(!folder.join("b.txt").exists());
    drop(desk);
    let desk = Desk::on(on(&file));
    desk.world
        .get(&used.token, "/v2/groups/my_groups")
        .refused(401, "INVALID_TOKEN");
}

#[test]
fn nothing_is_written_down_when_something_is_read() {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("state");
    let desk = Desk::on(on(&file));
    let used = Used::new(&desk);
    let log = home.path().join("state-wal");
    // The thread that looks after changes nobody asked for has done so.
    control(&desk.world, "POST", "clock", &json!({"advance": 0})).expect(200);
    let size = fs::metadata(&log).expect("a log").len();
    for _ in 0..50 {
        desk.world.get(&used.token, "/v2/groups/my_groups").expect(200);
        desk.get("/task_list").expect(200);
    }
    assert_eq!(fs::metadata(&log).expect("a log").len(), size);
    desk.world
        .call(&used.token, "POST", "/v2/groups", Some(json!({"name": "x"})))
        .expect(201);
    assert!(fs::metadata(&log).expect("a log").len() > size);
}

#[test]
fn what_is_no_state_file_is_left_alone() {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("state");
    drop(on(&file).start_now().expect("an emulator"));
    let database = Connection::open(&file).expect("a database");
    database.pragma_update(None, "user_version", 7).expect("a version");
    drop(database);
    let refused = on(&file).start_now().expect_err("another version").to_string();
    assert!(
        refused.contains("has version 7, and this emulator reads version 2"),
        "{refused}"
    );
    let real = Emulator::builder().state(home.path().join("real"));
    drop(real.start_now().expect("an emulator"));
    let refused = on(&home.path().join("real")).start_now().expect_err("another clock");
    assert!(refused.to_string().contains("written with a real clock"), "{refused}");

    let other = home.path().join("other");
    let database = Connection::open(&other).expect("a database");
    database.execute_batch("CREATE TABLE mine (x)").expect("a table");
    drop(database);
    let refused = on(&other).start_now().expect_err("somebody's").to_string();
    assert!(refused.contains("a database of something else"), "{refused}");
    fs::write(home.path().join("text"), "x".repeat(5_000)).expect("a file");
    let refused = on(&home.path().join("text"))
        .start_now()
        .expect_err("a text")
        .to_string();
    assert!(refused.contains("it is something else"), "{refused}");
    // What is not ours is as it was.
    for (name, mode) in [("other", 0o644), ("text", 0o640)] {
        let file = home.path().join(name);
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).expect("a mode");
        let before = fs::read(&file).expect("a file");
        on(&file).start_now().expect_err("somebody's");
        let found = fs::metadata(&file).expect("a file").permissions().mode();
        assert_eq!(found & 0o777, mode, "{name}");
        assert_eq!(fs::read(&file).expect("a file"), before, "{name}");
        assert!(!home.path().join(format!("{name}-wal")).exists(), "{name}");
    }
    for device in ["/dev/null", "/dev/full"] {
        let before = fs::metadata(device).expect("a device").permissions().mode();
        let refused = on(Path::new(device)).start_now().expect_err("a device").to_string();
        assert!(refused.contains("it is a device or a pipe"), "{refused}");
        assert_eq!(fs::metadata(device).expect("a device").permissions().mode(), before);
    }
    let refused = on(&home.path().join("no/where")).start_now().expect_err("no folder");
    assert!(refused.to_string().contains("no/where"), "{refused}");
}
