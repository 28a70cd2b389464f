//! Listing and changing what is on a collection. <https://docs.globus.org/api/transfer/file_operations/>

use std::io;

use http::StatusCode;
use serde_json::{Value, json};

use super::pause_rules;
use crate::exchange::{Fields, Incoming, Job, Reply, truth};
use crate::services::transfer::collections::{self, Collection, Purpose};
use crate::services::transfer::errors::Draft;
use crate::services::transfer::path::FilePath;
use crate::services::transfer::query::{Filter, Keys, Kind, OrderBy, Page};
use crate::services::transfer::storage;
use crate::services::transfer::tasks::Place;
use crate::services::transfer::tasks::pause::Activity;
use crate::services::transfer::validation::Document;
use crate::services::transfer::{access, errors, listing};
use crate::world::World;

/// Rows of a listing, unless fewer are asked for; also the most.
const PAGE: usize = 100_000;
const KEYS: &Keys = &[
    ("name", Kind::Text),
    ("type", Kind::Text),
    ("size", Kind::Number),
    ("last_modified", Kind::Time),
    ("permissions", Kind::Text),
    ("user", Kind::Text),
    ("group", Kind::Text),
];
const ORDERS: &[&str] = &["name", "type", "size", "last_modified", "permissions", "user", "group"];

/// An operation in the words of error codes, of GridFTP and of its protocol.
#[derive(Debug, Clone, Copy)]
struct Operation {
    failed: &'static str,
    action: &'static str,
    command: &'static str,
    activity: Activity,
}

const LS: Operation = Operation {
    failed: "DirListingFailed",
    action: "list",
    command: "MLSC",
    activity: Activity::Ls,
};
const STAT: Operation = Operation {
    failed: "StatFailed",
    action: "list",
    command: "MLST",
    activity: Activity::Ls,
};
const MKDIR: Operation = Operation {
    failed: "MkdirFailed",
    action: "mkdir",
    command: "MKD",
    activity: Activity::Mkdir,
};
const RENAME: Operation = Operation {
    failed: "RenameFailed",
    action: "rename",
    command: "RNTO",
    activity: Activity::Rename,
};

/// What an operation works on.
struct Scene {
    draft: Draft,
    operation: Operation,
    collection: Collection,
}

impl Scene {
    fn set(
        world: &mut World,
        request: &Incoming,
        operation: Operation,
        local_user: Option<&str>,
    ) -> Result<Self, Reply> {
        let caller = access::caller(world, request)?;
        let id = request.param("endpoint_id").to_owned();
        let purpose = Purpose::Files(operation.failed);
        let collection = collections::find(world, request, &caller, &id, local_user, purpose)?;
        if let Some(scope) = &collection.missing {
            return Err(errors::consent_required(world, request, std::slice::from_ref(scope)));
        }
        pause_rules::check(world, request, &caller, &collection.place, operation.activity)?;
        Ok(Self {
            draft: Draft::new(world, request),
            operation,
            collection,
        })
    }

    /// Reads a path, if the caller may read or write there.
    fn path(&self, text: &str, write: bool) -> Result<FilePath, Reply> {
        let path = FilePath::parse(text).map_err(|message| self.bad(&message).inferred())?;
        if self.collection.allows(&path, write) {
            Ok(path)
        } else {
            Err(self.denied(&path))
        }
    }

    fn bad(&self, message: &str) -> Reply {
        self.draft
            .error(StatusCode::BAD_REQUEST, "ClientError.BadRequest", message)
    }

    fn place(&self) -> &Place {
        &self.collection.place
    }

    /// What the service says when the collection's server refuses.
    fn words(&self, summary: &str, path: &FilePath, details: &str) -> String {
        let place = self.place();
        let Operation { action, command, .. } = self.operation;
        format!(
            "{summary}, Error ({action})\nEndpoint: {} ({})\nServer: {}\nCommand: {command} {}\nMessage: Fatal FTP \
             response\n---\nDetails: {details}\n",
            place.name,
            place.id,
            place.server,
            path.text(),
        )
    }

    fn denied(&self, path: &FilePath) -> Reply {
        let message = self.words(
            "Denied by endpoint",
            path,
            "500 Command failed : Path not allowed.\\r\\n",
        );
        self.draft
            .error(StatusCode::FORBIDDEN, "EndpointPermissionDenied", &message)
    }

    fn external(&self, reason: &str, summary: &str, path: &FilePath, details: &str) -> Reply {
        let code = format!("ExternalError.{}.{reason}", self.operation.failed);
        let message = self.words(summary, path, details);
        self.draft.error(StatusCode::BAD_GATEWAY, &code, &message)
    }

    /// What an error of the file system is to the caller.
    fn refusal(&self, path: &FilePath, error: &io::Error) -> Reply {
        use io::ErrorKind::{AlreadyExists, NotADirectory, NotFound, PermissionDenied};

        let is_stat = self.operation.failed == STAT.failed;
        match error.kind() {
            PermissionDenied if storage::is_escape(error) => self.denied(path),
            PermissionDenied => self.external(
                "PermissionDenied",
                "Permission denied",
                path,
                "500 Permission denied\\r\\n",
            ),
            NotADirectory if !is_stat => self.external(
                "NotDirectory",
                "Not a directory",
                path,
                "500 Path is not a directory\\r\\n",
            ),
            NotFound | NotADirectory => {
                let code = if is_stat { "NotFound" } else { "ClientError.NotFound" };
                let details = "500-Command failed. : Path not found.\\r\\n500-GlobusError: v=1 c=PATH_NOT_FOUND\\r\\n500 \
                               End.\\r\\n";
                self.draft.error(
                    StatusCode::NOT_FOUND,
                    code,
                    &self.words("Path not found", path, details),
                )
            }
            AlreadyExists => self.external("Exists", "Path already exists", path, "500 Path exists\\r\\n"),
            _ => {
                let message = self.words("Command failed", path, &format!("500 {error}\\r\\n"));
                self.draft
                    .error(StatusCode::BAD_GATEWAY, "EndpointError", &message)
                    .inferred()
            }
        }
    }
}

/// Turns what the caller asked for into the work that is left.
fn job(work: impl FnOnce() -> Result<Reply, Reply> + Send + 'static) -> Job {
    Box::new(move || work().unwrap_or_else(|reply| reply))
}

/// What a listing leaves out, and in which order it comes.
struct Listing {
    hidden: bool,
    filter: Filter,
    order: OrderBy,
    page: Page,
}

impl Listing {
    fn read(fields: &Fields) -> Result<Self, String> {
        let hidden = match fields.get("show_hidden") {
            Some(text) => truth(text).ok_or_else(|| format!("Invalid show_hidden '{text}'"))?,
            None => true,
        };
        Ok(Self {
            hidden,
            filter: Filter::read(fields, KEYS)?,
            order: OrderBy::read(fields, ORDERS)?,
            page: Page::read(fields, PAGE, PAGE)?,
        })
    }
}

/// Lists a folder.
pub(crate) fn ls(world: &mut World, request: &Incoming) -> Result<Job, Reply> {
    let fields = request.query();
    let scene = Scene::set(world, request, LS, fields.get("local_user"))?;
    let listing = Listing::read(&fields).map_err(|message| scene.bad(&message).inferred())?;
    let path = scene.path(fields.get("path").unwrap_or(&scene.collection.default_path), false)?;
    let files = world.transfer.engine.files();
    Ok(job(move || {
        let place = scene.place();
        let refused = |error: io::Error| scene.refusal(&path, &error);
        let dir = place.open(&files.storage).map_err(refused)?;
        let found = path.relative(&place.home);
        let rows = listing::folder(&dir, &found, &place.user, listing.hidden).map_err(refused)?;
        let Some(mut rows) = rows else {
            return Err(scene.external("SizeLimit", "Directory too large", &path, "500 Too many entries\\r\\n"));
        };
        rows.retain(|row| listing.filter.admits(row));
        rows.sort_by(|one, other| {
            let by_name = || one["name"].as_str().cmp(&other["name"].as_str());
            listing.order.compare(one, other).then_with(by_name)
        });
        let page = listing.page.of(&rows);
        let top = FilePath::parse("/").map_err(|message| scene.bad(&message))?;
        let names = path.absolute(&place.home);
        let absolute = if names.is_empty() { top } else { top.child(&names) };
        Ok(Reply::ok(&json!({
            "DATA_TYPE": "file_list",
            "endpoint": place.id,
            "path": path.folder_text(),
            "absolute_path": absolute.folder_text(),
            "rename_supported": true,
            "symlink_supported": cfg!(unix),
            "length": page.len(),
            "total": rows.len(),
            "DATA": page,
        })))
    }))
}

/// Gives the document of one path.
pub(crate) fn stat(world: &mut World, request: &Incoming) -> Result<Job, Reply> {
    let fields = request.query();
    let scene = Scene::set(world, request, STAT, fields.get("local_user"))?;
    let path = scene.path(fields.get("path").unwrap_or(&scene.collection.default_path), false)?;
    let files = world.transfer.engine.files();
    Ok(job(move || {
        let place = scene.place();
        let refused = |error: io::Error| scene.refusal(&path, &error);
        let dir = place.open(&files.storage).map_err(refused)?;
        let found = path.relative(&place.home);
        // A link that leads nowhere is a document, one that leads out of the collection is refused.
        match dir.metadata(&found) {
            Err(error) if storage::is_escape(&error) => return Err(refused(error)),
            _ => {}
        }
        let name = path
            .name()
            .or_else(|| found.rsplit('/').next().filter(|name| *name != "."));
        let row: Value = listing::document(&dir, &found, name.unwrap_or("/"), &place.user).map_err(refused)?;
        Ok(Reply::ok(&row))
    }))
}

/// Reads the document of an operation.
fn body<'a>(
    world: &mut World,
    request: &Incoming,
    value: &'a Value,
    data_type: &'static str,
) -> Result<Document<'a>, Reply> {
    let document = Document::of(value, data_type);
    document.map_err(|message| errors::bad_request(world, request, &message).inferred())
}

/// Makes a folder.
pub(crate) fn mkdir(world: &mut World, request: &Incoming) -> Result<Job, Reply> {
    access::caller(world, request)?;
    let value = request.json().unwrap_or(Value::Null);
    let document = body(world, request, &value, "mkdir")?;
    let read = || {
        document.only(&["path", "local_user"])?;
        Ok((document.text("path")?, document.optional_text("local_user")?))
    };
    let (path, user) = read().map_err(|message: String| errors::bad_request(world, request, &message).inferred())?;
    let scene = Scene::set(world, request, MKDIR, user)?;
    let path = scene.path(path, true)?;
    let files = world.transfer.engine.files();
    Ok(job(move || {
        let refused = |error: io::Error| scene.refusal(&path, &error);
        let place = scene.place();
        let dir = place.open(&files.storage).map_err(refused)?;
        if path.name().is_none() {
            return Err(refused(io::ErrorKind::AlreadyExists.into()));
        }
        dir.create_dir(path.relative(&place.home)).map_err(refused)?;
        let message = "The directory was created successfully";
        Ok(Reply::ok(&scene.draft.result(
            "mkdir_result",
            "DirectoryCreated",
            message,
        )))
    }))
}

/// Renames a file or a folder, or moves it to another folder of the collection.
pub(crate) fn rename(world: &mut World, request: &Incoming) -> Result<Job, Reply> {
    access::caller(world, request)?;
    let value = request.json().unwrap_or(Value::Null);
    let document = body(world, request, &value, "rename")?;
    let read = || {
        document.only(&["old_path", "new_path", "local_user"])?;
        let user = document.optional_text("local_user")?;
        Ok((document.text("old_path")?, document.text("new_path")?, user))
    };
    let (old, new, user) =
        read().map_err(|message: String| errors::bad_request(world, request, &message).inferred())?;
    let scene = Scene::set(world, request, RENAME, user)?;
    let (old, new) = (scene.path(old, true)?, scene.path(new, true)?);
    if old.name().is_none() || new.name().is_none() {
        return Err(scene.bad("The top of a collection cannot be renamed").inferred());
    }
    let files = world.transfer.engine.files();
    Ok(job(move || {
        let place = scene.place();
        let dir = place
            .open(&files.storage)
            .map_err(|error| scene.refusal(&old, &error))?;
        let (from, to) = (old.relative(&place.home), new.relative(&place.home));
        dir.symlink_metadata(&from)
            .map_err(|error| scene.refusal(&old, &error))?;
        match dir.symlink_metadata(&to) {
            Ok(_) => return Err(scene.refusal(&new, &io::ErrorKind::AlreadyExists.into())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(scene.refusal(&new, &error)),
        }
        dir.rename(&from, &dir, &to)
            .map_err(|error| scene.refusal(&new, &error))?;
        let message = "File or directory renamed successfully";
        Ok(Reply::ok(&scene.draft.result("result", "FileRenamed", message)))
    }))
}
