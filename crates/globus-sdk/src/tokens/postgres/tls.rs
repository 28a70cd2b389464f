//! TLS on the way to the database: what the connection string says of it, and whose certificates are trusted.

use std::error::Error as _;
use std::io;
use std::iter::Peekable;
use std::str::CharIndices;
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{CertificateError, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::{Error, Result, StorageError, StorageProblem};

/// Takes what the library that reads connection strings does not know out of one: `sslrootcert`, which comes back apart,
/// and the modes `verify-ca` and `verify-full`, which are `require`, since certificates are always verified.
pub(super) fn split(text: &str) -> (String, Option<String>) {
    let mut root = None;
    let mut keep = |key: &str, raw: &str, value: String| match (key, value.as_str()) {
        ("sslrootcert", _) => {
            root = Some(value);
            None
        }
        ("sslmode", "verify-ca" | "verify-full") => Some("sslmode=require".to_owned()),
        _ => Some(raw.to_owned()),
    };
    let kept = if text.starts_with("postgres://") || text.starts_with("postgresql://") {
        let Some((front, query)) = parted(text) else {
            return (text.to_owned(), None);
        };
        let pairs = query.split('&').filter_map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            keep(key, pair, percent_decode_str(value).decode_utf8_lossy().into_owned())
        });
        let pairs = pairs.collect::<Vec<_>>().join("&");
        if pairs.is_empty() {
            front.to_owned()
        } else {
            format!("{front}?{pairs}")
        }
    } else {
        // What cannot be read is refused by the library, with the rest.
        let Some(settings) = settings(text) else {
            return (text.to_owned(), None);
        };
        let settings = settings
            .into_iter()
            .filter_map(|(key, raw, value)| keep(key, raw, value));
        settings.collect::<Vec<_>>().join(" ")
    };
    (kept, root)
}

/// An address and its settings. A `?` may be in the password too, which ends at an `@` before the first `/`.
fn parted(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once("://")?;
    let server = rest
        .find(['@', '/'])
        .filter(|at| rest[*at..].starts_with('@'))
        .unwrap_or(0);
    let at = scheme.len() + 3 + server;
    let query = at + text[at..].find('?')?;
    Some((&text[..query], &text[query + 1..]))
}

/// The settings of a list `key=value key='another value'`: key, both as they are written, and the value.
fn settings(text: &str) -> Option<Vec<(&str, &str, String)>> {
    let mut characters = text.char_indices().peekable();
    let mut found = Vec::new();
    loop {
        skip_spaces(&mut characters);
        let Some((begin, _)) = characters.peek().copied() else {
            return Some(found);
        };
        while characters
            .next_if(|(_, next)| *next != '=' && !next.is_whitespace())
            .is_some()
        {}
        let key = &text[begin..characters.peek()?.0];
        skip_spaces(&mut characters);
        characters.next_if(|(_, next)| *next == '=')?;
        skip_spaces(&mut characters);
        let quoted = characters.next_if(|(_, next)| *next == '\'').is_some();
        let mut value = String::new();
        loop {
            match characters.next_if(|(_, next)| quoted || !next.is_whitespace()) {
                Some((_, '\\')) => value.push(characters.next()?.1),
                Some((_, '\'')) if quoted => break,
                Some((_, other)) => value.push(other),
                None if quoted => return None,
                None => break,
            }
        }
        let end = characters.peek().map_or(text.len(), |(at, _)| *at);
        found.push((key, &text[begin..end], value));
    }
}

fn skip_spaces(characters: &mut Peekable<CharIndices<'_>>) {
    while characters.next_if(|(_, next)| next.is_whitespace()).is_some() {}
}

/// TLS with the certificates that the system trusts, or those of `SSL_CERT_FILE`; or with those in the file `root` alone.
pub(super) fn connector(root: Option<&str>) -> Result<MakeRustlsConnect> {
    let failed = |error: rustls::Error| StorageError::new(StorageProblem::Failed, "read", format!("no TLS: {error}"));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(failed)?;
    let builder = match root {
        None | Some("system") => builder.with_platform_verifier().map_err(failed)?,
        Some(path) => builder.with_root_certificates(roots(path)?),
    };
    Ok(MakeRustlsConnect::new(builder.with_no_client_auth()))
}

fn roots(path: &str) -> Result<RootCertStore> {
    let refused = |problem: String| Error::validation("`sslrootcert` in the connection string of PostgreSQL", problem);
    let mut roots = RootCertStore::empty();
    let certificates = CertificateDer::pem_file_iter(path);
    for certificate in certificates.map_err(|error| refused(format!("names a file that cannot be read: {error}")))? {
        let certificate = certificate.map_err(|error| refused(format!("names a file that is not PEM: {error}")))?;
        let added = roots.add(certificate);
        added.map_err(|error| refused(format!("names a file with a certificate that cannot be used: {error}")))?;
    }
    if roots.is_empty() {
        return Err(refused("names a file without certificates in the form PEM".to_owned()));
    }
    Ok(roots)
}

/// What to do about a server whose certificate is refused; `None` for other failures.
pub(super) fn advice(error: &tokio_postgres::Error) -> Option<&'static str> {
    let cause = error.source()?.downcast_ref::<io::Error>()?.get_ref()?;
    let rustls::Error::InvalidCertificate(refused) = cause.downcast_ref()? else {
        return None;
    };
    Some(match refused {
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "connect to the server by a name that its certificate has; `hostaddr` says which address that is"
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "the server needs a new certificate; check the clock of this machine, too"
        }
        _ => {
            "name the file with the certificate of the authority that issued the server's: `sslrootcert=FILE` in the \
             connection string, or the variable SSL_CERT_FILE"
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_library_does_not_know_is_taken_out() {
        for (text, rest, root) in [
            ("host=h user=u", "host=h user=u", None),
            ("postgres://u:p@h/d", "postgres://u:p@h/d", None),
            (
                "postgres://u@h/d?sslrootcert=%2Fa%20b.pem",
                "postgres://u@h/d",
                Some("/a b.pem"),
            ),
            (
                "postgresql://u@h/d?sslmode=verify-full&sslrootcert=system&application_name=x",
                "postgresql://u@h/d?sslmode=require&application_name=x",
                Some("system"),
            ),
            (
                r" host=h  sslmode = verify-ca password='a \' sslmode=x' sslrootcert='/a b\'c' dbname=d",
                r"host=h sslmode=require password='a \' sslmode=x' dbname=d",
                Some("/a b'c"),
            ),
            (
                "postgres://u:a?b@h/d?sslrootcert=/x@y",
                "postgres://u:a?b@h/d",
                Some("/x@y"),
            ),
            (
                "postgres:///d?user=a@b&sslrootcert=/x",
                "postgres:///d?user=a@b",
                Some("/x"),
            ),
            ("postgres://u:a?b@h/d", "postgres://u:a?b@h/d", None),
            ("sslmode=disable user=u", "sslmode=disable user=u", None),
            ("user='open", "user='open", None),
            ("user", "user", None),
        ] {
            assert_eq!(split(text), (rest.to_owned(), root.map(str::to_owned)), "{text}");
        }
    }

    #[test]
    fn a_file_that_cannot_be_trusted_is_told_of() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("roots.pem");
        let tried = |path: &std::path::Path| match connector(path.to_str()) {
            Ok(_) => panic!("trusted"),
            Err(error) => error.to_string(),
        };
        assert!(tried(&path).contains("cannot be read"), "{}", tried(&path));
        std::fs::write(&path, "nothing").unwrap();
        assert!(tried(&path).contains("without certificates"), "{}", tried(&path));
        let odd = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        std::fs::write(&path, odd).unwrap();
        assert!(tried(&path).contains("cannot be used"), "{}", tried(&path));
        connector(None).unwrap();
    }
}
