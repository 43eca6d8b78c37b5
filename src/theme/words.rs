//! The words of the interface, in Korean and English.

use std::collections::BTreeMap;

use crate::quantity::{Language, format_number};

/// A word's key, the word in Korean, and in English. `{n}` stands for a number; where one has a
/// form of its own, it stands before the `|`.
const WORDS: [(&str, &str, &str); 45] = [
    ("skip_to_content", "본문으로 건너뛰기", "Skip to content"),
    ("main_menu", "주 메뉴", "Main menu"),
    ("side_menu", "곁 메뉴", "Side menu"),
    ("color_mode", "화면 밝기", "Colour mode"),
    ("color_mode_system", "시스템 설정", "System"),
    ("color_mode_light", "밝게", "Light"),
    ("color_mode_dark", "어둡게", "Dark"),
    ("breadcrumbs", "현재 위치", "You are here"),
    ("home", "홈", "Home"),
    ("contents", "목차", "On this page"),
    ("author", "글쓴이", "Author"),
    ("published", "게시", "Published"),
    ("updated", "고침", "Updated"),
    ("categories", "카테고리", "Categories"),
    ("category", "카테고리", "Category"),
    ("tags", "태그", "Tags"),
    ("tag", "태그", "Tag"),
    ("posts", "글", "Posts"),
    ("recent_posts", "최근 글", "Recent posts"),
    ("related_posts", "함께 읽을 글", "You may also like"),
    ("neighbours", "이전 글과 다음 글", "Previous and next post"),
    ("older", "이전 글", "Previous post"),
    ("newer", "다음 글", "Next post"),
    ("pages", "쪽 이동", "Pages"),
    ("older_posts", "이전 글 목록", "Older posts"),
    ("newer_posts", "최근 글 목록", "Newer posts"),
    ("page_number", "{n}쪽", "Page {n}"),
    ("archive", "글 목록", "All posts"),
    ("years", "연도", "Years"),
    ("share", "공유하기", "Share"),
    ("feed", "피드", "Feed"),
    ("all_posts", "모두 보기", "See all"),
    ("no_posts", "아직 글이 없습니다.", "There are no posts yet."),
    ("not_found", "페이지를 찾을 수 없습니다", "Page not found"),
    (
        "not_found_text",
        "주소가 바뀌었거나 없어진 글일 수 있습니다.",
        "The address may have changed, or the page was removed.",
    ),
    (
        "not_found_next",
        "처음 화면으로 가거나 아래 최근 글에서 찾아 보세요.",
        "Go to the home page, or try one of the recent posts below.",
    ),
    ("copy", "복사", "Copy"),
    ("copied", "복사됨", "Copied"),
    ("table", "표", "Table"),
    ("code", "코드", "Code"),
    ("minutes", "{n}분 읽기", "{n} minute read|{n} minutes read"),
    ("post_count", "글 {n}개", "{n} post|{n} posts"),
    ("scenario_count", "시나리오 {n}개", "{n} scenario|{n} scenarios"),
    ("expectation_count", "기대 {n}개 중", "of {n} expectation|of {n} expectations"),
    ("held_count", "{n}개 성립", "{n} holds|{n} hold"),
];

/// The words of the interface by their keys. Templates know them as `words`.
pub type Words = BTreeMap<&'static str, &'static str>;

/// The words in a language.
pub fn words(language: Language) -> Words {
    WORDS
        .iter()
        .map(|&(key, korean, english)| match language {
            Language::Korean => (key, korean),
            Language::English => (key, english),
        })
        .collect()
}

/// A phrase with a number in the place of `{n}`: `{n} post|{n} posts` gives `1 post`, `2 posts`,
/// `1,000 posts`.
pub fn fill(phrase: &str, number: f64) -> String {
    let (one, other) = phrase.split_once('|').unwrap_or((phrase, phrase));
    let phrase = if number == 1.0 { one } else { other };
    phrase.replace("{n}", &format_number(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_is_missing_or_named_twice() {
        for language in [Language::Korean, Language::English] {
            let words = words(language);
            assert_eq!(words.len(), WORDS.len());
            assert!(words.values().all(|word| !word.is_empty()));
        }
    }

    #[test]
    fn numbers_take_their_place() {
        assert_eq!(fill("{n} post|{n} posts", 1.0), "1 post");
        assert_eq!(fill("{n} post|{n} posts", 1000.0), "1,000 posts");
        assert_eq!(fill("글 {n}개", 1.0), "글 1개");
    }
}
