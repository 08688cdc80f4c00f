//! Search.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::asked::{Asked, Outcome};
use super::problem::Problem;
use super::state::{Place, Row, Sheet, State};

/// No answer holds more, whatever the total.
const MOST: usize = 100;

const SCOPES: [&str; 10] = [
    "attachments",
    "cellData",
    "comments",
    "folderNames",
    "reportNames",
    "sheetNames",
    "sightNames",
    "summaryFields",
    "templateNames",
    "workspaceNames",
];

pub(super) fn handle(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let sheet = (asked.name() == "search.in_sheet").then(|| asked.id("sheetId")).transpose()?;
    let answer = match asked.name() {
        "search.everywhere" => everywhere(state, asked),
        "search.in_sheet" => in_sheet(state, sheet.unwrap_or_default(), asked),
        _ => Err(asked.unknown()),
    };
    answer.map(Into::into)
}

/// What is looked for.
struct Wanted {
    text: String,
    /// The whole text, not only a part of it.
    exact: bool,
}

impl Wanted {
    fn of(asked: &Asked<'_>) -> Result<Self, Problem> {
        let text = asked.query.get("query").unwrap_or_default().trim().to_lowercase();
        let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        let wanted = Self { text: inner.unwrap_or(&text).to_owned(), exact: inner.is_some() };
        if wanted.text.is_empty() { Err(Problem::bad_parameter("query")) } else { Ok(wanted) }
    }

    fn is(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        if self.exact { text == self.text } else { text.contains(&self.text) }
    }
}

/// Something with a text, and what it is in.
struct Found {
    kind: &'static str,
    id: i64,
    text: String,
    context: Vec<String>,
    parent: Option<(&'static str, i64, String)>,
}

impl Found {
    fn shown(&self, state: &State, flags: Option<i64>) -> Value {
        let mut shown = Map::from_iter([
            ("objectType".to_owned(), json!(self.kind)),
            ("objectId".to_owned(), json!(self.id)),
            ("text".to_owned(), json!(self.text)),
            ("contextData".to_owned(), json!(self.context)),
        ]);
        if let Some(user) = flags {
            shown.insert("favorite".into(), state.favorites.has(user, self.kind, self.id).into());
        }
        if let Some((kind, id, name)) = &self.parent {
            shown.insert("parentObjectType".into(), json!(kind));
            shown.insert("parentObjectId".into(), json!(id));
            shown.insert("parentObjectName".into(), json!(name));
            if let Some(user) = flags {
                shown.insert("parentObjectFavorite".into(), state.favorites.has(user, kind, *id).into());
            }
        }
        shown.into()
    }
}

fn answer(state: &State, found: &[Found], flags: Option<i64>) -> Value {
    let results: Vec<_> = found.iter().take(MOST).map(|found| found.shown(state, flags)).collect();
    json!({ "results": results, "totalCount": found.len() })
}

fn in_sheet(state: &State, id: i64, asked: &Asked<'_>) -> Result<Value, Problem> {
    let sheet = state.sheet(id)?;
    let wanted = Wanted::of(asked)?;
    let found: Vec<_> = rows(sheet, &wanted, None).chain(comments(state, sheet, &wanted, None)).collect();
    Ok(answer(state, &found, None))
}

fn everywhere(state: &State, asked: &Asked<'_>) -> Result<Value, Problem> {
    let query = &asked.query;
    let wanted = Wanted::of(asked)?;
    let scopes = query.words("scopes", &SCOPES)?;
    let flags = query.words("include", &["favoriteFlag"])?.first().map(|_| asked.user);
    let personal = !query.words("location", &["personalWorkspace"])?.is_empty();
    let since = query.time("modifiedSince")?;
    let looked_through = |scope: &str| scopes.is_empty() || scopes.contains(&scope);
    let recent = |at: DateTime<Utc>| since.is_none_or(|since| at >= since);
    let there = |place: Place| !personal || at_home(state, place);

    let mut found = Vec::new();
    if looked_through("workspaceNames") && !personal {
        let named = state.workspaces.iter().filter(|held| wanted.is(&held.name) && recent(held.modified_at));
        found.extend(named.map(|held| named_thing(state, "workspace", held.id, &held.name, Place::Home)));
    }
    if looked_through("folderNames") {
        let named = state.folders.iter().filter(|held| wanted.is(&held.name) && recent(held.modified_at));
        let named = named.filter(|held| there(held.place));
        found.extend(named.map(|held| named_thing(state, "folder", held.id, &held.name, held.place)));
    }
    for sheet in state.sheets_in_order().filter(|sheet| there(sheet.place)) {
        let (kind, scope) = if sheet.template { ("template", "templateNames") } else { ("sheet", "sheetNames") };
        if looked_through(scope) && wanted.is(&sheet.name) && recent(sheet.modified_at) {
            found.push(named_thing(state, kind, sheet.id, &sheet.name, sheet.place));
        }
        if looked_through("cellData") && !sheet.template {
            found.extend(rows(sheet, &wanted, since));
        }
        if looked_through("comments") {
            found.extend(comments(state, sheet, &wanted, since));
        }
    }
    if looked_through("reportNames") {
        let named = state.reports.0.iter().filter(|held| wanted.is(&held.name) && recent(held.modified_at));
        let named = named.filter(|held| there(held.place));
        found.extend(named.map(|held| named_thing(state, "report", held.id, &held.name, held.place)));
    }
    if looked_through("sightNames") {
        let named = state.dashboards.0.iter().filter(|held| wanted.is(&held.name) && recent(held.modified_at));
        let named = named.filter(|held| there(held.place));
        found.extend(named.map(|held| named_thing(state, "dashboard", held.id, &held.name, held.place)));
    }
    Ok(answer(state, &found, flags))
}

fn at_home(state: &State, mut place: Place) -> bool {
    while let Place::Folder(id) = place {
        let Ok(folder) = state.folder(id) else { return false };
        place = folder.place;
    }
    place == Place::Home
}

fn named_thing(state: &State, kind: &'static str, id: i64, name: &str, place: Place) -> Found {
    let parent = match place {
        Place::Home => None,
        Place::Folder(id) => state.folder(id).ok().map(|held| ("folder", id, held.name.clone())),
        Place::Workspace(id) => state.workspace(id).ok().map(|held| ("workspace", id, held.name.clone())),
    };
    Found { kind, id, text: name.to_owned(), context: Vec::new(), parent }
}

/// The rows that show the text in one of their cells.
fn rows<'a>(sheet: &'a Sheet, wanted: &'a Wanted, since: Option<DateTime<Utc>>) -> impl Iterator<Item = Found> + 'a {
    let recent = move |row: &&Row| since.is_none_or(|since| row.modified_at >= since);
    sheet.rows.iter().filter(recent).filter_map(move |row| {
        let texts: Vec<_> = sheet.columns.iter().filter_map(|column| text_of(row, column.id)).collect();
        let text = texts.iter().find(|text| wanted.is(text))?.clone();
        let parent = Some(("sheet", sheet.id, sheet.name.clone()));
        Some(Found { kind: "row", id: row.id, text, context: texts, parent })
    })
}

/// The discussions that the text was said in.
fn comments<'a>(
    state: &'a State,
    sheet: &'a Sheet,
    wanted: &'a Wanted,
    since: Option<DateTime<Utc>>,
) -> impl Iterator<Item = Found> + 'a {
    let said = state.discussions.texts(sheet.id);
    let said = said.filter(move |(_, text, at)| wanted.is(text) && since.is_none_or(|since| *at >= since));
    said.map(|(id, text, _)| Found {
        kind: "discussion",
        id,
        text: text.to_owned(),
        context: Vec::new(),
        parent: Some(("sheet", sheet.id, sheet.name.clone())),
    })
}

fn text_of(row: &Row, column: i64) -> Option<String> {
    let cell = row.cells.get(&column)?;
    let text = cell.display.clone().or_else(|| match cell.value.as_ref()? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    });
    text.filter(|text| !text.is_empty())
}
