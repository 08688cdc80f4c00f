//! How a place compares with others: by the visits that all reports tell of them.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use connectors_core::DateRange;
use serde_json::{Map, Value, json};

use super::answer::{Members, Outcome, object};
use super::fake::Dialect;
use super::place::{FakeVenue, Standing};
use super::pois;
use super::refusal::Refusal;
use super::request::Question;
use super::visits::View;

const AREAS: [&str; 4] = ["nationwide", "state", "dma", "cbsa"];
const MILES: [&str; 5] = ["5", "10", "15", "30", "50"];

/// The visits of places in the days of one question, each added up once.
pub(super) type Sums = RefCell<HashMap<String, u64>>;

/// The members of one of these reports, among all places.
pub(super) fn report(
    view: &View<'_>,
    question: &Question,
    venues: &[Arc<FakeVenue>],
    sums: &Sums,
    dialect: Dialect,
) -> Outcome {
    let scope = question.text_of("scope", &["chain", "category", "groupCategory"])?.unwrap_or("category");
    let metric = question.text_of("metric", &["visits", "visitsPerSqft"])?.unwrap_or("visits");
    let range = question.range.ok_or_else(|| Refusal::arguments("period, or startDate and endDate, are required"))?;
    let field = Field { venue: view.venue, seed: view.curve.seed, scope, metric, range, sums, dialect };
    match question.operation.name {
        "reports.ranking.overview" => {
            let miles = question.value("distanceMiles").map_or(Some(15), Value::as_u64);
            let miles = miles.filter(|miles| MILES.contains(&miles.to_string().as_str()));
            let miles = miles.ok_or_else(|| Refusal::arguments("distanceMiles is not allowed"))?;
            Ok(field.overview(venues, Some(miles)))
        }
        "reports.ranking.overview_multi" => Ok(field.overview(venues, None)),
        "reports.ranking.top" => {
            let limit = question.whole_in("limit", 0, 1000)?.unwrap_or(100);
            let skip = question.whole_in("skip", 0, u64::MAX)?;
            if skip.is_some() && scope != "chain" {
                return Err(Refusal::arguments("skip is supported by the scope chain only"));
            }
            let skip = skip.unwrap_or_default();
            field.index(question, venues, |_| (skip, limit))
        }
        "reports.ranking.closely_ranked" => {
            let amount = question.whole_in("resultsAmount", 1, 1000)?.unwrap_or(100);
            field.index(question, venues, |position| (position.saturating_sub(amount / 2), amount))
        }
        _ => Err(question.unknown()),
    }
}

/// Whom a place is compared with, and by what.
struct Field<'a> {
    venue: &'a FakeVenue,
    seed: u64,
    scope: &'static str,
    metric: &'static str,
    range: DateRange,
    sums: &'a Sums,
    dialect: Dialect,
}

/// Places from the best on, with what they are ranked by.
type Ranked<'a> = Vec<(&'a FakeVenue, f64)>;

impl Field<'_> {
    /// What those have in common that are compared.
    fn kind(&self, venue: &FakeVenue) -> Option<&'static str> {
        let category = venue.seed.map(|seed| seed.category);
        match self.scope {
            "chain" => venue.chain(),
            "category" => category.map(|[_, category, _]| category),
            _ => category.map(|[group, _, _]| group),
        }
    }

    /// Why the place cannot be ranked.
    fn error(&self) -> Option<String> {
        match (self.venue.standing, self.kind(self.venue)) {
            (Standing::Flagged, _) => Some("the property is flagged".to_owned()),
            (_, None) => Some(format!("the property has no {}", self.scope)),
            _ => None,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "invented counts of people")]
    fn value(&self, venue: &FakeVenue) -> f64 {
        let sum = || {
            let curve = venue.curve(self.seed);
            self.range.days().map(|day| curve.visits(day, 1.0)).sum()
        };
        let visits = *self.sums.borrow_mut().entry(venue.id.clone()).or_insert_with(sum) as f64;
        match self.metric {
            "visits" => visits,
            _ => (visits / venue.square_feet(self.seed) * 100.0).round() / 100.0,
        }
    }

    /// All of the same kind from the best on, with what they are ranked by.
    fn ranked<'v>(&self, venues: &'v [Arc<FakeVenue>]) -> Ranked<'v> {
        let told = |venue: &FakeVenue| !matches!(venue.standing, Standing::Flagged | Standing::NoData);
        let kind = self.kind(self.venue);
        let like = venues.iter().filter(|venue| told(venue) && self.kind(venue) == kind);
        let mut ranked: Ranked<'_> = like.map(|venue| (venue.as_ref(), self.value(venue))).collect();
        ranked.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.id.cmp(&other.0.id)));
        ranked
    }

    /// Those of them in an area. `None` when the place itself is in none.
    fn inside<'v>(&self, ranked: &Ranked<'v>, area: &str) -> Option<Ranked<'v>> {
        let own = self.venue.seed;
        if own.is_none() && area != "nationwide" {
            return None;
        }
        let inside = |venue: &FakeVenue| match (area, own, venue.seed) {
            ("nationwide", _, _) => true,
            ("state", Some(own), Some(other)) => own.state_code == other.state_code,
            ("dma" | "cbsa", Some(own), Some(other)) => own.dma == other.dma,
            (miles, _, _) => {
                self.venue.miles_to(venue).is_some_and(|far| miles.parse().is_ok_and(|miles: f64| far <= miles))
            }
        };
        Some(ranked.iter().filter(|(venue, _)| inside(venue)).copied().collect())
    }

    fn position(&self, ranked: &Ranked<'_>) -> Option<usize> {
        ranked.iter().position(|(venue, _)| venue.id == self.venue.id)
    }

    fn overview(&self, venues: &[Arc<FakeVenue>], miles: Option<u64>) -> Members {
        let mut ranking = Map::new();
        if let Some(error) = self.error() {
            ranking.insert("rankError".to_owned(), json!(error));
        } else {
            let all = self.ranked(venues);
            for area in AREAS {
                if let Some(mut level) = self.inside(&all, area).and_then(|ranked| self.level(&ranked)) {
                    if let Some(code) = self.region_code(area) {
                        level.insert("regionCode".to_owned(), code);
                    }
                    ranking.insert(area.to_owned(), Value::Object(level));
                }
            }
            let local = miles.and_then(|miles| self.level(&self.inside(&all, &miles.to_string())?));
            if let Some(mut local) = local {
                local.insert("radiusMiles".to_owned(), json!(miles));
                ranking.insert("local".to_owned(), Value::Object(local));
            }
        }
        let place = pois::poi(self.venue);
        object(json!({
            "apiId": self.venue.id, "metricType": self.metric, "ranking": ranking,
            "info": {
                "name": self.venue.name, "entityId": place.get("entityId"), "entityType": place.get("entityType"),
                "flagged": place.get("isFlagged"), "rankedBy": self.scope, "categoryInfo": place.get("categoryInfo"),
                "parentChain": place.get("parentChains"),
            },
        }))
    }

    #[expect(clippy::cast_precision_loss, reason = "so few places")]
    fn level(&self, ranked: &Ranked<'_>) -> Option<Members> {
        let (position, all) = (self.position(ranked)?, ranked.len());
        // The share of places that are not better.
        let percentile = ((all - position) as f64 * 1000.0 / all as f64).round() / 10.0;
        Some(object(json!({"rank": position + 1, "percentile": percentile, "rankedOutOf": all})))
    }

    /// Some are missing in the wild, and some are numbers.
    fn region_code(&self, area: &str) -> Option<Value> {
        let seed = self.venue.seed;
        match area {
            "nationwide" => Some(json!("US")),
            "state" => seed.map(|seed| json!(seed.state_code)),
            "cbsa" if self.dialect == Dialect::Observed => None,
            _ => pois::poi(self.venue).pointer("/regions/dma/code").cloned(),
        }
    }

    /// The places of an area, from which `window` takes so many, after so many.
    fn index(&self, question: &Question, venues: &[Arc<FakeVenue>], window: impl FnOnce(u64) -> (u64, u64)) -> Outcome {
        let known: Vec<&'static str> = MILES.into_iter().chain(AREAS).collect();
        let region = question.text_of("region", &known)?.unwrap_or("15");
        let shown = region.parse::<u64>().ok().filter(|_| self.dialect == Dialect::Observed);
        let shown = shown.map_or(json!(region), |miles| json!(miles));
        let refused = |error: String| {
            Ok(object(json!({
                "region": shown, "scope": self.scope, "metricType": self.metric, "rankError": error,
            })))
        };
        if let Some(error) = self.error() {
            return refused(error);
        }
        let Some(ranked) = self.inside(&self.ranked(venues), region) else {
            return refused("the property has no region".to_owned());
        };
        let Some(position) = self.position(&ranked) else { return refused("the property has no visits".to_owned()) };
        let (skip, limit) = window(position as u64);
        let place = |(rank, (venue, value)): (usize, &(&FakeVenue, f64))| {
            let address = venue.seed.map(|seed| {
                let line = format!("{}, {}, {}", seed.street, seed.city, seed.state_code);
                json!({"country": seed.country, "state": seed.state, "city": seed.city, "zipCode": seed.zip, "address": line})
            });
            json!({"apiId": venue.id, "name": venue.name, "rank": rank + 1, "visits": value, "address": address})
        };
        let count = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let places = ranked.iter().enumerate().skip(count(skip)).take(count(limit)).map(place);
        Ok(object(json!({
            "totalRanked": ranked.len(), "rank": position + 1, "region": shown, "scope": self.scope,
            "metricType": self.metric, "visits": ranked.get(position).map(|(_, value)| value),
            "rankingIndexArray": places.collect::<Vec<_>>(),
        })))
    }
}
