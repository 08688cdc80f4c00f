//! What is sold: so many of the visits end at a till, and each of these is worth so much.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Weekday};
use connectors_core::DateRange;
use serde_json::{Value, json};

use super::answer::{Members, Outcome, object};
use super::profile::{Profile, is_weekend};
use super::refusal::Refusal;
use super::request::Question;
use super::visits::{Granularity, View, first_of, granularity};

/// The first year with figures.
const FIRST_YEAR: i32 = 2023;

/// The members of one of these reports.
pub(super) fn report(view: &View<'_>, question: &Question) -> Outcome {
    let till = Till::new(view).ok_or_else(Refusal::no_content)?;
    let mut members = match question.operation.name {
        "reports.retail.sales_trends" => till.sales_trends(question)?,
        "reports.retail.overview" => till.overview(),
        "reports.retail.days" => till.weekdays(question)?,
        "reports.retail.transaction_trends" => {
            let compare =
                ["avg_chain_in_state", "avg_chain_nationwide", "avg_category_in_state", "avg_category_nationwide"];
            till.trend(question, &compare, |sold| sold.transactions)?
        }
        "reports.retail.ticket_size_trends" => {
            till.trend(question, &["avg_category_in_state", "avg_category_nationwide"], Sold::ticket)?
        }
        _ => return Err(question.unknown()),
    };
    // The days that there are figures for.
    for (name, day) in [("startDate", till.days.first()), ("endDate", till.days.last())] {
        members.insert(name.to_owned(), json!(day.map(|(day, _)| day)));
    }
    members.insert("apiId".to_owned(), json!(view.venue.id));
    Ok(members)
}

/// What was sold.
#[derive(Debug, Clone, Copy, Default)]
struct Sold {
    transactions: f64,
    dollars: f64,
    days: f64,
}

impl Sold {
    fn ticket(self) -> f64 {
        cents(self.dollars / self.transactions.max(1.0))
    }

    fn sum(many: impl Iterator<Item = Self>) -> Self {
        many.fold(Self::default(), |all, one| Self {
            transactions: all.transactions + one.transactions,
            dollars: all.dollars + one.dollars,
            days: all.days + one.days,
        })
    }
}

/// One place's sales.
struct Till<'a> {
    view: &'a View<'a>,
    days: Vec<(NaiveDate, Sold)>,
    square_feet: f64,
}

fn cents(dollars: f64) -> f64 {
    (dollars * 100.0).round() / 100.0
}

/// What a transaction is worth in such a place, in dollars; `None` where nothing is sold.
fn ticket(profile: Profile) -> Option<f64> {
    Some(match profile {
        Profile::Mall => 48.0,
        Profile::Market => 17.0,
        Profile::Arena => 36.0,
        Profile::Coffee => 8.0,
        Profile::Grocery => 52.0,
        Profile::Restaurant => 29.0,
        Profile::Stadium => 41.0,
        Profile::Plaza | Profile::Park | Profile::Gym | Profile::Office => return None,
    })
}

impl<'a> Till<'a> {
    fn new(view: &'a View<'a>) -> Option<Self> {
        ticket(view.venue.profile)?;
        let square_feet = view.venue.square_feet(view.curve.seed);
        let mut till = Self { view, days: Vec::new(), square_feet };
        let days = view.days.iter().filter(|(day, _)| day.year() >= FIRST_YEAR);
        till.days = days.map(|(day, visits)| (*day, till.sold(*day, *visits))).collect();
        (!till.days.is_empty()).then_some(till)
    }

    #[expect(clippy::cast_precision_loss, reason = "invented counts of people")]
    fn sold(&self, day: NaiveDate, visits: u64) -> Sold {
        let curve = &self.view.curve;
        let buyers = 0.35 + 0.2 * curve.chance("buyers", NaiveDate::default());
        let month = first_of(day, Granularity::Month);
        let ticket = ticket(self.view.venue.profile).unwrap_or_default() * (0.95 + 0.1 * curve.chance("ticket", month));
        let transactions = (visits as f64 * buyers).round();
        Sold { transactions, dollars: cents(transactions * ticket), days: 1.0 }
    }

    fn all(&self) -> Sold {
        Sold::sum(self.days.iter().map(|(_, sold)| *sold))
    }

    fn bins(&self, question: &Question) -> Result<BTreeMap<NaiveDate, Sold>, Refusal> {
        let length = match question.value("granularity") {
            Some(_) => granularity(question)?,
            None => Granularity::Month,
        };
        let mut bins = BTreeMap::<NaiveDate, Sold>::new();
        for (day, sold) in &self.days {
            let bin = bins.entry(first_of(*day, length)).or_default();
            *bin = Sold::sum([*bin, *sold].into_iter());
        }
        Ok(bins)
    }

    fn sales_trends(&self, question: &Question) -> Outcome {
        let per_foot = question.text_of("metric", &["sales", "sales_sq_ft"])? == Some("sales_sq_ft");
        let value = |sold: Sold| cents(if per_foot { sold.dollars / self.square_feet } else { sold.dollars });
        let end = question.range.map(DateRange::end).unwrap_or_default();
        let year = |year: i32| {
            let days = (1..=366).filter_map(|day| NaiveDate::from_yo_opt(year, day));
            Sold::sum(days.map(|day| self.sold(day, self.view.curve.visits(day, 1.0))))
        };
        let trailing = DateRange::last_days(365, end).into_iter().flat_map(DateRange::days);
        let trailing = trailing.map(|day| self.sold(day, self.view.curve.visits(day, 1.0)));
        let years: Vec<i32> = (FIRST_YEAR.max(end.year() - 3)..end.year()).collect();
        let names: Vec<String> = years.iter().map(ToString::to_string).chain(["1y".to_owned()]).collect();
        let values: Vec<f64> = years.into_iter().map(year).chain([Sold::sum(trailing)]).map(value).collect();
        let bins = self.bins(question)?;
        Ok(object(json!({
            "annualSales": {"bins": names, "values": values},
            "trend": {"bins": bins.keys().collect::<Vec<_>>(), "values": bins.values().map(|sold| value(*sold)).collect::<Vec<_>>()},
        })))
    }

    fn overview(&self) -> Members {
        let all = self.all();
        let per = |days: f64, again: f64| (all.transactions / all.days * days / again).round();
        let figure =
            |name: &str, kind: &str, value: f64| json!({"valueType": kind, "metricName": name, "value": value});
        let figures = [
            figure("sales", "currency", cents(all.dollars)),
            figure("sales_sq_ft", "currency", cents(all.dollars / self.square_feet)),
            figure("transactions", "number", all.transactions),
            figure("avg_daily_unique_customers", "number", per(1.0, 1.03)),
            figure("avg_weekly_unique_customers", "number", per(7.0, 1.3)),
            figure("avg_monthly_unique_customers", "number", per(30.4, 2.1)),
            figure("avg_ticket_size", "currency", all.ticket()),
        ];
        object(json!({ "salesOverview": figures }))
    }

    fn weekdays(&self, question: &Question) -> Outcome {
        let known =
            ["sales", "avg_sales", "sales_pct", "sales_sq_ft", "transactions", "transactions_pct", "avg_ticket_size"];
        let metric = question.text_of("metricType", &known)?.unwrap_or("sales");
        let two = question.text_of("aggregation", &["full_week", "weekday_weekend"])? == Some("weekday_weekend");
        let all = self.all();
        let value = |sold: Sold| match metric {
            "sales" => cents(sold.dollars),
            "avg_sales" => cents(sold.dollars / sold.days.max(1.0)),
            "sales_pct" => cents(sold.dollars * 100.0 / all.dollars.max(1.0)),
            "sales_sq_ft" => cents(sold.dollars / self.square_feet),
            "transactions" => sold.transactions,
            "transactions_pct" => cents(sold.transactions * 100.0 / all.transactions.max(1.0)),
            _ => sold.ticket(),
        };
        let on = |counts: &dyn Fn(Weekday) -> bool| {
            let days = self.days.iter().filter(|(day, _)| counts(day.weekday()));
            value(Sold::sum(days.map(|(_, sold)| *sold)))
        };
        let (bins, values): (Vec<&str>, Vec<f64>) = if two {
            [("Weekday", on(&|day| !is_weekend(day))), ("Weekend", on(&is_weekend))].into_iter().unzip()
        } else {
            let names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
            let week = std::iter::successors(Some(Weekday::Mon), |day| Some(day.succ()));
            names.into_iter().zip(week.map(|weekday| on(&|day| day == weekday))).unzip()
        };
        Ok(object(json!({"dayOfWeek": {"bins": bins, "values": values}})))
    }

    fn trend(&self, question: &Question, known: &[&'static str], value: impl Fn(Sold) -> f64) -> Outcome {
        let beside = question.text_of("compareType", known)?;
        let bins = self.bins(question)?;
        let days: Vec<&NaiveDate> = bins.keys().collect();
        let values: Vec<f64> = bins.values().map(|sold| value(*sold)).collect();
        // A place without a chain has nothing of a chain to be put beside.
        let beside = beside.filter(|with| self.view.venue.chain().is_some() || !with.contains("chain"));
        let compare: Option<Value> = beside.map(|with| {
            let average =
                |(day, value): (&&NaiveDate, &f64)| cents(value * (0.8 + 0.3 * self.view.curve.chance(with, **day)));
            json!({"bins": days, "values": days.iter().zip(&values).map(average).collect::<Vec<_>>()})
        });
        Ok(object(json!({"trend": {"bins": days, "values": values}, "compare": compare})))
    }
}
