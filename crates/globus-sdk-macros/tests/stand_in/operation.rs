// The part of `globus_sdk::operation` that expansions name.
use std::fmt::Debug;

macro_rules! plain {
    ($($name:ident { $($field:ident: $ty:ty),* $(,)? })*) => {
        $(#[derive(Debug)] pub struct $name { $(pub $field: $ty),* })*
    };
}

macro_rules! choice {
    ($($name:ident { $($variant:tt)* })*) => {
        $(#[derive(Debug, Clone, Copy)] pub enum $name { $($variant)* })*
    };
}

plain! {
    ClientSpec { name: &'static str, operations: fn() -> &'static [&'static Operation] }
    Operation {
        client: &'static ClientSpec, name: &'static str, kind: Kind, method: Method, path: &'static str,
        params: &'static [Param], body: Body, wrap: &'static str, fixed: &'static [(&'static str, &'static str)],
        answer: Answer, paging: Option<Paging>, before: Option<Before>, check: Option<fn()>, authorization: bool, client_id: ClientIdField,
        scopes: &'static [&'static str], scope_source: ScopeSource, errors: &'static [ErrorCode], idempotency: Idempotency, doc: &'static str,
        reference: &'static str,
    }
    Param {
        name: &'static str, wire: &'static str, place: Place, style: Style, value: ValueKind, ty: &'static str,
        values: &'static [&'static str], required: bool,
        nullable: bool, default: Option<&'static str>, with: Option<&'static str>, doc: &'static str,
    }
    ErrorCode { status: u16 }
    Answer { model: &'static str, rows: Option<&'static str>, unpack: Option<&'static str> }
}

choice! {
    Kind { Request, Composite(fn()) }
    Method { Get, Post, Put, Patch, Delete }
    Body { None, Json, Form }
    Place { Path, Query, Header, Body, Form, Document, Local }
    Style { Plain, Csv, Repeat, Spaces, Bit, Lower, Filter, List }
    ValueKind { Text, Integer, Number, Boolean, List, Json }
    Paging { Marker, HasNextPage { page_size: u32, cap: u32, count: Option<&'static str> } }
    Before { SubmissionId }
    ClientIdField { Never, Unauthenticated, Always }
    ScopeSource { Documented, Inferred, Credentials, NotNeeded }
    Idempotency { Repeatable, Keyed, Once }
}

#[derive(Debug, Clone, PartialEq)]
pub enum Arg {
    Null,
    Text(String),
    List(Vec<Self>),
    Json(String),
}

impl Arg {
    pub fn list(items: impl Iterator<Item = impl Argument>) -> Self {
        Self::List(items.map(Argument::into_arg).collect())
    }
}

pub trait Argument {
    const VALUES: &'static [&'static str] = &[];

    fn into_arg(self) -> Arg;
}

impl Argument for String {
    fn into_arg(self) -> Arg {
        Arg::Text(self)
    }
}

impl Argument for u32 {
    fn into_arg(self) -> Arg {
        Arg::Text(self.to_string())
    }
}

/// Marks a typed document in declarations.
pub struct Json<T>(T);

pub trait Document<T> {
    fn into_arg(self) -> Arg;
}

impl<T, S: serde::Serialize> Document<T> for S {
    fn into_arg(self) -> Arg {
        Arg::Json(serde_json::to_string(&self).expect("it serializes"))
    }
}

pub trait TypedDocument {}
