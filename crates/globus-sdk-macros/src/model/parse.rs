//! Reads a struct or an enum.

use proc_macro2::{Ident, Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::Parser;
use syn::{
    Attribute, Data, DataEnum, DeriveInput, Fields, FieldsNamed, LitStr, Path, Token, Type, Visibility, parse_quote,
};

use crate::errors::Errors;
use crate::text;

/// `Extra` remembers states of fields in 128 bits.
const MOST_FIELDS: usize = 128;

/// What is declared.
#[derive(Debug)]
pub(super) enum Model {
    Record(Record),
    Choice(Choice),
}

/// A struct: one JSON object.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) attrs: Vec<Attribute>,
    pub(super) vis: Visibility,
    pub(super) name: Ident,
    /// Name of the type that the document carries, when the field `data_type` is to follow from the others.
    pub(super) data_type: Option<String>,
    /// Fields of the document with one value only.
    pub(super) fixed: Vec<(String, String)>,
    pub(super) fields: Vec<Field>,
}

/// A field of a struct.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) attrs: Vec<Attribute>,
    pub(super) vis: Visibility,
    pub(super) name: Ident,
    pub(super) ty: Type,
    pub(super) kind: FieldKind,
    pub(super) wire: String,
    pub(super) secret: bool,
    pub(super) since: Option<Since>,
}

/// From which version of its document on a field exists.
#[derive(Debug)]
pub(super) enum Since {
    Version(u32, u32, u32),
    /// A function that tells it from the field.
    Told(Path),
}

/// What null and absence mean to a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldKind {
    /// `Option<T>`: both are `None`.
    Optional,
    /// `Field<T>`: a state each.
    ThreeStates,
    /// Any other type: both are its default.
    Plain,
}

/// An enum: one text.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) attrs: Vec<Attribute>,
    pub(super) vis: Visibility,
    pub(super) name: Ident,
    pub(super) variants: Vec<Variant>,
}

/// A variant of an enum.
#[derive(Debug)]
pub(super) struct Variant {
    pub(super) attrs: Vec<Attribute>,
    pub(super) name: Ident,
    pub(super) wire: String,
}

/// How the names of variants are spelt on the wire.
#[derive(Debug, Clone, Copy, Default)]
enum Spelling {
    #[default]
    Snake,
    ScreamingSnake,
    Kebab,
    Pascal,
}

impl Spelling {
    fn of(self, name: &str) -> String {
        match self {
            Self::Snake => text::snake(name),
            Self::ScreamingSnake => text::snake(name).to_uppercase(),
            Self::Kebab => text::snake(name).replace('_', "-"),
            Self::Pascal => name.to_owned(),
        }
    }
}

/// What stands in the attribute itself.
#[derive(Default)]
struct Args {
    spelling: Option<(Spelling, Span)>,
    data_type: Option<LitStr>,
    fixed: Vec<(LitStr, LitStr)>,
}

impl Model {
    pub(super) fn new(args: TokenStream, input: DeriveInput, errors: &mut Errors) -> syn::Result<Self> {
        let args = Args::parse(args)?;
        let DeriveInput {
            attrs,
            vis,
            ident: name,
            generics,
            data,
        } = input;
        if !generics.params.is_empty() {
            errors.at(&generics, "a model has no type parameters or lifetimes");
        }
        documented(&attrs, &name, "a model needs a doc comment: what it describes", errors);
        match data {
            Data::Struct(data) => {
                let Fields::Named(fields) = data.fields else {
                    return Err(syn::Error::new_spanned(
                        name,
                        "a model is a struct with named fields or an enum",
                    ));
                };
                if let Some((_, span)) = args.spelling {
                    errors.push(syn::Error::new(
                        span,
                        "`rename_all` is for enums: fields take #[wire(\"..\")]",
                    ));
                }
                Ok(Self::Record(Record {
                    attrs,
                    vis,
                    fields: record_fields(fields, &args, errors),
                    data_type: args.data_type.map(|text| text.value()),
                    fixed: args
                        .fixed
                        .iter()
                        .map(|(name, value)| (name.value(), value.value()))
                        .collect(),
                    name,
                }))
            }
            Data::Enum(data) => {
                for text in args.data_type.iter().chain(args.fixed.iter().map(|(name, _)| name)) {
                    errors.at(text, "`data_type` and `fixed` are for structs");
                }
                let spelling = args.spelling.map(|(spelling, _)| spelling).unwrap_or_default();
                Ok(Self::Choice(Choice {
                    attrs,
                    vis,
                    variants: choice_variants(data, spelling, errors),
                    name,
                }))
            }
            Data::Union(_) => Err(syn::Error::new_spanned(
                name,
                "a model is a struct with named fields or an enum",
            )),
        }
    }
}

impl Args {
    fn parse(args: TokenStream) -> syn::Result<Self> {
        let mut parsed = Self::default();
        let parser = syn::meta::parser(|meta| {
            if meta.path.is_ident("rename_all") {
                let text: LitStr = meta.value()?.parse()?;
                let known = match text.value().as_str() {
                    "snake_case" => Spelling::Snake,
                    "SCREAMING_SNAKE_CASE" => Spelling::ScreamingSnake,
                    "kebab-case" => Spelling::Kebab,
                    "PascalCase" => Spelling::Pascal,
                    _ => {
                        let message = "expected snake_case, SCREAMING_SNAKE_CASE, kebab-case or PascalCase";
                        return Err(syn::Error::new(text.span(), message));
                    }
                };
                parsed.spelling = Some((known, text.span()));
            } else if meta.path.is_ident("data_type") {
                parsed.data_type = Some(meta.value()?.parse()?);
            } else if meta.path.is_ident("fixed") {
                let inner;
                syn::parenthesized!(inner in meta.input);
                let name = inner.parse()?;
                inner.parse::<Token![=]>()?;
                parsed.fixed.push((name, inner.parse()?));
            } else {
                let known = "`rename_all = \"..\"`, `data_type = \"..\"` or `fixed(\"..\" = \"..\")`";
                return Err(meta.error(format!("unknown argument: expected {known}")));
            }
            Ok(())
        });
        parser.parse2(args)?;
        Ok(parsed)
    }
}

/// The field that `data_type` adds.
fn data_type_field() -> Field {
    Field {
        attrs: vec![parse_quote!(
            /// Type and version of the document; unless it is set, the lowest version that has the fields that are.
        )],
        vis: parse_quote!(pub),
        name: parse_quote!(data_type),
        ty: parse_quote!(Option<String>),
        kind: FieldKind::Optional,
        wire: "DATA_TYPE".to_owned(),
        secret: false,
        since: None,
    }
}

fn record_fields(fields: FieldsNamed, args: &Args, errors: &mut Errors) -> Vec<Field> {
    let mut out: Vec<Field> = args.data_type.iter().map(|_| data_type_field()).collect();
    for field in fields.named {
        let Some(name) = field.ident else { continue };
        documented(
            &field.attrs,
            &name,
            "a field needs a doc comment: what it means, with units",
            errors,
        );
        if name == "extra" {
            errors.at(&name, "`extra` is the field that #[model] adds");
        }
        if out.len() == MOST_FIELDS {
            errors.at(&name, format!("a model has at most {MOST_FIELDS} fields"));
        }
        let mut attrs = field.attrs;
        let wire = take_wire(&mut attrs, errors).unwrap_or_else(|| name.unraw().to_string());
        let secret =
            take(&mut attrs, "secret").is_some_and(|attr| errors.keep(attr.meta.require_path_only()).is_some());
        let since = take(&mut attrs, "since").and_then(|attr| {
            if args.data_type.is_none() {
                errors.at(&attr, "`since` is for documents with `data_type`");
            }
            errors.keep(since(&attr))
        });
        let fixed = args.fixed.iter().any(|(name, _)| name.value() == wire);
        if fixed || out.iter().any(|other| other.wire == wire) {
            errors.at(&name, format!("another field is `{wire}` on the wire"));
        }
        let kind = FieldKind::of(&field.ty);
        out.push(Field {
            attrs,
            vis: field.vis,
            name,
            ty: field.ty,
            kind,
            wire,
            secret,
            since,
        });
    }
    out
}

fn choice_variants(data: DataEnum, spelling: Spelling, errors: &mut Errors) -> Vec<Variant> {
    let mut out: Vec<Variant> = Vec::with_capacity(data.variants.len());
    for variant in data.variants {
        let name = variant.ident;
        documented(
            &variant.attrs,
            &name,
            "a variant needs a doc comment: what it means",
            errors,
        );
        if !matches!(variant.fields, Fields::Unit) || variant.discriminant.is_some() {
            errors.at(&name, "a variant of a model is a name only");
        }
        if name == "Other" {
            errors.at(&name, "`Other` is the variant that #[model] adds");
        }
        let mut attrs = variant.attrs;
        let wire = take_wire(&mut attrs, errors).unwrap_or_else(|| spelling.of(&name.unraw().to_string()));
        if out.iter().any(|other| other.wire == wire) {
            errors.at(&name, format!("another variant is `{wire}` on the wire"));
        }
        out.push(Variant { attrs, name, wire });
    }
    out
}

impl FieldKind {
    fn of(ty: &Type) -> Self {
        let path = match ty {
            Type::Path(path) => path,
            // What a declarative macro passed on.
            Type::Group(group) => return Self::of(&group.elem),
            _ => return Self::Plain,
        };
        match path.path.segments.last() {
            Some(last) if last.ident == "Option" => Self::Optional,
            Some(last) if last.ident == "Field" => Self::ThreeStates,
            _ => Self::Plain,
        }
    }
}

fn documented(attrs: &[Attribute], name: &Ident, message: &str, errors: &mut Errors) {
    if text::doc(attrs).is_empty() {
        errors.at(name, message);
    }
}

/// The version in `#[since("1.2.0")]`, or the function in `#[since(path)]`.
fn since(attr: &Attribute) -> syn::Result<Since> {
    let Ok(text) = attr.parse_args::<LitStr>() else {
        return attr.parse_args().map(Since::Told);
    };
    let value = text.value();
    let parts: Option<Vec<u32>> = value.split('.').map(|part| part.parse().ok()).collect();
    match parts.as_deref() {
        Some([major, minor, patch]) => Ok(Since::Version(*major, *minor, *patch)),
        _ => Err(syn::Error::new(text.span(), "expected a version like \"1.2.0\"")),
    }
}

/// Removes an attribute and gives it.
fn take(attrs: &mut Vec<Attribute>, name: &str) -> Option<Attribute> {
    attrs
        .iter()
        .position(|attr| attr.path().is_ident(name))
        .map(|index| attrs.remove(index))
}

/// Removes `#[wire("..")]` and gives its text.
fn take_wire(attrs: &mut Vec<Attribute>, errors: &mut Errors) -> Option<String> {
    let attr = take(attrs, "wire")?;
    errors.keep(attr.parse_args::<LitStr>()).map(|text| text.value())
}
