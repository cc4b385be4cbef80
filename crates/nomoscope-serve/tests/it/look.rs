//! A first look at texts that are no study.

use crate::client::nothing;

#[test]
fn texts_are_looked_at_without_a_study_and_kept_nowhere() {
    let bench = nothing();
    assert!(bench.get("/start").body.contains("href=\"/look\""));
    assert_eq!(bench.get("/look").status, 200);
    let files: [(&str, &str, &[u8]); 4] = [
        ("files", "a.txt", b"The child was trafficked. Trafficking in children is a crime.\n"),
        ("files", "b.txt", b"Children have rights. The crime of trafficking.\n"),
        ("files", "c.exe", b"MZ"),
        ("codebook", "", b"child-trafficking"),
    ];
    let page = bench.upload_to("/look", &files);
    assert!(page.status == 200 && page.body.contains("c.exe"), "{}", page.body);
    let id = page.body.split_once("href=\"/look/").unwrap().1.split_once('"').unwrap().0.to_owned();
    let look = bench.get(&format!("/look/{id}"));
    assert!(look.status == 200 && look.body.contains("A first look at 2 texts"), "{}", look.body);
    assert!(look.header("content-security-policy").unwrap().contains("form-action 'none'"));
    assert!(look.body.contains("Where the concepts stand"));
    assert_eq!(bench.get("/look/none").status, 404);
    let none = bench.upload_to("/look", &[("files", "c.exe", b"MZ")]);
    assert!(none.status == 422 && none.body.contains("c.exe"), "{}", none.body);
    let by = bench.upload_to("/look", &[files[0], ("by", "", b"region")]);
    assert!(by.status == 422 && by.body.contains("region"), "{}", by.body);
    assert_eq!(std::fs::read_dir(bench.dir.path()).unwrap().count(), 0);
}
