//! Documents of Groups.

use globus_sdk::services::groups::{BatchMembershipActions, GroupPolicies, GroupRole};
use serde_json::Value;

use super::notation::{Arguments, Payload};
use super::{Entry, Refused, document};

pub(super) const ENTRIES: &[Entry] = &[("BatchMembershipActions", actions), ("GroupPolicies", policies)];

fn actions(payload: &Payload) -> Result<Value, Refused> {
    let mut actions = BatchMembershipActions::new();
    for (method, given) in payload.calls(|method| match method {
        "change_roles" => &["role", "identity_ids"],
        _ => &["identity_ids"],
    }) {
        let ids = identities(&given)?;
        // The Python SDK's default.
        let role = || Ok::<_, Refused>(given.take("role")?.unwrap_or(GroupRole::Member));
        actions = match method {
            "accept_invites" => actions.accept_invites(ids),
            "add_members" => actions.add_members(ids, role()?),
            "approve_pending" => actions.approve_pending(ids),
            "change_roles" => actions.change_roles(given.need("role")?, ids),
            "decline_invites" => actions.decline_invites(ids),
            "invite_members" => actions.invite_members(ids, role()?),
            "join" => actions.join(ids),
            "leave" => actions.leave(ids),
            "reject_join_requests" => actions.reject_join_requests(ids),
            "remove_members" => actions.remove_members(ids),
            "request_join" => actions.request_join(ids),
            other => return Err(format!("no method {other}")),
        };
    }
    document(&actions)
}

/// One, or several.
fn identities(given: &Arguments) -> Result<Vec<String>, Refused> {
    given
        .take::<String>("identity_ids")
        .map(|one| one.into_iter().collect())
        .or_else(|_| given.need("identity_ids"))
}

fn policies(payload: &Payload) -> Result<Value, Refused> {
    let given = payload.made_with(&[]);
    document(&GroupPolicies {
        is_high_assurance: Some(given.need("is_high_assurance")?),
        group_visibility: Some(given.need("group_visibility")?),
        group_members_visibility: Some(given.need("group_members_visibility")?),
        join_requests: Some(given.need("join_requests")?),
        signup_fields: Some(given.need("signup_fields")?),
        authentication_assurance_timeout: given.take("authentication_assurance_timeout")?.unwrap_or_default(),
        ..GroupPolicies::default()
    })
}

#[test]
fn a_null_timeout_is_sent_and_none_is_not() {
    let made = |timeout: Value| {
        let payload = serde_json::json!({
            "__payload__": "GroupPolicies", "args": [], "calls": [],
            "kwargs": {
                "is_high_assurance": true, "group_visibility": "private", "group_members_visibility": "members",
                "join_requests": true, "signup_fields": [], "authentication_assurance_timeout": timeout,
            },
        });
        policies(&Payload::read(&payload)).expect("it can be made")
    };
    assert_eq!(
        made(Value::Null).get("authentication_assurance_timeout"),
        Some(&Value::Null)
    );
    assert_eq!(
        made(serde_json::json!({"__missing__": true})).get("authentication_assurance_timeout"),
        None
    );
}
