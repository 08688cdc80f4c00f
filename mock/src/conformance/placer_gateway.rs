//! What every gateway in front of Placer.ai does.

use chrono::Days;
use connectors_placer::{Contract, GatewayDates, PlacerClient, VenueId, latest_complete_day};
use http::Method;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::ExposeSecret;
use serde_json::Value;

use super::gateway::{Gateway, INVALID};
use super::placer::{placer, unknown};
use super::report::Report;
use super::run::{Checked, Failure, Run, ensure, given};

/// The gateway contract, `GET {base}/venues/{id}/footfall?start&end` and `GET {base}/venues/{id}/movement`: first at the
/// wire (keys, unknown ids, days that are none, content types), then the [whole suite](placer) through the real client,
/// which is set up as the gateway was found to be. That is told as well.
///
/// It needs two venues that have data, and changes nothing.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// use std::sync::Arc;
/// use connectors_mock::conformance::{self, Gateway};
/// use connectors_mock::{FakePlacer, InProcess, MockPlacer};
/// use connectors_placer::Contract;
///
/// let backend = MockPlacer::builder().contract(Contract::Gateway).build()?.backend().clone();
/// let clock = Arc::clone(backend.clock());
/// let gateway = Gateway::new("http://localhost", FakePlacer::KEY, Arc::new(InProcess::new(backend))).clock(clock);
///
/// let mut venues = MockPlacer::venue_ids();
/// conformance::placer_gateway(&gateway, [venues.remove(0), venues.remove(0)]).await.assert();
/// # Ok(())
/// # }
/// ```
pub async fn placer_gateway(gateway: &Gateway, venues: [VenueId; 2]) -> Report {
    let mut run = Run::new("placer gateway");
    let today = gateway.clock.now_utc().date_naive();
    let latest = latest_complete_day(today);
    let start = latest.checked_sub_days(Days::new(6)).unwrap_or(latest);
    let asked = [
        (GatewayDates::Range, format!("start={start}&end={latest}"), "start=yesterday&end=today"),
        (GatewayDates::SingleDay, format!("date={latest}"), "date=yesterday"),
    ];
    let [venue, _] = &venues;
    run.check("without the right key, nothing is told", async {
        for (_, query, _) in &asked {
            gateway.refuses_strangers(Method::GET, &path(venue, &format!("footfall?{query}")), None).await?;
        }
        Ok(())
    })
    .await;
    let dates = run.check("visits are told day by day", async {
        let [range, day] = &asked;
        let by_range = gateway.ask(Method::GET, &path(venue, &format!("footfall?{}", range.1)), None).await?;
        if by_range.is_success() {
            rows(by_range.body("visits")?)?;
            return Ok(range);
        }
        by_range.is_refusal(&INVALID, "a range where single days are wanted")?;
        let by_day = gateway.ask(Method::GET, &path(venue, &format!("footfall?{}", day.1)), None).await?;
        rows(by_day.succeeded("visits")?)?;
        Ok(day)
    });
    let dates = dates.await;
    run.check("days that are none are refused", async {
        let (_, _, none) = given(dates)?;
        let answer = gateway.ask(Method::GET, &path(venue, &format!("footfall?{none}")), None).await?;
        answer.is_refusal(&INVALID, "a day that is none")
    })
    .await;
    run.check("a movement pattern is told", async {
        let answer = gateway.ask(Method::GET, &path(venue, "movement"), None).await?;
        let body = answer.succeeded("movement")?;
        for name in ["timeOfDay", "trafficLevel"] {
            ensure!(body.get(name).is_some_and(Value::is_string), format!("`{name}` is a text"), of body);
        }
        ensure!(body.get("peakHours").is_some_and(Value::is_array), "`peakHours` is a list", of body);
        Ok(())
    })
    .await;
    run.check("a venue that does not exist is not found", async {
        let nowhere = unknown()?;
        let (_, query, _) = given(dates)?;
        for what in ["movement".to_owned(), format!("footfall?{query}")] {
            let answer = gateway.ask(Method::GET, &path(&nowhere, &what), None).await?;
            answer.is_refusal(&[404], "an unknown venue")?;
        }
        Ok(())
    })
    .await;
    let Some((dates, ..)) = dates else { return run.finish() };
    run.note(match dates {
        GatewayDates::SingleDay => "it is asked for single days",
        _ => "it is asked for ranges of days",
    });
    let has = async |key, path: String| {
        gateway.ask_as(key, Method::GET, &path, None).await.is_ok_and(|answer| answer.is_success())
    };
    let key = Some(gateway.key.expose_secret());
    let health = has(None, "/health".to_owned()).await;
    run.note(if health { "it tells how it is" } else { "nothing tells how it is" });
    let people = has(key, path(venue, "demographics")).await;
    run.note(if people { "it tells demographics" } else { "it does not tell demographics" });
    let client = run.check("the client takes its address and key", async {
        let client = PlacerClient::builder()
            .gateway()
            .api_key(gateway.key.expose_secret())
            .api_url(&gateway.url)
            .gateway_dates(*dates)
            .gateway_health(health)
            .transport(gateway.transport.clone())
            .clock(gateway.clock.clone());
        Ok(client.build()?)
    });
    if let Some(client) = client.await {
        gateway.settle().await;
        run.append(placer(&client, Contract::Gateway, venues, today).await);
    }
    run.finish()
}

fn path(venue: &VenueId, what: &str) -> String {
    format!("/venues/{}/{what}", utf8_percent_encode(venue.as_str(), NON_ALPHANUMERIC))
}

/// The rows, or the only one.
#[track_caller]
fn rows(body: &Value) -> Checked {
    let rows = body.as_array().map_or_else(|| std::slice::from_ref(body), Vec::as_slice);
    if rows.is_empty() {
        return Err(Failure::broken("there are visits", ""));
    }
    for row in rows {
        ensure!(row.get("date").is_some_and(Value::is_string), "`date` is a text", of row);
        ensure!(row.get("visits").is_some_and(Value::is_number), "`visits` is a number", of row);
    }
    Ok(())
}
