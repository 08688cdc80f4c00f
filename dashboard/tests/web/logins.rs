//! Guessing the token.

use std::time::Duration;

use crate::site::{Site, TOKEN};

#[tokio::test]
async fn after_five_failures_an_address_waits_a_minute_even_with_the_right_token() {
    let site = Site::guarded().await;
    let mut browser = site.stranger().at("10.0.0.1");
    for _ in 0..5 {
        browser.log_in("a wrong token, clearly").await.refused(401);
    }
    site.pass(Duration::from_secs(20));
    let reply = browser.log_in(TOKEN).await;
    reply.refused(429);
    assert_eq!(reply.header("retry-after"), Some("40"));
    assert_eq!(site.stranger().at("10.0.0.2").log_in(TOKEN).await.status, 200);
    site.pass(Duration::from_secs(39));
    browser.log_in(TOKEN).await.refused(429);
    site.pass(Duration::from_secs(1));
    assert_eq!(browser.log_in(TOKEN).await.status, 200);
}

#[tokio::test]
async fn a_success_makes_failures_forgotten() {
    let site = Site::guarded().await;
    let mut browser = site.stranger().at("10.0.0.1");
    for _ in 0..4 {
        for _ in 0..4 {
            browser.log_in("a wrong token, clearly").await.refused(401);
        }
        assert_eq!(browser.log_in(TOKEN).await.status, 200);
    }
}

#[tokio::test]
async fn whoever_has_many_addresses_does_not_get_any_further() {
    let site = Site::guarded().await;
    for host in 1..=50 {
        site.stranger().at(&format!("10.0.0.{host}")).log_in("a wrong token, clearly").await.refused(401);
    }
    site.stranger().at("10.0.1.1").log_in("a wrong token, clearly").await.refused(429);
    site.pass(Duration::from_secs(60));
    assert_eq!(site.stranger().at("10.0.1.1").log_in(TOKEN).await.status, 200);
}

#[tokio::test]
async fn the_addresses_of_one_network_count_as_one() {
    let site = Site::guarded().await;
    for host in 1..=5 {
        site.stranger().at(&format!("2001:db8:1:2::{host}")).log_in("a wrong token, clearly").await.refused(401);
    }
    site.stranger().at("2001:db8:1:2:ffff::1").log_in(TOKEN).await.refused(429);
    assert_eq!(site.stranger().at("2001:db8:1:3::1").log_in(TOKEN).await.status, 200);
    for _ in 0..5 {
        site.stranger().at("::ffff:10.0.0.1").log_in("a wrong token, clearly").await.refused(401);
    }
    site.stranger().at("10.0.0.1").log_in(TOKEN).await.refused(429);
}

#[tokio::test]
async fn whoever_has_no_known_address_is_limited_as_one() {
    let site = Site::guarded().await;
    for _ in 0..5 {
        site.stranger().log_in("a wrong token, clearly").await.refused(401);
    }
    site.stranger().log_in(TOKEN).await.refused(429);
}

#[tokio::test]
async fn failed_logins_are_told_without_what_was_tried() {
    let site = Site::guarded().await;
    site.stranger().at("10.0.0.1").log_in("a wrong token, clearly").await.refused(401);
    let told = site.logged_in().await.get("api/activity").await.json();
    assert_eq!(told[0]["level"], "warning");
    assert_eq!(told[0]["message"], "a login from 10.0.0.1 failed: wrong token");
    assert_eq!(told.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn where_nobody_has_to_log_in_there_is_no_login() {
    let site = Site::local().await;
    site.stranger().log_in(TOKEN).await.refused(409);
}
