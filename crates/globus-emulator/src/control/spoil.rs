//! What faults make of answers.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::exchange::Reply;
use crate::services::auth::id_token::{self, Flaw};
use crate::services::auth::keys;

/// A number from 0 to below 1 that depends on a seed and a position only (`SplitMix64`).
pub(super) fn part_of_one(seed: u64, at: u64) -> f64 {
    let mut state = seed.wrapping_add(at.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^= state >> 31;
    // 32 bits are plenty, and are exact in a number with a point.
    let high = u32::try_from(state >> 32).unwrap_or(0);
    f64::from(high) / (f64::from(u32::MAX) + 1.0)
}

/// Changes the JSON document of an answer; of another answer, nothing.
pub(super) fn edit(reply: Reply, set: &BTreeMap<String, Value>, remove: &[String]) -> Reply {
    if set.is_empty() && remove.is_empty() {
        return reply;
    }
    change(reply, |document| {
        for pointer in remove {
            take(document, pointer);
        }
        for (pointer, value) in set {
            put(document, pointer, value.clone());
        }
    })
}

/// Gives an identity token in an answer a flaw, and a key set another key.
pub(super) fn identity(reply: Reply, flaw: Flaw) -> Reply {
    change(reply, |document| {
        if flaw == Flaw::NewKey && document.get("keys").is_some() {
            *document = keys::rotated_key_set();
        }
        let token = document.get("id_token").and_then(Value::as_str);
        if let Some(token) = token.and_then(|token| id_token::spoil(token, flaw)) {
            document["id_token"] = token.into();
        }
    })
}

fn change(mut reply: Reply, change: impl FnOnce(&mut Value)) -> Reply {
    if let Ok(mut document) = serde_json::from_slice(&reply.body) {
        change(&mut document);
        reply.body = document.to_string().into();
    }
    reply
}

/// The place of a member: what it is in, and its name there.
fn place<'a>(document: &'a mut Value, pointer: &str) -> Option<(&'a mut Value, String)> {
    let (parent, name) = pointer.rsplit_once('/')?;
    // RFC 6901, section 4.
    let name = name.replace("~1", "/").replace("~0", "~");
    Some((document.pointer_mut(parent)?, name))
}

fn take(document: &mut Value, pointer: &str) {
    match place(document, pointer) {
        Some((Value::Object(map), name)) => {
            map.remove(&name);
        }
        Some((Value::Array(list), name)) => {
            if let Some(at) = name.parse().ok().filter(|at: &usize| *at < list.len()) {
                list.remove(at);
            }
        }
        _ => {}
    }
}

fn put(document: &mut Value, pointer: &str, value: Value) {
    match place(document, pointer) {
        Some((Value::Object(map), name)) => {
            map.insert(name, value);
        }
        Some((Value::Array(list), name)) => {
            if let Some(row) = name.parse().ok().and_then(|at: usize| list.get_mut(at)) {
                *row = value;
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_are_set_and_removed_by_pointer() {
        let reply = Reply::ok(&json!({"a": {"b/c": 1, "d": 2}, "rows": [1, 2]}));
        let set = [("/a/x", json!(3)), ("/rows/1", json!([])), ("/no/where", json!(1))];
        let set = set.map(|(pointer, value)| (pointer.to_owned(), value));
        let remove = [
            "/a/b~1c".to_owned(),
            "/rows/0".to_owned(),
            "/rows/9".to_owned(),
            "/x".to_owned(),
        ];
        let edited = edit(reply, &set.into_iter().collect(), &remove);
        // What is removed goes first, so that there is no second row any more.
        assert_eq!(
            *edited.body,
            *json!({"a": {"d": 2, "x": 3}, "rows": [2]}).to_string().as_bytes()
        );
    }

    #[test]
    fn what_is_no_json_stays_as_it_is() {
        let mut reply = Reply::ok(&Value::Null);
        reply.body = "<p>".into();
        let set = [("/a".to_owned(), json!(1))].into_iter().collect();
        assert_eq!(*edit(reply, &set, &[]).body, *b"<p>");
    }

    #[test]
    fn parts_are_spread_and_depend_on_the_seed() {
        let hits = |seed| (1..=10_000).filter(|&at| part_of_one(seed, at) < 0.3).count();
        for seed in 0..20 {
            assert!((2_800..3_200).contains(&hits(seed)), "{seed}: {}", hits(seed));
        }
        assert_ne!(part_of_one(1, 1).to_bits(), part_of_one(2, 1).to_bits());
    }
}
