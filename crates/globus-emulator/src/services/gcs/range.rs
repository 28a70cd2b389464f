//! Which part of a file is asked for: one range of bytes. A request for several gets the whole, as RFC 9110, section 14.2,
//! lets a server do.

/// A part of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Whole,
    /// From the first byte to the last, both of which are in it.
    Bytes(u64, u64),
    /// Nothing of the file is in it.
    Nowhere,
}

/// Reads a `Range` header for a file of a size. What is no range of bytes is as good as none.
pub(crate) fn read(header: &str, size: u64) -> Part {
    let Some(text) = header.trim().strip_prefix("bytes=") else {
        return Part::Whole;
    };
    let Some((first, last)) = text.trim().split_once('-') else {
        return Part::Whole;
    };
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // Beyond any size is beyond this one.
        digits.then(|| text.parse().unwrap_or(u64::MAX))
    };
    match (number(first), number(last)) {
        (None, Some(count)) if first.is_empty() => match count.min(size) {
            0 => Part::Nowhere,
            count => Part::Bytes(size - count, size - 1),
        },
        (Some(first), None) if last.is_empty() && first < size => Part::Bytes(first, size - 1),
        (Some(first), None) if last.is_empty() && first >= size => Part::Nowhere,
        (Some(first), Some(last)) if first > last => Part::Whole,
        (Some(first), Some(_)) if first >= size => Part::Nowhere,
        (Some(first), Some(last)) => Part::Bytes(first, last.min(size - 1)),
        _ => Part::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_or_left_out() {
        for (header, part) in [
            ("bytes=0-0", Part::Bytes(0, 0)),
            ("bytes=2-4", Part::Bytes(2, 4)),
            ("bytes=2-", Part::Bytes(2, 9)),
            ("bytes=2-99999999999999999999999", Part::Bytes(2, 9)),
            ("bytes=-3", Part::Bytes(7, 9)),
            ("bytes=-30", Part::Bytes(0, 9)),
            ("bytes=-0", Part::Nowhere),
            ("bytes=10-", Part::Nowhere),
            ("bytes=10-12", Part::Nowhere),
            ("bytes=99999999999999999999999-", Part::Nowhere),
            ("bytes=4-2", Part::Whole),
            ("bytes=0-1,3-4", Part::Whole),
            ("bytes=x-", Part::Whole),
            ("bytes=-", Part::Whole),
            ("bytes=", Part::Whole),
            ("bytes=1-x", Part::Whole),
            ("items=0-1", Part::Whole),
            ("", Part::Whole),
        ] {
            assert_eq!(read(header, 10), part, "{header}");
        }
        assert_eq!(read("bytes=0-", 0), Part::Nowhere);
        assert_eq!(read("bytes=-5", 0), Part::Nowhere);
    }
}
