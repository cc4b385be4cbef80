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
