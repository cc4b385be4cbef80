//! Transcripts as subtitles (vtt, srt, sbv), as Teams, Zoom, Otter and video sites export them.
//!
//! Times are left out. Cues of one speaker that follow one another are one turn; where nobody is named, cues run on to the
//! end of a sentence, and a pause begins a paragraph. Lines that a rolling display repeats are read once.

use super::{Format, single};
use crate::builder::{Builder, Open};
use crate::decode::{Declaration, decode};
use crate::{FormatError, Input, Read, ReadOptions};
use nomoscope_core::text::{Document, MarkKind};

pub(super) const FORMAT: Format = Format {
    name: "vtt",
    extensions: &["vtt", "srt", "sbv"],
    description: "subtitles and transcripts with times, in turns of their speakers",
    roots: &[],
    read,
};

/// A pause that begins a paragraph, in seconds.
const PAUSE: f64 = 2.0;
/// Where a paragraph without speakers is long enough to end with a sentence, in bytes.
const LONG: usize = 600;

/// What is said at one time.
struct Cue {
    start: f64,
    end: f64,
    speaker: Option<String>,
    /// How the cue names its speaker: `Ana:`, `[ANA]`.
    lead: String,
    /// Whether a dash or two angles say that somebody else speaks, without a name.
    apart: bool,
    text: String,
}

fn read(input: &Input, options: &ReadOptions) -> Result<Vec<Read>, FormatError> {
    let decoded = decode(input, Declaration::None, options)?;
    let mut language = None;
    let cues = cues(&decoded.text, &mut language);
    let builder = Builder::new(&options.limits);
    let n_speakers = cues.iter().filter(|cue| cue.speaker.is_some()).count();
    // A lone "Name:" is a word of somebody's sentence; a tag `<v Name>` never is.
    let turns = n_speakers >= 2 || (n_speakers > 0 && decoded.text.contains("<v"));
    let mut writer =
        Writer { builder, turns, speaker: None, open: None, end: f64::NEG_INFINITY, length: 0, begun: false };
    cues.into_iter().for_each(|cue| writer.add(cue));
    writer.end_turn();
    let (text, marks) = writer.builder.finish(input)?;
    let mut notes = decoded.notes;
    notes.push("left out: the times of the cues".to_owned());
    let mut document = Document { text, marks, ..Document::default() };
    super::set(&mut document, "language", language.as_deref().unwrap_or_default());
    Ok(single(document, notes))
}

/// Writes cues as turns where speakers are named, and as paragraphs where they are not.
struct Writer {
    builder: Builder,
    turns: bool,
    speaker: Option<String>,
    open: Option<Open>,
    /// When the last cue ended.
    end: f64,
    /// Bytes of the paragraph.
    length: usize,
    /// Whether the last cue ended a sentence.
    begun: bool,
}

impl Writer {
    fn add(&mut self, cue: Cue) {
        let changed = self.turns && cue.speaker.is_some() && cue.speaker != self.speaker;
        let paragraph = self.begun && self.speaker.is_none() && (cue.start - self.end > PAUSE || self.length > LONG);
        if changed || cue.apart {
            self.end_turn();
            self.builder.block();
            self.open = changed.then(|| self.builder.open(MarkKind::Turn, cue.speaker.clone(), None));
            self.speaker = cue.speaker.filter(|_| changed);
            self.length = 0;
        } else if paragraph {
            self.builder.block();
            self.length = 0;
        } else {
            self.builder.space();
        }
        if !self.turns && !cue.lead.is_empty() {
            self.builder.inline(&cue.lead);
            self.builder.space();
        }
        self.builder.inline(&cue.text);
        self.length += cue.text.len();
        self.begun = cue.text.ends_with(['.', '!', '?', '\u{2026}', '。', '؟', '"', '\u{201d}']);
        self.end = cue.end;
    }

    fn end_turn(&mut self) {
        if let Some(open) = self.open.take() {
            self.builder.close(open);
        }
    }
}

fn cues(text: &str, language: &mut Option<String>) -> Vec<Cue> {
    let mut cues: Vec<Cue> = Vec::new();
    let mut times: Option<(f64, f64)> = None;
    // Blocks of comments and styles end with a blank line.
    let mut skipped = false;
    let mut shown = Shown::default();
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim).chain([""]) {
        if let Some(found) = times_of(line) {
            finish(&mut cues, times, &mut lines, &mut shown);
            times = Some(found);
            skipped = false;
        } else if line.is_empty() {
            finish(&mut cues, times, &mut lines, &mut shown);
            times = None;
            skipped = false;
        } else if times.is_none() {
            let opens =
                |word: &str| line == word || line.strip_prefix(word).is_some_and(|rest| rest.starts_with([' ', ':']));
            skipped |= opens("NOTE") || opens("STYLE") || opens("REGION");
            if let Some(tag) = line.strip_prefix("Language:").filter(|_| !skipped) {
                *language = Some(tag.trim().to_owned());
            }
            // Numbers and names of cues, and the first line of the file.
        } else if !skipped {
            lines.push(line.to_owned());
        }
    }
    cues
}

/// The lines that were last shown, and until when.
#[derive(Default)]
struct Shown {
    lines: Vec<String>,
    end: f64,
}

/// A rolling display shows its next lines without a pause; who says the same again after one says it twice.
const NO_PAUSE: f64 = 0.1;

impl Shown {
    /// Returns how many of the first lines were the last ones shown, moved up.
    fn repeats(&self, start: f64, lines: &[String]) -> usize {
        if (start - self.end).abs() > NO_PAUSE {
            return 0;
        }
        let moved_up = |n: &usize| lines.get(..*n).is_some_and(|first| self.lines.ends_with(first));
        (1..=lines.len()).rev().find(moved_up).unwrap_or(0)
    }
}

/// Ends a cue: its lines are read once, however often a rolling display shows them.
fn finish(cues: &mut Vec<Cue>, times: Option<(f64, f64)>, lines: &mut Vec<String>, shown: &mut Shown) {
    let Some((start, end)) = times.filter(|_| !lines.is_empty()) else {
        return;
    };
    let now: Vec<(Option<String>, String)> = lines.drain(..).map(|line| voice(&line)).collect();
    let plain: Vec<String> = now.iter().map(|(_, text)| text.clone()).collect();
    let repeated = shown.repeats(start, &plain);
    let dashes = now.iter().filter(|(_, text)| dashed(text).is_some()).count();
    let mut said = Said { start, end, ..Said::default() };
    for (named, text) in now.into_iter().skip(repeated) {
        let text = dashed(&text).filter(|_| dashes > 1).map_or(text.clone(), |words| format!("{ANGLES}{words}"));
        let mut named = named;
        for (at, piece) in text.split(ANGLES).enumerate() {
            let piece = piece.trim();
            if !piece.is_empty() {
                said.add(cues, named.take(), piece, at > 0);
            }
        }
    }
    said.end_cue(cues);
    *shown = Shown { lines: plain, end };
}

/// What says that somebody else speaks.
const ANGLES: &str = ">>";

/// Returns the words behind a dash at the beginning of a line.
fn dashed(line: &str) -> Option<&str> {
    let words = line.strip_prefix(['-', '\u{2010}', '\u{2013}', '\u{2014}'])?.trim_start();
    words.starts_with(|c: char| !matches!(c, '-' | '\u{2013}' | '\u{2014}')).then_some(words)
}

/// The words of one speaker within a cue.
#[derive(Default)]
struct Said {
    start: f64,
    end: f64,
    speaker: Option<String>,
    lead: String,
    apart: bool,
    words: Vec<String>,
}

impl Said {
    /// Adds words; those of somebody else, named or not, begin another cue.
    fn add(&mut self, cues: &mut Vec<Cue>, named: Option<String>, words: &str, other: bool) {
        let (named, lead, words) = match named {
            Some(name) => (Some(name.clone()), format!("{name}:"), words),
            None => match by_colon(words).or_else(|| in_brackets(words)) {
                Some((name, lead, words)) => (Some(name.to_owned()), lead.to_owned(), words),
                None => (None, String::new(), words),
            },
        };
        if named.is_some() || other {
            self.end_cue(cues);
            self.apart = other && named.is_none();
            self.speaker = named;
            self.lead = lead;
        }
        self.words.push(words.to_owned());
    }

    fn end_cue(&mut self, cues: &mut Vec<Cue>) {
        if !self.words.is_empty() {
            let text = std::mem::take(&mut self.words).join(" ");
            let (speaker, lead) = (self.speaker.clone(), std::mem::take(&mut self.lead));
            let apart = std::mem::take(&mut self.apart);
            cues.push(Cue { start: self.start, end: self.end, speaker, lead, apart, text });
        }
    }
}

/// Reads `00:01:02.345 --> 00:01:04.000 position:10%`, with commas as in srt, or `0:01:02.345,0:01:04.000` as in sbv.
fn times_of(line: &str) -> Option<(f64, f64)> {
    let (from, to) = match line.split_once("-->") {
        Some(pair) => pair,
        None => {
            line.split_once(',').filter(|(from, to)| from.contains(':') && to.contains(':') && !line.contains(' '))?
        }
    };
    let to = to.trim().split(' ').next()?;
    Some((seconds(from.trim())?, seconds(to)?))
}

fn seconds(time: &str) -> Option<f64> {
    let mut total = 0.0;
    let mut parts = 0;
    for part in time.split(':') {
        parts += 1;
        let value: f64 =
            part.replace(',', ".").parse().ok().filter(|value: &f64| value.is_finite() && *value >= 0.0)?;
        total = total * 60.0 + value;
    }
    (2..=3).contains(&parts).then_some(total)
}

/// Takes the tags out of a line; a `<v Name>` says who speaks.
fn voice(line: &str) -> (Option<String>, String) {
    let (mut speaker, mut text, mut rest) = (None, String::new(), line);
    while let Some((before, after)) = rest.split_once('<') {
        let Some((tag, tail)) = after.split_once('>').filter(|(tag, _)| is_tag(tag)) else {
            text.push_str(before);
            text.push('<');
            rest = after;
            continue;
        };
        text.push_str(before);
        let name = tag.strip_prefix('v').and_then(|tag| tag.split_once([' ', '\t'])).map(|(_, name)| name.trim());
        speaker = speaker.or_else(|| name.filter(|name| !name.is_empty()).map(str::to_owned));
        rest = tail;
    }
    text.push_str(rest);
    for (entity, sign) in [
        ("&amp;", "&"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&nbsp;", "\u{a0}"),
        ("&lrm;", "\u{200e}"),
        ("&rlm;", "\u{200f}"),
    ] {
        text = text.replace(entity, sign);
    }
    (speaker, text.trim().to_owned())
}

fn is_tag(tag: &str) -> bool {
    let bare = tag.trim_start_matches('/');
    let name = bare.split([' ', '.', '\t']).next().unwrap_or_default();
    matches!(name, "v" | "c" | "b" | "i" | "u" | "ruby" | "rt" | "lang" | "font" | "s")
        || (!bare.is_empty() && bare.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '.')))
}

/// Takes "Ana Pérez: Good morning" apart into the name, what names it, and the words; the name is short and begins like one.
fn by_colon(text: &str) -> Option<(&str, &str, &str)> {
    let (lead, words) = text.split_once(':')?;
    let name = lead.trim().trim_matches(['[', ']', '(', ')', '-', ' ']);
    let n_words = name.split_whitespace().count();
    let fits = (1..=5).contains(&n_words)
        && name.chars().count() <= 60
        && name.chars().next().is_some_and(|c| c.is_alphabetic() && !c.is_lowercase())
        && !name.contains(['.', '!', '?', ','])
        && words.starts_with(|c: char| c.is_whitespace());
    fits.then(|| (name, text.get(..=lead.len()).unwrap_or_default().trim(), words.trim()))
}

/// Takes "[INTERVIEWER] And then?" apart; what is heard stands in brackets as well.
fn in_brackets(text: &str) -> Option<(&str, &str, &str)> {
    let (name, words) = text.strip_prefix('[')?.split_once(']')?;
    let (name, words) = (name.trim(), words.trim());
    let is_name = |word: &str| word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    let is_sound = |word: &str| {
        let word = word.to_lowercase();
        SOUNDS.contains(&word.as_str()) || word.ends_with("ing")
    };
    let n_words = name.split_whitespace().count();
    let fits = (1..=4).contains(&n_words)
        && !words.is_empty()
        && name.starts_with(char::is_alphabetic)
        && name.split_whitespace().all(|word| is_name(word) && !is_sound(word));
    fits.then(|| (name, text.get(..text.len() - words.len()).unwrap_or_default().trim(), words))
}

/// What is heard beside the words, as captions write it in brackets.
static SOUNDS: &[&str] = &[
    "music",
    "musik",
    "musique",
    "música",
    "musica",
    "музыка",
    "applause",
    "applaus",
    "applaudissements",
    "aplausos",
    "applausi",
    "аплодисменты",
    "laughter",
    "laugh",
    "laughs",
    "gelächter",
    "lachen",
    "lacht",
    "rires",
    "rire",
    "risas",
    "risate",
    "risos",
    "смех",
    "silence",
    "pause",
    "inaudible",
    "unintelligible",
    "unverständlich",
    "crosstalk",
    "noise",
    "cheers",
    "sigh",
    "sighs",
    "sobs",
    "cries",
    "coughs",
    "gasps",
    "beep",
    "bleep",
    "foreign",
    "sound",
    "indistinct",
];
