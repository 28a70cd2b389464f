//! The answer of a call.

use std::io::{self, Write};

use globus_sdk::Response;
use serde_json::Value;
use serde_json::value::RawValue;

/// The answer of a call, as the service wrote it.
#[derive(Debug)]
pub(crate) struct Answer {
    /// HTTP status; 200 for a list of pages.
    pub(crate) status: u16,
    data: Data,
}

#[derive(Debug)]
enum Data {
    Document(Box<Response<Value>>),
    Pages(Vec<Box<RawValue>>),
}

impl Answer {
    pub(crate) fn document(response: Response<Value>) -> Self {
        Self {
            status: response.status().as_u16(),
            data: Data::Document(Box::new(response)),
        }
    }

    pub(crate) fn pages(pages: Vec<Box<RawValue>>) -> Self {
        Self {
            status: 200,
            data: Data::Pages(pages),
        }
    }

    /// Writes the data with one of the writers of [`output::json`](crate::output::json).
    pub(crate) fn write<W: Write>(&self, write: fn(&str, &mut W) -> io::Result<()>, out: &mut W) -> io::Result<()> {
        match &self.data {
            Data::Document(response) if response.is_null() => out.write_all(b"null"),
            Data::Document(response) => write(&response.text(), out),
            Data::Pages(pages) => {
                let pages: Vec<&str> = pages.iter().map(|page| page.get()).collect();
                write(&format!("[{}]", pages.join(",")), out)
            }
        }
    }
}
