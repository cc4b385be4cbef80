//! What of a study a file holds, and what it does not: counted in one way, whatever the format.

use super::outgoing::{Outgoing, Written};
use super::project::{CODABLE, COLOR, Loss};
use nomoscope_core::problem::Problems;
use nomoscope_core::study::Subject;
use std::collections::BTreeMap;

/// A kind of thing that a study holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    /// Texts of sources.
    Texts,
    /// What is said of sources beside title and date.
    Attributes,
    /// Concepts.
    Concepts,
    /// Patterns, by the concepts that have any.
    Patterns,
    /// Labels in further languages.
    Labels,
    /// Roles, by the concepts that have any.
    Roles,
    /// What is wider, by the concepts that are narrower.
    Broader,
    /// What makes a norm: family and elements, by concepts.
    Elements,
    /// Codings that count.
    Codings,
    /// Codings that were suggested or rejected.
    Uncounted,
    /// Memos of codings.
    CodingMemos,
    /// Coders.
    Coders,
    /// Passages.
    Passages,
    /// Memos.
    Memos,
    /// Cases.
    Cases,
    /// Sets.
    Sets,
    /// Members of cases and sets.
    Members,
    /// Variables.
    Variables,
    /// Their values.
    Values,
    /// Colours.
    Colors,
    /// Links.
    Links,
}

type Count = fn(&Outgoing<'_>) -> usize;

/// All kinds, as they are called, and how many of each there are.
static THINGS: &[(Thing, &str, Count)] = &[
    (Thing::Texts, "texts", |out| out.study.sources.len()),
    (Thing::Attributes, "attributes of sources", |out| {
        out.study.sources.iter().map(|s| s.attributes.len() + usize::from(s.kind.is_some())).sum()
    }),
    (Thing::Concepts, "concepts", |out| out.codebook.len()),
    (Thing::Patterns, "concepts with patterns", |out| {
        out.codebook.concepts().iter().filter(|c| !c.patterns.is_empty()).count()
    }),
    (Thing::Labels, "concepts with labels in further languages", |out| {
        out.codebook.concepts().iter().filter(|c| c.label.len() > 1).count()
    }),
    (Thing::Roles, "concepts with roles", |out| out.codebook.concepts().iter().filter(|c| !c.roles.is_empty()).count()),
    (Thing::Broader, "concepts under another", |out| {
        out.codebook.concepts().iter().filter(|c| c.broader.is_some()).count()
    }),
    (Thing::Elements, "concepts with a family or elements", |out| {
        out.codebook.concepts().iter().filter(|c| c.family.is_some() || !c.elements.is_empty()).count()
    }),
    (Thing::Codings, "codings", |out| out.study.codings.iter().filter(|c| c.status.counts()).count()),
    (Thing::Uncounted, "codings that do not count", |out| {
        out.study.codings.iter().filter(|c| !c.status.counts()).count()
    }),
    (Thing::CodingMemos, "memos of codings", |out| {
        out.study.codings.iter().filter(|c| c.status.counts() && !c.memo.trim().is_empty()).count()
    }),
    (Thing::Coders, "coders", |out| out.study.coders.len()),
    (Thing::Passages, "passages", |out| out.study.annotations.passages.len()),
    (Thing::Memos, "memos", |out| out.study.memos.len()),
    (Thing::Cases, "cases", |out| out.study.annotations.cases.len()),
    (Thing::Sets, "sets", |out| out.study.annotations.sets.len()),
    (Thing::Members, "members of cases and sets", |out| out.study.annotations.members.len()),
    (Thing::Variables, "variables", |out| {
        out.study.annotations.variables.iter().filter(|v| !is_own(v.id.as_str())).count()
    }),
    (Thing::Values, "values of variables", |out| {
        out.study.annotations.values.iter().filter(|v| !is_own(v.variable.as_str())).count()
    }),
    (Thing::Colors, "colours", |out| {
        out.study.annotations.values.iter().filter(|v| v.variable.as_str() == COLOR).count()
    }),
    (Thing::Links, "links", |out| out.study.annotations.links.len()),
];

/// Variables that say what other programs have fields for.
fn is_own(variable: &str) -> bool {
    variable == COLOR || variable == CODABLE
}

impl Thing {
    /// Returns what things of the kind are called in a report.
    pub(super) fn name(self) -> &'static str {
        THINGS.iter().find(|(thing, ..)| *thing == self).map_or("", |(_, name, _)| name)
    }
}

/// How a format writes a study.
#[derive(Debug)]
pub struct Writing {
    /// Writes the file, and counts what does not come through of the kinds of things that it holds.
    pub(super) file: fn(&Outgoing<'_>) -> Result<Written, Problems>,
    /// The kinds of things that it holds.
    pub(super) holds: &'static [Thing],
    /// Why it holds no others.
    pub(super) why: &'static str,
}

impl Writing {
    /// Writes a study, with the account of what came through and what did not.
    ///
    /// # Errors
    /// What the format cannot hold at all.
    pub fn write(&self, out: &Outgoing<'_>) -> Result<Written, Problems> {
        let mut written = (self.file)(out)?;
        account(out, self.holds, self.why, &mut written);
        Ok(written)
    }

    /// Returns whether what people said stands in the file.
    #[must_use]
    pub fn quotes(&self) -> bool {
        [Thing::Texts, Thing::Codings].iter().any(|thing| self.holds.contains(thing))
    }
}

/// Counts what a file holds of a study and what it does not: of a kind that it holds, all but what its writer lost, under the name
/// of the kind.
pub fn account(out: &Outgoing<'_>, holds: &[Thing], why: &str, written: &mut Written) {
    for (thing, name, count) in THINGS {
        let n = count(out);
        let lost: usize = written.lost.iter().filter(|loss| loss.what == *name).map(|loss| loss.n).sum();
        if !holds.contains(thing) && n > 0 {
            let why = if *thing == Thing::Uncounted { "they are suggested or rejected" } else { why };
            written.lost.push(Loss { what: (*name).to_owned(), n, why: why.to_owned() });
        } else if n > lost {
            written.holds.insert((*name).to_owned(), (n - lost) as u64);
        }
    }
}

/// Returns how many values a file lacks that has them for some things alone; `colors` of the colours, otherwise of all others.
pub(super) fn homeless(out: &Outgoing<'_>, colors: bool, has: fn(&Subject) -> bool) -> usize {
    let values = out.study.annotations.values.iter();
    let asked = |variable: &str| if colors { variable == COLOR } else { !is_own(variable) };
    values.filter(|v| asked(v.variable.as_str()) && !has(&v.of)).count()
}

/// Returns how many concepts no coding has that counts.
pub(super) fn unused(out: &Outgoing<'_>) -> usize {
    let codings = out.study.codings.iter().filter(|c| c.status.counts());
    let used: std::collections::BTreeSet<&str> = codings.map(|c| c.concept.as_str()).collect();
    out.codebook.concepts().iter().filter(|c| !used.contains(c.id.as_str())).count()
}

/// Returns what a file holds, in words.
#[must_use]
pub fn holds_words(holds: &BTreeMap<String, u64>) -> String {
    let words = |(what, n): (&String, &u64)| nomoscope_core::amount::of_many(*n as usize, what);
    holds.iter().filter(|(_, n)| **n > 0).map(words).collect::<Vec<_>>().join(", ")
}
