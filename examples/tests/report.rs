//! The report on stores: its numbers are the service's, its page is sound, and its labels have room.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "also the helpers of the tests are tests"
)]

use connectors_examples::placer_report::args::Args;
use connectors_examples::placer_report::chart::grouped;
use connectors_examples::placer_report::data::{FootfallReport, Plan};
use connectors_examples::placer_report::page;
use connectors_examples::placer_report::stores::{self, Store};
use connectors_mock::placer::{FakeVenue, Standing};
use connectors_mock::{Fault, MockPlacer};
use connectors_placer::{AggregateRequest, PlacerService, VenueId, VisitSegment};

fn bundled() -> Vec<Store> {
    stores::read(include_bytes!("../data/stores.csv")).unwrap()
}

async fn report(mock: &MockPlacer, stores: Vec<Store>, weeks: u32) -> FootfallReport {
    let today = mock.backend().clock().now_utc().date_naive();
    let plan = Plan::new(mock.client(), stores, weeks, today).await.unwrap();
    FootfallReport::collect(mock.client(), plan).await.unwrap()
}

#[tokio::test]
async fn the_numbers_are_those_of_the_service_and_cost_what_was_estimated() {
    let mock = MockPlacer::new();
    let plan = Plan::new(mock.client(), bundled(), 8, "2026-03-02".parse().unwrap()).await.unwrap();
    let estimate = plan.estimate(mock.client()).await.unwrap();
    let searches = mock.fake().used_quota();
    let report = FootfallReport::collect(mock.client(), plan).await.unwrap();
    assert_eq!((estimate.calls, estimate.places), (report.cost.calls, 9));
    assert_eq!(mock.fake().used_quota() - searches, u64::from(report.cost.calls), "as Placer counts");
    assert_eq!((report.stores.len(), report.missing.len()), (9, 1));

    let venues: Vec<VenueId> = report.stores.iter().map(|store| store.days[0].venue.clone()).collect();
    let request = AggregateRequest::new(venues, report.range).segment(VisitSegment::AllVisits);
    let service = MockPlacer::new().aggregate_footfall(request).await.unwrap();
    assert!(!service.mixed_segments, "what is added up and ranked counts the same");
    let page = page::render(&report);
    let mut all = 0;
    for (store, told) in report.stores.iter().zip(&service.by_venue) {
        let week: u64 = told.rows.iter().skip(49).map(|day| day.visits).sum();
        assert_eq!((store.days.len(), store.this_week), (56, week), "{}", store.store.name);
        assert!(
            page.contains(&format!(">{}</text>", grouped(week)))
                && page.contains(&format!("<td>{}</td>", grouped(week)))
        );
        all += week;
    }
    assert!(page.contains(&format!("<dd>{}</dd>", grouped(all))) && page.contains("<dd>Feb 26, 2026</dd>"));
    assert!(page.contains("Pioneer Square Deli (SEA-02)"), "what is missing is told");

    let mut rows = Vec::new();
    report.write_csv(&mut rows).unwrap();
    let mut rows = csv::Reader::from_reader(rows.as_slice());
    let visits = rows.records().map(|row| row.unwrap()[4].parse::<u64>().unwrap()).sum::<u64>();
    assert_eq!(visits, service.total_visits);
    assert_eq!(report.total().values().sum::<u64>(), service.total_visits);
}

#[tokio::test]
async fn the_week_of_the_largest_store_adds_up_to_its_visits() {
    let report = report(&MockPlacer::new(), bundled(), 4).await;
    let (largest, week) = (&report.stores[0], report.week.as_ref().unwrap());
    let visits: u64 = largest.days.iter().map(|day| day.visits).sum();
    let of_map: f64 = week.hours.iter().flatten().sum::<f64>() * 4.0;
    assert_eq!((week.store.as_str(), of_map.round()), (largest.store.name.as_str(), visits as f64));
}

#[tokio::test]
async fn hours_that_fail_lose_nothing_else() {
    let mock = MockPlacer::builder().polls(0).build().unwrap();
    mock.backend().script("reports.visits.hours", [Fault::Status(400)]);
    let report = self::report(&mock, bundled(), 2).await;
    assert_eq!((report.week.is_some(), report.notes.len(), report.stores.len()), (true, 1, 9));
    let mock = MockPlacer::builder().polls(0).build().unwrap();
    mock.backend().script("reports.visits.hours", [(); 7].map(|()| Fault::Status(400)));
    let report = self::report(&mock, bundled(), 2).await;
    assert_eq!((report.week.is_none(), report.notes.len(), report.stores.len()), (true, 1, 9));
    assert!(page::render(&report).contains("without the week at"), "it is told");
}

#[tokio::test]
async fn a_place_is_told_of_once() {
    let mock = MockPlacer::new();
    let twice = stores::read(
        b"id,name,address,city,state,zip,placer_id\n\
        A,Bryant Terrace,476 5th Ave,New York,NY,10018,\n\
        B,\"Bryant, again\",\"476 5th Ave, \"\"2nd\"\" floor\",New York,NY,10018,venue:x\n",
    );
    let mut twice = twice.unwrap();
    twice[1].placer_id = Some(mock_id(2).to_string());
    let report = self::report(&mock, twice, 2).await;
    assert_eq!((report.stores.len(), report.missing[0].1.as_str()), (1, "the same place as A"));
    assert_eq!(report.missing[0].0.name, "Bryant, again");
}

#[test]
fn a_list_that_cannot_be_read_says_where_and_what_to_do() {
    const HEAD: &str = "id,name,address,city,state,zip,placer_id\n";
    let refused = |text: &[u8]| stores::read(text).unwrap_err();
    let line = |text: &str| refused(format!("{HEAD}A,Market,,,,,\n{text}\n").as_bytes());
    for (problem, words) in [
        (refused(b""), ["lacks id, name", "placer_id"]),
        (refused(HEAD.as_bytes()), ["no store", "one line for each"]),
        (refused(b"id,name,city,state,zip\n1,A,Boston,MA,02210\n"), ["lacks address:", "commas"]),
        (refused(HEAD.replace(',', ";").as_bytes()), ["lacks id, name", "commas"]),
        (refused(&[HEAD.as_bytes(), b"A,Caf\xe9,,,,,\n"].concat()), ["line 2", "UTF-8"]),
        (line("B,Tacos, Harbor,,,,,"), ["line 3: 8 fields instead of 7", "quotes"]),
        (line("A,Tacos,,,,,"), ["line 3: the id A is that of line 2", "its own"]),
        (line("B,,,,,,"), ["line 3", "a name"]),
        (line(",Tacos,,,,,"), ["line 3", "an id"]),
    ] {
        assert!(words.iter().all(|word| problem.contains(word)), "{problem}");
    }
    let spaced = stores::read("\u{feff}id, name,address,city,state,zip\nA, \"Tom's\",,,,\n".as_bytes()).unwrap();
    assert_eq!((spaced[0].id.as_str(), spaced[0].placer_id.as_ref()), ("A", None));
}

/// The names of elements in the order in which they begin and end, which must fit.
fn check_markup(page: &str) {
    let mut open: Vec<String> = Vec::new();
    let body = page.strip_prefix("<!DOCTYPE html>").unwrap();
    for tag in body.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').unwrap();
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop().as_deref(), Some(name)),
            None if tag.ends_with('/') => assert_eq!(tag.matches('"').count() % 2, 0, "{tag}"),
            None => open.push(tag.split_whitespace().next().unwrap().to_owned()),
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[tokio::test]
async fn whatever_stores_are_called_the_page_is_sound() {
    let evil = "<script>alert(\"1\")</script> & Tom's\u{7}";
    let store = |id: &str| Store {
        id: evil.to_owned(),
        name: evil.to_owned(),
        address: String::new(),
        city: evil.to_owned(),
        state: String::new(),
        zip: String::new(),
        placer_id: Some(id.to_owned()),
    };
    let quiet = FakeVenue::new("venue:0000000000000000000000aa", "Quiet").standing(Standing::NoData);
    let mock = MockPlacer::builder().venue(quiet).build().unwrap();
    let list = [mock_id(0).as_str(), "venue:0000000000000000000000aa", "venue:0000000000000000000000ff", "nonsense"]
        .map(store);
    let report = report(&mock, list.to_vec(), 3).await;
    assert_eq!((report.stores.len(), report.missing.len()), (1, 3));
    let page = page::render(&report);
    check_markup(&page);
    assert!(
        !page.contains("<script")
            && page.contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; Tom&#39;s ")
    );
    assert!(!page.contains("http"), "it needs nothing else");
    check_markup(&page::render(&self::report(&mock, Vec::new(), 2).await));
}

fn mock_id(number: usize) -> VenueId {
    MockPlacer::venue_ids().remove(number)
}

/// Left, top, right and bottom, with the text.
type Label = ([f64; 4], String);

/// The labels of a drawing, as large as they are at 11 px.
fn labels(svg: &str) -> Vec<Label> {
    let attribute =
        |tag: &str, name: &str| tag.split_once(&format!(" {name}=\"")).unwrap().1.split_once('"').unwrap().0.to_owned();
    let texts = svg.split("<text ").skip(1);
    let label = |text: &str| {
        let (tag, rest) = text.split_once('>').unwrap();
        let tag = format!(" {tag}");
        let words = rest.split_once('<').unwrap().0.to_owned();
        let width = 6.2 * words.chars().count() as f64;
        let (x, y): (f64, f64) = (attribute(&tag, "x").parse().unwrap(), attribute(&tag, "y").parse().unwrap());
        let left = match attribute(&tag, "text-anchor").as_str() {
            "start" => x,
            "middle" => x - width / 2.0,
            _ => x - width,
        };
        ([left, y - 9.0, left + width, y + 2.0], words)
    };
    texts.map(label).collect()
}

#[tokio::test]
async fn no_label_covers_another_or_sticks_out() {
    for weeks in [2, 3, 8, 13, 52] {
        let mut stores = bundled();
        stores[0].name = "A store with a name that is much too long for its row".to_owned();
        let page = page::render(&report(&MockPlacer::new(), stores, weeks).await);
        check_markup(&page);
        let drawings: Vec<_> = page.split("<svg ").skip(1).map(|rest| rest.split_once("</svg>").unwrap().0).collect();
        assert_eq!(drawings.len(), 3 + 9);
        for svg in drawings {
            let size = svg.split_once("viewBox=\"0 0 ").unwrap().1.split_once('"').unwrap().0;
            let (width, height) = size.split_once(' ').unwrap();
            let (width, height): (f64, f64) = (width.parse().unwrap(), height.parse().unwrap());
            let labels = labels(svg);
            assert!(labels.len() >= 4, "{weeks} weeks: {labels:?}");
            for (index, ([left, top, right, bottom], words)) in labels.iter().enumerate() {
                assert!(*left >= 0.0 && *right <= width && *top >= 0.0 && *bottom <= height, "{weeks} weeks: {words}");
                for ([l, t, r, b], other) in &labels[index + 1..] {
                    let apart = right <= l || r <= left || bottom <= t || b <= top;
                    assert!(apart, "{weeks} weeks: {words} covers {other}");
                }
            }
            assert!(svg.contains("<title") && svg.contains("<desc"), "{svg}");
        }
    }
}

#[test]
fn the_command_line_is_read() {
    let parse = |words: &[&str]| Args::parse(words.iter().map(|word| (*word).to_owned()));
    let args = parse(&["--weeks", "4", "out/page.html", "--live"]).unwrap();
    assert_eq!((args.weeks, args.live, args.page.to_str().unwrap()), (4, true, "out/page.html"));
    for wrong in [&["--weeks", "1"][..], &["--weeks"], &["--colour"]] {
        assert!(parse(wrong).is_err(), "{wrong:?}");
    }
}
