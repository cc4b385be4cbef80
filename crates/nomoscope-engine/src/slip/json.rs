//! `slip --json`.

use crate::json::number;
use crate::trend::json::quotation;
use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::norm::corpus::Corpus;
use nomoscope_core::stats::Interval;
use nomoscope_core::text::{Level, Span};
use nomoscope_core::usage::slip::mention::SpeakerBy;
use nomoscope_core::usage::slip::order::{OfSpeaker, Order, Predictability};
use nomoscope_core::usage::slip::{FREE, Group, Label, Pair, Settings, Slip, Switch};
use serde_json::{Value, json};

/// How many speakers of a pair are listed.
const SPEAKERS: usize = 20;

/// Returns `slip --json`; `top` caps the passages of each pair.
#[must_use]
pub fn slip(corpus: &Corpus, slip: &Slip, settings: &Settings, cautions: &[String], top: usize, run: Value) -> Value {
    let out = Out { corpus, top };
    let speaker = match &settings.speaker {
        SpeakerBy::Turns => "turn or source",
        SpeakerBy::Attribute(name) => name,
    };
    let mut all = out.group(&slip.all, true);
    all["speaker"] = json!(speaker);
    all["by"] = json!(settings.by);
    all["free"] = json!([FREE.0, FREE.1]);
    let groups = slip.groups.iter().map(|g| {
        let mut group = out.group(g, false);
        group["group"] = json!(g.name);
        group["small"] = json!(g.is_small());
        group
    });
    all["groups"] = if settings.by.is_some() { groups.collect::<Vec<_>>().into() } else { Value::Null };
    all["cautions"] = json!(cautions);
    all["run"] = run;
    all
}

struct Out<'o> {
    corpus: &'o Corpus,
    top: usize,
}

fn interval(interval: Option<Interval>) -> Value {
    interval.map_or(Value::Null, |i| json!([number(i.lower), number(i.upper)]))
}

impl Out<'_> {
    fn id(&self, concept: ConceptIx) -> &str {
        &self.corpus.codebook.get(concept).id
    }

    fn group(&self, g: &Group, whole: bool) -> Value {
        json!({
            "speakers": g.speakers.len(),
            "mentions": g.speakers.iter().map(|s| s.mentions.len()).sum::<usize>(),
            "tested": g.tested,
            "permutations": g.permutations,
            "labels": g.labels.iter().map(|l| self.label(l)).collect::<Vec<_>>(),
            "pairs": g.pairs.iter().map(|p| self.pair(g, p, whole)).collect::<Vec<_>>(),
        })
    }

    fn label(&self, l: &Label) -> Value {
        json!({
            "label": self.id(l.concept), "mentions": l.mentions, "listed": l.listed, "speakers": l.speakers, "sources": l.sources,
            "permeability": number(l.permeability),
        })
    }

    fn pair(&self, g: &Group, p: &Pair, whole: bool) -> Value {
        let mut out = json!({
            "a": self.id(p.a),
            "b": self.id(p.b),
            "verdict": p.verdict.name(),
            "interchangeable": p.interchangeable(),
            "reason": p.reason,
            "mentions_a": p.mentions.0,
            "mentions_b": p.mentions.1,
            "coordinated": p.coordinated,
            "speakers": p.speakers,
            "order": p.order.map_or(Value::Null, |o| order(&o, p.order_q)),
            "context": p.context.map_or(Value::Null, |c| context(&c, p.context_q)),
            "permeability": { "a": number(p.permeability.0), "b": number(p.permeability.1) },
            "by_speaker": p.by_speaker.iter().take(SPEAKERS).map(|s| of_speaker(g, s)).collect::<Vec<_>>(),
            "passages": p.passages.iter().take(self.top).map(|s| self.passage(g, s)).collect::<Vec<_>>(),
            "n_passages": p.n_passages,
        });
        if whole {
            out["similarity"] = similarity(p);
        }
        out
    }

    fn passage(&self, g: &Group, s: &Switch) -> Value {
        let coded = &self.corpus.coded[s.from.source];
        let source = &self.corpus.sources[s.from.source];
        let text = &source.document.text;
        let unit = s.from.window.unwrap_or(s.from.sentence);
        let sentences = Span::new(coded.span(s.from.sentence).start, coded.span(s.to.sentence).end);
        json!({
            "speaker": g.speakers.get(s.speaker).map(|x| &x.name),
            "source": source.path,
            "unit": coded.label(unit),
            "same_unit": s.from.window.is_some() && s.from.window == s.to.window,
            "from": self.id(s.from.label),
            "to": self.id(s.to.label),
            "words_from": s.from.span.of(text),
            "words_to": s.to.span.of(text),
            "sentence": coded.label(coded.unit_at(s.from.span.start, Level::Sentence)),
            "quote": quotation(text, sentences, s.span()),
        })
    }
}

fn order(o: &Order, q: Option<f64>) -> Value {
    json!({
        "observed": o.ratio.observed,
        "expected": o.ratio.expected,
        "ratio": o.ratio.ratio,
        "interval": interval(Some(o.interval)),
        "attainable": o.attainable,
        "error": if o.ratio.error_of_speakers.is_some_and(|e| e > o.ratio.error_of_order) { "speakers" } else { "order" },
        "p": o.p,
        "q": number(q),
        "permutations": o.permutations,
    })
}

fn context(c: &Predictability, q: Option<f64>) -> Value {
    json!({ "ratio": c.ratio, "expected": c.expected, "p": c.p, "q": number(q), "permutations": c.permutations })
}

fn similarity(p: &Pair) -> Value {
    match &p.similarity {
        Ok(s) => json!({
            "ratio": s.ratio, "cosine": s.cosine, "own_a": s.own[0], "own_b": s.own[1], "interval": interval(s.interval),
            "divided_by": if s.by_speaker { "speaker" } else { "sentence" }, "reason": null,
        }),
        Err(reason) => json!({
            "ratio": null, "cosine": null, "own_a": null, "own_b": null, "interval": null, "divided_by": null, "reason": reason,
        }),
    }
}

fn of_speaker(g: &Group, s: &OfSpeaker) -> Value {
    json!({
        "speaker": g.speakers.get(s.speaker).map(|x| &x.name),
        "mentions_a": s.mentions.0,
        "mentions_b": s.mentions.1,
        "observed": s.observed,
        "expected": s.expected,
        "ratio": s.observed as f64 / s.expected,
        "p": s.p,
    })
}
