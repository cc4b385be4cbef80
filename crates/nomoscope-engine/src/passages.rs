//! The passages behind a part of an answer: a concept or a pair of concepts, named by its anchor.

use crate::capitals::said;
use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::norm::corpus::Corpus;
use nomoscope_core::text::{Level, Span};

/// The passages behind something that an answer shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Behind {
    /// What it is, in words.
    pub title: String,
    /// The concepts that are to be seen in the passages.
    pub concepts: Vec<ConceptIx>,
    /// Source, unit, and where the first of the concepts stands in it.
    pub places: Vec<(usize, u32, Span)>,
    /// How many there are in all.
    pub n: usize,
}

/// The coded sources that an answer was read from.
#[derive(Debug, Clone, Copy)]
pub struct ReadFrom<'a> {
    /// The coded sources.
    pub corpus: &'a Corpus,
    /// The unit in which concepts meet.
    pub window: Level,
}

impl ReadFrom<'_> {
    /// Returns what stands behind an anchor: `k-<concept>`, `c-<concept>-<concept>`; at most `most` passages.
    #[must_use]
    pub fn behind(self, anchor: &str, most: usize) -> Option<Behind> {
        let (kind, of) = anchor.split_once('-')?;
        match kind {
            "k" => Some(self.concept(self.corpus.codebook.find(of)?, most)),
            "c" => self.pair(of, most),
            _ => None,
        }
    }

    fn label(self, concept: ConceptIx) -> String {
        self.corpus.codebook.get(concept).label_in("en").to_owned()
    }

    fn concept(self, concept: ConceptIx, most: usize) -> Behind {
        let mut behind = Behind { title: self.label(concept), concepts: vec![concept], ..Behind::default() };
        for (source, coded) in self.corpus.coded.iter().enumerate() {
            for coding in coded.codings.iter().filter(|c| c.concept == concept) {
                behind.n += 1;
                if behind.places.len() < most {
                    behind.places.push((source, coded.unit_at(coding.span.start, Level::Sentence), coding.span));
                }
            }
        }
        behind
    }

    /// An id may hold hyphens of its own, so that each hyphen is tried as the one between.
    fn pair(self, pair: &str, most: usize) -> Option<Behind> {
        let codebook = &self.corpus.codebook;
        let cut = |(at, _)| Some((codebook.find(&pair[..at])?, codebook.find(&pair[at + 1..])?));
        let (a, b) = pair.match_indices('-').find_map(cut)?;
        let places = self.joint((a, b), most);
        let n = (0..self.corpus.coded.len()).map(|s| self.meeting(s, (a, b)).count()).sum();
        let concepts = vec![a, b];
        let title = format!("{} – {}", self.label(a), self.label(b));
        Some(Behind { title, places: self.placed(places, &concepts, most), concepts, n })
    }

    /// Returns the windows of a source in which both concepts stand, as (source, unit).
    fn meeting(self, source: usize, (a, b): (ConceptIx, ConceptIx)) -> impl Iterator<Item = (u32, u32)> {
        let coded = &self.corpus.coded[source];
        let has = |x: ConceptIx| coded.codings.iter().any(|k| k.concept == x);
        let meet = move |w: &u32| {
            let codings = coded.codings_in(coded.span(*w));
            let of = |x: ConceptIx| codings.iter().filter(move |c| c.concept == x);
            of(a).any(|x| of(b).any(|y| !x.span.overlaps(y.span)))
        };
        let both = has(a) && has(b);
        both.then(|| coded.windows(self.window).filter(meet).map(move |w| (source as u32, w))).into_iter().flatten()
    }

    /// Returns up to `most` windows in which both concepts stand, as (source, unit): sources in turn, first those that say them, then
    /// those that only name an instrument.
    #[must_use]
    pub fn joint(self, pair: (ConceptIx, ConceptIx), most: usize) -> Vec<(u32, u32)> {
        let (mut out, mut named) = (Vec::new(), Vec::new());
        for source in 0..self.corpus.coded.len() {
            if out.len() >= most {
                break;
            }
            match self.meeting(source, pair).find(|place| said(self.corpus, *place, &[pair.0, pair.1])) {
                Some(place) => out.push(place),
                None => named.extend(self.meeting(source, pair).next()),
            }
        }
        out.extend(named);
        out.truncate(most);
        out
    }

    /// Returns where the first of the concepts stands in each unit.
    pub(crate) fn placed(
        self,
        places: impl IntoIterator<Item = (u32, u32)>,
        concepts: &[ConceptIx],
        most: usize,
    ) -> Vec<(usize, u32, Span)> {
        let place = |(source, unit): (u32, u32)| {
            let coded = &self.corpus.coded[source as usize];
            let span = coded.span(unit);
            let hit = coded.codings_in(span).iter().find(|c| concepts.contains(&c.concept)).map_or(span, |c| c.span);
            (source as usize, unit, hit)
        };
        places.into_iter().take(most).map(place).collect()
    }
}
