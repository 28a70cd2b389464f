//! docs/src/faults.md does what it says: its commands are run as they stand there, and each of the twenty has a test.

use globus_emulator::{Clock, seed};
use serde_json::{Value, json};

use crate::http::{Answer, World, send};
use crate::transfer_desk::{Desk, transfer};

const PAGE: &str = include_str!("../../../../docs/src/faults.md");

/// The commands of a page, without the prompt.
fn commands() -> Vec<&'static str> {
    let lines = PAGE.lines().filter_map(|line| line.strip_prefix("$ "));
    lines
        .map(|line| line.split(" #").next().unwrap_or(line).trim())
        .collect()
}

/// The words of a command as a shell reads them: quotes of both kinds, and `$NAME`.
fn words(line: &str, variables: &[(&str, &str)]) -> Vec<String> {
    let mut words = vec![String::new()];
    let (mut quote, mut rest) = (None, line);
    while let Some(next) = rest.chars().next() {
        let word = words.last_mut().expect("a word");
        rest = &rest[next.len_utf8()..];
        match (next, quote) {
            ('\'' | '"', None) => quote = Some(next),
            (_, Some(open)) if next == open => quote = None,
            ('$', None | Some('"')) => {
                let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
                let (name, after) = rest.split_at(end);
                let value = variables.iter().find(|(known, _)| *known == name);
                word.push_str(value.unwrap_or_else(|| panic!("${name} in {line}")).1);
                rest = after;
            }
            (' ', None) => words.push(String::new()),
            _ => word.push(next),
        }
    }
    assert!(quote.is_none(), "{line}");
    words
}

/// What `curl` would do.
fn curl(world: &World, line: &str, task: &str) -> Answer {
    let control = format!("{}_emulator", world.emulator.url());
    let words = words(line, &[("E", &control), ("TASK", task)]);
    let mut words = words.iter().map(String::as_str);
    assert_eq!(words.next(), Some("curl"), "{line}");
    let (mut method, mut address, mut body) = (None, None, None);
    while let Some(word) = words.next() {
        match word {
            "-X" => method = words.next(),
            "-d" => body = words.next(),
            _ => address = Some(word),
        }
    }
    let path = address.and_then(|address| address.strip_prefix(world.emulator.url()));
    let path = format!("/{}", path.unwrap_or_else(|| panic!("{line}")));
    let method = method.unwrap_or(if body.is_some() { "POST" } else { "GET" });
    send(
        world.emulator.url(),
        method,
        &path,
        &[],
        body.unwrap_or_default().as_bytes(),
    )
    .expect("an answer")
}

#[test]
fn every_command_of_the_page_works() {
    let desk = Desk::new();
    desk.world.emulator.hold_tasks(true);
    let task = desk.begin(transfer(&[("/notes.txt", "/copy.txt")], json!({})));
    let commands = commands();
    assert!(commands.len() > 40, "{}", commands.len());
    for line in commands {
        let answer = curl(&desk.world, line, &task);
        assert_eq!(answer.status, 200, "{line}: {}", String::from_utf8_lossy(&answer.body));
    }
    let count = |path: &str| {
        let list = curl(&desk.world, &format!("curl $E/{path}"), "").expect(200);
        list[path].as_array().map(Vec::len).expect("a list")
    };
    assert!((count("faults"), count("mishaps"), count("actions")) > (20, 2, 2));
}

/// Every number of the page is that of a test here or in `faults.rs`.
#[test]
fn each_of_the_twenty_has_a_test() {
    let tests = [include_str!("faults.rs"), include_str!("faults_page.rs")].concat();
    for number in 1..=20 {
        assert!(PAGE.contains(&format!("**{number}. ")), "{number} is not on the page");
        assert!(tests.contains(&format!("\nfn f{number:02}_")), "{number} has no test");
    }
}

fn control(desk: &Desk, method: &str, path: &str, body: &Value) -> Answer {
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    desk.world
        .send(method, &format!("/_emulator/{path}"), &[], body.as_bytes())
}

#[test]
fn f12_a_task_is_in_trouble() {
    let desk = Desk::at(Clock::logical());
    let order = || transfer(&[("/notes.txt", "/copy.txt")], json!({}));
    let seen = |id: &str, wanted: &[(&str, Value)]| {
        let task = desk.get(&format!("/task/{id}")).expect(200);
        for (name, value) in wanted {
            assert_eq!(&task[*name], value, "{name} of {task}");
        }
    };
    // It does not begin.
    control(&desk, "POST", "tasks", &json!({"hold": true})).expect(200);
    let id = desk.begin(order());
    desk.world.emulator.advance(std::time::Duration::from_secs(3_600));
    seen(
        &id,
        &[
            ("status", json!("ACTIVE")),
            ("files_transferred", json!(0)),
            ("nice_status", json!("Queued")),
        ],
    );
    // It waits for its owner, is woken, and fails.
    let stuck = json!({"id": id, "status": "INACTIVE", "code": "AUTH", "details": "consent was taken back"});
    control(&desk, "POST", "tasks", &stuck).expect(200);
    seen(
        &id,
        &[
            ("status", json!("INACTIVE")),
            ("nice_status", json!("AUTH")),
            ("is_ok", json!(false)),
        ],
    );
    control(&desk, "POST", "tasks", &json!({"id": id, "status": "ACTIVE"})).expect(200);
    seen(&id, &[("status", json!("ACTIVE"))]);
    let failed = json!({"id": id, "status": "FAILED", "code": "ENDPOINT_ERROR", "details": "the disk is broken"});
    control(&desk, "POST", "tasks", &failed).expect(200);
    let fatal = json!({"code": "ENDPOINT_ERROR", "description": "the disk is broken"});
    seen(
        &id,
        &[
            ("status", json!("FAILED")),
            ("fatal_error", fatal),
            ("is_ok", Value::Null),
        ],
    );
    control(&desk, "POST", "tasks", &failed).expect(400);
    // Its computer is away, and comes back.
    let id = desk.begin(order());
    let switch = |connected: bool| json!({"id": seed::CLIENT_COLLECTION, "connected": connected});
    control(&desk, "POST", "collections", &switch(false)).expect(200);
    control(&desk, "POST", "tasks", &json!({"hold": false})).expect(200);
    desk.until(&id, |task| task["nice_status"] == "GC_NOT_CONNECTED");
    control(&desk, "POST", "collections", &switch(true)).expect(200);
    desk.world.emulator.advance(std::time::Duration::from_secs(30));
    assert_eq!(desk.wait(&id)["status"], "SUCCEEDED");
}

#[test]
fn f13_a_collection_is_in_trouble() {
    let desk = Desk::at(Clock::logical());
    let collections = control(&desk, "GET", "collections", &Value::Null).expect(200);
    let rows = collections["collections"].as_array().expect("rows");
    let row = rows
        .iter()
        .find(|row| row["id"] == seed::CLIENT_COLLECTION)
        .expect("the collection");
    assert_eq!(
        row["folder"].as_str().map(std::path::PathBuf::from),
        Some(desk.folder.clone())
    );
    // A file that has vanished by the time it is copied.
    desk.world.emulator.hold_tasks(true);
    let file = desk.write("/data/gone.txt", "x");
    let id = desk.begin(transfer(&[("/data/gone.txt", "/copy.txt")], json!({})));
    std::fs::remove_file(file).expect("it was there");
    desk.world.emulator.hold_tasks(false);
    assert_eq!(desk.wait(&id)["fatal_error"]["code"], "FILE_NOT_FOUND");
    // Mishaps: so many times, again and again until they are cleared, and after the copy.
    desk.write("/data/a.txt", "a");
    for (mishap, code) in [
        (
            json!({"code": "PERMISSION_DENIED", "path": "/data/*.txt", "times": 3}),
            "PERMISSION_DENIED",
        ),
        (json!({"code": "QUOTA_EXCEEDED", "times": null}), "QUOTA_EXCEEDED"),
        (json!({"code": "VERIFY_CHECKSUM"}), "VERIFY_CHECKSUM"),
    ] {
        control(&desk, "POST", "mishaps", &mishap).expect(200);
        let id = desk.begin(transfer(&[("/data/a.txt", "/copy.txt")], json!({})));
        let times = mishap.get("times").map_or(1, |times| times.as_u64().unwrap_or(5));
        for faults in 1..=times {
            let task = desk.until(&id, |task| task["faults"] == faults);
            assert_eq!(
                (&task["status"], &task["nice_status"]),
                (&json!("ACTIVE"), &json!(code)),
                "{task}"
            );
            if faults == 5 {
                control(&desk, "DELETE", "mishaps", &Value::Null).expect(200);
            }
            desk.world.emulator.advance(std::time::Duration::from_secs(30));
        }
        let task = desk.wait(&id);
        assert_eq!(
            (&task["status"], &task["faults"]),
            (&json!("SUCCEEDED"), &json!(times)),
            "{task}"
        );
    }
}

/// What is still a 501 is one, until a fault stands in for it.
fn stands_in(path: &str, method: &str) {
    let world = World::new();
    assert_eq!(world.send(method, path, &[], b"{}").status, 501);
    let line = PAGE
        .lines()
        .find(|line| line.starts_with("$ ") && line.contains(&format!("\"path\": \"{path}\"")));
    let line = line
        .and_then(|line| line.strip_prefix("$ "))
        .unwrap_or_else(|| panic!("{path} is not on the page"));
    curl(&world, line, "").expect(200);
    for _ in 0..3 {
        let answer = world.send(method, path, &[], b"{}");
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (200, Some("application/json"))
        );
        assert!(answer.json().is_object());
    }
}

#[test]
fn f18_timers_are_a_501_that_a_fault_stands_in_for() {
    stands_in("/jobs/1", "GET");
}

#[test]
fn f19_search_is_a_501_that_a_fault_stands_in_for() {
    stands_in("/v1/task/1", "GET");
}
