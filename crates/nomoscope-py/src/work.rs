//! Long work: on a thread of its own, without Python's lock; the thread that asked waits, shows progress and hears Ctrl-C.

use crate::trouble::Trouble;
use nomoscope_engine::handle::{Handle, Step};
use pyo3::prelude::*;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How often Ctrl-C is looked for while nothing happens, and progress shown while much does.
const BEAT: Duration = Duration::from_millis(100);

/// What the work tells the thread that waits for it.
enum Message {
    Step(Step),
    Finished,
}

/// How far the work is: what it does, how much of it is done, and how much there is, where that is known.
struct Progress {
    callback: Option<Py<PyAny>>,
    stage: &'static str,
    done: u64,
    total: u64,
    /// Bytes of text, the total while these are coded.
    bytes: u64,
    shown: Option<Instant>,
}

impl Progress {
    fn step(&mut self, step: Step) {
        let begun = match step {
            Step::Coded(_) if self.stage != "coding" => Some(("coding", self.bytes)),
            Step::Statements => Some(("statements", 0)),
            Step::Couplings => Some(("couplings", 0)),
            Step::Bootstrap => Some(("bootstrap", 0)),
            Step::Work(n) => Some(("models", n)),
            Step::Done => Some(("done", 0)),
            Step::Coded(_) | Step::Model | Step::Draw => None,
        };
        if let Some((stage, total)) = begun {
            (self.stage, self.done, self.total, self.shown) = (stage, 0, total, None);
        }
        match step {
            Step::Coded(bytes) => self.done += bytes as u64,
            Step::Model | Step::Draw => self.done += 1,
            _ => {}
        }
    }

    /// Calls back where something new is to be told, and not more often than anybody can see.
    fn show(&mut self, py: Python<'_>) -> PyResult<()> {
        let Some(callback) = &self.callback else { return Ok(()) };
        if self.stage.is_empty() || self.shown.is_some_and(|at| at.elapsed() < BEAT) {
            return Ok(());
        }
        self.shown = Some(Instant::now());
        let total = (self.total > 0).then_some(self.total);
        callback.call1(py, (self.stage, self.done, total)).map(drop)
    }
}

/// Does the work; `bytes` of text are to be coded.
///
/// # Errors
/// The work's own; what the callback raised; `KeyboardInterrupt`, after the work has ended at its next step.
pub(crate) fn run<T: Send>(
    py: Python<'_>,
    (progress, bytes): (Option<Py<PyAny>>, u64),
    work: impl FnOnce(&Handle) -> Result<T, Trouble> + Send,
) -> PyResult<T> {
    let (sender, receiver) = channel();
    let handle = if progress.is_some() {
        let sender = sender.clone();
        // Nobody listens any more once the work was given up: that is no trouble of the work.
        Handle::watched(move |step| drop(sender.send(Message::Step(step))))
    } else {
        Handle::default()
    };
    let progress = Progress { callback: progress, stage: "", done: 0, total: 0, bytes, shown: None };
    let (done, heard) = py.detach(move || {
        thread::scope(|scope| {
            let own = handle.clone();
            let worker = scope.spawn(move || {
                let done = work(&own);
                drop(sender.send(Message::Finished));
                done
            });
            let heard = wait(&receiver, progress, || worker.is_finished());
            if heard.is_err() {
                handle.cancel();
            }
            (worker.join(), heard)
        })
    });
    heard?;
    match done {
        Ok(done) => Ok(done?),
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// Waits until the work is done, or until somebody does not want it any more.
fn wait(receiver: &Receiver<Message>, mut progress: Progress, is_finished: impl Fn() -> bool) -> PyResult<()> {
    let mut asked = Instant::now();
    loop {
        let finished = match receiver.recv_timeout(BEAT) {
            Ok(Message::Step(step)) => {
                progress.step(step);
                false
            }
            Ok(Message::Finished) | Err(RecvTimeoutError::Disconnected) => true,
            // A worker that panicked has told nobody.
            Err(RecvTimeoutError::Timeout) => is_finished(),
        };
        if finished || asked.elapsed() >= BEAT || progress.callback.is_some() && progress.shown.is_none() {
            asked = Instant::now();
            Python::attach(|py| {
                progress.show(py)?;
                py.check_signals()
            })?;
        }
        if finished {
            return Ok(());
        }
    }
}
