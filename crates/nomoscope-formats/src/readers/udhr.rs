//! The Universal Declaration of Human Rights as the Unicode project publishes it, in hundreds of languages.
//!
//! The numbers of articles come from `@number`, those of paragraphs from `@tag` or, where the file leaves them to the
//! reader, from their order.

use super::{Format, direction, single};
use crate::builder::Builder;
use crate::decode::{Declaration, decode};
use crate::{FormatError, Input, Read, ReadOptions, xml};
use nomoscope_core::text::{Document, MarkKind};
use roxmltree::Node;

pub(super) const FORMAT: Format = Format {
    name: "udhr",
    extensions: &["xml"],
    description: "the Universal Declaration of Human Rights (Unicode's XML)",
    roots: &["udhr"],
    read,
};

fn read(input: &Input, options: &ReadOptions) -> Result<Vec<Read>, FormatError> {
    let decoded = decode(input, Declaration::Xml, options)?;
    let tree = xml::parse(input, &decoded.text, &options.limits)?;
    let root = tree.root_element();
    let mut builder = Builder::new(&options.limits);
    children(&mut builder, root, 1);
    let (text, marks) = builder.finish(input)?;
    let mut document = Document { text, marks, ..Document::default() };
    document.title = xml::child(root, "title").map(xml::plain);
    document.language = xml::language(root).map(str::to_owned);
    document.direction = root.attribute("dir").and_then(direction);
    for (key, name) in [("key", "key"), ("script", "iso15924"), ("language_name", "n")] {
        if let Some(value) = root.attribute(name) {
            document.attributes.insert(key.to_owned(), value.to_owned());
        }
    }
    Ok(single(document, decoded.notes))
}

fn children(builder: &mut Builder, node: Node, level: u8) {
    for child in node.children().filter(Node::is_element) {
        block(builder, child, level);
    }
}

fn block(builder: &mut Builder, node: Node, level: u8) {
    builder.block();
    match node.tag_name().name() {
        "title" => {
            let open = builder.open(MarkKind::Heading { level }, None, None);
            builder.inline(&xml::plain(node));
            builder.close(open);
        }
        "para" => {
            let open = builder.open(MarkKind::Paragraph, None, None);
            builder.inline(&xml::plain(node));
            builder.close(open);
        }
        "preamble" => {
            let open = builder.open(MarkKind::Preamble, None, None);
            children(builder, node, 2);
            builder.close(open);
        }
        "article" => {
            let label = node.attribute("number").map(|number| format!("Art. {}", number.trim()));
            let open = builder.open(MarkKind::Section, label, None);
            article(builder, node);
            builder.close(open);
        }
        _ => children(builder, node, level),
    }
    builder.block();
}

fn article(builder: &mut Builder, node: Node) {
    for child in node.children().filter(Node::is_element) {
        if child.tag_name().name() == "orderedlist" {
            list(builder, child, node.attribute("number"));
        } else {
            block(builder, child, 2);
        }
    }
}

fn list(builder: &mut Builder, list: Node, article: Option<&str>) {
    for (index, item) in list.children().filter(Node::is_element).enumerate() {
        builder.block();
        let number = index + 1;
        let label = article.map(|article| format!("Art. {}({number})", article.trim()));
        let open = builder.open(MarkKind::Paragraph, label, None);
        builder.inline(item.attribute("tag").unwrap_or(&format!("{number}.")));
        builder.space();
        builder.inline(&xml::plain(item));
        builder.close(open);
    }
}
