//! What the rules of `conformance/differences.toml` look at beside a vector's own content, and what they expect.

use globus_sdk::AnyClient;
use globus_sdk::client::ClientType as _;
use globus_sdk::error::ErrorKind;
use globus_sdk::operation::{Operation, Paging, Place, Style};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use url::Url;

use super::json::Json;
use super::vector::{Call, Vector};
use super::wire::{Expected, Outcome};
use crate::support::Rules;

/// Facts that follow from a vector's content, for the predicates: they stand under `derived`.
pub(super) fn derived(vector: &Vector, call: &Call, client: Option<&AnyClient>) -> Value {
    let windowed = vector.paginated && window(call) != (None, None);
    let in_doubt = lost_marker(vector, call).is_some() || vector.paginated && vector.result["error"] == "KeyError";
    json!({
        "strays": strays(call) || ids(call).iter().any(|(_, id)| id.contains('/')),
        "leaves_with_credentials": client.is_some_and(|client| leaves_with_credentials(vector, client)),
        "pages_by_offset": windowed || ends_early(vector, call),
        "pages_in_doubt": in_doubt || vector.responses.iter().any(unreadable_link),
    })
}

/// The expected result under all the rules that apply.
pub(super) fn expected(
    rules: &Rules,
    content: &Value,
    vector: &Vector,
    call: &Call,
    client: Option<&AnyClient>,
) -> Expected {
    let mut expected = Expected::recorded(vector);
    for expect in rules.find_all(content) {
        apply(&mut expected, expect, vector, call, client);
        if matches!(expected.outcome, Outcome::Refused) {
            break;
        }
    }
    expected
}

fn apply(expected: &mut Expected, expect: &str, vector: &Vector, call: &Call, client: Option<&AnyClient>) {
    match expect {
        "refused" => refuse(expected),
        "one-segment-or-refused" if strays(call) => refuse(expected),
        "one-segment-or-refused" => {
            let client = client.expect("the client can be built");
            for request in &mut expected.requests {
                request["raw_url"] = json!(address(call, client));
            }
        }
        // The verifier that belongs to the challenge.
        "as-the-standards-say" => {
            let verifier = json!([
                "code_verifier",
                call.get("flow").and_then(|flow| flow.get("verifier")).map(Json::value)
            ]);
            expected.requests[0]["body"]["form"]
                .as_array_mut()
                .expect("pairs")
                .push(verifier);
        }
        "open-map-overrides" => {
            // A call that was refused has no request.
            let Some(request) = expected.requests.first_mut() else {
                return;
            };
            let query = request["query"].as_array_mut().expect("pairs");
            // What is declared comes first, with the value that the map gives it.
            query.sort_by_key(|pair| !matches!(pair[0].as_str(), Some("scope_strings" | "ids")));
            for pair in query {
                let given = call.get("query_params").and_then(|map| map.get(pair[0].as_str()?));
                if let Some(text) = given.and_then(Json::text) {
                    pair[1] = json!(text);
                }
            }
        }
        "portable-form" => {
            expected.outcome = Outcome::Data(vector.responses.last().expect("an answer")["body"].clone());
            lists_of_one(expected, call);
        }
        "window-honoured-truncation-visible" => {
            if window(call) == (None, None) {
                expected.outcome = Outcome::Error(ErrorKind::Truncated);
            } else {
                moved(expected, vector, call);
            }
        }
        "no-page-twice" => {
            let last = lost_marker(vector, call).unwrap_or(vector.responses.len() - 1);
            expected.requests.truncate(last + 1);
            let response = &vector.responses[last];
            let promised = response["body"]["has_next_page"] == true || unreadable_link(response);
            expected.outcome = if promised {
                Outcome::Error(ErrorKind::Decode)
            } else {
                Outcome::Data(pages(vector, last + 1))
            };
        }
        other => panic!("no test knows what {other:?} means"),
    }
}

/// Whether a page links to the next in a way that nobody can follow.
fn unreadable_link(response: &Value) -> bool {
    response["body"]
        .pointer("/links/next")
        .is_some_and(|next| next.is_number() || next.is_boolean())
}

/// A text that is given for a list counts as a list of one, not as its letters.
fn lists_of_one(expected: &mut Expected, call: &Call) {
    let params = call.operation.map_or(&[][..], |operation| operation.params);
    for param in params.iter().filter(|param| param.style == Style::List) {
        let text = call.get(param.name).and_then(Json::text);
        let sent = expected.requests.iter_mut();
        let sent = sent.filter_map(|request| request["body"]["json"].pointer_mut(param.wire));
        if let Some(text) = text {
            sent.for_each(|list| *list = json!([text]));
        }
    }
}

/// The ids in the path: declared parameters by their names in the path.
fn ids(call: &Call) -> Vec<(&'static str, String)> {
    let params = call.operation.map_or(&[][..], |operation| operation.params);
    params
        .iter()
        .filter(|param| param.place == Place::Path)
        .filter_map(|param| {
            let id = call.get(param.name)?;
            let text = id.text().map_or_else(|| id.to_string(), str::to_owned);
            Some((param.name, text))
        })
        .collect()
}

fn refuse(expected: &mut Expected) {
    expected.requests.clear();
    expected.outcome = Outcome::Refused;
}

/// Whether a segment of the path would lead to another resource.
fn strays(call: &Call) -> bool {
    let leads_away = |segment: &str| matches!(segment, "." | "..");
    if call.operation.is_some() {
        return ids(call).iter().any(|(_, id)| id.is_empty() || leads_away(id));
    }
    // A path that the caller wrote may have empty segments.
    let path = call.get("path").and_then(Json::text).unwrap_or_default();
    path.split('/').any(leads_away)
}

/// The reference's path with each id as one segment.
fn address(call: &Call, client: &AnyClient) -> String {
    let core = client.core();
    let vars = core
        .spec()
        .vars
        .iter()
        .map(|name| (*name, core.var(name).unwrap_or_default().to_owned()));
    let mut path = call.path.clone();
    for (name, id) in ids(call).into_iter().chain(vars) {
        let id = utf8_percent_encode(&id, NON_ALPHANUMERIC).to_string();
        path = path.replace(&format!("{{{name}}}"), &id);
    }
    format!("{}{path}", core.base_url().as_str().trim_end_matches('/'))
}

fn leaves_with_credentials(vector: &Vector, client: &AnyClient) -> bool {
    let own = client.core().base_url().origin();
    vector.requests.iter().any(|request| {
        let away = Url::parse(request["raw_url"].as_str().unwrap_or_default()).is_ok_and(|url| url.origin() != own);
        away && request["headers"].get("authorization").is_some()
    })
}

/// `limit` and `offset` as the caller gave them: as arguments, or in the document.
fn window(call: &Call) -> (Option<u64>, Option<u64>) {
    let document = call.operation.and_then(|operation| {
        let param = operation.params.iter().find(|param| param.place == Place::Document)?;
        call.get(param.name)
    });
    let number = |name| {
        let given = call.get(name).or_else(|| document?.get(name))?;
        given.value().as_u64()
    };
    let pages_by_offset = matches!(
        call.operation.and_then(|operation| operation.paging),
        Some(Paging::HasNextPage { .. } | Paging::Total { .. })
    );
    if pages_by_offset {
        (number("limit"), number("offset"))
    } else {
        (None, None)
    }
}

/// The first page after which the reference went on though it had no marker.
fn lost_marker(vector: &Vector, call: &Call) -> Option<usize> {
    let field = match call.operation?.paging? {
        Paging::Marker => "marker",
        Paging::NullableMarker(field) => field,
        Paging::LastKey => "last_key",
        Paging::NextToken => "next_token",
        _ => return None,
    };
    let pages = vector.requests.len().saturating_sub(1);
    vector.responses.iter().take(pages).position(|response| {
        let marker = &response["body"][field];
        vector.paginated && (marker.is_null() || marker == "")
    })
}

fn rows(operation: &Operation, page: &Value) -> u64 {
    let key = operation.answer.rows.unwrap_or_default();
    let counted = match operation.paging {
        Some(Paging::HasNextPage { count, .. }) => count.and_then(|field| page[field].as_u64()),
        _ => None,
    };
    counted.unwrap_or_else(|| page[key].as_array().map_or(0, |rows| rows.len() as u64))
}

/// Whether the last recorded page says that there is more, and the reference stopped all the same.
fn ends_early(vector: &Vector, call: &Call) -> bool {
    let Some(operation) = call.operation.filter(|_| vector.paginated) else {
        return false;
    };
    let Some(last) = vector.responses.last().map(|response| &response["body"]) else {
        return false;
    };
    let received: u64 = vector
        .responses
        .iter()
        .map(|response| rows(operation, &response["body"]))
        .sum();
    match operation.paging {
        Some(Paging::HasNextPage { .. }) => last["has_next_page"] == true,
        Some(Paging::Total { .. }) => last["total"].as_u64().is_some_and(|total| received < total),
        _ => false,
    }
}

fn pages(vector: &Vector, number: usize) -> Value {
    vector
        .responses
        .iter()
        .take(number)
        .map(|response| response["body"].clone())
        .collect()
}

/// Requests with the caller's page size, from the caller's offset on, for as long as the answers say that more follows.
fn moved(expected: &mut Expected, vector: &Vector, call: &Call) {
    let operation = call.operation.expect("only operations have pages");
    let (size, most, total) = match operation.paging {
        Some(Paging::HasNextPage { page_size, cap, .. }) => (page_size, cap, false),
        Some(Paging::Total { page_size, cap }) => (page_size, cap, true),
        other => panic!("{other:?} has no offsets"),
    };
    let (limit, start) = window(call);
    let mut offset = start.unwrap_or_default();
    let (mut done, mut more) = (0, true);
    for (position, response) in vector.responses.iter().enumerate() {
        let left = u64::from(most).saturating_sub(offset);
        if left == 0 {
            break;
        }
        let limit = limit.unwrap_or(size.into()).min(left);
        let request = &mut expected.requests[position];
        place(operation, request, "limit", limit);
        if position > 0 || start.is_some() {
            place(operation, request, "offset", offset);
        }
        offset += rows(operation, &response["body"]);
        done = position + 1;
        more = if total {
            response["body"]["total"].as_u64().is_some_and(|total| offset < total)
        } else {
            response["body"]["has_next_page"] == true
        };
        if !more {
            break;
        }
    }
    expected.requests.truncate(done);
    expected.outcome = if more && offset >= u64::from(most) {
        Outcome::Error(ErrorKind::Truncated)
    } else {
        Outcome::Data(pages(vector, done))
    };
}

/// Puts a number where the operation sends it.
fn place(operation: &Operation, request: &mut Value, name: &str, number: u64) {
    let (_, param) = operation.param(name).expect("paging parameters are declared");
    if param.place == Place::Body {
        request["body"]["json"][name] = json!(number);
        return;
    }
    let pairs = request["query"].as_array_mut().expect("pairs");
    match pairs.iter_mut().find(|pair| pair[0] == name) {
        Some(pair) => pair[1] = json!(number.to_string()),
        None => pairs.push(json!([name, number.to_string()])),
    }
}
