//! Slippage between labels, with what it was read from.

use crate::answer::Answer;
use crate::record::Record;
use nomoscope_core::norm::corpus::Corpus;
use nomoscope_core::norm::statement::Formed;
use nomoscope_core::table::Table;
use nomoscope_core::usage::slip::mention::SpeakerBy;
use nomoscope_core::usage::slip::{Settings, Slip, slip};
use nomoscope_figure::{Figure, View};
use serde_json::{Value, json};
use std::sync::Arc;

/// Passages of a pair in JSON where nobody said how many.
const JSON_PASSAGES: usize = 10;

/// Labels used for one another.
#[derive(Debug)]
pub struct Slippage {
    /// The coded sources.
    pub corpus: Arc<Corpus>,
    /// What was chosen.
    pub settings: Settings,
    /// What was found.
    pub slip: Slip,
}

impl Slippage {
    /// Looks for slippage.
    #[must_use]
    pub fn new(corpus: Arc<Corpus>, formed: &Formed, settings: Settings) -> Self {
        let slip = slip(&corpus, formed, &settings);
        Self { corpus, settings, slip }
    }

    /// Returns whether every source counts as a speaker, because none has turns and nobody said whose the sources are.
    #[must_use]
    pub fn sources_are_speakers(&self) -> bool {
        let speakers = &self.slip.all.speakers;
        let turns = speakers.iter().any(|s| s.name.contains(": "));
        self.settings.speaker == SpeakerBy::Turns && !turns && speakers.len() > 1
    }
}

impl Answer for Slippage {
    fn lead(&self) -> String {
        super::words::lead(self)
    }

    fn cautions(&self) -> Vec<String> {
        super::words::cautions(self)
    }

    fn tables(&self) -> Vec<Table> {
        super::tables::all(self)
    }

    fn figures(&self, view: View) -> Vec<Figure> {
        super::figures::matrix(self, view).into_iter().collect()
    }

    fn json(&self, top: Option<usize>, record: Record) -> Value {
        json!(super::json::Said::new(self, top.unwrap_or(JSON_PASSAGES), record))
    }
}
