"""The unmodified Python SDK against an emulator: a program's tokens, its endpoints, and a group's life."""

import os

import globus_sdk
from peer import check, refused

ID = os.environ["GLOBUS_CLIENT_ID"]
SECRET = os.environ["GLOBUS_CLIENT_SECRET"]
OTHER_ID = os.environ["OTHER_CLIENT_ID"]
OTHER_SECRET = os.environ["OTHER_CLIENT_SECRET"]
GROUPS = globus_sdk.GroupsClient.scopes.all
TRANSFER = globus_sdk.TransferClient.scopes.all

client = globus_sdk.ConfidentialAppAuthClient(ID, SECRET)
other = globus_sdk.ConfidentialAppAuthClient(OTHER_ID, OTHER_SECRET)

# Tokens by resource server, as the guide has them.
tokens = client.oauth2_client_credentials_tokens(requested_scopes=["openid", TRANSFER, GROUPS])
check("resource servers", sorted(tokens.by_resource_server), ["auth.globus.org", "groups.api.globus.org", "transfer.api.globus.org"])
check("no refresh token", tokens.by_resource_server["auth.globus.org"]["refresh_token"], None)
transfer_token = tokens.by_resource_server["transfer.api.globus.org"]["access_token"]
check("introspect", client.oauth2_token_introspect(transfer_token)["sub"], ID)
check("userinfo", globus_sdk.AuthClient(authorizer=globus_sdk.AccessTokenAuthorizer(
    tokens.by_resource_server["auth.globus.org"]["access_token"])).userinfo()["sub"], ID)

# The endpoints of the program, with a token and with an authorizer that renews itself.
transfer = globus_sdk.TransferClient(authorizer=globus_sdk.AccessTokenAuthorizer(transfer_token))
print(f"Endpoints Belonging to {ID}@clients.auth.globus.org:")
rows = list(transfer.paginated.endpoint_search(filter_scope="my-endpoints").items())
for row in rows:
    print(f"[{row['id']}] {row['display_name']}")
check("at least two endpoints", len(rows) >= 2, True)
renewing = globus_sdk.ClientCredentialsAuthorizer(client, TRANSFER)
transfer = globus_sdk.TransferClient(authorizer=renewing)
check("the same with a renewing authorizer", [row["id"] for row in transfer.endpoint_search(filter_scope="my-endpoints")], [row["id"] for row in rows])
client.oauth2_revoke_token(renewing.access_token)
check("a revoked token is renewed", transfer.endpoint_search(filter_scope="my-endpoints").http_status, 200)

# An app does it all by itself.
app = globus_sdk.ClientApp("emulator test", client_id=ID, client_secret=SECRET)
with globus_sdk.GroupsClient(app=app, app_scopes=[GROUPS]) as groups:
    manager = globus_sdk.GroupsManager(groups)
    theirs = globus_sdk.GroupsClient(authorizer=globus_sdk.ClientCredentialsAuthorizer(other, GROUPS))
    before = len(groups.get_my_groups().data)

    group = manager.create_group("A group", "Made by the Python SDK")
    check("created", group.http_status, 201)
    group_id = group["id"]
    invited = manager.invite_member(group_id, OTHER_ID, role="manager")
    check("invited", invited["invite"][0]["status"], "invited")
    check("seen by the invited", theirs.get_my_groups(statuses="invited")[0]["id"], group_id)
    check("accepted", globus_sdk.GroupsManager(theirs).accept_invite(group_id, OTHER_ID)["accept"][0]["role"], "manager")
    members = groups.get_group(group_id, include="memberships")["memberships"]
    check("members", sorted(row["identity_id"] for row in members), sorted([ID, OTHER_ID]))
    batch = globus_sdk.BatchMembershipActions().change_roles("member", [OTHER_ID])
    check("role changed", groups.batch_membership_action(group_id, batch)["change_role"][0]["role"], "member")
    policies = globus_sdk.GroupPolicies(
        is_high_assurance=False,
        group_visibility="authenticated",
        group_members_visibility="members",
        join_requests=True,
        signup_fields=["address1"],
    )
    check("policies", groups.set_group_policies(group_id, policies)["signup_fields"], ["address1"])
    check("fields", groups.set_membership_fields(group_id, {ID: {"address1": "Here"}})[ID]["address1"], "Here")
    check("preferences", groups.set_identity_preferences({ID: {"allow_add": True}})[ID]["allow_add"], True)
    refused("a member may not delete", lambda: theirs.delete_group(group_id), 403, "FORBIDDEN")
    twice = globus_sdk.BatchMembershipActions().add_members([OTHER_ID])
    check("already active", groups.batch_membership_action(group_id, twice)["errors"]["add"][0]["code"], "ALREADY_ACTIVE")
    check("listed", len(groups.get_my_groups().data), before + 1)
    check("left", globus_sdk.GroupsManager(theirs).leave(group_id, OTHER_ID)["leave"][0]["status"], "left")
    check("deleted", groups.delete_group(group_id)["id"], group_id)
    refused("gone", lambda: groups.get_group(group_id), 404)

wrong = globus_sdk.ConfidentialAppAuthClient(ID, "wrong")
refused("wrong secret", lambda: wrong.oauth2_client_credentials_tokens(requested_scopes="openid"), 401)
refused("unknown scope", lambda: client.oauth2_client_credentials_tokens(requested_scopes="nonsense"), 400)
refused("not emulated", lambda: globus_sdk.SearchClient().get_index("x"), 501, "NotEmulated")
print("all is well")
