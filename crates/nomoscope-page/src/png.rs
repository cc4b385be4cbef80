//! A figure as a picture of dots, for those whose editor takes no SVG.
//!
//! Libertinus Serif travels with the program, so Latin, Greek and Cyrillic look the same everywhere; other scripts take
//! the first font of the system that has them, the same cut before any other.

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::fontdb::{Database, ID};
use resvg::usvg::{FallbackSelectionFn, FontResolver, Options, Tree};
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock, Mutex};

/// The widest picture, in pixels: 180 mm at 1,200 dots per inch is 8,504.
pub const MAX_WIDTH_PX: u32 = 10_000;
/// The most pixels: 400 MB of memory.
const MAX_PIXELS: u64 = 100_000_000;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum PngError {
    /// The SVG could not be read.
    #[error("the SVG cannot be read: {0}")]
    Svg(#[from] resvg::usvg::Error),
    /// Nothing, or too much, would be drawn.
    #[error("a picture of {width_px} x {height_px} pixels cannot be drawn")]
    Size {
        /// Width asked for.
        width_px: u32,
        /// Height that follows from it.
        height_px: u64,
    },
    /// The picture could not be packed.
    #[error("the picture cannot be written as PNG: {0}")]
    Encode(String),
}

impl PngError {
    /// Returns what to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Svg(_) => "open the SVG in a browser: it names the line that is wrong",
            Self::Size { .. } => "choose a width between 1 and 10000 pixels; 2126 is 180 mm at 300 dots per inch",
            Self::Encode(_) => "choose a smaller width",
        }
    }
}

/// The fonts: read once, in the order in which they are asked.
static FONTS: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = Database::new();
    for data in typst_assets::fonts() {
        fonts.load_font_source(resvg::usvg::fontdb::Source::Binary(Arc::new(data)));
    }
    fonts.load_system_fonts();
    fonts.set_serif_family("Libertinus Serif");
    Arc::new(fonts)
});

/// What stands in the picture for characters that no font has, and the line below it that says so.
const UNDRAWN: &str = "[…]";
const NOTE: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='720' height='24' font-family='Libertinus Serif'><text x='16' y='13' font-size='10' fill='#555'>[…]: characters that no font of the computer has on which this was drawn; the SVG has them.</text></svg>";

/// Returns the SVG as PNG on white, `width_px` wide.
///
/// A character that neither the program's fonts nor the system's have would be drawn as a crossed box; it gives way to a sign that is
/// explained below the picture.
///
/// # Errors
/// [`PngError`]: not an SVG, a size out of bounds, or no memory for the picture.
pub fn png(svg: &str, width_px: u32) -> Result<Vec<u8>, PngError> {
    let (tree, missing) = read(svg)?;
    if missing.is_empty() {
        return picture(&[tree], width_px);
    }
    let told = without(svg, &undrawn(svg)?);
    picture(&[read(&told)?.0, read(NOTE)?.0], width_px)
}

/// Returns the characters that no font has: of a line of text the library tells the first alone, so that each is read by itself.
fn undrawn(svg: &str) -> Result<BTreeSet<char>, PngError> {
    let characters: BTreeSet<char> = svg.chars().filter(|c| !c.is_ascii()).collect();
    let lines: String = characters.iter().map(|c| format!("<text y='9'>{c}</text>")).collect();
    Ok(read(&format!("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>{lines}</svg>"))?.1)
}

/// Returns the drawing, and characters that no font has, if there are any.
fn read(svg: &str) -> Result<(Tree, BTreeSet<char>), PngError> {
    let missing = Mutex::new(BTreeSet::new());
    let options = Options {
        fontdb: Arc::clone(&FONTS),
        font_family: "Libertinus Serif".to_owned(),
        font_resolver: FontResolver { select_fallback: fallback(&missing), ..FontResolver::default() },
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options)?;
    drop(options);
    Ok((tree, missing.into_inner().unwrap_or_default()))
}

fn without(svg: &str, missing: &BTreeSet<char>) -> String {
    let mut out = String::with_capacity(svg.len());
    let mut before = false;
    for c in svg.chars() {
        let is_missing = missing.contains(&c);
        match (is_missing, before) {
            (true, false) => out.push_str(UNDRAWN),
            (true, true) => {}
            (false, _) => out.push(c),
        }
        before = is_missing;
    }
    out
}

/// Draws the trees one below the other, each as wide as the picture.
fn picture(trees: &[Tree], width_px: u32) -> Result<Vec<u8>, PngError> {
    let scale = |tree: &Tree| f64::from(width_px) / f64::from(tree.size().width());
    let tall = |tree: &Tree| (f64::from(tree.size().height()) * scale(tree)).ceil();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a size is not negative; the cast saturates"
    )]
    let height_px = trees.iter().map(tall).sum::<f64>() as u64;
    let too_big = || PngError::Size { width_px, height_px };
    if width_px == 0 || width_px > MAX_WIDTH_PX || height_px.saturating_mul(u64::from(width_px)) > MAX_PIXELS {
        return Err(too_big());
    }
    let rows = u32::try_from(height_px).map_err(|_| too_big())?;
    let mut pixels = Pixmap::new(width_px, rows).ok_or_else(too_big)?;
    pixels.fill(Color::WHITE);
    let mut top = 0.0;
    for tree in trees {
        #[expect(clippy::cast_possible_truncation, reason = "the rasteriser works in f32")]
        let (scale, down) = (scale(tree) as f32, top as f32);
        resvg::render(tree, Transform::from_translate(0.0, down).pre_scale(scale, scale), &mut pixels.as_mut());
        top += tall(tree);
    }
    pixels.encode_png().map_err(|error| PngError::Encode(error.to_string()))
}

/// How many faces with a character are weighed against each other.
const CANDIDATES: usize = 24;

/// Returns a search for a font that has a character: same weight and slant first, no monospaced one if possible.
///
/// The library's own search takes the first face that has it, which is often a bold or a monospaced one; so it is asked
/// again and again without the faces that it gave already. What none has goes among the missing.
fn fallback(missing: &Mutex<BTreeSet<char>>) -> FallbackSelectionFn<'_> {
    let first = FontResolver::default_fallback_selector();
    Box::new(move |character, used, fonts| {
        let base = used.first().and_then(|id| fonts.face(*id))?;
        let (weight, style) = (base.weight, base.style);
        let mut seen = used.to_vec();
        let mut best: Option<((bool, u16, bool), ID)> = None;
        while let Some(id) = first(character, &seen, fonts).filter(|_| seen.len() < used.len() + CANDIDATES) {
            seen.push(id);
            let Some(face) = fonts.face(id) else { continue };
            let rank = (face.monospaced, face.weight.0.abs_diff(weight.0), face.style != style);
            if best.as_ref().is_none_or(|(least, _)| rank < *least) {
                best = Some((rank, id));
            }
        }
        if best.is_none()
            && !character.is_whitespace()
            && let Ok(mut missing) = missing.lock()
        {
            missing.insert(character);
        }
        best.map(|(_, id)| id)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dark(svg: &str) -> usize {
        let bytes = png(svg, 200).unwrap();
        let pixels = Pixmap::decode_png(&bytes).unwrap();
        assert_eq!((pixels.width(), pixels.height()), (200, 100));
        pixels.pixels().iter().filter(|p| p.red() < 128).count()
    }

    #[test]
    fn text_is_drawn_with_the_font_that_travels_with_the_program() {
        let text = |words: &str| {
            format!(
                "<svg xmlns='http://www.w3.org/2000/svg' width='100' height='50' font-family='Libertinus Serif'><text x='5' y='30' font-size='20'>{words}</text></svg>"
            )
        };
        assert_eq!(dark(&text("")), 0);
        assert!(dark(&text("norm")) > 200);
    }

    /// Nobody gives a shape to a private character of the last plane.
    #[test]
    fn what_no_font_has_is_no_crossed_box() {
        let svg = |words: &str| {
            format!(
                "<svg xmlns='http://www.w3.org/2000/svg' width='720' height='50' font-family='Libertinus Serif'><text x='5' y='30' font-size='20'>{words}</text></svg>"
            )
        };
        let missing = undrawn(&svg("é a \u{10fff0}\u{10fff1} b")).unwrap();
        assert_eq!(missing.into_iter().collect::<String>(), "\u{10fff0}\u{10fff1}");
        let tall = |words: &str| Pixmap::decode_png(&png(&svg(words), 720).unwrap()).unwrap().height();
        assert_eq!((tall("a b"), tall("a \u{10fff0}\u{10fff1} b")), (50, 74));
        assert_eq!(without("a\u{10fff0}\u{10fff1}b", &['\u{10fff0}', '\u{10fff1}'].into()), "a[…]b");
    }

    #[test]
    fn colours_behind_supports_do_not_reach_the_picture() {
        let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='100' height='50'><style>@supports (fill:var(--a)){.x{fill:var(--a)}}</style><rect class='x' width='100' height='50' fill='#000'/></svg>";
        assert_eq!(dark(svg), 200 * 100);
    }

    #[test]
    fn what_cannot_be_drawn_is_an_error() {
        let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='100000'/>";
        assert!(matches!(png(svg, 0), Err(PngError::Size { .. })));
        assert!(matches!(png(svg, 1_000_000), Err(PngError::Size { .. })));
        assert!(matches!(png(svg, 9_000), Err(PngError::Size { .. })));
        assert!(matches!(png("<svg", 10), Err(PngError::Svg(_))));
    }
}
