//! Reads the attribute of an operation: `#[get("/path", option, ..)]`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Lit, LitBool, LitInt, LitStr, Path, Token, bracketed, parenthesized, token};

use crate::text;

/// Method, path and options of an operation.
#[derive(Debug)]
pub(super) struct Options {
    /// The variant of `operation::Method`.
    pub(super) method: Ident,
    pub(super) path: LitStr,
    pub(super) scopes: Option<Vec<Expr>>,
    /// The variant of `operation::ScopeSource`, where it is not what the scopes suggest.
    pub(super) scope_source: Option<Ident>,
    /// Names of the service's error codes, from the module `errors` in scope.
    pub(super) errors: Vec<Ident>,
    pub(super) page: Option<Page>,
    pub(super) list: Option<LitStr>,
    /// `DATA_TYPE` of the document that an envelope carries.
    pub(super) unpack: Option<LitStr>,
    pub(super) wrap: Option<LitStr>,
    /// Name or JSON pointer, and JSON text.
    pub(super) fixed: Vec<(LitStr, String)>,
    pub(super) before: Option<TokenStream>,
    pub(super) authorization: bool,
    pub(super) client_id: Ident,
    pub(super) idempotency: Option<Ident>,
    pub(super) form: bool,
    pub(super) json: bool,
    pub(super) composite: Option<Path>,
    /// A function that may refuse the arguments.
    pub(super) check: Option<Path>,
    pub(super) also: Vec<Also>,
    pub(super) reference: Option<LitStr>,
}

/// How an operation is paged.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) style: Ident,
    pub(super) rows: LitStr,
    /// The variant of `operation::Paging`.
    pub(super) paging: TokenStream,
}

/// A further client with the same operation.
#[derive(Debug)]
pub(super) struct Also {
    pub(super) client: Path,
    pub(super) client_id: Option<Ident>,
    pub(super) authorization: Option<LitBool>,
}

impl Options {
    /// Reads `attr`.
    pub(super) fn new(attr: &Attribute) -> syn::Result<Self> {
        let verb = attr.path().get_ident().map(Ident::to_string).unwrap_or_default();
        if !matches!(verb.as_str(), "get" | "post" | "put" | "patch" | "delete") {
            let message = "unknown attribute: expected get, post, put, patch or delete";
            return Err(syn::Error::new_spanned(attr.path(), message));
        }
        attr.parse_args_with(|input: ParseStream<'_>| Self::parse(&verb, input))
    }

    fn parse(verb: &str, input: ParseStream<'_>) -> syn::Result<Self> {
        let mut options = Self {
            method: format_ident!("{}", text::camel(verb)),
            path: input.parse()?,
            scopes: None,
            scope_source: None,
            errors: Vec::new(),
            page: None,
            list: None,
            unpack: None,
            wrap: None,
            fixed: Vec::new(),
            before: None,
            authorization: true,
            client_id: format_ident!("Never"),
            idempotency: None,
            form: false,
            json: false,
            composite: None,
            check: None,
            also: Vec::new(),
            reference: None,
        };
        let mut seen: Vec<Ident> = Vec::new();
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if input.is_empty() {
                break;
            }
            let name = input.call(Ident::parse_any)?;
            if seen.contains(&name) {
                return Err(syn::Error::new(name.span(), "this option is given twice"));
            }
            options.option(&name, input)?;
            seen.push(name);
        }
        Ok(options)
    }

    fn option(&mut self, name: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
        let key = name.to_string();
        match key.as_str() {
            "form" => self.form = true,
            "json" => self.json = true,
            "fixed" => {
                let content;
                parenthesized!(content in input);
                let fields = content.parse_terminated(fixed_field, Token![,])?;
                self.fixed = fields.into_iter().collect();
            }
            "scope" | "scopes" | "scope_source" | "errors" | "page" | "list" | "unpack" | "wrap" | "before"
            | "authorization" | "client_id" | "idempotency" | "composite" | "check" | "also" | "reference" => {
                input.parse::<Token![=]>()?;
                self.assign(&key, name.span(), input)?;
            }
            _ => {
                let message = "unknown option: expected scope, scopes, scope_source, errors, page, list, unpack, wrap, fixed, before, \
                               authorization, client_id, idempotency, form, json, composite, check, also or reference";
                return Err(syn::Error::new(name.span(), message));
            }
        }
        Ok(())
    }

    fn assign(&mut self, key: &str, span: Span, input: ParseStream<'_>) -> syn::Result<()> {
        match key {
            "scope" | "scopes" if self.scopes.is_some() => {
                return Err(syn::Error::new(span, "give either `scope` or `scopes`"));
            }
            "scope" => self.scopes = Some(vec![input.parse()?]),
            "scopes" => self.scopes = Some(bracketed_list(input)?),
            "scope_source" => self.scope_source = Some(scope_source(input)?),
            "errors" => self.errors = bracketed_list(input)?,
            "page" => self.page = Some(page(input)?),
            "list" => self.list = Some(input.parse()?),
            "unpack" => self.unpack = Some(input.parse()?),
            "wrap" => self.wrap = Some(input.parse()?),
            "before" => self.before = Some(before(input)?),
            "authorization" => self.authorization = input.parse::<LitBool>()?.value,
            "client_id" => self.client_id = client_id(input)?,
            "idempotency" => self.idempotency = Some(one_of(input, &["Repeatable", "Keyed", "Once"])?),
            "composite" => self.composite = Some(input.parse()?),
            "check" => self.check = Some(input.parse()?),
            "also" => {
                let content;
                bracketed!(content in input);
                self.also = content.parse_terminated(also, Token![,])?.into_iter().collect();
            }
            _ => self.reference = Some(input.parse()?),
        }
        Ok(())
    }

    /// The names between braces in the path.
    pub(super) fn placeholders(&self) -> syn::Result<Vec<String>> {
        let path = self.path.value();
        let mut names = Vec::new();
        let mut rest = path.as_str();
        while let Some(start) = rest.find(['{', '}']) {
            let end = rest[start..].find('}').map(|end| start + end);
            match end {
                Some(end) if end > start + 1 && !rest[start + 1..end].contains('{') => {
                    names.push(rest[start + 1..end].to_owned());
                    rest = &rest[end + 1..];
                }
                _ => {
                    return Err(syn::Error::new(
                        self.path.span(),
                        "a placeholder of a path is written {name}",
                    ));
                }
            }
        }
        Ok(names)
    }

    /// JSON pointer below which body fields go.
    pub(super) fn wrap(&self) -> String {
        self.wrap.as_ref().map(LitStr::value).unwrap_or_default()
    }

    /// Key of the list of rows.
    pub(super) fn rows(&self) -> Option<&LitStr> {
        self.page.as_ref().map(|page| &page.rows).or(self.list.as_ref())
    }
}

/// A JSON literal: a string, a number, a boolean or `null`, as JSON text.
pub(super) fn json(input: ParseStream<'_>) -> syn::Result<String> {
    let refused =
        |span: Span| syn::Error::new(span, "expected a JSON literal: a string, a number, true, false or null");
    if input.peek(syn::Ident) {
        let word: Ident = input.parse()?;
        return if word == "null" {
            Ok("null".to_owned())
        } else {
            Err(refused(word.span()))
        };
    }
    let sign = if input.parse::<Option<Token![-]>>()?.is_some() {
        "-"
    } else {
        ""
    };
    let literal: Lit = input.parse().map_err(|error| refused(error.span()))?;
    match &literal {
        Lit::Str(text) if sign.is_empty() => Ok(text::json_string(&text.value())),
        Lit::Bool(value) if sign.is_empty() => Ok(value.value.to_string()),
        Lit::Int(value) if value.suffix().is_empty() => Ok(format!("{sign}{}", value.base10_digits())),
        Lit::Float(value) if value.suffix().is_empty() => Ok(format!("{sign}{}", value.base10_digits())),
        _ => Err(refused(literal.span())),
    }
}

/// `[a, b]`.
pub(super) fn bracketed_list<T: Parse>(input: ParseStream<'_>) -> syn::Result<Vec<T>> {
    let content;
    bracketed!(content in input);
    Ok(Punctuated::<T, Token![,]>::parse_terminated(&content)?
        .into_iter()
        .collect())
}

/// The variant of `operation::ScopeSource` of an operation that names no scopes; documented is then the client's own.
pub(super) fn scope_source(input: ParseStream<'_>) -> syn::Result<Ident> {
    one_of(input, &["Documented", "Inferred", "Credentials", "NotNeeded"])
}

/// One of these words.
fn one_of(input: ParseStream<'_>, words: &[&str]) -> syn::Result<Ident> {
    let word = input.call(Ident::parse_any)?;
    if words.iter().any(|known| word == known) {
        return Ok(word);
    }
    Err(syn::Error::new(
        word.span(),
        format!("expected one of {}", words.join(", ")),
    ))
}

fn client_id(input: ParseStream<'_>) -> syn::Result<Ident> {
    one_of(input, &["Never", "Unauthenticated", "Always"])
}

fn fixed_field(input: ParseStream<'_>) -> syn::Result<(LitStr, String)> {
    let name = input.parse()?;
    input.parse::<Token![=]>()?;
    Ok((name, json(input)?))
}

fn page(input: ParseStream<'_>) -> syn::Result<Page> {
    let styles = [
        "Marker",
        "NullableMarker",
        "LastKey",
        "NextToken",
        "HasNextPage",
        "Total",
        "JsonApi",
    ];
    let style = one_of(input, &styles)?;
    let content;
    parenthesized!(content in input);
    let rows = content.parse()?;
    let paging = match style.to_string().as_str() {
        "NullableMarker" => {
            content.parse::<Token![,]>()?;
            let field: LitStr = content.parse()?;
            quote!(crate::operation::Paging::#style(#field))
        }
        "HasNextPage" | "Total" => {
            content.parse::<Token![,]>()?;
            let page_size: LitInt = content.parse()?;
            content.parse::<Token![,]>()?;
            let cap: LitInt = content.parse()?;
            let count = if style == "Total" {
                None
            } else if content.parse::<Option<Token![,]>>()?.is_some() {
                let field: LitStr = content.parse()?;
                Some(quote!(, count: Some(#field)))
            } else {
                Some(quote!(, count: None))
            };
            quote!(crate::operation::Paging::#style { page_size: #page_size, cap: #cap #count })
        }
        _ => quote!(crate::operation::Paging::#style),
    };
    if !content.is_empty() {
        return Err(content.error("this paging style takes no further argument"));
    }
    Ok(Page { style, rows, paging })
}

fn before(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let step = one_of(input, &["SubmissionId", "FreshUuid"])?;
    if step == "SubmissionId" {
        return Ok(quote!(crate::operation::Before::SubmissionId));
    }
    let content;
    parenthesized!(content in input);
    let pointer: LitStr = content.parse()?;
    if !pointer.value().starts_with('/') {
        return Err(syn::Error::new(pointer.span(), "a JSON pointer starts with `/`"));
    }
    Ok(quote!(crate::operation::Before::FreshUuid(#pointer)))
}

fn also(input: ParseStream<'_>) -> syn::Result<Also> {
    let mut also = Also {
        client: input.call(Path::parse_mod_style)?,
        client_id: None,
        authorization: None,
    };
    if input.peek(token::Paren) {
        let content;
        parenthesized!(content in input);
        while !content.is_empty() {
            let name = one_of(&content, &["client_id", "authorization"])?;
            content.parse::<Token![=]>()?;
            if name == "client_id" {
                also.client_id = Some(client_id(&content)?);
            } else {
                also.authorization = Some(content.parse()?);
            }
            if !content.is_empty() {
                content.parse::<Token![,]>()?;
            }
        }
    }
    Ok(also)
}
