//! Answers that codes come in.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{Campaign, Wire, text};

/// A code within another answer, which is worth something without it.
pub(crate) fn readable<'de, D: Deserializer<'de>>(source: D) -> Result<Option<Campaign>, D::Error> {
    Ok(Option::<Wire>::deserialize(source)?.and_then(|wire| wire.try_into().ok()))
}

/// The answer to a create: the id and the image are at the top or inside.
#[derive(Deserialize)]
#[serde(try_from = "CreatedWire")]
pub(crate) struct Created {
    pub(crate) campaign: Campaign,
    /// Whether the answer tells what the code holds.
    pub(crate) is_told: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CreatedWire {
    #[serde(default)]
    data: Option<Wire>,
    #[serde(default, deserialize_with = "text")]
    qr_id: Option<String>,
    #[serde(default, deserialize_with = "text")]
    image_url: Option<String>,
    #[serde(default, deserialize_with = "text")]
    qr_url: Option<String>,
}

impl TryFrom<CreatedWire> for Created {
    type Error = &'static str;

    fn try_from(wire: CreatedWire) -> Result<Self, Self::Error> {
        let mut campaign = wire.data.unwrap_or_default();
        campaign.qr_id = wire.qr_id.or(campaign.qr_id);
        campaign.qr_image = wire.image_url.or(campaign.qr_image);
        campaign.redirect_url = campaign.redirect_url.or(wire.qr_url);
        let is_told = campaign.qr_category.is_some();
        Campaign::try_from(campaign).map(|campaign| Self { campaign, is_told })
    }
}

/// A page of the list: an array, or an object around one.
#[derive(Default)]
pub(crate) struct CampaignList {
    pub(crate) campaigns: Vec<Campaign>,
    /// How many entries came, those without an id too.
    pub(crate) received: usize,
}

impl<'de> Deserialize<'de> for CampaignList {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        struct Entries;

        impl<'de> Visitor<'de> for Entries {
            type Value = CampaignList;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of campaigns, or an object with one as `data`")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<CampaignList, A::Error> {
                let mut list = CampaignList::default();
                while let Some(entry) = entries.next_element::<Option<Wire>>()? {
                    list.received += 1;
                    list.campaigns.extend(entry.and_then(|wire| Campaign::try_from(wire).ok()));
                }
                Ok(list)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<CampaignList, A::Error> {
                let mut list = None;
                while let Some(name) = members.next_key::<String>()? {
                    if name == "data" {
                        list = Some(members.next_value()?);
                    } else {
                        members.next_value::<IgnoredAny>()?;
                    }
                }
                list.ok_or_else(|| A::Error::missing_field("data"))
            }
        }

        source.deserialize_any(Entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_and_an_image_are_found_wherever_they_are() {
        let top = r#"{"qrId":"AB12CD","imageUrl":"https://m.example/a.png","data":{"_id":"6","id":"6"}}"#;
        let nested =
            r#"{"data":{"qrId":"AB12CD","qrImage":"data:image/png;base64,iVBORw0KGgo=","shortUrl":"qr.me/AB12CD"}}"#;
        let Created { campaign: top, .. } = serde_json::from_str(top).unwrap();
        let Created { campaign: nested, .. } = serde_json::from_str(nested).unwrap();
        assert_eq!((&top.id, top.short_url.as_str()), (&nested.id, "https://qr1.be/AB12CD"));
        assert_eq!(nested.short_url.as_str(), "https://qr.me/AB12CD");
        let odd = r#"{"qrId":"javascript:alert(1)","shortUrl":"javascript://x"}"#;
        let odd: Campaign = serde_json::from_str(odd).unwrap();
        assert_eq!(odd.short_url.as_str(), "https://qr1.be/javascript:alert(1)", "a link to print is one of the web");
        assert!(top.image.unwrap().url().is_some() && nested.image.unwrap().bytes().is_some());
        let blank = r#"{"qrId":"","imageUrl":"","data":{"qrId":"A1","qrImage":"https://m.example/a.png"}}"#;
        let Created { campaign: blank, .. } = serde_json::from_str(blank).unwrap();
        assert!(blank.id.as_str() == "A1" && blank.image.is_some(), "what is blank is not there");
        for without in ["{}", r#"{"data":null}"#, r#"{"data":{"qrId":"../x"}}"#] {
            let error = serde_json::from_str::<Created>(without).err().unwrap().to_string();
            assert!(error.contains("missing field `qrId`"), "{without}: {error}");
        }
    }

    #[test]
    fn a_list_is_an_array_or_wrapped() {
        let bare: CampaignList = serde_json::from_str(r#"[{"qrId":"A1"},{"qrName":"no id"},null]"#).unwrap();
        let wrapped: CampaignList = serde_json::from_str(r#"{"ok":[1],"data":[{"qrId":"A1","scans":"12"}]}"#).unwrap();
        assert_eq!((bare.campaigns.len(), bare.received), (1, 3));
        assert_eq!(wrapped.campaigns[0].scans, 12);
        for other in ["{}", "7", r#"{"data":{"data":{}}}"#] {
            assert!(serde_json::from_str::<CampaignList>(other).is_err(), "{other}");
        }
    }
}
