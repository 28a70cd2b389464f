//! `#[service]`: declarations of operations become methods, builders and rows of the table.

use proc_macro2::TokenStream;

use crate::errors::Errors;

mod check;
mod expand;
mod options;
mod params;
mod parse;

#[cfg(test)]
mod tests;

/// The expansion of `#[service(args)] input`.
pub(crate) fn expand(args: TokenStream, input: TokenStream) -> syn::Result<TokenStream> {
    let mut errors = Errors::default();
    let args = syn::parse2(args)?;
    let block = syn::parse2(input)?;
    let service = parse::Service::new(args, block, &mut errors);
    check::service(&service, &mut errors);
    let service = errors.finish(service)?;
    Ok(expand::service(&service))
}
