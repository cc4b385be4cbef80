//! Pages that are not there at once: who asks is told so, and gets the page when it is made.
//!
//! Any page may take long the first time: a study is read, texts are coded. A page that is being made is made once, however
//! often it is asked for meanwhile.

use crate::app::{App, Session};
use crate::failure::Failure;
use crate::frame::{Frame, PAGES, Working, working};
use crate::gate::LONGEST;
use crate::making::{Key, Task};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a page is waited for before it is told that it is being made.
const PATIENCE: Duration = Duration::from_millis(90);
/// How long an answer is waited for meanwhile, so that a page can tell how far it is.
const HURRY: Duration = Duration::from_millis(60);
/// The header of a request that only asks whether a page is made, and leaves it for whoever comes next.
const LOOK: &str = "x-look";
/// How old a page may be that nobody came for; what is older is made anew.
const FRESH: Duration = Duration::from_secs(5);

/// Answers a page at once: with it, or with a page that tells that it is being made. What scripts and programs ask for is
/// waited for.
pub(crate) async fn late(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let Some(session) = request.extensions().get::<Session>().cloned() else { return next.run(request).await };
    if *request.method() != Method::GET {
        app.late.forget(&session.id);
        return next.run(request).await;
    }
    let accepted = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    if !accepted.is_some_and(|accept| accept.contains("text/html")) || app.late.is_full() {
        return next.run(request).await;
    }
    let address = request.uri().path_and_query().map_or_else(String::new, |uri| uri.as_str().to_owned());
    let key = (session.id.clone(), address);
    let known = app.late.take(&key);
    if let Some(mut task) = known {
        if task.is_finished() && request.headers().contains_key(LOOK) {
            app.late.keep(key, task);
            return StatusCode::NO_CONTENT.into_response();
        }
        match tokio::time::timeout(PATIENCE, &mut task).await {
            Ok(Ok((response, made))) if made.elapsed() < FRESH => return response,
            Ok(_) => {}
            Err(_) => return put_off(&app, &session, key, task),
        }
    }
    request.extensions_mut().insert(Session { patience: HURRY, ..session.clone() });
    let mut task = tokio::spawn(async move {
        let response = match tokio::time::timeout(LONGEST, next.run(request)).await {
            Ok(response) => response,
            Err(_) => (StatusCode::REQUEST_TIMEOUT, "this took too long").into_response(),
        };
        (response, Instant::now())
    });
    match tokio::time::timeout(PATIENCE, &mut task).await {
        Ok(Ok((response, _))) => response,
        Ok(Err(_)) => Failure::Broken.into_response(),
        Err(_) => put_off(&app, &session, key, task),
    }
}

/// Tells that a page is being made.
fn put_off(app: &App, session: &Session, key: Key, task: Task) -> Response {
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
    app.late.keep(key, task);
    working(&page).unwrap_or_else(IntoResponse::into_response)
}
