//! What single acts write of codings and concepts.

use crate::act::{ConceptEdit, Hit};
use crate::study::shelf::Deed;
use crate::study::{Loaded, Problem, Problems, StudyError};
use nomoscope_core::coding::Matcher;
use nomoscope_core::study::{CodingId, CodingRecord, CodingStatus, Study, Subject};
use nomoscope_core::text::Span;
use nomoscope_formats::study as files;
use nomoscope_formats::{codebook_edit, codebook_toml};
use nomoscope_store::{Batch, Stamp, StoreError};
use std::collections::{BTreeMap, BTreeSet};

/// Returns a coding by hand of a passage.
pub(crate) fn record(
    study: &Study,
    hit: &Hit,
    status: CodingStatus,
    stamp: &mut Stamp<'_>,
) -> Result<CodingRecord, StudyError> {
    let Hit { source, span, concept } = hit;
    let quote = quote(study, source, *span)?.to_owned();
    let id = (stamp.new_id)();
    Ok(CodingRecord {
        source: source.as_str().into(),
        span: *span,
        quote,
        concept: concept.as_str().into(),
        coder: stamp.coder.into(),
        status,
        created: stamp.time.to_owned(),
        memo: String::new(),
        id: id.into(),
    })
}

/// Returns what a person coded as this concept at this place before.
pub(crate) fn equal<'s>(study: &'s Study, hit: &Hit, coder: &str) -> Option<&'s CodingRecord> {
    let mut mine = study.codings.iter().filter(|c| c.coder == coder);
    mine.find(|c| c.source == *hit.source && c.span == hit.span && c.concept == *hit.concept)
}

/// Returns what it writes to code again what the person coded so before: nothing, but for a note, or where they had turned it
/// down. Two equal codings by one person would count twice.
pub(crate) fn again(known: &CodingRecord, memo: &str) -> Deed {
    if !known.status.counts() {
        return Deed::Status(known.id.to_string(), CodingStatus::Accepted);
    }
    match memo.trim() {
        "" => Deed::Many(Batch::default()),
        words if known.memo.contains(words) => Deed::Many(Batch::default()),
        words => Deed::Remark(known.id.to_string(), format!("{}\n{words}", known.memo).trim().to_owned()),
    }
}

/// Returns the words of a passage.
pub(crate) fn quote<'s>(study: &'s Study, source: &str, span: Span) -> Result<&'s str, StudyError> {
    let found = study.sources.iter().find(|s| s.path == source);
    let found = found.ok_or_else(|| StoreError::UnknownSource(source.to_owned()))?;
    let quote = found.document.text.get(span.start as usize..span.end as usize).filter(|q| !q.is_empty());
    Ok(quote.ok_or_else(|| StoreError::Misplaced("what is to be coded".to_owned()))?)
}

/// Returns what says of hits of the lexicon whether they are right: a coding of the person each, or their earlier one with
/// another status.
pub(crate) fn judged(study: &Study, hits: &[Hit], right: bool, stamp: &mut Stamp<'_>) -> Result<Batch, StudyError> {
    let status = if right { CodingStatus::Accepted } else { CodingStatus::Rejected };
    let mine = study.codings.iter().filter(|c| c.coder == stamp.coder);
    let mine: BTreeMap<_, _> = mine.map(|c| ((c.source.as_str(), c.span, c.concept.as_str()), c)).collect();
    let mut batch = Batch::default();
    for hit in hits {
        match mine.get(&(hit.source.as_str(), hit.span, hit.concept.as_str())) {
            Some(known) if known.status == status => {}
            Some(known) => batch.status.push((known.id.clone(), status)),
            None => batch.add.push(record(study, hit, status, stamp)?),
        }
    }
    Ok(batch)
}

/// Returns these codings, which must be the person's own: those of others are turned down, not taken away.
pub(crate) fn own(study: &Study, ids: &[String], coder: &str) -> Result<Vec<CodingId>, StudyError> {
    let known: BTreeMap<&str, &CodingRecord> = study.codings.iter().map(|c| (c.id.as_str(), c)).collect();
    let mut problems = Problems::new();
    for id in ids {
        match known.get(id.as_str()) {
            None => return Err(StoreError::UnknownCoding(id.clone()).into()),
            Some(coding) if coding.coder != coder => {
                let reason = format!("coding {id} is by {}, who alone can take it away", coding.coder);
                problems.push(Problem::new(files::CODINGS_CSV, reason).hint("turn it down instead"));
            }
            Some(_) => {}
        }
    }
    Ok(problems.or(ids.iter().map(|id| id.as_str().into()).collect())?)
}

/// Returns what gives a person's own coding another place, or another concept. One that is so already is nothing to write, and where the
/// person coded so before there is one coding afterwards.
pub(crate) fn recoded(
    study: &Study,
    id: &str,
    span: Option<Span>,
    concept: Option<&str>,
    stamp: &mut Stamp<'_>,
) -> Result<Batch, StudyError> {
    let ids = own(study, &[id.to_owned()], stamp.coder)?;
    let Some(known) = study.codings.iter().find(|c| c.id == id) else {
        return Err(StoreError::UnknownCoding(id.to_owned()).into());
    };
    let (to, named) = (span.unwrap_or(known.span), concept.unwrap_or(&known.concept));
    if (to, named) == (known.span, &*known.concept) {
        return Ok(Batch::default());
    }
    let hit = Hit { source: known.source.to_string(), span: to, concept: named.to_owned() };
    let mut batch = Batch::default();
    let about = |id: &CodingId| Subject::Coding(id.clone());
    let stays = match equal(study, &hit, stamp.coder) {
        Some(same) => same.id.clone(),
        None if to == known.span => {
            batch.concept.push((known.id.clone(), named.into()));
            return Ok(batch);
        }
        None => {
            let record = CodingRecord { memo: known.memo.clone(), ..record(study, &hit, known.status, stamp)? };
            batch.add.push(record.clone());
            record.id
        }
    };
    let memos = study.memos.iter().filter(|m| m.about == about(&known.id));
    batch.about = memos.map(|m| (m.id.clone(), about(&stays))).collect();
    batch.remove = ids;
    Ok(batch)
}

/// Returns what changes the codebook and lets codings, memos and the focus of the study follow.
pub(crate) fn edited(loaded: &Loaded, edit: &ConceptEdit) -> Result<Batch, StudyError> {
    let bytes = loaded.codebook.as_deref().unwrap_or_default();
    let edited = codebook_edit::apply(bytes, edit).map_err(|p| p.in_file(files::CODEBOOK_TOML))?;
    codebook_toml::parse(edited.as_bytes()).map_err(|problems| needed(edit, problems))?;
    let mut batch = Batch::default();
    if let ConceptEdit::Split { from, new, codings, with_hits } = edit {
        let mut go = chosen(&loaded.study, codings, from)?;
        if *with_hits {
            go.extend(found_anew(&loaded.study, edited.as_bytes(), from, &new.id)?);
        }
        batch.concept = go.into_iter().map(|id| (id, new.id.as_str().into())).collect();
    }
    batch.files.insert(files::CODEBOOK_TOML.to_owned(), edited.into_bytes());
    let Some((from, to)) = edit.moves() else {
        if let ConceptEdit::Remove { id } = edit {
            refuse_used(&loaded.study, id)?;
        }
        return Ok(batch);
    };
    if loaded.study.meta.focus.as_deref() == Some(from) {
        let problem = Problem::new(files::STUDY_TOML, format!("`{from}` is the focus of the study"));
        return Err(Problems::from(problem.hint("give the study another focus first")).into());
    }
    let codings = loaded.study.codings.iter().filter(|c| c.concept == from);
    batch.concept = codings.map(|c| (c.id.clone(), to.into())).collect();
    let about = Subject::Concept(from.into());
    let memos = loaded.study.memos.iter().filter(|m| m.about == about);
    batch.about = memos.map(|m| (m.id.clone(), Subject::Concept(to.into()))).collect();
    Ok(batch)
}

/// Returns why a codebook cannot be so: of a concept that is to go, which others need it.
fn needed(edit: &ConceptEdit, problems: Problems) -> Problems {
    let ConceptEdit::Remove { id } = edit else { return problems.in_file(files::CODEBOOK_TOML) };
    let without = |p: &Problem| {
        let reason = format!("`{id}` is needed: without it, {}", p.reason.plain());
        Problem::new(files::CODEBOOK_TOML, reason).hint("change that first, or merge it into another concept")
    };
    problems.iter().map(without).collect()
}

/// Returns these codings, which must be of the concept.
fn chosen(study: &Study, ids: &BTreeSet<String>, concept: &str) -> Result<BTreeSet<CodingId>, StudyError> {
    let of_concept: BTreeSet<&CodingId> =
        study.codings.iter().filter(|c| c.concept == *concept).map(|c| &c.id).collect();
    let mut chosen = BTreeSet::new();
    for id in ids {
        let id = CodingId::from(id.as_str());
        if !of_concept.contains(&id) {
            return Err(StoreError::UnknownCoding(id.to_string()).into());
        }
        chosen.insert(id);
    }
    Ok(chosen)
}

/// Returns the codings of a concept at places that only the patterns of a new one find.
fn found_anew(study: &Study, codebook: &[u8], from: &str, new: &str) -> Result<Vec<CodingId>, StudyError> {
    let codebook = codebook_toml::parse(codebook).map_err(|p| p.in_file(files::CODEBOOK_TOML))?;
    let (Some(from_ix), Some(new_ix)) = (codebook.find(from), codebook.find(new)) else { return Ok(Vec::new()) };
    let matcher = Matcher::new(&codebook, &[]).map_err(|p| p.in_file(files::CODEBOOK_TOML))?;
    let mut by_source: BTreeMap<&str, Vec<&CodingRecord>> = BTreeMap::new();
    for coding in study.codings.iter().filter(|c| c.concept == *from) {
        by_source.entry(&coding.source).or_default().push(coding);
    }
    let mut found = Vec::new();
    for source in &*study.sources {
        let Some(codings) = by_source.get(source.path.as_str()) else { continue };
        let hits = matcher.find(&source.document.flowing());
        let places = |ix| hits.iter().filter(|h| h.concept == ix).map(|h| h.span).collect::<BTreeSet<Span>>();
        let (stay, go) = (places(from_ix), places(new_ix));
        let goes = |c: &&&CodingRecord| go.contains(&c.span) && !stay.contains(&c.span);
        found.extend(codings.iter().filter(goes).map(|c| c.id.clone()));
    }
    Ok(found)
}

fn refuse_used(study: &Study, id: &str) -> Result<(), StudyError> {
    let n = study.codings.iter().filter(|c| c.concept == id).count();
    if n == 0 && study.meta.focus.as_deref() != Some(id) {
        return Ok(());
    }
    // Where coding is blind, how much another coded is not told.
    let by = if study.meta.blind.is_empty() { format!("by {n} codings") } else { "by codings".to_owned() };
    let reason = format!("`{id}` is in use: {by}, or as the focus of the study");
    Err(Problems::from(Problem::new(files::CODEBOOK_TOML, reason).hint("merge it into another concept instead")).into())
}
