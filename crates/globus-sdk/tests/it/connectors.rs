//! The table of connectors: the recorded cases.

use globus_sdk::models::ConnectorId;
use globus_sdk::services::gcs::{ConnectorTable, GlobusConnectServerConnector, UserCredential};
use serde_json::{Value, json};

use crate::support::vectors;

fn shown(connector: Option<&GlobusConnectServerConnector>) -> Value {
    connector.map_or(
        Value::Null,
        |connector| json!({"name": connector.name(), "id": connector.connector_id()}),
    )
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap()
}

#[test]
fn vectors_match() {
    let table = ConnectorTable::new();
    for case in vectors("connectors") {
        let id = text(&case, "id");
        match text(&case, "op") {
            "all" => {
                let all = table.all_connectors().map(|connector| {
                    json!({"attribute": connector.attribute(), "name": connector.name(), "id": connector.connector_id()})
                });
                assert_eq!(all.collect::<Value>(), case["result"], "{id}");
            }
            "lookup" => assert_eq!(shown(table.lookup(text(&case, "input"))), case["result"], "{id}"),
            "extend" => {
                let given = &case["kwargs"];
                let (name, connector_id) = (text(given, "connector_name"), text(given, "connector_id"));
                let extended = match given["attribute_name"].as_str() {
                    Some(attribute) => table.extend_as(attribute, name, connector_id),
                    None => table.extend(name, connector_id),
                };
                assert_eq!(shown(extended.lookup(text(&case, "lookup"))), case["result"], "{id}");
                assert_eq!(shown(extended.get(text(&case, "attribute"))), case["result"], "{id}");
                assert_eq!(table.lookup(name), None, "{id}");
            }
            other => panic!("{id}: no test knows {other:?}"),
        }
    }
}

#[test]
fn every_connector_is_found_by_its_constant() {
    let table = ConnectorTable::new();
    for connector in table.all_connectors() {
        assert_eq!(connector.attribute(), connector.name().to_uppercase().replace(' ', "_"));
        assert_eq!(table.get(connector.attribute()), Some(connector));
        assert_eq!(table.lookup(ConnectorId::from(connector)), Some(connector));
    }
    assert_eq!(table.get("AZURE_BLOB"), Some(&ConnectorTable::AZURE_BLOB));
}

#[test]
fn extending_twice_keeps_the_first() {
    let (one, two) = (uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(2));
    let once = ConnectorTable::new().extend("Tape Robot", one);
    let twice = once.extend("Punch Cards", two);
    assert_eq!(twice.get("TAPE_ROBOT"), once.get("TAPE_ROBOT"));
    assert_eq!(twice.lookup("punch-cards").unwrap().connector_id(), two.to_string());
    assert_eq!(once.lookup("punch-cards"), None);
}

#[test]
fn a_credentials_connector_has_a_name() {
    let credential: UserCredential =
        serde_json::from_value(json!({"connector_id": "145812c8-decc-41f1-83cf-bb2a85a2a70b"})).unwrap();
    let table = ConnectorTable::new();
    assert_eq!(table.lookup(credential.connector_id.unwrap()).unwrap().name(), "POSIX");
}
