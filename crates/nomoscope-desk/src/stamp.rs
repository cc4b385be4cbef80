//! Who does something, when, and under which new identities: the world outside, for the store.

use std::hash::{BuildHasher, RandomState};

/// Returns a random UUID (version 4).
pub fn uuid() -> String {
    // The standard library seeds its hashers from the system's source of chance, freshly for each.
    let high = RandomState::new().hash_one(0_u8);
    let low = RandomState::new().hash_one(1_u8);
    let high = (high & !0xf000) | 0x4000;
    let low = (low & !(0b11 << 62)) | (0b10 << 62);
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff
    )
}

/// Returns the name under which changes are logged.
pub fn coder() -> String {
    std::env::var("NOMOSCOPE_CODER").ok().filter(|c| !c.trim().is_empty()).unwrap_or_else(|| "me".to_owned())
}

/// Returns the command line for the log, without the paths of this machine.
pub fn command(words: &[&str]) -> String {
    words.iter().map(|w| w.rsplit(['/', '\\']).next().unwrap_or(w)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::uuid;

    #[test]
    fn uuids_differ_and_are_of_version_4() {
        let (a, b) = (uuid(), uuid());
        assert_ne!(a, b);
        assert_eq!((a.len(), &a[14..15]), (36, "4"));
        assert!("89ab".contains(&a[19..20]));
    }
}
