//! Services that lie in one method.

use async_trait::async_trait;
use connectors_brandscopic::{
    BrandscopicService, BulkSync, Capabilities, CreateProject, EventStatus, EventStatusReport, EventStatusRequest,
    Project, SyncEvent, SyncOutcome, SyncReport, SyncedEvent,
};
use connectors_core::{ConnectionReport, Error, ErrorKind, Result, ServiceSummary};
use connectors_mock::conformance::{self, Outcome, Report};
use connectors_mock::{MockBrandscopic, MockPlacer, MockQrTiger, MockSmartsheet};
use connectors_placer::{
    AggregateFootfall, AggregateRequest, Contract, Footfall, FootfallRequest, Movement, MovementRequest, PlacerService,
    VenueId,
};
use connectors_qrtiger::{
    GenerateQrCode, ListQrCodes, QrCode, QrTigerService, ScanStats, ScanStatsRequest, UpdateQrCode,
};
use connectors_smartsheet::{
    CreateSheet, CreatedSheet, SheetData, SheetDataRequest, SmartsheetService, UpdateEventRow, UpdatedRow,
    UpsertEventRows, UpsertReport,
};

/// Exactly this failed.
#[track_caller]
fn assert_failed(report: &Report, names: &[&str]) {
    let failed: Vec<_> = report.failed().map(|check| check.name.as_str()).collect();
    assert_eq!(failed, names, "{report}");
    assert!(!report.is_conformant());
    let table = report.to_string();
    assert!(names.iter().all(|name| table.contains(&format!("FAILED   {name}"))), "{table}");
}

#[derive(Clone, Copy, PartialEq)]
enum Lie {
    None,
    Disconnected,
    MadeAnew,
    Repointed,
    ListsTwice,
    LosesScans,
    Panics,
}

struct LyingQr(MockQrTiger, Lie);

#[async_trait]
impl QrTigerService for LyingQr {
    async fn generate_qr_code(&self, request: GenerateQrCode) -> Result<QrCode> {
        if self.1 == Lie::Repointed && request.data.as_str().contains("another") {
            return self
                .0
                .generate_qr_code(GenerateQrCode::new(&request.campaign, &"event-9".parse().unwrap(), request.data))
                .await;
        }
        let mut code = self.0.generate_qr_code(request).await?;
        code.is_new |= self.1 == Lie::MadeAnew;
        Ok(code)
    }

    async fn scan_stats(&self, request: ScanStatsRequest) -> Result<ScanStats> {
        assert!(self.1 != Lie::Panics, "the service has a defect");
        let mut stats = self.0.scan_stats(request).await?;
        if self.1 == Lie::LosesScans {
            stats.by_city.clear();
        }
        Ok(stats)
    }

    async fn update_qr_code(&self, request: UpdateQrCode) -> Result<QrCode> {
        self.0.update_qr_code(request).await
    }

    async fn list_qr_codes(&self, request: ListQrCodes) -> Result<Vec<QrCode>> {
        let mut codes = self.0.list_qr_codes(request).await?;
        if self.1 == Lie::ListsTwice {
            codes.extend(codes.first().cloned());
        }
        Ok(codes)
    }

    async fn test_connection(&self) -> Result<ConnectionReport> {
        if self.1 == Lie::Disconnected {
            let error = Error::new(ErrorKind::Auth, "the key of Anna Schmidt was refused");
            return Ok(ConnectionReport::new("qrtiger", std::time::Duration::ZERO, Err(error)));
        }
        self.0.test_connection().await
    }

    async fn summary(&self) -> Result<ServiceSummary> {
        self.0.summary().await
    }
}

#[tokio::test]
async fn a_lie_of_qrtiger_fails_the_check_that_is_about_it() {
    let scans = "scans add up, by day, device, country and city";
    for (lie, names) in [
        (Lie::None, &[] as &[&str]),
        (Lie::Disconnected, &["the connection test says that it is connected"]),
        (Lie::MadeAnew, &["a code is made once, and found the second time"]),
        (
            Lie::Repointed,
            &["a printed code is not repointed by the way", "what was made is listed once, with where it leads"],
        ),
        (
            Lie::ListsTwice,
            &["what was made is listed once, with where it leads", "the summary counts the codes that are listed"],
        ),
        (Lie::LosesScans, &[scans, "the scans of a period have its days without gaps, however it is named"]),
    ] {
        let report = conformance::qrtiger(&LyingQr(MockQrTiger::new(), lie)).await;
        if lie == Lie::None {
            report.assert();
        } else {
            assert_failed(&report, names);
        }
    }
}

#[tokio::test]
async fn a_panic_of_the_service_is_a_failure_and_the_rest_is_looked_at() {
    let report = conformance::qrtiger(&LyingQr(MockQrTiger::new(), Lie::Panics)).await;
    let scans = "scans add up, by day, device, country and city";
    let Some(Outcome::Failed(reason)) = report.outcome(scans) else { panic!("{report}") };
    assert!(reason.contains("the service panicked") && reason.contains("the service has a defect"), "{reason}");
    let after = "a code that does not exist cannot be changed";
    assert_eq!(report.outcome(after), Some(&Outcome::Held), "{report}");
}

#[tokio::test]
async fn without_values_a_report_names_nobody() {
    let report = conformance::qrtiger_read_only(&LyingQr(MockQrTiger::new(), Lie::Disconnected)).await;
    assert!(report.to_string().contains("Anna Schmidt"), "{report}");
    let report = report.without_values();
    let (table, json) = (report.to_string(), serde_json::to_string(&report).unwrap());
    assert!(!table.contains("Anna") && !json.contains("Anna"), "{table}");
    assert!(table.contains("it is connected, not BadKey"), "{table}");
}

#[tokio::test]
#[should_panic(expected = "FAILED   the connection test says that it is connected")]
async fn a_report_asserts_with_its_table() {
    conformance::qrtiger_read_only(&LyingQr(MockQrTiger::new(), Lie::Disconnected)).await.assert();
}

struct Nothing;

impl QrTigerService for Nothing {}
impl SmartsheetService for Nothing {}
impl PlacerService for Nothing {}
impl BrandscopicService for Nothing {}

#[tokio::test]
async fn what_a_service_does_not_have_is_skipped_and_nothing_at_all_does_not_conform() {
    let mock = MockSmartsheet::new();
    let campaign = conformance::brandscopic_campaign("2026-05-01".parse().unwrap()).unwrap();
    let venues = || [MockPlacer::venue_ids().remove(0), MockPlacer::venue_ids().remove(1)];
    let today = "2026-03-02".parse().unwrap();
    for report in [
        conformance::qrtiger(&Nothing).await,
        conformance::smartsheet(&Nothing, mock.folder_id().into(), mock.template_id()).await,
        conformance::placer(&Nothing, Contract::Native, venues(), today).await,
        conformance::brandscopic(&Nothing, &campaign).await,
        conformance::brandscopic_read_only(&Nothing).await,
    ] {
        let skipped = |outcome: &Outcome| matches!(outcome, Outcome::Skipped(_));
        assert!(report.checks.iter().all(|check| skipped(&check.outcome)), "{report}");
        assert!(!report.is_conformant() && report.to_string().contains("the service does not have it"), "{report}");
    }
}

#[derive(Clone, Copy, PartialEq)]
enum SheetLie {
    CopiesEveryTime,
    AddsEveryTime,
    FindsEverything,
    ReadsBackwards,
}

struct LyingSheets(MockSmartsheet, SheetLie);

#[async_trait]
impl SmartsheetService for LyingSheets {
    async fn create_sheet(&self, request: CreateSheet) -> Result<CreatedSheet> {
        let mut sheet = self.0.create_sheet(request).await?;
        sheet.is_new |= self.1 == SheetLie::CopiesEveryTime;
        Ok(sheet)
    }

    async fn update_event_row(&self, request: UpdateEventRow) -> Result<UpdatedRow> {
        self.0.update_event_row(request).await
    }

    async fn upsert_event_rows(&self, request: UpsertEventRows) -> Result<UpsertReport> {
        let sheet = request.sheet;
        let report = self.0.upsert_event_rows(request).await?;
        if self.1 == SheetLie::AddsEveryTime && !report.items.is_empty() {
            self.0.fake().add_row(sheet, &[("Event", "Another".into())]);
        }
        Ok(report)
    }

    async fn sheet_data(&self, request: SheetDataRequest) -> Result<SheetData> {
        let known = self.0.sheet_data(request.clone()).await;
        if self.1 == SheetLie::FindsEverything && known.is_err() {
            return self.0.sheet_data(SheetDataRequest::new(self.0.template_id())).await;
        }
        let mut data = known?;
        if self.1 == SheetLie::ReadsBackwards {
            data.rows.reverse();
        }
        Ok(data)
    }

    async fn test_connection(&self) -> Result<ConnectionReport> {
        self.0.test_connection().await
    }

    async fn summary(&self) -> Result<ServiceSummary> {
        self.0.summary().await
    }
}

#[tokio::test]
async fn a_lie_of_smartsheet_fails_the_check_that_is_about_it() {
    for (lie, names) in [
        (SheetLie::CopiesEveryTime, &["a sheet is made from a template, and found the second time"] as &[&str]),
        (
            SheetLie::AddsEveryTime,
            &[
                "copied sheet: rows are added once, and only what differs is written",
                "copied sheet: what was written is read, in the order in which it was added",
                "built sheet: rows are added once, and only what differs is written",
                "built sheet: what was written is read, in the order in which it was added",
            ],
        ),
        (
            SheetLie::FindsEverything,
            &["the data of a sheet that does not exist is not found", "what is no id of a sheet is refused"],
        ),
        (
            SheetLie::ReadsBackwards,
            &[
                "copied sheet: what was written is read, in the order in which it was added",
                "built sheet: what was written is read, in the order in which it was added",
            ],
        ),
    ] {
        let mock = MockSmartsheet::new();
        let (folder, template) = (mock.folder_id().into(), mock.template_id());
        assert_failed(&conformance::smartsheet(&LyingSheets(mock, lie), folder, template).await, names);
    }
}

#[derive(Clone, Copy, PartialEq)]
enum PlaceLie {
    SkipsADay,
    NeverCaches,
    TellsTheFuture,
    CountsTwice,
    NamesNoHour,
}

struct LyingPlaces(MockPlacer, PlaceLie);

#[async_trait]
impl PlacerService for LyingPlaces {
    async fn footfall(&self, request: FootfallRequest) -> Result<Footfall> {
        let mut told = self.0.footfall(request).await?;
        if self.1 == PlaceLie::SkipsADay {
            told.rows.remove(2);
        }
        if self.1 == PlaceLie::NeverCaches {
            told.cost.calls = told.cost.calls.max(1);
        }
        Ok(told)
    }

    async fn movement(&self, request: MovementRequest) -> Result<Movement> {
        let request = match self.1 {
            PlaceLie::TellsTheFuture => MovementRequest::new(request.venue),
            _ => request,
        };
        let mut movement = self.0.movement(request).await?;
        if self.1 == PlaceLie::NamesNoHour {
            movement.peak_hours.clear();
        }
        Ok(movement)
    }

    async fn aggregate_footfall(&self, request: AggregateRequest) -> Result<AggregateFootfall> {
        let mut all = self.0.aggregate_footfall(request).await?;
        if self.1 == PlaceLie::CountsTwice {
            all.total_visits *= 2;
        }
        Ok(all)
    }

    async fn test_connection(&self) -> Result<ConnectionReport> {
        self.0.test_connection().await
    }

    async fn summary(&self) -> Result<ServiceSummary> {
        self.0.summary().await
    }
}

#[tokio::test]
async fn a_lie_of_placer_fails_the_check_that_is_about_it() {
    let (week, cached) =
        ("a week of visits has one row for each day, for one call or one a day", "the second time, it is cached");
    for (lie, names) in [
        (PlaceLie::SkipsADay, &[week] as &[&str]),
        (
            PlaceLie::NeverCaches,
            &[cached, "a deadline is no other question, and what is asked afresh is paid for again"],
        ),
        (
            PlaceLie::TellsTheFuture,
            &[
                "what reaches into the future is refused before anything is sent",
                "movement of chosen days is told, or denied",
            ],
        ),
        (PlaceLie::CountsTwice, &["several venues are told each once, in the order of the question"]),
        (PlaceLie::NamesNoHour, &["a movement pattern names the busy hours, and how busy they are"]),
    ] {
        let mock = MockPlacer::new();
        let venues: [VenueId; 2] = [MockPlacer::venue_ids().remove(0), MockPlacer::venue_ids().remove(1)];
        let today = mock.backend().clock().now_utc().date_naive();
        let report = conformance::placer(&LyingPlaces(mock, lie), Contract::Native, venues, today).await;
        assert_failed(&report, names);
    }
}

#[derive(Clone, Copy, PartialEq)]
enum EventLie {
    Forgets,
    ClaimsUpdates,
    TakesAnything,
    IsAlwaysOver,
}

struct LyingEvents(MockBrandscopic, EventLie);

#[async_trait]
impl BrandscopicService for LyingEvents {
    fn capabilities(&self) -> Capabilities {
        match self.1 {
            EventLie::ClaimsUpdates => MockBrandscopic::builder()
                .contract(connectors_brandscopic::Contract::Native)
                .build()
                .unwrap()
                .capabilities(),
            _ => self.0.capabilities(),
        }
    }

    async fn create_project(&self, request: CreateProject) -> Result<Project> {
        self.0.create_project(request).await
    }

    async fn sync_event(&self, mut request: SyncEvent) -> Result<SyncedEvent> {
        if self.1 == EventLie::TakesAnything && request.event.name.is_empty() {
            "Nameless".clone_into(&mut request.event.name);
        }
        let mut synced = self.0.sync_event(request).await?;
        if self.1 == EventLie::Forgets {
            synced.outcome = SyncOutcome::Created;
        }
        Ok(synced)
    }

    async fn event_status(&self, request: EventStatusRequest) -> Result<EventStatusReport> {
        let mut report = self.0.event_status(request).await?;
        if self.1 == EventLie::IsAlwaysOver {
            report.status = EventStatus::Completed;
        }
        Ok(report)
    }

    async fn bulk_sync_events(&self, request: BulkSync) -> Result<SyncReport> {
        self.0.bulk_sync_events(request).await
    }

    async fn test_connection(&self) -> Result<ConnectionReport> {
        self.0.test_connection().await
    }

    async fn summary(&self) -> Result<ServiceSummary> {
        self.0.summary().await
    }
}

#[tokio::test]
async fn a_lie_of_brandscopic_fails_the_check_that_is_about_it() {
    let changed = "an event that changed is updated, or that is denied";
    for (lie, names) in [
        (
            EventLie::Forgets,
            &[
                "an event is created once, and the second time unchanged",
                "of many events, those that are left are created, in their order",
                changed,
            ] as &[&str],
        ),
        (EventLie::ClaimsUpdates, &[changed, "what is another event of ours is not adopted, or adopting is denied"]),
        (EventLie::IsAlwaysOver, &["what was synced is pending until it begins"]),
    ] {
        let campaign = conformance::brandscopic_campaign("2026-05-01".parse().unwrap()).unwrap();
        let report = conformance::brandscopic(&LyingEvents(MockBrandscopic::new(), lie), &campaign).await;
        assert_failed(&report, names);
    }
    let campaign = conformance::brandscopic_campaign("2026-05-01".parse().unwrap()).unwrap();
    let lying = LyingEvents(MockBrandscopic::new(), EventLie::TakesAnything);
    let report = conformance::brandscopic(&lying, &campaign).await;
    let first = report.failed().next().map(|check| check.name.as_str());
    assert_eq!(first, Some("what is wrong with a single event is refused by its field"), "{report}");
}
