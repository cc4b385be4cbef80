//! Sentences of this answer.

use crate::compare::answer::Comparison;
use crate::compare::tables::{grouped_by, sorted, verdict};
use crate::words::{counted, p_value, ratio};
use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::usage::contrast::{Contrast, Verdict};
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
    format!(
        "{} in {} by {}: {}",
        counted(c.groups.iter().map(|g| g.sources.len()).sum(), "source", "sources"),
        counted(c.groups.len(), "group", "groups"),
        c.choice.by,
        difference(tested, certain, only)
    )
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
