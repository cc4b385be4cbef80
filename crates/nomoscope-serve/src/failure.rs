//! Why something was not done, in the words of pages: settings are fields, acts are pages.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use nomoscope_core::problem::{Act, Problem, Slot};
use nomoscope_desk::study::StudyError;
use nomoscope_engine::refusal::Refusal;
use nomoscope_formats::study as files;

/// Why something was not done.
#[derive(Debug, Clone)]
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

/// How a page calls a setting of a question: by the label of its field.
pub(crate) type Labels<'l> = &'l dyn Fn(&str) -> Option<String>;

impl Failure {
    /// Returns why a question has no answer, in the words of the form in which it was asked.
    pub(crate) fn of(refusal: Refusal, labels: Labels<'_>) -> Self {
        let phrase = |said: &Slot| slot(said, labels);
        match refusal {
            Refusal::Input(problems) => Self::Bad(problems.iter().map(|p| line(p, labels)).collect()),
            Refusal::NoAnswer(problem) => {
                let hint = problem.remedy.as_ref().map(|hint| spoken(&hint.phrased(&phrase)));
                let mut lines = vec![capital(&spoken(&problem.reason.phrased(&phrase)))];
                lines.extend(hint);
                Self::Refused(lines)
            }
            Refusal::Cancelled => Self::Refused(vec!["This was cancelled.".to_owned()]),
        }
    }
}

/// Returns a problem in the words of pages.
pub(crate) fn in_words(problem: &Problem) -> String {
    line(problem, &|_| None)
}

/// Returns a problem as people read it, with what to do about it.
fn line(problem: &Problem, labels: Labels<'_>) -> String {
    let phrase = |said: &Slot| slot(said, labels);
    let mut bare = problem.clone();
    let remedy = bare.remedy.take().map(|remedy| remedy.phrased(&phrase));
    if let Some(label) = labels(&bare.file) {
        bare.file = format!("“{label}”");
    }
    let reason = spoken(&bare.phrased(&phrase));
    remedy.map_or_else(|| reason.clone(), |remedy| format!("{reason}: {}", spoken(&remedy)))
}

/// Returns words without folders of this machine, code quotes round pages, and files of a study that pages show otherwise.
fn spoken(words: &str) -> String {
    const FILES: [(&str, &str); 3] = [
        ("in codebook.toml", "in the codebook"),
        ("in study.toml", "in the settings"),
        ("in sources.csv", "in the table of sources"),
    ];
    let mut out = without_paths(words);
    for act in [
        Act::NewStudy,
        Act::Add,
        Act::ListFormats,
        Act::ListExchange,
        Act::ListSources,
        Act::ListConcepts,
        Act::ListFacts,
    ] {
        out = out.replace(&format!("`{}`", place(act)), place(act));
    }
    FILES.iter().fold(out, |out, (file, shown)| out.replace(file, shown))
}

impl Failure {
    /// Returns why an act was not done: without the file and the line in which a page that has neither would have written it.
    pub(crate) fn of_act(error: StudyError) -> Self {
        let StudyError::Problems(problems) = error else { return error.into() };
        let managed =
            [files::CODEBOOK_TOML, files::STUDY_TOML, files::CODINGS_CSV, files::MEMOS_CSV, files::CODERS_CSV];
        let bare = |p: &Problem| match managed.contains(&p.file.as_str()) {
            true => capital(&line(&Problem { file: String::new(), place: None, ..p.clone() }, &|_| None)),
            false => line(p, &|_| None),
        };
        Self::Bad(problems.iter().map(bare).collect())
    }
}

impl From<StudyError> for Failure {
    fn from(error: StudyError) -> Self {
        let slot = |said: &Slot| slot(said, &|_| None);
        match error {
            StudyError::Coding(refusal) => refusal.into(),
            StudyError::Problems(problems) => Self::Bad(problems.iter().map(in_words).collect()),
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
        Self::of(refusal, &|_| None)
    }
}

fn capital(words: &str) -> String {
    nomoscope_engine::words::capital(words)
}

/// Returns a setting as its field, an act as the page that does it.
fn slot(slot: &Slot, labels: Labels<'_>) -> String {
    match slot {
        Slot::Setting { name, value } => {
            let label = labels(name).unwrap_or_else(|| name.replace('_', " "));
            // A value in capitals stands for any, as a command line writes it.
            let value = value.filter(|value| value.chars().any(char::is_lowercase));
            value.map_or_else(|| format!("“{label}”"), |value| format!("“{label}” ({value})"))
        }
        Slot::Act(act) => place(*act).to_owned(),
        Slot::Given(words) => words.clone(),
    }
}

const fn place(act: Act) -> &'static str {
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
    /// Returns a bare answer; [`tell`], which knows the language of whoever asks, makes a page of it.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
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
