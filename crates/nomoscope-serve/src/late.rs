//! Pages that are not there at once: who asks is told so, and gets the page when it is made.
//!
//! Any page may take long the first time: a study is read, texts are coded. A page that is being made is made once, however
//! often it is asked for meanwhile.

use crate::app::{App, Session};
use crate::failure::Failure;
use crate::frame::{Frame, PAGES, Working, working};
use crate::gate::LONGEST;
use crate::making::{Key, Task, Waited};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::time::Duration;

/// How long a page is waited for before it is told that it is being made.
const PATIENCE: Duration = Duration::from_millis(90);
/// How long an answer is waited for meanwhile, so that a page can tell how far it is.
const HURRY: Duration = Duration::from_millis(60);
/// The header of a request that only asks whether a page is made, and leaves it for whoever comes next.
const LOOK: &str = "x-look";

/// Answers a page at once: with it, or with a page that tells that it is being made. What scripts and programs ask for is
/// waited for.
pub(crate) async fn late(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let Some(session) = request.extensions().get::<Session>().cloned() else { return next.run(request).await };
    if *request.method() != Method::GET {
        app.late.forget(&session.id);
        let response = next.run(request).await;
        // What was begun meanwhile, in another tab, may show how it was before.
        app.late.forget(&session.id);
        return response;
    }
    let accepted = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    if !accepted.is_some_and(|accept| accept.contains("text/html")) || app.late.is_full() {
        return next.run(request).await;
    }
    if is_file(request.uri().path()) {
        return next.run(request).await;
    }
    let address = request.uri().path_and_query().map_or_else(String::new, |uri| uri.as_str().to_owned());
    let key = (session.id.clone(), address);
    if let Some(task) = app.late.find(&key) {
        match task.wait(PATIENCE).await {
            Waited::NotYet => return put_off(&session, &key),
            Waited::Made if request.headers().contains_key(LOOK) => return StatusCode::NO_CONTENT.into_response(),
            Waited::Made | Waited::Broken => {}
        }
        app.late.done(&key, &task);
        if let Some(response) = task.take() {
            return response;
        }
    }
    request.extensions_mut().insert(Session { patience: HURRY, ..session.clone() });
    let task = Task::begin(async move {
        match tokio::time::timeout(LONGEST, next.run(request)).await {
            Ok(response) => response,
            Err(_) => (StatusCode::REQUEST_TIMEOUT, "this took too long").into_response(),
        }
    });
    // Kept at once: who asks may be gone before the page is there, and asks again.
    app.late.keep(key.clone(), task.clone());
    let waited = task.wait(PATIENCE).await;
    if waited != Waited::NotYet {
        app.late.done(&key, &task);
    }
    match waited {
        Waited::NotYet => put_off(&session, &key),
        // Where another tab took it, this one asks again.
        Waited::Made => task.take().unwrap_or_else(|| put_off(&session, &key)),
        Waited::Broken => Failure::Broken.into_response(),
    }
}

/// Returns whether an address is that of a file, which a browser saves: a page in its place would stay.
fn is_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    path.starts_with("/exchange/") || name.contains('.') && !name.ends_with(".html")
}

/// Tells that a page is being made.
fn put_off(session: &Session, key: &Key) -> Response {
    let at = key.1.split(['?', '/']).nth(1).unwrap_or_default().to_owned();
    let known = PAGES.iter().find(|(address, _)| address.strip_prefix('/') == Some(at.as_str()));
    let (here, title) = known.copied().unwrap_or(("", "One moment"));
    let page = Working {
        frame: Frame::plain(session, here, title),
        stage: "Making the page",
        steps: None,
        job: None,
        back: key.1.clone(),
    };
    working(&page).unwrap_or_else(IntoResponse::into_response)
}
