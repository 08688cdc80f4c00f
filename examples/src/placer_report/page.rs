//! The page: one file that needs nothing else.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use connectors_placer::hour_label;

use super::chart::{self, Size, busiest, grouped, signed};
use super::data::{FootfallReport, StoreFootfall, WEEK, WeekMap};
use super::svg::escape;

const STYLE: &str = include_str!("style.css");

/// The whole page.
pub fn render(report: &FootfallReport) -> String {
    let body = [
        header(report),
        total(report),
        ranking(&report.stores),
        week(report.week.as_ref()),
        stores(report),
        footer(report),
    ];
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <title>Footfall {}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n{}\n</main>\n</body>\n</html>\n",
        report.range,
        body.join("\n")
    )
}

fn header(report: &FootfallReport) -> String {
    let now = report.stores.iter().map(|store| store.this_week).sum();
    let last = report.last_day().map_or_else(|| "–".to_owned(), |day| day.format("%b %-d, %Y").to_string());
    let tiles = [
        ("Visits, last 7 days", grouped(now)),
        ("Against the 7 before", signed(report.change)),
        ("Stores with data", report.stores.len().to_string()),
        ("Data up to", last),
    ];
    let tile = |(name, value): &(&str, String)| format!("<div><dt>{name}</dt><dd>{value}</dd></div>\n");
    let tiles = tiles.iter().map(tile).collect::<Vec<_>>().concat();
    format!("<h1>Footfall</h1>\n<p>{}</p>\n<dl class=\"tiles\">\n{tiles}</dl>", report.range)
}

fn total(report: &FootfallReport) -> String {
    let total = report.total();
    let days: Vec<_> = report.range.days().map(|day| (day, total.get(&day).copied())).collect();
    let chart = chart::days("total", "Visits of all stores by day", &days, Size::WIDE);
    let mut weeks = BTreeMap::<NaiveDate, u64>::new();
    for (day, visits) in &total {
        let back = (report.range.end() - *day).num_days() / 7;
        *weeks.entry(report.range.end() - chrono::Days::new(back.unsigned_abs() * 7 + 6)).or_default() += visits;
    }
    let rows = weeks.iter().map(|(first, visits)| vec![format!("Week from {first}"), grouped(*visits)]);
    let table = table(&["Week", "Visits"], rows);
    format!("<section>\n<h2>All stores</h2>\n<div class=\"scroll\">{chart}</div>\n{}\n</section>", folded(&table))
}

fn ranking(stores: &[StoreFootfall]) -> String {
    let chart = chart::ranking("ranking", stores);
    let rows = stores.iter().map(|store| {
        let peak = store.days.iter().max_by_key(|day| day.visits);
        vec![
            store.store.name.clone(),
            store.store.city.clone(),
            grouped(store.this_week),
            grouped(store.week_before),
            signed(store.change),
            peak.map_or_else(|| "–".to_owned(), |day| day.date.format("%a, %b %-d").to_string()),
        ]
    });
    let table = table(&["Store", "City", "Last 7 days", "7 before", "Change", "Busiest day"], rows);
    format!(
        "<section>\n<h2>Ranking</h2>\n<p>Visits in the last seven days, and the change from the seven before.</p>\n\
         <div class=\"scroll\">{chart}</div>\n<div class=\"scroll\">{table}</div>\n</section>"
    )
}

fn week(map: Option<&WeekMap>) -> String {
    let Some(map) = map else { return String::new() };
    let head: Vec<String> = std::iter::once("Hour".to_owned()).chain(WEEK.map(|day| day.to_string())).collect();
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let rows = (0_u8..24).map(|hour| {
        let of_hour = map.hours.iter().filter_map(|hours| hours.get(usize::from(hour)));
        std::iter::once(hour_label(hour)).chain(of_hour.map(|visits| format!("{visits:.0}"))).collect()
    });
    let (name, busiest) = (escape(&map.store), escape(&busiest(map)));
    let segment = map.segment.as_ref().map_or_else(|| "unknown".to_owned(), |segment| escape(segment.as_str()));
    format!(
        "<section>\n<h2>The week at {name}</h2>\n<p>Average visits by hour and weekday, in the segment {segment}. {busiest}</p>\n\
         <div class=\"scroll\">{}</div>\n{}\n</section>",
        chart::heat_map("week", map),
        folded(&table(&head, rows))
    )
}

fn stores(report: &FootfallReport) -> String {
    let chart = |(number, store): (usize, &StoreFootfall)| {
        let visits: BTreeMap<_, _> = store.days.iter().map(|day| (day.date, day.visits)).collect();
        let days: Vec<_> = report.range.days().map(|day| (day, visits.get(&day).copied())).collect();
        let (name, city) = (escape(&store.store.name), escape(&store.store.city));
        let title = format!("Visits of {} by day", store.store.name);
        let svg = chart::days(&format!("store-{number}"), &title, &days, Size::SMALL);
        format!("<figure>\n<figcaption>{name} <small>{city}</small></figcaption>\n{svg}\n</figure>\n")
    };
    let charts: String = report.stores.iter().enumerate().map(chart).collect();
    format!(
        "<section>\n<h2>By store</h2>\n<p>Each on a scale of its own.</p>\n<div class=\"grid-of-charts\">\n{charts}</div>\n</section>"
    )
}

fn footer(report: &FootfallReport) -> String {
    let line = |(store, reason): &(super::stores::Store, String)| {
        format!("<li>{} ({}): {}</li>\n", escape(&store.name), escape(&store.id), escape(reason))
    };
    let missing: String = report.missing.iter().map(line).collect();
    let note = |note: &String| format!("<li>{}</li>\n", escape(note));
    let notes: String = report.notes.iter().map(note).collect();
    let missing = missing + &notes;
    let missing = if missing.is_empty() { missing } else { format!("<h2>Without data</h2>\n<ul>\n{missing}</ul>\n") };
    let segments: std::collections::BTreeSet<_> = report
        .stores
        .iter()
        .flat_map(|store| &store.days)
        .filter_map(|day| Some(day.segment.as_ref()?.to_string()))
        .collect();
    let segments = segments.into_iter().collect::<Vec<_>>().join(", ");
    let cost = report.cost;
    format!(
        "{missing}<footer>\n<p>Visits are Placer.ai's estimates. Days count the segment {}; numbers of different segments \
         do not compare. {} calls, {} free polls, {} from the cache.</p>\n</footer>",
        escape(&segments),
        cost.calls,
        cost.polls,
        cost.cached
    )
}

/// The first column names the row.
fn table(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let column = |name: &&str| format!("<th scope=\"col\">{}</th>", escape(name));
    let head = head.iter().map(column).collect::<Vec<_>>().concat();
    let row = |cells: Vec<String>| {
        let cells = cells.iter().enumerate().map(|(column, cell)| match column {
            0 => format!("<th scope=\"row\">{}</th>", escape(cell)),
            _ => format!("<td>{}</td>", escape(cell)),
        });
        format!("<tr>{}</tr>\n", cells.collect::<String>())
    };
    format!("<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{}</tbody>\n</table>", rows.map(row).collect::<String>())
}

fn folded(table: &str) -> String {
    format!("<details>\n<summary>As a table</summary>\n<div class=\"scroll\">{table}</div>\n</details>")
}
