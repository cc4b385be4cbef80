//! Findings against brute force: every way in which the unknown facts can fall, one by one.

use nomoscope_core::law::Law;
use nomoscope_core::law::case::{AgeRange, Entry, Person, Rest, Value};
use nomoscope_core::law::compare::{Definitions, Relation};
use nomoscope_core::law::definition::{Element, Limb, Norm, Written};
use nomoscope_core::law::finding::{Bench, Finding, Reading, variable_id};
use nomoscope_core::law::logic::{Logic, OpenReading, World as LogicWorld};
use nomoscope_core::law::minimal::{Literal, minimal_sets, nearest_sets};
use nomoscope_core::law::resolve::{Draft, resolve};
use nomoscope_core::law::vocabulary::{Basis, Entailment, Fact, FactIx, Kind};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

const N: usize = 6;

/// A small source of chance: reproducible from one number, so that proptest can shrink it.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % n as u64) as usize
    }

    fn yes(&mut self, one_in: usize) -> bool {
        self.below(one_in) == 0
    }
}

fn written(text: impl Into<String>) -> Written {
    Written { text: text.into(), line: 1 }
}

fn fact_id(i: usize) -> String {
    format!("f.{i}")
}

fn some_facts(c: &mut Chance, most: usize) -> Vec<Written> {
    (0..c.below(most + 1)).map(|_| written(fact_id(c.below(N)))).collect()
}

fn element(c: &mut Chance, i: usize) -> Element<Written> {
    let mut any = some_facts(c, 3);
    if c.yes(4) {
        any.push(written(if c.yes(2) { "victim.age < 18" } else { "victim.age >= 16" }));
    }
    if i > 0 && c.yes(4) {
        any.push(written(format!("@e{}", c.below(i))));
    }
    let mut all = some_facts(c, 2);
    let none = if c.yes(3) { some_facts(c, 1) } else { Vec::new() };
    if all.is_empty() && any.is_empty() && none.is_empty() {
        all.push(written(fact_id(c.below(N))));
    }
    let open = (!any.is_empty() && c.yes(4)).then(|| written(fact_id(N - 1)));
    Element {
        id: format!("e{i}"),
        role: "status".to_owned(),
        cite: "1".to_owned(),
        label: String::new(),
        all,
        any,
        none,
        open,
        note: String::new(),
        verified: None,
        line: 1,
    }
}

fn norm(c: &mut Chance, id: &str) -> Norm<Written> {
    let n = 1 + c.below(3);
    let elements: Vec<_> = (0..n).map(|i| element(c, i)).collect();
    let mut limbs: Vec<Limb<Written>> = Vec::new();
    for i in 0..1 + c.below(3) {
        let requires = (0..1 + c.below(3))
            .map(|_| written(format!("{}e{}", if c.yes(4) { "!" } else { "" }, c.below(n))))
            .collect();
        limbs.push(Limb {
            id: format!("l{i}"),
            cite: String::new(),
            label: String::new(),
            requires,
            verified: None,
            line: 1,
        });
    }
    // So that no element is unused, which would be refused.
    let requires = (0..n).map(|i| written(format!("e{i}"))).collect();
    limbs.push(Limb {
        id: "last".to_owned(),
        cite: String::new(),
        label: String::new(),
        requires,
        verified: None,
        line: 1,
    });
    Norm { id: id.to_owned(), elements, limbs, ..Norm::default() }
}

fn law(c: &mut Chance) -> Law {
    let mut facts: Vec<Fact> = (0..N).map(|i| Fact { id: fact_id(i), label: fact_id(i), ..Fact::default() }).collect();
    facts.push(Fact { id: "victim.age".to_owned(), kind: Kind::Int, ..Fact::default() });
    if c.yes(3) {
        facts[0].not_with.push(written(fact_id(1 + c.below(N - 1))));
    }
    let entailments = (0..c.below(4))
        .map(|_| {
            let mut premises = vec![written(fact_id(c.below(N)))];
            if c.yes(3) {
                premises.push(written("victim.age < 18"));
            }
            Entailment {
                premises,
                conclusions: vec![written(fact_id(c.below(N)))],
                basis: if c.yes(2) { Basis::Definition } else { Basis::Interpretation },
                note: String::new(),
                cite: String::new(),
                origin: Default::default(),
            }
        })
        .collect();
    let norms = vec![norm(c, "a"), norm(c, "b")];
    let (law, complaints) = resolve(Draft { facts, entailments, norms, ..Draft::default() });
    assert!(complaints.is_empty(), "{complaints:?}");
    law
}

fn person(c: &mut Chance) -> Person {
    let mut person = Person { rest: if c.yes(2) { Rest::False } else { Rest::Unknown }, ..Person::default() };
    for i in 0..N {
        let value = match c.below(4) {
            0 => Value::True,
            1 => Value::False,
            2 => Value::Unknown,
            _ => continue,
        };
        person.facts.insert(FactIx(i as u16), Entry::new(value));
    }
    if c.yes(2) {
        let low = [10, 16, 17, 18, 30][c.below(5)];
        person.age = Some(AgeRange { low, high: low + c.below(4) as u16 });
    }
    person
}

/// A world: which facts are true, and the age.
type World = (u32, u16);

/// What the definitions say, read from the text of the law once more and without a diagram.
fn holds(law: &Law, n: &Norm, world: World) -> bool {
    use nomoscope_core::law::definition::{Atom, Term};
    fn term(n: &Norm, t: Term, world: World) -> bool {
        let value = match t.atom {
            Atom::Fact(f) => world.0 >> f.0 & 1 == 1,
            Atom::Below(_, bound) => world.1 < bound,
            Atom::Element(e) => {
                let e = &n.elements[e];
                let any = e.any.is_empty() || e.any.iter().chain(&e.open).any(|t| term(n, *t, world));
                e.all.iter().all(|t| term(n, *t, world)) && any && !e.none.iter().any(|t| term(n, *t, world))
            }
        };
        value != t.negated
    }
    let _ = law;
    n.limbs.iter().any(|l| l.requires.iter().all(|t| term(n, *t, world)))
}

fn entail(law: &Law, mut world: World, interpretation: bool) -> World {
    use nomoscope_core::law::definition::Atom;
    loop {
        let before = world;
        for rule in &law.vocabulary.entailments {
            if !interpretation && rule.basis == Basis::Interpretation {
                continue;
            }
            let met = rule.premises.iter().all(|t| match t.atom {
                Atom::Fact(f) => world.0 >> f.0 & 1 == 1,
                Atom::Below(_, n) => (world.1 < n) != t.negated,
                Atom::Element(_) => false,
            });
            for t in rule.conclusions.iter().filter(|_| met) {
                if let Atom::Fact(f) = t.atom {
                    world.0 |= 1 << f.0;
                }
            }
        }
        if world == before {
            return world;
        }
    }
}

/// Every world that what is known leaves possible, in the order that the format lays down: listed facts, then what
/// follows from them, then the rest.
fn worlds(law: &Law, person: &Person, interpretation: bool) -> BTreeSet<World> {
    let ages = person.age.unwrap_or(AgeRange { low: 0, high: 20 });
    let mut out = BTreeSet::new();
    for age in ages.low..=ages.high {
        for bits in 0..1_u32 << N {
            let fits = |i: usize| match person.facts.get(&FactIx(i as u16)).map(|e| e.value) {
                Some(Value::True) => bits >> i & 1 == 1,
                Some(Value::False) => bits >> i & 1 == 0,
                Some(Value::Unknown) => true,
                // Of a closed file, what is not listed begins as false; what follows is added below.
                None => person.rest == Rest::Unknown || bits >> i & 1 == 0,
            };
            if !(0..N).all(fits) {
                continue;
            }
            let world = entail(law, (bits, age), interpretation);
            let listed = |i: usize| person.facts.contains_key(&FactIx(i as u16)) || person.rest == Rest::Unknown;
            let changed = (0..N).any(|i| listed(i) && (world.0 ^ bits) >> i & 1 == 1);
            let excluded =
                law.vocabulary.exclusions.iter().any(|(a, b)| world.0 >> a.0 & 1 == 1 && world.0 >> b.0 & 1 == 1);
            if !changed && !excluded {
                out.insert(world);
            }
        }
    }
    out
}

/// What follows from facts listed as true replaces what is listed as unknown, before anything else.
fn settle(law: &Law, person: &Person, interpretation: bool) -> Person {
    let mut person = person.clone();
    let ages = person.age.unwrap_or(AgeRange { low: 0, high: 20 });
    let bits = person.facts.iter().filter(|(_, e)| e.value == Value::True).map(|(f, _)| 1 << f.0).sum();
    let common =
        (ages.low..=ages.high).map(|age| entail(law, (bits, age), interpretation).0).fold(u32::MAX, |a, b| a & b);
    for i in 0..N {
        if common >> i & 1 == 1 && person.facts.get(&FactIx(i as u16)).is_none_or(|e| e.value == Value::Unknown) {
            let entry = Entry::new(Value::True);
            person.facts.insert(FactIx(i as u16), entry);
        }
    }
    person
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn findings_are_those_of_brute_force(seed in any::<u64>(), interpretation in any::<bool>()) {
        let mut c = Chance(seed);
        let law = Arc::new(law(&mut c));
        let person = person(&mut c);
        let logic = Logic::new(&law);
        let reading = Reading { open: OpenReading::Shared, interpretation };
        let all = worlds(&law, &settle(&law, &person, interpretation), interpretation);
        let bench = Bench::new(&logic, &person, reading);
        prop_assert_eq!(bench.is_err(), all.is_empty(), "contradictions are found, and only those");
        let Ok(bench) = bench else { return Ok(()) };
        for (i, n) in law.norms.iter().enumerate() {
            let line = bench.outcome(i).unwrap().all;
            let yes = all.iter().filter(|w| holds(&law, n, **w)).count();
            let want = match yes {
                0 => Finding::NotEstablished,
                y if y == all.len() => Finding::Established,
                _ => Finding::Undetermined,
            };
            prop_assert_eq!(line.finding, want);
            prop_assert!(line.missing.complete && line.defeating.complete);
            for (sets, wanted) in [(&line.missing.sets, true), (&line.defeating.sets, false)] {
                let settles = |set: &[_]| {
                    let left: Vec<&World> = all.iter().filter(|w| set.iter().all(|l| agrees(&law, l, **w))).collect();
                    (!left.is_empty(), left.iter().all(|w| holds(&law, n, **w) == wanted))
                };
                prop_assert_eq!(sets.is_empty(), want != Finding::Undetermined);
                for set in sets {
                    prop_assert_eq!(settles(set), (true, true), "a set settles the norm, and can come about");
                    for leave in 0..set.len() {
                        let mut less = set.clone();
                        less.remove(leave);
                        prop_assert!(!settles(&less).1, "no part of it does");
                    }
                }
            }
        }
    }

    /// Found without the others: those of all minimal sets that need fewest true facts.
    #[test]
    fn the_nearest_sets_are_the_cheapest_of_all(seed in any::<u64>(), within in 0_u32..4) {
        let mut c = Chance(seed);
        let law = Arc::new(law(&mut c));
        let known = person(&mut c).known();
        let logic = Logic::new(&law);
        let Ok(world) = LogicWorld::new(&logic, &known, true) else { return Ok(()) };
        for norm in 0..law.norms.len() {
            let holds = logic.compile(norm, &world, OpenReading::Shared).unwrap().holds;
            let constraint = world.constraint(&logic, &holds).unwrap();
            let all = minimal_sets(&logic, &holds, &constraint).unwrap();
            prop_assert!(all.complete);
            let cost = |set: &[Literal]| set.iter().filter(|l| l.value).count() as u32;
            let least = all.sets.iter().map(|set| cost(set)).min().filter(|least| *least <= within);
            let want = least.map(|least| (least, all.sets.into_iter().filter(|set| cost(set) == least).collect()));
            prop_assert_eq!(nearest_sets(&logic, &holds, &constraint, within).unwrap(), want);
        }
    }

    #[test]
    fn comparisons_are_those_of_brute_force(seed in any::<u64>()) {
        let law = Arc::new(law(&mut Chance(seed)));
        let logic = Logic::new(&law);
        let definitions = Definitions::new(&logic, OpenReading::Shared, false).unwrap();
        let all = worlds(&law, &Person::default(), false);
        let [a, b] = [&law.norms[0], &law.norms[1]];
        let within = |x: &Norm, y: &Norm| all.iter().all(|w| !holds(&law, x, *w) || holds(&law, y, *w));
        let want = match (within(a, b), within(b, a)) {
            (true, true) => Relation::Equal,
            (true, false) => Relation::Implies,
            (false, true) => Relation::IsImplied,
            (false, false) => Relation::Incomparable,
        };
        prop_assert_eq!(definitions.relation(0, 1).unwrap(), want);
        let compared = definitions.compare(0, 1).unwrap();
        prop_assert_eq!(compared.relation, want);
        prop_assert_eq!(compared.overlap, all.iter().any(|w| holds(&law, a, *w) && holds(&law, b, *w)));
        for (witness, x, y) in [(&compared.only_first, a, b), (&compared.only_second, b, a)] {
            let fewest = all.iter().filter(|w| holds(&law, x, **w) && !holds(&law, y, **w)).map(|w| w.0.count_ones()).min();
            prop_assert_eq!(witness.as_ref().map(|w| w.facts.len() as u32), fewest, "a witness is least");
            if let Some(w) = witness {
                let bits = w.facts.iter().map(|f| 1_u32 << f.0).sum();
                let age = w.age.map_or(20, |a| a.low);
                prop_assert!(holds(&law, x, (bits, age)) && !holds(&law, y, (bits, age)));
            }
        }
    }
}

fn agrees(law: &Law, l: &Literal, world: World) -> bool {
    use nomoscope_core::law::logic::Variable;
    let value = match l.variable {
        Variable::Fact(f) => world.0 >> f.0 & 1 == 1,
        Variable::Below(_, n) => world.1 < n,
        Variable::Open(_) => false,
    };
    assert!(!variable_id(law, l.variable, l.value).is_empty());
    value == l.value
}

/// All minimal sets of a small undetermined norm, by hand.
#[test]
fn minimal_sets_by_hand() {
    let fact = |id: &str| Fact { id: id.to_owned(), label: id.to_owned(), ..Fact::default() };
    let mut e = element(&mut Chance(1), 0);
    e.all = vec![written("x.a")];
    e.any = vec![written("x.b"), written("x.c")];
    e.none = vec![written("x.d")];
    e.open = None;
    let limb = Limb {
        id: "l".to_owned(),
        cite: String::new(),
        label: String::new(),
        requires: vec![written("e0")],
        verified: None,
        line: 1,
    };
    let norm = Norm { id: "n".to_owned(), elements: vec![e], limbs: vec![limb], ..Norm::default() };
    let facts = ["x.a", "x.b", "x.c", "x.d"].map(fact).to_vec();
    let (law, _) = resolve(Draft { facts, norms: vec![norm], ..Draft::default() });
    let law = Arc::new(law);
    let logic = Logic::new(&law);
    let bench = Bench::new(&logic, &Person::default(), Reading::default()).unwrap();
    let line = bench.outcome(0).unwrap().all;
    let ids = |sets: &[Vec<_>]| -> BTreeSet<Vec<String>> {
        let id = |l: &Literal| variable_id(&law, l.variable, l.value);
        sets.iter().map(|s| s.iter().map(id).collect()).collect()
    };
    let want = |sets: &[&[&str]]| -> BTreeSet<Vec<String>> {
        sets.iter().map(|s| s.iter().map(|w| (*w).to_owned()).collect()).collect()
    };
    assert_eq!(ids(&line.missing.sets), want(&[&["x.a", "x.b", "!x.d"], &["x.a", "x.c", "!x.d"]]));
    assert_eq!(ids(&line.defeating.sets), want(&[&["!x.a"], &["x.d"], &["!x.b", "!x.c"]]));
}
