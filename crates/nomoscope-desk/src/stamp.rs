//! Who does something, when, and under which new identities: the world outside, for the store.

/// Returns a random UUID (version 4).
pub fn uuid() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// Returns the SHA-256 of some bytes in hexadecimal.
pub fn hash(bytes: &[u8]) -> String {
    nomoscope_store::hash_hex(bytes)
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
