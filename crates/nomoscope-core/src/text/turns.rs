//! Turns of speakers in a transcript, where only the lines tell them.
//!
//! "INTERVIEWER:", "M. Dupont :", `"[00:01:02] Anna:"`, "Mr. Alva (Freedonia) (spoke in Spanish):", "Q." and "A.",
//! `"I1<tab>…"`, records without a colon ("President. – …", "Mme Anne Durand. …"), and the name and time above the words
//! that meeting software writes. A colon near the start of a line is common, so a pattern counts only if it recurs, and
//! "Recommendation:" never does.

use super::layout::{Line, ends_sentence};
use super::notes::is_cue_time;
use super::speaker_lines::{
    circled, cited, column, core, dashed, has_group, has_office, has_title, header, in_brackets, in_capitals, is_name,
    is_office_in_capitals, is_role, letter, letter_and_number, name_alone, pointed, role_word, speaker, standing_alone,
    titled,
};
use super::speaker_words::PAIRS;
use std::collections::{BTreeMap, BTreeSet};

/// A line that opens a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Turn {
    /// Index of the line.
    pub(super) line: usize,
    pub(super) speaker: String,
    /// Whether words follow on the line.
    speaks: bool,
}

/// The lines of a text.
#[derive(Clone, Copy)]
struct Page<'a> {
    text: &'a str,
    /// The text as it was before times of cues became blanks.
    original: &'a str,
    lines: &'a [Line],
}

impl<'a> Page<'a> {
    fn line(self, index: usize) -> &'a str {
        self.lines.get(index).and_then(|line| self.text.get(line.start..line.end)).unwrap_or("")
    }

    /// The line below, if no blank line stands between.
    fn below(self, index: usize) -> Option<&'a str> {
        self.lines.get(index + 1).filter(|line| !line.blank_before).map(|_| self.line(index + 1))
    }

    /// The turns that begin where `read` finds a speaker.
    fn read(self, read: impl Fn(usize) -> Option<(&'a str, &'a str)>) -> Vec<Turn> {
        let open = self.lines.iter().enumerate().filter(|(_, line)| line.heading.is_none());
        open.filter_map(|(index, _)| {
            let (speaker, words) = read(index)?;
            Some(Turn { line: index, speaker: cited(speaker), speaks: !words.trim().is_empty() })
        })
        .collect()
    }

    /// How many of the turns end as sentences do.
    fn n_ended(self, found: &[Turn]) -> usize {
        let next = found.iter().skip(1).map(|turn| turn.line).chain([self.lines.len()]);
        found.iter().zip(next).filter(|(_, next)| ends_sentence(self.line(next.saturating_sub(1)))).count()
    }
}

/// Reads the turns of a text that has one form; none where it has not.
type Form = fn(Page<'_>) -> Option<Vec<Turn>>;

/// Returns the turns, or none where no pattern recurs; `original` is the text before anything in it became blanks.
pub(super) fn turns(text: &str, original: &str, lines: &[Line]) -> Vec<Turn> {
    let page = Page { text, original, lines };
    let forms: [Form; 12] = [
        questions_and_answers,
        |page| Some(page.read(|index| speaker(page.line(index)))).filter(|found| recur(page, found)),
        |page| Some(page.read(|index| header(page.line(index)))).filter(|found| recur(page, found)),
        |page| Some(page.read(|index| column(page.line(index)))).filter(|found| fill_columns(found, page.lines.len())),
        bracketed,
        names_after_times,
        dashes,
        titles,
        capitals,
        |page| Some(page.read(|index| circled(page.line(index)))).filter(|found| is_record(found)),
        names_alone,
        roles_alone,
    ];
    let found = forms.iter().find_map(|form| form(page)).or_else(|| dialogue(page)).unwrap_or_default();
    without_head(page, found)
}

/// Who speaks how often.
struct Tally {
    total: usize,
    speakers: usize,
    /// Speakers with several turns, and their turns.
    recurring: usize,
    repeated: usize,
    /// Turns with words on their line.
    speaking: usize,
    /// Turns of speakers with an office, a title or a role.
    titled: usize,
    /// Turns of speakers with an office or title.
    offices: usize,
    /// Turns of speakers with an office, a title, or a party or State in brackets, and how many they are.
    named: usize,
    named_speakers: usize,
    /// Whether a speaker with an office has several turns.
    chaired: bool,
}

impl Tally {
    fn of(found: &[Turn]) -> Self {
        let mut times: BTreeMap<&str, (usize, bool, bool)> = BTreeMap::new();
        for turn in found {
            let entry = times.entry(core(&turn.speaker)).or_default();
            let office = has_title(&turn.speaker);
            *entry = (entry.0 + 1, entry.1 || office, entry.2 || office || has_group(&turn.speaker));
        }
        let several = || times.values().filter(|(count, ..)| *count >= 2);
        Self {
            total: found.len(),
            speakers: times.len(),
            recurring: several().count(),
            repeated: several().map(|(count, ..)| count).sum(),
            speaking: found.iter().filter(|turn| turn.speaks).count(),
            titled: found.iter().filter(|turn| has_office(&turn.speaker)).count(),
            offices: found.iter().filter(|turn| has_title(&turn.speaker)).count(),
            named: found.iter().filter(|turn| has_title(&turn.speaker) || has_group(&turn.speaker)).count(),
            named_speakers: times.values().filter(|(.., named)| *named).count(),
            chaired: several().any(|(_, office, _)| *office),
        }
    }
}

fn recur(page: Page<'_>, found: &[Turn]) -> bool {
    if found.len() < 3 {
        return false;
    }
    let n_lines = page.lines.len();
    let early = found.first().is_some_and(|turn| turn.line * 3 <= n_lines.max(9));
    let Tally { total, speakers, recurring, repeated, speaking, titled, .. } = Tally::of(found);
    // "Mr. President:" on a line of its own, again and again, is how a speech addresses its audience.
    let several =
        speakers >= 2 && repeated * 2 >= total && (recurring >= 2 || (recurring == 1 && speaking * 2 >= total));
    let alone = recurring == 1 && speakers == 1 && speaking * 2 >= total && total * 10 >= n_lines * 3;
    // In a debate most speak once, and the chair between them; their titles tell them.
    let debate = speakers >= 2 && recurring >= 1 && titled * 2 >= total && speaking * 2 >= total;
    early && (several || alone || debate || (speakers >= 3 && of_offices(page, found)))
}

/// A debate with the names on lines of their own, or in which each speaks once.
fn of_offices(page: Page<'_>, found: &[Turn]) -> bool {
    let Tally { total, offices, named, named_speakers, chaired, .. } = Tally::of(found);
    let says = found.iter().filter(|turn| turn.speaks || page.below(turn.line).is_some()).count();
    let chaired = chaired && named_speakers >= 3 && named * 2 >= total;
    // A list of officers has the same titles, but whole sentences after none of them.
    says * 2 >= total && (chaired || offices == total) && page.n_ended(found) * 3 >= total * 2
}

/// "President. – The sitting is open."
fn dashes(page: Page<'_>) -> Option<Vec<Turn>> {
    let found = page.read(|index| dashed(page.line(index)));
    // Headings of provisions have the same form ("Secretary. – …"): a chair comes again, a group stands in brackets.
    let sitting = Tally::of(&found).chaired || found.iter().any(|turn| has_group(&turn.speaker));
    (sitting && is_record(&found)).then_some(found)
}

/// "Mme Anne Durand. La traite …", where a sentence may begin.
fn titles(page: Page<'_>) -> Option<Vec<Turn>> {
    let found = page.read(|index| {
        let found = titled(page.line(index))?;
        let begins = page.lines.get(index).is_some_and(|line| line.blank_before)
            || index.checked_sub(1).is_none_or(|before| ends_sentence(page.line(before)));
        begins.then_some(found)
    });
    is_record(&found).then_some(found)
}

/// "PRESIDENTE. La seduta è aperta.": headings have this form, but no chair among them comes again.
fn capitals(page: Page<'_>) -> Option<Vec<Turn>> {
    let found = page.read(|index| in_capitals(page.line(index)));
    (Tally::of(&found).chaired && is_record(&found)).then_some(found)
}

/// A record whose form is clear: its speakers have offices, titles or groups, and are no list.
fn is_record(found: &[Turn]) -> bool {
    if found.len() < 2 {
        return false;
    }
    let Tally { total, speakers, offices, named, .. } = Tally::of(found);
    speakers >= 2 && offices >= 1 && named * 3 >= total * 2
}

/// A table of two columns is a transcript where nearly every row has a speaker and few speakers share them.
fn fill_columns(found: &[Turn], n_lines: usize) -> bool {
    let speakers: BTreeSet<&str> = found.iter().map(|turn| turn.speaker.as_str()).collect();
    let coded = speakers.iter().filter(|speaker| is_role(speaker)).count();
    found.len() >= 3
        && speakers.len() >= 2
        && coded >= 1
        && speakers.len() * 2 <= found.len() + 1
        && found.len() * 10 >= n_lines * 6
}

/// "Q. What then?" and "A. Nothing." by turns; between them speak those whom offices or capitals tell ("THE WITNESS:").
fn questions_and_answers(page: Page<'_>) -> Option<Vec<Turn>> {
    let found = page.read(|index| letter(page.line(index)));
    if found.len() < 4 {
        return None;
    }
    let count = |who: &str| found.iter().filter(|turn| turn.speaker == who).count();
    let (ask, answer) = PAIRS.iter().map(|(ask, answer)| (ask.to_uppercase(), answer.to_uppercase())).find(|pair| {
        let (asked, answered) = (count(&pair.0), count(&pair.1));
        asked >= 2 && answered >= 2 && (asked + answered) * 10 >= found.len() * 9
    })?;
    let pair: Vec<&Turn> = found.iter().filter(|turn| turn.speaker == ask || turn.speaker == answer).collect();
    let changes = pair.windows(2).filter(|two| two[0].speaker != two[1].speaker).count();
    let questions =
        page.read(|index| letter(page.line(index)).filter(|(who, words)| *who == ask && has_question(words)));
    // Points of a list come once each, and ask nothing; those who ask and answer do so by turns.
    if changes * 10 < (pair.len() - 1) * 6 || (ask != "Q" && questions.len() * 2 < count(&ask)) {
        return None;
    }
    // "I1", "B1", "B2" are persons, where they come again; "Q1", "A1", "Q2" count the questions.
    let mut seen = BTreeSet::new();
    let persons =
        pair.iter().map(|turn| letter_and_number(page.line(turn.line))).any(|who| who.len() > 1 && !seen.insert(who));
    Some(page.read(|index| {
        let line = page.line(index);
        let by_letter = letter(line)
            .filter(|(label, _)| *label == ask || *label == answer)
            .map(|(label, words)| (if persons { letter_and_number(line) } else { label }, words));
        by_letter.or_else(|| speaker(line).filter(|(label, _)| is_office_in_capitals(label)))
    }))
}

fn has_question(words: &str) -> bool {
    words.contains(['?', '\u{ff1f}', '\u{61f}'])
}

/// "[INTERVIEWER]" before the words or above them.
fn bracketed(page: Page<'_>) -> Option<Vec<Turn>> {
    let found = page.read(|index| in_brackets(page.line(index)));
    let roles = found.iter().filter(|turn| is_role(&turn.speaker)).count();
    (roles >= 1 && roles * 3 >= found.len() && recur(page, &found)).then_some(found)
}

/// A name on its own line below the times of a cue.
fn names_after_times(page: Page<'_>) -> Option<Vec<Turn>> {
    // Without times nothing became a blank.
    if page.text.len() != page.original.len() || std::ptr::eq(page.text, page.original) {
        return None;
    }
    let found = page.read(|index| {
        let start = page.lines.get(index)?.start;
        let above = page.original.get(..start)?.trim_end();
        let above = &above[above.rfind(['\n', '\r']).map_or(0, |end| end + 1)..];
        let (name, below) = (page.line(index), page.below(index)?);
        (name.len() <= 60 && is_cue_time(above) && pointed(name).is_none() && is_name(name)).then_some((name, below))
    });
    recur(page, &found).then_some(found)
}

/// The name of a member above the words, as pages of debates are copied: every one with a title or a group.
fn names_alone(page: Page<'_>) -> Option<Vec<Turn>> {
    let found = page.read(|index| {
        // Above a name stands a blank line, below it none: asked first, because it costs nothing.
        page.lines.get(index).filter(|line| line.blank_before)?;
        let below = page.below(index)?;
        standing_alone(page.line(index)).filter(|_| standing_alone(below).is_none()).map(|name| (name, below))
    });
    if found.len() < 2 {
        return None;
    }
    let Tally { speakers, recurring, .. } = Tally::of(&found);
    let grouped = found.iter().filter(|turn| has_group(&turn.speaker)).count();
    let early = found.first().is_some_and(|turn| turn.line * 3 <= page.lines.len().max(9));
    // Names above sections about persons have no group, and no sections of theirs come again.
    let known = grouped * 2 >= found.len() || (recurring >= 1 && grouped >= 1);
    (speakers >= 2 && early && known && page.n_ended(&found) * 10 >= found.len() * 8).then_some(found)
}

/// "Interviewer" and "Fatima" above their words: two names and more that come again, one of them a role.
fn roles_alone(page: Page<'_>) -> Option<Vec<Turn>> {
    let name = |index: usize| {
        page.lines.get(index).filter(|line| line.blank_before)?;
        name_alone(page.line(index))
    };
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    (0..page.lines.len()).filter_map(name).for_each(|name| *times.entry(name).or_default() += 1);
    let says = |role: &str| is_role(role) && role_word(role).chars().count() > 1;
    if !times.iter().any(|(role, n)| *n >= 2 && says(role)) {
        return None;
    }
    // Words of one word below a name ("Yes") are no name.
    let mut opened = None;
    let mut found = page.read(|index| {
        name(index).filter(|name| times.get(name).is_some_and(|n| *n >= 2 || says(name))).map(|name| (name, "…"))
    });
    found.retain(|turn| {
        let words = opened.is_some_and(|before| before + 1 == turn.line);
        if !words {
            opened = Some(turn.line);
        }
        !words
    });
    let Tally { total, speakers, .. } = Tally::of(&found);
    let early = found.first().is_some_and(|turn| turn.line * 3 <= page.lines.len().max(9));
    (early && speakers >= 2 && total >= 3).then_some(found)
}

/// "- What then?" and "- Nothing.": nobody is named, and questions and answers follow one another.
fn dialogue(page: Page<'_>) -> Option<Vec<Turn>> {
    let dash = |index: usize| {
        let words = page.line(index).strip_prefix(['-', '\u{2013}', '\u{2014}'])?;
        let words = words.trim_start();
        let asks = words.ends_with(['?', '\u{ff1f}', '\u{61f}']);
        words.starts_with(char::is_alphabetic).then_some((if asks { "Q" } else { "A" }, words))
    };
    // Bullets do not ask by turns; where the first line has no dash at all, nothing else is read.
    (0..page.lines.len().min(3)).find_map(dash)?;
    let found = page.read(dash);
    let asked = found.iter().filter(|turn| turn.speaker == "Q").count();
    let changes = found.windows(2).filter(|two| two[0].speaker != two[1].speaker).count();
    let fills = found.len() * 10 >= page.lines.len() * 8;
    (asked >= 2
        && found.len() >= 4
        && fills
        && changes * 10 >= (found.len() - 1) * 8
        && page.n_ended(&found) == found.len())
    .then_some(found)
}

/// Leaves out the head that says who is who: "Interviewer: Anna Roe" before the turns of "AR".
fn without_head(page: Page<'_>, mut found: Vec<Turn>) -> Vec<Turn> {
    let once = |turn: &Turn| found.iter().filter(|other| other.speaker == turn.speaker).count() == 1;
    let names_somebody = |turn: &Turn| {
        is_role(&turn.speaker)
            && role_word(&turn.speaker).chars().count() > 1
            && once(turn)
            && speaker(page.line(turn.line)).is_some_and(|(_, words)| is_name_alone(words))
    };
    let head = found.iter().take_while(|turn| names_somebody(turn)).count();
    if head < found.len() {
        found.drain(..head);
    }
    found
}

/// Whether the words are a name of a few words, and no sentence.
pub(super) fn is_name_alone(words: &str) -> bool {
    let words = words.trim();
    let initial = words.trim_end_matches('.').rsplit([' ', '.']).next().is_some_and(|last| last.chars().count() <= 2);
    (initial || !ends_sentence(words)) && words.split_whitespace().count() <= 4 && is_name(words)
}
