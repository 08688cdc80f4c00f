//! Requests that another site makes a browser send.

use crate::described::operations;
use crate::site::{Site, TOKEN};

#[tokio::test]
async fn whatever_changes_something_takes_the_token_of_the_session() {
    let site = Site::local().await;
    let (visitor, other) = (site.visitor().await, site.visitor().await);
    let writing = operations().into_iter().filter(|(method, path)| method != "GET" && path != "api/login");
    let mut tried = 0;
    for (method, path) in writing {
        for csrf in [None, Some(String::new()), other.csrf.clone()] {
            let browser = crate::browser::Browser { csrf, ..visitor.clone() };
            assert_eq!(browser.bare(&method, &path).await.refused(403)["kind"], "no csrf token", "{method} {path}");
        }
        tried += 1;
    }
    assert!(tried >= 8, "{tried}");
    assert!(site.hub.syncs(None, None, 10).await.unwrap().is_empty());
    assert_eq!(visitor.post("api/integrations/placer/test").await.status, 200);
}

#[tokio::test]
async fn requests_of_other_sites_are_refused_whatever_they_carry() {
    let site = Site::local().await;
    let visitor = site.visitor().await;
    let foreign = [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "http://127.0.0.1:8091"),
        ("origin", "http://localhost:8090"),
        ("origin", "null"),
        ("origin", ""),
    ];
    for (name, value) in foreign {
        let browser = visitor.clone().saying(name, value);
        for (method, path) in
            [("POST", "api/sync"), ("GET", "api/stream"), ("GET", "api/session"), ("POST", "api/login")]
        {
            let problem = browser.bare(method, path).await.refused(403);
            assert_eq!(problem["kind"], "foreign site", "{name}: {value}");
        }
    }
    for (name, value) in
        [("sec-fetch-site", "same-origin"), ("sec-fetch-site", "none"), ("origin", "http://127.0.0.1:8090")]
    {
        let browser = visitor.clone().saying(name, value);
        assert_eq!(browser.post("api/integrations/placer/test").await.status, 200, "{name}: {value}");
    }
}

#[tokio::test]
async fn another_site_cannot_log_somebody_in() {
    let site = Site::guarded().await;
    let mut browser = site.stranger().saying("origin", "https://evil.example");
    browser.log_in(TOKEN).await.refused(403);
    assert_eq!(browser.cookie, None);
    let mut browser = site.stranger().asking("tools.example").saying("origin", "https://tools.example");
    assert_eq!(browser.log_in(TOKEN).await.status, 200);
}

#[tokio::test]
async fn a_link_from_another_site_leads_to_the_page() {
    let site = Site::local().await;
    assert_eq!(site.stranger().saying("sec-fetch-site", "cross-site").get("").await.status, 200);
}
