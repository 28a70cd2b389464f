//! The attribute macros with which `globus-sdk` declares its operations ([`macro@service`]) and its models
//! ([`macro@model`]).
//!
//! They are part of that crate: the code they write names its items as `crate::...` and is of no use elsewhere.

use proc_macro::TokenStream;

mod errors;
mod model;

mod service;
mod text;

/// Writes the client methods, the builders and the rows of the operation table for a block of declarations.
///
/// Arguments: `reference = "https://..."`, the API reference page of operations that name none of their own;
/// `scope`, `scopes` or `scope_source`, that of operations that say nothing about it; `errors = [NAME, ..]`, what all
/// operations on something that their path names may answer; and `vars(name, ...)`, the client variables that may stand
/// in paths.
///
/// Each declaration is a method without a body, with a doc comment and one of `#[get]`, `#[post]`, `#[put]`, `#[patch]`,
/// `#[delete]`:
///
/// ```ignore
/// #[service(reference = "https://docs.globus.org/api/flows/")]
/// impl FlowsClient {
///     /// Lists the flows that the caller may see.
///     #[get("/flows", scope = FlowsScopes::VIEW_FLOWS, page = Marker("flows"), errors = [BAD_QUERY])]
///     fn list_flows(
///         /// Keep flows on which the caller holds one of these roles.
///         #[csv] filter_roles: Option<Vec<FlowRole>>,
///         marker: Option<String>,
///     ) -> Flow;
/// }
/// ```
///
/// An `Option` parameter becomes a setter of the builder, any other an argument of the method. Without `->` the answer
/// is JSON. A parameter named in the path goes there; otherwise those of GET and DELETE go to the query, those of other
/// methods to the body. The parameters by which pages are continued (`marker`, `last_key`, `next_token`, `offset`) need no
/// doc comment.
///
/// # Options of an operation
///
/// | Option | Meaning |
/// |---|---|
/// | `scope = A`, `scopes = [A, B]` | scopes of which a token needs one, as the service documents them |
/// | `scope_source = Inferred` | no documentation names a scope: the client's default counts. Also `Documented` (the one that the client has for its own resource: its pattern), `Credentials` (the client sends its own id and secret), `NotNeeded` |
/// | `errors = [NAME, ..]` | codes that the service documents for the operation: names of the module `errors` in scope |
/// | `page = Marker("rows")` | paging style and key of the rows; also `NullableMarker("rows", "next_marker")`, `LastKey`, `NextToken`, `HasNextPage("rows", 100, 1000)` (page size, most rows; as a fourth, the field with the number of rows), `Total(..)`, `JsonApi` |
/// | `list = "rows"` | the answer is a list under a key, without paging; an empty key means the document itself |
/// | `check = path` | a function `fn(&Call) -> Result<()>` that may refuse the arguments |
/// | `unpack = "collection"` | the answer is the document with this `DATA_TYPE` in an envelope's `data` |
/// | `wrap = "/client"` | JSON pointer below which body fields go |
/// | `fixed("name" = "text", "/a/b" = null)` | body fields with a fixed value |
/// | `form`, `json` | the body is a form; the body is a JSON object even when empty |
/// | `before = SubmissionId`, `before = FreshUuid("/id")` | a step that precedes the request |
/// | `authorization = false` | the request carries no credentials |
/// | `client_id = Always`, `Unauthenticated` | whether the form names the client |
/// | `idempotency = Repeatable`, `Keyed`, `Once` | what may be sent again after an ambiguous failure |
/// | `composite = path::to::function` | not one request: this function carries it out |
/// | `also = [Other, Third(client_id = Always, authorization = false)]` | further clients with the same operation |
/// | `reference = "#part"` | where the API reference has it: what follows the page of the block, or a whole `https://...` |
///
/// # Attributes of a parameter
///
/// `#[query]`, `#[body]`, `#[header]`, `#[header("X-Name")]`, `#[form]`, `#[document]` and `#[local]` place it; `#[csv]`,
/// `#[repeat]`, `#[spaces]`, `#[bit]`, `#[lower]`, `#[filter]`, `#[list]` `#[offline]` (true is the text `offline`) and
/// `#[not_null]` (a boolean that null leaves out) say how it is written; `#[at("/a/b")]` places a body field by JSON pointer, whatever `wrap` says; `#[wire("name")]` names it
/// on the wire; `#[nullable]` allows an explicit null (a setter `name_null`, or an `Option` argument); `#[default(false)]`
/// is the JSON literal sent when it is absent; `#[with(other)]` keeps it from being sent without the parameter `other`.
#[proc_macro_attribute]
pub fn service(args: TokenStream, input: TokenStream) -> TokenStream {
    service::expand(args.into(), input.into())
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// Writes what a typed document or an open enum needs.
///
/// On a **struct** with named fields: `Serialize`, `Deserialize`, `Debug`, `Clone`, `PartialEq`, `Default`, the marker
/// `TypedDocument`, and a field `extra` that keeps unknown fields as raw JSON. A field `Option<T>` is `None` when it is absent
/// or null, a field `Field<T>` tells the two apart, any other field takes its default. What was read is written as it came:
/// null stays null, and what was absent stays away as long as it has its default. `#[wire("name")]` names a field on the
/// wire, `#[secret]` keeps it out of `Debug`.
///
/// `#[check(path)]` on the struct names a function `fn(&Self) -> Result<(), String>` that may refuse to write the document.
///
/// `#[model(data_type = "collection")]` is for documents that carry their type and version: it adds the field `data_type`,
/// which unless it is set is written with the lowest version that has the fields that are. `#[since("1.8.0")]` says from
/// which version on a field exists, `#[since(path)]` names a function that tells it from the field, as three numbers.
/// `#[model(fixed("kind" = "mapped"))]` is a field of the document with one value only.
///
/// On an **enum** of plain names: a variant `Other(String)` for what the service adds later, `as_str`, `Display`, `FromStr`,
/// conversions from text, `Serialize`, `Deserialize` and `Argument`. The text is the variant in snake case, unless
/// `#[model(rename_all = "SCREAMING_SNAKE_CASE")]` (or `kebab-case`, `PascalCase`) or `#[wire("text")]` says otherwise.
///
/// The type, its fields and its variants need doc comments.
///
/// ```ignore
/// /// A flow.
/// #[model]
/// pub struct Flow {
///     /// Its id.
///     pub id: FlowId,
///     /// What it is for.
///     pub description: Option<String>,
/// }
/// ```
#[proc_macro_attribute]
pub fn model(args: TokenStream, input: TokenStream) -> TokenStream {
    model::expand(args.into(), input.into())
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}
