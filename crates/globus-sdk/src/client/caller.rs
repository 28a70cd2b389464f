//! What the code of a composite may do with a client.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;

use super::{Async, Core, RawRequest};
use crate::error::Result;
use crate::operation::{Call, Caller, Operation};
use crate::response::Raw;

/// What composites see of a client.
impl Caller for Arc<Core> {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Raw>> {
        Box::pin(self.clone().send(call))
    }

    fn request(&self, call: Call) -> BoxFuture<'_, Result<Raw>> {
        Box::pin(async move { Core::request(self, call).await })
    }

    fn operation(&self, name: &str) -> Result<&'static Operation> {
        Core::operation(self, name)
    }

    fn get<'a>(&'a self, url: &'a str, call: &'a Call) -> BoxFuture<'a, Result<Raw>> {
        Box::pin(async move {
            let mut request = RawRequest::<Async>::new(self.clone(), http::Method::GET, url.to_owned());
            request.options = call.options.clone();
            // Credentials stay with the client's own service.
            request.options.authorization &= self.own_origin(url).is_ok();
            request.raw().await
        })
    }

    fn uptime(&self) -> Duration {
        self.ambient().clock.uptime()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.ambient().clock.sleep(duration)
    }
}
