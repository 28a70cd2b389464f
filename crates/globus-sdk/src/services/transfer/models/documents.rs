//! What is submitted as a task.

use globus_sdk_macros::model;

use super::{Deadline, SyncLevel, document_checks};
use crate::models::EndpointId;

/// A task that copies data. Source: <https://docs.globus.org/api/transfer/task_submit/#transfer_specific_fields>.
///
/// It is refused before anything is sent when its label is too long, when a path has a line break, or when an item is a
/// folder and has a checksum.
///
/// ```
/// # use globus_sdk::services::transfer::{FilterRule, SyncLevel, TransferData, TransferItem};
/// let mut data = TransferData {
///     label: Some("nightly".to_owned()),
///     sync_level: Some(SyncLevel::Checksum),
///     ..TransferData::new("6c54cade-bde5-45c1-bdea-f4bd71dba2cc", "31ce9ba0-176d-45a5-add3-f37d233ba47d")
/// };
/// data.add_item("/home/share/data/", "/~/data/", true);
/// data.add_filter_rule(FilterRule::exclude("*.tmp").files());
/// data.data.push(TransferItem {
///     external_checksum: Some("5eb63bbbe01eeed093cb22bb8f5acdc3".to_owned()),
///     ..TransferItem::new("/home/share/greeting.txt", "/~/greeting.txt")
/// });
/// data.extra.set("store_base_path_info", true);
/// ```
#[model]
#[check(document_checks::transfer)]
pub struct TransferData {
    /// `transfer`.
    #[wire("DATA_TYPE")]
    pub data_type: Option<String>,
    /// Collection to copy from.
    pub source_endpoint: Option<EndpointId>,
    /// Collection to copy to.
    pub destination_endpoint: Option<EndpointId>,
    /// Short text that tells the task from others, at most 128 characters.
    pub label: Option<String>,
    /// Id by which the service recognizes a submission that it gets twice; drawn when the task is submitted, if absent.
    pub submission_id: Option<String>,
    /// When the task is given up; the service decides when absent.
    pub deadline: Option<Deadline>,
    /// Account on the source's host, where several fit; for mapped collections.
    pub source_local_user: Option<String>,
    /// Account on the destination's host, where several fit; for mapped collections.
    pub destination_local_user: Option<String>,
    /// Whether checksums are compared after copying, and a file that differs is copied again; the service does so
    /// when absent.
    pub verify_checksum: Option<bool>,
    /// Whether files keep their times; not so when absent.
    pub preserve_timestamp: Option<bool>,
    /// Whether data is encrypted on its way; not so when absent, unless a collection demands it.
    pub encrypt_data: Option<bool>,
    /// Whether what is missing on the source, or must not be read, is passed over; not so when absent.
    pub skip_source_errors: Option<bool>,
    /// Whether a full disk fails the task, and is not waited for; not so when absent.
    pub fail_on_quota_errors: Option<bool>,
    /// Whether files in copied folders are deleted that the source does not have; not so when absent.
    pub delete_destination_extra: Option<bool>,
    /// Whether the owner gets a mail when the task succeeds; so when absent.
    pub notify_on_succeeded: Option<bool>,
    /// Whether the owner gets a mail when the task fails; so when absent.
    pub notify_on_failed: Option<bool>,
    /// Whether the owner gets a mail when the task needs somebody to act; so when absent.
    pub notify_on_inactive: Option<bool>,
    /// When a file on the destination counts as current; everything is copied when absent.
    pub sync_level: Option<SyncLevel>,
    /// Rules for entries of copied folders. The first that fits decides; what none fits is copied.
    pub filter_rules: Option<Vec<FilterRule>>,
    /// What to copy.
    #[wire("DATA")]
    pub data: Vec<TransferItem>,
}

/// One file, folder or symbolic link of a transfer.
#[model]
pub struct TransferItem {
    /// How it is copied.
    #[wire("DATA_TYPE")]
    pub data_type: Option<TransferItemType>,
    /// Path on the source.
    pub source_path: Option<String>,
    /// Path on the destination: that of the file itself, not that of its folder.
    pub destination_path: Option<String>,
    /// Whether it is a folder; when absent, the service looks.
    pub recursive: Option<bool>,
    /// Checksum that the copied file must have; not for folders.
    pub external_checksum: Option<String>,
    /// How checksums of the file are taken, for example `SHA256`; the external one is taken for MD5 when absent.
    pub checksum_algorithm: Option<String>,
}

/// How an item of a transfer is copied.
#[model]
pub enum TransferItemType {
    /// A file or a folder; of a symbolic link, what it leads to.
    TransferItem,
    /// A symbolic link as one.
    TransferSymlinkItem,
}

/// A rule for entries of copied folders. Source: <https://docs.globus.org/api/transfer/task_submit/#filter_rules>.
#[model]
pub struct FilterRule {
    /// `filter_rule`.
    #[wire("DATA_TYPE")]
    pub data_type: Option<String>,
    /// What happens to entries that fit.
    pub method: Option<FilterMethod>,
    /// Pattern for names: `*`, `?`, `[..]` and `[!..]`.
    pub name: Option<String>,
    /// Whether only files or only folders fit; both when absent.
    #[wire("type")]
    pub rule_type: Option<FilterRuleType>,
}

/// What happens to entries that fit a rule.
#[model]
pub enum FilterMethod {
    /// They are copied, whatever later rules say.
    Include,
    /// They are left out; of a folder, all that is in it.
    Exclude,
}

/// What fits a rule beside its name.
#[model]
pub enum FilterRuleType {
    /// Files.
    File,
    /// Folders.
    Dir,
}

/// A task that deletes data. Source: <https://docs.globus.org/api/transfer/task_submit/#delete_specific_fields>.
#[model]
#[check(document_checks::delete)]
pub struct DeleteData {
    /// `delete`.
    #[wire("DATA_TYPE")]
    pub data_type: Option<String>,
    /// Collection to delete from.
    pub endpoint: Option<EndpointId>,
    /// Short text that tells the task from others, at most 128 characters.
    pub label: Option<String>,
    /// Id by which the service recognizes a submission that it gets twice; drawn when the task is submitted, if absent.
    pub submission_id: Option<String>,
    /// When the task is given up; after 24 hours when absent.
    pub deadline: Option<Deadline>,
    /// Account on the collection's host, where several fit; for mapped collections.
    pub local_user: Option<String>,
    /// Whether folders are deleted with all that is in them; needed if any item is a folder.
    pub recursive: Option<bool>,
    /// Whether what is not there counts as deleted; it is an error when absent.
    pub ignore_missing: Option<bool>,
    /// Whether `*`, `?` and `[..]` in the last part of a path are patterns; not so when absent.
    pub interpret_globs: Option<bool>,
    /// Whether the owner gets a mail when the task succeeds; so when absent.
    pub notify_on_succeeded: Option<bool>,
    /// Whether the owner gets a mail when the task fails; so when absent.
    pub notify_on_failed: Option<bool>,
    /// Whether the owner gets a mail when the task needs somebody to act; so when absent.
    pub notify_on_inactive: Option<bool>,
    /// What to delete.
    #[wire("DATA")]
    pub data: Vec<DeleteItem>,
}

/// One file, folder or symbolic link to delete. Symbolic links are deleted, never followed.
#[model]
pub struct DeleteItem {
    /// `delete_item`.
    #[wire("DATA_TYPE")]
    pub data_type: Option<String>,
    /// Path on the collection.
    pub path: Option<String>,
}

impl TransferData {
    /// A task without items.
    pub fn new(source_endpoint: impl Into<EndpointId>, destination_endpoint: impl Into<EndpointId>) -> Self {
        Self {
            data_type: Some("transfer".to_owned()),
            source_endpoint: Some(source_endpoint.into()),
            destination_endpoint: Some(destination_endpoint.into()),
            ..Self::default()
        }
    }

    /// Adds a file, or with `recursive` a folder. [`TransferItem`] has what else an item may say; push one to `data`.
    pub fn add_item(
        &mut self,
        source_path: impl Into<String>,
        destination_path: impl Into<String>,
        recursive: impl Into<Option<bool>>,
    ) -> &mut Self {
        self.data.push(TransferItem {
            recursive: recursive.into(),
            ..TransferItem::new(source_path, destination_path)
        });
        self
    }

    /// Adds a rule after those that are there: the first one that fits an entry decides.
    pub fn add_filter_rule(&mut self, rule: FilterRule) -> &mut Self {
        self.filter_rules.get_or_insert_default().push(rule);
        self
    }

    /// The items in their order.
    pub fn iter_items(&self) -> std::slice::Iter<'_, TransferItem> {
        self.data.iter()
    }
}

impl TransferItem {
    /// A file or a folder.
    pub fn new(source_path: impl Into<String>, destination_path: impl Into<String>) -> Self {
        Self::of(
            TransferItemType::TransferItem,
            source_path.into(),
            destination_path.into(),
        )
    }

    /// A symbolic link that is copied as one, not followed.
    pub fn symlink(source_path: impl Into<String>, destination_path: impl Into<String>) -> Self {
        Self::of(
            TransferItemType::TransferSymlinkItem,
            source_path.into(),
            destination_path.into(),
        )
    }

    fn of(data_type: TransferItemType, source_path: String, destination_path: String) -> Self {
        Self {
            data_type: Some(data_type),
            source_path: Some(source_path),
            destination_path: Some(destination_path),
            ..Self::default()
        }
    }
}

impl FilterRule {
    /// Leaves out what has such a name.
    pub fn exclude(name: impl Into<String>) -> Self {
        Self::of(FilterMethod::Exclude, name.into())
    }

    /// Copies what has such a name, also where a later rule would leave it out.
    pub fn include(name: impl Into<String>) -> Self {
        Self::of(FilterMethod::Include, name.into())
    }

    /// Only for files.
    #[must_use]
    pub fn files(mut self) -> Self {
        self.rule_type = Some(FilterRuleType::File);
        self
    }

    /// Only for folders.
    #[must_use]
    pub fn folders(mut self) -> Self {
        self.rule_type = Some(FilterRuleType::Dir);
        self
    }

    fn of(method: FilterMethod, name: String) -> Self {
        Self {
            data_type: Some("filter_rule".to_owned()),
            method: Some(method),
            name: Some(name),
            ..Self::default()
        }
    }
}

impl DeleteData {
    /// A task without items.
    pub fn new(endpoint: impl Into<EndpointId>) -> Self {
        Self {
            data_type: Some("delete".to_owned()),
            endpoint: Some(endpoint.into()),
            ..Self::default()
        }
    }

    /// Adds a file, or a folder if the document says `recursive`.
    pub fn add_item(&mut self, path: impl Into<String>) -> &mut Self {
        self.data.push(DeleteItem::new(path));
        self
    }

    /// The items in their order.
    pub fn iter_items(&self) -> std::slice::Iter<'_, DeleteItem> {
        self.data.iter()
    }
}

impl DeleteItem {
    /// A file, a folder or a symbolic link.
    pub fn new(path: impl Into<String>) -> Self {
        Self {
            data_type: Some("delete_item".to_owned()),
            path: Some(path.into()),
            ..Self::default()
        }
    }
}
