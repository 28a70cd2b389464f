//! The many ways in which scopes can be given.

use std::collections::{BTreeSet, HashSet};

use super::{Scope, ScopeError};

/// Scopes as they were given: text and [`Scope`]s in order, neither parsed nor merged.
///
/// Collect any iterator of text or scopes into it: `names.map(...).collect::<ScopeList>()`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScopeList {
    items: Vec<ScopeItem>,
}

/// One entry of a [`ScopeList`], made `From` text (which may hold several scopes) or from a [`Scope`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeItem(Item);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Item {
    Text(String),
    Scope(Scope),
}

impl ScopeList {
    /// Whether there are no entries. (A list of empty text is not empty.)
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The entries, joined by spaces.
    ///
    /// # Errors
    ///
    /// [`ScopeError::TooLarge`] if that is longer than [`MAX_TEXT_LEN`](super::MAX_TEXT_LEN).
    pub fn to_text(&self) -> Result<String, ScopeError> {
        let spaces = self.items.len().saturating_sub(1) as u64;
        let size = self.items.iter().fold(spaces, |sum, ScopeItem(item)| {
            sum.saturating_add(match item {
                Item::Text(text) => text.len() as u64,
                Item::Scope(scope) => scope.text_len(),
            })
        });
        ScopeError::check_size(size)?;
        let mut text = String::new();
        for (index, ScopeItem(item)) in self.items.iter().enumerate() {
            text.push_str(if index == 0 { "" } else { " " });
            match item {
                Item::Text(item) => text.push_str(item),
                Item::Scope(scope) => text.push_str(&scope.to_text()?),
            }
        }
        Ok(text)
    }

    /// The scopes that the list stands for, parsed and merged.
    ///
    /// # Errors
    ///
    /// Those of [`to_text`](Self::to_text) and [`scopes::parse`](super::parse).
    pub fn to_scopes(&self) -> Result<Vec<Scope>, ScopeError> {
        super::parse(&self.to_text()?)
    }

    /// The scopes of each entry by itself: only those of one text are merged.
    pub(super) fn to_separate_scopes(&self) -> Result<Vec<Scope>, ScopeError> {
        let mut scopes = Vec::new();
        for ScopeItem(item) in &self.items {
            match item {
                Item::Text(text) => scopes.extend(super::parse(text)?),
                Item::Scope(scope) => scopes.push(scope.clone()),
            }
        }
        Ok(scopes)
    }
}

impl<T: Into<ScopeItem>> FromIterator<T> for ScopeList {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self {
            items: items.into_iter().map(Into::into).collect(),
        }
    }
}

impl<T: Into<ScopeItem>> Extend<T> for ScopeList {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        self.items.extend(items.into_iter().map(Into::into));
    }
}

/// What can be given where scopes are asked for: text, a [`Scope`], a collection of either, or a [`ScopeList`].
///
/// For an iterator, collect it into a [`ScopeList`].
pub trait IntoScopes {
    /// The scopes as a list.
    fn into_scopes(self) -> ScopeList;
}

impl IntoScopes for ScopeList {
    fn into_scopes(self) -> ScopeList {
        self
    }
}

impl IntoScopes for &ScopeList {
    fn into_scopes(self) -> ScopeList {
        self.clone()
    }
}

macro_rules! single {
    ($($type:ty: $item:ident => $value:expr;)*) => {$(
        impl From<$type> for ScopeItem {
            fn from($item: $type) -> Self {
                Self($value)
            }
        }

        impl IntoScopes for $type {
            fn into_scopes(self) -> ScopeList {
                ScopeList::from_iter([self])
            }
        }
    )*};
}

single! {
    &str: text => Item::Text(text.to_owned());
    String: text => Item::Text(text);
    &String: text => Item::Text(text.clone());
    Scope: scope => Item::Scope(scope);
    &Scope: scope => Item::Scope(scope.clone());
}

/// References to entries, as the iterators of borrowed collections give them.
impl From<&&str> for ScopeItem {
    fn from(text: &&str) -> Self {
        Self::from(*text)
    }
}

impl From<&&Scope> for ScopeItem {
    fn from(scope: &&Scope) -> Self {
        Self::from(*scope)
    }
}

impl From<&Self> for ScopeItem {
    fn from(item: &Self) -> Self {
        item.clone()
    }
}

macro_rules! collections {
    ($([$($generics:tt)*] $type:ty, $item:ty;)*) => {$(
        impl<$($generics)*> IntoScopes for $type
        where
            $item: Into<ScopeItem>,
        {
            fn into_scopes(self) -> ScopeList {
                self.into_iter().collect()
            }
        }
    )*};
}

collections! {
    [T] Vec<T>, T;
    ['a, T] &'a Vec<T>, &'a T;
    ['a, T] &'a [T], &'a T;
    [T, const N: usize] [T; N], T;
    ['a, T, const N: usize] &'a [T; N], &'a T;
    [T, S] HashSet<T, S>, T;
    ['a, T, S] &'a HashSet<T, S>, &'a T;
    [T] BTreeSet<T>, T;
    ['a, T] &'a BTreeSet<T>, &'a T;
    [T] Option<T>, T;
}
