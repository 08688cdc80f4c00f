//! Vectors.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::scene::{Layer, Scene};
use super::shape::{Shape, Short};
use crate::Gradient;
use crate::model::Fill;

pub(super) fn svg(scene: &Scene, size: u32) -> String {
    let (width, height) = (Short(scene.width), Short(scene.height));
    let tall = Short(f64::from(size) * scene.height / scene.width);
    let mut svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{tall}" viewBox="0 0 {width} {height}">"#
    );
    if let Some(color) = scene.background {
        let _ = write!(svg, r#"<path fill="{}" d="M0,0H{width}V{height}H0Z"/>"#, hex(color));
    }
    for (number, layer) in scene.layers.iter().enumerate().filter(|(_, layer)| !layer.shapes.is_empty()) {
        draw(&mut svg, scene, layer, number);
    }
    if let Some((logo, at, edge)) = &scene.logo {
        let (at, edge, data) = (Short(*at), Short(*edge), STANDARD.encode(&logo.bytes));
        let _ = write!(
            svg,
            r#"<image x="{at}" y="{at}" width="{edge}" height="{edge}" href="data:{};base64,{data}"/>"#,
            logo.media_type
        );
    }
    svg.push_str("</svg>\n");
    svg
}

fn draw(svg: &mut String, scene: &Scene, layer: &Layer, number: usize) {
    let fill = match &layer.fill {
        Fill::Plain(color) => hex(*color),
        Fill::Gradient(kind, from, to) => {
            let (element, place) = gradient(kind, scene);
            let _ = write!(
                svg,
                r#"<{element} id="g{number}" gradientUnits="userSpaceOnUse" {place}><stop stop-color="{}"/><stop offset="1" stop-color="{}"/></{element}>"#,
                hex(*from),
                hex(*to)
            );
            format!("url(#g{number})")
        }
    };
    let has_rings = layer.shapes.iter().any(|shape| matches!(shape, Shape::Ring(..)));
    let rule = if has_rings { r#" fill-rule="evenodd""# } else { "" };
    let _ = write!(svg, r#"<path fill="{fill}"{rule} d=""#);
    layer.shapes.iter().for_each(|shape| shape.path(svg));
    svg.push_str(r#""/>"#);
}

fn gradient(kind: &Gradient, scene: &Scene) -> (&'static str, String) {
    let (near, side) = scene.code;
    let (far, middle) = (near + side, near + side / 2.0);
    let [x1, y1, x2, y2] = match kind {
        Gradient::Radial => {
            let (middle, radius) = (Short(middle), Short(side * std::f64::consts::FRAC_1_SQRT_2));
            return ("radialGradient", format!(r#"cx="{middle}" cy="{middle}" r="{radius}""#));
        }
        Gradient::UpDown => [middle, near, middle, far],
        Gradient::Diagonal1 => [near, near, far, far],
        Gradient::Diagonal2 => [near, far, far, near],
        Gradient::Linear | Gradient::Unknown(_) => [near, middle, far, middle],
    }
    .map(Short);
    ("linearGradient", format!(r#"x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}""#))
}

fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}
