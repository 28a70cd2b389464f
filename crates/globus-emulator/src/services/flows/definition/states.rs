//! Reading a state of each type.

use serde_json::Value;
use url::Url;

use super::path::Path;
use super::rules::{self, Rule};
use super::template::{self, Parameters};
use super::{ActionState, Catch, Input, Kind, State, Until};
use crate::services::flows::validation::{Place, Problems, Reader};

/// Types of states, as they are named.
const TYPES: [&str; 6] = ["Action", "Choice", "ExpressionEval", "Fail", "Pass", "Wait"];

/// Errors that can be caught.
const ERRORS: [&str; 4] = [
    "ActionFailedException",
    "ActionTimeout",
    "ActionUnableToRun",
    "States.ALL",
];

/// How long an action may take unless the state says otherwise, in seconds.
const WAIT_TIME: f64 = 300.0;

/// The longest wait: a run may last a year.
const YEAR: f64 = 366.0 * 86_400.0;

impl State {
    /// Reads a state. One of which the rest cannot be made use of is `None`, with its problems told.
    pub(super) fn parse(value: &Value, place: Place<'_>, problems: &mut Problems) -> Option<Self> {
        let Some(map) = value.as_object() else {
            problems.push(&place, "type_error.dict", "value is not a valid dict");
            return None;
        };
        let mut reader = Reader::new(map, place);
        reader.get("Comment");
        reader.required("Type", problems);
        let name = reader.text("Type", problems)?;
        let kind = match name {
            "Action" => action(&mut reader, problems).map(Kind::Action),
            "Choice" => choice(&mut reader, problems),
            "ExpressionEval" => Some(Kind::ExpressionEval),
            "Fail" => Some(Kind::Fail {
                error: reader.text("Error", problems).unwrap_or_default().to_owned(),
                cause: reader.text("Cause", problems).unwrap_or_default().to_owned(),
            }),
            "Pass" => Some(Kind::Pass),
            "Wait" => wait(&mut reader, problems).map(Kind::Wait),
            other => {
                let names = TYPES.join(", ");
                reader.wrong(
                    "Type",
                    problems,
                    format!("There is no state of type '{other}'; the types are {names}"),
                );
                return None;
            }
        };
        let with_data = matches!(name, "Action" | "ExpressionEval" | "Pass");
        let (input, result_path) = if with_data {
            (input(&mut reader, name, problems), result_path(&mut reader, problems))
        } else {
            (Some(whole()), Some(Path::root()))
        };
        let next = if matches!(name, "Choice" | "Fail") {
            None
        } else {
            follows(&mut reader, name, problems)
        };
        reader.finish(problems);
        Some(Self {
            kind: kind?,
            input: input?,
            result_path: result_path?,
            next,
        })
    }
}

fn whole() -> Input {
    Input::Path(Path::root(), "$".to_owned())
}

/// What comes next: a state, or the end.
fn follows(reader: &mut Reader<'_>, name: &str, problems: &mut Problems) -> Option<String> {
    let next = reader.text("Next", problems);
    let end = reader.boolean("End", problems).unwrap_or(false);
    if next.is_some() == end {
        let message = format!(
            "A state of type '{name}' must be defined as either terminal (\"End\": true) or transitional \
             (\"Next\": \"NextStateId\")"
        );
        problems.wrong(&reader.place, message);
    }
    next.map(str::to_owned)
}

fn input(reader: &mut Reader<'_>, name: &str, problems: &mut Problems) -> Option<Input> {
    let parameters = reader.object("Parameters", problems);
    // Only parameters have expressions.
    let path = if name == "ExpressionEval" {
        reader.required("Parameters", problems);
        None
    } else {
        reader.text("InputPath", problems)
    };
    let place = reader.place;
    match (parameters, path) {
        (None, None) => Some(whole()),
        (Some(map), None) => {
            let parameters = Parameters::parse(map, &place.key("Parameters"), problems);
            Some(Input::Parameters(parameters))
        }
        (None, Some(text)) => {
            let path = template::path(text, &place.key("InputPath"), problems);
            path.map(|path| Input::Path(path, text.to_owned()))
        }
        (Some(_), Some(_)) => {
            problems.wrong(&place, "A state has 'Parameters' or 'InputPath', not both");
            None
        }
    }
}

fn result_path(reader: &mut Reader<'_>, problems: &mut Problems) -> Option<Path> {
    match reader.text("ResultPath", problems) {
        None => Some(Path::root()),
        Some(text) => {
            let place = reader.place.key("ResultPath");
            let path = template::path(text, &place, problems)?;
            if !path.is_place() {
                problems.wrong(&place, format!("'{text}' names more than one place"));
            }
            Some(path)
        }
    }
}

/// A number of seconds that makes sense.
fn seconds(value: &Value) -> Option<f64> {
    value.as_f64().filter(|seconds| (0.0..=YEAR).contains(seconds))
}

fn action(reader: &mut Reader<'_>, problems: &mut Problems) -> Option<ActionState> {
    reader.required("ActionUrl", problems);
    let url = reader.text("ActionUrl", problems);
    if let Some(url) = url
        && !Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
    {
        reader.wrong(
            "ActionUrl",
            problems,
            format!("'{url}' is no address of an action provider"),
        );
    }
    let scope = reader.text("ActionScope", problems).map(str::to_owned);
    let wait_time = match reader.get("WaitTime") {
        None => WAIT_TIME,
        Some(value) => seconds(value).unwrap_or_else(|| {
            reader.wrong(
                "WaitTime",
                problems,
                "it is a number of seconds, at most those of a year",
            );
            WAIT_TIME
        }),
    };
    // Older guides to writing flows name `false` as the default, the newer ones `true`, and explain `false` apart:
    // <https://docs.globus.org/api/flows/authoring-flows/actions/>.
    let raises = reader.boolean("ExceptionOnActionFailure", problems).unwrap_or(true);
    let run_as = reader.text("RunAs", problems).unwrap_or("User").to_owned();
    let mut catch = Vec::new();
    if let Some(list) = reader.list("Catch", problems) {
        let place = reader.place.key("Catch");
        for (at, value) in list.iter().enumerate() {
            catch.extend(catcher(value, place.at(at), problems));
        }
    }
    Some(ActionState {
        url: url?.to_owned(),
        scope,
        wait_time,
        raises,
        run_as,
        catch,
    })
}

fn catcher(value: &Value, place: Place<'_>, problems: &mut Problems) -> Option<Catch> {
    let Some(map) = value.as_object() else {
        problems.push(&place, "type_error.dict", "value is not a valid dict");
        return None;
    };
    let mut reader = Reader::new(map, place);
    reader.required("ErrorEquals", problems);
    reader.required("Next", problems);
    let errors = reader.texts("ErrorEquals", problems);
    for unknown in errors.iter().flatten().filter(|name| !ERRORS.contains(&name.as_str())) {
        let names = ERRORS.join(", ");
        let message = format!("There is no error '{unknown}'; the errors are {names}");
        reader.wrong("ErrorEquals", problems, message);
    }
    let result_path = result_path(&mut reader, problems);
    let next = reader.text("Next", problems).map(str::to_owned);
    reader.finish(problems);
    Some(Catch {
        errors: errors?,
        result_path: result_path?,
        next: next?,
    })
}

fn choice(reader: &mut Reader<'_>, problems: &mut Problems) -> Option<Kind> {
    reader.required("Choices", problems);
    let list = reader.list("Choices", problems);
    let default = reader.text("Default", problems).map(str::to_owned);
    let place = reader.place.key("Choices");
    let list = list?;
    if list.is_empty() {
        problems.wrong(&place, "It holds at least one choice");
    }
    let mut choices = Vec::with_capacity(list.len());
    for (at, value) in list.iter().enumerate() {
        let place = place.at(at);
        match value.as_object() {
            Some(map) => choices.push(Rule::parse_choice(map, place, problems)),
            None => problems.push(&place, "type_error.dict", "value is not a valid dict"),
        }
    }
    let choices = choices.into_iter().collect::<Option<Vec<_>>>()?;
    Some(Kind::Choice { choices, default })
}

fn wait(reader: &mut Reader<'_>, problems: &mut Problems) -> Option<Until> {
    let mut found: Vec<Option<Until>> = Vec::new();
    if let Some(value) = reader.get("Seconds") {
        let seconds = seconds(value);
        if seconds.is_none() {
            reader.wrong(
                "Seconds",
                problems,
                "it is a number of seconds, at most those of a year",
            );
        }
        found.push(seconds.map(Until::Seconds));
    }
    if let Some(value) = reader.get("Timestamp") {
        let time = rules::timestamp(value);
        if time.is_none() {
            reader.wrong("Timestamp", problems, "it is a time such as '2026-01-01T00:00:00Z'");
        }
        found.push(time.map(Until::Timestamp));
    }
    if let Some(text) = reader.text("SecondsPath", problems) {
        let path = template::path(text, &reader.place.key("SecondsPath"), problems);
        found.push(path.map(Until::SecondsPath));
    }
    if let Some(text) = reader.text("TimestampPath", problems) {
        let path = template::path(text, &reader.place.key("TimestampPath"), problems);
        found.push(path.map(Until::TimestampPath));
    }
    if found.len() != 1 {
        let message =
            "A state of type 'Wait' has exactly one of 'Seconds', 'SecondsPath', 'Timestamp' and 'TimestampPath'";
        problems.wrong(&reader.place, message);
    }
    found.into_iter().next().flatten()
}
