//! The command line.

use std::path::PathBuf;

pub const USAGE: &str = "\
usage: cargo run --example campaign_launch -- [OPTIONS]

Launches a campaign across Brandscopic, Placer.ai, Smartsheet and QR TIGER, on offline fakes unless told otherwise.
  --campaign FILE   the campaign (default: the bundled one)
  --links FILE      remembers in FILE what was created: a second run creates nothing
  --faults SEED     makes the fakes misbehave, repeatably
  --plan            prints the calls, quotas and seconds the launch would take, and sends nothing
  --live            uses the real service for each provider whose environment variables are set
  --json            prints the outcome as JSON on standard output";

#[derive(Debug, Default)]
#[allow(clippy::struct_excessive_bools)] // one per flag
pub struct Args {
    pub campaign: Option<PathBuf>,
    pub links: Option<PathBuf>,
    pub faults: Option<u64>,
    pub plan: bool,
    pub live: bool,
    pub json: bool,
    pub help: bool,
}

impl Args {
    pub fn parse(words: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut words = words.into_iter();
        let mut args = Self::default();
        while let Some(flag) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{flag} needs a value"));
            match flag.as_str() {
                "--campaign" => args.campaign = Some(value()?.into()),
                "--links" => args.links = Some(value()?.into()),
                "--faults" => {
                    let seed = value()?;
                    args.faults =
                        Some(seed.parse().map_err(|_| format!("--faults needs a whole number, not {seed:?}"))?);
                }
                "--plan" => args.plan = true,
                "--live" => args.live = true,
                "--json" => args.json = true,
                "--help" | "-h" => args.help = true,
                _ => return Err(format!("unknown option {flag:?}")),
            }
        }
        Ok(args)
    }
}
