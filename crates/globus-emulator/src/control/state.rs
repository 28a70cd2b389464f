//! What the control routes keep: faults and recorded requests.

use std::collections::{BTreeSet, VecDeque};

use bytes::Bytes;
use http::{HeaderValue, StatusCode};
use jiff::Timestamp;
use uuid::Uuid;

use super::faults::Fault;
use super::requests::RecordedRequest;
use super::requirements::{self, Requirement};
use crate::exchange::{Incoming, Reply};
use crate::world::World;

/// How many requests are kept; older ones are forgotten.
const KEPT: usize = 4_096;
/// Bodies beyond this are recorded without their content.
const KEPT_BODY: usize = 16 * 1024;

/// Faults and recorded requests.
#[derive(Default)]
pub(crate) struct Control {
    faults: Vec<Fault>,
    requests: VecDeque<(Incoming, Timestamp, Option<Uuid>, StatusCode)>,
    /// Logins that the emulator went through for somebody.
    answered: BTreeSet<String>,
    /// What requests require, and how many logins there were before.
    requirements: Vec<(Requirement, u64)>,
}

impl Control {
    pub(crate) fn add_fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    pub(crate) fn faults(&self) -> &[Fault] {
        &self.faults
    }

    pub(crate) fn clear_faults(&mut self) {
        self.faults.clear();
    }

    /// The fault that a request meets; one that has done its work is gone.
    pub(crate) fn take_fault(
        &mut self,
        request: &Incoming,
        identity: Option<Uuid>,
        client: Option<Uuid>,
    ) -> Option<Fault> {
        if self.faults.is_empty() {
            return None;
        }
        let mut hit = None;
        for (at, fault) in self.faults.iter_mut().enumerate() {
            if fault.meets(request, identity, client) {
                if fault.skip > 0 {
                    fault.skip -= 1;
                    continue;
                }
                if !fault.draws() {
                    continue;
                }
                hit = Some(at);
                break;
            }
        }
        let at = hit?;
        let fault = self.faults[at].clone();
        if self.faults[at].times.count() {
            drop(self.faults.remove(at));
        }
        Some(fault)
    }

    pub(crate) fn record(&mut self, request: &Incoming, time: Timestamp, identity: Option<Uuid>, status: StatusCode) {
        if self.requests.len() == KEPT {
            self.requests.pop_front();
        }
        // Copies: what hyper hands out keeps the whole buffer of its connection alive.
        let body = if request.body.len() > KEPT_BODY {
            &[]
        } else {
            &request.body[..]
        };
        let copy = |value: &HeaderValue| HeaderValue::from_bytes(value.as_bytes()).ok();
        let headers = request
            .headers
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), copy(value)?)));
        let request = Incoming {
            method: request.method.clone(),
            path: request.path.clone(),
            query: request.query.clone(),
            headers: headers.collect(),
            body: Bytes::copy_from_slice(body),
            params: Vec::new(),
        };
        self.requests.push_back((request, time, identity, status));
    }

    pub(crate) fn add_requirement(&mut self, requirement: Requirement, since: u64) {
        self.requirements.push((requirement, since));
    }

    pub(crate) fn requirements(&self) -> Vec<Requirement> {
        self.requirements.iter().map(|(row, _)| row.clone()).collect()
    }

    pub(crate) fn clear_requirements(&mut self) {
        self.requirements.clear();
    }

    /// The answer to a request that falls short of what is required.
    pub(crate) fn shortfall(&self, world: &World, request: &Incoming) -> Option<Reply> {
        requirements::shortfall(&self.requirements, world, request)
    }

    pub(crate) fn answered(&mut self, url: &str) {
        if self.answered.len() >= KEPT {
            self.answered.clear();
        }
        self.answered.insert(url.to_owned());
    }

    pub(crate) fn is_answered(&self, url: &str) -> bool {
        self.answered.contains(url)
    }

    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        let rows = self.requests.iter();
        rows.map(|(request, time, identity, status)| RecordedRequest::new(request, *time, *identity, *status))
            .collect()
    }

    pub(crate) fn clear_requests(&mut self) {
        self.requests.clear();
    }
}
