//! What a program that acts as itself asks a token for.

use globus_sdk::operation::Operation;

/// A scope that the operation needs beside those that its client asks for anyway, among them the one for its own resource,
/// such as a flow, which operations do not name.
pub(super) fn missing(operation: &Operation) -> Option<&'static str> {
    let asked = operation.client.default_scopes;
    if operation.scopes.iter().any(|scope| asked.contains(scope)) {
        return None;
    }
    operation.scopes.first().copied()
}

#[cfg(test)]
mod tests {
    use globus_sdk::services::operation;

    use super::*;

    #[test]
    fn enough_and_no_more() {
        let of = |key| missing(operation(key).unwrap());
        assert_eq!(of("groups.get_my_groups"), None);
        assert_eq!(
            of("groups.delete_group"),
            Some("urn:globus:auth:scope:groups.api.globus.org:all")
        );
        assert_eq!(of("gcs.get_gcs_info"), None);
        for key in [
            "specific_flow.run_flow",
            "specific_flow.resume_run",
            "gcs.get_collection",
        ] {
            assert!(!operation(key).unwrap().needed_scopes().is_empty(), "{key}");
            assert_eq!(of(key), None, "{key}: the client asks for it");
        }
    }
}
