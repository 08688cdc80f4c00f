//! From several venues to their sum.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;
use connectors_core::{DateRange, Result};

use crate::model::{
    AggregateDay, AggregateFootfall, Cost, DwellWeighting, Footfall, FootfallDay, VenueFailure, VenueId, VisitSegment,
};

/// Adds the venues up. A venue that failed is listed and leaves the others as they are.
pub(crate) fn aggregate(
    venues: Vec<VenueId>,
    outcomes: Vec<Result<Footfall>>,
    weighting: DwellWeighting,
    effective_range: DateRange,
    cost: Cost,
) -> AggregateFootfall {
    let (mut by_venue, mut failures) = (Vec::new(), Vec::new());
    for (venue, outcome) in venues.into_iter().zip(outcomes) {
        match outcome {
            Ok(footfall) => by_venue.push(footfall),
            Err(error) => failures.push(VenueFailure::new(venue, error)),
        }
    }
    let mut days = BTreeMap::<NaiveDate, Vec<&FootfallDay>>::new();
    for row in by_venue.iter().flat_map(|footfall| &footfall.rows) {
        days.entry(row.date).or_default().push(row);
    }
    let rows: Vec<_> = days.into_iter().map(|(date, rows)| sum(date, &rows, weighting)).collect();
    let segments: HashSet<_> = by_venue.iter().filter_map(|footfall| footfall.segment.as_ref()).collect();
    AggregateFootfall {
        total_visits: rows.iter().map(|row| row.visits).sum(),
        unique_visitors_upper_bound: upper_bound(&by_venue),
        mixed_segments: segments.len() > 1 || segments.iter().any(|segment| segment.as_str() == "mixedSegments"),
        rows,
        by_venue,
        failures,
        cost,
        effective_range,
    }
}

#[expect(clippy::cast_precision_loss, reason = "an average weighted by counts of people")]
fn sum(date: NaiveDate, rows: &[&FootfallDay], weighting: DwellWeighting) -> AggregateDay {
    let weight = |row: &FootfallDay| match weighting {
        DwellWeighting::ByVisits => row.visits as f64,
        DwellWeighting::Simple => 1.0,
    };
    let dwells = rows.iter().filter_map(|row| Some((weight(row), row.avg_dwell_minutes?)));
    let (weights, minutes) = dwells.fold((0.0, 0.0), |(w, m), (weight, dwell)| (w + weight, weight.mul_add(dwell, m)));
    AggregateDay {
        date,
        visits: rows.iter().map(|row| row.visits).sum(),
        unique_visitors_upper_bound: rows.iter().map(|row| row.unique_visitors).sum(),
        avg_dwell_minutes: (weights > 0.0).then(|| minutes / weights),
        venues: rows.len(),
    }
}

/// The sum of the periods' visitors where Placer reports them. The sum of the days' is an upper bound as well, a worse
/// one.
fn upper_bound(by_venue: &[Footfall]) -> Option<u64> {
    if by_venue.is_empty() {
        return None;
    }
    let of_period = |footfall: &Footfall| {
        let period = footfall.period.as_ref()?;
        VisitSegment::agree(period.segment.as_ref(), footfall.segment.as_ref()).then_some(period.visitors)?
    };
    let of_days = |footfall: &Footfall| footfall.rows.iter().map(|row| row.unique_visitors).sum::<Option<u64>>();
    by_venue.iter().map(|footfall| of_period(footfall).or_else(|| of_days(footfall))).sum()
}
