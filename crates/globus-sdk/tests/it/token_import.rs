//! The logins of the Python CLI and the files of the Python SDK, taken over without logging in again.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use futures_util::FutureExt as _;
use globus_emulator::{Emulator, seed};
use globus_sdk::app::{GlobusAppConfig, LoginPolicy};
use globus_sdk::error::StorageProblem;
use globus_sdk::scopes::GroupsScopes;
use globus_sdk::tokens::{CliLogin, JsonTokenStorage, SQLiteTokenStorage, TokenStorage, copy_tokens};
use globus_sdk::{ClientApp, ConfidentialAppAuthClient, Config, GroupsClient, MemoryTokenStorage, UserApp};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::python::{python, skipped};
use crate::token_storage::{data, storage_error};

/// Where the login page leads in the end.
const REDIRECT: &str = "http://localhost:8000/callback";

/// What the CLI's own code stores for two profiles and a program, with the tokens of `argv[2]`.
const PYTHON: &str = r#"
import json, os, sys
os.environ["HOME"] = sys.argv[1]
tokens = json.loads(sys.argv[2])

class Response:
    by_resource_server = tokens

def store(sub, client, **environ):
    os.environ.update(environ)
    from globus_cli.login_manager.storage import CLIStorage
    storage = CLIStorage()
    if client:
        storage.store_well_known_config("auth_client_data", client)
        storage.store_well_known_config("auth_user_data", {"sub": sub})
    storage.store(Response)
    storage.close()

store(sys.argv[3], json.loads(sys.argv[4]))
store("11111111-2222-4333-8444-555555555555", {"client_id": "another", "client_secret": "SECRET-2"}, GLOBUS_PROFILE="work")
store(None, None, GLOBUS_CLI_CLIENT_ID="926cc9c6-b481-4a5e-9ccd-b497f04c643b", GLOBUS_CLI_CLIENT_SECRET="x")
"#;

/// The same, as it was recorded: version 1 of the schema, with the CLI's namespaces.
fn recorded(path: &Path, tokens: &Value, sub: &str, client: &Value) {
    let database = rusqlite::Connection::open(path).unwrap();
    database
        .execute_batch(
            "CREATE TABLE config_storage (
                namespace VARCHAR NOT NULL, config_name VARCHAR NOT NULL, config_data_json VARCHAR NOT NULL,
                PRIMARY KEY (namespace, config_name)
            );
            CREATE TABLE token_storage (
                namespace VARCHAR NOT NULL, resource_server VARCHAR NOT NULL, token_data_json VARCHAR NOT NULL,
                PRIMARY KEY (namespace, resource_server)
            );
            CREATE TABLE sdk_storage_adapter_internal (
                attribute VARCHAR NOT NULL, value VARCHAR NOT NULL, PRIMARY KEY (attribute)
            );
            INSERT INTO sdk_storage_adapter_internal VALUES
                ('globus-sdk.version', '4.9.0'), ('globus-sdk.database_schema_version', '1');",
        )
        .unwrap();
    let versions: Value = tokens
        .as_object()
        .unwrap()
        .keys()
        .map(|name| (name.clone(), json!(1)))
        .collect();
    let mut configs = vec![
        ("userprofile/production", "auth_client_data", client.clone()),
        ("userprofile/production", "auth_user_data", json!({"sub": sub})),
        (
            "userprofile/production/work",
            "auth_client_data",
            json!({"client_id": "another", "client_secret": "SECRET-2"}),
        ),
        (
            "userprofile/production/work",
            "auth_user_data",
            json!({"sub": "11111111-2222-4333-8444-555555555555"}),
        ),
    ];
    for namespace in [
        "userprofile/production",
        "userprofile/production/work",
        "clientprofile/production/926cc9c6-b481-4a5e-9ccd-b497f04c643b",
    ] {
        configs.push((namespace, "scope_contract_versions", versions.clone()));
        for (name, token) in tokens.as_object().unwrap() {
            let row = [namespace, name, &token.to_string()];
            database
                .execute("INSERT INTO token_storage VALUES (?, ?, ?)", row)
                .unwrap();
        }
    }
    for (namespace, name, config) in configs {
        let row = [namespace, name, &config.to_string()];
        database
            .execute("INSERT INTO config_storage VALUES (?, ?, ?)", row)
            .unwrap();
    }
}

/// Tokens as a login of alice brings them to a program with a secret, in the form in which the CLI stores them.
async fn tokens_of_alice(emulator: &Emulator, config: &Config) -> (Value, String) {
    let client = ConfidentialAppAuthClient::with_secret(seed::WEB_CLIENT_ID, seed::WEB_CLIENT_SECRET)
        .config(config.clone())
        .build()
        .unwrap();
    let flow = client
        .oauth2_start_flow(REDIRECT, format!("openid {}", GroupsScopes::ALL))
        .refresh_tokens(true)
        .build()
        .unwrap();
    let code = emulator
        .sign_in(&flow.authorize_url().to_string(), "alice")
        .unwrap()
        .code()
        .unwrap();
    let answer = flow.exchange(&client, code).await.unwrap();
    let tokens = answer.tokens().iter().map(|token| {
        let refresh_token = token
            .refresh_token
            .as_ref()
            .map(|token| token.expose_secret().to_owned());
        let document = json!({
            "scope": token.scope, "access_token": token.expose_access_token(), "refresh_token": refresh_token,
            "token_type": "Bearer", "expires_at_seconds": token.expires_at_seconds,
            "resource_server": token.resource_server,
        });
        (token.resource_server.clone(), document)
    });
    (tokens.collect(), seed::ALICE.to_owned())
}

async fn takes_over(emulator: &Emulator, config: &Config, path: &Path, sub: &str) {
    let logins = CliLogin::read_all(path).await.unwrap();
    let namespaces: Vec<&str> = logins.iter().map(|login| login.namespace.as_str()).collect();
    assert_eq!(
        namespaces,
        [
            "clientprofile/production/926cc9c6-b481-4a5e-9ccd-b497f04c643b",
            "userprofile/production",
            "userprofile/production/work"
        ]
    );
    let [program, alice, work] = &*logins else {
        panic!("{logins:?}")
    };
    assert_eq!(
        program.client_id.as_deref(),
        Some("926cc9c6-b481-4a5e-9ccd-b497f04c643b")
    );
    assert!(program.profile.is_none() && program.identity_id.is_none() && program.client_secret.is_none());
    assert_eq!(
        (work.environment.as_str(), work.profile.as_deref()),
        ("production", Some("work"))
    );
    assert_eq!(work.client_secret.as_ref().unwrap().expose_secret(), "SECRET-2");
    assert_eq!(alice.identity_id.as_deref(), Some(sub));
    assert!(alice.profile.is_none());
    assert!(alice.config().contains_key("scope_contract_versions"));
    let shown = format!("{logins:?}");
    assert!(
        !shown.contains("SECRET") && !shown.contains(seed::WEB_CLIENT_SECRET),
        "{shown}"
    );

    // Each in a namespace of its own, none over another.
    let all = MemoryTokenStorage::new();
    for login in &logins {
        let own = all.clone().with_namespace(&login.namespace);
        login.store_in(&own).await.unwrap();
    }
    assert_eq!(all.namespaces().await.unwrap(), namespaces);
    for login in &logins {
        let own = all.clone().with_namespace(&login.namespace);
        assert_eq!(own.get_token_data_by_resource_server().await.unwrap(), login.tokens);
    }

    // It waits for somebody who renews a token of before, which would be written over it.
    let held = all.lock(GroupsScopes::RESOURCE_SERVER).await.unwrap();
    assert!(alice.store_in(&all).now_or_never().is_none());
    drop(held);

    // The settings come along.
    let folder = tempfile::tempdir().unwrap();
    let copy = SQLiteTokenStorage::new(folder.path().join("tokens.db")).unwrap();
    alice.store_all_in(&copy).await.unwrap();
    let client = copy.read_config("auth_client_data").await.unwrap().unwrap();
    assert_eq!(client["client_id"], seed::WEB_CLIENT_ID);
    assert_eq!(copy.get_token_data_by_resource_server().await.unwrap(), alice.tokens);

    // Nobody logs in, not even when the token has ended.
    let storage = Arc::new(all.with_namespace(&alice.namespace));
    let settings = GlobusAppConfig::new()
        .with_config(config.clone())
        .with_token_storage(storage.clone())
        .with_login_redirect_uri(REDIRECT)
        .with_login_policy(LoginPolicy::Never);
    let app = UserApp::builder("an import")
        .client_id(alice.client_id.clone().unwrap())
        .client_secret(alice.client_secret.clone().unwrap())
        .config(settings)
        .build()
        .unwrap();
    let groups = GroupsClient::builder()
        .app(&app)
        .app_scopes(GroupsScopes::ALL)
        .build()
        .unwrap();
    assert!(!groups.get_my_groups().await.unwrap().is_empty());
    emulator.expire_tokens();
    assert!(!groups.get_my_groups().await.unwrap().is_empty());
    let renewed = storage
        .get_token_data(GroupsScopes::RESOURCE_SERVER)
        .await
        .unwrap()
        .unwrap();
    assert_ne!(renewed, alice.tokens[GroupsScopes::RESOURCE_SERVER]);
    assert_eq!(renewed.identity_id, alice.identity_id);
}

fn config(emulator: &Emulator) -> Config {
    let env = emulator.env();
    Config::from_lookup(move |name| env.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recorded_login_of_the_cli_is_taken_over() {
    let emulator = Emulator::start().await.unwrap();
    let config = config(&emulator);
    let (tokens, sub) = tokens_of_alice(&emulator, &config).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("storage.db");
    let client = json!({"client_id": seed::WEB_CLIENT_ID, "client_secret": seed::WEB_CLIENT_SECRET});
    recorded(&path, &tokens, &sub, &client);
    takes_over(&emulator, &config, &path, &sub).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_that_the_cli_stored_is_taken_over() {
    let python = match python("globus_cli") {
        Ok(python) => python,
        Err(why) => {
            skipped(&format!("the Python CLI is not there ({why}); set GLOBUS_PYTHON"));
            return;
        }
    };
    let emulator = Emulator::start().await.unwrap();
    let config = config(&emulator);
    let (tokens, sub) = tokens_of_alice(&emulator, &config).await;
    let home = tempfile::tempdir().unwrap();
    let client = json!({"client_id": seed::WEB_CLIENT_ID, "client_secret": seed::WEB_CLIENT_SECRET});
    let output = Command::new(python)
        .args(["-c", PYTHON])
        .arg(home.path())
        .args([tokens.to_string(), sub.clone(), client.to_string()])
        .env_remove("GLOBUS_PROFILE")
        .env_remove("GLOBUS_SDK_ENVIRONMENT")
        .env("HOME", home.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    takes_over(&emulator, &config, &home.path().join(".globus/cli/storage.db"), &sub).await;
}

/// The Python CLI in a home of its own, with Alice at the keyboard.
struct PythonCli<'a> {
    program: PathBuf,
    home: &'a Path,
    emulator: &'a Emulator,
}

impl PythonCli<'_> {
    fn run(&self, arguments: &[&str], variables: &[(&str, &str)]) {
        let mut child = Command::new(&self.program)
            .args(arguments)
            .envs(self.emulator.env())
            .env_remove("GLOBUS_PROFILE")
            .env_remove("GLOBUS_SDK_ENVIRONMENT")
            .env("HOME", self.home)
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut keyboard = child.stdin.take().unwrap();
        let mut said = String::new();
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            if line.starts_with(self.emulator.url()) && line.contains("/v2/oauth2/authorize?") {
                let code = self.emulator.sign_in(line.trim(), "alice").unwrap().code().unwrap();
                writeln!(keyboard, "{code}").unwrap();
            }
            said = said + &line + "\n";
        }
        drop(keyboard);
        let output = child.wait_with_output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "globus {arguments:?} {variables:?}: {said}{errors}"
        );
    }
}

/// Each kind of login that the CLI knows, made by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn logins_made_with_the_cli_are_taken_over() {
    let program = python("globus_cli").map(|python| Path::new(&python).with_file_name("globus"));
    let program = match program {
        Ok(program) if program.exists() => program,
        other => return skipped(&format!("the Python CLI is not there ({other:?}); set GLOBUS_PYTHON")),
    };
    let emulator = Emulator::start().await.unwrap();
    let config = config(&emulator);
    let home = tempfile::tempdir().unwrap();
    let (preview, work) = (("GLOBUS_SDK_ENVIRONMENT", "preview"), ("GLOBUS_PROFILE", "work"));
    let itself = [
        ("GLOBUS_CLI_CLIENT_ID", seed::CLIENT_ID),
        ("GLOBUS_CLI_CLIENT_SECRET", seed::CLIENT_SECRET),
    ];
    let work_with_cli = || {
        let cli = PythonCli {
            program: program.clone(),
            home: home.path(),
            emulator: &emulator,
        };
        let login = ["login", "--no-local-server"];
        for variables in [
            &[][..],
            &[work],
            &[preview],
            &[preview, ("GLOBUS_PROFILE", "a/b")],
            &[("GLOBUS_PROFILE", "left")],
        ] {
            cli.run(&login, variables);
        }
        cli.run(&["group", "list"], &itself);
        cli.run(&["logout", "--yes"], &[("GLOBUS_PROFILE", "left")]);
    };
    tokio::task::block_in_place(work_with_cli);

    let logins = CliLogin::read_all(home.path().join(".globus/cli/storage.db"))
        .await
        .unwrap();
    let found: Vec<_> = logins
        .iter()
        .map(|login| {
            (
                login.namespace.as_str(),
                login.environment.as_str(),
                login.profile.as_deref(),
            )
        })
        .collect();
    let of_program = format!("clientprofile/production/{}", seed::CLIENT_ID);
    assert_eq!(
        found,
        [
            (of_program.as_str(), "production", None),
            ("userprofile/preview", "preview", None),
            ("userprofile/preview/a/b", "preview", Some("a/b")),
            ("userprofile/production", "production", None),
            ("userprofile/production/left", "production", Some("left")),
            ("userprofile/production/work", "production", Some("work")),
        ]
    );
    let (program, people) = logins.split_first().unwrap();
    let (people, left): (Vec<_>, Vec<_>) = people.iter().partition(|login| !login.tokens.is_empty());
    assert_eq!((people.len(), left[0].profile.as_deref()), (4, Some("left")));
    let settings = |login: &CliLogin, storage: &Arc<MemoryTokenStorage>| {
        GlobusAppConfig::new()
            .with_config(config.clone().with_environment(&login.environment))
            .with_token_storage(storage.clone())
            .with_login_redirect_uri(REDIRECT)
            .with_login_policy(LoginPolicy::Never)
    };
    for login in people {
        assert_eq!(login.identity_id.as_deref(), Some(seed::ALICE));
        assert_eq!(login.tokens.len(), 6);
        assert_eq!(login.config()["auth_user_data"]["sub"], seed::ALICE);
        assert_eq!(
            login.config()["scope_contract_versions"][GroupsScopes::RESOURCE_SERVER],
            3
        );
        let storage = Arc::new(MemoryTokenStorage::new());
        login.store_in(&*storage).await.unwrap();
        let app = UserApp::builder("an import")
            .client_id(login.client_id.clone().unwrap())
            .client_secret(login.client_secret.clone().unwrap());
        let app = app.config(settings(login, &storage)).build().unwrap();
        let groups = GroupsClient::builder().app(&app).app_scopes(GroupsScopes::ALL);
        let groups = groups.build().unwrap();
        assert!(!groups.get_my_groups().await.unwrap().is_empty(), "{}", login.namespace);
        emulator.expire_tokens();
        assert!(!groups.get_my_groups().await.unwrap().is_empty(), "{}", login.namespace);
    }

    // The program's secret stays in its environment; with it, the tokens are renewed.
    assert_eq!(program.client_id.as_deref(), Some(seed::CLIENT_ID));
    assert!(program.client_secret.is_none() && program.identity_id.is_none());
    let storage = Arc::new(MemoryTokenStorage::new());
    program.store_in(&*storage).await.unwrap();
    let app = ClientApp::builder("an import")
        .client_id(seed::CLIENT_ID)
        .client_secret(seed::CLIENT_SECRET)
        .config(settings(program, &storage))
        .build()
        .unwrap();
    let groups = GroupsClient::builder().app(&app).app_scopes(GroupsScopes::ALL);
    groups.build().unwrap().get_my_groups().await.unwrap();
}

/// What cannot be read says where it is; the settings that the CLI itself left out are no fault.
#[tokio::test]
async fn a_damaged_login_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let token = json!({"groups.api.globus.org": {
        "scope": "s", "access_token": "a", "refresh_token": null, "expires_at_seconds": 1, "token_type": "Bearer",
        "resource_server": "groups.api.globus.org"
    }});
    for (number, (change, names)) in [
        (
            "UPDATE token_storage SET token_data_json = '{' WHERE namespace = 'userprofile/production/work'",
            ["groups.api.globus.org", "userprofile/production/work"],
        ),
        (
            "UPDATE config_storage SET config_data_json = '[]' WHERE config_name = 'auth_user_data'",
            ["auth_user_data", "userprofile/production"],
        ),
        (
            "UPDATE sdk_storage_adapter_internal SET value = '9' WHERE attribute LIKE '%schema%'",
            ["version `9`", "knows 1 and 2"],
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let path = folder.path().join(format!("{number}.db"));
        recorded(&path, &token, "somebody", &json!({"client_id": "x"}));
        rusqlite::Connection::open(&path).unwrap().execute(change, []).unwrap();
        let error = storage_error(CliLogin::read_all(&path).await.unwrap_err());
        assert_eq!(
            (error.problem(), error.path()),
            (StorageProblem::Format, Some(&*path)),
            "{error}"
        );
        assert!(names.iter().all(|name| error.to_string().contains(name)), "{error}");
    }
    let path = folder.path().join("no settings.db");
    recorded(&path, &token, "somebody", &json!({"client_id": "x"}));
    let database = rusqlite::Connection::open(&path).unwrap();
    database.execute("DROP TABLE config_storage", []).unwrap();
    drop(database);
    let logins = CliLogin::read_all(&path).await.unwrap();
    assert!(
        logins
            .iter()
            .all(|login| login.client_secret.is_none() && login.config().is_empty())
    );
    assert_eq!(logins.len(), 3);
}

#[tokio::test]
async fn without_a_cli_there_is_nothing_to_import() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("storage.db");
    let error = storage_error(CliLogin::read_all(&path).await.unwrap_err());
    assert_eq!(error.path(), Some(&*path));
    assert!(!path.exists(), "reading makes nothing");
    assert!(CliLogin::default_path().unwrap().ends_with("cli/storage.db"));
}

#[cfg(unix)]
#[tokio::test]
async fn importing_changes_nothing() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("storage.db");
    let unchanged = || {
        let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(names.len(), 1, "{names:?}");
        let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o644);
        std::fs::read(&path).unwrap()
    };
    let put = || std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    recorded(&path, &json!({}), "somebody", &json!({"client_id": "x"}));
    put();
    let before = unchanged();
    assert_eq!(CliLogin::read_all(&path).await.unwrap().len(), 3);
    assert_eq!(unchanged(), before);

    // Neither does it where there are no tables, nor where there is no database.
    for (content, problem) in [
        (Vec::new(), StorageProblem::Format),
        (b"this is no database".repeat(100), StorageProblem::Corrupt),
    ] {
        std::fs::write(&path, &content).unwrap();
        put();
        let error = storage_error(CliLogin::read_all(&path).await.unwrap_err());
        assert_eq!((error.problem(), error.path()), (problem, Some(&*path)), "{error}");
        assert_eq!(unchanged(), content);
    }
}

#[tokio::test]
async fn tokens_move_from_file_to_file() {
    let folder = tempfile::tempdir().unwrap();
    let from = JsonTokenStorage::new(folder.path().join("tokens.json")).unwrap();
    for name in ["a", "b"] {
        from.store_token_data_by_resource_server(data(name)).await.unwrap();
    }
    let to = SQLiteTokenStorage::new(folder.path().join("tokens.db"))
        .unwrap()
        .with_namespace("n");
    let held = to.lock("b").await.unwrap();
    let mut copying = std::pin::pin!(copy_tokens(&from, &to));
    while to.get_token_data("a").await.unwrap().is_none() {
        assert!(copying.as_mut().now_or_never().is_none());
        tokio::task::yield_now().await;
    }
    // Whoever renews a token has its lock: nothing is written over what it is about to store.
    for _ in 0..100 {
        assert!(copying.as_mut().now_or_never().is_none());
        tokio::task::yield_now().await;
    }
    assert!(to.get_token_data("b").await.unwrap().is_none());
    drop(held);
    assert_eq!(copying.await.unwrap(), 2);
    assert_eq!(
        to.get_token_data_by_resource_server().await.unwrap(),
        from.get_token_data_by_resource_server().await.unwrap()
    );
}
