//! The words of the interface, in Korean and English.

use serde::Serialize;

use crate::quantity::Language;

/// A phrase with a number in the place of `{n}`, for one and for more than one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// The phrase for one.
    pub one: &'static str,
    /// The phrase for every other number.
    pub other: &'static str,
}

/// A phrase that doesn't change with its number, as in Korean.
const fn same(phrase: &'static str) -> Counted {
    Counted { one: phrase, other: phrase }
}

/// The words of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each field's name is its meaning, its value the words")]
pub struct Words {
    pub skip_to_content: &'static str,
    pub main_menu: &'static str,
    pub side_menu: &'static str,
    pub color_mode: &'static str,
    pub color_mode_system: &'static str,
    pub color_mode_light: &'static str,
    pub color_mode_dark: &'static str,
    pub breadcrumbs: &'static str,
    pub home: &'static str,
    pub contents: &'static str,
    pub author: &'static str,
    pub published: &'static str,
    pub updated: &'static str,
    pub categories: &'static str,
    pub category: &'static str,
    pub tags: &'static str,
    pub tag: &'static str,
    pub posts: &'static str,
    pub recent_posts: &'static str,
    pub related_posts: &'static str,
    pub neighbours: &'static str,
    pub older: &'static str,
    pub newer: &'static str,
    pub pages: &'static str,
    pub older_posts: &'static str,
    pub newer_posts: &'static str,
    pub page_number: &'static str,
    pub archive: &'static str,
    pub years: &'static str,
    pub share: &'static str,
    pub feed: &'static str,
    pub all_posts: &'static str,
    pub no_posts: &'static str,
    pub not_found: &'static str,
    pub not_found_text: &'static str,
    pub not_found_next: &'static str,
    pub copy: &'static str,
    pub copied: &'static str,
    pub table: &'static str,
    pub code: &'static str,
    pub minutes: Counted,
    pub post_count: Counted,
    pub scenario_count: Counted,
    pub expectation_count: Counted,
    pub held_count: Counted,
}

/// The words in Korean.
const KOREAN: Words = Words {
    skip_to_content: "본문으로 건너뛰기",
    main_menu: "주 메뉴",
    side_menu: "곁 메뉴",
    color_mode: "화면 밝기",
    color_mode_system: "시스템 설정",
    color_mode_light: "밝게",
    color_mode_dark: "어둡게",
    breadcrumbs: "현재 위치",
    home: "홈",
    contents: "목차",
    author: "글쓴이",
    published: "게시",
    updated: "고침",
    categories: "카테고리",
    category: "카테고리",
    tags: "태그",
    tag: "태그",
    posts: "글",
    recent_posts: "최근 글",
    related_posts: "함께 읽을 글",
    neighbours: "이전 글과 다음 글",
    older: "이전 글",
    newer: "다음 글",
    pages: "쪽 이동",
    older_posts: "이전 글 목록",
    newer_posts: "최근 글 목록",
    page_number: "{n}쪽",
    archive: "글 목록",
    years: "연도",
    share: "공유하기",
    feed: "피드",
    all_posts: "모두 보기",
    no_posts: "아직 글이 없습니다.",
    not_found: "페이지를 찾을 수 없습니다",
    not_found_text: "주소가 바뀌었거나 없어진 글일 수 있습니다.",
    not_found_next: "처음 화면으로 가거나 아래 최근 글에서 찾아 보세요.",
    copy: "복사",
    copied: "복사됨",
    table: "표",
    code: "코드",
    minutes: same("{n}분 읽기"),
    post_count: same("글 {n}개"),
    scenario_count: same("시나리오 {n}개"),
    expectation_count: same("기대 {n}개 중"),
    held_count: same("{n}개 성립"),
};

/// The words in English.
const ENGLISH: Words = Words {
    skip_to_content: "Skip to content",
    main_menu: "Main menu",
    side_menu: "Side menu",
    color_mode: "Colour mode",
    color_mode_system: "System",
    color_mode_light: "Light",
    color_mode_dark: "Dark",
    breadcrumbs: "You are here",
    home: "Home",
    contents: "On this page",
    author: "Author",
    published: "Published",
    updated: "Updated",
    categories: "Categories",
    category: "Category",
    tags: "Tags",
    tag: "Tag",
    posts: "Posts",
    recent_posts: "Recent posts",
    related_posts: "You may also like",
    neighbours: "Previous and next post",
    older: "Previous post",
    newer: "Next post",
    pages: "Pages",
    older_posts: "Older posts",
    newer_posts: "Newer posts",
    page_number: "Page {n}",
    archive: "All posts",
    years: "Years",
    share: "Share",
    feed: "Feed",
    all_posts: "See all",
    no_posts: "There are no posts yet.",
    not_found: "Page not found",
    not_found_text: "The address may have changed, or the page was removed.",
    not_found_next: "Go to the home page, or try one of the recent posts below.",
    copy: "Copy",
    copied: "Copied",
    table: "Table",
    code: "Code",
    minutes: Counted { one: "{n} minute read", other: "{n} minutes read" },
    post_count: Counted { one: "{n} post", other: "{n} posts" },
    scenario_count: Counted { one: "{n} scenario", other: "{n} scenarios" },
    expectation_count: Counted { one: "of {n} expectation", other: "of {n} expectations" },
    held_count: Counted { one: "{n} holds", other: "{n} hold" },
};

impl Words {
    /// The words in a language.
    pub const fn of(language: Language) -> &'static Self {
        match language {
            Language::Korean => &KOREAN,
            Language::English => &ENGLISH,
        }
    }
}
