//! `#[model]`: documents that keep what they do not know, and enums that are open.

use proc_macro2::TokenStream;

use crate::errors::Errors;

mod choice;
mod parse;
mod record;

#[cfg(test)]
mod tests;

/// The expansion of `#[model(args)] input`.
pub(crate) fn expand(args: TokenStream, input: TokenStream) -> syn::Result<TokenStream> {
    let mut errors = Errors::default();
    let model = parse::Model::new(args, syn::parse2(input)?, &mut errors)?;
    Ok(match errors.finish(model)? {
        parse::Model::Record(record) => record::expand(&record),
        parse::Model::Choice(choice) => choice::expand(&choice),
    })
}
