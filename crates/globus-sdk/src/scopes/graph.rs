//! Scopes as a graph: one node for each name, one edge for each pair of names.

use std::collections::{HashMap, HashSet};

use super::{ScopeError, scope::Dependencies, scope::Scope};

/// The place of a name in [`Graph::names`].
pub(super) type Node = usize;

#[derive(Debug, Default)]
pub(super) struct Graph<'a> {
    names: Vec<&'a str>,
    nodes: HashMap<&'a str, Node>,
    /// The top-level scopes in order of appearance.
    tops: Vec<(Node, bool)>,
    known_tops: HashSet<(Node, bool)>,
    /// For each node its dependencies, and whether they are optional.
    edges: Vec<Vec<(Node, bool)>>,
    /// Where an edge stands in the list of its first node.
    places: HashMap<(Node, Node), usize>,
    /// Dependencies of scopes that [`absorb`](Self::absorb) has seen already.
    absorbed: HashSet<(Node, usize)>,
    /// Work done so far, for the tests of how it grows.
    #[cfg(test)]
    pub(super) steps: usize,
}

impl<'a> Graph<'a> {
    pub(super) fn node(&mut self, name: &'a str) -> Node {
        self.step();
        *self.nodes.entry(name).or_insert_with(|| {
            self.names.push(name);
            self.edges.push(Vec::new());
            self.names.len() - 1
        })
    }

    pub(super) fn add_top(&mut self, node: Node, optional: bool) {
        self.step();
        if self.known_tops.insert((node, optional)) {
            self.tops.push((node, optional));
        }
    }

    /// Adds an edge. Between two nodes there is only one, and it is optional only if it always was.
    pub(super) fn add_dependency(&mut self, parent: Node, child: Node, optional: bool) {
        self.step();
        let edges = &mut self.edges[parent];
        let place = *self.places.entry((parent, child)).or_insert_with(|| {
            edges.push((child, optional));
            edges.len() - 1
        });
        edges[place].1 &= optional;
    }

    /// Adds a scope with all that it depends on. Parts that are shared are looked at once.
    pub(super) fn absorb(&mut self, scope: &'a Scope) -> Result<(), ScopeError> {
        if is_nothing(scope)? {
            return Ok(());
        }
        let node = self.node(scope.name());
        self.add_top(node, scope.is_optional());
        let mut waiting = vec![(node, scope)];
        while let Some((parent, scope)) = waiting.pop() {
            let Some(address) = scope.dependencies_address() else {
                continue;
            };
            if !self.absorbed.insert((parent, address)) {
                continue;
            }
            for dependency in scope.dependencies() {
                if !is_nothing(dependency)? {
                    let child = self.node(dependency.name());
                    self.add_dependency(parent, child, dependency.is_optional());
                    waiting.push((child, dependency));
                }
            }
        }
        Ok(())
    }

    /// Makes the scopes, each name's dependencies once, shared wherever the name stands.
    pub(super) fn build(&mut self) -> Result<Vec<Scope>, ScopeError> {
        let mut built: Vec<Option<Scope>> = vec![None; self.names.len()];
        // The way from a top-level scope to where the walk is: nodes, and how many of their edges are done.
        let mut way: Vec<(Node, usize)> = Vec::new();
        let mut on_way = vec![false; self.names.len()];
        for top in 0..self.tops.len() {
            way.push((self.tops[top].0, 0));
            while let Some((node, done)) = way.last_mut() {
                let node = *node;
                on_way[node] = true;
                if built[node].is_none()
                    && let Some((child, _)) = self.edges[node].get(*done).copied()
                {
                    *done += 1;
                    if on_way[child] {
                        return Err(self.cycle(&way, child));
                    }
                    if built[child].is_none() {
                        way.push((child, 0));
                    }
                } else {
                    if built[node].is_none() {
                        built[node] = Some(self.finish(node, &built));
                    }
                    on_way[node] = false;
                    way.pop();
                }
                self.step();
            }
        }
        let tops = self
            .tops
            .iter()
            .filter_map(|(node, optional)| Some(built[*node].as_ref()?.with_optional(*optional)));
        Ok(tops.collect())
    }

    /// Makes the (required) scope of a node from those of its dependencies.
    fn finish(&mut self, node: Node, built: &[Option<Scope>]) -> Scope {
        let Self { names, edges, .. } = self;
        // As text would be sorted: '*' comes before what names begin with, and one name is there only once.
        edges[node].sort_unstable_by_key(|(child, optional)| (!optional, names[*child]));
        let dependencies = edges[node]
            .iter()
            .filter_map(|(child, optional)| Some(built[*child].as_ref()?.with_optional(*optional)));
        Scope::from_parts(names[node], Dependencies::new(dependencies.collect()))
    }

    fn cycle(&self, way: &[(Node, usize)], back_to: Node) -> ScopeError {
        let start = way.iter().position(|(node, _)| *node == back_to).unwrap_or(0);
        ScopeError::cycle(way[start..].iter().map(|(node, _)| self.names[*node]))
    }

    #[cfg_attr(not(test), expect(clippy::unused_self, reason = "only tests count"))]
    fn step(&mut self) {
        #[cfg(test)]
        {
            self.steps += 1;
        }
    }
}

/// Whether a scope is an empty name by itself, which as text is nothing at all.
fn is_nothing(scope: &Scope) -> Result<bool, ScopeError> {
    if !scope.name().is_empty() {
        Ok(false)
    } else if scope.is_optional() || !scope.dependencies().is_empty() {
        Err(ScopeError::invalid_name(""))
    } else {
        Ok(true)
    }
}
