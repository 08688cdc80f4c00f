//! How often the same people come.

use serde_json::json;

use super::answer::{Outcome, object};
use super::curve::Curve;
use super::refusal::Refusal;
use super::request::Question;
use super::visits::View;

/// The fewest visits in each bin.
const BINS: [u64; 13] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20, 30];

/// A sample of fewer visits tells nothing about people.
const SMALLEST_PANEL: u64 = 5;

/// The members of one of these reports.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "invented counts of people"
)]
pub(super) fn report(view: &View<'_>, question: &Question) -> Outcome {
    let first = view.days.first().map(|(day, _)| *day).unwrap_or_default();
    if Curve::panel(view.visits()) < SMALLEST_PANEL {
        return Err(Refusal::no_content());
    }
    let people = view.curve.visitors(view.visits(), view.days.len(), first);
    let average = view.visits() as f64 / people.max(1) as f64;
    // Each further visit is made by the same share of those who made the one before.
    let again = 1.0 - 1.0 / average.max(1.01);
    let at_least = |visits: u64| (people as f64 * again.powf(visits as f64 - 1.0)).round() as u64;
    let ends = BINS.iter().skip(1).map(|end| at_least(*end)).chain([0]);
    let visitors: Vec<u64> = BINS.iter().zip(ends).map(|(from, end)| at_least(*from).saturating_sub(end)).collect();
    let visits: Vec<u64> = BINS.iter().zip(&visitors).map(|(from, people)| from * people).collect();
    let percentages = |counts: &[u64]| {
        let all = counts.iter().sum::<u64>().max(1) as f64;
        counts.iter().map(|count| (*count as f64 * 1000.0 / all).round() / 10.0).collect::<Vec<_>>()
    };
    Ok(object(json!({
        "startDate": question.text("startDate"), "endDate": question.text("endDate"), "apiId": view.venue.id,
        "avgVisitsPerCustomer": (average * 100.0).round() / 100.0, "medianVisitsPerCustomer": 1, "bins": BINS,
        "visitors": visitors, "visitorsPercentage": percentages(&visitors),
        "visits": visits, "visitsPercentage": percentages(&visits),
    })))
}
