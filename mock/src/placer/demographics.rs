//! Who the people of a trade area are: invented, and the same for one place and data set.

use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use super::answer::Outcome;
use super::refusal::Refusal;
use super::request::Question;
use super::trade_area::reach;
use super::visits::View;

/// What a number is.
#[derive(Debug, Clone, Copy)]
enum Kind {
    /// So many for each person who lives there.
    Each(f64),
    /// About so much, wherever it is.
    About(f64),
    /// So much of the group, which is this share of the people.
    Share(f64, f64),
    /// The visits of the report.
    Visits,
}
use Kind::{About, Each, Share, Visits};

type Group = (&'static str, &'static [(&'static str, Kind)]);

/// The data sets, each with its templates, and the groups of all of them. The first template stands where none is named.
type Known = (&'static str, &'static [&'static str], &'static [Group]);

/// The one that the contract does not include.
const NOT_IN_CONTRACT: &str = "spatial_ai_followgraph";

/// Without this many people for each square mile nothing is worth telling.
const PEOPLE_PER_SQUARE_MILE: f64 = 2400.0;

const DATASETS: [Known; 9] = [
    (
        "census",
        &["default"],
        &[
            (
                "Overview",
                &[
                    ("Population", Each(1.0)),
                    ("Households", Each(0.39)),
                    ("Median Age", About(37.8)),
                    ("Median Household Income", About(78_500.0)),
                ],
            ),
            ("Gender", &[("Female", Share(1.0, 50.8)), ("Male", Share(1.0, 49.2))]),
            (
                "Age",
                &[
                    ("Under 5", Share(1.0, 5.7)),
                    ("5 to 17", Share(1.0, 16.1)),
                    ("18 to 34", Share(1.0, 23.4)),
                    ("35 to 54", Share(1.0, 25.2)),
                    ("55 to 64", Share(1.0, 12.4)),
                    ("65 and over", Share(1.0, 17.2)),
                ],
            ),
            (
                "Household Income",
                &[
                    ("Under $35,000", Share(0.39, 24.0)),
                    ("$35,000 to $74,999", Share(0.39, 27.0)),
                    ("$75,000 to $149,999", Share(0.39, 29.0)),
                    ("$150,000 and over", Share(0.39, 20.0)),
                ],
            ),
        ],
    ),
    (
        "sti_popstats",
        &["default", "5_years_forecast", "10_years_forecast"],
        &[
            (
                "Overview",
                &[
                    ("Population", Each(1.0)),
                    ("Households", Each(0.39)),
                    ("Household Median Income", About(81_200.0)),
                    ("Median Age", About(37.9)),
                    ("Visits", Visits),
                ],
            ),
            ("Gender", &[("Female", Share(1.0, 50.9)), ("Male", Share(1.0, 49.1))]),
            ("Vehicles per Household", &[("Total Number of Vehicles", Each(0.68))]),
        ],
    ),
    (
        "sti_landscape",
        &["overview", "households", "population"],
        &[(
            "Segments",
            &[
                ("Wealthy Suburbs", Share(0.39, 12.0)),
                ("Urban Professionals", Share(0.39, 31.0)),
                ("Suburban Families", Share(0.39, 57.0)),
            ],
        )],
    ),
    (
        "sti_market_outlook",
        &["by_businesses", "by_product_line"],
        &[("Demand", &[("Food Away from Home", Each(3900.0)), ("Apparel", Each(1200.0))])],
    ),
    (
        "sti_spending_patterns",
        &[
            "default",
            "food",
            "transportation",
            "healthcare",
            "housing",
            "entertainment",
            "alcoholic_beverages",
            "personal_care",
        ],
        &[("Yearly Spending", &[("Total", Each(29_000.0)), ("Per Household", About(74_000.0))])],
    ),
    (
        "sti_workplace",
        &["default", "demographics"],
        &[(
            "Workplace",
            &[("Employees", Each(0.55)), ("White Collar", Share(0.55, 64.0)), ("Blue Collar", Share(0.55, 36.0))],
        )],
    ),
    (
        "spatial_ai_personalive",
        &["overview", "segments"],
        &[("Families", &[("Young Urbanites", Share(0.39, 42.0)), ("Settled Suburbs", Share(0.39, 58.0))])],
    ),
    (NOT_IN_CONTRACT, &["brands", "interests", "celebrities_and_influencers", "media_channels"], &[]),
    (
        "experian_mosaic",
        &["overview", "hh_default", "pop_default"],
        &[("Groups", &[("Affluent Households", Share(0.39, 35.0)), ("Singles and Starters", Share(0.39, 65.0))])],
    ),
];

/// The members of the report.
pub(super) fn report(view: &View<'_>, question: &Question) -> Outcome {
    let square_miles = square_miles(view, question)?;
    let benchmark = question.text_of("benchmarkScope", &["nationwide", "state"])?.unwrap_or("nationwide");
    let captured = question.text_of("audienceType", &["potential", "captured"])? == Some("captured");
    let names = DATASETS.map(|(name, _, _)| name);
    let dataset = question.text_of("dataset", &names)?.unwrap_or("census");
    let (_, templates, groups) = DATASETS.iter().find(|(name, _, _)| *name == dataset).copied().unwrap_or(DATASETS[0]);
    let template = question.text_of("template", templates)?.or(templates.first().copied()).unwrap_or_default();
    if dataset == NOT_IN_CONTRACT {
        return Err(Refusal::dataset_not_in_contract());
    }
    let growth = match template {
        "5_years_forecast" => 1.03,
        "10_years_forecast" => 1.07,
        _ => 1.0,
    };
    let people = square_miles * PEOPLE_PER_SQUARE_MILE * growth * if captured { 0.04 } else { 1.0 };
    let chance = |purpose: &str| view.curve.chance(purpose, NaiveDate::default());
    let people = people * (0.6 + 0.8 * chance("density"));
    let mut members = Map::new();
    for (group, variables) in groups {
        let skewed = |variable: &str| 0.88 + 0.24 * chance(&format!("{dataset} {template} {group} {variable}"));
        let all: f64 = variables
            .iter()
            .map(|(name, kind)| if let Share(_, part) = kind { part * skewed(name) } else { 0.0 })
            .sum();
        let variables: Map<String, Value> = variables
            .iter()
            .map(|(variable, kind)| {
                let skew = skewed(variable);
                let index = (skew * 100.0 * if benchmark == "state" { 1.02 } else { 1.0 }).round();
                let written = match kind {
                    Each(ratio) => json!({"value": (people * ratio).round()}),
                    About(value) => json!({"value": (value * skew * 10.0).round() / 10.0, "variableIndex": index}),
                    Share(ratio, part) => {
                        let share = part * skew / all;
                        let percentage = (share * 1000.0).round() / 10.0;
                        json!({
                            "value": (people * ratio * share).round(), "percentage": percentage,
                            "variableIndex": index, "variablePercentage": percentage,
                        })
                    }
                    Visits => json!({"value": view.visits()}),
                };
                ((*variable).to_owned(), written)
            })
            .collect();
        members.insert((*group).to_owned(), Value::Object(variables));
    }
    members.insert("nearbyRadius".to_owned(), question.value("nearbyRadius").cloned().unwrap_or_default());
    members.insert("filters".to_owned(), question.value("filters").cloned().unwrap_or_else(|| json!({})));
    Ok(members)
}

/// How large the area is that the question is about. What goes with another method is ignored, as usual.
fn square_miles(view: &View<'_>, question: &Question) -> Result<f64, Refusal> {
    let share = question.number_in("trafficVolPct", 1.0, 99.0)?.unwrap_or(70.0);
    let limit = question.number_in("withinRadius", 1.0, 300.0)?.unwrap_or(15.0);
    let ring = question.number_in("ringRadius", 0.2, 250.0)?.unwrap_or(3.0);
    let minutes = question.number_in("driveTime", 1.0, 200.0)?.unwrap_or(10.0);
    let radius = match question.text_of("method", &["tta", "mileRing", "driveTime"])? {
        Some("mileRing") => ring,
        Some("driveTime") => minutes * 0.42,
        _ => (reach(view.venue.profile) * (share / 70.0).powf(1.6)).min(limit),
    };
    Ok(std::f64::consts::PI * radius * radius)
}
