//! What the program is asked to do.

use std::path::PathBuf;

use crate::Outcome;

pub const HELP: &str = "\
Measures the connectors family against its floors and its budgets.

Usage: cargo run --release -p connectors-benches --bin report -- [OPTIONS]

Options:
  --json          Prints an array of {name, unit, ours, floor, ratio, budget, within_budget} instead of a table.
                  `ours` is the figure of the stack that the name ends with, where it ends with one. A row that could
                  not be measured has nulls, and a `note` that says why.
  --only PREFIX   Measures only rows whose names begin like this, such as `call` or `cache/hit`.
  --sheet FILE    Decodes this sheet instead of a generated one of 20 000 x 25 cells.
  --deps          Adds the rows of `build`, which take many minutes.
  --check         Ends with 1 when a budget is exceeded.
  --help          This.

Rows              Figure                                            Floor
  call            one uncached GET of 675 bytes, HTTP/1.1, no TLS   bare reqwest, URL and headers made once
  cache/hit       a cached value, its key made for the call         a lock, a map, a clock
  cache/stampede  requests for 10 000 callers of an expired entry   one
  limits          calls through a quota that the provider enforces  when its windows permit the last one
  bulk            calls of 100 ms, ten at a time                    requests x latency / concurrency
  retry           requests per call while every second one fails    one
  decode          20 000 x 25 cells into the client's own type      serde_json, borrowing; for the heap: the answer
  stream          the same row by row from a socket, and 4 x that   the whole sheet from the same socket
  tree            a provider crate's normal dependencies            reqwest's own
  build           crates, and seconds from nothing, debug           the least of three other clients

A budget is the most that the figure may be. Instructions are counted in user space by valgrind; without it those rows
are not measured. Times of cache/hit, decode and stream are the best of several interleaved rounds. Limits, bulk, retry and
stampede run in virtual time and are exact, but for what goes over sockets: that is wall time.
";

/// What the program is asked to do.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Args {
    pub json: bool,
    pub check: bool,
    pub deps: bool,
    pub only: String,
    pub sheet: Option<PathBuf>,
}

impl Args {
    pub fn parse(words: &[String]) -> Outcome<Self> {
        let mut args = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
            match word.as_str() {
                "--json" => args.json = true,
                "--check" => args.check = true,
                "--deps" => args.deps = true,
                "--only" => args.only.clone_from(value()?),
                "--sheet" => args.sheet = Some(value()?.into()),
                _ => return Err(format!("{word} is not an option, see --help").into()),
            }
        }
        Ok(args)
    }

    /// Whether the row of this name is asked for.
    pub fn wants(&self, name: &str) -> bool {
        name.starts_with(&self.only)
    }

    /// Whether any row may be whose name begins like this.
    pub fn wants_group(&self, group: &str) -> bool {
        self.only.starts_with(group) || group.starts_with(&self.only)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Outcome<Args> {
        Args::parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn options_are_read_and_mistakes_are_refused() {
        let args = parse("--json --only cache/hit --sheet big.json --check").unwrap();
        let sheet = Some(PathBuf::from("big.json"));
        assert_eq!(args, Args { json: true, check: true, only: "cache/hit".into(), sheet, ..Args::default() });
        assert_eq!(parse("--only").unwrap_err().to_string(), "--only needs a value");
        assert_eq!(parse("--fast").unwrap_err().to_string(), "--fast is not an option, see --help");
    }

    #[test]
    fn a_prefix_chooses_groups_and_rows() {
        let args = parse("--only cache/hit").unwrap();
        assert!(args.wants_group("cache/") && !args.wants_group("call/"));
        assert!(args.wants("cache/hit/time") && !args.wants("cache/stampede"));
        assert!(parse("--only ca").unwrap().wants_group("call/"));
        assert!(parse("").unwrap().wants("cache/stampede"));
    }
}
