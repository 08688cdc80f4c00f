use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use connectors_brandscopic::native::{Activity, Native, NewFile, RemoteEventId, StoredFile};
use connectors_brandscopic::{BrandscopicClient, Contract};
use connectors_core::{ErrorKind, Result, RetryPolicy, Transport, Upload};
use connectors_mock::{FakeBrandscopic, Fault, InProcess, MockBrandscopic, MockServer};
use http::{HeaderName, HeaderValue};

const JPEG: &[u8] = b"\xff\xd8\xff\xe0 a crowd";

fn mock() -> (MockBrandscopic, Native, RemoteEventId) {
    let mock = MockBrandscopic::builder().contract(Contract::Native).past_events(2).build().unwrap();
    let event = RemoteEventId::new(mock.fake().events()[0].id);
    let native = mock.client().native().unwrap().clone();
    (mock, native, event)
}

fn photo() -> NewFile {
    NewFile::new("crowd.jpg", JPEG)
}

#[tokio::test]
async fn a_photo_takes_three_steps_and_the_storage_learns_nothing_of_the_session() -> Result<()> {
    let (mock, native, event) = mock();
    let note = (HeaderName::from_static("x-request-note"), HeaderValue::from_static("canary"));
    let made = native.photos().upload(event, photo()).header(note.0, note.1).await?;
    assert_eq!((made.name.as_deref(), made.size, made.active), (Some("crowd.jpg"), Some(12), Some(true)));
    let journal = mock.backend().journal();
    let steps: Vec<_> = journal.iter().filter_map(|entry| entry.operation).collect();
    assert_eq!(steps, ["sessions.create", "photos.form", "uploads.store", "photos.create"]);
    let names: Vec<_> = journal[2].headers.keys().map(HeaderName::as_str).collect();
    assert_eq!(names, ["content-type"], "nothing that is meant for Brandscopic");
    assert_eq!(journal[1].headers["x-request-note"], "canary");
    assert_eq!(journal[3].headers["x-request-note"], "canary");
    Ok(())
}

#[tokio::test]
async fn smaller_pictures_come_a_little_later() -> Result<()> {
    let (mock, native, event) = mock();
    let photos = native.photos();
    let made = photos.upload(event, photo()).await?;
    assert_eq!((made.processed, made.thumbnail.is_none(), made.original.is_some()), (Some(false), true, true));
    mock.backend().advance(Duration::from_secs(60));
    let later = photos.list(event).await?.results.remove(0);
    assert_eq!((later.processed, later.thumbnail.is_some()), (Some(true), true));
    assert!(!format!("{later:?}").contains("attached_assets"), "{later:?}");
    Ok(())
}

#[tokio::test]
async fn a_form_that_fails_leaves_nothing() -> Result<()> {
    let (mock, native, event) = mock();
    mock.backend().script("photos.form", [Fault::Status(503); 9]);
    let error = native.photos().upload(event, photo()).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Server, "photos.form"));
    assert!(!error.maybe_applied() && error.is_retryable() && StoredFile::left_by(&error).is_none());
    assert!(mock.fake().stored_keys().is_empty());
    Ok(())
}

#[tokio::test]
async fn a_file_whose_storing_is_uncertain_is_stored_again_under_another_key() -> Result<()> {
    let (mock, native, event) = mock();
    let opened = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&opened);
    let content = Upload::reader(move || {
        counted.fetch_add(1, Ordering::Relaxed);
        Ok(io::Cursor::new(JPEG))
    });
    let file = || NewFile::new("crowd.jpg", content.clone().length(JPEG.len() as u64));
    mock.backend().script("uploads.store", [Fault::ResetAfter, Fault::Status(503), Fault::Truncated]);
    native.photos().upload(event, file()).await?;
    assert_eq!(opened.load(Ordering::Relaxed), 4, "read anew for each request");
    let mut keys = mock.fake().stored_keys();
    assert!(keys.iter().all(|key| key.starts_with("uploads/") && key.ends_with("/crowd.jpg")), "{keys:?}");
    keys.dedup();
    assert_eq!(keys.len(), 3, "those that were carried out, each under its own");
    assert_eq!(native.photos().list(event).await?.total, 1);

    // What nobody knows the outcome of is nothing that anybody sees: the whole can be done again.
    mock.backend().script("uploads.store", [Fault::ResetAfter]);
    let error = native.photos().upload(event, file()).retry(RetryPolicy::never()).await.unwrap_err();
    assert!(!error.maybe_applied() && error.is_retryable(), "{error}");
    assert_eq!(native.photos().list(event).await?.total, 1);
    Ok(())
}

#[tokio::test]
async fn a_file_that_is_stored_and_not_registered_is_told_and_registered_once() -> Result<()> {
    let (mock, native, event) = mock();
    let photos = native.photos();
    mock.backend().script("photos.create", [Fault::ResetBefore]);
    let error = photos.upload(event, photo()).await.unwrap_err();
    assert!(error.maybe_applied(), "it is registered, or it is not");
    let left = StoredFile::left_by(&error).unwrap();
    assert!(!format!("{error:?} {error:#} {left:?}").contains("/uploads/"), "{error:?}");
    photos.create(event, left).await?;
    assert_eq!(photos.list(event).await?.total, 1);

    mock.backend().script("photos.create", [Fault::ResetAfter]);
    let error = photos.upload(event, photo()).await.unwrap_err();
    let again = photos.create(event, StoredFile::left_by(&error).unwrap()).await.unwrap_err();
    assert_eq!((again.kind(), again.field()), (ErrorKind::InvalidRequest, Some("direct_upload_url")));
    assert!(!again.maybe_applied());
    assert_eq!(photos.list(event).await?.total, 2, "no third one");
    assert_eq!(mock.backend().count("photos.create"), 4, "never repeated by itself");
    Ok(())
}

#[tokio::test]
async fn the_session_may_end_between_the_steps() -> Result<()> {
    let (mock, native, event) = mock();
    let form = native.photos().form(event).await?;
    mock.fake().expire_token();
    native.photos().upload(event, photo()).await?;
    assert_eq!(mock.backend().count("sessions.create"), 2);
    let shown = format!("{form:?}");
    let secrets = form.fields.iter().filter(|(name, _)| matches!(name.as_str(), "policy" | "signature"));
    for (name, value) in secrets {
        let value = secrecy::ExposeSecret::expose_secret(value);
        assert!(!value.is_empty() && shown.contains(name) && !shown.contains(value), "{shown}");
    }
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_a_photo_is_refused_before_anything_is_sent() -> Result<()> {
    let (mock, native, event) = mock();
    let photos = native.photos();
    let refused = async |file| photos.upload(event, file).await.unwrap_err();
    for (file, field) in [
        (NewFile::new("plan.pdf", "%PDF"), "file.content_type"),
        (NewFile::new("a/b.jpg", JPEG), "file.name"),
        (NewFile::new("crowd.jpg", ""), "file"),
        (NewFile::new("crowd.jpg", Upload::reader(|| Ok(io::empty()))), "file"),
    ] {
        let error = refused(file).await;
        assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidRequest, Some(field)));
    }
    let error = photos.create(event, &StoredFile::new("https://elsewhere.test/crowd.jpg")).await.unwrap_err();
    assert_eq!((error.field(), error.attempts()), (Some("direct_upload_url"), 0));
    assert_eq!(mock.backend().journal().len(), 0);
    let missing = refused(NewFile::path("/nowhere/crowd.jpg")).await;
    assert_eq!((missing.kind(), mock.backend().count("uploads.store")), (ErrorKind::Storage, 0));
    let error = photos.upload(event, NewFile::new("plan.pdf", "%PDF")).skip_validation().await.unwrap_err();
    assert_eq!(error.field(), Some("file_content_type"), "Brandscopic refuses it, too");
    Ok(())
}

#[tokio::test]
async fn photos_are_filtered_limited_and_deactivated_but_not_paged() -> Result<()> {
    let (mock, native, event) = mock();
    let photos = native.photos();
    for _ in 0..31 {
        photos.upload(event, photo()).await?;
    }
    let list = photos.list(event).await?;
    assert_eq!((list.total, list.results.len()), (31, 30));
    photos.update(event, list.results[0].id, false).await?;
    assert_eq!(photos.list(event).statuses([Activity::Inactive]).await?.total, 1);
    let elsewhere = RemoteEventId::new(mock.fake().events()[1].id);
    let error = photos.update(elsewhere, list.results[0].id, true).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);

    mock.fake().limit(mock.fake().events()[0].project, "photos", None, Some(31));
    let error = photos.upload(event, photo()).await.unwrap_err();
    assert_eq!((error.kind(), error.field(), error.maybe_applied()), (ErrorKind::InvalidRequest, Some("base"), false));
    Ok(())
}

#[tokio::test]
async fn documents_live_longer_than_their_addresses() -> Result<()> {
    let (mock, native, event) = mock();
    let documents = native.documents();
    let made = documents.upload(event, NewFile::new("Plan; (2).pdf", "%PDF")).await?;
    let all = documents.list(event).await?;
    let plan = all.iter().find(|document| document.id == made.id).unwrap();
    assert_eq!((plan.file_name.as_deref(), plan.name.as_deref()), (Some("Plan; (2).pdf"), Some("Plan; (2)")));
    let guide = all.iter().find(|document| document.id != made.id).unwrap();
    assert_eq!(guide.parent.as_ref().map(ToString::to_string).as_deref(), Some("campaign"));
    assert!(!format!("{plan:?}").contains("Signature"), "{plan:?}");
    for document in [plan, guide] {
        assert!(documents.download(document).bytes().await?.starts_with(b"%PDF"));
    }
    let fetched = mock.backend().journal().last().cloned().unwrap();
    assert_eq!((fetched.operation, fetched.headers.len()), (Some("uploads.download"), 0));
    mock.backend().advance(Duration::from_secs(301));
    let old = documents.download(plan).bytes().await.unwrap_err();
    assert_eq!(old.kind(), ErrorKind::NotFound);
    assert!(!format!("{old:?}").contains("Signature"));
    Ok(())
}

#[tokio::test]
async fn the_answer_to_a_field_is_uploaded_in_two_steps() -> Result<()> {
    let (mock, native, event) = mock();
    mock.backend().script("uploads.store", [Fault::ResetAfter]);
    let stored = native.activities().upload(event, NewFile::new("menu.pdf", "%PDF")).await?;
    let last = mock.fake().stored_keys().pop().unwrap();
    assert!(stored.address().ends_with(&last), "where the second try has put it");
    assert_eq!(mock.backend().count("uploads.store"), 2);
    let error = native.activities().upload(event, NewFile::new("a/b.pdf", "%PDF")).await.unwrap_err();
    assert_eq!((error.field(), error.attempts()), (Some("file.name"), 0));
    Ok(())
}

#[tokio::test]
async fn a_form_is_good_for_an_hour_and_its_storage_is_strict() -> Result<()> {
    let (mock, native, event) = mock();
    let form = native.photos().form(event).await?;
    let post = async |fields: &[(&str, &str)]| {
        let part = |(name, value): &(&str, &str)| {
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let fields: String = fields.iter().map(part).collect();
        let file = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n\
                    Content-Type: image/jpeg\r\n\r\nx\r\n--b--\r\n";
        let request = http::Request::post(&form.url).header("content-type", "multipart/form-data; boundary=b");
        let request = request.body(Bytes::from(fields + file)).unwrap();
        InProcess::new(mock.backend().clone()).send(request).await.unwrap().status().as_u16()
    };
    let value = |name: &str, value: &secrecy::SecretString| match name {
        "key" => "uploads/here/${filename}".to_owned(),
        _ => secrecy::ExposeSecret::expose_secret(value).to_owned(),
    };
    let fields: Vec<_> = form.fields.iter().map(|(name, held)| (name.as_str(), value(name, held))).collect();
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(post(&fields).await, 201);
    let with = |name: &str, to: &'static str| -> Vec<(&str, &str)> {
        fields.iter().map(|&(known, value)| (known, if known == name { to } else { value })).collect()
    };
    assert_eq!(post(&with("key", "elsewhere/a.jpg")).await, 403);
    assert_eq!(post(&with("signature", "x")).await, 403);
    assert_eq!(post(&fields[1..]).await, 403);
    let reversed: Vec<_> = fields.iter().rev().copied().collect();
    assert_eq!(post(&reversed).await, 403);
    mock.backend().advance(Duration::from_secs(3601));
    assert_eq!(post(&fields).await, 403);
    Ok(())
}

#[tokio::test]
async fn over_sockets_files_come_and_go_as_well() -> Result<()> {
    let (mock, _, event) = mock();
    let server = MockServer::start([("/brandscopic", mock.backend().clone())]).await.unwrap();
    let client = BrandscopicClient::builder()
        .native(server.url("/brandscopic"), FakeBrandscopic::EMAIL, FakeBrandscopic::PASSWORD)
        .clock(Arc::clone(mock.backend().clock()))
        .build()?;
    let photos = client.native()?.photos();
    let content = Upload::reader(|| Ok(io::Read::take(io::repeat(b'x'), 200_000))).length(200_000);
    let made = photos.upload(event, NewFile::new("crowd.png", content)).await?;
    assert_eq!(made.size, Some(200_000));
    assert_eq!(photos.download(&made).bytes().await?.len(), 200_000);
    let stored = mock.backend().journal().of("uploads.store").remove(0);
    let mut names: Vec<_> = stored.headers.keys().map(HeaderName::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["accept", "accept-encoding", "content-length", "content-type", "host"]);
    Ok(())
}
