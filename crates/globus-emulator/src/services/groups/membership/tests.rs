use std::collections::BTreeMap;

use super::*;
use crate::services::groups::state::Policies;

const ME: Uuid = Uuid::from_u128(1);
const MY_OTHER: Uuid = Uuid::from_u128(2);
const TARGET: Uuid = Uuid::from_u128(3);
const BOSS: Uuid = Uuid::from_u128(4);

fn row(role: Role, status: Status) -> Membership {
    Membership {
        role,
        status,
        status_reason: None,
        invite_email_address: None,
        updated: None,
        invite_time: None,
    }
}

/// A group that another administrator keeps alive.
fn group(rows: &[(Uuid, Role, Status)]) -> Group {
    let mut memberships: BTreeMap<Uuid, Membership> = rows
        .iter()
        .map(|(id, role, status)| (*id, row(*role, *status)))
        .collect();
    memberships.insert(BOSS, row(Role::Admin, Status::Active));
    Group {
        id: Uuid::nil(),
        name: "Group".into(),
        description: None,
        terms_and_conditions: None,
        parent_id: None,
        policies: Policies {
            join_requests: true,
            group_visibility: "authenticated".into(),
            ..Policies::default()
        },
        subscription_id: None,
        subscription_info: None,
        subscription_admin_verified_id: None,
        fields: BTreeMap::new(),
        memberships,
    }
}

fn action(verb: Verb, identity: Uuid, role: Role) -> Action {
    Action {
        verb,
        identity,
        role,
        status_reason: None,
        invite_email_address: None,
    }
}

fn outcome(group: &mut Group, action: &Action, mine: &[Uuid]) -> String {
    match act(group, action, mine, true, Timestamp::UNIX_EPOCH) {
        Ok(row) => format!("{}/{}", row.role.as_str(), row.status.as_str()),
        Err(refusal) => refusal.code.to_owned(),
    }
}

/// One line for each action; one column for each status that the membership had before.
const TABLE: &str = "
             none          active         invited        pending        rejected       removed        left            declined
accept       NO_MEMBERSHIP ALREADY_ACTIVE active         INVALID_STATUS INVALID_STATUS INVALID_STATUS INVALID_STATUS  INVALID_STATUS
decline      NO_MEMBERSHIP ALREADY_ACTIVE declined       INVALID_STATUS INVALID_STATUS INVALID_STATUS INVALID_STATUS  INVALID_STATUS
leave        NO_MEMBERSHIP left           INVALID_STATUS INVALID_STATUS INVALID_STATUS INVALID_STATUS INVALID_STATUS  INVALID_STATUS
join         active        ALREADY_ACTIVE active         active         active         active         active          active
request_join pending       ALREADY_ACTIVE INVALID_STATUS INVALID_STATUS pending        pending        pending         pending
add          active        ALREADY_ACTIVE active         active         active         active         PREVIOUSLY_LEFT active
invite       invited       ALREADY_ACTIVE invited        invited        invited        invited        invited         invited
approve      NO_MEMBERSHIP ALREADY_ACTIVE INVALID_STATUS active         INVALID_STATUS INVALID_STATUS INVALID_STATUS  INVALID_STATUS
reject       NO_MEMBERSHIP ALREADY_ACTIVE INVALID_STATUS rejected       INVALID_STATUS INVALID_STATUS INVALID_STATUS  INVALID_STATUS
remove       NO_MEMBERSHIP removed        removed        INVALID_STATUS INVALID_STATUS INVALID_STATUS INVALID_STATUS  INVALID_STATUS
change_role  NO_MEMBERSHIP active         INVALID_STATUS INVALID_STATUS INVALID_STATUS INVALID_STATUS INVALID_STATUS  INVALID_STATUS
";

#[test]
fn every_action_on_every_status() {
    let mut lines = TABLE.trim_matches('\n').lines();
    let statuses: Vec<&str> = lines.next().expect("a heading").split_whitespace().collect();
    let mut seen = 0;
    for line in lines {
        let mut cells = line.split_whitespace();
        let verb = cells.next().and_then(Verb::parse).expect("an action");
        for (status, wanted) in statuses.iter().zip(cells) {
            // Own actions are the target's; others an administrator's.
            let actor = if verb.is_own() { TARGET } else { ME };
            let mut rows = vec![(ME, Role::Admin, Status::Active)];
            rows.extend(Status::parse(status).map(|status| (TARGET, Role::Member, status)));
            let mut group = group(&rows);
            let before = format!("{:?}", group.memberships);
            let got = outcome(&mut group, &action(verb, TARGET, Role::Member), &[actor]);
            let wanted = if wanted.chars().any(char::is_uppercase) {
                wanted.to_owned()
            } else {
                format!("member/{wanted}")
            };
            assert_eq!(got, wanted, "{} of {status}", verb.as_str());
            if !got.contains('/') {
                assert_eq!(
                    format!("{:?}", group.memberships),
                    before,
                    "a refused action changes nothing"
                );
            }
            seen += 1;
        }
    }
    assert_eq!(seen, Verb::ALL.len() * (Status::ALL.len() + 1));
}

#[test]
fn what_roles_may_do() {
    use Role::{Admin, Manager, Member};
    use Verb::{Add, Approve, ChangeRole, Invite, Reject, Remove};
    for (verb, least) in [
        (Add, Manager),
        (Approve, Manager),
        (Invite, Manager),
        (Reject, Manager),
        (Remove, Manager),
        (ChangeRole, Admin),
    ] {
        for role in [None, Some(Member), Some(Manager), Some(Admin)] {
            let rows: Vec<_> = role.map(|role| (ME, role, Status::Active)).into_iter().collect();
            assert_eq!(
                is_permitted(&group(&rows), verb, &[ME]),
                role >= Some(least),
                "{verb:?} by {role:?}"
            );
        }
        let invited = group(&[(ME, Admin, Status::Invited)]);
        assert!(
            !is_permitted(&invited, verb, &[ME]),
            "{verb:?} by one who has not accepted"
        );
        // Any of the caller's identities will do.
        let other = group(&[(MY_OTHER, Admin, Status::Active)]);
        assert!(is_permitted(&other, verb, &[ME, MY_OTHER]), "{verb:?}");
    }
}

#[test]
fn managers_give_no_roles_and_remove_no_administrators() {
    use Role::{Admin, Manager, Member};
    for verb in [Verb::Add, Verb::Invite] {
        for (mine, wanted, good) in [
            (Manager, Member, true),
            (Manager, Manager, false),
            (Manager, Admin, false),
            (Admin, Manager, true),
            (Admin, Admin, true),
        ] {
            let mut group = group(&[(ME, mine, Status::Active)]);
            let got = outcome(&mut group, &action(verb, TARGET, wanted), &[ME]);
            assert_eq!(got != "FORBIDDEN", good, "{verb:?} {wanted:?} by {mine:?}: {got}");
        }
    }
    for (mine, theirs, wanted) in [
        (Manager, Member, "member/removed"),
        (Manager, Manager, "manager/removed"),
        (Manager, Admin, "FORBIDDEN"),
        (Admin, Admin, "admin/removed"),
    ] {
        let mut group = group(&[(ME, mine, Status::Active), (TARGET, theirs, Status::Active)]);
        assert_eq!(
            outcome(&mut group, &action(Verb::Remove, TARGET, Member), &[ME]),
            wanted
        );
    }
}

#[test]
fn nobody_acts_for_others_or_removes_themselves() {
    for verb in Verb::ALL.into_iter().filter(|verb| verb.is_own()) {
        let mut group = group(&[
            (ME, Role::Admin, Status::Active),
            (TARGET, Role::Member, Status::Invited),
        ]);
        assert_eq!(
            outcome(&mut group, &action(verb, TARGET, Role::Member), &[ME, MY_OTHER]),
            "FORBIDDEN",
            "{verb:?}"
        );
    }
    let mut group = group(&[
        (ME, Role::Admin, Status::Active),
        (MY_OTHER, Role::Member, Status::Active),
    ]);
    for mine in [ME, MY_OTHER] {
        assert_eq!(
            outcome(&mut group, &action(Verb::Remove, mine, Role::Member), &[ME, MY_OTHER]),
            "FORBIDDEN"
        );
    }
}

#[test]
fn a_group_keeps_an_administrator() {
    let mut alone = group(&[]);
    assert_eq!(
        outcome(&mut alone, &action(Verb::Leave, BOSS, Role::Member), &[BOSS]),
        "LAST_ADMIN"
    );
    assert_eq!(
        outcome(&mut alone, &action(Verb::ChangeRole, BOSS, Role::Manager), &[BOSS]),
        "LAST_ADMIN"
    );
    assert_eq!(
        outcome(&mut alone, &action(Verb::ChangeRole, BOSS, Role::Admin), &[BOSS]),
        "admin/active"
    );
    let mut two = group(&[(ME, Role::Admin, Status::Active)]);
    assert_eq!(
        outcome(&mut two, &action(Verb::Leave, ME, Role::Member), &[ME]),
        "admin/left"
    );
    assert_eq!(
        outcome(&mut two, &action(Verb::Leave, BOSS, Role::Member), &[BOSS]),
        "LAST_ADMIN"
    );
}

#[test]
fn policies_and_preferences_are_kept() {
    let mut group = group(&[]);
    assert!(is_permitted(&group, Verb::Join, &[ME]) && is_permitted(&group, Verb::RequestJoin, &[ME]));
    group.policies.is_high_assurance = true;
    assert!(
        !is_permitted(&group, Verb::Join, &[ME]),
        "high assurance groups are not joined"
    );
    group.policies = Policies::default();
    assert!(!is_permitted(&group, Verb::Join, &[ME]) && !is_permitted(&group, Verb::RequestJoin, &[ME]));

    let add = action(Verb::Add, TARGET, Role::Member);
    let refused = act(&mut group, &add, &[BOSS], false, Timestamp::UNIX_EPOCH).expect_err("the target said no");
    assert_eq!(refused.code, "ADD_NOT_ALLOWED");

    group.policies.signup_fields = vec!["department".into()];
    for (verb, status) in [
        (Verb::Join, None),
        (Verb::RequestJoin, None),
        (Verb::Accept, Some(Status::Invited)),
    ] {
        group.fields.clear();
        group.memberships.remove(&ME);
        group
            .memberships
            .extend(status.map(|status| (ME, row(Role::Member, status))));
        assert_eq!(
            outcome(&mut group, &action(verb, ME, Role::Member), &[ME]),
            "MISSING_MEMBERSHIP_FIELDS"
        );
        let filled = serde_json::Map::from_iter([("department".to_owned(), "Physics".into())]);
        group.fields.insert(ME, filled);
        assert!(
            outcome(&mut group, &action(verb, ME, Role::Member), &[ME]).starts_with("member/"),
            "{verb:?}"
        );
    }
}

#[test]
fn what_is_possible_in_principle() {
    let group = group(&[
        (ME, Role::Member, Status::Invited),
        (MY_OTHER, Role::Manager, Status::Active),
    ]);
    let able = |id| {
        Verb::ALL
            .into_iter()
            .filter(|verb| could(&group, *verb, id))
            .map(Verb::as_str)
            .collect::<Vec<_>>()
    };
    assert_eq!(able(ME), ["accept", "decline", "join"]);
    assert_eq!(
        able(MY_OTHER),
        ["add", "approve", "invite", "leave", "reject", "remove"]
    );
    assert_eq!(able(TARGET), ["join", "request_join"]);
    assert!(!could(&group, Verb::Leave, BOSS), "the last administrator cannot leave");
}
