//! Discourse networks: who takes the same stances as whom, and on what.
//!
//! From statements (an actor, a concept, a stance, in a document of a date) to the networks of discourse network analysis
//! (Leifeld 2017): actors by concepts, and their one-mode projections. The formulas are those that its users know. Where
//! the program that spread them (DNA 3) computes something else than its name says, the corrected form is the default and
//! [`Compat::Dna3`] gives the other. Sees numbers of actors and concepts only.

use crate::date::PartialDate;
use crate::problem::{Remedy, Slot};
use libm::{exp, fabs, sqrt};
use std::collections::{BTreeMap, BTreeSet};

/// The most nodes on one side of a matrix.
pub const MAX_NODES: usize = 4000;
/// The most windows of one series.
pub const MAX_WINDOWS: usize = 10_000;
/// The most levels that a combination can tell apart.
const MAX_COMBINED_LEVELS: usize = 30;

/// What an actor said of a concept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActorStatement {
    /// Number of the actor.
    pub actor: u32,
    /// Number of the concept.
    pub concept: u32,
    /// The stance: 1 for and 0 against, a whole number, or the number of a word; 0 where stances are not told apart.
    pub stance: i64,
    /// Number of the document.
    pub document: u32,
    /// Date of the document.
    pub date: Option<PartialDate>,
    /// Number of the type of statement.
    pub kind: u32,
}

/// What stances are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Qualifier {
    /// For (1) or against (0).
    Boolean,
    /// Whole numbers with distances.
    Integer,
    /// Words: the same or not.
    Text,
}

/// How stances are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Aggregation {
    /// Stances are not told apart.
    Ignore,
    /// The same stance.
    Congruence,
    /// Opposite stances.
    Conflict,
    /// Congruence less conflict; between actors and concepts, for less against.
    Subtract,
    /// Between actors and concepts only: which stances occur.
    Combine,
}

/// How ties are divided by how much their ends say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Normalisation {
    /// Not at all.
    No,
    /// By the mean of both ends' statements.
    Average,
    /// By what either end says.
    Jaccard,
    /// By the lengths of both ends' vectors.
    Cosine,
    /// Between actors and concepts: by the actor's statements.
    Activity,
    /// Between actors and concepts: by the statements on the concept.
    Prominence,
}

/// Which repetitions of a statement are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Duplicates {
    /// None.
    Include,
    /// Those in one document.
    Document,
    /// Those in one week, Monday to Sunday.
    Week,
    /// Those in one month.
    Month,
    /// Those in one year.
    Year,
    /// All.
    AcrossRange,
}

/// Which program's numbers are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Compat {
    /// What the names say.
    Corrected,
    /// What DNA 3 computes.
    Dna3,
}

/// How a network is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Settings {
    /// What stances are.
    pub qualifier: Qualifier,
    /// How stances are put together.
    pub aggregation: Aggregation,
    /// How ties are normalised.
    pub normalisation: Normalisation,
    /// Which repetitions go.
    pub duplicates: Duplicates,
    /// Which program's numbers are wanted.
    pub compat: Compat,
}

/// Why a network is not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DiscourseError {
    /// Nothing was said.
    #[error("no statements")]
    Empty,
    /// Too much for a matrix.
    #[error("{n} nodes, more than {MAX_NODES}")]
    TooManyNodes {
        /// Nodes.
        n: usize,
    },
    /// A boolean stance that is neither.
    #[error("the stance `{stance}` is neither 0 nor 1")]
    NotBoolean {
        /// The stance.
        stance: i64,
    },
    /// An aggregation that only the other kind of network has.
    #[error("{} does not exist between {}", name_of(*.aggregation), if *.one_mode { "nodes of one kind" } else { "actors and concepts" })]
    WrongAggregation {
        /// Which.
        aggregation: Aggregation,
        /// Whether the network is a one-mode projection.
        one_mode: bool,
    },
    /// A normalisation that only the other kind of network has.
    #[error("this normalisation does not exist between {}", if *.one_mode { "nodes of one kind" } else { "actors and concepts" })]
    WrongNormalisation {
        /// Whether the network is a one-mode projection.
        one_mode: bool,
    },
    /// A combination of words, or one that is divided: its number names a set of stances and measures nothing.
    #[error("combined stances name sets: they are not divided")]
    CombinedIsNoQuantity,
    /// More stances than a combination holds.
    #[error("{n} different stances, more than {MAX_COMBINED_LEVELS}")]
    TooManyLevels {
        /// Stances.
        n: usize,
    },
    /// Words cannot be subtracted from each other between actors and concepts.
    #[error("stances that are words have no sign")]
    TextHasNoSign,
    /// A window of no width, or more of them than anybody reads.
    #[error("{n} windows, more than {MAX_WINDOWS}")]
    TooManyWindows {
        /// Windows.
        n: usize,
    },
    /// A window of no width.
    #[error("a window covers at least one unit")]
    NoWidth,
    /// No statement is dated to what the windows need.
    #[error("no statement has a date as exact as the windows need")]
    NoDates,
}

impl DiscourseError {
    /// Returns what to do about it, where something can be done.
    #[must_use]
    pub fn hint(self) -> Option<Remedy> {
        match self {
            Self::TooManyNodes { .. } => Some("narrow the selection, or group actors under one name".into()),
            Self::NotBoolean { .. } => {
                Some(Remedy::with("write 1 or 0, yes or no, or choose {}", [Slot::set("qualifier", "integer")]))
            }
            Self::WrongAggregation { one_mode: true, .. } => {
                Some("use ignore, congruence, conflict or subtract".into())
            }
            Self::WrongAggregation { .. } => {
                Some(Remedy::with("use ignore, subtract or combine, or {}", [Slot::set("mode", "actors")]))
            }
            Self::WrongNormalisation { one_mode: true } => Some("use no, average, jaccard or cosine".into()),
            Self::WrongNormalisation { .. } => Some("use no, activity or prominence".into()),
            Self::CombinedIsNoQuantity => Some(Remedy::with("use {}", [Slot::set("normalise", "no")])),
            Self::TextHasNoSign => Some("use ignore or combine".into()),
            Self::TooManyWindows { .. } => Some("use a longer unit of time".into()),
            Self::NoDates => Some("give dates to the day, or use a longer unit of time".into()),
            _ => None,
        }
    }
}

const fn name_of(aggregation: Aggregation) -> &'static str {
    match aggregation {
        Aggregation::Ignore => "ignore",
        Aggregation::Congruence => "congruence",
        Aggregation::Conflict => "conflict",
        Aggregation::Subtract => "subtract",
        Aggregation::Combine => "combine",
    }
}

/// A network as a matrix.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Matrix {
    /// Numbers of the nodes in the rows, ascending.
    pub rows: Vec<u32>,
    /// Numbers of the nodes in the columns, ascending; of a one-mode network the same.
    pub columns: Vec<u32>,
    /// Cells, row by row.
    pub cells: Vec<f64>,
}

impl Matrix {
    /// Returns a cell by position.
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> f64 {
        self.cells.get(row * self.columns.len() + column).copied().unwrap_or(0.0)
    }
}

/// Returns the positions of the statements that are no repetitions, in order.
///
/// A repetition has the same type, actor, concept and, unless stances are ignored, stance, and lies in the same document or
/// stretch of time as an earlier statement. Whatever has no date exact enough is no repetition of anything.
#[must_use]
pub fn without_duplicates(statements: &[ActorStatement], settings: Settings) -> Vec<usize> {
    let mut seen = BTreeSet::new();
    let mut keep = |s: &ActorStatement| {
        let stance = if settings.aggregation == Aggregation::Ignore { 0 } else { s.stance };
        // DNA compares whole numbers as objects, of which the program keeps only small ones once (F6).
        let never_the_same = settings.compat == Compat::Dna3
            && settings.qualifier == Qualifier::Integer
            && settings.aggregation != Aggregation::Ignore
            && !(-128..=127).contains(&stance);
        match place(s, settings) {
            Some(place) if !never_the_same => seen.insert((s.kind, s.actor, s.concept, stance, place)),
            _ => true,
        }
    };
    (0..statements.len()).filter(|at| keep(&statements[*at])).collect()
}

/// Where a statement may be repeated; none if it is told apart from all others.
fn place(s: &ActorStatement, settings: Settings) -> Option<i64> {
    let year_counts = settings.compat == Compat::Corrected;
    match settings.duplicates {
        Duplicates::Include => None,
        Duplicates::Document => Some(i64::from(s.document)),
        Duplicates::AcrossRange => Some(0),
        Duplicates::Year => s.date.map(|d| i64::from(d.year)),
        Duplicates::Month => {
            let date = s.date?;
            let month = i64::from(date.month?);
            Some(if year_counts { i64::from(date.year) * 12 + month } else { month })
        }
        Duplicates::Week => {
            let days = day_number(s.date?)?;
            Some(if year_counts { week(days) } else { week_of_year(s.date?, days) })
        }
    }
}

/// Days since 1970-01-01.
/// # Source  E. G. Richards (2013), in: Explanatory Supplement to the Astronomical Almanac, 3rd ed., 15.11.3
fn day_number(date: PartialDate) -> Option<i64> {
    let (y, m, d) = (i64::from(date.year), i64::from(date.month?), i64::from(date.day?));
    let shift = (m - 14) / 12;
    let julian =
        (1461 * (y + 4800 + shift)) / 4 + (367 * (m - 2 - 12 * shift)) / 12 - (3 * ((y + 4900 + shift) / 100)) / 4 + d
            - 32_075;
    Some(julian - 2_440_588)
}

/// The week that a day lies in, from Monday on: 1970-01-01 was a Thursday.
const fn week(day: i64) -> i64 {
    (day + 3).div_euclid(7)
}

/// The number of the week in its year as ISO 8601 counts, which is how DNA counts on a British machine (F5).
fn week_of_year(date: PartialDate, day: i64) -> i64 {
    // The week belongs to the year of its Thursday.
    let thursday = week(day) * 7;
    let january = |year: u16| day_number(PartialDate { year, month: Some(1), day: Some(1) }).unwrap_or(0);
    let year =
        [date.year + 1, date.year].into_iter().find(|y| january(*y) <= thursday).unwrap_or(date.year.saturating_sub(1));
    (thursday - january(year)) / 7 + 1
}

/// Counts by actor, concept and stance.
struct Counts {
    /// By node, then by (other node, stance).
    by_node: BTreeMap<u32, BTreeMap<(u32, i64), f64>>,
    /// Distance between the least and the greatest stance.
    range: f64,
}

impl Counts {
    fn new(statements: &[(ActorStatement, f64)], settings: Settings, flip: bool) -> Result<Self, DiscourseError> {
        let mut by_node: BTreeMap<u32, BTreeMap<(u32, i64), f64>> = BTreeMap::new();
        let (mut least, mut greatest) = (i64::MAX, i64::MIN);
        for (s, weight) in statements {
            if settings.qualifier == Qualifier::Boolean && !(0..=1).contains(&s.stance) {
                return Err(DiscourseError::NotBoolean { stance: s.stance });
            }
            let (node, other) = if flip { (s.concept, s.actor) } else { (s.actor, s.concept) };
            *by_node.entry(node).or_default().entry((other, s.stance)).or_default() += weight;
            (least, greatest) = (least.min(s.stance), greatest.max(s.stance));
        }
        if by_node.is_empty() {
            return Err(DiscourseError::Empty);
        }
        if by_node.len() > MAX_NODES {
            return Err(DiscourseError::TooManyNodes { n: by_node.len() });
        }
        let range = if settings.qualifier == Qualifier::Boolean { 1.0 } else { greatest as f64 - least as f64 };
        Ok(Self { by_node, range })
    }

    /// How far two stances are from each other, as a share of the range.
    fn distance(&self, a: i64, b: i64, qualifier: Qualifier) -> f64 {
        match qualifier {
            Qualifier::Text => f64::from(u8::from(a != b)),
            _ if self.range > 0.0 => fabs(a as f64 - b as f64) / self.range,
            _ => 0.0,
        }
    }
}

/// What two nodes have in common.
#[derive(Debug, Clone, Copy, Default)]
struct Tie {
    congruence: f64,
    conflict: f64,
}

/// Returns the network of actors that say the same of the same concepts, or with `concepts` that of concepts of which the same
/// actors say the same.
/// # Input   statements with their weights, repetitions already out
/// # Errors  [`DiscourseError`]
/// # Source  Leifeld (2017), in: Victor, Montgomery & Lubell, The Oxford Handbook of Political Networks, 301–326; cosine: Salton & McGill (1983)
pub fn one_mode(
    statements: &[(ActorStatement, f64)],
    settings: Settings,
    concepts: bool,
) -> Result<Matrix, DiscourseError> {
    use Aggregation::{Combine, Conflict, Congruence, Ignore, Subtract};
    if settings.aggregation == Combine {
        return Err(DiscourseError::WrongAggregation { aggregation: Combine, one_mode: true });
    }
    if matches!(settings.normalisation, Normalisation::Activity | Normalisation::Prominence) {
        return Err(DiscourseError::WrongNormalisation { one_mode: true });
    }
    let counts = Counts::new(statements, settings, concepts)?;
    let nodes: Vec<u32> = counts.by_node.keys().copied().collect();
    let vectors: Vec<Vec<((u32, i64), f64)>> =
        counts.by_node.values().map(|v| v.iter().map(|(k, x)| (*k, *x)).collect()).collect();
    let n = nodes.len();
    let mut cells = vec![0.0; n * n];
    for (i, left) in vectors.iter().enumerate() {
        for (j, right) in vectors.iter().enumerate().skip(i + 1) {
            let tie = tie(left, right, &counts, settings);
            let weight = match settings.aggregation {
                Congruence => tie.congruence,
                Conflict => tie.conflict,
                Subtract => tie.congruence - tie.conflict,
                Ignore | Combine => together(left, right),
            };
            let divided = divide(weight, left, right, settings);
            cells[i * n + j] = divided;
            cells[j * n + i] = divided;
        }
    }
    Ok(Matrix { columns: nodes.clone(), rows: nodes, cells })
}

type Vector = [((u32, i64), f64)];

/// The levels of one concept in a vector, which is in order.
fn levels(vector: &Vector, concept: u32) -> &Vector {
    let from = vector.partition_point(|((c, _), _)| *c < concept);
    let to = vector.partition_point(|((c, _), _)| *c <= concept);
    &vector[from..to]
}

fn shared<'v>(left: &'v Vector, right: &'v Vector) -> impl Iterator<Item = (&'v Vector, &'v Vector)> {
    let mut concepts: Vec<u32> = left.iter().map(|((c, _), _)| *c).collect();
    concepts.dedup();
    concepts.into_iter().map(|c| (levels(left, c), levels(right, c))).filter(|(_, r)| !r.is_empty())
}

fn tie(left: &Vector, right: &Vector, counts: &Counts, settings: Settings) -> Tie {
    let mut tie = Tie::default();
    for (mine, theirs) in shared(left, right) {
        for &((_, k), x) in mine {
            for &((_, l), y) in theirs {
                let distance = counts.distance(k, l, settings.qualifier);
                tie.congruence += x * y * (1.0 - distance);
                tie.conflict += x * y * distance;
            }
        }
    }
    // DNA counts, of words, what only one of the two says, whether or not the other says anything of the concept.
    if settings.qualifier == Qualifier::Text && settings.compat == Compat::Dna3 {
        tie.conflict = alone(left, right) + alone(right, left);
    }
    tie
}

/// Sum of a vector where the other is nothing.
fn alone(left: &Vector, right: &Vector) -> f64 {
    let absent = |key: &(u32, i64)| right.binary_search_by(|(k, _)| k.cmp(key)).is_err();
    left.iter().filter(|(k, _)| absent(k)).map(|(_, x)| x).sum()
}

/// Product of the sums over stances, concept by concept.
fn together(left: &Vector, right: &Vector) -> f64 {
    let sum = |v: &Vector| v.iter().map(|(_, x)| x).sum::<f64>();
    shared(left, right).map(|(mine, theirs)| sum(mine) * sum(theirs)).sum()
}

fn divide(weight: f64, left: &Vector, right: &Vector, settings: Settings) -> f64 {
    let sum = |v: &Vector| v.iter().map(|(_, x)| x).sum::<f64>();
    let by = match settings.normalisation {
        Normalisation::Average => 0.5 * (sum(left) + sum(right)),
        Normalisation::Jaccard => {
            let both: f64 = shared(left, right)
                .flat_map(|(mine, theirs)| {
                    mine.iter().flat_map(move |&((_, k), x)| {
                        theirs.iter().filter(move |((_, l), _)| *l == k).map(move |(_, y)| x * y)
                    })
                })
                .sum();
            alone(left, right) + alone(right, left) + both
        }
        Normalisation::Cosine if settings.compat == Compat::Dna3 => sum(left) * sum(right),
        Normalisation::Cosine => sqrt(length(left, settings) * length(right, settings)),
        Normalisation::No | Normalisation::Activity | Normalisation::Prominence => return weight,
    };
    if by > 0.0 { weight / by } else { 0.0 }
}

/// Squared length of a vector: over concepts where stances are ignored, else over concepts and stances.
fn length(vector: &Vector, settings: Settings) -> f64 {
    if settings.aggregation == Aggregation::Ignore {
        return together(vector, vector);
    }
    vector.iter().map(|(_, x)| x * x).sum()
}

/// Returns the network between actors (rows) and concepts (columns).
/// # Input   statements with their weights, repetitions already out
/// # Errors  [`DiscourseError`]
/// # Source  as for [`one_mode`]
pub fn two_mode(statements: &[(ActorStatement, f64)], settings: Settings) -> Result<Matrix, DiscourseError> {
    use Aggregation::{Combine, Conflict, Congruence, Subtract};
    if matches!(settings.aggregation, Congruence | Conflict) {
        return Err(DiscourseError::WrongAggregation { aggregation: settings.aggregation, one_mode: false });
    }
    if matches!(settings.normalisation, Normalisation::Average | Normalisation::Jaccard | Normalisation::Cosine) {
        return Err(DiscourseError::WrongNormalisation { one_mode: false });
    }
    let text = settings.qualifier == Qualifier::Text;
    if settings.aggregation == Subtract && text {
        return Err(DiscourseError::TextHasNoSign);
    }
    if settings.aggregation == Combine && settings.normalisation != Normalisation::No {
        return Err(DiscourseError::CombinedIsNoQuantity);
    }
    let counts = Counts::new(statements, settings, false)?;
    let columns: BTreeSet<u32> = statements.iter().map(|(s, _)| s.concept).collect();
    if columns.len() > MAX_NODES {
        return Err(DiscourseError::TooManyNodes { n: columns.len() });
    }
    let stances: Vec<i64> = stances(statements, settings);
    if settings.aggregation == Combine && stances.len() > MAX_COMBINED_LEVELS {
        return Err(DiscourseError::TooManyLevels { n: stances.len() });
    }
    let place: BTreeMap<u32, usize> = columns.iter().enumerate().map(|(at, c)| (*c, at)).collect();
    let mut said_of = vec![0.0; columns.len()];
    let mut matrix = Matrix {
        rows: counts.by_node.keys().copied().collect(),
        cells: vec![0.0; counts.by_node.len() * columns.len()],
        columns: columns.into_iter().collect(),
    };
    let width = matrix.columns.len();
    for (row, vector) in counts.by_node.values().enumerate() {
        let activity: f64 = vector.values().sum();
        for (&(concept, stance), &x) in vector {
            let column = place[&concept];
            said_of[column] += x;
            let share = if settings.normalisation == Normalisation::Activity { x / activity } else { x };
            let cell = &mut matrix.cells[row * width + column];
            match settings.aggregation {
                Subtract => *cell += share * sign(stance, settings.qualifier),
                // One cell a stance, so that adding sets its bit; the lowest stance has the highest.
                Combine => *cell += bit(&stances, stance),
                _ => *cell += share,
            }
        }
    }
    if settings.normalisation == Normalisation::Prominence {
        matrix.cells.iter_mut().enumerate().for_each(|(at, cell)| *cell /= said_of[at % width].max(f64::MIN_POSITIVE));
    }
    Ok(matrix)
}

fn stances(statements: &[(ActorStatement, f64)], settings: Settings) -> Vec<i64> {
    let mut found: BTreeSet<i64> = statements.iter().map(|(s, _)| s.stance).collect();
    if settings.qualifier == Qualifier::Boolean {
        found.extend([0, 1]);
    }
    found.into_iter().collect()
}

fn sign(stance: i64, qualifier: Qualifier) -> f64 {
    match qualifier {
        Qualifier::Boolean => {
            if stance > 0 {
                1.0
            } else {
                -1.0
            }
        }
        _ => stance as f64,
    }
}

fn bit(stances: &[i64], stance: i64) -> f64 {
    let at = stances.binary_search(&stance).unwrap_or(0);
    (1_u64 << (stances.len() - 1 - at)) as f64
}

/// A unit of time for windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TimeUnit {
    /// Days.
    Days,
    /// Weeks, Monday to Sunday.
    Weeks,
    /// Calendar months.
    Months,
    /// Years.
    Years,
    /// Statements, in the order of their dates.
    Events,
}

impl TimeUnit {
    /// Returns how a unit of time is written: a date, a Monday, a month, a year, or the place of a statement from 1 on.
    #[must_use]
    pub fn label(self, at: i64) -> String {
        match self {
            Self::Days => civil(at),
            Self::Weeks => civil(at * 7 - 3),
            Self::Months => format!("{:04}-{:02}", at.div_euclid(12), at.rem_euclid(12) + 1),
            Self::Years => format!("{at:04}"),
            Self::Events => (at + 1).to_string(),
        }
    }
}

/// The date so many days after 1970-01-01.
/// # Source  as for [`day_number`]
fn civil(days: i64) -> String {
    let julian = days + 2_440_588;
    let f = julian + 1401 + (((4 * julian + 274_277) / 146_097) * 3) / 4 - 38;
    let e = 4 * f + 3;
    let h = 5 * ((e % 1461) / 4) + 2;
    let month = (h / 153 + 2) % 12 + 1;
    format!("{:04}-{month:02}-{:02}", e / 1461 - 4716 + (12 + 2 - month) / 12, h % 153 / 5 + 1)
}

/// How much a statement counts by its distance from the middle of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kernel {
    /// Each statement counts once.
    No,
    /// All alike.
    Uniform,
    /// Falling evenly.
    Triangular,
    /// Falling with the square.
    Epanechnikov,
    /// Falling as a normal density.
    Gaussian,
}

impl Kernel {
    /// Returns the weight at a distance from the middle, as a share of half the window.
    ///
    /// DNA's triangle is 1 less the distance *with its sign*, taken without one afterwards: it grows over the window (F3).
    #[must_use]
    pub fn weight(self, distance: f64, compat: Compat) -> f64 {
        const GAUSS: f64 = 0.398_942_280_401_432_7;
        if fabs(distance) > 1.0 && self != Self::No {
            return 0.0;
        }
        match (self, compat) {
            (Self::No, _) => 1.0,
            (Self::Uniform, _) => 0.5,
            (Self::Triangular, Compat::Corrected) => 1.0 - fabs(distance),
            (Self::Triangular, Compat::Dna3) => fabs(1.0 - distance),
            (Self::Epanechnikov, _) => 0.75 * (1.0 - distance * distance),
            (Self::Gaussian, _) => GAUSS * exp(-0.5 * distance * distance),
        }
    }
}

/// A stretch of time with the statements in it, each with its weight.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// First date with a statement in it, or none.
    pub first: Option<PartialDate>,
    /// Last.
    pub last: Option<PartialDate>,
    /// The first unit of time, as a number of its kind.
    pub from: i64,
    /// The last, included.
    pub to: i64,
    /// What was said.
    pub statements: Vec<(ActorStatement, f64)>,
}

/// Returns the windows of so many units, one unit apart, that lie fully within the time of the statements.
///
/// A window of w units covers exactly w; DNA's covers w + 1 where w is even (F8). Statements without a date exact enough are left
/// out. In a one-mode network a pair counts with the root of the product of its weights, in a two-mode network a statement with its weight.
/// # Errors  [`DiscourseError::NoWidth`], [`DiscourseError::NoDates`], [`DiscourseError::TooManyWindows`]
pub fn windows(
    statements: &[ActorStatement],
    unit: TimeUnit,
    width: u32,
    kernel: Kernel,
    compat: Compat,
    one_mode: bool,
) -> Result<Vec<Window>, DiscourseError> {
    if width == 0 {
        return Err(DiscourseError::NoWidth);
    }
    let placed = placed(statements, unit);
    let (Some(first), Some(last)) = (placed.first(), placed.last()) else { return Err(DiscourseError::NoDates) };
    let width = i64::from(width);
    // Both halves are equal for an odd width; for an even one the later half is the longer.
    let (before, after) = match compat {
        Compat::Corrected => ((width - 1) / 2, width / 2),
        Compat::Dna3 => (width / 2, width / 2),
    };
    let n = (last.0 - after) - (first.0 + before) + 1;
    if n > MAX_WINDOWS as i64 {
        return Err(DiscourseError::TooManyWindows { n: usize::try_from(n).unwrap_or(usize::MAX) });
    }
    let half = (before + after + 1) as f64 / 2.0;
    Ok((first.0 + before..=last.0 - after)
        .map(|centre| {
            let (from, to) = (centre - before, centre + after);
            let middle = (from + to) as f64 / 2.0;
            let inside = placed.iter().filter(|(at, _)| (from..=to).contains(at));
            let weighed = inside.clone().filter_map(|(at, s)| {
                let distance = match compat {
                    Compat::Corrected => (*at as f64 - middle) / half,
                    // The sign is that of the middle less the time.
                    Compat::Dna3 => (middle - *at as f64) / (before.max(1) as f64),
                };
                let weight = kernel.weight(distance, compat);
                (weight > 0.0).then(|| (*s, if one_mode { sqrt(weight) } else { weight }))
            });
            let mut dates = inside.clone().filter_map(|(_, s)| s.date);
            let first = dates.next();
            Window { first, last: dates.next_back().or(first), from, to, statements: weighed.collect() }
        })
        .collect())
}

/// Statements with their place in time, in order.
fn placed(statements: &[ActorStatement], unit: TimeUnit) -> Vec<(i64, ActorStatement)> {
    let at = |s: &ActorStatement| -> Option<i64> {
        let date = s.date?;
        match unit {
            TimeUnit::Days | TimeUnit::Events => day_number(date),
            TimeUnit::Weeks => day_number(date).map(week),
            TimeUnit::Months => Some(i64::from(date.year) * 12 + i64::from(date.month?) - 1),
            TimeUnit::Years => Some(i64::from(date.year)),
        }
    };
    let mut out: Vec<(i64, ActorStatement)> = statements.iter().filter_map(|s| Some((at(s)?, *s))).collect();
    // Statements of one day keep their order: DNA shuffles them anew each time.
    out.sort_by_key(|(at, s)| (*at, s.document));
    if unit == TimeUnit::Events {
        out.iter_mut().enumerate().for_each(|(place, (at, _))| *at = place as i64);
    }
    out
}
