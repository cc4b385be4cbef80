//! Why something was not done, in the words of pages: settings are fields, acts are pages.

use axum::http::StatusCode;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use nomoscope_core::problem::{Act, Slot};
use nomoscope_desk::study::{Problem, StudyError};
use nomoscope_engine::refusal::Refusal;
use nomoscope_page::html::escape;

/// Why something was not done.
#[derive(Debug)]
pub(crate) enum Failure {
    /// No study is open.
    NoStudy,
    /// There is no such page.
    NotFound,
    /// Something is wrong with what was asked or given; lines for people.
    Bad(Vec<String>),
    /// It cannot be answered; lines for people.
    Refused(Vec<String>),
    /// Too much at once.
    Busy,
    /// A fault of the program.
    Broken,
}

impl Failure {
    /// Returns a failure with one line.
    pub(crate) fn bad(reason: impl Into<String>) -> Self {
        Self::Bad(vec![reason.into()])
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::NoStudy | Self::NotFound => StatusCode::NOT_FOUND,
            Self::Bad(_) => StatusCode::BAD_REQUEST,
            Self::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Returns the lines that people read.
    pub(crate) fn lines(&self) -> Vec<String> {
        let one = |words: &str| vec![words.to_owned()];
        match self {
            Self::NoStudy => one("No study is open."),
            Self::NotFound => one("There is no such page."),
            Self::Bad(lines) | Self::Refused(lines) => lines.clone(),
            Self::Busy => one("Too much is being computed at once. Try again in a moment."),
            Self::Broken => one("Something went wrong in the program; the study was not changed."),
        }
    }
}

impl From<StudyError> for Failure {
    fn from(error: StudyError) -> Self {
        match error {
            StudyError::Coding(refusal) => refusal.into(),
            StudyError::Problems(problems) => Self::Bad(problems.as_slice().iter().map(told).collect()),
            other => {
                let hint = other.hint().map(|hint| hint.phrased(&slot));
                let mut lines = vec![without_paths(&other.to_string())];
                lines.extend(hint.map(|hint| without_paths(&hint)));
                Self::Bad(lines)
            }
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Input(problems) => Self::Bad(problems.as_slice().iter().map(told).collect()),
            Refusal::NoAnswer(problem) => {
                let hint = problem.remedy.as_ref().map(|hint| hint.phrased(&slot));
                let mut lines = vec![capital(&without_paths(&problem.reason.phrased(&slot)))];
                lines.extend(hint);
                Self::Refused(lines)
            }
            Refusal::Cancelled => Self::Refused(vec!["This was cancelled.".to_owned()]),
        }
    }
}

fn capital(words: &str) -> String {
    nomoscope_engine::words::capital(words)
}

/// Returns a setting as its field, an act as the page that does it.
fn slot(slot: &Slot) -> String {
    match slot {
        Slot::Setting { name, value } => match value {
            Some(value) => format!("“{}” ({value})", name.replace('_', " ")),
            None => format!("“{}”", name.replace('_', " ")),
        },
        Slot::Act(act) => page(*act).to_owned(),
        Slot::Given(words) => words.clone(),
    }
}

const fn page(act: Act) -> &'static str {
    match act {
        Act::NewStudy | Act::NewFile | Act::Demo => "the start page",
        Act::Add => "“Add texts” on the page Sources",
        Act::Complete => "“Put it right” on the page Care",
        Act::Describe => "“Describe” on the page Sources",
        Act::ListFormats => "the page Help",
        Act::ListExchange | Act::Export => "the page Exchange",
        Act::ListSources => "the page Sources",
        Act::ListConcepts => "the page Codebook",
        Act::ListFacts | Act::ListNorms => "the page Law",
    }
}

/// Returns a problem in the words of pages.
pub(crate) fn told(problem: &Problem) -> String {
    without_paths(&problem.phrased(&slot))
}

/// Takes the folders of this machine out of words: of an absolute path its last part stays.
pub(crate) fn without_paths(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let mut rest = words;
    while let Some(at) = begin_of_path(rest) {
        let (before, path) = rest.split_at(at);
        out.push_str(before);
        let end = path.find([' ', ':', '`', '\n', '"', '\'', ',']).unwrap_or(path.len());
        // A drive has a colon of its own.
        let end = if path.as_bytes().get(1) == Some(&b':') {
            path[2..].find([' ', ':', '`', '\n', '"', '\'', ',']).map_or(path.len(), |n| n + 2)
        } else {
            end
        };
        let (whole, after) = path.split_at(end);
        out.push_str(whole.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or_default());
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Returns where an absolute path begins: a slash or a drive that nothing of a word stands before.
fn begin_of_path(words: &str) -> Option<usize> {
    let bytes = words.as_bytes();
    let starts = |i: usize| i.checked_sub(1).and_then(|b| bytes.get(b)).is_none_or(|b| b" `(\"'\n".contains(b));
    let follows = |i: usize| bytes.get(i).is_some_and(|b| b.is_ascii_alphanumeric() || b"._~".contains(b) || *b > 127);
    (0..bytes.len()).find(|&i| {
        let unix = bytes.get(i) == Some(&b'/') && follows(i + 1);
        let drive = bytes.get(i).is_some_and(u8::is_ascii_alphabetic)
            && bytes.get(i + 1) == Some(&b':')
            && matches!(bytes.get(i + 2), Some(b'\\' | b'/'));
        (unix || drive) && starts(i)
    })
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let lines: String = self.lines().iter().map(|line| format!("<li>{}</li>", escape(line))).collect();
        // The page needs nothing of a study, which may be what is broken.
        let page = format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <title>Not done – Nomoscope</title><link rel=\"stylesheet\" href=\"/static/style.css\"></head>\
             <body><main id=\"main\" class=\"narrow\"><h1>Not done</h1><ul id=\"failure\">{lines}</ul>\
             <p><a href=\"/\">To the study</a> · <a href=\"/doctor\">Is the study sound?</a> · <a href=\"/start\">To the start page</a></p></main></body></html>"
        );
        (self.status(), [(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::without_paths;

    #[test]
    fn no_folder_of_this_machine_is_told() {
        let check = |words: &str, want: &str| assert_eq!(without_paths(words), want);
        check("/srv/me/s: is no study", "s: is no study");
        check("`/srv/me/s.nomo` is", "`s.nomo` is");
        check("C:\\Users\\me\\s.nomo: no", "s.nomo: no");
        check("sources/a.txt: a and/or b", "sources/a.txt: a and/or b");
        check("1 / 2, and 3/4", "1 / 2, and 3/4");
        check("/a/b/", "b");
    }
}
