//! Operations of login clients that are not one request.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;

use super::flow::AuthorizationFlow;
use crate::error::{DecodeError, Error, Result};
use crate::operation::{Arg, Call, Caller};
use crate::response::Raw;

/// Reads the signing keys from where the discovery document says they are.
pub(crate) fn get_jwk(caller: Arc<dyn Caller>, call: Call) -> BoxFuture<'static, Result<Raw>> {
    Box::pin(async move {
        let configuration: Value = if let Some(Arg::Json(raw)) = call.arg("openid_configuration") {
            serde_json::from_str(raw.get()).unwrap_or_default()
        } else {
            let mut discovery = Call::new(caller.operation("get_openid_configuration")?);
            *discovery.options_mut() = call.options().clone();
            caller.call(discovery).await?.decode()?
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

/// Trades a code for tokens. The login is a value that the call brings along: a client remembers none.
pub(crate) fn exchange_code(caller: Arc<dyn Caller>, call: Call) -> BoxFuture<'static, Result<Raw>> {
    Box::pin(async move {
        let Some(Arg::Json(flow)) = call.arg("flow") else {
            return Err(Error::usage(
                "there is no login to finish: start one with `oauth2_start_flow` and pass what it gives as `flow`",
            ));
        };
        // What the decoder says is kept back: it may quote the login's secret.
        let flow: AuthorizationFlow = serde_json::from_str(flow.get())
            .map_err(|_| Error::validation("`flow`", "it is not what `oauth2_start_flow` gave"))?;
        let code = match call.arg("auth_code") {
            Some(Arg::Text(code)) => Some(code.clone()),
            Some(Arg::Json(code)) => serde_json::from_str(code.get()).ok(),
            _ => None,
        };
        let Some(code) = code.filter(|code| !code.is_empty()) else {
            return Err(Error::usage("`auth_code` must be the code that the login page gave"));
        };
        let has_secret = call.operation().client.id == "confidential_app_auth";
        let mut grant = Call::new(caller.operation("oauth2_token")?);
        *grant.options_mut() = call.options().clone();
        grant.fields.clone_from(&call.fields);
        grant.set_by_name("form_data", Arg::json(&flow.form(&code, !has_secret)));
        let mut tokens = caller.call(grant).await?;
        tokens.model = Some(call.operation().answer.model);
        Ok(tokens)
    })
}

/// Reads a client by its id or by its host name; the two have different paths.
pub(crate) fn get_client(caller: Arc<dyn Caller>, call: Call) -> BoxFuture<'static, Result<Raw>> {
    Box::pin(async move {
        super::checks::one_client(&call)?;
        let Some(fqdn) = call.arg("fqdn") else {
            return caller.request(call).await;
        };
        let mut by_name = Call::new(caller.operation("get_clients")?);
        by_name.query = vec![("fqdn".to_owned(), fqdn.clone())];
        by_name.query.extend(call.query.iter().cloned());
        *by_name.options_mut() = call.options().clone();
        let mut answer = caller.request(by_name).await?;
        answer.model = Some(call.operation().answer.model);
        Ok(answer)
    })
}
