//! A dynamic code, which the provider calls a campaign.

mod answers;

use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use connectors_core::wire::lenient;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use url::Url;

pub(crate) use self::answers::{CampaignList, Created, readable};
use super::{Design, ImageFormat, QrImage, VCard};
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

/// A dynamic code as the provider holds it. Answers differ in what they tell: a list may leave out what
/// [`Tracking::data`](crate::Tracking::data) has.
#[derive(Clone, PartialEq, Deserialize)]
#[serde(try_from = "Wire")]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "as many as the provider has")]
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
    /// The same as vectors.
    pub vector_image: Option<QrImage>,
    /// How it looks.
    pub design: Option<Design>,
    /// Scans since it was created.
    pub scans: u64,
    /// Scans of today, as far as the provider tells; whose day it counts is not documented.
    pub scans_today: Option<u64>,
    /// Scans before that. Of what time is not documented.
    pub scans_previous: Option<u64>,
    /// Scans of the days of a week.
    pub scans_of_week: Vec<u64>,
    /// Scans of the days of the week before.
    pub scans_of_previous_week: Vec<u64>,
    /// Whether it was archived in the dashboard.
    pub archived: bool,
    /// Whether the provider has blocked it.
    pub blocked: bool,
    /// Whether a password guards it.
    pub locked: bool,
    /// Whether it was made by the dashboard's bulk tool.
    pub bulk: bool,
    /// Whether the dashboard watches it.
    pub watched: bool,
    /// Whether it asks visitors where they are.
    pub gps_tracking: bool,
    /// When it stops working.
    pub expires_at: Option<DateTime<Utc>>,
    /// After how many scans it stops working.
    pub expires_after_scans: Option<u64>,
    /// Whether it stops working by visitors' addresses.
    pub expires_by_ip: bool,
    /// The rules of a code with several destinations, each as JSON text: their shape is not documented.
    pub rules: Vec<String>,
    /// When it was created.
    pub created_at: Option<DateTime<Utc>>,
    /// When it was last changed.
    pub updated_at: Option<DateTime<Utc>>,
    /// When its destination was last changed.
    pub destination_changed_at: Option<DateTime<Utc>>,
    /// Whose it is, as far as the answer tells.
    pub owner: Option<String>,
}

impl Campaign {
    /// Whether it has stopped working by `now`, by date or by the number of its scans.
    pub fn is_expired(&self, now: DateTime<Utc>) -> bool {
        self.expires_at.is_some_and(|end| end <= now) || self.expires_after_scans.is_some_and(|end| self.scans >= end)
    }

    /// Its image in this format, where the answer tells of one; else one whose format its address does not tell.
    pub fn image_as(&self, format: &ImageFormat) -> Option<&QrImage> {
        let images = || [&self.vector_image, &self.image].into_iter().flatten();
        let find = |wanted| images().find(|image| image.is(format) == wanted);
        find(Some(true)).or_else(|| find(None))
    }

    /// The business card that it shows, where it holds one.
    pub fn vcard(&self) -> Option<VCard> {
        let content = self.content.as_deref().filter(|_| self.category == Category::VCard)?;
        VCard::read(content)
    }
}

/// Without what it holds where that is no link: it may be about a person.
impl fmt::Debug for Campaign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, name, category, short_url, scans, archived, blocked, locked, created_at, .. } = self;
        let is_link = |text: &&str| *category == Category::Url && Url::parse(text).is_ok_and(|url| is_web(&url));
        let destination = self.content.as_deref().filter(is_link);
        f.debug_struct("Campaign")
            .field("id", id)
            .field("name", name)
            .field("category", category)
            .field("short_url", &short_url.as_str())
            .field("destination", &destination)
            .field("scans", scans)
            .field("archived", archived)
            .field("blocked", blocked)
            .field("locked", locked)
            .field("created_at", created_at)
            .finish_non_exhaustive()
    }
}

/// What the provider sends: everything may be missing, and much of it has no settled type.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Wire {
    #[serde(rename = "_id")]
    object_id: Value,
    id: Value,
    #[serde(deserialize_with = "text")]
    qr_id: Option<String>,
    #[serde(deserialize_with = "text")]
    qr_name: Option<String>,
    #[serde(deserialize_with = "text")]
    qr_category: Option<String>,
    #[serde(deserialize_with = "text")]
    short_url: Option<String>,
    #[serde(deserialize_with = "text")]
    redirect_url: Option<String>,
    #[serde(deserialize_with = "text")]
    qr_image: Option<String>,
    #[serde(deserialize_with = "text")]
    svg_image: Option<String>,
    qr_config: Value,
    #[serde(deserialize_with = "lenient::opt_number")]
    scans: Option<u64>,
    today_scan: Value,
    previous_scan: Value,
    week_scans: Value,
    previous_week_scans: Value,
    #[serde(deserialize_with = "lenient::opt_flag")]
    archive: Option<bool>,
    #[serde(deserialize_with = "lenient::opt_flag")]
    blocked: Option<bool>,
    bulk: Value,
    lock: Value,
    watch_list: Value,
    gps_track_data: Value,
    expiry_date: Value,
    expiry_scans: Value,
    #[serde(rename = "expireByIP")]
    expire_by_ip: Value,
    murl_data: Value,
    created_at: Value,
    updated_at: Value,
    url_updated_at: Value,
    owner: Value,
    user: Value,
}

/// A text, or a number as one; anything else is as good as missing.
fn text<'de, D: Deserializer<'de>>(source: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(source)? {
        Value::String(text) if !text.trim().is_empty() => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

impl TryFrom<Wire> for Campaign {
    type Error = &'static str;

    fn try_from(wire: Wire) -> Result<Self, Self::Error> {
        let id = wire.qr_id.and_then(|id| QrId::new(id).ok()).ok_or("missing field `qrId`")?;
        let short_url = short_url(&id, wire.short_url.as_deref()).ok_or("missing field `shortUrl`")?;
        Ok(Self {
            id,
            object_id: id_of(&wire.object_id).or_else(|| id_of(&wire.id)),
            name: wire.qr_name.unwrap_or_default(),
            category: wire.qr_category.as_deref().map_or(Category::Url, Category::from),
            short_url,
            content: wire.redirect_url,
            image: wire.qr_image.as_deref().and_then(QrImage::from_reference),
            vector_image: wire.svg_image.as_deref().and_then(QrImage::from_vectors),
            design: design(wire.qr_config),
            scans: wire.scans.unwrap_or_default(),
            scans_today: number(&wire.today_scan),
            scans_previous: number(&wire.previous_scan),
            scans_of_week: numbers(&wire.week_scans),
            scans_of_previous_week: numbers(&wire.previous_week_scans),
            archived: wire.archive.unwrap_or_default(),
            blocked: wire.blocked.unwrap_or_default(),
            locked: says(&wire.lock, "active"),
            bulk: wire.bulk.as_bool().unwrap_or_default(),
            watched: says(&wire.watch_list, "isWatching"),
            gps_tracking: says(&wire.gps_track_data, "enabled"),
            expires_at: instant(&wire.expiry_date),
            // 0 means that there is no limit.
            expires_after_scans: number(&wire.expiry_scans).filter(|count| *count > 0),
            expires_by_ip: wire.expire_by_ip.as_bool().unwrap_or_default(),
            rules: wire.murl_data.as_array().into_iter().flatten().map(Value::to_string).collect(),
            created_at: instant(&wire.created_at),
            updated_at: instant(&wire.updated_at),
            destination_changed_at: instant(&wire.url_updated_at),
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

fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
}

fn numbers(value: &Value) -> Vec<u64> {
    value.as_array().into_iter().flatten().filter_map(number).collect()
}

/// Whether a member of an object is true.
fn says(object: &Value, member: &str) -> bool {
    object.get(member).and_then(Value::as_bool).unwrap_or_default()
}

/// A design as JSON text, as the provider keeps it, or as the object itself.
fn design(value: Value) -> Option<Design> {
    match value {
        Value::String(text) => serde_json::from_str(&text).ok(),
        Value::Object(members) => Some(Design::of_members(members)),
        _ => None,
    }
}

fn name_of(account: &Value) -> Option<String> {
    let named = ["email", "name", "_id", "id"].into_iter().filter_map(|member| account.get(member));
    let text = std::iter::once(account).chain(named).find_map(Value::as_str)?;
    (!text.is_empty()).then(|| text.to_owned())
}

fn id_of(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned).or_else(|| Some(value.as_i64()?.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loose_types_do_not_break_a_campaign() {
        let campaign: Campaign = serde_json::from_str(
            r#"{"qrId":"A1","qrCategory":"H5","lock":{"active":true},"expiryDate":"2026-03-01","expiryScans":"500","scans":499,
                "owner":{"_id":"64af","email":"ops@example.com"},"createdAt":"2026-01-05T08:00:00.000Z","archive":null,"murlData":[{}]}"#,
        )
        .unwrap();
        assert!(campaign.locked && !campaign.archived && !campaign.category.is_known());
        assert_eq!(campaign.owner.as_deref(), Some("ops@example.com"));
        assert_eq!(campaign.rules, ["{}"]);
        let end = "2026-03-01T00:00:00Z".parse().unwrap();
        assert!(campaign.is_expired(end) && !campaign.is_expired(end - chrono::TimeDelta::seconds(1)));
    }

    #[test]
    fn design_and_statistics_are_read_where_they_make_sense() {
        let campaign: Campaign = serde_json::from_str(
            r##"{"qrId":"A1","_id":7,"qrName":2026,"qrConfig":"{\"size\":900,\"colorDark\":\"#5e0bf0\",\"frameColor2\":\"red\"}",
                "svgImage":"<svg xmlns='http://www.w3.org/2000/svg'/>","todayScan":"3","previousScan":null,"weekScans":[1,"2",{}],
                "watchList":{"isWatching":true},"gpsTrackData":{"enabled":true},"urlUpdatedAt":1767600000000,"bulk":true}"##,
        )
        .unwrap();
        let design = campaign.design.as_ref().unwrap();
        assert_eq!((design.size, design.get::<String>("frameColor2").as_deref()), (Some(900), Some("red")));
        assert_eq!((campaign.name.as_str(), campaign.object_id.as_deref()), ("2026", Some("7")));
        assert_eq!(campaign.vector_image.as_ref().unwrap().media_type(), Some("image/svg+xml"));
        assert_eq!(
            (campaign.scans_today, campaign.scans_previous, &campaign.scans_of_week[..]),
            (Some(3), None, &[1, 2][..])
        );
        assert!(
            campaign.watched && campaign.gps_tracking && campaign.bulk && campaign.destination_changed_at.is_some()
        );
        for odd in [r#""size 5""#, "[1]", "7", "null", r#""""#] {
            let text = format!(
                r#"{{"qrId":"A1","qrConfig":{odd},"murlData":{odd},"weekScans":{odd},"qrImage":{odd},"lock":{odd}}}"#
            );
            assert!(serde_json::from_str::<Campaign>(&text).unwrap().design.is_none(), "{odd}");
        }
    }

    #[test]
    fn a_card_is_read_and_not_shown() {
        let text =
            r#"{"qrId":"A1","qrCategory":"Vcard","redirectUrl":"{\"name\":\"Ada\",\"email\":\"ada@example.com\"}"}"#;
        let campaign: Campaign = serde_json::from_str(text).unwrap();
        assert_eq!(campaign.vcard().unwrap().email.as_deref(), Some("ada@example.com"));
        assert!(!format!("{campaign:?}").contains("Ada"));
        let untold: Campaign = serde_json::from_str(&text.replace("qrCategory", "category")).unwrap();
        assert!(untold.vcard().is_none() && !format!("{untold:?}").contains("Ada"));
    }
}
