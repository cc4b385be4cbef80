//! Bytes sealed with a passphrase, in the form of age, version 1 (<https://age-encryption.org/v1>), with its recipient for
//! passphrases: any program that knows the form opens them, should this one be gone.
//!
//! The passphrase gives by scrypt the key that wraps the key of the file; what follows is sealed by ChaCha20-Poly1305 in
//! chunks, the last of which is marked, so that nothing can be changed, moved or cut off unseen. What is sealed again keeps
//! header and key of the file, and gets a new nonce, from which the key of the contents is made.
//!
//! The only place of this crate with a source of chance: that of the system.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use sha2::Sha256;
use std::fmt;
use zeroize::Zeroizing;

/// The first line of the form.
const MAGIC: &[u8] = b"age-encryption.org/v1\n";
/// What scrypt mixes in before the salt.
const LABEL: &[u8] = b"age-encryption.org/v1/scrypt";
/// How much work a guess at a passphrase is: 2^17 blocks of 1 KiB, 128 MiB at a time.
/// # Source  OWASP Password Storage Cheat Sheet (2025): scrypt with N = 2^17, r = 8, p = 1
const WORK: u8 = 17;
/// The most work that a file of somebody else may ask for: 1 GiB.
const MOST_WORK: u8 = 20;
/// The bytes of a chunk, before and after sealing.
const CHUNK: usize = 64 * 1024;
const SEALED_CHUNK: usize = CHUNK + 16;
/// The bytes of a header are few: what is longer is none of ours.
const LONGEST_HEADER: usize = 1024;

/// A passphrase, which is never shown and leaves no copy behind.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a passphrase.
    #[must_use]
    pub fn new(passphrase: String) -> Self {
        Self(Zeroizing::new(passphrase))
    }

    /// Returns the passphrase as it seals: an accented letter may come from a keyboard as one sign or as two, and is one.
    fn composed(&self) -> Self {
        Self::new(ComposingNormalizerBorrowed::new_nfc().normalize(&self.0).into_owned())
    }

    /// Returns the ways in which the same letters may have been written when something was sealed.
    fn spellings(&self) -> Vec<Self> {
        let mut all = vec![self.composed()];
        let decomposed = Self::new(DecomposingNormalizerBorrowed::new_nfd().normalize(&self.0).into_owned());
        for other in [self.clone(), decomposed] {
            if !all.contains(&other) {
                all.push(other);
            }
        }
        all
    }

    /// Returns how many characters it has.
    #[must_use]
    pub fn length(&self) -> usize {
        self.0.chars().count()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// Why sealed bytes could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// It is not the passphrase.
    #[error("this is not the passphrase")]
    WrongPassphrase,
    /// They are sealed, but not with a passphrase alone.
    #[error("is sealed in another way than with a passphrase")]
    OtherWay,
    /// They ask for more work than anybody's study would.
    #[error("asks for more than 1 GiB of memory to be opened")]
    TooMuchWork,
    /// They were changed, or cut off.
    #[error("was changed or cut off since it was sealed")]
    Damaged,
    /// The system gives no chance, or the sealing failed.
    #[error("cannot be sealed here")]
    CannotSeal,
}

/// What opens and seals one file: its header and the key in it.
#[derive(Clone)]
pub struct Lock {
    header: Vec<u8>,
    key: Zeroizing<[u8; 16]>,
}

impl fmt::Debug for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lock")
    }
}

/// Returns whether bytes begin like sealed ones.
#[must_use]
pub fn is_sealed(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

impl Lock {
    /// Makes a lock for a passphrase.
    ///
    /// # Errors
    /// The system gives no chance.
    pub fn new(secret: &Secret) -> Result<Self, SealError> {
        let (mut key, mut salt) = (Zeroizing::new([0_u8; 16]), [0_u8; 16]);
        chance(key.as_mut_slice())?;
        chance(&mut salt)?;
        let wrapping = wrapping(&secret.composed(), &salt, WORK)?;
        let body = cipher(&wrapping).encrypt(&Nonce::from([0_u8; 12]), key.as_slice());
        let body = body.map_err(|_| SealError::CannotSeal)?;
        let mut header = MAGIC.to_vec();
        let stanza = format!("-> scrypt {} {WORK}\n{}\n---", BASE64.encode(salt), BASE64.encode(body));
        header.extend(stanza.into_bytes());
        let code = code(&key, &header)?.finalize().into_bytes();
        header.extend(format!(" {}\n", BASE64.encode(code)).into_bytes());
        Ok(Self { header, key })
    }

    /// Opens the lock of sealed bytes.
    ///
    /// # Errors
    /// It is not the passphrase; the header is not one of ours, or was changed.
    pub fn of(bytes: &[u8], secret: &Secret) -> Result<Self, SealError> {
        let header = header(bytes).ok_or(SealError::Damaged)?;
        let text = std::str::from_utf8(header).map_err(|_| SealError::Damaged)?;
        let mut lines = text.lines().skip(1);
        let stanza = lines.next().ok_or(SealError::Damaged)?;
        let ["->", "scrypt", salt, work] = stanza.split(' ').collect::<Vec<_>>()[..] else {
            return Err(SealError::OtherWay);
        };
        let salt: [u8; 16] = decoded(salt)?;
        let work: u8 = work.parse().map_err(|_| SealError::Damaged)?;
        if work > MOST_WORK {
            return Err(SealError::TooMuchWork);
        }
        let body: [u8; 32] = decoded(lines.next().unwrap_or_default())?;
        let end = lines.next().unwrap_or_default();
        let code_given: [u8; 32] = decoded(end.strip_prefix("--- ").ok_or(SealError::OtherWay)?)?;
        let unwrapped = |secret: &Secret| -> Result<Vec<u8>, SealError> {
            let wrapping = wrapping(secret, &salt, work)?;
            let key = cipher(&wrapping).decrypt(&Nonce::from([0_u8; 12]), body.as_slice());
            key.map_err(|_| SealError::WrongPassphrase)
        };
        let mut key = Err(SealError::WrongPassphrase);
        for secret in secret.spellings() {
            key = unwrapped(&secret);
            if key != Err(SealError::WrongPassphrase) {
                break;
            }
        }
        let key = Zeroizing::new(key?);
        let key: [u8; 16] = key.as_slice().try_into().map_err(|_| SealError::Damaged)?;
        let key = Zeroizing::new(key);
        let before = header.len() - end.len() - 1 + "---".len();
        let checked = code(&key, header.get(..before).unwrap_or_default())?.verify_slice(&code_given);
        checked.map_err(|_| SealError::Damaged)?;
        Ok(Self { header: header.to_vec(), key })
    }

    /// Returns whether this opens these bytes, without any work.
    #[must_use]
    pub fn fits(&self, bytes: &[u8]) -> bool {
        header(bytes) == Some(self.header.as_slice())
    }

    /// Seals bytes.
    ///
    /// # Errors
    /// The system gives no chance.
    pub fn seal(&self, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut nonce = [0_u8; 16];
        chance(&mut nonce)?;
        let cipher = self.contents(&nonce)?;
        let mut out = Vec::with_capacity(self.header.len() + 16 + plain.len() + plain.len() / CHUNK * 16 + 16);
        out.extend(&self.header);
        out.extend(nonce);
        let chunks: Vec<&[u8]> = if plain.is_empty() { vec![plain] } else { plain.chunks(CHUNK).collect() };
        let last = chunks.len() - 1;
        for (number, chunk) in chunks.into_iter().enumerate() {
            let sealed = cipher.encrypt(&counter(number, number == last), chunk);
            out.extend(sealed.map_err(|_| SealError::CannotSeal)?);
        }
        Ok(out)
    }

    /// Opens sealed bytes.
    ///
    /// # Errors
    /// They were changed or cut off.
    pub fn open(&self, bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let rest = bytes.get(self.header.len()..).unwrap_or_default();
        let (nonce, rest) = rest.split_at_checked(16).ok_or(SealError::Damaged)?;
        let cipher = self.contents(nonce)?;
        let mut out = Zeroizing::new(Vec::with_capacity(rest.len()));
        let n_chunks = rest.len().div_ceil(SEALED_CHUNK);
        for (number, chunk) in rest.chunks(SEALED_CHUNK).enumerate() {
            let is_last = number + 1 == n_chunks;
            let plain = cipher.decrypt(&counter(number, is_last), chunk).map_err(|_| SealError::Damaged)?;
            let plain = Zeroizing::new(plain);
            // Only what is empty as a whole ends with an empty chunk.
            if plain.is_empty() && number > 0 {
                return Err(SealError::Damaged);
            }
            out.extend_from_slice(&plain);
        }
        if n_chunks == 0 { Err(SealError::Damaged) } else { Ok(out) }
    }

    fn contents(&self, nonce: &[u8]) -> Result<ChaCha20Poly1305, SealError> {
        expand(&self.key, Some(nonce), b"payload").map(|key| cipher(&key))
    }
}

fn chance(bytes: &mut [u8]) -> Result<(), SealError> {
    getrandom::fill(bytes).map_err(|_| SealError::CannotSeal)
}

fn cipher(key: &[u8; 32]) -> ChaCha20Poly1305 {
    ChaCha20Poly1305::new(&Key::from(*key))
}

fn counter(number: usize, is_last: bool) -> Nonce {
    let mut nonce = [0_u8; 12];
    // Eleven bytes count, of which no file fills eight; the twelfth marks the end.
    for (to, from) in nonce.iter_mut().skip(3).zip((number as u64).to_be_bytes()) {
        *to = from;
    }
    if let Some(end) = nonce.last_mut() {
        *end = u8::from(is_last);
    }
    Nonce::from(nonce)
}

fn wrapping(secret: &Secret, salt: &[u8; 16], work: u8) -> Result<Zeroizing<[u8; 32]>, SealError> {
    let mut key = Zeroizing::new([0_u8; 32]);
    let params = scrypt::Params::new(work, 8, 1).map_err(|_| SealError::Damaged)?;
    let salt = [LABEL, salt].concat();
    scrypt::scrypt(secret.0.as_bytes(), &salt, &params, key.as_mut_slice()).map_err(|_| SealError::CannotSeal)?;
    Ok(key)
}

fn expand(key: &[u8; 16], salt: Option<&[u8]>, info: &[u8]) -> Result<Zeroizing<[u8; 32]>, SealError> {
    let mut out = Zeroizing::new([0_u8; 32]);
    let expanded = Hkdf::<Sha256>::new(salt, key).expand(info, out.as_mut_slice());
    expanded.map(|()| out).map_err(|_| SealError::CannotSeal)
}

/// Returns the code that nobody can make for another header.
fn code(key: &[u8; 16], header: &[u8]) -> Result<Hmac<Sha256>, SealError> {
    let key = expand(key, None, b"header")?;
    let code = <Hmac<Sha256> as KeyInit>::new_from_slice(key.as_slice());
    code.map(|code| code.chain_update(header)).map_err(|_| SealError::CannotSeal)
}

/// Returns the header, its last line end included.
fn header(bytes: &[u8]) -> Option<&[u8]> {
    if !is_sealed(bytes) {
        return None;
    }
    let start = bytes.get(..LONGEST_HEADER.min(bytes.len()))?;
    let at = start.windows(5).position(|window| window == b"\n--- ")? + 1;
    let end = start.get(at..)?.iter().position(|b| *b == b'\n')?;
    bytes.get(..at + end + 1)
}

fn decoded<const N: usize>(word: &str) -> Result<[u8; N], SealError> {
    let bytes = BASE64.decode(word).map_err(|_| SealError::Damaged)?;
    bytes.try_into().map_err(|_| SealError::Damaged)
}
