//! `sources`: what a study holds.

use super::Failure;
use super::options::{Selection, coded, refuse_small};
use super::output;
use nomoscope_core::norm::corpus::{CodedSource, Corpus};
use nomoscope_core::study::Source;
use nomoscope_core::table::{Cell, Table};
use nomoscope_core::text::Level;
use nomoscope_desk::Desk;
use nomoscope_engine::handle::Handle;
use nomoscope_engine::sources::answer::{Place, Row, terms};
use nomoscope_engine::sources::question::Question;
use nomoscope_engine::words::counted;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// List the sources with their attributes and units
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope sources my-study\n  nomoscope sources my-study --units --json\n  nomoscope sources my-study --text sources/treaty.txt\n  nomoscope sources my-study --words '\"forced labour\" child*' --where region=Africa"
)]
pub(super) struct Args {
    /// A study folder or a .nomo file
    study: PathBuf,
    #[command(flatten)]
    selection: Selection,
    /// List the labels of all units
    #[arg(long)]
    units: bool,
    /// Print the text of a source as it was read, with the labels of its units in the margin
    #[arg(long, value_name = "PATH")]
    text: Option<String>,
    /// Only sources that hold these words and "phrases", each with its passages; * stands for any letters
    #[arg(long, value_name = "WORDS", conflicts_with_all = ["units", "text"])]
    words: Option<String>,
    /// Write the table into this folder
    #[arg(long, value_name = "DIR", conflicts_with_all = ["text", "words"])]
    out: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    if let Some(words) = &args.words {
        return search(args, words);
    }
    let opened = args.selection.of(|| nomoscope_desk::load::open_plain(&args.study))?;
    let corpus = coded(&opened)?;
    if let Some(wanted) = &args.text {
        return print_text(&corpus, wanted);
    }
    let pairs = corpus.sources.iter().zip(&corpus.coded);
    if args.json {
        let list: Vec<_> = pairs.map(|(s, c)| nomoscope_engine::sources::json::source(s, c, args.units)).collect();
        output::json(&json!({ "sources": list }));
        return Ok(());
    }
    if let Some(out) = &args.out {
        refuse_small(&opened, "a list of sources")?;
        super::report::write_beside(out, &[], &[listed(&corpus, &all_columns(&corpus))], None)?;
    }
    let (columns, left) = with_room(&corpus);
    output::table(&listed(&corpus, &columns), usize::MAX);
    if !left.is_empty() {
        let left: Vec<&str> = left.iter().map(String::as_str).collect();
        output::talk(&format!("note: no room for {}; --json and --out DIR have all columns", left.join(", ")));
    }
    tell_detected(&corpus);
    tell_equal(&corpus);
    if args.units {
        for (source, coded) in corpus.sources.iter().zip(&corpus.coded) {
            let mut out = format!("\n{}\n", source.path);
            for unit in coded.segmentation.units.iter().filter(|u| matches!(u.level, Level::Section | Level::Paragraph))
            {
                let indent = if unit.level == Level::Section { "  " } else { "    " };
                out.push_str(&format!("{indent}{}\n", unit.label));
            }
            output::data(&out);
        }
    }
    let study = output::typed(&args.study);
    output::talk(&if corpus.sources.is_empty() {
        format!("next: nomoscope add {study} FILE… adds texts")
    } else {
        format!("next: nomoscope concepts {study}")
    });
    Ok(())
}

/// What is told of every source, before its attributes and after them.
const FIRST: [&str; 5] = ["path", "title", "kind", "date", "words"];
const LAST: [&str; 4] = ["sections", "paragraphs", "items", "sentences"];

/// Returns all columns of the list, those first that are told first.
fn all_columns(corpus: &Corpus) -> Vec<String> {
    let own: BTreeSet<&String> = corpus.sources.iter().flat_map(|source| source.attributes.keys()).collect();
    let first = FIRST.into_iter().map(str::to_owned);
    first.chain(own.into_iter().cloned()).chain(LAST.into_iter().map(str::to_owned)).collect()
}

/// Returns the columns that find room beside each other, and those that do not. Where not even the first do, a source is a
/// paragraph, which has room for all.
fn with_room(corpus: &Corpus) -> (Vec<String>, Vec<String>) {
    let all = all_columns(corpus);
    let Some(chosen) = output::with_room(&listed(corpus, &all), FIRST.len()) else { return (all, Vec::new()) };
    let (shown, left): (Vec<_>, Vec<_>) = all.into_iter().zip(chosen).partition(|(_, chosen)| *chosen);
    [shown, left].map(|part| part.into_iter().map(|(column, _)| column).collect()).into()
}

/// Returns the sources with these columns.
fn listed(corpus: &Corpus, columns: &[String]) -> Table {
    let names: Vec<&str> = columns.iter().map(String::as_str).collect();
    let mut table = Table::new("sources", "Sources", &names);
    for (source, coded) in corpus.sources.iter().zip(&corpus.coded) {
        let count = |level| Cell::Count(coded.segmentation.units.iter().filter(|u| u.level == level).count() as u64);
        let given = |words: Option<String>| words.map_or(Cell::Missing("not given"), Cell::Text);
        let cell = |name: &&str| match *name {
            "path" => Cell::text(&source.path),
            "title" => Cell::text(&source.title),
            "kind" => given(source.kind.clone()),
            "date" => given(source.date.map(|date| date.to_string())),
            "words" => Cell::Count(coded.words.first().copied().unwrap_or(0).into()),
            "sections" => count(Level::Section),
            "paragraphs" => count(Level::Paragraph),
            "items" => count(Level::Item),
            "sentences" => count(Level::Sentence),
            attribute => given(source.attributes.get(attribute).filter(|value| !value.is_empty()).cloned()),
        };
        table.push(names.iter().map(cell).collect());
    }
    table
}

/// Prints which sources hold some words, and where.
fn search(args: &Args, words: &str) -> Result<(), Failure> {
    let opened = nomoscope_desk::load::open_plain(&args.study)?;
    let among = Desk::open(&args.study)?.can_hold(&terms(words))?;
    let question = Question { words: Some(words.to_owned()), selection: args.selection.question() };
    let listed = question.ask_among(&opened.material, among.as_ref(), &Handle::default())?;
    if args.json {
        let place = |p: &Place| json!({ "start": p.hit.start, "end": p.hit.end, "place": p.label, "passage": p.quote });
        let row = |row: &Row| {
            let found = row.found.as_ref();
            let places: Vec<_> = found.into_iter().flat_map(|f| &f.places).map(place).collect();
            json!({ "path": row.path, "title": row.title, "n": found.map_or(0, |f| f.n), "passages": places })
        };
        output::json(&json!({ "of": listed.n, "sources": listed.rows.iter().map(row).collect::<Vec<_>>() }));
        return Ok(());
    }
    for row in &listed.rows {
        let Some(found) = &row.found else { continue };
        output::data(&format!("{} ({})", row.path, counted(found.n, "place", "places")));
        for place in &found.places {
            output::data(&format!("  {}  {}", place.label, place.quote));
        }
    }
    output::talk(&format!(
        "of {}, {} them",
        counted(listed.n, "source", "sources"),
        counted(listed.rows.len(), "holds", "hold")
    ));
    output::talk(&format!("next: nomoscope kwic {} PATTERN", output::typed(&args.study)));
    Ok(())
}

/// Prints the text of one source.
fn print_text(corpus: &Corpus, wanted: &str) -> Result<(), Failure> {
    let pairs = || corpus.sources.iter().zip(&corpus.coded);
    let exact = pairs().find(|(source, _)| source.path == wanted);
    let ends =
        |path: &str| path.strip_suffix(wanted).is_some_and(|before| before.is_empty() || before.ends_with(['/', '#']));
    let mut named = pairs().filter(|(source, _)| ends(&source.path));
    let found = exact.or_else(|| named.next().filter(|_| named.next().is_none()));
    let Some((source, coded)) = found else {
        let near = nomoscope_core::spelling::nearest(wanted, corpus.sources.iter().map(|source| source.path.as_str()));
        let hint = near.map_or_else(String::new, |near| format!("\n  hint: did you mean `{near}`?"));
        return Err(Failure::Bad(format!("--text {wanted}: no source has this path{hint}")));
    };
    output::data(nomoscope_engine::sources::with_labels(source, coded).trim_end_matches('\n'));
    Ok(())
}

/// Says which sources have the text of another one.
fn tell_equal(corpus: &Corpus) {
    const SHOWN: usize = 10;
    let equal = nomoscope_engine::sources::equal_texts(&corpus.sources);
    for (path, first) in equal.iter().take(SHOWN) {
        output::talk(&format!("note: {path} has the same text as {first}"));
    }
    if equal.len() > SHOWN {
        output::talk(&format!("note: and {} more have the text of another source", equal.len() - SHOWN));
    }
}

/// Says which languages were detected, where nobody said one for a source; of those that are in the language of the study
/// there is nothing to say.
fn tell_detected(corpus: &Corpus) {
    const SHOWN: usize = 10;
    let of = |source: &Source, coded: &CodedSource| -> Option<String> {
        let own = if source.detected.is_empty() {
            coded.detected.map(str::to_owned)
        } else {
            Some(source.detected.join(" and "))
        };
        let beside = source.language.len() > 1 || source.language.is_empty();
        own.filter(|_| beside)
    };
    let pairs = corpus.sources.iter().zip(&corpus.coded);
    let detected: Vec<_> = pairs.filter_map(|(source, coded)| Some((source, of(source, coded)?))).collect();
    for (source, language) in detected.iter().take(SHOWN) {
        let read = if source.language.is_empty() {
            String::new()
        } else {
            format!("; read as {}", source.language.join(" and "))
        };
        output::talk(&format!("note: {}: nobody said its language; it looks to be in {language}{read}", source.path));
    }
    if detected.len() > SHOWN {
        output::talk(&format!("note: and {} more; `--json` lists all", detected.len() - SHOWN));
    }
}
