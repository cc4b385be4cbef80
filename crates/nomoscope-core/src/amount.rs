//! Numbers with their nouns, as people write them.

/// Returns the number with commas between thousands.
#[must_use]
pub fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// Returns `1 thing` or `n things`.
#[must_use]
pub fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", thousands(n as u64), if n == 1 { one } else { many })
}

/// Returns the number with its noun, which is given as of many: `1 category`, `2 categories`, `1 boolean that is true`.
#[must_use]
pub fn of_many(n: usize, many: &str) -> String {
    counted(n, &one_of(many), many)
}

/// Returns the phrase for one thing. Its noun stands before what follows on it (`that are …`, `on …`, `of …`).
fn one_of(many: &str) -> String {
    let (noun, rest) = match [" that ", " on ", " of "].iter().filter_map(|mark| many.find(mark)).min() {
        Some(at) => many.split_at(at),
        None => (many, ""),
    };
    let noun = match noun.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => noun.strip_suffix('s').unwrap_or(noun).to_owned(),
    };
    format!("{noun}{}", rest.replace(" that are ", " that is "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_is_not_many() {
        assert_eq!(counted(1, "source is", "sources are"), "1 source is");
        assert_eq!(counted(0, "source is", "sources are"), "0 sources are");
        let said = [
            (1, "coders", "1 coder"),
            (2_000, "codings", "2,000 codings"),
            (1, "entities", "1 entity"),
            (1, "booleans that are true", "1 boolean that is true"),
            (3, "booleans that are true", "3 booleans that are true"),
            (1, "tags on highlights", "1 tag on highlights"),
            (1, "statement types", "1 statement type"),
        ];
        for (n, many, words) in said {
            assert_eq!(of_many(n, many), words);
        }
    }
}
