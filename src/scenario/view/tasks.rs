//! The view `tasks`: the steps of ECS tasks, each with the role whose permissions it needs.

use std::fmt::Write;

use crate::aws::architecture::ResourceKind;
use crate::aws::ecs::metrics::{Phase, RoleKind, Status, TaskMetrics, TaskRun, TaskStep};
use crate::escape;
use crate::quantity::Language;
use crate::scenario::view::decisions::{class, short, verdict, why};
use crate::scenario::view::facts::{Facts, Variant};
use crate::scenario::view::phrase::{count, pick};
use crate::scenario::view::resources::{Amount, Entry, Resource};
use crate::scenario::view::table::{Cell, Table};
use crate::scenario::view::{Shown, name_of};

/// The most tables of steps on a page.
const MOST_TABLES: usize = 8;
/// With more runs than this the finding only counts them.
const MOST_SENTENCES: usize = 4;

/// A task that was run: in a variant, or in the only run.
struct Shows<'a> {
    /// The variant's name; empty for a scenario without variants.
    variant: String,
    task: &'a str,
    run: &'a TaskRun,
}

/// Writes the view.
pub fn shown(facts: &Facts, language: Language) -> Shown {
    let runs: Vec<Shows<'_>> = facts.ran().flat_map(shows).collect();
    let Some(first) = runs.first() else {
        let none = pick(language, "실행한 태스크가 없음", "no task was run");
        return Shown { finding: none.to_owned(), ..Shown::default() };
    };
    let mut names: Vec<&str> = Vec::new();
    for shows in &runs {
        if !names.contains(&shows.task) {
            names.push(shows.task);
        }
    }
    let compare = !first.variant.is_empty() && runs.len() > names.len();
    let mut body = String::new();
    for name in names.iter().take(MOST_TABLES) {
        let of_task: Vec<&Shows<'_>> = runs.iter().filter(|shows| shows.task == *name).collect();
        if compare {
            compared(name, &of_task, language).write(&mut body, CLASS);
        } else {
            of_task.iter().for_each(|shows| steps(shows, language).write(&mut body, CLASS));
        }
        of_task.iter().for_each(|shows| write_failure(&mut body, shows));
    }
    let mut notes = Vec::new();
    if names.len() > MOST_TABLES {
        notes.push(match language {
            Language::Korean => format!("태스크 {}개 중 {MOST_TABLES}개만 보임", names.len()),
            Language::English => format!("{MOST_TABLES} of {} tasks are shown", names.len()),
        });
    }
    Shown { finding: finding(&runs, names.len(), language), body, notes, ..Shown::default() }
}

const CLASS: &str = "scenario-table scenario-permissions";

fn shows(variant: &Variant) -> Vec<Shows<'_>> {
    let ran = variant.tasks.iter().filter_map(|task| Some((task, task.last.as_ref()?)));
    ran.map(|(task, run)| Shows { variant: name_of(variant), task: &task.name, run }).collect()
}

/// What became of the tasks.
fn finding(runs: &[Shows<'_>], tasks: usize, language: Language) -> String {
    if runs.len() > MOST_SENTENCES {
        let running = runs.iter().filter(|shows| shows.run.status == Status::Running);
        let running = count(running.count() as u64);
        let all = count(runs.len() as u64);
        return match language {
            Language::Korean => format!("실행 {all}번 중 {running}번 시작함"),
            Language::English => format!("{running} of {all} runs start"),
        };
    }
    let sentences: Vec<String> = runs
        .iter()
        .map(|shows| {
            let name = match shows.variant.as_str() {
                "" => shows.task.to_owned(),
                variant if tasks == 1 => format!("‘{variant}’"),
                variant => format!("‘{variant}’ {}", shows.task),
            };
            sentence(&name, shows.run, language)
        })
        .collect();
    sentences.join(" · ")
}

/// What became of a task, in a sentence.
fn sentence(name: &str, run: &TaskRun, language: Language) -> String {
    let error = run.error.as_deref().unwrap_or_default();
    let denied = denied_calls(run);
    match (language, run.status) {
        (Language::Korean, Status::Refused) => format!("{name} RunTask가 거부됨({error})"),
        (Language::Korean, Status::Stopped) => format!("{name} 시작하지 못함({error})"),
        (Language::Korean, Status::Running) if denied > 0 => {
            format!("{name} 시작했지만 코드의 호출 {}건이 거부됨", count(denied))
        }
        (Language::Korean, Status::Running) => format!("{name} 시작함"),
        (Language::English, Status::Refused) => format!("{name}: RunTask is refused ({error})"),
        (Language::English, Status::Stopped) => format!("{name}: never starts ({error})"),
        (Language::English, Status::Running) if denied > 0 => {
            format!("{name}: starts, and calls of its code are denied: {}", count(denied))
        }
        (Language::English, Status::Running) => format!("{name}: starts"),
    }
}

fn denied_calls(run: &TaskRun) -> u64 {
    let calls = run.steps.iter().filter(|step| step.phase == Phase::Call);
    calls.filter(|step| !step.allowed()).count() as u64
}

/// The steps of one run.
fn steps(shows: &Shows<'_>, language: Language) -> Table {
    let columns = [
        pick(language, "단계", "step"),
        pick(language, "누구의 권한", "whose permissions"),
        pick(language, "요청", "asked for"),
        pick(language, "결과", "result"),
        pick(language, "까닭", "why"),
    ];
    let mut table = Table::new(caption(shows.task, language), &columns);
    for step in &shows.run.steps {
        table.rows.push(vec![
            Cell::head(phase(step.phase, language)),
            Cell::value(who(step, language)).class("words"),
            Cell::value(asked(step)).class("words"),
            Cell::value(result(step, language)).class(class(step.allowed())),
            Cell::value(reason(step, language)).class("words"),
        ]);
    }
    table
}

fn caption(task: &str, language: Language) -> String {
    match language {
        Language::Korean => format!("{task}: 태스크의 단계"),
        Language::English => format!("{task}: steps of the task"),
    }
}

/// What tells a step from the others of its run: what for, and which of several alike.
type StepKey<'a> = (Phase, &'a str, &'a str, usize);

fn keys(run: &TaskRun) -> Vec<StepKey<'_>> {
    let mut keys: Vec<StepKey<'_>> = Vec::new();
    for step in &run.steps {
        let alike = |key: &&StepKey<'_>| {
            (key.0, key.1, key.2) == { (step.phase, step.action.as_str(), step.resource.as_str()) }
        };
        let before = keys.iter().filter(alike).count();
        keys.push((step.phase, &step.action, &step.resource, before));
    }
    keys
}

/// The steps of a task in several variants, side by side.
fn compared(task: &str, runs: &[&Shows<'_>], language: Language) -> Table {
    let mut order: Vec<StepKey<'_>> = Vec::new();
    for shows in runs {
        let mut after = 0;
        for key in keys(shows.run) {
            match order.iter().position(|known| *known == key) {
                Some(at) => after = at + 1,
                None => {
                    order.insert(after.min(order.len()), key);
                    after += 1;
                }
            }
        }
    }
    let mut columns = vec![pick(language, "단계", "step")];
    columns.extend(runs.iter().map(|shows| shows.variant.as_str()));
    let mut table = Table::new(caption(task, language), &columns);
    for key in order {
        let found: Vec<Option<&TaskStep>> = runs
            .iter()
            .map(|shows| {
                let at = keys(shows.run).iter().position(|known| *known == key)?;
                shows.run.steps.get(at)
            })
            .collect();
        let Some(any) = found.iter().flatten().next() else { continue };
        let head = format!("{} {}", phase(key.0, language), asked_in_short(any));
        let mut cells = vec![Cell::head(head.trim())];
        cells.extend(found.iter().map(|step| match step {
            None => Cell::value("–").class("words"),
            Some(step) => Cell::value(in_short(step, language)).class(class(step.allowed())),
        }));
        table.rows.push(cells);
    }
    table
}

/// A step in one cell: who went through, or who didn't and why.
fn in_short(step: &TaskStep, language: Language) -> String {
    let who = Some(who(step, language)).filter(|who| who != "–").unwrap_or_default();
    if step.allowed() {
        return format!("✓ {who}").trim().to_owned();
    }
    let parts = [result(step, language).to_owned(), who, reason(step, language)];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}

/// Whose permissions a step needs.
pub(super) fn who(step: &TaskStep, language: Language) -> String {
    let kind = role_kind(step.role_kind, language);
    match step.role.as_str() {
        "" => kind.to_owned(),
        role => format!("{kind} {role}"),
    }
}

/// What was asked for, without the fields of an ARN that are the same all over a table.
pub(super) fn asked_in_short(step: &TaskStep) -> String {
    short(&asked(step), &step.resource)
}

fn asked(step: &TaskStep) -> String {
    match (step.action.as_str(), step.resource.as_str()) {
        (action, "*" | "") => action.to_owned(),
        ("", resource) => resource.to_owned(),
        (action, resource) => format!("{action} {resource}"),
    }
}

/// What IAM said.
pub(super) fn result(step: &TaskStep, language: Language) -> &'static str {
    match (&step.decision, &step.error) {
        (Some(decision), _) => verdict(decision.verdict, language),
        (None, Some(_)) => pick(language, "✕ 자격 증명 없음", "✕ no credentials"),
        (None, None) => "✓",
    }
}

/// The statement that decided, or why none allowed.
pub(super) fn reason(step: &TaskStep, language: Language) -> String {
    let Some(decision) = &step.decision else { return String::new() };
    match &decision.statement {
        Some(by) => format!("{} · {}", by.policy, by.statement),
        None => why(decision, language),
    }
}

/// AWS's words about a task that didn't come to run.
fn write_failure(out: &mut String, shows: &Shows<'_>) {
    let (Some(error), Some(reason)) = (&shows.run.error, &shows.run.reason) else { return };
    out.push_str("<div class=\"scenario-rejected\">");
    if !shows.variant.is_empty() {
        let _ = write!(out, "<p><strong>{}</strong></p>", escape::text(&shows.variant));
    }
    let _ = write!(
        out,
        "<p lang=\"en\"><code>{}</code>: {}</p></div>",
        escape::text(error),
        escape::text(reason),
    );
}

/// What a step is for.
pub(super) fn phase(phase: Phase, language: Language) -> &'static str {
    let (korean, english) = match phase {
        Phase::RegisterInstance => ("인스턴스 등록", "register the instance"),
        Phase::RunTask => ("RunTask 호출", "call RunTask"),
        Phase::PassRole => ("역할 넘기기", "pass the role"),
        Phase::AssumeRole => ("역할 수임", "assume the role"),
        Phase::RegistryAuth => ("레지스트리 로그인", "log in to the registry"),
        Phase::Secret => ("비밀 값 읽기", "fetch a secret"),
        Phase::Pull => ("이미지 가져오기", "pull the image"),
        Phase::Logs => ("로그", "logs"),
        Phase::Start => ("컨테이너 시작", "start the container"),
        Phase::Call => ("코드의 호출", "call of the code"),
    };
    pick(language, korean, english)
}

fn role_kind(kind: RoleKind, language: Language) -> &'static str {
    let (korean, english) = match kind {
        RoleKind::Caller => ("호출한 쪽", "caller"),
        RoleKind::Service => ("서비스", "service"),
        RoleKind::Task => ("태스크 역할", "task role"),
        RoleKind::Execution => ("실행 역할", "execution role"),
        RoleKind::ContainerInstance => ("인스턴스 역할", "instance role"),
        RoleKind::None => ("–", "–"),
    };
    pick(language, korean, english)
}

/// The tasks, with what is worth saying of them, for the summary.
pub fn resources(tasks: &[TaskMetrics]) -> Vec<Resource> {
    let entries = |run: Option<&TaskRun>| {
        let text = |text: Option<&str>| match text {
            Some(text) => Amount::Text(text.to_owned()),
            None => Amount::Absent,
        };
        let status = run.and_then(|run| run.status.name());
        let error = run.and_then(|run| run.error.as_deref());
        let calls = run.map_or(0, |run| {
            run.steps.iter().filter(|step| step.phase == Phase::Call).count() as u64
        });
        let denied = run.map_or(0, denied_calls);
        vec![
            Entry::new("상태", "Status", text(status)).headline(),
            Entry::new("오류", "Error", text(error)),
            Entry::new("코드의 호출", "Calls of the code", Amount::Count(calls)),
            Entry::new("거부된 호출", "Denied calls", Amount::Count(denied)),
        ]
    };
    let resource = |task: &TaskMetrics| Resource {
        name: task.name.clone(),
        kind: ResourceKind::Task,
        entries: entries(task.last.as_ref()),
    };
    tasks.iter().map(resource).collect()
}
