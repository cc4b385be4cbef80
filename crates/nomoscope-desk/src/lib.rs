//! The desk: an opened study, folder or file; the only place with a clock and fresh identities.

pub mod act;
pub mod clock;
mod desk;
pub mod law;
pub mod load;
mod reason;
pub mod stamp;
pub mod study;

pub use act::Act;
pub use desk::{Desk, Done};
