//! Alice makes a flow and runs it.

use std::error::Error;
use std::time::Duration;

use globus_sdk::SpecificFlowClient;
use globus_sdk::services::flows::RunStatus;
use serde_json::json;

use crate::person::Desk;
use crate::{Stage, expect, step};

pub(crate) async fn play(stage: &Stage, alice: &Desk) -> Result<(), Box<dyn Error>> {
    step("She makes a flow.");
    let flows = &alice.flows;
    let definition = json!({
        "StartAt": "Many?",
        "States": {
            "Many?": {
                "Type": "Choice",
                "Choices": [{ "Variable": "$.files", "NumericGreaterThan": 10, "Next": "Greet" }],
                "Default": "Nothing to say"
            },
            "Greet": {
                "Type": "Action",
                "ActionUrl": "https://actions.globus.org/hello_world",
                "Parameters": { "echo_string.$": "$.greeting" },
                "ResultPath": "$.Greeting",
                "Next": "Rest"
            },
            "Rest": { "Type": "Wait", "Seconds": 1, "End": true },
            "Nothing to say": { "Type": "Pass", "End": true }
        }
    });
    let schema = json!({
        "type": "object",
        "required": ["greeting", "files"],
        "properties": { "greeting": { "type": "string" }, "files": { "type": "integer" } },
        "additionalProperties": false
    });
    let flow = flows
        .create_flow("Say what arrived", &definition, &schema)
        .await?
        .into_inner();
    let flow_id = flow.id.ok_or("the flow has no id")?;
    say!("  Flow {flow_id}");

    step("She runs it. A flow is a resource server of its own, with a scope of its own, so she is asked once more.");
    let mine: SpecificFlowClient = stage.client(SpecificFlowClient::builder(&flow_id).app(&alice.app))?;
    let input = json!({ "greeting": "The pictures have arrived", "files": 60 });
    let run = mine.run_flow(&input).label("Pictures").await?.into_inner();
    let run_id = run.run_id.ok_or("the run has no id")?;
    say!("  Run {run_id}");

    step("She follows its log.");
    let quiet = stage.narrator.quiet();
    let (mut seen, mut status) = (0, Some(RunStatus::Active));
    while status == Some(RunStatus::Active) {
        tokio::time::sleep(Duration::from_millis(50)).await;
        status = flows.get_run(&run_id).await?.into_inner().status;
        let log: Vec<_> = flows.get_run_logs(&run_id).items().try_collect().await?;
        for entry in &log[seen..] {
            say!(
                "  {} {}",
                entry.code.as_deref().unwrap_or_default(),
                entry.description.as_deref().unwrap_or_default()
            );
        }
        seen = log.len();
    }
    drop(quiet);
    expect(status == Some(RunStatus::Succeeded), "the run succeeds")?;
    flows.delete_flow(&flow_id).await?;
    Ok(())
}
