//! Who is let in, and who is not.

use crate::client::{Bench, folder};

fn head(bench: &Bench, line: &str, more: &[(&str, &str)]) -> String {
    let more: String = more.iter().map(|(n, v)| format!("{n}: {v}\r\n")).collect();
    format!("{line} HTTP/1.1\r\n{}", more.replace("PORT", &bench.port.to_string()).replace("COOKIE", &bench.cookie))
}

#[track_caller]
fn check(bench: &Bench, line: &str, more: &[(&str, &str)], want: u16) {
    let answer = bench.send(&head(bench, line, more), b"");
    assert_eq!(answer.status, want, "{line} {more:?}: {}", answer.body);
}

const HOST: (&str, &str) = ("Host", "127.0.0.1:PORT");
const COOKIE: (&str, &str) = ("Cookie", "COOKIE");
const LENGTH: (&str, &str) = ("Content-Length", "0");
const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

#[test]
fn nothing_is_shown_without_the_cookie() {
    let bench = folder();
    let lines = [
        "/",
        "/sources",
        "/read?source=sources/a.txt",
        "/static/style.css",
        "/static/common.js",
        "/nothing",
        "/revision",
        "/map/answer.json",
    ];
    for path in lines {
        check(&bench, &format!("GET {path}"), &[HOST], 403);
        check(&bench, &format!("GET {path}"), &[HOST, ("Cookie", "nomoscope-PORT=guess")], 403);
        check(&bench, &format!("GET {path}"), &[HOST, ("Cookie", "nomoscope-PORT=")], 403);
    }
    check(&bench, "GET /sources", &[HOST, COOKIE], 200);
    check(&bench, "GET /sources", &[HOST, ("Cookie", "a=b; COOKIE; c=d")], 200);
    check(&bench, "POST /do/undo", &[HOST, ("Origin", "http://127.0.0.1:PORT"), LENGTH, FORM], 403);
}

#[test]
fn the_token_alone_opens_the_door() {
    let bench = folder();
    check(&bench, "GET /open/", &[HOST], 404);
    check(&bench, "GET /open/guess", &[HOST], 403);
    let token = bench.address.rsplit('/').next().unwrap().to_owned();
    check(&bench, &format!("GET /open/{}", &token[1..]), &[HOST], 403);
    check(&bench, &format!("GET /open/{token}0"), &[HOST], 403);
    check(&bench, &format!("GET /open/{token}"), &[("Host", "evil.example:PORT")], 403);
    check(&bench, &format!("POST /open/{token}"), &[HOST, LENGTH], 403);
    // The token is no cookie, and each who shows it gets a cookie of their own.
    check(&bench, "GET /sources", &[HOST, ("Cookie", &format!("nomoscope-PORT={token}"))], 403);
    assert_ne!(bench.enter(), bench.enter());
}

#[test]
fn other_names_and_other_pages_are_refused() {
    let bench = folder();
    for host in [
        "evil.example",
        "evil.example:PORT",
        "127.0.0.1",
        "127.0.0.1:1",
        "127.0.0.1.evil.example:PORT",
        "[::1]:PORT",
        "",
    ] {
        check(&bench, "GET /sources", &[("Host", host), COOKIE], 403);
    }
    check(&bench, "GET /sources", &[("Host", "localhost:PORT"), COOKIE], 200);
    check(&bench, "GET /sources", &[COOKIE], 403);
    check(&bench, "GET http://evil.example/sources", &[HOST, COOKIE], 403);
    for origin in
        ["http://evil.example", "null", "https://127.0.0.1:PORT", "http://127.0.0.1:1", "http://localhost:PORT", ""]
    {
        check(&bench, "GET /sources", &[HOST, COOKIE, ("Origin", origin)], 403);
        check(&bench, "POST /do/undo", &[HOST, COOKIE, ("Origin", origin), LENGTH, FORM], 403);
    }
    check(&bench, "POST /do/undo", &[HOST, COOKIE, LENGTH, FORM], 403);
    check(&bench, "GET /sources", &[HOST, COOKIE, ("Sec-Fetch-Site", "cross-site")], 403);
    check(&bench, "GET /sources", &[HOST, COOKIE, ("Sec-Fetch-Site", "same-origin")], 200);
    for method in ["PUT", "DELETE", "OPTIONS", "PATCH"] {
        check(&bench, &format!("{method} /sources"), &[HOST, COOKIE, LENGTH], 403);
    }
}

#[test]
fn every_answer_says_how_it_may_be_used() {
    let bench = folder();
    for path in ["/sources", "/nothing", "/static/style.css", "/read?source=x"] {
        let answer = bench.get(path);
        let policy = answer.header("content-security-policy").expect("has a policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
    // What the policy would not run is not written in the first place.
    for path in
        ["/sources", "/read?source=sources/a.txt", "/map", "/review", "/history", "/help", "/start", "/codebook"]
    {
        let body = bench.get(path).body;
        for bad in ["<style", " style=", "onclick", "javascript:", "http://", "https://"] {
            let body = body.replace("http://www.w3.org/", "");
            assert!(!body.contains(bad), "{path}: {bad}");
        }
        assert_eq!(
            body.matches("<script").count(),
            body.matches("<script type=\"module\" src=\"/static/").count(),
            "{path}"
        );
    }
}

#[test]
fn no_folder_of_this_machine_is_told() {
    let bench = folder();
    let folder = bench.dir.path().display().to_string();
    std::fs::write(bench.dir.path().join("study/codebook.toml"), "concept = 3").unwrap();
    for path in ["/", "/sources", "/read?source=sources/a.txt", "/map", "/start", "/history", "/codebook"] {
        let answer = bench.get(path);
        assert!(!answer.body.contains(&folder) && !answer.head.contains(&folder), "{path}: {}", answer.body);
    }
    std::fs::remove_dir_all(bench.dir.path().join("study")).unwrap();
    let answer = bench.get("/sources");
    assert!(answer.status >= 400 && !answer.body.contains(&folder), "{}", answer.body);
}

#[test]
fn slow_and_large_requests_are_bounded() {
    use std::io::{Read, Write};
    let bench = folder();
    let long = "x".repeat(200 << 10);
    let answer = bench.send(&head(&bench, "GET /sources", &[HOST, COOKIE, ("X", &long)]), b"");
    assert!(matches!(answer.status, 0 | 431), "{}", answer.status);
    let form = "a=".to_owned() + &"x".repeat(3 << 20);
    let length = form.len().to_string();
    let origin = ("Origin", "http://127.0.0.1:PORT");
    let answer = bench.send(
        &head(&bench, "POST /do/memo", &[HOST, COOKIE, origin, FORM, ("Content-Length", &length)]),
        form.as_bytes(),
    );
    assert!(matches!(answer.status, 413 | 0), "{} {}", answer.status, answer.body);
    // Who says half of a request waits no longer than the head may take.
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", bench.port)).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: ").unwrap();
    stream.set_read_timeout(Some(std::time::Duration::from_secs(30))).unwrap();
    let mut rest = Vec::new();
    let began = std::time::Instant::now();
    let _ = stream.read_to_end(&mut rest);
    assert!(began.elapsed() < std::time::Duration::from_secs(20), "{:?}", began.elapsed());
}
