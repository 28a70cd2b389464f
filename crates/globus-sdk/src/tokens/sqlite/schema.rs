//! What stands in the database: the tables of the Python SDK.
//!
//! Version 1 is that of its `SQLiteAdapter`, which the Python CLI uses: it has a table of settings too. Version 2 is that
//! of its `SQLiteTokenStorage`. Each row of tokens holds the same JSON document as a file of tokens.

use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};
use serde_json::{Map, Value};

use super::database::Fault;
use crate::error::{StorageError, StorageProblem, quoted};
use crate::tokens::files::{LOOKS, OURS};
use crate::tokens::{TokenDataByResourceServer, TokenStorageData};

const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS token_storage (
        namespace VARCHAR NOT NULL,
        resource_server VARCHAR NOT NULL,
        token_data_json VARCHAR NOT NULL,
        PRIMARY KEY (namespace, resource_server)
    );
    CREATE TABLE IF NOT EXISTS sdk_storage_adapter_internal (
        attribute VARCHAR NOT NULL,
        value VARCHAR NOT NULL,
        PRIMARY KEY (attribute)
    );";
const CONFIG: &str = "
    CREATE TABLE IF NOT EXISTS config_storage (
        namespace VARCHAR NOT NULL,
        config_name VARCHAR NOT NULL,
        config_data_json VARCHAR NOT NULL,
        PRIMARY KEY (namespace, config_name)
    );";

/// Makes the tables that are not there.
pub(super) fn create(connection: &mut Connection) -> Result<(), Fault> {
    let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    change.execute_batch(TABLES)?;
    let mut set =
        change.prepare("INSERT OR IGNORE INTO sdk_storage_adapter_internal(attribute, value) VALUES (?, ?)")?;
    set.execute(["globus-sdk.version", OURS])?;
    set.execute(["globus-sdk.database_schema_version", "2"])?;
    drop(set);
    Ok(change.commit()?)
}

/// Refuses a database of another kind or of a version that is not known. One without tables gets them: the Python SDK
/// makes the file first, and soon after it the tables.
pub(super) fn check(connection: &mut Connection) -> Result<(), Fault> {
    let mut looks = 0;
    loop {
        let tables = tables(connection)?;
        let has = |name: &str| tables.iter().any(|table| table == name);
        if has("token_storage") {
            break;
        }
        if tables
            .iter()
            .any(|table| table != "config_storage" && table != "sdk_storage_adapter_internal")
        {
            return Err(unknown("it is a database of another kind"));
        }
        if looks == LOOKS.0 {
            return create(connection);
        }
        looks += 1;
        std::thread::sleep(LOOKS.1);
    }
    check_version(connection)
}

/// Refuses what is no database of tokens, and changes nothing.
pub(super) fn check_only(connection: &Connection) -> Result<(), Fault> {
    if !tables(connection)?.iter().any(|table| table == "token_storage") {
        return Err(unknown("it is no database of tokens"));
    }
    check_version(connection)
}

fn check_version(connection: &Connection) -> Result<(), Fault> {
    if !tables(connection)?
        .iter()
        .any(|table| table == "sdk_storage_adapter_internal")
    {
        return Ok(());
    }
    let version: Option<String> = connection
        .query_row(
            "SELECT CAST(value AS TEXT) FROM sdk_storage_adapter_internal WHERE attribute = ?",
            ["globus-sdk.database_schema_version"],
            |row| row.get(0),
        )
        .optional()?;
    match version.as_deref() {
        None | Some("1" | "2") => Ok(()),
        Some(version) => Err(unknown(&format!(
            "its schema has the version {}, and this version knows 1 and 2",
            quoted(version)
        ))),
    }
}

fn tables(connection: &Connection) -> Result<Vec<String>, rusqlite::Error> {
    let mut statement = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")?;
    statement.query_map([], |row| row.get(0))?.collect()
}

fn unknown(message: &str) -> Fault {
    StorageError::new(StorageProblem::Format, "read", message)
        .with_hint("check the path: the file was left as it is")
        .into()
}

pub(super) fn all(connection: &Connection, namespace: &str) -> Result<TokenDataByResourceServer, Fault> {
    let mut statement =
        connection.prepare("SELECT resource_server, token_data_json FROM token_storage WHERE namespace = ?")?;
    let mut rows = statement.query([namespace])?;
    let mut all = TokenDataByResourceServer::new();
    while let Some(row) = rows.next()? {
        let resource_server: String = row.get(0)?;
        let token = TokenStorageData::parse(&resource_server, bytes(row)?)?;
        all.insert(resource_server, token);
    }
    Ok(all)
}

/// Only this token has to be in order.
pub(super) fn one(
    connection: &Connection,
    namespace: &str,
    resource_server: &str,
) -> Result<Option<TokenStorageData>, Fault> {
    let mut statement = connection.prepare(
        "SELECT resource_server, token_data_json FROM token_storage WHERE namespace = ? AND resource_server = ?",
    )?;
    let mut rows = statement.query([namespace, resource_server])?;
    let row = rows.next()?;
    row.map(|row| Ok(TokenStorageData::parse(resource_server, bytes(row)?)?))
        .transpose()
}

/// The document of a row, whatever type it has: what is no text is no token.
fn bytes<'a>(row: &'a rusqlite::Row<'_>) -> Result<&'a [u8], rusqlite::Error> {
    Ok(row.get_ref(1)?.as_bytes().unwrap_or_default())
}

pub(super) fn store(connection: &mut Connection, namespace: &str, rows: &[(String, String)]) -> Result<(), Fault> {
    let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for (resource_server, text) in rows {
        change.execute(
            "REPLACE INTO token_storage(namespace, resource_server, token_data_json) VALUES (?, ?, ?)",
            [namespace, resource_server, text],
        )?;
    }
    Ok(change.commit()?)
}

pub(super) fn remove(connection: &Connection, namespace: &str, resource_server: &str) -> Result<bool, Fault> {
    let removed = connection.execute(
        "DELETE FROM token_storage WHERE namespace = ? AND resource_server = ?",
        [namespace, resource_server],
    )?;
    Ok(removed > 0)
}

/// The namespaces with tokens; with `configs`, also those with nothing but settings.
pub(super) fn namespaces(connection: &Connection, configs: bool) -> Result<Vec<String>, Fault> {
    let sql = if configs && has_configs(connection)? {
        "SELECT namespace FROM token_storage UNION SELECT namespace FROM config_storage ORDER BY 1"
    } else {
        "SELECT DISTINCT namespace FROM token_storage ORDER BY 1"
    };
    let mut statement = connection.prepare(sql)?;
    let found: Result<_, rusqlite::Error> = statement.query_map([], |row| row.get(0))?.collect();
    Ok(found?)
}

fn has_configs(connection: &Connection) -> Result<bool, rusqlite::Error> {
    Ok(tables(connection)?.iter().any(|table| table == "config_storage"))
}

pub(super) fn store_config(connection: &mut Connection, namespace: &str, name: &str, text: &str) -> Result<(), Fault> {
    let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    change.execute_batch(CONFIG)?;
    change.execute(
        "REPLACE INTO config_storage(namespace, config_name, config_data_json) VALUES (?, ?, ?)",
        params![namespace, name, text],
    )?;
    Ok(change.commit()?)
}

pub(super) fn read_config(
    connection: &Connection,
    namespace: &str,
    name: &str,
) -> Result<Option<Map<String, Value>>, Fault> {
    if !has_configs(connection)? {
        return Ok(None);
    }
    let mut statement = connection
        .prepare("SELECT namespace, config_data_json FROM config_storage WHERE namespace = ? AND config_name = ?")?;
    let mut rows = statement.query([namespace, name])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    match serde_json::from_slice(bytes(row)?) {
        Ok(Value::Object(members)) => Ok(Some(members)),
        _ => Err(unknown(&format!("the setting {} is no JSON object", quoted(name)))),
    }
}

pub(super) fn remove_config(connection: &Connection, namespace: &str, name: &str) -> Result<bool, Fault> {
    if !has_configs(connection)? {
        return Ok(false);
    }
    let removed = connection.execute(
        "DELETE FROM config_storage WHERE namespace = ? AND config_name = ?",
        [namespace, name],
    )?;
    Ok(removed > 0)
}
