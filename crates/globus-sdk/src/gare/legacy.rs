//! The forms that requirements errors had before there was one for all services.

use serde_json::{Map, Value};

use super::read::{Fault, Members, Read, texts};
use super::{GlobusAuthRequirementsError, GlobusAuthorizationParameters};

type Document = Map<String, Value>;

const CONSENT_REQUIRED: &str = "ConsentRequired";

/// Tries one form after the other.
pub(super) fn read(document: &Document) -> Option<GlobusAuthRequirementsError> {
    let forms = [
        authorization_parameters,
        transfer_consent,
        action_provider_consent,
        dependent_consent,
    ];
    forms.into_iter().find_map(|form| form(document).ok())
}

/// Parameters without a code, or with lists written as one text.
fn authorization_parameters(document: &Document) -> Read<GlobusAuthRequirementsError> {
    let mut members = Members::new(document);
    let code = match members.get("code") {
        Some(Value::String(code)) if !code.is_empty() => code.clone(),
        Some(other) if !is_falsy(other) => return Err(Fault::new("code", "a text")),
        _ => "AuthorizationRequired".to_owned(),
    };
    let parameters = members.get("authorization_parameters").and_then(Value::as_object);
    let parameters = parameters.ok_or(Fault::new("authorization_parameters", "a JSON object"))?;
    let mut parameters = Members::new(parameters);
    let authorization_parameters = GlobusAuthorizationParameters {
        session_message: parameters.text("session_message")?,
        session_required_identities: parameters.texts("session_required_identities")?,
        session_required_policies: parameters.texts_or_commas("session_required_policies")?,
        session_required_single_domain: parameters.texts_or_commas("session_required_single_domain")?,
        session_required_mfa: parameters.flag("session_required_mfa")?,
        prompt: parameters.text("prompt")?,
        // This form had no scopes: what stands there is kept, but not taken for more.
        required_scopes: None,
        extra: parameters.others(),
    };
    if authorization_parameters
        .prompt
        .as_deref()
        .is_some_and(|prompt| prompt != "login")
    {
        return Err(Fault::new("prompt", "`login`"));
    }
    Ok(GlobusAuthRequirementsError {
        code,
        authorization_parameters,
        extra: members.others(),
    })
}

/// Transfer: `required_scopes` beside the code.
fn transfer_consent(document: &Document) -> Read<GlobusAuthRequirementsError> {
    let mut members = Members::new(document);
    consent_required(&mut members)?;
    let required_scopes = members.texts("required_scopes")?;
    let extra = members.others();
    let mut parameters = GlobusAuthorizationParameters {
        session_message: Members::new(&extra).text("message")?,
        ..GlobusAuthorizationParameters::default()
    };
    parameters.required_scopes = Some(required_scopes.ok_or(Fault::new("required_scopes", "a list of texts"))?);
    Ok(consent(parameters, extra))
}

/// Action providers: one `required_scope` beside the code.
fn action_provider_consent(document: &Document) -> Read<GlobusAuthRequirementsError> {
    let mut members = Members::new(document);
    consent_required(&mut members)?;
    let scope = members
        .text("required_scope")?
        .ok_or(Fault::new("required_scope", "a text"))?;
    let mut extra = members.others();
    let others = match extra.remove("authorization_parameters") {
        Some(Value::Object(others)) => others,
        _ => Map::new(),
    };
    let parameters = GlobusAuthorizationParameters {
        session_message: Members::new(&extra).text("description")?,
        required_scopes: Some(vec![scope]),
        extra: others,
        ..GlobusAuthorizationParameters::default()
    };
    Ok(consent(parameters, extra))
}

/// Auth: `dependent_consent_required`, with the scopes in the first of its errors.
fn dependent_consent(document: &Document) -> Read<GlobusAuthRequirementsError> {
    let mut members = Members::new(document);
    if members.text("error")?.as_deref() != Some("dependent_consent_required") {
        return Err(Fault::new("error", "`dependent_consent_required`"));
    }
    let first = members.get("errors").and_then(|errors| errors.get(0)?.as_object());
    let first = first.ok_or(Fault::new("errors", "a list of JSON objects"))?;
    let required_scopes = match first.get("unapproved_scopes") {
        None => Vec::new(),
        Some(scopes) => texts(scopes).ok_or(Fault::new("unapproved_scopes", "a list of texts"))?,
    };
    let parameters = GlobusAuthorizationParameters {
        required_scopes: Some(required_scopes),
        ..GlobusAuthorizationParameters::default()
    };
    Ok(consent(parameters, Map::new()))
}

fn consent_required(members: &mut Members<'_>) -> Read<()> {
    match members.text("code")?.as_deref() {
        Some(CONSENT_REQUIRED) => Ok(()),
        _ => Err(Fault::new("code", "`ConsentRequired`")),
    }
}

fn consent(authorization_parameters: GlobusAuthorizationParameters, extra: Document) -> GlobusAuthRequirementsError {
    GlobusAuthRequirementsError {
        code: CONSENT_REQUIRED.to_owned(),
        authorization_parameters,
        extra,
    }
}

/// What older services write where there is no code.
fn is_falsy(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(true) => false,
    }
}
