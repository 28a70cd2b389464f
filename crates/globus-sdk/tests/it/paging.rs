//! From page to page: every style, the caller's page size, ends that are none, and circles.

use std::sync::Arc;

use globus_sdk::error::ErrorKind;
use globus_sdk::operation::{Paging, Place};
use globus_sdk::services::operations;
use globus_sdk::services::transfer::{SharedEndpoint, SkippedError, StreamAccessPoint, Task, TaskEvent};
use globus_sdk::transport::Transport;
use globus_sdk::{AnyClient, Error, Page, Response, TransferClient, TransferClientV2, blocking};
use serde_json::{Value, json};

use crate::scripted::Scripted;

fn transfer(script: &Arc<Scripted>) -> TransferClient {
    let transport: Arc<dyn Transport> = script.clone();
    TransferClient::builder()
        .transport(transport)
        .build()
        .expect("a client")
}

fn transfer_v2(script: &Arc<Scripted>) -> TransferClientV2 {
    let transport: Arc<dyn Transport> = script.clone();
    TransferClientV2::builder()
        .transport(transport)
        .build()
        .expect("a client")
}

/// A page of `DATA` with so many empty rows, and further fields.
fn data(rows: usize, mut fields: Value) -> Value {
    fields["DATA"] = vec![json!({}); rows].into();
    fields
}

fn queries(script: &Scripted) -> Vec<String> {
    let query = |target: String| {
        target
            .split_once('?')
            .map(|(_, query)| query.to_owned())
            .unwrap_or_default()
    };
    script.targets().into_iter().map(query).collect()
}

fn sizes<T>(pages: &[Response<Page<T>>]) -> Vec<usize> {
    pages.iter().map(|page| page.len()).collect()
}

#[test]
fn paged_operations_take_what_their_paging_sets() {
    let mut paged = 0;
    for row in operations() {
        let needed: &[&str] = match row.paging {
            None => continue,
            Some(Paging::Marker | Paging::NullableMarker(_)) => &["marker"],
            Some(Paging::LastKey) => &["last_key"],
            Some(Paging::NextToken) => &["next_token"],
            Some(Paging::HasNextPage { .. } | Paging::Total { .. }) => &["limit", "offset"],
            Some(_) => &[],
        };
        for name in needed {
            let (_, param) = row.param(name).unwrap_or_else(|| panic!("{row} lacks {name}"));
            assert!(
                matches!(param.place, Place::Query | Place::Body) && !param.required,
                "{row}: {name}"
            );
        }
        paged += 1;
    }
    assert!(paged >= 10, "{paged} operations");
}

#[tokio::test]
async fn has_next_page_counts_rows() {
    let script = Scripted::json([
        data(100, json!({"has_next_page": true})),
        data(70, json!({"has_next_page": true})),
        data(1, json!({"has_next_page": false})),
    ]);
    let pages = transfer(&script)
        .endpoint_search()
        .filter_fulltext("x")
        .pages()
        .try_collect()
        .await
        .expect("pages");
    assert_eq!(sizes(&pages), [100, 70, 1]);
    let expected = ["limit=100", "limit=100&offset=100", "limit=100&offset=170"];
    assert_eq!(
        queries(&script),
        expected.map(|window| format!("filter_fulltext=x&{window}"))
    );
}

#[tokio::test]
async fn without_pages_there_is_one_request() {
    let script = Scripted::json([data(2, json!({"total": 9, "has_next_page": true, "last_key": "k"}))]);
    let client = transfer(&script);
    assert_eq!(
        client
            .endpoint_manager_task_event_list("t")
            .await
            .expect("a page")
            .len(),
        2
    );
    assert_eq!(client.endpoint_manager_task_list().await.expect("a page").len(), 2);
    assert_eq!(queries(&script), ["", ""]);
}

#[tokio::test]
async fn total_ends_the_listing_and_the_page_size_is_honoured() {
    let script = Scripted::json([data(3, json!({"total": 12})), data(2, json!({"total": 12}))]);
    let call = transfer(&script)
        .endpoint_manager_task_event_list("t")
        .limit(3)
        .offset(7);
    let rows: Vec<TaskEvent> = call.items().try_collect().await.expect("rows");
    assert_eq!(rows.len(), 5);
    assert_eq!(queries(&script), ["limit=3&offset=7", "limit=3&offset=10"]);
}

#[tokio::test]
async fn where_the_service_stops_giving_rows_there_is_an_error_unless_it_is_expected() {
    let answers = || Scripted::json([data(600, json!({"total": 5000})), data(400, json!({"total": 5000}))]);
    let script = answers();
    let mut items = transfer(&script).endpoint_manager_task_event_list("t").items();
    let mut rows = 0;
    let error = loop {
        match items.next().await.expect("more, or an error") {
            Ok(_) => rows += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(rows, 1000);
    assert!(matches!(error, Error::Truncated { rows: 1000, .. }), "{error}");
    assert!(items.next().await.is_none());
    assert_eq!(queries(&script), ["limit=1000", "limit=400&offset=600"]);

    let items = transfer(&answers())
        .endpoint_manager_task_event_list("t")
        .items()
        .with_truncation();
    let rows: Vec<TaskEvent> = items.try_collect().await.expect("rows");
    assert_eq!(rows.len(), 1000);
}

#[tokio::test]
async fn last_key_leads_on_while_there_is_a_next_page() {
    let script = Scripted::json([
        data(2, json!({"has_next_page": true, "last_key": "a,b c"})),
        data(1, json!({"has_next_page": false, "last_key": "z"})),
    ]);
    let call = transfer(&script)
        .endpoint_manager_task_list()
        .filter_status([globus_sdk::services::transfer::TaskStatus::Active]);
    let rows: Vec<Task> = call.items().try_collect().await.expect("rows");
    assert_eq!(rows.len(), 3);
    assert_eq!(
        queries(&script),
        ["filter_status=ACTIVE", "filter_status=ACTIVE&last_key=a%2Cb+c"]
    );
}

fn shares() -> Arc<Scripted> {
    let rows = |from: usize| {
        (from..from + 3)
            .map(|id| json!({"id": format!("share-{id}")}))
            .collect::<Vec<_>>()
    };
    Scripted::json([
        json!({"shared_endpoints": rows(0), "next_token": "one"}),
        json!({"shared_endpoints": rows(3), "next_token": "two"}),
        json!({"shared_endpoints": rows(6), "next_token": null}),
    ])
}

fn ids(rows: &[SharedEndpoint]) -> Vec<String> {
    rows.iter()
        .filter_map(|row| row.id.as_ref())
        .map(ToString::to_string)
        .collect()
}

#[tokio::test]
async fn next_token_leads_on_by_pages_by_items_and_by_name() {
    let expected: Vec<String> = (0..9).map(|id| format!("share-{id}")).collect();
    let script = shares();
    let call = transfer(&script).get_shared_endpoint_list("host").max_results(3);
    let pages = call.clone().pages().try_collect().await.expect("pages");
    assert_eq!(sizes(&pages), [3, 3, 3]);
    assert_eq!(
        queries(&script),
        [
            "max_results=3",
            "max_results=3&next_token=one",
            "max_results=3&next_token=two"
        ]
    );

    let rows: Vec<SharedEndpoint> = transfer(&shares())
        .get_shared_endpoint_list("host")
        .items()
        .try_collect()
        .await
        .expect("rows");
    assert_eq!(ids(&rows), expected);
    let of_pages = transfer(&shares()).get_shared_endpoint_list("host").pages().items();
    assert_eq!(of_pages.try_collect::<Vec<_>>().await.expect("rows"), rows);

    let by_name: AnyClient = AnyClient::builder("transfer")
        .expect("a client")
        .transport(shares())
        .build()
        .expect("a client");
    let call = by_name.call("get_shared_endpoint_list", r#"{"endpoint_id": "host"}"#);
    assert_eq!(call.paginated().await.expect("pages").len(), 3);
}

#[test]
fn next_token_leads_on_in_blocking_programs() {
    let client = blocking::TransferClient::builder()
        .transport(shares())
        .build()
        .expect("a client");
    let rows: Result<Vec<SharedEndpoint>, _> = client.get_shared_endpoint_list("host").items().collect();
    assert_eq!(ids(&rows.expect("rows")).len(), 9);
}

#[tokio::test]
async fn markers_lead_on_until_one_is_null() {
    let pages = (1..=10).map(|page| {
        data(
            100,
            json!({"next_marker": if page == 10 { Value::Null } else { json!(page) }}),
        )
    });
    let script = Scripted::json(pages);
    let call = transfer(&script).endpoint_manager_task_skipped_errors("t");
    let rows: Vec<SkippedError> = call.items().try_collect().await.expect("rows");
    assert_eq!((rows.len(), script.targets().len()), (1000, 10));
    assert_eq!(queries(&script)[9], "marker=9");
}

#[tokio::test]
async fn a_marker_that_comes_back_is_an_error() {
    for markers in [
        vec!["a", "a"],
        vec!["a", "b", "c", "b", "c", "b", "c", "b", "c", "b", "c"],
    ] {
        let script = Scripted::json(markers.iter().map(|marker| data(1, json!({"next_marker": marker}))));
        let call = transfer(&script).endpoint_manager_task_skipped_errors("t");
        let error = call
            .items()
            .try_collect::<Vec<SkippedError>>()
            .await
            .expect_err("it would never end");
        assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
        assert!(error.to_string().contains("never end"), "{error}");
        assert!(script.targets().len() <= markers.len(), "{:?}", script.targets());
    }
}

/// A page of JSON:API rows with a link to the next.
fn linked(next: impl Into<Value>) -> Value {
    json!({"data": [{"type": "StreamAccessPoint", "id": "s"}], "links": {"next": next.into()}})
}

#[tokio::test]
async fn json_api_links_lead_on_by_their_query() {
    let script = Scripted::json([
        linked("https://transfer.api.globus.org/v2/elsewhere?page%5Bmarker%5D=a%2Fb&page[limit]=2"),
        linked("/v2/stream_access_points?page[marker]=two"),
        json!({"data": [], "links": null}),
    ]);
    let call = transfer_v2(&script)
        .list_stream_access_points()
        .with_query_param("page[limit]", 2_u32);
    let rows: Vec<StreamAccessPoint> = call.items().try_collect().await.expect("rows");
    assert_eq!(rows.len(), 2);
    assert_eq!(
        script.targets(),
        [
            "/v2/stream_access_points?page%5Blimit%5D=2",
            "/v2/stream_access_points?page%5Bmarker%5D=a%2Fb&page%5Blimit%5D=2",
            "/v2/stream_access_points?page%5Bmarker%5D=two",
        ]
    );
}

#[tokio::test]
async fn json_api_links_do_not_lead_away() {
    for away in [
        "https://transfer.api.globus.example/v2/stream_access_points?page[marker]=a",
        "http://transfer.api.globus.org/v2/stream_access_points?page[marker]=a",
        "//elsewhere.example/v2?page[marker]=a",
    ] {
        let script = Scripted::json([linked(away)]);
        let mut pages = transfer_v2(&script).list_stream_access_points().pages();
        assert_eq!(pages.next().await.expect("a page").expect("the first one").len(), 1);
        let error = pages.next().await.expect("an error").expect_err("it is not followed");
        assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
        assert!(error.to_string().contains("links.next"), "{error}");
        assert!(
            error.to_string().contains("away from https://transfer.api.globus.org"),
            "{error}"
        );
        assert_eq!(script.targets().len(), 1);
    }
}

#[tokio::test]
async fn json_api_links_in_a_circle_are_an_error() {
    for links in [
        vec!["?page[marker]=a"],
        vec![
            "?page[marker]=a",
            "?page[marker]=b",
            "?page[marker]=a",
            "?page[marker]=b",
        ],
    ] {
        let mut answers: Vec<Value> = links.iter().map(|link| linked(*link)).collect();
        answers.extend(answers.clone());
        let script = Scripted::json(answers);
        let call = transfer_v2(&script).list_stream_access_points();
        let error = call
            .items()
            .try_collect::<Vec<_>>()
            .await
            .expect_err("it would never end");
        assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
        assert!(script.targets().len() <= 2 * links.len(), "{:?}", script.targets());
    }
}
