//! The matcher: rows of pattern, text and what should be found.

use nomoscope_core::codebook::{Codebook, Concept, PatternText, Role};
use nomoscope_core::coding::Matcher;
use std::collections::{BTreeMap, BTreeSet};

fn concept(id: &str, patterns: &[&str], not: &[&str]) -> Concept {
    let texts = |p: &[&str]| p.iter().map(|t| PatternText { text: (*t).to_owned(), line: 1 }).collect::<Vec<_>>();
    Concept {
        id: id.to_owned(),
        roles: BTreeSet::from([Role::Problem]),
        patterns: BTreeMap::from([("und".to_owned(), texts(patterns))]),
        not: BTreeMap::from([("und".to_owned(), texts(not))]),
        ..Concept::default()
    }
}

fn matcher(concepts: Vec<Concept>) -> Matcher {
    let book = Codebook::new("t".into(), "1".into(), concepts).unwrap();
    Matcher::new(&book, &[]).unwrap()
}

#[track_caller]
fn check(patterns: &[&str], text: &str, want: &[&str]) {
    check_not(patterns, &[], text, want);
}

#[track_caller]
fn check_not(patterns: &[&str], not: &[&str], text: &str, want: &[&str]) {
    let found = matcher(vec![concept("c", patterns, not)]).find(text);
    let found: Vec<&str> = found.iter().map(|c| c.span.of(text)).collect();
    assert_eq!(found, want, "{patterns:?} in {text:?}");
}

#[test]
fn words_and_wildcards() {
    check(&["child"], "A child, the CHILD; children; stepchild", &["child", "CHILD"]);
    check(&["child*"], "child childhood children's step-child", &["child", "childhood", "children's", "child"]);
    check(&["*child"], "stepchild child childish", &["stepchild", "child"]);
    check(&["tr*ck"], "track truck trick traffick tr ck", &["track", "truck", "trick", "traffick"]);
    check(
        &["traffic* in persons"],
        "traffic in persons, trafficking in  persons",
        &["traffic in persons", "trafficking in  persons"],
    );
    check(&["a*b*c"], "abc axbxc acb abcbc", &["abc", "axbxc", "abcbc"]);
}

#[test]
fn boundaries() {
    check(&["trafficking"], "anti-trafficking untrafficking trafficking.", &["trafficking", "trafficking"]);
    check(&["child trafficking"], "child, trafficking", &[]);
    check(&["child trafficking"], "child. Trafficking", &[]);
    check(
        &["child trafficking"],
        "child\ntrafficking child\r\n  trafficking child\rtrafficking",
        &["child\ntrafficking", "child\r\n  trafficking", "child\rtrafficking"],
    );
    check(&["child trafficking"], "child\n\ntrafficking", &[]);
    check(&["child trafficking"], "child\u{a0}trafficking", &["child\u{a0}trafficking"]);
    check(
        &["(modern-day|modern day) slavery"],
        "modern-day slavery, modern–day slavery, modern day slavery",
        &["modern-day slavery", "modern–day slavery", "modern day slavery"],
    );
    check(&["modern day"], "modern-day", &[]);
}

#[test]
fn folding_keeps_exact_spans() {
    check(&["traite des etres humains"], "La Traite des Êtres Humains", &["Traite des Êtres Humains"]);
    check(&["esclavage"], "l’esclavage et l'Esclavage", &["esclavage", "Esclavage"]);
    check(
        &["traite d* enfants"],
        "la traite d’enfants, traite des enfants",
        &["traite d’enfants", "traite des enfants"],
    );
    check(&["traf\u{ad}ficking", "trafficking"], "traf\u{ad}ficking", &["traf\u{ad}ficking"]);
    check(&["trafficking"], "ＴＲＡＦＦＩＣＫＩＮＧ", &["ＴＲＡＦＦＩＣＫＩＮＧ"]);
    check(&["child's right*"], "the child’s rights", &["child’s rights"]);
    check(&["child* right*"], "the child’s rights", &["child’s rights"]);
    check(&["victims' rights"], "victims’ rights", &["victims’ rights"]);
}

#[test]
fn hyphenation_at_line_ends() {
    check(
        &["trafficking"],
        "traf-\nficking traf-  \r\n ficking traf\u{ad}\nficking",
        &["traf-\nficking", "traf-  \r\n ficking", "traf\u{ad}\nficking"],
    );
    check(&["human trafficking"], "human traf-\nficking", &["human traf-\nficking"]);
    check(&["trafficking"], "anti-\ntrafficking", &["trafficking"]);
    check(&["trafficking"], "traf-\n\nficking", &[]);
    check(&["traffick*"], "traf-\nficking", &["traf-\nficking"]);
}

#[test]
fn gaps_and_near() {
    check(
        &["protect* ... victims"],
        "protect victims. protect all the poor victims. protect a b c d victims",
        &["protect victims", "protect all the poor victims"],
    );
    check(
        &["children NEAR/3 traffick*"],
        "children who are trafficked; trafficking of children",
        &["children who are trafficked", "trafficking of children"],
    );
    check(&["children NEAR/2 traffick*"], "children a b c trafficked", &[]);
    check(&["children NEAR/6 traffick*"], "children. Trafficked", &[]);
    check(&["a NEAR/2 b NEAR/2 c"], "c a b", &["c a b"]);
    check(&["sale [and purchase] of"], "sale of, sale and purchase of", &["sale of", "sale and purchase of"]);
}

#[test]
fn vetoes_and_overlaps() {
    check_not(&["traffick*"], &["drug traffick*"], "drug trafficking and trafficking", &["trafficking"]);
    check(&["slave*", "slave trade"], "the slave trade", &["slave trade"]);
    let book = matcher(vec![
        concept("a", &["sexual exploitation of children"], &[]),
        concept("b", &["exploitation"], &[]),
        concept("c", &["of children"], &[]),
    ]);
    let text = "sexual exploitation of children";
    let found: Vec<(u16, &str)> = book.find(text).iter().map(|c| (c.concept.0, c.span.of(text))).collect();
    assert_eq!(found, [(0, "sexual exploitation of children"), (1, "exploitation"), (2, "of children")]);
}

#[test]
fn scripts_without_spaces() {
    check(&["人身取引"], "子どもの人身取引に関わる規範", &["人身取引"]);
    check(&["มนุ"], "ปฏิญญาสากลว่าด้วยสิทธิมนุษยชน", &[]);
    check(&["สิทธิมนุษยชน"], "ปฏิญญาสากลว่าด้วยสิทธิมนุษยชน", &["สิทธิมนุษยชน"]);
    check(&["สิทธิ*"], "ปฏิญญาสากลว่าด้วยสิทธิมนุษยชน", &["สิทธิ"]);
    check(&["奴隶制"], "一切形式的奴隶制和奴隶买卖", &["奴隶制"]);
}

#[test]
fn other_scripts_with_spaces() {
    check(&["الاتجار"], "مكافحة الاتّجار بالأشخاص", &["الاتّجار"]);
    check(&["торговля людьми"], "Торговля людьми", &["Торговля людьми"]);
    check(&["मानव"], "मानव तस्करी", &["मानव"]);
}

#[test]
fn languages_choose_patterns() {
    let mut c = concept("c", &[], &[]);
    let text = |t: &str| vec![PatternText { text: t.to_owned(), line: 1 }];
    c.patterns = BTreeMap::from([("en".to_owned(), text("traffic")), ("fr".to_owned(), text("traite"))]);
    let book = Codebook::new("t".into(), "1".into(), vec![c]).unwrap();
    for (languages, n) in [(vec![], 2), (vec!["en-GB"], 1), (vec!["fr", "en"], 2), (vec!["de"], 0)] {
        let languages: Vec<String> = languages.iter().map(|l| (*l).to_owned()).collect();
        assert_eq!(Matcher::new(&book, &languages).unwrap().find("traffic traite").len(), n, "{languages:?}");
    }
}

#[test]
fn long_texts_are_cut_without_loss() {
    let text = "The child trafficking case was heard by a court of law and sent on. ".repeat(5_000);
    assert_eq!(matcher(vec![concept("c", &["child trafficking", "law and sent"], &[])]).find(&text).len(), 10_000);
    let endless = "child trafficking and more words ".repeat(50_000);
    let found = matcher(vec![concept("c", &["child trafficking"], &[])]).find(&endless).len();
    assert_eq!(found, 50_000);
}

#[test]
fn words_of_every_length() {
    // Words are read eight letters at a time and the first sixteen are compared at once: nothing may change there.
    let letters: String = ('a'..='z').chain('a'..='z').collect();
    for n in 1..=40 {
        let word = &letters[..n];
        let longer = &letters[..=n];
        for text in [word.to_owned(), format!("{word} "), format!("x {word}, {longer} {} {word}", word.to_uppercase())]
        {
            let want: Vec<&str> =
                if text.starts_with('x') { vec![word, &text[text.len() - 2 * n - 1..][..n], word] } else { vec![word] };
            check(&[word], &text, &want);
            if n > 1 {
                check(&[&format!("{}*{}", &word[..1], &word[n - 1..])], word, &[word]);
            }
            check(&[&format!("{word}*")], longer, &[longer]);
            check(&[&format!("{longer}*")], word, &[]);
        }
        let digits = format!("{word}1");
        check(&[word], &digits, &[]);
        check(&[&digits], &format!("{digits} {word}"), &[&digits]);
        check(&[word], &format!("{word}_ _{word} {word}é {word}"), &[word]);
        check(&[&format!("{word}_x")], &format!("{word}_X"), &[&format!("{word}_X")]);
    }
}

#[test]
fn more_wildcards_on_a_word_than_a_byte_counts() {
    let patterns: Vec<String> =
        (0..400).map(|i| format!("a*{}", "b*".repeat(1 + i % 20) + &"c".repeat(i / 20))).collect();
    let patterns: Vec<&str> = patterns.iter().map(String::as_str).collect();
    let mut counts = vec![0; patterns.len()];
    let text = format!("a{}{}", "b".repeat(20), "c".repeat(20));
    let found = matcher(vec![concept("c", &patterns, &[])]).find_counting(&text, &mut counts);
    assert_eq!((found.len(), counts.iter().sum::<u64>()), (1, 400));
}

#[test]
fn a_paragraph_ends_every_phrase() {
    check(&["a, b"], "a, b a; b a\n\nb", &["a, b", "a; b"]);
    check(&["a. b"], "a. b a.\n\nb", &["a. b"]);
    for end in ["\n\n", "\r\n\r\n", "\r\r", "\n \t\n", "\u{c}", "\u{2029}"] {
        let text = format!("a{end}b");
        for pattern in ["a b", "a ... b", "a NEAR/5 b"] {
            check(&[pattern], &text, &[]);
        }
    }
}

#[test]
fn hits_at_the_edges_of_blocks() {
    let patterns = ["child trafficking", "protect* ... victims", "girls NEAR/3 boys", "law"];
    let sentence = "Child traf-\nficking; protecting all the victims: boys and girls, law. ";
    for n_words in (1_000..1_060).chain(2_030..2_060) {
        let text = format!("{}{sentence}{}{sentence}", "word ".repeat(n_words), "Word. ".repeat(n_words));
        assert_eq!(matcher(vec![concept("c", &patterns, &[])]).find(&text).len(), 8, "{n_words}");
    }
    // A pattern with punctuation reaches over the end of a sentence, wherever that lies.
    for n_words in 1_000..1_060 {
        let text = format!("{}Vs. State. ", "Word. ".repeat(n_words));
        assert_eq!(matcher(vec![concept("c", &["vs. state"], &[])]).find(&text).len(), 1, "{n_words}");
    }
}

/// A thousand phrases on a text that repeats few words, against a search that tries every word.
#[test]
fn a_thousand_phrases_agree_with_a_naive_search() {
    let words =
        ["the", "of", "rights", "responsibilities", "States", "a", "international", "Peace", "x1", "United_Nations"];
    let spaces = [" ", " ", " ", " ", "\n", "\r\n", " \n ", "\u{a0}", "\t", ", ", ". ", "\n\n", "; "];
    let mut state = 1_u64;
    let mut draw = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n
    };
    let mut phrases = BTreeSet::new();
    while phrases.len() < 1000 {
        let n = 2 + draw(3);
        phrases.insert((0..n).map(|_| words[draw(words.len())].to_lowercase()).collect::<Vec<_>>());
    }
    let phrases: Vec<Vec<String>> = phrases.into_iter().collect();
    let mut text = String::new();
    // Start, end, folded word, and whether white space within a paragraph leads to the next word.
    let mut tokens: Vec<(usize, usize, String, bool)> = Vec::new();
    for _ in 0..20_000 {
        let word = words[draw(words.len())];
        let space = spaces[draw(spaces.len())];
        let start = text.len();
        text += word;
        tokens.push((start, text.len(), word.to_lowercase(), space.trim().is_empty() && space != "\n\n"));
        text += space;
    }
    let mut want = BTreeSet::new();
    for (c, phrase) in phrases.iter().enumerate() {
        let mut last_end = 0;
        for window in tokens.windows(phrase.len()) {
            let (first, last) = (&window[0], &window[window.len() - 1]);
            let joined = window[..window.len() - 1].iter().all(|t| t.3);
            if joined && first.0 >= last_end && window.iter().zip(phrase).all(|(t, p)| t.2 == *p) {
                want.insert((first.0 as u32, last.1 as u32, c as u16));
                last_end = last.1;
            }
        }
    }
    let concepts = phrases.iter().enumerate().map(|(i, p)| concept(&format!("c{i}"), &[&p.join(" ")], &[])).collect();
    let found: BTreeSet<_> =
        matcher(concepts).find(&text).iter().map(|c| (c.span.start, c.span.end, c.concept.0)).collect();
    assert!(want.len() > 5_000);
    assert_eq!(found, want);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(300))]

    /// Plain phrases on plain text are found exactly where a naive search over the words finds them.
    #[test]
    fn agrees_with_a_naive_search(words in proptest::collection::vec("[ab]{1,2}", 0..40), phrase in proptest::collection::vec("[ab]{1,2}", 1..4)) {
        let text = words.join(" ");
        let found = matcher(vec![concept("c", &[&phrase.join(" ")], &[])]).find_counting(&text, &mut [0]);
        let mut naive = Vec::new();
        let mut i = 0;
        while i + phrase.len() <= words.len() {
            if words[i..i + phrase.len()] == phrase[..] {
                naive.push(words[..i].iter().map(|w| w.len() as u32 + 1).sum::<u32>());
                i += phrase.len();
            } else {
                i += 1;
            }
        }
        proptest::prop_assert_eq!(found.iter().map(|c| c.span.start).collect::<Vec<_>>(), naive);
    }

    /// No text makes it panic, and every span lies on character boundaries.
    #[test]
    fn any_text_is_read(text in "\\PC{0,200}|[a-z\\-'’\\n\\r\u{ad}一ก .]{0,200}") {
        let book = matcher(vec![concept("c", &["*a*", "一", "a NEAR/3 b", "a ... b", "-"].map(|p| if p == "-" { "b-c" } else { p }), &["ab*"])]);
        for coding in book.find(&text) {
            proptest::prop_assert!(text.get(coding.span.start as usize..coding.span.end as usize).is_some());
        }
    }
}
