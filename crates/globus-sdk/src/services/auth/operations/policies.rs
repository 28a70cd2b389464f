//! Operations on authentication policies.

use globus_sdk_macros::service;

use crate::models::{PolicyId, ProjectId};
use crate::scopes::AuthScopes;
use crate::services::auth::{AuthClient, Policy, PolicyEnvelope, errors};

#[service(reference = "https://docs.globus.org/api/auth/reference/", scope = AuthScopes::MANAGE_PROJECTS,
    errors = [FORBIDDEN, NOT_FOUND])]
impl AuthClient {
    /// Reads one authentication policy.
    #[get("/v2/api/policies/{policy_id}", reference = "#get_policies")]
    fn get_policy(
        /// The policy to read.
        policy_id: PolicyId,
    ) -> PolicyEnvelope;

    /// Lists the authentication policies of the caller's projects.
    #[get("/v2/api/policies", list = "policies", errors = [FORBIDDEN], reference = "#get_policies")]
    fn get_policies() -> Policy;

    /// Creates an authentication policy.
    #[post("/v2/api/policies", wrap = "/policy", errors = [FORBIDDEN], reference = "#create_policy")]
    fn create_policy(
        /// The project that the policy shall belong to.
        project_id: ProjectId,
        /// Name that people see.
        display_name: String,
        /// What the policy is for.
        description: String,
        /// Whether only logins count that the asking program brought about itself, as with protected data.
        high_assurance: Option<bool>,
        /// Seconds for which an authentication counts; then people have to log in again.
        authentication_assurance_timeout: Option<u64>,
        /// Whether people need a second factor.
        required_mfa: Option<bool>,
        /// Domains of user names: a person needs an identity in one of them.
        #[list]
        #[nullable]
        domain_constraints_include: Option<Vec<String>>,
        /// Domains of user names: an identity in one of them does not count.
        #[list]
        #[nullable]
        domain_constraints_exclude: Option<Vec<String>>,
    ) -> PolicyEnvelope;

    /// Changes fields of an authentication policy; those that are not given stay.
    #[put("/v2/api/policies/{policy_id}", wrap = "/policy", reference = "#update_policy")]
    fn update_policy(
        /// The policy to change.
        policy_id: PolicyId,
        /// The project that it shall belong to.
        project_id: Option<ProjectId>,
        /// Seconds for which an authentication counts; then people have to log in again.
        authentication_assurance_timeout: Option<u64>,
        /// Whether people need a second factor.
        required_mfa: Option<bool>,
        /// New name that people see.
        display_name: Option<String>,
        /// New text about what it is for.
        description: Option<String>,
        /// Domains of user names: a person needs an identity in one of them.
        #[list]
        #[nullable]
        domain_constraints_include: Option<Vec<String>>,
        /// Domains of user names: an identity in one of them does not count.
        #[list]
        #[nullable]
        domain_constraints_exclude: Option<Vec<String>>,
    ) -> PolicyEnvelope;

    /// Deletes an authentication policy.
    #[delete("/v2/api/policies/{policy_id}", reference = "#delete_policy")]
    fn delete_policy(
        /// The policy to delete.
        policy_id: PolicyId,
    ) -> PolicyEnvelope;
}
