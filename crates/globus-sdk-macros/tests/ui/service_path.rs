use globus_sdk_macros::service;

#[service(reference = "https://docs.globus.org/api/flows/", vars(realm))]
impl FlowsClient {
    /// Lacks a parameter.
    #[get("/{realm}/flows/{flow_id}")]
    fn one();

    /// May lack a parameter.
    #[get("/flows/{flow_id}")]
    fn two(
        /// The one to look at.
        flow_id: Option<FlowId>,
    );

    /// Begins in the middle.
    #[get("flows")]
    fn three();

    /// Has a brace too few.
    #[get("/flows/{flow_id")]
    fn four();

    /// Places a parameter twice.
    #[get("/flows/{flow_id}")]
    fn five(
        /// The one to look at.
        #[query]
        flow_id: FlowId,
    );
}

fn main() {}
