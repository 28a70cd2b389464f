//! Cases of the clients of `services::timers`.

use globus_sdk::services::timers::*;

use super::*;

#[rustfmt::skip]
pub(super) static CASES: &[Case] = cases! {
    TimersClient {
        create_timer(timer: Raw)[];
        create_job(data: Raw)[];
        list_jobs()[];
        get_job(job_id: JobId)[];
        update_job(job_id: JobId, data: TimerUpdate)[];
        delete_job(job_id: JobId)[];
        pause_job(job_id: JobId)[];
        resume_job(job_id: JobId)[update_credentials: bool];
    }
};

pub(super) const FURTHER: &[Further] = &[(
    "TimersClient",
    "resume_job",
    r#"{"job_id": "j", "update_credentials": true}"#,
)];
