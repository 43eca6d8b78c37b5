//! The event queue: events in the order of their time; those of one instant in an order that the
//! events themselves define (what kind first, which number second). That makes a run repeatable.

use std::marker::PhantomData;

/// Children of a node of the heap. Four make it half as deep as two, and lie in one cache line.
const ARITY: usize = 4;

/// A priority queue of events. An event is a number, which breaks the ties of one instant: its
/// upper bits say what comes first, the lower ones what the event is about.
#[derive(Clone, Debug)]
pub struct EventQueue<E> {
    /// Time above event: one comparison of whole numbers decides.
    heap: Vec<u128>,
    events: PhantomData<E>,
}

impl<E> Default for EventQueue<E> {
    fn default() -> Self {
        Self { heap: Vec::new(), events: PhantomData }
    }
}

#[inline]
fn key<E: Into<u64>>(time: u64, event: E) -> u128 {
    u128::from(time) << u64::BITS | u128::from(event.into())
}

#[inline]
fn entry<E: From<u64>>(key: u128) -> (u64, E) {
    ((key >> u64::BITS) as u64, E::from(key as u64))
}

impl<E: From<u64> + Into<u64>> EventQueue<E> {
    /// How many events wait.
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Whether no event waits.
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    /// The next event and its time, which stays in the queue.
    #[inline]
    pub fn peek(&self) -> Option<(u64, E)> {
        self.heap.first().map(|&key| entry(key))
    }

    /// Adds an event.
    #[inline]
    pub fn push(&mut self, time: u64, event: E) {
        let key = key(time, event);
        self.heap.push(key);
        let last = self.heap.len() - 1;
        sift_up(&mut self.heap, last, key);
    }

    /// Takes the next event out.
    #[inline]
    pub fn pop(&mut self) -> Option<(u64, E)> {
        let last = self.heap.pop()?;
        let Some(&first) = self.heap.first() else {
            return Some(entry(last));
        };
        sift_down(&mut self.heap, last);
        Some(entry(first))
    }

    /// Puts an event in the place of the next one, which is cheaper than taking and adding.
    #[inline]
    pub fn replace_next(&mut self, time: u64, event: E) {
        let key = key(time, event);
        if self.heap.is_empty() {
            self.heap.push(key);
        } else {
            sift_down(&mut self.heap, key);
        }
    }
}

/// Moves `key` from the free place `at` towards the root until its parent is no later.
#[inline]
fn sift_up(heap: &mut [u128], mut at: usize, key: u128) {
    while at > 0 {
        let parent = (at - 1) / ARITY;
        if heap[parent] <= key {
            break;
        }
        heap[at] = heap[parent];
        at = parent;
    }
    heap[at] = key;
}

/// Fills the free root with `key`: the free place goes down to a leaf along the least children,
/// and `key` up from there. What comes from the end of the heap mostly stays near the leaves, so
/// this compares less than going down with it.
#[inline]
fn sift_down(heap: &mut [u128], key: u128) {
    let mut at = 0;
    loop {
        let first = at * ARITY + 1;
        let least = if let Some(&[a, b, c, d]) = heap.get(first..first + ARITY) {
            let (left, left_key) = if b < a { (1, b) } else { (0, a) };
            let (right, right_key) = if d < c { (3, d) } else { (2, c) };
            first + if right_key < left_key { right } else { left }
        } else {
            let rest = heap.get(first..).unwrap_or_default();
            match rest.iter().enumerate().min_by_key(|&(_, &key)| key) {
                Some((offset, _)) => first + offset,
                None => break,
            }
        };
        heap[at] = heap[least];
        at = least;
    }
    sift_up(heap, at, key);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_by_time_and_then_by_their_own_order() {
        let mut queue = EventQueue::<u64>::default();
        for (time, event) in [(5, 2), (1, 9), (5, 1), (0, 3), (5, 0), (1, 1), (7, 7)] {
            queue.push(time, event);
        }
        let order: Vec<_> = std::iter::from_fn(|| queue.pop()).collect();
        assert_eq!(order, [(0, 3), (1, 1), (1, 9), (5, 0), (5, 1), (5, 2), (7, 7)]);
    }

    proptest::proptest! {
        #[test]
        fn any_mixture_of_operations_agrees_with_a_sorted_list(
            operations in proptest::collection::vec((0u8..4, 0u64..20, 0u64..5), 0..200)
        ) {
            let mut queue = EventQueue::<u64>::default();
            let mut model: Vec<(u64, u64)> = Vec::new();
            for (kind, time, event) in operations {
                match kind {
                    0 => {
                        model.sort_unstable();
                        let next = (!model.is_empty()).then(|| model.remove(0));
                        assert_eq!(queue.pop(), next);
                    }
                    1 => {
                        model.sort_unstable();
                        if !model.is_empty() {
                            model.remove(0);
                        }
                        model.push((time, event));
                        queue.replace_next(time, event);
                    }
                    _ => {
                        model.push((time, event));
                        queue.push(time, event);
                    }
                }
                assert_eq!(queue.len(), model.len());
                assert_eq!(queue.peek(), model.iter().min().copied());
            }
        }
    }
}
