//! Does a norm hold on these facts, and if not, which one does?
//!
//! A *definition* is elements in limbs ("act, means and purpose"; "act, purpose, a child"); a *case* is facts that are
//! true, false or unknown. From both follows, exactly, whether the facts entered satisfy the definition, do not satisfy
//! it, or do not settle it; and with which facts more it would be settled. Definitions are compared by what they let
//! in, not by their words. The idea is section 3 of Narminio (2020): the trafficking norm asks for much, national law
//! draws other boundaries, and those who cannot prove it fall back on its neighbours.
//!
//! `vocabulary` ← `definition` ← `case`; `logic` turns definitions into decision diagrams; `finding`, `compare`,
//! `template`, `burden`, `fallback` and `interview` each answer one question with them; `lint` says what is wrong with
//! the data. Nothing here knows a file, a court or a person: facts come in, findings go out. It never says that
//! somebody is or is not a victim.

mod body;
pub mod burden;
pub mod case;
pub mod compare;
pub mod definition;
pub mod fallback;
pub mod finding;
pub mod guide;
pub mod interview;
pub mod lint;
pub mod logic;
pub mod matrix;
pub mod minimal;
mod origin;
pub mod phrase;
pub mod proposal;
pub mod resolve;
pub mod speech;
pub mod template;
mod term;
mod verdict;
pub mod vocabulary;
mod weight;

pub use body::Law;
pub use origin::Origin;
