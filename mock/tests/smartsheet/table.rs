use connectors_core::ErrorKind;
use connectors_mock::{Fault, MockSmartsheet};
use connectors_smartsheet::{Contact, Number, Record, SheetId, Table, UpsertOutcome, tracker};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Event {
    #[serde(rename = "Event ID")]
    id: String,
    #[serde(rename = "Venue")]
    venue: Option<String>,
    #[serde(rename = "Expected footfall")]
    footfall: Option<u32>,
    #[serde(rename = "Starts")]
    starts: Option<chrono::NaiveDate>,
}

fn event(id: &str) -> Event {
    Event { id: id.to_owned(), venue: Some("Alexanderplatz".into()), footfall: Some(7), starts: None }
}

fn table(mock: &MockSmartsheet) -> (Table, SheetId) {
    (mock.client().table(mock.template_id()), mock.template_id())
}

#[tokio::test]
async fn records_of_ones_own_go_in_and_come_out() {
    let mock = MockSmartsheet::new();
    let (table, sheet) = table(&mock);
    let mut events: Vec<_> = ["a/1", "b 2", "c?3"].map(event).to_vec();
    events[1].starts = chrono::NaiveDate::from_ymd_opt(2026, 6, 5);
    let report = table.upsert(&events).await.unwrap();
    assert_eq!((report.created(), report.items[2].key.as_str()), (3, "c?3"));
    assert_eq!(table.read::<Event>().await.unwrap(), events);

    events[0].footfall = None;
    let report = table.upsert(&events).await.unwrap();
    assert_eq!((report.updated(), report.unchanged()), (1, 2));
    assert_eq!(mock.fake().rows(sheet)[0].cell(tracker::EXPECTED_FOOTFALL).unwrap_or_default(), "");
    assert_eq!(table.read::<Event>().await.unwrap(), events);
    assert_eq!(table.add(&events[..2]).await.unwrap().done().count(), 2, "whatever is there already");
    let report = table.upsert(&events).await.unwrap();
    let ambiguous: Vec<_> = report.failures().map(|(key, error)| (key.as_str(), error.kind())).collect();
    assert_eq!(ambiguous, [("a/1", ErrorKind::Ambiguous), ("b 2", ErrorKind::Ambiguous)]);
}

#[tokio::test]
async fn an_add_whose_answer_is_lost_is_looked_for_not_repeated() {
    let mock = MockSmartsheet::new();
    let (table, sheet) = table(&mock);
    mock.backend().script("rows.add", [Fault::ResetAfter]);
    let report = table.upsert_records([Record::new(" 007 ").set("Venue", "Elbe")]).await.unwrap();
    assert!(matches!(report.items[0].outcome, UpsertOutcome::Created(_)), "{report:?}");
    assert_eq!((mock.fake().rows(sheet).len(), mock.backend().count("rows.add")), (1, 1));
    assert_eq!(table.upsert_records([Record::new("007").set("Venue", "Elbe")]).await.unwrap().unchanged(), 1);
}

#[tokio::test]
async fn cells_are_read_as_what_the_field_wants() {
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "PascalCase")]
    enum City {
        Berlin,
        Hamburg,
        #[serde(other)]
        Elsewhere,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Store {
        #[serde(rename = "Store")]
        name: String,
        #[serde(rename = "City")]
        city: City,
        #[serde(rename = "Power on site")]
        power: bool,
        #[serde(rename = "Area (m²)")]
        area: Option<Number>,
        #[serde(rename = "Manager")]
        manager: Option<Contact>,
        #[serde(rename = "Teams", default)]
        teams: Vec<String>,
    }
    let mock = MockSmartsheet::new();
    let sheet = mock.store_list_id();
    mock.fake().add_row(sheet, &[("Store", 1001.into()), ("City", "Munich".into())]);
    let stores: Vec<Store> = mock.client().table(sheet).read().await.unwrap();
    assert_eq!((&stores[0].city, &stores[2].city), (&City::Berlin, &City::Hamburg));
    assert_eq!(stores[2].area.as_ref().unwrap().as_str(), "30400.5");
    assert_eq!(stores[0].manager.as_ref().unwrap().email.as_deref(), Some("alexa@example.com"));
    assert_eq!(stores[0].teams, ["Crew A", "Crew B"]);
    let bare = Store {
        name: "1001".into(),
        city: City::Elsewhere,
        power: false,
        area: None,
        manager: None,
        teams: Vec::new(),
    };
    assert_eq!(stores[6], bare, "a number is a text where one is wanted, an untouched checkbox is not checked");
}

#[tokio::test]
async fn a_row_that_does_not_fit_is_named_without_what_it_holds() {
    #[derive(Debug, Deserialize)]
    struct Wrong {
        #[serde(rename = "Manager")]
        _manager: u32,
    }
    let mock = MockSmartsheet::new();
    let error = mock.client().table(mock.store_list_id()).read::<Wrong>().await.unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::Decode, Some("Manager")));
    assert_eq!(error.message(), "row 1, column `Manager`: holds a text, not u32");
    assert!(!format!("{error:?}").contains("alexa@"));
}

#[tokio::test]
async fn a_finder_pays_for_what_has_changed() {
    let mock = MockSmartsheet::new();
    let (table, sheet) = table(&mock);
    table.upsert(&["a", "b", "c"].map(event)).await.unwrap();
    let mut finder = table.finder();
    let reads = |mock: &MockSmartsheet| mock.backend().count("sheets.get");
    let first = finder.find("b").await.unwrap().unwrap();
    let before = reads(&mock);
    assert_eq!(finder.find("b").await.unwrap(), Some(first));
    assert!(finder.get("c").unwrap().is_some());
    assert_eq!(reads(&mock), before + 1, "the version alone");

    table.upsert(&[event("d")]).await.unwrap();
    let before = reads(&mock);
    assert!(finder.find("d").await.unwrap().is_some());
    assert_eq!(reads(&mock), before + 1, "what was added");

    mock.client().rows().delete(sheet, [first]).await.unwrap();
    table.upsert(&[event("e")]).await.unwrap();
    let before = reads(&mock);
    assert_eq!(finder.find("b").await.unwrap(), None);
    assert_eq!(reads(&mock), before + 2, "deletions leave no trace but the number of rows");
    assert_eq!(finder.len(), 4);

    mock.fake().add_row(sheet, &[(tracker::EVENT_ID, "a".into())]);
    let error = finder.find("a").await.unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::Ambiguous, Some(tracker::EVENT_ID)));
    assert!(error.message().contains("rows 1, 5"), "{error}");
}

#[tokio::test]
async fn a_renamed_column_is_noticed() {
    let mock = MockSmartsheet::new();
    let (table, sheet) = table(&mock);
    let table = table.key(tracker::EVENT_ID);
    table.upsert(&[event("a")]).await.unwrap();
    let mut finder = table.finder();
    finder.refresh().await.unwrap();
    mock.fake().rename_column(sheet, tracker::EVENT_ID, "Id");
    assert_eq!(finder.find("a").await.unwrap_err().field(), Some(tracker::EVENT_ID));
    let error = table.upsert(&[event("a")]).await.unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidRequest, Some(tracker::EVENT_ID)));
    assert_eq!(mock.fake().rows(sheet).len(), 1);
}

#[tokio::test]
async fn columns_are_looked_at_again_before_records_are_refused() {
    let mock = MockSmartsheet::new();
    let (table, sheet) = table(&mock);
    mock.fake().rename_column(sheet, tracker::EVENT_ID, "Id");
    table.columns().await.unwrap();
    mock.fake().rename_column(sheet, "Id", tracker::EVENT_ID);
    assert!(table.add(&[event("a")]).await.unwrap().is_complete());
}

#[tokio::test]
async fn records_that_cannot_be_right_are_refused_by_row_and_title() {
    let mock = MockSmartsheet::new();
    let (table, sheet) = table(&mock);
    let field = async |records: Vec<Record>| {
        table.upsert_records(records).await.unwrap_err().field().map(str::to_owned).unwrap()
    };
    assert_eq!(field(vec![Record::new("a"), Record::new("a")]).await, "rows[1].Event ID");
    assert_eq!(field(vec![Record::new(" ")]).await, "rows[0].Event ID");
    assert_eq!(field(vec![Record::new("a").set("Colour", "red")]).await, "Colour");
    assert_eq!(mock.fake().rows(sheet).len(), 0);

    let report = table.upsert_records([Record::new("a").set("Starts", "soon"), Record::new("b")]).await.unwrap();
    let error = report.items[0].outcome.error().unwrap();
    assert_eq!(
        (error.field(), report.created()),
        (Some("rows[0].Starts"), 1),
        "a value that does not fit stops no other"
    );
}
