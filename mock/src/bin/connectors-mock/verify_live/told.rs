//! What came of asking a service.

use std::fmt;
use std::path::Path;

use connectors_mock::conformance::Report;
use connectors_mock::{Cassette, Comparison};
use serde::Serialize;

use crate::failure::Failure;

/// What holds, where the fake differs, and what was said.
#[derive(Debug)]
pub struct Told {
    pub requests: usize,
    pub report: Report,
    pub comparison: Comparison,
    pub cassette: Cassette,
}

/// The file of it, in which nobody is named.
#[derive(Serialize)]
struct Written<'a> {
    provider: &'a str,
    version: &'a str,
    requests: usize,
    conformant: bool,
    report: &'a Report,
    comparison: &'a Comparison,
}

impl Told {
    pub fn provider(&self) -> &str {
        self.cassette.provider()
    }

    pub fn is_conformant(&self) -> bool {
        self.report.is_conformant()
    }

    /// Writes the report, as text and as JSON, and the recording, and says where.
    pub fn write(&self, directory: &Path) -> Result<(), Failure> {
        let report = self.report.clone().without_values();
        let written = Written {
            provider: self.provider(),
            version: env!("CARGO_PKG_VERSION"),
            requests: self.requests,
            conformant: report.is_conformant(),
            report: &report,
            comparison: &self.comparison,
        };
        let json = serde_json::to_string_pretty(&written).map_err(|problem| Failure::failed(problem.to_string()))?;
        let name = format!("{}-{}", self.provider(), self.cassette.recorded_at().format("%Y%m%dT%H%M%SZ"));
        std::fs::create_dir_all(directory).map_err(|problem| unwritable(directory, &problem))?;
        println!();
        for (end, text) in [
            ("report.txt", format!("{report}\n\n{}\n", self.comparison)),
            ("report.json", json),
            ("cassette.json", self.cassette.to_json()),
        ] {
            let path = directory.join(format!("{name}-{end}"));
            std::fs::write(&path, text).map_err(|problem| unwritable(&path, &problem))?;
            println!("written: {}", path.display());
        }
        println!(
            "Before you send any of it to anybody, look through the cassette: what is not documented by the \
             service is replaced there (names of members, words, texts, ids, numbers), and recent dates are kept. With --values, only \
             what looks secret is, and the cassette is for you alone."
        );
        Ok(())
    }
}

fn unwritable(path: &Path, problem: &std::io::Error) -> Failure {
    Failure::failed(format!("{} cannot be written: {problem}", path.display()))
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (requests, left_out) = (self.requests, self.cassette.left_out());
        writeln!(f, "{}\n\n{}", self.report, self.comparison)?;
        write!(f, "{requests} requests, {} recorded, {left_out} left out", self.cassette.len())
    }
}
