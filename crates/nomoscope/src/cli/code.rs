//! `code`: the lexicon's codings, stored.

use super::options::{coded, tell_notes};
use super::{Failure, output};
use nomoscope_core::study::{Coder, CoderKind, CodingId, CodingRecord, CodingStatus, Origin, Study};
use nomoscope_desk::stamp;
use nomoscope_engine::reading::{LEXICON, is_lexicon};
use nomoscope_formats::study::{CODERS_CSV, CODINGS_CSV, codings_csv, people_csv};
use nomoscope_store::disk::{Edits, edit_folder};
use nomoscope_store::{Stamp, Store, StoreError};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Code all sources with the lexicon and store the codings
///
/// Analyses need no stored codings: they apply the codebook in memory. Store them to export or to correct them.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  nomoscope code my-study.nomo\n  nomoscope code my-study --coder lexicon")]
pub(super) struct Args {
    /// A study folder or a .nomo file
    study: PathBuf,
    /// Code with this codebook instead of the study's own
    #[arg(long, value_name = "FILE")]
    codebook: Option<PathBuf>,
    /// Name under which the codings are stored
    #[arg(long, value_name = "NAME", default_value = LEXICON)]
    coder: String,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    if args.coder.trim().is_empty() {
        return Err(Failure::Bad("--coder: the name is empty".to_owned()));
    }
    let opened = nomoscope_desk::load::open(&args.study, args.codebook.as_deref())?;
    tell_notes(&opened);
    refuse_hand(&*opened.material.study, &args.coder)?;
    let time = nomoscope_desk::clock::timestamp();
    let records: Vec<CodingRecord> = {
        let corpus = coded(&opened)?;
        let by = |coded: &nomoscope_core::norm::corpus::CodedSource| coded.codings.clone();
        let pairs = corpus.sources.iter().zip(corpus.coded.iter().map(by));
        pairs
            .flat_map(|(source, codings)| {
                codings
                    .into_iter()
                    .filter(|c| matches!(c.origin, Origin::Pattern(_)))
                    .map(|c| (source, c))
                    .collect::<Vec<_>>()
            })
            .map(|(source, coding)| CodingRecord {
                id: identity(
                    &args.coder,
                    &source.path,
                    &opened.material.codebook.get(coding.concept).id,
                    coding.span.start,
                    coding.span.end,
                )
                .into(),
                source: source.path.as_str().into(),
                span: coding.span,
                quote: coding.span.of(&source.document.text).to_owned(),
                concept: opened.material.codebook.get(coding.concept).id.as_str().into(),
                coder: args.coder.as_str().into(),
                status: CodingStatus::Accepted,
                created: time.clone(),
                memo: String::new(),
            })
            .collect()
    };
    let path = &args.study;
    let coder = Coder { id: args.coder.as_str().into(), name: args.coder.clone(), kind: CoderKind::Lexicon };
    if path.is_dir() {
        write_csv(args, &*opened.material.study, coder, records.clone())?;
    } else {
        let mut store = Store::open(path)?;
        let (who, command) = (stamp::coder(), stamp::command(&["code", &path.display().to_string()]));
        let mut new_id = stamp::uuid;
        let mut stamp = Stamp { coder: &who, time: &time, command: &command, new_id: &mut new_id };
        // What changed nothing is in no log: to undo it would undo something else.
        output::talk(&match store.put_codings(&coder, &records, &mut stamp)? {
            Some(_) => format!("nomoscope undo {} takes it back", output::typed(path)),
            None => "note: they were stored already; nothing changed".to_owned(),
        });
    }
    output::data(&format!("{} codings by {} stored in {}", records.len(), args.coder, path.display()));
    output::talk(&format!("next: nomoscope map {}", output::typed(path)));
    Ok(())
}

/// Refuses to write in the name of somebody who codes by hand: their work would be replaced.
fn refuse_hand(study: &Study, coder: &str) -> Result<(), Failure> {
    let codes = study.codings.iter().any(|c| c.coder == coder) || study.coders.iter().any(|c| c.id == coder);
    if codes && !is_lexicon(study, coder) {
        return Err(StoreError::CodesByHand(coder.to_owned()).into());
    }
    Ok(())
}

/// The same coding has the same id on every run, so that runs can be compared.
fn identity(coder: &str, source: &str, concept: &str, start: u32, end: u32) -> String {
    let hash = nomoscope_store::hash_hex(format!("{coder}\0{source}\0{concept}\0{start}\0{end}").as_bytes());
    let part = |from: usize, to: usize| hash.get(from..to).unwrap_or_default().to_owned();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

/// Replaces this coder's rows of `codings.csv`; what others coded, and what people rejected, stays.
fn write_csv(args: &Args, study: &Study, coder: Coder, records: Vec<CodingRecord>) -> Result<(), Failure> {
    let mut all: BTreeMap<CodingId, CodingRecord> = records.into_iter().map(|r| (r.id.clone(), r)).collect();
    for record in &study.codings {
        if record.coder != args.coder || record.status == CodingStatus::Rejected {
            all.insert(record.id.clone(), record.clone());
        }
    }
    let mut all: Vec<CodingRecord> = all.into_values().collect();
    all.sort_by(|a, b| (&a.source, a.span, &a.concept, &a.id).cmp(&(&b.source, b.span, &b.concept, &b.id)));
    let texts = study.sources.iter().map(|s| (s.path.as_str(), s.document.text.as_str())).collect();
    let csv = codings_csv::write(&all, &texts)?;
    let mut edits: Edits = BTreeMap::from([(CODINGS_CSV.to_owned(), Some(csv.into_bytes()))]);
    if args.coder != LEXICON && !study.coders.iter().any(|c| c.id == args.coder) {
        // Without this the codings would be taken for those of a person.
        let coders: Vec<Coder> = study.coders.iter().cloned().chain([coder]).collect();
        edits.insert(CODERS_CSV.to_owned(), Some(people_csv::write_coders(&coders).into_bytes()));
    }
    edit_folder(&args.study, &edits)?;
    Ok(())
}
