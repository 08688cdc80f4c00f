//! Reading a sheet row by row from a socket: it must not matter how large it is.

use connectors_benches::{KEY, sheet};
use connectors_smartsheet::{SheetId, SmartsheetClient};

use crate::args::Args;
use crate::server::Server;
use crate::table::{Row, count};
use crate::timing::{best_of, timed};
use crate::{Outcome, alloc, decode, virtually};

/// The most memory it may take.
const PEAK: f64 = 16.0;
const ROUNDS: u32 = 7;
/// How much larger the other sheet is.
const TIMES: u32 = 4;

pub fn measure(args: &Args) -> Outcome<Vec<Row>> {
    let mut rows = Vec::new();
    let once = Server::of(decode::body(args)?)?;
    for name in ["stream/sheet/peak", "stream/sheet x 4/peak"].into_iter().filter(|name| args.wants(name)) {
        let larger = if name.contains(" x ") { Some(Server::of(sheet::json(20_000 * TIMES, 25)?)?) } else { None };
        let server = larger.as_ref().unwrap_or(&once);
        // The first request sets up what stays.
        streamed(server)?;
        // What the server takes to send it is in it.
        let (read, heap) = alloc::counted(|| streamed(server));
        let mebibytes = count(heap.peak as u64) / f64::from(1 << 20);
        eprintln!("  {} rows", read?);
        rows.push(Row::new(name, "MiB", mebibytes).budget(PEAK));
    }
    if args.wants("stream/sheet/time") {
        let row_by_row = || timed(|| streamed(&once));
        let whole = || timed(|| self::whole(&once));
        let [time, floor] = best_of(ROUNDS, [&row_by_row, &whole])?.map(|time| time.as_secs_f64() * 1e3);
        rows.push(Row::new("stream/sheet/time", "ms", time).floor(floor));
    }
    Ok(rows)
}

fn client(server: &Server) -> Outcome<SmartsheetClient> {
    Ok(SmartsheetClient::builder().access_token(KEY).api_url(server.url()?).build()?)
}

/// How many rows there are.
fn streamed(server: &Server) -> Outcome<u64> {
    virtually(async {
        let mut rows = client(server)?.sheets().get(SheetId::new(500)).stream_rows().await?;
        while let Some(row) = rows.next().await {
            std::hint::black_box(row?);
        }
        Ok(rows.rows_read())
    })?
}

fn whole(server: &Server) -> Outcome<usize> {
    virtually(async { Ok(client(server)?.sheets().get(SheetId::new(500)).await?.rows.len()) })?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_see_every_row() {
        let server = Server::of(sheet::json(300, 25).unwrap()).unwrap();
        assert_eq!((streamed(&server).unwrap(), whole(&server).unwrap()), (300, 300));
    }
}
