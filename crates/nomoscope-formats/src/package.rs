//! Documents that are zip archives of XML: their parts, decoded and parsed, with errors that name the part.

use crate::decode::{Declaration, decode};
use crate::zip_archive::Archive;
use crate::{FormatError, Input, ReadOptions, Reason, xml};
use roxmltree::Node;

/// A package whose directory was checked.
pub(crate) struct Package<'a> {
    pub(crate) archive: Archive<'a>,
    pub(crate) input: &'a Input<'a>,
    pub(crate) options: &'a ReadOptions,
}

impl<'a> Package<'a> {
    /// Opens a file that must be a zip archive.
    pub(crate) fn open(input: &'a Input<'a>, options: &'a ReadOptions) -> Result<Self, FormatError> {
        if !input.bytes.starts_with(b"PK") {
            let message = "the file does not begin like one".to_owned();
            return Err(FormatError::new(input, None, Reason::Zip { message }));
        }
        Ok(Self { archive: Archive::open(input, &options.limits)?, input, options })
    }

    /// Returns a part as text; none where there is no such part.
    pub(crate) fn text(&mut self, member: &str) -> Result<Option<String>, FormatError> {
        let Some(bytes) = self.archive.member(member)? else {
            return Ok(None);
        };
        // The encoding that a user names is for text files; a part of a package says its own.
        let options = ReadOptions { encoding: None, ..self.options.clone() };
        let part = Input { name: self.input.name, bytes: &bytes };
        let decoded = decode(&part, Declaration::Xml, &options).map_err(|error| error.within(member))?;
        Ok(Some(decoded.text))
    }

    /// Returns a part that must be there.
    pub(crate) fn required(&mut self, member: &str) -> Result<String, FormatError> {
        let missing = || FormatError::new(self.input, None, Reason::MissingMember { member: member.to_owned() });
        let missing = missing();
        self.text(member)?.ok_or(missing)
    }

    /// Returns what `read` makes of a part; none of an empty one.
    pub(crate) fn parsed<T>(
        &self,
        text: &str,
        member: &str,
        read: impl FnOnce(Node) -> T,
    ) -> Result<Option<T>, FormatError> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        let tree = xml::parse(self.input, text, &self.options.limits).map_err(|error| error.within(member))?;
        Ok(Some(read(tree.root_element())))
    }
}

/// Returns the name of a part that a relation or manifest names relative to the part in which it stands.
pub(crate) fn beside(part: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut folders: Vec<&str> = part.split('/').collect();
    folders.pop();
    for step in target.split('/') {
        match step {
            "." | "" => {}
            ".." => drop(folders.pop()),
            step => folders.push(step),
        }
    }
    folders.join("/")
}
