//! Operations on registered scopes.

use globus_sdk_macros::service;

use crate::models::{ClientId, ScopeId};
use crate::scopes::AuthScopes;
use crate::services::auth::{AuthClient, DependentScopeSpec, RegisteredScope, ScopeEnvelope, checks, errors};

#[service(reference = "https://docs.globus.org/api/auth/reference/", scope = AuthScopes::MANAGE_PROJECTS,
    errors = [FORBIDDEN, NOT_FOUND])]
impl AuthClient {
    /// Reads one registered scope.
    #[get("/v2/api/scopes/{scope_id}", reference = "#get_scopes")]
    fn get_scope(
        /// The scope to read.
        scope_id: ScopeId,
    ) -> ScopeEnvelope;

    /// Looks up scopes by text or by id, or lists those of the caller's projects.
    #[get("/v2/api/scopes", list = "scopes", check = checks::registered_scopes, errors = [FORBIDDEN],
        reference = "#get_scopes")]
    fn get_scopes(
        /// Texts by which scopes are asked for, without dependencies; not together with `ids`.
        #[csv]
        scope_strings: Option<Vec<String>>,
        /// Ids of scopes; not together with `scope_strings`.
        #[csv]
        ids: Option<Vec<ScopeId>>,
    ) -> RegisteredScope;

    /// Creates a scope of a client that is a service.
    #[post("/v2/api/clients/{client_id}/scopes", wrap = "/scope", reference = "#create_scope")]
    fn create_scope(
        /// The service that the scope shall belong to.
        client_id: ClientId,
        /// Name that people see when they consent.
        name: String,
        /// What the scope allows, as people read it when they consent.
        description: String,
        /// Last part of the text by which it is asked for, such as `read`.
        scope_suffix: String,
        /// Domains of user names: who consents needs an identity in one of them.
        required_domains: Option<Vec<String>>,
        /// Scopes of other services that the service needs for it.
        dependent_scopes: Option<Json<Vec<DependentScopeSpec>>>,
        /// Whether everybody can find the scope.
        advertised: Option<bool>,
        /// Whether programs may get refresh tokens with the scope.
        allows_refresh_token: Option<bool>,
    ) -> ScopeEnvelope;

    /// Changes fields of a scope; those that are not given stay.
    #[put("/v2/api/scopes/{scope_id}", wrap = "/scope", reference = "#update_scope")]
    fn update_scope(
        /// The scope to change.
        scope_id: ScopeId,
        /// New name that people see when they consent.
        name: Option<String>,
        /// New text about what it allows.
        description: Option<String>,
        /// New end of the text by which it is asked for.
        scope_suffix: Option<String>,
        /// Domains of user names: who consents needs an identity in one of them.
        required_domains: Option<Vec<String>>,
        /// All scopes of other services that the service needs for it from now on.
        dependent_scopes: Option<Json<Vec<DependentScopeSpec>>>,
        /// Whether everybody can find the scope.
        advertised: Option<bool>,
        /// Whether programs may get refresh tokens with the scope.
        allows_refresh_token: Option<bool>,
    ) -> ScopeEnvelope;

    /// Deletes a registered scope.
    #[delete("/v2/api/scopes/{scope_id}", reference = "#delete_scope")]
    fn delete_scope(
        /// The scope to delete.
        scope_id: ScopeId,
    ) -> ScopeEnvelope;
}
