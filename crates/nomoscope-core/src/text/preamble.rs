//! Recitals: a preamble cut at the participles with which its clauses open.
//!
//! Published texts often run a preamble into one line ("…, Recalling …; Convinced that …"), at times without a space
//! ("…,Considering"). A clause opens with a capitalised word of the list below after a comma, semicolon, full stop or
//! colon, after "and", or at the start of a block.

use super::label::{enumerator, preamble_word};
use super::layout::{Block, trim};
use super::legal_words::{LEGAL_WORDS, LegalWords};

/// One piece of a preamble.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: PieceKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PieceKind {
    /// The word "Preamble".
    Heading,
    /// A recital, with its own number or letter if it has one.
    Recital(Option<String>),
    /// The words of enactment: "Have agreed as follows".
    Enacting,
    /// Anything else: the parties, signatories.
    Other,
}

const OPENERS: &[&str] = &[
    // English
    "Acknowledging",
    "Acting",
    "Affirming",
    "Agreeing",
    "Alarmed",
    "Anxious",
    "Appreciating",
    "Aware",
    "Bearing",
    "Being",
    "Believing",
    "Cognizant",
    "Concerned",
    "Condemning",
    "Confident",
    "Confirming",
    "Conscious",
    "Considering",
    "Convinced",
    "Declaring",
    "Deeming",
    "Deeply",
    "Deploring",
    "Desiring",
    "Desirous",
    "Determined",
    "Disturbed",
    "Drawing",
    "Emphasising",
    "Emphasizing",
    "Encouraged",
    "Encouraging",
    "Endorsing",
    "Expressing",
    "Finding",
    "Firmly",
    "Fully",
    "Further",
    "Gravely",
    "Guided",
    "Having",
    "Highlighting",
    "Hoping",
    "Inspired",
    "Intending",
    "Invoking",
    "Keeping",
    "Mindful",
    "Moved",
    "Noting",
    "Observing",
    "Pointing",
    "Profoundly",
    "Pursuant",
    "Pursuing",
    "Reaffirming",
    "Realising",
    "Realizing",
    "Recalling",
    "Recognising",
    "Recognizing",
    "Referring",
    "Regretting",
    "Reiterating",
    "Resolved",
    "Seeking",
    "Seriously",
    "Stressing",
    "Strongly",
    "Supporting",
    "Taking",
    "Underlining",
    "Underscoring",
    "Viewing",
    "Welcoming",
    "Whereas",
    "Willing",
    "Wishing",
    // French
    "Considérant",
    "Rappelant",
    "Reconnaissant",
    "Convaincu",
    "Convaincus",
    "Convaincues",
    "Conscient",
    "Conscients",
    "Conscientes",
    "Ayant",
    "Désireux",
    "Désireuses",
    "Désirant",
    "Soucieux",
    "Soucieuses",
    "Soulignant",
    "Notant",
    "Réaffirmant",
    "Affirmant",
    "Tenant",
    "Vu",
    "Estimant",
    "Préoccupé",
    "Préoccupés",
    "Préoccupées",
    "Profondément",
    "Prenant",
    "Résolu",
    "Résolus",
    "Résolues",
    "Gardant",
    "Animés",
    "Animées",
    "Saluant",
    "Déclarant",
    "Constatant",
    "Inquiets",
    "Inquiètes",
    "Encouragés",
    "Encouragées",
    "Exprimant",
    "Attendu",
    // Spanish, Italian, Portuguese
    "Considerando",
    "Recordando",
    "Reconociendo",
    "Convencidos",
    "Convencidas",
    "Convencida",
    "Conscientes",
    "Teniendo",
    "Deseando",
    "Deseosos",
    "Observando",
    "Reafirmando",
    "Preocupados",
    "Preocupadas",
    "Habiendo",
    "Afirmando",
    "Tomando",
    "Visto",
    "Considerato",
    "Ricordando",
    "Riconoscendo",
    "Convinti",
    "Consapevoli",
    "Desiderosi",
    "Tenendo",
    "Recordando",
    "Reconhecendo",
    "Convencidos",
    "Tendo",
    "Desejando",
    // German, Dutch
    "Eingedenk",
    "Überzeugt",
    "Gestützt",
    "Besorgt",
    "Entschlossen",
    "Unter",
    "Angesichts",
    "Geleitet",
    "Bestrebt",
    "Overwegende",
    "Herinnerend",
    "Erkennende",
    "Overtuigd",
    "Gelet",
    "Indachtig",
    "Bezorgd",
    "Wensende",
];

const PHRASES: &[&str] = &[
    "In accordance with",
    "In order to",
    "In der Erwägung",
    "In Anbetracht",
    "In Anerkennung",
    "In Bekräftigung",
    "Im Bewusstsein",
    "With a view to",
    "Se référant",
    "Im Hinblick",
    "In dem Bewusstsein",
    "In dem Wunsch",
    "Von dem Wunsch",
    "De acuerdo con",
    "In view of",
];

const ENACTING: &[&str] = &[
    "have agreed",
    "hereby agree",
    "agree as follows",
    "agree upon",
    "have decided to",
    "have resolved to",
    "sont convenus",
    "sont convenues",
    "conviennent",
    "han convenido",
    "convienen",
    "hanno convenuto",
    "sind wie folgt übereingekommen",
    "haben folgendes vereinbart",
    "zijn het volgende overeengekomen",
    "zijn overeengekomen",
    "adopts this",
    "adopts, this",
    "adopts the following",
    "adopte ce",
    "adopta,",
    "be it enacted",
    "have accordingly",
    "have adopted this",
    "has adopted this",
    "ont adopté",
    "a adopté",
    "haben folgende",
    "hat folgende",
    "han adoptado",
    "ha adoptado",
    "hanno adottato",
    "ha adottato",
    "hebben de volgende",
    "heeft de volgende",
];

fn starts_with_word(text: &str, word: &str) -> bool {
    text.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

fn opens(text: &str) -> bool {
    OPENERS.iter().any(|word| starts_with_word(text, word)) || PHRASES.iter().any(|phrase| text.starts_with(phrase))
}

fn enacts(text: &str) -> bool {
    let head = &text[..text.floor_char_boundary(40)];
    let lower = head.to_lowercase();
    ENACTING.iter().any(|phrase| lower.starts_with(phrase))
}

/// Whether the text begins with words of one kind in the rows of the languages, which stand at the start of a line.
fn begins(text: &str, field: fn(&LegalWords) -> &'static [&'static str]) -> bool {
    // The longest has 35 letters, and those are of three bytes at most.
    let head = text[..text.floor_char_boundary(120)].to_lowercase();
    LEGAL_WORDS.iter().flat_map(field).any(|words| head.starts_with(words))
}

/// Whether the text has the look of a preamble: a clause opens somewhere, or it enacts.
pub(super) fn is_preamble(text: &str) -> bool {
    let text = text.trim_start();
    preamble_word(text).is_some()
        || opens(text)
        || begins(text, |row| row.parties)
        || begins(text, |row| row.recitals)
        || begins(text, |row| row.enacting)
        || !cuts(text).is_empty()
}

/// Cuts the blocks of a preamble into its clauses.
pub(super) fn pieces(text: &str, blocks: &[Block]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for block in blocks {
        let mut start = block.start;
        if block.heading {
            pieces.push(Piece { start, end: block.end, kind: PieceKind::Heading });
            continue;
        }
        let head = text[start..block.end].trim_start_matches(['*', '_']);
        let lead = block.end - start - head.len();
        if let Some(len) = preamble_word(head) {
            if let Some((from, to)) = trim(text, start, start + lead + len) {
                pieces.push(Piece { start: from, end: to, kind: PieceKind::Heading });
            }
            start += lead + len;
        }
        for cut in
            cuts(&text[start..block.end]).into_iter().map(|cut| start + cut).chain([block.end]).collect::<Vec<_>>()
        {
            if let Some((from, to)) = trim(text, start, cut) {
                pieces.push(Piece { start: from, end: to, kind: kind(&text[from..to]) });
            }
            start = cut;
        }
    }
    pieces.retain(|piece| super::layout::has_words(&text[piece.start..piece.end]));
    join_numbers(text, pieces)
}

/// Joins a number that stands on a line of its own with the words that it numbers.
fn join_numbers(text: &str, pieces: Vec<Piece>) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let words = &text[piece.start..piece.end];
        let plain = !matches!(piece.kind, PieceKind::Heading | PieceKind::Enacting) && enumerator(words).is_none();
        match joined.last_mut() {
            Some(last) if plain && is_number(&text[last.start..last.end]) => last.end = piece.end,
            _ => joined.push(piece),
        }
    }
    joined
}

/// Whether nothing but a number in brackets, or with one, stands there.
fn is_number(text: &str) -> bool {
    enumerator(text).is_some_and(|found| !found.class.is_mark() && !found.class.is_weak() && found.len >= text.len())
}

fn kind(piece: &str) -> PieceKind {
    let numbered = enumerator(piece).filter(|found| !found.class.is_weak());
    let words = numbered.as_ref().map_or(piece, |found| &piece[found.len..]).trim_start_matches(['*', '_', ' ']);
    // "andHaving": the space was lost.
    let joint = ["and", "et", "und", "y", "e"]
        .iter()
        .find_map(|joint| words.strip_prefix(joint).map(str::trim_start).filter(|rest| opens(rest) || enacts(rest)));
    let words = joint.unwrap_or(words);
    let enacts = |words: &str| enacts(words) || begins(words, |row| row.enacting);
    let opens = |words: &str| opens(words) || begins(words, |row| row.recitals);
    // "Whereas:" stands above the recitals and is none.
    let announces = words.ends_with([':', '：']) && words.split_whitespace().count() <= 5;
    if announces && opens(words) && !enacts(words) {
        PieceKind::Other
    } else if enacts(words) {
        PieceKind::Enacting
    } else if opens(words) {
        PieceKind::Recital(numbered.filter(|found| !found.class.is_mark()).map(|found| found.label))
    } else if let Some(found) = numbered.filter(|found| !found.class.is_mark()) {
        PieceKind::Recital(Some(found.label))
    } else {
        PieceKind::Other
    }
}

/// Returns where clauses open within `text`, other than at its start.
fn cuts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut cuts: Vec<usize> = Vec::new();
    let mut at = 1;
    while at < bytes.len() {
        let byte = bytes[at];
        // Candidates: a capital letter (ASCII, or one of É, Ü …), or the "h", "a", "s" … of the words of enactment.
        if !(byte.is_ascii_alphabetic() || byte == 0xc3) || bytes[at - 1].is_ascii_uppercase() {
            at += 1;
            continue;
        }
        if let Some(from) = opening(text, at) {
            cuts.push(from);
        }
        // Skip the rest of the word, but not a capital within it: line breaks may have been lost ("ConventionConsidering").
        at += 1;
        while at < bytes.len() && (bytes[at].is_ascii_lowercase() || bytes[at] >= 0x80 && bytes[at] != 0xc3) {
            at += 1;
        }
    }
    cuts.dedup();
    cuts
}

/// Returns where the clause starts whose first telling word is at `at`, if one opens there.
fn opening(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let capital = rest.starts_with(char::is_uppercase);
    let enacting = enacts(rest);
    if !(enacting || (capital && opens(rest))) {
        return None;
    }
    let mut before = text[..at].trim_end_matches(['*', '_']);
    let glued_word = capital && before.ends_with(|c: char| c.is_lowercase());
    before = before.trim_end();
    let mut from = at;
    for joint in ["and", "et", "und", "y", "e"] {
        if let Some(head) = before.strip_suffix(joint).filter(|_| capital)
            && head.trim_end().ends_with([',', ';'])
        {
            from = head.len();
            before = head.trim_end();
            break;
        }
    }
    let ended = before.ends_with([',', ';', '.', ':', '\u{2013}', '\u{2014}']);
    // "being of lower case" opens nothing, but the words of enactment may follow a comma in lower case.
    let glued = glued_word && from == at && !text[..at].ends_with(char::is_whitespace);
    (ended || glued).then_some(from)
}
