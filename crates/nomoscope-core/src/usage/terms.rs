//! Words and phrases: how often they occur, in which groups, and what stands near a concept.
//!
//! A word is what [`crate::text::words`] says, in the form in which patterns are compared (case and, unless the codebook keeps
//! them, accents folded; an article in front of an apostrophe and the English 's cut off, as the matcher does). Numbers are
//! counted among all words and listed nowhere. What interviewers say is left out unless it is coded.
//!
//! Texts are read in parallel, a stretch of sources at a time, and joined in their order.

use crate::codebook::ConceptIx;
use crate::codebook::fold::fold_word;
use crate::codebook::pattern::{AfterApostrophe, after_apostrophe};
use crate::norm::corpus::{CodedSource, Corpus, Interviewers};
use crate::text::characters::{Role, is_apostrophe, is_unspaced, role};
use crate::text::segment::{speaker, turns_that_ask};
use crate::text::stop_words::stop_words;
use crate::text::{Level, Span, words};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The longest phrase, in words.
pub const MAX_WORDS: usize = 5;
/// Different phrases that are kept at once; beyond, those seen once so far are dropped.
const MAX_PHRASES: usize = 4_000_000;
/// Sources that are read before they are joined with the rest.
const BATCH: usize = 512;

/// A word of a source.
#[derive(Debug, Clone, Copy)]
pub struct Word {
    /// Where.
    pub span: Span,
    /// Index of its form.
    pub form: u32,
    /// Whether a phrase may not reach over what stands before it: a sentence, a comma, a break.
    pub apart: bool,
}

/// The words of one source.
#[derive(Debug, Default)]
pub struct Words {
    /// In the order of the text.
    pub words: Vec<Word>,
    /// The forms that occur.
    pub forms: Vec<String>,
    /// How each form is written, with how often.
    written: Vec<BTreeMap<String, u64>>,
}

impl Words {
    /// Returns the words of a source, those of interviewers left out unless they are coded.
    #[must_use]
    pub fn of(corpus: &Corpus, source: usize, interviewers: &Interviewers) -> Self {
        let text = corpus.sources[source].document.flowing();
        let mut unheard = asked(&corpus.coded[source], &text, interviewers);
        unheard.extend(names_of_speakers(&corpus.coded[source], &text));
        unheard.sort_unstable();
        Self::read(&text, &unheard, corpus.codebook.keep_accents)
    }

    fn read(text: &str, unheard: &[Span], keep_accents: bool) -> Self {
        let mut out = Self::default();
        let mut forms: HashMap<String, u32> = HashMap::new();
        let mut surfaces: Vec<(&str, u32, u64)> = Vec::new();
        let mut known: HashMap<&str, usize> = HashMap::new();
        // Where the last word ended, how many unheard stretches began so far, and how far they reach.
        let (mut end, mut begun, mut reach) = (0, 0, 0);
        for span in words(text) {
            while let Some(stretch) = unheard.get(begun).filter(|stretch| stretch.start <= span.start) {
                reach = reach.max(stretch.end);
                begun += 1;
            }
            if span.start < reach {
                continue;
            }
            let between = Span::new(end, span.start).of(text);
            end = span.end;
            let surface = bare(span.of(text));
            let at = *known.entry(surface).or_insert_with(|| {
                let form = fold_word(surface, keep_accents);
                let next = forms.len() as u32;
                surfaces.push((surface, *forms.entry(form).or_insert(next), 0));
                surfaces.len() - 1
            });
            surfaces[at].2 += 1;
            let form = surfaces[at].1;
            out.words.push(Word { span, form, apart: out.words.is_empty() || divides(between) });
        }
        out.forms = vec![String::new(); forms.len()];
        for (form, at) in forms {
            out.forms[at as usize] = form;
        }
        out.written = vec![BTreeMap::new(); out.forms.len()];
        for (surface, form, n) in surfaces {
            *out.written[form as usize].entry(surface.to_owned()).or_default() += n;
        }
        out
    }
}

impl Words {
    /// Returns how a form is mostly written; of equals the last, for small letters come after capitals.
    #[must_use]
    pub fn as_written(&self, form: u32) -> &str {
        let surfaces = self.written.get(form as usize).into_iter().flatten();
        surfaces.max_by_key(|(_, n)| **n).map_or("", |(surface, _)| surface.as_str())
    }
}

/// Returns the turns of those who ask, which count for nothing unless their words are coded.
#[must_use]
pub fn asked(coded: &CodedSource, text: &str, interviewers: &Interviewers) -> Vec<Span> {
    if interviewers.coded {
        return Vec::new();
    }
    let turns = turns_that_ask(&coded.segmentation, text, &interviewers.named);
    turns.into_iter().map(|unit| coded.segmentation.units[unit].span).collect()
}

/// Texts by which a language is told together.
const HEADS: usize = 100;
/// How far into a turn its speaker's name may reach, in bytes.
const NAME: usize = 120;

/// Returns where the names of speakers stand in front of their turns: they were written, not said.
fn names_of_speakers(coded: &CodedSource, text: &str) -> Vec<Span> {
    let turns = coded.segmentation.units.iter().filter_map(|unit| Some((unit.span, speaker(unit)?)));
    let name = |(span, who): (Span, &str)| {
        let colon = span.of(text).bytes().take(NAME).position(|byte| byte == b':')? as u32;
        let name = Span::new(span.start, span.start + colon);
        let begins: String = who.chars().take(8).collect();
        name.of(text).contains(&begins).then_some(name)
    };
    turns.filter_map(name).collect()
}

/// Returns the word without an article that is elided before it (d'enfants) and without the English 's.
fn bare(word: &str) -> &str {
    let Some((at, mark)) = word.char_indices().find(|(_, c)| is_apostrophe(*c)) else { return word };
    let rest = &word[at + mark.len_utf8()..];
    match after_apostrophe(rest.chars(), |_| false) {
        AfterApostrophe::Ending(ending) if ending == "s" && at > 0 => &word[..at],
        AfterApostrophe::Word if at > 0 => rest,
        _ => word,
    }
}

/// Whether what stands between two words divides them.
fn divides(between: &str) -> bool {
    between.contains("\n\n")
        || between.contains("\r\n\r\n")
        || between.chars().any(|c| matches!(role(c), Role::Stop | Role::Punctuation))
}

/// What is counted.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Words of a phrase, 1 to [`MAX_WORDS`].
    pub length: usize,
    /// The group of each source, if they are grouped.
    pub groups: Vec<u32>,
    /// Who asks in interviews.
    pub interviewers: Interviewers,
    /// The concept whose surroundings are counted, and how many words they are on either side.
    pub near: Option<(ConceptIx, usize)>,
}

/// A word or phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// As it is mostly written.
    pub written: String,
    /// As it is compared; words of a phrase have a space between.
    pub form: String,
    /// Whether it says little alone: only words have this.
    pub stop: bool,
    /// How often it occurs.
    pub n: u64,
    /// In how many sources.
    pub sources: u32,
    /// The same by group.
    pub groups: BTreeMap<u32, (u64, u32)>,
    /// How often it occurs outside the concept's own words.
    pub outside: u64,
    /// Of these, how often it stands near the concept.
    pub beside: u64,
    /// Near how many occurrences of the concept.
    pub nodes: u64,
}

/// Everything that was counted.
#[derive(Debug, Clone, Default)]
pub struct Counted {
    /// Most frequent first; of equals, by form.
    pub terms: Vec<Term>,
    /// All words, or places of a phrase, in each group; one group where there are none.
    pub all: BTreeMap<u32, u64>,
    /// Words outside the concept's own.
    pub outside: u64,
    /// Of these, words near the concept.
    pub beside: u64,
    /// Occurrences of the concept.
    pub nodes: u64,
    /// Whether phrases were so many that some seen once were dropped on the way.
    pub dropped: bool,
    /// Languages of sources that have no list of stop words, with the number of sources in each.
    pub without_stop_words: BTreeMap<String, usize>,
}

impl Counted {
    /// Returns all words, or places of a phrase.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.all.values().sum()
    }
}

#[derive(Debug, Default)]
struct Sum {
    n: u64,
    sources: u32,
    groups: BTreeMap<u32, (u64, u32)>,
    beside: u64,
    nodes: u64,
    outside: u64,
}

/// What one source adds.
#[derive(Debug, Default)]
struct Part {
    terms: Vec<(String, Local)>,
    written: Vec<(String, BTreeMap<String, u64>)>,
    all: u64,
    outside: u64,
    beside: u64,
    nodes: u64,
}

#[derive(Debug, Default, Clone, Copy)]
struct Local {
    n: u64,
    beside: u64,
    nodes: u64,
    outside: u64,
}

/// Counts words or phrases in all sources; phrases that begin or end with a stop word are left out.
///
/// Of a word near the concept, `beside` counts places, and `nodes` the occurrences of the concept that have it near them.
#[must_use]
pub fn count(corpus: &Corpus, settings: &Settings) -> Counted {
    let mut out = Counted::default();
    let languages = languages(corpus, &mut out.without_stop_words);
    let stop: BTreeSet<String> = stop_words(languages.iter().map(String::as_str))
        .into_iter()
        .map(|word| fold_word(word, corpus.codebook.keep_accents))
        .collect();
    let mut sums: HashMap<String, Sum> = HashMap::new();
    let mut written: HashMap<String, BTreeMap<String, u64>> = HashMap::new();
    let all: Vec<usize> = (0..corpus.sources.len()).collect();
    for batch in all.chunks(BATCH) {
        let parts: Vec<Part> = batch.par_iter().map(|&source| part(corpus, source, settings, &stop)).collect();
        for (&source, part) in batch.iter().zip(parts) {
            let group = settings.groups.get(source).copied().unwrap_or_default();
            *out.all.entry(group).or_default() += part.all;
            out.outside += part.outside;
            out.beside += part.beside;
            out.nodes += part.nodes;
            join(&mut sums, part.terms, group);
            for (form, surfaces) in part.written {
                let to = written.entry(form).or_default();
                for (surface, n) in surfaces {
                    *to.entry(surface).or_default() += n;
                }
            }
        }
        if sums.len() > MAX_PHRASES {
            out.dropped = true;
            sums.retain(|_, sum| sum.n > 1);
        }
    }
    out.terms = sums.into_iter().map(|(form, sum)| term(form, sum, &stop, &written)).collect();
    out.terms.sort_unstable_by(|a, b| b.n.cmp(&a.n).then_with(|| a.form.cmp(&b.form)));
    out
}

/// Returns the languages of the sources, and notes those without stop words.
fn languages(corpus: &Corpus, without: &mut BTreeMap<String, usize>) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for (source, coded) in corpus.sources.iter().zip(&corpus.coded) {
        let said = source.language.iter().map(String::as_str);
        let own = source.document.language.as_deref().filter(|_| source.language.is_empty());
        for language in said.chain(own).chain(coded.detected) {
            if !crate::text::stop_words::has_stop_words(language) {
                *without.entry(crate::text::language::primary(language)).or_default() += 1;
            }
            out.insert(language.to_owned());
        }
    }
    if out.is_empty() {
        // Texts that are too short for a language each may tell it together.
        let heads: String = corpus.sources.iter().map(|source| source.document.text.as_str()).take(HEADS).collect();
        out.extend(crate::text::detect::detect(&heads).map(str::to_owned));
    }
    out
}

fn join(sums: &mut HashMap<String, Sum>, terms: Vec<(String, Local)>, group: u32) {
    for (form, local) in terms {
        let sum = sums.entry(form).or_default();
        sum.n += local.n;
        sum.sources += 1;
        let of_group = sum.groups.entry(group).or_default();
        *of_group = (of_group.0 + local.n, of_group.1 + 1);
        sum.beside += local.beside;
        sum.nodes += local.nodes;
        sum.outside += local.outside;
    }
}

fn term(form: String, sum: Sum, stop: &BTreeSet<String>, written: &HashMap<String, BTreeMap<String, u64>>) -> Term {
    let best = |word: &str| -> String {
        let surfaces = written.get(word).into_iter().flatten();
        // Of equals the last: small letters come after capitals.
        surfaces.max_by_key(|(_, n)| **n).map_or_else(|| word.to_owned(), |(surface, _)| surface.clone())
    };
    let mut shown = String::new();
    for word in form.split(' ').map(best) {
        let close = shown.ends_with(is_unspaced) && word.starts_with(is_unspaced);
        if !shown.is_empty() && !close {
            shown.push(' ');
        }
        shown.push_str(&word);
    }
    Term {
        written: shown,
        stop: stop.contains(&form),
        form,
        n: sum.n,
        sources: sum.sources,
        groups: sum.groups,
        outside: sum.outside,
        beside: sum.beside,
        nodes: sum.nodes,
    }
}

fn part(corpus: &Corpus, source: usize, settings: &Settings, stop: &BTreeSet<String>) -> Part {
    let read = Words::of(corpus, source, &settings.interviewers);
    let worth: Vec<(bool, bool)> =
        read.forms.iter().map(|form| (stop.contains(form), form.chars().any(char::is_alphabetic))).collect();
    let mut out = Part::default();
    let mut counts: HashMap<Vec<u32>, Local> = HashMap::new();
    if settings.length == 1 {
        out.all = read.words.len() as u64;
        for word in read.words.iter().filter(|word| worth[word.form as usize].1) {
            counts.entry(vec![word.form]).or_default().n += 1;
        }
    } else {
        let mut phrase: Vec<u32> = Vec::with_capacity(settings.length);
        for window in read.words.windows(settings.length) {
            if window.iter().skip(1).any(|word| word.apart) {
                continue;
            }
            out.all += 1;
            let ends = [window.first(), window.last()];
            let says = ends.iter().flatten().all(|w| !worth[w.form as usize].0)
                && window.iter().all(|w| worth[w.form as usize].1);
            if says {
                phrase.clear();
                phrase.extend(window.iter().map(|word| word.form));
                if let Some(local) = counts.get_mut(&phrase) {
                    local.n += 1;
                } else {
                    counts.insert(phrase.clone(), Local { n: 1, ..Local::default() });
                }
            }
        }
    }
    if let Some((concept, width)) = settings.near {
        surroundings(&corpus.coded[source], &read, (concept, width), &mut counts, &mut out);
    }
    let spell = |ids: &[u32]| ids.iter().map(|&id| read.forms[id as usize].as_str()).collect::<Vec<_>>().join(" ");
    let mut used = vec![false; read.forms.len()];
    for id in counts.keys().flatten() {
        used[*id as usize] = true;
    }
    out.terms = counts.iter().map(|(ids, local)| (spell(ids), *local)).collect();
    let surfaces = read.forms.into_iter().zip(read.written).zip(used);
    out.written = surfaces.filter(|(_, used)| *used).map(|(pair, _)| pair).collect();
    out
}

/// Counts the words near a concept, in the paragraph where it stands.
fn surroundings(
    coded: &CodedSource,
    read: &Words,
    (concept, width): (ConceptIx, usize),
    counts: &mut HashMap<Vec<u32>, Local>,
    out: &mut Part,
) {
    let words = &read.words;
    let mut own = vec![false; words.len()];
    let mut nodes: Vec<(usize, usize, Span)> = Vec::new();
    for coding in coded.codings.iter().filter(|coding| coding.concept == concept) {
        let from = words.partition_point(|word| word.span.end <= coding.span.start);
        let to = words.partition_point(|word| word.span.start < coding.span.end);
        if from < to {
            own[from..to].fill(true);
            nodes.push((from, to, coded.span(coded.unit_at(coding.span.start, Level::Paragraph))));
        }
    }
    out.nodes += nodes.len() as u64;
    let mut beside = vec![false; words.len()];
    for (from, to, paragraph) in nodes {
        let near = (from.saturating_sub(width)..from).chain(to..(to + width).min(words.len()));
        let mut seen: BTreeSet<u32> = BTreeSet::new();
        for at in near.filter(|&at| !own[at] && paragraph.contains(words[at].span)) {
            beside[at] = true;
            if seen.insert(words[at].form)
                && let Some(local) = counts.get_mut(std::slice::from_ref(&words[at].form))
            {
                local.nodes += 1;
            }
        }
    }
    for (at, word) in words.iter().enumerate().filter(|&(at, _)| !own[at]) {
        out.outside += 1;
        out.beside += u64::from(beside[at]);
        if let Some(local) = counts.get_mut(std::slice::from_ref(&word.form)) {
            local.outside += 1;
            local.beside += u64::from(beside[at]);
        }
    }
}
