//! Campaigns, areas, brands, countries and filters: what can only be read.

use connectors_brandscopic::Contract;
use connectors_brandscopic::native::{AreaId, FilterSection, FilterValue, GoalKpi, RemoteCampaignId};
use connectors_core::{ErrorKind, Result};
use connectors_mock::MockBrandscopic;

fn mock() -> MockBrandscopic {
    MockBrandscopic::builder().contract(Contract::Native).past_events(12).build().unwrap()
}

#[tokio::test]
async fn statistics_follow_the_events() -> Result<()> {
    let mock = mock();
    let campaigns = mock.client().native()?.campaigns();
    let campaign = RemoteCampaignId::new(mock.fake().events()[0].project);
    let executed = async || {
        let stats = campaigns.stats(campaign).await?;
        let of = |kpi| move |row: &&connectors_brandscopic::native::GoalStats<RemoteCampaignId>| row.kpi == kpi;
        let overall = stats.overall.iter().find(of(GoalKpi::Events)).unwrap();
        let areas: f64 = stats.areas.iter().filter(|row| row.kpi == GoalKpi::Events).map(|row| row.executed).sum();
        let all = campaigns.overall_stats().await?;
        assert!(all.contains(overall), "the same row");
        Ok::<_, connectors_core::Error>((overall.executed, areas, overall.remaining, overall.executed_percentage))
    };
    assert_eq!(executed().await?, (12.0, 12.0, 48.0, Some(20.0)));
    mock.fake().deactivate(mock.fake().events()[0].id);
    assert!((executed().await?.0 - 11.0).abs() < 1e-9);
    let dates = campaigns.events(campaign).await?;
    assert_eq!(dates.len(), 11);
    assert!(mock.fake().events().iter().any(|event| event.id == dates[0].event.get() && event.start == dates[0].at));
    Ok(())
}

#[test]
fn statistics_are_read_in_either_form() {
    use connectors_brandscopic::native::CampaignStats;
    let row = r#"{"id":"61","name":"Midwest","start_date":"2026-01-31","end_date":null,"goal":"60.0","kpi":"SMILES",
        "executed":12,"scheduled":"3","remaining":45.5,"executed_percentage":"20","today":null,"today_percentage":33}"#;
    let whole = format!(r#"{{"id":7,"name":"Tour","overall":[],"areas":[{row}]}}"#);
    let (whole, bare) = (serde_json::from_str::<CampaignStats>(&whole), format!("[{row}]"));
    let (whole, bare) = (whole.unwrap(), serde_json::from_str::<CampaignStats>(&bare).unwrap());
    assert_eq!((bare.campaign, &bare.areas), (None, &whole.areas));
    let area = &whole.areas[0];
    assert_eq!((area.id, area.kpi.as_str(), area.goal), (AreaId::new(61), "SMILES", 60.0));
    assert_eq!((area.start_date, area.today, area.today_percentage), ("2026-01-31".parse().ok(), None, Some(33.0)));
    for odd in ["{}", "7", r#"{"overall":{}}"#, r#"[{"id":1}]"#] {
        assert!(serde_json::from_str::<CampaignStats>(odd).is_err(), "{odd}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found_and_nonsense_is_not_sent() -> Result<()> {
    let mock = mock();
    let native = mock.client().native()?;
    let nowhere = RemoteCampaignId::new(404_404);
    assert_eq!(native.campaigns().stats(nowhere).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(native.brands().list().campaign(nowhere).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(native.areas().cities(AreaId::new(404)).await.unwrap_err().kind(), ErrorKind::NotFound);
    for code in ["Canada", "ca", "C/"] {
        let error = native.countries().states(code).await.unwrap_err();
        assert_eq!((error.field(), error.attempts()), (Some("code"), 0));
    }
    let error = native.campaigns().events(RemoteCampaignId::new(-1)).await.unwrap_err();
    assert_eq!((error.field(), error.attempts()), (Some("id"), 0));
    Ok(())
}

#[tokio::test]
async fn an_area_has_the_cities_of_its_venues_once_each() -> Result<()> {
    let mock = mock();
    let areas = mock.client().native()?.areas();
    for area in areas.list().await? {
        let cities = areas.cities(area.id).await?;
        for city in &cities {
            let at = |venue: &&connectors_mock::FakePlace| {
                venue.city == city.name && Some(&venue.state) == city.state.as_ref()
            };
            assert!(mock.fake().venues().iter().any(|venue| at(&venue)), "{city:?}");
            assert_eq!(cities.iter().filter(|other| other.name == city.name).count(), 1);
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_filter_narrows_by_numbers_or_by_words() -> Result<()> {
    let mock = mock();
    let groups = mock.client().native()?.filters().get(FilterSection::Events).await?;
    let group = |label: &str| groups.iter().find(|group| group.label == label).unwrap();
    assert!(matches!(group("Campaigns").items[0].value, Some(FilterValue::Id(_))));
    let approved = group("Event Status").items.iter().find(|item| item.label == "Approved").unwrap();
    assert_eq!((approved.value.as_ref().unwrap().to_string().as_str(), &*approved.name), ("Approved", "event_status"));
    assert!(group("Active State").items[0].selected);
    for section in [FilterSection::Venues, FilterSection::Visits, FilterSection::TeamTasks, FilterSection::UserTasks] {
        assert!(!mock.client().native()?.filters().get(section).await?.is_empty(), "{section}");
    }
    Ok(())
}
