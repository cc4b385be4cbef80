//! Encrypted study files: what opens them, what does not, and that nothing plain is on the disk.

use crate::support::{Ids, coding, image, source, stamped};
use nomoscope_store::seal::{Lock, SealError, Secret, is_sealed};
use nomoscope_store::{Addition, Store, StoreError, keys};
use std::path::Path;

const PASSPHRASE: &str = "correct horse battery staple";

fn secret(passphrase: &str) -> Secret {
    Secret::new(passphrase.to_owned())
}

/// The program age 1.1.1 sealed this line with `age --passphrase`.
const BY_AGE: &[u8] = include_bytes!("../../testdata/sealed-by-age-1.1.1.age");

#[test]
fn what_age_sealed_is_opened() {
    let lock = Lock::of(BY_AGE, &secret(PASSPHRASE)).unwrap();
    assert_eq!(lock.open(BY_AGE).unwrap().as_slice(), b"What nobody else may read.\n");
    assert_eq!(Lock::of(BY_AGE, &secret("incorrect horse")).unwrap_err(), SealError::WrongPassphrase);
}

#[test]
fn what_was_sealed_comes_back_and_what_was_changed_does_not() {
    let lock = Lock::new(&secret(PASSPHRASE)).unwrap();
    for length in [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000] {
        let plain: Vec<u8> = (0..length).map(|i: u32| (i % 251) as u8).collect();
        let sealed = lock.seal(&plain).unwrap();
        assert!(is_sealed(&sealed) && lock.fits(&sealed));
        assert_eq!(lock.open(&sealed).unwrap().as_slice(), plain, "{length}");
        assert_ne!(lock.seal(&plain).unwrap(), sealed, "the same bytes are sealed otherwise each time");
        // Cut off anywhere, also between two chunks; one bit changed in every part; two chunks in another order.
        let body = sealed.len() - plain.len() - 16 * (length as usize).div_ceil(65_536).max(1);
        let cuts = [sealed.len() - 1, body + 65_552, body, body - 1].into_iter().filter(|cut| *cut < sealed.len());
        for cut in cuts {
            assert_eq!(lock.open(&sealed[..cut]).unwrap_err(), SealError::Damaged, "{length} cut at {cut}");
        }
        for at in [body - 16, body, sealed.len() / 2 + body / 2, sealed.len() - 1] {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(lock.open(&changed).unwrap_err(), SealError::Damaged, "{length} changed at {at}");
        }
        if length == 200_000 {
            let (one, two) = (&sealed[body..body + 65_552], &sealed[body + 65_552..body + 131_104]);
            let swapped = [&sealed[..body], two, one, &sealed[body + 131_104..]].concat();
            assert_eq!(lock.open(&swapped).unwrap_err(), SealError::Damaged);
        }
    }
}

#[test]
fn headers_of_others_are_refused_before_any_work() {
    let head = |rest: &str| [b"age-encryption.org/v1\n", rest.as_bytes()].concat();
    let (salt, body, code) = ("A".repeat(22), "A".repeat(43), "A".repeat(43));
    for (bytes, want) in [
        (head(&format!("-> scrypt {salt} 63\n{body}\n--- {code}\n")), SealError::TooMuchWork),
        (head(&format!("-> scrypt {salt} 300\n{body}\n--- {code}\n")), SealError::Damaged),
        (head(&format!("-> scrypt {salt} -1\n{body}\n--- {code}\n")), SealError::Damaged),
        (head(&format!("-> scrypt AAAA 17\n{body}\n--- {code}\n")), SealError::Damaged),
        (head(&format!("-> X25519 {salt}\n{body}\n--- {code}\n")), SealError::OtherWay),
        (head(&format!("-> scrypt {salt} 17\n{body}\n-> X25519 {salt}\n{body}\n--- {code}\n")), SealError::OtherWay),
        (head(&"-> scrypt ".repeat(1000)), SealError::Damaged),
        (head(""), SealError::Damaged),
        (b"SQLite format 3\0".to_vec(), SealError::Damaged),
    ] {
        assert_eq!(Lock::of(&bytes, &secret(PASSPHRASE)).unwrap_err(), want, "{}", String::from_utf8_lossy(&bytes));
    }
}

/// Returns the names of all files in a folder that hold some words.
fn holding(dir: &Path, words: &str) -> Vec<String> {
    let files = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let has = |path: &std::path::PathBuf| {
        std::fs::read(path).unwrap().windows(words.len()).any(|window| window == words.as_bytes())
    };
    files.filter(has).map(|path| path.display().to_string()).collect()
}

#[test]
fn a_study_that_is_encrypted_is_nowhere_plain() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("study.nomo");
    let mut ids = Ids(0);
    let filled = image();
    stamped(&mut ids, "new", |stamp| {
        Store::create_sealed(&path, secret(PASSPHRASE), |store| store.import_folder_image(&filled, "1", stamp))
    })
    .unwrap();
    let words = "Mariam was told to say nothing";
    let new = source("sources/mariam.txt", words);
    let addition = Addition {
        files: [("sources/mariam.txt".to_owned(), words.into())].into(),
        sources: vec![new.clone()],
        rows: Vec::new(),
    };
    let mut store = Store::open(&path).unwrap();
    stamped(&mut ids, "add", |stamp| store.add_sources(&addition, "1", stamp)).unwrap();
    // While it is open, a second writer waits or is told.
    assert!(matches!(Store::open(&path), Err(StoreError::Disk(_))), "two would write over each other");
    assert_eq!(holding(dir.path(), "Mariam"), Vec::<String>::new());
    drop(store);
    let mut store = Store::open(&path).unwrap();
    stamped(&mut ids, "mark", |stamp| store.add_coding(&coding("c9", &new, 0, 6, "ana"), stamp)).unwrap();
    drop(store);
    let store = Store::open_read_only(&path).unwrap();
    assert!(store.load().unwrap().codings.iter().any(|c| c.id == "c9"));
    store.verify().unwrap();
    assert_eq!(holding(dir.path(), "Mariam"), Vec::<String>::new());
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside it");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_passphrase_comes_changes_and_goes() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("study.nomo");
    let filled = image();
    let mut ids = Ids(0);
    stamped(&mut ids, "new", |stamp| {
        Store::create_filled(&path, |store| store.import_folder_image(&filled, "1", stamp))
    })
    .unwrap();
    let before = Store::open_read_only(&path).unwrap().folder_image().unwrap();
    assert!(matches!(Store::decrypt(&path), Err(StoreError::NotSealed(_))));
    Store::encrypt(&path, secret(PASSPHRASE)).unwrap();
    assert!(Store::is_encrypted(&path));
    assert!(matches!(Store::encrypt(&path, secret(PASSPHRASE)), Err(StoreError::SealedAlready(_))));
    assert_eq!(Store::open_read_only(&path).unwrap().folder_image().unwrap(), before);

    // Wrong once is a plain error, and nothing is changed by it.
    let bytes = std::fs::read(&path).unwrap();
    keys::remember(&path, secret("another one altogether"));
    let wrong = Store::open_read_only(&path).unwrap_err();
    assert_eq!(wrong.to_string(), format!("{}: this is not the passphrase", path.display()));
    assert_eq!(std::fs::read(&path).unwrap(), bytes);

    keys::remember(&path, secret(PASSPHRASE));
    Store::change_passphrase(&path, || Ok(secret("quite another passphrase"))).unwrap();
    keys::remember(&path, secret(PASSPHRASE));
    assert!(Store::open(&path).is_err(), "the old one is no good any more");
    keys::remember(&path, secret("quite another passphrase"));
    Store::decrypt(&path).unwrap();
    assert!(!Store::is_encrypted(&path));
    assert_eq!(Store::open(&path).unwrap().folder_image().unwrap(), before);
}
