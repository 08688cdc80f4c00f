//! Reading and checking campaigns.

#![allow(clippy::unwrap_used, reason = "also the helpers of the tests are tests")]

use connectors_core::{Campaign, CampaignEvent, CampaignId, ErrorKind, EventId, TimeZone, Venue};
use serde_json::{Value, json};

/// Problems of a file as `line: path: message`.
fn problems(text: &str) -> Vec<String> {
    Campaign::from_json(text).unwrap_err().to_string().lines().map(str::to_owned).collect()
}

fn venue(id: &str) -> Value {
    json!({"id": id, "name": "Alexanderplatz", "city": "Berlin", "country": "DE", "timeZone": "Europe/Berlin"})
}

fn event(id: &str, venue: &str) -> Value {
    json!({
        "id": id, "name": "Tasting", "venue": venue, "destination": "https://fizz.example/berlin",
        "startsAt": "2026-06-05T11:00", "endsAt": "2026-06-05T18:00:00",
    })
}

fn file(venues: &[Value], events: &[Value]) -> Value {
    json!({"id": "s26", "name": "Summer", "client": "Fizz", "region": "DACH", "venues": venues, "events": events})
}

fn good() -> Campaign {
    Campaign::from_json(&file(&[venue("alex")], &[event("e1", "alex"), event("e2", "alex")]).to_string()).unwrap()
}

#[test]
fn a_file_becomes_events_with_their_venues() {
    let mut text = file(&[venue("alex")], &[event("e1", "alex")]);
    text["asOf"] = json!("2026-06-01T06:00:00Z");
    text["venues"][0]["placerId"] = json!("venue:5f0c1de2a9b84c7d3e6f0a11");
    text["venues"][0]["state"] = Value::Null;
    text["events"][0]["owner"] = json!("Anna");
    let campaign = Campaign::from_json(&format!("\u{feff}{text}\n")).unwrap();
    assert_eq!(campaign.as_of.unwrap().to_rfc3339(), "2026-06-01T06:00:00+00:00");
    let event = &campaign.events[0];
    assert_eq!(
        (event.id.as_str(), event.owner.as_deref(), event.time_zone.name()),
        ("e1", Some("Anna"), "Europe/Berlin")
    );
    assert_eq!(event.venue.placer_id.as_deref(), Some("venue:5f0c1de2a9b84c7d3e6f0a11"));
    assert_eq!(event.starts_at_utc().to_rfc3339(), "2026-06-05T09:00:00+00:00");
    assert_eq!(event.ends_at.to_string(), "2026-06-05 18:00:00");
    assert!(campaign.validate().is_empty());
}

#[test]
fn a_syntax_error_has_its_line_and_column() {
    assert_eq!(problems("{\n  \"id\": \"a\",\n  oops\n}"), ["line 3, column 3: key must be a string"]);
    assert_eq!(problems("{}\n}"), ["line 2, column 1: trailing characters"]);
    assert!(problems("")[0].starts_with("line 1, column 0: EOF"), "{:?}", problems(""));
    assert_eq!(problems("[]")[0], "line 1: invalid type: sequence, expected an object");
}

#[test]
fn every_mistake_is_found_at_once_with_its_line() {
    let text = r#"{
  "id": "s/26",
  "name": " ",
  "client": 5,
  "asOf": "yesterday",
  "venues": [
    {"id": "alex", "name": "Alexanderplatz", "city": "Berlin", "country": "DE",
     "timeZone": "Europe/Bärlin"},
    {"id": "alex", "name": "", "city": "Berlin", "country": "DE", "timezone": "Europe/Berlin"},
    {"name": "", "city": "", "country": "DE", "timeZone": "UTC", "placerId": "../x"}
  ],
  "events": [
    {"id": "e1", "name": "", "venue": "alex", "destination": "fizz.example",
     "startsAt": "2026-06-05T11:00", "endsAt": "2026-06-05T10:00"},
    7,
    {"id": "e1", "name": "Tasting", "venue": "mars", "destination": "ftp://fizz.example",
     "startsAt": "2026-06-05T11:00Z",
     "endsAt": "2026-06-31T11:00",
     "endsAt": "2026-06-30T11:00"}
  ]
}"#;
    let found = problems(text);
    let expected = [
        "line 1: `region` is missing",
        "line 2: id: must not contain",
        "line 3: name: must not be blank",
        "line 4: client: invalid type: integer `5`, expected a string",
        "line 5: asOf: ",
        "line 8: venues[0].timeZone: `Europe/Bärlin` is not the name of an IANA time zone",
        "line 9: venues[1].timezone: unknown member, known are: id, name, city",
        "line 9: venues[1].id: `alex` is the id of venues[0] already",
        "line 9: venues[1].name: must not be blank",
        "line 9: venues[1]: `timeZone` is missing",
        "line 10: venues[2]: `id` is missing",
        "line 10: venues[2].name: must not be blank",
        "line 10: venues[2].city: must not be blank",
        "line 10: venues[2].placerId: must not contain",
        "line 13: events[0].name: must not be blank",
        "line 13: events[0].destination: not a URL: relative URL without a base",
        "line 14: events[0].endsAt: ends at 2026-06-05 10:00:00, before it starts at 2026-06-05 11:00:00",
        "line 15: events[1]: invalid type: integer `7`, expected an object",
        "line 16: events[2].id: `e1` is the id of events[0] already",
        "line 16: events[2].destination: must be an http or https URL",
        "line 16: events[2].venue: `mars` is not the id of a venue",
        "line 17: events[2].startsAt: `2026-06-05T11:00Z` is not a local time such as",
        "line 19: events[2].endsAt: comes twice",
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for expected in expected {
        assert!(found.iter().any(|found| found.starts_with(expected)), "{expected} is not in {found:#?}");
    }
    let lines: Vec<_> = Campaign::from_json(text).unwrap_err().problems().iter().map(|problem| problem.line).collect();
    assert!(lines.is_sorted() && lines.iter().all(Option::is_some));
}

#[test]
fn a_mistake_is_one_line_whatever_the_file_holds() {
    let text = file(&[venue("alex")], &[event("e1", "a\nb")]).to_string().replace("\"name\"", "\"na\\nme\"");
    let errors = Campaign::from_json(&text).unwrap_err();
    assert_eq!(errors.to_string().lines().count(), errors.problems().len(), "{errors}");
    assert!(errors.to_string().contains("`a b` is not the id of a venue"), "{errors}");
}

#[test]
fn a_campaign_needs_events_and_says_what_else_is_missing() {
    assert_eq!(
        problems(&file(&[], &[]).to_string()),
        ["line 1: venues: must not be empty", "line 1: events: must not be empty"]
    );
    assert_eq!(problems("{}").len(), 6);
    assert_eq!(problems(&json!({"id": "s26", "events": {}, "venues": 1}).to_string()).len(), 5);
}

#[test]
fn a_campaign_made_in_memory_is_checked_as_well() {
    let mut campaign = good();
    campaign.name.clear();
    campaign.events[0].venue.city.clear();
    campaign.events[1].id = EventId::new("e1").unwrap();
    campaign.events[1].ends_at = campaign.events[1].starts_at - chrono::TimeDelta::hours(1);
    let found = campaign.validate();
    let paths: Vec<_> = found.iter().map(|problem| problem.path.as_str()).collect();
    assert_eq!(paths, ["name", "events[0].venue.city", "events[1].endsAt", "events[1].id"]);
    assert!(found.iter().all(|problem| problem.line.is_none()));

    let problem = campaign.events[1].validate().remove(0);
    let error = connectors_core::Error::from(problem);
    assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidRequest, Some("endsAt")));
    campaign.events.clear();
    assert_eq!(campaign.validate().last().unwrap().to_string(), "events: must not be empty");
}

#[test]
fn constructors_give_what_a_file_gives() {
    let event = |id: &str| {
        CampaignEvent::new(
            EventId::new(id).unwrap(),
            "Tasting",
            Venue::new("alex", "Alexanderplatz", "Berlin", "DE"),
            TimeZone::new("Europe/Berlin").unwrap(),
            "2026-06-05T11:00:00".parse().unwrap(),
            "2026-06-05T18:00:00".parse().unwrap(),
            "https://fizz.example/berlin".parse().unwrap(),
        )
    };
    let id = CampaignId::new("s26").unwrap();
    assert_eq!(Campaign::new(id, "Summer", "Fizz", "DACH", vec![event("e1"), event("e2")]), good());
}

#[test]
fn the_form_in_memory_survives_json_in_camel_case() {
    let json = json!(good());
    assert_eq!(json["events"][0]["timeZone"], "Europe/Berlin");
    assert_eq!(json["events"][0]["startsAt"], "2026-06-05T11:00:00");
    assert_eq!(serde_json::from_value::<Campaign>(json).unwrap(), good());
}
