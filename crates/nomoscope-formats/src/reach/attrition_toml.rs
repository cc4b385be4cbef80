//! The stages of a ladder of attrition, as a TOML file.

use super::victims::whole;
use crate::settings::Settings;
use crate::study::Problems;
use nomoscope_core::problem::{Remedy, Words};
use nomoscope_core::reach::attrition::{Count, Kind, Range, Shape, Size, Stage};
use nomoscope_core::spelling::nearest;
use std::collections::BTreeMap;
use std::ops::Range as Span;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

const TOP: &[&str] = &["title", "caution", "source", "licence", "license", "retrieved", "note", "stage"];
const KEYS: &[&str] = &[
    "id",
    "label",
    "unit",
    "year",
    "kind",
    "population",
    "source",
    "note",
    "count",
    "low",
    "high",
    "shape",
    "one_in",
    "of",
];
const SHAPES: &str = "a shape is uniform or log-uniform; a count within low and high makes it triangular";
/// The largest file, in bytes.
const MAX_BYTES: usize = 4 << 20;
/// The most stages.
const MAX_STAGES: usize = 200;

/// A file of stages.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Attrition {
    /// What the ladder is about.
    pub title: String,
    /// What to bear in mind in reading it.
    pub caution: String,
    /// The stages.
    pub stages: Vec<Stage>,
}

/// Reads the stages of a file.
///
/// # Errors
/// Everything that is wrong with it, by line.
pub fn parse(file: &str, bytes: &[u8], suppressed_from: u64) -> Result<Attrition, Problems> {
    let (settings, table) = Settings::open(file, bytes, MAX_BYTES)?;
    let mut reader = Reader { settings, suppressed_from, ids: BTreeMap::new() };
    let out = reader.file(table.get_ref());
    reader.settings.problems.or(out)
}

struct Reader<'a> {
    settings: Settings<'a>,
    suppressed_from: u64,
    ids: BTreeMap<String, usize>,
}

/// A value of a table with its place.
type At<'v> = (Span<usize>, &'v DeValue<'v>);

impl Reader<'_> {
    fn complain(&mut self, at: Span<usize>, reason: impl Into<Words>, hint: Option<Remedy>) {
        self.settings.say(at, reason, hint);
    }

    fn text_of(&mut self, table: &DeTable<'_>, key: &str) -> Option<String> {
        match at(table, key)? {
            (_, DeValue::String(s)) => Some(s.trim().to_owned()),
            (_, DeValue::Integer(n)) if key == "year" => Some(n.to_string()),
            (span, other) => {
                self.complain(span, format!("`{key}` is of type {}, not a string", other.type_str()), None);
                None
            }
        }
    }

    fn file(&mut self, table: &DeTable<'_>) -> Attrition {
        self.settings.unknown_keys(table, TOP, "the file");
        let title = self.text_of(table, "title").unwrap_or_default();
        let caution = self.text_of(table, "caution").unwrap_or_default();
        let mut stages = Vec::new();
        match at(table, "stage") {
            Some((span, DeValue::Array(list))) if list.len() > MAX_STAGES => {
                self.complain(span, format!("{} stages, more than {MAX_STAGES}", list.len()), None);
            }
            Some((_, DeValue::Array(list))) => {
                for entry in list.iter() {
                    stages.extend(self.stage(entry, stages.len()));
                }
            }
            Some((span, _)) => {
                self.complain(span, "`stage` is no list of tables", Some("begin each with [[stage]]".into()))
            }
            None => self.complain(0..0, "the file has no stage", Some("begin one with [[stage]]".into())),
        }
        Attrition { title, caution, stages }
    }

    fn stage(&mut self, entry: &Spanned<DeValue<'_>>, place: usize) -> Option<Stage> {
        let DeValue::Table(table) = entry.get_ref() else {
            self.complain(entry.span(), "a stage is no table", Some("begin each with [[stage]]".into()));
            return None;
        };
        self.settings.unknown_keys(table, KEYS, "a stage");
        let label = self.text_of(table, "label").filter(|s| !s.is_empty());
        let id = self.text_of(table, "id").filter(|s| !s.is_empty());
        if label.is_none() && id.is_none() {
            self.complain(entry.span(), "a stage has neither `id` nor `label`", None);
        }
        let id = id.or_else(|| label.clone()).unwrap_or_default();
        let label = label.unwrap_or_else(|| id.clone());
        for key in ["unit", "year", "source"] {
            if !table.contains_key(key) {
                let hint = match key {
                    "unit" => "what is counted: unit = \"child\"",
                    "year" => "year = 2016, or year = \"2003-2020\"",
                    _ => "who counted: source = \"ILO (2002), p. x\"",
                };
                self.complain(entry.span(), format!("stage `{id}` has no `{key}`"), Some(hint.into()));
            }
        }
        let kind = self.kind(table);
        let size = self.size(table, entry.span(), &id, place);
        if self.ids.insert(id.clone(), place).is_some() {
            self.complain(entry.span(), format!("stage `{id}` is there twice"), None);
        }
        let mut text = |key: &str| self.text_of(table, key).unwrap_or_default();
        let (unit, year, population) = (text("unit"), text("year"), text("population"));
        let (source, note) = (text("source"), text("note"));
        Some(Stage { id, label, unit, year, kind, population, source, note, size: size? })
    }

    fn kind(&mut self, table: &DeTable<'_>) -> Option<Kind> {
        let (span, _) = at(table, "kind")?;
        match self.text_of(table, "kind")?.as_str() {
            "stock" => Some(Kind::Stock),
            "flow" => Some(Kind::Flow),
            other => {
                let hint = "a stock is counted on a day, a flow over a year: kind = \"flow\"";
                self.complain(span, format!("`{other}` is neither stock nor flow"), Some(hint.into()));
                None
            }
        }
    }

    fn size(&mut self, table: &DeTable<'_>, span: Span<usize>, id: &str, place: usize) -> Option<Size> {
        let given = |key| table.contains_key(key);
        match (given("one_in"), given("count") || given("low") || given("high")) {
            (true, true) => {
                self.complain(span, format!("stage `{id}` has both a count and `one_in`"), Some("leave one".into()));
                None
            }
            (false, false) => {
                let hint = "count = 1200000, count = \"<5\", count = [300, 500], low and high, or one_in = 100";
                self.complain(span, format!("stage `{id}` has no count"), Some(hint.into()));
                None
            }
            (true, false) => self.one_in(table, place),
            (false, true) => self.count(table, span, id).map(Size::Count),
        }
    }

    fn one_in(&mut self, table: &DeTable<'_>, place: usize) -> Option<Size> {
        let n = self.number(table, "one_in")?;
        if let Some((span, _)) = at(table, "one_in").filter(|_| n < 1.0) {
            self.complain(span, format!("`one_in` is {n}, and 1 in less than 1 is no share"), None);
            return None;
        }
        let of = match at(table, "of") {
            None if place == 0 => {
                let span = at(table, "one_in").map_or(0..0, |(span, _)| span);
                self.complain(span, "the first stage is 1 in so many of nothing", Some("give it a count".into()));
                return None;
            }
            None => 0,
            Some((span, _)) => {
                let name = self.text_of(table, "of")?;
                let Some(of) = self.ids.get(&name).copied() else {
                    let near = nearest(&name, self.ids.keys().map(String::as_str));
                    let hint = Remedy::nearest_or(near, || "`of` names an earlier stage".to_owned());
                    self.complain(span, format!("no earlier stage is `{name}`"), Some(hint));
                    return None;
                };
                of
            }
        };
        Some(Size::OneIn { n, of })
    }

    fn number(&mut self, table: &DeTable<'_>, key: &str) -> Option<f64> {
        let (span, value) = at(table, key)?;
        self.as_number(span, value, key)
    }

    fn as_number(&mut self, span: Span<usize>, value: &DeValue<'_>, key: &str) -> Option<f64> {
        let parsed = match value {
            DeValue::Integer(n) => n.as_str().replace('_', "").parse::<f64>().ok(),
            DeValue::Float(n) => n.as_str().replace('_', "").parse::<f64>().ok(),
            DeValue::String(s) => whole(s.trim()).map(|n| n as f64).or_else(|| s.trim().parse().ok()),
            _ => None,
        };
        match parsed {
            Some(n) if n.is_finite() && n >= 0.0 => Some(n),
            Some(n) if n < 0.0 => {
                self.complain(span, format!("`{key}` is negative"), Some("a count is zero or more".into()));
                None
            }
            _ => {
                self.complain(span, format!("`{key}` is no number"), Some(format!("write {key} = 1200000").into()));
                None
            }
        }
    }

    fn count(&mut self, table: &DeTable<'_>, span: Span<usize>, id: &str) -> Option<Count> {
        let has_range = table.contains_key("low") || table.contains_key("high");
        match at(table, "count") {
            Some((at, DeValue::String(s))) if s.trim_start().starts_with('<') => self.suppressed(at, s, has_range),
            Some((at, DeValue::Array(pair))) => {
                let ends: Vec<(Span<usize>, &DeValue<'_>)> = pair.iter().map(|v| (v.span(), v.get_ref())).collect();
                let [(a, low), (b, high)] = ends.as_slice() else {
                    self.complain(at, "a range has two ends", Some("count = [300, 500]".into()));
                    return None;
                };
                let (low, high) = (self.as_number(a.clone(), low, "count"), self.as_number(b.clone(), high, "count"));
                self.range(table, span, id, low?, high?, None)
            }
            Some((at, value)) => {
                let best = self.as_number(at, value, "count")?;
                if !has_range {
                    return Some(Count::exact(best));
                }
                let (low, high) = self.ends(table, span.clone(), id)?;
                self.range(table, span, id, low, high, Some(best))
            }
            None => {
                let (low, high) = self.ends(table, span.clone(), id)?;
                self.range(table, span, id, low, high, None)
            }
        }
    }

    fn suppressed(&mut self, span: Span<usize>, written: &str, has_range: bool) -> Option<Count> {
        let below = whole(written.trim().trim_start_matches('<').trim()).filter(|n| *n >= 1);
        let Some(below) = below.filter(|_| !has_range) else {
            self.complain(span, format!("`{written}` is no suppressed count"), Some("write count = \"<5\"".into()));
            return None;
        };
        let mut count = Count::default();
        count.add_suppressed(self.suppressed_from.min(below - 1), below - 1, 1);
        Some(count)
    }

    fn ends(&mut self, table: &DeTable<'_>, span: Span<usize>, id: &str) -> Option<(f64, f64)> {
        for key in ["low", "high"].into_iter().filter(|k| !table.contains_key(*k)) {
            self.complain(
                span.clone(),
                format!("stage `{id}` has no `{key}`"),
                Some("a range has low and high".into()),
            );
        }
        let (low, high) = (self.number(table, "low"), self.number(table, "high"));
        Some((low?, high?))
    }

    fn range(
        &mut self,
        table: &DeTable<'_>,
        span: Span<usize>,
        id: &str,
        low: f64,
        high: f64,
        best: Option<f64>,
    ) -> Option<Count> {
        if low > high {
            self.complain(span, format!("stage `{id}`: the range runs from {low} down to {high}"), None);
            return None;
        }
        let shape = match (self.text_of(table, "shape").as_deref(), best) {
            (None, Some(best)) if (low..=high).contains(&best) => Shape::Triangular(best),
            (None, Some(best)) => {
                self.complain(span, format!("stage `{id}`: the count {best} lies outside {low} to {high}"), None);
                return None;
            }
            (None | Some("uniform"), None) => Shape::Uniform,
            (Some("log-uniform"), None) if low > 0.0 => Shape::LogUniform,
            (Some("log-uniform"), None) => {
                let hint = "a range from zero is uniform";
                self.complain(
                    span,
                    format!("stage `{id}`: a range from zero cannot be log-uniform"),
                    Some(hint.into()),
                );
                return None;
            }
            (Some(other), _) => {
                let reason = format!("stage `{id}`: the shape `{other}` does not fit");
                self.complain(span, reason, Some(SHAPES.into()));
                return None;
            }
        };
        Some(Count { exact: 0.0, ranges: vec![Range { low, high, shape, cells: 1 }] })
    }
}

fn at<'v>(table: &'v DeTable<'v>, key: &str) -> Option<At<'v>> {
    table.get(key).map(|v| (v.span(), v.get_ref()))
}
