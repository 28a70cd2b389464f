//! `globus call --batch`: JSON lines in, JSON lines out.

use std::io::{self, BufRead as _, BufWriter, Write};

use globus_sdk::Error;
use serde_json::value::RawValue;

use super::block_on;
use crate::calls::{Answer, Caller, Credentials, read_line};
use crate::cli::CallArgs;
use crate::output::{Failure, json};

/// A line that was larger than this does not keep its memory for the next ones.
const KEPT: usize = 1024 * 1024;

/// Answers line after line until stdin ends.
pub(crate) fn run(args: &CallArgs, profile: String) -> Result<(), Failure> {
    let mut caller = Caller::new(Credentials::from_env(), profile, !args.no_retry);
    block_on(async {
        let mut out = BufWriter::new(io::stdout());
        let mut line = Vec::new();
        while let Some(read) = next_line(line).await? {
            line = read;
            answer_line(&line, &mut caller, &mut out)
                .await
                .map_err(Failure::Output)?;
            line.clear();
            line.shrink_to(KEPT);
        }
        Ok(())
    })
}

/// The next line that is not blank. It is waited for on another thread, so that connections are looked after meanwhile;
/// a connection that a service has closed is then noticed before the next call would use it.
async fn next_line(mut line: Vec<u8>) -> Result<Option<Vec<u8>>, Failure> {
    let read = tokio::task::spawn_blocking(move || {
        let mut stdin = io::stdin().lock();
        loop {
            line.clear();
            if stdin.read_until(b'\n', &mut line)? == 0 {
                return Ok(None);
            }
            if !line.trim_ascii().is_empty() {
                return Ok(Some(line));
            }
        }
    });
    read.await
        .unwrap_or_else(|error| Err(io::Error::other(error)))
        .map_err(Failure::Input)
}

async fn answer_line(line: &[u8], caller: &mut Caller, out: &mut impl Write) -> io::Result<()> {
    match read_line(line) {
        Ok((id, request)) => match caller.call(&request).await {
            Ok(answer) => write_answer(id, &answer, out),
            Err(error) => write_error(id, &error, out),
        },
        Err(bad) => write_error(bad.id, &bad.error, out),
    }
}

fn write_answer(id: Option<&RawValue>, answer: &Answer, out: &mut impl Write) -> io::Result<()> {
    write_id(id, out)?;
    write!(out, r#","ok":true,"status":{},"data":"#, answer.status)?;
    answer.write(json::compact, out)?;
    out.write_all(b"}\n")?;
    out.flush()
}

fn write_error(id: Option<&RawValue>, error: &Error, out: &mut impl Write) -> io::Result<()> {
    write_id(id, out)?;
    out.write_all(br#","ok":false,"error":"#)?;
    serde_json::to_writer(&mut *out, error)?;
    out.write_all(b"}\n")?;
    out.flush()
}

fn write_id(id: Option<&RawValue>, out: &mut impl Write) -> io::Result<()> {
    out.write_all(br#"{"id":"#)?;
    json::compact(id.map_or("null", RawValue::get), out)
}
