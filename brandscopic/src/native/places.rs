//! From a venue of ours to a place of theirs.

use connectors_core::provider::{Lookup, Remote};
use connectors_core::{Error, Result, Venue};

use super::resolve::{CHOSEN, ambiguous, in_words};
use super::{Native, NewVenue, PlaceId, PlaceReference, RemoteEvent, VenueCandidate, VenueMatch, VenueResolution};

impl Native {
    /// The place of a venue: chosen before, found by its name and city, else added. Remembered with the other links, so
    /// that it is searched for once.
    pub(super) async fn place(&self, venue: &Venue) -> Result<PlaceReference> {
        let key = self.place_key(venue).await?;
        let ensured = self.core.links().ensure(&key, || self.find_or_add(venue), || self.look_for_place(venue)).await;
        ensured.map(|place| PlaceReference::new(place.remote_id()))
    }

    /// The place that a person chose for a venue.
    pub(super) async fn chosen_place(&self, venue: &Venue) -> Result<Option<PlaceId>> {
        let link = self.core.links().get(&self.place_key(venue).await?).await?;
        let chosen = link.filter(|link| link.is_linked() && link.attributes.contains_key(CHOSEN));
        Ok(chosen.and_then(|link| PlaceReference::new(link.remote_id.as_deref()?).place_id()))
    }

    /// What Google alone knew has become a place of Brandscopic, by which events there can be listed.
    pub(super) async fn remember_place(&self, venue: &Venue, was: &PlaceReference, created: &RemoteEvent) {
        let id = created.place.as_ref().and_then(|place| place.place_id);
        let (PlaceReference::Google(_), Some(id)) = (was, id) else { return };
        let Ok(key) = self.place_key(venue).await else { return };
        let Ok(Some(link)) = self.core.links().get(&key).await else { return };
        if link.remote_id.as_deref() == Some(was.to_string().as_str()) {
            let remote =
                link.attributes.iter().fold(Remote::new(id.to_string()), |r, (name, value)| r.with(name, value));
            // The event is there, whatever becomes of this; the old reference will do, too.
            let _ = self.core.links().record(&key, remote).await;
        }
    }

    async fn find_or_add(&self, venue: &Venue) -> Result<Remote> {
        let place = match self.search_for(&venue.into(), None).await? {
            VenueResolution::Recorded(place) => place,
            VenueResolution::Found(found) => found.reference,
            VenueResolution::Ambiguous(candidates) => return Err(ambiguous(venue, &candidates)),
            VenueResolution::Unknown(others) => {
                let new = self.new_venue(venue, &others).await?;
                PlaceReference::Place(self.venues().create(&new).await?)
            }
        };
        Ok(Remote::new(place.to_string()))
    }

    async fn look_for_place(&self, venue: &Venue) -> Result<Lookup> {
        match self.search_for(&venue.into(), None).await? {
            VenueResolution::Ambiguous(candidates) => Err(ambiguous(venue, &candidates)),
            resolved => {
                let found = resolved.place().map(|place| Lookup::Found(Remote::new(place.to_string())));
                Ok(found.unwrap_or(Lookup::Absent))
            }
        }
    }

    async fn new_venue(&self, venue: &Venue, others: &[VenueCandidate]) -> Result<NewVenue> {
        let missing = |field: &str, problem: &str| {
            let similar = if others.is_empty() { "" } else { "; what it found instead: " };
            let message = format!("Brandscopic does not know the venue `{}`, and {problem}", venue.name);
            Error::invalid(field, format!("{message}{similar}{}", in_words(others))).with_hint(
                "complete the venue, add it in Brandscopic under this name, or choose a place by `record_place`",
            )
        };
        let address = venue
            .address
            .as_deref()
            .ok_or_else(|| missing("venue.address", "without its address it cannot be added"))?;
        let (number, street, zipcode) =
            parse_address(address).ok_or_else(|| missing("venue.address", "its address has no house number"))?;
        let country = self.country_code(&venue.country).await?;
        let country = country.ok_or_else(|| missing("venue.country", "its country is none that Brandscopic knows"))?;
        let state = venue.state.as_deref().unwrap_or_default();
        Ok(NewVenue::new(&venue.name, &venue.city, state, country).street(number, street).zipcode(zipcode))
    }

    async fn country_code(&self, country: &str) -> Result<Option<String>> {
        if country.len() == 2 {
            return Ok(Some(country.to_ascii_uppercase()));
        }
        let known = self.countries().list().await?;
        Ok(known.into_iter().find(|known| known.name.eq_ignore_ascii_case(country.trim())).map(|known| known.code))
    }
}

/// The venue in one line: what its place is remembered under.
pub(super) fn described(venue: &Venue) -> String {
    let parts =
        [Some(&venue.name), venue.address.as_ref(), Some(&venue.city), venue.state.as_ref(), Some(&venue.country)];
    let parts: Vec<_> = parts.into_iter().flatten().map(|part| part.trim()).collect();
    parts.join(", ")
}

/// The hits that are this venue: usable, of exactly this name, in this city, and as far as several are left in this
/// state and at this address.
pub(super) fn fitting<'a>(hits: &'a [VenueMatch], venue: &Venue) -> Vec<&'a VenueMatch> {
    let is_it = |hit: &&VenueMatch| {
        let text = text(hit);
        let named = same(&hit.value, &venue.name) || leads(text, &venue.name);
        hit.valid && named && parts(text).any(|part| same(part, &venue.city))
    };
    let mut fitting: Vec<_> = hits.iter().filter(is_it).collect();
    for narrower in [&venue.state, &venue.address].into_iter().flatten() {
        let narrowed: Vec<_> =
            fitting.iter().copied().filter(|hit| parts(text(hit)).any(|part| same(part, narrower))).collect();
        if fitting.len() > 1 && !narrowed.is_empty() {
            fitting = narrowed;
        }
    }
    fitting
}

pub(super) fn text(hit: &VenueMatch) -> &str {
    hit.label.as_deref().unwrap_or(&hit.value)
}

/// The parts of an address, each also without its postal code.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let is_code = |c: char| c.is_ascii_digit() || c.is_whitespace();
    text.split(',').flat_map(move |part| [part, part.trim_matches(is_code)])
}

/// Whether two texts are equal, white space around them and case aside.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

pub(super) fn leads(text: &str, name: &str) -> bool {
    let (text, name) = (text.to_lowercase(), name.trim().to_lowercase());
    text.strip_prefix(&name).is_some_and(|rest| rest.is_empty() || rest.starts_with(','))
}

/// House number, street and postal code of `214 Bowery`, `Torstraße 12` or `9 Main Street, 01103`; the code is empty
/// if there is none.
fn parse_address(address: &str) -> Option<(String, String, String)> {
    let numeric = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
    let (line, zipcode) = match address.rsplit_once(',') {
        Some((line, code)) if code.split_whitespace().any(|word| numeric(&word)) => (line, code.trim()),
        _ => (address, ""),
    };
    let words: Vec<_> = line.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    // The number comes first or, in most of Europe, last.
    let number = words.first().filter(|word| numeric(word)).or_else(|| words.iter().rfind(|word| numeric(word)))?;
    let street: Vec<_> = words.iter().filter(|word| !std::ptr::eq(*word, number)).copied().collect();
    Some(((*number).to_owned(), street.join(" "), zipcode.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(id: u32, label: &str) -> VenueMatch {
        let value = label.split(',').next().unwrap_or_default();
        serde_json::from_value(serde_json::json!({"id": id, "value": value, "label": label, "valid": true})).unwrap()
    }

    #[test]
    fn a_hit_counts_only_with_the_name_and_the_city() {
        let hits = [
            hit(1, "The Corner Bar, 12 Elm Street, Springfield, Illinois, US"),
            hit(2, "The Corner Bar, 9 Main Street, Springfield, Massachusetts, US"),
            hit(3, "The Corner Bar & Grill, 1 Elm Street, Springfield, Illinois, US"),
            hit(4, "The Corner Bar, 10119 Berlin, DE"),
        ];
        let ids = |venue: &Venue| fitting(&hits, venue).iter().map(|hit| hit.id.to_string()).collect::<Vec<_>>();
        let mut venue = Venue::new("v", "the corner bar", "Springfield", "US");
        assert_eq!(ids(&venue), ["1", "2"]);
        venue.state = Some("Massachusetts".into());
        assert_eq!(ids(&venue), ["2"]);
        assert_eq!(ids(&Venue::new("v", "The Corner Bar", "Berlin", "DE")), ["4"]);
        assert!(ids(&Venue::new("v", "The Corner", "Springfield", "US")).is_empty());
    }

    #[test]
    fn a_hit_that_the_user_may_not_use_does_not_count() {
        let mut hits = [hit(1, "Lakeside Hall, Chicago, US")];
        hits[0].valid = false;
        assert!(fitting(&hits, &Venue::new("v", "Lakeside Hall", "Chicago", "US")).is_empty());
    }

    #[test]
    fn addresses_of_both_orders_are_taken_apart() {
        let parsed = |address| parse_address(address).map(|(n, s, z)| format!("{n}|{s}|{z}"));
        assert_eq!(parsed("214 Bowery").unwrap(), "214|Bowery|");
        assert_eq!(parsed("Torstraße 12a, 10119").unwrap(), "12a|Torstraße|10119");
        assert_eq!(parsed("350 5th Avenue").unwrap(), "350|5th Avenue|");
        assert_eq!(parsed("Town Square"), None);
    }
}
