//! Findings as tables, and element by evidence.

use super::answer::{Tested, Tried};
use super::words::{graded, origin};
use crate::law::applicable::{in_force, may_be_asked};
use crate::law::words::{caveats, element, line, person};
use crate::words::capital;
use nomoscope_core::law::case::{AgeRange, Grade, Person};
use nomoscope_core::law::definition::Norm;
use nomoscope_core::law::finding::Finding;
use nomoscope_core::law::matrix::{self, Row, Standing};
use nomoscope_core::law::speech::Speech;
use nomoscope_core::law::vocabulary::FactIx;
use nomoscope_core::table::{Cell, Table};

/// Returns what a person's facts do to each norm, on the two lines of evidence.
#[must_use]
pub fn findings(tested: &Tested, tried: &Tried) -> Table {
    let (case, who) = (tested.case(tried), tested.person(tried));
    let id = format!("case-{}", case.id.replace('_', "-"));
    let id = if tried.person == 0 { id } else { format!("{id}-{}", tried.person) };
    let title = format!("{} ({})", case.title, person(case, who));
    let mut table = Table::new(id, title, &["norm", "protection", "prosecution", "penalty"]);
    for outcome in &tried.outcomes {
        let norm = tested.norm(outcome);
        let aimed = if norm.against_person { ", aimed at the person: never a fallback" } else { "" };
        table.push(vec![
            Cell::text(format!("{}{aimed}", norm.short)),
            Cell::text(line(&tested.library.law, norm, &outcome.protection)),
            Cell::text(line(&tested.library.law, norm, &outcome.prosecution)),
            norm.penalty.as_ref().map_or(Cell::Missing("not given"), |p| Cell::text(p.words())),
        ]);
    }
    if !case.kind.is_empty() {
        table.notes.push(format!("{} case. {}", capital(&case.kind), case.why));
    }
    table.notes.extend(caveats(who).iter().map(|c| format!("{}.", capital(c))));
    table
}

/// What the evidence matrix shows of an element.
pub const COLUMNS: [&str; 5] = ["element", "evidence", "grade", "source", "gap"];

/// Gaps that are named.
const GAPS: usize = 5;

/// Returns element by evidence, grade and gap, a table a norm: of the norms that count and that the facts entered bear on.
#[must_use]
pub fn matrix(tested: &Tested, tried: &Tried, language: &str) -> Vec<Table> {
    let law = &tested.library.law;
    let speech = &Speech::new(law, language);
    let logic = tested.library.logic();
    let (case, who) = (tested.case(tried), tested.person(tried));
    let counts = |norm: &Norm| in_force(norm, case.date) && may_be_asked(norm);
    let mut out = Vec::new();
    for o in tried.outcomes.iter().filter(|o| counts(&law.norms[o.norm])) {
        let norm = &law.norms[o.norm];
        let Ok(rows) = matrix::matrix(&logic, who, o.norm, tested.reading) else { continue };
        let bears = rows.iter().filter(|r| !r.evidence.is_empty()).count();
        if o.protection.finding != Finding::Established && bears < 2 {
            continue;
        }
        let id = format!("matrix-{}", norm.id.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
        let columns = COLUMNS.map(|c| speech.say(c));
        let title = speech.fill("{}: element by evidence", &[speech.norm(o.norm)]);
        let mut table = Table::new(id, title, &columns);
        for row in &rows {
            table.push(cells(speech, norm, tested.person(tried), row));
        }
        out.push(table);
    }
    out
}

fn cells(speech: &Speech<'_>, norm: &Norm, who: &Person, row: &Row) -> Vec<Cell> {
    let label = |f: &FactIx| speech.label(*f);
    let own = |f: &&FactIx| speech.law().vocabulary.get(**f).own_act;
    let entered = row.evidence.iter().filter(|f| !own(f)).filter_map(|f| Some((*f, who.facts.get(f)?)));
    let (mut said, mut sources) = (Vec::new(), Vec::new());
    for (f, entry) in entered {
        said.push(graded(speech, f, entry));
        let origin = origin(speech, entry);
        let origin = if origin.is_empty() { speech.say("not recorded") } else { origin.as_str() };
        sources.push(speech.fill("{}: {}", &[label(&f), origin]));
    }
    for p in &row.proposed {
        said.push(speech.fill("{}: proposed from {}", &[label(&p.fact), &without_own_acts(speech, &p.from)]));
    }
    if row.evidence.iter().any(|f| own(&f)) {
        said.push(speech.say(OWN_ACTS).to_owned());
    }
    let e = norm.elements.get(row.element);
    if e.is_some_and(|e| e.role == "age") {
        said.push(speech.age(who.age.unwrap_or(AgeRange::ANY)));
    }
    let shown: Vec<&str> = row.gap.iter().take(GAPS).map(label).collect();
    let more = row.gap.len().saturating_sub(GAPS);
    let gap = match (shown.is_empty(), more) {
        (true, _) => String::new(),
        (false, 0) => speech.fill("not known: {}", &[&shown.join(", ")]),
        (false, more) => speech.fill("not known: {} and {} more", &[&shown.join(", "), &more.to_string()]),
    };
    let cite = e.map(|e| format!(" ({})", e.cite)).unwrap_or_default();
    vec![
        Cell::text(format!("{}{cite}", speech.say(&element(norm, row.element)))),
        Cell::text(said.join("; ")),
        // Nobody proved what nobody graded, whatever the engine takes it for.
        Cell::text(speech.say(if row.ungraded { UNGRADED } else { standing(row.standing) })),
        Cell::text(sources.join("; ")),
        Cell::text(gap),
    ]
}

/// Said where something is not handed on.
pub(super) const OWN_ACTS: &str = "what the person may have done themself is left out";

/// Returns what something was proposed from, without what the person is said to have done: it could be held against them.
pub(super) fn without_own_acts(speech: &Speech<'_>, from: &[FactIx]) -> String {
    let (own, other): (Vec<FactIx>, Vec<FactIx>) = from.iter().partition(|f| speech.law().vocabulary.get(**f).own_act);
    let mut words: Vec<&str> = other.iter().map(|f| speech.label(*f)).collect();
    if !own.is_empty() {
        words.push(speech.say("what was told"));
    }
    words.join(", ")
}

/// How an element stands that holds by facts to which nobody gave a grade.
const UNGRADED: &str = "entered, without a grade";

/// Returns how well an element stands, in a word.
#[must_use]
pub const fn standing(s: Standing) -> &'static str {
    match s {
        Standing::Holds(Grade::Proved) => "proved",
        Standing::Holds(Grade::Supported) => "supported",
        Standing::Holds(Grade::Alleged) => "said",
        Standing::Holds(Grade::Disputed) => "disputed",
        Standing::Proposed => "proposed, to be looked at",
        Standing::Open => "open",
        Standing::Excluded => "not met on the facts entered",
    }
}
