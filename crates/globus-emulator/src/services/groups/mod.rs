//! Globus Groups: groups, their members and policies. <https://docs.globus.org/api/groups/>

pub(crate) mod access;
pub(crate) mod documents;
pub(crate) mod errors;
pub(crate) mod handlers;
pub(crate) mod membership;
pub(crate) mod session;
pub(crate) mod state;
pub(crate) mod validation;

use handlers::{batch, groups, identity_settings, settings};

use super::Extra;
use crate::exchange::Handler;

/// Handlers by operation.
pub(crate) const HANDLERS: &[(&str, Handler)] = &[
    ("groups.get_my_groups", groups::mine),
    ("groups.create_group", groups::create),
    ("groups.get_group", groups::get),
    ("groups.update_group", groups::update),
    ("groups.delete_group", groups::delete),
    ("groups.batch_membership_action", batch::act),
    ("groups.get_group_policies", settings::get_policies),
    ("groups.set_group_policies", settings::set_policies),
    ("groups.get_group_by_subscription_id", settings::by_subscription),
    ("groups.set_subscription_admin_verified", settings::set_verified),
    ("groups.get_membership_fields", identity_settings::get_fields),
    ("groups.set_membership_fields", identity_settings::set_fields),
    ("groups.get_identity_preferences", identity_settings::get_preferences),
    ("groups.set_identity_preferences", identity_settings::set_preferences),
];

/// Paths that are no operation of the SDK.
pub(crate) const EXTRAS: &[Extra] = &[
    ("GET", "/v2/groups/statuses", Some(groups::statuses)),
    ("GET", "/v2/groups/{group_id}/children", Some(groups::children)),
];
