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
    /// The place of each event in the log.
    order: BTreeMap<String, usize>,
    /// What each undo took back.
    undoes: BTreeMap<String, String>,
}

impl Standing {
    /// Reads the next event of the log; `undoes` names the one that it takes back.
    pub fn then(&mut self, event: Event, undoes: Option<&str>) {
        let is_undo = undoes.is_some_and(|of| !self.is_undo.get(of).copied().unwrap_or(false));
        self.is_undo.insert(event.id.clone(), is_undo);
        self.order.insert(event.id.clone(), self.order.len());
        if let Some(of) = undoes {
            self.undoes.insert(event.id.clone(), of.to_owned());
        }
        let moved = |list: &mut Vec<(Event, String)>, of: &str| {
            let at = list.iter().position(|(e, _)| e.id == of)?;
            Some(list.remove(at).1)
        };
        match undoes {
            None => {
                let command = event.command.clone();
                // What somebody took back before they did something else cannot be told to fit any more.
                self.undone.retain(|(undo, _)| undo.coder != event.coder);
                self.done.push((event, command));
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

    /// Returns the change that the next undo of a coder takes back, with its command.
    #[must_use]
    pub fn undo(&self, coder: &str) -> Option<&(Event, String)> {
        self.done.iter().rev().find(|(event, _)| event.coder == coder)
    }

    /// Returns the undo that the next redo of a coder takes back, with the command that it took back.
    #[must_use]
    pub fn redo(&self, coder: &str) -> Option<&(Event, String)> {
        self.undone.iter().rev().find(|(event, _)| event.coder == coder)
    }

    /// Returns the changes that are otherwise than they were at an event, the last first: those that stand and did not, and
    /// those that were taken back since. What was taken back and done again is as it was.
    #[must_use]
    pub fn after(&self, event: &str) -> Vec<&(Event, String)> {
        let at = |id: &str| self.order.get(id).copied().unwrap_or_default();
        // A change, its undo, its redo and so on, from the last: each that came later turned it once.
        let chain = |last: &str| std::iter::successors(Some(last.to_owned()), |id| self.undoes.get(id).cloned());
        let turned = |(last, _): &&(Event, String)| chain(&last.id).filter(|id| at(id) > at(event)).count() % 2 == 1;
        let mut after: Vec<_> = self.done.iter().chain(&self.undone).filter(turned).collect();
        after.sort_by_key(|(later, _)| std::cmp::Reverse(at(&later.id)));
        after
    }

    /// Returns who made the last change that stands.
    #[must_use]
    pub fn last_coder(&self) -> Option<&str> {
        self.done.last().map(|(event, _)| event.coder.as_str())
    }
}
