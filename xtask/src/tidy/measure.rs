//! How large the house is: lines, the largest files, the longest functions. Reported, never a rule.

use super::file::File;
use super::imports::{Module, crates};

const N_FILES: usize = 10;
const LONG_FUNCTION: usize = 60;

/// Returns the figures as lines to print; tests and code under `#[cfg(test)]` do not count as functions.
pub(crate) fn report(files: &[File]) -> String {
    let is_source = |f: &&File| f.path.starts_with("crates/") && f.path.contains("/src/") && f.path.ends_with(".rs");
    let mut sizes: Vec<(usize, &str)> =
        files.iter().filter(is_source).map(|f| (f.text.lines().count(), f.path.as_str())).collect();
    sizes.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    let crates = crates(files).0;
    let modules = crates.iter().filter(|k| k.name != "xtask").flat_map(|k| k.files.values());
    let mut long: Vec<(usize, String)> = modules.flat_map(long_functions).collect();
    long.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut out = format!("{} lines of source in {} files\n", sizes.iter().map(|s| s.0).sum::<usize>(), sizes.len());
    out += &format!("the {N_FILES} largest files:\n");
    out.extend(sizes.iter().take(N_FILES).map(|(n, path)| format!("{n:>6}  {path}\n")));
    out += &format!("{} functions have more than {LONG_FUNCTION} lines:\n", long.len());
    out.extend(long.iter().map(|(n, place)| format!("{n:>6}  {place}\n")));
    out
}

fn long_functions(module: &Module) -> impl Iterator<Item = (usize, String)> {
    let long = module.source.functions.iter().filter(|f| f.n_lines > LONG_FUNCTION);
    long.map(|f| (f.n_lines, format!("{} in {}:{}", f.name, module.path, f.line)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::file::file;

    #[test]
    fn lines_files_and_functions_are_counted() {
        let long = format!("fn short() {{}}\nfn long() {{\n{}}}\n", "    f();\n".repeat(59));
        let report = report(&[file("crates/x/src/lib.rs", &long), file("crates/x/tests/it.rs", "fn f() {}\n")]);
        let want = "62 lines of source in 1 files\nthe 10 largest files:\n    62  crates/x/src/lib.rs\n\
                    1 functions have more than 60 lines:\n    61  long in crates/x/src/lib.rs:2\n";
        assert_eq!(report, want);
    }
}
