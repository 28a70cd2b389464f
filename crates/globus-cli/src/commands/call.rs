//! `globus call`.

use std::io::{self, BufWriter, IsTerminal as _, Read as _, Write as _};

use globus_sdk::{Error, Result};

use super::block_on;
use crate::calls::{Answer, CallRequest, Caller, Credentials, client_arguments, parameters};
use crate::cli::CallArgs;
use crate::output::{Failure, json};

/// Makes one call and writes its answer.
pub(crate) fn run(args: &CallArgs, profile: String) -> Result<(), Failure> {
    let key = args.operation.as_deref().unwrap_or_default();
    let operation = globus_sdk::services::operation(key);
    let input = args.input.as_deref().map(read_input).transpose()?;
    let params = parameters(input, &args.params, operation)?;
    let request = CallRequest {
        operation: key.to_owned(),
        client: client_arguments(&args.client)?,
        params: &params,
        paginated: args.paginated,
    };
    let mut caller = Caller::new(Credentials::from_env(), profile, !args.no_retry);
    let answer = block_on(async { caller.call(&request).await.map_err(|error| advise(error, &caller)) })?;
    write(&answer).map_err(Failure::Output)
}

fn write(answer: &Answer) -> io::Result<()> {
    let stdout = io::stdout();
    let layout = if stdout.is_terminal() {
        json::pretty
    } else {
        json::compact
    };
    let mut out = BufWriter::new(stdout.lock());
    answer.write(layout, &mut out)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// The SDK cannot know where this program's credentials come from.
fn advise(error: Error, caller: &Caller) -> Failure {
    let without = error
        .api()
        .is_some_and(|api| api.http_status().as_u16() == 401 && api.request().auth_scheme().is_none());
    if without {
        Failure::Advised(error, caller.credentials().advice().to_owned())
    } else {
        Failure::Call(error)
    }
}

/// The text itself, or what is in a file or on stdin.
fn read_input(input: &str) -> Result<String> {
    let (what, bytes) = match input.strip_prefix('@') {
        _ if input == "-" => ("stdin", from_stdin()),
        Some("-") => ("stdin", from_stdin()),
        Some(file) => (file, std::fs::read(file)),
        None => return Ok(input.to_owned()),
    };
    let refused = |why: String| Error::validation("--input", why);
    let bytes = bytes.map_err(|error| refused(format!("cannot read {what}: {error}")))?;
    String::from_utf8(bytes).map_err(|error| refused(format!("{what} is not UTF-8: {error}")))
}

fn from_stdin() -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}
