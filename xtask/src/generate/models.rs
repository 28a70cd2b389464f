//! `conformance/models.toml`: what each operation's answer is decoded into.

use std::fmt::Write as _;

use globus_sdk::operation::{ClientSpec, Operation};

use crate::{Result, workspace};

pub(crate) const PAGE: &str = "conformance/models.toml";
const HEADER: &str = "\
# What each answer is decoded into; `Page<T>` has rows of T. Written by `cargo xtask generate` from the declarations, but
# for the table `why`: an answer without a type of its own is `Value`, and its reason is written there by hand.
";

/// The whole file, with the reasons that the present one has.
pub(crate) fn page(clients: &[&ClientSpec]) -> Result<String> {
    let present: toml::Table = workspace::read(PAGE).unwrap_or_default().parse()?;
    let reason = |key: &str| present.get("why")?.get(key)?.as_str().map(str::to_owned);
    let mut page = HEADER.to_owned();
    let mut reasons = String::new();
    let (mut all, mut typed) = (0, 0);
    for client in clients.iter().filter(|client| client.operations().next().is_some()) {
        let _ = write!(page, "\n[{}]\n", client.id);
        for operation in client.operations() {
            all += 1;
            let _ = writeln!(page, "{} = \"{}\"", operation.name, answer(operation));
            if operation.answer.model != "Value" {
                typed += 1;
                continue;
            }
            let key = operation.key();
            let why = reason(&key).ok_or_else(|| format!("{PAGE}: say in [why] why the answer of {key} is `Value`"))?;
            let _ = writeln!(reasons, "\"{key}\" = {}", toml::Value::String(why));
        }
    }
    let _ = write!(page, "\n[why]\n{reasons}");
    println!("{typed} of {all} answers have a type of their own");
    Ok(page)
}

fn answer(operation: &Operation) -> String {
    let model = operation.answer.model;
    if operation.answer.rows.is_some() {
        format!("Page<{model}>")
    } else {
        model.to_owned()
    }
}
