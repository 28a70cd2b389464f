//! JSON as it came, with other white space: the order of keys and the digits of numbers stay.

use std::io::{self, Write};

/// Writes JSON text on one line.
pub(crate) fn compact(json: &str, out: &mut impl Write) -> io::Result<()> {
    for token in Tokens(json) {
        out.write_all(token.as_bytes())?;
    }
    Ok(())
}

/// Writes JSON text indented, for people.
pub(crate) fn pretty(json: &str, out: &mut impl Write) -> io::Result<()> {
    let mut depth = 0_usize;
    let mut tokens = Tokens(json).peekable();
    while let Some(token) = tokens.next() {
        match token {
            "{" | "[" => {
                out.write_all(token.as_bytes())?;
                if let Some(end) = tokens.next_if(|next| matches!(*next, "}" | "]")) {
                    out.write_all(end.as_bytes())?;
                } else {
                    depth += 1;
                    new_line(depth, out)?;
                }
            }
            "}" | "]" => {
                depth = depth.saturating_sub(1);
                new_line(depth, out)?;
                out.write_all(token.as_bytes())?;
            }
            "," => {
                out.write_all(b",")?;
                new_line(depth, out)?;
            }
            ":" => out.write_all(b": ")?,
            value => out.write_all(value.as_bytes())?,
        }
    }
    Ok(())
}

fn new_line(depth: usize, out: &mut impl Write) -> io::Result<()> {
    write!(out, "\n{:1$}", "", 2 * depth)
}

/// The tokens of valid JSON: brackets, commas and colons, texts, and everything else between them.
struct Tokens<'a>(&'a str);

impl<'a> Iterator for Tokens<'a> {
    type Item = &'a str;
    fn next(&mut self) -> Option<&'a str> {
        let rest = self.0.trim_start_matches([' ', '\t', '\r', '\n']);
        let end = match *rest.as_bytes().first()? {
            b'{' | b'}' | b'[' | b']' | b',' | b':' => 1,
            b'"' => end_of_text(rest),
            _ => rest
                .find([',', '}', ']', ':', ' ', '\t', '\r', '\n'])
                .unwrap_or(rest.len()),
        };
        let (token, rest) = rest.split_at(end);
        self.0 = rest;
        Some(token)
    }
}

fn end_of_text(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: fn(&str, &mut Vec<u8>) -> io::Result<()>, json: &str) -> String {
        let mut out = Vec::new();
        write(json, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn only_white_space_changes() {
        let json = "{ \"b\" : [ 1.10 , -2e400, true ],\n\"a \\\" ]\\\\\" : { } , \"ä\":\tnull }";
        let short = r#"{"b":[1.10,-2e400,true],"a \" ]\\":{},"ä":null}"#;
        assert_eq!(written(compact, json), short);
        let long = "{\n  \"b\": [\n    1.10,\n    -2e400,\n    true\n  ],\n  \"a \\\" ]\\\\\": {},\n  \"ä\": null\n}";
        assert_eq!(written(pretty, json), long);
        assert_eq!(written(compact, long), short);
    }

    #[test]
    fn any_text_comes_to_an_end() {
        for text in ["", "\"", "\"\\", "{", "]", "nul", "\u{feff}", "{\"a\" 1"] {
            let _ = (written(compact, text), written(pretty, text));
        }
        assert_eq!(written(pretty, "7"), "7");
        assert_eq!(written(pretty, "[ ]"), "[]");
    }
}
