//! From text to tokens.

use serde_json::{Number, Value};

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Value(Value),
    /// A name or a keyword.
    Word(String),
    Sign(&'static str),
}

/// Longer ones first.
const SIGNS: &[&str] = &[
    "**", "//", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "<", ">", "(", ")", "[", "]", "{", "}", ",", ".", ":",
];

pub(super) fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = if first == '\'' || first == '"' {
            string(rest, first)?
        } else if first.is_ascii_digit() {
            number(rest)?
        } else if first.is_alphabetic() || first == '_' {
            let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
            let end = end.unwrap_or(rest.len());
            (Token::Word(rest[..end].to_owned()), end)
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (Token::Sign(sign), sign.len())
        } else {
            return Err(format!("'{first}' means nothing in an expression"));
        };
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

fn string(text: &str, quote: char) -> Result<(Token, usize), String> {
    let mut value = String::new();
    let mut letters = text.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some((_, 'n')) => value.push('\n'),
                Some((_, 't')) => value.push('\t'),
                Some((_, 'r')) => value.push('\r'),
                Some((_, escaped @ ('\\' | '\'' | '"'))) => value.push(escaped),
                // As Python does with an escape that it does not know.
                Some((_, other)) => value.extend(['\\', other]),
                None => break,
            },
            letter if letter == quote => return Ok((Token::Value(Value::String(value)), at + 1)),
            letter => value.push(letter),
        }
    }
    Err("a text is not closed".to_owned())
}

fn number(text: &str) -> Result<(Token, usize), String> {
    let mut end = 0;
    let mut last = ' ';
    for letter in text.chars() {
        let belongs = letter.is_ascii_alphanumeric()
            || letter == '.'
            || (matches!(letter, '+' | '-') && matches!(last, 'e' | 'E'));
        if !belongs {
            break;
        }
        end += 1;
        last = letter;
    }
    let digits = &text[..end];
    let value = match digits.parse::<i64>() {
        Ok(whole) => Some(Number::from(whole)),
        Err(_) => digits.parse::<f64>().ok().and_then(Number::from_f64),
    };
    let value = value.ok_or_else(|| format!("'{digits}' is no number"))?;
    Ok((Token::Value(Value::Number(value)), end))
}
