//! Finds the paths through which one module reaches another.
//!
//! It reads tokens, not syntax: comments and texts cannot mislead it, and the inside of macro calls counts too.

use std::path::Path;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use crate::Result;

/// A path of the crate, as written somewhere.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    /// Line, from 1.
    pub(crate) line: usize,
    /// Segments below the crate's root; for `use`, one reference for each leaf.
    pub(crate) path: Vec<String>,
}

/// The module that a file below `src` holds: `operation/table.rs` is `["operation", "table"]`. `None` for files of tests.
pub(crate) fn module_of(file: &Path) -> Option<Vec<String>> {
    let mut module: Vec<String> = file
        .with_extension("")
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    if module.iter().any(|part| part == "tests") {
        return None;
    }
    if matches!(module.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        module.pop();
    }
    Some(module)
}

/// The references in `source`, the text of `module`, apart from items under `#[cfg(test)]`.
pub(crate) fn references(source: &str, module: &[String]) -> Result<Vec<Reference>> {
    scan(source, module, "crate")
}

/// The paths in `source` that begin with the name of another crate.
pub(crate) fn references_to(source: &str, krate: &'static str) -> Result<Vec<Reference>> {
    scan(source, &[], krate)
}

fn scan(source: &str, module: &[String], root: &'static str) -> Result<Vec<Reference>> {
    let tokens: TokenStream = source
        .parse()
        .map_err(|error| format!("cannot be read as Rust: {error}"))?;
    let mut scan = Scan {
        root,
        module: module.to_vec(),
        found: Vec::new(),
    };
    scan.walk(tokens);
    Ok(scan.found)
}

struct Scan {
    root: &'static str,
    module: Vec<String>,
    found: Vec<Reference>,
}

impl Scan {
    fn walk(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            at = match &tokens[at] {
                TokenTree::Punct(hash) if hash.as_char() == '#' && is_test_only(tokens.get(at + 1)) => {
                    end_of_item(&tokens, at)
                }
                TokenTree::Ident(word) if word == "mod" => self.inline_module(&tokens, at),
                TokenTree::Ident(word) if word == self.root && is_path(&tokens, at + 1) => {
                    self.path(&tokens, at + 3, Vec::new())
                }
                TokenTree::Ident(word) if word == "super" && self.root == "crate" && is_path(&tokens, at + 1) => {
                    self.climb(&tokens, at)
                }
                TokenTree::Group(group) => {
                    self.walk(group.stream());
                    at + 1
                }
                _ => at + 1,
            };
        }
    }

    /// `mod name { .. }`: paths inside that begin with `super` climb from one level deeper.
    fn inline_module(&mut self, tokens: &[TokenTree], at: usize) -> usize {
        let (Some(TokenTree::Ident(name)), Some(TokenTree::Group(body))) = (tokens.get(at + 1), tokens.get(at + 2))
        else {
            return at + 1;
        };
        self.module.push(name.to_string());
        self.walk(body.stream());
        self.module.pop();
        at + 3
    }

    /// `super::super::name`: becomes a path from the root.
    fn climb(&mut self, tokens: &[TokenTree], mut at: usize) -> usize {
        let mut base = self.module.clone();
        while matches!(tokens.get(at), Some(TokenTree::Ident(word)) if word == "super") && is_path(tokens, at + 1) {
            base.pop();
            at += 3;
        }
        self.path(tokens, at, base)
    }

    /// Follows a path whose next segment is at `at`; answers where it ends.
    fn path(&mut self, tokens: &[TokenTree], mut at: usize, mut path: Vec<String>) -> usize {
        loop {
            match tokens.get(at) {
                Some(TokenTree::Ident(segment)) => {
                    if segment != "self" {
                        path.push(segment.to_string());
                    }
                    if is_path(tokens, at + 1) && !ends_path(tokens.get(at + 3)) {
                        at += 3;
                        continue;
                    }
                    self.found.push(Reference {
                        line: segment.span().start().line,
                        path,
                    });
                    return at + 1;
                }
                Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                    self.branches(group, &path);
                    return at + 1;
                }
                Some(other) => {
                    self.found.push(Reference {
                        line: other.span().start().line,
                        path,
                    });
                    return at + 1;
                }
                None => return at,
            }
        }
    }

    /// `{a, b::c, d as e}` of a `use`.
    fn branches(&mut self, group: &Group, prefix: &[String]) {
        let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
        for branch in tokens.split(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',')) {
            if !branch.is_empty() {
                self.path(branch, 0, prefix.to_vec());
            }
        }
    }
}

/// Whether `::` stands at `at`.
fn is_path(tokens: &[TokenTree], at: usize) -> bool {
    [at, at + 1]
        .iter()
        .all(|&place| matches!(tokens.get(place), Some(TokenTree::Punct(punct)) if punct.as_char() == ':'))
}

/// Whether what follows `::` is a generic argument list, no further segment.
fn ends_path(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == '<')
}

/// Whether an attribute's brackets say `cfg(test)` or `cfg(all(test, ..))`.
fn is_test_only(token: Option<&TokenTree>) -> bool {
    let Some(TokenTree::Group(group)) = token else {
        return false;
    };
    let text: String = group.stream().to_string().split_whitespace().collect();
    text == "cfg(test)" || text.starts_with("cfg(all(test,")
}

/// The place after the item whose attribute is at `at`: past its `;` or its braces.
fn end_of_item(tokens: &[TokenTree], at: usize) -> usize {
    let ends = |token: &TokenTree| match token {
        TokenTree::Punct(punct) => punct.as_char() == ';',
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        _ => false,
    };
    tokens[at..]
        .iter()
        .position(ends)
        .map_or(tokens.len(), |length| at + length + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(source: &str, module: &[&str]) -> Vec<String> {
        let module: Vec<String> = module.iter().map(ToString::to_string).collect();
        references(source, &module)
            .unwrap()
            .into_iter()
            .map(|found| found.path.join("::"))
            .collect()
    }

    #[test]
    fn uses_are_split_into_leaves() {
        let source = "use crate::{error::{self, Error}, scopes::Scope as S};\nuse std::crate_like::x;";
        assert_eq!(
            paths(source, &["transport"]),
            ["error", "error::Error", "scopes::Scope"]
        );
    }

    #[test]
    fn paths_in_code_and_in_macros_count() {
        let source =
            "fn f() -> Vec<crate::error::Error> { crate::client::make::<crate::tokens::T>(); m!(crate::app::X) }";
        assert_eq!(
            paths(source, &["x"]),
            ["error::Error", "client::make", "tokens::T", "app::X"]
        );
    }

    #[test]
    fn climbing_is_resolved() {
        let source = "use super::super::paging::Page; mod inner { use super::y; } pub(super) fn g() {}";
        assert_eq!(
            paths(source, &["services", "flows"]),
            ["paging::Page", "services::flows::y"]
        );
    }

    #[test]
    fn tests_comments_and_texts_do_not_count() {
        let source = "//! crate::app\n#[cfg(test)] mod tests { use crate::app::A; }\n#[cfg(test)] use crate::b::B;\n\
                      const T: &str = \"crate::app\"; #[cfg(not(test))] use crate::kept::K;";
        assert_eq!(paths(source, &["x"]), ["kept::K"]);
    }

    #[test]
    fn paths_into_another_crate_are_found() {
        let found = references_to(
            "use globus_sdk::operation::Kind; use super::x; use crate::y;",
            "globus_sdk",
        )
        .unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].path, ["operation", "Kind"]);
    }

    #[test]
    fn files_are_modules() {
        assert_eq!(module_of(Path::new("lib.rs")), Some(Vec::new()));
        assert_eq!(
            module_of(Path::new("operation/mod.rs")),
            Some(vec!["operation".to_owned()])
        );
        assert_eq!(
            module_of(Path::new("error/api.rs")),
            Some(vec!["error".to_owned(), "api".to_owned()])
        );
        assert_eq!(module_of(Path::new("error/tests.rs")), None);
    }
}
