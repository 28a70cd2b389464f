//! Consents, and how they depend on each other.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt;

use serde_json::Value;

use super::super::{IntoScopes, Scope, ScopeError};
use super::{Consent, ConsentError};

/// Numbers of consents.
type Ids = BTreeSet<i64>;

/// All consents that a person has given to a program: one tree for each that stands by itself.
///
/// ```
/// # use globus_sdk::scopes::{ConsentForest, TransferScopes};
/// # fn example(consents: &serde_json::Value) -> globus_sdk::Result<()> {
/// let forest = ConsentForest::from_json(consents)?;
/// if !forest.meets_scope_requirements(TransferScopes::ALL)? {
///     println!("consent is needed");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct ConsentForest {
    nodes: Vec<Consent>,
    /// Where each number stands in `nodes`; of several consents with one number, the last.
    by_id: HashMap<i64, usize>,
    edges: BTreeMap<i64, Ids>,
    parents: HashMap<i64, Ids>,
    roots: Vec<i64>,
}

impl ConsentForest {
    /// Puts consents together, in whatever order they come.
    ///
    /// # Errors
    /// [`ConsentError::MissingParent`] if one depends on another that is not among them.
    pub fn new(consents: impl IntoIterator<Item = Consent>) -> Result<Self, ConsentError> {
        let nodes: Vec<Consent> = consents.into_iter().collect();
        let mut edges: BTreeMap<i64, Ids> = nodes.iter().map(|node| (node.id, Ids::new())).collect();
        let mut parents: HashMap<i64, Ids> = HashMap::new();
        for node in &nodes {
            if let Some(parent) = node.parent() {
                edges
                    .get_mut(&parent)
                    .ok_or(ConsentError::MissingParent { id: node.id, parent })?
                    .insert(node.id);
                parents.entry(node.id).or_default().insert(parent);
            }
        }
        Ok(Self {
            by_id: nodes.iter().enumerate().map(|(index, node)| (node.id, index)).collect(),
            roots: nodes
                .iter()
                .filter(|node| node.dependency_path.len() == 1)
                .map(|node| node.id)
                .collect(),
            nodes,
            edges,
            parents,
        })
    }

    /// Reads consents as Globus Auth sends them: a list, or a document that has it as `consents`.
    ///
    /// # Errors
    /// [`ConsentError::Malformed`], and those of [`ConsentForest::new`].
    pub fn from_json(value: &Value) -> Result<Self, ConsentError> {
        let list = value.get("consents").unwrap_or(value).as_array();
        let list = list.ok_or_else(|| ConsentError::Malformed {
            index: 0,
            problem: "there is no list of consents".to_owned(),
        })?;
        let consents = list.iter().enumerate().map(|(index, value)| {
            Consent::from_json(value).map_err(|problem| ConsentError::Malformed { index, problem })
        });
        Self::new(consents.collect::<Result<Vec<_>, _>>()?)
    }

    /// The consents, in the order in which they came.
    pub fn nodes(&self) -> &[Consent] {
        &self.nodes
    }

    /// The consent of that number.
    pub fn get_node(&self, id: i64) -> Option<&Consent> {
        self.nodes.get(*self.by_id.get(&id)?)
    }

    /// For each consent, the numbers of those that depend on it directly.
    pub fn edges(&self) -> &BTreeMap<i64, BTreeSet<i64>> {
        &self.edges
    }

    /// The trees, in the order in which their roots came.
    pub fn trees(&self) -> impl ExactSizeIterator<Item = ConsentTree<'_>> {
        self.roots.iter().map(|root| ConsentTree {
            forest: self,
            root: *root,
        })
    }

    /// Whether, for each of the scopes, one of the trees holds it with everything it depends on, from its root down.
    ///
    /// Optional dependencies have to be there like all others, and the status of consents does not matter. Of scopes
    /// given as one text, those with the same name are [merged](super::super#how-scopes-are-merged).
    ///
    /// # Errors
    /// Those of [`scopes::parse`](super::super::parse) for scopes given as text.
    pub fn meets_scope_requirements(&self, scopes: impl IntoScopes) -> Result<bool, ScopeError> {
        Ok(self.meets(&scopes.into_scopes().to_separate_scopes()?))
    }

    pub(crate) fn meets(&self, scopes: &[Scope]) -> bool {
        let mut search = Search::new(self);
        scopes.iter().all(|scope| {
            let holders = search.holders(scope);
            self.roots.iter().any(|root| holders.contains(root))
        })
    }
}

/// One tree of a [`ConsentForest`].
#[derive(Debug, Clone, Copy)]
pub struct ConsentTree<'a> {
    forest: &'a ConsentForest,
    root: i64,
}

impl<'a> ConsentTree<'a> {
    /// Number of the consent that stands by itself.
    pub const fn root(&self) -> i64 {
        self.root
    }

    /// The consents of the tree, each once and before those that depend on it.
    pub fn nodes(&self) -> impl Iterator<Item = &'a Consent> + use<'a> {
        let forest = self.forest;
        self.walk().into_iter().filter_map(move |(id, _)| forest.get_node(id))
    }

    /// How many consents lie on the longest way down, the root included.
    pub fn max_depth(&self) -> usize {
        self.walk().into_iter().map(|(_, depth)| depth + 1).max().unwrap_or(0)
    }

    /// Whether this tree holds each of the scopes: see [`ConsentForest::meets_scope_requirements`].
    ///
    /// # Errors
    /// Those of [`scopes::parse`](super::super::parse) for scopes given as text.
    pub fn meets_scope_requirements(&self, scopes: impl IntoScopes) -> Result<bool, ScopeError> {
        let scopes = scopes.into_scopes().to_separate_scopes()?;
        let mut search = Search::new(self.forest);
        Ok(scopes.iter().all(|scope| search.holders(scope).contains(&self.root)))
    }

    /// Numbers and depths, each consent once, however they are linked.
    fn walk(&self) -> Vec<(i64, usize)> {
        let mut seen = HashSet::from([self.root]);
        let mut waiting = vec![(self.root, 0)];
        let mut walked = Vec::new();
        while let Some((id, depth)) = waiting.pop() {
            walked.push((id, depth));
            let children = self.forest.edges.get(&id).into_iter().flatten().rev();
            waiting.extend(
                children
                    .filter(|child| seen.insert(**child))
                    .map(|child| (*child, depth + 1)),
            );
        }
        walked
    }
}

/// Finds the consents that hold a scope with all it depends on.
///
/// From the innermost scopes outwards, and each of them once, as branches of a scope are shared: a consent holds a
/// scope if it has its name and, for each dependency, is the parent of a consent that holds that.
struct Search<'a> {
    forest: &'a ConsentForest,
    by_name: HashMap<&'a str, Ids>,
    found: HashMap<Part, Found>,
}

/// A name, and which dependencies it has. The scopes live longer than the search's use of their addresses.
type Part = (String, Option<usize>);

struct Found {
    holders: Ids,
    parents: Ids,
}

impl<'a> Search<'a> {
    fn new(forest: &'a ConsentForest) -> Self {
        let mut by_name: HashMap<&str, Ids> = HashMap::new();
        for id in forest.by_id.keys() {
            if let Some(node) = forest.get_node(*id) {
                by_name.entry(&node.scope_name).or_default().insert(*id);
            }
        }
        Self {
            forest,
            by_name,
            found: HashMap::new(),
        }
    }

    fn holders(&mut self, scope: &Scope) -> &Ids {
        // Each scope, and how many of its dependencies are done.
        let mut way = vec![(scope, 0)];
        while let Some((scope, done)) = way.last_mut() {
            let scope = *scope;
            if self.found.contains_key(&part(scope)) {
                way.pop();
            } else if let Some(dependency) = scope.dependencies().get(*done) {
                *done += 1;
                way.push((dependency, 0));
            } else {
                self.finish(scope);
                way.pop();
            }
        }
        &self.found[&part(scope)].holders
    }

    fn finish(&mut self, scope: &Scope) {
        let mut holders = self.by_name.get(scope.name()).cloned().unwrap_or_default();
        for dependency in scope.dependencies() {
            let parents = &self.found[&part(dependency)].parents;
            holders.retain(|id| parents.contains(id));
        }
        let parents = holders.iter().filter_map(|id| self.forest.parents.get(id));
        let parents = parents.flatten().copied().collect();
        self.found.insert(part(scope), Found { holders, parents });
    }
}

fn part(scope: &Scope) -> Part {
    (scope.name().to_owned(), scope.dependencies_address())
}

impl fmt::Display for ConsentForest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConsentForest\n  nodes\n")?;
        for (index, node) in self.nodes.iter().enumerate() {
            write!(f, "{}    {node}", if index == 0 { "" } else { "\n" })?;
        }
        f.write_str("\n  trees\n")?;
        for (index, tree) in self.trees().enumerate() {
            f.write_str(if index == 0 { "" } else { "\n" })?;
            tree.write(f, "    ")?;
        }
        Ok(())
    }
}

impl fmt::Display for ConsentTree<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, "")
    }
}

impl ConsentTree<'_> {
    fn write(&self, f: &mut fmt::Formatter<'_>, indent: &str) -> fmt::Result {
        for (index, (id, depth)) in self.walk().into_iter().enumerate() {
            f.write_str(if index == 0 { "" } else { "\n" })?;
            if let Some(node) = self.forest.get_node(id) {
                write!(f, "{indent}{:width$} - {node}", "", width = depth * 2)?;
            }
        }
        Ok(())
    }
}
