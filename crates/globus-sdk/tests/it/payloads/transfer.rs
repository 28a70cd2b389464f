//! Documents of Transfer.

use globus_sdk::models::EndpointId;
use globus_sdk::services::transfer::{
    DeleteData, DeleteItem, FilterMethod, FilterRule, SyncLevel, TransferData, TransferItem,
};
use serde_json::Value;

use super::notation::{Arguments, Payload};
use super::{Entry, Refused, document};

pub(super) const ENTRIES: &[Entry] = &[
    ("TransferData", |payload| document(&transfer_data(payload)?)),
    ("DeleteData", delete_data),
];

/// Also the body of a timer.
pub(super) fn transfer_data(payload: &Payload) -> Result<TransferData, Refused> {
    let given = payload.made_with(&["source_endpoint", "destination_endpoint"]);
    let (source, destination): (EndpointId, EndpointId) =
        (given.need("source_endpoint")?, given.need("destination_endpoint")?);
    let mut data = TransferData {
        label: given.take("label")?,
        submission_id: given.take("submission_id")?,
        sync_level: sync_level(&given)?,
        verify_checksum: given.take("verify_checksum")?,
        preserve_timestamp: given.take("preserve_timestamp")?,
        encrypt_data: given.take("encrypt_data")?,
        deadline: given.time("deadline")?,
        skip_source_errors: given.take("skip_source_errors")?,
        fail_on_quota_errors: given.take("fail_on_quota_errors")?,
        delete_destination_extra: given.take("delete_destination_extra")?,
        notify_on_succeeded: given.take("notify_on_succeeded")?,
        notify_on_failed: given.take("notify_on_failed")?,
        notify_on_inactive: given.take("notify_on_inactive")?,
        source_local_user: given.take("source_local_user")?,
        destination_local_user: given.take("destination_local_user")?,
        ..TransferData::new(source, destination)
    };
    given.add_fields(&mut data.extra);
    for (method, given) in payload.calls(|method| match method {
        "add_item" => &["source_path", "destination_path"],
        _ => &["name"],
    }) {
        match method {
            "add_item" => {
                let mut item = TransferItem {
                    recursive: given.take("recursive")?,
                    external_checksum: given.take("external_checksum")?,
                    checksum_algorithm: given.take("checksum_algorithm")?,
                    ..TransferItem::new(
                        given.need::<String>("source_path")?,
                        given.need::<String>("destination_path")?,
                    )
                };
                given.add_fields(&mut item.extra);
                data.data.push(item);
            }
            "add_filter_rule" => {
                let name: String = given.need("name")?;
                let rule = match given.take("method")?.unwrap_or(FilterMethod::Exclude) {
                    FilterMethod::Include => FilterRule::include(name),
                    _ => FilterRule::exclude(name),
                };
                data.add_filter_rule(FilterRule {
                    rule_type: given.take("type")?,
                    ..rule
                });
            }
            other => return Err(format!("no method {other}")),
        }
    }
    Ok(data)
}

fn delete_data(payload: &Payload) -> Result<Value, Refused> {
    let given = payload.made_with(&["endpoint"]);
    let mut data = DeleteData {
        label: given.take("label")?,
        submission_id: given.take("submission_id")?,
        recursive: given.take("recursive")?,
        ignore_missing: given.take("ignore_missing")?,
        interpret_globs: given.take("interpret_globs")?,
        deadline: given.time("deadline")?,
        notify_on_succeeded: given.take("notify_on_succeeded")?,
        notify_on_failed: given.take("notify_on_failed")?,
        notify_on_inactive: given.take("notify_on_inactive")?,
        local_user: given.take("local_user")?,
        ..DeleteData::new(given.need::<EndpointId>("endpoint")?)
    };
    given.add_fields(&mut data.extra);
    for (method, given) in payload.calls(|_| &["path"]) {
        assert_eq!(method, "add_item");
        let mut item = DeleteItem::new(given.need::<String>("path")?);
        given.add_fields(&mut item.extra);
        data.data.push(item);
    }
    document(&data)
}

/// By number or by name.
fn sync_level(given: &Arguments) -> Result<Option<SyncLevel>, Refused> {
    match given.take("sync_level")? {
        Some(Value::String(name)) => name
            .parse()
            .map(Some)
            .map_err(|error: globus_sdk::Error| error.to_string()),
        _ => Ok(given.take::<i64>("sync_level")?.map(Into::into)),
    }
}
