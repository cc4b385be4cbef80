//! Which changes stand and which were taken back, told from the log alone.

use nomoscope_core::study::Event;
use std::collections::BTreeMap;

/// The changes that can be taken back or done again, in the order in which that can happen.
///
/// An undo is an event that takes back another; a redo is an event that takes back an undo.
#[derive(Debug, Default)]
pub struct Standing {
    /// What stands: the event that made it so last, and the command by which people know the change.
    done: Vec<(Event, String)>,
    /// What was taken back: the event that did so, and the command.
    undone: Vec<(Event, String)>,
    /// Whether an event was an undo.
    is_undo: BTreeMap<String, bool>,
}

impl Standing {
    /// Reads the next event of the log; `undoes` names the one that it takes back.
    pub fn then(&mut self, event: Event, undoes: Option<&str>) {
        let is_undo = undoes.is_some_and(|of| !self.is_undo.get(of).copied().unwrap_or(false));
        self.is_undo.insert(event.id.clone(), is_undo);
        let moved = |list: &mut Vec<(Event, String)>, of: &str| {
            let at = list.iter().position(|(e, _)| e.id == of)?;
            Some(list.remove(at).1)
        };
        match undoes {
            None => {
                let command = event.command.clone();
                self.done.push((event, command));
                // What was taken back before something else was done cannot be told to fit any more.
                self.undone.clear();
            }
            Some(of) if is_undo => {
                if let Some(command) = moved(&mut self.done, of) {
                    self.undone.push((event, command));
                }
            }
            Some(of) => {
                if let Some(command) = moved(&mut self.undone, of) {
                    self.done.push((event, command));
                }
            }
        }
    }

    /// Returns the event that the next undo takes back, with its command.
    #[must_use]
    pub fn undo(&self) -> Option<&(Event, String)> {
        self.done.last()
    }

    /// Returns the undo that the next redo takes back, with the command that it took back.
    #[must_use]
    pub fn redo(&self) -> Option<&(Event, String)> {
        self.undone.last()
    }
}
