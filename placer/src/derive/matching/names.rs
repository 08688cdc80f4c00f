//! Names and addresses in one spelling, so that they can be compared.

/// Words in names that tell nothing.
const FILLERS: [&str; 10] = ["the", "and", "inc", "llc", "ltd", "co", "corp", "company", "store", "of"];

/// Words in addresses, and how they are written for short.
const SHORT: [(&str, &str); 41] = [
    ("street", "st"),
    ("avenue", "ave"),
    ("av", "ave"),
    ("boulevard", "blvd"),
    ("road", "rd"),
    ("drive", "dr"),
    ("lane", "ln"),
    ("court", "ct"),
    ("place", "pl"),
    ("square", "sq"),
    ("terrace", "ter"),
    ("highway", "hwy"),
    ("parkway", "pkwy"),
    ("circle", "cir"),
    ("plaza", "plz"),
    ("trail", "trl"),
    ("turnpike", "tpke"),
    ("expressway", "expy"),
    ("freeway", "fwy"),
    ("route", "rte"),
    ("north", "n"),
    ("south", "s"),
    ("east", "e"),
    ("west", "w"),
    ("northeast", "ne"),
    ("northwest", "nw"),
    ("southeast", "se"),
    ("southwest", "sw"),
    ("saint", "st"),
    ("fort", "ft"),
    ("mount", "mt"),
    ("first", "1st"),
    ("second", "2nd"),
    ("third", "3rd"),
    ("fourth", "4th"),
    ("fifth", "5th"),
    ("sixth", "6th"),
    ("seventh", "7th"),
    ("eighth", "8th"),
    ("ninth", "9th"),
    ("tenth", "10th"),
];

/// What in an address says only in which direction, or what kind of street it is.
const MINOR: [&str; 28] = [
    "n", "s", "e", "w", "ne", "nw", "se", "sw", "st", "ave", "blvd", "rd", "dr", "ln", "ct", "pl", "sq", "ter", "hwy",
    "pkwy", "cir", "plz", "trl", "tpke", "expy", "fwy", "rte", "way",
];

/// What begins the part of an address that is inside of a house.
const INSIDE: [&str; 10] = ["suite", "ste", "unit", "apt", "apartment", "floor", "fl", "bldg", "building", "room"];

/// The states with their letters, and what else has some.
const STATES: [(&str, &str); 52] = [
    ("alabama", "al"),
    ("alaska", "ak"),
    ("arizona", "az"),
    ("arkansas", "ar"),
    ("california", "ca"),
    ("colorado", "co"),
    ("connecticut", "ct"),
    ("delaware", "de"),
    ("district of columbia", "dc"),
    ("florida", "fl"),
    ("georgia", "ga"),
    ("hawaii", "hi"),
    ("idaho", "id"),
    ("illinois", "il"),
    ("indiana", "in"),
    ("iowa", "ia"),
    ("kansas", "ks"),
    ("kentucky", "ky"),
    ("louisiana", "la"),
    ("maine", "me"),
    ("maryland", "md"),
    ("massachusetts", "ma"),
    ("michigan", "mi"),
    ("minnesota", "mn"),
    ("mississippi", "ms"),
    ("missouri", "mo"),
    ("montana", "mt"),
    ("nebraska", "ne"),
    ("nevada", "nv"),
    ("new hampshire", "nh"),
    ("new jersey", "nj"),
    ("new mexico", "nm"),
    ("new york", "ny"),
    ("north carolina", "nc"),
    ("north dakota", "nd"),
    ("ohio", "oh"),
    ("oklahoma", "ok"),
    ("oregon", "or"),
    ("pennsylvania", "pa"),
    ("puerto rico", "pr"),
    ("rhode island", "ri"),
    ("south carolina", "sc"),
    ("south dakota", "sd"),
    ("tennessee", "tn"),
    ("texas", "tx"),
    ("utah", "ut"),
    ("vermont", "vt"),
    ("virginia", "va"),
    ("washington", "wa"),
    ("west virginia", "wv"),
    ("wisconsin", "wi"),
    ("wyoming", "wy"),
];

/// A name without a store number such as `#123`, or `12345` at its end: places are not called by it.
pub(crate) fn without_number(name: &str) -> String {
    let words = name.split_whitespace().filter(|word| {
        let number = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '#').strip_prefix('#');
        number.is_none_or(|number| !number.starts_with(|c: char| c.is_ascii_digit()))
    });
    let mut words: Vec<_> = words.collect();
    let is_long = |word: &&str| word.len() >= 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    if words.len() > 1 && words.last().is_some_and(is_long) {
        words.pop();
    }
    let left = words.join(" ");
    let left = left.trim_end_matches(|c: char| c == '-' || c == ',' || c.is_whitespace());
    if left.is_empty() { name.trim().to_owned() } else { left.to_owned() }
}

/// The words in small letters without accents and marks.
fn words(text: &str) -> Vec<String> {
    let text: String = text.chars().flat_map(char::to_lowercase).filter_map(plain).collect();
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The letter without its accent, also where that is a character of its own; nothing for an apostrophe, which divides
/// no words.
fn plain(letter: char) -> Option<char> {
    Some(match letter {
        '\'' | '’' | '‘' | '`' | '.' | '\u{300}'..='\u{36f}' => return None,
        'à'..='å' => 'a',
        'ç' => 'c',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' | 'ø' => 'o',
        'ù'..='ü' => 'u',
        'ý' | 'ÿ' => 'y',
        other => other,
    })
}

/// The words of a name that tell something.
pub(super) fn name(text: &str) -> Vec<String> {
    let all = words(&without_number(text));
    let telling: Vec<_> = all.iter().filter(|word| !FILLERS.contains(&word.as_str())).cloned().collect();
    if telling.is_empty() { all } else { telling }
}

fn short(word: String) -> String {
    SHORT.iter().find(|(long, _)| *long == word).map_or(word, |(_, short)| (*short).to_owned())
}

/// The number and the street of an address. A house by its name, or a suite, may stand before them.
pub(super) fn street(address: &str) -> (Option<String>, Vec<String>) {
    let first = || line(address.split(',').next().unwrap_or(address));
    address.split(',').map(line).find(|(number, _)| number.is_some()).unwrap_or_else(first)
}

fn line(line: &str) -> (Option<String>, Vec<String>) {
    let mut words = words(line.split('#').next().unwrap_or(line));
    let number = words.first().filter(|word| words.len() > 1 && is_number(word)).cloned();
    if number.is_some() {
        words.remove(0);
        // `12-14 Main St`: the first of them.
        while words.len() > 1 && words.first().is_some_and(|word| is_number(word)) {
            words.remove(0);
        }
    }
    let inside = words.iter().skip(1).position(|word| INSIDE.contains(&word.as_str()));
    words.truncate(inside.map_or(words.len(), |position| position + 1));
    (number, words.into_iter().map(short).collect())
}

/// Digits, perhaps with one letter: `12`, `12a`, and not `5th`.
fn is_number(word: &str) -> bool {
    let letters = word.trim_start_matches(|c: char| c.is_ascii_digit());
    letters.len() < word.len() && letters.len() <= 1
}

/// The street without what says only in which direction and what kind of street it is.
pub(super) fn gist(street: &[String]) -> Vec<&str> {
    street.iter().map(String::as_str).filter(|word| !MINOR.contains(word)).collect()
}

pub(super) fn city(text: &str) -> String {
    words(text).into_iter().map(short).collect::<Vec<_>>().join(" ")
}

/// The two letters of a state.
pub(super) fn state(text: &str) -> String {
    let text = words(text).join(" ");
    STATES.iter().find(|(name, _)| *name == text).map_or(text, |(_, letters)| (*letters).to_owned())
}

/// Whether these are the letters of a state that is known here: others may be written in more ways.
pub(super) fn is_state(letters: &str) -> bool {
    STATES.iter().any(|(_, known)| *known == letters)
}

/// Five digits; zeros in front that a spreadsheet took away are put back.
pub(super) fn zip(text: &str) -> Option<String> {
    let digits: String = text.trim().chars().take_while(char::is_ascii_digit).collect();
    (3..=5).contains(&digits.len()).then(|| format!("{digits:0>5}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn store_numbers_are_no_part_of_a_name() {
        assert_eq!(without_number("Harbor Tacos #1234"), "Harbor Tacos");
        assert_eq!(without_number("Harbor Tacos - #12 (Downtown)"), "Harbor Tacos - (Downtown)");
        assert_eq!(without_number("Harbor Tacos - 12345"), "Harbor Tacos");
        assert_eq!((without_number("Forever 21"), without_number("1912")), ("Forever 21".into(), "1912".into()));
        assert_eq!(without_number("#1 Nails"), "Nails");
        assert_eq!(without_number("#12"), "#12", "something has to be searched for");
    }

    #[test]
    fn addresses_are_taken_apart() {
        let parts = |text| {
            let (number, words) = street(text);
            (number.unwrap_or_default(), words.join(" "))
        };
        let parts = |text| {
            let (number, street): (String, String) = parts(text);
            format!("{number}|{street}")
        };
        assert_eq!(parts("200 Seaport Boulevard, Suite 5"), "200|seaport blvd");
        assert_eq!(parts("1901 West Madison Street Ste 4"), "1901|w madison st");
        assert_eq!(parts("12-14 N. Main St. #3"), "12|n main st");
        assert_eq!(parts("5th Ave"), "|5th ave");
        assert_eq!(parts("476 Fifth Avenue"), "476|5th ave");
        assert_eq!(parts("42nd St"), "|42nd st");
        assert_eq!(parts("Union Tower, 700 Sixth Ave."), "700|6th ave");
        assert_eq!(parts("Suite 200, 12 Main St"), "12|main st");
        assert_eq!(parts("Pier Ave, Long Beach, CA 90802"), "|pier ave");
    }

    #[test]
    fn states_zips_and_names_have_one_spelling() {
        assert_eq!(
            (state("Massachusetts"), state("ma"), state("West  Virginia")),
            ("ma".into(), "ma".into(), "wv".into())
        );
        assert_eq!(zip("2210").as_deref(), Some("02210"));
        assert_eq!(zip("02210-1234").as_deref(), Some("02210"));
        assert_eq!(zip("SW1A 1AA"), None);
        assert_eq!(name("The Café & Co., Inc. #7"), ["cafe"]);
        assert_eq!(name("Dick's"), ["dicks"]);
        assert_eq!(name("La Pen\u{303}a"), ["la", "pena"], "an accent may be a character of its own");
        assert_eq!(city("St. Louis"), city("Saint Louis"));
    }
}
