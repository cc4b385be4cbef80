//! Opening and making study files.

use crate::StoreError;
use crate::disk::{self, PATIENCE};
use crate::schema::{self, APPLICATION_ID, VERSION};
use rusqlite::{Connection, OpenFlags, TransactionBehavior, config::DbConfig};
use std::fs;
use std::path::{Path, PathBuf};

/// A study file.
#[derive(Debug)]
pub struct Store {
    pub(crate) conn: Connection,
    pub(crate) path: PathBuf,
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
        let unfinished = disk::Unfinished::claim(path).map_err(StoreError::from)?;
        let mut store = Self::create(&unfinished.path)?;
        let filled = fill(&mut store);
        drop(store);
        let rename = || disk::rename_new(&unfinished.path, path).map_err(StoreError::from).map_err(E::from);
        if let Err(error) = filled.and_then(|()| rename()) {
            let _ = fs::remove_file(&unfinished.path);
            return Err(error);
        }
        drop(unfinished);
        Ok(Self::open(path)?)
    }

    /// Opens a study file for reading and writing.
    ///
    /// # Errors
    /// The file is missing, no study file, of a newer version, locked, read-only or damaged.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        check_header(path)?;
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
            store.migrate(version)?;
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
        Ok(disk::tidy(path)?)
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
        conn.busy_timeout(PATIENCE).map_err(fail)?;
        // The file may come from anybody: its schema is data, not a program.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true).map_err(fail)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false).map_err(fail)?;
        conn.execute_batch("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;")
            .map_err(fail)?;
        Ok(Self { conn, path: path.to_owned() })
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
