//! Every hierarchical model up to an order.

use super::design::Design;
use super::error::MseError;
use super::estimate::Estimate;
use super::histories::Histories;
use super::model::Model;
use super::term::Term;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// Returns whether a model is another with fewer terms: those above an overlap that is empty have no history left.
fn equals_smaller(histories: &Histories, model: &Model) -> bool {
    !Design::new(histories, model).void.is_empty()
}

/// Returns the estimates of all models with terms of up to `max_order` lists, in a fixed order, main effects first; those that
/// equal a smaller one are left out.
///
/// A term of all lists is never tried: no history would be left to tell its parameter. `progress` is called once a model,
/// from any thread; once it says that nobody waits any more no model is fitted.
/// # Errors  [`MseError::TooManyModels`]
/// # Source  as `Rcapture::closedpMS.t`: Baillargeon & Rivest (2007), Journal of Statistical Software 19(5)
pub fn all_models(
    histories: &Histories,
    max_order: usize,
    limit: usize,
    progress: &(dyn Fn() -> bool + Sync),
) -> Result<Vec<Estimate>, MseError> {
    let models = models(histories.n_lists(), max_order, limit)?;
    let estimate =
        |model: Model| (progress() && !equals_smaller(histories, &model)).then(|| Estimate::of(histories, model));
    Ok(models.into_par_iter().filter_map(estimate).collect())
}

/// Returns how many models there are.
/// # Errors  [`MseError::TooManyModels`]
pub fn count_models(n_lists: usize, max_order: usize, limit: usize) -> Result<usize, MseError> {
    let max_order = max_order.min(n_lists.saturating_sub(1));
    let n_pairs = n_lists * n_lists.saturating_sub(1) / 2;
    match max_order {
        0 | 1 => Ok(1),
        2 if n_pairs < usize::BITS as usize - 1 && 1 << n_pairs <= limit => Ok(1 << n_pairs),
        2 => Err(MseError::TooManyModels { limit, max_order, n_lists }),
        _ => Ok(models(n_lists, max_order, limit)?.len()),
    }
}

fn models(n_lists: usize, max_order: usize, limit: usize) -> Result<Vec<Model>, MseError> {
    let max_order = max_order.min(n_lists.saturating_sub(1));
    let too_many = MseError::TooManyModels { limit, max_order, n_lists };
    if max_order >= 2 {
        count_models(n_lists, 2, limit).map_err(|_| too_many)?;
    }
    let mut sets: Vec<BTreeSet<Term>> = vec![BTreeSet::new()];
    for order in 2..=max_order {
        let mut next = Vec::new();
        for set in &sets {
            let free: Vec<Term> = Term::of_order(n_lists, order)
                .into_iter()
                .filter(|t| order == 2 || t.facets().all(|f| set.contains(&f)))
                .collect();
            if free.len() >= usize::BITS as usize - 1 || next.len() + (1 << free.len()) > limit {
                return Err(too_many);
            }
            next.extend((0..1_usize << free.len()).map(|chosen| {
                let terms = free.iter().enumerate().filter(|(i, _)| chosen >> i & 1 == 1).map(|(_, t)| *t);
                set.iter().copied().chain(terms).collect::<BTreeSet<Term>>()
            }));
        }
        sets = next;
    }
    Ok(sets.into_iter().map(Model::with).collect())
}
