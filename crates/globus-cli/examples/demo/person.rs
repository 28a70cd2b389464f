//! Alice logs in, and lists her groups.

use std::error::Error;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use globus_emulator::Emulator;
use globus_sdk::app::{GlobusAppConfig, LoginPolicy};
use globus_sdk::login::LoginFlowManager;
use globus_sdk::{AuthorizationFlow, FlowsClient, GroupsClient, MemoryTokenStorage, TransferClient, UserApp};
use secrecy::SecretString;

use crate::{Stage, expect, step};

/// The client of the Globus tutorials, which this Globus knows too.
const CLIENT_ID: &str = "61338d24-54d5-408f-a10d-66c06b59f6d2";

/// Alice in front of her browser. By default the command line shows the address, and reads the code from a person.
#[derive(Debug)]
struct Alice(Arc<Emulator>);

impl LoginFlowManager for Alice {
    fn run_login_flow<'a>(
        &'a self,
        _: &'a AuthorizationFlow,
        url: &'a str,
    ) -> BoxFuture<'a, globus_sdk::Result<SecretString>> {
        Box::pin(async move {
            let page = url.split('?').next().unwrap_or_default();
            say!("  Alice logs in at {page}, agrees, and copies the code.");
            let signed_in = self.0.sign_in(url, "alice");
            let signed_in = signed_in.map_err(|error| globus_sdk::Error::usage(error.to_string()))?;
            Ok(signed_in.code().unwrap_or_default().into())
        })
    }
}

/// Alice's app, and the clients that she uses.
pub(crate) struct Desk {
    pub(crate) app: UserApp,
    pub(crate) transfer: TransferClient,
    pub(crate) flows: FlowsClient,
}

pub(crate) async fn play(stage: &Stage) -> Result<Desk, Box<dyn Error>> {
    step(
        "A program of Alice's lists her groups. It has no token yet, so she logs in: once, for Groups, Transfer and Flows.",
    );
    let config = GlobusAppConfig::new()
        .with_config(stage.config.clone())
        .with_transport(stage.narrator.clone())
        .with_token_storage(MemoryTokenStorage::new())
        .with_login_policy(LoginPolicy::Always)
        .with_login_flow_manager(Alice(stage.emulator.clone()));
    let app = UserApp::builder("globus-demo")
        .client_id(CLIENT_ID)
        .config(config)
        .build()?;
    let groups: GroupsClient = stage.client(GroupsClient::builder().app(&app))?;
    let transfer = stage.client(TransferClient::builder().app(&app))?;
    let flows = stage.client(FlowsClient::builder().app(&app))?;
    let mine = groups.get_my_groups().await?;
    for group in mine.iter() {
        say!("  {}", group.name.as_deref().unwrap_or_default());
    }
    expect(!mine.is_empty(), "Alice is in a group")?;
    Ok(Desk { app, transfer, flows })
}
