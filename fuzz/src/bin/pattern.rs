#![no_main]

use nomoscope_core::codebook::pattern::Pattern;
use nomoscope_core::codebook::{Codebook, Concept, PatternText, Role};
use nomoscope_core::coding::Matcher;
use std::collections::{BTreeMap, BTreeSet};

// A pattern and, after a NUL, a text.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let both = String::from_utf8_lossy(bytes);
    let (pattern, text) = both.split_once('\0').unwrap_or((&both, &both));
    if let Err(error) = Pattern::parse(pattern) {
        return assert!(!error.to_string().is_empty());
    }
    let concept = Concept {
        id: "a".to_owned(),
        roles: BTreeSet::from([Role::Problem]),
        patterns: BTreeMap::from([("und".to_owned(), vec![PatternText { text: pattern.to_owned(), line: 1 }])]),
        ..Concept::default()
    };
    let Ok(book) = Codebook::new("t".to_owned(), "1".to_owned(), vec![concept]) else { return };
    if let Ok(matcher) = Matcher::new(&book, &[]) {
        assert!(matcher.find(text).iter().all(|hit| !hit.span.of(text).is_empty()));
    }
});
