//! `code`: the lexicon's codings, stored.

use super::options::{StudyArgs, coded};
use super::{Failure, output, stamp};
use nomoscope_core::study::{Coder, CodingRecord, CodingStatus};
use nomoscope_formats::study::{CODINGS_CSV, codings_csv};
use nomoscope_store::disk::{Edits, edit_folder};
use nomoscope_store::{Stamp, Store};
use std::collections::BTreeMap;

/// Code all sources with the lexicon and store the codings
///
/// Analyses need no stored codings: they apply the codebook in memory. Store them to export or to correct them.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  nomoscope code my-study.nomo\n  nomoscope code my-study --coder lexicon")]
pub(super) struct Args {
    #[command(flatten)]
    study: StudyArgs,
    /// Name under which the codings are stored
    #[arg(long, value_name = "NAME", default_value = crate::analysis::LEXICON)]
    coder: String,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let opened = args.study.open()?;
    let time = super::report::timestamp();
    let records: Vec<CodingRecord> = {
        let corpus = coded(&opened)?;
        let by = |coded: &nomoscope_core::norm::corpus::CodedSource| coded.codings.clone();
        let pairs = corpus.sources.iter().zip(corpus.coded.iter().map(by));
        pairs
            .flat_map(|(source, codings)| {
                codings.into_iter().filter(|c| c.pattern != u32::MAX).map(|c| (source, c)).collect::<Vec<_>>()
            })
            .map(|(source, coding)| CodingRecord {
                id: identity(
                    &args.coder,
                    &source.path,
                    &opened.codebook.get(coding.concept).id,
                    coding.span.start,
                    coding.span.end,
                ),
                source: source.path.clone(),
                span: coding.span,
                quote: coding.span.of(&source.document.text).to_owned(),
                concept: opened.codebook.get(coding.concept).id.clone(),
                coder: args.coder.clone(),
                status: CodingStatus::Accepted,
                created: time.clone(),
                memo: String::new(),
            })
            .collect()
    };
    let path = &args.study.study;
    if path.is_dir() {
        write_csv(args, &opened.loaded, records.clone())?;
    } else {
        let mut store = Store::open(path)?;
        let coder = Coder { id: args.coder.clone(), name: args.coder.clone(), kind: "lexicon".to_owned() };
        let (who, command) = (stamp::coder(), stamp::command(&["code", &path.display().to_string()]));
        let mut new_id = stamp::uuid;
        let mut stamp = Stamp { coder: &who, time: &time, command: &command, new_id: &mut new_id };
        store.put_codings(&coder, &records, &mut stamp)?;
        output::talk(&format!("nomoscope undo {} takes it back", path.display()));
    }
    output::data(&format!("{} codings by {} stored in {}", records.len(), args.coder, path.display()));
    output::talk(&format!("next: nomoscope map {}", path.display()));
    Ok(())
}

/// The same coding has the same id on every run, so that runs can be compared.
fn identity(coder: &str, source: &str, concept: &str, start: u32, end: u32) -> String {
    let hash = nomoscope_store::hash_hex(format!("{coder}\0{source}\0{concept}\0{start}\0{end}").as_bytes());
    let part = |from: usize, to: usize| hash.get(from..to).unwrap_or_default().to_owned();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

/// Replaces this coder's rows of `codings.csv`; what others coded, and what people rejected, stays.
fn write_csv(args: &Args, loaded: &crate::study::Loaded, records: Vec<CodingRecord>) -> Result<(), Failure> {
    let mut all: BTreeMap<String, CodingRecord> = records.into_iter().map(|r| (r.id.clone(), r)).collect();
    for record in &loaded.study.codings {
        if record.coder != args.coder || record.status == CodingStatus::Rejected {
            all.insert(record.id.clone(), record.clone());
        }
    }
    let mut all: Vec<CodingRecord> = all.into_values().collect();
    all.sort_by(|a, b| (&a.source, a.span, &a.concept, &a.id).cmp(&(&b.source, b.span, &b.concept, &b.id)));
    let texts = loaded.study.sources.iter().map(|s| (s.path.as_str(), s.document.text.as_str())).collect();
    let csv = codings_csv::write(&all, &texts)?;
    let edits: Edits = BTreeMap::from([(CODINGS_CSV.to_owned(), Some(csv.into_bytes()))]);
    edit_folder(&args.study.study, &edits)?;
    Ok(())
}
