//! The fakes as a program, for clients in any language.

mod failure;
mod serve;
#[cfg(feature = "live")]
mod verify_live;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::failure::Failure;

/// Offline fakes of Brandscopic, Placer.ai, Smartsheet and QR TIGER: no key, no network
#[derive(Debug, Parser)]
#[command(name = "connectors-mock", version)]
struct Program {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Options),
    #[cfg(feature = "live")]
    VerifyLive(verify_live::Options),
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Program::parse().command {
        Command::Serve(options) => serve::run(options).await,
        #[cfg(feature = "live")]
        Command::VerifyLive(options) => verify_live::run(options).await,
    };
    done.map_or_else(Failure::report, |()| ExitCode::SUCCESS)
}
