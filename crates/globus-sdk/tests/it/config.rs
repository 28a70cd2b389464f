//! Settings.

use std::collections::HashMap;
use std::time::Duration;

use globus_sdk::config::{Config, Environment, VerifySsl};
use globus_sdk::error::{Error, ErrorKind};
use serde_json::{Value, json};

use crate::support::{Rules, vectors};

fn config(variables: &[(&str, &str)]) -> Result<Config, Error> {
    let variables: HashMap<String, String> = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    Config::from_lookup(move |name| variables.get(name).cloned())
}

/// Runs one vector; `{dir}` in it stands for `dir`.
fn replay(vector: &Value, dir: &str) -> Result<Value, Error> {
    let place = |text: &str| text.replace("{dir}", dir);
    let variables: Vec<(String, String)> = vector["env"]
        .as_object()
        .expect("variables")
        .iter()
        .map(|(name, value)| (name.clone(), place(value.as_str().expect("a text"))))
        .collect();
    let variables: Vec<_> = variables
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let arguments = vector["args"].as_array().expect("arguments");
    let mut config = config(&variables)?;
    let text = |at: usize| arguments.get(at).and_then(Value::as_str);
    Ok(match vector["op"].as_str().expect("an operation") {
        "environment_name" => {
            if let Some(name) = text(0) {
                config = config.with_environment(name);
            }
            json!(config.environment())
        }
        "http_timeout" => {
            if let Some(seconds) = arguments.first().and_then(Value::as_f64) {
                config = config.with_http_timeout((seconds >= 0.0).then(|| Duration::from_secs_f64(seconds)));
            }
            json!(config.http_timeout().map(|timeout| timeout.as_secs_f64()))
        }
        "ssl_verify" => {
            match arguments.first() {
                Some(Value::Bool(verify)) => config = config.with_verify_ssl((*verify).into()),
                Some(Value::String(value)) => {
                    config = config.with_verify_ssl(VerifySsl::parse("verify_ssl", &place(value))?);
                }
                Some(other) => {
                    return Err(Error::validation(
                        "verify_ssl",
                        format!("{other} does not compile here"),
                    ));
                }
                None => {}
            }
            match config.verify_ssl() {
                VerifySsl::Yes => json!(true),
                VerifySsl::No => json!(false),
                VerifySsl::CaBundle(path) => json!(path.to_string_lossy().replace(dir, "{dir}")),
                other => panic!("{other:?}"),
            }
        }
        "service_url" => {
            if let Some(name) = text(1) {
                config = config.with_environment(name);
            }
            json!(config.service_url(text(0).expect("a service"))?.as_str())
        }
        "webapp_url" => {
            if let Some(name) = text(0) {
                config = config.with_environment(name);
            }
            json!(config.webapp_url()?.as_str())
        }
        other => panic!("unknown operation {other}"),
    })
}

#[test]
fn vectors_match() {
    let dir = tempfile::tempdir().expect("a directory");
    std::fs::write(dir.path().join("ca.pem"), "").expect("a file");
    let rules = Rules::load("config");
    for vector in vectors("config") {
        let id = &vector["id"];
        assert_eq!(rules.find(&vector), None, "{id}");
        let expected = &vector["result"];
        match replay(&vector, &dir.path().to_string_lossy()) {
            Ok(value) => {
                assert_eq!(expected["ok"], true, "{id}: {value}");
                assert!(
                    same(&value, &expected["value"]),
                    "{id}: {value} is not {}",
                    expected["value"]
                );
            }
            Err(error) => {
                assert_eq!(expected["ok"], false, "{id}: {error}");
                assert_eq!(error.kind(), ErrorKind::Validation, "{id}: {error}");
            }
        }
    }
    rules.assert_all_used();
}

/// Equality of values: numbers as numbers, URLs as URLs.
fn same(ours: &Value, theirs: &Value) -> bool {
    let url = |value: &Value| url::Url::parse(value.as_str()?).ok();
    ours == theirs
        || ours
            .as_f64()
            .zip(theirs.as_f64())
            .is_some_and(|(ours, theirs)| (ours - theirs).abs() < 1e-9)
        || url(ours).zip(url(theirs)).is_some_and(|(ours, theirs)| ours == theirs)
}

#[test]
fn every_environment_has_the_recorded_urls() {
    let cases = [
        ("production", "nexus", "https://nexus.api.globusonline.org/"),
        ("production", "actions", "https://actions.automate.globus.org/"),
        ("preview", "actions", "https://preview.actions.automate.globus.org/"),
        ("sandbox", "auth", "https://auth.sandbox.globuscs.info/"),
        ("integration", "groups", "https://groups.api.integration.globuscs.info/"),
        ("test", "app", "https://app.test.globuscs.info/"),
        ("staging", "timers", "https://staging.timer.automate.globus.org/"),
        (
            "staging",
            "globus_connect_server",
            "https://globus_connect_server.api.staging.globuscs.info/",
        ),
    ];
    for (environment, service, url) in cases {
        let config = Config::default().with_environment(environment);
        assert_eq!(config.service_url(service).expect("known").as_str(), url);
    }
    for name in Environment::NAMES {
        assert!(Config::default().with_environment(name).webapp_url().is_ok(), "{name}");
    }
}

#[test]
fn the_more_explicit_setting_wins() {
    let config = config(&[
        ("GLOBUS_SDK_SERVICE_URL_TIMERS", "http://a/api"),
        ("GLOBUS_SDK_SERVICE_URL_ODD", "http://o"),
    ])
    .expect("good values");
    assert_eq!(config.service_url("timer").expect("a URL").as_str(), "http://a/api/");
    assert_eq!(config.service_url("odd").expect("a URL").as_str(), "http://o/");
    let config = config.with_service_url("timers", "http://b");
    assert_eq!(config.service_url("timer").expect("a URL").as_str(), "http://b/");

    let both = [
        ("GLOBUS_SDK_SERVICE_URL_TIMER", "http://one"),
        ("GLOBUS_SDK_SERVICE_URL_TIMERS", "http://two"),
    ];
    let both = self::config(&both).expect("good values");
    assert_eq!(both.service_url("timers").expect("a URL").as_str(), "http://one/");
}

#[test]
fn an_environment_of_ones_own() {
    let beta = Environment::new("beta", "beta.example.org").with_service_url("transfer", "https://t.example.org");
    let config = Config::default().with_own_environment(beta).with_environment("beta");
    assert_eq!(
        config.service_url("auth").expect("a URL").as_str(),
        "https://auth.beta.example.org/"
    );
    assert_eq!(
        config.service_url("flows").expect("a URL").as_str(),
        "https://beta.flows.automate.globus.org/"
    );
    assert_eq!(
        config.service_url("transfer").expect("a URL").as_str(),
        "https://t.example.org/"
    );
    assert!(
        Config::default().with_environment("beta").service_url("auth").is_err(),
        "nothing is global"
    );
}

#[test]
fn a_bad_value_is_named() {
    for (name, value, allowed) in [
        ("GLOBUS_SDK_HTTP_TIMEOUT", "soon", "-1"),
        ("GLOBUS_SDK_HTTP_TIMEOUT", "-5", "-1"),
        ("GLOBUS_SDK_HTTP_TIMEOUT", "nan", "-1"),
        ("GLOBUS_SDK_HTTP_TIMEOUT", "1e400", "-1"),
        ("GLOBUS_SDK_VERIFY_SSL", "perhaps", "file"),
        ("GLOBUS_SDK_VERIFY_SSL", "/", "file"),
    ] {
        let text = config(&[(name, value)]).expect_err("refused").to_string();
        assert!(
            text.contains(name) && text.contains(value) && text.contains(allowed),
            "{text}"
        );
    }
    for url in [
        "localhost:1",
        "not a url",
        "ftp://host/",
        "http://u:p@host/",
        "http://host/?a=b",
        "http://",
    ] {
        let config = config(&[("GLOBUS_SDK_SERVICE_URL_AUTH", url)]).expect("looked at later");
        let error = config.service_url("auth").expect_err("refused");
        assert_eq!(error.kind(), ErrorKind::Validation);
        let text = error.to_string();
        assert!(
            text.contains("GLOBUS_SDK_SERVICE_URL_AUTH") && !text.contains("u:p"),
            "{text}"
        );
    }
    let text = config(&[("GLOBUS_SDK_ENVIRONMENT", "mars")])
        .expect("later")
        .service_url("auth")
        .expect_err("refused");
    assert!(
        text.to_string().contains("mars") && text.to_string().contains("preview"),
        "{text}"
    );
}

#[test]
fn timeouts() {
    let timeout = |value| {
        config(&[("GLOBUS_SDK_HTTP_TIMEOUT", value)])
            .expect("a good value")
            .http_timeout()
    };
    assert_eq!(timeout(" 2.5 "), Some(Duration::from_millis(2500)));
    assert_eq!(timeout(""), Some(Duration::from_secs(60)));
    assert_eq!(timeout("-1"), None);
}
