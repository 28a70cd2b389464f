//! Ids of collections and flows whose scopes an app is told.

use uuid::Uuid;

use crate::error::{Error, Result};
use crate::models::{EndpointId, FlowId};
use crate::scopes::{GCSCollectionScopes, Scope, TransferScopes};

/// One id, or several.
#[derive(Debug, Clone)]
pub struct ResourceIds {
    ids: Vec<String>,
    several: bool,
}

impl ResourceIds {
    /// The ids, if each is a UUID.
    pub(crate) fn checked(&self, parameter: &str) -> Result<&[String]> {
        for (position, id) in self.ids.iter().enumerate() {
            if Uuid::try_parse(id).is_err() {
                let place = if self.several {
                    format!("'{parameter}[{position}]'")
                } else {
                    format!("'{parameter}'")
                };
                return Err(Error::validation(place, format!("must be a valid UUID (value='{id}')")));
            }
        }
        Ok(&self.ids)
    }
}

/// `transfer:all` with the data access of each collection, which people may refuse one by one.
pub(crate) fn data_access(collections: &ResourceIds, parameter: &str) -> Result<Scope> {
    let mut transfer = Scope::new(TransferScopes::ALL)?;
    for collection in collections.checked(parameter)? {
        let access = GCSCollectionScopes::new(collection)?
            .data_access()
            .clone()
            .with_optional(true);
        transfer = transfer.with_dependency(access);
    }
    Ok(transfer)
}

macro_rules! one_id {
    ($($type:ty)*) => {
        $(impl From<$type> for ResourceIds {
            fn from(id: $type) -> Self {
                Self { ids: vec![id.to_string()], several: false }
            }
        })*
    };
}

one_id!(&str String &String Uuid EndpointId &EndpointId FlowId &FlowId);

impl<T: ToString> From<Vec<T>> for ResourceIds {
    fn from(ids: Vec<T>) -> Self {
        Self {
            ids: ids.iter().map(ToString::to_string).collect(),
            several: true,
        }
    }
}

impl<T: ToString> From<&[T]> for ResourceIds {
    fn from(ids: &[T]) -> Self {
        Self {
            ids: ids.iter().map(ToString::to_string).collect(),
            several: true,
        }
    }
}

impl<T: ToString, const N: usize> From<[T; N]> for ResourceIds {
    fn from(ids: [T; N]) -> Self {
        Self::from(ids.as_slice())
    }
}
