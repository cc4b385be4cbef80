//! Findings as tables, and element by evidence.

use super::answer::{Tested, Tried};
use super::words::evidence;
use crate::law::applicable::{in_force, may_be_asked};
use crate::law::words::{caveats, element, line, person};
use crate::words::capital;
use nomoscope_core::law::Law;
use nomoscope_core::law::case::Grade;
use nomoscope_core::law::definition::Norm;
use nomoscope_core::law::finding::Finding;
use nomoscope_core::law::matrix::{self, Row, Standing};
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

/// Gaps that are named.
const GAPS: usize = 5;

/// Returns element by evidence, grade and gap, a table a norm: of the norms that count and that the facts entered bear on.
#[must_use]
pub fn matrix(tested: &Tested, tried: &Tried) -> Vec<Table> {
    let law = &tested.library.law;
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
        let columns = ["element", "evidence", "grade", "gap"];
        let mut table = Table::new(id, format!("{}: element by evidence", norm.short), &columns);
        for row in &rows {
            table.push(cells(law, norm, tested, tried, row));
        }
        out.push(table);
    }
    out
}

fn cells(law: &Law, norm: &Norm, tested: &Tested, tried: &Tried, row: &Row) -> Vec<Cell> {
    let who = tested.person(tried);
    let label = |f: &nomoscope_core::law::vocabulary::FactIx| law.vocabulary.get(*f).label.clone();
    let mut said: Vec<String> =
        row.evidence.iter().filter_map(|f| Some(evidence(law, *f, who.facts.get(f)?))).collect();
    for p in &row.proposed {
        let from: Vec<String> = p.from.iter().map(label).collect();
        said.push(format!("{}: proposed from {}", label(&p.fact), from.join(", ")));
    }
    let e = norm.elements.get(row.element);
    if e.is_some_and(|e| e.role == "age") {
        said.push(who.age.map_or_else(|| "age not known".to_owned(), |a| a.words()));
    }
    let shown: Vec<String> = row.gap.iter().take(GAPS).map(label).collect();
    let more = row.gap.len().saturating_sub(GAPS);
    let gap = match (shown.is_empty(), more) {
        (true, _) => String::new(),
        (false, 0) => format!("not known: {}", shown.join(", ")),
        (false, more) => format!("not known: {} and {more} more", shown.join(", ")),
    };
    let cite = e.map(|e| format!(" ({})", e.cite)).unwrap_or_default();
    let ungraded = matches!(row.standing, Standing::Holds(Grade::Proved))
        && row.evidence.iter().any(|f| who.facts.get(f).is_some_and(|entry| entry.grade.is_none()));
    vec![
        Cell::text(format!("{}{cite}", element(norm, row.element))),
        Cell::text(said.join("; ")),
        // Nobody proved what nobody graded, whatever the engine takes it for.
        Cell::text(if ungraded { UNGRADED } else { standing(row.standing) }),
        Cell::text(gap),
    ]
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
