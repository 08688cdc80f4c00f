//! Reading a sheet of half a million cells into the client's own type, against the least that `serde_json` can do, and
//! beside the model of another client.

use std::borrow::Cow;
use std::fs;
use std::hint::black_box;

use connectors_benches::sheet;
use connectors_core::provider::decode_json;
use connectors_smartsheet::Sheet;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::args::Args;
use crate::table::{Row, count};
use crate::timing::{best_of, timed};
use crate::{Outcome, alloc};

/// How much longer it may take than the floor, and how much heap for each byte of the answer.
const RATIO: f64 = 1.5;
/// Which part of the other client's time it may take.
const SHARE: f64 = 1.0 / 3.0;
const ROUNDS: u32 = 15;

/// What a reader cannot do without: ids, positions, and where each value stands in the text.
#[derive(Deserialize)]
struct Floor<'a> {
    id: i64,
    #[serde(borrow)]
    rows: Vec<FloorRow<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FloorRow<'a> {
    id: i64,
    row_number: u32,
    #[serde(borrow)]
    cells: Vec<FloorCell<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FloorCell<'a> {
    column_id: i64,
    #[serde(borrow)]
    value: Option<&'a RawValue>,
    #[serde(borrow)]
    display_value: Option<Cow<'a, str>>,
}

pub fn measure(args: &Args) -> Outcome<Vec<Row>> {
    let body = body(args)?;
    both_read_the_same(&body)?;
    let (sheet, heap) = alloc::counted(|| decode_json::<Sheet>(&body));
    drop(sheet?);
    let (floor_sheet, floor_heap) = alloc::counted(|| serde_json::from_slice::<Floor>(&body));
    drop(floor_sheet?);
    let ours = || timed(|| Ok(decode_json::<Sheet>(black_box(&body))?));
    let floor = || timed(|| Ok(serde_json::from_slice::<Floor>(black_box(&body))?));
    let theirs = || timed(|| Ok(serde_json::from_slice::<smartsheet_rs::models::Sheet>(black_box(&body))?));
    let times = best_of(ROUNDS, [&ours, &floor, &theirs])?.map(|time| time.as_secs_f64() * 1e3);
    let [time, floor_time, their_time] = times;
    let (their_sheet, their_heap) = alloc::counted(|| serde_json::from_slice::<smartsheet_rs::models::Sheet>(&body));
    drop(their_sheet?);
    let megabytes = |bytes: usize| count(bytes as u64) / 1e6;
    let payload = megabytes(body.len());
    eprintln!("  the sheet: {payload:.1} MB; the floor's heap: {:.1} MB", megabytes(floor_heap.peak));
    Ok(vec![
        Row::new("decode/sheet/time", "ms", time).floor(floor_time).budget(floor_time * RATIO),
        Row::new("decode/sheet/time/smartsheet-rs", "ms", their_time).floor(floor_time),
        Row::new("decode/sheet/share of smartsheet-rs's time", "x", time / their_time).budget(SHARE),
        Row::new("decode/sheet/heap", "MB", megabytes(heap.peak)).floor(payload).budget(payload * RATIO),
        Row::new("decode/sheet/heap/smartsheet-rs", "MB", megabytes(their_heap.peak)).floor(payload),
        Row::new("decode/sheet/allocations", "allocations", count(heap.allocations))
            .floor(count(floor_heap.allocations)),
    ])
}

/// The sheet that is asked for, or else one of half a million cells.
pub fn body(args: &Args) -> Outcome<Vec<u8>> {
    Ok(match &args.sheet {
        Some(file) => fs::read(file)?,
        None => sheet::json(20_000, 25)?,
    })
}

/// What is left out would cost nothing to read.
fn both_read_the_same(body: &[u8]) -> Outcome {
    let (sheet, floor) = (decode_json::<Sheet>(body)?, serde_json::from_slice::<Floor>(body)?);
    let ours = sheet.rows.iter().map(|row| {
        let cells = row.cells.iter().filter(|cell| !cell.value.is_empty());
        (row.id.get(), row.row_number, row.cells.len(), cells.map(|cell| cell.column_id.get()).sum::<i64>())
    });
    let theirs = floor.rows.iter().map(|row| {
        let shown = |cell: &&FloorCell| cell.value.is_some() || cell.display_value.is_some();
        (
            row.id,
            row.row_number,
            row.cells.len(),
            row.cells.iter().filter(shown).map(|cell| cell.column_id).sum::<i64>(),
        )
    });
    if sheet.id.get() == floor.id && ours.eq(theirs) { Ok(()) } else { Err("the two readers disagree".into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_readers_see_the_generated_sheet() {
        both_read_the_same(&sheet::json(20, 25).unwrap()).unwrap();
        assert!(both_read_the_same(br#"{"rows":[]}"#).is_err());
    }
}
