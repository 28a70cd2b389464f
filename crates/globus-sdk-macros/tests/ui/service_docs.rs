use globus_sdk_macros::service;

#[service()]
impl FlowsClient {
    #[get("/flows", reference = "https://docs.globus.org/api/flows/")]
    fn undocumented();

    /// List the flows.
    #[get("/flows", reference = "https://docs.globus.org/api/flows/")]
    fn list_flows(
        a: Option<String>,
        /// The filter roles.
        filter_roles: Option<String>,
        /// Where to resume.
        marker: Option<String>,
        /// Where to resume.
        offset: Option<u32>,
    );

    /// Has no page in any reference.
    #[get("/flows")]
    fn unreferenced();
}

fn main() {}
