//! Who codes the same words as the same concept twice has coded them once.

use crate::support::{act, both, mark, place, study};
use nomoscope_core::study::CodingStatus;
use nomoscope_desk::Act;

#[test]
fn the_same_coding_twice_is_one() {
    let (_dir, desks) = both(&[("sources/a.txt", "Work in Palermo.")]);
    for desk in &desks {
        let coding = mark(desk, "sources/a.txt", "Palermo");
        let again = |memo: &str| {
            let span = place(&study(desk), "sources/a.txt", "Palermo");
            let act_ = Act::Mark {
                source: "sources/a.txt".to_owned(),
                span,
                concept: "place".to_owned(),
                memo: memo.to_owned(),
            };
            act(desk, &act_).event
        };
        assert_eq!(again(""), None);
        assert_eq!(again("on Palermo"), None);
        assert_eq!(study(desk).codings.len(), 1);
        // A note is not lost, nor the one that was there.
        assert!(again("a town").is_some());
        assert_eq!(study(desk).codings[0].memo, "on Palermo\na town");
        act(desk, &Act::Reject { coding: coding.id.to_string() });
        assert!(again("").is_some());
        let codings = study(desk).codings;
        assert_eq!((codings.len(), codings[0].status), (1, CodingStatus::Accepted));
        desk.apply(
            &Act::Mark {
                source: "sources/a.txt".to_owned(),
                span: codings[0].span,
                concept: "place".to_owned(),
                memo: String::new(),
            },
            "ben",
        )
        .unwrap();
        assert_eq!(study(desk).codings.len(), 2, "another person's is their own");
    }
}
