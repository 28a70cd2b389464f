//! What an answer is to who asked: its document, and what came over the wire.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use globus_sdk::authorizers::NullAuthorizer;
use globus_sdk::error::ErrorKind;
use globus_sdk::services::groups::Group;
use globus_sdk::transport::{AnswerBody, Transport, TransportError};
use globus_sdk::{GroupsClient, TransferClient};
use serde_json::{Value, json};

use crate::scripted::{Scripted, json_answer};

fn groups(transport: Arc<dyn Transport>) -> GroupsClient {
    let builder = GroupsClient::builder().authorizer(NullAuthorizer);
    builder.transport(transport).build().unwrap()
}

fn answer(body: impl Into<Bytes>) -> http::Response<Bytes> {
    http::Response::new(body.into())
}

#[tokio::test]
async fn a_document_is_what_json_says() {
    let documents = [
        json!({"a": {"b": [1, 2, 3]}}),
        json!([1, 2, 3]),
        json!({}),
        json!([]),
        json!(null),
        json!("é"),
    ];
    let script = Scripted::json(documents.clone());
    for document in documents {
        let answer = groups(script.clone()).get("/any").await.unwrap();
        assert_eq!(*answer, document);
        assert_eq!(
            (answer.text().into_owned(), answer.json::<Value>().unwrap()),
            (document.to_string(), document)
        );
    }
    let nested = groups(Scripted::json([json!({"a": {"b": [1, 2, 3]}})]))
        .get("/any")
        .await
        .unwrap();
    assert_eq!((&nested["a"]["b"][1], nested.get("c")), (&json!(2), None));
    assert_eq!(nested["a"]["b"].as_array().unwrap()[1..], [json!(2), json!(3)]);
}

#[tokio::test]
async fn what_is_no_document_is_still_text_and_bytes() {
    for body in [&b"{\"a\": "[..], b"plain", b"", b"\xff\x00"] {
        let answer = groups(Scripted::answers([answer(body)])).get("/any").await.unwrap();
        assert_eq!(*answer, Value::Null);
        assert_eq!(answer.get("a"), None);
        assert_eq!(answer.bytes().as_ref(), body);
        assert_eq!(answer.text(), String::from_utf8_lossy(body));
        assert!(answer.headers().get("content-type").is_none());
        let error = answer.json::<Value>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
    }
}

#[tokio::test]
async fn status_and_headers_stay_with_what_was_decoded() {
    let mut created = json_answer(201, &json!({"id": "g", "name": "n"}));
    created.headers_mut().insert("X-Later", "1".parse().unwrap());
    let group = groups(Scripted::answers([created]))
        .create_group(json!({"name": "n"}))
        .await
        .unwrap();
    assert_eq!(group.status().as_u16(), 201);
    assert_eq!(group.status().canonical_reason(), Some("Created"));
    for name in ["x-later", "X-LATER", "X-Later"] {
        assert_eq!(group.headers().get(name).unwrap(), "1");
    }
    assert_eq!(group.name.as_deref(), Some("n"));
    let group: Group = group.into_inner();
    assert_eq!(group.id.unwrap(), "g");
}

#[tokio::test]
async fn a_list_is_walked_in_both_directions_and_again() {
    let rows = json!([{"id": "b"}, {"id": "a"}]);
    let page = groups(Scripted::json([rows.clone()])).get_my_groups().await.unwrap();
    let ids = |page: &[Group]| {
        page.iter()
            .map(|group| group.id.clone().unwrap().to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!((page.len(), page.is_empty()), (2, false));
    assert_eq!(ids(&page.items), ["b", "a"]);
    let backwards: Vec<_> = page.items.iter().rev().cloned().collect();
    assert_eq!(ids(&backwards), ["a", "b"]);
    assert_eq!(serde_json::to_value(&*page).unwrap(), rows);
    assert_eq!(page.into_iter().count(), 2);
}

#[tokio::test]
async fn what_is_no_list_of_rows_is_an_error_that_says_what_came() {
    for (body, found) in [(json!({"a": 1}), "map"), (json!("x"), "string"), (json!(5), "integer")] {
        let error = groups(Scripted::json([body])).get_my_groups().await.unwrap_err();
        let text = error.to_string();
        for part in ["a page of `groups.get_my_groups`", "a list of rows", found] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
    let nothing = groups(Scripted::json([json!(null)])).get_my_groups().await.unwrap();
    assert!(nothing.is_empty());
    assert_eq!(serde_json::to_value(&*nothing).unwrap(), Value::Null);
    // An object without its list is no page either.
    for body in [json!([]), json!({}), json!(null)] {
        let builder = TransferClient::builder().transport(Scripted::json([body]));
        let error = builder.build().unwrap().task_list().await.unwrap_err();
        assert!(error.to_string().contains("`DATA`"), "{error}");
    }
}

/// Announces one piece after the other, the second only when it is asked for.
#[derive(Debug, Default)]
struct Pieces(Arc<std::sync::atomic::AtomicUsize>);

impl Transport for Pieces {
    fn send(
        &self,
        _request: http::Request<Bytes>,
        _timeout: Option<Duration>,
    ) -> BoxFuture<'_, Result<http::Response<AnswerBody>, TransportError>> {
        let given = self.0.clone();
        let pieces = (0..3_usize).map(move |piece| {
            given.store(piece + 1, std::sync::atomic::Ordering::SeqCst);
            Ok(Bytes::from(piece.to_string()))
        });
        let body = AnswerBody::from_stream(futures_util::stream::iter(pieces));
        Box::pin(async move { Ok(http::Response::new(body)) })
    }
}

#[tokio::test]
async fn a_streamed_answer_is_read_piece_by_piece() {
    let pieces = Pieces::default();
    let given = pieces.0.clone();
    let given = move || given.load(std::sync::atomic::Ordering::SeqCst);
    let mut answer = groups(Arc::new(pieces)).get_group("g").stream().await.unwrap();
    assert_eq!((answer.status().as_u16(), given()), (200, 0));
    for piece in 0..3 {
        assert_eq!(answer.chunk().await.unwrap().unwrap(), piece.to_string());
        assert_eq!(given(), piece + 1);
    }
    assert!(answer.chunk().await.is_none());
}
