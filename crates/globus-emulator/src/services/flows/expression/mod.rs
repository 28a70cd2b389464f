//! The expressions that definitions write under keys that end in `.=`: a part of Python without side effects.
//! <https://docs.globus.org/api/flows/authoring-flows/expressions/>

mod evaluate;
mod lexer;
mod parser;

use serde_json::{Map, Value};

/// An expression that was read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Expression(Node);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Remainder,
    Power,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    NotIn,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Function {
    Float,
    GetAttr,
    Int,
    IsPresent,
    PathSplit,
    Str,
}

impl Function {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "float" => Self::Float,
            "getattr" => Self::GetAttr,
            "int" => Self::Int,
            "is_present" => Self::IsPresent,
            "pathsplit" => Self::PathSplit,
            "str" => Self::Str,
            _ => return None,
        })
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Node {
    Literal(Value),
    Name(String),
    List(Vec<Self>),
    Dict(Vec<(Self, Self)>),
    Not(Box<Self>),
    Negative(Box<Self>),
    Binary(Binary, Box<Self>, Box<Self>),
    Compare(Box<Self>, Vec<(Comparison, Self)>),
    And(Vec<Self>),
    Or(Vec<Self>),
    /// Condition, then, otherwise.
    If(Box<Self>, Box<Self>, Box<Self>),
    Attribute(Box<Self>, String),
    Index(Box<Self>, Box<Self>),
    Slice(Box<Self>, Option<Box<Self>>, Option<Box<Self>>),
    Call(Function, Vec<Self>),
}

impl Expression {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        parser::parse(text).map(Self)
    }

    /// Its value, where names are the fields of an object.
    pub(crate) fn evaluate(&self, names: &Value) -> Result<Value, String> {
        let nothing = Map::new();
        evaluate::evaluate(&self.0, names.as_object().unwrap_or(&nothing))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn value(text: &str) -> Result<Value, String> {
        let names = json!({
            "name": "World", "n": 7, "half": 0.5, "list": [1, 2, 3], "empty": [], "none": null,
            "deep": {"er": {"est": "here"}, "get": 1}, "path": "/~/data/file.txt",
        });
        Expression::parse(text)?.evaluate(&names)
    }

    #[test]
    fn expressions_have_the_values_that_python_gives_them() {
        for (text, wanted) in [
            ("'Hello ' + name + \"!\"", json!("Hello World!")),
            ("1 + 2 * 3 - 4", json!(3)),
            ("(1 + 2) * 3", json!(9)),
            ("7 / 2", json!(3.5)),
            ("-7 // 2", json!(-4)),
            ("-7 % 3", json!(2)),
            ("-2 ** 2", json!(-4)),
            ("2 ** -1", json!(0.5)),
            ("n * half", json!(3.5)),
            ("'ab' * 2", json!("abab")),
            ("[1] + [name, 'x']", json!([1, "World", "x"])),
            ("list[0] + list[-1]", json!(4)),
            ("list[1:]", json!([2, 3])),
            ("name[:2]", json!("Wo")),
            ("deep.er.est", json!("here")),
            ("deep['er']['est'][0]", json!("h")),
            ("{'a': n, 'b': [none]}", json!({"a": 7, "b": [null]})),
            ("1 < n <= 7", json!(true)),
            ("1 < n < 7", json!(false)),
            ("n == 7.0 and name != 'x'", json!(true)),
            ("not empty", json!(true)),
            ("empty or 'default'", json!("default")),
            ("none and n", json!(null)),
            ("2 in list and 'x' not in name", json!(true)),
            ("'er' in deep", json!(true)),
            ("'yes' if n > 5 else 'no'", json!("yes")),
            ("'a' if none else 'b' if empty else 'c'", json!("c")),
            ("None if False else True", json!(true)),
            ("int('12') + int(3.9)", json!(15)),
            ("float(1)", json!(1.0)),
            (
                "str(n) + str(1.0) + str(none) + str(True) + str(list)",
                json!("71.0NoneTrue[1, 2, 3]"),
            ),
            ("pathsplit(path)", json!(["/~/data", "file.txt"])),
            ("is_present('deep.er')", json!(true)),
            ("is_present('deep.no')", json!(false)),
            ("getattr('missing', 'x') + getattr('name', 'y')", json!("xWorld")),
            ("'it\\'s\\n'", json!("it's\n")),
            ("1e3", json!(1000.0)),
        ] {
            assert_eq!(value(text), Ok(wanted), "{text}");
        }
    }

    #[test]
    fn mistakes_are_told() {
        for text in [
            "",
            "1 +",
            "(1",
            "[1, 2",
            "'open",
            "a b",
            "1 2",
            "f(1)",
            "list[",
            "$",
            "if",
            "a = 1",
            "'a'.upper()",
            "in",
            "{1}",
            "lambda: 1",
            "1 if 2",
        ] {
            Expression::parse(text).expect_err(text);
        }
        for text in [
            "missing",
            "deep.no",
            "list[9]",
            "name['x']",
            "1 / 0",
            "1 % 0",
            "7 // 0",
            "'a' + 1",
            "'a' < 1",
            "-name",
            "int('x')",
            "1 in 2",
            "'x' * 100000000",
            "9223372036854775807 + 1",
            "10 ** 400",
            "int('1', '2')",
            "str()",
            "deep[1]",
            "getattr(1, 2)",
        ] {
            value(text).expect_err(text);
        }
        let deep = "(".repeat(100_000) + "1" + &")".repeat(100_000);
        Expression::parse(&deep).expect_err("too deep");
        Expression::parse(&"-".repeat(100_000)).expect_err("too deep");
        Expression::parse(&("a".to_owned() + &"[0]".repeat(100_000))).expect_err("too deep");
    }
}
