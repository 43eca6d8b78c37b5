//! `bogi new`: the first files of a site, and of a post.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};

use crate::command::exit::Exit;
use crate::command::report::human::counted;
use crate::command::shell::{Shell, Verbosity};
use crate::command::site;
use crate::content::slug::{Mode, slugify};
use crate::date::{Moment, Zone};
use crate::diagnostic::{Code, Diagnostic};
use crate::output::settle::CANNOT_WRITE;

/// Something stands where a new file would be.
pub const IN_THE_WAY: Code = Code("E1003");
/// A title that gives no name for a file.
pub const NO_NAME: Code = Code("E1004");

/// The most bytes of a slug: file systems allow 255 for a name, of which a post's date and
/// extension take some.
const SLUG_MAX: usize = 220;

/// What can be made.
#[derive(Clone, Debug, Subcommand)]
pub enum NewArguments {
    /// Make a site with one post that runs
    Site(SiteArguments),
    /// Make a post with today's date
    Post(PostArguments),
}

/// `bogi new site`.
#[derive(Args, Clone, Debug)]
pub struct SiteArguments {
    /// The folder to make
    path: PathBuf,
    /// Make it in a folder that holds something; files that are there stay as they are
    #[arg(long)]
    force: bool,
    /// The language of the site [default: Korean where the locale is Korean, else English]
    #[arg(long, value_enum)]
    lang: Option<Language>,
}

/// The languages of a new site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// Korean.
    Ko,
    /// English.
    En,
}

/// `bogi new post`.
#[derive(Args, Clone, Debug)]
pub struct PostArguments {
    /// Its title
    title: String,
    /// Folder of the site
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    source: PathBuf,
    /// Make a draft, which has no date yet
    #[arg(long)]
    draft: bool,
    /// Overwrite a post of the same name
    #[arg(long)]
    force: bool,
    /// The day that counts as today (2026-11-22)
    #[arg(long, value_name = "DATE", hide = true)]
    today: Option<String>,
}

/// Makes a site or a post.
pub fn new(arguments: &NewArguments) -> Exit {
    let shell = Shell::new(Verbosity::Normal, false);
    let made = match arguments {
        NewArguments::Site(arguments) => site(arguments, shell),
        NewArguments::Post(arguments) => post(arguments, shell),
    };
    match made {
        Ok(()) => Exit::Success,
        Err(found) => {
            site::impossible(&shell, &[*found]);
            Exit::Unable
        }
    }
}

fn site(arguments: &SiteArguments, shell: Shell) -> Result<(), Box<Diagnostic>> {
    let folder = arguments.path.as_path();
    let holds = |folder: &Path| fs::read_dir(folder).is_ok_and(|mut all| all.next().is_some());
    if !arguments.force && (holds(folder) || folder.is_file()) {
        let words = format!("`{}` holds something already", folder.display());
        return Err(Box::new(Diagnostic::new(IN_THE_WAY, words).hint(
            "name a new folder, or add `--force` to keep what is there and add what is missing",
        )));
    }
    let now = now(None)?;
    let files = files(arguments.lang.unwrap_or_else(language_of_locale), &now);
    let mut count = 0;
    for (name, text) in &files {
        let target = folder.join(name);
        match write(&target, text, false) {
            Ok(()) => count += 1,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(cannot(&target, &error)),
        }
    }
    shell.status("Made", &format!("{} → {}", counted(count, "file"), folder.display()));
    shell.error_text(&format!("\nhint: `bogi serve --source {}` shows it\n", folder.display()));
    Ok(())
}

/// The files of a new site.
fn files(language: Language, now: &Moment) -> Vec<(String, String)> {
    let [config, about, post] = match language {
        Language::Ko => [
            include_str!("new/ko/_config.yml"),
            include_str!("new/ko/about.md"),
            include_str!("new/ko/post.md"),
        ],
        Language::En => [
            include_str!("new/en/_config.yml"),
            include_str!("new/en/about.md"),
            include_str!("new/en/post.md"),
        ],
    };
    let date = now.strftime("%Y-%m-%d %H:%M:%S %z");
    vec![
        ("_config.yml".to_owned(), config.to_owned()),
        ("about.md".to_owned(), about.to_owned()),
        (".gitignore".to_owned(), include_str!("new/gitignore").to_owned()),
        (
            format!("_posts/{}-first-requests.md", now.strftime("%Y-%m-%d")),
            post.replacen("DATE", &date, 1),
        ),
    ]
}

fn language_of_locale() -> Language {
    let named = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(std::env::var_os);
    match named.into_iter().find(|value| !value.is_empty()) {
        Some(locale) if locale.to_string_lossy().starts_with("ko") => Language::Ko,
        _ => Language::En,
    }
}

fn post(arguments: &PostArguments, shell: Shell) -> Result<(), Box<Diagnostic>> {
    let title = arguments.title.trim();
    let slug = slugify(title, Mode::Default, false);
    if slug.is_empty() || slug.len() > SLUG_MAX {
        let words = if slug.is_empty() {
            format!("a title needs a letter or digit for the file's name: `{title}`")
        } else {
            format!("a title of {} bytes is too long for the file's name", title.len())
        };
        let hint = "give it a plain title first, and the one that you want in the file's `title`";
        return Err(Box::new(Diagnostic::new(NO_NAME, words).hint(hint)));
    }
    if !arguments.source.is_dir() {
        let error = io::ErrorKind::NotFound.into();
        return Err(cannot(&arguments.source, &error));
    }
    let now = now(arguments.today.as_deref())?;
    let (folder, name) = if arguments.draft {
        ("_drafts", format!("{slug}.md"))
    } else {
        (folder_of_posts(&arguments.source), format!("{}-{slug}.md", now.strftime("%Y-%m-%d")))
    };
    let target = arguments.source.join(folder).join(name);
    let quoted = title.replace('\\', "\\\\").replace('"', "\\\"");
    let quoted: String = quoted.chars().filter(|c| !c.is_control()).collect();
    let date = match arguments.draft {
        true => String::new(),
        false => format!("date: {}\n", now.strftime("%Y-%m-%d %H:%M:%S %z")),
    };
    let text = format!("---\ntitle: \"{quoted}\"\n{date}---\n\n");
    write(&target, &text, arguments.force).map_err(|error| {
        if error.kind() != io::ErrorKind::AlreadyExists {
            return cannot(&target, &error);
        }
        let words = format!("there is a `{}` already", target.display());
        let hint = "choose another title, or overwrite it with `--force`";
        Box::new(Diagnostic::new(IN_THE_WAY, words).hint(hint))
    })?;
    shell.status("Made", &target.display().to_string());
    Ok(())
}

/// Where a site has its posts.
fn folder_of_posts(source: &Path) -> &'static str {
    let has = |name: &str| source.join(name).is_dir();
    if !has("_posts") && has("posts") { "posts" } else { "_posts" }
}

/// The present, by the clock of the machine's place.
fn now(today: Option<&str>) -> Result<Moment, Box<Diagnostic>> {
    let zone = std::env::var("TZ").ok().and_then(|name| Zone::named(&name));
    Ok(site::now(today)?.in_zone(&zone.unwrap_or_else(Zone::of_machine)))
}

fn write(target: &Path, text: &str, overwrite: bool) -> io::Result<()> {
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = if overwrite { File::create(target)? } else { File::create_new(target)? };
    file.write_all(text.as_bytes())
}

fn cannot(path: &Path, error: &io::Error) -> Box<Diagnostic> {
    let words = format!("cannot write `{}`: {}", path.display(), error.kind());
    Box::new(Diagnostic::new(CANNOT_WRITE, words))
}
