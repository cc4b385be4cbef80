//! A replication package: a study with its report, and what somebody else needs to get the same bytes.

use super::options::{Selection, Small, run_record};
use super::report::{Target, make as make_report, make_folder, write as write_report};
use super::{Failure, output};
use nomoscope_desk::load;
use nomoscope_desk::study::{read_any, write_image};
use nomoscope_engine::disclosure::Threshold;
use nomoscope_engine::record::Record;
use nomoscope_engine::report::question::Question;
use nomoscope_store::disk::write_private;
use nomoscope_store::hash_hex;
use std::collections::BTreeMap;
use std::path::Path;

/// Writes the package into a folder that is empty or new.
pub(super) fn write(study: &Path, package: &Path, small: Small) -> Result<(), Failure> {
    if std::fs::read_dir(package).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Failure::Bad(format!("{}: is not empty\n  hint: choose another folder", package.display())));
    }
    let image = read_any(study, &load::readers())?;
    make_folder(package)?;
    let (inside, report) = (package.join("study"), package.join("report"));
    let left_out = write_image(&image, &inside, false)?;
    for path in left_out.keys() {
        output::talk(&format!("note: left out, for no study has a file of this name: {}", path.escape_debug()));
    }
    // What is reported is what lies in the package, not what it was made from.
    let opened = load::open(&inside, None)?;
    let question = Question::default();
    let made = make_report(&question, &opened)?;
    make_folder(&report)?;
    let under = small.of(&opened);
    let record = run_record(&opened, &question, &Selection::default());
    let run = Record { suppress_small: under.map(Threshold::get), ..record };
    write_report(&made, &run, Target { out: &report, demo: false })?;
    let title = &opened.material.study.meta.title;
    write_private(&package.join("README.md"), readme(title).as_bytes())?;
    let mut sums = BTreeMap::new();
    hashes(package, package, &mut sums)?;
    let sums: String = sums.iter().map(|(path, hash)| format!("{hash}  {path}\n")).collect();
    write_private(&package.join("SHA256SUMS"), sums.as_bytes())?;
    output::data(&format!("wrote {}", package.display()));
    output::talk("note: it holds the sources in full; look through it, and at their licences, before you share it");
    if let Some(under) = under {
        output::talk(&format!(
            "note: counts under {} are withheld from its report; whoever has its study can count again",
            under.get()
        ));
    }
    output::talk(&format!("next: read {}", package.join("README.md").display()));
    Ok(())
}

fn readme(title: &str) -> String {
    let version = super::VERSION;
    format!(
        "# {title}: replication package\n\n\
        Made by nomoscope {version}.\n\n\
        | What | Where |\n| --- | --- |\n\
        | The study: sources, codebook, codings, settings, log | `study/` |\n\
        | The report, its figures and tables | `report/report.html` |\n\
        | What was asked, of which bytes, with which seeds | `report/run.json` |\n\
        | SHA-256 of every file | `SHA256SUMS` |\n\n\
        ## Get the same bytes\n\n\
        With the same version of nomoscope, on any machine and without a network:\n\n\
        ```console\n\
        sha256sum --check SHA256SUMS\n\
        nomoscope replay report/run.json study --out again\n\
        diff -r report again\n\
        ```\n\n\
        `replay` refuses if a file of the study is not the one that was read. Another version may give other numbers; its changelog says which, and why.\n"
    )
}

/// Hashes all files below a folder, by their path with `/`.
fn hashes(root: &Path, folder: &Path, sums: &mut BTreeMap<String, String>) -> Result<(), Failure> {
    let wrong = |error: &std::io::Error| Failure::Bad(format!("{}: {}", folder.display(), super::reason(error)));
    for entry in std::fs::read_dir(folder).map_err(|e| wrong(&e))? {
        let path = entry.map_err(|e| wrong(&e))?.path();
        if path.is_dir() {
            // As deep as what was just written.
            hashes(root, &path, sums)?;
        } else if let Ok(inside) = path.strip_prefix(root) {
            let name: Vec<String> = inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
            sums.insert(name.join("/"), hash_hex(&super::read(&path)?));
        }
    }
    Ok(())
}
