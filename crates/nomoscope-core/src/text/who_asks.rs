//! Who of the speakers of a transcript asks: by what they are called, by what the head says, or by their manner.

use super::speaker_lines::{core, role_word, speaker};
use super::speaker_words::{ANSWERS, ASKS, PAIRS};
use super::turns::is_name_alone;
use std::collections::BTreeSet;

/// Returns which of the speakers ask: those given, those whom the head names, those whose label says so, and one whose
/// turns are questions.
///
/// `turns` are the speakers with their words, in order; `head` is the text before them.
pub(super) fn who_asks(head: &str, turns: &[(&str, &str)], given: &[String]) -> BTreeSet<String> {
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
    let choose = |found: &dyn Fn(&str) -> bool| -> BTreeSet<String> {
        speakers.iter().filter(|speaker| found(speaker)).map(|speaker| (*speaker).to_owned()).collect()
    };
    let named = choose(&by_role);
    if !named.is_empty() {
        // Where everybody "asks", the word is a name here.
        return if named.len() < speakers.len() { named } else { BTreeSet::new() };
    }
    let told = names_told(head);
    let told = choose(&|speaker| told.iter().any(|name| stands_for(core(speaker), name)));
    if !told.is_empty() && told.len() < speakers.len() {
        return told;
    }
    if let Some(letter) = asking_letter(turns) {
        return choose(&|speaker| role_word(speaker) == letter);
    }
    by_manner(turns, &speakers).map(|speaker| BTreeSet::from([speaker.to_owned()])).unwrap_or_default()
}

/// The names of those who ask, from lines of a head such as "Interviewer: Anna Roe".
fn names_told(head: &str) -> Vec<&str> {
    let lines = head.lines().filter_map(|line| speaker(line.trim()));
    lines
        .filter(|(role, name)| ASKS.contains(&role_word(role).as_str()) && is_name_alone(name))
        .map(|(_, name)| name.trim())
        .collect()
}

/// Whether a label stands for a name: the whole of it, one of its words, or its initials.
fn stands_for(label: &str, name: &str) -> bool {
    let lower = |text: &str| text.chars().filter(|c| *c != '.' && *c != ' ').collect::<String>().to_lowercase();
    let words = || name.split([' ', '.', '-']).filter(|word| !word.is_empty());
    let initials: String = words().filter_map(|word| word.chars().next()).collect();
    let label = lower(label);
    label == lower(name) || label == lower(&initials) || words().any(|word| lower(word) == label)
}

fn is_question(words: &str) -> bool {
    let words = words.trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, '"' | '\u{201d}' | '»' | ')' | ']' | '\'' | '\u{2019}' | '*' | '_')
    });
    // The mark of Greek looks like a semicolon, and is often written as one.
    let greek = || {
        words.ends_with(';')
            && words.chars().rev().nth(1).is_some_and(|c| matches!(c, '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}'))
    };
    words.ends_with(['?', '？', '؟', '\u{37e}', '\u{55e}']) || greek()
}

/// How many turns of those for whom `own` holds are questions, and how many there are.
fn questions(turns: &[(&str, &str)], own: impl Fn(&str) -> bool) -> (usize, usize) {
    let own = || turns.iter().filter(|(who, _)| own(who));
    (own().filter(|(_, words)| is_question(words)).count(), own().count())
}

/// The letter of a pair for question and answer whose turns are questions: "E" beside "P" may be anybody's initial, so
/// that Latin letters are told by their manner too.
fn asking_letter(turns: &[(&str, &str)]) -> Option<&'static str> {
    let roles: BTreeSet<String> = turns.iter().map(|(speaker, _)| role_word(speaker)).collect();
    let mut pairs = PAIRS.iter().filter(|(ask, answer)| roles.contains(*ask) && roles.contains(*answer));
    pairs.find_map(|&(ask, answer)| {
        let share = |letter: &str| questions(turns, |speaker| role_word(speaker) == letter);
        let ((asked, all), (answered, others)) = (share(ask), share(answer));
        let more = asked * others > answered * all && answered * 4 <= others;
        // Letters that are no letters of a name stand for the words themselves.
        let said = ask.chars().all(|c| !c.is_lowercase()) && asked * others == answered * all;
        if more || said {
            Some(ask)
        } else {
            // "P" is who takes part in one language and a question in another.
            let swapped = PAIRS.contains(&(answer, ask)) && asked * others < answered * all && asked * 4 <= all;
            swapped.then_some(answer)
        }
    })
}

/// Of two speakers the one whose turns are questions.
fn by_manner<'t>(turns: &[(&'t str, &str)], speakers: &BTreeSet<&'t str>) -> Option<&'t str> {
    let shares: Vec<(&str, (usize, usize))> =
        speakers.iter().map(|speaker| (*speaker, questions(turns, |who| who == *speaker))).collect();
    let [a, b] = shares.as_slice() else { return None };
    let asks = |(_, (questions, all)): &(&str, (usize, usize)), (_, (back, others)): &(&str, (usize, usize))| {
        let mostly = *all >= 3 && questions * 10 >= all * 6 && back * 5 <= *others;
        // Who asks also says "I see", and "Tell me": a third is enough where nobody asks back.
        let often = *questions >= 2 && questions * 3 >= *all && back * 10 <= *others;
        mostly || often
    };
    match (asks(a, b), asks(b, a)) {
        (true, false) => Some(a.0),
        (false, true) => Some(b.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(head: &str, turns: &[(&str, &str)], given: &[&str], want: &[&str]) {
        let given: Vec<String> = given.iter().map(|name| (*name).to_owned()).collect();
        let have = who_asks(head, turns, &given);
        assert_eq!(have.iter().map(String::as_str).collect::<Vec<_>>(), want, "{turns:?}");
    }

    #[test]
    fn who_asks_is_known_by_name_role_or_manner() {
        check("", &[("Interviewer 2", "Tell me."), ("Anna", "Yes.")], &[], &["Interviewer 2"]);
        check("", &[("I", "Tell me."), ("R1", "Yes.")], &[], &["I"]);
        check("", &[("I", "Tell me."), ("K", "Yes.")], &[], &[]);
        check("", &[("Anna", "Tell me."), ("Ben", "Yes.")], &["anna"], &["Anna"]);
        let manner = [
            ("X", "Why?"),
            ("Y", "So."),
            ("X", "And?"),
            ("Y", "No."),
            ("X", "Where?"),
            ("Y", "There."),
            ("X", "Thanks."),
        ];
        check("", &manner, &[], &["X"]);
        check("", &[("Mr Speaker", "Order."), ("Sir John", "Why?")], &[], &[]);
    }

    #[test]
    fn a_third_of_questions_is_enough_where_nobody_asks_back() {
        let third = [
            ("X", "Tell me."),
            ("Y", "So."),
            ("X", "And?"),
            ("Y", "No."),
            ("X", "I see."),
            ("Y", "There."),
            ("X", "Where (exactly?)"),
            ("Y", "Here."),
        ];
        check("", &third, &[], &["X"]);
        let both = [("X", "Why?"), ("Y", "Why not?"), ("X", "So?"), ("Y", "No."), ("X", "Ah.")];
        check("", &both, &[], &[]);
    }

    #[test]
    fn letters_of_other_languages() {
        check("", &[("E", "¿Qué?"), ("P", "Nada."), ("E", "Diga."), ("P", "Sí.")], &[], &["E"]);
        check("", &[("E", "Diga."), ("P", "Nada.")], &[], &[]);
        check("", &[("P", "¿Qué?"), ("R", "Nada.")], &[], &["P"]);
        check("", &[("R", "What?"), ("P", "Nothing.")], &[], &["R"]);
        check("", &[("问", "怎么样"), ("答", "好。")], &[], &["问"]);
        check("", &[("س", "ماذا"), ("ج", "لا.")], &[], &["س"]);
        check("", &[("Вопрос", "Что."), ("Ответ", "Нет.")], &[], &["Вопрос"]);
        check("", &[("Q", "Why."), ("A", "So.")], &[], &["Q"]);
    }

    #[test]
    fn the_head_tells_who_asks() {
        let turns = [("AR", "Tell me."), ("MK", "Yes.")];
        check("Interviewer: Anna Roe\nInterviewee: M. K.\n", &turns, &[], &["AR"]);
        check("Interviewer: Ben Low\n", &turns, &[], &[]);
        check("Interviewer: Anna Roe\n", &[("Anna", "Tell me."), ("Mia", "Yes.")], &[], &["Anna"]);
    }
}
