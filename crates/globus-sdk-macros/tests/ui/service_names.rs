use globus_sdk_macros::service;

#[service(reference = "https://docs.globus.org/api/flows/")]
impl FlowsClient {
    /// Looks like an option.
    #[get("/flows")]
    fn with_flows(
        /// Looks like an option as well.
        with_timeout: Option<u64>,
        /// Is a method of builders.
        items: Option<u32>,
        /// Is there twice.
        twice: Option<u32>,
        /// Is the second one.
        twice: Option<u64>,
        /// Has a setter for null.
        #[nullable]
        title: Option<String>,
        /// Has the name of that setter.
        title_null: Option<bool>,
    );
}

fn main() {}
