//! What hangs on sheets and rows: files, discussions, proofs, summaries, images.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use connectors_core::{Error, ErrorKind, Transport, Upload};
use connectors_mock::{Fault, InProcess, MockServer, MockSmartsheet};
use connectors_smartsheet::{
    AttachmentSubType, AttachmentType, CellInput, ColumnType, DiscussionInclude, Email, ErrorCode, ExportFormat,
    Hyperlink, ImageId, NewComment, NewDiscussion, NewFile, NewLink, NewSummaryField, ObjectValue, PaperSize,
    ParentType, ProofType, RowId, SheetId, SheetInclude, SmartsheetClient, SmartsheetErrorExt, SummaryExclude,
    SummaryFieldUpdate, SummaryInclude,
};
use http::{HeaderName, HeaderValue, Method};

use crate::client;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\0\x80";

fn stores(mock: &MockSmartsheet) -> (SmartsheetClient, SheetId, Vec<RowId>) {
    let sheet = mock.store_list_id();
    (mock.client().clone(), sheet, mock.fake().rows(sheet).iter().map(|row| row.id).collect())
}

fn code(error: &Error) -> Option<u32> {
    error.smartsheet_code().map(ErrorCode::get)
}

#[tokio::test]
async fn a_file_is_fetched_from_another_origin_that_learns_nothing_of_the_token() {
    let mock = MockSmartsheet::new();
    let client = client(mock.backend(), |builder| builder.change_agent("fizz"));
    let (sheet, attachments) = (mock.store_list_id(), client.attachments());
    let file = attachments.attach_to_sheet(sheet, NewFile::new("Grüße \"1\".txt", "hello")).await.unwrap();
    assert_eq!((file.name.as_str(), file.mime_type.as_deref()), ("Grüße \"1\".txt", Some("text/plain")));
    assert_eq!((file.parent_type, file.parent_id), (Some(ParentType::Sheet), Some(sheet.get())));
    let uploaded = mock.backend().journal().last().cloned().unwrap();
    let disposition = "attachment; filename=\"Gr%C3%BC%C3%9Fe%20%221%22.txt\"";
    assert_eq!(uploaded.headers["content-disposition"], disposition);

    // The token goes with the request for the address alone, and the fetch is repeated as a read is.
    mock.backend().script("attachments.download", [Fault::Status(503), Fault::ResetBefore]);
    let test = (HeaderName::from_static("x-note"), HeaderValue::from_static("for Smartsheet"));
    let mut read = Vec::new();
    assert_eq!(attachments.download(sheet, file.id).header(test.0, test.1).write_to(&mut read).await.unwrap(), 5);
    assert_eq!(read, b"hello");
    let journal = mock.backend().journal();
    let asked = &journal[journal.len() - 4];
    assert!(asked.headers.contains_key("authorization") && asked.headers.contains_key("x-note"));
    for fetched in &journal[journal.len() - 3..] {
        assert_eq!(fetched.operation, Some("attachments.download"));
        assert!(fetched.headers.is_empty(), "{:?}", fetched.headers);
    }

    let held = attachments.get(sheet, file.id).await.unwrap();
    let url = held.url.clone().unwrap();
    assert!(url.expose().starts_with("https://files.smartsheet.test/"), "another origin than the API's");
    assert!(!format!("{held:?}").contains("Signature"), "{held:?}");
    mock.backend().script("attachments.download", [Fault::Status(500); 20]);
    let error = attachments.download(sheet, file.id).bytes().await.unwrap_err();
    assert!(!format!("{error:?} {error:#}").contains("files.smartsheet"), "{error:?}");
}

#[tokio::test]
async fn a_download_that_breaks_off_is_no_file_and_an_old_address_opens_nothing() {
    let mock = MockSmartsheet::new();
    let (client, sheet, _) = stores(&mock);
    let attachments = client.attachments();
    let file = attachments.attach_to_sheet(sheet, NewFile::new("a.bin", vec![7; 100_000])).await.unwrap();
    assert_eq!(file.size_in_kb, Some(98));
    mock.backend().script("attachments.download", [Fault::Truncated]);
    let error = attachments.download(sheet, file.id).write_to(&mut io::sink()).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Interrupted, "attachments.download"));
    let error = attachments.download(sheet, file.id).max_bytes(1000).bytes().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BodyTooLarge);
    assert_eq!(attachments.download(sheet, file.id).bytes().await.unwrap().len(), 100_000);

    let url = attachments.get(sheet, file.id).await.unwrap().url.unwrap();
    let fetch = async || {
        let request = http::Request::get(url.expose()).body(Bytes::new()).unwrap();
        InProcess::new(mock.backend().clone()).send(request).await.unwrap().status().as_u16()
    };
    assert_eq!(fetch().await, 200);
    mock.backend().advance(Duration::from_secs(121));
    assert_eq!(fetch().await, 403);

    let link = attachments.attach_to_sheet(sheet, NewLink::new("Page", "https://fizz.example")).await.unwrap();
    let error = attachments.download(sheet, link.id).bytes().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "what a link leads to is not Smartsheet's");
}

#[tokio::test]
async fn over_sockets_files_come_and_go_as_well() {
    let mock = MockSmartsheet::new();
    let server = MockServer::start([("/smartsheet", mock.backend().clone())]).await.unwrap();
    let client = SmartsheetClient::builder()
        .access_token("mock-key")
        .api_url(format!("{}/2.0", server.url("/smartsheet")))
        .clock(Arc::clone(mock.backend().clock()))
        .build()
        .unwrap();
    let sheet = mock.store_list_id();
    let content = || Upload::reader(|| Ok(io::Read::take(io::repeat(b'x'), 200_000))).length(200_000);
    let file = client.attachments().attach_to_sheet(sheet, NewFile::new("x.txt", content())).await.unwrap();
    assert_eq!(mock.backend().journal()[0].headers["content-length"], "200000");
    let mut read = Vec::new();
    client.attachments().download(sheet, file.id).write_to(&mut read).await.unwrap();
    assert_eq!(read, vec![b'x'; 200_000]);
    let fetched = mock.backend().journal().last().cloned().unwrap();
    assert_eq!(fetched.operation, Some("attachments.download"));
    assert!(!fetched.headers.contains_key("authorization") && !fetched.headers.contains_key("user-agent"));
    let talk = NewDiscussion::new(NewComment::new("Look").file(NewFile::new("y.txt", content())));
    let talk = client.discussions().create_on_sheet(sheet, talk).await.unwrap();
    assert_eq!(talk.comment_attachments[0].size_in_kb, Some(196));
}

#[tokio::test]
async fn files_that_cannot_be_taken_are_refused_before_anything_is_sent() {
    let mock = MockSmartsheet::new();
    let (client, sheet, rows) = stores(&mock);
    let attachments = client.attachments();
    let unknown = || Upload::reader(|| Ok(io::empty()));
    let large = NewFile::new("a.bin", unknown().length((30 << 20) + 1));
    let error = attachments.attach_to_row(sheet, rows[0], large).await.unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidRequest, Some("file")));
    let error = attachments.attach_to_row(sheet, rows[0], NewFile::new("a.bin", unknown())).await.unwrap_err();
    assert_eq!((code(&error), error.field()), (Some(1075), Some("file")));
    let error = attachments.attach_to_sheet(sheet, NewFile::new("", "x")).await.unwrap_err();
    assert_eq!(error.field(), Some("file.name"));
    let missing = attachments.attach_to_sheet(sheet, NewFile::path("/nowhere/plan.pdf")).await.unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::Storage);
    let link = |kind| NewLink::new("x", "https://fizz.example").kept_at(kind);
    let error = attachments.attach_to_sheet(sheet, link(AttachmentType::File)).await.unwrap_err();
    assert_eq!((code(&error), error.field()), (Some(1031), Some("attachmentType")));
    let divided = link(AttachmentType::Dropbox).sub_type(AttachmentSubType::Pdf);
    let error = attachments.attach_to_sheet(sheet, divided.clone()).await.unwrap_err();
    assert_eq!(error.field(), Some("attachmentSubType"));
    assert_eq!(mock.backend().journal().len(), 0);
    let error = attachments.attach_to_sheet(sheet, divided).skip_validation().await.unwrap_err();
    assert_eq!(code(&error), Some(1031), "the service refuses it, too");
    let drive = link(AttachmentType::GoogleDrive).sub_type(AttachmentSubType::Spreadsheet).description("Costs");
    let drive = attachments.attach_to_sheet(sheet, drive).await.unwrap();
    assert_eq!(drive.description.as_deref(), Some("Costs"));
    assert_eq!(drive.url.unwrap().expose(), "https://fizz.example");
}

#[tokio::test]
async fn an_upload_is_not_repeated_once_it_may_have_been_taken() {
    let mock = MockSmartsheet::new();
    let (client, sheet, rows) = stores(&mock);
    let opened = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&opened);
    let upload = Upload::reader(move || {
        counted.fetch_add(1, Ordering::Relaxed);
        Ok(io::Read::take(io::repeat(1), 10))
    });
    let file = NewFile::new("a.bin", upload.length(10));
    mock.backend().script("attachments.attach_to_row", [Fault::Throttle(None), Fault::ResetAfter]);
    let error = client.attachments().attach_to_row(sheet, rows[3], file).await.unwrap_err();
    assert!(error.maybe_applied() && !error.is_retryable(), "{error}");
    assert_eq!((error.attempts(), opened.load(Ordering::Relaxed)), (2, 2), "what was turned away is read anew");
    assert_eq!(client.attachments().of_row(sheet, rows[3]).await.unwrap().data.len(), 1);
}

#[tokio::test]
async fn versions_of_a_file_stand_in_for_each_other() {
    let mock = MockSmartsheet::new();
    let (client, sheet, rows) = stores(&mock);
    let attachments = client.attachments();
    let version = client.sheets().version(sheet).await.unwrap();
    let file = |text: &'static str| NewFile::new("plan.txt", text);
    let first = attachments.attach_to_row(sheet, rows[4], file("1")).await.unwrap();
    let second = attachments.add_version(sheet, first.id, file("2")).await.unwrap();
    let third = attachments.add_version(sheet, second.id, file("3")).await.unwrap();
    assert_eq!(client.sheets().version(sheet).await.unwrap(), version + 3, "the sheet has changed");
    let ids = |list: &[connectors_smartsheet::Attachment]| list.iter().map(|one| one.id).collect::<Vec<_>>();
    let versions = attachments.versions(sheet, first.id).page_size(1).pager().collect_all().await.unwrap();
    assert_eq!(ids(&versions), [third.id, second.id, first.id]);
    assert_eq!(ids(&attachments.of_row(sheet, rows[4]).await.unwrap().data), [third.id]);
    attachments.delete(sheet, third.id).await.unwrap();
    assert_eq!(ids(&attachments.of_row(sheet, rows[4]).await.unwrap().data), [second.id]);
    assert_eq!(attachments.download(sheet, first.id).bytes().await.unwrap(), "1");

    let link = attachments.attach_to_sheet(sheet, NewLink::new("Page", "https://fizz.example")).await.unwrap();
    let error = attachments.add_version(sheet, link.id, file("x")).await.unwrap_err();
    assert_eq!(code(&error), Some(1100));
    let talk = NewDiscussion::new(NewComment::new("Look").file(file("x")));
    let talk = client.discussions().create_on_row(sheet, rows[4], talk).await.unwrap();
    let error = attachments.add_version(sheet, talk.comment_attachments[0].id, file("x")).await.unwrap_err();
    assert_eq!(code(&error), Some(1101));
    attachments.delete_versions(sheet, first.id).await.unwrap();
    let left = attachments.of_row(sheet, rows[4]).await.unwrap().data;
    assert_eq!(left[0].parent_type, Some(ParentType::Comment), "a row shows what hangs on its comments");
    assert_eq!(attachments.get(sheet, second.id).await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn a_comment_and_its_file_travel_together() {
    let mock = MockSmartsheet::new();
    let (client, sheet, rows) = stores(&mock);
    let (talks, comments) = (client.discussions(), client.comments());
    // Bytes that look like the end of a part are part of the file.
    let tricky = "--\r\n--connectors-\r\n\r\nContent-Disposition: form-data; name=\"comment\"\r\n\r\n";
    let comment = NewComment::new("Grüße\r\n--").file(NewFile::new("a \"b\".csv", tricky));
    let talk = talks.create_on_row(sheet, rows[5], NewDiscussion::new(comment).title("Files")).await.unwrap();
    assert_eq!((talk.title.as_deref(), talk.comment_count), (Some("Files"), Some(1)));
    assert_eq!((talk.comments[0].text.as_str(), talk.parent_type), ("Grüße\r\n--", Some(ParentType::Row)));
    let file = &talk.comments[0].attachments[0];
    assert_eq!((file.name.as_str(), file.mime_type.as_deref()), ("a \"b\".csv", Some("text/csv")));
    assert_eq!(client.attachments().download(sheet, file.id).bytes().await.unwrap(), tricky);

    let answer =
        comments.add(sheet, talk.id, NewComment::new("Me too").file(NewFile::new("b.png", PNG))).await.unwrap();
    assert_eq!(answer.attachments[0].mime_type.as_deref(), Some("image/png"));
    assert_eq!(client.attachments().of_discussion(sheet, talk.id).await.unwrap().data.len(), 2);
    let plain = talks.of_row(sheet, rows[5]).await.unwrap().data;
    assert!(plain[0].comments.is_empty() && plain[0].comment_attachments.is_empty(), "only where asked for");
    let both = talks.of_row(sheet, rows[5]).include([DiscussionInclude::Comments, DiscussionInclude::Attachments]);
    let both = both.await.unwrap().data;
    assert_eq!((both[0].comments.len(), both[0].comment_attachments.len()), (2, 2));

    mock.backend().advance(Duration::from_secs(60));
    let changed = comments.update(sheet, answer.id, "Me neither").await.unwrap();
    assert!(changed.modified_at > changed.created_at);
    comments.delete(sheet, answer.id).await.unwrap();
    assert_eq!(client.attachments().of_discussion(sheet, talk.id).await.unwrap().data.len(), 1, "the file went along");
    let error = comments.add(sheet, talk.id, " ").await.unwrap_err();
    assert_eq!((error.field(), code(&error)), (Some("text"), Some(1012)));
    let error = talks.create_on_sheet(sheet, NewDiscussion::new("")).skip_validation().await.unwrap_err();
    assert_eq!(code(&error), Some(1012));
    let half = "--x\r\nContent-Disposition: form-data; name=\"comment\"\r\nContent-Type: application/json\r\n\r\n{\"text\":\"a\"}\r\n--x--";
    let path = format!("/sheets/{sheet}/discussions/{}/comments", talk.id);
    let raw = client.request(&Method::POST, &path);
    let raw = raw.body(HeaderValue::from_static("multipart/form-data; boundary=x"), half);
    assert_eq!(code(&raw.send_bytes().await.unwrap_err()), Some(1125));
}

#[tokio::test]
async fn what_hangs_on_a_row_is_shown_with_it_goes_with_it_and_moves_with_it() {
    let mock = MockSmartsheet::new();
    let (client, sheet, rows) = stores(&mock);
    let all = [SheetInclude::Attachments, SheetInclude::Discussions];
    let read = client.sheets().get(sheet).include(all).await.unwrap();
    assert_eq!(read.attachments[0].attachment_type, Some(AttachmentType::Link), "what the account began with");
    assert_eq!(read.rows[0].attachments()[0].name, "Floor plan.pdf");
    assert!(read.rows[0].attachments()[0].url.is_none(), "lists give no addresses of files");
    assert_eq!(read.rows[1].discussions()[0].comments.len(), 2);
    assert!(client.sheets().get(sheet).await.unwrap().attachments.is_empty(), "only where asked for");

    let file = || NewFile::new("x.txt", "x");
    let talk = NewDiscussion::new(NewComment::new("Look").file(file()));
    client.discussions().create_on_row(sheet, rows[0], talk).await.unwrap();
    let tracker = mock.template_id();
    let moved = client.rows().move_to(sheet, [rows[0]], tracker);
    let moved =
        moved.include([connectors_smartsheet::RowInclude::Attachments, connectors_smartsheet::RowInclude::Discussions]);
    let to = moved.await.unwrap().row_mappings[0].to;
    let there = client.attachments().of_row(tracker, to).await.unwrap().data;
    assert_eq!(there.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Floor plan.pdf", "x.txt"]);
    let left = client.attachments().list(sheet).pager().collect_all().await.unwrap();
    assert_eq!(left.len(), 1, "the link of the sheet");

    client.rows().delete(sheet, [rows[1]]).await.unwrap();
    assert!(client.discussions().list(sheet).await.unwrap().data.is_empty());
    client.sheets().delete(tracker).await.unwrap();
    assert_eq!(client.attachments().get(tracker, there[0].id).await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn proofs_have_versions_files_and_people_who_approve() {
    let mock = MockSmartsheet::new();
    let (client, sheet, rows) = stores(&mock);
    let proofs = client.proofs();
    let image = |name: &str| NewFile::new(name, PNG);
    let first = proofs.create(sheet, rows[0], image("poster.png")).await.unwrap();
    assert_eq!((first.proof_type, first.version, first.original_id), (Some(ProofType::Image), Some(1), Some(first.id)));
    assert_eq!(proofs.create(sheet, rows[0], image("b.png")).await.unwrap_err().kind(), ErrorKind::Conflict);
    let second = proofs.add_version(sheet, first.id, image("poster-2.png")).await.unwrap();
    assert_eq!((second.version, second.original_id), (Some(2), Some(first.id)));
    assert_eq!(proofs.list(sheet).await.unwrap().data[0].id, second.id);
    assert!(proofs.update(sheet, second.id, true).await.unwrap().is_completed);
    let error = proofs.create_request(sheet, second.id, Email::default()).await.unwrap_err();
    assert_eq!(error.field(), Some("sendTo"));
    let request = proofs.create_request(sheet, second.id, Email::to(["anna@example.com", "ben@example.com"])).await;
    assert_eq!(request.unwrap().proof_id, Some(second.id));
    assert_eq!(proofs.request_actions(sheet, second.id).await.unwrap().data.len(), 2);
    assert_eq!(proofs.delete(sheet, second.id).await.unwrap_err().kind(), ErrorKind::NotFound, "not the first version");
    proofs.delete(sheet, first.id).await.unwrap();
    assert!(proofs.list(sheet).await.unwrap().data.is_empty());
    assert_eq!(proofs.attachments(sheet, second.id).await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn summary_fields_hold_values_of_every_kind_and_keep_their_titles_apart() {
    let mock = MockSmartsheet::new();
    let (client, sheet) = (mock.client().clone(), mock.template_id());
    let summaries = client.summaries();
    let text = |title: &str| NewSummaryField::new(title, ColumnType::TextNumber);
    let fields = [
        text("Budget").value(12_500).locked(true),
        text("Page").value(CellInput::hyperlink("Landing page", Hyperlink::url("https://fizz.example"))),
        text("Sum").value(CellInput::formula("=1+1")),
        NewSummaryField::new("Begin", ColumnType::Date).value(ObjectValue::Date("2026-06-05".into())),
    ];
    let added = summaries.add_fields(sheet, fields).await.unwrap();
    assert_eq!(added.version, Some(2), "the sheet has changed");
    let summary = summaries.get(sheet).include([SummaryInclude::WriterInfo]).await.unwrap();
    let budget = summary.get("Budget").unwrap();
    assert!(budget.locked && budget.created_by.is_some());
    assert_eq!(
        (budget.display_value.as_deref(), budget.field_type.clone()),
        (Some("12500"), Some(ColumnType::TextNumber))
    );
    assert_eq!(summary.get("Page").unwrap().hyperlink.as_ref().unwrap().url.as_deref(), Some("https://fizz.example"));
    assert_eq!(summary.get("Sum").unwrap().formula.as_deref(), Some("=1+1"));
    assert_eq!(summary.get("Begin").unwrap().object_value, Some(ObjectValue::Date("2026-06-05".into())));

    let error = summaries.add_fields(sheet, [text("New"), text("Sum")]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(summaries.get(sheet).await.unwrap().fields.len(), 4, "all or nothing");
    let renamed = summaries.add_fields(sheet, [text("Sum")]).rename_if_conflict().await.unwrap();
    assert_eq!(renamed.result[0].title, "Sum (1)");

    let id = budget.id;
    let update = SummaryFieldUpdate::new(id).title("Money").value(CellInput::clear());
    let changed = summaries.update_fields(sheet, [update]).await.unwrap().result;
    assert_eq!((changed[0].title.as_str(), &changed[0].object_value), ("Money", &None));
    let plain = summaries.fields(sheet).exclude([SummaryExclude::DisplayValue]).page_size(2).pager();
    let plain = plain.collect_all().await.unwrap();
    assert_eq!(plain.iter().map(|field| field.index).collect::<Vec<_>>(), (0..5).map(Some).collect::<Vec<_>>());
    assert!(plain.iter().all(|field| field.display_value.is_none()));

    let image = summaries.add_image(sheet, id, NewFile::new("logo.png", PNG)).alt_text("Fizz").await.unwrap().result;
    assert_eq!(image.image.unwrap().width, Some(256));
    let error =
        summaries.add_image(sheet, id, NewFile::new("a.png", PNG)).alt_text(&"x".repeat(101)).await.unwrap_err();
    assert_eq!(code(&error), Some(1165));
    let error = summaries.update_fields(sheet, [SummaryFieldUpdate::new(id).value(CellInput::formula("1"))]).await;
    let error = error.unwrap_err();
    assert_eq!((error.field(), code(&error)), (Some("fields[0].formula"), Some(1162)));

    let gone = 404.into();
    assert_eq!(summaries.delete_fields(sheet, [id, gone]).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(summaries.delete_fields(sheet, [id, gone]).ignore_not_found().await.unwrap().result, [id]);
    assert_eq!(summaries.add_fields(sheet, []).await.unwrap_err().field(), Some("fields"));
}

#[tokio::test]
async fn an_image_is_put_into_a_cell_and_fetched_again() {
    let mock = MockSmartsheet::new();
    let (client, sheet, rows) = stores(&mock);
    let column = client.columns().list(sheet).await.unwrap()[0].id;
    let written = client.cells().add_image(sheet, rows[0], column, NewFile::new("shop.png", PNG)).await.unwrap();
    let image = written.result.cell(column).unwrap().image().cloned().unwrap();
    assert_eq!((image.width, image.height), (Some(256), Some(128)));
    assert!(written.result.cell(column).unwrap().formula().unwrap().starts_with("=SYS_CELLIMAGE("));
    let row = client.rows().get(sheet, rows[0]).await.unwrap();
    assert_eq!(row.cell(column).unwrap().image(), Some(&image));
    let id = image.id.unwrap();
    assert_eq!(client.images().download(id.clone()).bytes().await.unwrap(), PNG);
    let gone = ImageId::new("nowhere").unwrap();
    let urls = client.images().urls([id, gone.clone()]).await.unwrap();
    assert!(urls.image_urls[0].url.is_some() && urls.image_urls[1].url.is_none());
    assert_eq!(urls.image_urls[1].error.as_ref().unwrap().error_code, Some(ErrorCode::NOT_FOUND));
    let error = client.images().download(gone).bytes().await.unwrap_err();
    assert_eq!((error.kind(), code(&error)), (ErrorKind::NotFound, Some(1006)));
    assert_eq!(client.images().urls::<ImageId>([]).await.unwrap_err().field(), Some("images"));
    let error = client.cells().add_image(sheet, rows[0], column, NewFile::new("a.txt", "x")).await.unwrap_err();
    assert_eq!(error.smartsheet_code(), Some(ErrorCode::CONTENT_TYPE));
}

#[tokio::test]
async fn what_is_imported_can_be_exported_again() {
    let mock = MockSmartsheet::new();
    let (client, folder) = (mock.client().clone(), mock.folder_id());
    let sheets = client.sheets();
    let csv = "Event,Note,Scans\nKick-off,\"one, \"\"two\"\"\",12.50\nFinale,\"line 1\nline 2\",0\n";
    let new = sheets.import_into_folder(folder, "Tour", NewFile::new("tour.csv", csv)).header_row(0);
    let new = new.primary_column(1).await.unwrap().result;
    let sheet = sheets.get(new.id).await.unwrap();
    assert_eq!(sheet.columns.iter().map(|column| column.primary).collect::<Vec<_>>(), [false, true, false]);
    assert_eq!(sheet.rows[0].cells[2].value.as_f64(), Some(12.5));
    assert_eq!(sheet.rows[1].cells[1].value.as_str(), Some("line 1\nline 2"));
    assert_eq!(sheets.export(new.id, ExportFormat::Csv).bytes().await.unwrap(), csv);
    let journal = mock.backend().journal().last().cloned().unwrap();
    assert_eq!(
        (journal.operation, &journal.headers["accept"]),
        (Some("sheets.get"), &HeaderValue::from_static("text/csv"))
    );

    let mut excel = Vec::new();
    sheets.export(new.id, ExportFormat::Excel).write_to(&mut excel).await.unwrap();
    assert!(excel.starts_with(b"PK\x03\x04"));
    let pdf = sheets.export(new.id, ExportFormat::Pdf(PaperSize::A3)).bytes().await.unwrap();
    assert!(pdf.starts_with(b"%PDF-") && pdf.windows(8).any(|text| text == b"842 1191"));
    mock.backend().script("sheets.get", [Fault::Truncated]);
    let cut = sheets.export(new.id, ExportFormat::Csv).write_to(&mut io::sink()).await.unwrap_err();
    assert_eq!((cut.kind(), cut.operation()), (ErrorKind::Interrupted, "sheets.get"));
    let report = client.reports().list().await.unwrap().data[0].id;
    let csv_of_report = client.reports().export(report, ExportFormat::Csv).bytes().await.unwrap();
    let first = std::str::from_utf8(&csv_of_report).unwrap().lines().nth(1).unwrap();
    assert!(first.split(',').any(|field| !field.is_empty()), "{first}");
    let report = client.reports().export(7.into(), ExportFormat::Pdf(PaperSize::A4)).bytes().await.unwrap_err();
    assert_eq!((report.field(), report.smartsheet_code()), (Some("format"), Some(ErrorCode::NOT_ACCEPTABLE)));

    let raw = sheets.import_into_folder(folder, "Raw", NewFile::new("tour.csv", csv)).await.unwrap().result;
    let raw = sheets.get(raw.id).await.unwrap();
    assert_eq!((raw.columns[0].title.as_str(), raw.rows.len()), ("Column1", 3));
    let book =
        sheets.import_into_folder(folder, "Book", NewFile::new("book.xlsx", excel)).header_row(0).await.unwrap().result;
    assert_eq!(sheets.get(book.id).await.unwrap().rows.len(), 2);
    let error = sheets.import_into_folder(folder, "Old", NewFile::new("book.xls", "x")).await.unwrap_err();
    assert_eq!((error.field(), error.smartsheet_code()), (Some("file"), Some(ErrorCode::CONTENT_TYPE)));
    let error = sheets.import_into_folder(folder, " ", NewFile::new("a.csv", csv)).await.unwrap_err();
    assert_eq!(error.field(), Some("sheetName"));
    let error = sheets.import_into_folder(folder, "x", NewFile::new("a.csv", csv)).primary_column(3).await.unwrap_err();
    assert_eq!(code(&error), Some(1018));
}
