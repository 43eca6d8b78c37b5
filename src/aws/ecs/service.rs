//! ECS in a run: starts tasks when they are to be run.

use crate::aws::architecture::Architecture;
use crate::aws::ecs::metrics::{TaskMetrics, TaskRun};
use crate::aws::ecs::start;
use crate::aws::engine::context::Context;
use crate::aws::engine::event::Event;
use crate::aws::iam::directory::Directory;
use crate::aws::iam::service::{directory_of, name_of};
use crate::aws::reader::Reader;
use crate::sim::agenda::Priority;

/// What happens in ECS by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// A task is to be run: an index of the architecture's runs.
    Run(u32),
}

/// ECS in a run.
#[derive(Debug, Default)]
pub struct Service {
    directory: Directory,
    tasks: Vec<TaskMetrics>,
}

/// The tasks of an architecture of which none is run.
pub fn idle(architecture: &Architecture) -> Vec<TaskMetrics> {
    let metrics = |name: &String| TaskMetrics { name: name.clone(), ..TaskMetrics::default() };
    architecture.tasks.iter().map(|task| metrics(&task.name)).collect()
}

impl Service {
    /// The service, with all runs on the agenda.
    pub fn new(architecture: &Architecture, reader: &Reader<'_>, context: &mut Context) -> Self {
        let tasks = idle(architecture);
        if architecture.task_runs.is_empty() {
            return Self { tasks, ..Self::default() };
        }
        for (index, run) in (0..).zip(&architecture.task_runs) {
            context.at(run.at, Priority::Arrive, Event::Ecs(Timer::Run(index)));
        }
        Self { directory: directory_of(architecture, reader), tasks }
    }

    /// Something of ECS's own happens.
    pub fn handle(&mut self, architecture: &Architecture, context: &mut Context, timer: Timer) {
        let Timer::Run(index) = timer;
        let Some(order) = architecture.task_runs.get(index as usize) else { return };
        let known = architecture.tasks.get(order.task).zip(self.tasks.get_mut(order.task));
        let Some((task, metrics)) = known else { return };
        let name = |who: &_| name_of(&architecture.identities, who);
        metrics.runs += 1;
        let story = context.trace.begin().number();
        let run = start::run(&self.directory, task, order, &name);
        metrics.last = Some(TaskRun { story, ..run });
    }

    /// What became of each task, in the architecture's order.
    pub fn finish(self) -> Vec<TaskMetrics> {
        self.tasks
    }
}
