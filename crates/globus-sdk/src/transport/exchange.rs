//! One call, from its request to its answer: authorize, send, follow, decide, wait, and again.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::{Either, select};
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
    Ambient, AnswerBody, Answered, AuthorizationHook, RetryConfig, TransientRule, Transport, TransportError,
    TransportErrorKind, hook, origin, redirect,
};
use crate::authorizers::Authorizer;
use crate::error::{ApiError, Error, ErrorShape, RequestSummary, Result};

/// Name under which the log can be filtered.
const TARGET: &str = "globus_sdk::transport";

/// Longest body of an answer that is kept in memory, in bytes.
pub(crate) const MAX_ANSWER_BYTES: usize = 512 << 20;

/// Of an error document no more is kept than this, in bytes.
const MAX_ERROR_BYTES: usize = 1 << 20;

/// A wait of at least this length is worth a warning, whichever attempt it follows.
const LONG_WAIT: Duration = Duration::from_secs(5);

/// What a client's calls have in common.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) transport: Arc<dyn Transport>,
    /// `None` leaves an `Authorization` header of the caller as it is.
    pub(crate) authorizer: Option<Arc<dyn Authorizer>>,
    pub(crate) retry: RetryConfig,
    pub(crate) ambient: Ambient,
    pub(crate) shape: &'static ErrorShape,
    pub(crate) transient: TransientRule,
    /// The client's own address: credentials go nowhere else.
    pub(crate) origin: Url,
    pub(crate) hook: Option<Arc<dyn AuthorizationHook>>,
    /// Longest body that is read into memory, in bytes.
    pub(crate) max_answer_bytes: usize,
}

/// Carries out the calls of one client. Clones share their connections and their retry budget.
#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    settings: Settings,
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
    /// The request that ended there.
    summary: RequestSummary,
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
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            settings,
            bucket: Arc::default(),
        }
    }

    /// Takes credentials from `authorizer` from now on.
    pub(crate) fn set_authorizer(&mut self, authorizer: Arc<dyn Authorizer>) {
        self.settings.authorizer = Some(authorizer);
    }

    /// Whether requests carry credentials.
    pub(crate) fn authenticates(&self) -> bool {
        self.settings
            .authorizer
            .as_ref()
            .is_some_and(Authorizer::has_credentials)
    }

    /// The client's clock and randomness.
    pub(crate) fn ambient(&self) -> &Ambient {
        &self.settings.ambient
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
        pin!(self.drive(request, url, plan, open)).instrument(span).await
    }

    async fn drive(&self, mut request: Request<Bytes>, url: Url, plan: &Plan, open: bool) -> Result<Answered> {
        let config = self.config(plan);
        let clock = &self.settings.ambient.clock;
        let mut progress = Progress {
            started: clock.uptime(),
            ..Progress::default()
        };
        self.bucket.deposit(config.budget, progress.started);
        loop {
            let logins = self.settings.hook.as_ref().map_or(0, |hook| hook.logins());
            let credentials = self.authorize(request.headers_mut(), &url, plan).await?;
            progress.attempts += 1;
            let landing = self.limited(&request, &url, plan, open, &progress).await;
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
                    announce(&landing, after, progress.repetitions);
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
            match self.conclude(landing, effort) {
                Err(Error::Api(refusal)) => {
                    if progress.redriven || why == Why::Off || !self.redrive(&refusal, logins).await? {
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
        if let Some(authorizer) = self.settings.authorizer.as_ref().filter(|_| plan.authorization) {
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
            origin::check_credentials(&self.settings.origin, url)?;
        }
        Ok(credentials)
    }

    fn config<'a>(&'a self, plan: &'a Plan) -> &'a RetryConfig {
        plan.retry.as_ref().unwrap_or(&self.settings.retry)
    }

    /// As [`Exchange::attempt`], ended by the call's deadline unless the caller reads the body.
    async fn limited(
        &self,
        request: &Request<Bytes>,
        url: &Url,
        plan: &Plan,
        open: bool,
        progress: &Progress,
    ) -> Landing {
        let attempt = pin!(self.attempt(request, url.clone(), plan, open));
        let Some(deadline) = self.config(plan).deadline.filter(|_| !open) else {
            return attempt.await;
        };
        let clock = &self.settings.ambient.clock;
        let left = deadline.saturating_sub(clock.uptime().saturating_sub(progress.started));
        match select(attempt, clock.alarm(left)).await {
            Either::Left((landing, _)) => landing,
            Either::Right(((), _)) => {
                let message = format!("its deadline is {} s after its beginning", deadline.as_secs_f64());
                let late = TransportError::new(TransportErrorKind::Deadline, message);
                let summary = RequestSummary::of(request);
                Landing {
                    url: url.clone(),
                    // How far it came is unknown.
                    forwarded: true,
                    end: End::Failure(late.with_peer(summary.host().unwrap_or_default())),
                    summary,
                }
            }
        }
    }

    /// Sends once, and follows redirects.
    async fn attempt(&self, first: &Request<Bytes>, mut url: Url, plan: &Plan, open: bool) -> Landing {
        let mut hops = 0;
        // Where the last redirect led, if there was one.
        let mut next: Option<Request<Bytes>> = None;
        let end = loop {
            let request = next.as_ref().unwrap_or(first);
            let response = match self.settings.transport.send(request.clone(), plan.timeout).await {
                Ok(response) => response,
                Err(error) => break End::Failure(error),
            };
            let status = response.status();
            if !plan.redirects || !status.is_redirection() {
                break self.read(response, open).await;
            }
            let has_body = !request.body().is_empty();
            let target = match redirect::next(&url, request.method(), has_body, status, response.headers()) {
                Ok(Some(target)) => target,
                Ok(None) => break self.read(response, open).await,
                Err(message) => break refused(message),
            };
            hops += 1;
            if hops > redirect::MAX_REDIRECTS {
                break refused(format!("more than {} redirects", redirect::MAX_REDIRECTS));
            }
            let host = target.url.host_str();
            tracing::debug!(target: TARGET, status = status.as_u16(), host, "following a redirect");
            let (parts, body) = request.clone().into_parts();
            next = match redirect::follow(parts, body, &target) {
                Ok(request) => Some(request),
                Err(message) => break refused(message),
            };
            url = target.url;
        };
        let mut summary = RequestSummary::of(next.as_ref().unwrap_or(first));
        if next.is_some() {
            summary = summary.redirected_from(&RequestSummary::of(first));
        }
        Landing {
            url,
            forwarded: hops > 0,
            summary,
            end,
        }
    }

    /// Reads the body, unless the caller wants to.
    async fn read(&self, response: Response<AnswerBody>, open: bool) -> End {
        let failed = response.status().as_u16() >= 400;
        if open && !failed {
            return End::Open(response);
        }
        let (parts, body) = response.into_parts();
        if failed {
            // The status says more than a missing rest of the error document.
            let body = body.beginning(MAX_ERROR_BYTES).await;
            return End::Read(Response::from_parts(parts, body));
        }
        match body.collect_up_to(self.settings.max_answer_bytes).await {
            Ok(body) => End::Read(Response::from_parts(parts, body)),
            Err(error) => End::Failure(error.with_surely_unprocessed(false)),
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
        let config = self.config(plan);
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
                local: origin::is_loopback(&landing.url),
                transient: self.settings.transient,
                verdict: config.check(&context),
                now: self.settings.ambient.clock.now(),
                fraction: self.settings.ambient.random.fraction(),
            },
        )
    }

    async fn renew(&self, rejected: Option<&HeaderValue>) -> Result<bool> {
        match &self.settings.authorizer {
            Some(authorizer) => authorizer.handle_missing_authorization(rejected).await,
            None => Ok(false),
        }
    }

    async fn redrive(&self, refusal: &ApiError, before: u64) -> Result<bool> {
        match &self.settings.hook {
            Some(hook) if hook::concerns(refusal) => hook.redrive(refusal, before).await,
            _ => Ok(false),
        }
    }

    /// The result of the call.
    fn conclude(&self, landing: Landing, effort: Effort) -> Result<Answered> {
        let summary = landing.summary;
        let response = match landing.end {
            End::Failure(error) => return Err(failure::network(error, summary, Some(effort))),
            End::Open(response) => response,
            End::Read(answer) if answer.status().as_u16() >= 400 => {
                let status = answer.status();
                let (parts, body) = answer.into_parts();
                let reason = status.canonical_reason().unwrap_or_default();
                return Err(ApiError::new(self.settings.shape, &summary, status, reason, parts.headers, body).into());
            }
            End::Read(answer) => answer.map(AnswerBody::from),
        };
        Ok(Answered::new(response, summary))
    }
}

fn refused(message: String) -> End {
    End::Failure(TransportError::new(TransportErrorKind::Redirect, message).with_surely_unprocessed(false))
}

/// Writes to the log that a call takes longer than it should: once for people, after that for those who ask.
fn announce(landing: &Landing, after: Duration, repetitions: u32) {
    if repetitions > 0 && after < LONG_WAIT {
        tracing::debug!(target: TARGET, after_ms = millis(after), "sending again");
        return;
    }
    let wait = after.as_secs_f64();
    match &landing.end {
        End::Failure(error) => {
            tracing::warn!(target: TARGET, "waiting {wait:.1} s before sending again after: {error}");
        }
        End::Read(answer) => {
            let status = answer.status().as_u16();
            let host = landing.summary.host().unwrap_or_default();
            tracing::warn!(target: TARGET, "waiting {wait:.1} s before sending again after status {status} from {host}");
        }
        End::Open(_) => {}
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
