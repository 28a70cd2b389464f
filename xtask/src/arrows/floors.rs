//! The floors of the SDK's modules, read from ARCHITECTURE.md.

use std::collections::BTreeMap;

use crate::Result;

/// What precedes the drawing in ARCHITECTURE.md.
const MARK: &str = "<!-- floors: read by `cargo xtask arrows` -->";

/// Height of each module; the lowest floor is 0.
#[derive(Debug)]
pub(crate) struct Floors(BTreeMap<String, usize>);

impl Floors {
    /// Reads the fenced block after [`MARK`]: one floor a line, from the top down, its modules separated by `, ` and
    /// followed, after two spaces, by words for the reader.
    pub(crate) fn parse(document: &str) -> Result<Self> {
        let (_, rest) = document
            .split_once(MARK)
            .ok_or("ARCHITECTURE.md has lost the mark before its floors")?;
        let block = rest
            .split("```")
            .nth(1)
            .ok_or("no fenced block follows the mark in ARCHITECTURE.md")?;
        let lines: Vec<&str> = block.lines().skip(1).filter(|line| !line.trim().is_empty()).collect();
        let mut floors = BTreeMap::new();
        for (height, line) in lines.iter().rev().enumerate() {
            let modules = line.split("  ").next().unwrap_or_default();
            for module in modules.split(',').map(str::trim) {
                if floors.insert(module.to_owned(), height).is_some() {
                    return Err(format!("module `{module}` stands on two floors in ARCHITECTURE.md").into());
                }
            }
        }
        Ok(Self(floors))
    }

    /// The floor on which a module stands.
    pub(crate) fn of(&self, module: &str) -> Option<usize> {
        self.0.get(module).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn higher_lines_are_higher_floors() {
        let document =
            format!("text\n{MARK}\n```text\nservices   what users call\ntokens, scopes   both\nerror\n```\nmore");
        let floors = Floors::parse(&document).unwrap();
        assert_eq!(floors.of("error"), Some(0));
        assert_eq!(floors.of("tokens"), floors.of("scopes"));
        assert_eq!(floors.of("services"), Some(2));
        assert_eq!(floors.of("elsewhere"), None);
    }

    #[test]
    fn a_module_has_one_floor() {
        assert!(Floors::parse(&format!("{MARK}\n```text\na\na\n```")).is_err());
        assert!(Floors::parse("no drawing").is_err());
    }

    #[test]
    fn the_real_drawing_reads() {
        let floors = Floors::parse(&crate::workspace::read("ARCHITECTURE.md").unwrap()).unwrap();
        assert!(floors.of("services") > floors.of("transport"));
        assert_eq!(floors.of("error"), Some(0));
    }
}
