//! `_data`: YAML, JSON, CSV and TSV files as one tree of values.

mod csv;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::config::localize;
use crate::date::Zone;
use crate::diagnostic::{Code, Diagnostic, Staged};
use crate::span::{Mapped, Place, Source};
use crate::value::{Map, Value};
use crate::yaml;

/// A data file, or a configuration in TOML, that isn't what its extension says.
pub const BROKEN: Code = Code("E0206");

/// The extensions of data files, in the order in which Jekyll reads them: of two files with one
/// name the later one counts.
pub const EXTENSIONS: [&str; 5] = ["yaml", "yml", "json", "csv", "tsv"];

/// Makes `site.data` of the data files. A file that can't be read is left out with an error.
pub fn read(sources: &[Arc<Source>], data_dir: &str, zone: &Zone) -> Staged<Map> {
    let mut tree = Map::new();
    let mut diagnostics = Vec::new();
    let mut files: Vec<(Vec<&str>, &Arc<Source>)> = Vec::with_capacity(sources.len());
    for source in sources {
        let path = source.path().strip_prefix(data_dir).unwrap_or(source.path());
        files.push((path.split('/').filter(|part| !part.is_empty()).collect(), source));
    }
    files.sort_by_cached_key(|(parts, _)| reading_order(parts));
    let mut entered: BTreeSet<Vec<String>> = BTreeSet::new();
    for (mut parts, source) in files {
        let Some(name) = parts.pop() else { continue };
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let value = match read_file(source, extension) {
            Ok(staged) => localize(staged.collect_into(&mut diagnostics), zone),
            Err(diagnostic) => {
                diagnostics.push(*diagnostic);
                continue;
            }
        };
        let folders: Vec<String> = parts.iter().map(|part| key(part)).collect();
        for depth in 1..=folders.len() {
            if let Some((folder, above)) = folders[..depth].split_last()
                && entered.insert(folders[..depth].to_vec())
            {
                insert(&mut tree, above, folder.clone(), Value::Map(Map::new()));
            }
        }
        insert(&mut tree, &folders, key(stem), value);
    }
    Staged::new(tree, diagnostics)
}

/// In each folder first the files by their extension, then the folders; each by name.
fn reading_order(parts: &[&str]) -> Vec<(usize, String)> {
    let last = parts.len().saturating_sub(1);
    let rank = |(at, part): (usize, &&str)| {
        let extension = part.rsplit_once('.').map_or("", |(_, extension)| extension);
        let kind = EXTENSIONS.iter().position(|known| at == last && *known == extension);
        (kind.unwrap_or(EXTENSIONS.len()), (*part).to_owned())
    };
    parts.iter().enumerate().map(rank).collect()
}

/// Puts a value into the tree, in folders that are entered already: a folder takes the place of a
/// file of its name.
fn insert(tree: &mut Map, folders: &[String], key: String, value: Value) {
    let Some((folder, rest)) = folders.split_first() else {
        tree.insert(key, value);
        return;
    };
    let entry = tree.entry(folder.clone()).or_default();
    if !matches!(entry, Value::Map(_)) {
        *entry = Value::Map(Map::new());
    }
    if let Value::Map(inner) = entry {
        insert(inner, rest, key, value);
    }
}

/// A file's or folder's name as a key: letters, digits, `_` and `-`; a space becomes `_`.
fn key(name: &str) -> String {
    let kept: String = name
        .chars()
        .filter(|c| c.is_alphanumeric() || c.is_whitespace() || matches!(c, '_' | '-'))
        .collect();
    kept.split_whitespace().collect::<Vec<_>>().join("_")
}

fn read_file(source: &Arc<Source>, extension: &str) -> Result<Staged<Value>, Box<Diagnostic>> {
    let text = source.text();
    let start = text.len() - text.trim_start_matches('\u{feff}').len();
    match extension {
        "csv" => table(source, start, ','),
        "tsv" => table(source, start, '\t'),
        // Jekyll reads JSON as YAML, to which it nearly belongs: `1e3` is text there, and a comma
        // may follow the last entry.
        "json" => yaml(source, start).or_else(|_| json(source, start)),
        _ => yaml(source, start),
    }
}

fn yaml(source: &Arc<Source>, start: usize) -> Result<Staged<Value>, Box<Diagnostic>> {
    let mapped = Mapped::from_source(source, start..source.text().len());
    let staged = yaml::load(&mapped)?;
    Ok(Staged::new(staged.value.to_value(), staged.diagnostics))
}

/// A table with a line of headers: a map for each further line.
fn table(
    source: &Arc<Source>,
    start: usize,
    separator: char,
) -> Result<Staged<Value>, Box<Diagnostic>> {
    let rows = csv::rows(&source.text()[start..], separator).map_err(|at| {
        Diagnostic::new(BROKEN, "a quote that doesn't fit a table")
            .at(Place::new(source, start + at..start + at + 1))
            .hint("write a field with quotes inside as \"a \"\"b\"\" c\"")
    })?;
    let mut rows = rows.into_iter();
    let headers = rows.next().unwrap_or_default();
    let maps = rows.map(|row| {
        let mut fields = row.into_iter();
        let mut map = Map::new();
        for header in &headers {
            let value = fields.next().flatten().map_or(Value::Null, Value::String);
            map.entry(header.clone().unwrap_or_default()).or_insert(value);
        }
        // Fields without a header have no name, and the first of them counts.
        if let Some(first) = fields.next() {
            map.entry(String::new()).or_insert(first.map_or(Value::Null, Value::String));
        }
        Value::Map(map)
    });
    Ok(Staged::clean(Value::Array(maps.collect())))
}

fn json(source: &Arc<Source>, start: usize) -> Result<Staged<Value>, Box<Diagnostic>> {
    let text = &source.text()[start..];
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| {
        let line_start: usize =
            text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let at = start + line_start + error.column().saturating_sub(1);
        let message = match error.classify() {
            serde_json::error::Category::Eof => "the JSON ends too early",
            _ => "this isn't JSON",
        };
        Diagnostic::new(BROKEN, message)
            .at(Place::new(source, at..at + 1))
            .hint("text and keys stand in double quotes, and the last entry has no comma behind it")
    })?;
    Ok(Staged::clean(json_value(value)))
}

/// The parser's own bound on nesting bounds the depth here.
fn json_value(value: serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(value) => Value::Bool(value),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(integer) => Value::Integer(integer),
            None => number.as_f64().map_or(Value::Null, Value::Float),
        },
        serde_json::Value::String(text) => Value::String(text),
        serde_json::Value::Array(items) => {
            Value::Array(items.into_iter().map(json_value).collect())
        }
        serde_json::Value::Object(map) => {
            Value::Map(map.into_iter().map(|(key, value)| (key, json_value(value))).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(files: &[(&str, &str)]) -> Staged<Map> {
        let sources: Vec<Arc<Source>> =
            files.iter().map(|(path, text)| Source::new(*path, *text)).collect();
        read(&sources, "_data", &Zone::utc())
    }

    #[test]
    fn files_and_folders_make_one_tree() {
        let staged = read_all(&[
            ("_data/a b.yml", "x: 1\n"),
            ("_data/nav/한글.json", "{\"가\": [1, 2.5, null]}"),
            ("_data/people.csv", "name,city\n\"Kim, J\",\nLee,\"\"\n"),
            ("_data/t.tsv", "a\tb\r\n1\t2\r\n"),
        ]);
        assert!(staged.diagnostics.is_empty());
        let data = Value::Map(staged.value);
        assert_eq!(data.get("a_b").unwrap().get("x"), Some(&Value::Integer(1)));
        let korean = data.get("nav").unwrap().get("한글").unwrap().get("가").unwrap();
        assert_eq!(korean.as_array().unwrap()[1], Value::Float(2.5));
        let people = data.get("people").unwrap().as_array().unwrap();
        assert_eq!(people[0].get("name"), Some(&"Kim, J".into()));
        assert_eq!(people[0].get("city"), Some(&Value::Null));
        assert_eq!(people[1].get("city"), Some(&"".into()));
        assert_eq!(data.get("t").unwrap().as_array().unwrap()[0].get("b"), Some(&"2".into()));
    }

    #[test]
    fn of_files_with_one_name_the_later_kind_counts() {
        let staged = read_all(&[
            ("_data/a.csv", "k\ncsv\n\n"),
            ("_data/a.json", "{\"k\": 1e3,}"),
            ("_data/a.yml", "k: yml\n"),
            ("_data/b.json", "{\"k\": 1e3,}"),
            ("_data/c.yml", "file\n"),
            ("_data/c/d.yml", "folder\n"),
        ]);
        assert!(staged.diagnostics.is_empty());
        let keys: Vec<&str> = staged.value.keys().map(String::as_str).collect();
        assert_eq!(keys, ["a", "c", "b"]);
        let rows = staged.value["a"].as_array().unwrap();
        assert_eq!(rows[0].get("k"), Some(&"csv".into()));
        assert_eq!(rows[1].get("k"), Some(&Value::Null));
        assert_eq!(staged.value["b"].get("k"), Some(&"1e3".into()));
        assert_eq!(staged.value["c"].get("d"), Some(&"folder".into()));
    }

    #[test]
    fn a_broken_file_is_told_with_its_place_and_the_others_are_read() {
        let staged = read_all(&[
            ("_data/a.json", "{\n  \"x\": 1\n\n"),
            ("_data/b.csv", "a,b\n\"x\n"),
            ("_data/c.yml", "a: 1\n"),
        ]);
        let places: Vec<_> = staged
            .diagnostics
            .iter()
            .map(|diagnostic| {
                let place = diagnostic.place.as_ref().unwrap();
                (diagnostic.code, place.line_column())
            })
            .collect();
        assert_eq!(places, [(BROKEN, (4, 1)), (BROKEN, (2, 1))]);
        assert!(staged.value.contains_key("c"));
    }
}
