//! What deletes do to files.

use std::fs;

use serde_json::{Value, json};

use crate::transfer_desk::{Desk, delete, tree};

fn left(desk: &Desk) -> Vec<String> {
    tree(&desk.path("/dir")).into_iter().map(|(path, _)| path).collect()
}

fn with_files() -> Desk {
    let desk = Desk::new();
    for path in [
        "a.txt",
        "b.txt",
        "c*.txt",
        ".hidden.txt",
        "sub/d.txt",
        "sub/deeper/e.txt",
    ] {
        desk.write(&format!("/dir/{path}"), "x");
    }
    desk
}

#[test]
fn files_and_folders_go() {
    let desk = with_files();
    let task = desk.run(delete(
        &["/dir/a.txt", "/dir/sub/"],
        json!({"recursive": true, "label": "away"}),
    ));
    assert_eq!(left(&desk), [".hidden.txt", "b.txt", "c*.txt"]);
    assert_eq!((&task["type"], &task["label"]), (&json!("DELETE"), &json!("away")));
    assert_eq!(
        (&task["subtasks_total"], &task["subtasks_succeeded"]),
        (&json!(2), &json!(2))
    );
    assert_eq!((&task["files"], &task["directories"]), (&json!(3), &json!(2)));
    for key in [
        "destination_endpoint_id",
        "destination_endpoint",
        "destination_endpoint_display_name",
        "sync_level",
    ] {
        assert_eq!(task[key], Value::Null, "{key}");
    }
    assert_eq!(task["source_endpoint_display_name"], "Emulator Program Workspace");
    let id = task["task_id"].as_str().expect("an id");
    desk.get(&format!("/task/{id}/successful_transfers"))
        .refused(400, "ClientError.BadRequest");
}

/// Names are bytes, whatever they stand for.
#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_text_go_with_their_folder() {
    use std::os::unix::ffi::OsStrExt as _;

    let desk = with_files();
    let odd = desk.path("/dir/sub").join(std::ffi::OsStr::from_bytes(b"d\xfe"));
    fs::create_dir(&odd).expect("a folder");
    fs::write(odd.join(std::ffi::OsStr::from_bytes(b"\xff")), "x").expect("a file");
    let task = desk.run(delete(&["/dir/sub"], json!({"recursive": true})));
    assert_eq!((&task["files"], &task["directories"]), (&json!(3), &json!(3)));
    assert!(!desk.path("/dir/sub").exists());
}

#[test]
fn what_cannot_go_fails() {
    let desk = with_files();
    assert_eq!(desk.fail(delete(&["/dir/sub"], json!({}))), "ENDPOINT_ERROR");
    assert_eq!(desk.fail(delete(&["/dir/nothing"], json!({}))), "FILE_NOT_FOUND");
    desk.run(delete(
        &["/dir/nothing", "/no/where", "/dir/a.txt"],
        json!({"ignore_missing": true}),
    ));
    for top in ["/", "/./"] {
        assert_eq!(
            desk.fail(delete(&[top], json!({"recursive": true}))),
            "PERMISSION_DENIED"
        );
    }
    assert_eq!(left(&desk).len(), 7);
}

#[test]
fn patterns_are_patterns_only_when_asked() {
    let desk = with_files();
    desk.run(delete(&["/dir/c*.txt"], json!({})));
    assert_eq!(
        left(&desk),
        [
            ".hidden.txt",
            "a.txt",
            "b.txt",
            "sub/",
            "sub/d.txt",
            "sub/deeper/",
            "sub/deeper/e.txt"
        ]
    );
    desk.run(delete(&["/dir/[!a]*.txt"], json!({"interpret_globs": true})));
    assert!(desk.path("/dir/a.txt").exists() && !desk.path("/dir/b.txt").exists());
    assert_eq!(
        desk.fail(delete(&["/dir/z*"], json!({"interpret_globs": true}))),
        "FILE_NOT_FOUND"
    );
    desk.run(delete(
        &["/dir/z*"],
        json!({"interpret_globs": true, "ignore_missing": true}),
    ));
    desk.write("/dir/a*", "x");
    desk.run(delete(&["/dir/a\\*"], json!({"interpret_globs": true})));
    assert!(desk.path("/dir/a.txt").exists() && !desk.path("/dir/a*").exists());
    desk.run(delete(&["/dir/*"], json!({"interpret_globs": true, "recursive": true})));
    assert_eq!(left(&desk), [".hidden.txt"]);
}

#[cfg(unix)]
#[test]
fn links_in_a_folder_go_alone() {
    let desk = with_files();
    let outside = tempfile::tempdir().expect("a folder");
    fs::write(outside.path().join("kept"), "x").expect("a file");
    std::os::unix::fs::symlink(outside.path(), desk.path("/dir/sub/link")).expect("a link");
    std::os::unix::fs::symlink("../dir", desk.path("/beside")).expect("a link");
    desk.run(delete(&["/dir/sub", "/beside"], json!({"recursive": true})));
    assert!(outside.path().join("kept").exists());
    assert_eq!(left(&desk), [".hidden.txt", "a.txt", "b.txt", "c*.txt"]);
}
