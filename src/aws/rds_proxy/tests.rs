//! The pool against its documentation's examples and against the formulas of queueing theory.

use std::collections::BTreeMap;

use crate::aws::catalogue::{Catalogue, Quotas};
use crate::aws::rds::Database;
use crate::aws::rds::database::Client;
use crate::aws::rds_proxy::deployment::{PoolSettings, ProxyDeployment};
use crate::aws::rds_proxy::pool::{Borrow, Grant, Pool};
use crate::aws::reader::Reader;
use crate::sim::SECOND;
use crate::sim::queue::EventQueue;
use crate::sim::random::Random;

const MINUTE: u64 = 60 * SECOND;

fn settings(proxy: &ProxyDeployment, max_connections: u64) -> PoolSettings {
    let quotas = Quotas::new(Catalogue::builtin(), BTreeMap::new());
    PoolSettings::new(proxy, max_connections, 0, &Reader::new(&quotas, "ap-northeast-2"))
}

fn pool(most: u64, most_idle: u64) -> Pool {
    let settings = PoolSettings {
        most,
        most_idle,
        borrow_timeout: 120 * SECOND,
        idle_timeout: 5 * MINUTE,
        connection_time: 0,
    };
    Pool::new("pool", settings)
}

#[test]
fn a42_settings_are_shares_of_max_connections() {
    let given = |percent: Option<f64>, idle: Option<f64>, max_connections| {
        let proxy = ProxyDeployment {
            max_connections_percent: percent,
            max_idle_connections_percent: idle,
            ..ProxyDeployment::default()
        };
        let settings = settings(&proxy, max_connections);
        (settings.most, settings.most_idle)
    };
    // The guide's example: 95 % of 1,000.
    assert_eq!(given(Some(0.95), None, 1000), (950, 475));
    assert_eq!(given(None, None, 1000), (1000, 500));
    assert_eq!(given(Some(0.07), Some(0.01), 100), (7, 1));
    assert_eq!(given(Some(0.01), None, 10), (1, 0));
    let all = settings(&ProxyDeployment::default(), 100);
    assert_eq!((all.borrow_timeout, all.idle_timeout), (120 * SECOND, 5 * MINUTE));
}

#[test]
fn connections_are_opened_lent_and_handed_on_in_order() {
    let (mut pool, mut database) = (pool(2, 2), Database::new("db", 10));
    assert_eq!(pool.borrow(0, &mut database, 1), Borrow::Opening { ready: 0 });
    assert_eq!(pool.give_back(1), None);
    assert_eq!(pool.borrow(2, &mut database, 2), Borrow::Granted);
    assert_eq!(pool.borrow(3, &mut database, 3), Borrow::Opening { ready: 3 });
    let until = 4 + 120 * SECOND;
    assert_eq!(pool.borrow(4, &mut database, 4), Borrow::Waiting { number: 0, until });
    let until = 5 + 120 * SECOND;
    assert_eq!(pool.borrow(5, &mut database, 5), Borrow::Waiting { number: 1, until });
    assert_eq!((pool.waiting(), pool.open_connections(), database.open()), (2, 2, 2));
    assert_eq!(pool.give_back(10), Some(Grant { ticket: 4, ready: 10 }));
    assert_eq!(pool.give_back(11), Some(Grant { ticket: 5, ready: 11 }));
    assert_eq!(pool.give_back(12), None);
    let metrics = pool.finish(100);
    assert_eq!(metrics.database_connections_borrow_latency.count(), 5);
    assert_eq!(metrics.database_connections_borrow_latency.sum(), 12);
    assert_eq!(metrics.database_connections.max(), 2);
    assert_eq!(metrics.borrow_timeouts, 0);
}

#[test]
fn a_client_waits_for_the_borrow_timeout_and_no_longer() {
    let (mut pool, mut database) = (pool(1, 1), Database::new("db", 10));
    pool.borrow(0, &mut database, 1);
    for ticket in 2..5 {
        let waits = pool.borrow(u64::from(ticket), &mut database, ticket);
        assert!(matches!(waits, Borrow::Waiting { .. }));
    }
    assert_eq!(pool.give_up(2 + 120 * SECOND, 0), Some(2));
    // One who has gone is passed over.
    pool.cancel(2 + 120 * SECOND, 1);
    assert_eq!(pool.give_up(3 + 120 * SECOND, 1), None);
    assert_eq!(pool.give_back(121 * SECOND), Some(Grant { ticket: 4, ready: 121 * SECOND }));
    assert_eq!(pool.give_up(4 + 120 * SECOND, 2), None);
    assert_eq!(pool.waiting(), 0);
    assert_eq!(pool.metrics.borrow_timeouts, 1);
}

#[test]
fn a_database_that_is_full_of_others_lets_the_pool_wait() {
    let (mut pool, mut database) = (pool(10, 10), Database::new("db", 1));
    database.connect(0, Client::Direct).unwrap();
    assert!(matches!(pool.borrow(1, &mut database, 7), Borrow::Waiting { .. }));
    assert_eq!(pool.open_for_next(2, &mut database), None);
    database.close(3, database.generation());
    assert_eq!(pool.open_for_next(3, &mut database), Some(Grant { ticket: 7, ready: 3 }));
    assert_eq!(pool.metrics.database_connections_setup_failed, 2);
    assert_eq!(pool.metrics.database_connections_setup_succeeded, 1);
}

#[test]
fn idle_connections_are_closed_after_five_minutes_down_to_those_that_may_stay() {
    let (mut pool, mut database) = (pool(10, 2), Database::new("db", 10));
    for ticket in 0..5 {
        pool.borrow(0, &mut database, ticket);
    }
    for at in 0..5 {
        pool.give_back(at * MINUTE);
    }
    for minute in 5..8 {
        assert_eq!(pool.next_idle_end(), Some(minute * MINUTE));
        pool.close_idle(minute * MINUTE, &mut database);
    }
    assert_eq!(pool.next_idle_end(), None);
    assert_eq!((pool.open_connections(), database.open()), (2, 2));
}

#[test]
fn clients_wait_through_a_failover() {
    let (mut pool, mut database) = (pool(2, 2), Database::new("db", 10));
    pool.borrow(0, &mut database, 1);
    pool.borrow(0, &mut database, 2);
    assert!(matches!(pool.borrow(1, &mut database, 3), Borrow::Waiting { .. }));
    database.fail(10, 60);
    pool.lose_connections(10);
    assert!(matches!(pool.borrow(11, &mut database, 4), Borrow::Waiting { .. }));
    assert_eq!(pool.open_for_next(12, &mut database), None);
    assert!(database.promote());
    assert_eq!(pool.open_for_next(30, &mut database), Some(Grant { ticket: 3, ready: 30 }));
    assert_eq!(pool.open_for_next(30, &mut database), Some(Grant { ticket: 4, ready: 30 }));
    assert_eq!(pool.open_for_next(30, &mut database), None);
    assert_eq!((database.open(), pool.metrics.connections_lost), (2, 2));
    assert_eq!(pool.metrics.database_connections_setup_failed, 0);
}

/// What one run of M/M/c gives: the mean wait in seconds, the share of those who waited.
fn m_m_c(seed: u64, servers: u64, load: f64, customers: u32) -> (f64, f64) {
    let (mut pool, mut database) = (pool(servers, servers), Database::new("db", servers));
    let mut arrivals = Random::stream(seed, &["arrivals"]);
    let mut services = Random::stream(seed, &["services"]);
    let mean_gap = SECOND as f64 / (load * servers as f64);
    let mut ends: EventQueue<u64> = EventQueue::default();
    let service = |random: &mut Random| (random.exponential() * SECOND as f64) as u64;
    let (mut now, mut waited) = (0, 0u32);
    for customer in 0..customers {
        now += (arrivals.exponential() * mean_gap) as u64;
        while let Some((end, _)) = ends.peek()
            && end <= now
        {
            ends.pop();
            if let Some(grant) = pool.give_back(end) {
                ends.push(end + service(&mut services), u64::from(grant.ticket));
            }
        }
        match pool.borrow(now, &mut database, customer) {
            Borrow::Waiting { .. } => waited += 1,
            _ => ends.push(now + service(&mut services), u64::from(customer)),
        }
    }
    let metrics = pool.finish(now);
    let waits = &metrics.database_connections_borrow_latency;
    (waits.mean() / SECOND as f64, f64::from(waited) / f64::from(customers))
}

/// Erlang's C: the share that waits, by the recursion of his B.
fn erlang_c(servers: u64, load: f64) -> f64 {
    let offered = load * servers as f64;
    let blocked = (1..=servers).fold(1.0, |b, c| offered * b / (c as f64 + offered * b));
    blocked / (1.0 - load * (1.0 - blocked))
}

/// Pools of a few and of many connections wait as Erlang says: within four standard errors of the
/// mean over twenty seeds.
#[test]
fn waiting_for_a_connection_follows_erlang_c() {
    for (servers, load, share, wait) in [
        (1, 0.5, 0.5, 1.0),
        (2, 0.8, 0.711_111, 1.777_78),
        (5, 0.8, 0.554_113, 0.554_113),
        (10, 0.9, 0.668_732, 0.668_732),
        (50, 0.9, 0.363_864, 0.072_772_9),
        (100, 0.95, 0.506_457, 0.101_291),
    ] {
        let exact = erlang_c(servers, load);
        assert!((exact - share).abs() < 1e-5, "{servers} {load}: {exact}");
        let exact_wait = exact / (servers as f64 * (1.0 - load));
        assert!((exact_wait - wait).abs() < 1e-4 * wait, "{servers} {load}: {exact_wait}");
        let runs: Vec<_> = (1..=20).map(|seed| m_m_c(seed, servers, load, 40_000)).collect();
        let check = |values: Vec<f64>, exact: f64| {
            let count = values.len() as f64;
            let mean = values.iter().sum::<f64>() / count;
            let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (count - 1.0);
            let error = (variance / count).sqrt();
            let off = (mean - exact).abs() / error;
            assert!(off < 4.0, "{servers} {load}: {mean} instead of {exact}, {off} errors");
        };
        check(runs.iter().map(|run| run.0).collect(), exact_wait);
        check(runs.iter().map(|run| run.1).collect(), exact);
    }
}
