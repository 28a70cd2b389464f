//! Creates a flow, runs it, follows its log until it ends, and deletes it.
//!
//! ```sh
//! cargo run --example create_and_run_flow
//! cargo run -p globus-emulator -- run --as alice -- cargo run --example create_and_run_flow
//! ```

#![allow(clippy::print_stdout)] // an example talks to people

use std::time::Duration;

use globus_sdk::services::flows::RunStatus;
use globus_sdk::{FlowsClient, SpecificFlowClient, UserApp};
use serde_json::json;

/// The client of the Globus tutorials. Register one of your own at <https://app.globus.org/settings/developers>.
const CLIENT_ID: &str = "61338d24-54d5-408f-a10d-66c06b59f6d2";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = UserApp::new("flow-example", CLIENT_ID)?;
    let flows = FlowsClient::builder().app(&app).build()?;

    let definition = json!({
        "StartAt": "Greet",
        "States": {
            "Greet": {
                "Type": "Action",
                "ActionUrl": "https://actions.globus.org/hello_world",
                "Parameters": { "echo_string.$": "$.echo_string" },
                "ResultPath": "$.Greeting",
                "End": true
            }
        }
    });
    let input_schema = json!({
        "type": "object",
        "required": ["echo_string"],
        "properties": { "echo_string": { "type": "string", "title": "Whom to greet" } },
        "additionalProperties": false
    });
    let flow = flows
        .create_flow("A flow of an example", &definition, &input_schema)
        .subtitle("Says hello")
        .await?;
    let flow_id = flow.into_inner().id.ok_or("the flow has no id")?;
    println!("flow {flow_id}");

    // A flow is a resource server of its own: running it needs a consent that only this flow has.
    let this_flow = SpecificFlowClient::builder(&flow_id).app(&app).build()?;
    let run = this_flow
        .run_flow(json!({ "echo_string": "world" }))
        .label("from an example")
        .await?;
    let run_id = run.into_inner().run_id.ok_or("the run has no id")?;
    println!("run {run_id}");

    let ended = loop {
        let run = flows.get_run(&run_id).await?.into_inner();
        match run.status {
            Some(RunStatus::Active) => tokio::time::sleep(Duration::from_millis(500)).await,
            _ => break run,
        }
    };
    let mut log = flows.get_run_logs(&run_id).items();
    while let Some(entry) = log.next().await {
        let entry = entry?;
        println!(
            "  {} {}",
            entry.code.unwrap_or_default(),
            entry.description.unwrap_or_default()
        );
    }
    flows.delete_run(&run_id).await?;
    flows.delete_flow(&flow_id).await?;
    let status = ended.status.ok_or("the run has no status")?;
    println!("the run ended: {status}");
    if status == RunStatus::Succeeded {
        Ok(())
    } else {
        Err(format!("the run ended: {status}").into())
    }
}
