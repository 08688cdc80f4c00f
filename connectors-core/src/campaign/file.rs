//! Reading a campaign file so that every mistake in it is found at once.

use std::collections::HashMap;
use std::fmt;

use chrono::NaiveDateTime;
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;
use url::Url;

use super::problem::{CampaignErrors, Problem, member};
use super::{Campaign, CampaignEvent, CampaignId, EMPTY, EventId, Venue, url_text};
use super::{require_id, require_order, require_text, require_web_page, unique};
use crate::zone::TimeZone;

const CAMPAIGN: [&str; 7] = ["id", "name", "client", "region", "asOf", "venues", "events"];
const VENUE: [&str; 8] = ["id", "name", "city", "country", "state", "address", "placerId", "timeZone"];
const EVENT: [&str; 7] = ["id", "name", "venue", "startsAt", "endsAt", "destination", "owner"];

/// See [`Campaign::from_json`].
pub(super) fn read(text: &str) -> Result<Campaign, CampaignErrors> {
    let text = text.trim_start_matches('\u{feff}');
    let mut file = File { text, offsets: HashMap::new(), problems: Vec::new() };
    let campaign = match serde_json::from_str(text) {
        Ok(root) => file.campaign(root),
        Err(error) => {
            let (line, column) = (Some(error.line()), Some(error.column()));
            file.problems.push(Problem { line, column, ..Problem::new("", reason(&error)) });
            None
        }
    };
    let newlines: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
    for problem in &mut file.problems {
        let line = |offset: &usize| newlines.partition_point(|newline| newline < offset) + 1;
        problem.line = problem.line.or_else(|| file.offsets.get(&problem.path).map(line));
    }
    match campaign {
        Some(campaign) if file.problems.is_empty() => Ok(campaign),
        _ => Err(CampaignErrors::new(file.problems)),
    }
}

/// What the decoder says, without the position that it counts within the one value.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&position).unwrap_or(&text).to_owned()
}

struct File<'t> {
    text: &'t str,
    /// Where in the text each path is.
    offsets: HashMap<String, usize>,
    problems: Vec<Problem>,
}

/// A JSON object, its values not yet decoded.
struct Object<'t> {
    path: String,
    members: Members<'t>,
}

impl<'t> File<'t> {
    fn campaign(&mut self, root: &'t RawValue) -> Option<Campaign> {
        let root = self.object(String::new(), root, &CAMPAIGN)?;
        let id: Option<CampaignId> = self.required(&root, "id");
        let [name, client, region] = ["name", "client", "region"].map(|name| self.text(&root, name));
        let as_of = self.optional(&root, "asOf");
        let venues = self.venues(&root);
        let events = self.events(&root, &venues);
        Some(Campaign { id: id?, name: name?, client: client?, region: region?, as_of, events })
    }

    /// The venues by id, `None` for one with a mistake in it: events may still refer to it.
    fn venues(&mut self, root: &Object<'t>) -> HashMap<String, Option<Place>> {
        let objects = self.objects(root, "venues", &VENUE);
        let ids: Vec<Option<String>> = objects.iter().map(|object| self.required(object, "id")).collect();
        self.unique(&objects, &ids);
        let mut venues = HashMap::new();
        for (object, id) in objects.iter().zip(ids) {
            let venue = self.venue(object, id.clone());
            venues.extend(id.map(|id| (id, venue)));
        }
        venues
    }

    fn venue(&mut self, object: &Object<'t>, id: Option<String>) -> Option<Place> {
        if let Some(id) = &id {
            require_id(&object.path, "id", id, &mut self.problems);
        }
        let [name, city, country] = ["name", "city", "country"].map(|name| self.text(object, name));
        let [state, address, placer_id]: [Option<String>; 3] =
            ["state", "address", "placerId"].map(|name| self.optional(object, name));
        if let Some(id) = &placer_id {
            require_id(&object.path, "placerId", id, &mut self.problems);
        }
        let zone = self.required(object, "timeZone");
        let venue = Venue { id: id?, name: name?, city: city?, country: country?, state, address, placer_id };
        Some(Place { venue, zone: zone? })
    }

    fn events(&mut self, root: &Object<'t>, venues: &HashMap<String, Option<Place>>) -> Vec<CampaignEvent> {
        let objects = self.objects(root, "events", &EVENT);
        let ids: Vec<Option<EventId>> = objects.iter().map(|object| self.required(object, "id")).collect();
        self.unique(&objects, &ids);
        objects.iter().zip(ids).filter_map(|(object, id)| self.event(object, id, venues)).collect()
    }

    fn event(
        &mut self,
        object: &Object<'t>,
        id: Option<EventId>,
        venues: &HashMap<String, Option<Place>>,
    ) -> Option<CampaignEvent> {
        let path = &object.path;
        let name = self.text(object, "name");
        let [starts_at, ends_at] =
            ["startsAt", "endsAt"].map(|name| self.required(object, name).map(|LocalTime(at)| at));
        if let (Some(start), Some(end)) = (starts_at, ends_at) {
            require_order(path, start, end, &mut self.problems);
        }
        let destination = self.required(object, "destination").map(|WebPage(url)| url);
        if let Some(url) = &destination {
            require_web_page(path, url, &mut self.problems);
        }
        let owner = self.optional(object, "owner");
        let venue: Option<String> = self.required(object, "venue");
        let place = venue.as_ref().and_then(|id| venues.get(id));
        if let (Some(id), None) = (&venue, place) {
            self.problems.push(Problem::new(member(path, "venue"), format!("`{id}` is not the id of a venue")));
        }
        let Place { venue, zone } = place?.clone()?;
        Some(CampaignEvent {
            id: id?,
            name: name?,
            starts_at: starts_at?,
            ends_at: ends_at?,
            time_zone: zone,
            venue,
            destination: destination?,
            owner,
        })
    }

    /// Reports ids that come twice.
    fn unique(&mut self, objects: &[Object<'t>], ids: &[Option<impl AsRef<str>>]) {
        let ids = objects.iter().zip(ids).filter_map(|(object, id)| Some((object.path.clone(), id.as_ref()?.as_ref())));
        unique(ids, &mut self.problems);
    }

    /// The object there, with its unknown and repeated members reported.
    fn object(&mut self, path: String, value: &'t RawValue, known: &[&str]) -> Option<Object<'t>> {
        self.locate(path.clone(), value);
        let Members(members) = self.decode(&path, value)?;
        for (index, (name, value)) in members.iter().enumerate() {
            let path = member(&path, name);
            self.locate(path.clone(), value);
            if !known.contains(&name.as_str()) {
                self.problems.push(Problem::new(path, format!("unknown member, known are: {}", known.join(", "))));
            } else if members.iter().take(index).any(|(earlier, _)| earlier == name) {
                self.problems.push(Problem::new(path, "comes twice"));
            }
        }
        Some(Object { path, members: Members(members) })
    }

    /// The objects of a list.
    fn objects(&mut self, parent: &Object<'t>, name: &str, known: &[&str]) -> Vec<Object<'t>> {
        let values: Option<Vec<&'t RawValue>> = self.required(parent, name);
        if values.as_ref().is_some_and(Vec::is_empty) {
            self.problems.push(Problem::new(member(&parent.path, name), EMPTY));
        }
        let objects = values.into_iter().flatten().enumerate();
        objects.filter_map(|(index, value)| self.object(format!("{name}[{index}]"), value, known)).collect()
    }

    fn required<T: Deserialize<'t>>(&mut self, object: &Object<'t>, name: &str) -> Option<T> {
        let Some(value) = object.get(name) else {
            self.problems.push(Problem::new(object.path.clone(), format!("`{name}` is missing")));
            return None;
        };
        self.decode(&member(&object.path, name), value)
    }

    fn optional<T: Deserialize<'t>>(&mut self, object: &Object<'t>, name: &str) -> Option<T> {
        self.decode::<Option<T>>(&member(&object.path, name), object.get(name)?).flatten()
    }

    /// A text that is not blank.
    fn text(&mut self, object: &Object<'t>, name: &str) -> Option<String> {
        let text: String = self.required(object, name)?;
        require_text(&object.path, name, &text, &mut self.problems);
        Some(text)
    }

    fn decode<T: Deserialize<'t>>(&mut self, path: &str, value: &'t RawValue) -> Option<T> {
        let report = |error| self.problems.push(Problem::new(path, reason(&error)));
        serde_json::from_str(value.get()).map_err(report).ok()
    }

    fn locate(&mut self, path: String, value: &RawValue) {
        let offset = value.get().as_ptr().addr().saturating_sub(self.text.as_ptr().addr());
        self.offsets.insert(path, offset);
    }
}

/// A venue as the file has it.
#[derive(Clone)]
struct Place {
    venue: Venue,
    zone: TimeZone,
}

#[derive(Deserialize)]
struct WebPage(#[serde(with = "url_text")] Url);

/// A time on the clocks of the venue, with or without seconds.
struct LocalTime(NaiveDateTime);

impl<'de> Deserialize<'de> for LocalTime {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let text = String::deserialize(source)?;
        let formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];
        let time = formats.iter().find_map(|format| NaiveDateTime::parse_from_str(&text, format).ok());
        time.map(Self).ok_or_else(|| {
            D::Error::custom(format_args!("`{text}` is not a local time such as 2026-06-05T11:00 (without a zone)"))
        })
    }
}

/// The members of an object in their order, repeated ones too.
struct Members<'t>(Vec<(String, &'t RawValue)>);

impl<'t> Object<'t> {
    /// The last member of this name: the one whose line is known.
    fn get(&self, name: &str) -> Option<&'t RawValue> {
        self.members.0.iter().rev().find(|(known, _)| known == name).map(|(_, value)| *value)
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        struct Read;

        impl<'de> Visitor<'de> for Read {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        source.deserialize_map(Read)
    }
}
