//! What endpoints and collections are told alike, some of which Transfer knows and the rest of which is kept as it is.

use serde_json::{Map, Value};

use crate::services::gcs::state::texts;
use crate::services::transfer::state::Endpoint;

/// Puts fields where Transfer has them; gives back those that it does not have.
pub(super) fn apply(row: &mut Endpoint, told: Map<String, Value>) -> Map<String, Value> {
    let mut rest = Map::new();
    for (name, value) in told {
        let text = || value.as_str().map(str::to_owned);
        let flag = || value == true;
        match name.as_str() {
            "display_name" => row.display_name = text().unwrap_or_default(),
            "description" => row.description = text(),
            "organization" => row.organization = text(),
            "department" => row.department = text(),
            "contact_email" => row.contact_email = text(),
            "contact_info" => row.contact_info = text(),
            "info_link" => row.info_link = text(),
            "default_directory" => row.default_directory = text(),
            "user_message" => row.user_message = text(),
            "user_message_link" => row.user_message_link = text(),
            "keywords" => {
                let words = texts(Some(&value));
                row.keywords = (!words.is_empty()).then(|| words.join(","));
            }
            "public" => row.public = flag(),
            "force_encryption" => row.force_encryption = flag(),
            "force_verify" => row.force_verify = flag(),
            "disable_verify" => row.disable_verify = flag(),
            "disable_anonymous_writes" => row.disable_anonymous_writes = flag(),
            _ => {
                rest.insert(name, value);
            }
        }
    }
    rest
}

/// Takes back from a collection what [`apply`] may have told it, but for its name.
pub(super) fn forget(row: &mut Endpoint) {
    for text in [
        &mut row.description,
        &mut row.organization,
        &mut row.department,
        &mut row.contact_email,
        &mut row.contact_info,
        &mut row.info_link,
        &mut row.default_directory,
        &mut row.user_message,
        &mut row.user_message_link,
        &mut row.keywords,
    ] {
        *text = None;
    }
    for flag in [
        &mut row.force_encryption,
        &mut row.force_verify,
        &mut row.disable_verify,
        &mut row.disable_anonymous_writes,
    ] {
        *flag = false;
    }
    row.public = true;
}

/// Adds settings to those there are; a null takes one away.
pub(super) fn keep(settings: &mut Map<String, Value>, told: Map<String, Value>) {
    for (name, value) in told {
        if value.is_null() {
            settings.remove(&name);
        } else {
            settings.insert(name, value);
        }
    }
}
