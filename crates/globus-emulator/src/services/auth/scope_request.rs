//! Reading a scope request: space-separated scopes, each with its dependencies in brackets, `*` before an optional one.

use serde::{Deserialize, Serialize};

/// More scopes than any program asks for; a longer request is refused before it costs anything.
const MOST: usize = 1_000;

/// One scope of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Node {
    pub(crate) name: String,
    /// Marked by `*`: a grant without it is still a grant.
    pub(crate) optional: bool,
    /// Positions of the dependencies.
    pub(crate) children: Vec<usize>,
}

/// The scopes of a request, repeats merged.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ScopeRequest {
    pub(crate) nodes: Vec<Node>,
    /// Positions of the scopes that are no dependency.
    pub(crate) top: Vec<usize>,
}

impl ScopeRequest {
    /// Reads a request.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut request = Self::default();
        let mut open: Vec<usize> = Vec::new();
        let mut last: Option<usize> = None;
        let mut optional = false;
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            match first {
                ' ' | '\t' | '\n' | '\r' => rest = &rest[1..],
                '*' if !optional => {
                    optional = true;
                    rest = &rest[1..];
                }
                '[' if !optional => {
                    open.push(last.take().ok_or("'[' follows no scope")?);
                    rest = &rest[1..];
                }
                ']' if !optional => {
                    let parent = open.pop().ok_or("']' closes nothing")?;
                    if request.nodes[parent].children.is_empty() {
                        return Err("'[]' holds no scope".to_owned());
                    }
                    last = None;
                    rest = &rest[1..];
                }
                '*' | '[' | ']' => return Err(format!("'{first}' follows '*'")),
                _ => {
                    let end = rest.find([' ', '\t', '\n', '\r', '*', '[', ']']).unwrap_or(rest.len());
                    last = Some(request.insert(open.last().copied(), &rest[..end], optional)?);
                    optional = false;
                    rest = &rest[end..];
                }
            }
        }
        if optional || !open.is_empty() {
            return Err("the request ends too early".to_owned());
        }
        Ok(request)
    }

    /// Adds a scope, or finds it among those below the same parent.
    pub(crate) fn insert(&mut self, parent: Option<usize>, name: &str, optional: bool) -> Result<usize, String> {
        let siblings = parent.map_or(&self.top, |at| &self.nodes[at].children);
        if let Some(&found) = siblings.iter().find(|&&at| self.nodes[at].name == name) {
            // What one of two repeats requires is required.
            self.nodes[found].optional &= optional;
            return Ok(found);
        }
        let at = self.nodes.len();
        if at == MOST {
            return Err(format!("more than {MOST} scopes"));
        }
        self.nodes.push(Node {
            name: name.to_owned(),
            optional,
            children: Vec::new(),
        });
        match parent {
            Some(parent) => self.nodes[parent].children.push(at),
            None => self.top.push(at),
        }
        Ok(at)
    }

    /// Names of the scopes that are no dependency, in the order of the request.
    pub(crate) fn top_names(&self) -> impl Iterator<Item = &str> {
        self.top.iter().map(|&at| self.nodes[at].name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(request: &ScopeRequest, of: &[usize]) -> String {
        let one = |&at: &usize| {
            let node = &request.nodes[at];
            let inner = show(request, &node.children);
            let star = if node.optional { "*" } else { "" };
            if inner.is_empty() {
                format!("{star}{}", node.name)
            } else {
                format!("{star}{}[{inner}]", node.name)
            }
        };
        of.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn requests_are_read_and_merged() {
        for (text, wanted) in [
            ("", ""),
            ("openid openid profile", "openid profile"),
            ("a a[*b]", "a[*b]"),
            ("a[b] a[b[c]]", "a[b[c]]"),
            ("a[*b] a[b]", "a[b]"),
            ("a[b c] d", "a[b c] d"),
            ("a[*b[*c d]]e", "a[*b[*c d]] e"),
            (" a [ b ] ", "a[b]"),
        ] {
            let request = ScopeRequest::parse(text).expect(text);
            assert_eq!(show(&request, &request.top), wanted, "{text}");
        }
    }

    #[test]
    fn broken_requests_are_refused() {
        for text in [
            "[", "]", "a[", "a]", "a[]", "a[b]]", "a[b][c]", "*", "a[*]", "**a", "*[a]", "a *",
        ] {
            assert!(ScopeRequest::parse(text).is_err(), "{text}");
        }
        let many = (0..=MOST).map(|at| format!("s{at}")).collect::<Vec<_>>().join(" ");
        assert!(ScopeRequest::parse(&many).is_err());
        assert!(
            ScopeRequest::parse(&"a[".repeat(100_000)).is_err(),
            "deep nesting ends, and without a stack overflow"
        );
    }
}
