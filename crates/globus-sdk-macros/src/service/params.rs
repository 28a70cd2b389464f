//! Reads a parameter: its type and its attributes.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{Attribute, GenericArgument, LitStr, Path, PathArguments, Type};

use super::options;
use crate::errors::Errors;
use crate::text;

/// A parameter of an operation.
#[derive(Debug)]
pub(super) struct Param {
    pub(super) name: Ident,
    pub(super) doc: String,
    /// The type without `Option`.
    pub(super) ty: Type,
    pub(super) optional: bool,
    pub(super) value: Value,
    /// Where it goes, once that is decided.
    pub(super) place: Place,
    pub(super) explicit_place: Option<Place>,
    pub(super) style: Option<(Style, Span)>,
    pub(super) at: Option<LitStr>,
    pub(super) wire: Option<LitStr>,
    pub(super) nullable: Option<Span>,
    /// JSON text.
    pub(super) default: Option<(String, Span)>,
    /// The parameter without which it is not sent.
    pub(super) with: Option<Ident>,
}

/// The variants of `operation::Place`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Path,
    Query,
    Header,
    Body,
    Form,
    Document,
    Local,
}

/// The variants of `operation::Style`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Csv,
    Repeat,
    Spaces,
    Bit,
    Lower,
    Filter,
    List,
    Offline,
    NotNull,
}

/// What a parameter takes.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// Text: a string, an id, an open enum.
    Text(Type),
    Integer(Type),
    Number(Type),
    Boolean(Type),
    /// A list of this type.
    List(Type),
    /// A document of this type.
    Json(TokenStream),
}

impl Value {
    /// The variant of `operation::ValueKind`.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "Text",
            Self::Integer(_) => "Integer",
            Self::Number(_) => "Number",
            Self::Boolean(_) => "Boolean",
            Self::List(_) => "List",
            Self::Json(_) => "Json",
        }
    }

    /// The type as users know it: `Vec<FlowRole>`, and of a document `FlowUpdate`.
    pub(super) fn type_name(&self) -> String {
        let tokens = match self {
            Self::Text(ty) | Self::Integer(ty) | Self::Number(ty) | Self::Boolean(ty) => ty.to_token_stream(),
            Self::List(ty) => quote!(Vec<#ty>),
            Self::Json(ty) => ty.clone(),
        };
        tokens.to_string().replace(' ', "").replace("serde_json::", "")
    }

    fn new(ty: &Type) -> syn::Result<Self> {
        let (name, inner) = generic(ty).ok_or_else(|| syn::Error::new_spanned(ty, "expected the path of a type"))?;
        Ok(match (name.to_string().as_str(), inner) {
            ("bool", None) => Self::Boolean(ty.clone()),
            ("f64", None) => Self::Number(ty.clone()),
            ("u16" | "u32" | "u64" | "i32" | "i64" | "usize", None) => Self::Integer(ty.clone()),
            ("Value", None) => Self::Json(quote!(serde_json::Value)),
            ("Json", Some(inner)) => Self::Json(inner.to_token_stream()),
            ("Vec", Some(inner)) => match Self::new(inner)? {
                Self::List(_) | Self::Json(_) => {
                    return Err(syn::Error::new_spanned(
                        ty,
                        "a list of documents is a document: write `Json<Vec<..>>` or `Value`",
                    ));
                }
                _ => Self::List(inner.clone()),
            },
            ("Option", _) => {
                return Err(syn::Error::new_spanned(
                    ty,
                    "write `#[nullable]` for a value that may be null",
                ));
            }
            ("str" | "u8" | "i8" | "i16" | "isize" | "f32" | "u128" | "i128" | "char", None) => {
                let message = "expected String, bool, u16, u32, u64, i32, i64, usize, f64, Vec<..>, Value, Json<..> or a type that text converts into";
                return Err(syn::Error::new_spanned(ty, message));
            }
            _ => Self::Text(ty.clone()),
        })
    }
}

impl Param {
    pub(super) fn new(attrs: &[Attribute], name: Ident, ty: Type, errors: &mut Errors) -> Option<Self> {
        let (optional, ty) = match generic(&ty) {
            Some((wrapper, Some(inner))) if wrapper == "Option" => (true, inner.clone()),
            _ => (false, ty),
        };
        let value = errors.keep(Value::new(&ty));
        let mut param = Self {
            name,
            doc: text::doc(attrs),
            optional,
            value: value.clone().unwrap_or_else(|| Value::Text(ty.clone())),
            ty,
            place: Place::Body,
            explicit_place: None,
            style: None,
            at: None,
            wire: None,
            nullable: None,
            default: None,
            with: None,
        };
        for attr in attrs.iter().filter(|attr| !attr.path().is_ident("doc")) {
            errors.keep(param.attribute(attr));
        }
        value.map(|_| param)
    }

    fn attribute(&mut self, attr: &Attribute) -> syn::Result<()> {
        let twice = || syn::Error::new_spanned(attr, "this contradicts or repeats another attribute of the parameter");
        let name = attr.path().get_ident().map(Ident::to_string).unwrap_or_default();
        if let Some(place) = place_named(&name) {
            if self.explicit_place.replace(place).is_some() {
                return Err(twice());
            }
            if place == Place::Header && matches!(attr.meta, syn::Meta::List(_)) {
                return if self.wire.replace(attr.parse_args()?).is_some() {
                    Err(twice())
                } else {
                    Ok(())
                };
            }
        } else if let Some(style) = style_named(&name) {
            if self.style.replace((style, name_span(attr.path()))).is_some() {
                return Err(twice());
            }
        } else {
            let repeated = match name.as_str() {
                "at" => {
                    self.at.replace(attr.parse_args()?).is_some() || self.explicit_place.replace(Place::Body).is_some()
                }
                "wire" => self.wire.replace(attr.parse_args()?).is_some(),
                "default" => {
                    let json = attr.parse_args_with(options::json)?;
                    return if self.default.replace((json, name_span(attr.path()))).is_some() {
                        Err(twice())
                    } else {
                        Ok(())
                    };
                }
                "with" => self.with.replace(attr.parse_args()?).is_some(),
                "nullable" => self.nullable.replace(name_span(attr.path())).is_some(),
                _ => {
                    let message = "unknown attribute: expected query, body, header, form, document, local, csv, repeat, \
                                   spaces, bit, lower, filter, list, offline, not_null, at, wire, nullable, default or with";
                    return Err(syn::Error::new_spanned(attr.path(), message));
                }
            };
            if repeated {
                return Err(twice());
            }
            if name != "nullable" {
                return Ok(());
            }
        }
        attr.meta.require_path_only().map(|_| ())
    }

    /// Name of the parameter, without `r#`.
    pub(super) fn key(&self) -> String {
        self.name.unraw().to_string()
    }

    /// How it is written on the wire.
    pub(super) fn style(&self) -> Style {
        self.style.map_or(Style::Plain, |(style, _)| style)
    }

    /// Its name on the wire, below the operation's `wrap` in a body.
    pub(super) fn wire(&self, wrap: &str) -> String {
        let name = self.wire.as_ref().map_or_else(|| self.key(), LitStr::value);
        match (self.place, &self.at) {
            (Place::Body, Some(at)) => at.value(),
            (Place::Body, None) => format!("{wrap}{}", text::pointer_step(&name)),
            (Place::Document, _) => String::new(),
            _ => name,
        }
    }
}

fn place_named(name: &str) -> Option<Place> {
    Some(match name {
        "query" => Place::Query,
        "header" => Place::Header,
        "body" => Place::Body,
        "form" => Place::Form,
        "document" => Place::Document,
        "local" => Place::Local,
        _ => return None,
    })
}

fn style_named(name: &str) -> Option<Style> {
    Some(match name {
        "csv" => Style::Csv,
        "repeat" => Style::Repeat,
        "spaces" => Style::Spaces,
        "bit" => Style::Bit,
        "lower" => Style::Lower,
        "filter" => Style::Filter,
        "list" => Style::List,
        "offline" => Style::Offline,
        "not_null" => Style::NotNull,
        _ => return None,
    })
}

fn name_span(path: &Path) -> Span {
    path.get_ident().map_or_else(Span::call_site, Ident::span)
}

/// The last name of a type's path, and its type argument.
fn generic(ty: &Type) -> Option<(&Ident, Option<&Type>)> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let argument = match &last.arguments {
        PathArguments::AngleBracketed(arguments) => arguments.args.iter().find_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        }),
        _ => None,
    };
    Some((&last.ident, argument))
}
