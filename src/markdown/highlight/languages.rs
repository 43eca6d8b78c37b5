//! Names of languages, and by which of them their grammar is found.

/// Rouge's names that no grammar has, with those that one has. Names that aren't here are the
/// grammar's, or a lexer's.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("as", "actionscript"),
    ("batchfile", "bat"),
    ("behat", "gherkin"),
    ("common_lisp", "lisp"),
    ("conf", "ini"),
    ("cucumber", "gherkin"),
    ("dosbatch", "bat"),
    ("elisp", "lisp"),
    ("emacs-lisp", "lisp"),
    ("eruby", "erb"),
    ("fsharp", "fs"),
    ("gnumake", "make"),
    ("handlebars", "html"),
    ("hbs", "html"),
    ("hcl", "terraform"),
    ("hocon", "json"),
    ("irb", "ruby"),
    ("jinja", "jinja2"),
    ("json-doc", "json"),
    ("jsonc", "json"),
    ("julia", "jl"),
    ("make", "makefile"),
    ("matlab", "m"),
    ("microsoftshell", "powershell"),
    ("objc", "objective-c"),
    ("objc++", "objective-c++"),
    ("objective_c", "objective-c"),
    ("objective_cpp", "objective-c++"),
    ("objectivec", "objective-c"),
    ("plsql", "sql"),
    ("posh", "powershell"),
    ("protobuf", "proto"),
    ("ps", "postscript"),
    ("react", "jsx"),
    ("tf", "terraform"),
    ("vb", "vbs"),
    ("viml", "vim"),
    ("vimscript", "vim"),
    ("visualbasic", "vbs"),
    ("vuejs", "vue"),
];

/// Names of text without a grammar.
const PLAIN: &[&str] = &["plaintext", "text"];

/// The name by which a language's grammar is found; `None` for plain text.
pub fn token(name: &str) -> Option<&str> {
    if PLAIN.contains(&name) {
        return None;
    }
    let found = OTHER_NAMES.binary_search_by_key(&name, |(other, _)| other);
    Some(found.map_or(name, |index| OTHER_NAMES[index].1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_order() {
        assert!(OTHER_NAMES.is_sorted());
        assert_eq!(token("viml"), Some("vim"));
        assert_eq!(token("lua"), Some("lua"));
        assert_eq!(token("text"), None);
    }
}
