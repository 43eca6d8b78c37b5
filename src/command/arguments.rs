//! The command line, with Jekyll's names and meanings where Jekyll has the option. The room of
//! `clap`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::command::new::NewArguments;
use crate::command::report::Wanted;
use crate::command::serve::arguments::ServeArguments;
use crate::pipeline::selection::Shard;

/// Builds a Jekyll blog of study notes whose examples run.
#[derive(Debug, Parser)]
#[command(name = "bogi", version, about, disable_help_subcommand = true)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Build the site
    #[command(visible_alias = "b")]
    Build(BuildArguments),
    /// Run every scenario and check every claim, link, anchor and image; write nothing
    Check(CheckArguments),
    /// Show the site in a browser, always as its files stand now
    #[command(visible_aliases = ["s", "server"])]
    Serve(ServeArguments),
    /// Make a site, or a post
    #[command(subcommand)]
    New(NewArguments),
    /// Run one scenario and print its results
    Run(RunArguments),
    /// Accept what scenarios measure now, and write it to `scenario.lock`
    Bless(BlessArguments),
    /// Compare what scenarios measured in another revision with what they measure in this one
    Diff(DiffArguments),
    /// Explain a diagnostic by its code, or list all codes
    Explain {
        /// The code, for instance `E0107`; all of them, a line each, when not given
        code: Option<String>,
    },
    /// Print what a shell needs to complete bogi's command line
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man {
        /// Write the pages of all commands into this folder instead
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
    },
}

impl Command {
    /// Whether a backtrace was asked for.
    pub fn wants_trace(&self) -> bool {
        match self {
            Self::Build(arguments) => arguments.site.trace,
            Self::Check(arguments) => arguments.site.trace,
            Self::Serve(arguments) => arguments.build.site.trace,
            Self::Run(arguments) => arguments.site.trace,
            Self::Bless(arguments) => arguments.site.trace,
            Self::Diff(_)
            | Self::New(_)
            | Self::Explain { .. }
            | Self::Completions { .. }
            | Self::Man { .. } => false,
        }
    }
}

/// What every command that reads a site understands.
#[derive(Args, Clone, Debug)]
pub struct SiteArguments {
    /// Folder of the site
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    pub source: PathBuf,
    /// Configuration files, separated by commas; later ones win
    #[arg(long, value_name = "FILE,...", value_delimiter = ',')]
    pub config: Vec<PathBuf>,
    /// Render the posts of `_drafts`
    #[arg(short = 'D', long)]
    pub drafts: bool,
    /// Render posts with a date in the future
    #[arg(long)]
    pub future: bool,
    /// Render posts that say `published: false`
    #[arg(long)]
    pub unpublished: bool,
    /// Fail for front matter that can't be read
    #[arg(long = "strict_front_matter", alias = "strict-front-matter")]
    pub strict_front_matter: bool,
    /// The most posts to read
    #[arg(long = "limit_posts", alias = "limit-posts", value_name = "N")]
    pub limit_posts: Option<usize>,
    /// Path under which the site is served
    #[arg(short, long, value_name = "PATH", num_args = 0..=1, default_missing_value = "")]
    pub baseurl: Option<String>,
    /// Print nothing but errors
    #[arg(short, long)]
    pub quiet: bool,
    /// Print what is done
    #[arg(short = 'V', long, conflicts_with = "quiet")]
    pub verbose: bool,
    /// Show Jekyll's own words for each mistake, and the full backtrace of an error in bogi itself
    #[arg(short, long)]
    pub trace: bool,
    /// Show all diagnostics, however many
    #[arg(long)]
    pub all: bool,
    /// Threads to use; all cores when not given
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
    /// Print the time of each stage
    #[arg(long)]
    pub profile: bool,
    /// Neither read nor write the cache
    #[arg(long = "disable-disk-cache")]
    pub disable_disk_cache: bool,
    /// The day that counts as today, for posts in the future (2026-11-22)
    #[arg(long, value_name = "DATE", hide = true)]
    pub today: Option<String>,
}

/// `bogi build`.
#[derive(Args, Clone, Debug)]
pub struct BuildArguments {
    /// The site.
    #[command(flatten)]
    pub site: SiteArguments,
    /// Folder to write to [default: `_site`, or the configuration's `destination`]
    #[arg(short, long, value_name = "DIR")]
    pub destination: Option<PathBuf>,
    /// Print what was built and what is wrong as JSON
    #[arg(long)]
    pub json: bool,
    /// Accepted for Jekyll's sake: bogi always writes only what changed
    #[arg(short = 'I', long)]
    pub incremental: bool,
    /// Accepted for Jekyll's sake: bogi runs no plugin code
    #[arg(long)]
    pub safe: bool,
}

/// `bogi check`.
#[derive(Args, Clone, Debug)]
pub struct CheckArguments {
    /// Notes to check, or folders of notes; the whole site when not given
    #[arg(value_name = "PATH", conflicts_with = "changed")]
    pub paths: Vec<PathBuf>,
    /// The site.
    #[command(flatten)]
    pub site: SiteArguments,
    /// Count warnings as errors
    #[arg(long)]
    pub strict: bool,
    /// Check only this scenario; may be given several times
    #[arg(long = "scenario", value_name = "ID")]
    pub scenarios: Vec<String>,
    /// Check only the notes that differ from a revision of git
    #[arg(long, value_name = "BASE")]
    pub changed: Option<String>,
    /// Check one of several equal parts of the site (2/8), for machines that share the work
    #[arg(long, value_name = "N/COUNT", value_parser = shard)]
    pub shard: Option<Shard>,
    /// Stop at the first error
    #[arg(long)]
    pub fail_fast: bool,
    /// Write a report: human, github, junit, sarif or json; with `=FILE` to a file. May be given
    /// several times
    #[arg(long = "format", value_name = "FORMAT[=FILE]")]
    pub formats: Vec<Wanted>,
    /// The same as `--format json`
    #[arg(long)]
    pub json: bool,
    /// File for the report that would go to standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Leave times out, so that two runs print the same bytes
    #[arg(long)]
    pub no_times: bool,
    /// List what depends on facts that are others than in `scenario.lock`, and nothing else
    #[arg(long)]
    pub drift: bool,
}

/// The most parts that a site is split into.
const SHARDS_MAX: usize = 10_000;

/// `2/8` as a shard.
fn shard(text: &str) -> Result<Shard, String> {
    let numbers = text
        .split_once('/')
        .and_then(|(number, of)| Some((number.parse::<usize>().ok()?, of.parse::<usize>().ok()?)));
    match numbers {
        Some((number, of)) if number >= 1 && number <= of && of <= SHARDS_MAX => {
            Ok(Shard { number, of })
        }
        _ => Err(format!("write it like `2/8`: the second of eight, of at most {SHARDS_MAX}")),
    }
}

/// `bogi bless`.
#[derive(Args, Clone, Debug)]
pub struct BlessArguments {
    /// The site.
    #[command(flatten)]
    pub site: SiteArguments,
    /// The scenarios to accept; all when not given
    #[arg(value_name = "ID")]
    pub ids: Vec<String>,
    /// Show what would change and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Write without asking
    #[arg(short, long)]
    pub yes: bool,
}

/// `bogi diff`.
#[derive(Args, Clone, Debug)]
pub struct DiffArguments {
    /// The revision of git to compare with, or a lock file
    pub base: String,
    /// Folder of the site
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    pub source: PathBuf,
    /// How the comparison is written
    #[arg(long, value_enum, default_value_t = DiffFormat::Text)]
    pub format: DiffFormat,
    /// Print JSON
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
}

/// How `bogi diff` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// A table for the terminal.
    Text,
    /// A table for a comment on a pull request, or a job summary.
    Markdown,
    /// For programs: a version, and everything that differs.
    Json,
}

/// `bogi run`.
#[derive(Args, Clone, Debug)]
pub struct RunArguments {
    /// The site.
    #[command(flatten)]
    pub site: SiteArguments,
    /// The scenario's id
    pub id: String,
    /// Print all results as JSON
    #[arg(long)]
    pub json: bool,
}
