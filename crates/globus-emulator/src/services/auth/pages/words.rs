//! Scopes in words.

use crate::services::auth::state::AuthState;

/// What a scope allows, told to the person who is to allow it: in the words of those who made it, if they did.
pub(crate) fn describe(auth: &AuthState, scope: &str) -> String {
    match auth.scopes.get(scope).filter(|row| !row.title.is_empty()) {
        Some(row) => format!("{}: {}", row.title, row.description),
        None => by_name(scope),
    }
}

fn by_name(scope: &str) -> String {
    if let Some((_, words)) = KNOWN.iter().find(|(name, _)| *name == scope) {
        return (*words).to_owned();
    }
    let owned = scope.strip_prefix("https://auth.globus.org/scopes/");
    match owned.and_then(|rest| rest.split_once('/')) {
        Some((owner, "data_access")) => format!("Read and write your files on the collection {owner}"),
        Some((owner, "https")) => format!("Reach your files on the collection {owner} by HTTPS"),
        Some((owner, suffix)) if suffix.starts_with("flow_") && suffix.ends_with("_user") => {
            format!("Run the flow {owner}")
        }
        Some((owner, suffix)) => format!("Use {suffix} of {owner}"),
        None => match scope.strip_suffix(":manage_collections") {
            Some(rest) => format!("Manage the collections of {}", rest.rsplit(':').next().unwrap_or(rest)),
            None => format!("Use {scope}"),
        },
    }
}

const KNOWN: &[(&str, &str)] = &[
    ("openid", "Know who you are"),
    ("profile", "See your name and organization"),
    ("email", "See your email address"),
    (
        "urn:globus:auth:scope:auth.globus.org:manage_projects",
        "Manage your projects and clients",
    ),
    (
        "urn:globus:auth:scope:auth.globus.org:view_authentications",
        "See when and how you signed in",
    ),
    ("urn:globus:auth:scope:auth.globus.org:view_clients", "See your clients"),
    (
        "urn:globus:auth:scope:auth.globus.org:view_clients_and_scopes",
        "See your clients and their scopes",
    ),
    (
        "urn:globus:auth:scope:auth.globus.org:view_consents",
        "See what you have allowed",
    ),
    (
        "urn:globus:auth:scope:auth.globus.org:view_identities",
        "Look up people",
    ),
    (
        "urn:globus:auth:scope:auth.globus.org:view_identity_set",
        "See the identities linked to yours",
    ),
    (
        "urn:globus:auth:scope:transfer.api.globus.org:all",
        "Manage and transfer your files with Globus Transfer",
    ),
    (
        "urn:globus:auth:scope:transfer.api.globus.org:gcp_install",
        "Set up Globus Connect Personal",
    ),
    (
        "urn:globus:auth:scope:groups.api.globus.org:all",
        "See and manage your groups",
    ),
    (
        "urn:globus:auth:scope:groups.api.globus.org:view_my_groups_and_memberships",
        "See your groups and your part in them",
    ),
    (
        "urn:globus:auth:scope:search.api.globus.org:all",
        "Search, and manage your search indexes",
    ),
    (
        "urn:globus:auth:scope:search.api.globus.org:ingest",
        "Add to your search indexes",
    ),
    ("urn:globus:auth:scope:search.api.globus.org:search", "Search"),
    (
        "https://auth.globus.org/scopes/524230d7-ea86-4a52-8312-86065a9e0417/timer",
        "Set timers that act for you",
    ),
    (
        "https://auth.globus.org/scopes/eec9b274-0c81-4334-bdc2-54e90e689b9a/all",
        "Manage and run your flows",
    ),
    (
        "https://auth.globus.org/scopes/eec9b274-0c81-4334-bdc2-54e90e689b9a/manage_flows",
        "Manage your flows",
    ),
    (
        "https://auth.globus.org/scopes/eec9b274-0c81-4334-bdc2-54e90e689b9a/view_flows",
        "See your flows",
    ),
    (
        "https://auth.globus.org/scopes/facd7ccc-c5f4-42aa-916b-a0e270e2c2a9/all",
        "Run functions with Globus Compute",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::auth::catalog;

    #[test]
    fn every_scope_has_words() {
        for (name, words) in [
            ("openid", "Know who you are"),
            (
                "https://auth.globus.org/scopes/x/data_access",
                "Read and write your files on the collection x",
            ),
            ("https://auth.globus.org/scopes/x/flow_x_user", "Run the flow x"),
            ("https://auth.globus.org/scopes/x/all", "Use all of x"),
            (
                "urn:globus:auth:scope:x:manage_collections",
                "Manage the collections of x",
            ),
            ("urn:globus:auth:scope:x:y", "Use urn:globus:auth:scope:x:y"),
        ] {
            assert_eq!(by_name(name), words);
        }
        for (name, _) in KNOWN {
            assert!(catalog::scopes().any(|(known, _)| known == *name), "{name}");
        }
    }
}
