//! The letters on a frame: lines, so that a picture looks the same wherever it is shown, without a font.

/// How wide and how high a letter is, and how far apart two begin.
pub(super) const WIDTH: f64 = 4.0;
pub(super) const HEIGHT: f64 = 6.0;
pub(super) const ADVANCE: f64 = 6.0;

/// Lines from point to point, of letters as upper case.
pub(super) type Lines = Vec<Vec<(f64, f64)>>;

/// The lines of a text in one row, from (0, 0) on, with `ADVANCE` from letter to letter; the letter that there is none of
/// otherwise. Letters are drawn as capitals.
pub(super) fn lines(text: &str) -> Result<(Lines, f64), char> {
    let (mut lines, mut x) = (Lines::new(), 0.0);
    for letter in text.chars().flat_map(char::to_uppercase) {
        let (base, mark) = split(letter);
        for (points, dy) in [(glyph(base).ok_or(letter)?, 0.0), (mark, -2.0)] {
            lines.extend(points.split(' ').filter(|line| !line.is_empty()).map(|line| polyline(line, x, dy)));
        }
        x += ADVANCE;
    }
    Ok((lines, (x - ADVANCE + WIDTH).max(0.0)))
}

/// Pairs of digits: how far right, how far down.
fn polyline(digits: &str, dx: f64, dy: f64) -> Vec<(f64, f64)> {
    let number = |digit: u8| f64::from(digit.wrapping_sub(b'0'));
    digits
        .as_bytes()
        .chunks_exact(2)
        .filter_map(|pair| <[u8; 2]>::try_from(pair).ok())
        .map(|[x, y]| (number(x) + dx, number(y) + dy))
        .collect()
}

/// A letter and the mark above it.
fn split(letter: char) -> (char, &'static str) {
    const DOTS: &str = "1010 3030";
    const ACUTE: &str = "2130";
    const GRAVE: &str = "1021";
    const HAT: &str = "112031";
    const TILDE: &str = "01102130";
    match letter {
        'Ä' => ('A', DOTS),
        'Ë' => ('E', DOTS),
        'Ï' => ('I', DOTS),
        'Ö' => ('O', DOTS),
        'Ü' => ('U', DOTS),
        'Á' => ('A', ACUTE),
        'É' => ('E', ACUTE),
        'Í' => ('I', ACUTE),
        'Ó' => ('O', ACUTE),
        'Ú' => ('U', ACUTE),
        'Ý' => ('Y', ACUTE),
        'À' => ('A', GRAVE),
        'È' => ('E', GRAVE),
        'Ì' => ('I', GRAVE),
        'Ò' => ('O', GRAVE),
        'Ù' => ('U', GRAVE),
        'Â' => ('A', HAT),
        'Ê' => ('E', HAT),
        'Î' => ('I', HAT),
        'Ô' => ('O', HAT),
        'Û' => ('U', HAT),
        'Ã' => ('A', TILDE),
        'Ñ' => ('N', TILDE),
        'Õ' => ('O', TILDE),
        'Å' => ('A', "2020"),
        other => (other, ""),
    }
}

fn glyph(letter: char) -> Option<&'static str> {
    Some(match letter {
        ' ' => "",
        'A' => "0602204246 0444",
        'B' => "06003041423303 3344453606",
        'C' => "4130100105163645",
        'D' => "06003041453606",
        'E' => "40000646 0333",
        'F' => "400006 0333",
        'G' => "41301001051636454323",
        'H' => "0006 4046 0343",
        'I' => "2026 1030 1636",
        'J' => "4045361605",
        'K' => "0006 400346",
        'L' => "000646",
        'M' => "0600234046",
        'N' => "06004640",
        'O' => "103041453616050110",
        'P' => "06003041423303",
        'Q' => "103041453616050110 2446",
        'R' => "06003041423303 2346",
        'S' => "413010010213334445361605",
        'T' => "0040 2026",
        'U' => "000516364540",
        'V' => "002640",
        'W' => "0016233640",
        'X' => "0046 4006",
        'Y' => "002340 2326",
        'Z' => "00400646",
        '0' => "103041453616050110 1432",
        '1' => "112026 1636",
        '2' => "01103041420646",
        '3' => "0110304142334445361605 2333",
        '4' => "36300444",
        '5' => "400002324345361605",
        '6' => "4130100105163645443303",
        '7' => "004016",
        '8' => "103041423313020110 1304051636454433",
        '9' => "0516364541301001021343",
        '!' => "2024 2626",
        '?' => "011030414224 2626",
        '.' => "2626",
        ',' => "2617",
        ':' => "2222 2525",
        '-' => "1333",
        '+' => "0343 2125",
        '/' => "0640",
        '\'' => "2021",
        '"' => "1011 3031",
        '&' => "4612112031320405163644",
        '(' => "30111536",
        ')' => "10313516",
        '#' => "1016 3036 0242 0444",
        '%' => "0640 0101 4545",
        '=' => "0242 0444",
        '_' => "0646",
        '€' => "4130100105163645 0232 0434",
        '→' => "0343 2143 2543",
        'Ø' => "103041453616050110 0640",
        'Ç' => "4130100105163645 2617",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_stays_within_its_place() {
        let text = "ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789 !?.,:-+/'\"&()#%=_€→ØÇ äëïöü áéíóúý àèìòù âêîôû ãñõ å";
        for letter in text.chars() {
            let (lines, width) = lines(&letter.to_string()).unwrap();
            assert!(letter == ' ' || !lines.is_empty(), "{letter}");
            assert!((width - WIDTH).abs() < 1e-9);
            for (x, y) in lines.into_iter().flatten() {
                assert!((0.0..=WIDTH).contains(&x) && (-2.0..=HEIGHT + 1.0).contains(&y), "{letter}: {x}, {y}");
            }
        }
        assert_eq!(lines("maß").unwrap().0, lines("MASS").unwrap().0);
        assert_eq!(lines("食").unwrap_err(), '食');
    }
}
