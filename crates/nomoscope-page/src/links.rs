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

fn lead(page: &str, own: &BTreeSet<String>, others: &BTreeSet<String>, file: &str) -> String {
    const LINK: &str = "href=\"#";
    let mut out = String::with_capacity(page.len() + page.len() / 20);
    let mut parts = page.split(LINK);
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let anchor = part.split('"').next().unwrap_or_default();
        out.push_str(if !own.contains(anchor) && others.contains(anchor) { "href=\"" } else { LINK });
        if !own.contains(anchor) && others.contains(anchor) {
            out.push_str(file);
            out.push('#');
        }
        out.push_str(part);
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
