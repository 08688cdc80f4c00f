//! From reports to rows.

use crate::model::{DwellTime, FootfallDay, PeriodTotals, Quality, TrendPoint, VisitMetrics, VisitSegment, VisitTrend};

/// The days of a trend.
pub(crate) fn rows(trend: &VisitTrend) -> Vec<FootfallDay> {
    let row = |point: &TrendPoint| FootfallDay {
        venue: trend.venue.clone(),
        date: point.date,
        visits: point.visits,
        unique_visitors: None,
        avg_dwell_minutes: None,
        panel_visits: point.panel_visits,
        segment: trend.segment.clone(),
        quality: Quality::Reported,
    };
    trend.points.iter().map(row).collect()
}

/// What is known of the whole range.
pub(crate) fn period(metrics: Option<&VisitMetrics>, dwell: Option<&DwellTime>) -> PeriodTotals {
    PeriodTotals {
        visits: metrics.map(|m| m.visits),
        visitors: metrics.and_then(|m| m.visitors),
        avg_dwell_minutes: dwell.and_then(|d| d.average_minutes),
        median_dwell_minutes: dwell.and_then(|d| d.median_minutes),
        segment: metrics.map_or_else(|| dwell.and_then(|d| d.segment.clone()), |m| m.segment.clone()),
    }
}

/// Fills a row from the reports of its day, as far as they count the same visits.
pub(crate) fn fill(row: &mut FootfallDay, metrics: Option<&VisitMetrics>, dwell: Option<&DwellTime>) {
    let segment = row.segment.as_ref();
    let metrics = metrics.filter(|metrics| VisitSegment::agree(metrics.segment.as_ref(), segment));
    let dwell = dwell.filter(|dwell| VisitSegment::agree(dwell.segment.as_ref(), segment));
    row.unique_visitors = metrics.and_then(|metrics| metrics.visitors);
    row.avg_dwell_minutes = dwell.and_then(|dwell| dwell.average_minutes);
}

/// Fills rows from the whole range, as far as it counts the same visits, and marks them.
pub(crate) fn estimate(rows: &mut [FootfallDay], period: &PeriodTotals) {
    for row in rows.iter_mut().filter(|row| VisitSegment::agree(row.segment.as_ref(), period.segment.as_ref())) {
        row.avg_dwell_minutes = period.avg_dwell_minutes;
        row.unique_visitors = uniques(row.visits, period);
        row.quality = match (row.unique_visitors, row.avg_dwell_minutes) {
            (Some(_), _) => Quality::Estimated,
            (None, Some(_)) => Quality::PeriodAverage,
            (None, None) => Quality::Reported,
        };
    }
}

/// The day's visits by the period's visits per visitor.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rounded estimate of a count of people"
)]
fn uniques(visits: u64, period: &PeriodTotals) -> Option<u64> {
    let all = period.visits.filter(|visits| *visits > 0)?;
    let share = (period.visitors? as f64 / all as f64).min(1.0);
    Some((visits as f64 * share).round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::VenueId;

    fn day(visits: u64) -> FootfallDay {
        FootfallDay {
            venue: VenueId::new("venue:5f0c1de2a9b84c7d3e6f0a11").unwrap(),
            date: chrono::NaiveDate::default(),
            visits,
            unique_visitors: None,
            avg_dwell_minutes: None,
            panel_visits: None,
            segment: None,
            quality: Quality::Reported,
        }
    }

    #[test]
    fn an_estimate_says_that_it_is_one() {
        let mut rows = [day(300)];
        let period = PeriodTotals {
            visits: Some(1000),
            visitors: Some(500),
            avg_dwell_minutes: Some(39.0),
            ..PeriodTotals::default()
        };
        estimate(&mut rows, &period);
        assert_eq!(
            (rows[0].unique_visitors, rows[0].avg_dwell_minutes, rows[0].quality),
            (Some(150), Some(39.0), Quality::Estimated)
        );
        estimate(&mut rows, &PeriodTotals { visits: None, ..period.clone() });
        assert_eq!((rows[0].unique_visitors, rows[0].quality), (None, Quality::PeriodAverage));
        estimate(&mut rows, &PeriodTotals::default());
        assert_eq!((rows[0].avg_dwell_minutes, rows[0].quality), (None, Quality::Reported));
        rows[0].segment = Some(VisitSegment::AllVisits);
        estimate(&mut rows, &PeriodTotals { segment: Some(VisitSegment::Under10Min), ..period });
        assert_eq!((rows[0].unique_visitors, rows[0].quality), (None, Quality::Reported), "other visits were counted");
    }

    #[test]
    fn a_row_serialises_by_the_names_that_gateways_use() {
        let json = serde_json::to_value(day(5)).unwrap();
        for name in ["venueId", "date", "visits", "uniqueVisitors", "avgDwellTime", "quality"] {
            assert!(json.get(name).is_some(), "{name} is missing in {json}");
        }
    }
}
