//! Contents for static codes that phones act upon: joining a Wi-Fi, saving a contact, adding a date.
//!
//! Each is checked and escaped when it is built, and turns into the text of a code:
//!
//! ```
//! use connectors_qrtiger::payload::{Sms, Wifi};
//!
//! let wifi = Wifi::wpa("Pop-up; guests", "taste:it!")?;
//! assert_eq!(wifi.text(), r"WIFI:T:WPA;S:Pop-up\; guests;P:taste\:it!;;");
//! assert!(!format!("{wifi:?}").contains("taste"), "a password is not shown");
//! assert_eq!(Sms::new("+49 30 1234-56")?.body("JOIN").text(), "SMSTO:+4930123456:JOIN");
//! assert_eq!(Sms::new("call me").unwrap_err().field(), Some("phone"));
//! # Ok::<(), connectors_core::Error>(())
//! ```
//!
//! Hand `payload.text()` to [`Statics::create`](crate::Statics::create) with the category
//! [`Text`](crate::Category::Text). It holds what it says: a static code can neither be changed nor followed.

mod calendar;
mod contact;
mod wifi;

use std::fmt::{self, Write as _};

use connectors_core::{Error, Result};

pub use self::calendar::CalendarEvent;
pub use self::contact::Contact;
pub use self::wifi::Wifi;

/// A phone number to call.
#[derive(Clone, PartialEq, Eq)]
pub struct Phone(String);

impl Phone {
    /// This number: digits, a `+` in front; spaces, hyphens, dots, slashes and brackets are left out, and so is the `(0)` of
    /// a number with a `+`, which is not dialled with it. The error names the field `phone`.
    pub fn new(number: &str) -> Result<Self> {
        phone(number).map(Self)
    }

    /// What a code holds: `tel:+4930123456`.
    pub fn text(&self) -> String {
        format!("tel:{}", self.0)
    }
}

/// A text message to send.
#[derive(Clone, PartialEq, Eq)]
pub struct Sms {
    number: String,
    body: String,
}

impl Sms {
    /// To this number, written as for [`Phone::new`].
    pub fn new(number: &str) -> Result<Self> {
        Ok(Self { number: phone(number)?, body: String::new() })
    }

    /// What it says; the sender can change it.
    pub fn body(mut self, text: impl Into<String>) -> Self {
        self.body = text.into();
        self
    }

    /// What a code holds: `SMSTO:+4930123456:JOIN`.
    pub fn text(&self) -> String {
        format!("SMSTO:{}:{}", self.number, self.body)
    }
}

/// A mail to write.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    address: String,
    subject: Option<String>,
    body: Option<String>,
}

impl Mail {
    /// To this address; the error names the field `email`.
    pub fn new(address: &str) -> Result<Self> {
        Ok(Self { address: email(address)?, subject: None, body: None })
    }

    /// Its subject.
    pub fn subject(mut self, text: impl Into<String>) -> Self {
        self.subject = Some(text.into());
        self
    }

    /// What it says; the sender can change it.
    pub fn body(mut self, text: impl Into<String>) -> Self {
        self.body = Some(text.into());
        self
    }

    /// What a code holds: `mailto:team@example.com?subject=Hello`.
    pub fn text(&self) -> String {
        let mut text = format!("mailto:{}", percent(&self.address, b"@.+"));
        let fields = [("subject", &self.subject), ("body", &self.body)];
        let fields = fields.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
        for (separator, (name, value)) in std::iter::once('?').chain(std::iter::repeat('&')).zip(fields) {
            // Not as a form would: a plus is a plus in a mail, and a line ends in two characters.
            let lines = value.lines().collect::<Vec<_>>().join("\r\n");
            let _ = write!(text, "{separator}{name}={}", percent(&lines, b""));
        }
        text
    }
}

/// A place on the map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Geo {
    latitude: f64,
    longitude: f64,
}

impl Geo {
    /// The place at these degrees, north and east positive. The error names the field `latitude` or `longitude`.
    pub fn new(latitude: f64, longitude: f64) -> Result<Self> {
        for (field, degrees, limit) in [("latitude", latitude, 90.0), ("longitude", longitude, 180.0)] {
            if !(-limit..=limit).contains(&degrees) {
                return Err(Error::invalid(field, format!("must be between -{limit} and {limit} degrees")));
            }
        }
        Ok(Self { latitude, longitude })
    }

    /// What a code holds: `geo:52.520008,13.404954`, to a tenth of a metre.
    pub fn text(&self) -> String {
        // Not `-0`.
        let short = |degrees: f64| (degrees * 1e6).round() / 1e6 + 0.0;
        format!("geo:{},{}", short(self.latitude), short(self.longitude))
    }
}

/// Without the people whom these are to.
macro_rules! hide {
    ($($name:ident),+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+};
}

hide!(Phone, Sms, Mail);

fn phone(number: &str) -> Result<String> {
    let number = number.trim();
    let number = if number.starts_with('+') { number.replacen("(0)", "", 1) } else { number.to_owned() };
    let kept: String = number.chars().filter(|letter| !" -./()\u{a0}".contains(*letter)).collect();
    let digits = kept.strip_prefix('+').unwrap_or(&kept);
    if !(2..=20).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Error::invalid("phone", "must be a phone number").with_hint("write it like +49 30 123456"));
    }
    Ok(kept)
}

fn email(address: &str) -> Result<String> {
    let address = address.trim();
    let parts = address.rsplit_once('@').filter(|(name, host)| !name.is_empty() && !host.is_empty());
    let is_plain =
        !address.chars().any(|letter| letter.is_whitespace() || letter.is_control() || ",;<>\"".contains(letter));
    if parts.is_none_or(|(name, _)| name.contains('@')) || !is_plain {
        return Err(Error::invalid("email", "must be one mail address"));
    }
    Ok(address.to_owned())
}

/// Not blank, and in one line.
fn line(field: &str, text: impl Into<String>) -> Result<String> {
    let text = text.into();
    if text.trim().is_empty() || text.chars().any(char::is_control) {
        return Err(Error::invalid(field, "must be one line that is not blank"));
    }
    Ok(text)
}

/// Escapes as cards and calendars want it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        if !out.is_empty() {
            out.push_str("\\n");
        }
        for letter in line.chars().filter(|letter| !letter.is_control()) {
            if "\\;,".contains(letter) {
                out.push('\\');
            }
            out.push(letter);
        }
    }
    out
}

/// Percent-encodes everything but unreserved letters and those of `kept`.
fn percent(text: &str, kept: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || kept.contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// A property of a card or a calendar, in lines of at most 75 bytes, the later ones indented.
fn property(out: &mut String, name: &str, value: &str) {
    let mut room = 75;
    for letter in name.chars().chain([':']).chain(value.chars()) {
        if letter.len_utf8() > room {
            out.push_str("\r\n ");
            room = 74;
        }
        room -= letter.len_utf8();
        out.push(letter);
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_addresses_are_tidied_or_refused() {
        assert_eq!(Phone::new(" (0049) 30/12.34-56 ").unwrap().text(), "tel:004930123456");
        assert_eq!(Phone::new("+44 (0)20 7946 0018").unwrap().text(), "tel:+442079460018");
        for bad in ["", "+", "1", "+49+30", "12a4", "110;ext=2", &"1".repeat(21)] {
            assert_eq!(Phone::new(bad).unwrap_err().field(), Some("phone"), "{bad}");
        }
        for bad in [
            "",
            "a",
            "@b.example",
            "a@",
            "a@b@c.example",
            "a b@c.example",
            "a@c.example,b@c.example",
            "a@c\r\n.example",
        ] {
            assert_eq!(Mail::new(bad).unwrap_err().field(), Some("email"), "{bad:?}");
        }
    }

    #[test]
    fn nobody_is_shown() {
        let shown = format!(
            "{:?} {:?} {:?}",
            Phone::new("110").unwrap(),
            Sms::new("110").unwrap().body("Ann"),
            Mail::new("ann@example.com").unwrap().subject("Ann")
        );
        assert_eq!(shown, "Phone { .. } Sms { .. } Mail { .. }");
    }

    #[test]
    fn a_mail_keeps_every_letter() {
        let mail = Mail::new("o'neil+fair@example.com").unwrap().subject("1 + 1 = 2?").body("Größe & Preis\nDanke");
        let expected = "mailto:o%27neil+fair@example.com?subject=1%20%2B%201%20%3D%202%3F\
            &body=Gr%C3%B6%C3%9Fe%20%26%20Preis%0D%0ADanke";
        assert_eq!(mail.text(), expected);
        assert_eq!(Mail::new("a@b.example").unwrap().body("x").text(), "mailto:a@b.example?body=x");
    }

    #[test]
    fn a_place_is_on_earth() {
        assert_eq!(Geo::new(52.520_008, -13.404_954_4).unwrap().text(), "geo:52.520008,-13.404954");
        assert_eq!(Geo::new(-0.000_000_01, 180.0).unwrap().text(), "geo:0,180");
        assert_eq!(Geo::new(90.1, 0.0).unwrap_err().field(), Some("latitude"));
        assert_eq!(Geo::new(0.0, f64::NAN).unwrap_err().field(), Some("longitude"));
    }

    #[test]
    fn long_lines_are_folded_between_letters() {
        let mut out = String::new();
        property(&mut out, "NOTE", &"ä".repeat(100));
        assert!(out.split("\r\n").all(|line| line.len() <= 75), "{out}");
        assert_eq!(out.replace("\r\n ", ""), format!("NOTE:{}\r\n", "ä".repeat(100)));
    }
}
