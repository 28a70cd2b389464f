//! The pages that people see: plain HTML, no script, every text escaped.

pub(crate) mod account;
mod style;
pub(crate) mod words;

use http::StatusCode;
use uuid::Uuid;

use super::authorize::Asked;
use super::demands::Demands;
use super::scope_request::ScopeRequest;
use super::state::{AuthState, Identity};
use crate::exchange::Reply;
use crate::html::{Html, html};

/// What was wrong with a request that cannot be sent back to where it came from.
pub(crate) fn problem(what: &str) -> Reply {
    let body = html("<h1>This login cannot go on</h1>\n<p>") + Html::text(what) + html("</p>\n");
    page(
        StatusCode::BAD_REQUEST,
        "Login",
        body + html("<p>Go back to the program and start again.</p>\n"),
    )
}

/// The account picker. `query` is that of the request, which the form sends along.
pub(crate) fn sign_in(auth: &AuthState, asked: &Asked, query: &str, notice: Option<&str>) -> Reply {
    let mut body = html("<h1>Sign in</h1>\n<p><strong>") + client_name(auth, asked.client);
    body += html("</strong> wants to know who you are.</p>\n");
    if let Some(message) = &asked.demands.message {
        body += html("<blockquote>") + Html::text(message) + html("</blockquote>\n");
    }
    body += demands(auth, &asked.demands);
    if let Some(notice) = notice {
        body += html("<p class=\"notice\">") + Html::text(notice) + html("</p>\n");
    }
    body += form(query);
    let mut anybody = false;
    let suits = |person: &&Identity| asked.demands.suit(auth, person) && auth.may_use(asked.client, person.id);
    let first = auth.clients.get(&asked.client).and_then(|client| client.preselect_idp);
    let mut people: Vec<&Identity> = auth.people().filter(suits).collect();
    people.sort_by_key(|person| first.is_some() && Some(person.identity_provider) != first);
    for person in people {
        anybody = true;
        body += html("<button class=\"account\" name=\"identity\" value=\"") + Html::text(&person.id.to_string());
        body += html("\"><strong>") + Html::text(name(person)) + html("</strong> <span>");
        body += Html::text(&person.username) + html("</span></button>\n");
    }
    if !anybody {
        body += html("<p class=\"notice\">Nobody here has an identity that will do.</p>\n");
    }
    body += if asked.demands.mfa {
        html("<p>You will sign in with a second factor.</p>\n")
    } else {
        html("<p><label><input type=\"checkbox\" name=\"mfa\" value=\"1\"> with a second factor</label></p>\n")
    };
    body += html("</form>\n");
    page(StatusCode::OK, "Sign in", body)
}

/// What the application may do if the person allows it.
pub(crate) fn consent(auth: &AuthState, asked: &Asked, query: &str, identity: Uuid, ticket: &str) -> Reply {
    let mut body = html("<h1>Allow this?</h1>\n<p><strong>") + client_name(auth, asked.client);
    body += html("</strong> would like to:</p>\n") + scopes(auth, &asked.scopes) + links(auth, asked.client);
    if asked.offline {
        body += html("<p>It may go on doing so when you are away, until you take it back.</p>\n");
    }
    if let Some(label) = &asked.grant_name {
        body += html("<p>Listed among your consents as <em>") + Html::text(label) + html("</em>.</p>\n");
    }
    body += form(query) + html("<input type=\"hidden\" name=\"ticket\" value=\"") + Html::text(ticket) + html("\">\n");
    body += html("<button class=\"main\" name=\"answer\" value=\"allow\">Allow</button>\n");
    body += html("<button name=\"answer\" value=\"deny\">Deny</button>\n</form>\n");
    if let Some(person) = auth.identities.get(&identity) {
        body += html("<p class=\"small\">You are signed in as ") + Html::text(&person.username) + html(".</p>\n");
    }
    page(StatusCode::OK, "Allow this?", body)
}

/// The code of a login, to be copied.
pub(crate) fn code(code: &str) -> Reply {
    let body = html("<h1>Here is your code</h1>\n<p>Copy it into the program that asked you to sign in.</p>\n");
    let body = body + html("<p><code id=\"auth-code\">") + Html::text(code) + html("</code></p>\n");
    page(
        StatusCode::OK,
        "Your code",
        body + html("<p class=\"small\">It is good for one use, within ten minutes.</p>\n"),
    )
}

/// That a login ended without a code.
pub(crate) fn no_code(error: &str, description: Option<&str>) -> Reply {
    let body = html("<h1>There is no code</h1>\n<p>The login ended with <code id=\"error\">") + Html::text(error);
    let mut body = body + html("</code>.</p>\n");
    if let Some(description) = description {
        body += html("<p>") + Html::text(description) + html("</p>\n");
    }
    page(StatusCode::OK, "No code", body)
}

/// That the browser has forgotten who signed in.
pub(crate) fn signed_out(back: Option<(&str, &str)>) -> Reply {
    let mut body = html("<h1>You are signed out</h1>\n<p>This browser has forgotten who you were.</p>\n");
    if let Some((address, label)) = back {
        body += html("<p><a href=\"") + Html::text(address) + html("\">") + Html::text(label) + html("</a></p>\n");
    }
    page(StatusCode::OK, "Signed out", body)
}

fn page(status: StatusCode, title: &str, body: Html) -> Reply {
    let text = html("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        + html("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
        + Html::text(title)
        + html(" · Globus emulator</title>\n<style>\n")
        + html(style::STYLE)
        + html("</style>\n</head>\n<body>\n<main>\n")
        + body
        + html("</main>\n<footer>Globus emulator: on this machine only, nobody here is real.</footer>\n")
        + html("</body>\n</html>\n");
    Reply::page(status, text.into())
}

/// The beginning of a form that comes back to the login page, with the request it had.
fn form(query: &str) -> Html {
    html("<form method=\"post\" action=\"/v2/oauth2/authorize?") + Html::text(query) + html("\">\n")
}

fn client_name(auth: &AuthState, client: Uuid) -> Html {
    auth.clients
        .get(&client)
        .map_or_else(|| html("A program"), |client| Html::text(&client.name))
}

/// Where the application's own rules are, if it has written some.
fn links(auth: &AuthState, client: Uuid) -> Html {
    let Some(client) = auth.clients.get(&client) else {
        return Html::default();
    };
    let rows = [
        ("Privacy policy", &client.links.privacy_policy),
        ("Terms and conditions", &client.links.terms_and_conditions),
    ];
    let mut list = Html::default();
    for (label, address) in rows {
        if let Some(address) = address {
            list += html("<p class=\"small\"><a href=\"") + Html::text(address) + html("\">") + html(label);
            list += html("</a></p>\n");
        }
    }
    list
}

fn name(person: &Identity) -> &str {
    person.name.as_deref().unwrap_or(&person.username)
}

fn demands(auth: &AuthState, demands: &Demands) -> Html {
    let mut lines: Vec<String> = Vec::new();
    for id in &demands.identities {
        let name = auth
            .identities
            .get(id)
            .map_or_else(|| id.to_string(), |row| row.username.clone());
        lines.push(format!("It asks you to sign in as {name}."));
    }
    if !demands.domains.is_empty() {
        lines.push(format!("It asks for an identity of {}.", demands.domains.join(" or ")));
    }
    for policy in &demands.policies {
        lines.push(match auth.policy(policy) {
            Some(row) => format!(
                "It asks you to meet the policy {}: {}",
                row.display_name, row.description
            ),
            None => format!("It asks you to meet the policy {policy}."),
        });
    }
    let mut list = Html::default();
    for line in lines {
        list += html("<p>") + Html::text(&line) + html("</p>\n");
    }
    list
}

/// The scopes as nested lists. They nest as deep as the request does, so this keeps its own stack.
fn scopes(auth: &AuthState, request: &ScopeRequest) -> Html {
    enum Step {
        Node(usize),
        Close,
    }
    let mut list = html("<ul class=\"scopes\">\n");
    let mut steps: Vec<Step> = request.top.iter().rev().map(|&at| Step::Node(at)).collect();
    while let Some(step) = steps.pop() {
        let Step::Node(at) = step else {
            list += html("</ul></li>\n");
            continue;
        };
        let node = &request.nodes[at];
        list += html("<li title=\"")
            + Html::text(&node.name)
            + html("\">")
            + Html::text(&words::describe(auth, &node.name));
        if node.optional {
            list += html(" <em>(if need be)</em>");
        }
        if node.children.is_empty() {
            list += html("</li>\n");
        } else {
            list += html("<ul>\n");
            steps.push(Step::Close);
            steps.extend(node.children.iter().rev().map(|&child| Step::Node(child)));
        }
    }
    list + html("</ul>\n")
}
