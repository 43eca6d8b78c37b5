//! The reports of `bogi check` as their readers take them, and its selections, from outside.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::Event;
use serde_json::Value;

/// A block whose expectation holds or doesn't.
fn block(id: &str, claim: &str) -> String {
    format!(
        "```scenario\nid: {id}\nfunctions: {{ orders: {{ duration: 200ms }} }}\nevents:\n  \
         - {{ invoke: orders, at: 0s, count: 3 }}\nexpect:\n  - {claim}\n```\n\n"
    )
}

fn site(files: &[(&str, String)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "_config.yml", "title: 시험\n");
    for (path, text) in files {
        write(folder.path(), path, text);
    }
    folder
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn note(title: &str, text: &str) -> String {
    format!("---\ntitle: {title}\n---\n\n{text}")
}

fn check(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bogi"));
    command.arg("check").args(arguments).args(["--today", "2026-11-22"]).current_dir(folder);
    for name in ["JEKYLL_ENV", "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE", "GITHUB_SHA"] {
        command.env_remove(name);
    }
    command.env("NO_COLOR", "1").output().unwrap()
}

fn printed(folder: &Path, arguments: &[&str]) -> String {
    String::from_utf8(check(folder, arguments).stdout).unwrap()
}

fn said(folder: &Path, arguments: &[&str]) -> String {
    String::from_utf8(check(folder, arguments).stderr).unwrap()
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    serde_json::from_str(&printed(folder, &[arguments, &["--json"]].concat())).unwrap()
}

/// Two notes: one with a claim that holds and one that doesn't, a link that leads nowhere; one
/// whose block is no scenario.
fn faulty() -> tempfile::TempDir {
    let broken = block("broken", "orders.invocations == 4 && \"\\u0007<&\" != \"\"");
    let one = block("holding", "orders.invocations == 3") + &broken + "[없는 글](/nowhere/)\n";
    site(&[
        ("posts/2026-01-01-하나.md", note("하나", &one)),
        ("posts/2026-01-02-two.md", note("둘", "```scenario\nid: no_block\nfoo: 1\n```\n")),
    ])
}

/// An element's name with its attributes.
type Element = (String, Vec<(String, String)>);

fn elements(xml: &str) -> Vec<Element> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let mut found = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) | Event::Empty(start) => {
                let name = start.name().as_ref().to_owned();
                let attributes = start.attributes().map(|attribute| {
                    let attribute = attribute.unwrap();
                    let key = attribute.key.as_ref().to_owned();
                    let value = attribute.normalized_value(XmlVersion::Implicit1_0).unwrap();
                    (key, value.into_owned())
                });
                found.push((name, attributes.collect()));
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

fn attribute<'e>(element: &'e Element, name: &str) -> &'e str {
    &element.1.iter().find(|(key, _)| key == name).unwrap().1
}

#[test]
fn junit_is_xml_with_a_case_for_each_expectation_and_each_error() {
    let site = faulty();
    write(site.path(), "posts/2026-01-03-\u{FFFE}.md", &note("셋", "[x](/\u{1}y/)\n"));
    let xml = printed(site.path(), &["--format", "junit"]);
    let forbidden = |c: char| c < ' ' && !"\t\n\r".contains(c) || "\u{FFFE}\u{FFFF}".contains(c);
    assert!(!xml.contains(forbidden), "XML 1.0 can't hold this");
    let elements = elements(&xml);
    let root = &elements[0];
    assert_eq!(root.0, "testsuites");
    let cases: Vec<&Element> = elements.iter().filter(|(name, _)| name == "testcase").collect();
    assert_eq!(attribute(root, "tests"), cases.len().to_string());
    for (name, kind) in [("failures", "failure"), ("errors", "error"), ("skipped", "skipped")] {
        let count = elements.iter().filter(|(name, _)| name == kind).count();
        assert_eq!(attribute(root, name), count.to_string());
    }
    let names: Vec<(&str, &str)> =
        cases.iter().map(|case| (attribute(case, "classname"), attribute(case, "name"))).collect();
    assert!(names.contains(&("posts.2026-01-01-하나", "holding · orders.invocations == 3")));
    assert!(names.contains(&("posts.2026-01-02-two", "no_block")));
    assert!(names.iter().any(|(class, name)| {
        *class == "posts.2026-01-01-하나" && name.starts_with("E0502: ")
    }));
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "a name for each case");
}

#[test]
fn sarif_names_its_rules_and_places() {
    let site = faulty();
    let sarif: Value = serde_json::from_str(&printed(site.path(), &["--format", "sarif"])).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for rule in rules {
        let page = rule["help"]["markdown"].as_str().unwrap();
        assert!(page.starts_with(&format!("# {}: ", rule["id"].as_str().unwrap())));
    }
    let results = run["results"].as_array().unwrap();
    let codes: BTreeSet<&str> =
        results.iter().map(|result| result["ruleId"].as_str().unwrap()).collect();
    assert_eq!(codes, BTreeSet::from(["E0102", "E0107", "E0115", "E0502"]));
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        assert!(uri.is_ascii() && uri.starts_with("posts/2026-01-0"), "{uri}");
        assert!(place["region"]["startLine"].as_u64().unwrap() > 4);
    }
}

#[test]
fn a_fingerprint_of_sarif_survives_a_move_of_its_line() {
    let prints = |site: &tempfile::TempDir| -> Vec<String> {
        let sarif: Value =
            serde_json::from_str(&printed(site.path(), &["--format", "sarif"])).unwrap();
        let results = sarif["runs"][0]["results"].as_array().unwrap().clone();
        results.iter().map(|result| result["partialFingerprints"].to_string()).collect()
    };
    let site = faulty();
    let before = prints(&site);
    let path = site.path().join("posts/2026-01-01-하나.md");
    let text = fs::read_to_string(&path).unwrap().replace("title: 하나", "title: 하나\nlang: ko");
    fs::write(&path, text).unwrap();
    assert_eq!(prints(&site), before);
    assert_eq!(before.iter().collect::<BTreeSet<_>>().len(), before.len());
}

#[test]
fn the_same_run_prints_the_same_bytes_when_times_are_off() {
    let site = faulty();
    for format in ["human", "github", "junit", "sarif", "json"] {
        let run = || {
            let Output { stdout, stderr, .. } =
                check(site.path(), &["--format", format, "--no-times"]);
            (stdout, stderr)
        };
        assert_eq!(run(), run(), "{format}");
    }
}

#[test]
fn one_run_writes_several_reports_and_still_talks() {
    let site = faulty();
    let formats = ["--format", "junit=a.xml", "--format", "json=b.json", "--format", "github"];
    let Output { stdout, stderr, status } = check(site.path(), &formats);
    assert_eq!(status.code(), Some(1));
    assert!(String::from_utf8(stdout).unwrap().contains("\n::error file=posts/"));
    assert!(String::from_utf8(stderr).unwrap().contains("Checked "));
    assert!(fs::read_to_string(site.path().join("a.xml")).unwrap().starts_with("<?xml"));
    let report = fs::read_to_string(site.path().join("b.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!((&report["version"], &report["exit_code"]), (&1.into(), &1.into()));
}

#[test]
fn paths_are_those_of_the_repository() {
    let repository = tempfile::tempdir().unwrap();
    fs::create_dir(repository.path().join(".git")).unwrap();
    write(repository.path(), "docs/_config.yml", "title: 시험\n");
    write(repository.path(), "docs/posts/2026-01-01-a.md", &note("가", "[x](/nowhere/)\n"));
    let arguments = ["--source", "docs", "--format", "github"];
    let github = printed(repository.path(), &arguments);
    assert!(github.contains("::error file=docs/posts/2026-01-01-a.md,line=5,"), "{github}");
}

#[test]
fn the_summary_of_a_job_shows_what_is_broken_and_one_line_when_nothing_is() {
    let summary = |site: &tempfile::TempDir| {
        let file = site.path().join("summary.md");
        Command::new(env!("CARGO_BIN_EXE_bogi"))
            .args(["check", "--format", "github", "--today", "2026-11-22"])
            .current_dir(site.path())
            .env("GITHUB_STEP_SUMMARY", &file)
            .output()
            .unwrap();
        fs::read_to_string(file).unwrap()
    };
    let broken = summary(&faulty());
    assert!(broken.contains("### Broken expectations") && broken.contains("### Other errors"));
    assert!(broken.contains("<code>orders.invocations</code> is <code>3</code>"), "{broken}");
    let fine = summary(&site(&[("posts/2026-01-01-a.md", note("가", &block("a", "true")))]));
    assert_eq!(fine.lines().count(), 1);
    assert!(fine.starts_with("✅ **bogi check**: "), "{fine}");
}

/// A site of notes with one scenario each, the last of which is broken.
fn many(count: usize) -> tempfile::TempDir {
    let notes: Vec<(String, String)> = (0..count)
        .map(|at| {
            let claim = if at + 1 == count { "false" } else { "orders.invocations == 3" };
            let text = block(&format!("scenario_{at}"), claim);
            (format!("posts/2026-01-01-{at}.md"), note(&at.to_string(), &text))
        })
        .collect();
    let notes: Vec<(&str, String)> =
        notes.iter().map(|(path, text)| (path.as_str(), text.clone())).collect();
    site(&notes)
}

fn ids(report: &Value) -> Vec<String> {
    let scenarios = report["scenarios"].as_array().unwrap();
    scenarios.iter().map(|scenario| scenario["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_scenario_is_in_one_shard_and_every_error_in_one() {
    let site = many(10);
    let reports: Vec<Value> =
        (1..=3).map(|number| json(site.path(), &["--shard", &format!("{number}/3")])).collect();
    let mut all: Vec<String> = reports.iter().flat_map(ids).collect();
    all.sort();
    let mut expected: Vec<String> = (0..10).map(|at| format!("scenario_{at}")).collect();
    expected.sort();
    assert_eq!(all, expected);
    let errors = reports.iter().map(|report| report["diagnostics"].as_array().unwrap().len());
    assert_eq!(errors.sum::<usize>(), 1);
}

#[test]
fn a_note_is_checked_alone_and_values_of_others_are_no_mistakes() {
    let shown = "값은 {{ scenario.b.orders.invocations }}, {{ scenario.b.orders.nothing }}.\n\n";
    let a = block("a", "false") + shown;
    let b = block("b", "false") + "{{ scenario.a.orders.invocations | plus: 1 }}\n\n[x](/gone/)\n";
    let site = site(&[
        ("posts/2026-01-01-a.md", note("가", &a)),
        ("posts/2026-01-02-b.md", note("나", &b)),
    ]);
    let codes = |report: &Value| -> Vec<String> {
        let found = report["diagnostics"].as_array().unwrap();
        found.iter().map(|found| found["code"].as_str().unwrap().to_owned()).collect()
    };
    // `b` isn't judged, but run, since `a` prints one of its values.
    let report = json(site.path(), &["posts/2026-01-01-a.md"]);
    assert_eq!(codes(&report), ["E0107", "E0308"]);
    assert_eq!(ids(&report), ["a"]);
    let report = json(site.path(), &["posts/2026-01-02-b.md"]);
    assert_eq!(codes(&report), ["E0107", "E0502"]);
    let report = json(site.path(), &["--scenario", "b"]);
    assert_eq!((codes(&report), ids(&report)), (vec!["E0107".to_owned()], vec!["b".to_owned()]));
    assert_eq!(report["counts"]["not_selected"], 1);
}

#[test]
fn names_that_the_site_does_not_have_are_errors_of_the_command() {
    let site = many(2);
    for arguments in
        [&["posts/2026-01-01-9.md"][..], &["--scenario", "scenario_9"], &["--changed", "-x"]]
    {
        assert_eq!(check(site.path(), arguments).status.code(), Some(2), "{arguments:?}");
    }
    assert!(said(site.path(), &["--scenario", "scenario_9"]).contains("did you mean"));
}

#[test]
fn the_first_error_ends_the_run() {
    let site = many(80);
    let report = json(site.path(), &["--fail-fast"]);
    assert_eq!(report["stopped_at_first_error"], true);
    assert_eq!(report["diagnostics"].as_array().unwrap().len(), 1);
    write(site.path(), "posts/2026-01-01-0.md", &note("0", &block("scenario_0", "false")));
    let report = json(site.path(), &["--fail-fast"]);
    assert!(report["counts"]["not_run"].as_u64().unwrap() > 0);
    assert_eq!(report["exit_code"], 1);
}

fn git(folder: &Path, arguments: &[&str]) {
    let status = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "init.defaultBranch=main"])
        .args(["-c", "commit.gpgsign=false"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
        .status;
    assert!(status.success(), "git {arguments:?}");
}

#[test]
fn what_changed_since_a_revision_is_checked_alone() {
    let site = many(3);
    let folder = site.path();
    git(folder, &["init", "--quiet"]);
    write(folder, ".gitignore", ".bogi-cache\n");
    git(folder, &["add", "."]);
    git(folder, &["commit", "--quiet", "--message", "first"]);
    let changed = || ids(&json(folder, &["--changed", "HEAD"]));
    assert!(changed().is_empty());
    write(folder, "posts/2026-01-01-1.md", &note("1", &block("changed", "true")));
    write(folder, "posts/2026-01-01-new.md", &note("new", &block("new", "true")));
    assert_eq!(changed(), ["changed", "new"]);
    write(folder, "_data/x.yml", "a: 1\n");
    assert_eq!(changed().len(), 4, "a data file counts for all");
}

#[test]
fn a_part_of_the_site_leaves_the_cache_of_the_rest_alone() {
    let site = many(3);
    json(site.path(), &[]);
    json(site.path(), &["posts/2026-01-01-0.md"]);
    let report = json(site.path(), &[]);
    let scenarios = report["scenarios"].as_array().unwrap();
    assert!(scenarios.iter().all(|scenario| scenario["cached"] == true), "{report}");
}

fn bogi(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bogi"));
    command.args(arguments).current_dir(folder).env("NO_COLOR", "1").output().unwrap()
}

#[test]
fn explain_lists_all_codes_with_a_line_each() {
    let Output { stdout, status, .. } = bogi(Path::new("."), &["explain"]);
    let list = String::from_utf8(stdout).unwrap();
    assert!(status.success());
    assert_eq!(list.lines().count(), fs::read_dir("tests/messages").unwrap().count());
    assert!(list.lines().any(|line| line == "E0107  expectation does not hold"), "{list}");
}

#[test]
fn a_scenario_that_is_no_yaml_is_shown_by_run_with_what_is_wrong() {
    let text = "```scenario\nid: half # a name\nfunctions: {\n```\n";
    let site = site(&[("posts/2026-01-01-a.md", note("가", text))]);
    let Output { stderr, status, .. } = bogi(site.path(), &["run", "half"]);
    assert_eq!(status.code(), Some(1));
    assert!(String::from_utf8(stderr).unwrap().contains("error[E0001]"));
}

#[test]
fn frames_name_files_as_the_user_stands() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "docs/posts/2026-01-01-a.md", &note("가", "[x](/nowhere/)\n"));
    assert!(
        said(folder.path(), &["--source", "docs"]).contains("--> docs/posts/2026-01-01-a.md:5")
    );
    assert!(said(&folder.path().join("docs"), &[]).contains("--> posts/2026-01-01-a.md:5"));
}

/// All keys of the objects in a value.
fn keys(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            found.extend(map.keys().cloned());
            map.values().for_each(|value| keys(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| keys(value, found)),
        _ => {}
    }
}

#[test]
fn every_key_of_the_json_report_is_documented() {
    let site = faulty();
    let twice = block("holding", "true");
    write(site.path(), "posts/2026-01-05-twice.md", &note("다섯", &twice));
    let page = fs::read_to_string("docs/check-json.md").unwrap();
    let mut found = BTreeSet::new();
    keys(&json(site.path(), &[]), &mut found);
    assert!(found.contains("related") && found.contains("seconds"));
    let Output { stdout, status, .. } = bogi(site.path(), &["build", "--json"]);
    let built: Value = serde_json::from_slice(&stdout).unwrap();
    assert_eq!(built["exit_code"], status.code().unwrap());
    assert_eq!(built["files"]["withheld"].as_array().unwrap().len(), 2, "{built}");
    keys(&built, &mut found);
    let words: BTreeSet<&str> =
        page.split(|c: char| !(c.is_ascii_lowercase() || c == '_')).collect();
    let missing: Vec<&String> = found.iter().filter(|key| !words.contains(key.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn an_error_in_a_layout_is_an_error_of_every_note() {
    let site = site(&[
        ("posts/2026-01-01-a.md", note("가", "본문\n")),
        ("posts/2026-01-02-b.md", note("나", "[x](/gone/)\n")),
        ("_layouts/post.html", "{% include missing.html %}{{ content }}".to_owned()),
        ("_config.yml", "defaults: [{ scope: {}, values: { layout: post } }]\n".to_owned()),
    ]);
    let report = json(site.path(), &["posts/2026-01-01-a.md"]);
    let found = report["diagnostics"].as_array().unwrap();
    let files: Vec<&str> = found.iter().map(|found| found["file"].as_str().unwrap()).collect();
    assert_eq!(files, ["_layouts/post.html"]);
}
