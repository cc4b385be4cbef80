//! Abbreviations that end no sentence, a row a language. Data only, in lower case; [`super::sentence`] reads them.
//!
//! English, French and German stand there and hold for every text, because every text quotes them.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The abbreviations of one language.
pub(super) struct Abbreviations {
    /// ISO 639 codes, separated by spaces.
    pub(super) languages: &'static str,
    /// Before a number or a name: no sentence ends here, whatever follows.
    pub(super) leading: &'static [&'static str],
    /// Within a sentence: one ends here only before a word that opens sentences.
    pub(super) firm: &'static [&'static str],
}

static ABBREVIATIONS: &[Abbreviations] = &[
    Abbreviations {
        languages: "fr",
        leading: &[
            "art", "arts", "al", "chap", "n", "p", "pp", "cf", "mm", "mme", "dr", "prof", "st", "ste", "vol", "éd",
            "réf",
        ],
        firm: &["etc", "c.-à-d", "ex", "env", "av", "apr", "ibid", "op", "cit", "notam"],
    },
    Abbreviations {
        languages: "es ca gl",
        leading: &[
            "art", "arts", "inc", "cap", "núm", "num", "nro", "pág", "págs", "párr", "apdo", "sr", "sra", "sres", "dr",
            "dra", "lic", "ing", "gral", "ee", "d", "dña", "ud", "uds", "vol", "ed", "fr",
        ],
        firm: &["etc", "ej", "ee.uu", "uu", "ss", "cía", "admón", "avda", "aprox", "a.c", "d.c"],
    },
    Abbreviations {
        languages: "pt",
        leading: &[
            "art", "arts", "inc", "cap", "n", "nº", "pág", "págs", "sr", "sra", "dr", "dra", "prof", "eng", "exmo",
            "exma", "al", "vol",
        ],
        firm: &["etc", "ex", "av", "ltda", "cia", "obs"],
    },
    Abbreviations {
        languages: "it",
        leading: &[
            "art", "artt", "co", "lett", "cpv", "cap", "n", "nn", "pag", "pagg", "sig", "sigg", "sig.ra", "dott",
            "prof", "avv", "ing", "l", "d.l", "d.lgs", "d.p.r",
        ],
        firm: &["ecc", "es", "cfr", "cit", "segg", "ss", "ca", "c.p", "c.c", "c.p.p"],
    },
    Abbreviations {
        languages: "nl",
        leading: &["art", "nr", "blz", "p", "dhr", "mevr", "mw", "mr", "drs", "ir", "prof", "dr", "stb", "trb"],
        firm: &["bijv", "bv", "enz", "o.a", "d.w.z", "m.b.t", "i.v.m", "t.a.v", "ca", "e.d", "jl", "resp", "vgl"],
    },
    Abbreviations {
        languages: "sv da nb nn no is",
        leading: &["art", "enl", "prop", "nr", "kap", "s", "st", "stk", "jfr", "jf", "dr", "prof", "pkt"],
        firm: &["t.ex", "bl.a", "f.eks", "d.v.s", "m.fl", "m.m", "osv", "ca", "kl", "pga", "mv", "ev"],
    },
    Abbreviations {
        languages: "fi et",
        leading: &["nro", "nr", "s", "ks", "vrt", "mom", "lk", "art", "lg"],
        firm: &["esim", "mm", "ym", "jne", "ts", "nk", "n", "jms", "vms"],
    },
    Abbreviations {
        languages: "ro",
        leading: &[
            "art", "of", "dlui", "str", "alin", "lit", "nr", "pct", "cap", "pag", "dl", "d-na", "dna", "prof", "dr",
            "m.of",
        ],
        firm: &["etc", "ş.a", "ș.a", "p", "cca", "vol"],
    },
    Abbreviations {
        languages: "pl",
        leading: &[
            "art", "ust", "pkt", "lit", "nr", "poz", "str", "par", "rozp", "dz", "dz.u", "p", "prof", "dr", "hab",
            "mgr", "inż", "ks", "św", "gen", "ul", "al", "pl",
        ],
        firm: &["m.in", "np", "tj", "tzn", "tzw", "itd", "itp", "ww", "wg", "zob", "godz", "r", "w", "ds"],
    },
    Abbreviations {
        languages: "cs sk sl",
        leading: &[
            "čl", "odst", "písm", "č", "čís", "sb", "str", "s", "zák", "ods", "písmeno", "pol", "dr", "judr", "mudr",
            "ing", "mgr", "prof", "doc", "p", "sv", "ul", "zz", "št", "tč",
        ],
        firm: &[
            "např", "napr", "tj", "tzn", "tzv", "apod", "atd", "atď", "resp", "popř", "příp", "mj", "cca", "kupř",
            "npr", "oz", "itd",
        ],
    },
    Abbreviations {
        languages: "hr bs sr",
        leading: &[
            "čl", "st", "toč", "br", "str", "dr", "mr", "prof", "g", "gđa", "sv", "čl", "чл", "ст", "тач", "бр", "стр",
            "др", "проф", "г", "гђа", "св", "сл",
        ],
        firm: &["npr", "tj", "tzv", "itd", "sl", "tzn", "нпр", "тј", "тзв", "итд", "тзн"],
    },
    Abbreviations {
        languages: "hu",
        leading: &[
            "jan", "febr", "márc", "ápr", "máj", "jún", "júl", "aug", "szept", "okt", "nov", "dec", "dr", "prof",
            "ifj", "btk", "ptk", "sz", "szt", "bek", "pl", "o", "r", "tv", "kft", "zrt",
        ],
        firm: &["stb", "ill", "ún", "vö", "kb", "pl", "u.n", "ti"],
    },
    Abbreviations {
        languages: "tr az",
        leading: &["md", "mad", "no", "s", "sf", "dr", "prof", "doç", "av", "sn", "m", "f", "bkz", "bk", "fık", "av"],
        firm: &["vb", "vd", "vs", "örn", "ör", "yy", "t.c", "mah", "cad", "sok"],
    },
    Abbreviations {
        languages: "el",
        leading: &[
            "αρ",
            "άρ",
            "άρθρ",
            "αρθρ",
            "άρθ",
            "αριθ",
            "παρ",
            "στοιχ",
            "περ",
            "εδ",
            "σελ",
            "σ",
            "κ",
            "κα",
            "κος",
            "δρ",
            "καθ",
            "ν",
            "π.δ",
            "φεκ",
            "τ",
        ],
        firm: &["π.χ", "κ.λπ", "κ.ά", "κ.α", "δηλ", "βλ", "μ.χ", "ό.π", "εκ", "χιλ"],
    },
    Abbreviations {
        languages: "ru be",
        leading: &[
            "ст", "стст", "п", "пп", "ч", "абз", "гл", "разд", "подп", "стр", "с", "рис", "табл", "см", "ср", "г",
            "гг", "г-н", "г-жа", "ул", "д", "кв", "им", "акад", "проф", "др", "арт", "т", "№",
        ],
        firm: &["т.е", "т.д", "т.п", "др", "пр", "напр", "руб", "коп", "др", "н.э", "и.о", "в", "вв", "обл", "р"],
    },
    Abbreviations {
        languages: "uk",
        leading: &[
            "ст", "стст", "п", "пп", "ч", "абз", "гл", "розд", "підп", "стор", "с", "див", "пор", "р", "рр", "м",
            "вул", "буд", "кв", "ім", "акад", "проф", "доц", "т", "№", "арт",
        ],
        firm: &["т.зв", "зв", "т.д", "т.п", "ін", "напр", "грн", "коп", "н.е", "обл"],
    },
    Abbreviations {
        languages: "bg mk",
        leading: &[
            "чл",
            "ал",
            "т",
            "бр",
            "дв",
            "изм",
            "доп",
            "стр",
            "с",
            "гр",
            "г",
            "проф",
            "д-р",
            "инж",
            "ул",
            "св",
            "вж",
            "срв",
            "буква",
            "ст",
            "тач",
        ],
        firm: &["т.е", "т.н", "напр", "др", "пр", "лв", "р"],
    },
    Abbreviations {
        languages: "id ms",
        leading: &[
            "hj", "no", "nom", "hlm", "hal", "dr", "drs", "prof", "tn", "ny", "jl", "h", "kh", "st", "yth", "bil",
            "pn", "ps", "th",
        ],
        firm: &["dll", "dsb", "dst", "dkk", "tsb", "spt", "a.n", "u.p", "d.a", "s.d", "m.s"],
    },
    Abbreviations {
        languages: "vi",
        leading: &["tp", "ts", "ths", "gs", "pgs", "đ", "tr", "q", "p"],
        firm: &["v.v", "vv"],
    },
    Abbreviations {
        languages: "ar fa ur ps",
        leading: &["د", "أ", "م", "ص", "أ.د", "ج", "ط", "ف"],
        firm: &["إلخ", "الخ", "هـ", "ق.م", "ه.ش"],
    },
    Abbreviations {
        languages: "he", leading: &["ד\"ר", "פרופ", "עמ", "מס", "ס", "עו\"ד"], firm: &["וכו", "ועוד"]
    },
    Abbreviations {
        languages: "hi ne mr",
        leading: &["डॉ", "डा", "श्री", "सं", "नं", "क्र", "प्रो", "पृ", "मो", "ई", "वि.सं", "बि.सं", "धा"],
        firm: &["आदि", "उदा", "कि.मी"],
    },
    Abbreviations {
        languages: "bn", leading: &["ড", "ডা", "মো", "নং", "পৃ", "মোঃ", "সং"], firm: &["ইত্যাদি"]
    },
];

/// The rows by language: asked once for every item of a text.
static BY_LANGUAGE: LazyLock<HashMap<&str, &Abbreviations>> = LazyLock::new(|| {
    let mut rows: HashMap<&str, &Abbreviations> = HashMap::new();
    for row in ABBREVIATIONS {
        for language in row.languages.split(' ') {
            rows.entry(language).or_insert(row);
        }
    }
    rows
});

/// Returns the row of a language, by its primary subtag.
pub(super) fn of(primary: &str) -> Option<&'static Abbreviations> {
    BY_LANGUAGE.get(primary).copied()
}
