//! Zip archives that cannot hurt: bounded members, size and expansion, no names that lead out.

use crate::{FormatError, Input, Limits, Reason};
use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// Below this size a high compression ratio is no danger (a page of blanks compresses a thousandfold).
const RATIO_FREE_BYTES: u64 = 10 << 20;

/// Returns a zip archive of files whose names may be anything: they are numbered, and `names.txt` tells which is which, so
/// that unpacking writes no file under a name that somebody else chose.
///
/// # Errors
/// What the archive cannot hold.
pub fn archive(files: &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>, String> {
    let numbered = || (1_u32..).zip(files).map(|(number, (path, bytes))| (format!("{number:06}"), path, bytes));
    let names: String = numbered().map(|(number, path, _)| format!("{number} {}\n", path.escape_debug())).collect();
    let members = numbered().map(|(number, _, bytes)| (number, bytes.as_slice()));
    zipped(members.chain([("names.txt".to_owned(), names.as_bytes())]))
}

/// Returns a zip archive of files under their own names: only for names that a study may have, or that the program chose.
///
/// # Errors
/// What the archive cannot hold.
pub fn zipped<'b>(files: impl IntoIterator<Item = (String, &'b [u8])>) -> Result<Vec<u8>, String> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(name, SimpleFileOptions::default()).map_err(|e| e.to_string())?;
        zip.write_all(bytes).map_err(|e| e.to_string())?;
    }
    zip.finish().map(Cursor::into_inner).map_err(|e| e.to_string())
}

/// A zip archive whose directory was checked.
pub(crate) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    input: Input<'a>,
    limits: &'a Limits,
    expanded: u64,
}

impl<'a> Archive<'a> {
    /// Returns the archive, after all member names and declared sizes were checked.
    pub(crate) fn open(input: &Input<'a>, limits: &'a Limits) -> Result<Self, FormatError> {
        let mut zip = ZipArchive::new(Cursor::new(input.bytes)).map_err(|error| zip_error(input, &error))?;
        if zip.len() > limits.max_members {
            let reason = Reason::TooMany { what: "members", limit: limits.max_members };
            return Err(FormatError::new(input, None, reason));
        }
        let mut declared = 0_u64;
        for index in 0..zip.len() {
            let member = zip.by_index_raw(index).map_err(|error| zip_error(input, &error))?;
            let name = member.name().map_err(|error| zip_error(input, &error))?.into_owned();
            if member.enclosed_name().is_none() || name.contains('\\') && name.contains("..") {
                return Err(FormatError::new(input, None, Reason::UnsafeName { member: name }));
            }
            if member.encrypted() {
                return Err(FormatError::new(input, None, Reason::Encrypted).within(&name));
            }
            declared = declared.saturating_add(member.size());
            if declared > limits.max_expanded_bytes {
                return Err(bomb(input, limits).within(&name));
            }
        }
        Ok(Self { zip, input: *input, limits, expanded: 0 })
    }

    /// Returns the names of all members, in the order of the archive.
    pub(crate) fn names(&self) -> Vec<String> {
        (0..self.zip.len()).filter_map(|index| Some(self.zip.name_for_index(index)?.ok()?.into_owned())).collect()
    }

    /// Unpacks all members and keeps none: whoever reads the archive next does not count what comes out.
    pub(crate) fn unpack_all(&mut self) -> Result<(), FormatError> {
        (0..self.zip.len()).try_for_each(|index| self.unpack(index, &format!("member {}", index + 1)).map(|_| ()))
    }

    /// Returns a member's bytes; none where there is no such member.
    ///
    /// The declared size is not believed: what comes out is counted.
    pub(crate) fn member(&mut self, name: &str) -> Result<Option<Vec<u8>>, FormatError> {
        let Some(index) = self.zip.index_for_name(name) else {
            return Ok(None);
        };
        self.unpack(index, name).map(Some)
    }

    fn unpack(&mut self, index: usize, name: &str) -> Result<Vec<u8>, FormatError> {
        let failed = |message: String| FormatError::new(&self.input, None, Reason::Zip { message }).within(name);
        let member = self.zip.by_index(index).map_err(|error| failed(error.to_string()))?;
        let ratio_limit = member.compressed_size().saturating_mul(self.limits.max_ratio).max(RATIO_FREE_BYTES);
        let left = self.limits.max_expanded_bytes.saturating_sub(self.expanded).min(ratio_limit);
        let mut bytes = Vec::new();
        member.take(left + 1).read_to_end(&mut bytes).map_err(|error| failed(error.to_string()))?;
        if bytes.len() as u64 > left {
            return Err(bomb(&self.input, self.limits).within(name));
        }
        self.expanded += bytes.len() as u64;
        Ok(bytes)
    }
}

fn bomb(input: &Input, limits: &Limits) -> FormatError {
    let reason = Reason::Bomb { limit: limits.max_expanded_bytes, ratio: limits.max_ratio };
    FormatError::new(input, None, reason)
}

fn zip_error(input: &Input, error: &zip::result::ZipError) -> FormatError {
    FormatError::new(input, None, Reason::Zip { message: error.to_string() })
}
