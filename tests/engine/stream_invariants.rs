//! What holds in every run with streams, whatever is deployed: properties over random deployments.

use bogi::aws::engine::RunError;
use bogi::aws::metrics::Run;
use proptest::prelude::*;

use crate::{deployment, queues, streams};

fn load() -> impl Strategy<Value = String> {
    let arrivals = prop_oneof![
        (0u64..60, 1u64..400).prop_map(|(at, count)| format!("once {count} at {at}s")),
        (1u64..60, 1u64..60).prop_map(|(rate, until)| format!("constant {rate}/s until {until}s")),
        (1u64..60, 1u64..60).prop_map(|(rate, until)| format!("poisson {rate}/s until {until}s")),
    ];
    (arrivals, 0u64..9, 0u64..6, 0u64..600).prop_map(|(arrivals, keys, poison, size)| {
        format!("{arrivals} keys {keys} poison {poison}% size {size}KB")
    })
}

fn mapping() -> impl Strategy<Value = String> {
    let optional = |values: std::ops::Range<u64>, unit: &'static str| {
        prop_oneof![Just("-".to_owned()), values.prop_map(move |value| format!("{value}{unit}")),]
    };
    let numbers = (1u64..60, 0u64..4, 1u64..11, optional(0..4, ""), optional(60..300, "s"));
    let choices = (prop::bool::ANY, prop::bool::ANY, prop::bool::ANY);
    (numbers, choices).prop_map(
        |((batch, window, factor, retries, age), (bisect, reports, fan_out))| {
            let yes = |truth| if truth { "yes" } else { "-" };
            format!(
                "batch={batch}, window={window}s, factor={factor}, retries={retries}, age={age}, \
                 bisect={}, reports={}, fan_out={}, dead=dead",
                yes(bisect),
                yes(reports),
                yes(fan_out)
            )
        },
    )
}

fn check(run: &Run) {
    queues::balanced(&run.queues[0]);
    let mut told = 0;
    let mut asked = 0;
    for stream in &run.streams {
        let shards = stream.shards.iter();
        let incoming: u64 = shards.clone().map(|shard| shard.incoming_records).sum();
        assert_eq!(incoming, stream.incoming_records);
        let refused: u64 = shards.map(|shard| shard.write_provisioned_throughput_exceeded).sum();
        assert_eq!(refused, stream.write_provisioned_throughput_exceeded);
        for mapping in &stream.mappings {
            streams::balanced(mapping);
            assert_eq!(mapping.records, stream.incoming_records);
            assert_eq!(mapping.remaining(), 0, "every record is settled in the end");
            assert_eq!(mapping.batch_size.count(), mapping.batches);
            assert_eq!(mapping.iterator_age.count(), mapping.batches);
            assert!(mapping.batch_size.min() > 0 || mapping.batches == 0);
            assert!(mapping.bisects + mapping.retries <= mapping.failed_batches);
            let blocked = mapping.blocked_time.iter().any(|&time| time > 0);
            assert!(!blocked || mapping.failed_batches + mapping.throttles > 0);
            told += mapping.destination_deliveries;
            asked += mapping.batches;
        }
    }
    assert_eq!(run.queues[0].number_of_messages_sent, told);
    let requests: u64 = run.functions.iter().map(|function| function.requests).sum();
    assert_eq!(asked, requests);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn records_are_neither_lost_nor_made(
        shards in 1u64..6, of_table in prop::bool::ANY,
        mappings in prop::collection::vec(mapping(), 0..3),
        loads in prop::collection::vec(load(), 1..3), duration in 0u64..2000, fails in 0u64..20,
        reserved in 0u64..20, seed in 0u64..1000,
    ) {
        let kind = if of_table { "table" } else { "stream" };
        let mut text = format!(
            "account 40\nquota lambda.unreserved_concurrency_minimum=10\nevents 400000\n\
             function f: duration=exponential {duration}ms, init=200ms, timeout=3s, \
             reserved={reserved}, fails={fails}%\nqueue dead:\n{kind} s: shards={shards}\n"
        );
        for mapping in &mappings {
            text += &format!("read s f: {mapping}\n");
        }
        for load in &loads {
            text += &format!("load s: {load}\n");
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
    }
}
