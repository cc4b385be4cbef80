//! Cues: the words that tell how binding a behaviour is, what is negated, and what is judged.
//!
//! Built into the program, for English and French, in the pattern language of codebooks, so that one matcher serves
//! both. Other languages have no cues: their behaviours carry no force, which the report says.

use crate::codebook::{Codebook, Concept, PatternText, Role};
use crate::coding::{Coding, Matcher};
use crate::problem::Problems;
use crate::text::Span;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How binding the text makes a behaviour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Force {
    /// Shall, must.
    Duty,
    /// Shall endeavour, where appropriate, to the extent possible, consider.
    Hedged,
    /// May.
    Permission,
    /// Nothing tells.
    Unmarked,
}

impl Force {
    /// All degrees, strongest first.
    pub const ALL: [Self; 4] = [Self::Duty, Self::Hedged, Self::Permission, Self::Unmarked];

    /// Returns the name used in output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Duty => "duty",
            Self::Hedged => "hedged",
            Self::Permission => "permission",
            Self::Unmarked => "unmarked",
        }
    }
}

/// What a cue does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CueKind {
    /// Makes a behaviour a duty.
    Duty,
    /// Weakens a duty.
    Hedge,
    /// Permits.
    Permission,
    /// Negates what follows.
    Negation,
    /// Judges a norm label: it is then a value.
    Evaluation,
}

const KINDS: [CueKind; 5] =
    [CueKind::Duty, CueKind::Hedge, CueKind::Permission, CueKind::Negation, CueKind::Evaluation];

/// A cue in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cue {
    /// Where.
    pub span: Span,
    /// What it does.
    pub kind: CueKind,
}

/// (kind, language, patterns).
const CUES: &[(CueKind, &str, &[&str])] = &[
    (
        CueKind::Duty,
        "en",
        &[
            "shall",
            "must",
            "undertake*",
            "(is|are) (required|obliged|bound) to",
            "ought to",
            "(has|have) to",
            "(agree|agrees) to",
        ],
    ),
    (
        CueKind::Hedge,
        "en",
        &[
            "(endeavour|endeavor|endeavours|endeavors)",
            "(shall|must|should|will) [also] (consider|seek|strive|aim)",
            "[where|when|as|if|whenever|wherever] [and|it|is|deemed] appropriate",
            "in appropriate cases",
            "to the [greatest|maximum|fullest|furthest] extent (possible|feasible|practicable|permitted)",
            "(as|so) far as [is|it|they] [is] (possible|practicable|feasible)",
            "(where|when|whenever|wherever|if) (possible|necessary|feasible|practicable|applicable)",
            "consider (the possibility|taking|adopting|implementing|establishing|whether)",
            "should",
            "(are|is) (encouraged|invited) to",
            "within (its|their) means",
            "subject to (its|their|the) (domestic|national|legal|basic|constitutional)",
            "in accordance with (its|their) (domestic|national|internal) (law|laws|legislation)",
            "consistent with (its|their) (domestic|national|internal) (law|laws|legislation)",
            "progressively",
            "all reasonable",
            "as may be (necessary|required|appropriate)",
        ],
    ),
    (
        CueKind::Permission,
        "en",
        &["may", "(is|are) (free|entitled|permitted|allowed) to", "(reserve|reserves) the right", "can"],
    ),
    (
        CueKind::Negation,
        "en",
        &[
            "not",
            "neither",
            "nor",
            "never",
            "cannot",
            "(no|none)",
            "(refuse|refuses|refused|decline|declines|fail|fails|failed) to",
            "(without|instead of) [the]",
        ],
    ),
    (
        CueKind::Evaluation,
        "en",
        &[
            "(unacceptable|inacceptable|intolerable|abhorrent|inadmissible|reprehensible|shameful|abominable|heinous|odious)",
            "(unacceptability|inacceptability|wrongfulness) of",
            "(contrary to|incompatible with|irreconcilable with|an affront to|an offence to|an offense to|an attack on) ... (dignity|humanity|conscience|worth|principles|law)",
            "(condemn|condemns|condemned|condemning|condemnation|denounce|denounces|denounced|deplore|deplores|deplored)",
            "(constitutes|constitute|is|are) ... (violation|violations|crime|crimes|offence|affront|scourge|evil|stain) ... (human rights|dignity|humanity|conscience)",
            "(scourge|evil|stain|blight) of",
            "rejection of",
            "(abhorrence|revulsion) (of|at)",
        ],
    ),
    (
        CueKind::Duty,
        "fr",
        &[
            "(doit|doivent)",
            "(est|sont) (tenu|tenus|tenue|tenues|oblige|obliges) de",
            "s'(engage|engagent) a",
            "(veille|veillent) a",
        ],
    ),
    (
        CueKind::Hedge,
        "fr",
        &[
            "(s'efforce|s'efforcent|s'efforcera|s'efforceront)",
            "(le cas echeant|s'il y a lieu|lorsqu'il y a lieu)",
            "dans la mesure du possible",
            "(si|lorsque|quand) (possible|necessaire|approprie)",
            "(envisage|envisagent|envisagera|envisageront)",
            "(devrait|devraient)",
            "dans les cas appropries",
        ],
    ),
    (CueKind::Permission, "fr", &["(peut|peuvent|pourra|pourront)"]),
    (CueKind::Negation, "fr", &["(ne|n') ... (pas|point|jamais|aucun|aucune)", "(aucun|aucune|ni|sans)"]),
    (
        CueKind::Evaluation,
        "fr",
        &[
            "(inacceptable|inacceptables|intolerable|intolerables|odieux|odieuse|abominable)",
            "(contraire|contraires) a ... (dignite|humanite)",
            "(condamne|condamnent|condamner|condamnation|denonce|denoncent)",
            "(fleau|atteinte) ... (dignite|humanite|droits)",
        ],
    ),
];

/// The cue lists, compiled for some languages.
#[derive(Debug)]
pub struct CueMatcher {
    matcher: Matcher,
}

impl CueMatcher {
    /// Returns the cues for texts in `languages`; none means all.
    ///
    /// # Errors
    /// Never for the lists above; the type says so because patterns are parsed here.
    pub fn new(languages: &[String]) -> Result<Self, Problems> {
        let concepts = KINDS.iter().map(|&kind| concept(kind)).collect();
        let codebook = Codebook::new("cues".to_owned(), "1".to_owned(), concepts)?;
        Ok(Self { matcher: Matcher::new(&codebook, languages)? })
    }

    /// Returns the cues in `text`, by start.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<Cue> {
        cues(self.matcher.find(text))
    }

    /// Returns the cues in `text`, whose sentences are known, by start.
    #[must_use]
    pub fn find_in_sentences(&self, text: &str, sentences: &[Span]) -> Vec<Cue> {
        cues(self.matcher.find_in_sentences(text, sentences, &mut []))
    }
}

fn cues(codings: Vec<Coding>) -> Vec<Cue> {
    codings.iter().map(|c| Cue { span: c.span, kind: KINDS[c.concept.get()] }).collect()
}

fn concept(kind: CueKind) -> Concept {
    let mut patterns: BTreeMap<String, Vec<PatternText>> = BTreeMap::new();
    for (_, language, texts) in CUES.iter().filter(|(k, _, _)| *k == kind) {
        let list = patterns.entry((*language).to_owned()).or_default();
        list.extend(texts.iter().map(|t| PatternText { text: (*t).to_owned(), line: 0 }));
    }
    Concept {
        id: format!("{kind:?}").to_lowercase(),
        roles: BTreeSet::from([Role::Behaviour]),
        patterns,
        ..Concept::default()
    }
}

/// Returns the force of a behaviour from the cues of its sentence (and of the chapeau above it).
///
/// A hedge weakens a duty wherever it stands in the sentence; a duty outweighs a permission.
#[must_use]
pub fn force(cues: impl Iterator<Item = CueKind> + Clone) -> Force {
    let has = |kind| cues.clone().any(|k| k == kind);
    if has(CueKind::Hedge) {
        Force::Hedged
    } else if has(CueKind::Duty) {
        Force::Duty
    } else if has(CueKind::Permission) {
        Force::Permission
    } else {
        Force::Unmarked
    }
}

/// Returns whether `span` is negated: a negation ends at most three words before it in the same clause.
#[must_use]
pub fn negated(text: &str, cues: &[Cue], span: Span) -> bool {
    cues.iter().filter(|c| c.kind == CueKind::Negation && c.span.end <= span.start).any(|cue| {
        let between = Span::new(cue.span.end, span.start).of(text);
        between.len() <= 60
            && !between.contains([',', ';', ':', '.', '(', ')'])
            && between.split_whitespace().count() <= 3
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<CueKind> {
        CueMatcher::new(&[]).unwrap().find(text).iter().map(|c| c.kind).collect()
    }

    #[test]
    fn tells_duties_from_hedged_ones() {
        let rows = [
            ("Each state shall punish traffickers", Force::Duty),
            ("Each state shall consider adopting measures", Force::Hedged),
            ("In appropriate cases each state shall protect", Force::Hedged),
            ("States shall, to the extent possible, assist", Force::Hedged),
            ("The court may order", Force::Permission),
            ("Trafficking is a problem", Force::Unmarked),
            ("Les Etats doivent punir", Force::Duty),
        ];
        for (text, want) in rows {
            assert_eq!(force(kinds(text).into_iter()), want, "{text}");
        }
    }

    #[test]
    fn negation_reaches_three_words_within_a_clause() {
        let cues = CueMatcher::new(&[]).unwrap();
        for (text, word, want) in [
            ("shall not be punished", "punished", true),
            ("shall not, where victims are found, punish", "punish", false),
            ("punish and not pardon", "punish", false),
            ("without any further delay protect", "protect", true),
        ] {
            let at = text.find(word).unwrap() as u32;
            let span = Span::new(at, at + word.len() as u32);
            assert_eq!(negated(text, &cues.find(text), span), want, "{text}");
        }
    }
}
