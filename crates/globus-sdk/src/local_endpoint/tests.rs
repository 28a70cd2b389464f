//! The recorded cases, and what no recording can show.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use super::personal::Machine;
use super::{GlobusConnectPersonalOwnerInfo, LocalGlobusConnectPersonal, LocalGlobusConnectServer};
use crate::authorizers::NullAuthorizer;
use crate::client::{Async, Blocking, Mode};
use crate::config::Config;
use crate::services::auth::AuthClient;
use crate::transport::{AnswerBody, Transport, TransportError};

const VECTORS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../conformance/vectors/local_endpoint.jsonl"
);

/// A folder for `{dir}`, with the home folder in it.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn home(&self) -> PathBuf {
        self.0.path().join("home")
    }

    /// A path in the notation of the cases.
    fn path(&self, text: &str) -> PathBuf {
        match text.strip_prefix("~/") {
            Some(below) => self.home().join(below),
            None => PathBuf::from(text.replace("{dir}", &self.0.path().to_string_lossy())),
        }
    }

    /// Writes the files of a case.
    fn fill(&self, case: &Value) {
        for (path, content) in case["files"].as_object().unwrap() {
            let content = if let Some(text) = content.as_str() {
                text.as_bytes().to_vec()
            } else {
                let digits = content["bytes_hex"].as_str().unwrap();
                let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
                (0..digits.len()).step_by(2).map(byte).collect()
            };
            write(&self.path(path), content);
        }
    }

    fn personal(&self, case: &Value) -> LocalGlobusConnectPersonal {
        let windows = case["windows"] == true;
        let machine = Machine {
            windows,
            local_app_data: case["env"]["LOCALAPPDATA"].as_str().map(|path| self.path(path)),
            home: Some(self.home()),
        };
        LocalGlobusConnectPersonal::on(machine, case["config_dir"].as_str().map(|path| self.path(path)))
    }
}

/// Writes a file, with the folders that it needs.
fn write(path: &Path, content: impl AsRef<[u8]>) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
}

/// Answers every request with one document.
#[derive(Debug, Default)]
struct Canned {
    answer: Value,
    urls: Mutex<Vec<String>>,
}

impl Transport for Canned {
    fn send(
        &self,
        request: http::Request<Bytes>,
        _: Option<Duration>,
    ) -> BoxFuture<'_, Result<http::Response<AnswerBody>, TransportError>> {
        self.urls.lock().unwrap().push(request.uri().to_string());
        let answer = http::Response::builder().header("content-type", "application/json");
        let answer = answer.body(Bytes::from(self.answer.to_string()).into()).unwrap();
        Box::pin(async move { Ok(answer) })
    }
}

fn auth<M: Mode>(answer: &Value) -> (AuthClient<M>, Arc<Canned>) {
    let canned = Arc::new(Canned {
        answer: answer.clone(),
        ..Canned::default()
    });
    let client = AuthClient::<M>::builder()
        .config(Config::default())
        .transport(canned.clone())
        .authorizer(NullAuthorizer)
        .build();
    (client.unwrap(), canned)
}

fn shown(owner: Option<&GlobusConnectPersonalOwnerInfo>) -> Value {
    owner.map_or(
        Value::Null,
        |owner| json!({"id": owner.id(), "username": owner.username(), "str": owner.to_string()}),
    )
}

async fn check_owner(place: &Place, case: &Value) {
    let owner = place.personal(case).get_owner_info().unwrap();
    assert_eq!(shown(owner.as_ref()), case["result"]["value"], "{}", case["id"]);
    for look_up in case["with_auth_client"].as_array().unwrap() {
        let (client, canned) = auth::<Async>(&look_up["response"]);
        let identity = match &owner {
            Some(owner) => owner.get_identity(&client).await,
            None => Ok(None),
        };
        assert_eq!(json!(identity.unwrap()), look_up["result"]["value"], "{}", case["id"]);
        let urls: Value = canned
            .urls
            .lock()
            .unwrap()
            .iter()
            .map(|url| json!({"method": "GET", "raw_url": url}))
            .collect();
        assert_eq!(urls, look_up["requests"], "{}", case["id"]);
    }
}

fn check_endpoint_id(place: &Place, case: &Value) {
    let result = &case["result"];
    let mut personal = place.personal(case);
    let told = |personal: &LocalGlobusConnectPersonal| json!(personal.endpoint_id().unwrap());
    if result["ok"] == false {
        let error = personal.endpoint_id().unwrap_err();
        assert!(error.to_string().contains("LOCALAPPDATA"), "{error}");
        return;
    }
    assert_eq!(told(&personal), result["endpoint_id"], "{}", case["id"]);
    let folder = place.path(result["config_dir"].as_str().unwrap());
    assert_eq!(personal.config_dir().unwrap(), folder, "{}", case["id"]);
    if result.get("after_change").is_some() {
        write(&folder.join("lta").join("client-id.txt"), "changed\n");
        assert_eq!(told(&personal), result["after_change"], "{}", case["id"]);
        personal.forget_endpoint_id();
        assert_eq!(told(&personal), result["after_delete"], "{}", case["id"]);
    }
}

fn check_server(place: &Place, case: &Value) {
    assert_eq!(
        LocalGlobusConnectServer::new().info_path(),
        Path::new(case["default_path"].as_str().unwrap())
    );
    let server = LocalGlobusConnectServer::with_info_path(place.path("{dir}/info.json"));
    let told = json!({
        "ok": true,
        "info_dict": server.info_dict().unwrap(),
        "endpoint_id": server.endpoint_id().unwrap(),
        "domain_name": server.domain_name().unwrap(),
    });
    assert_eq!(told, case["result"], "{}", case["id"]);
}

#[tokio::test]
async fn vectors_match() {
    let mut kinds = BTreeMap::<String, usize>::new();
    for line in std::fs::read_to_string(VECTORS).unwrap().lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let place = Place::new();
        place.fill(&case);
        let op = case["op"].as_str().unwrap();
        *kinds.entry(op.to_owned()).or_default() += 1;
        match op {
            "owner_info" => check_owner(&place, &case).await,
            "endpoint_id" => check_endpoint_id(&place, &case),
            "info" => check_server(&place, &case),
            other => panic!("no test knows {other:?}"),
        }
    }
    assert!(
        kinds["owner_info"] >= 20 && kinds["endpoint_id"] >= 11 && kinds["info"] >= 8,
        "{kinds:?}"
    );
}

#[test]
fn a_server_is_read_once_until_it_is_forgotten() {
    let place = Place::new();
    let path = place.path("{dir}/info.json");
    let mut server = LocalGlobusConnectServer::with_info_path(&path);
    assert_eq!(server.info_dict().unwrap(), None);
    write(&path, r#"{"domain_name": "one"}"#);
    assert_eq!(server.domain_name().unwrap().as_deref(), Some("one"));
    write(&path, r#"{"domain_name": "two"}"#);
    assert_eq!(server.domain_name().unwrap().as_deref(), Some("one"));
    server.forget_info();
    assert_eq!(server.domain_name().unwrap().as_deref(), Some("two"));
}

/// A folder in the place of a file cannot be read, not even by the administrator.
#[test]
fn what_cannot_be_read_is_an_error() {
    let place = Place::new();
    let case = json!({"config_dir": "{dir}"});
    for name in ["client-id.txt", "gridmap"] {
        std::fs::create_dir_all(place.path("{dir}/lta").join(name)).unwrap();
    }
    let personal = place.personal(&case);
    let errors = [
        personal.endpoint_id().unwrap_err(),
        personal.get_owner_info().unwrap_err(),
    ];
    for (error, name) in errors.iter().zip(["client-id.txt", "gridmap"]) {
        let text = error.to_string();
        assert!(text.starts_with("cannot read") && text.contains(name), "{text}");
    }
}

#[test]
fn bytes_that_are_no_text() {
    let place = Place::new();
    let case = json!({"config_dir": "{dir}"});
    write(&place.path("{dir}/lta/client-id.txt"), [0xff]);
    write(&place.path("{dir}/lta/gridmap"), [0xff]);
    let personal = place.personal(&case);
    assert!(personal.endpoint_id().unwrap_err().to_string().contains("is no text"));
    assert_eq!(personal.get_owner_info().unwrap(), None);
}

#[test]
fn without_a_home_folder_one_must_be_named() {
    let machine = Machine {
        windows: false,
        local_app_data: None,
        home: None,
    };
    let personal = LocalGlobusConnectPersonal::on(machine.clone(), None);
    assert!(
        personal
            .config_dir()
            .unwrap_err()
            .to_string()
            .contains("with_config_dir")
    );
    let windows = Machine {
        windows: true,
        ..machine
    };
    let named = LocalGlobusConnectPersonal::on(windows, Some(PathBuf::from("/here")));
    assert_eq!(named.config_dir().unwrap(), PathBuf::from("/here"));
}

#[test]
fn a_blocking_client_looks_the_owner_up() {
    let owner = GlobusConnectPersonalOwnerInfo::Username("ada@globusid.org".to_owned());
    let (client, _) = auth::<Blocking>(&json!({"identities": [{"id": "i", "username": "ada@globusid.org"}]}));
    let identity = owner.get_identity(&client).send().unwrap().unwrap();
    assert_eq!(identity.username.as_deref(), Some("ada@globusid.org"));
}
