//! Who is in the account before anybody calls.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Address, Seat, Store, User};

/// The system admin whose key the mock takes.
pub(crate) const ME: i64 = 4_856_934_849_340_204;
/// The plan that everybody has a seat in.
pub(crate) const PLAN: i64 = 2_371_845_903_116_164;

type Person = (i64, [&'static str; 2], &'static str, &'static str, &'static str);

const PEOPLE: [Person; 7] = [
    (ME, ["Mona", "Mock"], "mona.mock@example.com", "ACTIVE", "MEMBER"),
    (3_512_907_461_850_244, ["Jane", "Doe"], "jane+doe@example.com", "ACTIVE", "MEMBER"),
    (6_904_271_835_529_092, ["Omar", "Haddad"], "omar.haddad@example.com", "ACTIVE", "MEMBER"),
    (1_746_380_295_114_628, ["Ines", "Costa"], "ines.costa@example.com", "ACTIVE", "CONTRIBUTOR"),
    (8_250_613_947_702_788, ["Tomasz", "Nowak"], "tomasz.nowak@example.com", "DEACTIVATED", "VIEWER"),
    (5_083_749_162_637_060, ["Lena", "Vogel"], "lena.vogel@agency.example", "ACTIVE", "GUEST"),
    (2_638_154_790_283_780, ["", ""], "new.crew@example.com", "PENDING", "PROVISIONAL_MEMBER"),
];

impl Store {
    pub(crate) fn seeded(now: DateTime<Utc>) -> Self {
        let mut users = Vec::new();
        for (days, (id, name, email, status, seat)) in (1..).zip(PEOPLE) {
            let mut user = user(id, email, name, now - TimeDelta::days(30 * days));
            user.status = status.into();
            user.admin = id == ME || email.starts_with("omar");
            user.group_admin = email.starts_with("jane");
            user.licensed = ["MEMBER", "PROVISIONAL_MEMBER"].contains(&seat);
            user.last_login = (status == "ACTIVE").then(|| now - TimeDelta::hours(5 * days));
            for seat_held in &mut user.seats {
                seat.clone_into(&mut seat_held.kind);
            }
            users.push(user);
        }
        if let Some(me) = users.first_mut() {
            // Her seat and her admin's rights come with the account.
            me.group_admin = false;
            me.further.push(Address {
                id: 4_470_128_356_927_364,
                email: "mona@fieldmarketing.example".to_owned(),
                confirmed: true,
            });
        }
        Self { users }
    }
}

/// Somebody who has just come.
pub(super) fn user(id: i64, email: &str, [first, last]: [&str; 2], now: DateTime<Utc>) -> User {
    User {
        id,
        email: email.to_owned(),
        first_name: first.to_owned(),
        last_name: last.to_owned(),
        status: "ACTIVE".into(),
        admin: false,
        licensed: false,
        group_admin: false,
        resource_viewer: false,
        modified_at: now,
        last_login: None,
        image: None,
        further: Vec::new(),
        seats: vec![Seat { plan: PLAN, kind: "PROVISIONAL_MEMBER".to_owned(), changed_at: now }],
    }
}
