//! What the loader promises: Psych's values, places in bytes, bounds, and words for mistakes.

use proptest::prelude::*;

use super::*;
use crate::span::Source;

fn mapped(text: &str) -> Mapped {
    let source = Source::new("a.yml", text);
    Mapped::from_source(&source, 0..text.len())
}

fn value(text: &str) -> Value {
    load(&mapped(text)).unwrap().value.to_value()
}

fn error(text: &str) -> (String, String) {
    let diagnostic = *load(&mapped(text)).unwrap_err();
    let place = diagnostic.place.unwrap();
    (diagnostic.message, place.text().to_owned())
}

#[test]
fn plain_scalars_mean_what_psych_says() {
    let int = Value::Integer;
    let float = Value::Float;
    for (text, meant) in [
        ("yes", Value::Bool(true)),
        ("On", Value::Bool(true)),
        ("NO", Value::Bool(false)),
        ("y", "y".into()),
        ("~", Value::Null),
        ("null", Value::Null),
        ("nUlL", Value::Null),
        ("010", int(8)),
        ("017", int(15)),
        ("018", "018".into()),
        ("0,", int(0)),
        ("0o17", "0o17".into()),
        ("0x1F", int(31)),
        ("0b11", int(3)),
        ("1_000", int(1000)),
        ("1,000", int(1000)),
        ("-3", int(-3)),
        ("+3", int(3)),
        ("1:30", int(5400)),
        ("12:30", int(45000)),
        ("1:30:15", int(5415)),
        ("1:75", "1:75".into()),
        (".5", float(0.5)),
        ("1.10", float(1.1)),
        ("1.", float(1.0)),
        ("1e3", "1e3".into()),
        ("1.5e+3", float(1500.0)),
        (".", ".".into()),
        ("1.2.3", "1.2.3".into()),
        (".inf", float(f64::INFINITY)),
        (":symbol", ":symbol".into()),
        ("250ms", "250ms".into()),
        ("100/s", "100/s".into()),
        ("5%", "5%".into()),
        ("2024-01-02", Value::Date(Date::new(2024, 1, 2).unwrap())),
        ("2024-02-30", "2024-02-30".into()),
        ("2024-01-02 10:20", "2024-01-02 10:20".into()),
        ("'010'", "010".into()),
        ("\"yes\"", "yes".into()),
        ("!!str 010", "010".into()),
        ("|\n  yes\n", "yes\n".into()),
    ] {
        assert_eq!(value(text), meant, "{text}");
    }
    let Value::Time(moment) = value("2024-01-02 10:20:30 +0900") else { panic!("no time") };
    assert_eq!(moment.to_string(), "2024-01-02 10:20:30 +0900");
}

#[test]
fn keys_are_text() {
    let map = value("no: a\n010: b\n1.10: c\n~: d\n{x: y}: e\n");
    let keys: Vec<&str> = map.as_map().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["false", "8", "1.1", "", "{x: y}"]);
}

#[test]
fn a_repeated_key_keeps_its_last_value_and_says_so() {
    let text = mapped("제목: 하나\nb: 2\n제목: 둘\n");
    let staged = load(&text).unwrap();
    assert_eq!(staged.value.get("제목").unwrap().as_str(), Some("둘"));
    assert_eq!(staged.value.as_mapping().unwrap().keys().collect::<Vec<_>>(), ["제목", "b"]);
    let [warning] = staged.diagnostics.as_slice() else { panic!("one warning") };
    assert_eq!(warning.code, DUPLICATE_KEY);
    assert_eq!(warning.place.as_ref().unwrap().line_column(), (3, 1));
    assert_eq!(warning.related[0].place.line_column(), (1, 1));
}

#[test]
fn merges_happen_where_they_stand() {
    let map = value("base: &b {x: 1, y: 2}\none: {<<: *b, x: 3}\ntwo: {x: 3, <<: *b}\n");
    let x = |name: &str| map.get(name).unwrap().get("x").cloned();
    assert_eq!(x("one"), Some(Value::Integer(3)));
    assert_eq!(x("two"), Some(Value::Integer(1)));
    let map = value("a: &a {x: 1}\nb: &b {x: 2, z: 3}\nc:\n  <<: [*a, *b]\n");
    assert_eq!(map.get("c").unwrap().get("x"), Some(&Value::Integer(1)));
    assert_eq!(map.get("c").unwrap().get("z"), Some(&Value::Integer(3)));
}

#[test]
fn places_are_bytes_of_the_author_s_file() {
    let source = Source::new(
        "a.md",
        "머리\n---\n제목: \"한글 제목\"  # 주석\r\n목록: [가, 나다]\r\n빈:\n---\n",
    );
    let start = source.text().find("제목").unwrap();
    let end = source.text().rfind("---").unwrap();
    let text = Mapped::from_source(&source, start..end);
    let node = load(&text).unwrap().value;
    let shown = |node: &Node| text.locate(node.range.clone()).unwrap().text().to_owned();
    assert_eq!(shown(node.get("제목").unwrap()), "\"한글 제목\"");
    assert_eq!(shown(node.get("목록").unwrap()), "[가, 나다]");
    assert_eq!(shown(&node.get("목록").unwrap().as_sequence().unwrap()[1]), "나다");
    assert_eq!(shown(node.get("빈").unwrap()), "빈");
    let entry = node.as_mapping().unwrap().entry("목록").unwrap();
    assert_eq!(text.locate(entry.key_range.clone()).unwrap().text(), "목록");
    assert!(shown(&node).starts_with("제목") && shown(&node).ends_with("빈"));
}

#[test]
fn block_values_have_tight_places() {
    let text = "a:\n  - x\n  -\n  - k: v\n    l: |\n      글\n      글\nb: 둘\n";
    let node = load(&mapped(text)).unwrap().value;
    let shown = |node: &Node| &text[node.range.clone()];
    let list = node.get("a").unwrap();
    let items = list.as_sequence().unwrap();
    assert_eq!(shown(&items[0]), "x");
    assert_eq!(shown(&items[1]), "-");
    assert_eq!(shown(&items[2]), "k: v\n    l: |\n      글\n      글");
    assert_eq!(shown(list), &text[5..text.find("\nb").unwrap()]);
    assert_eq!(shown(node.get("b").unwrap()), "둘");
}

#[test]
fn mistakes_are_told_in_the_author_s_words() {
    for (text, message, at) in [
        ("title: foo: bar\n", "a second colon in an unquoted value", ":"),
        ("제목: 람다: 동시성\nb: 1\n", "a second colon in an unquoted value", ":"),
        ("a: @x\n", "a value can't begin with `@`", "@"),
        ("a: %x\n", "a value can't begin with `%`", "%"),
        ("a: `x`\n", "a value can't begin with a back-tick", "`"),
        ("a:\n\tb: 1\n", "a tab can't indent YAML", "\t"),
        ("a: \"열린\nb: 2\n", "a \" that is never closed", "\""),
        ("a: 'x\nb: 'y'\n", "a ' that is never closed", "'"),
        ("tags: [a, b\nlayout: x\n", "a `[` that is never closed", "["),
        ("tags: {a: b\n", "a `{` that is never closed", "{"),
        ("title: [x] y\n", "text behind a closing bracket", "y"),
        ("title: \"x\" y\n", "text behind a closing quote", "y"),
        ("a: *b\n", "there is no anchor `&b` above", "*b"),
        ("title: x\nlayout:post\n", "no space behind the colon of a key", ":"),
        (
            "title: x\njust words\n",
            "a line that is neither `key: value` nor a list entry",
            "just words",
        ),
        ("a: 1\n  b: 2\n", "a key where no map can begin", ":"),
        ("a: \"\\q\"\n", "a backslash sequence that YAML doesn't know", "\\q"),
    ] {
        assert_eq!(error(text), (message.to_owned(), at.to_owned()), "{text}");
    }
}

#[test]
fn what_would_never_end_is_refused() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..10 {
        let before = format!("*a{}", level - 1);
        let list = vec![before; 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{list}]\n"));
    }
    assert_eq!(load(&mapped(&text)).unwrap_err().code, UNBOUNDED_EXPANSION);
    assert_eq!(load(&mapped("a: &a [*a]\n")).unwrap_err().code, UNBOUNDED_EXPANSION);
    assert_eq!(load(&mapped(&"[".repeat(100_000))).unwrap_err().code, TOO_DEEP);
    assert_eq!(load(&mapped(&"- ".repeat(100_000))).unwrap_err().code, TOO_DEEP);
    assert_eq!(load(&mapped("a: !ruby/object:Foo x\n")).unwrap_err().code, UNSUPPORTED_TAG);
}

#[test]
fn only_the_first_document_counts_and_nothing_is_null() {
    assert_eq!(value(""), Value::Null);
    assert_eq!(value("# 주석뿐\n"), Value::Null);
    assert_eq!(value("a\n---\nb\n"), "a".into());
}

fn check_ranges(node: &Node, text: &str) {
    assert!(text.get(node.range.clone()).is_some(), "{:?} in {text:?}", node.range);
    match &node.value {
        NodeValue::Sequence(nodes) => nodes.iter().for_each(|node| check_ranges(node, text)),
        NodeValue::Mapping(mapping) => {
            for entry in &mapping.entries {
                assert!(text.get(entry.key_range.clone()).is_some());
                check_ranges(&entry.value, text);
            }
        }
        _ => {}
    }
}

fn yaml_like() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("a: ".to_owned()),
        Just("- ".to_owned()),
        Just("\n".to_owned()),
        Just("\r\n".to_owned()),
        Just("  ".to_owned()),
        Just("[".to_owned()),
        Just("]".to_owned()),
        Just("{".to_owned()),
        Just("}".to_owned()),
        Just("\"".to_owned()),
        Just("'".to_owned()),
        Just("&a ".to_owned()),
        Just("*a".to_owned()),
        Just("<<: ".to_owned()),
        Just("|\n".to_owned()),
        Just("---\n".to_owned()),
        Just("#".to_owned()),
        Just("\t".to_owned()),
        Just("? ".to_owned()),
        Just("\u{feff}".to_owned()),
        "[가-힣]{1,3}",
        "[0-9:.,_-]{1,6}",
        "\\PC",
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_text_makes_the_loader_panic(text in yaml_like()) {
        match load(&mapped(&text)) {
            Ok(staged) => check_ranges(&staged.value, &text),
            Err(diagnostic) => {
                // A place was made from the range, so it lies on character boundaries.
                prop_assert!(diagnostic.place.is_some() || text.is_empty());
            }
        }
    }

    #[test]
    fn no_scalar_makes_the_resolver_panic(text in "\\PC{0,20}") {
        resolve::resolve(&text);
    }
}

#[test]
fn a_tab_may_follow_a_key() {
    let loaded = value("a: \"x:\ty\"\nb:\t\tz\nc:\td # e\n");
    let get = |key| loaded.get(key).and_then(Value::as_str).map(str::to_owned);
    assert_eq!(get("a").as_deref(), Some("x:\ty"));
    assert_eq!(get("b").as_deref(), Some("z"));
    assert_eq!(get("c").as_deref(), Some("d"));
    assert!(load(&mapped("a:\n\tb: c\n")).is_err());
}
