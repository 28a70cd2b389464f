//! The recorded cases of requirements errors, in `conformance/vectors/gare.jsonl`.

use globus_sdk::error::{ApiError, Error, ErrorKind, RequestSummary};
use globus_sdk::gare::{
    ErrorDocument, GlobusAuthRequirementsError, GlobusAuthorizationParameters, has_gares, is_gare, to_gare, to_gares,
};
use globus_sdk::services::error_shape;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::support::{Rules, vectors};

fn api_error(input: &Value) -> ApiError {
    let service = input["class"]
        .as_str()
        .expect("a class")
        .trim_end_matches("APIError")
        .to_lowercase();
    let mut headers = HeaderMap::new();
    headers.insert("content-type", HeaderValue::from_static("application/json"));
    for (name, value) in input["headers"].as_object().into_iter().flatten() {
        let value = HeaderValue::from_str(value.as_str().expect("a text")).expect("a header value");
        headers.insert(name.parse::<HeaderName>().expect("a header name"), value);
    }
    let body = input["body_text"]
        .as_str()
        .map_or_else(|| input["body"].to_string(), str::to_owned);
    let status = StatusCode::from_u16(u16::try_from(input["status"].as_u64().expect("a status")).expect("a status"));
    let request = RequestSummary::new(&Method::GET, "https://svc.example.org/x", &HeaderMap::new());
    ApiError::new(
        error_shape(&service),
        &request,
        status.expect("a status"),
        "",
        headers,
        body.into(),
    )
}

fn observed(gare: &GlobusAuthRequirementsError) -> Value {
    json!({"to_dict": gare.to_json(false), "to_dict_with_extra": gare.to_json(true)})
}

fn one(gare: Option<&GlobusAuthRequirementsError>) -> Value {
    gare.map_or(Value::Null, observed)
}

fn all(gares: &[GlobusAuthRequirementsError]) -> Value {
    gares.iter().map(observed).collect()
}

fn answer(op: &str, input: &Value) -> Value {
    let list = || input.as_array().expect("a list");
    match op {
        "from_document" => one(to_gare(input).as_ref()),
        "is_gare" => is_gare(input).into(),
        "from_subdocument" => {
            // One error of a list, as a service's document has it.
            let error = api_error(&json!({"class": "GlobusAPIError", "status": 403, "body": {"errors": [input]}}));
            one(to_gare(&error.errors()[0]).as_ref())
        }
        "from_documents" => all(&to_gares(list())),
        "has_gares" => has_gares(list()).into(),
        "from_api_error" => one(to_gare(&api_error(input)).as_ref()),
        "all_from_api_error" => all(&to_gares([&api_error(input)])),
        "is_gare_api_error" => is_gare(&api_error(input)).into(),
        other => panic!("no operation {other}"),
    }
}

#[test]
fn recorded_documents() {
    let rules = Rules::load("gare");
    for vector in vectors("gare") {
        let id = &vector["id"];
        let ours = answer(vector["op"].as_str().expect("an operation"), &vector["input"]);
        match rules.find(&vector) {
            None => assert_eq!(ours, vector["result"]["value"], "{id}"),
            Some("no-crash") => assert!(
                ours.is_null() || ours == json!(false) || ours == json!([]),
                "{id}: {ours}"
            ),
            Some(other) => panic!("{id}: no test of rule {other}"),
        }
    }
    rules.assert_all_used();
}

#[test]
fn the_missing_member_is_named() {
    for (document, member) in [
        (json!({}), "code"),
        (json!({"authorization_parameters": {}}), "code"),
        (json!({"code": "x"}), "authorization_parameters"),
        (
            json!({"code": "x", "authorization_parameters": {"prompt": 5}}),
            "prompt",
        ),
    ] {
        let error = GlobusAuthRequirementsError::from_json(&document).expect_err("it lacks something");
        assert_eq!(error.kind(), ErrorKind::Validation);
        assert!(error.to_string().contains(member), "{error}");
    }
}

#[test]
fn documents_come_back_as_they_were() {
    assert_eq!(GlobusAuthorizationParameters::new().to_json(true), json!({}));
    let parameters = GlobusAuthorizationParameters::new()
        .with_session_message("m")
        .with_session_required_identities(["i"])
        .with_session_required_policies(["p"])
        .with_session_required_single_domain(["d"])
        .with_session_required_mfa(true)
        .with_required_scopes(["s"])
        .with_prompt("login");
    let text = serde_json::to_string(&parameters).expect("JSON");
    assert_eq!(
        serde_json::from_str::<GlobusAuthorizationParameters>(&text).expect("the same"),
        parameters
    );
    let gare = GlobusAuthRequirementsError::new("Code", parameters);
    let text = serde_json::to_string(&gare).expect("JSON");
    assert_eq!(
        serde_json::from_str::<GlobusAuthRequirementsError>(&text).expect("the same"),
        gare
    );
}

#[test]
fn what_is_unknown_is_not_shown() {
    let document = json!({"code": "Code", "authorization_parameters": {"session_required_mfa": true}});
    let debug = format!("{:?}", to_gare(&document).expect("one"));
    for part in [
        "Code",
        "session_message: None",
        "session_required_mfa: Some(true)",
        "prompt",
        "required_scopes",
    ] {
        assert!(debug.contains(part), "{debug}");
    }
    assert!(!debug.contains("extra"), "{debug}");
    let document = json!({"code": "c", "authorization_parameters": {"a": "SECRET"}, "b": "SECRET"});
    let debug = format!("{:?}", to_gare(&document).expect("one"));
    assert_eq!(debug.matches("extra: ..").count(), 2, "{debug}");
    assert!(!debug.contains("SECRET"), "{debug}");
}

#[test]
fn errors_without_a_document_have_no_requirements() {
    let error = Error::from(api_error(&json!({
        "class": "TransferAPIError", "status": 403,
        "body": {"code": "ConsentRequired", "required_scopes": ["a"], "message": "m"},
    })));
    assert!(is_gare(&error));
    let mixed = json!({"code": "Mixed", "authorization_parameters": {"session_message": "m"}});
    let unsent = Error::usage("nothing was sent");
    let documents: [ErrorDocument<'_>; 3] = [(&mixed).into(), (&unsent).into(), (&error).into()];
    let codes: Vec<String> = to_gares(documents).into_iter().map(|gare| gare.code).collect();
    assert_eq!(codes, ["Mixed", "ConsentRequired"]);
    assert!(!is_gare(&unsent));
}

fn json_value() -> impl Strategy<Value = Value> {
    let key = prop::sample::select(vec![
        "code",
        "authorization_parameters",
        "errors",
        "error",
        "required_scopes",
        "required_scope",
        "message",
        "description",
        "unapproved_scopes",
        "prompt",
        "session_message",
        "session_required_policies",
        "session_required_mfa",
        "session_required_single_domain",
        "session_required_identities",
        "extra",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
        prop::sample::select(vec!["ConsentRequired", "dependent_consent_required", "login", "a,b"])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key.clone(), inner, 0..6).prop_map(|members| {
                let members = members.into_iter().map(|(key, value)| (key.to_owned(), value));
                Value::Object(members.collect::<Map<_, _>>())
            }),
        ]
    })
}

proptest! {
    #[test]
    fn any_document_can_be_asked(document in json_value()) {
        let gare = to_gare(&document);
        prop_assert_eq!(is_gare(&document), gare.is_some());
        prop_assert_eq!(to_gares([&document]).len(), usize::from(gare.is_some()));
        if let Some(gare) = gare {
            prop_assert!(serde_json::to_string(&gare).is_ok());
            // What was found is a requirements error of today's form.
            let again = to_gare(&gare.to_json(false)).expect("one");
            prop_assert_eq!(again.code, gare.code);
        }
        let error = api_error(&json!({"class": "GlobusAPIError", "status": 403, "body": document}));
        prop_assert_eq!(is_gare(&error), !to_gares([&error]).is_empty());
    }

    #[test]
    fn consents_of_any_form_are_read_or_refused(document in json_value()) {
        let _ = globus_sdk::scopes::ConsentForest::from_json(&document);
    }
}
