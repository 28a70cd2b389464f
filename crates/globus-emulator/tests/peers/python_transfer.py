"""The unmodified Python SDK calls all of Transfer: as a program with a collection of its own, and between the tutorial
collections; with others it shares, manages, and is managed."""

import filecmp
import os
import pathlib

import globus_sdk
from globus_sdk.experimental import transfer_v2
from globus_sdk.services.transfer import CreateTunnelData
from peer import check, control, refused, somebody

ID = os.environ["GLOBUS_CLIENT_ID"]
SECRET = os.environ["GLOBUS_CLIENT_SECRET"]
OWN = "e4d90000-5eed-4000-8000-000000000001"
OFFLINE = "e4d90000-5eed-4000-8000-000000000004"
ONE = "6c54cade-bde5-45c1-bdea-f4bd71dba2cc"
TWO = "31ce9ba0-176d-45a5-add3-f37d233ba47d"


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

# Endpoints, shares, servers.
check("update", transfer.update_endpoint(OWN, {"DATA_TYPE": "endpoint", "description": "From Python"})["code"], "Updated")
check("updated endpoint", transfer.get_endpoint(OWN)["description"], "From Python")
check("search", [row["id"] for row in transfer.paginated.endpoint_search("From Python", filter_scope="my-endpoints").items()], [OWN])
made = transfer.create_shared_endpoint({"DATA_TYPE": "shared_endpoint", "host_endpoint": OWN, "host_path": "/data/", "display_name": "Shared"})
check("shared", made["code"], "Created")
SHARE = made["id"]
check("its files", "a.bin" in [row["name"] for row in transfer.operation_ls(SHARE)], True)
check("my shares", SHARE in [row["id"] for row in transfer.my_shared_endpoint_list(OWN)], True)
ids = [row["id"] for page in transfer.paginated.get_shared_endpoint_list(OWN, max_results=1) for row in page]
check("all shares", SHARE in ids and len(ids) == 2, True)
server = list(transfer.endpoint_server_list(ONE))[0]
check("server", transfer.get_endpoint_server(ONE, server["id"])["uri"], server["uri"])

# Subscriptions are for those of their group.
ADMIN = "ad314000-5eed-4000-8000-000000000001"
SUBSCRIPTION = "5ab5c000-5eed-4000-8000-000000000001"
SCOPE = "urn:globus:auth:scope:transfer.api.globus.org:all"

admin, alice = somebody(globus_sdk.TransferClient, "admin", SCOPE), somebody(globus_sdk.TransferClient, "alice", SCOPE)
check("no subscription", transfer.set_subscription_id(OWN, None)["code"], "Updated")
refused("not ours to give", lambda: transfer.set_subscription_id(OWN, SUBSCRIPTION), 403, "PermissionDenied")
refused("roles need one", lambda: transfer.add_endpoint_role(OWN, {}), 409, "Conflict")
check("subscription", admin.set_subscription_id(OWN, "DEFAULT")["code"], "Updated")
check("subscribed", transfer.get_endpoint(OWN)["subscription_id"], SUBSCRIPTION)
refused("no administrator", lambda: transfer.set_subscription_admin_verified(OWN, True), 403, "PermissionDenied")
check("verified", admin.set_subscription_admin_verified(OWN, True)["code"], "Updated")
check("it is", transfer.get_endpoint(OWN)["subscription_admin_verified"], True)

# Roles and rules.
ALICE = "a11ce000-5eed-4000-8000-000000000001"
role = transfer.add_endpoint_role(SHARE, {"DATA_TYPE": "role", "principal_type": "identity", "principal": ALICE, "role": "access_manager"})
check("role", transfer.get_endpoint_role(SHARE, role["id"])["role"], "access_manager")
check("roles", [row["role"] for row in transfer.endpoint_role_list(SHARE)], ["administrator", "access_manager"])
check("role deleted", transfer.delete_endpoint_role(SHARE, role["id"])["code"], "Deleted")
refused("role gone", lambda: transfer.get_endpoint_role(SHARE, role["id"]), 404, "RoleNotFound")
refused("closed", lambda: alice.operation_ls(SHARE), 403, "PermissionDenied")
rule = {"DATA_TYPE": "access", "principal_type": "identity", "principal": ALICE, "path": "/sub/", "permissions": "r"}
rule_id = transfer.add_endpoint_acl_rule(SHARE, rule)["access_id"]
refused("twice", lambda: transfer.add_endpoint_acl_rule(SHARE, rule), 409, "Exists")
check("open", [row["name"] for row in alice.operation_ls(SHARE, path="/sub/")], ["c.txt"])
refused("not above", lambda: alice.operation_ls(SHARE, path="/"), 403, "EndpointPermissionDenied")
refused("not to write", lambda: alice.operation_mkdir(SHARE, "/sub/new"), 403, "EndpointPermissionDenied")
check("rule changed", transfer.update_endpoint_acl_rule(SHARE, rule_id, {"permissions": "rw"})["code"], "Updated")
check("rule", transfer.get_endpoint_acl_rule(SHARE, rule_id)["permissions"], "rw")
check("to write", alice.operation_mkdir(SHARE, "/sub/new")["code"], "DirectoryCreated")
check("rules", [row["id"] for row in transfer.endpoint_acl_list(SHARE)], [None, rule_id])

# Bookmarks.
bookmark = transfer.create_bookmark({"name": "data", "endpoint_id": SHARE, "path": "/sub/"})
check("bookmark", transfer.get_bookmark(bookmark["id"])["path"], "/sub/")
check("renamed", transfer.update_bookmark(bookmark["id"], {"name": "more data"})["name"], "more data")
check("bookmarks", [row["name"] for row in transfer.bookmark_list()], ["more data"])
check("bookmark deleted", transfer.delete_bookmark(bookmark["id"])["code"], "Deleted")
refused("bookmark gone", lambda: transfer.get_bookmark(bookmark["id"]), 404, "BookmarkNotFound")

# Managers see what others do, pause and cancel it.
check("monitored", {row["id"] for row in transfer.endpoint_manager_monitored_endpoints()} >= {OWN, SHARE}, True)
check("managed endpoint", transfer.endpoint_manager_get_endpoint(SHARE)["in_use"], None)
check("hosted", SHARE in [row["id"] for row in transfer.endpoint_manager_hosted_endpoint_list(OWN)], True)
refused("no host", lambda: transfer.endpoint_manager_hosted_endpoint_list(SHARE), 409, "Conflict")
check("managed rules", len(list(transfer.endpoint_manager_acl_list(SHARE))), 2)
control("tasks", {"hold": True})
work = globus_sdk.TransferData(SHARE, SHARE, label="Alice's")
work.add_item("/sub/c.txt", "/sub/copy.txt")
theirs = alice.submit_transfer(work)["task_id"]
rows = list(transfer.paginated.endpoint_manager_task_list(filter_status=["ACTIVE", "INACTIVE"], filter_endpoint=OWN).items())
check("their tasks", [(row["task_id"], row["owner_string"]) for row in rows], [(theirs, "researcher@example.org")])
check("their task", transfer.endpoint_manager_get_task(theirs)["label"], "Alice's")
check("paused", transfer.endpoint_manager_pause_tasks([theirs], "Wait")["code"], "PauseAccepted")
check("it is paused", (alice.get_task(theirs)["status"], alice.get_task(theirs)["is_paused"]), ("INACTIVE", True))
check("why", transfer.endpoint_manager_task_pause_info(theirs)["source_pause_message_share"], "Wait")
check("resumed", transfer.endpoint_manager_resume_tasks([theirs])["code"], "ResumeAccepted")
check("it goes on", alice.get_task(theirs)["status"], "ACTIVE")
rule = transfer.endpoint_manager_create_pause_rule({"DATA_TYPE": "pause_rule", "message": "Not now", "endpoint_id": SHARE, "identity_id": None, "start_time": None})
check("pause rule", transfer.endpoint_manager_get_pause_rule(rule["id"])["message"], "Not now")
check("pause rules", [row["id"] for row in transfer.endpoint_manager_pause_rule_list(filter_endpoint=SHARE)], [rule["id"]])
check("its effect", [row["message"] for row in alice.my_effective_pause_rule_list(SHARE)], ["Not now"])
refused("ls is paused", lambda: alice.operation_ls(SHARE, path="/sub/"), 409, "OperationPaused")
check("for the task too", alice.task_pause_info(theirs)["pause_rules"][0]["id"], rule["id"])
check("changed", transfer.endpoint_manager_update_pause_rule(rule["id"], {"pause_ls": False})["pause_ls"], False)
check("ls goes on", len(list(alice.operation_ls(SHARE, path="/sub/"))), 2)
check("pause rule deleted", transfer.endpoint_manager_delete_pause_rule(rule["id"])["code"], "Deleted")
refused("pause rule gone", lambda: transfer.endpoint_manager_get_pause_rule(rule["id"]), 404, "PauseRuleNotFound")
cancel = transfer.endpoint_manager_cancel_tasks([theirs], "Enough")
check("canceled by its manager", transfer.endpoint_manager_cancel_status(cancel["id"])["done"], True)
check("with a word", alice.get_task(theirs)["canceled_by_admin_message"], "Enough")
control("tasks", {"hold": False})
refused("no manager", lambda: alice.endpoint_manager_get_task(theirs), 403, "PermissionDenied")
theirs = alice.submit_transfer(globus_sdk.TransferData(SHARE, SHARE) | {"DATA": work["DATA"]})["task_id"]
check("their task is done", alice.task_wait(theirs, timeout=60, polling_interval=1), True)
check("its events", next(iter(transfer.paginated.endpoint_manager_task_event_list(theirs).items()))["code"], "SUCCEEDED")
rows = list(transfer.paginated.endpoint_manager_task_successful_transfers(theirs).items())
check("its files", [row["destination_path"] for row in rows], ["/sub/copy.txt"])
check("its errors", list(transfer.paginated.endpoint_manager_task_skipped_errors(theirs).items()), [])

# Tunnels.
POINTS = "57ea3000-5eed-4000-8000-000000000001", "57ea3000-5eed-4000-8000-000000000002"
tunnel = transfer.create_tunnel(CreateTunnelData(*POINTS, label="stream"))["data"]["id"]
check("tunnel", transfer.get_tunnel(tunnel)["data"]["attributes"]["state"], "AWAITING_LISTENER")
check("access point", transfer.get_stream_access_point(POINTS[0])["data"]["type"], "StreamAccessPoint")
refused("still open", lambda: transfer.delete_tunnel(tunnel), 409, "Conflict")
listens = {"data": {"type": "Tunnel", "attributes": {"listener_port": 5000, "listener_ip_address": "10.0.0.1"}}}
check("listens", transfer.update_tunnel(tunnel, listens)["data"]["attributes"]["listener_port"], 5000)
check("tunnels", [row["id"] for row in transfer.list_tunnels()], [tunnel])
check("tunnel events", [row["attributes"]["code"] for row in transfer.get_tunnel_events(tunnel)["data"]], ["STARTED", "TUNNEL_ACTIVE"])
transfer.update_tunnel(tunnel, {"data": {"type": "Tunnel", "attributes": {"state": "STOPPING"}}})
check("tunnel deleted", transfer.delete_tunnel(tunnel)["data"], None)
refused("tunnel gone", lambda: transfer.get_tunnel(tunnel), 404, "TunnelNotFound")

# The JSON:API client.
v2 = transfer_v2.TransferClientV2(app=app)
document = transfer_v2.BookmarkCreateDocument(collection=SHARE, name="data", path="/sub/")
bookmark = v2.create_bookmark(document)["data"]["id"]
check("v2 bookmark", v2.get_bookmark(bookmark)["included"][0]["attributes"]["display_name"], "Shared")
check("v2 renamed", v2.update_bookmark(bookmark, transfer_v2.BookmarkUpdateDocument(name="new", path="/sub/"))["data"]["attributes"]["name"], "new")
check("v2 bookmarks", [row["attributes"]["name"] for row in v2.list_bookmarks()], ["new"])
v2.delete_bookmark(bookmark)
error = refused("v2 bookmark gone", lambda: v2.get_bookmark(bookmark), 404, "BookmarkNotFound")
check("v2 error", (error.errors[0].code, error.errors[0].message is not None), ("BookmarkNotFound", True))
check("v2 access points", [row["id"] for page in v2.paginated.list_stream_access_points() for row in page], list(POINTS))
check("v2 access point", v2.get_stream_access_point(POINTS[1])["data"]["id"], POINTS[1])
tunnel = v2.create_tunnel(transfer_v2.TunnelCreateDocument(*POINTS, label="v2"))["data"]["id"]
check("v2 tunnel", v2.get_tunnel(tunnel)["data"]["attributes"]["label"], "v2")
check("v2 tunnels", [row["id"] for row in v2.list_tunnels()], [tunnel])
check("v2 tunnel events", list(v2.get_tunnel_events(tunnel)), [])
v2.update_tunnel(tunnel, transfer_v2.TunnelUpdateDocument(state="STOPPING"))
v2.delete_tunnel(tunnel)

# Every method of both clients was called.
own = {name for client in (globus_sdk.TransferClient, transfer_v2.TransferClientV2) for name in vars(client) if not name.startswith("_")}
ATTRIBUTES = {"default_scope_requirements", "error_class", "resource_server", "scopes", "service_name", "transport_class", "base_url", "retry_class"}
text = open(__file__).read()
missed = {name for name in own - ATTRIBUTES if f".{name}(" not in text}
check("no method is left out", missed, set())
check("delete rule", transfer.delete_endpoint_acl_rule(SHARE, rule_id)["code"], "Deleted")
refused("closed again", lambda: alice.operation_ls(SHARE, path="/sub/"), 403, "PermissionDenied")
check("delete", transfer.delete_endpoint(OWN)["code"], "Deleted")
refused("gone", lambda: transfer.get_endpoint(OWN), 404, "EndpointDeleted")
refused("gone with it", lambda: transfer.get_endpoint(SHARE), 404, "EndpointDeleted")
print("all is well")
