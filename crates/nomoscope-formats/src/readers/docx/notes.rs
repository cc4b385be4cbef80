//! Notes and the signs that cite them.

use super::numerals::roman;

/// Which kind of note a reference points to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoteKind {
    Foot,
    End,
}

/// Notes in the order of their references; the number of a note is its place among those of its kind.
#[derive(Debug, Default)]
pub(super) struct Cited {
    pub(super) notes: Vec<(NoteKind, u32, String)>,
    feet: u32,
    ends: u32,
}

impl Cited {
    pub(super) fn add(&mut self, kind: NoteKind, id: &str) -> u32 {
        let count = match kind {
            NoteKind::Foot => &mut self.feet,
            NoteKind::End => &mut self.ends,
        };
        *count = count.saturating_add(1);
        self.notes.push((kind, *count, id.to_owned()));
        *count
    }
}

/// Returns the sign that stands in the text and before the note: `[1]` for footnotes, `[i]` for endnotes.
pub(super) fn marker(kind: NoteKind, number: u32) -> String {
    match kind {
        NoteKind::Foot => format!("[{number}]"),
        NoteKind::End => format!("[{}]", roman(number)),
    }
}
