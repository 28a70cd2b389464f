//! `docs/src/operations.md`: every declared operation with its parameters.

use std::fmt::Write as _;

use globus_sdk::operation::{ClientSpec, Operation, Param, Place, ResourceServer};

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
    let _ = write!(page, "\n## {}\n\n{}\n\n", client.name, client.doc.trim());
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
            cell(first_line(operation.doc))
        );
    }
    for operation in client.operations() {
        entry(page, operation);
    }
}

fn entry(page: &mut String, operation: &Operation) {
    let _ = write!(
        page,
        "\n### {}\n\n{}\n\n{}",
        operation.key(),
        operation.doc.trim(),
        request(operation)
    );
    if !operation.scopes.is_empty() {
        let _ = write!(page, " · scope {}", code_list(operation.scopes));
    }
    if operation.paging.is_some() {
        page.push_str(" · in pages");
    }
    if !operation.reference.is_empty() {
        let _ = write!(page, " · [reference]({})", operation.reference);
    }
    page.push('\n');
    if operation.params.is_empty() {
        return;
    }
    page.push_str("\n| parameter | in | |\n|---|---|---|\n");
    for param in operation.params {
        let need = if param.required { " (required)" } else { "" };
        let _ = writeln!(
            page,
            "| `{}`{need} | {} | {} |",
            param.name,
            place(param),
            cell(param.doc)
        );
    }
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

fn first_line(doc: &str) -> &str {
    doc.trim().lines().next().unwrap_or_default()
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
        assert_eq!(first_line("First.\n\nSecond."), "First.");
    }
}
