//! [`UserApp`] and [`ClientApp`].

use std::collections::BTreeMap;
use std::sync::Arc;

use secrecy::SecretString;

use super::builder::AppBuilder;
use super::core::{Core, Handle};
use super::data_access::AddDataAccessScopes;
use super::login::Login;
use crate::authorizers::Authorizer;
use crate::client::{AppBinding, Async, Mode, Task};
use crate::error::Result;
use crate::gare::GlobusAuthorizationParameters;
use crate::scopes::{IntoScopes, Scope};
use crate::services::ResourceIds;
use crate::tokens::TokenStorage;

macro_rules! app {
    ($(#[doc = $doc:literal])+ $name:ident, $person:literal) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone)]
        pub struct $name<M: Mode = Async> {
            pub(super) core: Arc<Core>,
            pub(super) runtime: M::Runtime,
        }

        impl<M: Mode> From<(Arc<Core>, M::Runtime)> for $name<M> {
            fn from((core, runtime): (Arc<Core>, M::Runtime)) -> Self {
                Self { core, runtime }
            }
        }

        impl<M: Mode> From<&$name<M>> for Arc<dyn AppBinding> {
            fn from(app: &$name<M>) -> Self {
                Arc::new(Handle(app.core.clone()))
            }
        }

        impl<M: Mode> $name<M> {
            /// Settings of a new app. `name` is the program's name: people see it when they consent, and the folder of
            /// the stored tokens is named after it.
            pub fn builder(name: impl Into<String>) -> AppBuilder<Self, M> {
                AppBuilder::new(name, $person)
            }

            /// The app's name.
            pub fn app_name(&self) -> &str {
                &self.core.name
            }

            /// Id of the client with which the app gets tokens.
            pub fn client_id(&self) -> &str {
                self.core.client_id()
            }

            /// The scopes that the app and its clients need, by resource server: a copy.
            pub fn scope_requirements(&self) -> BTreeMap<String, Vec<Scope>> {
                self.core.scope_requirements()
            }

            /// Adds scopes that the app needs.
            ///
            /// # Errors
            /// Text that is no scope.
            pub fn add_scope_requirements(
                &self,
                resource_server: &str,
                scopes: impl IntoScopes,
            ) -> Result<&Self> {
                self.core.add_requirements(resource_server, &scopes.into_scopes().to_scopes()?)?;
                Ok(self)
            }

            /// Finds out which collections need a consent for access to their data, and has the app require it: mapped ones
            /// of Globus Connect Server that are not of high assurance. Guest collections and computers need none.
            ///
            /// The consents are required where data goes through: in Transfer, and below the scopes of
            /// [timers](AddDataAccessScopes::timers) and [flows](AddDataAccessScopes::flows). Before the next request the
            /// app looks at the consents that there are; if one lacks, a single login asks for all. To read the
            /// collections takes a token for Transfer, so a person who has never logged in does so first.
            pub fn add_data_access_scopes(&self, collection_ids: impl Into<ResourceIds>) -> AddDataAccessScopes<M> {
                AddDataAccessScopes::new(self.core.clone(), collection_ids.into(), self.runtime.clone())
            }

            /// What supplies the header of requests to a resource server. It looks after its token from then on.
            ///
            /// # Errors
            /// A usage error when the app needs no scopes there.
            pub fn get_authorizer(&self, resource_server: &str) -> Result<Arc<dyn Authorizer>> {
                self.core.required(resource_server)?;
                Ok(Handle(self.core.clone()).authorizer(resource_server))
            }

            /// Where the app's tokens are kept, with its validators.
            pub fn token_storage(&self) -> &dyn TokenStorage {
                &self.core.storage
            }

            /// Whether a request would need a login now. It looks at what is stored, and renews nothing.
            pub fn login_required(&self) -> Task<bool, M> {
                let core = self.core.clone();
                Task::new(self.runtime.clone(), async move { core.login_required().await })
            }

            /// Gets the tokens that the app needs, unless it has them.
            pub fn login(&self) -> Login<M> {
                Login::new(self.core.clone(), self.runtime.clone())
            }

            /// Revokes and removes the app's tokens; with `sweep`, every token in its storage.
            pub fn logout(&self, sweep: bool) -> Task<(), M> {
                let core = self.core.clone();
                Task::new(self.runtime.clone(), async move { core.log_out(sweep).await })
            }
        }
    };
}

app! {
    /// An app that acts for the person who logs in.
    UserApp, true
}

app! {
    /// An app that acts as itself.
    ClientApp, false
}

impl<M: Mode> UserApp<M> {
    /// An app with the settings of the process environment.
    ///
    /// # Errors
    /// Those of [`AppBuilder::build`].
    pub fn new(name: impl Into<String>, client_id: impl ToString) -> Result<Self> {
        Self::builder(name).client_id(client_id).build()
    }

    /// Runs a login now, with demands of its own.
    pub fn run_login_flow(&self, auth_params: GlobusAuthorizationParameters) -> Login<M> {
        self.login().auth_params(auth_params)
    }

    /// Finishes a login that [`Error::LoginRequired`](crate::Error::LoginRequired) offered, with the code that its URL
    /// led to.
    pub fn finish_login(&self, code: impl Into<String>) -> Task<(), M> {
        let (core, code) = (self.core.clone(), code.into());
        Task::new(self.runtime.clone(), async move { core.finish_offered(&code).await })
    }
}

impl<M: Mode> ClientApp<M> {
    /// An app with the settings of the process environment.
    ///
    /// # Errors
    /// Those of [`AppBuilder::build`].
    pub fn new(
        name: impl Into<String>,
        client_id: impl ToString,
        client_secret: impl Into<SecretString>,
    ) -> Result<Self> {
        Self::builder(name)
            .client_id(client_id)
            .client_secret(client_secret)
            .build()
    }
}
