//! `history.jsonl`: the log of changes, one JSON object a line.

use super::{HISTORY_JSONL, Problem, Problems, utf8};
use nomoscope_core::study::Event;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    id: String,
    #[serde(default)]
    parents: Vec<String>,
    coder: String,
    time: String,
    command: String,
    #[serde(default)]
    forward: Value,
    #[serde(default)]
    inverse: Value,
}

/// Reads `history.jsonl`; blank lines are skipped.
///
/// # Errors
/// Lines that are no event, ids that occur twice, parents that do not stand before.
pub fn parse(bytes: &[u8]) -> Result<Vec<Event>, Problems> {
    let text = utf8(HISTORY_JSONL, bytes)?;
    let mut problems = Problems::new();
    let mut events: Vec<Event> = Vec::new();
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for (number, line) in (1u32..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        match serde_json::from_str::<Line>(line) {
            Ok(line) => {
                check(&line, &mut seen, number, &mut problems);
                events.push(event(line));
            }
            Err(error) => {
                // The library counts lines within this one line.
                let reason = error.to_string();
                let reason = reason.split(" at line ").next().unwrap_or_default();
                problems.push(Problem::new(HISTORY_JSONL, format!("no event: {reason}")).at(number));
            }
        }
    }
    problems.or(events)
}

fn check(line: &Line, seen: &mut BTreeMap<String, u32>, number: u32, problems: &mut Problems) {
    let mut problem = |reason: String| {
        problems.push(Problem::new(HISTORY_JSONL, reason).at(number));
    };
    for parent in line.parents.iter().filter(|p| !seen.contains_key(*p)) {
        problem(format!("the parent `{parent}` does not stand before"));
    }
    if let Some(first) = seen.insert(line.id.clone(), number) {
        problem(format!("event `{}` stands already in line {first}", line.id));
    }
}

fn event(line: Line) -> Event {
    Event {
        id: line.id,
        parents: line.parents,
        coder: line.coder,
        time: line.time,
        command: line.command,
        forward: line.forward.to_string(),
        inverse: line.inverse.to_string(),
    }
}

/// Writes `history.jsonl`; what is no JSON in an event is written as a string.
#[must_use]
pub fn write(events: &[Event]) -> String {
    let value = |json: &str| serde_json::from_str(json).unwrap_or_else(|_| Value::from(json));
    let mut out = String::new();
    for event in events {
        let line = Line {
            id: event.id.clone(),
            parents: event.parents.clone(),
            coder: event.coder.clone(),
            time: event.time.clone(),
            command: event.command.clone(),
            forward: value(&event.forward),
            inverse: value(&event.inverse),
        };
        // Strings and JSON values always serialise.
        out.push_str(&serde_json::to_string(&line).unwrap_or_default());
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_good_and_bad() {
        let text = "{\"id\":\"1\",\"parents\":[],\"coder\":\"ana\",\"time\":\"2026-11-23T10:00:00Z\",\"command\":\"add\",\"forward\":[{\"op\":\"x\"}],\"inverse\":null}\n{\"id\":\"2\",\"parents\":[\"1\"],\"coder\":\"\",\"time\":\"\",\"command\":\"é\\n\",\"forward\":{},\"inverse\":1}\n";
        let events = parse(text.as_bytes()).expect("reads");
        assert_eq!(events[0].forward, "[{\"op\":\"x\"}]");
        assert_eq!(write(&events), text);
        let bad = parse(
            b"{}\n\nx\n{\"id\":\"1\",\"parents\":[\"0\"],\"coder\":\"\",\"time\":\"\",\"command\":\"\",\"x\":1}\n",
        )
        .expect_err("is bad");
        let lines: Vec<Option<u64>> = bad.as_slice().iter().map(|p| p.line()).collect();
        assert_eq!(lines, [Some(1), Some(3), Some(4)]);
        let bad = parse(b"{\"id\":\"1\",\"parents\":[\"0\"],\"coder\":\"\",\"time\":\"\",\"command\":\"\"}\n{\"id\":\"1\",\"coder\":\"\",\"time\":\"\",\"command\":\"\"}\n").expect_err("is bad");
        let reasons: Vec<String> = bad.as_slice().iter().map(|p| p.reason.plain()).collect();
        assert_eq!(reasons, ["the parent `0` does not stand before", "event `1` stands already in line 1"]);
        assert!(parse("[".repeat(100_000).as_bytes()).is_err());
    }
}
