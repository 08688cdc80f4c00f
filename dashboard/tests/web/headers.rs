//! The headers of every answer.

use axum::body::Body;

use crate::site::{Site, unlucky};

#[tokio::test]
async fn every_answer_tells_browsers_what_they_may_not_do() {
    let site = Site::local().await;
    let visitor = site.visitor().await;
    let mut answers = Vec::new();
    for path in ["", "nowhere", "api/session", "api/integrations", "api/nowhere", "api/syncs/1", "api/openapi.json"] {
        answers.push(visitor.get(path).await);
    }
    answers.push(site.stranger().get("api/integrations").await);
    answers.push(site.stranger().asking("evil.example").get("").await);
    answers.push(visitor.bare("DELETE", "api/charts").await);
    answers.push(unlucky().await.get("api/integrations").await);
    answers.push(visitor.body("PUT", "api/integrations/placer/settings", vec![b' '; 70_000]).await);
    let stream = visitor.open(visitor.request("GET", "api/stream").body(Body::empty()).unwrap()).await;
    let headers = answers.iter().map(|answer| (answer.status, &answer.headers));
    let mut seen = Vec::new();
    for (status, headers) in headers.chain([(200, stream.headers())]) {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let policy = header("content-security-policy");
        for rule in ["default-src 'none'", "script-src 'self'", "base-uri 'none'", "frame-ancestors 'none'"] {
            assert!(policy.split("; ").any(|known| known == rule), "{status}: {rule} in {policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains('*') && !policy.contains("http"), "{policy}");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin");
        assert!(header("permissions-policy").contains("camera=()"));
        let cache = header("cache-control");
        assert!(cache == "no-store" || cache.contains("private") || cache == "no-cache", "{status}: {cache}");
        seen.push(status);
    }
    for status in [200, 401, 404, 405, 413, 421, 500] {
        assert!(seen.contains(&status), "{status} in {seen:?}");
    }
    for answer in answers.iter().filter(|answer| answer.header("content-type") == Some("application/json")) {
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
}
