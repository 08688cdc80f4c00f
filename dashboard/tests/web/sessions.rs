//! Sessions and their cookies.

use std::collections::HashSet;
use std::time::Duration;

use connectors_dashboard::Dashboard;

use crate::site::{Site, TOKEN};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

#[tokio::test]
async fn the_cookie_is_out_of_the_reach_of_scripts_and_of_other_sites() {
    let site = Site::local().await;
    let cookie = site.stranger().enter().await.header("set-cookie").unwrap().to_owned();
    let (id, rest) = cookie.split_once("; ").unwrap();
    assert_eq!(rest, "Path=/; HttpOnly; SameSite=Strict");
    let (name, id) = id.split_once('=').unwrap();
    assert_eq!((name, id.len()), ("connectors-dashboard-8090", 43));
    let site = Site::with(|hub| hub, |dashboard| dashboard.trusted().behind_tls()).await;
    let reply = site.stranger().asking("tools.example").enter().await;
    let cookie = reply.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Secure-connectors-dashboard="), "{cookie}");
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict; Secure"), "{cookie}");
}

#[tokio::test]
async fn ids_and_tokens_never_come_twice_and_the_session_there_is_stays() {
    let site = Site::local().await;
    let mut seen = HashSet::new();
    for _ in 0..50 {
        let mut browser = site.visitor().await;
        assert!(seen.insert(browser.cookie.clone()) && seen.insert(browser.csrf.clone()));
        let csrf = browser.csrf.clone();
        assert_eq!(browser.enter().await.header("set-cookie"), None);
        assert_eq!(browser.csrf, csrf);
    }
}

#[tokio::test]
async fn a_made_up_id_is_no_session_and_does_not_become_one() {
    let site = Site::local().await;
    let mut browser = site.stranger();
    browser.cookie = Some("connectors-dashboard-8090=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned());
    browser.get("api/integrations").await.refused(401);
    let reply = browser.clone().enter().await;
    assert!(!reply.header("set-cookie").unwrap().contains("AAAAAAA"));
}

#[tokio::test]
async fn a_login_begins_a_new_session_and_ends_the_one_before() {
    let site = Site::guarded().await;
    let mut browser = site.logged_in().await;
    let before = browser.clone();
    assert_eq!(browser.log_in(TOKEN).await.status, 200);
    assert_ne!(browser.cookie, before.cookie);
    assert_eq!(browser.get("api/charts").await.status, 200);
    before.get("api/charts").await.refused(401);
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used_for_two_hours() {
    let site = Site::guarded().await;
    let browser = site.logged_in().await;
    for _ in 0..3 {
        site.pass(119 * MINUTE);
        assert_eq!(browser.get("api/charts").await.status, 200);
    }
    site.pass(2 * HOUR);
    browser.get("api/charts").await.refused(401);
}

#[tokio::test]
async fn a_session_ends_after_a_day_however_much_it_is_used() {
    let site = Site::guarded().await;
    let browser = site.logged_in().await;
    for _ in 0..23 {
        site.pass(HOUR);
        assert_eq!(browser.get("api/charts").await.status, 200);
    }
    site.pass(HOUR);
    browser.get("api/charts").await.refused(401);
}

#[tokio::test]
async fn of_more_than_a_thousand_sessions_the_one_unused_for_the_longest_ends() {
    let site = Site::local().await;
    let (first, second) = (site.visitor().await, site.visitor().await);
    site.pass(MINUTE);
    assert_eq!(first.get("api/charts").await.status, 200);
    for _ in 0..998 {
        site.stranger().get("api/session").await;
    }
    assert_eq!(first.get("api/charts").await.status, 200);
    site.pass(MINUTE);
    site.visitor().await;
    second.get("api/charts").await.refused(401);
    assert_eq!(first.get("api/charts").await.status, 200);
}

#[tokio::test]
async fn after_the_logout_nothing_is_left_of_the_session() {
    let site = Site::guarded().await;
    let browser = site.logged_in().await;
    let reply = browser.post("api/logout").await;
    assert!(reply.header("set-cookie").unwrap().ends_with("; Max-Age=0"));
    assert_eq!(reply.json()["loggedIn"], false);
    browser.get("api/charts").await.refused(401);
    assert_eq!(browser.get("api/session").await.json()["csrf"], serde_json::Value::Null);
}

#[tokio::test]
async fn two_dashboards_on_one_host_do_not_take_each_others_cookies() {
    let (here, there) = (Site::local().await, Site::with(|hub| hub, Dashboard::trusted).await);
    let (mut one, mut two) = (here.visitor().await, there.stranger().asking("127.0.0.1:8091"));
    two.enter().await;
    // A browser sends both cookies to both.
    let both = format!("{}; {}", one.cookie.unwrap(), two.cookie.unwrap());
    (one.cookie, two.cookie) = (Some(both.clone()), Some(both));
    assert_eq!(one.get("api/charts").await.status, 200);
    assert_eq!(two.get("api/charts").await.status, 200);
}
