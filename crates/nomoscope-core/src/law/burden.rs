//! What has to be proved: the "drastic requirements" of a definition, counted.

use super::compare::{Definitions, Witness, least};
use super::definition::{Atom, Norm, Term};
use super::logic::{Logic, LogicError, OpenReading, Variable};
use super::template::templates;
use super::vocabulary::FactIx;

/// What one limb asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimbBurden {
    /// The limb's place in the norm.
    pub limb: usize,
    /// Elements that must be proved together.
    pub conjuncts: u32,
    /// Facts that must be shown absent: exceptions.
    pub exceptions: u32,
    /// Ways to establish it: products of the lists.
    pub templates: u64,
    /// The limb, factored: for each requirement its label and among how many alternatives one must be proved.
    pub factors: Vec<Factor>,
}

/// One requirement of a limb.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factor {
    /// Its label.
    pub label: String,
    /// Facts that must all be proved.
    pub all: u32,
    /// Alternatives of which one is enough; 0 where there is no list.
    pub any: u32,
    /// Whether the list is open.
    pub open: bool,
    /// Whether it must be absent.
    pub absent: bool,
}

/// What a norm asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Burden {
    /// The norm's place in the law.
    pub norm: usize,
    /// Limb by limb.
    pub limbs: Vec<LimbBurden>,
    /// The fewest facts that establish it, all others being untrue.
    pub smallest: Option<Witness>,
    /// Facts without which nothing establishes it.
    pub indispensable: Vec<FactIx>,
}

/// Returns what a norm asks for.
///
/// # Errors
/// [`LogicError::TooComplex`]
///
/// # Source
/// METHODS section 10: conjuncts of each limb, smallest sufficient set, indispensable facts.
pub fn burden(logic: &Logic, definitions: &Definitions<'_>, norm: usize) -> Result<Burden, LogicError> {
    let n = &logic.law.norms[norm];
    let admitted = logic.and(definitions.holds(norm), definitions.theory())?;
    let mut indispensable = Vec::new();
    for variable in logic.support(definitions.holds(norm)) {
        if let Variable::Fact(f) = variable
            && logic.and_not(&admitted, &logic.variable(variable))?.is_false()
        {
            indispensable.push(f);
        }
    }
    let counts = templates(n, OpenReading::Shared);
    let limbs = (0..n.limbs.len())
        .map(|limb| {
            let count = counts.list.iter().filter(|t| t.limb == limb).count() as u64;
            limb_burden(n, limb, count)
        })
        .collect();
    Ok(Burden { norm, limbs, smallest: least(logic, &admitted), indispensable })
}

fn limb_burden(norm: &Norm, limb: usize, templates: u64) -> LimbBurden {
    let requires = norm.limbs.get(limb).map(|l| l.requires.as_slice()).unwrap_or_default();
    let factors: Vec<Factor> = requires.iter().map(|t| factor(norm, *t)).collect();
    let exceptions: u32 = requires
        .iter()
        .map(|t| match t.atom {
            Atom::Element(e) if t.negated => size(norm, e),
            Atom::Element(e) => norm.elements.get(e).map_or(0, |e| e.none.len() as u32),
            Atom::Fact(_) | Atom::Below(..) => u32::from(t.negated),
        })
        .sum();
    let conjuncts = factors.iter().filter(|f| !f.absent).map(|f| f.all.max(1)).sum();
    LimbBurden { limb, conjuncts, exceptions, templates, factors }
}

/// An element whose `all` names several facts is as many conjuncts as it names.
fn factor(norm: &Norm, term: Term) -> Factor {
    let Atom::Element(e) = term.atom else {
        return Factor { label: String::new(), all: 1, any: 0, open: false, absent: term.negated };
    };
    let Some(element) = norm.elements.get(e) else {
        return Factor { label: String::new(), all: 0, any: 0, open: false, absent: term.negated };
    };
    let any = element.any.len() as u32 + u32::from(element.open.is_some());
    Factor {
        label: element.label.clone(),
        all: element.all.len() as u32 + u32::from(any > 0),
        any,
        open: element.open.is_some(),
        absent: term.negated,
    }
}

fn size(norm: &Norm, element: usize) -> u32 {
    norm.elements.get(element).map_or(0, |e| (e.all.len() + e.any.len()) as u32)
}
