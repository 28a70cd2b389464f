//! The seeded program at work on a collection of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use globus_emulator::{Builder, Clock, Emulator, seed};
use serde_json::{Value, json};

use crate::http::{Answer, TRANSFER, World};

/// The program's collection, a guest collection on it, and a token for both.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) world: World,
    pub(crate) token: String,
    pub(crate) folder: PathBuf,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self::at(Clock::Real)
    }

    pub(crate) fn at(clock: Clock) -> Self {
        Self::on(Emulator::builder().clock(clock))
    }

    pub(crate) fn on(builder: Builder) -> Self {
        let emulator = builder.start_now().expect("an emulator");
        let world = World { emulator };
        let token = world.client_token(TRANSFER);
        let folder = world.emulator.folder(seed::CLIENT_COLLECTION).expect("a folder");
        Self { world, token, folder }
    }

    /// Writes a file of the collection, and the folders above it.
    pub(crate) fn write(&self, path: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        fs::write(&path, contents).expect("a file");
        path
    }

    pub(crate) fn read(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.path(path)).ok()
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.join(path.trim_start_matches('/'))
    }

    pub(crate) fn call(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.world.call(&self.token, method, &format!("/v0.10{path}"), body)
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.call("GET", path, None)
    }

    /// An operation on the files of the collection.
    pub(crate) fn operate(&self, operation: &str, body: Option<Value>) -> Answer {
        let method = if body.is_some() { "POST" } else { "GET" };
        let path = format!("/operation/endpoint/{}/{operation}", seed::CLIENT_COLLECTION);
        self.call(method, &path, body)
    }

    pub(crate) fn submit(&self, document: Value) -> Answer {
        let path = format!("/{}", document["DATA_TYPE"].as_str().expect("a type"));
        self.call("POST", &path, Some(document))
    }

    /// Submits a task that is taken on; gives its id.
    #[track_caller]
    pub(crate) fn begin(&self, document: Value) -> String {
        let answer = self.submit(document).expect(202);
        answer["task_id"].as_str().expect("an id").to_owned()
    }

    /// The document of a task once something is true of it.
    #[track_caller]
    pub(crate) fn until(&self, id: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let began = Instant::now();
        loop {
            let task = self.get(&format!("/task/{id}")).expect(200);
            if wanted(&task) {
                return task;
            }
            assert!(began.elapsed() < Duration::from_secs(120), "{task}");
            std::thread::sleep(Duration::from_millis(3));
        }
    }

    /// The document of a task once it has ended.
    #[track_caller]
    pub(crate) fn wait(&self, id: &str) -> Value {
        self.until(id, |task| task["status"] != "ACTIVE")
    }

    /// Submits a task that ends well; gives its document.
    #[track_caller]
    pub(crate) fn run(&self, document: Value) -> Value {
        let task = self.wait(&self.begin(document));
        assert_eq!(task["status"], "SUCCEEDED", "{task}");
        task
    }

    /// Submits a task that ends badly; gives the code of its fatal error.
    #[track_caller]
    pub(crate) fn fail(&self, document: Value) -> String {
        let task = self.wait(&self.begin(document));
        assert_eq!(task["status"], "FAILED", "{task}");
        task["fatal_error"]["code"].as_str().expect("a code").to_owned()
    }
}

/// The document of a transfer within the program's collection.
pub(crate) fn transfer(items: &[(&str, &str)], more: Value) -> Value {
    let items: Vec<Value> = items.iter().map(|(from, to)| item(from, to, json!({}))).collect();
    with_items(items, more)
}

pub(crate) fn with_items(items: Vec<Value>, more: Value) -> Value {
    let document = json!({
        "DATA_TYPE": "transfer",
        "submission_id": uuid::Uuid::new_v4(),
        "source_endpoint": seed::CLIENT_COLLECTION,
        "destination_endpoint": seed::CLIENT_COLLECTION,
        "DATA": items,
    });
    merged(document, more)
}

pub(crate) fn item(from: &str, to: &str, more: Value) -> Value {
    let item = json!({"DATA_TYPE": "transfer_item", "source_path": from, "destination_path": to});
    merged(item, more)
}

/// The document of a delete on the program's collection.
pub(crate) fn delete(paths: &[&str], more: Value) -> Value {
    let items: Vec<Value> = paths
        .iter()
        .map(|path| json!({"DATA_TYPE": "delete_item", "path": path}))
        .collect();
    let document = json!({
        "DATA_TYPE": "delete",
        "submission_id": uuid::Uuid::new_v4(),
        "endpoint": seed::CLIENT_COLLECTION,
        "DATA": items,
    });
    merged(document, more)
}

pub(crate) fn merged(mut document: Value, more: Value) -> Value {
    let fields = document.as_object_mut().expect("an object");
    for (key, value) in more.as_object().expect("an object") {
        if value == "absent" {
            fields.remove(key);
        } else {
            fields.insert(key.clone(), value.clone());
        }
    }
    document
}

/// What lies below a folder: paths, with the texts of files.
pub(crate) fn tree(folder: &Path) -> Vec<(String, Option<String>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(here) = folders.pop() {
        for entry in fs::read_dir(&here).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(folder).expect("below").to_string_lossy().into_owned();
            if path.is_dir() && !path.is_symlink() {
                found.push((format!("{name}/"), None));
                folders.push(path);
            } else {
                found.push((name, fs::read_to_string(&path).ok()));
            }
        }
    }
    found.sort();
    found
}
