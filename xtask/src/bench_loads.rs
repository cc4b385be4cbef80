//! Studies with a great many codings, or a very long text, made up for measurements.

use crate::made_up::{Words, spelled};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

const CODEBOOK: &str = "title = \"Made up\"\nversion = \"1\"\n\n[[concept]]\nid = \"hunger\"\nroles = [\"problem\"]\npatterns.en = [\"wcza\"]\n\n[[concept]]\nid = \"relief\"\nroles = [\"behaviour\"]\npatterns.en = [\"wdza\"]\n";
/// Every coder codes every so many words.
const CONCEPTS: [&str; 2] = ["hunger", "relief"];

/// Who coded how much of how many texts.
pub(crate) struct Load<'l> {
    pub(crate) sources: usize,
    /// Codings of each coder, over all sources.
    pub(crate) codings: usize,
    pub(crate) coders: &'l [&'l str],
}

/// Writes a study folder: words of a few letters, each of which is coded by every coder, as one concept or the other, every
/// seventh otherwise by each.
pub(crate) fn write(folder: &Path, load: &Load<'_>) -> std::io::Result<()> {
    settings(folder)?;
    let mut table = BufWriter::new(File::create(folder.join("codings.csv"))?);
    writeln!(table, "id,source,start,end,quote,concept,coder,status,created,memo")?;
    let each = load.codings.div_ceil(load.sources.max(1));
    for source in 0..load.sources {
        let mut words = Words { state: source as u64 + 3 };
        let mut text = String::new();
        let mut places = Vec::new();
        for n in 0..each {
            // A sentence of ten words, the third of which is coded.
            for i in 0..10 {
                let start = text.len();
                let word = words.word();
                let _ = write!(text, "w{}", spelled(word));
                if i == 2 {
                    places.push(start..text.len());
                }
                text.push_str(if i < 9 { " " } else { ". " });
            }
            if n % 5 == 4 {
                text.push_str("\n\n");
            }
        }
        for (who, coder) in load.coders.iter().enumerate() {
            for (n, place) in places.iter().enumerate() {
                let concept = CONCEPTS[(n + usize::from(n % 7 == who)) % 2];
                let quote = text.get(place.clone()).unwrap_or_default();
                let (start, end) = (place.start, place.end);
                writeln!(
                    table,
                    "{coder}-{source}-{n},sources/{source}.txt,{start},{end},{quote},{concept},{coder},accepted,2026-01-01T00:00:00Z,"
                )?;
            }
        }
        fs::write(folder.join(format!("sources/{source}.txt")), text)?;
    }
    table.flush()
}

/// Writes a study folder without sources.
pub(crate) fn settings(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder.join("sources"))?;
    fs::write(folder.join("study.toml"), "title = \"Made up\"\nlanguage = \"en\"\n")?;
    fs::write(folder.join("codebook.toml"), CODEBOOK)
}
