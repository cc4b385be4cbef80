//! What ARCHITECTURE.md says of the house, as far as tidy can hold the code to it.
//!
//! A heading ``### `nomoscope-core`: …`` begins a crate, and the table below it has a row a module. A block ```` ```text
//! directions ```` has lines `crate -> crate` and `crate::module -> module, module`; a block ```` ```text nevers ```` has
//! lines `crate: path path`.

use std::collections::{BTreeMap, BTreeSet};

/// Name of the page.
pub(crate) const PATH: &str = "ARCHITECTURE.md";

/// What the page says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Page {
    /// Crates with their modules.
    pub(crate) rows: BTreeMap<String, BTreeSet<String>>,
    /// What may be imported directly, between crates (`core`) and inside one (`core::text`).
    pub(crate) directions: BTreeMap<String, BTreeSet<String>>,
    /// What a crate never imports.
    pub(crate) nevers: Vec<(String, Vec<String>)>,
    /// Where files still import each other, by the beginning of their paths.
    pub(crate) circles: Vec<String>,
}

impl Page {
    /// Whether one may import from the other, directly or by way of others.
    pub(crate) fn allows(&self, from: &str, to: &str) -> bool {
        let mut open = vec![from];
        let mut seen = BTreeSet::new();
        while let Some(at) = open.pop() {
            if at == to {
                return true;
            }
            if seen.insert(at) {
                open.extend(self.directions.get(at).into_iter().flatten().map(String::as_str));
            }
        }
        false
    }
}

/// Reads the page, with complaints about lines that say nothing or something twice.
pub(crate) fn read(text: &str) -> (Page, Vec<String>) {
    let mut page = Page::default();
    let mut complaints = Vec::new();
    let mut crate_name: Option<&str> = None;
    let mut block: Option<&str> = None;
    for (number, line) in (1..).zip(text.lines()) {
        let mut complain = |what: String| complaints.push(format!("{PATH}:{number}: {what}"));
        if let Some(fence) = line.strip_prefix("```") {
            block = if block.is_none() { Some(fence.trim_start_matches("text").trim()) } else { None };
            continue;
        }
        match block {
            Some(_) if line.is_empty() => {}
            Some("directions") => match line.split_once(" -> ") {
                Some((from, to)) => direction(&mut page, from.trim(), to),
                None => complain("a direction is `from -> to, to`".to_owned()),
            },
            Some("nevers") => match line.split_once(": ") {
                Some((name, paths)) => {
                    page.nevers.push((name.trim().to_owned(), paths.split_whitespace().map(str::to_owned).collect()));
                }
                None => complain("what a crate never imports is `crate: path path`".to_owned()),
            },
            Some("circles") => page.circles.push(line.trim().to_owned()),
            Some(_) => {}
            None if line.starts_with('#') => {
                crate_name = line.strip_prefix("### `").and_then(|rest| rest.split_once('`')).map(|(name, _)| name);
                if let Some(name) = crate_name
                    && page.rows.insert(short(name).to_owned(), BTreeSet::new()).is_some()
                {
                    complain(format!("the crate `{name}` has a second heading"));
                }
            }
            None => {
                let module = line.strip_prefix("| `").and_then(|rest| rest.split_once("` |")).map(|(module, _)| module);
                if let (Some(name), Some(module)) = (crate_name, module) {
                    let rows = page.rows.entry(short(name).to_owned()).or_default();
                    if !rows.insert(module.trim_end_matches('/').to_owned()) {
                        complain(format!("the module `{module}` of `{name}` has a second row"));
                    }
                }
            }
        }
    }
    (page, complaints)
}

/// Inside a crate, the right side needs no repetition of the crate: `core::norm -> coding`.
fn direction(page: &mut Page, from: &str, to: &str) {
    let inside = from.split_once("::").map(|(name, _)| name);
    let to = to.split(',').map(str::trim).filter(|t| !t.is_empty() && *t != "nothing");
    let to = to.map(|t| inside.map_or_else(|| t.to_owned(), |name| format!("{name}::{t}")));
    page.directions.entry(from.to_owned()).or_default().extend(to);
}

fn short(name: &str) -> &str {
    name.strip_prefix("nomoscope-").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "### `nomoscope-core`: types\n\n| Module | Does |\n| --- | --- |\n| `text` | spans |\n| `law/` | tests |\n\n\
                        ## Directions\n| `no` | row |\n```text directions\nfigure -> core\n\ncore::law -> text\ncore::text -> nothing\n```\n\
                        ```text nevers\ncore: std::fs println!\n```\n```text\na -> b\n```\n";

    #[test]
    fn rows_directions_and_nevers_are_read() {
        let (page, complaints) = read(TEXT);
        assert!(complaints.is_empty(), "{complaints:?}");
        assert!(page.rows["core"].iter().eq(["law", "text"]));
        assert_eq!(page.rows.len(), 1);
        assert!(page.directions["core::law"].iter().eq(["core::text"]));
        assert!(page.directions["core::text"].is_empty() && !page.directions.contains_key("a"));
        assert_eq!(page.nevers, [("core".to_owned(), vec!["std::fs".to_owned(), "println!".to_owned()])]);
    }

    #[test]
    fn nothing_is_said_twice_and_no_line_says_nothing() {
        for (addition, want) in [
            ("### `nomoscope-core`: again\n", "the crate `nomoscope-core` has a second heading"),
            ("### `x`\n| `a` | b |\n| `a` | c |\n", "the module `a` of `x` has a second row"),
            ("```text directions\nx y\n```\n", "a direction is `from -> to, to`"),
            ("```text nevers\nx y\n```\n", "what a crate never imports is `crate: path path`"),
        ] {
            let complaints = read(&format!("{TEXT}{addition}")).1;
            assert!(complaints.len() == 1 && complaints[0].ends_with(want), "{complaints:?}");
        }
    }

    #[test]
    fn directions_lead_on() {
        let page = read("```text directions\na -> b\nb -> c\n```\n").0;
        assert!(page.allows("a", "c") && page.allows("a", "a"));
        assert!(!page.allows("c", "a"));
    }
}
