//! The desk: an opened study, folder or file; the only place with a clock and fresh identities.

pub mod act;
pub mod clock;
mod decisions;
mod deeds;
mod desk;
pub mod doctor;
pub mod keeper;
pub mod law;
pub mod load;
pub mod log;
mod memory;
pub mod passphrase;
mod reason;
pub mod scan;
mod search;
pub mod stamp;
pub mod study;

pub use act::Act;
pub use desk::{Desk, Done, StudyFiles};
