//! What comes in as a text and wants to be more.

use crate::client::{folder, nothing};

const SCRIPT: &str = "<script>alert(1)</script>";

#[test]
fn markup_in_texts_names_and_memos_stays_text() {
    let bench = folder();
    let html = format!(
        "<html><head><title>{SCRIPT}</title></head><body><p>Dignity &lt;script&gt;alert(2)&lt;/script&gt;</p>{SCRIPT}<img src=x onerror=alert(3)></body></html>"
    );
    let text = format!("{SCRIPT} dignity <img src=x onerror=alert(1)> \" onmouseover=\"alert(4)");
    let answer = bench.upload(&[("evil.html", html.as_bytes()), ("evil.txt", text.as_bytes())]);
    assert_eq!(answer.status, 200, "{}", answer.body);
    let memo = [("about", "source:sources/evil.txt"), ("text", SCRIPT)];
    assert_eq!(bench.post("/do/memo", &memo).status, 200);
    assert_eq!(bench.post("/settle", &[("coder", SCRIPT)]).status, 303);
    for path in [
        "/sources",
        "/sources?words=dignity",
        "/read?source=sources/evil.txt",
        "/read?source=sources/evil.html",
        "/history",
        "/map",
        "/map/passages?of=k-dignity",
    ] {
        let answer = bench.get(path);
        assert_eq!(answer.status, 200, "{path} {}", answer.body);
        for bad in ["<script>", "<img", "\" onmouseover"] {
            assert!(!answer.body.contains(bad), "{path}: {bad}");
        }
    }
    for path in [
        "/sources?words=%3Cscript%3E",
        "/read?source=%3Cscript%3E",
        "/map?focus=%3Cscript%3E",
        "/history?words=%3Cscript%3E",
    ] {
        assert!(!bench.get(path).body.contains("<script>"), "{path}");
    }
}

#[test]
fn what_is_uploaded_is_read_and_never_served() {
    let bench = folder();
    let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{SCRIPT}</svg>");
    let answer = bench.upload(&[("a.svg", svg.as_bytes())]);
    assert_eq!(answer.status, 400, "{}", answer.body);
    let answer = bench.upload(&[("page.html", b"<p>Dignity.</p>")]);
    assert_eq!(answer.status, 200, "{}", answer.body);
    for path in [
        "/sources/page.html",
        "/static/page.html",
        "/static/../page.html",
        "/static/..%2Fpage.html",
        "/static/%2e%2e/study.toml",
        "/study.toml",
    ] {
        assert_eq!(bench.get(path).status, 404, "{path}");
    }
}

#[test]
fn names_lead_nowhere() {
    let bench = folder();
    for name in ["../evil.txt", "..\\evil.txt", "/etc/evil.txt", "a/../../evil.txt"] {
        // Of a path the last part is the name.
        let answer = bench.upload(&[(name, b"Dignity.")]);
        assert!(matches!(answer.status, 200 | 400), "{name} {}", answer.body);
        assert!(!bench.dir.path().join("evil.txt").exists() && !bench.dir.path().join("study/evil.txt").exists());
    }
    for name in [".git", "..", ".hidden.txt", "CON.txt", "codebook.toml", "study.toml", "x.exe", "a\u{200b}.txt"] {
        assert_eq!(bench.upload(&[(name, b"Dignity.")]).status, 400, "{name}");
    }
    for source in ["../study.toml", "/etc/passwd", "study.toml", "sources/../codebook.toml"] {
        assert_eq!(bench.get(&format!("/read?source={source}")).status, 400, "{source}");
    }
    let bench = nothing();
    for name in ["../x", "/tmp/x", "a/b", "", ".hidden", "..", "con", "a\\b"] {
        for field in ["open", "name"] {
            let answer = bench.post("/start", &[(field, name), ("template", "blank")]);
            assert_eq!(answer.status, 400, "{field} {name}: {}", answer.body);
        }
    }
    assert_eq!(std::fs::read_dir(bench.dir.path()).unwrap().count(), 0);
}

#[test]
fn a_bomb_is_no_text() {
    let bench = folder();
    for (name, bytes) in [
        ("a.docx", &b"PK\x03\x04nothing"[..]),
        ("a.pdf", b"%PDF-1.7 nothing"),
        ("a.xml", b"<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"),
        ("a.txt", b""),
    ] {
        let answer = bench.upload(&[(name, bytes)]);
        assert_eq!(answer.status, 400, "{name} {}", answer.body);
    }
    assert_eq!(bench.study().log().unwrap().len(), 0);
    assert_eq!(bench.post("/do/add", &[("files", "x")]).status, 400);
}
