//! Who may come in.

use connectors_dashboard::Dashboard;

use crate::described::operations;
use crate::site::{Site, TOKEN, secret};

#[tokio::test]
async fn without_a_login_only_names_of_this_machine_are_served() {
    let site = Site::local().await;
    let ours = ["127.0.0.1:8090", "127.9.8.7", "localhost", "LOCALHOST:1", "[::1]:8090"];
    for host in ours {
        assert_eq!(site.stranger().asking(host).get("api/session").await.status, 200, "{host}");
    }
    let others = ["evil.example", "localhost.evil.example:8090", "127.0.0.1.evil.example", "192.168.0.1:8090", "[::2]"];
    for host in others.into_iter().chain(["localhost@evil.example", "evil.example@localhost", "0.0.0.0:8090", ""]) {
        for path in ["api/session", "api/integrations", ""] {
            site.stranger().asking(host).get(path).await.refused(421);
        }
    }
    let mut nameless = site.stranger();
    nameless.host = None;
    nameless.get("api/session").await.refused(421);
}

#[tokio::test]
async fn a_host_in_the_address_counts_as_well() {
    let site = Site::local().await;
    let mut browser = site.stranger();
    browser.base = "http://evil.example".to_owned();
    browser.get("api/session").await.refused(421);
}

#[tokio::test]
async fn with_a_token_nothing_but_the_page_and_the_login_is_there_for_strangers() {
    let site = Site::guarded().await;
    let stranger = site.stranger().asking("dashboard.example");
    for (method, path) in operations() {
        let reply = stranger.bare(&method, &path).await;
        if path == "api/session" {
            assert_eq!((reply.json()["loggedIn"].as_bool(), reply.header("set-cookie")), (Some(false), None));
        } else if path != "api/login" {
            reply.refused(401);
        }
    }
    assert_eq!(stranger.get("").await.status, 200);
    let mut guest = stranger.clone();
    let told = guest.log_in(TOKEN).await.json();
    assert_eq!((told["loggedIn"].as_bool(), told["needsLogin"].as_bool()), (Some(true), Some(true)));
    assert_eq!(guest.get("api/integrations").await.status, 200);
}

#[tokio::test]
async fn a_wrong_token_lets_nobody_in() {
    let site = Site::guarded().await;
    for (wrong, address) in
        ["", "correct horse battery stapl", "correct horse battery staple2", "CORRECT"].into_iter().zip(1..)
    {
        let mut browser = site.stranger().at(&format!("10.0.0.{address}"));
        browser.log_in(wrong).await.refused(401);
        assert_eq!(browser.cookie, None);
        browser.get("api/integrations").await.refused(401);
    }
}

#[tokio::test]
async fn a_token_has_sixteen_characters_at_least() {
    let site = Site::local().await;
    for (token, fits) in
        [("", false), ("fifteen charact", false), ("   fifteen charact   ", false), ("sixteen characte", true)]
    {
        assert_eq!(Dashboard::new(site.hub.clone()).token(&secret(token)).is_ok(), fits, "{token}");
    }
}

#[tokio::test]
async fn behind_a_login_of_the_application_any_name_will_do_and_other_sites_are_still_kept_away() {
    let site = Site::with(|hub| hub, Dashboard::trusted).await;
    let mut browser = site.stranger().asking("tools.example");
    browser.enter().await;
    assert_eq!(browser.post("api/logout").await.status, 200);
    browser.enter().await;
    browser.csrf = None;
    browser.post("api/sync").await.refused(403);
}
