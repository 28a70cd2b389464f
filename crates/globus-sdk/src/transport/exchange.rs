//! One call, from its request to its answer: authorize, send, follow, decide, wait, and again.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use tracing::Instrument as _;
use url::Url;

use super::Idempotency;
use super::budget::Bucket;
use super::failure::{self, Effort};
use super::retry::{self, Attempt, Decision, Why};
use super::retry_config::{Outcome, RetryContext};
use super::{
    Ambient, AnswerBody, Answered, AuthorizationHook, RetryConfig, TransientRule, Transport, TransportError, hook,
    origin, redirect,
};
use crate::authorizers::Authorizer;
use crate::error::{ApiError, Error, ErrorShape, RequestSummary, Result};

/// Name under which the log can be filtered.
const TARGET: &str = "globus_sdk::transport";

/// What all calls of one client have in common. Clones share their connections and their retry budget.
#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    transport: Arc<dyn Transport>,
    /// `None` leaves an `Authorization` header of the caller as it is.
    authorizer: Option<Arc<dyn Authorizer>>,
    retry: RetryConfig,
    ambient: Ambient,
    shape: &'static ErrorShape,
    transient: TransientRule,
    /// The client's own address: credentials go nowhere else.
    origin: Url,
    hook: Option<Arc<dyn AuthorizationHook>>,
    bucket: Arc<Bucket>,
}

/// How one call differs from the others.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) idempotency: Idempotency,
    /// Whether the authorizer's header is sent.
    pub(crate) authorization: bool,
    /// Whether redirects are followed.
    pub(crate) redirects: bool,
    /// Longest time until the answer begins, and between two parts of it; `None` waits without end.
    pub(crate) timeout: Option<Duration>,
    /// In place of the client's settings.
    pub(crate) retry: Option<RetryConfig>,
    /// `false`: the request is sent once, whatever happens.
    pub(crate) resend: bool,
}

/// How far a call is.
#[derive(Debug, Default)]
struct Progress {
    started: Duration,
    elapsed: Duration,
    attempts: u32,
    repetitions: u32,
    renewed: bool,
    redriven: bool,
}

/// Where an attempt ended.
struct Landing {
    url: Url,
    /// It was redirected on the way.
    forwarded: bool,
    end: End,
}

enum End {
    /// An answer whose body has been read.
    Read(Response<Bytes>),
    /// A successful answer whose body the caller reads.
    Open(Response<AnswerBody>),
    /// No answer.
    Failure(TransportError),
}

impl Landing {
    fn status(&self) -> Option<StatusCode> {
        match &self.end {
            End::Read(answer) => Some(answer.status()),
            End::Open(answer) => Some(answer.status()),
            End::Failure(_) => None,
        }
    }
}

impl Exchange {
    #[allow(clippy::too_many_arguments)]
    pub(crate) fn new(
        transport: Arc<dyn Transport>,
        authorizer: Option<Arc<dyn Authorizer>>,
        retry: RetryConfig,
        ambient: Ambient,
        shape: &'static ErrorShape,
        transient: TransientRule,
        origin: Url,
        hook: Option<Arc<dyn AuthorizationHook>>,
    ) -> Self {
        Self {
            transport,
            authorizer,
            retry,
            ambient,
            shape,
            transient,
            origin,
            hook,
            bucket: Arc::default(),
        }
    }

    /// Takes credentials from `authorizer` from now on.
    pub(crate) fn set_authorizer(&mut self, authorizer: Arc<dyn Authorizer>) {
        self.authorizer = Some(authorizer);
    }

    /// Whether requests carry credentials.
    pub(crate) fn authenticates(&self) -> bool {
        self.authorizer.as_ref().is_some_and(Authorizer::has_credentials)
    }

    /// The client's clock and randomness.
    pub(crate) fn ambient(&self) -> &Ambient {
        &self.ambient
    }

    /// Carries out one call up to the head of the answer; the body is still to be read. Dropping the future ends the
    /// call wherever it is.
    ///
    /// # Errors
    /// [`Error::Api`] for an answer of 400 or more, [`Error::Connection`] and its kin when none came,
    /// [`Error::Usage`] or [`Error::Validation`] when the request must not be sent, and the authorizer's errors.
    pub(crate) async fn run(&self, request: Request<Bytes>, plan: &Plan) -> Result<Answered> {
        self.start(request, plan, true).await
    }

    /// As [`Exchange::run`], with the whole body: an answer that is cut short counts as a failed attempt.
    pub(crate) async fn fetch(&self, request: Request<Bytes>, plan: &Plan) -> Result<Answered> {
        self.start(request, plan, false).await
    }

    async fn start(&self, request: Request<Bytes>, plan: &Plan, open: bool) -> Result<Answered> {
        let url = origin::target(request.uri())?;
        let span = tracing::debug_span!(
            target: TARGET,
            "request",
            method = %request.method(),
            host = url.host_str().unwrap_or_default(),
            path = url.path(),
            status = tracing::field::Empty,
            attempts = tracing::field::Empty,
            elapsed_ms = tracing::field::Empty,
        );
        self.drive(request, url, plan, open).instrument(span).await
    }

    async fn drive(&self, request: Request<Bytes>, url: Url, plan: &Plan, open: bool) -> Result<Answered> {
        let config = plan.retry.as_ref().unwrap_or(&self.retry);
        let clock = &self.ambient.clock;
        let mut progress = Progress {
            started: clock.uptime(),
            ..Progress::default()
        };
        self.bucket.deposit(config.budget, progress.started);
        loop {
            let mut outgoing = request.clone();
            let credentials = self.authorize(outgoing.headers_mut(), &url, plan).await?;
            let summary = RequestSummary::of(&outgoing);
            progress.attempts += 1;
            let landing = self.attempt(outgoing, url.clone(), plan, open, &summary).await?;
            progress.elapsed = clock.uptime().saturating_sub(progress.started);
            report(&landing, progress.attempts);

            let own = origin::is_same(&url, &landing.url);
            let renewable = credentials.filter(|_| own && !progress.renewed);
            let mut decision = self.decide(&landing, &request, &progress, plan, renewable.is_some());
            if decision == Decision::Reauthorize {
                progress.renewed = true;
                if self.renew(renewable.as_ref()).await? {
                    progress.repetitions += 1;
                    tracing::debug!(target: TARGET, "sending again with renewed credentials");
                    continue;
                }
                // There was nothing to renew: from here on the status counts as any other.
                decision = self.decide(&landing, &request, &progress, plan, false);
            }
            let why = match decision {
                Decision::Retry { after } if self.bucket.withdraw(config.budget, clock.uptime()) => {
                    tracing::debug!(target: TARGET, after_ms = millis(after), "sending again");
                    drop(landing);
                    clock.sleep(after).await;
                    progress.repetitions += 1;
                    continue;
                }
                Decision::Retry { .. } => Why::Budget,
                Decision::GiveUp { why } => why,
                Decision::Reauthorize => Why::Final,
            };
            let effort = Effort {
                attempts: progress.attempts,
                elapsed: progress.elapsed,
                why,
            };
            record(&landing, effort);
            match self.conclude(landing, summary, effort) {
                Err(Error::Api(refusal)) => {
                    if progress.redriven || why == Why::Off || !self.redrive(&refusal).await? {
                        return Err(Error::Api(refusal));
                    }
                    progress.redriven = true;
                    tracing::debug!(target: TARGET, "sending again after a new login");
                }
                result => return result,
            }
        }
    }

    /// Puts the authorizer's header in place, and answers it.
    async fn authorize(&self, headers: &mut HeaderMap, url: &Url, plan: &Plan) -> Result<Option<HeaderValue>> {
        let mut credentials = None;
        if let Some(authorizer) = self.authorizer.as_ref().filter(|_| plan.authorization) {
            credentials = authorizer.authorization_header().await?;
            match &mut credentials {
                Some(value) => {
                    value.set_sensitive(true);
                    headers.insert(AUTHORIZATION, value.clone());
                }
                None => {
                    headers.remove(AUTHORIZATION);
                }
            }
        }
        if headers.contains_key(AUTHORIZATION) {
            origin::check_credentials(&self.origin, url)?;
        }
        Ok(credentials)
    }

    /// Sends once, and follows redirects.
    async fn attempt(
        &self,
        mut request: Request<Bytes>,
        mut url: Url,
        plan: &Plan,
        open: bool,
        summary: &RequestSummary,
    ) -> Result<Landing> {
        let mut hops = 0;
        loop {
            let (parts, body) = request.into_parts();
            let outgoing = Request::from_parts(parts.clone(), body.clone());
            let response = match self.transport.send(outgoing, plan.timeout).await {
                Ok(response) => response,
                Err(error) => {
                    return Ok(Landing {
                        url,
                        forwarded: hops > 0,
                        end: End::Failure(error),
                    });
                }
            };
            let status = response.status();
            if !plan.redirects || !status.is_redirection() {
                let end = read(response, open).await;
                return Ok(Landing {
                    url,
                    forwarded: hops > 0,
                    end,
                });
            }
            let next = redirect::next(&url, &parts.method, &parts.headers, status, response.headers())
                .map_err(|message| failure::redirect(&message, summary.clone(), status))?;
            let Some(next) = next else {
                let end = read(response, open).await;
                return Ok(Landing {
                    url,
                    forwarded: hops > 0,
                    end,
                });
            };
            hops += 1;
            if hops > redirect::MAX_REDIRECTS {
                let message = format!("more than {} redirects", redirect::MAX_REDIRECTS);
                return Err(failure::redirect(&message, summary.clone(), status));
            }
            tracing::debug!(target: TARGET, status = status.as_u16(), host = next.url.host_str(), "following a redirect");
            request = redirect::follow(parts, body, &next)
                .map_err(|message| failure::redirect(&message, summary.clone(), status))?;
            url = next.url;
        }
    }

    fn decide(
        &self,
        landing: &Landing,
        request: &Request<Bytes>,
        progress: &Progress,
        plan: &Plan,
        renewable: bool,
    ) -> Decision {
        let config = plan.retry.as_ref().unwrap_or(&self.retry);
        if !plan.resend {
            return Decision::GiveUp { why: Why::Off };
        }
        let outcome = match &landing.end {
            End::Open(_) => return Decision::GiveUp { why: Why::Final },
            End::Read(answer) => Outcome::Answer {
                status: answer.status(),
                headers: answer.headers(),
                body: answer.body(),
            },
            End::Failure(error) => Outcome::Failure(error),
        };
        let context = RetryContext {
            method: request.method(),
            idempotency: plan.idempotency,
            attempts: progress.attempts,
            elapsed: progress.elapsed,
            outcome,
        };
        retry::decide(
            config,
            &Attempt {
                outcome,
                idempotency: plan.idempotency,
                repetitions: progress.repetitions,
                elapsed: progress.elapsed,
                renewable,
                forwarded: landing.forwarded,
                transient: self.transient,
                verdict: config.check(&context),
                now: self.ambient.clock.now(),
                fraction: self.ambient.random.fraction(),
            },
        )
    }

    async fn renew(&self, rejected: Option<&HeaderValue>) -> Result<bool> {
        match &self.authorizer {
            Some(authorizer) => authorizer.handle_missing_authorization(rejected).await,
            None => Ok(false),
        }
    }

    async fn redrive(&self, refusal: &ApiError) -> Result<bool> {
        match &self.hook {
            Some(hook) if hook::concerns(refusal) => hook.redrive(refusal).await,
            _ => Ok(false),
        }
    }

    /// The result of the call.
    fn conclude(&self, landing: Landing, summary: RequestSummary, effort: Effort) -> Result<Answered> {
        let response = match landing.end {
            End::Failure(error) => return Err(failure::network(error, summary, Some(effort))),
            End::Open(response) => response,
            End::Read(answer) if answer.status().as_u16() >= 400 => {
                let status = answer.status();
                let (parts, body) = answer.into_parts();
                let reason = status.canonical_reason().unwrap_or_default();
                return Err(ApiError::new(self.shape, &summary, status, reason, parts.headers, body).into());
            }
            End::Read(answer) => answer.map(AnswerBody::from),
        };
        Ok(Answered::new(response, summary))
    }
}

/// Reads the body, unless the caller wants to.
async fn read(response: Response<AnswerBody>, open: bool) -> End {
    let failed = response.status().as_u16() >= 400;
    if open && !failed {
        return End::Open(response);
    }
    let (parts, body) = response.into_parts();
    match body.collect().await {
        Ok(body) => End::Read(Response::from_parts(parts, body)),
        // The status says more than the missing rest of the error document.
        Err(_) if failed => End::Read(Response::from_parts(parts, Bytes::new())),
        Err(error) => End::Failure(error.with_surely_unprocessed(false)),
    }
}

/// Writes to the log what an attempt brought: never headers, query or body.
fn report(landing: &Landing, attempt: u32) {
    if let Some(status) = landing.status() {
        tracing::debug!(target: TARGET, attempt, status = status.as_u16(), "answer");
    } else {
        tracing::debug!(target: TARGET, attempt, "no answer");
    }
}

/// Writes to the span how the call ended.
fn record(landing: &Landing, effort: Effort) {
    let span = tracing::Span::current();
    span.record("attempts", effort.attempts);
    span.record("elapsed_ms", millis(effort.elapsed));
    if let Some(status) = landing.status() {
        span.record("status", status.as_u16());
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
