//! What columns mean by their names, in many languages: a file, a date, a title, a language, a kind of text.
//!
//! The one reader of headers for tables that describe files, tables with a text in each row, and what a text says of
//! itself. Absent on purpose: words that are something else in English ("Art", "Type").

use crate::study::sources_csv::languages;
use crate::written_dates::mostly_dates;
use nomoscope_core::spelling::comparable;

/// What a column says of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Meaning {
    Path,
    Date,
    Title,
    Language,
    Kind,
}

impl Meaning {
    /// The name of the column in `sources.csv`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Date => "date",
            Self::Title => "title",
            Self::Language => "language",
            Self::Kind => "kind",
        }
    }

    /// What to call it in a sentence.
    const fn words(self) -> &'static str {
        match self {
            Self::Path => "the names of files",
            Self::Date => "the date",
            Self::Title => "the title",
            Self::Language => "the language",
            Self::Kind => "the kind",
        }
    }
}

/// Returns what a column means whose name is one of the program's own, in any case.
pub(crate) fn own(name: &str) -> Option<Meaning> {
    match name.trim().to_lowercase().as_str() {
        "path" => Some(Meaning::Path),
        "date" | "year" => Some(Meaning::Date),
        "title" => Some(Meaning::Title),
        "language" | "lang" => Some(Meaning::Language),
        "kind" => Some(Meaning::Kind),
        _ => None,
    }
}

/// Returns what a column means whose name is a word of any language for it.
pub(crate) fn foreign(name: &str) -> Option<Meaning> {
    let name = comparable(name.trim()).replace(['_', '-'], " ");
    let words = |names: &&(Meaning, &[&str])| names.1.contains(&name.as_str());
    WORDS.iter().find(words).map(|(meaning, _)| *meaning)
}

/// The same for what a column says of a text, if its cells can be that: "Data" is a date in Italian, and something else in English.
pub(crate) fn foreign_of<'c, C: Iterator<Item = &'c str>>(name: &str, cells: impl Fn() -> C) -> Option<Meaning> {
    let meaning = foreign(name).filter(|meaning| *meaning != Meaning::Path)?;
    let fits = match meaning {
        Meaning::Date => mostly_dates(cells()),
        Meaning::Language => cells().all(|cell| languages(cell).is_ok()),
        Meaning::Path | Meaning::Title | Meaning::Kind => true,
    };
    fits.then_some(meaning)
}

/// Whether a column holds the names of files.
pub(crate) fn is_path(name: &str) -> bool {
    path_rank(name).is_some()
}

/// Returns how telling a name of the column of files is, the most telling first.
pub(crate) fn path_rank(name: &str) -> Option<usize> {
    let lower = name.trim().to_lowercase();
    let foreign = || (foreign(name) == Some(Meaning::Path)).then_some(PATHS.len());
    PATHS.iter().position(|path| *path == lower).or_else(foreign)
}

/// Returns which columns were taken for what, in words; none where all have the names that the program gives them.
pub(crate) fn note(taken: &[(&str, Meaning)]) -> Option<String> {
    let listed: Vec<String> = taken.iter().map(|(name, meaning)| format!("`{name}` for {}", meaning.words())).collect();
    let columns = if taken.len() == 1 { "column" } else { "columns" };
    (!taken.is_empty()).then(|| format!("taken by their names: {columns} {}", listed.join(", ")))
}

/// Names that the column of files has in English, in lower case, the most telling first.
static PATHS: &[&str] = &[
    "path",
    "filename",
    "file name",
    "file_name",
    "file",
    "filepath",
    "file path",
    "file_path",
    "source",
    "document",
    "doc",
];

static WORDS: &[(Meaning, &[&str])] = &[
    (
        Meaning::Path,
        &[
            "datei",
            "dateiname",
            "dateipfad",
            "pfad",
            "dokument",
            "fichier",
            "nom du fichier",
            "nom de fichier",
            "chemin",
            "archivo",
            "nombre del archivo",
            "nombre de archivo",
            "fichero",
            "documento",
            "ruta",
            "arquivo",
            "nome do arquivo",
            "ficheiro",
            "nome do ficheiro",
            "nome file",
            "nome del file",
            "percorso",
            "fitxer",
            "bestand",
            "bestandsnaam",
            "fișier",
            "fisier",
            "nume fișier",
            "plik",
            "nazwa pliku",
            "soubor",
            "název souboru",
            "súbor",
            "datoteka",
            "ime datoteke",
            "fájl",
            "fájlnév",
            "failas",
            "fails",
            "fail",
            "faili",
            "fil",
            "filnamn",
            "filnavn",
            "tiedosto",
            "tiedostonimi",
            "skrá",
            "skedari",
            "файл",
            "имя файла",
            "название файла",
            "документ",
            "ім'я файлу",
            "назва файлу",
            "име на файл",
            "датотека",
            "фајл",
            "αρχείο",
            "όνομα αρχείου",
            "dosya",
            "dosya adı",
            "fayl",
            "ملف",
            "الملف",
            "اسم الملف",
            "فایل",
            "نام فایل",
            "קובץ",
            "שם קובץ",
            "שם הקובץ",
            "फ़ाइल",
            "फाइल",
            "ไฟล์",
            "ชื่อไฟล์",
            "tệp",
            "tên tệp",
            "berkas",
            "nama berkas",
            "nama file",
            "nama fail",
            "文件",
            "文件名",
            "文件路径",
            "檔案",
            "檔名",
            "ファイル",
            "ファイル名",
            "파일",
            "파일명",
            "파일 이름",
        ],
    ),
    (
        Meaning::Date,
        &[
            "datum",
            "jahr",
            "année",
            "annee",
            "fecha",
            "año",
            "data",
            "ano",
            "anno",
            "jaar",
            "dată",
            "anul",
            "rok",
            "dátum",
            "év",
            "metai",
            "datums",
            "gads",
            "kuupäev",
            "aasta",
            "dato",
            "år",
            "päivä",
            "päivämäärä",
            "päiväys",
            "vuosi",
            "dagsetning",
            "viti",
            "дата",
            "год",
            "рік",
            "година",
            "датум",
            "ημερομηνία",
            "έτος",
            "tarih",
            "yıl",
            "tarix",
            "تاريخ",
            "التاريخ",
            "سنة",
            "السنة",
            "تاریخ",
            "سال",
            "תאריך",
            "שנה",
            "दिनांक",
            "तारीख",
            "तिथि",
            "वर्ष",
            "তারিখ",
            "วันที่",
            "ปี",
            "ngày",
            "tanggal",
            "tarikh",
            "tarehe",
            "日期",
            "年份",
            "日付",
            "年月日",
            "날짜",
            "일자",
            "연도",
            "ամսաթիվ",
            "თარიღი",
        ],
    ),
    (
        Meaning::Title,
        &[
            "titel",
            "titre",
            "título",
            "titulo",
            "titolo",
            "títol",
            "titlu",
            "tytuł",
            "název",
            "názov",
            "naslov",
            "cím",
            "pavadinimas",
            "nosaukums",
            "pealkiri",
            "tittel",
            "otsikko",
            "titill",
            "titulli",
            "заголовок",
            "название",
            "заглавие",
            "назва",
            "наслов",
            "τίτλος",
            "başlık",
            "başlıq",
            "عنوان",
            "العنوان",
            "כותרת",
            "שם המסמך",
            "शीर्षक",
            "শিরোনাম",
            "ชื่อเรื่อง",
            "tiêu đề",
            "judul",
            "tajuk",
            "kichwa",
            "标题",
            "標題",
            "题名",
            "題名",
            "タイトル",
            "제목",
            "վերնագիր",
            "სათაური",
        ],
    ),
    (
        Meaning::Language,
        &[
            "sprache",
            "langue",
            "idioma",
            "lengua",
            "lingua",
            "língua",
            "llengua",
            "taal",
            "limbă",
            "limba",
            "język",
            "jazyk",
            "jezik",
            "nyelv",
            "kalba",
            "valoda",
            "keel",
            "språk",
            "sprog",
            "kieli",
            "tungumál",
            "gjuha",
            "язык",
            "мова",
            "език",
            "јазик",
            "језик",
            "γλώσσα",
            "dil",
            "لغة",
            "اللغة",
            "زبان",
            "שפה",
            "भाषा",
            "ভাষা",
            "ภาษา",
            "ngôn ngữ",
            "bahasa",
            "lugha",
            "语言",
            "語言",
            "语种",
            "言語",
            "언어",
            "լեզու",
            "ენა",
        ],
    ),
    (
        Meaning::Kind,
        &[
            "textsorte",
            "textart",
            "dokumentart",
            "dokumenttyp",
            "type de document",
            "type de texte",
            "tipo",
            "tipo de documento",
            "tipo di documento",
            "tipus",
            "soort",
            "rodzaj",
            "druh",
            "típus",
            "тип",
            "вид",
            "тип документа",
            "тип документу",
            "τύπος",
            "tür",
            "نوع",
            "النوع",
            "סוג",
            "प्रकार",
            "ประเภท",
            "loại",
            "jenis",
            "aina",
            "类型",
            "類型",
            "类别",
            "種類",
            "種別",
            "종류",
            "유형",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_known_in_many_languages() {
        for (name, want) in [
            ("Datum", Some(Meaning::Date)),
            ("FECHA", Some(Meaning::Date)),
            ("Дата", Some(Meaning::Date)),
            ("日期", Some(Meaning::Date)),
            ("Titolo", Some(Meaning::Title)),
            ("Título", Some(Meaning::Title)),
            ("Langue", Some(Meaning::Language)),
            ("Файл", Some(Meaning::Path)),
            ("ファイル名", Some(Meaning::Path)),
            ("nom_du_fichier", Some(Meaning::Path)),
            ("Textsorte", Some(Meaning::Kind)),
            ("Art", None),
            ("Region", None),
        ] {
            assert_eq!(foreign(name), want, "{name}");
        }
    }

    #[test]
    fn no_word_means_two_things() {
        let mut all: Vec<&str> = WORDS.iter().flat_map(|(_, words)| words.iter().copied()).collect();
        let before = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), before);
        assert!(all.iter().all(|word| foreign(word).is_some()), "a word is not written as words are compared");
    }
}
