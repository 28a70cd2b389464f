use globus_sdk_macros::service;

#[service(reference = "https://docs.globus.org/api/flows/")]
impl FlowsClient {
    /// Is written out.
    #[get("/flows")]
    fn one() -> Flow {
        todo!()
    }

    /// Is written out, too.
    #[get("/flows")]
    fn two() {}
}

fn main() {}
