//! What happens when a site brings templates of its own, whole or broken.

use bogi::diagnostic::Diagnostic;
use bogi::theme::view::PageView;

use crate::sample;

/// The text at a diagnostic's place, its line and column, and the message.
fn told(diagnostic: &Diagnostic) -> (String, (usize, usize), String) {
    let place = diagnostic.place.as_ref().expect("a place in the site's file");
    (place.text().to_owned(), place.line_column(), diagnostic.message.clone())
}

fn page() -> PageView {
    PageView { url: "/a/".to_owned(), title: "제목".to_owned(), ..PageView::default() }
}

#[test]
fn a_site_s_file_takes_the_place_of_the_built_in_one() {
    let site = sample::site();
    let own = [
        ("parts/footer.html", "<footer>우리 집 바닥</footer>"),
        ("note.html", "노트 {{ page.title }}"),
    ];
    let staged = sample::theme_with(&own, &site);
    assert_eq!(staged.diagnostics, []);
    let theme = staged.value;
    let html = theme.render("single", &page()).unwrap();
    assert!(html.contains("우리 집 바닥") && !html.contains("class=\"foot\""));
    assert_eq!(theme.render("note", &page()).unwrap(), "노트 제목");
    assert!(theme.has("note") && !theme.has("parts/footer"));
}

#[test]
fn a_site_s_template_may_extend_the_built_in_one_of_its_name() {
    let text =
        "{% extends \"bogi/single.html\" %}\n{% block content %}먼저 {{ super() }}{% endblock %}";
    let staged = sample::theme_with(&[("single.html", text)], &sample::site());
    assert_eq!(staged.diagnostics, []);
    for layout in ["single", "post"] {
        let view = PageView { content: "<p>본문</p>".to_owned(), ..page() };
        assert!(
            staged.value.render(layout, &view).unwrap().contains("먼저 <p>본문</p>"),
            "{layout}"
        );
    }
}

#[test]
fn a_broken_template_spoils_only_the_pages_that_use_it() {
    let broken = [
        ("parts/footer.html", "<footer>{{ site.title | uppr }}</footer>", "E0602"),
        ("parts/footer.html", "<footer>{{ site.title </footer>", "E0601"),
        ("parts/footer.html", "{% include \"parts/foooter.html\" %}", "E0602"),
        ("single.html", "{% extends \"bse.html\" %}", "E0602"),
        ("single.html", "{% extends \"single.html\" %}", "E0603"),
    ];
    let site = sample::site();
    for (name, text, code) in broken {
        let other = ("alone.html", "혼자 {{ page.title }}");
        let staged = sample::theme_with(&[(name, text), other], &site);
        let codes: Vec<&str> = staged.diagnostics.iter().map(|found| found.code.0).collect();
        assert_eq!(codes, [code], "{text}");
        let error = staged.value.render("post", &page()).unwrap_err();
        assert_eq!(*error, staged.diagnostics[0], "{text}");
        assert_eq!(staged.value.render("alone", &page()).unwrap(), "혼자 제목", "{text}");
        let home = staged.value.render("home", &page());
        assert_eq!(home.is_ok(), name == "single.html", "{text}");
    }
}

#[test]
fn mistakes_are_told_at_their_place_with_a_way_out() {
    let site = sample::site();
    let text = "<p>\n  바닥 {{ site.title | uppr }}</p>";
    let staged = sample::theme_with(&[("parts/footer.html", text)], &site);
    let found = &staged.diagnostics[0];
    let expected = ("uppr".to_owned(), (2, 22), "unknown filter `uppr`".to_owned());
    assert_eq!(told(found), expected);
    assert_eq!(found.hints, ["did you mean `upper`?"]);

    let text = "{% extends \"bse.html\" %}";
    let staged = sample::theme_with(&[("single.html", text)], &site);
    assert_eq!(told(&staged.diagnostics[0]).0, "bse.html");
    assert_eq!(staged.diagnostics[0].hints, ["did you mean `base.html`?"]);

    let text = "{% extends \"single.html\" %}";
    let staged = sample::theme_with(&[("single.html", text)], &site);
    assert_eq!(told(&staged.diagnostics[0]).0, "single.html");
    let hint = "`bogi/single.html` names the built-in template of the same name";
    assert_eq!(staged.diagnostics[0].hints, [hint]);
}

#[test]
fn two_broken_templates_are_both_told() {
    let own = [("single.html", "{% if %}"), ("tags.html", "{{ 1 | nothing_like_it }}")];
    let staged = sample::theme_with(&own, &sample::site());
    let codes: Vec<&str> = staged.diagnostics.iter().map(|found| found.code.0).collect();
    assert_eq!(codes, ["E0601", "E0602"]);
}

#[test]
fn a_name_that_a_page_lacks_is_told_with_the_page() {
    let site = sample::site();
    let own = [("note.html", "<h1>{{ page.titel }}</h1>"), ("plain.html", "{{ pge.title }}")];
    let staged = sample::theme_with(&own, &site);
    assert_eq!(staged.diagnostics, []);
    let error = staged.value.render("note", &page()).unwrap_err();
    assert_eq!((error.code.0, told(&error).1), ("E0604", (1, 13)));
    assert_eq!(error.message, "field `titel` is not defined");
    assert_eq!(error.hints[0], "did you mean `title`?");
    assert_eq!(error.notes, ["while showing `/a/`"]);
    let error = staged.value.render("plain", &page()).unwrap_err();
    assert_eq!(error.hints[0], "did you mean `page`?");
}

#[test]
fn a_frame_without_a_block_leaves_out_what_would_go_there() {
    let site = sample::site();
    let staged =
        sample::theme_with(&[("base.html", "<body>{% block main %}{% endblock %}")], &site);
    let codes: Vec<&str> = staged.diagnostics.iter().map(|found| found.code.0).collect();
    assert_eq!(codes, ["W0605", "W0605"], "{:?}", staged.diagnostics);
    for (layout, file, view) in sample::pages(&site) {
        let html = staged.value.render(layout, &view).unwrap();
        assert!(html.starts_with("<body>") && !html.contains("class=\"side\""), "{file}");
    }
}

#[test]
fn a_page_without_end_is_stopped() {
    let text = "{% for i in range(end=100000) %}{{ page.content | safe }}{% endfor %}";
    let staged = sample::theme_with(&[("single.html", text)], &sample::site());
    let view = PageView { content: "가".repeat(1 << 20), ..page() };
    let error = staged.value.render("single", &view).unwrap_err();
    assert_eq!(error.code.0, "E0604");
    assert!(error.message.contains("64 MiB"), "{}", error.message);
}

#[test]
fn an_unknown_layout_is_shown_as_a_single_page() {
    let site = sample::site();
    let theme = sample::theme(&site);
    assert!(!theme.has("singel"));
    let found = theme.unknown_layout("singel", None, std::iter::empty(), true);
    assert_eq!((found.code.0, found.hints[0].as_str()), ("W0606", "did you mean `single`?"));
    assert_eq!(theme.render("singel", &page()), theme.render("single", &page()));
    assert_eq!(
        theme.unknown_layout("zzz", None, std::iter::empty(), true).hints,
        ["add `templates/zzz.html`"]
    );
}

#[test]
fn odd_templates_never_panic() {
    let odd = [
        "",
        "{{",
        "{%",
        "{#",
        "{{}}",
        "{% block a %}{% block a %}{% endblock %}{% endblock %}",
        "{% extends \"\" %}",
        "{% include \"\" %}",
        "{{ throw(message=\"\") }}",
        "\u{0}",
        "{% component menu(a) %}{% endcomponent menu %}",
        "{{ super() }}",
        "{% if false %}",
        "{{ [[[[[[[[1]]]]]]]] }}",
        "{% extends \"bogi/base.html\" %}{% extends \"base.html\" %}",
        "{% block main %}{% include \"base.html\" %}{% endblock %}",
    ];
    let site = sample::site();
    for text in odd {
        for name in ["base.html", "single.html", "parts/head.html", "parts/components.html"] {
            let staged = sample::theme_with(&[(name, text)], &site);
            for layout in ["single", "home", "base"] {
                let _ = staged.value.render(layout, &page());
            }
        }
    }
}
