#![no_main]

use nomoscope_fuzz::study;
use nomoscope_serve::{Options, bind};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::OnceLock;
use std::time::Duration;

static SERVER: OnceLock<(u16, String)> = OnceLock::new();

// An address with its query, as somebody who was let in sends it to the workbench: an answer comes, whatever it is.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (port, cookie) = SERVER.get_or_init(started);
    let path: String = bytes.iter().map(|b| if b.is_ascii_graphic() { char::from(*b).to_string() } else { format!("%{b:02X}") }).collect();
    let answer = get(*port, &format!("/{path}"), cookie);
    assert!(answer.starts_with("HTTP/1.1 ") && !answer.starts_with("HTTP/1.1 500"), "{answer}");
});

fn started() -> (u16, String) {
    let room = study::folder();
    let options = Options { study: Some(room.path().to_owned()), home: room.path().to_owned(), port: 0, version: "fuzz".to_owned() };
    // The study stays as long as the process does.
    std::mem::forget(room);
    let server = bind(options).expect("binds");
    let (port, address) = (server.port(), server.address());
    std::thread::spawn(move || server.run());
    let open = address.split_once(&format!(":{port}")).expect("has a port").1;
    let answer = get(port, open, "");
    let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")).and_then(|set| set.split(';').next());
    (port, cookie.expect("sets a cookie").to_owned())
}

fn get(port: u16, path: &str, cookie: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("listens");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("can wait");
    let head = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n");
    let _ = stream.write_all(head.as_bytes());
    let mut answer = Vec::new();
    let _ = stream.take(1 << 16).read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}
