//! Every declared operation through its typed builder, and the same requests as by name.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::BoxFuture;
use globus_sdk::AnyClient;
use globus_sdk::error::{Error, ErrorKind};
use globus_sdk::response::Response;
use globus_sdk::services::operations;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use super::cases;
use super::client::{Script, build};
use super::differences::{derived, expected};
use super::json::{Entries, Json};
use super::tally::Tally;
use super::vector::{self, Call, Notation, Vector};
use super::wire::Outcome;
use crate::support::Rules;

/// An operation with the code that calls its builder.
pub(super) struct Case {
    pub(super) client: &'static str,
    pub(super) operation: &'static str,
    pub(super) params: &'static [&'static str],
    /// Whether its answer is never written again.
    pub(super) only_read: bool,
    pub(super) run: fn(&AnyClient, &Given<'_>) -> Result<Running, Unfit>,
}

pub(super) type Running = BoxFuture<'static, Result<Value, Error>>;

/// Arguments that the types do not allow: they can be given by name only.
#[derive(Debug)]
pub(super) struct Unfit;

/// The arguments of a call.
#[derive(Debug)]
pub(super) struct Given<'a> {
    params: &'a Entries,
    pub(super) paginated: bool,
    taken: RefCell<BTreeSet<String>>,
}

impl<'a> Given<'a> {
    pub(super) fn new(params: &'a Entries, paginated: bool) -> Self {
        Self {
            params,
            paginated,
            taken: RefCell::default(),
        }
    }

    pub(super) fn need<T: DeserializeOwned>(&self, name: &str) -> Result<T, Unfit> {
        self.take(name)?.ok_or(Unfit)
    }

    pub(super) fn take<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Unfit> {
        let Some((_, value)) = self.params.iter().find(|(key, _)| key == name) else {
            return Ok(None);
        };
        self.taken.borrow_mut().insert(name.to_owned());
        // One text for a list is a convenience of calls by name: here it is a list of one.
        let of_one = || serde_json::from_str(&format!("[{value}]"));
        serde_json::from_str(&value.to_string())
            .or_else(|error| if value.text().is_some() { of_one() } else { Err(error) })
            .map(Some)
            .map_err(|_| Unfit)
    }

    /// The entries of an open map.
    pub(super) fn map(&self, names: &[&str]) -> Vec<(String, Box<RawValue>)> {
        let maps = self.params.iter().filter(|(key, _)| names.contains(&key.as_str()));
        let entries = maps.flat_map(|(_, map)| map.entries().into_iter().flatten());
        entries
            .map(|(key, value)| (key.clone(), serde_json::value::to_raw_value(value).expect("it is JSON")))
            .collect()
    }

    /// Whether the case knows all arguments.
    fn fits(&self, case: &Case) -> Result<(), Unfit> {
        let open = ["query_params", "additional_fields", "body_params", "additional_params"];
        let known = |name: &str| case.params.contains(&name) || open.contains(&name);
        self.params
            .iter()
            .all(|(name, _)| known(name))
            .then_some(())
            .ok_or(Unfit)
    }
}

/// The document of an answer, which its type must give back as it came.
pub(super) fn document<T: Serialize>(answer: &Response<T>) -> Result<Value, Error> {
    let document = answer.json()?;
    let again = serde_json::to_value(&**answer).map_err(|error| Error::usage(error.to_string()))?;
    if again == document {
        Ok(document)
    } else {
        Err(Error::usage(format!("{document} was written again as {again}")))
    }
}

pub(super) fn case(client: &str, operation: &str) -> Option<&'static Case> {
    cases::all().find(|case| case.client == client && case.operation == operation)
}

/// Which setters were called.
type Covered = BTreeMap<(&'static str, &'static str), BTreeSet<String>>;

#[test]
fn every_operation_has_a_case_and_no_case_is_idle() {
    let declared: BTreeSet<_> = operations().map(|row| (row.client.name, row.name)).collect();
    let cases: BTreeSet<_> = cases::all().map(|case| (case.client, case.operation)).collect();
    assert_eq!(declared, cases);
    for row in operations() {
        let names: BTreeSet<&str> = row.params.iter().map(|param| param.name).collect();
        let case = case(row.client.name, row.name).expect("there is one");
        assert_eq!(names, case.params.iter().copied().collect(), "parameters of {row}");
    }
}

#[test]
fn vectors_match() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    let rules = Rules::load("clients");
    let notation = Notation::load();
    let (mut tally, mut covered, mut unfit) = (Tally::default(), Covered::new(), 0);
    for (vector, content) in vector::all() {
        let Ok(call) = notation.call(&vector) else { continue };
        let Some(case) = case(&vector.client, &vector.method) else {
            continue;
        };
        let given = Given::new(&call.params, vector.paginated);
        match runtime.block_on(replay(&vector, content, &call, case, &given, &rules)) {
            Ok(result) => {
                tally.add(&vector, result);
                let taken = covered.entry((case.client, case.operation)).or_default();
                taken.extend(given.taken.into_inner());
            }
            Err(Unfit) => unfit += 1,
        }
    }
    assert!(unfit < 40, "{unfit} vectors cannot be written with types");
    runtime.block_on(complete(&mut covered));
    let idle: Vec<String> = cases::all().filter_map(|case| idle(case, &covered)).collect();
    assert!(idle.is_empty(), "nothing sets\n{}", idle.join("\n"));
    tally.finish();
}

/// The parameters of a case that no call set.
fn idle(case: &Case, covered: &Covered) -> Option<String> {
    let taken = covered.get(&(case.client, case.operation)).cloned().unwrap_or_default();
    let idle: Vec<_> = case.params.iter().filter(|name| !taken.contains(**name)).collect();
    (!idle.is_empty()).then(|| format!("{}.{}: {idle:?}", case.client, case.operation))
}

async fn replay(
    vector: &Vector,
    mut content: Value,
    call: &Call,
    case: &Case,
    given: &Given<'_>,
    rules: &Rules,
) -> Result<Result<(), String>, Unfit> {
    let script = Script::new(&vector.responses);
    let client = build(vector, script.clone());
    content["derived"] = derived(vector, call, client.as_ref().ok());
    let expected = expected(rules, &content, vector, call, client.as_ref().ok());
    let client = client.map_err(|_| Unfit)?;
    given.fits(case)?;
    let answer = (case.run)(&client, given)?.await;
    // The recorder's stand-in for an answer is not what the service sends, and need not fit its type.
    let made_up = vector
        .responses
        .iter()
        .any(|answer| answer["body"]["message"] == "canned é" || has_made_up_rows(&answer["body"]));
    match (&expected.outcome, &answer) {
        (Outcome::Data(data), Err(error)) if made_up && error.kind() == ErrorKind::Decode => {
            Ok(expected.check(&script.seen(), &Ok(data.clone())))
        }
        _ => Ok(expected.check(&script.seen(), &answer)),
    }
}

/// Whether the answer is the recorder's list of two rows.
fn has_made_up_rows(answer: &Value) -> bool {
    let mut members = answer.as_object().into_iter().flatten();
    members.any(|(_, rows)| rows[1]["name"] == "two é")
}

async fn complete(covered: &mut Covered) {
    for (client, operation, params) in cases::further() {
        let case = case(client, operation).expect("there is a case");
        let mut params: Entries = serde_json::from_str::<Json>(params)
            .expect("JSON")
            .entries()
            .expect("an object")
            .clone();
        if case.params.contains(&"flow") {
            params.push(("flow".to_owned(), vector::any_login()));
        }
        let vector = vector::any_of(client);
        let (named, typed) = (Script::new(&vector.responses), Script::new(&vector.responses));
        let by_name = build(&vector, named.clone()).expect("a client");
        let _ = by_name.call(operation, &Json::Map(params.clone()).to_string()).await;
        let client = build(&vector, typed.clone()).expect("a client");
        let given = Given::new(&params, false);
        let _ = (case.run)(&client, &given).expect("the arguments fit").await;
        let requests = |script: &Script| -> Vec<_> {
            let seen = script.seen().into_iter();
            seen.map(|seen| (seen.method, seen.url, seen.body)).collect()
        };
        assert_eq!(requests(&named), requests(&typed), "{operation}");
        assert!(!named.seen().is_empty(), "{operation} was sent");
        let taken = covered.entry((case.client, case.operation)).or_default();
        taken.extend(given.taken.into_inner());
    }
}
