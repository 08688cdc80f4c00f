//! What the real service does now and then, on demand.

use connectors_placer::PlacerCode;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::refusal::{Refusal, bare};
use crate::fake::{self, Reply};

/// Something odd that the real service does now and then, instead of the answer: [`FakePlacer::oddities`].
///
/// [`FakePlacer::oddities`]: crate::FakePlacer::oddities
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Oddity {
    /// The report is not ready: 202, in the form that the report has for it.
    Pending,
    /// 200 without a body.
    EmptyBody,
    /// 204, although there is data.
    NoContent,
    /// 200 that says, once for all entities, that there is no data.
    NoDataInside,
    /// 200 in which every entry says that it is pending.
    PendingInside,
    /// 207 in which every second entry, from the second on, says that it is pending.
    PartlyPending,
    /// As [`PartlyPending`](Self::PartlyPending), with 200.
    PartlyPendingInside,
    /// The gateway in front gave up waiting: 504.
    GatewayTimeout,
    /// The gateway in front does not know the key: 403, without a code.
    Forbidden,
    /// The whole request is refused with this code, and the status that goes with it.
    Refused(#[serde(with = "by_number")] PlacerCode),
}

impl Oddity {
    /// The answer, where it does not depend on the report.
    pub(super) fn reply(self, request_id: &str) -> Option<Reply> {
        Some(match self {
            Self::EmptyBody => fake::empty(StatusCode::OK),
            Self::NoContent => fake::empty(StatusCode::NO_CONTENT),
            Self::NoDataInside => {
                fake::json(StatusCode::OK, &json!({"code": 3006, "details": "NO_CONTENT", "requestId": request_id}))
            }
            Self::GatewayTimeout => bare(StatusCode::GATEWAY_TIMEOUT, "Endpoint request timed out"),
            Self::Forbidden => bare(StatusCode::FORBIDDEN, "Forbidden"),
            Self::Refused(code) => Refusal::by_code(code).reply(request_id),
            Self::Pending | Self::PendingInside | Self::PartlyPending | Self::PartlyPendingInside => return None,
        })
    }

    /// Whether the entry at this position is not ready.
    pub(super) fn is_pending(self, position: usize) -> bool {
        match self {
            Self::PendingInside => true,
            Self::PartlyPending | Self::PartlyPendingInside => position % 2 == 1,
            _ => false,
        }
    }

    /// Whether the status says that all is well, whatever the entries say.
    pub(super) fn hides_in_success(self) -> bool {
        matches!(self, Self::PendingInside | Self::PartlyPendingInside)
    }
}

/// Codes by the numbers that Placer documents.
mod by_number {
    use connectors_placer::PlacerCode;
    use serde::{Deserialize as _, Deserializer, Serializer};

    use super::Refusal;

    pub(super) fn serialize<S: Serializer>(code: &PlacerCode, target: S) -> Result<S::Ok, S::Error> {
        target.serialize_i64(Refusal::by_code(*code).code)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(source: D) -> Result<PlacerCode, D::Error> {
        i64::deserialize(source).map(PlacerCode::from)
    }
}

/// A way in which all answers of the native contract are written otherwise:
/// [`MockPlacerBuilder::quirks`](crate::MockPlacerBuilder::quirks).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Quirk {
    /// The codes of media markets are texts, as documented, instead of numbers.
    DmaCodesAsTexts,
    /// Rankings do not say which region they are of.
    NoRegionCodes,
    /// An area of one polygon is a `Polygon`.
    Polygons,
    /// Every area is a `MultiPolygon`, as documented.
    MultiPolygons,
    /// Answers do not carry the request's id.
    NoRequestIds,
    /// Whole numbers are written as floats: `610.0`.
    Floats,
}

impl Quirk {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::DmaCodesAsTexts,
        Self::NoRegionCodes,
        Self::Polygons,
        Self::MultiPolygons,
        Self::NoRequestIds,
        Self::Floats,
    ];

    /// Writes an answer otherwise.
    pub(super) fn apply(quirks: &[Self], reply: Reply) -> Reply {
        if quirks.is_empty() {
            return reply;
        }
        let Ok(mut body) = serde_json::from_slice::<Value>(reply.body()) else { return reply };
        for quirk in quirks {
            quirk.rewrite(&mut body);
        }
        let bytes = serde_json::to_vec(&body).unwrap_or_default();
        reply.map(|_| bytes.into())
    }

    fn rewrite(self, value: &mut Value) {
        match value {
            Value::Object(members) => {
                match self {
                    Self::NoRegionCodes => drop(members.remove("regionCode")),
                    Self::NoRequestIds => drop(members.remove("requestId")),
                    Self::DmaCodesAsTexts => {
                        if let Some(code) = members.get_mut("dma").and_then(|dma| dma.get_mut("code")) {
                            *code = json!(code.to_string().trim_matches('"'));
                        }
                    }
                    Self::Polygons | Self::MultiPolygons => {
                        let (kind, rings) = (members.get("type").and_then(Value::as_str), members.get("coordinates"));
                        if let Some((kind, rings)) = kind.zip(rings).and_then(|(kind, rings)| self.area(kind, rings)) {
                            members.insert("type".to_owned(), json!(kind));
                            members.insert("coordinates".to_owned(), rings);
                        }
                    }
                    Self::Floats => {}
                }
                members.values_mut().for_each(|value| self.rewrite(value));
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.rewrite(item)),
            Value::Number(number) if self == Self::Floats => {
                if let Some(float) = number.as_f64() {
                    *value = json!(float);
                }
            }
            _ => {}
        }
    }

    /// The other way to write an area, where there is one.
    fn area(self, kind: &str, rings: &Value) -> Option<(&'static str, Value)> {
        match (self, kind, rings.as_array()?.as_slice()) {
            (Self::MultiPolygons, "Polygon", _) => Some(("MultiPolygon", json!([rings]))),
            (Self::Polygons, "MultiPolygon", [only]) => Some(("Polygon", only.clone())),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(quirk: Quirk, mut body: Value) -> Value {
        quirk.rewrite(&mut body);
        body
    }

    #[test]
    fn answers_are_written_otherwise() {
        let ring = json!([[[0.5, 1.5], [2.5, 1.5], [0.5, 1.5]]]);
        let polygon = json!({"data": {"type": "Polygon", "coordinates": ring}});
        let multi = json!({"data": {"type": "MultiPolygon", "coordinates": [ring]}});
        assert_eq!(rewritten(Quirk::MultiPolygons, polygon.clone()), multi);
        assert_eq!(rewritten(Quirk::Polygons, multi.clone()), polygon);
        assert_eq!(rewritten(Quirk::MultiPolygons, multi.clone()), multi);
        let dma = rewritten(Quirk::DmaCodesAsTexts, json!([{"dma": {"code": 803}}]));
        assert_eq!(dma, json!([{"dma": {"code": "803"}}]));
        assert_eq!(rewritten(Quirk::Floats, json!({"visits": [610]})).to_string(), r#"{"visits":[610.0]}"#);
        assert_eq!(rewritten(Quirk::NoRegionCodes, json!({"dma": {"regionCode": 1}})), json!({"dma": {}}));
    }
}
