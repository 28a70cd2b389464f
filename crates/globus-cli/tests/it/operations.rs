//! `globus operations`.

use globus_sdk::operation::Operation;
use globus_sdk::services::operations;

use crate::support::globus;

#[test]
fn the_table_in_lines() {
    let outcome = globus(["operations"]).run();
    assert_eq!(outcome.code, 0);
    let keys: Vec<&str> = outcome.out.lines().filter_map(|line| line.split(' ').next()).collect();
    let wanted: Vec<String> = operations().map(Operation::key).collect();
    assert_eq!(keys, wanted);
    let line = outcome.out.lines().find(|line| line.starts_with("groups.get_group "));
    let words: Vec<&str> = line.unwrap().split_whitespace().collect();
    assert_eq!(words[..3], ["groups.get_group", "GET", "/v2/groups/{group_id}"]);
}

#[test]
fn the_table_as_json() {
    let outcome = globus(["operations", "--json"]).run();
    let rows: Vec<serde_json::Value> = serde_json::from_str(&outcome.out).unwrap();
    assert_eq!(rows.len(), operations().count());
    let search = rows
        .iter()
        .find(|row| row["key"] == "transfer.endpoint_search")
        .unwrap();
    assert_eq!(
        (&search["kind"], &search["paging"]),
        (&"request".into(), &"has_next_page".into())
    );
    let params = search["params"].as_array().unwrap();
    let scope = params.iter().find(|param| param["name"] == "filter_scope").unwrap();
    assert_eq!(
        (&scope["place"], &scope["value"], &scope["required"]),
        (&"query".into(), &"text".into(), &false.into())
    );
    assert_eq!(
        (&scope["type"], &scope["values"][0]),
        (&"EndpointScope".into(), &"all".into())
    );
    let delete = rows.iter().find(|row| row["key"] == "search.delete_index").unwrap();
    let codes: Vec<_> = delete["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| &error["code"])
        .collect();
    assert!(codes.contains(&&"Conflict.IncompatibleIndexStatus".into()), "{codes:?}");
    let gcs = rows.iter().find(|row| row["key"] == "gcs.get_endpoint").unwrap();
    assert_eq!(
        gcs["scopes"][0],
        "urn:globus:auth:scope:{endpoint_client_id}:manage_collections"
    );
    for row in &rows {
        assert!(row["doc"].as_str().is_some_and(|doc| !doc.is_empty()), "{row}");
    }
}
