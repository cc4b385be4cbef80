//! The studies that the program brings along, embedded so that one binary is enough.

use include_dir::{Dir, include_dir};
use std::collections::BTreeMap;

static STUDIES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../data/studies");

/// The register of states.
pub static STATES: &[u8] = include_bytes!("../../../data/states.csv");
/// The chain of Narminio (2020), section 3.2.
pub static ATTRITION: &[u8] = include_bytes!("../../../data/reach/narminio-2020.toml");
/// Who joined the Palermo Protocol and its neighbours, and when.
pub static ADOPTION: &[u8] = include_bytes!("../../../data/reach/adoption.csv");
/// When states made trafficking a crime in full.
pub static CRIMINALISED: &[u8] = include_bytes!("../../../data/reach/criminalised.csv");
/// When states first reported a conviction.
pub static CONVICTED: &[u8] = include_bytes!("../../../data/reach/convicted.csv");

/// Potential victims of trafficking in the United Kingdom in 2013, by lists.
pub static LISTS: &[u8] = include_bytes!("../../../data/reach/uk-2013.csv");

/// A template of `new`.
#[derive(Debug, Clone, Copy)]
pub struct Template {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is for.
    pub about: &'static str,
}

/// The templates; help and documentation read this table.
pub static TEMPLATES: &[Template] = &[
    Template { name: "blank", about: "an empty study with a small codebook to begin from" },
    Template {
        name: "child-trafficking",
        about: "the norm cluster of Narminio (2020), an illustration, with its codebook",
    },
    Template { name: "transitional-justice", about: "a small study on accountability for mass atrocities" },
];

const BLANK_FOCUS: &str = "focus = \"my-problem\"";
const BLANK_TITLE: &str = "title = \"My study\"\n";
const BLANK_STUDY: &str = "title = \"My study\"\ndescription = \"\"\nlanguage = \"en\"\n# The concept of codebook.toml whose cluster is mapped:\nfocus = \"my-problem\"\nwindow = \"paragraph\"\n";
const BLANK_CODEBOOK: &str = "# Concepts and the patterns that find them. `nomoscope codebook check` explains what is wrong.\n# Patterns: words; child* ; (a|b c) ; [optional] ; ... for up to three words; A NEAR/6 B.\ntitle = \"My codebook\"\nversion = \"0.1\"\n\n[[concept]]\nid = \"my-problem\"\nroles = [\"problem\"]\nlabel = { en = \"my problem\" }\npatterns.en = [\"my problem*\"]\nnote = \"What is meant.\"\nsource = \"Where the meaning comes from.\"\n\n[[concept]]\nid = \"my-value\"\nroles = [\"value\"]\nlabel = { en = \"my value\" }\npatterns.en = [\"my value*\"]\n\n[[concept]]\nid = \"my-behaviour\"\nroles = [\"behaviour\"]\nfamily = \"protect\"\nlabel = { en = \"my behaviour\" }\npatterns.en = [\"my behaviour*\"]\n";

/// Returns the files of a template by path; none if there is no such template.
#[must_use]
pub fn files(name: &str) -> Option<BTreeMap<String, Vec<u8>>> {
    if name == "blank" {
        return Some(BTreeMap::from([
            ("study.toml".to_owned(), BLANK_STUDY.into()),
            ("codebook.toml".to_owned(), BLANK_CODEBOOK.into()),
            ("sources.csv".to_owned(), "path,title,kind,date,language\n".into()),
        ]));
    }
    let folder = TEMPLATES.iter().find(|t| t.name == name).and_then(|t| STUDIES.get_dir(t.name))?;
    let mut out = BTreeMap::new();
    collect(folder, name, &mut out);
    Some(out)
}

/// Gives files of an empty study the name under which it is made for its title; a study that has its own keeps it.
pub fn entitle(files: &mut BTreeMap<String, Vec<u8>>, title: &str) {
    let Some(meta) = files.get_mut("study.toml") else { return };
    let quoted = serde_json::Value::from(title).to_string();
    if let Some(rest) = std::str::from_utf8(meta).ok().and_then(|meta| meta.strip_prefix(BLANK_TITLE)) {
        *meta = format!("title = {quoted}\n{rest}").into_bytes();
    }
}

/// Returns the names of the codebooks that the program brings along.
pub fn codebooks() -> impl Iterator<Item = &'static str> {
    TEMPLATES.iter().map(|t| t.name).filter(|name| *name != "blank")
}

/// Returns a codebook that the program brings along; none if there is none of that name.
#[must_use]
pub fn codebook(name: &str) -> Option<Vec<u8>> {
    codebooks().find(|known| *known == name).and_then(files)?.remove("codebook.toml")
}

/// Returns the files of an empty study with this codebook, and with what the bundled study of that name is about as its focus.
#[must_use]
pub fn blank_with(codebook: Vec<u8>, name: &str) -> BTreeMap<String, Vec<u8>> {
    let bundled = codebooks().find(|known| *known == name).and_then(files);
    let meta = bundled.and_then(|mut files| files.remove("study.toml")).unwrap_or_default();
    let meta = String::from_utf8_lossy(&meta);
    let focus = meta.lines().find(|line| line.starts_with("focus = ")).unwrap_or("# focus = \"\"");
    let mut out = files("blank").unwrap_or_default();
    out.insert("study.toml".to_owned(), BLANK_STUDY.replace(BLANK_FOCUS, focus).into());
    out.insert("codebook.toml".to_owned(), codebook);
    out
}

fn collect(folder: &Dir<'_>, root: &str, out: &mut BTreeMap<String, Vec<u8>>) {
    for file in folder.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        let relative = path.strip_prefix(root).unwrap_or(&path).trim_start_matches('/').to_owned();
        out.insert(relative, file.contents().to_vec());
    }
    for inner in folder.dirs() {
        collect(inner, root, out);
    }
}
