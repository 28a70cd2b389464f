//! What is written about operations and parameters says something, each time something else.

use std::collections::BTreeMap;

use globus_sdk::operation::Operation;
use globus_sdk::services::operations;

#[test]
fn no_two_parameters_of_an_operation_share_a_text() {
    let shared: Vec<String> = operations().flat_map(shared).collect();
    assert!(shared.is_empty(), "{}", shared.join("\n"));
}

/// An operation does something ("Reads", "Lists", "Gives"), and a text is made of whole sentences.
#[test]
fn texts_are_sentences_and_operations_begin_with_a_verb() {
    let mut wrong = Vec::new();
    for row in operations() {
        let verb = row.doc.split([' ', ',']).next().unwrap_or_default();
        if !verb.starts_with(char::is_uppercase) || !verb.ends_with('s') || !whole(row.doc) {
            wrong.push(format!("{row}: {}", row.doc));
        }
        for param in row.params.iter().filter(|param| !whole(param.doc)) {
            wrong.push(format!("{row}({}): {}", param.name, param.doc));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Words like "sets a limit" say nothing that the name does not say.
#[test]
fn texts_have_no_words_without_content() {
    const EMPTY: [&str; 8] = [
        "sets a limit",
        "used to",
        "allows you",
        "in order to",
        "etc.",
        "various",
        "please",
        "the value of",
    ];
    let params = operations().flat_map(|row| row.params.iter().map(|param| param.doc));
    let texts = operations().map(|row| row.doc).chain(params);
    let found: Vec<&str> = texts
        .filter(|doc| EMPTY.iter().any(|words| doc.to_lowercase().contains(words)))
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn whole(doc: &str) -> bool {
    doc.starts_with(|first: char| first.is_uppercase() || first == '`') && doc.ends_with('.')
}

/// Whoever sets how many rows a page has learns how many it may have, or that the service decides.
#[test]
fn page_sizes_name_their_limit() {
    let names = ["limit", "per_page", "page_size", "max_results"];
    let vague: Vec<String> = operations()
        .flat_map(|row| row.params.iter().map(move |param| (row, param)))
        .filter(|(_, param)| names.contains(&param.name))
        .filter(|(_, param)| {
            let number = param.doc.contains(|char: char| char.is_ascii_digit());
            !number && !param.doc.contains("documents no limit")
        })
        .map(|(row, param)| format!("{row}({}): {}", param.name, param.doc))
        .collect();
    assert!(vague.is_empty(), "{}", vague.join("\n"));
}

fn shared(row: &Operation) -> Vec<String> {
    let mut names = BTreeMap::<String, Vec<&str>>::new();
    for param in row.params {
        names.entry(plain(param.doc).join(" ")).or_default().push(param.name);
    }
    let several = names.into_iter().filter(|(_, names)| names.len() > 1);
    several
        .map(|(text, names)| format!("{row}: {names:?} all say: {text}"))
        .collect()
}

/// A text repeats a name when it has no word beyond those of the name, small words and words of the trade.
#[test]
fn no_text_repeats_a_name() {
    let operations_ = operations().map(|row| (row.to_string(), row.name, row.doc));
    let params = operations().flat_map(|row| {
        let params = row.params.iter();
        params.map(move |param| (format!("{row}({})", param.name), param.name, param.doc))
    });
    let repeated: Vec<String> = operations_
        .chain(params)
        .filter(|(_, name, doc)| repeats(name, doc))
        .map(|(what, _, doc)| format!("{what}: {doc}"))
        .collect();
    assert!(repeated.is_empty(), "{}", repeated.join("\n"));
}

#[test]
fn a_text_that_repeats_a_name_is_found() {
    for (name, doc) in [
        ("get_task", "Gets the task."),
        ("task_list", "A list of tasks."),
        ("limit", "The limit."),
    ] {
        assert!(repeats(name, doc), "{name}: {doc}");
    }
    assert!(!repeats("get_task", "Reads a task of the caller."));
}

fn repeats(name: &str, doc: &str) -> bool {
    const SMALL: [&str; 12] = [
        "a",
        "an",
        "the",
        "of",
        "to",
        "for",
        "by",
        "its",
        "this",
        "given",
        "value",
        "parameter",
    ];
    let name: Vec<String> = name.split('_').map(stem).collect();
    plain(doc)
        .iter()
        .all(|word| SMALL.contains(&word.as_str()) || name.contains(&stem(word)))
}

fn plain(doc: &str) -> Vec<String> {
    let words = doc.split(|char: char| !char.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// Without the ending of a plural or of the third person.
fn stem(word: &str) -> String {
    word.trim_end_matches('s').to_owned()
}
