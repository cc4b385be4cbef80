//! Transcripts as subtitles (vtt, srt, sbv), as Teams, Zoom, Otter and video sites export them.
//!
//! Times are left out. Cues of one speaker that follow one another are one turn; where nobody is named, cues run on to the
//! end of a sentence, and a pause begins a paragraph. Lines that a rolling display repeats are read once.

use super::{Format, single};
use crate::builder::Builder;
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
    text: String,
}

fn read(input: &Input, options: &ReadOptions) -> Result<Vec<Read>, FormatError> {
    let decoded = decode(input, Declaration::None, options)?;
    let mut language = None;
    let cues = cues(&decoded.text, &mut language);
    let mut builder = Builder::new(&options.limits);
    let n_speakers = cues.iter().filter(|cue| cue.speaker.is_some()).count();
    // A lone "Name:" is a word of somebody's sentence; a tag `<v Name>` never is.
    let turns = n_speakers >= 2 || (n_speakers > 0 && decoded.text.contains("<v"));
    let mut speaker: Option<String> = None;
    let (mut open, mut end, mut length, mut begun) = (None, f64::NEG_INFINITY, 0_usize, false);
    for cue in cues {
        let changed = turns && cue.speaker.is_some() && cue.speaker != speaker;
        let sentence = begun && length > LONG;
        if changed {
            if let Some(open) = open.take() {
                builder.close(open);
            }
            builder.block();
            open = Some(builder.open(MarkKind::Turn, cue.speaker.clone(), None));
            speaker.clone_from(&cue.speaker);
            length = 0;
        } else if begun && speaker.is_none() && (cue.start - end > PAUSE || sentence) {
            builder.block();
            length = 0;
        } else {
            builder.space();
        }
        let words = match &cue.speaker {
            Some(name) if !turns => format!("{name}: {}", cue.text),
            _ => cue.text,
        };
        builder.inline(&words);
        length += words.len();
        begun = words.ends_with(['.', '!', '?', '\u{2026}', '。', '؟', '"', '\u{201d}']);
        end = cue.end;
    }
    if let Some(open) = open {
        builder.close(open);
    }
    let (text, marks) = builder.finish(input)?;
    let mut notes = decoded.notes;
    notes.push("left out: the times of the cues".to_owned());
    let mut document = Document { text, marks, ..Document::default() };
    super::set(&mut document, "language", language.as_deref().unwrap_or_default());
    Ok(single(document, notes))
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
    let mut speaker: Option<String> = None;
    let mut words: Vec<String> = Vec::new();
    let push = |cues: &mut Vec<Cue>, speaker: &Option<String>, words: &mut Vec<String>| {
        if !words.is_empty() {
            cues.push(Cue { start, end, speaker: speaker.clone(), text: std::mem::take(words).join(" ") });
        }
    };
    for (named, text) in now.into_iter().skip(repeated) {
        if text.is_empty() {
            continue;
        }
        let (named, text) = match named {
            Some(name) => (Some(name), text),
            None => by_colon(&text),
        };
        if named.is_some() {
            push(cues, &speaker, &mut words);
            speaker = named;
        }
        words.push(text);
    }
    push(cues, &speaker, &mut words);
    *shown = Shown { lines: plain, end };
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

/// Takes "Ana Pérez: Good morning" apart; the name is short and begins like one.
fn by_colon(text: &str) -> (Option<String>, String) {
    let text = text.strip_prefix(">>").map_or(text, str::trim_start);
    let whole = || (None, text.to_owned());
    let Some((name, words)) = text.split_once(':') else {
        return whole();
    };
    let name = name.trim().trim_matches(['[', ']', '(', ')', '-', ' ']);
    let n_words = name.split_whitespace().count();
    let fits = (1..=5).contains(&n_words)
        && name.chars().count() <= 60
        && name.chars().next().is_some_and(|c| c.is_alphabetic() && !c.is_lowercase())
        && !name.contains(['.', '!', '?', ','])
        && words.starts_with(|c: char| c.is_whitespace());
    if fits { (Some(name.to_owned()), words.trim().to_owned()) } else { whole() }
}
