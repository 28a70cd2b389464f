//! One scope with its dependencies.

use std::{
    fmt,
    hash::{DefaultHasher, Hash, Hasher},
    str::FromStr,
    sync::Arc,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

use super::{ScopeError, equality, parse, parser::is_special};

/// A scope: a name, whether it is optional, and the scopes it depends on.
///
/// A scope never changes: the `with_` methods give a new one. Cloning is cheap, as dependencies are shared.
///
/// As text ([`Display`](fmt::Display), [`FromStr`], serde) it is `name[dependency *optional_dependency]`. Two
/// scopes are equal if their texts are; the order of dependencies counts.
///
/// A scope of shared dependencies may be too large to print: see [`to_text`](Self::to_text).
#[derive(Clone)]
pub struct Scope {
    name: Arc<str>,
    optional: bool,
    pub(super) dependencies: Option<Arc<Dependencies>>,
}

/// The dependencies of a scope, never none, with what is known about all that lies below.
pub(super) struct Dependencies {
    pub(super) scopes: Vec<Scope>,
    /// Bytes of their text with the brackets.
    text_len: u64,
    /// Equal for equal dependencies.
    pub(super) digest: u64,
}

impl Dependencies {
    pub(super) fn new(scopes: Vec<Scope>) -> Option<Arc<Self>> {
        if scopes.is_empty() {
            return None;
        }
        // Two brackets, and one space less than there are scopes.
        let text_len = scopes.iter().fold(1, |sum: u64, scope| {
            sum.saturating_add(scope.text_len()).saturating_add(1)
        });
        let mut hasher = DefaultHasher::new();
        scopes.hash(&mut hasher);
        Some(Arc::new(Self {
            scopes,
            text_len,
            digest: hasher.finish(),
        }))
    }
}

impl Scope {
    /// Makes a required scope without dependencies from its name.
    ///
    /// # Errors
    ///
    /// [`ScopeError::InvalidName`] if the name holds a space, `*`, `[` or `]`; [`ScopeError::TooLarge`] if it is
    /// longer than [`MAX_TEXT_LEN`](super::MAX_TEXT_LEN).
    pub fn new(name: impl AsRef<str>) -> Result<Self, ScopeError> {
        let name = name.as_ref();
        ScopeError::check_size(name.len() as u64)?;
        if name.contains(is_special) {
            Err(ScopeError::invalid_name(name))
        } else {
            Ok(Self::from_parts(name, None))
        }
    }

    /// Reads text that is exactly one scope.
    ///
    /// # Errors
    ///
    /// Those of [`scopes::parse`](parse), and [`ScopeError::NotOne`] if the text holds no scope or several.
    pub fn parse(text: &str) -> Result<Self, ScopeError> {
        let mut scopes = parse(text)?;
        match scopes.pop() {
            Some(scope) if scopes.is_empty() => Ok(scope),
            last => Err(ScopeError::NotOne {
                found: scopes.len() + usize::from(last.is_some()),
            }),
        }
    }

    /// A scope whose name is known to be one.
    pub(super) fn from_parts(name: &str, dependencies: Option<Arc<Dependencies>>) -> Self {
        Self {
            name: name.into(),
            optional: false,
            dependencies,
        }
    }

    /// The name, without dependencies or `*`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether consent to this scope can be refused or revoked by itself.
    pub fn is_optional(&self) -> bool {
        self.optional
    }

    /// The scopes on which this one depends, in order.
    ///
    /// Scopes that stand in several places are shared, so that walking down from here may take exponential time if
    /// it does not skip what it has seen.
    pub fn dependencies(&self) -> &[Self] {
        self.dependencies
            .as_ref()
            .map_or(&[], |dependencies| &dependencies.scopes)
    }

    /// A scope that depends on one more, which comes last.
    ///
    /// Takes a scope, owned or not. Text is no scope, and does not compile:
    ///
    /// ```compile_fail,E0277
    /// # use globus_sdk::scopes::Scope;
    /// # let scope = Scope::new("foo").unwrap();
    /// scope.with_dependency("bar");
    /// ```
    #[must_use = "scopes never change; this gives a new one"]
    pub fn with_dependency(&self, dependency: impl Into<Self>) -> Self {
        self.with_dependencies([dependency])
    }

    /// A scope that depends on more scopes, which come last.
    #[must_use = "scopes never change; this gives a new one"]
    pub fn with_dependencies(&self, dependencies: impl IntoIterator<Item: Into<Self>>) -> Self {
        let old = self.dependencies().iter().cloned();
        let all = old.chain(dependencies.into_iter().map(Into::into)).collect();
        Self {
            name: Arc::clone(&self.name),
            optional: self.optional,
            dependencies: Dependencies::new(all),
        }
    }

    /// The same scope, optional or required.
    #[must_use = "scopes never change; this gives a new one"]
    pub fn with_optional(&self, optional: bool) -> Self {
        let mut scope = self.clone();
        scope.optional = optional;
        scope
    }

    /// How many bytes the text of the scope has; `u64::MAX` also stands for everything above.
    pub fn text_len(&self) -> u64 {
        let own = self.name.len() as u64 + u64::from(self.optional);
        self.dependencies
            .as_ref()
            .map_or(own, |dependencies| own.saturating_add(dependencies.text_len))
    }

    /// The text of the scope.
    ///
    /// # Errors
    ///
    /// [`ScopeError::TooLarge`] if it is longer than [`MAX_TEXT_LEN`](super::MAX_TEXT_LEN), which is only possible
    /// with dependencies that are shared. In its place, [`Display`](fmt::Display) gives a short note that is not
    /// valid scope text.
    pub fn to_text(&self) -> Result<String, ScopeError> {
        ScopeError::check_size(self.text_len())?;
        Ok(self.to_string())
    }

    /// Tells dependencies which are shared from others.
    pub(super) fn dependencies_address(&self) -> Option<usize> {
        self.dependencies
            .as_ref()
            .map(|dependencies| Arc::as_ptr(dependencies).addr())
    }

    fn write_start(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.optional { "*" } else { "" })?;
        f.write_str(&self.name)
    }
}

/// By a loop: a chain of scopes can be longer than the stack is deep.
impl Drop for Scope {
    fn drop(&mut self) {
        let Some(own) = self.dependencies.take() else { return };
        let mut waiting = vec![own];
        while let Some(shared) = waiting.pop() {
            if let Some(mut last) = Arc::into_inner(shared) {
                waiting.extend(last.scopes.iter_mut().filter_map(|scope| scope.dependencies.take()));
            }
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_start(f)?;
        if let Err(error) = ScopeError::check_size(self.text_len()) {
            return write!(f, "[[{error}]]");
        }
        let mut open = Vec::new();
        let mut down = self.dependencies();
        loop {
            if !down.is_empty() {
                f.write_str("[")?;
                open.push((down.iter(), true));
            }
            let Some((siblings, first)) = open.last_mut() else {
                return Ok(());
            };
            if let Some(scope) = siblings.next() {
                f.write_str(if std::mem::take(first) { "" } else { " " })?;
                scope.write_start(f)?;
                down = scope.dependencies();
            } else {
                f.write_str("]")?;
                open.pop();
                down = &[];
            }
        }
    }
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Scope").field(&self.to_string()).finish()
    }
}

impl PartialEq for Scope {
    fn eq(&self, other: &Self) -> bool {
        equality::same_scope(self, other)
    }
}

impl Eq for Scope {}

impl Hash for Scope {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
        self.optional.hash(state);
        self.dependencies
            .as_ref()
            .map(|dependencies| dependencies.digest)
            .hash(state);
    }
}

impl From<&Self> for Scope {
    fn from(scope: &Self) -> Self {
        scope.clone()
    }
}

/// Reads exactly one scope, as [`Scope::parse`] does.
impl FromStr for Scope {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, ScopeError> {
        Self::parse(text)
    }
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_text().map_err(ser::Error::custom)?)
    }
}

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}
