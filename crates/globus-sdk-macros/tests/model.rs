//! The expansion of `#[model]` reads and writes documents, with a stand-in for the part of `globus-sdk` that it names.
#![allow(missing_docs, dead_code, unreachable_pub, missing_debug_implementations)]

mod operation {
    include!("stand_in/operation.rs");
}

// `Extra` and `Field` need nothing else of the crate, so these are the real ones.
#[path = "../../globus-sdk/src/models"]
mod models {
    mod extra;
    mod field;

    pub use extra::Extra;
    pub use field::Field;

    pub trait Model {}
}

use globus_sdk_macros::model;
use serde_json::{Value, json};

use crate::models::Field;
use crate::operation::{Arg, Argument};

/// A row.
#[model]
struct Row {
    /// Its id.
    id: String,
    /// Its size in bytes.
    size: u64,
    /// Its kind.
    #[wire("DATA_TYPE")]
    data_type: Option<String>,
    /// What it is for.
    description: Field<String>,
    /// Who may see it.
    role: Option<Role>,
    /// Rows below it.
    children: Vec<Row>,
    /// A key to it.
    #[secret]
    key: Option<String>,
}

/// A role.
#[model(rename_all = "SCREAMING_SNAKE_CASE")]
#[derive(Default)]
enum Role {
    /// Everything.
    #[default]
    ProjectAdmin,
    /// Looking.
    #[wire("viewer")]
    Viewer,
}

/// Its name and its field's type are names that expansions like to use.
#[model]
struct A {
    /// A key.
    key: Option<Key>,
}

/// A key.
#[model]
struct Key {}

/// Nothing is known of it.
#[model]
struct Nothing {}

fn round_trip(document: &Value) -> Row {
    let row: Row = serde_json::from_str(&document.to_string()).expect("it is a row");
    assert_eq!(serde_json::to_value(&row).expect("it serializes"), *document);
    let again: Row = serde_json::from_value(document.clone()).expect("it is a row");
    assert_eq!(row, again);
    row
}

/// A document whose version follows from its fields.
#[model(data_type = "note", fixed("kind" = "short"))]
struct Note {
    /// Its text.
    #[since(of_text)]
    text: Field<String>,
    /// Where it hangs.
    #[since("1.10.0")]
    wall: Option<String>,
    /// Its colour.
    #[since("1.2.0")]
    colour: Option<String>,
}

fn of_text(text: &Field<String>) -> (u32, u32, u32) {
    let long = text.value().is_some_and(|text| text.len() > 3);
    if long { (1, 7, 0) } else { (1, 1, 0) }
}

#[test]
fn a_version_follows_from_the_fields() {
    let written = |note: Value| {
        let note: Note = serde_json::from_value(note).unwrap();
        serde_json::to_value(&note).unwrap()
    };
    let data_type = |note: Value| written(note)["DATA_TYPE"].clone();
    assert_eq!(written(json!({})), json!({"DATA_TYPE": "note#1.0.0", "kind": "short"}));
    assert_eq!(data_type(json!({"text": null})), "note#1.1.0");
    assert_eq!(data_type(json!({"colour": null})), "note#1.2.0");
    assert_eq!(data_type(json!({"text": "long", "colour": "red"})), "note#1.7.0");
    assert_eq!(
        data_type(json!({"text": "long", "wall": "w", "colour": "red"})),
        "note#1.10.0"
    );
    assert_eq!(data_type(json!({"DATA_TYPE": "note#9", "wall": "w"})), "note#9");
    let note = Note {
        wall: Some("w".to_owned()),
        ..Note::default()
    };
    assert_eq!(note.deduced_data_type(), "note#1.10.0");
    let mut open = Note::default();
    open.extra.set("colour", "red");
    open.extra.set("kind", "long");
    assert_eq!(
        serde_json::to_value(&open).unwrap(),
        json!({"DATA_TYPE": "note#1.2.0", "kind": "long", "colour": "red"})
    );
    open.extra.set("DATA_TYPE", "note#9");
    assert_eq!(serde_json::to_value(&open).unwrap()["DATA_TYPE"], "note#9");
}

macro_rules! passed_on {
    ($name:ident: $type:ty) => {
        /// A model in which a type comes from a declarative macro.
        #[model]
        struct PassedOn {
            /// The field.
            $name: $type,
        }
    };
}

passed_on!(field: Option<String>);

#[test]
fn a_type_from_a_declarative_macro_is_read() {
    assert_eq!(serde_json::to_value(PassedOn::default()).unwrap(), json!({}));
}

#[test]
fn a_fixed_field_has_its_value() {
    let read = |kind: &str| serde_json::from_value::<Note>(json!({"kind": kind})).map_err(|error| error.to_string());
    assert_eq!(read("short"), Ok(Note::default()));
    assert_eq!(read("long").unwrap_err(), "`kind` is `long` where `short` belongs");
}

#[test]
fn documents_are_written_as_they_came() {
    let row = round_trip(&json!({"id": "a", "size": 3, "DATA_TYPE": "file", "role": "PROJECT_ADMIN", "key": null}));
    assert_eq!(
        (row.id.as_str(), row.size, row.role),
        ("a", 3, Some(Role::ProjectAdmin))
    );
    assert_eq!(row.description, Field::Absent);
    let row = round_trip(
        &json!({"id": null, "size": 0, "DATA_TYPE": null, "description": null, "children": [{}, {"new": 1}]}),
    );
    assert_eq!((row.id.as_str(), row.children.len()), ("", 2));
    assert_eq!(row.description, Field::Null);
    let row = round_trip(&json!({"new": {"deep": [1, 2.50]}, "description": "d", "role": "from the future"}));
    assert_eq!(
        row.extra.get("new").map(serde_json::value::RawValue::get),
        Some(r#"{"deep":[1,2.5]}"#)
    );
    assert_eq!(row.role, Some(Role::Other("from the future".to_owned())));
}

#[test]
fn changes_win_over_what_is_remembered() {
    let mut row: Row = serde_json::from_value(json!({"id": null, "DATA_TYPE": null})).expect("it is a row");
    row.id = "b".to_owned();
    row.size = 1;
    row.data_type = Some("dir".to_owned());
    let expected = json!({"id": "b", "size": 1, "DATA_TYPE": "dir"});
    assert_eq!(serde_json::to_value(&row).expect("it serializes"), expected);
}

#[test]
fn extra_fields_stand_in_the_place_of_known_ones() {
    let mut row = Row {
        size: 1,
        description: Field::Value("d".to_owned()),
        data_type: Some("dir".to_owned()),
        ..Row::default()
    };
    for (name, value) in [
        ("size", json!("big")),
        ("description", Value::Null),
        ("DATA_TYPE", json!(7)),
        ("x", json!([])),
    ] {
        row.extra.set(name, value);
    }
    let text = serde_json::to_string(&row).expect("it serializes");
    assert_eq!(
        text,
        r#"{"id":"","children":[],"size":"big","description":null,"DATA_TYPE":7,"x":[]}"#
    );
}

#[test]
fn new_documents_have_their_plain_fields() {
    let row = Row {
        id: "a".to_owned(),
        ..Row::default()
    };
    let expected = json!({"id": "a", "size": 0, "children": []});
    assert_eq!(serde_json::to_value(&row).expect("it serializes"), expected);
}

#[test]
fn the_last_of_two_keys_wins() {
    let row: Row = serde_json::from_str(r#"{"size": 1, "size": null, "x": 1, "x": 2, "id": null, "id": ""}"#)
        .expect("it is a row");
    let expected = json!({"size": null, "x": 2, "id": ""});
    assert_eq!(serde_json::to_value(&row).expect("it serializes"), expected);
}

#[test]
fn keys_with_escapes_are_recognized() {
    let row: Row = serde_json::from_str(r#"{"\u0069d": "a"}"#).expect("it is a row");
    assert_eq!(row.id, "a");
    let row: Row = serde_json::from_reader(&br#"{"id": "a"}"#[..]).expect("it is a row");
    assert_eq!(row.id, "a");
}

#[test]
fn errors_say_what_was_expected() {
    let message = |text: &str| serde_json::from_str::<Row>(text).expect_err("it is no row").to_string();
    assert!(message("[]").contains("expected an object (Row)"), "{}", message("[]"));
    assert!(message(r#"{"size": "x"}"#).contains("expected u64"));
    assert!(message(r#"{"role": 1}"#).contains("expected a text (Role)"));
}

#[test]
fn debug_has_no_secrets() {
    let row: Row = serde_json::from_value(json!({"key": "s3cret", "token": "s3cret"})).expect("it is a row");
    let text = format!("{row:?}");
    assert!(
        text.contains(r#"key: Some("***")"#) && text.contains(r#"extra: ["token"]"#),
        "{text}"
    );
    assert!(!text.contains("s3cret"), "{text}");
    assert!(!format!("{:?}", Row::default()).contains("extra"));
    let nothing: Nothing = serde_json::from_str(r#"{"a": 1}"#).expect("it is an object");
    assert_eq!(format!("{nothing:?}"), r#"Nothing { extra: {"a": "1"} }"#);
}

#[test]
fn enums_are_texts() {
    assert_eq!(Role::from("viewer"), Role::Viewer);
    assert_eq!("PROJECT_ADMIN".parse(), Ok(Role::ProjectAdmin));
    assert_eq!(Role::from("Viewer".to_owned()).as_str(), "Viewer");
    assert_eq!(format!("{:>8}", Role::Viewer), "  viewer");
    assert_eq!(Role::Viewer.into_arg(), Arg::Text("viewer".to_owned()));
    assert_eq!(Role::default(), Role::ProjectAdmin);
}
