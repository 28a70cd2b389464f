//! `globus operations`.

use std::fmt::Debug;
use std::io::{self, BufWriter, Write};

use globus_sdk::error::ErrorCode;
use globus_sdk::operation::{Kind, Operation, Param};
use globus_sdk::services::operations;
use serde::Serialize;

use crate::cli::OperationsArgs;
use crate::output::Failure;

/// Lists the table.
pub(crate) fn run(args: &OperationsArgs) -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    let written = if args.json {
        documents(&mut out)
    } else {
        lines(&mut out)
    };
    written.and_then(|()| out.flush()).map_err(Failure::Output)
}

fn lines(out: &mut impl Write) -> io::Result<()> {
    let keys = operations().map(|operation| operation.key().len()).max().unwrap_or(0);
    let paths = operations().map(|operation| operation.path.len()).max().unwrap_or(0);
    for operation in operations() {
        writeln!(
            out,
            "{:keys$}  {:6} {:paths$}  {}",
            operation.key(),
            operation.method.as_str(),
            operation.path,
            operation.doc.lines().next().unwrap_or_default()
        )?;
    }
    Ok(())
}

fn documents(out: &mut impl Write) -> io::Result<()> {
    let rows: Vec<Row> = operations().map(Row::of).collect();
    serde_json::to_writer_pretty(&mut *out, &rows)?;
    out.write_all(b"\n")
}

/// An operation as JSON.
#[derive(Serialize)]
struct Row {
    key: String,
    client: &'static str,
    name: &'static str,
    kind: &'static str,
    method: &'static str,
    path: &'static str,
    client_arguments: &'static [&'static str],
    params: Vec<ParamRow>,
    body: String,
    answer: &'static str,
    rows: Option<&'static str>,
    paging: Option<String>,
    authorization: bool,
    scopes: &'static [&'static str],
    scope_source: String,
    errors: Vec<ErrorRow>,
    idempotency: String,
    doc: &'static str,
    reference: &'static str,
}

/// An error that the service documents, as JSON.
#[derive(Serialize)]
struct ErrorRow {
    status: u16,
    code: Option<&'static str>,
    when: &'static str,
}

/// A parameter as JSON.
#[derive(Serialize)]
struct ParamRow {
    name: &'static str,
    wire: &'static str,
    place: String,
    style: String,
    value: String,
    #[serde(rename = "type")]
    ty: &'static str,
    values: &'static [&'static str],
    required: bool,
    nullable: bool,
    default: Option<serde_json::Value>,
    doc: &'static str,
}

impl Row {
    fn of(operation: &Operation) -> Self {
        Self {
            key: operation.key(),
            client: operation.client.id,
            name: operation.name,
            kind: match operation.kind {
                Kind::Composite(_) => "composite",
                _ => "request",
            },
            method: operation.method.as_str(),
            path: operation.path,
            client_arguments: operation.client.vars,
            params: operation.params.iter().map(ParamRow::of).collect(),
            body: word(&operation.body),
            answer: operation.answer.model,
            rows: operation.answer.rows,
            paging: operation.paging.as_ref().map(word),
            authorization: operation.authorization,
            scopes: operation.needed_scopes(),
            scope_source: word(&operation.scope_source),
            errors: operation.documented_errors().map(ErrorRow::of).collect(),
            idempotency: word(&operation.idempotency),
            doc: operation.doc,
            reference: operation.reference,
        }
    }
}

impl ErrorRow {
    fn of(error: &ErrorCode) -> Self {
        Self {
            status: error.status,
            code: error.code,
            when: error.when,
        }
    }
}

impl ParamRow {
    fn of(param: &Param) -> Self {
        Self {
            name: param.name,
            wire: param.wire,
            place: word(&param.place),
            style: word(&param.style),
            value: word(&param.value),
            ty: param.ty,
            values: param.values,
            required: param.required,
            nullable: param.nullable,
            default: param.default.and_then(|json| serde_json::from_str(json).ok()),
            doc: param.doc,
        }
    }
}

/// A variant's name in snake case: `HasNextPage { .. }` is `has_next_page`.
fn word(variant: &impl Debug) -> String {
    let text = format!("{variant:?}");
    let mut word = String::new();
    for character in text.chars().take_while(char::is_ascii_alphanumeric) {
        if character.is_ascii_uppercase() && !word.is_empty() {
            word.push('_');
        }
        word.push(character.to_ascii_lowercase());
    }
    word
}
