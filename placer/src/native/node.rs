//! Reads a report in either dialect. Placer documents `{items: [{apiId, data: {visits}}]}` and answers
//! `{data: [{apiId, visits}]}`, in some reports the other way round, and single reports may come in a list of one.
//! The origins of visits nest their list once more, under a name of its own.
//! What is read here has one form: entries, each with its head and the report's own members.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use connectors_core::provider::decode_json;
use connectors_core::wire::lenient;
use serde::Deserialize;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::code::PlacerCode;
use crate::model::VisitSegment;

/// The members of one kind of report.
pub(crate) trait Members: Default {
    /// Reads the value of the member `name`; false if there is no such member, then nothing was read.
    fn read<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<bool, A::Error>;
}

/// All members as they are, for reports that are small or asked for rarely: read by [`Raw::read_as`].
#[derive(Debug, Default)]
pub(crate) struct Raw(serde_json::Map<String, serde_json::Value>);

impl Members for Raw {
    fn read<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<bool, A::Error> {
        self.0.insert(name.to_owned(), map.next_value()?);
        Ok(true)
    }
}

impl Raw {
    /// Whether there is a member of this name that is not null.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| !value.is_null())
    }

    /// These in a list of this name.
    pub(crate) fn list(name: &str, entries: Vec<Entry<Self>>) -> Self {
        let row = |Entry { head, members: Self(mut row) }: Entry<Self>| {
            row.insert("apiId".to_owned(), head.api_id.into());
            serde_json::Value::Object(row)
        };
        Self([(name.to_owned(), entries.into_iter().map(row).collect())].into_iter().collect())
    }

    /// Takes a member out.
    pub(crate) fn take(&mut self, name: &str) -> Option<serde_json::Value> {
        self.0.remove(name)
    }

    /// The members as a `T`.
    pub(crate) fn read_as<T: DeserializeOwned>(self) -> connectors_core::Result<T> {
        read_as(&serde_json::Value::Object(self.0))
    }
}

/// What is read already as a `T`. Only a failure pays for finding out where it is.
pub(super) fn read_as<T: DeserializeOwned>(value: &serde_json::Value) -> connectors_core::Result<T> {
    T::deserialize(value).or_else(|_| decode_json(&serde_json::to_vec(value).unwrap_or_default()))
}

/// Reads heads only.
impl Members for () {
    fn read<'de, A: MapAccess<'de>>(&mut self, _: &str, _: &mut A) -> Result<bool, A::Error> {
        Ok(false)
    }
}

/// What every entry, and every whole answer, can say.
#[derive(Debug, Default, Clone)]
pub(crate) struct Head {
    pub(crate) api_id: Option<String>,
    pub(crate) code: Option<i64>,
    pub(crate) details: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) segment: Option<VisitSegment>,
    /// Whether it is said to have failed, with a code or without.
    pub(crate) failed: bool,
}

/// What an entry stands for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum State {
    Ready,
    Pending,
    NoData,
    Failed(PlacerCode),
}

impl Head {
    /// Placer's codes begin at 1000; smaller ones say that all is well.
    pub(crate) fn state(&self) -> State {
        let code = self.code.filter(|code| *code >= 1000).map(PlacerCode::from);
        match (code, self.details.as_deref()) {
            (Some(PlacerCode::InProgress), _) | (None, Some("IN_PROGRESS")) => State::Pending,
            (Some(PlacerCode::NoContent), _) | (None, Some("NO_CONTENT" | "No Content")) => State::NoData,
            (Some(code), _) => State::Failed(code),
            (None, _) if self.failed => State::Failed(PlacerCode::Other(0)),
            (None, _) => State::Ready,
        }
    }
}

/// One entity's part of an answer.
#[derive(Debug, Default)]
pub(crate) struct Entry<M> {
    pub(crate) head: Head,
    pub(crate) members: M,
}

/// A whole answer.
#[derive(Debug, Default)]
pub(crate) struct Node<M> {
    own: Entry<M>,
    list: Option<Vec<Node<M>>>,
}

impl<M> Node<M> {
    /// What the answer as a whole says.
    pub(crate) fn head(&self) -> &Head {
        &self.own.head
    }

    /// The entries: those of the list, or the answer itself. They inherit what is said of all.
    pub(crate) fn into_entries(self) -> Vec<Entry<M>> {
        // An empty list beside a code: the code is about the whole.
        let all = self.own.head.state() != State::Ready;
        let Some(list) = self.list.filter(|list| !(all && list.is_empty())) else { return vec![self.own] };
        let Head { request_id, segment, .. } = self.own.head;
        let inherit = |mut entry: Entry<M>| {
            entry.head.request_id = entry.head.request_id.or_else(|| request_id.clone());
            entry.head.segment = entry.head.segment.or_else(|| segment.clone());
            entry
        };
        list.into_iter().flat_map(Self::into_entries).map(inherit).collect()
    }
}

impl<M: Members> Node<M> {
    /// Reads the members of an object. Those of a nested `data` never replace what the entry itself says.
    fn fill<'de, A: MapAccess<'de>>(&mut self, map: &mut A, nested: bool) -> Result<(), A::Error> {
        while let Some(Key(name)) = map.next_key()? {
            let head = &mut self.own.head;
            match &*name {
                "data" | "items" | "visitsByCBGs" => map.next_value_seed(Payload(self))?,
                "apiId" => put(&mut head.api_id, map.next_value::<Text>()?.0, nested),
                "code" => put(&mut head.code, map.next_value::<Number>()?.0, nested),
                "details" => put(&mut head.details, map.next_value::<Text>()?.0, nested),
                "status" => {
                    let status = map.next_value::<Text>()?.0;
                    head.failed |= status.is_some_and(|status| status.eq_ignore_ascii_case("failure"));
                }
                "message" | "error" => put(&mut head.message, map.next_value::<Text>()?.0, nested),
                "requestId" => put(&mut head.request_id, map.next_value::<Text>()?.0, nested),
                "visitDurationSegmentation" => {
                    put(&mut head.segment, map.next_value::<Text>()?.0.map(|s| VisitSegment::from(s.as_str())), nested);
                }
                name => {
                    if !self.own.members.read(name, map)? {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
            }
        }
        Ok(())
    }
}

fn put<T>(slot: &mut Option<T>, value: Option<T>, nested: bool) {
    if !nested || slot.is_none() {
        *slot = value.or_else(|| slot.take());
    }
}

#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de, M: Members> Deserialize<'de> for Node<M> {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        struct Whole<M>(PhantomData<M>);

        impl<'de, M: Members> Visitor<'de> for Whole<M> {
            type Value = Node<M>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a report")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node<M>, A::Error> {
                let mut node = Node::default();
                node.fill(&mut map, false)?;
                Ok(node)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Node<M>, A::Error> {
                Ok(Node { own: Entry::default(), list: Some(list(seq)?) })
            }
        }

        source.deserialize_any(Whole(PhantomData))
    }
}

fn list<'de, M: Members, A: SeqAccess<'de>>(mut seq: A) -> Result<Vec<Node<M>>, A::Error> {
    let mut nodes = Vec::new();
    while let Some(node) = seq.next_element()? {
        nodes.push(node);
    }
    Ok(nodes)
}

/// What stands under `data` or `items`: a list of entries, or the members themselves.
struct Payload<'a, M>(&'a mut Node<M>);

impl<'de, M: Members> DeserializeSeed<'de> for Payload<'_, M> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<(), D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de, M: Members> Visitor<'de> for Payload<'_, M> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of entries, or an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.0.fill(&mut map, true)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<(), A::Error> {
        // What is ready and what is pending may stand in lists of their own.
        self.0.list.get_or_insert_default().append(&mut list(seq)?);
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}

/// A number where there is one, in whatever form.
#[derive(Deserialize)]
#[serde(transparent)]
struct Number(#[serde(deserialize_with = "lenient::opt_number")] Option<i64>);

/// A text where there is one; anything else counts as absent.
#[derive(Debug)]
pub(crate) struct Text(pub(crate) Option<String>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        struct AnyText;

        impl<'de> Visitor<'de> for AnyText {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Text, E> {
                Ok(Text(Some(text.to_owned()).filter(|t| !t.trim().is_empty())))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Text, E> {
                Ok(Text(Some(number.to_string())))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Text, E> {
                Ok(Text(Some(number.to_string())))
            }

            fn visit_f64<E: Error>(self, number: f64) -> Result<Text, E> {
                Ok(Text(Some(number.to_string())))
            }

            fn visit_bool<E: Error>(self, _: bool) -> Result<Text, E> {
                Ok(Text(None))
            }

            fn visit_unit<E: Error>(self) -> Result<Text, E> {
                Ok(Text(None))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Text(None))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Text, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Text(None))
            }
        }

        source.deserialize_any(AnyText)
    }
}

/// Counts where there are some; a null in the middle stays in its place.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Counts(#[serde(deserialize_with = "or_empty")] pub(crate) Vec<Count>);

/// A list; null is an empty one: Placer turns a member to null before it removes it.
pub(crate) fn or_empty<'de, D: Deserializer<'de>, T: Deserialize<'de>>(source: D) -> Result<Vec<T>, D::Error> {
    Ok(Option::deserialize(source)?.unwrap_or_default())
}

/// A count where there is one, in whatever form. An estimate of people may come with a fraction.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Count(pub(crate) Option<u64>);

/// Far more than there are people, and so few that sums of them stay numbers.
const MOST: f64 = 1e12;

impl<'de> Deserialize<'de> for Count {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be small")]
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let number: Option<f64> = lenient::opt_number(source)?;
        match number.map(f64::round) {
            Some(count) if !(0.0..=MOST).contains(&count) => Err(D::Error::custom(format!("{count} is not a count"))),
            count => Ok(Self(count.map(|count| count as u64))),
        }
    }
}

/// A measure where there is one, in whatever form.
#[derive(Debug, Default, Clone, Copy, Deserialize)]
#[serde(transparent)]
pub(crate) struct Measure(#[serde(deserialize_with = "measure")] pub(crate) Option<f64>);

fn measure<'de, D: Deserializer<'de>>(source: D) -> Result<Option<f64>, D::Error> {
    let number: Option<f64> = lenient::opt_number(source)?;
    match number {
        Some(measure) if measure.abs() > MOST => Err(D::Error::custom(format!("{measure} is beyond all measure"))),
        measure => Ok(measure),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default)]
    struct Visits(Option<u64>);

    impl Members for Visits {
        fn read<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<bool, A::Error> {
            if name == "visits" {
                self.0 = map.next_value::<Count>()?.0;
            }
            Ok(name == "visits")
        }
    }

    fn entries(body: &str) -> Vec<(Option<String>, Option<u64>, State)> {
        let node: Node<Visits> = serde_json::from_str(body).unwrap();
        node.into_entries().into_iter().map(|e| (e.head.api_id.clone(), e.members.0, e.head.state())).collect()
    }

    #[test]
    fn both_dialects_and_a_bare_object_read_the_same() {
        let expected = [(Some("venue:a".to_owned()), Some(7), State::Ready)];
        for body in [
            r#"{"requestId":"r","items":[{"apiId":"venue:a","status":"SUCCESS","code":0,"data":{"visits":7}}]}"#,
            r#"{"requestId":"r","data":[{"apiId":"venue:a","visits":7.0,"new":{"x":[1]}}]}"#,
            r#"{"requestId":"r","apiId":"venue:a","data":{"visits":"7","apiId":"venue:inner"}}"#,
            r#"[{"visits":7,"apiId":"venue:a"}]"#,
            r#"{"data":{"visits":7,"apiId":"venue:inner"},"apiId":"venue:a"}"#,
            r#"{"data":[{"visits":7,"apiId":"venue:a"}],"items":[]}"#,
        ] {
            assert_eq!(entries(body), expected, "{body}");
        }
    }

    #[test]
    fn entries_tell_how_they_stand() {
        let state = |entry: &str| entries(&format!(r#"{{"data":[{entry}]}}"#)).remove(0).2;
        assert_eq!(state(r#"{"code":3005}"#), State::Pending);
        assert_eq!(state(r#"{"details":"IN_PROGRESS","error":{"a":1}}"#), State::Pending);
        assert_eq!(state(r#"{"code":"3006"}"#), State::NoData);
        assert_eq!(state(r#"{"code":1008,"message":null}"#), State::Failed(PlacerCode::PermissionDenied));
        assert_eq!(state(r#"{"code":200}"#), State::Ready);
        assert_eq!(state(r#"{"status":"SUCCESS","code":0}"#), State::Ready);
        assert_eq!(state(r#"{"status":"FAILURE","code":null}"#), State::Failed(PlacerCode::Other(0)));
    }

    #[test]
    fn what_is_said_of_all_is_inherited() {
        let body = r#"{"data":[{"visits":1},{"visits":2,"visitDurationSegmentation":"under10Min"}],"visitDurationSegmentation":"allVisits","requestId":"a:b"}"#;
        let node: Node<Visits> = serde_json::from_str(body).unwrap();
        let heads: Vec<_> = node.into_entries().into_iter().map(|e| e.head).collect();
        let segments: Vec<_> = heads.iter().map(|h| h.segment.clone().unwrap()).collect();
        assert_eq!(segments, [VisitSegment::AllVisits, VisitSegment::Under10Min]);
        assert_eq!(heads[1].request_id.as_deref(), Some("a:b"));
    }

    #[test]
    fn nothing_at_all_is_one_entry_without_members() {
        assert_eq!(entries("{}"), [(None, None, State::Ready)]);
        assert_eq!(entries(r#"{"data":null}"#), [(None, None, State::Ready)]);
        assert!(entries(r#"{"data":[]}"#).is_empty());
        assert_eq!(entries(r#"{"code":3005,"data":[]}"#), [(None, None, State::Pending)], "unless a code says more");
        assert!(serde_json::from_str::<Counts>("null").unwrap().0.is_empty());
    }

    #[test]
    fn counts_are_whole_and_can_be_added_up() {
        let read = |text: &str| serde_json::from_str::<Count>(text).map(|count| count.0).ok();
        assert_eq!([read("7"), read("7.0"), read("\"7\""), read("6.8")], [Some(Some(7)); 4]);
        assert_eq!([read("null"), read("\"\"")], [Some(None); 2]);
        assert_eq!([read("-1"), read("1e300"), read("18446744073709551615"), read("\"NaN\"")], [None; 4]);
        let measure = |text: &str| serde_json::from_str::<Measure>(text).map(|measure| measure.0).ok();
        assert_eq!([measure("-12.5"), measure("1e300"), measure("-1e300")], [Some(Some(-12.5)), None, None]);
    }
}
