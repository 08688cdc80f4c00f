//! How the days of a kind of place go.

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use super::calendar::Holiday;

/// How the days of a place go: by hour and weekday, by season and holiday, in rain and sun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Profile {
    /// Open from 10 to 21; afternoons and week-ends, and the weeks before Christmas.
    Mall,
    /// Open from 8 to 20; lunch.
    Market,
    /// Always open; mornings and evenings of working days.
    Plaza,
    /// Always open; afternoons and week-ends, in summer and in good weather.
    Park,
    /// Open from 17 to 23; Thursday to Saturday.
    Arena,
    /// Open from 6 to 19; before work, later at the week-end.
    Coffee,
    /// Open from 7 to 22; after work and at the week-end, most of all before Thanksgiving.
    Grocery,
    /// Open from 5 to 22; before and after work, most of all in January.
    Gym,
    /// Open from 7 to 19 on working days, and all but empty otherwise.
    Office,
    /// Open from 11 to 23; lunch, and dinner towards the week-end.
    Restaurant,
    /// Open from 11 to 23; all but empty save on the days of its events, about two a week and most of them in summer.
    Stadium,
}

/// The numbers of a profile. Weekdays, months and holidays are around 1, hours are weights.
struct Shape {
    /// From Monday to Sunday; where there are events, how likely they are.
    weekdays: [f64; 7],
    /// The first hour with a weight, and the weights: on working days and at the week-end.
    workday: (usize, &'static [f64]),
    weekend: (usize, &'static [f64]),
    /// The middle of each month.
    months: [f64; 12],
    /// New Year, Easter, Memorial Day, July 4, Labor Day, the day before Thanksgiving, Thanksgiving, Black Friday, the
    /// Saturday before Christmas, Christmas Eve, Christmas, the day after it.
    holidays: [f64; Holiday::COUNT],
    /// How much more come on a fine day, and fewer on a wet one.
    weather: f64,
    /// How long people stay on average, in minutes.
    stay: f64,
    segment: &'static str,
}

const TEN_OR_LONGER: &str = "10MinOrLonger";

static MALL: Shape = Shape {
    weekdays: [0.78, 0.80, 0.84, 0.90, 1.08, 1.42, 1.18],
    workday: (10, &[3.0, 5.0, 7.0, 7.0, 7.0, 8.0, 9.0, 10.0, 10.0, 7.0, 3.0]),
    weekend: (10, &[3.0, 6.0, 8.0, 10.0, 11.0, 11.0, 10.0, 8.0, 6.0, 4.0, 2.0]),
    months: [0.80, 0.82, 0.92, 0.93, 0.97, 0.98, 1.00, 1.04, 0.90, 0.96, 1.16, 1.52],
    holidays: [0.45, 0.10, 1.10, 0.70, 1.15, 1.05, 0.06, 2.10, 1.30, 0.80, 0.02, 1.35],
    weather: -0.08,
    stay: 62.0,
    segment: TEN_OR_LONGER,
};

static MARKET: Shape = Shape {
    weekdays: [0.86, 0.90, 0.94, 0.98, 1.10, 1.26, 0.96],
    workday: (8, &[3.0, 4.0, 5.0, 9.0, 14.0, 13.0, 7.0, 5.0, 6.0, 8.0, 7.0, 4.0]),
    weekend: (8, &[2.0, 4.0, 7.0, 10.0, 13.0, 13.0, 10.0, 8.0, 7.0, 7.0, 6.0, 3.0]),
    months: [0.86, 0.88, 0.96, 1.02, 1.06, 1.09, 1.10, 1.08, 1.02, 1.01, 0.96, 0.96],
    holidays: [0.50, 0.60, 0.90, 1.05, 0.95, 1.05, 0.05, 1.15, 1.15, 0.60, 0.02, 1.05],
    weather: 0.16,
    stay: 39.0,
    segment: TEN_OR_LONGER,
};

static PLAZA: Shape = Shape {
    weekdays: [1.08, 1.12, 1.14, 1.12, 1.06, 0.82, 0.66],
    workday: (
        0,
        &[
            0.4, 0.2, 0.1, 0.1, 0.2, 0.8, 3.0, 7.0, 10.0, 7.0, 5.0, 6.0, 8.0, 7.0, 5.0, 6.0, 8.0, 11.0, 9.0, 6.0, 4.0,
            3.0, 2.0, 1.0,
        ],
    ),
    weekend: (
        0,
        &[
            1.6, 1.1, 0.7, 0.4, 0.3, 0.4, 0.9, 1.8, 3.0, 4.5, 6.0, 7.0, 8.0, 8.5, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0, 5.0,
            4.0, 3.2, 2.4,
        ],
    ),
    months: [0.86, 0.89, 0.96, 1.03, 1.07, 1.08, 1.04, 1.02, 1.06, 1.06, 0.99, 0.94],
    holidays: [0.75, 0.85, 0.70, 0.80, 0.70, 0.95, 0.60, 1.05, 1.25, 0.90, 0.50, 0.85],
    weather: 0.22,
    stay: 21.0,
    segment: "allVisits",
};

static PARK: Shape = Shape {
    weekdays: [0.72, 0.74, 0.78, 0.84, 1.00, 1.52, 1.40],
    workday: (
        0,
        &[
            0.2, 0.1, 0.1, 0.1, 0.2, 0.8, 2.2, 3.2, 3.2, 3.4, 4.2, 6.0, 8.5, 8.0, 7.5, 8.5, 10.0, 11.0, 9.0, 6.0, 3.2,
            1.5, 0.8, 0.4,
        ],
    ),
    weekend: (
        0,
        &[
            0.2, 0.1, 0.1, 0.1, 0.2, 0.5, 1.4, 2.6, 4.2, 6.0, 7.5, 9.0, 10.0, 11.0, 11.5, 11.5, 10.5, 8.0, 5.5, 3.8,
            2.4, 1.4, 0.8, 0.4,
        ],
    ),
    months: [0.55, 0.60, 0.80, 1.02, 1.22, 1.38, 1.45, 1.38, 1.18, 1.02, 0.78, 0.62],
    holidays: [0.90, 1.30, 1.45, 1.70, 1.45, 0.95, 0.85, 1.10, 0.95, 0.80, 0.70, 1.10],
    weather: 0.50,
    stay: 55.0,
    segment: TEN_OR_LONGER,
};

static ARENA: Shape = Shape {
    weekdays: [0.40, 0.52, 0.72, 1.10, 1.60, 1.86, 0.80],
    workday: (17, &[3.0, 10.0, 14.0, 12.0, 9.0, 4.0]),
    weekend: (17, &[4.0, 9.0, 13.0, 13.0, 11.0, 7.0]),
    months: [1.12, 1.12, 1.15, 1.08, 0.98, 0.85, 0.75, 0.78, 0.90, 1.08, 1.10, 1.09],
    holidays: [0.70, 0.50, 0.80, 0.90, 0.80, 1.25, 0.40, 1.10, 1.05, 0.15, 0.35, 1.30],
    weather: -0.04,
    stay: 118.0,
    segment: TEN_OR_LONGER,
};

static COFFEE: Shape = Shape {
    weekdays: [1.00, 1.03, 1.05, 1.05, 1.09, 0.98, 0.80],
    workday: (6, &[7.0, 14.0, 16.0, 12.0, 9.0, 7.0, 8.0, 8.0, 7.0, 6.0, 4.0, 2.0, 1.0]),
    weekend: (6, &[2.0, 5.0, 10.0, 14.0, 15.0, 12.0, 9.0, 8.0, 7.0, 6.0, 4.0, 2.5, 1.5]),
    months: [0.98, 0.98, 1.00, 1.00, 1.00, 0.98, 0.95, 0.96, 1.04, 1.07, 1.04, 1.00],
    holidays: [0.60, 0.80, 0.85, 0.70, 0.85, 1.05, 0.35, 1.10, 1.15, 0.75, 0.15, 0.95],
    weather: 0.10,
    stay: 17.0,
    segment: "allVisits",
};

static GROCERY: Shape = Shape {
    weekdays: [0.92, 0.89, 0.91, 0.95, 1.05, 1.16, 1.12],
    workday: (7, &[2.0, 3.5, 5.0, 6.0, 6.5, 7.0, 6.5, 6.5, 8.0, 10.0, 12.0, 11.0, 8.0, 5.0, 3.0]),
    weekend: (7, &[2.0, 4.0, 7.0, 10.0, 11.0, 11.0, 10.0, 9.5, 9.0, 8.5, 7.5, 6.0, 4.0, 2.5, 1.5]),
    months: [0.99, 0.97, 0.97, 0.98, 1.00, 1.00, 1.01, 0.98, 0.97, 0.99, 1.05, 1.09],
    holidays: [0.75, 0.30, 1.10, 1.05, 1.05, 1.55, 0.35, 0.85, 1.25, 1.20, 0.03, 0.90],
    weather: 0.05,
    stay: 31.0,
    segment: TEN_OR_LONGER,
};

static GYM: Shape = Shape {
    weekdays: [1.22, 1.20, 1.15, 1.08, 0.93, 0.77, 0.65],
    workday: (5, &[6.0, 9.0, 8.0, 6.0, 5.0, 4.0, 4.5, 5.5, 4.5, 4.0, 5.0, 8.0, 12.0, 11.0, 7.0, 3.5, 1.5]),
    weekend: (5, &[1.0, 2.5, 5.0, 9.0, 12.0, 12.0, 10.0, 8.0, 6.5, 6.0, 6.0, 6.0, 5.0, 4.0, 2.5, 1.5, 0.8]),
    months: [1.24, 1.14, 1.09, 1.03, 0.98, 0.93, 0.91, 0.92, 0.98, 0.98, 0.93, 0.87],
    holidays: [0.55, 0.60, 0.60, 0.45, 0.60, 0.85, 0.35, 0.95, 1.00, 0.45, 0.05, 0.85],
    weather: -0.05,
    stay: 64.0,
    segment: TEN_OR_LONGER,
};

static OFFICE: Shape = Shape {
    weekdays: [1.22, 1.50, 1.52, 1.42, 1.06, 0.16, 0.12],
    workday: (7, &[5.0, 13.0, 15.0, 8.0, 6.0, 9.0, 8.0, 6.0, 5.0, 4.0, 3.0, 1.5]),
    weekend: (7, &[1.0, 3.0, 5.0, 6.0, 6.0, 5.0, 5.0, 4.0, 3.0, 2.0, 1.0, 0.5]),
    months: [0.99, 1.02, 1.04, 1.04, 1.03, 1.00, 0.93, 0.92, 1.02, 1.06, 1.02, 0.93],
    holidays: [0.06, 0.80, 0.06, 0.06, 0.06, 0.65, 0.04, 0.30, 1.00, 0.30, 0.03, 0.35],
    weather: 0.03,
    stay: 142.0,
    segment: TEN_OR_LONGER,
};

static RESTAURANT: Shape = Shape {
    weekdays: [0.74, 0.80, 0.86, 0.96, 1.22, 1.36, 1.06],
    workday: (11, &[6.0, 12.0, 10.0, 4.0, 3.0, 4.0, 8.0, 12.0, 13.0, 9.0, 5.0, 2.0]),
    weekend: (11, &[6.0, 9.0, 9.0, 7.0, 5.0, 6.0, 9.0, 12.0, 13.0, 10.0, 7.0, 3.0]),
    months: [0.92, 0.96, 1.00, 1.01, 1.05, 1.03, 1.01, 1.00, 0.98, 1.00, 0.99, 1.05],
    holidays: [0.70, 1.05, 0.95, 0.80, 0.95, 1.15, 0.40, 1.05, 1.20, 0.80, 0.15, 1.10],
    weather: 0.12,
    stay: 52.0,
    segment: TEN_OR_LONGER,
};

static STADIUM: Shape = Shape {
    weekdays: [0.06, 0.24, 0.24, 0.14, 0.30, 0.36, 0.27],
    workday: (11, &[0.5, 0.7, 0.8, 1.0, 1.5, 3.0, 8.0, 14.0, 14.0, 12.0, 9.0, 3.0]),
    weekend: (11, &[4.0, 11.0, 14.0, 13.0, 12.0, 8.0, 4.0, 3.0, 3.0, 2.5, 1.5, 0.5]),
    months: [0.30, 0.35, 0.60, 1.40, 1.45, 1.45, 1.40, 1.45, 1.45, 1.10, 0.65, 0.40],
    holidays: [0.40, 0.60, 1.00, 1.00, 1.00, 1.00, 0.60, 1.00, 1.00, 0.10, 0.10, 0.80],
    weather: 0.10,
    stay: 156.0,
    segment: TEN_OR_LONGER,
};

impl Profile {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Mall,
        Self::Market,
        Self::Plaza,
        Self::Park,
        Self::Arena,
        Self::Coffee,
        Self::Grocery,
        Self::Gym,
        Self::Office,
        Self::Restaurant,
        Self::Stadium,
    ];

    fn shape(self) -> &'static Shape {
        match self {
            Self::Mall => &MALL,
            Self::Market => &MARKET,
            Self::Plaza => &PLAZA,
            Self::Park => &PARK,
            Self::Arena => &ARENA,
            Self::Coffee => &COFFEE,
            Self::Grocery => &GROCERY,
            Self::Gym => &GYM,
            Self::Office => &OFFICE,
            Self::Restaurant => &RESTAURANT,
            Self::Stadium => &STADIUM,
        }
    }

    /// How many come on this day of an average year, compared with an average day. `luck`, from 0 to 1, decides
    /// whether there is an event, where there are events.
    pub(super) fn level(self, date: NaiveDate, luck: f64) -> f64 {
        let shape = self.shape();
        let weekday = at(&shape.weekdays, date.weekday().num_days_from_monday());
        let holiday = Holiday::on(date).map_or(1.0, |holiday| at(&shape.holidays, holiday as u32));
        let season = season(&shape.months, date);
        if self != Self::Stadium {
            return weekday * season * holiday;
        }
        if luck < weekday * season { 4.1 * holiday } else { 0.07 }
    }

    /// How much more come on a fine day, and fewer on a wet one.
    pub(super) fn weather(self) -> f64 {
        self.shape().weather
    }

    /// The weight of each hour.
    pub(super) fn hours(self, day: Weekday) -> [f64; 24] {
        let shape = self.shape();
        let (from, weights) = if is_weekend(day) { shape.weekend } else { shape.workday };
        let mut hours = [0.0; 24];
        for (slot, weight) in hours.iter_mut().skip(from).zip(weights) {
            *slot = *weight;
        }
        hours
    }

    /// The first and the closing hour; `None` when it is always open, or not at all on this day.
    pub(super) fn opening(self, day: Weekday) -> Option<(u8, u8)> {
        let shape = self.shape();
        let closed = self == Self::Office && is_weekend(day);
        let (from, weights) = if is_weekend(day) { shape.weekend } else { shape.workday };
        let hours = (u8::try_from(from).ok()?, u8::try_from(from + weights.len()).ok()?);
        Some(hours).filter(|hours| *hours != (0, 24) && !closed)
    }

    /// How long people stay on average, in minutes.
    pub(super) fn stay(self) -> f64 {
        self.shape().stay
    }

    /// How its visits are counted unless asked otherwise.
    pub(super) fn segment(self) -> &'static str {
        self.shape().segment
    }
}

pub(super) fn is_weekend(day: Weekday) -> bool {
    matches!(day, Weekday::Sat | Weekday::Sun)
}

fn at(table: &[f64], index: u32) -> f64 {
    table.get(index as usize).copied().unwrap_or(1.0)
}

/// Between the middles of two months, something in between.
fn season(months: &[f64; 12], date: NaiveDate) -> f64 {
    let past_middle = (f64::from(date.day()) - 15.5) / 30.5;
    let month = date.month0();
    let neighbour = if past_middle < 0.0 { month + 11 } else { month + 1 } % 12;
    let share = past_middle.abs();
    at(months, month) * (1.0 - share) + at(months, neighbour) * share
}
