//! The same listings from a server in every way of reading all pages: async and blocking, typed and by name.

use globus_sdk::authorizers::NullAuthorizer;
use globus_sdk::client::{Async, Blocking, ClientType};
use globus_sdk::error::ErrorKind;
use globus_sdk::services::operation;
use globus_sdk::{AnyClient, Error, Page, Response};
use serde_json::{Value, json};

use crate::http_server::HttpServer;

/// What became of a listing.
#[derive(Debug, PartialEq)]
struct Course {
    /// The rows of each page; unknown where a call by name failed.
    pages: Option<Vec<usize>>,
    end: Option<ErrorKind>,
    /// The queries, or the bodies.
    asked: Vec<String>,
}

impl Course {
    fn typed<T>(pages: impl Iterator<Item = Result<Response<Page<T>>, Error>>, server: &HttpServer) -> Self {
        let (mut sizes, mut end) = (Vec::new(), None);
        for page in pages {
            assert!(end.is_none(), "nothing comes behind an error");
            match page {
                Ok(page) => sizes.push(page.len()),
                Err(error) => end = Some(error.kind()),
            }
        }
        Self {
            pages: Some(sizes),
            end,
            asked: asked(server),
        }
    }

    fn named(key: &str, pages: Result<Vec<Value>, Error>, server: &HttpServer) -> Self {
        let rows = operation(key)
            .and_then(|row| row.answer.rows)
            .expect("an operation with pages");
        let len = |page: &Value| page[rows].as_array().map_or(0, Vec::len);
        Self {
            pages: pages.as_ref().ok().map(|pages| pages.iter().map(len).collect()),
            end: pages.err().map(|error| error.kind()),
            asked: asked(server),
        }
    }
}

fn asked(server: &HttpServer) -> Vec<String> {
    let requests = server.asked().into_iter();
    let query = |request: crate::http_server::Asked| match request.target.split_once('?') {
        Some((_, query)) => query.to_owned(),
        None => String::from_utf8_lossy(&request.body).into_owned(),
    };
    requests.map(query).collect()
}

/// Reads a listing in all four ways, each from a server of its own with these answers.
macro_rules! courses {
    ($answers:expr, $client:ident.$operation:ident($($arg:expr),*)$(.$setter:ident($value:expr))*, $params:tt) => {{
        let answers: Vec<Value> = $answers;
        let (async_typed, blocking_typed, async_named, blocking_named) = (
            HttpServer::script(answers.clone()),
            HttpServer::script(answers.clone()),
            HttpServer::script(answers.clone()),
            HttpServer::script(answers),
        );
        let spec = <globus_sdk::$client as ClientType>::SPEC;
        let (key, params) = (format!("{}.{}", spec.id, stringify!($operation)), json!($params).to_string());

        let client = globus_sdk::$client::builder().base_url(async_typed.url()).authorizer(NullAuthorizer).build().expect("a client");
        let mut pages = client.$operation($($arg),*)$(.$setter($value))*.pages();
        let mut read = Vec::new();
        while let Some(page) = pages.next().await {
            read.push(page);
        }
        let typed = Course::typed(read.into_iter(), &async_typed);

        let client = AnyClient::<Async>::builder(spec.id).expect("a client").base_url(async_named.url()).authorizer(NullAuthorizer).build().expect("a client");
        let named = Course::named(&key, client.call(stringify!($operation), &params).paginated().await, &async_named);

        let blocking = std::thread::spawn(move || {
            let client = globus_sdk::blocking::$client::builder().base_url(blocking_typed.url()).authorizer(NullAuthorizer).build().expect("a client");
            let typed = Course::typed(client.$operation($($arg),*)$(.$setter($value))*.pages(), &blocking_typed);
            let client = AnyClient::<Blocking>::builder(spec.id).expect("a client").base_url(blocking_named.url()).authorizer(NullAuthorizer).build().expect("a client");
            (typed, Course::named(&key, client.call(stringify!($operation), &params).paginated(), &blocking_named))
        });
        let (blocking_typed, blocking_named) = blocking.join().expect("no panic");
        agree(typed, [blocking_typed, named, blocking_named])
    }};
}

/// The one course of all ways.
fn agree(first: Course, others: [Course; 3]) -> Course {
    for other in others {
        assert_eq!((&other.end, &other.asked), (&first.end, &first.asked));
        if other.pages.is_some() {
            assert_eq!(other.pages, first.pages);
        }
    }
    first
}

fn course<const P: usize, const R: usize>(pages: [usize; P], end: Option<ErrorKind>, asked: [&str; R]) -> Course {
    Course {
        pages: Some(pages.to_vec()),
        end,
        asked: asked.map(str::to_owned).to_vec(),
    }
}

/// A page with so many rows under a key, and further fields.
fn page(key: &str, rows: usize, mut fields: Value) -> Value {
    fields[key] = vec![json!({}); rows].into();
    fields
}

fn data(rows: usize, fields: Value) -> Value {
    page("DATA", rows, fields)
}

#[tokio::test]
async fn many_pages() {
    let answers = (1..=7).map(|number| {
        page(
            "flows",
            3,
            json!({"marker": format!("m{number}"), "has_next_page": number < 7}),
        )
    });
    let read = courses!(answers.collect(), FlowsClient.list_flows().filter_fulltext("x"), {"filter_fulltext": "x"});
    let queries = [
        "",
        "&marker=m1",
        "&marker=m2",
        "&marker=m3",
        "&marker=m4",
        "&marker=m5",
        "&marker=m6",
    ]
    .map(|marker| format!("filter_fulltext=x{marker}"));
    assert_eq!(read, course([3; 7], None, queries.each_ref().map(String::as_str)));
}

#[tokio::test]
async fn empty_pages() {
    let flows = |rows, fields| page("flows", rows, fields);
    // One in between leads on as any other.
    let answers = vec![
        flows(0, json!({"marker": "a", "has_next_page": true})),
        flows(2, json!({"marker": null, "has_next_page": false})),
    ];
    let read = courses!(answers, FlowsClient.list_flows(), {});
    assert_eq!(read, course([0, 2], None, ["", "marker=a"]));
    // Null is a list without rows.
    let answers = vec![json!({"DATA": null, "has_next_page": false})];
    let read = courses!(answers, TransferClient.endpoint_search(), {});
    assert_eq!(read, course([0], None, ["limit=100"]));
    // Counting rows leads nowhere from here.
    let answers = vec![data(0, json!({"has_next_page": true}))];
    let read = courses!(answers, TransferClient.endpoint_search(), {});
    assert_eq!(read, course([0], Some(ErrorKind::Decode), ["limit=100"]));
}

#[tokio::test]
async fn a_last_page_without_a_marker() {
    let answers = vec![data(2, json!({"next_marker": 17})), data(1, json!({}))];
    let read = courses!(answers, TransferClient.task_successful_transfers("t"), {"task_id": "t"});
    assert_eq!(read, course([2, 1], None, ["", "marker=17"]));
    // Unless it says that more follows.
    let answers = vec![page("flows", 1, json!({"has_next_page": true}))];
    let read = courses!(answers, FlowsClient.list_flows(), {});
    assert_eq!(read, course([1], Some(ErrorKind::Decode), [""]));
}

#[tokio::test]
async fn a_repeated_marker() {
    let rows = |marker: &str| page("flows", 1, json!({"marker": marker, "has_next_page": true}));
    let read = courses!(vec![rows("a"), rows("a"), rows("a")], FlowsClient.list_flows(), {});
    assert_eq!(read, course([1, 1], Some(ErrorKind::Decode), ["", "marker=a"]));
}

#[tokio::test]
async fn a_link_to_another_origin() {
    let answers = vec![json!({"data": [{}], "links": {"next": "https://elsewhere.example/v2/tunnels?page[marker]=a"}})];
    let read = courses!(answers, TransferClientV2.list_stream_access_points(), {});
    assert_eq!(read, course([1], Some(ErrorKind::Decode), [""]));
}

#[tokio::test]
async fn links_may_be_objects() {
    let answers = vec![
        json!({"data": [{}], "links": {"next": {"href": "?page[marker]=a"}}}),
        json!({"data": [{}], "links": {"next": null}}),
    ];
    let read = courses!(answers, TransferClientV2.list_stream_access_points(), {});
    assert_eq!(read, course([1, 1], None, ["", "page%5Bmarker%5D=a"]));
    for links in [
        json!("x"),
        json!({"next": 5}),
        json!({"next": {}}),
        json!({"next": false}),
    ] {
        let answers = vec![json!({"data": [{}], "links": links})];
        let read = courses!(answers, TransferClientV2.list_stream_access_points(), {});
        assert_eq!(read, course([1], Some(ErrorKind::Decode), [""]));
    }
}

#[tokio::test]
async fn flags_of_other_kinds_do_not_end_a_listing() {
    for flag in [json!(1), json!("true")] {
        let answers = vec![
            page("flows", 1, json!({"marker": "a", "has_next_page": flag})),
            page("flows", 1, json!({"marker": "b", "has_next_page": 0})),
        ];
        let read = courses!(answers, FlowsClient.list_flows(), {});
        assert_eq!(read, course([1, 1], None, ["", "marker=a"]));
    }
    for fields in [
        json!({"marker": "a", "has_next_page": "perhaps"}),
        json!({"marker": "a", "has_next_page": []}),
        json!({"marker": {"a": 1}, "has_next_page": true}),
        json!({"marker": true, "has_next_page": true}),
    ] {
        let read = courses!(vec![page("flows", 1, fields)], FlowsClient.list_flows(), {});
        assert_eq!(read, course([1], Some(ErrorKind::Decode), [""]));
    }
    for total in [json!("1500"), json!({}), json!(-1)] {
        let read = courses!(vec![data(1, json!({"total": total}))], TransferClient.task_list(), {});
        assert_eq!(read, course([1], Some(ErrorKind::Decode), ["limit=1000"]));
    }
}

#[tokio::test]
async fn a_cap() {
    let more = || data(400, json!({"total": 5000}));
    let last = data(200, json!({"total": 5000}));
    let read = courses!(
        vec![more(), more(), last],
        TransferClient.task_list().limit(400_u32),
        {"limit": 400}
    );
    let queries = ["limit=400", "limit=400&offset=400", "limit=200&offset=800"];
    assert_eq!(read, course([400, 400, 200], Some(ErrorKind::Truncated), queries));
    // The other cap, with the window in a document.
    let found = |rows| page("gmeta", rows, json!({"count": rows, "has_next_page": true}));
    let query = || json!({"q": "*", "limit": 60, "offset": 9900});
    let read = courses!(
        vec![found(60), found(40)],
        SearchClient.post_search("i", query()),
        {"index_id": "i", "data": {"q": "*", "limit": 60, "offset": 9900}}
    );
    assert_eq!((read.pages, read.end), (Some(vec![60, 40]), Some(ErrorKind::Truncated)));
    let windows: Vec<Value> = read
        .asked
        .iter()
        .map(|body| serde_json::from_str(body).expect("JSON"))
        .collect();
    assert_eq!(windows, [query(), json!({"q": "*", "limit": 40, "offset": 9960})]);
}

#[tokio::test]
async fn nothing_is_asked_for_behind_a_cap() {
    for offset in [1000_u32, 1001, u32::MAX] {
        let read = courses!(vec![], TransferClient.task_list().offset(offset), {"offset": (offset)});
        assert_eq!(read, course([], Some(ErrorKind::Truncated), []));
    }
    // The last row before it may be asked for.
    let answers = vec![data(1, json!({"total": 1000}))];
    let read =
        courses!(answers, TransferClient.task_list().offset(999_u32).limit(50_u32), {"offset": 999, "limit": "50"});
    assert_eq!(read, course([1], None, ["limit=1&offset=999"]));
}

#[tokio::test]
async fn a_cap_may_be_expected() {
    let server = HttpServer::script(vec![data(1000, json!({"total": 5000}))]);
    let builder = AnyClient::builder("transfer").expect("a client").base_url(server.url());
    let client: AnyClient = builder.authorizer(NullAuthorizer).build().expect("a client");
    let call = client.call("task_list", "{}").with_truncation();
    assert_eq!(call.paginated().await.expect("a page").len(), 1);
    let behind = client.call("task_list", r#"{"offset": 1000}"#).with_truncation();
    assert!(behind.paginated().await.expect("no page").is_empty());
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn what_is_no_list_is_named() {
    for (found, wanted) in [(json!("none"), "string"), (json!({}), "map"), (json!(3), "integer")] {
        let server = HttpServer::script(vec![json!({"DATA": found, "has_next_page": false})]);
        let builder = globus_sdk::TransferClient::builder().base_url(server.url());
        let client = builder.authorizer(NullAuthorizer).build().expect("a client");
        let error = client.endpoint_search().await.expect_err("no list").to_string();
        for part in ["a page of `transfer.endpoint_search`", "DATA", "a list of rows", wanted] {
            assert!(error.contains(part), "{part}: {error}");
        }
    }
}
