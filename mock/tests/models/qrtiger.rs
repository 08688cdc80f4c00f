//! Codes, where they lead, and how often they were scanned.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use connectors_core::{CampaignId, ErrorKind, EventId, TimeZone};
use connectors_mock::{Landing, MockQrTiger, ScanContext};
use connectors_qrtiger::{GenerateQrCode, ListQrCodes, Period, QrId, QrStatus, QrTigerService, ScanStatsRequest};
use proptest::collection::vec;
use proptest::prelude::*;
use url::Url;

use crate::{cases, kind, run};

const ZONES: [&str; 4] = ["UTC", "Pacific/Auckland", "America/Los_Angeles", "Asia/Kolkata"];
const NOT_FOUND: Option<ErrorKind> = Some(ErrorKind::NotFound);

#[derive(Debug, Clone)]
enum Step {
    Create { page: u8 },
    Generate { event: u8 },
    Rename { code: u8, name: u8 },
    Repoint { code: u8, page: u8 },
    Make { code: u8, status: u8 },
    Scan { code: u8, hours_ago: u16, visitor: u8 },
    Wait { hours: u8 },
    List { page: u8, size: u8 },
    Statistics { code: u8, days: u8, zone: usize },
}

fn steps() -> impl Strategy<Value = Step> {
    let code = 0..6_u8;
    prop_oneof![
        2 => (0..4_u8).prop_map(|page| Step::Create { page }),
        2 => (0..4_u8).prop_map(|event| Step::Generate { event }),
        1 => (code.clone(), 0..4_u8).prop_map(|(code, name)| Step::Rename { code, name }),
        1 => (code.clone(), 0..4_u8).prop_map(|(code, page)| Step::Repoint { code, page }),
        3 => (code.clone(), 0..3_u8).prop_map(|(code, status)| Step::Make { code, status }),
        5 => (code.clone(), 0..240_u16, 0..3_u8)
            .prop_map(|(code, hours_ago, visitor)| Step::Scan { code, hours_ago, visitor }),
        1 => (1..80_u8).prop_map(|hours| Step::Wait { hours }),
        1 => (1..4_u8, 1..4_u8).prop_map(|(page, size)| Step::List { page, size }),
        2 => (code, 1..14_u8, 0..ZONES.len()).prop_map(|(code, days, zone)| Step::Statistics { code, days, zone }),
    ]
}

#[derive(Debug)]
struct Code {
    id: QrId,
    /// Once it was set.
    name: Option<String>,
    page: Url,
    status: QrStatus,
    scans: Vec<(DateTime<Utc>, u8)>,
}

struct Model {
    mock: MockQrTiger,
    codes: Vec<Code>,
    events: BTreeMap<u8, usize>,
}

fn page(number: u8) -> Url {
    format!("https://example.com/page/{number}").parse().unwrap()
}

impl Model {
    fn now(&self) -> DateTime<Utc> {
        self.mock.backend().clock().now_utc()
    }

    /// Which code, and its id; no code of the last number.
    fn pick(&self, number: u8) -> (Option<usize>, QrId) {
        let at = usize::from(number) % (self.codes.len() + 1);
        match self.codes.get(at) {
            Some(code) => (Some(at), code.id.clone()),
            None => (None, QrId::new("NOSUCH").unwrap()),
        }
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each step")]
    async fn step(&mut self, step: &Step) {
        let client = self.mock.client().clone();
        match *step {
            Step::Create { page: number } => {
                let made = client.campaigns().create(page(number)).await.unwrap();
                assert!(self.codes.iter().all(|code| code.id != made.id), "a new id");
                let (page, status) = (page(number), QrStatus::Active);
                self.codes.push(Code { id: made.id, name: None, page, status, scans: Vec::new() });
            }
            Step::Generate { event } => {
                let (campaign, id) = (CampaignId::new("summer").unwrap(), EventId::new(format!("e{event}")).unwrap());
                let data: Url = format!("https://example.com/event/{event}").parse().unwrap();
                let known = self.events.get(&event).copied();
                // It leads where the request says, whatever was done to it meanwhile, or says what is in the way.
                if known.is_some_and(|at| self.codes[at].page != data || self.codes[at].status != QrStatus::Active) {
                    return;
                }
                let made = client.generate_qr_code(GenerateQrCode::new(&campaign, &id, data.clone())).await.unwrap();
                assert_eq!(made.is_new, known.is_none());
                if let Some(at) = known {
                    assert_eq!(made.id, self.codes[at].id);
                } else {
                    self.events.insert(event, self.codes.len());
                    let (name, status) = (Some(made.name), QrStatus::Active);
                    self.codes.push(Code { id: made.id, name, page: data, status, scans: Vec::new() });
                }
            }
            Step::Rename { code, name } => {
                let ((at, id), name) = (self.pick(code), format!("Code {name}"));
                let renamed = client.campaigns().edit(&id).name(&name).await;
                match at {
                    None => assert_eq!(kind(&renamed), NOT_FOUND),
                    Some(at) => {
                        renamed.unwrap();
                        self.codes[at].name = Some(name);
                    }
                }
            }
            Step::Repoint { code, page: number } => {
                let (at, id) = self.pick(code);
                let repointed = client.campaigns().edit(&id).destination(&page(number)).await;
                match at {
                    None => assert_eq!(kind(&repointed), NOT_FOUND),
                    Some(at) => {
                        repointed.unwrap();
                        (self.codes[at].page, self.codes[at].status) = (page(number), QrStatus::Active);
                    }
                }
            }
            Step::Make { code, status } => {
                let (at, id) = self.pick(code);
                let (made, status) = match status {
                    0 => (client.resume(&id).await, QrStatus::Active),
                    1 => (client.pause(&id).await, QrStatus::Paused),
                    _ => (client.archive(&id).await, QrStatus::Archived),
                };
                match at {
                    None => assert_eq!(kind(&made), NOT_FOUND),
                    Some(at) => {
                        let made = made.unwrap();
                        assert_eq!((made.status, made.destination.as_ref()), (status, Some(&self.codes[at].page)));
                        self.codes[at].status = status;
                    }
                }
            }
            Step::Scan { code, hours_ago, visitor } => {
                let (at, id) = self.pick(code);
                let when = self.now() - TimeDelta::hours(hours_ago.into());
                let context = ScanContext::new(when).visitor(format!("visitor {visitor}"));
                let landing = self.mock.fake().scan(id.as_str(), context);
                let Some(at) = at else { return assert_eq!(landing, Landing::Missing) };
                let Landing::Address(address) = landing else { panic!("{landing:?}") };
                let code = &mut self.codes[at];
                assert_eq!(code.status == QrStatus::Active, address == code.page.as_str());
                code.scans.push((when, visitor));
            }
            Step::Wait { hours } => {
                assert!(self.mock.backend().advance(Duration::from_secs(3600 * u64::from(hours))));
            }
            Step::List { page, size } => {
                let listed = client.campaigns().page(page.into()).limit(size.into()).await.unwrap();
                let listed: Vec<_> = listed.items.into_iter().map(|code| (code.id, code.scans)).collect();
                let (page, size) = (usize::from(page), usize::from(size));
                let newest = self.codes.iter().rev().skip((page - 1) * size).take(size);
                assert_eq!(listed, newest.map(|c| (c.id.clone(), c.scans.len() as u64)).collect::<Vec<_>>());
            }
            Step::Statistics { code, days, zone } => {
                let (Some(at), id) = self.pick(code) else { return };
                let zone = TimeZone::new(ZONES[zone]).unwrap();
                let request = ScanStatsRequest::new(id, Period::LastDays(days.into())).time_zone(zone);
                let told = self.mock.scan_stats(request).await.unwrap();
                let code = &self.codes[at];
                let today = zone.to_local(self.now()).date();
                let first = today - TimeDelta::days(i64::from(days) - 1);
                let mut by_day: BTreeMap<_, u64> = first.iter_days().take(days.into()).map(|day| (day, 0)).collect();
                for (when, _) in &code.scans {
                    by_day.entry(zone.to_local(*when).date()).and_modify(|count| *count += 1);
                }
                let told_by_day: BTreeMap<_, _> = told.by_day.iter().map(|day| (day.date, day.scans)).collect();
                assert_eq!(told_by_day, by_day, "{zone}: {:?}", code.scans);
                let visitors: BTreeSet<_> = code.scans.iter().map(|(_, visitor)| visitor).collect();
                assert_eq!((told.total_scans, told.scans_in_period), (code.scans.len() as u64, by_day.values().sum()));
                assert_eq!(told.unique_scans, visitors.len() as u64);
            }
        }
    }

    async fn check(&self) {
        let held = self.mock.fake().codes();
        assert_eq!(held.len(), self.codes.len());
        let listed = self.mock.list_qr_codes(ListQrCodes::new()).await.unwrap();
        for (held, code) in held.iter().zip(&self.codes) {
            assert_eq!(held.id, code.id.as_str());
            assert_eq!(code.name.as_deref().unwrap_or(&held.name), held.name);
            assert_eq!(code.status == QrStatus::Active, held.destination == code.page.as_str(), "{held:?}");
            let listed = listed.iter().find(|listed| listed.id == code.id).unwrap();
            assert_eq!((listed.status, listed.destination.as_ref()), (code.status, Some(&code.page)));
        }
    }
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn codes_lead_and_count_as_their_steps_say(seed in 0..32_u64, steps in vec(steps(), 1..40)) {
        run(async {
            let mock = MockQrTiger::builder().seed(seed).build().unwrap();
            mock.fake().be_quiet();
            let mut model = Model { mock, codes: Vec::new(), events: BTreeMap::new() };
            for step in &steps {
                model.step(step).await;
            }
            model.check().await;
        });
    }
}
