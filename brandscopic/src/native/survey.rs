//! A survey, and what can be answered in one.

use chrono::{DateTime, Utc};
use connectors_core::wire::lenient;
use connectors_core::{Error, Result};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use super::{BrandId, KpiId, OptionId, SurveyAnswerId, SurveyId};

/// A survey: what one consumer answered.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Survey {
    /// Its id.
    pub id: SurveyId,
    /// Whether it counts.
    #[serde(default, deserialize_with = "lenient::opt_flag")]
    pub active: Option<bool>,
    /// When it was made.
    #[serde(default)]
    pub created_at: Option<DateTime<Utc>>,
    /// When it was changed last.
    #[serde(default)]
    pub updated_at: Option<DateTime<Utc>>,
    /// The answers.
    #[serde(default, rename = "surveys_answers", deserialize_with = "lenient::or_default")]
    pub answers: Vec<GivenAnswer>,
}

/// One answer of a survey, as the server tells it. [`known`](Self::known) reads it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct GivenAnswer {
    /// Its id.
    pub id: SurveyAnswerId,
    /// The figure that it counts for, if it is about the consumer.
    #[serde(default)]
    pub kpi_id: Option<KpiId>,
    /// The number of the question, if it is about a brand.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub question_id: Option<u32>,
    /// The brand, if it is about one.
    #[serde(default)]
    pub brand_id: Option<BrandId>,
    /// The answer; a number as text.
    #[serde(default, deserialize_with = "text")]
    pub answer: String,
}

impl GivenAnswer {
    /// What it says; `None` if this version does not know such an answer.
    pub fn known(&self) -> Option<SurveyAnswer> {
        let answer = self.answer.trim();
        if let Some(kpi) = self.kpi_id {
            return answer.parse().ok().map(|option| Demographic::new(kpi, option).into());
        }
        let likelihood = || Likelihood::new(answer.parse().ok()?).ok();
        let answer = match self.question_id? {
            1 => BrandAnswer::First(Awareness::read(answer)?),
            2 => BrandAnswer::Second(answer.parse().ok().filter(|number: &f64| number.is_finite())?),
            3 => BrandAnswer::Third(likelihood()?),
            4 => BrandAnswer::Fourth(likelihood()?),
            _ => return None,
        };
        Some(SurveyAnswer::Brand(self.brand_id?, answer))
    }
}

/// A brand that surveys of an event ask about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SurveyBrand {
    /// Its id.
    pub id: BrandId,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub name: String,
}

/// One answer of a survey.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum SurveyAnswer {
    /// About the consumer.
    Demographic(Demographic),
    /// About a brand: one of [`brands`](super::Surveys::brands).
    Brand(BrandId, BrandAnswer),
}

impl From<Demographic> for SurveyAnswer {
    fn from(answer: Demographic) -> Self {
        Self::Demographic(answer)
    }
}

/// What a consumer is: an option of a figure.
///
/// The constants are the ids of the production system; another one may have its own, for which there is
/// [`new`](Self::new).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Demographic {
    /// The figure that it counts for.
    pub kpi: KpiId,
    /// What was chosen.
    pub option: OptionId,
}

macro_rules! demographics {
    ($($(#[$doc:meta])+ $name:ident = $kpi:ident $option:literal,)+) => {$(
        $(#[$doc])+
        pub const $name: Self = Self::new(Self::$kpi, OptionId::new($option));
    )+};
}

impl Demographic {
    /// The figure of genders.
    pub const GENDER: KpiId = KpiId::new(6);
    /// The figure of ages.
    pub const AGE: KpiId = KpiId::new(7);
    /// The figure of ethnicities.
    pub const ETHNICITY: KpiId = KpiId::new(8);

    demographics! {
        /// A woman.
        FEMALE = GENDER 9,
        /// A man.
        MALE = GENDER 10,
        /// Under 12 years old.
        UNDER_12 = AGE 1,
        /// 12 to 17 years old.
        AGED_12_TO_17 = AGE 2,
        /// 18 to 20 years old.
        AGED_18_TO_20 = AGE 387,
        /// 21 to 24 years old.
        AGED_21_TO_24 = AGE 3,
        /// 25 to 34 years old.
        AGED_25_TO_34 = AGE 4,
        /// 35 to 44 years old.
        AGED_35_TO_44 = AGE 5,
        /// 45 to 54 years old.
        AGED_45_TO_54 = AGE 6,
        /// 55 to 64 years old.
        AGED_55_TO_64 = AGE 7,
        /// 65 years old or older.
        AGED_65_AND_OVER = AGE 8,
        /// Asian.
        ASIAN = ETHNICITY 11,
        /// Black.
        BLACK = ETHNICITY 12,
        /// Hispanic or Latino.
        HISPANIC = ETHNICITY 13,
        /// Native American.
        NATIVE_AMERICAN = ETHNICITY 14,
        /// White.
        WHITE = ETHNICITY 15,
    }

    /// An option of a figure.
    pub const fn new(kpi: KpiId, option: OptionId) -> Self {
        Self { kpi, option }
    }
}

/// What a consumer says of a brand: an answer to one of the four questions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum BrandAnswer {
    /// To the first question.
    First(Awareness),
    /// To the second: a price or an amount.
    Second(f64),
    /// To the third: how likely something is.
    Third(Likelihood),
    /// To the fourth: how likely something else is.
    Fourth(Likelihood),
}

/// How well a consumer knows a brand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Awareness {
    /// Has bought it.
    Purchased,
    /// Has heard of it.
    Aware,
    /// Has not heard of it.
    Unaware,
}

impl Awareness {
    fn as_str(self) -> &'static str {
        match self {
            Self::Purchased => "purchased",
            Self::Aware => "aware",
            Self::Unaware => "unaware",
        }
    }

    fn read(text: &str) -> Option<Self> {
        [Self::Purchased, Self::Aware, Self::Unaware].into_iter().find(|known| known.as_str() == text)
    }
}

/// How likely something is, from 1 to 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Likelihood(u8);

impl Likelihood {
    /// Fails with [`InvalidRequest`](connectors_core::ErrorKind::InvalidRequest) on anything but 1 to 5.
    pub fn new(likelihood: u8) -> Result<Self> {
        let fits = (1..=5).contains(&likelihood);
        if fits { Ok(Self(likelihood)) } else { Err(Error::invalid("answer", "must be from 1 to 5")) }
    }

    /// The number.
    pub fn get(self) -> u8 {
        self.0
    }
}

/// What to do to one answer of a survey.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum AnswerChange {
    /// Adds an answer.
    Add(SurveyAnswer),
    /// Lets the answer with this id be another one.
    Replace(SurveyAnswerId, SurveyAnswer),
}

impl AnswerChange {
    pub(super) fn parts(&self) -> (Option<SurveyAnswerId>, &SurveyAnswer) {
        match self {
            Self::Add(answer) => (None, answer),
            Self::Replace(id, answer) => (Some(*id), answer),
        }
    }
}

/// An answer on the wire.
#[derive(Serialize)]
pub(super) struct WireAnswer {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<SurveyAnswerId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kpi_id: Option<KpiId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    brand_id: Option<BrandId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    question_id: Option<u8>,
    answer: WireValue,
}

enum WireValue {
    Word(&'static str),
    Id(OptionId),
    Number(f64),
    Step(u8),
}

impl Serialize for WireValue {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Word(word) => target.serialize_str(word),
            Self::Id(id) => id.serialize(target),
            Self::Number(number) => target.serialize_f64(*number),
            Self::Step(step) => target.serialize_u8(*step),
        }
    }
}

impl WireAnswer {
    pub(super) fn new(id: Option<SurveyAnswerId>, answer: &SurveyAnswer) -> Self {
        let (kpi_id, brand_id, question_id, answer) = match *answer {
            SurveyAnswer::Demographic(Demographic { kpi, option }) => (Some(kpi), None, None, WireValue::Id(option)),
            SurveyAnswer::Brand(brand, answer) => {
                let (question, answer) = match answer {
                    BrandAnswer::First(awareness) => (1, WireValue::Word(awareness.as_str())),
                    BrandAnswer::Second(number) => (2, WireValue::Number(number)),
                    BrandAnswer::Third(likelihood) => (3, WireValue::Step(likelihood.get())),
                    BrandAnswer::Fourth(likelihood) => (4, WireValue::Step(likelihood.get())),
                };
                (None, Some(brand), Some(question), answer)
            }
        };
        Self { id, kpi_id, brand_id, question_id, answer }
    }
}

/// Refuses no answers, ids that are none and numbers that are none.
pub(super) fn check<'a>(answers: impl Iterator<Item = (Option<SurveyAnswerId>, &'a SurveyAnswer)>) -> Result<()> {
    let refuse = |problem: &str| Err(Error::invalid("surveys_answers_attributes", problem));
    let mut some = false;
    for (id, answer) in answers {
        some = true;
        let ids = match answer {
            SurveyAnswer::Demographic(of) => [of.kpi.get(), of.option.get()],
            SurveyAnswer::Brand(brand, _) => [brand.get(); 2],
        };
        if ids.into_iter().chain(id.map(SurveyAnswerId::get)).any(|id| id <= 0) {
            return refuse("must have positive ids");
        }
        if matches!(answer, SurveyAnswer::Brand(_, BrandAnswer::Second(number)) if !number.is_finite()) {
            return refuse("must have finite numbers");
        }
    }
    if some { Ok(()) } else { refuse("must have at least one answer") }
}

fn text<'de, D: serde::Deserializer<'de>>(source: D) -> Result<String, D::Error> {
    Ok(match Value::deserialize(source)? {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(answer: impl Into<SurveyAnswer>) -> String {
        serde_json::to_string(&WireAnswer::new(None, &answer.into())).unwrap()
    }

    #[test]
    fn answers_are_written_and_read_the_same() {
        let brand = |answer| SurveyAnswer::Brand(BrandId::new(3), answer);
        let likely = Likelihood::new(5).unwrap();
        for (answer, wire) in [
            (Demographic::AGED_18_TO_20.into(), r#"{"kpi_id":7,"answer":387}"#),
            (brand(BrandAnswer::First(Awareness::Unaware)), r#"{"brand_id":3,"question_id":1,"answer":"unaware"}"#),
            (brand(BrandAnswer::Second(12.5)), r#"{"brand_id":3,"question_id":2,"answer":12.5}"#),
            (brand(BrandAnswer::Third(likely)), r#"{"brand_id":3,"question_id":3,"answer":5}"#),
            (brand(BrandAnswer::Fourth(likely)), r#"{"brand_id":3,"question_id":4,"answer":5}"#),
        ] {
            assert_eq!(written(answer), wire);
            let read: GivenAnswer = serde_json::from_str(&wire.replacen('{', r#"{"id":1,"#, 1)).unwrap();
            assert_eq!(read.known(), Some(answer));
        }
    }

    #[test]
    fn an_answer_that_is_not_known_is_kept() {
        for (question, answer) in [("1", r#""heard of""#), ("3", "6"), ("5", "1"), ("2", r#""cheap""#)] {
            let json = format!(r#"{{"id":1,"kpi_id":null,"brand_id":3,"question_id":{question},"answer":{answer}}}"#);
            let read: GivenAnswer = serde_json::from_str(&json).unwrap();
            assert_eq!((read.known(), read.answer.as_str()), (None, answer.trim_matches('"')));
        }
    }

    #[test]
    fn likelihoods_are_from_one_to_five() {
        assert!(Likelihood::new(1).is_ok() && Likelihood::new(5).is_ok());
        assert!(Likelihood::new(0).is_err() && Likelihood::new(6).is_err());
    }
}
