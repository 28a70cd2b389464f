//! The Python SDK and this one take turns at the same files.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use globus_sdk::tokens::{JsonTokenStorage, SQLiteTokenStorage, TokenStorage};

use super::data;
use crate::python::{python, skipped};

const PYTHON: &str = r#"
import sys
import globus_sdk.token_storage
from globus_sdk.token_storage import TokenStorageData
storage = getattr(globus_sdk.token_storage, sys.argv[2])(sys.argv[1])
for line in sys.stdin:
    name, number = line.split()
    storage.store_token_data_by_resource_server({name: TokenStorageData(
        resource_server=name, identity_id=None, scope="scope", access_token="x", refresh_token=None,
        expires_at_seconds=int(number), token_type="Bearer")})
    found = storage.get_token_data_by_resource_server()
    print(" ".join(sorted(f"{key}={value.expires_at_seconds}" for key, value in found.items())), flush=True)
"#;

#[tokio::test]
async fn the_python_sdk_and_this_one_take_turns_at_a_json_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("tokens.json");
    take_turns(&path, "JSONTokenStorage", &|| {
        Arc::new(JsonTokenStorage::new(&path).expect("a path"))
    })
    .await;
}

#[tokio::test]
async fn the_python_sdk_and_this_one_take_turns_at_an_sqlite_file() {
    for ours_first in [true, false] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("tokens.db");
        if ours_first {
            SQLiteTokenStorage::new(&path).expect("a database");
        }
        let ours = || -> Arc<dyn TokenStorage> { Arc::new(SQLiteTokenStorage::new(&path).expect("a database")) };
        take_turns(&path, "SQLiteTokenStorage", &ours).await;
    }
}

async fn take_turns(path: &Path, class: &str, ours: &dyn Fn() -> Arc<dyn TokenStorage>) {
    let python = match python("globus_sdk") {
        Ok(python) => python,
        Err(why) => {
            skipped(&format!("the Python SDK is not there ({why}); set GLOBUS_PYTHON"));
            return;
        }
    };
    let mut child = Command::new(python)
        .args(["-c", PYTHON])
        .arg(path)
        .arg(class)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python");
    let mut theirs = child.stdin.take().expect("its input");
    let mut answers = BufReader::new(child.stdout.take().expect("its output")).lines();
    // The first word is theirs: where there is no file yet, they make it.
    writeln!(theirs, "theirs-0 0").expect("a reader");
    answers.next().expect("an answer").expect("text");
    let storage = ours();
    for round in 1..=100 {
        let own = format!("ours-{}", round % 5);
        storage
            .store_token_data_by_resource_server(data(&own, round))
            .await
            .expect("stored");
        writeln!(theirs, "theirs-{} {round}", round % 3).expect("a reader");
        let seen = answers.next().expect("an answer").expect("text");
        let stored = storage.get_token_data_by_resource_server().await.expect("whole");
        let expected: Vec<String> = stored
            .iter()
            .map(|(name, token)| format!("{name}={}", token.expires_at_seconds))
            .collect();
        assert_eq!(seen, expected.join(" "), "round {round}");
        assert_eq!(stored[&own].expires_at_seconds, round);
        assert_eq!(stored[&format!("theirs-{}", round % 3)].expires_at_seconds, round);
    }
    println!("{class}: 100 rounds in turn with the Python SDK, 0 differences");
    drop(theirs);
    assert!(child.wait().expect("an end").success());
}
