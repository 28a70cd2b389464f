//! Errors of the services.

use bytes::Bytes;
use globus_sdk::error::{ApiError, Error, ErrorKind, NetworkError, RequestSummary};
use globus_sdk::services::error_shape;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{Rules, vectors};

fn headers(values: &Value) -> HeaderMap {
    let pairs = values.as_object().into_iter().flatten();
    pairs
        .map(|(name, value)| {
            let value = HeaderValue::from_str(value.as_str().expect("a text")).expect("a header value");
            (name.parse::<HeaderName>().expect("a header name"), value)
        })
        .collect()
}

/// Builds the error that a vector is about.
fn replay(vector: &Value) -> ApiError {
    let service = vector["class"]
        .as_str()
        .expect("a class")
        .trim_end_matches("APIError")
        .to_lowercase();
    let request = &vector["request"];
    let method: Method = request["method"].as_str().expect("a method").parse().expect("a method");
    let summary = RequestSummary::new(
        &method,
        request["url"].as_str().expect("a URL"),
        &headers(&request["headers"]),
    );
    let response = &vector["response"];
    let status = u16::try_from(response["status"].as_u64().expect("a status")).expect("a status");
    let text = vector["result"]["text"].as_str().or(response["body_text"].as_str());
    let body = text.map_or_else(|| response["body"].to_string(), str::to_owned);
    let reason = vector["result"]["http_reason"].as_str().unwrap_or_default();
    let status = StatusCode::from_u16(status).expect("a status");
    ApiError::new(
        error_shape(&service),
        &summary,
        status,
        reason,
        headers(&response["headers"]),
        Bytes::from(body),
    )
}

/// What the vectors record of an error.
fn observed(error: &ApiError) -> Value {
    let info = error.info();
    let parameters = info.authorization_parameters.clone();
    let present = parameters.is_some();
    let parameters = parameters.unwrap_or_default();
    json!({
        "http_status": error.http_status().as_u16(),
        "code": error.code(),
        "message": error.message(),
        "messages": error.messages(),
        "request_id": error.request_id(),
        "errors": error.errors().iter()
            .map(|sub| json!({"raw": sub.raw(), "code": sub.code, "message": sub.message})).collect::<Vec<_>>(),
        "raw_json": error.raw_json(),
        "method": error.request().method(),
        "url": error.request().url(),
        "auth_scheme": error.request().auth_scheme(),
        "detail": error.detail(),
        "detail_data_type": error.detail_data_type(),
        "error_data": error.error_data(),
        "content_type": error.content_type(),
        "authorization_parameters": {
            "present": present,
            "session_message": parameters.session_message,
            "session_required_identities": parameters.session_required_identities,
            "session_required_single_domain": parameters.session_required_single_domain,
            "session_required_policies": parameters.session_required_policies,
            "session_required_mfa": parameters.session_required_mfa,
        },
        "consent_required": {
            "present": info.consent_required.is_some(),
            "required_scopes": info.consent_required.as_ref().map_or_else(Vec::new, |it| it.required_scopes.clone()),
        },
    })
}

/// The same of a vector's result.
fn recorded(result: &Value) -> Value {
    let keys = [
        "http_status",
        "code",
        "message",
        "messages",
        "request_id",
        "errors",
        "raw_json",
        "content_type",
    ];
    let mut out: serde_json::Map<String, Value> = keys
        .into_iter()
        .map(|key| (key.to_owned(), result[key].clone()))
        .collect();
    for key in ["detail", "detail_data_type", "error_data"] {
        out.insert(key.to_owned(), result[key].clone());
    }
    for (at, key) in ["method", "url", "auth_scheme"].into_iter().enumerate() {
        out.insert(key.to_owned(), result["args"][at].clone());
    }
    for key in ["authorization_parameters", "consent_required"] {
        let mut info = result["info"][key].clone();
        info.as_object_mut().expect("an object").remove("str");
        out.insert(key.to_owned(), info);
    }
    Value::Object(out)
}

#[test]
fn vectors_match() {
    let rules = Rules::load("errors");
    for vector in vectors("errors") {
        let id = &vector["id"];
        let error = replay(&vector);
        let ours = observed(&error);
        match rules.find(&vector) {
            None => {
                assert_eq!(ours, recorded(&vector["result"]), "{id}");
                assert_eq!(
                    error.text(),
                    vector["result"]["text"]
                        .as_str()
                        .map_or_else(|| error.text(), Into::into)
                );
            }
            Some("oauth-code") => {
                let body = &vector["response"]["body"];
                let mut expected = recorded(&vector["result"]);
                expected["code"] = body["error"].clone();
                if expected["message"].is_null() && body["error_description"].is_string() {
                    expected["message"] = body["error_description"].clone();
                    expected["messages"] = json!([body["error_description"]]);
                }
                expected["errors"][0]["code"] = expected["code"].clone();
                expected["errors"][0]["message"] = expected["message"].clone();
                assert_eq!(ours, expected, "{id}");
            }
            Some("no-crash") => {
                assert_eq!(ours["http_status"], vector["response"]["status"], "{id}");
                let raw = &ours["raw_json"];
                assert!(raw.is_null() || raw == &vector["response"]["body"], "{id}");
                let mut ids = error.errors().iter().filter_map(|sub| sub.raw().get("id"));
                if ids.any(|id| id.is_object() || id.is_array()) {
                    assert!(
                        error.request_id().is_none_or(|shown| raw["request_id"] == shown),
                        "{id}"
                    );
                }
                if !raw["authorization_parameters"].is_object() {
                    assert_eq!(error.info().authorization_parameters, None, "{id}");
                }
            }
            Some(other) => panic!("{id}: no test of rule {other}"),
        }
        let shown = Error::from(error);
        let json = serde_json::to_value(&shown).expect("an error can be written");
        assert_eq!(json["kind"], "api", "{id}");
        assert_eq!(json["http_status"], vector["response"]["status"], "{id}");
        assert!(json["message"].is_string(), "{id}");
    }
    rules.assert_all_used();
}

fn error(service: &str, status: u16, content_type: &str, body: impl Into<Bytes>) -> ApiError {
    let summary = RequestSummary::new(&Method::GET, "https://svc.example.org/x", &HeaderMap::new());
    let headers = headers(&json!({"Content-Type": content_type}));
    let status = StatusCode::from_u16(status).expect("a status");
    ApiError::new(error_shape(service), &summary, status, "", headers, body.into())
}

fn json_error(service: &str, status: u16, body: &Value) -> Error {
    error(service, status, "application/json", body.to_string()).into()
}

#[test]
fn a_page_of_html_is_shown_by_its_title() {
    let filler = "<p>x\u{1b}[31m</p>".repeat(100_000);
    let page =
        format!("<!DOCTYPE html><html><head><TITLE>502 Bad\n Gateway</TITLE></head><body>{filler}</body></html>");
    let text = error("transfer", 502, "text/html", page.clone()).to_string();
    assert_eq!(
        text,
        "GET https://svc.example.org/x: HTTP 502 Bad Gateway: 502 Bad Gateway"
    );
    let untitled = error("transfer", 500, "text/html", filler).to_string();
    assert!(
        untitled.chars().count() < 600 && !untitled.contains('\u{1b}'),
        "{untitled}"
    );
    assert_eq!(
        error("transfer", 502, "text/html", page.clone()).bytes().len(),
        page.len()
    );
}

#[test]
fn every_error_says_what_to_do() {
    let hint = |service: &str, status, body: Value| json_error(service, status, &body).hint().map(str::to_owned);
    let contains =
        |hint: Option<String>, part: &str| assert!(hint.as_ref().is_some_and(|it| it.contains(part)), "{hint:?}");
    contains(hint("auth", 400, json!({"error": "invalid_client"})), "client secret");
    contains(hint("auth", 400, json!({"error": "invalid_grant"})), "log in again");
    contains(
        hint(
            "flows",
            403,
            json!({"code": "ConsentRequired", "required_scope": "urn:x"}),
        ),
        "urn:x",
    );
    contains(
        hint(
            "flows",
            403,
            json!({"authorization_parameters": {"session_required_mfa": true}}),
        ),
        "second factor",
    );
    contains(hint("transfer", 429, json!({})), "too many");
    contains(hint("groups", 401, json!({})), "log in");
    let summary = RequestSummary::new(&Method::GET, "http://127.0.0.1:9/x", &HeaderMap::new());
    let refused = Error::Connection(Box::new(NetworkError::new(summary, "connection refused")));
    contains(refused.hint().map(str::to_owned), "127.0.0.1:9");
    assert_eq!(refused.to_string(), "GET http://127.0.0.1:9/x: connection refused");
}

#[test]
fn what_people_read() {
    let validation = json!([{"loc": ["body", "name"], "msg": "field required", "type": "value_error.missing"}]);
    for (service, status, body, text) in [
        (
            "transfer",
            404,
            json!({"code": "EndpointNotFound", "message": "No such endpoint", "request_id": "m8RfX3cES"}),
            "HTTP 404 EndpointNotFound: No such endpoint (request id m8RfX3cES)",
        ),
        (
            "auth",
            400,
            json!({"error": "invalid_grant", "error_description": "expired"}),
            "HTTP 400 invalid_grant: expired",
        ),
        (
            "groups",
            422,
            json!({"detail": validation}),
            "HTTP 422 Unprocessable Entity: body.name: field required",
        ),
        (
            "flows",
            404,
            json!({"error": {"code": "NOT_FOUND", "detail": "no flow"}, "debug_id": "d-1"}),
            "HTTP 404 NOT_FOUND: no flow (debug id d-1)",
        ),
        (
            "compute",
            404,
            json!({"code": 21, "reason": "Endpoint x could not be resolved"}),
            "HTTP 404 Not Found: Endpoint x could not be resolved",
        ),
        (
            "search",
            500,
            json!({"odd": 1}),
            r#"HTTP 500 Internal Server Error: {"odd":1}"#,
        ),
    ] {
        assert_eq!(
            json_error(service, status, &body).to_string(),
            format!("GET https://svc.example.org/x: {text}")
        );
    }
    assert_eq!(
        error("search", 502, "", "").to_string(),
        "GET https://svc.example.org/x: HTTP 502 Bad Gateway"
    );
    let marked = error("search", 400, "application/json", "\u{feff}{\"code\": \"c\"}");
    assert_eq!(marked.code(), Some("c"));
}

#[test]
fn programs_read_all_of_a_message() {
    let message = "Path not found\nEndpoint: x\nCommand: MLSC /nope\n".repeat(20);
    let error = json_error(
        "transfer",
        404,
        &json!({"code": "NotFound", "message": message, "request_id": "r"}),
    );
    let json = serde_json::to_value(&error).expect("JSON");
    assert_eq!(json["message"], message.as_str());
    assert_eq!(
        (&json["code"], &json["request_id"], &json["retryable"]),
        (&json!("NotFound"), &json!("r"), &json!(false))
    );
    assert!(!error.to_string().contains('\n'));
}

#[test]
fn what_may_be_retried() {
    let retryable =
        |service, status, code| json_error(service, status, &json!({"code": code, "message": "m"})).is_retryable();
    assert!(retryable("transfer", 502, "Other") && retryable("transfer", 503, "ExternalError.X"));
    assert!(!retryable("transfer", 502, "ExternalError.MkdirFailed") && retryable("flows", 502, "ExternalError.X"));
    assert!(!retryable("groups", 404, "X") && !retryable("groups", 501, "X"));
}

#[test]
fn errors_are_small_and_travel() {
    fn travels<T: Send + Sync + Clone + std::error::Error + serde::Serialize + 'static>() {}
    travels::<Error>();
    assert!(std::mem::size_of::<Error>() <= 24);
    assert!(std::mem::size_of::<Result<(), Error>>() <= 24);
}

#[test]
fn local_refusals_have_no_status() {
    let refusal = Error::validation("group_id", "`..` is not an id");
    let json = serde_json::to_value(&refusal).expect("JSON");
    assert_eq!(json["kind"], "validation");
    for key in ["code", "http_status", "request_id", "hint"] {
        assert!(
            json.as_object().expect("an object").contains_key(key) && json[key].is_null(),
            "{key}"
        );
    }
    assert_eq!(
        (refusal.kind(), refusal.kind().as_str()),
        (ErrorKind::Validation, "validation")
    );
}

const SECRETS: [&str; 3] = ["AgSecret1zzzzz", "s3cr3t+/=", "c%20o%2Fd3e"];

/// Every way in which an error can be written down.
fn shown(error: &Error) -> String {
    let chain = std::iter::successors(std::error::Error::source(error), |error| error.source());
    let chain: Vec<_> = chain.map(ToString::to_string).collect();
    format!(
        "{error} {error:?} {error:#?} {} {chain:?}",
        serde_json::to_string(error).expect("JSON")
    )
}

#[test]
fn no_secret_is_shown() {
    for secret in SECRETS {
        let keys = [
            "access_token",
            "refresh_token",
            "id_token",
            "client_secret",
            "token",
            "assertion",
            "password",
            "code_verifier",
        ];
        for key in keys {
            let member = json!({"code": "X", key: secret});
            let bodies = [
                ("application/json", member.to_string()),
                (
                    "application/json",
                    json!({"message": member.to_string(), "code": "X"}).to_string(),
                ),
                (
                    "application/json",
                    json!({"message": json!({"a": member.to_string()}).to_string(), "code": "X"}).to_string(),
                ),
                (
                    "application/json",
                    json!({"errors": [{"detail": format!("bad {key}={secret} here")}]}).to_string(),
                ),
                (
                    "application/json",
                    json!({"detail": [{"loc": ["body", key], "msg": "m", "input": secret}]}).to_string(),
                ),
                (
                    "application/json",
                    json!({"detail": {"DATA_TYPE": "x", key: secret}, "error_data": {key: [secret]}}).to_string(),
                ),
                ("application/json", format!("{{\"{key}\": \"{secret}")),
                ("text/plain", format!("x=y&{key}={secret}&z=1")),
                ("text/html", format!("<html><h1>{key}={secret}</h1></html>")),
            ];
            for (content_type, body) in bodies {
                for service in ["auth", "flows", "gcs", "groups", "search", "timers", "transfer"] {
                    let text = shown(&error(service, 400, content_type, body.clone()).into());
                    assert!(!text.contains(secret), "{service} {body}\n{text}");
                }
            }
        }
        let mut headers = HeaderMap::new();
        headers.insert(
            http::header::AUTHORIZATION,
            HeaderValue::from_str(secret).expect("a header value"),
        );
        for url in [
            format!("https://user:{}@host.example.org/x", secret.replace('/', "")),
            format!("https://host.example.org/x?a=b&code={secret}&c=d"),
            format!("https://host.example.org/x?Access%5FToken={secret}"),
            format!("https://host.example.org/x#id_token={secret}"),
            format!("https://host.example.org/x?next=https%3A%2F%2Fa%2F%3Ftoken%3D{secret}"),
        ] {
            let summary = RequestSummary::new(&Method::GET, &url, &headers);
            let network = NetworkError::new(summary, format!("Authorization: Bearer {secret} for {url}"));
            let text = shown(&Error::Connection(Box::new(network)));
            let secret = secret.replace('/', "");
            assert!(!text.contains(&secret), "{url}\n{text}");
        }
    }
}

#[test]
fn what_is_no_secret_stays() {
    let text = json_error(
        "auth",
        401,
        &json!({"code": "X", "message": "Expired or invalid Bearer token: expired"}),
    )
    .to_string();
    assert!(text.contains("Expired or invalid Bearer token: expired"), "{text}");
    let summary = RequestSummary::new(
        &Method::GET,
        "https://h.example.org/x?next_token=abc&filter=a:b%2Cc&limit=2",
        &HeaderMap::new(),
    );
    assert_eq!(
        summary.url(),
        "https://h.example.org/x?next_token=abc&filter=a:b%2Cc&limit=2"
    );
}

proptest! {
    #[test]
    fn any_answer_makes_an_error(
        status in 100_u16..1000,
        service in prop::sample::select(vec!["auth", "compute", "flows", "gcs", "search", "timers", "transfer", "transfer_v2", "?"]),
        content_type in prop::option::of(prop::sample::select(vec!["application/json", "application/vnd.api+json", "text/html", ";"])),
        reason in ".{0,40}",
        odd_header in prop::collection::vec(any::<u8>(), 0..40),
        body in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..400),
            json_document().prop_map(|value| value.to_string().into_bytes()),
        ],
    ) {
        let mut headers = HeaderMap::new();
        if let Some(content_type) = content_type {
            headers.insert("content-type", HeaderValue::from_static(content_type));
        }
        if let Ok(value) = HeaderValue::from_bytes(&odd_header) {
            headers.insert("retry-after", value.clone());
            headers.append("content-type", value);
        }
        let summary = RequestSummary::new(&Method::POST, &reason, &headers);
        let status = StatusCode::from_u16(status).expect("in range");
        let error = ApiError::new(error_shape(service), &summary, status, &reason, headers, body.clone().into());
        prop_assert_eq!(error.bytes().as_ref(), body.as_slice());
        let error = Error::from(error);
        let text = error.to_string();
        prop_assert!(text.chars().count() < 1500);
        prop_assert!(!text.chars().any(char::is_control));
        let debug = format!("{error:?}");
        prop_assert!(debug.len() < 10_000);
        prop_assert!(serde_json::to_value(&error).is_ok());
    }

    #[test]
    fn any_text_is_shown_bounded(message in ".{0,2000}") {
        let error = json_error("groups", 400, &json!({"code": &message, "message": &message, "request_id": &message}));
        prop_assert!(error.to_string().chars().count() < 1500);
        prop_assert!(!error.to_string().chars().any(char::is_control));
    }
}

/// Documents that resemble errors.
fn json_document() -> impl Strategy<Value = Value> {
    let key = prop::sample::select(vec![
        "code",
        "message",
        "errors",
        "error",
        "detail",
        "loc",
        "msg",
        "id",
        "request_id",
        "title",
        "error_data",
        "token",
        "required_scopes",
        "required_scope",
        "authorization_parameters",
        "session_required_policies",
        "DATA_TYPE",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(Value::from("ConsentRequired")),
    ];
    leaf.prop_recursive(4, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key.clone(), inner, 0..5).prop_map(|members| members
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect()),
        ]
    })
}
