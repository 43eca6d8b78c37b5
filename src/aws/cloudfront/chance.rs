//! What edge functions leave to chance: drawn before a run, so that how it ends is a pure
//! function of the choices.

use crate::aws::cloudfront::effect::{Action, Arm, Effect, RANDOM_ACTIONS};
use crate::sim::random::Random;

/// Draws what a function's actions leave to chance, each in a byte of the result.
pub(super) fn choose(actions: &[Action], random: &mut Random) -> u64 {
    let mut choices = 0;
    let mut chances = actions.iter().filter_map(|action| chances(&action.effect));
    for byte in 0..RANDOM_ACTIONS {
        let Some(chances) = chances.next() else { break };
        choices |= chances.draw(random) << (u8::BITS as usize * byte);
    }
    choices
}

/// The choice that an effect needs, if any.
pub(super) enum Chances<'a> {
    /// 1 with this share, else 0.
    Share(f64),
    Arms(&'a [Arm]),
}

pub(super) fn chances(effect: &Effect) -> Option<Chances<'_>> {
    match effect {
        Effect::Fail { share } | Effect::Slow { share, .. } => Some(Chances::Share(*share)),
        Effect::Split { arms, .. } => Some(Chances::Arms(arms)),
        _ => None,
    }
}

impl Chances<'_> {
    fn draw(&self, random: &mut Random) -> u64 {
        match self {
            // A unit is above 0, so a share of 0 never comes up, and one of 1 always does.
            Self::Share(share) => u64::from(random.unit() <= *share),
            Self::Arms(arms) => {
                let sum: f64 = arms.iter().map(|arm| arm.share).sum();
                let mut left = random.unit() * sum;
                for (arm, index) in arms.iter().zip(0..) {
                    left -= arm.share;
                    if left <= 0.0 {
                        return index;
                    }
                }
                (arms.len() as u64).saturating_sub(1)
            }
        }
    }
}

/// Whether anything about a function is left to chance.
pub(super) fn is_random(actions: &[Action]) -> bool {
    actions.iter().any(|action| chances(&action.effect).is_some())
}
