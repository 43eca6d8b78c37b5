//! What bounds a scenario, so that no block can hang a build or fill the memory.

/// The most bytes of a block's YAML.
pub const TEXT: usize = 64 * 1024;
/// The most functions of a scenario.
pub const FUNCTIONS: usize = 100;
/// The most databases of a scenario, and the most proxies.
pub const DATABASES: usize = 50;
/// The most things of a kind in a network.
pub const NETWORK_THINGS: usize = 100;
/// The most rules of a list, and routes of a table.
pub const RULES: usize = 200;
/// The most subnets, or security groups, of one resource.
pub const PLACES: usize = 20;
/// The most calls of one function.
pub const CALLS: usize = 10;
/// The most connections that are looked for.
pub const LINKS: usize = 1_200;
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
