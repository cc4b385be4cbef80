//! `calibrate`: which part, how often, and where to.

use crate::{calibrate, calibrate_contrasts};
use std::path::PathBuf;

/// Runs `calibrate [--part couplings|contrasts] [--replications N] [--out FILE]`.
///
/// # Errors
/// Arguments that are not understood, and files that cannot be written.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let (mut replications, mut out) = (4000_u64, PathBuf::from("docs/calibration.md"));
    let mut part = String::new();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let value = args.next().ok_or_else(|| format!("{arg} needs a value"))?;
        match arg.as_str() {
            "--replications" => {
                replications = value.parse().map_err(|_| format!("`{value}` is not a number of replications"))?;
            }
            "--out" => out = PathBuf::from(value),
            "--part" if ["couplings", "contrasts"].contains(&value.as_str()) => part.clone_from(value),
            "--part" => return Err(format!("`{value}` is no part; there are couplings and contrasts")),
            _ => return Err(format!("unknown option `{arg}`; there are --part, --replications and --out")),
        }
    }
    if part != "contrasts" {
        calibrate::couplings(replications, &out)?;
    }
    if part != "couplings" {
        calibrate_contrasts::run(replications, &out)?;
    }
    Ok(())
}
