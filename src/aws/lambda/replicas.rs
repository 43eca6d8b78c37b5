//! Functions that run in other Regions than the account's own: Lambda@Edge. Each Region has a pool
//! and quotas of its own; in the account's Region they share the pool with everything there.

use crate::aws::architecture::{Architecture, Resource, ResourceKind};
use crate::aws::engine::context::Context;
use crate::aws::engine::event::Request;
use crate::aws::lambda::deployment::Function;
use crate::aws::lambda::function::{Drawn, State};
use crate::aws::lambda::metrics::AccountMetrics;
use crate::aws::lambda::service::{Pool, Service};
use crate::aws::reader::Reader;

impl Service {
    /// Adds a function that runs in a Region beside the architecture's own functions. Gives the
    /// resource to which requests for it go.
    pub fn replicate(
        &mut self,
        function: &Function,
        region: &str,
        architecture: &Architecture,
        reader: &Reader<'_>,
        seed: u64,
    ) -> Resource {
        let known = self.regions.iter().position(|name| name == region);
        let pool = known.unwrap_or_else(|| self.open(region, reader));
        let index = self.functions.len();
        let policies = &architecture.policies;
        let mut state = State::new(index as u32, function, &self.rules, policies, reader, seed);
        state.pool = pool;
        self.functions.push(state);
        Resource::new(ResourceKind::Function, index)
    }

    /// Begins with another Region, whose quota is the catalogue's. Gives the place of its pool.
    fn open(&mut self, region: &str, reader: &Reader<'_>) -> usize {
        let quota = reader.count("lambda.concurrent_executions");
        let account = AccountMetrics {
            concurrent_executions_limit: quota,
            unreserved_concurrent_executions_limit: quota,
            ..AccountMetrics::default()
        };
        let request_rate = self.rules.request_rate(quota);
        self.regions.push(region.to_owned());
        self.pools.push(Pool { limit: quota, busy: 0, request_rate, account });
        self.pools.len() - 1
    }

    /// A request comes whose handler takes a time that is known to who asks, instead of one drawn.
    /// Gives how many environments have expired.
    pub fn invoke_for(&mut self, context: &mut Context, request: Request, handler: u64) -> u64 {
        let now = context.now();
        self.apply_changes_before(now.saturating_add(1));
        let Some(function) = self.functions.get_mut(request.target.place()) else { return 0 };
        self.expired += function.expire(&mut self.environments, now);
        let drawn = Drawn { handler, fails: false, tmp: None };
        self.place(context, request, drawn);
        std::mem::take(&mut self.expired)
    }
}
