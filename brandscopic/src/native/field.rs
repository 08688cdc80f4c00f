//! A field of a form: what it asks, and what is answered.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::{NaiveDate, NaiveTime};
use connectors_core::wire::lenient;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::field_value::{self, Asked};
use super::{BrandId, FieldId, KpiId, MarqueId, OptionId, PlaceReference, ResultId, StatementId, StoredFile};

connectors_core::open_enum! {
    /// What a field asks for.
    pub enum FieldType {
        /// A line of text.
        "FormField::Text" => Text,
        /// Text of several lines.
        "FormField::TextArea" => TextArea,
        /// A number.
        "FormField::Number" => Number,
        /// An amount of money, in the company's currency.
        "FormField::Currency" => Currency,
        /// Shares of the options, 100 in all.
        "FormField::Percentage" => Percentage,
        /// Any of the options.
        "FormField::Checkbox" => Checkbox,
        /// One of the options.
        "FormField::Radio" => Radio,
        /// One of the options; several where the settings say so.
        "FormField::Dropdown" => Dropdown,
        /// A number for each option, from which the server computes one.
        "FormField::Calculation" => Calculation,
        /// One of the options for each statement.
        "FormField::LikertScale" => LikertScale,
        /// A brand of the campaign.
        "FormField::Brand" => Brand,
        /// A marque of the brand that was chosen.
        "FormField::Marque" => Marque,
        /// A day.
        "FormField::Date" => Date,
        /// A time of day.
        "FormField::Time" => Time,
        /// A place.
        "FormField::Place" => Place,
        /// A picture.
        "FormField::Photo" => Photo,
        /// A file.
        "FormField::Attachment" => Attachment,
        /// Layout: user and date. Takes no value.
        "FormField::UserDate" => UserDate,
        /// Layout: a heading. Takes no value.
        "FormField::Section" => Section,
    }
}

connectors_core::open_enum! {
    /// What the range of a field counts.
    pub enum RangeFormat {
        /// Digits of a number.
        "digits" => Digits,
        /// Characters of a text.
        "characters" => Characters,
        /// Words of a text.
        "words" => Words,
        /// The number itself.
        "value" => Value,
    }
}

connectors_core::open_enum! {
    /// What a calculation does with its numbers.
    pub enum Operator {
        /// Their sum.
        "+" => Add,
        /// Their difference.
        "-" => Subtract,
        /// Their product.
        "*" => Multiply,
        /// Their quotient.
        "/" => Divide,
    }
}

connectors_core::open_enum! {
    /// The part of a form that a field belongs to.
    pub enum FieldModule {
        /// The campaign's own fields.
        "custom" => Custom,
        /// Whom the event reached.
        "consumer_reach" => ConsumerReach,
        /// Who they were.
        "demographics" => Demographics,
        /// What was spent.
        "expenses" => Expenses,
        /// Surveys.
        "surveys" => Surveys,
        /// What competitors do.
        "competitive_analysis" => CompetitiveAnalysis,
        /// Photos.
        "photos" => Photos,
        /// Videos.
        "videos" => Videos,
        /// Comments.
        "comments" => Comments,
    }
}

/// A field, with its answer. [`answer`](Self::answer) makes another one, checked by what the field allows.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "Wire")]
#[non_exhaustive]
pub struct Field {
    /// What the answer is written under; a form that nobody has begun has none.
    pub id: Option<ResultId>,
    /// The field, the same for all events of a campaign.
    pub field_id: FieldId,
    /// What people see.
    pub name: String,
    /// What it asks for.
    pub kind: FieldType,
    /// The answer; `None` while there is none, however the server spells that. A number that is 0 is an answer.
    pub value: Option<FieldValue>,
    /// Where it stands in the form.
    pub ordering: Option<i64>,
    /// Whether an event cannot be submitted without it.
    pub required: bool,
    /// The part of the form that it belongs to.
    pub module: Option<FieldModule>,
    /// The figure that it is bound to.
    pub kpi_id: Option<KpiId>,
    /// What people see besides the name.
    pub description: Option<String>,
    /// What is aimed at, in the field's own unit.
    pub goal: Option<f64>,
    /// What else the campaign says about it.
    pub settings: FieldSettings,
    /// What can be chosen. Brands and marques are among these by their own ids.
    pub options: Vec<FieldOption>,
    /// What is to be rated.
    pub statements: Vec<Statement>,
    /// What a calculation comes to.
    pub result: Option<f64>,
    /// The name of the place that was answered.
    pub display_value: Option<String>,
}

/// What a campaign says about a field.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct FieldSettings {
    /// What the range counts; without it there is no range.
    #[serde(deserialize_with = "format")]
    pub range_format: Option<RangeFormat>,
    /// The least that is allowed.
    #[serde(deserialize_with = "limit")]
    pub range_min: Option<f64>,
    /// The most that is allowed.
    #[serde(deserialize_with = "limit")]
    pub range_max: Option<f64>,
    /// What people see besides the name.
    #[serde(deserialize_with = "lenient::opt_string")]
    pub description: Option<String>,
    /// What a calculation does.
    #[serde(deserialize_with = "operator")]
    pub operation: Option<Operator>,
    /// What people see beside a calculation's result.
    #[serde(deserialize_with = "lenient::opt_string")]
    pub calculation_label: Option<String>,
    /// Whether several options can be chosen.
    #[serde(deserialize_with = "lenient::opt_flag")]
    pub multiple: Option<bool>,
}

/// What can be chosen.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FieldOption {
    /// Its id.
    pub id: OptionId,
    /// What people see.
    pub text: String,
    /// What is aimed at, in the field's own unit.
    pub goal: Option<f64>,
}

/// What is to be rated.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Statement {
    /// Its id.
    pub id: StatementId,
    /// What people see.
    pub text: String,
}

/// An answer, by what the field asks for.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum FieldValue {
    /// To a text.
    Text(String),
    /// To a number or an amount of money.
    Number(f64),
    /// To a percentage: whole per cent by option.
    Shares(BTreeMap<OptionId, u32>),
    /// To a radio button or a dropdown.
    Choice(OptionId),
    /// To check boxes, or a dropdown that takes several.
    Choices(BTreeSet<OptionId>),
    /// To a calculation: a number by option. [`Field::result`] has what it comes to.
    Parts(BTreeMap<OptionId, f64>),
    /// To a Likert scale: an option by statement.
    Ratings(BTreeMap<StatementId, OptionId>),
    /// To a brand.
    Brand(BrandId),
    /// To a marque.
    Marque(MarqueId),
    /// To a day.
    Date(NaiveDate),
    /// To a time of day, in the time zone of the user's profile.
    Time(NaiveTime),
    /// To a place.
    Place(PlaceReference),
    /// What is there of a picture or a file. Only read; an [`Upload`](Self::Upload) replaces it.
    File(FieldFile),
    /// A new picture or file, which lies in the storage. Only written.
    Upload(StoredFile),
    /// Something that has not the form of its type, or whose type is not known, as JSON. Only read.
    Other(String),
}

/// A picture or a file that was uploaded. `Debug` leaves out where it is.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FieldFile {
    /// Its name.
    #[serde(rename = "file_file_name", default, deserialize_with = "lenient::opt_string")]
    pub name: Option<String>,
    /// What it is.
    #[serde(rename = "file_content_type", default, deserialize_with = "lenient::opt_string")]
    pub content_type: Option<String>,
    /// Its size in bytes.
    #[serde(rename = "file_file_size", default, deserialize_with = "lenient::opt_number")]
    pub size: Option<u64>,
    /// Where it is.
    #[serde(rename = "file_original", default, deserialize_with = "lenient::opt_string")]
    pub original: Option<String>,
    /// Where a small picture of it is.
    #[serde(rename = "file_thumbnail", default, deserialize_with = "lenient::opt_string")]
    pub thumbnail: Option<String>,
}

impl fmt::Debug for FieldFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("FieldFile");
        shown.field("name", &self.name).field("content_type", &self.content_type).field("size", &self.size);
        shown.finish_non_exhaustive()
    }
}

macro_rules! from {
    ($($from:ty => $variant:ident),+ $(,)?) => {$(
        impl From<$from> for FieldValue {
            fn from(value: $from) -> Self {
                Self::$variant(value.into())
            }
        }
    )+};
}

from! {
    &str => Text, String => Text, f64 => Number, u32 => Number, i32 => Number, OptionId => Choice, BrandId => Brand,
    MarqueId => Marque, NaiveDate => Date, NaiveTime => Time, PlaceReference => Place, StoredFile => Upload,
    BTreeSet<OptionId> => Choices,
}

impl<const N: usize> From<[(OptionId, u32); N]> for FieldValue {
    fn from(value: [(OptionId, u32); N]) -> Self {
        Self::Shares(value.into())
    }
}

impl<const N: usize> From<[(OptionId, f64); N]> for FieldValue {
    fn from(value: [(OptionId, f64); N]) -> Self {
        Self::Parts(value.into())
    }
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
    id: Option<ResultId>,
    field_id: FieldId,
    #[serde(default, deserialize_with = "lenient::or_default")]
    name: String,
    #[serde(rename = "type")]
    kind: FieldType,
    #[serde(default)]
    value: Value,
    #[serde(default, deserialize_with = "lenient::opt_number")]
    ordering: Option<i64>,
    #[serde(default, deserialize_with = "lenient::opt_flag")]
    required: Option<bool>,
    #[serde(default)]
    module: Option<FieldModule>,
    #[serde(default)]
    kpi_id: Option<KpiId>,
    #[serde(default, deserialize_with = "lenient::opt_string")]
    description: Option<String>,
    #[serde(default, deserialize_with = "limit")]
    goal: Option<f64>,
    #[serde(default, deserialize_with = "lenient::or_default")]
    settings: FieldSettings,
    #[serde(default, deserialize_with = "lenient::or_default")]
    segments: Vec<WireChoice<OptionId>>,
    #[serde(default, deserialize_with = "lenient::or_default")]
    statements: Vec<WireChoice<StatementId>>,
    #[serde(default, deserialize_with = "lenient::opt_flag")]
    multiple: Option<bool>,
    #[serde(default, deserialize_with = "lenient::opt_string")]
    display_value: Option<String>,
}

/// An option or a statement.
#[derive(Deserialize)]
struct WireChoice<Id> {
    id: Id,
    #[serde(default, deserialize_with = "lenient::or_default")]
    text: String,
    #[serde(default)]
    value: Value,
    #[serde(default, deserialize_with = "limit")]
    goal: Option<f64>,
}

impl From<Wire> for Field {
    fn from(wire: Wire) -> Self {
        let asked = Asked {
            kind: &wire.kind,
            value: &wire.value,
            segments: wire.segments.iter().map(|segment| (segment.id, &segment.value)).collect(),
            statements: wire.statements.iter().map(|statement| (statement.id, &statement.value)).collect(),
        };
        let value = asked.answered();
        let result = (wire.kind == FieldType::Calculation).then(|| field_value::number(&wire.value)).flatten();
        let option = |WireChoice { id, text, goal, .. }| FieldOption { id, text, goal };
        let mut settings = wire.settings;
        settings.multiple = settings.multiple.or(wire.multiple);
        Self {
            id: wire.id,
            field_id: wire.field_id,
            name: wire.name,
            kind: wire.kind,
            value,
            ordering: wire.ordering,
            required: wire.required.unwrap_or_default(),
            module: wire.module,
            kpi_id: wire.kpi_id,
            description: wire.description,
            goal: wire.goal,
            settings,
            options: wire.segments.into_iter().map(option).collect(),
            statements: wire.statements.into_iter().map(|s| Statement { id: s.id, text: s.text }).collect(),
            result,
            display_value: wire.display_value,
        }
    }
}

/// A number where there is one. Campaigns are set up by hand: what is no number is no limit, and the server judges.
fn limit<'de, D: Deserializer<'de>>(source: D) -> Result<Option<f64>, D::Error> {
    Value::deserialize(source).map(|value| field_value::number(&value))
}

fn format<'de, D: Deserializer<'de>>(source: D) -> Result<Option<RangeFormat>, D::Error> {
    lenient::opt_string(source).map(|text| text.as_deref().map(RangeFormat::from))
}

fn operator<'de, D: Deserializer<'de>>(source: D) -> Result<Option<Operator>, D::Error> {
    lenient::opt_string(source).map(|text| text.as_deref().map(Operator::from))
}
