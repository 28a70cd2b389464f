"""People log in with the unmodified Python SDK. The emulator's `run --as` plays the person: nothing is mocked here."""

import sys
import time

import globus_sdk
from globus_sdk.gare import GlobusAuthorizationParameters
from globus_sdk.login_flows import LocalServerLoginFlowManager
from peer import check, control

NATIVE = "61338d24-54d5-408f-a10d-66c06b59f6d2"
ALICE = "a11ce000-5eed-4000-8000-000000000001"
COLLECTION = "6c54cade-bde5-45c1-bdea-f4bd71dba2cc"


def logins():
    rows = control("requests")["requests"]
    grants = [dict(row["form"])["grant_type"] for row in rows if row["path"] == "/v2/oauth2/token"]
    return grants.count("authorization_code"), grants.count("refresh_token")


# A native application without an app around it: the code is pasted.
client = globus_sdk.NativeAppAuthClient(NATIVE)
client.oauth2_start_flow(requested_scopes=["openid", "email", globus_sdk.GroupsClient.scopes.all], refresh_tokens=True)
print("Go to", client.oauth2_get_authorize_url())
tokens = client.oauth2_exchange_code_for_tokens(input("Code: ").strip())
check("id token", tokens.decode_id_token()["email"], "researcher@example.org")
groups = tokens.by_resource_server["groups.api.globus.org"]
renewing = globus_sdk.RefreshTokenAuthorizer(groups["refresh_token"], client, access_token=groups["access_token"], expires_at=int(time.time()) - 10)
check("renewed", globus_sdk.GroupsClient(authorizer=renewing).get_my_groups().http_status, 200)
check("another token", renewing.access_token != groups["access_token"], True)
try:
    client.oauth2_exchange_code_for_tokens("nonsense")
except globus_sdk.AuthAPIError as error:
    check("wrong code", (error.http_status, error.raw_json), (401, {"error": "invalid_grant"}))

# An app logs in by itself, and again when more is needed; what depends is consented too.
app = globus_sdk.UserApp("peer", client_id=NATIVE, config=globus_sdk.GlobusAppConfig(request_refresh_tokens=True))
before = logins()
transfer = globus_sdk.TransferClient(app=app).add_app_data_access_scope(COLLECTION)
rows = [row["display_name"] for row in transfer.endpoint_search(filter_scope="my-endpoints")]
check("her endpoints", sorted(rows), ["Alice's Desktop at Home", "Alice's Laptop"])
check("one login", logins()[0] - before[0], 1)
flows = globus_sdk.FlowsClient(app=app)
check("her flows", [row["title"] for row in flows.list_flows(orderby="title ASC")], ["Hello World", "Two-Step Transfer"])
check("another login", logins()[0] - before[0], 2)
flows.list_flows()
check("and no more", logins()[0] - before[0], 2)

# More is required of the session than it has: the app asks its person once, and goes on.
control("requirements", {"path": "/flows*", "identity": "alice", "session_required_mfa": True, "session_message": "Prove it"})
try:
    flows.list_flows()
except globus_sdk.GlobusAPIError as error:
    from globus_sdk.gare import to_gare

    gare = to_gare(error)
    check("required", gare.authorization_parameters.session_required_mfa, True)
    app.login(auth_params=gare.authorization_parameters)
check("stepped up", flows.list_flows().http_status, 200)
control("requirements", {"path": "/v0.10/*", "session_required_single_domain": ["globusid.org"]})
again = globus_sdk.UserApp("again", client_id=NATIVE, config=globus_sdk.GlobusAppConfig(auto_redrive_gares=True))
redriven = globus_sdk.TransferClient(app=again)
check("redriven", redriven.endpoint_search(filter_scope="my-endpoints").http_status, 200)
control("requirements", {}, "DELETE")
app.login(auth_params=GlobusAuthorizationParameters(session_message="Again", prompt="login"), force=True)

# A browser comes back to the program by itself.
config = globus_sdk.GlobusAppConfig(login_flow_manager=LocalServerLoginFlowManager)
local = globus_sdk.UserApp("local", client_id=NATIVE, config=config)
check("by browser", globus_sdk.AuthClient(app=local).userinfo()["sub"], ALICE)

# Tokens that are taken back, refresh tokens that rotate.
app.logout()
check("logged out", app.login_required(), True)
client.oauth2_revoke_token(groups["refresh_token"])
try:
    client.oauth2_refresh_token(groups["refresh_token"])
except globus_sdk.AuthAPIError as error:
    check("revoked", error.http_status, 401)
else:
    sys.exit("a revoked refresh token gave a token")
control("tokens/rotation", {"on": True})
minted = control("tokens", {"identity": "alice", "scopes": [str(globus_sdk.GroupsClient.scopes.all)], "refresh": True})
seen = []
rotating = globus_sdk.RefreshTokenAuthorizer(minted["refresh_token"], client, on_refresh=lambda answer: seen.append(answer.by_resource_server["groups.api.globus.org"]["refresh_token"]))
rotating.handle_missing_authorization()
check("rotated", seen and minted["refresh_token"] not in seen, True)
try:
    client.oauth2_refresh_token(minted["refresh_token"])
except globus_sdk.AuthAPIError as error:
    check("the old one is over", error.http_status, 401)
else:
    sys.exit("a refresh token that was replaced gave a token")
print("all is well")
