//! Excel workbooks and OpenDocument spreadsheets with a text in each row.

use super::{Format, rows};
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
    let table = grid::open(input, &options.limits).map_err(|problems| {
        let reasons: Vec<String> = problems.as_slice().iter().map(|problem| problem.reason.plain()).collect();
        FormatError::new(input, None, Reason::Table { message: reasons.join("; ") })
    })?;
    rows::texts(input, table.rows, table.notes, options)
}
