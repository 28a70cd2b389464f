//! From tokens to a tree, by recursive descent, with Python's precedence.

use serde_json::Value;

use super::lexer::{self, Token};
use super::{Binary, Comparison, Function, Node};

/// How deep an expression may be nested.
const DEEPEST: usize = 60;
/// How many operators may follow each other on one level.
const LONGEST: usize = 200;

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

pub(super) fn parse(text: &str) -> Result<Node, String> {
    let mut parser = Parser {
        tokens: lexer::tokens(text)?,
        at: 0,
        depth: 0,
    };
    let node = parser.ternary()?;
    match parser.tokens.get(parser.at) {
        None => Ok(node),
        Some(token) => Err(format!("{} comes too late", said(token))),
    }
}

fn said(token: &Token) -> String {
    match token {
        Token::Value(value) => value.to_string(),
        Token::Word(word) => format!("'{word}'"),
        Token::Sign(sign) => format!("'{sign}'"),
    }
}

impl Parser {
    fn sign(&mut self, wanted: &str) -> bool {
        let found = matches!(self.tokens.get(self.at), Some(Token::Sign(sign)) if *sign == wanted);
        self.at += usize::from(found);
        found
    }

    fn word(&mut self, wanted: &str) -> bool {
        let found = matches!(self.tokens.get(self.at), Some(Token::Word(word)) if word == wanted);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, wanted: &str) -> Result<(), String> {
        if self.sign(wanted) {
            Ok(())
        } else {
            Err(format!("'{wanted}' is missing"))
        }
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, String>) -> Result<T, String> {
        if self.depth == DEEPEST {
            return Err("the expression is nested too deeply".to_owned());
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    fn ternary(&mut self) -> Result<Node, String> {
        self.deeper(|parser| {
            let node = parser.or()?;
            if !parser.word("if") {
                return Ok(node);
            }
            let condition = parser.or()?;
            if !parser.word("else") {
                return Err("'else' is missing".to_owned());
            }
            let otherwise = parser.ternary()?;
            Ok(Node::If(Box::new(condition), Box::new(node), Box::new(otherwise)))
        })
    }

    fn or(&mut self) -> Result<Node, String> {
        let mut nodes = vec![self.and()?];
        while self.word("or") {
            nodes.push(self.and()?);
        }
        Ok(single(nodes, Node::Or))
    }

    fn and(&mut self) -> Result<Node, String> {
        let mut nodes = vec![self.not()?];
        while self.word("and") {
            nodes.push(self.not()?);
        }
        Ok(single(nodes, Node::And))
    }

    fn not(&mut self) -> Result<Node, String> {
        if self.word("not") {
            let node = self.deeper(Self::not)?;
            return Ok(Node::Not(Box::new(node)));
        }
        let first = self.sum()?;
        let mut rest = Vec::new();
        while let Some(comparison) = self.comparison()? {
            rest.push((comparison, self.sum()?));
        }
        Ok(if rest.is_empty() {
            first
        } else {
            Node::Compare(Box::new(first), rest)
        })
    }

    fn comparison(&mut self) -> Result<Option<Comparison>, String> {
        const SIGNS: [(&str, Comparison); 6] = [
            ("==", Comparison::Equal),
            ("!=", Comparison::NotEqual),
            ("<=", Comparison::LessEqual),
            (">=", Comparison::GreaterEqual),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
        ];
        if let Some((_, found)) = SIGNS.into_iter().find(|(sign, _)| self.sign(sign)) {
            return Ok(Some(found));
        }
        if self.word("in") {
            return Ok(Some(Comparison::In));
        }
        if self.word("not") {
            return if self.word("in") {
                Ok(Some(Comparison::NotIn))
            } else {
                Err("'in' is missing".to_owned())
            };
        }
        Ok(None)
    }

    fn chain(&mut self, signs: &[(&str, Binary)], read: fn(&mut Self) -> Result<Node, String>) -> Result<Node, String> {
        let mut node = read(self)?;
        let mut length = 0;
        while let Some((_, operator)) = signs.iter().find(|(sign, _)| self.sign(sign)) {
            length += 1;
            if length > LONGEST {
                return Err("the expression is too long".to_owned());
            }
            node = Node::Binary(*operator, Box::new(node), Box::new(read(self)?));
        }
        Ok(node)
    }

    fn sum(&mut self) -> Result<Node, String> {
        self.chain(&[("+", Binary::Add), ("-", Binary::Subtract)], Self::product)
    }

    fn product(&mut self) -> Result<Node, String> {
        let signs = [
            ("*", Binary::Multiply),
            ("//", Binary::FloorDivide),
            ("/", Binary::Divide),
            ("%", Binary::Remainder),
        ];
        self.chain(&signs, Self::unary)
    }

    fn unary(&mut self) -> Result<Node, String> {
        self.deeper(|parser| {
            if parser.sign("-") {
                return Ok(Node::Negative(Box::new(parser.unary()?)));
            }
            if parser.sign("+") {
                return parser.unary();
            }
            let node = parser.postfix()?;
            if parser.sign("**") {
                let exponent = parser.unary()?;
                return Ok(Node::Binary(Binary::Power, Box::new(node), Box::new(exponent)));
            }
            Ok(node)
        })
    }

    fn postfix(&mut self) -> Result<Node, String> {
        let mut node = self.atom()?;
        for _ in 0..LONGEST {
            if self.sign(".") {
                match self.tokens.get(self.at) {
                    Some(Token::Word(name)) => {
                        node = Node::Attribute(Box::new(node), name.clone());
                        self.at += 1;
                    }
                    _ => return Err("a name is missing after '.'".to_owned()),
                }
            } else if self.sign("[") {
                node = self.index(node)?;
            } else {
                return Ok(node);
            }
        }
        Err("the expression is too long".to_owned())
    }

    fn index(&mut self, node: Node) -> Result<Node, String> {
        let from = if self.sign(":") {
            None
        } else {
            let index = self.ternary()?;
            if self.sign("]") {
                return Ok(Node::Index(Box::new(node), Box::new(index)));
            }
            self.expect(":")?;
            Some(Box::new(index))
        };
        if self.sign("]") {
            return Ok(Node::Slice(Box::new(node), from, None));
        }
        let to = self.ternary()?;
        self.expect("]")?;
        Ok(Node::Slice(Box::new(node), from, Some(Box::new(to))))
    }

    fn atom(&mut self) -> Result<Node, String> {
        let token = self.tokens.get(self.at).cloned();
        let token = token.ok_or_else(|| "the expression ends too early".to_owned())?;
        self.at += 1;
        match token {
            Token::Value(value) => Ok(Node::Literal(value)),
            Token::Sign("(") => {
                let node = self.ternary()?;
                self.expect(")")?;
                Ok(node)
            }
            Token::Sign("[") => self.list("]").map(Node::List),
            Token::Sign("{") => self.dict(),
            Token::Word(word) => self.named(word),
            Token::Sign(_) => Err(format!("{} comes too early", said(&token))),
        }
    }

    fn named(&mut self, word: String) -> Result<Node, String> {
        const RESERVED: [&str; 8] = ["and", "else", "for", "if", "in", "is", "lambda", "or"];
        if RESERVED.contains(&word.as_str()) {
            return Err(format!("'{word}' comes too early"));
        }
        if self.sign("(") {
            let function = Function::named(&word).ok_or_else(|| format!("there is no function '{word}'"))?;
            return Ok(Node::Call(function, self.list(")")?));
        }
        Ok(match word.as_str() {
            "True" => Node::Literal(Value::Bool(true)),
            "False" => Node::Literal(Value::Bool(false)),
            "None" => Node::Literal(Value::Null),
            _ => Node::Name(word),
        })
    }

    fn list(&mut self, end: &str) -> Result<Vec<Node>, String> {
        let mut nodes = Vec::new();
        while !self.sign(end) {
            nodes.push(self.ternary()?);
            if !self.sign(",") {
                self.expect(end)?;
                break;
            }
        }
        Ok(nodes)
    }

    fn dict(&mut self) -> Result<Node, String> {
        let mut rows = Vec::new();
        while !self.sign("}") {
            let key = self.ternary()?;
            self.expect(":")?;
            rows.push((key, self.ternary()?));
            if !self.sign(",") {
                self.expect("}")?;
                break;
            }
        }
        Ok(Node::Dict(rows))
    }
}

fn single(mut nodes: Vec<Node>, many: fn(Vec<Node>) -> Node) -> Node {
    match nodes.pop() {
        Some(node) if nodes.is_empty() => node,
        last => {
            nodes.extend(last);
            many(nodes)
        }
    }
}
