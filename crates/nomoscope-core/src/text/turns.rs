//! Turns of speakers in a transcript, where only the lines tell them.
//!
//! "INTERVIEWER:", "M. Dupont :", `"[00:01:02] Anna:"`, "Mr. Alva (Freedonia) (spoke in Spanish):", `"I1<tab>…"`, and the
//! name and time above the words that meeting software writes. A colon near the start of a line is common, so a pattern
//! counts only if it recurs, and "Recommendation:" never does.

use super::layout::Line;
use super::speaker_words::{ANSWERS, ASKS, NO_SPEAKERS, OFFICES, PARTICLES};
use std::collections::{BTreeMap, BTreeSet};

/// Words of a name with an office: "The Parliamentary Under-Secretary of State for the Home Department".
const MAX_WORDS: usize = 12;
/// A name without brackets and what follows a comma.
const MAX_NAME_BYTES: usize = 110;
/// All that stands before the colon.
const MAX_BYTES: usize = 200;

/// A line that opens a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Turn {
    /// Index of the line.
    pub(super) line: usize,
    pub(super) speaker: String,
    /// Whether words follow on the line.
    speaks: bool,
}

/// Returns the turns, or none where no pattern recurs.
pub(super) fn turns(text: &str, lines: &[Line]) -> Vec<Turn> {
    let readers: [(Reader, Pattern); 3] = [(speaker, recur), (header, recur), (column, fill_columns)];
    for (read, holds) in readers {
        let open = lines.iter().enumerate().filter(|(_, line)| line.heading.is_none());
        let found: Vec<Turn> = open
            .filter_map(|(index, line)| {
                let (speaker, words) = read(&text[line.start..line.end])?;
                Some(Turn { line: index, speaker: cited(speaker), speaks: !words.trim().is_empty() })
            })
            .collect();
        if holds(&found, lines.len()) {
            return found;
        }
    }
    Vec::new()
}

/// Reads the speaker of a line and the words after it.
type Reader = fn(&str) -> Option<(&str, &str)>;
/// Whether turns so found, in so many lines, are a pattern.
type Pattern = fn(&[Turn], usize) -> bool;

fn recur(found: &[Turn], n_lines: usize) -> bool {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for turn in found {
        *times.entry(core(&turn.speaker)).or_default() += 1;
    }
    let recurring = times.values().filter(|&&count| count >= 2).count();
    let repeated: usize = times.values().filter(|&&count| count >= 2).sum();
    let (total, speakers) = (found.len(), times.len());
    let early = found.first().is_some_and(|turn| turn.line * 3 <= n_lines.max(9));
    // "Mr. President:" on a line of its own, again and again, is how a speech addresses its audience.
    let speaking = found.iter().filter(|turn| turn.speaks).count();
    let several =
        speakers >= 2 && repeated * 2 >= total && (recurring >= 2 || (recurring == 1 && speaking * 2 >= total));
    let alone = recurring == 1 && speakers == 1 && speaking * 2 >= total && total * 10 >= n_lines * 3;
    // In a debate most speak once, and the chair between them; their titles tell them.
    let titled = found.iter().filter(|turn| has_office(&turn.speaker)).count();
    let debate = speakers >= 2 && recurring >= 1 && titled * 2 >= total && speaking * 2 >= total;
    total >= 3 && early && (several || alone || debate)
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

/// Reads the speaker with whom a line begins, and the words after the colon.
fn speaker(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start_matches(['*', '_', '\u{200e}', '\u{200f}']);
    if let Some(voice) = line.strip_prefix("<v ") {
        return voice.split_once('>').filter(|(name, _)| is_name(name));
    }
    let mut rest = skip_time(skip_line_number(line));
    let head = &rest[..rest.floor_char_boundary(MAX_BYTES)];
    // A time within the label has colons of its own: "Anna (00:01:02): …".
    let label_end =
        head.find(['[', '(']).filter(|&at| is_time_start(&head[at..])).or_else(|| colon_outside_brackets(head))?;
    let mut label = head[..label_end].trim_end_matches(['*', '_', ' ', '\u{a0}', '\u{202f}']);
    rest = skip_time(rest[label_end..].trim_start());
    rest = rest.trim_start_matches(['*', '_', ' ']);
    if !rest.starts_with([':', '：']) {
        return None;
    }
    // "Note 3:30 p.m." is a time, and "http://" an address.
    let after = rest.chars().nth(1);
    if after.is_some_and(|c| c.is_ascii_digit() || c == '/') {
        return None;
    }
    label = label.trim();
    is_name(label).then(|| (label, rest.trim_start_matches([':', '：', '*', '_'])))
}

/// Reads "Anna Example   0:03", as meeting software writes above the words.
fn header(line: &str) -> Option<(&str, &str)> {
    let at = line.find([' ', '\t']).and_then(|_| line.rfind([' ', '\t']))?;
    let (name, time) = (line[..at].trim(), line[at..].trim());
    let is_time = time.len() >= 4
        && time.contains(':')
        && time.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '.' | '(' | ')' | '[' | ']'));
    (is_time && name.len() <= 60 && !name.ends_with([',', '.', ':']) && is_name(name)).then_some((name, "…"))
}

/// Reads `"I1<tab>What then?"`, also from a table of two columns.
fn column(line: &str) -> Option<(&str, &str)> {
    let (label, words) = skip_line_number(line).split_once('\t')?;
    let label = label.trim().trim_end_matches([':', '.']);
    let speaks = words.chars().filter(|c| c.is_alphabetic()).count() >= 2;
    (speaks && !words.contains('\t') && label.len() <= 40 && is_name(label)).then_some((label, words))
}

/// Skips the number of a line: digits with a space or tab after them, and no full stop.
fn skip_line_number(line: &str) -> &str {
    let digits = line.bytes().take(6).take_while(u8::is_ascii_digit).count();
    let rest = line[digits..].trim_start_matches([' ', '\t', '\u{a0}']);
    let apart = rest.len() < line.len() - digits;
    if digits > 0 && digits <= 5 && apart && rest.starts_with(|c: char| c.is_alphabetic() || c == '[') {
        rest
    } else {
        line
    }
}

fn colon_outside_brackets(head: &str) -> Option<usize> {
    let mut depth = 0_u32;
    for (at, c) in head.char_indices() {
        match c {
            '(' | '[' | '（' => depth += 1,
            ')' | ']' | '）' => depth = depth.saturating_sub(1),
            ':' | '：' if depth == 0 => return Some(at),
            _ => {}
        }
    }
    None
}

fn is_time_start(text: &str) -> bool {
    skip_time(text).len() < text.len()
}

/// Skips `"[00:01:02]"`, "(00:12)", "00:01:02.5" and white space.
fn skip_time(text: &str) -> &str {
    let open = text.trim_start_matches(['[', '(', '<', '#']);
    let digits = open.find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.' | ','))).unwrap_or(open.len());
    let time = &open[..digits];
    let well_formed =
        time.len() >= 4 && time.trim_end_matches(':').contains(':') && time.starts_with(|c: char| c.is_ascii_digit());
    if !well_formed || (open.len() == text.len() && digits == open.len()) {
        return text;
    }
    let kept = if time.ends_with(':') && open.len() == text.len() { digits - 1 } else { digits };
    open[kept..].trim_start_matches([']', ')', '>', '#', ' ', '\t'])
}

/// The speaker as cited: without the language that was spoken.
fn cited(label: &str) -> String {
    let spoken = ["(spoke in", "(interpretation", "(parle en", "(parle ", "(habla en", "(говорит по", "(continued in"];
    let lower = label.to_lowercase();
    let cut = spoken.iter().filter_map(|words| lower.find(words)).min().filter(|&at| label.is_char_boundary(at));
    cut.map_or(label, |at| label[..at].trim_end()).to_string()
}

/// The name without brackets and without what follows a comma: by it the turns of one speaker are known.
fn core(label: &str) -> &str {
    label.split([',', '(', '[', '（', '、']).next().unwrap_or("").trim()
}

fn words_of(name: &str) -> impl Iterator<Item = String> {
    name.split_whitespace().map(|word| word.trim_end_matches(['.', ',']).to_lowercase())
}

fn has_office(label: &str) -> bool {
    words_of(core(label)).any(|word| OFFICES.contains(&word.as_str()) || is_role(&word))
}

/// "interviewer", "respondent 3", "R2", "IP4": who asks or answers.
fn is_role(label: &str) -> bool {
    let role = role_word(label);
    ASKS.contains(&role.as_str()) || ANSWERS.contains(&role.as_str()) || role == "i"
}

/// The label in lower case without the number that tells several of a kind apart.
fn role_word(label: &str) -> String {
    let lower = core(label).to_lowercase();
    lower.trim_end_matches(|c: char| c.is_numeric() || matches!(c, ' ' | '.' | '#' | '-' | '_')).to_string()
}

fn is_name(label: &str) -> bool {
    let name = core(label);
    if name.is_empty() || name.len() > MAX_NAME_BYTES || !name.starts_with(char::is_alphabetic) {
        return false;
    }
    let first = words_of(name).next().unwrap_or_default();
    let without_number = role_word(name);
    let spoken_for = ASKS.contains(&without_number.as_str()) || ANSWERS.contains(&without_number.as_str());
    if spoken_for {
        return true;
    }
    if NO_SPEAKERS.contains(&first.as_str()) || NO_SPEAKERS.contains(&without_number.as_str()) {
        return false;
    }
    let words: Vec<&str> = name.split_whitespace().collect();
    let particle = |word: &str| PARTICLES.contains(&word.trim_end_matches('.'));
    let named = |word: &str| {
        word.starts_with(|c: char| c.is_numeric() || (c.is_alphabetic() && !c.is_lowercase())) || particle(word)
    };
    let clean = name.chars().all(|c| {
        c.is_alphanumeric()
            || super::characters::role(c) == super::characters::Role::Letter
            || matches!(
                c,
                ' ' | '\u{a0}' | '.' | '-' | '\u{2011}' | '\'' | '\u{2019}' | '#' | '_' | '/' | '&' | '·' | '\u{200c}'
            )
    });
    clean && words.len() <= MAX_WORDS && words.iter().all(|word| named(word))
}

/// Returns which of the speakers ask: those given, those whose label says so, and one whose turns are questions.
///
/// `turns` are the speakers with their words, in order.
pub(super) fn who_asks(turns: &[(&str, &str)], given: &[String]) -> BTreeSet<String> {
    let speakers: BTreeSet<&str> = turns.iter().map(|(speaker, _)| *speaker).collect();
    let same = |a: &str, b: &str| a.to_lowercase() == b.to_lowercase();
    let is_given = |speaker: &str| given.iter().any(|name| same(name, speaker) || same(name, core(speaker)));
    if !given.is_empty() {
        return speakers.into_iter().filter(|speaker| is_given(speaker)).map(str::to_owned).collect();
    }
    let answers = speakers.iter().any(|speaker| ANSWERS.contains(&role_word(speaker).as_str()));
    let by_role = |speaker: &str| {
        let role = role_word(speaker);
        // A lone "I" asks only where somebody else answers: elsewhere it may be anybody's initial.
        ASKS.contains(&role.as_str()) || (role == "i" && answers)
    };
    let named: BTreeSet<String> =
        speakers.iter().filter(|speaker| by_role(speaker)).map(|speaker| (*speaker).to_owned()).collect();
    if !named.is_empty() || speakers.len() != 2 {
        // Where everybody "asks", the word is a name here.
        return if named.len() < speakers.len() { named } else { BTreeSet::new() };
    }
    let share = |speaker: &str| {
        let own = || turns.iter().filter(|(who, _)| *who == speaker);
        let questions = own().filter(|(_, words)| words.trim_end().ends_with(['?', '？', '؟', '\u{37e}'])).count();
        (questions, own().count())
    };
    let shares: Vec<(&str, (usize, usize))> = speakers.iter().map(|speaker| (*speaker, share(speaker))).collect();
    let asking = |&(_, (questions, all)): &(&str, (usize, usize))| all >= 3 && questions * 10 >= all * 6;
    let telling = |&(_, (questions, all)): &(&str, (usize, usize))| questions * 5 <= all;
    match shares.as_slice() {
        [a, b] if asking(a) && telling(b) => BTreeSet::from([a.0.to_owned()]),
        [a, b] if asking(b) && telling(a) => BTreeSet::from([b.0.to_owned()]),
        _ => BTreeSet::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, want: Option<&str>) {
        assert_eq!(speaker(line).map(|(label, _)| label), want, "{line:?}");
    }

    #[test]
    fn speakers() {
        check("INTERVIEWER: What then?", Some("INTERVIEWER"));
        check("Q: And?", Some("Q"));
        check("M. Dupont : Oui.", Some("M. Dupont"));
        check("Speaker 1: Yes", Some("Speaker 1"));
        check("[00:01:02] Anna: Yes", Some("Anna"));
        check("00:01:02 Anna: Yes", Some("Anna"));
        check("Anna (00:01:02): Yes", Some("Anna"));
        check("**Anna:** Yes", Some("Anna"));
        check("He said: “no”", None);
        check("Article 3: the rule", None);
        check("We met at 10:30", None);
        check("12:30", None);
        check("http://example.org", None);
    }

    #[test]
    fn speakers_of_records_and_transcripts() {
        check("Mr. Alva (Freedonia) (spoke in Spanish): My", Some("Mr. Alva (Freedonia) (spoke in Spanish)"));
        check(
            "Dr. Anna Beispiel, Bundesministerin des Innern:",
            Some("Dr. Anna Beispiel, Bundesministerin des Innern"),
        );
        check("El señor PRESIDENTE: Gracias.", Some("El señor PRESIDENTE"));
        check(
            "The Secretary of State for Justice (Ms Jane Doe): We",
            Some("The Secretary of State for Justice (Ms Jane Doe)"),
        );
        check("interviewer: And then?", Some("interviewer"));
        check("12  I1: And then?", Some("I1"));
        check("<v Anna Example>Yes.</v>", Some("Anna Example"));
        check("主席：现在开会。", Some("主席"));
        check("Recommendation: Do it.", None);
        check("Recommendation 3: Do it.", None);
        check("Empfehlung: Tun.", None);
        check("2. Anna: yes", None);
        assert_eq!(header("Anna Example   0:03"), Some(("Anna Example", "…")));
        assert_eq!(column("I1\tAnd then?"), Some(("I1", "And then?")));
        assert_eq!(cited("Mr. Alva (Freedonia) (spoke in Spanish)"), "Mr. Alva (Freedonia)");
    }

    #[test]
    fn who_asks_is_known_by_name_role_or_manner() {
        let asks = |turns: &[(&str, &str)], given: &[&str]| {
            let given: Vec<String> = given.iter().map(|name| (*name).to_owned()).collect();
            who_asks(turns, &given).into_iter().collect::<Vec<_>>()
        };
        assert_eq!(asks(&[("Interviewer 2", "Tell me."), ("Anna", "Yes.")], &[]), ["Interviewer 2"]);
        assert_eq!(asks(&[("I", "Tell me."), ("R1", "Yes.")], &[]), ["I"]);
        assert!(asks(&[("I", "Tell me."), ("K", "Yes.")], &[]).is_empty());
        assert_eq!(asks(&[("Anna", "Tell me."), ("Ben", "Yes.")], &["anna"]), ["Anna"]);
        let manner = [
            ("X", "Why?"),
            ("Y", "So."),
            ("X", "And?"),
            ("Y", "No."),
            ("X", "Where?"),
            ("Y", "There."),
            ("X", "Thanks."),
        ];
        assert_eq!(asks(&manner, &[]), ["X"]);
        assert!(asks(&[("Mr Speaker", "Order."), ("Sir John", "Why?")], &[]).is_empty());
    }
}
