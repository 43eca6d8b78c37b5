//! One run of the compiler, with bounds on its time and depth.
//!
//! The compiler has no way to stop it and goes down the stack as deep as a sheet asks for, which
//! ends the process. So it runs on a thread whose stack has a known size, and the counting
//! statements that [`prepare`](super::prepare) inserted call back into [`Guard`], which counts
//! them, measures the stack, and unwinds the thread when either is too much.
//!
//! What this can't bound is work between two steps: a single expression that doubles a string or
//! a list sixty times in a row, or an `@extend` between very many selectors.

use std::any::Any;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, Once, PoisonError};
use std::thread;

use grass::{InputSyntax, Options};

use super::library::{Library, Text};
use super::prepare::SIGN;
use super::problem;
use super::scan::TooDeep;
use super::{Files, Sheet, Syntax};
use crate::diagnostic::Diagnostic;

/// How many steps (runs of a loop's body, calls of functions and mixins, nested rules, looked-up
/// imports) one sheet may take. Large themes take some ten thousand.
pub const MAX_STEPS: usize = 1_000_000;

/// How many steps it counts to look for an imported file.
pub(super) const IMPORT_STEPS: usize = 20;

/// How many selectors one nested rule may have; each level multiplies them.
pub const MAX_SELECTORS: usize = 10_000;

/// The stack of the thread that compiles. It is address space, memory only as far as it is used.
const STACK: usize = 64 << 20;

/// How much of the stack a sheet may use: room for well over the 1024 nested calls that LibSass
/// allows. The rest is for what happens between two steps, which the scanner's limits bound.
const STACK_USED_MAX: usize = STACK / 2;

/// The name of the thread, by which its panics are known.
const THREAD: &str = "sass";

/// Why a run was stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// More than [`MAX_STEPS`].
    Steps,
    /// More stack than [`STACK_USED_MAX`].
    Depth,
    /// More than [`MAX_SELECTORS`].
    Selectors,
    /// A file (by number) with more nesting than its scanner allows.
    TooDeep(usize, TooDeep),
}

/// What counts the steps of a run.
#[derive(Debug, Default)]
pub(super) struct Guard {
    steps: AtomicUsize,
    /// The address where the thread's stack begins.
    base: AtomicUsize,
}

impl Guard {
    fn begin(&self) {
        self.base.store(stack_address(), Ordering::Relaxed);
    }

    /// Ends the thread with a reason. Nothing is printed: this isn't a panic of the program's.
    pub fn stop(&self, reason: Stop) -> ! {
        resume_unwind(Box::new(reason))
    }

    /// Counts steps.
    pub fn step(&self, steps: usize) {
        if self.steps.fetch_add(steps, Ordering::Relaxed) >= MAX_STEPS {
            self.stop(Stop::Steps);
        }
        if self.base.load(Ordering::Relaxed).abs_diff(stack_address()) > STACK_USED_MAX {
            self.stop(Stop::Depth);
        }
    }
}

/// About where the stack ends now.
#[inline(never)]
fn stack_address() -> usize {
    let here = 0_u8;
    std::ptr::from_ref(std::hint::black_box(&here)).addr()
}

/// Hears the counting statements and what the sheet itself says.
#[derive(Debug)]
struct Listener<'a> {
    library: &'a Library<'a>,
    /// File by number, range in its prepared text, what was said.
    said: Mutex<Vec<(codemap::SpanLoc, String)>>,
    last: Mutex<Option<codemap::SpanLoc>>,
}

impl grass::Logger for Listener<'_> {
    fn debug(&self, location: codemap::SpanLoc, message: &str) {
        let Some(rest) = message.trim_matches('"').strip_prefix(SIGN) else { return };
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(location);
        if rest.parse().is_ok_and(|selectors: usize| selectors > MAX_SELECTORS) {
            self.library.guard().stop(Stop::Selectors);
        }
        self.library.guard().step(1);
    }

    fn warn(&self, location: codemap::SpanLoc, message: &str) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.push((location, message.to_owned()));
    }
}

/// What a run gave.
pub(super) struct Ran {
    /// The compiler's CSS, with marks.
    pub css: String,
    /// The files, the sheet first.
    pub texts: Vec<Text>,
    /// What the sheet said with `@warn`.
    pub warnings: Vec<Diagnostic>,
}

/// Compiles a sheet once.
pub(super) fn run(
    sheet: &Sheet<'_>,
    files: &dyn Files,
    marks: bool,
) -> Result<Ran, Box<Diagnostic>> {
    hush();
    let library = Library::new(sheet, files, marks, Guard::default())
        .map_err(|deep| problem::too_deep(sheet.text.locate(problem::deep_range(deep)), deep))?;
    let listener = Listener { library: &library, said: Mutex::default(), last: Mutex::default() };
    let joined = thread::scope(|scope| {
        thread::Builder::new()
            .name(THREAD.to_owned())
            .stack_size(STACK)
            .spawn_scoped(scope, || work(sheet, &library, &listener))
            .map(|thread| thread.join())
    });
    let said = listener.said.into_inner().unwrap_or_else(PoisonError::into_inner);
    let last = listener.last.into_inner().unwrap_or_else(PoisonError::into_inner);
    let css = match joined {
        Ok(Ok(Ok(css))) => css,
        Ok(Ok(Err(error))) => return Err(problem::from_compiler(*error, sheet, library)),
        Ok(Err(payload)) => return Err(stopped(&*payload, last, sheet, library)),
        Err(error) => return Err(problem::no_thread(&error)),
    };
    let warnings = problem::warnings(said, sheet, &library);
    Ok(Ran { css, texts: library.into_texts(), warnings })
}

fn work(
    sheet: &Sheet<'_>,
    library: &Library<'_>,
    listener: &Listener<'_>,
) -> Result<String, Box<grass::Error>> {
    library.guard().begin();
    let syntax = match sheet.syntax {
        Syntax::Scss => InputSyntax::Scss,
        Syntax::Sass => InputSyntax::Sass,
    };
    let options =
        Options::default().fs(library).logger(listener).allows_charset(false).input_syntax(syntax);
    grass::from_path(Path::new(library.main()), &options)
}

fn stopped(
    payload: &(dyn Any + Send),
    last: Option<codemap::SpanLoc>,
    sheet: &Sheet<'_>,
    library: Library<'_>,
) -> Box<Diagnostic> {
    match payload.downcast_ref::<Stop>() {
        Some(&stop) => problem::stopped(stop, last, sheet, library),
        None => {
            let text = payload.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| payload.downcast_ref::<&str>().copied());
            problem::given_up(text.unwrap_or("no reason"), last, sheet, library)
        }
    }
}

/// Keeps the compiler's own panics off the terminal: they become diagnostics.
fn hush() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if thread::current().name() != Some(THREAD) {
                before(panic);
            }
        }));
    });
}
