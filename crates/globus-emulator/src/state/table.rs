//! Tables that note what changes in them.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Deref, DerefMut};

use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// What rows are named by.
pub(crate) trait Key: Ord + Clone {
    /// The key as a text.
    fn text(&self) -> String;
    /// The key of a text.
    fn read(text: &str) -> Option<Self>;
}

impl Key for Uuid {
    fn text(&self) -> String {
        self.to_string()
    }

    fn read(text: &str) -> Option<Self> {
        Self::parse_str(text).ok()
    }
}

impl Key for String {
    fn text(&self) -> String {
        self.clone()
    }

    fn read(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

impl Key for u64 {
    fn text(&self) -> String {
        // Texts sort as the numbers do.
        format!("{self:020}")
    }

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl<A: Key, B: Key> Key for (A, B) {
    fn text(&self) -> String {
        format!("{} {}", self.0.text(), self.1.text())
    }

    fn read(text: &str) -> Option<Self> {
        let (first, second) = text.split_once(' ')?;
        Some((A::read(first)?, B::read(second)?))
    }
}

/// Rows as they are written down: by key, in JSON. A row that is gone has none.
pub(crate) type Written = Vec<(String, Option<String>)>;

/// What can be written down row by row.
pub(crate) trait Rows {
    /// All rows.
    fn all(&self) -> Result<Written, serde_json::Error>;
    /// The rows that have changed since this was last asked.
    fn changes(&mut self) -> Result<Written, serde_json::Error>;
    /// Forgets that anything has changed.
    fn forget(&mut self);
    /// Removes all rows.
    fn clear(&mut self);
    /// Takes a row over, as no change.
    fn load(&mut self, key: &str, json: &str) -> Result<(), String>;
}

/// A map that notes which of its rows change.
#[derive(Debug, Clone)]
pub(crate) struct Table<K, V> {
    rows: BTreeMap<K, V>,
    changed: BTreeSet<K>,
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self {
            rows: BTreeMap::new(),
            changed: BTreeSet::new(),
        }
    }
}

/// Reading is that of the map.
impl<K, V> Deref for Table<K, V> {
    type Target = BTreeMap<K, V>;

    fn deref(&self) -> &Self::Target {
        &self.rows
    }
}

impl<'a, K, V> IntoIterator for &'a Table<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = std::collections::btree_map::Iter<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.iter()
    }
}

impl<K: Key, V> FromIterator<(K, V)> for Table<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(rows: I) -> Self {
        let mut table = Self::default();
        for (key, row) in rows {
            table.insert(key, row);
        }
        table
    }
}

impl<K: Key, V> Table<K, V> {
    pub(crate) fn insert(&mut self, key: K, row: V) -> Option<V> {
        self.changed.insert(key.clone());
        self.rows.insert(key, row)
    }

    pub(crate) fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let (key, row) = self.rows.remove_entry(key)?;
        self.changed.insert(key);
        Some(row)
    }

    /// A row to be changed.
    pub(crate) fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.touch(key);
        self.rows.get_mut(key)
    }

    /// A row to be changed in a way that is not worth writing down.
    pub(crate) fn quiet_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.rows.get_mut(key)
    }

    /// Notes that a row has changed.
    pub(crate) fn touch<Q: Ord + ?Sized>(&mut self, key: &Q)
    where
        K: Borrow<Q>,
    {
        if let Some((key, _)) = self.rows.get_key_value(key)
            && !BTreeSet::<K>::contains::<K>(&self.changed, key)
        {
            self.changed.insert(key.clone());
        }
    }

    /// A row to be changed, made if it is not there.
    pub(crate) fn or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        self.changed.insert(key.clone());
        self.rows.entry(key).or_insert_with(make)
    }

    pub(crate) fn or_default(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        self.or_insert_with(key, V::default)
    }

    /// All rows, to be changed.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (&K, &mut V)> {
        self.changed.extend(self.rows.keys().cloned());
        self.rows.iter_mut()
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.iter_mut().map(|(_, row)| row)
    }

    /// Keeps the rows of which a function says so.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&K, &V) -> bool) {
        let changed = &mut self.changed;
        self.rows.retain(|key, row| {
            let kept = keep(key, row);
            if !kept {
                changed.insert(key.clone());
            }
            kept
        });
    }

    pub(crate) fn clear(&mut self) {
        self.retain(|_, _| false);
    }
}

impl<K: Key, V: Serialize + DeserializeOwned> Rows for Table<K, V> {
    fn all(&self) -> Result<Written, serde_json::Error> {
        let rows = self.rows.iter();
        rows.map(|(key, row)| Ok((key.text(), Some(serde_json::to_string(row)?))))
            .collect()
    }

    fn changes(&mut self) -> Result<Written, serde_json::Error> {
        let changed = std::mem::take(&mut self.changed).into_iter();
        changed
            .map(|key| {
                let row = self.rows.get(&key).map(serde_json::to_string).transpose()?;
                Ok((key.text(), row))
            })
            .collect()
    }

    fn forget(&mut self) {
        self.changed.clear();
    }

    fn clear(&mut self) {
        self.rows.clear();
        self.changed.clear();
    }

    fn load(&mut self, key: &str, json: &str) -> Result<(), String> {
        let key = K::read(key).ok_or("the key of a row cannot be read")?;
        self.rows.insert(key, read(json)?);
        Ok(())
    }
}

/// One value that notes when it changes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Kept<T> {
    value: T,
    changed: bool,
}

impl<T> Kept<T> {
    pub(crate) fn new(value: T) -> Self {
        Self { value, changed: true }
    }
}

impl<T> Deref for Kept<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Kept<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.changed = true;
        &mut self.value
    }
}

impl<T: Serialize + DeserializeOwned> Rows for Kept<T> {
    fn all(&self) -> Result<Written, serde_json::Error> {
        Ok(vec![(String::new(), Some(serde_json::to_string(&self.value)?))])
    }

    fn changes(&mut self) -> Result<Written, serde_json::Error> {
        if std::mem::take(&mut self.changed) {
            self.all()
        } else {
            Ok(Vec::new())
        }
    }

    fn forget(&mut self) {
        self.changed = false;
    }

    /// There is always a value: it stays until another is loaded.
    fn clear(&mut self) {}

    fn load(&mut self, _key: &str, json: &str) -> Result<(), String> {
        self.value = read(json)?;
        Ok(())
    }
}

/// Reads a row; an error says in which field something is wrong.
fn read<T: DeserializeOwned>(json: &str) -> Result<T, String> {
    let mut reader = serde_json::Deserializer::from_str(json);
    serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let what = error.into_inner();
        if path == "." {
            what.to_string()
        } else {
            format!("at `{path}`: {what}")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_told_once() {
        let mut table: Table<u64, String> = [(1, "a".to_owned()), (2, "b".to_owned())].into_iter().collect();
        assert_eq!(table.changes().expect("rows").len(), 2);
        assert!(table.changes().expect("rows").is_empty());
        table.remove(&1);
        table.get_mut(&2).expect("a row").push('c');
        assert!(table.get_mut(&3).is_none());
        assert_eq!(table.quiet_mut(&2).map(|row| row.len()), Some(2));
        let written = table.changes().expect("rows");
        let wanted = [(1_u64.text(), None), (2_u64.text(), Some("\"bc\"".to_owned()))];
        assert_eq!(written, wanted);
        table.retain(|_, _| false);
        assert_eq!(table.changes().expect("rows"), [(2_u64.text(), None)]);
        table.or_default(7).push('x');
        table.forget();
        assert!(table.changes().expect("rows").is_empty());
    }

    #[test]
    fn rows_are_read_back_or_refused_with_their_place() {
        let mut table: Table<(Uuid, u64), Vec<u8>> = Table::default();
        table.insert((Uuid::nil(), 5), vec![1]);
        let mut other: Table<(Uuid, u64), Vec<u8>> = Table::default();
        for (key, row) in table.all().expect("rows") {
            other.load(&key, &row.expect("a row")).expect("the same row");
        }
        assert_eq!(*other, *table);
        let refused = other.load(&(Uuid::nil(), 5).text(), "[\"x\"]").expect_err("no number");
        assert!(refused.starts_with("at `[0]`: invalid type: string"), "{refused}");
        assert!(other.load("x", "[]").is_err());
    }

    #[test]
    fn a_value_changes_by_being_written_to() {
        let mut value = Kept::new(1_u64);
        assert_eq!(value.changes().expect("a row").len(), 1);
        assert_eq!(*value, 1);
        assert!(value.changes().expect("a row").is_empty());
        *value += 1;
        assert_eq!(value.changes().expect("a row"), [(String::new(), Some("2".to_owned()))]);
    }
}
