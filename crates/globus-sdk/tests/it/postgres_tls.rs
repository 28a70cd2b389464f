//! Tokens in PostgreSQL over TLS: whose certificate is taken, and what is said of one that is not.

use std::path::Path;
use std::time::{Duration, Instant};

use globus_sdk::error::{Error, ErrorKind, StorageProblem};
use globus_sdk::tokens::{PostgresTokenStorage, TokenStorage};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};

use crate::postgres::PostgresServer;
use crate::python::skipped;
use crate::token_storage::data;

/// An authority, and its certificate in PEM.
fn authority(name: &str) -> (Issuer<'static, KeyPair>, String) {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    let key = KeyPair::generate().unwrap();
    let pem = params.self_signed(&key).unwrap().pem();
    (Issuer::new(params, key), pem)
}

/// A certificate for `db.example.org` with its key, both in PEM.
fn certificate(authority: &Issuer<'static, KeyPair>) -> (String, String) {
    let params = CertificateParams::new(["db.example.org".to_owned()]).unwrap();
    let key = KeyPair::generate().unwrap();
    (params.signed_by(&key, authority).unwrap().pem(), key.serialize_pem())
}

/// What the error of a connection says: its kind, its text, what to do.
async fn refused(connection: &str) -> (Error, String) {
    let error = PostgresTokenStorage::connect(connection).await.unwrap_err();
    let said = format!("{error}; {}; {error:?}", error.hint().unwrap_or_default());
    assert!(!said.contains("SECRET"), "{said}");
    (error, said)
}

/// Whether the system, for a server on that port, asks within a time whether the other side is still there.
fn asks_within(port: u16, time: Duration) -> bool {
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let server = format!("0100007F:{port:04X}");
    table.lines().any(|line| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        // Established, and the timer is the one for asking: in hundredths of a second.
        let timer = columns.get(5).and_then(|timer| timer.strip_prefix("02:"));
        columns[1] == server
            && columns[3] == "01"
            && timer.is_some_and(|left| u128::from_str_radix(left, 16).unwrap() * 10 <= time.as_millis())
    })
}

#[tokio::test]
async fn certificates_are_verified() {
    let (ours, pem) = authority("Ours");
    let (_, other_pem) = authority("Another");
    let (certificate, key) = certificate(&ours);
    let (server, port) = match PostgresServer::with_tls(&certificate, &key) {
        Ok(started) => started,
        Err(why) => return skipped(&format!("no PostgreSQL with TLS ({why})")),
    };
    // It answers before it is ready.
    server.execute("SELECT 1").await;
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let (root, other) = (file("root.pem", &pem), file("other.pem", &other_pem));
    let to = |host: &str, rest: &str| {
        format!("host={host} hostaddr=127.0.0.1 port={port} user=postgres password=SECRET dbname=postgres {rest}")
    };
    let named = |rest: &str| to("db.example.org", rest);

    let address =
        format!("postgres://postgres:SECRET@db.example.org:{port}/postgres?hostaddr=127.0.0.1&sslmode=verify-full");
    for connection in [
        named(&format!("sslmode=verify-full sslrootcert='{root}'")),
        named(&format!("sslrootcert={root}")),
        format!("{address}&sslrootcert={}", root.replace('/', "%2F")),
    ] {
        let storage = PostgresTokenStorage::connect(&connection).await.unwrap();
        storage.store_token_data_by_resource_server(data("a")).await.unwrap();
        let _held = storage.lock("a").await.unwrap();
        assert_eq!(storage.get_token_data("a").await.unwrap(), data("a").remove("a"));
    }

    // The server asks whether the machine that holds a lock is still there, long before the two hours of the system.
    let storage = PostgresTokenStorage::connect(&named(&format!("sslrootcert='{root}'")))
        .await
        .unwrap();
    let held = storage.lock("a").await.unwrap();
    if cfg!(target_os = "linux") {
        let begun = Instant::now();
        while !asks_within(port, Duration::from_secs(30)) {
            assert!(begun.elapsed() < Duration::from_secs(20), "the server does not ask");
            tokio::task::yield_now().await;
        }
    }
    // Waiting ends over TLS too.
    let hasty = PostgresTokenStorage::connect_with(&named(&format!("sslrootcert='{root}'")), 1)
        .await
        .unwrap();
    let waiting = tokio::time::timeout(Duration::from_millis(300), hasty.lock("a")).await;
    assert!(waiting.is_err());
    let next = tokio::time::timeout(Duration::from_secs(8), hasty.lock("b")).await;
    drop(next.expect("a free connection").unwrap());
    drop(held);

    // Issued by somebody whom this program, or the system, does not trust.
    for rest in [
        format!("sslmode=verify-full sslrootcert={other}"),
        "sslmode=require".to_owned(),
    ] {
        let (error, said) = refused(&named(&rest)).await;
        assert_eq!(error.kind(), ErrorKind::Storage);
        assert!(
            said.contains("UnknownIssuer") && said.contains("`sslrootcert=FILE`"),
            "{said}"
        );
    }
    // For another host.
    for mode in ["verify-full", "verify-ca", "require"] {
        let (_, said) = refused(&to("localhost", &format!("sslmode={mode} sslrootcert={root}"))).await;
        assert!(said.contains("by a name that its certificate has"), "{said}");
        assert!(said.contains("db.example.org"), "{said}");
    }
    // Without TLS, on purpose or because the server is on this machine.
    for connection in [named("sslmode=disable"), to("127.0.0.1", "")] {
        let (error, said) = refused(&connection).await;
        let Error::Storage(error) = error else { panic!("{said}") };
        assert_eq!(error.problem(), StorageProblem::Access);
        assert!(
            said.contains("no encryption") && said.contains("`sslmode=require`"),
            "{said}"
        );
    }
    let (error, said) = refused(&named(&format!(
        "sslrootcert={}",
        Path::new(&root).with_extension("no").display()
    )))
    .await;
    assert_eq!(error.kind(), ErrorKind::Validation);
    assert!(said.contains("cannot be read"), "{said}");
}
