//! Connections: how many, and how long each may take to say what it wants.

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// Connections at once; a browser opens six to a server.
const MOST_CONNECTIONS: usize = 200;
/// How long the head of a request may take.
const HEAD: Duration = Duration::from_secs(10);
/// How long a connection lives.
const LONGEST: Duration = Duration::from_secs(30 * 60);
/// The largest head of a request, in bytes.
const MOST_HEAD_BYTES: usize = 64 << 10;

/// Answers connections until the process ends.
pub(crate) async fn accept(listener: TcpListener, router: Router) {
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let Ok(place) = places.clone().acquire_owned().await else { return };
        let stream = match listener.accept().await {
            // Bound to the loopback, nobody else can come; asked once more, for the day when that changes.
            Ok((stream, from)) if from.ip().is_loopback() => stream,
            Ok(_) => continue,
            Err(_) => {
                // Out of handles, for example: the next one may go through.
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let service = TowerToHyperService::new(router.clone());
        tokio::spawn(async move {
            let _place = place;
            let mut http = http1::Builder::new();
            http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(MOST_HEAD_BYTES);
            let connection = http.serve_connection(TokioIo::new(stream), service);
            // What goes wrong with a connection concerns nobody but who opened it.
            let _ = tokio::time::timeout(LONGEST, connection).await;
        });
    }
}
