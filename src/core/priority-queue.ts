// A binary heap: the least first, among equals the one that `before` says.

export interface PriorityQueue<T> {
  push(item: T): void;
  /** The first item; undefined when there is none. */
  pop(): T | undefined;
}

export function priorityQueue<T>(before: (a: T, b: T) => boolean): PriorityQueue<T> {
  const heap: T[] = [];
  const swap = (i: number, j: number) => {
    [heap[i], heap[j]] = [heap[j] as T, heap[i] as T];
  };
  const goesFirst = (i: number, j: number) => before(heap[i] as T, heap[j] as T);
  return {
    push(item) {
      let at = heap.push(item) - 1;
      for (let parent = (at - 1) >> 1; at > 0 && goesFirst(at, parent); parent = (at - 1) >> 1) {
        swap(at, parent);
        at = parent;
      }
    },
    pop() {
      const first = heap[0];
      const last = heap.pop();
      if (heap.length === 0 || last === undefined) return first;
      heap[0] = last;
      for (let at = 0; ; ) {
        const [left, right] = [2 * at + 1, 2 * at + 2];
        let least = at;
        if (left < heap.length && goesFirst(left, least)) least = left;
        if (right < heap.length && goesFirst(right, least)) least = right;
        if (least === at) return first;
        swap(at, least);
        at = least;
      }
    },
  };
}
