//! The first screen: what the facts support today, what is owed now, the one inquiry that needs no question to the person, and what
//! to fall back on.

use super::answer::{Tested, Tried};
use crate::law::applicable::{in_force, may_be_asked, state_of, universal};
use crate::law::words::{caveats, counted_in, person_in, set_in};
use crate::words::wrap;
use nomoscope_core::law::Law;
use nomoscope_core::law::case::{Case, MAJORITY, Person, Rest, Value};
use nomoscope_core::law::definition::NON_PUNISHMENT;
use nomoscope_core::law::fallback::{Evidence, of_case};
use nomoscope_core::law::finding::Finding;
use nomoscope_core::law::guide::{Duty, Owed, State, spoken};
use nomoscope_core::law::interview::{Interview, Manner, lead};
use nomoscope_core::law::logic::Variable;
use nomoscope_core::law::minimal::Literal;
use nomoscope_core::law::proposal::Proposal;
use nomoscope_core::law::speech::Speech;
use nomoscope_core::law::vocabulary::{FactIx, Vocabulary};
use std::collections::BTreeSet;

/// What comes first.
#[derive(Debug, Clone, Default)]
pub struct Brief {
    /// Norms that the facts satisfy on the line of protection: in force, not aimed at the person; those that lead first.
    pub supported: Vec<usize>,
    /// Norms that count: in force, not aimed at the person, no rule on punishment.
    pub counted: usize,
    /// Norms that the facts do not settle on the line of protection.
    pub open: usize,
    /// Rules on punishment whose conditions the facts entered satisfy.
    pub spared: Vec<usize>,
    /// What was proposed from signs or from what took place, and bears on a norm that is satisfied.
    pub proposed: Vec<Proposal>,
    /// What is owed now, by place among the duties.
    pub owed: Vec<usize>,
    /// The fact that would settle most and needs no question to the person, with how many norms are open.
    pub inquiry: Option<(FactIx, usize)>,
    /// Norms that are a fact away on the line of protection, with the smallest sets.
    pub near: Vec<(usize, Vec<Literal>)>,
    /// Norms aimed at the person that were tried and are kept off the first screen.
    pub own_acts: usize,
    /// Norms that were not in force.
    pub not_in_force: usize,
}

/// Returns what comes first about one person.
#[must_use]
pub fn brief(tested: &Tested, tried: &Tried) -> Brief {
    let law = &tested.library.law;
    let (case, who) = (tested.case(tried), tested.person(tried));
    let state = state_of(law, None, Some(case)).ok().flatten();
    let mut out = Brief::default();
    for o in &tried.outcomes {
        let norm = &law.norms[o.norm];
        if !in_force(norm, case.date) {
            out.not_in_force += 1;
        } else if norm.against_person {
            out.own_acts += 1;
        } else if norm.kind == NON_PUNISHMENT {
            if o.protection.finding == Finding::Established {
                out.spared.push(o.norm);
            }
        } else {
            out.counted += 1;
            match o.protection.finding {
                Finding::Established => {
                    out.supported.push(o.norm);
                    out.proposed.extend(o.protection.proposed.iter().cloned());
                }
                Finding::Undetermined => out.open += 1,
                Finding::NotEstablished => {}
            }
        }
    }
    out.proposed = once(out.proposed);
    out.supported.sort_by_key(|&n| (lead(&law.norms[n]), n));
    out.owed = owed(law, state, case, who, &out.supported);
    let tried_norms: BTreeSet<usize> = tried.outcomes.iter().map(|o| o.norm).collect();
    let counts =
        |n: usize| tried_norms.contains(&n) && may_be_asked(&law.norms[n]) && in_force(&law.norms[n], case.date);
    // Of a person of whom nothing was told nothing can be looked for.
    if who.age.is_some() || !who.facts.is_empty() {
        out.inquiry = inquiry(tested, who, (0..law.norms.len()).filter(|&n| counts(n)).collect());
    }
    let open: Vec<usize> = tried_norms.iter().copied().filter(|&n| counts(n) && !out.supported.contains(&n)).collect();
    out.near = near(tested, tried, &open);
    out
}

fn once(list: Vec<Proposal>) -> Vec<Proposal> {
    let mut seen = BTreeSet::new();
    list.into_iter().filter(|p| seen.insert(p.fact)).collect()
}

/// Returns what is owed: one of the duty's norms is satisfied, the State is bound, and the duty is owed to such a person.
fn owed(law: &Law, state: Option<&State>, case: &Case, who: &Person, supported: &[usize]) -> Vec<usize> {
    let may_be_child = who.age.is_none_or(|a| a.low < MAJORITY);
    let may_be_adult = who.age.is_none_or(|a| a.high >= MAJORITY);
    let known = |f: &FactIx| who.facts.get(f).is_some_and(|e| e.value == Value::True);
    let bound = |d: &Duty| match state {
        Some(s) if d.bound_by.is_empty() => d.states.contains(&s.id),
        Some(s) => d.bound_by.iter().any(|n| s.parties.iter().any(|p| p.norm == *n && p.binds_on(case.date))),
        // Without a State it is said what the treaties ask of those whom they bind.
        None => !d.bound_by.is_empty(),
    };
    let holds = |d: &&Duty| {
        let begun =
            d.from.is_none_or(|from| case.date.is_none_or(|date| (date.year, date.month) >= (from.year, from.month)));
        let to = match d.to {
            Owed::All => true,
            Owed::Child => may_be_child,
            Owed::Adult => may_be_adult,
        };
        begun
            && to
            && bound(d)
            && d.norms.iter().any(|n| supported.contains(n))
            && (d.facts.is_empty() || d.facts.iter().any(known))
    };
    (0..law.guide.duties.len()).filter(|&d| law.guide.duties.get(d).as_ref().is_some_and(&holds)).collect()
}

/// Returns the fact whose answer is expected to settle most of the open norms and which can be found without the person.
fn inquiry(tested: &Tested, who: &Person, norms: Vec<usize>) -> Option<(FactIx, usize)> {
    let logic = tested.library.logic();
    let open = Person { rest: Rest::Unknown, ..who.clone() };
    let manner = Manner { protection: true, file: true, ..Manner::default() };
    let on_protection = Interview::new(&logic, norms.clone(), open.clone(), tested.reading).led(manner.clone());
    let found = on_protection.inquiry().ok().flatten();
    // Where protection is settled, the next thing that is missing is proof.
    let proof = || {
        let proved = Person { facts: proved(&open), ..open.clone() };
        Interview::new(&logic, norms, proved, tested.reading).led(manner).inquiry().ok().flatten()
    };
    found.or_else(proof).map(|q| (q.fact, q.open))
}

fn proved(who: &Person) -> std::collections::BTreeMap<FactIx, nomoscope_core::law::case::Entry> {
    let is = |e: &nomoscope_core::law::case::Entry| {
        e.grade.is_none_or(|g| g == nomoscope_core::law::case::Grade::Proved) || e.value == Value::False
    };
    who.facts.iter().filter(|(_, e)| is(e)).map(|(f, e)| (*f, e.clone())).collect()
}

/// How many norms to fall back on are named.
const NEAR: usize = 3;

/// A fact that is rarer than this among referred cases is not named as the one that is missing.
const LIKELY: f64 = 0.1;
/// The part of the story that says who the person is: their sex or a disability is no gap in the evidence.
const PERSON: &str = "start";

/// Whether it helps to name a fact as the one that is missing: what the person is cannot be found out and proved, and what is rare
/// would stand there in every case.
fn can_be_looked_for(vocabulary: &Vocabulary, literal: &Literal) -> bool {
    match literal.variable {
        Variable::Fact(fact) => {
            let likely = !literal.value || vocabulary.prior(fact) >= LIKELY;
            vocabulary.get(fact).story != PERSON && likely
        }
        Variable::Below(..) => false,
        Variable::Open(_) => true,
    }
}

/// Returns those of these norms that are one fact away on the line of protection, and to which something that was told points:
/// of a norm that asks for a single fact everybody is one fact away.
fn near(tested: &Tested, tried: &Tried, norms: &[usize]) -> Vec<(usize, Vec<Literal>)> {
    let who = tested.person(tried);
    let logic = tested.library.logic();
    let open = Person { rest: Rest::Unknown, ..who.clone() };
    let remaining = |person: &Person| {
        let found = of_case(&logic, person, Evidence::Protection, tested.reading, 1, norms);
        found.unwrap_or_default().remaining
    };
    let nothing_told = Person { facts: std::collections::BTreeMap::new(), ..open.clone() };
    let of_anybody: BTreeSet<usize> = remaining(&nothing_told).into_iter().map(|r| r.norm).collect();
    let law = &tested.library.law;
    let near = remaining(&open).into_iter().filter(|r| r.distance == 1 && !of_anybody.contains(&r.norm));
    let one = |sets: Vec<Vec<Literal>>| {
        let fits = |set: &Vec<Literal>| set.iter().all(|l| can_be_looked_for(&law.vocabulary, l));
        sets.into_iter().filter(fits).min_by(|a, b| far(law, who, a).total_cmp(&far(law, who, b)))
    };
    let mut list: Vec<_> = near.filter_map(|r| Some((r.norm, one(r.missing)?))).collect();
    let own = |n: usize| tested.case(tried).state != law.norms[n].system;
    list.sort_by_key(|(n, _)| (lead(&law.norms[*n]), own(*n), *n));
    list.truncate(NEAR);
    list
}

/// Returns how far a set of facts lies from what was told: what stands behind a question that was answered with yes, or beside a
/// fact that was told, is nearest; then what is likeliest.
fn far(law: &Law, who: &Person, set: &[Literal]) -> f64 {
    let told = |f: &FactIx| who.facts.get(f).is_some_and(|e| e.value == Value::True);
    let one = |l: &Literal| {
        let Variable::Fact(fact) = l.variable else { return 1.0 };
        let behind = law.guide.screens.iter().enumerate().find(|(_, s)| s.facts.contains(&fact));
        let opened = behind.is_none_or(|(n, s)| who.screens.get(&n) == Some(&Value::True) || s.facts.iter().any(told));
        f64::from(u8::from(!opened)) + 1.0 - law.vocabulary.prior(fact)
    };
    set.iter().map(one).sum()
}

/// Lines of the first screen, and their width.
pub const LINES: usize = 25;
const WIDTH: usize = 80;

/// Returns the first screen: at most [`LINES`] lines of 80 signs.
#[must_use]
pub fn page(tested: &Tested, tried: &Tried, language: &str) -> String {
    let law = &tested.library.law;
    let speech = &Speech::new(law, language);
    let (case, who) = (tested.case(tried), tested.person(tried));
    let b = brief(tested, tried);
    let mut out = Lines::default();
    let place = place(tested, tried, speech);
    out.say("", &format!("{} ({}){place}", speech.say(&case.title), person_in(speech, case, who)), 2);
    out.say("", &headline(speech, &b), 2);
    for caveat in caveats(who) {
        out.say("  ", speech.say(caveat), 1);
    }
    let names = |list: &[usize]| list.iter().map(|&n| speech.norm(n)).collect::<Vec<_>>().join("; ");
    if !b.supported.is_empty() {
        out.say("  ", &some(&names(&b.supported), b.supported.len()), 4);
    }
    if let Some(words) = inferred(speech, &b.proposed) {
        out.say("  ", &words, 2);
    }
    if !b.owed.is_empty() {
        out.say("", speech.say("Owed now"), 1);
        for d in b.owed.iter().filter_map(|&d| law.guide.duties.get(d)).take(DUTIES) {
            out.say("  ", &duty(speech, d), 2);
        }
        let more = b.owed.len().saturating_sub(DUTIES);
        if more > 0 {
            out.say("  ", &speech.fill("and {} more, in the element sheet (--out DIR)", &[&more.to_string()]), 1);
        }
    }
    if !b.spared.is_empty() {
        out.say("", &speech.fill("Against punishment the facts entered meet: {}", &[&names(&b.spared)]), 2);
    }
    if let Some((fact, open)) = b.inquiry {
        let open = counted_in(speech, open, "open norm", "open norms");
        let parts = [speech.inquiry(fact), speech.label(fact), open.as_str()];
        out.say("", &speech.fill("Without a question to the person: {} ({}) bears on {}", &parts), 2);
    }
    if !b.near.is_empty() {
        out.say("", &speech.fill("One fact away: {}", &[&away(speech, &b).join("; ")]), 2);
    }
    if let Some(aside) = aside(speech, &b) {
        out.say("", &aside, 1);
    }
    out.text()
}

/// What comes first, in parts: a page lays them out, where the terminal counts lines.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    /// Who it is about, and under which law.
    pub who: String,
    /// How many norms the facts satisfy on the line of protection.
    pub headline: String,
    /// What has to be kept in mind.
    pub caveats: Vec<String>,
    /// A heading each, with its sentences; none is empty.
    pub parts: Vec<(String, Vec<String>)>,
}

/// Returns what comes first about one person, in parts.
#[must_use]
pub fn parts(tested: &Tested, tried: &Tried, language: &str) -> Parts {
    let law = &tested.library.law;
    let speech = &Speech::new(law, language);
    let (case, who) = (tested.case(tried), tested.person(tried));
    let b = brief(tested, tried);
    let names = |list: &[usize]| list.iter().map(|&n| speech.norm(n).to_owned()).collect::<Vec<_>>();
    let supported = names(&b.supported).into_iter().chain(inferred(speech, &b.proposed)).collect();
    let owed = b.owed.iter().filter_map(|&d| law.guide.duties.get(d)).map(|d| duty(speech, d)).collect();
    let inquiry = b.inquiry.map(|(fact, open)| {
        let open = counted_in(speech, open, "open norm", "open norms");
        speech.fill("{} ({}): bears on {}", &[speech.inquiry(fact), speech.label(fact), &open])
    });
    let all = [
        ("What these facts support (reasonable grounds)", supported),
        ("Owed now", owed),
        ("Rules against punishment whose conditions are met", names(&b.spared)),
        ("What would settle most, without a question to the person", inquiry.into_iter().collect()),
        ("One fact away", away(speech, &b)),
        ("Set aside", aside(speech, &b).into_iter().collect::<Vec<_>>()),
    ];
    Parts {
        who: format!("{}{}", person_in(speech, case, who), place(tested, tried, speech)),
        headline: headline(speech, &b),
        caveats: caveats(who).into_iter().map(|c| speech.say(c).to_owned()).collect(),
        parts: all
            .into_iter()
            .filter(|(_, list)| !list.is_empty())
            .map(|(heading, list)| (speech.say(heading).to_owned(), list))
            .collect(),
    }
}

/// How many duties stand on the first screen.
const DUTIES: usize = 5;

/// Returns the norms that are a fact away, each with what is missing.
fn away(speech: &Speech<'_>, b: &Brief) -> Vec<String> {
    let norm =
        |(n, missing): &(usize, Vec<Literal>)| speech.fill("{}: {}", &[speech.norm(*n), &set_in(speech, missing)]);
    b.near.iter().map(norm).collect()
}

fn place(tested: &Tested, tried: &Tried, speech: &Speech<'_>) -> String {
    let case = tested.case(tried);
    let today = || format!("; {}", speech.say("no date known: the law of today"));
    let date = case.date.map_or_else(today, |d| format!(", {d}"));
    if let Some(s) = state_of(&tested.library.law, None, Some(case)).ok().flatten() {
        return format!(", {}{date}", spoken(&s.label, speech.code()));
    }
    if !case.state.is_empty() {
        return date;
    }
    let of_all = tried.outcomes.iter().all(|o| universal(tested.norm(o)));
    let law = if of_all {
        "treaties of the United Nations and the ILO"
    } else {
        "treaties and law of all States that were in force"
    };
    format!("{date}{}", speech.fill("; no State named: {}", &[speech.say(law)]))
}

fn headline(speech: &Speech<'_>, b: &Brief) -> String {
    let of = counted_in(speech, b.counted, "norm", "norms");
    let (held, open) = (b.supported.len().to_string(), b.open.to_string());
    match (b.supported.len(), b.open) {
        (0, 0) => speech.fill("Reasonable grounds: the facts satisfy none of {}.", &[&of]),
        (0, _) => {
            speech.fill("Reasonable grounds: the facts satisfy none of {} yet, and do not settle {}.", &[&of, &open])
        }
        (_, 0) => speech.fill("Reasonable grounds: the facts satisfy {} of {}.", &[&held, &of]),
        _ => speech.fill("Reasonable grounds: the facts satisfy {} of {}, and do not settle {}.", &[&held, &of, &open]),
    }
}

/// Says that a list was long.
fn some(names: &str, n: usize) -> String {
    if n > 8 { format!("{names} ({n})") } else { names.to_owned() }
}

/// Says what was inferred, and from what.
fn inferred(speech: &Speech<'_>, list: &[Proposal]) -> Option<String> {
    let words: Vec<String> = list
        .iter()
        .map(|p| {
            let from: Vec<&str> = p.from.iter().map(|f| speech.label(*f)).collect();
            speech.fill("{} (from: {})", &[speech.label(p.fact), &from.join(", ")])
        })
        .collect();
    (!words.is_empty()).then(|| speech.fill("inferred, not proved: {}", &[&words.join("; ")]))
}

/// Returns a duty in one sentence.
#[must_use]
pub fn duty(speech: &Speech<'_>, d: &Duty) -> String {
    let language = speech.code();
    let memory = if d.verified == nomoscope_core::law::definition::Verified::Text {
        ""
    } else {
        "; not checked against the text"
    };
    let strength = match d.strength.as_str() {
        "may" => "; a possibility",
        "consider" => "; to be considered, no duty",
        _ => "",
    };
    let (strength, memory) = (speech.say(strength), speech.say(memory));
    let who = format!(
        "{}, {} ({}{strength}{memory})",
        spoken(&d.by, language),
        spoken(&d.when, language),
        speech.say(&d.cite)
    );
    speech.fill("{}: {}", &[spoken(&d.what, language), &who])
}

fn aside(speech: &Speech<'_>, b: &Brief) -> Option<String> {
    let mut parts = Vec::new();
    if b.own_acts > 0 {
        let norms = counted_in(speech, b.own_acts, "norm", "norms");
        parts.push(speech.fill("{} on the person's own acts", &[&norms]));
    }
    if b.not_in_force > 0 {
        parts.push(speech.fill("{} not in force then", &[&b.not_in_force.to_string()]));
    }
    (!parts.is_empty()).then(|| speech.fill("Set aside: {}.", &[&parts.join(", ")]))
}

/// A page of a fixed number of lines.
#[derive(Debug, Default)]
struct Lines {
    lines: Vec<String>,
}

impl Lines {
    /// Adds words in at most so many lines; what does not fit ends with an ellipsis.
    fn say(&mut self, indent: &str, words: &str, most: usize) {
        let room = most.min(LINES.saturating_sub(self.lines.len()));
        let mut wrapped = wrap(words, WIDTH - indent.len() - 2);
        if wrapped.len() > room {
            wrapped.truncate(room);
            if let Some(last) = wrapped.last_mut() {
                // The sign has to fit as well, behind the indent of a line that goes on.
                let most = WIDTH - indent.len() - 3;
                while last.chars().count() > most {
                    let shorter = last.rfind(' ').unwrap_or(0);
                    last.truncate(shorter);
                }
                last.push('…');
            }
        }
        for (i, line) in wrapped.into_iter().enumerate() {
            let hang = if i > 0 { "  " } else { "" };
            self.lines.push(format!("{indent}{hang}{line}"));
        }
    }

    fn text(self) -> String {
        let mut out = self.lines.join("\n");
        out.push('\n');
        out
    }
}
