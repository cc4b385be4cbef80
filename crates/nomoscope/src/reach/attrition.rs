//! Ladders of attrition from a file of stages, or from the table of victims and suspects of the United Nations.

use crate::report::words::{capital, thousands};
use nomoscope_core::reach::attrition::{AttritionError, Count, Kind, Ladder, Ratio, Settings, Size, Stage, ladder};
use nomoscope_core::spelling::nearest;
use nomoscope_core::table::{Cell, Table};
use nomoscope_figure::Heading;
use nomoscope_figure::reality_check::{RealityCheck, Rung};
use nomoscope_formats::reach::attrition_toml;
use nomoscope_formats::reach::victims::{
    ATTRIBUTES, CONVICTED, DETECTED, Group, PROSECUTED, SUSPECTED, Selection, Victims,
};
use nomoscope_formats::study::{Problem, Problems};

/// What the indicators of the table count: its name, what people read, the unit.
const INDICATORS: [(&str, &str, &str); 4] = [
    (DETECTED, "detected victims", "victim"),
    (SUSPECTED, "persons suspected", "suspect"),
    (PROSECUTED, "persons prosecuted", "suspect"),
    (CONVICTED, "persons convicted", "suspect"),
];

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum ReachError {
    /// Bad input.
    #[error(transparent)]
    Problems(#[from] Problems),
    /// A refusal to compute.
    #[error(transparent)]
    Refused(#[from] AttritionError),
}

/// A ladder of one group.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupLadder {
    /// The group: attribute and value.
    pub group: Vec<(String, String)>,
    /// The ladder, or why there is none.
    pub ladder: Result<Ladder, String>,
    /// States and years that report all stages, and any; none for a file of stages.
    pub reporting: Option<(u64, u64)>,
}

impl GroupLadder {
    /// Returns the group in words: "2012, Europe".
    #[must_use]
    pub fn name(&self) -> String {
        self.group.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// What one indicator counts in one group, whoever reports it.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    /// The group: attribute and value.
    pub group: Vec<(String, String)>,
    /// What people read.
    pub label: &'static str,
    /// The unit.
    pub unit: &'static str,
    /// The count.
    pub count: Count,
    /// States and years that report it.
    pub reports: u64,
}

/// Ladders with what must be said of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Attrition {
    /// What they are about.
    pub title: String,
    /// The caution that the file asks for.
    pub caution: String,
    /// One ladder a group.
    pub ladders: Vec<GroupLadder>,
    /// Counts of each indicator, whoever reports it; only of a table.
    pub counts: Vec<Counted>,
    /// How they were computed.
    pub settings: Settings,
    /// The least that a suppressed cell may be.
    pub suppressed_from: u64,
    /// What is assumed, in words.
    pub assumptions: Vec<String>,
}

/// Returns the ladder of a file of stages.
/// # Errors  [`ReachError`]
pub fn of_stages(file: &str, bytes: &[u8], settings: &Settings, suppressed_from: u64) -> Result<Attrition, ReachError> {
    let read = attrition_toml::parse(file, bytes, suppressed_from)?;
    let ladder = ladder(read.stages, settings)?;
    let assumptions = assumptions(std::iter::once(&ladder), settings, suppressed_from);
    let ladders = vec![GroupLadder { group: Vec::new(), ladder: Ok(ladder), reporting: None }];
    let (title, caution) = (read.title, read.caution);
    Ok(Attrition { title, caution, ladders, counts: Vec::new(), settings: *settings, suppressed_from, assumptions })
}

/// Returns the ladders of a table of victims and suspects, one a group.
///
/// Suspects, prosecuted and convicted are of one unit; victims are of another and join the ladder only where mixing
/// was asked for.
/// # Errors  [`ReachError`]
pub fn of_victims(
    table: &Victims,
    by: &[String],
    selection: &Selection,
    settings: &Settings,
    suppressed_from: u64,
) -> Result<Attrition, ReachError> {
    check(table, by, selection)?;
    let stages: Vec<(&str, &str, &str)> =
        INDICATORS.into_iter().filter(|i| settings.mixed || i.0 != DETECTED).collect();
    let names: Vec<&str> = stages.iter().map(|s| s.0).collect();
    let groups = table.groups(&names, by, selection, suppressed_from);
    let ladders: Vec<GroupLadder> =
        groups.into_iter().map(|group| group_ladder(table, group, by, &stages, settings)).collect();
    let counts = counts(table, by, selection, suppressed_from);
    if ladders.is_empty() && counts.is_empty() {
        return Err(Problems::from(
            Problem::new(&table.file, "no row is left by --where")
                .hint("`--where` compares whole values, such as region=Europe"),
        )
        .into());
    }
    let mut assumptions = assumptions(ladders.iter().filter_map(|l| l.ladder.as_ref().ok()), settings, suppressed_from);
    if table.n_without_state > 0 {
        assumptions
            .push(format!("{} rows name a region and no state; they are left out", thousands(table.n_without_state)));
    }
    assumptions.push(
        "a state and year counts in a ladder only if it reports all of its stages; who is convicted in a year was often suspected in an earlier one"
            .to_owned(),
    );
    Ok(Attrition {
        title: "Persons counted by states for the Global Report on Trafficking in Persons".to_owned(),
        caution: "Counts are of what authorities recorded and reported, not of what happened.".to_owned(),
        ladders,
        counts,
        settings: *settings,
        suppressed_from,
        assumptions,
    })
}

fn check(table: &Victims, by: &[String], selection: &Selection) -> Result<(), Problems> {
    let mut problems = Problems::new();
    let named = by.iter().map(|a| ("--by", a)).chain(selection.keys().map(|a| ("--where", a)));
    for (flag, name) in named.filter(|(_, name)| !ATTRIBUTES.contains(&name.as_str())) {
        let near = nearest(name, ATTRIBUTES);
        let hint = near.map_or(format!("one of {}", ATTRIBUTES.join(", ")), |n| format!("did you mean `{n}`?"));
        problems.push(Problem::new(flag, format!("`{name}` is no attribute of the table")).hint(hint));
    }
    for (name, value) in selection.iter().filter(|(name, _)| ATTRIBUTES.contains(&name.as_str())) {
        let values = table.values(name);
        if !values.iter().any(|v| v.eq_ignore_ascii_case(value) || v.to_lowercase() == value.to_lowercase()) {
            let near = nearest(value, values.iter().copied());
            let hint = near.map_or_else(
                || format!("its values are {}", values.iter().take(12).copied().collect::<Vec<_>>().join(", ")),
                |n| format!("did you mean `{n}`?"),
            );
            problems.push(Problem::new("--where", format!("`{value}` is no {name} of the table")).hint(hint));
        }
    }
    problems.or(())
}

fn keyed(by: &[String], key: &[String]) -> Vec<(String, String)> {
    by.iter().cloned().zip(key.iter().cloned()).collect()
}

fn counts(table: &Victims, by: &[String], selection: &Selection, suppressed_from: u64) -> Vec<Counted> {
    let mut out = Vec::new();
    for (indicator, label, unit) in INDICATORS {
        for group in table.groups(&[indicator], by, selection, suppressed_from) {
            let count = group.counts.into_iter().next().unwrap_or_default();
            out.push(Counted { group: keyed(by, &group.key), label, unit, count, reports: group.reporting_all });
        }
    }
    out.sort_by(|a, b| a.group.cmp(&b.group));
    out
}

fn group_ladder(
    table: &Victims,
    group: Group,
    by: &[String],
    stages: &[(&str, &str, &str)],
    settings: &Settings,
) -> GroupLadder {
    let reporting = Some((group.reporting_all, group.reporting_any));
    let key = keyed(by, &group.key);
    let Some((first, last)) = group.years else {
        let reason = "no state and year reports all stages".to_owned();
        return GroupLadder { group: key, ladder: Err(reason), reporting };
    };
    let year = if first == last { first.to_string() } else { format!("{first}–{last}") };
    let stage = |((indicator, label, unit), count): (&(&str, &str, &str), Count)| Stage {
        id: (*label).to_owned(),
        label: (*label).to_owned(),
        unit: (*unit).to_owned(),
        year: year.clone(),
        kind: Some(Kind::Flow),
        population: format!("{} reports of states", group.reporting_all),
        source: format!("{}, {indicator}", table.file.rsplit(['/', '\\']).next().unwrap_or(&table.file)),
        note: String::new(),
        size: Size::Count(count),
    };
    let stages = stages.iter().zip(group.counts).map(stage).collect();
    GroupLadder { group: key, ladder: ladder(stages, settings).map_err(|e| e.to_string()), reporting }
}

fn assumptions<'l>(
    ladders: impl Iterator<Item = &'l Ladder>,
    settings: &Settings,
    suppressed_from: u64,
) -> Vec<String> {
    let all: Vec<&Ladder> = ladders.collect();
    let mut out = Vec::new();
    let suppressed: u64 = all.iter().flat_map(|l| &l.counts).map(Count::suppressed).sum();
    if suppressed > 0 {
        out.push(format!(
            "{}: each is taken as a whole number from {suppressed_from} to one below its limit, all equally likely and independent",
            crate::report::words::counted(usize::try_from(suppressed).unwrap_or(usize::MAX), "suppressed cell", "suppressed cells")
        ));
    }
    let ranges = |l: &&Ladder| l.steps.iter().any(|s| s.interval.is_some());
    if all.iter().any(ranges) {
        out.push(format!(
            "intervals hold what is left open by the stated ranges ({} draws, seed {}), and no error of counting",
            thousands(settings.draws as u64),
            settings.seed.0
        ));
    }
    if all.iter().any(|l| l.years_differ) {
        out.push("the stages are of different years".to_owned());
    }
    out
}

/// Returns the answer in a sentence.
#[must_use]
pub fn answer(attrition: &Attrition) -> String {
    let known: Vec<(&GroupLadder, &Ladder)> =
        attrition.ladders.iter().filter_map(|g| g.ladder.as_ref().ok().map(|l| (g, l))).collect();
    let [(group, ladder)] = known.as_slice() else {
        return format!(
            "{}: {} with a ladder, {} without.",
            attrition.title,
            crate::report::words::counted(known.len(), "group", "groups"),
            attrition.ladders.len() - known.len()
        );
    };
    let first = ladder.stages.first().map_or("", |s| s.label.as_str());
    let parts: Vec<String> = ladder
        .from_first
        .iter()
        .filter_map(|r| ladder.stages.get(r.to).map(|s| format!("{} {}", s.label, left(r))))
        .collect();
    let group = if group.group.is_empty() { String::new() } else { format!(" ({})", group.name()) };
    format!("Of {first}{group}: {}.", parts.join("; "))
}

/// Returns what is left, in words.
#[must_use]
pub fn left(ratio: &Ratio) -> String {
    match (ratio.ratio, ratio.order) {
        (Some(value), _) => {
            let interval = ratio.interval.map_or_else(String::new, |i| {
                let end = |v: Option<f64>| v.map_or("open".to_owned(), percent);
                format!(" [{}; {}]", end(i.lower), end(i.upper))
            });
            format!("{}{interval}", percent(value))
        }
        (None, Some(order)) => format!("about 1 in {}", power(order)),
        (None, None) => "not known".to_owned(),
    }
}

fn percent(value: f64) -> String {
    if value > 0.0 && value < 0.001 { format!("{:.4} %", value * 100.0) } else { format!("{:.1} %", value * 100.0) }
}

/// Returns a power of ten in full, 100 for 2.
fn power(order: i32) -> String {
    match u32::try_from(order).ok().and_then(|o| 10_u64.checked_pow(o)) {
        Some(n) => thousands(n),
        None => format!("10^{order}"),
    }
}

/// Returns the tables of the ladders.
#[must_use]
pub fn tables(attrition: &Attrition) -> Vec<Table> {
    let mut all = vec![stages(attrition), ratios(attrition)];
    if !attrition.counts.is_empty() {
        all.push(counted(attrition));
    }
    all
}

fn known(attrition: &Attrition) -> impl Iterator<Item = (&GroupLadder, &Ladder)> {
    attrition.ladders.iter().filter_map(|g| g.ladder.as_ref().ok().map(|l| (g, l)))
}

fn stages(attrition: &Attrition) -> Table {
    let grouped = attrition.ladders.iter().any(|g| !g.group.is_empty());
    let mut columns = vec!["stage", "unit", "year", "count", "low", "high", "suppressed_cells", "source"];
    if grouped {
        columns.insert(0, "group");
    }
    let mut table = Table::new("attrition-stages", "Stages", &columns);
    for (group, ladder) in known(attrition) {
        for (stage, count) in ladder.stages.iter().zip(&ladder.counts) {
            let rough = matches!(stage.size, Size::OneIn { .. });
            let number =
                |v: f64| if rough { Cell::text(format!("≈ {}", thousands(v as u64))) } else { Cell::number(v, 0) };
            let mut row = vec![
                Cell::text(&stage.label),
                Cell::text(&stage.unit),
                Cell::text(&stage.year),
                number(count.point()),
                number(count.low()),
                number(count.high()),
                Cell::Count(count.suppressed()),
                Cell::text(&stage.source),
            ];
            if grouped {
                row.insert(0, Cell::text(group.name()));
            }
            table.push(row);
        }
    }
    for group in attrition.ladders.iter().filter(|g| g.ladder.is_err()) {
        if let Err(reason) = &group.ladder {
            table.notes.push(format!("{}: {reason}", group.name()));
        }
    }
    table
}

fn ratios(attrition: &Attrition) -> Table {
    let grouped = attrition.ladders.iter().any(|g| !g.group.is_empty());
    let mut columns = vec!["from", "to", "ratio", "low", "high", "one_in"];
    if grouped {
        columns.insert(0, "group");
    }
    let mut table = Table::new("attrition-ratios", "What is left from stage to stage", &columns);
    for (group, ladder) in known(attrition) {
        let further = ladder.from_first.iter().filter(|r| r.to > 1);
        for ratio in ladder.steps.iter().chain(further) {
            let label = |at: usize| Cell::text(ladder.stages.get(at).map_or("", |s| s.label.as_str()));
            let reason = ratio.reason.unwrap_or("not known");
            let number = |v: Option<f64>| v.map_or(Cell::Missing(reason), |v| Cell::number(v, 4));
            let mut row = vec![
                label(ratio.from),
                label(ratio.to),
                number(ratio.ratio),
                number(ratio.interval.and_then(|i| i.lower)),
                number(ratio.interval.and_then(|i| i.upper)),
                one_in(ratio),
            ];
            if grouped {
                row.insert(0, Cell::text(group.name()));
            }
            table.push(row);
        }
    }
    table
}

fn one_in(ratio: &Ratio) -> Cell {
    match (ratio.ratio, ratio.order) {
        (Some(value), _) if value > 0.0 => Cell::number(1.0 / value, 1),
        (None, Some(order)) => Cell::text(format!("about {}", power(order))),
        _ => Cell::Missing("nobody is left"),
    }
}

fn counted(attrition: &Attrition) -> Table {
    let mut table = Table::new(
        "attrition-counts",
        "Counts of each indicator, whoever reports it",
        &["group", "indicator", "unit", "reports", "low", "high", "suppressed_cells"],
    );
    for c in &attrition.counts {
        let name = c.group.iter().map(|(_, v)| v.as_str()).collect::<Vec<_>>().join(", ");
        table.push(vec![
            Cell::text(if name.is_empty() { "all".to_owned() } else { name }),
            Cell::text(c.label),
            Cell::text(c.unit),
            Cell::Count(c.reports),
            Cell::number(c.count.low(), 0),
            Cell::number(c.count.high(), 0),
            Cell::Count(c.count.suppressed()),
        ]);
    }
    table
}

/// Returns the model of a ladder's figure.
#[must_use]
pub fn figure(attrition: &Attrition, group: &GroupLadder, id: &str) -> Option<RealityCheck> {
    let ladder = group.ladder.as_ref().ok()?;
    let rungs = ladder.stages.iter().enumerate().map(|(at, stage)| rung(ladder, at, stage)).collect();
    let name = group.name();
    let mut note = attrition.title.clone();
    if let Some((all, any)) = group.reporting {
        note += &format!(". {all} of {any} reports by states have all stages");
    }
    let note = format!("{}.", note.trim_end_matches('.'));
    Some(RealityCheck { heading: Heading { id: id.to_owned(), title: None, note: Some(note) }, rungs, group: name })
}

fn rung(ladder: &Ladder, at: usize, stage: &Stage) -> Rung {
    let ratio = ladder.from_first.iter().find(|r| r.to == at);
    let count = ladder.counts.get(at);
    let rough = ratio.is_some_and(|r| r.order.is_some());
    let share = match ratio {
        None => Some(1.0),
        Some(r) => r.ratio.or_else(|| r.order.map(|o| 1.0 / libm_pow10(o))),
    };
    Rung {
        label: stage.label.clone(),
        unit: stage.unit.clone(),
        year: stage.year.clone(),
        source: stage.source.clone(),
        count: count.filter(|_| matches!(stage.size, Size::Count(_))).map(Count::point),
        share,
        interval: ratio.and_then(|r| r.interval).and_then(|i| Some((i.lower?, i.upper?))),
        rough,
    }
}

fn libm_pow10(order: i32) -> f64 {
    10_f64.powi(order)
}

/// Returns what the cautions of the ladders are, for people.
#[must_use]
pub fn cautions(attrition: &Attrition) -> Vec<String> {
    let mut out = Vec::new();
    let mixed = known(attrition).find(|(_, l)| l.mixed);
    if let Some((_, ladder)) = mixed {
        let parts: Vec<String> = ladder
            .differences
            .iter()
            .map(|d| format!("{} {} is followed by {} {}", d.what, d.before, d.what, d.after))
            .collect();
        out.push(format!(
            "The stages do not count the same ({}); where that is so, orders of magnitude stand in place of ratios, without intervals.",
            parts.join("; ")
        ));
    }
    out.extend((!attrition.caution.is_empty()).then(|| attrition.caution.clone()));
    out.extend(attrition.assumptions.iter().map(|a| format!("{}.", capital(a))));
    out
}
