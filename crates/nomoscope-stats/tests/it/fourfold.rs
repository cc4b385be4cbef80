//! Keyness and collocation: against Dunning's own table, and against nltk 3.10.4 and scipy 1.17.1.

use nomoscope_stats::fourfold::{Fourfold, log_dice, per_ten_thousand, times};
use proptest::prelude::*;

fn table(here: u64, all_here: u64, there: u64, all_there: u64) -> Fourfold {
    Fourfold::new((here, all_here), (there, all_there)).unwrap()
}

#[track_caller]
fn near(have: f64, want: f64) {
    assert!((have - want).abs() <= 1e-12 * want.abs().max(1.0), "{have}, not {want}: {:e}", (have - want).abs());
}

#[test]
fn log_likelihood_of_dunning() {
    // Dunning (1993), table 1: 110 of "the swiss", 2442, 111 and 29114 of the rest; -2 log lambda printed as 270.72.
    let swiss = table(110, 110 + 2442, 111, 111 + 29114).log_likelihood();
    assert!((swiss - 270.72).abs() < 0.005, "{swiss}");
}

#[test]
fn measures_agree_with_nltk_and_scipy() {
    // nltk.metrics.BigramAssocMeasures (likelihood_ratio, pmi, student_t); scipy.stats.contingency.relative_risk at 0.95 (SciPy 1.17.1).
    let rows = [
        ((20, 1000, 5, 3000), 33.562_929_074_973_73, 1.678_071_905_112_638_3, 3.074_593_469_062_210_5),
        ((110, 2442, 111, 29114), 278.386_001_791_392_23, 2.685_236_391_375_65, 8.857_442_654_951_484),
        ((3, 500, 40, 600), 32.503_198_347_190_995, -2.703_798_730_231_007, -9.552_522_635_682_9),
        ((7, 100, 93, 1000), 0.622_977_055_074_745_3, -0.377_069_649_079_823_3, -0.790_289_352_655_657_3),
    ];
    for ((here, all_here, there, all_there), likelihood, information, t) in rows {
        let found = table(here, all_here, there, all_there);
        near(found.log_likelihood(), likelihood);
        near(found.mutual_information().unwrap(), information);
        near(found.t_score().unwrap(), t);
        assert_eq!(found.is_more(), information > 0.0);
        assert_eq!(found.signed_log_likelihood() > 0.0, information > 0.0);
    }
    // scipy.stats.chi2_contingency(lambda_="log-likelihood", correction=False), with an empty cell.
    near(table(0, 100, 7, 900).log_likelihood(), 1.480_518_632_229_239);
    let rows = [
        ((20, 1000, 5, 3000), [3.584_962_500_721_156, 2.174_922_554_422_052_3, 4.995_002_447_020_26]),
        ((3, 500, 40, 600), [-3.473_931_188_332_412, -5.157_895_241_590_888, -1.789_967_135_073_937_5]),
    ];
    for ((here, all_here, there, all_there), [point, lower, upper]) in rows {
        let (ratio, interval) = table(here, all_here, there, all_there).log_ratio(0.95).unwrap();
        near(ratio, point);
        near(interval.lower.unwrap(), lower);
        near(interval.upper.unwrap(), upper);
    }
    // 14 + log2(BigramAssocMeasures.dice(10, (20, 40), 1000)).
    near(log_dice(10, 20, 40).unwrap(), 12.415_037_499_278_844);
}

#[test]
fn limits() {
    near(log_dice(7, 7, 7).unwrap(), 14.0);
    assert!(log_dice(0, 7, 7).is_err() && log_dice(8, 7, 9).is_err());
    assert!(Fourfold::new((3, 2), (0, 1)).is_err() && Fourfold::new((0, 2), (2, 1)).is_err());
    let nothing = table(0, 0, 0, 0);
    assert_eq!((nothing.log_likelihood(), nothing.expected()), (0.0, 0.0));
    assert!(nothing.log_ratio(0.95).is_err() && nothing.mutual_information().is_none() && nothing.t_score().is_none());
    let never = table(0, 100, 7, 900);
    let (ratio, interval) = never.log_ratio(0.95).unwrap();
    assert!(ratio < 0.0 && interval.contains(ratio) && interval.upper.unwrap() > 0.0);
    assert!(never.log_ratio(1.0).is_err());
    near(per_ten_thousand(3, 20_000), 1.5);
    near(times(3.0), 8.0);
}

proptest! {
    /// Neither which side is called here nor whether a word or all others are counted changes the size of a difference.
    #[test]
    fn the_likelihood_does_not_care_for_names(
        (all_here, here) in (1_u64..5000).prop_flat_map(|n| (Just(n), 0..=n)),
        (all_there, there) in (1_u64..5000).prop_flat_map(|n| (Just(n), 0..=n)),
    ) {
        let found = table(here, all_here, there, all_there).log_likelihood();
        let turned = table(there, all_there, here, all_here).log_likelihood();
        let others = table(all_here - here, all_here, all_there - there, all_there).log_likelihood();
        prop_assert!(found >= 0.0 && found.is_finite());
        prop_assert!((found - turned).abs() < 1e-6 && (found - others).abs() < 1e-6);
        let (ratio, interval) = table(here, all_here, there, all_there).log_ratio(0.95).unwrap();
        prop_assert!(interval.contains(ratio));
    }
}
