import { mongo } from 'mongoose';
import { ServicesError } from './services-error.ts';
import { connectOnce, infoField } from './start-redis.ts';

const CONNECT_TIMEOUT_MS = 4000;
const DATABASE = 'quickbite';

/** Checks a server named in MONGODB_URI and returns the address with a database name. @throws ServicesError */
export async function checkGivenMongo(uri: string): Promise<string> {
  const client = newClient(uri);
  try {
    const hello = await client.db('admin').command({ hello: 1 });
    // A mongos has no set name but transactions all the same.
    if (hello['setName'] === undefined && hello['msg'] !== 'isdbgrid') {
      throw new ServicesError(
        'MONGODB_URI points to a standalone MongoDB, which has no transactions; start it with --replSet and run rs.initiate(), or unset MONGODB_URI to use the built-in one.',
      );
    }
    return withDefaultDatabase(uri);
  } catch (error) {
    if (error instanceof ServicesError) throw error;
    throw new ServicesError(
      'The MongoDB at MONGODB_URI cannot be reached or refuses the log-in; start it, correct the address, or unset MONGODB_URI to use the built-in one.',
      { cause: error },
    );
  } finally {
    await client.close();
  }
}

function newClient(uri: string): mongo.MongoClient {
  try {
    return new mongo.MongoClient(uri, { serverSelectionTimeoutMS: CONNECT_TIMEOUT_MS });
  } catch (error) {
    throw new ServicesError('MONGODB_URI is not a valid mongodb:// address; correct it or unset it.', { cause: error });
  }
}

function withDefaultDatabase(uri: string): string {
  const parts = /^(mongodb(?:\+srv)?:\/\/[^/?]+)\/?([^?]*)(\?.*)?$/.exec(uri);
  if (parts?.[2] !== '') return uri;
  return `${parts[1] ?? ''}/${DATABASE}${parts[3] ?? ''}`;
}

/** Checks a server named in REDIS_URL. @throws ServicesError */
export async function checkGivenRedis(url: string): Promise<string> {
  if (!/^rediss?:\/\//.test(url)) {
    throw new ServicesError('REDIS_URL is not a valid redis:// address; correct it or unset it.');
  }
  const redis = connectOnce(url);
  try {
    // CONFIG is forbidden by many providers, INFO by none.
    const policy = infoField(await redis.info('memory'), 'maxmemory_policy');
    if (policy !== undefined && policy !== 'noeviction') {
      throw new ServicesError(
        `The Redis at REDIS_URL has maxmemory-policy ${policy}, under which queued jobs vanish; set it to noeviction (CONFIG SET maxmemory-policy noeviction).`,
      );
    }
    return url;
  } catch (error) {
    if (error instanceof ServicesError) throw error;
    throw new ServicesError(
      'The Redis at REDIS_URL cannot be reached or refuses the log-in; start it, correct the address, or unset REDIS_URL to use the built-in one.',
      { cause: error },
    );
  } finally {
    redis.disconnect();
  }
}
