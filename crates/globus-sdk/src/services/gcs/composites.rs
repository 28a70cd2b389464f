//! Operations of a GCS client that are not one request.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::GcsInfo;
use crate::error::{DecodeError, Error, Result};
use crate::operation::{Call, Caller};
use crate::response::Raw;

/// The `client_id` of the server's description, by itself.
pub(crate) fn endpoint_client_id(caller: Arc<dyn Caller>, call: Call) -> BoxFuture<'static, Result<Raw>> {
    Box::pin(async move {
        let mut info = Call::new(caller.operation("get_gcs_info")?);
        *info.options_mut() = call.options().clone();
        let mut raw = caller.call(info).await?;
        let Some(id) = raw.decode::<GcsInfo>()?.client_id else {
            return Err(Error::from(DecodeError::new("GcsInfo", "it has no `client_id`")));
        };
        raw.set_document(&id)?;
        Ok(raw)
    })
}
