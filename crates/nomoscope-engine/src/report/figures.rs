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
    while let Some((before, (value, after))) =
        rest.split_once('"').and_then(|(b, rest)| Some((b, rest.split_once('"')?)))
    {
        rest = after;
        let own = |name: &str| ids.contains(&name);
        let leads = before.strip_suffix(" href=");
        if let (Some(before), Some(name)) = (leads, value.strip_prefix('#'))
            && !own(name)
        {
            out.push_str(before);
            continue;
        }
        let drawn_with = value.strip_prefix("url(#").and_then(|name| name.strip_suffix(')'));
        let names = [" id=", " aria-labelledby=", " aria-describedby="].iter().any(|key| before.ends_with(key));
        let value = if names {
            value.split(' ').map(|name| format!("{name}{suffix}")).collect::<Vec<_>>().join(" ")
        } else if let Some(name) = drawn_with.filter(|name| own(name)) {
            format!("url(#{name}{suffix})")
        } else if leads.is_some() && value.starts_with('#') {
            format!("{value}{suffix}")
        } else {
            value.to_owned()
        };
        out.push_str(before);
        out.push('"');
        out.push_str(&value);
        out.push('"');
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
