"""What hangs on sheets and rows: files, links, discussions, images, summary fields."""
import pathlib

from smartsheet import models

from counted import call, named, refused

# The smallest PNG there is: one pixel.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc33"
    "0000000049454e44ae426082")


def attachments(client, stores, scratch):
    at = client.Attachments
    before = call(at.list_all_attachments, stores.id, include_all=True)
    assert {"Floor plan.pdf", "Brand guide"} <= {held.name for held in before.data}, before
    row = call(client.Sheets.get_sheet, stores.id, page_size=1).rows[0]
    plan = named("Floor plan.pdf", call(at.list_row_attachments, stores.id, row.id).data)
    assert plan.parent_id == row.id and str(plan.parent_type) == "ROW", plan

    put = call(at.attach_file_to_sheet, stores.id, ("notes.txt", b"first words", "text/plain")).result
    assert put.name == "notes.txt" and put.mime_type == "text/plain" and str(put.attachment_type) == "FILE", put
    new = call(at.attach_new_version, stores.id, put.id, ("notes.txt", b"second words", "text/plain")).result
    versions = call(at.list_attachment_versions, stores.id, new.id, include_all=True)
    assert {held.id for held in versions.data} == {put.id, new.id}, versions
    read = call(at.get_attachment, stores.id, new.id)
    assert read.url and read.url_expires_in_millis > 0, read
    call(at.download_attachment, read, scratch, "downloaded.txt")
    assert pathlib.Path(scratch, "downloaded.txt").read_bytes() == b"second words"
    call(at.delete_attachment_versions, stores.id, new.id)
    refused(1006, at.get_attachment, stores.id, new.id)

    link = models.Attachment({"attachmentType": "LINK", "name": "Map", "url": "https://example.com/map"})
    on_row = call(at.attach_url_to_row, stores.id, row.id, link).result
    assert on_row.url == "https://example.com/map" and str(on_row.attachment_type) == "LINK", on_row
    on_sheet = call(at.attach_url_to_sheet, stores.id, link).result
    file = call(at.attach_file_to_row, stores.id, row.id, ("a.bin", b"\x00\x01\xff", "application/octet-stream")).result
    paged = call(at.list_all_attachments, stores.id, page_size=2, page=1)
    assert len(paged.data) == 2 and paged.total_count == before.total_count + 3 and paged.total_pages == 3, paged
    for held in (on_row, on_sheet, file):
        assert call(at.delete_attachment, stores.id, held.id).message == "SUCCESS"
    assert call(at.list_all_attachments, stores.id, include_all=True).total_count == before.total_count
    refused(1006, at.get_attachment, stores.id, file.id)


def discussions(client, stores):
    ds, at = client.Discussions, client.Attachments
    row = call(client.Sheets.get_sheet, stores.id, page_size=1).rows[0]
    ask = models.Discussion({"comment": models.Comment({"text": "Who has the key?"})})
    begun = call(ds.create_discussion_on_row, stores.id, row.id, ask).result
    assert begun.title == "Who has the key?" and begun.parent_id == row.id, begun
    answer = call(ds.add_comment_to_discussion, stores.id, begun.id, models.Comment({"text": "The porter."})).result
    assert answer.text == "The porter." and answer.created_by.email == "mona.mock@example.com", answer
    better = call(ds.update_comment, stores.id, answer.id, models.Comment({"text": "The caretaker."})).result
    assert better.id == answer.id and better.text == "The caretaker.", better
    assert call(ds.get_discussion_comment, stores.id, answer.id).text == "The caretaker."
    read = call(ds.get_discussion, stores.id, begun.id)
    assert [comment.text for comment in read.comments] == ["Who has the key?", "The caretaker."], read
    held = call(ds.get_row_discussions, stores.id, row.id, include=["comments"], include_all=True)
    assert [len(one.comments) for one in held.data if one.id == begun.id] == [2], held

    with_file = call(ds.add_comment_to_discussion_with_attachment, stores.id, begun.id,
                     models.Comment({"text": "See here."}), ("key.txt", b"under the mat", "text/plain")).result
    assert with_file.attachments[0].name == "key.txt", with_file
    on_comment = call(at.attach_file_to_comment, stores.id, answer.id, ("b.txt", b"b", "text/plain")).result
    link = models.Attachment({"attachmentType": "LINK", "name": "Map", "url": "https://example.com/map"})
    linked = call(at.attach_url_to_comment, stores.id, answer.id, link).result
    assert linked.parent_id == answer.id and str(linked.parent_type) == "COMMENT", linked
    hung = call(at.list_discussion_attachments, stores.id, begun.id, include_all=True)
    assert {one.name for one in hung.data} == {"key.txt", "b.txt", "Map"}, hung
    assert on_comment.id in {one.id for one in hung.data}

    ask = models.Discussion({"comment": models.Comment({"text": "When do we open?"})})
    on_sheet = call(ds.create_discussion_on_sheet, stores.id, ask).result
    plan = models.Discussion({"comment": models.Comment({"text": "The plan"})})
    planned = call(ds.create_discussion_on_sheet_with_attachment, stores.id, plan, ("p.txt", b"p", "text/plain")).result
    filed = call(ds.create_discussion_on_row_with_attachment, stores.id, row.id, plan, ("q.txt", b"q", "text/plain")).result
    everything = call(ds.get_all_discussions, stores.id, include=["comments", "attachments"], include_all=True)
    ours = {one.id for one in (begun, on_sheet, planned, filed)}
    assert ours <= {one.id for one in everything.data}, everything
    call(ds.delete_discussion_comment, stores.id, answer.id)
    refused(1006, ds.get_discussion_comment, stores.id, answer.id)
    for one in (begun, on_sheet, planned, filed):
        call(ds.delete_discussion, stores.id, one.id)
    refused(1006, ds.get_discussion, stores.id, begun.id)
    assert not ours & {one.id for one in call(ds.get_all_discussions, stores.id, include_all=True).data}


def images(client, stores, columns, scratch):
    file = pathlib.Path(scratch, "pixel.png")
    file.write_bytes(PIXEL)
    new = models.Row({"toBottom": True, "cells": [{"columnId": columns["Store"].id, "value": "Pictured"}]})
    row = call(client.Sheets.add_rows, stores.id, [new]).result[0]
    call(client.Cells.add_image_to_cell, stores.id, row.id, columns["Store"].id, str(file), "image/png", alt_text="dot")
    image = call(client.Sheets.get_row, stores.id, row.id).get_column(columns["Store"].id).image
    assert image.alt_text == "dot" and image.id, image
    urls = call(client.Images.get_image_urls, [models.ImageUrl({"imageId": image.id})])
    assert urls.image_urls[0].url.startswith("http") and urls.url_expires_in_millis > 0, urls
    call(client.Sheets.delete_rows, stores.id, [row.id])


def summaries(client, stores, scratch):
    held = call(client.Sheets.get_sheet_summary, stores.id)
    assert {field.title for field in held.fields} == {"Region", "Stores", "Reviewed"}, held
    listed = call(client.Sheets.get_sheet_summary_fields, stores.id, include_all=True)
    assert listed.total_count == 3 and named_field(listed.data, "Region").object_value.value == "DACH", listed
    new = models.SummaryField({"title": "Budget", "type": "TEXT_NUMBER", "objectValue": 12.5})
    field = call(client.Sheets.add_sheet_summary_fields, stores.id, [new]).result[0]
    assert field.object_value.value == 12.5 and field.title == "Budget", field
    change = models.SummaryField({"id": field.id, "objectValue": "none"})
    changed = call(client.Sheets.update_sheet_summary_fields, stores.id, [change]).result[0]
    assert changed.object_value.value == "none", changed
    twice = models.SummaryField({"title": "Budget", "type": "TEXT_NUMBER"})
    date = models.SummaryField({"title": "Until", "type": "DATE"})
    partly = call(client.Sheets.add_sheet_summary_fields_with_partial_success, stores.id, [date, twice])
    assert partly.message == "PARTIAL_SUCCESS" and partly.failed_items[0].index == 1, partly
    file = pathlib.Path(scratch, "pixel.png")
    call(client.Sheets.add_sheet_summary_field_image, stores.id, field.id, str(file), "image/png", "dot")
    gone = call(client.Sheets.delete_sheet_summary_fields, stores.id, [field.id, partly.result[0].id])
    assert gone.message == "SUCCESS"
    assert len(call(client.Sheets.get_sheet_summary, stores.id).fields) == 3


def named_field(fields, title):
    return next(field for field in fields if field.title == title)


def everything(client, stores, columns, scratch):
    attachments(client, stores, scratch)
    discussions(client, stores)
    images(client, stores, columns, scratch)
    summaries(client, stores, scratch)
