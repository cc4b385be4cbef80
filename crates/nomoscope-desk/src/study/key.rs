//! The key of a study whose names were replaced: each name with its pseudonym, sealed with a passphrase.

use super::{Problem, Problems, StudyError};
use nomoscope_formats::study::csv;
use nomoscope_store::seal::{self, Lock, SealError};

pub use nomoscope_store::seal::Secret;
use std::collections::BTreeMap;

/// The fewest characters of a new passphrase.
pub const FEWEST: usize = 12;
const COLUMNS: [&str; 2] = ["found", "replacement"];

/// Refuses a new passphrase that could be guessed by trying.
///
/// # Errors
/// It is short.
pub fn long_enough(secret: &Secret) -> Result<(), StudyError> {
    if secret.length() >= FEWEST {
        return Ok(());
    }
    let hint = "four or five words that belong together for you alone are long enough, and can be remembered";
    Err(Problems::from(Problem::new("", format!("a passphrase has at least {FEWEST} characters")).hint(hint)).into())
}

/// A key that is open.
#[derive(Debug, Clone)]
pub struct Key {
    lock: Lock,
    /// Each name with its pseudonym.
    pub names: BTreeMap<String, String>,
}

impl Key {
    /// Makes an empty key.
    ///
    /// # Errors
    /// The passphrase is short; the system gives no chance.
    pub fn new(secret: &Secret) -> Result<Self, StudyError> {
        long_enough(secret)?;
        let lock = Lock::new(secret).map_err(|error| wrong("the key", error))?;
        Ok(Self { lock, names: BTreeMap::new() })
    }

    /// Opens a key; `name` is what problems call it.
    ///
    /// # Errors
    /// It is no key, or not the passphrase; it was changed.
    pub fn open(name: &str, bytes: &[u8], secret: &Secret) -> Result<Self, StudyError> {
        if !seal::is_sealed(bytes) {
            return Err(Problems::from(Problem::new(name, "is no key: it is not encrypted")).into());
        }
        let lock = Lock::of(bytes, secret).map_err(|error| wrong(name, error))?;
        let plain = lock.open(bytes).map_err(|error| wrong(name, error))?;
        let sheet = csv::read(name, &plain)?;
        let cell = |row: &csv::Row, column: &str| sheet.cell(row, column).to_owned();
        let names = sheet.rows.iter().map(|row| (cell(row, COLUMNS[0]), cell(row, COLUMNS[1])));
        Ok(Self { lock, names: names.collect() })
    }

    /// Returns the key as the bytes of a file.
    ///
    /// # Errors
    /// The system gives no chance.
    pub fn sealed(&self) -> Result<Vec<u8>, StudyError> {
        let rows = self.names.iter().map(|(name, put)| [name.as_str(), put.as_str()]);
        self.lock.seal(csv::write(COLUMNS, rows).as_bytes()).map_err(|error| wrong("the key", error))
    }
}

fn wrong(name: &str, error: SealError) -> StudyError {
    Problems::from(Problem::new(name, error.to_string())).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_opens_with_its_passphrase_alone() {
        let secret = |words: &str| Secret::new(words.to_owned());
        assert!(Key::new(&secret("short")).is_err());
        let mut key = Key::new(&secret("four words for me")).unwrap();
        key.names.insert("=Ana, \"of\" Alba".to_owned(), "Person 1".to_owned());
        let sealed = key.sealed().unwrap();
        assert!(!sealed.windows(3).any(|w| w == b"Ana"));
        assert_eq!(Key::open("k", &sealed, &secret("four words for me")).unwrap().names, key.names);
        assert!(
            Key::open("k", &sealed, &secret("five words for me"))
                .unwrap_err()
                .to_string()
                .contains("not the passphrase")
        );
        assert!(Key::open("k", b"found,replacement\n", &secret("x")).unwrap_err().to_string().contains("is no key"));
    }
}
