//! Names of languages, and by which of them their grammar is found.

/// Names that no grammar has, with those that one has. Names that aren't here are the grammar's.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("as", "actionscript"),
    ("batchfile", "bat"),
    ("behat", "gherkin"),
    ("c#", "cs"),
    ("common_lisp", "lisp"),
    ("conf", "ini"),
    ("console", "bash"),
    ("csharp", "cs"),
    ("cucumber", "gherkin"),
    ("docker", "dockerfile"),
    ("dosbatch", "bat"),
    ("elisp", "lisp"),
    ("emacs-lisp", "lisp"),
    ("eruby", "erb"),
    ("fsharp", "fs"),
    ("gnumake", "make"),
    ("golang", "go"),
    ("gradle", "groovy"),
    ("handlebars", "html"),
    ("hbs", "html"),
    ("hcl", "terraform"),
    ("hocon", "json"),
    ("irb", "ruby"),
    ("jinja", "jinja2"),
    ("json-doc", "json"),
    ("jsonc", "json"),
    ("jsp", "html"),
    ("julia", "jl"),
    ("kt", "kotlin"),
    ("liquid", "html"),
    ("make", "makefile"),
    ("matlab", "m"),
    ("microsoftshell", "powershell"),
    ("mysql", "sql"),
    ("objc", "objective-c"),
    ("objc++", "objective-c++"),
    ("objective_c", "objective-c"),
    ("objective_cpp", "objective-c++"),
    ("objectivec", "objective-c"),
    ("plsql", "sql"),
    ("posh", "powershell"),
    ("postgresql", "sql"),
    ("protobuf", "proto"),
    ("ps", "postscript"),
    ("py3", "python"),
    ("python3", "python"),
    ("react", "jsx"),
    ("shell", "bash"),
    ("shell-session", "bash"),
    ("shell_session", "bash"),
    ("terminal", "bash"),
    ("tf", "terraform"),
    ("ts", "typescript"),
    ("udiff", "diff"),
    ("vb", "vbs"),
    ("viml", "vim"),
    ("vimscript", "vim"),
    ("visualbasic", "vbs"),
    ("vuejs", "vue"),
    ("yml", "yaml"),
    ("zsh", "bash"),
];

/// Names of text without a grammar.
const PLAIN: &[&str] = &["", "plain", "plaintext", "text", "txt", "output", "none"];

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
        assert_eq!(token("shell"), Some("bash"));
        assert_eq!(token("rust"), Some("rust"));
        assert_eq!(token("text"), None);
    }
}
