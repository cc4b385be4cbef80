//! Files that come with a form.

use crate::failure::Failure;
use crate::strings::phrase;
use axum::extract::Multipart;
use std::collections::BTreeMap;

/// The largest upload, in bytes.
pub(crate) const MOST_UPLOAD: usize = 128 << 20;
/// The most files of one upload.
const MOST_FILES: usize = 2_000;

/// What came with a form.
#[derive(Debug, Default)]
pub(crate) struct Upload {
    /// Files by name, without the folders that a browser may tell.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    /// Everything else by the name of its field, without space around it, but for a passphrase; what was left empty is not there.
    pub(crate) fields: BTreeMap<String, String>,
}

impl Upload {
    /// Reads what comes.
    ///
    /// # Errors
    /// It is cut off, too large, of too many files, or two are called the same.
    pub(crate) async fn of(mut parts: Multipart) -> Result<Self, Failure> {
        let wrong = |_| Failure::bad("The upload was cut off, or is too large.");
        let mut out = Self::default();
        while let Some(part) = parts.next_field().await.map_err(wrong)? {
            let name = part.file_name().map(|name| name.rsplit(['/', '\\']).next().unwrap_or(name).to_owned());
            let field = part.name().unwrap_or_default().to_owned();
            let bytes = part.bytes().await.map_err(wrong)?;
            match (name, std::str::from_utf8(&bytes)) {
                (Some(name), _) if name.is_empty() => {}
                (Some(name), _) => {
                    if out.files.len() >= MOST_FILES {
                        return Err(Failure::bad(phrase("At most {} files at once.", &[&MOST_FILES.to_string()])));
                    }
                    if out.files.insert(name.clone(), bytes.to_vec()).is_some() {
                        return Err(Failure::bad(phrase("Two files are called “{}”.", &[&name])));
                    }
                }
                (None, Ok(value)) if !value.trim().is_empty() => {
                    let value = if field == "passphrase" { value } else { value.trim() };
                    out.fields.insert(field, value.to_owned());
                }
                (None, _) => {}
            }
        }
        Ok(out)
    }

    /// Returns all files.
    ///
    /// # Errors
    /// There are none.
    pub(crate) fn some(self) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
        if self.files.is_empty() { Err(Failure::bad("Choose some files first.")) } else { Ok(self.files) }
    }

    /// Returns the one file.
    ///
    /// # Errors
    /// There is none, or more than one.
    pub(crate) fn one(self) -> Result<(String, Vec<u8>), Failure> {
        let mut files = self.files.into_iter();
        match (files.next(), files.next()) {
            (Some(file), None) => Ok(file),
            (None, _) => Err(Failure::bad("Choose a file first.")),
            (Some(_), Some(_)) => Err(Failure::bad("Choose only one file.")),
        }
    }
}
