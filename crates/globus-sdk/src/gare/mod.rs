//! What a service wants from a login before it lets a call through.
//!
//! A service may answer with a *Globus Auth Requirements Error*: a code and the [parameters](GlobusAuthorizationParameters)
//! of the login that is needed, for example more scopes, a second factor or another identity. [`to_gare`] finds one in
//! an error, in whichever of the forms that services have used over the years.
//!
//! ```
//! use globus_sdk::gare::to_gare;
//! use serde_json::json;
//!
//! let document = json!({"code": "ConsentRequired", "required_scopes": ["foo"], "message": "Consent is missing"});
//! let gare = to_gare(&document).expect("it is one");
//! assert_eq!(gare.authorization_parameters.required_scopes.as_deref(), Some(&["foo".to_owned()][..]));
//! ```
//!
//! Source: <https://docs.globus.org/api/auth/developer-guide/>.

mod document;
mod error;
mod legacy;
mod parameters;
mod read;

pub use document::ErrorDocument;
pub use error::GlobusAuthRequirementsError;
pub use parameters::GlobusAuthorizationParameters;

use serde_json::Value;

/// The first requirements error in an error, JSON document or error of the crate; `None` if there is none.
///
/// Of a service's error the document itself is looked at first, then the errors that it lists.
pub fn to_gare<'a>(error: impl Into<ErrorDocument<'a>>) -> Option<GlobusAuthRequirementsError> {
    let error = error.into();
    error.root().and_then(from_document).or_else(|| {
        let mut listed = error.listed();
        listed.find_map(from_document)
    })
}

/// All requirements errors in errors, in order; others are left out.
///
/// Of a service's error, those that it lists come before the document itself.
pub fn to_gares<'a, T: Into<ErrorDocument<'a>>>(
    errors: impl IntoIterator<Item = T>,
) -> Vec<GlobusAuthRequirementsError> {
    let mut found = Vec::new();
    for error in errors {
        let error = error.into();
        found.extend(error.listed().filter_map(from_document));
        // A document that lists nothing counts as its own list.
        if !error.is_its_own_list() {
            found.extend(error.root().and_then(from_document));
        }
    }
    found
}

/// Whether an error has a requirements error in it.
pub fn is_gare<'a>(error: impl Into<ErrorDocument<'a>>) -> bool {
    to_gare(error).is_some()
}

/// Whether any of the errors has a requirements error in it.
pub fn has_gares<'a, T: Into<ErrorDocument<'a>>>(errors: impl IntoIterator<Item = T>) -> bool {
    errors.into_iter().any(is_gare)
}

/// Reads one document, in the form of today or an older one.
fn from_document(document: &serde_json::Map<String, Value>) -> Option<GlobusAuthRequirementsError> {
    match GlobusAuthRequirementsError::from_members(document) {
        Ok(gare) => Some(gare),
        Err(_) => legacy::read(document),
    }
}
