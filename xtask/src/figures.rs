//! `figures`: the pictures of the documentation, drawn by the program itself.

use crate::repository::{cargo, root};
use std::fs;

/// All pictures as SVG; this one, which the first page shows, also as PNG.
const FIRST: &str = "multiple-value";

/// Runs the demo and keeps its figures in `docs/images`.
pub(crate) fn run() -> Result<(), String> {
    let root = root();
    let scratch = std::env::temp_dir().join(format!("nomoscope-figures-{}", std::process::id()));
    let target = scratch.display().to_string();
    let status = cargo(&["run", "--release", "--locked", "--package", "nomoscope", "--", "demo", "--out", &target])
        .status()
        .map_err(|e| format!("cargo could not be started: {e}"))?;
    if !status.success() {
        return Err(format!("the demo ended with {status}"));
    }
    let images = root.join("docs/images");
    let kept = keep(&scratch.join("figures"), &images).map_err(|e| format!("docs/images: {e}"));
    let _ = fs::remove_dir_all(&scratch);
    for name in kept? {
        println!("docs/images/{name}");
    }
    Ok(())
}

fn keep(from: &std::path::Path, to: &std::path::Path) -> std::io::Result<Vec<String>> {
    fs::create_dir_all(to)?;
    let mut kept = Vec::new();
    for entry in fs::read_dir(from)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        // Pages show the wide ones; those of 90 mm are for columns in print.
        if name.ends_with(".svg") && !name.ends_with("-90mm.svg") || name == format!("{FIRST}.png") {
            fs::copy(from.join(&name), to.join(&name))?;
            kept.push(name);
        }
    }
    kept.sort();
    Ok(kept)
}
