//! What holds in every run with queues, whatever is deployed: properties over random deployments.

use bogi::aws::engine::RunError;
use bogi::aws::metrics::Run;
use proptest::prelude::*;

use crate::{deployment, queues};

fn load() -> impl Strategy<Value = String> {
    let arrivals = prop_oneof![
        (0u64..60, 1u64..300).prop_map(|(at, count)| format!("once {count} at {at}s")),
        (1u64..60, 1u64..60).prop_map(|(rate, until)| format!("constant {rate}/s until {until}s")),
        (1u64..60, 1u64..60).prop_map(|(rate, until)| format!("poisson {rate}/s until {until}s")),
    ];
    let cargo = (0u64..6, 0u64..40, 0u64..20, 1u64..11, 0u64..300);
    (arrivals, cargo).prop_map(|(arrivals, (keys, ids, poison, entries, size))| {
        format!("{arrivals} keys {keys} ids {ids} poison {poison}% entries {entries} size {size}KB")
    })
}

fn mapping() -> impl Strategy<Value = String> {
    let optional = |values: std::ops::Range<u64>| {
        prop_oneof![Just("-".to_owned()), values.prop_map(|value| value.to_string())]
    };
    (1u64..11, 0u64..4, optional(2..30), prop::bool::ANY).prop_map(
        |(batch, window, max, reports)| {
            let reports = if reports { "yes" } else { "-" };
            format!("batch={batch}, window={window}s, max={max}, reports={reports}")
        },
    )
}

fn queue() -> impl Strategy<Value = String> {
    (3u64..20, 0u64..9, 60u64..200, 1u64..5).prop_map(|(visibility, delay, retention, max)| {
        format!("visibility={visibility}s, delay={delay}s, retention={retention}s, dead=dead/{max}")
    })
}

fn check(run: &Run) {
    let mut asked = 0;
    for queue in &run.queues {
        queues::balanced(queue);
        let hidden =
            queue.number_of_messages_received >= queue.number_of_messages_deleted + queue.returned;
        assert!(hidden, "a message is deleted or returned once for each time it is received");
        assert_eq!(queue.sojourn_time.count(), queue.number_of_messages_deleted);
        let levels = [
            &queue.approximate_number_of_messages_visible,
            &queue.approximate_number_of_messages_not_visible,
        ];
        let most = queue.number_of_messages_sent + queue.dead_letters;
        assert!(levels.iter().all(|level| level.max() <= most));
        let ages = queue.approximate_age_of_oldest_message.bins();
        let oldest = ages.iter().map(|bin| bin.max).max().unwrap_or(0);
        assert_eq!(oldest, queue.approximate_age_of_oldest_message.max());
        for mapping in &queue.mappings {
            assert!(mapping.concurrent_batches.max() <= mapping.concurrency_limit.max());
            assert_eq!(mapping.batch_size.count(), mapping.batches);
            asked += mapping.batches + mapping.throttles - mapping.abandoned_batches;
        }
        let received: u128 = queue.mappings.iter().map(|mapping| mapping.batch_size.sum()).sum();
        assert_eq!(received, u128::from(queue.number_of_messages_received));
    }
    let (requests, throttles) = run
        .functions
        .iter()
        .fold((0, 0), |(requests, throttles), f| (requests + f.requests, throttles + f.throttles));
    assert_eq!(asked, requests, "a batch asks once, and again after each throttle but the last");
    let counted = run.queues.iter().flat_map(|queue| &queue.mappings);
    assert_eq!(counted.map(|mapping| mapping.throttles).sum::<u64>(), throttles);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn messages_are_neither_lost_nor_made(
        fifo in prop::bool::ANY, first in queue(),
        mappings in prop::collection::vec(mapping(), 0..3),
        loads in prop::collection::vec(load(), 1..3), duration in 0u64..4000, fails in 0u64..30,
        reserved in 0u64..20, seed in 0u64..1000,
    ) {
        let (fifo, window) = if fifo { ("fifo", "window=0s") } else { ("fifo=-", "") };
        let mut text = format!(
            "account 40\nquota lambda.unreserved_concurrency_minimum=10\nevents 400000\n\
             function f: duration=exponential {duration}ms, init=200ms, timeout=3s, \
             reserved={reserved}, fails={fails}%\n\
             queue dead: {fifo}\nqueue q: {fifo}, {first}\n"
        );
        for mapping in &mappings {
            text += &format!("poll q f: {mapping}, {window}\n");
        }
        for load in &loads {
            text += &format!("load q: {load}\n");
        }
        let case = deployment::parse(&text);
        let run = match case.run(seed) {
            Ok(run) => run,
            Err(RunError::TooManyEvents { .. }) => return Ok(()),
            Err(error) => panic!("{error:?}\n{text}"),
        };
        prop_assert_eq!(&run.rejected, &None);
        prop_assert_eq!(&case.run(seed), &Ok(run.clone()));
        check(&run);
        // What was sent has been handled, is dead or has expired: nothing is left hanging, unless
        // nobody asks for it.
        if !mappings.is_empty() {
            prop_assert_eq!(run.queues[1].remaining(), 0, "{}", text);
        }
    }
}
