//! Lists, by page and by token.

use serde_json::{Value, json};

use super::asked::{Asked, Outcome};
use super::containers;
use super::placed::path;
use super::problem::Problem;
use super::query::Query;
use super::render;
use super::sheet_settings;
use super::sheets::page_of;
use super::state::{Container, Place, State};

pub(super) fn handle(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let folder = || asked.id("folderId").map(Place::Folder);
    let workspace = || asked.id("workspaceId").map(Place::Workspace);
    let answer = match asked.name() {
        "workspaces.list" => workspaces(state, &asked.query),
        "workspaces.metadata" => metadata(state, workspace()?, &asked.query),
        "workspaces.children" => children(state, workspace()?, &asked.query),
        "folders.metadata" => metadata(state, folder()?, &asked.query),
        "folders.path" => folder_path(state, asked.id("folderId")?),
        "folders.children" => children(state, folder()?, &asked.query),
        _ => return containers::handle(state, asked),
    };
    answer.map(Into::into)
}

const CHILD_TYPES: [&str; 5] = ["sheets", "reports", "sights", "folders", "templates"];

/// One page by number, or everything.
pub(super) fn by_page(all: &[Value], query: &Query) -> Result<Value, Problem> {
    if query.flag("includeAll")? {
        // Unlimited: there is no page size to tell.
        return Ok(json!({ "pageNumber": 1, "totalPages": 1, "totalCount": all.len(), "data": all }));
    }
    let size = query.number("pageSize")?.unwrap_or(100).max(1);
    let page = query.number("page")?.unwrap_or(1);
    let (data, pages) = page_of(all, page, size);
    Ok(
        json!({ "pageNumber": page.clamp(1, pages), "pageSize": size, "totalPages": pages, "totalCount": all.len(), "data": data }),
    )
}

/// One page by token. A page may hold fewer items than asked for; only a missing key ends the list.
pub(super) fn by_token(all: &[Value], query: &Query, cap: usize) -> Result<Value, Problem> {
    let max = query.number("maxItems")?.unwrap_or(100);
    if !(100..=1000).contains(&max) || !max.is_multiple_of(100) {
        return Err(Problem::bad_parameter("maxItems"));
    }
    let start = match query.get("lastKey") {
        None => 0,
        Some(key) => {
            let start = key.strip_prefix("bGFzdA").and_then(|hex| usize::from_str_radix(hex, 16).ok());
            start.filter(|start| *start < all.len()).ok_or_else(|| Problem::bad_parameter("lastKey"))?
        }
    };
    let end = all.len().min(start + max.min(cap));
    let data = all.get(start..end).unwrap_or_default();
    Ok(if end < all.len() {
        json!({ "data": data, "lastKey": format!("bGFzdA{end:x}") })
    } else {
        json!({ "data": data })
    })
}

pub(super) fn sheets(state: &State, query: &Query) -> Result<Value, Problem> {
    let include = query.words("include", &["sheetVersion", "source", "ownerInfo"])?;
    let since = query.time("modifiedSince")?;
    if include.contains(&"sheetVersion") && (query.get("page").is_some() || query.get("pageSize").is_some()) {
        return Err(Problem::bad(1227, "include=sheetVersion cannot be combined with paging."));
    }
    let wanted =
        state.sheets_in_order().filter(|sheet| !sheet.template && since.is_none_or(|since| sheet.modified_at > since));
    let sheets: Vec<Value> = wanted
        .map(|sheet| {
            let mut shown = render::summary(sheet);
            if include.contains(&"sheetVersion") {
                shown.insert("version".into(), sheet.version.into());
            }
            if let (true, Some(source)) = (include.contains(&"source"), sheet.source) {
                shown.insert("source".into(), json!({ "id": source, "type": "sheet" }));
            }
            if include.contains(&"ownerInfo") {
                shown.extend(sheet_settings::owner(state));
            }
            shown.into()
        })
        .collect();
    by_page(&sheets, query)
}

pub(super) fn workspaces(state: &State, query: &Query) -> Result<Value, Problem> {
    let all: Vec<_> = state.workspaces.iter().map(|workspace| render::container("workspaces", workspace)).collect();
    // Tokens have to be asked for, by name or by what only they need.
    let by_number = || query.get("maxItems").is_none() && query.get("lastKey").is_none();
    match query.get("paginationType") {
        None if by_number() => by_page(&all, query),
        None | Some("token") => by_token(&all, query, state.page_cap),
        Some(_) => Err(Problem::bad_parameter("paginationType")),
    }
}

fn metadata(state: &State, place: Place, query: &Query) -> Result<Value, Problem> {
    let include = query.words("include", &["source"])?;
    let (kind, held) = match place {
        Place::Home => return Err(Problem::not_found()),
        Place::Folder(id) => ("folders", state.folder(id)?),
        Place::Workspace(id) => ("workspaces", state.workspace(id)?),
    };
    let mut shown = render::container(kind, held);
    if let (true, Some(source), Some(shown)) = (include.contains(&"source"), held.source, shown.as_object_mut()) {
        shown.insert("source".into(), json!({ "id": source, "type": kind.trim_end_matches('s') }));
    }
    Ok(shown)
}

fn folder_path(state: &State, id: i64) -> Result<Value, Problem> {
    let held = state.folder(id)?;
    path(state, held.place, "folders", render::container("folders", held))
}

pub(super) fn children(state: &State, place: Place, query: &Query) -> Result<Value, Problem> {
    state.check_place(place)?;
    let include = query.words("include", &["source", "ownerInfo"])?;
    let types = query.words("childrenResourceTypes", &CHILD_TYPES)?;
    if types.contains(&"templates") && !types.contains(&"sheets") {
        return Err(Problem::bad_parameter("childrenResourceTypes"));
    }
    // Templates come only to those who ask for them.
    let wanted = |kind: &str| if types.is_empty() { kind != "templates" } else { types.contains(&kind) };
    let mut all = Vec::new();
    if wanted("folders") {
        let inside = state.folders.iter().filter(|folder| folder.place == place);
        let folder = |folder: &Container| render::container("folders", folder).as_object().cloned().unwrap_or_default();
        all.extend(inside.map(|held| render::child(folder(held), "folder", place)));
    }
    for sheet in state.sheets_in_order().filter(|sheet| sheet.place == place) {
        let (plural, kind) = if sheet.template { ("templates", "template") } else { ("sheets", "sheet") };
        if wanted(plural) {
            let mut shown = render::summary(sheet);
            if let (true, Some(source)) = (include.contains(&"source"), sheet.source) {
                shown.insert("source".into(), json!({ "id": source, "type": "sheet" }));
            }
            if include.contains(&"ownerInfo") {
                shown.extend(sheet_settings::owner(state));
            }
            all.push(render::child(shown, kind, place));
        }
    }
    if wanted("reports") {
        let inside = state.reports.0.iter().filter(|held| held.place == place);
        all.extend(inside.map(|held| render::child(held.shown(), "report", place)));
    }
    if wanted("sights") {
        let inside = state.dashboards.0.iter().filter(|held| held.place == place);
        all.extend(inside.map(|held| render::child(held.shown(), "sight", place)));
    }
    by_token(&all, query, state.page_cap)
}
