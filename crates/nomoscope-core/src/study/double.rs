//! Double coding: who is done with which source, what of others' work is hidden until then, and what was adjudicated.
//!
//! Where it is blind, nobody may be led by what another marked. So what is hidden is decided here once, from the study
//! alone, and not page by page. A name is no password: this keeps honest coders apart, and no spies out.

use super::{Annotation, Annotations, CoderId, CoderKind, CodingRecord, CodingStatus, Link, Memo, Study, Subject};
use std::collections::{BTreeMap, BTreeSet};

/// The name of the link from the study to a source by which a coder says that they are done with it.
pub const DONE: &str = "coding is done";
/// The coder under whose name decisions between coders are kept.
pub const ADJUDICATED: &str = "adjudicated";

/// Who is done with what, and who codes blindly.
#[derive(Debug, Clone, Default)]
pub struct DoubleCoding<'s> {
    blind: BTreeSet<&'s str>,
    /// By source.
    done: BTreeMap<&'s str, BTreeSet<&'s str>>,
    /// Those who are no persons: their stored codings follow from patterns.
    lexica: BTreeSet<&'s str>,
}

impl<'s> DoubleCoding<'s> {
    /// Returns how double coding stands in a study.
    #[must_use]
    pub fn of(study: &'s Study) -> Self {
        let mut done: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for link in &study.annotations.links {
            if let Some(source) = done_with(link) {
                done.entry(source).or_default().insert(link.coder.as_str());
            }
        }
        let lexica = study.coders.iter().filter(|c| c.kind == CoderKind::Lexicon).map(|c| c.id.as_str());
        Self { blind: study.meta.blind.iter().map(String::as_str).collect(), done, lexica: lexica.collect() }
    }

    /// Returns whether any work is hidden at all.
    #[must_use]
    pub fn is_blind(&self) -> bool {
        !self.blind.is_empty()
    }

    /// Returns whether somebody is one of those who code blindly.
    #[must_use]
    pub fn codes_blindly(&self, coder: &str) -> bool {
        self.blind.contains(coder)
    }

    /// Returns those who code blindly, in order.
    pub fn blind(&self) -> impl Iterator<Item = &'s str> + '_ {
        self.blind.iter().copied()
    }

    /// Returns whether a coder said that they are done with a source.
    #[must_use]
    pub fn is_done(&self, source: &str, coder: &str) -> bool {
        self.done.get(source).is_some_and(|coders| coders.contains(coder))
    }

    /// Returns who is done with a source: where coding is blind, of those who code blindly.
    #[must_use]
    pub fn done(&self, source: &str) -> Vec<&'s str> {
        let all = self.done.get(source).into_iter().flatten().copied();
        all.filter(|coder| !self.is_blind() || self.codes_blindly(coder)).collect()
    }

    /// Returns everybody who is done with any source, in order.
    #[must_use]
    pub fn coders(&self) -> BTreeSet<&'s str> {
        self.done.values().flatten().copied().collect()
    }

    /// Returns whether `viewer` may see what `coder` did in a source: both are done with it, as far as they code blindly;
    /// for somebody else, two who code blindly are.
    #[must_use]
    pub fn shows(&self, source: &str, viewer: &str, coder: &str) -> bool {
        if !self.is_blind() || viewer == coder {
            return true;
        }
        let ready = |who: &str| !self.codes_blindly(who) || self.is_done(source, who);
        // An onlooker who saw one alone could tell the other.
        let enough = self.codes_blindly(viewer) || !self.codes_blindly(coder) || self.done(source).len() >= 2;
        ready(viewer) && ready(coder) && enough
    }

    /// Returns whether anything that others do in a source is hidden from somebody. It does not tell whether there is any.
    #[must_use]
    pub fn is_closed(&self, source: &str, viewer: &str) -> bool {
        self.blind.iter().any(|coder| !self.shows(source, viewer, coder))
    }

    fn shows_coding(&self, viewer: &str, coding: &CodingRecord) -> bool {
        let by_pattern = self.lexica.contains(coding.coder.as_str()) || coding.coder == "lexicon";
        // What a lexicon found is no secret. That it was turned down is what a person thought.
        (by_pattern && coding.status != CodingStatus::Rejected) || self.shows(&coding.source, viewer, &coding.coder)
    }
}

/// Returns the source with which a link says that its coder is done.
fn done_with(link: &Link) -> Option<&str> {
    match &link.to {
        Subject::Source(source) if link.from == Subject::Study && link.name == DONE => Some(source),
        _ => None,
    }
}

impl Study {
    /// Returns the links by which a coder said that they are done with a source.
    pub fn done_links<'a>(&'a self, source: &'a str, coder: &'a str) -> impl Iterator<Item = &'a Link> {
        self.annotations.links.iter().filter(move |l| l.coder == *coder && done_with(l) == Some(source))
    }

    /// Returns the study as somebody may see it: without what others coded, marked and wrote about sources that are hidden
    /// from them, and what hangs on that. None where nothing is hidden.
    #[must_use]
    pub fn seen_by(&self, viewer: &str) -> Option<Self> {
        let double = DoubleCoding::of(self);
        if !self.sources.iter().any(|s| double.is_closed(&s.path, viewer)) {
            return None;
        }
        let open = |about: &Subject, coder: &CoderId| match about {
            Subject::Source(source) => double.shows(source, viewer, coder),
            _ => true,
        };
        let shown = |annotation: &Annotation| match annotation {
            Annotation::Passage(p) => double.shows(&p.source, viewer, &p.coder),
            Annotation::Link(l) => done_with(l).is_some() || (open(&l.from, &l.coder) && open(&l.to, &l.coder)),
            _ => true,
        };
        let mut annotations = Annotations::default();
        self.annotations.iter().filter(shown).for_each(|a| annotations.push(a));
        let codings = self.codings.iter().filter(|c| double.shows_coding(viewer, c)).cloned().collect();
        let memos: Vec<Memo> = self.memos.iter().filter(|m| open(&m.about, &m.coder)).cloned().collect();
        let mut seen = Self {
            meta: self.meta.clone(),
            sources: self.sources.clone(),
            codings,
            coders: self.coders.clone(),
            memos,
            annotations,
        };
        seen.drop_dangling();
        Some(seen)
    }

    /// Returns whether decisions between coders are kept under this name.
    #[must_use]
    pub fn adjudicates(&self, coder: &str) -> bool {
        self.coders.iter().any(|c| c.id == *coder && c.kind == CoderKind::Adjudication)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Coder, Direction, Passage, Source};
    use super::*;
    use crate::text::Span;

    fn coding(id: &str, source: &str, coder: &str, status: CodingStatus) -> CodingRecord {
        CodingRecord {
            id: id.into(),
            source: source.into(),
            span: Span::new(0, 1),
            quote: "a".to_owned(),
            concept: "debt".into(),
            coder: coder.into(),
            status,
            created: String::new(),
            memo: String::new(),
        }
    }

    fn link(id: &str, from: &str, to: &str, name: &str, coder: &str) -> Link {
        Link {
            id: id.into(),
            from: from.parse().unwrap(),
            to: to.parse().unwrap(),
            direction: Direction::OneWay,
            name: name.to_owned(),
            coder: coder.into(),
            created: String::new(),
        }
    }

    fn memo(id: &str, about: &str, coder: &str) -> Memo {
        Memo {
            id: id.into(),
            about: about.parse().unwrap(),
            coder: coder.into(),
            created: String::new(),
            text: String::new(),
        }
    }

    /// Two sources, two who code blindly; `done` says who is done with which.
    fn study(done: &[(&str, &str)]) -> Study {
        let source = |path: &str| Source { path: path.to_owned(), ..Source::default() };
        let mut study = Study {
            sources: [source("s"), source("t")].into(),
            codings: vec![
                coding("a", "s", "ana", CodingStatus::Accepted),
                coding("b", "s", "ben", CodingStatus::Accepted),
                coding("b2", "t", "ben", CodingStatus::Rejected),
                coding("o", "t", "olga", CodingStatus::Accepted),
                coding("l", "s", "lexicon", CodingStatus::Accepted),
                coding("l2", "s", "lexicon", CodingStatus::Rejected),
            ],
            coders: vec![Coder { id: "lexicon".into(), name: String::new(), kind: CoderKind::Lexicon }],
            memos: vec![memo("m1", "coding:b", "ana"), memo("m2", "source:s", "ben"), memo("m3", "study", "ben")],
            ..Study::default()
        };
        study.meta.blind = vec!["ana".to_owned(), "ben".to_owned()];
        study.annotations.links = done
            .iter()
            .enumerate()
            .map(|(i, (who, source))| link(&format!("d{i}"), "study", &format!("source:{source}"), DONE, who))
            .chain([link("n", "coding:b", "source:t", "explains", "ana")])
            .collect();
        study.annotations.passages = vec![Passage {
            id: "p".into(),
            source: "s".into(),
            span: Span::new(0, 1),
            quote: "a".to_owned(),
            name: String::new(),
            coder: "ben".into(),
            created: String::new(),
        }];
        study
    }

    #[track_caller]
    fn sees(done: &[(&str, &str)], viewer: &str, want: &[&str]) -> Option<Study> {
        let study = study(done);
        let seen = study.seen_by(viewer);
        let codings = &seen.as_ref().unwrap_or(&study).codings;
        assert_eq!(codings.iter().map(|c| c.id.as_str()).collect::<Vec<_>>(), want, "{viewer} {done:?}");
        seen
    }

    #[test]
    fn nobody_sees_anothers_work_before_both_are_done() {
        let seen = sees(&[], "ana", &["a", "l"]).unwrap();
        assert_eq!(
            seen.memos.iter().map(|m| m.id.as_str()).collect::<Vec<_>>(),
            ["m3"],
            "what hangs on it is hidden, too"
        );
        assert!(seen.annotations.links.is_empty() && seen.annotations.passages.is_empty());
        sees(&[], "ben", &["b", "b2", "l"]);
        sees(&[("ana", "s")], "ana", &["a", "l", "l2"]);
        sees(&[("ben", "s")], "ana", &["a", "l"]);
        let seen = sees(&[("ana", "s"), ("ben", "s")], "ana", &["a", "b", "l", "l2"]).unwrap();
        assert_eq!(seen.memos.len(), 3);
        assert_eq!(seen.annotations.links.len(), 3, "who is done is no secret");
        let all = [("ana", "s"), ("ben", "s"), ("ana", "t"), ("ben", "t")];
        assert!(sees(&all, "ana", &["a", "b", "b2", "o", "l", "l2"]).is_none());
    }

    #[test]
    fn an_onlooker_sees_what_two_are_done_with() {
        sees(&[("ben", "s")], "olga", &["o", "l", "l2"]);
        sees(&[("ana", "s"), ("ben", "s")], "olga", &["a", "b", "o", "l", "l2"]);
    }

    #[test]
    fn nothing_is_hidden_where_coding_is_open() {
        let mut study = study(&[]);
        study.meta.blind.clear();
        assert!(study.seen_by("ana").is_none());
        let double = DoubleCoding::of(&study);
        assert!(!double.is_blind() && double.shows("s", "ana", "ben"));
    }
}
