//! Words that join others and say little alone, a row a language: left out of lists of frequent words and phrases.
//!
//! Short lists, written for this program: articles, pronouns, prepositions, conjunctions, auxiliaries and what is left of them
//! in front of an apostrophe. "Not" and its like are among them; whoever asks after negation asks for cues or a concordance.
//! A language without a row has no stop words.

use super::language::primary;
use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

static STOP_WORDS: &[(&str, &str)] = &[
    (
        "en",
        "a about above after again against all also although am among an and another any are as at be because been before \
         being below between both but by can cannot could did do does doing don't down during each either etc every few for \
         from further had has have having he hence her here hers herself him himself his how however i i'd i'll i'm i've if \
         in into is isn't it it's its itself just least less let many may me might more most much must my myself neither no \
         nor not now of off on once one only or other others our ours out over own per rather same shall she should since so \
         some such than that that's the their theirs them themselves then there thereby therefore therein thereof thereto \
         these they they're this those though through thus to too under unless until up upon us very was wasn't we were \
         what when where whereas whether which while who whom whose why will with within without would yes yet you your \
         yours yourself",
    ),
    (
        "fr",
        "a à afin ai ainsi alors après au aucun aucune aussi autre autres aux avait avant avec avoir c ce ceci cela celle \
         celles celui ces cet cette ceux chaque chez ci comme comment contre d dans de depuis des dès doit doivent donc dont \
         du durant elle elles en encore entre est et étaient était été être eu eux fait il ils j je jusqu l la là laquelle \
         le lequel les lesquelles lesquels leur leurs lors lorsque lui m ma mais me même mêmes mes moi moins mon n ne ni non \
         nos notre nous on ont ou où par parce pas pendant peut peuvent plus plusieurs pour pourquoi qu quand que quel \
         quelle quelles quelque quelques quels qui quoi s sa sans se selon sera seront ses si soient soit son sont sous sur \
         t ta tant te tel telle telles tels tes toi ton tous tout toute toutes très tu un une vers vos votre vous y",
    ),
    (
        "es",
        "a al algo algún alguna algunas algunos ante antes aquel aquella aquellas aquellos así aun aunque cada como con \
         contra cual cuales cualquier cuando cuyo de del desde donde dos durante e el él ella ellas ellos en entre era eran \
         es esa esas ese eso esos esta está están estas este esto estos fue fueron ha haber había habían han hasta hay la \
         las le les lo los mas más me mediante mi mientras mis misma mismas mismo mismos muy ni no nos nosotros nuestra \
         nuestro o otra otras otro otros para pero podrá podrán por porque pues que qué quien quienes sea sean según ser si \
         sí sido sin sino sobre son su sus también tal tales tan tanto te tener tiene tienen toda todas todo todos tras tu u \
         un una unas uno unos usted y ya yo",
    ),
    (
        "de",
        "ab aber alle allem allen aller alles als also am an ander andere anderen anderer anderes auch auf aus bei beim bin \
         bis bist da dabei dadurch damit dann daran darauf darf dürfen das dass daß davon dazu dein dem den denen denn der \
         deren des dessen die dies diese diesem diesen dieser dieses doch dort du durch eben ein eine einem einen einer eines \
         einige er es etwa etwas euch für gegen hab habe haben hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre \
         ihrem ihren ihrer ihres im in ins ist ja jede jedem jeden jeder jedes jedoch jene kann kein keine keinem keinen \
         können man mehr mein meine mich mir mit muss müssen nach nicht nichts noch nun nur ob oder ohne sehr sei sein seine \
         seinem seinen seiner seit sich sie sind so sofern solche solchen soll sollen sowie über um und uns unser unter vom \
         von vor war waren warum was weder weil welche welchem welchen welcher welches wenn wer werden wie wieder will wir \
         wird wo wurde wurden zu zum zur zwar zwischen",
    ),
    (
        "it",
        "a ad agli ai al alcun alcuna alcune alcuni alla alle allo altra altre altri altro anche ancora avere c che chi ci \
         ciascun ciascuno ciò coi col come con contro cui d da dagli dai dal dalla dalle dallo degli dei del dell della delle \
         dello deve devono di dopo dove due durante e è ed egli era erano essa esse essere essi esso fa fino fra gli ha hanno \
         i il in io l la le lei lo loro lui ma me mediante mentre mi mia mio molto ne né negli nei nel nella nelle nello no \
         noi non nostra nostro o ogni oltre per perché più può possono prima qual quale quali quando quanto quella quelle \
         quelli quello questa queste questi questo se sei senza si sia siano sono sotto stata state stati stato su sua sue \
         sugli sui sul sulla sulle suo suoi tale tali tra tu tutta tutte tutti tutto un una uno vi voi",
    ),
    (
        "pt",
        "a à ainda ante antes ao aos apenas aquela aquele aqueles às as até cada com como contra da das de dela delas dele \
         deles depois desde dessa desse desta deste deve devem do dos durante e é ela elas ele eles em entre era eram essa \
         essas esse esses esta está estão estas este estes eu foi foram há isso isto já lhe lhes mais mas me mediante mesma \
         mesmo mesmos meu minha muito na não nas nem nenhum nessa nesse nesta neste no nos nós nossa nosso num numa o os ou \
         outra outras outro outros para pela pelas pelo pelos pode podem por porque qual quais qualquer quando que quem são \
         se seja sejam sem ser será seu seus sobre sua suas tal tais também tem têm ter toda todas todo todos tu um uma umas \
         uns você",
    ),
    (
        "nl",
        "aan af al alle alles als altijd andere ben bij daar daarom dan dat de der deze die dit doch doen door dus een en er \
         ge geen had hadden heb hebben heeft hem het hier hij hoe hun iemand iets ik in indien is ja je kan kon kunnen maar \
         me meer men met mij mijn moet moeten na naar niet niets nog nu of om omdat onder ons ook op over reeds te tegen ten \
         ter toch toen tot u uit uw van veel voor waar want waren was wat werd werden wezen wie wij wil word worden wordt zal \
         ze zelf zich zij zijn zo zonder zou zulke",
    ),
];

/// Returns whether there are stop words of the language.
#[must_use]
pub fn has_stop_words(language: &str) -> bool {
    let language = primary(language);
    STOP_WORDS.iter().any(|(of, _)| *of == language)
}

/// Returns the stop words of these languages, in lower case with their accents.
#[must_use]
pub fn stop_words<'l>(languages: impl IntoIterator<Item = &'l str>) -> BTreeSet<&'static str> {
    let wanted: BTreeSet<String> = languages.into_iter().map(primary).collect();
    let rows = STOP_WORDS.iter().filter(|(language, _)| wanted.contains(*language));
    rows.flat_map(|(_, words)| words.split(' ').filter(|word| !word.is_empty())).collect()
}

/// The languages with a row, in the order of their rows: bit i of [`rows_of`] stands for the i-th.
pub(super) fn languages_with_rows() -> impl Iterator<Item = &'static str> {
    STOP_WORDS.iter().map(|(language, _)| *language)
}

/// Returns the rows in which a word in lower case stands, a bit a row.
pub(super) fn rows_of(word: &str) -> u8 {
    /// Every word of every row with its rows.
    static ROWS: LazyLock<HashMap<&'static str, u8, Quick>> = LazyLock::new(|| {
        let mut rows = HashMap::default();
        for (row, (_, words)) in STOP_WORDS.iter().enumerate() {
            for word in words.split(' ').filter(|word| !word.is_empty()) {
                *rows.entry(word).or_default() |= 1 << row;
            }
        }
        rows
    });
    ROWS.get(word).copied().unwrap_or(0)
}

/// A hash of short words: what is looked up is never chosen by whom it could hurt, for the table does not grow.
#[derive(Default)]
struct QuickHasher(u64);

type Quick = BuildHasherDefault<QuickHasher>;

impl Hasher for QuickHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(8) {
            let mut eight = [0; 8];
            eight[..part.len()].copy_from_slice(part);
            self.0 = (self.0.rotate_left(5) ^ u64::from_le_bytes(eight)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
        // The table takes the upper bits for its tags and the lower ones for the place.
        self.0 ^= self.0 >> 32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stop_words_are_in_lower_case_and_none_stands_twice() {
        for (language, words) in STOP_WORDS {
            let list: Vec<&str> = words.split(' ').filter(|word| !word.is_empty()).collect();
            let set = stop_words([*language]);
            assert_eq!(set.len(), list.len(), "{language}: a word stands twice");
            assert!(list.iter().all(|word| word.to_lowercase() == **word), "{language}");
            assert!(has_stop_words(language));
        }
        assert!(stop_words(["EN-gb"]).contains("the"));
        assert!(stop_words(["en", "fr"]).contains("dont"));
        assert!(stop_words(["th"]).is_empty() && !has_stop_words("th"));
    }

    #[test]
    fn each_word_knows_its_rows() {
        for (row, language) in languages_with_rows().enumerate() {
            assert!(stop_words([language]).iter().all(|word| rows_of(word) & (1 << row) != 0), "{language}");
        }
        let of = |word: &str| -> Vec<&str> {
            languages_with_rows()
                .enumerate()
                .filter(|(row, _)| rows_of(word) & (1 << row) != 0)
                .map(|(_, l)| l)
                .collect()
        };
        assert_eq!(of("the"), ["en"]);
        assert_eq!(of("que"), ["fr", "es", "pt"]);
        assert!(of("trafficking").is_empty());
    }
}
