//! Labels used for one another, as a section of the report.

use super::section::drawn;
use crate::html::escape;
use crate::sections::{Block, Context, Place, Section};
use nomoscope_core::norm::corpus::Corpus;
use nomoscope_core::text::Span;
use nomoscope_core::usage::slip::Group;
use nomoscope_engine::answer::Answer;
use nomoscope_engine::slip::tables::{PASSAGES, whole};
use nomoscope_engine::slip::words::{best, sentences};
use std::fmt::Write;

/// Returns the section of a report, for a study in which people speak.
#[must_use]
pub fn section(context: &Context<'_>) -> Option<Section> {
    let answer = context.report.slip()?;
    let mut blocks = vec![Block::Html(format!("<p>{}</p>\n", escape(&answer.lead())))];
    blocks.extend(drawn(|view| answer.figures(view)));
    blocks.push(Block::Html(quotations(&answer.corpus, &answer.slip.all)));
    blocks.extend(whole(answer).map(Block::Table));
    Some(Section {
        id: "slip".into(),
        nav: "Slippage".into(),
        title: "Slippage".to_owned(),
        place: Place::AfterUse,
        brief: answer.lead(),
        blocks,
    })
}

/// Returns the passages where a speaker changes label, the labels marked.
fn quotations(corpus: &Corpus, g: &Group) -> String {
    let mut out = String::new();
    for (_, s) in best(g, PASSAGES) {
        let coded = &corpus.coded[s.from.source];
        let source = &corpus.sources[s.from.source];
        let text = &source.document.text;
        let whole = sentences(corpus, s);
        let pieces = [
            escape(Span::new(whole.start, s.from.span.start).of(text)),
            format!("<mark>{}</mark>", escape(s.from.span.of(text))),
            escape(Span::new(s.from.span.end, s.to.span.start).of(text)),
            format!("<mark>{}</mark>", escape(s.to.span.of(text))),
            escape(Span::new(s.to.span.end, whole.end).of(text)),
        ];
        let language = source.language.first().map(|l| format!(" lang=\"{}\"", escape(l))).unwrap_or_default();
        let unit = coded.label(s.from.window.unwrap_or(s.from.sentence));
        let who = g.speakers.get(s.speaker).map_or("", |x| x.name.as_str());
        let _ = writeln!(
            out,
            "<blockquote{language}><p>{}</p><footer>{}, {}</footer></blockquote>",
            pieces.concat(),
            escape(who),
            escape(unit)
        );
    }
    if out.is_empty() { out } else { format!("<p>Where a speaker changes label, nearest first:</p>\n{out}") }
}
