//! Cases of the clients of `services::compute`.

use globus_sdk::services::compute::*;

use super::*;

#[rustfmt::skip]
pub(super) static CASES: &[Case] = cases! {
    ComputeClientV2 {
        get_version()[service: VersionService];
        get_result_amqp_url()[];
        register_endpoint(data: EndpointRegistration)[];
        get_endpoint(endpoint_id: ComputeEndpointId)[];
        get_endpoint_status(endpoint_id: ComputeEndpointId)[];
        get_endpoints()[role: EndpointRole];
        delete_endpoint(endpoint_id: ComputeEndpointId)[];
        lock_endpoint(endpoint_id: ComputeEndpointId)[];
        register_function(data: FunctionRegistration)[];
        get_function(function_id: FunctionId)[];
        delete_function(function_id: FunctionId)[];
        get_task(task_id: ComputeTaskId)[];
        get_task_batch(task_ids: Vec<ComputeTaskId>)[];
        get_task_group(task_group_id: TaskGroupId)[];
        submit(data: BatchSubmitRequestV2)[];
    }
    ComputeClientV3 {
        register_endpoint(data: EndpointRegistration)[];
        update_endpoint(endpoint_id: ComputeEndpointId, data: EndpointRegistration)[];
        lock_endpoint(endpoint_id: ComputeEndpointId)[];
        get_endpoint_allowlist(endpoint_id: ComputeEndpointId)[];
        register_function(data: FunctionRegistration)[];
        submit(endpoint_id: ComputeEndpointId, data: BatchSubmitRequestV3)[];
    }
};

pub(super) const FURTHER: &[Further] = &[];
