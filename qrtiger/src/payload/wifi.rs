//! Joining a Wi-Fi.

use std::fmt;

use connectors_core::{Error, Result};
use secrecy::{ExposeSecret, SecretString};

/// A Wi-Fi to join. Its password is in the code for all to read, but not in logs.
#[derive(Clone)]
pub struct Wifi {
    name: String,
    password: Option<SecretString>,
    kind: &'static str,
    hidden: bool,
}

impl Wifi {
    /// A network with this name that is open to all. The error names the field `ssid`: 1 to 32 bytes.
    pub fn open(name: impl Into<String>) -> Result<Self> {
        let name = name.into();
        if !(1..=32).contains(&name.len()) || name.chars().any(char::is_control) {
            return Err(Error::invalid("ssid", "must have 1 to 32 bytes, none of them a control character"));
        }
        Ok(Self { name, password: None, kind: "nopass", hidden: false })
    }

    /// A network with WPA, of whatever version. The error names the field `ssid` or `password`: 8 to 63 characters of
    /// ASCII, or 64 hex digits.
    pub fn wpa(name: impl Into<String>, password: impl Into<SecretString>) -> Result<Self> {
        let password = password.into();
        let text = password.expose_secret();
        let is_phrase = (8..=63).contains(&text.len()) && text.bytes().all(|byte| (0x20..0x7f).contains(&byte));
        let is_key = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_phrase && !is_key {
            let problem = "must have 8 to 63 characters of ASCII, or 64 hex digits";
            return Err(Error::invalid("password", problem));
        }
        Ok(Self { password: Some(password), kind: "WPA", ..Self::open(name)? })
    }

    /// It does not send its name.
    pub fn hidden(mut self) -> Self {
        self.hidden = true;
        self
    }

    /// What a code holds, password and all: `WIFI:T:WPA;S:guests;P:taste-it;;`.
    pub fn text(&self) -> String {
        let password = self
            .password
            .as_ref()
            .map_or_else(String::new, |password| format!("P:{};", masked(password.expose_secret())));
        let hidden = if self.hidden { "H:true;" } else { "" };
        format!("WIFI:T:{};S:{};{password}{hidden};", self.kind, masked(&self.name))
    }
}

impl fmt::Debug for Wifi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wifi").field("name", &self.name).field("hidden", &self.hidden).finish_non_exhaustive()
    }
}

fn masked(text: &str) -> String {
    // What could be hex digits is read as such unless it is quoted.
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit()) && text.len() != 64 {
        return format!("\"{text}\"");
    }
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if "\\;,:\"".contains(letter) {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_with_a_meaning_is_masked() {
        let wifi = Wifi::wpa(r#"a;b,c:d"e\f"#, r#"p;a,s:s"w\d"#).unwrap().hidden();
        assert_eq!(wifi.text(), r#"WIFI:T:WPA;S:a\;b\,c\:d\"e\\f;P:p\;a\,s\:s\"w\\d;H:true;;"#);
        assert_eq!(Wifi::open("Gäste").unwrap().text(), "WIFI:T:nopass;S:Gäste;;");
        assert_eq!(Wifi::wpa("cafe", "12345678").unwrap().text(), r#"WIFI:T:WPA;S:"cafe";P:"12345678";;"#);
    }

    #[test]
    fn what_no_network_has_is_refused_and_not_repeated() {
        let field = |outcome: Result<Wifi>| outcome.unwrap_err().field().unwrap().to_owned();
        assert_eq!(field(Wifi::open("")), "ssid");
        assert_eq!(field(Wifi::open("ä".repeat(17))), "ssid");
        let error = Wifi::wpa("x", "hush").unwrap_err();
        assert_eq!(error.field(), Some("password"));
        assert!(!format!("{error} {error:?}").contains("hush"));
        assert_eq!(field(Wifi::wpa("x", "g".repeat(64))), "password");
        assert!(Wifi::wpa("x", "a".repeat(64)).is_ok());
        assert!(!format!("{:?}", Wifi::wpa("x", "hush-hush").unwrap()).contains("hush"));
    }
}
