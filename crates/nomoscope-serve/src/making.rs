//! Pages that are being made, kept until somebody comes for them.

use axum::response::Response;
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// Pages that are made, or wait to be fetched, at once; further ones are waited for.
const MOST: usize = 64;

/// How old a page may be that nobody came for; what is older is made anew.
const FRESH: Duration = Duration::from_secs(5);

/// Who asked, and for which address.
pub(crate) type Key = (String, String);

/// A page that is being made. Whoever waits for it may go away: it is made all the same.
#[derive(Debug)]
pub(crate) struct Task {
    done: watch::Receiver<bool>,
    /// The page, and when it was made; none before it is, and after somebody took it.
    made: Mutex<Option<(Response, Instant)>>,
}

/// What came of waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Waited {
    Made,
    NotYet,
    /// It was given up: a fault of the program.
    Broken,
}

impl Task {
    /// Begins to make a page.
    pub(crate) fn begin(make: impl Future<Output = Response> + Send + 'static) -> Arc<Self> {
        let (tell, done) = watch::channel(false);
        let task = Arc::new(Self { done, made: Mutex::default() });
        let own = task.clone();
        tokio::spawn(async move {
            let response = make.await;
            *lock(&own.made) = Some((response, Instant::now()));
            let _ = tell.send(true);
        });
        task
    }

    /// Waits for the page, no longer than this.
    pub(crate) async fn wait(&self, patience: Duration) -> Waited {
        let mut done = self.done.clone();
        match tokio::time::timeout(patience, done.wait_for(|done| *done)).await {
            Ok(Ok(_)) => Waited::Made,
            Ok(Err(_)) => Waited::Broken,
            Err(_) => Waited::NotYet,
        }
    }

    /// Takes the page, if nobody did and it is not too old.
    pub(crate) fn take(&self) -> Option<Response> {
        lock(&self.made).take().filter(|(_, made)| made.elapsed() < FRESH).map(|(response, _)| response)
    }

    /// Returns whether nobody will want it any more.
    fn is_stale(&self) -> bool {
        *self.done.borrow() && lock(&self.made).as_ref().is_none_or(|(_, made)| made.elapsed() >= FRESH)
    }
}

/// The pages that are being made.
#[derive(Debug, Default)]
pub(crate) struct Making {
    making: Mutex<BTreeMap<Key, Arc<Task>>>,
}

impl Making {
    /// Forgets what somebody asked for: they change something, and what is being made shows how it was before.
    pub(crate) fn forget(&self, session: &str) {
        lock(&self.making).retain(|(of, _), _| of != session);
    }

    /// Returns what is being made for somebody, if it is. It stays: whoever looks may be gone before it is there.
    pub(crate) fn find(&self, key: &Key) -> Option<Arc<Task>> {
        lock(&self.making).get(key).cloned()
    }

    /// Lets go of a page that was taken.
    pub(crate) fn done(&self, key: &Key, task: &Arc<Task>) {
        let mut making = lock(&self.making);
        if making.get(key).is_some_and(|kept| Arc::ptr_eq(kept, task)) {
            making.remove(key);
        }
    }

    /// Returns whether no more can be kept; pages that nobody came for make room.
    pub(crate) fn is_full(&self) -> bool {
        let mut making = lock(&self.making);
        if making.len() >= MOST {
            making.retain(|_, task| !task.is_stale());
        }
        making.len() >= MOST
    }

    /// Keeps a page until it is asked for.
    pub(crate) fn keep(&self, key: Key, task: Arc<Task>) {
        lock(&self.making).insert(key, task);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::StatusCode;
    use axum::response::IntoResponse;

    /// Somebody who asks and goes away before the page is there neither takes it along nor lets it begin anew.
    #[test]
    fn a_page_is_made_once_whoever_goes_away() {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (making, key) = (Making::default(), ("me".to_owned(), "/map".to_owned()));
            let (go, wait) = tokio::sync::oneshot::channel::<()>();
            let task = Task::begin(async move {
                let _ = wait.await;
                StatusCode::OK.into_response()
            });
            making.keep(key.clone(), task);
            let short = Duration::from_millis(5);
            let left = making.find(&key).unwrap();
            // A request that is given up is a future that is dropped.
            drop(left.wait(Duration::from_secs(60)));
            assert_eq!(left.wait(short).await, Waited::NotYet);
            let _ = go.send(());
            let found = making.find(&key).expect("is still being made");
            assert!(Arc::ptr_eq(&left, &found));
            assert_eq!(found.wait(Duration::from_secs(60)).await, Waited::Made);
            // Whoever only looks leaves it.
            assert!(making.find(&key).is_some());
            making.done(&key, &found);
            assert!(found.take().is_some() && found.take().is_none() && making.find(&key).is_none());
        });
    }

    #[test]
    fn a_page_that_fails_is_not_waited_for() {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let waited = runtime.block_on(async {
            let task = Task::begin(async { panic!("a fault") });
            task.wait(Duration::from_secs(60)).await
        });
        assert_eq!(waited, Waited::Broken);
    }
}
