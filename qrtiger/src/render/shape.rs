//! What a picture is made of: simple outlines, counted in modules.

use std::fmt::Write as _;

/// A rectangle with a radius for each corner: upper left, upper right, lower right, lower left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Block {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) radii: [f64; 4],
}

/// An outline that is filled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Shape {
    Block(Block),
    /// The first without the second, which lies within.
    Ring(Block, Block),
    /// A square that stands on a corner, around a centre.
    Diamond {
        x: f64,
        y: f64,
        radius: f64,
    },
    /// A line with round ends; from a point to itself it is a dot.
    Line {
        from: (f64, f64),
        to: (f64, f64),
        width: f64,
    },
}

/// A number as short as it can be written; a thousandth of a module is nothing.
pub(super) struct Short(pub(super) f64);

impl std::fmt::Display for Short {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Not `-0`.
        write!(f, "{}", (self.0 * 1000.0).round() / 1000.0 + 0.0)
    }
}

impl Block {
    fn contains(&self, x: f64, y: f64) -> bool {
        let (x, y) = (x - self.x, y - self.y);
        if !(0.0..=self.width).contains(&x) || !(0.0..=self.height).contains(&y) {
            return false;
        }
        let (right, bottom) = (self.width - x, self.height - y);
        let corners = [(x, y), (right, y), (right, bottom), (x, bottom)];
        corners.into_iter().zip(self.radii).all(|((x, y), radius)| {
            x >= radius || y >= radius || (radius - x).powi(2) + (radius - y).powi(2) <= radius.powi(2)
        })
    }

    fn path(&self, path: &mut String) {
        let Self { x, y, width, height, radii: [top_left, top_right, bottom_right, bottom_left] } = *self;
        let (right, bottom) = (x + width, y + height);
        let mut corner = |command: &str, at: (f64, f64), radius: f64, to: (f64, f64)| {
            let _ = write!(path, "{command}{},{}", Short(at.0), Short(at.1));
            if radius > 0.0 {
                let radius = Short(radius);
                let _ = write!(path, "A{radius},{radius},0,0,1,{},{}", Short(to.0), Short(to.1));
            }
        };
        corner("M", (x, y + top_left), top_left, (x + top_left, y));
        corner("L", (right - top_right, y), top_right, (right, y + top_right));
        corner("L", (right, bottom - bottom_right), bottom_right, (right - bottom_right, bottom));
        corner("L", (x + bottom_left, bottom), bottom_left, (x, bottom - bottom_left));
        path.push('Z');
    }
}

impl Shape {
    /// Left, top, right, bottom.
    pub(super) fn bounds(&self) -> [f64; 4] {
        match *self {
            Self::Block(block) | Self::Ring(block, _) => {
                [block.x, block.y, block.x + block.width, block.y + block.height]
            }
            Self::Diamond { x, y, radius } => [x - radius, y - radius, x + radius, y + radius],
            Self::Line { from, to, width } => {
                let half = width / 2.0;
                let (left, right) = (from.0.min(to.0) - half, from.0.max(to.0) + half);
                [left, from.1.min(to.1) - half, right, from.1.max(to.1) + half]
            }
        }
    }

    /// A rectangle that is filled whole: left, top, right, bottom. It may be empty.
    pub(super) fn interior(&self) -> [f64; 4] {
        match *self {
            Self::Block(Block { x, y, width, height, radii }) => {
                // Where a quarter of a circle meets its diagonal.
                let inset = radii.into_iter().fold(0.0, f64::max) * (1.0 - std::f64::consts::FRAC_1_SQRT_2);
                [x + inset, y + inset, x + width - inset, y + height - inset]
            }
            _ => [0.0; 4],
        }
    }

    pub(super) fn contains(&self, x: f64, y: f64) -> bool {
        match *self {
            Self::Block(block) => block.contains(x, y),
            Self::Ring(outer, inner) => outer.contains(x, y) && !inner.contains(x, y),
            Self::Diamond { x: cx, y: cy, radius } => (x - cx).abs() + (y - cy).abs() <= radius,
            Self::Line { from, to, width } => {
                let (dx, dy) = (to.0 - from.0, to.1 - from.1);
                let along = (x - from.0) * dx + (y - from.1) * dy;
                let share = (along / (dx * dx + dy * dy).max(f64::MIN_POSITIVE)).clamp(0.0, 1.0);
                (x - from.0 - share * dx).powi(2) + (y - from.1 - share * dy).powi(2) <= (width / 2.0).powi(2)
            }
        }
    }

    /// Appends the outline in the language of SVG. A ring needs the rule `evenodd`, lines that cross the other one.
    pub(super) fn path(&self, path: &mut String) {
        match *self {
            Self::Block(block) => block.path(path),
            Self::Ring(outer, inner) => {
                outer.path(path);
                inner.path(path);
            }
            Self::Diamond { x, y, radius } => {
                let _ = write!(path, "M{},{}", Short(x), Short(y - radius));
                for (x, y) in [(x + radius, y), (x, y + radius), (x - radius, y)] {
                    let _ = write!(path, "L{},{}", Short(x), Short(y));
                }
                path.push('Z');
            }
            Self::Line { from, to, width } => {
                let (dx, dy) = (to.0 - from.0, to.1 - from.1);
                let (length, half) = (dx.hypot(dy), width / 2.0);
                let (dx, dy) = if length > 0.0 { (dx / length, dy / length) } else { (1.0, 0.0) };
                let side = |(x, y): (f64, f64), half: f64| format!("{},{}", Short(x - dy * half), Short(y + dx * half));
                let radius = Short(half);
                let _ = write!(
                    path,
                    "M{}L{}A{radius},{radius},0,0,0,{}L{}A{radius},{radius},0,0,0,{}Z",
                    side(from, half),
                    side(to, half),
                    side(to, -half),
                    side(from, -half),
                    side(from, half)
                );
            }
        }
    }
}
