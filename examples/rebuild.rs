//! How long a run of the pipeline takes that remembers the one before, after one changed file:
//! `cargo run --release --example rebuild -- SITE FILE [EDITS]`. The file is put back at the end.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use bogi::content::Options;
use bogi::date::Moment;
use bogi::output::cache::Cache;
use bogi::pipeline::{self, Request, Stage, memory::Memory};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (Some(site), Some(file)) = (arguments.next(), arguments.next()) else {
        println!("usage: rebuild SITE FILE [EDITS]");
        return;
    };
    let edits: usize = arguments.next().and_then(|edits| edits.parse().ok()).unwrap_or(50);
    let options = Options { source: PathBuf::from(&site), ..Options::default() };
    let cache = Cache::open(&Path::new(&site).join(".bogi-cache/entries"));
    let memory = Memory::default();
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    let now = Moment::from_unix_seconds(seconds as i64).expect("a time of this age");
    let path = Path::new(&site).join(&file);
    let before = std::fs::read_to_string(&path).expect("the file can be read");
    let mut stages: BTreeMap<Stage, Vec<f64>> = BTreeMap::new();
    let mut all = Vec::new();
    for edit in 0..=edits {
        let more = if edit == 0 { String::new() } else { format!("\n고친 줄 {edit}\n") };
        std::fs::write(&path, format!("{before}{more}")).expect("the file can be written");
        memory.changed([path.as_path()], true);
        let mut marks: Vec<(Stage, Instant)> = Vec::new();
        let begin = Instant::now();
        let request = Request {
            options: &options,
            cache: &cache,
            now: &now,
            environment: "development",
            memory: Some(&memory),
            judges_prose: false,
        };
        let built = pipeline::run(&request, &mut |stage| marks.push((stage, Instant::now())));
        let end = Instant::now();
        let pages = built.map_or(0, |built| built.counts.pages);
        let took = end.duration_since(begin).as_secs_f64() * 1e3;
        if edit == 0 {
            println!("{pages} pages, first run {took:.0} ms");
            continue;
        }
        all.push(took);
        let ends = marks.iter().skip(1).map(|&(_, at)| at).chain([end]);
        for (&(stage, at), next) in marks.iter().zip(ends) {
            stages.entry(stage).or_default().push(next.duration_since(at).as_secs_f64() * 1e3);
        }
    }
    std::fs::write(&path, before).expect("the file can be written");
    let show = |name: &str, mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize];
        println!("{name:>10}  p50 {:7.2} ms  p95 {:7.2} ms", at(0.5), at(0.95));
    };
    for (stage, times) in stages {
        show(&format!("{stage:?}"), times);
    }
    show("all", all);
}
