//! The form of what Transfer answers below `/v2/`. <https://jsonapi.org/format/>

use http::StatusCode;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::query::number;
use crate::exchange::{Fields, Incoming, Reply};
use crate::world::World;

const MEDIA_TYPE: &str = "application/vnd.api+json";
/// Rows of a page, unless fewer are asked for; also the most.
const PAGE: usize = 100;

fn typed(status: StatusCode, document: &Value) -> Reply {
    let reply = Reply::json(status, document);
    Reply {
        content_type: MEDIA_TYPE,
        ..reply
    }
}

/// A document with members beside `meta`.
pub(crate) fn reply(world: &mut World, status: StatusCode, mut members: Value) -> Reply {
    members["meta"] = json!({"request_id": world.ids.request()});
    typed(status, &members)
}

pub(crate) fn error(request_id: &str, status: StatusCode, code: &str, detail: &str) -> Reply {
    let document = json!({
        "errors": [{
            "status": status.as_u16().to_string(),
            "code": code,
            "title": status.canonical_reason(),
            "detail": detail,
        }],
        "meta": {"request_id": request_id},
    });
    typed(status, &document)
}

/// Which rows of a list are wanted.
pub(crate) struct Page {
    limit: usize,
    /// The last row of the page before.
    after: Option<String>,
}

impl Page {
    /// Reads `page[limit]` and `page[marker]`.
    pub(crate) fn read(fields: &Fields) -> Result<Self, String> {
        let limit = number(fields, "page[limit]", PAGE)?;
        if limit == 0 || limit > PAGE {
            return Err(format!("Invalid page[limit] '{limit}': it is 1 to {PAGE}"));
        }
        let after = fields.get("page[marker]").map(str::to_owned);
        Ok(Self { limit, after })
    }

    /// The rows of this page, which have ids, and the links to the others: null where one page is all.
    pub(crate) fn of(&self, world: &World, request: &Incoming, rows: &[Value]) -> Result<(Vec<Value>, Value), String> {
        let from = match &self.after {
            None => 0,
            Some(after) => {
                let at = rows.iter().position(|row| text(&row["id"]) == *after);
                at.ok_or("Invalid page[marker]: it is that of a link")? + 1
            }
        };
        let end = from.saturating_add(self.limit).min(rows.len());
        let shown = rows[from..end].to_vec();
        let next = shown.last().filter(|_| end < rows.len()).map(|row| {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            query.append_pair("page[limit]", &self.limit.to_string());
            query.append_pair("page[marker]", &text(&row["id"]));
            let origin = world.origin.trim_end_matches('/');
            format!("{origin}{}?{}", request.path, query.finish())
        });
        Ok((shown, next.map_or(Value::Null, |next| json!({ "next": next }))))
    }
}

fn text(id: &Value) -> String {
    id.as_str().map_or_else(|| id.to_string(), str::to_owned)
}

/// How a resource points to another.
pub(crate) fn pointer(kind: &str, id: Uuid) -> Value {
    json!({"data": {"type": kind, "id": id}})
}

/// A resource that a request brings: its attributes, and what it points to.
pub(crate) struct Resource<'a> {
    data: &'a Map<String, Value>,
}

impl<'a> Resource<'a> {
    pub(crate) fn of(value: &'a Value, kind: &str) -> Result<Self, String> {
        let data = value["data"]
            .as_object()
            .ok_or("The document has its fields in an object 'data'")?;
        match data.get("type").and_then(Value::as_str) {
            Some(found) if found == kind => Ok(Self { data }),
            _ => Err(format!("Invalid type: it is \"{kind}\"")),
        }
    }

    /// The attributes, all of which are known.
    pub(crate) fn attributes(&self, known: &[&str]) -> Result<Attributes<'a>, String> {
        let attributes = match self.data.get("attributes") {
            None | Some(Value::Null) => None,
            Some(Value::Object(attributes)) => Some(attributes),
            Some(_) => return Err("'attributes' is an object".to_owned()),
        };
        let unknown = attributes.and_then(|attributes| attributes.keys().find(|key| !known.contains(&key.as_str())));
        match unknown {
            Some(key) => Err(format!("Unknown attribute '{}'", key.escape_debug())),
            None => Ok(Attributes(attributes)),
        }
    }

    /// The id of what it points to under a name.
    pub(crate) fn relationship(&self, name: &str, kind: &str) -> Result<Uuid, String> {
        let found = &self.data.get("relationships").unwrap_or(&Value::Null)[name]["data"];
        let id = found["id"].as_str().and_then(|id| Uuid::parse_str(id).ok());
        id.filter(|_| found["type"] == kind)
            .ok_or_else(|| format!("Missing or invalid relationship '{name}': it is to a {kind}"))
    }
}

/// The attributes of a resource.
pub(crate) struct Attributes<'a>(Option<&'a Map<String, Value>>);

impl<'a> Attributes<'a> {
    pub(crate) fn get(&self, name: &str) -> Option<&'a Value> {
        self.0?.get(name).filter(|value| !value.is_null())
    }

    pub(crate) fn text(&self, name: &str) -> Result<Option<&'a str>, String> {
        let value = self.get(name);
        let text = value.map(|value| {
            value
                .as_str()
                .ok_or_else(|| format!("Invalid attribute '{name}': it is a string"))
        });
        text.transpose()
    }

    pub(crate) fn number(&self, name: &str, most: u64) -> Result<Option<u64>, String> {
        let value = self.get(name);
        let good = |value: &Value| value.as_u64().filter(|number| (1..=most).contains(number));
        let number =
            value.map(|value| good(value).ok_or_else(|| format!("Invalid attribute '{name}': it is 1 to {most}")));
        number.transpose()
    }
}
