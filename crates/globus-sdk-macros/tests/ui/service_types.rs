use globus_sdk_macros::service;

#[service(reference = "https://docs.globus.org/api/flows/")]
impl FlowsClient {
    /// Has unusual types.
    #[post("/flows")]
    fn one(
        /// Too small.
        a: Option<u8>,
        /// Not owned.
        b: &str,
        /// Documents in a list.
        c: Option<Vec<Value>>,
        /// Absent in two ways.
        d: Option<Option<String>>,
        /// No literal.
        #[default(u32::MAX)]
        e: Option<u32>,
    );
}

fn main() {}
