//! What a report shows of its sheets: filters, groups, summaries, order.

use connectors_core::{Error, Result, open_enum};
use serde::{Deserialize, Serialize};

use super::column::{ColumnType, SystemColumnType};
use super::filter::{FilterJoin, FilterOperator, FilterValue};

open_enum! {
    /// The order of rows.
    pub enum SortingDirection {
        /// The smallest first.
        "ASCENDING" => Ascending,
        /// The largest first.
        "DESCENDING" => Descending,
    }
}

open_enum! {
    /// How the values of a group are summarised.
    pub enum AggregationType {
        /// Their sum.
        "SUM" => Sum,
        /// Their mean.
        "AVG" => Average,
        /// The smallest.
        "MIN" => Minimum,
        /// The largest.
        "MAX" => Maximum,
        /// How many there are.
        "COUNT" => Count,
        /// The first.
        "FIRST" => First,
        /// The last.
        "LAST" => Last,
    }
}

/// Which columns of the sheets are meant: those of a title and a type, or of a special kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReportColumnRef {
    /// The title; may be chosen for the primary columns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What they hold.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub column_type: Option<ColumnType>,
    /// What Smartsheet writes into them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_column_type: Option<SystemColumnType>,
    /// Whether they are the primary columns.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub primary: bool,
    /// Whether it is the column that names the row's sheet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sheet_name_column: bool,
}

impl ReportColumnRef {
    /// The columns of this title and type. Contact columns of one and of several contacts are taken together.
    pub fn new(title: impl Into<String>, column_type: ColumnType) -> Self {
        Self { title: Some(title.into()), ..Self::of(column_type) }
    }

    /// The primary columns, shown with this title.
    pub fn primary(title: impl Into<String>) -> Self {
        Self { primary: true, ..Self::new(title, ColumnType::TextNumber) }
    }

    /// The column that names the row's sheet.
    pub fn sheet_name() -> Self {
        Self { sheet_name_column: true, ..Self::new("Sheet Name", ColumnType::TextNumber) }
    }

    /// The system columns of this kind.
    pub fn system(kind: SystemColumnType) -> Self {
        let column_type = match kind {
            SystemColumnType::CreatedBy | SystemColumnType::ModifiedBy => ColumnType::ContactList,
            SystemColumnType::CreatedDate | SystemColumnType::ModifiedDate => ColumnType::DateTime,
            _ => ColumnType::TextNumber,
        };
        Self { system_column_type: Some(kind), ..Self::of(column_type) }
    }

    fn of(column_type: ColumnType) -> Self {
        let column_type = Some(column_type);
        Self { title: None, column_type, system_column_type: None, primary: false, sheet_name_column: false }
    }
}

/// A condition of a report's filter.
///
/// ```
/// use connectors_smartsheet::{ColumnType, FilterOperator, FilterValue, ReportColumnRef, ReportCriterion, ReportFilter};
///
/// let city = ReportColumnRef::new("City", ColumnType::Picklist);
/// let owner = ReportColumnRef::new("Owner", ColumnType::ContactList);
/// let mine = ReportFilter::all([
///     ReportCriterion::new(city, FilterOperator::IsOneOf).values(["Berlin", "Hamburg"]),
///     ReportCriterion::new(owner, FilterOperator::Equal).values([FilterValue::CurrentUser]),
/// ]);
/// # let _ = mine;
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReportCriterion {
    /// The column whose cell is looked at.
    pub column: ReportColumnRef,
    /// What is asked of it.
    pub operator: FilterOperator,
    /// What it is compared with.
    #[serde(default, deserialize_with = "connectors_core::wire::lenient::or_default")]
    pub values: Vec<FilterValue>,
}

impl ReportCriterion {
    /// A condition that compares with nothing.
    pub fn new(column: ReportColumnRef, operator: FilterOperator) -> Self {
        Self { column, operator, values: Vec::new() }
    }

    /// What it is compared with.
    pub fn values<T: Into<FilterValue>>(mut self, values: impl IntoIterator<Item = T>) -> Self {
        self.values = values.into_iter().map(Into::into).collect();
        self
    }
}

/// How deep filters may lie in each other.
const DEPTH: usize = 3;

/// What passes a report's filter: conditions and filters in it, at most three levels of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReportFilter {
    /// How the conditions are joined.
    pub operator: FilterJoin,
    /// The conditions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub criteria: Vec<ReportCriterion>,
    /// Filters that are joined with them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nested_criteria: Vec<ReportFilter>,
}

impl ReportFilter {
    /// All of these conditions hold.
    pub fn all(criteria: impl IntoIterator<Item = ReportCriterion>) -> Self {
        Self { operator: FilterJoin::And, criteria: criteria.into_iter().collect(), nested_criteria: Vec::new() }
    }

    /// At least one of these conditions holds.
    pub fn any(criteria: impl IntoIterator<Item = ReportCriterion>) -> Self {
        Self { operator: FilterJoin::Or, ..Self::all(criteria) }
    }

    /// Joins this filter with them.
    pub fn nested(mut self, filter: Self) -> Self {
        self.nested_criteria.push(filter);
        self
    }

    fn check(&self, field: &str, depth: usize) -> Result<()> {
        if depth > DEPTH {
            return Err(Error::invalid(field, format!("must not be deeper than {DEPTH} levels")));
        }
        if self.criteria.is_empty() && self.nested_criteria.is_empty() {
            return Err(Error::invalid(field, "must hold a condition").with_code(1183));
        }
        for (index, criterion) in self.criteria.iter().enumerate() {
            let wrong = criterion.operator.operands().filter(|wanted| *wanted != criterion.values.len());
            if let Some(wanted) = wrong {
                let problem = format!("must be {wanted} for {}, not {}", criterion.operator, criterion.values.len());
                return Err(Error::invalid(format!("{field}.criteria[{index}].values"), problem));
            }
        }
        let mut nested = self.nested_criteria.iter().enumerate();
        nested.try_for_each(|(index, filter)| filter.check(&format!("{field}.nestedCriteria[{index}]"), depth + 1))
    }
}

/// What rows are grouped by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReportGrouping {
    /// The column.
    pub column: ReportColumnRef,
    /// The order of the groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sorting_direction: Option<SortingDirection>,
    /// Whether the groups are open when the report is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_expanded: Option<bool>,
}

impl ReportGrouping {
    /// Groups by this column.
    pub fn by(column: ReportColumnRef, direction: SortingDirection) -> Self {
        Self { column, sorting_direction: Some(direction), is_expanded: None }
    }
}

/// How groups are summarised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReportAggregation {
    /// The column.
    pub column: ReportColumnRef,
    /// How.
    pub aggregation_type: AggregationType,
    /// Whether the groups are open when the report is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_expanded: Option<bool>,
}

impl ReportAggregation {
    /// Summarises this column.
    pub fn of(column: ReportColumnRef, how: AggregationType) -> Self {
        Self { column, aggregation_type: how, is_expanded: None }
    }
}

/// What rows are sorted by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReportSorting {
    /// The column.
    pub column: ReportColumnRef,
    /// The order.
    pub sorting_direction: SortingDirection,
}

impl ReportSorting {
    /// Sorts by this column.
    pub fn by(column: ReportColumnRef, direction: SortingDirection) -> Self {
        Self { column, sorting_direction: direction }
    }
}

/// What a report shows of its sheets.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ReportDefinition {
    /// Which rows.
    pub filters: Option<ReportFilter>,
    /// How they are grouped, the outermost group first.
    pub grouping_criteria: Vec<ReportGrouping>,
    /// How the groups are summarised.
    #[serde(alias = "summarizingCriteria")]
    pub aggregation_criteria: Vec<ReportAggregation>,
    /// How they are sorted, the most important column first.
    pub sorting_criteria: Vec<ReportSorting>,
}

/// A change of what a report shows. What is not set stays; what is set replaces what was there.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReportDefinitionUpdate {
    /// Which rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filters: Option<ReportFilter>,
    /// How they are grouped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grouping_criteria: Option<Vec<ReportGrouping>>,
    /// How the groups are summarised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aggregation_criteria: Option<Vec<ReportAggregation>>,
    /// How they are sorted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sorting_criteria: Option<Vec<ReportSorting>>,
}

impl ReportDefinitionUpdate {
    /// No change yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Shows only rows that pass this filter.
    pub fn filter(mut self, filter: ReportFilter) -> Self {
        self.filters = Some(filter);
        self
    }

    /// Groups rows, the outermost group first.
    pub fn group_by(mut self, groups: impl IntoIterator<Item = ReportGrouping>) -> Self {
        self.grouping_criteria = Some(groups.into_iter().collect());
        self
    }

    /// Summarises the groups.
    pub fn summarise(mut self, summaries: impl IntoIterator<Item = ReportAggregation>) -> Self {
        self.aggregation_criteria = Some(summaries.into_iter().collect());
        self
    }

    /// Sorts rows, by the most important column first.
    pub fn sort_by(mut self, columns: impl IntoIterator<Item = ReportSorting>) -> Self {
        self.sorting_criteria = Some(columns.into_iter().collect());
        self
    }

    /// The error names the field in `within`.
    pub(crate) fn check(&self, within: &str) -> Result<()> {
        self.filters.as_ref().map_or(Ok(()), |filter| filter.check(&format!("{within}filters"), 1))
    }
}
