//! Profiles: several logins of one program, which never get mixed up.

use globus_emulator::{Emulator, seed};
use globus_sdk::app::GlobusAppConfig;
use globus_sdk::scopes::GroupsScopes;
use globus_sdk::tokens::{JsonTokenStorage, TokenStorage};
use globus_sdk::{ClientApp, Config, GroupsClient};

fn config(emulator: &Emulator, profile: Option<&str>) -> Config {
    let mut env = emulator.env();
    env.extend(profile.map(|name| ("GLOBUS_PROFILE".to_owned(), name.to_owned())));
    let lookup = move |name: &str| env.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    Config::from_lookup(lookup).unwrap()
}

#[test]
fn a_profile_is_a_namespace() {
    let named = |profile: &str| {
        let profile = profile.to_owned();
        Config::from_lookup(move |name| (name == "GLOBUS_PROFILE").then(|| profile.clone())).unwrap()
    };
    for (config, namespace) in [
        (Config::default(), "DEFAULT"),
        (named(""), "DEFAULT"),
        (named("work"), "userprofile/production/work"),
        (named("work").with_environment("preview"), "userprofile/preview/work"),
        (named("work").with_profile("home"), "userprofile/production/home"),
        (named("work").with_profile(""), "DEFAULT"),
        (named("DEFAULT"), "userprofile/production/DEFAULT"),
    ] {
        assert_eq!(config.token_namespace(), namespace, "{config:?}");
    }
    assert_eq!(named("work").profile(), Some("work"));
}

fn app(config: GlobusAppConfig) -> globus_sdk::Result<ClientApp> {
    let app = ClientApp::builder("A Test").client_id(seed::CLIENT_ID);
    app.client_secret(seed::CLIENT_SECRET).config(config).build()
}

#[tokio::test]
async fn two_profiles_do_not_use_each_others_tokens() {
    let emulator = Emulator::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = JsonTokenStorage::new(folder.path().join("tokens.json")).unwrap();
    let mut tokens = Vec::new();
    for profile in [None, Some("work"), Some("home"), Some("work")] {
        let config = config(&emulator, profile);
        let storage = file.clone().with_namespace(config.token_namespace());
        let settings = GlobusAppConfig::new()
            .with_config(config)
            .with_token_storage(storage.clone());
        let app = app(settings).unwrap();
        let groups = GroupsClient::builder().app(&app).build().unwrap();
        groups.get_my_groups().await.unwrap();
        let token = storage
            .get_token_data(GroupsScopes::RESOURCE_SERVER)
            .await
            .unwrap()
            .unwrap();
        tokens.push(secrecy::ExposeSecret::expose_secret(&token.access_token).to_owned());
    }
    assert_eq!(tokens[1], tokens[3], "a profile finds its own again");
    tokens.sort();
    tokens.dedup();
    assert_eq!(tokens.len(), 3);
    let all = ["DEFAULT", "userprofile/production/home", "userprofile/production/work"];
    assert_eq!(file.namespaces().await.unwrap(), all);
}

#[tokio::test]
async fn a_storage_of_another_profile_is_refused() {
    let emulator = Emulator::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let storage = JsonTokenStorage::new(folder.path().join("tokens.json")).unwrap();
    let settings = |namespace: &str| {
        let storage = storage.clone().with_namespace(namespace);
        let settings = GlobusAppConfig::new().with_config(config(&emulator, None));
        settings.with_profile("work").with_token_storage(storage)
    };
    let error = app(settings("DEFAULT")).unwrap_err();
    assert!(error.to_string().contains("userprofile/production/work"), "{error}");
    app(settings("userprofile/production/work")).unwrap();
}

#[tokio::test]
async fn a_profile_of_the_environment_goes_by_no_other_tokens() {
    let emulator = Emulator::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let storage = JsonTokenStorage::new(folder.path().join("tokens.json")).unwrap();
    let settings = |storage: JsonTokenStorage| {
        let settings = GlobusAppConfig::new().with_config(config(&emulator, Some("work")));
        app(settings.with_token_storage(storage))
    };
    let error = settings(storage.clone()).unwrap_err();
    assert!(error.to_string().contains("userprofile/production/work"), "{error}");
    assert!(settings(storage.clone().with_namespace("userprofile/production/work")).is_ok());
    assert!(
        settings(storage.with_namespace("somebody")).is_ok(),
        "the program has chosen"
    );
}
