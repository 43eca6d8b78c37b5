//! Groovy, and Gradle's build scripts.

use crate::markdown::highlight::scan::{Rules, Scan, Words, is_blank, is_word_byte, run};

static KEYWORDS: Words = Words::new(
    "
    as assert break case catch continue default do else finally for goto if in instanceof new
    return switch this throw try while",
);

static DECLARATIONS: Words = Words::new(
    "
    abstract const enum extends final implements native private protected public static strictfp
    super synchronized throws transient volatile",
);

static TYPES: Words = Words::new("def boolean byte char double float int long short void");

static GRADLE_KEYWORDS: Words = Words::new(
    "
    allprojects artifacts buildscript configuration dependencies publishing repositories
    sourceSets subprojects",
);

static GRADLE_TYPES: Words = Words::new(
    "
    ArtifactResolutionQuery ComponentSelection ComponentSelectionRules Configuration
    ConventionProperty ExtensionAware ExtraPropertiesExtension Gradle IncrementalTaskInputs
    IvyArtifact IvyArtifactSet IvyModuleDescriptorSpec IvyPublication JavaToolChain MavenArtifact
    MavenArtifactSet MavenPom MavenPublication PluginDependenciesSpec PluginDependencySpec Project
    PublishingExtension ResolutionStrategy ResourceHandler Script Settings SourceSet
    SourceSetOutput Task TextResourceFactory",
);

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Root,
    ClassName,
    Import,
}

pub struct Groovy {
    gradle: bool,
    state: State,
    /// Where a run of words ends that is no method's head, so that none begins before.
    no_head: usize,
}

impl Groovy {
    pub fn new(gradle: bool) -> Self {
        Self { gradle, state: State::Root, no_head: 0 }
    }

    /// A method's head at the beginning of a line.
    fn head(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if scan.at < self.no_head {
            return false;
        }
        let mut at = scan.spaces(0);
        loop {
            let first = scan.run(at, is_word_byte).min(at + 1);
            let end =
                scan.run(first, |byte| is_word_byte(byte) || matches!(byte, b'.' | b'[' | b']'));
            let next = scan.spaces(end);
            if first == at || next == end {
                self.no_head = scan.at + end.max(1);
                return false;
            }
            let name = scan.word(next);
            let open = scan.spaces(name);
            if name > next && scan.byte(open) == b'(' {
                run(&mut Self::new(self.gradle), scan.ahead(next), scan.out);
                scan.at += next;
                scan.emit("nf", name - next);
                scan.emit("", open - name);
                return scan.emit("o", 1);
            }
            at = next;
        }
    }

    fn word(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let start = usize::from(scan.byte(0) == b'$');
        let end = if start == 1 { scan.word(1) } else { scan.name(0) };
        if end == 0 {
            return false;
        }
        let word = scan.ahead(end);
        if scan.word_ends(end) {
            self.state = match word {
                "class" | "interface" | "trait" => State::ClassName,
                "package" | "import" => State::Import,
                _ => State::Root,
            };
        }
        let class = match self.state {
            State::ClassName => "kd",
            State::Import => "kn",
            State::Root if start == 0 && scan.byte(end) == b':' => {
                return scan.emit("nl", end + 1);
            }
            _ if KEYWORDS.has(word) || self.gradle && GRADLE_KEYWORDS.has(word) => "k",
            _ if DECLARATIONS.has(word) => "kd",
            _ if TYPES.has(word) || self.gradle && GRADLE_TYPES.has(word) => "kt",
            _ if matches!(word, "true" | "false" | "null") => "kc",
            _ => "n",
        };
        scan.emit(class, end)
    }
}

/// A string within a line, or over line breaks behind back-slashes.
fn quoted(scan: &mut Scan<'_, '_>, quote: u8, class: &'static str) -> bool {
    let mut at = 1;
    let mut last = None;
    while !scan.is_line_end(at) {
        match scan.byte(at) {
            byte if byte == quote => return scan.emit(class, at + 1),
            b'\\' if !scan.is_end(at + 1) => {
                if scan.byte(at + 1) == quote {
                    last = Some(at + 2);
                }
                at += 2;
            }
            _ => at += 1,
        }
    }
    last.is_some_and(|last| scan.emit(class, last))
}

fn string(scan: &mut Scan<'_, '_>) -> bool {
    for (quotes, class) in [("\"\"\"", "s2"), ("'''", "s1")] {
        if scan.starts(quotes)
            && let Some(end) = scan.through(3, quotes)
        {
            return scan.emit(class, end);
        }
    }
    if scan.starts("$/")
        && let Some(end) = scan.through(2, "/$")
    {
        return scan.emit("s", end);
    }
    match scan.byte(0) {
        b'"' => quoted(scan, b'"', "s2"),
        b'\'' => quoted(scan, b'\'', "s1"),
        b'/' => quoted(scan, b'/', "s"),
        _ => false,
    }
}

fn number(scan: &mut Scan<'_, '_>) -> bool {
    let digits = |from| scan.run(from, |byte| byte.is_ascii_digit());
    let whole = digits(0);
    let fraction = digits(whole + 1);
    if whole == 0 {
        return false;
    }
    if scan.byte(whole) == b'.' && fraction > whole + 1 {
        let power = digits(fraction + 1);
        let has_power = scan.byte(fraction) | 32 == b'e' && power > fraction + 1;
        let end = if has_power { power } else { fraction };
        return scan.emit("mf", end + usize::from(matches!(scan.byte(end), b'f' | b'd')));
    }
    let hex = scan.run(2, |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if scan.starts("0x") && hex > 2 {
        return scan.emit("mh", hex);
    }
    scan.emit("mi", whole + usize::from(scan.byte(whole) == b'L'))
}

impl Rules for Groovy {
    fn step(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if self.state != State::Root {
            let spaces = scan.spaces(0);
            if scan.some("", spaces) {
                return true;
            }
            let dotted = scan.run(0, |byte| byte == b'.' || is_word_byte(byte));
            let (class, length) = match self.state {
                State::ClassName => ("nc", scan.word(0)),
                _ => ("nn", dotted + usize::from(dotted > 0 && scan.byte(dotted) == b'*')),
            };
            if length > 0 {
                self.state = State::Root;
            }
            return scan.some(class, length);
        }
        if scan.is_line_start() && self.head(scan) {
            return true;
        }
        let byte = scan.byte(0);
        if is_blank(byte) {
            return scan.emit("", scan.blanks(0));
        }
        if scan.starts("//") {
            return scan.emit("c1", scan.line(0));
        }
        if scan.starts("/*")
            && let Some(end) = scan.through(2, "*/")
        {
            return scan.emit("cm", end);
        }
        let decorator = scan.run(2, |byte| byte == b'.' || is_word_byte(byte));
        if byte == b'@' && is_word_byte(scan.byte(1)) {
            return scan.emit("nd", decorator);
        }
        if string(scan) {
            return true;
        }
        match byte {
            b'\n' => scan.emit("", 1),
            b'.' if scan.name(1) > 0 => {
                scan.emit("o", 1);
                scan.emit("na", scan.word(0))
            }
            byte if b"~^*!%&[](){}<>|+=:;,./?-".contains(&byte) => scan.emit("o", 1),
            _ => self.word(scan) || number(scan),
        }
    }
}
