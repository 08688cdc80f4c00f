//! Strict reading of bodies and queries.

use std::collections::BTreeMap;

use http::Uri;
use serde_json::{Map, Value};

use super::operations::Operation;

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

/// What codes have besides. Within `qr`, the content may be repeated.
const MEMBERS: [(&str, Kind); 6] =
    [("qr", Object), ("qrUrl", Text), ("qrType", Text), ("qrCategory", Text), ("qrName", Text), ("text", Text)];

/// What may be null, for none.
const NULLABLE: [&str; 4] = ["backgroundColor", "logo", "frame", "frameColor"];

/// A body that was read.
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    /// The body of this operation: members that it knows, of the right types, and all that it needs.
    pub(super) fn read(body: &[u8], operation: &Operation) -> Result<Self, String> {
        let fields = serde_json::from_slice(body).map_err(|_| "the body is not a JSON object".to_owned())?;
        check(&fields, &operation.body)?;
        if let Some(Value::Object(design)) = fields.get("qr") {
            check(design, &["design", "qrCategory", "text"])?;
        }
        let fields = Self(fields);
        for name in &operation.required {
            if fields.text(name) == Some("") || !fields.has(name) {
                return Err(format!("{name} is required"));
            }
        }
        match fields.text("qrType") {
            None | Some("qr2") => Ok(fields),
            Some(other) => Err(format!("qrType {other} is not supported")),
        }
    }

    /// How the code is to look, as the text that is kept of it.
    pub(super) fn design(&self) -> Option<String> {
        self.0.get("qr").map(Value::to_string)
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

/// Whether the members are among these, and of the right types; `design` stands for all that say how a code looks.
fn check(fields: &Map<String, Value>, allowed: &[&str]) -> Result<(), String> {
    let design: &[(&str, Kind)] = if allowed.contains(&"design") { &DESIGN } else { &[] };
    for (name, value) in fields {
        let members = MEMBERS.iter().filter(|(known, _)| allowed.contains(known));
        let Some((_, kind)) = members.chain(design).find(|(known, _)| known == name) else {
            return Err(format!("{name} is not allowed"));
        };
        if value.is_null() && NULLABLE.contains(&name.as_str()) {
            continue;
        }
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
