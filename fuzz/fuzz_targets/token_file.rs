//! Token files and databases with any content: read, or refused and kept aside, and never lost.
#![no_main]

use std::path::Path;

use globus_sdk::tokens::{CliLogin, JsonTokenStorage, SQLiteTokenStorage, TokenStorage};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (bool, &[u8])| {
    let (database, content) = input;
    // Whatever is no JSON is looked at several times, with pauses; a few of those will do.
    if !database && content.len() % 32 != 0 && serde_json::from_slice::<serde_json::Value>(content).is_err() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("tokens");
    std::fs::write(&path, content).expect("a file");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        if database {
            let _ = format!("{:?}", CliLogin::read_all(&path).await);
            assert!(is_kept(folder.path(), content), "an import changed the file");
            if let Ok(storage) = SQLiteTokenStorage::new(&path) {
                read(&storage).await;
            }
        } else {
            read(&JsonTokenStorage::new(&path).expect("a storage")).await;
        }
    });
    // SQLite takes a file of one byte for an empty database, which may get its tables.
    let empty = database && content.len() < 2;
    assert!(empty || is_kept(folder.path(), content), "the content is gone");
});

async fn read(storage: &dyn TokenStorage) {
    let read = storage.get_token_data_by_resource_server().await;
    let _ = format!("{read:?} {storage:?}");
}

fn is_kept(folder: &Path, content: &[u8]) -> bool {
    std::fs::read_dir(folder)
        .expect("the folder is there")
        .filter_map(Result::ok)
        .any(|entry| std::fs::read(entry.path()).is_ok_and(|found| found == content))
}
