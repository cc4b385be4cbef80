//! A browser, driven by the WebDriver protocol over plain HTTP.

use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A browser that ends with its owner.
pub(crate) struct Browser {
    driver: Child,
    port: u16,
    session: String,
    _profile: tempfile::TempDir,
}

/// The key that identifies an element in the protocol.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// Keys by their code points in the protocol.
pub(crate) const ENTER: &str = "\u{e007}";
pub(crate) const DOWN: &str = "\u{e015}";
pub(crate) const SHIFT: &str = "\u{e008}";
pub(crate) const ALT: &str = "\u{e00a}";
pub(crate) const TAB: &str = "\u{e004}";

fn program(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).flat_map(|dir| names.iter().map(move |n| dir.join(n))).find(|p| p.is_file())
}

/// Returns a browser of this width, or none where there is no Chromium with its driver, and says so.
pub(crate) fn browser(width: u32, dark: bool) -> Option<Browser> {
    let found = (program(&["chromium", "chromium-browser", "google-chrome"]), program(&["chromedriver"]));
    let (Some(chromium), Some(driver)) = found else {
        eprintln!("skipped: no Chromium and chromedriver here (Debian: apt-get install chromium chromium-driver)");
        return None;
    };
    let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let child = Command::new(driver)
        .arg(format!("--port={port}"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("chromedriver starts");
    let profile = tempfile::tempdir().unwrap();
    let mut browser = Browser { driver: child, port, session: String::new(), _profile: profile };
    let until = Instant::now() + Duration::from_secs(60);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < until, "chromedriver does not listen");
        std::thread::sleep(Duration::from_millis(100));
    }
    let mut arguments = vec![
        "--headless=new".to_owned(),
        // Root, as in containers, gets no sandbox; the pages are our own.
        "--no-sandbox".to_owned(),
        "--disable-gpu".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        "--hide-scrollbars".to_owned(),
        format!("--window-size={width},900"),
        format!("--user-data-dir={}", browser._profile.path().display()),
    ];
    if dark {
        arguments.push("--force-dark-mode".to_owned());
        arguments.push("--blink-settings=preferredColorScheme=0".to_owned());
    }
    let wanted = json!({"capabilities": {"alwaysMatch": {
        "goog:chromeOptions": {"binary": chromium, "args": arguments},
        "goog:loggingPrefs": {"browser": "ALL"},
    }}});
    let made = browser.request("POST", "/session", Some(&wanted));
    browser.session = made["sessionId"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
    Some(browser)
}

impl Browser {
    fn request(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("connects");
        stream.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
        let body = body.map(Value::to_string).unwrap_or_default();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            self.port,
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        let mut chunk = [0; 1 << 16];
        // The driver keeps the connection open: what it says of the length ends the answer.
        loop {
            let n = stream.read(&mut chunk).unwrap_or(0);
            bytes.extend_from_slice(&chunk[..n]);
            let text = String::from_utf8_lossy(&bytes);
            let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
                let length = head.lines().find_map(|l| {
                    l.to_lowercase().strip_prefix("content-length:").map(|n| n.trim().parse::<usize>().unwrap())
                });
                length.is_some_and(|n| body.len() >= n)
            });
            if n == 0 || whole {
                break;
            }
        }
        let text = String::from_utf8_lossy(&bytes);
        let body = text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        serde_json::from_str::<Value>(body).map(|mut v| v["value"].take()).unwrap_or(Value::Null)
    }

    fn call(&self, path: &str, body: &Value) -> Value {
        let answer = self.request("POST", &format!("/session/{}{path}", self.session), Some(body));
        assert!(answer.get("error").is_none(), "{path}: {answer}");
        answer
    }

    /// Makes the window so large, as a telephone or a zoom does.
    pub(crate) fn resize(&self, width: u32, height: u32) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.call("/goog/cdp/execute", &json!({"cmd": "Emulation.setDeviceMetricsOverride", "params": size}));
    }

    /// Goes back as the button of the browser does.
    pub(crate) fn back(&self) {
        self.call("/back", &json!({}));
    }

    pub(crate) fn go(&self, address: &str) {
        self.call("/url", &json!({ "url": address }));
        self.wait("return document.querySelector('main progress') === null");
    }

    /// Runs a script in the page; returns what it returns.
    pub(crate) fn script(&self, script: &str) -> Value {
        self.call("/execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// Runs a script that calls its last argument when it is done.
    pub(crate) fn later(&self, script: &str) -> Value {
        self.call("/execute/async", &json!({ "script": script, "args": [] }))
    }

    /// Waits until a script returns true.
    #[track_caller]
    pub(crate) fn wait(&self, script: &str) {
        let until = Instant::now() + Duration::from_secs(30);
        // A page that comes while it is asked has no answer: the next one has.
        let asked = || {
            let path = format!("/session/{}/execute/sync", self.session);
            self.request("POST", &path, Some(&json!({ "script": script, "args": [] })))
        };
        while asked() != json!(true) {
            assert!(Instant::now() < until, "never: {script}\n{}", self.script("return document.body.innerText"));
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    #[track_caller]
    pub(crate) fn find(&self, css: &str) -> String {
        let path = format!("/session/{}/element", self.session);
        let found = self.request("POST", &path, Some(&json!({"using": "css selector", "value": css})));
        found[ELEMENT].as_str().unwrap_or_else(|| panic!("{css}: {found}")).to_owned()
    }

    #[track_caller]
    pub(crate) fn click(&self, css: &str) {
        let element = self.find(css);
        self.call(&format!("/element/{element}/click"), &json!({}));
    }

    /// Types keys to whatever has the focus.
    pub(crate) fn keys(&self, keys: &str) {
        let actions: Vec<Value> = keys
            .chars()
            .flat_map(|c| ["keyDown", "keyUp"].map(|kind| json!({"type": kind, "value": c.to_string()})))
            .collect();
        self.act(&json!([{"type": "key", "id": "keys", "actions": actions}]));
    }

    /// Types a key while others are held.
    pub(crate) fn chord(&self, held: &str, key: &str) {
        let one = |kind: &str, key: &str| json!({"type": kind, "value": key});
        let actions = [one("keyDown", held), one("keyDown", key), one("keyUp", key), one("keyUp", held)];
        self.act(&json!([{"type": "key", "id": "keys", "actions": actions}]));
    }

    /// Drags the mouse between two places of the window.
    pub(crate) fn drag(&self, from: (i64, i64), to: (i64, i64)) {
        let at =
            |(x, y): (i64, i64)| json!({"type": "pointerMove", "duration": 50, "x": x, "y": y, "origin": "viewport"});
        let press = |kind: &str| json!({"type": kind, "button": 0});
        let actions = [at(from), press("pointerDown"), at(to), press("pointerUp")];
        self.act(
            &json!([{"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": actions}]),
        );
    }

    fn act(&self, actions: &Value) {
        self.call("/actions", &json!({ "actions": actions }));
    }

    /// Returns the errors of the console since it was asked last.
    pub(crate) fn errors(&self) -> Vec<String> {
        let log = self.call("/se/log", &json!({"type": "browser"}));
        let list = log.as_array().cloned().unwrap_or_default();
        list.iter().filter(|e| e["level"] == "SEVERE").map(|e| e["message"].to_string()).collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            self.request("DELETE", &format!("/session/{}", self.session), None)
        }));
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
