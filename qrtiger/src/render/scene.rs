//! A picture as layers of shapes, from which both formats are made.

use connectors_core::{Error, Result};
use fast_qr::{ECL, QRBuilder, QRCode};

use super::letters;
use super::logo::Logo;
use super::shape::{Block, Shape};
use crate::model::{Fill, Looks};
use crate::{Color, Frame};

/// What the standard wants to be left blank around a code.
const QUIET: f64 = 4.0;

/// The corner squares.
const EYE: usize = 7;

/// The height of the text below a code, with what is blank around it.
const BAND: f64 = 7.0;

/// What still can be read below a code.
const MAX_LETTERS: usize = 30;

/// A picture. Lengths are in modules.
#[derive(Debug)]
pub(super) struct Scene {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) background: Option<[u8; 3]>,
    /// Where the code itself is, without what is blank around it: its corner and its side.
    pub(super) code: (f64, f64),
    pub(super) layers: Vec<Layer>,
    /// The logo, its corner and its side.
    pub(super) logo: Option<(Logo, f64, f64)>,
}

/// Shapes in one colour.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) fill: Fill,
    pub(super) shapes: Vec<Shape>,
}

impl Scene {
    pub(super) fn new(text: &str, looks: &Looks, logo: Option<Logo>) -> Result<Self> {
        // What a logo covers has to be made up for.
        let level = if logo.is_some() { ECL::H } else { ECL::Q };
        if text.is_empty() {
            return Err(Error::invalid("text", "must not be empty"));
        }
        let code = QRBuilder::new(text)
            .ecl(level)
            .build()
            .map_err(|_| Error::invalid("text", format!("has {} bytes, which no code holds", text.len())))?;
        let margin = if looks.frame.is_some() { QUIET + 1.0 } else { QUIET };
        let matrix = Matrix::new(&code, logo.is_some());
        let side = small(matrix.side);
        let width = side + 2.0 * margin;
        let [outer, inner] = looks.eye_shapes;
        let mut scene = Self {
            width,
            height: width,
            background: looks.background,
            code: (margin, side),
            layers: vec![
                Layer { fill: looks.modules.clone(), shapes: matrix.modules(looks.pattern) },
                Layer { fill: looks.eyes[0].clone(), shapes: matrix.eyes(|eye| eye.ring(outer)) },
                Layer { fill: looks.eyes[1].clone(), shapes: matrix.eyes(|eye| eye.core(inner)) },
            ],
            logo: logo.map(|logo| {
                let side = small(matrix.cleared) - 1.0;
                (logo, (width - side) / 2.0, side)
            }),
        };
        for shape in scene.layers.iter_mut().flat_map(|layer| &mut layer.shapes) {
            shape.move_by(margin);
        }
        if let Some((frame, color, text)) = &looks.frame {
            scene.frame(*frame, *color, text)?;
        }
        Ok(scene)
    }

    /// Puts a frame around and a text below.
    fn frame(&mut self, frame: Frame, color: [u8; 3], text: &str) -> Result<()> {
        let (lines, length) = letters::lines(text.trim()).map_err(|letter| {
            Error::invalid("design.frameText", format!("`{letter}` cannot be drawn"))
                .with_hint("write Latin letters, digits and common signs")
        })?;
        if text.chars().count() > MAX_LETTERS {
            return Err(Error::invalid("design.frameText", format!("is longer than {MAX_LETTERS} letters")));
        }
        let top = self.width;
        self.height = top + BAND;
        let (is_bordered, is_filled) = match frame.0 % 3 {
            1 => (true, true),
            2 => (false, true),
            _ => (true, false),
        };
        let mut shapes = Vec::new();
        if is_bordered {
            let whole = Block { x: 0.0, y: 0.0, width: self.width, height: self.height, radii: [2.0; 4] };
            let inner = Block { x: 1.0, y: 1.0, width: whole.width - 2.0, height: whole.height - 2.0, radii: [1.0; 4] };
            shapes.push(Shape::Ring(whole, inner));
        }
        self.layers.push(Layer { fill: Fill::Plain(color), shapes });
        let mut ink = color;
        if is_filled {
            let radii = if is_bordered { [0.0, 0.0, 2.0, 2.0] } else { [2.0; 4] };
            let band = Block { x: 0.0, y: top, width: self.width, height: BAND, radii };
            self.layers.push(Layer { fill: Fill::Plain(color), shapes: vec![Shape::Block(band)] });
            ink = readable_on(color);
        }
        // Half the width of a letter stays free on either side.
        let scale = f64::min(0.5, (self.width - 6.0) / length);
        let (left, down) = ((self.width - length * scale) / 2.0, top + (BAND - letters::HEIGHT * scale) / 2.0);
        let place = |(x, y): (f64, f64)| (left + x * scale, down + y * scale);
        let segments = lines.iter().flat_map(|line| line.iter().zip(line.iter().skip(1)));
        let shapes = segments.map(|(from, to)| Shape::Line { from: place(*from), to: place(*to), width: 0.9 * scale });
        self.layers.push(Layer { fill: Fill::Plain(ink), shapes: shapes.collect() });
        Ok(())
    }
}

fn readable_on(color: [u8; 3]) -> [u8; 3] {
    let [red, green, blue] = color;
    let color = Color::rgb(red, green, blue);
    let contrast = |shade: u8| color.contrast(&Color::rgb(shade, shade, shade)).unwrap_or_default();
    if contrast(0xff) >= contrast(0) { [0xff; 3] } else { [0; 3] }
}

/// The modules of a code, and what is left out of them.
struct Matrix<'a> {
    code: &'a QRCode,
    side: usize,
    /// The side of what is left blank in the middle.
    cleared: usize,
}

/// A corner square, counted from the corner of the code that it stands in.
struct Eye {
    x: f64,
    y: f64,
    /// The place of its outward corner among the four, clockwise from the upper left.
    outward: usize,
}

impl<'a> Matrix<'a> {
    fn new(code: &'a QRCode, has_logo: bool) -> Self {
        let side = code.size;
        // A side of a code is odd, so what lies in its middle is too. Some six in a hundred modules are given up.
        let cleared = if has_logo { (side * 23 / 100) | 1 } else { 0 };
        Self { code, side, cleared }
    }

    fn is_dark(&self, x: usize, y: usize) -> bool {
        let (near, far) = (x.min(y), x.max(y));
        let edge = self.side - EYE;
        let is_eye = far < EYE || (near < EYE && far >= edge);
        let clear = (self.side - self.cleared) / 2;
        let is_cleared = self.cleared > 0 && near >= clear && far < clear + self.cleared;
        let is_inside = far < self.side;
        let module = self.code.data.get(y * self.side + x);
        is_inside && !is_eye && !is_cleared && module.is_some_and(|module| module.value())
    }

    /// The shapes of all modules but those of the corner squares.
    fn modules(&self, pattern: u8) -> Vec<Shape> {
        match pattern % 9 {
            0 => self.runs(1.0, 0.0, false),
            4 => self.runs(0.86, 0.43, false),
            5 => self.runs(0.86, 0.43, true),
            other => self.single(other),
        }
    }

    /// Neighbours of a row or of a column become one.
    fn runs(&self, thickness: f64, radius: f64, upright: bool) -> Vec<Shape> {
        let mut shapes = Vec::new();
        let gap = (1.0 - thickness) / 2.0;
        for across in 0..self.side {
            let is_dark = |along| if upright { self.is_dark(across, along) } else { self.is_dark(along, across) };
            let mut along = 0;
            while along < self.side {
                let length = (along..self.side).take_while(|along| is_dark(*along)).count();
                if length > 0 {
                    let (start, across) = (small(along) + gap, small(across) + gap);
                    let (long, radii) = (small(length) - 2.0 * gap, [radius; 4]);
                    shapes.push(Shape::Block(if upright {
                        Block { x: across, y: start, width: thickness, height: long, radii }
                    } else {
                        Block { x: start, y: across, width: long, height: thickness, radii }
                    }));
                }
                along += length + 1;
            }
        }
        shapes
    }

    fn single(&self, pattern: u8) -> Vec<Shape> {
        let cells = (0..self.side).flat_map(|y| (0..self.side).map(move |x| (x, y)));
        let dark = cells.filter(|(x, y)| self.is_dark(*x, *y));
        let block = |x: f64, y: f64, side: f64, radii: [f64; 4]| {
            let gap = (1.0 - side) / 2.0;
            Shape::Block(Block { x: x + gap, y: y + gap, width: side, height: side, radii })
        };
        dark.map(|(column, row)| {
            let (x, y) = (small(column), small(row));
            match pattern {
                1 => block(x, y, 0.9, [0.45; 4]),
                2 => block(x, y, 1.0, [0.3; 4]),
                3 => block(x, y, 1.0, self.free_corners(column, row)),
                6 => Shape::Diamond { x: x + 0.5, y: y + 0.5, radius: 0.5 },
                7 => block(x, y, 1.0, [0.5, 0.0, 0.5, 0.0]),
                _ => block(x, y, 0.84, [0.0; 4]),
            }
        })
        .collect()
    }

    /// Round where no neighbour adjoins.
    fn free_corners(&self, x: usize, y: usize) -> [f64; 4] {
        let before = |at: usize| at.checked_sub(1);
        let dark = |x: Option<usize>, y: Option<usize>| x.zip(y).is_some_and(|(x, y)| self.is_dark(x, y));
        let (left, right) = (dark(before(x), Some(y)), dark(Some(x + 1), Some(y)));
        let (above, below) = (dark(Some(x), before(y)), dark(Some(x), Some(y + 1)));
        [(left, above), (right, above), (right, below), (left, below)]
            .map(|(one, two)| if one || two { 0.0 } else { 0.5 })
    }

    fn eyes(&self, draw: impl Fn(Eye) -> Shape) -> Vec<Shape> {
        let far = small(self.side - EYE);
        [(0.0, 0.0, 0), (far, 0.0, 1), (0.0, far, 3)].map(|(x, y, outward)| draw(Eye { x, y, outward })).into()
    }
}

impl Eye {
    fn ring(&self, shape: u8) -> Shape {
        let radii = self.radii(shape);
        let outer = Block { x: self.x, y: self.y, width: 7.0, height: 7.0, radii };
        let radii = radii.map(|radius| (radius - 1.0).max(0.0));
        Shape::Ring(outer, Block { x: self.x + 1.0, y: self.y + 1.0, width: 5.0, height: 5.0, radii })
    }

    fn core(&self, shape: u8) -> Shape {
        let radii = self.radii(shape).map(|radius| radius * 3.0 / 7.0);
        Shape::Block(Block { x: self.x + 2.0, y: self.y + 2.0, width: 3.0, height: 3.0, radii })
    }

    /// The radii of a frame of seven modules.
    fn radii(&self, shape: u8) -> [f64; 4] {
        let (outward, sides, inward) = match shape % 10 {
            0 => (0.0, 0.0, 0.0),
            1 => (2.0, 2.0, 2.0),
            2 => (3.5, 3.5, 3.5),
            3 => (0.0, 2.5, 2.5),
            4 => (2.5, 2.5, 0.0),
            5 => (2.5, 0.0, 2.5),
            6 => (0.0, 2.5, 0.0),
            7 => (1.0, 1.0, 1.0),
            8 => (3.5, 3.5, 0.0),
            _ => (0.0, 3.5, 3.5),
        };
        let mut radii = [outward, sides, inward, sides];
        radii.rotate_right(self.outward);
        radii
    }
}

impl Shape {
    /// To the right and down alike.
    fn move_by(&mut self, distance: f64) {
        let shift = |block: &mut Block| {
            block.x += distance;
            block.y += distance;
        };
        match self {
            Self::Block(block) => shift(block),
            Self::Ring(outer, inner) => {
                shift(outer);
                shift(inner);
            }
            Self::Diamond { x, y, .. } => {
                *x += distance;
                *y += distance;
            }
            Self::Line { from, to, .. } => {
                for point in [from, to] {
                    point.0 += distance;
                    point.1 += distance;
                }
            }
        }
    }
}

/// A number of modules: a code has 177 a side at most.
fn small(number: usize) -> f64 {
    u16::try_from(number).map_or(f64::from(u16::MAX), f64::from)
}
