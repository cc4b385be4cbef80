//! Norms: statements of the form "If \[problem\], \[value\] suggests \[behaviour\]", the cluster that they form, and its type.
//!
//! Follows Winston (2018), EJIR 24(3): 638–661, as Narminio (2020) applies it. Reads coded texts; knows nothing of files,
//! of figures or of groups of sources (that is `usage`).

pub mod cluster;
pub mod completeness;
pub mod corpus;
pub mod cues;
pub mod focal;
pub mod kind;
pub mod resemblance;
pub mod statement;
pub mod support;
