//! The scopes of the services, by name.

use super::{Scope, ScopeError};

/// The scopes of one resource server: of a service (such as [`TransferScopes`]), or of one endpoint, collection or
/// flow.
pub trait ScopeCollection {
    /// The resource server, by which the tokens for these scopes are kept.
    fn resource_server(&self) -> &str;

    /// The scopes, each once.
    fn scopes(&self) -> Vec<Scope>;

    /// Whether a scope of this name is among them.
    fn contains(&self, name: &str) -> bool {
        self.scopes().iter().any(|scope| scope.name() == name)
    }
}

/// `https://auth.globus.org/scopes/{resource_server}/{name}`: a scope in the form that most services use. The host
/// is the same in every environment.
///
/// # Errors
///
/// [`ScopeError::InvalidName`] if a part holds a space, `*`, `[` or `]`.
pub fn url_scope(resource_server: &str, name: &str) -> Result<Scope, ScopeError> {
    Scope::new(format!("https://auth.globus.org/scopes/{resource_server}/{name}"))
}

/// `urn:globus:auth:scope:{resource_server}:{name}`: a scope in the form that the oldest services use.
///
/// # Errors
///
/// [`ScopeError::InvalidName`] if a part holds a space, `*`, `[` or `]`.
pub fn urn_scope(resource_server: &str, name: &str) -> Result<Scope, ScopeError> {
    Scope::new(format!("urn:globus:auth:scope:{resource_server}:{name}"))
}

/// One type for each service. A row is a constant and its name after the service's prefix, or with `whole` all of it;
/// rows of `unlisted` are constants that `ALL_SCOPES` leaves out.
macro_rules! services {
    ($(
        $(#[$about:meta])*
        $type:ident: $server:literal, $prefix:literal {
            $($(#[$doc:meta])* $name:ident = $($form:ident)? ($value:literal);)*
        }
        $(+ unlisted { $($(#[$extra_doc:meta])* $extra:ident = ($extra_value:literal);)* })?
    )*) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $type;

        impl $type {
            /// The resource server, by which the tokens for these scopes are kept.
            pub const RESOURCE_SERVER: &'static str = $server;
            $($(#[$doc])* pub const $name: &'static str = services!(@text $prefix, $($form)? $value);)*
            $($($(#[$extra_doc])* pub const $extra: &'static str = concat!($prefix, $extra_value);)*)?
            /// The scopes, each once.
            pub const ALL_SCOPES: &'static [&'static str] = &[$(Self::$name),*];

            /// The scopes, each once.
            pub fn iter() -> impl ExactSizeIterator<Item = &'static str> {
                Self::ALL_SCOPES.iter().copied()
            }
        }

        impl ScopeCollection for $type {
            fn resource_server(&self) -> &str {
                Self::RESOURCE_SERVER
            }

            fn scopes(&self) -> Vec<Scope> {
                Self::iter().map(|name| Scope::from_parts(name, None)).collect()
            }
        }
    )*};
    (@text $prefix:literal, whole $value:literal) => { $value };
    (@text $prefix:literal, $value:literal) => { concat!($prefix, $value) };
}

services! {
    /// Scopes of Globus Auth. Source: <https://docs.globus.org/api/auth/reference/>.
    AuthScopes: "auth.globus.org", "urn:globus:auth:scope:auth.globus.org:" {
        /// Who the user is: asks for an ID token (`OpenID` Connect Core section 3.1.2.1).
        OPENID = whole("openid");
        /// Adds the user's email address to the ID token and userinfo.
        EMAIL = whole("email");
        /// Adds the user's name, username and organization to the ID token and userinfo.
        PROFILE = whole("profile");
        /// Manage projects, and the clients, policies and scopes in them.
        MANAGE_PROJECTS = ("manage_projects");
        /// See when and how the user logged in.
        VIEW_AUTHENTICATIONS = ("view_authentications");
        /// See clients.
        VIEW_CLIENTS = ("view_clients");
        /// See clients and their scopes.
        VIEW_CLIENTS_AND_SCOPES = ("view_clients_and_scopes");
        /// See what the user has consented to.
        VIEW_CONSENTS = ("view_consents");
        /// Look up identities.
        VIEW_IDENTITIES = ("view_identities");
        /// See the identities that the user has linked.
        VIEW_IDENTITY_SET = ("view_identity_set");
    }

    /// Scopes of Globus Compute. Source: <https://compute.api.globus.org/redoc>.
    ComputeScopes: "funcx_service", "https://auth.globus.org/scopes/facd7ccc-c5f4-42aa-916b-a0e270e2c2a9/" {
        /// Everything that Compute offers.
        ALL = ("all");
    }

    /// Scopes of Globus Flows. Source: <https://docs.globus.org/api/flows/>. To run a flow takes
    /// [`SpecificFlowScopes`].
    FlowsScopes: "flows.globus.org", "https://auth.globus.org/scopes/eec9b274-0c81-4334-bdc2-54e90e689b9a/" {
        /// Everything that Flows offers.
        ALL = ("all");
        /// Create, change and delete flows.
        MANAGE_FLOWS = ("manage_flows");
        /// See flows.
        VIEW_FLOWS = ("view_flows");
        /// Start runs.
        RUN = ("run");
        /// See runs.
        RUN_STATUS = ("run_status");
        /// Change and cancel runs.
        RUN_MANAGE = ("run_manage");
    } + unlisted {
        /// See the web forms of runs that wait for input. Not in [`ALL_SCOPES`](Self::ALL_SCOPES): to be asked for
        /// by name.
        WEB_INPUT_VIEW = ("web_input_view");
        /// Answer the web forms of runs that wait for input. Not in [`ALL_SCOPES`](Self::ALL_SCOPES): to be asked
        /// for by name.
        WEB_INPUT_RESPOND = ("web_input_respond");
    }

    /// Scopes of Globus Groups. Source: <https://groups.api.globus.org/redoc>.
    GroupsScopes: "groups.api.globus.org", "urn:globus:auth:scope:groups.api.globus.org:" {
        /// Everything that Groups offers.
        ALL = ("all");
        /// See the groups that the user belongs to, and in what role.
        VIEW_MY_GROUPS_AND_MEMBERSHIPS = ("view_my_groups_and_memberships");
    }

    /// Scopes of Nexus, the service that Groups replaced.
    NexusScopes: "nexus.api.globus.org", "urn:globus:auth:scope:nexus.api.globus.org:" {
        /// Groups, as they were in Nexus.
        GROUPS = ("groups");
    }

    /// Scopes of Globus Search. Source: <https://docs.globus.org/api/search/>.
    SearchScopes: "search.api.globus.org", "urn:globus:auth:scope:search.api.globus.org:" {
        /// Everything that Search offers.
        ALL = ("all");
        /// What Globus Connect Server needs of Search.
        GLOBUS_CONNECT_SERVER = ("globus_connect_server");
        /// Put documents into indices.
        INGEST = ("ingest");
        /// Query indices.
        SEARCH = ("search");
    }

    /// Scopes of Globus Timers. Source: <https://docs.globus.org/api/timers/>.
    TimersScopes:
        "524230d7-ea86-4a52-8312-86065a9e0417", "https://auth.globus.org/scopes/524230d7-ea86-4a52-8312-86065a9e0417/"
    {
        /// Everything that Timers offers.
        TIMER = ("timer");
    }

    /// Scopes of Globus Transfer. Source: <https://docs.globus.org/api/transfer/>.
    TransferScopes: "transfer.api.globus.org", "urn:globus:auth:scope:transfer.api.globus.org:" {
        /// Everything that Transfer offers.
        ALL = ("all");
        /// Set up Globus Connect Personal.
        GCP_INSTALL = ("gcp_install");
    }
}

/// One type for each kind of resource that has scopes of its own. A row is a method, and the function of the id
/// that makes its scope.
macro_rules! resources {
    ($(
        $(#[$about:meta])*
        $type:ident { $($(#[$doc:meta])* $name:ident = $make:expr;)* }
    )*) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $type {
            id: String,
            $($name: Scope,)*
        }

        impl $type {
            /// Makes the scopes for an id, a `Uuid` or text.
            ///
            /// # Errors
            ///
            /// [`ScopeError::InvalidName`] if the id holds a space, `*`, `[` or `]`, and so would be more than an id.
            pub fn new(id: impl ToString) -> Result<Self, ScopeError> {
                let id = id.to_string();
                $(let make: fn(&str) -> Result<Scope, ScopeError> = $make; let $name = make(&id)?;)*
                Ok(Self { id, $($name,)* })
            }

            $($(#[$doc])* pub fn $name(&self) -> &Scope {
                &self.$name
            })*

            /// The id, which is the resource server too.
            pub fn resource_server(&self) -> &str {
                &self.id
            }

            /// The scopes, each once.
            pub fn iter(&self) -> impl ExactSizeIterator<Item = &Scope> {
                [$(&self.$name),*].into_iter()
            }
        }

        impl ScopeCollection for $type {
            fn resource_server(&self) -> &str {
                &self.id
            }

            fn scopes(&self) -> Vec<Scope> {
                self.iter().cloned().collect()
            }
        }
    )*};
}

resources! {
    /// Scopes of one Globus Connect Server endpoint, by its id.
    /// Source: <https://docs.globus.org/globus-connect-server/v5/api/>.
    GCSEndpointScopes {
        /// Manage the collections, gateways and roles of the endpoint.
        manage_collections = |id| urn_scope(id, "manage_collections");
    }

    /// Scopes of one Globus Connect Server collection, by its id.
    /// Source: <https://docs.globus.org/globus-connect-server/v5/api/>.
    GCSCollectionScopes {
        /// Let Transfer reach the collection's data; a dependency of [`TransferScopes::ALL`] for mapped collections
        /// without high assurance, which alone have it.
        data_access = |id| url_scope(id, "data_access");
        /// Read and write the collection's files over HTTPS.
        https = |id| url_scope(id, "https");
    }

    /// The scope of one flow, by its id. Source: <https://docs.globus.org/api/flows/>.
    SpecificFlowScopes {
        /// Start and resume runs of the flow.
        user = |id| url_scope(id, &format!("flow_{}_user", id.replace('-', "_")));
    }
}
