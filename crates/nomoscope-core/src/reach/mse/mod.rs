//! Multiple systems estimation: the size of a population of which some members are on no list.
//!
//! Lists of persons overlap; how much they do tells how many are on none of them, *given a model of how the lists
//! depend on each other*. That model is chosen, not seen, and reasonable choices differ: so the first estimate holds its
//! choice ([`redraw`]), and [`survey()`] stands beside it. Models are Poisson log-linear and hierarchical ([`Model`]); whether an estimate exists is decided before
//! it is sought ([`existence`]); overlaps that are empty put their parameter at minus infinity ([`design`]).
//!
//! Sees capture histories only: never a name, never a file.
//!
//! # Source
//! Fienberg (1972), Biometrika 59(3): 591–603; Chan, Silverman & Vincent (2021), JASA 116(535): 1297–1306

mod all;
mod bootstrap;
mod chao;
pub mod design;
mod error;
mod estimate;
pub mod existence;
mod fit;
mod formula;
mod headline;
mod histories;
mod model;
mod selection;
mod stepwise;
mod strata;
mod subsets;
mod survey;
mod term;

pub use all::{all_models, count_models};
pub use bootstrap::{Bootstrap, BootstrapError, bca_interval, bootstrap};
pub use chao::{ChaoError, LowerBound, chao_lower_bound};
pub use error::MseError;
pub use estimate::Estimate;
pub use fit::{Coefficient, Fit, NoEstimate, fit};
pub use formula::{Formula, FormulaError, parse as parse_formula};
pub use headline::{CANDIDATES, MAX_RANKED_LISTS, Nested, Ranked, Redrawn, ranked, redraw};
pub use histories::{Histories, HistoriesError, MAX_LISTS, MAX_PERSONS};
pub use model::Model;
pub use selection::Selection;
pub use stepwise::{Step, Stepwise, THRESHOLD, stepwise};
pub use strata::{Sum, sum_of_strata};
pub use survey::{Survey, WINDOW, survey, survey_of};
pub use term::Term;
