//! Any study of a small vocabulary can be analysed: no panic, no NaN, and what must add up adds up.

use crate::program::finite;
use nomoscope_core::codebook::Codebook;
use nomoscope_core::study::{Coder, CoderKind, CodingRecord, CodingStatus, Origin, Source, Study};
use nomoscope_core::text::{Document, Level, Span};
use nomoscope_engine::answer::Answer;
use nomoscope_engine::concepts::{self, answer::Concepts};
use nomoscope_engine::handle::Handle;
use nomoscope_engine::map::answer::{Analysis, Options, analyse};
use nomoscope_engine::material::Material;
use nomoscope_engine::record::Record;
use nomoscope_formats::codebook_toml;
use proptest::prelude::*;
use std::collections::BTreeMap;

const WORDS: [&str; 14] = [
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "zeta",
    "shall",
    "may",
    "not",
    "Article 1",
    "because",
    "été",
    "的",
    "...",
];
const ENDS: [&str; 6] = [" ", " ", ". ", "\n\n", "\n", "; "];
const ROLES: [&str; 5] = ["[\"problem\"]", "[\"value\"]", "[\"behaviour\"]", "[\"problem\", \"value\"]", "[]"];

#[derive(Debug, Clone)]
struct Case {
    codebook: String,
    texts: Vec<(String, Option<u16>, Option<&'static str>)>,
    codings: Vec<(usize, usize, usize, bool)>,
    options: Options,
}

fn text() -> impl Strategy<Value = String> {
    let word = (0..WORDS.len(), 0..ENDS.len()).prop_map(|(w, e)| format!("{}{}", WORDS[w], ENDS[e]));
    prop::collection::vec(word, 0..40).prop_map(|words| words.concat())
}

fn codebook() -> impl Strategy<Value = String> {
    let concept = (0..ROLES.len(), any::<bool>(), prop::collection::vec(0..6_usize, 1..3), any::<bool>(), 0..8_usize);
    prop::collection::vec(concept, 1..7).prop_map(|concepts| {
        let mut out = String::new();
        for (i, (role, label, words, near, broader)) in concepts.iter().enumerate() {
            let norm_label = *label && ROLES[*role].contains("problem") | ROLES[*role].contains("value");
            // A concept without a role must be the broader one of others, or it is refused: give it a role then.
            let role = if ROLES[*role] == "[]" { ROLES[0] } else { ROLES[*role] };
            out.push_str(&format!("[[concept]]\nid = \"c{i}\"\nroles = {role}\n"));
            if norm_label {
                out.push_str("norm_label = true\n");
            }
            if *broader < i {
                out.push_str(&format!("broader = \"c{broader}\"\n"));
            }
            let first = WORDS[words[0]];
            let last = WORDS[words[words.len() - 1]];
            let pattern = if *near { format!("{first} NEAR/3 {last}") } else { format!("({first}|{last})") };
            out.push_str(&format!("patterns.en = [\"{pattern}\"]\n\n"));
        }
        out
    })
}

fn options() -> impl Strategy<Value = Options> {
    (prop::option::of(0..7_usize), 0..5_usize, any::<bool>(), 0..12_usize, 1..3_usize, any::<bool>()).prop_map(
        |(focus, window, inherit, draws, seeds, illustration)| Options {
            focus: focus.map(|f| format!("c{f}")),
            window: Level::ALL[window],
            inherit,
            draws,
            seeds,
            illustration,
            ..Options::default()
        },
    )
}

fn case() -> impl Strategy<Value = Case> {
    let kind = prop::option::of(prop::sample::select(vec!["treaty", "speech"]));
    let source = (text(), prop::option::of(1900..2030_u16), kind);
    let coding = (0..14_usize, 0..60_usize, 0..7_usize, any::<bool>());
    (codebook(), prop::collection::vec(source, 1..14), prop::collection::vec(coding, 0..5), options())
        .prop_map(|(codebook, texts, codings, options)| Case { codebook, texts, codings, options })
}

fn study(case: &Case, codebook: &Codebook) -> Study {
    let source = |(i, (text, year, kind)): (usize, &(String, Option<u16>, Option<&str>))| Source {
        detected: Vec::new(),
        path: format!("sources/{i}.txt"),
        title: format!("Text {i}"),
        kind: kind.map(str::to_owned),
        date: year.map(|y| y.to_string().parse().unwrap()),
        language: vec!["en".to_owned()],
        attributes: BTreeMap::new(),
        document: Document { text: text.clone(), ..Document::default() },
    };
    let sources: Vec<Source> = case.texts.iter().enumerate().map(source).collect();
    let coding = |(n, &(s, at, c, accepted)): (usize, &(usize, usize, usize, bool))| {
        let source = &sources[s % sources.len()];
        let text = &source.document.text;
        let (start, first) = text.char_indices().nth(at % text.chars().count().max(1))?;
        let span = Span::new(start as u32, (start + first.len_utf8()) as u32);
        Some(CodingRecord {
            id: n.to_string().into(),
            source: source.path.as_str().into(),
            span,
            quote: span.of(text).to_owned(),
            concept: codebook.concepts()[c % codebook.len()].id.as_str().into(),
            coder: "ana".into(),
            status: if accepted { CodingStatus::Accepted } else { CodingStatus::Rejected },
            created: String::new(),
            memo: String::new(),
        })
    };
    let codings = case.codings.iter().enumerate().filter_map(coding).collect();
    Study { sources: sources.into(), codings, ..Study::default() }
}

fn material(codebook: &Codebook, study: &Study) -> Material {
    Material::new(study.clone(), codebook.clone(), ("codebook.toml", String::new()), BTreeMap::new())
}

#[test]
fn a_suggestion_counts_only_when_it_is_accepted() {
    let toml = "[[concept]]\nid = \"c\"\nroles = [\"problem\"]\npatterns.en = [\"alpha\"]\n";
    let codebook = codebook_toml::parse(toml.as_bytes()).expect("a codebook");
    let document = Document { text: "beta gamma delta".to_owned(), ..Document::default() };
    let source = Source { path: "a".to_owned(), language: vec!["en".to_owned()], document, ..Source::default() };
    let record = |start: u32, end: u32, coder: &str, status| CodingRecord {
        id: start.to_string().into(),
        source: "a".into(),
        span: Span::new(start, end),
        quote: source.document.text[start as usize..end as usize].to_owned(),
        concept: "c".into(),
        coder: coder.into(),
        status,
        created: String::new(),
        memo: String::new(),
    };
    let codings = vec![
        record(0, 4, "llm", CodingStatus::Suggested),
        record(5, 10, "llm", CodingStatus::Accepted),
        record(11, 16, "ana", CodingStatus::Accepted),
    ];
    let coders = vec![Coder { id: "llm".into(), name: String::new(), kind: CoderKind::Model }];
    let study = Study { sources: [source.clone()].into(), codings, coders, ..Study::default() };
    let corpus = material(&codebook, &study).corpus(&Handle::default()).expect("codes");
    let found: Vec<(u32, Origin)> = corpus.coded[0].codings.iter().map(|c| (c.span.start, c.origin)).collect();
    assert_eq!(found, [(5, Origin::Suggestion), (11, Origin::Person)]);
}

fn check(a: &Analysis) -> Result<(), TestCaseError> {
    let map = a.json(Some(usize::MAX), Record::default());
    finite(&map, "map");
    let concepts = Concepts::new(a.corpus.clone(), Some("kind".to_owned()));
    finite(&serde_json::to_value(concepts::json::Said::from(&concepts)).unwrap(), "concepts");
    for (source, coded) in a.corpus.sources.iter().zip(&a.corpus.coded) {
        finite(&nomoscope_engine::sources::json::source(source, coded, true), "sources");
    }
    let focal: usize = a.focal.iter().map(|f| f.len()).sum();
    let beyond = a.statements.omitted_weight;
    prop_assert!((a.total_weight() + beyond - focal as f64).abs() < 1e-6, "{} + {beyond} of {focal}", a.total_weight());
    prop_assert!(a.statements.counts.values().all(|c| c.weight > 0.0 && !c.windows.is_empty()));
    if let Some(shares) = &a.support.shares {
        let sum: f64 = shares.values().sum();
        prop_assert!((sum - 1.0).abs() < 1e-9, "{sum}");
    } else {
        prop_assert!(a.support.reason.is_some());
    }
    for c in a.textual.iter().chain(&a.actor) {
        prop_assert!(c.p.is_none_or(|p| (0.0..=1.0).contains(&p)), "{c:?}");
        prop_assert!(c.q.is_none_or(|q| c.p.is_some_and(|p| (p - 1e-12..=1.0).contains(&q))), "{c:?}");
        prop_assert!(c.p.is_some() || c.reason.is_some(), "no p and no reason: {c:?}");
        prop_assert!(c.odds_ratio.is_none_or(|or| or.is_finite() && or >= 0.0), "{c:?}");
        if let Some(i) = c.interval {
            prop_assert!(!matches!((i.lower, i.upper), (Some(l), Some(u)) if l > u), "{c:?}");
        }
        prop_assert!(
            !c.backbone || c.odds_ratio.is_some_and(|or| or > a.options.min_or) || c.odds_ratio.is_none(),
            "{c:?}"
        );
    }
    for m in &a.membership.members {
        prop_assert!((0.0..=1.0).contains(&m.membership), "{m:?}");
    }
    prop_assert!(a.undecided.is_none_or(|u| (0.0..=1.0).contains(&u)));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_small_study_adds_up(case in case()) {
        let codebook = codebook_toml::parse(case.codebook.as_bytes())
            .map_err(|p| TestCaseError::reject(format!("{p:?}")))?;
        let study = study(&case, &codebook);
        let mut options = case.options.clone();
        options.focus = options.focus.filter(|f| codebook.find(f).is_some());
        let a = analyse(&material(&codebook, &study), options.clone(), &Handle::default()).map_err(|e| TestCaseError::fail(e.to_string()))?;
        check(&a)?;
        // The order of sources in the study is no finding.
        let mut turned = study.clone();
        turned.sources = turned.sources.iter().rev().cloned().collect();
        turned.codings.reverse();
        let b = analyse(&material(&codebook, &turned), options, &Handle::default()).map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert!((a.total_weight() - b.total_weight()).abs() < 1e-6);
        let models = |a: &Analysis| a.kind.as_ref().map(|k| k.model).ok();
        prop_assert_eq!(models(&a), models(&b));
        let pairs = |a: &Analysis| a.textual.iter().map(|c| (c.a, c.b, c.n11, c.n1, c.n2, c.n)).collect::<std::collections::BTreeSet<_>>();
        prop_assert_eq!(pairs(&a), pairs(&b));
    }
}

#[test]
fn the_same_study_gives_the_same_answer() {
    let codebook = codebook_toml::parse(crate::program::CODEBOOK.as_bytes()).unwrap();
    let text = "Forced labour offends dignity. States shall prosecute it.\n\nPoverty: open a school.";
    let sources: Vec<Source> = (0..9)
        .map(|i| Source {
            detected: Vec::new(),
            path: format!("{i}.txt"),
            title: String::new(),
            kind: None,
            date: None,
            language: vec!["en".to_owned()],
            attributes: BTreeMap::new(),
            document: Document { text: text.repeat(1 + i % 3), ..Document::default() },
        })
        .collect();
    let study = Study { sources: sources.into(), ..Study::default() };
    let once = || {
        let options = Options { focus: Some("forced-labour".to_owned()), draws: 25, ..Options::default() };
        let a = analyse(&material(&codebook, &study), options, &Handle::default()).unwrap();
        a.json(Some(usize::MAX), Record::default()).to_string()
    };
    assert_eq!(once(), once());
}
