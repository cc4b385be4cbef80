//! `concepts`: how often each concept occurs, where, since when.

use super::Failure;
use super::options::{StudyArgs, check_attribute, coded};
use super::output;
use nomoscope_core::table::{Cell, Table};
use nomoscope_desk::study::Problems;
use nomoscope_engine::concepts::answer::ConceptCounts;

/// Count the concepts: how often, in how many units and sources, since when
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  nomoscope concepts my-study\n  nomoscope concepts my-study --by category --json")]
pub(super) struct Args {
    #[command(flatten)]
    study: StudyArgs,
    /// Count by this attribute of the sources
    #[arg(long, value_name = "ATTR")]
    by: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let opened = args.study.open()?;
    if let Some(by) = &args.by {
        let mut problems = Problems::new();
        check_attribute(&opened.loaded.study.sources, by, "--by", &mut problems);
        problems.or(())?;
    }
    let corpus = coded(&opened)?;
    if args.json {
        output::json(&nomoscope_engine::concepts::json::concepts(&corpus, args.by.as_deref()));
        return Ok(());
    }
    let counts = ConceptCounts::new(&corpus, args.by.as_deref());
    let mut columns = vec!["concept", "roles", "codings", "units", "sources", "first"];
    if args.by.is_some() {
        columns.insert(1, "group");
    }
    let mut table = Table::new("concepts", "Concepts", &columns);
    let mut order: Vec<_> = corpus.codebook.indices().collect();
    order.sort_by_key(|c| (std::cmp::Reverse(counts.total.get(c).map_or(0, |n| n[0])), *c));
    for ix in order {
        let concept = corpus.codebook.get(ix);
        let roles: Vec<&str> = concept.roles.iter().map(|r| r.name()).collect();
        let first = counts.first.get(&ix).map_or(Cell::Missing("no dated source"), |f| Cell::text(f.date.to_string()));
        let mut row = |group: Option<&str>, n: [u64; 3]| {
            let mut cells = vec![Cell::text(&concept.id), Cell::text(roles.join(" "))];
            if let Some(group) = group {
                cells.insert(1, Cell::text(group));
            }
            cells.extend(n.map(Cell::Count));
            cells.push(first.clone());
            table.push(cells);
        };
        if args.by.is_none() {
            row(None, counts.total.get(&ix).copied().unwrap_or_default());
        } else {
            for ((_, group), n) in counts.groups.range((ix, String::new())..).take_while(|((c, _), _)| *c == ix) {
                row(Some(group), *n);
            }
        }
    }
    output::table(&table, usize::MAX);
    output::talk(&format!("next: nomoscope map {}", output::typed(&args.study.study)));
    Ok(())
}
