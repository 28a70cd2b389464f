//! Tunnels and the stream access points between which they run. <https://docs.globus.org/api/transfer/>

use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::exchange::{Incoming, Outcome, Reply};
use crate::services::auth::state::Caller;
use crate::services::transfer::jsonapi::{self, Page, Resource};
use crate::services::transfer::tunnels::{AccessPoint, Event, State, Tunnel};
use crate::services::transfer::{access, errors};
use crate::world::World;

const ACCESS_POINT: &str = "StreamAccessPoint";
/// The longest label, and the longest life in minutes; the life of a tunnel for which none is asked.
const LONGEST_LABEL: usize = 128;
const LONGEST_LIFE: u64 = 7 * 24 * 60;
const LIFE: u32 = 360;

fn bad(world: &mut World, request: &Incoming, message: &str) -> Reply {
    errors::plain_bad_request(world, request, message).inferred()
}

/// A page of rows.
fn listed(world: &mut World, request: &Incoming, rows: &[Value]) -> Outcome {
    let page = Page::read(&request.query()).and_then(|page| page.of(world, request, rows));
    let (data, links) = page.map_err(|message| bad(world, request, &message))?;
    Ok(jsonapi::reply(
        world,
        StatusCode::OK,
        json!({"data": data, "links": links}),
    ))
}

/// All stream access points; everybody sees them.
pub(crate) fn access_points(world: &mut World, request: &Incoming) -> Outcome {
    access::caller(world, request)?;
    let rows: Vec<Value> = world
        .transfer
        .access_points
        .values()
        .map(AccessPoint::document)
        .collect();
    listed(world, request, &rows)
}

/// One of them.
pub(crate) fn access_point(world: &mut World, request: &Incoming) -> Outcome {
    access::caller(world, request)?;
    let id = request.param_uuid("stream_ap_id");
    let found = id
        .and_then(|id| world.transfer.access_points.get(&id))
        .map(AccessPoint::document);
    if let Some(data) = found {
        return Ok(jsonapi::reply(world, StatusCode::OK, json!({ "data": data })));
    }
    let id = request.param("stream_ap_id").escape_debug();
    let message = format!("No such stream access point '{id}'");
    Err(errors::not_found(world, request, "StreamAccessPointNotFound", &message).inferred())
}

/// The caller's tunnels, latest first.
pub(crate) fn list(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::caller(world, request)?;
    let own = world.transfer.tunnels.values().filter(|row| caller.is(row.owner));
    let mut own: Vec<Tunnel> = own.cloned().collect();
    own.sort_by_key(|row| (std::cmp::Reverse(row.created), row.id));
    let rows: Vec<Value> = own.into_iter().map(|row| show(world, row)).collect();
    listed(world, request, &rows)
}

/// The document of a tunnel as it is by now.
fn show(world: &mut World, mut tunnel: Tunnel) -> Value {
    let now = world.time.now();
    tunnel.settle(now);
    let document = tunnel.document();
    tunnel.seen(now);
    world.transfer.tunnels.insert(tunnel.id, tunnel);
    document
}

/// The caller's tunnel that a request names, as it is by now.
fn named(world: &mut World, request: &Incoming) -> Result<Tunnel, Reply> {
    let caller = access::caller(world, request)?;
    let now = world.time.now();
    let id = request.param_uuid("tunnel_id");
    let found = id.and_then(|id| world.transfer.tunnels.get_mut(&id));
    if let Some(tunnel) = found.filter(|row| caller.is(row.owner)) {
        tunnel.settle(now);
        return Ok(tunnel.clone());
    }
    let message = format!("No such tunnel '{}'", request.param("tunnel_id").escape_debug());
    Err(errors::not_found(world, request, "TunnelNotFound", &message).inferred())
}

/// One tunnel.
pub(crate) fn get(world: &mut World, request: &Incoming) -> Outcome {
    let tunnel = named(world, request)?;
    let known = tunnel.state.is_known();
    let data = show(world, tunnel);
    let reply = jsonapi::reply(world, StatusCode::OK, json!({ "data": data }));
    Ok(if known { reply } else { reply.inferred() })
}

/// What happened to a tunnel, first to last.
pub(crate) fn events(world: &mut World, request: &Incoming) -> Outcome {
    let rows: Vec<Value> = named(world, request)?.events.iter().map(Event::document).collect();
    listed(world, request, &rows)
}

/// Makes a tunnel; the same one again for a submission id that the caller has used.
pub(crate) fn create(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::caller(world, request)?;
    let value = request.json().unwrap_or(Value::Null);
    let (id, now) = (world.ids.uuid(), world.time.now());
    let tunnel = read(&value, &caller, id, now).map_err(|message| bad(world, request, &message))?;
    for end in [tunnel.initiator, tunnel.listener] {
        if !world.transfer.access_points.contains_key(&end) {
            let message = format!("No such stream access point '{end}'");
            return Err(errors::not_found(world, request, "StreamAccessPointNotFound", &message).inferred());
        }
    }
    let is_same = |row: &&Tunnel| caller.is(row.owner) && row.submission_id == tunnel.submission_id;
    let known = world.transfer.tunnels.values().find(is_same).cloned();
    let data = show(world, known.unwrap_or(tunnel));
    Ok(jsonapi::reply(world, StatusCode::OK, json!({ "data": data })))
}

fn read(value: &Value, caller: &Caller, id: Uuid, now: Timestamp) -> Result<Tunnel, String> {
    let resource = Resource::of(value, "Tunnel")?;
    let attributes = resource.attributes(&[
        "submission_id",
        "label",
        "lifetime_mins",
        "restartable",
        "listener_port",
        "listener_ip_address",
    ])?;
    let submission = attributes
        .text("submission_id")?
        .ok_or("Missing attribute 'submission_id'")?;
    Uuid::parse_str(submission).map_err(|_| "Invalid attribute 'submission_id': it is an id")?;
    let restartable = attributes.get("restartable");
    let restartable = restartable.map(|value| {
        value
            .as_bool()
            .ok_or("Invalid attribute 'restartable': it is true or false")
    });
    let life = attributes.number("lifetime_mins", LONGEST_LIFE)?;
    Ok(Tunnel {
        id,
        owner: caller.identity,
        initiator: resource.relationship("initiator", ACCESS_POINT)?,
        listener: resource.relationship("listener", ACCESS_POINT)?,
        submission_id: submission.to_owned(),
        label: label(attributes.text("label")?)?,
        lifetime_mins: life.and_then(|life| u32::try_from(life).ok()).unwrap_or(LIFE),
        restartable: restartable.transpose()?.unwrap_or(false),
        listener_ip_address: attributes.text("listener_ip_address")?.map(str::to_owned),
        listener_port: port(attributes.number("listener_port", u64::from(u16::MAX))?),
        state: State::AwaitingListener,
        created: now,
        events: Vec::new(),
    })
}

fn label(text: Option<&str>) -> Result<Option<String>, String> {
    match text {
        Some(text) if text.contains(['\n', '\r']) || text.chars().count() > LONGEST_LABEL => Err(format!(
            "Invalid attribute 'label': it is one line of at most {LONGEST_LABEL} characters"
        )),
        text => Ok(text.map(str::to_owned)),
    }
}

fn port(number: Option<u64>) -> Option<u16> {
    number.and_then(|number| u16::try_from(number).ok())
}

/// Renames a tunnel, says who listens, or closes it.
pub(crate) fn update(world: &mut World, request: &Incoming) -> Outcome {
    let mut tunnel = named(world, request)?;
    let value = request.json().unwrap_or(Value::Null);
    let changed = change(&mut tunnel, &value);
    changed.map_err(|message| bad(world, request, &message))?;
    let data = show(world, tunnel);
    Ok(jsonapi::reply(world, StatusCode::OK, json!({ "data": data })))
}

fn change(tunnel: &mut Tunnel, value: &Value) -> Result<(), String> {
    let known = ["label", "state", "listener_port", "listener_ip_address"];
    let attributes = Resource::of(value, "Tunnel")?.attributes(&known)?;
    if let Some(text) = attributes.text("label")? {
        tunnel.label = label(Some(text))?;
    }
    let address = attributes.text("listener_ip_address")?.map(str::to_owned);
    let port = port(attributes.number("listener_port", u64::from(u16::MAX))?);
    if (address.is_some() || port.is_some()) && tunnel.state != State::AwaitingListener {
        return Err("Who listens is said before the tunnel is active".to_owned());
    }
    tunnel.listener_ip_address = address.or(tunnel.listener_ip_address.take());
    tunnel.listener_port = port.or(tunnel.listener_port);
    match attributes.text("state")? {
        None => {}
        Some("STOPPING") => tunnel.stop(),
        Some(_) => return Err("Invalid attribute 'state': it can be changed to STOPPING".to_owned()),
    }
    Ok(())
}

/// Forgets a tunnel that is closed.
pub(crate) fn delete(world: &mut World, request: &Incoming) -> Outcome {
    let Tunnel { id, state, .. } = named(world, request)?;
    if state != State::Stopped {
        let message = format!("Tunnel '{id}' must be stopped before it can be deleted");
        return Err(errors::conflict(world, request, &message).inferred());
    }
    world.transfer.tunnels.remove(&id);
    Ok(jsonapi::reply(world, StatusCode::OK, json!({"data": null})))
}
