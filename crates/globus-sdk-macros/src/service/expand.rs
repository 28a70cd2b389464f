//! Writes the rows of the table, the client methods and the builders.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::{LitStr, Path, Type};

use super::options::Also;
use super::params::{Param, Value};
use super::parse::{Operation, Service};
use crate::text;

/// The expansion of a block.
pub(super) fn service(service: &Service) -> TokenStream {
    let Service {
        attrs,
        client,
        operations,
        ..
    } = service;
    let own = Target {
        client: Path::from(client.clone()),
        also: None,
    };
    let mut methods: Vec<(Path, Vec<TokenStream>, Vec<Ident>)> = vec![(own.client.clone(), Vec::new(), Vec::new())];
    let mut items = TokenStream::new();
    for operation in operations {
        let others = operation.options.also.iter().map(|also| Target {
            client: also.client.clone(),
            also: Some(also),
        });
        for target in std::iter::once(Target {
            client: own.client.clone(),
            also: None,
        })
        .chain(others)
        {
            let row = target.row(operation);
            items.extend(target.item(service, operation, &row));
            let method = method(service, operation, &row);
            match methods.iter_mut().find(|(client, ..)| *client == target.client) {
                Some((_, methods, rows)) => {
                    methods.push(method);
                    rows.push(row);
                }
                None => methods.push((target.client, vec![method], vec![row])),
            }
        }
        items.extend(builder(client, operation));
    }
    for (client, methods, rows) in methods {
        let table = format_ident!("{}_OPERATIONS", constant(last(&client)));
        items.extend(quote! {
            pub(crate) static #table: &[&crate::operation::Operation] = &[#(&#rows),*];

            #(#attrs)*
            impl<M: crate::client::Mode> #client<M> {
                #(#methods)*
            }
        });
    }
    items
}

/// A client that gets an operation.
struct Target<'a> {
    client: Path,
    also: Option<&'a Also>,
}

impl Target<'_> {
    /// Name of the row of the client's table.
    fn row(&self, operation: &Operation) -> Ident {
        let name = constant(&operation.name);
        match self.also {
            None => format_ident!("{name}_ROW", span = operation.name.span()),
            Some(_) => format_ident!(
                "{name}_ON_{}",
                constant(last(&self.client)),
                span = operation.name.span()
            ),
        }
    }

    fn item(&self, service: &Service, operation: &Operation, row: &Ident) -> TokenStream {
        let name = constant(&operation.name);
        let Some(also) = self.also else {
            let value = operation_value(service, operation);
            return quote! {
                const #name: crate::operation::Operation = #value;
                static #row: crate::operation::Operation = #name;
            };
        };
        let client = &self.client;
        let client_id = also
            .client_id
            .iter()
            .map(|variant| quote!(client_id: crate::operation::ClientIdField::#variant,));
        let authorization = also.authorization.iter().map(|value| quote!(authorization: #value,));
        quote! {
            static #row: crate::operation::Operation = crate::operation::Operation {
                client: <#client as crate::client::ClientType>::SPEC,
                #(#client_id)*
                #(#authorization)*
                ..#name
            };
        }
    }
}

/// The value of type `Operation`.
fn operation_value(service: &Service, operation: &Operation) -> TokenStream {
    let Operation { options, doc, .. } = operation;
    let client = &service.client;
    let name = operation.key();
    let kind = match &options.composite {
        None => quote!(Request),
        Some(path) => quote!(Composite(#path)),
    };
    let (method, path, wrap) = (&options.method, &options.path, options.wrap());
    let params = operation.params.iter().map(|param| param_value(param, &wrap));
    let body = variant(body(operation));
    let fixed = options.fixed.iter().map(|(name, json)| {
        let name = name.value();
        let pointer = if name.starts_with('/') {
            name
        } else {
            format!("{wrap}{}", text::pointer_step(&name))
        };
        quote!((#pointer, #json))
    });
    let model = answer_name(operation);
    let rows = option(options.rows());
    let unpack = option(options.unpack.as_ref());
    let paging = option(options.page.as_ref().map(|page| &page.paging));
    let before = option(options.before.as_ref());
    let check = option(options.check.as_ref());
    let (authorization, client_id) = (options.authorization, &options.client_id);
    let (scopes, scope_source) = operation.scopes(&service.args);
    let scope_source = variant(scope_source);
    let errors = operation.errors(&service.args);
    let idempotency = options
        .idempotency
        .clone()
        .unwrap_or_else(|| variant(idempotency(operation)));
    let reference = reference(service, operation);
    quote! {
        crate::operation::Operation {
            client: <#client as crate::client::ClientType>::SPEC,
            name: #name,
            kind: crate::operation::Kind::#kind,
            method: crate::operation::Method::#method,
            path: #path,
            params: &[#(#params),*],
            body: crate::operation::Body::#body,
            wrap: #wrap,
            fixed: &[#(#fixed),*],
            answer: crate::operation::Answer { model: #model, rows: #rows, unpack: #unpack },
            paging: #paging,
            before: #before,
            check: #check,
            authorization: #authorization,
            client_id: crate::operation::ClientIdField::#client_id,
            scopes: &[#(#scopes),*],
            scope_source: crate::operation::ScopeSource::#scope_source,
            errors: &[#(errors::#errors),*],
            idempotency: crate::operation::Idempotency::#idempotency,
            doc: #doc,
            reference: #reference,
        }
    }
}

/// The value of type `Param`.
fn param_value(param: &Param, wrap: &str) -> TokenStream {
    let (name, wire, doc) = (param.key(), param.wire(wrap), &param.doc);
    let place = variant(format!("{:?}", param.place));
    let style = variant(format!("{:?}", param.style()));
    let value = variant(param.value.kind());
    let ty = param.value.type_name();
    let values = match &param.value {
        Value::Text(ty) | Value::List(ty) => quote!(<#ty as crate::operation::Argument>::VALUES),
        _ => quote!(&[]),
    };
    let (required, nullable) = (!param.optional, param.nullable.is_some());
    let default = option(param.default.as_ref().map(|(json, _)| json));
    let with = option(param.with.as_ref().map(|name| name.unraw().to_string()));
    quote! {
        crate::operation::Param {
            name: #name,
            wire: #wire,
            place: crate::operation::Place::#place,
            style: crate::operation::Style::#style,
            value: crate::operation::ValueKind::#value,
            ty: #ty,
            values: #values,
            required: #required,
            nullable: #nullable,
            default: #default,
            with: #with,
            doc: #doc,
        }
    }
}

/// The method of the client.
fn method(service: &Service, operation: &Operation, row: &Ident) -> TokenStream {
    let name = &operation.name;
    let builder = builder_name(operation);
    let doc = method_doc(service, operation);
    let required: Vec<(usize, &Param)> = operation
        .params
        .iter()
        .enumerate()
        .filter(|(_, param)| !param.optional)
        .collect();
    let arguments = required.iter().map(|(_, param)| {
        let (name, ty) = (&param.name, argument_type(param));
        quote!(#name: #ty)
    });
    let new = quote!(crate::client::Bound::new(self.core(), &#row));
    let value = if required.is_empty() {
        quote!(#builder { bound: #new })
    } else {
        // Mixed-site hygiene: an argument may be called `bound` as well.
        let bound = Ident::new("bound", Span::mixed_site());
        let sets = required.iter().map(|(index, param)| {
            let value = argument(param, &param.name);
            quote!(#bound.set(#index, #value);)
        });
        quote! {
            let mut #bound = #new;
            #(#sets)*
            #builder { #bound }
        }
    };
    let allow = (required.len() > 6).then(|| quote!(#[allow(clippy::too_many_arguments)]));
    quote! {
        #[doc = #doc]
        #allow
        pub fn #name(&self #(, #arguments)*) -> #builder<M> {
            #value
        }
    }
}

/// The builder with its setters.
fn builder(client: &Ident, operation: &Operation) -> TokenStream {
    let name = builder_name(operation);
    let summary = operation
        .doc
        .split("\n\n")
        .next()
        .unwrap_or_default()
        .replace('\n', " ");
    let doc = format!(
        "Builder of [`{client}::{}`]: {}",
        operation.key(),
        uncapitalized(&summary)
    );
    let optional = operation.params.iter().enumerate().filter(|(_, param)| param.optional);
    let setters: Vec<TokenStream> = optional.map(|(index, param)| setter(index, param)).collect();
    let setters = (!setters.is_empty()).then(|| {
        quote! {
            impl<M: crate::client::Mode> #name<M> {
                #(#setters)*
            }
        }
    });
    let answer = answer_type(operation);
    let form = match (&operation.options.page, &operation.options.list) {
        (Some(_), _) => quote!(page),
        (None, Some(_)) => quote!(list),
        (None, None) => quote!(one),
    };
    quote! {
        #[doc = #doc]
        #[derive(Debug, Clone)]
        #[must_use = "a call does nothing until it is awaited or sent"]
        pub struct #name<M: crate::client::Mode = crate::client::Async> {
            bound: crate::client::Bound<M>,
        }
        #setters
        crate::client::builder!(#name, #form #answer);
    }
}

fn setter(index: usize, param: &Param) -> TokenStream {
    let (name, doc) = (&param.name, &param.doc);
    let (ty, value) = (argument_type(param), argument(param, &param.name));
    let null = param.nullable.map(|_| {
        let doc = format!("Sends an explicit null as [`{}`](Self::{}).", param.key(), param.key());
        let name = format_ident!("{}_null", param.name.unraw(), span = param.name.span());
        quote! {
            #[doc = #doc]
            pub fn #name(mut self) -> Self {
                self.bound.set(#index, crate::operation::Arg::Null);
                self
            }
        }
    });
    quote! {
        #[doc = #doc]
        pub fn #name(mut self, #name: #ty) -> Self {
            self.bound.set(#index, #value);
            self
        }
        #null
    }
}

/// Whether the parameter is an argument that may be `None`.
fn takes_none(param: &Param) -> bool {
    !param.optional && param.nullable.is_some() && !matches!(param.value, Value::Json(_))
}

fn argument_type(param: &Param) -> TokenStream {
    match &param.value {
        _ if takes_none(param) => {
            let ty = &param.ty;
            quote!(Option<#ty>)
        }
        Value::Text(ty) => quote!(impl Into<#ty>),
        Value::Integer(ty) | Value::Number(ty) | Value::Boolean(ty) => ty.to_token_stream(),
        Value::List(ty) => quote!(impl IntoIterator<Item = impl Into<#ty>>),
        Value::Json(ty) => quote!(impl crate::operation::Document<#ty>),
    }
}

/// The `Arg` made of the variable `name`.
fn argument(param: &Param, name: &Ident) -> TokenStream {
    match &param.value {
        _ if takes_none(param) => {
            quote!(#name.map_or(crate::operation::Arg::Null, crate::operation::Argument::into_arg))
        }
        Value::Text(ty) => quote!(crate::operation::Argument::into_arg(::core::convert::Into::<#ty>::into(#name))),
        Value::Integer(_) | Value::Number(_) | Value::Boolean(_) => quote!(crate::operation::Argument::into_arg(#name)),
        Value::List(ty) => {
            quote!(crate::operation::Arg::list(#name.into_iter().map(::core::convert::Into::<#ty>::into)))
        }
        Value::Json(ty) => quote!(crate::operation::Document::<#ty>::into_arg(#name)),
    }
}

/// Summary, request line, the rest of the doc comment, parameters and errors.
fn method_doc(service: &Service, operation: &Operation) -> TokenStream {
    let options = &operation.options;
    let (summary, rest) = operation.doc.split_once("\n\n").unwrap_or((&operation.doc, ""));
    let verb = options.method.to_string().to_uppercase();
    let request = format!(
        "`{verb} {}` · {} · [API reference]({})",
        options.path.value(),
        scopes_text(service, operation),
        reference(service, operation),
    );
    let row = answer_link(operation);
    let answer = match options.rows() {
        Some(_) => format!("Returns a [`Page`](crate::paging::Page) of {row}."),
        None => format!("Returns {row}."),
    };
    let required = operation.params.iter().filter(|param| !param.optional);
    let required: Vec<String> = required
        .map(|param| format!("* `{}`: {}", param.key(), param.doc.replace('\n', "\n  ")))
        .collect();
    let mut paragraphs = vec![summary.to_owned(), request, answer];
    if !rest.is_empty() {
        paragraphs.push(rest.to_owned());
    }
    if !required.is_empty() {
        paragraphs.extend(["# Parameters".to_owned(), required.join("\n")]);
    }
    paragraphs.push("# Errors".to_owned());
    let codes: Vec<&Ident> = operation.errors(&service.args).collect();
    if codes.is_empty() {
        paragraphs.push("The service documents those of [every operation](Self#errors).".to_owned());
        let doc = paragraphs.join("\n\n");
        return quote!(#doc);
    }
    paragraphs.push("The service documents, beside those of [every operation](Self#errors):\n".to_owned());
    let doc = paragraphs.join("\n\n");
    quote!(concat!(#doc, #(errors::error_text!(#codes)),*))
}

fn scopes_text(service: &Service, operation: &Operation) -> String {
    let (scopes, source) = operation.scopes(&service.args);
    let scopes: Vec<String> = scopes.iter().map(|scope| format!("`{}`", compact(scope))).collect();
    match (source.as_str(), scopes.as_slice()) {
        ("Credentials", _) => "no scope: the client sends its own credentials".to_owned(),
        ("NotNeeded", _) => "no scope needed".to_owned(),
        ("Documented", []) => "the client's own scope".to_owned(),
        (_, []) => "the client's default scope (inferred)".to_owned(),
        (_, [scope]) => format!("scope {scope}"),
        (_, several) => format!("one of the scopes {}", several.join(", ")),
    }
}

fn answer_type(operation: &Operation) -> TokenStream {
    match &operation.answer {
        Some(ty) if compact(ty) != "Value" => ty.to_token_stream(),
        _ => quote!(serde_json::Value),
    }
}

fn answer_name(operation: &Operation) -> String {
    operation.answer.as_ref().map_or_else(|| "Value".to_owned(), compact)
}

/// The answer's type as a link where rustdoc can resolve one.
fn answer_link(operation: &Operation) -> String {
    match &operation.answer {
        Some(ty @ Type::Path(_)) if !compact(ty).contains('<') => format!("[`{}`]", compact(&answer_type(operation))),
        Some(ty) => format!("`{}`", compact(ty)),
        None => "[`serde_json::Value`]".to_owned(),
    }
}

fn body(operation: &Operation) -> &'static str {
    use super::params::Place;
    let options = &operation.options;
    let sent = |param: &Param| matches!(param.place, Place::Body | Place::Document);
    if options.form {
        "Form"
    } else if options.json || !options.fixed.is_empty() || operation.params.iter().any(sent) {
        "Json"
    } else {
        "None"
    }
}

fn idempotency(operation: &Operation) -> &'static str {
    match operation.options.method.to_string().as_str() {
        _ if operation.options.before.is_some() => "Keyed",
        "Post" | "Patch" => "Once",
        _ => "Repeatable",
    }
}

/// The page of the operation: an address of its own, or where it stands below that of the block.
fn reference(service: &Service, operation: &Operation) -> String {
    let [of_all, own] = [&service.args.reference, &operation.options.reference]
        .map(|page| page.as_ref().map(LitStr::value).unwrap_or_default());
    if own.starts_with("https://") {
        own
    } else {
        of_all + &own
    }
}

fn builder_name(operation: &Operation) -> Ident {
    Ident::new(&text::camel(&operation.key()), operation.name.span())
}

/// `SCREAMING_SNAKE_CASE` of a name.
fn constant(name: &Ident) -> Ident {
    Ident::new(&text::snake(&name.unraw().to_string()).to_uppercase(), name.span())
}

fn last(path: &Path) -> &Ident {
    // A path has a segment: the parser has seen to it.
    &path.segments[path.segments.len() - 1].ident
}

/// Name of a variant.
fn variant(name: impl AsRef<str>) -> Ident {
    Ident::new(name.as_ref(), Span::call_site())
}

/// Source text without spaces.
fn compact(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string().replace(' ', "")
}

fn option(value: Option<impl ToTokens>) -> TokenStream {
    value.map_or_else(|| quote!(None), |value| quote!(Some(#value)))
}

/// Lower case at the start, unless the first word is an abbreviation.
fn uncapitalized(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}
