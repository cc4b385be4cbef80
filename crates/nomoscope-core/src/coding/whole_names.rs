//! Names that are one word and hold another name: Indonesia (印度尼西亚) is not India (印度).
//!
//! The dictionary of words behind scripts without spaces does not know them and cuts them in two. Data only, from the
//! names of states, seas and regions in Chinese and Japanese; a row more is a name more.

/// The names, in simplified and traditional characters and in kana.
static NAMES: &[&str] = &[
    "印度尼西亚",
    "印度尼西亞",
    "印度洋",
    "印度支那",
    "印度河",
    "几内亚比绍",
    "幾內亞比紹",
    "幾內亞比索",
    "赤道几内亚",
    "赤道幾內亞",
    "巴布亚新几内亚",
    "巴布亞新幾內亞",
    "巴布亞紐幾內亞",
    "新几内亚",
    "新幾內亞",
    "紐幾內亞",
    "南苏丹",
    "南蘇丹",
    "北爱尔兰",
    "北愛爾蘭",
    "索马里兰",
    "索馬里蘭",
    "内蒙古",
    "內蒙古",
    "新墨西哥",
    "西班牙港",
    "法属圭亚那",
    "法屬圭亞那",
    "约旦河",
    "約旦河",
    "刚果河",
    "剛果河",
    "日本海",
    "新英格兰",
    "新英格蘭",
    "新泽西",
    "新澤西",
    "南乔治亚",
    "南喬治亞",
    "インドネシア",
    "インドシナ",
    "インド洋",
    "ギニアビサウ",
    "赤道ギニア",
    "パプアニューギニア",
    "ニューギニア",
    "南スーダン",
    "北アイルランド",
    "内モンゴル",
    "ニューメキシコ",
    "ニューイングランド",
    "コンゴ川",
    "ヨルダン川",
];

/// Returns the bytes of the name with which a text begins; the longest of several.
pub(super) fn whole_name(text: &str) -> Option<usize> {
    NAMES.iter().filter(|name| text.starts_with(**name)).map(|name| name.len()).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_name_is_taken() {
        assert_eq!(whole_name("印度尼西亚的首都"), Some("印度尼西亚".len()));
        assert_eq!(whole_name("印度的首都"), None);
        assert_eq!(whole_name("パプアニューギニア"), Some("パプアニューギニア".len()));
    }
}
