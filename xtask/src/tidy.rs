//! `tidy`: tests on the repository itself, for what no compiler sees.
//!
//! Each rule is a function from one file (or all of them) to complaints; [`run`] prints them all.

mod file;
mod house;
mod imports;
mod measure;
mod page;
mod source;

use crate::repository::root;
use file::{File, files};
use std::collections::BTreeMap;

/// A file larger than this is no source; pictures of the documentation may be larger.
const MAX_BYTES: usize = 1 << 20;
const MAX_PICTURE_BYTES: usize = 3 << 20;

/// Runs all rules.
pub(crate) fn run() -> Result<(), String> {
    let files = files(&root())?;
    let mut complaints: Vec<String> = files.iter().flat_map(of_file).collect();
    complaints.extend(decisions(&files));
    complaints.extend(data(&files));
    complaints.extend(links(&files));
    complaints.extend(house::complaints(&files));
    if complaints.is_empty() {
        println!("{} files are tidy", files.len());
        return Ok(());
    }
    complaints.sort();
    Err(format!("{}\n{} complaints", complaints.join("\n"), complaints.len()))
}

// The words are put together here, so that this file does not hold them itself.
const MACHINE_PATHS: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/ho", "me/"),
    concat!("/ro", "ot/"),
    concat!("/Us", "ers/"),
    concat!("C:\\Us", "ers\\"),
];
const REGISTRY_HOSTS: &[&str] = &[
    concat!("crates", ".io"),
    concat!("pypi", ".org"),
    concat!("npmjs", ".org"),
    concat!("npmjs", ".com"),
    concat!("deb.deb", "ian.org"),
    concat!("proxy.go", "lang.org"),
];
const UNFINISHED: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX")];
const CONFLICTS: &[&str] = &[concat!("<<<<", "<<< "), concat!(">>>>", ">>> ")];
const LOCK_SOURCE: &str = concat!("source = \"registry+https://github.com/rust-lang/crates", ".io-index\"");

/// Prints how large the house is.
pub(crate) fn measure() -> Result<(), String> {
    print!("{}", measure::report(&files(&root())?));
    Ok(())
}

fn of_file(file: &File) -> Vec<String> {
    let mut out = Vec::new();
    let limit = if file.path.starts_with("docs/images/") { MAX_PICTURE_BYTES } else { MAX_BYTES };
    if file.size > limit {
        out.push(format!("{}: {} bytes are too many for a source", file.path, file.size));
    }
    let lock = file.path.ends_with("Cargo.lock");
    for (i, line) in file.text.lines().enumerate() {
        let mut complain = |what: String| out.push(format!("{}:{}: {what}", file.path, i + 1));
        if lock {
            if line.starts_with("source = ") && line != LOCK_SOURCE {
                complain("a dependency comes from elsewhere than the usual registry".to_owned());
            }
            continue;
        }
        for path in MACHINE_PATHS.iter().filter(|p| line.contains(**p)) {
            complain(format!("a path of somebody's machine (`{path}`)"));
        }
        for host in REGISTRY_HOSTS.iter().filter(|h| line.contains(**h)) {
            complain(format!("the host name of a registry (`{host}`)"));
        }
        for word in UNFINISHED.iter().filter(|w| has_word(line, w)) {
            complain(format!("`{word}`: open an issue instead"));
        }
        if CONFLICTS.iter().any(|mark| line.starts_with(mark)) {
            complain("the mark of a merge that was not finished".to_owned());
        }
        if file.path.ends_with(".rs") && line.trim_start().starts_with(concat!("#[ign", "ore")) {
            complain("a test that is never run".to_owned());
        }
    }
    out
}

fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

const DECISIONS: &str = "docs/adr/";
const HEADINGS: [&str; 4] = ["## Context", "## Decision", "## Rejected", "## Consequences"];

/// Decisions are numbered without gaps and have the four parts; a decision that is cited exists.
fn decisions(files: &[File]) -> Vec<String> {
    let mut out = Vec::new();
    let mut by_number: BTreeMap<usize, &str> = BTreeMap::new();
    for file in files.iter().filter(|f| f.path.starts_with(DECISIONS)) {
        let name = &file.path[DECISIONS.len()..];
        let number = name.split_once('-').filter(|(n, _)| n.len() == 4).and_then(|(n, _)| n.parse::<usize>().ok());
        let Some(number) = number.filter(|_| name.ends_with(".md")) else {
            out.push(format!("{}: a decision is named NNNN-title.md", file.path));
            continue;
        };
        if let Some(other) = by_number.insert(number, &file.path) {
            out.push(format!("{}: {other} has the same number", file.path));
        }
        if !file.text.starts_with(&format!("# {number}. ")) {
            out.push(format!("{}: does not begin with `# {number}. Title`", file.path));
        }
        for heading in HEADINGS.iter().filter(|h| !file.text.lines().any(|l| l == **h)) {
            out.push(format!("{}: has no `{heading}`", file.path));
        }
    }
    for (expected, (number, path)) in (1..).zip(&by_number) {
        if *number != expected {
            out.push(format!("{path}: expected the number {expected:04}"));
            break;
        }
    }
    // This file cites made-up ones in its tests.
    for file in files.iter().filter(|f| !f.path.ends_with("tidy.rs")) {
        for (at, _) in file.text.match_indices("adr/") {
            let digits: String = file.text[at + 4..].chars().take(4).collect();
            if digits.len() == 4
                && let Ok(number) = digits.parse::<usize>()
                && !by_number.contains_key(&number)
            {
                out.push(format!("{}: cites the decision {digits}, which does not exist", file.path));
            }
        }
    }
    out
}

/// A file under `data/`, or a README.md above it there, names its source and its licence.
fn data(files: &[File]) -> Vec<String> {
    let named: Vec<(&str, bool)> = files.iter().map(|f| (f.path.as_str(), names_source_and_licence(&f.text))).collect();
    let says = |path: &str| named.iter().any(|(p, says)| *p == path && *says);
    let covered = |path: &str| {
        let mut folder = path;
        while let Some((above, _)) = folder.rsplit_once('/') {
            if says(&format!("{above}/README.md")) {
                return true;
            }
            folder = above;
        }
        false
    };
    files
        .iter()
        .filter(|f| f.path.starts_with("data/") && !says(&f.path) && !covered(&f.path))
        .map(|f| format!("{}: neither it nor a README.md above it names source and licence", f.path))
        .collect()
}

fn names_source_and_licence(text: &str) -> bool {
    let text = text.to_lowercase();
    text.contains("source") && (text.contains("licence") || text.contains("license"))
}

/// Links between files of the documentation lead somewhere.
fn links(files: &[File]) -> Vec<String> {
    let mut out = Vec::new();
    for file in files.iter().filter(|f| f.path.ends_with(".md") && !f.path.starts_with("data/")) {
        for (i, line) in file.text.lines().enumerate() {
            for target in targets(line) {
                let path = resolve(&file.path, target);
                let exists = files.iter().any(|f| f.path == path || f.path.starts_with(&format!("{path}/")));
                if !path.is_empty() && !exists {
                    out.push(format!("{}:{}: the link to {target} leads nowhere", file.path, i + 1));
                }
            }
        }
    }
    out
}

/// Returns the targets of the inline links and pictures of a line that are no addresses and no anchors.
fn targets(line: &str) -> Vec<&str> {
    let between = |open: &'static str, close: char| {
        line.match_indices(open)
            .filter_map(move |(at, _)| line[at + open.len()..].split_once(close).map(|(target, _)| target))
    };
    between("](", ')')
        .chain(between("src=\"", '"'))
        .filter(|t| !t.contains("://") && !t.starts_with('#') && !t.starts_with("mailto:"))
        .map(|t| t.split('#').next().unwrap_or(t))
        .collect()
}

fn resolve(from: &str, target: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.trim_end_matches('/').split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::file::file;
    use super::*;

    #[test]
    fn lines_that_do_not_belong_into_a_repository() {
        let rows = [
            ("a.md", "see the paper".to_owned(), 0),
            ("a.md", format!("see {}me/notes", MACHINE_PATHS[1]), 1),
            ("a.md", format!("from {}", REGISTRY_HOSTS[0]), 1),
            ("a.rs", format!("// {}: later", UNFINISHED[0]), 1),
            ("a.rs", format!("let {}s = 1;", UNFINISHED[0]), 0),
            ("a.rs", format!("    {}ore]", "#[ign"), 1),
            ("a.rs", format!("{}branch", CONFLICTS[1]), 1),
            ("Cargo.lock", LOCK_SOURCE.to_owned(), 0),
            ("Cargo.lock", "source = \"registry+https://mirror.example\"".to_owned(), 1),
        ];
        for (path, text, want) in rows {
            assert_eq!(of_file(&file(path, &text)).len(), want, "{path}: {text}");
        }
    }

    #[test]
    fn decisions_are_numbered_and_have_their_parts() {
        let body = HEADINGS.join("\n");
        let good = file("docs/adr/0001-one.md", &format!("# 1. One\n{body}\n"));
        assert_eq!(decisions(&[good]).len(), 0);
        let late = file("docs/adr/0003-three.md", &format!("# 3. Three\n{body}\n"));
        assert_eq!(decisions(&[late]).len(), 1);
        let bare = file("docs/adr/0001-one.md", "# 1. One\n");
        assert_eq!(decisions(&[bare]).len(), 4);
        assert_eq!(decisions(&[file("a.rs", "// see docs/adr/0009")]).len(), 1);
    }

    #[test]
    fn data_names_source_and_licence() {
        let readme = file("data/x/README.md", "Source: own work. Licence: CC-BY-4.0.");
        assert_eq!(data(&[readme, file("data/x/y/z.csv", "a,b")]).len(), 0);
        assert_eq!(data(&[file("data/x/y/z.csv", "a,b")]).len(), 1);
        assert_eq!(data(&[file("data/z.toml", "source = \"s\"\nlicence = \"l\"")]).len(), 0);
    }

    #[test]
    fn links_lead_somewhere() {
        let files = [
            file("docs/a.md", "[b](b.md) [up](../README.md#x) [out](https://example.org) [no](c.md)"),
            file("docs/b.md", ""),
            file("README.md", "[d](docs/)"),
        ];
        assert_eq!(links(&files), ["docs/a.md:1: the link to c.md leads nowhere"]);
    }
}
