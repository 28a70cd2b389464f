use globus_sdk_macros::service;

#[service(reference = "https://docs.globus.org/api/flows/")]
impl FlowsClient {
    /// Is public anyway.
    #[get("/flows")]
    pub fn list();
}

fn main() {}
