//! [`Trail`]: notices pages that lead in a circle.

/// Remembers one place of a listing, and a later one each time twice as many pages have come. So a circle of any length is
/// noticed, with the memory of one place (Brent's way).
#[derive(Debug, Default)]
pub(super) struct Trail {
    mark: Option<String>,
    pages: u64,
    until: u64,
}

impl Trail {
    /// Whether `place`, where the next page is, is known from before.
    pub(super) fn leads_back_to(&mut self, place: String) -> bool {
        if self.mark.as_ref() == Some(&place) {
            return true;
        }
        self.pages += 1;
        if self.pages > self.until {
            self.mark = Some(place);
            self.pages = 0;
            self.until = (self.until * 2).max(1);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pages read before the circle is noticed; `None` when it is not within 10,000.
    fn noticed(before: usize, circle: usize) -> Option<usize> {
        let mut trail = Trail::default();
        (0..10_000).find(|page| {
            let place = if *page < before {
                *page
            } else {
                before + (page - before) % circle
            };
            trail.leads_back_to(place.to_string())
        })
    }

    #[test]
    fn circles_of_any_length_are_noticed_soon() {
        for before in [0, 1, 2, 7, 100] {
            for circle in [1, 2, 3, 10, 128] {
                let pages = noticed(before, circle);
                assert!(
                    pages.is_some_and(|pages| pages <= 4 * (before + circle) + 4),
                    "{before} {circle}: {pages:?}"
                );
            }
        }
    }

    #[test]
    fn what_goes_on_is_no_circle() {
        assert_eq!(noticed(10_000, 1), None);
    }
}
