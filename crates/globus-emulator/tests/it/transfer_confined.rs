//! Nothing leads out of a collection's folder.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::sync::atomic::{AtomicBool, Ordering};

use globus_emulator::seed;
use serde_json::{Value, json};

use crate::http::{TRANSFER, url_encode};
use crate::transfer_desk::{Desk, delete, transfer, tree};

/// A desk with links of all kinds, and a folder outside with a secret.
fn with_links() -> (Desk, tempfile::TempDir) {
    let desk = Desk::new();
    let outside = tempfile::tempdir().expect("a folder");
    fs::write(outside.path().join("secret"), "secret").expect("a file");
    desk.write("/dir/file", "inside");
    symlink(outside.path(), desk.path("/out")).expect("a link");
    symlink(outside.path().join("secret"), desk.path("/out-file")).expect("a link");
    symlink("../../../../../../../../etc", desk.path("/dir/up")).expect("a link");
    symlink("nothing", desk.path("/broken")).expect("a link");
    symlink("dir", desk.path("/in")).expect("a link");
    symlink("../dir/file", desk.path("/dir/beside")).expect("a link");
    (desk, outside)
}

#[test]
fn links_are_shown_and_followed_within() {
    let (desk, _outside) = with_links();
    let listing = desk.operate("ls?path=/", None).expect(200);
    let rows = listing["DATA"].as_array().expect("rows");
    let kinds = ["broken", "in", "out", "out-file"].map(|name| {
        let row = rows.iter().find(|row| row["name"] == name).expect("a row");
        assert!(row["link_target"].is_string() && row["link_size"].is_u64(), "{row}");
        row["type"].as_str().expect("a type")
    });
    assert_eq!(kinds, ["invalid_symlink", "dir", "invalid_symlink", "invalid_symlink"]);
    assert_eq!(desk.operate("ls?path=/in/", None).expect(200)["length"], 3);
    assert_eq!(desk.operate("stat?path=/in/beside", None).expect(200)["size"], 6);
    assert_eq!(
        desk.operate("stat?path=/broken", None).expect(200)["type"],
        "invalid_symlink"
    );
}

#[test]
fn operations_do_not_follow_links_out() {
    let (desk, outside) = with_links();
    for path in ["/out", "/out/", "/out/secret", "/dir/up", "/in/up/passwd", "/out-file"] {
        for operation in ["ls", "stat"] {
            desk.operate(&format!("{operation}?path={}", url_encode(path)), None)
                .refused(403, "EndpointPermissionDenied");
        }
    }
    let mkdir = json!({"DATA_TYPE": "mkdir", "path": "/out/new"});
    desk.operate("mkdir", Some(mkdir))
        .refused(403, "EndpointPermissionDenied");
    for (old, new) in [("/dir/file", "/out/file"), ("/out/secret", "/dir/secret")] {
        let rename = json!({"DATA_TYPE": "rename", "old_path": old, "new_path": new});
        desk.operate("rename", Some(rename))
            .refused(403, "EndpointPermissionDenied");
    }
    assert_eq!(tree(outside.path()), [("secret".to_owned(), Some("secret".to_owned()))]);
    assert_eq!(desk.read("/dir/secret"), None);
}

#[test]
fn tasks_do_not_follow_links_out() {
    let (desk, outside) = with_links();
    for (from, to) in [
        ("/out-file", "/stolen"),
        ("/out/secret", "/stolen"),
        ("/out/", "/stolen/"),
        ("/dir/file", "/out/new"),
        ("/dir/file", "/out-file"),
        ("/dir/", "/out/new/"),
    ] {
        let id = desk.begin(transfer(&[(from, to)], json!({})));
        let task = desk.until(&id, |task| task["faults"] != 0);
        assert_eq!(
            (&task["status"], &task["is_ok"]),
            (&json!("ACTIVE"), &json!(false)),
            "{from} {to}"
        );
        assert_eq!(task["nice_status"], "PERMISSION_DENIED");
        assert_eq!(task["subtasks_retrying"], 1);
        let events = desk
            .get(&format!("/task/{id}/event_list?filter=is_error:1"))
            .expect(200);
        assert_eq!(events["DATA"][0]["code"], "PERMISSION_DENIED");
        desk.call("POST", &format!("/task/{id}/cancel"), None).expect(200);
    }
    let skipping = json!({"skip_source_errors": true});
    let task = desk.run(transfer(&[("/out/secret", "/stolen")], skipping));
    assert_eq!(task["subtasks_skipped_errors"], 1);
    // Deleting a link deletes the link; what lies behind one that leads out cannot be named.
    desk.run(delete(&["/out-file"], json!({})));
    let id = desk.begin(delete(&["/out/secret"], json!({})));
    let task = desk.until(&id, |task| task["faults"] != 0);
    assert_eq!(task["nice_status"], "PERMISSION_DENIED");
    desk.run(delete(&["/out", "/dir/"], json!({"recursive": true})));
    assert!(!desk.path("/stolen").exists());
    assert_eq!(tree(outside.path()), [("secret".to_owned(), Some("secret".to_owned()))]);
    assert_eq!(fs::read(outside.path().join("secret")).expect("a file"), b"secret");
}

#[test]
fn guest_collections_end_at_their_own_folder() {
    let desk = Desk::new();
    symlink("../notes.txt", desk.path("/results/notes")).expect("a link");
    let alice = desk.world.user_token(seed::ALICE, TRANSFER);
    let ask = |query: &str| {
        let id = seed::CLIENT_GUEST_COLLECTION;
        desk.world
            .get(&alice, &format!("/v0.10/operation/endpoint/{id}/{query}"))
    };
    assert_eq!(ask("ls?path=/").expect(200)["length"], 2);
    ask("stat?path=/notes").refused(403, "EndpointPermissionDenied");
    ask("ls?path=/../").refused(400, "ClientError.BadRequest");
    assert_eq!(desk.operate("stat?path=/results/notes", None).expect(200)["size"], 12);
}

/// A folder becomes a link and a folder again, as fast as it goes, while files go to and fro through it.
#[test]
fn links_that_come_and_go_lead_nowhere_else() {
    let desk = Desk::new();
    let outside = tempfile::tempdir().expect("a folder");
    let secrets = outside.path().join("dir");
    fs::create_dir(&secrets).expect("a folder");
    fs::write(secrets.join("file"), "secret").expect("a file");
    desk.write("/real/file", "inside");
    let (place, real, aside) = (desk.path("/here"), desk.path("/real"), desk.path("/aside"));
    symlink(&secrets, &aside).expect("a link");
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                // Each is there for a moment; between them a transfer may make a folder of its own.
                for one in [&real, &aside] {
                    if fs::rename(one, &place).is_ok() {
                        fs::rename(&place, one).expect("it is back");
                    } else {
                        let _ = fs::remove_dir_all(&place);
                    }
                }
            }
        });
        let mut ids = Vec::new();
        for round in 0..60 {
            let stat = desk.operate("stat?path=/here/file", None);
            assert!(matches!(stat.status, 200 | 403 | 404), "{stat:?}");
            if stat.status == 200 {
                assert_eq!(stat.json()["size"], 6);
            }
            let made = desk.operate(
                "mkdir",
                Some(json!({"DATA_TYPE": "mkdir", "path": format!("/here/{round}")})),
            );
            assert!(matches!(made.status, 200 | 403 | 404), "{made:?}");
            let to = format!("/here/out-{round}");
            let pair = if round % 2 == 0 {
                ("/here/file", "/got")
            } else {
                ("/notes.txt", to.as_str())
            };
            let answer = desk.submit(transfer(&[pair], json!({"skip_source_errors": true})));
            if answer.status == 202 {
                ids.push(answer.json()["task_id"].as_str().expect("an id").to_owned());
            }
        }
        for id in &ids {
            desk.until(id, |task: &Value| task["status"] != "ACTIVE" || task["faults"] != 0);
        }
        over.store(true, Ordering::Relaxed);
    });
    assert_eq!(
        tree(outside.path()),
        [
            ("dir/".to_owned(), None),
            ("dir/file".to_owned(), Some("secret".to_owned()))
        ]
    );
    assert!(desk.read("/got").is_none_or(|text| text == "inside"));
}
