"""One table of calls against two fakes of Globus: fauxbus (PyPI) and the emulator, with the same people, groups and tasks.

Status and shape of each pair of answers are compared: names of members and JSON types, not values. What differs is listed in
`fauxbus.toml` beside this file, with who is right and why; the script fails for a difference that is not there, and for one
that is there and no longer true. Every route that fauxbus imitates is called.
"""

import base64
import http.client
import json
import os
import re
import sys
import threading
import time
import tomllib
import urllib.parse

from fauxbus.server import make_server

UNI, GLOBUS_ID = "e4a3b1e0-5eed-4000-8000-000000000001", "41143743-f3c8-4d60-bbdb-eeecaba85bd9"
ALICE, LINKED = "a11ce000-5eed-4000-8000-000000000001", "a11ce000-5eed-4000-8000-000000000002"
BOB, CAROL = "b0b00000-5eed-4000-8000-000000000001", "ca401000-5eed-4000-8000-000000000001"
DAVE = "da4e0000-5eed-4000-8000-000000000001"
CLIENT, SECRET = "c11e0000-5eed-4000-8000-000000000001", "bG9jYWwtZmljdGlvbi9ub3QrYS1zZWNyZXQ="
WEB, WEB_SECRET = "c11e0000-5eed-4000-8000-000000000003", "d2ViLWFwcGxpY2F0aW9uLWZpY3Rpb24="
BACK = "http://localhost:8123/back"
TEAM, OPEN = "6400d000-5eed-4000-8000-000000000001", "6400d000-5eed-4000-8000-000000000002"
PAID, HIDDEN = "6400d000-5eed-4000-8000-000000000003", "6400d000-5eed-4000-8000-000000000004"
SUBSCRIPTION = "5ab5c000-5eed-4000-8000-000000000001"
SOURCE, LANDING = "e4d90000-5eed-4000-8000-000000000001", "e4d90000-5eed-4000-8000-000000000002"
UNWATCHED = "e4d90000-5eed-4000-8000-000000000003"
NOBODY = "00000000-0000-4000-8000-000000000000"
GROUPS, TRANSFER = "urn:globus:auth:scope:groups.api.globus.org:all", "urn:globus:auth:scope:transfer.api.globus.org:all"
MONITOR = "/v0.10/endpoint_manager/"

PEOPLE = {
    ALICE: ("alice@example.org", "Alice", UNI, ALICE),
    LINKED: ("alice@globusid.org", "Alice", GLOBUS_ID, ALICE),
    BOB: ("bob@example.org", "Bob", UNI, BOB),
    CAROL: ("carol@example.org", "Carol", UNI, CAROL),
    DAVE: ("dave@example.org", "Dave", UNI, DAVE),
}
MEMBERS = {
    TEAM: {ALICE: ("admin", "active"), BOB: ("member", "active"), CLIENT: ("manager", "active"), CAROL: ("member", "invited")},
    OPEN: {BOB: ("admin", "active")},
    PAID: {ALICE: ("admin", "active"), LINKED: ("member", "active")},
    HIDDEN: {BOB: ("admin", "active")},
}
FREE = {"group_visibility": "authenticated", "group_members_visibility": "members", "join_requests": True}
INFO = {"name": "Example", "subscriber_name": "Example Org", "is_high_assurance": False, "is_baa": False,
    "connectors": {"145812c8-decc-41f1-83cf-bb2a85a2a70b": {"is_ha": False, "is_baa": False}}}


class Fake:
    """Either of the two: where it is, and what it gave out."""

    def __init__(self, address):
        self.host = urllib.parse.urlsplit(address).netloc
        self.known = {}

    def send(self, method, path, headers=None, body=None, form=None):
        headers = dict(headers or {})
        data = None
        if form is not None:
            headers["Content-Type"], data = "application/x-www-form-urlencoded", urllib.parse.urlencode(form)
        elif body is not None:
            headers["Content-Type"], data = "application/json", body if isinstance(body, str) else json.dumps(body)
        connection = http.client.HTTPConnection(self.host, timeout=30)
        connection.request(method, path, data, headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, answer.headers, text

    def control(self, path, body, method="POST"):
        status, _, text = self.send(method, f"{self.prefix}/{path}", body=body)
        if status != 200:
            sys.exit(f"{self.prefix}/{path}: {status} {text}")
        return json.loads(text)


class Fauxbus(Fake):
    prefix = "/_fauxbus"

    def __init__(self):
        self.server = make_server("127.0.0.1", 0, require_issued_tokens=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        super().__init__("http://127.0.0.1:%d/" % self.server.server_address[1])
        accounts = {}
        for id, (username, name, provider, person) in PEOPLE.items():
            row = {"username": username, "name": name, "email": username, "organization": "Example Org", "identity_provider": provider}
            accounts.setdefault(person, {"identities": {}})["identities"][id] = row
        groups = {id: {"name": id[:8], "memberships": {who: {"role": role, "status": status, "username": PEOPLE.get(who, [who])[0]}
            for who, (role, status) in rows.items()}} for id, rows in MEMBERS.items()}
        groups[OPEN]["policies"] = FREE
        groups[PAID] |= {"subscription_id": SUBSCRIPTION, "subscription_info": INFO}
        now = int(time.time())

        def token(who, server, *scopes, client=CLIENT, ended=False):
            person = PEOPLE.get(who)
            return {"client_id": client, "identity_id": who, "resource_server": server, "scopes": scopes,
                "expires_at": now - 1 if ended else now + 172800, "account": person and person[3],
                "authenticated_at": person and now, "username": person[0] if person else f"{who}@clients.auth.globus.org"}

        tokens = {"alice": token(ALICE, "groups.api.globus.org", GROUPS), "bob": token(BOB, "groups.api.globus.org", GROUPS),
            "carol": token(CAROL, "groups.api.globus.org", GROUPS), "dave": token(DAVE, "groups.api.globus.org", GROUPS), "client": token(CLIENT, "groups.api.globus.org", GROUPS),
            "ended": token(ALICE, "groups.api.globus.org", GROUPS, ended=True),
            "transfer": token(ALICE, "transfer.api.globus.org", TRANSFER), "watch": token(CLIENT, "transfer.api.globus.org", TRANSFER),
            "bobs transfer": token(BOB, "transfer.api.globus.org", TRANSFER),
            "openid": token(ALICE, "auth.globus.org", "openid"), "profile": token(ALICE, "auth.globus.org", "openid", "profile", "email")}
        self.known.update({name: name.replace(" ", "-") for name in tokens})
        self.control("seed", {
            "clock": now, "oidc": {"issuer": f"http://{self.host}"}, "accounts": accounts, "groups": groups,
            "identity_providers": {UNI: {"name": "Example Org"}, GLOBUS_ID: {"name": "Globus ID"}},
            "clients": {CLIENT: {"secret": SECRET, "name": "Program"}, WEB: {"secret": WEB_SECRET, "name": "Web", "redirect_uris": [BACK]}},
            "tokens": {self.known[name]: row for name, row in tokens.items()},
            "collections": {SOURCE: {"display_name": "Source"}, UNWATCHED: {"display_name": "Unwatched"},
                LANDING: {"display_name": "Landing", "subscription_id": SUBSCRIPTION, "roles": {CLIENT: "activity_monitor"}}},
        })
        made = {"owner_id": ALICE, "source_endpoint_id": SOURCE, "destination_endpoint_id": LANDING,
            "files": [{"source_path": f"/{name}", "destination_path": f"/in/{name}", "size": 4, "checksum": "x", "checksum_algorithm": "sha256"} for name in "ab"]}
        self.known["done"] = self.control("transfer/tasks", made | {"status": "SUCCEEDED"})["task_id"]
        self.known["running"] = self.control("transfer/tasks", made)["task_id"]
        self.known["elsewhere"] = self.control("transfer/tasks", made | {"destination_endpoint_id": UNWATCHED, "status": "SUCCEEDED"})["task_id"]

    def code(self, **parameters):
        cookie = self.control("auth/session", {"account": ALICE})["cookie"]
        _, headers, _ = self.send("GET", authorize(**parameters), {"Cookie": cookie})
        return urllib.parse.parse_qs(urllib.parse.urlsplit(headers["Location"]).query)["code"][0]


class Emulator(Fake):
    prefix = "/_emulator"

    def __init__(self, address):
        super().__init__(address)
        people = [{"id": id, "username": username, "name": name, "email": username, "organization": "Example Org",
            "identity_provider": provider, "person": person} for id, (username, name, provider, person) in PEOPLE.items()]
        groups = [{"id": id, "name": id[:8], "memberships": {who: {"role": role, "status": status} for who, (role, status) in rows.items()}}
            for id, rows in MEMBERS.items()]
        groups[1]["policies"] = FREE
        groups[2] |= {"subscription_id": SUBSCRIPTION, "subscription_info": INFO}
        collection = {"entity_type": "GCP_mapped_collection", "owner_id": ALICE}
        watch = [{"principal_type": "identity", "principal": CLIENT, "role": "activity_monitor"}]
        self.control("reset", {"seed": {
            "providers": [{"id": UNI, "name": "Example Org", "short_name": "example", "domains": ["example.org"]},
                {"id": GLOBUS_ID, "name": "Globus ID", "short_name": "globusid", "domains": ["globusid.org"]}],
            "identities": people, "groups": groups,
            "clients": [{"id": CLIENT, "name": "Program", "secret": SECRET, "client_type": "client_identity"},
                {"id": WEB, "name": "Web", "secret": WEB_SECRET, "client_type": "confidential_client", "redirect_uris": [BACK]}],
            "endpoints": [collection | {"id": SOURCE, "display_name": "Source", "files": {"/a": "aaaa", "/b": "bbbb"}},
                collection | {"id": LANDING, "display_name": "Landing", "subscription_id": SUBSCRIPTION, "roles": watch},
                collection | {"id": UNWATCHED, "display_name": "Unwatched"}],
        }})
        for name, who, *scopes in [("alice", ALICE, GROUPS), ("bob", BOB, GROUPS), ("carol", CAROL, GROUPS), ("dave", DAVE, GROUPS), ("transfer", ALICE, TRANSFER),
                ("bobs transfer", BOB, TRANSFER), ("openid", ALICE, "openid"), ("profile", ALICE, "openid", "profile", "email")]:
            self.known[name] = self.control("tokens", {"identity": who, "scopes": scopes, "client": WEB})["access_token"]
        self.known["ended"] = self.control("tokens", {"identity": ALICE, "scopes": [GROUPS], "expired": True, "client": WEB})["access_token"]
        for name, scope in [("client", GROUPS), ("watch", TRANSFER)]:
            form = {"grant_type": "client_credentials", "scope": scope}
            self.known[name] = json.loads(self.send("POST", "/v2/oauth2/token", basic(CLIENT, SECRET), form=form)[2])["access_token"]
        self.known["done"] = self.transfer(LANDING)
        self.known["elsewhere"] = self.transfer(UNWATCHED)
        self.control("tasks", {"hold": True})
        self.known["running"] = self.transfer(LANDING, wait=False)

    def transfer(self, there, wait=True):
        headers = {"Authorization": "Bearer " + self.known["transfer"]}
        ask = lambda method, path, body=None: json.loads(self.send(method, "/v0.10/" + path, headers, body)[2])
        items = [{"DATA_TYPE": "transfer_item", "source_path": f"/{name}", "destination_path": f"/in/{name}"} for name in "ab"]
        document = {"DATA_TYPE": "transfer", "submission_id": ask("GET", "submission_id")["value"], "source_endpoint": SOURCE,
            "destination_endpoint": there, "verify_checksum": True, "DATA": items}
        task = ask("POST", "transfer", document)["task_id"]
        for _ in range(200):
            if not wait or ask("GET", f"task/{task}")["status"] == "SUCCEEDED":
                return task
            time.sleep(0.05)
        sys.exit("the transfer does not end")

    def code(self, **parameters):
        return self.control("sign-in", {"url": f"http://{self.host}" + authorize(**parameters), "identity": ALICE})["code"]


def basic(client, secret):
    return {"Authorization": "Basic " + base64.b64encode(f"{client}:{secret}".encode()).decode()}


def authorize(**parameters):
    given = {"client_id": WEB, "redirect_uri": BACK, "response_type": "code", "scope": "openid profile email", "state": "s"} | parameters
    return "/v2/oauth2/authorize?" + urllib.parse.urlencode({name: value for name, value in given.items() if value is not None})


def bearer(name):
    return lambda fake: {"Authorization": "Bearer " + fake.known.get(name, name)}


def client(id=CLIENT, secret=SECRET):
    return lambda _: basic(id, secret)


def call(name, method, path, who=lambda _: {}, body=None, form=None, keep=None, before=None):
    """One row: `body`, `form` and `path` may be functions of the fake; `keep` names what to remember, and where it is."""
    return {"name": name, "method": method, "path": path, "who": who, "body": body, "form": form, "keep": keep, "before": before}


alice, bob, carol, dave, watch = map(bearer, ["alice", "bob", "carol", "dave", "watch"])
team, own = f"/v2/groups/{TEAM}", lambda rest="": lambda fake: f"/v2/groups/{fake.known['group']}{rest}"
token, grant = "/v2/oauth2/token", "client_credentials"
exchange = {"grant_type": "authorization_code", "redirect_uri": BACK}
task = lambda which, rest="": lambda fake: f"{MONITOR}task/{fake.known[which]}{rest}"


def batch(name, who, at=team, /, **actions):
    return call(name, "POST", at, who, {verb: [{"identity_id": id, **more} for id, more in rows.items()] for verb, rows in actions.items()})


CALLS = [
    # Auth
    call("discovery", "GET", "/.well-known/openid-configuration"),
    call("keys", "GET", "/jwk.json"),
    call("token of a program", "POST", token, client(), form={"grant_type": grant, "scope": GROUPS}, keep=("made", "access_token")),
    call("tokens of two services", "POST", token, client(), form={"grant_type": grant, "scope": f"{GROUPS} {TRANSFER}"}),
    call("secret in the form", "POST", token, form={"grant_type": grant, "scope": GROUPS, "client_id": CLIENT, "client_secret": SECRET}),
    call("secret twice", "POST", token, client(), form={"grant_type": grant, "scope": GROUPS, "client_id": CLIENT, "client_secret": SECRET}),
    call("wrong secret", "POST", token, client(secret="wrong"), form={"grant_type": grant, "scope": GROUPS}),
    call("unknown client", "POST", token, client(NOBODY), form={"grant_type": grant, "scope": GROUPS}),
    call("no client", "POST", token, form={"grant_type": grant, "scope": GROUPS}),
    call("token asked in JSON", "POST", token, client(), {"grant_type": grant, "scope": GROUPS}),
    call("no grant type", "POST", token, client(), form={"scope": GROUPS}),
    call("unknown grant type", "POST", token, client(), form={"grant_type": "password", "scope": GROUPS}),
    call("no scope", "POST", token, client(), form={"grant_type": grant}),
    call("login page", "GET", authorize()),
    call("login of an unknown client", "GET", authorize(client_id=NOBODY)),
    call("login to an unknown place", "GET", authorize(redirect_uri="http://localhost:1/other")),
    call("login without a code", "GET", authorize(response_type="token")),
    call("login without scopes", "GET", authorize(scope=None)),
    call("login with an odd challenge", "GET", authorize(code_challenge="x", code_challenge_method="S256")),
    call("login with an odd method", "GET", authorize(code_challenge="x" * 43, code_challenge_method="S1")),
    call("code for tokens", "POST", token, client(WEB, WEB_SECRET), form=lambda fake: exchange | {"code": fake.known["code"]},
        before=lambda fake: fake.known.update(code=fake.code(nonce="n")), keep=("login", "access_token")),
    call("code a second time", "POST", token, client(WEB, WEB_SECRET), form=lambda fake: exchange | {"code": fake.known["code"]}),
    call("code of another client", "POST", token, client(), form=lambda fake: exchange | {"code": fake.known["code"]},
        before=lambda fake: fake.known.update(code=fake.code(state=None))),
    call("code without its place", "POST", token, client(WEB, WEB_SECRET), form=lambda fake: {"grant_type": "authorization_code", "code": fake.known["code"]},
        before=lambda fake: fake.known.update(code=fake.code())),
    call("code for groups too", "POST", token, client(WEB, WEB_SECRET), form=lambda fake: exchange | {"code": fake.known["code"]},
        before=lambda fake: fake.known.update(code=fake.code(scope=f"{GROUPS} openid", state=None))),
    call("wrong code", "POST", token, client(WEB, WEB_SECRET), form=exchange | {"code": "nonsense"}),
    call("no code", "POST", token, client(WEB, WEB_SECRET), form=exchange),
    call("user information", "GET", "/v2/oauth2/userinfo", bearer("openid")),
    call("user information with profile", "GET", "/v2/oauth2/userinfo", bearer("profile")),
    call("user information after a login", "GET", "/v2/oauth2/userinfo", bearer("login")),
    call("user information by POST", "POST", "/v2/oauth2/userinfo", bearer("openid")),
    call("user information for nobody", "GET", "/v2/oauth2/userinfo"),
    call("user information for a wrong token", "GET", "/v2/oauth2/userinfo", bearer("nonsense")),
    call("user information without openid", "GET", "/v2/oauth2/userinfo", bearer("alice")),
    call("introspect a token of a program", "POST", token + "/introspect", client(), form=lambda fake: {"token": fake.known["made"]}),
    call("introspect a token of a person", "POST", token + "/introspect", client(WEB, WEB_SECRET), form=lambda fake: {"token": fake.known["login"]}),
    call("introspect an unknown token", "POST", token + "/introspect", client(), form={"token": "nonsense"}),
    call("introspect nothing", "POST", token + "/introspect", client(), form={}),
    call("introspect without a client", "POST", token + "/introspect", form={"token": "nonsense"}),
    call("revoke a token", "POST", token + "/revoke", client(), form=lambda fake: {"token": fake.known["made"]}),
    call("introspect a revoked token", "POST", token + "/introspect", client(), form=lambda fake: {"token": fake.known["made"]}),
    call("use a revoked token", "GET", "/v2/groups/my_groups", bearer("made")),
    call("revoke an unknown token", "POST", token + "/revoke", client(), form={"token": "nonsense"}),
    call("revoke nothing", "POST", token + "/revoke", client(), form={}),
    call("revoke without a client", "POST", token + "/revoke", form={"token": "nonsense"}),
    # Groups
    call("my groups", "GET", "/v2/groups/my_groups", alice),
    call("my groups by status", "GET", "/v2/groups/my_groups?statuses=invited,active", carol),
    call("my groups by an unknown status", "GET", "/v2/groups/my_groups?statuses=odd", alice),
    call("my groups without a token", "GET", "/v2/groups/my_groups"),
    call("my groups with a wrong token", "GET", "/v2/groups/my_groups", bearer("nonsense")),
    call("my groups with a token that ended", "GET", "/v2/groups/my_groups", bearer("ended")),
    call("my groups with a token of Transfer", "GET", "/v2/groups/my_groups", bearer("transfer")),
    call("create a group", "POST", "/v2/groups", alice, {"name": "New", "description": None, "parent_id": None}, keep=("group", "id")),
    call("create a subgroup", "POST", "/v2/groups", alice, lambda fake: {"name": "Sub", "description": "d", "parent_id": fake.known["group"]}),
    call("create a group below another's", "POST", "/v2/groups", alice, {"name": "Sub", "parent_id": OPEN}),
    call("create a group below nothing", "POST", "/v2/groups", alice, {"name": "Sub", "parent_id": NOBODY}),
    call("create a group without a name", "POST", "/v2/groups", alice, {"description": "d"}),
    call("create a group with an empty name", "POST", "/v2/groups", alice, {"name": ""}),
    call("create a group from a list", "POST", "/v2/groups", alice, []),
    call("create a group from nonsense", "POST", "/v2/groups", alice, "{"),
    call("read a group", "GET", team, alice),
    call("read all of a group", "GET", team + "?include=memberships,policies,child_ids,allowed_actions", alice),
    call("read a group as a member", "GET", team, bob),
    call("read a group as an invited person", "GET", team, carol),
    call("read a group with a subscription", "GET", f"/v2/groups/{PAID}", alice),
    call("read an open group", "GET", f"/v2/groups/{OPEN}", carol),
    call("read a hidden group", "GET", f"/v2/groups/{HIDDEN}", alice),
    call("read no group", "GET", f"/v2/groups/{NOBODY}", alice),
    call("read a group without an id", "GET", "/v2/groups/nonsense", alice),
    call("read a group with an unknown field", "GET", team + "?include=odd", alice),
    call("change a group", "PUT", own(), alice, {"name": "Newer", "description": "d"}),
    call("change a group as a member", "PUT", team, bob, {"name": "Mine"}),
    call("change a group to no name", "PUT", team, alice, {"name": 1}),
    call("read policies", "GET", own("/policies"), alice),
    call("change policies", "PUT", own("/policies"), alice, {"is_high_assurance": False, "authentication_assurance_timeout": 28800,
        "group_visibility": "authenticated", "group_members_visibility": "members", "join_requests": True, "signup_fields": ["address1"]}),
    call("change policies as a member", "PUT", team + "/policies", bob, FREE),
    call("change one policy", "PUT", own("/policies"), alice, {"join_requests": True}),
    call("change an unknown policy", "PUT", own("/policies"), alice, FREE | {"is_high_assurance": False, "signup_fields": [], "odd": 1}),
    call("read membership fields", "GET", team + "/membership_fields", alice),
    call("write membership fields", "PUT", team + "/membership_fields", alice, {ALICE: {"address1": "here"}}),
    call("read written membership fields", "GET", team + "/membership_fields", alice),
    call("read preferences", "GET", "/v2/preferences", alice),
    call("write preferences", "PUT", "/v2/preferences", carol, {CAROL: {"allow_add": True}}),
    call("write preferences as in the SDK's example", "PUT", "/v2/preferences", carol, {"allow_add": True}),
    call("read written preferences", "GET", "/v2/preferences", carol),
    call("find a subscription", "GET", f"/v2/subscription_info/{SUBSCRIPTION}", alice),
    call("find no subscription", "GET", f"/v2/subscription_info/{NOBODY}", alice),
    call("find a subscription without an id", "GET", "/v2/subscription_info/nonsense", alice),
    call("verify a group", "PUT", f"/v2/groups/{PAID}/subscription_admin_verified", alice, {"subscription_admin_verified_id": SUBSCRIPTION}),
    call("verify a group no more", "PUT", f"/v2/groups/{PAID}/subscription_admin_verified", alice, {"subscription_admin_verified_id": None}),
    call("verify a group with nothing", "PUT", f"/v2/groups/{PAID}/subscription_admin_verified", alice, {}),
    # Memberships
    batch("accept", carol, accept={CAROL: {}}),
    batch("add", alice, add={DAVE: {"role": "member"}}),
    batch("add a member again", alice, add={BOB: {}}),
    batch("add one and fail with another", alice, own(), add={BOB: {}, ALICE: {}}),
    batch("add as a member", bob, add={NOBODY: {}}),
    batch("add with an unknown role", alice, add={CAROL: {"role": "king"}}),
    batch("change a role", alice, change_role={BOB: {"role": "manager"}}),
    batch("change a role as a manager", bob, change_role={CAROL: {"role": "manager"}}),
    batch("remove", alice, remove={DAVE: {}}),
    batch("remove who is no member", alice, remove={DAVE: {}}),
    batch("invite", alice, invite={DAVE: {}}),
    batch("decline", dave, decline={DAVE: {}}),
    batch("accept without an invitation", dave, accept={DAVE: {}}),
    batch("leave", bob, leave={BOB: {}}),
    batch("leave as the last administrator", bob, f"/v2/groups/{OPEN}", leave={BOB: {}}),
    batch("join", alice, f"/v2/groups/{OPEN}", join={ALICE: {}}),
    batch("join for somebody else", alice, f"/v2/groups/{OPEN}", join={CAROL: {}}),
    batch("ask to join", carol, f"/v2/groups/{OPEN}", request_join={CAROL: {}}),
    batch("approve", bob, f"/v2/groups/{OPEN}", approve={CAROL: {}}),
    batch("ask to join another time", dave, f"/v2/groups/{OPEN}", request_join={DAVE: {}}),
    batch("reject", bob, f"/v2/groups/{OPEN}", reject={DAVE: {}}),
    batch("ask to join as a linked identity", alice, f"/v2/groups/{OPEN}", request_join={LINKED: {}}),
    batch("remove a linked identity", alice, f"/v2/groups/{PAID}", remove={LINKED: {}}),
    batch("join a hidden group", alice, f"/v2/groups/{HIDDEN}", join={ALICE: {}}),
    batch("two actions at once", alice, own(), invite={CAROL: {}}, remove={BOB: {}}),
    call("no action", "POST", team, alice, {}),
    call("an unknown action", "POST", team, alice, {"befriend": [{"identity_id": BOB}]}),
    call("an action on nobody", "POST", team, alice, {"add": [{}]}),
    call("an action on what is no id", "POST", team, alice, {"add": [{"identity_id": "nonsense"}]}),
    call("an action that is no list", "POST", team, alice, {"add": {}}),
    call("delete a group as a member", "DELETE", team, carol),
    call("delete a group with a subgroup", "DELETE", own(), alice),
    call("delete a group", "DELETE", team, alice),
    call("read a deleted group", "GET", team, alice),
    call("a method that is not there", "DELETE", team + "/policies", alice),
    # Tasks of others
    call("tasks at a collection", "GET", f"{MONITOR}task_list?filter_endpoint={LANDING}", watch),
    call("tasks that ended", "GET", f"{MONITOR}task_list?filter_endpoint={LANDING}&filter_status=SUCCEEDED", watch),
    call("tasks to a collection, page by page", "GET", f"{MONITOR}task_list?filter_endpoint={LANDING}&filter_endpoint_use=destination&limit=1", watch,
        keep=("key", "last_key")),
    call("the next page of tasks", "GET", lambda fake: f"{MONITOR}task_list?filter_endpoint={LANDING}&filter_endpoint_use=destination&limit=1&last_key="
        + urllib.parse.quote(fake.known["key"]), watch),
    call("tasks of a time", "GET", f"{MONITOR}task_list?filter_endpoint={LANDING}&filter_completion_time=2020-01-01T00:00:00%2B00:00,2020-01-02T00:00:00%2B00:00", watch),
    call("tasks without a filter", "GET", f"{MONITOR}task_list", watch),
    call("tasks at a collection without a role", "GET", f"{MONITOR}task_list?filter_endpoint={UNWATCHED}", watch),
    call("tasks at no collection", "GET", f"{MONITOR}task_list?filter_endpoint={NOBODY}", watch),
    call("tasks of an unknown status", "GET", f"{MONITOR}task_list?filter_endpoint={LANDING}&filter_status=ODD", watch),
    call("tasks by an odd use", "GET", f"{MONITOR}task_list?filter_endpoint={LANDING}&filter_endpoint_use=odd", watch),
    call("tasks by a use alone", "GET", f"{MONITOR}task_list?filter_endpoint_use=source", watch),
    call("too many tasks", "GET", f"{MONITOR}task_list?filter_endpoint={LANDING}&limit=100000", watch),
    call("a limit that is no number", "GET", f"{MONITOR}task_list?filter_endpoint={LANDING}&limit=many", watch),
    call("an odd last key", "GET", f"{MONITOR}task_list?filter_endpoint={LANDING}&last_key=odd", watch),
    call("tasks without a token", "GET", f"{MONITOR}task_list?filter_endpoint={LANDING}"),
    call("tasks with a token of Groups", "GET", f"{MONITOR}task_list?filter_endpoint={LANDING}", alice),
    call("a task that ended", "GET", task("done"), watch),
    call("a task at work", "GET", task("running"), watch),
    call("a task elsewhere", "GET", task("elsewhere"), watch),
    call("a task, without a role", "GET", task("done"), bearer("bobs transfer")),
    call("no task", "GET", f"{MONITOR}task/{NOBODY}", watch),
    call("a task without an id", "GET", f"{MONITOR}task/nonsense", watch),
    call("files of a task that ended", "GET", task("done", "/successful_transfers"), watch),
    call("files of a task at work", "GET", task("running", "/successful_transfers"), watch),
    call("files of a task, without a role", "GET", task("done", "/successful_transfers"), bearer("bobs transfer")),
    call("files from an odd marker", "GET", task("done", "/successful_transfers?marker=odd"), watch),
    call("files of no task", "GET", f"{MONITOR}task/{NOBODY}/successful_transfers", watch),
]

KINDS = {bool: "bool", int: "number", float: "number", str: "text", type(None): "null", dict: "object", list: "list"}
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def shape(value, at="", into=None):
    """Where there is what: `/my_memberships/*/role` is a text."""
    into = {} if into is None else into
    into.setdefault(at, set()).add(KINDS[type(value)])
    if isinstance(value, dict):
        for name, member in value.items():
            shape(member, f"{at}/{'<id>' if ID.fullmatch(name) else name}", into)
    elif isinstance(value, list):
        for member in value:
            shape(member, f"{at}/*", into)
    return into


def answer(fake, row):
    """Status and shape of what a fake answers."""
    of = lambda part: part(fake) if callable(part) else part
    if row["before"]:
        row["before"](fake)
    status, headers, text = fake.send(row["method"], of(row["path"]), of(row["who"]), of(row["body"]), of(row["form"]))
    if headers["Location"]:
        there = urllib.parse.urlsplit(headers["Location"])
        return status, {"/location" + ("" if headers["Location"].startswith(BACK) else "/page"): {"text"}} | {
            f"/location/{name}": {"text"} for name in urllib.parse.parse_qs(there.query)} if headers["Location"].startswith(BACK) else {"/page": {"text"}}
    if "json" not in (headers["Content-Type"] or ""):
        return status, {"/page": {"text"}}
    document = json.loads(text)
    if row["keep"]:
        fake.known[row["keep"][0]] = document[row["keep"][1]]
    return status, shape(document)


def differences(theirs, ours):
    """What differs, as lines: where, and what each of the two has; or which members only fauxbus (`-`) or only the emulator (`+`) has."""
    if theirs[0] != ours[0]:
        yield f"status: {theirs[0]}, {ours[0]}"
        if (theirs[0] < 400) != (ours[0] < 400):
            return
    alone = {}
    for at in sorted(set(theirs[1]) | set(ours[1])):
        above, _, name = at.rpartition("/")
        kinds = ["|".join(sorted(side[1].get(at, ()))) for side in (theirs, ours)]
        if at and not (above in theirs[1] and above in ours[1]):
            continue
        if not all(kinds):
            alone.setdefault(above, []).append(("-" if kinds[0] else "+") + name)
        elif kinds[0] != kinds[1]:
            yield f"{at or '/'}: {kinds[0]}, {kinds[1]}"
    for above, names in alone.items():
        yield f"{above or '/'}: {' '.join(names)}"


def listed():
    """The differences of the data file: call and line."""
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "fauxbus.toml"), "rb") as file:
        rows = tomllib.load(file)["difference"]
    for row in rows:
        if set(row) != {"calls", "differs", "what", "right", "why"} or row["right"] not in ("emulator", "fauxbus", "unknown"):
            sys.exit(f"fauxbus.toml: a difference has calls, differs, what, right and why: {row}")
        for name in row["calls"]:
            places = row["calls"][name] if isinstance(row["calls"], dict) else [None]
            for place in [places] if isinstance(places, str) else places:
                for line in row["differs"]:
                    yield name, line if place is None else place + line if line[:1] in ("", "/") else f"{place}: {line}"


def main():
    fauxbus, emulator = Fauxbus(), Emulator(os.environ["GLOBUS_SDK_SERVICE_URL_AUTH"])
    called, found = set(), []
    for row in CALLS:
        theirs, ours = answer(fauxbus, row), answer(emulator, row)
        if theirs[0] == 501:
            sys.exit(f"{row['name']}: fauxbus does not do this")
        path = (row["path"](fauxbus) if callable(row["path"]) else row["path"]).split("?")[0]
        called.update(id(route) for route in fauxbus.server.routes if route.method == row["method"] and route.pattern.match(path))
        found += [(row["name"], line) for line in differences(theirs, ours)]
    imitated = [route for route in fauxbus.server.routes if not route.pattern.pattern.startswith("^/_fauxbus")]
    wrong = [f"not called: {route.method} {route.pattern.pattern}" for route in imitated if id(route) not in called]
    known = list(listed())
    wrong += [f"listed twice: {name}: {line}" for at, (name, line) in enumerate(known) if (name, line) in known[:at]]
    wrong += [f"not listed: {name}: {line}" for name, line in found if (name, line) not in known]
    wrong += [f"no longer true: {name}: {line}" for name, line in known if (name, line) not in found]
    if wrong:
        sys.exit("\n".join(wrong))
    same = len({row["name"] for row in CALLS} - {name for name, _ in found})
    print(f"{len(imitated)} routes, {len(CALLS)} calls, {same} of them the same")


main()
print("all is well")
