//! Tables with a text in each row (csv, tsv): one text a row, the other columns become its attributes.

use super::Format;
use super::rows::{self, Table};
use crate::decode::{Declaration, decode};
use crate::grid::{self, Flaw, FlawKind};
use crate::{Fault, FormatError, Input, Place, Read, ReadOptions, Reason};

pub(super) const FORMAT: Format = Format {
    name: "csv",
    extensions: &["csv", "tsv", "tab"],
    description: "tables with a text in each row; separated by commas, semicolons, tabs or vertical bars",
    roots: &[],
    read,
};

fn read(input: &Input, options: &ReadOptions) -> Result<Vec<Read>, FormatError> {
    let decoded = decode(input, Declaration::None, options)?;
    let (text, separator, line) = grid::start(&input.extension(), &decoded.text);
    let rows = grid::rows(text, separator, line)
        .map_err(|flaws| FormatError::many(input, flaws.into_iter().map(fault).collect()))?;
    rows::texts(input, Table { rows, ..Table::default() }, decoded.notes, options)
}

fn fault(flaw: Flaw) -> Fault {
    let reason = match flaw.kind {
        FlawKind::OpenQuote => Reason::OpenQuote,
        FlawKind::AfterQuote => Reason::Table { message: "text after a closing quotation mark".to_owned() },
        FlawKind::TooManyCells => Reason::TooMany { what: "cells", limit: grid::MAX_CELLS },
    };
    Fault { place: Some(Place::Line(flaw.line.into())), reason }
}
