//! The tables, how they come about, and what is asked of them.

use tokio_postgres::types::Type;
use tokio_postgres::{Client, Row};

use super::connect::failed;
use crate::error::{Error, Result, StorageError, StorageProblem};
use crate::tokens::{TokenDataByResourceServer, TokenStorageData};

/// What makes the tables of one version out of those of the version before.
const MIGRATIONS: &[&str] = &["CREATE TABLE globus_sdk_tokens (
    namespace text NOT NULL,
    resource_server text NOT NULL,
    token_data text NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (namespace, resource_server)
)"];

/// Brings the tables to the version of this program. Any number of programs may do so at once.
pub(super) async fn migrate(client: &Client) -> Result<()> {
    if version(client).await? == Some(MIGRATIONS.len()) {
        return Ok(());
    }
    let done = migrate_locked(client).await;
    if done.is_err() {
        // The connection goes back to the others.
        let _ = client.batch_execute("ROLLBACK").await;
    }
    done
}

async fn migrate_locked(client: &Client) -> Result<()> {
    let run = async |sql: &str| client.batch_execute(sql).await.map_err(|error| failed("write", &error));
    // One in the whole database: in which schema the tables are is not certain before they are there.
    run("BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('globus_sdk_migrations', 0))").await?;
    // Not "make it unless it is there": what a connection knows to be missing, it may go on missing for a moment.
    run("CREATE TABLE IF NOT EXISTS globus_sdk_migrations (
        version integer PRIMARY KEY,
        applied_at timestamptz NOT NULL DEFAULT now()
    )")
    .await?;
    for (number, migration) in (1..).zip(MIGRATIONS).skip(highest(client).await?) {
        run(migration).await?;
        run(&format!(
            "INSERT INTO globus_sdk_migrations (version) VALUES ({number})"
        ))
        .await?;
    }
    run("COMMIT").await?;
    Ok(())
}

/// The version of the tables; `None` without tables.
async fn version(client: &Client) -> Result<Option<usize>> {
    let failed = |error| failed("read", &error);
    let known = "SELECT to_regclass('globus_sdk_migrations') IS NOT NULL";
    let known: bool = client.query_typed_one(known, &[]).await.map_err(failed)?.get(0);
    if !known {
        return Ok(None);
    }
    highest(client).await.map(Some)
}

async fn highest(client: &Client) -> Result<usize> {
    let sql = "SELECT coalesce(max(version), 0) FROM globus_sdk_migrations";
    let row = client.query_typed_one(sql, &[]).await;
    let highest: i32 = row.map_err(|error| failed("read", &error))?.get(0);
    let highest = usize::try_from(highest).unwrap_or(0);
    if highest > MIGRATIONS.len() {
        let message = format!(
            "its tables have the version {highest}, and this version knows those up to {}",
            MIGRATIONS.len()
        );
        return Err(StorageError::new(StorageProblem::Format, "read", message).into());
    }
    Ok(highest)
}

/// A row of two columns as a token under its key.
fn token(row: &Row) -> Result<(String, TokenStorageData)> {
    let read = |column| row.try_get(column).map_err(|error| Error::from(failed("read", &error)));
    let (key, text): (String, String) = (read(0)?, read(1)?);
    let token = TokenStorageData::parse(&key, text.as_bytes())?;
    Ok((key, token))
}

pub(super) type Asked<T> = Result<T, tokio_postgres::Error>;

pub(super) async fn all(client: &Client, namespace: &str) -> Asked<Result<TokenDataByResourceServer>> {
    let sql = "SELECT resource_server, token_data FROM globus_sdk_tokens WHERE namespace = $1";
    let rows = client.query_typed(sql, &[(&namespace, Type::TEXT)]).await?;
    Ok(rows.iter().map(token).collect())
}

/// Only this token has to be in order.
pub(super) async fn one(
    client: &Client,
    namespace: &str,
    resource_server: &str,
) -> Asked<Result<Option<TokenStorageData>>> {
    let sql = "SELECT resource_server, token_data FROM globus_sdk_tokens WHERE namespace = $1 AND resource_server = $2";
    let row = client
        .query_typed_opt(sql, &[(&namespace, Type::TEXT), (&resource_server, Type::TEXT)])
        .await?;
    Ok(row.map(|row| Ok(token(&row)?.1)).transpose())
}

/// One statement, so that all rows are stored or none; in the order of their keys, so that two never wait for each other.
pub(super) async fn store(client: &Client, namespace: &str, keys: &[String], texts: &[String]) -> Asked<()> {
    let sql = "INSERT INTO globus_sdk_tokens (namespace, resource_server, token_data)
        SELECT $1, new.key, new.text FROM unnest($2, $3) AS new (key, text)
        ON CONFLICT (namespace, resource_server) DO UPDATE SET token_data = excluded.token_data, updated_at = now()";
    let values: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 3] = [
        (&namespace, Type::TEXT),
        (&keys, Type::TEXT_ARRAY),
        (&texts, Type::TEXT_ARRAY),
    ];
    client.query_typed(sql, &values).await.map(drop)
}

pub(super) async fn remove(client: &Client, namespace: &str, resource_server: &str) -> Asked<bool> {
    let sql = "DELETE FROM globus_sdk_tokens WHERE namespace = $1 AND resource_server = $2 RETURNING 1";
    let removed = client
        .query_typed(sql, &[(&namespace, Type::TEXT), (&resource_server, Type::TEXT)])
        .await?;
    Ok(!removed.is_empty())
}

pub(super) async fn namespaces(client: &Client) -> Asked<Vec<String>> {
    let sql = "SELECT DISTINCT namespace COLLATE \"C\" FROM globus_sdk_tokens ORDER BY 1";
    let rows = client.query_typed(sql, &[]).await?;
    rows.iter().map(|row| row.try_get(0)).collect()
}
