//! The page's type: Libertinus Serif inline, so that a report looks the same everywhere and asks nobody for a font.
//!
//! The fonts come with the crate `typst-assets` (SIL Open Font License 1.1, which permits embedding in documents).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use resvg::usvg::fontdb::{Database, Family, Query, Stretch, Style, Weight};
use std::sync::OnceLock;

/// Returns the `@font-face` rules with the fonts inline.
#[must_use]
pub fn faces() -> &'static str {
    static FACES: OnceLock<String> = OnceLock::new();
    FACES.get_or_init(|| {
        let mut database = Database::new();
        for font in typst_assets::fonts() {
            database.load_font_data(font.to_vec());
        }
        let wanted = [
            (Weight::NORMAL, Style::Normal, 400),
            (Weight::NORMAL, Style::Italic, 400),
            (Weight::SEMIBOLD, Style::Normal, 600),
        ];
        wanted.iter().filter_map(|&(weight, style, css)| face(&database, weight, style, css)).collect()
    })
}

fn face(database: &Database, weight: Weight, style: Style, css: u16) -> Option<String> {
    let families = [Family::Name("Libertinus Serif")];
    let id = database.query(&Query { families: &families, weight, stretch: Stretch::Normal, style })?;
    let font = database.with_face_data(id, |bytes, _| STANDARD.encode(bytes))?;
    let style = if style == Style::Italic { "italic" } else { "normal" };
    Some(format!(
        "@font-face{{font-family:\"Libertinus Serif\";font-weight:{css};font-style:{style};src:url(data:font/otf;base64,{font}) format(\"opentype\")}}\n"
    ))
}

#[cfg(test)]
mod tests {
    use super::faces;

    #[test]
    fn three_faces_are_there() {
        assert_eq!(faces().matches("@font-face").count(), 3);
    }
}
