//! The rules of the house: ARCHITECTURE.md and the code say the same, and imports keep to it.

use super::file::File;
use super::imports::{Crate, Edge, Outside, crate_name, crates};
use super::page::{self, Page};
use std::collections::BTreeSet;

/// Checks the code against the page.
pub(crate) fn complaints(files: &[File]) -> Vec<String> {
    let Some(text) = files.iter().find(|f| f.path == page::PATH).map(|f| f.text.as_str()) else {
        return vec![format!("{}: is missing", page::PATH)];
    };
    let (page, mut out) = page::read(text);
    let (crates, unreadable) = crates(files);
    out.extend(unreadable);
    out.extend(rows(&page, &crates));
    out.extend(manifests(&page, files));
    for krate in &crates {
        let (edges, outside) = krate.imports();
        let broken = |o| between_crates(&page, &krate.name, o).or_else(|| nevers(&page, &krate.name, o));
        out.extend(once_a_file(outside.iter().filter_map(broken)));
        out.extend(edges.iter().filter_map(|e| inside_crate(&page, krate, e)));
        let told = |circle: &String| page.circles.iter().any(|place| circle.starts_with(place.as_str()));
        out.extend(krate.circles().into_iter().filter(|circle| !told(circle)));
    }
    out
}

/// Leaves the first of complaints that say the same of one file: what is imported is mentioned again where it is used.
fn once_a_file(complaints: impl Iterator<Item = String>) -> Vec<String> {
    let mut said = BTreeSet::new();
    let mut is_new = |complaint: &String| {
        let mut parts = complaint.splitn(3, ':');
        said.insert((parts.next().map(str::to_owned), parts.nth(1).map(str::to_owned)))
    };
    complaints.filter(|complaint| is_new(complaint)).collect()
}

/// A module stands in the page once, and what stands there exists.
fn rows(page: &Page, crates: &[Crate]) -> Vec<String> {
    let mut out = Vec::new();
    for krate in crates.iter().filter(|k| k.name != "xtask") {
        let is_root = |name: &str| name == "main";
        let modules: BTreeSet<&String> = krate.files.keys().filter_map(|path| path.first()).collect();
        let Some(rows) = page.rows.get(&krate.name) else {
            out.push(format!("{}: the crate `{}` has no heading", page::PATH, krate.name));
            continue;
        };
        for module in modules.iter().filter(|m| !is_root(m) && !rows.contains(**m)) {
            out.push(format!("{}: the module `{module}` of `{}` has no row", page::PATH, krate.name));
        }
        for row in rows.iter().filter(|row| !modules.contains(row)) {
            out.push(format!("{}: `{row}` of `{}` does not exist", page::PATH, krate.name));
        }
    }
    for name in page.rows.keys().filter(|name| !crates.iter().any(|k| k.name == **name)) {
        out.push(format!("{}: the crate `{name}` does not exist", page::PATH));
    }
    out
}

/// A manifest depends on no crate of ours that the directions do not allow, and on nothing that its crate never imports.
fn manifests(page: &Page, files: &[File]) -> Vec<String> {
    let mut out = Vec::new();
    for file in files {
        let Some(name) = file.path.strip_suffix("/Cargo.toml").and_then(crate_name).filter(|n| *n != "xtask") else {
            continue;
        };
        let mut section = "";
        for (number, line) in (1..).zip(file.text.lines()) {
            if line.starts_with('[') {
                section = line;
                continue;
            }
            if !section.contains("dependencies]") {
                continue;
            }
            let dependency = line.split(['.', '=', ' ']).next().unwrap_or_default().replace('-', "_");
            let imported = Outside { segments: vec![dependency], place: format!("{}:{number}", file.path) };
            out.extend(between_crates(page, name, &imported));
            // Tests may use what the crate itself may not.
            if section == "[dependencies]" {
                out.extend(nevers(page, name, &imported));
            }
        }
    }
    out
}

fn between_crates(page: &Page, name: &str, imported: &Outside) -> Option<String> {
    let other = imported.segments.first()?.strip_prefix("nomoscope")?.trim_start_matches('_');
    let other = if other.is_empty() { "nomoscope" } else { other };
    let allowed = name == "xtask" || page.allows(name, other);
    (!allowed).then(|| format!("{}: `{name}` may not import `{other}`", imported.place))
}

fn nevers(page: &Page, name: &str, imported: &Outside) -> Option<String> {
    let begins = |path: &&String| {
        path.split("::").zip(&imported.segments).filter(|(a, b)| a == b).count() == path.split("::").count()
    };
    let never = page.nevers.iter().filter(|(of, _)| of == name).flat_map(|(_, paths)| paths).find(begins)?;
    Some(format!("{}: `{name}` never imports `{never}`", imported.place))
}

/// Directions inside a crate hold if the page tells any for it; its root may join everything.
fn inside_crate(page: &Page, krate: &Crate, edge: &Edge) -> Option<String> {
    let prefix = format!("{}::", krate.name);
    let from = format!("{prefix}{}", edge.from.first()?);
    let to = format!("{prefix}{}", edge.to.first()?);
    let allowed = !page.directions.keys().any(|k| k.starts_with(&prefix)) || page.allows(&from, &to);
    (!allowed).then(|| format!("{}:{}: `{from}` may not import `{to}`", krate.path(&edge.from), edge.line))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::file::file;

    const PAGE: &str = "### `nomoscope-core`\n| `text` | a |\n| `law` | b |\n### `nomoscope-figure`\n| `plot` | c |\n\
                        ```text directions\nfigure -> core\ncore::law -> nothing\ncore::text -> nothing\n```\n\
                        ```text nevers\ncore: std::fs clap println!\n```\n";

    /// Complaints about a house of two crates in which one file has another text.
    #[track_caller]
    fn check(path: &str, text: &str, want: &[&str]) {
        let mut files = vec![
            file("ARCHITECTURE.md", PAGE),
            file("crates/nomoscope-core/src/lib.rs", "pub mod law; pub mod text;"),
            file("crates/nomoscope-core/src/law/mod.rs", "pub struct Norm;"),
            file("crates/nomoscope-core/src/text.rs", "pub struct Text;"),
            file("crates/nomoscope-figure/src/lib.rs", "pub mod plot;"),
            file("crates/nomoscope-figure/src/plot.rs", "use nomoscope_core::text::Text;"),
            file(
                "crates/nomoscope-figure/Cargo.toml",
                "[dependencies]\nnomoscope-core.workspace = true\nclap = \"1\"\n",
            ),
        ];
        files.retain(|f| f.path != path);
        files.push(file(path, text));
        assert_eq!(complaints(&files), want);
    }

    #[test]
    fn a_house_that_keeps_its_rules() {
        check("README.md", "", &[]);
    }

    #[test]
    fn modules_and_rows_are_the_same() {
        check("crates/nomoscope-figure/src/lib.rs", "pub mod plot; mod svg;", &[]);
        check(
            "ARCHITECTURE.md",
            &PAGE.replace("| `plot` | c |\n", ""),
            &["ARCHITECTURE.md: the module `plot` of `figure` has no row"],
        );
        check(
            "ARCHITECTURE.md",
            &PAGE.replace("| c |", "| c |\n| `svg` | d |"),
            &["ARCHITECTURE.md: `svg` of `figure` does not exist"],
        );
        check(
            "ARCHITECTURE.md",
            &PAGE.replace("### `nomoscope-figure`\n| `plot` | c |\n", ""),
            &["ARCHITECTURE.md: the crate `figure` has no heading"],
        );
        check(
            "ARCHITECTURE.md",
            &format!("{PAGE}### `nomoscope-desk`\n"),
            &["ARCHITECTURE.md: the crate `desk` does not exist"],
        );
    }

    #[test]
    fn directions_hold_between_crates_and_inside() {
        check(
            "crates/nomoscope-core/src/text.rs",
            "use nomoscope_figure::plot;",
            &["crates/nomoscope-core/src/text.rs:1: `core` may not import `figure`"],
        );
        check(
            "crates/nomoscope-core/src/text.rs",
            "fn f(n: crate::law::Norm) {}",
            &["crates/nomoscope-core/src/text.rs:1: `core::text` may not import `core::law`"],
        );
        check(
            "crates/nomoscope-core/Cargo.toml",
            "[dev-dependencies]\nclap = \"1\"\nnomoscope-figure = \"1\"\n",
            &["crates/nomoscope-core/Cargo.toml:3: `core` may not import `figure`"],
        );
    }

    #[test]
    fn nevers_hold_in_code_and_manifests() {
        check(
            "crates/nomoscope-core/src/text.rs",
            "use std::fs;",
            &["crates/nomoscope-core/src/text.rs:1: `core` never imports `std::fs`"],
        );
        check(
            "crates/nomoscope-core/src/text.rs",
            "use std::fmt;\nfn f() { println!() }",
            &["crates/nomoscope-core/src/text.rs:2: `core` never imports `println!`"],
        );
        check("crates/nomoscope-core/src/text.rs", "#[cfg(test)] mod tests { use std::fs; }", &[]);
        check(
            "crates/nomoscope-core/Cargo.toml",
            "[dependencies]\nclap = \"1\"\n",
            &["crates/nomoscope-core/Cargo.toml:2: `core` never imports `clap`"],
        );
    }
}
