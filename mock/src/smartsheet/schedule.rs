//! When update requests are sent.

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc, Weekday};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::asked::attributes;
use super::problem::Problem;
use super::render::time;

/// No further than this is looked for the next time, in days: twenty years.
const HORIZON: u64 = 7_305;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Schedule {
    kind: String,
    start: DateTime<Utc>,
    end: Option<DateTime<Utc>>,
    every: i64,
    days: Vec<String>,
    day_of_month: Option<u32>,
    ordinal: Option<String>,
    given: Map<String, Value>,
}

const KINDS: [&str; 5] = ["ONCE", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"];
const ORDINALS: [&str; 5] = ["FIRST", "SECOND", "THIRD", "FOURTH", "LAST"];
const DAYS: [&str; 10] =
    ["DAY", "WEEKDAY", "WEEKEND", "SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"];

impl Schedule {
    /// What a request without a schedule gets.
    pub(super) fn once(at: DateTime<Utc>) -> Self {
        let given = Map::from_iter([("type".to_owned(), Value::from("ONCE")), ("startAt".to_owned(), time(at).into())]);
        let kind = "ONCE".to_owned();
        Self { kind, start: at, end: None, every: 1, days: Vec::new(), day_of_month: None, ordinal: None, given }
    }

    pub(super) fn read(body: &Value) -> Result<Self, Problem> {
        let known = ["type", "startAt", "endAt", "repeatEvery", "dayDescriptors", "dayOfMonth", "dayOrdinal"];
        let given = attributes(body, &known)?;
        let word = |name: &str, known: &[&str]| match given.get(name) {
            None => Ok(None),
            Some(Value::String(word)) if known.contains(&word.as_str()) => Ok(Some(word.clone())),
            Some(_) => Err(Problem::wrong_type(name)),
        };
        let at = |name: &str| match given.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(at)) => at.parse::<DateTime<Utc>>().map(Some).map_err(|_| Problem::wrong_type(name)),
            Some(Value::Number(at)) => Ok(at.as_i64().and_then(DateTime::from_timestamp_millis)),
            Some(_) => Err(Problem::wrong_type(name)),
        };
        let number = |name: &str, max: u64| match given.get(name) {
            None => Ok(None),
            Some(number) => {
                let number = number.as_u64().ok_or_else(|| Problem::wrong_type(name))?;
                let number = u32::try_from(number).ok().filter(|_| (1..=max).contains(&number));
                number.map(Some).ok_or_else(|| Problem::bad(1031, format!("The value was not valid for {name}.")))
            }
        };
        let days = match given.get("dayDescriptors") {
            None => Vec::new(),
            Some(Value::Array(days)) => {
                let known = |day: &Value| day.as_str().filter(|day| DAYS.contains(day)).map(str::to_owned);
                let days: Option<Vec<_>> = days.iter().map(known).collect();
                days.ok_or_else(|| Problem::wrong_type("dayDescriptors"))?
            }
            Some(_) => return Err(Problem::wrong_type("dayDescriptors")),
        };
        let kind = word("type", &KINDS)?.ok_or_else(|| Problem::missing("schedule.type"))?;
        let start = at("startAt")?.ok_or_else(|| Problem::missing("schedule.startAt"))?;
        let schedule = Self {
            kind,
            start,
            end: at("endAt")?,
            every: i64::from(number("repeatEvery", 1_000)?.unwrap_or(1)),
            days,
            day_of_month: number("dayOfMonth", 31)?,
            ordinal: word("dayOrdinal", &ORDINALS)?,
            given: given.clone(),
        };
        if schedule.kind == "WEEKLY" && schedule.days.is_empty() {
            return Err(Problem::missing("schedule.dayDescriptors"));
        }
        if schedule.next_after(None).is_none() {
            let message = "The schedule specified is invalid because endAt is earlier than the next send date.";
            return Err(Problem::bad(1179, message));
        }
        Ok(schedule)
    }

    pub(super) fn shown(&self) -> Map<String, Value> {
        self.given.clone()
    }

    /// When it is to be sent the next time after it was sent, or the first time.
    pub(super) fn next_after(&self, last: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
        let (first, time) = (self.start.date_naive(), self.start.time());
        let from = match last {
            None => first,
            Some(last) => last.date_naive().checked_add_days(Days::new(1))?,
        };
        if self.kind == "ONCE" {
            return Some(self.start).filter(|_| last.is_none());
        }
        let fits = |day: &NaiveDate| self.falls_on(first, *day);
        let day = (0..HORIZON).filter_map(|days| from.checked_add_days(Days::new(days))).find(fits)?;
        let next = day.and_time(time).and_utc();
        Some(next).filter(|next| self.end.is_none_or(|end| *next <= end))
    }

    fn falls_on(&self, first: NaiveDate, day: NaiveDate) -> bool {
        let months = |day: NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month0());
        match self.kind.as_str() {
            "DAILY" => (day - first).num_days() % self.every == 0,
            "WEEKLY" => {
                let week = |day: NaiveDate| day.week(Weekday::Mon).first_day();
                (week(day) - week(first)).num_weeks() % self.every == 0 && self.is_described(day)
            }
            "MONTHLY" => (months(day) - months(first)) % self.every == 0 && self.is_day_of_month(first, day),
            "YEARLY" => (months(day) - months(first)) % (12 * self.every) == 0 && self.is_day_of_month(first, day),
            _ => false,
        }
    }

    fn is_described(&self, day: NaiveDate) -> bool {
        let name = match day.weekday() {
            Weekday::Mon => "MONDAY",
            Weekday::Tue => "TUESDAY",
            Weekday::Wed => "WEDNESDAY",
            Weekday::Thu => "THURSDAY",
            Weekday::Fri => "FRIDAY",
            Weekday::Sat => "SATURDAY",
            Weekday::Sun => "SUNDAY",
        };
        let kind = if name.starts_with('S') { "WEEKEND" } else { "WEEKDAY" };
        self.days.iter().any(|day| day == name || day == kind || day == "DAY")
    }

    fn is_day_of_month(&self, first: NaiveDate, day: NaiveDate) -> bool {
        let length = u32::from(day.num_days_in_month());
        let Some(ordinal) = &self.ordinal else {
            return day.day() == self.day_of_month.unwrap_or(first.day()).min(length);
        };
        if !self.is_described(day) {
            return false;
        }
        let described = |number: &u32| day.with_day(*number).is_some_and(|day| self.is_described(day));
        let before = (1..day.day()).filter(described).count();
        match ordinal.as_str() {
            "LAST" => !(day.day() + 1..=length).any(|number| described(&number)),
            other => ORDINALS.iter().position(|known| *known == other) == Some(before),
        }
    }
}
