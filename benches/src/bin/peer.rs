//! One client reading one sheet, as a process of its own: what `benches/peers/run.py` starts and times.

use std::env;
use std::error::Error;
use std::time::{Duration, Instant};

use connectors_benches::{KEY, sheet};
use connectors_smartsheet::{SheetId, SmartsheetClient};

const USAGE: &str = "\
Usage: peer generate FILE ROWS COLUMNS
       peer owned|stream|smartsheet-rs API_URL
";

type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Outcome {
    let words: Vec<_> = env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["generate", file, rows, columns] => Ok(std::fs::write(file, sheet::json(rows.parse()?, columns.parse()?)?)?),
        [client, url] => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            let started = Instant::now();
            let cells = runtime.block_on(read(client, url))?;
            tell(cells, started.elapsed());
            Ok(())
        }
        _ => Err(USAGE.into()),
    }
}

fn tell(cells: usize, took: Duration) {
    println!("{cells} {:.3}", took.as_secs_f64());
}

/// How many cells there are.
async fn read(client: &str, url: &str) -> Outcome<usize> {
    let ours = || SmartsheetClient::builder().access_token(KEY).api_url(url).build();
    let id = SheetId::new(500);
    match client {
        "owned" => Ok(ours()?.sheets().get(id).await?.rows.iter().map(|row| row.cells.len()).sum()),
        "stream" => {
            let (mut rows, mut cells) = (ours()?.sheets().get(id).stream_rows().await?, 0);
            while let Some(row) = rows.next().await {
                cells += row?.cells.len();
            }
            Ok(cells)
        }
        // Its own connector takes only https: what is timed is its model, and the fetching done for it.
        "smartsheet-rs" => {
            let body = reqwest::get(format!("{url}/sheets/500")).await?.error_for_status()?.bytes().await?;
            let sheet: smartsheet_rs::models::Sheet = serde_json::from_slice(&body)?;
            Ok(sheet.rows.iter().map(|row| row.cells.len()).sum())
        }
        _ => Err(USAGE.into()),
    }
}
