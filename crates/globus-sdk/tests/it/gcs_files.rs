//! Files over HTTPS and managers over TLS, at an emulator with a certificate of its own.

use globus_emulator::{Emulator, seed};
use globus_sdk::app::GlobusAppConfig;
use globus_sdk::config::Config;
use globus_sdk::services::gcs::*;
use globus_sdk::{ClientApp, TransferClient};

fn app(emulator: &Emulator) -> ClientApp {
    let env = emulator.env();
    let lookup = move |name: &str| env.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let config = GlobusAppConfig::new().with_config(Config::from_lookup(lookup).unwrap());
    let builder = ClientApp::builder("a test")
        .client_id(seed::CLIENT_ID)
        .client_secret(seed::CLIENT_SECRET);
    let config = config.with_token_storage(globus_sdk::MemoryTokenStorage::new());
    builder.config(config).build().unwrap()
}

#[tokio::test]
async fn files_are_found_read_in_parts_and_written() {
    let emulator = Emulator::start().await.unwrap();
    let app = app(&emulator);
    let transfer = TransferClient::builder().app(&app).build().unwrap();
    let collection = transfer.get_endpoint(seed::TUTORIAL_COLLECTION_1).await.unwrap();
    let server = collection.https_server.clone().unwrap();
    let file = format!("{server}/share/godata/file3.txt");
    let downloader = GCSDownloader::new(&app).unwrap();
    assert_eq!(downloader.read_text(&file).await.unwrap(), "three\n");
    let client = downloader.client(&file).await.unwrap();
    let mut part = client
        .get(&file)
        .with_header("Range", "bytes=1-3")
        .stream()
        .await
        .unwrap();
    assert_eq!(part.status(), 206);
    assert_eq!(part.chunk().await.unwrap().unwrap(), "hre");
    let new = format!("{server}/~/new.txt");
    let written = client.put(&new).with_body("by hand").await.unwrap();
    assert_eq!(written.status(), 201);
    assert_eq!(downloader.read_text(&new).await.unwrap(), "by hand");
    let folder = emulator.folder(seed::TUTORIAL_COLLECTION_1).unwrap();
    assert_eq!(
        std::fs::read_dir(folder.join("home")).unwrap().count(),
        2,
        "the program's and `share`"
    );
    let missing = downloader.read_file(format!("{server}/nothing")).await;
    assert_eq!(missing.unwrap_err().api().unwrap().code(), Some("NotFound"));
}

#[tokio::test]
async fn a_manager_is_found_over_tls() {
    let emulator = Emulator::start().await.unwrap();
    let app = app(&emulator);
    let transfer = TransferClient::builder().app(&app).build().unwrap();
    let collection = transfer.get_endpoint(seed::EXAMPLE_COLLECTION).await.unwrap();
    let address = collection.gcs_manager_url.clone().unwrap();
    assert!(address.starts_with("https://"), "{address}");
    let client = GCSClient::at(&address).app(&app).build().unwrap();
    let endpoint = client.get_endpoint().await.unwrap();
    assert_eq!(endpoint.display_name.as_deref(), Some("Example Endpoint"));
    let mut names = client.get_collection_list().page_size(1).items();
    assert!(names.next().await.is_some());
    // Who does not know the authority does not trust the server.
    let config = Config::from_lookup(|_| None).unwrap();
    let stranger = GCSClient::at(&address).config(config).build().unwrap();
    let refused = stranger
        .get_gcs_info()
        .with_retry(globus_sdk::transport::RetryConfig::none())
        .await;
    assert!(refused.unwrap_err().api().is_none());
}
