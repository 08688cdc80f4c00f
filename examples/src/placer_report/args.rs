//! The command line.

use std::path::PathBuf;

pub const USAGE: &str = "\
usage: cargo run --example placer_report -- [OPTIONS] [FILE.html]

Draws the footfall of a list of stores, on the offline fake unless told otherwise. Writes the page to FILE.html (default:
target/placer_report.html), and its rows next to it as CSV.
  --stores FILE   the list: id, name, address, city, state, zip, placer_id (default: the bundled one)
  --weeks N       how many weeks, from 2 to 52 (default: 8)
  --live          asks Placer itself, with the key in PLACER_API_KEY";

#[derive(Debug, PartialEq, Eq)]
pub struct Args {
    pub stores: Option<PathBuf>,
    pub weeks: u32,
    pub live: bool,
    pub help: bool,
    pub page: PathBuf,
}

impl Args {
    pub fn parse(words: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut words = words.into_iter();
        let page = PathBuf::from("target/placer_report.html");
        let mut args = Self { stores: None, weeks: 8, live: false, help: false, page };
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
            match word.as_str() {
                "--stores" => args.stores = Some(value()?.into()),
                "--weeks" => {
                    let weeks = value()?;
                    let number = weeks.parse().ok().filter(|weeks| (2..=52).contains(weeks));
                    args.weeks = number.ok_or_else(|| format!("--weeks needs a number from 2 to 52, not {weeks:?}"))?;
                }
                "--live" => args.live = true,
                "--help" | "-h" => args.help = true,
                flag if flag.starts_with('-') => return Err(format!("unknown option {flag:?}")),
                path => args.page = path.into(),
            }
        }
        Ok(args)
    }
}
