//! What the program can be told.

use std::env::VarError;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use clap::Parser;
use secrecy::SecretString;

use crate::failure::Failure;

/// The port unless another is named.
const PORT: u16 = 8090;

/// The variables that hold secrets: arguments can be seen by everybody on the machine.
const TOKEN: &str = "CONNECTORS_DASHBOARD_TOKEN";
const KEY: &str = "CONNECTORS_DASHBOARD_KEY";

/// The page where all integrations are seen and worked: Brandscopic, Placer.ai, Smartsheet and QR TIGER
///
/// Prints its address, and runs until it is told to end. An integration whose keys are set by the environment
/// (SMARTSHEET_ACCESS_TOKEN, PLACER_API_KEY, QRTIGER_API_KEY, BRANDSCOPIC_API_KEY and so on) or on the page is the real
/// one; the others are fakes with sample data.
///
/// CONNECTORS_DASHBOARD_TOKEN or --token-file holds the token that browsers have to log in with, of at least 16
/// characters. CONNECTORS_DASHBOARD_KEY holds the key that seals what is entered on the page, 32 bytes in Base64; without
/// it there is a key file.
#[expect(clippy::doc_markdown, reason = "the help prints it as it stands")]
#[derive(Debug, Parser)]
#[command(name = "connectors-dashboard", version)]
pub struct Options {
    /// Where to listen [default: 127.0.0.1:8090, or another port if that is taken]; others than this machine need a token
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// The file with the token to log in with
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// Where everything is kept; made if it is not there
    #[arg(long, value_name = "FILE", default_value = "connectors-dashboard.db")]
    pub database: PathBuf,
    /// The key that seals what is entered; made if it is not there
    #[arg(long, value_name = "FILE", default_value = "connectors-dashboard.key")]
    pub key_file: PathBuf,
    /// The campaign to sync, as JSON; read anew for each sync
    #[arg(long, value_name = "FILE")]
    pub campaign: Option<PathBuf>,
    /// What has no key is not set up, instead of a fake with sample data
    #[arg(long)]
    pub no_sample: bool,
    /// Browsers come over https, through a proxy: cookies are for https alone; needs a token
    #[arg(long)]
    pub behind_tls: bool,
}

impl Options {
    /// Where to listen.
    pub fn address(&self) -> SocketAddr {
        self.listen.unwrap_or_else(|| (Ipv4Addr::LOCALHOST, PORT).into())
    }

    /// The token to log in with.
    pub fn token(&self) -> Result<Option<SecretString>, Failure> {
        let token = match &self.token_file {
            Some(file) => {
                let token = fs::read_to_string(file)
                    .map_err(|error| Failure::failed(format!("the token file {}: {error}", file.display())))?;
                Some(token)
                    .filter(|token| !token.trim().is_empty())
                    .map(Some)
                    .ok_or_else(|| Failure::Usage(format!("the token file {} holds no token", file.display())))?
            }
            None => text(TOKEN)?,
        };
        if token.is_none() && self.behind_tls {
            return Err(Failure::Usage(format!(
                "whoever the proxy lets through could use the dashboard: set a token of at least 16 characters by {TOKEN} \
                 or --token-file"
            )));
        }
        let address = self.address();
        if token.is_none() && !address.ip().is_loopback() {
            return Err(Failure::Usage(format!(
                "whoever can reach {address} could use the dashboard: set a token of at least 16 characters by {TOKEN} or \
                 --token-file, or listen on 127.0.0.1"
            )));
        }
        Ok(token.map(SecretString::from))
    }

    /// The key that seals what is entered, unless it is in a file.
    pub fn key() -> Result<Option<SecretString>, Failure> {
        Ok(text(KEY)?.map(SecretString::from))
    }

    /// What holds that key.
    pub fn sealed_by(&self) -> String {
        variable(KEY).map_or_else(|| self.key_file.display().to_string(), |_| KEY.to_owned())
    }
}

/// The same, where to go on as if it said nothing would be to do without what it protects.
fn text(name: &str) -> Result<Option<String>, Failure> {
    match std::env::var(name) {
        Err(VarError::NotUnicode(_)) => Err(Failure::Usage(format!("{name} is no text"))),
        _ => Ok(variable(name)),
    }
}

/// What a variable says, unless it says nothing.
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}
