//! Documents of tunnels and of the bookmarks of the JSON:API part.

use globus_sdk::models::{EndpointId, Extra, StreamAccessPointId};
use globus_sdk::services::transfer::{
    BookmarkCreateDocument, BookmarkResource, BookmarkUpdateDocument, CreateTunnelData, Tunnel, TunnelCreateDocument,
    TunnelUpdateDocument,
};
use serde_json::{Value, json};

use super::notation::{Arguments, Payload};
use super::{Entry, Refused, document};
use crate::conformance::FRESH;

pub(super) const ENTRIES: &[Entry] = &[
    ("CreateTunnelData", create_tunnel_data),
    ("TunnelCreateDocument", tunnel_create_document),
    ("TunnelUpdateDocument", tunnel_update_document),
    ("BookmarkCreateDocument", bookmark_create_document),
    ("BookmarkUpdateDocument", bookmark_update_document),
];

const ENDS: [&str; 2] = ["initiator_stream_access_point", "listener_stream_access_point"];

fn ends(given: &Arguments) -> Result<(StreamAccessPointId, StreamAccessPointId), Refused> {
    Ok((given.need(ENDS[0])?, given.need(ENDS[1])?))
}

/// Calls the setters of a document whose arguments are given.
macro_rules! set {
    ($given:ident, $document:ident, $($name:ident: $type:ty),*) => {
        $(let $document = match $given.take::<$type>(stringify!($name))? {
            Some(value) => $document.$name(value),
            None => $document,
        };)*
    };
}

fn create_tunnel_data(payload: &Payload) -> Result<Value, Refused> {
    let given = payload.made_with(&ENDS);
    let (initiator, listener) = ends(&given)?;
    let tunnel = CreateTunnelData::new(initiator, listener);
    set!(given, tunnel, label: String, submission_id: String, lifetime_mins: u64, restartable: bool);
    let mut tunnel = tunnel;
    given.add_fields(attributes(&mut tunnel.data));
    document(&tunnel)
}

fn tunnel_create_document(payload: &Payload) -> Result<Value, Refused> {
    let given = payload.made_with(&ENDS);
    let (initiator, listener) = ends(&given)?;
    let tunnel = TunnelCreateDocument::new(initiator, listener);
    set!(given, tunnel, label: String, listener_port: u16, listener_ip_address: String, submission_id: String,
        lifetime_mins: u64, restartable: bool);
    let mut tunnel = tunnel;
    given.add_fields(attributes(&mut tunnel.data));
    let mut written = document(&tunnel)?;
    let id = &mut written["data"]["attributes"]["submission_id"];
    if given.take::<String>("submission_id")?.is_none()
        && id.as_str().is_some_and(|id| id.parse::<uuid::Uuid>().is_ok())
    {
        *id = json!(FRESH);
    }
    Ok(written)
}

fn tunnel_update_document(payload: &Payload) -> Result<Value, Refused> {
    let given = payload.made_with(&[]);
    let tunnel = TunnelUpdateDocument::new();
    set!(given, tunnel, label: String, listener_port: u16, listener_ip_address: String);
    let tunnel = match given.take::<String>("state")? {
        Some(state) => tunnel.state(state.into()),
        None => tunnel,
    };
    let mut tunnel = tunnel;
    given.add_fields(attributes(&mut tunnel.data));
    document(&tunnel)
}

fn bookmark_create_document(payload: &Payload) -> Result<Value, Refused> {
    let given = payload.made_with(&["collection", "name", "path"]);
    let (name, path): (String, String) = (given.need("name")?, given.need("path")?);
    let mut saved = BookmarkCreateDocument::new(given.need::<EndpointId>("collection")?, name, path);
    given.add_fields(bookmark(&mut saved.data));
    document(&saved)
}

fn bookmark_update_document(payload: &Payload) -> Result<Value, Refused> {
    let given = payload.made_with(&["name", "path"]);
    let (name, path): (String, String) = (given.need("name")?, given.need("path")?);
    let mut saved = BookmarkUpdateDocument::new(name, path);
    given.add_fields(bookmark(&mut saved.data));
    document(&saved)
}

fn attributes(tunnel: &mut Tunnel) -> &mut Extra {
    &mut tunnel.attributes.get_or_insert_default().extra
}

fn bookmark(resource: &mut BookmarkResource) -> &mut Extra {
    &mut resource.attributes.get_or_insert_default().extra
}
