//! Bytes to pieces that hold whole records.

use crate::grid;
use memchr::{memchr, memchr_iter, memchr2};
use std::io::{self, Read};

/// About how many bytes a piece has.
pub const PIECE_BYTES: usize = 256 << 10;
/// The longest record, in bytes.
pub const MAX_RECORD_BYTES: usize = 16 << 20;

/// How records are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An object a line.
    JsonLines,
    /// Separated values with a header; a record may run over several lines inside quotation marks.
    Separated,
    /// Parquet, whose rows come as objects.
    Parquet,
}

impl Kind {
    /// Returns the kind that the ending of a file name calls for, that of a compressed file left out.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let packed = name.strip_suffix(".gz");
        match packed.unwrap_or(&name).rsplit_once('.')?.1 {
            "jsonl" | "ndjson" => Some(Self::JsonLines),
            "csv" | "tsv" | "tab" => Some(Self::Separated),
            // It is packed within, and read from its end.
            crate::parquet_file::ENDING if packed.is_none() => Some(Self::Parquet),
            _ => None,
        }
    }
}

/// The endings of files that [`Kind::of_name`] knows, each but the last also with `.gz`.
pub const ENDINGS: [&str; 6] = ["jsonl", "ndjson", "csv", "tsv", "tab", crate::parquet_file::ENDING];

/// Whole records.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Piece {
    /// The bytes, up to the end of the last record.
    pub bytes: Vec<u8>,
    /// Where each record begins, and on which line of the file.
    pub starts: Vec<(usize, u64)>,
    /// What could not be taken as a record: its line, and why.
    pub bad: Vec<(u64, String)>,
}

impl Piece {
    /// Returns the records, each with the line on which it begins.
    pub fn records(&self) -> impl Iterator<Item = (u64, &[u8])> {
        let ends = self.starts.iter().skip(1).map(|s| s.0).chain([self.bytes.len()]);
        self.starts.iter().zip(ends).filter_map(|(&(start, line), end)| Some((line, self.bytes.get(start..end)?)))
    }
}

/// Where the reader of separated values stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// At the beginning of a cell.
    Cell,
    /// In a cell without quotation marks.
    Plain,
    /// Between quotation marks.
    Quoted,
    /// Behind a quotation mark that closes, or is the first of two.
    Closing,
}

/// Cuts a file into pieces. The same bytes give the same pieces.
pub struct Pieces<R> {
    from: R,
    kind: Kind,
    separator: u8,
    /// Read, but not yet in a piece.
    buffer: Vec<u8>,
    /// Up to where the buffer was looked through.
    seen: usize,
    state: State,
    /// Where the open record begins, and its line.
    open: (usize, u64),
    starts: Vec<(usize, u64)>,
    bad: Vec<(u64, String)>,
    ended: bool,
    /// Whether a record that is too long is being passed over.
    skipping: bool,
}

impl<R> std::fmt::Debug for Pieces<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pieces").field("kind", &self.kind).field("line", &self.open.1).finish_non_exhaustive()
    }
}

/// What is wrong with the beginning of a file.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The system.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Another encoding.
    #[error("is not in UTF-8")]
    Encoding,
}

impl<R: Read> Pieces<R> {
    /// Begins a file; `name` tells by its ending whether columns are separated by tabs.
    ///
    /// # Errors
    /// What the system says; the mark of another encoding.
    pub fn new(from: R, kind: Kind, name: &str) -> Result<Self, StartError> {
        let mut pieces = Self {
            from,
            kind,
            separator: b',',
            buffer: Vec::new(),
            seen: 0,
            state: State::Cell,
            open: (0, 1),
            starts: Vec::new(),
            bad: Vec::new(),
            ended: false,
            skipping: false,
        };
        pieces.fill()?;
        if pieces.buffer.starts_with(&[0xff, 0xfe]) || pieces.buffer.starts_with(&[0xfe, 0xff]) {
            return Err(StartError::Encoding);
        }
        if pieces.buffer.starts_with(b"\xef\xbb\xbf") {
            pieces.buffer.drain(..3);
        }
        if kind == Kind::Separated {
            let name = name.to_ascii_lowercase();
            let name = name.strip_suffix(".gz").unwrap_or(&name);
            let extension = name.rsplit_once('.').map_or("", |(_, ending)| ending);
            let head = match std::str::from_utf8(&pieces.buffer) {
                Ok(head) => head,
                Err(error) => {
                    std::str::from_utf8(pieces.buffer.get(..error.valid_up_to()).unwrap_or_default()).unwrap_or("")
                }
            };
            let (rest, separator, line) = grid::start(extension, head);
            let said = head.len() - rest.len();
            pieces.separator = u8::try_from(separator).unwrap_or(b',');
            pieces.buffer.drain(..said);
            pieces.open = (0, line.into());
        }
        Ok(pieces)
    }

    /// Returns the sign between two columns.
    #[must_use]
    pub const fn separator(&self) -> char {
        self.separator as char
    }

    /// Returns the first record that is not blank, with its line: the header of separated values.
    ///
    /// # Errors
    /// What the system says.
    pub fn header(&mut self) -> io::Result<Option<(u64, Vec<u8>)>> {
        loop {
            self.look();
            let ends = self.starts.iter().skip(1).map(|s| s.0).chain([self.open.0]);
            let mut records = self.starts.iter().zip(ends).enumerate();
            let found = records.find_map(|(i, (&(start, line), end))| {
                let record = self.buffer.get(start..end)?;
                (!record.trim_ascii().is_empty()).then(|| (i, end, line, record.to_vec()))
            });
            if let Some((i, end, line, record)) = found {
                self.drop_front(end, i + 1);
                return Ok(Some((line, record)));
            }
            if self.ended {
                return Ok(None);
            }
            if self.buffer.len() >= MAX_RECORD_BYTES {
                return Err(io::Error::other("the header is longer than 16 MiB"));
            }
            self.fill()?;
        }
    }

    /// Returns the next piece; none at the end.
    ///
    /// # Errors
    /// What the system says.
    pub fn next_piece(&mut self) -> io::Result<Option<Piece>> {
        loop {
            self.look();
            let done = self.open.0;
            if done >= PIECE_BYTES || self.ended {
                if done == 0 && self.bad.is_empty() {
                    return Ok(None);
                }
                let bytes = self.buffer.get(..done).unwrap_or_default().to_vec();
                let starts = std::mem::take(&mut self.starts);
                self.drop_front(done, 0);
                return Ok(Some(Piece { bytes, starts, bad: std::mem::take(&mut self.bad) }));
            }
            if self.buffer.len() - done >= MAX_RECORD_BYTES {
                self.pass_over();
            }
            self.fill()?;
        }
    }

    /// Takes bytes, and the starts of so many records, out of the front.
    fn drop_front(&mut self, bytes: usize, records: usize) {
        self.buffer.drain(..bytes.min(self.buffer.len()));
        self.starts.drain(..records.min(self.starts.len()));
        self.starts.iter_mut().for_each(|s| s.0 -= bytes);
        self.seen -= bytes;
        self.open.0 -= bytes;
    }

    fn fill(&mut self) -> io::Result<()> {
        let before = self.buffer.len();
        let n = (&mut self.from).take(PIECE_BYTES as u64).read_to_end(&mut self.buffer)?;
        self.ended = n == 0;
        // A piece may have been cut short by a pipe; only nothing at all is the end.
        debug_assert!(self.buffer.len() == before + n, "bytes are added at the end");
        Ok(())
    }

    /// Gives up a record that is too long: what is read of it is forgotten, and the line that it ends on is the last to be lost.
    fn pass_over(&mut self) {
        if !self.skipping {
            let why = match self.state {
                State::Quoted => "a quotation mark is opened and not closed within 16 MiB: left out to the line after",
                _ => "the record is longer than 16 MiB: left out",
            };
            self.bad.push((self.open.1, why.to_owned()));
        }
        self.skipping = true;
        self.state = State::Plain;
        let lost = self.buffer.split_off(self.open.0);
        self.open.1 += memchr_iter(b'\n', &lost).count() as u64;
        self.seen = self.open.0;
    }

    /// Looks for the ends of records in what was not looked through yet.
    fn look(&mut self) {
        while let Some(end) = self.end_of_record() {
            let (start, line) = self.open;
            let lines = memchr_iter(b'\n', self.buffer.get(start..end).unwrap_or_default()).count() as u64;
            if self.skipping {
                self.skipping = false;
                self.buffer.drain(start..end);
                self.seen = start;
                self.open = (start, line + lines);
            } else {
                self.starts.push((start, line));
                self.open = (end, line + lines);
                self.seen = end;
            }
            self.state = State::Cell;
        }
    }

    /// Returns where the open record ends, if that is seen; at the end of the file it ends there.
    fn end_of_record(&mut self) -> Option<usize> {
        let rest = |at: usize| self.buffer.get(at..).unwrap_or_default();
        let mut at = self.seen;
        if self.kind == Kind::JsonLines {
            if let Some(n) = memchr(b'\n', rest(at)) {
                return Some(at + n + 1);
            }
            at = self.buffer.len();
        }
        while let Some(&byte) = self.buffer.get(at) {
            match self.state {
                State::Quoted => match memchr(b'"', rest(at)) {
                    Some(n) => (at, self.state) = (at + n + 1, State::Closing),
                    None => at = self.buffer.len(),
                },
                State::Cell | State::Closing if byte == b'"' => (at, self.state) = (at + 1, State::Quoted),
                State::Cell | State::Closing | State::Plain => match memchr2(self.separator, b'\n', rest(at)) {
                    Some(n) if self.buffer.get(at + n) == Some(&b'\n') => {
                        return Some(at + n + 1);
                    }
                    Some(n) => (at, self.state) = (at + n + 1, State::Cell),
                    None => (at, self.state) = (self.buffer.len(), State::Plain),
                },
            }
        }
        self.seen = at;
        (self.ended && self.open.0 < self.buffer.len()).then_some(self.buffer.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a few bytes at a time.
    struct Drip<'b>(&'b [u8], usize);

    impl Read for Drip<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let n = self.1.min(self.0.len()).min(into.len());
            into[..n].copy_from_slice(&self.0[..n]);
            self.0 = &self.0[n..];
            Ok(n)
        }
    }

    type All = (Vec<(u64, String)>, Vec<(u64, String)>);

    fn all(bytes: &[u8], kind: Kind, step: usize) -> All {
        let mut pieces = Pieces::new(Drip(bytes, step), kind, "t.csv").unwrap();
        let (mut records, mut bad) = (Vec::new(), Vec::new());
        while let Some(piece) = pieces.next_piece().unwrap() {
            records.extend(piece.records().map(|(line, r)| (line, String::from_utf8_lossy(r).into_owned())));
            bad.extend(piece.bad);
        }
        (records, bad)
    }

    #[track_caller]
    fn check(text: &str, kind: Kind, want: &[(u64, &str)]) {
        for step in [1, 2, 3, 7, 1 << 20] {
            let (records, bad) = all(text.as_bytes(), kind, step);
            let records: Vec<(u64, &str)> = records.iter().map(|(line, r)| (*line, r.as_str())).collect();
            assert_eq!((records.as_slice(), bad.as_slice()), (want, [].as_slice()), "{step} bytes at a time: {text:?}");
        }
    }

    #[test]
    fn records_are_whole_however_the_bytes_come() {
        check(
            "{}\n{\"a\":\"\\n\"}\n\n{}",
            Kind::JsonLines,
            &[(1, "{}\n"), (2, "{\"a\":\"\\n\"}\n"), (3, "\n"), (4, "{}")],
        );
        check("a,b\r\n1,\"x\ny\"\r\n2,z", Kind::Separated, &[(1, "a,b\r\n"), (2, "1,\"x\ny\"\r\n"), (4, "2,z")]);
        // A quotation mark within a cell opens nothing; two within quotation marks close nothing.
        check("a,5\" pipe\nb,\"6\"\" \n\"\n", Kind::Separated, &[(1, "a,5\" pipe\n"), (2, "b,\"6\"\" \n\"\n")]);
        check("a,\"\"\nb,\"\"\"\n\"\n", Kind::Separated, &[(1, "a,\"\"\n"), (2, "b,\"\"\"\n\"\n")]);
        // The last may be open.
        check("a,b\n\"x\ny", Kind::Separated, &[(1, "a,b\n"), (2, "\"x\ny")]);
        check("\u{feff}a,b\n", Kind::Separated, &[(1, "a,b\n")]);
        check("sep=;\na;b\n", Kind::Separated, &[(2, "a;b\n")]);
        check("", Kind::Separated, &[]);
    }

    #[test]
    fn a_record_without_end_costs_no_more_than_its_bound_and_is_told() {
        let long = "x".repeat(MAX_RECORD_BYTES + 3 * PIECE_BYTES);
        let (records, bad) = all(format!("a\n{long}\nb\n").as_bytes(), Kind::JsonLines, 1 << 16);
        assert_eq!(records, [(1, "a\n".to_owned()), (3, "b\n".to_owned())]);
        assert_eq!(bad.iter().map(|b| b.0).collect::<Vec<_>>(), [2]);
        let lines = "x\n".repeat(MAX_RECORD_BYTES / 2 + PIECE_BYTES);
        let (records, bad) = all(format!("a,b\n1,\"{lines}2,y\n").as_bytes(), Kind::Separated, 1 << 16);
        assert_eq!((records[0].0, bad[0].0, bad.len()), (1, 2, 1));
        assert!(bad[0].1.contains("not closed"), "{bad:?}");
        assert_eq!(records.last().unwrap().1, "2,y\n");
        let last = (lines.matches('\n').count() + 2) as u64;
        assert_eq!(records.last().unwrap().0, last);
    }

    #[test]
    fn pieces_hold_every_record_once() {
        let rows: String = (0..40_000).map(|i| format!("{i},\"row\n{i}\"\n")).collect();
        let (records, _) = all(format!("n,text\n{rows}").as_bytes(), Kind::Separated, 1 << 13);
        assert_eq!(records.len(), 40_001);
        assert!(
            records
                .iter()
                .skip(1)
                .enumerate()
                .all(|(i, (line, r))| { *line == 2 + 2 * i as u64 && r.starts_with(&format!("{i},")) })
        );
    }

    #[test]
    fn the_header_is_the_first_record_that_says_something() {
        let mut pieces = Pieces::new(Drip(b"\n\na,\"b\nc\"\n1,2\n", 2), Kind::Separated, "t.csv").unwrap();
        assert_eq!(pieces.header().unwrap(), Some((3, b"a,\"b\nc\"\n".to_vec())));
        let piece = pieces.next_piece().unwrap().unwrap();
        assert_eq!(piece.records().collect::<Vec<_>>(), [(5, b"1,2\n".as_slice())]);
        assert!(matches!(Pieces::new(Drip(b"\xff\xfea", 9), Kind::Separated, ""), Err(StartError::Encoding)));
    }
}
