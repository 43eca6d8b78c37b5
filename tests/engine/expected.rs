//! What a cell of a table expects; `README.md` says how cells are written.

use bogi::quantity::Quantity;

use crate::measures::Value;

/// What a cell expects.
#[derive(Debug)]
pub enum Expected {
    /// A text, to be found in the measured one.
    Text(String),
    /// A number and how far the measured mean may be from it.
    Number { value: f64, tolerance: Tolerance },
}

#[derive(Debug)]
pub enum Tolerance {
    Absolute(f64),
    /// So many standard errors of the mean over the seeds.
    StandardErrors(f64),
}

impl Expected {
    pub fn parse(cell: &str) -> Self {
        if let Some(text) = cell.strip_prefix('"') {
            return Self::Text(text.trim_end_matches('"').to_owned());
        }
        let (value, tolerance) = cell.split_once('±').unwrap_or((cell, "0"));
        let tolerance = match tolerance.trim().strip_suffix("se") {
            Some(count) => Tolerance::StandardErrors(amount(count)),
            None => Tolerance::Absolute(amount(tolerance)),
        };
        let value = match value.split_once('=') {
            None => amount(value),
            Some((formula, printed)) => {
                let (exact, printed) = (evaluate(formula.trim()), printed.trim());
                let decimals = printed.split_once('.').map_or(0, |(_, decimals)| decimals.len());
                assert_eq!(format!("{exact:.decimals$}"), printed, "{formula}");
                exact
            }
        };
        Self::Number { value, tolerance }
    }

    pub fn holds(&self, measured: &[Value]) -> Result<(), String> {
        match self {
            Self::Text(text) => {
                let differs = measured.iter().find(|value| match value {
                    Value::Text(measured) => {
                        if text.is_empty() {
                            !measured.is_empty()
                        } else {
                            !measured.contains(text)
                        }
                    }
                    Value::Number(_) => true,
                });
                differs.map_or(Ok(()), |value| Err(format!("expected {text:?}, is {value:?}")))
            }
            Self::Number { value, tolerance } => {
                let numbers: Vec<f64> = measured
                    .iter()
                    .map(|value| match value {
                        Value::Number(number) => Ok(*number),
                        Value::Text(text) => Err(format!("expected {value:?}, is {text:?}")),
                    })
                    .collect::<Result<_, _>>()?;
                let (mean, error) = mean_and_error(&numbers);
                let allowed = match tolerance {
                    // The last digits of a double are no difference.
                    Tolerance::Absolute(allowed) => allowed + value.abs() * 1e-12,
                    Tolerance::StandardErrors(count) => count * error,
                };
                if (mean - value).abs() <= allowed {
                    return Ok(());
                }
                let runs = numbers.len();
                Err(format!(
                    "expected {value} ± {allowed}, is {mean} (standard error {error}, {runs} runs)"
                ))
            }
        }
    }
}

fn amount(text: &str) -> f64 {
    let text = text.trim();
    // Scientific notation isn't part of the language's quantities.
    let plain = text.parse().ok();
    plain.unwrap_or_else(|| {
        Quantity::parse(text).unwrap_or_else(|error| panic!("`{text}`: {error}")).amount
    })
}

fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (mean, (squares / (count - 1.0).max(1.0) / count).sqrt())
}

/// The closed formulas of queueing theory that the pages use.
fn evaluate(formula: &str) -> f64 {
    let (name, arguments) = formula.split_once('(').expect("FORMULA(…)");
    let arguments: Vec<f64> = arguments.trim_end_matches(')').split(',').map(amount).collect();
    match (name, &arguments[..]) {
        ("erlang_b", &[servers, offered]) => erlang_b(servers as u32, offered),
        ("carried", &[servers, offered]) => offered * (1.0 - erlang_b(servers as u32, offered)),
        // One environment: arrivals λ, warm and cold service, idle timeout T.
        ("cold", &[rate, _, _, idle]) => (-rate * idle).exp(),
        ("refused", &[rate, warm, cold, idle]) => {
            let work = rate * one_service(rate, warm, cold, idle);
            work / (1.0 + work)
        }
        ("alive", &[rate, warm, cold, idle]) => {
            let share = (-rate * idle).exp();
            let gap = 1.0 / rate - idle * share / (1.0 - share);
            let life = cold + (1.0 / share - 1.0) * (warm + gap) + idle;
            let accepted = rate / (1.0 + rate * one_service(rate, warm, cold, idle));
            accepted * share * life
        }
        // Waiting lines: c servers, a Erlang offered, mean service 1 s.
        ("erlang_c", &[servers, offered]) => erlang_c(servers as u32, offered),
        ("waiting", &[servers, offered]) => {
            erlang_c(servers as u32, offered) / (servers - offered) * 1e9
        }
        ("waits_longer", &[servers, offered, time]) => {
            erlang_c(servers as u32, offered) * (-(servers - offered) * time).exp()
        }
        // One server: a Erlang, coefficient of variation of the service (Pollaczek and Khinchine).
        ("one_server", &[offered, variation]) => {
            offered * (1.0 + variation * variation) / 2.0 / (1.0 - offered) * 1e9
        }
        // The same with so many services added: the time until an arrival has been served.
        ("one_server", &[offered, variation, services]) => {
            let wait = offered * (1.0 + variation * variation) / 2.0 / (1.0 - offered);
            (wait + services) * 1e9
        }
        ("divide", &[a, b]) => a / b,
        _ => panic!("`{formula}` is no formula"),
    }
}

/// Erlang's recursion B(c) = a B(c-1) / (c + a B(c-1)).
fn erlang_b(servers: u32, offered: f64) -> f64 {
    (1..=servers)
        .fold(1.0, |blocked, server| offered * blocked / (f64::from(server) + offered * blocked))
}

/// The chance that an arrival waits for one of c servers.
fn erlang_c(servers: u32, offered: f64) -> f64 {
    let blocked = erlang_b(servers, offered);
    let used = offered / f64::from(servers);
    blocked / (1.0 - used * (1.0 - blocked))
}

fn one_service(rate: f64, warm: f64, cold: f64, idle: f64) -> f64 {
    let share = (-rate * idle).exp();
    share * cold + (1.0 - share) * warm
}
