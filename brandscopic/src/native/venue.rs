//! Venues as Brandscopic tells of them.

use connectors_core::wire::lenient;
use serde::de::{self, DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use super::assets::opt_url;
use super::{Asset, Comment, FileUrl, Json, VenueId};

/// A venue, with its statistics. Lists leave some members out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Venue {
    /// Its id.
    pub id: VenueId,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub name: Option<String>,
    /// The address in one line.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub formatted_address: Option<String>,
    /// In degrees.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub latitude: Option<f64>,
    /// In degrees.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub longitude: Option<f64>,
    /// House number.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub street_number: Option<String>,
    /// Street.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub route: Option<String>,
    /// Postal code.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub zipcode: Option<String>,
    /// Part of the city.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub neighborhood: Option<String>,
    /// City.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub city: Option<String>,
    /// State or region.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub state: Option<String>,
    /// Country.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub country: Option<String>,
    /// The venue's code at `TDLinx`.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub td_linx_code: Option<String>,
    /// How many events there were.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub events_count: Option<u64>,
    /// How many hours of promotion.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub promo_hours: Option<f64>,
    /// How many impressions.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub impressions: Option<f64>,
    /// How many interactions.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub interactions: Option<f64>,
    /// How many people tasted.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub sampled: Option<f64>,
    /// What was spent, in the company's currency.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub spent: Option<f64>,
    /// How good it is; a permission of its own.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub score: Option<f64>,
    /// Impressions per event.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub avg_impressions: Option<f64>,
    /// Impressions per hour of promotion.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub avg_impressions_hour: Option<f64>,
    /// What an impression cost, in the company's currency.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub avg_impressions_cost: Option<f64>,
    /// When it is open, as the server has it. Only from `get`.
    #[serde(default, deserialize_with = "Json::opt")]
    pub opening_hours: Option<Json>,
    /// Whether a customer counts it among the best. Only from `get`.
    #[serde(default, deserialize_with = "lenient::opt_flag")]
    pub top_venue: Option<bool>,
    /// A mark of one customer. Only from `get`.
    #[serde(default, deserialize_with = "lenient::opt_flag")]
    pub jameson_locals: Option<bool>,
}

/// A kind of venue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct VenueType {
    /// What to show.
    pub name: String,
    /// What to give [`NewVenue::types`](super::NewVenue::types).
    pub value: String,
}

/// What a venue's events came to, as far as the user may see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct VenueAnalysis {
    /// The totals.
    #[serde(default)]
    pub overview: Option<VenueOverview>,
    /// Ages, by group.
    #[serde(default, deserialize_with = "Json::opt")]
    pub age: Option<Json>,
    /// Genders.
    #[serde(default, deserialize_with = "Json::opt")]
    pub gender: Option<Json>,
    /// Ethnicities.
    #[serde(default, deserialize_with = "Json::opt")]
    pub ethnicity: Option<Json>,
    /// How it went, week by week.
    #[serde(default)]
    pub trends_by_week: Option<WeeklyTrends>,
}

/// The totals of a venue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct VenueOverview {
    /// How many events.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub events: Option<f64>,
    /// How many hours of promotion.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub promo_hours: Option<f64>,
    /// How many impressions.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub impressions: Option<f64>,
    /// How many interactions.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub interactions: Option<f64>,
    /// How many people tasted.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub sampled: Option<f64>,
    /// The same in words.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub narrative: Option<String>,
}

/// How it went at a venue, week by week.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WeeklyTrends {
    /// The same in words.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub narrative: Option<String>,
    /// Impressions by hour of promotion.
    #[serde(default, deserialize_with = "Json::opt")]
    pub impressions_promo: Option<Json>,
    /// What an impression cost.
    #[serde(default, deserialize_with = "Json::opt")]
    pub cost_impression: Option<Json>,
}

/// A photo of a venue.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum VenuePhoto {
    /// One from an event there.
    Own(Asset),
    /// One that Google has.
    Google(GooglePhoto),
}

/// A photo that Google has: nothing but addresses.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct GooglePhoto {
    /// A small one.
    #[serde(rename = "file_small", default, deserialize_with = "opt_url")]
    pub small: Option<FileUrl>,
    /// A very small one.
    #[serde(rename = "file_thumbnail", default, deserialize_with = "opt_url")]
    pub thumbnail: Option<FileUrl>,
    /// One of middle size.
    #[serde(rename = "file_medium", default, deserialize_with = "opt_url")]
    pub medium: Option<FileUrl>,
    /// The largest.
    #[serde(rename = "file_original", default, deserialize_with = "opt_url")]
    pub original: Option<FileUrl>,
}

impl<'de> Deserialize<'de> for VenuePhoto {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Known {
            #[serde(default)]
            id: Option<IgnoredAny>,
        }
        let raw = Box::<RawValue>::deserialize(source)?;
        let known: Known = read(&raw)?;
        if known.id.is_some() { read(&raw).map(Self::Own) } else { read(&raw).map(Self::Google) }
    }
}

/// What somebody says about a venue.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum VenueComment {
    /// A comment on an event there.
    Own(Comment),
    /// A review at Google.
    Google(GoogleReview),
    /// Something else, by the word that the server has for it.
    Other(String),
}

/// A review at Google.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GoogleReview {
    /// How many stars.
    #[serde(default, deserialize_with = "lenient::opt_number")]
    pub rating: Option<f64>,
    /// What it says.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub text: Option<String>,
    /// When it was written, as the server has it.
    #[serde(default, deserialize_with = "Json::opt")]
    pub time: Option<Json>,
    /// Who wrote it.
    #[serde(default, deserialize_with = "lenient::opt_string")]
    pub author_name: Option<String>,
}

impl<'de> Deserialize<'de> for VenueComment {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Known {
            #[serde(rename = "type")]
            kind: String,
        }
        let raw = Box::<RawValue>::deserialize(source)?;
        let Known { kind } = read(&raw)?;
        match kind.as_str() {
            "brandscopic" | "app" => read(&raw).map(Self::Own),
            "google" => read(&raw).map(Self::Google),
            _ => Ok(Self::Other(kind)),
        }
    }
}

/// Reads it a second time, once it is known what it is.
fn read<T: DeserializeOwned, E: de::Error>(raw: &RawValue) -> Result<T, E> {
    serde_json::from_str(raw.get()).map_err(E::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_are_texts_or_numbers_and_may_all_be_missing() {
        let venue =
            r#"{"id":"7","promo_hours":"12.5","spent":"","score":null,"impressions":40,"opening_hours":{"1":[]}}"#;
        let venue: Venue = serde_json::from_str(venue).unwrap();
        assert_eq!((venue.promo_hours, venue.spent, venue.score), (Some(12.5), None, None));
        assert_eq!(venue.impressions, Some(40.0));
        assert_eq!(venue.opening_hours.unwrap().as_str(), r#"{"1":[]}"#);
        assert_eq!(serde_json::from_str::<Venue>(r#"{"id":7}"#).unwrap().name, None);
    }

    #[test]
    fn what_is_googles_is_told_from_what_is_ours() {
        let photos = r#"[{"id":1,"file_file_name":"a.jpg"},{"id":null,"file_original":"https://g.test/1"},{}]"#;
        let photos: Vec<VenuePhoto> = serde_json::from_str(photos).unwrap();
        assert!(matches!(&photos[0], VenuePhoto::Own(asset) if asset.name.as_deref() == Some("a.jpg")));
        assert!(matches!(&photos[1], VenuePhoto::Google(photo) if photo.original.is_some()));
        assert!(matches!(&photos[2], VenuePhoto::Google(photo) if photo.original.is_none()));
        let comments = r#"[{"type":"brandscopic","id":1,"content":"a"},{"type":"app","id":2,"content":"b"},
            {"type":"google","rating":4,"text":"c","time":1400000000,"author_name":"D"},{"type":"yelp","stars":3}]"#;
        let comments: Vec<VenueComment> = serde_json::from_str(comments).unwrap();
        assert!(matches!(&comments[0], VenueComment::Own(comment) if comment.content == "a"));
        assert!(matches!(&comments[1], VenueComment::Own(comment) if comment.id.get() == 2));
        assert!(matches!(&comments[2], VenueComment::Google(review) if review.rating == Some(4.0)));
        assert_eq!(comments[3], VenueComment::Other("yelp".into()));
        assert!(serde_json::from_str::<VenueComment>(r#"{"type":"app","content":"without an id"}"#).is_err());
    }
}
