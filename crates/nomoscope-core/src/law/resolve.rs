//! From what files say to a [`Law`] in which every name names something.
//!
//! All problems are found at once. A norm with a problem is left out, so that the others can still be looked at.

use super::case::{AgeRange, Case, CaseDraft, Entry, Grade, Person, PersonDraft, Rest, Value};
use super::definition::{Aggravation, Atom, Element, Limb, Norm, Remark, Term, Written};
use super::guide::{self, GuideDraft, Screen};
use super::vocabulary::{AGE, Entailment, Fact, FactIx, Kind, OLDEST, Vocabulary};
use super::{Law, Origin};
use crate::date::PartialDate;
use crate::problem::{Act, Problem, Remedy, Severity};
use crate::spelling::nearest;
use std::collections::{BTreeMap, BTreeSet};

/// Most facts in a vocabulary.
pub const MAX_FACTS: usize = 4_000;
/// Most norms.
pub const MAX_NORMS: usize = 2_000;
/// Most elements of a norm, most limbs, most terms of a list.
pub const MAX_PARTS: usize = 200;

/// What files say, before names are known to name anything.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// The facts.
    pub facts: Vec<Fact>,
    /// The entailments, with the file that they stand in.
    pub entailments: Vec<Entailment<Written>>,
    /// The definitions.
    pub norms: Vec<Norm<Written>>,
    /// What goes with them.
    pub guide: GuideDraft,
}

/// Returns the law that files describe, with everything that is wrong with it.
#[must_use]
pub fn resolve(draft: Draft) -> (Law, Vec<Problem>) {
    let mut complaints = Vec::new();
    let mut vocabulary = facts(draft.facts, &mut complaints);
    guide::wordings(&mut vocabulary, &draft.guide, &mut complaints);
    let entailments: Vec<Entailment> =
        draft.entailments.into_iter().filter_map(|e| entailment(&vocabulary, e, &mut complaints)).collect();
    vocabulary.entailments = entailments;
    exclusions(&mut vocabulary, &mut complaints);
    let (mut norms, mut damaged): (Vec<Norm>, Vec<Norm>) = (Vec::new(), Vec::new());
    let mut seen: BTreeMap<String, Origin> = BTreeMap::new();
    if draft.norms.len() > MAX_NORMS {
        let origin = draft.norms.first().map(|n| n.origin.clone()).unwrap_or_default();
        complaints.push(Problem::in_line(&origin.file, 0, format!("more than {MAX_NORMS} norms")));
    }
    for norm in draft.norms.into_iter().take(MAX_NORMS) {
        if let Some(first) = seen.get(&norm.id) {
            let reason = format!("norm `{}` is already defined in {}:{}", norm.id, first.file, first.line);
            complaints.push(Problem::in_line(&norm.origin.file, norm.origin.line, reason));
            continue;
        }
        seen.insert(norm.id.clone(), norm.origin.clone());
        match one_norm(&vocabulary, norm, &mut complaints) {
            One::Sound(norm) => norms.push(norm),
            One::Damaged(norm) => damaged.push(norm),
            One::Circular => {}
        }
    }
    norms.sort_by(|a, b| a.id.cmp(&b.id));
    references(&norms, &seen, &mut complaints);
    let guide = guide::resolve(&vocabulary, &norms, draft.guide, &mut complaints);
    complaints.sort();
    complaints.dedup();
    (Law { vocabulary, norms, guide, damaged }, complaints)
}

fn facts(list: Vec<Fact>, complaints: &mut Vec<Problem>) -> Vocabulary {
    let mut first: BTreeMap<String, Origin> = BTreeMap::new();
    let mut kept = Vec::new();
    for fact in list {
        let Origin { file, line } = &fact.origin;
        if kept.len() >= MAX_FACTS {
            complaints.push(Problem::in_line(file, *line, format!("more than {MAX_FACTS} facts")));
            break;
        }
        if let Some(origin) = first.get(&fact.id) {
            let reason = format!("fact `{}` is already defined in {}:{}", fact.id, origin.file, origin.line);
            complaints.push(Problem::in_line(file, *line, reason));
            continue;
        }
        if fact.prior.is_some_and(|p| !(p > 0.0 && p < 1.0)) {
            let reason = format!("the prior of fact `{}` must lie between 0 and 1", fact.id);
            complaints.push(Problem::in_line(file, *line, reason));
        }
        first.insert(fact.id.clone(), fact.origin.clone());
        kept.push(fact);
    }
    Vocabulary::new(kept)
}

fn exclusions(vocabulary: &mut Vocabulary, complaints: &mut Vec<Problem>) {
    let mut pairs = BTreeSet::new();
    for (i, fact) in vocabulary.facts().iter().enumerate() {
        for other in &fact.not_with {
            match vocabulary.find(&other.text) {
                Some(ix) if ix.index() != i => {
                    let here = FactIx(i as u16);
                    pairs.insert((here.min(ix), here.max(ix)));
                }
                Some(_) => complaints.push(Problem::in_line(
                    &fact.origin.file,
                    other.line,
                    format!("fact `{}` excludes itself", fact.id),
                )),
                None => complaints.push(unknown_fact(vocabulary, &other.text, &fact.origin.file, other.line)),
            }
        }
    }
    vocabulary.exclusions = pairs.into_iter().collect();
}

/// Returns the fact that a bare word means: `recruit` for `act.recruit`, `passport taken` for what has it as its label.
fn meant<'v>(vocabulary: &'v Vocabulary, name: &str) -> Option<&'v str> {
    let word = name.trim().to_lowercase().replace([' ', '-'], "_");
    let tail = |id: &'v str| id.split_once('.').map_or(id, |(_, tail)| tail);
    let facts = || vocabulary.facts().iter();
    let exact = facts().find(|f| tail(&f.id) == word || f.label.to_lowercase() == name.trim().to_lowercase());
    let near = || nearest(&word, facts().map(|f| tail(&f.id))).and_then(|near| facts().find(|f| tail(&f.id) == near));
    // Whoever writes `recruited` or `recruitment` means `recruit`.
    let stem = || facts().find(|f| tail(&f.id).len() >= 4 && word.starts_with(tail(&f.id)));
    exact.or_else(stem).or_else(near).map(|f| f.id.as_str())
}

/// Returns the complaint that no fact has this name.
#[must_use]
pub fn unknown_fact(vocabulary: &Vocabulary, name: &str, file: &str, line: u32) -> Problem {
    let complaint = Problem::in_line(file, line, format!("unknown fact `{name}`"));
    match nearest(name, vocabulary.facts().iter().map(|f| f.id.as_str())).or_else(|| meant(vocabulary, name)) {
        Some(near) => complaint.hint(Remedy::nearest(near)),
        None => complaint.hint(Remedy::with("`{}` lists the facts", [Act::ListFacts])),
    }
}

/// How the complaint of a name that is no element begins.
const UNKNOWN_ELEMENT: &str = "unknown element";

/// What names a term may use.
struct Names<'n> {
    vocabulary: &'n Vocabulary,
    file: &'n str,
    /// Element ids of the norm, by place.
    elements: &'n BTreeMap<&'n str, usize>,
    /// Whether a bare word may be an element, as in `requires`.
    bare_elements: bool,
}

impl Names<'_> {
    fn terms(&self, list: &[Written], complaints: &mut Vec<Problem>) -> Vec<Term> {
        if list.len() > MAX_PARTS {
            let line = list.first().map_or(0, |w| w.line);
            complaints.push(Problem::in_line(self.file, line, format!("a list has more than {MAX_PARTS} entries")));
        }
        list.iter().take(MAX_PARTS).filter_map(|w| self.term(w, complaints)).collect()
    }

    fn term(&self, written: &Written, complaints: &mut Vec<Problem>) -> Option<Term> {
        let text = written.text.trim();
        let (negated, name) = match text.strip_prefix('!') {
            Some(rest) => (true, rest.trim()),
            None => (false, text),
        };
        match self.atom(name, written.line) {
            Ok((atom, flipped)) => Some(Term { atom, negated: negated != flipped }),
            Err(complaint) => {
                complaints.push(complaint);
                None
            }
        }
    }

    /// Returns the atom, and whether it is named by its opposite (`>=`).
    fn atom(&self, name: &str, line: u32) -> Result<(Atom, bool), Problem> {
        if let Some(element) = name.strip_prefix('@') {
            return self.element(element.trim(), line).map(|a| (a, false));
        }
        if let Some(bound) = bound(name) {
            return self.bound(name, bound, line);
        }
        if self.bare_elements
            && let Some(&ix) = self.elements.get(name)
        {
            return Ok((Atom::Element(ix), false));
        }
        match self.vocabulary.find(name) {
            Some(ix) if self.vocabulary.get(ix).kind == Kind::Int => {
                Err(Problem::in_line(self.file, line, format!("`{name}` is a number and needs a bound"))
                    .hint(format!("write `{name} < 18` or `{name} >= 18`")))
            }
            Some(ix) => Ok((Atom::Fact(ix), false)),
            None if self.bare_elements && !name.contains('.') => self.element(name, line).map(|a| (a, false)),
            None => Err(unknown_fact(self.vocabulary, name, self.file, line)),
        }
    }

    fn element(&self, name: &str, line: u32) -> Result<Atom, Problem> {
        self.elements.get(name).map(|&ix| Atom::Element(ix)).ok_or_else(|| {
            let complaint = Problem::in_line(self.file, line, format!("{UNKNOWN_ELEMENT} `{name}`"));
            match nearest(name, self.elements.keys().copied()) {
                Some(near) => complaint.hint(Remedy::nearest(near)),
                None => complaint.hint("an element is a [[element]] of the same norm"),
            }
        })
    }

    fn bound(&self, name: &str, bound: Bound<'_>, line: u32) -> Result<(Atom, bool), Problem> {
        let wrong = |reason: String| Problem::in_line(self.file, line, reason);
        let ix = self
            .vocabulary
            .find(bound.fact)
            .ok_or_else(|| unknown_fact(self.vocabulary, bound.fact, self.file, line))?;
        if self.vocabulary.get(ix).kind != Kind::Int {
            return Err(wrong(format!("`{}` is no number, so it has no bound", bound.fact)));
        }
        let flipped = match bound.operator {
            "<" => false,
            ">=" => true,
            _ => {
                return Err(
                    wrong(format!("`{name}` uses `{}`", bound.operator)).hint("bounds are written with `<` and `>=`")
                );
            }
        };
        let n: i64 =
            bound.number.parse().map_err(|_| wrong(format!("`{}` in `{name}` is no whole number", bound.number)))?;
        match u16::try_from(n) {
            Ok(n) if (1..=OLDEST).contains(&n) => Ok((Atom::Below(ix, n), flipped)),
            _ => Err(wrong(format!("the bound {n} in `{name}` lies outside 1 to {OLDEST}"))
                .hint("an age below 0 does not exist; `victim.age < 18` means under 18")),
        }
    }
}

/// A bound as it is written.
#[derive(Debug, Clone, Copy)]
struct Bound<'t> {
    fact: &'t str,
    operator: &'t str,
    number: &'t str,
}

fn bound(text: &str) -> Option<Bound<'_>> {
    let operator = [">=", "<=", "==", "<", ">", "="].into_iter().find(|o| text.contains(o))?;
    let (fact, number) = text.split_once(operator)?;
    Some(Bound { fact: fact.trim(), operator, number: number.trim() })
}

/// Reads a bound such as `victim.age < 18` outside a norm; none if the words are no bound.
///
/// # Errors
/// What is wrong with it.
pub fn read_bound(
    vocabulary: &Vocabulary,
    words: &Written,
    file: &str,
) -> Option<Result<(FactIx, u16, bool), Problem>> {
    let none = BTreeMap::new();
    let names = Names { vocabulary, file, elements: &none, bare_elements: false };
    let bound = bound(&words.text)?;
    Some(names.bound(&words.text, bound, words.line).map(|(atom, flipped)| match atom {
        Atom::Below(ix, n) => (ix, n, flipped),
        Atom::Fact(ix) => (ix, 0, flipped),
        Atom::Element(_) => (FactIx(0), 0, flipped),
    }))
}

fn entailment(
    vocabulary: &Vocabulary,
    written: Entailment<Written>,
    complaints: &mut Vec<Problem>,
) -> Option<Entailment> {
    let Origin { file, line } = written.origin.clone();
    let before = complaints.len();
    let none = BTreeMap::new();
    let names = Names { vocabulary, file: &file, elements: &none, bare_elements: false };
    let premises = names.terms(&written.premises, complaints);
    let conclusions = names.terms(&written.conclusions, complaints);
    let fact_only = |t: &Term| matches!(t.atom, Atom::Fact(_)) && !t.negated;
    if complaints.len() == before {
        if premises.is_empty() || conclusions.is_empty() {
            complaints.push(Problem::in_line(&file, line, "an entailment needs `if` and `then`"));
        }
        if !conclusions.iter().all(fact_only) {
            complaints.push(Problem::in_line(
                &file,
                line,
                "`then` of an entailment takes facts only, none of them negated",
            ));
        }
        if premises.iter().any(|t| t.negated && matches!(t.atom, Atom::Fact(_))) {
            complaints.push(
                Problem::in_line(&file, line, "`if` of an entailment takes no negated fact")
                    .hint("what follows from an absence would hold in every closed file"),
            );
        }
    }
    (complaints.len() == before).then_some(Entailment {
        premises,
        conclusions,
        basis: written.basis,
        note: written.note,
        cite: written.cite,
        origin: written.origin,
    })
}

/// What became of a norm.
enum One {
    Sound(Norm),
    /// Something is wrong with it, but its elements can be read.
    Damaged(Norm),
    /// Its elements refer to each other in a circle.
    Circular,
}

fn one_norm(vocabulary: &Vocabulary, norm: Norm<Written>, complaints: &mut Vec<Problem>) -> One {
    let before = complaints.len();
    let file = norm.origin.file.clone();
    let mut ids = BTreeMap::new();
    for (i, element) in norm.elements.iter().enumerate().take(MAX_PARTS) {
        if ids.insert(element.id.as_str(), i).is_some() {
            let reason = format!("element `{}` of `{}` is defined twice", element.id, norm.id);
            complaints.push(Problem::in_line(&file, element.line, reason));
        }
    }
    shape(&norm, &file, complaints);
    let lists = Names { vocabulary, file: &file, elements: &ids, bare_elements: false };
    let requires = Names { bare_elements: true, ..lists };
    let elements: Vec<Element> = norm.elements.iter().take(MAX_PARTS).map(|e| element(&lists, e, complaints)).collect();
    let limbs: Vec<Limb> = norm
        .limbs
        .iter()
        .take(MAX_PARTS)
        .map(|l| Limb {
            id: l.id.clone(),
            cite: l.cite.clone(),
            label: l.label.clone(),
            requires: requires.terms(&l.requires, complaints),
            verified: l.verified,
            line: l.line,
        })
        .collect();
    let remark = |r: &Remark<Written>, complaints: &mut Vec<Problem>| Remark {
        when: requires.terms(&r.when, complaints),
        cite: r.cite.clone(),
        text: r.text.clone(),
        line: r.line,
    };
    let remarks: Vec<Remark> = norm.remarks.iter().take(MAX_PARTS).map(|r| remark(r, complaints)).collect();
    let scopes: Vec<Remark> = norm.scopes.iter().take(MAX_PARTS).map(|r| remark(r, complaints)).collect();
    let aggravations: Vec<Aggravation> = norm
        .aggravations
        .iter()
        .take(MAX_PARTS)
        .map(|a| Aggravation {
            id: a.id.clone(),
            cite: a.cite.clone(),
            label: a.label.clone(),
            requires: requires.terms(&a.requires, complaints),
            penalty: a.penalty.clone(),
            line: a.line,
        })
        .collect();
    let circle = cycle(&elements);
    if let Some(circle) = &circle {
        let line = elements.get(circle[0]).map_or(0, |e| e.line);
        let path: Vec<&str> = circle.iter().map(|&i| elements[i].id.as_str()).collect();
        let reason = format!("elements of `{}` refer to each other in a circle: {}", norm.id, path.join(" → "));
        complaints.push(Problem::in_line(&file, line, reason));
    } else if !complaints[before..].iter().any(|c| c.reason.plain().starts_with(UNKNOWN_ELEMENT)) {
        // A name that is wrong may have meant an element that now looks unused.
        let roots = [limbs_terms(&limbs), remark_terms(&remarks, &scopes, &aggravations)];
        unused(&norm.id, &file, &elements, [&roots[0], &roots[1]], complaints);
    }
    let sound = !complaints[before..].iter().any(|c| c.severity == Severity::Error);
    let resolved = Norm {
        elements,
        limbs,
        remarks,
        scopes,
        aggravations,
        id: norm.id,
        title: norm.title,
        short: norm.short,
        system: norm.system,
        kind: norm.kind,
        family: norm.family,
        adopted: norm.adopted,
        in_force: norm.in_force,
        valid_from: norm.valid_from,
        valid_to: norm.valid_to,
        transposition: norm.transposition,
        implements: norm.implements,
        supersedes: norm.supersedes,
        amends: norm.amends,
        verified: norm.verified,
        checked_on: norm.checked_on,
        checked_by: norm.checked_by,
        second_reading: norm.second_reading,
        strength: norm.strength,
        territory: norm.territory,
        source: norm.source,
        against_person: norm.against_person,
        penalty: norm.penalty,
        protection: norm.protection,
        non_punishment: norm.non_punishment,
        check: norm.check,
        note: norm.note,
        origin: norm.origin,
    };
    match (circle.is_some(), sound) {
        (true, _) => One::Circular,
        (false, true) => One::Sound(resolved),
        (false, false) => One::Damaged(resolved),
    }
}

/// What can be seen without knowing a fact: missing parts, dates, citations.
fn shape(norm: &Norm<Written>, file: &str, complaints: &mut Vec<Problem>) {
    let line = norm.origin.line;
    let mut wrong = |line: u32, reason: String| complaints.push(Problem::in_line(file, line, reason));
    if norm.limbs.is_empty() {
        wrong(line, format!("norm `{}` has no limb, so nothing can establish it", norm.id));
    }
    if norm.elements.len() > MAX_PARTS || norm.limbs.len() > MAX_PARTS {
        wrong(line, format!("norm `{}` has more than {MAX_PARTS} elements or limbs", norm.id));
    }
    for element in &norm.elements {
        let empty =
            element.all.is_empty() && element.any.is_empty() && element.none.is_empty() && element.open.is_none();
        if empty {
            wrong(element.line, format!("element `{}` of `{}` has no `all`, `any` or `none`", element.id, norm.id));
        } else if element.open.is_some() && element.any.is_empty() {
            wrong(
                element.line,
                format!("element `{}` of `{}` has `open` without `any`: only a list can be open", element.id, norm.id),
            );
        }
        if ["act", "means", "purpose"].contains(&element.role.as_str()) && element.cite.trim().is_empty() {
            wrong(element.line, format!("element `{}` of `{}` has no `cite`", element.id, norm.id));
        }
    }
    let mut ids = BTreeSet::new();
    for limb in &norm.limbs {
        if !ids.insert(&limb.id) {
            wrong(limb.line, format!("limb `{}` of `{}` is defined twice", limb.id, norm.id));
        }
        if limb.requires.is_empty() {
            wrong(limb.line, format!("limb `{}` of `{}` requires nothing, so it would always hold", limb.id, norm.id));
        }
    }
    let later = |a: Option<PartialDate>, b: Option<PartialDate>| a.zip(b).is_some_and(|(a, b)| a > b);
    for (a, b, words) in [
        (norm.adopted, norm.in_force, "`adopted` lies after `in_force`"),
        (norm.valid_from, norm.valid_to, "`valid_from` lies after `valid_to`"),
        (norm.in_force, norm.valid_to, "`in_force` lies after `valid_to`"),
    ] {
        if later(a, b) {
            wrong(line, format!("norm `{}`: {words}", norm.id));
        }
    }
}

fn element(names: &Names<'_>, e: &Element<Written>, complaints: &mut Vec<Problem>) -> Element {
    let before = complaints.len();
    let mut out = Element {
        id: e.id.clone(),
        role: e.role.clone(),
        cite: e.cite.clone(),
        label: if e.label.is_empty() { e.id.replace(['_', '-'], " ") } else { e.label.clone() },
        all: names.terms(&e.all, complaints),
        any: names.terms(&e.any, complaints),
        none: names.terms(&e.none, complaints),
        open: e.open.as_ref().and_then(|w| names.term(w, complaints)),
        note: e.note.clone(),
        verified: e.verified,
        line: e.line,
    };
    if complaints.len() > before {
        // Nobody knows what it asks for: it asks for nothing, and only what is impossible without it is told.
        out = Element { all: Vec::new(), any: Vec::new(), none: Vec::new(), open: None, ..out };
    }
    out
}

impl Element {
    /// Returns all terms of the element, the open residue last.
    pub fn terms(&self) -> impl Iterator<Item = Term> + '_ {
        self.all.iter().chain(&self.any).chain(&self.none).chain(&self.open).copied()
    }
}

fn inner(element: &Element) -> impl Iterator<Item = usize> + '_ {
    element.terms().filter_map(|t| match t.atom {
        Atom::Element(ix) => Some(ix),
        Atom::Fact(_) | Atom::Below(..) => None,
    })
}

/// Returns elements that refer to each other in a circle, first and last the same.
fn cycle(elements: &[Element]) -> Option<Vec<usize>> {
    let mut done = vec![false; elements.len()];
    for start in 0..elements.len() {
        let mut path = vec![start];
        let mut next: Vec<Vec<usize>> = vec![elements.get(start).map(|e| inner(e).collect()).unwrap_or_default()];
        while let Some(open) = next.last_mut() {
            let Some(to) = open.pop() else {
                next.pop();
                if let Some(left) = path.pop() {
                    done[left] = true;
                }
                continue;
            };
            if let Some(at) = path.iter().position(|&p| p == to) {
                let mut circle = path[at..].to_vec();
                circle.push(to);
                return Some(circle);
            }
            if !done[to] {
                path.push(to);
                next.push(inner(&elements[to]).collect());
            }
        }
    }
    None
}

fn limbs_terms(limbs: &[Limb]) -> Vec<Term> {
    limbs.iter().flat_map(|l| &l.requires).copied().collect()
}

fn remark_terms(remarks: &[Remark], scopes: &[Remark], aggravations: &[Aggravation]) -> Vec<Term> {
    let said = remarks.iter().chain(scopes).flat_map(|r| &r.when);
    said.chain(aggravations.iter().flat_map(|a| &a.requires)).copied().collect()
}

/// Complains of elements that no limb, remark, scope or aggravation reaches.
fn unused(norm: &str, file: &str, elements: &[Element], roots: [&[Term]; 2], complaints: &mut Vec<Problem>) {
    let mut used = vec![false; elements.len()];
    let element = |t: &Term| match t.atom {
        Atom::Element(ix) => Some(ix),
        Atom::Fact(_) | Atom::Below(..) => None,
    };
    let mut open: Vec<usize> = roots.into_iter().flatten().filter_map(element).collect();
    while let Some(ix) = open.pop() {
        if !std::mem::replace(&mut used[ix], true) {
            open.extend(inner(&elements[ix]));
        }
    }
    for (e, _) in elements.iter().zip(&used).filter(|(_, used)| !**used) {
        let complaint = Problem::in_line(file, e.line, format!("element `{}` of `{norm}` is used by no limb", e.id));
        complaints.push(complaint.hint("name it in `requires` of a limb, or take it out"));
    }
}

/// Warns of norms that name others which are not there.
fn references(norms: &[Norm], seen: &BTreeMap<String, Origin>, complaints: &mut Vec<Problem>) {
    for norm in norms {
        for (key, list) in
            [("implements", &norm.implements), ("supersedes", &norm.supersedes), ("amends", &norm.amends)]
        {
            for named in list.iter().filter(|w| !seen.contains_key(&w.text)) {
                let reason = format!("`{key}` of `{}` names `{}`, which is not among the norms", norm.id, named.text);
                let complaint = Problem::in_line(&norm.origin.file, named.line, reason).warning();
                let near = nearest(&named.text, seen.keys().map(String::as_str));
                complaints.push(match near {
                    Some(near) => complaint.hint(Remedy::nearest(near)),
                    None => complaint,
                });
            }
        }
    }
}

/// Returns a case with its facts found in the vocabulary, or everything that is wrong with it.
///
/// # Errors
/// Unknown facts, facts that are both true and false, ages that contradict each other, grades of facts that are not
/// entered, answers to questions that are not in the guide or that a fact contradicts. That norms of expectations exist is left to
/// [`super::lint`].
pub fn case(law: &Law, draft: CaseDraft) -> Result<Case, Vec<Problem>> {
    let file = draft.origin.file.clone();
    let mut complaints = Vec::new();
    let mut ids = BTreeSet::new();
    let mut persons = Vec::new();
    for person in draft.persons {
        if !ids.insert(person.id.clone()) {
            let reason = format!("person `{}` of case `{}` occurs twice", person.id, draft.id);
            complaints.push(Problem::in_line(&file, person.line, reason));
        }
        let rest = person.rest.unwrap_or(draft.rest);
        let mut entering = Entering { vocabulary: &law.vocabulary, file: &file, complaints: &mut complaints };
        let asked = person.asked.clone();
        let mut entered = entering.person(person, rest, draft.ungraded);
        entering.screens(&mut entered, &law.guide.screens, &asked);
        persons.push(entered);
    }
    if !complaints.is_empty() {
        complaints.sort();
        return Err(complaints);
    }
    Ok(Case {
        id: draft.id,
        title: draft.title,
        kind: draft.kind,
        court: draft.court,
        date: draft.date,
        state: draft.state,
        source: draft.source,
        why: draft.why,
        held_out: draft.held_out,
        persons,
        origin: draft.origin,
    })
}

/// Enters the facts of a person.
struct Entering<'e> {
    vocabulary: &'e Vocabulary,
    file: &'e str,
    complaints: &'e mut Vec<Problem>,
}

impl Entering<'_> {
    fn person(&mut self, draft: PersonDraft, rest: Rest, ungraded: Option<Grade>) -> Person {
        let mut person =
            Person { id: draft.id, age: draft.age, rest, expect: draft.expect, line: draft.line, ..Person::default() };
        for (list, value) in draft.lists.iter().zip([Value::True, Value::False, Value::Unknown]) {
            for written in list {
                self.enter(&mut person, written, value);
            }
        }
        for entry in person.facts.values_mut() {
            entry.grade = ungraded;
        }
        person.age_grade = ungraded.filter(|_| person.age.is_some());
        for (written, grade) in &draft.grades {
            if written.text == AGE && self.vocabulary.age().is_some() && person.age.is_some() {
                person.age_grade = Some(*grade);
            } else if let Some(entry) = self.entered(&mut person, written, "grade") {
                entry.grade = Some(*grade);
            }
        }
        for (written, source) in &draft.sources {
            if written.text == AGE {
                continue;
            }
            if let Some(entry) = self.entered(&mut person, written, "source") {
                let Entry { source, by, when, place, .. } = source.clone();
                (entry.source, entry.by, entry.when, entry.place) = (source, by, when, place);
            }
        }
        for (written, prior) in &draft.priors {
            match self.vocabulary.find(&written.text) {
                Some(ix) => {
                    person.priors.insert(ix, *prior);
                }
                None => self.complaints.push(unknown_fact(self.vocabulary, &written.text, self.file, written.line)),
            }
        }
        person
    }

    /// Enters what was answered to questions that stand before many. A fact that is true contradicts a no to the question before it.
    fn screens(&mut self, person: &mut Person, screens: &[Screen], asked: &[(Written, Value)]) {
        for (written, value) in asked {
            let Some(place) = screens.iter().position(|s| s.id == written.text) else {
                let reason = format!("unknown question `{}`", written.text);
                let ids = screens.iter().map(|s| s.id.as_str());
                let hint = Remedy::nearest_or(nearest(&written.text, ids.clone()), || {
                    format!("questions that stand before many are {}", ids.collect::<Vec<_>>().join(", "))
                });
                self.complaints.push(Problem::in_line(self.file, written.line, reason).hint(hint));
                continue;
            };
            let is_true = |f: &&FactIx| person.facts.get(*f).is_some_and(|e| e.value == Value::True);
            if let (Value::False, Some(fact)) = (value, screens[place].facts.iter().find(is_true)) {
                let fact = &self.vocabulary.get(*fact).id;
                let reason = format!("`{}` is answered with no, and `{fact}` is entered as true", written.text);
                self.complaints.push(Problem::in_line(self.file, written.line, reason));
            }
            person.screens.insert(place, *value);
        }
    }

    fn entered<'p>(&mut self, person: &'p mut Person, written: &Written, what: &str) -> Option<&'p mut Entry> {
        let Some(ix) = self.vocabulary.find(&written.text) else {
            self.complaints.push(unknown_fact(self.vocabulary, &written.text, self.file, written.line));
            return None;
        };
        let entry = person.facts.get_mut(&ix);
        if entry.is_none() {
            let reason = format!("`{}` has a {what} and is not entered", written.text);
            let hint = "name it under `true`, `false` or `unknown`";
            self.complaints.push(Problem::in_line(self.file, written.line, reason).hint(hint));
        }
        entry
    }

    fn enter(&mut self, person: &mut Person, written: &Written, value: Value) {
        if let Some(bound) = read_bound(self.vocabulary, written, self.file) {
            match bound {
                Ok((_, n, flipped)) => self.narrow(person, written, n, flipped, value),
                Err(complaint) => self.complaints.push(complaint),
            }
            return;
        }
        let Some(ix) = self.vocabulary.find(&written.text) else {
            self.complaints.push(unknown_fact(self.vocabulary, &written.text, self.file, written.line));
            return;
        };
        if self.vocabulary.get(ix).kind == Kind::Int {
            let reason = format!("`{}` is a number", written.text);
            self.complaints
                .push(Problem::in_line(self.file, written.line, reason).hint("write age = 16, or age = [16, 19]"));
            return;
        }
        let entry = Entry::new(value);
        match person.facts.insert(ix, entry) {
            Some(before) if before.value != value => {
                let name = |v: Value| match v {
                    Value::True => "true",
                    Value::False => "false",
                    Value::Unknown => "unknown",
                };
                let reason = format!(
                    "`{}` of person `{}` is entered as {} and as {}",
                    written.text,
                    person.id,
                    name(before.value),
                    name(value)
                );
                self.complaints.push(Problem::in_line(self.file, written.line, reason));
            }
            _ => {}
        }
    }

    /// A bound that is true or false narrows the age.
    fn narrow(&mut self, person: &mut Person, written: &Written, n: u16, flipped: bool, value: Value) {
        let below = match value {
            Value::True => !flipped,
            Value::False => flipped,
            Value::Unknown => return,
        };
        let age = person.age.unwrap_or(AgeRange::ANY);
        let narrowed = if below {
            AgeRange { low: age.low, high: age.high.min(n - 1) }
        } else {
            AgeRange { low: age.low.max(n), high: age.high }
        };
        if narrowed.low > narrowed.high {
            let reason = format!("`{}` contradicts that person `{}` is {}", written.text, person.id, age.words());
            self.complaints.push(Problem::in_line(self.file, written.line, reason));
        } else {
            person.age = Some(narrowed);
        }
    }
}
