//! The command line of `bogi serve`, with Jekyll's names.

use clap::Args;

use crate::command::arguments::BuildArguments;

/// `bogi serve`.
#[derive(Args, Clone, Debug)]
pub struct ServeArguments {
    /// The site.
    #[command(flatten)]
    pub build: BuildArguments,
    /// Port to listen on; the next free one if it is taken, any for 0
    #[arg(short = 'P', long, value_name = "PORT", default_value_t = 4000)]
    pub port: u16,
    /// Host name or address to listen on
    #[arg(short = 'H', long, value_name = "HOST", default_value = "127.0.0.1")]
    pub host: String,
    /// Open the site in a browser
    #[arg(short, long, visible_alias = "open-url")]
    pub open: bool,
    /// Add nothing to pages: they stay as they are until they are loaded again
    #[arg(long = "no-reload", conflicts_with = "livereload")]
    pub no_reload: bool,
    /// Accepted for Jekyll's sake: pages reload unless `--no-reload` is given
    #[arg(short, long)]
    pub livereload: bool,
    /// Accepted for Jekyll's sake: files are watched unless `--no-watch` is given
    #[arg(short, long)]
    pub watch: bool,
    /// Build once, and don't watch files
    #[arg(long = "no-watch", conflicts_with = "watch")]
    pub no_watch: bool,
    /// Look at all files every second instead of asking the system what changed
    #[arg(long = "force_polling", alias = "force-polling")]
    pub force_polling: bool,
    /// Refused: run it in the background with your shell's means
    #[arg(short = 'B', long, hide = true)]
    pub detach: bool,
}
