//! Saving a contact.

use std::fmt;

use connectors_core::{Error, Result};
use url::Url;

use super::{email, escaped, line, phone, property};
use crate::pages::is_web;

/// A contact to save, as a vCard 3.0, which every phone reads. Not to be confused with the provider's own business cards.
#[derive(Clone, PartialEq, Eq)]
pub struct Contact {
    given: String,
    family: String,
    fields: Vec<(&'static str, String)>,
}

impl Contact {
    /// Somebody with this name; one of them may be empty. The error names the field `name`.
    pub fn new(given: impl Into<String>, family: impl Into<String>) -> Result<Self> {
        let (given, family) = (given.into(), family.into());
        line("name", format!("{given} {family}"))?;
        Ok(Self { given, family, fields: Vec::new() })
    }

    /// Where they work.
    pub fn company(self, name: impl Into<String>) -> Result<Self> {
        let name = line("company", name)?;
        Ok(self.with("ORG", escaped(&name)))
    }

    /// What they are there.
    pub fn title(self, title: impl Into<String>) -> Result<Self> {
        let title = line("title", title)?;
        Ok(self.with("TITLE", escaped(&title)))
    }

    /// A number at work.
    pub fn work_phone(self, number: &str) -> Result<Self> {
        let number = phone(number)?;
        Ok(self.with("TEL;TYPE=WORK,VOICE", number))
    }

    /// A mobile number.
    pub fn mobile_phone(self, number: &str) -> Result<Self> {
        let number = phone(number)?;
        Ok(self.with("TEL;TYPE=CELL", number))
    }

    /// A mail address.
    pub fn email(self, address: &str) -> Result<Self> {
        let address = email(address)?;
        Ok(self.with("EMAIL;TYPE=INTERNET", escaped(&address)))
    }

    /// A page of theirs.
    pub fn website(self, page: &Url) -> Result<Self> {
        if !is_web(page) {
            return Err(Error::invalid("website", "must be an http or https address"));
        }
        Ok(self.with("URL", page.to_string()))
    }

    /// A postal address; parts may be empty.
    pub fn address(self, street: &str, city: &str, state: &str, postal_code: &str, country: &str) -> Self {
        let parts = [street, city, state, postal_code, country].map(escaped).join(";");
        self.with("ADR;TYPE=WORK", format!(";;{parts}"))
    }

    /// Anything else, in lines.
    pub fn note(self, text: &str) -> Self {
        self.with("NOTE", escaped(text))
    }

    /// What a code holds: the card, in lines.
    pub fn text(&self) -> String {
        let mut card = String::from("BEGIN:VCARD\r\nVERSION:3.0\r\n");
        property(&mut card, "N", &format!("{};{};;;", escaped(&self.family), escaped(&self.given)));
        property(&mut card, "FN", &escaped(format!("{} {}", self.given, self.family).trim()));
        self.fields.iter().for_each(|(name, value)| property(&mut card, name, value));
        card.push_str("END:VCARD\r\n");
        card
    }

    fn with(mut self, name: &'static str, value: String) -> Self {
        self.fields.push((name, value));
        self
    }
}

/// Without the person.
impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contact").field("fields", &self.fields.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_escaped_and_in_order() {
        let card = Contact::new("Ann", "O;Hara").unwrap().company("Taste, Inc.").unwrap().title("Lead").unwrap();
        let card = card.mobile_phone("+49 30 1").unwrap().work_phone("110").unwrap().email("ann@example.com").unwrap();
        let card = card.website(&"https://example.com/a?b=c".parse().unwrap()).unwrap();
        let card = card.address("Kai 1", "Ulm", "", "89073", "Germany").note("one\r\ntwo\\");
        let expected = [
            "BEGIN:VCARD",
            "VERSION:3.0",
            r"N:O\;Hara;Ann;;;",
            r"FN:Ann O\;Hara",
            r"ORG:Taste\, Inc.",
            "TITLE:Lead",
            "TEL;TYPE=CELL:+49301",
            "TEL;TYPE=WORK,VOICE:110",
            "EMAIL;TYPE=INTERNET:ann@example.com",
            "URL:https://example.com/a?b=c",
            "ADR;TYPE=WORK:;;Kai 1;Ulm;;89073;Germany",
            r"NOTE:one\ntwo\\",
            "END:VCARD",
            "",
        ];
        assert_eq!(card.text(), expected.join("\r\n"));
        assert!(!format!("{card:?}").contains("Ann"));
    }

    #[test]
    fn what_would_break_a_card_is_refused() {
        assert_eq!(Contact::new(" ", "").unwrap_err().field(), Some("name"));
        assert_eq!(Contact::new("Ann\r\nNOTE:x", "").unwrap_err().field(), Some("name"));
        let card = || Contact::new("Ann", "").unwrap();
        assert_eq!(card().company("\n").unwrap_err().field(), Some("company"));
        assert_eq!(card().website(&"mailto:a@b.example".parse().unwrap()).unwrap_err().field(), Some("website"));
        assert_eq!(card().text().lines().nth(3), Some("FN:Ann"));
    }
}
