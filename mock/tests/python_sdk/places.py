"""Where sheets are kept: workspaces, folders, copies, imports, favourites, shares."""
import pathlib

from smartsheet import models

from counted import call, named, refused


def plan(name):
    return models.Sheet({"name": name, "columns": [
        {"title": "Task", "type": "TEXT_NUMBER", "primary": True},
        {"title": "State", "type": "PICKLIST", "options": ["open", "done"]},
    ]})


def into(kind, id, name=None):
    destination = {"destinationType": kind, "destinationId": id}
    return models.ContainerDestination(destination | ({"newName": name} if name else {}))


def names(children):
    # The SDK gives sheets as objects of its own, and what it does not know as what stands in the answer.
    return {child["name"] if isinstance(child, dict) else child.name for child in children.data}


def copies(client, stores):
    listed = call(client.Workspaces.list_workspaces)
    workspace = named("Field marketing", listed.data)
    created = call(client.Workspaces.create_sheet_in_workspace, workspace.id, plan("Plan")).result
    assert created.name == "Plan" and list(created.columns[1].options) == ["open", "done"], created
    copy = call(client.Sheets.copy_sheet, stores.id, into("workspace", workspace.id, "Stores again"), include=["data"])
    assert len(call(client.Sheets.get_sheet, copy.result.id).rows) == 6
    children = call(client.Workspaces.get_workspace_children, workspace.id)
    assert {"Campaigns", "Plan", "Stores again"} <= names(children), children
    only = call(client.Workspaces.get_workspace_children, workspace.id, children_resource_types=["folders"])
    assert names(only) == {"Campaigns"}, only
    template = models.Sheet({"name": "From the plan", "fromId": created.id})
    again = call(client.Workspaces.create_sheet_in_workspace_from_template, workspace.id, template).result
    read = call(client.Sheets.get_sheet, again.id)
    assert [column.title for column in read.columns] == ["Task", "State"] and not read.rows, read
    for sheet in (created, copy.result, again):
        assert call(client.Sheets.delete_sheet, sheet.id).message == "SUCCESS"
    refused(1006, client.Sheets.get_sheet, copy.result.id)


def folders(client, stores):
    workspace = call(client.Workspaces.create_workspace, models.Workspace({"name": "Autumn"})).result
    assert workspace.name == "Autumn" and str(workspace.access_level) == "OWNER", workspace
    renamed = call(client.Workspaces.update_workspace, workspace.id, models.Workspace({"name": "Winter"})).result
    assert renamed.name == "Winter" and renamed.id == workspace.id, renamed
    assert call(client.Workspaces.get_workspace_metadata, workspace.id).name == "Winter"

    top = call(client.Workspaces.create_folder_in_workspace, workspace.id, models.Folder({"name": "Cities"})).result
    inner = call(client.Folders.create_folder_in_folder, top.id, models.Folder({"name": "Berlin"})).result
    sheet = call(client.Folders.create_sheet_in_folder, inner.id, plan("Crew")).result
    template = models.Sheet({"name": "Crew of stores", "fromId": stores.id})
    stocked = call(client.Folders.create_sheet_in_folder_from_template, inner.id, template, include=["data"]).result
    assert call(client.Sheets.get_sheet, stocked.id).total_row_count == 6
    assert names(call(client.Folders.get_folder_children, inner.id)) == {"Crew", "Crew of stores"}
    assert call(client.Folders.update_folder, inner.id, models.Folder({"name": "Potsdam"})).result.name == "Potsdam"
    assert call(client.Folders.get_folder_metadata, inner.id).name == "Potsdam"

    path = call(client.Folders.get_folder_path, inner.id).to_dict()
    assert path["name"] == "Winter" and "Potsdam" in str(path), path
    path = call(client.Sheets.get_sheet_path, sheet.id).to_dict()
    assert path["id"] == workspace.id and "Crew" in str(path), path

    copied = call(client.Folders.copy_folder, inner.id, into("folder", top.id, "Leipzig"), include=["data"]).result
    assert names(call(client.Folders.get_folder_children, copied.id)) == {"Crew", "Crew of stores"}
    assert call(client.Folders.move_folder, copied.id, into("workspace", workspace.id)).result.id == copied.id
    assert names(call(client.Folders.get_folder_children, top.id)) == {"Potsdam"}
    assert call(client.Sheets.move_sheet, sheet.id, into("folder", copied.id)).result.id == sheet.id
    assert names(call(client.Folders.get_folder_children, inner.id)) == {"Crew of stores"}
    twin = call(client.Workspaces.copy_workspace, workspace.id, models.ContainerDestination({"newName": "Twin"})).result
    assert names(call(client.Workspaces.get_workspace_children, twin.id)) == {"Cities", "Leipzig"}

    assert call(client.Folders.delete_folder, copied.id).message == "SUCCESS"
    refused(1006, client.Sheets.get_sheet, sheet.id)
    for space in (twin, workspace):
        assert call(client.Workspaces.delete_workspace, space.id).message == "SUCCESS"
    refused(1006, client.Workspaces.get_workspace_metadata, workspace.id)
    refused(1006, client.Folders.get_folder_metadata, inner.id)


def home(client):
    held = call(client.Home.list_all_contents)
    assert {"Field marketing", "Operations"} <= {space.name for space in held.workspaces}, held
    folder = call(client.Home.create_folder, models.Folder({"name": "At home"})).result
    assert "At home" in [held.name for held in call(client.Home.list_folders, include_all=True).data]
    sheet = call(client.Home.create_sheet, plan("Home plan")).result
    again = call(client.Home.create_sheet_from_template, models.Sheet({"name": "Home plan 2", "fromId": sheet.id})).result
    assert call(client.Sheets.get_sheet_by_name, "Home plan 2").id == again.id
    for held in (sheet, again):
        call(client.Sheets.delete_sheet, held.id)
    call(client.Folders.delete_folder, folder.id)


def imports(client, scratch):
    file = pathlib.Path(scratch, "visits.csv")
    file.write_text("Store,Visits\nAlexa,12\nSkyline Plaza,7\n")
    options = {"header_row_index": 0, "primary_column_index": 0}
    workspace = named("Operations", call(client.Workspaces.list_workspaces).data)
    folder = call(client.Workspaces.create_folder_in_workspace, workspace.id, models.Folder({"name": "In"})).result
    for function, place in [
        (client.Workspaces.import_csv_sheet, [workspace.id]),
        (client.Folders.import_csv_sheet, [folder.id]),
        (client.Sheets.import_csv_sheet, []),
    ]:
        made = call(function, *place, str(file), "Visits", **options).result
        read = call(client.Sheets.get_sheet, made.id)
        assert [column.title for column in read.columns] == ["Store", "Visits"], read
        assert [[cell.value for cell in row.cells] for row in read.rows] == [["Alexa", 12], ["Skyline Plaza", 7]], read
        call(client.Sheets.delete_sheet, made.id)
    call(client.Folders.delete_folder, folder.id)


def favourites(client, stores):
    held = call(client.Favorites.list_favorites, include_all=True)
    assert (held.total_count, len(held.data)) == (2, 2), held
    template = named("Event tracker template", call(client.Sheets.list_sheets, include_all=True).data)
    wanted = models.Favorite({"type": "sheet", "objectId": template.id})
    added = call(client.Favorites.add_favorites, [wanted]).result
    assert added[0].object_id == template.id, added
    assert not call(client.Favorites.add_favorites, [wanted]).result, "what is there already is passed over"
    kind = models.enums.FavoriteType.SHEET
    assert call(client.Favorites.is_favorite, kind, stores.id).object_id == stores.id
    assert call(client.Favorites.remove_favorites, kind, [template.id]).message == "SUCCESS"
    refused(1006, client.Favorites.is_favorite, kind, template.id)


def shares(client, stores):
    sheet = models.enums.AssetType.SHEET
    owner = call(client.Sharing.list_asset_shares, sheet, stores.id).items
    assert [str(share.access_level) for share in owner] == ["OWNER"], owner
    wanted = models.AssetShare({"email": "crew.lead@example.com", "accessLevel": "EDITOR"})
    made = call(client.Sharing.share_asset, wanted, sheet, stores.id)
    share = made.result[0] if hasattr(made, "result") else made.items[0]
    assert share.email == "crew.lead@example.com" and str(share.access_level) == "EDITOR", share
    level = models.AssetShare({"accessLevel": "VIEWER"})
    call(client.Sharing.update_asset_share, level, sheet, stores.id, share.id)
    read = call(client.Sharing.get_asset_share, sheet, stores.id, share.id)
    assert str(read.access_level) == "VIEWER" and str(read.type) == "USER", read
    call(client.Sharing.delete_asset_share, sheet, stores.id, share.id)
    refused(1027, client.Sharing.get_asset_share, sheet, stores.id, share.id)


def everything(client, stores, scratch):
    copies(client, stores)
    folders(client, stores)
    home(client)
    imports(client, scratch)
    favourites(client, stores)
    shares(client, stores)
