//! Languages as people write them: `en`, `en-GB`, `eng`, `English`, `français`.

/// Primary subtag, ISO 639-2 and 639-3 codes, and names in English and in the language itself, all in lower case.
static LANGUAGES: &[(&str, &[&str])] = &[
    ("am", &["amh", "amharic"]),
    ("ar", &["ara", "arb", "arabic", "العربية", "arabe"]),
    ("az", &["aze", "azj", "azerbaijani"]),
    ("be", &["bel", "belarusian"]),
    ("bg", &["bul", "bulgarian", "български"]),
    ("bn", &["ben", "bengali", "bangla", "বাংলা"]),
    ("bs", &["bos", "bosnian"]),
    ("ca", &["cat", "catalan", "català"]),
    ("cs", &["ces", "cze", "czech", "čeština"]),
    ("cy", &["cym", "wel", "welsh"]),
    ("da", &["dan", "danish", "dansk"]),
    ("de", &["deu", "ger", "german", "deutsch", "allemand"]),
    ("el", &["ell", "gre", "greek", "ελληνικά"]),
    ("en", &["eng", "english", "anglais"]),
    ("es", &["spa", "spanish", "castilian", "español", "castellano", "espagnol"]),
    ("et", &["est", "estonian"]),
    ("eu", &["eus", "baq", "basque"]),
    ("fa", &["fas", "per", "pes", "persian", "farsi", "فارسی"]),
    ("fi", &["fin", "finnish", "suomi"]),
    ("fr", &["fra", "fre", "french", "français"]),
    ("ga", &["gle", "irish", "gaeilge"]),
    ("he", &["heb", "iw", "hebrew", "עברית"]),
    ("hi", &["hin", "hindi", "हिन्दी"]),
    ("hr", &["hrv", "scr", "croatian", "hrvatski"]),
    ("hu", &["hun", "hungarian", "magyar"]),
    ("hy", &["hye", "arm", "armenian"]),
    ("id", &["ind", "in", "indonesian", "bahasa indonesia"]),
    ("is", &["isl", "ice", "icelandic"]),
    ("it", &["ita", "italian", "italiano", "italien"]),
    ("ja", &["jpn", "japanese", "日本語"]),
    ("ka", &["kat", "geo", "georgian"]),
    ("kk", &["kaz", "kazakh"]),
    ("km", &["khm", "khmer", "cambodian", "ខ្មែរ"]),
    ("ko", &["kor", "korean", "한국어"]),
    ("ky", &["kir", "kyrgyz"]),
    ("lo", &["lao", "ລາວ"]),
    ("lt", &["lit", "lithuanian"]),
    ("lv", &["lav", "latvian"]),
    ("mk", &["mkd", "mac", "macedonian"]),
    ("ml", &["mal", "malayalam"]),
    ("mn", &["mon", "mongolian"]),
    ("ms", &["msa", "may", "zsm", "zlm", "malay", "bahasa melayu"]),
    ("mt", &["mlt", "maltese"]),
    ("my", &["mya", "bur", "burmese", "myanmar", "မြန်မာ"]),
    ("nb", &["nob", "bokmål"]),
    ("ne", &["nep", "npi", "nepali", "नेपाली"]),
    ("nl", &["nld", "dut", "dutch", "flemish", "nederlands", "néerlandais"]),
    ("no", &["nor", "norwegian", "norsk"]),
    ("pa", &["pan", "punjabi"]),
    ("pl", &["pol", "polish", "polski"]),
    ("ps", &["pus", "pashto"]),
    ("pt", &["por", "portuguese", "português", "portugais"]),
    ("ro", &["ron", "rum", "romanian", "română"]),
    ("ru", &["rus", "russian", "русский", "russe"]),
    ("si", &["sin", "sinhala"]),
    ("sk", &["slk", "slo", "slovak", "slovenčina"]),
    ("sl", &["slv", "slovenian", "slovene"]),
    ("sq", &["sqi", "alb", "albanian", "shqip"]),
    ("sr", &["srp", "scc", "serbian", "српски", "srpski"]),
    ("sv", &["swe", "swedish", "svenska"]),
    ("sw", &["swa", "swh", "swahili", "kiswahili"]),
    ("ta", &["tam", "tamil", "தமிழ்"]),
    ("te", &["tel", "telugu"]),
    ("th", &["tha", "thai", "ไทย"]),
    ("tl", &["tgl", "fil", "tagalog", "filipino"]),
    ("tr", &["tur", "turkish", "türkçe"]),
    ("uk", &["ukr", "ukrainian", "українська"]),
    ("ur", &["urd", "urdu", "اردو"]),
    ("uz", &["uzb", "uzbek"]),
    ("vi", &["vie", "vietnamese", "tiếng việt"]),
    ("zh", &["zho", "chi", "cmn", "chinese", "mandarin", "中文", "chinois"]),
];

/// Returns the BCP 47 tag that somebody meant: its primary subtag as short as it can be, the rest as it was written.
///
/// None where the word is neither a known name or code nor has the form of a tag.
#[must_use]
pub fn tag(written: &str) -> Option<String> {
    let written = written.trim();
    let (first, rest) = written.find(['-', '_']).map_or((written, ""), |at| written.split_at(at));
    let lower = first.to_lowercase();
    let known = known(&lower).or_else(|| known(&written.to_lowercase()).filter(|_| rest.is_empty()));
    let has_form = (2..=3).contains(&lower.len()) && lower.bytes().all(|b| b.is_ascii_lowercase());
    let primary = known.or(has_form.then_some(lower.as_str()))?;
    Some(format!("{primary}{}", rest.replace('_', "-")))
}

/// Returns the primary subtag, in lower case; of what is no tag, the part before the first hyphen.
#[must_use]
pub fn primary(written: &str) -> String {
    let meant = tag(written).unwrap_or_else(|| written.to_lowercase());
    meant.split(['-', '_']).next().unwrap_or("").to_owned()
}

/// Returns the English name of a language, in lower case, by its primary subtag.
#[must_use]
pub fn name(tag: &str) -> Option<&'static str> {
    let (_, names) = LANGUAGES.iter().find(|(short, _)| *short == tag)?;
    // Codes of three letters come first; Lao is called like its code.
    names.iter().find(|name| name.is_ascii() && name.len() > 3).or(names.first()).copied()
}

/// Returns the primary subtag of a code or name in lower case.
pub(super) fn known(lower: &str) -> Option<&'static str> {
    LANGUAGES.iter().find(|(short, names)| *short == lower || names.contains(&lower)).map(|(short, _)| *short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_have_english_names() {
        for (tag, want) in [("en", "english"), ("lo", "lao"), ("zh", "chinese"), ("hi", "hindi"), ("he", "hebrew")] {
            assert_eq!(name(tag), Some(want));
        }
        assert_eq!(name("tlh"), None);
    }

    #[test]
    fn tags_as_people_write_them() {
        for (written, want) in [
            ("en", Some("en")),
            ("eng", Some("en")),
            ("ENG", Some("en")),
            ("English", Some("en")),
            ("fra", Some("fr")),
            ("fre", Some("fr")),
            ("Français", Some("fr")),
            ("zh-TW", Some("zh-TW")),
            ("zho-Hant", Some("zh-Hant")),
            ("pt_BR", Some("pt-BR")),
            ("qaa", Some("qaa")),
            ("Bahasa Indonesia", Some("id")),
            ("whatever", None),
            ("", None),
        ] {
            assert_eq!(tag(written).as_deref(), want, "{written}");
        }
        assert_eq!(primary("zh-TW"), "zh");
        assert_eq!(primary("und"), "und");
    }
}
