//! What the token endpoint answers, against the recorded cases. ID tokens have their own test.

use globus_sdk::config::Config;
use globus_sdk::error::{Error, ErrorKind};
use globus_sdk::services::auth::{ByScopes, OAuthTokenData};
use globus_sdk::transport::{Ambient, FixedRandom, ManualClock};
use globus_sdk::{AccessTokenAuthorizer, ConfidentialAppAuthClient};
use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};

use crate::scripted::Scripted;
use crate::support::{Rules, vectors};

/// What the vectors record of a token.
fn token(token: &OAuthTokenData) -> Value {
    json!({
        "scope": token.scope,
        "access_token": token.expose_access_token(),
        "refresh_token": token.refresh_token.as_ref().map(ExposeSecret::expose_secret),
        "token_type": token.token_type,
        "expires_at_seconds": token.expires_at_seconds,
        "resource_server": token.resource_server,
    })
}

/// The tokens as they came, and by their scopes; the lookups that a vector makes.
fn observed(tokens: &[OAuthTokenData], by_scopes: ByScopes<'_>, lookups: &Value) -> Value {
    let mut servers = Map::new();
    let mut order: Vec<&str> = Vec::new();
    for data in tokens {
        servers.insert(data.resource_server.clone(), token(data));
        if !order.contains(&data.resource_server.as_str()) {
            order.push(&data.resource_server);
        }
    }
    let lookups = lookups.as_array().expect("lookups").iter().map(|lookup| {
        let query = lookup["query"].as_str().expect("a text");
        let found = by_scopes.get(query);
        if let Err(error) = &found {
            assert_eq!(error.kind(), ErrorKind::Usage);
        }
        json!({"query": query, "found": found.ok().map(token), "contains": by_scopes.contains(query)})
    });
    json!({
        "resource_server_order": order,
        "by_resource_server": servers,
        "scope_order": by_scopes.iter().map(|(scope, _)| scope).collect::<Vec<_>>(),
        "by_scopes": by_scopes.iter().map(|(scope, data)| (scope.to_owned(), token(data))).collect::<Map<_, _>>(),
        "lookups": lookups.collect::<Vec<_>>(),
    })
}

fn recorded(result: &Value) -> Value {
    let lookups = result["lookups"].as_array().expect("lookups").iter().map(|lookup| {
        let found = lookup.get("found").cloned().unwrap_or_default();
        json!({"query": lookup["query"], "found": found, "contains": lookup["contains"]})
    });
    json!({
        "resource_server_order": result["resource_server_order"],
        "by_resource_server": result["by_resource_server"],
        "scope_order": result["scope_order"],
        "by_scopes": result["by_scopes"],
        "lookups": lookups.collect::<Vec<_>>(),
    })
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a time of our days
async fn replay(vector: &Value) -> Result<Value, Error> {
    let clock = ManualClock::at_unix(vector["now"].as_f64().expect("a time") as u64);
    let client = ConfidentialAppAuthClient::builder("c")
        .authorizer(AccessTokenAuthorizer::new("t"))
        .config(Config::default())
        .ambient(Ambient::new(clock, FixedRandom::new(0.0)))
        .transport(Scripted::json([vector["body"].clone()]))
        .build()?;
    let lookups = &vector["result"]["lookups"];
    if vector["class"] == "OAuthDependentTokenResponse" {
        let answer = client.oauth2_get_dependent_tokens("t").await?;
        assert_eq!(answer.by_resource_server().len(), servers(vector));
        return Ok(observed(answer.tokens(), answer.by_scopes(), lookups));
    }
    let answer = client.oauth2_token(json!({"grant_type": "test"})).await?;
    assert_eq!(answer.by_resource_server().len(), servers(vector));
    let id_token = answer.id_token().map(|token| token.expose_secret().to_owned());
    assert_eq!(json!(id_token), vector["body"]["id_token"]);
    assert_eq!(json!(answer.state()), vector["body"]["state"]);
    Ok(observed(answer.tokens(), answer.by_scopes(), lookups))
}

fn servers(vector: &Value) -> usize {
    vector["result"]["by_resource_server"].as_object().map_or(0, Map::len)
}

#[tokio::test]
async fn recorded_cases() {
    let rules = Rules::load("token_response");
    for vector in vectors("token_response")
        .iter()
        .filter(|vector| vector["op"] == "parse")
    {
        assert_eq!(rules.find(vector), None, "{vector}");
        let result = &vector["result"];
        match replay(vector).await {
            Ok(ours) => {
                assert_eq!(result["ok"], true, "{vector}");
                assert_eq!(ours, recorded(result), "{}", vector["id"]);
            }
            Err(error) => {
                assert_eq!(result["ok"], false, "{vector}: {error}");
                assert_eq!(error.kind(), ErrorKind::Decode);
                let field = result["message"].as_str().expect("a text").trim_matches('\'');
                assert!(error.to_string().contains(field), "{error} does not name {field}");
            }
        }
    }
}
