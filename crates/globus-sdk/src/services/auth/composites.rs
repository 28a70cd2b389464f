//! Operations of login clients that are not one request.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;

use crate::error::{DecodeError, Error, Result};
use crate::operation::{Arg, Call, Caller};
use crate::response::Raw;

/// Reads the signing keys from where the discovery document says they are.
pub(crate) fn get_jwk(caller: Arc<dyn Caller>, call: Call) -> BoxFuture<'static, Result<Raw>> {
    Box::pin(async move {
        let configuration: Value = match call.arg("openid_configuration") {
            Some(Arg::Json(raw)) => serde_json::from_str(raw.get()).unwrap_or_default(),
            _ => {
                let mut discovery = Call::new(caller.operation("get_openid_configuration")?);
                *discovery.options_mut() = call.options().clone();
                caller.call(discovery).await?.decode()?
            }
        };
        let Some(url) = configuration.get("jwks_uri").and_then(Value::as_str) else {
            return Err(Error::from(DecodeError::new(
                "OpenIdConfiguration",
                "it has no `jwks_uri`",
            )));
        };
        let mut keys = caller.get(url, &call).await?;
        keys.model = Some(call.operation().answer.model);
        Ok(keys)
    })
}
