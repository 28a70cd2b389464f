//! Paths on collections. They name what lies below the collection's folder and nothing else: a path with `..` is refused
//! when it is read, and what symbolic links lead to is looked at by whoever opens it.

use serde::{Deserialize, Serialize};

/// A path on a collection, without the parts that mean nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FilePath {
    /// Begins at the home folder, `/~/`, and not at the top.
    below_home: bool,
    /// The names, joined by slashes.
    names: String,
    /// Was written with a slash at the end.
    pub(crate) is_folder: bool,
}

impl FilePath {
    /// Reads a path: absolute, or from the home folder on.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let shown = text.escape_debug();
        if text.contains(['\r', '\n', '\0']) {
            return Err(format!("Path '{shown}' has a line break or a null character"));
        }
        let (below_home, rest) = match text.strip_prefix('/') {
            Some("~") => (true, ""),
            Some(rest) => rest.strip_prefix("~/").map_or((false, rest), |rest| (true, rest)),
            None if text == "~" => (true, ""),
            None => match text.strip_prefix("~/") {
                Some(rest) => (true, rest),
                None => return Err(format!("Path '{shown}' is not absolute")),
            },
        };
        let mut names = String::with_capacity(rest.len());
        for name in rest.split('/').filter(|name| !matches!(*name, "" | ".")) {
            if name == ".." {
                return Err(format!("Path '{shown}' has '..' in it"));
            }
            if !names.is_empty() {
                names.push('/');
            }
            names.push_str(name);
        }
        Ok(Self {
            below_home,
            is_folder: names.is_empty() || text.ends_with('/'),
            names,
        })
    }

    /// The path of something in this folder.
    pub(crate) fn child(&self, name: &str) -> Self {
        let names = if self.names.is_empty() {
            name.to_owned()
        } else {
            format!("{}/{name}", self.names)
        };
        Self {
            below_home: self.below_home,
            names,
            is_folder: false,
        }
    }

    /// The last name; none of the top and of the home folder.
    pub(crate) fn name(&self) -> Option<&str> {
        self.names.rsplit('/').next().filter(|name| !name.is_empty())
    }

    /// The folder in which it lies.
    pub(crate) fn parent(&self) -> Option<Self> {
        self.name()?;
        let names = self.names.rsplit_once('/').map_or("", |(names, _)| names);
        Some(Self {
            below_home: self.below_home,
            names: names.to_owned(),
            is_folder: true,
        })
    }

    /// Below the collection's folder, with the home folder given in the same form: names joined by slashes.
    pub(crate) fn absolute(&self, home: &str) -> String {
        match (self.below_home, home.is_empty(), self.names.is_empty()) {
            (false, ..) | (true, true, _) => self.names.clone(),
            (true, false, true) => home.to_owned(),
            (true, false, false) => format!("{home}/{}", self.names),
        }
    }

    /// As file systems have it: `.` is the collection's folder.
    pub(crate) fn relative(&self, home: &str) -> String {
        let path = self.absolute(home);
        if path.is_empty() { ".".to_owned() } else { path }
    }

    /// As it is written in answers.
    pub(crate) fn text(&self) -> String {
        let home = if self.below_home { "/~/" } else { "/" };
        format!("{home}{}", self.names)
    }

    /// As folders are written in answers.
    pub(crate) fn folder_text(&self) -> String {
        let text = self.text();
        if text.ends_with('/') { text } else { format!("{text}/") }
    }
}

/// Whether one path, in the form of [`FilePath::absolute`], is another or lies below it.
pub(crate) fn is_within(path: &str, folder: &str) -> bool {
    let rest = if folder.is_empty() {
        return true;
    } else {
        path.strip_prefix(folder)
    };
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_or_refused() {
        for (text, shown, relative) in [
            ("/", "/", "."),
            ("//a/./b//", "/a/b", "a/b"),
            ("/~/", "/~/", "home/me"),
            ("~", "/~/", "home/me"),
            ("/~", "/~/", "home/me"),
            ("~/x y/z", "/~/x y/z", "home/me/x y/z"),
            ("/~other/x", "/~other/x", "~other/x"),
            ("/...", "/...", "..."),
        ] {
            let path = FilePath::parse(text).expect(text);
            assert_eq!(
                (path.text().as_str(), path.relative("home/me").as_str()),
                (shown, relative),
                "{text}"
            );
        }
        for text in [
            "", "a", "a/b", "..", "/..", "/a/../b", "/~/..", "~/../x", "/a\nb", "/a\rb", "/a\0b", "C:\\x",
        ] {
            assert!(FilePath::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn families() {
        let path = FilePath::parse("/a/b/").expect("a path");
        assert!(path.is_folder);
        assert_eq!(path.child("c").text(), "/a/b/c");
        assert_eq!(path.parent().map(|path| path.folder_text()).as_deref(), Some("/a/"));
        assert_eq!(path.name(), Some("b"));
        let top = FilePath::parse("/").expect("a path");
        assert_eq!(
            (top.name(), top.parent(), top.child("x").text()),
            (None, None, "/x".to_owned())
        );
        assert!(is_within("a/b", "a") && is_within("a", "a") && is_within("a", "") && !is_within("ab", "a"));
    }
}
