//! From which census block groups people come.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use connectors_core::{Error, Result};
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{VenueId, VisitSegment};

/// A census block group of the United States, by its FIPS code of twelve digits: two for the state, three for the
/// county, six for the tract and one for the group.
///
/// ```
/// use connectors_placer::Cbg;
///
/// let los_angeles: Cbg = "060372074001".parse()?;
/// assert_eq!((los_angeles.state(), los_angeles.county()), ("06", "06037"));
/// assert_eq!((los_angeles.tract(), los_angeles.block_group()), ("06037207400", "1"));
/// assert_eq!(los_angeles, "60372074001".parse()?, "as it comes out of a spreadsheet");
/// # Ok::<(), connectors_core::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cbg([u8; 12]);

impl Cbg {
    /// Checks a code. The zero that many codes begin with may have got lost.
    pub fn new(code: &str) -> Result<Self> {
        let invalid = || Error::invalid("cbg", format!("`{code}` is not a code of 12 digits"));
        let text = code.trim();
        let number = Some(text).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit())).ok_or_else(invalid)?;
        Self::from_number(number.parse().map_err(|_| invalid())?).ok_or_else(invalid)
    }

    /// The code that is this number; `None` when it is too large, or has no state.
    fn from_number(number: u64) -> Option<Self> {
        let in_a_state = (10_000_000_000..1_000_000_000_000).contains(&number);
        format!("{number:012}").into_bytes().try_into().ok().filter(|_| in_a_state).map(Self)
    }

    /// All twelve digits.
    pub fn as_str(&self) -> &str {
        self.first(12)
    }

    /// Its state: the first two digits.
    pub fn state(&self) -> &str {
        self.first(2)
    }

    /// Its county, with the state: the first five digits.
    pub fn county(&self) -> &str {
        self.first(5)
    }

    /// Its tract, with state and county: the first eleven digits.
    pub fn tract(&self) -> &str {
        self.first(11)
    }

    /// Its number within the tract: the last digit.
    pub fn block_group(&self) -> &str {
        self.as_str().get(11..).unwrap_or_default()
    }

    fn first(&self, digits: usize) -> &str {
        self.0.get(..digits).and_then(|bytes| str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

impl fmt::Display for Cbg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Cbg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Cbg").field(&self.as_str()).finish()
    }
}

impl AsRef<str> for Cbg {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl FromStr for Cbg {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::new(text)
    }
}

impl Serialize for Cbg {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        target.serialize_str(self.as_str())
    }
}

/// From a text, or a number that has lost its zeros.
impl<'de> Deserialize<'de> for Cbg {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        struct Code;

        impl Visitor<'_> for Code {
            type Value = Cbg;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a census block group of 12 digits")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Cbg, E> {
                Cbg::new(text).map_err(|error| E::custom(error.message()))
            }

            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Cbg, E> {
                Cbg::from_number(number).ok_or_else(|| E::custom(format!("{number} is not a code of 12 digits")))
            }

            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "checked to be whole and small"
            )]
            fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Cbg, E> {
                let whole = number.fract() == 0.0 && (0.0..1e12).contains(&number);
                self.visit_u64(if whole { number as u64 } else { 0 })
            }
        }

        source.deserialize_any(Code)
    }
}

connectors_core::open_enum! {
    /// How long the bins of [`CbgVisits`] are. Each is dated by its first day.
    pub enum CbgGranularity {
        /// One week, from Monday on.
        "week" => Week,
        /// One calendar month.
        "month" => Month,
        /// One calendar year.
        "year" => Year,
    }
}

/// Which share of the visits is told by their origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TrafficShare {
    /// 70 percent of them.
    #[default]
    SeventyPercent,
    /// All of them.
    All,
}

impl Serialize for TrafficShare {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        target.serialize_u8(match self {
            Self::SeventyPercent => 70,
            Self::All => 100,
        })
    }
}

/// From where the visitors of a venue came: visits by the census block group of the home, one row for each and bin.
///
/// Block groups with too few visits are left out, to protect people's privacy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CbgVisits {
    /// The venue.
    #[serde(rename = "venueId")]
    pub venue: VenueId,
    /// The rows: bin after bin, in Placer's order within a bin.
    pub rows: Vec<CbgRow>,
    /// Visits from what is written as a block group and is none; 0 as a rule.
    pub unplaced_visits: f64,
    /// Which visits count.
    pub segment: Option<VisitSegment>,
}

/// The visits from one census block group in one bin.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CbgRow {
    /// The first day of the bin.
    pub date: NaiveDate,
    /// Where the people live.
    pub cbg: Cbg,
    /// Visits: an estimate that need not be whole.
    pub visits: f64,
}

impl CbgRow {
    pub(crate) fn new(date: NaiveDate, cbg: Cbg, visits: f64) -> Self {
        Self { date, cbg, visits }
    }
}

impl CbgVisits {
    /// All visits from known block groups.
    pub fn total_visits(&self) -> f64 {
        self.rows.iter().map(|row| row.visits).sum()
    }

    /// The visits of all bins by a part of the code: `visits.by(Cbg::county)`, or by the whole of it with
    /// [`Cbg::as_str`].
    pub fn by<'a, K: Ord>(&'a self, part: impl Fn(&'a Cbg) -> K) -> BTreeMap<K, f64> {
        let mut sums = BTreeMap::new();
        for row in &self.rows {
            *sums.entry(part(&row.cbg)).or_default() += row.visits;
        }
        sums
    }

    /// The block groups with the visits of all bins, those with the most visits first.
    pub fn by_cbg(&self) -> Vec<(Cbg, f64)> {
        let mut sums: Vec<_> = self.by(|cbg| *cbg).into_iter().collect();
        sums.sort_by(|a, b| b.1.total_cmp(&a.1));
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_keep_their_zeros_and_nothing_else_is_one() {
        let read = |json: &str| serde_json::from_str::<Cbg>(json);
        for json in ["60372074001", "60372074001.0", r#""60372074001""#, r#"" 060372074001 ""#] {
            assert_eq!(read(json).unwrap().as_str(), "060372074001", "{json}");
        }
        assert_eq!(serde_json::to_string(&read("60372074001").unwrap()).unwrap(), r#""060372074001""#);
        for odd in
            ["0", "-1", "6037207400", "1060372074001", "60372074001.5", r#""""#, r#""0603720740O1""#, "1e300", "{}"]
        {
            assert!(read(odd).is_err(), "{odd}");
        }
        assert_eq!(format!("{:>14}", Cbg::new("250250701011").unwrap()), "  250250701011");
    }
}
