//! The findings of an analysis as sentences: for the summary on the terminal and the first screen of the page.

use crate::map::answer::Analysis;
use crate::words::{blank, capital, counted, p_value, ratio, thousands, unread};
use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::norm::kind::{self, Kind, Model};
use nomoscope_core::norm::statement::{Statement, StatementCount};
use nomoscope_core::usage::coupling::Coupling;

/// How many statements are given with passages.
pub const STATEMENTS: usize = 40;

/// Returns the focal statements in the one order that headline, findings, figures and tables share.
///
/// First those that may lead: complete, and made by three sources in sentences of their own; then the other complete ones; then the
/// incomplete. Within each by the weight of sentences that lack no part, then by weight, sources and parts.
#[must_use]
pub fn ranked(a: &Analysis) -> Vec<(&Statement, &StatementCount)> {
    let mut all: Vec<_> = a.statements.counts.iter().collect();
    let class = |(s, n): &(&Statement, &StatementCount)| match (s.is_complete(), n.may_lead()) {
        (true, true) => 0,
        (true, false) => 1,
        (false, _) => 2,
    };
    all.sort_by(|x, y| {
        class(x)
            .cmp(&class(y))
            .then(y.1.own_weight().total_cmp(&x.1.own_weight()))
            .then(y.1.weight.total_cmp(&x.1.weight))
            .then(y.1.sources.len().cmp(&x.1.sources.len()))
            .then(x.0.cmp(y.0))
    });
    all
}

/// Returns the heaviest complete statement that may lead, if there is one.
#[must_use]
pub fn leading(a: &Analysis) -> Option<(&Statement, &StatementCount)> {
    ranked(a).into_iter().next().filter(|(s, n)| s.is_complete() && n.may_lead())
}

/// Returns how many statements lack a part, and what they weigh; none where all are complete.
#[must_use]
pub fn incomplete(a: &Analysis) -> Option<String> {
    let (n, weight) = a
        .statements
        .counts
        .iter()
        .filter(|(s, _)| !s.is_complete())
        .fold((0, 0.0), |(n, w), (_, count)| (n + 1, w + count.weight));
    let total = a.total_weight();
    (n > 0 && total > 0.0).then(|| {
        format!(
            "{} {} a part, with {:.0} % of the weight; {} kept apart.",
            counted(n, "statement", "statements"),
            if n == 1 { "lacks" } else { "lack" },
            100.0 * weight / total,
            if n == 1 { "it is" } else { "they are" }
        )
    })
}

/// Returns the formula with the parts filled in; a missing part is a dash.
#[must_use]
pub fn formula(a: &Analysis, s: &Statement) -> String {
    let part = |c: Option<ConceptIx>, missing: &str| c.map_or_else(|| missing.to_owned(), |c| a.label(c).to_owned());
    format!(
        "If [{}], [{}] suggests [{}]",
        part(s.problem, "no problem named"),
        part(s.value, "no value named"),
        part(s.behaviour, "no behaviour named")
    )
}

/// Returns the name of the focus, or of everything.
#[must_use]
pub fn subject(a: &Analysis) -> String {
    a.focus.as_ref().map_or_else(|| "all norms of the study".to_owned(), |f| a.label(f.used).to_owned())
}

/// Returns one sentence that answers "what is this norm made of, and how sure are we".
#[must_use]
pub fn answer(a: &Analysis) -> String {
    let subject = capital(&subject(a));
    match &a.kind {
        Ok(Kind { thin: Some(reason), .. }) => {
            format!("{subject}: its type cannot be told, because {reason}.")
        }
        Ok(kind) => {
            let [p, v, b] = kind.effective.map(|e| e.leading);
            format!(
                "{subject} is {}: stray mentions left out, in effect {p:.1} problems, {v:.1} values and {b:.1} behaviours in {} of {} (order 2: several from {} on, which means that the leading one holds under about 80 %). {}",
                kind.model.meaning(),
                counted(a.focal_source_count(), "source", "sources"),
                thousands(a.corpus.sources.len() as u64),
                kind::THRESHOLD,
                certainty(a, kind.model)
            )
        }
        Err(reason) => format!("{subject}: its type cannot be told ({reason})."),
    }
}

/// Returns how sure the type is.
#[must_use]
pub fn certainty(a: &Analysis, model: Model) -> String {
    match (&a.support.shares, &a.support.reason) {
        (Some(shares), _) => {
            let share = shares.get(&model).copied().unwrap_or(0.0);
            format!(
                "{:.0} % of {} bootstrap draws over sources, with wrong codings added, agree.{}",
                share * 100.0,
                a.support.draws,
                references(a, model)
            )
        }
        (None, Some(reason)) => format!("No support is given: {reason}."),
        (None, None) => String::new(),
    }
}

/// Returns how often clusters of another type and the same size are called this.
fn references(a: &Analysis, model: Model) -> String {
    let called: Vec<String> = a
        .support
        .references
        .iter()
        .map(|r| format!("{} in {:.0} %", of_type(r.truth), 100.0 * r.called(model)))
        .collect();
    match a.support.references.first() {
        Some(first) => format!(
            " Of {} made-up clusters of each kind, of this size and with such errors, it is said of {}.",
            first.n,
            called.join(", ")
        ),
        None => String::new(),
    }
}

const fn of_type(model: Model) -> &'static str {
    match model {
        Model::SingleNorm => "a single norm",
        Model::SingleValue => "a single value",
        Model::SingleBehaviour => "a single behaviour",
        Model::SideBySide => "norms side by side",
        Model::MultipleValue => "multiple values",
        Model::Undetermined => "none of these",
    }
}

/// Returns what the report cannot say.
#[must_use]
pub fn cautions(a: &Analysis) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(f) = a.focus.as_ref().filter(|f| f.used != f.asked) {
        out.push(format!(
            "“{}” occurs in {} only; the focus went one step up, to “{}”.",
            a.label(f.asked),
            counted(f.sources_of_asked, "source", "sources"),
            a.label(f.used)
        ));
    }
    if let Some(f) = a.focus.as_ref().filter(|f| f.sources == 0) {
        out.push(format!("“{}” occurs in no source of this study.", a.label(f.used)));
    }
    if let Some(f) =
        a.focus.as_ref().filter(|f| f.sources > 0 && f.sources < nomoscope_core::norm::cluster::MIN_FOCUS_SOURCES)
    {
        out.push(format!(
            "The focus occurs in {}: what is said of its cluster rests on few texts.",
            counted(f.sources, "source", "sources")
        ));
    }
    let thin = a.kind.as_ref().ok().and_then(|k| k.thin.as_ref());
    if let Some(reason) = a.support.reason.as_ref().filter(|reason| Some(*reason) != thin) {
        out.push(format!("No bootstrap support: {reason}."));
    }
    if a.kind.as_ref().is_ok_and(|k| k.thin.is_none()) {
        out.push("One wrong coding that comes again and again, in a third of all units, looks like a value, and no rule can tell it from one: read the passages of the values that the type rests on.".to_owned());
    }
    let tested = a.textual.iter().filter(|c| c.p.is_some()).count();
    if tested == 0 {
        out.push("No pair of concepts meets often enough, in enough sources, for a textual test.".to_owned());
    }
    if tested > 0 {
        out.extend(a.calibration.clone());
    }
    out.extend(a.audit.iter().flat_map(crate::audit::words::for_map));
    let wide = a.textual.iter().filter(|c| c.backbone && wide(c)).count();
    if wide > 0 {
        let links = counted(wide, "link of the backbone spans", "links of the backbone span");
        let intervals = if wide == 1 { "interval" } else { "intervals" };
        out.push(format!("The {intervals} of {links} more than a factor of ten."));
    }
    out.extend(unread(&a.corpus).into_iter().chain(blank(&a.corpus)).map(|said| format!("{said}.")));
    let models: std::collections::BTreeSet<Model> = a.readings.values().flatten().map(|k| k.model).collect();
    if models.len() > 1 {
        let names: Vec<String> = models.iter().map(|m| m.name().replace('-', " ")).collect();
        out.push(format!(
            "The type depends on whether norm labels are read as problems or as values: {}.",
            names.join(" or ")
        ));
    }
    let complete = a.complete_sources;
    if complete > 0 && complete < nomoscope_core::norm::kind::MIN_SOURCES {
        let rests = if a.kind.as_ref().is_ok_and(|k| k.thin.is_none()) { "; the type rests on these" } else { "" };
        out.push(format!(
            "Only {} complete statements on {}{rests}.",
            counted(complete, "source makes", "sources make"),
            subject(a)
        ));
    }
    out
}

fn wide(c: &Coupling) -> bool {
    c.interval.is_some_and(|i| matches!((i.lower, i.upper), (Some(l), Some(u)) if u > 10.0 * l))
}

/// A finding: a sentence, and the anchor of its evidence on the page.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The sentence.
    pub text: String,
    /// Where its passages stand.
    pub passages: Vec<(u32, u32)>,
    /// What they show.
    pub concepts: Vec<ConceptIx>,
    /// Anchor on the page.
    pub anchor: String,
}

/// Returns three findings worth reading: the heaviest complete statement, the strongest coupling, what is missing.
#[must_use]
pub fn findings(a: &Analysis) -> Vec<Finding> {
    let mut out = Vec::new();
    let apart = incomplete(a).map(|said| format!(" {said}")).unwrap_or_default();
    out.push(match leading(a) {
        Some((s, n)) => Finding {
            text: format!(
                "The heaviest complete statement is “{}”: {} in sentences of their own.{apart}",
                formula(a, s),
                counted(n.own_sources.len(), "source makes it", "sources make it"),
            ),
            passages: n
                .passages
                .iter()
                .filter(|(supplied, _)| !supplied)
                .take(1)
                .map(|(_, p)| (p.source, p.unit))
                .collect(),
            concepts: s.parts().into_iter().flatten().collect(),
            anchor: "s-1".to_owned(),
        },
        None => Finding {
            text: format!("No complete statement stands in sentences of three sources, so none leads.{apart}"),
            passages: Vec::new(),
            concepts: Vec::new(),
            anchor: "completeness".to_owned(),
        },
    });
    out.extend(strongest(a).or_else(|| most_joint(a)));
    out.push(missing_value(a));
    out
}

fn strongest(a: &Analysis) -> Option<Finding> {
    let focus = a.focus.as_ref()?;
    let mut of_focus: Vec<&Coupling> = a
        .textual
        .iter()
        .filter(|c| c.backbone && (focus.concepts.contains(&c.a) || focus.concepts.contains(&c.b)))
        .collect();
    of_focus.sort_by(|x, y| {
        y.lower_ln().unwrap_or(0.0).total_cmp(&x.lower_ln().unwrap_or(0.0)).then((x.a, x.b).cmp(&(y.a, y.b)))
    });
    let c = of_focus.first()?;
    let interval = c.interval?;
    Some(Finding {
        text: format!(
            "Within texts, “{}” is coupled most certainly with “{}”: odds ratio {} [{}; {}], q {}, beyond what the length of units explains.",
            a.label(c.a),
            a.label(c.b),
            ratio(c.odds_ratio?),
            interval.lower.map_or("–".to_owned(), ratio),
            interval.upper.map_or("–".to_owned(), ratio),
            p_value(c.q?)
        ),
        passages: joint_passages(a, c, 1),
        concepts: vec![c.a, c.b],
        anchor: format!("c-{}-{}", a.id(c.a), a.id(c.b)),
    })
}

fn most_joint(a: &Analysis) -> Option<Finding> {
    let focus = a.focus.as_ref()?;
    let c = a
        .textual
        .iter()
        .filter(|c| focus.concepts.contains(&c.a) || focus.concepts.contains(&c.b))
        .max_by_key(|c| (c.n11, std::cmp::Reverse((c.a, c.b))))?;
    Some(Finding {
        text: format!(
            "“{}” and “{}” stand together most often, in {}; no pair with the focus is coupled beyond chance.",
            a.label(c.a),
            a.label(c.b),
            counted(c.n11 as usize, "unit", "units")
        ),
        passages: joint_passages(a, c, 1),
        concepts: vec![c.a, c.b],
        anchor: format!("c-{}-{}", a.id(c.a), a.id(c.b)),
    })
}

/// Says how many of the sentences that ask for a behaviour lack a value; a share only of those that are many.
fn without_value(subject: &str, without: u64, all: u64) -> String {
    const MANY: u64 = 20;
    let lack = "no value, and none stands around";
    match (all, without) {
        (0, _) => format!("No sentence on {subject} asks for a behaviour."),
        (1, 0) => format!("The one sentence on {subject} that asks for a behaviour has a value in it or around it."),
        (1, _) => format!("The one sentence on {subject} that asks for a behaviour names {lack} it."),
        (all, 0) => format!(
            "All {} sentences on {subject} that ask for a behaviour have a value in them or around them.",
            thousands(all)
        ),
        (all, n) if all < MANY => {
            format!("Of the {all} sentences on {subject} that ask for a behaviour {n} name {lack} them.")
        }
        (all, n) => format!(
            "{:.0} % of the {} sentences on {subject} that ask for a behaviour name {lack} them.",
            100.0 * n as f64 / all as f64,
            thousands(all)
        ),
    }
}

fn missing_value(a: &Analysis) -> Finding {
    let c = &a.completeness[1];
    let example =
        ranked(a).into_iter().find(|(s, _)| s.value.is_none() && s.behaviour.is_some() && s.problem.is_some());
    let passages = example.and_then(|(_, n)| n.passages.first().map(|(_, p)| (p.source, p.unit)));
    Finding {
        text: without_value(&subject(a), c.behaviour_without_value, c.with_behaviour),
        passages: passages.into_iter().collect(),
        concepts: example.into_iter().flat_map(|(s, _)| s.parts()).flatten().collect(),
        anchor: "completeness".to_owned(),
    }
}

/// Returns up to `n` windows in which both concepts of a coupling occur, as (source, unit), sources in turn.
#[must_use]
pub fn joint_passages(a: &Analysis, c: &Coupling, n: usize) -> Vec<(u32, u32)> {
    let mut out = Vec::new();
    for (s, coded) in a.corpus.coded.iter().enumerate() {
        if out.len() >= n {
            break;
        }
        let has = |x: ConceptIx| coded.codings.iter().any(|k| k.concept == x);
        if !has(c.a) || !has(c.b) {
            continue;
        }
        let joint = coded.windows(a.options.window).find(|&w| {
            let codings = coded.codings_in(coded.span(w));
            codings
                .iter()
                .filter(|x| x.concept == c.a)
                .any(|x| codings.iter().any(|y| y.concept == c.b && !x.span.overlaps(y.span)))
        });
        out.extend(joint.map(|w| (s as u32, w)));
    }
    out
}
