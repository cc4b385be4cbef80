//! What the models of several figures are made of.

/// The part that a concept plays in a norm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// What is wrong: rounded box, vermilion.
    Problem,
    /// What is held dear: ellipse, blue.
    Value,
    /// What is to be done: cut-corner box, green.
    Behaviour,
}

impl Role {
    /// Returns the word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Problem => "problem",
            Self::Value => "value",
            Self::Behaviour => "behaviour",
        }
    }

    /// Returns the name of its colour.
    pub(crate) const fn colour(role: Option<Self>) -> &'static str {
        match role {
            Some(role) => role.word(),
            None => "neutral",
        }
    }
}

/// A concept with its weight.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Node {
    /// The concept's id.
    pub id: String,
    /// What people read.
    pub label: String,
    /// Its part in the norm.
    pub role: Option<Role>,
    /// Whether it is the name of a norm.
    pub norm_label: bool,
    /// Weight of statements.
    pub weight: f64,
    /// Units that hold it.
    pub units: u64,
    /// Sources that hold it.
    pub sources: u64,
    /// Whether its place is certain; drawn solid, otherwise dashed.
    pub certain: bool,
    /// Share of bootstrap draws that agree, 0 to 1.
    pub support: Option<f64>,
    /// Where its passages stand.
    pub href: Option<String>,
}

/// Returns the label, or the id where it is blank: what nobody can read nobody can check.
pub(crate) fn name_or_id(label: &str, id: &str) -> String {
    if label.trim().is_empty() { id.to_owned() } else { label.to_owned() }
}

impl Node {
    pub(crate) fn named(mut self) -> Self {
        self.label = name_or_id(&self.label, &self.id);
        self
    }
}

pub(crate) fn named(nodes: &[Node]) -> Vec<Node> {
    nodes.iter().cloned().map(Node::named).collect()
}

/// What the caller left out before the figure saw it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Others {
    /// How many concepts.
    pub n: usize,
    /// Their weight together.
    pub weight: f64,
}

/// What every figure says about itself; empty fields get sensible words.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Heading {
    /// File stem and anchor, unique on a page; empty: the kind's own.
    pub id: String,
    /// The message; `None`: made from the data.
    pub title: Option<String>,
    /// A last line below the figure: sources, dates, settings.
    pub note: Option<String>,
}

impl Heading {
    pub(crate) fn id_or(&self, kind: &str) -> String {
        let clean: String =
            self.id.chars().filter(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '-').collect();
        if clean.is_empty() { kind.to_owned() } else { clean }
    }
}
