//! Instructions and allocations of one piece of work: this program runs itself, with few and with many repetitions,
//! and takes the difference. What is done once (starting, connecting) falls out of it.

use std::env;
use std::process::{Command, Output};

use url::Url;

use crate::stacks::{Calls, STACKS};
use crate::table::count;
use crate::{Outcome, alloc, cache};

const FEW: u32 = 100;
const MANY: u32 = 600;

/// What one repetition costs.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// In user space; `None` without valgrind.
    pub instructions: Option<f64>,
    pub allocations: f64,
}

/// The probe that runs in the child: `probe SUBJECT URL REPETITIONS`. Prints the number of allocations.
pub fn child(arguments: &[String]) -> Outcome {
    let [subject, url, repetitions] = arguments else {
        return Err("usage: report probe SUBJECT URL REPETITIONS".into());
    };
    let (url, repetitions): (Url, u32) = (url.parse()?, repetitions.parse()?);
    let work = find(subject).ok_or_else(|| format!("no probe is called {subject}"))?;
    let (outcome, heap) = alloc::counted(|| work(&url, repetitions));
    outcome?;
    println!("{}", heap.allocations);
    Ok(())
}

fn find(subject: &str) -> Option<Calls> {
    STACKS.into_iter().chain(cache::PROBES).find(|(name, _)| *name == subject).map(|(_, work)| work)
}

/// What one repetition of `subject` costs; `url` is where its server is.
pub fn cost(subject: &str, url: &Url) -> Outcome<Cost> {
    let (few, many) = (sample(subject, url, FEW)?, sample(subject, url, MANY)?);
    let each = |few: u64, many: u64| count(many.saturating_sub(few)) / f64::from(MANY - FEW);
    Ok(Cost {
        instructions: few.instructions.zip(many.instructions).map(|(few, many)| each(few, many)),
        allocations: each(few.allocations, many.allocations),
    })
}

struct Sample {
    instructions: Option<u64>,
    allocations: u64,
}

fn sample(subject: &str, url: &Url, repetitions: u32) -> Outcome<Sample> {
    let program = env::current_exe()?;
    let instrumented = has_valgrind();
    let mut command = if instrumented {
        let mut command = Command::new("valgrind");
        command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    let Output { status, stdout, stderr } =
        command.args(["probe", subject, url.as_str(), &repetitions.to_string()]).output()?;
    let told = String::from_utf8_lossy(&stderr);
    if !status.success() {
        return Err(format!("the probe {subject} failed: {told}").into());
    }
    let instructions = if instrumented { Some(collected(&told).ok_or("valgrind tells no total")?) } else { None };
    Ok(Sample { instructions, allocations: String::from_utf8(stdout)?.trim().parse()? })
}

pub fn has_valgrind() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok_and(|output| output.status.success())
}

/// The total in what callgrind says at its end: `==7== Collected : 123456`.
fn collected(told: &str) -> Option<u64> {
    told.lines().find_map(|line| line.split_once("Collected : ")?.1.split_whitespace().next()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_found_in_what_callgrind_says() {
        let told = "==19331== Callgrind, a call-graph generating cache profiler\n\
                    ==19331== For interactive control, run 'callgrind_control -h'.\n\
                    ==19331== \n==19331== Events    : Ir\n==19331== Collected : 128417723\n==19331== \n";
        assert_eq!(collected(told), Some(128_417_723));
        assert_eq!(collected("==1== Collected : nothing"), None);
        assert_eq!(collected(""), None);
    }

    #[test]
    fn no_probe_is_without_a_name_of_its_own() {
        let names: std::collections::HashSet<_> = STACKS.iter().chain(&cache::PROBES).map(|(name, _)| name).collect();
        assert_eq!(names.len(), STACKS.len() + cache::PROBES.len());
        assert!(find("hyper").is_some() && find("anything else").is_none());
    }
}
