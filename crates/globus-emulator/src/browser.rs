//! `globus-emulator browser`, the browser of the person whom `run --as` plays: it signs in and goes where that leads.

use std::io;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use globus_emulator::{CONTROL_PREFIX, Emulator};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use serde_json::{Value, json};

/// How long an answer may take.
const DEADLINE: Duration = Duration::from_secs(10);

/// The variables by which `run` tells its browser where the emulator is and who sits there.
pub(crate) const URL: &str = "GLOBUS_EMULATOR_URL";
pub(crate) const PERSON: &str = "GLOBUS_EMULATOR_PERSON";

/// The name under which the program is a browser, whatever its arguments: `BROWSER` holds a path, not a command line, in
/// most programs that read it.
pub(crate) const NAME: &str = "globus-emulator-browser";

/// Arguments of `browser`.
#[derive(Debug, Args)]
pub(crate) struct Browser {
    /// The page to open
    url: String,
}

/// Signs in at a login page and follows the way back; other pages it leaves alone.
pub(crate) async fn browse(args: Browser) -> io::Result<ExitCode> {
    let variable = |name| std::env::var(name).map_err(|_| other(format!("{name} is not set: `run --as` sets it")));
    let (origin, person) = (variable(URL)?, variable(PERSON)?);
    if !is_login(&args.url, &origin) {
        return Ok(ExitCode::SUCCESS);
    }
    if leads_to_code_page(&args.url, &origin) {
        // Said aloud, for the one who types the codes to hear.
        crate::report(&args.url);
        return Ok(ExitCode::SUCCESS);
    }
    let document = json!({"url": args.url, "identity": person}).to_string();
    let url = format!("{}{CONTROL_PREFIX}/sign-in", origin.trim_end_matches('/'));
    let answer = client()?.post(url).body(document).send().await.map_err(failed)?;
    let bytes = answer.bytes().await.map_err(failed)?;
    let answer: Value = serde_json::from_slice(&bytes)?;
    let Some(redirect) = answer.get("redirect").and_then(Value::as_str) else {
        let why = answer.get("error").and_then(Value::as_str).unwrap_or("no reason given");
        return Err(other(format!("{person} could not sign in: {why}")));
    };
    follow(redirect).await?;
    Ok(ExitCode::SUCCESS)
}

/// Goes to an address of this machine, and on to where that leads on this machine.
pub(crate) async fn follow(address: &str) -> io::Result<()> {
    let url = Url::parse(address).ok().filter(is_loopback);
    let url = url.ok_or_else(|| other("the login leads to another machine, where nobody follows it".to_owned()))?;
    match client()?.get(url).send().await {
        Ok(_) => Ok(()),
        // The program has the request. It may wait for its browser to end before it answers.
        Err(error) if error.is_timeout() && !error.is_connect() => Ok(()),
        Err(error) => Err(failed(error)),
    }
}

/// Whether a page is the login page of the emulator.
fn is_login(url: &str, origin: &str) -> bool {
    url.strip_prefix(origin)
        .is_some_and(|rest| rest.starts_with("v2/oauth2/authorize?"))
}

/// Whether a login ends at the page on which a person reads the code.
pub(crate) fn leads_to_code_page(url: &str, origin: &str) -> bool {
    let Ok(url) = Url::parse(url) else {
        return false;
    };
    let redirect = url.query_pairs().find(|(name, _)| name == "redirect_uri");
    // Without a redirect the login page shows an error, which is found out by signing in.
    redirect.is_none_or(|(_, value)| value.strip_prefix(origin) == Some("v2/web/auth-code"))
}

fn is_loopback(url: &Url) -> bool {
    url.scheme() == "http" && matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

fn client() -> io::Result<Client> {
    let policy = Policy::custom(|attempt| {
        if is_loopback(attempt.url()) && attempt.previous().len() < 10 {
            attempt.follow()
        } else {
            attempt.stop()
        }
    });
    Client::builder()
        .no_proxy()
        .redirect(policy)
        .timeout(DEADLINE)
        .build()
        .map_err(failed)
}

/// What went wrong, without the address, which has a code in it.
fn failed(error: reqwest::Error) -> io::Error {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    other(text)
}

fn other(what: String) -> io::Error {
    io::Error::other(what)
}

/// A folder that holds the program under its name as a browser, and the variables that lead there.
pub(crate) fn variables(
    emulator: &Emulator,
    person: &str,
    folder: &std::path::Path,
) -> io::Result<Vec<(String, String)>> {
    let program = std::env::current_exe()?;
    #[cfg(unix)]
    let browser = {
        let link = folder.join(NAME);
        std::os::unix::fs::symlink(program, &link)?;
        link.to_string_lossy().into_owned()
    };
    #[cfg(not(unix))]
    let browser = {
        let _ = folder;
        format!("\"{}\" browser %s", program.display())
    };
    Ok(vec![
        ("BROWSER".to_owned(), browser),
        (URL.to_owned(), emulator.url().to_owned()),
        (PERSON.to_owned(), person.to_owned()),
    ])
}
