//! One source with all its codings, cut where any of them begins or ends: what a reading page shows.

pub mod answer;
pub mod question;
