//! The preview from its first build to its end.

use std::net::{IpAddr, SocketAddr, TcpListener};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::thread;

use crate::command::exit::Exit;
use crate::command::serve::answer::Desk;
use crate::command::serve::arguments::ServeArguments;
use crate::command::serve::host::Hosts;
use crate::command::serve::listen;
use crate::command::serve::preview::Preview;
use crate::command::serve::rebuild::Rebuilder;
use crate::command::serve::report::Report;
use crate::command::serve::snapshot::Snapshot;
use crate::command::serve::watch::{Area, Watch};
use crate::command::shell::Shell;
use crate::command::site::{self, BAD_ARGUMENT, Builder, Changes};
use crate::content::discover::{self, Places};
use crate::diagnostic::{Code, Diagnostic};

/// No port to listen on.
pub const NO_PORT: Code = Code("E1001");

/// The stack of the thread that rebuilds, in bytes: as that of the pipeline's own threads.
const STACK: usize = 64 << 20;

/// Shows the site until somebody ends it.
pub fn serve(arguments: &ServeArguments) -> Exit {
    let shell = site::shell(&arguments.build.site);
    match try_serve(arguments, shell) {
        Ok(exit) => exit,
        Err(found) => {
            site::impossible(&shell, &[*found]);
            Exit::Unable
        }
    }
}

fn try_serve(arguments: &ServeArguments, shell: Shell) -> Result<Exit, Box<Diagnostic>> {
    if arguments.detach {
        let refused = Diagnostic::new(BAD_ARGUMENT, "the preview doesn't go to the background");
        return Err(Box::new(refused.hint("let the shell do it: `bogi serve &`")));
    }
    let builder =
        Builder::new(&arguments.build.site, arguments.build.destination.clone()).with_memory();
    let places = discover::places(builder.options())?;
    let (listener, address) = listener(arguments)?;
    let (interrupts, interrupted) = mpsc::channel();
    await_interrupt(interrupts, shell);
    let reload = !arguments.no_reload;
    let empty = Snapshot::without_site(None, Vec::new(), reload);
    let preview = Arc::new(Preview::new(Arc::new(empty)));
    // The watch comes before the build, so that nothing is missed between the two.
    let mut keeper = Keeper::new(arguments, Arc::clone(&preview), shell);
    if !arguments.no_watch {
        keeper.watch(&places, builder.options().config_files.as_slice());
    }
    let mut rebuilder = Rebuilder::new(builder, reload);
    let count = preview.count();
    let rebuilt = rebuilder.rebuild(&Changes::Everything);
    preview.publish(Arc::clone(&rebuilt.snapshot), count);
    let _ = rebuilder.builder().save_cache();
    let roots = roots(&places, rebuilder.builder().options().gem_paths.as_slice());
    let hosts = Hosts::new(&arguments.host);
    let url = url(&arguments.host, address, &rebuilt.snapshot.baseurl);
    let asked = arguments.port;
    let desk = Arc::new(Desk { preview: Arc::clone(&preview), hosts, reload, roots });
    thread::spawn(move || listen::listen(&listener, &desk));
    keeper.report.started(&rebuilt, &url, (asked, address.port()));
    if arguments.open && open::that_detached(&url).is_err() {
        shell.status("Note", "no browser could be opened");
    }
    let keeper = thread::Builder::new().stack_size(STACK).spawn(move || keeper.keep_up(rebuilder));
    // Nobody can interrupt where no handler could be set; then the process ends as it always does.
    let _ = interrupted.recv();
    preview.end();
    if let Ok(Ok(rebuilder)) = keeper.map(thread::JoinHandle::join) {
        let _ = rebuilder.builder().save_cache();
    }
    shell.status("Ended", "the preview");
    Ok(Exit::Success)
}

/// Ends the preview in order at the first Ctrl C, and at once at the second.
fn await_interrupt(interrupts: mpsc::Sender<()>, shell: Shell) {
    let mut asked = false;
    let handler = move || {
        if asked {
            std::process::exit(130);
        }
        asked = true;
        // The terminal has `^C` on this line.
        shell.error_text("\n");
        let _ = interrupts.send(());
    };
    // Without a handler Ctrl C still ends the process.
    let _ = ctrlc::set_handler(handler);
}

fn listener(arguments: &ServeArguments) -> Result<(TcpListener, SocketAddr), Box<Diagnostic>> {
    let bound = listen::bind(&arguments.host, arguments.port);
    bound.and_then(|listener| Ok((listener.local_addr()?, listener))).map_or_else(
        |error| {
            let (host, port) = (&arguments.host, arguments.port);
            let words =
                format!("the preview can't listen on `{host}`, port {port}: {}", error.kind());
            let hint =
                "name another port with `--port`, or another host of this machine with `--host`";
            Err(Box::new(Diagnostic::new(NO_PORT, words).hint(hint)))
        },
        |(address, listener)| Ok((listener, address)),
    )
}

fn url(host: &str, address: SocketAddr, baseurl: &str) -> String {
    let any = host.parse::<IpAddr>().is_ok_and(|address| address.is_unspecified());
    let name = match host {
        _ if any => "127.0.0.1".to_owned(),
        host if host.contains(':') && !host.starts_with('[') => format!("[{host}]"),
        host => host.to_owned(),
    };
    format!("http://{name}:{}{baseurl}/", address.port())
}

/// The folders that copied files may lie in.
fn roots(places: &Places, gem_paths: &[PathBuf]) -> Vec<PathBuf> {
    let gems = gem_paths.iter().filter_map(|path| path.canonicalize().ok());
    std::iter::once(places.root.clone()).chain(places.theme.clone()).chain(gems).collect()
}

/// What keeps the preview up with the files.
struct Keeper {
    preview: Arc<Preview>,
    polls: bool,
    watch: Option<Watch>,
    report: Report,
}

impl Keeper {
    fn new(arguments: &ServeArguments, preview: Arc<Preview>, shell: Shell) -> Self {
        let report = Report::new(shell, arguments.build.site.profile);
        Self { preview, polls: arguments.force_polling, watch: None, report }
    }

    /// Watches a site's files, unless that is done already.
    fn watch(&mut self, places: &Places, config_files: &[PathBuf]) {
        let area = Area::new(places, config_files);
        if self.watch.as_ref().is_some_and(|watch| !watch.is_stale_for(&area)) {
            return;
        }
        // The old one goes first: the system allows only so many.
        self.watch = None;
        let (watch, word) = Watch::new(area, &self.preview, self.polls);
        // What the system refused once it isn't asked again at each change.
        self.polls |= word.is_some();
        self.watch = Some(watch);
        self.report.diagnostics(word.as_slice());
    }

    /// Rebuilds after each change, until the preview ends.
    fn keep_up(mut self, mut rebuilder: Rebuilder) -> Rebuilder {
        while let Some((changes, count)) = self.preview.next_changes() {
            self.renew_watch(&rebuilder);
            let rebuilt = catch_unwind(AssertUnwindSafe(|| rebuilder.rebuild(&changes)));
            match rebuilt {
                Ok(rebuilt) => {
                    self.preview.publish(Arc::clone(&rebuilt.snapshot), count);
                    let root = self.watch.as_ref().map(|watch| watch.area().root());
                    self.report.rebuilt(&changes, &rebuilt, root);
                }
                Err(_) => {
                    self.report.bug();
                    self.preview.publish(self.preview.shown().0, count);
                }
            }
        }
        rebuilder
    }

    /// The site's folder may have come back, and its configuration may name another theme.
    fn renew_watch(&mut self, rebuilder: &Rebuilder) {
        let Some(watch) = &self.watch else { return };
        let options = rebuilder.builder().options();
        match discover::places(options) {
            Ok(places) => self.watch(&places, &options.config_files),
            Err(_) => {
                let area = watch.area().clone();
                if watch.is_stale_for(&area) {
                    self.watch = Some(Watch::new(area, &self.preview, self.polls).0);
                }
            }
        }
    }
}
