//! Strict reading of bodies and queries.

use std::collections::BTreeMap;

use http::Uri;
use serde_json::{Map, Value};

/// What a field may hold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Text,
    Number,
    Flag,
    Object,
}

use Kind::{Flag, Number, Object, Text};

/// How a code looks. The last ones are not documented, but sent by the website.
const DESIGN: [(&str, Kind); 28] = [
    ("size", Number),
    ("colorDark", Text),
    ("backgroundColor", Text),
    ("transparentBkg", Flag),
    ("gradient", Flag),
    ("grdType", Text),
    ("color01", Text),
    ("color02", Text),
    ("eye_color", Flag),
    ("eye_color01", Text),
    ("eye_color02", Text),
    ("eye_outer", Text),
    ("eye_inner", Text),
    ("qrData", Text),
    ("qrFormat", Text),
    ("logo", Text),
    ("frame", Number),
    ("frameColor", Text),
    ("frameText", Text),
    ("colorType", Text),
    ("gradientType", Text),
    ("frameColor2", Text),
    ("frameColorType", Text),
    ("frameColorStyleType", Text),
    ("frameGradientType", Text),
    ("frameGradientStartColor", Text),
    ("frameGradientEndColor", Text),
    ("frameTextFont", Text),
];

const CAMPAIGN: [(&str, Kind); 5] =
    [("qr", Object), ("qrUrl", Text), ("qrType", Text), ("qrCategory", Text), ("qrName", Text)];

const CONTENT: [(&str, Kind); 2] = [("qrCategory", Text), ("text", Text)];

/// A body that was read.
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    pub(super) fn of_campaign(body: &[u8]) -> Result<Self, String> {
        let fields = Self::read(body, &CAMPAIGN)?;
        if let Some(Value::Object(design)) = fields.0.get("qr") {
            check(design, &[&DESIGN, &CONTENT])?;
        }
        match fields.text("qrType") {
            None | Some("qr2") => Ok(fields),
            Some(other) => Err(format!("qrType {other} is not supported")),
        }
    }

    pub(super) fn of_static(body: &[u8]) -> Result<Self, String> {
        let fields = Self(object(body)?);
        check(&fields.0, &[&DESIGN, &CONTENT])?;
        Ok(fields)
    }

    fn read(body: &[u8], allowed: &[(&str, Kind)]) -> Result<Self, String> {
        let fields = object(body)?;
        check(&fields, &[allowed])?;
        Ok(Self(fields))
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    pub(super) fn require(&self, name: &str) -> Result<&str, String> {
        self.text(name).filter(|text| !text.is_empty()).ok_or_else(|| format!("{name} is required"))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
}

fn object(body: &[u8]) -> Result<Map<String, Value>, String> {
    serde_json::from_slice(body).map_err(|_| "the body is not a JSON object".to_owned())
}

fn check(fields: &Map<String, Value>, allowed: &[&[(&str, Kind)]]) -> Result<(), String> {
    for (name, value) in fields {
        let Some((_, kind)) = allowed.iter().copied().flatten().find(|(known, _)| known == name) else {
            return Err(format!("{name} is not allowed"));
        };
        let fits = match kind {
            Text => value.is_string(),
            Number => value.is_number(),
            Flag => value.is_boolean(),
            Object => value.is_object(),
        };
        if !fits {
            return Err(format!("{name} must be a {kind:?}").to_lowercase());
        }
    }
    Ok(())
}

/// The parameters of a query, each known and there once.
pub(super) fn query(uri: &Uri, allowed: &[&str]) -> Result<BTreeMap<String, String>, String> {
    let mut parameters = BTreeMap::new();
    for (name, value) in url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
        if !allowed.contains(&&*name) {
            return Err(format!("{name} is not a parameter"));
        }
        if parameters.insert(name.clone().into_owned(), value.into_owned()).is_some() {
            return Err(format!("{name} is there twice"));
        }
    }
    Ok(parameters)
}
