//! What the summary says of a database's statements and triggers.

use super::rds::percentile;
use super::{Amount, Entry};
use crate::aws::rds::statement::failure::{FAILURES, Failure};
use crate::aws::rds::statement::metrics::StatementMetrics;

/// The entries behind those of the database, in every run the same ones.
pub(super) fn entries(metrics: &StatementMetrics) -> Vec<Entry> {
    let count = |korean, english, number| Entry::new(korean, english, Amount::Count(number));
    let times = &metrics.transaction_time;
    let invocations = metrics.triggers.iter().map(|trigger| trigger.lambda_invocations).sum();
    let mut p50 = Entry::new("트랜잭션 시간 p50", "transaction time p50", percentile(times, 50.0));
    let mut most =
        Entry::new("트랜잭션 시간 최대", "transaction time, most", percentile(times, 100.0));
    let uses = metrics.transactions > 0;
    (p50.headline, most.headline) = (uses, uses);
    let mut entries = vec![
        count("트랜잭션", "transactions", metrics.transactions),
        count("└ 커밋", "└ committed", metrics.committed),
        count("└ 롤백", "└ rolled back", metrics.rolled_back),
        count("바뀐 행", "rows changed", metrics.rows),
        count("트리거의 람다 호출", "functions invoked by triggers", invocations),
        count(
            "롤백돼도 취소되지 않은 호출",
            "invocations that outlived a rollback",
            metrics.invocations_of_rolled_back,
        ),
        p50,
        Entry::new("트랜잭션 시간 p99", "transaction time p99", percentile(times, 99.0)),
        most,
        count("실패한 문", "statements that failed", metrics.aborted),
    ];
    entries.extend(FAILURES.into_iter().map(|failure| {
        let counted = metrics.failures.iter().find(|(known, _)| *known == failure);
        let (korean, english) = name(failure);
        count(korean, english, counted.map_or(0, |&(_, count)| count))
    }));
    entries
}

/// A reason as a row.
fn name(failure: Failure) -> (&'static str, &'static str) {
    match failure {
        Failure::NoExtension => ("└ aws_lambda 확장 없음", "└ no extension aws_lambda"),
        Failure::MissingGrant => ("└ DB 권한 없음", "└ no privilege in the database"),
        Failure::MissingRole => ("└ 연결된 IAM 역할 없음", "└ no IAM role associated"),
        Failure::Unreachable => ("└ Lambda까지 길 없음", "└ no path to Lambda"),
        Failure::AccessDenied => ("└ lambda:InvokeFunction 거부", "└ lambda:InvokeFunction denied"),
        Failure::Throttled => ("└ Lambda의 제한", "└ throttled by Lambda"),
        Failure::FunctionError => ("└ 함수 오류", "└ function errors"),
        Failure::RequestTimeout => ("└ 응답 대기 시간 초과", "└ no answer in time"),
    }
}
