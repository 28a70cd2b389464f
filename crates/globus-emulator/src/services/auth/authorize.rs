//! Authorization requests: which are sound, and what becomes of them. No page is made here, so that a person in a browser
//! and one whom the emulator plays go the same way.
//!
//! RFC 6749, section 4.1; RFC 7636 for PKCE; RFC 8252, section 7.3, for redirects to a program's own machine.

use jiff::Timestamp;
use url::Url;
use uuid::Uuid;

use super::demands::Demands;
use super::scope_request::ScopeRequest;
use super::state::{AuthState, Client};
use super::tokens::{CODE_LIFE, Code, after};
use crate::exchange::Fields;
use crate::world::World;

/// The path to which native applications send people who are to copy the code.
pub(crate) const CODE_PAGE: &str = "v2/web/auth-code";
/// The path of the login page.
pub(crate) const LOGIN_PAGE: &str = "v2/oauth2/authorize";

/// A request in order.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) client: Uuid,
    pub(crate) redirect_uri: String,
    pub(crate) scopes: ScopeRequest,
    /// Whether refresh tokens are wanted.
    pub(crate) offline: bool,
    pub(crate) state: Option<String>,
    challenge: Option<String>,
    nonce: Option<String>,
    /// What the consent is called in the person's list.
    pub(crate) grant_name: Option<String>,
    pub(crate) demands: Demands,
    /// Whether the consent page is shown even if nothing is new (`prompt=consent`).
    pub(crate) ask_again: bool,
    /// Whether no page may be shown (`prompt=none`).
    pub(crate) silent: bool,
}

/// Why a request goes no further.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Told to the person: who asks, or where to, is not to be trusted.
    Page(String),
    /// Told to the application, by its redirect.
    Redirect(String),
}

/// Reads a request.
pub(crate) fn read(world: &World, query: &Fields) -> Result<Asked, Refusal> {
    let auth = &world.auth;
    let id = query
        .get("client_id")
        .ok_or_else(|| page("The request names no client."))?;
    let client = Uuid::parse_str(id).ok().and_then(|id| auth.clients.get(&id));
    let client = client.ok_or_else(|| page(&format!("There is no client {id}.")))?;
    let redirect_uri = query
        .get("redirect_uri")
        .ok_or_else(|| page("The request has no redirect_uri."))?;
    if !may_redirect(client, &world.origin, redirect_uri) {
        return Err(page(&format!("{redirect_uri} is not registered for {}.", client.name)));
    }
    let state = query.get("state").map(str::to_owned);
    let refuse = |error: &str, what: &str| refusal(redirect_uri, state.as_deref(), error, what);
    match query.get("response_type") {
        Some("code") => {}
        Some(_) => return Err(refuse("unsupported_response_type", "response_type must be code")),
        None => return Err(refuse("invalid_request", "the request has no response_type")),
    }
    let challenge = challenge(client, query).map_err(|what| refuse("invalid_request", what))?;
    let text = query
        .get("scope")
        .ok_or_else(|| refuse("invalid_request", "the request has no scope"))?;
    let (text, wants_offline) = without_offline(text);
    let scopes = ScopeRequest::parse(&text).map_err(|what| refuse("invalid_scope", &what))?;
    if scopes.top.is_empty() {
        return Err(refuse("invalid_request", "the request has no scope"));
    }
    let unknown = unknown_scopes(auth, &scopes);
    if !unknown.is_empty() {
        return Err(refuse(
            "invalid_scope",
            &format!("unknown scope: {}", unknown.join(", ")),
        ));
    }
    let scopes = auth.complete(&scopes).map_err(|what| refuse("invalid_scope", &what))?;
    let offline = match query.get("access_type") {
        None | Some("online") => wants_offline,
        Some("offline") => true,
        Some(_) => return Err(refuse("invalid_request", "access_type must be online or offline")),
    };
    let demands = Demands::read(auth, query).map_err(|what| refuse("invalid_request", &what))?;
    let prompts: Vec<&str> = query.get("prompt").unwrap_or_default().split(' ').collect();
    let silent = prompts.contains(&"none");
    if silent && prompts.len() > 1 {
        return Err(refuse("invalid_request", "prompt=none stands alone"));
    }
    Ok(Asked {
        client: client.id,
        redirect_uri: redirect_uri.to_owned(),
        scopes,
        offline,
        challenge,
        nonce: query.get("nonce").map(str::to_owned),
        grant_name: query.get("prefill_named_grant").map(str::to_owned),
        demands,
        ask_again: prompts.contains(&"consent"),
        silent,
        state,
    })
}

/// Scopes of a request, wherever in it, that do not exist.
pub(crate) fn unknown_scopes<'a>(auth: &AuthState, scopes: &'a ScopeRequest) -> Vec<&'a str> {
    let names = scopes.nodes.iter().map(|node| node.name.as_str());
    names.filter(|name| !auth.scopes.contains_key(*name)).collect()
}

/// The challenge of PKCE, which clients without a secret must bring.
fn challenge(client: &Client, query: &Fields) -> Result<Option<String>, &'static str> {
    let Some(challenge) = query.get("code_challenge") else {
        return if client.is_public() {
            Err("a public client must use PKCE: the request has no code_challenge")
        } else {
            Ok(None)
        };
    };
    if query.get("code_challenge_method") != Some("S256") {
        return Err("code_challenge_method must be S256");
    }
    let sound = challenge.len() == 43
        && challenge
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if sound {
        Ok(Some(challenge.to_owned()))
    } else {
        Err("code_challenge is no SHA-256 in base64url")
    }
}

/// A scope request without the word that asks for refresh tokens, and whether that stood there.
fn without_offline(text: &str) -> (String, bool) {
    let is_offline = |word: &&str| matches!(*word, "offline" | "offline_access");
    let words = || text.split_whitespace();
    if words().any(|word| is_offline(&word)) {
        let rest: Vec<&str> = words().filter(|word| !is_offline(word)).collect();
        (rest.join(" "), true)
    } else {
        (text.to_owned(), false)
    }
}

fn page(what: &str) -> Refusal {
    Refusal::Page(what.to_owned())
}

/// A redirect that tells the application what went wrong (RFC 6749, section 4.1.2.1).
pub(crate) fn refusal(redirect_uri: &str, state: Option<&str>, error: &str, what: &str) -> Refusal {
    let fields = [
        ("error", Some(error)),
        ("error_description", Some(what)),
        ("state", state),
    ];
    Refusal::Redirect(redirect(redirect_uri, &fields))
}

impl Asked {
    pub(crate) fn refuse(&self, error: &str, what: &str) -> Refusal {
        refusal(&self.redirect_uri, self.state.as_deref(), error, what)
    }
}

/// An address with fields added to its query.
fn redirect(uri: &str, fields: &[(&str, Option<&str>)]) -> String {
    let Ok(mut url) = Url::parse(uri) else {
        return uri.to_owned();
    };
    for (name, value) in fields {
        if let Some(value) = value {
            url.query_pairs_mut().append_pair(name, value);
        }
    }
    url.into()
}

/// Whether a client may have people sent to an address: one that is registered, or, for a program on the machine of the
/// person, any port of that machine.
fn may_redirect(client: &Client, origin: &str, uri: &str) -> bool {
    let Ok(url) = Url::parse(uri) else {
        return false;
    };
    if url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
        return false;
    }
    let registered = client.redirect_uris.iter().any(|known| match known.strip_prefix('/') {
        Some(path) => uri.strip_prefix(origin) == Some(path),
        None => uri == known || known.strip_suffix(":*").is_some_and(|known| is_port_of(&url, known)),
    });
    registered || (client.is_installed() && is_loopback(&url))
}

/// Whether an address is on some port of `scheme://host`.
fn is_port_of(url: &Url, known: &str) -> bool {
    known.split_once("://") == Some((url.scheme(), url.host_str().unwrap_or_default()))
}

/// Whether an address is one of a program on this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    url.scheme() == "http" && matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

/// Records that somebody signed in, as the application demanded; gives the session.
pub(crate) fn authenticate(world: &mut World, asked: &Asked, browser: &str, identity: Uuid, mfa: bool) -> Uuid {
    let now = world.time.now();
    let World { auth, ids, .. } = world;
    let authentication = auth.sessions.prove(now, mfa || asked.demands.mfa);
    auth.sessions
        .authenticate(ids, browser, asked.client, identity, authentication, &asked.demands)
}

/// Why somebody may not use the application or its scopes, if they may not.
pub(crate) fn bar(auth: &AuthState, asked: &Asked, identity: Uuid) -> Result<(), Refusal> {
    let lacking = auth.lacking(asked.client, auth.effective(identity), &asked.scopes);
    lacking.map_or(Ok(()), |what| Err(asked.refuse("access_denied", &what)))
}

/// Whether somebody has granted all of a request before.
pub(crate) fn is_granted(auth: &AuthState, asked: &Asked, identity: Uuid) -> bool {
    auth.has_consented(asked.client, auth.effective(identity), &asked.scopes, asked.offline)
}

/// Grants a request: writes down the consent, and leads back to the application with a code.
pub(crate) fn grant(world: &mut World, asked: &Asked, browser: &str, identity: Uuid) -> String {
    let now: Timestamp = world.time.now();
    let World { auth, ids, .. } = world;
    let session = auth.sessions.enter(ids, browser, asked.client, identity);
    let identity = auth.effective(identity);
    auth.consent(asked.client, identity, &asked.scopes, asked.offline, now);
    let code = Code {
        client: asked.client,
        identity,
        session,
        redirect_uri: asked.redirect_uri.clone(),
        scopes: asked.scopes.clone(),
        challenge: asked.challenge.clone(),
        nonce: asked.nonce.clone(),
        state: asked.state.clone(),
        offline: asked.offline,
        expires: after(now, CODE_LIFE),
    };
    let code = auth.mint_code(ids, code, now);
    let fields = [("code", Some(code.as_str())), ("state", asked.state.as_deref())];
    redirect(&asked.redirect_uri, &fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(client_type: &str, redirect_uris: &[&str]) -> Client {
        Client {
            name: "c".into(),
            client_type: client_type.into(),
            redirect_uris: redirect_uris.iter().map(|&uri| uri.to_owned()).collect(),
            ..Client::default()
        }
    }

    #[test]
    fn redirects_are_registered_or_to_the_own_machine() {
        let origin = "http://127.0.0.1:9700/";
        let web = client(
            "public_webapp_client",
            &["https://app.example.org/back?x=1", "http://localhost:*"],
        );
        let native = client("public_installed_client", &["/v2/web/auth-code"]);
        for (client, uri, wanted) in [
            (&web, "https://app.example.org/back?x=1", true),
            (&web, "https://app.example.org/back", false),
            (&web, "https://app.example.org/back?x=1#f", false),
            (&web, "http://localhost:3000/cb", true),
            (&web, "http://localhost:3000@evil.example/cb", false),
            (&web, "http://localhost.evil.example:3000/", false),
            (&web, "http://127.0.0.1:3000/", false),
            (&native, "http://127.0.0.1:9700/v2/web/auth-code", true),
            (&native, "https://auth.globus.org/v2/web/auth-code", false),
            (&native, "http://localhost:41234", true),
            (&native, "http://[::1]:41234/x", true),
            (&native, "https://localhost:41234", false),
            (&native, "http://user@localhost:41234", false),
            (&native, "javascript:alert(1)", false),
            (&native, "", false),
        ] {
            assert_eq!(may_redirect(client, origin, uri), wanted, "{uri}");
        }
    }

    #[test]
    fn fields_are_added_to_what_is_there() {
        assert_eq!(
            redirect("https://a.example/b?c=d", &[("code", Some("x y")), ("state", None)]),
            "https://a.example/b?c=d&code=x+y"
        );
        assert_eq!(
            redirect("http://localhost:1", &[("code", Some("x"))]),
            "http://localhost:1/?code=x"
        );
    }

    #[test]
    fn the_word_for_refresh_tokens_is_no_scope() {
        assert_eq!(
            without_offline("openid offline_access a[b c]"),
            ("openid a[b c]".to_owned(), true)
        );
        assert_eq!(without_offline("a[ b ]  c"), ("a[ b ]  c".to_owned(), false));
    }
}
