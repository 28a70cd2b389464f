//! `docs/src/operations.md`: every declared operation with its parameters.

use std::fmt::Write as _;

use globus_sdk::error::ErrorCode;
use globus_sdk::operation::{ClientSpec, Operation, Param, Place, ResourceServer, ScopeSource};

/// The whole page.
pub(crate) fn page(clients: &[&ClientSpec]) -> String {
    let mut page = "# Operations\n\n\
        <!-- Written by `cargo xtask generate`: edit the declarations, not this page. -->\n\n\
        Every operation the SDK declares, under the key that `globus call` takes.\n"
        .to_owned();
    for client in clients {
        section(&mut page, client);
    }
    page
}

/// Writing into a `String` cannot fail, so the results of `write!` are dropped here and below.
fn section(page: &mut String, client: &ClientSpec) {
    let _ = write!(page, "\n## {}\n\n{}\n\n", client.name, lead(client.doc));
    let _ = match client.resource_server {
        ResourceServer::Static(name) => writeln!(page, "Resource server: `{name}`.\n"),
        ResourceServer::FromVariable(name) => writeln!(page, "Resource server: the client's `{name}`.\n"),
        ResourceServer::Fetched(operation) => writeln!(page, "Resource server: asked with `{operation}`.\n"),
        _ => Ok(()),
    };
    if !client.vars.is_empty() {
        let _ = writeln!(page, "The client is made with {}.\n", code_list(client.vars));
    }
    page.push_str("| key | request | |\n|---|---|---|\n");
    for operation in client.operations() {
        let key = operation.key();
        let anchor = key.replace('.', "");
        let _ = writeln!(
            page,
            "| [`{key}`](#{anchor}) | {} | {} |",
            request(operation),
            cell(&first_line(operation.doc))
        );
    }
    errors(page, client);
    for operation in client.operations() {
        entry(page, operation);
    }
}

/// What the errors of the client's operations mean. Those of every operation come first, and are not repeated below.
fn errors(page: &mut String, client: &ClientSpec) {
    let every = client.errors.codes();
    let mut some: Vec<&ErrorCode> = Vec::new();
    for error in client.operations().flat_map(|operation| operation.errors) {
        if !some.contains(&error) {
            some.push(error);
        }
    }
    some.sort_by_key(|error| (error.status, error.code));
    if client.operations().next().is_none() {
        return;
    }
    page.push_str("\n| error | of | |\n|---|---|---|\n");
    let rows = every.iter().map(|error| (error, "every operation"));
    for (error, of) in rows.chain(some.into_iter().map(|error| (error, "those that name it"))) {
        let _ = writeln!(page, "| {} | {of} | {} |", name(error), cell(error.when));
    }
}

/// Status and code.
fn name(error: &ErrorCode) -> String {
    match error.code {
        Some(code) => format!("{} `{code}`", error.status),
        None => error.status.to_string(),
    }
}

fn entry(page: &mut String, operation: &Operation) {
    let _ = write!(
        page,
        "\n### {}\n\n{}\n\n{}",
        operation.key(),
        prose(operation.doc),
        request(operation)
    );
    let _ = write!(page, " · {}", scopes(operation));
    if operation.paging.is_some() {
        page.push_str(" · in pages");
    }
    if !operation.reference.is_empty() {
        let _ = write!(page, " · [reference]({})", operation.reference);
    }
    page.push('\n');
    if !operation.errors.is_empty() {
        let names: Vec<String> = operation.errors.iter().map(name).collect();
        let _ = writeln!(page, "\nErrors: {}.", names.join(", "));
    }
    if operation.params.is_empty() {
        return;
    }
    page.push_str("\n| parameter | type | in | |\n|---|---|---|---|\n");
    for param in operation.params {
        let need = if param.required { " (required)" } else { "" };
        let _ = writeln!(
            page,
            "| `{}`{need} | `{}` | {} | {} |",
            param.name,
            param.ty,
            place(param),
            cell(&meaning(param))
        );
    }
}

/// What a parameter means, and which values it may have.
fn meaning(param: &Param) -> String {
    let mut text = prose(param.doc);
    // A text that names a value has said which there are.
    if !param.values.is_empty() && !param.values.iter().any(|value| text.contains(&format!("`{value}`"))) {
        let word = if param.values.len() > 1 { "One of" } else { "Known:" };
        let _ = write!(text, " {word} {}.", code_list(param.values));
    }
    text
}

fn request(operation: &Operation) -> String {
    if operation.path.is_empty() {
        return "several requests".to_owned();
    }
    format!("`{} {}`", operation.method.as_str(), operation.path)
}

fn place(param: &Param) -> &'static str {
    match param.place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Header => "header",
        Place::Body => "body",
        Place::Form => "form",
        Place::Document => "the body",
        _ => "",
    }
}

fn code_list(texts: &[&str]) -> String {
    texts
        .iter()
        .map(|text| format!("`{text}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// What a token needs, or why it needs nothing.
fn scopes(operation: &Operation) -> String {
    let scopes = operation.needed_scopes();
    let word = if scopes.len() > 1 { "one of the scopes" } else { "scope" };
    match operation.scope_source {
        ScopeSource::Documented => format!("{word} {}", code_list(scopes)),
        ScopeSource::Inferred => format!("{word} {} (inferred: the client's default)", code_list(scopes)),
        ScopeSource::Credentials => "no scope: the client sends its own credentials".to_owned(),
        _ => "no scope needed".to_owned(),
    }
}

/// A documentation comment as a page shows it: without the code for rustdoc, and without links that lead into the crate.
fn prose(doc: &str) -> String {
    let mut kept = Vec::new();
    let mut in_code = false;
    for line in doc.lines() {
        let line = line.strip_prefix(' ').unwrap_or(line);
        if line.starts_with("```") {
            in_code = !in_code;
        } else if !in_code {
            kept.push(line);
        }
    }
    without_links(kept.join("\n").trim())
}

/// `` [`Page`](crate::paging::Page) `` and `` [`Page`] `` become `` `Page` ``; links to the web stay.
fn without_links(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("[`") {
        let (before, link) = rest.split_at(start);
        out.push_str(before);
        let Some(end) = link.find("`]") else {
            rest = link;
            break;
        };
        let (name, after) = (&link[1..=end], &link[end + 2..]);
        let target = after.strip_prefix('(').and_then(|after| after.split_once(')'));
        match target {
            Some((target, _)) if target.starts_with("http") => {
                out.push_str(&link[..end + 2]);
                rest = after;
            }
            Some((_, after)) => {
                out.push_str(name);
                rest = after;
            }
            None => {
                out.push_str(name);
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// The first paragraph.
fn lead(doc: &str) -> String {
    prose(doc).split("\n\n").next().unwrap_or_default().to_owned()
}

/// The first paragraph in one line, for the table.
fn first_line(doc: &str) -> String {
    lead(doc).replace('\n', " ")
}

/// A text that fits into one cell of a Markdown table.
fn cell(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_one_line_without_bars() {
        assert_eq!(cell(" one\n two | three "), "one two \\| three");
        assert_eq!(first_line(" First,\n still.\n\nSecond."), "First, still.");
    }

    #[test]
    fn rustdoc_is_left_out() {
        assert_eq!(prose(" One.\n\n ```compile_fail\n let x = 1;\n ```\n"), "One.");
        let text = "See [`Page`](crate::paging::Page), [`x`] and [`y`](https://example.org); a[0].";
        assert_eq!(
            without_links(text),
            "See `Page`, `x` and [`y`](https://example.org); a[0]."
        );
    }
}
