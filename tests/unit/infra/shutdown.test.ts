import { expect, it } from 'vitest';
import { isShuttingDown, onShutdown, runDetached, shutdown } from '../../../src/infra/lifecycle/index.ts';

// One story: a process shuts down once.
it('a shutdown stops intake, then finishes work, detached work included, then closes clients', async () => {
  const log: string[] = [];
  const { promise: detachedMayEnd, resolve: endDetached } = Promise.withResolvers<undefined>();
  const { promise: workMayEnd, resolve: endWork } = Promise.withResolvers<undefined>();

  // Registered in the order in which a process opens things, which is not the order of closing.
  onShutdown('clients', 'mongo', () => void log.push('mongo closed'));
  onShutdown('work', 'requests', async () => {
    await workMayEnd;
    log.push('requests done');
  });
  onShutdown('intake', 'broken', () => {
    throw new Error('this one fails, and stops nobody');
  });
  onShutdown('intake', 'http', () => {
    log.push(`http closed, shutting down: ${isShuttingDown()}`);
    endWork(undefined);
  });
  runDetached('mail', async () => {
    await detachedMayEnd;
    log.push('detached done');
    // What detached work detaches is waited for, too.
    runDetached('after mail', () => void log.push('detached by detached'));
  });
  runDetached('failing', () => Promise.reject(new Error('reported, and no more')));
  expect(isShuttingDown()).toBe(false);

  const first = shutdown('test');
  expect(shutdown('again')).toBe(first);
  await Promise.race([first, new Promise((resolve) => setImmediate(resolve))]);
  expect(log).toEqual(['http closed, shutting down: true', 'requests done']);
  endDetached(undefined);
  await first;
  expect(log.slice(2)).toEqual(['detached done', 'detached by detached', 'mongo closed']);
});
