//! The queue of differences between coders, one at a time.

use super::acts::perform;
use crate::app::{App, Session};
use crate::failure::Failure;
use crate::frame::{Frame, page as show};
use crate::link;
use askama::Template;
use axum::Extension;
use axum::extract::{Form, Query, State};
use axum::http::HeaderMap;
use axum::response::{Html, Response};
use nomoscope_core::text::Span;
use nomoscope_desk::Act;
use nomoscope_desk::act::Decision;
use nomoscope_desk::keeper::{Kept, Seat};
use nomoscope_engine::address::{Pairs, field};
use nomoscope_engine::adjudicate::answer::{Claim, Item, Kind, Queue};
use nomoscope_engine::adjudicate::question::Question;
use nomoscope_engine::adjudicate::words;
use nomoscope_engine::handle::Handle;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "adjudicate.html")]
struct Page {
    frame: Frame,
    lead: String,
    agreed: usize,
    open: usize,
    /// Its place among those that are open, from 0.
    at: usize,
    item: Option<Shown>,
}

/// A difference as it is shown.
struct Shown {
    item: Item,
    said: String,
    read: String,
    previous: Option<String>,
    next: Option<String>,
    choices: Vec<Choice>,
    /// The words in question, on one line.
    words: String,
}

/// Whose version can be taken.
struct Choice {
    coder: String,
    lines: Vec<String>,
}

impl Page {
    /// The place of the one that is shown, as people count.
    fn number(&self) -> usize {
        self.at + 1
    }
}

fn asked(study: &Seat, kept: &Kept, session: &Session) -> Result<Arc<Queue>, Failure> {
    let asked = Question { source: None, viewer: session.coder.clone() };
    let key = serde_json::to_string(&asked).unwrap_or_default();
    Ok(study.answer(kept, &key, || asked.ask(&kept.opened.material, &Handle::default()))?)
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    Query(pairs): Query<Pairs>,
) -> Result<Html<String>, Failure> {
    app.work(move |app| {
        let study = app.study(&session)?;
        let kept = study.now()?;
        let queue = asked(&study, &kept, &session)?;
        let open = queue.open.len();
        let at = field(&pairs, "at").and_then(|n| n.parse().ok()).unwrap_or(0usize).min(open.saturating_sub(1));
        let to = |at: usize| format!("/adjudicate?at={at}");
        let item = queue.open.get(at).map(|item| Shown {
            said: words::difference(item),
            read: link::read(&item.source, Some(item.place().start)),
            previous: at.checked_sub(1).map(to),
            next: (at + 1 < open).then(|| to(at + 1)),
            choices: choices(&kept, item),
            words: item.quote[1].split_whitespace().collect::<Vec<_>>().join(" "),
            item: item.clone(),
        });
        show(&Page {
            frame: Frame::of(&kept, &session, "/double", "Adjudication"),
            lead: words::lead(&queue),
            agreed: queue.agreed.len(),
            open,
            at,
            item,
        })
    })
    .await
}

/// Returns what each coder marked, as lines.
fn choices(kept: &Kept, item: &Item) -> Vec<Choice> {
    let sources = &kept.opened.material.study.sources;
    let text = sources.iter().find(|s| s.path == item.source).map_or("", |s| s.document.text.as_str());
    let line = |claim: &Claim, coder: &str| match claim.of(coder) {
        [] => None,
        spans => {
            let words: Vec<String> = spans.iter().map(|s| format!("“{}”", s.of(text))).collect();
            Some(format!("{}: {}", claim.label, words.join(" … ")))
        }
    };
    let of = |coder: &str| Choice {
        lines: item.claims.iter().filter_map(|c| line(c, coder)).collect(),
        coder: coder.to_owned(),
    };
    item.coders().into_iter().map(of).collect()
}

/// What is decided of one difference.
#[derive(Debug, Deserialize)]
pub(super) struct Decided {
    source: String,
    /// Which difference, by its key.
    item: String,
    /// `coder`, `both`, `neither` or `own`.
    take: String,
    /// Whose version, where one is taken.
    coder: Option<String>,
    /// The words that are coded, where they are one's own choice.
    words: Option<String>,
    /// As which concept.
    concept: Option<String>,
    back: Option<String>,
}

pub(super) async fn decide(
    state: State<Arc<App>>,
    session: Extension<Session>,
    headers: HeaderMap,
    Form(given): Form<Decided>,
) -> Result<Response, Failure> {
    let who = session.0.clone();
    perform((state, session, headers), given.back.clone(), move |study| {
        let kept = study.now()?;
        let queue = asked(study, &kept, &who)?;
        let known = queue.open.iter().find(|i| i.source == given.source && i.key() == given.item);
        let item = known.ok_or_else(|| {
            Failure::bad("This is no open difference any more: it was decided, or somebody changed a coding. Load the page again.")
        })?;
        let own = if given.take == "own" { Some(own(&kept, item, &given)?) } else { None };
        let decision = |claim: &Claim| {
            let keep = match given.take.as_str() {
                "coder" => claim.of(given.coder.as_deref().unwrap_or_default()).to_vec(),
                // What marks hold together is all that any of them marked.
                "both" => vec![claim.place],
                "own" => own.iter().filter(|(concept, _)| *concept == claim.concept).map(|(_, span)| *span).collect(),
                _ => Vec::new(),
            };
            Decision { source: item.source.clone(), concept: claim.concept.clone(), place: claim.place, keep }
        };
        let is_coder = || item.coders().contains(&given.coder.as_deref().unwrap_or_default());
        match given.take.as_str() {
            "both" | "neither" | "own" => {}
            "coder" if is_coder() => {}
            _ => return Err(Failure::bad("Choose what is to stand.")),
        }
        Ok(Act::Adjudicate { decisions: item.claims.iter().map(decision).collect() })
    })
    .await
}

/// Returns the words that somebody chose, as a concept and a place in the sentences that were shown.
fn own(kept: &Kept, item: &Item, given: &Decided) -> Result<(String, Span), Failure> {
    let concept = match (&given.concept, &item.claims[..]) {
        (Some(concept), claims) if claims.iter().any(|c| c.concept == *concept) => concept.clone(),
        (None, [one]) => one.concept.clone(),
        _ => return Err(Failure::bad("Choose a concept for your own words.")),
    };
    let words = given.words.as_deref().unwrap_or_default().trim();
    if words.is_empty() {
        return Err(Failure::bad("Write the words that are to be coded."));
    }
    let sources = &kept.opened.material.study.sources;
    let text = sources.iter().find(|s| s.path == item.source).map_or("", |s| s.document.text.as_str());
    let context = item.context.of(text);
    let mut found = places(context, words);
    let (Some((start, end)), None) = (found.next(), found.next()) else {
        let n = places(context, words).count();
        let reason = if n == 0 { "do not stand" } else { "stand more than once" };
        return Err(Failure::bad(format!("The words “{words}” {reason} in the sentence that is shown.")));
    };
    let at = |n: usize| item.context.start + n as u32;
    Ok((concept, Span::new(at(start), at(end))))
}

/// Where words stand in a text, however lines are broken in either.
fn places<'t>(text: &'t str, words: &str) -> impl Iterator<Item = (usize, usize)> + 't {
    let sought: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
    let match_at = move |from: usize| -> Option<usize> {
        let mut at = from;
        for (i, word) in sought.iter().enumerate() {
            let rest = text.get(at..)?;
            let rest_words = if i == 0 { rest } else { rest.trim_start() };
            if i > 0 && rest_words.len() == rest.len() {
                return None;
            }
            at = text.len() - rest_words.strip_prefix(word.as_str())?.len();
        }
        Some(at)
    };
    text.char_indices().filter_map(move |(from, _)| Some((from, match_at(from)?)))
}

/// Where to go afterwards.
#[derive(Debug, Deserialize)]
pub(super) struct Back {
    back: Option<String>,
}

/// Takes over all that coders agree on, as one act.
pub(super) async fn merge(
    state: State<Arc<App>>,
    session: Extension<Session>,
    headers: HeaderMap,
    Form(given): Form<Back>,
) -> Result<Response, Failure> {
    let who = session.0.clone();
    perform((state, session, headers), given.back, move |study| {
        let kept = study.now()?;
        let queue = asked(study, &kept, &who)?;
        let of_item = |item: &Item| item.claims.iter().map(|c| (item.source.clone(), c.clone())).collect::<Vec<_>>();
        let decisions = queue.agreed.iter().filter(|item| item.kind == Kind::Agreed).flat_map(of_item);
        let decisions = decisions.map(|(source, claim)| Decision {
            source,
            place: claim.place,
            // They may have cut the same words into pieces in different ways: the whole of them stands.
            keep: vec![claim.place],
            concept: claim.concept,
        });
        Ok(Act::Adjudicate { decisions: decisions.collect() })
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::places;

    #[test]
    fn words_are_found_however_lines_are_broken() {
        let check = |text: &str, words: &str, want: &[(usize, usize)]| {
            assert_eq!(places(text, words).collect::<Vec<_>>(), want, "{words:?} in {text:?}");
        };
        check("of debt\nbondage", "debt bondage", &[(3, 15)]);
        check("debt debt", "debt", &[(0, 4), (5, 9)]);
        check("debtbondage", "debt bondage", &[]);
        check("dé\u{a0}à", "dé à", &[(0, 7)]);
        check("a", "a b", &[]);
    }
}
