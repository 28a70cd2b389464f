//! The section "What `#[service]` writes" of ARCHITECTURE.md.

use crate::{Result, workspace};

/// The page with the section.
pub(crate) const PAGE: &str = "ARCHITECTURE.md";
/// The macro crate's own test keeps this equal to what the macro writes.
const SNAPSHOT: &str =
    "crates/globus-sdk-macros/src/service/snapshots/globus_sdk_macros__service__tests__a_paged_operation.snap";
const BEGIN: &str = "<!-- expansion: written by `cargo xtask generate` -->\n";
const END: &str = "<!-- end of the expansion -->";

/// The page, with the expansion as it is now.
pub(crate) fn page() -> Result<String> {
    splice(&workspace::read(PAGE)?, &workspace::read(SNAPSHOT)?)
}

fn splice(page: &str, snapshot: &str) -> Result<String> {
    let (before, rest) = page
        .split_once(BEGIN)
        .ok_or("ARCHITECTURE.md has lost the mark before its expansion")?;
    let (_, after) = rest
        .split_once(END)
        .ok_or("ARCHITECTURE.md has lost the mark after its expansion")?;
    // insta's header ends with the second line of dashes.
    let code = snapshot
        .splitn(3, "---\n")
        .nth(2)
        .ok_or("the snapshot of the expansion has no header")?;
    Ok(format!(
        "{before}{BEGIN}```rust,ignore\n{}```\n{END}{after}",
        shortened(code)
    ))
}

/// Leaves out the long paths in front of names that are unique anyway.
fn shortened(code: &str) -> String {
    let paths = ["crate::operation::", "crate::client::", "::core::convert::"];
    let mut code = paths.iter().fold(code.to_owned(), |code, path| code.replace(path, ""));
    if !code.ends_with('\n') {
        code.push('\n');
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_section_is_replaced_and_the_rest_kept() {
        let page = format!("top\n{BEGIN}old{END}\nbottom\n");
        let snapshot = "---\nsource: x\n---\nlet x: crate::operation::Kind;\n";
        let spliced = splice(&page, snapshot).unwrap();
        assert_eq!(
            spliced,
            format!("top\n{BEGIN}```rust,ignore\nlet x: Kind;\n```\n{END}\nbottom\n")
        );
        assert_eq!(splice(&spliced, snapshot).unwrap(), spliced);
        assert!(splice("no marks", snapshot).is_err());
    }
}
