//! `slip`: labels used for one another.

use super::Failure;
use super::options::{MapArgs, StudyArgs, refuse_empty, run_record, watched};
use super::output;
use clap::builder::PossibleValuesParser;
use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::stats::rng::Seed;
use nomoscope_core::text::Level;
use nomoscope_core::usage::slip::mention::SpeakerBy;
use nomoscope_core::usage::slip::{Settings, slip};
use nomoscope_desk::load::Opened;
use nomoscope_desk::study::{Problem, Problems};
use nomoscope_engine::handle::Step;
use nomoscope_engine::map::answer::statements;
use nomoscope_engine::material::check_attribute;
use nomoscope_engine::slip::{figures, tables, words};
use nomoscope_figure::View;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Tell whether norm labels are used for one another, listed together, or kept apart
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A speaker is whoever speaks a turn of a transcript; of a source without turns, the source. Where one actor has several sources, name the attribute that says whose they are with --speaker.\n\nExamples:\n  nomoscope slip interviews\n  nomoscope slip my-study --labels human-trafficking,modern-slavery,forced-labour --speaker institution\n  nomoscope slip my-study --speaker institution --by region --json > slip.json"
)]
pub(super) struct Args {
    #[command(flatten)]
    study: StudyArgs,
    /// The labels, with commas between [default: all norm labels of the codebook]
    #[arg(long, value_name = "LIST")]
    labels: Option<String>,
    /// Also apart for each value of this attribute of the sources
    #[arg(long, value_name = "ATTR")]
    by: Option<String>,
    /// Sources with the same value of this attribute have one speaker
    #[arg(long, value_name = "ATTR")]
    speaker: Option<String>,
    /// What stands around a label: the unit; by default the study's window, or else paragraph
    #[arg(long, value_name = "LEVEL", value_parser = PossibleValuesParser::new(Level::ALL.map(Level::name)))]
    window: Option<String>,
    /// Random orders for each test [default: enough for p ≤ 0.05 / (2 × pairs tested)]
    #[arg(long, value_name = "N")]
    permutations: Option<usize>,
    /// Bootstrap draws for the similarity of contexts (0 for none)
    #[arg(long, value_name = "N", default_value_t = 200)]
    bootstrap: usize,
    /// Seed of everything that is drawn at random
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// How many pairs to print, and passages of each pair in JSON [default: 20 and 10]
    #[arg(long, value_name = "N")]
    top: Option<usize>,
    /// Write figures and tables into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Pairs where nobody said how many.
const ROWS: usize = 20;
/// Passages of a pair in JSON.
const JSON_PASSAGES: usize = 10;

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let opened = args.study.open()?;
    let settings = args.settings(&opened)?;
    let mut options = args.map().options(&opened)?;
    options.focus = None;
    refuse_empty(&opened.material.study.sources)?;
    let handle = watched(&opened.material);
    let reading = statements(&opened.material, &options, &handle)?;
    handle.step(Step::Bootstrap);
    let found = slip(&reading.corpus, &reading.formed, &settings);
    handle.step(Step::Done);
    let cautions = words::cautions(&reading.corpus, &found, &settings);
    if let Some(out) = &args.out {
        let figure = figures::figure(&reading.corpus, &found, View::default());
        let none = figure.is_none();
        super::report::write_beside(out, figure.as_slice(), &tables::tables(&reading.corpus, &found))?;
        if none {
            output::talk("note: no figure, for the data tell nothing of any pair");
        }
    }
    if args.json {
        let mut run = run_record(&opened, &args.map().question(), &args.study.selection);
        let own = &mut run.settings;
        if let Some(map) = own.as_object_mut() {
            for key in ["focus", "inherit", "min_or", "seeds", "strata"] {
                map.remove(key);
            }
        }
        own["labels"] =
            settings.labels.iter().map(|c| opened.material.codebook.get(*c).id.clone()).collect::<Vec<_>>().into();
        own["speaker"] = json!(args.speaker);
        own["by"] = json!(args.by);
        own["permutations"] = json!(args.permutations);
        let top = args.top.unwrap_or(JSON_PASSAGES);
        output::json(&nomoscope_engine::slip::json::slip(&reading.corpus, &found, &settings, &cautions, top, json!(run)));
        return Ok(());
    }
    output::data(&format!("{}\n", words::answer(&reading.corpus, &found)));
    let top = args.top.unwrap_or(ROWS);
    for table in tables::tables(&reading.corpus, &found) {
        output::table(&table, top);
    }
    for caution in cautions {
        output::talk(&format!("caution: {caution}"));
    }
    let study = output::typed(&args.study.study);
    output::talk(&format!(
        "next: nomoscope slip {study} --json has the passages of every pair, and each speaker's order"
    ));
    Ok(())
}

impl Args {
    fn map(&self) -> MapArgs {
        MapArgs { window: self.window.clone(), bootstrap: self.bootstrap, seed: self.seed, ..MapArgs::default() }
    }

    fn settings(&self, opened: &Opened) -> Result<Settings, Failure> {
        let mut problems = Problems::new();
        let sources = &opened.material.study.sources;
        for (attribute, flag) in [(&self.by, "--by"), (&self.speaker, "--speaker")] {
            if let Some(attribute) = attribute {
                check_attribute(sources, attribute, flag, &mut problems);
            }
        }
        let labels = self.labels(opened, &mut problems);
        if self.permutations.is_some_and(|n| n == 0 || n > 1_000_000) {
            problems.push(Problem::new("--permutations", "takes 1 to 1000000 random orders"));
        }
        problems.or(())?;
        Ok(Settings {
            labels,
            speaker: self.speaker.clone().map_or(SpeakerBy::Turns, SpeakerBy::Attribute),
            by: self.by.clone(),
            window: self.map().options(opened)?.window,
            permutations: self.permutations,
            draws: self.bootstrap,
            seed: Seed(self.seed),
        })
    }

    fn labels(&self, opened: &Opened, problems: &mut Problems) -> BTreeSet<ConceptIx> {
        let codebook = &opened.material.codebook;
        let Some(list) = &self.labels else {
            let all: BTreeSet<ConceptIx> = codebook.indices().filter(|c| codebook.get(*c).norm_label).collect();
            if all.len() < 2 {
                let hint = "mark them with norm_label = true, or name concepts with --labels a,b";
                let reason = format!("the codebook has {} norm labels; slippage is between two at least", all.len());
                problems.push(Problem::new("codebook.toml", reason).hint(hint));
            }
            return all;
        };
        let mut labels = BTreeSet::new();
        for id in list.split(',').map(str::trim) {
            match codebook.find(id) {
                Some(concept) => {
                    labels.insert(concept);
                }
                None => {
                    let near = codebook.suggestions(id);
                    let hint = near.first().map_or("`nomoscope concepts STUDY` lists the concepts".to_owned(), |n| {
                        format!("did you mean `{n}`?")
                    });
                    problems.push(Problem::new("--labels", format!("`{id}` is no concept of the codebook")).hint(hint));
                }
            }
        }
        if labels.len() < 2 && problems.as_slice().is_empty() {
            problems.push(Problem::new("--labels", "names one label; slippage is between two at least"));
        }
        labels
    }
}
