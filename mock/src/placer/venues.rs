//! The places that the fake knows from the beginning.

use super::profile::Profile;

/// A place of the fake, in the United States as all of Placer's are.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct SeedVenue {
    /// Its id, the same in every version.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its city.
    pub city: &'static str,
    /// Its state.
    pub state: &'static str,
    /// Its state by its two letters.
    pub state_code: &'static str,
    /// Its country by its two letters.
    pub country: &'static str,
    /// Its time zone, by the IANA name.
    pub time_zone: &'static str,
    /// Its street address.
    pub street: &'static str,
    /// Its postal code.
    pub zip: &'static str,
    /// Its media market.
    pub dma: &'static str,
    /// Its place on the map.
    pub latitude: f64,
    /// Its place on the map.
    pub longitude: f64,
    /// Group, category and subcategory.
    pub category: [&'static str; 3],
    /// How its days go.
    pub profile: Profile,
    /// How many come on an average day.
    pub daily_visits: u32,
}

/// Ten places in eight cities, in the order of [`MockPlacer::venue_ids`](crate::MockPlacer::venue_ids). The last one is
/// so small that reports of one day tell neither visitors nor dwell time.
///
/// | id | name | city |
/// |---|---|---|
/// | `venue:bde56365ad9c89fecd52e72c` | Harbor Point Market | Boston |
/// | `venue:f3b45ec618610ee6daf8c1c7` | Union Green Plaza | New York |
/// | `venue:2b8e1629feada34403c34341` | Bryant Terrace | New York |
/// | `venue:a31aaad0b3ef207c3f72c0e4` | Lakeshore Galleria | Chicago |
/// | `venue:3cf570ed05d500cfde8f2970` | Riverwalk Arena | Chicago |
/// | `venue:9354b8006e0ac4a3eb2b2e16` | South Congress Yard | Austin |
/// | `venue:3cb36d6b317ef136a7b8a64a` | Ocean Drive Promenade | Miami |
/// | `venue:7b20b9b606f08aa959b813a3` | Sunset Junction Mall | Los Angeles |
/// | `venue:95f310e3978308974fbf0361` | Pike Street Market | Seattle |
/// | `venue:dd97c887982d2c7b65ed371c` | Larimer Corner Books | Denver |
pub const VENUES: [SeedVenue; 10] = [
    SeedVenue {
        id: "venue:bde56365ad9c89fecd52e72c",
        name: "Harbor Point Market",
        city: "Boston",
        state: "Massachusetts",
        state_code: "MA",
        country: "US",
        time_zone: "America/New_York",
        street: "200 Seaport Blvd",
        zip: "02210",
        dma: "Boston (Manchester), MA-NH",
        latitude: 42.3554,
        longitude: -71.0466,
        category: ["Dining", "Restaurants", "Food Hall"],
        profile: Profile::Market,
        daily_visits: 2400,
    },
    SeedVenue {
        id: "venue:f3b45ec618610ee6daf8c1c7",
        name: "Union Green Plaza",
        city: "New York",
        state: "New York",
        state_code: "NY",
        country: "US",
        time_zone: "America/New_York",
        street: "33 Union Sq W",
        zip: "10003",
        dma: "New York, NY",
        latitude: 40.7359,
        longitude: -73.9911,
        category: ["Leisure", "Attractions", "Plaza"],
        profile: Profile::Plaza,
        daily_visits: 9800,
    },
    SeedVenue {
        id: "venue:2b8e1629feada34403c34341",
        name: "Bryant Terrace",
        city: "New York",
        state: "New York",
        state_code: "NY",
        country: "US",
        time_zone: "America/New_York",
        street: "476 5th Ave",
        zip: "10018",
        dma: "New York, NY",
        latitude: 40.7536,
        longitude: -73.9832,
        category: ["Leisure", "Parks", "Park"],
        profile: Profile::Park,
        daily_visits: 7600,
    },
    SeedVenue {
        id: "venue:a31aaad0b3ef207c3f72c0e4",
        name: "Lakeshore Galleria",
        city: "Chicago",
        state: "Illinois",
        state_code: "IL",
        country: "US",
        time_zone: "America/Chicago",
        street: "540 N Michigan Ave",
        zip: "60611",
        dma: "Chicago, IL",
        latitude: 41.8925,
        longitude: -87.6244,
        category: ["Shops & Services", "Shopping Centers", "Mall"],
        profile: Profile::Mall,
        daily_visits: 6400,
    },
    SeedVenue {
        id: "venue:3cf570ed05d500cfde8f2970",
        name: "Riverwalk Arena",
        city: "Chicago",
        state: "Illinois",
        state_code: "IL",
        country: "US",
        time_zone: "America/Chicago",
        street: "1901 W Madison St",
        zip: "60612",
        dma: "Chicago, IL",
        latitude: 41.8807,
        longitude: -87.6742,
        category: ["Leisure", "Stadiums", "Arena"],
        profile: Profile::Arena,
        daily_visits: 3900,
    },
    SeedVenue {
        id: "venue:9354b8006e0ac4a3eb2b2e16",
        name: "South Congress Yard",
        city: "Austin",
        state: "Texas",
        state_code: "TX",
        country: "US",
        time_zone: "America/Chicago",
        street: "1400 S Congress Ave",
        zip: "78704",
        dma: "Austin, TX",
        latitude: 30.25,
        longitude: -97.7494,
        category: ["Dining", "Restaurants", "Food Hall"],
        profile: Profile::Market,
        daily_visits: 1850,
    },
    SeedVenue {
        id: "venue:3cb36d6b317ef136a7b8a64a",
        name: "Ocean Drive Promenade",
        city: "Miami",
        state: "Florida",
        state_code: "FL",
        country: "US",
        time_zone: "America/New_York",
        street: "800 Ocean Dr",
        zip: "33139",
        dma: "Miami-Ft. Lauderdale, FL",
        latitude: 25.779,
        longitude: -80.131,
        category: ["Leisure", "Parks", "Beach"],
        profile: Profile::Park,
        daily_visits: 5200,
    },
    SeedVenue {
        id: "venue:7b20b9b606f08aa959b813a3",
        name: "Sunset Junction Mall",
        city: "Los Angeles",
        state: "California",
        state_code: "CA",
        country: "US",
        time_zone: "America/Los_Angeles",
        street: "3910 W Sunset Blvd",
        zip: "90029",
        dma: "Los Angeles, CA",
        latitude: 34.0922,
        longitude: -118.282,
        category: ["Shops & Services", "Shopping Centers", "Mall"],
        profile: Profile::Mall,
        daily_visits: 5700,
    },
    SeedVenue {
        id: "venue:95f310e3978308974fbf0361",
        name: "Pike Street Market",
        city: "Seattle",
        state: "Washington",
        state_code: "WA",
        country: "US",
        time_zone: "America/Los_Angeles",
        street: "85 Pike St",
        zip: "98101",
        dma: "Seattle-Tacoma, WA",
        latitude: 47.6097,
        longitude: -122.3425,
        category: ["Dining", "Groceries", "Market"],
        profile: Profile::Market,
        daily_visits: 4300,
    },
    SeedVenue {
        id: "venue:dd97c887982d2c7b65ed371c",
        name: "Larimer Corner Books",
        city: "Denver",
        state: "Colorado",
        state_code: "CO",
        country: "US",
        time_zone: "America/Denver",
        street: "1430 Larimer St",
        zip: "80202",
        dma: "Denver, CO",
        latitude: 39.7476,
        longitude: -104.9995,
        category: ["Shops & Services", "Hobbies", "Bookstore"],
        profile: Profile::Mall,
        daily_visits: 70,
    },
];

/// A chain to which every place belongs that is called a market.
pub const CHAIN: &str = "chain:9cf922f0846b4df4f55ae86d";
