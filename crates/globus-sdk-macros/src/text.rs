//! Doc comments and the spelling of names.

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The text of a doc comment; empty when there is none.
pub(crate) fn doc(attrs: &[Attribute]) -> String {
    let lines = attrs.iter().filter_map(|attr| match &attr.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text), ..
            }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    });
    let lines: Vec<String> = lines
        .map(|line| line.strip_prefix(' ').unwrap_or(&line).trim_end().to_owned())
        .collect();
    lines.join("\n").trim().to_owned()
}

/// Whether a doc comment says nothing but the name.
pub(crate) fn repeats_name(doc: &str, name: &str) -> bool {
    words(doc) == words(name)
}

/// The words that carry meaning, in lower case.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .map(str::to_lowercase)
        .filter(|word| !matches!(word.as_str(), "" | "the" | "a" | "an" | "of" | "to"))
        .collect()
}

/// `snake_case` of a name in camel case: `GCSClient` is `gcs_client`, `ComputeClientV2` is `compute_client_v2`.
pub(crate) fn snake(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::with_capacity(name.len() + 4);
    for (index, &c) in chars.iter().enumerate() {
        if c.is_uppercase() && index > 0 {
            let follows_word = !chars[index - 1].is_uppercase() && chars[index - 1] != '_';
            let starts_word =
                chars[index - 1].is_uppercase() && chars.get(index + 1).is_some_and(|next| next.is_lowercase());
            if follows_word || starts_word {
                out.push('_');
            }
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// Camel case of a name in snake case: `list_flows` is `ListFlows`.
pub(crate) fn camel(name: &str) -> String {
    let capitalized = |word: &str| {
        let mut chars = word.chars();
        chars
            .next()
            .map(|first| first.to_uppercase().chain(chars).collect::<String>())
    };
    name.split('_').filter_map(capitalized).collect()
}

/// JSON text of a string.
pub(crate) fn json_string(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.extend(format!("\\u{:04x}", u32::from(c)).chars()),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// One step of a JSON pointer (RFC 6901, section 3).
pub(crate) fn pointer_step(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_respelt() {
        let cases = [
            ("FlowsClient", "flows_client"),
            ("GCSClient", "gcs_client"),
            ("ComputeClientV2", "compute_client_v2"),
        ];
        for (name, expected) in cases {
            assert_eq!(snake(name), expected);
        }
        assert_eq!(snake("already_snake"), "already_snake");
        assert_eq!(camel("oauth2_token_revoke"), "Oauth2TokenRevoke");
    }

    #[test]
    fn docs_that_repeat_the_name_are_recognized() {
        assert!(repeats_name("Filter roles.", "filter_roles"));
        assert!(repeats_name("List of the flows", "list_flows"));
        assert!(!repeats_name("Lists the flows that the caller may see.", "list_flows"));
    }

    #[test]
    fn json_and_pointers_are_escaped() {
        assert_eq!(json_string("a\"b\\c\n"), r#""a\"b\\c\u000a""#);
        assert_eq!(pointer_step("a/b~c"), "/a~1b~0c");
    }

    #[test]
    fn doc_comments_lose_their_margin() {
        let item: syn::ItemStruct = syn::parse_quote! {
            /// One.
            ///
            ///  - Two
            struct X;
        };
        assert_eq!(doc(&item.attrs), "One.\n\n - Two");
    }
}
