"""The unmodified Python SDK moves files: as a program with a collection of its own, and between the tutorial collections."""

import filecmp
import json
import os
import pathlib
import sys
import urllib.request

import globus_sdk

ID = os.environ["GLOBUS_CLIENT_ID"]
SECRET = os.environ["GLOBUS_CLIENT_SECRET"]
OWN = "e4d90000-5eed-4000-8000-000000000001"
OFFLINE = "e4d90000-5eed-4000-8000-000000000004"
ONE = "6c54cade-bde5-45c1-bdea-f4bd71dba2cc"
TWO = "31ce9ba0-176d-45a5-add3-f37d233ba47d"
CONTROL = os.environ["GLOBUS_SDK_SERVICE_URL_AUTH"] + "_emulator/"


def control(path, document=None):
    body = document and json.dumps(document).encode()
    request = urllib.request.Request(CONTROL + path, body, method="POST" if body else "GET")
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def check(what, got, wanted):
    if got != wanted:
        sys.exit(f"{what}: got {got!r}, wanted {wanted!r}")
    print("ok", what)


def refused(what, call, status, code):
    try:
        call()
    except globus_sdk.TransferAPIError as error:
        check(what, (error.http_status, error.code), (status, code))
        return error
    sys.exit(f"{what}: nothing was raised")


def submitted(document):
    answer = transfer.submit_transfer(document) if document["DATA_TYPE"] == "transfer" else transfer.submit_delete(document)
    check("accepted", answer["code"], "Accepted")
    return answer["task_id"]


def done(task_id):
    check("waited", transfer.task_wait(task_id, timeout=60, polling_interval=1), True)
    return transfer.get_task(task_id)


folders = {row["id"]: pathlib.Path(row["folder"]) for row in control("collections")["collections"] if row["folder"]}
app = globus_sdk.ClientApp("emulator test", client_id=ID, client_secret=SECRET)
transfer = globus_sdk.TransferClient(app=app)

# Operations on files.
check("mkdir", transfer.operation_mkdir(OWN, "/data")["code"], "DirectoryCreated")
for name, size in [("a.bin", 3_000_000), ("b.txt", 5), ("sub/c.txt", 0)]:
    path = folders[OWN] / "data" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(os.urandom(size))
listing = transfer.operation_ls(OWN, path="/data/", orderby=["size DESC"], filter={"type": "file"})
check("ls", [(row["name"], row["size"]) for row in listing], [("a.bin", 3_000_000), ("b.txt", 5)])
check("several filters", len(list(transfer.operation_ls(OWN, path="/data", filter=[{"type": "dir"}, {"name": "~*.txt"}]))), 2)
check("stat", transfer.operation_stat(OWN, "/data/b.txt")["type"], "file")
check("rename", transfer.operation_rename(OWN, "/data/b.txt", "/data/renamed.txt")["code"], "FileRenamed")
refused("no such path", lambda: transfer.operation_ls(OWN, path="/nothing"), 404, "ClientError.NotFound")
refused("nothing to stat", lambda: transfer.operation_stat(OWN, "/nothing"), 404, "NotFound")
refused("no folder", lambda: transfer.operation_ls(OWN, path="/notes.txt"), 502, "ExternalError.DirListingFailed.NotDirectory")
refused("made twice", lambda: transfer.operation_mkdir(OWN, "/data"), 502, "ExternalError.MkdirFailed.Exists")
refused("no path", lambda: transfer.operation_ls(OWN, path="relative"), 400, "ClientError.BadRequest")
refused("not ours", lambda: transfer.operation_ls(OFFLINE, path="/"), 403, "PermissionDenied")
(folders[OWN] / "out").symlink_to("/etc")
refused("out of the folder", lambda: transfer.operation_ls(OWN, path="/out"), 403, "EndpointPermissionDenied")
control("collections", {"id": OWN, "connected": False})
refused("offline", lambda: transfer.operation_ls(OWN), 502, "ExternalError.DirListingFailed.GCDisconnected")
delete = globus_sdk.DeleteData(OWN)
delete.add_item("/notes.txt")
refused("offline for tasks", lambda: transfer.submit_delete(delete), 409, "GCDisconnectedException")
control("collections", {"id": OWN, "connected": True})

# A transfer within one's own collection, twice under one id.
document = globus_sdk.TransferData(OWN, OWN, label="from Python", verify_checksum=True, preserve_timestamp=True)
document.add_item("/data/", "/copy/", recursive=True)
document["submission_id"] = transfer.get_submission_id()["value"]
task_id = submitted(document)
check("the same again", (transfer.submit_transfer(document)["code"], transfer.submit_transfer(document)["task_id"]), ("Duplicate", task_id))
task = done(task_id)
check("task", [task[key] for key in ("status", "label", "files", "directories", "bytes_transferred")], ["SUCCEEDED", "from Python", 3, 2, 3_000_005])
for name in ["a.bin", "renamed.txt", "sub/c.txt"]:
    same = filecmp.cmp(folders[OWN] / "data" / name, folders[OWN] / "copy" / name, shallow=False)
    check(f"bytes of {name}", same, True)
rows = list(transfer.paginated.task_successful_transfers(task_id).items())
check("successful transfers", (len(rows), all(row["checksum"] for row in rows)), (3, True))
events = [row["code"] for row in transfer.paginated.task_event_list(task_id).items()]
check("events", events, ["SUCCEEDED", "PROGRESS", "STARTED"])
check("pause info", transfer.task_pause_info(task_id)["pause_rules"], [])
check("skipped errors", list(transfer.paginated.task_skipped_errors(task_id).items()), [])

# Rules, sync levels, deletes.
document = globus_sdk.TransferData(OWN, OWN, sync_level="checksum", delete_destination_extra=True)
document.add_item("/data/", "/copy/", recursive=True)
document.add_filter_rule("*.txt", type="file")
(folders[OWN] / "copy" / "extra").write_text("x")
task = done(submitted(document))
check("nothing to do", (task["files_transferred"], task["files_skipped"], task["bytes_checksummed"]), (0, 1, 3_000_000))
check("extra is gone", (folders[OWN] / "copy" / "extra").exists(), False)
delete = globus_sdk.DeleteData(OWN, recursive=True)
delete.add_item("/copy")
check("deleted", (done(submitted(delete))["status"], (folders[OWN] / "copy").exists()), ("SUCCEEDED", False))
document = globus_sdk.TransferData(OWN, OWN)
document.add_item("/nothing", "/else")
task_id = submitted(document)
transfer.task_wait(task_id, timeout=60, polling_interval=1)
check("a missing source", transfer.get_task(task_id)["fatal_error"]["code"], "FILE_NOT_FOUND")

# Cancelling what waits; lists.
control("tasks", {"hold": True})
document = globus_sdk.TransferData(OWN, OWN, label="held")
document.add_item("/data/a.bin", "/held")
task_id = submitted(document)
check("not done", transfer.task_wait(task_id, timeout=1, polling_interval=1), False)
check("updated", transfer.update_task(task_id, {"DATA_TYPE": "task", "label": "held up"})["code"], "Updated")
rows = transfer.task_list(filter={"status": ["ACTIVE", "INACTIVE"], "type": "TRANSFER"}, orderby="request_time DESC")
check("active tasks", [(row["task_id"], row["label"]) for row in rows], [(task_id, "held up")])
check("canceled", transfer.cancel_task(task_id)["code"], "Canceled")
check("its end", (transfer.get_task(task_id)["status"], transfer.get_task(task_id)["fatal_error"]["code"]), ("FAILED", "CANCELED"))
check("too late", transfer.cancel_task(task_id)["code"], "TaskComplete")
control("tasks", {"hold": False})
check("all tasks", len(list(transfer.paginated.task_list(limit=2).items())), 5)
refused("no items", lambda: transfer.submit_transfer(globus_sdk.TransferData(OWN, OWN)), 400, "ClientError.BadRequest.NoTransferItems")
refused("no such task", lambda: transfer.get_task(ID), 404, "TaskNotFound")

# Data of the tutorial collections asks for consent.
document = globus_sdk.TransferData(ONE, TWO)
document.add_item("/home/share/godata/file1.txt", "/~/minimal-example-transfer-script-destination.txt")
error = refused("consent", lambda: transfer.submit_transfer(document), 403, "ConsentRequired")
check("what is asked for", len(error.info.consent_required.required_scopes), 2)
consenting = globus_sdk.TransferClient(app=globus_sdk.ClientApp("other", client_id=ID, client_secret=SECRET))
consenting.add_app_data_access_scope([ONE, TWO])
task_id = consenting.submit_transfer(document)["task_id"]
check("between collections", consenting.task_wait(task_id, timeout=60, polling_interval=1), True)
home = transfer.operation_ls(TWO)["absolute_path"].strip("/")
arrived = folders[TWO] / home / "minimal-example-transfer-script-destination.txt"
check("bytes arrived", arrived.read_bytes(), (folders[ONE] / "home/share/godata/file1.txt").read_bytes())

# Endpoints.
check("update", transfer.update_endpoint(OWN, {"DATA_TYPE": "endpoint", "description": "From Python"})["code"], "Updated")
check("updated endpoint", transfer.get_endpoint(OWN)["description"], "From Python")
check("delete", transfer.delete_endpoint(OWN)["code"], "Deleted")
refused("gone", lambda: transfer.get_endpoint(OWN), 404, "EndpointDeleted")
print("all is well")
