//! Reading text as a graph of scopes.
//!
//! ```text
//! scopes = [ scope *( " " scope ) ]
//! scope  = [ "*" ] name [ "[" scopes "]" ]
//! name   = 1*( anything but "[", "]", "*" and " " )
//! ```
//!
//! Spaces may be repeated, and may stand at either end and just inside brackets. The space before a `*` may be left
//! out.

use super::{
    ScopeError, SyntaxProblem,
    graph::{Graph, Node},
};

/// A token and the byte at which it starts.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Token<'a> {
    Star,
    Open,
    Close,
    Name(&'a str),
}

/// Reads the text in two passes, the first of which looks at neighbouring characters only: a misplaced space is
/// reported before whatever it makes of the rest.
pub(super) fn read(text: &str) -> Result<Graph<'_>, ScopeError> {
    ScopeError::check_size(text.len() as u64)?;
    check_neighbours(text)?;
    let fault = |problem, position| Err(ScopeError::syntax(problem, text, position));

    let mut graph = Graph::default();
    let mut parents: Vec<(Node, usize)> = Vec::new();
    let mut last: Option<Node> = None;
    let mut optional = false;
    let mut tokens = Tokens { text, position: 0 }.peekable();
    while let Some((position, token)) = tokens.next() {
        let next = tokens.peek().map(|(_, token)| *token);
        match (token, next) {
            (Token::Star, None) => return fault(SyntaxProblem::EndsInStar, position),
            (Token::Star, Some(Token::Name(_))) => optional = true,
            (Token::Star, Some(_)) => return fault(SyntaxProblem::StarWithoutName, position),
            (Token::Open, None) => return fault(SyntaxProblem::EndsInBracket, position),
            (Token::Open, Some(Token::Close)) => return fault(SyntaxProblem::EmptyBrackets, position),
            (Token::Open, Some(Token::Open)) => return fault(SyntaxProblem::DoubleBracket, position),
            (Token::Open, Some(_)) => match last {
                Some(parent) => parents.push((parent, position)),
                None => return fault(SyntaxProblem::BracketWithoutName, position),
            },
            (Token::Close, _) => {
                if parents.pop().is_none() {
                    return fault(SyntaxProblem::Unopened, position);
                }
            }
            (Token::Name(name), _) => {
                let node = graph.node(name);
                match parents.last() {
                    Some((parent, _)) => graph.add_dependency(*parent, node, optional),
                    None => graph.add_top(node, optional),
                }
                last = Some(node);
                optional = false;
            }
        }
    }
    match parents.last() {
        Some((_, position)) => fault(SyntaxProblem::Unclosed, *position),
        None => Ok(graph),
    }
}

fn check_neighbours(text: &str) -> Result<(), ScopeError> {
    for (index, pair) in text.as_bytes().windows(2).enumerate() {
        let problem = match pair {
            b"* " => SyntaxProblem::SpaceAfterStar,
            b" [" => SyntaxProblem::SpaceBeforeBracket,
            [b']', after] if !matches!(after, b' ' | b']') => SyntaxProblem::TextAfterBracket,
            _ => continue,
        };
        return Err(ScopeError::syntax(problem, text, index + 1));
    }
    Ok(())
}

struct Tokens<'a> {
    text: &'a str,
    position: usize,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = (usize, Token<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let start = self.position;
            let rest = &self.text[start..];
            let token = match rest.as_bytes().first()? {
                b' ' => {
                    self.position += 1;
                    continue;
                }
                b'*' => Token::Star,
                b'[' => Token::Open,
                b']' => Token::Close,
                _ => {
                    let end = rest.find(is_special).unwrap_or(rest.len());
                    self.position += end;
                    // Tabs and line ends belong to a name, except around one that is the end of the text.
                    let name = if end == rest.len() {
                        rest.trim_matches(is_blank)
                    } else {
                        &rest[..end]
                    };
                    if name.is_empty() {
                        return None;
                    }
                    return Some((start, Token::Name(name)));
                }
            };
            self.position += 1;
            return Some((start, token));
        }
    }
}

/// Whether a character can not be part of a scope's name.
pub(super) fn is_special(character: char) -> bool {
    matches!(character, '[' | ']' | '*' | ' ')
}

fn is_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\x1c'..='\x1f')
}
