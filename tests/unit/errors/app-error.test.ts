import { describe, expect, expectTypeOf, it } from 'vitest';
import { AppError, errorCodes, isAppError, type ErrorCode, type FieldProblem } from '../../../src/errors/index.ts';

const codes = Object.keys(errorCodes) as ErrorCode[];

describe('the registry', () => {
  it('keeps to the status policy', () => {
    const allowed = [400, 401, 403, 404, 405, 408, 409, 413, 415, 422, 429, 500, 503];
    expect(codes.filter((code) => !allowed.includes(errorCodes[code].status))).toEqual([]);
  });

  it('is loud about our faults and not about theirs', () => {
    const wrong = codes.filter((code) => {
      const { status, logLevel } = errorCodes[code];
      // A stored quote that was tampered with is refused like any other, but somebody must look.
      // A full queue is refused on purpose.
      const isOnPurpose = code === 'quote_invalid' || code === 'overloaded';
      return status >= 500 !== (logLevel === 'error') && !isOnPurpose;
    });
    expect(wrong).toEqual([]);
  });
});

describe('AppError', () => {
  it('takes status, level and text from the registry and keeps cause and info', () => {
    const cause = new Error('why');
    const error = new AppError('below_minimum', {
      details: { minimumMinor: 14_900, subtotalMinor: 100, currency: 'INR' },
      cause,
      info: { cartId: 'c' },
    });
    expect(error).toMatchObject({ status: 422, logLevel: 'info', cause, info: { cartId: 'c' } });
    expect(error.message).toBe(errorCodes.below_minimum.message);
    expect([isAppError(error), isAppError(error, 'below_minimum'), isAppError(error, 'not_found')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(isAppError({ code: error.code, status: error.status })).toBe(false);
  });

  it('types its details by the code', () => {
    expectTypeOf<AppError<'validation_failed'>['details']>().toEqualTypeOf<FieldProblem[] | undefined>();
    expectTypeOf<AppError<'invalid_transition'>['details']>().toEqualTypeOf<{ status: string } | undefined>();
    expectTypeOf<AppError<'not_found'>['details']>().toEqualTypeOf<undefined>();
    // @ts-expect-error -- another code's details
    const wrong = new AppError('below_minimum', { details: { reason: 'x' } });
    expect(wrong.code).toBe('below_minimum');
  });

  it('of a state that forbids it names the state in words, where it is known', () => {
    const error = new AppError('invalid_transition', { details: { status: 'picked_up' } });
    expect(error.message).toBe('This is not possible any more, or not yet: it is “picked up”.');
    expect(new AppError('invalid_transition').message).toBe(errorCodes.invalid_transition.message);
  });
});
