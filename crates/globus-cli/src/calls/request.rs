//! One call as it was asked for, and how a line of a batch is read.

use std::collections::BTreeMap;

use globus_sdk::{Error, Result};
use serde_json::value::RawValue;

/// A call: what, with what.
#[derive(Debug)]
pub(crate) struct CallRequest<'a> {
    /// `client.operation`.
    pub(crate) operation: String,
    /// How the client is made.
    pub(crate) client: BTreeMap<String, String>,
    /// The parameters: the text of a JSON object.
    pub(crate) params: &'a str,
    /// Whether all pages are wanted.
    pub(crate) paginated: bool,
}

/// A line that is no call.
#[derive(Debug)]
pub(crate) struct BadLine<'a> {
    /// The id, where there is one to be read.
    pub(crate) id: Option<&'a RawValue>,
    pub(crate) error: Error,
}

/// Reads a line of a batch. Parameters are not looked at.
pub(crate) fn read_line(line: &[u8]) -> Result<(Option<&RawValue>, CallRequest<'_>), BadLine<'_>> {
    let unreadable = |message: String| BadLine {
        id: None,
        error: Error::validation("the line", message),
    };
    let text = std::str::from_utf8(line).map_err(|error| unreadable(format!("is not UTF-8: {error}")))?;
    let mut members: BTreeMap<String, &RawValue> =
        serde_json::from_str(text).map_err(|error| unreadable(format!("is no JSON object: {error}")))?;
    let id = members.remove("id");
    let request = read_members(members).map_err(|error| BadLine { id, error })?;
    Ok((id, request))
}

fn read_members(mut members: BTreeMap<String, &RawValue>) -> Result<CallRequest<'_>> {
    let mut take = |name: &str| members.remove(name).filter(|value| value.get() != "null");
    let operation = take("operation").ok_or_else(|| {
        Error::usage("`operation` is missing: the name of the operation, such as groups.get_my_groups")
    })?;
    let request = CallRequest {
        operation: serde_json::from_str(operation.get()).map_err(|_| Error::validation("`operation`", "is no text"))?,
        client: take("client").map_or_else(|| Ok(BTreeMap::new()), client)?,
        params: take("params").map_or("{}", RawValue::get),
        paginated: take("paginated").map_or(Ok(false), |value| {
            serde_json::from_str(value.get()).map_err(|_| Error::validation("`paginated`", "is neither true nor false"))
        })?,
    };
    match members.keys().next() {
        None => Ok(request),
        Some(unknown) => Err(Error::usage(format!(
            "there is no member `{}`; a line has id, operation, client, params and paginated",
            unknown.escape_debug()
        ))),
    }
}

/// Texts, and numbers for those who write an id as one; null is not given.
fn client(value: &RawValue) -> Result<BTreeMap<String, String>> {
    let members: BTreeMap<String, serde_json::Value> = serde_json::from_str(value.get())
        .map_err(|error| Error::validation("`client`", format!("is no JSON object: {error}")))?;
    let mut arguments = BTreeMap::new();
    for (name, value) in members {
        let text = match value {
            serde_json::Value::Null => continue,
            serde_json::Value::String(text) => text,
            serde_json::Value::Number(number) => number.to_string(),
            _ => {
                return Err(Error::validation(
                    format!("`client.{}`", name.escape_debug()),
                    "is no text",
                ));
            }
        };
        arguments.insert(name, text);
    }
    Ok(arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_call() {
        let line = br#"{"id": [1], "operation": "a.b", "client": {"flow_id": "f", "x": null}, "params": {"y": null}}"#;
        let (id, request) = read_line(line).unwrap();
        assert_eq!(id.unwrap().get(), "[1]");
        assert_eq!((request.operation.as_str(), request.params), ("a.b", r#"{"y": null}"#));
        assert_eq!(request.client, BTreeMap::from([("flow_id".to_owned(), "f".to_owned())]));
        assert!(!request.paginated);

        let (id, request) = read_line(br#"{"operation": "a.b", "params": null, "paginated": true}"#).unwrap();
        assert!(id.is_none() && request.paginated && request.params == "{}");
    }

    #[test]
    fn bad_lines_keep_their_id_where_they_have_one() {
        for (line, id, wanted) in [
            (&b"{"[..], None, "is no JSON object"),
            (b"[1]", None, "is no JSON object"),
            (b"\xff\xfe", None, "is not UTF-8"),
            (br#"{"id": 7} {"id": 8}"#, None, "is no JSON object"),
            (br#"{"id": 7}"#, Some("7"), "`operation` is missing"),
            (
                br#"{"id": "x", "operation": 7}"#,
                Some("\"x\""),
                "`operation`: is no text",
            ),
            (br#"{"id": 7, "operation": "a.b", "client": []}"#, Some("7"), "`client`"),
            (
                br#"{"id": 7, "operation": "a.b", "client": {"a": {}}}"#,
                Some("7"),
                "`client.a`",
            ),
            (
                br#"{"id": 7, "operation": "a.b", "paginated": 2}"#,
                Some("7"),
                "`paginated`",
            ),
            (
                br#"{"id": 7, "operation": "a.b", "param": {}}"#,
                Some("7"),
                "no member `param`",
            ),
        ] {
            let bad = read_line(line).unwrap_err();
            assert_eq!(bad.id.map(RawValue::get), id);
            assert!(bad.error.to_string().contains(wanted), "{}", bad.error);
        }
    }
}
