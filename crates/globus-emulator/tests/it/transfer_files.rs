//! Listing and changing what is on a collection.

use std::fs;

use globus_emulator::{Emulator, Fault, seed};
use serde_json::{Value, json};

use crate::http::{TRANSFER, World, url_encode};
use crate::transfer_desk::Desk;

fn names(listing: &Value) -> Vec<&str> {
    let rows = listing["DATA"].as_array().expect("rows");
    rows.iter().filter_map(|row| row["name"].as_str()).collect()
}

fn ls(id: &str, query: &str) -> String {
    format!("/v0.10/operation/endpoint/{id}/ls?{query}")
}

/// A token of Alice's with consent for the data of the tutorial collections.
fn with_consent(world: &World) -> String {
    let data = |id| format!("*https://auth.globus.org/scopes/{id}/data_access");
    let (one, two) = (data(seed::TUTORIAL_COLLECTION_1), data(seed::TUTORIAL_COLLECTION_2));
    world.user_token(seed::ALICE, &format!("{TRANSFER}[{one} {two}]"))
}

#[test]
fn the_tutorial_collections_have_the_files_of_the_tutorials() {
    let world = World::new();
    let token = with_consent(&world);
    for folder in ["/home/share/godata/", "/share/godata"] {
        let path = ls(seed::TUTORIAL_COLLECTION_1, &format!("path={folder}"));
        let listing = world.get(&token, &path).expect(200);
        assert_eq!(names(&listing), ["file1.txt", "file2.txt", "file3.txt"]);
        assert_eq!(listing["path"], format!("{}/", folder.trim_end_matches('/')));
        let row = &listing["DATA"][0];
        assert_eq!(
            (&row["DATA_TYPE"], &row["type"], &row["size"], &row["link_target"]),
            (&json!("file"), &json!("file"), &json!(4), &Value::Null)
        );
        assert_eq!(row["permissions"].as_str().map(str::len), Some(4));
        let time = row["last_modified"].as_str().expect("a time");
        assert!(
            time.len() == 25 && time.ends_with("+00:00") && &time[10..11] == " ",
            "{time}"
        );
        assert_eq!((&listing["length"], &listing["total"]), (&json!(3), &json!(3)));
    }
    // Where nothing is said, the home folder is meant.
    for query in ["", "path=/~/", "path=~", "path="] {
        let listing = world.get(&token, &ls(seed::TUTORIAL_COLLECTION_2, query)).expect(200);
        assert_eq!(listing["path"], "/~/", "{query}");
        assert_eq!(listing["absolute_path"], "/home/researcher/");
        assert_eq!(listing["DATA_TYPE"], "file_list");
    }
}

#[test]
fn data_of_mapped_collections_needs_consent() {
    let world = World::new();
    let token = world.user_token(seed::ALICE, TRANSFER);
    let id = seed::TUTORIAL_COLLECTION_1;
    let path = format!("/v0.10/operation/endpoint/{id}/ls");
    let answer = world.get(&token, &path);
    answer.refused(403, "ConsentRequired");
    let document = answer.json();
    let scope = format!("{TRANSFER}[*https://auth.globus.org/scopes/{id}/data_access]");
    assert_eq!(document["required_scopes"], json!([scope]));
    assert_eq!(document["authorization_parameters"]["required_scopes"], json!([scope]));
    assert_eq!(document["resource"], format!("/operation/endpoint/{id}/ls"));
    // Once it is given, the token that was there is good.
    world.user_token(seed::ALICE, &scope);
    world.get(&token, &path).expect(200);
    // A program consents by asking for tokens.
    let token = world.client_token(TRANSFER);
    world.get(&token, &path).refused(403, "ConsentRequired");
    world.client_token(&scope);
    world.get(&token, &path).expect(200);
    // Of other kinds of collections none is asked for.
    let alice = world.user_token(seed::ALICE, TRANSFER);
    for id in [
        seed::ALICE_COLLECTION,
        seed::EXAMPLE_GUEST_COLLECTION,
        seed::HIGH_ASSURANCE_COLLECTION,
    ] {
        world.get(&alice, &ls(id, "path=/")).expect(200);
    }
}

#[test]
fn who_may_not_and_what_is_not_there() {
    let world = World::new();
    let (alice, bob) = (
        world.user_token(seed::ALICE, TRANSFER),
        world.user_token(seed::BOB, TRANSFER),
    );
    let ask = |token: &str, id: &str, query: &str| world.get(token, &ls(id, query));
    ask(&bob, seed::ALICE_COLLECTION, "path=/").refused(403, "PermissionDenied");
    ask(&bob, seed::CLIENT_GUEST_COLLECTION, "path=/").refused(403, "PermissionDenied");
    ask(&alice, "x", "path=/").refused(404, "EndpointNotFound");
    ask(&alice, "e4d90000-5eed-4000-8000-0000000000a1", "path=/").refused(409, "NotSupported");
    ask(&alice, seed::ALICE_OFFLINE_COLLECTION, "path=/").refused(502, "ExternalError.DirListingFailed.GCDisconnected");
    assert!(world.emulator.connect(seed::ALICE_OFFLINE_COLLECTION, true));
    ask(&alice, seed::ALICE_OFFLINE_COLLECTION, "path=/").expect(200);
    assert!(!world.emulator.connect(seed::TUTORIAL_COLLECTION_1, true));
    world
        .send("GET", &ls(seed::ALICE_COLLECTION, ""), &[], b"")
        .refused(401, "ClientError.AuthenticationFailed");
    // A guest collection is read through its rules, and written by nobody they do not let.
    let shared = ask(&bob, seed::EXAMPLE_GUEST_COLLECTION, "").expect(200);
    assert_eq!(
        (names(&shared), &shared["absolute_path"]),
        (vec!["readme.txt"], &json!("/"))
    );
    let mkdir = |token: &str, id: &str, path: &str| {
        let body = json!({"DATA_TYPE": "mkdir", "path": path});
        let route = format!("/v0.10/operation/endpoint/{id}/mkdir");
        world.call(token, "POST", &route, Some(body))
    };
    mkdir(&bob, seed::EXAMPLE_GUEST_COLLECTION, "/new").refused(403, "EndpointPermissionDenied");
    mkdir(&alice, seed::EXAMPLE_GUEST_COLLECTION, "/new").expect(200);
    assert_eq!(
        names(&ask(&bob, seed::EXAMPLE_GUEST_COLLECTION, "path=/").expect(200)),
        ["new", "readme.txt"]
    );
}

#[test]
fn listings_are_filtered_ordered_and_cut() {
    let desk = Desk::new();
    for (name, size) in [("b.txt", 3), ("a.txt", 5), ("c.log", 1), (".hidden", 2)] {
        desk.write(&format!("/many/{name}"), vec![b'x'; size]);
    }
    fs::create_dir(desk.path("/many/folder")).expect("a folder");
    let ls = |query: &str| desk.operate(&format!("ls?path=/many/&{query}"), None);
    for (query, wanted) in [
        ("", vec![".hidden", "a.txt", "b.txt", "c.log", "folder"]),
        ("show_hidden=0", vec!["a.txt", "b.txt", "c.log", "folder"]),
        ("show_hidden=False&filter=type:file", vec!["a.txt", "b.txt", "c.log"]),
        ("filter=type:dir", vec!["folder"]),
        ("filter=name:~*.txt", vec!["a.txt", "b.txt"]),
        ("filter=name:!~*.txt/type:file&show_hidden=0", vec!["c.log"]),
        ("filter=name:a.txt,c.log", vec!["a.txt", "c.log"]),
        ("filter=name:%3Da.txt", vec!["a.txt"]),
        ("filter=type:dir&filter=name:a.txt", vec!["a.txt", "folder"]),
        ("filter=type:file/size:%3E2", vec!["a.txt", "b.txt"]),
        ("filter=last_modified:2000-01-01,2001-01-01", vec![]),
        (
            "filter=type:file/last_modified:2001-01-01,&show_hidden=0",
            vec!["a.txt", "b.txt", "c.log"],
        ),
        (
            "filter=type:file&show_hidden=0&orderby=size",
            vec!["c.log", "b.txt", "a.txt"],
        ),
        (
            "filter=type:file&show_hidden=0&orderby=size+DESC",
            vec!["a.txt", "b.txt", "c.log"],
        ),
        (
            "show_hidden=0&orderby=type,name+DESC",
            vec!["folder", "c.log", "b.txt", "a.txt"],
        ),
        ("limit=2", vec![".hidden", "a.txt"]),
        ("limit=2&offset=3", vec!["c.log", "folder"]),
        ("offset=9", vec![]),
    ] {
        let listing = ls(query).expect(200);
        assert_eq!(names(&listing), wanted, "{query}");
        assert_eq!(listing["length"].as_u64(), Some(wanted.len() as u64));
        if query.starts_with("limit") || query.starts_with("offset") {
            assert_eq!(listing["total"], 5, "all of them, {query}");
        }
    }
    for query in [
        "show_hidden=x",
        "filter=name",
        "filter=nothing:x",
        "filter=size:x",
        "orderby=nothing",
        "orderby=name+UP",
        "limit=0",
        "limit=100001",
        "limit=x",
        "offset=-1",
        "local_user=x",
    ] {
        ls(query).refused(400, "ClientError.BadRequest");
    }
}

#[test]
fn paths_are_refused_in_the_words_of_the_service() {
    let desk = Desk::new();
    desk.write("/dir/file", "x");
    let ls = |path: &str| desk.operate(&format!("ls?path={}", url_encode(path)), None);
    for path in ["dir", "..", "/../x", "/dir/..", "/a\nb", "/a\rb", "/a\0b"] {
        ls(path).refused(400, "ClientError.BadRequest");
    }
    ls("/dir/file").refused(502, "ExternalError.DirListingFailed.NotDirectory");
    let answer = ls("/nothing/here");
    answer.refused(404, "ClientError.NotFound");
    let document = answer.json();
    let message = document["message"].as_str().expect("a message");
    assert!(
        message.starts_with("Path not found, Error (list)\nEndpoint: Emulator Program Workspace ("),
        "{message}"
    );
    assert!(
        message.contains("Command: MLSC /nothing/here") && message.contains("c=PATH_NOT_FOUND"),
        "{message}"
    );
    assert_eq!(document["request_id"].as_str().map(str::len), Some(9));
    assert_eq!(names(&ls("//dir/./").expect(200)), ["file"]);
}

#[test]
fn one_path_has_a_document() {
    let desk = Desk::new();
    desk.write("/dir/file 1", "four");
    let stat = |path: &str| desk.operate(&format!("stat?path={}", url_encode(path)), None);
    let row = stat("/dir/file 1").expect(200);
    assert_eq!(
        (&row["name"], &row["size"], &row["type"]),
        (&json!("file 1"), &json!(4), &json!("file"))
    );
    assert_eq!(row["DATA_TYPE"], "file");
    let row = stat("/dir/").expect(200);
    assert_eq!((&row["name"], &row["type"]), (&json!("dir"), &json!("dir")));
    assert_eq!(stat("/").expect(200)["name"], "/");
    stat("/nothing").refused(404, "NotFound");
    stat("/dir/file 1/below").refused(404, "NotFound");
    stat("/dir/../x").refused(400, "ClientError.BadRequest");
}

#[test]
fn folders_are_made_and_things_renamed() {
    let desk = Desk::new();
    desk.write("/a/file", "text");
    let mkdir = |path: Value| desk.operate("mkdir", Some(json!({"DATA_TYPE": "mkdir", "path": path})));
    let rename = |old: &str, new: &str| {
        let body = json!({"DATA_TYPE": "rename", "old_path": old, "new_path": new});
        desk.operate("rename", Some(body))
    };
    let made = mkdir(json!("/new")).expect(200);
    assert_eq!(
        (&made["DATA_TYPE"], &made["code"]),
        (&json!("mkdir_result"), &json!("DirectoryCreated"))
    );
    assert_eq!(made["message"], "The directory was created successfully");
    assert!(desk.path("/new").is_dir());
    mkdir(json!("/~/notes/")).expect(200);
    for there in ["/new", "/a/file", "/"] {
        mkdir(json!(there)).refused(502, "ExternalError.MkdirFailed.Exists");
    }
    mkdir(json!("/no/parent")).refused(404, "ClientError.NotFound");
    for bad in [json!("relative"), json!("/../x"), json!(7), Value::Null] {
        mkdir(bad).refused(400, "ClientError.BadRequest");
    }
    for body in [
        json!({}),
        json!([]),
        json!({"path": "/x"}),
        json!({"DATA_TYPE": "rename", "path": "/x"}),
        json!({"DATA_TYPE": "mkdir", "path": "/x", "pfad": "/y"}),
    ] {
        desk.operate("mkdir", Some(body)).refused(400, "ClientError.BadRequest");
    }
    let renamed = rename("/a/file", "/new/other").expect(200);
    assert_eq!(
        (&renamed["DATA_TYPE"], &renamed["code"]),
        (&json!("result"), &json!("FileRenamed"))
    );
    assert_eq!(
        (desk.read("/a/file"), desk.read("/new/other").as_deref()),
        (None, Some("text"))
    );
    rename("/new", "/renamed").expect(200);
    assert_eq!(desk.read("/renamed/other").as_deref(), Some("text"));
    rename("/nothing", "/x").refused(404, "ClientError.NotFound");
    rename("/renamed/other", "/a").refused(502, "ExternalError.RenameFailed.Exists");
    rename("/", "/x").refused(400, "ClientError.BadRequest");
    rename("/a", "/../a").refused(400, "ClientError.BadRequest");
}

#[test]
fn a_folder_of_the_user_is_a_collection() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("mine.txt"), "mine").expect("a file");
    let builder = Emulator::builder().collection(seed::ALICE_COLLECTION, folder.path());
    let world = World {
        emulator: builder.start_now().expect("an emulator"),
    };
    let token = world.user_token(seed::ALICE, TRANSFER);
    for path in ["/", "/~/"] {
        let listing = world
            .get(&token, &ls(seed::ALICE_COLLECTION, &format!("path={path}")))
            .expect(200);
        assert_eq!(
            (names(&listing), &listing["absolute_path"]),
            (vec!["mine.txt"], &json!("/"))
        );
    }
    drop(world);
    assert_eq!(
        fs::read_to_string(folder.path().join("mine.txt")).expect("still there"),
        "mine"
    );
    let missing = folder.path().join("nothing");
    for (id, folder) in [
        (seed::ALICE_COLLECTION, missing.as_path()),
        (seed::CLIENT_GUEST_COLLECTION, folder.path()),
        ("x", folder.path()),
    ] {
        let error = Emulator::builder()
            .collection(id, folder)
            .start_now()
            .expect_err("refused");
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
    }
}

#[test]
fn files_go_with_the_emulator() {
    let desk = Desk::new();
    desk.write("/x", "x");
    let folder = desk.folder.clone();
    desk.world.emulator.reset();
    assert!(!folder.exists(), "a reset makes new folders");
    let folder = desk.world.emulator.folder(seed::CLIENT_COLLECTION).expect("a folder");
    assert!(folder.join("notes.txt").exists() && !folder.join("x").exists());
    drop(desk);
    assert!(!folder.exists());
}

#[test]
fn faults_meet_operations_on_files() {
    let desk = Desk::new();
    let body =
        json!({"code": "ExternalError.DirListingFailed.LoginFailed", "message": "no", "request_id": "abcdefghi"});
    let emulator = &desk.world.emulator;
    emulator.inject(Fault::status(502).path("/v0.10/operation/*/ls").body(body));
    desk.operate("ls", None)
        .refused(502, "ExternalError.DirListingFailed.LoginFailed");
    desk.operate("ls", None).expect(200);
    // What was done stays done, though the answer is lost.
    emulator.inject(Fault::status(503).path("*/mkdir").after());
    let mkdir = || desk.operate("mkdir", Some(json!({"DATA_TYPE": "mkdir", "path": "/once"})));
    assert_eq!(mkdir().status, 503);
    mkdir().refused(502, "ExternalError.MkdirFailed.Exists");
}
