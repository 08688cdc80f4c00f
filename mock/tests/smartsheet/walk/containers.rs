//! Sheets themselves, folders, workspaces, the home folder, favorites, search, what the service can show.

use connectors_smartsheet::{
    CopyInclude, Email, FavoriteInclude, NewSheet, PublishAudience, SheetEmail, SheetPublishUpdate, SheetUpdate,
    SortCriterion, tracker,
};

use super::Walk;

pub async fn walk(walk: &mut Walk) {
    let workspace = containers(walk).await;
    sheets(walk, workspace).await;
    others(walk).await;
}

async fn containers(walk: &mut Walk) -> connectors_smartsheet::WorkspaceId {
    let (folders, workspaces) = (walk.client().folders(), walk.client().workspaces());
    let workspace = walk.call("workspaces.create", workspaces.create("Fairs")).await.id;
    let renamed = walk.call("workspaces.update", workspaces.update(workspace, "Trade fairs")).await;
    assert_eq!(renamed.name, "Trade fairs");
    let spring = walk.call("folders.create_in_workspace", folders.create_in_workspace(workspace, "Spring")).await.id;
    let hall = walk.call("folders.create_in_folder", folders.create_in_folder(spring, "Hall 1")).await.id;
    walk.call("folders.update", folders.update(hall, "Hall 2")).await;
    let autumn = walk.call("folders.copy", folders.copy(spring, workspace, "Autumn")).await.id;
    walk.call("folders.move_to", folders.move_to(hall, autumn)).await;
    let path = walk.call("folders.path", folders.path(hall)).await;
    assert_eq!(path.to_path(), "/Trade fairs/Autumn/Hall 2");
    walk.call("folders.metadata", folders.metadata(hall)).await;
    let halls = walk.call("folders.children", folders.children(autumn)).await;
    assert_eq!(halls.data.len(), 2, "the copied hall and the moved one");
    walk.call("folders.delete", folders.delete(spring)).await;

    walk.call("workspaces.list", workspaces.list()).await;
    walk.call("workspaces.metadata", workspaces.metadata(workspace)).await;
    walk.call("workspaces.children", workspaces.children(workspace)).await;
    let copy = workspaces.copy(workspace, "Trade fairs again").include([CopyInclude::All]);
    let copy = walk.call("workspaces.copy", copy).await.id;
    walk.call("workspaces.delete", workspaces.delete(copy)).await;
    workspace
}

async fn sheets(walk: &mut Walk, workspace: connectors_smartsheet::WorkspaceId) {
    let (sheets, stores) = (walk.client().sheets(), walk.mock.store_list_id());
    let new = |name: &str| NewSheet::with_columns(name, tracker::columns());
    let folder = walk.mock.folder_id();
    walk.call("sheets.create_in_folder", sheets.create_in_folder(folder, new("One"))).await;
    let sheet = sheets.create_in_workspace(workspace, new("Two"));
    let sheet = walk.call("sheets.create_in_workspace", sheet).await.result.id;
    #[expect(deprecated, reason = "it still answers")]
    let at_home = sheets.create_at_home(new("Three"));
    walk.call("sheets.create_at_home", at_home).await;
    walk.call("sheets.list", sheets.list()).await;
    walk.call("sheets.get", sheets.get(stores)).await;
    walk.call("sheets.version", sheets.version(stores)).await;
    walk.call("sheets.update", sheets.update(sheet, SheetUpdate::new().name("Zwei"))).await;
    walk.call("sheets.move_to", sheets.move_to(sheet, folder)).await;
    let path = walk.call("sheets.path", sheets.path(sheet)).await;
    assert_eq!(path.to_path(), "/Field marketing/Campaigns/Zwei");
    let copy = sheets.copy(stores, workspace, "Stores").include([CopyInclude::Data]);
    let copy = walk.call("sheets.copy", copy).await.result.id;
    let first = walk.client().columns().list(copy).await.unwrap()[0].id;
    walk.call("sheets.sort", sheets.sort(copy, [SortCriterion::descending(first)])).await;
    let email = SheetEmail::excel(Email::to(["crew@example.com"]));
    walk.call("sheets.send", sheets.send(copy, email)).await;
    let publish = SheetPublishUpdate::new().ical_enabled(true).read_write_accessible_by(PublishAudience::Org);
    walk.call("sheets.publish", sheets.publish(copy, publish)).await;
    walk.call("sheets.publish_status", sheets.publish_status(copy)).await;
    walk.call("sheets.delete", sheets.delete(copy)).await;
}

async fn others(walk: &mut Walk) {
    let (client, stores) = (walk.client(), walk.mock.store_list_id());
    let (favorites, folder) = (client.favorites(), walk.mock.folder_id());
    walk.call("favorites.add", favorites.add([folder])).await;
    walk.call("favorites.list", favorites.list()).await;
    walk.call("favorites.get", favorites.get(folder).include([FavoriteInclude::DirectId])).await;
    walk.call("favorites.remove", favorites.remove(folder)).await;
    walk.call("favorites.remove_many", favorites.remove_many([stores])).await;

    walk.call("search.everywhere", client.search().everywhere("berlin")).await;
    walk.call("search.in_sheet", client.search().in_sheet(stores, "berlin")).await;
    walk.call("server_info", client.server_info()).await;

    #[expect(deprecated, reason = "it still answers")]
    let (create, folders, home) = (client.home().create_folder("Drafts"), client.home().folders(), client.home().get());
    walk.call("home.create_folder", create).await;
    walk.call("home.folders", folders).await;
    walk.call("home.get", home).await;
}
