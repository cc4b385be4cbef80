//! Slippage on texts made by hand and by simulation: free synonyms, sticky ones, topics and enumerations are told apart.

use crate::corpora::Draw;
use crate::corpora::{Row, codebook, corpus, ix, sources};
use nomoscope_core::codebook::Codebook;
use nomoscope_core::norm::statement::{Reading, Settings as Forming, form};
use nomoscope_core::text::Level;
use nomoscope_core::usage::slip::across::across;
use nomoscope_core::usage::slip::mention::{SpeakerBy, coordinates, speakers};
use nomoscope_core::usage::slip::order::predictability_of;
use nomoscope_core::usage::slip::{Pair, Settings, Slip, Verdict, permutations_for, slip};
use nomoscope_stats::rng::Seed;
use std::collections::BTreeSet;

const ROWS: &[Row<'_>] = &[
    ("trafficking", "pvn", "trafficking", ""),
    ("child-trafficking", "pvn", "child trafficking", "trafficking"),
    ("slavery", "pvn", "slavery", ""),
    ("labour", "pvn", "forced labour", ""),
    ("farms", "p", "farms", ""),
    ("brothels", "p", "brothels", ""),
    ("rescue", "b", "rescue", ""),
    ("dignity", "v", "dignity", ""),
];

fn settings(codebook: &Codebook, by: Option<&str>) -> Settings {
    Settings {
        labels: ["trafficking", "child-trafficking", "slavery", "labour"].map(|id| ix(codebook, id)).into(),
        speaker: SpeakerBy::Turns,
        by: by.map(str::to_owned),
        window: Level::Sentence,
        permutations: None,
        draws: 50,
        seed: Seed(1),
    }
}

fn of<T: AsRef<str>>(codebook: &Codebook, texts: &[T]) -> Slip {
    let sources = sources(texts);
    let corpus = corpus(codebook, &sources);
    let formed = form(&corpus, Forming { window: Level::Sentence, reading: Reading::Rule, inherit: false });
    slip(&corpus, &formed, &settings(codebook, None))
}

fn pair<'s>(codebook: &Codebook, slip: &'s Slip, a: &str, b: &str) -> &'s Pair {
    let (a, b) = (ix(codebook, a), ix(codebook, b));
    slip.all.pairs.iter().find(|p| (p.a, p.b) == (a, b)).expect("the pair is met")
}

/// Texts of `n` speakers with `long` sentences each; `label` is told the speaker, the sentence and the last label.
fn talk(n: usize, long: usize, mut sentence: impl FnMut(usize, usize, &mut Draw) -> String) -> Vec<String> {
    (0..n)
        .map(|s| {
            let mut draw = Draw(77 + s as u64);
            (0..long).map(|i| sentence(s, i, &mut draw)).collect::<Vec<_>>().join(" ")
        })
        .collect()
}

const PLACES: [&str; 4] = ["on farms", "in brothels", "with dignity", "by rescue"];

fn says(label: &str, draw: &mut Draw) -> String {
    format!("They spoke of {label} {} that year.", PLACES[draw.below(4) as usize])
}

#[test]
fn free_synonyms_are_interchangeable() {
    let codebook = codebook(ROWS);
    let texts = talk(20, 60, |_, _, draw| says(if draw.below(2) == 0 { "slavery" } else { "trafficking" }, draw));
    let found = of(&codebook, &texts);
    let pair = pair(&codebook, &found, "trafficking", "slavery");
    assert_eq!(pair.verdict, Verdict::Interchangeable, "{:?} {:?}", pair.order, pair.context);
    assert_eq!(pair.interchangeable(), Some(true));
    // Same sentences, other label: as like each other as each is like itself.
    let likeness = pair.similarity.unwrap();
    let interval = likeness.interval.unwrap();
    assert!(interval.contains(1.0), "{likeness:?}");
    assert!(!pair.passages.is_empty() && pair.n_passages >= pair.passages.len());
}

#[test]
fn sticky_synonyms_are_not() {
    let codebook = codebook(ROWS);
    let mut slavery = true;
    let texts = talk(20, 60, |_, _, draw| {
        if draw.below(6) == 0 {
            slavery = !slavery;
        }
        says(if slavery { "slavery" } else { "trafficking" }, draw)
    });
    let found = of(&codebook, &texts);
    let pair = pair(&codebook, &found, "trafficking", "slavery");
    assert_eq!(pair.verdict, Verdict::Sticky, "{:?} {:?}", pair.order, pair.context);
    assert!(pair.order.unwrap().ratio.ratio < 0.6);
}

#[test]
fn labels_told_by_their_topic() {
    let codebook = codebook(ROWS);
    // In stretches, each with its place.
    let mut slavery = true;
    let stretches = talk(20, 60, |_, _, draw| {
        if draw.below(6) == 0 {
            slavery = !slavery;
        }
        format!("They spoke of {} that year.", if slavery { "slavery on farms" } else { "trafficking in brothels" })
    });
    let found = of(&codebook, &stretches);
    let separated = pair(&codebook, &found, "trafficking", "slavery");
    assert_eq!(separated.verdict, Verdict::ByTopic, "{:?} {:?}", separated.order, separated.context);
    // In no order, but each with its place.
    let mixed = talk(20, 60, |_, _, draw| {
        format!(
            "They spoke of {} that year.",
            if draw.below(2) == 0 { "slavery on farms" } else { "trafficking in brothels" }
        )
    });
    let found = of(&codebook, &mixed);
    assert_eq!(pair(&codebook, &found, "trafficking", "slavery").verdict, Verdict::ByContext);
}

#[test]
fn enumerations_are_not_switching() {
    let codebook = codebook(ROWS);
    for list in
        ["slavery and trafficking", "slavery, forced labour or trafficking", "slavery and other forms of trafficking"]
    {
        let texts = talk(20, 20, |_, _, draw| says(list, draw));
        let found = of(&codebook, &texts);
        let pair = pair(&codebook, &found, "trafficking", "slavery");
        assert_eq!(pair.verdict, Verdict::Enumeration, "{list}");
        assert_eq!((pair.order, pair.coordinated), (None, 800), "{list}");
        assert_eq!(pair.n_passages, 0);
    }
    // In turn, without a list.
    let texts = talk(20, 30, |_, i, draw| says(if i % 2 == 0 { "slavery" } else { "trafficking" }, draw));
    let found = of(&codebook, &texts);
    let pair = pair(&codebook, &found, "trafficking", "slavery");
    assert_eq!(pair.verdict, Verdict::Enumeration);
    assert!(pair.order.unwrap().ratio.ratio > 1.8);
}

#[test]
fn little_data_do_not_tell() {
    let codebook = codebook(ROWS);
    let found = of(&codebook, &["They spoke of slavery. They spoke of trafficking. They spoke of slavery."]);
    let pair = pair(&codebook, &found, "trafficking", "slavery");
    assert_eq!((pair.verdict, pair.interchangeable()), (Verdict::Undetermined, None));
    assert!(pair.reason.is_some() && pair.similarity.is_err() && pair.n_passages == 2);
    assert!(of(&codebook, &["Nothing."]).all.pairs.is_empty());
}

#[test]
fn the_longest_label_wins_and_turns_have_speakers() {
    let codebook = codebook(ROWS);
    let text = "Q: What of child trafficking?\nANNA: There is slavery here.\nQ: And trafficking?\nANNA: There is child trafficking. And slavery, too.\n";
    let sources = sources(&[text]);
    let corpus = corpus(&codebook, &sources);
    let labels: BTreeSet<_> = settings(&codebook, None).labels;
    let found = speakers(&corpus, &labels, Level::Paragraph, &SpeakerBy::Turns, &|_| true);
    let said: Vec<(String, Vec<&str>)> = found
        .iter()
        .map(|s| (s.name.clone(), s.mentions.iter().map(|m| codebook.get(m.label).id.as_str()).collect()))
        .collect();
    let want = [
        ("000.txt: ANNA".to_owned(), vec!["slavery", "child-trafficking", "slavery"]),
        ("000.txt: Q".to_owned(), vec!["child-trafficking", "trafficking"]),
    ];
    assert_eq!(said, want);
}

#[test]
fn what_a_list_is() {
    for between in
        [" and ", ", ", " or other forms of ", " and/or ", ", and the worst forms of ", " et la ", "/", ", including "]
    {
        assert!(coordinates(between), "{between:?}");
    }
    for between in [" is ", ". ", ", which is ", " leads to ", " and they were then sold into ", ""] {
        assert!(!coordinates(between), "{between:?}");
    }
}

#[test]
fn random_orders_are_enough() {
    for m in [1, 10, 100, 500] {
        // The least two-sided p-value that so many orders can give.
        assert!(2.0 / (permutations_for(m) as f64 + 1.0) <= 0.05 / (2.0 * m as f64));
    }
}

/// Runs keep the test of the context at its level where labels come in bursts and neighbours share their context;
/// shuffled mentions would not.
#[test]
fn the_context_test_keeps_its_level_with_sticky_labels() {
    let (studies, mut errs) = (200_u64, 0);
    for study in 0..studies {
        let mut draw = Draw(1000 + study);
        let (mut labels, mut contexts) = (Vec::new(), Vec::new());
        for _ in 0..10 {
            let (mut label, mut place) = (draw.below(2) == 0, draw.below(3) as usize);
            let (mut of_speaker, mut around) = (Vec::new(), Vec::new());
            for _ in 0..40 {
                label ^= draw.below(5) == 0;
                if draw.below(5) == 0 {
                    place = draw.below(3) as usize;
                }
                of_speaker.push(label);
                around.push(vec![(place, 1.0)]);
            }
            labels.push(of_speaker);
            contexts.push(around);
        }
        let found = predictability_of(&labels, &contexts, 199, Seed(study)).unwrap();
        errs += usize::from(found.p <= 0.05);
    }
    // 99.9 % of studies of a test of 5 % err at most 19 times in 200.
    assert!(errs <= 19, "{errs} of {studies}");
}

#[test]
fn the_same_whatever_the_number_of_threads() {
    let codebook = codebook(ROWS);
    let texts = talk(9, 30, |_, _, draw| says(if draw.below(2) == 0 { "slavery" } else { "trafficking" }, draw));
    let one = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap()
        .install(|| format!("{:?}", of(&codebook, &texts).all.pairs));
    assert_eq!(one, format!("{:?}", of(&codebook, &texts).all.pairs));
}

/// Half of the speakers say the one label three times of four, the other half the other: within each in no order, and yet not for one another.
#[test]
fn two_dialects_are_no_synonyms() {
    let dialects: Vec<(u64, u64)> = (0..20).map(|s| if s % 2 == 0 { (30, 10) } else { (10, 30) }).collect();
    let found = across(&dialects).unwrap();
    // By hand: within 2·30·10/(40·39) = 0.384615; between (2·400·400 − 20·2·300)/(800² − 20·40²) = 308000/608000.
    let (within, between) = (600.0 / 1560.0, 308_000.0 / 608_000.0);
    assert!((found.ratio - within / between).abs() < 1e-12, "{found:?}");
    assert!(found.is_apart() && !found.is_shared(), "{found:?}");
    // scipy 1.12.0, chi2_contingency without correction: 200 with 19 degrees of freedom.
    assert!(found.p < 1e-30);
    let shared = across(&[(20, 20); 20]).unwrap();
    assert!(shared.is_shared() && !shared.is_apart() && (shared.p - 1.0).abs() < 1e-12, "{shared:?}");
    assert_eq!(across(&[(5, 9)]), None);
    assert_eq!(across(&[(5, 0), (3, 0)]), None);
    // Who says one label only counts, too.
    assert!(across(&[(9, 0), (0, 9), (9, 0), (0, 9), (9, 0)]).unwrap().ratio.abs() < 1e-12);
}
