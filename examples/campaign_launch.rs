//! Launches a campaign across Brandscopic, Placer.ai, Smartsheet and QR TIGER.

use std::fs;
use std::process::ExitCode;

use connectors_core::{Campaign, Error, ErrorKind};
use connectors_examples::campaign_launch::args::{Args, USAGE};
use connectors_examples::campaign_launch::launch;
use connectors_examples::campaign_launch::plan::Plan;
use connectors_examples::campaign_launch::progress::Steps;
use connectors_examples::campaign_launch::report::{Disturbance, LaunchReport};
use connectors_examples::campaign_launch::services::Services;

const BUNDLED: &str = include_str!("data/summer_tour.json");

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
        Ok(code) => code,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::from(2)
        }
    }
}

async fn run(args: &Args) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let campaign = read_campaign(args)?;
    if args.plan {
        let rehearsal = Services::new(args, &campaign, true)?;
        launch::launch(&campaign, &rehearsal, &Steps::new(0, true)).await;
        let plan = Plan::of(&rehearsal);
        if args.json {
            println!("{}", serde_json::to_string_pretty(&plan)?);
        } else {
            print!("{plan}");
        }
        return Ok(ExitCode::SUCCESS);
    }

    let services = Services::new(args, &campaign, false)?;
    let fakes: Vec<_> = services.fakes.iter().map(|fake| fake.name).collect();
    eprintln!("live: {}; on fakes: {}", or_none(&services.live), or_none(&fakes));
    let venues = campaign.events.iter().map(|event| &event.venue.id).collect::<std::collections::BTreeSet<_>>().len();
    let steps = Steps::new(campaign.events.len() * 6 + venues + 7, false);
    let mut report = launch::launch(&campaign, &services, &steps).await;
    steps.finish();
    if args.faults.is_some() {
        tell_disturbances(&services, &mut report);
    }
    eprintln!("{:.1} s of the fakes' time", services.elapsed().as_secs_f64());
    if args.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print!("{report}");
    }
    services.keep()?;
    // Whoever asks for faults does not want to be told that there were some.
    let failed = !report.failures.is_empty() && args.faults.is_none();
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Reads the campaign, or lists everything that is wrong with the file.
fn read_campaign(args: &Args) -> Result<Campaign, Box<dyn std::error::Error>> {
    let Some(path) = &args.campaign else { return Ok(Campaign::from_json(BUNDLED)?) };
    let name = path.display();
    let text = fs::read_to_string(path).map_err(|e| Error::new(ErrorKind::Storage, format!("{name}: {e}")))?;
    Campaign::from_json(&text)
        .map_err(|errors| format!("{name} cannot be launched; nothing was sent:\n{errors}").into())
}

fn tell_disturbances(services: &Services, report: &mut LaunchReport) {
    for fake in &services.fakes {
        let faults = fake.backend.fault_counts();
        let disturbance = Disturbance {
            requests: fake.backend.journal().len(),
            disturbed: fake.backend.journal().iter().filter(|entry| entry.fault.is_some()).count(),
            faults,
            calls_failed: report.failures.iter().filter(|failure| failure.service == fake.name).count(),
        };
        report.disturbances.insert(fake.name, disturbance);
    }
}

fn or_none(names: &[&str]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
