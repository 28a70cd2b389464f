//! Every declared operation by its name.

use globus_sdk::client::ClientType as _;
use globus_sdk::error::Error;
use serde_json::Value;

use super::client::{Script, build, is_refusal};
use super::differences::{derived, expected};
use super::tally::Tally;
use super::vector::{self, Call, Notation, Vector};
use super::wire::{Expected, Outcome};
use crate::support::Rules;

#[test]
fn vectors_match() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    let rules = Rules::load("clients");
    let notation = Notation::load();
    let mut tally = Tally::default();
    for (vector, content) in vector::all() {
        match notation.call(&vector) {
            Ok(call) => tally.add(&vector, runtime.block_on(replay(&vector, content, &call, &rules))),
            Err(skip) => {
                rules.find_all(&content);
                tally.skip(&vector, skip);
            }
        }
    }
    tally.write();
    tally.finish();
    rules.assert_all_used();
}

async fn replay(vector: &Vector, mut content: Value, call: &Call, rules: &Rules) -> Result<(), String> {
    let script = Script::new(&vector.responses);
    let client = build(vector, script.clone());
    content["derived"] = derived(vector, call, client.as_ref().ok());
    let expected = expected(rules, &content, vector, call, client.as_ref().ok());
    let client = match client {
        Ok(client) => client,
        Err(error) => return refused(&expected, &error),
    };
    let named = client.call(&vector.method, &call.json());
    let answer = if vector.paginated {
        named.paginated().await.map(Value::Array)
    } else {
        named.await.map(|response| (*response).clone())
    };
    expected.check(&script.seen(), &answer)?;
    rows(vector, call, answer.ok())?;
    debug_assert_eq!(client.core().spec().name, vector.client);
    Ok(())
}

fn refused(expected: &Expected, error: &Error) -> Result<(), String> {
    if matches!(expected.outcome, Outcome::Refused) && is_refusal(error) {
        return Ok(());
    }
    Err(format!("the client could not be built: {error}"))
}

/// The rows stand where the table says.
fn rows(vector: &Vector, call: &Call, answer: Option<Value>) -> Result<(), String> {
    let (Some(operation), Some(answer)) = (call.operation, answer) else {
        return Ok(());
    };
    let of = |page: &Value| match operation.answer.rows {
        Some("") => page.as_array().cloned().unwrap_or_default(),
        Some(key) => page[key].as_array().cloned().unwrap_or_default(),
        None => Vec::new(),
    };
    let (recorded, ours) = match (vector.result.get("items"), vector.result.get("iter")) {
        (Some(items), _) => (items, answer.as_array().into_iter().flatten().flat_map(of).collect()),
        (None, Some(iter)) => (iter, of(&answer)),
        (None, None) => return Ok(()),
    };
    // Under a rule there may be fewer pages.
    let pages = answer.as_array().map_or(0, Vec::len);
    if vector.paginated && pages < vector.responses.len() || *recorded == Value::Array(ours) {
        return Ok(());
    }
    Err(format!("the rows are not under {:?}", operation.answer.rows))
}
