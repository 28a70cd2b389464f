//! How a [`GroupsManager`] is made of a [`GroupsClient`].

use super::{GroupsClient, GroupsManager};
use crate::client::{ClientType, Mode};

impl<M: Mode> GroupsManager<M> {
    /// A manager with the settings and connections of `client`.
    pub fn new(client: &GroupsClient<M>) -> Self {
        Self::from_core(client.core().rebind(Self::SPEC))
    }
}
