//! The life of a group: two who work together.

use std::error::Error;

use globus_emulator::seed::{ALICE, CLIENT_ID, CLIENT_SECRET};
use globus_sdk::scopes::GroupsScopes;
use globus_sdk::services::groups::BatchMembershipResult;
use globus_sdk::{
    AccessTokenAuthorizer, ClientCredentialsAuthorizer, ConfidentialAppAuthClient, GroupsClient, GroupsManager,
};

use crate::{Stage, expect, step};

pub(crate) async fn play(stage: &Stage) -> Result<(), Box<dyn Error>> {
    let auth: ConfidentialAppAuthClient =
        stage.client(ConfidentialAppAuthClient::with_secret(CLIENT_ID, CLIENT_SECRET))?;
    let authorizer = ClientCredentialsAuthorizer::new(&auth, GroupsScopes::ALL);
    let groups: GroupsClient = stage.client(GroupsClient::builder().authorizer(authorizer))?;
    let manager = GroupsManager::new(&groups);

    // People log in with a browser; this Globus gives a person's token to whoever runs it.
    let token = stage.emulator.mint_token(ALICE, &[GroupsScopes::ALL])?;
    let authorizer = AccessTokenAuthorizer::new(token);
    let hers: GroupsClient = stage.client(GroupsClient::builder().authorizer(authorizer))?;

    step("The program creates a group.");
    let group = manager
        .create_group("Demo readers", "Who may read the demo's data")
        .await?;
    let id = group.id.clone().ok_or("the group has no id")?;
    say!("  Group {id}");

    step("It invites Alice.");
    let invited = manager.invite_member(&id, ALICE).await?;
    none_failed(&invited)?;
    expect(
        !is_member(&hers, id.as_str()).await?,
        "an invitation is not yet a membership",
    )?;

    step("Alice accepts.");
    let accepted = GroupsManager::new(&hers).accept_invite(&id, ALICE).await?;
    none_failed(&accepted)?;

    step("Both list their groups.");
    expect(is_member(&groups, id.as_str()).await?, "the program is in its group")?;
    expect(is_member(&hers, id.as_str()).await?, "Alice is in the group")?;

    step("The program deletes the group, and nobody has it any more.");
    groups.delete_group(&id).await?;
    expect(!is_member(&hers, id.as_str()).await?, "the group is gone")
}

/// A whole request can succeed while single actions in it fail.
fn none_failed(result: &BatchMembershipResult) -> Result<(), Box<dyn Error>> {
    let failed = result.errors.as_ref().is_some_and(|errors| !errors.is_empty());
    expect(!failed, "the membership changes")
}

/// Prints the caller's groups and answers whether the one is among them.
async fn is_member(groups: &GroupsClient, id: &str) -> globus_sdk::Result<bool> {
    let mine = groups.get_my_groups().await?;
    let names: Vec<&str> = mine.iter().filter_map(|group| group.name.as_deref()).collect();
    say!(
        "  Groups: {}",
        if names.is_empty() {
            "none".to_owned()
        } else {
            names.join(", ")
        }
    );
    Ok(mine
        .iter()
        .any(|group| group.id.as_ref().is_some_and(|its| its.as_str() == id)))
}
