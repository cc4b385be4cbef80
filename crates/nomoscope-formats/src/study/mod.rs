//! The files of a study folder: `study.toml`, `sources.csv`, `codings.csv`, `coders.csv`, `memos.csv`, `history.jsonl`, and
//! those of [`annotations_csv`]: passages, cases, sets, variables, links.
//!
//! Each reader reports everything that is wrong with its file at once, with line numbers. `codebook.toml` is read elsewhere.

pub mod annotations_csv;
pub mod codings_csv;
pub mod csv;
pub mod described;
pub mod history_jsonl;
pub mod mentions;
pub mod offsets;
pub mod people_csv;
mod places;
pub mod quote;
pub mod sources_csv;
pub mod study_toml;
mod utf8;

pub use nomoscope_core::problem::{Problem, Problems};
pub use utf8::utf8;

/// The settings of a study.
pub const STUDY_TOML: &str = "study.toml";
/// The concepts.
pub const CODEBOOK_TOML: &str = "codebook.toml";
/// The sources with their attributes.
pub const SOURCES_CSV: &str = "sources.csv";
/// The codings.
pub const CODINGS_CSV: &str = "codings.csv";
/// The coders.
pub const CODERS_CSV: &str = "coders.csv";
/// The memos.
pub const MEMOS_CSV: &str = "memos.csv";
/// The passages.
pub const PASSAGES_CSV: &str = "passages.csv";
/// The cases.
pub const CASES_CSV: &str = "cases.csv";
/// The sets.
pub const SETS_CSV: &str = "sets.csv";
/// What belongs to which case or set.
pub const MEMBERS_CSV: &str = "members.csv";
/// The variables.
pub const VARIABLES_CSV: &str = "variables.csv";
/// Their values.
pub const VALUES_CSV: &str = "values.csv";
/// The links.
pub const LINKS_CSV: &str = "links.csv";
/// Identities that other programs gave.
pub const FOREIGN_IDS_CSV: &str = "foreign_ids.csv";
/// The log of changes.
pub const HISTORY_JSONL: &str = "history.jsonl";

/// How many names of one file are compared with all others to say what was meant.
///
/// When a folder was renamed every row is wrong, and comparing all with all would take longer than the reading.
pub const MAX_HINTS: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read_all(bytes: &[u8]) {
        let texts = [("a", "né à"), ("b", "")].into();
        let _ = study_toml::parse(bytes);
        let _ = sources_csv::parse(bytes);
        let _ = codings_csv::parse(bytes, &texts);
        let _ = people_csv::parse_coders(bytes);
        let _ = people_csv::parse_memos(bytes, &mut mentions::Mentions::new());
        let mut reader = annotations_csv::Reader::new(&texts);
        for file in annotations_csv::FILES {
            reader.read(file, bytes);
        }
        let _ = history_jsonl::parse(bytes);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80), body in "[\"a,é\\r\n\\-0-9=\\[\\]{}:.]{0,60}") {
            read_all(&bytes);
            read_all(body.as_bytes());
            read_all(format!("path,title,date\n{body}").as_bytes());
            read_all(format!("id,source,start,end,quote,concept,coder\n{body}").as_bytes());
            read_all(format!("id,about,text\n{body}").as_bytes());
            read_all(format!("id,source,start,end,quote\n{body}").as_bytes());
            read_all(format!("id,name,kind\n{body}").as_bytes());
            read_all(format!("id,from,to,direction\n{body}").as_bytes());
            read_all(format!("title = {body}").as_bytes());
        }
    }

    #[test]
    fn many_wrong_rows_are_told_quickly() {
        let names: Vec<String> = (0..2000).map(|i| format!("sources/a-long-name-of-a-source-{i}.txt")).collect();
        let texts = names.iter().map(|n| (n.as_str(), "")).collect();
        let rows: String =
            (0..20_000).map(|i| format!("{i},texts/a-long-name-of-a-source-{i}.txt,0,1,x,c,ana\n")).collect();
        let file = format!("id,source,start,end,quote,concept,coder\n{rows}");
        let problems = codings_csv::parse(file.as_bytes(), &texts).expect_err("is bad");
        assert_eq!(problems.as_slice().len(), 20_000);
        assert!(problems.to_string().ends_with("and 19950 more"));
    }
}
