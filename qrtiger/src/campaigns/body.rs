//! What is sent of a code.

use std::fmt;

use connectors_core::{Error, Result};
use serde::Serialize;
use url::Url;

use crate::pages::is_web;
use crate::{Category, Design, VCard};

/// The only type of dynamic code that any client sends.
pub(super) const QR_TYPE: &str = "qr2";

/// The body of a create or an edit.
#[derive(Clone, Default, PartialEq, Serialize)]
pub(super) struct Body {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) qr: Option<Design>,
    #[serde(rename = "qrUrl", skip_serializing_if = "Option::is_none")]
    pub(super) content: Option<String>,
    #[serde(rename = "qrType", skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<&'static str>,
    #[serde(rename = "qrCategory", skip_serializing_if = "Option::is_none")]
    pub(super) category: Option<Category>,
    #[serde(rename = "qrName", skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
}

/// Without what it holds, which may be about a person.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { qr, category, name, .. } = self;
        let mut shown = f.debug_struct("Body");
        shown.field("qr", qr).field("category", category).field("name", name).finish_non_exhaustive()
    }
}

impl Body {
    /// That of a code to be made.
    pub(super) fn new(content: String) -> Self {
        let (kind, category) = (Some(QR_TYPE), Some(Category::Url));
        Self { qr: Some(Design::new()), content: Some(content), kind, category, name: None }
    }

    pub(super) fn check(&self) -> Result<()> {
        let is_link = self.category.as_ref().is_none_or(|category| *category == Category::Url);
        match &self.content {
            Some(text) if is_link => check_destination("content", text)?,
            Some(text) if text.trim().is_empty() => return Err(Error::invalid("content", "must not be blank")),
            Some(text) if self.category == Some(Category::VCard) => check_card(text)?,
            _ => {}
        }
        self.name.as_deref().map_or(Ok(()), check_name)
    }
}

pub(crate) fn check_destination(field: &str, text: &str) -> Result<()> {
    match Url::parse(text) {
        Ok(url) if is_web(&url) => Ok(()),
        Ok(url) => Err(Error::invalid(field, format!("must be an http or https address, not `{}:`", url.scheme()))),
        Err(error) => Err(Error::invalid(field, format!("is not an address: {error}"))),
    }
}

fn check_card(text: &str) -> Result<()> {
    let card = VCard::read(text).ok_or_else(|| {
        Error::invalid("content", "is not the document of a business card")
            .with_hint("make it with `create_vcard(&card)`")
    })?;
    if card.name.trim().is_empty() { Err(Error::invalid("vcard.name", "must not be blank")) } else { Ok(()) }
}

pub(crate) fn check_name(name: &str) -> Result<()> {
    if name.trim().is_empty() || name.chars().any(char::is_control) {
        return Err(Error::invalid("name", "must neither be blank nor contain control characters"));
    }
    Ok(())
}
