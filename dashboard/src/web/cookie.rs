//! The cookie of a session.

use http::{HeaderMap, HeaderValue, header};

use super::sessions::SessionId;

/// No browser has more of ours; whoever sends more is not looked at any further.
const LOOKED_AT: usize = 8;

/// Where browsers see the dashboard: what its cookie is called, and where it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    name: String,
    path: String,
    secure: bool,
}

impl Place {
    /// Cookies do not know ports, and two dashboards may share a host: the name has the port. `asked` is the path that was
    /// asked for, `own` the end of it below where we are nested.
    pub(super) fn new(host: Option<&str>, asked: &str, own: &str, behind_tls: bool) -> Self {
        let port = host.and_then(|host| host.rsplit_once(':')).and_then(|(_, port)| port.parse::<u16>().ok());
        let prefix = if behind_tls { "__Secure-" } else { "" };
        let port = port.map(|port| format!("-{port}")).unwrap_or_default();
        let path = asked.strip_suffix(own).filter(|path| path.starts_with('/') && !path.contains(';'));
        Self {
            name: format!("{prefix}connectors-dashboard{port}"),
            path: path.unwrap_or("/").to_owned(),
            secure: behind_tls,
        }
    }

    /// The ids that a browser sends: one for each place above this one, in no certain order.
    pub(super) fn ids(&self, headers: &HeaderMap) -> Vec<SessionId> {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
        let pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.filter(|(name, _)| *name == self.name).take(LOOKED_AT).map(|(_, id)| SessionId::new(id)).collect()
    }

    /// Gives a browser this id.
    pub(super) fn set(&self, id: &SessionId) -> Option<HeaderValue> {
        self.header(id.as_str(), "")
    }

    /// Takes it away.
    pub(super) fn removed(&self) -> Option<HeaderValue> {
        self.header("", "; Max-Age=0")
    }

    fn header(&self, value: &str, end: &str) -> Option<HeaderValue> {
        let secure = if self.secure { "; Secure" } else { "" };
        let text = format!("{}={value}; Path={}; HttpOnly; SameSite=Strict{secure}{end}", self.name, self.path);
        let mut header = HeaderValue::try_from(text).ok()?;
        header.set_sensitive(true);
        Some(header)
    }
}
