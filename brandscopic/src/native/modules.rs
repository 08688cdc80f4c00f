//! What a campaign asks for at its events.

use serde::Serialize;
use serde_json::Value;

connectors_core::open_enum! {
    /// A kind of data that is collected at events.
    pub enum ModuleName {
        /// Surveys of consumers.
        "surveys" => Surveys,
        /// Photos.
        "photos" => Photos,
        /// Expenses.
        "expenses" => Expenses,
        /// Comments of consumers.
        "comments" => Comments,
        /// Videos.
        "videos" => Videos,
        /// Who attended.
        "attendance" => Attendance,
    }
}

/// A kind of data that an event's campaign asks for.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct EventModule {
    /// Which.
    pub name: ModuleName,
    /// How much the event needs at least, before its recap can be submitted.
    pub range_min: Option<f64>,
    /// How much the event takes at most.
    pub range_max: Option<f64>,
}

/// The enabled modules, with their settings as far as there are any.
pub(super) fn read(enabled: &[String], settings: &Value) -> Vec<EventModule> {
    let module = |name: &String| {
        let setting = |limit: &str| number(settings.get(name)?.get("settings")?.get(limit)?);
        let (range_min, range_max) = (setting("range_min"), setting("range_max"));
        EventModule { name: ModuleName::from(name.as_str()), range_min, range_max }
    };
    enabled.iter().map(module).collect()
}

/// A number, which is mostly a text; what is none does not limit anything.
fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.trim().parse().ok()).filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_texts_numbers_or_missing() {
        let enabled = ["photos", "expenses", "comments", "tastings"].map(str::to_owned);
        let settings = serde_json::json!({
            "photos": {"settings": {"range_min": "2", "range_max": ""}},
            "expenses": {"settings": {"range_min": null, "range_max": 3}},
            "comments": {"settings": []},
        });
        let limits = |settings: &Value| -> Vec<_> {
            read(&enabled, settings).into_iter().map(|module| (module.range_min, module.range_max)).collect()
        };
        assert_eq!(limits(&settings), [(Some(2.0), None), (None, Some(3.0)), (None, None), (None, None)]);
        assert_eq!(limits(&Value::Null), [(None, None); 4]);
        assert_eq!(read(&enabled, &settings)[3].name.as_str(), "tastings");
    }
}
