//! Languages as people write them: `en`, `en-GB`, `eng`, `English`, `français`.

/// Primary subtag, ISO 639-2 and 639-3 codes, and names in English and in the language itself, all in lower case.
static LANGUAGES: &[(&str, &[&str])] = &[
    ("am", &["amh", "amharic"]),
    ("ar", &["ara", "arb", "arabic", "العربية"]),
    ("az", &["aze", "azj", "azerbaijani"]),
    ("be", &["bel", "belarusian"]),
    ("bg", &["bul", "bulgarian", "български"]),
    ("bn", &["ben", "bengali", "bangla", "বাংলা"]),
    ("bs", &["bos", "bosnian"]),
    ("ca", &["cat", "catalan", "català"]),
    ("cs", &["ces", "cze", "czech", "čeština"]),
    ("cy", &["cym", "wel", "welsh"]),
    ("da", &["dan", "danish", "dansk"]),
    ("de", &["deu", "ger", "german", "deutsch"]),
    ("el", &["ell", "gre", "greek", "ελληνικά"]),
    ("en", &["eng", "english"]),
    ("es", &["spa", "spanish", "castilian", "español", "castellano"]),
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
    ("it", &["ita", "italian", "italiano"]),
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
    ("nl", &["nld", "dut", "dutch", "flemish", "nederlands"]),
    ("no", &["nor", "norwegian", "norsk"]),
    ("pa", &["pan", "punjabi"]),
    ("pl", &["pol", "polish", "polski"]),
    ("ps", &["pus", "pashto"]),
    ("pt", &["por", "portuguese", "português"]),
    ("ro", &["ron", "rum", "romanian", "română"]),
    ("ru", &["rus", "russian", "русский"]),
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
    ("zh", &["zho", "chi", "cmn", "chinese", "mandarin", "中文"]),
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

/// The least text by which a language is told, in bytes, and how sure that must be.
const DETECTED_FROM: usize = 200;
const CONFIDENCE: f64 = 0.9;

/// Returns the language that a text looks to be in; none if it is short or the answer unsure.
#[must_use]
pub fn detect(text: &str) -> Option<&'static str> {
    // The beginning tells as much as the whole, and in the same time for any text.
    let head = &text[..text.floor_char_boundary(20_000)];
    let found =
        whatlang::detect(head).filter(|found| head.len() >= DETECTED_FROM && found.confidence() >= CONFIDENCE)?;
    known(found.lang().code())
}

/// How many stretches of a text are looked at, how long each is, and the share of them that a language must have.
const STRETCHES: usize = 48;
const STRETCH_BYTES: usize = 700;
const SHARE: f64 = 0.2;

/// Returns the languages that parts of a text look to be in, the one with most parts first; none if it is short or the
/// answers unsure.
///
/// A page in two languages has both: each of up to forty-eight stretches, spread evenly, is looked at by itself.
#[must_use]
pub fn detect_all(text: &str) -> Vec<&'static str> {
    let stretches = stretches(text);
    let n = stretches.len();
    let mut counts: Vec<(&'static str, usize)> = Vec::new();
    for language in stretches.into_iter().filter_map(detect) {
        match counts.iter_mut().find(|(own, _)| *own == language) {
            Some((_, count)) => *count += 1,
            None => counts.push((language, 1)),
        }
    }
    // One stretch of a long text may be a quotation.
    #[allow(clippy::cast_precision_loss, reason = "at most forty-eight")]
    counts.retain(|(_, count)| *count as f64 >= n as f64 * SHARE);
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    counts.into_iter().map(|(language, _)| language).collect()
}

/// Returns stretches of whole lines, as many as fit, spread evenly over the text.
fn stretches(text: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let (mut from, mut to) = (0, 0);
    for line in text.split_inclusive('\n') {
        to += line.len();
        if to - from >= STRETCH_BYTES {
            all.push(&text[from..to]);
            from = to;
        }
    }
    if to > from {
        all.push(&text[from..to]);
    }
    let step = all.len().div_ceil(STRETCHES).max(1);
    all.into_iter().step_by(step).collect()
}

fn known(lower: &str) -> Option<&'static str> {
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

    #[test]
    fn languages_of_parts() {
        let english = "Everybody who lives in the country has the same rights before the law, and nobody may be held against their will by anyone.\n";
        let french = "Toute personne qui vit dans le pays a les mêmes droits devant la loi, et nul ne peut être retenu contre sa volonté par quiconque.\n";
        assert_eq!(detect_all(&english.repeat(20)), ["en"]);
        assert_eq!(detect_all(&format!("{}{}", english.repeat(20), french.repeat(30))), ["fr", "en"]);
        assert_eq!(detect_all(&format!("{}{}", english.repeat(200), french.repeat(4))), ["en"], "a quotation is none");
        assert_eq!(detect_all("Too short."), Vec::<&str>::new());
    }
}
