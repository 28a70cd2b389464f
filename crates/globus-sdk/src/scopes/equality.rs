//! Whether two scopes are equal, in time that does not explode where dependencies are shared.

use std::{collections::HashMap, sync::Arc};

use super::scope::{Dependencies, Scope};

/// Compares what stands at one place; dependencies are left to `waiting`.
fn same_here<'a>(
    a: &'a Scope,
    b: &'a Scope,
    waiting: &mut Vec<(&'a Arc<Dependencies>, &'a Arc<Dependencies>)>,
) -> bool {
    if a.name() != b.name() || a.is_optional() != b.is_optional() {
        return false;
    }
    match (&a.dependencies, &b.dependencies) {
        (Some(a), Some(b)) => {
            waiting.push((a, b));
            true
        }
        (None, None) => true,
        _ => false,
    }
}

pub(super) fn same_scope(a: &Scope, b: &Scope) -> bool {
    let mut waiting = Vec::new();
    let mut classes = Classes::default();
    if !same_here(a, b, &mut waiting) {
        return false;
    }
    while let Some((a, b)) = waiting.pop() {
        if a.digest != b.digest || a.scopes.len() != b.scopes.len() {
            return false;
        }
        if classes.join(Arc::as_ptr(a).addr(), Arc::as_ptr(b).addr())
            && !a
                .scopes
                .iter()
                .zip(&b.scopes)
                .all(|(a, b)| same_here(a, b, &mut waiting))
        {
            return false;
        }
    }
    true
}

/// Groups of dependencies that are equal unless a difference is still found (union-find). Each comparison joins two
/// of them, so there are fewer comparisons than dependencies.
#[derive(Default)]
struct Classes {
    parents: HashMap<usize, usize>,
}

impl Classes {
    fn root(&mut self, mut member: usize) -> usize {
        while let Some(&parent) = self.parents.get(&member) {
            if let Some(&grandparent) = self.parents.get(&parent) {
                self.parents.insert(member, grandparent);
            }
            member = parent;
        }
        member
    }

    /// Whether the two were not yet in one class.
    fn join(&mut self, a: usize, b: usize) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        if a != b {
            self.parents.insert(a, b);
        }
        a != b
    }
}
