import { z } from 'zod';
import { idSchema, timeSchema } from '../../http/index.ts';
import { lineOfText } from '../../shared/line-of-text.ts';
import { ALLERGENS, DIETS, ITEM_TAX_CATEGORIES } from './menu-item.model.ts';
import { mealtimesSchema } from './menu.schema.ts';

/** A million of a currency with hundredths: beyond it a price is a slip of the finger. */
const MAX_PRICE_MINOR = 100_000_000;
export const MAX_STOCK = 1_000_000;
const MAX_SIZES = 20;
const MAX_GROUPS = 20;
const MAX_NESTED_GROUPS = 5;
const MAX_OPTIONS = 50;
/** Of one item, all levels together. */
const MAX_OPTIONS_IN_ALL = 300;

const CONTROL_BUT_NEW_LINE = /[^\P{Cc}\n]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

export const priceSchema = z
  .strictObject({ amount: z.int().min(0).max(MAX_PRICE_MINOR), currency: z.string().regex(/^[A-Z]{3}$/) })
  .meta({ id: 'MenuPrice', description: 'In minor units of the restaurant’s currency.' });

/** Several lines of text for people to read. */
const description = z
  .string()
  .max(4_000, { abort: true })
  .overwrite((text) => text.replaceAll('\r\n', '\n').trim().normalize('NFC'))
  .max(1_000)
  .refine((text) => !CONTROL_BUT_NEW_LINE.test(text), 'must not contain control characters');

const name = lineOfText(120);
export const categoryName = name;
export const keptId = idSchema
  .optional()
  .meta({ description: 'Of one that is there: what stands in carts stays valid.' });

/** How a new one begins. What is there keeps what the kitchen says of it. */
export const stateInput = { isAvailable: z.boolean().optional(), soldOutUntil: timeSchema.nullable().optional() };

const sizeInput = z.strictObject({ id: keptId, name, price: priceSchema, ...stateInput });

const nestedOptionInput = sizeInput;

const nestedGroupInput = groupOf(nestedOptionInput);

const optionInput = nestedOptionInput.extend({
  groups: z.array(nestedGroupInput).max(MAX_NESTED_GROUPS).default([]),
});

const groupInput = groupOf(optionInput);

export const sizesInput = z.array(sizeInput).max(MAX_SIZES).check(namesDiffer, idsDiffer);

export const groupsInput = z.preprocess(
  refuseTooMany,
  z
    .array(groupInput)
    .max(MAX_GROUPS)
    .check(namesDiffer, (context) => {
      const options = context.value.flatMap((group) => group.options);
      const nested = options.flatMap((option) => option.groups);
      const ids = [context.value, options, nested, nested.flatMap((group) => group.options)].flat();
      idsDiffer({ value: ids, issues: context.issues });
    }),
);

/** What an item says of itself, beside its prices, sizes and options. */
export const itemText = {
  name: lineOfText(200),
  description,
  sku: lineOfText(64).nullable().meta({ description: 'The restaurant’s own number for it; imports find it by that.' }),
  taxCategory: z.enum(ITEM_TAX_CATEGORIES),
  allergens: z.array(z.enum(ALLERGENS)).max(ALLERGENS.length),
  diets: z.array(z.enum(DIETS)).max(DIETS.length),
  mealtimes: mealtimesSchema,
};

export const stockInput = z
  .int()
  .min(0)
  .max(MAX_STOCK)
  .nullable()
  .meta({ description: 'How many are left; null: not counted.' });

export type SizeInput = z.output<typeof sizeInput>;
export type GroupInput = z.output<typeof groupInput>;

interface Named {
  id?: string | undefined;
  name: string;
}

/** With limits that can be met. */
function groupOf<Option extends z.ZodType<Named>>(option: Option) {
  return z
    .strictObject({
      id: keptId,
      name,
      minSelect: z.int().min(0).max(MAX_OPTIONS).meta({ description: 'From 1 on the group is required.' }),
      maxSelect: z.int().min(1).max(MAX_OPTIONS),
      options: z.array(option).min(1).max(MAX_OPTIONS).check(namesDiffer),
    })
    .check((context) => {
      const { minSelect, maxSelect, options } = context.value as {
        minSelect: number;
        maxSelect: number;
        options: unknown[];
      };
      if (minSelect > maxSelect) {
        context.issues.push(problem(context.value, ['minSelect'], 'must not be above maxSelect'));
      }
      if (maxSelect > options.length) {
        context.issues.push(problem(context.value, ['maxSelect'], 'must not be above the number of options'));
      }
    });
}

/** Before any of them is looked at: what is wrong with each of ten thousand costs a second to say. */
function refuseTooMany(groups: unknown, context: z.RefinementCtx): unknown {
  if (countOfParts(groups) <= MAX_OPTIONS_IN_ALL) return groups;
  context.addIssue({ code: 'custom', message: `at most ${MAX_OPTIONS_IN_ALL} groups and options in all` });
  return z.NEVER;
}

/** Groups and options of both levels, of whatever was sent. */
function countOfParts(groups: unknown, levels = 2): number {
  if (!Array.isArray(groups) || levels === 0) return 0;
  return groups.reduce((sum: number, group: unknown) => {
    const { options } = (group ?? {}) as { options?: unknown };
    if (!Array.isArray(options)) return sum + 1;
    return options.reduce(
      (all: number, option: unknown) =>
        all + 1 + countOfParts(((option ?? {}) as { groups?: unknown }).groups, levels - 1),
      sum + 1,
    );
  }, 0);
}

interface Checked<T> {
  value: T;
  issues: z.core.$ZodRawIssue[];
}

function namesDiffer({ value, issues }: Checked<readonly Named[]>): void {
  const names = value.map((entry) => entry.name.toLowerCase());
  names.forEach((each, index) => {
    if (names.indexOf(each) !== index) issues.push(problem(value, [index, 'name'], 'stands there twice'));
  });
}

function idsDiffer({ value, issues }: Checked<readonly Named[]>): void {
  const ids = value.flatMap(({ id }) => (id === undefined ? [] : [id]));
  if (new Set(ids).size !== ids.length) issues.push(problem(value, [], 'names an id twice'));
}

function problem(input: unknown, path: PropertyKey[], message: string): z.core.$ZodRawIssue {
  return { code: 'custom', input, path, message };
}
