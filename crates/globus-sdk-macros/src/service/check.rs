//! What a declaration must satisfy beyond its syntax.

use std::collections::HashMap;

use syn::LitStr;
use syn::ext::IdentExt;

use super::params::{Param, Place, Style, Value};
use super::parse::{Operation, Service};
use crate::errors::Errors;
use crate::text;

/// Names of the builders' own methods.
const RESERVED: [&str; 5] = ["pages", "items", "send", "into_request", "into_future"];

/// Reports everything that is wrong with the block.
pub(super) fn service(service: &Service, errors: &mut Errors) {
    for operation in &service.operations {
        documentation(service, operation, errors);
        scopes(operation, errors);
        path(service, operation, errors);
        paging(operation, errors);
        body(operation, errors);
        setters(operation, errors);
        for param in &operation.params {
            placement(operation, param, errors);
            style(param, errors);
        }
    }
}

fn documentation(service: &Service, operation: &Operation, errors: &mut Errors) {
    if operation.doc.is_empty() {
        errors.at(&operation.name, "an operation needs a doc comment: what it does");
    } else if text::repeats_name(&operation.doc, &operation.key()) {
        errors.at(
            &operation.name,
            "the doc comment only repeats the name: say what the operation does",
        );
    }
    if service.args.reference.is_none() && operation.options.reference.is_none() {
        errors.at(
            &operation.name,
            "an operation needs the page of its API reference: `reference = \"https://...\"`",
        );
    }
    let mut docs: HashMap<String, &Param> = HashMap::new();
    for param in &operation.params {
        if param.doc.is_empty() {
            errors.at(
                &param.name,
                "a parameter needs a doc comment: what it means, with units and limits",
            );
        } else if text::repeats_name(&param.doc, &param.key()) {
            errors.at(
                &param.name,
                "the doc comment only repeats the name: say what the parameter means",
            );
        } else if let Some(other) = docs.insert(param.doc.to_lowercase(), param) {
            errors.at(
                &param.name,
                format!("the doc comment is the same as that of `{}`", other.name),
            );
        }
    }
}

fn scopes(operation: &Operation, errors: &mut Errors) {
    if let (Some(source), Some(_)) = (&operation.options.scope_source, &operation.options.scopes) {
        errors.at(
            source,
            "an operation that names scopes takes them from its documentation",
        );
    }
}

fn path(service: &Service, operation: &Operation, errors: &mut Errors) {
    let path = &operation.options.path;
    if !path.value().starts_with('/') {
        errors.at(path, "a path starts with `/`");
    }
    for name in operation.options.placeholders().unwrap_or_default() {
        if service.args.vars.iter().any(|var| *var == name) {
            continue;
        }
        if !operation.params.iter().any(|param| param.key() == name) {
            errors.at(
                path,
                format!("`{{{name}}}` is neither a parameter nor a client variable (`vars(..)`)"),
            );
        }
    }
}

fn paging(operation: &Operation, errors: &mut Errors) {
    let Some(page) = &operation.options.page else { return };
    if let Some(list) = &operation.options.list {
        errors.at(list, "`page` names the rows already: leave out `list`");
    }
    let needed: &[&str] = match page.style.to_string().as_str() {
        "Marker" | "NullableMarker" => &["marker"],
        "LastKey" => &["last_key"],
        "NextToken" => &["next_token"],
        "HasNextPage" | "Total" => &["limit", "offset"],
        _ => &[],
    };
    for name in needed {
        if !operation.params.iter().any(|param| param.key() == *name) {
            errors.at(
                &page.style,
                format!("paging of this style needs the parameter `{name}`"),
            );
        }
    }
}

fn body(operation: &Operation, errors: &mut Errors) {
    let options = &operation.options;
    let reads = options.method == "Get";
    if reads && (options.form || options.json || !options.fixed.is_empty()) {
        errors.at(&options.path, "GET has no body");
    }
    if options.form && (options.json || options.wrap.is_some()) {
        errors.at(&options.path, "`form` excludes `json` and `wrap`");
    }
    let pointers = options
        .wrap
        .iter()
        .chain(operation.params.iter().filter_map(|param| param.at.as_ref()));
    for pointer in pointers.filter(|pointer| !is_pointer(pointer)) {
        errors.at(pointer, "a JSON pointer starts with `/`");
    }
    let mut documents = operation.params.iter().filter(|param| param.place == Place::Document);
    documents.next();
    for second in documents {
        errors.at(&second.name, "a request has one document");
    }
}

fn is_pointer(text: &LitStr) -> bool {
    text.value().starts_with('/')
}

fn placement(operation: &Operation, param: &Param, errors: &mut Errors) {
    let options = &operation.options;
    match param.place {
        // A composite may know of another path for calls without it.
        Place::Path if param.optional && options.composite.is_none() => {
            errors.at(&param.name, "a parameter in the path cannot be an `Option`");
        }
        Place::Body | Place::Document | Place::Form if options.method == "Get" => {
            errors.at(&param.name, "GET has no body");
        }
        Place::Body if options.form => {
            errors.at(
                &param.name,
                "the body of this operation is a form: it has no JSON fields",
            );
        }
        Place::Form if !options.form => errors.at(&param.name, "the operation needs the option `form`"),
        Place::Local if options.composite.is_none() => {
            errors.at(&param.name, "only a composite reads a parameter that is not sent");
        }
        Place::Document if !matches!(param.value, Value::Json(_)) => {
            errors.at(&param.ty, "a document is `Value` or `Json<..>`");
        }
        _ => {}
    }
    if let (Some((_, span)), false) = (&param.default, param.optional) {
        errors.push(syn::Error::new(*span, "only an `Option` parameter has a default"));
    }
    if let Some(with) = &param.with {
        if !param.optional || !matches!(param.place, Place::Query | Place::Form) {
            errors.at(
                with,
                "only an `Option` parameter of a query or a form depends on another",
            );
        }
        if !operation.params.iter().any(|other| with.unraw() == other.key()) {
            errors.at(with, "the operation has no parameter of this name");
        }
    }
    if let (Some(span), false, Value::List(_)) = (param.nullable, param.optional, &param.value) {
        errors.push(syn::Error::new(
            span,
            "a required list cannot be null: make it an `Option`",
        ));
    }
}

fn style(param: &Param, errors: &mut Errors) {
    let list = matches!(param.value, Value::List(_));
    let Some((style, span)) = param.style else {
        if list && !matches!(param.place, Place::Body | Place::Local) {
            errors.at(
                &param.ty,
                "say how this list is written: #[csv], #[repeat] or #[spaces]",
            );
        }
        if list && param.place == Place::Body && !texts(&param.value) {
            errors.at(
                &param.ty,
                "a list in a JSON body has texts: write `Json<Vec<..>>` for numbers or booleans",
            );
        }
        return;
    };
    let flat = !matches!(param.place, Place::Body | Place::Document);
    let problem = match style {
        Style::Csv if !list => "this style is for a `Vec`",
        Style::Spaces if !list && !matches!(param.value, Value::Text(_)) => "this style is for a list or a text",
        Style::Repeat if !list || !flat => "this style is for a `Vec` in a query, a header or a form",
        Style::Bit | Style::Lower | Style::Offline if !matches!(param.value, Value::Boolean(_)) || !flat => {
            "this style is for a `bool` in a query, a header or a form"
        }
        Style::Filter if matches!(param.value, Value::Boolean(_) | Value::Integer(_) | Value::Number(_)) || !flat => {
            "this style is for a map, a text or a `Vec` in a query"
        }
        Style::NotNull if !matches!(param.value, Value::Boolean(_)) || param.place != Place::Body => {
            "this style is for a `bool` in a JSON body"
        }
        Style::List if !list || param.place != Place::Body => "this style is for a `Vec` in a JSON body",
        _ => return,
    };
    errors.push(syn::Error::new(span, problem));
}

/// Whether the value is a list of texts.
fn texts(value: &Value) -> bool {
    let Value::List(syn::Type::Path(element)) = value else {
        return false;
    };
    !["bool", "f64", "u16", "u32", "u64", "i32", "i64", "usize"]
        .iter()
        .any(|name| element.path.is_ident(name))
}

fn setters(operation: &Operation, errors: &mut Errors) {
    let key = operation.key();
    if key.starts_with("with_") {
        errors.at(
            &operation.name,
            "names that start with `with_` belong to the options of a call",
        );
    }
    let mut names: Vec<String> = Vec::new();
    for param in &operation.params {
        let key = param.key();
        if names.contains(&key) {
            errors.at(&param.name, "a parameter or setter of this name exists already");
        }
        if param.optional && key.starts_with("with_") {
            errors.at(
                &param.name,
                "setters that start with `with_` belong to the options of a call",
            );
        }
        if param.optional && RESERVED.contains(&key.as_str()) {
            errors.at(
                &param.name,
                "the builder has a method of this name: rename the parameter and give its #[wire] name",
            );
        }
        if param.optional && param.nullable.is_some() {
            names.push(format!("{key}_null"));
        }
        names.push(key);
    }
}
