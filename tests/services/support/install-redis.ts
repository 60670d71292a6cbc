// Run as several processes by install.test.ts: looks for Redis with the PATH and the cache folder given, and prints where it is.
import { findRedis } from '../../../scripts/services/find-redis.ts';

const [cacheDir = '', path = ''] = process.argv.slice(2);
const { path: binary } = await findRedis({ cacheDir, env: { PATH: path }, onProgress: () => undefined });
console.log(binary);
