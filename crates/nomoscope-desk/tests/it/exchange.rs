//! Projects of other programs into studies, again, and out: small ones, made here.

use crate::support::{both, held, study};
use nomoscope_core::study::Study;
use nomoscope_core::text::Span;
use nomoscope_desk::act::Wording;
use nomoscope_desk::study::{Options, import};
use nomoscope_desk::{Act, Desk, Done, load};
use nomoscope_formats::exchange::{Outgoing, format_of};
use std::path::{Path, PathBuf};

const TEXT: &str = "Forced labour is banned in all towns.\nPoverty is none of the crimes.\n";

fn guid(n: usize) -> String {
    format!("00000000-0000-4000-8000-{n:012}")
}

/// A selection of these words with a code, by a user.
fn selection(n: usize, words: &str, user: usize) -> String {
    let start = TEXT.find(words).unwrap();
    let by = if user == 0 { String::new() } else { format!(" creatingUser=\"{}\"", guid(user)) };
    format!(
        "<PlainTextSelection guid=\"{}\" startPosition=\"{start}\" endPosition=\"{}\"{by}><Coding guid=\"{}\"{by}><CodeRef targetGUID=\"{}\"/></Coding></PlainTextSelection>",
        guid(n),
        start + words.len(),
        guid(n + 1),
        guid(1)
    )
}

fn source(n: usize, name: &str, path: &str, selections: &[String]) -> String {
    format!(
        "<TextSource guid=\"{}\" name=\"{name}\" plainTextPath=\"internal://{path}\">{}</TextSource>",
        guid(n),
        selections.concat()
    )
}

/// Writes a project and returns its path.
fn project(dir: &Path, file: &str, around: (&str, &str, &str), texts: &[(&str, &str)]) -> PathBuf {
    called("Zone", dir, file, around, texts)
}

/// The same, its first code called otherwise.
fn called(
    zone: &str,
    dir: &Path,
    file: &str,
    (before, sources, after): (&str, &str, &str),
    texts: &[(&str, &str)],
) -> PathBuf {
    let qde = format!(
        "<Project xmlns=\"urn:QDA-XML:project:1.0\" name=\"Untitled\" origin=\"NVivo\">{before}<CodeBook><Codes><Code guid=\"{}\" name=\"{zone}\"/><Code guid=\"{}\" name=\"Area\"/></Codes></CodeBook>{after}<Sources>{sources}</Sources></Project>",
        guid(1),
        guid(2)
    );
    let files = texts.iter().map(|(name, text)| (format!("sources/{name}"), text.as_bytes()));
    let zip = nomoscope_formats::zipped([("project.qde".to_owned(), qde.as_bytes())].into_iter().chain(files)).unwrap();
    let path = dir.join(file);
    std::fs::write(&path, zip).unwrap();
    path
}

fn take(desk: &Desk, file: &Path, prune: bool) -> Done {
    let options = Options { prune, ..Options::default() };
    desk.apply(&Act::Import { files: vec![file.to_owned()], options }, "ana").unwrap()
}

/// Imports again, and nothing changes.
#[track_caller]
fn again(desk: &Desk, file: &Path) {
    let before = held(desk);
    let done = take(desk, file, false);
    assert!(done.event.is_none(), "{:?}", done.imported[0].tally.words());
    assert!(held(desk) == before);
}

/// Returns title and words of all codings.
fn coded(study: &Study) -> Vec<(String, String)> {
    let title = |path: &str| study.sources.iter().find(|s| s.path == path).unwrap().path.clone();
    let mut all: Vec<(String, String)> = study.codings.iter().map(|c| (title(&c.source), c.quote.clone())).collect();
    all.sort();
    all
}

#[test]
fn a_text_that_is_missing_is_not_lent_its_own_quotations() {
    let (dir, desks) = both(&[]);
    let page = format!(
        "<PDFSource guid=\"{}\" name=\"x.pdf\" path=\"internal://x.pdf\"><PDFSelection guid=\"{}\" page=\"0\" firstX=\"1\" firstY=\"1\" secondX=\"2\" secondY=\"2\"><Representation guid=\"{}\"><PlainTextContent>The first quotation of this paper stands here.</PlainTextContent></Representation><Coding guid=\"{}\"><CodeRef targetGUID=\"{}\"/></Coding></PDFSelection><Representation guid=\"{}\" plainTextPath=\"internal://gone.txt\">{}</Representation></PDFSource>",
        guid(20),
        guid(21),
        guid(22),
        guid(23),
        guid(1),
        guid(24),
        selection(30, "banned", 0)
    );
    let file = project(dir.path(), "p.qdpx", ("", &page, ""), &[]);
    for desk in &desks {
        take(desk, &file, false);
        again(desk, &file);
        again(desk, &file);
    }
}

#[test]
fn sources_with_one_name_and_one_text_stay_apart() {
    let (dir, desks) = both(&[]);
    let first = source(20, "a", "1.txt", &[selection(100, "Forced", 0), selection(102, "labour", 0)]);
    let second = source(21, "a", "2.txt", &[selection(104, "Poverty", 0)]);
    let third = source(22, "b", "3.txt", &[selection(106, "crimes", 0)]);
    let texts = [("1.txt", TEXT), ("2.txt", TEXT), ("3.txt", TEXT)];
    let file = project(dir.path(), "p.qdpx", ("", &format!("{first}{second}{third}"), ""), &texts);
    let turned = project(dir.path(), "t.qdpx", ("", &format!("{third}{second}{first}"), ""), &texts);
    // One more of the same name and text, which comes first.
    let fourth = source(23, "a", "1.txt", &[selection(108, "towns", 0)]);
    let more = project(dir.path(), "m.qdpx", ("", &format!("{fourth}{second}{first}{third}"), ""), &texts);
    for desk in &desks {
        take(desk, &file, false);
        let before = coded(&study(desk));
        assert_eq!(before.len(), 4);
        again(desk, &file);
        again(desk, &turned);
        take(desk, &turned, true);
        assert_eq!(coded(&study(desk)), before);
        take(desk, &more, true);
        let after = coded(&study(desk));
        assert!(after.len() == 5 && before.iter().all(|coding| after.contains(coding)), "{after:?}");
        again(desk, &more);
    }
}

#[test]
fn projects_of_one_name_take_nothing_from_each_other() {
    let (dir, desks) = both(&[]);
    let user = |n: usize, name: &str| format!("<Users><User guid=\"{}\" name=\"{name}\"/></Users>", guid(n));
    let case = format!("<Cases><Case guid=\"{}\" name=\"Anna\"/></Cases>", guid(40));
    let of = |n: usize| {
        source(n, "doc", "1.txt", &[selection(100 + n * 10, "Forced", 7 + n), selection(102 + n * 10, "labour", 7 + n)])
    };
    let ana = project(dir.path(), "ana.qdpx", (&user(27, "Ana"), &of(20), &case), &[("1.txt", TEXT)]);
    let ben = project(dir.path(), "ben.qdpx", (&user(28, "Ben"), &of(21), ""), &[("1.txt", TEXT)]);
    let other = source(22, "other", "1.txt", &[]);
    let other = project(dir.path(), "other.qdpx", ("", &other, ""), &[("1.txt", "Nothing else is here.\n")]);
    for desk in &desks {
        take(desk, &ana, false);
        for file in [&ben, &other] {
            let before = study(desk);
            let told = take(desk, file, true).imported.remove(0).tally;
            assert!(told.kinds.values().all(|kind| kind.gone == 0), "{:?}", told.words());
            let after = study(desk);
            assert!(before.codings.iter().all(|c| after.codings.contains(c)));
            assert_eq!(after.annotations.cases, before.annotations.cases);
            again(desk, file);
        }
        again(desk, &ana);
    }
}

/// A code that got another name in the other program, its identity as it was, is the concept that it was.
#[test]
fn a_renamed_code_is_the_concept_that_it_was() {
    let (dir, desks) = both(&[]);
    let source = source(20, "a", "1.txt", &[selection(100, "Forced", 0), selection(102, "labour", 0)]);
    let texts = [("1.txt", TEXT)];
    let file = project(dir.path(), "p.qdpx", ("", &source, ""), &texts);
    let renamed = called("Region", dir.path(), "r.qdpx", ("", &source, ""), &texts);
    for desk in &desks {
        take(desk, &file, false);
        let before = coded(&study(desk));
        let told = take(desk, &renamed, true).imported.remove(0).tally;
        assert!(told.kinds.values().all(|kind| kind.new == 0 && kind.gone == 0), "{:?}", told.words());
        assert_eq!(told.notes, ["the code `Region` is the concept `Zone`: it has another name here"]);
        assert_eq!(coded(&study(desk)), before);
        again(desk, &renamed);
        again(desk, &file);
    }
}

/// Folders are what people edit: a coding that was taken out by hand takes nothing else with it.
#[test]
fn a_row_that_was_taken_out_by_hand_leaves_a_study() {
    let (dir, desks) = both(&[]);
    let source = source(20, "a", "1.txt", &[selection(100, "Forced", 0), selection(102, "labour", 0)]);
    let file = project(dir.path(), "p.qdpx", ("", &source, ""), &[("1.txt", TEXT)]);
    let folder = desks.iter().find(|desk| desk.path().is_dir()).unwrap();
    take(folder, &file, false);
    let table = folder.path().join("codings.csv");
    let text = std::fs::read_to_string(&table).unwrap();
    let left: Vec<&str> = text.lines().filter(|line| !line.contains("labour")).collect();
    std::fs::write(&table, left.join("\n") + "\n").unwrap();
    assert_eq!(study(folder).codings.len(), 1);
    let told = take(folder, &file, false).imported.remove(0).tally;
    assert_eq!((told.kinds["codings"].new, study(folder).codings.len()), (1, 2), "it comes again");
}

#[test]
fn what_stays_is_not_told_as_removed() {
    let (dir, desks) = both(&[]);
    let first = source(20, "a", "1.txt", &[selection(100, "Forced", 0), selection(102, "labour", 0)]);
    let second = source(21, "b", "2.txt", &[]);
    let texts = [("1.txt", TEXT), ("2.txt", "Another text.\n")];
    let both = project(dir.path(), "p.qdpx", ("", &format!("{first}{second}"), ""), &texts);
    let left = source(20, "a", "1.txt", &[selection(100, "Forced", 0)]);
    let left = project(dir.path(), "l.qdpx", ("", &left, ""), &texts);
    for desk in &desks {
        take(desk, &both, false);
        let words = take(desk, &left, true).imported.remove(0).tally.words().join("\n");
        assert!(words.contains("removed, as they are gone from the project: 1 coding\n"), "{words}");
        assert!(words.contains("gone from the project, and kept here: 1 source"), "{words}");
        assert!(words.contains("  gone: coding zone on “labour” in "), "{words}");
        assert_eq!((study(desk).sources.len(), study(desk).codings.len()), (2, 1));
    }
}

/// Writes a study in a format, beside it.
fn out(desk: &Desk, path: &Path) {
    let opened = desk.material(None).unwrap();
    let (study, codebook) = (&opened.material.study, &opened.material.codebook);
    let out = Outgoing { study, codebook, order: &opened.order, program: "Nomoscope 1", time: "2026-01-02T03:04:05Z" };
    let write = format_of(&path.to_string_lossy()).unwrap().write.unwrap();
    std::fs::write(path, write.write(&out).unwrap().bytes).unwrap();
}

#[test]
fn a_study_that_goes_out_and_comes_back_is_the_same() {
    let (dir, _) = both(&[]);
    let case = format!(
        "<Variables><Variable guid=\"{}\" name=\"age\" typeOfVariable=\"Integer\"/></Variables><Cases><Case guid=\"{}\" name=\"Anna\"><VariableValue><VariableRef targetGUID=\"{}\"/><IntegerValue>31</IntegerValue></VariableValue><SourceRef targetGUID=\"{}\"/></Case></Cases>",
        guid(50),
        guid(40),
        guid(50),
        guid(20)
    );
    let sources = [
        source(20, "a", "1.txt", &[selection(100, "Forced", 0), selection(102, "labour", 0)]),
        source(21, "gone", "gone.txt", &[selection(104, "Poverty", 0)]),
    ];
    let link = format!(
        "</Sources><Links><Link guid=\"{}\" originGUID=\"{}\" targetGUID=\"{}\" direction=\"OneWay\" name=\"leads\"/></Links><Sources>",
        guid(60),
        guid(1),
        guid(2)
    );
    let file = project(dir.path(), "p.qdpx", ("", &format!("{}{link}", sources.concat()), &case), &[("1.txt", TEXT)]);
    let made = |name: &str| {
        let path = dir.path().join(name);
        let mut new_id = nomoscope_desk::stamp::uuid;
        let mut stamp =
            nomoscope_store::Stamp { coder: "ana", time: "2026-01-02T03:04:05Z", command: "new", new_id: &mut new_id };
        import::make(&path, "T", &mut stamp).unwrap().keep();
        Desk::open(&path).unwrap()
    };
    let first = made("first");
    take(&first, &file, false);
    // What people say of a source in the table, without a variable.
    let table = dir.path().join("first/sources.csv");
    let text = std::fs::read_to_string(&table).unwrap();
    let text =
        text.lines().enumerate().map(|(n, line)| format!("{line},{}\n", if n == 0 { "region" } else { "North" }));
    std::fs::write(&table, text.collect::<String>()).unwrap();
    out(&first, &dir.path().join("again.qdpx"));
    for name in ["second", "second.nomo"] {
        let second = made(name);
        take(&second, &dir.path().join("again.qdpx"), false);
        let (was, is) = (study(&first), study(&second));
        let rows = |s: &Study| -> Vec<_> {
            s.sources
                .iter()
                .map(|x| (x.path.clone(), x.title.clone(), x.document.text.clone(), x.attributes.clone()))
                .collect()
        };
        assert_eq!(rows(&is), rows(&was), "{name}");
        let names = |s: &Study| s.annotations.variables.iter().map(|v| v.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&is), names(&was), "{name}");
        assert_eq!(is.annotations.values, was.annotations.values);
        assert_eq!(coded(&is), coded(&was));
        assert_eq!(is.coders, was.coders);
        let links =
            |s: &Study| s.annotations.links.iter().map(|l| (l.name.clone(), l.coder.clone())).collect::<Vec<_>>();
        assert_eq!(links(&is), links(&was));
        let order = |desk: &Desk| desk.material(None).unwrap().order.clone();
        assert_eq!(
            (order(&first), order(&second)),
            (vec!["zone".to_owned(), "area".to_owned()], vec!["zone".to_owned(), "area".to_owned()])
        );
        again(&second, &dir.path().join("again.qdpx"));
        again(&first, &dir.path().join("again.qdpx"));
    }
}

#[test]
fn a_log_beside_a_database_is_told() {
    let (dir, desks) = both(&[("sources/a.txt", TEXT)]);
    let file = dir.path().join("p.dna");
    out(&desks[0], &file);
    let notes = |file: &Path| import::open(file, None, &load::readers()).unwrap().2.notes;
    assert!(!notes(&file).iter().any(|note| note.contains("-wal")));
    std::fs::write(dir.path().join("p.dna-wal"), b"what was written last").unwrap();
    assert!(notes(&file).iter().any(|note| note.contains("`p.dna-wal`")));
}

#[test]
fn a_text_that_was_changed_is_no_second_text() {
    let (dir, desks) = both(&[]);
    let changed = TEXT.replace("all towns", "all big towns").replace("labour", "work");
    let of = |text: &str| {
        let place = |n: usize, words: &str| {
            let (start, end) = (text.find(words).unwrap(), text.find(words).unwrap() + words.len());
            let [id, coding, code] = [n, n + 1, 1].map(guid);
            format!(
                "<PlainTextSelection guid=\"{id}\" startPosition=\"{start}\" endPosition=\"{end}\"><Coding guid=\"{coding}\"><CodeRef targetGUID=\"{code}\"/></Coding></PlainTextSelection>"
            )
        };
        let first = text.split(" is").next().unwrap();
        source(20, "a", "1.txt", &[place(100, first), place(102, "towns"), place(104, "Poverty")])
    };
    let first = project(dir.path(), "p.qdpx", ("", &of(TEXT), ""), &[("1.txt", TEXT)]);
    // As another program writes it: with other ends of lines.
    let text = changed.replace('\n', "\r\n");
    let second = project(dir.path(), "q.qdpx", ("", &of(&text), ""), &[("1.txt", &text)]);
    for desk in &desks {
        take(desk, &first, false);
        let before = held(desk);
        let done = take(desk, &second, false);
        let tally = &done.imported[0].tally;
        assert!(tally.changed_texts[0].taken && tally.words().join("\n").contains("`labour` is `work`"), "{tally:?}");
        let now = study(desk);
        assert_eq!((now.sources.len(), &*now.sources[0].document.text), (1, changed.as_str()));
        let words: Vec<String> = coded(&now).into_iter().map(|(_, quote)| quote).collect();
        assert_eq!(words, ["Forced work", "Poverty", "towns"], "no coding twice");
        again(desk, &second);
        desk.apply(&Act::Undo, "ana").unwrap();
        assert!(held(desk) == before, "one undo");
        // What was changed here stays; what the project coded stands at the same words.
        desk.apply(&Act::Redo, "ana").unwrap();
        let at = changed.find("Poverty").unwrap() as u32;
        let wording = Wording { span: Span::new(at, at + 7), was: "Poverty".to_owned(), text: "Hunger".to_owned() };
        let id = now.codings.iter().find(|c| c.quote == "Poverty").unwrap().id.to_string();
        let path = now.sources[0].path.clone();
        let act = Act::Correct { source: path, changes: vec![wording], agreed: [id].into() };
        desk.apply(&act, "ana").unwrap();
        let corrected = held(desk);
        for file in [&second, &first] {
            let done = take(desk, file, false);
            assert!(done.event.is_none() && held(desk) == corrected, "{:?}", done.imported[0].tally.words());
            let told = &done.imported[0].tally.changed_texts;
            assert!(told.len() == 1 && !told[0].taken, "{told:?}");
        }
        // Another text of the same title is another text, and told.
        let other = "Nothing of this is known there, and none of it was said before.";
        let third = source(20, "a", "1.txt", &[]);
        let third = project(dir.path(), "r.qdpx", ("", &third, ""), &[("1.txt", other)]);
        let done = take(desk, &third, false);
        assert!(done.imported[0].tally.notes.join(" ").contains("both stay"), "{:?}", done.imported[0].tally);
        assert_eq!(study(desk).sources.len(), 2);
    }
}
