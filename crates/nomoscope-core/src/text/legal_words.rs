//! How laws and treaties name their parts, a row a language.
//!
//! Data only: [`super::label`] reads them, in any text, because a treaty in Ukrainian quotes one in French, and the
//! language of a source is not always said. Words are in lower case.

/// The words of one language.
pub(super) struct LegalWords {
    /// ISO 639 codes of the languages that share them; `docs/reference/formats.md` lists them.
    #[allow(dead_code, reason = "names the row; a test reads it")]
    pub(super) languages: &'static str,
    /// What stands before the number of an article.
    pub(super) articles: &'static [&'static str],
    /// What stands after it ("1. cikk").
    pub(super) after_number: &'static [&'static str],
    /// Books, parts, titles, chapters.
    pub(super) divisions: &'static [&'static str],
    pub(super) annexes: &'static [&'static str],
    pub(super) preambles: &'static [&'static str],
    /// Numbers of articles that are written as words.
    pub(super) numerals: &'static [&'static str],
}

const NONE: LegalWords = LegalWords {
    languages: "",
    articles: &[],
    after_number: &[],
    divisions: &[],
    annexes: &[],
    preambles: &[],
    numerals: &[],
};

pub(super) static LEGAL_WORDS: &[LegalWords] = &[
    LegalWords {
        languages: "en",
        articles: &["articles", "article", "art."],
        divisions: &["part", "chapter", "title", "section", "subchapter", "subpart", "division", "book"],
        annexes: &["annex", "schedule", "appendix"],
        preambles: &["preamble"],
        numerals: &["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"],
        ..NONE
    },
    LegalWords {
        languages: "fr",
        articles: &["article", "art."],
        divisions: &["partie", "chapitre", "titre", "livre", "sous-section"],
        annexes: &["annexe"],
        preambles: &["préambule", "preambule"],
        numerals: &["premier", "unique"],
        ..NONE
    },
    LegalWords {
        languages: "de",
        articles: &["artikel", "art"],
        divisions: &["teil", "kapitel", "abschnitt", "unterabschnitt", "titel", "untertitel", "buch"],
        annexes: &["anlage", "anhang"],
        preambles: &["präambel"],
        ..NONE
    },
    LegalWords {
        languages: "nl",
        articles: &["artikel"],
        divisions: &["hoofdstuk", "afdeling", "deel", "paragraaf"],
        annexes: &["bijlage"],
        ..NONE
    },
    LegalWords {
        languages: "es",
        articles: &["artículo", "articulo"],
        divisions: &["parte", "capítulo", "capitulo", "título", "titulo", "sección", "seccion", "libro"],
        annexes: &["anexo"],
        preambles: &["preámbulo"],
        numerals: &["primero", "segundo", "tercero", "único", "unico"],
        ..NONE
    },
    LegalWords {
        languages: "it",
        articles: &["articolo"],
        divisions: &["capo", "titolo", "sezione", "libro", "parte"],
        annexes: &["allegato", "appendice"],
        preambles: &["preambolo"],
        numerals: &["unico"],
        ..NONE
    },
    LegalWords {
        languages: "pt",
        articles: &["artigo"],
        divisions: &["capítulo", "título", "secção", "seção", "livro", "parte"],
        annexes: &["anexo"],
        preambles: &["preâmbulo"],
        numerals: &["único"],
        ..NONE
    },
    LegalWords {
        languages: "ro",
        articles: &["articolul", "articol"],
        divisions: &["capitolul", "titlul", "partea", "secțiunea", "secţiunea", "cartea"],
        annexes: &["anexa"],
        preambles: &["preambul"],
        ..NONE
    },
    LegalWords {
        languages: "ru",
        articles: &["статья", "ст."],
        divisions: &["глава", "раздел", "часть"],
        annexes: &["приложение"],
        preambles: &["преамбула"],
        ..NONE
    },
    LegalWords {
        languages: "uk",
        articles: &["стаття"],
        divisions: &["розділ", "глава", "частина"],
        annexes: &["додаток"],
        preambles: &["преамбула"],
        ..NONE
    },
    LegalWords { languages: "be", articles: &["артыкул"], divisions: &["глава", "раздзел"], ..NONE },
    LegalWords {
        languages: "bg",
        articles: &["член", "чл."],
        divisions: &["глава", "раздел", "част", "дял"],
        annexes: &["приложение"],
        preambles: &["преамбюл"],
        ..NONE
    },
    LegalWords {
        languages: "sr bs hr mk",
        articles: &["члан", "član", "članak", "чл.", "čl."],
        divisions: &["глава", "део", "одељак", "glava", "dio", "deo", "odjeljak", "poglavlje"],
        annexes: &["prilog", "прилог"],
        preambles: &["преамбула", "preambula"],
        ..NONE
    },
    LegalWords {
        languages: "pl",
        articles: &["artykuł", "art."],
        divisions: &["rozdział", "dział", "część", "tytuł", "księga"],
        annexes: &["załącznik"],
        preambles: &["preambuła"],
        ..NONE
    },
    LegalWords {
        languages: "cs sk",
        articles: &["článek", "článok", "čl."],
        divisions: &["hlava", "část", "časť", "díl", "diel", "oddíl", "oddiel"],
        annexes: &["příloha", "príloha"],
        preambles: &["preambule", "preambula"],
        ..NONE
    },
    LegalWords {
        languages: "sl",
        articles: &["člen"],
        after_number: &["člen"],
        divisions: &["poglavje", "oddelek"],
        annexes: &["priloga"],
        ..NONE
    },
    LegalWords {
        languages: "hu",
        after_number: &["cikk", "cikkely", "§"],
        divisions: &["fejezet", "rész", "cím"],
        annexes: &["melléklet"],
        preambles: &["preambulum"],
        ..NONE
    },
    LegalWords {
        languages: "lt lv",
        after_number: &["straipsnis", "pants"],
        divisions: &["skyrius", "dalis", "nodaļa"],
        ..NONE
    },
    LegalWords {
        languages: "sv da no fi",
        articles: &["artikel", "artikkel"],
        after_number: &["§", "artikla"],
        divisions: &["kapitel", "kap.", "kapittel", "avdelning", "luku"],
        ..NONE
    },
    LegalWords { languages: "sq", articles: &["neni"], divisions: &["kreu", "pjesa"], ..NONE },
    LegalWords {
        languages: "el",
        articles: &["άρθρο", "αρθρο", "άρθρον"],
        divisions: &["κεφάλαιο", "κεφαλαιο", "μέρος", "μερος", "τμήμα", "τίτλος"],
        annexes: &["παράρτημα"],
        preambles: &["προοίμιο"],
        numerals: &["πρώτο", "δεύτερο", "τρίτο"],
        ..NONE
    },
    LegalWords {
        languages: "tr az",
        articles: &["madde", "maddə"],
        divisions: &["bölüm", "kısım", "fəsil"],
        annexes: &["ek"],
        ..NONE
    },
    LegalWords {
        languages: "ar",
        articles: &["المادة", "الماده", "مادة"],
        divisions: &["الباب", "الفصل", "القسم", "الجزء", "الفرع"],
        annexes: &["ملحق", "الملحق", "مرفق", "المرفق"],
        preambles: &["الديباجة", "ديباجة"],
        numerals: &[
            "الأولى",
            "الاولى",
            "الثانية",
            "الثالثة",
            "الرابعة",
            "الخامسة",
            "السادسة",
            "السابعة",
            "الثامنة",
            "التاسعة",
            "العاشرة",
            "الحادية",
            "عشرة",
            "عشر",
            "والعشرون",
            "العشرون",
        ],
        ..NONE
    },
    LegalWords {
        languages: "fa",
        articles: &["ماده", "مادۀ", "مادهٔ", "اصل"],
        divisions: &["فصل", "بخش", "باب"],
        annexes: &["پیوست"],
        preambles: &["مقدمه"],
        numerals: &["اول", "دوم", "سوم", "چهارم", "پنجم", "ششم", "هفتم", "هشتم", "نهم", "دهم"],
        ..NONE
    },
    LegalWords { languages: "ur", articles: &["دفعہ", "آرٹیکل"], divisions: &["باب", "حصہ"], ..NONE },
    LegalWords {
        languages: "he",
        articles: &["סעיף", "מאמר"],
        divisions: &["פרק", "חלק", "סימן"],
        annexes: &["תוספת", "נספח"],
        preambles: &["מבוא"],
        ..NONE
    },
    LegalWords {
        languages: "hi ne mr",
        articles: &["अनुच्छेद", "धारा", "दफा", "कलम"],
        divisions: &["अध्याय", "भाग", "परिच्छेद"],
        annexes: &["अनुसूची"],
        preambles: &["प्रस्तावना", "उद्देशिका"],
        ..NONE
    },
    LegalWords {
        languages: "bn",
        articles: &["অনুচ্ছেদ", "ধারা"],
        divisions: &["অধ্যায়", "অধ্যায়", "ভাগ"],
        annexes: &["তফসিল"],
        ..NONE
    },
    LegalWords {
        languages: "si ta", articles: &["වගන්තිය", "உறுப்புரை", "பிரிவு"], ..NONE
    },
    LegalWords {
        languages: "th",
        articles: &["มาตรา", "ข้อ"],
        divisions: &["หมวด", "ส่วน", "ภาค", "ลักษณะ", "บท"],
        annexes: &["ภาคผนวก"],
        preambles: &["อารัมภบท"],
        ..NONE
    },
    LegalWords {
        languages: "lo", articles: &["ມາດຕາ", "ຂໍ້"], divisions: &["ພາກ", "ໝວດ", "ພາກທີ", "ໝວດທີ"], ..NONE
    },
    LegalWords {
        languages: "km",
        articles: &["មាត្រា"],
        divisions: &["ជំពូក", "ជំពូកទី", "ផ្នែក", "ផ្នែកទី"],
        annexes: &["ឧបសម្ព័ន្ធ"],
        preambles: &["បុព្វកថា"],
        ..NONE
    },
    LegalWords {
        languages: "my", articles: &["ပုဒ်မ", "အပိုဒ်"], divisions: &["အခန်း"], ..NONE
    },
    LegalWords {
        languages: "vi",
        articles: &["điều"],
        divisions: &["chương", "phần", "mục"],
        annexes: &["phụ lục"],
        preambles: &["lời nói đầu", "lời mở đầu"],
        ..NONE
    },
    LegalWords {
        languages: "id ms",
        articles: &["pasal", "perkara", "seksyen"],
        divisions: &["bab", "bagian", "bahagian", "paragraf"],
        annexes: &["lampiran", "jadual"],
        preambles: &["mukadimah", "pembukaan"],
        ..NONE
    },
    LegalWords { languages: "sw", articles: &["kifungu", "ibara"], divisions: &["sehemu", "sura"], ..NONE },
    LegalWords {
        languages: "hy ka", articles: &["հոդված", "მუხლი"], divisions: &["գլուխ", "თავი"], ..NONE
    },
    LegalWords { languages: "am", articles: &["አንቀጽ"], divisions: &["ምዕራፍ", "ክፍል"], ..NONE },
];

/// Endings of inserted articles, from Latin numerals.
pub(super) static LATIN_SUFFIXES: &[&str] = &[
    "bis",
    "ter",
    "quater",
    "quáter",
    "quinquies",
    "quinquiés",
    "quinques",
    "sexies",
    "septies",
    "octies",
    "nonies",
    "novies",
    "decies",
    "undecies",
    "duodecies",
    "terdecies",
    "quaterdecies",
    "quinquiesdecies",
    "sexiesdecies",
    "vicies",
];

/// Words after the number of an article that show a reference to it: "§ 5 Abs. 1 gilt entsprechend".
pub(super) static REFERENCES: &[&str] =
    &["Abs.", "Absatz", "Satz", "Nr.", "Nummer", "Buchst.", "Ziff.", "Alt.", "Unterabs.", "StGB", "BGB", "StPO"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_in_lower_case_and_every_language_names_its_articles() {
        for row in LEGAL_WORDS {
            assert!(row.languages.split(' ').all(|code| code.len() == 2), "{}", row.languages);
            assert!(!row.articles.is_empty() || !row.after_number.is_empty(), "{}", row.languages);
            for words in [row.articles, row.after_number, row.divisions, row.annexes, row.preambles] {
                assert!(words.iter().all(|word| word.to_lowercase() == **word), "{}: {words:?}", row.languages);
            }
        }
    }
}
