//! The labels that pages carry: i, ii, iii, 1, 2, A-1 …

use crate::readers::docx::numerals::{letters, roman};
use lopdf::{Dictionary, Document, Object};
use std::collections::BTreeMap;

/// How deep the tree of labels may be; real ones have one or two levels.
const MAX_DEPTH: usize = 16;

struct Range {
    style: Option<u8>,
    prefix: String,
    start: u32,
}

/// Returns a label for each of `n` pages; the number of the page where the file gives none.
pub(super) fn page_labels(pdf: &Document, n: usize) -> Vec<String> {
    let mut ranges = BTreeMap::new();
    if let Some(tree) = pdf.catalog().ok().and_then(|catalog| dictionary(pdf, catalog.get(b"PageLabels").ok()?)) {
        collect(pdf, tree, &mut ranges, MAX_DEPTH);
    }
    (0..n).map(|page| label(&ranges, page)).collect()
}

fn label(ranges: &BTreeMap<usize, Range>, page: usize) -> String {
    let number = || (page + 1).to_string();
    let Some((first, range)) = ranges.range(..=page).next_back() else {
        return number();
    };
    let offset = u32::try_from(page - first).unwrap_or(u32::MAX);
    let value = range.start.saturating_add(offset);
    let text = match range.style {
        Some(b'D') => value.to_string(),
        Some(b'R') => roman(value).to_ascii_uppercase(),
        Some(b'r') => roman(value),
        Some(b'A') => letters(value).to_ascii_uppercase(),
        Some(b'a') => letters(value),
        _ => String::new(),
    };
    let label = format!("{}{text}", range.prefix);
    if label.trim().is_empty() { number() } else { label }
}

fn collect(pdf: &Document, node: &Dictionary, ranges: &mut BTreeMap<usize, Range>, depth: usize) {
    if let Some(numbers) = node.get(b"Nums").ok().and_then(|numbers| array(pdf, numbers)) {
        let (pairs, _) = numbers.as_chunks::<2>();
        for [key, value] in pairs {
            let page = key.as_i64().ok().and_then(|page| usize::try_from(page).ok());
            if let (Some(page), Some(value)) = (page, dictionary(pdf, value)) {
                ranges.insert(page, range(value));
            }
        }
    }
    if depth == 0 {
        return;
    }
    for kid in node.get(b"Kids").ok().and_then(|kids| array(pdf, kids)).into_iter().flatten() {
        if let Some(kid) = dictionary(pdf, kid) {
            collect(pdf, kid, ranges, depth - 1);
        }
    }
}

fn range(value: &Dictionary) -> Range {
    let start = value.get(b"St").and_then(Object::as_i64).ok().and_then(|start| u32::try_from(start).ok());
    Range {
        style: value.get(b"S").and_then(Object::as_name).ok().and_then(|name| name.first().copied()),
        prefix: value.get(b"P").and_then(lopdf::decode_text_string).unwrap_or_default(),
        start: start.unwrap_or(1),
    }
}

fn dictionary<'a>(pdf: &'a Document, object: &'a Object) -> Option<&'a Dictionary> {
    pdf.dereference(object).ok()?.1.as_dict().ok()
}

fn array<'a>(pdf: &'a Document, object: &'a Object) -> Option<&'a Vec<Object>> {
    pdf.dereference(object).ok()?.1.as_array().ok()
}
