//! Opening and making study files.

use crate::disk::{self, PATIENCE};
use crate::schema::{self, APPLICATION_ID, VERSION};
use crate::seal::{Lock, Secret, is_sealed};
use crate::{FolderImage, Stamp, StoreError, keys};
use nomoscope_core::study::Event;
use rusqlite::{Connection, OpenFlags, TransactionBehavior, config::DbConfig};
use std::fs;
use std::path::{Path, PathBuf};

/// How many files of older versions are kept beside a study.
const MOST_KEPT: usize = 1000;

/// A study file.
#[derive(Debug)]
pub struct Store {
    pub(crate) conn: Connection,
    pub(crate) path: PathBuf,
    /// Where the file is encrypted: then the connection is to a database in memory, and nothing of it is on the disk.
    pub(crate) sealed: Option<Sealed>,
    /// The file as it was, where its tables had to be brought up to date.
    kept: Option<PathBuf>,
}

/// What an encrypted file needs to be written again.
#[derive(Debug)]
pub(crate) struct Sealed {
    lock: Lock,
    /// That nobody else writes it meanwhile; none where it is only read.
    _held: Option<disk::Unfinished>,
}

impl Store {
    /// Makes an empty study file, readable by its owner alone.
    ///
    /// # Errors
    /// The file exists or cannot be written.
    pub fn create(path: &Path) -> Result<Self, StoreError> {
        disk::create_private(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => StoreError::Exists(path.to_owned()),
            _ => disk::DiskError::io(path, error).into(),
        })?;
        let made = Self::connect(path, true).and_then(|mut store| {
            store.migrate(0)?;
            Ok(store)
        });
        if made.is_err() {
            let _ = fs::remove_file(path);
        }
        made
    }

    /// Makes a study file that appears under its name only when `fill` is done, and not at all when it fails.
    ///
    /// # Errors
    /// The file exists or cannot be written; whatever `fill` returns.
    pub fn create_filled<E: From<StoreError>>(
        path: &Path,
        fill: impl FnOnce(&mut Self) -> Result<(), E>,
    ) -> Result<Self, E> {
        if fs::symlink_metadata(path).is_ok() {
            return Err(StoreError::Exists(path.to_owned()).into());
        }
        appear(path, |unfinished| fill(&mut Self::create(unfinished)?))?;
        Ok(Self::open(path)?)
    }

    /// Opens a study file for reading and writing.
    ///
    /// # Errors
    /// The file is missing, no study file, of a newer version, locked, read-only or damaged.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        check_header(path)?;
        match Self::open_plain(path) {
            Err(StoreError::NotADatabase(_)) if is_sealed_file(path) => Self::open_sealed(path, true),
            opened => opened,
        }
    }

    fn open_plain(path: &Path) -> Result<Self, StoreError> {
        let mut store = Self::connect(path, true)?;
        let version = store.check_version()?;
        // Takes the lock once, so that a file that cannot be written is refused now and not at the first change.
        let tx = store
            .conn
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|e| StoreError::from_sqlite(path, e))?;
        // Touching the version forces SQLite to find out whether the file may be written.
        tx.pragma_update(None, "user_version", version)
            .and_then(|()| tx.rollback())
            .map_err(|e| StoreError::from_sqlite(path, e))?;
        if version < VERSION {
            let kept = keep(path, version, |copy| {
                disk::create_private(copy).map_err(|error| disk::DiskError::io(copy, error))?;
                let to = copy.to_string_lossy();
                // Not the bytes of the file: what a journal beside it holds belongs to it.
                store.conn.execute("VACUUM INTO ?1", [&*to]).map_err(|e| StoreError::from_sqlite(path, e))?;
                Ok(disk::sync_files(&[copy.to_owned()])?)
            })?;
            store.migrate(version)?;
            store.kept = Some(kept);
        }
        store.check_schema()?;
        Ok(store)
    }

    /// Opens a study file for reading. A change that was interrupted is taken back first, for which the file has to be
    /// written: what stands in it now may be half of that change.
    ///
    /// # Errors
    /// The file is missing, no study file, of another version or damaged.
    pub fn open_read_only(path: &Path) -> Result<Self, StoreError> {
        check_header(path)?;
        let read = Self::connect(path, false).and_then(|store| {
            let version = store.check_version()?;
            Ok((store, version))
        });
        match read {
            Ok((store, VERSION)) => {
                store.check_schema()?;
                Ok(store)
            }
            // An older file has to be brought up to date before it can be read.
            Ok(_) => Self::open(path),
            Err(StoreError::NotADatabase(_)) if is_sealed_file(path) => Self::open_sealed(path, false),
            Err(_) if has_journal(path) => Self::open(path).map_err(|error| match error {
                StoreError::ReadOnly(_) | StoreError::CannotOpen { .. } => StoreError::Interrupted(path.to_owned()),
                other => other,
            }),
            Err(error) => Err(error),
        }
    }

    /// Removes what processes that are dead left half made beside the file; returns what is gone.
    ///
    /// # Errors
    /// The system says no.
    pub fn tidy(path: &Path) -> Result<Vec<PathBuf>, StoreError> {
        let mut gone = disk::tidy(path)?;
        let note = holder_note(path);
        // The note of a process that is alive is in use, and so is the lock.
        if fs::symlink_metadata(&note).is_ok() && Self::nobody_writes(path) && fs::remove_file(&note).is_ok() {
            gone.push(note);
        }
        Ok(gone)
    }

    fn nobody_writes(path: &Path) -> bool {
        let asked = check_header(path).and_then(|()| Self::connect(path, true)).map(|store| {
            let at_once = store.conn.busy_timeout(std::time::Duration::ZERO);
            at_once.and_then(|()| store.conn.execute_batch("BEGIN IMMEDIATE; ROLLBACK")).is_ok()
        });
        asked.unwrap_or(false)
    }

    /// Returns where the file is kept as it was, if its tables were brought up to date when it was opened.
    #[must_use]
    pub fn kept(&self) -> Option<&Path> {
        self.kept.as_deref()
    }

    /// Returns the path of the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn connect(path: &Path, write: bool) -> Result<Self, StoreError> {
        let fail = |e| StoreError::from_sqlite(path, e);
        // No URI: a file named `file:x?mode=…` is a file of that name.
        let access = if write { OpenFlags::SQLITE_OPEN_READ_WRITE } else { OpenFlags::SQLITE_OPEN_READ_ONLY };
        let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(path, flags).map_err(fail)?;
        Self::with(conn, path)
    }

    fn with(conn: Connection, path: &Path) -> Result<Self, StoreError> {
        let fail = |e| StoreError::from_sqlite(path, e);
        conn.busy_timeout(PATIENCE).map_err(fail)?;
        // The file may come from anybody: its schema is data, not a program.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true).map_err(fail)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false).map_err(fail)?;
        conn.execute_batch("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;")
            .map_err(fail)?;
        Ok(Self { conn, path: path.to_owned(), sealed: None, kept: None })
    }

    /// Opens a database that is nowhere but in memory, for a file that is encrypted.
    fn in_memory(path: &Path) -> Result<Self, StoreError> {
        let fail = |e| StoreError::from_sqlite(path, e);
        let conn = Connection::open_in_memory().map_err(fail)?;
        // What does not fit would go to a temporary file.
        conn.execute_batch("PRAGMA temp_store = MEMORY;").map_err(fail)?;
        Self::with(conn, path)
    }

    fn open_sealed(path: &Path, write: bool) -> Result<Self, StoreError> {
        let held = write.then(|| disk::Unfinished::claim(path)).transpose()?;
        let bytes = fs::read(path).map_err(|e| disk::DiskError::io(path, e))?;
        if !is_sealed(&bytes) {
            // Somebody decrypted it while this one waited.
            return Self::open_plain(path);
        }
        let lock = keys::lock_of(path, &bytes)?;
        let plain = lock.open(&bytes).map_err(|source| StoreError::Seal { path: path.to_owned(), source })?;
        let mut store = Self::in_memory(path)?;
        store
            .conn
            .deserialize_read_exact(rusqlite::MAIN_DB, plain.as_slice(), plain.len(), false)
            .map_err(|e| StoreError::from_sqlite(path, e))?;
        let version = store.check_version()?;
        if version < VERSION {
            // Nothing is written yet; what is written later is of the new version, so the old one is kept now.
            if write {
                let copy = |copy: &Path| Ok(disk::write_synced(copy, &bytes, disk::create_private)?);
                store.kept = Some(keep(path, version, copy)?);
            }
            store.migrate(version)?;
        }
        store.check_schema()?;
        store.sealed = Some(Sealed { lock, _held: held });
        Ok(store)
    }

    /// Makes an encrypted study file that appears under its name only when `fill` is done; until then, and afterwards, its
    /// contents are nowhere but in memory and sealed in the file.
    ///
    /// # Errors
    /// The file exists or cannot be written; whatever `fill` returns.
    pub fn create_sealed<E: From<StoreError>>(
        path: &Path,
        secret: Secret,
        fill: impl FnOnce(&mut Self) -> Result<(), E>,
    ) -> Result<Self, E> {
        if fs::symlink_metadata(path).is_ok() {
            return Err(StoreError::Exists(path.to_owned()).into());
        }
        appear(path, |unfinished| -> Result<(), E> {
            let mut store = Self::in_memory(path)?;
            store.migrate(0)?;
            fill(&mut store)?;
            let bytes = store.sealed_bytes(&new_lock(path, &secret)?)?;
            Ok(disk::write_synced(unfinished, &bytes, disk::create_private).map_err(StoreError::from)?)
        })?;
        keys::remember(path, secret);
        Ok(Self::open(path)?)
    }

    /// Writes the study file anew from an image: nothing of what it held before is in it afterwards, be it visible or not.
    ///
    /// # Errors
    /// The image does not fit together; the file cannot be written.
    pub fn rewrite(
        &mut self,
        image: &FolderImage,
        summary: &str,
        extractor: &str,
        stamp: &mut Stamp<'_>,
    ) -> Result<Event, StoreError> {
        let path = self.path.clone();
        if let Some(lock) = self.sealed.as_ref().map(|sealed| sealed.lock.clone()) {
            let mut fresh = Self::in_memory(&path)?;
            fresh.migrate(0)?;
            let event = fresh.fill(image, summary, extractor, stamp)?;
            disk::write_private(&real(&path), &fresh.sealed_bytes(&lock)?)?;
            self.conn = fresh.conn;
            return Ok(event);
        }
        let target = real(&path);
        let unfinished = disk::Unfinished::claim(&target)?;
        // Nobody writes what would then be lost; whoever waits finds that the file was replaced.
        self.conn.execute_batch("BEGIN EXCLUSIVE").map_err(|e| self.sqlite(e))?;
        let mut fresh = Self::create(&unfinished.path)?;
        let filled = fresh.fill(image, summary, extractor, stamp);
        drop(fresh);
        let replaced =
            filled.and_then(|event| disk::replace(&unfinished.path, &target).map(|()| event).map_err(Into::into));
        if replaced.is_err() {
            let _ = fs::remove_file(&unfinished.path);
        }
        // The connection is to a file that has no name any more.
        self.conn.execute_batch("ROLLBACK").map_err(|e| self.sqlite(e))?;
        replaced
    }

    /// Returns whether there is an encrypted file at the path.
    #[must_use]
    pub fn is_encrypted(path: &Path) -> bool {
        matches!(Self::connect(path, false).and_then(|store| store.check_version()), Err(StoreError::NotADatabase(_)))
            && is_sealed_file(path)
    }

    /// Refuses a passphrase that does not open an encrypted study file, whichever is known.
    ///
    /// # Errors
    /// It is not encrypted, or the passphrase is another.
    pub fn check_passphrase(path: &Path, secret: &Secret) -> Result<(), StoreError> {
        let bytes = fs::read(path).map_err(|e| disk::DiskError::io(path, e))?;
        if !is_sealed(&bytes) {
            return Err(StoreError::NotSealed(path.to_owned()));
        }
        Lock::of(&bytes, secret).map(drop).map_err(|source| StoreError::Seal { path: path.to_owned(), source })
    }

    /// Encrypts a study file. What the disk held of it before may stay there in places that no file has.
    ///
    /// # Errors
    /// It is encrypted already, or cannot be written.
    pub fn encrypt(path: &Path, secret: Secret) -> Result<(), StoreError> {
        let mut store = Self::open(path)?;
        if store.sealed.is_some() {
            return Err(StoreError::SealedAlready(path.to_owned()));
        }
        let _held = disk::Unfinished::claim(path)?;
        // Nobody writes what would then be lost.
        store.conn.execute_batch("BEGIN EXCLUSIVE").map_err(|e| store.sqlite(e))?;
        let lock = new_lock(path, &secret)?;
        let bytes = store.sealed_bytes(&lock)?;
        // The plain file goes only when the other one is known to open.
        let fail = |source| StoreError::Seal { path: path.to_owned(), source };
        Lock::of(&bytes, &secret).and_then(|lock| lock.open(&bytes)).map_err(fail)?;
        disk::write_private(&real(path), &bytes)?;
        drop(store);
        keys::remember(path, secret);
        Ok(())
    }

    /// Decrypts a study file.
    ///
    /// # Errors
    /// It is not encrypted, the passphrase is another, or it cannot be written.
    pub fn decrypt(path: &Path) -> Result<(), StoreError> {
        let mut store = Self::open(path)?;
        if store.sealed.is_none() {
            return Err(StoreError::NotSealed(path.to_owned()));
        }
        let data = store.bytes()?;
        disk::write_private(&real(path), &data)?;
        keys::forget(path);
        Ok(())
    }

    /// Gives an encrypted study file another passphrase, and another key with it.
    ///
    /// # Errors
    /// It is not encrypted, the passphrase is another, or it cannot be written.
    pub fn change_passphrase(
        path: &Path,
        secret: impl FnOnce() -> Result<Secret, StoreError>,
    ) -> Result<(), StoreError> {
        let mut store = Self::open(path)?;
        if store.sealed.is_none() {
            return Err(StoreError::NotSealed(path.to_owned()));
        }
        let secret = secret()?;
        let bytes = store.sealed_bytes(&new_lock(path, &secret)?)?;
        disk::write_private(&real(path), &bytes)?;
        keys::remember(path, secret);
        Ok(())
    }

    /// Writes an encrypted study file as it is now; for others SQLite has done so.
    pub(crate) fn keep(&mut self) -> Result<(), StoreError> {
        let Some(lock) = self.sealed.as_ref().map(|sealed| sealed.lock.clone()) else { return Ok(()) };
        let bytes = self.sealed_bytes(&lock)?;
        Ok(disk::write_private(&real(&self.path), &bytes)?)
    }

    /// Returns the database as the bytes of a file.
    fn bytes(&mut self) -> Result<rusqlite::serialize::Data<'_>, StoreError> {
        let path = self.path.clone();
        self.conn.serialize(rusqlite::MAIN_DB).map_err(|e| StoreError::from_sqlite(&path, e))
    }

    fn sealed_bytes(&mut self, lock: &Lock) -> Result<Vec<u8>, StoreError> {
        let path = self.path.clone();
        lock.seal(&self.bytes()?).map_err(|source| StoreError::Seal { path, source })
    }

    fn check_version(&self) -> Result<i64, StoreError> {
        let pragma = |name: &str| {
            self.conn
                .pragma_query_value(None, name, |row| row.get::<_, i64>(0))
                .map_err(|e| StoreError::from_sqlite(&self.path, e))
        };
        let application = pragma("application_id")?;
        let found = pragma("user_version")?;
        if application != APPLICATION_ID {
            return Err(StoreError::OtherApplication(self.path.clone()));
        }
        if found > VERSION {
            return Err(StoreError::Newer { path: self.path.clone(), found, known: VERSION });
        }
        Ok(found)
    }

    fn check_schema(&self) -> Result<(), StoreError> {
        let fail = |e| StoreError::from_sqlite(&self.path, e);
        let found = schema::objects(&self.conn).map_err(fail)?;
        if found == schema::expected().map_err(fail)? {
            return Ok(());
        }
        Err(self.damaged("its tables or triggers are not those of a study file"))
    }

    fn migrate(&mut self, from: i64) -> Result<(), StoreError> {
        let path = self.path.clone();
        let fail = |e| StoreError::from_sqlite(&path, e);
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(fail)?;
        schema::migrate(&tx, from).map_err(fail)?;
        tx.commit().map_err(fail)
    }

    pub(crate) fn damaged(&self, what: impl Into<String>) -> StoreError {
        StoreError::Damaged { path: self.path.clone(), what: what.into() }
    }

    pub(crate) fn sqlite(&self, error: rusqlite::Error) -> StoreError {
        StoreError::from_sqlite(&self.path, error)
    }
}

/// Keeps a file of an older version beside the one that is brought up to date, whole or not at all; returns where.
fn keep(path: &Path, version: i64, copy: impl FnOnce(&Path) -> Result<(), StoreError>) -> Result<PathBuf, StoreError> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let extension = path.extension().map(|e| format!(".{}", e.to_string_lossy())).unwrap_or_default();
    let named = |more: &str| path.with_file_name(format!("{stem}.version-{version}{more}{extension}"));
    // What was kept earlier under this name is another state of the study.
    let places = std::iter::once(named("")).chain((2..).map(|n| named(&format!("-{n}"))));
    let free = places.take(MOST_KEPT).find(|place| fs::symlink_metadata(place).is_err());
    let place = free.ok_or_else(|| StoreError::Exists(named("")))?;
    // The file itself may be claimed by whoever opens it; its copy has a claim of its own.
    appear(&place, copy).map(|()| place)
}

/// Makes a file that appears under its name when it is done, and not at all where making it fails.
fn appear<E: From<StoreError>>(path: &Path, make: impl FnOnce(&Path) -> Result<(), E>) -> Result<(), E> {
    let unfinished = disk::Unfinished::claim(path).map_err(StoreError::from)?;
    let rename = || Ok(disk::rename_new(&unfinished.path, path).map_err(StoreError::from)?);
    let made = make(&unfinished.path).and_then(|()| rename());
    if made.is_err() {
        let _ = fs::remove_file(&unfinished.path);
    }
    made
}

fn new_lock(path: &Path, secret: &Secret) -> Result<Lock, StoreError> {
    Lock::new(secret).map_err(|source| StoreError::Seal { path: path.to_owned(), source })
}

/// Returns the file behind a link, so that not the link is replaced.
fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// Returns whether a file that is no database is an encrypted study.
fn is_sealed_file(path: &Path) -> bool {
    use std::io::Read;
    let mut start = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(64).read_to_end(&mut start));
    read.is_ok() && is_sealed(&start)
}

/// Returns where SQLite keeps what takes an unfinished change back.
fn journal(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-journal");
    name.into()
}

/// Returns whether a change is under way, or was interrupted.
pub(crate) fn has_journal(path: &Path) -> bool {
    fs::metadata(journal(path)).is_ok_and(|meta| meta.len() > 0)
}

/// Returns the note that says who is changing a study file.
pub(crate) fn holder_note(path: &Path) -> PathBuf {
    disk::sibling(path, ".holder")
}

/// Refuses what cannot be a database, so that SQLite is not asked to open whatever is there.
///
/// The file is not opened for it: on POSIX systems the closing of any handle ends the locks that this process holds on the
/// file, those of another [`Store`] among them. That its first bytes are those of a database SQLite finds out itself.
fn check_header(path: &Path) -> Result<(), StoreError> {
    let meta = fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => StoreError::NotFound(path.to_owned()),
        _ => disk::DiskError::io(path, error).into(),
    })?;
    if meta.is_dir() {
        return Err(StoreError::IsFolder(path.to_owned()));
    }
    // SQLite takes what is shorter than its smallest page for an empty database.
    const LEAST_BYTES: u64 = 512;
    if meta.is_file() && meta.len() >= LEAST_BYTES { Ok(()) } else { Err(StoreError::NotADatabase(path.to_owned())) }
}
