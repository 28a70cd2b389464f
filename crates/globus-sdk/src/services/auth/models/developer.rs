//! What a developer registers: projects, policies, scopes.

use globus_sdk_macros::model;

use super::ClientCredential;
use crate::models::{ClientId, GroupId, IdentityId, PolicyId, ProjectId, ScopeId};

/// A project in its envelope.
#[model]
pub struct ProjectEnvelope {
    /// The project.
    pub project: Option<Project>,
}

/// What several clients and policies belong to, and who administers them.
#[model]
pub struct Project {
    /// Id of the project.
    pub id: Option<ProjectId>,
    /// Name that developers see.
    pub display_name: Option<String>,
    /// The same under its older name.
    pub project_name: Option<String>,
    /// Email address of whoever answers for it.
    pub contact_email: Option<String>,
    /// Identities that administer it.
    pub admin_ids: Option<Vec<IdentityId>>,
    /// Groups whose members administer it.
    pub admin_group_ids: Option<Vec<GroupId>>,
    /// Its administrators in detail.
    pub admins: Option<ProjectAdmins>,
}

/// Administrators of a project.
#[model]
pub struct ProjectAdmins {
    /// The identities.
    pub identities: Option<Vec<super::Identity>>,
    /// The groups.
    pub groups: Option<Vec<ProjectGroup>>,
}

/// A group whose members administer a project.
#[model]
pub struct ProjectGroup {
    /// Id of the group.
    pub id: Option<GroupId>,
    /// Its name.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Who runs it.
    pub organization: Option<String>,
}

/// A policy in its envelope.
#[model]
pub struct PolicyEnvelope {
    /// The policy.
    pub policy: Option<Policy>,
}

/// What a session must fulfil. Source: <https://docs.globus.org/api/auth/developer-guide/#authentication-policies>.
#[model]
pub struct Policy {
    /// Id of the policy.
    pub id: Option<PolicyId>,
    /// The project it belongs to.
    pub project_id: Option<ProjectId>,
    /// Name that people see.
    pub display_name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Whether it is of the stricter kind, with sessions of its own.
    pub high_assurance: Option<bool>,
    /// Whether a second factor is needed.
    pub required_mfa: Option<bool>,
    /// How long ago somebody may have authenticated, in seconds.
    pub authentication_assurance_timeout: Option<u64>,
    /// Domains of one of which an identity must be.
    pub domain_constraints_include: Option<Vec<String>>,
    /// Domains of none of which an identity may be.
    pub domain_constraints_exclude: Option<Vec<String>>,
}

/// A secret of a client in its envelope.
#[model]
pub struct CredentialEnvelope {
    /// The secret and what is known about it.
    pub credential: Option<ClientCredential>,
}

/// A scope in its envelope.
#[model]
pub struct ScopeEnvelope {
    /// The scope.
    pub scope: Option<RegisteredScope>,
}

/// Something that a service lets others do.
#[model]
pub struct RegisteredScope {
    /// Id of the scope.
    pub id: Option<ScopeId>,
    /// The service it belongs to.
    pub client: Option<ClientId>,
    /// How it is asked for.
    pub scope_string: Option<String>,
    /// Name that people see when they consent.
    pub name: Option<String>,
    /// What it allows.
    pub description: Option<String>,
    /// Whether everybody can find it.
    pub advertised: Option<bool>,
    /// Whether refresh tokens may have it.
    pub allows_refresh_token: Option<bool>,
    /// Domains of which a person must have an identity to consent.
    pub required_domains: Option<Vec<String>>,
    /// Scopes of other services that the service needs for it.
    pub dependent_scopes: Option<Vec<DependentScopeSpec>>,
}

/// A scope of another service that a service needs.
#[model]
pub struct DependentScopeSpec {
    /// The other service's scope.
    pub scope: ScopeId,
    /// Whether the person may refuse it alone.
    pub optional: bool,
    /// Whether the service needs refresh tokens for it.
    pub requires_refresh_token: bool,
}

impl DependentScopeSpec {
    /// A dependency on the scope with that id.
    pub fn new(scope: impl Into<ScopeId>, optional: bool, requires_refresh_token: bool) -> Self {
        Self {
            scope: scope.into(),
            optional,
            requires_refresh_token,
            extra: crate::models::Extra::default(),
        }
    }
}
