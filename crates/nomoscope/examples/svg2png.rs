//! Turns SVG files into PNG beside them: `cargo run --example svg2png -- WIDTH FILE…`.

#[path = "../src/report/mod.rs"]
pub mod report;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let width_px: u32 = arguments.next().ok_or("give a width in pixels and SVG files")?.parse()?;
    for path in arguments {
        let svg = std::fs::read_to_string(&path)?;
        std::fs::write(std::path::Path::new(&path).with_extension("png"), report::png::png(&svg, width_px)?)?;
    }
    Ok(())
}
