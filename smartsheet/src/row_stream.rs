//! Reading a sheet row by row while it comes.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use connectors_core::provider::{Call, decode_json};
use connectors_core::{Error, ErrorKind, Meta, ResponseBody, Result, TransportError};
use futures_core::Stream;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::PROVIDER;
use crate::model::{ErrorBody, Row, Sheet, SheetId};
use crate::row_scan::{Found, RowScan};

/// The rows of a sheet, one by one, as they come from the socket:
/// [`GetSheet::stream_rows`](crate::GetSheet::stream_rows).
///
/// It holds one row at a time, so that a sheet of any size takes the same few MiB. It ends with `None` only when the
/// sheet has come to its proper end: an answer that breaks off, or has anything behind it, ends in an error, after
/// which there are no more rows. Those before it stand. Nothing is sent again once there is a stream. Dropping it gives
/// the request up.
///
/// Whether these are all rows of the sheet depends on what was asked for: compare [`rows_read`](Self::rows_read) with
/// [`Sheet::total_row_count`].
///
/// A row of more than 8 MiB is refused as [`BodyTooLarge`](ErrorKind::BodyTooLarge), as is more than that besides the
/// rows.
#[must_use = "rows come only when they are asked for"]
pub struct RowStream {
    source: Source,
    sheet: Sheet,
    /// How much of what is besides the rows is in `sheet`.
    decoded: usize,
}

/// The answer, and how far it has been read.
struct Source {
    /// `None` at the end.
    body: Option<ResponseBody>,
    piece: Bytes,
    from: usize,
    scan: RowScan,
    rows_read: u64,
    operation: &'static str,
    meta: Meta,
}

enum Step {
    Rows,
    Row(Row),
    End,
}

impl RowStream {
    /// Reads up to the rows. `None` when the sheet was wanted only if it has changed, and has not.
    pub(crate) async fn open(
        call: Call,
        operation: &'static str,
        asked: SheetId,
        always: bool,
    ) -> Result<Option<Self>> {
        let (body, meta) = call.stream().await?.into_parts();
        let (piece, scan) = (Bytes::new(), RowScan::new());
        let mut source = Source { body: Some(body), piece, from: 0, scan, rows_read: 0, operation, meta };
        let step = poll_fn(|cx| source.poll_step(cx)).await.map_err(|error| source.fail(error))?;
        if matches!(step, Step::End) && !always && !has_id(&source.scan.others()) {
            return Ok(None);
        }
        let others = source.scan.others();
        // What lacks its id is not final.
        let decoded = if has_id(&others) { source.scan.others_len() } else { 0 };
        let sheet = besides(&others, asked, matches!(step, Step::Rows)).map_err(|error| source.fail(error))?;
        Ok(Some(Self { source, sheet, decoded }))
    }

    /// The sheet without its rows. What comes behind them, as a rule nothing, is in it after the last one.
    pub fn sheet(&self) -> &Sheet {
        &self.sheet
    }

    /// How many rows there were until now.
    pub fn rows_read(&self) -> u64 {
        self.source.rows_read
    }

    /// The circumstances of the call.
    pub fn meta(&self) -> &Meta {
        &self.source.meta
    }

    /// The next row, as [`Stream::poll_next`] gives it.
    pub async fn next(&mut self) -> Option<Result<Row>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    fn poll_row(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Row>>> {
        loop {
            match ready!(self.source.poll_step(cx))? {
                Step::Rows => {}
                Step::Row(row) => return Poll::Ready(Ok(Some(row))),
                Step::End => break,
            }
        }
        if self.source.scan.others_len() != self.decoded {
            self.decoded = self.source.scan.others_len();
            self.sheet = besides(&self.source.scan.others(), self.sheet.id, false)?;
        }
        Poll::Ready(Ok(None))
    }
}

impl Stream for RowStream {
    type Item = Result<Row>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if this.source.body.is_none() {
            return Poll::Ready(None);
        }
        Poll::Ready(match ready!(this.poll_row(cx)) {
            Ok(row) => row.map(Ok),
            Err(error) => Some(Err(this.source.fail(error))),
        })
    }
}

impl Source {
    fn poll_step(&mut self, cx: &mut Context<'_>) -> Poll<Result<Step>> {
        loop {
            match self.scan.find(&self.piece, &mut self.from)? {
                Found::Row(json) => {
                    let row = decode_json(json).map_err(|error| in_row(self.rows_read, error))?;
                    self.rows_read += 1;
                    return Poll::Ready(Ok(Step::Row(row)));
                }
                Found::Rows => return Poll::Ready(Ok(Step::Rows)),
                Found::Nothing => {}
            }
            let Some(body) = &mut self.body else { return Poll::Ready(Ok(Step::End)) };
            if let Some(piece) = ready!(Pin::new(body).poll_next(cx)) {
                (self.piece, self.from) = (piece.map_err(broken_off)?, 0);
            } else {
                self.scan.end()?;
                self.body = None;
            }
        }
    }

    /// Ends it, and says in the error where it comes from.
    fn fail(&mut self, error: Error) -> Error {
        self.body = None;
        let error = error.with_origin(PROVIDER, self.operation).with_status(self.meta.status);
        let error = error.with_attempts(self.meta.attempts, self.meta.elapsed);
        match &self.meta.request_id {
            Some(id) => error.with_request_id(id.clone()),
            None => error,
        }
    }
}

fn in_row(index: u64, error: Error) -> Error {
    let path = match error.json_path() {
        Some(path) => format!("rows[{index}].{path}"),
        None => format!("rows[{index}]"),
    };
    error.with_json_path(path)
}

fn broken_off(error: TransportError) -> Error {
    Error::new(ErrorKind::Interrupted, "the sheet broke off in the middle").with_source(error)
}

#[derive(Deserialize)]
struct Probe {
    id: Option<IgnoredAny>,
}

fn has_id(object: &[u8]) -> bool {
    serde_json::from_slice::<Probe>(object).is_ok_and(|probe| probe.id.is_some())
}

/// The sheet without its rows. Its id may come behind them: before the rows it is the one that was asked for.
fn besides(object: &[u8], asked: SheetId, before_rows: bool) -> Result<Sheet> {
    if has_id(object) {
        return decode_json(object);
    }
    let refused: ErrorBody = serde_json::from_slice(object).unwrap_or_default();
    if let Some(code) = refused.error_code {
        let message = refused.message.unwrap_or_else(|| "Smartsheet failed".to_owned());
        return Err(Error::new(ErrorKind::Server, message).with_code(code).with_body(object));
    }
    if !before_rows {
        return decode_json(object);
    }
    let members = object.strip_prefix(b"{").unwrap_or_default();
    let comma = if members == b"}" { "" } else { "," };
    decode_json(&[format!("{{\"id\":{asked}{comma}").as_bytes(), members].concat())
}

impl Unpin for RowStream {}

impl fmt::Debug for RowStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowStream")
            .field("sheet", &self.sheet.id)
            .field("rows_read", &self.source.rows_read)
            .finish_non_exhaustive()
    }
}
