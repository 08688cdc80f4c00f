//! Requests made from what is written down about QR TIGER, and what its answers are made of.
//!
//! Evidenced by working clients, or by the vendor: paths, headers, request bodies, the members of answers, errors inside
//! of 200, the upload. A guess, marked so below: what is answered to wrong requests, and to an unknown code.

use connectors_mock::MockQrTiger;
use serde_json::{Value, json};

use crate::raw::Raw;
use crate::shape::fits;

/// The forms of answers depend on the seed, as they do on the caller's luck.
const SEEDS: std::ops::Range<u64> = 0..6;

fn raw(seed: u64) -> (MockQrTiger, Raw) {
    let mock = MockQrTiger::builder().seed(seed).build().unwrap();
    let raw = Raw::new(mock.backend(), "https://api.qrtiger.com", "Bearer mock-key");
    let raw = raw.with(&[("accept", "application/json")]);
    (mock, raw)
}

fn design() -> Value {
    json!({
        "size": 500, "colorDark": "#5e0bf0", "backgroundColor": "#ffffff", "transparentBkg": false, "gradient": true,
        "grdType": "diagonal1", "color01": "#5e0bf0", "color02": "#f30505", "eye_color": true, "eye_color01": "#5e0bf0",
        "eye_color02": "#f30505", "eye_outer": "eyeOuter9", "eye_inner": "eyeInner0", "qrData": "pattern11",
        "qrFormat": "png", "logo": null, "frame": 15, "frameColor": null, "frameText": "SCAN ME",
    })
}

fn campaign() -> Value {
    json!({ "qr": design(), "qrUrl": "https://example.com/", "qrType": "qr2", "qrCategory": "url", "qrName": "A stand" })
}

/// Only what clients have read is required.
fn documented_campaign() -> Value {
    let mut shape = json!({ "shortUrl?": "text" });
    for (kind, names) in [
        (
            "text|null",
            "_id id qrId qrName qrType qrCategory redirectUrl qrImage svgImage qrConfig createdAt updatedAt urlUpdatedAt",
        ),
        ("text|object|null", "owner user subUserId"),
        ("whole|text", "scans scanCounter previousScan todayScan __v"),
        ("list", "murlData weekScans previousWeekScans scanData fileIds groupIds members"),
        ("flag", "scanLoop archive bulk blocked expireByIP"),
        ("object|null", "lock gpsTrackData watchList"),
        ("any", "expiryDate expiryScans fbProfileType"),
    ] {
        for name in names.split(' ') {
            shape[format!("{name}?")] = kind.into();
        }
    }
    shape
}

fn with(mut shape: Value, more: &Value) -> Value {
    shape.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    shape
}

async fn made(raw: &Raw) -> (Value, String) {
    let answer = raw.json("POST", "/api/campaign/", &campaign()).await.json(200);
    let id = answer.get("qrId").unwrap_or(&answer["data"]["qrId"]).as_str().unwrap().to_owned();
    (answer, id)
}

#[tokio::test]
async fn a_static_code_is_a_picture_in_text_or_plain() {
    for seed in SEEDS {
        let (_, raw) = raw(seed);
        for (format, media_type) in [("png", "image/png"), ("svg", "image/svg")] {
            let body =
                with(design(), &json!({ "qrCategory": "url", "text": "https://example.com/", "qrFormat": format }));
            let answer = raw.json("POST", "/api/qr/static", &body).await;
            let kind = answer.headers["content-type"].to_str().unwrap();
            if kind.starts_with("application/json") {
                fits(&answer.json(200), &json!({ "data": "text", "url": "text" }));
            } else {
                assert!(kind.starts_with(media_type) && answer.status == 200, "{kind}");
            }
        }
    }
}

#[tokio::test]
async fn a_campaign_is_created_with_its_id_in_one_of_two_places() {
    for seed in SEEDS {
        let (_, raw) = raw(seed);
        let (answer, id) = made(&raw).await;
        let shape = json!({ "data": documented_campaign(), "imageUrl?": "text", "qrId?": "text", "qrUrl?": "text" });
        fits(&answer, &shape);
        assert!(id.len() == 6 && id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()), "{id}");
        let image = answer.get("imageUrl").or(answer["data"].get("qrImage")).and_then(Value::as_str).unwrap();
        assert!(image.starts_with("https://") || image.starts_with("data:image/"), "{image}");
    }
}

#[tokio::test]
async fn vcards_are_json_in_text() {
    let (_, raw) = raw(7);
    let card = json!({ "name": "Mona", "company": "", "title": "", "email": "mona@example.com", "website": "", "fax": "",
        "phone": { "work": "", "private": "", "mobile": "" }, "smedia": {}, "theme": 1, "bg": false,
        "address": { "street": "", "city": "", "state": "", "country": "", "postal_code": "", "location": {} } });
    let body = with(campaign(), &json!({ "qrCategory": "Vcard", "qrUrl": card.to_string() }));
    fits(&raw.json("POST", "/api/campaign/", &body).await.json(200)["data"], &documented_campaign());
}

#[tokio::test]
async fn every_evidenced_edit_is_answered_and_seen_when_read_again() {
    for seed in SEEDS {
        let (_, raw) = raw(seed);
        let (_, id) = made(&raw).await;
        for (body, member, now) in [
            (json!({ "qrUrl": "https://example.com/a" }), "redirectUrl", "https://example.com/a"),
            (json!({ "qrName": "Renamed" }), "qrName", "Renamed"),
            (
                json!({ "qrUrl": "https://example.com/b", "qrType": "qr2", "qrCategory": "url" }),
                "redirectUrl",
                "https://example.com/b",
            ),
            (campaign(), "redirectUrl", "https://example.com/"),
        ] {
            let answer = raw.json("POST", &format!("/api/campaign/edit/{id}"), &body).await.json(200);
            fits(&answer, &json!({ "data": with(documented_campaign(), &json!({ "id": "text" })) }));
            let read = raw.get(&format!("/api/data/{id}")).await.json(200);
            assert_eq!(read["data"]["campaign"][member], now);
        }
    }
}

#[tokio::test]
async fn lists_are_bare_or_wrapped_and_end_with_a_short_page() {
    for seed in SEEDS {
        let (_, raw) = raw(seed);
        for _ in 0..3 {
            made(&raw).await;
        }
        let mut lengths = Vec::new();
        for page in 1..=2 {
            let answer = raw.get(&format!("/api/campaign?limit=2&page={page}")).await.json(200);
            let items = answer.get("data").unwrap_or(&answer);
            fits(items, &json!([with(documented_campaign(), &json!({ "qrId": "text" }))]));
            lengths.push(items.as_array().unwrap().len());
        }
        assert_eq!(lengths, [2, 1]);
    }
}

#[tokio::test]
async fn scans_are_told_for_every_period_that_is_written_of() {
    let (mock, _) = raw(7);
    let now = mock.backend().clock().now_utc().timestamp();
    for seed in SEEDS {
        let (_, raw) = raw(seed);
        let (_, id) = made(&raw).await;
        let day = json!({ "_id": { "year?": "whole", "month?": "whole", "day?": "whole", "hour?": "whole" }, "count": "whole" });
        let shape = json!({ "data": {
            "scans": "whole|text", "totalUniqueScan": "whole", "totalScanByDate": "whole", "totalUniqueScanByDate": "whole",
            "data": [{ "_id": { "device": "text|null", "loc": "text|null", "city": "text|null" }, "count": "whole" }],
            "device": [{ "_id": { "device?": "text|null" }, "count": "whole" }],
            "country": [{ "_id": { "loc": "text|null" }, "count": "whole" }],
            "city": [{ "_id": { "city": "text|null" }, "count": "whole" }],
            "graph": [day], "unique": [day], "smediaActivity": "list", "campaign": documented_campaign(),
        } });
        for query in [
            String::new(),
            format!("?period=day&tz=Asia/Singapore&timestamp={now}"),
            format!("?period=week&tz=Asia/Singapore&timestamp={now}"),
            format!("?period=month&tz=Europe/Berlin&timestamp={now}"),
            format!("?period=custom&tz=UTC&timestamp={}&endTimestamp={now}", now - 604_800),
            "?period=daysAll&tz=UTC".to_owned(),
        ] {
            fits(&raw.get(&format!("/api/data/{id}{query}")).await.json(200), &shape);
        }
    }
}

#[tokio::test]
async fn a_logo_is_uploaded_as_a_form() {
    let (_, raw) = raw(7);
    let form = raw.with(&[("content-type", "multipart/form-data; boundary=--b")]);
    let mut body = b"----b\r\nContent-Disposition: form-data; name=\"userFile\"; filename=\"logo.png\"\r\nContent-Type: image/png\r\n\r\n".to_vec();
    body.extend_from_slice(crate::PNG);
    body.extend_from_slice(b"\r\n----b--\r\n");
    let answer = form.send("POST", "/api/accounts/uploads/", body).await.json(200);
    fits(&answer, &json!({ "qrUrl": "text" }));
    assert!(answer["qrUrl"].as_str().unwrap().starts_with("https://"), "{answer}");
}

#[tokio::test]
async fn a_wrong_key_is_refused_inside_of_200() {
    let (_, raw) = raw(7);
    for key in ["Bearer wrong", ""] {
        let answer = raw.with(&[("authorization", key)]).get("/api/campaign?limit=1&page=1").await.json(200);
        assert_eq!(answer["status"], 403);
        assert!(answer.get("data").is_none_or(|data| data.get("qrId").is_none()), "{answer}");
    }
}

#[tokio::test]
async fn slashes_at_the_end_do_not_matter() {
    let (_, raw) = raw(7);
    let (_, id) = made(&raw).await;
    raw.json("POST", "/api/campaign", &campaign()).await.json(200);
    raw.get("/api/campaign/?limit=1&page=1").await.json(200);
    raw.json("POST", &format!("/api/campaign/edit/{id}/"), &json!({ "qrName": "x" })).await.json(200);
}

#[tokio::test]
async fn guessed_what_cannot_be_is_refused_with_a_message() {
    let (_, raw) = raw(7);
    let answers = [
        raw.get("/api/data/ZZZZZZ").await,
        raw.json("POST", "/api/campaign/edit/ZZZZZZ", &json!({ "qrUrl": "https://example.com/" })).await,
        raw.json("POST", "/api/campaign/", &json!({ "qrUrl": "https://example.com/" })).await,
        raw.get("/v1/qrcodes").await,
        raw.send("DELETE", "/api/qr/ABCDEF", "").await,
    ];
    for answer in answers {
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let failed = answer.status.as_u16() >= 400 || body["status"].as_u64().is_some_and(|status| status >= 400);
        assert!(failed, "{answer:?}");
    }
}
