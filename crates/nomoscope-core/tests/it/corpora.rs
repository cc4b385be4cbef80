//! Codebooks and corpora made by hand, in memory.

use nomoscope_core::codebook::{Codebook, Concept, ConceptIx, PatternText, Role};
use nomoscope_core::coding::Coding;
use nomoscope_core::norm::corpus::{Corpus, Interviewers, code};
use nomoscope_core::norm::statement::{Statement, StatementTable};
use nomoscope_core::study::{Origin, Source};
use nomoscope_core::text::{Document, Span};
use std::collections::BTreeMap;

/// A row of a codebook: id, roles (p, v, b; n marks a norm label), pattern, the id of the wider concept or nothing.
pub(crate) type Row<'a> = (&'a str, &'a str, &'a str, &'a str);

pub(crate) fn codebook(rows: &[Row<'_>]) -> Codebook {
    let concept = |&(id, roles, pattern, broader): &Row<'_>| Concept {
        id: id.to_owned(),
        roles: Role::ALL.into_iter().filter(|r| roles.contains(&r.name()[..1])).collect(),
        norm_label: roles.contains('n'),
        broader: (!broader.is_empty()).then(|| broader.to_owned()),
        patterns: BTreeMap::from([("en".to_owned(), vec![PatternText { text: pattern.to_owned(), line: 0 }])]),
        ..Concept::default()
    };
    Codebook::new("made by hand".to_owned(), "1".to_owned(), rows.iter().map(concept).collect()).unwrap()
}

pub(crate) fn sources<T: AsRef<str>>(texts: &[T]) -> Vec<Source> {
    let source = |(i, text): (usize, &T)| Source {
        path: format!("{i:03}.txt"),
        language: vec!["en".to_owned()],
        document: Document { text: text.as_ref().to_owned(), ..Document::default() },
        ..Source::default()
    };
    texts.iter().enumerate().map(source).collect()
}

pub(crate) fn corpus(codebook: &Codebook, sources: &[Source]) -> Corpus {
    // What these tests count, they count in every turn.
    let everybody = Interviewers { coded: true, ..Interviewers::default() };
    code(std::sync::Arc::new(codebook.clone()), sources.into(), &everybody, &|_| ()).unwrap()
}

/// A coding by a person, who may mark any span.
pub(crate) fn by_hand(corpus: &mut Corpus, source: usize, span: Span, concept: ConceptIx) {
    let codings = &mut corpus.coded[source].codings;
    codings.push(Coding { span, concept, origin: Origin::Person });
    codings.sort_unstable_by_key(|c| (c.span.start, std::cmp::Reverse(c.span.end), c.concept));
}

pub(crate) fn ix(codebook: &Codebook, id: &str) -> ConceptIx {
    codebook.find(id).unwrap()
}

/// Statements as text with their weights: `bondage + dignity > punish`, a missing part as `-`.
pub(crate) fn weights(codebook: &Codebook, table: &StatementTable) -> Vec<(String, f64)> {
    let name = |c: Option<ConceptIx>| c.map_or("-", |c| codebook.get(c).id.as_str());
    let line = |s: &Statement| format!("{} + {} > {}", name(s.problem), name(s.value), name(s.behaviour));
    table.counts.iter().map(|(s, count)| (line(s), count.weight)).collect()
}

/// A small generator with a fixed seed: tests need variety, not chance.
pub(crate) struct Draw(pub(crate) u64);

impl Draw {
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n.max(1)
    }
}
