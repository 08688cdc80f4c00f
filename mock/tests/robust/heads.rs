//! Requests that are odd, or none at all.

use connectors_mock::{MockQrTiger, MockServer, MockSmartsheet};
use futures_util::stream;

use super::raw::{CODE, CREATE, LIST, answer, statuses, told};

#[tokio::test]
async fn what_is_no_http_is_refused() {
    for wrong in [
        "hello\r\n\r\n",
        "GET\r\n\r\n",
        "GET /api/campaign HTTP/3.0\r\n\r\n",
        "GET /api/cam paign HTTP/1.1\r\n\r\n",
        "GET /api/\0campaign HTTP/1.1\r\n\r\n",
        "GET /api/campaign HTTP/1.1\r\nHost localhost\r\n\r\n",
        "GET /api/campaign HTTP/1.1\r\nHost: local\0host\r\n\r\n",
        "G\u{7f}T /api/campaign HTTP/1.1\r\n\r\n",
        "POST /api/campaign HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        "POST /api/campaign HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
        "POST /api/campaign HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
    ] {
        let told = answer(wrong).await;
        assert_eq!(statuses(&told), [400], "{wrong:?}: {told}");
    }
    let no_text = answer(b"GET /api/\xff\xfe HTTP/1.1\r\n\r\n".to_vec()).await;
    assert!(matches!(statuses(&no_text)[..], [400..=499]), "{no_text}");
}

#[tokio::test]
async fn heads_have_a_size() {
    let many = (0..101).map(|n| format!("X-{n}: y\r\n")).collect::<Vec<_>>().concat();
    assert_eq!(statuses(&answer(format!("{LIST}{many}\r\n")).await), [431]);
    let enough = (0..90).map(|n| format!("X-{n}: y\r\n")).collect::<Vec<_>>().concat();
    assert_eq!(statuses(&answer(format!("{LIST}{enough}\r\n")).await), [200]);
    let large = "y".repeat(1 << 20);
    assert_eq!(statuses(&answer(format!("{LIST}X: {large}\r\n\r\n")).await), [431]);
    let long = answer(format!("GET /{large} HTTP/1.1\r\n\r\n")).await;
    assert!(matches!(statuses(&long)[..], [414 | 431]), "{long}");
    let long = format!("GET /{} HTTP/1.1\r\n\r\n", "y".repeat(70_000));
    assert!(matches!(statuses(&answer(long).await)[..], [400..=499]));
}

#[tokio::test]
async fn odd_paths_are_answered_and_the_connection_goes_on() {
    for path in
        ["/%", "/api/data/%zz%ff%00", "/api/campaign?a=%&=%c3%28&&", "//", "/..", "/api/data/\u{e9}", "/?", "/api"]
    {
        let told = answer(format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n{LIST}\r\n")).await;
        let statuses = statuses(&told);
        assert!(statuses.first().is_some_and(|status| *status < 500), "{path}: {told}");
        // A path that is no text ends the conversation.
        assert!(statuses.last() == Some(&200) || statuses == [400], "{path}: {told}");
    }
}

#[tokio::test]
async fn a_prefix_ends_at_a_slash() {
    let (short, long) = (MockQrTiger::new(), MockSmartsheet::new());
    let mounts = [("/s/", short.backend().clone()), ("/smartsheet", long.backend().clone())];
    let me = "GET /smartsheet/2.0/users/me HTTP/1.1\r\nAuthorization: Bearer mock-key\r\n\r\n";
    let elsewhere = "GET /smart HTTP/1.1\r\n\r\n";
    let list = LIST.replacen("/api", "/s/api", 1) + "\r\n";
    let sent = stream::iter([me, elsewhere, &list].map(|text| text.to_owned().into()));
    let told = MockServer::converse(mounts, sent).await;
    let told = String::from_utf8_lossy(&told).into_owned();
    assert_eq!(statuses(&told), [200, 404, 200], "{told}");
    assert!(told.contains(r#"{"message":"no fake is mounted at this path"}"#), "{told}");
    assert_eq!((short.backend().count("campaigns.list"), long.backend().count("users.me")), (1, 1));
}

#[tokio::test]
async fn addresses_are_told_with_the_host_that_was_asked() {
    for (first, host, told) in [
        ("/api/campaign", "Host: shop.example:81\r\n", "http://shop.example:81/images/"),
        ("http://shop.example:82/api/campaign", "Host: other\r\n", "http://shop.example:82/images/"),
        // Whoever names none gets an address that nobody can mistake for one of the server.
        ("/api/campaign", "Host:\r\n", "https://media.qrtiger.com/images/"),
        ("/api/campaign", "", "https://media.qrtiger.com/images/"),
    ] {
        let mock = MockQrTiger::new();
        mock.fake().add("Menu", "https://example.com", mock.backend().clock().now_utc());
        let rest = "Accept: */*\r\nAuthorization: Bearer mock-key\r\n";
        let answer = super::raw::told(&mock, format!("GET {first} HTTP/1.1\r\n{host}{rest}\r\n")).await;
        assert!(answer.contains(told), "{first} {host}: {answer}");
    }
}

#[tokio::test]
async fn other_methods_and_older_versions_are_answered() {
    let old = answer(format!("{}\r\n", LIST.replace("/1.1", "/1.0"))).await;
    assert!(old.starts_with("HTTP/1.0 200 ") && old.ends_with(']') | old.ends_with('}'), "{old}");
    let head = answer(LIST.replace("GET", "HEAD") + "\r\n").await;
    assert!(statuses(&head).len() == 1 && head.ends_with("\r\n\r\n"), "no body: {head}");
    for request in ["OPTIONS * HTTP/1.1", "OPTIONS /api/campaign HTTP/1.1", "CONNECT a:1 HTTP/1.1", "WHAT / HTTP/1.1"] {
        let told = answer(format!("{request}\r\nHost: x\r\n\r\n")).await;
        assert!(matches!(statuses(&told)[..], [404 | 405]), "{request}: {told}");
    }
}

#[tokio::test]
async fn requests_that_come_together_are_answered_one_after_the_other() {
    let mock = MockQrTiger::new();
    let create = format!("{CREATE}Content-Length: {}\r\n\r\n{CODE}", CODE.len());
    let told = told(&mock, format!("{create}{LIST}\r\n{create}GET /nowhere HTTP/1.1\r\n\r\n{LIST}\r\n")).await;
    assert_eq!(statuses(&told), [200, 200, 200, 404, 200], "{told}");
    assert_eq!(mock.fake().codes().len(), 2);
    let names: Vec<_> = mock.backend().journal().iter().filter_map(|entry| entry.operation).collect();
    assert_eq!(names, ["campaigns.create", "campaigns.list", "campaigns.create", "campaigns.list"]);
}
