//! The view `tasks`: the steps of ECS tasks, each with the role whose permissions it needs.

use std::fmt::Write;

use crate::aws::architecture::ResourceKind;
use crate::aws::ecs::metrics::{Phase, RoleKind, Status, TaskMetrics, TaskRun, TaskStep};
use crate::escape;
use crate::quantity::Language;
use crate::scenario::view::decisions::{class, verdict, why};
use crate::scenario::view::facts::{Facts, Variant};
use crate::scenario::view::phrase::{count, pick};
use crate::scenario::view::resources::{Amount, Entry, Resource};
use crate::scenario::view::table::{Cell, Table};
use crate::scenario::view::{Shown, name_of};

/// The most tables of steps on a page.
const MOST_TABLES: usize = 8;

/// A task of a variant that was run.
struct Shows<'a> {
    name: String,
    run: &'a TaskRun,
}

/// Writes the view.
pub fn shown(facts: &Facts, language: Language) -> Shown {
    let runs: Vec<Shows<'_>> = facts.ran().flat_map(shows).collect();
    if runs.is_empty() {
        let none = pick(language, "실행한 태스크가 없음", "no task was run");
        return Shown { finding: none.to_owned(), ..Shown::default() };
    }
    let mut body = String::new();
    for shows in runs.iter().take(MOST_TABLES) {
        steps(shows, language).write(&mut body, "scenario-table scenario-permissions");
        write_failure(&mut body, shows.run);
    }
    let mut notes = Vec::new();
    if runs.len() > MOST_TABLES {
        notes.push(match language {
            Language::Korean => format!("태스크 {}개 중 {MOST_TABLES}개만 보임", runs.len()),
            Language::English => format!("{MOST_TABLES} of {} tasks are shown", runs.len()),
        });
    }
    let sentences: Vec<String> = runs.iter().map(|shows| sentence(shows, language)).collect();
    Shown { finding: sentences.join(" · "), body, notes, ..Shown::default() }
}

fn shows<'a>(variant: &'a Variant) -> Vec<Shows<'a>> {
    let ran = variant.tasks.iter().filter_map(|task| Some((task, task.last.as_ref()?)));
    ran.map(|(task, run)| {
        let name = match (&variant.name, variant.tasks.len()) {
            (None, _) => task.name.clone(),
            (Some(name), 1) => name.clone(),
            (Some(_), _) => format!("{} · {}", name_of(variant), task.name),
        };
        Shows { name, run }
    })
    .collect()
}

/// What became of a task, in a sentence.
fn sentence(shows: &Shows<'_>, language: Language) -> String {
    let Shows { name, run } = shows;
    let error = run.error.as_deref().unwrap_or_default();
    let denied = denied_calls(run);
    match (language, run.status) {
        (Language::Korean, Status::Refused) => format!("{name}: RunTask가 거부됨({error})"),
        (Language::Korean, Status::Stopped) => format!("{name}: 시작하지 못함({error})"),
        (Language::Korean, Status::Running) if denied > 0 => {
            format!("{name}: 시작했지만 코드의 호출 {}건이 거부됨", count(denied))
        }
        (Language::Korean, Status::Running) => format!("{name}: 시작함"),
        (Language::English, Status::Refused) => format!("{name}: RunTask is refused ({error})"),
        (Language::English, Status::Stopped) => format!("{name}: never starts ({error})"),
        (Language::English, Status::Running) if denied > 0 => {
            format!("{name}: starts, and {} calls of its code are denied", count(denied))
        }
        (Language::English, Status::Running) => format!("{name}: starts"),
    }
}

fn denied_calls(run: &TaskRun) -> u64 {
    let calls = run.steps.iter().filter(|step| step.phase == Phase::Call);
    calls.filter(|step| !step.allowed()).count() as u64
}

fn steps(shows: &Shows<'_>, language: Language) -> Table {
    let columns = [
        pick(language, "단계", "step"),
        pick(language, "누구의 권한", "whose permissions"),
        pick(language, "요청", "asked for"),
        pick(language, "결과", "result"),
        pick(language, "까닭", "why"),
    ];
    let caption = match language {
        Language::Korean => format!("{}: 태스크의 단계", shows.name),
        Language::English => format!("{}: steps of the task", shows.name),
    };
    let mut table = Table::new(caption, &columns);
    for step in &shows.run.steps {
        table.rows.push(row(step, language));
    }
    table
}

fn row(step: &TaskStep, language: Language) -> Vec<Cell> {
    let who = match step.role.as_str() {
        "" => role_kind(step.role_kind, language).to_owned(),
        role => format!("{} {role}", role_kind(step.role_kind, language)),
    };
    let asked = match (step.action.as_str(), step.resource.as_str()) {
        (action, "*") => action.to_owned(),
        ("", resource) => resource.to_owned(),
        (action, resource) => format!("{action} {resource}"),
    };
    let (result, reason) = match (&step.decision, &step.error) {
        (Some(decision), _) if decision.allowed() => {
            let by = decision.statement.as_ref();
            let by = by.map_or_else(String::new, |by| format!("{} · {}", by.policy, by.statement));
            (verdict(decision.verdict, language), by)
        }
        (Some(decision), _) => {
            let reason = match (&decision.statement, why(decision, language)) {
                (Some(by), _) => format!("{} · {}", by.policy, by.statement),
                (None, why) => why,
            };
            (verdict(decision.verdict, language), reason)
        }
        (None, Some(_)) => (pick(language, "✕ 자격 증명 없음", "✕ no credentials"), String::new()),
        (None, None) => ("✓", String::new()),
    };
    vec![
        Cell::head(phase(step.phase, language)),
        Cell::value(who).class("words"),
        Cell::value(asked).class("words"),
        Cell::value(result).class(class(step.allowed())),
        Cell::value(reason).class("words"),
    ]
}

/// AWS's words about a task that didn't come to run.
fn write_failure(out: &mut String, run: &TaskRun) {
    let (Some(error), Some(reason)) = (&run.error, &run.reason) else { return };
    let _ = write!(
        out,
        "<div class=\"scenario-rejected\"><p lang=\"en\"><code>{}</code>: {}</p></div>",
        escape::text(error),
        escape::text(reason),
    );
}

fn phase(phase: Phase, language: Language) -> &'static str {
    let (korean, english) = match phase {
        Phase::RegisterInstance => ("인스턴스 등록", "register the instance"),
        Phase::RunTask => ("RunTask 호출", "call RunTask"),
        Phase::PassRole => ("역할 넘기기", "pass the role"),
        Phase::AssumeRole => ("역할 맡기", "assume the role"),
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
