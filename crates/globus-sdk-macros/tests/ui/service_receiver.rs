use globus_sdk_macros::service;

#[service(reference = "https://docs.globus.org/api/flows/")]
impl FlowsClient {
    /// Has a receiver.
    #[get("/flows")]
    fn list(&self);
}

fn main() {}
