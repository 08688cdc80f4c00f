//! Answering a field: what it allows is checked here, and the form of each type is made.

use std::fmt;

use chrono::{NaiveDate, Timelike};
use connectors_core::{Error, Result};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Field, FieldId, FieldType, FieldValue, OptionId, RangeFormat, ResultId, dates};

/// The largest number that a double tells from its neighbours.
const EXACT: f64 = 9_007_199_254_740_991.0;

/// An answer that its field allows, ready to be written. [`Field::answer`] makes it. `Debug` does not show the value, which
/// may be where a file is.
#[derive(Clone, PartialEq)]
pub struct ResultAnswer {
    id: Option<ResultId>,
    field: FieldId,
    value: Value,
}

impl fmt::Debug for ResultAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResultAnswer").field("id", &self.id).field("field", &self.field).finish_non_exhaustive()
    }
}

/// What is wrong with an answer.
type Problem = std::borrow::Cow<'static, str>;

impl Field {
    /// Answers the field.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// # use connectors_brandscopic::{Contract, native::{FieldType, RemoteEventId}};
    /// # use connectors_mock::MockBrandscopic;
    /// # let mock = MockBrandscopic::builder().contract(Contract::Native).past_events(1).build()?;
    /// # let event = RemoteEventId::new(mock.fake().events()[0].id);
    /// let form = mock.client().native()?.events().results(event).await?;
    /// let shares = form.fields().find(|field| field.kind == FieldType::Percentage).expect("the campaign asks for it");
    /// let (women, men) = (shares.options[0].id, shares.options[1].id);
    /// assert!(shares.answer([(women, 60), (men, 40)]).is_ok());
    /// assert!(shares.answer([(women, 60), (men, 50)]).is_err());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Fails with [`InvalidRequest`](connectors_core::ErrorKind::InvalidRequest) on a value of another type, one out of
    /// the field's range, options and statements that it has not, shares that are not 100 per cent in all (a field that
    /// is not required also takes none), nothing where something is required, numbers that are none, addresses that no
    /// upload has, and on fields that take no value.
    pub fn answer(&self, value: impl Into<FieldValue>) -> Result<ResultAnswer> {
        let value = self.written(&value.into()).map_err(|problem| {
            Error::invalid("results.value", format!("`{}` (field {}) {problem}", self.name, self.field_id))
        })?;
        Ok(ResultAnswer { id: self.id, field: self.field_id, value })
    }

    fn written(&self, value: &FieldValue) -> Result<Value, Problem> {
        Ok(match (&self.kind, value) {
            (FieldType::UserDate | FieldType::Section, _) => return Err("is layout and takes no value".into()),
            (FieldType::Unknown(_), _) => return Err("is of a type that this version cannot write".into()),
            (FieldType::Text | FieldType::TextArea, FieldValue::Text(text)) => {
                if !self.may_be_nothing(text.trim().is_empty())? {
                    self.check_text(text)?;
                }
                text.as_str().into()
            }
            (FieldType::Number | FieldType::Currency, FieldValue::Number(number)) => {
                let written = written(*number)?;
                self.check_number(*number, &written)?;
                written
            }
            (FieldType::Percentage, FieldValue::Shares(shares)) => {
                let total: u64 = shares.values().copied().map(u64::from).sum();
                if !self.may_be_nothing(total == 0)? && total != 100 {
                    return Err(format!("must be 100 per cent in all, not {total}").into());
                }
                self.hash(shares.iter().map(|(id, share)| Ok((*id, json!(share)))))?
            }
            (FieldType::Calculation, FieldValue::Parts(parts)) => {
                self.may_be_nothing(parts.is_empty())?;
                self.hash(parts.iter().map(|(id, number)| Ok((*id, written(*number)?))))?
            }
            (FieldType::LikertScale, FieldValue::Ratings(ratings)) => {
                self.may_be_nothing(ratings.is_empty())?;
                let mut hash = Map::new();
                for (statement, option) in ratings {
                    if !self.statements.iter().any(|known| known.id == *statement) {
                        return Err(format!("has no statement {statement}").into());
                    }
                    self.check_option(*option)?;
                    hash.insert(statement.to_string(), option.to_string().into());
                }
                hash.into()
            }
            (FieldType::Checkbox, FieldValue::Choices(chosen)) => self.list(chosen)?,
            (FieldType::Dropdown, FieldValue::Choices(chosen)) if self.settings.multiple == Some(true) => {
                self.list(chosen)?
            }
            (FieldType::Radio | FieldType::Dropdown, FieldValue::Choice(option)) => {
                self.check_option(*option)?;
                json!(option)
            }
            (FieldType::Brand, FieldValue::Brand(brand)) => {
                if brand.get() <= 0 || !self.options.is_empty() {
                    self.check_option(OptionId::new(brand.get()))?;
                }
                json!(brand)
            }
            // Which ones there are depends on the brand, which may be answered along with it.
            (FieldType::Marque, FieldValue::Marque(marque)) if marque.get() > 0 => json!(marque),
            (FieldType::Marque, FieldValue::Marque(marque)) => return Err(format!("has no option {marque}").into()),
            (FieldType::Date, FieldValue::Date(day)) => written_day(*day)?,
            (FieldType::Time, FieldValue::Time(time)) => {
                if time.second() != 0 || time.nanosecond() != 0 {
                    return Err("takes whole minutes".into());
                }
                dates::time(*time).into()
            }
            (FieldType::Place, FieldValue::Place(place)) => match place.place_id() {
                Some(id) if id.get() <= 0 => return Err("needs the id of a place".into()),
                None if !place.to_string().contains("||") => return Err("needs a reference from a search".into()),
                _ => json!(place),
            },
            (FieldType::Photo | FieldType::Attachment, FieldValue::Upload(file)) => {
                file.check().map_err(|error| error.message().to_owned())?;
                file.address().into()
            }
            (kind, _) => return Err(format!("takes {}", expected(kind, self.settings.multiple == Some(true))).into()),
        })
    }

    /// Whether the answer is nothing; refused where the field is required.
    fn may_be_nothing(&self, nothing: bool) -> Result<bool, Problem> {
        if nothing && self.required { Err("is required".into()) } else { Ok(nothing) }
    }

    fn check_option(&self, option: OptionId) -> Result<(), Problem> {
        let known = self.options.iter().any(|known| known.id == option);
        if known { Ok(()) } else { Err(format!("has no option {option}").into()) }
    }

    fn list(&self, chosen: &std::collections::BTreeSet<OptionId>) -> Result<Value, Problem> {
        self.may_be_nothing(chosen.is_empty())?;
        chosen.iter().try_for_each(|option| self.check_option(*option))?;
        Ok(json!(chosen))
    }

    fn hash(&self, values: impl Iterator<Item = Result<(OptionId, Value), Problem>>) -> Result<Value, Problem> {
        let mut hash = Map::new();
        for value in values {
            let (option, value) = value?;
            self.check_option(option)?;
            hash.insert(option.to_string(), value);
        }
        Ok(hash.into())
    }

    fn check_text(&self, text: &str) -> Result<(), Problem> {
        match self.settings.range_format {
            Some(RangeFormat::Characters) => self.check_count(text.chars().count(), "characters"),
            Some(RangeFormat::Words) => self.check_count(text.split_whitespace().count(), "words"),
            _ => Ok(()),
        }
    }

    fn check_number(&self, number: f64, written: &Value) -> Result<(), Problem> {
        match self.settings.range_format {
            Some(RangeFormat::Digits) => {
                self.check_count(written.to_string().chars().filter(char::is_ascii_digit).count(), "digits")
            }
            Some(RangeFormat::Value) => self.check_range(number, ""),
            _ => Ok(()),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "no text is that long")]
    fn check_count(&self, count: usize, unit: &str) -> Result<(), Problem> {
        self.check_range(count as f64, unit)
    }

    fn check_range(&self, number: f64, unit: &str) -> Result<(), Problem> {
        let (min, max) = (self.settings.range_min, self.settings.range_max);
        let fits = min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max);
        let bounds = match (min, max) {
            _ if fits => return Ok(()),
            (Some(min), Some(max)) => format!("from {min} to {max}"),
            (Some(min), None) => format!("at least {min}"),
            (_, max) => format!("at most {}", max.unwrap_or(f64::INFINITY)),
        };
        Err(format!("must be {bounds} {unit}").trim_end().to_owned().into())
    }
}

/// A number as the server counts its digits: whole ones without a point.
fn written(number: f64) -> Result<Value, Problem> {
    if !number.is_finite() {
        return Err("takes finite numbers".into());
    }
    #[expect(clippy::cast_possible_truncation, reason = "a whole number of at most 53 bits")]
    Ok(if number.fract() == 0.0 && number.abs() <= EXACT { json!(number as i64) } else { json!(number) })
}

fn written_day(day: NaiveDate) -> Result<Value, Problem> {
    use chrono::Datelike;
    if (1..=9999).contains(&day.year()) {
        Ok(dates::date(day).into())
    } else {
        Err("takes years of four digits".into())
    }
}

fn expected(kind: &FieldType, multiple: bool) -> &'static str {
    match kind {
        FieldType::Text | FieldType::TextArea => "a text",
        FieldType::Number | FieldType::Currency => "a number",
        FieldType::Percentage => "shares by option",
        FieldType::Checkbox => "choices",
        FieldType::Dropdown if multiple => "a choice or several",
        FieldType::Radio | FieldType::Dropdown => "one choice",
        FieldType::Calculation => "numbers by option",
        FieldType::LikertScale => "options by statement",
        FieldType::Brand => "a brand",
        FieldType::Marque => "a marque",
        FieldType::Date => "a day",
        FieldType::Time => "a time",
        FieldType::Place => "a place",
        FieldType::Photo | FieldType::Attachment => "an upload",
        FieldType::UserDate | FieldType::Section | FieldType::Unknown(_) => "no value",
    }
}

impl ResultAnswer {
    /// What it is written under, if the form was begun.
    pub fn result_id(&self) -> Option<ResultId> {
        self.id
    }

    /// The field that it answers.
    pub fn field_id(&self) -> FieldId {
        self.field
    }
}

/// An answer on the wire: by what was begun, or by the field.
#[derive(Serialize)]
pub(super) struct WireAnswer<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<ResultId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    form_field_id: Option<FieldId>,
    value: &'a Value,
}

/// Which form answers are written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// One that was begun: its answers have ids.
    Begun,
    /// One that is yet to be: its answers are known by their fields.
    New,
}

/// The answers as they are written: always a list, which the server reads by its order.
pub(super) fn to_wire(answers: &[ResultAnswer], form: Form) -> Vec<WireAnswer<'_>> {
    let new = form == Form::New;
    let written = |answer: &'_ ResultAnswer| (answer.id.filter(|_| !new), Some(answer.field).filter(|_| new));
    let wire = answers.iter().map(|answer| (written(answer), &answer.value));
    wire.map(|((id, form_field_id), value)| WireAnswer { id, form_field_id, value }).collect()
}

/// Refuses answers that the form could not tell apart or has no place for.
pub(super) fn check(answers: &[ResultAnswer], form: Form) -> Result<()> {
    let refuse = |answer: &ResultAnswer, problem: &str| {
        Err(Error::invalid("results_attributes", format!("field {} {problem}", answer.field)))
    };
    for (position, answer) in answers.iter().enumerate() {
        if form == Form::Begun && answer.id.is_none_or(|id| id.get() <= 0) {
            return refuse(answer, "is of a form that nobody has begun; read the form first");
        }
        if answers.iter().take(position).any(|earlier| earlier.field == answer.field) {
            return refuse(answer, "is answered twice");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: &str, more: &Value) -> Field {
        let mut field = json!({"id": 7, "field_id": 1, "name": "Guests", "type": format!("FormField::{kind}")});
        field.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        serde_json::from_value(field).unwrap()
    }

    fn plain(kind: &str) -> Field {
        field(kind, &json!({}))
    }

    fn ranged(kind: &str, format: &str, min: &str, max: &str) -> Field {
        field(kind, &json!({"settings": {"range_format": format, "range_min": min, "range_max": max}}))
    }

    fn options(kind: &str) -> Field {
        field(kind, &json!({"segments": [{"id": 4, "text": "A"}, {"id": 5, "text": "B"}], "statements": [{"id": 9}]}))
    }

    fn wire(field: &Field, value: impl Into<FieldValue>) -> String {
        serde_json::to_string(&to_wire(&[field.answer(value).unwrap()], Form::Begun)).unwrap()
    }

    fn refused(field: &Field, value: impl Into<FieldValue>) -> String {
        let error = field.answer(value).unwrap_err();
        assert_eq!(error.field(), Some("results.value"));
        error.message().to_owned()
    }

    const A: OptionId = OptionId::new(4);
    const B: OptionId = OptionId::new(5);

    #[test]
    fn every_type_has_its_form() {
        let likert = FieldValue::Ratings([(super::super::StatementId::new(9), A)].into());
        let several = field("Dropdown", &json!({"segments": [{"id": 4}, {"id": 5}], "settings": {"multiple": "true"}}));
        let day: NaiveDate = "2026-06-05".parse().unwrap();
        for (written, value) in [
            (wire(&plain("Text"), "sold out"), r#""sold out""#),
            (wire(&plain("Number"), 12), "12"),
            (wire(&plain("Number"), 12.0), "12"),
            (wire(&plain("Currency"), 12.5), "12.5"),
            (wire(&options("Percentage"), [(A, 60_u32), (B, 40)]), r#"{"4":60,"5":40}"#),
            (wire(&options("Calculation"), [(A, 2.5), (B, 2.0)]), r#"{"4":2.5,"5":2}"#),
            (wire(&options("LikertScale"), likert), r#"{"9":"4"}"#),
            (wire(&options("Checkbox"), FieldValue::Choices([A, B].into())), "[4,5]"),
            (wire(&several, FieldValue::Choices([A, B].into())), "[4,5]"),
            (wire(&options("Radio"), A), "4"),
            (wire(&several, A), "4"),
            (wire(&options("Brand"), super::super::BrandId::new(5)), "5"),
            (wire(&plain("Marque"), super::super::MarqueId::new(8)), "8"),
            (wire(&plain("Date"), day), r#""06/05/2026""#),
            (wire(&plain("Time"), day.and_hms_opt(0, 5, 0).unwrap().time()), r#""12:05 AM""#),
            (wire(&plain("Place"), super::super::PlaceReference::new("a||b")), r#""a||b""#),
            (
                wire(&plain("Photo"), super::super::StoredFile::new("https://s3.amazonaws.com/b/uploads/f/a.jpg")),
                r#""https://s3.amazonaws.com/b/uploads/f/a.jpg""#,
            ),
        ] {
            assert_eq!(written, format!(r#"[{{"id":7,"value":{value}}}]"#));
        }
        let stored = super::super::StoredFile::new("https://s3.amazonaws.com/b/uploads/canary/a.jpg");
        let shown = format!("{:?}", plain("Photo").answer(stored).unwrap());
        assert!(!shown.contains("canary"), "{shown}");
        let new = [plain("Text").answer("x").unwrap()];
        assert_eq!(serde_json::to_string(&to_wire(&new, Form::New)).unwrap(), r#"[{"form_field_id":1,"value":"x"}]"#);
    }

    #[test]
    fn ranges_hold_at_both_ends() {
        let text = ranged("Text", "characters", "2", "3");
        assert!(text.answer("äö").is_ok() && text.answer("äöü").is_ok());
        assert!(refused(&text, "ä").contains("from 2 to 3 characters") && refused(&text, "äöüß").contains("from 2"));
        assert!(text.answer("").is_ok(), "it is not required");
        let words = ranged("TextArea", "words", "", "2");
        assert!(words.answer(" sold  out ").is_ok() && refused(&words, "all sold out").contains("at most 2 words"));
        let digits = ranged("Number", "digits", "2", "");
        assert!(digits.answer(-10).is_ok() && digits.answer(1.5).is_ok());
        assert!(refused(&digits, 9.0).contains("at least 2 digits"));
        let value = ranged("Currency", "value", "-1", "10.5");
        assert!(
            value.answer(-1).is_ok() && value.answer(10.5).is_ok() && refused(&value, 10.51).contains("-1 to 10.5")
        );
        assert!(ranged("Number", "value", "", "").answer(1e30).is_ok());
        assert!(
            refused(&plain("Number"), f64::NAN).contains("finite") && plain("Number").answer(f64::INFINITY).is_err()
        );
    }

    #[test]
    fn shares_are_all_or_nothing() {
        let (optional, mut required) = (options("Percentage"), options("Percentage"));
        required.required = true;
        assert!(optional.answer([(A, 0_u32), (B, 0)]).is_ok());
        assert!(refused(&required, [(A, 0_u32), (B, 0)]).contains("is required"));
        for wrong in [[(A, 60_u32), (B, 39)], [(A, 60), (B, 41)], [(A, u32::MAX), (B, u32::MAX)]] {
            assert!(refused(&optional, wrong).contains("100 per cent"));
        }
        assert!(refused(&optional, [(A, 60_u32), (OptionId::new(6), 40)]).contains("no option 6"));
    }

    #[test]
    fn what_a_field_does_not_take_is_refused() {
        assert!(
            refused(&plain("Section"), "x").contains("layout") && refused(&plain("UserDate"), 1).contains("layout")
        );
        assert!(refused(&plain("Hologram"), 1).contains("this version"));
        assert!(refused(&plain("Number"), "12").contains("takes a number"));
        assert!(refused(&options("Dropdown"), FieldValue::Choices([A].into())).contains("one choice"));
        assert!(refused(&options("Radio"), OptionId::new(6)).contains("no option 6"));
        assert!(refused(&options("Brand"), super::super::BrandId::new(6)).contains("no option 6"));
        let ratings =
            |statement, option| FieldValue::Ratings([(super::super::StatementId::new(statement), option)].into());
        assert!(refused(&options("LikertScale"), ratings(8, A)).contains("no statement 8"));
        assert!(refused(&options("LikertScale"), ratings(9, OptionId::new(6))).contains("no option 6"));
        let elsewhere = super::super::StoredFile::new("https://example.com/a.jpg");
        assert!(refused(&plain("Attachment"), elsewhere).contains("/uploads/"));
        let required = |kind: &str| field(kind, &json!({"required": true, "segments": [{"id": 4}]}));
        assert!(refused(&required("Text"), "  ").contains("is required"));
        assert!(refused(&required("Checkbox"), FieldValue::Choices([].into())).contains("is required"));
    }

    #[test]
    fn answers_are_told_apart_and_belong_to_a_form() {
        let answer = plain("Text").answer("x").unwrap();
        assert!(check(std::slice::from_ref(&answer), Form::Begun).is_ok());
        assert!(check(&[answer.clone(), answer.clone()], Form::Begun).unwrap_err().message().contains("twice"));
        let blank = ResultAnswer { id: None, ..answer };
        assert!(check(std::slice::from_ref(&blank), Form::New).is_ok());
        assert_eq!(check(&[blank], Form::Begun).unwrap_err().field(), Some("results_attributes"));
    }
}
