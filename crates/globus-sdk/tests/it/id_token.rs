//! ID tokens, against the recorded cases and against forgeries.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use globus_sdk::config::Config;
use globus_sdk::error::{Error, LoginErrorKind, Result};
use globus_sdk::services::auth::{DecodeIdToken, IdTokenClaims, IdTokenDecoder, JsonWebKeySet, LoginClient};
use globus_sdk::transport::{Ambient, AnswerBody, FixedRandom, ManualClock, Transport, TransportError};
use globus_sdk::{ConfidentialAppAuthClient, NativeAppAuthClient, OAuthTokenResponse, blocking};
use serde_json::{Value, json};

use crate::scripted::{Scripted, json_answer};
use crate::support::{Rules, vectors};

const CLIENT: &str = "c11e0000-0000-4000-8000-00000000c11e";
const NOW: u64 = 1_700_000_000;

/// The discovery document and the keys, by path, and how often each was read.
#[derive(Debug)]
struct Issuer {
    discovery: std::sync::Mutex<Value>,
    keys: std::sync::Mutex<Value>,
    log: std::sync::Mutex<Vec<String>>,
}

impl Issuer {
    fn new(keys: &Value) -> Arc<Self> {
        Arc::new(Self {
            discovery: std::sync::Mutex::new(json!({
                "issuer": "https://auth.globus.org",
                "jwks_uri": "https://auth.globus.org/jwk.json",
                "id_token_signing_alg_values_supported": ["RS512"],
            })),
            keys: std::sync::Mutex::new(keys.clone()),
            log: std::sync::Mutex::default(),
        })
    }

    fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }
}

impl Transport for Issuer {
    fn send(
        &self,
        request: http::Request<Bytes>,
        _timeout: Option<Duration>,
    ) -> BoxFuture<'_, Result<http::Response<AnswerBody>, TransportError>> {
        self.log.lock().unwrap().push(request.uri().to_string());
        let is_keys = request.uri().path().starts_with("/jwk");
        let missing = self.keys.lock().unwrap().is_null() && is_keys;
        let status = if missing { 404 } else { 200 };
        let body = if is_keys { &self.keys } else { &self.discovery };
        let body = body.lock().unwrap().clone();
        Box::pin(async move { Ok(json_answer(status, &body).map(AnswerBody::from)) })
    }
}

fn ambient() -> Ambient {
    Ambient::new(ManualClock::at_unix(NOW), FixedRandom::new(0.0))
}

fn native(transport: Arc<dyn Transport>) -> NativeAppAuthClient {
    native_at(transport, ambient())
}

fn native_at(transport: Arc<dyn Transport>, ambient: Ambient) -> NativeAppAuthClient {
    let builder = NativeAppAuthClient::builder(CLIENT).config(Config::default());
    builder.transport(transport).ambient(ambient).build().unwrap()
}

/// A vector's tokens, as a client gets them.
async fn tokens(body: &Value) -> OAuthTokenResponse {
    let client = native(Scripted::json([body.clone()]));
    client.oauth2_refresh_token("r").await.unwrap().into_inner()
}

async fn decode<C: LoginClient>(client: &C, vector: &Value) -> Result<IdTokenClaims>
where
    DecodeIdToken<C::Mode>: IntoFuture<Output = Result<IdTokenClaims>>,
{
    let mut decoding = tokens(&vector["body"]).await.decode_id_token(client);
    if !vector["openid_configuration"].is_null() {
        let document = serde_json::from_value(vector["openid_configuration"].clone()).unwrap();
        decoding = decoding.openid_configuration(document);
    }
    if vector["jwk_given"] == true {
        decoding = decoding.jwk(serde_json::from_value(vector["jwks"].clone()).unwrap());
    }
    for (name, value) in vector["jwt_params"].as_object().into_iter().flatten() {
        decoding = match (name.as_str(), value) {
            ("leeway", Value::Number(seconds)) => decoding.leeway(Duration::from_secs_f64(seconds.as_f64().unwrap())),
            ("verify_exp", Value::Bool(false)) => decoding.allow_expired(),
            ("verify_aud", Value::Bool(false)) => decoding.any_audience(),
            ("verify_iss", Value::Bool(false)) => decoding.any_issuer(),
            other => panic!("unknown option {other:?}"),
        };
    }
    decoding.await
}

fn kind(error: &Error) -> Option<LoginErrorKind> {
    match error {
        Error::Login(error) => Some(error.kind()),
        _ => None,
    }
}

#[tokio::test]
async fn recorded_cases() {
    let rules = Rules::load("token_response");
    for vector in vectors("token_response")
        .iter()
        .filter(|vector| vector["op"] == "decode_id_token")
    {
        let expect = rules.find(vector);
        if expect == Some("does-not-compile") {
            continue;
        }
        let issuer = Issuer::new(&vector["jwks"]);
        let decoded = if vector["client"] == "NativeAppAuthClient" {
            decode(&native(issuer.clone()), vector).await
        } else {
            let builder = ConfidentialAppAuthClient::with_secret(CLIENT, "secret").config(Config::default());
            let client = builder.transport(issuer.clone()).ambient(ambient()).build().unwrap();
            decode(&client, vector).await
        };
        let recorded = &vector["result"];
        match expect {
            None if recorded["ok"] == true => {
                assert_eq!(
                    serde_json::to_value(decoded.unwrap()).unwrap(),
                    recorded["claims"],
                    "{vector}"
                );
            }
            None => {
                let found = kind(&decoded.unwrap_err());
                let wanted: &[_] = match recorded["error"].as_str().unwrap() {
                    "GlobusSDKUsageError" => &[],
                    // A token for nobody is not meant for us either.
                    "InvalidAudienceError" | "MissingRequiredClaimError" => &[LoginErrorKind::IdTokenAudience],
                    "ExpiredSignatureError" => &[LoginErrorKind::IdTokenExpired],
                    "ImmatureSignatureError" => &[LoginErrorKind::IdTokenNotYetValid],
                    "InvalidAlgorithmError" => &[LoginErrorKind::IdTokenAlgorithm],
                    "InvalidSignatureError" => &[LoginErrorKind::IdTokenSignature],
                    "DecodeError" => &[LoginErrorKind::IdTokenMalformed],
                    other => panic!("unknown error {other}"),
                };
                assert_eq!(found.as_slice(), wanted, "{vector}");
            }
            Some("as-the-standards-say") => {
                let why = if recorded["claims"]["exp"].is_null() {
                    LoginErrorKind::IdTokenMalformed
                } else {
                    LoginErrorKind::IdTokenIssuer
                };
                assert_eq!(kind(&decoded.unwrap_err()), Some(why), "{vector}");
            }
            Some(other) => panic!("unknown expectation {other}"),
        }
        let early = kind_is_early(recorded);
        let requests: Vec<_> = vector["requests"]
            .as_array()
            .unwrap()
            .iter()
            .map(|request| &request["raw_url"])
            .collect();
        let log = issuer.log();
        // What cannot be a token of this issuer is refused before its keys are read.
        let wanted = if early { &requests[..log.len()] } else { &requests[..] };
        assert_eq!(wanted, log.iter().collect::<Vec<_>>(), "{vector}");
    }
    rules.assert_all_used();
}

fn kind_is_early(recorded: &Value) -> bool {
    matches!(
        recorded["error"].as_str(),
        Some("InvalidAlgorithmError" | "DecodeError")
    )
}

/// A genuine token, its claims, and the key that signed it.
fn genuine() -> (String, Value, Value) {
    let vectors = vectors("token_response");
    let vector = vectors
        .iter()
        .find(|vector| vector["op"] == "decode_id_token" && vector["result"]["ok"] == true)
        .unwrap();
    let token = vector["body"]["id_token"].as_str().unwrap().to_owned();
    (token, vector["result"]["claims"].clone(), vector["jwks"].clone())
}

fn part(json: &Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}

async fn refusal(decoder: &IdTokenDecoder, token: &str) -> LoginErrorKind {
    let error = decoder.decode(token).await.unwrap_err();
    let shown = format!("{error} {error:?} {}", serde_json::to_string(&error).unwrap());
    assert!(!shown.contains(token), "{shown}");
    assert!(error.hint().is_some());
    kind(&error).unwrap()
}

#[tokio::test]
async fn forgeries() {
    let (token, mut claims, keys) = genuine();
    let decoder = IdTokenDecoder::new(&native(Issuer::new(&keys)));
    assert!(decoder.decode(token.as_str()).await.is_ok());
    let (head, signature) = token.rsplit_once('.').unwrap();
    let (header, body) = head.split_once('.').unwrap();
    claims["sub"] = json!("someone-else");
    let other = part(&claims);
    let modulus = keys["keys"][0]["n"].as_str().unwrap();
    let cases = [
        (
            format!("{header}.{other}.{signature}"),
            LoginErrorKind::IdTokenSignature,
        ),
        (format!("{header}.{body}."), LoginErrorKind::IdTokenSignature),
        (
            format!("{}.{body}.{signature}", part(&json!({"alg": "none"}))),
            LoginErrorKind::IdTokenAlgorithm,
        ),
        (
            format!("{}.{body}.", part(&json!({"alg": "none"}))),
            LoginErrorKind::IdTokenAlgorithm,
        ),
        (
            format!("{}.{body}.{modulus}", part(&json!({"alg": "HS512"}))),
            LoginErrorKind::IdTokenAlgorithm,
        ),
        (
            format!("{}.{body}.{signature}", part(&json!({"alg": "RS512", "crit": ["x"]}))),
            LoginErrorKind::IdTokenMalformed,
        ),
        (
            format!("{}.{body}.{signature}", part(&json!({"alg": "RS512", "kid": "x"}))),
            LoginErrorKind::IdTokenSignature,
        ),
        (format!("{token}.more"), LoginErrorKind::IdTokenMalformed),
        (head.to_owned(), LoginErrorKind::IdTokenMalformed),
        ("no-token-at-all".to_owned(), LoginErrorKind::IdTokenMalformed),
    ];
    for (forged, wanted) in cases {
        assert_eq!(refusal(&decoder, &forged).await, wanted, "{forged}");
    }
}

/// A shared secret among the keys, or a discovery document that allows one, opens no door.
#[tokio::test]
async fn shared_secrets_never_sign() {
    let (token, _, keys) = genuine();
    let body = token.split('.').nth(1).unwrap();
    let mut both = keys.clone();
    both["keys"]
        .as_array_mut()
        .unwrap()
        .push(json!({"kty": "oct", "kid": "shared", "k": "c2VjcmV0", "alg": "HS512"}));
    let issuer = Issuer::new(&both);
    let decoder = IdTokenDecoder::new(&native(issuer));
    let allowing = json!({
        "issuer": "https://auth.globus.org", "jwks_uri": "https://auth.globus.org/jwk.json",
        "id_token_signing_alg_values_supported": ["RS512", "HS512", "none"]
    });
    decoder.store_openid_configuration(serde_json::from_value(allowing).unwrap());
    for alg in ["HS512", "none"] {
        let forged = format!("{}.{body}.AAAA", part(&json!({"alg": alg, "kid": "shared"})));
        assert_eq!(refusal(&decoder, &forged).await, LoginErrorKind::IdTokenAlgorithm);
    }
    let forged = format!("{}.{body}.AAAA", part(&json!({"alg": "RS512", "kid": "shared"})));
    assert_eq!(refusal(&decoder, &forged).await, LoginErrorKind::IdTokenSignature);
    assert!(decoder.decode(token.as_str()).await.is_ok());
}

/// A token, the keys of its issuer, and a decoder that has read an older key there and refused the token.
async fn behind() -> (String, Value, Arc<Issuer>, IdTokenDecoder) {
    let (token, _, keys) = genuine();
    let mut old = keys.clone();
    old["keys"][0]["kid"] = json!("an-old-key");
    let issuer = Issuer::new(&old);
    let decoder = IdTokenDecoder::new(&native(issuer.clone()));
    assert_eq!(refusal(&decoder, &token).await, LoginErrorKind::IdTokenSignature);
    (token, keys, issuer, decoder)
}

#[tokio::test]
async fn keys_are_kept_and_read_again_once_for_a_new_one() {
    let (token, keys, issuer, decoder) = behind().await;
    assert_eq!(issuer.log().len(), 2, "just read: not read twice");
    *issuer.keys.lock().unwrap() = keys;
    for _ in 0..3 {
        assert!(decoder.decode(token.as_str()).await.is_ok());
    }
    assert_eq!(issuer.log().len(), 4, "both documents were read again once");
    let unknown = format!("{}.e30.AAAA", part(&json!({"alg": "RS512", "kid": "forged"})));
    for _ in 0..3 {
        assert_eq!(refusal(&decoder, &unknown).await, LoginErrorKind::IdTokenSignature);
    }
    assert_eq!(issuer.log().len(), 4, "forged tokens do not make it read on and on");
}

#[tokio::test]
async fn a_failure_to_read_keys_is_tried_again() {
    let (token, keys, issuer, decoder) = behind().await;
    *issuer.keys.lock().unwrap() = Value::Null;
    assert!(decoder.decode(token.as_str()).await.unwrap_err().api().is_some());
    *issuer.keys.lock().unwrap() = keys;
    assert!(decoder.decode(token.as_str()).await.is_ok(), "at the same moment");
}

#[tokio::test]
async fn keys_are_believed_for_an_hour() {
    let (token, _, keys) = genuine();
    let issuer = Issuer::new(&keys);
    let clock = ManualClock::at_unix(NOW);
    let client = native_at(issuer.clone(), Ambient::new(clock.clone(), FixedRandom::new(0.0)));
    let decoder = IdTokenDecoder::new(&client).allow_expired();
    decoder.decode(token.as_str()).await.unwrap();
    // The issuer withdraws the key.
    issuer.keys.lock().unwrap()["keys"] = json!([]);
    clock.advance(Duration::from_secs(3599));
    decoder.decode(token.as_str()).await.unwrap();
    assert_eq!(issuer.log().len(), 2);
    clock.advance(Duration::from_secs(1));
    assert_eq!(refusal(&decoder, &token).await, LoginErrorKind::IdTokenSignature);
    assert_eq!(issuer.log().len(), 4);
}

#[tokio::test]
async fn the_discovery_document_is_believed_for_an_hour_or_until_a_key_is_unknown() {
    let (token, _, keys) = genuine();
    let mut old = keys.clone();
    old["keys"][0]["kid"] = json!("an-old-key");
    let issuer = Issuer::new(&old);
    let clock = ManualClock::at_unix(NOW);
    let client = native_at(issuer.clone(), Ambient::new(clock.clone(), FixedRandom::new(0.0)));
    let decoder = IdTokenDecoder::new(&client).allow_expired();
    assert_eq!(refusal(&decoder, &token).await, LoginErrorKind::IdTokenSignature);
    let last = || issuer.log().pop().unwrap();
    let moves =
        |name: &str| issuer.discovery.lock().unwrap()["jwks_uri"] = json!(format!("https://auth.globus.org/{name}"));

    // The keys are changed, and are elsewhere from now on.
    moves("jwk2.json");
    *issuer.keys.lock().unwrap() = keys;
    decoder.decode(token.as_str()).await.unwrap();
    assert_eq!(
        (issuer.log().len(), last()),
        (4, "https://auth.globus.org/jwk2.json".to_owned())
    );

    // They move once more: nothing says so until the hour is over.
    moves("jwk3.json");
    clock.advance(Duration::from_secs(3599));
    decoder.decode(token.as_str()).await.unwrap();
    assert_eq!(issuer.log().len(), 4);
    clock.advance(Duration::from_secs(1));
    decoder.decode(token.as_str()).await.unwrap();
    assert_eq!(
        (issuer.log().len(), last()),
        (6, "https://auth.globus.org/jwk3.json".to_owned())
    );

    // One that the caller brought is not read again.
    decoder.store_openid_configuration(serde_json::from_value(issuer.discovery.lock().unwrap().clone()).unwrap());
    clock.advance(Duration::from_secs(3600));
    decoder.decode(token.as_str()).await.unwrap();
    assert_eq!(issuer.log().len(), 7, "the keys alone");
}

#[tokio::test]
async fn settings() {
    let (token, _, keys) = genuine();
    let issuer = Issuer::new(&keys);
    let decoder = IdTokenDecoder::new(&native(issuer.clone()));
    let kinds = |decoding: DecodeIdToken| async move { decoding.await.map_err(|error| kind(&error).unwrap()) };
    let decode = || decoder.decode(token.as_str());
    assert_eq!(
        kinds(decode().audience("other")).await.unwrap_err(),
        LoginErrorKind::IdTokenAudience
    );
    assert_eq!(
        kinds(decode().issuer("https://other")).await.unwrap_err(),
        LoginErrorKind::IdTokenIssuer
    );
    assert_eq!(
        kinds(decode().nonce("n")).await.unwrap_err(),
        LoginErrorKind::IdTokenNonce
    );
    assert!(
        kinds(decode().issuer("https://auth.globus.org").any_audience())
            .await
            .is_ok()
    );
    let strict = decoder.clone().audience("other");
    assert_eq!(refusal(&strict, &token).await, LoginErrorKind::IdTokenAudience);
    assert_eq!(issuer.log().len(), 2, "clones share the keys");
    assert!(!format!("{:?} {decoder:?}", decode()).contains(&token));
}

#[test]
fn blocking_and_without_an_id_token() {
    let (token, claims, keys) = genuine();
    let builder = blocking::NativeAppAuthClient::builder(CLIENT).config(Config::default());
    let client = builder
        .transport(Issuer::new(&keys))
        .ambient(ambient())
        .build()
        .unwrap();
    let decoder = IdTokenDecoder::new(&client);
    let key_set: JsonWebKeySet = serde_json::from_value(keys).unwrap();
    decoder.store_jwk(&key_set);
    let person = decoder.decode(token).send().unwrap();
    assert_eq!(person.sub.as_str(), claims["sub"].as_str().unwrap());
    assert!(person.aud.unwrap().contains(CLIENT));
    let body = json!({
        "access_token": "a", "scope": "openid", "expires_in": 1, "resource_server": "auth.globus.org", "other_tokens": []
    });
    let tokens: OAuthTokenResponse = serde_json::from_value(body).unwrap();
    let error = tokens.decode_id_token(&client).send().unwrap_err();
    assert_eq!(kind(&error), Some(LoginErrorKind::IdTokenMissing));
}
