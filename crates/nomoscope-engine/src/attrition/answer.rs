//! Ladders of attrition from a file of stages, or from the table of victims and suspects of the United Nations.

use super::assumptions::assumptions;
use crate::refusal::{Problem, Problems, Refusal};
use crate::words::thousands;
use nomoscope_core::reach::attrition::{AttritionError, Count, Kind, Ladder, Settings, Size, Stage, ladder};
use nomoscope_core::spelling::nearest;
use nomoscope_formats::Input;
use nomoscope_formats::reach::attrition_toml;
use nomoscope_formats::reach::victims::{
    ATTRIBUTES, CONVICTED, DETECTED, Group, PROSECUTED, SUSPECTED, Selection, Victims,
};

/// What the indicators of the table count: its name, what people read, the unit.
const INDICATORS: [(&str, &str, &str); 4] = [
    (DETECTED, "detected victims", "victim"),
    (SUSPECTED, "persons suspected", "suspect"),
    (PROSECUTED, "persons prosecuted", "suspect"),
    (CONVICTED, "persons convicted", "suspect"),
];

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

impl Attrition {
    /// Returns the groups that have a ladder, with it.
    pub fn known(&self) -> impl Iterator<Item = (&GroupLadder, &Ladder)> {
        self.ladders.iter().filter_map(|g| g.ladder.as_ref().ok().map(|l| (g, l)))
    }
}

/// Stages that do not count the same have no answer; all else is wrong in the question or in the file.
fn refused(file: &str, error: &AttritionError) -> Refusal {
    let (said, hint) = (error.to_string(), error.hint());
    match error {
        AttritionError::Mixed { .. } => Refusal::NoAnswer(Problem::new(file, said).hint(hint)),
        AttritionError::TooFewDraws { .. } => Refusal::Input(Problem::of_setting("draws", said).hint(hint).into()),
        _ => Refusal::Input(Problem::new(file, said).hint(hint).into()),
    }
}

/// Returns the ladder of a file of stages.
/// # Errors
/// [`Refusal`]
pub(super) fn of_stages(file: &Input<'_>, settings: &Settings, suppressed_from: u64) -> Result<Attrition, Refusal> {
    let read = attrition_toml::parse(file.name, file.bytes, suppressed_from)?;
    let ladder = ladder(read.stages, settings).map_err(|error| refused(file.name, &error))?;
    let assumptions = assumptions(std::iter::once(&ladder), settings, suppressed_from);
    let ladders = vec![GroupLadder { group: Vec::new(), ladder: Ok(ladder), reporting: None }];
    let (title, caution) = (read.title, read.caution);
    Ok(Attrition { title, caution, ladders, counts: Vec::new(), settings: *settings, suppressed_from, assumptions })
}

/// Returns the ladders of a table of victims and suspects, one a group.
///
/// Suspects, prosecuted and convicted are of one unit; victims are of another and join the ladder only where mixing
/// was asked for.
/// # Errors
/// [`Refusal`]
pub(super) fn of_victims(
    table: &Victims,
    by: &[String],
    selection: &Selection,
    settings: &Settings,
    suppressed_from: u64,
) -> Result<Attrition, Refusal> {
    check(table, by, selection)?;
    let stages: Vec<(&str, &str, &str)> =
        INDICATORS.into_iter().filter(|i| settings.mixed || i.0 != DETECTED).collect();
    let names: Vec<&str> = stages.iter().map(|s| s.0).collect();
    let groups = table.groups(&names, by, selection, suppressed_from);
    let ladders: Vec<GroupLadder> =
        groups.into_iter().map(|group| group_ladder(table, group, by, &stages, settings)).collect();
    let counts = counts(table, by, selection, suppressed_from);
    if ladders.is_empty() && counts.is_empty() {
        let hint = "whole values are compared, such as region=Europe";
        return Err(Refusal::Input(Problem::new(&table.file, "no row is left").hint(hint).into()));
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
    let named = by.iter().map(|a| ("by", a)).chain(selection.keys().map(|a| ("where", a)));
    for (setting, name) in named.filter(|(_, name)| !ATTRIBUTES.contains(&name.as_str())) {
        let near = nearest(name, ATTRIBUTES);
        let hint = near.map_or(format!("one of {}", ATTRIBUTES.join(", ")), |n| format!("did you mean `{n}`?"));
        problems.push(Problem::of_setting(setting, format!("`{name}` is no attribute of the table")).hint(hint));
    }
    for (name, value) in selection.iter().filter(|(name, _)| ATTRIBUTES.contains(&name.as_str())) {
        let values = table.values(name);
        if !values.iter().any(|v| v.eq_ignore_ascii_case(value) || v.to_lowercase() == value.to_lowercase()) {
            let near = nearest(value, values.iter().copied());
            let hint = near.map_or_else(
                || format!("its values are {}", values.iter().take(12).copied().collect::<Vec<_>>().join(", ")),
                |n| format!("did you mean `{n}`?"),
            );
            problems.push(Problem::of_setting("where", format!("`{value}` is no {name} of the table")).hint(hint));
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
