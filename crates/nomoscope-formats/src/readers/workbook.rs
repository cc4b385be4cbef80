//! Excel workbooks and OpenDocument spreadsheets with a text in each row.

use super::Format;
use super::rows::{self, Table};
use crate::{FormatError, Input, Read, ReadOptions, Reason, grid};

pub(super) const XLSX: Format = Format {
    name: "xlsx",
    extensions: &["xlsx", "xlsm"],
    description: "Excel workbooks with a text in each row of a sheet",
    roots: &[],
    read,
};

pub(super) const ODS: Format = Format {
    name: "ods",
    extensions: &["ods"],
    description: "OpenDocument spreadsheets with a text in each row of a sheet",
    roots: &[],
    read,
};

fn read(input: &Input, options: &ReadOptions) -> Result<Vec<Read>, FormatError> {
    let has_texts = |table: &[grid::Row]| rows::has_texts(table, options);
    let table = grid::open_where(input, &options.limits, None, &has_texts).map_err(|problems| {
        let reasons: Vec<String> = problems.as_slice().iter().map(|problem| problem.reason.plain()).collect();
        FormatError::new(input, None, Reason::Table { message: reasons.join("; ") })
    })?;
    rows::texts(input, Table { rows: table.rows, merged: table.merged }, table.notes, options)
}
