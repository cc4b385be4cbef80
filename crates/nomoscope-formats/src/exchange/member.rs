//! Members of an archive, by the names that a project gives them.
//!
//! People unpack a project and pack it again: with the folder around it, with what their system puts beside, and with accents
//! written in another way. Names are compared without all that, from the folder of the project on.

use nomoscope_core::spelling::comparable;
use std::collections::BTreeMap;

/// The members of an archive by their names from the folder of the project on, as they are compared.
#[derive(Debug, Default)]
pub(super) struct Members(BTreeMap<String, String>);

impl Members {
    /// Takes the names of an archive; `main` is the file of the project.
    pub(super) fn new(names: &[String], main: &str) -> Self {
        let main = compared(main);
        let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut members = BTreeMap::new();
        for name in names.iter().filter(|name| !is_litter(name)) {
            let key = compared(name);
            let within = key.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'));
            let key = within.filter(|_| !folder.is_empty()).map_or(key.clone(), str::to_owned);
            members.entry(key).or_insert_with(|| name.clone());
        }
        Self(members)
    }

    /// Returns the member that a path means, whatever its scheme and case.
    pub(super) fn meant(&self, path: &str) -> Option<String> {
        let path = compared(path.trim());
        let bare = ["internal://", "relative://", "absolute://", "file://"].iter().find_map(|s| path.strip_prefix(s));
        let bare = bare.unwrap_or(&path).trim_start_matches('/').trim_start_matches("./");
        let name = bare.rsplit('/').next().unwrap_or(bare);
        if name.is_empty() {
            return None;
        }
        let there = |name: &str| self.0.get(&format!("sources/{name}")).or_else(|| self.0.get(name)).cloned();
        let decoded = || percent_decoded(name).map(|name| compared(&name));
        let found = there(bare).or_else(|| there(name)).or_else(|| there(&decoded()?));
        found.or_else(|| self.anywhere(name)).or_else(|| self.anywhere(&decoded()?))
    }

    /// Returns the only member of this name, in whatever folder.
    fn anywhere(&self, name: &str) -> Option<String> {
        let is_named = |(key, _): &(&String, &String)| key.rsplit('/').next() == Some(name);
        let mut all = self.0.iter().filter(is_named).map(|(_, member)| member);
        all.next().filter(|_| all.next().is_none()).cloned()
    }
}

/// Returns the one file that holds the project, and what should be told of the choice.
pub(super) fn main_file(names: &[String]) -> Result<(String, Vec<String>), &'static str> {
    let all: Vec<&String> =
        names.iter().filter(|name| name.to_ascii_lowercase().ends_with(".qde") && !is_litter(name)).collect();
    let depth = |name: &str| compared(name).matches('/').count();
    let least = all.iter().map(|name| depth(name)).min().ok_or("the archive has no file `project.qde`")?;
    let highest: Vec<&String> = all.iter().copied().filter(|name| depth(name) == least).collect();
    let is_usual = |name: &&&String| compared(name).rsplit('/').next() == Some("project.qde");
    let usual: Vec<&String> = highest.iter().filter(is_usual).copied().collect();
    let main = match (highest.as_slice(), usual.as_slice()) {
        ([only], _) | (_, [only]) => *only,
        // Two names that differ in case alone are the same to most systems.
        (_, [first, ..]) if least == 0 => *first,
        _ => return Err("the archive has several files `.qde`"),
    };
    let mut notes = Vec::new();
    if all.len() > 1 {
        notes.push(format!("the archive has {} files `.qde`; `{main}` was read", all.len()));
    }
    match main.rsplit_once(['/', '\\']) {
        _ if main == "project.qde" => {}
        Some((folder, "project.qde")) => {
            notes.push(format!("the project lies in the folder `{folder}` of the archive"))
        }
        _ => notes.push(format!("the project is named `{main}` in the archive; the standard says `project.qde`")),
    }
    Ok((main.clone(), notes))
}

/// Returns how often the directory of an archive names a member: whoever reads it sees one of them alone.
pub(super) fn times_held(archive: &[u8], name: &str) -> usize {
    let entries = memchr::memmem::find_iter(archive, b"PK\x01\x02").filter_map(|at| archive.get(at..));
    let is_named = |entry: &[u8]| {
        let length = entry.get(28..30).and_then(|bytes| bytes.try_into().ok()).map(u16::from_le_bytes);
        length.is_some_and(|length| entry.get(46..46 + usize::from(length)) == Some(name.as_bytes()))
    };
    entries.filter(|entry| is_named(entry)).count()
}

/// Returns whether a name begins at the root of a system.
pub(super) fn is_absolute(name: &str) -> bool {
    let drive = matches!(name.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic());
    name.starts_with(['/', '\\']) || drive
}

/// Returns whether a member is what a system puts beside the files of people.
fn is_litter(name: &str) -> bool {
    let mut parts = name.split(['/', '\\']).rev();
    let file = parts.next().unwrap_or_default();
    let beside = [".DS_Store", "Thumbs.db", "desktop.ini"].iter().any(|other| file.eq_ignore_ascii_case(other));
    beside || file.starts_with("._") || parts.any(|folder| folder.eq_ignore_ascii_case("__MACOSX"))
}

/// Returns a name as it is compared: with one kind of slash, in lower case, letters and their accents in one form.
fn compared(name: &str) -> String {
    comparable(&name.replace('\\', "/")).trim_start_matches("./").to_owned()
}

fn percent_decoded(name: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = name.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let hex = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&hex).ok()?, 16).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}
