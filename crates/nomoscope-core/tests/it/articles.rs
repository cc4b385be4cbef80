//! How laws of many countries number their articles: what opens one, what only refers to one, and what stands around.

use icu_normalizer::DecomposingNormalizerBorrowed;
use nomoscope_core::text::segment::{TextKind, segment};
use nomoscope_core::text::{Document, Level};

fn labels(text: &str, level: Level) -> Vec<String> {
    let document = Document { text: text.to_string(), ..Document::default() };
    let units = segment(&document, None).units;
    units.iter().filter(|unit| unit.level == level).map(|unit| unit.label.to_string()).collect()
}

/// The labels of all sections.
#[track_caller]
fn sections(text: &str, want: &[&str]) {
    assert_eq!(labels(text, Level::Section), want, "{text}");
}

#[track_caller]
fn paragraphs(text: &str, want: &[&str]) {
    assert_eq!(labels(text, Level::Paragraph), want, "{text}");
}

#[track_caller]
fn plain(text: &str) {
    let document = Document { text: text.to_string(), ..Document::default() };
    assert_eq!(segment(&document, None).kind, TextKind::Plain, "{text}");
}

#[test]
fn the_number_of_an_act_is_no_section() {
    for act in ["2015 CHAPTER 30", "2003 asp 7", "2015 c. 2", "1976 No. 3", "1998 CHAPTER 42 (repealed)"] {
        sections(
            &format!("Lamps Act 2015\n{act}\n\nAn Act to light lamps.\n\n1 Oil\n(1) A keeper.\n\n2 Fog\n(1) A ship.\n"),
            &["Title", "s. 1", "s. 2"],
        );
    }
    // One number too high takes away none of those that follow.
    sections("An Act to light lamps.\n\n1990 Lamps\n\n1 Oil\n(1) A.\n\n2 Fog\n(1) B.\n", &["Title", "s. 1", "s. 2"]);
}

#[test]
fn words_that_end_like_a_division_are_none() {
    for words in ["In this Chapter: “keeper” means a person.", "Le présent titre : huile.", "In diesem Teil: Öl."]
    {
        sections(
            &format!("Article 1\nLamps.\n\nArticle 2\n{words}\n\nArticle 3\nFog.\n"),
            &["Art. 1", "Art. 2", "Art. 3"],
        );
    }
    sections(
        "SEC. 1. Lamps.\nOil.\n\nSEC. 2. Terms.\nIn this division: oil.\n\nSEC. 3. Fog.\nIt falls.\n",
        &["Sec. 1", "Sec. 2", "Sec. 3"],
    );
}

#[test]
fn ordinals_before_a_division() {
    for (head, label) in [
        ("Erster Abschnitt - Licht", "Erster Abschnitt"),
        ("Zweiundzwanzigster Abschnitt - Nebel", "Zweiundzwanzigster Abschnitt"),
        ("Allgemeiner Teil", "Allgemeiner Teil"),
        ("I. FEJEZET", "I. FEJEZET"),
        ("BİRİNCİ KISIM", "BİRİNCİ KISIM"),
        ("Première partie", "Première partie"),
        ("ОБЩАЯ ЧАСТЬ", "ОБЩАЯ ЧАСТЬ"),
    ] {
        let text = format!("Artikel 1\nLicht.\n\n{head}\n\nArtikel 2\nNebel.\n");
        sections(&text, &["Art. 1", label, "Art. 2"]);
    }
}

#[test]
fn letters_of_any_script_after_a_number() {
    for (one, two, want) in [
        ("Чл. 159а. (1) Лампа свети.", "Чл. 159б. Масло гори.", ["Art. 159а", "Art. 159б"]),
        ("Άρθρο 323\nΛάδι.", "Άρθρο 323Α\nΛάμπα.", ["Art. 323", "Art. 323Α"]),
        ("סעיף 377\nמנורה.", "סעיף 377א. שמן.", ["Art. 377", "Art. 377א"]),
        ("धारा 370\nदीपक।", "धारा 370क. तेल।", ["Art. 370", "Art. 370क"]),
        ("Член 418\nЛамба.", "Член 418-а\nМасло.", ["Art. 418", "Art. 418-а"]),
        ("Section 376\nA lamp.", "Section 376AB\nOil.", ["Sec. 376", "Sec. 376AB"]),
    ] {
        sections(&format!("{one}\n\n{two}\n"), &want);
    }
}

#[test]
fn what_is_added_to_a_number() {
    for (one, two, want) in [
        ("MADDE 80- Lamba yanar.", "MADDE 80/A- Yağ biter.", ["Art. 80", "Art. 80/A"]),
        ("194. § Lámpa ég.", "194/A. § Olaj fogy.", ["§ 194", "§ 194/A"]),
        ("มาตรา ๖ ตะเกียง", "มาตรา ๖/๑ น้ำมัน", ["Art. ๖", "Art. ๖/๑"]),
        ("มาตรา ๗ ทวิ หมอก", "มาตรา ๗ ตรี น้ำมัน", ["Art. ๗ ทวิ", "Art. ๗ ตรี"]),
        ("Art. 149. Acender.", "Art. 149-A. Vender.", ["Art. 149", "Art. 149-A"]),
        ("Artigo 160.º\nLâmpada.", "Artigo 160.º-A\nÓleo.", ["Art. 160", "Art. 160-A"]),
        ("المادة (٣٦)\nالمصباح.", "المادة (٣٦) مكرر\nالزيت.", ["Art. ٣٦", "Art. ٣٦ مكرر"]),
        ("مادة ٣٧\nالمصباح.", "مادة ٣٧ مكررا: النور.", ["Art. ٣٧", "Art. ٣٧ مكررا"]),
        ("ماده ۳\nچراغ.", "ماده ۳ مکرر\nروغن.", ["Art. ۳", "Art. ۳ مکرر"]),
        ("Article Ier\nLa lampe.", "Article II\nL'huile.", ["Art. I", "Art. II"]),
        ("Art. 600 octies. La lampada.", "Art. 600 octies.1. L'olio.", ["Art. 600 octies", "Art. 600 octies.1"]),
        ("Art. 303 bis. — La lampe.", "Art. 303 bis 4. — L'huile.", ["Art. 303 bis", "Art. 303 bis 4"]),
        ("2 § Lampan lyser.", "2 a § Dimman faller.", ["§ 2", "§ 2 a"]),
        ("Artt. 3-4\nLampada.", "Art. 5\nOlio.", ["Artt. 3-4", "Art. 5"]),
        ("Art. 12, comma 3\nLampada.", "Art. 13, comma 1\nOlio.", ["Art. 12, comma 3", "Art. 13, comma 1"]),
    ] {
        sections(&format!("{one}\n\n{two}\n"), &want);
    }
}

#[test]
fn a_german_row_of_sections_is_no_inserted_one() {
    sections("§ 233\nLicht.\n\n§§ 234 bis 236 (weggefallen)\n\n§ 237\nÖl.\n", &["§ 233", "§§ 234 bis 236", "§ 237"]);
    // Dates and numbers of laws are no parts of a number.
    plain("Article 5/2010 was read.\n\nArticle 6/2011 was not.\n");
    plain("Zitiert:\n\n§§ 3 und 4 LampenG\n\n§§ 5 bis 7 ÖlG\n");
    plain("He read\n\n§ 5 bis 7 gelten.\n\n§ 8 bis 9 gelten.\n");
}

#[test]
fn signs_that_number_paragraphs() {
    paragraphs(
        "Art. 189a. § 1. Kto gasi lampę, płaci.\n§ 2. Kto śpi, nie płaci.\n\nArt. 190. § 1. Kto pali.\n§ 2. Kto tli.\n",
        &["Art. 189a heading", "Art. 189a(1)", "Art. 189a(2)", "Art. 190 heading", "Art. 190(1)", "Art. 190(2)"],
    );
    paragraphs(
        "Art. 149. Acender a lâmpada.\n§ 1º Quem apaga paga.\n§ 2º Quem vende paga.\n\nArt. 149-A. Vender.\n§ 1º Quem vê cala.\n",
        &[
            "Art. 149 heading",
            "Art. 149 ¶1",
            "Art. 149(1)",
            "Art. 149(2)",
            "Art. 149-A heading",
            "Art. 149-A ¶1",
            "Art. 149-A(1)",
        ],
    );
    // In a law of several articles, § are sections.
    sections(
        "Artikel 1 Lampengesetz\n\n§ 1 Licht\n(1) Es brennt.\n\n§ 2 Öl\n(1) Es fehlt.\n\nArtikel 2 Inkrafttreten\n\nEs gilt.\n",
        &["Art. 1", "§ 1", "§ 2", "Art. 2"],
    );
    sections(
        "Artikel 1\n\n§ 1. (1) Licht brennt.\n\n§ 2. (1) Öl fehlt.\n\nArtikel 2\n\n§ 1. (1) Nebel.\n",
        &["Art. 1", "§ 1", "§ 2", "Art. 2", "§ 1 [2]"],
    );
}

#[test]
fn extracts_in_scripts_without_capitals() {
    for (text, want) in [
        (
            "第二百四十条 拐走灯的，罚油。\n第二百四十四条 以雾遮灯的，罚灯。\n第三百五十八条 组织熄灯的，罚油。\n",
            vec!["第二百四十条", "第二百四十四条", "第三百五十八条"],
        ),
        ("มาตรา ๒๘๒ ผู้ใดดับตะเกียง\n\nมาตรา ๓๑๒ ผู้ใดขายน้ำมัน\n", vec!["Art. ๒๘๒", "Art. ๓๑๒"]),
        (
            "المادة 4- المصباح.\n\nالمادة 9 يعاقب الحارس.\n\nالمادة 12 يعاقب البحار.\n",
            vec!["Art. 4", "Art. 9", "Art. 12"],
        ),
        ("ມາດຕາ 4 ໂຄມໄຟ\n\nມາດຕາ 9 ນ້ຳມັນ\n", vec!["Art. 4", "Art. 9"]),
        ("제287조(등불) ① 등불을 끈다.\n\n제289조(기름 매매) ① 기름을 산다.\n", vec!["제287조", "제289조"]),
    ] {
        sections(text, &want);
    }
}

#[test]
fn references_in_scripts_without_capitals() {
    for (text, want) in [
        (
            "第一条 灯亮。\n\n第二条 雾起。\n\n第五条 规定的灯，应点亮。\n\n第三条 油尽。\n",
            vec!["第一条", "第二条", "第三条"],
        ),
        (
            "ماده ۱ چراغ.\n\nماده ۲ روغن.\n\nماده ۵ این قانون اجرا شد.\n\nماده ۳ نور.\n",
            vec!["Art. ۱", "Art. ۲", "Art. ۳"],
        ),
        (
            "제1조(등불) 등불이 있다.\n\n제2조(기름) 기름이 있다.\n\n제5조(등불)에 따른 등불은 밝다.\n\n제3조(안개) 안개가 낀다.\n",
            vec!["제1조", "제2조", "제3조"],
        ),
        (
            "المادة 1 المصباح.\n\nالمادة 2 الزيت.\n\nالمادة 9 من هذا القانون تسري.\n\nالمادة 12 النور.\n",
            vec!["Art. 1", "Art. 2", "Art. 12"],
        ),
    ] {
        sections(text, &want);
    }
    plain("The keeper read.\n\nArticle 5 of the Convention says so.\n\nArticle 6 of the Convention says more.\n");
}

#[test]
fn numbers_in_words() {
    for (one, two, want) in [
        (
            "المادة الثلاثون\nالزيت.",
            "المادة الخامسة والثلاثون: تعاريف\nالنور.",
            ["Art. الثلاثون", "Art. الخامسة والثلاثون"],
        ),
        ("المادة الأربعون\nالضباب.", "المادة المائة\nالبحر.", ["Art. الأربعون", "Art. المائة"]),
        ("اصل چهل و دوم\nچراغ.", "اصل چهل و سوم\nروغن.", ["Art. چهل و دوم", "Art. چهل و سوم"]),
        ("ماده واحده\nچراغ.", "ماده ۲ـ روغن.", ["Art. واحده", "Art. ۲"]),
        ("Άρθρο εικοστό\nΛάδι.", "Άρθρο εικοστό δεύτερο\nΛάμπα.", ["Art. εικοστό", "Art. εικοστό δεύτερο"]),
        ("ΑΡΘΡΟΝ 5. Λάδι.", "ΑΡΘΡΟΝ 6. Λάμπα.", ["Art. 5", "Art. 6"]),
        ("Artículo vigésimo. Luz.", "Artículo vigésimo primero. Sal.", ["Art. vigésimo", "Art. vigésimo primero"]),
    ] {
        sections(&format!("{one}\n\n{two}\n"), &want);
    }
}

#[test]
fn articles_beside_the_ordinary_ones() {
    sections(
        "MADDE 20- Lamba.\n\nEK MADDE 1- Yağ.\n\nGEÇİCİ MADDE 1- Sis.\n\nMükerrer Madde 20- Su.\n",
        &["Art. 20", "Ek madde 1", "Geçici madde 1", "Mükerrer madde 20"],
    );
    sections(
        "Artículo 1. Luz.\n\nArtículo 2. Sal.\n\nDisposición adicional primera. Niebla.\n\nDisposición final única. Fin.\n",
        &["Art. 1", "Art. 2", "Disposición adicional primera", "Disposición final única"],
    );
}

#[test]
fn burmese_and_georgian() {
    sections("ပုဒ်မ ၃။ မီးအိမ်။\n\nပုဒ်မ ၄။ ဆီ။\n", &["Art. ၃", "Art. ၄"]);
    sections("ပုဒ်မ-၃ မီးအိမ်\n\nပုဒ်မ-၄ ဆီ\n", &["Art. ၃", "Art. ၄"]);
    sections("မီးအိမ်ဥပဒေ\n\n၁။ မီးအိမ် ရှိသည်။\n\n၂။ ဆီ ကုန်သည်။\n", &["Title", "s. ၁", "s. ၂"]);
    sections("მუხლი 1. ლამპა\nანთია.\n\nმუხლი 2. ზეთი\nილევა.\n", &["Art. 1", "Art. 2"]);
}

#[test]
fn accents_beside_their_letters() {
    let decompose = |text: &str| DecomposingNormalizerBorrowed::new_nfd().normalize(text).into_owned();
    for (text, want) in [
        ("Điều 1. Đèn sáng.\n\nChương II\n\nĐiều 2. Dầu cạn.\n", ["Art. 1", "Chương II", "Art. 2"]),
        (
            "제1조(등불) 등불이 있다.\n\n제1조의2(안개) 안개가 낀다.\n\n제2조(기름) 기름이 있다.\n",
            ["제1조", "제1조의2", "제2조"],
        ),
        ("Artículo 1 quáter\nLuz.\n\nTÍTULO II\n\nArtículo 2\nSal.\n", ["Art. 1 quáter", "Título II", "Art. 2"]),
    ] {
        sections(text, &want);
        sections(&decompose(text), &want);
    }
}

#[test]
fn tables_of_contents_are_sections_of_their_own() {
    let articles = "Article 1 Purpose\n\nThe purpose.\n\nArticle 2 Terms\n\nWords.\n\nArticle 3 Scope\n\nLamps.\n";
    let want = ["Contents", "Preamble", "Art. 1", "Art. 2", "Art. 3"];
    sections(
        &format!(
            "CONTENTS\n\nArticle 1 Purpose\nArticle 2 Terms\nArticle 3 Scope\n\nPREAMBLE\n\nThe Parties,\n\n{articles}"
        ),
        &want,
    );
    // Without a heading, with pages and annexes.
    sections(
        &format!(
            "Article 1 - Purpose\t1\nArticle 2 - Terms\t3\nArticle 3 - Scope\t5\nAnnex\t9\n\nPREAMBLE\n\nThe Parties,\n\n{articles}"
        ),
        &want,
    );
    sections(
        &format!(
            "Table of contents\n\nArticle 1 - Purpose ..... 1\nArticle 2 - Terms ..... 3\nArticle 3 - Scope ..... 5\n\nTREATY\n\n{articles}"
        ),
        &["Contents", "Title", "Art. 1", "Art. 2", "Art. 3"],
    );
    sections(
        "目录\n第一章 总则\n第二章 预防\n\n第一章 总则\n\n第一条 灯亮。\n\n第二章 预防\n\n第二条 雾起。\n",
        &["Contents", "第一章", "第一条", "第二章", "第二条"],
    );
    // A table of instruments is none of their articles.
    let found = labels(
        "Contents\n\nConvention on lamps\nProtocol on oil\n\nCONVENTION ON LAMPS\n\nArticle 1\nOil.\n\nArticle 2\nFog.\n\nPROTOCOL ON OIL\n\nArticle 1\nOil.\n",
        Level::Section,
    );
    assert!(found.contains(&"Art. 1".to_string()) && !found.contains(&"Contents".to_string()), "{found:?}");
    // The same chapters come again in every part: no table.
    sections(
        "Part I\nChapter I\n\nArticle 1\nOil.\n\nChapter II\n\nArticle 2\nFog.\n\nPart II\nChapter I\n\nArticle 3\nLamps.\n",
        &[
            "Part I",
            "Part I, Chapter I",
            "Art. 1",
            "Part I, Chapter II",
            "Art. 2",
            "Part II",
            "Part II, Chapter I",
            "Art. 3",
        ],
    );
}

#[test]
fn acts_of_the_common_law_without_an_english_formula() {
    sections(
        "PREVENTION OF FOG ACT 7 OF 2013\n\nTerms\n1. In this Act, a lamp shines.\n\nTrade in oil\n4. (1) Any person pays.\n(2) None goes.\n",
        &["Title", "s. 1", "s. 4"],
    );
    sections(
        "FOG ACT\n\nARRANGEMENT OF SECTIONS\n\n1. Aims.\n2. Lamps.\n\nENACTED by the Rock:\n\n1. The aims are lamps.\n\n2. There is a lamp.\n",
        &["Title", "Contents", "Text", "s. 1", "s. 2"],
    );
    sections(
        "AKTA LAMPU 2007\n\n1. (1) Akta ini ialah Akta Lampu.\n(2) Ia terpakai.\n\n2. Lampu ialah lampu.\n",
        &["Title", "s. 1", "s. 2"],
    );
    sections(
        "279.01 (1) Every keeper sells oil.\n(2) None may.\n\n279.011 (1) Every keeper sells lamps.\n",
        &["s. 279.01", "s. 279.011"],
    );
    sections(
        "18 U.S.C. § 1581. Fog\n(a) Whoever makes fog pays.\n\n18 U.S.C. § 1589. Lamps\n(a) Whoever puts them out pays.\n",
        &["§ 1581", "§ 1589"],
    );
    // Numbered paragraphs of any other text are no sections.
    plain("REPORT\n\n1. A keeper was fined under Act 7 of 2013.\n\n2. He paid.\n\n3. Fog falls.\n");
    plain("1. Lamps burn.\n\n2. Oil ends.\n\n3. Fog falls.\n");
}

#[test]
fn captions_above_articles() {
    paragraphs(
        "（目的）\n第一条　灯台は海を照らす。\n\n（定義）\n第二条　灯とは、灯台をいう。\n２　油とは、次のものをいう。\n一　魚の油\n二　木の油\n",
        &["第一条 heading", "第一条 ¶1", "第二条 heading", "第二条 ¶1", "第二条(2)"],
    );
    let items = labels("第一条　国家：\n（一）点灯；\n（二）守灯。\n\n第二条　油尽。\n", Level::Item);
    assert_eq!(items, ["第一条 heading", "第一条 chapeau", "第一条(一)", "第一条(二)", "第二条 heading", "第二条 ¶1"]);
    let items = labels("第一条　次の灯をいう。\n一　油の灯\n二　木の灯\n\n第二条　霧。\n", Level::Item);
    assert_eq!(items, ["第一条 heading", "第一条 chapeau", "第一条(一)", "第一条(二)", "第二条 heading", "第二条 ¶1"]);
}

#[test]
fn numbers_on_lines_of_their_own_and_notes_below_signatures() {
    paragraphs(
        "DIRECTIVE\n\nTHE KEEPERS,\n\nWhereas:\n\n(1)\n\nOil is dear.\n\n(2)\n\nFog is thick.\n\nHAVE ADOPTED THIS DIRECTIVE:\n\nArticle 1\n\nLamps burn.\n\nArticle 2\n\nKeepers wake.\n\nDone at Rockport, 5 April 2011.\n\nFor the Keepers\n\nJ. LUX\n\n(1) OJ C 51, p. 50.\n\n(2)\n\nPosition of the Keepers.\n",
        &[
            "Title heading",
            "Preamble ¶1",
            "Preamble ¶2",
            "Preamble(1)",
            "Preamble(2)",
            "Preamble enacting words",
            "Art. 1 heading",
            "Art. 1 ¶1",
            "Art. 2 heading",
            "Art. 2 ¶1",
            "Closing ¶1",
            "Closing ¶2",
            "Closing ¶3",
            "Closing(note 1)",
            "Closing(note 2)",
        ],
    );
}

#[test]
fn an_article_may_begin_with_another() {
    sections(
        "第二章 灯\n第三条 第二条所称灯，是指油灯。\n第四条 本法第三条规定的灯，应点亮。\n第五条 第三条规定的油，由守塔人添。\n",
        &["第二章", "第三条", "第四条", "第五条"],
    );
    sections("제3조 제2조에 따른 등불은 밝다.\n\n제4조 제3조의 기름은 맑다.\n", &["제3조", "제4조"]);
    // The paragraph of an article is none of its words.
    sections(
        "第一条 灯亮。\n\n第二条 雾起。\n\n第一条 第二款的灯应点亮。\n\n第三条 油尽。\n",
        &["第一条", "第二条", "第三条"],
    );
}

#[test]
fn a_number_that_has_a_line_for_itself_is_cited_where_words_follow_it() {
    for (word, cited) in [
        ("Статья", "Статья 4 Конвенции применяется к лампам."),
        ("Стаття", "Стаття 4 Конвенції застосовується до ламп."),
        ("Члан", "Члан 4. Конвенције примењује се на лампе."),
        ("Artykuł", "Artykuł 4 Konwencji stosuje się do lamp."),
        ("Článek", "Článek 4 Úmluvy se použije na lampy."),
        ("Pasal", "Pasal 4 Konvensi berlaku untuk lampu."),
        ("ข้อ", "ข้อ 4 ของอนุสัญญาให้ใช้บังคับกับตะเกียง"),
        // Without its end, as a broken line has it.
        ("Статья", "Статья 4 Конвенции применяется к"),
    ] {
        let article = |number: u32| format!("{word} {number}\n1. 5 0.\n\n");
        let after = [3, 4, 5].map(article).concat();
        sections(&format!("{}{cited}\n\n{after}", article(2)), &["Art. 2", "Art. 3", "Art. 4", "Art. 5"]);
        sections(
            &format!("{}{cited}\n\n{}", [2, 3].map(article).concat(), [4, 5].map(article).concat()),
            &["Art. 2", "Art. 3", "Art. 4", "Art. 5"],
        );
        sections(
            &format!("{}{cited}\n\n{}", [2, 3, 4].map(article).concat(), article(5)),
            &["Art. 2", "Art. 3", "Art. 4", "Art. 5"],
        );
    }
    // Another instrument in the file may have its words beside its numbers.
    sections(
        "Статья 1 Лампа горит.\n\nСтатья 2 Масло.\n\nСтатья 1\nТуман.\n\nСтатья 2\nМоре.\n",
        &["Art. 1", "Art. 2", "Art. 1 [2]", "Art. 2 [2]"],
    );
}

#[test]
fn preambles_in_scripts_without_capitals() {
    for (text, want) in [
        (
            "点灯公约\n\n本公约缔约国，\n\n考虑到灯光照亮大海，应当点灯，\n\n兹协议如下：\n\n第一条\n缔约国应点灯。\n\n第二条\n本公约须经批准。\n",
            &["Title heading", "Preamble chapeau", "Preamble(1)", "Preamble enacting words"][..],
        ),
        (
            "點燈公約\n\n序言\n\n本公約締約國，\n\n銘記燈光照亮大海，\n\n茲協議如下：\n\n第一條\n締約國應點燈。\n\n第二條\n油。\n",
            &["Title heading", "Preamble heading", "Preamble chapeau", "Preamble(1)", "Preamble enacting words"],
        ),
        (
            "灯火に関する条約\n\n前文\n\nこの条約の締約国は、\n\n灯火が海を照らすことを考慮し、\n\n次のとおり協定した。\n\n第一条\n灯火を点ずる。\n\n第二条\n油。\n",
            &["Title heading", "Preamble heading", "Preamble ¶1", "Preamble ¶2", "Preamble enacting words"],
        ),
        (
            "اتفاقية المصباح\n\nالديباجة\n\nإن الدول الأطراف في هذه الاتفاقية،\n\nإذ ترى أن المصباح ينير البحر،\n\nقد اتفقت على ما يلي:\n\nالمادة 1\nالمصباح.\n\nالمادة 2\nالزيت.\n",
            &["Title heading", "Preamble heading", "Preamble chapeau", "Preamble(1)", "Preamble enacting words"],
        ),
        (
            "کنوانسیون چراغ\n\nدولت‌های عضو کنوانسیون حاضر،\n\nبا توجه به این که چراغ دریا را روشن می‌کند،\n\nدر موارد زیر توافق کردند:\n\nماده ۱\nچراغ.\n\nماده ۲\nروغن.\n",
            &["Title heading", "Preamble chapeau", "Preamble(1)", "Preamble enacting words"],
        ),
        (
            "อนุสัญญาว่าด้วยตะเกียง\n\nรัฐภาคีแห่งอนุสัญญานี้\n\nพิจารณาว่า ตะเกียงส่องทะเล\n\nได้ตกลงกันดังต่อไปนี้\n\nข้อ 1\nตะเกียง\n\nข้อ 2\nน้ำมัน\n",
            &["Title heading", "Preamble chapeau", "Preamble(1)", "Preamble enacting words"],
        ),
        (
            "อนุสัญญาว่าด้วยตะเกียง\n\nอารัมภบท\n\nตะเกียงส่องทะเล\n\nได้ตกลงกันดังต่อไปนี้\n\nข้อ 1\nตะเกียง\n\nข้อ 2\nน้ำมัน\n",
            &["Title heading", "Preamble heading", "Preamble ¶1", "Preamble enacting words"],
        ),
        (
            "灯火条約\n\n次のとおり協定した。\n\n第一部\n\n第一条\n灯火。\n\n第二部 油\n\n第二条\n油。\n",
            &[
                "Title heading",
                "Preamble enacting words",
                "第一部 heading",
                "第一条 heading",
                "第一条 ¶1",
                "第二部 heading",
            ],
        ),
        (
            "PARLAMENT LATARNI,\n\nuwzględniając Traktat,\n\nPRZYJMUJĄ NINIEJSZĄ DYREKTYWĘ:\n\nArtykuł 1\nLampa.\n\nArtykuł 2\nOlej.\n",
            &["Preamble chapeau", "Preamble(1)", "Preamble enacting words"],
        ),
        (
            "ΤΟ ΚΟΙΝΟΒΟΥΛΙΟ,\n\nΈχοντας υπόψη τη συνθήκη,\n\nΕΞΕΔΩΣΑΝ ΤΗΝ ΠΑΡΟΥΣΑ ΟΔΗΓΙΑ:\n\nΆρθρο 1\nΛάμπα.\n\nΆρθρο 2\nΛάδι.\n",
            &["Preamble chapeau", "Preamble(1)", "Preamble enacting words"],
        ),
    ] {
        let found = labels(text, Level::Paragraph);
        assert_eq!(found[..want.len()], *want, "{text}");
    }
}

#[test]
fn letters_in_brackets_after_an_arabic_word_for_bis() {
    sections(
        "مادة 290: المصباح.\n\nمادة 291 مكررا (أ): الزيت.\n\nمادة 291 مكررا (ب): النور.\n\nمادة 292: البحر.\n",
        &["Art. 290", "Art. 291 مكررا (أ)", "Art. 291 مكررا (ب)", "Art. 292"],
    );
    sections(
        "مادة 3 - المصباح.\n\nمادة 3 مكررا (1) - الزيت.\n\nمادة 3 مكررا (2) - النور.\n",
        &["Art. 3", "Art. 3 مكررا (1)", "Art. 3 مكررا (2)"],
    );
    // In Latin letters, brackets cite a paragraph.
    sections("Article 5\nOil.\n\nArticle 5 bis (1) Lamps.\n\nArticle 6\nFog.\n", &["Art. 5", "Art. 5 bis", "Art. 6"]);
}

#[test]
fn divisions_with_a_name_alone() {
    sections(
        "Чл. 1. (1) Лампа.\n(2) Масло.\n\nЧл. 2. (Изм. - ДВ, бр. 74 от 2009 г.) (1) Мъгла.\n(2) Море.\n\n\
         Допълнителни разпоредби\n\n§ 1. Лампа е:\n1. светлина.\n\nПреходни и заключителни разпоредби\n\n§ 2. Масло.\n\n§ 3. Край.\n",
        &["Art. 1", "Art. 2", "Допълнителни разпоредби", "§ 1", "Преходни и заключителни разпоредби", "§ 2", "§ 3"],
    );
    // Without a heading, too: the article above has paragraphs of another kind.
    sections(
        "Чл. 1. Лампа.\n\nЧл. 2.\n(1) Мъгла.\n(2) Море.\n\n§ 1. Лампа е светлина.\n\n§ 2. Край.\n",
        &["Art. 1", "Art. 2", "§ 1", "§ 2"],
    );
    paragraphs(
        "Чл. 1. (1) Лампа.\n(2) Масло.\n\nЧл. 2. (Изм. - ДВ, бр. 74 от 2009 г.) (1) Мъгла.\n(2) Море.\n",
        &["Art. 1 heading", "Art. 1(1)", "Art. 1(2)", "Art. 2 heading", "Art. 2(1)", "Art. 2(2)"],
    );
}

#[test]
fn acts_whose_sections_have_bare_numbers_in_hebrew_and_hindi() {
    sections(
        "חוק המנורות, התשנ\"ח-1998\n\n1. מטרתו של חוק זה להאיר.\n\n2. בחוק זה –\n(א) \"מנורה\" – אור;\n\n3. (א) שמן.\n\n3א. ערפל.\n\n4. ים.\n",
        &["Title", "s. 1", "s. 2", "s. 3", "s. 3א", "s. 4"],
    );
    sections(
        "दीपक अधिनियम, 1956\n\n1. संक्षिप्त नाम—(1) यह दीपक है।\n(2) तेल है।\n\n2. परिभाषाएँ—दीपक में।\n\n2क. जम्मू—दीपक में।\n\n3. दण्ड—(1) कोई।\n",
        &["Title", "s. 1", "s. 2", "s. 2क", "s. 3"],
    );
    sections("दीपक अधिनियम, १९५६\n\n१. संक्षिप्त नाम—(१) यह दीपक है।\n\n२. परिभाषाएँ—दीपक में।\n", &["Title", "s. १", "s. २"]);
    plain("दीपक की सूची।\n\n1. दीपक जलता है।\n\n2. तेल समाप्त है।\n");
}

#[test]
fn khmer_articles_before_their_colon() {
    sections(
        "មាត្រា ១៖ ចង្កៀង\nចង្កៀងភ្លឺ។\n\nមាត្រា ២៖ ប្រេង\nប្រេងអស់។\n\nមាត្រា ២ស្ទួន៖ អ័ព្ទ\nអ័ព្ទមក។\n\nមាត្រា ២ ថ្មី._ សមុទ្រ\nសមុទ្រ។\n",
        &["Art. ១", "Art. ២", "Art. ២ស្ទួន", "Art. ២ ថ្មី"],
    );
}

#[test]
fn points_of_portuguese_arabic_persian_and_russian_laws() {
    let items = |text: &str| labels(text, Level::Item);
    assert_eq!(
        items(
            "Artigo 1.º\nLâmpadas\n1 - Quem acender:\na) Lâmpada;\nb) Óleo.\n2 - A mesma pena.\n\nArtigo 2.º\nMar\nSal.\n"
        ),
        [
            "Art. 1 heading",
            "Art. 1(1) chapeau",
            "Art. 1(1)(a)",
            "Art. 1(1)(b)",
            "Art. 1(2)",
            "Art. 2 heading",
            "Art. 2 ¶1"
        ]
    );
    assert_eq!(
        items(
            "Art. 1º Lei.\n\nParágrafo único. Luz.\n\nArt. 2º Princípios:\n\nI - respeito;\n\nII - promoção;\n\n§ 1º O disposto.\n\n§ 2º O mar.\n"
        ),
        [
            "Art. 1 heading",
            "Art. 1 ¶1",
            "Art. 1(único)",
            "Art. 2 heading",
            "Art. 2 chapeau",
            "Art. 2(I)",
            "Art. 2(II)",
            "Art. 2(1)",
            "Art. 2(2)"
        ]
    );
    assert_eq!(
        items("المادة 1\n1- المصباح:\n(أ) الزيت؛\n(ب) النور.\n2- البحر.\n\nالمادة 2\nالضباب.\n"),
        [
            "Art. 1 heading",
            "Art. 1(1) chapeau",
            "Art. 1(1)(أ)",
            "Art. 1(1)(ب)",
            "Art. 1(2)",
            "Art. 2 heading",
            "Art. 2 ¶1"
        ]
    );
    assert_eq!(
        items("ماده ۱\nچراغ:\nالف) روغن؛\nب) نور.\n\nماده ۲\n۱. دریا.\n۲. مه.\n"),
        ["Art. ۱ heading", "Art. ۱ chapeau", "Art. ۱(الف)", "Art. ۱(ب)", "Art. ۲ heading", "Art. ۲(۱)", "Art. ۲(۲)"]
    );
    assert_eq!(
        items("Статья 1\n1. Лампа:\nа) масло;\nб) свет.\n\nСтатья 2\nМоре.\n"),
        ["Art. 1 heading", "Art. 1(1) chapeau", "Art. 1(1)(а)", "Art. 1(1)(б)", "Art. 2 heading", "Art. 2 ¶1"]
    );
    // A range, a quotation with a dash, and initials are no points.
    assert_eq!(items("Article 1\n5 - 10 years.\n\nArticle 2\nI swear - he said.\n").len(), 4);
}

#[test]
fn titles_above_the_numbers_of_articles() {
    for (text, want) in [
        (
            "Трговина лампама\nЧлан 388.\n(1) Ко лампу, казниће се.\n\nТрговина уљем\nЧлан 389.\n(1) Ко уље, казниће се.\n",
            "Трговина уљем",
        ),
        (
            "Lamba ticareti\nMadde 80- (1) Lamba yanar.\n(2) Yağ biter.\n\nYağ ticareti\nMadde 91- (1) Sis gelir.\n\nDeniz\nMadde 94- (1) Su.\n",
            "Yağ ticareti",
        ),
    ] {
        let document = Document { text: text.to_string(), ..Document::default() };
        let units = segment(&document, None).units;
        let title = text.find(want).unwrap() as u32;
        let unit = units.iter().rfind(|unit| unit.span.start <= title && title < unit.span.end).unwrap();
        assert!(
            unit.label.starts_with("Art. 389 heading") || unit.label.starts_with("Art. 91 heading"),
            "{}",
            unit.label
        );
    }
    // Lines that lost their full stop are no titles, where most have one.
    paragraphs(
        "Article 1\nOil burns.\n\nFog falls\nArticle 2\nLamps shine.\n\nArticle 3\nNets.\n",
        &["Art. 1 heading", "Art. 1 ¶1", "Art. 1 ¶2", "Art. 2 heading", "Art. 2 ¶1", "Art. 3 heading", "Art. 3 ¶1"],
    );
}

#[test]
fn further_forms_of_numbers() {
    sections(
        "Article 1er A\nLampe.\n\nArticle 1er\nHuile.\n\nArticle 1er bis A (nouveau)\nMer.\n\nArticle 1er bis B\nSel.\n\nArticle 2\n(Supprimé)\n",
        &["Art. 1 A", "Art. 1", "Art. 1 bis A", "Art. 1 bis B", "Art. 2"],
    );
    sections(
        "Art. 12. - (1) Lampa.\n(2) Ulei.\n\nArt. 12 ind. 1 - Ceaţă.\n\nArt. 13. - (1) Mare.\n",
        &["Art. 12", "Art. 12 ind. 1", "Art. 13"],
    );
    sections("Article L. 8112-2-1\nLampe.\n\nArticle annexe 4-1\nHuile.\n", &["Art. L. 8112-2-1", "Art. annexe 4-1"]);
    paragraphs(
        "An Act to light lamps.\n\n370. Lamps.\u{2014}(1) Whoever lights.\n(2) Whoever sells.\n\n371. Oil.\u{2014}Whoever burns.\n",
        &["Title heading", "s. 370 heading", "s. 370(1)", "s. 370(2)", "s. 371 heading", "s. 371 ¶1"],
    );
}
