import { mongo } from 'mongoose';
import { connectOnce, infoField } from '../../../scripts/services/start-redis.ts';

export async function mongodPid(uri: string): Promise<number> {
  const client = await mongo.MongoClient.connect(uri);
  try {
    return Number((await client.db('admin').command({ serverStatus: 1 }))['pid']);
  } finally {
    await client.close();
  }
}

export async function redisPid(url: string): Promise<number> {
  const redis = connectOnce(url);
  try {
    return Number(infoField(await redis.info('server'), 'process_id'));
  } finally {
    redis.disconnect();
  }
}

export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
