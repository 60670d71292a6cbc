import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { errorFields } from '../../../src/infra/observability/error-fields.ts';

describe('the fields of a logged error', () => {
  it('of a library that hangs a request on its error are its own words alone', () => {
    const error = Object.assign(new Error('No signatures found'), {
      code: 'bad_signature',
      payload: Buffer.from('{"email":"canary@example.com"}'),
      raw: { headers: { authorization: 'Bearer canary' } },
    });
    expect(errorFields(error)).toEqual({
      type: 'Error',
      message: 'No signatures found',
      stack: error.stack,
      code: 'bad_signature',
    });
  });

  it('with a Buffer on it are written though paths are redacted', () => {
    const lines: string[] = [];
    const redact = { paths: ['*.*.*.email'] };
    const log = pino({ redact, serializers: { err: errorFields } }, { write: (line) => lines.push(line) });
    log.error({ err: new Error('outer', { cause: Object.assign(new Error('inner'), { payload: Buffer.alloc(3) }) }) });
    expect(JSON.parse(lines[0] ?? '{}')).toMatchObject({ err: { message: 'outer', cause: { message: 'inner' } } });
  });

  it('of something thrown that is no error, or a ring of causes, end', () => {
    expect(errorFields('broken')).toEqual({ type: 'string', message: 'broken' });
    const ring = new Error('ring');
    ring.cause = ring;
    expect(JSON.stringify(errorFields(ring)).match(/"message"/g)).toHaveLength(5);
  });
});
