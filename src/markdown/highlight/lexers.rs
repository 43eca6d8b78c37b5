//! Lexers written by hand for the languages that blogs are full of, token for token what Rouge's
//! lexers make of them. The others are read by syntect's grammars.

mod c;
mod clojure;
mod csharp;
mod css;
mod diff;
mod docker;
mod go;
mod groovy;
mod http;
mod java;
mod javascript;
mod json;
mod jsp;
mod kotlin;
mod liquid;
mod markdown;
mod markup;
mod python;
mod r;
mod ruby;
mod rust;
mod scala;
mod scss;
mod servers;
mod settings;
mod shell;
mod sql;
mod swift;
mod toml_lexer;
mod yaml;

use super::scan::run;
use super::tokens::Tokens;

/// Reads code in a language by one of Rouge's names for it; `false` when there is no lexer.
pub fn lex(language: &str, code: &str, out: &mut Tokens) -> bool {
    match language {
        "c" => run(&mut c::C::new(false), code, out),
        "cpp" | "c++" => run(&mut c::C::new(true), code, out),
        "csharp" | "c#" | "cs" => run(&mut csharp::CSharp::new(), code, out),
        "css" => run(&mut css::Css::new(), code, out),
        "java" => run(&mut java::Java::new(), code, out),
        "javascript" | "js" => run(&mut javascript::JavaScript::new(false), code, out),
        "typescript" | "ts" => run(&mut javascript::JavaScript::new(true), code, out),
        "json" => run(&mut json::Json::new(), code, out),
        "jsp" => run(&mut jsp::Jsp::new(), code, out),
        "kotlin" => run(&mut kotlin::Kotlin::new(), code, out),
        "html" => run(&mut markup::Html::new(), code, out),
        "xml" => run(&mut markup::Xml::new(), code, out),
        "python" | "py" => run(&mut python::Python::new(), code, out),
        "shell" | "bash" | "zsh" | "ksh" | "sh" => run(&mut shell::Shell::new(), code, out),
        "console" | "terminal" | "shell_session" | "shell-session" => shell::console(code, out),
        "rust" | "rs" => run(&mut rust::Rust::new(), code, out),
        name if name.starts_with("rust,") || name.starts_with("rs,") => {
            run(&mut rust::Rust::new(), code, out);
        }
        "scala" => run(&mut scala::Scala::new(), code, out),
        "scss" => run(&mut scss::Scss::new(), code, out),
        "sql" => run(&mut sql::Sql::new(), code, out),
        "yaml" | "yml" => run(&mut yaml::Yaml::new(), code, out),
        "apache" => run(&mut servers::Apache::new(), code, out),
        "clojure" | "clj" | "cljs" => run(&mut clojure::Clojure, code, out),
        "diff" | "patch" | "udiff" => run(&mut diff::Diff, code, out),
        "docker" | "dockerfile" | "Dockerfile" => run(&mut docker::Docker::new(), code, out),
        "go" | "golang" => run(&mut go::Go::new(), code, out),
        "groovy" => run(&mut groovy::Groovy::new(false), code, out),
        "gradle" => run(&mut groovy::Groovy::new(true), code, out),
        "http" => run(&mut http::Http::new(), code, out),
        "ini" => run(&mut settings::Settings::new(false), code, out),
        "properties" => run(&mut settings::Settings::new(true), code, out),
        "liquid" => run(&mut liquid::Liquid::new(), code, out),
        "markdown" | "md" | "mkd" => run(&mut markdown::Markdown::new(), code, out),
        "nginx" => run(&mut servers::Nginx::new(), code, out),
        "r" | "R" | "s" | "S" => run(&mut r::R, code, out),
        "ruby" | "rb" => run(&mut ruby::Ruby::new(), code, out),
        "swift" => run(&mut swift::Swift::new(), code, out),
        "toml" => run(&mut toml_lexer::Toml::new(), code, out),
        _ => return false,
    }
    true
}
