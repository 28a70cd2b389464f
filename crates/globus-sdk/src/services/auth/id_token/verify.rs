//! The claims of an ID token against what is expected (OpenID Connect Core 1.0, section 3.1.3.7).

use std::time::{SystemTime, UNIX_EPOCH};

use super::IdTokenClaims;
use super::checks::Checks;
use super::keys::malformed;
use crate::error::{LoginError, LoginErrorKind};

/// Reads claims whose signature has been verified, and checks them.
pub(super) fn claims(
    json: &[u8],
    checks: &Checks,
    client_id: &str,
    issuer: Option<&str>,
    now: SystemTime,
) -> Result<IdTokenClaims, LoginError> {
    let claims: IdTokenClaims = serde_json::from_slice(json).map_err(|_| malformed("has claims of a wrong kind"))?;
    if claims.sub.as_str().is_empty() {
        return Err(malformed("names nobody: it has no `sub`"));
    }
    times(&claims, checks, now)?;
    if let Some(audience) = checks.audience.or(client_id) {
        let meant = claims.aud.as_ref().is_some_and(|aud| aud.contains(audience));
        let asked = claims.azp.as_deref().is_none_or(|azp| azp == audience);
        if !meant || !asked {
            return Err(wrong(LoginErrorKind::IdTokenAudience, "is meant for another client"));
        }
    }
    if let Some(expected) = checks.issuer.or(issuer.unwrap_or_default())
        && (expected.is_empty() || claims.iss.as_deref() != Some(expected))
    {
        return Err(wrong(LoginErrorKind::IdTokenIssuer, "is not of the issuer in use"));
    }
    if checks.nonce.is_some() && claims.nonce != checks.nonce {
        return Err(wrong(LoginErrorKind::IdTokenNonce, "belongs to another login"));
    }
    Ok(claims)
}

fn times(claims: &IdTokenClaims, checks: &Checks, now: SystemTime) -> Result<(), LoginError> {
    let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = |time: std::time::Duration| i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    let latest = seconds(now).saturating_add(seconds(checks.leeway));
    let earliest = seconds(now).saturating_sub(seconds(checks.leeway));
    if claims.nbf.is_some_and(|nbf| nbf > latest) || claims.iat.is_some_and(|iat| iat > latest) {
        return Err(wrong(LoginErrorKind::IdTokenNotYetValid, "is not valid yet"));
    }
    match claims.exp {
        _ if !checks.expiry => Ok(()),
        None => Err(malformed("never ends: it has no `exp`")),
        Some(exp) if exp <= earliest => Err(wrong(LoginErrorKind::IdTokenExpired, "has expired")),
        Some(_) => Ok(()),
    }
}

fn wrong(kind: LoginErrorKind, what: &str) -> LoginError {
    LoginError::new(kind, format!("the ID token {what}"))
}
