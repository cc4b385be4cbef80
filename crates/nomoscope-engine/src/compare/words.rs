//! Sentences of this answer.

use crate::compare::answer::{Comparison, NormAvoidance, Opposition};
use crate::compare::tables::{grouped_by, in_words, sorted, sorted_statements, verdict};
use crate::words::{capital, counted, p_value, ratio};
use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::usage::contrast::{Contrast, Holding, Verdict};
use nomoscope_core::usage::trend::Coded;
use std::fmt::Write;

/// Returns the label of a concept for people.
pub fn label(coded: Coded<'_>, concept: ConceptIx) -> String {
    coded.corpus.codebook.get(concept).label_in("en").to_owned()
}

/// Returns who couples what others do not, in a sentence.
#[must_use]
pub fn lead(c: &Comparison) -> String {
    let pairs = || c.oppositions.iter().flat_map(|o| &o.pairs);
    let tested = pairs().filter(|p| p.tested).count();
    let certain = pairs().filter(|p| p.verdict().is_certain()).count();
    let only = pairs().filter(|p| matches!(p.verdict(), Verdict::FirstOnly | Verdict::SecondOnly)).count();
    let mut out = format!(
        "{} in {} by {}: {}",
        counted(c.groups.iter().map(|g| g.sources.len()).sum(), "source", "sources"),
        counted(c.groups.len(), "group", "groups"),
        c.choice.by,
        difference(tested, certain, only)
    );
    for said in [stated(c), unnamed(c)].into_iter().flatten() {
        let _ = write!(out, " {said}");
    }
    out
}

/// How many differences of a kind a sentence names.
const NAMED: usize = 3;

/// Returns which statements are certainly held by more on one side than on the other; nothing where none is.
fn stated(c: &Comparison) -> Option<String> {
    let certain: Vec<_> = sorted_statements(c).into_iter().filter(|(.., held)| held.is_certain()).collect();
    let one = |(_, sides, held): &(usize, &Opposition, &Holding)| {
        let side = |i: usize| format!("{} of {} in {}", held.holders[i].len(), held.speakers[i], c.side(sides, i));
        format!("“{}” ({}, {})", in_words(c.codebook(), &held.statement), side(0), side(1))
    };
    let what = counted(certain.len(), "difference in who states what is", "differences in who states what are");
    named(&what, certain.iter().map(one).collect())
}

/// Returns which norms are certainly left without their name more on one side than on the other; nothing where none is.
fn unnamed(c: &Comparison) -> Option<String> {
    let of = |norm: &NormAvoidance| {
        let label = c.codebook().get(norm.label).label_in("en").to_owned();
        let certain = norm.contrasts.iter().filter(|t| t.is_certain()).filter_map(|t| c.oppositions.get(t.opposition));
        certain.map(|sides| format!("“{label}” ({} and {})", c.side(sides, 0), c.side(sides, 1))).collect::<Vec<_>>()
    };
    let certain: Vec<String> = c.avoidance.iter().flat_map(of).collect();
    let what =
        counted(certain.len(), "difference in who goes round a name is", "differences in who goes round a name are");
    named(&what, certain)
}

fn named(what: &str, certain: Vec<String>) -> Option<String> {
    let more = certain.len().saturating_sub(NAMED);
    let shown = certain.into_iter().take(NAMED).collect::<Vec<_>>().join("; ");
    let more = if more > 0 { format!("; and {} more", crate::words::thousands(more as u64)) } else { String::new() };
    (!shown.is_empty()).then(|| format!("{} certain: {shown}{more}.", capital(what)))
}

/// Returns how many pairs of concepts two sides couple differently.
fn difference(tested: usize, certain: usize, only: usize) -> String {
    let pairs = counted(tested, "pair of concepts was", "pairs of concepts were");
    match (tested, certain, only) {
        (0, ..) => "no pair of concepts could be tested.".to_owned(),
        (_, 0, _) => format!("no difference in what they couple is certain; {pairs} tested."),
        (_, 1, 0) => format!("one difference in how strongly they couple is certain; {pairs} tested."),
        (_, 1, _) => format!("one side couples one pair that the other does not, for certain; {pairs} tested."),
        (_, n, 0) => format!("{n} differences in how strongly they couple are certain; {pairs} tested."),
        (_, n, only) => format!(
            "{n} differences are certain, in {only} of them one side couples what the other does not; {pairs} tested."
        ),
    }
}

/// Returns what a grouping shows, in a sentence or two.
#[must_use]
pub fn in_short(c: &Comparison) -> String {
    let rows = sorted(c);
    let tested = rows.iter().filter(|r| r.2.tested).count();
    let certain: Vec<_> = rows.iter().filter(|r| r.2.verdict().is_certain()).collect();
    let mut out = if tested == 0 {
        format!("No difference in coupling could be tested between the {} groups.", c.groups.len())
    } else if certain.is_empty() {
        format!(
            "No difference in what the groups couple is certain: {} tested, and the groups may differ without these sources showing it.",
            counted(tested, "pair of concepts was", "pairs of concepts were")
        )
    } else {
        let (_, sides, x) = certain[0];
        let label = |ix: ConceptIx| c.codebook().get(ix).label_in("en");
        let size = x.ratio.map_or_else(String::new, |r| format!(", ratio of odds ratios {}", ratio(r)));
        format!(
            "{} certain, {} tested. The most certain: “{}” and “{}” ({}{size}, q {}).",
            if certain.len() == 1 {
                "One difference is".to_owned()
            } else {
                format!("{} differences are", certain.len())
            },
            counted(tested, "pair of concepts was", "pairs of concepts were"),
            label(x.sides[0].a),
            label(x.sides[0].b),
            verdict(c, sides, x),
            x.q.map_or_else(|| "–".to_owned(), p_value)
        )
    };
    for said in [stated(c), unnamed(c)].into_iter().flatten() {
        let _ = write!(out, " {said}");
    }
    for p in &c.portfolios {
        if let (Ok(test), Some(within), Some(between)) = (&p.contrast.test, p.contrast.within, p.contrast.between) {
            let _ = write!(out, " {}", alike(&grouped_by(p), [within, between], test.p));
        }
    }
    out
}

/// Returns whether actors of one group state more of the same than those of different groups.
///
/// A mean Jaccard distance of 0.97 is 3 % shared of what either states.
fn alike(by: &str, [within, between]: [f64; 2], p: f64) -> String {
    let shared = format!(
        "on average {:.0} % of what either of two states is stated by both, against {:.0} %, at equal length of text (p {})",
        100.0 * (1.0 - within),
        100.0 * (1.0 - between),
        p_value(p)
    );
    if p <= 0.05 && within < between {
        format!("Actors alike by {by} state more of the same than others: {shared}.")
    } else if p <= 0.05 {
        format!(
            "Actors alike by {by} state other things than those of other groups, and no more of the same among themselves: {shared}."
        )
    } else {
        format!("That actors alike by {by} state more of the same than others is not certain: {shared}.")
    }
}

/// Returns the finding that a figure of contrasts is named after; none where nothing is certain.
pub fn title(c: &Comparison, n_tested: usize) -> Option<String> {
    let verdicts = || c.oppositions.iter().flat_map(|o| &o.pairs).map(Contrast::verdict);
    let certain = verdicts().filter(|v| v.is_certain()).count();
    let only = verdicts().filter(|v| matches!(v, Verdict::FirstOnly | Verdict::SecondOnly)).count();
    (certain > 0).then(|| {
        let said = difference(n_tested, certain, only);
        format!("By {}: {}", c.choice.by, said.trim_end_matches('.'))
    })
}

/// Returns which side has the greater odds ratio, and how far the logarithm of the ratio surely lies from 0.
pub fn least(x: &Contrast) -> Option<(bool, f64)> {
    let i = x.interval?;
    match (i.lower, i.upper) {
        (Some(low), _) if low > 1.0 => Some((true, low.ln())),
        (_, Some(high)) if high > 0.0 && high < 1.0 => Some((false, -high.ln())),
        _ => None,
    }
}
