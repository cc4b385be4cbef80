//! What is left to fit once empty overlaps have put their parameters at minus infinity.

use super::histories::Histories;
use super::model::Model;
use super::term::Term;

/// A model on data: its finite parameters, and the histories that they have to fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Design {
    /// Intercept, main effects and interactions with a finite parameter.
    pub finite: Vec<Term>,
    /// Terms in whose lists nobody is at once: their parameter is minus infinity, all histories with them have mean 0.
    pub infinite: Vec<Term>,
    /// Terms all of whose histories are gone already, because a term within them is at minus infinity: the model is the same without them.
    pub void: Vec<Term>,
    /// Whether a history (bit i: list i) is to be fitted; the one on no list is not.
    pub kept: Vec<bool>,
}

impl Design {
    /// Returns the design of a model on these histories.
    /// # Source  Chan, Silverman & Vincent (2021), JASA 116(535): 1297–1306, section 2
    #[must_use]
    pub fn new(histories: &Histories, model: &Model) -> Self {
        let mut design =
            Self { finite: vec![Term::INTERCEPT], infinite: Vec::new(), void: Vec::new(), kept: Vec::new() };
        // By order, so that what makes a term void is known before it.
        for term in model.terms(histories.n_lists()) {
            if histories.margin(term) > 0 {
                design.finite.push(term);
            } else if design.infinite.iter().any(|t| t.is_within(term.bits())) {
                design.void.push(term);
            } else {
                design.infinite.push(term);
            }
        }
        let gone = |lists: u32| design.infinite.iter().any(|t| t.is_within(lists));
        let n_cells = histories.counts().len() as u32;
        design.kept = (0..n_cells).map(|lists| lists != 0 && !gone(lists)).collect();
        design
    }

    /// Returns the histories that are to be fitted.
    pub fn cells(&self) -> impl Iterator<Item = usize> + '_ {
        self.kept.iter().enumerate().filter(|(_, kept)| **kept).map(|(lists, _)| lists)
    }

    /// Returns the row of the design matrix of a history.
    pub(super) fn row(&self, lists: usize) -> impl Iterator<Item = f64> + '_ {
        self.finite.iter().map(move |t| f64::from(u8::from(t.is_within(lists as u32))))
    }
}
