//! Reads the block: `impl Client { attributes fn name(parameters) -> Answer; .. }`.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, LitStr, Token, Type, braced, parenthesized, token};

use super::options::{self, Options};
use super::params::{Param, Place};
use crate::errors::Errors;
use crate::text;

/// What a block declares.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) args: Args,
    /// Attributes of the `impl`, for example `#[allow(..)]`.
    pub(super) attrs: Vec<Attribute>,
    pub(super) client: Ident,
    pub(super) operations: Vec<Operation>,
}

/// The arguments of `#[service]`.
#[derive(Debug, Default)]
pub(super) struct Args {
    pub(super) reference: Option<LitStr>,
    pub(super) vars: Vec<Ident>,
    /// Scopes of the operations that name none of their own.
    pub(super) scopes: Option<Vec<Expr>>,
    pub(super) scope_source: Option<Ident>,
    /// Error codes of the operations on something that the path names.
    pub(super) errors: Vec<Ident>,
}

/// One declaration.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) name: Ident,
    pub(super) doc: String,
    pub(super) options: Options,
    pub(super) params: Vec<Param>,
    pub(super) answer: Option<Type>,
}

/// The block as it is written.
#[derive(Debug)]
pub(super) struct Block {
    attrs: Vec<Attribute>,
    client: Ident,
    functions: Vec<Function>,
}

/// One declaration as it is written.
#[derive(Debug)]
struct Function {
    attrs: Vec<Attribute>,
    name: Ident,
    params: Punctuated<Argument, Token![,]>,
    answer: Option<Type>,
    /// A body, which it should not have.
    body: Option<proc_macro2::Group>,
}

/// One parameter as it is written.
#[derive(Debug)]
struct Argument {
    attrs: Vec<Attribute>,
    name: Ident,
    ty: Type,
}

impl Parse for Args {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut args = Self::default();
        while !input.is_empty() {
            let name = input.call(Ident::parse_any)?;
            let key = name.to_string();
            if matches!(
                key.as_str(),
                "reference" | "scope" | "scopes" | "scope_source" | "errors"
            ) {
                input.parse::<Token![=]>()?;
            }
            match key.as_str() {
                "reference" => args.reference = Some(input.parse()?),
                "scope" => args.scopes = Some(vec![input.parse()?]),
                "scopes" => args.scopes = Some(options::bracketed_list(input)?),
                "scope_source" => args.scope_source = Some(options::scope_source(input)?),
                "errors" => args.errors = options::bracketed_list(input)?,
                "vars" => {
                    let names;
                    parenthesized!(names in input);
                    args.vars
                        .extend(Punctuated::<Ident, Token![,]>::parse_terminated(&names)?);
                }
                _ => {
                    return Err(syn::Error::new(
                        name.span(),
                        "unknown argument: expected reference, scope, scopes, scope_source, errors or vars(..)",
                    ));
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(args)
    }
}

impl Parse for Block {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        input.parse::<Token![impl]>()?;
        let client = input.parse()?;
        let content;
        braced!(content in input);
        let mut functions = Vec::new();
        while !content.is_empty() {
            functions.push(content.parse()?);
        }
        Ok(Self {
            attrs,
            client,
            functions,
        })
    }
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        if !input.peek(Token![fn]) {
            return Err(
                input.error("expected a declaration `fn name(parameters) -> Answer;`, without `pub` or `async`")
            );
        }
        input.parse::<Token![fn]>()?;
        let name = input.parse()?;
        let params;
        parenthesized!(params in input);
        let params = Punctuated::parse_terminated(&params)?;
        let answer = if input.parse::<Option<Token![->]>>()?.is_some() {
            Some(input.parse()?)
        } else {
            None
        };
        let body = if input.peek(token::Brace) {
            Some(input.parse()?)
        } else {
            None
        };
        if body.is_none() {
            input.parse::<Token![;]>()?;
        }
        Ok(Self {
            attrs,
            name,
            params,
            answer,
            body,
        })
    }
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        if input.peek(Token![self]) || input.peek(Token![&]) {
            return Err(input.error("an operation has no receiver: write its parameters only"));
        }
        let name = input.parse()?;
        input.parse::<Token![:]>()?;
        Ok(Self {
            attrs,
            name,
            ty: input.parse()?,
        })
    }
}

impl Service {
    /// Reads the attributes of the block. Declarations that cannot be understood are left out and reported.
    pub(super) fn new(args: Args, block: Block, errors: &mut Errors) -> Self {
        let Block {
            attrs,
            client,
            functions,
        } = block;
        let operations = functions
            .into_iter()
            .filter_map(|function| Operation::new(function, errors))
            .collect();
        Self {
            args,
            attrs,
            client,
            operations,
        }
    }
}

impl Operation {
    fn new(function: Function, errors: &mut Errors) -> Option<Self> {
        let Function {
            attrs,
            name,
            params,
            answer,
            body,
        } = function;
        if let Some(body) = body {
            errors.push(syn::Error::new(
                body.span(),
                "an operation has no body: end the declaration with `;`",
            ));
        }
        let params: Vec<Param> = params
            .into_iter()
            .filter_map(|param| Param::new(&param.attrs, param.name, param.ty, errors))
            .collect();
        let mut options = None;
        for attr in attrs.iter().filter(|attr| !attr.path().is_ident("doc")) {
            if options.is_some() {
                errors.at(attr, "an operation has one attribute: its method, path and options");
            } else {
                options = Some(errors.keep(Options::new(attr)));
            }
        }
        if options.is_none() {
            errors.at(
                &name,
                "an operation needs one of #[get], #[post], #[put], #[patch], #[delete]",
            );
        }
        let mut operation = Self {
            doc: text::doc(&attrs),
            name,
            options: options??,
            params,
            answer,
        };
        operation.place_params(errors);
        operation.describe_paging();
        Some(operation)
    }

    /// Says of the parameters by which pages are continued what they mean, unless the declaration does.
    fn describe_paging(&mut self) {
        if self.options.page.is_none() {
            return;
        }
        for param in self.params.iter_mut().filter(|param| param.doc.is_empty()) {
            param.doc = match param.key().as_str() {
                "marker" | "last_key" | "next_token" => "Where to resume, from the page before.".to_owned(),
                "offset" => "Rows to pass over.".to_owned(),
                _ => continue,
            };
        }
    }

    /// The codes of the errors that are documented for it.
    pub(super) fn errors<'a>(&'a self, args: &'a Args) -> impl Iterator<Item = &'a Ident> {
        let placeholders = self.options.placeholders().unwrap_or_default();
        let names_something = placeholders.iter().any(|name| args.vars.iter().all(|var| var != name));
        let own = self.options.errors.iter();
        own.chain(args.errors.iter().filter(move |_| names_something))
    }

    /// The scopes of which a token needs one, and the variant of `operation::ScopeSource`.
    pub(super) fn scopes<'a>(&'a self, args: &'a Args) -> (&'a [Expr], String) {
        let options = &self.options;
        let source = options.scope_source.as_ref().or(args.scope_source.as_ref());
        let none: &[Expr] = &[];
        match (&options.scopes, source, &args.scopes) {
            (Some(own), ..) => (own, "Documented".to_owned()),
            _ if !options.authorization => (none, "NotNeeded".to_owned()),
            (None, Some(source), _) => (none, source.to_string()),
            (None, None, Some(of_all)) => (of_all, "Documented".to_owned()),
            (None, None, None) => (none, "Inferred".to_owned()),
        }
    }

    /// Decides where each parameter goes.
    fn place_params(&mut self, errors: &mut Errors) {
        let placeholders = errors.keep(self.options.placeholders()).unwrap_or_default();
        let reads = matches!(self.options.method.to_string().as_str(), "Get" | "Delete");
        let fallback = match (reads, self.options.form) {
            (true, _) => Place::Query,
            (false, true) => Place::Form,
            (false, false) => Place::Body,
        };
        for param in &mut self.params {
            let in_path = placeholders.contains(&param.key());
            if in_path && param.explicit_place.is_some() {
                errors.at(&param.name, "a parameter that is named in the path goes there");
            }
            let default = if in_path { Place::Path } else { fallback };
            param.place = param.explicit_place.unwrap_or(default);
        }
    }

    /// Name of the operation, without `r#`.
    pub(super) fn key(&self) -> String {
        self.name.unraw().to_string()
    }
}
