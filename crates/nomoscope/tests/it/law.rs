//! The bundled law: its expectations, what an independent program finds, the reference results of the methods.

use nomoscope_core::law::burden::burden;
use nomoscope_core::law::compare::{Definitions, Relation};
use nomoscope_core::law::fallback::of_elements;
use nomoscope_core::law::finding::{Bench, Finding, Reading};
use nomoscope_core::law::lint;
use nomoscope_core::law::logic::{Logic, OpenReading};
use nomoscope_core::law::template::{overlap, templates};
use nomoscope_core::problem::Place;
use nomoscope_core::problem::Severity;
use nomoscope_core::table::Cell;
use nomoscope_engine::answer::Answer;
use nomoscope_engine::handle::Handle;
use nomoscope_engine::law::answer::Compared;
use nomoscope_engine::law::library::{Files, Library, bundled, bundled_files, read};
use nomoscope_engine::law::question::{Burden, Compare, Fallback, Overlap};
use nomoscope_engine::law::words::how_many;
use nomoscope_engine::refusal::Refusal;
use nomoscope_engine::test::interview::{Interview, Reply, Turn};
use nomoscope_engine::test::question::Question;
use rayon::prelude::*;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

#[derive(Debug, Deserialize)]
struct Reference {
    norms: Vec<String>,
    case: Vec<ReferenceCase>,
    implications: Vec<ReferenceImplications>,
}

#[derive(Debug, Deserialize)]
#[allow(non_snake_case, reason = "the keys of the file")]
struct ReferenceCase {
    id: String,
    person: String,
    Y: Vec<String>,
    U: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct ReferenceImplications {
    open: String,
    interpretation: bool,
    pairs: Vec<(String, String)>,
}

fn reference() -> Reference {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/law/reference.toml");
    toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn nothing_is_wrong_and_every_expectation_holds() {
    let library = bundled();
    assert_eq!(library.errors(), Vec::new());
    let logic = Logic::new(&library.law);
    let wrong: Vec<_> = lint::definitions(&logic).into_iter().filter(|c| c.severity == Severity::Error).collect();
    assert_eq!(wrong, Vec::new());
    let coverage = lint::cases(&logic, &library.cases);
    assert_eq!(coverage.complaints, Vec::new());
    assert!(coverage.expectations >= 738, "{}", coverage.expectations);
    assert_eq!(lint::unreached(&library.law, &coverage), Vec::new(), "every limb is reached");
}

/// The page on the data says how many norms have cases that do not come from their own encoding, and which have none.
#[test]
fn the_page_on_the_data_counts_independent_cases() {
    let library = bundled();
    let by_norm = lint::independent(&library.law, &library.cases);
    let (none, one, more) = how_many(&by_norm);
    let with = |n: usize| -> String {
        let ids = library.law.norms.iter().zip(&by_norm).filter(|(_, have)| **have == n);
        ids.map(|(norm, _)| format!("`{}`", norm.id)).collect::<Vec<_>>().join(", ")
    };
    let text = format!(
        "Of {} norms {more} have two or more such cases, {one} have one, **{none} have none**.\n\nOne: {}.\n\nNone: {}.\n",
        by_norm.len(),
        with(1),
        with(0)
    );
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/law/README.md");
    let have = std::fs::read_to_string(&page).unwrap().replace("\r\n", "\n");
    let (begin, end) = ("<!-- independent cases: begin -->\n", "<!-- independent cases: end -->\n");
    let (before, rest) = have.split_once(begin).unwrap();
    let (_, after) = rest.split_once(end).unwrap();
    let want = format!("{before}{begin}{text}{end}{after}");
    if have != want {
        let update = std::env::var_os("UPDATE_REFERENCE").is_some();
        assert!(
            update,
            "data/law/README.md is out of date; UPDATE_REFERENCE=1 cargo test -p nomoscope counts_independent"
        );
        std::fs::write(page, want).unwrap();
    }
}

#[test]
fn a_flipped_expectation_fails() {
    let library = bundled();
    let logic = Logic::new(&library.law);
    let mut flipped = 0;
    for case in library.cases.iter().filter(|c| !c.id.starts_with("limits_")) {
        for (p, person) in case.persons.iter().enumerate() {
            for e in 0..person.expect.len() {
                let mut wrong = case.clone();
                wrong.persons = vec![case.persons[p].clone()];
                let expected = &mut wrong.persons[0].expect;
                let norm = expected[e].norm.clone();
                expected[e].finding = match expected[e].finding {
                    Finding::Established => Finding::NotEstablished,
                    Finding::NotEstablished => Finding::Undetermined,
                    Finding::Undetermined => Finding::Established,
                };
                expected.retain(|x| x.norm == norm);
                let complaints = lint::cases(&logic, &[wrong]).complaints;
                assert_eq!(complaints.len(), 1, "{} {norm}", case.id);
                flipped += 1;
            }
        }
    }
    assert!(flipped > 200, "{flipped}");
}

#[test]
fn findings_are_those_of_an_independent_program() {
    let library = bundled();
    let logic = Logic::new(&library.law);
    let reference = reference();
    let mut n = 0;
    for wanted in &reference.case {
        let case = library.cases.iter().find(|c| c.id == wanted.id).unwrap();
        let person = case.persons.iter().find(|p| p.id == wanted.person).unwrap();
        let bench = Bench::new(&logic, person, Reading::default()).unwrap();
        for id in &reference.norms {
            let norm = library.law.find(id).unwrap();
            let want = if wanted.Y.contains(id) {
                Finding::Established
            } else if wanted.U.contains(id) {
                Finding::Undetermined
            } else {
                Finding::NotEstablished
            };
            assert_eq!(bench.outcome(norm).unwrap().all.finding, want, "{} {id}", wanted.id);
            n += 1;
        }
    }
    assert_eq!(n, 40 * 42);
}

#[test]
fn implications_are_those_of_an_independent_program() {
    let library = bundled();
    let logic = Logic::new(&library.law);
    let reference = reference();
    let norms: Vec<usize> = reference.norms.iter().map(|id| library.law.find(id).unwrap()).collect();
    for wanted in &reference.implications {
        let reading = OpenReading::ALL.into_iter().find(|r| r.name() == wanted.open).unwrap();
        let definitions = Definitions::new(&logic, reading, wanted.interpretation).unwrap();
        let mut found = BTreeSet::new();
        for (a, b, relation) in definitions.pairs(&norms).unwrap() {
            let (a, b) = (library.law.norms[a].id.clone(), library.law.norms[b].id.clone());
            if matches!(relation, Relation::Implies | Relation::Equal) {
                found.insert((a.clone(), b.clone()));
            }
            if matches!(relation, Relation::IsImplied | Relation::Equal) {
                found.insert((b, a));
            }
        }
        let want: BTreeSet<(String, String)> = wanted.pairs.iter().cloned().collect();
        assert_eq!(found, want, "{} {}", wanted.open, wanted.interpretation);
    }
}

/// Shows a relation under each reading, closed, shared, own.
#[track_caller]
fn check_relation(library: &Library, logic: &Logic, a: &str, b: &str, want: [Relation; 3]) {
    let (x, y) = (library.law.find(a).unwrap(), library.law.find(b).unwrap());
    let found = OpenReading::ALL.map(|r| Definitions::new(logic, r, false).unwrap().relation(x, y).unwrap());
    assert_eq!(found, want, "{a} {b}");
}

#[test]
fn reference_results_of_the_seed() {
    let library = bundled();
    let logic = Logic::new(&library.law);
    use Relation::{Equal, Implies, Incomparable};
    for (a, b, want) in [
        ("un.palermo.3", "coe.197.4", [Equal, Equal, Incomparable]),
        ("un.palermo.3", "asean.actip.2", [Equal, Equal, Incomparable]),
        ("un.palermo.3", "eu.2011-36.2", [Implies, Implies, Incomparable]),
        ("eu.2011-36.2", "eu.2011-36.2.v2024", [Implies, Implies, Incomparable]),
        ("un.palermo.3", "my.atipsom.2", [Implies, Implies, Incomparable]),
        ("vn.pc.150", "vn.law53-2024.2", [Implies, Implies, Incomparable]),
        ("vn.pc.151", "vn.law53-2024.2", [Implies, Implies, Incomparable]),
        ("opsc.2b", "ilo.c182.3", [Implies; 3]),
        ("opsc.2b", "nl.sr.273f", [Implies; 3]),
        ("icc.7-2-c", "ln.slavery.1926.1", [Implies; 3]),
        ("icc.7-2-c", "it.cp.600", [Implies; 3]),
        ("saarc.2002.I", "be.cp.433quinquies", [Implies; 3]),
        ("un.palermo.3", "fr.cp.225-4-1", [Incomparable; 3]),
        ("un.palermo.3", "it.cp.601", [Incomparable; 3]),
        ("un.palermo.3", "de.stgb.232", [Incomparable; 3]),
        ("un.palermo.3", "th.atip.6", [Incomparable; 3]),
        ("un.palermo.3", "uk.msa.2", [Incomparable; 3]),
        ("un.palermo.3", "us.22usc7102-11", [Incomparable; 3]),
    ] {
        check_relation(&library, &logic, a, b, want);
    }
}

#[test]
fn template_counts_of_the_seed() {
    let library = bundled();
    for (id, want) in [
        ("un.palermo.3", [360, 40]),
        ("eu.2011-36.2", [540, 60]),
        ("eu.2011-36.2.v2024", [702, 78]),
        ("fr.cp.225-4-1", [360, 45]),
        ("it.cp.601", [335, 50]),
        ("de.stgb.232", [616, 0]),
        // Sub 3 with each of the ten purposes: 3 × 10 ways, where it was 3.
        ("nl.sr.273f", [538, 51]),
        // With the forced extortion at the end of section 4 there is one purpose more: 49 and 7 ways.
        ("th.atip.6", [441, 63]),
        ("us.22usc7102-11", [182, 6]),
        ("uk.msa.2", [77, 14]),
        ("be.cp.433quinquies", [54, 0]),
        ("vn.pc.150", [175, 0]),
        ("vn.pc.151", [0, 35]),
        ("ilo.c182.3", [0, 107]),
        ("ilo.c029.2", [1, 0]),
    ] {
        let norm = &library.law.norms[library.law.find(id).unwrap()];
        assert_eq!(templates(norm, OpenReading::Shared).counts(), want, "{id}");
    }
}

#[test]
fn burdens_of_the_seed() {
    let library = bundled();
    let logic = Logic::new(&library.law);
    let definitions = Definitions::new(&logic, OpenReading::Shared, false).unwrap();
    for (id, conjuncts, exceptions) in [
        ("un.palermo.3", vec![3, 3], 0),
        ("be.cp.433quinquies", vec![2, 3], 0),
        ("uk.msa.2", vec![4], 0),
        ("ilo.c029.2", vec![3], 5),
        ("us.18usc1591", vec![5, 5], 0),
    ] {
        let b = burden(&logic, &definitions, library.law.find(id).unwrap()).unwrap();
        assert_eq!(b.limbs.iter().map(|l| l.conjuncts).collect::<Vec<_>>(), conjuncts, "{id}");
        assert_eq!(b.limbs[0].exceptions, exceptions, "{id}");
    }
    let of = |id: &str| {
        let b = burden(&logic, &definitions, library.law.find(id).unwrap()).unwrap();
        b.indispensable.iter().map(|f| library.law.vocabulary.get(*f).id.clone()).collect::<Vec<_>>()
    };
    assert_eq!(of("ilo.c029.2"), ["work.exacted", "work.menace_of_penalty", "work.not_voluntary"]);
    assert!(of("un.palermo.3").is_empty(), "of every list another entry would do");
}

/// What the seed says remains: without means for an adult, and without an act.
#[test]
fn fallbacks_of_the_seed() {
    let library = bundled();
    let logic = Logic::new(&library.law);
    let palermo = library.law.find("un.palermo.3").unwrap();
    let without = |element: &str, within: u32| -> BTreeMap<String, u32> {
        let e = library.law.norms[palermo].element(element).unwrap();
        let left = of_elements(&logic, palermo, &BTreeSet::from([e]), None, Reading::default(), within).unwrap();
        assert!(left.remaining.iter().all(|r| !library.law.norms[r.norm].against_person));
        left.remaining.iter().map(|r| (library.law.norms[r.norm].id.clone(), r.distance)).collect()
    };
    let means = without("means", 2);
    for (id, distance) in [("be.cp.433quinquies", 0), ("un.1949.1", 0), ("uk.msa.2", 1), ("nl.sr.273f", 1)] {
        assert_eq!(means.get(id), Some(&distance), "without means, {id}");
    }
    let act = without("act", 3);
    for id in ["ilo.c029.2", "us.18usc1589", "ln.slavery.1926.1", "uk.msa.1"] {
        assert!(act.contains_key(id), "without an act, {id}");
    }
    let purpose = without("purpose", 3);
    for id in ["ilo.c029.2", "un.1949.2", "ln.slavery.1926.1"] {
        assert!(purpose.contains_key(id), "without a purpose, {id}");
    }
}

#[test]
fn overlap_is_whole_where_one_implies_the_other() {
    let library = bundled();
    let logic = Logic::new(&library.law);
    let norms: Vec<usize> =
        (0..library.law.norms.len()).filter(|&n| library.law.norms[n].family == "trafficking").collect();
    let definitions = Definitions::new(&logic, OpenReading::Shared, false).unwrap();
    let overlaps = overlap(&library.law, &norms, OpenReading::Shared, false);
    for (i, &a) in norms.iter().enumerate() {
        for (j, &b) in norms.iter().enumerate() {
            let o = overlaps[i][j];
            assert!(o.adult <= o.adult_of && o.child <= o.child_of);
            if i == j || matches!(definitions.relation(a, b).unwrap(), Relation::Implies | Relation::Equal) {
                assert_eq!(
                    (o.adult, o.child),
                    (o.adult_of, o.child_of),
                    "{} {}",
                    library.law.norms[a].id,
                    library.law.norms[b].id
                );
            }
        }
    }
}

/// What the files were given to us with holds, too, as far as the program restates it.
#[test]
fn seed_files_beside_the_repository() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/law");
    if !folder.is_dir() {
        println!("skipped: no folder of seed data beside the repository");
        return;
    }
    let files: Files = ["facts.toml", "norms.toml", "cases.toml"]
        .map(|name| (name.to_owned(), std::fs::read(folder.join(name)).unwrap()))
        .into();
    let library = read(&Files::new(), &files);
    assert_eq!(library.errors(), Vec::new());
    let logic = Logic::new(&library.law);
    let coverage = lint::cases(&logic, &library.cases);
    assert_eq!((coverage.complaints, coverage.expectations), (Vec::new(), 206));
    // And with the bundled law, which has more facts and norms.
    let cases: Files =
        files.iter().filter(|(name, _)| *name == "cases.toml").map(|(k, v)| (k.clone(), v.clone())).collect();
    let library = read(&bundled_files(), &cases);
    let logic = Logic::new(&library.law);
    let coverage = lint::cases(&logic, &library.cases);
    assert_eq!((coverage.complaints, coverage.expectations), (Vec::new(), 206));
}

#[test]
fn every_norm_is_sourced() {
    let library = bundled();
    for n in &library.law.norms {
        assert!(!n.title.is_empty() && !n.source.title.is_empty() && n.checked_on.is_some(), "{}", n.id);
        assert!(n.elements.iter().all(|e| !e.cite.is_empty() && !e.label.is_empty()), "{}", n.id);
        assert!(n.limbs.iter().all(|l| !l.cite.is_empty()), "{}", n.id);
        if n.against_person {
            assert!(!n.non_punishment.is_empty(), "{} cites no non-punishment", n.id);
        }
    }
}

/// Says what an answer must be, so that a server and Python can hold it.
fn kept<T: Send + Sync + 'static>(answer: T) -> T {
    answer
}

#[test]
fn questions_go_through_json_and_their_answers_to_another_thread() {
    let library = bundled().usable().unwrap();
    let handle = Handle::default();
    let asked: Compare =
        serde_json::from_str(r#"{"norms": ["un.palermo.3", "fr.cp.225-4-1"], "open": "own"}"#).unwrap();
    assert_eq!(serde_json::from_value::<Compare>(serde_json::to_value(&asked).unwrap()).unwrap(), asked);
    assert!(serde_json::from_str::<Compare>(r#"{"norm": []}"#).is_err(), "an unknown key is an error");
    let answer = kept(asked.ask(&library, &handle).unwrap());
    let Compared::Two(two) = std::thread::spawn(move || answer).join().unwrap() else { panic!("two norms") };
    assert_eq!(two.comparisons.iter().map(|c| c.reading).collect::<Vec<_>>(), [OpenReading::Own]);
    kept(Question::default().ask(&library, &library.cases[..1], &handle).unwrap());
    // Everything that is wrong with a question is told at once, by the names of its settings.
    let wrong = Fallback { norm: Some("un.palermo.3".to_owned()), age: Some(200), within: 9, ..Fallback::default() };
    let Err(Refusal::Input(problems)) = wrong.ask(&library, &[], &handle) else { panic!("refused") };
    let places: Vec<_> = problems.as_slice().iter().filter_map(|p| p.place.clone()).collect();
    assert_eq!(places, ["age", "within", "without"].map(Place::Setting));
    let gone = Handle::default();
    gone.cancel();
    assert!(matches!(Burden::default().ask(&library, &gone), Err(Refusal::Cancelled)));
}

#[test]
fn an_interview_is_its_answers() {
    let library = bundled().usable().unwrap();
    let question = Question { norms: vec!["un.palermo.3".to_owned()], ..Question::default() };
    let begin =
        |answers: &str| Interview::new(&question, &library, &[], serde_json::from_str(answers).unwrap()).unwrap();
    let mut interview = begin("[]");
    let Turn::Ask(first) = interview.turn().unwrap() else { panic!("nothing is known yet") };
    interview.answer(&first.fact, Reply::Unknown);
    let mut again = begin(&serde_json::to_string(&interview.answers).unwrap());
    assert_eq!(again.turn().unwrap(), interview.turn().unwrap());
    assert!(!matches!(again.turn().unwrap(), Turn::Ask(next) if next.fact == first.fact), "asked once");
    assert_eq!(again.back().as_deref(), Some(first.question.as_str()));
    assert_eq!(again.turn().unwrap(), Turn::Ask(first));
    // A sold child of ten, for slavery: article 3(c) of the Protocol asks for no means.
    let sold = r#"[{"fact": "victim.age", "reply": {"age": [10, 10]}}, {"fact": "act.sell", "reply": "yes"},
        {"fact": "purpose.slavery", "reply": "yes"}]"#;
    let mut interview = begin(sold);
    assert_eq!(interview.so_far().unwrap().satisfied, ["un.palermo.3"]);
    assert_eq!(interview.turn().unwrap(), Turn::Done);
    assert_eq!(interview.case().persons.len(), 1);
    // Who is transported travels: both answers are shown, and stand until one of them is changed.
    let denied = r#"[{"fact": "act.transport", "reply": "yes"}, {"fact": "movement.travel", "reply": "no"}]"#;
    let mut interview = begin(denied);
    let Turn::Contradicted(c) = interview.turn().unwrap() else { panic!("a contradiction") };
    assert!(c.reason.contains("follows") && c.earlier.is_some_and(|e| e.fact == "act.transport"));
    interview.answer("movement.travel", Reply::Unknown);
    assert!(matches!(interview.turn().unwrap(), Turn::Ask(_)));
    let unknown = serde_json::from_str(r#"[{"fact": "act.fly", "reply": "yes"}]"#).unwrap();
    assert!(Interview::new(&question, &library, &[], unknown).is_err());
}

/// Each answer about definitions opens with one sentence, and fits a terminal, whatever the norm.
#[test]
fn answers_about_definitions_open_with_a_sentence_and_fit() {
    let library = bundled().usable().unwrap();
    let handle = Handle::default();
    let fits = |what: &str, text: &str| {
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "{what}: {line}");
        }
    };
    let opens = |what: &str, text: &str| {
        let sentence: Vec<&str> = text.lines().take(8).take_while(|l| !l.is_empty()).collect();
        assert!(sentence.iter().any(|l| l.ends_with('.')), "{what}: no sentence opens {text}");
        assert!(text.starts_with(char::is_uppercase) || text.starts_with(char::is_numeric), "{what}: {text}");
        fits(what, text);
    };
    let norms = &library.law.norms;
    norms.par_iter().filter(|n| n.id != "un.palermo.3").for_each(|norm| {
        let pair = vec!["un.palermo.3".to_owned(), norm.id.clone()];
        let two = Compare { norms: pair, ..Compare::default() }.ask(&library, &handle).unwrap();
        opens(&format!("compare {}", norm.id), &two.lead());
        let burden = Burden { norms: vec![norm.id.clone()] }.ask(&library, &handle).unwrap();
        opens(&format!("burden {}", norm.id), &burden.lead());
    });
    opens("overlap", &Overlap::default().ask(&library, &handle).unwrap().lead());
    for (norm, without) in [("un.palermo.3", "means"), ("fr.cp.225-4-1", "purpose")] {
        let lost = Fallback { norm: Some(norm.to_owned()), without: vec![without.to_owned()], ..Fallback::default() };
        let left = lost.ask(&library, &[], &handle).unwrap();
        fits(norm, &left.lead());
        // At most twelve, and the CSV holds the share of the ways.
        assert!(left.left[0].fallback.remaining.len() <= 12);
        let table = &left.tables()[0];
        let column = |name: &str| table.columns.iter().position(|c| c == name).unwrap();
        let (share, held) = (column("share_of_ways"), column("holds_in"));
        for row in &table.rows {
            let (Cell::Text(held), Cell::Number { value, .. }) = (&row[held], &row[share]) else { panic!("{row:?}") };
            let (n, of) = held.split_once(" of ").unwrap();
            assert!((value - n.parse::<f64>().unwrap() / of.parse::<f64>().unwrap()).abs() < 1e-12);
        }
    }
}

/// What the State implies counts, and its own law stands before its treaties.
#[test]
fn a_fallback_knows_the_state() {
    let text = "age = 30\nstate = \"uk\"\nrest = \"false\"\ntrue = [\"act.recruit\", \"act.transport\", \"movement.travel\", \"means.threat\"]\n";
    let files = Files::from([("x.toml".to_owned(), text.as_bytes().to_vec())]);
    let library = read(&bundled_files(), &files).usable().unwrap();
    let found = Fallback::default().ask(&library, &library.cases_of(&files), &Handle::default()).unwrap();
    let ids: Vec<&str> =
        found.left[0].fallback.remaining.iter().map(|r| library.law.norms[r.norm].id.as_str()).collect();
    let place = |id: &str| ids.iter().position(|i| *i == id).unwrap_or_else(|| panic!("{id} in {ids:?}"));
    assert!(place("uk.msa.2") < place("coe.197.4") && place("uk.msa.2") < place("un.palermo.3"), "{ids:?}");
}

/// An Act that ended in one territory before another is tried where it went on, and not beside the one that took its place.
#[test]
fn an_act_ends_by_territory() {
    for (state, date, old, new) in [
        ("uk", "2015-04", true, None),
        ("uk", "2015-10", false, Some("uk.msa.2")),
        ("uk-ni", "2014-12", true, None),
        ("uk-ni", "2015-04", false, Some("uk.ni.htea.2")),
        ("uk-scotland", "2015-10", true, None),
        ("uk-scotland", "2016-06", false, Some("uk.scot.htesa.1")),
    ] {
        let text = format!("age = 30\nstate = {state:?}\ndate = {date:?}\ntrue = [\"act.recruit\"]\n");
        let files = Files::from([("x.toml".to_owned(), text.into_bytes())]);
        let library = read(&bundled_files(), &files).usable().unwrap();
        let tested = Question::default().ask(&library, &library.cases_of(&files), &Handle::default()).unwrap();
        let tried: Vec<&str> = tested.tried[0].outcomes.iter().map(|o| tested.norm(o).id.as_str()).collect();
        assert_eq!(tried.contains(&"uk.ia2004.4"), old, "{state} {date}: {tried:?}");
        for offence in ["uk.msa.2", "uk.ni.htea.2", "uk.scot.htesa.1"] {
            assert_eq!(tried.contains(&offence), new == Some(offence), "{state} {date}: {offence}");
        }
    }
}

/// Where nothing reaches anything, nothing reaches farthest.
#[test]
fn of_no_ways_none_reaches_farthest() {
    let library = bundled().usable().unwrap();
    let norms = ["de.stgb.233a", "de.stgb.232a"].map(str::to_owned).to_vec();
    let said = Overlap { norms, ..Overlap::default() }.ask(&library, &Handle::default()).unwrap().lead();
    assert!(!said.contains("reaches farthest") && said.starts_with("None of them"), "{said}");
}

/// Rules on punishment, each with the definitions of which one has to be met before it says that the facts point to exploitation.
const RULES: &[(&str, &[&str])] = &[
    ("uk.msa.45", &["uk.msa.1", "uk.msa.2"]),
    ("uk.scot.htesa.8", &["uk.scot.htesa.1", "uk.scot.htesa.4"]),
    ("uk.ni.htea.22", &["uk.ni.htea.1", "uk.ni.htea.2"]),
    ("coe.197.26", &["coe.197.4"]),
    ("ilo.p029.4-2", &["ilo.c029.2", "un.palermo.3"]),
    ("asean.actip.14-7", &["asean.actip.2"]),
    ("eu.2011-36.8", &["eu.2011-36.2", "eu.2011-36.2.v2024"]),
    ("bg.nk.16a", &["bg.nk.159a"]),
    ("th.atip.41", &["th.atip.6", "th.atip.6-1"]),
];

/// Offences and begging under threat or lock, and by a child, are forced services on the line of protection; without either they are
/// not, and no rule on punishment then says that the facts point to exploitation.
#[test]
fn a_rule_on_punishment_is_not_wider_than_its_definition() {
    let exploited: &[(u16, &[&str], bool)] = &[
        (30, &["purpose.criminal_activity", "work.used_for_offences"], false),
        (30, &["purpose.begging", "work.begging"], false),
        (30, &["purpose.criminal_activity", "work.used_for_offences", "means.threat"], true),
        (30, &["purpose.begging", "means.force"], true),
        (30, &["purpose.criminal_activity", "act.detain"], true),
        (15, &["purpose.criminal_activity"], true),
        (30, &["sexual.prostitution_controlled"], true),
    ];
    for (age, facts, forced) in exploited {
        let text = format!(
            "age = {age}\nrest = \"false\"\ntrue = {:?}\n",
            [
                *facts,
                &["act.recruit", "act.transport", "movement.travel", "movement.cross_border", "means.deception"],
                &["nexus.charged", "nexus.compelled", "nexus.direct_consequence", "nexus.no_alternative"],
                &["nexus.reasonable_person", "context.uk_link", "context.transnational", "victim.stays_irregularly"],
                &["context.organised_group", "work.exacted"],
            ]
            .concat()
        );
        let library = read(&bundled_files(), &Files::from([("x.toml".to_owned(), text.into_bytes())]));
        let logic = Logic::new(&library.law);
        let person = &library.cases_of(&Files::from([("x.toml".to_owned(), Vec::new())]))[0].persons[0];
        let bench = Bench::new(&logic, person, Reading::default()).unwrap();
        let held = |id: &str| {
            let norm = library.law.norms.iter().position(|n| n.id == id).unwrap();
            bench.outcome(norm).unwrap().protection.finding == Finding::Established
        };
        for (rule, definitions) in RULES {
            let defined = definitions.iter().any(|d| held(d));
            assert!(!held(rule) || defined, "{age} {facts:?}: {rule} without its definition");
        }
        assert_eq!(held("coe.197.4") && held("coe.197.26"), *forced, "{age} {facts:?}");
    }
}
