//! The answer as a table.

use super::answer::Review;
use nomoscope_core::table::{Cell, Table};

/// Returns the precision of each concept, with its interval.
#[must_use]
pub fn precision(review: &Review) -> Table {
    let columns = ["concept", "hits", "right", "wrong", "open", "precision", "lower", "upper"];
    let mut table = Table::new("precision", "Precision of the lexicon", &columns);
    for judged in &review.concepts {
        let interval = judged.interval();
        let end = |value: Option<f64>| value.map_or(Cell::Missing("nobody looked"), |v| Cell::number(v, 2));
        table.push(vec![
            Cell::text(&judged.id),
            Cell::Count(judged.hits),
            Cell::Count(judged.right),
            Cell::Count(judged.wrong),
            Cell::Count(judged.open()),
            end(judged.precision()),
            end(interval.and_then(|i| i.lower)),
            end(interval.and_then(|i| i.upper)),
        ]);
    }
    table
}
