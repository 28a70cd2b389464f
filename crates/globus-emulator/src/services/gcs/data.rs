//! The files of collections over HTTPS: GET with ranges, HEAD, PUT.
//! <https://docs.globus.org/globus-connect-server/v5/https-access-collections/>

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use http::header::{
    ACCEPT_RANGES, ALLOW, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderValue, IF_RANGE, LAST_MODIFIED,
    RANGE, WWW_AUTHENTICATE,
};
use http::{Method, StatusCode};
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde_json::json;
use url::Url;
use uuid::Uuid;

use super::range::{self, Part};
use super::upload::Upload;
use crate::exchange::{Credentials, Incoming, Reply};
use crate::server::{self, Shared};
use crate::services::auth::catalog;
use crate::services::transfer::path::FilePath;
use crate::services::transfer::state::{Endpoint, EntityType};
use crate::services::transfer::storage::{self, Storage};
use crate::services::transfer::tasks::Place;
use crate::services::transfer::{assurance, collections, system};
use crate::world::World;

/// Bytes that are read at once.
const PIECE: u64 = 256 * 1024;

/// A path on a collection that somebody may read or write.
struct Access {
    place: Place,
    storage: Arc<Storage>,
    path: FilePath,
}

/// Answers a request for a path on a collection.
pub(crate) async fn answer(
    shared: &Arc<Shared>,
    collection: Uuid,
    path: &str,
    request: &Incoming,
    body: Body,
) -> Response {
    if request.method == Method::OPTIONS {
        return server::finish(Reply {
            status: StatusCode::NO_CONTENT,
            ..Reply::ok(&serde_json::Value::Null)
        });
    }
    let begun = {
        let control = shared.control();
        let mut world = shared.world();
        match control.shortfall(&world, request) {
            Some(reply) => Err(reply),
            None => begin(&mut world, collection, path, request),
        }
    };
    let answered = match begun {
        Ok(access) if request.method == Method::PUT => put(access, request, body).await,
        Ok(access) => get(access, request).await,
        Err(reply) => Err(reply),
    };
    answered.unwrap_or_else(server::finish)
}

fn refusal(status: StatusCode, code: &str, message: &str) -> Reply {
    let document = json!({"code": code, "message": message});
    Reply::json(status, &document).inferred()
}

fn not_found() -> Reply {
    refusal(StatusCode::NOT_FOUND, "NotFound", "There is no such file")
}

fn denied(message: &str) -> Reply {
    refusal(StatusCode::FORBIDDEN, "PermissionDenied", message)
}

fn unauthorized(message: &str) -> Reply {
    let reply = refusal(StatusCode::UNAUTHORIZED, "AuthenticationFailed", message);
    reply.with(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
}

/// Finds out what may be done.
fn begin(world: &mut World, id: Uuid, path: &str, request: &Incoming) -> Result<Access, Reply> {
    let row = world.transfer.endpoints.get(&id).filter(|row| !row.deleted);
    let row = row.filter(|row| matches!(row.entity_type, EntityType::GcsMapped | EntityType::GcsGuest));
    let Some(row) = row.cloned() else {
        let message = "There is no collection at this address";
        return Err(refusal(StatusCode::NOT_FOUND, "NotFound", message));
    };
    if !world.gcs.serves_https(id) {
        return Err(denied("The collection has HTTPS access switched off"));
    }
    let is_write = match request.method.as_str() {
        "GET" | "HEAD" => false,
        "PUT" => true,
        other => {
            let message = format!("Files take no {other}");
            let reply = refusal(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", &message);
            return Err(reply.with(ALLOW, HeaderValue::from_static("GET, HEAD, PUT, OPTIONS")));
        }
    };
    let path = percent_decode_str(path).decode_utf8();
    let path = path
        .map_err(|_| "The path is not UTF-8".to_owned())
        .and_then(|path| FilePath::parse(if path.is_empty() { "/" } else { &path }));
    let path = path.map_err(|message| refusal(StatusCode::BAD_REQUEST, "BadRequest", &message))?;
    let host = row
        .host_endpoint_id
        .and_then(|host| world.transfer.endpoints.get(&host));
    let host = host.cloned().unwrap_or_else(|| row.clone());
    let caller = match request.credentials() {
        Credentials::Missing => None,
        Credentials::Bearer(token) => {
            let caller = world.auth.caller(token, &id.to_string(), world.time.now());
            let caller = caller.ok_or_else(|| unauthorized("The token is not active or for another collection"))?;
            for scope in scopes(&row) {
                if !caller.has_scope(&scope) {
                    return Err(denied(&format!("The token lacks the scope {scope}")));
                }
            }
            if let Some(reply) = assurance::shortfall(world, request, &caller, &row, &host) {
                return Err(reply);
            }
            Some(caller)
        }
        Credentials::Basic { .. } | Credentials::Malformed => {
            return Err(unauthorized("The Authorization header has no token"));
        }
    };
    let found = collections::reached(world, caller.as_ref(), &row);
    let found = found.filter(|found| found.allows(&path, is_write));
    let is_open = caller.is_some() || !is_write || !(row.disable_anonymous_writes || host.disable_anonymous_writes);
    match found.filter(|_| is_open) {
        Some(found) => Ok(Access {
            place: found.place,
            storage: Arc::clone(&world.transfer.engine.files().storage),
            path,
        }),
        None if caller.is_some() => Err(denied("The collection does not allow this")),
        None => Err(stranger(world, &row, request)),
    }
}

/// The scopes that a token needs.
fn scopes(row: &Endpoint) -> Vec<String> {
    let mut scopes = vec![catalog::url_scope(row.id, "https")];
    if row.entity_type == EntityType::GcsMapped && !row.high_assurance {
        scopes.push(catalog::url_scope(row.id, "data_access"));
    }
    scopes
}

/// Sends a browser to log in; a program is told that it has no token.
fn stranger(world: &World, row: &Endpoint, request: &Incoming) -> Reply {
    let is_script = request
        .headers
        .get("x-requested-with")
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"XMLHttpRequest"));
    let login = Url::parse(&world.origin).and_then(|url| url.join("v2/oauth2/authorize"));
    match login {
        Ok(mut login) if request.method != Method::PUT && !is_script => {
            let back = format!("{}{}/", world.secure_origin, row.id);
            login
                .query_pairs_mut()
                .append_pair("client_id", &row.id.to_string())
                .append_pair("response_type", "code")
                .append_pair("scope", &scopes(row).join(" "))
                .append_pair("redirect_uri", &back)
                .append_pair("state", &request.path);
            Reply::redirect(login.as_str()).inferred()
        }
        _ => unauthorized("The collection wants a token"),
    }
}

/// Works on files where that keeps nobody waiting.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, Reply> {
    let done = tokio::task::spawn_blocking(work).await;
    let done = done.unwrap_or_else(|_| Err(io::Error::other("the work on the file failed")));
    done.map_err(|error| {
        use io::ErrorKind::{InvalidFilename, IsADirectory, NotADirectory, NotFound, PermissionDenied};
        match error.kind() {
            NotFound | NotADirectory => not_found(),
            PermissionDenied if storage::is_escape(&error) => denied("The path leads out of the collection"),
            PermissionDenied => denied("The system does not allow this"),
            InvalidFilename => refusal(
                StatusCode::BAD_REQUEST,
                "BadRequest",
                "The path has a name that no file can have",
            ),
            _ if system::is_loop(&error) => not_found(),
            IsADirectory => refusal(StatusCode::CONFLICT, "Conflict", "There is a folder of this name"),
            _ => {
                let message = format!("The file cannot be used: {error}");
                refusal(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", &message)
            }
        }
    })
}

/// What answers say of a file.
struct Facts {
    size: u64,
    etag: String,
    modified: String,
}

fn open(access: &Access) -> io::Result<(File, Facts)> {
    let dir = access.place.open(&access.storage)?;
    let path = access.path.relative(&access.place.home);
    // To open what is no file may take for ever.
    if access.path.is_folder || !dir.metadata(&path)?.is_file() {
        return Err(io::ErrorKind::NotFound.into());
    }
    let file = system::open_file(&dir, &path)?;
    let found = file.metadata()?;
    let since = found.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    let modified = i64::try_from(since.as_secs())
        .ok()
        .and_then(|secs| Timestamp::from_second(secs).ok());
    let modified = modified.unwrap_or_default();
    let facts = Facts {
        size: found.len(),
        etag: format!("\"{:x}-{:x}\"", found.len(), since.as_nanos()),
        modified: modified.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string(),
    };
    Ok((file, facts))
}

/// Reads a file, or a part of it.
async fn get(access: Access, request: &Incoming) -> Result<Response, Reply> {
    let (mut file, facts) = blocking(move || open(&access)).await?;
    let header = |name| {
        request
            .headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let is_same = header(IF_RANGE).is_none_or(|known| known == facts.etag || known == facts.modified);
    let part = match header(RANGE) {
        Some(wanted) if is_same && request.method == Method::GET => range::read(wanted, facts.size),
        _ => Part::Whole,
    };
    let response = Response::builder()
        .header(ACCEPT_RANGES, "bytes")
        .header(ETAG, &facts.etag)
        .header(LAST_MODIFIED, &facts.modified)
        .header(CONTENT_TYPE, "application/octet-stream");
    let (response, length) = match part {
        Part::Whole => (response.status(StatusCode::OK), facts.size),
        Part::Bytes(first, last) => {
            file = blocking(move || file.seek(SeekFrom::Start(first)).map(|_| file)).await?;
            let range = format!("bytes {first}-{last}/{}", facts.size);
            let response = response.status(StatusCode::PARTIAL_CONTENT);
            (response.header(CONTENT_RANGE, range), last - first + 1)
        }
        Part::Nowhere => {
            let message = format!("The file has {} bytes", facts.size);
            let reply = refusal(StatusCode::RANGE_NOT_SATISFIABLE, "RangeNotSatisfiable", &message);
            let range = HeaderValue::from_str(&format!("bytes */{}", facts.size));
            return Err(match range {
                Ok(range) => reply.with(CONTENT_RANGE, range),
                Err(_) => reply,
            });
        }
    };
    let body = if request.method == Method::HEAD {
        Body::empty()
    } else {
        Body::from_stream(pieces(file, length))
    };
    let response = response.header(CONTENT_LENGTH, length).body(body);
    response.map_err(|_| refusal(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", "There is no answer"))
}

/// So many bytes of a file, piece by piece. A file that became shorter breaks the answer off.
fn pieces(file: File, length: u64) -> impl Stream<Item = io::Result<Bytes>> {
    stream::try_unfold((file, length), |(mut file, left)| async move {
        if left == 0 {
            return Ok(None);
        }
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = vec![0; usize::try_from(left.min(PIECE)).unwrap_or(0)];
            let count = file.read(&mut piece)?;
            piece.truncate(count);
            io::Result::Ok((piece, file))
        });
        let (piece, file) = read.await.map_err(io::Error::other)??;
        if piece.is_empty() {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
        }
        let left = left - u64::try_from(piece.len()).unwrap_or(left);
        Ok(Some((Bytes::from(piece), (file, left))))
    })
}

/// Writes a file, new or instead of another.
async fn put(access: Access, request: &Incoming, body: Body) -> Result<Response, Reply> {
    let bad = |message: &str| refusal(StatusCode::BAD_REQUEST, "BadRequest", message);
    if request.headers.contains_key(CONTENT_RANGE) {
        return Err(bad("A file is written as a whole, without Content-Range"));
    }
    if access.path.is_folder {
        return Err(bad("The path is that of a folder"));
    }
    let mut upload = blocking(move || {
        let dir = access.place.open(&access.storage)?;
        Upload::begin(dir, access.path.relative(&access.place.home))
    })
    .await?;
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| bad("The content ended too early"))?;
        upload = blocking(move || upload.write(&piece).map(|()| upload)).await?;
    }
    let is_new = blocking(move || upload.finish()).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    let message = if is_new {
        "The file was created"
    } else {
        "The file was replaced"
    };
    let reply = Reply::json(status, &json!({"code": "success", "message": message}));
    Ok(server::finish(reply.inferred()))
}
