//! What every answer gives, whatever was asked: the fronts (terminal, page, Python) show these and compute nothing.

use crate::passages::{Behind, ReadFrom};
use crate::record::Record;
use nomoscope_core::table::Table;
use nomoscope_figure::{Figure, View};
use serde_json::Value;
use std::fmt::Debug;

/// The answer to a question. It owns what it needs, so that it can be kept, sent to another thread, and asked again.
pub trait Answer: Debug + Send + Sync {
    /// Returns what was found in a sentence or two.
    fn lead(&self) -> String;

    /// Returns what should be known before the answer is used; each a sentence.
    fn cautions(&self) -> Vec<String> {
        Vec::new()
    }

    /// Returns the tables, the most important first.
    fn tables(&self) -> Vec<Table>;

    /// Returns the figures that the answer can fill.
    fn figures(&self, view: View) -> Vec<Figure> {
        let _ = view;
        Vec::new()
    }

    /// Returns the coded sources that it was read from; none where it is of no texts.
    fn read_from(&self) -> Option<ReadFrom<'_>> {
        None
    }

    /// Returns the passages behind a link of a figure, at most `most`; none where the link is to nothing of this answer.
    fn behind(&self, anchor: &str, most: usize) -> Option<Behind> {
        self.read_from()?.behind(anchor, most)
    }

    /// Returns the answer serialised, with the record of what was asked; `top` caps the longest lists.
    fn json(&self, top: Option<usize>, record: Record) -> Value;
}
