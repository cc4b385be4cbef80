//! Dates as people and spreadsheets write them, in many languages: the one reader for tables that describe files, for
//! tables with a text in each row, and for what a text says of itself.
//!
//! Whether `03/04/2001` is in March or in April only its neighbours in the column can tell. A year of two digits is read
//! as spreadsheets read it, and said to have been.

use crate::grid::is_blank;
use crate::reach::dates::{self, DateProblem};
use nomoscope_core::date::{PartialDate, without_time};
use nomoscope_core::spelling::comparable;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Two digits below this are a year of this century, as spreadsheets have it.
const THIS_CENTURY_BELOW: u16 = 30;

/// A date, and whether its century is a guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) date: PartialDate,
    pub(crate) century_guessed: bool,
}

/// Returns what to say of dates whose century was guessed.
pub(crate) fn century_note(column: &str) -> String {
    format!(
        "column `{column}`: years of two digits are read as spreadsheets do, 00 to 29 as 2000 to 2029, 30 to 99 as 1930 to 1999"
    )
}

/// Returns the date in a cell; none for a blank one.
///
/// # Errors
/// [`DateProblem`]
pub(crate) fn read(cell: &str, days_first: Option<bool>) -> Result<Option<Written>, DateProblem> {
    if is_blank(cell) {
        return Ok(None);
    }
    let day = day_of(cell.trim());
    let sure = |date: PartialDate| Ok(Some(Written { date, century_guessed: false }));
    if let Some(date) = serial(day).or_else(|| compact(day)) {
        return sure(date);
    }
    match parts(day).and_then(|parts| of_parts(&parts, day, days_first)) {
        Some(Ok(written)) => Ok(Some(written)),
        Some(Err(Wrong::Ambiguous)) => Err(DateProblem::Ambiguous(cell.trim().to_owned())),
        Some(Err(Wrong::NoSuchDay)) => Err(DateProblem::NoSuchDay(cell.trim().to_owned())),
        // With footnotes, or with the letter of a depositary.
        None => match dates::read(day)? {
            Some(dated) => sure(dated.date),
            None => Ok(None),
        },
    }
}

/// Returns the date in a cell whose column nobody has seen: none where only its neighbours could tell, or its century would be a guess.
#[must_use]
pub fn alone(cell: &str) -> Option<PartialDate> {
    let written = read(cell, None).ok().flatten()?;
    (!written.century_guessed).then_some(written.date)
}

/// Whether most of some cells are dates: "Data" is a date in Italian, and something else in English.
pub(crate) fn mostly_dates<'c>(cells: impl Iterator<Item = &'c str>) -> bool {
    let (mut dates, mut others) = (0_usize, 0_usize);
    for cell in cells.filter(|cell| !cell.trim().is_empty()) {
        match read(cell, Some(true)) {
            Ok(Some(_)) => dates += 1,
            Ok(None) => {}
            Err(_) => others += 1,
        }
    }
    dates > others
}

/// Returns whether days stand before months in a column, where some of its dates can only be read so.
pub(crate) fn days_first<'c>(cells: impl Iterator<Item = &'c str>) -> Option<bool> {
    let (mut day, mut month) = (false, false);
    for cell in cells {
        let cell = day_of(cell.trim());
        if cell.contains('.') {
            continue;
        }
        if let Some([Part::Number(a), Part::Number(b), Part::Number(year)]) = parts(cell).as_deref()
            && a.digits <= 2
            && b.digits <= 2
            && matches!(year.digits, 2 | 4)
        {
            day |= a.value > 12;
            month |= b.value > 12;
        }
    }
    (day != month).then_some(day)
}

/// Returns a cell without the time of day behind its date.
fn day_of(cell: &str) -> &str {
    let cell = without_time(cell);
    let mut end = cell.len();
    for (at, word) in cell.split(' ').scan(0, |next, word| {
        let at = *next;
        *next = at + word.len() + 1;
        Some((at, word))
    }) {
        if at > 0 && word.contains(':') && word.starts_with(|c: char| c.is_ascii_digit()) {
            end = at;
            break;
        }
    }
    cell.get(..end).unwrap_or(cell).trim_end()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Number {
    value: u16,
    digits: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Number(Number),
    Month(u8),
}

enum Wrong {
    Ambiguous,
    NoSuchDay,
}

/// Words between the parts of a date, and signs behind its numbers.
static BETWEEN: &[&str] = &[
    "de", "del", "of", "the", "le", "la", "el", "den", "der", "die", "das", "am", "vom", "di", "da", "do", "dia",
    "día", "il", "lo", "г", "год", "года", "году", "р", "року", "рік", "anno", "año", "ngày", "năm", "tháng", "عام",
    "سنة", "st", "nd", "rd", "th", "er", "re", "º", "ª", "°", "го", "ое", "年", "月", "日", "년", "월", "일",
];

/// Returns the numbers and months of a date; none if there is any other word in it.
fn parts(day: &str) -> Option<Vec<Part>> {
    let words = words(day);
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        // Some months are two words.
        let pair = words.get(at + 1).and_then(|next| *MONTHS.get(format!("{word} {next}").as_str())?);
        if let Some(month) = pair {
            parts.push(Part::Month(month));
            at += 1;
        } else if word.bytes().all(|b| b.is_ascii_digit()) {
            let value = word.parse().ok().filter(|_| word.len() <= 4)?;
            parts.push(Part::Number(Number { value, digits: word.len() }));
        } else if !BETWEEN.contains(&word.as_str()) {
            // "Wednesday, 21 March 2001".
            match month(word) {
                Some(month) => parts.push(Part::Month(month)),
                None if at == 0 && day.contains(',') && words.len() > 3 => {}
                None => return None,
            }
        }
        at += 1;
    }
    (parts.len() <= 3).then_some(parts)
}

/// Returns the words and numbers of a date in small letters, apart where digits and letters meet.
fn words(day: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut kind = None;
    for c in comparable(day).chars() {
        let (c, now) = match digit(c) {
            Some(digit) => (digit, Some(true)),
            None if c.is_alphabetic() || is_mark(c) => (c, Some(false)),
            None => (c, None),
        };
        match (now, words.last_mut()) {
            (None, _) => {}
            (Some(_), Some(word)) if now == kind => word.push(c),
            (Some(_), _) => words.push(c.to_string()),
        }
        kind = now;
    }
    words
}

/// Whether a sign is part of a word: vowels of Indian and Thai scripts, degree signs behind numbers.
fn is_mark(c: char) -> bool {
    matches!(c, '°' | 'º' | 'ª' | '\u{900}'..='\u{97f}' | '\u{980}'..='\u{9ff}' | '\u{e30}'..='\u{e4f}' | '\u{300}'..='\u{36f}')
}

/// Returns a digit of any of the scripts in which dates are written as one of ASCII.
fn digit(c: char) -> Option<char> {
    let zeros = [0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0xff10];
    let value = zeros.iter().find_map(|zero| (c as u32).checked_sub(*zero).filter(|value| *value < 10))?;
    char::from_digit(value, 10)
}

fn of_parts(parts: &[Part], day: &str, days_first: Option<bool>) -> Option<Result<Written, Wrong>> {
    let partial = |year: Number, month: Option<u8>| {
        let known = year.digits == 4 && year.value > 0;
        known
            .then_some(Ok(Written { date: PartialDate { year: year.value, month, day: None }, century_guessed: false }))
    };
    let numbers: Vec<Number> = parts.iter().filter_map(Part::number).collect();
    let months: Vec<u8> = parts.iter().filter_map(Part::month).collect();
    match (months.as_slice(), numbers.as_slice()) {
        ([month], [year]) if year.digits == 4 => partial(*year, Some(*month)),
        // "Apr-01", as spreadsheets shorten a month of a year; "Apr 01" may be a day.
        ([month], [year]) if matches!(parts, [Part::Month(_), _]) && day.contains(['-', '\'', '\u{2019}', '/']) => {
            let (year, guessed) = full_year(*year)?;
            let date = PartialDate { year, month: Some(*month), day: None };
            Some(Ok(Written { date, century_guessed: guessed }))
        }
        ([month], [year, day]) if year.digits == 4 => on(*year, *month, *day),
        ([month], [day, year]) => on(*year, *month, *day),
        ([], [year]) => partial(*year, None),
        // Statistics programs write 2004.0 for a year.
        ([], [year, Number { value: 0, digits: 1 }]) if day.contains('.') => partial(*year, None),
        ([], [year, month]) if year.digits == 4 => partial(*year, Some(month_number(*month)?)),
        ([], [month, year]) => partial(*year, Some(month_number(*month)?)),
        ([], [year, month, day]) if year.digits == 4 => match month_number(*month) {
            Some(month) => on(*year, month, *day),
            None => (month.digits <= 2 && day.digits <= 2).then_some(Err(Wrong::NoSuchDay)),
        },
        ([], [a, b, year]) => in_numbers(*a, *b, *year, day, days_first),
        _ => None,
    }
}

/// Reads `21.03.2001`, `3/21/2001` and `21.03.01`: with points the day comes first everywhere; with strokes that depends on
/// the country.
fn in_numbers(
    a: Number,
    b: Number,
    year: Number,
    day: &str,
    days_first: Option<bool>,
) -> Option<Result<Written, Wrong>> {
    let fits = |n: Number| n.digits <= 2 && (1..=31).contains(&n.value);
    if !fits(a) || !fits(b) || !matches!(year.digits, 2 | 4) {
        return None;
    }
    let day_before = || month_number(b).map_or(Some(Err(Wrong::NoSuchDay)), |month| on(year, month, a));
    let month_before = || month_number(a).map_or(Some(Err(Wrong::NoSuchDay)), |month| on(year, month, b));
    if day.contains('.') || comparable(day).contains("tháng") {
        return day_before();
    }
    // "01-03-21" may begin with the year.
    if year.digits == 2 && !day.contains('/') {
        return Some(Err(Wrong::Ambiguous));
    }
    match days_first {
        _ if a.value > 12 || a.value == b.value => day_before(),
        _ if b.value > 12 => month_before(),
        Some(true) => day_before(),
        Some(false) => month_before(),
        None => Some(Err(Wrong::Ambiguous)),
    }
}

impl Part {
    const fn number(&self) -> Option<Number> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Month(_) => None,
        }
    }

    const fn month(&self) -> Option<u8> {
        match self {
            Self::Month(month) => Some(*month),
            Self::Number(_) => None,
        }
    }
}

fn month_number(number: Number) -> Option<u8> {
    u8::try_from(number.value).ok().filter(|month| number.digits <= 2 && (1..=12).contains(month))
}

/// Returns a year, and whether its century is a guess.
fn full_year(year: Number) -> Option<(u16, bool)> {
    match year.digits {
        4 if year.value > 0 => Some((year.value, false)),
        2 => Some((year.value + if year.value < THIS_CENTURY_BELOW { 2000 } else { 1900 }, true)),
        _ => None,
    }
}

fn on(year: Number, month: u8, day: Number) -> Option<Result<Written, Wrong>> {
    let (year, century_guessed) = full_year(year).filter(|_| day.digits <= 2)?;
    let date = format!("{year:04}-{month:02}-{:02}", day.value).parse();
    Some(date.map(|date| Written { date, century_guessed }).map_err(|_| Wrong::NoSuchDay))
}

/// Returns the day of `20010321`.
fn compact(cell: &str) -> Option<PartialDate> {
    let digits = cell.len() == 8 && cell.bytes().all(|b| b.is_ascii_digit());
    let (year, rest) = cell.split_at_checked(4).filter(|(year, _)| digits && year.starts_with(['1', '2']))?;
    let (month, day) = rest.split_at_checked(2)?;
    format!("{year}-{month}-{day}").parse().ok()
}

/// Returns the day that a spreadsheet counts from the end of 1899, for days from 1927 on: a smaller number is a year.
fn serial(cell: &str) -> Option<PartialDate> {
    let (whole, fraction) = cell.split_once('.').unwrap_or((cell, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let days: i64 = whole.parse().ok().filter(|_| digits(whole) && digits(fraction))?;
    if !(10_000..=80_000).contains(&days) {
        return None;
    }
    // Days since 1 March of the year 0, in eras of 400 years. # Source  Hinnant, chrono-compatible date algorithms
    let days = days + 693_899;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}").parse().ok()
}

/// Returns the month that a word names, or that all words name that begin with its three letters or more.
fn month(word: &str) -> Option<u8> {
    // In Hebrew "in" is a letter before the word.
    let known = MONTHS.get(word).or_else(|| MONTHS.get(word.strip_prefix('ב')?));
    if let Some(month) = known {
        return *month;
    }
    if word.chars().count() < 3 {
        return None;
    }
    let mut longer = MONTHS.range(word..).take_while(|(name, _)| name.starts_with(word)).map(|(_, month)| *month);
    let first = longer.next()?;
    longer.all(|month| month == first).then_some(first).flatten()
}

/// The months by all their names. A name that is two months in two languages (listopad) is none.
static MONTHS: LazyLock<BTreeMap<&'static str, Option<u8>>> = LazyLock::new(|| {
    let mut months: BTreeMap<&str, Option<u8>> = BTreeMap::new();
    for names in NAMES {
        for (month, names) in (1_u8..).zip(names.split(' ')) {
            for name in names.split('|') {
                let known = months.entry(name).or_insert(Some(month));
                *known = known.filter(|known| *known == month);
            }
        }
    }
    months.extend(TWO_WORDS.iter().map(|(name, month)| (*name, Some(*month))));
    months
});

/// Months of two words: those of the Levant.
static TWO_WORDS: &[(&str, u8)] = &[("كانون الثاني", 1), ("تشرين الأول", 10), ("تشرين الثاني", 11), ("كانون الأول", 12)];

/// The names of the twelve months, a row a language, with a stroke between several of one month.
static NAMES: &[&str] = &[
    // English
    "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug september|sep|sept october|oct november|nov december|dec",
    // German
    "januar|jänner februar|feber märz|maerz|mrz april mai juni juli august september oktober|okt november dezember|dez",
    // French
    "janvier|janv février|fevrier|févr|fév mars avril|avr mai juin juillet|juil août|aout septembre octobre novembre décembre|decembre|déc",
    // Dutch
    "januari februari maart|mrt april mei juni juli augustus september oktober november december",
    // Spanish
    "enero|ene febrero marzo abril|abr mayo junio julio agosto|ago septiembre|setiembre|set octubre noviembre diciembre|dic",
    // Italian
    "gennaio|gen febbraio marzo aprile maggio|mag giugno|giu luglio|lug agosto|ago settembre|set ottobre|ott novembre dicembre|dic",
    // Portuguese
    "janeiro fevereiro|fev março|marco abril|abr maio junho julho agosto|ago setembro|set outubro|out novembro dezembro|dez",
    // Romanian
    "ianuarie|ian februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie|noi decembrie",
    // Catalan
    "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre",
    // Russian
    "январь|января|янв февраль|февраля март|марта апрель|апреля май|мая июнь|июня июль|июля август|августа сентябрь|сентября октябрь|октября ноябрь|ноября декабрь|декабря",
    // Ukrainian
    "січень|січня лютий|лютого березень|березня квітень|квітня травень|травня червень|червня липень|липня серпень|серпня вересень|вересня жовтень|жовтня листопад|листопада грудень|грудня",
    // Belarusian
    "студзень|студзеня люты|лютага сакавік|сакавіка красавік|красавіка май|мая чэрвень|чэрвеня ліпень|ліпеня жнівень|жніўня верасень|верасня кастрычнік|кастрычніка лістапад|лістапада снежань|снежня",
    // Bulgarian
    "януари февруари март април май юни юли август септември октомври ноември декември",
    // Serbian, Bosnian, Macedonian
    "јануар|јануара|јануари фебруар|фебруара|фебруари март|марта април|априла мај|маја јун|јуна|јуни јул|јула|јули август|августа септембар|септембра|септември октобар|октобра|октомври новембар|новембра|ноември децембар|децембра|декември",
    "januar|januara februar|februara mart|marta april|aprila maj|maja jun|juna jul|jula avgust|avgusta septembar|septembra oktobar|oktobra novembar|novembra decembar|decembra",
    // Croatian
    "siječanj|siječnja veljača|veljače ožujak|ožujka travanj|travnja svibanj|svibnja lipanj|lipnja srpanj|srpnja kolovoz|kolovoza rujan|rujna listopad|listopada studeni|studenoga|studenog prosinac|prosinca",
    // Polish
    "styczeń|stycznia luty|lutego marzec|marca kwiecień|kwietnia maj|maja czerwiec|czerwca lipiec|lipca sierpień|sierpnia wrzesień|września październik|października listopad|listopada grudzień|grudnia",
    // Czech
    "leden|ledna únor|února březen|března duben|dubna květen|května červen|června červenec|července srpen|srpna září říjen|října listopad|listopadu prosinec|prosince",
    // Slovak
    "január|januára február|februára marec|marca apríl|apríla máj|mája jún|júna júl|júla august|augusta september|septembra október|októbra november|novembra december|decembra",
    // Slovenian
    "januar|januarja februar|februarja marec|marca april|aprila maj|maja junij|junija julij|julija avgust|avgusta september|septembra oktober|oktobra november|novembra december|decembra",
    // Hungarian
    "január február március április május június július augusztus szeptember október november december",
    // Lithuanian
    "sausis|sausio vasaris|vasario kovas|kovo balandis|balandžio gegužė|gegužės birželis|birželio liepa|liepos rugpjūtis|rugpjūčio rugsėjis|rugsėjo spalis|spalio lapkritis|lapkričio gruodis|gruodžio",
    // Latvian
    "janvāris|janvārī februāris|februārī marts|martā aprīlis|aprīlī maijs|maijā jūnijs|jūnijā jūlijs|jūlijā augusts|augustā septembris|septembrī oktobris|oktobrī novembris|novembrī decembris|decembrī",
    // Estonian
    "jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember",
    // Swedish, Danish, Norwegian
    "januari februari mars april maj juni juli augusti september oktober november december",
    "januar februar marts|mars april maj|mai juni juli august september oktober november december|desember|des",
    // Icelandic
    "janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember",
    // Finnish
    "tammikuu|tammikuuta helmikuu|helmikuuta maaliskuu|maaliskuuta huhtikuu|huhtikuuta toukokuu|toukokuuta kesäkuu|kesäkuuta heinäkuu|heinäkuuta elokuu|elokuuta syyskuu|syyskuuta lokakuu|lokakuuta marraskuu|marraskuuta joulukuu|joulukuuta",
    // Albanian
    "janar shkurt mars prill maj qershor korrik gusht shtator tetor nëntor dhjetor",
    // Greek
    "ιανουάριος|ιανουαρίου φεβρουάριος|φεβρουαρίου μάρτιος|μαρτίου απρίλιος|απριλίου μάιος|μαΐου ιούνιος|ιουνίου ιούλιος|ιουλίου αύγουστος|αυγούστου σεπτέμβριος|σεπτεμβρίου οκτώβριος|οκτωβρίου νοέμβριος|νοεμβρίου δεκέμβριος|δεκεμβρίου",
    // Turkish, Azerbaijani
    "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr",
    // Arabic
    "يناير فبراير مارس أبريل|ابريل|إبريل مايو يونيو يوليو أغسطس|اغسطس سبتمبر أكتوبر|اكتوبر نوفمبر ديسمبر",
    "جانفي شباط|فيفري آذار نيسان|أفريل أيار|ماي حزيران|جوان تموز|جويلية آب|أوت أيلول أكتوبر نوفمبر ديسمبر",
    // Persian, Urdu
    "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",
    "جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر",
    // Hebrew
    "ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר",
    // Hindi, Bengali
    "जनवरी फ़रवरी|फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर|सितम्बर अक्टूबर|अक्तूबर नवंबर|नवम्बर दिसंबर|दिसम्बर",
    "জানুয়ারি ফেব্রুয়ারি মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর",
    // Thai
    "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
    // Indonesian, Malay
    "januari februari maret april mei juni juli agustus september oktober november desember",
    "januari februari mac april mei jun julai ogos september oktober november disember",
    // Swahili
    "januari februari machi aprili mei juni julai agosti septemba oktoba novemba desemba",
    // Armenian, Georgian
    "հունվար|հունվարի փետրվար|փետրվարի մարտ|մարտի ապրիլ|ապրիլի մայիս|մայիսի հունիս|հունիսի հուլիս|հուլիսի օգոստոս|օգոստոսի սեպտեմբեր|սեպտեմբերի հոկտեմբեր|հոկտեմբերի նոյեմբեր|նոյեմբերի դեկտեմբեր|դեկտեմբերի",
    "იანვარი თებერვალი მარტი აპრილი მაისი ივნისი ივლისი აგვისტო სექტემბერი ოქტომბერი ნოემბერი დეკემბერი",
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(cell: &str, days_first: Option<bool>, want: &str) {
        let got = match read(cell, days_first) {
            Ok(None) => "blank".to_owned(),
            Ok(Some(written)) => format!("{}{}", written.date, if written.century_guessed { "?" } else { "" }),
            Err(e) => e.to_string(),
        };
        assert_eq!(got, want, "{cell:?}");
    }

    #[test]
    fn dates_of_spreadsheets_and_people() {
        for (cell, want) in [
            ("2001-03-21", "2001-03-21"),
            ("2001-03-21T10:15:00Z", "2001-03-21"),
            ("21.03.2001 00:00", "2001-03-21"),
            ("3/21/2019 14:05", "2019-03-21"),
            ("3/21/2019 2:05:00 PM", "2019-03-21"),
            ("21.3.2019", "2019-03-21"),
            ("3-Apr-01", "2001-04-03?"),
            ("3-Apr-77", "1977-04-03?"),
            ("Apr-01", "2001-04?"),
            ("21.03.01", "2001-03-21?"),
            ("20010401", "2001-04-01"),
            ("36971", "2001-03-21"),
            ("2004.0", "2004"),
            ("03/2001", "2001-03"),
            ("2001-03", "2001-03"),
            ("Wednesday, 21 March 2001", "2001-03-21"),
            ("March 21st, 2001", "2001-03-21"),
            ("21 Aug 2002 a", "2002-08-21"),
            ("2001年3月21日", "2001-03-21"),
            ("2001년 3월", "2001-03"),
            ("٢١ مارس ٢٠٠١", "2001-03-21"),
            ("3 tháng 4 năm 2001", "2001-04-03"),
            ("-", "blank"),
        ] {
            check(cell, None, want);
        }
        check("03/04/2001", Some(true), "2001-04-03");
        check("03/04/2001", Some(false), "2001-03-04");
        check("03/04/01", Some(false), "2001-03-04?");
    }

    #[test]
    fn months_in_many_languages() {
        for cell in [
            "21 mars 2001",
            "21. März 2001",
            "21 de marzo de 2001",
            "21 marzo 2001",
            "21 de março de 2001",
            "21 maart 2001",
            "21 марта 2001 г.",
            "21 березня 2001 року",
            "21 marca 2001",
            "21. března 2001",
            "21 Mart 2001",
            "2001. március 21.",
            "21 Μαρτίου 2001",
            "21 آذار 2001",
            "21 במרץ 2001",
            "21 मार्च 2001",
            "21 มีนาคม 2001",
            "21. maaliskuuta 2001",
        ] {
            check(cell, None, "2001-03-21");
        }
        check("1er février 2001", None, "2001-02-01");
        check("5 كانون الثاني 2001", None, "2001-01-05");
        check("5 listopadu 2001", None, "2001-11-05");
        check("juil. 2001", None, "2001-07");
    }

    #[test]
    fn a_year_has_twelve_months_in_every_language() {
        for names in NAMES {
            assert_eq!(names.split(' ').count(), 12, "{names}");
        }
    }

    #[test]
    fn what_is_no_date() {
        check("11/12/2000", None, "`11/12/2000` may be day and month or month and day");
        check("01-03-21", None, "`01-03-21` may be day and month or month and day");
        check("31 Feb 2000", None, "`31 Feb 2000` is a day that no calendar has");
        check("2000-13-01", None, "`2000-13-01` is a day that no calendar has");
        for bad in [
            "soon",
            "2000-13",
            "2001-2003",
            "Apr 01",
            "5 listopada 2001",
            "5 listopad 2001",
            "99999999",
            "may be 3 or 2001",
            "12",
        ] {
            check(bad, None, &format!("`{bad}` is no date"));
        }
    }

    #[test]
    fn a_column_tells_what_comes_first() {
        for (cells, want) in [
            (["01/02/2001", "25/02/2001"].as_slice(), Some(true)),
            (&["01/02/2001", "2/25/2001 14:05"], Some(false)),
            (&["01/02/2001"], None),
            (&["13/02/2001", "02/13/2001"], None),
            (&["21.03.2001", "2001-03-21"], None),
        ] {
            assert_eq!(days_first(cells.iter().copied()), want, "{cells:?}");
        }
    }

    #[test]
    fn days_of_spreadsheets() {
        // As LibreOffice 24.2 shows them.
        for (cell, want) in
            [("36526", "2000-01-01"), ("36585", "2000-02-29"), ("45351.5", "2024-02-29"), ("25569", "1970-01-01")]
        {
            assert_eq!(serial(cell).map(|day| day.to_string()).as_deref(), Some(want));
        }
        assert_eq!(serial("2001"), None);
    }

    proptest! {
        #[test]
        fn no_cell_panics(cell in "\\PC{0,20}", parts in "[0-9a-zA-Z./ '\\-年月]{0,16}") {
            let _ = read(&cell, None);
            let _ = read(&parts, Some(true));
        }
    }
}
