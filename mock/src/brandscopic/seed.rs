//! The world that a fake begins with.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use connectors_core::TimeZone;

use super::fake::FakeBrandscopic;
use super::native::Stores;
use super::state::{Company, FakeEvent, FakePlace, FakeProject, State};
use super::storage::Storage;

/// Campaigns that have nothing to do with anybody's test.
const CAMPAIGNS: [&str; 3] = ["House Brand Tastings", "Retail Display Audit", "Staff Training"];

/// Name, street, city, state, postal code, country.
type Address = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

/// Venues of the company.
const VENUES: [Address; 5] = [
    ("The Copper Kettle", "214 Bowery", "New York", "New York", "10012", "US"),
    ("Harbor Yard Market", "85 Seaport Boulevard", "Boston", "Massachusetts", "02210", "US"),
    ("Lakeside Hall", "600 East Grand Avenue", "Chicago", "Illinois", "60611", "US"),
    ("The Corner Bar", "12 Elm Street", "Springfield", "Illinois", "62701", "US"),
    ("The Corner Bar", "9 Main Street", "Springfield", "Massachusetts", "01103", "US"),
];

/// Places that Google alone knows.
const GOOGLE: [Address; 1] = [("Pier Nine Rooftop", "9 Embarcadero", "San Francisco", "California", "94111", "US")];

/// The world at the start.
pub(super) fn state(seed: u64, zone: TimeZone, tenant: Option<String>) -> State {
    let company = |id, name: &str| Company { id, name: name.to_owned() };
    let mut state = State {
        seed,
        companies: vec![
            company(FakeBrandscopic::COMPANY, "Brightside Field Marketing"),
            company(12, "Brightside Canada"),
        ],
        token: 1,
        zone,
        tenant,
        projects: Vec::new(),
        venues: Vec::new(),
        events: Vec::new(),
        external_ids: BTreeMap::new(),
        next_id: 1_000,
        stores: Stores::default(),
        storage: Storage::default(),
    };
    for name in CAMPAIGNS {
        state.add_project(FakeProject::named(name));
    }
    for (addresses, google_only) in [(&VENUES[..], false), (&GOOGLE[..], true)] {
        for (name, street, city, region, zipcode, country) in addresses {
            state.add_venue(venue(name, street, city, region, zipcode, country, google_only));
        }
    }
    state
}

fn venue(
    name: &str,
    street: &str,
    city: &str,
    state: &str,
    zipcode: &str,
    country: &str,
    google_only: bool,
) -> FakePlace {
    let [name, street, city, state, zipcode, country] =
        [name, street, city, state, zipcode, country].map(str::to_owned);
    FakePlace { place_id: 0, name, street, city, state, zipcode, country, google_only }
}

/// `count` events of the first campaign in the weeks before `now`, the latest first.
pub(super) fn history(state: &mut State, count: u32, now: DateTime<Utc>) {
    let mut random = fastrand::Rng::with_seed(state.seed);
    let places: Vec<_> = state.venues.iter().filter(|venue| !venue.google_only).cloned().collect();
    let project = state.projects.first().map_or(0, |project| project.id);
    let mut start = now;
    for number in 1..=count {
        start -= TimeDelta::hours(random.i64(12..48));
        let Some(venue) = random.choice(&places) else { return };
        let (place, location, name) = (Some(venue.place_id), venue.location(), format!("Tasting {number}"));
        let end = start + TimeDelta::hours(random.i64(2..6));
        let id = state.fresh_id();
        let venue = venue.name.clone();
        state.events.push(FakeEvent {
            id,
            project,
            name,
            start,
            end,
            place,
            venue,
            location,
            inactive: false,
            recap: None,
        });
    }
}
