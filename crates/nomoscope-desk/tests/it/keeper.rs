//! A study that stays open sees what others change in its files.

use crate::support::both;
use nomoscope_desk::keeper::Keeper;
use std::fs::File;
use std::time::Duration;

/// Files that look as they did are not hashed again; whatever changes them is seen, even if size and time are put back.
#[test]
fn a_change_is_seen_however_it_looks() {
    let (dir, _) = both(&[("sources/a.txt", "One word.")]);
    let keeper = Keeper::open(&dir.path().join("s")).unwrap();
    let text = || keeper.now().unwrap().opened.material.study.sources[0].document.text.clone();
    let path = dir.path().join("s/sources/a.txt");
    assert_eq!(text(), "One word.");
    // Right after, files are not yet trusted to look otherwise when they change.
    std::fs::write(&path, "Two word.").unwrap();
    assert_eq!(text(), "Two word.");
    std::thread::sleep(Duration::from_millis(2300));
    let revision = keeper.now().unwrap().revision;
    assert_eq!(keeper.now().unwrap().revision, revision, "nothing changed");
    let before = std::fs::metadata(&path).unwrap().modified().unwrap();
    std::fs::write(&path, "Ten word.").unwrap();
    File::options().write(true).open(&path).unwrap().set_modified(before).unwrap();
    if cfg!(unix) {
        assert_eq!(text(), "Ten word.");
    }
    std::fs::write(dir.path().join("s/sources/b.txt"), "More.").unwrap();
    assert_eq!(keeper.now().unwrap().opened.material.study.sources.len(), 2);
    assert_ne!(keeper.now().unwrap().revision, revision);
}
