//! Tables of lists: good ones in all their ways of writing, and bad ones with everything that is wrong.

use crate::support::shared;
use nomoscope_core::reach::mse::HistoriesError;
use nomoscope_formats::Input;
use nomoscope_formats::list_table::{ListOptions, ListTable, read};

fn table(text: &str) -> ListTable {
    read(&Input { name: "lists.csv", bytes: text.as_bytes() }, &ListOptions::default()).unwrap()
}

fn with(text: &str, options: &ListOptions) -> Result<ListTable, Vec<String>> {
    read(&Input { name: "lists.csv", bytes: text.as_bytes() }, options).map_err(|problems| {
        let line = |l: Option<u64>| l.map_or(String::new(), |l| format!("{l}: "));
        problems.as_slice().iter().map(|p| format!("{}{}", line(p.line()), p.reason.plain())).collect()
    })
}

fn words(text: &str) -> Vec<String> {
    text.split(',').filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// The same persons, however they are written: 4 on A, 5 on B, 3 on both.
#[track_caller]
fn same(text: &str) {
    let table = table(text);
    assert_eq!(table.histories.names(), ["A", "B"], "{text}");
    assert_eq!(table.histories.counts(), [0, 4, 5, 3], "{text}");
}

#[test]
fn presence_and_counts_in_all_their_ways() {
    same("A,B,n\n1,0,4\n0,1,5\n1,1,3\n");
    same("A,B,Count\r\n1,0,4\r\n0,1,5\r\n1,1,3");
    same("y,A,B\n4,obs,un\n5,un,obs\n3,obs,obs\n");
    same("A;B;FREQ\n\"1\";\"0\";\"4\"\n0;1;5\n1;1;3\n");
    same("\u{feff}A,B,frequency\nTRUE,FALSE,4\nFALSE,TRUE,5\nTRUE,TRUE,3\n");
    same("A\tB\tpersons\nyes\tno\t4\nno\tyes\t5\nyes\tyes\t3\n");
    same(" A , B ,n\n 1 , 0 , 4\n0,1,5\n1,1,3\n\n");
    same("\"\",A,B,n\n\"1\",1,0,4\n\"2\",0,1,5\n\"3\",1,1,3\n");
    same("A,B,n\n1,0,1\n1,0,3\n0,1,5\n1,1,3\n0,0,\n");
    same("A,B,n\n1,0,4.0\n0,1,5e0\n1,1,3\n0,0,NA\n");
    same("A,B,n\nx,,4\n,x,5\nx,x,3\n");
    same("A,B\n1,0\n1,0\n1,0\n1,0\n0,1\n0,1\n0,1\n0,1\n0,1\n1,1\n1,1\n1,1\n");
    same("id,A,B\n7,1,0\n8,1,0\n9,1,0\n10,1,0\n11,0,1\n12,0,1\n13,0,1\n14,0,1\n15,0,1\n16,1,1\n17,1,1\n18,1,1\n");
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain("A,B,n\n1,0,4\n0,1,5\n1,1,3\n".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let wide = read(&Input { name: "l.csv", bytes: &utf16 }, &ListOptions::default()).unwrap();
    assert_eq!(wide.histories.counts(), [0, 4, 5, 3]);
    let grouped = table("A,B,n\n1,0,\"1,299\"\n0,1,\"12 345\"\n1,1,3\n");
    assert_eq!(grouped.histories.counts(), [0, 1299, 12_345, 3]);
}

#[test]
fn guesses_are_said() {
    let unnamed = table("A,B,Personen\n1,0,4\n0,1,5\n1,1,3\n");
    assert_eq!(unnamed.count_column.as_deref(), Some("Personen"));
    assert!(unnamed.notes[0].plain().contains("`Personen`"), "{:?}", unnamed.notes);
    let persons = table("name,A,B\nx,1,0\ny,0,1\nz,1,1\nw,0,0\n");
    assert_eq!(persons.count_column, None);
    assert_eq!(
        persons.notes.iter().map(|note| note.plain()).collect::<Vec<_>>(),
        [
            "`name` is no list; the setting by tells persons apart by it",
            "1 person on no list is not used: how many there are is what is estimated"
        ]
    );
    let hidden = table("A,B,n\n1,0,4\n0,1,5\n1,1,3\n0,0,120\n");
    assert_eq!(hidden.histories.n_observed(), 12);
    assert!(hidden.notes[0].plain().starts_with("120 persons on no list"), "{:?}", hidden.notes);
}

#[test]
fn groups_are_told_apart() {
    let text = "A,B,sex,age,n\n1,0,f,old,4\n0,1,f,old,5\n1,1,f,young,3\n1,0,m,old,2\n0,1,,old,2\n";
    let by = |by: &str| with(text, &ListOptions { by: words(by), ..ListOptions::default() }).unwrap();
    let sex = by("sex");
    assert_eq!(sex.histories.counts(), [0, 6, 7, 3]);
    assert_eq!(sex.strata.keys().cloned().collect::<Vec<_>>(), [vec!["(none)"], vec!["f"], vec!["m"]]);
    assert_eq!(sex.strata[&vec!["f".to_owned()]].as_ref().unwrap().counts(), [0, 4, 5, 3]);
    let empty = HistoriesError::EmptyList { list: "B".to_owned() };
    assert_eq!(sex.strata[&vec!["m".to_owned()]], Err(vec![empty]));
    assert_eq!(by("SEX,age").strata.len(), 4);
    // A covariate written as a list is one unless it is asked for.
    let yes = "A,B,minor,n\n1,0,yes,4\n0,1,yes,5\n1,1,no,3\n";
    assert_eq!(with(yes, &ListOptions::default()).unwrap().histories.n_lists(), 3);
    let by_minor = ListOptions { by: words("minor"), ..ListOptions::default() };
    assert_eq!(with(yes, &by_minor).unwrap().histories.n_lists(), 2);
    let lists = ListOptions { lists: words("B,A"), ..ListOptions::default() };
    assert_eq!(with(yes, &lists).unwrap().histories.names(), ["B", "A"]);
}

#[track_caller]
fn bad(text: &str, want: &[&str]) {
    assert_eq!(with(text, &ListOptions::default()).map(|t| t.histories).unwrap_err(), want, "{text}");
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    bad("", &["1: the file is empty"]);
    bad("A,B,n\n", &["the table has no rows below its header"]);
    bad("1,0,4\n0,1,5\n", &["1: the first line holds numbers, not names of columns"]);
    bad("A,B,n\n1,0,-4\n0,1,2.5\n1,1,many\n1,0,\n0,2,3\n1,,7\n1,0\n", &["8: 2 cells where the header has 3"]);
    bad(
        "A,B,n\n1,0,-4\n0,1,2.5\n1,1,many\n1,0,\n0,2,3\n1,,7\n1,0,1\n0,1,1\n1,0,1\n0,1,1\n0,1,1\n",
        &[
            "2: the count in `n` is negative: -4",
            "3: the count in `n` is not whole: 2.5",
            "4: the count in `n` is no number: `many`",
            "5: the count in `n` is blank",
            "6: `2` in `B` is neither presence nor absence",
            "7: `B` has no value",
        ],
    );
    bad(
        "A,B,C,D,n\n1,1,0,0,3\n1,1,1,0,4\n0,0,1,0,9\n",
        &["nobody is on the list `D`", "the lists `A` and `B` are identical: whoever is on one is on the other"],
    );
    bad("A,n\n1,5\n0,\n", &["there is only 1 list"]);
    bad("sex,n\nf,5\nm,6\n", &["there is no list"]);
    bad("A,B,n\n1,0,0\n0,1,0\n", &["nobody is on any list"]);
    bad("A,A,n\n1,0,4\n", &["1: the column `A` occurs twice"]);
    bad("A,B,n\n1,0,\"4\n", &["2: a quotation mark is opened and never closed"]);
    bad("A,B,u,v\n1,0,4,9\n0,1,5,9\n", &["1: several columns could be the count: `u`, `v`"]);
    let many: Vec<String> = (0..40).map(|i| format!("L{i}")).collect();
    let row = |on: usize| (0..40).map(|i| if i == on { "1" } else { "0" }).collect::<Vec<_>>().join(",");
    let text =
        format!("{},n\n{}\n", many.join(","), (0..40).map(|i| format!("{},5", row(i))).collect::<Vec<_>>().join("\n"));
    bad(&text, &["40 lists, more than 16"]);
    let options = ListOptions { count: Some("m".to_owned()), by: words("sx"), lists: words("A,Q") };
    assert_eq!(
        with("A,B,sex,n\n1,0,f,4\n", &options).unwrap_err(),
        [
            "there is only 1 list",
            "1: the setting by: there is no column `sx`",
            "1: the setting count: there is no column `m`",
            "1: the setting lists: there is no column `Q`",
        ]
    );
}

#[test]
fn who_stands_in_several_rows_is_told() {
    let table = "person,A,B\nanna,1,0\nAnna ,0,1\nbea,1,1\n,1,0\n,0,1\n";
    let read = read(&Input { name: "l.csv", bytes: table.as_bytes() }, &ListOptions::default()).unwrap();
    let notes: Vec<String> = read.notes.iter().map(|note| note.plain()).collect();
    assert_eq!(
        notes,
        [
            "`person` names 2 in 5 rows: whoever stands in several is counted several times; bring their rows together first"
        ]
    );
}

#[test]
fn no_bytes_panic() {
    for bytes in
        [&b"\xff\xfe\x00"[..], b"\0\0\0", b"A,B\n\"", b"\n\n\n", b",\n,\n", b";;\n1;;\n", b"A,B,n\n1,0,1e400\n"]
    {
        let _ = read(&Input { name: "l.csv", bytes }, &ListOptions::default());
    }
}

#[test]
fn real_tables_are_read() {
    let Some(folder) = shared("lists") else { return };
    for (name, lists, persons) in [
        ("SparseMSE__UKdat.csv", 6, 2744),
        ("SparseMSE__UKdat_5.csv", 5, 2744),
        ("SparseMSE__Ned.csv", 6, 8234),
        ("SparseMSE__NewOrl.csv", 8, 185),
        ("SparseMSE__Artificial_3.csv", 3, 96),
        ("Rcapture__HIV.csv", 4, 1896),
        ("Rcapture__hare.csv", 6, 68),
        ("modslavmse__UKdat_4.csv", 4, 2428),
        ("conting__spina.csv", 3, 621),
    ] {
        let bytes = std::fs::read(folder.join(name)).unwrap();
        let table = read(&Input { name, bytes: &bytes }, &ListOptions::default()).unwrap();
        assert_eq!((table.histories.n_lists(), table.histories.n_observed()), (lists, persons), "{name}");
        assert_eq!(table.count_column.is_none(), name == "Rcapture__hare.csv", "{name}");
    }
}
