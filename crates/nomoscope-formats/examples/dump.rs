use nomoscope_formats::*;
fn main() {
    for f in std::env::args().skip(1) {
        let b = std::fs::read(&f).unwrap();
        match read(&Input { name: &f, bytes: &b }, &ReadOptions::default()) {
            Err(e) => println!("ERR {e}\n hint {:?}", e.hint()),
            Ok(rs) => {
                for r in rs {
                    let d = &r.document;
                    println!(
                        "=== {f} row={:?} title={:?} lang={:?} dir={:?}\nattrs={:?}\nnotes={:?}",
                        r.row, d.title, d.language, d.direction, d.attributes, r.notes
                    );
                    if std::env::var("MARKS").is_ok() {
                        for m in &d.marks {
                            println!(
                                "{:?} {:?} {:?} {:?}",
                                m.kind,
                                m.label,
                                m.id,
                                m.span.of(&d.text).chars().take(70).collect::<String>()
                            );
                        }
                    }
                    if std::env::var("TEXT").is_ok() {
                        println!("{}", d.text);
                    }
                    println!("len {} marks {}", d.text.len(), d.marks.len());
                }
            }
        }
    }
}
