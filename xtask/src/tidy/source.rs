//! A source file as far as the rules of the house need it: what it imports, declares and how long its functions are.
//!
//! Read from tokens, not from a syntax tree: a path inside a macro counts like any other, and no parser of the whole language
//! has to be built. Code under `#[cfg(test)]` does not count.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::BTreeSet;

/// A path as written, `println!` with its mark, and the line of its first word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mention {
    pub(crate) segments: Vec<String>,
    pub(crate) line: usize,
}

/// `use target as name`; the name of a glob is `*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Use {
    pub(crate) name: String,
    pub(crate) target: Mention,
    pub(crate) public: bool,
}

/// A function of production code and its lines, from `fn` to its last brace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) line: usize,
    pub(crate) n_lines: usize,
}

/// What one file says.
#[derive(Debug, Default)]
pub(crate) struct Source {
    pub(crate) uses: Vec<Use>,
    pub(crate) mentions: Vec<Mention>,
    pub(crate) functions: Vec<Function>,
    /// Names that the file defines.
    pub(crate) items: BTreeSet<String>,
    /// Files that it declares with `mod name;`.
    pub(crate) children: BTreeSet<String>,
}

/// Reads a file; what does not divide into tokens is no Rust.
pub(crate) fn read(text: &str) -> Result<Source, String> {
    let tokens: TokenStream = text.parse().map_err(|e: proc_macro2::LexError| e.to_string())?;
    let mut source = Source::default();
    scan(tokens, 0, &mut source);
    Ok(source)
}

const ITEM_KEYWORDS: [&str; 8] = ["const", "enum", "fn", "static", "struct", "trait", "type", "union"];

/// `depth` counts the modules written inside the file: so many `super` stay in it.
fn scan(stream: TokenStream, depth: usize, out: &mut Source) {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match token {
            TokenTree::Group(group) => scan(group.stream(), depth, out),
            TokenTree::Punct(mark) if mark.as_char() == '#' => {
                at = after_attribute(&tokens, at);
                continue;
            }
            TokenTree::Ident(word) => {
                let word = word.to_string();
                let next = tokens.get(at + 1);
                if word == "use" && !is_punct(next, '<') {
                    let public = at > 0 && is_visibility(&tokens, at - 1);
                    at = read_use(&tokens, at + 1, &mut Vec::new(), (depth, public), out);
                    continue;
                }
                if word == "mod"
                    && let Some(TokenTree::Ident(name)) = next
                {
                    match tokens.get(at + 2) {
                        Some(TokenTree::Group(group)) => scan(group.stream(), depth + 1, out),
                        _ => drop(out.children.insert(name.to_string())),
                    }
                    at += 3;
                    continue;
                }
                if ITEM_KEYWORDS.contains(&word.as_str())
                    && let Some(TokenTree::Ident(name)) = next
                {
                    out.items.insert(name.to_string());
                    if word == "fn" {
                        out.functions.extend(function(&tokens, at, name.to_string()));
                    }
                    at += 2;
                    continue;
                }
                let line = token.span().start().line;
                let (segments, end) = path(&tokens, at);
                let is_name = at > 0 && (is_punct(tokens.get(at - 1), '.') || is_punct(tokens.get(at - 1), '\''));
                let is_field = segments.len() == 1 && is_punct(tokens.get(end), ':');
                if !is_name && !is_field {
                    out.mentions.push(Mention { segments: within_file(segments, depth), line });
                }
                at = end;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
}

/// Returns where to go on after an attribute: behind its item, if that is compiled for tests alone.
fn after_attribute(tokens: &[TokenTree], at: usize) -> usize {
    let group = match tokens.get(at + 1) {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket => group,
        // `#![…]` of a file.
        _ => return at + 3,
    };
    let text: String = group.stream().to_string().split_whitespace().collect();
    if text != "cfg(test)" {
        return at + 2;
    }
    let ends = |t: &TokenTree| match t {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        other => is_punct(Some(other), ';'),
    };
    let rest = tokens.get(at + 2..).unwrap_or_default();
    at + 2 + rest.iter().position(ends).map_or(rest.len(), |end| end + 1)
}

fn is_punct(token: Option<&TokenTree>, mark: char) -> bool {
    matches!(token, Some(TokenTree::Punct(p)) if p.as_char() == mark)
}

/// Whether `pub` or `pub(…)` ends at the token.
fn is_visibility(tokens: &[TokenTree], at: usize) -> bool {
    let at = if matches!(tokens.get(at), Some(TokenTree::Group(_))) { at.saturating_sub(1) } else { at };
    matches!(tokens.get(at), Some(TokenTree::Ident(word)) if word == "pub")
}

/// Reads the path that begins at a word, and returns it with the place behind it.
fn path(tokens: &[TokenTree], mut at: usize) -> (Vec<String>, usize) {
    let mut segments = Vec::new();
    while let Some(TokenTree::Ident(word)) = tokens.get(at) {
        segments.push(word.to_string());
        at += 1;
        let goes_on = is_punct(tokens.get(at), ':')
            && is_punct(tokens.get(at + 1), ':')
            && matches!(tokens.get(at + 2), Some(TokenTree::Ident(_)));
        if !goes_on {
            break;
        }
        at += 2;
    }
    let calls = matches!(tokens.get(at + 1), Some(TokenTree::Group(_))) && is_punct(tokens.get(at), '!');
    if calls && let Some(last) = segments.last_mut() {
        last.push('!');
    }
    (segments, at)
}

/// Reads a tree of imports up to its `;` or `,`, and returns the place behind it.
fn read_use(
    tokens: &[TokenTree],
    mut at: usize,
    prefix: &mut Vec<String>,
    (depth, public): (usize, bool),
    out: &mut Source,
) -> usize {
    let n_before = prefix.len();
    let mut line = 0;
    let mut name = None;
    let mut is_list = false;
    while let Some(token) = tokens.get(at) {
        at += 1;
        line = if line == 0 { token.span().start().line } else { line };
        match token {
            TokenTree::Ident(word) if word == "as" => {
                name = tokens.get(at).map(ToString::to_string);
                at += 1;
            }
            TokenTree::Ident(word) => prefix.push(word.to_string()),
            TokenTree::Group(group) => {
                is_list = true;
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                let mut next = 0;
                while next < inner.len() {
                    next = read_use(&inner, next, prefix, (depth, public), out);
                }
            }
            TokenTree::Punct(mark) if mark.as_char() == '*' => name = Some("*".to_owned()),
            TokenTree::Punct(mark) if matches!(mark.as_char(), ';' | ',') => break,
            _ => {}
        }
    }
    if !is_list {
        let mut segments = prefix.clone();
        if segments.last().is_some_and(|last| last == "self") && segments.len() > 1 {
            segments.pop();
        }
        let name = name.or_else(|| segments.last().cloned()).unwrap_or_default();
        let target = Mention { segments: within_file(segments, depth), line };
        out.uses.push(Use { name, target, public });
    }
    prefix.truncate(n_before);
    at
}

/// Takes those `super` off a path that only lead out of a module inside the file.
fn within_file(mut segments: Vec<String>, depth: usize) -> Vec<String> {
    let n = segments.iter().take(depth).take_while(|s| *s == "super").count();
    if n > 0 {
        segments.drain(..n);
        segments.insert(0, "self".to_owned());
    }
    segments
}

fn function(tokens: &[TokenTree], at: usize, name: String) -> Option<Function> {
    let first = tokens.get(at)?.span().start().line;
    let body = tokens.get(at..)?.iter().find(|t| match t {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        other => is_punct(Some(other), ';'),
    })?;
    let TokenTree::Group(body) = body else { return None };
    Some(Function { name, line: first, n_lines: body.span_close().end().line - first + 1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uses(text: &str) -> Vec<(String, String, bool)> {
        let source = read(text).unwrap();
        source.uses.into_iter().map(|u| (u.name, u.target.segments.join("::"), u.public)).collect()
    }

    fn mentions(text: &str) -> Vec<String> {
        read(text).unwrap().mentions.into_iter().map(|m| m.segments.join("::")).collect()
    }

    #[test]
    fn a_tree_of_imports_is_taken_apart() {
        let row = |name: &str, target: &str, public| (name.to_owned(), target.to_owned(), public);
        assert_eq!(uses("use a::b;"), [row("b", "a::b", false)]);
        assert_eq!(
            uses("pub(crate) use a::{self, b::{c as d, e}, *};"),
            [row("a", "a", true), row("d", "a::b::c", true), row("e", "a::b::e", true), row("*", "a", true)]
        );
        assert_eq!(uses("mod inner { use super::super::x; }"), [row("x", "self::super::x", false)]);
    }

    #[test]
    fn paths_count_in_macros_and_not_in_tests() {
        assert_eq!(mentions("a!(std::fs::read(x.y, z: w))"), ["a!", "std::fs::read", "x", "w"]);
        assert_eq!(mentions("#[cfg(test)] #[allow(x)] mod tests { use super::*; std::fs::read(); } b::c()"), ["b::c"]);
        assert_eq!(mentions("#[cfg(test)] use a::b; c::d()"), ["c::d"]);
        assert!(read("mod a; #[cfg(test)] mod b;").unwrap().children.iter().eq(["a"]));
    }

    #[test]
    fn functions_have_lines() {
        let functions = read("fn a() {}\nfn b<T>()\n-> T {\n x\n}\ntrait T { fn c(); }").unwrap().functions;
        let rows: Vec<_> = functions.iter().map(|f| (f.name.as_str(), f.line, f.n_lines)).collect();
        assert_eq!(rows, [("a", 1, 1), ("b", 2, 4)]);
    }
}
