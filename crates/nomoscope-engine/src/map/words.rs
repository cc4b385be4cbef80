//! The findings of an analysis as sentences: for the summary on the terminal and the first screen of the page.

use crate::capitals::{said, told_by_capitals};
use crate::map::answer::Analysis;
use crate::passages::{Behind, ReadFrom};
use crate::words::{blank, capital, counted, p_value, ratio, thousands, unread};
use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::norm::kind::{self, Kind, Model};
use nomoscope_core::norm::statement::{Reading, Statement, StatementCount};
use nomoscope_core::usage::coupling::Coupling;
use nomoscope_core::weight;

/// How many statements are given with passages.
pub const STATEMENTS: usize = 40;
/// Why nothing leads where every part is a stray mention.
pub const NOTHING_LEFT: &str = "nothing is left without stray mentions";

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
            .then(weight::compare(y.1.own_weight(), x.1.own_weight()))
            .then(weight::compare(y.1.weight, x.1.weight))
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

/// Returns how the other concepts stand to the focus, as figure and report tell it; none where that was not computed.
#[must_use]
pub fn standing(a: &Analysis) -> Option<String> {
    let focus = a.focus.as_ref().filter(|_| a.membership.runs > 0)?;
    let others = || a.membership.members.iter().filter(|m| !focus.concepts.contains(&m.concept));
    let of = |standing: &str| others().filter(|m| m.standing() == standing).count();
    let core = match of("core") {
        0 => "No other concept is".to_owned(),
        1 => "One other concept is".to_owned(),
        n => format!("{} other concepts are", thousands(n as u64)),
    };
    let boundary = match of("boundary") {
        0 => "none is".to_owned(),
        1 => "one is".to_owned(),
        n => format!("{} are", thousands(n as u64)),
    };
    Some(format!("{core} at the core of the cluster around {}, {boundary} on its boundary", subject(a)))
}

/// Puts the pairs first whose odds ratio is at least the greatest.
pub(super) fn most_certain_first(pairs: &mut [&Coupling]) {
    let least = |c: &Coupling| c.lower_ln().unwrap_or(0.0);
    pairs.sort_by(|x, y| least(y).total_cmp(&least(x)).then((x.a, x.b).cmp(&(y.a, y.b))));
}

/// Returns how many pairs of concepts are coupled beyond chance, the strongest by their names; none where none is.
#[must_use]
pub fn coupled(a: &Analysis) -> Option<String> {
    let mut pairs: Vec<&Coupling> = a.textual.iter().filter(|c| c.backbone).collect();
    most_certain_first(&mut pairs);
    let first = pairs.first()?;
    let names = format!("{} with {}", a.label(first.a), a.label(first.b));
    Some(match pairs.len() {
        1 => format!("One pair of concepts is coupled beyond chance: {names}"),
        n => format!("{} pairs of concepts are coupled beyond chance, most certainly {names}", thousands(n as u64)),
    })
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
            let amount = |at: usize, what: &str| match kind.effective[at].leading {
                Some(n) => format!("{n:.1} {what}"),
                None => format!("no {what} left"),
            };
            let [p, v, b] = [amount(0, "problems"), amount(1, "values"), amount(2, "behaviours")];
            format!(
                "{subject} is {}: stray mentions left out, in effect {p}, {v} and {b} in {} of {} (order 2: several from {} on, which means that the leading one holds under about 80 %). {}",
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
        Model::Undetermined => "no clear type",
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
            "“{}” occurs in {}: what is said of its cluster rests on few texts.",
            a.label(f.used),
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
    out.extend(by_reading(a));
    let (capitals, all) = told_by_capitals(a);
    if capitals > 0 {
        out.push(format!(
            "In {} of {} on {} all that was found stands in capitals, as in the title of an instrument (“to Prevent, Suppress and Punish”); they are counted like all others.",
            thousands(capitals),
            counted(all as usize, "sentence", "sentences"),
            subject(a)
        ));
    }
    out.extend(few_complete(a));
    out
}

/// Says where another reading of norm labels would give another type.
fn by_reading(a: &Analysis) -> Option<String> {
    let of = |reading: Reading| {
        let kind = a.readings.get(&reading).and_then(|kind| kind.as_ref().ok());
        kind.filter(|kind| kind.thin.is_none()).map(|kind| kind.model)
    };
    let types = Reading::ALL.map(of);
    if types.iter().all(|model| *model == types[0]) {
        return None;
    }
    let name = |model: Option<Model>| model.map_or("a type that cannot be told", of_type);
    let [rule, problems, values] = types.map(name);
    Some(format!(
        "The type depends on how norm labels are read: by the rule, {rule}; all as problems, {problems}; all as values, {values}."
    ))
}

/// Says that a type would rest on few.
fn few_complete(a: &Analysis) -> Option<String> {
    let few = |n: usize| n > 0 && n < kind::MIN_SOURCES;
    let kind = a.kind.as_ref().ok()?;
    if !few(kind.complete_sources) {
        return None;
    }
    let subject = subject(a);
    if a.options.actor.is_some() {
        let actors = counted(kind.complete_sources, "actor makes", "actors make");
        return Some(format!("Only {actors} complete statements on {subject}."));
    }
    let (n, all) = (a.complete_sources, a.corpus.sources.len());
    Some(if n == all {
        let sources = counted(n, "source", "sources");
        format!("The complete statements on {subject} are those of {sources}; the study has no other.")
    } else {
        format!("Only {} complete statements on {subject}.", counted(n, "source makes", "sources make"))
    })
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
            text: format!("{}.{apart}", heaviest(a, s, n)),
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
            text: format!("No complete statement stands in sentences of three {}, so none leads.{apart}", makers(a)),
            passages: Vec::new(),
            concepts: Vec::new(),
            anchor: "completeness".to_owned(),
        },
    });
    out.extend(strongest(a).or_else(|| most_joint(a)));
    out.push(missing_value(a));
    out
}

const fn makers(a: &Analysis) -> &'static str {
    if a.options.actor.is_some() { "actors" } else { "sources" }
}

/// Names the statement that leads, who makes it, and how many weigh the same: of equal ones the order chose, nothing else.
fn heaviest(a: &Analysis, s: &Statement, n: &StatementCount) -> String {
    let own = counted(n.own_sources.len(), "source", "sources");
    let by = match (a.options.actor.is_some(), n.own_makers.len()) {
        (false, _) => format!("{own} make it"),
        (true, actors) => format!("{} make it, in {own}", counted(actors, "actor", "actors")),
    };
    let equal = |(other, m): &&(&Statement, &StatementCount)| {
        other.is_complete()
            && m.may_lead()
            && weight::compare(m.own_weight(), n.own_weight()).is_eq()
            && weight::compare(m.weight, n.weight).is_eq()
    };
    let formula = formula(a, s);
    match ranked(a).iter().skip(1).take_while(equal).count() {
        0 => format!("The heaviest complete statement is “{formula}”: {by} in sentences of their own"),
        1 => format!("Of two complete statements that weigh most, one is “{formula}”: {by} in sentences of their own"),
        n => format!(
            "Of {} complete statements that weigh most, one is “{formula}”: {by} in sentences of their own",
            thousands(n as u64 + 1)
        ),
    }
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
    let of_focus = || a.textual.iter().filter(|c| focus.concepts.contains(&c.a) || focus.concepts.contains(&c.b));
    let tested = of_focus().any(|c| c.p.is_some());
    let c = of_focus().max_by_key(|c| (c.n11, std::cmp::Reverse((c.a, c.b))))?;
    Some(Finding {
        text: format!(
            "“{}” and “{}” stand together most often, in {}; no pair with {} {}.",
            a.label(c.a),
            a.label(c.b),
            counted(c.n11 as usize, "unit", "units"),
            subject(a),
            if tested { "is coupled beyond chance" } else { "could be tested" }
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
    let without =
        ranked(a).into_iter().filter(|(s, _)| s.value.is_none() && s.behaviour.is_some() && s.problem.is_some());
    let example = without
        .flat_map(|(s, n)| n.passages.iter().map(move |(_, p)| (s, (p.source, p.unit))))
        .map(|(s, place)| (s.parts().into_iter().flatten().collect::<Vec<ConceptIx>>(), place))
        .find(|(concepts, place)| said(&a.corpus, *place, concepts));
    let (concepts, passages) = example.map(|(concepts, place)| (concepts, vec![place])).unwrap_or_default();
    Finding {
        text: without_value(&subject(a), c.behaviour_without_value, c.with_behaviour),
        passages,
        concepts,
        anchor: "completeness".to_owned(),
    }
}

/// Returns what passages are found in.
pub(super) fn read_from(a: &Analysis) -> ReadFrom<'_> {
    ReadFrom { corpus: &a.corpus, window: a.options.window }
}

/// Returns up to `n` windows in which both concepts of a coupling occur, as (source, unit).
#[must_use]
pub fn joint_passages(a: &Analysis, c: &Coupling, n: usize) -> Vec<(u32, u32)> {
    read_from(a).joint((c.a, c.b), n)
}

/// Returns what stands behind `s-<rank of a statement>`.
pub(super) fn behind(a: &Analysis, anchor: &str, most: usize) -> Option<Behind> {
    let rank: usize = anchor.strip_prefix("s-")?.parse().ok()?;
    let (statement, count) = *ranked(a).get(rank.checked_sub(1)?)?;
    let concepts: Vec<ConceptIx> = statement.parts().into_iter().flatten().collect();
    let places = count.passages.iter().map(|(_, p)| (p.source, p.unit));
    let n = count.passages.len();
    Some(Behind { title: formula(a, statement), places: read_from(a).placed(places, &concepts, most), concepts, n })
}
