//! Codes that are drawn offline can be scanned. The judge reads and draws with the libraries of others.
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "coordinates and shades of pictures of some hundred pixels"
)]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use connectors_core::{ErrorKind, Result};
use connectors_mock::MockQrTiger;
use connectors_qrtiger::{
    Color, DataPattern, Design, EyeInner, EyeOuter, Frame, Gradient, ImageFormat, QrTigerService, Render,
};
use resvg::tiny_skia::{Pixmap, PremultipliedColorU8, Transform};
use resvg::usvg::{Options, Tree};
use rxing::common::HybridBinarizer;
use rxing::qrcode::QRCodeReader;
use rxing::{BinaryBitmap, Reader as _};

use crate::request;

const LINK: &str = "https://qr1.be/4QX81D";

fn color(text: &str) -> Color {
    Color::new(text).unwrap()
}

/// Red, green, blue and opacity, row by row.
struct Seen {
    width: usize,
    height: usize,
    pixels: Vec<[u8; 4]>,
}

impl Seen {
    fn png(bytes: &[u8]) -> Self {
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
        let mut data = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut data).unwrap();
        let pixels = match frame.color_type {
            png::ColorType::Rgb => data.chunks_exact(3).map(|p| [p[0], p[1], p[2], 255]).collect(),
            png::ColorType::Rgba => data.chunks_exact(4).map(|p| [p[0], p[1], p[2], p[3]]).collect(),
            other => panic!("{other:?}"),
        };
        Self { width: frame.width as usize, height: frame.height as usize, pixels }
    }

    fn svg(text: &str) -> Self {
        let tree = Tree::from_str(text, &Options::default()).unwrap();
        let size = tree.size().to_int_size();
        let mut map = Pixmap::new(size.width(), size.height()).unwrap();
        resvg::render(&tree, Transform::identity(), &mut map.as_mut());
        let pixels = map.pixels().iter().map(PremultipliedColorU8::demultiply);
        let pixels = pixels.map(|p| [p.red(), p.green(), p.blue(), p.alpha()]).collect();
        Self { width: size.width() as usize, height: size.height() as usize, pixels }
    }

    fn at(&self, x: f64, y: f64) -> [u8; 4] {
        self.pixels[(y * self.height as f64) as usize * self.width + (x * self.width as f64) as usize]
    }

    /// What lies on white paper.
    fn grey(&self) -> Vec<u8> {
        let grey = |pixel: &[u8; 4]| {
            let [red, green, blue, opacity] = pixel.map(f64::from);
            let share = opacity / 255.0;
            let grey = 0.299 * red + 0.587 * green + 0.114 * blue;
            (grey * share + 255.0 * (1.0 - share)) as u8
        };
        self.pixels.iter().map(grey).collect()
    }

    /// What a reader makes of it that starts at the centres of the corner squares, as those of phones do.
    fn by_centres(&self) -> Option<String> {
        let source = rxing::Luma8LuminanceSource::new(self.grey(), self.width as u32, self.height as u32);
        let mut image = BinaryBitmap::new(HybridBinarizer::new(source.unwrap()));
        QRCodeReader::new().decode(&mut image).ok().map(|read| read.getText().to_owned())
    }

    /// What a reader makes of it that starts at the corners of the corner squares, which must not be round for it.
    fn by_corners(&self) -> Option<String> {
        let grey = self.grey();
        let mut image =
            rqrr::PreparedImage::prepare_from_greyscale(self.width, self.height, |x, y| grey[y * self.width + x]);
        image.detect_grids().iter().find_map(|grid| grid.decode().ok()).map(|(_, text)| text)
    }
}

#[track_caller]
fn scans(render: &Render, text: &str, what: &str) {
    for seen in [Seen::png(&render.png().unwrap()), Seen::svg(&render.svg().unwrap())] {
        assert_eq!(seen.by_centres().as_deref(), Some(text), "{what}");
        assert_eq!(seen.by_corners().as_deref(), Some(text), "{what}");
    }
}

#[test]
fn every_shape_can_be_scanned() {
    for number in (0..=11).chain([16, 255]) {
        let design = Design::new().size(300).pattern(DataPattern(number));
        scans(&Render::new(LINK, &design), LINK, &format!("pattern{number}"));
        let design = design.eye_outer(EyeOuter(number)).eye_inner(EyeInner(number.wrapping_mul(3)));
        let render = Render::new(LINK, &design);
        for seen in [Seen::png(&render.png().unwrap()), Seen::svg(&render.svg().unwrap())] {
            assert_eq!(seen.by_centres().as_deref(), Some(LINK), "pattern and eyes {number}");
        }
    }
}

#[test]
fn every_colouring_can_be_scanned() {
    let (dark, other) = (color("#123"), color("rgb(180, 20, 60)"));
    for kind in [Gradient::Linear, Gradient::UpDown, Gradient::Diagonal1, Gradient::Diagonal2, Gradient::Radial] {
        let design = Design::new().size(300).gradient(kind.clone(), dark.clone(), other.clone());
        scans(&Render::new(LINK, &design), LINK, &format!("{kind}"));
        let eyes = design.eye_colors(color("teal"), color("navy")).background(color("ivory"));
        scans(&Render::new(LINK, &eyes), LINK, &format!("{kind} with eyes"));
        scans(&Render::new(LINK, &eyes.transparent()), LINK, &format!("{kind}, transparent"));
    }
}

#[test]
fn every_frame_and_size_can_be_scanned() {
    for number in [0, 1, 2, 3, 16] {
        let design = Design::new().frame(Frame(number), "Für dich: 20 % & mehr!").frame_color(color("darkgreen"));
        scans(&Render::new(LINK, &design), LINK, &format!("frame {number}"));
    }
    for size in [90, 123, 200, 333, 800] {
        scans(&Render::new(LINK, &Design::new().size(size)), LINK, &format!("{size} pixels"));
    }
}

#[test]
fn every_kind_of_text_can_be_scanned() {
    let long = "0123456789".repeat(40);
    let mixed = format!("BEGIN:VCARD\r\nNOTE:{}\r\nEND:VCARD", "äöü, 食べ物; ".repeat(12));
    for text in ["1", "0042", "HTTPS://QR1.BE/4QX81D", "a", LINK, "Größe: 5 €", &long, &mixed] {
        scans(&Render::new(text, &Design::new().size(600)), text, text);
    }
}

fn logo(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgba);
    let pixels = (0..width * height).flat_map(|n| if n % 3 == 0 { [0, 0, 0, 255] } else { [250, 120, 0, 255] });
    encoder.write_header().unwrap().write_image_data(&pixels.collect::<Vec<_>>()).unwrap();
    bytes
}

#[test]
fn a_logo_lies_in_the_middle_and_the_code_can_be_scanned_all_the_same() {
    for (text, (width, height)) in [
        (LINK.to_owned(), (64, 64)),
        (LINK.to_owned(), (1, 1)),
        (LINK.repeat(5), (300, 100)),
        (LINK.repeat(10), (5, 40)),
    ] {
        let design = Design::new().size(600).pattern(DataPattern(1));
        let render = Render::new(&text, &design).logo(logo(width, height));
        scans(&render, &text, &format!("{width} x {height}, {} bytes", text.len()));
    }
    let uri = format!("data:image/png;base64,{}", STANDARD.encode(logo(9, 9)));
    let by_design = Render::new(LINK, &Design::new().logo(&uri));
    let [red, _, blue, _] = Seen::png(&by_design.png().unwrap()).at(0.5, 0.47);
    assert!(red > 150 && blue < 30, "orange");
    assert!(by_design.svg().unwrap().contains(&uri));
    assert!(!by_design.without_logo().svg().unwrap().contains("<image"));

    let drawn =
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><path fill="#f80" d="M0,0H2V1H0Z"/></svg>"##;
    let seen = Seen::svg(&Render::new(LINK, &Design::new()).logo(drawn).svg().unwrap());
    assert_eq!((seen.at(0.5, 0.5), seen.at(0.5, 0.43)), ([0xff, 0x88, 0, 0xff], [0xff; 4]), "as wide as it fits");
    assert_eq!(seen.by_centres().as_deref(), Some(LINK));
}

#[test]
fn a_picture_looks_as_designed() {
    let design = Design::new()
        .size(780)
        .gradient(Gradient::Linear, color("#000"), color("#700"))
        .eye_colors(color("#006400"), color("#00008b"))
        .background(color("#fffff0"))
        .frame(Frame(1), "GO")
        .frame_color(color("#4b0082"));
    let render = Render::new(LINK, &design);
    for seen in [Seen::png(&render.png().unwrap()), Seen::svg(&render.svg().unwrap())] {
        assert_eq!((seen.width, seen.height > 900), (780, true), "{}", seen.height);
        let at = |x: f64, y: f64| seen.at(x * 20.0 / 780.0, y * 20.0 / seen.height as f64);
        assert_eq!(at(0.5, 20.0), [0x4b, 0, 0x82, 255], "the border");
        assert_eq!(at(3.0, 3.0), [0xff, 0xff, 0xf0, 255], "the background");
        assert_eq!(at(5.5, 5.5), [0, 0x64, 0, 255], "the frame of a corner square");
        assert_eq!(at(8.5, 8.5), [0, 0, 0x8b, 255], "its core");
        assert_eq!(at(4.0, 42.5), [0x4b, 0, 0x82, 255], "the band");
    }
    let see_through = Render::new(LINK, &Design::new().transparent());
    assert_eq!(Seen::png(&see_through.png().unwrap()).at(0.01, 0.01)[3], 0);
    assert_eq!(Seen::svg(&see_through.svg().unwrap()).at(0.01, 0.01)[3], 0);
    assert_eq!(render.png().unwrap(), render.clone().png().unwrap());
}

#[test]
fn what_cannot_be_drawn_or_read_is_refused_by_its_field() {
    let field = |render: Render| {
        let error = render.png().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        error.field().unwrap().to_owned()
    };
    let of = |design: Design| field(Render::new(LINK, &design));
    assert_eq!(of(Design::new().size(70)), "design.size");
    assert_eq!(of(Design::new().size(5000)), "design.size");
    assert_eq!(of(Design::new().frame(Frame(1), "食")), "design.frameText");
    assert_eq!(of(Design::new().frame(Frame(1), "x".repeat(31))), "design.frameText");
    assert_eq!(of(serde_json::from_str(r#"{"frameColor": "octarine", "frame": 1}"#).unwrap()), "design.frameColor");
    assert_eq!(of(Design::new().gradient(Gradient::from("conic"), color("red"), color("navy"))), "design.grdType");
    assert_eq!(of(Design::new().color(color("white")).background(color("black"))), "design.colorDark");
    assert_eq!(of(Design::new().logo("https://media.qrtiger.com/a.png")), "design.logo");
    assert_eq!(field(Render::new("", &Design::new())), "text");
    assert_eq!(field(Render::new("x".repeat(5000), &Design::new().size(4096))), "text");
    let plain = || Render::new(LINK, &Design::new());
    assert_eq!(field(plain().logo("GIF89a")), "design.logo");
    assert_eq!(field(plain().logo("\x7fPNG")), "design.logo");
    assert_eq!(field(plain().logo(&b"\x89PNG\r\n\x1a\nnot really"[..])), "design.logo");
    assert_eq!(field(plain().logo(&b"<svg/>"[..])), "design.logo");
    assert!(plain().logo(&b"<svg/>"[..]).svg().unwrap().contains("data:image/svg+xml;base64,PHN2Zy8+"));
    assert!(!format!("{:?}", Render::new("WIFI:P:hush;;", &Design::new())).contains("hush"));
}

#[tokio::test]
async fn the_short_link_of_a_code_is_drawn_in_the_format_of_its_design() -> Result<()> {
    let mock = MockQrTiger::new();
    let code = mock.generate_qr_code(request("e1")).await?;
    let image = code.render(&Design::new()).image()?;
    assert_eq!(image.media_type(), Some("image/png"));
    assert_eq!(Seen::png(image.bytes().unwrap()).by_centres().as_deref(), Some(code.short_url.as_str()));
    let campaign = mock.client().campaigns().list().collect_all().await?.remove(0);
    let image = campaign.render(&Design::new().format(ImageFormat::Svg)).image()?;
    assert_eq!(image.media_type(), Some("image/svg+xml"));
    Ok(())
}
