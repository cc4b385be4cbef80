//! Passages as HTML: the quotation with its concepts marked, the source and the label of the unit.

use crate::escape::escape;
use nomoscope_core::codebook::{ConceptIx, Role};
use nomoscope_core::coding::Coding;
use nomoscope_core::norm::statement::{FormedSentence, Supply};
use nomoscope_core::text::{Direction, Span};
use nomoscope_core::usage::coupling::CouplingLevel;
use nomoscope_engine::map::answer::Analysis;
use nomoscope_engine::map::tables::sorted;
use nomoscope_engine::map::words::ranked;
use nomoscope_engine::map::words::{STATEMENTS, formula, joint_passages};
use nomoscope_engine::words::{counted, ratio};
use std::collections::BTreeSet;
use std::fmt::Write;

/// How many couplings are given with passages.
pub const COUPLINGS: usize = 60;
/// How many passages each is given with.
pub const PASSAGES: usize = 3;
/// The longest quotation, in bytes.
const LONGEST: u32 = 900;

/// Returns the passages behind statements, couplings and concepts.
#[must_use]
pub fn all(a: &Analysis) -> String {
    let mut out = String::new();
    out.push_str("<details><summary>Statements</summary>\n");
    for (i, (s, n)) in ranked(a).into_iter().enumerate().take(STATEMENTS) {
        let wanted: Vec<ConceptIx> = s.parts().into_iter().flatten().collect();
        let places: Vec<(u32, u32)> = n.passages.iter().map(|(_, p)| (p.source, p.unit)).collect();
        let title = format!(
            "{}. {} <small>weight {:.1}, {}, {}</small>",
            i + 1,
            escape(&formula(a, s)),
            n.weight,
            counted(n.windows.len(), "unit", "units"),
            counted(n.sources.len(), "source", "sources")
        );
        entry(&mut out, a, &format!("s-{}", i + 1), &title, &spread(&places), places.len(), &wanted);
    }
    out.push_str("</details>\n<details><summary>Couplings within texts</summary>\n");
    for c in sorted(a, CouplingLevel::Textual).into_iter().take(COUPLINGS) {
        let id = format!("c-{}-{}", a.id(c.a), a.id(c.b));
        let odds = c.odds_ratio.map_or_else(|| "no odds ratio".to_owned(), |o| format!("odds ratio {}", ratio(o)));
        let units = counted(c.n11 as usize, "unit", "units");
        let title = format!("{} – {} <small>{units}, {odds}</small>", escape(a.label(c.a)), escape(a.label(c.b)));
        entry(&mut out, a, &id, &title, &joint_passages(a, c, PASSAGES), c.n11 as usize, &[c.a, c.b]);
    }
    out.push_str("</details>\n<details><summary>Complete or not, binding or not</summary>\n");
    completeness(&mut out, a);
    force(&mut out, a);
    out.push_str("</details>\n<details><summary>Concepts</summary>\n");
    concepts(&mut out, a);
    out.push_str("</details>\n");
    out
}

/// A sentence with its source and the concepts to mark.
type Example = (u32, u32, Vec<ConceptIx>);

fn sentences(a: &Analysis) -> impl Iterator<Item = (u32, &FormedSentence)> {
    a.formed.windows.iter().enumerate().flat_map(|(s, windows)| {
        windows.iter().flat_map(move |w| w.sentences.iter().map(move |sentence| (s as u32, sentence)))
    })
}

/// Takes an example from each of the first sources that have one.
fn examples(a: &Analysis, fits: impl Fn(&FormedSentence) -> bool) -> (Vec<Example>, usize) {
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    let mut n = 0;
    for (source, sentence) in sentences(a).filter(|(_, s)| fits(s)) {
        n += 1;
        if out.len() < PASSAGES && seen.insert(source) {
            let own = sentence.parts.iter().flatten().filter(|p| p.supply == Supply::Sentence);
            out.push((source, sentence.unit, own.map(|p| p.concept).collect()));
        }
    }
    (out, n)
}

fn example_entry(out: &mut String, a: &Analysis, id: &str, title: &str, (list, n): (Vec<Example>, usize)) {
    if list.is_empty() {
        return;
    }
    let sentences = counted(n, "sentence", "sentences");
    let _ = writeln!(out, "<div class=\"evidence\" id=\"{id}\"><h4>{} <small>{sentences}</small></h4>", escape(title));
    for (source, unit, wanted) in list {
        out.push_str(&passage(a, source, unit, &wanted));
    }
    out.push_str("</div>\n");
}

fn completeness(out: &mut String, a: &Analysis) {
    out.push_str("<h3>Complete or not</h3>\n");
    let has = |s: &FormedSentence, r: Role| !s.parts[r.index()].is_empty();
    let own = |s: &FormedSentence| s.parts[Role::Behaviour.index()].iter().any(|p| p.supply == Supply::Sentence);
    example_entry(out, a, "e-complete", "Complete in the sentence", examples(a, FormedSentence::is_complete_alone));
    let supplied = examples(a, |s| s.is_complete() && !s.is_complete_alone());
    example_entry(out, a, "e-supplied", "Complete with parts from the window", supplied);
    let without = examples(a, |s| own(s) && !has(s, Role::Value));
    example_entry(out, a, "e-without-value", "A behaviour without a value", without);
    let other = examples(a, |s| s.value_of_another_norm && own(s));
    example_entry(out, a, "e-another-value", "A behaviour with another norm's value", other);
    example_entry(out, a, "e-without-problem", "No problem", examples(a, |s| !has(s, Role::Problem)));
    example_entry(out, a, "e-without-behaviour", "No behaviour", examples(a, |s| !has(s, Role::Behaviour)));
}

fn force(out: &mut String, a: &Analysis) {
    out.push_str("<h3>Binding or not</h3>\n");
    for (family, by_force) in &a.force {
        for force in by_force.keys() {
            let fits = |s: &FormedSentence| {
                s.parts[Role::Behaviour.index()].iter().any(|p| {
                    p.supply == Supply::Sentence
                        && p.force == *force
                        && a.corpus.codebook.get(p.concept).family.as_deref().unwrap_or("other") == family
                })
            };
            let id = format!("f-{}-{}", escape(family), force.name());
            example_entry(out, a, &id, &format!("{family}: {}", force.name()), examples(a, fits));
        }
    }
}

fn concepts(out: &mut String, a: &Analysis) {
    for ix in a.corpus.codebook.indices() {
        let mut places: Vec<(u32, u32)> = Vec::new();
        let mut n = 0;
        for (s, coded) in a.corpus.coded.iter().enumerate() {
            let mut first = true;
            for coding in coded.codings.iter().filter(|c| c.concept == ix) {
                n += 1;
                if first && places.len() < PASSAGES {
                    places.push((s as u32, coded.unit_at(coding.span.start, nomoscope_core::text::Level::Sentence)));
                    first = false;
                }
            }
        }
        if n == 0 {
            continue;
        }
        let concept = a.corpus.codebook.get(ix);
        let title = format!("{} <small>{}</small>", escape(a.label(ix)), counted(n, "coding", "codings"));
        let note = if concept.note.is_empty() {
            String::new()
        } else {
            format!("<p class=\"note\">{}</p>", escape(&concept.note))
        };
        entry_with(out, a, &format!("k-{}", concept.id), &title, &note, &places, n, &[ix]);
    }
}

/// Takes passages from as many sources as possible.
fn spread(places: &[(u32, u32)]) -> Vec<(u32, u32)> {
    let mut seen = BTreeSet::new();
    let mut first: Vec<(u32, u32)> = places.iter().copied().filter(|(s, _)| seen.insert(*s)).take(PASSAGES).collect();
    let more = places.iter().copied().filter(|p| !first.contains(p)).take(PASSAGES - first.len()).collect::<Vec<_>>();
    first.extend(more);
    first
}

fn entry(
    out: &mut String,
    a: &Analysis,
    id: &str,
    title: &str,
    places: &[(u32, u32)],
    total: usize,
    wanted: &[ConceptIx],
) {
    entry_with(out, a, id, title, "", places, total, wanted);
}

#[allow(clippy::too_many_arguments, reason = "one call builds one entry; a struct would be built once and read once")]
fn entry_with(
    out: &mut String,
    a: &Analysis,
    id: &str,
    title: &str,
    note: &str,
    places: &[(u32, u32)],
    total: usize,
    wanted: &[ConceptIx],
) {
    let _ = writeln!(out, "<div class=\"evidence\" id=\"{}\"><h4>{title}</h4>{note}", escape(id));
    for &(source, unit) in places {
        out.push_str(&passage(a, source, unit, wanted));
    }
    if total > places.len() {
        let more = counted(total - places.len(), "further place", "further places");
        let _ = writeln!(out, "<p class=\"more\">{more}: see the tables.</p>");
    }
    out.push_str("</div>\n");
}

/// Returns one passage with the wanted concepts marked.
#[must_use]
pub fn passage(a: &Analysis, source: u32, unit: u32, wanted: &[ConceptIx]) -> String {
    quotation(a, source, unit, wanted, LONGEST)
}

/// Returns a passage with the wanted concepts marked, of a long one so many bytes.
#[must_use]
pub(crate) fn quotation(a: &Analysis, source: u32, unit: u32, wanted: &[ConceptIx], longest: u32) -> String {
    let coded = &a.corpus.coded[source as usize];
    let from = &a.corpus.sources[source as usize];
    let text = from.document.text.as_str();
    let span = shortened(text, coded.span(unit), coded.codings_in(coded.span(unit)), (wanted, longest));
    let codings: Vec<Coding> = coded.codings_in(span).iter().filter(|c| wanted.contains(&c.concept)).copied().collect();
    let lang = from.language.first().map(|l| format!(" lang=\"{}\"", escape(l))).unwrap_or_default();
    let dir = match from.document.direction {
        Some(Direction::Rtl) => " dir=\"rtl\"",
        _ => "",
    };
    let before = if span.start > coded.span(unit).start { "… " } else { "" };
    let after = if span.end < coded.span(unit).end { " …" } else { "" };
    format!(
        "<figure class=\"passage\"><blockquote{lang}{dir}>{before}{}{after}</blockquote><figcaption><a href=\"#src-{}\">{}</a>, {}</figcaption></figure>\n",
        marked(a, text, span, &codings),
        source + 1,
        escape(&from.title),
        escape(coded.label(unit))
    )
}

/// Cuts a long unit round the first wanted coding, at spaces.
fn shortened(text: &str, span: Span, codings: &[Coding], (wanted, longest): (&[ConceptIx], u32)) -> Span {
    if span.len() <= longest {
        return span;
    }
    let first = codings.iter().find(|c| wanted.contains(&c.concept)).map_or(span.start, |c| c.span.start);
    let start = first.saturating_sub(longest / 3).max(span.start);
    let end = (start + longest).min(span.end);
    let at_space = |at: u32, step: i64| {
        let mut at = i64::from(at);
        while at > i64::from(span.start) && at < i64::from(span.end) {
            let i = at as usize;
            if text.is_char_boundary(i) && text[i..].starts_with(char::is_whitespace) {
                break;
            }
            at += step;
        }
        at as u32
    };
    let start = if start > span.start { at_space(start, 1) } else { start };
    let end = if end < span.end { at_space(end, -1) } else { end };
    if start < end { Span::new(start, end) } else { span }
}

fn marked(a: &Analysis, text: &str, span: Span, codings: &[Coding]) -> String {
    let mut out = String::new();
    let mut at = span.start;
    for coding in codings.iter().filter(|c| span.contains(c.span)) {
        if coding.span.start < at {
            continue;
        }
        let concept = a.corpus.codebook.get(coding.concept);
        let role = concept.roles.first().copied().unwrap_or(Role::Problem);
        out.push_str(&escape(Span::new(at, coding.span.start).of(text)));
        let _ = write!(
            out,
            "<mark class=\"{}\" title=\"{}: {}\">{}</mark>",
            role.name(),
            role.name(),
            escape(a.label(coding.concept)),
            escape(coding.span.of(text))
        );
        at = coding.span.end;
    }
    out.push_str(&escape(Span::new(at, span.end).of(text)));
    out
}
