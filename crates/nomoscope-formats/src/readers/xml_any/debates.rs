//! Debates in the XML of parliaments and of those who collect their words.
//!
//! ParlParse names who speaks in an attribute. The German parliament names them in a paragraph above their words, in parts
//! that are repeated as people read them; those who preside have a name alone. # Source  DTD of the parliament's records,
//! `dbtplenarprotokoll`; ParlParse, `scrapedxml`

use super::{Context, Walker};
use crate::xml;
use nomoscope_core::text::MarkKind;
use roxmltree::Node;

/// Attributes that name who speaks.
static NAMES: &[&str] = &["speakername", "speaker_name", "speaker"];
/// Elements (in lower case) that are what somebody says.
static SPEECHES: &[&str] = &["speech", "intervention", "contribution", "turn", "u", "utterance"];
/// Elements of the German parliament in which speakers are named above their words.
static SITTINGS: &[&str] = &["rede", "sitzungsbeginn", "tagesordnungspunkt"];

/// Returns who says an element, where an attribute names them.
pub(super) fn speaker<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    let named = || NAMES.iter().find_map(|name| node.attribute(*name)).map(str::trim);
    SPEECHES.contains(&name).then(named).flatten().filter(|speaker| !speaker.is_empty())
}

pub(super) fn holds_speeches(name: &str) -> bool {
    SITTINGS.contains(&name)
}

/// Returns who speaks after an element that names them: by the parts of the name, or as people read it.
fn named(node: Node) -> Option<String> {
    let printed = |node: Node| xml::plain(node).trim_end_matches([':', ' ']).to_owned();
    let label = match node.tag_name().name() {
        "name" => printed(node),
        "p" if node.attribute("klasse") == Some("redner") => {
            let name = node.descendants().find(|inner| inner.tag_name().name() == "name");
            let part = |wanted: &&str| name.and_then(|name| xml::child(name, wanted)).map(xml::plain);
            let parts: Vec<String> = ["titel", "vorname", "namenszusatz", "nachname"].iter().filter_map(part).collect();
            if parts.is_empty() { printed(node) } else { parts.join(" ") }
        }
        _ => return None,
    };
    Some(label).filter(|label| !label.is_empty())
}

impl Walker {
    /// Writes what one speaker says.
    pub(super) fn speech(&mut self, node: Node, speaker: &str, context: &Context) {
        self.builder.block();
        let id = node.attribute("id").map(str::to_owned);
        let open = self.builder.open(MarkKind::Turn, Some(speaker.to_owned()), id);
        self.children(node, context);
        self.builder.close(open);
        self.builder.block();
    }

    /// Writes a part of a sitting: names begin turns, and what is noted beside the words is left out.
    pub(super) fn sitting(&mut self, node: Node, context: &Context) {
        let mut turn = None;
        self.builder.block();
        for child in node.children().filter(Node::is_element) {
            let speaker = named(child);
            let ends = speaker.is_some() || holds_speeches(child.tag_name().name());
            if let Some(open) = turn.take_if(|_| ends) {
                self.builder.close(open);
            }
            if let Some(speaker) = speaker {
                self.builder.block();
                turn = Some(self.builder.open(MarkKind::Turn, Some(speaker), None));
            } else if child.tag_name().name() == "kommentar" {
                self.leave_out("kommentar");
            } else {
                self.element(child, false, context);
            }
        }
        if let Some(open) = turn {
            self.builder.close(open);
        }
        self.builder.block();
    }
}
