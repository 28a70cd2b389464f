//! Where the tokens of apps are kept by default.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result, quoted};

/// The folder below which apps keep their tokens: `~/.globus/app`, on Windows `%LOCALAPPDATA%\globus\app`. The
/// Globus SDKs of other languages look there too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppFolder(PathBuf);

impl AppFolder {
    /// The folder of the user who runs this program.
    ///
    /// # Errors
    /// [`Error::Usage`] if the user has no home folder.
    pub fn from_env() -> Result<Self> {
        Self::find(cfg!(windows), |name| std::env::var_os(name), std::env::home_dir())
    }

    /// The folder below a home folder that is given, in the layout of Unix.
    pub fn of_home(home: impl AsRef<Path>) -> Self {
        Self(home.as_ref().join(".globus").join("app"))
    }

    fn find(windows: bool, lookup: impl Fn(&str) -> Option<OsString>, home: Option<PathBuf>) -> Result<Self> {
        let home = home.filter(|home| !home.as_os_str().is_empty());
        if windows {
            let set = |name: &str| lookup(name).filter(|value| !value.is_empty()).map(PathBuf::from);
            let data = set("LOCALAPPDATA").or_else(|| set("APPDATA"));
            let data = data.or_else(|| Some(home.clone()?.join("AppData").join("Local")));
            if let Some(data) = data {
                return Ok(Self(data.join("globus").join("app")));
            }
        } else if let Some(home) = &home {
            return Ok(Self::of_home(home));
        }
        Err(Error::usage(
            "there is no home folder to keep tokens in; set HOME, or name the file for the tokens",
        ))
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The file for the tokens of an app: `<client_id>/<slug of app_name>/tokens.<extension>`, where environments other
    /// than `production` have their name before `tokens`.
    ///
    /// # Errors
    /// [`Error::Usage`] for a name of which [no slug](slugify_app_name) can be made; [`Error::Validation`] for a
    /// client id or an environment that could lead elsewhere.
    pub fn token_file(&self, client_id: &str, app_name: &str, environment: &str, extension: &str) -> Result<PathBuf> {
        check_segment("client_id", client_id)?;
        check_segment("environment", environment)?;
        let prefix = if environment == "production" {
            String::new()
        } else {
            format!("{environment}-")
        };
        Ok(self
            .0
            .join(client_id)
            .join(slugify_app_name(app_name)?)
            .join(format!("{prefix}tokens.{extension}")))
    }
}

/// Refuses what would not be one plain name within a path.
fn check_segment(what: &str, value: &str) -> Result<()> {
    let separators = ['/', '\\', ':'];
    if value.is_empty()
        || value == "."
        || value == ".."
        || value.contains(separators)
        || value.contains(char::is_control)
    {
        return Err(Error::validation(
            what,
            format!("{} cannot be part of a path", quoted(value)),
        ));
    }
    Ok(())
}

/// Makes a name fit for paths and for requests: `Globus CLI v3.30.0` becomes `globus-cli-v3-30-0`.
///
/// Characters with a meaning in paths become `+`, dots and spaces `-`, characters that do not print are left out, and
/// the rest is written in lower case.
///
/// # Errors
/// [`Error::Usage`] if nothing is left, or a name that Windows keeps for devices.
pub fn slugify_app_name(app_name: &str) -> Result<String> {
    let slug: String = app_name
        .chars()
        .filter_map(|character| match character {
            '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*' => Some('+'),
            '.' | ' ' => Some('-'),
            other => is_printable(other).then_some(other),
        })
        .collect::<String>()
        .to_lowercase();
    if slug.is_empty() {
        return Err(Error::usage(format!(
            "of the app name {} nothing is left for a path; choose another one",
            quoted(app_name)
        )));
    }
    if is_device(&slug) {
        return Err(Error::usage(format!(
            "the app name {} is a device on Windows; choose another one",
            quoted(app_name)
        )));
    }
    Ok(slug)
}

/// Names that Windows keeps: <https://learn.microsoft.com/windows/win32/fileio/naming-a-file#naming-conventions>.
fn is_device(slug: &str) -> bool {
    let numbered = |name: &str| {
        let mut rest = name.chars();
        rest.next().is_some_and(char::is_numeric) && rest.next().is_none()
    };
    matches!(slug, "con" | "prn" | "aux" | "nul")
        || slug.strip_prefix("com").is_some_and(numbered)
        || slug.strip_prefix("lpt").is_some_and(numbered)
}

/// Whether a character leaves a trace of its own: no control, format, private or unassigned character, no separator.
fn is_printable(character: char) -> bool {
    // The standard library knows, but only tells through what it escapes. After a letter, combining marks are fine.
    character == '\'' || format!("a{character}").escape_debug().count() == 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_has_its_own_folders() {
        let found = |variables: &[(&str, &str)], home: Option<&str>| {
            let lookup = |name: &str| {
                let found = variables.iter().find(|(key, _)| *key == name);
                found.map(|(_, value)| OsString::from(value))
            };
            AppFolder::find(true, lookup, home.map(PathBuf::from)).map(|folder| folder.0)
        };
        let below = |base: &str| Path::new(base).join("globus").join("app");
        assert_eq!(
            found(&[("LOCALAPPDATA", "L"), ("APPDATA", "A")], Some("h")).unwrap(),
            below("L")
        );
        assert_eq!(found(&[("APPDATA", "A")], None).unwrap(), below("A"));
        let local = Path::new("h").join("AppData").join("Local");
        assert_eq!(
            found(&[("LOCALAPPDATA", "")], Some("h")).unwrap(),
            below(local.to_str().unwrap())
        );
        assert!(found(&[], None).is_err());
        assert!(AppFolder::find(false, |_| None, Some(PathBuf::new())).is_err());
    }

    #[test]
    fn what_leads_elsewhere_is_refused() {
        let folder = AppFolder::of_home("/home/alice");
        for id in ["", ".", "..", "../x", "a/b", "a\\b", "c:", "a\0b"] {
            assert!(folder.token_file(id, "app", "production", "json").is_err(), "{id:?}");
            assert!(folder.token_file("id", "app", id, "json").is_err(), "{id:?}");
        }
        let file = folder.token_file("id", "My App", "preview", "json").unwrap();
        assert_eq!(file, Path::new("/home/alice/.globus/app/id/my-app/preview-tokens.json"));
    }

    #[test]
    fn what_does_not_print_is_left_out() {
        let slug = |name: &str| slugify_app_name(name).unwrap();
        assert_eq!(slug("a\u{200b}b\u{a0}c\u{2028}d\u{e000}"), "abcd");
        assert_eq!(slug("Ünï'cöde 漢e\u{301}"), "ünï'cöde-漢e\u{301}");
        assert_eq!(slug("lpt10"), "lpt10");
        assert!(slugify_app_name("LPT9").is_err());
        assert!(slugify_app_name("\u{feff}").is_err());
    }
}
