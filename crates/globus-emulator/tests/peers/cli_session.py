"""One session of the unmodified command line client: every leaf command that the emulator can serve, as Alice.

The leaf commands are those of the client's own tree. A command counts when it ends with 0. Each of the others is in
`LEFT_OUT` with the reason, or the emulator answered it with 501; the script prints both, and fails if a leaf is in neither
or if fewer than `FLOOR` counted.
"""

import json
import os
import subprocess
import sys
import time
import urllib.request

import click
from globus_cli.commands import main

FLOOR = 140

ALICE = "a11ce000-5eed-4000-8000-000000000001"
LINKED = "a11ce000-5eed-4000-8000-000000000002"
BOB = "b0b00000-5eed-4000-8000-000000000001"
OPEN = "6400d000-5eed-4000-8000-000000000004"
PROTECTED = "6400d000-5eed-4000-8000-000000000003"
SUBSCRIPTION = "5ab5c000-5eed-4000-8000-000000000001"
LAPTOP = "e4d90000-5eed-4000-8000-000000000003"
OFFLINE = "e4d90000-5eed-4000-8000-000000000004"
SHARED = "e4d90000-5eed-4000-8000-000000000005"
POINTS = "57ea3000-5eed-4000-8000-000000000001", "57ea3000-5eed-4000-8000-000000000002"
ONE = "6c54cade-bde5-45c1-bdea-f4bd71dba2cc"
ENDPOINT = "59544bb0-8aa3-4c73-9ce4-06d66887bc89"
MAPPED = "a1c2f515-254a-48a1-a5de-3ea51d783638"
GATEWAY, S3_GATEWAY = "1b949deb-d608-403c-a226-a533892789c6", "1b949deb-5eed-4000-8000-000000000002"
S3 = "7643e831-5f6c-4b47-a07f-8ee90f401d23"
HELLO = "f1035000-5eed-4000-8000-000000000001"
CONTROL = os.environ["GLOBUS_SDK_SERVICE_URL_AUTH"] + "_emulator/"
GLOBUS = os.path.join(os.path.dirname(sys.executable), "globus")

LEFT_OUT = {
    "update": "installs packages from the internet",
    "endpoint activate": "ends with an error always: the service has no activation any more",
    "endpoint create": "ends with an error always: replaced by gcp and gcs",
    "endpoint deactivate": "ends with an error always: the service has no activation any more",
    "endpoint is-activated": "ends with an error always: the service has no activation any more",
    "endpoint server": "ends with an error always: the service has no servers any more",
}

# Commands of what is a 501 still.
MISSING = [
    ["flows registered-api list"],
    ["flows registered-api show", HELLO],
    ["flows web-input list"],
    ["flows web-input show", HELLO],
    ["flows web-input respond", HELLO, HELLO],
    ["api search", "get", "/v1/index_list"],
    ["api timer", "get", "/jobs/"],
    ["api timers", "get", "/jobs/"],
    ["search delete-by-query", HELLO, "-q", "x"],
    ["search index create", "name", "text"],
    ["search index delete", HELLO],
    ["search index list"],
    ["search index role create", HELLO, "admin", BOB],
    ["search index role delete", HELLO, HELLO],
    ["search index role list", HELLO],
    ["search index show", HELLO],
    ["search ingest", HELLO, "DOCUMENT"],
    ["search query", HELLO, "-q", "x"],
    ["search subject delete", HELLO, "x"],
    ["search subject show", HELLO, "x"],
    ["search task list", HELLO],
    ["search task show", HELLO],
    ["timer create flow", HELLO, "--interval", "1d", "--input", '{"greeting": "x"}'],
    ["timer create transfer", f"{LAPTOP}:/a", f"{LAPTOP}:/b", "--interval", "1d"],
    ["timer delete", HELLO],
    ["timer list"],
    ["timer pause", HELLO],
    ["timer resume", HELLO],
    ["timer show", HELLO],
]


def leaves(command, path, context):
    if hasattr(command, "list_commands"):
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            if found is not None:
                yield from leaves(found, path + [name], click.Context(found, parent=context, info_name=name))
    else:
        yield " ".join(path)


ALL = list(leaves(main, [], click.Context(main, info_name="globus")))
IT = object()
done, unserved = {}, {}


def control(path, document, method="POST"):
    request = urllib.request.Request(CONTROL + path, json.dumps(document).encode(), method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def run(leaf, *arguments, said=None):
    """Runs a command and gives what it printed; `None` if the emulator does not do it yet."""
    if leaf not in ALL:
        sys.exit(f"there is no command {leaf}")
    # The person at the keyboard reads addresses from our output.
    talks = leaf in ("login", "session update", "session consent")
    ended = subprocess.run([GLOBUS, *leaf.split(), *arguments], text=True, stdout=None if talks else subprocess.PIPE,
        stderr=None if talks else subprocess.PIPE, stdin=None if talks else subprocess.DEVNULL)
    if ended.returncode == 0:
        if said is not None and said not in ended.stdout:
            sys.exit(f"globus {leaf} did not say {said!r} but {ended.stdout}")
        done[leaf] = done.get(leaf, 0) + 1
        return ended.stdout
    if "NotEmulated" in (ended.stdout or "") + (ended.stderr or ""):
        unserved[leaf] = "the emulator answers 501"
        return None
    sys.exit(f"globus {leaf} {arguments}: ended with {ended.returncode}\n{ended.stdout}\n{ended.stderr}")


def after(made, *commands):
    """Runs commands on something that was made, if it could be made."""
    for leaf, *arguments in commands:
        if made:
            run(leaf, *(made if part is IT else part for part in arguments))
        else:
            unserved.setdefault(leaf, "there is nothing to do it with: the emulator answers 501")


def field(leaf, *arguments, path):
    """One field of what a command answers."""
    text = run(leaf, *arguments, "--jmespath", path, "--format", "unix")
    return text.strip() if text is not None else None


def begin():
    run("version", said="Installed Version")
    run("list-commands", said="whoami")
    run("login", "--no-local-server")
    run("whoami", said="researcher@example.org")
    run("cli-profile-list")
    run("get-identities", "collaborator@example.org", said=BOB)
    run("session show", said="researcher@example.org")
    run("session update", "--no-local-server", LINKED)
    run("session show", said="researcher@globusid.org")
    run("session consent", "--no-local-server",
        f"urn:globus:auth:scope:transfer.api.globus.org:all[*https://auth.globus.org/scopes/{ONE}/data_access]")


def apis():
    run("api auth", "get", "/v2/oauth2/userinfo", said="researcher@example.org")
    run("api groups", "get", "/v2/groups/my_groups", said="Example Research Group")
    run("api transfer", "get", "/task_list", said="task_list")
    run("api flows", "get", "/flows", said="Hello World")


def groups():
    run("group list", said="Example Research Group")
    group = field("group create", "By hand", "--description", "d", path="id")
    run("group update", group, "--name", "By script")
    run("group show", group, said="By script")
    run("group set-policies", group, "--visibility", "authenticated", "--join-requests")
    run("group member add", group, BOB)
    run("group member list", group, said="collaborator@example.org")
    run("group member remove", group, BOB)
    run("group member invite", group, LINKED)
    run("group invite decline", group, "--identity", LINKED)
    run("group member invite", group, LINKED)
    run("group invite accept", group, "--identity", LINKED)
    for verb in ("approve", "reject"):
        theirs = control("tokens", {"identity": BOB, "scopes": ["urn:globus:auth:scope:groups.api.globus.org:all"]})
        request = urllib.request.Request(os.environ["GLOBUS_SDK_SERVICE_URL_GROUPS"] + f"v2/groups/{group}",
            json.dumps({"request_join": [{"identity_id": BOB}]}).encode(),
            {"Authorization": "Bearer " + theirs["access_token"], "Content-Type": "application/json"})
        urllib.request.urlopen(request).close()
        run(f"group member {verb}", group, BOB)
        if verb == "approve":
            run("group member remove", group, BOB)
    run("group join", OPEN)
    run("group leave", OPEN)
    run("group get-by-subscription", SUBSCRIPTION, said=PROTECTED)
    run("group get-subscription-info", SUBSCRIPTION)
    run("group set-subscription-admin-verified", group, "null")
    run("group delete", group)


def flows(folder):
    definition = json.dumps({"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "SecondsPath": "$.seconds", "End": True}}})
    run("flows validate", definition)
    flow = field("flows create", "By hand", definition, "--input-schema", "{}", path="id")
    run("flows update", flow, "--title", "By script")
    run("flows show", flow, said="By script")
    run("flows list", said="Hello World")
    run("login", "--no-local-server", "--flow", flow)
    short = field("flows start", flow, "--input", '{"seconds": 0}', path="run_id")
    wait(lambda: "SUCCEEDED" in run("flows run show", short))
    run("flows run show-logs", short, said="FlowSucceeded")
    run("flows run show-definition", short, said="SecondsPath")
    run("flows run list", said=short)
    run("flows run update", short, "--label", "Another", said="Another")
    long = field("flows start", flow, "--input", '{"seconds": 86400}', path="run_id")
    run("flows run cancel", long)
    run("flows run delete", long)
    resumable(flow)
    run("flows delete", flow)


def resumable(flow):
    """A run waits for a consent that its owner gives; then it goes on."""
    definition = json.dumps({"StartAt": "List", "States": {"List": {"Type": "Action",
        "ActionUrl": "https://actions.globus.org/transfer/ls", "Parameters": {"endpoint_id": ONE, "path": "/share/"}, "End": True}}})
    run("flows update", flow, "--definition", definition)
    held = field("flows start", flow, path="run_id")
    wait(lambda: "INACTIVE" in run("flows run show", held))
    scope = f"https://auth.globus.org/scopes/{flow}/flow_{flow.replace('-', '_')}_user"
    needs = ("https://auth.globus.org/scopes/actions.globus.org/transfer/ls"
        f"[urn:globus:auth:scope:transfer.api.globus.org:all[*https://auth.globus.org/scopes/{ONE}/data_access]]")
    run("session consent", "--no-local-server", f"{scope}[{needs}]")
    run("flows run resume", held)
    wait(lambda: "SUCCEEDED" in run("flows run show", held))


def files(folder):
    run("endpoint search", "tutorial", said=ONE)
    run("endpoint show", LAPTOP, said="Alice's Laptop")
    run("ls", f"{ONE}:/share/godata/", said="file1.txt")
    run("mkdir", f"{LAPTOP}:/made")
    task = field("transfer", f"{ONE}:/share/godata/file1.txt", f"{LAPTOP}:/made/x", "--label", "one", path="task_id")
    run("task wait", task, "--polling-interval", "1", "--timeout", "60")
    run("task show", task, said="SUCCEEDED")
    run("task event-list", task, said="SUCCEEDED")
    run("task list", said=task)
    run("stat", f"{LAPTOP}:/made/x", said="file")
    run("rename", LAPTOP, "/made/x", "/made/y")
    run("rm", f"{LAPTOP}:/made/y", "--timeout", "60")
    task = field("delete", "-r", f"{LAPTOP}:/made", path="task_id")
    run("task wait", task, "--polling-interval", "1", "--timeout", "60")
    submission = run("task generate-submission-id").strip()
    control("tasks", {"hold": True})
    task = field("transfer", f"{ONE}:/share/godata/file2.txt", f"{LAPTOP}:/y", "--submission-id", submission, path="task_id")
    run("task update", task, "--label", "held")
    run("task pause-info", task)
    run("task cancel", task)
    control("tasks", {"hold": False})


def endpoints(folder):
    with open(os.path.join(os.environ["HOME"], ".globusonline", "lta", "client-id.txt"), "w") as file:
        file.write(LAPTOP)
    run("endpoint local-id", said=LAPTOP)
    run("endpoint update", LAPTOP, "--description", "by script")
    run("endpoint my-shared-endpoint-list", LAPTOP)
    rule = field("endpoint permission create", f"{SHARED}:/", "--permissions", "r", "--identity", BOB, path="access_id")
    run("endpoint permission list", SHARED)
    after(rule, ("endpoint permission show", SHARED, IT), ("endpoint permission update", SHARED, IT, "--permissions", "rw"),
        ("endpoint permission delete", SHARED, IT))
    role = field("endpoint role create", LAPTOP, "--role", "administrator", "--identity", BOB, path="id")
    run("endpoint role list", LAPTOP)
    after(role, ("endpoint role show", LAPTOP, IT), ("endpoint role delete", LAPTOP, IT))
    bookmark = field("bookmark create", f"{ONE}:/share/", "here", path="id")
    run("bookmark list")
    after(bookmark, ("bookmark show", "here"), ("bookmark rename", "here", "there"), ("bookmark delete", "there"))
    mapped = field("gcp create mapped", "Another laptop", path="id")
    after(mapped, ("gcp update mapped", IT, "--description", "by script"), ("gcp set-subscription-id", IT, "null"),
        ("endpoint set-subscription-id", IT, "null"))
    run("endpoint delete", mapped or OFFLINE)
    guest = field("gcp create guest", "A share", f"{LAPTOP}:/", path="id")
    after(guest, ("gcp update guest", IT, "--description", "by script"), ("gcp set-subscription-admin-verified", IT, "false"))
    # Roles of a server's collections are given with its manager.
    role = field("endpoint role create", guest, "--role", "access_manager", "--identity", BOB, path="id")
    run("endpoint role list", guest)
    after(role, ("endpoint role show", guest, IT), ("endpoint role delete", guest, IT))


def managers():
    """Alice becomes an administrator of a Globus Connect Server, which also keeps things in buckets."""
    control("seed", {
        "endpoints": [{"id": ENDPOINT, "display_name": "Example Endpoint", "entity_type": "GCSv5_endpoint", "owner_id": ENDPOINT,
            "public": True, "domain": "data.example.org", "subscription_id": SUBSCRIPTION,
            "roles": [{"principal_type": "identity", "principal": ALICE, "role": "administrator"}]}],
        "storage_gateways": [{"id": S3_GATEWAY, "endpoint_id": ENDPOINT, "display_name": "Buckets", "connector_id": S3,
            "settings": {"allowed_domains": ["example.org"]}}],
    })
    run("login", "--no-local-server", "--gcs", f"{ENDPOINT}:{MAPPED}")
    run("gcs endpoint show", ENDPOINT, said="Example Endpoint")
    run("gcs endpoint update", ENDPOINT, "--description", "by script", said="by script")
    run("gcs endpoint role list", ENDPOINT, said="administrator")
    role = field("gcs endpoint role create", ENDPOINT, "activity_manager", "collaborator@example.org", path="id")
    run("gcs endpoint role show", ENDPOINT, role, said="collaborator@example.org")
    run("gcs endpoint role delete", ENDPOINT, role)
    # Every command of collections, gateways and credentials has an old name too.
    for collection, more in ("gcs collection", "gcs"), ("collection", "endpoint"):
        run(f"{more} storage-gateway list", ENDPOINT, said="Example Storage")
        credentials(f"{more} user-credential")
        run(f"{collection} list", ENDPOINT, said=MAPPED)
        run(f"{collection} show", MAPPED, said="Example Collection")
        run(f"{collection} update", MAPPED, "--user-message", "Mind the step", said="success")
        made = field(f"{collection} create mapped", ENDPOINT, "--base-path", "/", "--storage-gateway-id", GATEWAY, "By hand", path="id")
        run("api gcs", ENDPOINT, "PATCH", f"/collections/{made}", "--body",
            '{"DATA_TYPE": "collection#1.8.0", "collection_type": "mapped", "delete_protected": false}', said="success")
        run(f"{collection} delete", made)
        stored = field(f"{more} user-credential create posix", ENDPOINT, GATEWAY, "researcher@example.org", "researcher", path="id")
        guest = field(f"{collection} create guest", MAPPED, "/shared/", "A guest", path="id")
        run(f"{collection} role list", guest, said="administrator")
        role = field(f"{collection} role list", guest, "--all-roles", path="data[0].id")
        run(f"{collection} role show", guest, role, said="administrator")
        run(f"{collection} role delete", guest, role)
        run(f"{collection} delete", guest)
        run(f"{more} user-credential delete", ENDPOINT, stored)
    run("gcs endpoint set-subscription-id", ENDPOINT, "null", said="Updated")


def credentials(name):
    """The life of credentials of each kind."""
    who = "researcher@example.org"
    stored = field(f"{name} create posix", ENDPOINT, GATEWAY, who, "researcher", path="id")
    run(f"{name} list", ENDPOINT, said=stored)
    run(f"{name} show", ENDPOINT, stored, said="researcher")
    run(f"{name} update from-json", ENDPOINT, stored, '{"DATA_TYPE": "user_credential#1.0.0", "display_name": "by script"}')
    run(f"{name} show", ENDPOINT, stored, said="by script")
    run(f"{name} delete", ENDPOINT, stored)
    document = json.dumps({"DATA_TYPE": "user_credential#1.0.0", "storage_gateway_id": GATEWAY, "username": "researcher"})
    run(f"{name} delete", ENDPOINT, field(f"{name} create from-json", ENDPOINT, document, path="id"))
    run(f"{name} delete", ENDPOINT, field(f"{name} create s3", ENDPOINT, S3_GATEWAY, who, "researcher", "KEY", "SECRET", path="id"))


def streams():
    run("streams access-point show", POINTS[0], said="Example Instrument Stream")
    tunnel = field("streams tunnel create", *POINTS, "--label", "stream", path="data.id")
    run("streams tunnel list", said=tunnel)
    after(tunnel, ("streams tunnel show", IT), ("streams tunnel update", IT, "--label", "another"), ("streams tunnel stop", IT),
        ("streams tunnel events", IT), ("streams tunnel delete", IT))


def others():
    """That the reasons of those left out are true."""
    document = os.path.join(home, "document.json")
    with open(document, "w") as file:
        json.dump({"ingest_type": "GMetaEntry", "ingest_data": {"subject": "x", "visible_to": ["public"], "content": {}}}, file)
    run("login", "--no-local-server", "--timer", f"flow:{HELLO}")
    for leaf, *arguments in MISSING:
        run(leaf, *(document if part == "DOCUMENT" else part for part in arguments))
    for leaf, reason in LEFT_OUT.items():
        if "always" in reason:
            ended = subprocess.run([GLOBUS, *leaf.split(), LAPTOP], capture_output=True, text=True)
            if ended.returncode == 0 or "Usage" in ended.stderr:
                sys.exit(f"globus {leaf}: ended with {ended.returncode}, though it {reason}\n{ended.stderr}")


def wait(ended):
    for _ in range(40):
        if ended():
            return
        time.sleep(0.25)
    sys.exit("what was waited for did not happen")


def report():
    for leaf in ALL:
        what = f"ended with 0, {done[leaf]} times" if leaf in done else unserved.get(leaf) or LEFT_OUT.get(leaf)
        print(f"{leaf:45} {what or 'NOT CALLED'}")
        if what is None:
            sys.exit(f"globus {leaf} was not called, and nobody says why")
    print(f"{len(done)} of {len(ALL)} leaf commands ended with 0")
    if len(done) < FLOOR:
        sys.exit(f"fewer than {FLOOR}")


home = os.environ["HOME"]
os.makedirs(os.path.join(home, ".globusonline", "lta"), exist_ok=True)
begin()
apis()
groups()
files(home)
flows(home)
endpoints(home)
streams()
managers()
others()
run("logout", "--yes")
report()
print("all is well")
