//! Links between the pages of a report: an anchor that stands on the other page is looked for there.

use std::collections::BTreeSet;

/// Returns the pages with each link to an anchor of the other page leading there.
pub(crate) fn between([(one, first), (other, second)]: [(&str, String); 2]) -> [String; 2] {
    let (here, there) = (anchors(&first), anchors(&second));
    [lead(&first, &here, &there, other), lead(&second, &there, &here, one)]
}

/// Returns the anchors of a page.
pub(crate) fn anchors(page: &str) -> BTreeSet<String> {
    let parts = page.split(" id=\"").skip(1);
    parts.filter_map(|rest| rest.split_once('"')).map(|(id, _)| id.to_owned()).collect()
}

/// Returns the anchor, or for a pair that has no passages of its own on either page those of its first concept.
fn standing(anchor: &str, own: &BTreeSet<String>, others: &BTreeSet<String>) -> Option<String> {
    let stands = |anchor: &String| own.contains(anchor) || others.contains(anchor);
    let pair = anchor.strip_prefix("c-").filter(|_| !stands(&anchor.to_owned()))?;
    pair.rmatch_indices('-').map(|(at, _)| format!("k-{}", &pair[..at])).find(stands)
}

fn lead(page: &str, own: &BTreeSet<String>, others: &BTreeSet<String>, file: &str) -> String {
    const LINK: &str = "href=\"#";
    let mut out = String::with_capacity(page.len() + page.len() / 20);
    let mut parts = page.split(LINK);
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (named, rest) = part.split_at(part.find('"').unwrap_or(part.len()));
        let anchor = standing(named, own, others).unwrap_or_else(|| named.to_owned());
        out.push_str("href=\"");
        if !own.contains(&anchor) && others.contains(&anchor) {
            out.push_str(file);
        }
        out.push('#');
        out.push_str(&anchor);
        out.push_str(rest);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::between;

    #[test]
    fn links_lead_where_their_anchor_stands() {
        let first = "<a href=\"#x\">x</a><p id=\"y\"><a href=\"#y\">y</a><a href=\"#z\">z</a>".to_owned();
        let second = "<p id=\"x\"><p id=\"y\"><a href=\"#y\">y</a>".to_owned();
        let [one, two] = between([("1.html", first), ("2.html", second.clone())]);
        assert_eq!(one, "<a href=\"2.html#x\">x</a><p id=\"y\"><a href=\"#y\">y</a><a href=\"#z\">z</a>");
        assert_eq!(two, second);
    }
}
