//! Operations on projects.

use globus_sdk_macros::service;

use crate::models::{GroupId, IdentityId, ProjectId};
use crate::scopes::AuthScopes;
use crate::services::auth::{AuthClient, Project, ProjectEnvelope, errors};

#[service(reference = "https://docs.globus.org/api/auth/reference/", scope = AuthScopes::MANAGE_PROJECTS,
    errors = [FORBIDDEN, NOT_FOUND])]
impl AuthClient {
    /// Reads one project.
    #[get("/v2/api/projects/{project_id}", reference = "#get_projects")]
    fn get_project(
        /// The project to read.
        project_id: ProjectId,
    ) -> ProjectEnvelope;

    /// Lists the projects that the caller administers.
    #[get("/v2/api/projects", list = "projects", errors = [FORBIDDEN], reference = "#get_projects")]
    fn get_projects() -> Project;

    /// Creates a project. Its administrators are those given, or the caller.
    #[post("/v2/api/projects", wrap = "/project", errors = [FORBIDDEN], reference = "#create_project")]
    fn create_project(
        /// Name that developers see.
        display_name: String,
        /// Email address of whoever answers for the project.
        contact_email: String,
        /// Identities that shall administer it.
        #[list]
        admin_ids: Option<Vec<IdentityId>>,
        /// Groups whose members shall administer it.
        #[list]
        admin_group_ids: Option<Vec<GroupId>>,
    ) -> ProjectEnvelope;

    /// Changes fields of a project; those that are not given stay.
    #[put("/v2/api/projects/{project_id}", wrap = "/project", reference = "#update_project")]
    fn update_project(
        /// The project to change.
        project_id: ProjectId,
        /// New name that developers see.
        display_name: Option<String>,
        /// New email address of whoever answers for the project.
        contact_email: Option<String>,
        /// All identities that shall administer it from now on.
        #[list]
        admin_ids: Option<Vec<IdentityId>>,
        /// All groups whose members shall administer it from now on.
        #[list]
        admin_group_ids: Option<Vec<GroupId>>,
    ) -> ProjectEnvelope;

    /// Deletes a project, which must have no clients and policies any more.
    #[delete("/v2/api/projects/{project_id}", reference = "#delete_project")]
    fn delete_project(
        /// The project to delete.
        project_id: ProjectId,
    ) -> ProjectEnvelope;
}
