//! Sheet summaries: fields beside the rows.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::asked::{Asked, Outcome, attributes, bulk, required_text};
use super::images;
use super::lists;
use super::problem::Problem;
use super::render::{author, time};
use super::sheets::known_kind;
use super::state::State;

const WRITABLE: [&str; 13] = [
    "title",
    "type",
    "objectValue",
    "formula",
    "hyperlink",
    "index",
    "format",
    "locked",
    "options",
    "contactOptions",
    "symbol",
    "validation",
    "id",
];

/// What is held of them, in their order.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Store(Vec<Field>);

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Field {
    id: i64,
    sheet: i64,
    title: String,
    kind: String,
    /// All else, as it was given.
    content: Map<String, Value>,
    created_at: DateTime<Utc>,
    modified_at: DateTime<Utc>,
}

impl Store {
    pub(super) fn drop_of(&mut self, gone: impl Fn(i64) -> bool) {
        self.0.retain(|field| !gone(field.sheet));
    }

    fn of(&self, sheet: i64) -> impl Iterator<Item = &Field> {
        self.0.iter().filter(move |field| field.sheet == sheet)
    }

    fn get_mut(&mut self, sheet: i64, id: i64) -> Result<&mut Field, Problem> {
        self.0.iter_mut().find(|field| field.sheet == sheet && field.id == id).ok_or_else(|| unknown(id))
    }
}

fn unknown(id: i64) -> Problem {
    Problem::new(404, 1204, format!("The summary field {id} does not exist."))
}

/// What is shown of the fields.
struct Shape<'a> {
    include: Vec<&'a str>,
    exclude: Vec<&'a str>,
}

impl<'a> Shape<'a> {
    fn asked(asked: &'a Asked<'_>) -> Result<Self, Problem> {
        let include = asked.query.words("include", &["format", "writerInfo"])?;
        let exclude = asked.query.words("exclude", &["displayValue", "image", "imageAltText"])?;
        Ok(Self { include, exclude })
    }
}

impl Field {
    fn shown(&self, index: usize, shape: &Shape<'_>) -> Value {
        let mut shown = self.content.clone();
        if !shape.include.contains(&"format") {
            shown.remove("format");
        }
        if shape.exclude.contains(&"image") {
            shown.remove("image");
        }
        if let (true, Some(Value::Object(image))) = (shape.exclude.contains(&"imageAltText"), shown.get_mut("image")) {
            image.remove("altText");
        }
        let display = shown.get("objectValue").and_then(display).filter(|_| !shape.exclude.contains(&"displayValue"));
        shown.extend(display.map(|text| ("displayValue".to_owned(), text.into())));
        let base = json!({
            "id": self.id, "title": self.title, "type": self.kind, "index": index, "lockedForUser": false,
            "createdAt": time(self.created_at), "modifiedAt": time(self.modified_at),
        });
        shown.extend(base.as_object().cloned().unwrap_or_default());
        shown.entry("locked").or_insert(false.into());
        if shape.include.contains(&"writerInfo") {
            shown.insert("createdBy".into(), author());
            shown.insert("modifiedBy".into(), author());
        }
        shown.into()
    }

    /// Takes over what is given; null empties.
    fn set(&mut self, given: &Map<String, Value>, now: DateTime<Utc>) {
        for (name, value) in given.iter().filter(|(name, _)| !["id", "title", "type", "index"].contains(&name.as_str()))
        {
            if value.is_null() {
                self.content.remove(name);
            } else {
                self.content.insert(name.clone(), value.clone());
            }
        }
        // A value and an image exclude each other.
        if given.contains_key("objectValue") {
            self.content.remove("image");
        }
        self.modified_at = now;
    }
}

/// A value as people see it.
fn display(value: &Value) -> Option<String> {
    let member = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(_) => member("name").or_else(|| member("email")).or_else(|| member("value")),
        _ => None,
    }
}

pub(super) fn handle(state: &mut State, asked: &Asked<'_>) -> Outcome {
    let sheet = asked.id("sheetId")?;
    state.sheet(sheet)?;
    let answer = match asked.name() {
        "summaries.get" => json!({ "fields": shown(state, sheet, &Shape::asked(asked)?) }),
        "summaries.fields" => lists::by_page(&shown(state, sheet, &Shape::asked(asked)?), &asked.query)?,
        "summaries.add_fields" => write(state, asked, true)?,
        "summaries.update_fields" => write(state, asked, false)?,
        "summaries.delete_fields" => delete(state, asked)?,
        "summaries.add_image" => add_image(state, asked)?,
        _ => return Err(asked.unknown()),
    };
    Ok(answer.into())
}

fn shown(state: &State, sheet: i64, shape: &Shape<'_>) -> Vec<Value> {
    state.summaries.of(sheet).enumerate().map(|(index, field)| field.shown(index, shape)).collect()
}

/// All or nothing, unless those that can be written shall be.
fn write(state: &mut State, asked: &Asked<'_>, adding: bool) -> Result<Value, Problem> {
    let sheet = asked.id("sheetId")?;
    let rename = asked.query.flag("renameIfConflict")?;
    let partial = asked.query.flag("allowPartialSuccess")?;
    let body = asked.json()?;
    let fields = body.as_array().ok_or_else(|| Problem::wrong_type("summaryField"))?;
    if fields.is_empty() {
        return Err(Problem::missing("summaryField"));
    }
    let mut held: Vec<Field> = state.summaries.of(sheet).cloned().collect();
    let (mut ids, mut refused) = (Vec::new(), Vec::new());
    for (at, given) in fields.iter().enumerate() {
        match put(state, &mut held, given, (sheet, adding, rename), asked.now) {
            Ok(id) => ids.push(id),
            Err(problem) if partial => refused.push((at, None, problem)),
            Err(problem) => return Err(problem.at(at, None)),
        }
    }
    state.summaries.drop_of(|of| of == sheet);
    state.summaries.0.extend(held);
    let held = state.sheet_mut(sheet)?;
    held.touched(asked.now);
    let version = held.version;
    let all = shown(state, sheet, &Shape { include: vec!["format", "writerInfo"], exclude: Vec::new() });
    let is = |id: &i64, field: &Value| field.get("id").and_then(Value::as_i64) == Some(*id);
    let written: Vec<_> = ids.iter().filter_map(|id| all.iter().find(|field| is(id, field)).cloned()).collect();
    let mut answer = bulk(state, version, &refused);
    answer.as_object_mut().map(|answer| answer.insert("result".into(), written.into()));
    Ok(answer)
}

fn put(
    state: &mut State,
    held: &mut Vec<Field>,
    given: &Value,
    (sheet, adding, rename): (i64, bool, bool),
    now: DateTime<Utc>,
) -> Result<i64, Problem> {
    let given = attributes(given, &WRITABLE)?;
    if given.contains_key("objectValue") && given.contains_key("formula") {
        return Err(Problem::bad(1163, "A formula and a value exclude each other."));
    }
    if given.get("formula").is_some_and(|formula| !formula.as_str().is_some_and(|text| text.starts_with('='))) {
        return Err(Problem::bad(1162, "A formula must begin with \"=\"."));
    }
    let kind = given.get("type").map(|kind| kind.as_str().ok_or_else(|| Problem::wrong_type("type"))).transpose()?;
    kind.map_or(Ok(()), known_kind)?;
    let (at, id) = if adding {
        if given.contains_key("id") {
            return Err(Problem::not_allowed("summaryField.id"));
        }
        let kind = required_text(given, "type", "summaryField.type")?;
        required_text(given, "title", "summaryField.title")?;
        (None, (state.new_id(), kind))
    } else {
        let id = given.get("id").ok_or_else(|| Problem::missing("summaryField.id"))?;
        let id = id.as_i64().ok_or_else(|| Problem::wrong_type("id"))?;
        let at = held.iter().position(|field| field.id == id).ok_or_else(|| unknown(id))?;
        (Some(at), (id, String::new()))
    };
    let title = match given.get("title") {
        None => None,
        Some(_) => Some(free(held, id.0, required_text(given, "title", "summaryField.title")?, rename)?),
    };
    let index = match given.get("index") {
        None => at.unwrap_or(held.len()),
        Some(index) => {
            index.as_u64().and_then(|n| usize::try_from(n).ok()).ok_or_else(|| Problem::wrong_type("index"))?
        }
    };
    let blank = || Field {
        id: id.0,
        sheet,
        title: String::new(),
        kind: id.1.clone(),
        content: Map::new(),
        created_at: now,
        modified_at: now,
    };
    let mut field = at.map_or_else(blank, |at| held.remove(at));
    field.title = title.unwrap_or(field.title);
    field.kind = kind.map_or(field.kind, str::to_owned);
    field.set(given, now);
    held.insert(index.min(held.len()), field);
    Ok(id.0)
}

/// A title that no other field has.
fn free(held: &[Field], id: i64, title: String, rename: bool) -> Result<String, Problem> {
    let taken = |title: &str| held.iter().any(|field| field.id != id && field.title == title);
    if !taken(&title) {
        return Ok(title);
    }
    if !rename {
        return Err(Problem::bad(1129, format!("A summary field called \"{title}\" exists already.")));
    }
    let mut candidates = (1..).map(|n| format!("{title} ({n})"));
    Ok(candidates.find(|candidate| !taken(candidate)).unwrap_or(title))
}

fn delete(state: &mut State, asked: &Asked<'_>) -> Result<Value, Problem> {
    let sheet = asked.id("sheetId")?;
    let ids = asked.query.ids("ids")?.ok_or_else(|| Problem::missing("ids"))?;
    let ignore = asked.query.flag("ignoreSummaryFieldsNotFound")?;
    let exists = |id: &i64| state.summaries.of(sheet).any(|field| field.id == *id);
    if let Some(missing) = ids.iter().find(|id| !ignore && !exists(id)) {
        return Err(unknown(*missing));
    }
    let gone: Vec<i64> = ids.into_iter().filter(exists).collect();
    state.summaries.0.retain(|field| !gone.contains(&field.id));
    let held = state.sheet_mut(sheet)?;
    held.touched(asked.now);
    Ok(json!({ "message": "SUCCESS", "resultCode": 0, "version": held.version, "result": gone }))
}

fn add_image(state: &mut State, asked: &Asked<'_>) -> Result<Value, Problem> {
    let (sheet, id) = (asked.id("sheetId")?, asked.id("fieldId")?);
    state.summaries.get_mut(sheet, id)?;
    let (image, _) = images::upload(state, asked)?;
    let field = state.summaries.get_mut(sheet, id)?;
    field.content.remove("objectValue");
    field.content.insert("image".into(), image);
    field.modified_at = asked.now;
    let held = state.sheet_mut(sheet)?;
    held.touched(asked.now);
    let version = held.version;
    let all = shown(state, sheet, &Shape { include: vec!["writerInfo"], exclude: Vec::new() });
    let field = all.into_iter().find(|field| field.get("id").and_then(Value::as_i64) == Some(id));
    Ok(json!({ "message": "SUCCESS", "resultCode": 0, "version": version, "result": field }))
}

/// What an account has before anybody calls.
pub(super) fn seed(state: &mut State, sheet: i64, at: DateTime<Utc>) {
    for (title, kind, value) in [
        ("Region", "TEXT_NUMBER", json!("DACH")),
        ("Stores", "TEXT_NUMBER", json!(6)),
        ("Reviewed", "DATE", json!({ "objectType": "DATE", "value": "2026-05-04" })),
    ] {
        let content = Map::from_iter([("objectValue".to_owned(), value)]);
        let (id, title, kind) = (state.new_id(), title.to_owned(), kind.to_owned());
        state.summaries.0.push(Field { id, sheet, title, kind, content, created_at: at, modified_at: at });
    }
}
