//! What the provider offers besides the service.

use bytes::Bytes;
use chrono::TimeDelta;
use connectors_core::{ErrorKind, Result};
use connectors_mock::MockQrTiger;
use connectors_qrtiger::{
    Campaign, Category, Color, DataPeriod, Design, ImageFormat, ListQrCodes, QrTigerErrorExt, QrTigerService, VCard,
};
use http::Method;

const PAGE: &str = "https://example.com/menu";

#[tokio::test]
async fn a_long_list_is_read_to_its_end() -> Result<()> {
    let mock = MockQrTiger::new();
    let at = mock.backend().clock().now_utc() - TimeDelta::days(1);
    for number in 0..230 {
        mock.fake().add(&format!("flyer {number}"), "https://example.com/flyer", at);
    }
    assert_eq!(mock.list_qr_codes(ListQrCodes::new()).await?.len(), 230);
    assert_eq!(mock.backend().count("campaigns.list"), 3);

    let mut pager = mock.client().campaigns().list();
    for _ in 0..150 {
        pager.next().await.unwrap()?;
    }
    let rest = mock.client().campaigns().list_from(pager.cursor().cloned()).collect_all().await?;
    assert_eq!(rest.len(), 130, "from the page on that was not read to its end");

    let mut pager = mock.client().campaigns().list();
    let mut seen = vec![pager.next().await.unwrap()?];
    mock.fake().add("made meanwhile", "https://example.com/new", at);
    while let Some(campaign) = pager.next().await {
        seen.push(campaign?);
    }
    assert_eq!(seen.len(), 230, "a code that was pushed on to the next page comes once");
    Ok(())
}

#[tokio::test]
async fn no_code_is_lost_where_pages_are_smaller_than_asked_for() -> Result<()> {
    // Codes, the provider's largest page, and the requests that it takes to know that there are no more.
    for (codes, largest, requests) in
        [(0, 50, 1), (7, 50, 2), (50, 50, 2), (120, 50, 3), (150, 50, 4), (99, 500, 2), (100, 500, 2), (101, 500, 2)]
    {
        let mock = MockQrTiger::new();
        mock.fake().largest_page(largest);
        let at = mock.backend().clock().now_utc();
        for number in 0..codes {
            mock.fake().add(&format!("flyer {number}"), PAGE, at);
        }
        assert_eq!(mock.list_qr_codes(ListQrCodes::new()).await?.len(), codes, "pages of {largest}");
        assert_eq!(mock.backend().count("campaigns.list"), requests, "{codes} in pages of {largest}");
    }
    Ok(())
}

#[tokio::test]
async fn static_codes_come_in_every_form() -> Result<()> {
    for seed in 0..3 {
        let mock = MockQrTiger::builder().seed(seed).build()?;
        let create = mock.client().statics().create("https://example.com/menu");
        let png = create.clone().await?.image;
        assert!(png.bytes().unwrap().starts_with(b"\x89PNG"), "seed {seed}: {png:?}");
        let svg = create.design(Design::new().format(ImageFormat::Svg)).await?.image;
        assert_eq!(svg.media_type(), Some("image/svg+xml"), "seed {seed}");
    }
    Ok(())
}

#[tokio::test]
async fn the_native_api_makes_edits_uploads_and_passes_through() -> Result<()> {
    let mock = MockQrTiger::new();
    let campaigns = mock.client().campaigns();
    let logo =
        mock.client().uploads().image("logo.png", Bytes::from_static(b"\x89PNG\r\n\x1a\n--connectors-image--")).await?;
    let made = campaigns.create("Hello").category(Category::Text).design(Design::new().logo(logo)).send().await?;
    assert_eq!((made.meta().attempts, made.category.as_str()), (1, "text"));
    campaigns.edit(&made.id).name("Greeting").await?;
    let read: Campaign = mock.client().tracking().data(&made.id).await?.campaign.unwrap();
    assert_eq!((read.name.as_str(), read.content.as_deref()), ("Greeting", Some("Hello")));

    let raw = mock.client().request(&Method::GET, "/api/campaign?limit=1&page=1").send_bytes().await?;
    assert!(String::from_utf8_lossy(&raw).contains(made.id.as_str()));

    let field = |outcome: Result<()>| outcome.unwrap_err().field().unwrap().to_owned();
    let now = mock.backend().clock().now_utc();
    let data = || mock.client().tracking().data(&made.id).period(DataPeriod::Custom);
    let backwards = data().timestamp(now).end_timestamp(now - TimeDelta::seconds(1));
    assert_eq!(field(backwards.await.map(drop)), "end_timestamp");
    assert_eq!(field(data().timestamp(now + TimeDelta::seconds(1)).await.map(drop)), "timestamp");
    assert_eq!(field(campaigns.edit(&made.id).await), "edit");
    assert_eq!(field(campaigns.edit(&made.id).design(Design::new()).await), "destination");
    assert_eq!(field(campaigns.create("not a link").await.map(drop)), "content");
    assert_eq!(field(campaigns.page(0).await.map(drop)), "page");
    // Left to the provider, it is refused there.
    let error = campaigns.create("").skip_validation().await.unwrap_err();
    assert_eq!((error.kind(), error.body_status()), (ErrorKind::InvalidRequest, Some(400)));
    assert_eq!(error.message(), "qrUrl is required");
    Ok(())
}

#[tokio::test]
async fn a_host_has_its_own_paths_and_no_others() -> Result<()> {
    let paths =
        |mock: &MockQrTiger| mock.backend().journal().iter().map(|entry| entry.path.clone()).collect::<Vec<_>>();
    let mock = MockQrTiger::builder().legacy_host().build()?;
    let id = mock.client().campaigns().create("https://example.com/").await?.id;
    mock.client().tracking().data(&id).await?;
    mock.client().uploads().image("a.png", crate::PNG).await?;
    mock.client().statics().create("x").await?;
    mock.client().campaigns().edit(&id).name("flyer").await?;
    let of_old = ["/api/campaign/", &format!("/data/{id}"), "/accounts/uploads", "/api/qr/static"];
    assert_eq!(paths(&mock)[..4], of_old);
    let error = crate::client(mock.backend(), |builder| builder).tracking().data(&id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "the current paths are not there");
    let current = MockQrTiger::new();
    let error = crate::client(current.backend(), connectors_qrtiger::QrTigerBuilder::legacy_host)
        .tracking()
        .data(&id)
        .await
        .unwrap_err();
    assert_eq!((error.kind(), paths(&current)[0].as_str()), (ErrorKind::NotFound, of_old[1]));
    Ok(())
}

#[tokio::test]
async fn a_card_and_a_restyled_code_are_read_back() -> Result<()> {
    let mock = MockQrTiger::new();
    let campaigns = mock.client().campaigns();
    let read = async |id| Ok::<_, connectors_core::Error>(mock.client().tracking().data(id).await?.campaign.unwrap());
    let card = campaigns.create_vcard(&VCard::new("Ada").city("Berlin")).await?;
    let kept = read(&card.id).await?.vcard().unwrap();
    campaigns.edit(&card.id).vcard(&kept.company("Example Drinks")).await?;
    let kept = read(&card.id).await?.vcard().unwrap();
    assert_eq!((kept.city.as_deref(), kept.company.as_deref()), (Some("Berlin"), Some("Example Drinks")));

    let made = campaigns.create(PAGE).design(Design::new().size(900).extra("frameColor2", "red")?).await?;
    let design = read(&made.id).await?.design.unwrap().color(Color::new("navy")?);
    campaigns.edit(&made.id).destination(&crate::url(PAGE)).design(design).await?;
    let read = read(&made.id).await?;
    let design = read.design.unwrap();
    assert_eq!((design.size, design.get::<String>("frameColor2").as_deref()), (Some(900), Some("red")));
    assert_eq!((design.color.unwrap().as_str(), read.destination_changed_at), ("navy", None));

    let field = |outcome: Result<Campaign>| outcome.unwrap_err().field().unwrap().to_owned();
    let before = mock.backend().journal().len();
    assert_eq!(field(campaigns.create_vcard(&VCard::new(" ")).await), "vcard.name");
    assert_eq!(field(campaigns.create("Ada").category(Category::VCard).await), "content");
    assert_eq!(mock.backend().journal().len(), before);
    Ok(())
}

#[tokio::test]
async fn the_fake_is_strict() -> Result<()> {
    let mock = MockQrTiger::new();
    let post = async |path: &str, body: serde_json::Value| {
        mock.client().request(&Method::POST, path).json(&body).send_bytes().await.map(drop).unwrap_err()
    };
    let json =
        serde_json::json!({"qr": {"sise": 500}, "qrUrl": "https://a.example", "qrType": "qr2", "qrCategory": "url"});
    assert_eq!(post("/api/campaign/", json).await.message(), "sise is not allowed");
    let json =
        serde_json::json!({"qr": {"size": "500"}, "qrUrl": "https://a.example", "qrType": "qr2", "qrCategory": "url"});
    assert_eq!(post("/api/campaign/", json).await.message(), "size must be a number");
    let json = serde_json::json!({"text": "x", "qrFormat": "gif"});
    assert_eq!(post("/api/qr/static", json).await.message(), "qrFormat gif is not supported");
    assert_eq!(post("/v1/qrcodes", serde_json::json!({})).await.kind(), ErrorKind::NotFound);
    let get = async |path: &str| mock.client().request(&Method::GET, path).send_bytes().await.unwrap_err();
    assert_eq!(get("/api/campaign?startDate=1").await.message(), "startDate is not a parameter");
    assert_eq!(
        get("/api/data/AAAAAA?period=custom&timestamp=1").await.message(),
        "custom needs timestamp and endTimestamp"
    );
    assert!(mock.fake().codes().is_empty());
    Ok(())
}
