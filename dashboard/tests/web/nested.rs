//! The dashboard as a part of an application.

use axum::Router;
use connectors_dashboard::Dashboard;

use crate::browser::Browser;
use crate::site::Site;

#[tokio::test]
async fn below_a_path_of_an_application_everything_works() {
    let site = Site::with(|hub| hub, Dashboard::trusted).await;
    let router = Router::new().nest_service("/ops/dash", site.router.clone());
    let mut browser = Browser { base: "/ops/dash".to_owned(), ..Browser::new(router.clone()) };
    let reply = browser.enter().await;
    assert!(reply.header("set-cookie").unwrap().contains("; Path=/ops/dash; "), "{reply:?}");
    assert_eq!(browser.get("api/integrations").await.status, 200);
    assert_eq!(browser.post("api/integrations/placer/test").await.status, 200);
    assert_eq!(browser.get("").await.status, 200);
    browser.get("nowhere").await.refused(404);
    browser.get("api/nowhere").await.refused(404);
    let root = Browser { base: "/ops".to_owned(), ..browser.clone() }.get("dash").await;
    assert_eq!((root.status, root.header("location")), (308, Some("./dash/")));
}

#[tokio::test]
async fn one_below_the_other_both_know_their_own_sessions() {
    let (upper, lower) = (Site::local().await, Site::local().await);
    let router =
        Router::new().nest_service("/dash/two", lower.router.clone()).nest_service("/dash", upper.router.clone());
    let mut one = Browser { base: "/dash".to_owned(), ..Browser::new(router.clone()) };
    let mut two = Browser { base: "/dash/two".to_owned(), ..Browser::new(router) };
    one.enter().await;
    two.enter().await;
    // Whatever is for the upper path goes to the lower one, too.
    two.cookie = Some(format!("{}; {}", one.cookie.clone().unwrap(), two.cookie.unwrap()));
    assert_eq!(one.get("api/charts").await.status, 200);
    assert_eq!(two.get("api/charts").await.status, 200);
}
