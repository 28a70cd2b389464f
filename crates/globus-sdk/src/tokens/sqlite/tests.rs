use super::*;

fn data(resource_server: &str) -> TokenDataByResourceServer {
    let data = TokenStorageData::new(resource_server, "scope", format!("token of {resource_server}"), 1);
    [(resource_server.to_owned(), data)].into()
}

#[tokio::test]
async fn without_locks_it_warns_and_works() {
    let folder = tempfile::tempdir().unwrap();
    let mut database = Database::new(&folder.path().join("tokens.db")).unwrap();
    Arc::get_mut(&mut database.place).unwrap().without_locks = true;
    let storage = SQLiteTokenStorage {
        namespace: DEFAULT_NAMESPACE.to_owned(),
        lock_timeout: LOCK_TIMEOUT,
        database: Arc::new(database),
    };
    let writers = (0..8).map(|number| {
        let storage = storage.clone();
        tokio::spawn(async move {
            storage
                .store_token_data_by_resource_server(data(&format!("rs{number}")))
                .await
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap().unwrap();
    }
    assert_eq!(storage.get_token_data_by_resource_server().await.unwrap().len(), 8);
    let warnings = storage.warnings();
    assert!(matches!(&*warnings, [StorageWarning::NoLocks { .. }]), "{warnings:?}");
    let said = warnings[0].to_string();
    assert!(said.contains("corrupt an SQLite database"), "{said}");
}
