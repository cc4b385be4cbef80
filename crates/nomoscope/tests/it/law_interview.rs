//! The interview for protection: its order, its budget, what it never asks, and what it keeps.

use nomoscope_core::law::case::{Case, Grade, Person, Rest, Value};
use nomoscope_core::law::finding::{Bench, Finding, Reading};
use nomoscope_core::law::guide::Strength;
use nomoscope_core::law::logic::Logic;
use nomoscope_core::law::matrix::{Standing, matrix};
use nomoscope_core::law::proposal::{enough, proposals};
use nomoscope_core::law::speech::Speech;
use nomoscope_core::table::Cell;
use nomoscope_engine::handle::Handle;
use nomoscope_engine::law::library::{Files, Library, bundled, bundled_files, read};
use nomoscope_engine::test::brief::{brief, page};
use nomoscope_engine::test::interview::{Answered, DATE, Evidence, Interview, Reply, SAFETY, STATE, Turn};
use nomoscope_engine::test::question::Question;
use nomoscope_engine::test::rehearsal::{Budget, Taken, rehearse, scripted, take};
use nomoscope_engine::test::reply::{Meant, Takes};
use nomoscope_engine::test::sheets::sheets;
use nomoscope_engine::test::tables::matrix as matrix_of;
use nomoscope_formats::law::write;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// More questions than there are facts cannot be asked.
const MOST: usize = 300;

fn library() -> Arc<Library> {
    bundled().usable().unwrap()
}

fn of_state(state: &str) -> Question {
    Question { state: Some(state.to_owned()), ..Question::default() }
}

/// Leads an interview to its end; returns it with the facts that were asked, in order.
#[track_caller]
fn lead(question: &Question, library: &Arc<Library>, truth: &Person) -> (Interview, Vec<String>) {
    let led = rehearse(question, library, truth, None, None).unwrap();
    assert!(led.questions() < MOST, "it does not end: {:?}", led.interview.answers);
    (led.interview, led.turns.into_iter().map(|(asked, _)| asked.fact).collect())
}

/// Whether asking for a fact, or for what stands before many, can hurt.
fn hurts(library: &Library, fact: &str) -> bool {
    let law = &library.law;
    let screen = || law.guide.screens.iter().find(|s| fact.strip_prefix("screen:") == Some(&s.id));
    law.vocabulary.find(fact).map_or_else(|| screen().is_some_and(|s| s.distress), |f| law.vocabulary.get(f).distress)
}

fn person(library: &Library, age: u16, facts: &[&str]) -> Person {
    let text = format!("age = {age}\nrest = \"false\"\ntrue = {facts:?}\n");
    let files = Files::from([("x.toml".to_owned(), text.into_bytes())]);
    let read = read(&bundled_files(), &files);
    assert_eq!(read.errors(), Vec::new());
    let _ = library;
    read.cases_of(&files)[0].persons[0].clone()
}

#[test]
fn it_opens_with_safety_and_age_and_stops_when_somebody_is_not_safe() {
    let library = library();
    let (interview, asked) = lead(
        &of_state("uk"),
        &library,
        &person(&library, 16, &["act.recruit", "act.harbour", "purpose.criminal_activity"]),
    );
    assert_eq!(&asked[..3], [SAFETY, DATE, "victim.age"]);
    assert!(interview.so_far().unwrap().satisfied.contains(&"coe.197.4".to_owned()), "{asked:?}");
    let mut unsafe_now = Interview::new(&of_state("uk"), &library, &[], Vec::new()).unwrap();
    unsafe_now.answer(SAFETY, Reply::No);
    assert!(unsafe_now.is_unsafe());
    // Without a State it is asked for, with all that there are.
    let mut open = Interview::new(&Question::default(), &library, &[], Vec::new()).unwrap();
    open.answer(SAFETY, Reply::Yes);
    let Turn::Ask(state) = open.turn().unwrap() else { panic!("the State") };
    assert!(state.choices.len() > 15 && state.choices.iter().any(|c| c.id == "uk"));
    let n = state.choices.iter().position(|c| c.id == "fr").unwrap();
    open.answer("state", Reply::Choice(n as u16));
    assert_eq!(open.case().state, "fr");
    assert!(Interview::new(&of_state("atlantis"), &library, &[], Vec::new()).is_err());
}

#[test]
fn it_never_asks_what_could_be_held_against_the_person_unless_asked_for() {
    let library = library();
    let vocabulary = &library.law.vocabulary;
    let own = |asked: &[String]| asked.iter().filter_map(|f| vocabulary.find(f)).any(|f| vocabulary.get(f).own_act);
    for case in library.cases.iter().filter(|c| !c.id.starts_with("limits_")).step_by(2) {
        for state in ["uk", "th"] {
            let (_, asked) = lead(&of_state(state), &library, &case.persons[0]);
            assert!(!own(&asked), "{} {state}: {asked:?}", case.id);
            let mind = |f: &&String| vocabulary.find(f).is_some_and(|f| vocabulary.get(f).file_only);
            assert_eq!(asked.iter().find(mind), None, "{} {state}: a question for the file", case.id);
        }
    }
    let boy = person(&library, 16, &["act.recruit", "work.used_for_offences", "victim.drug_offence"]);
    let (_, asked) = lead(&Question { own_acts: true, file: true, ..of_state("uk") }, &library, &boy);
    assert!(own(&asked), "asked for: {asked:?}");
}

/// A kidney donor is not asked about prostitution, nor a woman in prostitution about the labour of convicts.
#[test]
fn absurd_questions_are_not_asked() {
    let library = library();
    let donor = person(
        &library,
        30,
        &["act.recruit", "means.deception", "victim.state_of_need", "organ.removed", "purpose.organ_removal"],
    );
    let (_, asked) = lead(&of_state("de"), &library, &donor);
    // Of what is sexual it is asked once whether there was anything, and nothing more.
    let sexual =
        |f: &&String| f.starts_with("sexual.") || f.starts_with("purpose.prostitution") || *f == "screen:sexual";
    assert!(asked.iter().filter(sexual).count() <= 1, "{asked:?}");
    let woman = person(&library, 27, &["act.recruit", "means.confiscate_documents", "sexual.prostitution_controlled"]);
    for state in ["de", "us"] {
        let (_, asked) = lead(&of_state(state), &library, &woman);
        for absurd in ["work.convict_public_control", "work.military_service", "serf.bound_tenant", "work.for_strike"] {
            assert!(!asked.contains(&absurd.to_owned()), "{state}: {absurd} in {asked:?}");
        }
    }
}

#[test]
fn what_is_hard_to_tell_comes_last_and_only_without_reasonable_grounds() {
    let library = library();
    for case in library.cases.iter().filter(|c| !c.id.starts_with("limits_")).step_by(2) {
        let (_, asked) = lead(&of_state("fr"), &library, &case.persons[0]);
        // Once one hard question had to be asked, its answer may make an easy one worth asking again; never the other way round
        // at the start: nothing hard among the first four.
        assert!(!asked.iter().take(4).any(|f| hurts(&library, f)), "{}: {asked:?}", case.id);
    }
}

/// Properties: changed and changed back is the same; skipped is unknown; a contradiction shows both answers and stands.
#[test]
fn answers_can_be_changed_skipped_and_contradicted() {
    let library = library();
    let truth =
        person(&library, 15, &["act.recruit", "act.harbour", "sexual.prostitution_controlled", "benefit.material"]);
    let (interview, asked) = lead(&of_state("fr"), &library, &truth);
    let end = |i: &Interview| (i.so_far(), i.case().persons[0].clone());
    for fact in asked.iter().filter(|f| f.contains('.') && *f != "victim.age").step_by(3) {
        let before = interview.answers.iter().find(|a| a.fact == *fact).unwrap().reply;
        let mut changed = interview.clone();
        changed.answer(fact, if before == Reply::Yes { Reply::No } else { Reply::Yes });
        let _ = changed.turn();
        changed.answer(fact, before);
        assert_eq!((changed.answers.clone(), end(&changed)), (interview.answers.clone(), end(&interview)), "{fact}");
    }
    // A part of the story that is left for later gives what its questions would give if nobody knew.
    let story_of = |f: &String| library.law.vocabulary.find(f).map(|f| library.law.vocabulary.get(f).story.clone());
    let story = &asked.iter().filter_map(story_of).find(|s| s != "start").unwrap();
    let of_story = |a: &Answered| {
        let screen = library.law.guide.screens.iter().find(|s| a.fact.strip_prefix("screen:") == Some(&s.id));
        let fact = library.law.vocabulary.find(&a.fact).map(|f| &library.law.vocabulary.get(f).story);
        fact.or(screen.map(|s| &s.story)) == Some(story)
    };
    let kept: Vec<Answered> = interview.answers.iter().filter(|a| !of_story(a)).cloned().collect();
    let mut skipped = Interview::new(&of_state("fr"), &library, &[], kept.clone()).unwrap();
    skipped.skip(story);
    let mut unknown = Interview::new(&of_state("fr"), &library, &[], kept).unwrap();
    for a in interview.answers.iter().filter(|a| of_story(a)) {
        unknown.answer(&a.fact, Reply::Unknown);
    }
    assert_eq!(skipped.so_far(), unknown.so_far());
    if let Turn::Ask(next) = skipped.turn().unwrap() {
        assert_ne!(next.story, *story);
    }
    // Who is transported travels.
    let denied = r#"[{"fact": "safety", "reply": "yes"}, {"fact": "movement.travel", "reply": "no"}, {"fact": "act.transport", "reply": "yes"}]"#;
    let mut torn = Interview::new(&of_state("fr"), &library, &[], serde_json::from_str(denied).unwrap()).unwrap();
    let Turn::Contradicted(c) = torn.turn().unwrap() else { panic!("a contradiction") };
    assert_eq!((c.earlier.clone().unwrap().fact.as_str(), c.later.fact.as_str()), ("movement.travel", "act.transport"));
    assert_eq!((c.earlier.unwrap().reply, c.later.reply), (Reply::No, Reply::Yes));
    assert!(matches!(torn.turn().unwrap(), Turn::Contradicted(_)), "it stands until one is changed");
    torn.answer("movement.travel", Reply::Yes);
    assert!(matches!(torn.turn().unwrap(), Turn::Ask(_)));
    let kept = torn.case().persons[0].facts[&library.law.vocabulary.find("act.transport").unwrap()].value;
    assert_eq!(kept, Value::True, "the newer answer is not lost");
}

/// Identification is not proof: what took place proposes what was meant, for protection and never for prosecution.
#[test]
fn a_girl_in_controlled_prostitution_is_not_turned_away() {
    let library = library();
    let logic = Logic::new(&library.law);
    let girl = person(&library, 15, &["act.recruit", "act.harbour", "sexual.prostitution_controlled"]);
    let bench = Bench::new(&logic, &girl, Reading::default()).unwrap();
    for id in ["un.palermo.3", "coe.197.4", "fr.cp.225-4-1", "us.22usc7102-11"] {
        let outcome = bench.outcome(library.law.find(id).unwrap()).unwrap();
        assert_eq!(outcome.protection.finding, Finding::Established, "{id}");
        assert_eq!(outcome.prosecution.finding, Finding::NotEstablished, "{id}");
        let from: Vec<&str> = outcome
            .protection
            .proposed
            .iter()
            .flat_map(|p| &p.from)
            .map(|f| library.law.vocabulary.get(*f).id.as_str())
            .collect();
        assert!(from.contains(&"sexual.prostitution_controlled"), "{id}: {from:?}");
    }
    // Begging under a threat, or by a child, is a service that is exacted: enough to protect.
    for (age, facts) in [
        (9, &["act.recruit", "act.transport", "purpose.begging", "context.uk_link"][..]),
        (30, &["act.recruit", "act.transport", "means.threat", "purpose.criminal_activity", "context.uk_link"][..]),
    ] {
        let bench = Bench::new(&logic, &person(&library, age, facts), Reading::default()).unwrap();
        let outcome = bench.outcome(library.law.find("uk.msa.2").unwrap()).unwrap();
        assert_eq!(outcome.protection.finding, Finding::Established, "{age}");
        assert_eq!(outcome.prosecution.finding, Finding::NotEstablished, "{age}");
    }
    // What was entered as untrue is not overruled.
    let mut denied = girl.clone();
    let fact = library.law.vocabulary.find("purpose.prostitution_of_others").unwrap();
    denied.facts.insert(fact, nomoscope_core::law::case::Entry::new(Value::False));
    let outcome = Bench::new(&logic, &denied, Reading::default())
        .unwrap()
        .outcome(library.law.find("coe.197.4").unwrap())
        .unwrap();
    assert_eq!(outcome.protection.finding, Finding::NotEstablished);
    // Signs that somebody sees propose an element; one alone does not.
    let seen = person(
        &library,
        30,
        &["means.confiscate_documents", "sign.debt_grows", "work.exacted", "pay.withheld", "work.exhausting_hours"],
    );
    let known = nomoscope_core::law::case::Known { rest: Rest::Unknown, ..seen.for_protection() };
    let found: BTreeSet<&str> =
        proposals(&library.law, &known).iter().map(|p| library.law.vocabulary.get(p.fact).id.as_str()).collect();
    assert!(found.contains("means.coercion_other") && found.contains("purpose.forced_labour"), "{found:?}");
    let alone = person(&library, 30, &["means.confiscate_documents"]);
    assert!(proposals(&library.law, &alone.for_protection()).is_empty());
}

#[test]
fn signs_are_weighed() {
    use Strength::{Medium, Strong, Weak};
    for (signs, wanted) in [
        (vec![], false),
        (vec![Strong], false),
        (vec![Strong, Strong], true),
        (vec![Strong, Weak], true),
        (vec![Medium, Medium], false),
        (vec![Medium, Medium, Weak], true),
        (vec![Medium, Medium, Medium], true),
        (vec![Weak, Weak, Weak, Weak], false),
        (vec![Medium, Weak, Weak], false),
    ] {
        assert_eq!(enough(&signs), wanted, "{signs:?}");
    }
}

/// Adding evidence never lowers how well an element stands: a better grade, or one fact more that is no exception.
#[test]
fn evidence_never_lowers_a_grade() {
    let library = library();
    let logic = Logic::new(&library.law);
    let rank = |s: Standing| s;
    let exceptions: BTreeSet<_> = library
        .law
        .norms
        .iter()
        .flat_map(|n| {
            n.elements
                .iter()
                .filter(|e| e.role == "exception")
                .flat_map(|e| e.terms())
                .chain(n.elements.iter().flat_map(|e| e.none.iter().copied()))
        })
        .filter_map(|t| match t.atom {
            nomoscope_core::law::definition::Atom::Fact(f) => Some(f),
            _ => None,
        })
        .collect();
    let norms: Vec<usize> = ["un.palermo.3", "ilo.c029.2", "uk.msa.2", "fr.cp.225-4-1", "de.stgb.232", "th.atip.6"]
        .iter()
        .map(|id| library.law.find(id).unwrap())
        .collect();
    let mut compared = 0;
    for case in library.cases.iter().filter(|c| !c.id.starts_with("limits_")).step_by(2) {
        let before = &case.persons[0];
        let mut better = before.clone();
        for (n, entry) in better.facts.values_mut().enumerate() {
            if n % 2 == 0 && entry.value == Value::True {
                entry.grade = Some(Grade::Proved);
            }
        }
        let mut more = before.clone();
        let fresh =
            (0..library.law.vocabulary.facts().len() as u16).map(nomoscope_core::law::vocabulary::FactIx).filter(|f| {
                !exceptions.contains(f) && !before.facts.contains_key(f) && library.law.vocabulary.age() != Some(*f)
            });
        for f in fresh.step_by(7) {
            more.facts.insert(f, nomoscope_core::law::case::Entry::new(Value::True));
        }
        for after in [&better, &more] {
            for &n in &norms {
                let (Ok(a), Ok(b)) =
                    (matrix(&logic, before, n, Reading::default()), matrix(&logic, after, n, Reading::default()))
                else {
                    continue;
                };
                for (x, y) in a.iter().zip(&b) {
                    assert!(
                        rank(y.standing) >= rank(x.standing),
                        "{} {}: {x:?} then {y:?}",
                        case.id,
                        library.law.norms[n].id
                    );
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 1_000, "{compared}");
}

/// Reads a case from its words.
fn case_of(text: &str) -> (Arc<Library>, Case) {
    let files = Files::from([("x.toml".to_owned(), text.as_bytes().to_vec())]);
    let library = read(&bundled_files(), &files).usable().unwrap();
    let case = library.cases_of(&files)[0].clone();
    (library, case)
}

/// What was graded decides where it suffices; what nobody graded is told as such, and who said what stands beside it.
#[test]
fn an_element_has_the_grade_of_its_best_way() {
    let (library, case) = case_of(
        "age = 30\nstate = \"fr\"\ntrue = [\"act.recruit\", \"act.harbour\", \"means.threat\", \"means.deception\"]\ngrade = { \"act.recruit\" = \"proved\" }\n[source]\n\"act.recruit\" = { by = \"the cook\", when = 2021-03-05, where = \"Lille\", document = \"file 7\" }\n",
    );
    let tested = Question::default().ask(&library, &[case], &Handle::default()).unwrap();
    let tables = matrix_of(&tested, &tested.tried[0], "en");
    let table = tables.iter().find(|t| t.id == "matrix-un-palermo-3").unwrap();
    let row = |role: &str| -> Vec<String> {
        let of = |c: &Cell| if let Cell::Text(words) = c { words.clone() } else { String::new() };
        table.rows.iter().map(|r| r.iter().map(of).collect::<Vec<_>>()).find(|r| r[0].starts_with(role)).unwrap()
    };
    assert_eq!(row("act")[2], "proved", "another fact proves it: {:?}", row("act"));
    assert_eq!(row("means")[2], "entered, without a grade");
    let source = &row("act")[3];
    assert!(
        source.contains("said by the cook, in Lille, on 2021-03-05, file 7") && source.contains("not recorded"),
        "{source}"
    );
}

/// What the person is said to have done is not handed on, nor what was inferred from it; and no heading stands over nothing.
#[test]
fn sheets_leave_own_acts_out_and_speak_the_language() {
    let (library, case) = case_of(
        "age = 30\nstate = \"uk\"\nrest = \"false\"\ntrue = [\"act.transport\", \"means.deception\", \"work.used_for_offences\"]\n",
    );
    let tested = Question::default().ask(&library, &[case], &Handle::default()).unwrap();
    let words = |language: &str| -> Vec<(String, String)> {
        let sheets = sheets(&tested, &tested.tried[0], language);
        sheets.iter().map(|s| (s.id.clone(), format!("{:?}", s.blocks))).collect()
    };
    for (id, text) in words("en") {
        assert!(!text.contains("use for offences"), "{id}: {text}");
        assert!(!text.contains("Heading(\"What is owed now\"), List([])"), "{id}: {text}");
    }
    let referral = &words("en")[0].1;
    assert!(referral.contains("No duty follows from the facts entered"), "{referral}");
    for (id, text) in words("fr") {
        assert!(text.contains("dû maintenant") || id == "for-the-person", "{id}: {text}");
        for english in ["What ", "The person", "evidence", "State"] {
            assert!(!text.contains(english), "{id}: {english} in {text}");
        }
    }
}

/// When it happened is asked once, can be left open, and decides which law is tried; the saved case carries it.
#[test]
fn the_law_of_the_day_is_tried() {
    let library = library();
    let mut interview = Interview::new(&of_state("uk"), &library, &[], Vec::new()).unwrap();
    interview.say(SAFETY, "yes").unwrap();
    let Turn::Ask(asked) = interview.turn().unwrap() else { panic!("the day") };
    assert_eq!(asked.fact, DATE);
    assert!(interview.say(DATE, "03/05/2014").is_err() && interview.say(DATE, "yes").is_err());
    let mut open = interview.clone();
    open.say(DATE, "?").unwrap();
    assert!(matches!(open.turn().unwrap(), Turn::Ask(a) if a.fact != DATE));
    let page_of = |i: &Interview| {
        let tested = i.tested(&Handle::default()).unwrap();
        let short: Vec<String> = tested.tried[0].outcomes.iter().map(|o| tested.norm(o).id.clone()).collect();
        (page(&tested, &tested.tried[0], "en"), short)
    };
    let (today, norms) = page_of(&open);
    assert!(today.contains("the law of today") && norms.contains(&"uk.msa.2".to_owned()), "{today}");
    interview.say(DATE, "2014").unwrap();
    let (then, norms) = page_of(&interview);
    assert!(!then.contains("the law of today") && !norms.contains(&"uk.msa.2".to_owned()), "{then} {norms:?}");
    assert!(norms.contains(&"uk.ia2004.4".to_owned()), "{norms:?}");
    assert!(write(&interview.whole_case(), &library.law).contains("date = \"2014\""));
    let told = interview.told().into_iter().find(|t| t.fact == DATE).unwrap();
    assert_eq!((told.said.as_str(), told.typed.as_str()), ("2014", "2014"));
    // What the question says of the day is not asked again.
    let dated = Question { date: "2014-03".parse().ok(), ..of_state("uk") };
    let mut interview = Interview::new(&dated, &library, &[], Vec::new()).unwrap();
    interview.say(SAFETY, "yes").unwrap();
    assert!(matches!(interview.turn().unwrap(), Turn::Ask(a) if a.fact != DATE));
    assert_eq!(interview.case().date.unwrap().to_string(), "2014-03");
}

/// Before it ends without grounds it asks for what was never raised, and for the one fact that is missing.
#[test]
fn it_does_not_end_one_question_too_early() {
    let library = library();
    for (state, age, facts) in [
        ("uk", 15, &["act.recruit", "act.transport", "movement.travel", "purpose.criminal_activity"] as &[_]),
        (
            "uk",
            30,
            &[
                "act.transport",
                "movement.travel",
                "means.threat",
                "act.harbour",
                "act.detain",
                "purpose.criminal_activity",
            ],
        ),
        ("ph", 15, &["act.recruit", "means.deception", "work.domestic", "work.not_voluntary", "purpose.forced_labour"]),
    ] {
        let (interview, asked) = lead(&of_state(state), &library, &person(&library, age, facts));
        let tested = interview.tested(&Handle::default()).unwrap();
        let b = brief(&tested, &tested.tried[0]);
        assert!(!b.supported.is_empty(), "{state} {age}: {asked:?}");
        assert!(asked.iter().filter(|f| hurts(&library, f)).count() <= 5, "{asked:?}");
    }
    // What courts would make of a thing is asked only where a norm of the State itself asks it.
    for state in ["uk", "de", "us"] {
        let (_, asked) = lead(&of_state(state), &library, &person(&library, 30, &["act.recruit", "work.exacted"]));
        assert!(!asked.contains(&"means.safety_fear".to_owned()), "{state}: {asked:?}");
    }
}

/// Cases from published judgments, kept beside the repository; their equivalents stand in data/law/cases.
#[test]
fn cases_beside_the_repository() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/law/cases-2");
    if !folder.is_dir() {
        println!("skipped: no folder of cases beside the repository");
        return;
    }
    let files: Files = std::fs::read_dir(&folder)
        .unwrap()
        .filter_map(|e| {
            let path = e.unwrap().path();
            let name = path.file_name()?.to_string_lossy().into_owned();
            name.ends_with(".toml").then(|| (name, std::fs::read(&path).unwrap()))
        })
        .collect();
    let library = read(&bundled_files(), &files);
    assert_eq!(library.errors(), Vec::new());
    let coverage = nomoscope_core::law::lint::cases(&Logic::new(&library.law), &library.cases_of(&files));
    assert_eq!((coverage.complaints, coverage.expectations), (Vec::new(), 44));
}

/// One rule for every front: what words say to a question, and what is no answer to it.
#[test]
fn words_are_understood_by_what_the_question_takes() {
    let library = library();
    let states = &library.law.guide.states;
    let place = |id: &str| states.iter().position(|s| s.id == id).unwrap() as u16;
    let state = Takes::State(states);
    let reply = |r: Reply| Some(Meant::Reply(r));
    for (takes, words, meant) in [
        (Takes::YesNo, "y", reply(Reply::Yes)),
        (Takes::YesNo, " No ", reply(Reply::No)),
        (Takes::YesNo, "oui", reply(Reply::Yes)),
        (Takes::YesNo, "16", None),
        (Takes::YesNo, "", None),
        (Takes::YesNo, "not now", Some(Meant::NotNow)),
        (Takes::Age, "?", reply(Reply::Unknown)),
        (Takes::Age, "16", reply(Reply::Age(16, 16))),
        (Takes::Age, "15-17", reply(Reply::Age(15, 17))),
        (Takes::Age, "15 – 17", reply(Reply::Age(15, 17))),
        (Takes::Age, "17-15", None),
        (Takes::Age, "131", None),
        (Takes::Age, "yes", None),
        (Takes::Age, "03/05/2008", None),
        (state, "yes", None),
        (state, "fr", reply(Reply::Choice(place("fr")))),
        (state, "France", reply(Reply::Choice(place("fr")))),
        (state, "Royaume-Uni", reply(Reply::Choice(place("uk")))),
        (state, "gb", reply(Reply::Choice(place("uk")))),
        (state, "Atlantis", None),
        (state, "?", reply(Reply::Unknown)),
        (Takes::Day, "2014-03", reply(Reply::Day("2014-03".parse().unwrap()))),
        (Takes::Day, "2014", reply(Reply::Day("2014".parse().unwrap()))),
        (Takes::Day, "03/05/2014", None),
        (Takes::Day, "?", reply(Reply::Unknown)),
        (Takes::Story, "yes", reply(Reply::Yes)),
        (Takes::Story, "no", None),
    ] {
        assert_eq!(takes.understand(words).ok(), meant, "{takes:?} {words:?}");
    }
    let date = Takes::Age.understand("03/05/2008").unwrap_err().words(&Speech::english(&library.law));
    assert!(date.starts_with("That is a date.") && date.contains("completed years"), "{date}");
    // An answer that comes as data is held to the same rule.
    for wrong in [
        r#"[{"fact": "state", "reply": "yes"}]"#,
        r#"[{"fact": "state", "reply": {"choice": 999}}]"#,
        r#"[{"fact": "victim.age", "reply": "yes"}]"#,
        r#"[{"fact": "victim.age", "reply": {"age": [17, 15]}}]"#,
        r#"[{"fact": "act.recruit", "reply": {"age": [15, 15]}}]"#,
        r#"[{"fact": "screen:nothing", "reply": "yes"}]"#,
    ] {
        let answers = serde_json::from_str(wrong).unwrap();
        assert!(Interview::new(&Question::default(), &library, &[], answers).is_err(), "{wrong}");
    }
}

/// A question that stands before many: no denies all of them, yes opens them, don't know asks nobody which.
#[test]
fn a_screen_answers_what_stands_behind_it() {
    let library = library();
    let screen = library.law.guide.screens.iter().find(|s| s.id == "sexual").unwrap();
    let value = |i: &Interview, n: usize| i.case().persons[0].facts.get(&screen.facts[n]).map(|e| e.value);
    let mut interview = Interview::new(&of_state("fr"), &library, &[], Vec::new()).unwrap();
    interview.say(SAFETY, "yes").unwrap();
    interview.say("victim.age", "30").unwrap();
    let before = interview.clone();
    interview.say("screen:sexual", "no").unwrap();
    assert!((0..screen.facts.len()).all(|n| value(&interview, n) == Some(Value::False)));
    // What can follow from elsewhere is left open: no work, but used for offences as a child, is forced labour all the same.
    let mut child = Interview::new(&of_state("uk"), &library, &[], Vec::new()).unwrap();
    for (fact, words) in [("victim.age", "15"), ("screen:work", "no"), ("screen:forbidden", "yes")] {
        child.say(fact, words).unwrap();
    }
    for fact in ["work.used_for_offences", "purpose.criminal_activity"] {
        child.say(fact, "yes").unwrap();
        assert!(!matches!(child.turn().unwrap(), Turn::Contradicted(_)), "{fact}");
    }
    // It is saved as the facts that it denies.
    assert_eq!(interview.whole_case().persons[0].facts[&screen.facts[3]].grade, Some(Grade::Supported));
    // Changed, and changed back, it is as if nothing had been said in between.
    let denied = interview.case();
    interview.say("screen:sexual", "yes").unwrap();
    assert_eq!(interview.case().persons[0].facts, before.case().persons[0].facts, "yes alone tells nothing");
    interview.say("screen:sexual", "no").unwrap();
    assert_eq!(interview.case(), denied);
    // A yes to one of its facts contradicts it: both answers are shown, and one of them is turned round.
    let name = library.law.vocabulary.get(screen.facts[0]).id.clone();
    interview.say(&name, "yes").unwrap();
    let Turn::Contradicted(c) = interview.turn().unwrap() else { panic!("a contradiction") };
    assert_eq!((c.earlier.as_ref().unwrap().fact.as_str(), c.later.fact.as_str()), ("screen:sexual", name.as_str()));
    assert_eq!(interview.so_far(), None);
    let mut earlier = interview.clone();
    earlier.settle(&c, Some("screen:sexual"));
    assert!(value(&earlier, 0) == Some(Value::False) && !matches!(earlier.turn().unwrap(), Turn::Contradicted(_)));
    interview.settle(&c, Some(&name));
    assert!(value(&interview, 0) == Some(Value::True) && value(&interview, 1).is_none());
    let mut open = before.clone();
    open.say("screen:sexual", "?").unwrap();
    assert_eq!(
        open.case().persons[0].facts,
        before.case().persons[0].facts,
        "who does not know says nothing of the facts"
    );
    while let Turn::Ask(asked) = open.turn().unwrap() {
        let fact = library.law.vocabulary.find(&asked.fact);
        assert!(fact.is_none_or(|f| !screen.facts.contains(&f)), "{} is asked", asked.fact);
        open.answer(&asked.fact, Reply::Unknown);
    }
}

/// Not now leaves a part of the story out, and it can be asked after all.
#[test]
fn what_was_left_for_later_can_be_asked_after_all() {
    let library = library();
    let mut interview = Interview::new(&of_state("fr"), &library, &[], Vec::new()).unwrap();
    interview.say(SAFETY, "yes").unwrap();
    interview.say(DATE, "?").unwrap();
    interview.say("victim.age", "16").unwrap();
    let Turn::Ask(first) = interview.turn().unwrap() else { panic!("a question") };
    let before = interview.answers.clone();
    assert_eq!(interview.say(&first.fact, "not now"), Ok(Meant::NotNow));
    let left = interview.told().pop().unwrap();
    assert!(left.left_out && left.said == "Not now", "{left:?}");
    let Turn::Ask(next) = interview.turn().unwrap() else { panic!("a question") };
    assert_ne!(next.story, first.story);
    interview.say(&left.fact, "yes").unwrap();
    assert_eq!(interview.answers, before);
    assert_eq!(interview.turn().unwrap(), Turn::Ask(first));
}

/// As long as no State is known, the treaties that are open to all are looked at, and not the law of every State.
#[test]
fn without_a_state_the_treaties_are_tried() {
    let library = library();
    let mut interview = Interview::new(&Question::default(), &library, &[], Vec::new()).unwrap();
    interview.say(SAFETY, "yes").unwrap();
    interview.say(STATE, "?").unwrap();
    interview.say("victim.age", "12").unwrap();
    let tested = interview.tested(&Handle::default()).unwrap();
    let systems: BTreeSet<&str> =
        tested.tried[0].outcomes.iter().map(|o| library.law.norms[o.norm].system.as_str()).collect();
    assert_eq!(systems, BTreeSet::from(["ilo", "un"]));
    let screen = nomoscope_engine::test::brief::page(&tested, &tested.tried[0], "en");
    let screen = screen.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(screen.contains("no State named: treaties of the United Nations and the ILO"), "{screen}");
    interview.say(STATE, "France").unwrap();
    let tested = interview.tested(&Handle::default()).unwrap();
    assert!(tested.tried[0].outcomes.iter().any(|o| library.law.norms[o.norm].system == "fr"));
}

/// Reads a case file as the program wrote it.
#[track_caller]
fn again(library: &Library, interview: &Interview) -> Vec<Case> {
    let text = write(&interview.whole_case(), &library.law);
    library.read_cases("case.toml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems:?}\n{text}"))
}

/// What was answered to a question that stands before many is kept: a saved case is not asked it again, whatever was said.
#[test]
fn a_saved_case_is_not_asked_again_what_stands_before_many() {
    let library = library();
    for said in ["yes", "no", "?"] {
        let mut interview = Interview::new(&of_state("uk"), &library, &[], Vec::new()).unwrap();
        interview.say(SAFETY, "yes").unwrap();
        interview.say("victim.age", "30").unwrap();
        interview.say("screen:work", said).unwrap();
        let next = |interview: &mut Interview| match interview.turn().unwrap() {
            Turn::Ask(asked) => asked.fact,
            other => panic!("{other:?}"),
        };
        let wanted = next(&mut interview);
        let mut resumed = Interview::new(&of_state("uk"), &library, &again(&library, &interview), Vec::new()).unwrap();
        resumed.say(SAFETY, "yes").unwrap();
        assert_eq!(next(&mut resumed), wanted, "{said}");
        let kept = |i: &Interview| {
            let person = i.whole_case().persons[0].clone();
            (person.age, person.facts, person.screens)
        };
        assert_eq!(kept(&resumed), kept(&interview), "{said}");
        // It can be changed: what a no denied is open again.
        resumed.say("screen:work", "yes").unwrap();
        let exacted = library.law.vocabulary.find("work.exacted").unwrap();
        assert_eq!(resumed.case().persons[0].facts.get(&exacted), None, "{said}");
    }
    let told = |text: &str| library.read_cases("x.toml", text.as_bytes()).unwrap_err().as_slice()[0].reason.plain();
    let torn = told("true = [\"work.exacted\"]\n[asked]\nwork = \"no\"\n");
    assert!(torn.contains("`work` is answered with no, and `work.exacted` is entered as true"), "{torn}");
    assert!(told("age = 3\n[asked]\nwrok = \"no\"\n").contains("wrok"));
    assert!(told("age = 3\n[asked]\nwork = 3\n").contains("not yes, no or unknown"));
}

/// What stood in the case file can be changed, keeps how it is known, and is shown where an answer contradicts it.
#[test]
fn what_a_case_file_says_is_an_answer_like_any_other() {
    let library = library();
    let text = "state = \"uk\"\nage = [15, 17]\ntrue = [\"act.recruit\"]\nfalse = [\"movement.travel\"]\n[grade]\n\"act.recruit\" = \"said\"\n[source]\n\"act.recruit\" = { by = \"a sister\", when = \"2024-05\", where = \"Hull\", document = \"a letter\" }\n";
    let cases = library.read_cases("x.toml", text.as_bytes()).unwrap();
    let mut interview = Interview::new(&Question::default(), &library, &cases, Vec::new()).unwrap();
    let told = |i: &Interview, fact: &str| i.told().into_iter().find(|t| t.fact == fact).unwrap();
    let first = told(&interview, "act.recruit");
    assert!(first.from_file && first.typed == "yes" && first.evidence.by == "a sister", "{first:?}");
    assert_eq!(
        (told(&interview, "victim.age").typed.as_str(), told(&interview, "movement.travel").typed.as_str()),
        ("15-17", "no")
    );
    // Changed and changed back: nothing is lost.
    interview.say("act.recruit", "no").unwrap();
    interview.say("act.recruit", "yes").unwrap();
    assert_eq!(interview.whole_case().persons[0].facts, {
        let untouched = Interview::new(&Question::default(), &library, &cases, Vec::new()).unwrap();
        untouched.whole_case().persons[0].facts.clone()
    });
    let evidence = Evidence { grade: Some(Grade::Proved), ..told(&interview, "act.recruit").evidence };
    interview.note("act.recruit", evidence.clone());
    interview.note(SAFETY, evidence.clone());
    let fact = library.law.vocabulary.find("act.recruit").unwrap();
    let entry = again(&library, &interview)[0].persons[0].facts[&fact].clone();
    assert_eq!((entry.grade, entry.place.as_str(), entry.source.as_str()), (Some(Grade::Proved), "Hull", "a letter"));
    // Who is transported travels: the file said that there was no journey.
    interview.say("act.transport", "yes").unwrap();
    let Turn::Contradicted(c) = interview.turn().unwrap() else { panic!("contradicted") };
    let earlier = c.earlier.clone().unwrap();
    assert!(earlier.fact == "movement.travel" && earlier.from_file, "{earlier:?}");
    interview.settle(&c, Some("act.transport"));
    assert!(!matches!(interview.turn().unwrap(), Turn::Contradicted(_)));
    assert_eq!(told(&interview, "movement.travel").typed, "yes");
}

/// The budget of an interview: half of the scripted cases take at most fifteen questions, two of them distressing.
#[test]
fn half_of_the_scripted_cases_keep_the_budget() {
    let library = library();
    let cases = scripted(&library, false);
    assert!(cases.len() >= 20, "{}", cases.len());
    let taken = take(&library, &cases).unwrap();
    let budget = Budget::of(&taken);
    assert!(budget.questions <= 15 && budget.distressing <= 2, "{taken:?}");
    // Nobody is asked for an hour.
    assert!(budget.longest <= 25 && budget.hardest <= 5, "{taken:?}");
}

/// The table in the guide: what the interview takes, over the cases that it was made with and over those that were held out.
fn table_of_questions(library: &Arc<Library>) -> String {
    let mut out = String::from(
        "| cases | half take at most | of these hard | longest | hardest | with no norm satisfied |\n| --- | --- | --- | --- | --- | --- |\n",
    );
    let mut single = String::from(
        "| case | State | questions | of these hard | satisfied | open |\n| --- | --- | --- | --- | --- | --- |\n",
    );
    for (name, held_out) in [("made with", false), ("held out", true)] {
        let taken = take(library, &scripted(library, held_out)).unwrap();
        let Budget { questions, distressing, longest, hardest } = Budget::of(&taken);
        let (n, none) = (taken.len(), taken.iter().filter(|t| t.satisfied == 0).count());
        out.push_str(&format!("| {n} {name} | {questions} | {distressing} | {longest} | {hardest} | {none} |\n"));
        for t in &taken {
            let mark = if held_out { " (held out)" } else { "" };
            let Taken { case, state, questions, distressing, satisfied, open } = t;
            single.push_str(&format!(
                "| {case}{mark} | {state} | {questions} | {distressing} | {satisfied} | {open} |\n"
            ));
        }
    }
    format!("{out}\n{single}")
}

/// Puts text between two marks of a page.
#[track_caller]
fn between(page: &str, name: &str, text: &str) -> String {
    let (begin, end) = (format!("<!-- {name}: begin -->\n"), format!("<!-- {name}: end -->\n"));
    let (before, rest) = page.split_once(&begin).expect(name);
    let (_, after) = rest.split_once(&end).expect(name);
    format!("{before}{begin}{text}{end}{after}")
}

/// The transcripts in the guide are what the program says.
#[test]
fn transcripts_are_what_the_program_says() {
    let library = library();
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/interviews.md");
    let have = std::fs::read_to_string(&page).unwrap().replace("\r\n", "\n");
    let mut want = have.clone();
    for id in ["hvn_cannabis", "krachunova", "chowdury"] {
        let case = library.cases.iter().find(|c| c.id == id).unwrap();
        let led = rehearse(&Question::default(), &library, &case.persons[0], Some(&case.state), case.date).unwrap();
        let text = led.transcript(case, "en").unwrap();
        assert!(text.lines().all(|l| !l.starts_with("```")));
        want = between(&want, &format!("transcript of {id}"), &format!("```text\n{text}```\n"));
    }
    want = between(&want, "how many questions", &table_of_questions(&library));
    if have != want {
        let update = std::env::var_os("UPDATE_REFERENCE").is_some();
        assert!(update, "docs/interviews.md is out of date; UPDATE_REFERENCE=1 cargo test -p nomoscope transcripts");
        std::fs::write(page, want).unwrap();
    }
}
