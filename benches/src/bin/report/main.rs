//! Measures the family against its floors and its budgets, beside other stacks, in one run: see `--help`.

mod alloc;
mod args;
mod builds;
mod bulk;
mod cache;
mod calls;
mod decode;
mod fake;
mod limits;
mod probe;
mod retry;
mod server;
mod stacks;
mod stream;
mod table;
mod timing;
mod tree;

use std::env;
use std::error::Error;
use std::process::ExitCode;

use crate::args::Args;
use crate::table::{Row, Table};

#[global_allocator]
static HEAP: alloc::Counting = alloc::Counting;

type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

const NO_VALGRIND: &str = "install valgrind";

type Measure = fn(&Args) -> Outcome<Vec<Row>>;

/// The measurements, by what the names of their rows begin with.
const GROUPS: [(&str, Measure); 9] = [
    ("call/", calls::measure),
    ("cache/", cache::measure),
    ("limits/", limits::measure),
    ("bulk/", bulk::measure),
    ("retry/", retry::measure),
    ("decode/", decode::measure),
    ("stream/", stream::measure),
    ("tree/", tree::measure),
    ("build/", builds::measure),
];

fn main() -> ExitCode {
    let words: Vec<_> = env::args().skip(1).collect();
    run(&words).unwrap_or_else(|error| {
        eprintln!("report: {error}");
        ExitCode::from(2)
    })
}

fn run(words: &[String]) -> Outcome<ExitCode> {
    match words {
        [first, probe @ ..] if first == "probe" => probe::child(probe).map(|()| ExitCode::SUCCESS),
        _ if words.iter().any(|word| word == "--help" || word == "-h") => {
            print!("{}", args::HELP);
            Ok(ExitCode::SUCCESS)
        }
        _ => report(&Args::parse(words)?),
    }
}

fn report(args: &Args) -> Outcome<ExitCode> {
    let mut rows = Vec::new();
    for (group, measure) in GROUPS.into_iter().filter(|(group, _)| args.wants_group(group)) {
        eprintln!("measuring {group} ...");
        let measured = measure(args).unwrap_or_else(|error| vec![Row::missing(group, "", error)]);
        rows.extend(measured.into_iter().filter(|row| args.wants(row.name())));
    }
    if args.json {
        println!("{}", serde_json::to_string_pretty(&rows)?);
    } else {
        print!("{}", Table(&rows));
    }
    let exceeded = rows.iter().any(Row::exceeds);
    Ok(if args.check && exceeded { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Runs `work` on one thread.
fn virtually<T>(work: impl Future<Output = T>) -> std::io::Result<T> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn what_runs_in_virtual_time_gives_rows_of_the_documented_shape() {
        let mut rows = vec![
            Row::new("cache/stampede", "requests", virtually(cache::stampede(200)).unwrap().unwrap()).budget(1.0),
            Row::new("retry/amplification", "requests/call", virtually(retry::amplification(2000)).unwrap().unwrap()),
        ];
        for prefix in ["limits/10 per s, 100 ms", "bulk/1000", "bulk/500"] {
            let args = Args { only: prefix.into(), ..Args::default() };
            let (_, measure) = GROUPS.into_iter().find(|(group, _)| prefix.starts_with(group)).unwrap();
            rows.extend(measure(&args).unwrap());
        }
        assert!(!rows[0].exceeds(), "one fetch, however many ask");
        let json = serde_json::to_value(&rows).unwrap();
        let fields = ["name", "unit", "ours", "floor", "ratio", "budget", "within_budget"];
        for row in json.as_array().unwrap() {
            let row = row.as_object().unwrap();
            assert!(row.len() == fields.len() && fields.iter().all(|field| row.contains_key(*field)), "{row:?}");
            assert!(row["ours"].as_f64().is_some_and(|figure| figure >= 0.0), "{row:?}");
            assert_eq!(row["within_budget"].is_boolean(), row["budget"].is_number(), "{row:?}");
        }
        assert_eq!(json[1]["within_budget"], Value::Null);
    }
}
