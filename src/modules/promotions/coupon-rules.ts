import { AppError, type FieldProblem } from '../../errors/index.ts';
import type { CouponRow } from './coupon.model.ts';

/** What an admin may change later. */
export type CouponTermsInput = Pick<
  CouponRow,
  | 'value'
  | 'maxDiscountMinor'
  | 'minimumSubtotalMinor'
  | 'startsAt'
  | 'endsAt'
  | 'firstOrderOnly'
  | 'perUserLimit'
  | 'totalLimit'
  | 'budgetMinor'
  | 'restaurantIds'
  | 'itemIds'
  | 'categoryIds'
  | 'isActive'
>;

const ALL_OF_IT = 10_000;

/** @throws AppError `validation_failed`: nobody could redeem it, or it would promise what it cannot hold */
export function assertMakesSense(terms: CouponTermsInput & Pick<CouponRow, 'kind' | 'fundedBy'>): void {
  const details = [...valueProblems(terms), ...scopeProblems(terms)];
  if (details.length > 0) throw new AppError('validation_failed', { details });
}

function valueProblems({ kind, value }: Pick<CouponRow, 'kind' | 'value'>): FieldProblem[] {
  if (kind === 'free_delivery') return value === 0 ? [] : [problem('value', 'must be 0: all of the delivery fee')];
  if (value === 0) return [problem('value', 'must be more than 0')];
  return kind === 'percentage' && value > ALL_OF_IT ? [problem('value', 'must be at most 10000, which is all')] : [];
}

function scopeProblems(terms: CouponTermsInput & Pick<CouponRow, 'kind' | 'fundedBy'>): FieldProblem[] {
  const { startsAt, endsAt, fundedBy, restaurantIds } = terms;
  return [
    ...(endsAt !== null && endsAt <= startsAt ? [problem('endsAt', 'must be after startsAt')] : []),
    // Nobody is made to pay for a promise of somebody else.
    ...(fundedBy === 'restaurant' && restaurantIds.length === 0
      ? [problem('restaurantIds', 'must name the restaurants that pay for it')]
      : []),
  ];
}

function problem(field: string, message: string): FieldProblem {
  return { path: field, code: 'custom', message };
}
