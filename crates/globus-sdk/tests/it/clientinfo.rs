//! How the program names itself.

use globus_sdk::config::{ClientInfo, user_agent};
use globus_sdk::error::{Error, ErrorKind};
use serde::de::{MapAccess, Visitor};
use serde_json::Value;

use crate::support::{Rules, vectors};

const OURS: &str = concat!("product=rust-sdk,version=", env!("CARGO_PKG_VERSION"));
const THEIRS: &str = "product=python-sdk,version=4.9.0";

/// The members of an object in their order, which a JSON value does not keep.
fn fields(json: &str) -> Vec<(String, String)> {
    struct Fields;
    impl<'de> Visitor<'de> for Fields {
        type Value = Vec<(String, String)>;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object")
        }
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut fields = Vec::new();
            while let Some(field) = map.next_entry()? {
                fields.push(field);
            }
            Ok(fields)
        }
    }
    serde::Deserializer::deserialize_map(&mut serde_json::Deserializer::from_str(json), Fields).expect("fields")
}

fn replay(steps: &[(String, Option<Box<serde_json::value::RawValue>>)]) -> Result<ClientInfo, Error> {
    let mut info = ClientInfo::default();
    for (step, argument) in steps {
        match (step.as_str(), argument.as_ref().map(|argument| argument.get())) {
            ("clear", None) => info.clear(),
            ("add", Some(text)) if text.starts_with('"') => {
                info.add_text(&serde_json::from_str::<String>(text).expect("a text"))?;
            }
            ("add", Some(object)) => info.add(fields(object))?,
            other => panic!("unknown step {other:?}"),
        }
    }
    Ok(info)
}

#[test]
fn vectors_match() {
    let rules = Rules::load("clientinfo");
    for vector in vectors("clientinfo") {
        let id = &vector["id"];
        assert_eq!(rules.find(&vector), None, "{id}");
        let result = &vector["result"];
        if let Some(steps) = vector.get("steps") {
            let steps: Vec<Vec<Box<serde_json::value::RawValue>>> = raw_steps(&vector, steps);
            let steps: Vec<_> = steps
                .into_iter()
                .map(|mut step| {
                    let argument = (step.len() > 1).then(|| step.remove(1));
                    (serde_json::from_str(step[0].get()).expect("a name"), argument)
                })
                .collect();
            match replay(&steps) {
                Ok(info) => {
                    assert_eq!(result["ok"], true, "{id}");
                    let expected = result["format"].as_str().expect("a text").replace(THEIRS, OURS);
                    assert_eq!(info.format(), expected, "{id}");
                    assert_eq!(!info.is_empty(), result["truthy"], "{id}");
                    let header = info
                        .header_value()
                        .map(|value| value.to_str().expect("text").to_owned());
                    assert_eq!(
                        header,
                        result["header"].as_str().map(|header| header.replace(THEIRS, OURS)),
                        "{id}"
                    );
                }
                Err(error) => {
                    assert_eq!(result["ok"], false, "{id}: {error}");
                    assert_eq!(error.kind(), ErrorKind::Usage, "{id}");
                }
            }
        } else {
            let agent = user_agent(vector["app_name"].as_str());
            let expected = result["user_agent"].as_str().expect("a text");
            let ours = format!("globus-sdk-rs-{}", env!("CARGO_PKG_VERSION"));
            assert_eq!(agent, expected.replace("globus-sdk-py-4.9.0", &ours), "{id}");
        }
    }
    rules.assert_all_used();
}

/// The steps as they are written, since the order of fields counts.
fn raw_steps(vector: &Value, steps: &Value) -> Vec<Vec<Box<serde_json::value::RawValue>>> {
    #[derive(serde::Deserialize)]
    struct Line {
        id: String,
        #[serde(default)]
        steps: Vec<Vec<Box<serde_json::value::RawValue>>>,
    }
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../conformance/vectors/clientinfo.jsonl"
    );
    let text = std::fs::read_to_string(path).expect("vectors");
    let line = text
        .lines()
        .map(|line| serde_json::from_str::<Line>(line).expect("a vector"))
        .find(|line| line.id == vector["id"])
        .expect("the same vector");
    assert_eq!(line.steps.len(), steps.as_array().map_or(0, Vec::len));
    line.steps
}

#[test]
fn what_was_added_is_read_back() {
    let mut info = ClientInfo::default();
    info.add([("product", "portal"), ("version", "1.0"), ("stage", "beta")])
        .expect("good fields");
    let read = ClientInfo::parse(&info.format()).expect("our own format");
    assert_eq!(read, info);
    let products: Vec<_> = read.products().collect();
    assert_eq!(products[0][0], ("product", "rust-sdk"));
    assert_eq!(
        products[1],
        [("product", "portal"), ("version", "1.0"), ("stage", "beta")]
    );
}

#[test]
fn a_header_cannot_be_broken() {
    let mut info = ClientInfo::empty();
    assert!(info.add([("product", "a\r\nEvil: yes")]).is_err());
    assert!(info.add_text("product=ä").is_err());
    assert!(info.add_text("a=b;c=d").is_err());
    assert!(info.is_empty() && info.header_value().is_none());
    assert!(http::HeaderValue::from_str(&user_agent(Some("a\r\nEvil: ä"))).is_ok());
    info.clear();
    info.clear();
}
