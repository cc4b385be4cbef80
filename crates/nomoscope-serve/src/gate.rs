//! Who is let in: requests to this server by its own name, from its own pages, with the cookie that the token gave.

use crate::app::{App, Session};
use axum::body::HttpBody;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::time::Duration;

/// How long an answer may take, the reading of the request included; long work goes on behind it.
pub(crate) const LONGEST: Duration = Duration::from_secs(90);
/// The largest answer, in bytes.
const MOST_BYTES: u64 = 64 << 20;

/// What every answer says of how it may be used: no script and style but the server's own, no frame, no guess at types.
const HEADERS: [(HeaderName, &str); 8] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // With `no-referrer` browsers would send no Origin with forms.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    (header::CACHE_CONTROL, "no-store"),
];

/// Lets a request in, or says no.
pub(crate) async fn gate(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let mut response = match admitted(&app, &request) {
        Err(reason) => (StatusCode::FORBIDDEN, reason).into_response(),
        Ok(session) => {
            if let Some(session) = session {
                request.extensions_mut().insert(session);
            }
            match tokio::time::timeout(LONGEST, next.run(request)).await {
                Ok(response) => response,
                Err(_) => (StatusCode::REQUEST_TIMEOUT, "this took too long").into_response(),
            }
        }
    };
    if response.body().size_hint().lower() > MOST_BYTES {
        response = (StatusCode::INSUFFICIENT_STORAGE, "the answer is too large for a page").into_response();
    }
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    response
}

/// Where the token is shown.
pub(crate) const DOOR: &str = "/open/";

/// Returns the session of a request; none at the door.
fn admitted(app: &App, request: &Request) -> Result<Option<Session>, &'static str> {
    let headers = request.headers();
    let named = |authority: &str| app.names.iter().any(|name| name == authority);
    // A page elsewhere whose name was made to lead here (DNS rebinding) still says its own name.
    let host = one(headers, &header::HOST).ok_or("no Host")?;
    if !named(host) || request.uri().authority().is_some_and(|a| !named(a.as_str())) {
        return Err("this server is not called so");
    }
    let is_change = !matches!(*request.method(), Method::GET | Method::HEAD);
    match one(headers, &header::ORIGIN) {
        Some(origin) if origin.strip_prefix("http://") == Some(host) => {}
        None if !is_change && !headers.contains_key(header::ORIGIN) => {}
        _ => return Err("another page asked for this"),
    }
    let at_the_door = request.uri().path().starts_with(DOOR) && *request.method() == Method::GET;
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    if !at_the_door && site.is_some_and(|site| !matches!(site, b"same-origin" | b"none")) {
        return Err("another page asked for this");
    }
    if at_the_door {
        return Ok(None);
    }
    let cookie = format!("{}=", app.cookie);
    let all = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(';'));
    let mine = all.filter_map(|pair| pair.trim().strip_prefix(cookie.as_str()));
    let session = mine.filter_map(|id| app.session(id)).next();
    session.map(Some).ok_or("open the address that the program printed when it started")
}

/// Returns a header that stands there once.
fn one<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut all = headers.get_all(name).iter();
    let first = all.next()?;
    if all.next().is_some() { None } else { first.to_str().ok() }
}
