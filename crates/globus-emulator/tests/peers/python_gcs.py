"""The unmodified Python SDK manages Globus Connect Server over TLS, and reads and writes files over HTTPS."""

import os

import globus_sdk
from globus_sdk import scopes
from globus_sdk.experimental.gcs_collection_client import GCSCollectionClient
from globus_sdk.experimental.gcs_downloader import GCSDownloader
from peer import check, control, refused

ID = os.environ["GLOBUS_CLIENT_ID"]
SECRET = os.environ["GLOBUS_CLIENT_SECRET"]
ENDPOINT = "59544bb0-8aa3-4c73-9ce4-06d66887bc89"
MAPPED = "a1c2f515-254a-48a1-a5de-3ea51d783638"
GATEWAY = "1b949deb-d608-403c-a226-a533892789c6"
POSIX = "145812c8-decc-41f1-83cf-bb2a85a2a70b"
ALICE = "a11ce000-5eed-4000-8000-000000000001"

# Where the manager is, Transfer says.
app = globus_sdk.ClientApp("emulator test", client_id=ID, client_secret=SECRET)
transfer = globus_sdk.TransferClient(app=app)
hostname = transfer.get_endpoint(MAPPED)["gcs_manager_url"]
check("over TLS", hostname.startswith("https://"), True)

# The script of the SDK's documentation, as it was when scopes were built so and as it is now.
scope = scopes.GCSEndpointScopes(ENDPOINT).manage_collections.with_dependency(scopes.GCSCollectionScopes(MAPPED).data_access)
confidential_client = globus_sdk.ConfidentialAppAuthClient(client_id=ID, client_secret=SECRET)
authorizer = globus_sdk.ClientCredentialsAuthorizer(confidential_client, scopes=scope)
client = globus_sdk.GCSClient(hostname, authorizer=authorizer)
credential_document = globus_sdk.UserCredentialDocument(storage_gateway_id=GATEWAY, identity_id=ID, username="local-username")
credential = client.create_user_credential(credential_document)
collection_document = globus_sdk.GuestCollectionDocument(
    public="True", collection_base_path="/", display_name="guest_collection", mapped_collection_id=MAPPED
)
response = client.create_collection(collection_document)
guest = response["id"]
print(f"guest collection {guest} created")
check("transfer has it", transfer.get_endpoint(guest)["display_name"], "guest_collection")
check("it lists", [row["name"] for row in transfer.operation_ls(guest, path="/shared/")], ["readme.txt"])

# The server tells whose it is.
check("info", client.get_gcs_info()["endpoint_id"], ENDPOINT)
check("client id", client.endpoint_client_id, ENDPOINT)
bare = globus_sdk.GCSClient(hostname.removeprefix("https://"), authorizer=authorizer)
check("without a scheme", bare.get_endpoint()["id"], ENDPOINT)

# What only administrators may, the program may not yet.
refused("an endpoint", lambda: client.update_endpoint({"DATA_TYPE": "endpoint#1.0.0"}), 403, "permission_denied", "missing_required_role#1.0.0")
token = control("tokens", {"identity": "admin", "scopes": [str(scopes.GCSEndpointScopes(ENDPOINT).manage_collections)]})
admin = globus_sdk.GCSClient(hostname, authorizer=globus_sdk.AccessTokenAuthorizer(token["access_token"]))
role = admin.create_role(globus_sdk.GCSRoleDocument(principal=f"urn:globus:auth:identity:{ID}", role="administrator"))
check("roles", [row["id"] for row in client.get_role_list()], [role["id"]])
check("all roles", len(list(client.get_role_list(include="all_roles"))), 2)
check("a role", client.get_role(role["id"])["role"], "administrator")
error = refused("again", lambda: admin.create_role(globus_sdk.GCSRoleDocument(principal=f"urn:globus:auth:identity:{ID}", role="administrator")), 409, "conflict", "resource_conflict#1.0.0")
check("which", error.detail["resources"], [role["id"]])

document = globus_sdk.EndpointDocument(description="Disks", keywords=["one", "two"], gridftp_control_channel_port=None)
check("updated", client.update_endpoint(document)["data"], [])
changed = client.update_endpoint(globus_sdk.EndpointDocument(organization="Lab"), include="endpoint")
check("the endpoint", (changed["organization"], changed["description"]), ("Lab", "Disks"))
check("read again", client.get_endpoint()["keywords"], ["one", "two"])

gateway = client.create_storage_gateway(
    globus_sdk.StorageGatewayDocument(
        display_name="Archive",
        connector_id=POSIX,
        allowed_domains=["clients.auth.globus.org"],
        users_deny=["root"],
        policies=globus_sdk.POSIXStoragePolicies(groups_allow=["staff"]),
    )
)
check("its policies", gateway["policies"]["groups_allow"], ["staff"])
check("gateways", {row["id"] for row in client.get_storage_gateway_list()} >= {gateway["id"], GATEWAY}, True)
shown = client.get_storage_gateway(gateway["id"], include="private_policies")
check("private", shown["users_deny"], ["root"])
answer = client.update_storage_gateway(gateway["id"], globus_sdk.StorageGatewayDocument(display_name="Tapes"))
check("a gateway", answer["data"][0]["display_name"], "Tapes")

mapped = client.create_collection(
    globus_sdk.MappedCollectionDocument(
        storage_gateway_id=gateway["id"], collection_base_path="/", display_name="Cold", allow_guest_collections=True, enable_https=True
    )
)
refused("protected", lambda: client.delete_collection(mapped["id"]), 409, "conflict", "resource_conflict#1.0.0")
updated = client.update_collection(
    mapped["id"], globus_sdk.MappedCollectionDocument(description="Slow", user_message="Wait.", delete_protected=False)
)
check("a collection", (updated["description"], updated["user_message"]), ("Slow", "Wait."))
check("read", client.get_collection(mapped["id"])["storage_gateway_id"], gateway["id"])
pages = list(client.paginated.get_collection_list(page_size=2).pages())
listed = [row["id"] for page in pages for row in page]
check("pages", (len(pages) > 1, len(set(listed)) == len(listed), {guest, mapped["id"], MAPPED} <= set(listed)), (True, True, True))
check("guests", guest in [row["id"] for row in client.get_collection_list(filter=["guest_collections", "created_by_me"])], True)
check("on it", [row["id"] for row in client.get_collection_list(mapped_collection_id=mapped["id"])], [])

# What belongs to collections and endpoints has paths of its own, which the SDK has no methods for.
node = client.get("/nodes")["data"][0]
check("a node", client.get(f"/nodes/{node['id']}")["data"][0]["status"], "active")
check("a domain", client.get(f"/collections/{mapped['id']}/domain")["data"][0]["domain_name"], mapped["domain_name"])
client.put(f"/collections/{mapped['id']}/owner_string", data={"DATA_TYPE": "owner_string#1.0.0", "owner_string": "The lab"})
check("owner string", transfer.get_endpoint(mapped["id"])["owner_string"], "The lab")
client.put(f"/collections/{mapped['id']}/owner", data={"DATA_TYPE": "owner#1.0.0", "identity_id": ALICE})
check("owner", client.get_collection(mapped["id"])["identity_id"], ALICE)
anew = globus_sdk.MappedCollectionDocument(collection_base_path="/", display_name="Warm", delete_protected=False)
client.put(f"/collections/{mapped['id']}", data=anew)
check("anew", (client.get_collection(mapped["id"])["display_name"], client.get_collection(mapped["id"])["description"]), ("Warm", None))
client.put(f"/storage_gateways/{gateway['id']}", data=globus_sdk.StorageGatewayDocument(display_name="Shelves", connector_id=POSIX))
check("a gateway anew", client.get_storage_gateway(gateway["id"])["allowed_domains"], [])
client.put("/endpoint/domain", data={"DATA_TYPE": "domain#1.0.0", "domain_name": "lab.example.org"})
check("domain", client.get_gcs_info()["domain_name"], "lab.example.org")

credentials = list(client.get_user_credential_list(storage_gateway=GATEWAY))
check("credentials", [row["id"] for row in credentials], [credential["id"]])
client.update_user_credential(credential["id"], globus_sdk.UserCredentialDocument(display_name="Mine"))
check("renamed", client.get_user_credential(credential["id"])["display_name"], "Mine")
other = client.create_user_credential(globus_sdk.UserCredentialDocument(storage_gateway_id=gateway["id"]))
client.delete_user_credential(other["id"])
refused("gone", lambda: client.get_user_credential(other["id"]), 404, "not_found")
refused("no gateway", lambda: client.create_user_credential(globus_sdk.UserCredentialDocument(storage_gateway_id=ID)), 422, "unprocessable_entity", "invalid_input#1.0.0")
shallow = globus_sdk.ClientCredentialsAuthorizer(confidential_client, scopes=str(scopes.GCSEndpointScopes(ENDPOINT).manage_collections))
check("no token", refused("nobody", lambda: globus_sdk.GCSClient(hostname, authorizer=globus_sdk.AccessTokenAuthorizer("x")).get_endpoint(), 401, "unauthorized") is not None, True)

# Files, through an app that finds out what it needs.
address = transfer.get_endpoint(guest)["https_server"]
files = GCSCollectionClient(guest, address, app=app)
check("put", files.request("PUT", "/shared/over https.txt", data="by hand").http_status, 201)
check("got", files.get("/shared/over https.txt").text, "by hand")
check("part", files.get("/shared/over https.txt", headers={"Range": "bytes=3-"}).text, "hand")
refused("beyond", lambda: files.get("/shared/over https.txt", headers={"Range": "bytes=99-"}), 416, "RangeNotSatisfiable")
refused("missing", lambda: files.get("/shared/nothing"), 404, "NotFound")
check("by transfer", "over https.txt" in [row["name"] for row in transfer.operation_ls(guest, path="/shared/")], True)
with GCSDownloader(app) as downloader:
    check("downloaded", downloader.read_file(f"{address}/shared/readme.txt"), "Read by the example research group.\n")
tutorial = transfer.get_endpoint("6c54cade-bde5-45c1-bdea-f4bd71dba2cc")["https_server"]
with GCSDownloader(globus_sdk.ClientApp("other", client_id=ID, client_secret=SECRET)) as downloader:
    check("with consent", downloader.read_file(f"{tutorial}/share/godata/file2.txt", as_text=False), b"two\n")

# What was made goes.
refused("in use", lambda: client.delete_storage_gateway(gateway["id"]), 409, "conflict", "resource_conflict#1.0.0")
client.delete_collection(mapped["id"])
check("nothing left", client.delete_storage_gateway(gateway["id"])["data"], [{}])
client.delete_collection(guest)
refused("a deleted collection", lambda: client.get_collection(guest), 404, "not_found", "collection_not_found#1.0.0")
refused("for transfer too", lambda: transfer.get_endpoint(guest), 404, "EndpointDeleted")
observer = client.create_role(globus_sdk.GCSRoleDocument(principal=f"urn:globus:auth:identity:{ALICE}", role="activity_monitor", collection=MAPPED))
client.delete_role(observer["id"])
refused("a role that is gone", lambda: client.get_role(observer["id"]), 404, "not_found")
print("all is well")
