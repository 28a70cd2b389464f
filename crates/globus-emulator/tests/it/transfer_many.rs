//! Much and many.

use std::fs;
use std::time::{Duration, Instant};

use globus_emulator::{Emulator, seed};
use serde_json::json;

use crate::http::TRANSFER;
use crate::transfer_desk::{Desk, delete, item, transfer, with_items};

#[test]
fn ten_thousand_files_in_one_task() {
    // In memory where that is to be had: it is not the disk that is tested.
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
    let folder = folder.expect("a folder");
    let desk = Desk::on(Emulator::builder().collection(seed::CLIENT_COLLECTION, folder.path()));
    for folder in 0..100 {
        let path = desk.path(&format!("/from/{folder}"));
        fs::create_dir_all(&path).expect("a folder");
        for file in 0..100 {
            fs::write(path.join(format!("{file}.txt")), format!("{folder}/{file}")).expect("a file");
        }
    }
    let document = with_items(
        vec![item("/from/", "/to/", json!({"recursive": true}))],
        json!({"verify_checksum": true}),
    );
    let task = desk.run(document);
    assert_eq!(
        (&task["files_transferred"], &task["directories"]),
        (&json!(10_000), &json!(101))
    );
    for folder in 0..100 {
        for file in 0..100 {
            let text = desk.read(&format!("/to/{folder}/{file}.txt"));
            assert_eq!(text, Some(format!("{folder}/{file}")));
        }
    }
    let id = task["task_id"].as_str().expect("an id");
    let (mut marker, mut rows, mut pages) = (json!(0), 0, 0);
    while !marker.is_null() {
        let page = desk
            .get(&format!("/task/{id}/successful_transfers?marker={marker}"))
            .expect(200);
        rows += page["DATA"].as_array().expect("rows").len();
        pages += 1;
        marker = page["next_marker"].clone();
    }
    assert_eq!((rows, pages), (10_000, 10));
    let task = desk.run(delete(&["/from"], json!({"recursive": true})));
    assert_eq!((&task["files"], &task["directories"]), (&json!(10_000), &json!(101)));
    assert!(!desk.path("/from").exists());
}

/// A hundred tasks of one user may wait, so these are of two. Meanwhile everything else is answered at once.
#[test]
fn two_hundred_tasks_in_the_queue() {
    let desk = Desk::new();
    desk.world.emulator.hold_tasks(true);
    let alice = desk.world.user_token(seed::ALICE, TRANSFER);
    let folder = desk.world.emulator.folder(seed::ALICE_COLLECTION).expect("a folder");
    fs::write(folder.join("file"), "Alice's").expect("a file");
    let theirs = |at: usize| {
        let ends = json!({"source_endpoint": seed::ALICE_COLLECTION, "destination_endpoint": seed::ALICE_COLLECTION});
        let to = format!("/copies/{at}");
        desk.world.call(
            &alice,
            "POST",
            "/v0.10/transfer",
            Some(transfer(&[("/file", &to)], ends)),
        )
    };
    let own = |at: usize| desk.submit(transfer(&[("/notes.txt", &format!("/copies/{at}"))], json!({})));
    for at in 0..100 {
        own(at).expect(202);
        theirs(at).expect(202);
    }
    own(100).refused(409, "Conflict");
    theirs(100).refused(409, "Conflict");
    desk.world.emulator.hold_tasks(false);
    let began = Instant::now();
    for token in [&desk.token, &alice] {
        loop {
            let path = "/v0.10/task_list?filter=status:ACTIVE&limit=1000";
            if desk.world.get(token, path).expect(200)["total"] == 0 {
                break;
            }
            assert!(began.elapsed() < Duration::from_secs(60), "the queue does not empty");
        }
        let list = desk
            .world
            .get(token, "/v0.10/task_list?filter=status:SUCCEEDED&limit=1000")
            .expect(200);
        assert_eq!(list["total"], 100);
    }
    for at in 0..100 {
        assert_eq!(desk.read(&format!("/copies/{at}")), desk.read("/notes.txt"));
        let text = fs::read_to_string(folder.join(format!("copies/{at}"))).expect("a file");
        assert_eq!(text, "Alice's");
    }
    own(100).expect(202);
}

#[test]
fn at_most_three_transfers_of_a_user_run_at_once() {
    let desk = Desk::new();
    let file = fs::File::create(desk.path("/huge")).expect("a file");
    file.set_len(64 << 30).expect("a sparse file");
    let ids: Vec<String> = (0..5)
        .map(|at| desk.begin(transfer(&[("/huge", &format!("/copy/{at}"))], json!({}))))
        .collect();
    for id in &ids[..3] {
        let task = desk.until(id, |task| task["bytes_transferred"] != 0);
        assert_eq!(task["nice_status"], "OK");
    }
    let queued = || {
        ids[3..].iter().all(|id| {
            let task = desk.get(&format!("/task/{id}")).expect(200);
            task["nice_status"] == "Queued" && task["bytes_transferred"] == 0
        })
    };
    assert!(queued());
    // Deletes have places of their own, and other requests wait for nobody.
    desk.run(delete(&["/nothing"], json!({"ignore_missing": true})));
    desk.operate("ls?path=/", None).expect(200);
    assert!(queued());
    for id in ids.iter().take(2) {
        desk.call("POST", &format!("/task/{id}/cancel"), None).expect(200);
    }
    for id in &ids[3..] {
        desk.until(id, |task| task["bytes_transferred"] != 0);
    }
}

/// What the process holds in memory, in kilobytes.
fn resident() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[test]
#[ignore = "writes a gigabyte; cargo test --release -p globus-emulator --test it -- --ignored gigabyte"]
fn a_gigabyte_in_one_task() {
    use std::io::{Read as _, Seek as _, SeekFrom, Write as _};

    const SIZE: u64 = 1 << 30;
    let desk = Desk::new();
    let mut file = fs::File::create(desk.path("/large")).expect("a file");
    file.set_len(SIZE).expect("a sparse file");
    for at in [0, 12_345_678, SIZE / 2 + 1, SIZE - 3] {
        file.seek(SeekFrom::Start(at)).expect("a place");
        file.write_all(b"xyz").expect("bytes");
    }
    let before = resident();
    let task = desk.run(transfer(&[("/large", "/copy")], json!({"verify_checksum": true})));
    assert_eq!(task["bytes_transferred"], SIZE);
    if let (Some(before), Some(after)) = (before, resident()) {
        assert!(
            after.saturating_sub(before) < 64 * 1024,
            "{before} kB before, {after} kB after"
        );
    }
    let open = |path: &str| fs::File::open(desk.path(path)).expect("a file");
    let (mut one, mut other) = (open("/large"), open("/copy"));
    let (mut ours, mut theirs) = (vec![0; 1 << 20], vec![0; 1 << 20]);
    for _ in 0..SIZE >> 20 {
        one.read_exact(&mut ours).expect("bytes");
        other.read_exact(&mut theirs).expect("bytes");
        assert!(ours == theirs);
    }
    assert_eq!(
        one.read(&mut ours).expect("the end") + other.read(&mut theirs).expect("the end"),
        0
    );
}
