//! What transfers do to files.

use std::fs;
use std::time::{Duration, SystemTime};

use globus_emulator::{Clock, seed};
use serde_json::{Value, json};

use crate::http::TRANSFER;
use crate::transfer_desk::{Desk, item, merged, transfer, tree, with_items};

const ABC_MD5: &str = "900150983cd24fb0d6963f7d28e17f72";

fn with_folder() -> Desk {
    let desk = Desk::new();
    for path in [
        "a.txt",
        "b.log",
        "sub/c.txt",
        "sub/deeper/d.txt",
        "tmp/e.txt",
        ".hidden",
    ] {
        desk.write(&format!("/from/{path}"), path);
    }
    fs::create_dir_all(desk.path("/from/empty")).expect("a folder");
    desk
}

fn copied(desk: &Desk, more: Value) -> (Value, Vec<String>) {
    let task = desk.run(with_items(
        vec![item("/from/", "/to/", json!({"recursive": true}))],
        more,
    ));
    let paths = tree(&desk.path("/to")).into_iter().map(|(path, _)| path).collect();
    (task, paths)
}

#[test]
fn files_and_folders_arrive_as_they_are() {
    let desk = with_folder();
    let (task, _) = copied(&desk, json!({"label": "hi", "verify_checksum": true}));
    assert_eq!(tree(&desk.path("/to")), tree(&desk.path("/from")));
    for (key, wanted) in [
        ("files", 6),
        ("directories", 5),
        ("files_transferred", 6),
        ("files_skipped", 0),
        ("bytes_transferred", 51),
        ("subtasks_total", 12),
        ("subtasks_succeeded", 12),
        ("subtasks_pending", 0),
        ("faults", 0),
    ] {
        assert_eq!(task[key], wanted, "{key}");
    }
    // To another name, into folders that are not there, and again over what is there.
    for text in ["longer than before", "short"] {
        desk.write("/one.txt", text);
        desk.run(transfer(&[("/one.txt", "/new/folders/two.txt")], json!({})));
        assert_eq!(desk.read("/new/folders/two.txt").as_deref(), Some(text));
    }
    let big: Vec<u8> = (0..5_000_011_u32).map(|at| (at % 251) as u8).collect();
    desk.write("/big", &big);
    let task = desk.run(transfer(&[("/big", "/~/copy")], json!({"verify_checksum": true})));
    assert_eq!(task["bytes_transferred"], big.len());
    let home = format!("/home/{}/copy", seed::CLIENT_ID);
    assert!(fs::read(desk.path(&home)).expect("a file") == big, "bytes differ");
}

#[test]
fn from_one_collection_to_another() {
    let desk = Desk::new();
    let data = |id| format!("*https://auth.globus.org/scopes/{id}/data_access");
    let (one, two) = (seed::TUTORIAL_COLLECTION_1, seed::TUTORIAL_COLLECTION_2);
    desk.world
        .client_token(&format!("{TRANSFER}[{} {}]", data(one), data(two)));
    let ends = json!({"source_endpoint": one, "destination_endpoint": two, "verify_checksum": true});
    let items = [
        ("/share/godata/file1.txt", "/~/x.txt"),
        ("/home/share/godata/", "/~/all/"),
    ];
    let task = desk.run(transfer(&items, ends));
    let folder = desk.world.emulator.folder(two).expect("a folder");
    let home = folder.join("home").join(seed::CLIENT_ID);
    assert_eq!(fs::read_to_string(home.join("x.txt")).expect("a file"), "one\n");
    assert_eq!(tree(&home.join("all")).len(), 3);
    assert_eq!(task["bytes_transferred"], 18);
    assert_eq!(task["source_endpoint_display_name"], "Globus Tutorial Collection 1");
    assert_eq!(task["destination_endpoint_id"], two);
    let id = task["task_id"].as_str().expect("an id");
    let rows = desk.get(&format!("/task/{id}/successful_transfers")).expect(200);
    let row = &rows["DATA"][0];
    assert_eq!(
        (&row["source_path"], &row["destination_path"], &row["size"]),
        (&json!("/share/godata/file1.txt"), &json!("/~/x.txt"), &json!(4))
    );
    assert_eq!(row["checksum_algorithm"], "MD5");
    assert_eq!(row["checksum"], "5bbf5a52328e7439ae6e719dfe712200");
    assert_eq!((&rows["marker"], &rows["next_marker"]), (&json!(0), &Value::Null));
    // A guest collection is a folder of its host.
    let ends = json!({"source_endpoint": seed::CLIENT_GUEST_COLLECTION});
    desk.run(transfer(&[("/summary.txt", "/got.txt")], ends));
    assert_eq!(desk.read("/got.txt"), desk.read("/results/summary.txt"));
}

#[test]
fn rules_leave_out_what_they_exclude() {
    let desk = with_folder();
    let rule = |method: &str, name: &str, kind: Value| json!({"DATA_TYPE": "filter_rule", "method": method, "name": name, "type": kind});
    let rules = json!([
        rule("include", "d.txt", Value::Null),
        rule("exclude", "*.txt", json!("file")),
        rule("exclude", "t?p", json!("dir")),
        rule("exclude", "[e]mpty", Value::Null),
    ]);
    let (task, paths) = copied(&desk, json!({"filter_rules": rules}));
    assert_eq!(paths, [".hidden", "b.log", "sub/", "sub/deeper/", "sub/deeper/d.txt"]);
    assert_eq!(task["filter_rules"], rules);
}

#[test]
fn sync_levels_decide_what_is_left() {
    let time = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    let set = |path: &std::path::Path, seconds| {
        let file = fs::File::options().write(true).open(path).expect("a file");
        file.set_modified(time(seconds)).expect("a time");
    };
    // Source, destination if there is one, and which levels transfer: exists, size, modified, checksum.
    let cases = [
        (("abc", 2_000), None, [true; 4]),
        (("abc", 2_000), Some(("abc", 2_000)), [false; 4]),
        (("abc", 2_000), Some(("ab", 2_000)), [false, true, false, true]),
        (("abc", 2_000), Some(("abd", 1_000)), [false, false, true, true]),
        (("abc", 2_000), Some(("abd", 3_000)), [false, false, false, true]),
        (("abc", 2_000), Some(("abc", 1_000)), [false, false, true, false]),
    ];
    let desk = Desk::new();
    for (source, there, transfers) in cases {
        for (level, wanted) in transfers.into_iter().enumerate() {
            set(&desk.write("/source", source.0), source.1);
            let _ = fs::remove_file(desk.path("/target"));
            if let Some((text, seconds)) = there {
                set(&desk.write("/target", text), seconds);
            }
            let task = desk.run(transfer(&[("/source", "/target")], json!({"sync_level": level})));
            let case = format!("{source:?} {there:?} {level}");
            assert_eq!(task["files_transferred"] == 1, wanted, "{case}");
            assert_eq!(task["files_skipped"] == 1, !wanted, "{case}");
            assert_eq!(task["sync_level"], level);
            let text = if wanted {
                source.0
            } else {
                there.map_or("", |(text, _)| text)
            };
            assert_eq!(desk.read("/target").as_deref(), Some(text), "{case}");
            let compared = level == 3 && there.is_some_and(|(text, _)| text.len() == 3);
            assert_eq!(task["bytes_checksummed"], if compared { 3 } else { 0 }, "{case}");
        }
    }
}

/// Files are written over without being emptied before.
#[test]
fn nothing_is_left_of_a_file_that_is_written_over() {
    const MIB: usize = 1 << 20;
    let desk = Desk::new();
    let (new, empty) = (vec![b'n'; MIB], vec![0; MIB]);
    for parts in [
        vec![],
        vec![&new],
        vec![&new, &empty],
        vec![&empty, &new],
        vec![&new, &empty, &new],
    ] {
        let source: Vec<u8> = parts.into_iter().flatten().copied().collect();
        desk.write("/source", &source);
        for former in [0, 100, MIB + 100, 5 * MIB] {
            let target = desk.write("/target", vec![b'o'; former]);
            desk.run(transfer(&[("/source", "/target")], json!({"verify_checksum": true})));
            assert!(
                fs::read(target).expect("a file") == source,
                "{} over {former}",
                source.len()
            );
        }
    }
}

/// A copy that is broken off leaves nothing of the former file, and is never taken for a whole one.
#[test]
fn a_copy_that_is_broken_off_is_done_again() {
    const SIZE: usize = 64 << 20;
    let desk = Desk::at(Clock::logical());
    let target = desk.write("/target", vec![b'o'; SIZE + 100]);
    let file = fs::File::options().write(true).open(&target).expect("a file");
    file.set_modified(SystemTime::UNIX_EPOCH).expect("a time");
    desk.write("/source", vec![b'n'; SIZE]);
    let id = desk.begin(transfer(&[("/source", "/target")], json!({"sync_level": 2})));
    desk.until(&id, |task| task["bytes_transferred"] != 0);
    assert!(desk.world.emulator.connect(seed::CLIENT_COLLECTION, false));
    // It may have been done just before.
    desk.until(&id, |task| task["faults"] == 1 || task["status"] != "ACTIVE");
    assert!(!fs::read(&target).expect("a file").contains(&b'o'));
    assert!(desk.world.emulator.connect(seed::CLIENT_COLLECTION, true));
    desk.world.emulator.advance(Duration::from_secs(60));
    let task = desk.wait(&id);
    assert_eq!(
        (&task["status"], &task["files_skipped"]),
        (&json!("SUCCEEDED"), &json!(0))
    );
    assert!(fs::read(&target).expect("a file") == vec![b'n'; SIZE]);
}

#[test]
fn checksums_and_times() {
    let desk = Desk::new();
    let source = desk.write("/abc", "abc");
    let past = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let file = fs::File::options().write(true).open(source).expect("a file");
    file.set_modified(past).expect("a time");
    let with = |more: Value, options: Value| with_items(vec![item("/abc", "/copy", more)], options);
    desk.run(with(json!({}), json!({"preserve_timestamp": true})));
    let modified = || {
        fs::metadata(desk.path("/copy"))
            .and_then(|found| found.modified())
            .expect("a time")
    };
    assert_eq!(modified(), past);
    desk.run(with(json!({}), json!({})));
    assert!(modified() > past);
    for (sum, algorithm) in [
        (ABC_MD5, Value::Null),
        (&ABC_MD5.to_uppercase(), json!("MD5")),
        ("a9993e364706816aba3e25717850c26c9cd0d89d", json!("SHA1")),
        (
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            json!("sha256"),
        ),
    ] {
        desk.run(with(
            json!({"external_checksum": sum, "checksum_algorithm": algorithm}),
            json!({}),
        ));
    }
    let wrong = json!({"external_checksum": "00"});
    assert_eq!(desk.fail(with(wrong, json!({}))), "VERIFY_CHECKSUM");
}

#[test]
fn what_the_source_has_not_is_deleted_if_asked() {
    let desk = with_folder();
    for path in ["old.txt", "sub/old/x", "a.txt/now-a-folder", "keep/x"] {
        desk.write(&format!("/to/{path}"), "old");
    }
    desk.write("/to/tmp", "now a file");
    let ends = json!({"delete_destination_extra": true});
    copied(&desk, ends.clone());
    assert_eq!(tree(&desk.path("/to")), tree(&desk.path("/from")));
    assert!(desk.path("/notes.txt").exists());
    // Not where something was skipped.
    desk.write("/to/extra", "x");
    let items = [("/from/", "/to/"), ("/nothing/", "/other/")];
    let more = merged(ends, json!({"skip_source_errors": true}));
    let task = desk.run(transfer(&items, more));
    assert!(desk.path("/to/extra").exists());
    let id = task["task_id"].as_str().expect("an id");
    let events = desk.get(&format!("/task/{id}/event_list?limit=100")).expect(200);
    let codes: Vec<_> = events["DATA"]
        .as_array()
        .expect("rows")
        .iter()
        .filter_map(|row| row["code"].as_str())
        .collect();
    assert_eq!(
        codes,
        [
            "SUCCEEDED",
            "PROGRESS",
            "SKIPPED_ERRORS",
            "DELETE_DESTINATION_EXTRA_SKIPPED",
            "STARTED"
        ]
    );
}

#[test]
fn what_is_missing_fails_or_is_skipped() {
    let desk = Desk::new();
    desk.write("/good", "x");
    let items = [
        ("/good", "/to/good"),
        ("/missing", "/to/missing"),
        ("/gone/", "/to/gone/"),
    ];
    let task = desk.wait(&desk.begin(transfer(&items, json!({}))));
    assert_eq!(
        (&task["status"], &task["fatal_error"]["code"]),
        (&json!("FAILED"), &json!("FILE_NOT_FOUND"))
    );
    assert!(
        task["fatal_error"]["description"]
            .as_str()
            .is_some_and(|text| text.contains("/missing"))
    );
    assert_eq!((&task["is_ok"], &task["nice_status"]), (&Value::Null, &Value::Null));
    assert!(task["completion_time"].is_string());
    let task = desk.run(transfer(&items, json!({"skip_source_errors": true})));
    assert_eq!(
        (&task["files_transferred"], &task["subtasks_skipped_errors"]),
        (&json!(1), &json!(2))
    );
    let id = task["task_id"].as_str().expect("an id");
    let rows = desk.get(&format!("/task/{id}/skipped_errors")).expect(200);
    assert_eq!(
        (&rows["DATA_TYPE"], &rows["next_marker"]),
        (&json!("skipped_errors"), &Value::Null)
    );
    let row = &rows["DATA"][0];
    assert_eq!(
        (&row["error_code"], &row["source_path"]),
        (&json!("FILE_NOT_FOUND"), &json!("/missing"))
    );
    assert_eq!(
        (&row["destination_path"], &row["is_directory"]),
        (&json!("/to/missing"), &json!(false))
    );
    assert_eq!(rows["DATA"][1]["is_directory"], true);
    // A folder where a file is said to be, and the other way round; a folder in the way.
    desk.write("/folder/x", "x");
    for (from, to, recursive) in [
        ("/folder", "/a", json!(false)),
        ("/good", "/b", json!(true)),
        ("/good", "/folder", json!(false)),
        ("/good", "/folder/", json!(false)),
        ("/folder/", "/good", json!(true)),
    ] {
        let item = item(from, to, json!({"recursive": recursive}));
        assert_eq!(
            desk.fail(with_items(vec![item], json!({}))),
            "ENDPOINT_ERROR",
            "{from} {to}"
        );
    }
}

#[cfg(unix)]
#[test]
fn links_are_ignored_kept_or_followed() {
    use std::os::unix::fs::symlink;

    let desk = Desk::new();
    desk.write("/from/sub/file", "text");
    for (target, link) in [
        ("sub/file", "to-file"),
        ("sub", "to-folder"),
        ("nowhere", "broken"),
        ("/etc", "out"),
    ] {
        symlink(target, desk.path(&format!("/from/{link}"))).expect("a link");
    }
    let folder = |to: &str, more: Value| with_items(vec![item("/from", to, json!({}))], more);
    let names = |path: &str| -> Vec<String> { tree(&desk.path(path)).into_iter().map(|(name, _)| name).collect() };
    let task = desk.run(folder("/ignored", json!({})));
    assert_eq!(names("/ignored"), ["sub/", "sub/file"]);
    assert_eq!(
        (&task["symlinks"], &task["recursive_symlinks"]),
        (&json!(0), &json!("ignore"))
    );
    let task = desk.run(folder("/kept", json!({"recursive_symlinks": "keep"})));
    assert_eq!(task["symlinks"], 4);
    for link in ["to-file", "to-folder", "broken", "out"] {
        let made = fs::read_link(desk.path(&format!("/kept/{link}"))).expect("a link");
        assert_eq!(
            made,
            fs::read_link(desk.path(&format!("/from/{link}"))).expect("a link")
        );
    }
    let more = json!({"recursive_symlinks": "copy", "skip_source_errors": true});
    let task = desk.run(folder("/followed", more));
    assert_eq!(
        names("/followed"),
        ["sub/", "sub/file", "to-file", "to-folder/", "to-folder/file"]
    );
    assert_eq!(task["subtasks_skipped_errors"], 2);
    // An item that is a link is what it leads to, unless the item says otherwise.
    desk.run(transfer(&[("/from/to-file", "/plain")], json!({})));
    assert!(!desk.path("/plain").is_symlink() && desk.read("/plain").as_deref() == Some("text"));
    let link =
        json!({"DATA_TYPE": "transfer_symlink_item", "source_path": "/from/broken", "destination_path": "/new/link"});
    desk.run(with_items(vec![link], json!({})));
    assert_eq!(
        fs::read_link(desk.path("/new/link")).expect("a link").to_str(),
        Some("nowhere")
    );
    let no_link = json!({"DATA_TYPE": "transfer_symlink_item", "source_path": "/from/sub", "destination_path": "/x"});
    assert_eq!(desk.fail(with_items(vec![no_link], json!({}))), "ENDPOINT_ERROR");
}

#[cfg(unix)]
#[test]
fn nothing_is_copied_onto_or_into_itself() {
    use std::os::unix::fs::symlink;

    let desk = with_folder();
    desk.write("/file", "text");
    symlink("file", desk.path("/same")).expect("a link");
    symlink("from", desk.path("/also")).expect("a link");
    symlink("..", desk.path("/from/sub/up")).expect("a link");
    assert_eq!(desk.fail(transfer(&[("/file", "/same")], json!({}))), "ENDPOINT_ERROR");
    assert_eq!(
        desk.fail(transfer(&[("/from/", "/also/sub/in")], json!({}))),
        "ENDPOINT_ERROR"
    );
    let endless = with_items(
        vec![item("/from", "/endless", json!({}))],
        json!({"recursive_symlinks": "copy"}),
    );
    assert_eq!(desk.fail(endless), "ENDPOINT_ERROR");
    assert_eq!(desk.read("/file").as_deref(), Some("text"));
    // Special files are left alone, and nobody waits for them.
    let pipe = desk.path("/from/pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    if made.is_ok_and(|status| status.success()) {
        desk.run(transfer(&[("/from/", "/rest/")], json!({})));
        assert!(!desk.path("/rest/pipe").exists());
        assert_eq!(
            desk.fail(transfer(&[("/from/pipe", "/rest/pipe")], json!({}))),
            "ENDPOINT_ERROR"
        );
        assert_eq!(desk.operate("stat?path=/from/pipe", None).expect(200)["type"], "pipe");
    }
}
