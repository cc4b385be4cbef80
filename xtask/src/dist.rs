//! `dist`: what somebody downloads, made the same way on every system.
//!
//! The program with completions, pages of the manual, the licences of everything that is in it, a bill of materials
//! (CycloneDX), all in one archive, with the checksum beside it; and the wheel of the Python package where there is maturin.

use crate::repository::{cargo, files_below, root};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The target that gives a program which needs nothing of the system.
const STATIC: &str = "x86_64-unknown-linux-musl";
const SHELLS: [(&str, &str); 5] = [
    ("bash", "nomoscope.bash"),
    ("elvish", "nomoscope.elv"),
    ("fish", "nomoscope.fish"),
    ("powershell", "_nomoscope.ps1"),
    ("zsh", "_nomoscope"),
];
/// How the files are named in which a crate tells its licence.
const LICENCES: [&str; 5] = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE"];

const USAGE: &str = "usage: cargo xtask dist [--target TRIPLE] [--twice] [--no-wheel]";

/// What is asked for.
struct Asked {
    target: String,
    /// Build a second time, in another folder, and compare the bytes.
    twice: bool,
    wheel: bool,
}

impl Asked {
    fn read(arguments: &[String]) -> Result<Self, String> {
        let (mut target, mut twice, mut wheel) = (None, false, true);
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--target" => target = Some(rest.next().ok_or(USAGE)?.clone()),
                "--twice" => twice = true,
                "--no-wheel" => wheel = false,
                _ => return Err(USAGE.to_owned()),
            }
        }
        let target = target.map_or_else(best_target, Ok)?;
        Ok(Self { target, twice, wheel })
    }
}

/// Makes the archive in `target/dist`, for the target that is named or the best that there is.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let asked = Asked::read(arguments)?;
    let metadata = metadata(&asked.target)?;
    let place = folder_of(&metadata)?;
    let program = build(&asked.target, &place)?;
    if asked.twice {
        is_the_same_again(&program, &asked.target, &place)?;
    }
    archive(&program, &asked.target, &metadata)?;
    if asked.wheel { wheel(&place) } else { Ok(()) }
}

/// Builds once more in a folder of its own and compares.
fn is_the_same_again(program: &Path, target: &str, place: &Path) -> Result<(), String> {
    let again = place.join("dist/again");
    let second = build(target, &again)?;
    let (one, two) = (read(program)?, read(&second)?);
    let same = one == two;
    println!("two builds, {} and {} bytes: {}", one.len(), two.len(), if same { "the same" } else { "NOT the same" });
    let _ = fs::remove_dir_all(again);
    if same { Ok(()) } else { Err("the build cannot be repeated".to_owned()) }
}

/// Builds the wheel, which serves every Python from 3.10 on, or says that it cannot.
fn wheel(place: &Path) -> Result<(), String> {
    let out = place.join("dist");
    let mut build = Command::new("maturin");
    build.args(["build", "--release", "--locked", "--out"]).arg(&out).current_dir(root());
    match build.env("RUSTFLAGS", without_paths()).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("the wheel: maturin ended with {status}")),
        Err(_) => {
            println!("no wheel: maturin is not installed (`pip install maturin`)");
            Ok(())
        }
    }
}

/// Returns flags that keep the folders of this machine out of the program, so that it is the same wherever it is built.
fn without_paths() -> String {
    let cargo =
        std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let places = [(Some(root()), "/nomoscope"), (cargo, "/cargo")];
    let flags =
        places.into_iter().filter_map(|(place, name)| Some(format!("--remap-path-prefix={}={name}", place?.display())));
    flags.collect::<Vec<_>>().join(" ")
}

fn archive(program: &Path, target: &str, metadata: &Value) -> Result<(), String> {
    let version = text(package(metadata, "nomoscope")?, "version").to_owned();
    let name = format!("nomoscope-{version}-{target}");
    let dist = folder_of(metadata)?.join("dist");
    let folder = dist.join(&name);
    let _ = fs::remove_dir_all(&folder);
    make_folder(&folder.join("completions"))?;
    make_folder(&folder.join("man"))?;
    let file = program.file_name().map_or_else(|| "nomoscope".into(), ToOwned::to_owned);
    copy(program, &folder.join(file))?;
    from_the_program(program, &folder)?;
    for file in ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"] {
        copy(&root().join(file), &folder.join(file))?;
    }
    let used = used(metadata)?;
    write(&folder.join("THIRD-PARTY.txt"), licences(&used)?.as_bytes())?;
    let bill = serde_json::to_string_pretty(&bill(&used, &version, metadata)?).unwrap_or_default();
    write(&folder.join("nomoscope.cdx.json"), bill.as_bytes())?;
    let archive = dist.join(format!("{name}.tar.gz"));
    pack(&folder, &name, &archive)?;
    let bytes = read(&archive)?;
    let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    write(&dist.join(format!("{name}.tar.gz.sha256")), format!("{hash}  {name}.tar.gz\n").as_bytes())?;
    println!("{}\n{} bytes, {} crates\nsha256 {hash}", archive.display(), bytes.len(), used.len());
    Ok(())
}

/// Returns the static target where it and a C compiler for it are installed, or else that of this machine, and says which.
fn best_target() -> Result<String, String> {
    let host = output(Command::new("rustc").arg("-vV"))?;
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default().to_owned();
    if host != "x86_64-unknown-linux-gnu" {
        return Ok(host);
    }
    let installed = output(Command::new("rustc").args(["--print", "target-libdir", "--target", STATIC]));
    let has_target = installed.is_ok_and(|folder| Path::new(folder.trim()).is_dir());
    let has_compiler = Command::new("musl-gcc").arg("--version").output().is_ok_and(|out| out.status.success());
    if has_target && has_compiler {
        return Ok(STATIC.to_owned());
    }
    let missing = [
        (!has_target).then(|| format!("the target (`rustup target add {STATIC}`)")),
        (!has_compiler).then(|| "musl-gcc (package `musl-tools` of Debian and Ubuntu)".to_owned()),
    ];
    let missing: Vec<String> = missing.into_iter().flatten().collect();
    println!(
        "no static program: {} is missing; building for {host}, which needs the C library of this system",
        missing.join(" and ")
    );
    Ok(host)
}

fn build(target: &str, place: &Path) -> Result<PathBuf, String> {
    let mut build = cargo(&["build", "--release", "--locked", "--package", "nomoscope", "--target", target]);
    let status = build.env("RUSTFLAGS", without_paths()).env("CARGO_TARGET_DIR", place).status();
    let status = status.map_err(|error| format!("cargo could not be started: {error}"))?;
    if !status.success() {
        return Err(format!("the build for {target} ended with {status}"));
    }
    let end = if target.contains("windows") { ".exe" } else { "" };
    Ok(place.join(target).join("release").join(format!("nomoscope{end}")))
}

/// Lets the program write its completions and its manual: they come from the table that its help comes from.
fn from_the_program(program: &Path, folder: &Path) -> Result<(), String> {
    for (shell, file) in SHELLS {
        let words = output(Command::new(program).args(["completions", shell]))
            .map_err(|error| format!("{error}; for another system the program cannot be asked: run this there"))?;
        write(&folder.join("completions").join(file), words.as_bytes())?;
    }
    output(Command::new(program).args(["completions", "--man"]).arg(folder.join("man"))).map(drop)
}

fn metadata(target: &str) -> Result<Value, String> {
    let mut command = cargo(&["metadata", "--format-version", "1", "--locked", "--filter-platform", target]);
    serde_json::from_str(&output(&mut command)?).map_err(|error| format!("cargo metadata: {error}"))
}

fn folder_of(metadata: &Value) -> Result<PathBuf, String> {
    metadata["target_directory"].as_str().map(PathBuf::from).ok_or_else(|| "cargo metadata names no target".to_owned())
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

fn list<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value[key].as_array().into_iter().flatten()
}

fn package<'v>(metadata: &'v Value, name: &str) -> Result<&'v Value, String> {
    list(metadata, "packages").find(|p| text(p, "name") == name).ok_or_else(|| format!("there is no package {name}"))
}

/// Returns the packages that are in the program, by name and version: what is only built or tested with is not.
fn used(metadata: &Value) -> Result<Vec<&Value>, String> {
    let packages: BTreeMap<&str, &Value> = list(metadata, "packages").map(|p| (text(p, "id"), p)).collect();
    let nodes: BTreeMap<&str, &Value> = list(&metadata["resolve"], "nodes").map(|n| (text(n, "id"), n)).collect();
    let mut todo = vec![text(package(metadata, "nomoscope")?, "id")];
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    while let Some(id) = todo.pop() {
        if !seen.insert(id) {
            continue;
        }
        let Some(node) = nodes.get(id) else { continue };
        for dependency in list(node, "deps") {
            let is_in = list(dependency, "dep_kinds").any(|kind| kind["kind"].is_null());
            if is_in {
                todo.push(text(dependency, "pkg"));
            }
        }
    }
    let mut used: Vec<&Value> = seen.iter().filter_map(|id| packages.get(id).copied()).collect();
    used.sort_by_key(|p| (text(p, "name").to_owned(), text(p, "version").to_owned()));
    Ok(used)
}

/// Returns the licences of what others wrote, each text once, with those whose it is.
fn licences(used: &[&Value]) -> Result<String, String> {
    let mut out = "What others wrote and is in this program, with its licences.\n\n".to_owned();
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut without = Vec::new();
    for p in used.iter().filter(|p| !p["source"].is_null()) {
        let name = format!("{} {}", text(p, "name"), text(p, "version"));
        out.push_str(&format!("{name}: {} {}\n", text(p, "license"), text(p, "repository")));
        let folder = Path::new(text(p, "manifest_path")).parent().map(Path::to_path_buf).unwrap_or_default();
        let found = licence_files(&folder)?;
        if found.is_empty() {
            without.push(name.clone());
        }
        for words in found {
            texts.entry(words).or_default().push(name.clone());
        }
    }
    if !without.is_empty() {
        out.push_str(&format!(
            "\nWithout a text of their own; their licences are named above: {}\n",
            without.join(", ")
        ));
    }
    let mut texts: Vec<(String, Vec<String>)> = texts.into_iter().collect();
    texts.sort_by(|x, y| x.1.cmp(&y.1).then_with(|| x.0.cmp(&y.0)));
    for (words, names) in texts {
        out.push_str(&format!("\n{}\n{}\n\n{}\n", "=".repeat(78), names.join(", "), words.trim()));
    }
    Ok(out)
}

fn licence_files(folder: &Path) -> Result<Vec<String>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| {
        let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().to_uppercase());
        path.is_file() && LICENCES.iter().any(|begin| name.starts_with(begin))
    });
    files.sort();
    files.iter().map(|path| Ok(String::from_utf8_lossy(&read(path)?).replace("\r\n", "\n"))).collect()
}

/// Returns the bill of materials, CycloneDX 1.5; it names no day and no random number, so that the same tree gives the same.
fn bill(used: &[&Value], version: &str, metadata: &Value) -> Result<Value, String> {
    let locked = String::from_utf8_lossy(&read(&root().join("Cargo.lock"))?).into_owned();
    let reference = |p: &Value| format!("pkg:cargo/{}@{}", text(p, "name"), text(p, "version"));
    let by_id: BTreeMap<&str, &Value> = used.iter().map(|p| (text(p, "id"), *p)).collect();
    let component = |p: &&Value| {
        let mut out = json!({
            "type": "library",
            "bom-ref": reference(p),
            "name": p["name"],
            "version": p["version"],
            "purl": reference(p),
            "licenses": [{ "expression": text(p, "license").replace('/', " OR ") }],
        });
        if let Some(hash) = checksum(&locked, text(p, "name"), text(p, "version")) {
            out["hashes"] = json!([{ "alg": "SHA-256", "content": hash }]);
        }
        if let Some(page) = p["repository"].as_str() {
            out["externalReferences"] = json!([{ "type": "vcs", "url": page }]);
        }
        out
    };
    let nodes = list(&metadata["resolve"], "nodes").filter_map(|node| {
        let own = by_id.get(text(node, "id"))?;
        let on = list(node, "deps").filter(|d| list(d, "dep_kinds").any(|kind| kind["kind"].is_null()));
        let on: BTreeSet<String> = on.filter_map(|d| by_id.get(text(d, "pkg")).map(|p| reference(p))).collect();
        Some(json!({ "ref": reference(own), "dependsOn": on }))
    });
    let mut nodes: Vec<Value> = nodes.collect();
    nodes.sort_by_key(|node| text(node, "ref").to_owned());
    let program = package(metadata, "nomoscope")?;
    Ok(json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": reference(program),
                "name": "nomoscope",
                "version": version,
                "purl": reference(program),
                "licenses": [{ "expression": text(program, "license") }],
            },
        },
        "components": used.iter().filter(|p| text(p, "name") != "nomoscope").map(component).collect::<Vec<_>>(),
        "dependencies": nodes,
    }))
}

/// Returns the checksum of a package as the lock file has it; our own have none.
fn checksum<'l>(locked: &'l str, name: &str, version: &str) -> Option<&'l str> {
    let head = format!("name = \"{name}\"\nversion = \"{version}\"");
    let (_, rest) = locked.split_once(&head)?;
    let block = rest.split("\n\n").next()?;
    block.lines().find_map(|line| line.strip_prefix("checksum = \"")?.strip_suffix('"'))
}

/// Packs a folder, its files by name and without the time and the people of this machine.
fn pack(folder: &Path, name: &str, archive: &Path) -> Result<(), String> {
    let mut files = Vec::new();
    files_below(folder, &mut files).map_err(|error| format!("{}: {error}", folder.display()))?;
    files.sort();
    let file = fs::File::create(archive).map_err(|error| format!("{}: {error}", archive.display()))?;
    let mut tar = tar::Builder::new(GzEncoder::new(file, Compression::best()));
    for path in files {
        let bytes = read(&path)?;
        let below = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(if below.starts_with("nomoscope") && !below.ends_with(".json") { 0o755 } else { 0o644 });
        header.set_mtime(0);
        tar.append_data(&mut header, format!("{name}/{below}"), bytes.as_slice())
            .map_err(|error| format!("{below}: {error}"))?;
    }
    let packed = tar.into_inner().and_then(GzEncoder::finish);
    packed.map(drop).map_err(|error| format!("{}: {error}", archive.display()))
}

fn output(command: &mut Command) -> Result<String, String> {
    let shown = format!("{:?}", command.get_program());
    let out = command.output().map_err(|error| format!("{shown} could not be started: {error}"))?;
    if !out.status.success() {
        return Err(format!("{shown}: {}", String::from_utf8_lossy(&out.stderr).trim()));
    }
    Ok(String::from_utf8_lossy(&out.stdout).into_owned())
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display()))
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    fs::copy(from, to).map(drop).map_err(|error| format!("{}: {error}", from.display()))
}

fn make_folder(path: &Path) -> Result<(), String> {
    fs::create_dir_all(path).map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checksum_is_that_of_the_version_asked_for() {
        let locked = "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n\n[[package]]\nname = \"b\"\nversion = \"1.0.0\"\nchecksum = \"x1\"\n\n\
                      [[package]]\nname = \"b\"\nversion = \"2.0.0\"\nchecksum = \"x2\"\ndependencies = [\n \"a\",\n]\n";
        assert_eq!(checksum(locked, "b", "2.0.0"), Some("x2"));
        assert_eq!((checksum(locked, "a", "1.0.0"), checksum(locked, "c", "1.0.0")), (None, None));
    }

    #[test]
    fn only_what_is_in_the_program_is_listed() {
        let kind = |kind: Value| json!([{ "kind": kind }]);
        let metadata = json!({
            "packages": [
                { "id": "n", "name": "nomoscope", "version": "0.1.0" },
                { "id": "u", "name": "used", "version": "1.0.0" },
                { "id": "d", "name": "deep", "version": "1.0.0" },
                { "id": "t", "name": "tests", "version": "1.0.0" },
                { "id": "b", "name": "builds", "version": "1.0.0" },
            ],
            "resolve": { "nodes": [
                { "id": "n", "deps": [{ "pkg": "u", "dep_kinds": kind(Value::Null) }, { "pkg": "t", "dep_kinds": kind(json!("dev")) },
                    { "pkg": "b", "dep_kinds": kind(json!("build")) }] },
                { "id": "u", "deps": [{ "pkg": "d", "dep_kinds": kind(Value::Null) }] },
                { "id": "t", "deps": [{ "pkg": "b", "dep_kinds": kind(Value::Null) }] },
            ] },
        });
        let names: Vec<&str> = used(&metadata).unwrap_or_default().iter().map(|p| text(p, "name")).collect();
        assert_eq!(names, ["deep", "nomoscope", "used"]);
    }
}
