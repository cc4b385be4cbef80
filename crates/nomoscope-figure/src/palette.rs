//! The colours by name: on white, on near-black, and as classes.

use crate::model::Role;

/// Name, colour on white, colour on near-black.
pub(crate) const COLOURS: &[(&str, &str, &str)] = &[
    ("ink", "#1a1a1a", "#ececec"),
    ("soft", "#555555", "#b4b4b4"),
    ("faint", "#8c8c8c", "#7d7d7d"),
    ("hair", "#d9d9d9", "#3a3d42"),
    ("band", "#f4f4f2", "#1e2126"),
    ("paper", "#ffffff", "#15171a"),
    ("problem", "#D55E00", "#EE8434"),
    ("value", "#0072B2", "#56ACE0"),
    ("behaviour", "#009E73", "#2DBE95"),
    ("neutral", "#6e6e6e", "#9a9a9a"),
    ("problem-tint", "#FBE7D9", "#4a2a14"),
    ("value-tint", "#D6E9F5", "#153a52"),
    ("behaviour-tint", "#D9F1E9", "#12412f"),
    ("neutral-tint", "#EFEFEF", "#2a2d31"),
    ("problem-mid", "#EBA878", "#A4561F"),
    ("value-mid", "#86BBDB", "#2F7199"),
    ("behaviour-mid", "#86CFB9", "#1F7E63"),
    ("bundle", "#b4b4b4", "#5d6167"),
    ("neutral-mid", "#CFCFCF", "#4b4f55"),
];

/// Returns the colour on white; what is no colour's name (a pattern, `none`) is returned as it is.
pub(crate) fn light(name: &str) -> &str {
    COLOURS.iter().find(|(colour, ..)| *colour == name).map_or(name, |(_, light, _)| light)
}

fn is_colour(name: &str) -> bool {
    COLOURS.iter().any(|(colour, ..)| *colour == name)
}

/// Returns the class that fills with a colour, empty for a pattern.
pub(crate) fn fill_class(name: &str) -> String {
    if is_colour(name) { format!("f-{name}") } else { String::new() }
}

/// Returns the class that draws lines in a colour.
pub(crate) fn stroke_class(name: &str) -> String {
    if is_colour(name) { format!("s-{name}") } else { String::new() }
}

/// Returns the names of a role's tint, mid and full colour.
pub(crate) const fn tints(role: Option<Role>) -> [&'static str; 3] {
    match role {
        Some(Role::Problem) => ["problem-tint", "problem-mid", "problem"],
        Some(Role::Value) => ["value-tint", "value-mid", "value"],
        Some(Role::Behaviour) => ["behaviour-tint", "behaviour-mid", "behaviour"],
        None => ["neutral-tint", "neutral-mid", "neutral"],
    }
}
