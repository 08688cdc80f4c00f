//! What two venues have in common.

use serde::Serialize;

#[cfg(feature = "geo")]
use super::{Area, TradeArea};
use super::{Cbg, CbgVisits, Cost, VenueId, VisitSegment};

/// What the trade areas of two venues have in common, as areas on the map. Where people come from within them is not
/// told: see [`CbgOverlap`].
#[cfg(feature = "geo")]
#[cfg_attr(docsrs, doc(cfg(feature = "geo")))]
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TradeAreaOverlap {
    /// One venue.
    pub one: VenueId,
    /// The other.
    pub other: VenueId,
    /// The trade area of the one, in square miles.
    pub one_square_miles: f64,
    /// The trade area of the other, in square miles.
    pub other_square_miles: f64,
    /// What both have in common, in square miles.
    pub shared_square_miles: f64,
    /// How much of the one is shared, in percent from 0 to 100.
    pub share_of_one: f64,
    /// How much of the other is shared, in percent from 0 to 100.
    pub share_of_other: f64,
    /// How much of all that belongs to either is shared, in percent: 100 for areas that are the same.
    pub similarity: f64,
    /// Whether different visits count for the two, so that the areas are not quite comparable.
    pub mixed_segments: bool,
    /// What both have in common; `None` when that is nothing.
    pub area: Option<Area>,
    /// What it cost.
    pub cost: Cost,
}

#[cfg(feature = "geo")]
impl TradeAreaOverlap {
    pub(crate) fn new(one: &TradeArea, other: &TradeArea, cost: Cost) -> Self {
        // Against itself, an area is what it covers, even where its pieces lie on each other.
        let covered = |area: &Area| area.union(area).area_square_miles();
        let (one_square_miles, other_square_miles) = (covered(&one.area), covered(&other.area));
        let area = one.area.intersection(&other.area);
        let shared = area.as_ref().map_or(0.0, Area::area_square_miles);
        Self {
            one: one.venue.clone(),
            other: other.venue.clone(),
            one_square_miles,
            other_square_miles,
            shared_square_miles: shared,
            share_of_one: percent(shared, one_square_miles),
            share_of_other: percent(shared, other_square_miles),
            similarity: percent(shared, one_square_miles + other_square_miles - shared),
            mixed_segments: !VisitSegment::agree(one.segment.as_ref(), other.segment.as_ref()),
            area,
            cost,
        }
    }
}

/// From which census block groups people go to two venues: how many visits of each come from block groups that send
/// people to both.
///
/// That people of one block group go to both does not mean that the same people do. Block groups with too few visits
/// are left out by Placer, so that small venues seem to share less than they do.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CbgOverlap {
    /// One venue.
    pub one: VenueId,
    /// The other.
    pub other: VenueId,
    /// The block groups that send people to both, those that count most first.
    pub rows: Vec<CbgOverlapRow>,
    /// The visits of the one, as far as it is told where they come from.
    pub one_visits: f64,
    /// The visits of the other, as far as it is told where they come from.
    pub other_visits: f64,
    /// How many of the visits of the one come from shared block groups, in percent from 0 to 100.
    pub share_of_one: f64,
    /// How many of the visits of the other come from shared block groups, in percent from 0 to 100.
    pub share_of_other: f64,
    /// How alike the origins are, in percent: 100 when every block group sends the same share of the visits to both, 0
    /// when none sends people to both. It does not depend on how large the venues are.
    pub similarity: f64,
    /// Whether different visits count for the two, so that the visits are not quite comparable.
    pub mixed_segments: bool,
    /// What it cost.
    pub cost: Cost,
}

/// A census block group that sends people to both venues.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CbgOverlapRow {
    /// Where the people live.
    pub cbg: Cbg,
    /// Their visits to the one.
    pub one_visits: f64,
    /// Their share of all visits to the one, in percent from 0 to 100.
    pub one_share: f64,
    /// Their visits to the other.
    pub other_visits: f64,
    /// Their share of all visits to the other, in percent from 0 to 100.
    pub other_share: f64,
}

impl CbgOverlap {
    pub(crate) fn new(one: &CbgVisits, other: &CbgVisits, cost: Cost) -> Self {
        let (one_visits, other_visits) = (one.total_visits(), other.total_visits());
        let theirs = other.by(|cbg| *cbg);
        let shared = |(cbg, of_one): (Cbg, f64)| {
            let of_other = *theirs.get(&cbg)?;
            Some(CbgOverlapRow {
                cbg,
                one_visits: of_one,
                one_share: percent(of_one, one_visits),
                other_visits: of_other,
                other_share: percent(of_other, other_visits),
            })
        };
        let mut rows: Vec<_> = one.by(|cbg| *cbg).into_iter().filter_map(shared).collect();
        rows.sort_by(|a, b| b.common_share().total_cmp(&a.common_share()));
        Self {
            one: one.venue.clone(),
            other: other.venue.clone(),
            one_visits,
            other_visits,
            share_of_one: percent(rows.iter().map(|row| row.one_visits).sum(), one_visits),
            share_of_other: percent(rows.iter().map(|row| row.other_visits).sum(), other_visits),
            similarity: rows.iter().map(CbgOverlapRow::common_share).sum::<f64>().clamp(0.0, 100.0),
            mixed_segments: !VisitSegment::agree(one.segment.as_ref(), other.segment.as_ref()),
            rows,
            cost,
        }
    }
}

impl CbgOverlapRow {
    /// What the distributions of both have in common here.
    fn common_share(&self) -> f64 {
        self.one_share.min(self.other_share)
    }
}

fn percent(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { (part / whole * 100.0).clamp(0.0, 100.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::CbgRow;

    fn visits(venue: &str, rows: &[(&str, &str, f64)]) -> CbgVisits {
        let row = |(date, cbg, visits): &(&str, &str, f64)| {
            CbgRow::new(date.parse().unwrap(), Cbg::new(cbg).unwrap(), *visits)
        };
        CbgVisits {
            venue: VenueId::new(venue).unwrap(),
            rows: rows.iter().map(row).collect(),
            unplaced_visits: 0.0,
            segment: None,
        }
    }

    #[test]
    fn shared_block_groups_are_weighed_by_their_visits() {
        const A: &str = "250250701011";
        const B: &str = "250250701012";
        const C: &str = "60372074001";
        let one = visits("venue:a", &[("2026-01-01", A, 30.0), ("2026-02-01", A, 30.0), ("2026-01-01", B, 40.0)]);
        let other = visits("venue:b", &[("2026-01-01", A, 5.0), ("2026-01-01", C, 15.0)]);
        let overlap = CbgOverlap::new(&one, &other, Cost::default());
        assert_eq!((overlap.one_visits, overlap.other_visits, overlap.rows.len()), (100.0, 20.0, 1));
        assert_eq!((overlap.share_of_one, overlap.share_of_other, overlap.similarity), (60.0, 25.0, 25.0));
        assert_eq!(
            (overlap.rows[0].cbg.as_str(), overlap.rows[0].one_visits, overlap.rows[0].other_share),
            (A, 60.0, 25.0)
        );

        let same = CbgOverlap::new(&one, &one, Cost::default());
        assert_eq!((same.similarity, same.share_of_one, same.rows[0].cbg.as_str()), (100.0, 100.0, A));
        let none = CbgOverlap::new(&one, &visits("venue:c", &[]), Cost::default());
        assert_eq!((none.similarity, none.share_of_other, none.rows.len()), (0.0, 0.0, 0));
    }
}
