//! What people decide beside coding: that they are done, what stands between coders, what an audit found, which suggestion is
//! right.

use crate::act::{Decision, Hit, Sample, Setting};
use crate::deeds;
use crate::study::shelf::Deed;
use crate::study::{Problem, Problems, StudyError};
use nomoscope_core::study::double::{ADJUDICATED, DONE, DoubleCoding};
use nomoscope_core::study::{
    Annotation, Coder, CoderKind, CodingStatus, Decimal, Direction, Link, Member, Origin, Passage, Set, Study, Subject,
    Value, Variable, VariableId, VariableKind, VariableValue, audit,
};
use nomoscope_core::text::Span;
use nomoscope_formats::study as files;
use nomoscope_formats::study::study_toml;
use nomoscope_store::{Merge, Stamp, StoreError};

/// Passages of one audit at most: more than anybody reads.
const MOST_PASSAGES: usize = 10_000;

/// Switches a setting; all else in `study.toml` stays as it was written.
pub(crate) fn switched(bytes: &[u8], to: &Setting) -> Result<Deed, StudyError> {
    if let Setting::Report(questions) = to {
        nomoscope_engine::questions::check_report(questions)?;
    }
    let written = study_toml::set(bytes, to)?;
    Ok(Deed::File(files::STUDY_TOML.to_owned(), Some(written.into_bytes())))
}

fn wrong(reason: String) -> StudyError {
    Problems::from(Problem::new("", reason)).into()
}

/// Says that the person is done with a source, or no longer.
pub(crate) fn finished(study: &Study, source: &str, done: bool, stamp: &mut Stamp<'_>) -> Result<Deed, StudyError> {
    if !study.sources.iter().any(|s| s.path == source) {
        return Err(StoreError::UnknownSource(source.to_owned()).into());
    }
    let mut merge = Merge::default();
    let known = study.done_links(source, stamp.coder).map(|link| Annotation::Link(link.clone()).key());
    match (done, known.collect::<Vec<_>>()) {
        (true, known) if known.is_empty() => {
            merge.annotations.push(link((Subject::Study, Subject::Source(source.into())), DONE, stamp))
        }
        (true, _) => {}
        (false, known) => merge.gone.annotations = known.into_iter().collect(),
    }
    Ok(Deed::Import(Box::new(merge)))
}

fn link((from, to): (Subject, Subject), name: &str, stamp: &mut Stamp<'_>) -> Annotation {
    Annotation::Link(Link {
        id: (stamp.new_id)().into(),
        from,
        to,
        direction: Direction::OneWay,
        name: name.to_owned(),
        coder: stamp.coder.into(),
        created: stamp.time.to_owned(),
    })
}

/// Returns under which name decisions are kept: that of the study, or a new one that nobody has.
fn adjudicator(study: &Study) -> Result<(String, Option<Coder>), StudyError> {
    if let Some(known) = study.coders.iter().find(|c| c.kind == CoderKind::Adjudication) {
        return Ok((known.id.to_string(), None));
    }
    let taken = study.coders.iter().map(|c| &c.id).chain(study.codings.iter().map(|c| &c.coder));
    if taken.into_iter().any(|id| *id == ADJUDICATED) {
        return Err(wrong(format!(
            "somebody codes as `{ADJUDICATED}`, under which name decisions between coders are kept"
        )));
    }
    let coder = Coder { id: ADJUDICATED.into(), name: ADJUDICATED.to_owned(), kind: CoderKind::Adjudication };
    Ok((ADJUDICATED.to_owned(), Some(coder)))
}

/// Keeps decisions as codings of their own: what is kept is accepted, and a place that is left without its concept is
/// turned down, so that what coders marked there does not count. An earlier decision about the place gives way.
pub(crate) fn adjudicated(study: &Study, decisions: &[Decision], stamp: &mut Stamp<'_>) -> Result<Deed, StudyError> {
    let double = DoubleCoding::of(study);
    let (name, coder) = adjudicator(study)?;
    let mut merge = Merge { coders: coder.into_iter().collect(), ..Merge::default() };
    let memo = format!("decided by {}", stamp.coder);
    for decision in decisions {
        let Decision { source, concept, place, keep } = decision;
        if double.done(source).len() < 2 || double.is_closed(source, stamp.coder) {
            return Err(wrong(format!("`{source}` is not ready for decisions: two coders must be done with it")));
        }
        let before = study.codings.iter().filter(|c| c.coder == *name && c.source == *source && c.concept == *concept);
        let meets = |span: Span| span.overlaps(*place) || keep.iter().any(|k| k.overlaps(span));
        merge.gone.codings.extend(before.filter(|c| meets(c.span)).map(|c| c.id.to_string()));
        let mut say = |span: Span, status: CodingStatus| -> Result<(), StudyError> {
            let hit = Hit { source: source.clone(), span, concept: concept.clone() };
            let record = deeds::record(study, &hit, status, stamp)?;
            let record =
                nomoscope_core::study::CodingRecord { coder: name.as_str().into(), memo: memo.clone(), ..record };
            merge.codings.push(record);
            Ok(())
        };
        if !keep.iter().any(|span| span.overlaps(*place)) {
            say(*place, CodingStatus::Rejected)?;
        }
        for span in keep {
            say(*span, CodingStatus::Accepted)?;
        }
    }
    Ok(Deed::Import(Box::new(merge)))
}

/// Returns the id of the variable of this name, and the variable itself if the study does not have it.
fn variable(study: &Study, name: &str, kind: VariableKind, description: &str) -> (VariableId, Option<Annotation>) {
    let variables = &study.annotations.variables;
    if let Some(known) = variables.iter().find(|v| v.name == name && v.kind == kind) {
        return (known.id.clone(), None);
    }
    let plain = name.replace(' ', "-");
    let taken = |id: &String| variables.iter().any(|v| v.id == *id);
    let id = (1..).map(|n| if n == 1 { plain.clone() } else { format!("{plain}-{n}") }).find(|id| !taken(id));
    let id: VariableId = id.unwrap_or(plain).into();
    let made = Variable { id: id.clone(), name: name.to_owned(), kind, description: description.to_owned() };
    (id, Some(Annotation::Variable(made)))
}

fn value(variable: VariableId, of: &Subject, value: Value) -> Annotation {
    Annotation::Value(VariableValue { variable, of: of.clone(), value })
}

/// Keeps a random sample as a set of passages.
pub(crate) fn drawn(study: &Study, sample: &Sample, stamp: &mut Stamp<'_>) -> Result<Deed, StudyError> {
    if sample.passages.is_empty() || sample.passages.len() > MOST_PASSAGES {
        return Err(wrong(format!("an audit has 1 to {MOST_PASSAGES} passages")));
    }
    let whole = |n: u64| i64::try_from(n).map(Value::Integer).map_err(|_| wrong(format!("{n} is too large")));
    let about = [
        (VariableKind::Integer, "the seed that the sample was drawn with", whole(sample.seed)?),
        (VariableKind::Text, "what a passage is", Value::Text(sample.level.clone())),
        (VariableKind::Integer, "of how many passages it was drawn", whole(sample.population)?),
        (VariableKind::Text, "the codebook at that time (SHA-256)", Value::Text(sample.codebook.clone())),
    ];
    let id = (stamp.new_id)();
    let set = Subject::Set(id.as_str().into());
    // Sets of one name are one set when studies are joined: each draw has its own.
    let Sample { population, level, seed, .. } = sample;
    let name = format!("Audit of the lexicon: {} of {population}, {level}, seed {seed}", sample.passages.len());
    let description = "a random sample of passages, read for what the lexicon misses".to_owned();
    let made = Set { id: id.as_str().into(), name, description };
    let mut annotations = vec![Annotation::Set(made)];
    for (name, (kind, description, of)) in audit::VARIABLES.into_iter().zip(about) {
        let (id, new) = variable(study, name, kind, description);
        annotations.extend(new);
        annotations.push(value(id, &set, of));
    }
    let mut members = Vec::new();
    for (n, (source, span)) in sample.passages.iter().enumerate() {
        let id = (stamp.new_id)();
        members.push(Annotation::Member(Member { of: set.clone(), member: Subject::Passage(id.as_str().into()) }));
        annotations.push(Annotation::Passage(Passage {
            id: id.into(),
            source: source.as_str().into(),
            span: *span,
            quote: deeds::quote(study, source, *span)?.to_owned(),
            name: (n + 1).to_string(),
            coder: stamp.coder.into(),
            created: stamp.time.to_owned(),
        }));
    }
    annotations.extend(members);
    Ok(Deed::Import(Box::new(Merge { annotations, ..Merge::default() })))
}

/// Says that a passage of an audit was read, and codes what is missing there.
pub(crate) fn audited(
    study: &Study,
    passage: &str,
    missing: &[String],
    stamp: &mut Stamp<'_>,
) -> Result<Deed, StudyError> {
    let audits = audit::audits(study);
    let found = audits.iter().flat_map(|a| &a.passages).find(|p| p.id == *passage);
    let found = *found.ok_or_else(|| StoreError::Unknown(passage.to_owned()))?;
    let mut merge = Merge::default();
    for concept in missing {
        let hit = Hit { source: found.source.to_string(), span: found.span, concept: concept.clone() };
        let there = |c: &&nomoscope_core::study::CodingRecord| {
            c.coder == *stamp.coder && c.source == found.source && c.span == found.span && c.concept == *concept
        };
        match study.codings.iter().find(there) {
            Some(known) => merge.status.push((known.id.clone(), CodingStatus::Accepted)),
            None => merge.codings.push(deeds::record(study, &hit, CodingStatus::Accepted, stamp)?),
        }
    }
    merge.annotations.push(link((Subject::Passage(found.id.clone()), Subject::Study), audit::READ, stamp));
    Ok(Deed::Import(Box::new(merge)))
}

/// Codes a passage that was suggested, and keeps what suggested it: the coder is the one who accepted it.
pub(crate) fn suggested(
    study: &Study,
    hit: &Hit,
    (score, model): (&Decimal, &str),
    stamp: &mut Stamp<'_>,
) -> Result<Deed, StudyError> {
    if !study.meta.suggestions {
        return Err(wrong("suggestions are switched off in this study".to_owned()));
    }
    if let Some(known) = deeds::equal(study, hit, stamp.coder) {
        return Ok(deeds::again(known, ""));
    }
    let mut merge = Merge::default();
    let record = deeds::record(study, hit, CodingStatus::Accepted, stamp)?;
    let [of_score, of_model] = Origin::SUGGESTION;
    let of = Subject::Coding(record.id.clone());
    let (score_id, new_score) =
        variable(study, of_score, VariableKind::Decimal, "how probable the model took it to be");
    let (model_id, new_model) = variable(study, of_model, VariableKind::Text, "the model that suggested it (SHA-256)");
    merge.annotations.extend(new_score.into_iter().chain(new_model));
    merge.annotations.push(value(score_id, &of, Value::Decimal(score.clone())));
    merge.annotations.push(value(model_id, &of, Value::Text(model.to_owned())));
    merge.codings.push(record);
    Ok(Deed::Import(Box::new(merge)))
}
