//! Turns of speakers in a transcript, where only the lines tell them.
//!
//! "INTERVIEWER:", "M. Dupont :", "[00:01:02] Anna:", "Q:". A colon near the start of a line is common, so a pattern
//! counts only if it recurs.

use super::layout::Line;
use std::collections::BTreeMap;

/// Words of a name with a role: "Speaker 2 (translated)".
const MAX_WORDS: usize = 5;
const MAX_BYTES: usize = 60;

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
    let mut found: Vec<Turn> = Vec::new();
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| line.heading.is_none()) {
        if let Some((speaker, words)) = speaker(&text[line.start..line.end]) {
            found.push(Turn { line: index, speaker: speaker.to_string(), speaks: !words.trim().is_empty() });
        }
    }
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for turn in &found {
        *times.entry(turn.speaker.as_str()).or_default() += 1;
    }
    let recurring = times.values().filter(|&&count| count >= 2).count();
    let repeated: usize = times.values().filter(|&&count| count >= 2).sum();
    let (total, speakers) = (found.len(), times.len());
    let early = found.first().is_some_and(|turn| turn.line * 3 <= lines.len().max(9));
    // "Mr. President:" on a line of its own, again and again, is how a speech addresses its audience.
    let speaking = found.iter().filter(|turn| turn.speaks).count();
    let several =
        speakers >= 2 && repeated * 2 >= total && (recurring >= 2 || (recurring == 1 && speaking * 2 >= total));
    let alone = recurring == 1 && speakers == 1 && speaking * 2 >= total && total * 10 >= lines.len() * 3;
    if total >= 3 && early && (several || alone) { found } else { Vec::new() }
}

/// Reads the speaker with whom a line begins, and the words after the colon.
fn speaker(line: &str) -> Option<(&str, &str)> {
    let mut rest = skip_time(line.trim_start_matches(['*', '_']));
    let head = &rest[..rest.floor_char_boundary(MAX_BYTES)];
    // A time within the label has colons of its own: "Anna (00:01:02): …".
    let label_end =
        head.find(['[', '(']).filter(|&at| is_time_start(&head[at..])).or_else(|| head.find([':', '：']))?;
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

fn is_time_start(text: &str) -> bool {
    skip_time(text).len() < text.len()
}

/// Skips "[00:01:02]", "(00:12)", "00:01:02.5" and white space.
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

fn is_name(label: &str) -> bool {
    if label.is_empty() || label.len() > MAX_BYTES || !label.starts_with(char::is_alphabetic) {
        return false;
    }
    let words: Vec<&str> = label.split_whitespace().collect();
    let particle = |word: &str| {
        matches!(word, "de" | "van" | "von" | "der" | "den" | "la" | "le" | "du" | "of" | "the" | "bin" | "al" | "and")
    };
    let name = |word: &str| {
        let word = word.trim_start_matches('(');
        word.starts_with(|c: char| c.is_numeric() || (c.is_alphabetic() && !c.is_lowercase())) || particle(word)
    };
    let clean = label.chars().all(|c| {
        c.is_alphanumeric() || matches!(c, ' ' | '.' | '-' | '\'' | '\u{2019}' | '(' | ')' | '#' | '_' | '/' | '&')
    });
    let no_reference =
        !["Article", "Art.", "Section", "Chapter", "Part", "Paragraph", "Note", "Annex", "Figure", "Table"]
            .contains(words.first().unwrap_or(&""));
    clean && no_reference && words.len() <= MAX_WORDS && words.iter().all(|word| name(word))
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
}
