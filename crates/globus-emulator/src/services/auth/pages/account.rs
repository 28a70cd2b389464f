//! The pages on which people see who they are here and what they have allowed.

use std::collections::BTreeMap;

use http::StatusCode;
use uuid::Uuid;

use super::{client_name, name, page, words};
use crate::exchange::Reply;
use crate::html::{Html, html};
use crate::services::auth::consents::Consent;
use crate::services::auth::documents::provider_name;
use crate::services::auth::state::AuthState;

/// That the browser does not know anybody.
pub(crate) fn nobody() -> Reply {
    let body = html("<h1>Nobody is signed in</h1>\n<p>This browser has not signed in to any application yet.</p>\n");
    page(StatusCode::OK, "Nobody is signed in", body)
}

/// The identities of a person.
pub(crate) fn identities(auth: &AuthState, identity: Uuid) -> Reply {
    let mut body = html("<h1>Your identities</h1>\n<p>They are linked: an application that knows one knows all.</p>\n");
    body += html("<ul>\n");
    let linked = auth.linked(auth.effective(identity));
    for row in linked.iter().filter_map(|id| auth.identities.get(id)) {
        body += html("<li><strong>") + Html::text(name(row)) + html("</strong> ") + Html::text(&row.username);
        let provider = provider_name(auth, row.identity_provider).unwrap_or("an unknown provider");
        body += html(" of ") + Html::text(provider) + html(" <code>") + Html::text(&row.id.to_string());
        body += html("</code></li>\n");
    }
    page(StatusCode::OK, "Your identities", body + html("</ul>\n"))
}

/// What a person has allowed, by application, each with a button that takes it back.
pub(crate) fn consents(auth: &AuthState, identity: Uuid) -> Reply {
    let identity = auth.effective(identity);
    let mut by_client: BTreeMap<Uuid, Vec<&Consent>> = BTreeMap::new();
    let rows = auth.consents.rows().filter(|row| row.identity == identity);
    for row in rows.filter(|row| row.dependency_path.len() == 1) {
        by_client.entry(row.client).or_default().push(row);
    }
    let mut body = html("<h1>What you have allowed</h1>\n");
    if by_client.is_empty() {
        body += html("<p>Nothing so far.</p>\n");
    }
    for (client, rows) in by_client {
        body += html("<h2>") + client_name(auth, client) + html("</h2>\n<ul class=\"scopes\">\n");
        for row in rows {
            body += html("<li title=\"") + Html::text(&row.scope_name) + html("\">");
            body += Html::text(&words::describe(auth, &row.scope_name)) + html("</li>\n");
        }
        body += html("</ul>\n<form method=\"post\" action=\"/v2/web/consents\">\n<button name=\"client\" value=\"");
        body += Html::text(&client.to_string()) + html("\">Take this back</button>\n</form>\n");
    }
    page(StatusCode::OK, "What you have allowed", body)
}
