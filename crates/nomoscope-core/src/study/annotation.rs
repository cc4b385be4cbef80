//! All that a study holds beside sources, codings and memos, and what of it refers to nothing.

use super::case::{Case, Member, Set};
use super::coding::{Coder, CodingRecord};
use super::ids::{ForeignId, Subject, SubjectKind};
use super::link::{Link, Memo, Passage};
use super::variable::{Variable, VariableValue};
use super::{Source, Study};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Passages, cases, sets, variables, links, and the identities that other programs gave.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Annotations {
    /// Passages.
    pub passages: Vec<Passage>,
    /// Cases.
    pub cases: Vec<Case>,
    /// Sets.
    pub sets: Vec<Set>,
    /// What belongs to which case or set.
    pub members: Vec<Member>,
    /// Variables.
    pub variables: Vec<Variable>,
    /// Their values.
    pub values: Vec<VariableValue>,
    /// Links.
    pub links: Vec<Link>,
    /// Identities in other programs.
    pub foreign: Vec<ForeignId>,
}

/// One of the [`Annotations`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Annotation {
    /// A passage.
    Passage(Passage),
    /// A case.
    Case(Case),
    /// A set.
    Set(Set),
    /// A member of a case or a set.
    Member(Member),
    /// A variable.
    Variable(Variable),
    /// A value of a variable.
    Value(VariableValue),
    /// A link.
    Link(Link),
    /// An identity in another program.
    Foreign(ForeignId),
}

impl Annotations {
    /// Returns all of them, kind by kind.
    pub fn iter(&self) -> impl Iterator<Item = Annotation> {
        let passages = self.passages.iter().cloned().map(Annotation::Passage);
        let cases = self.cases.iter().cloned().map(Annotation::Case);
        let sets = self.sets.iter().cloned().map(Annotation::Set);
        let members = self.members.iter().cloned().map(Annotation::Member);
        let variables = self.variables.iter().cloned().map(Annotation::Variable);
        let values = self.values.iter().cloned().map(Annotation::Value);
        let links = self.links.iter().cloned().map(Annotation::Link);
        let foreign = self.foreign.iter().cloned().map(Annotation::Foreign);
        passages.chain(cases).chain(sets).chain(members).chain(variables).chain(values).chain(links).chain(foreign)
    }

    /// Adds one behind the others of its kind.
    pub fn push(&mut self, annotation: Annotation) {
        match annotation {
            Annotation::Passage(passage) => self.passages.push(passage),
            Annotation::Case(case) => self.cases.push(case),
            Annotation::Set(set) => self.sets.push(set),
            Annotation::Member(member) => self.members.push(member),
            Annotation::Variable(variable) => self.variables.push(variable),
            Annotation::Value(value) => self.values.push(value),
            Annotation::Link(link) => self.links.push(link),
            Annotation::Foreign(foreign) => self.foreign.push(foreign),
        }
    }
}

impl Annotation {
    /// Returns what it is itself, if others can refer to it.
    #[must_use]
    pub fn subject(&self) -> Option<Subject> {
        Some(match self {
            Self::Passage(passage) => Subject::Passage(passage.id.clone()),
            Self::Case(case) => Subject::Case(case.id.clone()),
            Self::Set(set) => Subject::Set(set.id.clone()),
            Self::Variable(variable) => Subject::Variable(variable.id.clone()),
            Self::Link(link) => Subject::Link(link.id.clone()),
            Self::Member(_) | Self::Value(_) | Self::Foreign(_) => return None,
        })
    }

    /// Returns what it refers to.
    #[must_use]
    pub fn mentions(&self) -> Vec<Subject> {
        match self {
            Self::Passage(passage) => vec![Subject::Source(passage.source.clone())],
            Self::Case(_) | Self::Set(_) | Self::Variable(_) => Vec::new(),
            Self::Member(member) => vec![member.of.clone(), member.member.clone()],
            Self::Value(value) => vec![Subject::Variable(value.variable.clone()), value.of.clone()],
            Self::Link(link) => vec![link.from.clone(), link.to.clone()],
            Self::Foreign(foreign) => vec![foreign.of.clone()],
        }
    }

    /// Returns what no two of a study may have in common: the identity, or what stands for it.
    #[must_use]
    pub fn key(&self) -> Vec<String> {
        let (kind, parts) = match self {
            Self::Member(m) => ("member", vec![m.of.to_string(), m.member.to_string()]),
            Self::Value(v) => ("value", vec![v.variable.to_string(), v.of.to_string()]),
            Self::Foreign(f) => ("foreign", vec![f.of.to_string(), f.system.clone(), f.id.clone()]),
            Self::Passage(p) => ("passage", vec![p.id.to_string()]),
            Self::Case(c) => ("case", vec![c.id.to_string()]),
            Self::Set(s) => ("set", vec![s.id.to_string()]),
            Self::Variable(v) => ("variable", vec![v.id.to_string()]),
            Self::Link(l) => ("link", vec![l.id.to_string()]),
        };
        std::iter::once(kind.to_owned()).chain(parts).collect()
    }
}

/// What there is in a study to refer to.
///
/// Concepts are not among it: they stand in the codebook, which is read apart, so that each of them counts as there.
#[derive(Debug, Clone, Default)]
pub struct Known<'a>(BTreeSet<(SubjectKind, &'a str)>);

impl<'a> Known<'a> {
    /// Returns what these hold.
    #[must_use]
    pub fn of(
        sources: &'a [Source],
        codings: &'a [CodingRecord],
        coders: &'a [Coder],
        memos: &'a [Memo],
        annotations: &'a Annotations,
    ) -> Self {
        use SubjectKind as Kind;
        let mut known = BTreeSet::new();
        known.extend(sources.iter().map(|s| (Kind::Source, s.path.as_str())));
        known.extend(codings.iter().map(|c| (Kind::Coding, c.id.as_str())));
        // Somebody who codes is known, whether or not a row describes them.
        known.extend(codings.iter().map(|c| (Kind::Coder, c.coder.as_str())));
        known.extend(coders.iter().map(|c| (Kind::Coder, c.id.as_str())));
        known.extend(memos.iter().map(|m| (Kind::Memo, m.id.as_str())));
        known.extend(annotations.passages.iter().map(|p| (Kind::Passage, p.id.as_str())));
        known.extend(annotations.cases.iter().map(|c| (Kind::Case, c.id.as_str())));
        known.extend(annotations.sets.iter().map(|s| (Kind::Set, s.id.as_str())));
        known.extend(annotations.variables.iter().map(|v| (Kind::Variable, v.id.as_str())));
        known.extend(annotations.links.iter().map(|l| (Kind::Link, l.id.as_str())));
        Self(known)
    }

    /// Returns whether something is there.
    #[must_use]
    pub fn contains(&self, subject: &Subject) -> bool {
        match subject {
            Subject::Study | Subject::Concept(_) => true,
            _ => self.0.contains(&(subject.kind(), subject.id())),
        }
    }

    /// Returns the identities of all things of a kind, in order.
    pub fn ids(&self, kind: SubjectKind) -> impl Iterator<Item = &'a str> {
        self.0.range((kind, "")..).take_while(move |(k, _)| *k == kind).map(|(_, id)| *id)
    }
}

/// Returns which annotations, and behind them which memos, refer to something that is not there, be it over others.
pub(super) fn dangling(study: &Study) -> BTreeSet<usize> {
    let Study { sources, codings, coders, memos, annotations, .. } = study;
    let known = Known::of(sources, codings, coders, memos, annotations);
    let annotations = annotations.iter().map(|a| (a.subject(), a.mentions()));
    let memos = memos.iter().map(|m| (Some(Subject::Memo(m.id.clone())), vec![m.about.clone()]));
    let items: Vec<(Option<Subject>, Vec<Subject>)> = annotations.chain(memos).collect();
    let mut users: BTreeMap<&Subject, Vec<usize>> = BTreeMap::new();
    for (i, (_, mentions)) in items.iter().enumerate() {
        for mention in mentions {
            users.entry(mention).or_default().push(i);
        }
    }
    let missing = users.iter().filter(|(subject, _)| !known.contains(subject));
    let mut open: Vec<usize> = missing.flat_map(|(_, users)| users.iter().copied()).collect();
    let mut gone = BTreeSet::new();
    // Each is opened once, however the links run.
    while let Some(i) = open.pop() {
        let own = items.get(i).and_then(|(own, _)| own.as_ref());
        if gone.insert(i)
            && let Some(users) = own.and_then(|own| users.get(own))
        {
            open.extend(users);
        }
    }
    gone
}

#[cfg(test)]
mod tests {
    use super::super::Direction;
    use super::*;

    fn link(id: &str, from: &str, to: &str) -> Link {
        Link {
            id: id.into(),
            from: from.parse().unwrap(),
            to: to.parse().unwrap(),
            direction: Direction::OneWay,
            name: String::new(),
            coder: "ana".into(),
            created: String::new(),
        }
    }

    fn memo(id: &str, about: &str) -> Memo {
        let about = about.parse().unwrap();
        Memo { id: id.into(), about, coder: "ana".into(), created: String::new(), text: "x".to_owned() }
    }

    #[test]
    fn what_hangs_on_a_source_that_is_gone_goes_with_it() {
        let mut study = Study {
            sources: [Source { path: "a".to_owned(), ..Source::default() }].into(),
            memos: vec![memo("m1", "link:l1"), memo("m2", "source:a"), memo("m3", "concept:debt"), memo("m4", "study")],
            annotations: Annotations {
                links: vec![
                    link("l1", "source:gone", "source:a"),
                    link("l2", "memo:m1", "study"),
                    link("l3", "memo:m2", "memo:m3"),
                    // Two that hold each other stay: nothing is missing.
                    link("l4", "link:l5", "source:a"),
                    link("l5", "link:l4", "source:a"),
                ],
                ..Annotations::default()
            },
            ..Study::default()
        };
        study.drop_dangling();
        let links: Vec<&str> = study.annotations.links.iter().map(|l| l.id.as_str()).collect();
        let memos: Vec<&str> = study.memos.iter().map(|m| m.id.as_str()).collect();
        assert_eq!((links, memos), (vec!["l3", "l4", "l5"], vec!["m2", "m3", "m4"]));
    }
}
