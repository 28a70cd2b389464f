//! Opening the person's browser.
//!
//! Done by commands and not by a library: a login has to know when no browser could be opened, so that it can go on
//! without one, must not hand the terminal to a text browser, and obeys `BROWSER` on every system.

use std::fmt;
use std::future::pending;
use std::io;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use crate::config::Config;

/// Browsers that take the terminal, and cannot show the login page.
const TEXT_BROWSERS: [&str; 7] = ["browsh", "elinks", "links", "links2", "lynx", "w3m", "www-browser"];
/// A command that ends badly after this long has shown the page, whatever it says.
const SHOWN: Duration = Duration::from_secs(5);

/// A program's own way of opening a page.
pub(super) type Opener = dyn Fn(&str) -> io::Result<()> + Send + Sync;

/// What opens pages.
#[derive(Clone)]
pub(super) enum Browser {
    /// The person's browser, by these settings or the environment of the process.
    System(Option<Config>),
    /// The program knows.
    Own(Arc<Opener>),
}

impl Browser {
    /// Says why no browser can be opened, where that is known beforehand.
    pub(super) fn check(&self) -> Result<(), String> {
        self.commands().map(drop)
    }

    /// Opens a page. It comes to an end only if that cannot be done, with the reason.
    pub(super) async fn open(&self, url: &str) -> String {
        let why = match (self, self.commands()) {
            (Self::Own(open), _) => open(url).err().map(|error| error.to_string()),
            (_, Ok(commands)) => try_one_by_one(commands, url).await,
            (_, Err(why)) => Some(why),
        };
        match why {
            Some(why) => why,
            None => pending().await,
        }
    }

    fn commands(&self) -> Result<Vec<Vec<String>>, String> {
        match self {
            Self::System(Some(config)) => commands(&|name| config.variable(name)),
            Self::System(None) => commands(&|name| std::env::var(name).ok()),
            Self::Own(_) => Ok(Vec::new()),
        }
    }
}

/// The commands that may open a page, best first.
fn commands(variable: &dyn Fn(&str) -> Option<String>) -> Result<Vec<Vec<String>>, String> {
    let variable = |name| variable(name).filter(|value| !value.is_empty());
    if variable("SSH_TTY").is_some() || variable("SSH_CONNECTION").is_some() {
        return Err("this is a remote session".to_owned());
    }
    let chosen = variable("BROWSER").unwrap_or_default();
    let separator = if cfg!(windows) { ';' } else { ':' };
    let chosen = chosen.split(separator).filter_map(words);
    let mut commands: Vec<_> = chosen.filter(|command| !is_text_browser(&command[0])).collect();
    let of_words = |command: &&[&str]| command.iter().map(|&word| word.to_owned()).collect();
    commands.extend(desktop(&variable).iter().map(of_words));
    if commands.is_empty() {
        return Err(if variable("BROWSER").is_some() {
            "BROWSER names no browser with windows".to_owned()
        } else {
            "none of BROWSER, DISPLAY and WAYLAND_DISPLAY is set".to_owned()
        });
    }
    Ok(commands)
}

/// What opens pages on this desktop.
fn desktop(variable: &dyn Fn(&'static str) -> Option<String>) -> &'static [&'static [&'static str]] {
    const WINDOWS: &[&str] = &["rundll32.exe", "url.dll,FileProtocolHandler"];
    const SUBSYSTEM: &[&[&str]] = &[&["wslview"], WINDOWS];
    if cfg!(windows) {
        &[WINDOWS]
    } else if cfg!(target_os = "macos") {
        &[&["open"]]
    } else if variable("WSL_DISTRO_NAME").is_some() {
        SUBSYSTEM
    } else if variable("DISPLAY").is_some() || variable("WAYLAND_DISPLAY").is_some() {
        &[
            &["xdg-open"],
            &["gio", "open"],
            &["x-www-browser"],
            &["firefox"],
            &["google-chrome"],
            &["chromium"],
        ]
    } else {
        &[]
    }
}

/// The words of one command of `BROWSER`.
fn words(command: &str) -> Option<Vec<String>> {
    let mut words = if cfg!(windows) {
        // There `\` is part of paths.
        let parts = command.split('"').enumerate();
        parts
            .flat_map(|(index, part)| {
                let quoted = index % 2 == 1;
                let split: Vec<&str> = if quoted {
                    vec![part]
                } else {
                    part.split_whitespace().collect()
                };
                split.into_iter().map(str::to_owned)
            })
            .collect()
    } else {
        shlex::split(command)?
    };
    // Python's spelling of a command that goes on in the background, as all do here.
    if words.last().is_some_and(|word| word == "&") {
        words.pop();
    }
    (!words.is_empty()).then_some(words)
}

fn is_text_browser(program: &str) -> bool {
    let name = program.rsplit(['/', '\\']).next().unwrap_or(program);
    TEXT_BROWSERS.contains(&name)
}

/// The command with the page in place of `%s`, or at its end.
fn for_page(command: &[String], url: &str) -> Vec<String> {
    let mut words: Vec<String> = command.iter().map(|word| word.replace("%s", url)).collect();
    if !command.iter().any(|word| word.contains("%s")) {
        words.push(url.to_owned());
    }
    words
}

/// Tries commands until one opens the page; otherwise the reason why none did. They run in a thread of their own, since
/// some end as soon as the page is open and some with the browser.
async fn try_one_by_one(commands: Vec<Vec<String>>, url: &str) -> Option<String> {
    let (done, outcome) = oneshot::channel();
    let commands: Vec<_> = commands.iter().map(|command| for_page(command, url)).collect();
    let work = move || {
        let mut why = "there is none".to_owned();
        for command in commands {
            // The login may be over.
            if done.is_closed() {
                return;
            }
            match run(&command) {
                Ok(()) => return drop(done.send(None)),
                Err(failed) => why = failed,
            }
        }
        let _ = done.send(Some(why));
    };
    let thread = std::thread::Builder::new().name("login-browser".to_owned());
    if let Err(error) = thread.spawn(work) {
        return Some(error.to_string());
    }
    outcome.await.ok().flatten()
}

/// Runs a command to its end. What goes wrong is told without the address.
fn run(command: &[String]) -> Result<(), String> {
    let Some((program, arguments)) = command.split_first() else {
        return Ok(());
    };
    let begun = Instant::now();
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    match command.status() {
        Ok(status) if status.success() || begun.elapsed() > SHOWN => Ok(()),
        Ok(status) => Err(format!("`{program}` ended with {status}")),
        Err(error) => Err(format!("`{program}` did not start: {error}")),
    }
}

impl Default for Browser {
    fn default() -> Self {
        Self::System(None)
    }
}

impl fmt::Debug for Browser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::System(_) => "the person's browser",
            Self::Own(_) => "the program's own",
        })
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    fn found(variables: &[(&str, &str)]) -> Result<Vec<String>, String> {
        let lookup = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let commands = commands(&lookup)?;
        Ok(commands
            .iter()
            .map(|command| for_page(command, "U").join(" "))
            .collect())
    }

    #[test]
    fn the_browser_that_is_named_comes_first() {
        let named = found(&[("BROWSER", "my-browser --new:'a b' -u=%s &::lynx")]).unwrap();
        assert_eq!(named, ["my-browser --new U", "a b -u=U"]);
        let both = found(&[("BROWSER", "/opt/x"), ("DISPLAY", ":0")]).unwrap();
        assert_eq!(both[..2], ["/opt/x U", "xdg-open U"]);
        assert_eq!(found(&[("WAYLAND_DISPLAY", "w")]).unwrap()[0], "xdg-open U");
        assert_eq!(found(&[("WSL_DISTRO_NAME", "D")]).unwrap()[0], "wslview U");
    }

    #[test]
    fn where_there_is_none_it_says_why() {
        for (variables, why) in [
            (&[][..], "DISPLAY"),
            (&[("BROWSER", ""), ("DISPLAY", "")], "DISPLAY"),
            (
                &[("BROWSER", "w3m:/usr/bin/links -g:www-browser")],
                "no browser with windows",
            ),
            (&[("DISPLAY", ":0"), ("SSH_CONNECTION", "1.2.3.4 5 6 7")], "remote"),
            (&[("BROWSER", "x"), ("SSH_TTY", "/dev/pts/1")], "remote"),
        ] {
            let said = found(variables).unwrap_err();
            assert!(said.contains(why), "{variables:?}: {said}");
        }
        assert!(
            found(&[("SSH_TTY", ""), ("DISPLAY", ":0")]).is_ok(),
            "an empty variable says nothing"
        );
    }

    #[tokio::test]
    async fn commands_are_tried_one_after_the_other() {
        let command = |text: &str| shlex::split(text).unwrap();
        let fine = vec![command("false"), command("no-such-program-at-all"), command("true")];
        assert_eq!(try_one_by_one(fine, "https://x/?secret").await, None);
        let why = try_one_by_one(vec![command("false")], "https://x/?secret")
            .await
            .unwrap();
        assert!(why.contains("`false` ended with") && !why.contains("secret"), "{why}");
    }
}
