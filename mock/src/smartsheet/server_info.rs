//! What the service can show.

use serde_json::{Value, json};

use super::asked::{Asked, Outcome};
use super::state::State;

pub(super) fn handle(_state: &mut State, asked: &Asked<'_>) -> Outcome {
    match asked.name() {
        "server_info" => Ok(server_info().into()),
        _ => Err(asked.unknown()),
    }
}

const COLORS: [&str; 24] = [
    "none",
    "#000000",
    "#FFFFFF",
    "transparent",
    "#FFEBEE",
    "#FFF3DF",
    "#FFFEE6",
    "#E7F5E9",
    "#E2F2FE",
    "#F4E4F5",
    "#F2E8DE",
    "#FFCCD2",
    "#FFE1AF",
    "#FEFF85",
    "#C6E7C8",
    "#B9DDFC",
    "#EBC7EF",
    "#EEDCCA",
    "#E5E5E5",
    "#F87E7D",
    "#FFCD7A",
    "#FEFF00",
    "#7ED085",
    "#5FB3F9",
];
const CURRENCIES: [(&str, &str); 8] = [
    ("none", "none"),
    ("AUD", "$"),
    ("BRL", "R$"),
    ("CHF", "CHF"),
    ("EUR", "€"),
    ("GBP", "£"),
    ("JPY", "¥"),
    ("USD", "$"),
];
const LOCALES: [&str; 12] =
    ["de_AT", "de_CH", "de_DE", "en_AU", "en_CA", "en_GB", "en_US", "es_ES", "fr_FR", "it_IT", "ja_JP", "pt_BR"];

fn server_info() -> Value {
    let font = |name: &str, kind: &str| json!({ "name": name, "traits": [kind] });
    let switch = ["none", "on"];
    let currencies: Vec<_> =
        CURRENCIES.iter().map(|(code, symbol)| json!({ "code": code, "symbol": symbol })).collect();
    json!({
        "formats": {
            "defaults": "0,2,0,0,0,0,0,0,1,2,0,0,0,0,0,0,0",
            "fontFamily": [
                font("Arial", "sans-serif"), font("Tahoma", "sans-serif"), font("Times New Roman", "serif"),
                font("Verdana", "sans-serif"),
            ],
            "fontSize": ["8", "9", "10", "12", "14", "16", "18", "20", "24", "28", "36"],
            "bold": switch, "italic": switch, "underline": switch, "strikethrough": switch,
            "horizontalAlign": ["none", "left", "center", "right"],
            "verticalAlign": ["none", "top", "middle", "bottom"],
            "color": COLORS,
            "currency": currencies,
            "decimalCount": ["0", "1", "2", "3", "4", "5"],
            "thousandsSeparator": switch,
            "numberFormat": ["none", "NUMBER", "CURRENCY", "PERCENT"],
            "textWrap": switch,
            "dateFormat": [
                "LOCALE_BASED", "MMMM_D_YYYY", "MMM_D_YYYY", "D_MMM_YYYY", "YYYY_MM_DD_HYPHEN", "YYYY_MM_DD_DOT",
                "DWWWW_MMMM_D_YYYY", "DWWW_DD_MMM_YYYY", "DWWW_MM_DD_YYYY", "MMMM_D", "D_MMMM",
            ],
        },
        "supportedLocales": LOCALES,
    })
}
