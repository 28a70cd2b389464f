"""Flows and their runs with the unmodified Python SDK, as a person who logs in when a client needs it."""

import sys
import time

import globus_sdk
from peer import check, control, refused

NATIVE = "61338d24-54d5-408f-a10d-66c06b59f6d2"
ALICE = "urn:globus:auth:identity:a11ce000-5eed-4000-8000-000000000001"
BOB = "urn:globus:auth:identity:b0b00000-5eed-4000-8000-000000000001"
HELLO = "https://actions.globus.org/hello_world"


def until(flows, run_id, *statuses):
    end = time.monotonic() + 30
    while time.monotonic() < end:
        run = flows.get_run(run_id)
        if run["status"] in statuses:
            return run
    sys.exit(f"the run is {run['status']}, not {statuses}")


app = globus_sdk.UserApp("flows", client_id=NATIVE)
flows = globus_sdk.FlowsClient(app=app)

definition = {
    "StartAt": "Check",
    "States": {
        "Check": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.pause", "NumericGreaterThan": 0, "Next": "Pause"}],
            "Default": "Hello",
        },
        "Pause": {"Type": "Wait", "SecondsPath": "$.pause", "Next": "Hello"},
        "Hello": {
            "Type": "Action",
            "ActionUrl": HELLO,
            "Parameters": {"echo_string.=": "'Hello ' + name", "sleep_time": 0},
            "ResultPath": "$.Hello",
            "Next": "Done",
        },
        "Done": {"Type": "Pass", "Parameters": {"said.$": "$.Hello.details.hello"}, "End": True},
    },
}
schema = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "pause": {"type": "number"}},
    "required": ["name", "pause"],
    "additionalProperties": False,
}

# A definition is checked, then it becomes a flow.
scopes = flows.validate_flow(definition, schema)["scopes"]
check("scopes", scopes, {"User": ["https://auth.globus.org/scopes/actions.globus.org/hello_world"]})
broken = {"StartAt": "Check", "States": {"Check": {"Type": "Pass"}}}
refused("broken", lambda: flows.validate_flow(broken), 422, "UNPROCESSABLE_ENTITY", message="terminal")
created = flows.create_flow("A Peer's Flow", definition, schema, subtitle="S", keywords=["peer"], run_monitors=[BOB])
check("created", (created.http_status, created["flow_owner"], created["user_role"]), (201, ALICE, "flow_owner"))
flow_id = created["id"]
check("read", flows.get_flow(flow_id).data, created.data)
refused("a wrong principal", lambda: flows.update_flow(flow_id, flow_viewers=["bob"]), 422, "UNPROCESSABLE_ENTITY", message="Unrecognized principal")
check("updated", flows.update_flow(flow_id, title="Changed")["title"], "Changed")
rows = flows.list_flows(filter_roles="flow_owner", filter_fulltext="peer", orderby="updated_at DESC")
check("listed", [row["id"] for row in rows], [flow_id])
few = flows.paginated.list_flows(query_params={"per_page": 1}, orderby="title ASC")
check("by pages", [row["title"] for row in few.items()], ["Changed", "Hello World", "Two-Step Transfer"])

# The client of one flow logs in for it alone.
specific = globus_sdk.SpecificFlowClient(flow_id, app=app)
check("its scope", created["globus_auth_scope"], str(specific.scopes.user))
check("valid", specific.validate_run({"name": "x", "pause": 0})["message"], "validation successful")
refused("invalid", lambda: specific.validate_run({"name": 1, "pause": 0}), 400, "FLOW_INPUT_ERROR", message="1 is not of type 'string'")
started = specific.run_flow({"name": "World", "pause": 0}, label="First", tags=["a"])
check("started", (started.http_status, started["status"], started["run_owner"]), (201, "ACTIVE", ALICE))
done = until(flows, started["run_id"], "SUCCEEDED", "FAILED")
check("its output", (done["status"], done["details"]["output"]), ("SUCCEEDED", {"said": "Hello World"}))
log = list(flows.paginated.get_run_logs(started["run_id"], limit=2).items())
codes = ["FlowStarted", "ChoiceStarted", "ChoiceCompleted", "ActionStarted", "ActionCompleted", "PassStarted", "PassCompleted", "FlowSucceeded"]
check("its log", [entry["code"] for entry in log], codes)
last = next(iter(flows.get_run_logs(started["run_id"], limit=1, reverse_order=True)))
check("backwards", last["code"], "FlowSucceeded")
check("its definition", flows.get_run_definition(started["run_id"])["definition"], definition)
described = flows.get_run(started["run_id"], include_flow_description=True)
check("its flow", described["flow_description"]["title"], "Changed")
check("noted", flows.update_run(started["run_id"], label="Renamed", tags=[" x  y "])["tags"], ["x y"])
refused("over", lambda: flows.cancel_run(started["run_id"]), 409, "STATE_CONFLICT")

# A run that needs a consent waits for it.
wanted = "urn:globus:auth:scope:transfer.api.globus.org:all"
asking = {"Type": "Action", "ActionUrl": HELLO, "Parameters": {"required_dependent_scope": wanted}, "End": True}
needy = flows.create_flow("Needs more", {"StartAt": "Ask", "States": {"Ask": asking}}, {})
client = globus_sdk.SpecificFlowClient(needy["id"], app=app)
stalled = until(flows, client.run_flow({})["run_id"], "INACTIVE", "FAILED")
check("it stalls", (stalled["status"], stalled["details"]["code"]), ("INACTIVE", "ConsentRequired"))
gare = globus_sdk.gare.to_gare(stalled["details"])
app.login(auth_params=gare.authorization_parameters, force=True)
check("resumed", client.resume_run(stalled["run_id"])["status"], "ACTIVE")
check("it goes on", until(flows, stalled["run_id"], "SUCCEEDED", "FAILED", "INACTIVE")["status"], "SUCCEEDED")

# The seeded flow moves a folder twice, with tasks of Transfer.
LAPTOP = "e4d90000-5eed-4000-8000-000000000003"
two_steps = "f1035000-5eed-4000-8000-000000000002"
transfer = globus_sdk.TransferClient(app=app)
transfer.operation_mkdir(LAPTOP, "/~/data")
transfer.operation_mkdir(LAPTOP, "/~/data/inner")
mover = globus_sdk.SpecificFlowClient(two_steps, app=app)
moving = mover.run_flow({"source": LAPTOP, "staging": LAPTOP, "destination": LAPTOP, "path": "/~/data/"})
moved = until(flows, moving["run_id"], "SUCCEEDED", "FAILED", "INACTIVE")
check("moved", moved["status"], "SUCCEEDED")
task = moved["details"]["output"]["Delivered"]["details"]
check("by a task", transfer.get_task(task["task_id"])["status"], "SUCCEEDED")
check("over there", [row["name"] for row in transfer.operation_ls(LAPTOP, path="/~/staged/")], ["inner"])

# A wait is as long as it says, and can be cut short. (Nobody logs in after this: for Python, the tokens are of the future.)
waiting = specific.run_flow({"name": "World", "pause": 3600})["run_id"]
long = specific.run_flow({"name": "World", "pause": 86400})["run_id"]
check("it waits", flows.get_run(waiting)["status"], "ACTIVE")
refused("at work", lambda: flows.delete_run(long), 409, "STATE_CONFLICT")
control("clock", {"advance": 3601})
check("an hour later", until(flows, waiting, "SUCCEEDED", "FAILED")["status"], "SUCCEEDED")
cancelled = flows.cancel_run(long)
check("cancelled", (cancelled.http_status, cancelled["status"], cancelled["details"]["code"]), (202, "FAILED", "FlowCanceled"))
runs = flows.paginated.list_runs(filter_flow_id=flow_id, filter_roles="run_owner", query_params={"per_page": 2})
check("all runs", {row["run_id"] for row in runs.items()}, {started["run_id"], waiting, long})
check("released", flows.delete_run(long)["run_id"], long)
refused("gone", lambda: flows.get_run(long), 404, "NOT_FOUND")

deleted = flows.delete_flow(flow_id)
check("deleted", deleted["DELETED"], True)
refused("no flow", lambda: flows.get_flow(flow_id), 404, "NOT_FOUND")
refused("not emulated", lambda: flows.list_web_inputs(), 501, "NotEmulated")
print("all is well")
