//! What goes with the definitions when a person sits across the table: the parts of a story in the order in which people tell
//! it, signs from which an element may be proposed, the treaties of a State, and what a State owes as soon as there are
//! reasonable grounds.
//!
//! Everything here is data of files; nothing changes a definition. An indicator is not proof: it proposes, a person decides.

use super::Origin;
use super::definition::{Norm, Verified, Written};
use super::phrase::places;
use super::vocabulary::{FactIx, Vocabulary, Wording};
use crate::date::PartialDate;
use crate::problem::{Problem, Remedy};
use crate::spelling::nearest;
use std::collections::BTreeMap;

/// Words by language; English is the one that is always there.
pub type Spoken = BTreeMap<String, String>;

/// Returns the words of a language, or English where it has none.
#[must_use]
pub fn spoken<'s>(words: &'s Spoken, language: &str) -> &'s str {
    words.get(language).or_else(|| words.get("en")).map_or("", String::as_str)
}

/// What the program says in other languages: by language, by the English phrase.
pub type Phrases = BTreeMap<String, BTreeMap<String, String>>;

/// A phrase of the program in another language, as a file gives it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Phrase {
    /// The language, by its code.
    pub language: String,
    /// The phrase in English, with `{}` where something stands in its place.
    pub english: String,
    /// The same in the language, with as many places.
    pub words: String,
    /// Where it is written.
    pub origin: Origin,
}

/// A part of the story.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Story {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub label: Spoken,
    /// The sentence that opens it.
    pub opening: Spoken,
    /// Where it is written.
    pub origin: Origin,
}

/// A question that stands before many: what it denies need not be asked about.
///
/// It is no fact and no norm speaks of it. *No* answers each of its facts with no, *yes* opens them, and where it is not known
/// whether there was anything of the kind, nobody is asked which.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Screen<F = FactIx> {
    /// Its id.
    pub id: String,
    /// The part of the story in which it is asked, by id.
    pub story: String,
    /// The question.
    pub question: Spoken,
    /// What helps to answer it.
    pub help: Spoken,
    /// Whether asking can hurt.
    pub distress: bool,
    /// The chance that it is answered with yes: steers the order of questions, never a finding.
    pub prior: f64,
    /// The facts that are asked about only where it is answered with yes.
    pub facts: Vec<F>,
    /// Where it is written.
    pub origin: Origin,
}

/// How much a sign tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Strength {
    /// A little, with others.
    #[default]
    Weak,
    /// Something, with one other that is as strong.
    Medium,
    /// Much.
    Strong,
}

impl Strength {
    /// All of them, weakest first.
    pub const ALL: [Self; 3] = [Self::Weak, Self::Medium, Self::Strong];

    /// Returns the word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Weak => "weak",
            Self::Medium => "medium",
            Self::Strong => "strong",
        }
    }
}

/// What several signs together propose.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dimension<F = FactIx> {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub label: Spoken,
    /// The element that it belongs to: `act`, `means` or `purpose`.
    pub element: String,
    /// The fact that it proposes.
    pub proposes: F,
    /// Facts of which at least one must be known to be true as well; none: the signs are enough.
    pub with: Vec<F>,
    /// Where the weighing comes from.
    pub source: String,
    /// Where it is written.
    pub origin: Origin,
}

/// A sign that points to a dimension.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Indicator<F = FactIx, D = usize> {
    /// What is seen or heard: a fact of the vocabulary.
    pub fact: F,
    /// What it points to; its place among the dimensions.
    pub dimension: D,
    /// How much it tells.
    pub strength: Strength,
    /// Where it comes from.
    pub source: String,
    /// Where it is written.
    pub origin: Origin,
}

/// A treaty that binds a State.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Party<N = usize> {
    /// The norm; its place in the law.
    pub norm: N,
    /// From when it binds the State, if that was found.
    pub since: Option<PartialDate>,
    /// The last day on which it does: the end of a bond, or of an Act in this territory alone.
    pub until: Option<PartialDate>,
}

impl Party {
    /// Returns whether the treaty bound the State on a day; without a day, or where nobody found since when, it does.
    #[must_use]
    pub fn binds_on(&self, date: Option<PartialDate>) -> bool {
        let Some(date) = date else { return self.until.is_none() };
        let begun = self.since.is_none_or(|since| (since.year, since.month) <= (date.year, date.month));
        begun && self.until.is_none_or(|until| date.earliest() <= until.latest())
    }
}

/// A State with the law that applies there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct State<N = usize, F = FactIx> {
    /// Its id: that of its legal order.
    pub id: String,
    /// Its name.
    pub label: Spoken,
    /// Other words for it: `gb`, `england`.
    pub aliases: Vec<String>,
    /// Its treaties.
    pub parties: Vec<Party<N>>,
    /// Facts that go with its being chosen: a link to the State.
    pub implies: Vec<F>,
    /// Who takes a referral.
    pub referral: Spoken,
    /// How far the list of treaties was checked.
    pub verified: Verified,
    /// What is said of it.
    pub note: String,
    /// Where it is written.
    pub origin: Origin,
}

impl<N, F> State<N, F> {
    /// Whether this is its id, one of its other names, or its name in any language; case does not count.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        let name = name.trim().to_lowercase();
        self.id == name || self.aliases.contains(&name) || self.label.values().any(|label| label.to_lowercase() == name)
    }
}

/// Whom a duty is owed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Owed {
    /// Everybody.
    #[default]
    All,
    /// Somebody who is, or may be, under 18.
    Child,
    /// Somebody of 18 or more.
    Adult,
}

/// What is owed once the facts give reasonable grounds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Duty<N = usize, F = FactIx> {
    /// Its id.
    pub id: String,
    /// What is owed, in plain words.
    pub what: Spoken,
    /// By whom.
    pub by: Spoken,
    /// By when.
    pub when: Spoken,
    /// The same as it is told to the person; nothing: as it stands in `what`.
    pub tell: Spoken,
    /// The provision.
    pub cite: String,
    /// Norms of which one must be satisfied on the line of protection.
    pub norms: Vec<N>,
    /// Norms of which one must bind the State; none: it is the law of the State itself.
    pub bound_by: Vec<N>,
    /// The States in which it is owed; none: all that are bound.
    pub states: Vec<String>,
    /// Whom it is owed to.
    pub to: Owed,
    /// Facts of which one must be known to be true; none: it is always owed.
    pub facts: Vec<F>,
    /// How strong it is: `shall`, `may`, `consider`.
    pub strength: String,
    /// How far it was checked.
    pub verified: Verified,
    /// From when.
    pub from: Option<PartialDate>,
    /// Where it is written.
    pub origin: Origin,
}

/// All of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Guide {
    /// The parts of the story, in the order in which they are asked.
    pub stories: Vec<Story>,
    /// Questions that stand before many.
    pub screens: Vec<Screen>,
    /// What signs propose.
    pub dimensions: Vec<Dimension>,
    /// The signs.
    pub indicators: Vec<Indicator>,
    /// The States.
    pub states: Vec<State>,
    /// What is owed.
    pub duties: Vec<Duty>,
    /// What the program says in other languages.
    pub phrases: Phrases,
}

/// The same as files say it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GuideDraft {
    /// The parts of the story.
    pub stories: Vec<Story>,
    /// Questions that stand before many.
    pub screens: Vec<Screen<Written>>,
    /// What signs propose.
    pub dimensions: Vec<Dimension<Written>>,
    /// The signs.
    pub indicators: Vec<Indicator<Written, Written>>,
    /// The States.
    pub states: Vec<State<Written, Written>>,
    /// What is owed.
    pub duties: Vec<Duty<Written, Written>>,
    /// Questions in other languages: language, fact, words, where it is written.
    pub wordings: Vec<(String, Written, Wording, Origin)>,
    /// What the program says in other languages.
    pub phrases: Vec<Phrase>,
}

impl Guide {
    /// Returns the State with this id or other name; case does not count.
    #[must_use]
    pub fn state(&self, name: &str) -> Option<&State> {
        self.states.iter().find(|s| s.is_called(name))
    }

    /// Returns the place of a part of the story; parts that are not listed come last.
    #[must_use]
    pub fn place(&self, story: &str) -> usize {
        self.stories.iter().position(|s| s.id == story).unwrap_or(self.stories.len())
    }
}

/// Gives the facts their words in other languages.
pub(super) fn wordings(vocabulary: &mut Vocabulary, draft: &GuideDraft, complaints: &mut Vec<Problem>) {
    for (language, fact, wording, origin) in &draft.wordings {
        match vocabulary.find(&fact.text) {
            Some(ix) => vocabulary.word(ix, language, wording.clone()),
            None => {
                complaints.push(unknown("fact", &fact.text, origin, vocabulary.facts().iter().map(|f| f.id.as_str())))
            }
        }
    }
}

/// Takes the phrases of other languages; of two for one phrase the later holds, which is that of the user.
fn phrases(draft: Vec<Phrase>, complaints: &mut Vec<Problem>) -> Phrases {
    let mut out = Phrases::new();
    for p in draft {
        let (wanted, found) = (places(&p.english), places(&p.words));
        if wanted == found {
            out.entry(p.language).or_default().insert(p.english, p.words);
            continue;
        }
        let reason = format!("the words for `{}` have {found} times {{}}, where the English has {wanted}", p.english);
        complaints.push(Problem::in_line(&p.origin.file, p.origin.line, reason));
    }
    out
}

/// Finds what the guide names.
pub(super) fn resolve(
    vocabulary: &Vocabulary,
    norms: &[Norm],
    draft: GuideDraft,
    complaints: &mut Vec<Problem>,
) -> Guide {
    let mut names = Names { vocabulary, norms, complaints };
    for fact in vocabulary.facts() {
        let known = draft.stories.iter().any(|s| s.id == fact.story);
        if !draft.stories.is_empty() && !fact.story.is_empty() && !known {
            let stories = draft.stories.iter().map(|s| s.id.as_str());
            names.complaints.push(unknown("story", &fact.story, &fact.origin, stories));
        }
    }
    let mut screens: Vec<Screen> = Vec::new();
    for s in draft.screens {
        screens.extend(names.screen(s, &draft.stories, &screens));
    }
    let dimensions: Vec<Dimension> = draft.dimensions.into_iter().filter_map(|d| names.dimension(d)).collect();
    let indicators = draft.indicators.into_iter().filter_map(|i| names.indicator(i, &dimensions)).collect();
    let states: Vec<State> = draft.states.into_iter().map(|s| names.state(s)).collect();
    let duties = draft.duties.into_iter().map(|d| names.duty(d, &states)).collect();
    let phrases = phrases(draft.phrases, names.complaints);
    Guide { stories: draft.stories, screens, dimensions, indicators, states, duties, phrases }
}

struct Names<'n> {
    vocabulary: &'n Vocabulary,
    norms: &'n [Norm],
    complaints: &'n mut Vec<Problem>,
}

impl Names<'_> {
    fn fact(&mut self, name: &Written, origin: &Origin) -> Option<FactIx> {
        let found = self.vocabulary.find(&name.text);
        if found.is_none() {
            let facts = self.vocabulary.facts().iter().map(|f| f.id.as_str());
            self.complaints.push(unknown("fact", &name.text, origin, facts));
        }
        found
    }

    fn facts(&mut self, names: &[Written], origin: &Origin) -> Vec<FactIx> {
        names.iter().filter_map(|n| self.fact(n, origin)).collect()
    }

    fn norm(&mut self, name: &Written, origin: &Origin) -> Option<usize> {
        let found = self.norms.binary_search_by(|n| n.id.as_str().cmp(&name.text)).ok();
        if found.is_none() {
            self.complaints.push(unknown("norm", &name.text, origin, self.norms.iter().map(|n| n.id.as_str())));
        }
        found
    }

    fn norms(&mut self, names: &[Written], origin: &Origin) -> Vec<usize> {
        names.iter().filter_map(|n| self.norm(n, origin)).collect()
    }

    /// A fact stands behind one screen at most: two could give it two answers.
    fn screen(&mut self, s: Screen<Written>, stories: &[Story], before: &[Screen]) -> Option<Screen> {
        let Screen { id, story, question, help, distress, prior, facts, origin } = s;
        if stories.iter().all(|known| known.id != story) {
            self.complaints.push(unknown("story", &story, &origin, stories.iter().map(|s| s.id.as_str())));
            return None;
        }
        if !(prior > 0.0 && prior < 1.0) {
            let reason = format!("the prior of screen `{id}` is no number between 0 and 1");
            self.complaints.push(Problem::in_line(&origin.file, origin.line, reason));
            return None;
        }
        let facts = self.facts(&facts, &origin);
        for fact in &facts {
            if let Some(other) = before.iter().find(|s| s.facts.contains(fact)) {
                let name = &self.vocabulary.get(*fact).id;
                let reason = format!("`{name}` stands behind screen `{}` already", other.id);
                self.complaints.push(Problem::in_line(&origin.file, origin.line, reason));
                return None;
            }
        }
        Some(Screen { id, story, question, help, distress, prior, facts, origin })
    }

    fn dimension(&mut self, d: Dimension<Written>) -> Option<Dimension> {
        let (proposes, with) = (self.fact(&d.proposes, &d.origin)?, self.facts(&d.with, &d.origin));
        let Dimension { id, label, element, source, origin, .. } = d;
        Some(Dimension { id, label, element, proposes, with, source, origin })
    }

    fn indicator(&mut self, i: Indicator<Written, Written>, dimensions: &[Dimension]) -> Option<Indicator> {
        let fact = self.fact(&i.fact, &i.origin)?;
        let Some(dimension) = dimensions.iter().position(|d| d.id == i.dimension.text) else {
            let names = dimensions.iter().map(|d| d.id.as_str());
            self.complaints.push(unknown("dimension", &i.dimension.text, &i.origin, names));
            return None;
        };
        Some(Indicator { fact, dimension, strength: i.strength, source: i.source, origin: i.origin })
    }

    fn state(&mut self, s: State<Written, Written>) -> State {
        let State { id, label, aliases, parties, implies, referral, verified, note, origin } = s;
        let implies = self.facts(&implies, &origin);
        let parties = parties
            .into_iter()
            .filter_map(|p| Some(Party { norm: self.norm(&p.norm, &origin)?, since: p.since, until: p.until }))
            .collect();
        State { id, label, aliases, parties, implies, referral, verified, note, origin }
    }

    fn duty(&mut self, d: Duty<Written, Written>, states: &[State]) -> Duty {
        let (norms, bound_by) = (self.norms(&d.norms, &d.origin), self.norms(&d.bound_by, &d.origin));
        let facts = self.facts(&d.facts, &d.origin);
        for state in d.states.iter().filter(|id| states.iter().all(|s| s.id != **id)) {
            self.complaints.push(unknown("State", state, &d.origin, states.iter().map(|s| s.id.as_str())));
        }
        let Duty { id, what, by, when, tell, cite, states, to, strength, verified, from, origin, .. } = d;
        Duty { id, what, by, when, tell, cite, norms, bound_by, states, to, facts, strength, verified, from, origin }
    }
}

fn unknown<'n>(what: &str, name: &str, origin: &Origin, known: impl Iterator<Item = &'n str>) -> Problem {
    let complaint = Problem::in_line(&origin.file, origin.line, format!("unknown {what} `{name}`"));
    match nearest(name, known) {
        Some(near) => complaint.hint(Remedy::nearest(near)),
        None => complaint,
    }
}
