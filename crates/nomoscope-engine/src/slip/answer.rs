//! Slippage between labels, with what it was read from.

use nomoscope_core::norm::corpus::Corpus;
use nomoscope_core::norm::statement::Formed;
use nomoscope_core::usage::slip::mention::SpeakerBy;
use nomoscope_core::usage::slip::{Settings, Slip, slip};
use std::sync::Arc;

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
