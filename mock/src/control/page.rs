//! The page for people.

use std::fmt::{self, Display, Write};
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, header};

use super::service::Summary;
use crate::fake::{self, Reply};
use crate::journal::Entry;

/// So many of the last requests are shown of each service.
const REQUESTS: usize = 8;

/// So much is shown of a path, in characters.
const PATH: usize = 120;

const STYLE: &str = include_str!("page.css");

/// Nothing from elsewhere, and nothing of it elsewhere.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; \
                      img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What is shown of a service.
pub(super) struct Shown {
    pub(super) summary: Summary,
    /// The oldest first.
    pub(super) requests: Vec<Arc<Entry>>,
}

/// Text from elsewhere, as HTML.
struct Escaped<T>(T);

impl<T: Display> Display for Escaped<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for char in self.0.to_string().chars() {
            match char {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                _ => f.write_char(char)?,
            }
        }
        Ok(())
    }
}

pub(super) fn script() -> Reply {
    fake::file("text/javascript; charset=utf-8", Bytes::from_static(include_bytes!("page.js")))
}

pub(super) fn page(services: &[Shown]) -> Reply {
    let mut html = String::new();
    // Writing to a string does not fail.
    let _ = write(&mut html, services);
    let mut reply = fake::file("text/html; charset=utf-8", html.into());
    reply.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    reply
}

fn write(html: &mut String, services: &[Shown]) -> fmt::Result {
    let requests: u64 = services.iter().map(|shown| shown.summary.requests).sum();
    let now = services.first().map(|shown| shown.summary.now.format("%F %T UTC").to_string());
    write!(
        html,
        "<!doctype html><html lang=en><meta charset=utf-8>\
         <meta name=viewport content=\"width=device-width, initial-scale=1\">\
         <title>connectors-mock</title><link rel=icon href=\"data:,\"><style>{STYLE}</style>\
         <script src=\"/__mock/page.js\" defer></script>\
         <header><h1>connectors-mock</h1><p><time>{now}</time> · {requests} {word}</p>\
         <nav><button data-advance=60000>+1 min</button><button data-advance=3600000>+1 h</button>\
         <button data-advance=86400000>+1 day</button><button data-reset class=danger>Reset all</button>\
         <label><input type=checkbox id=live> Live</label></nav></header><output id=problem></output><main>",
        now = Escaped(now.unwrap_or_default()),
        word = if requests == 1 { "request" } else { "requests" },
    )?;
    for shown in services {
        service(html, shown)?;
    }
    html.push_str("</main><footer>The same for programs: <a href=\"/__mock/services\">/__mock/services</a></footer>");
    Ok(())
}

fn service(html: &mut String, shown: &Shown) -> fmt::Result {
    let Shown { summary, requests } = shown;
    let name = Escaped(&summary.name);
    write!(html, "<section><h2>{name}</h2><p class=url><code>{}</code></p>", Escaped(&summary.url))?;
    if !summary.environment.is_empty() {
        html.push_str("<details open><summary>Settings for clients</summary><pre>");
        for (variable, value) in &summary.environment {
            writeln!(html, "{variable}={}", Escaped(value))?;
        }
        html.push_str("</pre></details>");
    }
    html.push_str("<ul class=counts>");
    for (what, count) in &summary.holds {
        write!(html, "<li><b>{count}</b> {}</li>", Escaped(what))?;
    }
    write!(html, "</ul><p class=set>Latency {}", Escaped(&summary.latency))?;
    if let Some(ratio) = summary.chaos {
        write!(html, " · <em>{} % of requests go wrong</em>", (ratio * 1000.0).round() / 10.0)?;
    }
    if summary.faults_pending > 0 {
        let rules = if summary.faults_pending == 1 { "fault" } else { "faults" };
        write!(html, " · <em>{} scripted {rules} to come</em>", summary.faults_pending)?;
    }
    write!(html, " · Quotas {}</p>", if summary.quotas_enforced { "enforced" } else { "not enforced" })?;
    let last = requests.len().saturating_sub(REQUESTS);
    write!(html, "<h3>{} {}</h3>", summary.requests, if summary.requests == 1 { "request" } else { "requests" })?;
    html.push_str("<ol class=requests>");
    for entry in requests.iter().skip(last).rev() {
        request(html, entry)?;
    }
    html.push_str("</ol><p class=links>");
    for what in ["state", "journal", "faults", "operations"] {
        write!(html, "<a href=\"/__mock/{name}/{what}\">{what}</a> ")?;
    }
    write!(html, "<button data-reset=\"{name}\" class=danger>Reset</button></p></section>")
}

fn request(html: &mut String, entry: &Entry) -> fmt::Result {
    let path: String = entry.path.chars().take(PATH).collect();
    let (status, class) = match entry.status {
        Some(status) if status.is_client_error() || status.is_server_error() => (status.as_str().to_owned(), "bad"),
        Some(status) => (status.as_str().to_owned(), "good"),
        None => ("—".to_owned(), "bad"),
    };
    write!(
        html,
        "<li><span class={class}>{status}</span> <time>{}</time> <b>{}</b> {}<small>{}{}</small></li>",
        entry.at.format("%T"),
        Escaped(&entry.method),
        Escaped(path),
        Escaped(entry.operation.unwrap_or("no such operation")),
        entry.fault.map(|fault| format!(" · {}", fault.name())).unwrap_or_default(),
    )
}
