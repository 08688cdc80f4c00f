//! From several venues to their sum.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;
use connectors_core::{DateRange, Result};

use crate::model::{
    AggregateDay, AggregateFootfall, Cost, DwellWeighting, Footfall, FootfallDay, Quality, VenueFailure, VenueId,
    VisitSegment,
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
        mixed_segments: segments.len() > 1 || segments.contains(&VisitSegment::Mixed),
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
        unique_visitors_upper_bound: rows.iter().map(|row| reported(row)).sum(),
        avg_dwell_minutes: (weights > 0.0).then(|| minutes / weights),
        venues: rows.len(),
    }
}

/// The sum of the periods' visitors where Placer reports them. The sum of the days' is an upper bound as well, a worse
/// one. A venue without data adds nothing to the visits, either.
fn upper_bound(by_venue: &[Footfall]) -> Option<u64> {
    let of_period = |footfall: &Footfall| {
        let period = footfall.period.as_ref()?;
        VisitSegment::agree(period.segment.as_ref(), footfall.segment.as_ref()).then_some(period.visitors)?
    };
    let of_days = |footfall: &Footfall| footfall.rows.iter().map(reported).sum::<Option<u64>>();
    let mut with_data = by_venue.iter().filter(|footfall| !footfall.rows.is_empty()).peekable();
    with_data.peek()?;
    with_data.map(|footfall| of_period(footfall).or_else(|| of_days(footfall))).sum()
}

/// An estimate is no bound: fewer visits per person fall on a day than on the whole range.
fn reported(row: &FootfallDay) -> Option<u64> {
    row.unique_visitors.filter(|_| row.quality == Quality::Reported)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PeriodTotals;

    /// A venue on one day, by its segment, visits, uniques, dwell time and their quality.
    fn venue(letter: char, row: Option<(VisitSegment, u64, u64, f64, Quality)>) -> (VenueId, Result<Footfall>) {
        let venue = VenueId::new(format!("venue:{}", String::from(letter).repeat(24))).unwrap();
        let date: NaiveDate = "2026-02-26".parse().unwrap();
        let segment = row.as_ref().map(|row| row.0.clone());
        let rows = row.map(|(segment, visits, uniques, dwell, quality)| FootfallDay {
            venue: venue.clone(),
            date,
            visits,
            unique_visitors: Some(uniques),
            avg_dwell_minutes: Some(dwell),
            panel_visits: None,
            segment: Some(segment),
            quality,
        });
        let footfall = Footfall {
            venue: venue.clone(),
            rows: rows.into_iter().collect(),
            period: None,
            effective_range: DateRange::single(date),
            segment,
            failed_days: Vec::new(),
            cost: Cost::default(),
        };
        (venue, Ok(footfall))
    }

    fn sums(venues: Vec<(VenueId, Result<Footfall>)>, weighting: DwellWeighting) -> AggregateFootfall {
        let (venues, outcomes) = venues.into_iter().unzip();
        aggregate(venues, outcomes, weighting, DateRange::single("2026-02-26".parse().unwrap()), Cost::default())
    }

    #[test]
    fn dwell_times_are_weighed_and_people_are_at_most_the_sum() {
        let reported =
            |visits, uniques, dwell| Some((VisitSegment::AllVisits, visits, uniques, dwell, Quality::Reported));
        let both = || vec![venue('a', reported(300, 200, 10.0)), venue('b', reported(100, 90, 50.0)), venue('c', None)];
        let found = sums(both(), DwellWeighting::ByVisits);
        assert_eq!((found.rows[0].visits, found.rows[0].avg_dwell_minutes), (400, Some(20.0)));
        assert_eq!(sums(both(), DwellWeighting::Simple).rows[0].avg_dwell_minutes, Some(30.0));
        assert_eq!((found.rows[0].unique_visitors_upper_bound, found.rows[0].venues), (Some(290), 2));
        assert_eq!((found.unique_visitors_upper_bound, found.mixed_segments), (Some(290), false));
        assert_eq!(sums(vec![venue('c', None)], DwellWeighting::ByVisits).unique_visitors_upper_bound, None, "no data");
    }

    #[test]
    fn estimated_people_are_no_upper_bound() {
        let row = (VisitSegment::AllVisits, 36, 9, 10.0, Quality::Estimated);
        let mut estimated = venue('a', Some(row));
        let found = sums(vec![estimated.clone()], DwellWeighting::ByVisits);
        assert_eq!((found.rows[0].unique_visitors_upper_bound, found.unique_visitors_upper_bound), (None, None));
        if let Ok(footfall) = &mut estimated.1 {
            footfall.period = Some(PeriodTotals { visitors: Some(250), ..PeriodTotals::default() });
        }
        let found = sums(vec![estimated], DwellWeighting::ByVisits);
        assert_eq!(found.unique_visitors_upper_bound, Some(250), "the period's are reported");
    }

    #[test]
    fn sums_of_different_kinds_say_so() {
        let row = |segment| Some((segment, 10, 5, 1.0, Quality::Reported));
        let mixed = |rows: Vec<_>| sums(rows, DwellWeighting::ByVisits).mixed_segments;
        assert!(mixed(vec![venue('a', row(VisitSegment::AllVisits)), venue('b', row(VisitSegment::Under10Min))]));
        assert!(mixed(vec![venue('a', row(VisitSegment::Mixed))]), "within a chain");
        assert!(!mixed(vec![venue('a', row(VisitSegment::AllVisits)), venue('b', None)]));
    }
}
