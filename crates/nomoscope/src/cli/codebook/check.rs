//! `codebook check`: everything wrong with a codebook, at once.

use crate::cli::{Failure, options, output, read};
use nomoscope_core::codebook::Role;
use nomoscope_desk::load;
use nomoscope_engine::words::{counted, unread};
use nomoscope_formats::codebook_toml;
use nomoscope_formats::study::CODEBOOK_TOML;
use nomoscope_store::Store;
use std::path::{Path, PathBuf};

/// Report everything wrong with a codebook, and which patterns never match in a study
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope codebook check my-study\n  nomoscope codebook check codebook.toml\n  nomoscope codebook check other-codebook.toml my-study"
)]
pub(super) struct Args {
    /// A codebook.toml, or a study: its codebook is tried on its own texts
    file: PathBuf,
    /// A study in which to try the patterns
    study: Option<PathBuf>,
}

pub(super) fn run(check: &Args) -> Result<(), Failure> {
    let of_study = is_study_file(&check.file);
    let file = file_of(&check.file);
    let (name, bytes) = bytes(&check.file)?;
    let codebook = codebook_toml::parse(&bytes).map_err(|p| p.in_file(&name))?;
    let n = |role: Role| codebook.concepts().iter().filter(|c| c.has(role)).count();
    let labels = codebook.concepts().iter().filter(|c| c.norm_label).count();
    let languages: Vec<&str> = codebook.languages().into_iter().collect();
    output::data(&format!(
        "{name}: {} ({}, {}, {}; {}), languages: {}; nothing wrong",
        counted(codebook.len(), "concept", "concepts"),
        counted(n(Role::Problem), "problem", "problems"),
        counted(n(Role::Value), "value", "values"),
        counted(n(Role::Behaviour), "behaviour", "behaviours"),
        counted(labels, "norm label", "norm labels"),
        if languages.is_empty() { "any".to_owned() } else { languages.join(", ") }
    ));
    for concept in codebook.concepts().iter().filter(|c| c.patterns.values().all(Vec::is_empty)) {
        output::data(&format!(
            "{name}:{}: concept `{}` has no pattern; only people can code it",
            concept.line, concept.id
        ));
    }
    let own = (of_study || check.file.is_dir()).then_some(&check.file);
    let Some(study) = check.study.as_ref().or(own) else {
        output::talk(&format!(
            "next: nomoscope codebook check {} STUDY tells which patterns never match",
            output::typed(&file)
        ));
        return Ok(());
    };
    let opened = load::open_with(study, &name, &bytes)?;
    options::tell_notes(&opened);
    if let Some(focus) =
        opened.material.study.meta.focus.as_ref().filter(|f| opened.material.codebook.find(f).is_none())
    {
        output::data(&format!("study.toml: the focus `{focus}` is no concept of {name}"));
    }
    if opened.material.study.sources.is_empty() {
        output::talk(&format!(
            "{} has no sources yet\nnext: nomoscope add {} FILE… adds texts",
            study.display(),
            output::typed(study)
        ));
        return Ok(());
    }
    let corpus = options::coded(&opened)?;
    let mut silent = 0;
    for ((line, language, pattern, veto), n) in &corpus.pattern_counts {
        if *n == 0 {
            silent += 1;
            let what = if *veto { "`not` pattern" } else { "pattern" };
            output::data(&format!("{name}:{line}: {what} `{pattern}` ({language}) never matches"));
        }
    }
    let found: std::collections::BTreeSet<_> =
        corpus.coded.iter().flat_map(|c| c.codings.iter().map(|k| k.concept)).collect();
    for ix in corpus.codebook.indices().filter(|ix| !found.contains(ix)) {
        let concept = corpus.codebook.get(ix);
        output::data(&format!("{name}:{}: concept `{}` never occurs", concept.line, concept.id));
    }
    output::data(&format!(
        "{silent} of {} never match in {}",
        counted(corpus.pattern_counts.len(), "pattern", "patterns"),
        counted(corpus.sources.len(), "source", "sources")
    ));
    unread(&corpus).iter().for_each(|said| output::data(said));
    let study = output::typed(study);
    output::talk(&if found.is_empty() {
        format!(
            "next: nomoscope terms {study} shows the words of the texts; nomoscope codebook add makes patterns of them"
        )
    } else {
        format!("next: nomoscope map {study}")
    });
    Ok(())
}

fn file_of(given: &Path) -> PathBuf {
    if given.is_dir() { given.join(CODEBOOK_TOML) } else { given.to_owned() }
}

/// Returns the name and the bytes of a codebook: a file, or that of a study.
pub(super) fn bytes(given: &Path) -> Result<(String, Vec<u8>), Failure> {
    let file = file_of(given);
    let bytes = if is_study_file(given) { in_study_file(&file)? } else { read(&file)? };
    Ok((file.display().to_string(), bytes))
}

fn is_study_file(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("nomo"))
}

fn in_study_file(file: &Path) -> Result<Vec<u8>, Failure> {
    let codebook = Store::open_read_only(file)?.file(CODEBOOK_TOML)?;
    codebook.ok_or_else(|| Failure::Bad(format!("{}: the study has no codebook.toml", file.display())))
}
