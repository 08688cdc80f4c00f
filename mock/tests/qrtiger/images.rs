//! Images, in all the forms they come in and go out by.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use connectors_core::{ErrorKind, HttpRequest, HttpResponse, Result, Transport, TransportError, Upload};
use connectors_mock::{Fault, InProcess, MockQrTiger, MockServer};
use connectors_qrtiger::{ImageFormat, QrTigerClient};

use crate::{PNG, client};

/// Answers instead of everything but what is fetched from another host, or only instead of that.
#[derive(Debug)]
struct Canned {
    face: InProcess,
    path: &'static str,
    content_type: &'static str,
    body: &'static [u8],
}

#[async_trait]
impl Transport for Canned {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        if !request.uri().path().starts_with(self.path) {
            return self.face.send(request).await;
        }
        let answer = http::Response::builder().header("content-type", self.content_type);
        Ok(answer.body(Bytes::from_static(self.body).into()).unwrap())
    }
}

fn canned(path: &'static str, content_type: &'static str, body: &'static [u8]) -> (MockQrTiger, QrTigerClient) {
    let mock = MockQrTiger::new();
    let transport = Canned { face: InProcess::new(mock.backend().clone()), path, content_type, body };
    let client = client(mock.backend(), |builder| builder.transport(Arc::new(transport)));
    (mock, client)
}

#[tokio::test]
async fn a_static_code_is_an_image_or_an_error() {
    for (content_type, body, media_type) in [
        ("image/png", &b"\x89PNG\r\n\x1a\n"[..], "image/png"),
        ("image/svg+xml", b"<?xml version='1.0'?><svg/>", "image/svg+xml"),
        ("application/json", br#"{"data":"iVBORw0KGgo=","url":"qr_1.png"}"#, "image/png"),
        ("application/json", br#"{"data":"data:image/png;base64,iVBORw0KGgo="}"#, "image/png"),
    ] {
        let code = canned("/api/qr/static", content_type, body).1.statics().create("x").await.unwrap();
        assert_eq!(code.image.media_type(), Some(media_type));
    }
    let at = canned("/api/qr/static", "application/json", br#"{"data":"https://m.example/a.png","url":"a.png"}"#);
    let code = at.1.statics().create("x").await.unwrap();
    assert_eq!((code.image.url().unwrap().as_str(), code.file.as_deref()), ("https://m.example/a.png", Some("a.png")));

    for (content_type, body, kind) in [
        ("image/png", &b""[..], ErrorKind::Decode),
        ("image/png", b"<html>busy</html>", ErrorKind::Decode),
        ("application/json", b"{}", ErrorKind::Decode),
        ("application/json", br#"{"data":null}"#, ErrorKind::Decode),
        ("application/json", br#"{"data":"bm90IGFuIGltYWdl"}"#, ErrorKind::Decode),
        ("application/json", br#"{"status":403}"#, ErrorKind::Auth),
        ("application/json", br#"{"status":"422","data":{"message":"bad colour"}}"#, ErrorKind::InvalidRequest),
    ] {
        let error = canned("/api/qr/static", content_type, body).1.statics().create("x").await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error:?}");
        assert_eq!((error.operation(), error.attempts()), ("statics.create", 1));
    }
}

#[tokio::test]
async fn the_images_of_a_code_are_fetched_without_the_key() -> Result<()> {
    for seed in 0..8 {
        let mock = MockQrTiger::builder().seed(seed).build()?;
        let campaigns = mock.client().campaigns();
        let made = campaigns.create("https://example.com/").await?;
        // The fake refuses a key at the host of the images.
        assert!(campaigns.download_image(&made, ImageFormat::Png).bytes().await?.starts_with(PNG), "seed {seed}");
        let listed = campaigns.list().collect_all().await?.remove(0);
        assert!(campaigns.download_image(&listed, ImageFormat::Svg).bytes().await?.starts_with(b"<svg"), "seed {seed}");
    }

    let mock = MockQrTiger::new();
    mock.fake().add("flyer", "https://example.com/", mock.backend().clock().now_utc());
    let code = mock.client().campaigns().list().collect_all().await?.remove(0);
    let png = || mock.client().campaigns().download_image(&code, ImageFormat::Png);
    mock.backend().script("images.download", [Fault::ResetAfter, Fault::Status(503), Fault::Truncated]);
    let path = std::env::temp_dir().join(format!("code-{}.png", std::process::id()));
    png().save(&path).await?;
    assert!(std::fs::read(&path).unwrap().starts_with(PNG));
    std::fs::remove_file(&path).unwrap();
    assert_eq!(png().max_bytes(20).bytes().await.unwrap_err().kind(), ErrorKind::BodyTooLarge);
    mock.backend().script("images.download", [Fault::Slow(std::time::Duration::from_secs(100))]);
    let started = mock.backend().clock().now();
    let error = png().timeout(std::time::Duration::from_secs(5)).bytes().await.unwrap_err();
    assert_eq!(
        (error.kind(), mock.backend().clock().now() - started),
        (ErrorKind::Timeout, std::time::Duration::from_secs(5))
    );
    assert_eq!(png().save("/nowhere/at/all.png").await.unwrap_err().kind(), ErrorKind::Storage);
    Ok(())
}

#[tokio::test]
async fn images_are_fetched_over_sockets_too() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let mock = MockQrTiger::new();
    let server = MockServer::start([("/qrtiger", mock.backend().clone())]).await?;
    let client = QrTigerClient::builder().api_key("mock-key").api_url(server.url("/qrtiger")).build()?;
    let made = client.campaigns().create("https://example.com/").await?;
    assert!(client.campaigns().download_image(&made, ImageFormat::Svg).bytes().await?.starts_with(b"<svg"));
    Ok(())
}

#[tokio::test]
async fn what_is_fetched_must_be_the_image() {
    for (body, said) in
        [(&b"<!doctype html><p>gone"[..], "no image"), (b"\xff\xd8\xff", "`image/jpeg`"), (b"", "no image")]
    {
        let (mock, client) = canned("/images/", "image/png", body);
        mock.fake().add("flyer", "https://example.com/", mock.backend().clock().now_utc());
        let code = client.campaigns().list().collect_all().await.unwrap().remove(0);
        let error = client.campaigns().download_image(&code, ImageFormat::Png).bytes().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(error.message().contains(said), "{error}");
    }
    let (mock, client) = canned("/api/data/", "application/json", br#"{"data":{"scans":1,"campaign":{"qrId":"A1"}}}"#);
    mock.fake().add("flyer", "https://example.com/", mock.backend().clock().now_utc());
    let code = client.campaigns().list().collect_all().await.unwrap().remove(0);
    let error = client.campaigns().download_image(&code, ImageFormat::Svg).bytes().await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::NotFound, "images.download"));
}

#[tokio::test]
async fn logos_arrive_as_they_are_from_memory_files_and_streams() -> Result<()> {
    let mock = MockQrTiger::new();
    let uploads = mock.client().uploads();
    let tricky = [PNG, &b"\r\n--connectors-0\r\n\r\n"[..]].concat();
    let path = std::env::temp_dir().join(format!("Logo {}.JPG", std::process::id()));
    std::fs::write(&path, vec![7; 100_000]).unwrap();
    uploads.image("Grüße.png", tricky.clone()).await?;
    uploads.file(&path).await?;
    std::fs::remove_file(&path).unwrap();
    let parts = || futures_util::stream::iter([PNG, b"more"].map(|part| Ok(Bytes::from_static(part))));
    uploads.stream("logo.png", Upload::stream(parts)).await?;
    let arrived = mock.fake().uploads();
    let kinds: Vec<_> = arrived.iter().map(|u| (u.content_type.as_str(), u.bytes.len())).collect();
    assert_eq!(kinds, [("image/png", tricky.len()), ("image/jpeg", 100_000), ("image/png", PNG.len() + 4)]);
    assert_eq!((&arrived[0].bytes[..], arrived[0].name.as_str()), (&tricky[..], "Grüße.png"));

    let field = |outcome: Result<String>| outcome.unwrap_err().field().unwrap().to_owned();
    assert_eq!(field(uploads.image("a.gif", &b"GIF89a"[..]).await), "image");
    assert_eq!(field(uploads.image("a\"b.png", PNG).await), "file_name");
    assert_eq!(field(uploads.file("/logo.tiff").await), "file_name");
    assert_eq!(uploads.file("/nowhere/logo.png").await.unwrap_err().kind(), ErrorKind::Storage);
    // Whether it arrived is not known, so it is not sent again.
    mock.backend().script("uploads.image", [Fault::ResetAfter]);
    let error = uploads.image("logo.png", PNG).await.unwrap_err();
    assert_eq!((error.maybe_applied(), error.attempts(), mock.fake().uploads().len()), (true, 1, 4));
    Ok(())
}
