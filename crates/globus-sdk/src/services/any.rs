//! [`AnyClient`]: a client whose type is chosen while the program runs.

use std::marker::PhantomData;
use std::sync::Arc;

use super::CLIENTS;
use crate::client::{Async, ClientBuilder, ClientType, Core, Mode, NamedCall};
use crate::error::{Error, Result};
use crate::operation::{ClientSpec, ResourceServer, nearest};

/// A client of any type, chosen by its key, for calls by name: the way in for shells and other languages.
#[derive(Debug, Clone)]
pub struct AnyClient<M: Mode = Async> {
    core: Arc<Core>,
    mode: PhantomData<M>,
}

impl<M: Mode> AnyClient<M> {
    /// Settings of a client with the key `id`, for example `flows`.
    ///
    /// # Errors
    /// [`Error::Usage`] for an unknown key.
    pub fn builder(id: &str) -> Result<ClientBuilder<Self>> {
        let found = CLIENTS.iter().find(|spec| spec.id == id);
        found.map(|spec| ClientBuilder::of(spec)).ok_or_else(|| {
            let near = nearest(id, CLIENTS.iter().map(|spec| spec.id));
            let near = near.map_or_else(|| ".".to_owned(), |near| format!("; did you mean `{near}`?"));
            let known: Vec<&str> = CLIENTS.iter().map(|spec| spec.id).collect();
            Error::usage(format!(
                "there is no client `{id}`{near} Known clients: {}",
                known.join(", ")
            ))
        })
    }

    /// The facts of the chosen type.
    pub fn spec(&self) -> &'static ClientSpec {
        self.core.spec()
    }

    /// Calls an operation by its name, or one of the plain requests `get`, `post`, `put`, `patch`, `delete` and
    /// `request`, with a JSON object of parameters. Errors wait until the call is sent.
    pub fn call(&self, name: &str, params: &str) -> NamedCall<M> {
        NamedCall::new(self.core.clone(), name, params)
    }
}

impl<M: Mode> ClientBuilder<AnyClient<M>> {
    /// The facts of the chosen type.
    pub fn spec(&self) -> &'static ClientSpec {
        self.spec
    }

    /// Sets a constructor argument by its name: `environment`, `base_url`, `app_name`, `client_id`, `flow_id`,
    /// `gcs_address`, `collection_id` or `collection_address`. Those that the client has no use for are accepted.
    ///
    /// # Errors
    /// [`Error::Usage`] for any other name.
    pub fn argument(self, name: &str, value: &str) -> Result<Self> {
        let spec = self.spec;
        Ok(match name {
            "environment" => self.environment(value),
            "base_url" => self.base_url(value),
            "app_name" => self.app_name(value),
            "gcs_address" if matches!(spec.resource_server, ResourceServer::Fetched(_)) => {
                self.base_url_unless_given(super::gcs::base_url(value))
            }
            "collection_address" if spec.vars.contains(&"collection_id") => {
                self.base_url_unless_given(super::gcs::collection_url(value))
            }
            "client_id" | "flow_id" | "collection_id" => match spec.vars.iter().find(|var| **var == name) {
                Some(var) => self.var(var, value.to_owned()),
                None => self,
            },
            "gcs_address" | "collection_address" => self,
            _ => {
                return Err(Error::usage(format!(
                    "`{name}` is no client argument; there are environment, base_url, app_name, client_id, flow_id, \
                     gcs_address, collection_id and collection_address"
                )));
            }
        })
    }
}

impl<M: Mode> ClientType for AnyClient<M> {
    // The builder always brings the row of the chosen type; this one stands for none.
    const SPEC: &'static ClientSpec = <super::base::BaseClient as ClientType>::SPEC;
    type Mode = M;
    fn from_core(core: Arc<Core>) -> Self {
        Self {
            core,
            mode: PhantomData,
        }
    }
    fn core(&self) -> &Arc<Core> {
        &self.core
    }
}
