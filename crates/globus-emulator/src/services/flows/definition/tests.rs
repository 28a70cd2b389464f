//! What a definition may be.

use serde_json::json;

use super::*;

fn problems(definition: &Value) -> Vec<String> {
    let mut problems = Problems::default();
    Definition::parse(definition, Place::Root.key("definition"), &mut problems);
    problems.lines()
}

/// The problems of a flow with one state.
fn of_state(state: Value) -> Vec<String> {
    problems(&json!({"StartAt": "a", "States": {"a": state}}))
}

#[test]
fn definitions_that_are_well() {
    let action = |next: Value| {
        let mut state = json!({
            "Type": "Action", "ActionUrl": "https://actions.globus.org/hello_world", "Comment": "x",
            "ActionScope": "https://auth.globus.org/scopes/actions.globus.org/hello_world",
            "Parameters": {"echo_string.$": "$.a", "sleep_time.=": "n + 1"}, "ResultPath": "$.x.y", "WaitTime": 60,
            "ExceptionOnActionFailure": true, "RunAs": "User",
            "Catch": [{"ErrorEquals": ["ActionFailedException", "States.ALL"], "ResultPath": "$.e", "Next": "b"}],
        });
        state
            .as_object_mut()
            .expect("an object")
            .extend(next.as_object().expect("an object").clone());
        state
    };
    let definition = json!({
        "Comment": "all of it",
        "StartAt": "a",
        "States": {
            "a": action(json!({"Next": "c"})),
            "b": {"Type": "Fail", "Error": "e", "Cause": "c", "Comment": "x"},
            "c": {
                "Type": "Choice",
                "Choices": [
                    {"Variable": "$.n", "NumericEquals": 1, "Next": "d", "Comment": "x"},
                    {"Not": {"Variable": "$.n", "IsPresent": true}, "Next": "e"},
                    {"And": [{"Or": [{"Variable": "$.n", "IsNull": true}]}], "Next": "f"},
                ],
                "Default": "b",
            },
            "d": {"Type": "Wait", "Seconds": 3, "Next": "e"},
            "e": {"Type": "Wait", "TimestampPath": "$.t", "Next": "g"},
            "f": {"Type": "ExpressionEval", "Parameters": {"x.=": "1"}, "ResultPath": "$.z", "Next": "g"},
            "g": {"Type": "Pass", "InputPath": "$.a", "ResultPath": "$.b", "End": true},
        },
    });
    assert_eq!(problems(&definition), [] as [String; 0]);
    assert_eq!(of_state(json!({"Type": "Pass", "End": true})), [] as [String; 0]);
}

#[test]
fn a_state_that_leads_nowhere_is_told_as_by_the_service() {
    let action = json!({"Type": "Action", "ActionUrl": "https://actions.globus.org/hello_world"});
    let wanted = "$.definition.States.a: A state of type 'Action' must be defined as either terminal (\"End\": true) or \
                  transitional (\"Next\": \"NextStateId\")";
    assert_eq!(of_state(action), [wanted]);
}

#[test]
fn definitions_with_mistakes() {
    let pass = json!({"Type": "Pass", "End": true});
    for (definition, place) in [
        (json!([]), "$.definition"),
        (json!({}), "$.definition.StartAt"),
        (json!({"StartAt": "a"}), "$.definition.States"),
        (json!({"StartAt": 1, "States": {"a": pass}}), "$.definition.StartAt"),
        (json!({"StartAt": "a", "States": []}), "$.definition.States"),
        (json!({"StartAt": "a", "States": {}}), "$.definition.StartAt"),
        (json!({"StartAt": "b", "States": {"a": pass}}), "$.definition.StartAt"),
        (
            json!({"StartAt": "a", "States": {"a": pass}, "Version": "1"}),
            "$.definition.Version",
        ),
        (
            json!({"StartAt": "a", "States": {"a": pass, "b": pass}}),
            "$.definition.States.b",
        ),
        (
            json!({"StartAt": "a", "States": {"a": pass, "b": {"Type": "Pass", "Next": "b"}}}),
            "$.definition.States.b",
        ),
    ] {
        let lines = problems(&definition);
        assert!(
            lines.iter().any(|line| line.starts_with(&format!("{place}: "))),
            "{definition} {lines:?}"
        );
    }
}

#[test]
fn states_with_mistakes() {
    let url = "https://actions.globus.org/hello_world";
    let rule = json!({"Variable": "$.a", "IsNull": true});
    for (state, place) in [
        (json!(1), ""),
        (json!({}), ".Type"),
        (json!({"Type": "Map", "End": true}), ".Type"),
        (json!({"Type": "Succeed"}), ".Type"),
        (json!({"Type": "Pass"}), ""),
        (json!({"Type": "Pass", "End": false}), ""),
        (json!({"Type": "Pass", "End": true, "Next": "a"}), ""),
        (json!({"Type": "Pass", "End": "yes"}), ".End"),
        (json!({"Type": "Pass", "Next": "b"}), ""),
        (json!({"Type": "Pass", "End": true, "Result": 1}), ".Result"),
        (
            json!({"Type": "Pass", "End": true, "Parameters": {}, "InputPath": "$"}),
            "",
        ),
        (
            json!({"Type": "Pass", "End": true, "Parameters": {"a.$": "a"}}),
            ".Parameters.a.$",
        ),
        (
            json!({"Type": "Pass", "End": true, "Parameters": {"a.=": "1 +"}}),
            ".Parameters.a.=",
        ),
        (json!({"Type": "Pass", "End": true, "InputPath": "a"}), ".InputPath"),
        (
            json!({"Type": "Pass", "End": true, "ResultPath": "$.a[*]"}),
            ".ResultPath",
        ),
        (json!({"Type": "ExpressionEval", "End": true}), ".Parameters"),
        (
            json!({"Type": "ExpressionEval", "End": true, "Parameters": {}, "InputPath": "$"}),
            ".InputPath",
        ),
        (json!({"Type": "Action", "End": true}), ".ActionUrl"),
        (
            json!({"Type": "Action", "End": true, "ActionUrl": "hello"}),
            ".ActionUrl",
        ),
        (
            json!({"Type": "Action", "End": true, "ActionUrl": url, "WaitTime": -1}),
            ".WaitTime",
        ),
        (
            json!({"Type": "Action", "End": true, "ActionUrl": url, "Catch": [{}]}),
            ".Catch[0].Next",
        ),
        (
            json!({"Type": "Action", "End": true, "ActionUrl": url, "Catch": [{"ErrorEquals": ["x"], "Next": "a"}]}),
            ".Catch[0].ErrorEquals",
        ),
        (
            json!({"Type": "Action", "End": true, "ActionUrl": url, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "b"}]}),
            "",
        ),
        (json!({"Type": "Wait", "End": true}), ""),
        (
            json!({"Type": "Wait", "End": true, "Seconds": 1, "SecondsPath": "$.a"}),
            "",
        ),
        (json!({"Type": "Wait", "End": true, "Seconds": -1}), ".Seconds"),
        (json!({"Type": "Wait", "End": true, "Timestamp": "soon"}), ".Timestamp"),
        (
            json!({"Type": "Wait", "End": true, "Seconds": 1, "ResultPath": "$.a"}),
            ".ResultPath",
        ),
        (json!({"Type": "Choice"}), ".Choices"),
        (json!({"Type": "Choice", "Choices": []}), ".Choices"),
        (json!({"Type": "Choice", "Choices": [rule]}), ".Choices[0].Next"),
        (json!({"Type": "Choice", "Choices": [{"Next": "a"}]}), ".Choices[0]"),
        (
            json!({"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": true, "Next": "b"}]}),
            "",
        ),
        (
            json!({"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": true, "Next": "a"}], "Default": "b"}),
            "",
        ),
        (
            json!({"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": true, "Next": "a"}], "End": true}),
            ".End",
        ),
        (json!({"Type": "Fail", "Next": "a"}), ".Next"),
        (json!({"Type": "Fail", "Cause": 1}), ".Cause"),
    ] {
        let lines = of_state(state.clone());
        let wanted = format!("$.definition.States.a{place}: ");
        assert!(lines.iter().any(|line| line.starts_with(&wanted)), "{state} {lines:?}");
    }
}
