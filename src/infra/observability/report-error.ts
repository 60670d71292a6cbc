import { fromUnknown } from '../../errors/index.ts';
import { logger } from './logger.ts';
import { counter } from './metrics.ts';

const reported = counter('quickbite_errors_reported_total', 'Faults reported, by where and code', ['where', 'code']);

interface Circumstance {
  /** Low-cardinality place: a route template, a job name, a process event. */
  where: string;
  isFatal?: boolean;
  info?: Record<string, unknown>;
}

/** The one way a fault reaches the log and the metrics: HTTP, jobs, sockets, start-up and process events alike. */
export function reportError(error: unknown, circumstance: Circumstance): void {
  const translated = fromUnknown(error);
  const level = circumstance.isFatal === true ? 'fatal' : translated.logLevel;
  reported.inc({ where: circumstance.where, code: translated.code });
  const cause = translated.cause ?? error;
  logger[level](
    {
      where: circumstance.where,
      code: translated.code,
      ...(translated.info === undefined ? {} : { info: translated.info }),
      ...(circumstance.info === undefined ? {} : { circumstance: circumstance.info }),
      // A refusal needs no stack; a fault does.
      ...(level === 'info' || level === 'warn' ? {} : { err: cause }),
    },
    translated.message,
  );
}
