//! The figures on words: keyness, x-ray, actors and labels.

use crate::figure::{Draw, LABELS, all_views};
use nomoscope_figure::actors::{self, Actor, Actors};
use nomoscope_figure::keyness::{self, Keyness, Word};
use nomoscope_figure::xray::{self, Text, Track, Xray};
use nomoscope_figure::{Frame, Heading, Role, View};

fn pick(draw: &mut Draw) -> String {
    LABELS[draw.below(10) as usize].to_owned()
}

/// Made up for the picture.
fn courts_and_agencies() -> Keyness {
    let word = |(word, log_likelihood, n, others): &(&str, f64, u64, u64)| Word {
        word: (*word).to_owned(),
        log_likelihood: *log_likelihood,
        n: [*n, *others],
        per_10000: [*n as f64 * 3.1, *others as f64 * 0.9],
        href: Some("#w".to_owned()),
    };
    let more = [
        ("defendant", 214.0, 120, 3),
        ("coercion", 96.5, 80, 12),
        ("sentence", 71.2, 64, 11),
        ("beyond reasonable doubt", 44.0, 21, 0),
        ("evidence", 31.9, 90, 40),
        ("minor", 12.0, 30, 14),
    ];
    let less = [("vulnerable", 150.3, 4, 210), ("migration", 88.8, 2, 130), ("awareness-raising", 60.0, 0, 52)];
    Keyness {
        heading: Heading { note: Some("Made up for the picture.".into()), ..Heading::default() },
        groups: ["courts".to_owned(), "agencies of the United Nations".to_owned()],
        more: [more.iter().map(word).collect(), less.iter().map(word).collect()],
    }
}

fn texts(draw: &mut Draw, n: usize, tracks: usize) -> Xray {
    let roles = [Some(Role::Problem), Some(Role::Value), Some(Role::Behaviour), None];
    let names = ["child trafficking", "best interests of the child", "punish traffickers", "forced labour", "begging"];
    let track = |i: usize| Track { label: names[i % 5].to_owned(), role: roles[i % 4] };
    let text = |i: usize, draw: &mut Draw| Text {
        label: if i < 3 { LABELS[i + 1].to_owned() } else { format!("Interview {i}") },
        note: if i.is_multiple_of(2) { format!("{}", 1990 + i) } else { String::new() },
        places: (0..tracks)
            .map(|_| (0..draw.below(60)).map(|_| draw.unit() * if draw.below(9) == 0 { 3.0 } else { 1.0 }).collect())
            .collect(),
        href: i.is_multiple_of(2).then(|| "#t".to_owned()),
    };
    Xray {
        heading: Heading::default(),
        tracks: (0..tracks).map(track).collect(),
        texts: (0..n).map(|i| text(i, draw)).collect(),
    }
}

fn who_says_what() -> Actors {
    let actor = |&(name, group, definition, mentions): &(&str, &str, &str, [u64; 4])| Actor {
        name: name.to_owned(),
        group: group.to_owned(),
        definition: definition.to_owned(),
        mentions: mentions.to_vec(),
        href: Some("#a".to_owned()),
    };
    let rows = [
        ("an agency for children", "United Nations", "Palermo Protocol", [40, 3, 2, 0]),
        ("an agency for labour", "United Nations", "Convention 182", [2, 60, 8, 4]),
        ("a police office of a Member State with a long name", "States", "national law", [12, 1, 0, 30]),
        ("a shelter", "non-governmental", "", [1, 0, 1, 0]),
        ("a union", "non-governmental", "", [0, 9, 9, 0]),
        ("a silent one", "non-governmental", "", [0, 0, 0, 0]),
    ];
    let labels = ["child trafficking", "forced labour", "modern slavery", "smuggling of migrants"];
    Actors {
        heading: Heading::default(),
        labels: labels.map(str::to_owned).to_vec(),
        actors: rows.iter().map(actor).collect(),
    }
}

#[test]
fn gallery_of_words() {
    all_views("keyness", &courts_and_agencies(), keyness::draw);
    all_views("xray", &texts(&mut Draw(4), 12, 3), xray::draw);
    all_views("actors", &who_says_what(), actors::draw);
}

#[test]
fn nothing_breaks_the_figures_on_words() {
    all_views("keyness-empty", &Keyness::default(), keyness::draw);
    all_views("xray-empty", &Xray::default(), xray::draw);
    all_views("actors-empty", &Actors::default(), actors::draw);
    let mut draw = Draw(11);
    for n in [1, 2, 5, 31, 200] {
        let word = |draw: &mut Draw| Word {
            word: pick(draw),
            log_likelihood: [0.0, 1e-9, 7.5, 1e9][draw.below(4) as usize],
            n: [draw.below(9), draw.below(1000)],
            per_10000: [draw.unit() * 1e4, 0.0],
            href: None,
        };
        let words = |draw: &mut Draw| (0..n).map(|_| word(draw)).collect();
        let model = Keyness {
            groups: [pick(&mut draw), pick(&mut draw)],
            more: [words(&mut draw), if n % 2 == 0 { Vec::new() } else { words(&mut draw) }],
            ..Keyness::default()
        };
        all_views(&format!("keyness-x{n}"), &model, keyness::draw);
        all_views(&format!("xray-x{n}"), &texts(&mut draw, n, n.min(9)), xray::draw);
        let actors = (0..n).map(|_| Actor {
            name: pick(&mut draw),
            group: if draw.below(2) == 0 { pick(&mut draw) } else { String::new() },
            definition: if draw.below(3) == 0 { pick(&mut draw) } else { String::new() },
            mentions: (0..n.min(8)).map(|_| draw.below(7)).collect(),
            href: None,
        });
        let actors: Vec<Actor> = actors.collect();
        let labels = (0..n.min(8)).map(|_| pick(&mut draw)).collect();
        all_views(&format!("actors-x{n}"), &Actors { labels, actors, ..Actors::default() }, actors::draw);
    }
}

#[test]
fn titles_say_what_was_found() {
    let title = keyness::draw(&courts_and_agencies(), View::default()).title;
    assert_eq!(title, "“defendant”, “coercion” and “sentence” set courts apart from agencies of the United Nations");
    let title = actors::draw(&who_says_what(), View::default()).title;
    assert_eq!(title, "The 4 actors with 5 mentions or more differ in which label they say most");
    // Who is known by a few words alone is drawn and told by no title; who says none of the labels that are drawn has no row.
    let mut model = who_says_what();
    model.actors.iter_mut().take(3).for_each(|actor| actor.mentions = vec![9, 1, 0, 0]);
    let figure = actors::draw(&model, View::default());
    assert_eq!(
        figure.title,
        "3 of the 4 actors with 5 mentions or more say “child trafficking” most; one prefers another word or none"
    );
    let mut model = texts(&mut Draw(1), 4, 2);
    model.texts.iter_mut().for_each(|text| text.places = vec![vec![0.5], Vec::new()]);
    model.texts[0].places[1] = vec![0.1, 0.9];
    let figure = xray::draw(&model, View { frame: Frame::Narrow });
    assert_eq!(
        figure.title,
        "“child trafficking” stands in all 4 texts, “best interests of the child” in 1 of 4\u{a0}texts"
    );
    // A place in the first fifth and one in the last.
    let row = figure.table.rows.iter().find(|row| row[2].display() == "2").unwrap();
    assert_eq!(row[3..].iter().map(|cell| cell.display()).collect::<Vec<_>>(), ["1", "0", "0", "0", "1"]);
}
