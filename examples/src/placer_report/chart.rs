//! The charts.

use chrono::{Datelike, NaiveDate, Weekday};
use connectors_placer::hour_label;

use super::data::{StoreFootfall, WEEK, WeekMap};
use super::svg::{Anchor, Svg};

/// How large a line chart is, and how much stands around it.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    width: f64,
    height: f64,
    left: f64,
    /// How many dates have room below it.
    dates: usize,
    ticks: u32,
}

impl Size {
    pub const WIDE: Self = Self { width: 720.0, height: 240.0, left: 46.0, dates: 9, ticks: 4 };
    pub const SMALL: Self = Self { width: 340.0, height: 110.0, left: 46.0, dates: 3, ticks: 2 };
}

/// Visits by day, from zero up; week-ends are shaded.
#[expect(clippy::cast_precision_loss, reason = "positions of small numbers")]
pub fn days(id: &str, title: &str, visits: &[(NaiveDate, Option<u64>)], size: Size) -> String {
    let (bottom, right) = (size.height - 22.0, size.width - 12.0);
    let most = visits.iter().filter_map(|(_, count)| *count).max().unwrap_or_default();
    let step = step(most, size.ticks);
    let top = (most.div_ceil(step) * step).max(step);
    let x = |index: usize| size.left + (right - size.left) * index as f64 / (visits.len().max(2) - 1) as f64;
    let y = |count: u64| bottom - (bottom - 10.0) * count as f64 / top as f64;

    let description = match (visits.first(), visits.last()) {
        (Some((first, _)), Some((last, _))) => {
            format!("Visits by day from {first} to {last}, at most {}.", grouped(most))
        }
        _ => "No days.".to_owned(),
    };
    let mut svg = Svg::new(id, size.width, size.height, title, &description);
    let day_width = x(1) - x(0);
    for (index, (date, _)) in visits.iter().enumerate() {
        if matches!(date.weekday(), Weekday::Sat | Weekday::Sun) {
            let (from, to) = ((x(index) - day_width / 2.0).max(size.left), (x(index) + day_width / 2.0).min(right));
            svg.rect("weekend", (from, 10.0), (to - from, bottom - 10.0));
        }
    }
    for tick in (0..=top / step).map(|n| n * step) {
        svg.line("grid", (size.left, y(tick)), (right, y(tick)));
        svg.text("label", Anchor::End, (size.left - 6.0, y(tick) + 4.0), &short(tick));
    }
    let mondays: Vec<_> = visits.iter().enumerate().filter(|(_, (date, _))| date.weekday() == Weekday::Mon).collect();
    for (index, (date, _)) in mondays.iter().step_by(mondays.len().div_ceil(size.dates).max(1)) {
        // A label at the edge would stick out.
        if (size.left + 16.0..right - 12.0).contains(&x(*index)) {
            svg.text("label", Anchor::Middle, (x(*index), bottom + 16.0), &date.format("%b %-d").to_string());
        }
    }
    svg.polyline(
        "series",
        visits.iter().enumerate().map(|(index, (_, count))| count.map(|count| (x(index), y(count)))),
    );
    svg.finish()
}

/// The hours of a week: the more visits, the darker.
pub fn heat_map(id: &str, map: &WeekMap) -> String {
    const CELL: f64 = 27.0;
    const ROW: f64 = 24.0;
    const LEFT: f64 = 44.0;
    const TOP: f64 = 20.0;
    let most = map.hours.iter().flatten().copied().fold(1.0, f64::max);
    let title = format!("The week at {}", map.store);
    let mut svg = Svg::new(id, LEFT + 24.0 * CELL + 12.0, TOP + 7.0 * ROW + 6.0, &title, &busiest(map));
    for hour in (0_u8..24).step_by(3) {
        svg.text(
            "label",
            Anchor::Start,
            (LEFT + f64::from(hour) * CELL + 1.0, TOP - 7.0),
            &hour_label(hour).replace(":00", ""),
        );
    }
    for ((row, day), hours) in (0_u8..).zip(WEEK).zip(&map.hours) {
        let y = TOP + f64::from(row) * ROW;
        svg.text("label", Anchor::End, (LEFT - 8.0, y + ROW / 2.0 + 4.0), &day.to_string());
        for (hour, visits) in (0_u8..).zip(hours) {
            let tip = format!("{day} {}: {visits:.0} visits", hour_label(hour));
            let at = (LEFT + f64::from(hour) * CELL, y);
            svg.cell(at, (CELL - 2.0, ROW - 2.0), 0.05 + 0.95 * visits / most, &tip);
        }
    }
    svg.finish()
}

/// The busiest hour in words.
pub fn busiest(map: &WeekMap) -> String {
    let hours = WEEK.iter().zip(&map.hours).flat_map(|(day, hours)| (0_u8..).zip(hours).map(move |(h, v)| (day, h, v)));
    match hours.max_by(|one, other| one.2.total_cmp(other.2)) {
        Some((day, hour, visits)) if *visits > 0.0 => {
            format!("Busiest on {day} from {}, with {visits:.0} visits on average.", hour_label(hour))
        }
        _ => "No visits.".to_owned(),
    }
}

/// The stores by the visits of the last seven days, with the change from the seven before.
#[expect(clippy::cast_precision_loss, reason = "positions of small numbers")]
pub fn ranking(id: &str, stores: &[StoreFootfall]) -> String {
    const WIDTH: f64 = 720.0;
    const ROW: f64 = 28.0;
    const LEFT: f64 = 186.0;
    const LONGEST: f64 = 360.0;
    let most = stores.iter().map(|store| store.this_week).max().unwrap_or(1).max(1);
    let description = stores.first().map_or_else(
        || "No stores.".to_owned(),
        |first| {
            format!("{} stores; {} has the most visits, {}.", stores.len(), first.store.name, grouped(first.this_week))
        },
    );
    let height = 8.0 + ROW * stores.len() as f64;
    let mut svg = Svg::new(id, WIDTH, height, "Visits in the last seven days, by store", &description);
    for (row, store) in stores.iter().enumerate() {
        let y = 4.0 + ROW * row as f64;
        let (middle, length) = (y + ROW / 2.0 + 3.0, LONGEST * store.this_week as f64 / most as f64);
        svg.text("name", Anchor::End, (LEFT - 8.0, middle), &shortened(&store.store.name, 25));
        svg.rect("bar", (LEFT, y + 4.0), (length.max(1.0), ROW - 9.0));
        svg.text("value", Anchor::Start, (LEFT + length + 6.0, middle), &grouped(store.this_week));
        let class = if store.change.is_some_and(|change| change < 0.0) { "down" } else { "up" };
        svg.text(class, Anchor::End, (WIDTH - 8.0, middle), &signed(store.change));
    }
    svg.finish()
}

/// The distance of grid lines, such that there are a few of them up to `most`.
fn step(most: u64, lines: u32) -> u64 {
    let mut power = 1;
    loop {
        for factor in [1, 2, 5] {
            if most <= power * factor * u64::from(lines) {
                return power * factor;
            }
        }
        power *= 10;
    }
}

/// `12,345`
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `12.5k`
fn short(count: u64) -> String {
    match count {
        0..1_000 => count.to_string(),
        _ if count.is_multiple_of(1_000) => format!("{}k", grouped(count / 1_000)),
        _ => format!("{}.{}k", grouped(count / 1_000), count % 1_000 / 100),
    }
}

/// `+4.2 %`, with a sign that can be told without colour.
pub fn signed(change: Option<f64>) -> String {
    match change {
        Some(change) if change < 0.0 => format!("▼ −{:.1} %", -change),
        Some(change) => format!("▲ +{change:.1} %"),
        None => "–".to_owned(),
    }
}

fn shortened(name: &str, most: usize) -> String {
    if name.chars().count() <= most {
        return name.to_owned();
    }
    name.chars().take(most - 1).chain(['…']).collect()
}
