//! Reads the speaker with whom a line begins, form by form; [`super::turns`] tells which form a text has.
//!
//! Every line of a text is read, so each form first asks for what it cannot be without, before anything is allocated.

use super::characters::{self, Role};
use super::speaker_words::{
    ANSWERS, ARTICLES, ASKS, BEFORE_OFFICES, CIRCLES, NO_SPEAKERS, OFFICES, OVER, PARTICLES, RANKS, SPEECHES, SPOKEN,
};

/// Words of a name with an office: "The Parliamentary Under-Secretary of State for the Home Department".
const MAX_WORDS: usize = 12;
/// A name without brackets and what follows a comma.
const MAX_NAME_BYTES: usize = 110;
/// All that stands before the colon.
const MAX_BYTES: usize = 200;

/// Reads the speaker before a colon, and the words after it.
pub(super) fn speaker(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start_matches(['*', '_', '\u{200e}', '\u{200f}']);
    if let Some(voice) = line.strip_prefix("<v ") {
        return voice.split_once('>').filter(|(name, _)| is_name(name));
    }
    // Two bytes of the colon of Chinese are no others' beginning.
    if !line.bytes().take(MAX_BYTES + 16).any(|byte| byte == b':' || byte == 0xef) {
        return None;
    }
    let line = line.trim_start_matches(['>', ' ']);
    let counted = SPEECHES.iter().find_map(|word| line.strip_prefix(word)).unwrap_or(line);
    let unnumbered = skip_line_number(counted);
    let mut rest = skip_time(unnumbered);
    let timed = rest.len() < unnumbered.len();
    let head = &rest[..rest.floor_char_boundary(MAX_BYTES)];
    let colon = colon_outside_brackets(head)?;
    // A time within the label has colons of its own: "Anna (00:01:02): …". One after the colon is none of the label's.
    let label_end = head[..colon].find(['[', '(']).filter(|&at| is_time_start(&head[at..])).unwrap_or(colon);
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
    if timed {
        label = sender(label);
    }
    label = label.strip_prefix('[').and_then(|label| label.strip_suffix(']')).unwrap_or(label);
    is_name(label).then(|| (label, rest.trim_start_matches([':', '：', '*', '_'])))
}

/// "From Anna to Everyone", as chats are kept beside their times.
fn sender(label: &str) -> &str {
    let Some(from) = label.strip_prefix("From ") else { return label };
    let end = from.find(" to ").or_else(|| from.find(" To ")).unwrap_or(from.len());
    from[..end].trim()
}

/// Reads "Anna Example   0:03" and "[Anna Example] 10:03:05", as meeting software writes above the words.
pub(super) fn header(line: &str) -> Option<(&str, &str)> {
    if !line.ends_with(|c: char| c.is_ascii_digit() || matches!(c, ')' | ']')) {
        return None;
    }
    let at = line.find([' ', '\t']).and_then(|_| line.rfind([' ', '\t']))?;
    let (name, time) = (line[..at].trim(), line[at..].trim());
    let is_time = time.len() >= 4
        && time.contains(':')
        && time.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '.' | '(' | ')' | '[' | ']'));
    let name = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    (is_time && name.len() <= 60 && !name.ends_with([',', '.', ':']) && is_name(name)).then_some((name, "…"))
}

/// Reads `"I1<tab>What then?"`, also from a table of more columns whose others hold times and numbers.
pub(super) fn column(line: &str) -> Option<(&str, &str)> {
    if !line.contains('\t') {
        return None;
    }
    let line = skip_line_number(line);
    let counts = |cell: &&str| cell.chars().any(char::is_alphabetic);
    let mut cells = line.split('\t').map(str::trim).filter(counts);
    let (label, words) = (cells.next()?, cells.next()?);
    let label = label.trim_end_matches([':', '.']);
    let speaks = words.chars().filter(|c| c.is_alphabetic()).count() >= 2;
    (speaks && cells.next().is_none() && label.len() <= 40 && is_name(label)).then_some((label, words))
}

/// Reads "[INTERVIEWER] What then?".
pub(super) fn in_brackets(line: &str) -> Option<(&str, &str)> {
    let (label, words) = line.strip_prefix('[')?.split_once(']')?;
    (label.len() <= 60 && is_name(label)).then(|| (label, words.trim_start_matches([':', ' '])))
}

/// Reads "Q. What then?" and "A1.  Nothing.": a letter with a point or a wide space.
pub(super) fn letter(line: &str) -> Option<(&str, &str)> {
    let line = skip_line_number(line);
    let first = line.chars().next().filter(|c| c.is_alphabetic() && !c.is_lowercase())?;
    let (label, rest) = line.split_at(first.len_utf8());
    // A second letter ends nearly every line here.
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let words = match rest.strip_prefix(['.', ':', ')']) {
        Some(words) => words.strip_prefix([' ', '\t', '\u{a0}'])?,
        None => rest.strip_prefix("  ").or_else(|| rest.strip_prefix('\t'))?,
    };
    (!words.trim().is_empty()).then_some((label, words))
}

/// Returns the letter of [`letter`] with its number: "I1", "B2".
pub(super) fn letter_and_number(line: &str) -> &str {
    let line = skip_line_number(line);
    let letter = line.chars().next().map_or(0, char::len_utf8);
    let digits = line.bytes().skip(letter).take_while(u8::is_ascii_digit).count();
    &line[..letter + digits]
}

/// Reads a name or role that has its line for itself, without any sign.
pub(super) fn name_alone(line: &str) -> Option<&str> {
    (line.len() <= 60 && !line.contains([':', '\t', '.']) && line.split_whitespace().count() <= 4 && is_name(line))
        .then_some(line)
}

/// Reads "President. – The sitting is open." and "Anna Example (S&D), rapporteur. – The …".
pub(super) fn dashed(line: &str) -> Option<(&str, &str)> {
    let head = &line[..line.floor_char_boundary(MAX_BYTES)];
    let dash = head.find(['\u{2013}', '\u{2014}'])?;
    let label = head[..dash].trim_end().strip_suffix('.')?;
    // "She left. He stayed. –" has points within.
    // The points of a list are single letters and short numbers of chapters.
    let inner = pointed(core(label)).is_none() && label.chars().filter(|c| c.is_alphabetic()).count() >= 4;
    let words = line[dash..].trim_start_matches(['\u{2013}', '\u{2014}', ' ', '\u{a0}']);
    (inner && is_name(label)).then_some((label, words))
}

/// Titles after which records write a name and a point.
static TITLES: &[&str] = &["M. ", "Mme ", "Mlle ", "MM. ", "M.\u{a0}", "Mme\u{a0}", "Mlle\u{a0}"];
/// The same where only a name in capitals follows: "Mr. President. I" addresses somebody.
static CAPITAL_TITLES: &[&str] = &["Mr. ", "Mrs. ", "Ms. ", "Miss ", "Dr. ", "The ", "Sen. ", "Messrs. "];

/// Reads "Mme Anne Example. The …", "M. le président. The …", "Mr. EXAMPLE of Ohio. The …" and "The SPEAKER. The …".
pub(super) fn titled(line: &str) -> Option<(&str, &str)> {
    if !line.starts_with(['M', 'T', 'D', 'S']) {
        return None;
    }
    let french = TITLES.iter().find(|title| line.starts_with(**title));
    let title = french.or_else(|| CAPITAL_TITLES.iter().find(|title| line.starts_with(**title)))?;
    let head = &line[..line.floor_char_boundary(MAX_BYTES)];
    let end = title.len() + pointed(&head[title.len()..])?;
    let (label, words) = (&line[..end], &line[end + 1..]);
    let name = &label[title.len()..];
    let fits = if french.is_some() {
        is_name(label)
    } else {
        let capitals =
            |word: &&str| word.chars().filter(|c| c.is_uppercase()).count() >= 2 && !word.contains(char::is_lowercase);
        let named = name.split_whitespace().any(|word| capitals(&word) || has_capitals_after_prefix(word));
        named && name.split_whitespace().count() <= MAX_WORDS && (*title != "The " || has_office(name))
    };
    fits.then_some((label, words))
}

/// "McGOVERN", "DeLAURO".
fn has_capitals_after_prefix(word: &str) -> bool {
    let rest = word.get(2..).or_else(|| word.get(3..)).unwrap_or("");
    word.len() >= 5 && word.starts_with(char::is_uppercase) && rest.chars().all(|c| c.is_uppercase() || c == '-')
}

/// Reads "PRESIDENTE. La seduta …", "ANNA EXAMPLE (AB-CD). Signor …", "ANNA EXAMPLE, Ministro delle lampade. Il …".
pub(super) fn in_capitals(line: &str) -> Option<(&str, &str)> {
    // A second small letter ends nearly every line here.
    if !line.chars().take(3).all(|c| c.is_uppercase() || !c.is_alphanumeric()) {
        return None;
    }
    let end = pointed(&line[..line.floor_char_boundary(MAX_BYTES)])?;
    let label = &line[..end];
    (is_office_in_capitals(label) && is_name(label)).then(|| (label, &line[end + 1..]))
}

/// Reads "○議長（…君）　…" up to the wide space, and "◯의장 … …", whose name and office are two words.
pub(super) fn circled(line: &str) -> Option<(&str, &str)> {
    let line = line.strip_prefix(CIRCLES)?.trim_start();
    let cut = line.find('\u{3000}').or_else(|| line.match_indices(' ').nth(1).map(|(at, _)| at))?;
    let label = &line[..cut];
    (label.len() <= MAX_NAME_BYTES && is_name(label)).then(|| (label, &line[cut..]))
}

/// Where the first sentence of the words ends: at a point after more than an initial, before a space and a capital.
pub(super) fn pointed(words: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(found) = words[from..].find('.') {
        let at = from + found;
        let last = words[..at].rsplit([' ', '\u{a0}', '.', '-']).next().unwrap_or("");
        let rest = &words[at + 1..];
        let begins = rest.strip_prefix([' ', '\u{a0}']).is_some_and(|rest| {
            rest.starts_with(|c: char| {
                c.is_uppercase() || c.is_numeric() || matches!(c, '«' | '"' | '\u{201c}' | '(' | '\u{2014}')
            })
        });
        if last.chars().count() >= 2 && begins {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

/// Reads "Ms Anna Example (Borsetshire) (Lab)" and "The Minister for Lamps (Ben Example)" on lines of their own.
pub(super) fn standing_alone(line: &str) -> Option<&str> {
    let ends = line.ends_with(|c: char| c == ')' || c.is_alphabetic());
    (ends
        && line.len() <= MAX_BYTES
        && !line.contains([':', '\t'])
        && is_name(line)
        && (has_office(line) || has_group(line)))
    .then_some(line)
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
    let dated = skip_date(text);
    if dated.len() < text.len() {
        return dated;
    }
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

/// Skips "[12/03/2020, 10:11:12] " and "12.03.20, 10:11 - ", as chats are kept.
fn skip_date(text: &str) -> &str {
    let open = text.strip_prefix('[').unwrap_or(text);
    let is_date = |c: char| c.is_ascii_digit() || matches!(c, '/' | '.' | '-');
    let rest = open.trim_start_matches(is_date);
    let date = &open[..open.len() - rest.len()];
    let signs = date.chars().filter(|c| !c.is_ascii_digit()).count();
    if signs != 2 || date.len() < 6 || !date.starts_with(|c: char| c.is_ascii_digit()) {
        return text;
    }
    let time = rest.trim_start_matches([',', ' ', 'T']);
    let after = time.trim_start_matches(|c: char| c.is_ascii_digit() || c == ':');
    if !time[..time.len() - after.len()].contains(':') {
        return text;
    }
    let after = after.trim_start_matches([' ', '\u{202f}']);
    let after = ["AM", "PM", "am", "pm"].iter().find_map(|half| after.strip_prefix(half)).unwrap_or(after);
    after.trim_start_matches([']', ' ', '-', '\u{2013}'])
}

/// The speaker as cited: without the language that was spoken, and the time.
pub(super) fn cited(label: &str) -> String {
    let mut from = 0;
    while let Some(found) = label[from..].find(['(', '（', '[']) {
        let at = from + found;
        let bracket = label[at..].trim_start_matches(['(', '（', '[']);
        let inner = bracket.split([')', '）', ']']).next().unwrap_or("");
        let lower = inner.to_lowercase();
        let timed = inner.contains(':') && inner.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '.'));
        let spoken = timed
            || SPOKEN.iter().any(|words| lower.starts_with(words))
            || (inner.starts_with('以') && inner.ends_with("发言"))
            || (inner.starts_with('以') && inner.ends_with("發言"));
        if spoken {
            return label[..at].trim_end().to_string();
        }
        from = label.len() - bracket.len();
    }
    label.to_string()
}

/// The name without brackets and without what follows a comma: by it the turns of one speaker are known.
pub(super) fn core(label: &str) -> &str {
    label.split([',', '(', '[', '（', '、']).next().unwrap_or("").trim()
}

fn words_of(name: &str) -> impl Iterator<Item = String> {
    name.split_whitespace().map(|word| word.trim_end_matches(['.', ',']).to_lowercase())
}

/// Whether a word of the label is a title, an office or a role.
pub(super) fn has_office(label: &str) -> bool {
    has_title(label) || words_of(core(label)).any(|word| is_role(&word))
}

/// Whether a word of the label is a title or an office; after a comma the office alone: "Anna Example, Minister".
pub(super) fn has_title(label: &str) -> bool {
    // Where titles follow names without a space, they are written as one word.
    let ends = |word: &str| OFFICES.iter().any(|office| !office.is_ascii() && is_han(office) && word.ends_with(office));
    let office = |word: &String| OFFICES.contains(&word.as_str()) || (is_han(word) && ends(word));
    let after = label.split_once(',').map_or("", |(_, after)| after);
    words_of(core(label)).any(|word| office(&word))
        || words_of(after.split(['(', '（']).next().unwrap_or("")).any(|word| word.chars().count() > 3 && office(&word))
}

fn is_han(word: &str) -> bool {
    word.starts_with(characters::is_unspaced) || word.starts_with(|c| matches!(c, '\u{ac00}'..='\u{d7a3}'))
}

/// Whether a party, a State or a constituency stands in brackets: "Anna Example (CDU/CSU)", "The Minister (Ben Example)".
pub(super) fn has_group(label: &str) -> bool {
    let Some((_, group)) = label.split_once(['(', '（']) else { return false };
    group.trim_start().starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase())
}

/// "THE WITNESS", "MR. EXAMPLE", "JUDGE EXAMPLE".
pub(super) fn is_office_in_capitals(label: &str) -> bool {
    let name = core(label);
    !name.contains(char::is_lowercase) && name.chars().filter(|c| c.is_alphabetic()).count() >= 3
}

/// "interviewer", "respondent 3", "R2", "IP4": who asks or answers.
pub(super) fn is_role(label: &str) -> bool {
    let role = role_word(label);
    ASKS.contains(&role.as_str()) || ANSWERS.contains(&role.as_str()) || role == "i"
}

/// The label in lower case without the number that tells several of a kind apart.
pub(super) fn role_word(label: &str) -> String {
    let lower = core(label).to_lowercase();
    lower.trim_end_matches(|c: char| c.is_numeric() || matches!(c, ' ' | '.' | '#' | '-' | '_')).to_string()
}

fn is_capital(word: &str) -> bool {
    word.starts_with(|c: char| c.is_numeric() || (c.is_alphabetic() && !c.is_lowercase()))
}

/// "M. le ministre de la justice", "El señor ministro de JUSTICIA", "De heer Van der Staaij".
///
/// In "M. le ministre protège les victimes", nothing leads on from the office.
fn is_office_in_small_letters(words: &[&str]) -> bool {
    let plain = |word: &str| word.trim_end_matches('.').to_lowercase();
    let before = words.iter().take(3).take_while(|word| BEFORE_OFFICES.contains(&plain(word).as_str())).count();
    let is_office = |word: &str| OFFICES.contains(&word) || word.starts_with("vice-");
    let Some((office, over)) = words.split_at(before.min(words.len())).1.split_first() else {
        // "De heer", "M. le": nobody.
        return false;
    };
    // "De heer Van der Staaij": the title is the office.
    let last = before.checked_sub(1).and_then(|last| words.get(last)).map(|word| plain(word));
    let titled = last.is_some_and(|word| is_office(&word)) && is_capital(office);
    if before == 0 || !is_capital(words[0]) || !(titled || is_office(&plain(office))) {
        return false;
    }
    let (mut led, mut leads) = (false, false);
    over.iter().all(|word| {
        let lower = plain(word);
        let (leading, article) = (OVER.contains(&lower.as_str()), ARTICLES.contains(&lower.as_str()));
        let fits = is_capital(word)
            || leading
            || if article { leads } else { led || is_office(&lower) || RANKS.contains(&lower.as_str()) }
            || PARTICLES.contains(&lower.as_str()) && titled;
        led |= leading;
        leads = leading;
        fits
    })
}

pub(super) fn is_name(label: &str) -> bool {
    let name = core(label);
    if name.is_empty() || name.len() > MAX_NAME_BYTES || !name.starts_with(char::is_alphabetic) {
        return false;
    }
    let clean = name.chars().all(|c| {
        c.is_alphanumeric()
            || matches!(characters::role(c), Role::Letter | Role::Unspaced)
            || matches!(
                c,
                ' ' | '\u{a0}' | '.' | '-' | '\u{2011}' | '\'' | '\u{2019}' | '#' | '_' | '/' | '&' | '·' | '\u{200c}'
            )
    });
    if !clean {
        return false;
    }
    let without_number = role_word(name);
    if ASKS.contains(&without_number.as_str()) || ANSWERS.contains(&without_number.as_str()) {
        return true;
    }
    let words: Vec<&str> = name.split_whitespace().collect();
    let named = |word: &str| is_capital(word) || PARTICLES.contains(&word.trim_end_matches('.'));
    if words.len() > MAX_WORDS || !(words.iter().all(|word| named(word)) || is_office_in_small_letters(&words)) {
        return false;
    }
    let first = words_of(name).next().unwrap_or_default();
    !NO_SPEAKERS.contains(&first.as_str()) && !NO_SPEAKERS.contains(&without_number.as_str())
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
        check("ANNA ROE: [00:01:02] Yes", Some("ANNA ROE"));
        check("**Anna:** Yes", Some("Anna"));
        check(">> ANNA: Yes", Some("ANNA"));
        check("10:03:05 From Anna Roe to Everyone:", Some("Anna Roe"));
        check("From: Anna", None);
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
        assert_eq!(header("[Anna Example] 10:03:05"), Some(("Anna Example", "…")));
        assert_eq!(column("I1\tAnd then?"), Some(("I1", "And then?")));
        assert_eq!(column("00:00:01\tI1\tAnd then?"), Some(("I1", "And then?")));
        assert_eq!(column("I1\tAnd then?\tNo more"), None);
    }

    #[test]
    fn the_language_that_was_spoken_is_not_cited() {
        let rows = [
            ("Mr. Alva (Freedonia) (spoke in Spanish)", "Mr. Alva (Freedonia)"),
            ("السيد ألفا (فريدونيا) (تكلم بالإسبانية)", "السيد ألفا (فريدونيا)"),
            ("السيدة بيرد (سيلفانيا) (ترجمة شفوية عن الروسية)", "السيدة بيرد (سيلفانيا)"),
            ("主席（以英语发言）", "主席"),
            ("阿尔瓦先生（自由国）（以西班牙语发言）", "阿尔瓦先生（自由国）"),
            ("M. Alva (Freedonie) (parle en espagnol)", "M. Alva (Freedonie)"),
            ("Mr. Alva (Freedonia)", "Mr. Alva (Freedonia)"),
        ];
        for (label, want) in rows {
            assert_eq!(cited(label), want);
        }
    }

    #[test]
    fn speakers_without_a_colon() {
        let label = |found: Option<(&str, &str)>| found.map(|(label, _)| label.to_owned());
        let rows = [
            (dashed("President. – The sitting is open."), Some("President")),
            (dashed("Anna Roe (ABC), rapporteur. – Lamps."), Some("Anna Roe (ABC), rapporteur")),
            (dashed("The lamp was old. The rope – too."), None),
            (dashed("Article 3. – The lamp."), None),
            (dashed("II. – The lamp."), None),
            (titled("M. le président. La parole est à Mme Roe."), Some("M. le président")),
            (titled("Mme Anne Durand. La lampe."), Some("Mme Anne Durand")),
            (titled("Mr. ROE of New Land. Mr. Speaker, lamps."), Some("Mr. ROE of New Land")),
            (titled("The SPEAKER pro tempore. The lamp."), Some("The SPEAKER pro tempore")),
            (titled("Mr. President. I come to speak."), None),
            (titled("The WHO. It lit lamps."), None),
            (letter("Q. What was there?"), Some("Q")),
            (letter("  Q. What"), None),
            (letter("Quite so. What"), None),
            (in_brackets("[INTERVIEWER] What was there?"), Some("INTERVIEWER")),
        ];
        for (found, want) in rows {
            assert_eq!(label(found), want.map(str::to_owned));
        }
        assert!(standing_alone("Ms Jane Doe (Borsetshire) (Lab)").is_some());
        assert!(standing_alone("The Minister for Lamps (Jess Roe)").is_some());
        assert!(standing_alone("The lamp of old (1900)").is_none());
    }
}
