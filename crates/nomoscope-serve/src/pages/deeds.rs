//! What was done, in words for people: after an act, when it is taken back, and in the history. The log has it as a command.

use crate::strings::tell;
use nomoscope_core::amount::thousands;
use nomoscope_core::codebook::Codebook;
use nomoscope_desk::act::Setting;
use nomoscope_desk::{Act, Done};

/// Who is told, and how they call concepts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hearer<'h> {
    pub(super) language: &'static str,
    pub(super) codebook: &'h Codebook,
}

impl Hearer<'_> {
    fn tell(&self, form: &str, given: &[&str]) -> String {
        tell(self.language, form, given)
    }

    fn label(&self, id: &str) -> String {
        let found = self.codebook.find(id).map(|ix| self.codebook.get(ix).label_in(self.language));
        found.unwrap_or(id).to_owned()
    }

    fn number(&self, n: usize) -> String {
        let n = thousands(n as u64);
        if self.language == "fr" { n.replace(',', "\u{202f}") } else { n }
    }

    /// Returns one of something, or how many.
    fn several(&self, n: usize, one: &str, more: &str) -> String {
        if n == 1 { self.tell(one, &[]) } else { self.tell(more, &[&self.number(n)]) }
    }

    /// Returns what was done.
    pub(super) fn said(&self, act: &Act, done: &Done) -> String {
        if let Some(command) = &done.undone {
            let did = if matches!(act, Act::Undo | Act::UndoOf { .. }) { "Took back: {}" } else { "Did again: {}" };
            let did = self.tell(did, &[&self.logged(command)]);
            let left = if done.left.is_empty() { "" } else { "; something was changed since and stays" };
            return format!("{did}{}", self.tell(left, &[]));
        }
        if done.event.is_none() {
            return self.tell("Nothing changed", &[]);
        }
        self.done(act, done.n)
    }

    fn done(&self, act: &Act, n: usize) -> String {
        let t = |form: &str| self.tell(form, &[]);
        match act {
            Act::Mark { concept, .. } => self.tell("Coded as {}", &[&self.label(concept)]),
            Act::MarkNew { concept, .. } => {
                let label = concept.label.values().next().unwrap_or(&concept.id);
                self.tell("Coded as {}, a new concept", &[label])
            }
            Act::Recode { .. } => t("Coding changed"),
            Act::Unmark { .. } => t("Coding taken away"),
            Act::Judge { right: true, hits } => self.several(hits.len(), "Accepted", "{} accepted"),
            Act::Judge { hits, .. } => self.several(hits.len(), "Turned down", "{} turned down"),
            Act::Remark { .. } => t("Note saved"),
            Act::Memo { .. } => t("Memo saved"),
            Act::Finish { done: true, .. } => t("You are done with this source"),
            Act::Finish { done: false, .. } => t("You are not done with this source"),
            Act::Adjudicate { decisions } => self.several(decisions.len(), "Decided", "{} decided"),
            Act::DrawAudit { sample } => self.tell("{} passages drawn", &[&self.number(sample.passages.len())]),
            Act::Audit { missing, .. } if missing.is_empty() => t("Nothing is missing there"),
            Act::Audit { missing, .. } => {
                let labels: Vec<String> = missing.iter().map(|id| self.label(id)).collect();
                self.tell("Coded as {}", &[&labels.join(", ")])
            }
            Act::TakeSuggestion { hit, .. } => self.tell("Coded as {}", &[&self.label(&hit.concept)]),
            Act::Concept { .. } => t("Codebook changed"),
            Act::Correct { .. } => t("Text corrected"),
            Act::RemoveSource { path } => self.tell("{} taken out of the study", &[path]),
            Act::Switch { to: Setting::Words(_) } => t("Settings written"),
            Act::Switch { to: Setting::Report(questions) } => match questions.len() {
                0 => t("No further question stands in the report"),
                n => self.several(
                    n,
                    "1 further question stands in the report",
                    "{} further questions stand in the report",
                ),
            },
            Act::Describe { .. } => self.several(n, "1 source described", "{} sources described"),
            Act::AddBytes { .. } => self.several(n, "1 source added", "{} sources added"),
            _ => t("Done"),
        }
    }

    /// Returns a command of the log in words; one that is not known here stands as it is.
    pub(super) fn logged(&self, command: &str) -> String {
        let (name, rest) = command.split_once(' ').unwrap_or((command, ""));
        // The study comes first; the name of a file may have blanks in it.
        let study = rest.find(".nomo").map(|at| at + ".nomo".len()).or_else(|| rest.find(' ')).unwrap_or(rest.len());
        let rest = rest.get(study..).unwrap_or_default().trim();
        let of = |form: &str| self.tell(form, &[rest]);
        let t = |form: &str| self.tell(form, &[]);
        let n = rest.rsplit_once('(').and_then(|(_, n)| n.strip_suffix(')')?.parse::<usize>().ok());
        let is_id = |words: &str| words.len() == 36 && words.matches('-').count() == 4;
        match name {
            "mark" if rest.ends_with("(new)") => {
                let id = rest.trim_end_matches("(new)").trim();
                self.tell("coding as {}, a new concept", &[&self.label(id)])
            }
            "mark" | "take-suggestion" => self.tell("coding as {}", &[&self.label(rest)]),
            "unmark" => {
                n.map_or_else(|| t("taking away a coding"), |n| self.tell("taking away {} codings", &[&self.number(n)]))
            }
            "accept" | "reject" => {
                let right = name == "accept";
                match (n, right) {
                    (Some(n), true) => self.tell("accepting {} hits", &[&self.number(n)]),
                    (Some(n), false) => self.tell("turning down {} hits", &[&self.number(n)]),
                    (None, true) if is_id(rest) => t("accepting a coding"),
                    (None, false) if is_id(rest) => t("turning down a coding"),
                    (None, true) => self.tell("accepting a hit: {}", &[&self.label(rest)]),
                    (None, false) => self.tell("turning down a hit: {}", &[&self.label(rest)]),
                }
            }
            "add" | "import" if rest.is_empty() => t("adding texts"),
            "add" => of("adding {}"),
            "import" => of("bringing in {}"),
            "merge" => of("joining {}"),
            "code" => t("coding all texts with the lexicon"),
            "codebook" => t("a change of the codebook"),
            "remark" => t("a note on a coding"),
            "memo" => t("a memo"),
            "correct" => of("correcting {}"),
            "describe" => of("describing {}"),
            "remove" => of("taking out {}"),
            "blind" if rest.is_empty() => t("switching blind coding off"),
            "blind" => of("blind coding: {}"),
            "suggestions" if rest == "on" => t("switching suggestions on"),
            "suggestions" => t("switching suggestions off"),
            "settings" => t("a change of the settings"),
            "report" => t("a change of what stands in the report"),
            "done" => of("being done with {}"),
            "not-done" => of("not being done with {}"),
            "adjudicate" => t("a decision between coders"),
            "draw-audit" => t("drawing a sample for an audit"),
            "audit" => t("reading a passage of an audit"),
            "undo" => t("taking back a change"),
            "redo" => t("doing a change again"),
            "new" => t("the beginning of the study"),
            _ => t(command),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_is_told_in_words() {
        let codebook = nomoscope_formats::codebook_toml::parse(
            b"[[concept]]\nid = \"slavery\"\nroles = [\"problem\"]\nlabel = { en = \"slavery\", fr = \"esclavage\" }\n",
        )
        .unwrap();
        let check = |language: &'static str, command: &str, want: &str| {
            assert_eq!(Hearer { language, codebook: &codebook }.logged(command), want, "{command}");
        };
        check("en", "mark my own study.nomo slavery", "coding as slavery");
        check("fr", "mark iv.nomo slavery", "codage : esclavage");
        check("en", "mark folder stigma (new)", "coding as stigma, a new concept");
        check("en", "reject s.nomo slavery (1200)", "turning down 1,200 hits");
        check("en", "blind s.nomo", "switching blind coding off");
        check("en", "blind s.nomo a b", "blind coding: a b");
        check("en", "unheard-of s.nomo x", "unheard-of s.nomo x");
        check("en", "undo s.nomo", "taking back a change");
    }
}
