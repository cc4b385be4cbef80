//! The style sheet and the scripts, served from the binary.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::OnceLock;

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";

static FILES: &[(&str, &str, &str)] = &[
    ("common.js", JS, include_str!("../assets/common.js")),
    ("case.js", JS, include_str!("../assets/case.js")),
    ("help.js", JS, include_str!("../assets/help.js")),
    ("keys.js", JS, include_str!("../assets/keys.js")),
    ("read.js", JS, include_str!("../assets/read.js")),
    ("palette.js", JS, include_str!("../assets/palette.js")),
    ("drop.js", JS, include_str!("../assets/drop.js")),
    ("icon.svg", "image/svg+xml", include_str!("../assets/icon.svg")),
    ("working.js", JS, include_str!("../assets/working.js")),
    ("preview.js", JS, include_str!("../assets/preview.js")),
];

/// Serves a file of the pages.
pub(crate) async fn file(Path(name): Path<String>) -> Response {
    let keep = (header::CACHE_CONTROL, "private, max-age=3600");
    if name == "style.css" {
        static STYLE: OnceLock<String> = OnceLock::new();
        let style = STYLE.get_or_init(|| {
            let own = include_str!("../assets/style.css");
            format!("{own}\n{}", nomoscope_figure::css())
        });
        return ([(header::CONTENT_TYPE, CSS), keep], style.as_str()).into_response();
    }
    if name == "fonts.css" {
        return ([(header::CONTENT_TYPE, CSS), keep], nomoscope_page::faces()).into_response();
    }
    match FILES.iter().find(|(known, ..)| *known == name) {
        Some((_, kind, body)) => ([(header::CONTENT_TYPE, *kind), keep], *body).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
