//! Making, changing and checking flows. <https://flows.globus.org/redoc#tag/Flows>

use std::collections::{BTreeMap, BTreeSet};

use http::StatusCode;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::clock::micros;
use crate::exchange::{Incoming, Outcome, Reply};
use crate::services::auth::state::Caller;
use crate::services::flows::definition::Definition;
use crate::services::flows::engine::actions::Provider;
use crate::services::flows::state::Flow;
use crate::services::flows::validation::{self, Place, Problems, Reader};
use crate::services::flows::{access, documents, errors, schema};
use crate::services::groups::state::Status;
use crate::world::World;

/// What a body says about a flow; what it does not speak of is `None`.
#[derive(Debug, Default)]
struct Changes {
    title: Option<String>,
    subtitle: Option<String>,
    description: Option<String>,
    definition: Option<Value>,
    input_schema: Option<Value>,
    keywords: Option<Vec<String>>,
    flow_owner: Option<Uuid>,
    flow_viewers: Option<Vec<String>>,
    flow_starters: Option<Vec<String>>,
    flow_administrators: Option<Vec<String>>,
    run_managers: Option<Vec<String>>,
    run_monitors: Option<Vec<String>>,
    subscription: Option<Subscription>,
}

/// Which subscription a flow is to belong to.
#[derive(Debug)]
enum Subscription {
    None,
    Default,
    Of(Uuid),
}

/// Reads what is to become of a flow; a new one must have a title, a definition and a schema.
fn read(request: &Incoming, body: &Map<String, Value>, new: bool) -> Result<(Changes, Option<Definition>), Reply> {
    let mut problems = Problems::default();
    let mut reader = Reader::new(body, Place::Root);
    if new {
        for name in ["title", "definition", "input_schema"] {
            reader.required(name, &mut problems);
        }
    }
    let definition = definition(&mut reader, &mut problems);
    let mut changes = Changes {
        title: reader.text_of("title", 1, 128, &mut problems),
        subtitle: reader.text_of("subtitle", 0, 128, &mut problems),
        description: reader.text_of("description", 0, 4096, &mut problems),
        definition: body.get("definition").cloned(),
        input_schema: input_schema(&mut reader, &mut problems),
        keywords: reader.texts("keywords", &mut problems),
        ..Changes::default()
    };
    if changes.keywords.as_ref().is_some_and(|list| list.len() > 1024) {
        let message = "ensure this value has at most 1024 items";
        problems.push(&reader.place.key("keywords"), "value_error.list.max_items", message);
    }
    let viewers = reader.principals("flow_viewers", "FlowViewer", &["public"], &mut problems);
    let everybody = ["all_authenticated_users"];
    let starters = reader.principals("flow_starters", "FlowStarter", &everybody, &mut problems);
    changes.flow_viewers = viewers;
    changes.flow_starters = starters;
    changes.flow_administrators = reader.principals("flow_administrators", "FlowAdministrator", &[], &mut problems);
    changes.run_managers = reader.principals("run_managers", "RunManager", &[], &mut problems);
    changes.run_monitors = reader.principals("run_monitors", "RunMonitor", &[], &mut problems);
    changes.subscription = subscription(&mut reader, new, &mut problems);
    if reader
        .get("authentication_policy_id")
        .is_some_and(|policy| !policy.is_null())
    {
        let place = reader.place.key("authentication_policy_id");
        problems.not_emulated(&place, "authentication policies of flows");
    }
    if !new && let Some(text) = reader.text("flow_owner", &mut problems) {
        let id = text.strip_prefix("urn:globus:auth:identity:");
        changes.flow_owner = id.and_then(|id| Uuid::parse_str(id).ok());
        if changes.flow_owner.is_none() {
            reader.wrong(
                "flow_owner",
                &mut problems,
                format!("Unrecognized principal string: \"{text}\""),
            );
        }
    }
    reader.finish(&mut problems);
    problems.finish(request)?;
    Ok((changes, definition))
}

fn definition(reader: &mut Reader<'_>, problems: &mut Problems) -> Option<Definition> {
    let value = reader.get("definition")?;
    Definition::parse(value, reader.place.key("definition"), problems)
}

fn input_schema(reader: &mut Reader<'_>, problems: &mut Problems) -> Option<Value> {
    let value = reader.get("input_schema")?;
    reader.object("input_schema", problems)?;
    if let Err(what) = schema::compile(value) {
        reader.wrong("input_schema", problems, format!("It is no JSON Schema. {what}"));
    }
    Some(value.clone())
}

fn subscription(reader: &mut Reader<'_>, new: bool, problems: &mut Problems) -> Option<Subscription> {
    let value = reader.get("subscription_id")?;
    let found = match value {
        Value::Null => Some(Subscription::None),
        Value::String(text) if text == "DEFAULT" && !new => Some(Subscription::Default),
        Value::String(text) => Uuid::parse_str(text).ok().map(Subscription::Of),
        _ => None,
    };
    if found.is_none() {
        let place = reader.place.key("subscription_id");
        problems.push(&place, "type_error.uuid", "value is not a valid uuid");
    }
    found
}

/// Refuses a definition with an action of which nobody knows the scope; gives the scopes by the role that needs them.
fn scopes(request: &Incoming, definition: &Definition) -> Result<BTreeMap<String, BTreeSet<String>>, Reply> {
    let mut scopes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for action in definition.actions() {
        let scope = action
            .scope
            .clone()
            .or_else(|| Provider::at(&action.url).map(Provider::scope));
        let scope = scope.ok_or_else(|| errors::unresolved_scope(request, &action.url))?;
        scopes.entry(action.run_as.clone()).or_default().insert(scope);
    }
    Ok(scopes)
}

/// The subscription that a flow of the caller's may belong to.
fn granted(world: &World, request: &Incoming, caller: &Caller, wanted: &Subscription) -> Result<Option<Uuid>, Reply> {
    let mut own = world.groups.groups.values().filter(|group| {
        let mine = caller.identities.iter().filter_map(|id| group.memberships.get(id));
        mine.into_iter().any(|row| row.status == Status::Active)
    });
    let found = match wanted {
        Subscription::None => return Ok(None),
        Subscription::Default => own.find_map(|group| group.subscription_id),
        Subscription::Of(id) => own.find_map(|group| group.subscription_id.filter(|own| own == id)),
    };
    let refused = || errors::unprocessable(request, "subscription_id is not that of a subscription of the caller's");
    found.map(Some).ok_or_else(refused)
}

impl Changes {
    /// Writes what is given into a flow.
    fn apply(self, flow: &mut Flow) {
        fn put<T>(slot: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *slot = value;
            }
        }
        put(&mut flow.title, self.title);
        put(&mut flow.subtitle, self.subtitle);
        put(&mut flow.description, self.description);
        put(&mut flow.definition, self.definition);
        put(&mut flow.input_schema, self.input_schema);
        put(&mut flow.keywords, self.keywords);
        put(&mut flow.flow_owner, self.flow_owner);
        put(&mut flow.flow_viewers, self.flow_viewers);
        put(&mut flow.flow_starters, self.flow_starters);
        put(&mut flow.flow_administrators, self.flow_administrators);
        put(&mut flow.run_managers, self.run_managers);
        put(&mut flow.run_monitors, self.run_monitors);
    }
}

/// Makes a flow of the caller's, with a scope of its own.
pub(crate) fn create(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::manager(world, request)?;
    let body = validation::object(request)?;
    let (changes, definition) = read(request, &body, true)?;
    if let Some(definition) = &definition {
        scopes(request, definition)?;
    }
    let subscription_id = match &changes.subscription {
        Some(wanted) => granted(world, request, &caller, wanted)?,
        None => None,
    };
    let now = micros(world.time.now());
    let mut flow = Flow {
        id: world.ids.uuid(),
        title: String::new(),
        subtitle: String::new(),
        description: String::new(),
        keywords: Vec::new(),
        definition: Value::Null,
        input_schema: json!({}),
        flow_owner: caller.identity,
        flow_viewers: Vec::new(),
        flow_starters: Vec::new(),
        flow_administrators: Vec::new(),
        run_managers: Vec::new(),
        run_monitors: Vec::new(),
        subscription_id,
        created_at: now.clone(),
        updated_at: now,
    };
    changes.apply(&mut flow);
    let roles = access::roles(world, &caller, &flow);
    let document = documents::flow(&world.origin, &flow, &roles);
    let World { flows, auth, .. } = world;
    flows.add(flow, auth);
    Ok(Reply::json(StatusCode::CREATED, &document))
}

/// Changes what the body speaks of.
pub(crate) fn update(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::manager(world, request)?;
    let flow = access::flow(world, request)?;
    let roles = access::roles(world, &caller, flow);
    if !roles.iter().any(|role| access::ADMINISTRATORS.contains(role)) {
        return Err(errors::forbidden(request, "flow", flow.id, "UPDATE").inferred());
    }
    let body = validation::object(request)?;
    let (changes, definition) = read(request, &body, false)?;
    if let Some(definition) = &definition {
        scopes(request, definition)?;
    }
    if changes
        .flow_owner
        .is_some_and(|owner| owner != flow.flow_owner && owner != caller.identity)
    {
        let detail = "flow_owner is the identity of the caller: nobody makes another the owner";
        return Err(errors::unprocessable(request, detail));
    }
    let mut flow = flow.clone();
    if let Some(wanted) = &changes.subscription {
        flow.subscription_id = granted(world, request, &caller, wanted)?;
    }
    changes.apply(&mut flow);
    flow.updated_at = micros(world.time.now());
    let roles = access::roles(world, &caller, &flow);
    let document = documents::flow(&world.origin, &flow, &roles);
    world.flows.flows.insert(flow.id, flow);
    Ok(Reply::ok(&document))
}

/// Says whether a definition is well, and which scopes its actions need.
pub(crate) fn validate(world: &mut World, request: &Incoming) -> Outcome {
    access::manager(world, request)?;
    let body = validation::object(request)?;
    let mut problems = Problems::default();
    let mut reader = Reader::new(&body, Place::Root);
    reader.required("definition", &mut problems);
    let definition = definition(&mut reader, &mut problems);
    input_schema(&mut reader, &mut problems);
    reader.finish(&mut problems);
    problems.finish(request)?;
    let scopes = match &definition {
        Some(definition) => scopes(request, definition)?,
        None => BTreeMap::new(),
    };
    Ok(Reply::ok(&json!({"scopes": scopes})))
}
