//! `correct`: words of a text corrected after it was coded.

use super::{Failure, output, read};
use nomoscope_core::text::Span;
use nomoscope_desk::act::Wording;
use nomoscope_desk::study::correct::Plan;
use nomoscope_desk::{Act, Desk, load, stamp};
use nomoscope_engine::words::counted;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Correct words of a text that is coded already
///
/// The study's own copy is changed, never the file that was added. Codings, passages and memos keep to their words, and one undo
/// takes all of it back. Where all words of a coding go or become others, this is told, and nothing is done without --yes; then
/// codings whose words are gone go with them. A docx, a pdf and the like cannot be changed word by word: with --yes the study keeps
/// their text as plain text.
///
/// The words of before stay in the study's past. To take a name out of that, too, see pseudonymise and forget.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope correct my-study sources/interview-7.txt --words Palrmo --to Palermo\n  nomoscope correct my-study.nomo sources/a.txt --words \"the the\" --to the --all --preview\n  nomoscope correct my-study sources/a.txt --text corrected.txt"
)]
pub(super) struct Args {
    /// A study folder or a .nomo file
    study: PathBuf,
    /// A source, as `sources` names it
    source: String,
    /// Words that stand in the text, letter by letter
    #[arg(long, value_name = "WORDS", requires = "to", required_unless_present = "text")]
    words: Option<String>,
    /// What should stand in their place
    #[arg(long, value_name = "WORDS", requires = "words")]
    to: Option<String>,
    /// Wherever the words stand in the text, not only where they stand once
    #[arg(long, requires = "words")]
    all: bool,
    /// A file (UTF-8) with the whole text as it should be; what differs is found word by word
    #[arg(long, value_name = "FILE", conflicts_with = "words")]
    text: Option<PathBuf>,
    /// Only tell what would happen
    #[arg(long)]
    preview: bool,
    /// Agree to what the preview asks about
    #[arg(long)]
    yes: bool,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let desk = Desk::open(&args.study)?;
    let changes = changes(args)?;
    let plan = desk.plan(&args.source, &changes)?;
    let asks = plan.asks();
    tell(&plan);
    if args.preview {
        return Ok(());
    }
    if !asks.is_empty() && !args.yes {
        let hint = "say --yes to do it all the same";
        return Err(Failure::Refused(format!("nothing was changed: somebody has to agree to this\n  hint: {hint}")));
    }
    let agreed = if args.yes { asks } else { BTreeSet::new() };
    let done = desk.apply(&Act::Correct { source: args.source.clone(), changes, agreed }, &stamp::coder())?;
    super::words::notes(&done.notes);
    match done.event {
        None => output::data("nothing differs"),
        Some(_) => {
            output::data(&format!("corrected {} in {}", counted(done.n, "place", "places"), plan.source));
            output::talk(&format!("nomoscope undo {} takes it back", output::typed(&args.study)));
        }
    }
    Ok(())
}

fn tell(plan: &Plan) {
    for (was, is) in &plan.words {
        output::data(&format!("`{was}` becomes `{is}`"));
    }
    if plan.moved > 0 {
        output::talk(&format!(
            "{} with the words",
            counted(plan.moved, "coding or passage moves", "codings and passages move")
        ));
    }
    for touched in &plan.reworded {
        let is = touched.is.as_deref().unwrap_or_default();
        output::talk(&format!("{} by {} reads `{is}` in place of `{}`", touched.what, touched.coder, touched.was));
    }
    for warning in plan.warnings() {
        output::talk(&format!("warning: {warning}"));
    }
}

/// Returns what is to be changed, in the text as the study has it now.
fn changes(args: &Args) -> Result<Vec<Wording>, Failure> {
    let study = load::study(&args.study)?.study;
    let found = study.sources.iter().find(|s| s.path == args.source);
    let text = found.map(|s| s.document.text.as_str()).ok_or_else(|| {
        let hint = format!("nomoscope sources {} lists them", output::typed(&args.study));
        Failure::Bad(format!("`{}` is no source of the study\n  hint: {hint}", args.source))
    })?;
    if let Some(file) = &args.text {
        let bytes = read(file)?;
        let words = std::str::from_utf8(&bytes)
            .map_err(|_| Failure::Bad(format!("{}: is no text in UTF-8", file.display())))?;
        let words = words.trim_start_matches('\u{feff}').to_owned();
        return Ok(vec![Wording { span: Span::new(0, text.len() as u32), was: text.to_owned(), text: words }]);
    }
    let (words, to) = (args.words.clone().unwrap_or_default(), args.to.clone().unwrap_or_default());
    if words.is_empty() {
        return Err(Failure::Bad("--words: no words are given".to_owned()));
    }
    let change = |(at, _): (usize, &str)| {
        let span = Span::new(at as u32, (at + words.len()) as u32);
        Wording { span, was: words.clone(), text: to.clone() }
    };
    let changes: Vec<Wording> = text.match_indices(&words).map(change).collect();
    match changes.len() {
        0 => Err(Failure::Bad(format!(
            "`{words}` does not stand in {}\n  hint: capitals and spaces count, too",
            args.source
        ))),
        n if n > 1 && !args.all => Err(Failure::Bad(format!(
            "`{words}` stands {n} times in {}\n  hint: give more of the words around it, or say --all",
            args.source
        ))),
        _ => Ok(changes),
    }
}
