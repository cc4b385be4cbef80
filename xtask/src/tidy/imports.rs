//! Which file of a crate imports which, and what it imports from elsewhere.
//!
//! An import leads to the file that *defines* the name: a parent that passes on its children's names with `pub use` stands
//! between nobody, unless it works with these names itself.

use super::file::File;
use super::source::{self, Mention, Source};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A chain of `use` that is longer leads nowhere.
const MAX_STEPS: usize = 32;

/// A crate: its name as the page has it (`core`, not `nomoscope-core`) and its files of production code by module path.
pub(crate) struct Crate {
    pub(crate) name: String,
    pub(crate) files: BTreeMap<Vec<String>, Module>,
}

/// A file as a module.
pub(crate) struct Module {
    pub(crate) path: String,
    pub(crate) source: Source,
}

/// From one file to another, with the line of the first import.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Edge {
    pub(crate) from: Vec<String>,
    pub(crate) to: Vec<String>,
    pub(crate) line: usize,
}

/// A path into another crate, with its place.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Outside {
    pub(crate) segments: Vec<String>,
    pub(crate) place: String,
}

/// Where a path leads.
enum Target {
    /// A name that the file of this module defines.
    Item(Vec<String>),
    /// A module itself.
    Module(Vec<String>),
    Outside(Vec<String>),
}

/// Returns the crates with their files, and complaints about files that cannot be read.
pub(crate) fn crates(files: &[File]) -> (Vec<Crate>, Vec<String>) {
    let mut by_name: BTreeMap<String, Crate> = BTreeMap::new();
    let mut complaints = Vec::new();
    for file in files {
        let Some((folder, module)) = file.path.split_once("/src/").filter(|(_, m)| m.ends_with(".rs")) else {
            continue;
        };
        let Some(name) = crate_name(folder) else { continue };
        match source::read(&file.text) {
            Ok(source) => {
                let files = BTreeMap::new();
                let krate = by_name.entry(name.to_owned()).or_insert_with(|| Crate { name: name.to_owned(), files });
                krate.files.insert(module_path(module), Module { path: file.path.clone(), source });
            }
            Err(why) => complaints.push(format!("{}: is no Rust: {why}", file.path)),
        }
    }
    let mut crates: Vec<Crate> = by_name.into_values().collect();
    crates.iter_mut().for_each(Crate::drop_tests);
    (crates, complaints)
}

/// Returns the name of a crate as the page has it, from its folder.
pub(crate) fn crate_name(folder: &str) -> Option<&str> {
    match folder.strip_prefix("crates/") {
        Some(name) => (!name.contains('/')).then(|| name.strip_prefix("nomoscope-").unwrap_or(name)),
        None => (folder == "xtask").then_some(folder),
    }
}

fn module_path(file: &str) -> Vec<String> {
    let mut path: Vec<String> = file.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    match path.last().map(String::as_str) {
        Some("mod") => drop(path.pop()),
        Some("lib") if path.len() == 1 => drop(path.pop()),
        _ => {}
    }
    path
}

impl Crate {
    /// Leaves only what is declared outside `#[cfg(test)]`, from the roots on.
    fn drop_tests(&mut self) {
        let mut kept: BTreeSet<Vec<String>> = BTreeSet::new();
        let mut open = vec![Vec::new(), vec!["main".to_owned()]];
        while let Some(path) = open.pop() {
            let Some(module) = self.files.get(&path) else { continue };
            let parent = if module.path.ends_with("src/main.rs") { Vec::new() } else { path.clone() };
            open.extend(module.source.children.iter().map(|child| [parent.clone(), vec![child.clone()]].concat()));
            kept.insert(path);
        }
        self.files.retain(|path, _| kept.contains(path));
    }

    /// Returns all imports: those between files, each pair once, and those from elsewhere.
    pub(crate) fn imports(&self) -> (Vec<Edge>, Vec<Outside>) {
        let mut edges: BTreeMap<(Vec<String>, Vec<String>), usize> = BTreeMap::new();
        let mut outside = Vec::new();
        for (from, module) in &self.files {
            let source = &module.source;
            let private = source.uses.iter().filter(|u| !u.public).map(|u| (&u.target, u.name == "*"));
            let passed_on = source.uses.iter().filter(|u| u.public).map(|u| &u.target);
            for (mention, glob) in private.chain(source.mentions.iter().map(|m| (m, false))) {
                match self.resolve(from, &mention.segments, 0) {
                    Some(Target::Item(to)) if to != *from => {
                        edges.entry((from.clone(), to)).or_insert(mention.line);
                    }
                    Some(Target::Module(to)) if glob && to != *from => {
                        edges.entry((from.clone(), to)).or_insert(mention.line);
                    }
                    Some(Target::Outside(segments)) => outside.push(at_place(segments, module, mention)),
                    _ => {}
                }
            }
            for mention in passed_on {
                if let Some(Target::Outside(segments)) = self.resolve(from, &mention.segments, 0) {
                    outside.push(at_place(segments, module, mention));
                }
            }
        }
        (edges.into_iter().map(|((from, to), line)| Edge { from, to, line }).collect(), outside)
    }

    fn resolve(&self, from: &[String], segments: &[String], steps: usize) -> Option<Target> {
        let (first, rest) = segments.split_first().filter(|_| steps < MAX_STEPS)?;
        // A child of `main.rs` lies beside it.
        let is_root = |path: &[String]| path.is_empty() || path == ["main"];
        match first.as_str() {
            "crate" => self.walk(&[], rest, steps),
            "self" => self.walk(from, rest, steps),
            "super" => {
                let mut above = from.split_last()?.1;
                let mut rest = rest;
                while let Some((_, after)) = rest.split_first().filter(|(next, _)| *next == "super") {
                    (above, rest) = (above.split_last()?.1, after);
                }
                self.walk(above, rest, steps)
            }
            name => {
                let module = self.files.get(from)?;
                if let Some(used) = module.source.uses.iter().find(|u| u.name == name && u.target.segments != *segments)
                {
                    // `use serde;` and `use x::x` name themselves.
                    let target = [used.target.segments.as_slice(), rest].concat();
                    if used.target.segments.first().is_some_and(|f| f != name) {
                        return self.resolve(from, &target, steps + 1);
                    }
                }
                let base = if is_root(from) { &[] } else { from };
                if module.source.children.contains(name) {
                    return self.walk(&[base, std::slice::from_ref(first)].concat(), rest, steps);
                }
                let globs = module.source.uses.iter().filter(|u| u.name == "*");
                for glob in globs {
                    if let Some(Target::Module(to)) = self.resolve(from, &glob.target.segments, steps + 1)
                        && to != from
                        && let Some(Target::Item(file)) = self.named(&to, first, steps)
                    {
                        return Some(Target::Item(file));
                    }
                }
                (!rest.is_empty() || name.ends_with('!')).then(|| Target::Outside(segments.to_vec()))
            }
        }
    }

    /// Follows a path from a module downwards, and through what modules pass on.
    fn walk(&self, start: &[String], segments: &[String], steps: usize) -> Option<Target> {
        let mut at = start.to_vec();
        let mut rest = segments;
        while let Some((next, after)) = rest.split_first() {
            let below = [at.as_slice(), std::slice::from_ref(next)].concat();
            if !self.files.contains_key(&below) {
                let source = &self.files.get(&at)?.source;
                if let Some(used) = source.uses.iter().find(|u| u.name == *next) {
                    return self.resolve(&at, &[used.target.segments.as_slice(), after].concat(), steps + 1);
                }
                return self.named(&at, next, steps).or(Some(Target::Item(at)));
            }
            (at, rest) = (below, after);
        }
        Some(Target::Module(at))
    }

    /// Returns the file that defines a name of a module: itself, or one that it passes on as a whole.
    fn named(&self, module: &[String], name: &String, steps: usize) -> Option<Target> {
        let source = &self.files.get(module)?.source;
        if source.items.contains(name.trim_end_matches('!')) {
            return Some(Target::Item(module.to_vec()));
        }
        if steps >= MAX_STEPS {
            return None;
        }
        let globs = source.uses.iter().filter(|u| u.name == "*" && u.public);
        globs.filter_map(|u| self.resolve(module, &u.target.segments, steps + 1)).find_map(|target| match target {
            Target::Module(to) if to != module => self.named(&to, name, steps + 1),
            _ => None,
        })
    }

    /// Returns a shortest circle for each knot of files that import each other, as a complaint.
    pub(crate) fn circles(&self) -> Vec<String> {
        let (edges, _) = self.imports();
        let mut complaints = Vec::new();
        let mut seen: BTreeSet<&[String]> = BTreeSet::new();
        for start in self.files.keys() {
            if seen.contains(start.as_slice()) {
                continue;
            }
            let Some(circle) = shortest_circle(start, &edges) else { continue };
            seen.extend(circle.iter().map(|e| e.from.as_slice()));
            let steps: Vec<String> = circle.iter().map(|e| format!("{}:{}", self.path(&e.from), e.line)).collect();
            complaints.push(format!("{}: a circle of imports: {}", self.path(start), steps.join(" -> ")));
        }
        complaints
    }

    pub(crate) fn path(&self, module: &[String]) -> &str {
        self.files.get(module).map_or("", |m| m.path.as_str())
    }
}

fn at_place(segments: Vec<String>, module: &Module, mention: &Mention) -> Outside {
    Outside { segments, place: format!("{}:{}", module.path, mention.line) }
}

fn shortest_circle<'e>(start: &[String], edges: &'e [Edge]) -> Option<Vec<&'e Edge>> {
    let mut reached_by: BTreeMap<&[String], &Edge> = BTreeMap::new();
    let mut open: VecDeque<&[String]> = VecDeque::from([start]);
    while let Some(at) = open.pop_front() {
        for edge in edges.iter().filter(|e| e.from == at) {
            if reached_by.contains_key(edge.to.as_slice()) {
                continue;
            }
            reached_by.insert(&edge.to, edge);
            open.push_back(&edge.to);
        }
    }
    let mut circle = vec![*reached_by.get(start)?];
    while let Some(first) = circle.last().filter(|e| e.from != start) {
        circle.push(reached_by.get(first.from.as_slice())?);
    }
    circle.reverse();
    Some(circle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::file::file;

    fn krate(files: &[(&str, &str)]) -> Crate {
        let files: Vec<File> = files.iter().map(|(p, t)| file(&format!("crates/nomoscope-x/src/{p}"), t)).collect();
        let (mut crates, complaints) = crates(&files);
        assert!(complaints.is_empty());
        crates.remove(0)
    }

    #[track_caller]
    fn check_edges(files: &[(&str, &str)], want: &[&str]) {
        let edges = krate(files).imports().0;
        let got: Vec<String> =
            edges.iter().map(|e| format!("{} -> {} @{}", e.from.join("::"), e.to.join("::"), e.line)).collect();
        assert_eq!(got, want);
    }

    #[test]
    fn an_import_leads_to_the_file_that_defines_the_name() {
        let parent = ("a/mod.rs", "mod b; mod c; pub use b::B; pub use c::*; pub struct A;");
        let b = ("a/b.rs", "pub struct B;");
        let root = ("lib.rs", "pub mod a;");
        check_edges(&[root, parent, b, ("a/c.rs", "use super::B;")], &["a::c -> a::b @1"]);
        check_edges(&[root, parent, b, ("a/c.rs", "\nuse super::A;")], &["a::c -> a @2"]);
        check_edges(&[root, parent, b, ("a/c.rs", "use crate::a; fn f(x: a::A) {}")], &["a::c -> a @1"]);
        check_edges(&[root, parent, b, ("a/c.rs", "use super::b; fn f(x: b::B) {}")], &["a::c -> a::b @1"]);
        check_edges(
            &[root, parent, ("a/b.rs", "use super::C; struct B;"), ("a/c.rs", "pub struct C;")],
            &["a::b -> a::c @1"],
        );
        check_edges(&[root, parent, b, ("a/c.rs", "#[cfg(test)] mod tests { use super::super::A; }")], &[]);
    }

    #[test]
    fn a_parent_imports_a_child_only_if_it_works_with_it() {
        let child = ("a.rs", "pub struct A; pub const F: u8 = 1;");
        check_edges(&[("lib.rs", "mod a; pub use a::A;"), child], &[]);
        check_edges(&[("lib.rs", "mod a; pub use a::A; fn f(x: A) {}"), child], &[" -> a @1"]);
        check_edges(&[("lib.rs", "mod a; use a::A;"), child], &[" -> a @1"]);
        check_edges(&[("lib.rs", "mod a; static T: &[u8] = &[a::F];"), child], &[" -> a @1"]);
    }

    #[test]
    fn circles_are_found_and_told_with_their_lines() {
        let root = ("lib.rs", "mod a; mod b; mod c;");
        let good =
            [root, ("a.rs", "use crate::b::B;"), ("b.rs", "use crate::c::C; pub struct B;"), ("c.rs", "pub struct C;")];
        assert!(krate(&good).circles().is_empty());
        let bad = [root, good[1], good[2], ("c.rs", "use crate::a::f;")];
        let circle = "crates/nomoscope-x/src/a.rs:1 -> crates/nomoscope-x/src/b.rs:1 -> crates/nomoscope-x/src/c.rs:1";
        assert_eq!(krate(&bad).circles(), [format!("crates/nomoscope-x/src/a.rs: a circle of imports: {circle}")]);
        let family =
            [("lib.rs", "mod a; pub struct Type; fn f() { a::g() }"), ("a.rs", "use super::Type; pub fn g() {}")];
        assert_eq!(krate(&family).circles().len(), 1);
    }

    #[test]
    fn names_from_elsewhere_keep_their_whole_path() {
        let outside = krate(&[("lib.rs", "use std::fs; fn f() { fs::read(); println!(\"\") }")]).imports().1;
        let paths: Vec<String> = outside.iter().map(|o| o.segments.join("::")).collect();
        assert_eq!(paths, ["std::fs", "std::fs::read", "println!"]);
    }
}
