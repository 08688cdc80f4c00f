//! What `serve` can be told.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use connectors_mock::Latency;

use crate::failure::Failure;

/// Serve the fakes over HTTP
///
/// Prints a base URL per line. Below /__mock, every port has a page that shows what is going on, and an API to control
/// it.
#[derive(Debug, Args)]
pub struct Options {
    /// All services below one port, each at its own path, but for those with ports of their own; so if none is named
    #[arg(long)]
    pub all: bool,
    /// The port of --all; 0 for any that is free
    #[arg(long, value_name = "PORT", default_value_t = 8091)]
    pub port: u16,
    /// Brandscopic on a port of its own
    #[arg(long, value_name = "PORT")]
    pub brandscopic: Option<u16>,
    /// Placer.ai on a port of its own
    #[arg(long, value_name = "PORT")]
    pub placer: Option<u16>,
    /// Smartsheet on a port of its own
    #[arg(long, value_name = "PORT")]
    pub smartsheet: Option<u16>,
    /// QR TIGER on a port of its own
    #[arg(long, value_name = "PORT")]
    pub qrtiger: Option<u16>,
    /// Where to listen; whoever can reach the address can use the fakes
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub bind: IpAddr,
    /// Other ids and data, and other faults
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
    /// How long answers take: 80ms, 50ms..150ms, nearby, overseas or mobile
    #[arg(long, value_parser = latency)]
    pub latency: Option<Latency>,
    /// This share of all requests goes wrong: 5% or 0.05
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub faults: Option<f64>,
    /// What the services hold besides at first: a JSON file with a setup for each
    #[arg(long, value_name = "FILE")]
    pub initial: Option<PathBuf>,
    /// Goes on from this file, and saves to it what the services hold
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// Writes every request to this file, as a line of JSON
    #[arg(long, value_name = "FILE")]
    pub journal: Option<PathBuf>,
    /// Refuses what the real services ignore in silence; ends with status 1 if anything was asked for that none has
    #[arg(long)]
    pub strict: bool,
    /// Refuses nothing for being too much
    #[arg(long)]
    pub no_quotas: bool,
    /// In whose words Brandscopic fails before it has understood a request; both contracts are served
    #[arg(long, value_name = "CONTRACT", default_value = "gateway")]
    pub brandscopic_contract: Contract,
}

/// The contracts of Brandscopic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Contract {
    Native,
    Gateway,
}

fn latency(text: &str) -> Result<Latency, String> {
    text.parse().map_err(|problem: connectors_core::Error| problem.message().to_owned())
}

/// `5%` or `0.05`.
fn share(text: &str) -> Result<f64, String> {
    let number = match text.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().map(|percent| percent / 100.0),
        None => text.parse(),
    };
    number
        .ok()
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| "must be a share of all requests such as 5% or 0.05; --seed says which go wrong".to_owned())
}

/// An address, and what is served there: services and their prefixes.
type Port = (SocketAddr, Vec<(&'static str, String)>);

impl Options {
    /// Which services are where: below which prefix of which port.
    pub fn places(&self) -> Result<Vec<Port>, Failure> {
        let wanted = [
            ("brandscopic", self.brandscopic),
            ("placer", self.placer),
            ("smartsheet", self.smartsheet),
            ("qrtiger", self.qrtiger),
        ];
        let together = self.all || wanted.iter().all(|(_, port)| port.is_none());
        let mut places = Vec::new();
        let shared: Vec<_> = wanted
            .iter()
            .filter(|(_, port)| together && port.is_none())
            .map(|(name, _)| (*name, format!("/{name}")))
            .collect();
        if !shared.is_empty() {
            places.push((SocketAddr::new(self.bind, self.port), shared));
        }
        let own = wanted.iter().filter_map(|(name, port)| Some((*name, (*port)?)));
        places.extend(own.map(|(name, port)| (SocketAddr::new(self.bind, port), vec![(name, String::new())])));
        let mut taken = BTreeMap::new();
        for (address, services) in places.iter().filter(|(address, _)| address.port() != 0) {
            let name =
                services.first().map_or("--all", |(name, prefix)| if prefix.is_empty() { name } else { "--all" });
            if let Some(other) = taken.insert(address.port(), name) {
                let port = address.port();
                return Err(Failure::Usage(format!(
                    "{other} and {name} cannot both have port {port}; give each its own"
                )));
            }
        }
        Ok(places)
    }
}
