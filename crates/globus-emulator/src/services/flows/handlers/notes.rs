//! What the bodies of runs have in common: label, tags, who may see and change the run.

use serde_json::{Map, Value};

use crate::exchange::{Incoming, Reply};
use crate::services::flows::runs::Notes;
use crate::services::flows::validation::{Place, Problems, Reader};

/// What a body says about a run; what it does not speak of is `None`.
#[derive(Debug)]
pub(crate) struct Changes {
    label: Option<String>,
    tags: Option<Vec<String>>,
    run_managers: Option<Vec<String>>,
    run_monitors: Option<Vec<String>>,
    /// The input of a run that begins.
    pub(crate) input: Option<Value>,
}

/// Reads what is to be written down about a run, and the input of one that begins.
pub(crate) fn read(request: &Incoming, body: &Map<String, Value>, begins: bool) -> Result<Changes, Reply> {
    let mut problems = Problems::default();
    let mut reader = Reader::new(body, Place::Root);
    let input = if begins {
        reader.required("body", &mut problems);
        policy(&mut reader, &mut problems);
        reader.object("body", &mut problems).cloned().map(Value::Object)
    } else {
        None
    };
    let tags = reader.texts("tags", &mut problems);
    let changes = Changes {
        label: reader.text_of("label", 1, 64, &mut problems),
        tags: tags.map(|tags| tags.iter().map(|tag| plain(tag)).collect()),
        run_managers: reader.principals("run_managers", "RunManager", &[], &mut problems),
        run_monitors: reader.principals("run_monitors", "RunMonitor", &[], &mut problems),
        input,
    };
    reader.finish(&mut problems);
    problems.finish(request)?;
    Ok(changes)
}

/// Checks for which statuses somebody wants to be told; the emulator sends no messages.
fn policy(reader: &mut Reader<'_>, problems: &mut Problems) {
    const STATUSES: [&str; 3] = ["INACTIVE", "SUCCEEDED", "FAILED"];
    let Some(map) = reader.object("activity_notification_policy", problems) else {
        return;
    };
    let mut policy = Reader::new(map, reader.place.key("activity_notification_policy"));
    for status in policy.texts("status", problems).into_iter().flatten() {
        if !STATUSES.contains(&status.as_str()) {
            let message = format!("'{status}' is none of {}", STATUSES.join(", "));
            policy.wrong("status", problems, message);
        }
    }
    policy.finish(problems);
}

/// A tag with single spaces within, and none around it.
fn plain(tag: &str) -> String {
    tag.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Changes {
    /// Writes what is given.
    pub(crate) fn apply(self, notes: &mut Notes) {
        if self.label.is_some() {
            notes.label = self.label;
        }
        for (slot, list) in [
            (&mut notes.tags, self.tags),
            (&mut notes.run_managers, self.run_managers),
            (&mut notes.run_monitors, self.run_monitors),
        ] {
            if let Some(list) = list {
                *slot = list;
            }
        }
    }
}
