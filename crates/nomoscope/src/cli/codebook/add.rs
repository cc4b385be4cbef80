//! `codebook add`: a concept, or patterns of one, into the codebook of a study.

use crate::cli::{Failure, output};
use clap::builder::PossibleValuesParser;
use nomoscope_core::codebook::{Concept, PatternText, Role};
use nomoscope_desk::{Act, Desk, stamp};
use nomoscope_engine::words::counted;
use nomoscope_formats::{codebook_table, codebook_toml};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Add a concept, or patterns of one that is there, to the codebook of a study
#[derive(Debug, clap::Args)]
#[command(
    after_help = "What stands in codebook.toml stays as it is, remarks included; `nomoscope undo` takes the addition back.\n\nExamples:\n  nomoscope codebook add my-study begging --role problem --label begging --pattern 'begg*' --language en\n  nomoscope codebook add my-study begging --pattern 'mendicité' --language fr"
)]
pub(super) struct Args {
    /// A study folder or a .nomo file
    study: PathBuf,
    /// The id of the concept
    concept: String,
    /// Its part in a norm (repeat for more); a new concept needs one
    #[arg(long, value_name = "ROLE", value_parser = PossibleValuesParser::new(Role::ALL.map(Role::name)))]
    role: Vec<String>,
    /// What people read
    #[arg(long, value_name = "WORDS")]
    label: Option<String>,
    /// A pattern that finds it (repeat for more)
    #[arg(long, value_name = "PATTERN")]
    pattern: Vec<String>,
    /// Language of label and patterns; without it the patterns hold for all
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<String>,
    /// What is meant
    #[arg(long, value_name = "WORDS")]
    note: Option<String>,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let (name, bytes) = super::check::bytes(&args.study)?;
    let codebook = codebook_toml::parse(&bytes).map_err(|p| p.in_file(&name))?;
    let text = String::from_utf8(bytes).map_err(|_| Failure::Bad(format!("{name}: the file is not UTF-8")))?;
    let there = codebook.find(&args.concept);
    let toml = match there {
        None => format!("{}\n{}", text.trim_end(), codebook_table::concept_toml(&args.concept_of())),
        Some(ix) => {
            args.only_patterns()?;
            let known = codebook.get(ix).patterns.values().flatten().map(|known| known.text.as_str());
            let known: Vec<&str> = known.collect();
            let new: Vec<String> =
                args.pattern.iter().filter(|pattern| !known.contains(&pattern.as_str())).cloned().collect();
            if new.is_empty() {
                return Err(Failure::Bad(format!("`{}` has these patterns already", args.concept)));
            }
            codebook_table::with_patterns(&text, &args.concept, &args.language(), &new)
                .map_err(|problem| Failure::Bad(format!("{name}: {}", problem.phrased(&crate::cli::words::slot))))?
        }
    };
    let desk = Desk::open(&args.study)?;
    desk.apply(&Act::EditCodebook { toml }, &stamp::coder())?;
    let patterns = counted(args.pattern.len(), "pattern", "patterns");
    output::data(&match there {
        None => format!("added the concept `{}` with {patterns}", args.concept),
        Some(_) => format!("added {patterns} to `{}`", args.concept),
    });
    let study = output::typed(&args.study);
    output::talk(&format!("nomoscope undo {study} takes it back"));
    output::talk(&format!("next: nomoscope kwic {study} {}", args.concept));
    Ok(())
}

impl Args {
    fn language(&self) -> String {
        let written = self.language.as_deref().unwrap_or("und");
        nomoscope_core::text::language::tag(written).unwrap_or_else(|| written.to_owned())
    }

    fn concept_of(&self) -> Concept {
        let language = self.language();
        let text = |text: &String| PatternText { text: text.clone(), line: 0 };
        let patterns: Vec<PatternText> = self.pattern.iter().map(text).collect();
        let of = if language == "und" { "en" } else { language.as_str() };
        Concept {
            id: self.concept.clone(),
            roles: Role::ALL.into_iter().filter(|role| self.role.iter().any(|name| name == role.name())).collect(),
            label: self.label.iter().map(|label| (of.to_owned(), label.clone())).collect(),
            patterns: if patterns.is_empty() { BTreeMap::new() } else { BTreeMap::from([(language, patterns)]) },
            note: self.note.clone().unwrap_or_default(),
            ..Concept::default()
        }
    }

    /// Refuses to change what a concept is: that is done in its file, where its remarks stand.
    fn only_patterns(&self) -> Result<(), Failure> {
        if !self.role.is_empty() || self.label.is_some() || self.note.is_some() || self.pattern.is_empty() {
            let hint = "--pattern adds patterns to it; its roles, labels and notes are changed in codebook.toml";
            return Err(Failure::Bad(format!("`{}` is in the codebook already\n  hint: {hint}", self.concept)));
        }
        Ok(())
    }
}
