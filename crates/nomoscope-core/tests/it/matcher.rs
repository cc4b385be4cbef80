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
