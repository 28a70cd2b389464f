"""Every method of the unmodified Python SDK's clients of Groups: Alice and Bob call it once and find what it wrote."""

import globus_sdk
from peer import check, every_method_of, refused, somebody, watch_calls

ALICE = "a11ce000-5eed-4000-8000-000000000001"
LINKED = "a11ce000-5eed-4000-8000-000000000002"
BOB = "b0b00000-5eed-4000-8000-000000000001"
ADMIN = "ad314000-5eed-4000-8000-000000000001"
SUBSCRIPTION = "5ab5c000-5eed-4000-8000-000000000001"
PROTECTED = "6400d000-5eed-4000-8000-000000000003"

watch_calls()
SCOPE = globus_sdk.GroupsClient.scopes.all
alice, bob, admin = (somebody(globus_sdk.GroupsClient, who, SCOPE) for who in (ALICE, BOB, ADMIN))
hers, his = globus_sdk.GroupsManager(alice), globus_sdk.GroupsManager(bob)


def status(group, identity):
    rows = {row["identity_id"]: row for row in alice.get_group(group, include="memberships")["memberships"]}
    row = rows.get(identity)
    return row and (row["role"], row["status"])


# A group and a subgroup.
group = hers.create_group("Peers", "People who call")["id"]
sub = alice.create_group({"name": "Some peers", "description": None, "parent_id": group})["id"]
shown = alice.get_group(group, include=["memberships", "my_memberships", "policies", "allowed_actions", "child_ids"])
check("group", (shown["name"], shown["group_type"], shown["child_ids"]), ("Peers", "regular", [sub]))
check("her role", shown["my_memberships"][0]["role"], "admin")
check("updated", alice.update_group(group, {"name": "All peers"})["name"], "All peers")
check("children", [row["id"] for row in alice.get(f"/v2/groups/{group}/children")["children"]], [sub])
check("my groups", group in [row["id"] for row in alice.get_my_groups()], True)
refused("not for him", lambda: bob.get_group(group), 404)
refused("what cannot be included", lambda: alice.get_group(group, include="secrets"), 422)
refused("a name is needed", lambda: alice.create_group({"description": "x"}), 422)

# Policies and what joining asks for.
hers.set_group_policies(group, is_high_assurance=False, group_visibility="authenticated", group_members_visibility="members",
    join_requests=True, signup_fields=["institution"], authentication_assurance_timeout=3600)
check("policies", alice.get_group_policies(group)["signup_fields"], ["institution"])
alice.set_group_policies(group, globus_sdk.GroupPolicies(is_high_assurance=False, group_visibility="authenticated",
    group_members_visibility="members", join_requests=True, signup_fields=["institution"]))
check("policies stay", alice.get_group_policies(group)["authentication_assurance_timeout"], 3600)
failed = his.request_join(group, BOB)
check("fields first", failed["errors"]["request_join"][0]["code"], "MISSING_MEMBERSHIP_FIELDS")
bob.set_membership_fields(group, {BOB: {"institution": "Example Org"}})
check("fields", bob.get_membership_fields(group)[BOB]["institution"], "Example Org")

# A request, refused and repeated; roles; leaving.
check("requested", his.request_join(group, BOB)["request_join"][0]["status"], "pending")
check("rejected", hers.reject_join_request(group, BOB)["reject"][0]["status"], "rejected")
his.request_join(group, BOB)
check("approved", hers.approve_pending(group, BOB)["approve"][0]["status"], "active")
check("statuses", alice.get("/v2/groups/statuses")[group]["active"], 2)
check("a manager", hers.change_role(group, BOB, "manager")["change_role"][0]["role"], "manager")
check("a manager makes no administrator", his.add_member(group, ADMIN, role="admin")["errors"]["add"][0]["code"], "FORBIDDEN")
refused("nor changes any", lambda: his.change_role(group, ALICE, "member"), 403, "FORBIDDEN")
check("added", his.add_member(group, ADMIN)["add"][0]["status"], "active")
check("twice", his.add_member(group, ADMIN)["errors"]["add"][0]["code"], "ALREADY_ACTIVE")
check("removed", his.remove_member(group, ADMIN)["remove"][0]["status"], "removed")
check("left", his.leave(group, BOB)["leave"][0]["status"], "left")
check("the last administrator stays", hers.leave(group, ALICE)["errors"]["leave"][0]["code"], "LAST_ADMIN")
check("joined", his.join(group, BOB)["join"][0]["status"], "active")

# Invitations.
theirs = globus_sdk.GroupsManager(admin)
check("invited", hers.invite_member(group, ADMIN, role="manager")["invite"][0]["status"], "invited")
check("hers to see", [row["id"] for row in admin.get_my_groups(statuses="invited") if row["id"] == group], [group])
check("declined", theirs.decline_invite(group, ADMIN)["decline"][0]["status"], "declined")
hers.invite_member(group, ADMIN, role="manager")
admin.set_membership_fields(group, {ADMIN: {"institution": "Example Org"}})
check("accepted", theirs.accept_invite(group, ADMIN)["accept"][0]["role"], "manager")
check("found", (status(group, BOB), status(group, ADMIN)), (("member", "active"), ("manager", "active")))
check("nobody accepts for others", hers.accept_invite(group, BOB)["errors"]["accept"][0]["code"], "FORBIDDEN")

# Preferences hold for being added.
bob.set_identity_preferences({BOB: {"allow_add": False}})
check("preferences", bob.get_identity_preferences()[BOB], {"allow_add": False})
hers.remove_member(group, BOB)
check("not added", hers.add_member(group, BOB)["errors"]["add"][0]["code"], "ADD_NOT_ALLOWED")

# Many at once: some fail, the others do not.
batch = globus_sdk.BatchMembershipActions()
batch.add_members([LINKED, BOB], role="member").change_roles("member", [ADMIN]).invite_members(["c11e0000-5eed-4000-8000-000000000001"])
answer = alice.batch_membership_action(group, batch)
check("some", ([row["identity_id"] for row in answer["add"]], [row["identity_id"] for row in answer["errors"]["add"]]), ([LINKED], [BOB]))
check("the others", (status(group, ADMIN), len(answer["invite"])), (("member", "active"), 1))
batch = globus_sdk.BatchMembershipActions()
batch.approve_pending([BOB]).reject_join_requests([BOB])
refused("one at a time", lambda: alice.batch_membership_action(group, batch), 400)
batch = globus_sdk.BatchMembershipActions()
batch.accept_invites([ALICE]).decline_invites([LINKED]).remove_members([ADMIN])
answer = alice.batch_membership_action(group, batch)
check("of all kinds", (sorted(answer["errors"]), answer["remove"][0]["status"]), (["accept", "decline"], "removed"))
batch = globus_sdk.BatchMembershipActions()
batch.leave([LINKED])
check("linked identities are hers", alice.batch_membership_action(group, batch)["leave"][0]["identity_id"], LINKED)
batch = globus_sdk.BatchMembershipActions()
batch.join([BOB])
check("back", bob.batch_membership_action(group, batch)["join"][0]["status"], "active")
batch = globus_sdk.BatchMembershipActions()
batch.request_join([LINKED])
refused_row = somebody(globus_sdk.GroupsClient, LINKED, SCOPE).batch_membership_action(group, batch)
check("fields of each identity", refused_row["errors"]["request_join"][0]["code"], "MISSING_MEMBERSHIP_FIELDS")

# Subscriptions.
check("subscription", admin.get_group_by_subscription_id(SUBSCRIPTION)["group_id"], PROTECTED)
check("verified", admin.set_subscription_admin_verified(group, SUBSCRIPTION)["subscription_admin_verified_id"], SUBSCRIPTION)
check("seen", alice.get_group(group)["subscription_admin_verified_id"], SUBSCRIPTION)
refused("not hers to verify", lambda: alice.set_subscription_admin_verified(sub, SUBSCRIPTION), 403, "FORBIDDEN")
check("high assurance", list(alice.get_group(PROTECTED)["session_timeouts"]), [ALICE])

refused("it has a subgroup", lambda: alice.delete_group(group), 409)
check("deleted", alice.delete_group(sub)["id"], sub)
check("and the other", alice.delete_group(group)["id"], group)
refused("gone", lambda: alice.get_group(group), 404)

every_method_of(globus_sdk.GroupsClient, globus_sdk.GroupsManager, globus_sdk.BatchMembershipActions, globus_sdk.GroupPolicies)
print("all is well")
