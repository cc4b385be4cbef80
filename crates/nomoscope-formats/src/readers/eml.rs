//! Messages (eml): the words of the body, what the head says as attributes. Attachments are left out, and named.

use super::{Format, html, set, single};
use crate::builder::Builder;
use crate::caught::caught;
use crate::{FormatError, Input, Read, ReadOptions, Reason};
use mail_parser::{Address, Message, MessageParser, MimeHeaders as _, PartType};
use nomoscope_core::amount::of_many;
use nomoscope_core::text::Document;

pub(super) const FORMAT: Format = Format {
    name: "eml",
    extensions: &["eml"],
    description: "messages: the body; attachments are left out and named",
    roots: &[],
    read,
};

/// How many attachments are named in a note.
const NAMED: usize = 5;

fn read(input: &Input, options: &ReadOptions) -> Result<Vec<Read>, FormatError> {
    let wrong = || FormatError::new(input, None, Reason::Table { message: "no message".to_owned() });
    // A broken message must not end the program, whatever the library does with it.
    let message = caught(|| MessageParser::default().parse(input.bytes)).flatten();
    let message = message.ok_or_else(wrong)?;
    if message.headers().is_empty() {
        return Err(wrong());
    }
    let mut builder = Builder::new(&options.limits);
    for part in message.text_bodies() {
        builder.block();
        match &part.body {
            PartType::Text(text) => builder.exact(text.replace('\0', "").trim()),
            PartType::Html(page) => html::fragment(input, &page.replace('\0', ""), options, &mut builder)?,
            _ => {}
        }
    }
    let (text, marks) = builder.finish(input)?;
    let notes = notes(&message, &text);
    let mut document = Document { text, marks, ..Document::default() };
    set(&mut document, "title", message.subject().unwrap_or_default());
    let date = message.date().map(|d| format!("{:04}-{:02}-{:02}", d.year, d.month, d.day));
    set(&mut document, "date", &date.unwrap_or_default());
    set(&mut document, "from", &people(message.from()));
    set(&mut document, "to", &people(message.to()));
    set(&mut document, "cc", &people(message.cc()));
    Ok(single(document, notes))
}

fn notes(message: &Message<'_>, text: &str) -> Vec<String> {
    let mut notes = Vec::new();
    let names: Vec<String> = message
        .attachments()
        .map(|part| part.attachment_name().unwrap_or("without a name").escape_debug().to_string())
        .collect();
    if !names.is_empty() {
        let named = names.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        let dots = if names.len() > NAMED { ", …" } else { "" };
        notes.push(format!("left out: {}: {named}{dots}", of_many(names.len(), "attachments")));
    }
    if text.contains('\u{fffd}') {
        notes.push("some signs could not be read in the encoding that the message names".to_owned());
    }
    notes
}

fn people(address: Option<&Address<'_>>) -> String {
    let one =
        |person: &mail_parser::Addr<'_>| person.name().or_else(|| person.address()).unwrap_or_default().to_owned();
    address.map(|list| list.iter().map(one).collect::<Vec<_>>().join("; ")).unwrap_or_default()
}
