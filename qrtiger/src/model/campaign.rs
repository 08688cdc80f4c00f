//! A dynamic code, which the provider calls a campaign.

use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use connectors_core::wire::lenient;
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use url::Url;

use super::QrImage;
use crate::pages::is_web;

connectors_core::string_id! {
    /// A dynamic code: the last part of its short link, such as `4QX81D`. Not the provider's internal object id.
    pub struct QrId("qrId");
}

connectors_core::open_enum! {
    /// What a code holds. Only these are known to work over the API; the dashboard has many more.
    pub enum Category {
        /// A link.
        "url" => Url,
        /// Plain text.
        "text" => Text,
        /// A business card: its content is a JSON document, as text.
        "Vcard" | "vcard" => VCard,
    }
}

/// A dynamic code as the provider holds it.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Wire")]
#[non_exhaustive]
pub struct Campaign {
    /// Its id.
    pub id: QrId,
    /// The provider's internal id, 24 hex digits; no documented call takes it.
    pub object_id: Option<String>,
    /// Its name in the dashboard; empty when it has none.
    pub name: String,
    /// What it holds.
    pub category: Category,
    /// What is printed: `https://qr1.be/<id>`, or below a domain of your own.
    pub short_url: Url,
    /// Where it leads, or what it holds when it is not a link.
    pub content: Option<String>,
    /// The rendered code.
    pub image: Option<QrImage>,
    /// Scans since it was created.
    pub scans: u64,
    /// Whether it was archived in the dashboard.
    pub archived: bool,
    /// Whether the provider has blocked it.
    pub blocked: bool,
    /// Whether a password guards it.
    pub locked: bool,
    /// When it stops working.
    pub expires_at: Option<DateTime<Utc>>,
    /// After how many scans it stops working.
    pub expires_after_scans: Option<u64>,
    /// When it was created.
    pub created_at: Option<DateTime<Utc>>,
    /// When it was last changed.
    pub updated_at: Option<DateTime<Utc>>,
    /// Whose it is, as far as the answer tells.
    pub owner: Option<String>,
}

impl Campaign {
    /// Whether it has stopped working by `now`, by date or by the number of its scans.
    pub fn is_expired(&self, now: DateTime<Utc>) -> bool {
        self.expires_at.is_some_and(|end| end <= now) || self.expires_after_scans.is_some_and(|end| self.scans >= end)
    }
}

/// What the provider sends: everything may be missing, and some of it has no settled type.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Wire {
    #[serde(rename = "_id")]
    object_id: Option<String>,
    id: Option<String>,
    qr_id: Option<String>,
    qr_name: Option<String>,
    qr_category: Option<Category>,
    short_url: Option<String>,
    redirect_url: Option<String>,
    qr_image: Option<String>,
    #[serde(deserialize_with = "lenient::opt_number")]
    scans: Option<u64>,
    #[serde(deserialize_with = "lenient::opt_flag")]
    archive: Option<bool>,
    #[serde(deserialize_with = "lenient::opt_flag")]
    blocked: Option<bool>,
    lock: Value,
    expiry_date: Value,
    expiry_scans: Value,
    created_at: Value,
    updated_at: Value,
    owner: Value,
    user: Value,
}

impl TryFrom<Wire> for Campaign {
    type Error = &'static str;

    fn try_from(wire: Wire) -> Result<Self, Self::Error> {
        let id = wire.qr_id.and_then(|id| QrId::new(id).ok()).ok_or("missing field `qrId`")?;
        let short_url = short_url(&id, wire.short_url.as_deref()).ok_or("missing field `shortUrl`")?;
        Ok(Self {
            id,
            object_id: wire.object_id.or(wire.id),
            name: wire.qr_name.unwrap_or_default(),
            category: wire.qr_category.unwrap_or(Category::Url),
            short_url,
            content: wire.redirect_url.filter(|content| !content.is_empty()),
            image: wire.qr_image.as_deref().and_then(QrImage::from_reference),
            scans: wire.scans.unwrap_or_default(),
            archived: wire.archive.unwrap_or_default(),
            blocked: wire.blocked.unwrap_or_default(),
            locked: wire.lock.get("active").and_then(Value::as_bool).unwrap_or_default(),
            expires_at: instant(&wire.expiry_date),
            expires_after_scans: count(&wire.expiry_scans),
            created_at: instant(&wire.created_at),
            updated_at: instant(&wire.updated_at),
            owner: name_of(&wire.owner).or_else(|| name_of(&wire.user)),
        })
    }
}

/// The address as sent, with a scheme if it lacks one, else the provider's own short link.
fn short_url(id: &QrId, sent: Option<&str>) -> Option<Url> {
    let sent = sent.map(str::trim).filter(|text| !text.is_empty()).and_then(|text| {
        let with_scheme = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        Url::parse(&with_scheme).ok().filter(is_web)
    });
    sent.or_else(|| {
        let mut own = Url::parse("https://qr1.be").ok()?;
        own.path_segments_mut().ok()?.push(id.as_str());
        Some(own)
    })
}

/// A date in one of the forms seen or likely: RFC 3339, a plain day, milliseconds since 1970.
fn instant(value: &Value) -> Option<DateTime<Utc>> {
    match value {
        Value::String(text) => {
            let day = || text.parse::<NaiveDate>().ok().map(|day| day.and_time(NaiveTime::MIN).and_utc());
            text.parse::<DateTime<Utc>>().ok().or_else(day)
        }
        Value::Number(millis) => DateTime::from_timestamp_millis(millis.as_i64()?),
        _ => None,
    }
}

/// A number of scans that limits something; 0 and nonsense mean no limit.
fn count(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.trim().parse().ok()).filter(|count| *count > 0)
}

fn name_of(account: &Value) -> Option<String> {
    let named = ["email", "name", "_id", "id"].into_iter().filter_map(|member| account.get(member));
    let text = std::iter::once(account).chain(named).find_map(Value::as_str)?;
    (!text.is_empty()).then(|| text.to_owned())
}

/// The answer to a create: the id and the image are at the top or inside.
#[derive(Deserialize)]
#[serde(try_from = "CreatedWire")]
pub(crate) struct Created(pub(crate) Campaign);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CreatedWire {
    #[serde(default)]
    data: Option<Wire>,
    qr_id: Option<String>,
    image_url: Option<String>,
    qr_url: Option<String>,
}

impl TryFrom<CreatedWire> for Created {
    type Error = &'static str;

    fn try_from(wire: CreatedWire) -> Result<Self, Self::Error> {
        let mut campaign = wire.data.unwrap_or_default();
        campaign.qr_id = wire.qr_id.or(campaign.qr_id);
        campaign.qr_image = wire.image_url.or(campaign.qr_image);
        campaign.redirect_url = campaign.redirect_url.or(wire.qr_url);
        Campaign::try_from(campaign).map(Self)
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
                while let Some(entry) = entries.next_element::<Wire>()? {
                    list.received += 1;
                    list.campaigns.extend(Campaign::try_from(entry));
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
        let Created(top) = serde_json::from_str(top).unwrap();
        let Created(nested) = serde_json::from_str(nested).unwrap();
        assert_eq!((&top.id, top.short_url.as_str()), (&nested.id, "https://qr1.be/AB12CD"));
        assert_eq!(nested.short_url.as_str(), "https://qr.me/AB12CD");
        let odd = r#"{"qrId":"javascript:alert(1)","shortUrl":"javascript://x"}"#;
        let odd: Campaign = serde_json::from_str(odd).unwrap();
        assert_eq!(odd.short_url.as_str(), "https://qr1.be/javascript:alert(1)", "a link to print is one of the web");
        assert!(top.image.unwrap().url().is_some() && nested.image.unwrap().bytes().is_some());
        for without in ["{}", r#"{"data":null}"#, r#"{"data":{"qrId":"../x"}}"#] {
            let error = serde_json::from_str::<Created>(without).err().unwrap().to_string();
            assert!(error.contains("missing field `qrId`"), "{without}: {error}");
        }
    }

    #[test]
    fn a_list_is_an_array_or_wrapped() {
        let bare: CampaignList = serde_json::from_str(r#"[{"qrId":"A1"},{"qrName":"no id"}]"#).unwrap();
        let wrapped: CampaignList = serde_json::from_str(r#"{"ok":[1],"data":[{"qrId":"A1","scans":"12"}]}"#).unwrap();
        assert_eq!((bare.campaigns.len(), bare.received), (1, 2));
        assert_eq!(wrapped.campaigns[0].scans, 12);
        for other in ["{}", "7", r#"{"data":{"data":{}}}"#] {
            assert!(serde_json::from_str::<CampaignList>(other).is_err(), "{other}");
        }
    }

    #[test]
    fn loose_types_do_not_break_a_campaign() {
        let campaign: Campaign = serde_json::from_str(
            r#"{"qrId":"A1","qrCategory":"H5","lock":{"active":true},"expiryDate":"2026-03-01","expiryScans":"500","scans":499,
                "owner":{"_id":"64af","email":"ops@example.com"},"createdAt":"2026-01-05T08:00:00.000Z","archive":null,"murlData":[{}]}"#,
        )
        .unwrap();
        assert!(campaign.locked && !campaign.archived && !campaign.category.is_known());
        assert_eq!(campaign.owner.as_deref(), Some("ops@example.com"));
        let end = "2026-03-01T00:00:00Z".parse().unwrap();
        assert!(campaign.is_expired(end) && !campaign.is_expired(end - chrono::TimeDelta::seconds(1)));
    }
}
