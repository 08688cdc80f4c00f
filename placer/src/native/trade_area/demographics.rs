//! `POST /v1/reports/trade-area-demographics`

use std::fmt;

use connectors_core::provider::Operation;
use connectors_core::{DateRange, Error, ErrorKind, Result};
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::TradeAreas;
use crate::model::{
    Allocation, BenchmarkScope, Dataset, DemographicAudience, DemographicRow, Demographics, DemographicsMethod, NoData,
    Outcome, VenueId,
};
use crate::native::body::Body;
use crate::native::node::{Entry, Members};
use crate::native::report::{Kind, operation};
use crate::native::request::{Asking, report};

static DEMOGRAPHICS: Operation = operation("reports.trade_area.demographics", "/v1/reports/trade-area-demographics");

report! {
    /// A report of who the people are, in the making.
    pub struct DemographicsRequest => Demographics, of one;
    filters "filters";
    nearby;
    /// Compares with these people; with the whole country unless told otherwise.
    set benchmark: BenchmarkScope = "benchmarkScope";
    /// Describes these people; those who live in the area unless told otherwise.
    set audience: DemographicAudience = "audienceType";
    /// How people are put on the map.
    set allocation: Allocation = "allocationType";
}

impl TradeAreas {
    /// Who the people of a trade area are: those of the true trade area unless told otherwise.
    ///
    /// A data set that the contract does not include fails with
    /// [`PermissionDenied`](connectors_core::ErrorKind::PermissionDenied), for this call alone.
    /// Counts in the group `reports`; see [the endpoint](https://docs.placer.ai/reference/post_v1-reports-trade-area-demographics-1).
    pub fn demographics(&self, venue: VenueId, range: DateRange) -> DemographicsRequest {
        DemographicsRequest(Asking::one(&self.0, &DEMOGRAPHICS, venue, range).explain(name_dataset))
    }
}

impl DemographicsRequest {
    /// Which people are meant.
    pub fn method(self, method: DemographicsMethod) -> Self {
        Self(self.0.check(method.check()).write(|body| method.write(body)))
    }

    /// Where the numbers are from, and which of them.
    pub fn dataset(self, dataset: Dataset) -> Self {
        let template = dataset.template().to_owned();
        Self(self.0.set("dataset", dataset).set("template", template))
    }
}

/// Placer does not say which data set it refuses.
fn name_dataset(body: &Body, error: Error) -> Error {
    match (error.kind(), body.text("dataset"), error.code()) {
        (ErrorKind::PermissionDenied, Some(dataset), Some("1000" | "1001")) => error.with_hint(format!(
            "ask Placer to add the data set {dataset} to the contract; other data sets and places are not affected"
        )),
        _ => error,
    }
}

/// The variables in the order in which they are written.
#[derive(Debug, Default)]
pub(crate) struct Groups(Vec<DemographicRow>);

impl Members for Groups {
    fn read<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<bool, A::Error> {
        // They stand beside the groups.
        if matches!(name, "filters" | "filter" | "nearbyRadius") {
            return Ok(false);
        }
        let Group(variables) = map.next_value()?;
        let row = |(variable, written): (String, Written)| written.row(name, variable);
        let rows = variables.into_iter().flatten().filter_map(row);
        self.0.extend(rows);
        Ok(true)
    }
}

/// The variables of a group; `None` for anything else.
struct Group(Option<Vec<(String, Written)>>);

impl<'de> Deserialize<'de> for Group {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        struct Variables;

        impl<'de> Visitor<'de> for Variables {
            type Value = Group;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a group of variables")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Group, A::Error> {
                let mut variables = Vec::new();
                while let Some(name) = map.next_key()? {
                    variables.push((name, Written::new(&map.next_value()?)));
                }
                Ok(Group(Some(variables)))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Group, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Group(None))
            }

            fn visit_str<E>(self, _: &str) -> Result<Group, E> {
                Ok(Group(None))
            }

            fn visit_bool<E>(self, _: bool) -> Result<Group, E> {
                Ok(Group(None))
            }

            fn visit_i64<E>(self, _: i64) -> Result<Group, E> {
                Ok(Group(None))
            }

            fn visit_u64<E>(self, _: u64) -> Result<Group, E> {
                Ok(Group(None))
            }

            fn visit_f64<E>(self, _: f64) -> Result<Group, E> {
                Ok(Group(None))
            }

            fn visit_unit<E>(self) -> Result<Group, E> {
                Ok(Group(None))
            }
        }

        source.deserialize_any(Variables)
    }
}

/// A variable as it is written.
#[derive(Debug)]
struct Written {
    value: Option<f64>,
    percentage: Option<f64>,
    index: Option<f64>,
    percentage_index: Option<f64>,
}

impl Written {
    fn new(written: &Value) -> Self {
        let number = |value: &Value| value.as_f64().or_else(|| value.as_str()?.trim().parse().ok());
        let member = |name: &str| written.get(name).and_then(number).filter(|number| number.is_finite());
        Self {
            value: member("value"),
            percentage: member("percentage"),
            index: member("variableIndex"),
            percentage_index: member("variablePercentage"),
        }
    }

    /// `None` without a value.
    fn row(self, group: &str, variable: String) -> Option<DemographicRow> {
        Some(DemographicRow {
            group: group.to_owned(),
            variable,
            value: self.value?,
            percentage: self.percentage,
            index: self.index,
            percentage_index: self.percentage_index,
        })
    }
}

impl Kind for Demographics {
    type Members = Groups;

    fn build(_: &Body, venue: &VenueId, entry: Entry<Groups>) -> Result<Outcome<Self>> {
        let rows = entry.members.0;
        if rows.is_empty() {
            return Ok(Outcome::NoData(NoData::NoContent));
        }
        Ok(Outcome::ready(Self { venue: venue.clone(), rows, segment: entry.head.segment }))
    }
}
