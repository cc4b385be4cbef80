//! The command line: a file a command.
//!
//! Data goes to stdout, talk to stderr. Exit 0 done, 1 refused or below a threshold, 2 bad input.

mod add;
mod agree;
mod ask;
mod code;
mod codebook;
mod compare;
mod completions;
mod concepts;
mod correct;
mod demo;
mod describe;
mod doctor;
mod encrypt;
mod export;
mod failure;
mod forget;
mod import;
mod kwic;
mod law;
mod log;
mod look;
mod map;
mod merge;
mod network;
mod new;
mod options;
mod output;
mod passphrase;
mod pseudonymise;
mod reach;
mod replay;
mod replication;
mod report;
mod scan;
mod serve;
mod slip;
mod sources;
mod terms;
mod test;
mod trend;
mod version;
mod words;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use std::ffi::OsString;
use std::process::ExitCode;

pub use failure::Failure;
use failure::read;
pub(crate) use nomoscope_desk::load::reason;
pub use version::VERSION;

/// Shows what norms become in use.
///
/// Maps a norm cluster, "If [problem], [value] suggests [behaviour]", from the texts that make, interpret and apply it.
#[allow(rustdoc::broken_intra_doc_links, reason = "clap prints the brackets of the formula as they stand")]
#[derive(Debug, Parser)]
#[command(name = "nomoscope", version = VERSION, max_term_width = 100, arg_required_else_help = false)]
#[command(
    after_help = "Begin with:\n  nomoscope demo                    a finished study with its report\n  nomoscope look FOLDER             a first look at your texts, without a study\n  nomoscope new my-study            a folder for your own texts; then\n  (edit my-study/codebook.toml)     your concepts, and the words that show them\n  nomoscope add my-study FILE…      your texts\n  nomoscope codebook check my-study what the codebook finds in them, and what it misses\n  nomoscope map my-study            the cluster, its type and its certainty\n  nomoscope report my-study --out my-report\n\nExit codes: 0 done, 1 no answer can be given, 2 bad input or usage.\nGlossary, guide and methods: docs/ in the source."
)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// Read the passphrase of an encrypted study from this file descriptor
    // Told where it is needed, in the help of `encrypt`; under every command it would be noise.
    #[arg(long, global = true, hide = true, value_name = "N")]
    passphrase_fd: Option<u32>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Args),
    Look(look::Args),
    New(new::Args),
    Add(add::Args),
    Sources(sources::Args),
    Code(code::Args),
    Codebook(codebook::Args),
    Concepts(concepts::Args),
    Kwic(kwic::Args),
    Terms(terms::Args),
    Map(map::Args),
    Reach(reach::Args),
    Trend(trend::Args),
    Slip(slip::Args),
    Agree(agree::Args),
    Network(Box<network::Args>),
    Compare(compare::Args),
    Report(report::Args),
    Scan(scan::Args),
    Ask(ask::Args),
    Replay(replay::Args),
    Import(import::ImportArgs),
    Merge(merge::Args),
    Serve(serve::Args),
    Export(export::Args),
    Check(import::CheckArgs),
    Test(test::Args),
    Law(law::Args),
    Doctor(doctor::Args),
    Log(log::LogArgs),
    Undo(log::UndoArgs),
    Redo(log::RedoArgs),
    Encrypt(encrypt::EncryptArgs),
    Decrypt(encrypt::DecryptArgs),
    Pseudonymise(pseudonymise::Args),
    Correct(correct::Args),
    Describe(describe::Args),
    Forget(forget::Args),
    Completions(completions::Args),
}

/// Runs the program with these arguments.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let parsed = command().try_get_matches_from(arguments).and_then(|matches| {
        words::heard(&matches);
        Cli::from_arg_matches(&matches)
    });
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    passphrase::prepare(cli.passphrase_fd);
    let result = match cli.command {
        None => {
            output::data(WELCOME);
            Ok(())
        }
        Some(Command::Demo(args)) => demo::run(&args),
        Some(Command::Look(args)) => look::run(&args),
        Some(Command::New(args)) => new::run(&args),
        Some(Command::Add(args)) => add::run(&args),
        Some(Command::Sources(args)) => sources::run(&args),
        Some(Command::Code(args)) => code::run(&args),
        Some(Command::Codebook(args)) => codebook::run(&args),
        Some(Command::Concepts(args)) => concepts::run(&args),
        Some(Command::Kwic(args)) => kwic::run(&args),
        Some(Command::Terms(args)) => terms::run(&args),
        Some(Command::Map(args)) => map::run(&args),
        Some(Command::Reach(args)) => reach::run(&args),
        Some(Command::Trend(args)) => trend::run(&args),
        Some(Command::Slip(args)) => slip::run(&args),
        Some(Command::Agree(args)) => agree::run(&args),
        Some(Command::Network(args)) => network::run(&args),
        Some(Command::Compare(args)) => compare::run(&args),
        Some(Command::Report(args)) => report::run(&args),
        Some(Command::Scan(args)) => scan::run(&args),
        Some(Command::Ask(args)) => ask::run(&args),
        Some(Command::Replay(args)) => replay::run(&args),
        Some(Command::Import(args)) => import::run(&args),
        Some(Command::Merge(args)) => merge::run(&args),
        Some(Command::Serve(args)) => serve::run(&args),
        Some(Command::Export(args)) => export::run(&args),
        Some(Command::Check(args)) => import::check(&args),
        Some(Command::Test(args)) => test::run(&args),
        Some(Command::Law(args)) => law::run(&args),
        Some(Command::Doctor(args)) => doctor::run(&args),
        Some(Command::Log(args)) => log::run_log(&args),
        Some(Command::Undo(args)) => log::run_undo(&args),
        Some(Command::Redo(args)) => log::run_redo(&args),
        Some(Command::Encrypt(args)) => encrypt::encrypt(&args),
        Some(Command::Decrypt(args)) => encrypt::decrypt(&args),
        Some(Command::Pseudonymise(args)) => pseudonymise::run(&args),
        Some(Command::Correct(args)) => correct::run(&args),
        Some(Command::Describe(args)) => describe::run(&args),
        Some(Command::Forget(args)) => forget::run(&args),
        Some(Command::Completions(args)) => completions::run(&args, command()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Bad(message)) => {
            output::talk(&format!("error: {message}"));
            ExitCode::from(2)
        }
        Err(Failure::Refused(message)) => {
            output::talk(&format!("no answer: {message}"));
            ExitCode::from(1)
        }
        Err(Failure::NotAll(message)) => {
            output::talk(&message);
            ExitCode::from(1)
        }
    }
}

/// Returns the command line as clap knows it, for the reference and the completions.
#[must_use]
pub fn command() -> clap::Command {
    Cli::command()
}

const WELCOME: &str = "nomoscope shows what norms become in use: it reads treaties, laws, speeches and interviews,\nfinds \"If [problem], [value] suggests [behaviour]\", and maps the cluster that they form.\nSee a finished study:   nomoscope demo\nLook at your own texts: nomoscope look FOLDER   (a study of them: new, add, codebook check, map, report)\nAll commands:           nomoscope --help        (in a browser: nomoscope serve)\n";
