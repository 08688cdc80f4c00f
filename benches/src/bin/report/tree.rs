//! How many crates a user of one provider gets, against what reqwest brings by itself.

use std::collections::BTreeSet;
use std::env;
use std::process::Command;

use crate::Outcome;
use crate::args::Args;
use crate::table::{Row, count};

/// How many more than reqwest's own.
const ALLOWANCE: f64 = 30.0;

pub const PROVIDERS: [&str; 4] =
    ["connectors-brandscopic", "connectors-placer", "connectors-smartsheet", "connectors-qrtiger"];

pub fn measure(args: &Args) -> Outcome<Vec<Row>> {
    let floor = count(below("reqwest", &tree(&["-p", "connectors-core", "--no-dedupe"])?).len() as u64);
    let row = |provider: &&str| {
        let crates = distinct(&tree(&["-p", provider])?);
        Ok(Row::new(name(provider), "crates", crates).floor(floor).budget(floor + ALLOWANCE))
    };
    PROVIDERS.iter().filter(|provider| args.wants(&name(provider))).map(row).collect()
}

fn name(provider: &str) -> String {
    format!("tree/{provider}")
}

/// Cargo, at work on this workspace.
pub fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
    cargo
}

/// The normal dependencies, each line with its depth in front.
fn tree(options: &[&str]) -> Outcome<String> {
    depths(cargo().args(["tree", "--locked"]).args(options))
}

/// As [`tree`], by this call of `cargo tree`.
pub fn depths(cargo_tree: &mut Command) -> Outcome<String> {
    let output = cargo_tree.args(["-e", "normal", "--prefix", "depth"]).output()?;
    if !output.status.success() {
        return Err(format!("cargo tree: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// A line's depth, and the crate with its version.
fn entry(line: &str) -> Option<(usize, &str)> {
    let name = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let depth = line.strip_suffix(name)?.parse().ok()?;
    Some((depth, name.split(" (").next().unwrap_or(name)))
}

/// How many crates there are, the root included.
pub fn distinct(tree: &str) -> f64 {
    let crates: BTreeSet<_> = tree.lines().filter_map(entry).map(|(_, name)| name).collect();
    count(crates.len() as u64)
}

/// The crate of this name and all that it brings.
fn below<'a>(name: &str, tree: &'a str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut inside = None;
    for (depth, entry) in tree.lines().filter_map(entry) {
        if entry.split(' ').next() == Some(name) {
            inside = Some(depth);
        } else if inside.is_some_and(|at| depth <= at) {
            inside = None;
        }
        if inside.is_some() {
            found.insert(entry);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: &str = "0connectors-core v0.1.0 (/somewhere)\n1bytes v1.11.0\n1reqwest v0.13.5\n2bytes v1.11.0\n\
                        2hyper v1.12.0\n3http v1.4.0\n1serde v1.0.0\n2serde_core v1.0.0 (*)\n1bytes v1.11.0\n";

    #[test]
    fn crates_are_counted_once() {
        assert_eq!(distinct(TREE).to_string(), "7");
        assert_eq!(entry("12serde v1.0.0 (proc-macro)"), Some((12, "serde v1.0.0")));
    }

    #[test]
    fn what_a_crate_brings_ends_where_its_siblings_begin() {
        let brought: Vec<_> = below("reqwest", TREE).into_iter().collect();
        assert_eq!(brought, ["bytes v1.11.0", "http v1.4.0", "hyper v1.12.0", "reqwest v0.13.5"]);
    }
}
