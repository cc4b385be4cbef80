//! Filling the models of figures.

use super::answer::{Group, Key, Terms};
use nomoscope_figure::keyness::{self, Keyness, Word};
use nomoscope_figure::{Figure, Heading, View};
use nomoscope_stats::fourfold::per_ten_thousand;

/// Groups that get a figure.
pub const GROUPS: usize = 6;

/// Returns a figure for each group that something sets apart; of two groups one, for it shows both.
#[must_use]
pub fn keyness(answer: &Terms, view: View) -> Vec<Figure> {
    let shown = if answer.groups.len() == 2 { 1 } else { GROUPS };
    let telling = answer.groups.iter().filter(|group| !group.more.is_empty() || !group.less.is_empty());
    telling.take(shown).enumerate().map(|(at, group)| keyness::draw(&model(answer, group, at), view)).collect()
}

fn model(answer: &Terms, group: &Group, at: usize) -> Keyness {
    let others = match answer.groups.as_slice() {
        [one, two] => {
            if one.name == group.name {
                two.name.clone()
            } else {
                one.name.clone()
            }
        }
        _ => "all others".to_owned(),
    };
    let words = |keys: &[Key]| keys.iter().map(|key| word(answer, group, key)).collect();
    Keyness {
        heading: Heading { id: format!("{}-{}", keyness::ID, at + 1), ..Heading::default() },
        groups: [group.name.clone(), others],
        more: [words(&group.more), words(&group.less)],
    }
}

fn word(answer: &Terms, group: &Group, key: &Key) -> Word {
    Word {
        word: answer.written(key.term).to_owned(),
        log_likelihood: key.log_likelihood.abs(),
        n: [key.n, key.n_others],
        per_10000: [per_ten_thousand(key.n, group.all), per_ten_thousand(key.n_others, group.all_others)],
        href: None,
    }
}
