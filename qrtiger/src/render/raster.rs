//! Pixels.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "sides are a few thousand pixels and colours a byte; both are clamped"
)]

use bytes::Bytes;
use connectors_core::{Error, ErrorKind, Result};

use super::logo::Pixels;
use super::scene::{Layer, Scene};
use super::shape::Shape;
use crate::Gradient;
use crate::model::Fill;

/// The most that is in use, and what is drawn without taking too much memory.
const MAX_SIZE: u32 = 4096;

/// A module of fewer pixels is lost on a camera.
const LEAST: u32 = 2;

/// Edges are smoothed by so many samples in each direction.
const SAMPLES: usize = 4;

struct Canvas {
    width: usize,
    height: usize,
    /// Pixels per module: a whole number, so that straight edges are sharp.
    scale: f64,
    /// What is left over, half of it on either side.
    margin: f64,
    pixels: Vec<[u8; 4]>,
    /// How much of each pixel a layer covers.
    covered: Vec<u8>,
}

pub(super) fn png(scene: &Scene, size: u32) -> Result<Bytes> {
    let scale = f64::from(size) / scene.width;
    if size > MAX_SIZE || scale < f64::from(LEAST) {
        let least = (scene.width * f64::from(LEAST)).ceil();
        return Err(Error::invalid("design.size", format!("must be {least} to {MAX_SIZE} pixels for this text"))
            .with_hint("an SVG has any size"));
    }
    let logo = match &scene.logo {
        Some((logo, at, edge)) => Some((logo.pixels()?, *at, *edge)),
        None => None,
    };
    let mut canvas = Canvas::new(scene, size);
    for layer in &scene.layers {
        canvas.draw(layer, scene.code);
    }
    if let Some((pixels, at, edge)) = logo {
        canvas.paste(&pixels, at, edge);
    }
    canvas.encode(scene.background.is_none())
}

impl Canvas {
    fn new(scene: &Scene, size: u32) -> Self {
        let scale = (f64::from(size) / scene.width).floor();
        let left_over = f64::from(size) - scene.width * scale;
        let (width, height) = (size as usize, (scene.height * scale + left_over) as usize);
        let [red, green, blue] = scene.background.unwrap_or([0xff; 3]);
        let opacity = if scene.background.is_some() { 0xff } else { 0 };
        Self {
            width,
            height,
            scale,
            margin: (left_over / 2.0).floor(),
            pixels: vec![[red, green, blue, opacity]; width * height],
            covered: vec![0; width * height],
        }
    }

    /// The first and the last pixel but one of a stretch of modules.
    fn span(&self, from: f64, to: f64, limit: usize) -> std::ops::Range<usize> {
        let (from, to) = (from * self.scale + self.margin, to * self.scale + self.margin);
        (from.floor().max(0.0) as usize)..(to.ceil().max(0.0) as usize).min(limit)
    }

    /// Where a place among the pixels is among the modules.
    fn module(&self, pixel: f64) -> f64 {
        (pixel - self.margin) / self.scale
    }

    fn draw(&mut self, layer: &Layer, code: (f64, f64)) {
        self.covered.fill(0);
        for shape in &layer.shapes {
            match *shape {
                Shape::Ring(outer, inner) => {
                    self.cover(&Shape::Block(outer), u8::saturating_add);
                    self.cover(&Shape::Block(inner), u8::saturating_sub);
                }
                _ => self.cover(shape, u8::saturating_add),
            }
        }
        for at in 0..self.covered.len() {
            let share = self.covered.get(at).copied().unwrap_or_default();
            if share > 0 {
                let pixel = |number: usize| self.module(number as f64 + 0.5);
                let [red, green, blue] = color(&layer.fill, (pixel(at % self.width), pixel(at / self.width)), code);
                self.blend(at, [red, green, blue, share]);
            }
        }
    }

    /// Adds what a shape covers to what is covered, or takes it away.
    fn cover(&mut self, shape: &Shape, apply: fn(u8, u8) -> u8) {
        let [left, top, right, bottom] = shape.bounds();
        let (across, down) = (self.span(left, right, self.width), self.span(top, bottom, self.height));
        let (inner_across, inner_down) = self.interior(shape);
        for row in down {
            let start = row * self.width;
            let inner = if inner_down.contains(&row) { inner_across.clone() } else { 0..0 };
            if let Some(pixels) = self.covered.get_mut(start + inner.start..start + inner.end) {
                for covered in pixels {
                    *covered = apply(*covered, 0xff);
                }
            }
            for column in across.clone().filter(|column| !inner.contains(column)) {
                let part = self.share(shape, column, row);
                if let Some(covered) = self.covered.get_mut(start + column) {
                    *covered = apply(*covered, part);
                }
            }
        }
    }

    /// The columns and rows of pixels that a shape covers whole, as far as that is easily told.
    fn interior(&self, shape: &Shape) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
        let [left, top, right, bottom] = shape.interior();
        let pixels = |from: f64, to: f64, limit: usize| {
            let (from, to) = (from * self.scale + self.margin, to * self.scale + self.margin);
            let to = (to.floor().max(0.0) as usize).min(limit);
            (from.ceil().max(0.0) as usize).min(to)..to
        };
        (pixels(left, right, self.width), pixels(top, bottom, self.height))
    }

    /// How much of a pixel a shape covers.
    fn share(&self, shape: &Shape, column: usize, row: usize) -> u8 {
        let inside = |x: f64, y: f64| shape.contains(self.module(column as f64 + x), self.module(row as f64 + y));
        let samples = || (0..SAMPLES).map(|n| (n as f64 + 0.5) / SAMPLES as f64);
        let hits = samples().flat_map(|y| samples().map(move |x| (x, y))).filter(|(x, y)| inside(*x, *y)).count();
        (hits * 0xff / (SAMPLES * SAMPLES)) as u8
    }

    /// Lays a colour over a pixel.
    fn blend(&mut self, at: usize, over: [u8; 4]) {
        let Some(under) = self.pixels.get_mut(at) else { return };
        if over[3] == 0xff {
            *under = over;
            return;
        }
        let (front, behind) = (f64::from(over[3]) / 255.0, f64::from(under[3]) / 255.0);
        let opacity = front + behind * (1.0 - front);
        if opacity <= 0.0 {
            return;
        }
        for (under, over) in under.iter_mut().zip(over).take(3) {
            let mixed = f64::from(over) * front + f64::from(*under) * behind * (1.0 - front);
            *under = (mixed / opacity).round() as u8;
        }
        under[3] = (opacity * 255.0).round() as u8;
    }

    /// Puts an image into a square, as large as it fits.
    fn paste(&mut self, image: &Pixels, at: f64, side: f64) {
        let (width, height) = (image.width as f64, image.height as f64);
        let scale = side / width.max(height);
        let (wide, high) = (width * scale, height * scale);
        let (left, top) = (at + (side - wide) / 2.0, at + (side - high) / 2.0);
        for row in self.span(top, top + high, self.height) {
            for column in self.span(left, left + wide, self.width) {
                let edges = |pixel: usize, start: f64, limit: usize| {
                    let edge = |pixel: f64| (self.module(pixel) - start) / scale;
                    let first = (edge(pixel as f64).max(0.0) as usize).min(limit - 1);
                    let last = (edge(pixel as f64 + 1.0).ceil().max(0.0) as usize).clamp(first + 1, limit);
                    first..last
                };
                let average = image.average(&edges(column, left, image.width), edges(row, top, image.height));
                self.blend(row * self.width + column, average);
            }
        }
    }

    fn encode(&self, has_alpha: bool) -> Result<Bytes> {
        let failed = |error: png::EncodingError| {
            Error::new(ErrorKind::InvalidRequest, "the picture cannot be written as PNG").with_source(error)
        };
        let mut out = Vec::new();
        let mut encoder = png::Encoder::new(&mut out, self.width as u32, self.height as u32);
        encoder.set_depth(png::BitDepth::Eight);
        let data: Vec<u8> = if has_alpha {
            encoder.set_color(png::ColorType::Rgba);
            self.pixels.iter().copied().flatten().collect()
        } else {
            encoder.set_color(png::ColorType::Rgb);
            self.pixels.iter().flat_map(|[red, green, blue, _]| [*red, *green, *blue]).collect()
        };
        let mut writer = encoder.write_header().map_err(failed)?;
        writer.write_image_data(&data).map_err(failed)?;
        writer.finish().map_err(failed)?;
        Ok(out.into())
    }
}

impl Pixels {
    fn average(&self, columns: &std::ops::Range<usize>, rows: std::ops::Range<usize>) -> [u8; 4] {
        let (mut sums, mut count) = ([0.0; 4], 0.0);
        for row in rows {
            for [red, green, blue, opacity] in
                columns.clone().filter_map(|column| self.rgba.get(row * self.width + column))
            {
                let weight = f64::from(*opacity) / 255.0;
                for (sum, part) in sums.iter_mut().zip([red, green, blue]) {
                    *sum += f64::from(*part) * weight;
                }
                sums[3] += weight;
                count += 1.0;
            }
        }
        let [red, green, blue, opacity] = sums;
        if opacity <= 0.0 {
            return [0; 4];
        }
        let [red, green, blue] = [red, green, blue].map(|sum| (sum / opacity).round() as u8);
        [red, green, blue, (opacity / count * 255.0).round() as u8]
    }
}

/// The colour at a place, counted in modules.
fn color(fill: &Fill, (x, y): (f64, f64), (near, side): (f64, f64)) -> [u8; 3] {
    let (kind, from, to) = match fill {
        Fill::Plain(color) => return *color,
        Fill::Gradient(kind, from, to) => (kind, from, to),
    };
    let (x, y) = ((x - near) / side, (y - near) / side);
    let share = match kind {
        Gradient::UpDown => y,
        Gradient::Diagonal1 => f64::midpoint(x, y),
        Gradient::Diagonal2 => f64::midpoint(x, 1.0 - y),
        Gradient::Radial => (x - 0.5).hypot(y - 0.5) / std::f64::consts::FRAC_1_SQRT_2,
        Gradient::Linear | Gradient::Unknown(_) => x,
    }
    .clamp(0.0, 1.0);
    let mut color = *from;
    for (part, to) in color.iter_mut().zip(to) {
        *part = (f64::from(*part) + (f64::from(*to) - f64::from(*part)) * share).round() as u8;
    }
    color
}
