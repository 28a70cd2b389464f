//! `POST /v2/oauth2/token`: the grants. <https://docs.globus.org/api/auth/reference/#token_endpoint>

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use http::header::{CACHE_CONTROL, HeaderValue};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::exchange::{Fields, Incoming, Outcome, Reply, truth};
use crate::services::auth::scope_request::ScopeRequest;
use crate::services::auth::tokens::{self, Code, Holder, Issued, TOKEN_LIFE, after};
use crate::services::auth::{access, authorize, dependent, documents, errors, id_token};
use crate::world::World;

/// Gives tokens for a grant.
pub(crate) fn issue(world: &mut World, request: &Incoming) -> Outcome {
    let form = request.form();
    match form.get("grant_type") {
        Some("authorization_code") => authorization_code(world, request, &form),
        Some("refresh_token") => refresh_token(world, request, &form),
        Some("client_credentials") => client_credentials(world, request, &form),
        Some("urn:globus:auth:grant_type:dependent_token") => dependent_tokens(world, request, &form),
        Some(_) => Err(errors::oauth(
            StatusCode::BAD_REQUEST,
            "unsupported_grant_type",
            "There is no such grant type.",
        )),
        None => Err(errors::invalid_request("The form has no grant_type.")),
    }
}

/// A field that a grant cannot do without.
fn required<'a>(form: &'a Fields, name: &str) -> Result<&'a str, Reply> {
    form.get(name)
        .ok_or_else(|| errors::invalid_request(&format!("The form has no {name}.")))
}

/// The client, with its secret if it has one.
fn client(world: &World, request: &Incoming, form: &Fields) -> Result<Uuid, Reply> {
    let client = access::client(world, request, form)?;
    client
        .map(|client| client.id)
        .ok_or_else(|| errors::invalid_request("Neither the form nor a header names a client."))
}

fn authorization_code(world: &mut World, request: &Incoming, form: &Fields) -> Outcome {
    let client = client(world, request, form)?;
    let text = required(form, "code")?;
    let redirect_uri = required(form, "redirect_uri")?;
    let now = world.time.now();
    let code = world.auth.codes.get(text).filter(|code| {
        code.client == client
            && code.redirect_uri == redirect_uri
            && code.expires > now
            && proves(code, form.get("code_verifier"))
    });
    if code.is_none() {
        return Err(errors::invalid_grant());
    }
    // It is good for one exchange.
    let Some(code) = world.auth.codes.remove(text) else {
        return Err(errors::invalid_grant());
    };
    let holder = Holder {
        client,
        identity: code.identity,
        session: Some(code.session),
        offline: code.offline,
    };
    let mut scopes = world.auth.granted(client, code.identity, &code.scopes);
    if scopes.iter().any(|(_, consent)| consent.is_none()) {
        // The person has taken it back in the meantime.
        return Err(errors::invalid_grant());
    }
    let all = request.query().get("include_consented_scopes").and_then(truth);
    if all == Some(true) {
        let more = world.auth.consents.of(client, code.identity);
        scopes.extend(more.map(|row| (row.scope_name.clone(), Some(row.id))));
    }
    let issued = tokens::issue(world, holder, scopes);
    let mut document = documents::tokens(&issued);
    let id_token = issued
        .first()
        .and_then(|first| id_token::make(world, first, code.nonce.as_deref()));
    if let Some(id_token) = id_token {
        document["id_token"] = id_token.into();
    }
    if let Some(state) = code.state {
        document["state"] = state.into();
    }
    Ok(secret(&document))
}

/// Whether the verifier is that of the challenge (RFC 7636, section 4.6). One without a challenge is refused too: somebody
/// took the challenge away.
fn proves(code: &Code, verifier: Option<&str>) -> bool {
    match (&code.challenge, verifier) {
        (None, None) => true,
        (Some(challenge), Some(verifier)) => {
            (43..=128).contains(&verifier.len()) && URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == *challenge
        }
        _ => false,
    }
}

fn refresh_token(world: &mut World, request: &Incoming, form: &Fields) -> Outcome {
    let client = client(world, request, form)?;
    let text = required(form, "refresh_token")?;
    let now = world.time.now();
    let World { auth, ids, .. } = world;
    let found = auth.refresh_tokens.get_mut(text);
    let Some(row) = found.filter(|row| row.token.client == client && row.expires() > now) else {
        return Err(errors::invalid_grant());
    };
    let mut token = row.token.clone();
    // Fewer scopes may be asked for, other ones not (RFC 6749, section 6).
    if let Some(wanted) = form.get("scope") {
        let wanted: Vec<String> = wanted.split_whitespace().map(str::to_owned).collect();
        if !wanted.iter().all(|scope| token.scopes.contains(scope)) {
            return Err(invalid_scope("a refresh gives no scope that was not granted"));
        }
        token.scopes = wanted;
    }
    row.last_used = now;
    token.issued = now;
    token.expires = after(now, TOKEN_LIFE);
    let refresh = if auth.rotation.applies(client) {
        let row = auth.refresh_tokens.remove(text);
        row.map(|row| auth.mint_refresh(ids, row.token, now))
    } else {
        None
    };
    let text = auth.mint(ids, token.clone());
    Ok(secret(&documents::tokens(&[Issued { text, token, refresh }])))
}

fn client_credentials(world: &mut World, request: &Incoming, form: &Fields) -> Outcome {
    let client = access::confidential(world, request, form)?.id;
    let scopes = ScopeRequest::parse(required(form, "scope")?).map_err(|what| invalid_scope(&what))?;
    if scopes.top.is_empty() {
        return Err(errors::invalid_request("The form has no scope."));
    }
    check_known(world, &scopes)?;
    if let Some(lacking) = world.auth.lacking(client, client, &scopes) {
        return Err(invalid_scope(&lacking));
    }
    let now = world.time.now();
    world.auth.consent(client, client, &scopes, false, now);
    let holder = Holder {
        client,
        identity: client,
        session: None,
        offline: false,
    };
    let scopes = world.auth.granted(client, client, &scopes);
    Ok(secret(&documents::tokens(&tokens::issue(world, holder, scopes))))
}

fn dependent_tokens(world: &mut World, request: &Incoming, form: &Fields) -> Outcome {
    let client = access::confidential(world, request, form)?.id;
    let text = required(form, "token")?;
    let wanted = match form.get("scope") {
        Some(text) => {
            let wanted = ScopeRequest::parse(text).map_err(|what| invalid_scope(&what))?;
            check_known(world, &wanted)?;
            Some(wanted)
        }
        None => None,
    };
    let offline = form.get("access_type") == Some("offline");
    let issued = dependent::tokens(world, client, text, wanted.as_ref(), offline)?;
    let documents: Vec<Value> = issued.iter().map(documents::token).collect();
    Ok(secret(&Value::Array(documents)))
}

/// Refuses a request that names a scope, wherever in it, that does not exist.
fn check_known(world: &World, scopes: &ScopeRequest) -> Result<(), Reply> {
    let unknown = authorize::unknown_scopes(&world.auth, scopes);
    if unknown.is_empty() {
        Ok(())
    } else {
        Err(invalid_scope(&format!("unknown scope: {}", unknown.join(", "))))
    }
}

fn invalid_scope(what: &str) -> Reply {
    errors::oauth(StatusCode::BAD_REQUEST, "invalid_scope", what)
}

/// An answer that no cache may keep (RFC 6749, section 5.1).
fn secret(document: &Value) -> Reply {
    Reply::ok(document).with(CACHE_CONTROL, HeaderValue::from_static("no-store"))
}
