//! The traps, one after the other.

use super::databases::{dna, qualcoder, rqda, taguette};
use super::model::{Code, Comes, Expected, Project, STANDARD, Text, Trap, Unit, Way};
use super::refi::{Style, guid, qdpx, zipped};

/// Words of two scripts with signs outside the first plane, marks that join, and ends of lines.
const WORDS: &str = "Assembly at the river \u{1f30a}\n\
    The well is dry since spring; who mends it?\n\
    Clean water is a right \u{1f4a7}, said the elders in the cafe\u{301} by the mill.\n\
    \u{5e9}\u{5b8}\u{5c1}\u{5dc}\u{5d5}\u{5b9}\u{5dd} \u{2014} everybody carries water \u{1f91d} in the morning.\n\
    Nobody may be sent away \u{1f3e0} without a hearing.\n\
    A fine is paid in grain \u{1f33e}, not in coin.\n\
    The last word belongs to the assembly.\n";

/// What is coded in these words; each stands once.
const MARKED: [&str; 9] = [
    "The well is dry",
    "right",
    "elders",
    "cafe\u{301}",
    "\u{5e9}\u{5b8}\u{5c1}\u{5dc}\u{5d5}\u{5b9}\u{5dd}",
    "carries water",
    "sent away \u{1f3e0} without a hearing",
    "paid in grain",
    "The last word belongs to the assembly.",
];

const CODES: [&str; 3] = ["Water", "Hearing", "Fine"];

/// Returns a project of one text with all that is marked in it.
fn one(text: Text) -> Project {
    let mut project = Project::new(vec![text], &CODES);
    MARKED.iter().for_each(|words| project.mark(0, words));
    project
}

fn text() -> Text {
    Text::new("Assembly", WORDS)
}

type About = (&'static str, &'static str, &'static str);

fn trap((name, about, rule): About, project: &Project, style: &Style) -> Trap {
    let (bytes, expected) = (qdpx(project, style), project.expected());
    Trap { name, about, rule, file: "project.qdpx", bytes, expected }
}

fn told(trap: Trap, told: &[&'static str]) -> Trap {
    Trap { expected: Expected { told: told.to_vec(), ..trap.expected }, ..trap }
}

/// Returns all traps.
pub(super) fn all() -> Vec<Trap> {
    let all = [counting(), stretches(), texts(), names(), identities(), damage(), databases(), refused()];
    all.into_iter().flatten().collect()
}

/// How positions are counted.
fn counting() -> Vec<Trap> {
    let counted = |about: About, way: Way, crlf: bool, bom: bool| {
        trap(about, &one(Text { way, crlf, bom, ..text() }), &Style::default())
    };
    let utf16 = Way { unit: Unit::Utf16, ..STANDARD };
    let mut all = vec![
        counted(
            (
                "standard",
                "Code points from 0, LF, no byte order mark; the end is the place behind the last character.",
                "Read it as it is.",
            ),
            STANDARD,
            false,
            false,
        ),
        counted(
            ("utf-16", "Positions count UTF-16 units: an emoji is two.", "Find out from the text what is counted."),
            utf16,
            false,
            false,
        ),
        counted(
            (
                "utf-16-crlf-bom",
                "UTF-16 units, lines that end with CRLF and count two, a byte order mark that counts nothing.",
                "Find out from the text what is counted; take the mark off.",
            ),
            Way { newline: 2, ..utf16 },
            true,
            true,
        ),
        counted(
            (
                "crlf-as-one",
                "Code points; lines of the file end with CRLF and count one.",
                "Count an end of a line as one.",
            ),
            STANDARD,
            true,
            false,
        ),
        counted(
            (
                "crlf-as-two",
                "Code points; lines of the file end with CRLF and count two.",
                "Count CRLF as it is written.",
            ),
            Way { newline: 2, ..STANDARD },
            true,
            false,
        ),
        counted(
            (
                "lf-as-two",
                "Lines of the file end with LF and count two: the text was written anew after the positions.",
                "Count an end of a line as two.",
            ),
            Way { newline: 2, ..STANDARD },
            false,
            false,
        ),
        counted(
            ("utf-8-bytes", "Positions count bytes of UTF-8.", "Find out from the text what is counted."),
            Way { unit: Unit::Bytes, ..STANDARD },
            false,
            false,
        ),
        counted(
            ("bom", "The file begins with a byte order mark that counts nothing.", "Take the mark off."),
            STANDARD,
            false,
            true,
        ),
        counted(
            (
                "bom-counted",
                "The file begins with a byte order mark that counts one.",
                "Take the mark off, and one off all positions.",
            ),
            Way { mark: 1, ..STANDARD },
            false,
            true,
        ),
        counted(
            (
                "end-included",
                "The end is the last character, as the standard can be read.",
                "Find out from the text; an end that is not included is the rule.",
            ),
            Way { inclusive: true, ..STANDARD },
            false,
            false,
        ),
    ];
    let mut mixed = Project::new(
        vec![
            Text { crlf: true, way: Way { newline: 2, ..utf16 }, ..Text::new("First", WORDS) },
            Text::new("Second", &WORDS.replace("Assembly at", "Meeting by")),
        ],
        &CODES,
    );
    MARKED.iter().for_each(|words| mixed.mark(0, words));
    MARKED.iter().for_each(|words| mixed.mark(1, words));
    all.push(trap(
        ("two-ways", "One text counts UTF-16 units and CRLF, the other code points and LF.", "Decide for each text."),
        &mixed,
        &Style::default(),
    ));
    let lines: Vec<String> =
        (1..=8).map(|n| format!("\u{1f4dd} Note {n} \u{1f30a}\u{1f30a} on the water of the river\n")).collect();
    let texts = (1..).zip(&lines).map(|(n, line)| Text { way: utf16, ..Text::new(&format!("Note {n}"), line) });
    let mut few = Project::new(texts.collect(), &CODES);
    for n in 0..lines.len() {
        few.mark(n, "water");
        few.mark(n, "river");
    }
    all.push(trap(
        (
            "few-selections",
            "Eight texts with two selections each, in UTF-16 units: one text alone tells too little.",
            "Let the texts of a project decide together.",
        ),
        &few,
        &Style::default(),
    ));
    all
}

/// Selections that are unusual.
fn stretches() -> Vec<Trap> {
    let emoji = "A family \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} waved \u{1f44b}\u{1f3fd} under the flag \u{1f1fa}\u{1f1f3} of all.\n";
    let mut signs = Project::new(vec![Text::new("Signs", emoji)], &CODES);
    for words in
        ["\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}", "\u{1f44b}\u{1f3fd}", "\u{1f1fa}\u{1f1f3}", "family", "all"]
    {
        signs.mark(0, words);
    }
    let joined = "nai\u{308}ve, re\u{301}sume\u{301}, a\u{323}\u{302}n; \u{e5}ngstr\u{f6}m, \u{915}\u{94d}\u{937}\u{92f} and \u{ac00}\u{1100}\u{1161}.\n";
    let mut marks = Project::new(vec![Text::new("Marks", joined)], &CODES);
    for words in
        ["nai\u{308}ve", "re\u{301}sume\u{301}", "a\u{323}\u{302}n", "\u{915}\u{94d}\u{937}\u{92f}", "\u{1100}\u{1161}"]
    {
        marks.mark(0, words);
    }
    let right = "\u{5d4}\u{5de}\u{5d9}\u{5dd} \u{5e9}\u{5d9}\u{5d9}\u{5db}\u{5d9}\u{5dd} \u{5dc}\u{5db}\u{5d5}\u{5dc}\u{5dd}.\n\u{627}\u{644}\u{645}\u{627}\u{621}\u{64f} \u{62d}\u{642}\u{651}\u{64c} (water) \u{644}\u{644}\u{62c}\u{645}\u{64a}\u{639} \u{200f}12\u{200e}.\n";
    let mut leftwards = Project::new(vec![Text::new("\u{5de}\u{5d9}\u{5dd}", right)], &CODES);
    for words in [
        "\u{5d4}\u{5de}\u{5d9}\u{5dd}",
        "\u{62d}\u{642}\u{651}\u{64c} (water)",
        "\u{644}\u{644}\u{62c}\u{645}\u{64a}\u{639}",
    ] {
        leftwards.mark(0, words);
    }
    let mut points = one(text());
    let end = WORDS.len();
    let middle = WORDS.find("everybody").unwrap();
    for at in [0, middle, end] {
        points.mark_at(0, (at, at), &[(1, Some(0))]);
    }
    points.mark_at(0, (0, end), &[(0, Some(0))]);
    let mut over = one(text());
    over.coders.push("Coder Two".to_owned());
    let at = |words: &str| (WORDS.find(words).unwrap(), WORDS.find(words).unwrap() + words.len());
    let (a, b) = (at("The well is dry since spring"), at("dry since spring; who mends it"));
    over.mark_at(0, a, &[(0, Some(0)), (1, Some(1))]);
    over.mark_at(0, b, &[(2, Some(1))]);
    // The same words with the same code by another, in a selection of their own.
    over.mark_at(0, a, &[(0, Some(1))]);
    over.mark_at(0, (a.0, b.1), &[(1, Some(0))]);
    let mut bare = one(text());
    bare.mark_at(0, at("without a hearing"), &[]);
    let style = Style {
        in_selection: |n| match n == MARKED.len() {
            true => ["<Description>kept for later</Description>".to_owned(), String::new()],
            false => <[String; 2]>::default(),
        },
        ..Style::default()
    };
    vec![
        trap(
            ("emoji", "Signs of several code points: a family, a tone of skin, a flag.", "Keep every code point."),
            &signs,
            &Style::default(),
        ),
        trap(
            (
                "combining-marks",
                "Letters with marks that are written apart, beside such that are one.",
                "Do not normalise what positions count.",
            ),
            &marks,
            &Style::default(),
        ),
        trap(
            (
                "right-to-left",
                "Hebrew and Arabic, with a word of Latin and marks of direction.",
                "Places follow the order of the text, not of the screen.",
            ),
            &leftwards,
            &Style::default(),
        ),
        trap(
            (
                "zero-length",
                "Selections of no length at the beginning, in the middle and at the end; one of the whole text.",
                "Keep them as points.",
            ),
            &points,
            &Style::default(),
        ),
        trap(
            (
                "overlapping",
                "Selections within and across each other, and the same words with the same code by two coders.",
                "Keep each.",
            ),
            &over,
            &Style::default(),
        ),
        trap(
            ("no-code", "A selection without a code, with a comment.", "Keep the selection and the comment."),
            &bare,
            &style,
        ),
    ]
}

/// Where texts stand, and whether.
fn texts() -> Vec<Trap> {
    let mut all = vec![
        trap(
            (
                "inner-name",
                "The project in the archive is called `kit.qde`, the folder `Sources/`.",
                "Take the only `.qde`; find members whatever their case.",
            ),
            &one(text()),
            &Style { inner: "kit.qde", folder: "Sources", ..Style::default() },
        ),
        trap(
            ("bare-paths", "Paths of texts have no scheme.", "Look in `sources/`."),
            &one(text()),
            &Style { path: str::to_owned, ..Style::default() },
        ),
        trap(
            (
                "inline",
                "The text stands in the XML, its CRLF read as LF by every reader of XML, while positions count two.",
                "Count an end of a line as two.",
            ),
            &one(Text { way: Way { newline: 2, ..STANDARD }, ..text() }),
            &Style { inline: true, ..Style::default() },
        ),
        trap(
            ("pdf", "The text is the representation of a PDF that the archive lacks.", "Read the representation."),
            &one(text()),
            &Style { pdf: true, ..Style::default() },
        ),
        told(
            trap(
                (
                    "leaked-paths",
                    "`basePath`, and the paths of texts, name a folder of the machine that wrote the file.",
                    "Find the texts by their names; tell people; write no such path.",
                ),
                &one(text()),
                &Style {
                    root: "xmlns=\"urn:QDA-XML:project:1.0\" basePath=\"D:\\Interviews\\coder-one\"",
                    path: |file| format!("absolute:///D:/Interviews/coder-one/{file}"),
                    ..Style::default()
                },
            ),
            &["a folder of somebody's machine stands in the file"],
        ),
    ];
    let mut missing = one(text());
    missing.texts.push(Text { held: false, ..Text::new("Lost", WORDS) });
    missing.mark(1, "paid in grain");
    missing.marks.last_mut().unwrap().comes = Comes::Told;
    all.push(told(
        trap(
            (
                "missing-text",
                "The archive lacks one of two texts.",
                "Keep source and codings as places without words; tell people.",
            ),
            &missing,
            &Style::default(),
        ),
        &["a text is missing"],
    ));
    let picture = format!(
        "<PictureSource guid=\"{}\" name=\"Map\" path=\"internal://map.png\"><PictureSelection guid=\"{}\" firstX=\"1\" firstY=\"1\" secondX=\"9\" secondY=\"9\"><Coding guid=\"{}\"><CodeRef targetGUID=\"{}\"/></Coding></PictureSelection></PictureSource>",
        guid(2000),
        guid(2001),
        guid(2002),
        guid(100)
    );
    all.push(told(
        trap(
            (
                "picture",
                "A picture, with a code on a part of it, stands between the sources.",
                "Take the texts; count what is not taken.",
            ),
            &one(text()),
            &Style { sources: picture, ..Style::default() },
        ),
        &["a picture and a coding on it do not come through"],
    ));
    all
}

/// Names and codes.
fn names() -> Vec<Trap> {
    let code = |name: &str, parent: Option<usize>, codable: bool| Code { name: name.to_owned(), parent, codable };
    let with = |codes: Vec<Code>| {
        let n = codes.len();
        let mut project = one(text());
        project.codes = codes;
        for (at, mark) in project.marks.iter_mut().enumerate() {
            mark.codings = vec![(at % n, Some(0))];
        }
        project
    };
    let equal = with(vec![
        code("Other", None, true),
        code("Water", None, true),
        code("Other", Some(1), true),
        code("Fine", None, true),
        code("Other", Some(3), true),
        code("Other", Some(4), true),
    ]);
    let twice = with(vec![code("Water", None, true), code("Water", None, true), code("Fine", None, true)]);
    let mut groups = with(vec![code("Law", None, false), code("Hearing", Some(0), true), code("Fine", Some(1), true)]);
    for (at, mark) in groups.marks.iter_mut().enumerate() {
        mark.codings = vec![(1 + at % 2, Some(0))];
    }
    let mut formulas = with(vec![
        code("=1+1", None, true),
        code("+Water", None, true),
        code("-Fine", None, true),
        code("@Hearing", None, true),
        code("<b> & \"c\"", None, true),
    ]);
    formulas.texts[0].name = "=HYPERLINK(1)".to_owned();
    let mut nameless = with(vec![code("", None, true), code("Water", None, true)]);
    nameless.texts[0].name = String::new();
    let mut same = Project::new(vec![text(), Text::new("Assembly", &WORDS.replace("river", "lake"))], &CODES);
    MARKED.iter().for_each(|words| same.mark(0, words));
    MARKED.iter().rev().for_each(|words| same.mark(1, words));
    let codes_only = Project { marks: Vec::new(), texts: Vec::new(), ..equal.clone() };
    vec![
        trap(
            (
                "equal-names",
                "Codes of one name at several places of the tree, also below themselves.",
                "Tell codes apart by identity, never by name.",
            ),
            &equal,
            &Style::default(),
        ),
        trap(
            ("equal-siblings", "Two codes with the same name at the same place.", "Keep two codes."),
            &twice,
            &Style::default(),
        ),
        trap(
            (
                "groups",
                "A group that is not applied to texts, and a code that is applied and has codes below it.",
                "Keep what may be applied; a code may be both.",
            ),
            &groups,
            &Style::default(),
        ),
        trap(
            (
                "formulas",
                "Names that a spreadsheet would run, and such that XML escapes.",
                "Keep them; guard them where a table is written.",
            ),
            &formulas,
            &Style::default(),
        ),
        trap(("empty-names", "A code and a source without a name.", "Keep both."), &nameless, &Style::default()),
        trap(("same-name-twice", "Two texts of one name.", "Keep two."), &same, &Style::default()),
        trap(
            ("codes-only", "Codes, and no text at all.", "Take the codes."),
            &codes_only,
            &Style { sources: String::new(), ..Style::default() },
        ),
    ]
}

/// Identities.
fn identities() -> Vec<Trap> {
    let mut by_nobody = one(text());
    for mark in &mut by_nobody.marks {
        mark.codings.iter_mut().for_each(|(_, coder)| *coder = None);
    }
    by_nobody.coders.clear();
    let mut twice =
        Project::new(vec![Text::new("First", WORDS), Text::new("Second", &WORDS.replace("river", "lake"))], &CODES);
    MARKED.iter().take(5).for_each(|words| twice.mark(0, words));
    MARKED.iter().skip(4).for_each(|words| twice.mark(1, words));
    // What had an identity of its own has that of the one before it.
    let shared: fn(u32) -> String = |n| {
        guid(match n {
            1001 => 1000,
            10_001..=10_003 => 10_000,
            n => n,
        })
    };
    let path: fn(&str) -> String = |file| format!("internal://{file}");
    vec![
        trap(
            (
                "braces",
                "Identities stand in braces, and in capitals where they are defined.",
                "Compare them without braces and case.",
            ),
            &one(text()),
            &Style { guid: |n| guid(n).to_uppercase(), target: |n| format!("{{{}}}", guid(n)), ..Style::default() },
        ),
        trap(
            ("no-coder", "Codings that name nobody, in a project without users.", "Keep them by somebody unknown."),
            &by_nobody,
            &Style::default(),
        ),
        told(
            trap(
                (
                    "duplicate-identities",
                    "Two texts have one identity, and so have four selections.",
                    "Keep each with its own text and codes; tell people.",
                ),
                &twice,
                &Style { guid: shared, path, ..Style::default() },
            ),
            &["identities occur twice"],
        ),
        trap(
            (
                "other-namespace",
                "The namespace is that of an old draft, and there is an empty `<Sets/>`.",
                "Read it all the same.",
            ),
            &one(text()),
            &Style { root: "xmlns=\"urn:QDA-XML:codebook:0:4\"", after: "<Sets/>\n".to_owned(), ..Style::default() },
        ),
    ]
}

/// What refers to what is not there.
fn damage() -> Vec<Trap> {
    let mut dangling = one(text());
    let at = WORDS.find("everybody").unwrap();
    // A code that is not in the codebook.
    dangling.mark_at(0, (at, at + "everybody".len()), &[(77, Some(0))]);
    let (nowhere, source) = (guid(0xdead), guid(1000));
    let style = Style {
        before: format!(
            "<Cases><Case guid=\"{}\" name=\"House\"><SourceRef targetGUID=\"{nowhere}\"/><SourceRef targetGUID=\"{source}\"/></Case></Cases>\n",
            guid(500)
        ),
        after: format!(
            "<Links><Link guid=\"{}\" name=\"leads to\" originGUID=\"{}\" targetGUID=\"{nowhere}\"/></Links>\n<Sets><Set guid=\"{}\" name=\"Set\"><MemberCode targetGUID=\"{nowhere}\"/></Set></Sets>\n",
            guid(600),
            guid(100),
            guid(700)
        ),
        in_selection: |n| match n {
            0 => [String::new(), format!("<NoteRef targetGUID=\"{}\"/>", guid(0xdead))],
            _ => <[String; 2]>::default(),
        },
        ..Style::default()
    };
    let mut outside = one(text());
    outside.mark(0, "everybody");
    if let Some(mark) = outside.marks.last_mut() {
        (mark.said, mark.comes) = (Some((90_001, 90_009)), Comes::Told);
    }
    vec![
        told(
            trap(
                (
                    "dangling",
                    "A coding, a case, a set, a link and a note name what is not in the file.",
                    "Keep what is there, and the selection of the coding; count what is not.",
                ),
                &dangling,
                &style,
            ),
            &["a coding, a member of a case, a member of a set, a link and a note lead nowhere"],
        ),
        told(
            trap(
                (
                    "outside",
                    "A selection lies behind the end of its text.",
                    "Keep its code, and the place as it is stored; tell people.",
                ),
                &outside,
                &Style::default(),
            ),
            &["a selection lies outside its text"],
        ),
    ]
}

/// Databases.
fn databases() -> Vec<Trap> {
    let database = |(name, about, rule): About, file: &'static str, project: &Project, bytes: Vec<u8>| Trap {
        name,
        about,
        rule,
        file,
        bytes,
        expected: project.expected(),
    };
    let mut all = vec![database(
        (
            "rqda",
            "RQDA: code points as numbers with decimals, and two codings that were deleted there.",
            "Take what was not deleted.",
        ),
        "project.rqda",
        &one(text()),
        rqda(&one(text()), 2),
    )];
    let mut shifted = one(text());
    // Every third stays in its place, so that the way of counting is known.
    for n in (0..shifted.marks.len()).filter(|n| !n.is_multiple_of(3)) {
        let (start, end) = shifted.place(&shifted.marks[n]);
        let by = 1 + n as i64 % 3;
        (shifted.marks[n].said, shifted.marks[n].comes) = (Some((start + by, end + by)), Comes::Moved);
    }
    all.push(told(
        database(
            (
                "shifted",
                "Codings that stand one to three characters from the quotation that is stored with them.",
                "Move each to its quotation, for it stands once in the text; tell people.",
            ),
            "project.rqda",
            &shifted,
            rqda(&shifted, 0),
        ),
        &["six codings were moved"],
    ));
    let mut missing = one(text());
    missing.texts.push(Text { held: false, ..Text::new("Lost", WORDS) });
    missing.mark(1, "paid in grain");
    let expected = lost_text(&missing);
    all.push(Trap {
        expected,
        ..database(
            (
                "missing-text-quoted",
                "RQDA: a text is missing, and the quotation of its coding is there.",
                "Keep the quotation; tell people.",
            ),
            "project.rqda",
            &missing,
            rqda(&missing, 0),
        )
    });
    let mut tree = one(text());
    tree.codes = vec![
        Code { name: "Law".to_owned(), parent: None, codable: false },
        Code { name: "Hearing".to_owned(), parent: Some(0), codable: true },
        Code { name: "Fine".to_owned(), parent: Some(1), codable: true },
    ];
    for (at, mark) in tree.marks.iter_mut().enumerate() {
        mark.codings = vec![(1 + at % 2, Some(0))];
    }
    all.push(database(
        ("qualcoder-17", "QualCoder, schema 17: a code below a code below a category.", "Take both kinds of parents."),
        "data.qda",
        &tree,
        qualcoder(&tree),
    ));
    let blocks = Way { unit: Unit::Bytes, newline: 0, ..STANDARD };
    let mut html = one(Text { way: blocks, ..Text::new("Assembly", WORDS.trim_end()) });
    html.marks.iter_mut().flat_map(|mark| &mut mark.codings).for_each(|(_, coder)| *coder = None);
    all.push(database(
        (
            "taguette",
            "Taguette: HTML, and positions in bytes of the text without its tags and without ends of lines.",
            "Count bytes of the words alone; a block ends a line of the text.",
        ),
        "project.sqlite3",
        &html,
        taguette(&html),
    ));
    let utf16 = one(Text { way: Way { unit: Unit::Utf16, ..STANDARD }, ..text() });
    // 26 January 2005, in days after the beginning of 1970.
    let day = 12_809;
    for (name, about, is_3) in [
        ("dna-3", "Discourse Network Analyzer 3: UTF-16 units; the date is given in seconds.", true),
        (
            "dna-2",
            "Discourse Network Analyzer 2: the same statements; the date is given in milliseconds, values in words.",
            false,
        ),
    ] {
        let rule = "Tell the versions by their tables.";
        let mut trap = database((name, about, rule), "project.dna", &utf16, dna(&utf16, is_3, day));
        trap.expected.sources.iter_mut().for_each(|source| source.date = Some("2005-01-26"));
        all.push(trap);
    }
    all
}

/// Returns what is found where the last text is missing and the quotations of its codings are there.
fn lost_text(project: &Project) -> Expected {
    let mut expected = project.expected();
    if let Some(last) = expected.selections.last_mut() {
        (last.start, last.end) = (None, None);
    }
    expected.told = vec!["a text is missing"];
    expected
}

/// Files that have to be refused.
fn refused() -> Vec<Trap> {
    let good = qdpx(&one(text()), &Style::default());
    let refused = |(name, about, rule): About, why: &'static str, bytes: Vec<u8>| Trap {
        name,
        about,
        rule,
        file: "project.qdpx",
        bytes,
        expected: Expected { refused: Some(why), ..Expected::default() },
    };
    let archive = |name: &str, words: &str| zipped(&[(name.to_owned(), words.as_bytes().to_vec())]);
    let entities = "<!DOCTYPE Project [<!ENTITY a \"aaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><Project name=\"&b;\"/>";
    let nested = format!(
        "<Project><CodeBook><Codes>{}{}</Codes></CodeBook></Project>",
        "<Code>".repeat(2000),
        "</Code>".repeat(2000)
    );
    let two = zipped(&[("a.qde".to_owned(), b"<Project/>".to_vec()), ("b.qde".to_owned(), b"<Project/>".to_vec())]);
    vec![
        refused(
            ("refused-path", "A member of the archive has a name that leads out of it.", "Refuse; write nothing."),
            "a name leads out of the archive",
            archive("../../project.qde", "<Project/>"),
        ),
        refused(
            ("refused-entities", "The XML defines entities, which can grow without end.", "Refuse."),
            "the XML defines entities",
            archive("project.qde", entities),
        ),
        refused(
            ("refused-depth", "Codes stand in each other two thousand times.", "Refuse, or read; do not break down."),
            "elements are nested too deep",
            archive("project.qde", &nested),
        ),
        refused(
            ("refused-cut", "The archive is cut short.", "Refuse; take no half of a project."),
            "the archive is cut short",
            good[..good.len() * 2 / 3].to_vec(),
        ),
        refused(
            ("refused-two-projects", "The archive holds two projects.", "Refuse, or ask which."),
            "the archive holds two projects",
            two,
        ),
        refused(
            ("refused-other-root", "The XML is no project.", "Refuse."),
            "the XML is no project",
            archive("project.qde", "<Other/>"),
        ),
    ]
}
