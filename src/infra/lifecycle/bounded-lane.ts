import { AppError } from '../../errors/index.ts';

const RETRY_AFTER_SECONDS = 2;

/**
 * For work that is honest and heavy: so many at once in this process, and whoever comes beyond that hears so at once instead of
 * making everybody slower. @throws AppError `overloaded`
 */
export function boundedLane(places: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  return async (work) => {
    if (running >= places) throw new AppError('overloaded', { retryAfterSeconds: RETRY_AFTER_SECONDS });
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
    }
  };
}
