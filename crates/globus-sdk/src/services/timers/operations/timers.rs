//! Operations of [`TimersClient`].

use globus_sdk_macros::service;

use crate::models::JobId;
use crate::scopes::TimersScopes;
use crate::services::timers::{
    NewTimer, Timer, TimerEnvelope, TimerJob, TimerMessage, TimerUpdate, TimersClient, checks, errors,
};

#[service(reference = "https://timer.automate.globus.org/redoc", scope = TimersScopes::TIMER, errors = [NOT_FOUND])]
impl TimersClient {
    /// Creates a timer that transfers data or runs a flow. The caller owns it, and it acts as the caller.
    ///
    /// An app has to be told first what the timer will touch: the collections
    /// ([`add_app_transfer_data_access_scope`](TimersClient::add_app_transfer_data_access_scope)) or the flow
    /// ([`add_app_flow_user_scope`](TimersClient::add_app_flow_user_scope)).
    #[post("/v2/timer", check = checks::a_timer, reference = "#operation/create_timer_v2_timer_post")]
    fn create_timer(
        /// What the timer does, and when: a [`TransferTimer`](crate::services::timers::TransferTimer) or a
        /// [`FlowTimer`](crate::services::timers::FlowTimer).
        timer: Json<NewTimer>,
    ) -> TimerEnvelope;

    /// Creates a timer that calls an action provider. For transfers and flows, `create_timer` is the better way.
    #[post("/jobs/", check = checks::a_job, reference = "#operation/submit_job_jobs__post")]
    fn create_job(
        /// What the timer calls (`callback_url`, `callback_body`), when (`start`, `interval` in seconds) and how often.
        #[document]
        data: Json<TimerJob>,
    ) -> Timer;

    /// Lists the caller's timers, also those that ended in the last 90 days.
    #[get("/jobs/", list = "jobs", reference = "#operation/list_jobs_jobs__get")]
    fn list_jobs() -> Timer;

    /// Reads one timer: what it does, when it runs next, and what became of its runs.
    #[get("/jobs/{job_id}", reference = "#operation/read_job_jobs__job_id__get")]
    fn get_job(
        /// The timer to read.
        job_id: JobId,
    ) -> Timer;

    /// Changes fields of a timer; those that are not given stay.
    #[patch("/jobs/{job_id}", idempotency = Repeatable, reference = "#operation/update_job_jobs__job_id__patch")]
    fn update_job(
        /// The timer to change.
        job_id: JobId,
        /// The fields with their new values, such as `name`.
        #[document]
        data: Json<TimerUpdate>,
    ) -> Timer;

    /// Deletes a timer; the answer is the timer as it was.
    #[delete("/jobs/{job_id}", reference = "#operation/delete_timer_jobs__timer_id__delete")]
    fn delete_job(
        /// The timer to delete.
        job_id: JobId,
    ) -> Timer;

    /// Lets a timer rest until it is resumed.
    #[post("/jobs/{job_id}/pause", idempotency = Repeatable,
        reference = "#operation/pause_job_jobs__job_id__pause_post")]
    fn pause_job(
        /// The timer that shall rest.
        job_id: JobId,
    ) -> TimerMessage;

    /// Lets a timer go on that rests, be it that somebody paused it or that it lacked consents.
    #[post("/jobs/{job_id}/resume", idempotency = Repeatable,
        reference = "#operation/resume_job_jobs__job_id__resume_post")]
    fn resume_job(
        /// The timer that shall go on.
        job_id: JobId,
        /// Whether the timer acts with the credentials of this call from now on; when absent, the service decides by the
        /// reason why it rests.
        #[not_null]
        update_credentials: Option<bool>,
    ) -> TimerMessage;
}
