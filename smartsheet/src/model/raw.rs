//! Reading JSON text in place: what most cells are made of, without an allocation more than the value needs.

use memchr::memchr2;

/// A JSON string without its quotes, as `T`; `None` when it is something else.
pub(crate) fn text<T: for<'a> From<&'a str> + From<String>>(json: &str) -> Option<T> {
    let inner = json.strip_prefix('"')?.strip_suffix('"')?;
    if memchr::memchr(b'\\', inner.as_bytes()).is_some() {
        unescaped(inner).or_else(|| serde_json::from_str(json).ok()).map(T::from)
    } else {
        Some(T::from(inner))
    }
}

/// With the escapes that are one character each, as nearly all are.
fn unescaped(mut rest: &str) -> Option<String> {
    let (mut count, mut within) = (0, false);
    for byte in rest.bytes() {
        within = !within && byte == b'\\';
        count += usize::from(within);
    }
    let mut text = String::with_capacity(rest.len().checked_sub(count)?);
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        let (before, behind) = rest.split_at_checked(at)?;
        text.push_str(before);
        let mut chars = behind.chars();
        text.push(match chars.nth(1)? {
            same @ ('"' | '\\' | '/') => same,
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\u{8}',
            'f' => '\u{c}',
            _ => return None,
        });
        rest = chars.as_str();
    }
    text.push_str(rest);
    Some(text)
}

/// Takes well-formed JSON text without white space apart. Where it meets anything else it gives up with `None`, or
/// something that is no better: whoever asks has to have the text checked first, and another way to read it.
pub(super) struct Scan<'a> {
    rest: &'a str,
}

impl<'a> Scan<'a> {
    pub(super) fn new(json: &'a str) -> Self {
        Self { rest: json }
    }

    /// Takes this, if it comes next.
    pub(super) fn take(&mut self, literal: &str) -> bool {
        match self.rest.strip_prefix(literal) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// The next byte, which is taken: one of punctuation.
    pub(super) fn punctuation(&mut self) -> Option<u8> {
        let byte = *self.rest.as_bytes().first()?;
        self.rest = self.rest.get(1..)?;
        Some(byte)
    }

    /// An integer of at most 18 digits.
    pub(super) fn integer(&mut self) -> Option<i64> {
        let (mut value, mut len) = (0_i64, 0_usize);
        for byte in self.rest.bytes() {
            match byte {
                b'0'..=b'9' if len < 18 => value = value * 10 + i64::from(byte - b'0'),
                b',' | b'}' => break,
                _ => return None,
            }
            len += 1;
        }
        self.rest = self.rest.get(len..)?;
        (len > 0).then_some(value)
    }

    /// The name of a member, with the colon behind it.
    pub(super) fn name(&mut self) -> Option<&'a str> {
        let at = memchr2(b'"', b'\\', self.rest.as_bytes())?;
        let (name, rest) = self.rest.split_at_checked(at)?;
        self.rest = rest.strip_prefix("\":")?;
        Some(name)
    }

    /// A whole value.
    pub(super) fn value(&mut self) -> Option<&'a str> {
        let bytes = self.rest.as_bytes();
        let len = match bytes.first()? {
            b'"' => string(bytes)?,
            b'{' | b'[' => nested(bytes)?,
            _ => bytes.iter().position(|byte| matches!(byte, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t'))?,
        };
        let (value, rest) = self.rest.split_at_checked(len)?;
        self.rest = rest;
        Some(value)
    }
}

/// How long the string is that `bytes` begin with.
fn string(bytes: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        at += memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes.get(at) == Some(&b'"') {
            return Some(at + 1);
        }
        at += 2;
    }
}

/// How long the object or array is that `bytes` begin with.
fn nested(bytes: &[u8]) -> Option<usize> {
    let (mut at, mut depth) = (0, 0_usize);
    loop {
        match bytes.get(at)? {
            b'"' => {
                at += string(bytes.get(at..)?)?;
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_read_as_serde_json_reads_them() {
        for json in
            [r#""""#, r#""a""#, r#""\"""#, r#""\\\\n\n""#, r#""x\/\b\f\r\t–\"y\"""#, r#""\u00e9\ud83d\ude00\n""#]
        {
            assert_eq!(text::<String>(json), serde_json::from_str(json).ok(), "{json}");
        }
        assert_eq!(text::<String>("12"), None);
        assert_eq!(text::<String>(r#""\ud83d""#), None);
    }
}
