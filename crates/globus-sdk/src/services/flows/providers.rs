//! How the actions of a flow reach Transfer.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Flow;
use crate::error::Result;
use crate::scopes::{Scope, SpecificFlowScopes, TransferScopes};

/// Hosts of action providers that have a scope of their own for each action.
const HOSTS: [&str; 2] = ["actions.globus.org", "actions.automate.globus.org"];

/// What runs of a flow need so that they can do what `transfer` allows, as the service itself asks for it: a person's
/// consent to the flow, below that one to the action provider, and below that the one to Transfer. Newer providers are
/// called with a token for Transfer, and then it is the flow that needs that.
pub(crate) fn run_scope(flow_id: &str, flow: &Flow, transfer: &Scope) -> Result<Scope> {
    let transfer = transfer.clone().with_optional(true);
    let mut user = SpecificFlowScopes::new(flow_id)?.user().clone();
    let mut providers = flow.definition.as_ref().map(providers).unwrap_or_default();
    if providers.is_empty() {
        // Through a provider that is not known, or a flow that it starts: what clients of one flow ask for.
        providers.insert(TransferScopes::ALL.to_owned());
    }
    for provider in providers {
        user = user.with_dependency(if provider == TransferScopes::ALL {
            transfer.clone()
        } else {
            Scope::new(provider)?
                .with_optional(true)
                .with_dependency(transfer.clone())
        });
    }
    Ok(user)
}

/// The scopes with which a flow calls the providers that act on Transfer for whoever runs it.
fn providers(definition: &Value) -> BTreeSet<String> {
    let states = definition["States"].as_object();
    let states = states.into_iter().flat_map(|states| states.values());
    let of_user = states.filter(|state| state["RunAs"].as_str().is_none_or(|role| role == "User"));
    of_user.filter_map(provider).collect()
}

fn provider(state: &Value) -> Option<String> {
    let url = url::Url::parse(state["ActionUrl"].as_str()?).ok()?;
    let host = url.host_str()?;
    if host == "transfer.actions.globus.org" {
        return Some(TransferScopes::ALL.to_owned());
    }
    let action = url.path().trim_end_matches('/').strip_prefix("/transfer/")?;
    HOSTS.contains(&host).then(|| {
        let told = state["ActionScope"].as_str().map(str::to_owned);
        told.unwrap_or_else(|| format!("https://auth.globus.org/scopes/actions.globus.org/transfer/{action}"))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const FLOW: &str = "11111111-1111-4111-8111-111111111111";

    fn needed(states: Value) -> String {
        let flow: Flow = serde_json::from_value(json!({"definition": {"States": states}})).unwrap();
        let scope = run_scope(FLOW, &flow, &Scope::new(TransferScopes::ALL).unwrap()).unwrap();
        let user = SpecificFlowScopes::new(FLOW).unwrap().user().name().to_owned();
        let text = scope.to_text().unwrap().replace(&user, "user");
        text.replace(TransferScopes::ALL, "transfer")
    }

    #[test]
    fn each_provider_stands_between_the_flow_and_transfer() {
        let of = |action: &str| format!("https://auth.globus.org/scopes/actions.globus.org/transfer/{action}");
        let old = |action: &str| json!({"ActionUrl": format!("https://actions.globus.org/transfer/{action}/")});
        let new = json!({"ActionUrl": "https://transfer.actions.globus.org/transfer"});
        let told = json!({"ActionUrl": "https://actions.automate.globus.org/transfer/ls", "ActionScope": "told"});
        let other = json!({"ActionUrl": "https://actions.globus.org/hello_world"});
        let flows_own = json!({"ActionUrl": "https://actions.globus.org/transfer/ls", "RunAs": "Flow"});
        let pass = json!({"Type": "Pass"});
        let direct = "user[*transfer]".to_owned();
        for (states, wanted) in [
            (
                json!({"a": old("transfer"), "b": old("transfer"), "c": pass}),
                format!("user[*{}[*transfer]]", of("transfer")),
            ),
            (
                json!({"a": old("ls"), "b": old("transfer")}),
                format!("user[*{}[*transfer] *{}[*transfer]]", of("ls"), of("transfer")),
            ),
            (json!({"a": new, "b": other}), direct.clone()),
            (
                json!({"a": new, "b": old("delete")}),
                format!("user[*{}[*transfer] *transfer]", of("delete")),
            ),
            (json!({"a": told}), "user[*told[*transfer]]".to_owned()),
            (json!({"a": other, "b": flows_own}), direct.clone()),
            (Value::Null, direct),
        ] {
            assert_eq!(needed(states.clone()), wanted, "{states}");
        }
    }
}
