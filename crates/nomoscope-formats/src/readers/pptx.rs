//! PowerPoint presentations (pptx): a section a slide, its title first, with what the speaker noted below it.

use super::{Format, set, single};
use crate::builder::Builder;
use crate::package::{Package, beside};
use crate::{FormatError, Input, Read, ReadOptions, xml};
use nomoscope_core::amount::of_many;
use nomoscope_core::text::{Document, MarkKind};
use roxmltree::Node;
use std::collections::BTreeMap;

pub(super) const FORMAT: Format = Format {
    name: "pptx",
    extensions: &["pptx", "pptm", "ppsx"],
    description: "PowerPoint presentations, slide by slide, with the speaker's notes",
    roots: &[],
    read,
};

const MAIN: &str = "ppt/presentation.xml";

fn read(input: &Input, options: &ReadOptions) -> Result<Vec<Read>, FormatError> {
    let mut package = Package::open(input, options)?;
    let main = package.required(MAIN)?;
    let order = package.parsed(&main, MAIN, |root| {
        let slides = root.descendants().filter(|node| node.tag_name().name() == "sldId");
        let office = |node: &Node| {
            // `id` is a number, `r:id` the relation.
            node.attributes().find(|a| a.name() == "id" && a.namespace().is_some()).map(|a| a.value().to_owned())
        };
        slides.filter_map(|node| office(&node)).collect::<Vec<_>>()
    })?;
    let targets = relations(&mut package, MAIN)?;
    let mut builder = Builder::new(&options.limits);
    let (mut hidden, mut notes) = (0_usize, Vec::new());
    for (number, id) in (1_usize..).zip(order.unwrap_or_default()) {
        let Some((_, part)) = targets.get(&id) else { continue };
        let Some(slide) = package.text(part)? else { continue };
        let beside = relations(&mut package, part)?;
        let noted = beside.values().find(|(kind, _)| kind.ends_with("/notesSlide")).map(|(_, part)| part.clone());
        let said = noted.as_ref().map(|part| package.text(part)).transpose()?.flatten().unwrap_or_default();
        let shown = package.parsed(&slide, part, |root| {
            let shown = root.attribute("show") != Some("0");
            if shown {
                builder.block();
            }
            let open = shown.then(|| builder.open(MarkKind::Section, Some(format!("Slide {number}")), None));
            if shown {
                shapes(&mut builder, root, false);
            }
            (shown, open)
        })?;
        if let Some((shown, open)) = shown {
            hidden += usize::from(!shown);
            if shown {
                package.parsed(&said, noted.as_deref().unwrap_or_default(), |root| shapes(&mut builder, root, true))?;
            }
            if let Some(open) = open {
                builder.close(open);
                builder.block();
            }
        }
    }
    if hidden > 0 {
        notes.push(format!("left out: {}", of_many(hidden, "hidden slides")));
    }
    let (text, marks) = builder.finish(input)?;
    let mut document = Document { text, marks, ..Document::default() };
    let core = package.text("docProps/core.xml")?.unwrap_or_default();
    package.parsed(&core, "core.xml", |root| {
        for node in root.children().filter(Node::is_element) {
            let key = match node.tag_name().name() {
                "creator" => "author",
                name @ ("title" | "language" | "subject" | "keywords" | "created") => name,
                _ => continue,
            };
            set(&mut document, key, &xml::plain(node));
        }
    })?;
    Ok(single(document, notes))
}

/// Returns what a part points to: kind and part, by the ids of the relations.
fn relations(package: &mut Package<'_>, of: &str) -> Result<BTreeMap<String, (String, String)>, FormatError> {
    let (folder, file) = of.rsplit_once('/').unwrap_or(("", of));
    let member = format!("{folder}/_rels/{file}.rels");
    let text = package.text(&member)?.unwrap_or_default();
    let found = package.parsed(&text, &member, |root| {
        let all = root.children().filter(|node| node.attribute("TargetMode") != Some("External"));
        all.filter_map(|node| {
            let target = beside(of, node.attribute("Target")?);
            Some((node.attribute("Id")?.to_owned(), (node.attribute("Type")?.to_owned(), target)))
        })
        .collect()
    })?;
    Ok(found.unwrap_or_default())
}

/// Writes the shapes of a slide in their order; of a page of notes only what the speaker wrote.
fn shapes(builder: &mut Builder, root: Node, of_notes: bool) {
    // Shapes and tables; groups are only their parents.
    let bodies = root.descendants().filter(|node| matches!(node.tag_name().name(), "sp" | "tbl"));
    for shape in bodies {
        if shape.tag_name().name() == "tbl" {
            table(builder, shape);
            continue;
        }
        let place = shape
            .descendants()
            .find(|node| node.tag_name().name() == "ph")
            .map(|node| node.attribute("type").unwrap_or("body"));
        match place {
            Some("dt" | "ftr" | "sldNum" | "hdr" | "sldImg") => continue,
            place if of_notes && place != Some("body") => continue,
            _ => {}
        }
        let heading = matches!(place, Some("title" | "ctrTitle")) && !of_notes;
        for paragraph in shape.descendants().filter(|node| node.tag_name().name() == "p") {
            builder.block();
            let open = heading.then(|| builder.open(MarkKind::Heading { level: 1 }, None, None));
            runs(builder, paragraph);
            if let Some(open) = open {
                builder.close(open);
            }
            builder.block();
        }
    }
}

fn runs(builder: &mut Builder, paragraph: Node) {
    for node in paragraph.descendants().filter(Node::is_element) {
        match node.tag_name().name() {
            "t" => builder.exact(node.text().unwrap_or_default()),
            "br" => builder.line(),
            "tab" => builder.exact("\t"),
            _ => {}
        }
    }
}

fn table(builder: &mut Builder, table: Node) {
    builder.block();
    for row in table.children().filter(|node| node.tag_name().name() == "tr") {
        builder.line();
        for (index, cell) in row.children().filter(|node| node.tag_name().name() == "tc").enumerate() {
            if index > 0 {
                builder.cell();
            }
            builder.flatten();
            for paragraph in cell.descendants().filter(|node| node.tag_name().name() == "p") {
                builder.space();
                runs(builder, paragraph);
            }
            builder.unflatten();
        }
    }
    builder.block();
}
