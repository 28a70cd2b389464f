//! The recorded cases of validation, in `conformance/vectors/token_validation.jsonl`, and what they do not tell.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use futures_util::future::BoxFuture;
use globus_sdk::error::{Error, Result, TokenError};
use globus_sdk::scopes::{ConsentForest, Scope};
use globus_sdk::tokens::{
    ConsentFetcher, HasRefreshTokensValidator, MemoryTokenStorage, NotExpiredValidator, OAuthTokenData,
    ScopeRequirements, ScopeRequirementsValidator, TokenDataByResourceServer, TokenDataValidator, TokenGrant,
    TokenStorage, TokenStorageData, TokenValidationContext, UnchangingIdentityIDValidator, ValidatingTokenStorage,
};
use serde_json::{Value, json};

use crate::support::vectors;

/// Answers with the consents of a vector, and counts.
#[derive(Debug, Default)]
struct Consents {
    list: Value,
    asked: AtomicUsize,
}

impl ConsentFetcher for Consents {
    fn fetch_consents<'a>(&'a self, identity_id: &'a str) -> BoxFuture<'a, Result<ConsentForest>> {
        assert!(!identity_id.is_empty());
        self.asked.fetch_add(1, Ordering::Relaxed);
        let forest = ConsentForest::from_json(&self.list).map_err(Into::into);
        Box::pin(async { forest })
    }
}

fn requirements(given: &Value) -> ScopeRequirements {
    let given = given.as_object().into_iter().flatten();
    given
        .map(|(resource_server, scopes)| {
            let scopes = scopes.as_array().expect("a list").iter();
            let scope = |text: &Value| Scope::parse(text.as_str().expect("a text")).expect("a scope");
            (resource_server.clone(), scopes.map(scope).collect())
        })
        .collect()
}

fn data(value: &Value) -> TokenDataByResourceServer {
    serde_json::from_value(value.clone()).expect("stored tokens")
}

/// Runs the operation of a vector.
async fn perform(storage: &ValidatingTokenStorage, op: &Value) -> Result<Value> {
    let argument = &op[1];
    Ok(match op[0].as_str().expect("an operation") {
        "get" => json!(storage.get_token_data(argument.as_str().expect("a text")).await?),
        "get_all" => json!(storage.get_token_data_by_resource_server().await?),
        "store" => {
            storage.store_token_data_by_resource_server(data(argument)).await?;
            Value::Null
        }
        "remove" => json!(storage.remove_token_data(argument.as_str().expect("a text")).await?),
        other => panic!("no operation {other}"),
    })
}

fn class(error: &Error) -> &'static str {
    let Error::Token(error) = error else { panic!("{error}") };
    match **error {
        TokenError::Missing { .. } | TokenError::MissingRefreshToken { .. } => "MissingTokenError",
        TokenError::Expired { .. } => "ExpiredTokenError",
        TokenError::MissingIdentity => "MissingIdentityError",
        TokenError::IdentityMismatch { .. } => "IdentityMismatchError",
        TokenError::MixedIdentities { .. } => "ValueError",
        TokenError::UnmetScopes { .. } | TokenError::UnmetDependentScopes { .. } => "UnmetScopeRequirementsError",
        _ => "another",
    }
}

/// A document without its nulls: what is null in a vector is left out of what is stored.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter().filter(|(_, value)| !value.is_null());
            members
                .map(|(key, value)| (key.clone(), without_nulls(value)))
                .collect()
        }
        other => other.clone(),
    }
}

#[tokio::test]
async fn recorded_validations() {
    for vector in vectors("token_validation") {
        let id = &vector["id"];
        let inner = MemoryTokenStorage::new();
        if vector["pre"].is_object() {
            inner
                .store_token_data_by_resource_server(data(&vector["pre"]))
                .await
                .expect("stored");
        }
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs_f64(vector["now"].as_f64().expect("a time"));
        let consents = Arc::new(Consents {
            list: vector["consents"].as_array().cloned().unwrap_or_default().into(),
            ..Consents::default()
        });
        let mut storage = ValidatingTokenStorage::new(inner);
        for name in vector["validators"].as_array().expect("a list") {
            storage = match name.as_str().expect("a text") {
                "HasRefreshTokens" => storage.with_validator(HasRefreshTokensValidator),
                "NotExpired" => storage.with_validator(NotExpiredValidator::with_now(move || now)),
                "UnchangingIdentity" => storage.with_validator(UnchangingIdentityIDValidator),
                "ScopeRequirements" => {
                    let requirements = requirements(&vector["requirements"]);
                    storage.with_validator(ScopeRequirementsValidator::new(requirements, consents.clone()))
                }
                other => panic!("no validator {other}"),
            };
        }
        let mut result = perform(&storage, &vector["op"]).await;
        for _ in 1..vector["repeat"].as_u64().unwrap_or(1) {
            result = perform(&storage, &vector["op"]).await;
        }
        if vector["result"]["ok"] == true {
            let value = result.unwrap_or_else(|error| panic!("{id}: {error}"));
            assert_eq!(value, without_nulls(&vector["result"]["value"]), "{id}");
            let identity = storage.identity_id().await.expect("one identity or none");
            assert_eq!(json!(identity), vector["result"]["identity_id"], "{id}");
        } else {
            let error = result.expect_err("it fails");
            assert_eq!(vector["result"]["error"], class(&error), "{id}: {error}");
            assert!(error.hint().is_some() && serde_json::to_value(&error).is_ok(), "{id}");
            assert!(!format!("{error} {error:?}").contains("AT_"), "{id}: {error:?}");
        }
        let asked = vector["requests"].as_array().expect("a list").len();
        assert_eq!(consents.asked.load(Ordering::Relaxed), asked, "{id}");
    }
}

fn token(resource_server: &str, identity: Option<&str>) -> TokenStorageData {
    TokenStorageData::new(resource_server, "a b", "at", 2_000_000_000).with_identity_id(identity.map(str::to_owned))
}

fn map(tokens: impl IntoIterator<Item = TokenStorageData>) -> TokenDataByResourceServer {
    tokens
        .into_iter()
        .map(|token| (token.resource_server.clone(), token))
        .collect()
}

/// Notes what it is asked.
#[derive(Debug, Default)]
struct Witness(Mutex<Vec<(&'static str, usize, TokenValidationContext)>>);

impl TokenDataValidator for Witness {
    fn before_store<'a>(
        &'a self,
        data: &'a TokenDataByResourceServer,
        context: &'a TokenValidationContext,
    ) -> BoxFuture<'a, Result<()>> {
        self.0
            .lock()
            .expect("no panic")
            .push(("store", data.len(), context.clone()));
        Box::pin(async { Ok(()) })
    }

    fn after_retrieve<'a>(
        &'a self,
        data: &'a TokenDataByResourceServer,
        context: &'a TokenValidationContext,
    ) -> BoxFuture<'a, Result<()>> {
        self.0
            .lock()
            .expect("no panic")
            .push(("retrieve", data.len(), context.clone()));
        Box::pin(async { Ok(()) })
    }
}

#[tokio::test]
async fn validators_are_told_whose_tokens_they_see() {
    let witness = Arc::new(Witness::default());
    let storage = ValidatingTokenStorage::new(MemoryTokenStorage::new()).with_validator(witness.clone());
    storage.get_token_data_by_resource_server().await.unwrap();
    storage
        .store_token_data_by_resource_server(map([token("a", Some("alice"))]))
        .await
        .unwrap();
    storage
        .store_token_data_by_resource_server(map([token("b", None)]))
        .await
        .unwrap();
    storage.get_token_data("b").await.unwrap();
    let seen = witness.0.lock().expect("no panic");
    let seen: Vec<_> = seen
        .iter()
        .map(|(when, tokens, context)| {
            let prior = context.prior_identity_id.as_deref();
            (*when, *tokens, prior, context.token_data_identity_id.as_deref())
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("retrieve", 0, None, None),
            ("store", 1, None, Some("alice")),
            ("store", 1, Some("alice"), None),
            ("retrieve", 1, Some("alice"), None),
        ]
    );
}

#[tokio::test]
async fn a_refused_login_leaves_no_trace() {
    let inner = MemoryTokenStorage::new();
    let requirements = ScopeRequirements::from_iter([("a", vec![Scope::new("missing").unwrap()])]);
    let storage = ValidatingTokenStorage::new(inner.clone())
        .with_validator(UnchangingIdentityIDValidator)
        .with_validator(ScopeRequirementsValidator::new(
            requirements.clone(),
            Consents::default(),
        ));
    let refused = storage
        .store_token_data_by_resource_server(map([token("a", Some("alice"))]))
        .await;
    assert_eq!(class(&refused.unwrap_err()), "UnmetScopeRequirementsError");
    assert!(inner.get_token_data("a").await.unwrap().is_none());

    requirements.set("a", [Scope::new("b").unwrap()]);
    storage
        .store_token_data_by_resource_server(map([token("a", Some("bob"))]))
        .await
        .unwrap();
    assert_eq!(storage.identity_id().await.unwrap().as_deref(), Some("bob"));
    assert!(
        storage
            .store_token_data_by_resource_server(map([token("a", Some("alice"))]))
            .await
            .is_err()
    );
    assert!(storage.remove_token_data("a").await.unwrap());
    storage.forget_identity();
    storage
        .store_token_data_by_resource_server(map([token("a", Some("alice"))]))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_refresh_keeps_what_its_answer_leaves_out() {
    let stored = token("a", Some("alice")).with_refresh_token(Some("old".into()));
    let answer = || OAuthTokenData::new("a", "a b", "new", 2_000_000_100);
    for inner in [
        MemoryTokenStorage::new(),
        MemoryTokenStorage::new().with_namespace("other"),
    ] {
        inner
            .store_token_data_by_resource_server(map([stored.clone()]))
            .await
            .unwrap();
        let validating = ValidatingTokenStorage::new(inner.clone())
            .with_validator(HasRefreshTokensValidator)
            .with_validator(UnchangingIdentityIDValidator);
        let claimed = TokenGrant::refreshed([answer()]).with_identity_id("mallory".to_owned());
        validating.store_token_response(claimed).await.unwrap();
        let expected = TokenStorageData::new("a", "a b", "new", 2_000_000_100)
            .with_identity_id("alice".to_owned())
            .with_refresh_token(Some("old".into()));
        assert_eq!(inner.get_token_data("a").await.unwrap(), Some(expected.clone()));

        inner
            .store_token_response(TokenGrant::refreshed([answer()]))
            .await
            .unwrap();
        assert_eq!(inner.get_token_data("a").await.unwrap(), Some(expected));

        let mut rotated = answer();
        rotated.refresh_token = Some("rotated".into());
        inner
            .store_token_response(TokenGrant::refreshed([rotated]))
            .await
            .unwrap();
        let found = inner.get_token_data("a").await.unwrap().unwrap();
        assert_eq!(json!(found)["refresh_token"], "rotated");

        // A login stores what it brings and nothing else.
        inner.store_token_response(TokenGrant::new([answer()])).await.unwrap();
        let found = inner.get_token_data("a").await.unwrap().unwrap();
        assert!(found.refresh_token.is_none() && found.identity_id.is_none());
    }
}
