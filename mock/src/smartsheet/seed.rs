//! What an account holds before anybody calls: two workspaces, a folder, templates, and sheets of everyday work.

use chrono::{DateTime, TimeDelta, Utc};
use connectors_smartsheet::{NewColumn, tracker};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::state::{Cell, Column, Container, Place, Row, Sheet, State};
use super::{
    attachments, automation_rules, contacts, dashboards, events, favorites, filters, groups, reports, shares,
    summaries, users,
};

/// The ids of what is there from the beginning.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(super) struct Seeded {
    pub(super) workspace: i64,
    pub(super) folder: i64,
    pub(super) template_sheet: i64,
    pub(super) gallery_template: i64,
    pub(super) store_list: i64,
}

const STORES: [(&str, &str, bool, f64); 6] = [
    ("Alexa", "Berlin", true, 56_200.0),
    ("Mall of Berlin", "Berlin", true, 76_000.0),
    ("Europa-Galerie", "Hamburg", false, 30_400.5),
    ("Pasing Arcaden", "Munich", true, 53_000.0),
    ("Skyline Plaza", "Frankfurt", false, 38_000.0),
    ("Rhein-Galerie", "Ludwigshafen", true, 29_900.25),
];

impl State {
    /// An account as it is at `now`.
    pub(super) fn seeded(number: u64, now: DateTime<Utc>) -> Self {
        let mut state = Self::new(number);
        seed(&mut state, now);
        state
    }
}

fn seed(state: &mut State, now: DateTime<Utc>) {
    let [workspace, operations, folder] = [(); 3].map(|()| state.new_id());
    let container = |id, name: &str, place, days| Container {
        id,
        name: name.to_owned(),
        place,
        source: None,
        created_at: now - TimeDelta::days(days),
        modified_at: now - TimeDelta::days(days),
    };
    state.workspaces.push(container(workspace, "Field marketing", Place::Home, 700));
    state.workspaces.push(container(operations, "Operations", Place::Home, 410));
    state.folders.push(container(folder, "Campaigns", Place::Workspace(workspace), 690));

    let template_sheet =
        sheet(state, "Event tracker template", Place::Workspace(workspace), now - TimeDelta::days(380));
    let gallery_template = sheet(state, "Event tracker", Place::Workspace(workspace), now - TimeDelta::days(390));
    if let Some(template) = state.sheets.get_mut(&gallery_template) {
        template.template = true;
    }
    let store_list = stores(state, Place::Workspace(operations), now - TimeDelta::days(200));
    state.users = users::Store::seeded(now);
    state.groups = groups::Store::seeded(now);
    state.contacts = contacts::Store::seeded(now);
    state.shares = shares::Store::seeded(workspace);
    state.events = events::Store::seeded(state, now);
    filters::seed(state, store_list);
    attachments::seed(state, store_list, now);
    summaries::seed(state, store_list, now - TimeDelta::days(90));
    automation_rules::seed(state, store_list, now);
    reports::seed(state, Place::Workspace(operations), store_list, now);
    dashboards::seed(state, Place::Workspace(operations), store_list, now);
    state.favorites = favorites::Store::seeded(operations, store_list);
    state.seeded = Seeded { workspace, folder, template_sheet, gallery_template, store_list };
}

fn sheet(state: &mut State, name: &str, place: Place, at: DateTime<Utc>) -> i64 {
    let columns = tracker::columns().iter().map(|column| new_column(state, column)).collect();
    new_sheet(state, name, place, columns, at)
}

fn stores(state: &mut State, place: Place, at: DateTime<Utc>) -> i64 {
    let mut column = |title: &str, kind: &str, extras: Value| Column {
        id: state.new_id(),
        title: title.to_owned(),
        kind: kind.to_owned(),
        primary: title == "Store",
        extras: extras.as_object().cloned().unwrap_or_default(),
    };
    let columns = vec![
        column("Store", "TEXT_NUMBER", json!({})),
        column("City", "PICKLIST", json!({ "options": ["Berlin", "Hamburg", "Munich", "Frankfurt", "Ludwigshafen"] })),
        column("Power on site", "CHECKBOX", json!({})),
        column("Area (m²)", "TEXT_NUMBER", json!({})),
        column("Manager", "CONTACT_LIST", json!({})),
        column("Opened", "DATE", json!({})),
        column("Teams", "MULTI_PICKLIST", json!({ "options": ["Crew A", "Crew B", "Crew C"] })),
        column("Added", "DATETIME", json!({ "systemColumnType": "CREATED_DATE" })),
    ];
    let ids: Vec<i64> = columns.iter().map(|column| column.id).collect();
    let id = new_sheet(state, "Store list", place, columns, at);
    for (index, (store, city, power, area)) in STORES.into_iter().enumerate() {
        let email = format!("{}@example.com", store.to_lowercase().replace(' ', "."));
        let contact = json!({ "objectType": "CONTACT", "email": email, "name": format!("{store} team") });
        let opened = format!("20{:02}-0{}-15", 7 + index, 1 + index);
        let teams = json!({ "objectType": "MULTI_PICKLIST", "values": ["Crew A", "Crew B"] });
        let plain = |value: Value, display: Option<String>| Cell { value: Some(value), display, ..Cell::default() };
        let rich =
            |value: Value, display: Option<String>, object| Cell { object: Some(object), ..plain(value, display) };
        let cells = [
            plain(json!(store), Some(store.to_owned())),
            plain(json!(city), Some(city.to_owned())),
            plain(json!(power), None),
            plain(json!(area), Some(area.to_string())),
            rich(json!(email), Some(format!("{store} team")), contact),
            rich(json!(opened), None, json!({ "objectType": "DATE", "value": opened })),
            rich(json!("Crew A, Crew B"), Some("Crew A, Crew B".to_owned()), teams),
        ];
        let cells = ids.iter().copied().zip(cells).collect();
        let row = Row { version: 1, cells, ..Row::new(state.new_id(), at) };
        if let Some(sheet) = state.sheets.get_mut(&id) {
            sheet.rows.push(row);
        }
    }
    id
}

pub(super) fn new_sheet(state: &mut State, name: &str, place: Place, columns: Vec<Column>, at: DateTime<Utc>) -> i64 {
    let id = state.new_id();
    let rows = Vec::new();
    let name = name.to_owned();
    let sheet = Sheet {
        id,
        name,
        place,
        template: false,
        source: None,
        version: 1,
        created_at: at,
        modified_at: at,
        columns,
        rows,
    };
    state.insert(sheet);
    id
}

fn new_column(state: &mut State, column: &NewColumn) -> Column {
    Column {
        id: state.new_id(),
        title: column.title.clone(),
        kind: column.column_type.to_string(),
        primary: column.primary == Some(true),
        extras: Map::new(),
    }
}
