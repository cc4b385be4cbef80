//! Addresses of pages.

use axum::response::Redirect;
use nomoscope_core::text::Span;
use nomoscope_engine::address::encoded;
use nomoscope_engine::view::answer::key;

/// Returns an answer that leads to another page.
pub(crate) fn to(address: &str) -> Redirect {
    Redirect::to(address)
}

/// Returns an address that asks something, or nothing.
pub(crate) fn asking(address: &str, query: &str) -> String {
    if query.is_empty() { address.to_owned() } else { format!("{address}?{query}") }
}

/// Returns the address of a source, at a place of its text.
pub(crate) fn read(path: &str, at: Option<u32>) -> String {
    let path = encoded(path);
    match at {
        Some(at) => format!("/read?source={path}&at={at}#t{at}"),
        None => format!("/read?source={path}"),
    }
}

/// Returns the address of a coding in its source.
pub(crate) fn coding(path: &str, span: Span, concept: &str) -> String {
    let at = span.start;
    format!("/read?source={}&at={at}&mark={}#t{at}", encoded(path), encoded(&key(span, concept)))
}

/// Returns where to go back to, if it is a page of this server.
pub(crate) fn back(given: Option<&str>) -> String {
    let fine = |to: &&str| {
        to.starts_with('/') && !to.starts_with("//") && !to.contains(['\\', '\n', '\r', '\t']) && to.is_ascii()
    };
    given.filter(fine).unwrap_or("/").to_owned()
}

#[cfg(test)]
mod tests {
    use super::back;

    #[test]
    fn nobody_is_led_away() {
        let check = |given: &str, want: &str| assert_eq!(back(Some(given)), want);
        check("/read?source=a&at=3#t3", "/read?source=a&at=3#t3");
        check("//evil.example", "/");
        check("/\\evil.example", "/");
        check("https://evil.example", "/");
        check("javascript:x", "/");
        check("/a\r\nset-cookie: x", "/");
        assert_eq!(back(None), "/");
    }
}
