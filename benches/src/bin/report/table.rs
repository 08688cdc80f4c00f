//! The rows of the report, as a table and as JSON.

use std::fmt::{self, Display};

use serde::Serialize;

/// One measured figure beside its floor and its budget, all in one unit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    name: String,
    unit: &'static str,
    /// The figure: ours, or that of the stack in the name. `None` when it was not measured.
    ours: Option<f64>,
    /// What it is compared with: the best that can be had, or bare reqwest.
    floor: Option<f64>,
    /// `ours / floor`.
    ratio: Option<f64>,
    /// The most that is accepted. `None` in a row that is only there for comparison.
    budget: Option<f64>,
    within_budget: Option<bool>,
    /// Why there is no figure.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

impl Row {
    /// A figure by itself.
    pub fn new(name: impl Into<String>, unit: &'static str, figure: f64) -> Self {
        let name = name.into();
        Self { name, unit, ours: Some(figure), floor: None, ratio: None, budget: None, within_budget: None, note: None }
    }

    /// A row without a figure, and why.
    pub fn missing(name: impl Into<String>, unit: &'static str, why: impl Display) -> Self {
        Self { ours: None, note: Some(format!("not measured: {why}")), ..Self::new(name, unit, 0.0) }
    }

    /// Compares the figure with this one.
    pub fn floor(mut self, floor: f64) -> Self {
        self.floor = Some(floor);
        self.ratio = self.ours.filter(|_| floor > 0.0).map(|ours| ours / floor);
        self
    }

    /// Accepts a figure up to this one.
    pub fn budget(mut self, budget: f64) -> Self {
        self.budget = Some(budget);
        self.within_budget = self.ours.map(|ours| ours <= budget);
        self
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether a figure is there and above its budget.
    pub fn exceeds(&self) -> bool {
        self.within_budget == Some(false)
    }
}

/// A count as a figure.
#[expect(clippy::cast_precision_loss, reason = "nothing here is counted to 2^52")]
pub fn count(n: u64) -> f64 {
    n as f64
}

/// The rows, aligned for reading.
pub struct Table<'a>(pub &'a [Row]);

impl Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.0.iter().map(|row| row.name.len()).max().unwrap_or(0);
        let mut line = |name: &str, cells: [&str; 5], last: &str| {
            let [figure, floor, ratio, budget, unit] = cells;
            writeln!(f, "{name:width$}  {figure:>12}  {floor:>12}  {ratio:>8}  {budget:>12}  {unit:<14}{last}")
        };
        line("", ["figure", "floor", "ratio", "budget", "unit"], "within")?;
        for row in self.0 {
            let ratio = row.ratio.map(|ratio| format!("{ratio:.3}")).unwrap_or_default();
            let within = match (&row.note, row.within_budget) {
                (Some(note), _) => note,
                (None, Some(true)) => "yes",
                (None, Some(false)) => "NO",
                (None, None) => "",
            };
            line(&row.name, [&figure(row.ours), &figure(row.floor), &ratio, &figure(row.budget), row.unit], within)?;
        }
        Ok(())
    }
}

/// Three digits of what is small, and thousands apart.
fn figure(value: Option<f64>) -> String {
    let Some(value) = value else { return String::new() };
    if value.abs() < 1000.0 {
        let decimals = if value.fract() == 0.0 { 0 } else { 2 };
        return format!("{value:.decimals$}");
    }
    let digits = format!("{value:.0}");
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_row_says_how_far_it_is_from_its_floor_and_whether_that_is_accepted() {
        let within = Row::new("call", "instructions", 70_000.0).floor(50_000.0).budget(70_000.0);
        assert_eq!(
            serde_json::to_value(&within).unwrap(),
            json!({
                "name": "call", "unit": "instructions", "ours": 70_000.0, "floor": 50_000.0, "ratio": 1.4,
                "budget": 70_000.0, "within_budget": true,
            })
        );
        assert!(!within.exceeds() && within.budget(69_999.0).exceeds());
    }

    #[test]
    fn what_was_not_measured_has_no_figure_and_exceeds_nothing() {
        let row = Row::missing("call", "instructions", "install valgrind").floor(1.0).budget(2.0);
        let json = serde_json::to_value(&row).unwrap();
        assert_eq!((&json["ours"], &json["ratio"], &json["within_budget"]), (&json!(null), &json!(null), &json!(null)));
        assert_eq!(json["note"], "not measured: install valgrind");
        assert!(!row.exceeds());
    }

    #[test]
    fn a_floor_of_nothing_has_no_ratio() {
        assert_eq!(Row::new("throttled", "requests", 3.0).floor(0.0).ratio, None);
    }

    #[test]
    fn the_table_is_aligned() {
        let rows = [
            Row::new("call", "instructions", 1_234_567.4).floor(1_000_000.0).budget(6e6),
            Row::new("cache/hit", "ns", 410.25).budget(400.0),
            Row::missing("decode", "ms", "no sheet"),
        ];
        let table = Table(&rows).to_string();
        let lines: Vec<_> = table.lines().map(str::trim_end).collect();
        assert_eq!(
            lines,
            [
                "                 figure         floor     ratio        budget  unit          within",
                "call          1 234 567     1 000 000     1.235     6 000 000  instructions  yes",
                "cache/hit        410.25                                   400  ns            NO",
                "decode                                                         ms            not measured: no sheet",
            ]
        );
    }
}
