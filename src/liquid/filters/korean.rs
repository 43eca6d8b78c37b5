//! `josa`: a value with the Korean particle that fits how it is read.

use crate::korean::particle;
use crate::liquid::host::Arguments;
use crate::liquid::problem::{Kind, NOT_A_PARTICLE, Outcome, Problem};
use crate::liquid::render::Context;
use crate::liquid::value::Val;

/// `{{ x | josa: "은/는" }}`: the value's own output, marks included, and the particle.
pub(super) fn josa<'s>(
    input: &Val<'s>,
    arguments: &Arguments<'s>,
    context: &mut Context<'_, 's>,
) -> Outcome<Val<'s>> {
    let name = arguments.get(0).to_text();
    let output = input.to_output();
    let visible = context.host().visible(output.clone());
    match particle(&visible, &name) {
        Some(form) => Ok(Val::text(format!("{}{form}", &*output))),
        None => {
            let shown = if name.is_empty() { "nothing" } else { &*name };
            let words = format!("`{shown}` is no particle that changes its form");
            let mut problem = Problem::new(NOT_A_PARTICLE, Kind::Render, words).hint(
                "the particles are 은/는, 이/가, 을/를, 과/와, 으로/로, 아/야, 이나/나, \
                 이라/라, 이란/란, 이다/다, 이었다/였다",
            );
            problem.replacement = Some(output.to_string());
            Err(problem)
        }
    }
}
