//! `encrypt` and `decrypt`: a study file that only a passphrase opens.

use super::{Failure, output, passphrase};
use nomoscope_store::{Store, StoreError};
use std::path::{Path, PathBuf};

/// Encrypt a study file with a passphrase, or give it another one
///
/// From then on every command asks for the passphrase, works on the study in memory, and writes it back encrypted: no plain text
/// of it is on the disk, not in a journal and not in a temporary file. The form is that of age (age-encryption.org/v1), so that
/// other programs open the file, too: `age --decrypt my-study.nomo`. Without the passphrase nobody does.
///
/// What the disk held of the file before it was encrypted may be recovered from places that no file has any more; best make a study
/// encrypted from the beginning: `new NAME.nomo --encrypt`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope encrypt my-study.nomo\n  nomoscope encrypt my-study.nomo --change\n  nomoscope map my-study.nomo --passphrase-fd 3 3< passphrase.txt\n\nEvery command takes --passphrase-fd N: the passphrase is the first line of that file descriptor, a new one the next line.\nIt is never taken from the command line or the environment, where others can read it."
)]
pub(super) struct EncryptArgs {
    /// A .nomo file
    study: PathBuf,
    /// Give a study that is encrypted another passphrase, and another key with it
    #[arg(long)]
    change: bool,
}

/// Decrypt a study file, so that it opens without a passphrase
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  nomoscope decrypt my-study.nomo")]
pub(super) struct DecryptArgs {
    /// A .nomo file that is encrypted
    study: PathBuf,
}

pub(super) fn encrypt(args: &EncryptArgs) -> Result<(), Failure> {
    is_file(&args.study)?;
    let (study, name) = (output::typed(&args.study), args.study.display());
    if args.change {
        let mut wrong = None;
        let changed = Store::change_passphrase(&args.study, || {
            passphrase::new(&args.study).map_err(|failure| {
                wrong = Some(failure);
                StoreError::Sealed(args.study.clone())
            })
        });
        if let Some(failure) = wrong {
            return Err(failure);
        }
        changed?;
        output::data(&format!("{name} has another passphrase"));
        output::talk("note: copies that were made before still open with the old one");
        return Ok(());
    }
    // Asked for only when there is something to encrypt.
    if Store::is_encrypted(&args.study) {
        return Err(StoreError::SealedAlready(args.study.clone()).into());
    }
    drop(Store::open_read_only(&args.study)?);
    Store::encrypt(&args.study, passphrase::new(&args.study)?)?;
    output::data(&format!("encrypted {name}"));
    output::talk("note: without the passphrase nobody can open it, and nobody can bring it back");
    output::talk(&format!("nomoscope decrypt {study} takes it off; copies that were made before are as they were"));
    Ok(())
}

pub(super) fn decrypt(args: &DecryptArgs) -> Result<(), Failure> {
    is_file(&args.study)?;
    Store::decrypt(&args.study)?;
    output::data(&format!("decrypted {}", args.study.display()));
    output::talk("note: whoever has the file can read it now");
    Ok(())
}

fn is_file(study: &Path) -> Result<(), Failure> {
    if study.is_dir() {
        let hint = "make an encrypted study file of it: nomoscope new NAME.nomo --from FOLDER --encrypt";
        return Err(Failure::Bad(format!("{}: only a study file can be encrypted\n  hint: {hint}", study.display())));
    }
    Ok(())
}
