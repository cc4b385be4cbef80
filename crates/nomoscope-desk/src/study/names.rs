//! What in texts may tell who somebody is: names, places, dates, telephone numbers, addresses of mail, numbers of papers.
//!
//! Rules and short lists of our own, without a model: they propose, a person decides. A word is taken for a name on evidence:
//! a given name, a title or words such as *my name is* before it, a label before a colon; weaker evidence is a capital within
//! a sentence on a word that is nowhere written small. Scripts without capitals have only the evidence of words before a
//! name, of which there are none here: in such texts names have to be listed by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Something that may tell who somebody is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// `name`, `place`, `date`, `phone`, `mail` or `id`.
    pub kind: &'static str,
    /// The words.
    pub found: String,
    /// What could take their place: the same for all forms of one name.
    pub replacement: String,
    /// How often they stand in the texts.
    pub times: usize,
    /// In how many texts.
    pub texts: usize,
    /// Whether the evidence is good enough to be taken unless somebody says no.
    pub is_sure: bool,
    /// Where they stand first, with the words around.
    pub example: String,
}

/// How many proposals there are at most.
const MOST: usize = 20_000;
/// The longest name, in words.
const LONGEST: usize = 5;

const TITLES: &str = "mr mrs ms miss dr prof professor judge justice madame mme mlle monsieur sir lady señor señora señorita sr sra herr frau don doña dona sheikh imam father sister brother officer inspector sergeant captain colonel aunt auntie uncle mama baba papa nurse";
const BEFORE: [&str; 22] = [
    "name is",
    "name was",
    "names are",
    "named",
    "called",
    "known as",
    "i am",
    "i’m",
    "i'm",
    "this is",
    "friend",
    "daughter",
    "son",
    "wife",
    "husband",
    "m’appelle",
    "m'appelle",
    "nommée",
    "nommé",
    "me llamo",
    "se llama",
    "ich heiße",
];
const PARTICLES: &str =
    "de da do dos das du del della di van von der den la le el al bin ben ibn bint abu ould ter ten";
const NO_NAMES: &str = "i a the q r interviewer interviewee respondent moderator speaker question answer note article section chapter part court convention protocol state states government ministry police embassy united nations union council committee commission general secretary president minister god allah bible quran koran internet facebook whatsapp english french spanish german arabic chinese russian portuguese italian turkish dutch african european asian american muslim christian catholic monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december lundi mardi mercredi jeudi vendredi samedi dimanche janvier février mars avril mai juin juillet août septembre octobre novembre décembre yes no ok okay well so and but then he she they we you it when where what who why how my his her our their this that these those there here after before because if in on at to from for with as not never";
const GIVEN: &str = "aaron abdul abdullah abebe abel abigail adam ade adriana agnes agnieszka ahmed aicha aisha akosua alan albert alejandra alejandro alemayehu alex alexander alexandra ali alice alina alma almaz amadou amal amanda amara amina aminata amir amira ana anastasia anders andrea andreas andrei andrew angela anh anita ann anna anne anton antonia antonio anthony aram arjun arthur arturo asha ashraf astrid ayesha ayşe babajide bakary barbara beatriz ben benjamin berta bianca bilal blessing bogdan boris brian bruno camila carla carlos carmen caroline catherine cecilia chantal charles charlotte chen chidi chiara chinedu chris christina christine christopher clara claudia collins comfort cristina dalia daniel daniela david dawit deborah denise desmond diana diego dilnoza dimitri divya dmitri dora edith edward elena eleni elias elif elisa elizabeth ella emeka emilia emily emma emmanuel eric erika ernesto esther ethan eva faith fatima fatma fatou fatoumata felix fernanda fernando fiona francis francisco françoise frank friday gabriel gabriela gary george gift gina giorgio giulia gloria goran grace gregory guadalupe habiba hafsa hala hamid hannah hans haruka hassan hawa helen helena henry hiba hoa hope hugo hussein ibrahim ida ifeoma ilse imran ines ioana irina isaac isabel isabella ivan jacob jamal james jan jana jane jasmin jean jelena jennifer jessica joan joana johan johannes john jonas jonathan jorge josé joseph joshua joy juan juana judith julia juliana julie julien kadiatou karen karim karin katarina kate katherine kevin khadija khalid kofi kwame lahcen laila lan larissa laura lea leila lena leyla lidia linda linh lisa lorenzo louis louise lucas lucia lucy luis luisa luka lydia magdalena mahmoud mai malik manuel marco margaret maria mariam mariama marie marina mario mark marta martha martin mary mateo matthew maya mehmet mei mercy michael michelle miguel mihai mila milan milena minh miriam mirela mohamed mohammed monica moses moussa musa mustafa nadia naima nana nancy naomi natalia nelson ngozi nguyen nicolas nicole nikola nina noah noor nora nour nuno olena olga oluwaseun omar oscar osman pablo paola patricia patrick paul paula pedro peter petra phuong pierre precious priya rachel rafael rahel rania rashid raul rebecca richard rita robert roberto rosa rose ruth said salim salma samir samira samuel sandra sara sarah sergei sergio seyni shanti sharon simon sita sofia somchai sonia sophia sophie stefan stefania stephanie stephen steven sunday suleiman sunita susan svetlana tamara tatiana teresa tesfaye thabo thandiwe theresa thomas thu tigist tomas tunde ursula valentina vera veronica victor victoria viktor vincent violeta wanjiru william xavier yasmin yelena yosef youssef yusuf zahra zainab zeynep zoe";
const PLACES: &str = "abidjan abuja accra addis ababa agadez albania algeria algiers amman amsterdam angola ankara antwerp asmara athens australia austria bamako bangkok bangladesh barcelona beijing beirut belgium belgrade benghazi benin berlin bolivia bosnia brazil brussels bucharest budapest bulgaria burkina faso burundi cairo calais cambodia cameroon canada casablanca chad chile china chisinau colombia conakry congo copenhagen cotonou croatia cyprus dakar damascus delhi denmark dhaka dubai dublin ecuador edo egypt england eritrea ethiopia finland france freetown gambia geneva georgia germany ghana greece guatemala guinea haiti hamburg hanoi honduras hungary india indonesia iran iraq ireland israel istanbul italy ivory coast jakarta jordan kabul kampala kano kathmandu kenya khartoum kiev kosovo kuwait kyiv kyrgyzstan lagos laos lebanon liberia libya lille lisbon london lyon madrid malawi malaysia mali malta manila marseille mauritania mexico milan moldova mombasa morocco moscow mozambique mumbai munich myanmar nairobi naples nepal netherlands niamey niger nigeria norway oslo pakistan palermo paris peru philippines phnom penh poland portugal prague pristina romania rome russia rwanda sabha senegal serbia sierra leone singapore sofia somalia spain sri lanka stockholm sudan sweden switzerland syria tanzania tehran thailand togo tripoli tunis tunisia turin turkey uganda ukraine uzbekistan venezuela vienna vietnam warsaw yemen zambia zimbabwe";
const PLACE_BEFORE: &str = "in from near to at via through leaving reached à depuis en desde hasta nach aus bei";
const MONTHS: &str = "january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec janvier février mars avril mai juin juillet août septembre octobre novembre décembre enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre januar februar märz juni juli oktober dezember";
const PAPERS: &str = "passport passeport pasaporte reisepass id identity card visa permit licence license case file dossier number no nr n° nº num numéro número ref reference";

fn list(words: &'static str) -> BTreeSet<&'static str> {
    words.split(' ').collect()
}

/// A word of a text.
#[derive(Debug, Clone, Copy)]
struct Word<'t> {
    text: &'t str,
    start: usize,
    end: usize,
    /// Whether a sentence, a line or a quotation begins with it.
    is_first: bool,
}

impl Word<'_> {
    fn is_capital(&self) -> bool {
        // `al-Rashid` is as good a name as `Rashid`.
        let joined = self.text.split_once('-').filter(|(first, _)| PARTICLES.split(' ').any(|p| p == *first));
        joined.map_or(self.text, |(_, name)| name).chars().next().is_some_and(char::is_uppercase)
    }

    fn lower(&self) -> String {
        self.text.to_lowercase()
    }
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut out = Vec::new();
    let mut start = None;
    let mut fresh = true;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let inner = matches!(c, '-' | '\'' | '’')
            && start.is_some()
            && chars.peek().is_some_and(|(_, next)| next.is_alphanumeric());
        if c.is_alphanumeric() || inner {
            start.get_or_insert(at);
            continue;
        }
        if let Some(start) = start.take() {
            let word = text.get(start..at).unwrap_or_default();
            out.push(Word {
                text: without_genitive(word),
                start,
                end: start + without_genitive(word).len(),
                is_first: fresh,
            });
            fresh = false;
        }
        fresh |= matches!(c, '.' | '!' | '?' | ':' | '\n' | '“' | '"' | '«' | '(' | '[' | '—' | '–' | '•');
    }
    if let Some(start) = start {
        let word = text.get(start..).unwrap_or_default();
        out.push(Word {
            text: without_genitive(word),
            start,
            end: start + without_genitive(word).len(),
            is_first: fresh,
        });
    }
    out
}

fn without_genitive(word: &str) -> &str {
    ["'s", "’s"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word)
}

/// What is known of all texts together.
struct Lists {
    titles: BTreeSet<&'static str>,
    particles: BTreeSet<&'static str>,
    no_names: BTreeSet<&'static str>,
    given: BTreeSet<&'static str>,
    places: BTreeSet<&'static str>,
    place_before: BTreeSet<&'static str>,
    months: BTreeSet<&'static str>,
    papers: BTreeSet<&'static str>,
    /// Words that are written small somewhere.
    small: BTreeSet<String>,
}

type Found = BTreeMap<(&'static str, String), bool>;

/// Returns what in texts may tell who somebody is, the surest first; `known` are pseudonyms that were given before.
#[must_use]
pub fn propose(texts: &[(&str, &str)], known: &BTreeMap<String, String>) -> Vec<Proposal> {
    let split: Vec<Vec<Word<'_>>> = texts.iter().map(|(_, text)| words(text)).collect();
    let lists = Lists {
        titles: list(TITLES),
        particles: list(PARTICLES),
        no_names: list(NO_NAMES),
        given: list(GIVEN),
        places: list(PLACES),
        place_before: list(PLACE_BEFORE),
        months: list(MONTHS),
        papers: list(PAPERS),
        small: texts.iter().zip(&split).flat_map(|((_, text), words)| written_small(text, words)).collect(),
    };
    let mut found = Found::new();
    for ((_, text), words) in texts.iter().zip(&split) {
        names(text, words, &lists, &mut found);
        labels(text, &lists, &mut found);
        dates(text, words, &lists, &mut found);
        papers(text, words, &lists, &mut found);
        mails(text, &mut found);
        phones(text, &mut found);
    }
    of_files(texts, &lists, &mut found);
    let (found, weak) = parts(found, known, &lists);
    let mut out = counted(texts, found, known);
    out.retain(|proposal| proposal.times > 0 || !weak.contains(&proposal.found));
    out
}

/// Returns the words of a name that stand for its person by themselves; none of a name of one word.
#[must_use]
pub fn words_of_name(name: &str) -> Vec<&str> {
    static NOT_ALONE: LazyLock<BTreeSet<&str>> =
        LazyLock::new(|| [PARTICLES, NO_NAMES, TITLES].into_iter().flat_map(list).collect());
    let alone = |word: &&str| word.chars().count() > 2 && !NOT_ALONE.contains(word.to_lowercase().as_str());
    let words = name.split(' ');
    if name.contains(' ') { words.filter(alone).collect() } else { Vec::new() }
}

/// Returns the words that are written small; in the address of somebody's mail a name is.
fn written_small(text: &str, words: &[Word<'_>]) -> Vec<String> {
    let is_address = |piece: &str| piece.contains(['@', '_']) || piece.contains("://") || piece.starts_with("www.");
    let addresses: Vec<(usize, &str)> =
        pieces(text, |c| !c.is_whitespace()).into_iter().filter(|(_, piece)| is_address(piece)).collect();
    let within = |word: &Word<'_>| {
        let after = addresses.partition_point(|(start, _)| *start <= word.start);
        let last = after.checked_sub(1).and_then(|at| addresses.get(at));
        last.is_some_and(|(start, piece)| word.start < start + piece.len())
    };
    words.iter().filter(|w| !w.is_capital() && !within(w)).map(|w| w.text.to_owned()).collect()
}

/// Finds given names in names of files, which may tell what no text does.
fn of_files(texts: &[(&str, &str)], lists: &Lists, found: &mut Found) {
    for word in texts.iter().flat_map(|(path, _)| path.split(|c: char| !c.is_alphabetic())) {
        let (lower, mut rest) = (word.to_lowercase(), word.chars());
        if let Some(first) = rest.next().filter(|_| lists.given.contains(lower.as_str())) {
            let name: String = first.to_uppercase().chain(rest.flat_map(char::to_lowercase)).collect();
            add(found, "name", &name, false);
        }
    }
}

fn add(found: &mut Found, kind: &'static str, words: &str, is_sure: bool) {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if !words.is_empty() && found.len() < MOST {
        *found.entry((kind, words)).or_default() |= is_sure;
    }
}

/// Finds runs of capitalised words, and says by the evidence what they are.
fn names(text: &str, words: &[Word<'_>], lists: &Lists, found: &mut Found) {
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let lower = word.lower();
        let is_title = lists.titles.contains(lower.trim_end_matches('.'));
        let has_digits = word.text.contains(|c: char| c.is_ascii_digit());
        if !word.is_capital() || has_digits || lists.no_names.contains(lower.as_str()) || is_title {
            at += 1;
            continue;
        }
        let run = run(text, words, at, lists);
        let Some(last) = words.get(at + run - 1) else { break };
        let whole = text.get(word.start..last.end).unwrap_or_default();
        let before = before(text, words, at);
        let by_title = at.checked_sub(1).and_then(|i| words.get(i)).is_some_and(|w| {
            let gap = text.get(w.end..word.start).unwrap_or_default();
            lists.titles.contains(w.lower().as_str()) && gap.chars().all(|c| c == '.' || c == ' ') && w.is_capital()
        });
        let by_words = BEFORE.iter().any(|cue| {
            let rest = before.strip_suffix(cue);
            rest.is_some_and(|rest| !rest.ends_with(|c: char| c.is_alphanumeric()))
        });
        let is_given = lists.given.contains(lower.as_str());
        let is_place =
            lists.places.contains(whole.to_lowercase().as_str()) || (run == 1 && lists.places.contains(lower.as_str()));
        let after_place_word = before.rsplit(' ').next().is_some_and(|w| lists.place_before.contains(w));
        let common = lists.small.contains(&lower);
        if is_place && !(run == 1 && is_given && !after_place_word) {
            add(found, "place", whole, false);
        } else if by_title || by_words && !common || is_given && !(common && word.is_first) {
            add(found, "name", whole, true);
        } else if after_place_word && !common {
            add(found, "place", whole, false);
        } else if !common && (run > 1 || !word.is_first) {
            add(found, "name", whole, false);
        }
        at += run;
    }
}

/// Returns how many words from here on are capitalised and divided by spaces alone, particles between them.
fn run(text: &str, words: &[Word<'_>], at: usize, lists: &Lists) -> usize {
    let mut length = 1;
    let mut next = at + 1;
    while next < at + LONGEST {
        let (Some(last), Some(word)) = (words.get(next - 1), words.get(next)) else { break };
        let gap = text.get(last.end..word.start).unwrap_or_default();
        let genitive = gap.starts_with(['\'', '’']);
        if genitive || !gap.chars().all(|c| c == ' ') {
            break;
        }
        let lower = word.lower();
        if word.is_capital() && !lists.no_names.contains(lower.as_str()) {
            length = next - at + 1;
        } else if !lists.particles.contains(lower.as_str()) {
            break;
        }
        next += 1;
    }
    length
}

/// Returns the three words before a word in the same sentence, small.
fn before(text: &str, words: &[Word<'_>], at: usize) -> String {
    let Some(word) = words.get(at) else { return String::new() };
    let from = at.saturating_sub(3);
    let first = words
        .get(from..at)
        .unwrap_or_default()
        .iter()
        .rev()
        .take_while(|w| text.get(w.end..word.start).is_some_and(|gap| !gap.contains(['.', '!', '?', '\n', ';'])));
    first.last().and_then(|w| text.get(w.start..word.start)).unwrap_or_default().trim().to_lowercase()
}

/// Finds labels of speakers: the same words before a colon at the beginning of several lines.
fn labels(text: &str, lists: &Lists, found: &mut Found) {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for line in text.lines() {
        if let Some((label, _)) = line.split_once(':') {
            let n_words = label.split_whitespace().count();
            let is_label = (1..=3).contains(&n_words)
                && label.split_whitespace().all(|w| w.chars().next().is_some_and(char::is_uppercase))
                && label.chars().all(|c| c.is_alphabetic() || " .-'’".contains(c));
            if is_label {
                *times.entry(label.trim()).or_default() += 1;
            }
        }
    }
    for (label, n) in times {
        let lower = label.to_lowercase();
        let told = lower.split_whitespace().any(|w| lists.no_names.contains(w));
        // One or two capitals are initials, which tell less.
        if n >= 2 && !told && label.chars().count() > 2 {
            let is_common = lower.split_whitespace().all(|w| lists.small.contains(w));
            add(found, "name", label, !is_common);
        }
    }
}

fn dates(text: &str, words: &[Word<'_>], lists: &Lists, found: &mut Found) {
    let number = |w: Option<&Word<'_>>, most: u32| {
        w.and_then(|w| w.text.trim_end_matches(|c: char| c.is_alphabetic()).parse::<u32>().ok())
            .filter(|n| (1..=most).contains(n))
    };
    let year = |w: Option<&Word<'_>>| {
        w.is_some_and(|w| w.text.len() == 4 && w.text.parse::<u32>().is_ok_and(|y| (1900..2100).contains(&y)))
    };
    for (at, word) in words.iter().enumerate() {
        if !lists.months.contains(word.lower().as_str()) {
            continue;
        }
        let previous = at.checked_sub(1).and_then(|i| words.get(i));
        let (next, after) = (words.get(at + 1), words.get(at + 2));
        let day_before = number(previous, 31).is_some();
        let start = if day_before { previous.map_or(word.start, |w| w.start) } else { word.start };
        let end = match (year(next), number(next, 31).is_some() && year(after)) {
            (true, _) => next.map_or(word.end, |w| w.end),
            (_, true) => after.map_or(word.end, |w| w.end),
            _ if day_before => word.end,
            _ => continue,
        };
        let near = text.get(start..end).filter(|date| date.len() < 30 && !date.contains('\n'));
        add(found, "date", near.unwrap_or_default(), born(text, start));
    }
    numeric_dates(text, found);
}

fn born(text: &str, start: usize) -> bool {
    let before: String = text.get(..start).unwrap_or_default().chars().rev().take(30).collect();
    let before: String = before.chars().rev().collect::<String>().to_lowercase();
    ["born", "birth", "naissance", "née", "nacid", "geboren"].iter().any(|word| before.contains(word))
}

/// Finds dates of three numbers: 03/05/2001, 3.5.2001, 2001-05-03.
fn numeric_dates(text: &str, found: &mut Found) {
    for (start, piece) in pieces(text, |c| c.is_ascii_digit() || "/.-".contains(c)) {
        let piece = piece.trim_matches(['/', '.', '-']);
        let parts: Vec<&str> = piece.split(['/', '.', '-']).collect();
        let numbers: Vec<u32> = parts.iter().filter_map(|part| part.parse().ok()).collect();
        if let ([a, b, c], true) = (numbers.as_slice(), parts.len() == 3) {
            let year = |y: u32| (1900..2100).contains(&y);
            if (year(*c) && *a <= 31 && *b <= 31) || (year(*a) && *b <= 12 && *c <= 31) {
                add(found, "date", piece, born(text, start));
            }
        }
    }
}

/// Returns the longest stretches of such characters.
fn pieces(text: &str, is_part: impl Fn(char) -> bool) -> Vec<(usize, &str)> {
    let (mut out, mut start) = (Vec::new(), None);
    for (at, c) in text.char_indices() {
        match (is_part(c), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                out.push((from, text.get(from..at).unwrap_or_default()));
                start = None;
            }
            _ => {}
        }
    }
    out.extend(start.map(|from| (from, text.get(from..).unwrap_or_default())));
    out
}

/// Finds numbers of papers: letters and digits together, and any number behind words such as *passport*.
fn papers(text: &str, words: &[Word<'_>], lists: &Lists, found: &mut Found) {
    for (at, word) in words.iter().enumerate() {
        let digits = word.text.chars().filter(char::is_ascii_digit).count();
        let letters = word.text.chars().filter(|c| c.is_alphabetic()).count();
        let before = at.saturating_sub(3);
        let cued = words.get(before..at).unwrap_or_default().iter().any(|w| {
            let near = text.get(w.end..word.start).is_some_and(|gap| !gap.contains('\n'));
            near && lists.papers.contains(w.lower().as_str())
        });
        let capitals = word.text.chars().filter(|c| c.is_uppercase()).count();
        if digits >= 5 && letters > 0 && capitals == letters && letters <= 4 || digits >= 5 && cued {
            add(found, "id", word.text, cued);
        }
    }
}

fn mails(text: &str, found: &mut Found) {
    let is_part = |c: char| c.is_alphanumeric() || "@._%+-".contains(c);
    for (_, piece) in pieces(text, is_part) {
        let piece = piece.trim_matches(['.', '-', '_', '+', '%']);
        if let Some((name, host)) = piece.split_once('@')
            && !name.is_empty()
            && !host.contains('@')
            && host.split('.').count() > 1
            && host.split('.').all(|part| !part.is_empty())
        {
            add(found, "mail", piece, true);
        }
    }
}

fn phones(text: &str, found: &mut Found) {
    for (start, piece) in pieces(text, |c| c.is_ascii_digit() || "+ -./()\u{a0}".contains(c)) {
        let trimmed = piece.trim_matches(|c: char| c == ' ' || "-./)\u{a0}".contains(c));
        let digits = trimmed.chars().filter(char::is_ascii_digit).count();
        let years = trimmed.split(['-', '/', ' ']).all(|part| part.len() == 4);
        let date = trimmed.split(['/', '.', '-']).count() == 3 && digits == 8;
        let begins = trimmed.starts_with('+')
            || trimmed.starts_with("00")
            || trimmed.starts_with('0')
            || trimmed.starts_with('(');
        let begin = start + piece.find(trimmed).unwrap_or_default();
        let whole =
            text.get(..begin).and_then(|before| before.chars().next_back()).is_none_or(|c| !c.is_alphanumeric());
        if (7..=15).contains(&digits) && begins && whole && !years && !date && !trimmed.contains("  ") {
            add(found, "phone", trimmed.trim_start_matches('('), true);
        }
    }
}

/// Adds the words of names, each of which stands for its person; and returns which of them are worth a row only where they stand in a
/// text by themselves: those of names that a person has yet to confirm, or that were replaced before.
fn parts(mut found: Found, known: &BTreeMap<String, String>, lists: &Lists) -> (Found, BTreeSet<String>) {
    let names = || found.iter().filter(|((kind, _), _)| *kind == "name").map(|((_, name), sure)| (name, *sure));
    let all: Vec<(String, bool)> =
        names().chain(known.keys().map(|name| (name, false))).map(|(name, sure)| (name.clone(), sure)).collect();
    let mut weak = BTreeSet::new();
    for (name, is_sure) in all {
        for word in words_of_name(&name) {
            // A word like others may be her name all the same: that is for a person to say.
            let is_common = lists.small.contains(&word.to_lowercase());
            if is_sure {
                add(&mut found, "name", word, !is_common);
            } else if !is_common && !found.contains_key(&("name", word.to_owned())) {
                add(&mut found, "name", word, false);
                weak.insert(word.to_owned());
            }
        }
    }
    // A name in capitals is a form of the same name, and found with it.
    let in_capitals: BTreeSet<String> = found
        .keys()
        .filter(|(kind, name)| *kind == "name" && name.to_uppercase() != *name)
        .map(|(_, name)| name.to_uppercase())
        .collect();
    found.retain(|(kind, words), _| *kind != "name" || !in_capitals.contains(words));
    // What is a name for sure is no place beside it.
    let names: BTreeSet<String> =
        found.iter().filter(|((k, _), s)| *k == "name" && **s).map(|((_, n), _)| n.clone()).collect();
    found.retain(|(kind, words), _| *kind != "place" || !names.contains(words));
    weak.retain(|word| !names.contains(word));
    (found, weak)
}

/// Counts how often all of it stands in the texts, and gives pseudonyms: forms of one name have one.
fn counted(texts: &[(&str, &str)], found: Found, known: &BTreeMap<String, String>) -> Vec<Proposal> {
    let pairs = found.keys().map(|(_, words)| (words.as_str(), words.as_str()));
    let search = super::words::Words::new(pairs, false);
    let mut counts: BTreeMap<String, (usize, BTreeSet<usize>, String)> = BTreeMap::new();
    for (number, (_, text)) in texts.iter().enumerate() {
        for (span, words) in search.names(text) {
            let entry = counts.entry(words.to_owned()).or_default();
            entry.0 += 1;
            entry.1.insert(number);
            if entry.2.is_empty() {
                entry.2 = around(text, span.start as usize, span.end as usize);
            }
        }
    }
    let mut given: BTreeMap<(&'static str, String), String> = BTreeMap::new();
    let mut numbers: BTreeMap<&'static str, usize> = BTreeMap::new();
    let taken: BTreeSet<&str> = known.values().map(String::as_str).collect();
    let mut order: Vec<(&(&'static str, String), &bool)> = found.iter().collect();
    // Whole names come first, so that their parts take their pseudonym.
    order.sort_by_key(|((kind, words), sure)| {
        (!**sure, *kind, std::cmp::Reverse(words.split(' ').count()), words.clone())
    });
    let mut out = Vec::new();
    for ((kind, words), is_sure) in order {
        let (times, within, mut example) = counts.remove(words).unwrap_or_default();
        if times == 0 {
            let path =
                texts.iter().map(|(path, _)| *path).find(|path| search.names_in_path(path).contains(&words.as_str()));
            path.unwrap_or_default().clone_into(&mut example);
        }
        let whole = |(k, name): &(&'static str, String)| k == kind && name.split(' ').any(|part| part == words);
        let of_whole = given.iter().find(|(key, _)| *kind == "name" && whole(key)).map(|(_, put)| put.clone());
        let of_known = || known.iter().find(|(name, _)| *kind == "name" && name.split(' ').any(|part| part == words));
        let earlier = known.get(words).or_else(|| of_known().map(|(_, put)| put)).cloned();
        let replacement = earlier.or(of_whole).unwrap_or_else(|| {
            loop {
                let n = numbers.entry(kind).or_default();
                *n += 1;
                let word = if *kind == "name" { "person" } else { kind };
                let put = format!("[{word} {n}]");
                // Of an earlier round it may stand in the texts, and mean somebody else.
                if !taken.contains(put.as_str()) && !texts.iter().any(|(_, text)| text.contains(&put)) {
                    break put;
                }
            }
        });
        given.insert((kind, words.clone()), replacement.clone());
        out.push(Proposal {
            kind,
            found: words.clone(),
            replacement,
            times,
            texts: within.len(),
            is_sure: *is_sure,
            example,
        });
    }
    out
}

fn around(text: &str, start: usize, end: usize) -> String {
    const SIDE: usize = 30;
    let (left, right) = (text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default());
    let from = left.char_indices().rev().nth(SIDE).map_or(0, |(at, c)| at + c.len_utf8());
    let to = right.char_indices().nth(SIDE).map_or(right.len(), |(at, _)| at);
    let (mut before, mut after) = (left.get(from..).unwrap_or_default(), right.get(..to).unwrap_or_default());
    // What is cut is cut between words, where there are any.
    if from > 0 {
        before = before.split_once(char::is_whitespace).map_or(before, |(_, rest)| rest);
    }
    if to < right.len() {
        after = after.rsplit_once(char::is_whitespace).map_or(after, |(rest, _)| rest);
    }
    let line = format!("{before}{}{after}", text.get(start..end).unwrap_or_default());
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}
