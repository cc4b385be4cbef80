//! What stands on pages and is no part of the text that runs over them: heads and feet that recur, page numbers, notes.

use super::order::{Line, usual};
use std::collections::BTreeMap;

/// How many lines at the head and at the foot of a page are looked at.
const EDGE: usize = 3;
/// The share of pages on which a line must recur, and the least number of pages.
const RECURS: f64 = 0.3;
const LEAST_PAGES: usize = 3;
/// Type smaller than this share of the usual is that of notes.
const SMALL: f64 = 0.93;
/// The share of a page that its notes take at most.
const NOTES_SHARE: usize = 70;

/// A line of which only numbers differ between pages.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Pattern {
    head: bool,
    words: String,
}

/// Takes the lines out of pages that recur at their head or foot; returns an example and how many.
pub(super) fn drop_recurring(pages: &mut [Vec<Line>], labels: &[String]) -> Option<(String, usize)> {
    let mut dropped = 0;
    let mut example = None;
    // From the outside to the inside: a second line of a head recurs where the first did.
    for _ in 0..EDGE {
        let found = recurring(pages, labels);
        if found.is_empty() {
            break;
        }
        for (page, head) in found {
            let Some(lines) = pages.get_mut(page).filter(|lines| !lines.is_empty()) else { continue };
            let line = if head { lines.remove(0) } else { lines.pop().unwrap_or_else(|| lines.remove(0)) };
            if let Some(next) = lines.first_mut().filter(|_| head) {
                next.opens = true;
            }
            if example.is_none() || !line.text.chars().all(|c| c.is_ascii_digit()) {
                example.get_or_insert(line.text);
            }
            dropped += 1;
        }
    }
    example.map(|line| (line, dropped))
}

/// Returns the pages whose outermost line recurs, at the head (`true`) or the foot.
fn recurring(pages: &[Vec<Line>], labels: &[String]) -> Vec<(usize, bool)> {
    let mut groups: BTreeMap<Pattern, Vec<(usize, Vec<u64>)>> = BTreeMap::new();
    for (at, lines) in pages.iter().enumerate() {
        // The outermost line by place, whatever column it was put in.
        let ends = [(true, lines.first()), (false, lines.last())];
        for (head, line) in ends.into_iter().filter_map(|(head, line)| Some((head, line?))) {
            if lines.len() == 1 && !head {
                continue;
            }
            let (words, numbers) = taken_apart(&line.text);
            groups.entry(Pattern { head, words }).or_default().push((at, numbers));
        }
    }
    let full = pages.iter().filter(|lines| !lines.is_empty()).count();
    let mut found = Vec::new();
    for (pattern, places) in groups {
        // Odd and even pages may have heads of their own, and chapters, too.
        #[allow(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of pages"
        )]
        let enough = LEAST_PAGES.max((full as f64 * RECURS * if full > 20 { 0.2 } else { 1.0 }).ceil() as usize);
        let few = full < LEAST_PAGES * 2 && places.len() >= 2 && places.len() * 2 >= full;
        if (places.len() >= enough || few) && is_furniture(&pattern, &places, labels) {
            found.extend(places.into_iter().map(|(page, _)| (page, pattern.head)));
        }
    }
    found
}

/// Whether lines with the same words are heads or feet: their numbers are the same on all pages, or those of the pages.
fn is_furniture(pattern: &Pattern, places: &[(usize, Vec<u64>)], labels: &[String]) -> bool {
    let slots = places.first().map_or(0, |(_, numbers)| numbers.len());
    let mut counts_pages = false;
    // At the foot, words behind a number that counts may be a note: another number of theirs counts, too.
    let note = !pattern.head && pattern.words.starts_with('#') && pattern.words.split(' ').count() >= 4;
    let mut counting: Option<Vec<Option<u64>>> = None;
    for slot in 0..slots {
        let mut same: BTreeMap<u64, usize> = BTreeMap::new();
        let mut ahead: BTreeMap<i64, usize> = BTreeMap::new();
        let mut labelled = 0;
        for (page, numbers) in places {
            let Some(&number) = numbers.get(slot) else { continue };
            *same.entry(number).or_default() += 1;
            let offset = i64::try_from(number).unwrap_or(i64::MAX).saturating_sub(i64::try_from(*page).unwrap_or(0));
            *ahead.entry(offset).or_default() += 1;
            labelled += usize::from(labels.get(*page).is_some_and(|label| *label == number.to_string()));
        }
        let most = |counts: usize| counts * 5 >= places.len() * 4;
        let fixed = same.values().copied().max().is_some_and(most);
        let counted = ahead.values().copied().max().is_some_and(most) || most(labelled);
        if !fixed && !counted {
            return false;
        }
        if !fixed {
            let own: Vec<Option<u64>> = places.iter().map(|(_, numbers)| numbers.get(slot).copied()).collect();
            // "3 See A/57/0, note 3", "4 See A/57/1, note 4": notes.
            if note && counting.as_ref().is_some_and(|before| *before != own) {
                return false;
            }
            counting = Some(own);
            counts_pages = true;
        }
    }
    // "Article 5" on the fifth page, "Article 6" on the sixth: a word and a number may be a heading.
    let letters = pattern.words.chars().filter(|c| c.is_alphabetic()).count();
    let bare = pattern.words.replace('#', "").trim().to_lowercase();
    let says_page =
        ["page", "seite", "p.", "p", "s.", "pag.", "pág.", "página", "pagina", "стр.", "стр", "第页", "sida", "side"]
            .iter()
            .any(|word| bare == *word || bare.starts_with(&format!("{word} ")) || bare.ends_with(&format!(" {word}")));
    if counts_pages
        && letters > 0
        && slots == 1
        && pattern.words.starts_with(char::is_alphabetic)
        && pattern.words.ends_with('#')
        && !says_page
    {
        return bare.split_whitespace().count() > 2;
    }
    // A line of nothing but a fixed number, or a short word that ends a list, recurs by chance.
    letters >= 4 || counts_pages
}

/// Returns the line with `#` for each number, and the numbers.
fn taken_apart(text: &str) -> (String, Vec<u64>) {
    let (mut words, mut numbers) = (String::new(), Vec::new());
    let mut digits = String::new();
    for c in text.chars().chain([' ']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if !digits.is_empty() {
            words.push('#');
            numbers.push(digits.parse().unwrap_or(u64::MAX));
            digits.clear();
        }
        words.push(c);
    }
    (words.split_whitespace().collect::<Vec<_>>().join(" "), numbers)
}

/// Takes the notes at the feet of pages out of them; returns them page by page.
pub(super) fn take_notes(pages: &mut [Vec<Line>]) -> Vec<Vec<Line>> {
    let letters = |line: &Line| (line.size, line.text.len());
    let Some(usual) = usual(pages.iter().flatten().map(letters)) else {
        return vec![Vec::new(); pages.len()];
    };
    let mut goes_on = false;
    pages.iter_mut().map(|lines| notes_of(lines, usual, &mut goes_on)).collect()
}

/// Takes the notes out of one page: small type at its foot that begins with the sign of a note, or goes on with one.
fn notes_of(lines: &mut Vec<Line>, usual: f64, goes_on: &mut bool) -> Vec<Line> {
    let is_small = |line: &&Line| line.size > 0.0 && line.size <= usual * SMALL;
    let n_small = lines.iter().rev().take_while(is_small).count();
    let from = lines.len() - n_small;
    let Some(foot) = lines.get(from..).filter(|foot| !foot.is_empty()) else {
        *goes_on = false;
        return Vec::new();
    };
    let first = foot.iter().position(|line| opens_note(&line.text));
    let begin = match first {
        // The end of a note that began on the page before stands above the first sign.
        Some(_) if *goes_on => from,
        Some(first) => from + first,
        None if *goes_on => from,
        None => return Vec::new(),
    };
    if (lines.len() - begin) * 100 > lines.len() * NOTES_SHARE || begin == 0 {
        *goes_on = false;
        return Vec::new();
    }
    let notes = lines.split_off(begin);
    *goes_on = notes.last().is_some_and(|line| !line.text.trim_end().ends_with(['.', ')', '!', '?']));
    notes
}

/// Whether a line begins with the sign of a note: a raised or plain number, a star, a dagger.
pub(super) fn opens_note(text: &str) -> bool {
    let bare = text.trim_start_matches(['\u{fdd0}', '(', '[']);
    let digits = bare.chars().take_while(char::is_ascii_digit).count();
    let raised = bare.starts_with(['¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹']);
    let after = bare.chars().nth(digits);
    let numbered = (1..=3).contains(&digits)
        && after.is_some_and(|c| c.is_whitespace() || matches!(c, '.' | ')' | ']' | '\u{fdd1}') || c.is_alphabetic());
    numbered || raised || bare.starts_with(['*', '†', '‡'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(lines: &[(&str, f64)]) -> Vec<Line> {
        let line = |(at, (text, size)): (usize, &(&str, f64))| Line {
            text: (*text).to_owned(),
            baseline: 800.0 - 12.0 * f64::from(u32::try_from(at).unwrap()),
            size: *size,
            opens: at == 0,
        };
        lines.iter().enumerate().map(line).collect()
    }

    fn texts(pages: &[Vec<Line>]) -> Vec<String> {
        pages.iter().map(|lines| lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("|")).collect()
    }

    #[track_caller]
    fn check(pages: &[&[&str]], want: &[&str]) {
        let mut made: Vec<Vec<Line>> =
            pages.iter().map(|lines| page(&lines.iter().map(|text| (*text, 10.0)).collect::<Vec<_>>())).collect();
        let labels: Vec<String> = (1..=made.len()).map(|n| n.to_string()).collect();
        drop_recurring(&mut made, &labels);
        assert_eq!(texts(&made), want);
    }

    #[test]
    fn what_recurs_at_the_edges_of_pages() {
        check(
            &[
                &["Acme 99/25", "one", "99-123 (E) 1/4"],
                &["Acme 99/25", "two", "99-123 (E) 2/4"],
                &["Acme 99/25", "three", "99-123 (E) 3/4"],
                &["Acme 99/25", "four", "99-123 (E) 4/4"],
            ],
            &["one", "two", "three", "four"],
        );
        check(
            &[
                &["12", "Journal of things", "one"],
                &["13", "Journal of things", "two"],
                &["14", "Journal of things", "three"],
            ],
            &["one", "two", "three"],
        );
        // Articles at the heads of pages are none, nor are words that a list repeats.
        check(
            &[&["Article 5", "one"], &["Article 6", "two"], &["Article 7", "three"]],
            &["Article 5|one", "Article 6|two", "Article 7|three"],
        );
        check(
            &[&["Article 5", "one"], &["Article 12", "two"], &["Article 17", "three"]],
            &["Article 5|one", "Article 12|two", "Article 17|three"],
        );
        check(&[&["one", "- 1 -"], &["two", "- 2 -"]], &["one", "two"]);
        // Notes, whose numbers rise from page to page, are no feet.
        check(
            &[
                &["one", "3 See A/57/0, para. 4.", "Page 1 of 3"],
                &["two", "4 See A/57/1, para. 4.", "Page 2 of 3"],
                &["three", "5 See A/57/2, para. 4.", "Page 3 of 3"],
            ],
            &["one|3 See A/57/0, para. 4.", "two|4 See A/57/1, para. 4.", "three|5 See A/57/2, para. 4."],
        );
    }

    #[test]
    fn notes_at_the_feet_of_pages() {
        let mut pages = vec![
            page(&[
                ("Text that is long enough to be usual", 10.0),
                ("and runs over", 10.0),
                ("the page", 10.0),
                ("1 See above", 8.0),
                ("and below", 8.0),
            ]),
            page(&[
                ("to the next.", 10.0),
                ("More text.", 10.0),
                ("Even more.", 10.0),
                ("it ends here.", 8.0),
                ("2 Another.", 8.0),
            ]),
            page(&[("Text.", 10.0), ("small print without a sign", 8.0)]),
        ];
        let notes = take_notes(&mut pages);
        assert_eq!(texts(&notes), ["1 See above|and below", "it ends here.|2 Another.", ""]);
        assert_eq!(texts(&pages)[0], "Text that is long enough to be usual|and runs over|the page");
    }
}
