//! How the program names itself to the services.

use std::fmt;
use std::fmt::Write as _;

use http::HeaderValue;

use crate::error::{Error, Result, quoted};

/// Characters that separate products and fields.
const RESERVED: [char; 3] = [';', ',', '='];

/// The header `X-Globus-Client-Info`: which products, in which versions, make the requests.
///
/// It is a list of products separated by `;`, each a list of `key=value` separated by `,`.
///
/// ```
/// # use globus_sdk::config::ClientInfo;
/// let mut info = ClientInfo::default();
/// info.add([("product", "my-portal"), ("version", "2.1")])?;
/// assert!(info.format().ends_with(";product=my-portal,version=2.1"));
/// # Ok::<(), globus_sdk::error::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientInfo {
    infos: Vec<String>,
}

impl ClientInfo {
    /// Name of the header.
    pub const HEADER: &'static str = "x-globus-client-info";

    /// Without any product, not even this SDK.
    pub const fn empty() -> Self {
        Self { infos: Vec::new() }
    }

    /// Reads a header value.
    ///
    /// # Errors
    /// [`Error::Usage`] for characters that a header cannot hold.
    pub fn parse(header: &str) -> Result<Self> {
        let mut info = Self::empty();
        if !header.is_empty() {
            header.split(';').try_for_each(|item| info.add_text(item))?;
        }
        Ok(info)
    }

    /// Adds a product: `product` names it (each name once per header), `version` is its version; other keys are free.
    ///
    /// # Errors
    /// [`Error::Usage`] for a key or value with `;`, `,` or `=`, or with characters that a header cannot hold.
    pub fn add<K: AsRef<str>, V: AsRef<str>>(&mut self, fields: impl IntoIterator<Item = (K, V)>) -> Result<()> {
        let mut item = String::new();
        for (key, value) in fields {
            let (key, value) = (key.as_ref(), value.as_ref());
            if key.contains(RESERVED) || value.contains(RESERVED) {
                let field = quoted(&format!("{key}: {value}"));
                return Err(Error::usage(format!(
                    "{} must not contain any of `;` `,` `=`: {field}",
                    Self::HEADER
                )));
            }
            let comma = if item.is_empty() { "" } else { "," };
            // Writing to a String does not fail.
            let _ = write!(item, "{comma}{key}={value}");
        }
        self.add_text(&item)
    }

    /// Adds a product that is already written as `key=value,key=value`.
    ///
    /// # Errors
    /// [`Error::Usage`] for a text with `;` (several products), or with characters that a header cannot hold.
    pub fn add_text(&mut self, item: &str) -> Result<()> {
        if item.contains(';') {
            return Err(Error::usage(format!(
                "add the products of {} one by one, without `;`",
                quoted(item)
            )));
        }
        if !item.bytes().all(is_visible) {
            return Err(Error::usage(format!(
                "{} holds characters that a header cannot hold",
                quoted(item)
            )));
        }
        self.infos.push(item.to_owned());
        Ok(())
    }

    /// Removes everything: the header is not sent.
    pub fn clear(&mut self) {
        self.infos.clear();
    }

    /// Whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.infos.is_empty()
    }

    /// The products with their fields; a field without `=` has an empty value.
    pub fn products(&self) -> impl Iterator<Item = Vec<(&str, &str)>> {
        self.infos.iter().map(|item| {
            item.split(',')
                .filter(|field| !field.is_empty())
                .map(|field| field.split_once('=').unwrap_or((field, "")))
                .collect()
        })
    }

    /// The header's value; empty if there is nothing to send.
    pub fn format(&self) -> String {
        self.infos.join(";")
    }

    /// The header's value, or `None` to leave the header out.
    pub fn header_value(&self) -> Option<HeaderValue> {
        if self.is_empty() {
            None
        } else {
            HeaderValue::from_str(&self.format()).ok()
        }
    }
}

impl Default for ClientInfo {
    /// This SDK and its version.
    fn default() -> Self {
        Self {
            infos: vec![format!("product=rust-sdk,version={}", env!("CARGO_PKG_VERSION"))],
        }
    }
}

impl fmt::Display for ClientInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.format())
    }
}

/// The header `User-Agent`: this SDK, its version and the program's name if it has one.
///
/// Characters that a header cannot hold become `?`.
pub fn user_agent(app_name: Option<&str>) -> String {
    let mut agent = format!("globus-sdk-rs-{}", env!("CARGO_PKG_VERSION"));
    if let Some(name) = app_name {
        agent.push('/');
        let shown = |character| {
            if u8::try_from(character).is_ok_and(is_visible) {
                character
            } else {
                '?'
            }
        };
        agent.extend(name.chars().map(shown));
    }
    agent
}

fn is_visible(byte: u8) -> bool {
    matches!(byte, b' '..=b'~')
}
