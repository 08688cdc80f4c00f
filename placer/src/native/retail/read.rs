//! Reads what is sold: bins and their values, of the days that there are figures for.

use std::str::FromStr;

use chrono::{NaiveDate, Weekday};
use connectors_core::{DateRange, Error, ErrorKind, Result};
use serde::Deserialize;
use serde_json::Value;

use crate::model::{
    AnnualSales, DaySales, Granularity, NoData, Outcome, RetailDays, RetailFigure, RetailMetric, RetailOverview,
    RetailPoint, RetailTrend, SalesTrends, SalesUnit, VenueId,
};
use crate::native::body::Body;
use crate::native::node::{Entry, Measure, Raw, Text, or_empty};
use crate::native::report::Kind;
use crate::native::uneven;

/// The days of the question, and those that the answer is about: where it does not tell them, they are the same.
fn ranges(asked: &Body, members: &mut Raw) -> Result<(DateRange, DateRange)> {
    let range = |start: Option<NaiveDate>, end: Option<NaiveDate>| DateRange::new(start?, end?).ok();
    let requested = range(asked.read("startDate"), asked.read("endDate"));
    let mut told = |name| members.take(name).as_ref().and_then(Value::as_str).and_then(date);
    let (start, end) = (told("startDate"), told("endDate"));
    let told = range(start.or(requested.map(DateRange::start)), end.or(requested.map(DateRange::end)));
    let effective = told.or(requested);
    let untold = || Error::new(ErrorKind::Decode, "does not tell its days").with_json_path("startDate");
    let effective = effective.ok_or_else(untold)?;
    Ok((requested.unwrap_or(effective), effective))
}

/// A day, also with a time, or a month.
fn date(text: &str) -> Option<NaiveDate> {
    let day = text.get(..10).unwrap_or(text);
    day.parse().ok().or_else(|| format!("{text}-01").parse().ok())
}

/// Bins and their values, as they are written.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Binned {
    #[serde(deserialize_with = "or_empty")]
    bins: Vec<Text>,
    #[serde(deserialize_with = "or_empty")]
    values: Vec<Measure>,
}

impl Binned {
    /// Each bin by its name with its value.
    fn rows(self, path: &str) -> Result<Vec<(String, Option<f64>)>> {
        if self.bins.len() != self.values.len() {
            return Err(uneven(path, self.values.len(), "bins", self.bins.len()));
        }
        let named = |(bin, value): (Text, Measure)| Some((bin.0?, value.0));
        Ok(self.bins.into_iter().zip(self.values).filter_map(named).collect())
    }
}

/// A trend with what it is put beside: by the names of the bins, or in their order where it has none of its own.
fn points(trend: Binned, compare: Option<Binned>) -> Result<Vec<RetailPoint>> {
    let mut compare = compare.unwrap_or_default();
    if compare.bins.is_empty() && !compare.values.is_empty() {
        compare.bins = trend.bins.iter().map(|bin| Text(bin.0.clone())).collect();
    }
    let compare = compare.rows("compare.values")?;
    let beside = |bin: &str| compare.iter().find(|(name, _)| name == bin).and_then(|(_, value)| *value);
    let point =
        |(bin, value): (String, Option<f64>)| RetailPoint { date: date(&bin), value, benchmark: beside(&bin), bin };
    Ok(trend.rows("trend.values")?.into_iter().map(point).collect())
}

fn granularity(asked: &Body) -> Granularity {
    asked.read("granularity").unwrap_or(Granularity::Month)
}

impl Kind for SalesTrends {
    type Members = Raw;

    fn build(asked: &Body, venue: &VenueId, mut entry: Entry<Raw>) -> Result<Outcome<Self>> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Written {
            annual_sales: Option<Binned>,
            trend: Option<Binned>,
        }

        if !entry.members.has("trend") && !entry.members.has("annualSales") {
            return Ok(Outcome::NoData(NoData::NoContent));
        }
        let (requested_range, effective_range) = ranges(asked, &mut entry.members)?;
        let Written { annual_sales, trend } = entry.members.read_as()?;
        let year = |(bin, value): (String, Option<f64>)| AnnualSales { year: bin.parse().ok(), bin, value };
        let annual = annual_sales.unwrap_or_default().rows("annualSales.values")?;
        let trend = points(trend.unwrap_or_default(), None)?;
        if annual.is_empty() && trend.is_empty() {
            return Ok(Outcome::NoData(NoData::NoContent));
        }
        Ok(Outcome::ready(Self {
            venue: venue.clone(),
            requested_range,
            effective_range,
            metric: asked.read("metric").unwrap_or_default(),
            granularity: granularity(asked),
            annual: annual.into_iter().map(year).collect(),
            trend,
        }))
    }
}

impl Kind for RetailOverview {
    type Members = Raw;

    fn build(asked: &Body, venue: &VenueId, mut entry: Entry<Raw>) -> Result<Outcome<Self>> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Written {
            sales_overview: Vec<Figure>,
        }

        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Figure {
            value_type: Option<Text>,
            metric_name: Option<Text>,
            #[serde(default)]
            value: Measure,
        }

        if !entry.members.has("salesOverview") {
            return Ok(Outcome::NoData(NoData::NoContent));
        }
        let (requested_range, effective_range) = ranges(asked, &mut entry.members)?;
        let written: Written = entry.members.read_as()?;
        let text = |text: Option<Text>| text.and_then(|text| text.0);
        let figure = |figure: Figure| {
            Some(RetailFigure {
                metric: RetailMetric::from(text(figure.metric_name)?.as_str()),
                unit: text(figure.value_type).map(|unit| SalesUnit::from(unit.as_str())),
                value: figure.value.0,
            })
        };
        let figures: Vec<_> = written.sales_overview.into_iter().filter_map(figure).collect();
        if figures.is_empty() {
            return Ok(Outcome::NoData(NoData::NoContent));
        }
        Ok(Outcome::ready(Self { venue: venue.clone(), requested_range, effective_range, figures }))
    }
}

impl Kind for RetailDays {
    type Members = Raw;

    fn build(asked: &Body, venue: &VenueId, mut entry: Entry<Raw>) -> Result<Outcome<Self>> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Written {
            day_of_week: Binned,
        }

        if !entry.members.has("dayOfWeek") {
            return Ok(Outcome::NoData(NoData::NoContent));
        }
        let (requested_range, effective_range) = ranges(asked, &mut entry.members)?;
        let written: Written = entry.members.read_as()?;
        let day = |(bin, value): (String, Option<f64>)| DaySales { weekday: Weekday::from_str(&bin).ok(), bin, value };
        let days: Vec<_> = written.day_of_week.rows("dayOfWeek.values")?.into_iter().map(day).collect();
        if days.is_empty() {
            return Ok(Outcome::NoData(NoData::NoContent));
        }
        let metric = asked.read("metricType").unwrap_or_default();
        Ok(Outcome::ready(Self { venue: venue.clone(), requested_range, effective_range, metric, days }))
    }
}

impl Kind for RetailTrend {
    type Members = Raw;

    fn build(asked: &Body, venue: &VenueId, mut entry: Entry<Raw>) -> Result<Outcome<Self>> {
        #[derive(Deserialize)]
        struct Written {
            trend: Binned,
            compare: Option<Binned>,
        }

        if !entry.members.has("trend") {
            return Ok(Outcome::NoData(NoData::NoContent));
        }
        let (requested_range, effective_range) = ranges(asked, &mut entry.members)?;
        let written: Written = entry.members.read_as()?;
        let points = points(written.trend, written.compare)?;
        if points.is_empty() {
            return Ok(Outcome::NoData(NoData::NoContent));
        }
        Ok(Outcome::ready(Self {
            venue: venue.clone(),
            requested_range,
            effective_range,
            granularity: granularity(asked),
            benchmark: asked.read("compareType"),
            points,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn binned(bins: &[&str], values: &[f64]) -> Binned {
        let bins = bins.iter().map(|bin| Text(Some((*bin).to_owned()))).collect();
        Binned { bins, values: values.iter().map(|value| Measure(Some(*value))).collect() }
    }

    #[test]
    fn bins_are_days_where_they_are() {
        for (bin, day) in
            [("2026-02-01", "2026-02-01"), ("2026-02", "2026-02-01"), ("2026-02-01T00:00:00Z", "2026-02-01")]
        {
            assert_eq!(date(bin), day.parse().ok(), "{bin}");
        }
        for bin in ["1y", "Monday", "2026", "€€€€€", ""] {
            assert_eq!(date(bin), None, "{bin}");
        }
    }

    #[test]
    fn what_is_put_beside_stands_in_its_own_bins() {
        let trend = || binned(&["2026-01", "2026-02"], &[1.0, 2.0]);
        let beside = |compare| points(trend(), compare).map(|p| p.iter().map(|p| p.benchmark).collect::<Vec<_>>());
        assert_eq!(beside(Some(binned(&["2026-02"], &[9.0]))).unwrap(), [None, Some(9.0)]);
        assert_eq!(beside(Some(binned(&[], &[8.0, 9.0]))).unwrap(), [Some(8.0), Some(9.0)]);
        assert_eq!(beside(None).unwrap(), [None, None]);
        let error = beside(Some(binned(&[], &[8.0]))).unwrap_err();
        assert_eq!((error.kind(), error.json_path()), (ErrorKind::Decode, Some("compare.values")));
    }
}
