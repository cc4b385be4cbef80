//! Web pages.

use crate::support::{attribute, headings, labels, read_one, under};
use nomoscope_core::text::{Direction, MarkKind};

#[track_caller]
fn check(source: &str, want: &str) {
    assert_eq!(read_one("a.html", source.as_bytes()).document.text, want);
}

const PAGE: &str = r##"<!DOCTYPE html><html lang="ar" dir="rtl"><head><title> The   page </title>
<meta name="author" content="Someone"><style>p{}</style></head>
<body><header><a href="/">Home</a></header><nav>Menu one two</nav>
<main id=m><header><h1 id="top">Heading <em>one</em></h1></header>
<p>First  paragraph<br>with a line.</p><script>bad()</script>
<ol start="3"><li>three</li><li><p>four</p></li></ol><ul><li>bullet</li></ul>
<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td><p>2</p><p>3</p></td></tr></table>
<p hidden>unseen</p><aside>Read also</aside></main>
<footer>Imprint</footer></body></html>"##;

#[test]
fn the_main_text_of_a_page() {
    let read = read_one("a.html", PAGE.as_bytes());
    let want = "Heading one\n\nFirst paragraph\nwith a line.\n\n3. three\n4. four\n\nbullet\n\nA\tB\n1\t2 3";
    assert_eq!(read.document.text, want);
    assert_eq!(headings(&read), ["1 Heading one"]);
    assert_eq!(read.document.marks[0].id.as_deref(), Some("top"));
    assert_eq!(under(&read, MarkKind::Item), ["3. three", "4. four", "bullet"]);
    assert_eq!(labels(&read, MarkKind::Item), ["-", "-", "-"]);
    assert_eq!(read.document.title.as_deref(), Some("The page"));
    assert_eq!(read.document.language.as_deref(), Some("ar"));
    assert_eq!(read.document.direction, Some(Direction::Rtl));
    assert_eq!(attribute(&read, "author"), "Someone");
    assert_eq!(read.notes, ["left out as not part of the text: aside (1)"]);
}

#[test]
fn pages_without_a_main_part() {
    check("<nav>menu</nav><div>one<div>two</div>three</div><footer>f</footer>", "one\n\ntwo\n\nthree");
    check("<form><p>The whole page stands in a form.</p></form>", "The whole page stands in a form.");
    check("<header><h1>Title</h1></header><p>text</p>", "Title\n\ntext");
    check("a<b>b</b> c<i> d</i>", "ab c d");
    check("<pre>\n  kept\n  as is</pre>", "kept\n  as is".replacen("kept", "  kept", 1).as_str());
    check("<ol><li>(a) own number</li><li>b</li></ol>", "(a) own number\n2. b");
    check("<ol type=a><li>x</li></ol><ol type=I><li>y</li></ol>", "a. x\n\nI. y");
    check("<table><tr><td>only<h1>layout</h1></td><td>right</td></tr></table>", "only\n\nlayout\n\nright");
    check("a <img alt='unseen'> b", "a b");
    check("plain text, no tag", "plain text, no tag");
    check("x&nbsp;y &eacute;", "x\u{a0}y é");
}

#[track_caller]
fn check_notes(source: &str, want: &str, marks: &[&str]) {
    let read = read_one("a.html", source.as_bytes());
    assert_eq!((read.document.text.as_str(), under(&read, MarkKind::NoteMark)), (want, marks.to_vec()), "{source}");
}

#[test]
fn links_to_notes_are_their_marks() {
    check_notes("unpaid<sup>ii</sup> work", "unpaidii work", &["ii"]);
    check_notes(
        r##"<p>They tax unpaid<a href="#fn1" id="r1">[1]</a> work.</p><p id="fn1"><a href="#r1">[1]</a> Old.</p>"##,
        "They tax unpaid[1] work.\n\n[1] Old.",
        &["[1]", "[1]"],
    );
    check_notes(
        r##"<p>unpaid<a href="#_ftn1" name="_ftnref1" title=""><span class=MsoFootnoteReference>[1]</span></a> work</p>"##,
        "unpaid[1] work",
        &["[1]"],
    );
    check_notes(
        r##"<p>unpaid <a id="ntc1" href="#ntr1-L_1">(<span class="oj-super oj-note-tag">1</span>)</a> work</p>"##,
        "unpaid (1) work",
        &["(1)"],
    );
    check_notes(r#"unpaid<span style="VERTICAL-ALIGN: super">1</span> work"#, "unpaid\u{b9} work", &[]);
    check_notes(
        "unpaid<sup>a</sup> work, unpaid<sup>*</sup>, paid<sup>1, 2</sup>",
        "unpaida work, unpaid*, paid1, 2",
        &["a", "*", "1, 2"],
    );
    check_notes(r##"unpaid<a href="#x">2</a> work <a href="#x">*</a>"##, "unpaid2 work *", &["2", "*"]);
    check_notes(
        r##"<p>unpaid <a id="y" href="#x">b</a> work</p><p id="x">See <a href="#y">above</a>"##,
        "unpaid b work\n\nSee above",
        &["b"],
    );
    let read =
        read_one("a.html", br##"<p>a<a href="#n1" id="r1">1</a>.</p><p id="n1"><a href="#r1">1</a> The note.</p>"##);
    assert_eq!(under(&read, MarkKind::Note), ["1 The note."]);
    let read =
        read_one("a.html", br##"<p>a<a href="#fn1">1</a>.</p><p id="fn1">1. The note.</p><p id="x">1. A point.</p>"##);
    assert_eq!(under(&read, MarkKind::Note), ["1. The note."]);
}

#[test]
fn links_and_raised_letters_that_are_no_marks_of_notes() {
    for (source, want) in [
        (r##"Article <a href="#art4">4</a> and point <a href="#p_a">(a)</a>"##, "Article 4 and point (a)"),
        (r##"<a href="#A">A</a><a href="#B">B</a> <a href="#c">c</a>"##, "AB c"),
        (r##"text <a href="#top">[top]</a>"##, "text [top]"),
        (r##"paid<a href="other.html#x">4</a>"##, "paid4"),
        ("1<sup>er</sup>, M<sup>e</sup>, XX<sup>e</sup>, n<sup>o</sup>", "1er, Me, XXe, no"),
    ] {
        check_notes(source, want, &[]);
    }
}

#[test]
fn what_holds_running_text_stays_and_all_else_is_told() {
    let told = |what: &str| format!("left out as not part of the text: {what}");
    for (source, want, left_out) in [
        ("<p>a</p><noscript><p>unpaid work</p></noscript>", "a\n\nunpaid work", ""),
        ("<p>a</p><noscript>Please enable JavaScript.</noscript>", "a", "noscript (1)"),
        ("<p>a <del>old</del>new</p>", "a new", "del (1)"),
        ("<p>a</p><button>Go</button><h2><button>Article 1</button></h2>", "a\n\nArticle 1", "button (1)"),
        ("<p>a</p><textarea>x</textarea>", "a", "textarea (1)"),
        (
            "<p>a</p><textarea>one two three four five six seven eight nine ten eleven twelve</textarea>",
            "a\n\none two three four five six seven eight nine ten eleven twelve",
            "",
        ),
        (
            "<p><ruby>\u{5974}\u{96b7}<rp>(</rp><rt>\u{3069}</rt><rp>)</rp></ruby>\u{5236}</p>",
            "\u{5974}\u{96b7}\u{5236}",
            "rt (1)",
        ),
        (
            "<div>A page beside it that is longer than the form.</div><form><input type=hidden name=v><p>unpaid work</p></form>",
            "A page beside it that is longer than the form.\n\nunpaid work",
            "",
        ),
        (
            "<p>A page with a form that asks for a name.</p><form><label>Name</label><input name=n><button>Go</button></form>",
            "A page with a form that asks for a name.",
            "form (1)",
        ),
    ] {
        let read = read_one("a.html", source.as_bytes());
        let notes: Vec<String> = if left_out.is_empty() { Vec::new() } else { vec![told(left_out)] };
        assert_eq!((read.document.text.as_str(), &read.notes), (want, &notes), "{source}");
    }
}
