//! What bounds a scenario, so that no block can hang a build or fill the memory.

/// The most bytes of a block's YAML.
pub const TEXT: usize = 64 * 1024;
/// The most functions of a scenario.
pub const FUNCTIONS: usize = 100;
/// The most CloudFront distributions of a scenario.
pub const DISTRIBUTIONS: usize = 20;
/// The most origins of a distribution; AWS's own quota is a result.
pub const ORIGINS: usize = 50;
/// The most paths, statuses or times in one list of a distribution.
pub const PATTERNS: usize = 50;
/// The most edge locations of a distribution.
pub const LOCATIONS: usize = 600;
/// The most actions of an edge function.
pub const ACTIONS: usize = 20;
/// The most kinds of requests that the lists of one event stand for.
pub const ALTERNATIVES: usize = 64;
/// The most copies that the objects of one event may have in caches, each some 50 bytes.
pub const COPIES: u64 = 4_000_000;
/// The most events (one-off or flows) of a scenario.
pub const EVENTS: usize = 1_000;
/// The most variants of a scenario.
pub const VARIANTS: usize = 24;
/// The most expectations in one `expect` list.
pub const EXPECTATIONS: usize = 200;
/// The most settings of one variant's `with`.
pub const SETTINGS: usize = 100;
/// The most steps of a setting's path.
pub const PATH: usize = 16;
/// The most bytes of an expectation.
pub const EXPRESSION: usize = 4_000;
/// How deeply an expectation may nest; a chain of operators counts one level for each operator.
pub const NESTING: usize = 100;
/// The most steps of evaluating an expectation in one variant.
pub const STEPS: u32 = 200_000;
/// The most characters of an id, a function's name or a variant's name.
pub const NAME: usize = 100;
/// The most characters of a title.
pub const TITLE: usize = 300;
/// The most events that the engine simulates in one variant. A request takes two or three.
pub const SIMULATED_EVENTS: u64 = 20_000_000;
/// The latest simulated time: 30 days, in nanoseconds.
pub const SIMULATED_TIME: u64 = 30 * 24 * 3600 * 1_000_000_000;
/// The largest count or seed that a scenario may name, so that it is exact as a number.
pub const COUNT: i64 = 1 << 53;
/// The most single requests of a function that its `log` lists.
pub const LOG: usize = 100;
/// The most problems of one block that are reported.
pub const DIAGNOSTICS: usize = 100;
