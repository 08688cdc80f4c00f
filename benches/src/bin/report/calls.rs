//! What one uncached call costs, beside other stacks.

use crate::args::Args;
use crate::probe::{self, Cost};
use crate::server::Server;
use crate::stacks::{FLOOR, OURS, STACKS};
use crate::table::Row;
use crate::{NO_VALGRIND, Outcome};

/// How much more than bare reqwest a call of ours may take.
const INSTRUCTIONS: f64 = 6_000.0;
const ALLOCATIONS: f64 = 10.0;

pub fn measure(_: &Args) -> Outcome<Vec<Row>> {
    let server = Server::prompt()?;
    let url = server.url()?;
    let costs: Vec<(&str, Cost)> =
        STACKS.iter().map(|(name, _)| Ok((*name, probe::cost(name, &url)?))).collect::<Outcome<_>>()?;
    let mut rows = compare("call/instructions", "instructions", &costs, INSTRUCTIONS, |cost| cost.instructions);
    rows.extend(compare("call/allocations", "allocations", &costs, ALLOCATIONS, |cost| Some(cost.allocations)));
    Ok(rows)
}

fn compare(
    what: &str,
    unit: &'static str,
    costs: &[(&str, Cost)],
    allowance: f64,
    figure: impl Fn(&Cost) -> Option<f64>,
) -> Vec<Row> {
    let floor = costs.iter().find(|(name, _)| *name == FLOOR).and_then(|(_, cost)| figure(cost));
    let row = |(stack, cost): &(&str, Cost)| {
        let name = format!("{what}/{stack}");
        let Some((figure, floor)) = figure(cost).zip(floor) else { return Row::missing(name, unit, NO_VALGRIND) };
        let row = Row::new(name, unit, figure).floor(floor);
        if *stack == OURS { row.budget(floor + allowance) } else { row }
    };
    costs.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ours_alone_has_a_budget_and_without_valgrind_there_is_no_figure() {
        let cost = |instructions, allocations| Cost { instructions, allocations };
        let costs = [(OURS, cost(None, 60.0)), ("hyper", cost(None, 12.0)), (FLOOR, cost(None, 47.0))];
        let rows = compare("allocations", "allocations", &costs, 10.0, |cost| Some(cost.allocations));
        assert_eq!(
            rows.first(),
            Some(&Row::new("allocations/connectors", "allocations", 60.0).floor(47.0).budget(57.0))
        );
        assert_eq!(rows.get(1), Some(&Row::new("allocations/hyper", "allocations", 12.0).floor(47.0)));
        let rows = compare("instructions", "instructions", &costs, 6e3, |cost| cost.instructions);
        assert_eq!(rows.first(), Some(&Row::missing("instructions/connectors", "instructions", NO_VALGRIND)));
    }
}
