//! A study on disk: the only writer.
//!
//! [`Store`] is a study file (`.nomo`), one SQLite database. Entities are added and never removed; what is visible is a
//! small state beside them, and every change of it is an [event](nomoscope_core::study::Event) that can be taken back.
//! [`FolderImage`] is a study folder in memory, the neutral form both ways. [`disk`] writes files and folders so that a
//! crash leaves either what was or what should be.
//!
//! Identities and times are arguments ([`Stamp`]); no clock is read here, and chance only for the keys of encrypted files
//! ([`seal`]).

mod batch;
mod correct;
mod decisions;
mod depend;
mod describe;
pub mod disk;
mod error;
mod image;
pub mod keys;
mod load;
mod log;
mod merge;
mod ops;
mod record;
mod schema;
pub mod seal;
mod stamp;
mod store;
mod words;
mod write;

pub use batch::Batch;
pub use correct::Correction;
pub use decisions::{Decided, identity, keep_decisions, with_free_ids};
pub use depend::Concepts;
pub use describe::Description;
pub use error::StoreError;
pub use image::{FolderImage, MANAGED, file_of};
pub use load::SourceHashes;
pub use log::Standing;
pub use merge::{Gone, Merge};
pub use stamp::Stamp;
pub use store::Store;
pub use words::{Wanted, Way};
pub use write::{Addition, Change};

use sha2::{Digest, Sha256};
use std::io::{self, Read};

/// Returns the SHA-256 of some bytes in hexadecimal, as `sha256sum` prints it.
#[must_use]
pub fn hash_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns the SHA-256 of everything that can be read, of which no more than a little is held.
///
/// # Errors
/// What the system says.
pub fn hash_read(mut from: impl Read) -> io::Result<String> {
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        let n = from.read(&mut buffer)?;
        if n == 0 {
            return Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect());
        }
        hash.update(buffer.get(..n).unwrap_or_default());
    }
}
