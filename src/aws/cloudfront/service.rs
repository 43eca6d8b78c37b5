//! CloudFront as a service of the event loop: viewers' requests come, go on when what they wait for
//! is over, and are answered.

use rustc_hash::FxHashMap;

use crate::aws::architecture::{Architecture, Resource};
use crate::aws::cloudfront::distribution::{Objects, Viewers};
use crate::aws::cloudfront::edge::Edge;
use crate::aws::cloudfront::metrics::{DistributionMetrics, RequestRecord};
use crate::aws::cloudfront::recorder::Recorder;
use crate::aws::cloudfront::rules::Prices;
use crate::aws::engine::context::Context;
use crate::aws::engine::event::{Answer, Request};
use crate::aws::lambda::deployment::Function;
use crate::aws::reader::Reader;
use crate::sim::elementary::{exp, ln};
use crate::sim::random::Random;

/// A timer of CloudFront's: a request goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timer {
    /// The index of the distribution.
    pub distribution: u32,
    /// The slot of the request.
    pub flight: u32,
}

/// What a source's requests are drawn from.
#[derive(Clone, Debug)]
struct Viewing<'a> {
    viewers: &'a Viewers,
    /// The numbers of the requests in the distribution.
    requests: Vec<u32>,
    popularity: Popularity,
    random: Random,
}

/// How often the objects of a path are asked for.
#[derive(Clone, Debug)]
enum Popularity {
    /// All alike.
    Even,
    /// By the sums of their shares, up to each.
    Sums(Vec<f64>),
}

/// CloudFront while it runs.
#[derive(Debug)]
pub struct Service<'a> {
    edges: Vec<Edge<'a>>,
    /// By distribution and source.
    viewing: FxHashMap<(u32, u32), Viewing<'a>>,
    records: Vec<RequestRecord>,
}

/// Gives the resource under which a Lambda@Edge function is asked in a Region.
pub type Replicate<'r> = dyn FnMut(&Function, &str) -> Resource + 'r;

/// What CloudFront's part of a run was.
#[derive(Debug)]
pub struct Finished {
    /// The distributions' metrics, in the architecture's order.
    pub distributions: Vec<DistributionMetrics>,
    /// The first requests of all distributions, in the order in which they came.
    pub requests: Vec<RequestRecord>,
}

impl<'a> Service<'a> {
    /// CloudFront with an architecture's distributions.
    pub fn new(
        architecture: &'a Architecture,
        reader: &Reader<'_>,
        seed: u64,
        replicate: &mut Replicate<'_>,
    ) -> Self {
        let mut edges = Vec::with_capacity(architecture.distributions.len());
        let mut viewing = FxHashMap::default();
        for (index, distribution) in (0..).zip(&architecture.distributions) {
            let mut edge = Edge::new(index, distribution, reader, seed, replicate);
            for viewers in &distribution.viewers {
                let requests =
                    viewers.requests.iter().map(|request| edge.add(request.clone())).collect();
                // The source's place among all would let another resource's flows change the draws.
                let ordinal = distribution
                    .viewers
                    .iter()
                    .position(|other| other.source == viewers.source)
                    .unwrap_or_default()
                    .to_string();
                let purpose = ["distribution", &distribution.name, "viewers", &ordinal];
                let random = Random::stream(seed, &purpose);
                let popularity = Popularity::new(viewers.objects);
                let one = Viewing { viewers, requests, popularity, random };
                viewing.insert((index, viewers.source), one);
            }
            edges.push(edge);
        }
        Self { edges, viewing, records: Vec::new() }
    }

    /// A request comes.
    #[inline]
    pub fn request(&mut self, context: &mut Context, request: Request) {
        let index = request.target.index;
        let Some(edge) = self.edges.get_mut(index as usize) else { return };
        let Some(viewing) = self.viewing.get_mut(&(index, request.message.source)) else {
            context.answer(request.caller, Answer::Error);
            return;
        };
        let (number, location, object) = viewing.draw();
        edge.receive(context, &mut self.records, &request, number, location, object);
    }

    /// A request goes on.
    pub fn handle(&mut self, context: &mut Context, timer: Timer) {
        if let Some(edge) = self.edges.get_mut(timer.distribution as usize) {
            edge.go_on(context, &mut self.records, timer.flight);
        }
    }

    /// A Lambda@Edge function that a request waits for has answered.
    pub fn answered(&mut self, context: &mut Context, timer: Timer, answer: Answer) {
        if let Some(edge) = self.edges.get_mut(timer.distribution as usize) {
            edge.function_answered(context, &mut self.records, timer.flight, answer);
        }
    }

    /// The metrics of the whole run, which ends at `end`.
    pub fn finish(self, end: u64) -> Finished {
        let distributions = self.edges.into_iter().map(|edge| edge.finish(end)).collect();
        Finished { distributions, requests: self.records }
    }
}

impl Viewing<'_> {
    /// The numbers of the next request, its edge location and its object.
    #[inline]
    fn draw(&mut self) -> (u32, u32, u32) {
        let pick = |values: &[u32], random: &mut Random| match values {
            [] => 0,
            [one] => *one,
            many => many.get(random.below(many.len() as u64) as usize).copied().unwrap_or_default(),
        };
        let number = pick(&self.requests, &mut self.random);
        let location = pick(&self.viewers.locations, &mut self.random);
        let Objects { first, count, .. } = self.viewers.objects;
        let rank = match &self.popularity {
            Popularity::Even if count <= 1 => 0,
            Popularity::Even => self.random.below(u64::from(count)) as u32,
            Popularity::Sums(sums) => {
                let sum = sums.last().copied().unwrap_or_default();
                let drawn = self.random.unit() * sum;
                sums.partition_point(|&sum| sum < drawn).min(sums.len().saturating_sub(1)) as u32
            }
        };
        (number, location, first.saturating_add(rank))
    }
}

impl Popularity {
    fn new(objects: Objects) -> Self {
        if objects.zipf <= 0.0 || objects.count <= 1 {
            return Self::Even;
        }
        let mut sum = 0.0;
        let shares = (1..=objects.count).map(|rank| {
            sum += exp(-objects.zipf * ln(f64::from(rank)));
            sum
        });
        Self::Sums(shares.collect())
    }
}

/// The metrics of distributions to which nothing happens.
pub fn idle(architecture: &Architecture, reader: &Reader<'_>) -> Vec<DistributionMetrics> {
    let one =
        |distribution| Recorder::new(distribution, Prices::new(distribution, reader)).finish(0);
    architecture.distributions.iter().map(one).collect()
}
