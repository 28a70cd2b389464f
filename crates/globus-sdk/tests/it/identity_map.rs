//! Identities looked up in batches, against the recorded cases.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use globus_sdk::config::Config;
use globus_sdk::services::auth::{IdentityCache, IdentityMap};
use globus_sdk::transport::{AnswerBody, Transport, TransportError};
use globus_sdk::{AuthClient, blocking};
use serde_json::{Value, json};

use crate::scripted::json_answer;
use crate::support::vectors;

/// Knows `user1@example.org` to `user9@example.org`, as the recorder did.
#[derive(Debug, Default)]
struct Directory(Mutex<Vec<(String, BTreeSet<String>)>>);

impl Directory {
    fn requests(&self) -> Vec<(String, BTreeSet<String>)> {
        self.0.lock().unwrap().clone()
    }
}

fn known() -> Vec<Value> {
    (1..=9)
        .map(|number| {
            json!({
                "id": format!("{number:08}-0000-4000-8000-000000000000"),
                "username": format!("user{number}@example.org"),
                "name": format!("N{}", number - 1),
            })
        })
        .collect()
}

impl Transport for Directory {
    fn send(
        &self,
        request: http::Request<Bytes>,
        _timeout: Option<Duration>,
    ) -> BoxFuture<'_, Result<http::Response<AnswerBody>, TransportError>> {
        let query = request.uri().query().unwrap_or_default();
        let pairs = url::form_urlencoded::parse(query.as_bytes());
        let (kind, keys) = pairs
            .into_owned()
            .find(|(key, _)| key == "ids" || key == "usernames")
            .unwrap();
        let keys: BTreeSet<String> = keys.split(',').map(str::to_owned).collect();
        let field = if kind == "ids" { "id" } else { "username" };
        let asked: BTreeSet<String> = keys.iter().map(|key| key.to_lowercase()).collect();
        let found = |row: &Value| asked.contains(row[field].as_str().unwrap());
        let rows: Vec<Value> = known().into_iter().filter(found).collect();
        self.0.lock().unwrap().push((kind, keys));
        Box::pin(async move { Ok(json_answer(200, &json!({"identities": rows})).map(AnswerBody::from)) })
    }
}

fn client(directory: &Arc<Directory>) -> AuthClient {
    AuthClient::builder()
        .config(Config::default())
        .transport(directory.clone())
        .build()
        .unwrap()
}

fn check(recorded: &Value, sent: &[(String, BTreeSet<String>)], vector: &Value) {
    let Some(recorded) = recorded.as_array() else { return };
    assert_eq!(recorded.len(), sent.len(), "{vector}");
    for (recorded, (kind, keys)) in recorded.iter().zip(sent) {
        match &recorded[kind] {
            Value::Array(wanted) => {
                let wanted: BTreeSet<_> = wanted.iter().map(|key| key.as_str().unwrap().to_owned()).collect();
                assert_eq!(&wanted, keys, "{vector}");
            }
            batch => {
                assert_eq!(batch["count"], keys.len(), "{vector}");
                assert!(keys.contains(batch["includes"].as_str().unwrap()), "{vector}");
            }
        }
    }
}

#[tokio::test]
async fn recorded_cases() {
    for vector in vectors("identity_map") {
        let directory = Arc::new(Directory::default());
        let init: Vec<String> = serde_json::from_value(vector["init"].clone()).unwrap();
        let cache = IdentityCache::default();
        for (key, identity) in vector["cache"].as_object().into_iter().flatten() {
            cache.insert(key, serde_json::from_value(identity.clone()).unwrap());
        }
        let mut map = IdentityMap::new(&client(&directory), init).cache(&cache);
        if let Some(size) = vector["id_batch_size"].as_u64() {
            map = map.id_batch_size(usize::try_from(size).unwrap());
        }
        for step in vector["steps"].as_array().unwrap() {
            let before = directory.requests().len();
            let (name, key) = (step["step"][0].as_str().unwrap(), step["step"][1].as_str().unwrap());
            let recorded = &step["result"];
            match name {
                "add" => assert_eq!(recorded["value"], map.add(key), "{vector}"),
                "del" => drop(map.remove(key)),
                "get" | "index" | "get_default" => {
                    let found = map
                        .get(key)
                        .await
                        .unwrap()
                        .map(|identity| serde_json::to_value(identity).unwrap());
                    let otherwise = step["step"].get(2).cloned().unwrap_or_default();
                    // What is a KeyError there is `None` here.
                    let wanted = recorded.get("value").unwrap_or(&Value::Null);
                    assert_eq!(wanted, &found.unwrap_or(otherwise), "{vector}");
                }
                other => panic!("unknown step {other}"),
            }
            check(&step["requests"], &directory.requests()[before..], &vector);
        }
        assert_eq!(vector["total_requests"], directory.requests().len(), "{vector}");
    }
}

#[tokio::test]
async fn maps_share_a_cache_also_for_what_does_not_exist() {
    let directory = Arc::new(Directory::default());
    let (auth, cache) = (client(&directory), IdentityCache::default());
    cache.insert("nobody@example.org", None);
    let one = IdentityMap::new(&auth, ["user1@example.org"]).cache(&cache);
    let other = IdentityMap::new(&auth, ["user1@example.org", "user2@example.org"]).cache(&cache);
    assert!(one.get("user1@example.org").await.unwrap().is_some());
    assert!(
        other
            .get("00000001-0000-4000-8000-000000000000")
            .await
            .unwrap()
            .is_some()
    );
    assert!(other.get("nobody@example.org").await.unwrap().is_none());
    assert_eq!(directory.requests().len(), 1);
    assert!(other.get("user2@example.org").await.unwrap().is_some());
    let (_, keys) = directory.requests().pop().unwrap();
    assert_eq!(keys.len(), 1, "what another map has found is not looked up again");
}

/// The service answers ids and names in lower case, however they were asked for.
#[tokio::test]
async fn upper_and_lower_case_are_the_same() {
    let directory = Arc::new(Directory::default());
    let map = IdentityMap::new(&client(&directory), ["User1@Example.org", "user2@example.org"]);
    assert!(!map.add("USER1@example.ORG"));
    assert!(map.get("user1@EXAMPLE.org").await.unwrap().is_some());
    for known in [
        "User1@Example.org",
        "user2@example.ORG",
        "00000001-0000-4000-8000-000000000000",
    ] {
        assert!(map.get(known).await.unwrap().is_some(), "{known}");
        assert!(!map.add(known), "{known}");
    }
    let (_, keys) = directory.requests().pop().unwrap();
    assert_eq!((keys.len(), directory.requests().len()), (2, 1), "{keys:?}");
    assert!(map.remove("USER2@EXAMPLE.ORG").is_some());
    assert!(map.get("user2@example.org").await.unwrap().is_some());
    assert_eq!(directory.requests().len(), 2);
}

/// Somebody may have come to exist; the reference asks again too.
#[tokio::test]
async fn what_is_unknown_is_asked_for_again() {
    let directory = Arc::new(Directory::default());
    let map = IdentityMap::new(&client(&directory), ["nobody@example.org"]);
    for asked in 1..=2 {
        assert!(map.get("nobody@example.org").await.unwrap().is_none());
        assert_eq!(directory.requests().len(), asked);
    }
}

#[test]
fn without_async() {
    let directory = Arc::new(Directory::default());
    let builder = blocking::AuthClient::builder().config(Config::default());
    let auth = builder.transport(directory.clone()).build().unwrap();
    let map = IdentityMap::new(&auth, ["user1@example.org", "user2@example.org"]);
    for _ in 0..2 {
        assert_eq!(
            map.get("user2@example.org").unwrap().unwrap().name.as_deref(),
            Some("N1")
        );
        assert!(map.get("user1@example.org").unwrap().is_some());
    }
    assert_eq!(directory.requests().len(), 1);
}

#[tokio::test]
async fn ids_may_be_written_in_other_ways() {
    let directory = Arc::new(Directory::default());
    let map = IdentityMap::new(&client(&directory), ["00000001-0000-4000-8000-000000000000"]);
    assert!(map.get("00000001-0000-4000-8000-000000000000").await.unwrap().is_some());
    for written in [
        "00000001000040008000000000000000",
        "{00000001-0000-4000-8000-000000000000}",
        "urn:uuid:00000001-0000-4000-8000-000000000000",
    ] {
        assert!(!map.add(written), "{written}");
        assert!(map.get(written).await.unwrap().is_some(), "{written}");
    }
    assert_eq!(directory.requests().len(), 1);
}

#[test]
fn many_keys_are_noted_in_time_for_each() {
    let keys: Vec<String> = (0..100_000).map(|number| format!("u{number}@example.org")).collect();
    let began = std::time::Instant::now();
    let map = IdentityMap::new(&client(&Arc::new(Directory::default())), &keys);
    assert!(keys.iter().all(|key| !map.add(key)));
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
}
