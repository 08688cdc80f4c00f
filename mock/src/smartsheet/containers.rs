//! Folders, workspaces and the home folder: made, renamed, copied, moved, deleted.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::asked::{Asked, Outcome, attributes, required_text, success, written};
use super::dashboards;
use super::lists::by_page;
use super::placed::destination;
use super::problem::Problem;
use super::query::Query;
use super::render;
use super::reports;
use super::sheets::{COPIES, Renamed, copy_of, delete as delete_sheet};
use super::state::{Container, Place, Sheet, State};

/// No copy makes more sheets.
const MOST_SHEETS: usize = 100;
const REMAPS: [&str; 4] = ["cellLinks", "reports", "sheetHyperlinks", "sights"];

pub(super) fn handle(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let (query, now) = (&asked.query, asked.now);
    let folder = || asked.id("folderId");
    let workspace = || asked.id("workspaceId");
    let answer = match asked.name() {
        "home.get" => home(state, query),
        "home.folders" => {
            let folders = state.folders.iter().filter(|folder| folder.place == Place::Home);
            by_page(&folders.map(|folder| render::container("folders", folder)).collect::<Vec<_>>(), query)
        }
        "home.create_folder" => create(state, Place::Home, &asked.json()?, now),
        "folders.create_in_folder" => create(state, Place::Folder(folder()?), &asked.json()?, now),
        "folders.create_in_workspace" => create(state, Place::Workspace(workspace()?), &asked.json()?, now),
        "folders.update" => rename(state, Place::Folder(folder()?), &asked.json()?, now),
        "folders.delete" => delete(state, Place::Folder(folder()?)),
        "folders.copy" => copy_folder(state, folder()?, &asked.json()?, query, now),
        "folders.move_to" => move_folder(state, folder()?, &asked.json()?, now),
        "workspaces.create" => create_workspace(state, &asked.json()?, now),
        "workspaces.update" => rename(state, Place::Workspace(workspace()?), &asked.json()?, now),
        "workspaces.delete" => delete(state, Place::Workspace(workspace()?)),
        "workspaces.copy" => copy_workspace(state, workspace()?, &asked.json()?, query, now),
        _ => Err(asked.unknown()),
    };
    answer.map(Into::into)
}

pub(super) fn move_sheet(state: &mut State, id: i64, body: &Value, now: DateTime<Utc>) -> Result<Value, Problem> {
    state.sheet(id)?;
    let (place, _) = destination(state, body, false)?;
    let sheet = state.sheet_mut(id)?;
    sheet.place = place;
    sheet.modified_at = now;
    Ok(written(render::summary(sheet)))
}

fn name_of(body: &Value) -> Result<String, Problem> {
    required_text(attributes(body, &["name"])?, "name", "name")
}

fn container(state: &mut State, name: &str, place: Place, source: Option<i64>, now: DateTime<Utc>) -> Container {
    let (id, name) = (state.new_id(), name.to_owned());
    Container { id, name, place, source, created_at: now, modified_at: now }
}

fn create(state: &mut State, place: Place, body: &Value, now: DateTime<Utc>) -> Result<Value, Problem> {
    state.check_place(place)?;
    new_folder(state, place, body, now).map(|folder| written(render::container("folders", &folder)))
}

pub(super) fn new_folder(
    state: &mut State,
    place: Place,
    body: &Value,
    now: DateTime<Utc>,
) -> Result<Container, Problem> {
    let folder = container(state, &name_of(body)?, place, None, now);
    state.folders.push(folder.clone());
    Ok(folder)
}

pub(super) fn new_workspace(state: &mut State, body: &Value, now: DateTime<Utc>) -> Result<Container, Problem> {
    let workspace = container(state, &name_of(body)?, Place::Home, None, now);
    state.workspaces.push(workspace.clone());
    Ok(workspace)
}

fn create_workspace(state: &mut State, body: &Value, now: DateTime<Utc>) -> Result<Value, Problem> {
    new_workspace(state, body, now).map(|workspace| written(render::container("workspaces", &workspace)))
}

fn rename(state: &mut State, which: Place, body: &Value, now: DateTime<Utc>) -> Result<Value, Problem> {
    state.check_place(which)?;
    let name = name_of(body)?;
    let (kind, held) = held_mut(state, which)?;
    (held.name, held.modified_at) = (name, now);
    Ok(written(render::container(kind, held)))
}

fn held_mut(state: &mut State, which: Place) -> Result<(&'static str, &mut Container), Problem> {
    let (kind, id, among) = match which {
        Place::Home => return Err(Problem::not_found()),
        Place::Folder(id) => ("folders", id, &mut state.folders),
        Place::Workspace(id) => ("workspaces", id, &mut state.workspaces),
    };
    let held = among.iter_mut().find(|held| held.id == id).ok_or_else(Problem::not_found)?;
    Ok((kind, held))
}

/// A place and the folders in it, outermost first.
fn places_in(state: &State, top: Place) -> Vec<Place> {
    let mut all = vec![top];
    let mut next = 0;
    while let Some(place) = all.get(next).copied() {
        let inside = state.folders.iter().filter(|folder| folder.place == place);
        all.extend(inside.map(|folder| Place::Folder(folder.id)));
        next += 1;
    }
    all
}

/// Deletes it and all that is in it.
fn delete(state: &mut State, which: Place) -> Result<Value, Problem> {
    state.check_place(which)?;
    let places = places_in(state, which);
    let inside = state.sheets.values().filter(|sheet| places.contains(&sheet.place));
    for (id, template) in inside.map(|sheet| (sheet.id, sheet.template)).collect::<Vec<_>>() {
        if template {
            state.sheets.remove(&id);
            state.order.retain(|held| *held != id);
        } else {
            delete_sheet(state, id)?;
        }
    }
    state.reports.0.retain(|report| !places.contains(&report.place));
    state.dashboards.0.retain(|dashboard| !places.contains(&dashboard.place));
    state.folders.retain(|folder| !places.contains(&Place::Folder(folder.id)));
    state.workspaces.retain(|workspace| !places.contains(&Place::Workspace(workspace.id)));
    Ok(success())
}

fn move_folder(state: &mut State, id: i64, body: &Value, now: DateTime<Utc>) -> Result<Value, Problem> {
    state.folder(id)?;
    let (place, _) = destination(state, body, false)?;
    if places_in(state, Place::Folder(id)).contains(&place) {
        return Err(Problem::bad(1031, "A folder cannot be moved into itself."));
    }
    let (kind, held) = held_mut(state, Place::Folder(id))?;
    (held.place, held.modified_at) = (place, now);
    Ok(written(render::container(kind, held)))
}

fn copy_folder(state: &mut State, id: i64, body: &Value, query: &Query, now: DateTime<Utc>) -> Result<Value, Problem> {
    state.folder(id)?;
    let include = query.words("include", &COPIES)?;
    query.words("exclude", &["sheetHyperlinks"])?;
    let skip = query.words("skipRemap", &REMAPS)?;
    let (place, name) = destination(state, body, true)?;
    check_size(state, Place::Folder(id))?;
    let copy = container(state, &name, place, Some(id), now);
    let shown = render::container("folders", &copy);
    let (new, to) = (copy.id, Place::Folder(copy.id));
    let plan = contents(state, Place::Folder(id));
    state.folders.push(copy);
    Copying { include: &include, now, renamed: Renamed::from([(id, new)]) }.all(state, plan, to, &skip)?;
    Ok(written(shown))
}

fn copy_workspace(
    state: &mut State,
    id: i64,
    body: &Value,
    query: &Query,
    now: DateTime<Utc>,
) -> Result<Value, Problem> {
    state.workspace(id)?;
    let include = query.words("include", &[&COPIES[..], &["all", "brand"]].concat())?;
    let skip = query.words("skipRemap", &REMAPS)?;
    // What others need for a destination is passed over.
    let body = attributes(body, &["newName", "destinationType", "destinationId"])?;
    let name = required_text(body, "newName", "newName")?;
    check_size(state, Place::Workspace(id))?;
    let copy = container(state, &name, Place::Home, Some(id), now);
    let shown = render::container("workspaces", &copy);
    let (new, to) = (copy.id, Place::Workspace(copy.id));
    let plan = contents(state, Place::Workspace(id));
    state.workspaces.push(copy);
    Copying { include: &include, now, renamed: Renamed::from([(id, new)]) }.all(state, plan, to, &skip)?;
    Ok(written(shown))
}

fn check_size(state: &State, top: Place) -> Result<(), Problem> {
    let places = places_in(state, top);
    if state.sheets.values().filter(|sheet| places.contains(&sheet.place)).count() > MOST_SHEETS {
        let problem = Problem::bad(1120, "There are too many sheets to copy at once.");
        return Err(problem.detail(json!({ "maxSheetCount": MOST_SHEETS })));
    }
    Ok(())
}

/// What is to be copied. It is listed before anything is made: a folder may be copied into itself.
struct Contents {
    sheets: Vec<(i64, String, bool)>,
    folders: Vec<(Container, Contents)>,
    reports: Vec<i64>,
    dashboards: Vec<(i64, String)>,
}

/// What goes into the copy of a container after all sheets have theirs: reports, and dashboards with their names.
type Later = (Place, Vec<i64>, Vec<(i64, String)>);

fn contents(state: &State, of: Place) -> Contents {
    let sheets = state.sheets_in_order().filter(|sheet| sheet.place == of);
    let folders = state.folders.iter().filter(|folder| folder.place == of);
    let reports = state.reports.0.iter().filter(|held| held.place == of);
    let dashboards = state.dashboards.0.iter().filter(|held| held.place == of);
    Contents {
        reports: reports.map(|held| held.id).collect(),
        dashboards: dashboards.map(|held| (held.id, held.name.clone())).collect(),
        sheets: sheets.map(|sheet| (sheet.id, sheet.name.clone(), sheet.template)).collect(),
        folders: folders.map(|folder| (folder.clone(), contents(state, Place::Folder(folder.id)))).collect(),
    }
}

/// Copies what a place holds.
struct Copying<'a> {
    include: &'a [&'a str],
    now: DateTime<Utc>,
    /// What became of everything so far.
    renamed: Renamed,
}

impl Copying<'_> {
    fn all(mut self, state: &mut State, plan: Contents, to: Place, skip: &[&str]) -> Result<(), Problem> {
        let mut later = Vec::new();
        self.sheets(state, plan, to, &mut later)?;
        // Reports are about sheets that may be anywhere in it, and dashboards are about both.
        let as_it_was = Renamed::new();
        let mut made = Renamed::new();
        for (place, reports, _) in &later {
            for id in reports {
                let renamed = if skip.contains(&"reports") { &as_it_was } else { &self.renamed };
                made.extend(reports::copy(state, *id, *place, renamed, self.now).map(|new| (*id, new)));
            }
        }
        self.renamed.extend(made);
        for (place, _, dashboards) in later {
            for (id, name) in dashboards {
                let renamed = if skip.contains(&"sights") { &as_it_was } else { &self.renamed };
                dashboards::copy(state, id, name, place, renamed, self.now)?;
            }
        }
        Ok(())
    }

    /// The folders and their sheets; the rest is left for later.
    fn sheets(
        &mut self,
        state: &mut State,
        plan: Contents,
        place: Place,
        later: &mut Vec<Later>,
    ) -> Result<(), Problem> {
        for (id, name, template) in plan.sheets {
            let (copy, renamed) = copy_of(state, id, &name, place, self.include, self.now)?;
            self.renamed.extend(renamed);
            if let Some(copy) = state.sheets.get_mut(&copy) {
                copy.template = template;
            }
        }
        later.push((place, plan.reports, plan.dashboards));
        for (folder, inside) in plan.folders {
            let copy = container(state, &folder.name, place, Some(folder.id), self.now);
            self.renamed.insert(folder.id, copy.id);
            let to = Place::Folder(copy.id);
            state.folders.push(copy);
            self.sheets(state, inside, to, later)?;
        }
        Ok(())
    }
}

fn home(state: &State, query: &Query) -> Result<Value, Problem> {
    query.words("include", &["source", "distributionLink", "ownerInfo", "sheetVersion", "permalinks"])?;
    let mut shown = inside(state, Place::Home);
    let workspaces = state.workspaces.iter().map(|workspace| {
        let mut shown = inside(state, Place::Workspace(workspace.id));
        shown.extend(render::container("workspaces", workspace).as_object().cloned().unwrap_or_default());
        Value::from(shown)
    });
    shown.insert("workspaces".into(), workspaces.collect());
    Ok(shown.into())
}

/// What is in a place, by kinds; kinds of which there is nothing are not there.
fn inside(state: &State, place: Place) -> Map<String, Value> {
    let sheets = |template: bool| {
        let fits = move |sheet: &&Sheet| sheet.place == place && sheet.template == template;
        state.sheets_in_order().filter(fits).map(|sheet| Value::from(render::summary(sheet))).collect::<Vec<_>>()
    };
    let folders = state.folders.iter().filter(|folder| folder.place == place).map(|folder| {
        let mut shown = inside(state, Place::Folder(folder.id));
        shown.extend(render::container("folders", folder).as_object().cloned().unwrap_or_default());
        Value::from(shown)
    });
    let reports = state.reports.0.iter().filter(|held| held.place == place).map(|held| Value::from(held.shown()));
    let sights = state.dashboards.0.iter().filter(|held| held.place == place).map(|held| Value::from(held.shown()));
    let kinds = [
        ("folders", folders.collect()),
        ("sheets", sheets(false)),
        ("templates", sheets(true)),
        ("reports", reports.collect()),
        ("sights", sights.collect()),
    ];
    let kinds = kinds.into_iter().filter(|(_, things): &(_, Vec<Value>)| !things.is_empty());
    kinds.map(|(kind, things)| (kind.to_owned(), things.into())).collect()
}
