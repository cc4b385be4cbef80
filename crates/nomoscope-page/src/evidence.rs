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
use std::cmp::Reverse;
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
            out.push((source, sentence.unit, sentence.own().map(|p| p.concept).collect()));
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
    quotation(a, (source, unit), wanted, wanted, LONGEST)
}

/// Returns a passage with concepts marked; of a long one so many bytes, cut so that what it is quoted for can be read.
#[must_use]
pub(crate) fn quotation(
    a: &Analysis,
    (source, unit): (u32, u32),
    shown: &[ConceptIx],
    about: &[ConceptIx],
    longest: u32,
) -> String {
    let coded = &a.corpus.coded[source as usize];
    let from = &a.corpus.sources[source as usize];
    let text = from.document.text.as_str();
    let whole = coded.span(unit);
    let pieces = pieces(text, whole, coded.codings_in(whole), about, longest);
    let lang = from.language.first().map(|l| format!(" lang=\"{}\"", escape(l))).unwrap_or_default();
    let dir = match from.document.direction {
        Some(Direction::Rtl) => " dir=\"rtl\"",
        _ => "",
    };
    let mut words = String::new();
    for (i, &piece) in pieces.iter().enumerate() {
        words.push_str(if i > 0 || piece.start > whole.start { "… " } else { "" });
        let codings = coded.codings_in(piece).iter().filter(|c| shown.contains(&c.concept));
        words.push_str(&marked(a, text, piece, &codings.copied().collect::<Vec<Coding>>()));
        words.push_str(if piece.end < whole.end { " " } else { "" });
    }
    let after = if pieces.last().is_some_and(|last| last.end < whole.end) { "…" } else { "" };
    format!(
        "<figure class=\"passage\"><blockquote{lang}{dir}>{words}{after}</blockquote><figcaption><a href=\"#src-{}\">{}</a>, {}</figcaption></figure>\n",
        source + 1,
        escape(&from.title),
        escape(coded.label(unit))
    )
}

/// Concepts of which a passage shows each, even if they stand far apart; of more, as many as stand together.
const EACH: usize = 3;

/// Returns what is quoted of a unit: all of a short one; of a long one a piece that holds all that it is quoted for, or where that
/// stands too far apart, a piece round each.
fn pieces(text: &str, whole: Span, codings: &[Coding], about: &[ConceptIx], longest: u32) -> Vec<Span> {
    if whole.len() <= longest {
        return vec![whole];
    }
    let found: Vec<&Coding> = codings.iter().filter(|c| about.contains(&c.concept)).collect();
    let kinds: BTreeSet<ConceptIx> = found.iter().map(|c| c.concept).collect();
    // From each coding on, those that fit beside it: the most concepts, then the least room, then the first.
    let from = |i: usize| {
        let start = found[i].span.start;
        let mut seen: Vec<&Coding> = Vec::new();
        for &next in found[i..].iter().take_while(|next| next.span.end <= start + longest) {
            if !seen.iter().any(|known| known.concept == next.concept || known.span.overlaps(next.span)) {
                seen.push(next);
            }
        }
        let end = seen.iter().map(|c| c.span.end).max().unwrap_or(start);
        (seen.len(), Reverse(end - start), Reverse(i), Span::new(start, end))
    };
    let best = (0..found.len()).map(from).max_by_key(|(n, room, i, _)| (*n, *room, *i));
    let mut cores: Vec<Span> = match best {
        None => vec![Span::new(whole.start, whole.start)],
        Some((n, .., span)) if n == kinds.len() || kinds.len() > EACH => vec![span],
        Some(_) => kinds.iter().filter_map(|kind| found.iter().find(|c| c.concept == *kind)).map(|c| c.span).collect(),
    };
    cores.sort();
    let room = longest / cores.len() as u32;
    let mut out: Vec<Span> = Vec::new();
    for core in cores {
        let piece = around(text, whole, core, room);
        match out.last_mut().filter(|last| piece.start <= last.end) {
            Some(last) => *last = Span::new(last.start, last.end.max(piece.end)),
            None => out.push(piece),
        }
    }
    out
}

/// Widens a span within a whole to so many bytes, a third of what is added before it, and ends at spaces.
fn around(text: &str, whole: Span, core: Span, longest: u32) -> Span {
    let start = core.start.saturating_sub(longest.saturating_sub(core.len()) / 3).max(whole.start);
    let end = (start + longest).max(core.end).min(whole.end);
    let start = if start > whole.start { inward(text, start..core.start, true) } else { start };
    Span::new(start, if end < whole.end { inward(text, core.end..end, false) } else { end })
}

/// Returns the first place of a stretch where words may be cut, or the last: at a space, or where none is near, as in Thai or
/// Chinese, between two characters.
fn inward(text: &str, stretch: std::ops::Range<u32>, first: bool) -> u32 {
    /// The length of a long word, in bytes.
    const NEAR: usize = 40;
    let is_cut = |at: &u32| text.is_char_boundary(*at as usize);
    let is_space = |at: &u32| is_cut(at) && text[*at as usize..].starts_with(char::is_whitespace);
    let (near_space, near_cut) = if first {
        (stretch.clone().take(NEAR).find(is_space), stretch.clone().find(is_cut))
    } else {
        (stretch.clone().rev().take(NEAR).find(is_space), stretch.clone().rev().find(is_cut))
    };
    near_space.or(near_cut).unwrap_or(if first { stretch.end } else { stretch.start })
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

#[cfg(test)]
mod tests {
    use super::*;
    use nomoscope_core::study::Origin;

    /// Returns what is quoted of a text for the words that stand in it, each of its own concept.
    fn quoted<'t>(text: &'t str, words: &[&str], longest: u32) -> Vec<&'t str> {
        let mut codings = Vec::new();
        for (word, at) in words.iter().zip(0..) {
            codings.extend(text.match_indices(word).map(|(start, _)| Coding {
                span: Span::new(start as u32, (start + word.len()) as u32),
                concept: ConceptIx(at),
                origin: Origin::Person,
            }));
        }
        codings.sort_by_key(|c| c.span);
        let about: Vec<ConceptIx> = (0..words.len() as u16).map(ConceptIx).collect();
        let whole = Span::new(0, text.len() as u32);
        pieces(text, whole, &codings, &about, longest).into_iter().map(|piece| piece.of(text)).collect()
    }

    #[test]
    fn a_long_passage_shows_what_it_is_quoted_for() {
        let filler = "and so on ".repeat(30);
        let apart = format!("The child is named. {filler} Here they punish somebody. {filler}");
        assert_eq!(quoted("The child is named.", &["child"], 80), ["The child is named."]);
        let both = quoted(&apart, &["child", "punish"], 80);
        assert_eq!(both.len(), 2);
        assert!(both[0].contains("child") && both[1].contains("punish"), "{both:?}");
        assert!(both.iter().all(|piece| piece.len() <= 40 && piece.trim() != ""), "{both:?}");
        // The first child is far from what is punished; another is not.
        let near = format!("A child. {filler} They punish what was done to the child. {filler}");
        let one = quoted(&near, &["child", "punish"], 80);
        assert!(matches!(&one[..], [piece] if piece.contains("punish what was done to the child")), "{one:?}");
        assert_eq!(quoted(&filler, &[], 40).len(), 1);
    }

    /// Texts without spaces are cut between characters, with something round what is quoted.
    #[test]
    fn a_long_passage_without_spaces_is_cut_between_characters() {
        let text = format!("{}人身取引{}", "条約の締約国は".repeat(30), "を犯罪とする".repeat(30));
        let piece = quoted(&text, &["人身取引"], 120);
        assert!(piece[0].contains("人身取引") && (80..=120).contains(&piece[0].len()), "{piece:?}");
    }
}
