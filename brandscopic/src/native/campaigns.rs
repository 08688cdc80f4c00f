//! Campaigns: what others call projects. The API can only read them.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use connectors_core::provider::Operation;
use connectors_core::wire::lenient;
use connectors_core::{Request, Result, open_enum};
use http::Method;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::request::{CallExt, one_named, operation, resource};
use super::wire::opt_day;
use super::{AreaId, RemoteCampaignId, RemoteEventId};

static ALL: Operation = operation(Method::GET, "campaigns.all", "/campaigns/all.json");
static OVERALL_STATS: Operation = operation(Method::GET, "campaigns.overall_stats", "/campaigns/overall_stats.json");
static STATS: Operation = operation(Method::GET, "campaigns.stats", "/campaigns/{id}/stats.json");
static EVENTS: Operation = operation(Method::GET, "campaigns.events", "/campaigns/{id}/events.json");
static EXPENSE_CATEGORIES: Operation =
    operation(Method::GET, "campaigns.expense_categories", "/campaigns/{id}/expense_categories.json");

/// A campaign as lists and events name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RemoteCampaign {
    /// Its id.
    pub id: RemoteCampaignId,
    /// Its name; not necessarily unique.
    pub name: String,
}

open_enum! {
    /// What a goal counts.
    pub enum GoalKpi {
        /// Events.
        "EVENTS" => Events,
        /// The hours that events last.
        "PROMO HOURS" => PromoHours,
    }
}

/// How far a goal has been reached: that of a campaign, or of an area within one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GoalStats<Id> {
    /// Whose goal it is.
    pub id: Id,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub name: String,
    /// The first day of the campaign, if it has one.
    #[serde(default, deserialize_with = "opt_day::deserialize")]
    pub start_date: Option<NaiveDate>,
    /// The last day of the campaign, if it has one.
    #[serde(default, deserialize_with = "opt_day::deserialize")]
    pub end_date: Option<NaiveDate>,
    /// What is counted.
    pub kpi: GoalKpi,
    /// How much is wanted, in events or hours, as are the next three.
    #[serde(deserialize_with = "lenient::number")]
    pub goal: f64,
    /// How much there has been.
    #[serde(deserialize_with = "lenient::number")]
    pub executed: f64,
    /// How much is planned besides.
    #[serde(deserialize_with = "lenient::number")]
    pub scheduled: f64,
    /// How much is neither.
    #[serde(deserialize_with = "lenient::number")]
    pub remaining: f64,
    /// How much there has been, in hundredths of the goal.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub executed_percentage: Option<f64>,
    /// How much is planned, in hundredths of the goal.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub scheduled_percentage: Option<f64>,
    /// How much is neither, in hundredths of the goal.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub remaining_percentage: Option<f64>,
    /// The figure for today, where there is one.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub today: Option<f64>,
    /// The same, in hundredths of the goal.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub today_percentage: Option<f64>,
}

/// How far the goals of one campaign have been reached.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CampaignStats {
    /// The campaign; `None` where a server answers with its areas alone.
    pub campaign: Option<RemoteCampaign>,
    /// Its goals. Whose goal it is, is told by the row.
    pub overall: Vec<GoalStats<RemoteCampaignId>>,
    /// The goals of its areas.
    pub areas: Vec<GoalStats<AreaId>>,
}

/// An event of a campaign, and its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(RemoteEventId, DateTime<Utc>)")]
#[non_exhaustive]
pub struct CampaignDate {
    /// The event.
    pub event: RemoteEventId,
    /// When it is.
    pub at: DateTime<Utc>,
}

impl From<(RemoteEventId, DateTime<Utc>)> for CampaignDate {
    fn from((event, at): (RemoteEventId, DateTime<Utc>)) -> Self {
        Self { event, at }
    }
}

resource! {
    /// The endpoints of campaigns: [`Native::campaigns`](super::Native::campaigns).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_brandscopic::native::GoalKpi;
    ///
    /// # use connectors_brandscopic::Contract;
    /// # let mock = connectors_mock::MockBrandscopic::builder().contract(Contract::Native).past_events(9).build()?;
    /// let campaigns = mock.client().native()?.campaigns();
    /// let tastings = campaigns.find("House Brand Tastings").await?.unwrap();
    /// assert!(campaigns.all().await?.contains(&tastings));
    ///
    /// let goals = campaigns.overall_stats().await?;
    /// let events = goals.iter().find(|row| row.id == tastings.id && row.kpi == GoalKpi::Events).unwrap();
    /// assert_eq!(events.executed, 9.0);
    /// let by_area = campaigns.stats(tastings.id).await?.areas;
    /// assert!(by_area.iter().any(|row| row.executed > 0.0));
    ///
    /// assert_eq!(campaigns.events(tastings.id).await?.len(), 9);
    /// assert!(campaigns.expense_categories(tastings.id).await?.contains(&"Supplies".to_owned()));
    /// # Ok(())
    /// # }
    /// ```
    pub struct Campaigns;
}

impl Campaigns {
    /// The active campaigns that the user may see, by name, all at once.
    pub fn all(&self) -> Request<Vec<RemoteCampaign>> {
        Request::new(self.0.call(&ALL))
    }

    /// The one active campaign with exactly this name, white space around it aside.
    ///
    /// Fails with [`Ambiguous`](connectors_core::ErrorKind::Ambiguous) if there are several, and names their ids.
    pub async fn find(&self, name: &str) -> Result<Option<RemoteCampaign>> {
        let mut named = self.all().await?;
        named.retain(|campaign| campaign.name.trim() == name.trim());
        one_named("active campaigns", named, |campaign| campaign.id.to_string())
            .map_err(|error| error.with_hint("rename or deactivate all but one in Brandscopic"))
    }

    /// How far the goals of all campaigns have been reached: a row for each campaign and each thing that it has a goal
    /// for.
    pub fn overall_stats(&self) -> Request<Vec<GoalStats<RemoteCampaignId>>> {
        Request::new(self.0.call(&OVERALL_STATS))
    }

    /// How far the goals of one campaign have been reached, also by area.
    pub fn stats(&self, campaign: RemoteCampaignId) -> Request<CampaignStats> {
        Request::new(self.0.call(&STATS).id("id", campaign.get()))
    }

    /// The active events of a campaign with their times, all at once: the one list of events that has no pages.
    pub fn events(&self, campaign: RemoteCampaignId) -> Request<Vec<CampaignDate>> {
        Request::new(self.0.call(&EVENTS).id("id", campaign.get()))
    }

    /// What an expense of an event of this campaign may be for.
    pub fn expense_categories(&self, campaign: RemoteCampaignId) -> Request<Vec<String>> {
        Request::new(self.0.call(&EXPENSE_CATEGORIES).id("id", campaign.get()))
    }
}

impl<'de> Deserialize<'de> for CampaignStats {
    fn deserialize<D: Deserializer<'de>>(source: D) -> std::result::Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Whole {
            id: Option<RemoteCampaignId>,
            #[serde(default, deserialize_with = "lenient::or_default")]
            name: String,
            overall: Vec<GoalStats<RemoteCampaignId>>,
            areas: Vec<GoalStats<AreaId>>,
        }

        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = CampaignStats;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("statistics of a campaign")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> std::result::Result<CampaignStats, A::Error> {
                let Whole { id, name, overall, areas } = Whole::deserialize(MapAccessDeserializer::new(map))?;
                Ok(CampaignStats { campaign: id.map(|id| RemoteCampaign { id, name }), overall, areas })
            }

            /// What older servers answer with.
            fn visit_seq<A: SeqAccess<'de>>(self, rows: A) -> std::result::Result<CampaignStats, A::Error> {
                let areas = Vec::deserialize(SeqAccessDeserializer::new(rows))?;
                Ok(CampaignStats { campaign: None, overall: Vec::new(), areas })
            }
        }
        source.deserialize_any(Either)
    }
}
