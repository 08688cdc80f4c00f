//! The footfall of a list of stores: a page with daily lines, a ranking and a heat map of the week, and its rows as CSV.
//!
//! Runs on the mock, without key or network: `cargo run --example placer_report`. For the real service add `--live`, a
//! list of your own, and set `PLACER_API_KEY`.

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use connectors_core::Clock;
use connectors_core::testing::VirtualClock;
use connectors_examples::placer_report::args::{Args, USAGE};
use connectors_examples::placer_report::data::{FootfallReport, Plan};
use connectors_examples::placer_report::{page, stores};
use connectors_mock::MockPlacer;
use connectors_placer::PlacerClient;

const BUNDLED: &[u8] = include_bytes!("data/stores.csv");

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let args = match Args::parse(std::env::args().skip(1)) {
        Ok(args) if args.help => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Ok(args) => args,
        Err(problem) => {
            eprintln!("{problem}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(&args).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: &Args) -> Result<(), Box<dyn std::error::Error>> {
    let stores = match &args.stores {
        Some(path) => {
            let named = |problem: String| format!("{}: {problem}", path.display());
            stores::read(&fs::read(path).map_err(|error| named(error.to_string()))?).map_err(named)?
        }
        None => stores::read(BUNDLED)?,
    };
    // The fake computes each report for as long as Placer says it takes on average, on a clock that does not wait.
    let fake_time = VirtualClock::default();
    let (placer, clock): (PlacerClient, Arc<dyn Clock>) = if args.live {
        (PlacerClient::from_env()?, Arc::new(connectors_core::SystemClock))
    } else {
        let clock: Arc<dyn Clock> = Arc::new(fake_time.clone());
        (MockPlacer::builder().clock(clock.clone()).compute_times().build()?.client().clone(), clock)
    };
    let today = clock.now_utc().date_naive();

    let plan = Plan::new(&placer, stores, args.weeks, today).await?;
    println!("looked for stores without placer_id: {} calls", plan.searches.calls);
    let estimate = plan.estimate(&placer).await?;
    let seconds = estimate.duration.as_secs_f64();
    println!("going to take {} calls about {} places, in about {seconds:.0} s", estimate.calls, estimate.places);

    let started = clock.now();
    let report = FootfallReport::collect(&placer, plan).await?;
    let took = clock.now().saturating_duration_since(started).as_secs_f64();
    for (store, reason) in &report.missing {
        println!("without {} ({}): {reason}", store.name, store.id);
    }
    report.notes.iter().for_each(|note| println!("{note}"));
    let (cost, whose) = (report.cost, if args.live { "" } else { " of the fake's time" });
    println!("took {} calls, {} free polls, {took:.1} s{whose}", cost.calls, cost.polls);
    if let Some(day) = report.last_day() {
        println!("the data ends on {day}");
    }

    let rows = args.page.with_extension("csv");
    if let Some(folder) = args.page.parent().filter(|folder| *folder != Path::new("")) {
        fs::create_dir_all(folder)?;
    }
    fs::write(&args.page, page::render(&report))?;
    report.write_csv(fs::File::create(&rows)?)?;
    println!("written: {} and {}", args.page.display(), rows.display());
    Ok(())
}
