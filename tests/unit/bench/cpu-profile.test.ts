import { expect, it } from 'vitest';
import { summarize } from '../../../scripts/bench/cpu-profile.ts';

function node(id: number, frame: [functionName: string, url: string], children: number[] = []) {
  const [functionName, url] = frame;
  return { id, callFrame: { functionName, url }, children };
}

it('charges what node does to the package or module that asked for it, and leaves idle time out', () => {
  const summary = summarize({
    nodes: [
      node(1, ['(root)', ''], [2, 3, 6]),
      node(2, ['(idle)', '']),
      node(3, ['findOrder', 'file:///app/src/modules/orders/orders.queries.ts'], [4]),
      node(4, ['command', 'file:///app/node_modules/mongodb/lib/connection.js'], [5]),
      node(5, ['writeBuffer', '']),
      node(6, ['processTicksAndRejections', 'node:internal/process/task_queues']),
    ],
    samples: [2, 5, 5, 3, 6],
    timeDeltas: [100, 40, 20, 30, 10],
  });
  expect(summary.idle).toBe(0.5);
  expect(summary.byCaller).toEqual([
    ['mongodb', 0.6],
    ['src/modules/orders', 0.3],
    ["node's event loop", 0.1],
  ]);
  expect(summary.byFunction[0]).toEqual(['`writeBuffer` for mongodb', 0.6]);
});
