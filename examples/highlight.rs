//! Marks code, for comparison with Rouge: each line of the standard input is a JSON object with
//! `lang` and `code`, each line of the output the HTML as a JSON string, or `null` where the code
//! stays as it is:
//!
//! ```sh
//! echo '{"lang": "python", "code": "x = 1"}' | cargo run --example highlight
//! ```

use std::io::{self, BufRead, Write};

use bogi::markdown::highlight::highlight;

fn main() -> io::Result<()> {
    let mut output = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let block: serde_json::Value = serde_json::from_str(&line?)?;
        let text =
            |name: &str| block.get(name).and_then(|value| value.as_str()).unwrap_or_default();
        let html = highlight(text("lang"), text("code"));
        serde_json::to_writer(&mut output, &html)?;
        output.write_all(b"\n")?;
    }
    Ok(())
}
