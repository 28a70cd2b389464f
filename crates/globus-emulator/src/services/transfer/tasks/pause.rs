//! Tasks that stand still: paused by managers, one by one or by rules, or in need of their owner.
//! <https://docs.globus.org/api/transfer/advanced_collection_management/#pause_rule>

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Kind, LONGEST_STANDSTILL, PATIENCE, Place, Stage, Task, Word};

/// What somebody does with a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Activity {
    Ls,
    Mkdir,
    Symlink,
    Rename,
    Delete,
    Write,
    Read,
}

impl Activity {
    /// All of them, with the field of a rule that says whether they are paused.
    pub(crate) const FIELDS: [(&'static str, Self); 7] = [
        ("pause_ls", Self::Ls),
        ("pause_mkdir", Self::Mkdir),
        ("pause_symlink", Self::Symlink),
        ("pause_rename", Self::Rename),
        ("pause_task_delete", Self::Delete),
        ("pause_task_transfer_write", Self::Write),
        ("pause_task_transfer_read", Self::Read),
    ];
}

/// Pauses what people do with a collection, and with what is part of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct PauseRule {
    pub(crate) id: Uuid,
    pub(crate) message: String,
    pub(crate) start_time: Option<Timestamp>,
    pub(crate) endpoint_id: Uuid,
    /// For whom it holds; for everybody if nobody is named.
    pub(crate) identity_id: Option<Uuid>,
    pub(crate) modified_by_id: Uuid,
    /// Was made by somebody who manages the host only.
    pub(crate) created_by_host_manager: bool,
    pub(crate) paused: BTreeSet<Activity>,
}

impl PauseRule {
    pub(crate) fn applies(&self, place: &Place, who: &[Uuid], activity: Activity, now: Timestamp) -> bool {
        place.within.contains(&self.endpoint_id)
            && self.identity_id.is_none_or(|identity| who.contains(&identity))
            && self.paused.contains(&activity)
            && self.start_time.is_none_or(|start| start <= now)
    }
}

/// Rules by id.
pub(crate) type Rules = BTreeMap<Uuid, PauseRule>;

/// Why a task stands still, if it does.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Standstill {
    /// What managers of its collections said when they paused it.
    pub(crate) source: Option<String>,
    pub(crate) destination: Option<String>,
    /// The same, of guest collections.
    pub(crate) source_share: Option<String>,
    pub(crate) destination_share: Option<String>,
    /// A rule pauses it.
    ruled: bool,
    /// What its owner has to mend: a code, and the same in words.
    pub(crate) needs: Option<(Word, String)>,
    since: Option<Timestamp>,
}

impl Standstill {
    fn is_pause(&self) -> bool {
        let messages = [
            &self.source,
            &self.destination,
            &self.source_share,
            &self.destination_share,
        ];
        self.ruled || messages.into_iter().any(Option::is_some)
    }
}

impl Task {
    /// The rules that pause it.
    pub(crate) fn rules<'a>(&self, rules: &'a Rules, now: Timestamp) -> impl Iterator<Item = &'a PauseRule> {
        let uses = match self.kind {
            Kind::Delete => [Some((&self.source, Activity::Delete)), None],
            Kind::Transfer => {
                let written = self.destination.as_ref().map(|place| (place, Activity::Write));
                [Some((&self.source, Activity::Read)), written]
            }
        };
        rules.values().filter(move |rule| {
            let mut uses = uses.iter().flatten();
            uses.any(|(place, activity)| rule.applies(place, &self.identities, *activity, now))
        })
    }

    /// Whether a manager or a rule pauses it.
    pub(crate) fn is_paused(&self) -> bool {
        self.is_active() && self.standstill.is_pause()
    }

    /// Whether it waits for somebody to let it go on.
    pub(crate) fn stands_still(&self) -> bool {
        self.is_active() && self.standstill.since.is_some()
    }

    /// Stops it, or lets it go on, as rules and managers say by now; says whether it did either. Without a deadline of its own it has a long time as
    /// long as it stands still, and a day from then on.
    pub(super) fn stand_or_go(&mut self, rules: &Rules, now: Timestamp) -> bool {
        self.standstill.ruled = !rules.is_empty() && self.rules(rules, now).next().is_some();
        let stands = self.standstill.is_pause() || self.standstill.needs.is_some();
        let (since, event, more) = match (self.standstill.since, stands) {
            (None, true) => (Some(now), "PAUSED", LONGEST_STANDSTILL),
            (Some(_), false) => (None, "UNPAUSED", PATIENCE),
            _ => return false,
        };
        self.standstill.since = since;
        if !self.is_deadline_own {
            self.deadline = now.checked_add(more).unwrap_or(now);
        }
        let needs = self.standstill.needs.clone();
        let details = needs.map_or_else(|| event.to_lowercase(), |(_, details)| details);
        self.add_event(event, false, details, now);
        if let (false, Stage::Waiting(_)) = (stands, self.stage) {
            self.stage = Stage::Waiting(now);
        }
        true
    }
}
