//! Token files with any content: read, or refused and kept aside, and never lost.
#![no_main]

use globus_sdk::tokens::{JsonTokenStorage, TokenStorage as _};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|content: &[u8]| {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("tokens.json");
    std::fs::write(&path, content).expect("a file");
    let storage = JsonTokenStorage::new(&path).expect("a storage");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let read = runtime
        .expect("a runtime")
        .block_on(storage.get_token_data_by_resource_server());
    let _ = format!("{read:?} {:?}", storage.warnings());
    let kept = std::fs::read_dir(folder.path())
        .expect("the folder is there")
        .filter_map(Result::ok)
        .any(|entry| std::fs::read(entry.path()).is_ok_and(|found| found == content));
    assert!(kept, "the content is gone");
});
