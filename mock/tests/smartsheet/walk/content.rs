//! Attachments, discussions, proofs, summaries, images, imports.

use connectors_smartsheet::{
    ColumnType, Email, ImageRef, NewDiscussion, NewFile, NewLink, NewSummaryField, SummaryFieldUpdate,
};

use super::Walk;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

pub async fn walk(walk: &mut Walk) {
    attachments(walk).await;
    proofs(walk).await;
    summaries_and_images(walk).await;
    imports(walk).await;
}

fn text(name: &str) -> NewFile {
    NewFile::new(name, "what it says")
}

async fn attachments(walk: &mut Walk) {
    let (client, sheet) = (walk.client(), walk.mock.store_list_id());
    let row = walk.mock.fake().rows(sheet)[2].id;
    let (files, talks, comments) = (client.attachments(), client.discussions(), client.comments());
    let link = NewLink::new("Landing page", "https://fizz.example");
    walk.call("attachments.attach_to_sheet", files.attach_to_sheet(sheet, link)).await;
    let first = walk.call("attachments.attach_to_row", files.attach_to_row(sheet, row, text("a.txt"))).await;
    let second = walk.call("attachments.add_version", files.add_version(sheet, first.id, text("a.txt"))).await;
    walk.call("attachments.versions", files.versions(sheet, second.id)).await;
    walk.call("attachments.get", files.get(sheet, second.id)).await;
    walk.call("attachments.list", files.list(sheet)).await;
    walk.call("attachments.of_row", files.of_row(sheet, row)).await;
    let of_row = NewDiscussion::new("Who has the keys?");
    let talk = walk.call("discussions.create_on_row", talks.create_on_row(sheet, row, of_row)).await;
    let said = talk.comments[0].id;
    walk.call("attachments.attach_to_comment", files.attach_to_comment(sheet, said, text("b.txt"))).await;
    walk.call("attachments.of_discussion", files.of_discussion(sheet, talk.id)).await;
    walk.call("attachments.delete", files.delete(sheet, second.id)).await;
    walk.call("attachments.delete_versions", files.delete_versions(sheet, first.id)).await;

    let of_sheet = NewDiscussion::new("Are we open on Sunday?");
    walk.call("discussions.create_on_sheet", talks.create_on_sheet(sheet, of_sheet)).await;
    walk.call("discussions.list", talks.list(sheet)).await;
    walk.call("discussions.of_row", talks.of_row(sheet, row)).await;
    walk.call("discussions.get", talks.get(sheet, talk.id)).await;
    let answer = walk.call("comments.add", comments.add(sheet, talk.id, "Anna")).await;
    walk.call("comments.update", comments.update(sheet, answer.id, "Ben")).await;
    walk.call("comments.get", comments.get(sheet, answer.id)).await;
    walk.call("comments.delete", comments.delete(sheet, answer.id)).await;
    walk.call("discussions.delete", talks.delete(sheet, talk.id)).await;
}

async fn proofs(walk: &mut Walk) {
    let (proofs, sheet) = (walk.client().proofs(), walk.mock.store_list_id());
    let row = walk.mock.fake().rows(sheet)[3].id;
    let first = walk.call("proofs.create", proofs.create(sheet, row, text("poster.pdf"))).await;
    let second = walk.call("proofs.add_version", proofs.add_version(sheet, first.id, text("poster.pdf"))).await;
    walk.call("proofs.list", proofs.list(sheet)).await;
    walk.call("proofs.versions", proofs.versions(sheet, second.id)).await;
    walk.call("proofs.get", proofs.get(sheet, second.id)).await;
    walk.call("proofs.update", proofs.update(sheet, second.id, true)).await;
    walk.call("proofs.attach", proofs.attach(sheet, second.id, text("logo.png"))).await;
    walk.call("proofs.attachments", proofs.attachments(sheet, second.id)).await;
    let talk = NewDiscussion::new("Larger, please");
    walk.call("proofs.create_discussion", proofs.create_discussion(sheet, second.id, talk)).await;
    walk.call("proofs.discussions", proofs.discussions(sheet, second.id)).await;
    let email = Email::to(["anna@example.com"]);
    walk.call("proofs.create_request", proofs.create_request(sheet, second.id, email)).await;
    walk.call("proofs.request_actions", proofs.request_actions(sheet, second.id)).await;
    walk.call("proofs.delete_requests", proofs.delete_requests(sheet, second.id)).await;
    walk.call("proofs.delete_versions", proofs.delete_versions(sheet, second.id)).await;
    walk.call("proofs.delete", proofs.delete(sheet, first.id)).await;
}

async fn summaries_and_images(walk: &mut Walk) {
    let (client, sheet) = (walk.client(), walk.mock.store_list_id());
    let summaries = client.summaries();
    let field = NewSummaryField::new("Budget", ColumnType::TextNumber).value(12_500);
    let added = walk.call("summaries.add_fields", summaries.add_fields(sheet, [field])).await.result[0].id;
    let update = SummaryFieldUpdate::new(added).title("Money");
    walk.call("summaries.update_fields", summaries.update_fields(sheet, [update])).await;
    let png = || NewFile::new("logo.png", PNG);
    walk.call("summaries.add_image", summaries.add_image(sheet, added, png()).alt_text("Fizz")).await;
    walk.call("summaries.get", summaries.get(sheet)).await;
    walk.call("summaries.fields", summaries.fields(sheet)).await;
    walk.call("summaries.delete_fields", summaries.delete_fields(sheet, [added])).await;

    let held = client.sheets().get(sheet).await.unwrap();
    let (row, column) = (held.rows[4].id, held.columns[0].id);
    let written = walk.call("cells.add_image", client.cells().add_image(sheet, row, column, png())).await;
    let image = written.result.cell(column).unwrap().image().unwrap().id.clone().unwrap();
    walk.call("images.urls", client.images().urls([ImageRef::new(image)])).await;
}

async fn imports(walk: &mut Walk) {
    let (sheets, folder) = (walk.client().sheets(), walk.mock.folder_id());
    let csv = || NewFile::new("tour.csv", "City,Visitors\nBerlin,1250\n");
    walk.call("sheets.import_into_folder", sheets.import_into_folder(folder, "A", csv())).await;
    let workspace = walk.mock.workspace_id();
    walk.call("sheets.import_into_workspace", sheets.import_into_workspace(workspace, "B", csv())).await;
    #[expect(deprecated, reason = "it still answers")]
    let at_home = sheets.import_at_home("C", csv());
    walk.call("sheets.import_at_home", at_home).await;
}
