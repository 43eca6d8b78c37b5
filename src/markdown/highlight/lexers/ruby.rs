//! Ruby.

mod literals;
mod strings;

use crate::markdown::highlight::scan::{Rules, Scan, Words, is_space, is_word_byte};

static KEYWORDS: Words = Words::new(
    "
    BEGIN END alias begin break case do else elsif end ensure for if in next redo rescue raise
    retry return super then undef unless until when while yield",
);

/// Methods that read like keywords.
static PSEUDO: Words = Words::new(
    "
    loop include extend raise alias_method attr catch throw private module_function public
    protected true false nil __FILE__ __LINE__",
);

static BUILTINS: Words = Words::new(
    "
    attr_reader attr_writer attr_accessor __id__ __send__ abort ancestors at_exit autoload binding
    callcc caller catch chomp chop class_eval class_variables clone const_missing const_set
    constants display dup eval exec exit extend fail fork format freeze getc gets global_variables
    gsub hash id included_modules inspect instance_eval instance_method instance_methods
    instance_variable_get instance_variable_set instance_variables lambda load local_variables loop
    method method_missing methods module_eval name object_id open p print printf
    private_class_method private_instance_methods private_methods proc protected_instance_methods
    protected_methods public_class_method public_instance_methods public_methods putc puts raise
    rand readline readlines require require_relative scan select self send set_trace_func
    singleton_methods sleep split sprintf srand sub syscall system taint test throw to_a to_s
    trace_var trap untaint untrace_var warn",
);

/// Methods that ask: a question mark follows.
static QUESTIONS: Words = Words::new(
    "
    autoload block_given const_defined eql equal frozen include instance_of is_a iterator kind_of
    method_defined nil private_method_defined protected_method_defined public_method_defined
    respond_to tainted",
);

/// The operators that are more than one of a kind, and some that are.
const OPERATORS: &[&str] = &["**", "<<", "<", ">>", ">", "=~", "===", "!~", "&&", "&", "||", "."];

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Root,
    /// Where an expression begins, and a slash begins a regular one.
    Start,
    FunctionName,
    ClassName,
    Ternary,
    /// Parentheses in a definition.
    Definition,
    Interpolated,
    /// A string by its class and its end.
    Quoted(&'static str, u8),
    /// A string by its class, its delimiters, and whether values stand in it.
    Sigil(&'static str, char, char, bool),
    Regex,
    RegexFlags,
    Call,
    CallSpaced,
    HeredocQueue,
    Heredocs,
    HeredocLine,
    End,
}

use State::{Call, CallSpaced, Start};

pub struct Ruby {
    stack: Vec<State>,
    /// The documents that the next line begins with: whether spaces may stand before their ends,
    /// and those.
    heredocs: Vec<(bool, String)>,
}

impl Ruby {
    pub fn new() -> Self {
        Self { stack: vec![State::Root, Start], heredocs: Vec::new() }
    }

    /// Writes a token and enters a state.
    fn enter(
        &mut self,
        scan: &mut Scan<'_, '_>,
        class: &'static str,
        length: usize,
        state: State,
    ) -> bool {
        self.stack.push(state);
        scan.emit(class, length)
    }

    /// Writes a token and leaves the state for another.
    fn turn(
        &mut self,
        scan: &mut Scan<'_, '_>,
        class: &'static str,
        length: usize,
        state: State,
    ) -> bool {
        self.stack.pop();
        self.enter(scan, class, length, state)
    }

    /// Writes a token and leaves the state.
    fn leave(&mut self, scan: &mut Scan<'_, '_>, class: &'static str, length: usize) -> bool {
        self.stack.pop();
        scan.emit(class, length)
    }

    fn space(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match scan.byte(0) {
            b' ' | b'\t' | b'\r' => inline_space(scan),
            b'\n' => self.enter(scan, "", scan.spaces(0), Start),
            b'#' => scan.emit("c1", scan.line(0)),
            b'=' if scan.starts("=begin") && scan.word_ends(6) => {
                let Some(end) = scan.find(6, "\n=end") else { return false };
                scan.word_ends(end + 5) && scan.emit("cm", end + 5)
            }
            _ => false,
        }
    }

    fn root(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if self.space(scan) {
            return true;
        }
        if scan.starts("__END__") {
            return self.enter(scan, "cp", 7, State::End);
        }
        if let Some((class, length)) = literals::number(scan).or_else(|| literals::variable(scan)) {
            return scan.emit(class, length);
        }
        if scan.starts("::") {
            return scan.emit("o", 2);
        }
        self.strings(scan) || self.word(scan) || self.heredoc(scan) || self.symbol(scan)
    }

    fn strings(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if scan.starts(":\"") {
            return self.enter(scan, "ss", 2, State::Quoted("ss", b'"'));
        }
        if let Some(length) = literals::symbol(scan) {
            return scan.emit("ss", length);
        }
        let name = scan.word(0);
        let first = scan.byte(0);
        if first == b'_' || first.is_ascii_lowercase() {
            let colon = name + usize::from(matches!(scan.byte(name), b'?' | b'!'));
            let end = scan.spaces(colon + 1);
            if scan.byte(colon) == b':' && end > colon + 1 {
                return self.enter(scan, "ss", end, Start);
            }
        }
        match first {
            b'\'' => scan.guarded(b'\'', 1, true).is_some_and(|end| scan.emit("s1", end)),
            b'"' => self.enter(scan, "s2", 1, State::Quoted("s2", b'"')),
            b'`' => self.enter(scan, "sb", 1, State::Quoted("sb", b'`')),
            _ => false,
        }
    }

    fn word(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let end = scan.name(0);
        if end == 0 {
            return false;
        }
        let word = scan.ahead(end);
        let next = scan.byte(end);
        let ends = scan.word_ends(end);
        if KEYWORDS.has(word) {
            return self.enter(scan, "k", end, Start);
        }
        if word == "defined" && next == b'?' && !is_word_byte(scan.byte(end + 1)) {
            return self.enter(scan, "k", end + 1, Start);
        }
        if PSEUDO.has(word) && ends {
            return self.enter(scan, "kp", end, Start);
        }
        let gap = scan.spaces(end);
        match word {
            "module" if gap > end && scan.name(gap) > 0 => {
                let mut name = scan.name(gap);
                while scan.starts_at(name, "::") && scan.name(name + 2) > 0 {
                    name = scan.name(name + 2);
                }
                scan.emit("k", end);
                scan.emit("", gap - end);
                return scan.emit("nn", name - gap);
            }
            "def" | "class" if ends => {
                scan.emit("k", end);
                let function = word == "def";
                let state = if function { State::FunctionName } else { State::ClassName };
                return self.enter(scan, "", gap - end, state);
            }
            _ => {}
        }
        let asks = next == b'?' && QUESTIONS.has(word);
        if asks || next == b'!' && matches!(word, "chomp" | "chop" | "exit" | "gsub" | "sub") {
            return self.enter(scan, "nb", end + 1, Start);
        }
        if BUILTINS.has(word) && ends {
            return self.enter(scan, "nb", end, Call);
        }
        if scan.byte(0).is_ascii_uppercase() {
            return self.enter(scan, "no", end, Call);
        }
        if matches!(next, b'?' | b'!') {
            return self.enter(scan, "n", end + 1, Start);
        }
        self.enter(scan, "n", end, Call)
    }

    fn symbol(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let byte = scan.byte(0);
        let dots = scan.first(&["...", ".."]);
        if dots > 0 {
            return self.enter(scan, "o", dots, Start);
        }
        if byte == b'.' {
            let name = scan.spaces(1);
            let first = scan.byte(name);
            let word = scan.word(name);
            let named = first == b'_' || first.is_ascii_lowercase();
            let length = if named {
                word + usize::from(matches!(scan.byte(word), b'!' | b'?'))
            } else if !scan.is_end(name) && b"*%&^`~+,-./[<>=".contains(&first) {
                name + 1
            } else {
                0
            };
            if length > 0 {
                scan.emit("p", 1);
                scan.emit("", name - 1);
                return self.enter(scan, "nf", length - name, Call);
            }
        }
        let operator = scan.first(OPERATORS);
        if operator > 0 {
            return self.enter(scan, "o", operator, Start);
        }
        match byte {
            byte if b"-+/*%=<>&!^|~".contains(&byte) => {
                let length = 1 + usize::from(scan.byte(1) == b'=');
                self.enter(scan, "o", length, Start)
            }
            b'?' => {
                self.stack.push(State::Ternary);
                self.enter(scan, "p", 1, Start)
            }
            b'[' | b'(' | b'{' | b',' | b':' | b'\\' | b';' => self.enter(scan, "p", 1, Start),
            b']' | b')' | b'}' => scan.emit("p", 1),
            _ => false,
        }
    }

    fn start(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if inline_space(scan) {
            return true;
        }
        if scan.byte(0) == b'/' {
            return self.turn(scan, "sr", 1, State::Regex);
        }
        if let Some(length) = literals::character(scan) {
            return self.leave(scan, "sc", length);
        }
        // A string between spaces.
        let spaces = scan.spaces(0);
        let kind = scan.byte(spaces + 1);
        let typed =
            spaces + 1 + usize::from(b"rqswQWxiI".contains(&kind) && !scan.is_end(spaces + 1));
        if scan.byte(spaces) == b'%' && scan.byte(typed) == b' ' {
            let end = scan.run(typed + 1, |byte| !is_space(byte));
            if scan.byte(end) == b' ' {
                scan.emit("", spaces);
                return self.leave(scan, "sx", end + 1 - spaces);
            }
        }
        self.sigil(scan) || self.leave(scan, "", 0)
    }

    fn call_spaced(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if self.space(scan) {
            return true;
        }
        let byte = scan.byte(0);
        if matches!(byte, b'%' | b'/') && scan.byte(1) == b'=' {
            return self.turn(scan, "o", 2, Start);
        }
        if byte == b'/' {
            let next = scan.spaces(1);
            if next == 1 && !scan.is_end(1) || scan.byte(next) == b'/' {
                return self.turn(scan, "sr", 1, State::Regex);
            }
        }
        if self.sigil(scan) {
            return true;
        }
        let spaces = scan.spaces(0);
        if spaces > 0 && scan.byte(spaces) != b'/' {
            return self.turn(scan, "", spaces, Start);
        }
        self.leave(scan, "", 0)
    }

    fn function_name(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let spaces = scan.spaces(0);
        if scan.some("", spaces) {
            return true;
        }
        if scan.byte(0) == b'(' {
            return self.enter(scan, "p", 1, State::Definition);
        }
        let receiver = scan.name(0);
        if receiver > 0 && scan.byte(receiver) == b'.' {
            let length = literals::function_name(scan, receiver + 1);
            if length > 0 {
                scan.emit("nc", receiver);
                scan.emit("o", 1);
                return self.leave(scan, "nf", length);
            }
        }
        self.leave(scan, "nf", literals::function_name(scan, 0))
    }

    fn class_name(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let spaces = scan.spaces(0);
        if scan.some("", spaces) {
            return true;
        }
        let first = scan.word(0);
        let mut end = first;
        while end > 0 && scan.starts_at(end, "::") && scan.word(end + 2) > end + 2 {
            end = scan.word(end + 2);
        }
        if end > first {
            return scan.emit("nc", end);
        }
        if scan.byte(0) == b'(' {
            self.stack.push(State::Definition);
            return self.enter(scan, "p", 1, Start);
        }
        if scan.starts("<<") {
            return self.turn(scan, "o", 2, Start);
        }
        let named = scan.byte(0) == b'_' || scan.byte(0).is_ascii_uppercase();
        self.leave(scan, "nc", if named { first } else { 0 })
    }

    fn ternary(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if scan.byte(0) == b':' {
            let spaces = scan.spaces(1);
            if spaces > 1 {
                scan.emit("p", 1);
                return self.turn(scan, "", spaces - 1, Start);
            }
            let rest = scan.run(1, |byte| !matches!(byte, b'#' | b'\n' | b':' | b'\\'));
            if !matches!(scan.byte(rest), b':' | b'\\') {
                return self.turn(scan, "p", 1, Start);
            }
        }
        self.root(scan)
    }

    fn definition(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match scan.byte(0) {
            b')' => {
                self.leave(scan, "p", 1);
                let operator = scan.first(&[".", "::"]);
                scan.emit("o", operator)
            }
            b'(' => {
                self.stack.push(State::Definition);
                self.enter(scan, "p", 1, Start)
            }
            _ => self.root(scan),
        }
    }
}

fn inline_space(scan: &mut Scan<'_, '_>) -> bool {
    let spaces = scan.run(0, |byte| matches!(byte, b' ' | b'\t' | b'\r'));
    scan.some("", spaces)
}

impl Rules for Ruby {
    fn step(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let state = self.stack.last().copied().unwrap_or(State::Root);
        let byte = scan.byte(0);
        match state {
            State::Root => self.root(scan),
            Start => self.start(scan),
            State::FunctionName => self.function_name(scan),
            State::ClassName => self.class_name(scan),
            State::Ternary => self.ternary(scan),
            State::Definition => self.definition(scan),
            State::Interpolated if byte == b'}' => self.leave(scan, "si", 1),
            State::Interpolated => self.root(scan),
            State::Quoted(class, end) => self.quoted(scan, class, end),
            State::Sigil(..) => self.in_sigil(scan, state),
            State::Regex => self.regex(scan),
            State::RegexFlags => {
                let flags = scan.run(0, |byte| b"mixounse".contains(&byte));
                self.leave(scan, "sr", flags)
            }
            Call => match byte {
                b'/' | b'%' => self.turn(scan, "o", 1, Start),
                b'\n' => self.leave(scan, "", 0),
                _ => self.turn(scan, "", 0, CallSpaced),
            },
            CallSpaced => self.call_spaced(scan),
            State::HeredocQueue if byte == b'\n' => self.turn(scan, "", 0, State::Heredocs),
            State::HeredocQueue => self.root(scan),
            State::Heredocs => self.in_heredocs(scan),
            State::HeredocLine => self.heredoc_line(scan),
            State::End => self.leave(scan, "cp", scan.rest().len()),
        }
    }
}
