//! What the person is said to have done, in a file of its own that only a passphrase opens.
//!
//! Such answers can be held against the person, and notes may have to be disclosed: they stay out of the case file, which is handed
//! on, and no plain text of them is on the disk.

use crate::cli::{Failure, passphrase, reason};
use nomoscope_core::law::Law;
use nomoscope_core::law::case::{Case, Person};
use nomoscope_core::law::vocabulary::Vocabulary;
use nomoscope_engine::law::library::Library;
use nomoscope_formats::law::write;
use nomoscope_store::disk::write_private;
use nomoscope_store::seal::{self, Lock};
use std::path::{Path, PathBuf};

/// An opened file of own acts.
pub(super) struct OwnActs {
    path: PathBuf,
    lock: Lock,
}

impl OwnActs {
    /// Opens the file, or makes a lock for one that is not there yet; what it holds is added to the persons of the case, or is the
    /// case where there is none yet.
    pub(super) fn open(path: &Path, library: &Library, cases: &mut Vec<Case>) -> Result<Self, Failure> {
        if !path.exists() {
            let secret = passphrase::new(path)?;
            let lock = Lock::new(&secret).map_err(|error| wrong(path, &error))?;
            return Ok(Self { path: path.to_owned(), lock });
        }
        let bytes = std::fs::read(path).map_err(|e| wrong(path, &reason(&e)))?;
        if !seal::is_sealed(&bytes) {
            let hint = "choose another file with --own-acts=FILE; it is made where there is none";
            return Err(Failure::Bad(format!("{}: is not encrypted\n  hint: {hint}", path.display())));
        }
        let secret = passphrase::of(path)?;
        let lock = Lock::of(&bytes, &secret).map_err(|error| wrong(path, &error))?;
        let plain = lock.open(&bytes).map_err(|error| wrong(path, &error))?;
        // What is wrong is said without its words: this file is not for other eyes.
        let unreadable =
            |_| Failure::Bad(format!("{}: holds no case, or facts that this law does not know", path.display()));
        for kept in library.read_cases(&path.display().to_string(), &plain).map_err(unreadable)? {
            join(path, kept, cases)?;
        }
        Ok(Self { path: path.to_owned(), lock })
    }

    /// Seals what the person is said to have done; whoever has the passphrase reads it as a case file.
    pub(super) fn keep(&self, whole: &Case, law: &Law) -> Result<(), Failure> {
        let text = write(&only(whole, &law.vocabulary, true), law);
        let sealed = self.lock.seal(text.as_bytes()).map_err(|error| wrong(&self.path, &error))?;
        Ok(write_private(&self.path, &sealed)?)
    }
}

/// Returns the case without what its persons are said to have done.
pub(super) fn without(whole: &Case, vocabulary: &Vocabulary) -> Case {
    only(whole, vocabulary, false)
}

fn only(whole: &Case, vocabulary: &Vocabulary, own: bool) -> Case {
    let of = |p: &Person| {
        let facts = p.facts.iter().filter(|(f, _)| vocabulary.get(**f).own_act == own);
        let facts = facts.map(|(f, e)| (*f, e.clone())).collect();
        // Of the other file it is known who it is about, and nothing else.
        if own { Person { id: p.id.clone(), facts, ..Person::default() } } else { Person { facts, ..p.clone() } }
    };
    let persons = whole.persons.iter().map(of).collect();
    Case { persons, ..whole.clone() }
}

fn join(path: &Path, kept: Case, cases: &mut Vec<Case>) -> Result<(), Failure> {
    let Some(case) = cases.first_mut() else {
        cases.push(kept);
        return Ok(());
    };
    for person in kept.persons {
        let Some(known) = case.persons.iter_mut().find(|p| p.id == person.id) else {
            let what = format!("{}: is about `{}`, who is not in the case", path.display(), person.id);
            return Err(Failure::Bad(what));
        };
        known.facts.extend(person.facts);
    }
    Ok(())
}

fn wrong(path: &Path, what: &impl std::fmt::Display) -> Failure {
    Failure::Bad(format!("{}: {what}", path.display()))
}
