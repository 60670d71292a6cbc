import { vi } from 'vitest';
import { redisClients } from '../../src/infra/redis/index.ts';
import { followWork } from './follow-work.ts';

/** The commands that `work` sends to Redis by the client for caches and limits, in their order, and nothing that is sent beside it. */
export async function watchRedis(work: () => Promise<unknown>): Promise<string[]> {
  const names: string[] = [];
  await followWork(work, (isOfWork) => {
    const client = redisClients().cache;
    const sendCommand = client.sendCommand.bind(client);
    const spy = vi.spyOn(client, 'sendCommand').mockImplementation((...args) => {
      if (isOfWork()) names.push(args[0].name);
      return sendCommand(...args);
    });
    return () => {
      spy.mockRestore();
    };
  });
  return names;
}
