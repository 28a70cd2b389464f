//! Filters, order, pages and fields of the lists of Transfer.

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde_json::Value;

use super::glob;
use crate::exchange::{Fields, truth};

/// What the values of a field are, which decides how they are filtered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Number,
    Time,
    Flag,
}

/// The fields of a list that can be filtered.
pub(crate) type Keys = [(&'static str, Kind)];

/// `key:v1,v2/key2:v`, several of which admit what any of them admits.
#[derive(Debug, Default)]
pub(crate) struct Filter(Vec<Vec<Clause>>);

#[derive(Debug)]
struct Clause {
    key: &'static str,
    test: Test,
}

#[derive(Debug)]
enum Test {
    /// One of these, if there are any, and none of those.
    Words(Vec<Word>, Vec<Word>),
    Numbers(Vec<(Comparison, f64)>),
    Between(Option<Timestamp>, Option<Timestamp>),
    Flag(bool),
}

#[derive(Debug)]
struct Word {
    text: String,
    pattern: bool,
}

#[derive(Debug, Clone, Copy)]
enum Comparison {
    Less,
    LessOrEqual,
    Equal,
    NotEqual,
    MoreOrEqual,
    More,
}

impl Filter {
    /// Reads all `filter` parameters of a query.
    pub(crate) fn read(fields: &Fields, keys: &Keys) -> Result<Self, String> {
        let texts = fields.iter().filter(|(key, text)| *key == "filter" && !text.is_empty());
        texts
            .map(|(_, text)| clauses(text, keys))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    pub(crate) fn admits(&self, row: &Value) -> bool {
        self.0.is_empty() || self.0.iter().any(|all| all.iter().all(|clause| clause.admits(row)))
    }
}

fn clauses(text: &str, keys: &Keys) -> Result<Vec<Clause>, String> {
    let parts = text.split('/').filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (key, values) = part
                .split_once(':')
                .ok_or_else(|| format!("Invalid filter '{part}': it is a name, a colon and values"))?;
            let known = keys.iter().find(|(name, _)| *name == key);
            let (key, kind) = known.ok_or_else(|| format!("Invalid filter '{key}': there is no such field"))?;
            let test = test(*kind, values).ok_or_else(|| format!("Invalid filter '{part}'"))?;
            Ok(Clause { key, test })
        })
        .collect()
}

fn test(kind: Kind, values: &str) -> Option<Test> {
    Some(match kind {
        Kind::Text => {
            let (mut wanted, mut unwanted) = (Vec::new(), Vec::new());
            for value in values.split(',') {
                let (negated, value) = value.strip_prefix('!').map_or((false, value), |rest| (true, rest));
                let (pattern, value) = match value.strip_prefix('~') {
                    Some(rest) => (true, rest),
                    None => (false, value.strip_prefix('=').unwrap_or(value)),
                };
                // A pattern without a star is looked for anywhere.
                let text = match pattern {
                    true if glob::is_pattern(value) => value.to_lowercase(),
                    true => format!("*{}*", value.to_lowercase()),
                    false => value.to_owned(),
                };
                let list = if negated { &mut unwanted } else { &mut wanted };
                list.push(Word { text, pattern });
            }
            Test::Words(wanted, unwanted)
        }
        Kind::Number => {
            let one = |value: &str| {
                const SIGNS: [(&str, Comparison); 7] = [
                    ("<=", Comparison::LessOrEqual),
                    (">=", Comparison::MoreOrEqual),
                    ("!=", Comparison::NotEqual),
                    ("<", Comparison::Less),
                    (">", Comparison::More),
                    ("=", Comparison::Equal),
                    ("!", Comparison::NotEqual),
                ];
                let found = SIGNS
                    .iter()
                    .find_map(|(sign, comparison)| Some((*comparison, value.strip_prefix(sign)?)));
                let (comparison, number) = found.unwrap_or((Comparison::Equal, value));
                Some((comparison, number.trim().parse().ok()?))
            };
            Test::Numbers(values.split(',').map(one).collect::<Option<_>>()?)
        }
        Kind::Time => {
            let (from, to) = values.split_once(',').unwrap_or((values, ""));
            let one = |text: &str| {
                if text.is_empty() {
                    Some(None)
                } else {
                    time(text).map(Some)
                }
            };
            Test::Between(one(from)?, one(to)?)
        }
        Kind::Flag => Test::Flag(truth(values)?),
    })
}

impl Clause {
    fn admits(&self, row: &Value) -> bool {
        let value = row.get(self.key).unwrap_or(&Value::Null);
        match &self.test {
            Test::Words(wanted, unwanted) => {
                let text = value.as_str().unwrap_or_default();
                let is = |word: &Word| {
                    if word.pattern {
                        glob::fits(&word.text, &text.to_lowercase())
                    } else {
                        word.text == text
                    }
                };
                (wanted.is_empty() || wanted.iter().any(is)) && !unwanted.iter().any(is)
            }
            Test::Numbers(tests) => value.as_f64().is_some_and(|value| {
                tests.iter().all(|(comparison, number)| {
                    let order = value.total_cmp(number);
                    match comparison {
                        Comparison::Less => order == Ordering::Less,
                        Comparison::LessOrEqual => order != Ordering::Greater,
                        Comparison::Equal => order == Ordering::Equal,
                        Comparison::NotEqual => order != Ordering::Equal,
                        Comparison::MoreOrEqual => order != Ordering::Less,
                        Comparison::More => order == Ordering::Greater,
                    }
                })
            }),
            Test::Between(from, to) => value
                .as_str()
                .and_then(time)
                .is_some_and(|value| from.is_none_or(|from| value >= from) && to.is_none_or(|to| value < to)),
            Test::Flag(wanted) => value.as_bool() == Some(*wanted),
        }
    }
}

/// A time as clients write it: a date, or date and time with a space or a `T` between; in UTC unless it says otherwise.
pub(crate) fn time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time);
    }
    // A date followed by `Z` is no civil time, and one with an offset no time without it.
    let civil = text.parse::<Date>().map(|date| date.at(0, 0, 0, 0)).ok();
    let civil = civil
        .filter(|_| text.len() <= 10)
        .or_else(|| text.parse::<DateTime>().ok())?;
    civil.to_zoned(TimeZone::UTC).ok().map(|time| time.timestamp())
}

/// `field ASC,field DESC`.
#[derive(Debug)]
pub(crate) struct OrderBy(Vec<(&'static str, bool)>);

impl OrderBy {
    /// Reads all `orderby` parameters of a query.
    pub(crate) fn read(fields: &Fields, known: &[&'static str]) -> Result<Self, String> {
        let mut order = Vec::new();
        for part in fields.list("orderby") {
            let (name, direction) = part.split_once(' ').unwrap_or((part, "ASC"));
            let name = known.iter().find(|known| **known == name);
            let name = name.ok_or_else(|| format!("Invalid orderby '{part}': there is no such field"))?;
            let descending = match direction.trim() {
                text if text.eq_ignore_ascii_case("asc") => false,
                text if text.eq_ignore_ascii_case("desc") => true,
                _ => return Err(format!("Invalid orderby '{part}': ASC or DESC follows the field")),
            };
            order.push((*name, descending));
        }
        Ok(Self(order))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn compare(&self, one: &Value, other: &Value) -> Ordering {
        let each = self.0.iter().map(|(name, descending)| {
            let order = compare(&one[*name], &other[*name]);
            if *descending { order.reverse() } else { order }
        });
        each.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
}

/// Nothing comes before something.
fn compare(one: &Value, other: &Value) -> Ordering {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => one.total_cmp(&other),
        _ => one.as_str().cmp(&other.as_str()),
    }
}

/// Which rows of a list are wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page {
    pub(crate) limit: usize,
    pub(crate) offset: usize,
}

impl Page {
    /// Reads `limit` and `offset`.
    pub(crate) fn read(fields: &Fields, default: usize, most: usize) -> Result<Self, String> {
        let limit = number(fields, "limit", default)?;
        if limit == 0 || limit > most {
            return Err(format!("Invalid limit '{limit}': it is 1 to {most}"));
        }
        let offset = number(fields, "offset", 0)?;
        Ok(Self { limit, offset })
    }

    /// The rows of this page.
    pub(crate) fn of<T>(self, rows: &[T]) -> &[T] {
        let end = self.offset.saturating_add(self.limit).min(rows.len());
        rows.get(self.offset.min(end)..end).unwrap_or_default()
    }
}

/// A whole number of a query.
pub(crate) fn number(fields: &Fields, name: &str, default: usize) -> Result<usize, String> {
    match fields.get(name) {
        Some(text) => text
            .parse()
            .map_err(|_| format!("Invalid {name} '{text}': not a number")),
        None => Ok(default),
    }
}

/// Keeps the fields that were asked for.
pub(crate) fn only(mut document: Value, fields: &[impl AsRef<str>]) -> Value {
    if let Some(map) = document.as_object_mut().filter(|_| !fields.is_empty()) {
        map.retain(|key, _| key == "DATA_TYPE" || fields.iter().any(|field| field.as_ref() == key));
    }
    document
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const KEYS: &Keys = &[
        ("name", Kind::Text),
        ("size", Kind::Number),
        ("time", Kind::Time),
        ("ok", Kind::Flag),
    ];

    fn admits(query: &str) -> Result<bool, String> {
        let row = json!({"name": "File1.txt", "size": 14, "time": "2021-09-02 18:04:47+00:00", "ok": true});
        Filter::read(&Fields::parse(query.as_bytes()), KEYS).map(|filter| filter.admits(&row))
    }

    #[test]
    fn filters_admit_what_they_say() {
        for (query, wanted) in [
            ("", true),
            ("filter=", true),
            ("filter=name:File1.txt", true),
            ("filter=name:file1.txt", false),
            ("filter=name:=File1.txt", true),
            ("filter=name:!File1.txt", false),
            ("filter=name:!%3Dx", true),
            ("filter=name:~*.TXT", true),
            ("filter=name:~ile", true),
            ("filter=name:!~*.txt", false),
            ("filter=name:a,File1.txt", true),
            ("filter=name:~*.txt,!File1.txt", false),
            ("filter=name:File1.txt/size:15", false),
            ("filter=name:x&filter=size:14", true),
            ("filter=size:>13,<15", true),
            ("filter=size:>=15", false),
            ("filter=size:!14", false),
            ("filter=time:2021-09-02,2021-09-03", true),
            ("filter=time:,2021-09-02", false),
            ("filter=time:2021-09-02T18:04:48Z,", false),
            ("filter=ok:1", true),
            ("filter=ok:false", false),
        ] {
            assert_eq!(admits(query), Ok(wanted), "{query}");
        }
        for query in [
            "filter=name",
            "filter=nothing:1",
            "filter=size:x",
            "filter=time:yesterday",
            "filter=ok:maybe",
        ] {
            assert!(admits(query).is_err(), "{query}");
        }
    }

    #[test]
    fn times_are_read() {
        for text in [
            "2017-10-12 09:30Z",
            "2017-10-12 09:30:00+00:00",
            "2017-10-12T09:30",
            "2017-10-12 09:30:00",
        ] {
            assert_eq!(time(text).map(Timestamp::as_second), Some(1_507_800_600), "{text}");
        }
        assert_eq!(time("2017-10-12").map(Timestamp::as_second), Some(1_507_766_400));
        assert_eq!(time("soon"), None);
    }

    #[test]
    fn rows_are_ordered() {
        let fields = Fields::parse(b"orderby=size+DESC,name");
        let order = OrderBy::read(&fields, &["name", "size"]).expect("an order");
        let mut rows = [
            json!({"name": "b", "size": 1}),
            json!({"name": "a", "size": 1}),
            json!({"name": "c", "size": 2}),
            json!({"name": "d", "size": null}),
        ];
        rows.sort_by(|one, other| order.compare(one, other));
        let names: Vec<_> = rows.iter().filter_map(|row| row["name"].as_str()).collect();
        assert_eq!(names, ["c", "a", "b", "d"]);
        assert!(OrderBy::read(&Fields::parse(b"orderby=x"), &["name"]).is_err());
        assert!(OrderBy::read(&Fields::parse(b"orderby=name+UP"), &["name"]).is_err());
    }
}
