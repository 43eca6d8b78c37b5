//! Rouge's short class names for the scopes of TextMate grammars.

use std::sync::OnceLock;

use syntect::parsing::Scope;

/// What a scope means for its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A class of Rouge.
    Token(&'static str),
    /// A quote mark: it takes the class of what is around it.
    Quote,
    /// A key: strings in it are labels.
    Key,
}

use Class::{Key, Quote, Token};

/// Scopes and what they mean; the longest that fits counts.
const CLASSES: &[(&str, Class)] = &[
    ("comment", Token("c1")),
    ("comment.line", Token("c1")),
    ("comment.block", Token("cm")),
    ("comment.block.documentation", Token("cm")),
    ("comment.documentation", Token("cm")),
    ("string", Token("s")),
    ("string.quoted.single", Token("s1")),
    ("string.quoted.double", Token("s2")),
    ("string.quoted.triple", Token("sh")),
    ("string.quoted.other", Token("s2")),
    ("string.quoted.raw", Token("s")),
    ("string.unquoted", Token("s")),
    ("string.regexp", Token("sr")),
    ("string.template", Token("s2")),
    ("punctuation.definition.string", Quote),
    ("punctuation.definition.comment", Quote),
    ("punctuation.definition.regexp", Quote),
    ("punctuation.definition.parameter", Quote),
    ("punctuation.definition.tag", Token("nt")),
    ("punctuation.definition.variable", Token("nv")),
    ("punctuation.definition.keyword", Quote),
    ("punctuation.definition.annotation", Token("nd")),
    ("punctuation.definition.heading", Token("gh")),
    ("punctuation.definition.mapping", Token("p")),
    ("punctuation", Token("p")),
    ("punctuation.accessor", Token("p")),
    ("punctuation.separator.key-value.mapping", Token("pi")),
    ("punctuation.section.interpolation", Token("si")),
    ("punctuation.section.embedded", Token("cp")),
    ("constant", Token("no")),
    ("constant.numeric", Token("mi")),
    ("constant.numeric.integer", Token("mi")),
    ("constant.numeric.integer.hexadecimal", Token("mh")),
    ("constant.numeric.integer.octal", Token("mo")),
    ("constant.numeric.float", Token("mf")),
    ("constant.language", Token("kc")),
    ("constant.character.escape", Token("se")),
    ("constant.character.entity", Token("ni")),
    ("constant.other.placeholder", Token("si")),
    ("constant.other.symbol", Token("ss")),
    ("constant.other.color", Token("mh")),
    ("keyword", Token("k")),
    ("keyword.control", Token("k")),
    ("keyword.control.import", Token("kn")),
    ("keyword.declaration", Token("kd")),
    ("keyword.operator", Token("o")),
    ("keyword.operator.word", Token("ow")),
    ("keyword.other.unit", Token("kt")),
    ("storage", Token("kd")),
    ("storage.type", Token("kd")),
    ("storage.type.primitive", Token("kt")),
    ("storage.type.function", Token("k")),
    ("storage.type.class", Token("k")),
    ("storage.type.c", Token("kt")),
    ("storage.modifier", Token("kd")),
    ("storage.modifier.shell", Token("nb")),
    ("storage.modifier.import", Token("nn")),
    ("entity.name", Token("n")),
    ("entity.name.class", Token("nc")),
    ("entity.name.type", Token("nc")),
    ("entity.name.struct", Token("nc")),
    ("entity.name.enum", Token("nc")),
    ("entity.name.interface", Token("nc")),
    ("entity.name.trait", Token("nc")),
    ("entity.name.function", Token("nf")),
    ("entity.name.namespace", Token("nn")),
    ("entity.name.module", Token("nn")),
    ("entity.name.import", Token("nn")),
    ("entity.name.package", Token("nn")),
    ("entity.name.label", Token("nl")),
    ("entity.name.constant", Token("no")),
    ("entity.name.tag", Token("nt")),
    ("entity.name.section", Token("nn")),
    ("entity.name.heading", Token("gh")),
    ("entity.other.attribute-name", Token("na")),
    ("entity.other.attribute-name.class.css", Token("nc")),
    ("entity.other.attribute-name.id.css", Token("nf")),
    ("entity.other.inherited-class", Token("nc")),
    ("support.function", Token("nb")),
    ("support.class", Token("nc")),
    ("support.type", Token("kt")),
    ("support.type.property-name", Token("py")),
    ("support.type.property-name.json", Token("nl")),
    ("support.constant", Token("no")),
    ("support.variable", Token("nv")),
    ("support.macro", Token("nf")),
    ("variable.other.readwrite", Token("n")),
    ("variable.other.readwrite.shell", Token("nv")),
    ("variable.other.constant", Token("no")),
    ("variable.other.member", Token("n")),
    ("variable.other.php", Token("nv")),
    ("variable.other.normal", Token("nv")),
    ("variable.parameter", Token("n")),
    ("variable.parameter.option", Token("nt")),
    ("variable.language", Token("k")),
    ("variable.function", Token("nf")),
    ("variable.function.shell", Token("nb")),
    ("variable.annotation", Token("nd")),
    ("variable.interpolation", Token("nv")),
    ("meta.annotation", Token("nd")),
    ("meta.preprocessor", Token("cp")),
    ("meta.mapping.key", Key),
    ("markup.heading", Token("gh")),
    ("markup.bold", Token("gs")),
    ("markup.italic", Token("ge")),
    ("markup.inserted", Token("gi")),
    ("markup.deleted", Token("gd")),
    ("markup.changed", Token("gu")),
    ("markup.raw", Token("s")),
    ("meta.diff.header", Token("gh")),
    ("meta.diff.range", Token("gu")),
    ("invalid", Token("err")),
];

/// The scopes, parsed once.
fn classes() -> &'static [(Scope, Class)] {
    static TABLE: OnceLock<Vec<(Scope, Class)>> = OnceLock::new();
    TABLE.get_or_init(|| {
        CLASSES.iter().filter_map(|(name, class)| Some((Scope::new(name).ok()?, *class))).collect()
    })
}

/// What a scope means: by the longest scope of the table that it begins with.
pub fn class_of(scope: Scope) -> Option<Class> {
    classes()
        .iter()
        .filter(|(prefix, _)| prefix.is_prefix_of(scope))
        .max_by_key(|(prefix, _)| prefix.len())
        .map(|(_, class)| *class)
}
