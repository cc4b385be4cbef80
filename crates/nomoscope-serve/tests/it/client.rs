//! A server on a study of its own, and requests to it: bytes over TCP, so that any header can be sent, or left out.

use nomoscope_serve::{Options, bind};
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

/// The codebook of the tests.
pub(crate) const CODEBOOK: &str = "title = \"Work\"\n\n[[concept]]\nid = \"forced-labour\"\nroles = [\"problem\"]\nlabel = { en = \"forced labour\" }\npatterns.en = [\"forced labour\"]\n\n[[concept]]\nid = \"dignity\"\nroles = [\"value\"]\npatterns.en = [\"dignity\"]\n\n[[concept]]\nid = \"prohibit\"\nroles = [\"behaviour\"]\npatterns.en = [\"prohibit*\"]\n";
/// A text of the tests.
pub(crate) const TEXT: &str = "States prohibit forced labour.\r\n\r\nForced labour is contrary to dignity 𝒙 & so on. A further sentence.\n\nDignity is the reason.";

/// A server with its study.
pub(crate) struct Bench {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) port: u16,
    pub(crate) address: String,
    pub(crate) cookie: String,
}

/// What a server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
    /// The body as it came.
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|l| l.split_once(": ").filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v))
    }
}

/// Returns a server on a study folder with one text.
pub(crate) fn folder() -> Bench {
    folder_of(TEXT)
}

/// Returns a server on a study folder with this text.
pub(crate) fn folder_of(text: &str) -> Bench {
    let dir = tempfile::tempdir().unwrap();
    let study = dir.path().join("study");
    std::fs::create_dir_all(study.join("sources")).unwrap();
    std::fs::write(study.join("study.toml"), "title = \"T\"\nlanguage = \"en\"\n").unwrap();
    std::fs::write(study.join("codebook.toml"), CODEBOOK).unwrap();
    std::fs::write(study.join("sources/a.txt"), text).unwrap();
    serve(dir, Some("study"))
}

/// Returns a server on the same study as one file.
pub(crate) fn file() -> Bench {
    file_of(TEXT)
}

/// Returns a server on a study file with this text.
pub(crate) fn file_of(text: &str) -> Bench {
    let bench = folder_of(text);
    let study = bench.dir.path().join("study");
    nomoscope_desk::study::make::from_folder(&study, &bench.dir.path().join("study.nomo"), None).unwrap();
    serve(bench.dir, Some("study.nomo"))
}

/// Returns a server without a study.
pub(crate) fn nothing() -> Bench {
    serve(tempfile::tempdir().unwrap(), None)
}

pub(crate) fn serve(dir: tempfile::TempDir, study: Option<&str>) -> Bench {
    let study = study.map(|name| dir.path().join(name));
    let options = Options { study, home: dir.path().to_owned(), port: 0, version: "test".to_owned() };
    let server = bind(options).expect("binds");
    let (port, address) = (server.port(), server.address());
    std::thread::spawn(move || server.run());
    let mut bench = Bench { dir, port, address, cookie: String::new() };
    bench.cookie = bench.enter();
    bench
}

impl Bench {
    /// Shows the token; returns the cookie.
    pub(crate) fn enter(&self) -> String {
        let path = self.address.split_once(&format!(":{}", self.port)).unwrap().1;
        let answer = self.send(&format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n", self.port), b"");
        assert_eq!(answer.status, 200, "{}", answer.body);
        let set = answer.header("set-cookie").expect("sets a cookie");
        assert!(set.contains("HttpOnly") && set.contains("SameSite=Strict"), "{set}");
        set.split(';').next().unwrap().to_owned()
    }

    /// Sends a request whose head ends without the empty line.
    pub(crate) fn send(&self, head: &str, body: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        // A server that refuses early may close while the rest is sent.
        let _ = stream.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes());
        let _ = stream.write_all(body);
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let all = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = all.split_once("\r\n\r\n").unwrap_or((&all, ""));
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
        let from = bytes.windows(4).position(|four| four == b"\r\n\r\n").map_or(0, |at| at + 4);
        Answer { status, head: head.to_owned(), body: body.to_owned(), bytes: bytes[from..].to_vec() }
    }

    fn host_of(&self, cookie: &str) -> String {
        format!("Host: 127.0.0.1:{}\r\nCookie: {cookie}\r\n", self.port)
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.get_by(&self.cookie, path)
    }

    /// Lets somebody in who codes under a name; returns their cookie.
    pub(crate) fn coder(&self, name: &str) -> String {
        let cookie = self.enter();
        assert_eq!(self.post_by(&cookie, "/settle", &[("coder", name)]).status, 303);
        cookie
    }

    pub(crate) fn get_by(&self, cookie: &str, path: &str) -> Answer {
        self.send(&format!("GET {path} HTTP/1.1\r\n{}", self.host_of(cookie)), b"")
    }

    /// Sends a form as a page's script does.
    pub(crate) fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_by(&self.cookie, path, fields)
    }

    pub(crate) fn post_by(&self, cookie: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.form(cookie, path, fields, "application/json")
    }

    /// Sends a form as a browser without scripts does.
    pub(crate) fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.form(&self.cookie, path, fields, "text/html")
    }

    fn form(&self, cookie: &str, path: &str, fields: &[(&str, &str)], accept: &str) -> Answer {
        let mut body = String::new();
        for (name, value) in fields {
            let value: String = value.bytes().fold(String::new(), |mut all, b| {
                let _ = write!(all, "%{b:02X}");
                all
            });
            let _ = write!(body, "{name}={value}&");
        }
        let head = format!(
            "POST {path} HTTP/1.1\r\n{}Origin: http://127.0.0.1:{}\r\nAccept: {accept}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n",
            self.host_of(cookie),
            self.port,
            body.len()
        );
        self.send(&head, body.as_bytes())
    }

    /// Uploads files to a study.
    pub(crate) fn upload(&self, files: &[(&str, &[u8])]) -> Answer {
        let parts: Vec<_> = files.iter().map(|(name, bytes)| ("files", *name, *bytes)).collect();
        self.upload_to("/do/add", &parts)
    }

    /// Uploads files, each with the field that it stands in and its name; without a name it is a field of its own.
    pub(crate) fn upload_to(&self, path: &str, files: &[(&str, &str, &[u8])]) -> Answer {
        self.upload_by(&self.cookie, path, files)
    }

    pub(crate) fn upload_by(&self, cookie: &str, path: &str, files: &[(&str, &str, &[u8])]) -> Answer {
        let mut body = Vec::new();
        for (field, name, bytes) in files {
            let named = if name.is_empty() { String::new() } else { format!("; filename=\"{name}\"") };
            body.extend(format!("--b\r\nContent-Disposition: form-data; name=\"{field}\"{named}\r\n\r\n").bytes());
            body.extend(*bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--b--\r\n");
        let head = format!(
            "POST {path} HTTP/1.1\r\n{}Origin: http://127.0.0.1:{}\r\nAccept: application/json\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: {}\r\n",
            self.host_of(cookie),
            self.port,
            body.len()
        );
        self.send(&head, &body)
    }

    pub(crate) fn study(&self) -> nomoscope_desk::Desk {
        let path = self.dir.path().join("study.nomo");
        let path = if path.exists() { path } else { self.dir.path().join("study") };
        nomoscope_desk::Desk::open(Path::new(&path)).unwrap()
    }
}
