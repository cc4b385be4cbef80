//! What people and scripts see where something was not done.

use crate::app::Session;
use crate::failure::Failure;
use crate::frame::{Frame, page};
use crate::strings::retold;
use askama::Template;
use axum::Json;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

#[derive(Template)]
#[template(path = "failed.html")]
struct Page {
    frame: Frame,
    lines: Vec<String>,
}

/// Tells why something was not done: people on a page from which they get anywhere, scripts as JSON.
pub(crate) async fn tell(request: Request, next: Next) -> Response {
    let wants_json =
        request.headers().get(header::ACCEPT).is_some_and(|v| v.as_bytes().starts_with(b"application/json"));
    let session = request.extensions().get::<Session>().cloned();
    let response = next.run(request).await;
    let status = response.status();
    let (Some(failure), Some(session)) = (told(&response), session) else { return response };
    let lines = failure.lines();
    if wants_json {
        let retold: Vec<_> = lines.iter().map(|line| retold(session.language, line)).collect();
        let languages: Vec<_> = retold.iter().map(|line| line.as_ref().map_or("en", |_| session.language)).collect();
        let lines: Vec<_> = retold.into_iter().zip(lines).map(|(line, plain)| line.unwrap_or(plain)).collect();
        return (status, Json(json!({ "wrong": lines, "languages": languages }))).into_response();
    }
    // The page needs nothing of a study, which may be what is broken.
    match page(&Page { frame: Frame::plain(&session, "", "Not done"), lines }) {
        Ok(html) => (status, html).into_response(),
        Err(_) => status.into_response(),
    }
}

/// Returns why something was not done, where it was not; what the framework refuses names its own types, or nothing.
fn told(response: &Response) -> Option<Failure> {
    let is_plain =
        || response.headers().get(header::CONTENT_TYPE).is_none_or(|v| v.as_bytes().starts_with(b"text/plain"));
    let own = response.extensions().get::<Failure>().cloned();
    own.or_else(|| match response.status() {
        StatusCode::METHOD_NOT_ALLOWED => Some(Failure::NotFound),
        StatusCode::PAYLOAD_TOO_LARGE => Some(Failure::bad("This is more than a page takes.")),
        StatusCode::BAD_REQUEST | StatusCode::UNSUPPORTED_MEDIA_TYPE | StatusCode::UNPROCESSABLE_ENTITY
            if is_plain() =>
        {
            Some(Failure::bad("The form cannot be read: load the page again."))
        }
        _ => None,
    })
}
