//! Patterns of names: `*`, `?`, `[...]`, `[!...]`, and a backslash before what stands for itself.

/// Whether a name fits a pattern as a whole.
pub(crate) fn fits(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut at, mut read) = (0, 0);
    // Where the last star stands, and how much of the name it has taken.
    let mut star: Option<(usize, usize)> = None;
    while read < name.len() {
        if pattern.get(at) == Some(&'*') {
            star = Some((at, read));
            at += 1;
            continue;
        }
        if let Some(next) = one(&pattern, at, name[read]) {
            at = next;
            read += 1;
            continue;
        }
        let Some((back, taken)) = star else { return false };
        star = Some((back, taken + 1));
        at = back + 1;
        read = taken + 1;
    }
    pattern[at..].iter().all(|letter| *letter == '*')
}

/// Whether a text has something in it that a pattern gives a meaning to.
pub(crate) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// Where the pattern goes on when what stands at a place fits a letter.
fn one(pattern: &[char], at: usize, letter: char) -> Option<usize> {
    match *pattern.get(at)? {
        '?' => Some(at + 1),
        '[' => match class(pattern, at) {
            Some((end, negated, members)) => (is_member(members, letter) != negated).then_some(end),
            None => (letter == '[').then_some(at + 1),
        },
        '\\' if at + 1 < pattern.len() => (pattern[at + 1] == letter).then_some(at + 2),
        known => (known == letter).then_some(at + 1),
    }
}

/// The class that begins here: where it ends, whether it is negated, its members.
fn class(pattern: &[char], at: usize) -> Option<(usize, bool, &[char])> {
    let negated = pattern.get(at + 1) == Some(&'!');
    let first = at + 1 + usize::from(negated);
    // A bracket in the first place is a member.
    let end = pattern.iter().skip(first + 1).position(|letter| *letter == ']')? + first + 1;
    Some((end + 1, negated, &pattern[first..end]))
}

fn is_member(members: &[char], letter: char) -> bool {
    let mut at = 0;
    while at < members.len() {
        if members.get(at + 1) == Some(&'-') && at + 2 < members.len() {
            if (members[at]..=members[at + 2]).contains(&letter) {
                return true;
            }
            at += 3;
        } else if members[at] == letter {
            return true;
        } else {
            at += 1;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_patterns() {
        for (pattern, name, wanted) in [
            ("*", "", true),
            ("*.txt", "a.txt", true),
            ("*.txt", "a.txt.gz", false),
            ("file?.t*t", "file1.txt", true),
            ("file?.txt", "file.txt", false),
            ("[ab]c", "bc", true),
            ("[!ab]c", "bc", false),
            ("[a-c1]x", "1x", true),
            ("[a-c]x", "dx", false),
            ("[]]x", "]x", true),
            ("[", "[", true),
            ("a\\*b", "a*b", true),
            ("a\\*b", "axb", false),
            ("日*", "日本", true),
            ("", "", true),
            ("", "a", false),
            (&"a*".repeat(30), &"a".repeat(2_000), true),
            (&format!("{}b", "a*".repeat(30)), &"a".repeat(2_000), false),
        ] {
            assert_eq!(fits(pattern, name), wanted, "{pattern} {name}");
        }
    }
}
