//! The rows of the table: [`ClientSpec`], [`Operation`], [`Param`].

use std::fmt;

use super::{Call, Composite};

use crate::error::{ErrorCode, ErrorShape};
use crate::scopes::{Scope, ScopeError};
use crate::transport::{Idempotency, TransientRule};

/// The default scopes of a client, from its resource server.
pub type ScopesOf = fn(&str) -> Result<Scope, ScopeError>;

/// Rows by the file in which they are declared.
pub type OperationFiles = &'static [&'static [&'static Operation]];

/// A client type: what its operations have in common.
#[derive(Debug)]
#[non_exhaustive]
pub struct ClientSpec {
    /// Key of the client in calls by name, for example `specific_flow`.
    pub id: &'static str,
    /// Name of the type, for example `SpecificFlowClient`.
    pub name: &'static str,
    /// Service whose base URL the client uses, for example `flows`; `None` when the address is an argument.
    pub service: Option<&'static str>,
    /// Where the client's tokens come from.
    pub resource_server: ResourceServer,
    /// Scopes an app requests for the client when it is told nothing else.
    pub default_scopes: &'static [&'static str],
    /// The same for clients whose scopes depend on their resource server.
    pub scopes_of: Option<ScopesOf>,
    /// What `scopes_of` makes, with the resource server in braces; empty for clients without it.
    pub scope_pattern: &'static [&'static str],
    /// Constructor arguments that occur in paths, for example `flow_id`.
    pub vars: &'static [&'static str],
    /// How the service writes its error documents.
    pub errors: &'static ErrorShape,
    /// Which passing errors of the service are not worth another try.
    pub transient: TransientRule,
    /// Service-wide documentation.
    pub doc: &'static str,
    /// The operations of the client, file by file. A function, because rows name their client: as a value the two
    /// would be a cycle for the compiler.
    pub operations: fn() -> OperationFiles,
}

impl ClientSpec {
    /// The operations of the client.
    pub fn operations(&self) -> impl Iterator<Item = &'static Operation> + use<> {
        (self.operations)().iter().flat_map(|file| file.iter().copied())
    }

    /// The operation of the client with this name; `None` when there is none.
    pub fn operation(&self, name: &str) -> Option<&'static Operation> {
        self.operations().find(|operation| operation.name == name)
    }

    /// Whether the client identifies itself with an id and a secret of its own, and not with a token.
    pub fn is_login_client(&self) -> bool {
        self.vars.contains(&"client_id")
    }
}

/// How a client learns the resource server of its tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResourceServer {
    /// The client sends its own credentials or none.
    None,
    /// Fixed, for example `flows.globus.org`.
    Static(&'static str),
    /// The value of a client variable, for example `flow_id`.
    FromVariable(&'static str),
    /// The answer of an operation, for example a GCS manager's `get_gcs_info`.
    Fetched(&'static str),
}

/// One API operation.
#[derive(Debug)]
#[non_exhaustive]
pub struct Operation {
    /// The client that has it.
    pub client: &'static ClientSpec,
    /// Name of the method, for example `list_flows`.
    pub name: &'static str,
    /// One request, or several.
    pub kind: Kind,
    /// HTTP method.
    pub method: Method,
    /// Path below the client's base URL, with `{parameter}` placeholders.
    pub path: &'static str,
    /// Parameters in the order in which they are sent.
    pub params: &'static [Param],
    /// Kind of request body.
    pub body: Body,
    /// JSON pointer below which body fields and `additional_fields` go, for example `/client`.
    pub wrap: &'static str,
    /// Body fields with a fixed value: JSON pointer and JSON text.
    pub fixed: &'static [(&'static str, &'static str)],
    /// What the operation answers.
    pub answer: Answer,
    /// How to get from one page to the next.
    pub paging: Option<Paging>,
    /// A step that precedes the request.
    pub before: Option<Before>,
    /// What may refuse the arguments before anything is sent.
    pub check: Option<Check>,
    /// Whether the request carries the client's credentials.
    pub authorization: bool,
    /// A form field `client_id` taken from the client.
    pub client_id: ClientIdField,
    /// Scopes of which a token needs one, as documentation names them. Empty too where it names the one that the client has
    /// for its own resource and requests by itself: see [`needed_scopes`](Self::needed_scopes).
    pub scopes: &'static [&'static str],
    /// Where its scopes come from, and why there are none.
    pub scope_source: ScopeSource,
    /// The errors that the service documents for it, beside those of every operation.
    pub errors: &'static [ErrorCode],
    /// What may be sent again after an ambiguous failure.
    pub idempotency: Idempotency,
    /// What the operation does.
    pub doc: &'static str,
    /// Page of the service's API reference.
    pub reference: &'static str,
}

impl Operation {
    /// Key of the operation in calls by name, for example `flows.list_flows`.
    pub fn key(&self) -> String {
        format!("{}.{}", self.client.id, self.name)
    }

    /// Scopes of which a token needs one: those documented, else the client's default. A scope that depends on the
    /// client is written as a pattern, with the client's variable in braces. Empty when none is needed.
    pub fn needed_scopes(&self) -> &'static [&'static str] {
        match self.scope_source {
            ScopeSource::Documented if self.scopes.is_empty() => self.client.scope_pattern,
            ScopeSource::Documented => self.scopes,
            ScopeSource::Inferred if self.client.default_scopes.is_empty() => self.client.scope_pattern,
            ScopeSource::Inferred => self.client.default_scopes,
            ScopeSource::Credentials | ScopeSource::NotNeeded => &[],
        }
    }

    /// The errors that the service documents for it: its own, then those of every operation.
    pub fn documented_errors(&self) -> impl Iterator<Item = &'static ErrorCode> + use<> {
        self.errors.iter().chain(self.client.errors.codes())
    }

    /// Position and row of a parameter.
    pub fn param(&self, name: &str) -> Option<(usize, &'static Param)> {
        self.params.iter().enumerate().find(|(_, param)| param.name == name)
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.client.id, self.name)
    }
}

/// Refuses arguments that do not go together.
pub type Check = fn(&Call) -> crate::error::Result<()>;

/// Whether an operation is one request.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Kind {
    /// One request (and at most one step before it).
    Request,
    /// Several requests, or a decision between them; written by hand in `composites.rs`.
    Composite(Composite),
}

/// HTTP methods of the Globus APIs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
    Head,
}

impl Method {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Head => "HEAD",
        }
    }
}

impl From<Method> for http::Method {
    fn from(method: Method) -> Self {
        match method {
            Method::Get => Self::GET,
            Method::Post => Self::POST,
            Method::Put => Self::PUT,
            Method::Patch => Self::PATCH,
            Method::Delete => Self::DELETE,
            Method::Head => Self::HEAD,
        }
    }
}

/// One parameter of an operation.
#[derive(Debug)]
#[non_exhaustive]
pub struct Param {
    /// Name in the Rust API and in calls by name.
    pub name: &'static str,
    /// Name on the wire: query key, header or form field, JSON pointer for a body field, empty for a document.
    pub wire: &'static str,
    /// Where it goes.
    pub place: Place,
    /// How it is written there.
    pub style: Style,
    /// What kind of value it takes.
    pub value: ValueKind,
    /// Name of its Rust type, for example `Vec<FlowRole>`; of a document, the type that knows its fields.
    pub ty: &'static str,
    /// The values of which it, or each element of a list, is one; empty where any will do. A service may know more.
    pub values: &'static [&'static str],
    /// Whether a call without it is refused.
    pub required: bool,
    /// Whether an explicit null means something.
    pub nullable: bool,
    /// JSON text sent when the parameter is not given.
    pub default: Option<&'static str>,
    /// The parameter without which this one is not sent, not even its default.
    pub with: Option<&'static str>,
    /// What it means, with units and limits.
    pub doc: &'static str,
}

/// Where a parameter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// A segment of the path.
    Path,
    /// The query string.
    Query,
    /// A header.
    Header,
    /// A field of the JSON body.
    Body,
    /// A field of the form body.
    Form,
    /// The whole body.
    Document,
    /// Not sent: read by the code of a composite.
    Local,
}

/// How a value is written where it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Style {
    /// One value; booleans in queries and forms are `True` and `False`.
    Plain,
    /// A list joined by commas; an empty list is sent as an empty value.
    Csv,
    /// The key once per element; nothing for an empty list.
    Repeat,
    /// A list joined by spaces (scopes).
    Spaces,
    /// Booleans as `1` and `0`.
    Bit,
    /// Booleans as `true` and `false`.
    Lower,
    /// A map `{key: value or values}` written `key:v1,v2/key2:v`; text is sent as it is, a list repeats the key.
    Filter,
    /// A JSON list; one bare text counts as a list of one.
    List,
    /// A boolean of which true is the text `offline` and false is nothing.
    Offline,
    /// A boolean in a JSON body that null leaves out.
    NotNull,
}

/// Kind of value, for help texts, completion and generated documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum ValueKind {
    Text,
    Integer,
    Number,
    Boolean,
    List,
    Json,
}

/// Kind of request body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum Body {
    None,
    Json,
    Form,
}

/// What an operation answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// Name of the Rust type of the answer, or of one row.
    pub model: &'static str,
    /// Key of the list of rows; an empty key means that the document is the list.
    pub rows: Option<&'static str>,
    /// `DATA_TYPE` of the document that a GCS envelope carries and the answer is.
    pub unpack: Option<&'static str>,
}

/// How to get from one page to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Paging {
    /// `marker` of the answer is the next request's `marker`; `has_next_page`, where present, decides.
    Marker,
    /// The named field of the answer is the next `marker`; null ends.
    NullableMarker(&'static str),
    /// `last_key` of the answer is the next `last_key`, as long as `has_next_page`.
    LastKey,
    /// `next_token` of the answer is the next `next_token`; null or absent ends.
    NextToken,
    /// `offset` advances by the rows received, as long as `has_next_page`.
    HasNextPage {
        /// `limit` when the caller names none.
        page_size: u32,
        /// Rows the service gives at the most.
        cap: u32,
        /// Field of the answer that says how many rows were received; without one they are counted.
        count: Option<&'static str>,
    },
    /// `offset` advances by the rows received, up to `total`.
    Total {
        /// `limit` when the caller names none.
        page_size: u32,
        /// Rows the service gives at the most.
        cap: u32,
    },
    /// The query of `links.next`.
    JsonApi,
}

/// A step before the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Before {
    /// Draws a submission id from the service unless the document names one.
    SubmissionId,
    /// Draws a UUID locally for the named JSON pointer of the body, unless it is given.
    FreshUuid(&'static str),
}

/// Whether a form names the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientIdField {
    /// Never.
    Never,
    /// When the request carries no credentials.
    Unauthenticated,
    /// Always.
    Always,
}

/// Where the scopes of an operation come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScopeSource {
    /// The service's documentation names them.
    Documented,
    /// No documentation names any: the client's default counts.
    Inferred,
    /// There are none: the client sends its own id, and its secret if it has one.
    Credentials,
    /// There are none: what is answered is public, or no credentials are sent.
    NotNeeded,
}
