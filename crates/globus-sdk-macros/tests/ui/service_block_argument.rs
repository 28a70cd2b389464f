use globus_sdk_macros::service;

#[service(id = "flows")]
impl FlowsClient {}

fn main() {}
