//! Forms: the fields that a campaign or a kind of activities asks, what they take, and how they show what was answered.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::super::fields;
use super::super::state::{FakePlace, State};
use super::brands::BRANDS;

/// What was answered: by the id of the field, under the id of the answer.
pub(super) type Answers = BTreeMap<i64, (i64, Value)>;

/// A field.
pub(super) struct FormField {
    pub(super) id: i64,
    pub(super) module: &'static str,
    pub(super) required: bool,
    kind: &'static str,
    name: &'static str,
    /// What the range counts, its least and its most.
    range: [&'static str; 3],
    options: &'static [&'static str],
    statements: &'static [&'static str],
}

impl FormField {
    const fn new(number: i64, module: &'static str, kind: &'static str, name: &'static str) -> Self {
        Self { id: number, module, required: false, kind, name, range: [""; 3], options: &[], statements: &[] }
    }

    const fn range(mut self, format: &'static str, min: &'static str, max: &'static str) -> Self {
        self.range = [format, min, max];
        self
    }

    const fn options(mut self, options: &'static [&'static str]) -> Self {
        self.options = options;
        self
    }

    const fn statements(mut self, statements: &'static [&'static str]) -> Self {
        self.statements = statements;
        self
    }

    pub(super) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The ids of the options, or of the statements after them.
    fn ids(&self) -> impl Iterator<Item = i64> {
        // A brand is an option by its own id.
        let first = if self.kind == "Brand" { BRANDS[0].id } else { self.id * 100 };
        first..
    }

    fn option_ids(&self) -> impl Iterator<Item = (i64, &'static str)> {
        self.ids().zip(self.options.iter().copied())
    }

    fn statement_ids(&self) -> impl Iterator<Item = (i64, &'static str)> {
        self.ids().skip(self.options.len()).zip(self.statements.iter().copied())
    }

    fn has_option(&self, id: i64) -> bool {
        self.option_ids().any(|(known, _)| known == id)
    }

    fn multiple(&self) -> bool {
        self.kind == "Dropdown" && self.name == LANGUAGES
    }

    /// The field with its answer, as forms show it.
    pub(super) fn view(&self, state: &State, answer: Option<&(i64, Value)>) -> Value {
        let value = answer.map_or(&Value::Null, |(_, value)| value);
        let (shown, beside) = self.shown(value);
        let member = |id: i64| value.get(id.to_string()).cloned().unwrap_or_default();
        let segments = self.option_ids().map(|(id, text)| {
            let value = match self.kind {
                "Checkbox" | "Radio" | "Dropdown" => json!(beside.contains(&id)),
                "Percentage" | "Calculation" => member(id),
                _ => Value::Null,
            };
            json!({"id": id, "text": text, "value": value, "goal": null})
        });
        let statements = self.statement_ids().map(|(id, text)| json!({"id": id, "text": text, "value": member(id)}));
        let [format, min, max] = self.range;
        let mut view = json!({
            "field_id": self.id,
            "name": self.name,
            "type": format!("FormField::{}", self.kind),
            "value": shown,
            "ordering": self.id % 100,
            "required": self.required,
            "module": self.module,
            "kpi_id": (self.module != "custom").then_some(self.id % 100),
            "description": null,
            "goal": if self.kind == "Number" { json!("250") } else { Value::Null },
            "settings": {"range_format": format, "range_min": min, "range_max": max},
        });
        let mut set = |name: &str, value: Value| {
            view.as_object_mut().and_then(|members| members.insert(name.to_owned(), value));
        };
        if let Some((id, _)) = answer {
            set("id", json!(id));
        }
        if !self.options.is_empty() {
            set("segments", segments.collect());
        }
        if !self.statements.is_empty() {
            set("statements", statements.collect());
            set("multiple", Value::Null);
        }
        match self.kind {
            "Calculation" => set("settings", json!({"operation": "-", "calculation_label": "Bottles left"})),
            "Dropdown" => set("settings", json!({"multiple": if self.multiple() { "true" } else { "" }})),
            "Place" => set("display_value", place(state, value).map(|place| place.name.clone()).into()),
            _ => {}
        }
        view
    }

    /// The value as it is shown, and the options that are chosen.
    fn shown(&self, value: &Value) -> (Value, Vec<i64>) {
        let nothing = value.is_null();
        let chosen: Vec<_> = match value {
            Value::Array(ids) => ids.iter().filter_map(integer).collect(),
            one => integer(one).into_iter().collect(),
        };
        let first = || chosen.first().map_or(json!([]), |id| json!(id.to_string()));
        let shown = match self.kind {
            "Checkbox" => json!(chosen),
            "Dropdown" if self.multiple() && !nothing => {
                json!(chosen.iter().map(ToString::to_string).collect::<Vec<_>>().join(","))
            }
            "Radio" | "Dropdown" => first(),
            "Percentage" | "LikertScale" if nothing => json!({}),
            "Calculation" => {
                let mut parts = self.option_ids().filter_map(|(id, _)| number(value.get(id.to_string())?));
                let first = parts.next();
                json!(first.map_or(0.0, |first| parts.fold(first, |rest, part| rest - part)))
            }
            "Number" | "Time" | "Place" if nothing => json!(""),
            "Brand" if nothing => json!(0),
            "Currency" => number(value).map_or(Value::Null, |number| json!(format!("{number:?}"))),
            "Photo" | "Attachment" if !nothing => {
                let url = value.as_str().unwrap_or_default();
                let name = url.rsplit('/').next().unwrap_or_default();
                json!({
                    "file_file_name": name,
                    "file_file_size": 48_213,
                    "file_content_type": if self.kind == "Photo" { "image/jpeg" } else { "application/pdf" },
                    "file_thumbnail": null,
                    "file_original": url,
                })
            }
            _ => value.clone(),
        };
        (shown, chosen)
    }

    /// Whether the field takes this value.
    pub(super) fn takes(&self, state: &State, value: &Value) -> bool {
        let empty = match value {
            Value::Null => true,
            Value::String(text) => text.trim().is_empty(),
            Value::Array(items) => items.is_empty(),
            Value::Object(members) => members.is_empty(),
            _ => false,
        };
        if empty {
            return !self.required;
        }
        let text = value.as_str();
        match self.kind {
            "Text" | "TextArea" => text.is_some_and(|text| self.text_fits(text)),
            "Number" | "Currency" => number(value).is_some_and(|n| self.number_fits(n, value)),
            "Percentage" => self.members(value, integer).is_some_and(|shares| {
                let total: i64 = shares.iter().sum();
                total == 100 || (total == 0 && !self.required)
            }),
            "Calculation" => self.members(value, number).is_some(),
            "Checkbox" => value.as_array().is_some_and(|ids| ids.iter().all(|id| self.is_option(id))),
            "Dropdown" if self.multiple() => {
                self.is_option(value) || value.as_array().is_some_and(|ids| ids.iter().all(|id| self.is_option(id)))
            }
            "Radio" | "Dropdown" | "Brand" => self.is_option(value),
            "LikertScale" => value.as_object().is_some_and(|ratings| {
                ratings.iter().all(|(statement, option)| {
                    let known = self.statement_ids().any(|(id, _)| Ok(id) == statement.parse());
                    known && option.is_string() && self.is_option(option)
                })
            }),
            "Marque" => integer(value).is_some_and(|id| id > 0),
            "Date" => text.is_some_and(|text| fields::date(text).is_some()),
            "Time" => text.is_some_and(|text| fields::time(text).is_some()),
            "Place" => place(state, value).is_some(),
            "Photo" | "Attachment" => text.is_some_and(|url| {
                let path = url.strip_prefix("https://s3.amazonaws.com/").unwrap_or_default();
                path.split_once("/uploads/").is_some_and(|(bucket, file)| !bucket.is_empty() && file.contains('/'))
            }),
            // Layout.
            _ => false,
        }
    }

    fn is_option(&self, value: &Value) -> bool {
        integer(value).is_some_and(|id| self.has_option(id))
    }

    /// What is read of each member of a hash by options.
    fn members<T>(&self, value: &Value, read: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
        let known = |name: &str| name.parse().is_ok_and(|id| self.has_option(id));
        value.as_object()?.iter().map(|(name, value)| read(value).filter(|_| known(name))).collect()
    }

    fn text_fits(&self, text: &str) -> bool {
        match self.range[0] {
            "characters" => self.in_range(text.chars().count()),
            "words" => self.in_range(text.split_whitespace().count()),
            _ => true,
        }
    }

    fn number_fits(&self, number: f64, value: &Value) -> bool {
        match self.range[0] {
            "digits" => self.in_range(value.to_string().chars().filter(char::is_ascii_digit).count()),
            "value" => self.between(number),
            _ => true,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "no text is that long")]
    fn in_range(&self, count: usize) -> bool {
        self.between(count as f64)
    }

    fn between(&self, number: f64) -> bool {
        let [_, min, max] = self.range.map(|limit| limit.parse::<f64>().ok());
        min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max)
    }
}

fn integer(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok()).filter(|number| number.is_finite())
}

/// The place that a value refers to.
fn place<'a>(state: &'a State, value: &Value) -> Option<&'a FakePlace> {
    let reference = || value.as_str();
    state.venues.iter().find(|venue| integer(value) == Some(venue.place_id) || reference() == Some(&venue.reference()))
}

const LANGUAGES: &str = "Languages spoken";

/// The campaign that cannot do without some results.
const STRICT: &str = "Retail Display Audit";

/// What every campaign asks: a field of every type.
const CAMPAIGN: [FormField; 20] = [
    FormField::new(1, "custom", "Section", "The event"),
    FormField::new(2, "custom", "UserDate", "Filled in by"),
    FormField::new(3, "custom", "Text", "Headline").range("characters", "3", "60"),
    FormField::new(4, "custom", "TextArea", "What guests said").range("words", "", "50"),
    FormField::new(5, "consumer_reach", "Number", "Samples poured").range("value", "0", "100000"),
    FormField::new(6, "consumer_reach", "Number", "Guests").range("digits", "1", "4"),
    FormField::new(7, "demographics", "Percentage", "Gender").options(&["Women", "Men"]),
    FormField::new(8, "expenses", "Currency", "Money spent").range("value", "0.5", ""),
    FormField::new(9, "custom", "Checkbox", "Displays").options(&["Banner", "Cooler", "Table"]),
    FormField::new(10, "custom", "Radio", "Weather").options(&["Dry", "Wet"]),
    FormField::new(11, "custom", "Dropdown", "Kind of venue").options(&["Bar", "Shop"]),
    FormField::new(12, "custom", "Dropdown", LANGUAGES).options(&["English", "French", "Spanish"]),
    FormField::new(13, "custom", "Calculation", "Bottles").options(&["Brought", "Opened"]),
    FormField::new(14, "custom", "LikertScale", "Guests' mood")
        .options(&["Agree", "Disagree"])
        .statements(&["They stayed", "They asked for more"]),
    FormField::new(15, "custom", "Brand", "Brand shown").options(&[BRANDS[0].name, BRANDS[1].name]),
    FormField::new(16, "custom", "Marque", "Marque shown"),
    FormField::new(17, "custom", "Date", "Next visit"),
    FormField::new(18, "custom", "Time", "Busiest time"),
    FormField::new(19, "custom", "Place", "Next place"),
    FormField::new(20, "photos", "Photo", "Best picture"),
];

/// What kinds of activities ask.
const BAR_SPEND: [FormField; 2] = [
    FormField::new(1, "custom", "Currency", "Amount spent").range("value", "0", "").required(),
    FormField::new(2, "custom", "Attachment", "Receipt"),
];
const SHELF_CHECK: [FormField; 2] = [
    FormField::new(1, "custom", "Radio", "On the shelf").options(&["Yes", "No"]),
    FormField::new(2, "custom", "Text", "Remarks"),
];

/// The form of a campaign's events.
pub(super) fn of_campaign(state: &State, campaign: i64) -> Vec<FormField> {
    let strict = state.projects.iter().any(|project| project.id == campaign && project.name == STRICT);
    let asks = |field: FormField| match field.kind {
        "Number" | "Percentage" if strict => field.required(),
        _ => field,
    };
    below(campaign, CAMPAIGN.into_iter().map(asks))
}

/// The form of a kind of activities.
pub(super) fn of_activities(kind: i64) -> Vec<FormField> {
    match kind {
        301 => below(kind, BAR_SPEND),
        302 => below(kind, SHELF_CHECK),
        _ => Vec::new(),
    }
}

/// The fields with ids of their own.
fn below(owner: i64, fields: impl IntoIterator<Item = FormField>) -> Vec<FormField> {
    fields.into_iter().map(|field| FormField { id: owner * 100 + field.id, ..field }).collect()
}

/// Answers, as they were sent, to fields that are found by one of their members.
pub(super) fn sent<'a>(
    list: &'a Value,
    by: &'static str,
) -> Option<impl Iterator<Item = (Option<i64>, &'a Value)> + use<'a>> {
    static NULL: Value = Value::Null;
    let of =
        move |answer: &'a Map<String, Value>| (answer.get(by).and_then(integer), answer.get("value").unwrap_or(&NULL));
    let answers: Option<Vec<_>> = list.as_array()?.iter().map(Value::as_object).collect();
    answers.map(|answers| answers.into_iter().map(of))
}
