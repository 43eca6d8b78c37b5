//! The event queue: events in the order of their time; those of one instant in an order that the
//! events themselves define (what kind first, which number second). That makes a run repeatable.

/// Children of a node of the heap. Four make it half as deep as two, and lie in one cache line.
const ARITY: usize = 4;

/// A priority queue of events. `E`'s order breaks the ties of one instant; events that are equal
/// in it must be interchangeable.
#[derive(Clone, Debug)]
pub struct EventQueue<E> {
    heap: Vec<(u64, E)>,
}

impl<E: Copy + Ord> Default for EventQueue<E> {
    fn default() -> Self {
        Self { heap: Vec::new() }
    }
}

impl<E: Copy + Ord> EventQueue<E> {
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
        self.heap.first().copied()
    }

    /// Adds an event.
    #[inline]
    pub fn push(&mut self, time: u64, event: E) {
        self.heap.push((time, event));
        self.sift_up(self.heap.len() - 1, (time, event));
    }

    /// Takes the next event out.
    #[inline]
    pub fn pop(&mut self) -> Option<(u64, E)> {
        let last = self.heap.pop()?;
        let Some(&first) = self.heap.first() else {
            return Some(last);
        };
        self.sift_down(last);
        Some(first)
    }

    /// Puts an event in the place of the next one, which is cheaper than taking and adding.
    #[inline]
    pub fn replace_next(&mut self, time: u64, event: E) {
        if self.heap.is_empty() {
            self.heap.push((time, event));
        } else {
            self.sift_down((time, event));
        }
    }

    /// Moves `item` from the free place `at` towards the root until its parent is no later.
    #[inline]
    fn sift_up(&mut self, mut at: usize, item: (u64, E)) {
        while at > 0 {
            let parent = (at - 1) / ARITY;
            if self.heap[parent] <= item {
                break;
            }
            self.heap[at] = self.heap[parent];
            at = parent;
        }
        self.heap[at] = item;
    }

    /// Puts `item` at the root and moves it towards the leaves until no child is earlier.
    #[inline]
    fn sift_down(&mut self, item: (u64, E)) {
        let heap = self.heap.as_mut_slice();
        let mut at = 0;
        loop {
            let first = at * ARITY + 1;
            let children = match heap.get(first..(first + ARITY).min(heap.len()).max(first)) {
                Some(children) if !children.is_empty() => children,
                _ => break,
            };
            let (mut least, mut value) = (0, children[0]);
            for (index, &child) in children.iter().enumerate().skip(1) {
                if child < value {
                    (least, value) = (index, child);
                }
            }
            if item <= value {
                break;
            }
            heap[at] = value;
            at = first + least;
        }
        heap[at] = item;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_by_time_and_then_by_their_own_order() {
        let mut queue = EventQueue::default();
        for (time, event) in [(5, 2), (1, 9), (5, 1), (0, 3), (5, 0), (1, 1), (7, 7)] {
            queue.push(time, event);
        }
        let order: Vec<_> = std::iter::from_fn(|| queue.pop()).collect();
        assert_eq!(order, [(0, 3), (1, 1), (1, 9), (5, 0), (5, 1), (5, 2), (7, 7)]);
    }

    proptest::proptest! {
        #[test]
        fn any_mixture_of_operations_agrees_with_a_sorted_list(
            operations in proptest::collection::vec((0u8..4, 0u64..20, 0u32..5), 0..200)
        ) {
            let mut queue = EventQueue::default();
            let mut model: Vec<(u64, u32)> = Vec::new();
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
