//! Reading documents strictly: every field is known and of the right type.

use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::path::FilePath;
use super::query;
use super::tasks::checksum::Algorithm;
use super::tasks::{FilterRule, Item, Options, Symlinks, SyncLevel};

const TIME: &str = "a time such as 2030-01-31T12:00:00+00:00";
/// The longest label.
const LONGEST_LABEL: usize = 128;

/// A document of a known type.
pub(crate) struct Document<'a> {
    fields: &'a Map<String, Value>,
    data_type: &'static str,
}

impl<'a> Document<'a> {
    /// Takes a value for a document of a type.
    pub(crate) fn of(value: &'a Value, data_type: &'static str) -> Result<Self, String> {
        let fields = value
            .as_object()
            .ok_or_else(|| format!("A {data_type} document is a JSON object"))?;
        match fields.get("DATA_TYPE") {
            Some(Value::String(found)) if found == data_type => Ok(Self { fields, data_type }),
            Some(found) => Err(format!("Invalid DATA_TYPE {found}: it is \"{data_type}\"")),
            None => Err(format!("Missing field 'DATA_TYPE' in the {data_type} document")),
        }
    }

    /// Takes a value for a document whose type may be left out.
    pub(crate) fn untyped(value: &'a Value, data_type: &'static str) -> Result<Self, String> {
        match value.as_object() {
            Some(fields) if !fields.contains_key("DATA_TYPE") => Ok(Self { fields, data_type }),
            _ => Self::of(value, data_type),
        }
    }

    /// Refuses fields that are not known.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), String> {
        let unknown = self
            .fields
            .keys()
            .find(|key| *key != "DATA_TYPE" && !known.contains(&key.as_str()));
        match unknown {
            Some(key) => Err(format!(
                "Unknown field '{}' in the {} document",
                key.escape_debug(),
                self.data_type
            )),
            None => Ok(()),
        }
    }

    pub(crate) fn invalid(&self, name: &str, what: &str) -> String {
        format!("Invalid field '{name}' in a {} document: it is {what}", self.data_type)
    }

    /// A field that is neither left out nor null.
    pub(crate) fn get(&self, name: &str) -> Option<&'a Value> {
        self.fields.get(name).filter(|value| !value.is_null())
    }

    fn required(&self, name: &str) -> Result<&'a Value, String> {
        self.get(name)
            .ok_or_else(|| format!("Missing field '{name}' in a {} document", self.data_type))
    }

    pub(crate) fn text(&self, name: &str) -> Result<&'a str, String> {
        self.required(name)?
            .as_str()
            .ok_or_else(|| self.invalid(name, "a string"))
    }

    pub(crate) fn optional_text(&self, name: &str) -> Result<Option<&'a str>, String> {
        match self.get(name) {
            Some(value) => value.as_str().map(Some).ok_or_else(|| self.invalid(name, "a string")),
            None => Ok(None),
        }
    }

    pub(crate) fn optional_flag(&self, name: &str) -> Result<Option<bool>, String> {
        match self.get(name) {
            Some(value) => value
                .as_bool()
                .map(Some)
                .ok_or_else(|| self.invalid(name, "true or false")),
            None => Ok(None),
        }
    }

    pub(crate) fn flag(&self, name: &str) -> Result<bool, String> {
        Ok(self.optional_flag(name)?.unwrap_or(false))
    }

    pub(crate) fn list(&self, name: &str) -> Result<&'a [Value], String> {
        let list = self.required(name)?.as_array();
        list.map(Vec::as_slice).ok_or_else(|| self.invalid(name, "a list"))
    }

    pub(crate) fn path(&self, name: &str) -> Result<FilePath, String> {
        FilePath::parse(self.text(name)?)
    }

    /// A text that is one of those that are known.
    pub(crate) fn one_of(&self, name: &str, known: &[&'static str]) -> Result<&'static str, String> {
        let text = self.text(name)?;
        let found = known.iter().copied().find(|known| *known == text);
        found.ok_or_else(|| self.invalid(name, &known.join(", ")))
    }

    /// An id, if there is one.
    pub(crate) fn optional_id(&self, name: &str) -> Result<Option<Uuid>, String> {
        let text = self.optional_text(name)?;
        let id = text.map(|text| Uuid::parse_str(text).map_err(|_| self.invalid(name, "an id")));
        id.transpose()
    }

    pub(crate) fn id(&self, name: &str) -> Result<Uuid, String> {
        self.required(name)?;
        self.optional_id(name)?.ok_or_else(|| self.invalid(name, "an id"))
    }

    /// A time, if there is one.
    pub(crate) fn optional_time(&self, name: &str) -> Result<Option<Timestamp>, String> {
        let text = self.optional_text(name)?;
        let time = text.map(|text| query::time(text).ok_or_else(|| self.invalid(name, TIME)));
        time.transpose()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// A label: one line, not too long.
    pub(crate) fn label(&self) -> Result<Option<String>, String> {
        let label = self.optional_text("label")?;
        if label.is_some_and(|label| label.contains(['\n', '\r']) || label.chars().count() > LONGEST_LABEL) {
            return Err(self.invalid("label", &format!("one line of at most {LONGEST_LABEL} characters")));
        }
        Ok(label.map(str::to_owned))
    }

    /// A deadline, which lies ahead.
    pub(crate) fn deadline(&self, now: Timestamp) -> Result<Option<Timestamp>, String> {
        let time = self.optional_time("deadline")?;
        if time.is_some_and(|time| time <= now) {
            return Err(format!("The deadline '{}' is in the past", self.text("deadline")?));
        }
        Ok(time)
    }
}

/// What transfers and deletes have in common.
pub(crate) struct Common {
    pub(crate) submission: Uuid,
    pub(crate) label: Option<String>,
    pub(crate) deadline: Option<Timestamp>,
}

const COMMON: [&str; 8] = [
    "DATA",
    "submission_id",
    "label",
    "deadline",
    "notify_on_succeeded",
    "notify_on_failed",
    "notify_on_inactive",
    // Older clients send it.
    "skip_activation_check",
];

fn common(document: &Document<'_>, now: Timestamp) -> Result<Common, String> {
    for name in &COMMON[4..] {
        document.optional_flag(name)?;
    }
    let submission = document.text("submission_id")?;
    Ok(Common {
        submission: Uuid::parse_str(submission)
            .map_err(|_| document.invalid("submission_id", "an id that GET /submission_id gave"))?,
        label: document.label()?,
        deadline: document.deadline(now)?,
    })
}

/// Why a submission is refused.
pub(crate) enum Invalid {
    NoItems,
    Because(String),
}

impl From<String> for Invalid {
    fn from(message: String) -> Self {
        Self::Because(message)
    }
}

/// A transfer as it was asked for.
pub(crate) struct Transfer {
    pub(crate) common: Common,
    pub(crate) source: String,
    pub(crate) destination: String,
    pub(crate) source_user: Option<String>,
    pub(crate) destination_user: Option<String>,
    pub(crate) items: Vec<Item>,
    pub(crate) options: Options,
}

/// Reads the document of a transfer.
pub(crate) fn transfer(value: &Value, now: Timestamp) -> Result<Transfer, Invalid> {
    const MORE: [&str; 18] = [
        "source_endpoint",
        "destination_endpoint",
        "source_local_user",
        "destination_local_user",
        "verify_checksum",
        "preserve_timestamp",
        "encrypt_data",
        "skip_source_errors",
        "fail_on_quota_errors",
        "delete_destination_extra",
        "sync_level",
        "filter_rules",
        "recursive_symlinks",
        "store_base_path_info",
        "perf_cc",
        "perf_p",
        "perf_pp",
        "perf_udt",
    ];
    let document = Document::of(value, "transfer")?;
    document.only(&[&COMMON[..], &MORE[..]].concat())?;
    let (source, destination) = (
        document.text("source_endpoint")?,
        document.text("destination_endpoint")?,
    );
    let common = common(&document, now)?;
    for name in ["perf_cc", "perf_p", "perf_pp"] {
        if document
            .get(name)
            .is_some_and(|value| value.as_u64().is_none_or(|number| number == 0))
        {
            return Err(document.invalid(name, "a number above zero").into());
        }
    }
    document.optional_flag("perf_udt")?;
    document.optional_flag("store_base_path_info")?;
    let options = options(&document)?;
    let rows = document.list("DATA")?;
    if rows.is_empty() {
        return Err(Invalid::NoItems);
    }
    let items = rows.iter().map(item).collect::<Result<Vec<_>, _>>()?;
    if options.delete_destination_extra && items.iter().any(|item| item.recursive == Some(false)) {
        let message = "delete_destination_extra is for recursive items only";
        return Err(message.to_owned().into());
    }
    let owned = |name| Ok::<_, String>(document.optional_text(name)?.map(str::to_owned));
    Ok(Transfer {
        common,
        source: source.to_owned(),
        destination: destination.to_owned(),
        source_user: owned("source_local_user")?,
        destination_user: owned("destination_local_user")?,
        items,
        options,
    })
}

fn options(document: &Document<'_>) -> Result<Options, String> {
    let sync_level = match document.get("sync_level") {
        None => None,
        Some(value) => Some(match value.as_u64() {
            Some(0) => SyncLevel::Exists,
            Some(1) => SyncLevel::Size,
            Some(2) => SyncLevel::Modified,
            Some(3) => SyncLevel::Checksum,
            _ => return Err(document.invalid("sync_level", "0, 1, 2, 3 or null")),
        }),
    };
    let symlinks = match document.optional_text("recursive_symlinks")? {
        None | Some("ignore") => Symlinks::Ignore,
        Some("keep") => Symlinks::Keep,
        Some("copy") => Symlinks::Copy,
        Some(_) => return Err(document.invalid("recursive_symlinks", "ignore, keep or copy")),
    };
    let filter_rules = match document.get("filter_rules") {
        None => None,
        Some(_) => Some(
            document
                .list("filter_rules")?
                .iter()
                .map(filter_rule)
                .collect::<Result<Vec<_>, _>>()?,
        ),
    };
    Ok(Options {
        sync_level,
        encrypt_data: document.flag("encrypt_data")?,
        verify_checksum: document.flag("verify_checksum")?,
        preserve_timestamp: document.flag("preserve_timestamp")?,
        delete_destination_extra: document.flag("delete_destination_extra")?,
        symlinks,
        skip_source_errors: document.flag("skip_source_errors")?,
        fail_on_quota_errors: document.flag("fail_on_quota_errors")?,
        filter_rules,
    })
}

fn filter_rule(value: &Value) -> Result<FilterRule, String> {
    let rule = Document::of(value, "filter_rule")?;
    rule.only(&["method", "type", "name"])?;
    Ok(FilterRule {
        include: match rule.optional_text("method")? {
            Some("include") => true,
            None | Some("exclude") => false,
            Some(_) => return Err(rule.invalid("method", "include or exclude")),
        },
        folders: match rule.optional_text("type")? {
            Some("dir") => Some(true),
            Some("file") => Some(false),
            None => None,
            Some(_) => return Err(rule.invalid("type", "file, dir or null")),
        },
        name: match rule.text("name")? {
            "" => return Err(rule.invalid("name", "a pattern")),
            name if name.contains('/') => return Err(rule.invalid("name", "a pattern of a name, without slashes")),
            name => name.to_owned(),
        },
    })
}

fn item(value: &Value) -> Result<Item, String> {
    let symlink = value.get("DATA_TYPE").and_then(Value::as_str) == Some("transfer_symlink_item");
    let item = if symlink {
        let item = Document::of(value, "transfer_symlink_item")?;
        item.only(&["source_path", "destination_path"])?;
        item
    } else {
        let item = Document::of(value, "transfer_item")?;
        item.only(&[
            "source_path",
            "destination_path",
            "recursive",
            "external_checksum",
            "checksum_algorithm",
        ])?;
        item
    };
    let algorithm = match item.optional_text("checksum_algorithm")? {
        None => Algorithm::default(),
        Some(name) => {
            Algorithm::parse(name).ok_or_else(|| item.invalid("checksum_algorithm", "MD5, SHA1, SHA256 or SHA512"))?
        }
    };
    let recursive = item.optional_flag("recursive")?;
    let checksum = item.optional_text("external_checksum")?.filter(|text| !text.is_empty());
    if checksum.is_some() && recursive == Some(true) {
        return Err("An external_checksum is for files only, not for a recursive item".to_owned());
    }
    Ok(Item {
        source: item.path("source_path")?,
        destination: item.path("destination_path")?,
        recursive,
        symlink,
        checksum: checksum.map(str::to_owned),
        algorithm,
    })
}

/// A delete as it was asked for.
pub(crate) struct Delete {
    pub(crate) common: Common,
    pub(crate) endpoint: String,
    pub(crate) user: Option<String>,
    pub(crate) paths: Vec<FilePath>,
    pub(crate) recursive: bool,
    pub(crate) ignore_missing: bool,
    pub(crate) interpret_globs: bool,
}

/// Reads the document of a delete.
pub(crate) fn delete(value: &Value, now: Timestamp) -> Result<Delete, Invalid> {
    const MORE: [&str; 5] = [
        "endpoint",
        "local_user",
        "recursive",
        "ignore_missing",
        "interpret_globs",
    ];
    let document = Document::of(value, "delete")?;
    document.only(&[&COMMON[..], &MORE[..]].concat())?;
    let endpoint = document.text("endpoint")?.to_owned();
    let common = common(&document, now)?;
    let rows = document.list("DATA")?;
    if rows.is_empty() {
        return Err(Invalid::NoItems);
    }
    let path = |value| {
        let item = Document::of(value, "delete_item")?;
        item.only(&["path"])?;
        item.path("path")
    };
    Ok(Delete {
        common,
        endpoint,
        user: document.optional_text("local_user")?.map(str::to_owned),
        paths: rows.iter().map(path).collect::<Result<_, _>>()?,
        recursive: document.flag("recursive")?,
        ignore_missing: document.flag("ignore_missing")?,
        interpret_globs: document.flag("interpret_globs")?,
    })
}
