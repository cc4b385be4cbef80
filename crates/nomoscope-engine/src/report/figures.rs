//! The figures of all its answers, each under a name that no other has.

use super::answer::Report;
use crate::answer::Answer;
use nomoscope_figure::{Figure, View};

/// Returns all figures.
#[must_use]
pub fn all(report: &Report, view: View) -> Vec<Figure> {
    report.parts().iter().flat_map(|part| named(part.answer, &part.suffix, view)).collect()
}

/// Returns the figures of an answer, their ids ending in `suffix`.
#[must_use]
pub fn named(answer: &dyn Answer, suffix: &str, view: View) -> Vec<Figure> {
    let mut figures = answer.figures(view);
    if suffix.is_empty() {
        return figures;
    }
    for figure in &mut figures {
        figure.id.push_str(suffix);
        figure.table.id.push_str(suffix);
        figure.svg = apart(&figure.svg, suffix);
    }
    figures
}

/// Returns a drawing whose names end in `suffix`, so that it can stand beside another one, and that leads nowhere: passages
/// and sources of the page are numbered as those of the map are.
fn apart(svg: &str, suffix: &str) -> String {
    let ids: Vec<&str> = values(svg, " id=\"").collect();
    let mut out = String::with_capacity(svg.len() + ids.len() * suffix.len() * 3);
    let mut rest = svg;
    while let Some(at) = rest.find(['"', '(']) {
        let (before, after) = rest.split_at(at + 1);
        let close = if before.ends_with('(') { ')' } else { '"' };
        let Some(end) = after.find(close) else { break };
        let (value, after) = after.split_at(end);
        let own = |name: &str| ids.contains(&name);
        let known = value.strip_prefix('#');
        if before.ends_with(" href=\"") && known.is_some_and(|name| !own(name)) {
            out.push_str(&before[..before.len() - " href=\"".len()]);
            rest = &after[1..];
            continue;
        }
        out.push_str(before);
        let refers =
            before.ends_with(" id=\"") || before.ends_with("labelledby=\"") || before.ends_with("describedby=\"");
        if refers {
            let names: Vec<String> = value.split(' ').map(|name| format!("{name}{suffix}")).collect();
            out.push_str(&names.join(" "));
        } else if known.is_some_and(own) {
            out.push_str(&format!("{value}{suffix}"));
        } else {
            out.push_str(value);
        }
        rest = after;
        if let Some(after) = rest.strip_prefix(close) {
            out.push(close);
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// Returns what stands between `before` and the next quotation mark, everywhere.
fn values<'s>(text: &'s str, before: &'static str) -> impl Iterator<Item = &'s str> {
    text.split(before).skip(1).filter_map(|rest| rest.split('"').next())
}

#[cfg(test)]
mod tests {
    use super::apart;

    #[test]
    fn two_drawings_can_stand_on_one_page() {
        let svg = r##"<svg aria-labelledby="m-t m-d"><title id="m-t">A (b) "c"</title><desc id="m-d">d</desc><pattern id="p"/><rect fill="url(#p)" x="1"/><a href="#src-3"><text>é (1)</text></a><use href="#p"/><a href="https://x.y/#z">k</a></svg>"##;
        let want = r##"<svg aria-labelledby="m-t-2 m-d-2"><title id="m-t-2">A (b) "c"</title><desc id="m-d-2">d</desc><pattern id="p-2"/><rect fill="url(#p-2)" x="1"/><a><text>é (1)</text></a><use href="#p-2"/><a href="https://x.y/#z">k</a></svg>"##;
        assert_eq!(apart(svg, "-2"), want);
    }
}
