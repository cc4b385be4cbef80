//! Where the program gets passphrases: from a file descriptor, or from whoever sits at the terminal. Never from the command
//! line, which other users of the machine can read, and never from the environment, which other programs inherit.

use super::Failure;
use nomoscope_desk::study::key::FEWEST;
use nomoscope_store::keys;
use nomoscope_store::seal::Secret;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};

/// The longest line that is taken for a passphrase.
const LONGEST: u64 = 4096;

static GIVEN: OnceLock<u32> = OnceLock::new();
/// What of the file descriptor was not read yet; none before its first line is.
static REST: Mutex<Option<Box<dyn BufRead + Send>>> = Mutex::new(None);

/// Says how passphrases are asked for. A process that knows one leaves no core dump.
pub(super) fn prepare(descriptor: Option<u32>) {
    if let Some(descriptor) = descriptor {
        let _ = GIVEN.set(descriptor);
    }
    keys::on_ask(|path| {
        no_core_dump();
        given_or(|| prompt(&format!("Passphrase of {}: ", path.display())))
    });
}

/// Asks for the passphrase of a study that is to be encrypted, at a terminal twice.
pub(super) fn new(path: &Path) -> Result<Secret, Failure> {
    no_core_dump();
    let wrong = |what: &str| Failure::Bad(format!("{}: {what}", path.display()));
    let secret = given_or(|| {
        let first = prompt(&format!("New passphrase of {}: ", path.display()))?;
        let again = prompt("The same again: ")?;
        if first == again { Ok(first) } else { Err("the two were not the same".to_owned()) }
    });
    let secret = secret.map_err(|what| wrong(&what))?;
    if secret.length() < FEWEST {
        let hint = "four or five words that belong together for you alone are long enough, and can be remembered";
        return Err(wrong(&format!("a passphrase has at least {FEWEST} characters\n  hint: {hint}")));
    }
    Ok(secret)
}

/// Asks for the passphrase of a file that is no study.
pub(super) fn of(path: &Path) -> Result<Secret, Failure> {
    no_core_dump();
    let secret = given_or(|| prompt(&format!("Passphrase of {}: ", path.display())));
    secret.map_err(|what| Failure::Bad(format!("{}: {what}", path.display())))
}

fn given_or(ask: impl FnOnce() -> Result<Secret, String>) -> Result<Secret, String> {
    match GIVEN.get() {
        Some(descriptor) => line_of(*descriptor),
        None => ask(),
    }
}

/// Reads the next line of a file descriptor: the passphrase, and where another is to come, that.
fn line_of(descriptor: u32) -> Result<Secret, String> {
    use std::io::Read;
    let none = |what: &str| format!("file descriptor {descriptor} {what}");
    let mut rest = REST.lock().unwrap_or_else(PoisonError::into_inner);
    if rest.is_none() {
        let name = if cfg!(target_os = "linux") { "/proc/self/fd" } else { "/dev/fd" };
        let file = std::fs::File::open(format!("{name}/{descriptor}")).map_err(|_| none("is not open for reading"))?;
        *rest = Some(Box::new(BufReader::new(file)));
    }
    let mut line = String::new();
    let read = rest.as_mut().map(|rest| rest.take(LONGEST).read_line(&mut line));
    match read {
        Some(Ok(_)) if !line.trim_end_matches(['\r', '\n']).is_empty() => {
            line.truncate(line.trim_end_matches(['\r', '\n']).len());
            Ok(Secret::new(line))
        }
        Some(Ok(_)) => Err(none("holds no passphrase")),
        _ => Err(none("cannot be read as a line of UTF-8")),
    }
}

fn prompt(words: &str) -> Result<Secret, String> {
    let nobody = "nobody can be asked for the passphrase: there is no terminal, and no --passphrase-fd";
    let line = rpassword::prompt_password(words).map_err(|_| nobody.to_owned())?;
    if line.is_empty() { Err("no passphrase was given".to_owned()) } else { Ok(Secret::new(line)) }
}

fn no_core_dump() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        // Where it is refused, nothing is lost but a precaution.
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    }
}
