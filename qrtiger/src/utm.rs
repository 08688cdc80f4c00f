//! Telling web analytics where a visitor came from.

use connectors_core::{Error, Result};
use url::Url;

use crate::pages::is_web;

/// The parameters by which web analytics tell where a visitor came from, for the destination of a code.
///
/// ```
/// use connectors_qrtiger::Utm;
///
/// let utm = Utm::new("poster", "qr").campaign("summer 2026").content("e1");
/// let link = utm.apply(&"https://example.com/taste?lang=de&utm_source=old#menu".parse()?)?;
/// assert_eq!(
///     link.as_str(),
///     "https://example.com/taste?lang=de&utm_source=poster&utm_medium=qr&utm_campaign=summer+2026&utm_content=e1#menu"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Utm {
    source: String,
    medium: String,
    campaign: Option<String>,
    term: Option<String>,
    content: Option<String>,
}

impl Utm {
    /// From where (`poster`), and by what (`qr`).
    pub fn new(source: impl Into<String>, medium: impl Into<String>) -> Self {
        Self { source: source.into(), medium: medium.into(), campaign: None, term: None, content: None }
    }

    /// For what.
    pub fn campaign(mut self, name: impl Into<String>) -> Self {
        self.campaign = Some(name.into());
        self
    }

    /// For which words of a search.
    pub fn term(mut self, words: impl Into<String>) -> Self {
        self.term = Some(words.into());
        self
    }

    /// Which of several, such as the event.
    pub fn content(mut self, which: impl Into<String>) -> Self {
        self.content = Some(which.into());
        self
    }

    /// The destination with these parameters. Others stay as they are, and so does what follows `#`; every earlier
    /// `utm_` parameter goes. The error names the parameter that is blank, or the field `destination` where it is not of
    /// the web.
    pub fn apply(&self, destination: &Url) -> Result<Url> {
        if !is_web(destination) {
            return Err(Error::invalid("destination", "must be an http or https address"));
        }
        let parameters = [
            ("utm_source", Some(&self.source)),
            ("utm_medium", Some(&self.medium)),
            ("utm_campaign", self.campaign.as_ref()),
            ("utm_term", self.term.as_ref()),
            ("utm_content", self.content.as_ref()),
        ];
        let parameters = parameters.into_iter().filter_map(|(name, value)| Some((name, value?.trim())));
        // Piece by piece, so that what is kept is not spelled anew.
        let is_kept = |piece: &&str| {
            let name = url::form_urlencoded::parse(piece.as_bytes()).next().map(|(name, _)| name.to_ascii_lowercase());
            !piece.is_empty() && !name.is_some_and(|name| name.starts_with("utm_"))
        };
        let kept: Vec<_> = destination.query().unwrap_or_default().split('&').filter(is_kept).collect();
        let mut query = url::form_urlencoded::Serializer::new(kept.join("&"));
        for (name, value) in parameters {
            if value.is_empty() || value.chars().any(char::is_control) {
                return Err(Error::invalid(name, "must neither be blank nor contain control characters"));
            }
            query.append_pair(name, value);
        }
        let mut link = destination.clone();
        link.set_query(Some(&query.finish()));
        Ok(link)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(to: &str) -> String {
        Utm::new("a b", "q&r").apply(&to.parse().unwrap()).unwrap().to_string()
    }

    #[test]
    fn the_rest_of_an_address_stays_as_it_is() {
        assert_eq!(applied("https://a.example"), "https://a.example/?utm_source=a+b&utm_medium=q%26r");
        assert_eq!(
            applied("https://a.example/x?q=%20a+b&&flag&utm%5Fid=7&UTM_TERM=x#part"),
            "https://a.example/x?q=%20a+b&flag&utm_source=a+b&utm_medium=q%26r#part"
        );
        let once = applied("https://a.example/?x=1");
        assert_eq!(applied(&once), once, "twice is once");
    }

    #[test]
    fn what_says_nothing_is_refused() {
        let page: Url = "https://a.example".parse().unwrap();
        let field = |utm: Utm, page: &Url| utm.apply(page).unwrap_err().field().unwrap().to_owned();
        assert_eq!(field(Utm::new(" ", "qr"), &page), "utm_source");
        assert_eq!(field(Utm::new("a", "qr").campaign("x\ny"), &page), "utm_campaign");
        assert_eq!(field(Utm::new("a", "qr"), &"mailto:a@b.example".parse().unwrap()), "destination");
    }
}
