//! Clojure.

use crate::markdown::highlight::scan::{Rules, Scan, Words, is_space};

static KEYWORDS: Words =
    Words::new("fn def defn defmacro defmethod defmulti defn- defstruct if cond let for");

static BUILTINS: Words = Words::new(
    "
    * + - -> . .. / < <= = == > >= accessor agent agent-errors aget alength all-ns alter and
    append-child apply array-map aset aset-boolean aset-byte aset-char aset-double aset-float
    aset-int aset-long aset-short assert assoc await await-for bean binding bit-and bit-not bit-or
    bit-shift-left bit-shift-right bit-xor boolean branch? butlast byte cast char children class
    clear-agent-errors comment commute comp comparator complement concat conj cons constantly
    construct-proxy contains? count create-ns create-struct cycle dec deref difference disj dissoc
    distinct doall doc dorun doseq dosync dotimes doto double down drop drop-while edit end?
    ensure eval every? false? ffirst file-seq filter find find-doc find-ns find-var first float
    flush fnseq frest gensym get get-proxy-class hash-map hash-set identical? identity if-let
    import in-ns inc index insert-child insert-left insert-right inspect-table inspect-tree
    instance? int interleave intersection into into-array iterate join key keys keyword keyword?
    last lazy-cat lazy-cons left lefts line-seq list list* load load-file locking long loop
    macroexpand macroexpand-1 make-array make-node map map-invert map? mapcat max max-key memfn
    merge merge-with meta min min-key name namespace neg? new newline next nil? node not not-any?
    not-every? not= ns-imports ns-interns ns-map ns-name ns-publics ns-refers ns-resolve ns-unmap
    nth nthrest or parse partial path peek pop pos? pr pr-str print print-str println println-str
    prn prn-str project proxy proxy-mappings quot rand rand-int range re-find re-groups re-matcher
    re-matches re-pattern re-seq read read-line reduce ref ref-set refer rem remove remove-method
    remove-ns rename rename-keys repeat replace replicate resolve rest resultset-seq reverse
    rfirst right rights root rrest rseq second select select-keys send send-off seq seq-zip seq?
    set short slurp some sort sort-by sorted-map sorted-map-by sorted-set special-symbol? split-at
    split-with str string? struct struct-map subs subvec symbol symbol? sync take take-nth
    take-while test time to-array to-array-2d tree-seq true? union up update-proxy val vals
    var-get var-set var? vector vector-zip vector? when when-first when-let when-not
    with-local-vars with-meta with-open with-out-str xml-seq xml-zip zero? zipmap zipper",
);

pub struct Clojure;

fn in_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_!$%*+,<=>?/.-".contains(&byte)
}

/// The class of a name.
fn class(name: &str, other: &'static str) -> &'static str {
    match name {
        _ if KEYWORDS.has(name) => "k",
        _ if BUILTINS.has(name) => "nb",
        _ => other,
    }
}

fn number(scan: &mut Scan<'_, '_>) -> bool {
    let digits = |from| scan.run(from, |byte| byte.is_ascii_digit());
    let start = usize::from(scan.byte(0) == b'-');
    let whole = digits(start);
    if whole == start {
        return false;
    }
    let fraction = digits(whole + 1);
    let float = scan.byte(whole) == b'.' && fraction > whole + 1;
    if float { scan.emit("mf", fraction) } else { scan.emit("mi", whole) }
}

impl Rules for Clojure {
    fn step(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let byte = scan.byte(0);
        if is_space(byte) {
            return scan.emit("w", scan.spaces(0));
        }
        if byte == b';' {
            return scan.emit("c1", scan.line(0));
        }
        if number(scan) {
            return true;
        }
        let in_keyword = |byte: u8| byte == b'#' || in_name(byte);
        match byte {
            b'"' => return string(scan),
            b'\'' => {
                let end = scan.run(1, in_keyword);
                return scan.emit(if end > 1 { "ss" } else { "o" }, end);
            }
            b':' => {
                let colons = 1 + usize::from(scan.byte(1) == b':');
                let end = scan.run(colons, in_keyword);
                return end > colons && scan.emit("no", end);
            }
            b'\\' => {
                let length = scan.char_at(1).filter(|c| *c != '\n').map_or(0, char::len_utf8);
                return length > 0 && scan.emit("sc", 1 + length);
            }
            b'~' => return scan.emit("o", 1 + usize::from(scan.byte(1) == b'@')),
            b'`' | b'#' | b'^' | b'&' | b'@' => return scan.emit("o", 1),
            b'(' => {
                let start = scan.spaces(1);
                let end = scan.run(start, in_name);
                scan.emit("p", 1);
                if end > start {
                    scan.emit("w", start - 1);
                    let name = scan.ahead(end - start);
                    scan.emit(class(name, "nf"), name.len());
                }
                return true;
            }
            b'[' | b']' | b'{' | b'}' | b')' => return scan.emit("p", 1),
            _ => {}
        }
        let name = scan.ahead(scan.run(0, in_name));
        scan.some(class(name, "n"), name.len())
    }
}

/// A string, in which a back-slash guards a character of its line.
fn string(scan: &mut Scan<'_, '_>) -> bool {
    let mut at = 1;
    while !scan.is_end(at) {
        match scan.byte(at) {
            b'"' => return scan.emit("s", at + 1),
            b'\\' if !scan.is_line_end(at + 1) => at += 2,
            _ => at += 1,
        }
    }
    let last = scan.rest()[1..].rfind('"');
    last.is_some_and(|last| scan.emit("s", last + 2))
}
