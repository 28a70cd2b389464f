//! What a program that acts as itself asks a token for.

use globus_sdk::Result;
use globus_sdk::operation::{ClientSpec, Operation};

/// The client's own scopes, and one with which the operation works if it needs more. Empty: a token is of no use.
///
/// `resource_server` is known for clients of one flow, collection or endpoint, which have scopes of their own.
pub(super) fn needed(
    spec: &ClientSpec,
    operation: Option<&Operation>,
    resource_server: Option<&str>,
) -> Result<Vec<String>> {
    let mut scopes: Vec<String> = spec.default_scopes.iter().map(|scope| (*scope).to_owned()).collect();
    if let (Some(id), Some(scopes_of)) = (resource_server, spec.scopes_of) {
        scopes.push(scopes_of(id)?.to_string());
    }
    let wanted = operation.map_or(&[][..], |operation| operation.scopes);
    if let Some(first) = wanted.first()
        && !wanted.iter().any(|scope| scopes.iter().any(|has| has == scope))
    {
        scopes.push((*first).to_owned());
    }
    Ok(scopes)
}

#[cfg(test)]
mod tests {
    use globus_sdk::services::operations;

    use super::*;

    fn of(key: &str, resource_server: Option<&str>) -> Vec<String> {
        let operation = operations().find(|operation| operation.key() == key).unwrap();
        needed(operation.client, Some(operation), resource_server).unwrap()
    }

    #[test]
    fn enough_and_no_more() {
        let view = "urn:globus:auth:scope:groups.api.globus.org:view_my_groups_and_memberships";
        let all = "urn:globus:auth:scope:groups.api.globus.org:all";
        assert_eq!(of("groups.get_my_groups", None), [view]);
        assert_eq!(of("groups.delete_group", None), [view, all]);
        assert_eq!(
            of("specific_flow.run_flow", Some("a-b")),
            ["https://auth.globus.org/scopes/a-b/flow_a_b_user"]
        );
    }
}
