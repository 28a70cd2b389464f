//! What large listings and documents cost in memory. One test at a time, since every allocation counts.
#![allow(missing_docs)]

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use globus_sdk::client::Async;
use globus_sdk::services::transfer::TransferData;
use globus_sdk::transport::{AnswerBody, Transport, TransportError};
use globus_sdk::{AnyClient, TransferClient};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

static ALONE: Mutex<()> = Mutex::new(());

/// Answers every request with the same bytes and remembers the size of the largest body it was sent.
#[derive(Debug)]
struct Canned {
    answer: Bytes,
    largest: Mutex<usize>,
}

impl Canned {
    fn new(answer: impl Into<Bytes>) -> Arc<Self> {
        Arc::new(Self {
            answer: answer.into(),
            largest: Mutex::new(0),
        })
    }
}

impl Transport for Canned {
    fn send(
        &self,
        request: http::Request<Bytes>,
        _timeout: Option<Duration>,
    ) -> BoxFuture<'_, Result<http::Response<AnswerBody>, TransportError>> {
        let mut largest = self.largest.lock().unwrap_or_else(PoisonError::into_inner);
        *largest = (*largest).max(request.body().len());
        let answer = http::Response::new(AnswerBody::from(self.answer.clone()));
        Box::pin(async move { Ok(answer) })
    }
}

/// Runs `work` and answers its result and the most memory it had beyond what was there before.
fn peak<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let result = work();
    (result, MEMORY.peak_usage().saturating_sub(before))
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().build().unwrap()
}

#[test]
fn a_listing_of_100_000_rows_with_unknown_fields() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut listing = String::from("{\"DATA_TYPE\": \"file_list\", \"DATA\": [");
    for row in 0..100_000 {
        let comma = if row == 0 { "" } else { "," };
        write!(
            listing,
            "{comma}{{\"DATA_TYPE\":\"file\",\"name\":\"file-{row}.txt\",\"type\":\"file\",\"size\":{row},\"user\":\"u\",\
             \"group\":\"g\",\"permissions\":\"0644\",\"last_modified\":\"2026-01-01 00:00:00+00:00\",\"new_field\":{row}}}"
        )
        .unwrap();
    }
    listing.push_str("]}");
    let size = listing.len();
    let client = TransferClient::builder()
        .transport(Canned::new(listing))
        .build()
        .unwrap();
    let (page, peak) = peak(|| runtime().block_on(client.operation_ls("e").into_future()).unwrap());
    assert_eq!(page.len(), 100_000);
    assert_eq!(page.items[7].extra.get("new_field").unwrap().get(), "7");
    // The rows hold about as much text as the answer; what is on top are their structs.
    assert!(peak < 100_000_000, "{peak} bytes for an answer of {size} bytes");
}

#[test]
fn a_million_items_by_name_and_typed() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut data = TransferData::new("src", "dst");
    for item in 0..1_000_000 {
        data.add_item(format!("/source/{item}"), format!("/destination/{item}"), false);
    }
    let canned = Canned::new("{\"value\": \"drawn\", \"task_id\": \"t\"}");
    let typed = TransferClient::builder().transport(canned.clone()).build().unwrap();
    let (_, typed_peak) = peak(|| runtime().block_on(typed.submit_transfer(&data).into_future()).unwrap());
    let size = *canned.largest.lock().unwrap();
    assert!(size > 100_000_000, "{size}");
    assert!(
        typed_peak < size * 5 / 2,
        "typed: {typed_peak} bytes for a document of {size} bytes"
    );

    let params = format!("{{\"data\": {}}}", serde_json::to_string(&data).unwrap());
    drop(data);
    let client = AnyClient::<Async>::builder("transfer")
        .unwrap()
        .transport(canned)
        .build()
        .unwrap();
    let call = || {
        runtime()
            .block_on(client.call("submit_transfer", &params).into_future())
            .unwrap()
    };
    let (_, named_peak) = peak(call);
    assert!(
        named_peak < size * 5 / 2,
        "by name: {named_peak} bytes for a document of {size} bytes"
    );
}
