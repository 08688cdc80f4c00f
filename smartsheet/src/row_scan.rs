//! Where the rows are in the JSON of a sheet that comes in pieces.

use connectors_core::{Error, ErrorKind, Result};
use memchr::memchr2;

/// The most bytes that one row may have, or all besides the rows.
const CAP: usize = 8 << 20;

/// Takes a sheet apart while it comes: its rows one by one, and everything else together. It checks what holds the
/// parts together; the parts themselves are for the decoder to check.
#[derive(Debug)]
pub(crate) struct RowScan {
    at: At,
    /// The beginning of a row, or the name of a member.
    part: Vec<u8>,
    /// The members besides the rows, as an object that is not closed.
    others: Vec<u8>,
    rows_seen: bool,
}

#[derive(Debug, Clone, Copy)]
enum At {
    Start,
    /// Behind the opening brace.
    FirstName,
    /// Behind a comma.
    Name,
    Colon,
    RowsColon,
    Value,
    Rows,
    AfterValue,
    /// Behind the opening bracket.
    FirstRow,
    /// Behind a comma.
    Row,
    AfterRow,
    Inside(Part, Skim),
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Name,
    Value,
    Row,
}

/// What has been found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found<'a> {
    /// Nothing more in this piece.
    Nothing,
    /// The rows begin.
    Rows,
    /// The JSON of a row.
    Row(&'a [u8]),
}

impl RowScan {
    pub(crate) fn new() -> Self {
        Self { at: At::Start, part: Vec::new(), others: vec![b'{'], rows_seen: false }
    }

    /// Goes on in `piece` from `from`, up to the next find. To be called until there is nothing more in it.
    pub(crate) fn find<'a>(&'a mut self, piece: &'a [u8], from: &mut usize) -> Result<Found<'a>> {
        loop {
            let rest = piece.get(*from..).unwrap_or_default();
            let Some(&byte) = rest.first() else { return Ok(Found::Nothing) };
            if let At::Inside(part, skim) = &mut self.at {
                let (part, end) = (*part, skim.end_in(rest));
                let taken = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
                *from += taken.len();
                let kept = if part == Part::Value { &mut self.others } else { &mut self.part };
                within_cap(part, kept.len() + taken.len())?;
                match part {
                    // A row within one piece, as most are, is not copied.
                    Part::Row if end.is_some() && kept.is_empty() => {
                        self.at = At::AfterRow;
                        return Ok(Found::Row(taken));
                    }
                    _ => kept.extend_from_slice(taken),
                }
                match part {
                    _ if end.is_none() => {}
                    Part::Name => self.at = self.named()?,
                    Part::Value => self.at = At::AfterValue,
                    Part::Row => {
                        self.at = At::AfterRow;
                        return Ok(Found::Row(&self.part));
                    }
                }
                continue;
            }
            if matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                *from += 1;
                continue;
            }
            self.at = self.next(byte)?;
            match self.at {
                // What it begins with is part of it.
                At::Inside(..) => {}
                At::FirstRow => {
                    *from += 1;
                    return Ok(Found::Rows);
                }
                _ => *from += 1,
            }
        }
    }

    fn next(&mut self, byte: u8) -> Result<At> {
        let begins = !matches!(byte, b',' | b':' | b'}' | b']');
        Ok(match (self.at, byte) {
            (At::Start, b'{') => At::FirstName,
            (At::FirstName | At::Name, b'"') => {
                self.part.clear();
                At::Inside(Part::Name, Skim::of(byte))
            }
            (At::Colon, b':') => At::Value,
            (At::RowsColon, b':') => At::Rows,
            (At::Rows, b'[') => At::FirstRow,
            // Rows that are no array, such as null, are for the decoder.
            (At::Value | At::Rows, _) if begins => {
                if self.others.len() > 1 {
                    self.others.push(b',');
                }
                self.others.append(&mut self.part);
                self.others.push(b':');
                At::Inside(Part::Value, Skim::of(byte))
            }
            (At::FirstRow | At::Row, _) if begins => {
                self.part.clear();
                At::Inside(Part::Row, Skim::of(byte))
            }
            (At::AfterRow, b',') => At::Row,
            (At::AfterRow | At::FirstRow, b']') => At::AfterValue,
            (At::AfterValue, b',') => At::Name,
            (At::AfterValue | At::FirstName, b'}') => At::End,
            (At::Start, b'<') => {
                let page = "the provider answered with an HTML page instead of data";
                return Err(Error::new(ErrorKind::Server, page));
            }
            _ => return Err(Error::new(ErrorKind::Decode, "the answer is not JSON")),
        })
    }

    fn named(&mut self) -> Result<At> {
        let name = if self.part.contains(&b'\\') { serde_json::from_slice::<String>(&self.part).ok() } else { None };
        if self.part != b"\"rows\"" && name.as_deref() != Some("rows") {
            return Ok(At::Colon);
        }
        if self.rows_seen {
            return Err(Error::new(ErrorKind::Decode, "the answer has rows in two places"));
        }
        self.rows_seen = true;
        Ok(At::RowsColon)
    }

    /// What there was besides the rows until now, as an object.
    pub(crate) fn others(&self) -> Vec<u8> {
        [&self.others, &b"}"[..]].concat()
    }

    /// How much there was besides the rows.
    pub(crate) fn others_len(&self) -> usize {
        self.others.len()
    }

    /// Refuses to end anywhere else than where a sheet ends.
    pub(crate) fn end(&self) -> Result<()> {
        match self.at {
            At::End => Ok(()),
            At::Start => Err(Error::new(ErrorKind::Decode, "the answer is empty")),
            _ => Err(Error::new(ErrorKind::Decode, "the answer breaks off in the middle")),
        }
    }
}

fn within_cap(part: Part, len: usize) -> Result<()> {
    if len <= CAP {
        return Ok(());
    }
    let what = if part == Part::Row { "a row" } else { "the sheet without its rows" };
    Err(Error::new(ErrorKind::BodyTooLarge, format!("{what} is larger than {} MiB", CAP >> 20)))
}

/// How far a value has been passed over.
#[derive(Debug, Clone, Copy)]
struct Skim {
    /// Not a string, an object or an array.
    scalar: bool,
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl Skim {
    /// At the beginning of a value that begins with this byte.
    fn of(byte: u8) -> Self {
        Self { scalar: !matches!(byte, b'"' | b'{' | b'['), depth: 0, in_string: false, escaped: false }
    }

    /// How much of `bytes` belongs to the value, if it ends there.
    fn end_in(&mut self, bytes: &[u8]) -> Option<usize> {
        if self.scalar {
            let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t');
            return bytes.iter().position(ends);
        }
        let mut at = 0;
        loop {
            if self.escaped {
                bytes.get(at)?;
                self.escaped = false;
                at += 1;
            } else if self.in_string {
                at += memchr2(b'"', b'\\', bytes.get(at..)?)?;
                self.escaped = bytes.get(at) == Some(&b'\\');
                self.in_string = self.escaped;
                at += 1;
            } else {
                match bytes.get(at)? {
                    b'"' => self.in_string = true,
                    b'{' | b'[' => self.depth += 1,
                    b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                    _ => {}
                }
                at += 1;
            }
            if self.depth == 0 && !self.in_string {
                return Some(at);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows and the rest, however the text is cut.
    fn taken(json: &str, cut: usize) -> Result<(Vec<String>, String)> {
        let (mut scan, mut rows) = (RowScan::new(), Vec::new());
        for piece in json.as_bytes().chunks(cut) {
            let mut from = 0;
            loop {
                match scan.find(piece, &mut from)? {
                    Found::Nothing => break,
                    Found::Rows => assert!(rows.is_empty()),
                    Found::Row(row) => rows.push(String::from_utf8(row.to_vec()).unwrap()),
                }
            }
        }
        scan.end()?;
        Ok((rows, String::from_utf8(scan.others()).unwrap()))
    }

    #[test]
    fn rows_are_found_wherever_pieces_end() {
        let json = r#" {"id":1 , "name":"\"rows\":[é]","columns":[{"title":"}]"}], "rows" : [ {"a":"\\"}, {"b":[{"c":"]\""}]},7 ,[]] ,"tail":{"rows":[1]}, "n" : null } "#;
        let whole = taken(json, usize::MAX).unwrap();
        assert_eq!(whole.0, [r#"{"a":"\\"}"#, r#"{"b":[{"c":"]\""}]}"#, "7", "[]"]);
        let others = r#"{"id":1,"name":"\"rows\":[é]","columns":[{"title":"}]"}],"tail":{"rows":[1]},"n":null}"#;
        assert_eq!(whole.1, others);
        for cut in 1..json.len() {
            assert_eq!(taken(json, cut).unwrap(), whole, "{cut}");
        }
        assert_eq!(taken(r#"{"ro\u0077s":[1]}"#, 3).unwrap(), (vec!["1".to_owned()], "{}".to_owned()));
        assert_eq!(taken(r#"{"rows":null,"id":1}"#, 1).unwrap().1, r#"{"rows":null,"id":1}"#);
        assert_eq!(taken(r#"{"rows":[]}"#, 1).unwrap().1, "{}");
    }

    #[test]
    fn what_is_not_a_whole_sheet_is_refused() {
        let json = r#"{"id":1,"rows":[{"id":2},{"id":3}],"version":4}"#;
        for end in 0..json.len() {
            assert_eq!(taken(&json[..end], 5).unwrap_err().kind(), ErrorKind::Decode, "{end}");
        }
        for json in [
            "{} {}",
            "{},",
            "[]",
            "null",
            "{,}",
            r#"{"id":1,}"#,
            r#"{"rows":[1,]}"#,
            r#"{"rows":[,1]}"#,
            r#"{"rows":[1 2]}"#,
            r#"{"rows":[1}"#,
            r#"{"rows" [1]}"#,
            r#"{"rows":}"#,
            r#"{"rows":[1],"rows":[2]}"#,
            r#"{"id" 1}"#,
            r"{id:1}",
        ] {
            assert_eq!(taken(json, 3).unwrap_err().kind(), ErrorKind::Decode, "{json}");
        }
        assert_eq!(taken("\n<html>", 3).unwrap_err().kind(), ErrorKind::Server);
    }

    #[test]
    fn a_row_without_end_is_given_up() {
        let row = format!(r#"{{"rows":[{{"a":"{}"#, "x".repeat(CAP + 1));
        assert_eq!(taken(&row, 1 << 16).unwrap_err().kind(), ErrorKind::BodyTooLarge);
        let name = format!(r#"{{"a":"{}"#, "x".repeat(CAP + 1));
        assert_eq!(taken(&name, 1 << 16).unwrap_err().kind(), ErrorKind::BodyTooLarge);
    }
}
