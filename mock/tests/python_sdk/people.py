"""Users, groups, contacts, and what is asked of people."""
import datetime
import pathlib

from smartsheet import models

from counted import call, refused


def users(client, scratch):
    us = client.Users
    listed = call(us.list_users)
    me = next(user for user in listed.data if user.email == "mona.mock@example.com")
    assert listed.total_count == len(listed.data) and me.admin and me.status == "ACTIVE", listed
    assert call(us.get_user, me.id).email == me.email
    found = call(us.list_users, email="mona.mock@example.com")
    assert [user.id for user in found.data] == [me.id], found

    new = models.User({"email": "newcomer@example.com", "firstName": "Nele", "lastName": "Neu", "admin": False,
                       "licensedSheetCreator": True})
    added = call(us.add_user, new).result
    assert added.email == "newcomer@example.com" and not added.admin, added
    changed = call(us.update_user, added.id, models.User({"admin": True, "licensedSheetCreator": True})).result
    assert changed.id == added.id and call(us.get_user, added.id).admin is True, changed
    other = call(us.add_alternate_email, added.id, [models.AlternateEmail({"email": "nele@example.org"})])
    other = other.result[0] if isinstance(other.result, list) or hasattr(other.result, "__getitem__") else other.result
    assert other.email == "nele@example.org", other
    assert call(us.get_alternate_email, added.id, other.id).email == "nele@example.org"
    assert [held.email for held in call(us.list_alternate_emails, added.id).data] == ["nele@example.org"]
    call(us.delete_alternate_email, added.id, other.id)
    assert not call(us.list_alternate_emails, added.id).data
    refused(1335, us.deactivate_user, added.id)
    lead = next(user for user in listed.data if user.email == "omar.haddad@example.com")
    assert call(us.deactivate_user, lead.id).message == "SUCCESS"
    assert call(us.reactivate_user, lead.id).message == "SUCCESS"
    plans = call(us.list_user_plans, me.id)
    assert plans.data and plans.data[0].plan_id, plans
    picture = pathlib.Path(scratch, "pixel.png")
    assert call(us.add_profile_image, me.id, str(picture), "image/png").message == "SUCCESS"
    assert call(us.list_org_sheets, include_all=True).total_count >= 2
    assert call(us.remove_user, added.id).message == "SUCCESS"
    assert not call(us.list_users, email="newcomer@example.com").data


def groups(client):
    gs = client.Groups
    mine = "mona.mock@example.com"
    crew = models.Group({"name": "Crew", "description": "On site", "members": [{"email": mine}]})
    group = call(gs.create_group, crew).result
    assert group.members[0].email == mine, group
    renamed = call(gs.update_group, group.id, models.Group({"name": "Field crew"})).result
    assert renamed.name == "Field crew", renamed
    assert "Field crew" in [held.name for held in call(gs.list_groups).data]
    joined = call(gs.add_members, group.id, [models.GroupMember({"email": "omar.haddad@example.com"})]).result
    assert joined[0].email == "omar.haddad@example.com", joined
    assert len(call(gs.get_group, group.id).members) == 2
    call(gs.remove_member, group.id, joined[0].id)
    assert [member.email for member in call(gs.get_group, group.id).members] == [mine]
    call(gs.delete_group, group.id)
    refused(1106, gs.get_group, group.id)


def contacts(client):
    listed = call(client.Contacts.list_contacts, include_all=True)
    one = call(client.Contacts.get_contact, listed.data[0].id)
    assert listed.total_count == len(listed.data) > 1 and one.email == listed.data[0].email, listed
    paged = call(client.Contacts.list_contacts, page_size=1, page=2)
    assert [held.id for held in paged.data] == [listed.data[1].id], paged


def update_requests(client, stores):
    sheets = client.Sheets
    sheet = call(sheets.get_sheet, stores.id)
    asked = {
        "sendTo": [{"email": "jane@example.com"}], "subject": "Please check", "message": "Is it right?",
        "rowIds": [sheet.rows[0].id], "columnIds": [sheet.columns[0].id], "includeAttachments": False,
    }
    weekly = {"type": "WEEKLY", "startAt": datetime.datetime(2099, 1, 5, 9), "repeatEvery": 1, "dayDescriptors": ["MONDAY"]}
    made = call(sheets.create_update_request, stores.id, models.UpdateRequest(asked | {"schedule": weekly})).result
    assert made.subject == "Please check" and list(made.row_ids) == [sheet.rows[0].id], made
    assert made.id in [held.id for held in call(sheets.list_update_requests, stores.id, include_all=True).data]
    assert call(sheets.get_update_request, stores.id, made.id).message == "Is it right?"
    change = models.UpdateRequest({"subject": "Please check again", "message": "Still right?", "sendTo": asked["sendTo"]})
    changed = call(sheets.update_update_request, stores.id, made.id, change).result
    assert changed.subject == "Please check again", changed
    call(sheets.delete_update_request, stores.id, made.id)
    refused(1006, sheets.get_update_request, stores.id, made.id)
    call(sheets.create_update_request, stores.id, models.UpdateRequest(asked))
    sent = call(sheets.list_sent_update_requests, stores.id, include_all=True).data
    assert [held.subject for held in sent] == ["Please check"], sent
    assert str(call(sheets.get_sent_update_request, stores.id, sent[0].id).status) == "PENDING"
    call(sheets.delete_sent_update_request, stores.id, sent[0].id)
    refused(1006, sheets.get_sent_update_request, stores.id, sent[0].id)

    mail = models.SheetEmail({"sendTo": [{"email": "jane@example.com"}], "subject": "The sheet", "message": "Here.",
                              "format": "PDF", "formatDetails": {"paperSize": "A4"}})
    assert call(sheets.send_sheet, stores.id, mail).message == "SUCCESS"
    rows = models.MultiRowEmail(asked)
    assert call(sheets.send_rows, stores.id, rows).message == "SUCCESS"


def rules(client, stores):
    sheets = client.Sheets
    listed = call(sheets.list_automation_rules, stores.id, include_all=True)
    assert [rule.name for rule in listed.data] == ["A store was opened or closed", "Weekly check"], listed
    weekly = call(sheets.get_automation_rule, stores.id, listed.data[1].id)
    assert weekly.enabled and str(weekly.action.type) == "UPDATE_REQUEST_ACTION", weekly
    assert weekly.action.recipients[0].email == "crew.lead@example.com", weekly
    wanted = models.AutomationRule({"enabled": False, "action": weekly.action.to_dict()})
    changed = call(sheets.update_automation_rule, stores.id, weekly.id, wanted).result
    assert changed.enabled is False and changed.name == "Weekly check", changed
    call(sheets.delete_automation_rule, stores.id, weekly.id)
    refused(1006, sheets.get_automation_rule, stores.id, weekly.id)


def everything(client, stores, scratch):
    users(client, scratch)
    groups(client)
    contacts(client)
    update_requests(client, stores)
    rules(client, stores)
