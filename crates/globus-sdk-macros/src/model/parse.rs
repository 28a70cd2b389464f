//! Reads a struct or an enum.

use proc_macro2::{Ident, Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::Parser;
use syn::{Attribute, Data, DataEnum, DeriveInput, Fields, FieldsNamed, LitStr, Type, Visibility};

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

impl Model {
    pub(super) fn new(args: TokenStream, input: DeriveInput, errors: &mut Errors) -> syn::Result<Self> {
        let spelling = spelling(args)?;
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
                if let Some((_, span)) = spelling {
                    errors.push(syn::Error::new(
                        span,
                        "`rename_all` is for enums: fields take #[wire(\"..\")]",
                    ));
                }
                Ok(Self::Record(Record {
                    attrs,
                    vis,
                    fields: record_fields(fields, errors),
                    name,
                }))
            }
            Data::Enum(data) => {
                let spelling = spelling.map(|(spelling, _)| spelling).unwrap_or_default();
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

/// The argument `rename_all`, if it is there.
fn spelling(args: TokenStream) -> syn::Result<Option<(Spelling, Span)>> {
    let mut spelling = None;
    let parser = syn::meta::parser(|meta| {
        if !meta.path.is_ident("rename_all") {
            return Err(meta.error("unknown argument: expected `rename_all = \"..\"`"));
        }
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
        spelling = Some((known, text.span()));
        Ok(())
    });
    parser.parse2(args)?;
    Ok(spelling)
}

fn record_fields(fields: FieldsNamed, errors: &mut Errors) -> Vec<Field> {
    let mut out: Vec<Field> = Vec::with_capacity(fields.named.len());
    for (index, field) in fields.named.into_iter().enumerate() {
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
        if index == MOST_FIELDS {
            errors.at(&name, format!("a model has at most {MOST_FIELDS} fields"));
        }
        let mut attrs = field.attrs;
        let wire = take_wire(&mut attrs, errors).unwrap_or_else(|| name.unraw().to_string());
        let secret =
            take(&mut attrs, "secret").is_some_and(|attr| errors.keep(attr.meta.require_path_only()).is_some());
        if out.iter().any(|other| other.wire == wire) {
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
        let Type::Path(path) = ty else { return Self::Plain };
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
