//! Search beyond the recorded calls: documents, paging, what is refused.

use globus_sdk::models::Model;
use globus_sdk::services::search::*;
use globus_sdk::{AnyClient, Error, SearchClient};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::scripted::Scripted;

fn client(script: &std::sync::Arc<Scripted>) -> SearchClient {
    SearchClient::builder().transport(script.clone()).build().unwrap()
}

fn json_of(document: &impl Serialize) -> Value {
    serde_json::to_value(document).unwrap()
}

/// Reads a document and writes it as it came.
fn kept<T: Model + Serialize + DeserializeOwned>(document: &Value) -> T {
    let read: T = serde_json::from_str(&document.to_string()).unwrap();
    assert_eq!(json_of(&read), *document);
    read
}

fn page(rows: usize, count: u64, more: bool) -> Value {
    let gmeta: Vec<Value> = (0..rows).map(|row| json!({"subject": format!("s{row}")})).collect();
    json!({"gmeta": gmeta, "count": count, "has_next_page": more, "offset": 0, "total": 20000})
}

#[test]
fn queries_carry_their_version() {
    assert_eq!(json_of(&SearchQueryV1::new()), json!({"@version": "query#1.0.0"}));
    assert_eq!(json_of(&SearchQueryV1::default()), json!({"@version": "query#1.0.0"}));
    assert_eq!(json_of(&SearchScrollQuery::new("*")), json!({"q": "*"}));
    assert_eq!(
        json_of(&DeleteByQueryV1::matching("old")),
        json!({"@version": "delete_by_query#1.0.0", "q": "old"})
    );
    assert_eq!(
        json_of(&DeleteByQueryV1::filtered([GFilter::exists("withdrawn")])),
        json!({"@version": "delete_by_query#1.0.0", "filters": [{"type": "exists", "field_name": "withdrawn"}]})
    );
    // What was written without a version gets none, and unknown fields stay.
    kept::<SearchQueryV1>(&json!({"q": "raw", "limit": 1, "later": {"deep": [null]}, "none": null}));
    let old = kept::<SearchQueryV1>(&json!({"@version": "2017-09-01", "filters": [{"post_filter": true}]}));
    assert_eq!(old.version, QueryVersion::V2017);
}

#[test]
fn a_query_with_everything() {
    let query = SearchQueryV1::new()
        .q("user query")
        .limit(5)
        .offset(10)
        .advanced(true)
        .filters([
            GFilter::match_all("tags", ["a", "b"]),
            GFilter::match_any("size", [1, 2]),
            GFilter::range("path.to.date", [RangeFilterValue::from("*").to("2014-11-07")]),
            GFilter::range(
                "n",
                [
                    RangeFilterValue::default().gt(1).lte(2.5),
                    RangeFilterValue::default().gte(7).lt(8),
                ],
            ),
            GFilter::not(GFilter::like("name", "a*c?")),
            GFilter::or([GFilter::exists("x"), GFilter::and([])]),
        ])
        .facets([
            GFacet::date_histogram("path.to.date", DateInterval::Year).with_name("Publication Date"),
            GFacet::terms("type").with_size(3),
            GFacet::numeric_histogram("size", 4, 0, 100),
            GFacet::sum("size"),
            GFacet::avg("size").with_name("mean"),
            GFacet::distinct_count("author"),
        ])
        .post_facet_filters([GFilter::match_any("type", ["letter"])])
        .boosts([GBoost::new("title", 2.0).unwrap()])
        .sort([GSort::new("path.to.date", SortOrder::Asc)]);
    let expected = json!({
        "@version": "query#1.0.0",
        "q": "user query",
        "limit": 5,
        "offset": 10,
        "advanced": true,
        "filters": [
            {"type": "match_all", "field_name": "tags", "values": ["a", "b"]},
            {"type": "match_any", "field_name": "size", "values": [1, 2]},
            {"type": "range", "field_name": "path.to.date", "values": [{"from": "*", "to": "2014-11-07"}]},
            {"type": "range", "field_name": "n", "values": [{"gt": 1, "lte": 2.5}, {"gte": 7, "lt": 8}]},
            {"type": "not", "filter": {"type": "like", "field_name": "name", "value": "a*c?"}},
            {"type": "or", "filters": [{"type": "exists", "field_name": "x"}, {"type": "and", "filters": []}]},
        ],
        "facets": [
            {"name": "Publication Date", "type": "date_histogram", "field_name": "path.to.date", "date_interval": "year"},
            {"type": "terms", "field_name": "type", "size": 3},
            {"type": "numeric_histogram", "field_name": "size", "size": 4, "histogram_range": {"low": 0, "high": 100}},
            {"type": "sum", "field_name": "size"},
            {"name": "mean", "type": "avg", "field_name": "size"},
            {"type": "distinct_count", "field_name": "author"},
        ],
        "post_facet_filters": [{"type": "match_any", "field_name": "type", "values": ["letter"]}],
        "boosts": [{"field_name": "title", "factor": 2.0}],
        "sort": [{"field_name": "path.to.date", "order": "asc"}],
    });
    assert_eq!(json_of(&query), expected);
    assert_eq!(kept::<SearchQueryV1>(&expected), query);
}

#[test]
fn places_and_areas() {
    let chicago = Coordinate::new(41.9, -87.6).unwrap();
    let madison = Coordinate::new(43.1, -89.4).unwrap();
    let milwaukee = Coordinate::new(43.0, -87.9).unwrap();
    assert_eq!(
        json_of(&GFilter::geo_bounding_box("loc", madison.clone(), chicago.clone())),
        json!({
            "type": "geo_bounding_box", "field_name": "loc",
            "top_left": {"lat": 43.1, "lon": -89.4}, "bottom_right": {"lat": 41.9, "lon": -87.6},
        })
    );
    let area = GeoPolygon::new([chicago.clone(), madison, milwaukee]).unwrap();
    assert_eq!(
        json_of(&GFilter::geo_shape("area", area, GeoRelation::Within)),
        json!({
            "type": "geo_shape", "field_name": "area", "relation": "within",
            "shape": {"type": "Polygon", "coordinates": [[[-87.6, 41.9], [-89.4, 43.1], [-87.9, 43.0], [-87.6, 41.9]]]},
        })
    );
    for (lat, lon) in [(90.1, 0.0), (0.0, -180.5), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
        let refused = Coordinate::new(lat, lon).unwrap_err();
        assert!(matches!(refused, Error::Validation { .. }), "{refused}");
        assert!(refused.to_string().contains("degrees go from"), "{refused}");
    }
    for ring in [vec![], vec![chicago.clone()], vec![chicago.clone(), chicago]] {
        let refused = GeoPolygon::new(ring).unwrap_err();
        assert!(refused.to_string().contains("at least three places"), "{refused}");
    }
    let refused = GBoost::new("title", f64::NAN).unwrap_err();
    assert!(refused.to_string().contains("finite number"), "{refused}");
}

#[test]
fn entries_to_write() {
    #[derive(Serialize)]
    struct Letter {
        author: &'static str,
    }
    let letter = GMetaEntry::new("https://example.org/1", ["public"], Letter { author: "Ada" }).unwrap();
    let one = json!({"subject": "https://example.org/1", "visible_to": ["public"], "content": {"author": "Ada"}});
    let document = json!({
        "ingest_type": "GMetaEntry", "ingest_data": one, "field_mapping": {"loc": "geo_point"},
    });
    let ingest = GIngest::entry(letter.clone()).with_field_type("loc", FieldType::GeoPoint);
    assert_eq!(json_of(&ingest), document);
    assert_eq!(kept::<GIngest>(&document), ingest);

    let mut two = one.clone();
    two["id"] = json!("second");
    let document = json!({"ingest_type": "GMetaList", "ingest_data": {"gmeta": [one, two]}});
    let ingest = GIngest::list([letter.clone(), letter.with_id("second")]);
    assert_eq!(json_of(&ingest), document);
    assert_eq!(kept::<GIngest>(&document), ingest);
    // An entry without an id may say so.
    kept::<GIngest>(&json!({"ingest_data": {"id": null, "later": 1}, "@version": "2017-09-01"}));

    for content in [json!("text"), json!([1]), json!(null)] {
        let refused = GMetaEntry::new("s", ["public"], content).unwrap_err();
        assert!(refused.to_string().contains("is no JSON object"), "{refused}");
    }
    let unwritable = std::collections::BTreeMap::from([((1, 2), 3)]);
    let refused = GMetaEntry::new("s", ["public"], unwritable).unwrap_err();
    assert!(refused.to_string().contains("is not serializable"), "{refused}");
}

#[test]
fn recorded_documents_are_typed() {
    let index = kept::<Index>(&json!({
        "@datatype": "GSearchIndex", "@version": "2017-09-01", "id": "i", "display_name": "n", "description": "d",
        "status": "delete_pending", "is_trial": true, "subscription_id": null, "max_size_in_mb": 1, "size_in_mb": 0,
        "num_subjects": 1822, "num_entries": 3644, "creation_date": "2021-04-05 15:05:18",
        "content_last_modified_date": null, "available": false, "permissions": ["owner", "reader"],
    }));
    assert_eq!(index.status, Some(IndexStatus::DeletePending));
    assert_eq!(
        index.permissions,
        Some(vec![IndexRole::Owner, IndexRole::Other("reader".into())])
    );
    assert_eq!(index.extra.len(), 2);
    let role = json!({
        "creation_date": "2022-01-26 21:53:06", "id": "MDQ1MzAy", "index_id": "i",
        "principal": "urn:globus:auth:identity:p", "principal_type": "identity", "role_name": "writer",
    });
    let deleted = kept::<DeletedRole>(&json!({"deleted": role, "success": true}));
    assert_eq!(deleted.deleted.unwrap().principal_type, Some(PrincipalType::Identity));
    let task = kept::<Task>(&json!({
        "task_id": "t", "index_id": "i", "task_type": "ingest", "state": "SUCCESS", "state_description": "Task succeeded",
        "message": null, "additional_details": null, "creation_date": "2021-10-05T18:42:49", "completion_date": null,
    }));
    assert!(task.state.unwrap().is_final() && task.extra.is_empty());
    assert!(!TaskState::Progress.is_final());
    let found = kept::<GMetaResult>(&json!({
        "@datatype": "GMetaResult", "@version": "2019-08-27", "subject": "foo-bar",
        "entries": [{"content": {"foo": "bar"}, "entry_id": null, "matched_principal_sets": []}],
    }));
    assert_eq!(found.entries.unwrap()[0].content, Some(json!({"foo": "bar"})));
}

#[test]
fn roles_name_principals() {
    assert_eq!(
        json_of(&Role::for_identity(IndexRole::Writer, "p")),
        json!({"role_name": "writer", "principal": "urn:globus:auth:identity:p"})
    );
    assert_eq!(
        json_of(&Role::for_group(IndexRole::Admin, "g")),
        json!({"role_name": "admin", "principal": "urn:globus:groups:id:g"})
    );
}

#[tokio::test]
async fn lists_are_read_row_by_row() {
    let script = Scripted::json([
        json!({"index_list": [{"id": "a"}, {"id": "b"}]}),
        json!({"role_list": [{"id": "r"}]}),
        json!({"index_id": "i", "tasks": [{"task_id": "t", "state": "PENDING"}]}),
    ]);
    let client = client(&script);
    let indices = client
        .index_list()
        .filter_roles([IndexRole::Owner, IndexRole::Admin])
        .await
        .unwrap();
    let ids: Vec<_> = indices.iter().filter_map(|index| index.id.clone()).collect();
    assert_eq!(ids, ["a", "b"]);
    assert_eq!(client.get_role_list("i").await.unwrap().len(), 1);
    let tasks = client.get_task_list("i").await.unwrap();
    assert_eq!(tasks.items[0].state, Some(TaskState::Pending));
    assert_eq!(
        script.targets(),
        [
            "/v1/index_list?filter_roles=owner%2Cadmin",
            "/v1/index/i/role_list",
            "/v1/task_list/i"
        ]
    );
}

#[tokio::test]
async fn limit_and_offset_win_and_the_query_stays() {
    let script = Scripted::json([page(0, 0, false)]);
    let client = client(&script);
    let typed = SearchQueryV1::new().q("x").limit(5).offset(1);
    let plain = json!({"q": "x", "limit": 5, "offset": 1});
    let (typed_before, plain_before) = (typed.clone(), plain.clone());
    client.post_search("i", &typed).limit(25).offset(10).await.unwrap();
    client.post_search("i", &plain).limit(25).offset(10).await.unwrap();
    let expected = json!({"q": "x", "limit": 25, "offset": 10});
    assert_eq!(script.body(1), expected);
    assert_eq!(script.body(0)["limit"], 25);
    assert_eq!(script.body(0)["offset"], 10);
    assert_eq!((typed, plain), (typed_before, plain_before));

    let scroll = SearchScrollQuery::new("*");
    let before = scroll.clone();
    client.scroll("i", &scroll).marker("m").await.unwrap();
    assert_eq!(script.body(2), json!({"q": "*", "marker": "m"}));
    assert_eq!(scroll, before);
}

#[tokio::test]
async fn results_end_visibly_at_ten_thousand() {
    // Rows that the caller may not see are counted all the same.
    let script = Scripted::json([page(99, 100, true), page(100, 100, true)]);
    let client = client(&script);
    let mut pages = client.search("i", "x").offset(9850).pages();
    assert_eq!(pages.next().await.unwrap().unwrap().len(), 99);
    assert_eq!(pages.next().await.unwrap().unwrap().len(), 100);
    match pages.next().await.unwrap().unwrap_err() {
        Error::Truncated { operation, rows } => assert_eq!((&*operation, rows), ("search.search", 10_000)),
        other => panic!("{other}"),
    }
    assert!(pages.next().await.is_none());
    assert_eq!(
        script.targets(),
        [
            "/v1/index/i/search?q=x&offset=9850&limit=100",
            "/v1/index/i/search?q=x&offset=9950&limit=50"
        ]
    );

    let script = Scripted::json([page(2, 10_000, true)]);
    let query = SearchQueryV1::new().q("x").limit(10_000);
    let listing = self::client(&script).post_search("i", &query).items().with_truncation();
    let rows: Vec<GMetaResult> = listing.try_collect().await.unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(script.requests().len(), 1);
    let cut = self::client(&script)
        .post_search("i", &query)
        .items()
        .try_collect::<Vec<_>>()
        .await;
    assert!(matches!(cut, Err(Error::Truncated { rows: 10_000, .. })), "{cut:?}");
}

#[tokio::test]
async fn facets_stand_beside_the_rows() {
    let mut answer = page(1, 1, false);
    answer["facet_results"] = json!([
        {"name": "extension", "buckets": [{"value": "txt", "count": 3}, {"value": {"from": 0, "to": 5}, "count": 1}]},
        {"name": "size", "value": 7.5},
        {"name": "authors", "approximate_value": 4.0},
    ]);
    let script = Scripted::json([answer]);
    let page = client(&script)
        .post_search("i", SearchQueryV1::new().q("x"))
        .await
        .unwrap();
    let facets: Vec<GFacetResult> = page.get("facet_results").unwrap();
    let buckets = facets[0].buckets.as_ref().unwrap();
    assert_eq!(
        (buckets[0].value.clone(), buckets[0].count),
        (Some(json!("txt")), Some(3))
    );
    assert_eq!((facets[1].value, facets[2].approximate_value), (Some(7.5), Some(4.0)));
}

#[tokio::test]
async fn one_subject_by_name_is_a_list_of_one() {
    let script = Scripted::json([json!({"task_id": "t"})]);
    let client = AnyClient::builder("search")
        .unwrap()
        .transport(script.clone())
        .build()
        .unwrap();
    let params = r#"{"index_id": "i", "subjects": "single"}"#;
    client.call("batch_delete_by_subject", params).await.unwrap();
    assert_eq!(script.body(0), json!({"subjects": ["single"]}));
}
