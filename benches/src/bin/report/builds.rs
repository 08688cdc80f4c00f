//! How long each provider crate takes to build from nothing, and how many crates that is, beside other people's.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::Outcome;
use crate::args::Args;
use crate::table::Row;
use crate::tree::{PROVIDERS, cargo, depths, distinct};

/// Other clients of web services, for comparison.
const PEERS: [(&str, &str); 3] = [("smartsheet-rs", "0.6.2"), ("octocrab", "0.54.9"), ("async-stripe", "1.0.0-rc.8")];

pub fn measure(args: &Args) -> Outcome<Vec<Row>> {
    if !args.deps {
        return Ok(Vec::new());
    }
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
    let folder = |name: &str| workspace.join(name.trim_start_matches("connectors-"));
    let ours = PROVIDERS.map(|name| (name, format!("{{ path = '{}' }}", folder(name).display())));
    let peers = PEERS.map(|(name, version)| (name, format!("\"={version}\"")));
    let built = |(name, source): &(&'static str, String)| {
        eprintln!("  building {name} from nothing ...");
        (*name, build(name, source, &workspace).map_err(|error| error.to_string()))
    };
    let peers = peers.each_ref().map(built);
    let ours = ours.each_ref().map(built);
    let compare = |what: &str, unit, figure: fn(&Built) -> f64| {
        let floor = peers.iter().filter_map(|(_, built)| Some(figure(built.as_ref().ok()?))).reduce(f64::min);
        let row = |(name, built): &(&str, Result<Built, String>)| {
            let name = format!("build/{what}/{name}");
            match built {
                Ok(built) => Row::new(name, unit, figure(built)).floor(floor.unwrap_or_default()),
                Err(error) => Row::missing(name, unit, error),
            }
        };
        ours.iter().chain(&peers).map(row).collect::<Vec<_>>()
    };
    let mut rows = compare("crates", "crates", |built| built.crates);
    rows.extend(compare("cold", "s", |built| built.seconds));
    Ok(rows)
}

struct Built {
    crates: f64,
    seconds: f64,
}

/// A project that depends on this crate alone, with its default features, built in debug mode.
fn build(name: &str, source: &str, workspace: &Path) -> Outcome<Built> {
    let project = Scratch::new(name)?;
    let manifest =
        format!("[package]\nname = \"cold\"\nedition = \"2024\"\n\n[dependencies]\n{name} = {source}\n\n[workspace]\n");
    fs::create_dir(project.0.join("src"))?;
    fs::write(project.0.join("Cargo.toml"), manifest)?;
    fs::write(project.0.join("src/lib.rs"), "")?;
    // The versions that all share with us are the same for all.
    fs::copy(workspace.join("Cargo.lock"), project.0.join("Cargo.lock"))?;
    let here = |command: &str| {
        let mut cargo = cargo();
        cargo.arg(command).current_dir(&project.0);
        cargo
    };
    succeed(here("fetch").arg("--quiet"))?;
    let crates = distinct(&depths(&mut here("tree"))?) - 1.0;
    let started = Instant::now();
    succeed(here("build").args(["--quiet", "--offline", "--target-dir"]).arg(project.0.join("target")))?;
    Ok(Built { crates, seconds: started.elapsed().as_secs_f64() })
}

fn succeed(command: &mut Command) -> Outcome {
    let status = command.status()?;
    if status.success() { Ok(()) } else { Err(format!("cargo ended with {status}").into()) }
}

/// A folder that goes away again.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Outcome<Self> {
        let folder = std::env::temp_dir().join(format!("connectors-report-{}-{name}", std::process::id()));
        fs::create_dir(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What stays behind is in the system's folder for such things.
        let _ = fs::remove_dir_all(&self.0);
    }
}
