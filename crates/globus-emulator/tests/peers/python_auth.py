"""Every method of the unmodified Python SDK's clients of Auth: Alice calls it once and finds what it wrote."""

import os

import globus_sdk
from globus_sdk.scopes import AuthScopes
from peer import check, every_method_of, refused, watch_calls

NATIVE = "61338d24-54d5-408f-a10d-66c06b59f6d2"
TEMPLATE = "95fdeba8-fac2-42bd-a357-e068d82ff78e"
GLOBUS_ID = "41143743-f3c8-4d60-bbdb-eeecaba85bd9"
ALICE = "a11ce000-5eed-4000-8000-000000000001"
BOB = "b0b00000-5eed-4000-8000-000000000001"
GROUP = "6400d000-5eed-4000-8000-000000000001"
GROUPS = str(globus_sdk.GroupsClient.scopes.all)
AUTH = os.environ["GLOBUS_SDK_SERVICE_URL_AUTH"]

watch_calls()


def one(response, key, **wanted):
    row = response[key]
    for name, value in wanted.items():
        check(f"{key}.{name}", row[name], value)
    return row


# Who she is.
app = globus_sdk.UserApp("peer", client_id=NATIVE)
auth = globus_sdk.AuthClient(app=app, app_scopes=[AuthScopes.manage_projects, AuthScopes.view_consents, AuthScopes.email, AuthScopes.profile])
check("userinfo", (auth.userinfo()["sub"], auth.userinfo()["email"]), (ALICE, "researcher@example.org"))
check("keys", auth.get_jwk(as_pem=True).key_size, 2048)
check("metadata", auth.get_openid_configuration()["jwks_uri"], AUTH + "jwk.json")
rows = auth.get_identities(usernames=["researcher@example.org", "nobody@example.org"], query_params={"include": "identity_provider"})
check("identities", [row["id"] for row in rows], [ALICE])
check("included", rows["included"]["identity_providers"][0]["name"], "Example Org")
check("provisioned", [row["status"] for row in auth.get_identities(usernames="somebody.new@example.org", provision=True)], ["unused"])
check("by id", auth.get_identities(ids=[BOB])["identities"][0]["username"], "collaborator@example.org")
names = globus_sdk.IdentityMap(auth, [ALICE, BOB])
check("identity map", (names[BOB]["name"], names["researcher@globusid.org"]["organization"]), ("Bob Collaborator", "Example Org"))
check("providers", sorted(row["short_name"] for row in auth.get_identity_providers(domains=["globusid.org", "example.org"])), ["example", "globusid"])
check("provider", auth.get_identity_providers(ids=GLOBUS_ID)["identity_providers"][0]["domains"], ["globusid.org"])
refused("neither", lambda: auth.get_identity_providers(query_params={}), 400)

# A project, by a person and by a group.
project = one(auth.create_project("Peers", "researcher@example.org", admin_ids=ALICE), "project", display_name="Peers", admin_ids=[ALICE])
project_id = project["id"]
one(auth.update_project(project_id, admin_ids=[ALICE, BOB], admin_group_ids=[GROUP]), "project", admin_group_ids=[GROUP])
one(auth.update_project(project_id, display_name="Peers of ours"), "project", admin_ids=[ALICE, BOB], project_name="Peers of ours")
check("project found", auth.get_project(project_id)["project"]["admins"]["groups"][0]["id"], GROUP)
check("projects", project_id in [row["id"] for row in auth.get_projects()], True)
refused("no administrator", lambda: auth.create_project("x", "x@example.org", admin_ids=[]), 400, "BAD_REQUEST")
refused("no such project", lambda: auth.get_project(ALICE), 404, "NOT_FOUND")

# A policy.
policy = one(auth.create_policy(project_id=project_id, display_name="P", description="Ours only", high_assurance=True, required_mfa=True,
    authentication_assurance_timeout=45, domain_constraints_include=["example.org"]), "policy", required_mfa=True, domain_constraints_exclude=None)
one(auth.update_policy(policy["id"], domain_constraints_include=None, display_name="Q"), "policy", domain_constraints_include=None, authentication_assurance_timeout=45)
check("policy found", auth.get_policy(policy["id"])["policy"]["display_name"], "Q")
check("policies", policy["id"] in [row["id"] for row in auth.get_policies()], True)

# Clients: a service with scopes, and an application with links.
made = auth.create_client("Service", project=project_id, client_type="resource_server")
service = one(made, "client", public_client=False, project=project_id)
secret = made["included"]["client_credential"]["secret"]
one(auth.update_client(service["id"], name="Our service", visibility="public", required_idp=None), "client", name="Our service", visibility="public")
check("client found", auth.get_client(client_id=service["id"])["client"]["name"], "Our service")
check("by name", auth.get_client(fqdn="service.example.org")["client"]["name"], "Emulator Resource Server")
check("clients", service["id"] in [row["id"] for row in auth.get_clients()], True)
portal = one(auth.create_client("Portal", project=project_id, public_client=True, redirect_uris=[AUTH + "v2/web/auth-code"], visibility="private",
    terms_and_conditions="https://example.org/terms", privacy_policy="https://example.org/privacy", preselect_idp=GLOBUS_ID), "client", public_client=True)
check("links", portal["links"]["privacy_policy"], "https://example.org/privacy")
refused("public clients have no secrets", lambda: auth.create_client_credential(portal["id"], "no"), 400)

# Credentials.
credential = one(auth.create_client_credential(service["id"], "second"), "credential", name="second", client=service["id"])
check("credentials", [(row["name"], row["secret"]) for row in auth.get_client_credentials(service["id"])][-1], ("second", None))

# Scopes, one of which depends on Groups.
groups_scope = auth.get_scopes(scope_strings=GROUPS)["scopes"][0]["id"]
scope = one(auth.create_scope(service["id"], "Work", "Do our work", "work", advertised=False, allows_refresh_token=True, required_domains=[],
    dependent_scopes=[globus_sdk.DependentScopeSpec(groups_scope, False, False)]), "scope", allows_refresh_token=True)
one(auth.update_scope(scope["id"], description="Do all our work", advertised=True), "scope", description="Do all our work", advertised=True)
check("scope found", auth.get_scope(scope["id"])["scope"]["scope_string"], f"https://auth.globus.org/scopes/{service['id']}/work")
check("scopes", [row["id"] for row in auth.get_scopes(ids=[scope["id"]])], [scope["id"]])
check("her scopes", scope["id"] in [row["id"] for row in auth.get_scopes()], True)

# She logs in to the portal, for the service; the service acts for her.
native = globus_sdk.NativeAppAuthClient(portal["id"])
native.oauth2_start_flow(requested_scopes=["openid", scope["scope_string"]], refresh_tokens=True, prefill_named_grant="a peer")
print("Go to", native.oauth2_get_authorize_url(session_required_policies=[policy["id"]], session_message="For the peers"))
tokens = native.oauth2_exchange_code_for_tokens(input("Code: ").strip())
check("id token", tokens.decode_id_token()["sub"], ALICE)
work = tokens.by_resource_server[service["id"]]
server = globus_sdk.ConfidentialAppAuthClient(service["id"], secret)
dependent = server.oauth2_get_dependent_tokens(work["access_token"])
check("dependent", list(dependent.by_resource_server), ["groups.api.globus.org"])
authorizer = globus_sdk.AccessTokenAuthorizer(dependent.by_resource_server["groups.api.globus.org"]["access_token"])
check("her groups", len(globus_sdk.GroupsClient(authorizer=authorizer).get_my_groups().data) > 1, True)
told = server.oauth2_token_introspect(work["access_token"], include="session_info,identity_set,identity_set_detail")
check("introspect", (told["active"], told["scope"], told["client_id"]), (True, scope["scope_string"], portal["id"]))
check("session", list(told["session_info"]["authentications"].values())[0]["amr"], ["mfa"])
check("identity set", told["identity_set"][0], ALICE)
check("identity set in detail", sorted(row["username"] for row in told["identity_set_detail"]), ["researcher@example.org", "researcher@globusid.org"])
renewed = native.oauth2_refresh_token(work["refresh_token"])
check("renewed", renewed.by_resource_server[service["id"]]["scope"], scope["scope_string"])
raw = native.oauth2_token({"grant_type": "refresh_token", "refresh_token": work["refresh_token"], "client_id": portal["id"]})
check("by a form of one's own", raw.by_resource_server[service["id"]]["scope"], scope["scope_string"])
check("consents", sorted(row["scope_name"] for row in auth.get_consents(ALICE, all=True) if row["client"] in (portal["id"], service["id"])),
    sorted(["openid", scope["scope_string"], GROUPS]))
check("forest", auth.get_consents(ALICE, all=True).to_forest().meets_scope_requirements(f"{scope['scope_string']}[{GROUPS}]"), True)
check("revoked", native.oauth2_revoke_token(work["refresh_token"])["active"], False)
refused("after that", lambda: native.oauth2_refresh_token(work["refresh_token"]), 401)
check("validated", server.post("/v2/oauth2/token/validate", data={"token": work["access_token"]}, encoding="form")["active"], True)

# A program on a server: codes with a secret, its own tokens, its children.
web = globus_sdk.ConfidentialAppAuthClient("c11e0000-5eed-4000-8000-000000000003", "d2ViLWFwcGxpY2F0aW9uLWZpY3Rpb24=")
web.oauth2_start_flow(AUTH + "v2/web/auth-code", requested_scopes=["openid", "email"], refresh_tokens=True, state="a state")
print("Go to", web.oauth2_get_authorize_url())
tokens = web.oauth2_exchange_code_for_tokens(input("Code: ").strip())
check("state", tokens["state"], "a state")
check("renewed by a secret", web.oauth2_refresh_token(tokens["refresh_token"])["resource_server"], "auth.globus.org")
check("revoked by a secret", web.oauth2_revoke_token(tokens["refresh_token"]).http_status, 200)
check("itself", server.oauth2_client_credentials_tokens(requested_scopes="openid")["scope"], "openid")
check("by a form with a secret", server.oauth2_token({"grant_type": "client_credentials", "scope": "openid"})["scope"], "openid")
check("metadata for programs", server.get_openid_configuration()["issuer"], AUTH.rstrip("/"))
check("keys for programs", len(server.get_jwk()["keys"]), 1)
child = server.create_child_client("Child", client_type="client_identity")["client"]
check("child", (child["parent_client"], child["project"]), (service["id"], project_id))
check("instance", native.create_native_app_instance(TEMPLATE, "An instance")["included"]["client_credential"]["secret"] != "", True)

# All of it goes again.
refused("the project has clients", lambda: auth.delete_project(project_id), 409, "CONFLICT")
refused("the client has a child", lambda: auth.delete_client(service["id"]), 409, "CONFLICT")
auth.delete_client(child["id"])
one(auth.delete_client_credential(service["id"], credential["id"]), "credential", secret=None)
one(auth.delete_scope(scope["id"]), "scope", id=scope["id"])
check("no token without a scope", server.oauth2_token_introspect(work["access_token"])["active"], False)
one(auth.delete_client(service["id"]), "client", id=service["id"])
refused("a client that is gone", lambda: server.oauth2_client_credentials_tokens(requested_scopes="openid"), 401)
auth.delete_client(portal["id"])
one(auth.delete_policy(policy["id"]), "policy", id=policy["id"])
one(auth.delete_project(project_id), "project", id=project_id)
refused("gone", lambda: auth.get_project(project_id), 404)

every_method_of(globus_sdk.AuthClient, globus_sdk.NativeAppAuthClient, globus_sdk.ConfidentialAppAuthClient)
print("all is well")
