use super::*;

fn data(resource_server: &str) -> TokenDataByResourceServer {
    let data = TokenStorageData::new(resource_server, "scope", format!("token of {resource_server}"), 1);
    [(resource_server.to_owned(), data)].into()
}

#[tokio::test]
async fn without_locks_it_warns_and_works() {
    let folder = tempfile::tempdir().unwrap();
    let mut storage = JsonTokenStorage::new(folder.path().join("tokens.json")).unwrap();
    let file = Arc::get_mut(&mut storage.file).unwrap();
    Arc::get_mut(&mut file.place).unwrap().without_locks = true;
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
}

#[tokio::test]
async fn waiting_for_a_lock_ends() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.json");
    let holder = JsonTokenStorage::new(&path).unwrap();
    let held = holder.lock("rs").await.unwrap();
    // Another storage on the same file stands for another process.
    let waiter = JsonTokenStorage::new(&path)
        .unwrap()
        .with_lock_timeout(Duration::from_millis(30));
    let error = waiter.lock("rs").await.unwrap_err();
    assert!(error.is_retryable(), "{error:?}");
    assert!(error.to_string().contains("another process"), "{error}");
    let _other_key = waiter.lock("other").await.unwrap();
    let _other_namespace = waiter.clone().with_namespace("other").lock("rs").await.unwrap();
    drop(held);
    let _held = waiter.lock("rs").await.unwrap();
}

#[test]
fn it_needs_no_runtime() {
    let folder = tempfile::tempdir().unwrap();
    let storage = JsonTokenStorage::new(folder.path().join("a/b/tokens.json")).unwrap();
    futures_util::FutureExt::now_or_never(storage.lock("rs")); // dropped at once
    let found = futures_executor(async {
        storage.store_token_data_by_resource_server(data("rs")).await?;
        let _held = storage.lock("rs").await?;
        storage.get_token_data("rs").await
    });
    assert_eq!(found.unwrap(), data("rs").remove("rs"));
}

/// Drives a future with nothing but a thread.
fn futures_executor<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(std::thread::Thread);
    impl std::task::Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Arc::new(Unpark(std::thread::current())).into();
    let mut context = std::task::Context::from_waker(&waker);
    let mut future = std::pin::pin!(future);
    loop {
        if let std::task::Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
        std::thread::park();
    }
}
