//! `new`: a study folder or a study file.

use super::Failure;
use super::look::codebook_named;
use super::output;
use clap::builder::{PossibleValue, PossibleValuesParser};
use nomoscope_desk::study::{StudyError, make};
use nomoscope_engine::bundled;
use nomoscope_formats::codebook_toml;
use nomoscope_formats::study::STUDY_TOML;
use nomoscope_store::disk::DiskError;
use nomoscope_store::seal::Secret;
use std::path::{Path, PathBuf};

/// Make a study: a folder of plain files, or a .nomo file
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope new my-study\n  nomoscope new my-study --codebook child-trafficking\n  nomoscope new my-study --template child-trafficking\n  nomoscope new my-study.nomo --from my-study\n  nomoscope new interviews.nomo --encrypt"
)]
pub(super) struct Args {
    /// Name of the folder, or of the file if it ends in .nomo
    name: PathBuf,
    /// Make a study file of this study folder
    #[arg(long, value_name = "FOLDER", conflicts_with = "template")]
    from: Option<PathBuf>,
    /// What to begin from [default: blank]
    #[arg(long, value_name = "NAME", value_parser = templates())]
    template: Option<String>,
    /// Begin with this codebook: child-trafficking, transitional-justice, or a codebook.toml of your own
    #[arg(long, value_name = "NAME|FILE", conflicts_with_all = ["template", "from"])]
    codebook: Option<String>,
    /// Encrypt the study file with a passphrase, which is asked for (see `encrypt`)
    #[arg(long)]
    encrypt: bool,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    parent_exists(&args.name)?;
    let is_file = args.name.extension().is_some_and(|e| e.eq_ignore_ascii_case("nomo"));
    if args.encrypt && !is_file {
        let name = args.name.display();
        let hint = format!("name it {name}.nomo; keep a folder on an encrypted disk");
        return Err(Failure::Bad(format!("{name}: only a study file can be encrypted\n  hint: {hint}")));
    }
    if let Some(from) = &args.from {
        is_study(from, &args.name)?;
    }
    let secret = if args.encrypt { Some(super::passphrase::new(&args.name)?) } else { None };
    match (&args.from, is_file) {
        (Some(from), true) => from_folder(from, &args.name, secret)?,
        (Some(from), false) => {
            return Err(Failure::Bad(format!(
                "{}: --from makes a study file\n  hint: name it {}.nomo, or copy the folder {}",
                args.name.display(),
                args.name.display(),
                from.display()
            )));
        }
        (None, _) if args.codebook.is_some() => with_codebook(args, secret)?,
        (None, _) => from_template(args, is_file, secret)?,
    }
    let name = output::typed(&args.name);
    if args.codebook.is_some() {
        output::talk(&format!("next: nomoscope add {name} FILE… adds texts"));
        output::talk(&format!(
            "then: nomoscope concepts {name} tells which concepts occur, nomoscope map {name} what they form"
        ));
    } else if !is_file {
        output::talk(&format!(
            "next: describe your concepts in {}, and name the one to map as focus in {}",
            args.name.join("codebook.toml").display(),
            args.name.join("study.toml").display()
        ));
        output::talk(&format!("then: nomoscope add {name} FILE… adds texts"));
    } else if args.from.is_some() {
        output::talk(&format!("next: nomoscope map {name}"));
    } else {
        output::talk(&format!("next: nomoscope add {name} FILE… adds texts"));
    }
    Ok(())
}

/// The templates with what each is for, as help prints them.
fn templates() -> PossibleValuesParser {
    PossibleValuesParser::new(bundled::TEMPLATES.iter().map(|t| PossibleValue::new(t.name).help(t.about)))
}

fn made(files: &Path) -> impl FnOnce(DiskError) -> Failure {
    let name = files.display().to_string();
    move |error| match error {
        // `--force` is no flag of this command: a new study replaces nothing.
        DiskError::NotEmpty(_) => {
            Failure::Bad(format!("{name}: is there already, and is not empty\n  hint: choose another name"))
        }
        other => other.into(),
    }
}

/// A study is made in a folder that is there: a slip in its name should not make another.
fn parent_exists(name: &Path) -> Result<(), Failure> {
    let parent = name.parent().filter(|p| !p.as_os_str().is_empty());
    match parent {
        Some(parent) if parent.is_file() => Err(Failure::Bad(format!("{}: is a file, not a folder", parent.display()))),
        Some(parent) if !parent.is_dir() => {
            let hint = "make the folder first, or correct its name";
            Err(Failure::Bad(format!("{}: there is no such folder\n  hint: {hint}", parent.display())))
        }
        _ => Ok(()),
    }
}

/// Texts alone are no study: whoever names them wants to make one of them.
fn is_study(folder: &Path, name: &Path) -> Result<(), Failure> {
    if folder.join(STUDY_TOML).is_file() {
        return Ok(());
    }
    let shown = output::typed(folder);
    if !folder.exists() {
        return Err(Failure::Bad(format!("{shown}: no such file or folder")));
    }
    let name = output::typed(name);
    let hint = format!("nomoscope new {name} makes a study, then nomoscope add {name} {shown} adds the texts");
    Err(Failure::Bad(format!("--from {shown}: holds no study.toml, so it is no study\n  hint: {hint}")))
}

/// Makes an empty study with a codebook that was named; one that is broken is refused before anything is written.
fn with_codebook(args: &Args, secret: Option<Secret>) -> Result<(), Failure> {
    let given = args.codebook.as_deref().unwrap_or_default();
    let bytes = codebook_named(given)
        .map_err(|hint| Failure::Bad(format!("--codebook {given}: there is no such codebook\n  hint: {hint}")))??;
    codebook_toml::parse(&bytes).map_err(|p| p.in_file(given))?;
    let notes =
        make::from_files(&bundled::blank_with(bytes, given), &args.name, secret).map_err(refused(&args.name))?;
    super::words::notes(&notes);
    output::data(&format!("made {} with the codebook {given}", args.name.display()));
    Ok(())
}

/// Returns how a study that could not be made is told of.
fn refused(name: &Path) -> impl FnOnce(StudyError) -> Failure {
    let made = made(name);
    move |error| match error {
        StudyError::Disk(error) => made(error),
        other => other.into(),
    }
}

fn from_template(args: &Args, is_file: bool, secret: Option<Secret>) -> Result<(), Failure> {
    let template = args.template.as_deref().unwrap_or("blank");
    let notes = make::from_template_sealed(template, &args.name, secret).map_err(refused(&args.name))?;
    super::words::notes(&notes);
    let name = args.name.display();
    output::data(&if is_file { format!("made {name}") } else { format!("made {name} from the template {template}") });
    Ok(())
}

fn from_folder(folder: &Path, file: &Path, secret: Option<Secret>) -> Result<(), Failure> {
    super::words::notes(&make::from_folder(folder, file, secret)?);
    output::data(&format!("made {}", file.display()));
    Ok(())
}
