//! What stands around every page.

use crate::app::{App, Session};
use crate::failure::Failure;
use crate::strings::{self, LANGUAGES};
use askama::Template;
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use nomoscope_desk::keeper::Kept;
use nomoscope_page::html::escape;

/// The pages of the navigation: address, name.
pub(crate) static PAGES: &[(&str, &str)] = &[
    ("/sources", "Sources"),
    ("/review", "Review"),
    ("/codebook", "Codebook"),
    ("/map", "Map"),
    ("/compare", "Compare"),
    ("/trend", "Trend"),
    ("/slip", "Labels"),
    ("/network", "Network"),
    ("/agree", "Agreement"),
    ("/double", "Double coding"),
    ("/report", "Report"),
    ("/exchange", "Exchange"),
    ("/case", "A case"),
    ("/law", "Law"),
    ("/reach", "Reach"),
    ("/settings", "Settings"),
    ("/doctor", "Care"),
    ("/history", "History"),
    ("/help", "Help"),
];

/// What stands around a page.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) language: &'static str,
    pub(crate) languages: Vec<(&'static str, &'static str)>,
    pub(crate) pages: &'static [(&'static str, &'static str)],
    /// The address of the page in the navigation.
    pub(crate) here: &'static str,
    pub(crate) title: String,
    /// The title of the study; none where none is open.
    pub(crate) study: Option<String>,
    pub(crate) revision: String,
    pub(crate) coder: String,
    /// What should be known of the study.
    pub(crate) notes: Vec<String>,
    /// In how many sources the work of others is hidden.
    pub(crate) hidden: usize,
}

impl Frame {
    /// Returns the frame of a page that needs no study.
    pub(crate) fn plain(session: &Session, here: &'static str, title: &str) -> Self {
        Self {
            language: session.language,
            languages: LANGUAGES.iter().map(|(tag, name, _)| (*tag, *name)).collect(),
            pages: PAGES,
            here,
            title: strings::say(session.language, title).to_owned(),
            study: None,
            revision: String::new(),
            coder: session.coder.clone(),
            notes: Vec::new(),
            hidden: 0,
        }
    }

    /// Returns the frame of a page about a study.
    pub(crate) fn of(kept: &Kept, session: &Session, here: &'static str, title: &str) -> Self {
        let meta = &kept.opened.material.study.meta;
        Self {
            study: Some(meta.title.clone()),
            revision: kept.revision.to_string(),
            hidden: kept.hidden.as_ref().map_or(0, |(_, n)| *n),
            ..Self::plain(session, here, title)
        }
    }

    /// Returns the frame of a page about the study if one is open, and one that needs none otherwise.
    pub(crate) fn perhaps(app: &App, session: &Session, here: &'static str, title: &str) -> Self {
        match app.study(session).and_then(|study| Ok(study.now()?)) {
            Ok(kept) => Self::of(&kept, session, here, title),
            Err(_) => Self::plain(session, here, title),
        }
    }

    /// Returns a sentence of the program as HTML: in the language of the page, or marked as English.
    pub(crate) fn told(&self, sentence: impl AsRef<str>) -> String {
        let sentence = sentence.as_ref();
        match strings::retold(self.language, sentence) {
            Some(words) => escape(&words),
            None => format!("<span lang=\"en\">{}</span>", escape(sentence)),
        }
    }

    /// Returns the attribute of an element whose words are English on every page; none where the page is English.
    pub(crate) fn english(&self) -> &'static str {
        if self.is_english() { "" } else { " lang=\"en\"" }
    }

    /// Returns a moment as people write it.
    pub(crate) fn when(&self, time: &str) -> String {
        time.get(..16).unwrap_or(time).replace('T', " ")
    }

    pub(crate) fn is_english(&self) -> bool {
        self.language == "en"
    }

    /// Returns English words in the language of the page.
    pub(crate) fn t<'w>(&self, words: &'w str) -> &'w str {
        strings::say(self.language, words)
    }
}

/// Returns a template as a page.
pub(crate) fn page(template: &impl Template) -> Result<Html<String>, Failure> {
    template.render().map(Html).map_err(|_| Failure::Broken)
}

/// A page that is not there yet.
#[derive(Template)]
#[template(path = "working.html")]
pub(crate) struct Working {
    pub(crate) frame: Frame,
    /// What is being done, as a key of the strings.
    pub(crate) stage: &'static str,
    /// How many of how many steps are done, where that is known.
    pub(crate) steps: Option<(u64, u64)>,
    /// The job that can be cancelled.
    pub(crate) job: Option<String>,
    /// The address of the page.
    pub(crate) back: String,
}

/// Returns a page that tells what is being done, and asks again by itself, without a script, too.
pub(crate) fn working(page_: &Working) -> Result<Response, Failure> {
    let mut response = page(page_)?.into_response();
    response.headers_mut().insert(header::REFRESH, HeaderValue::from_static("2"));
    Ok(response)
}
