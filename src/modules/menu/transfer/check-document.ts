import { setImmediate as nextTurn } from 'node:timers/promises';
import type { z } from 'zod';
import { hasValuesAtMost } from '../../../shared/count-values.ts';
import { MAX_CATEGORIES, MAX_ITEMS } from '../edit-menu.service.ts';
import {
  categoryHeadSchema,
  documentHeadSchema,
  documentItemSchema,
  type DocumentCategory,
  type MenuDocument,
} from './menu-document.schema.ts';
import { MAX_NOTES, type ImportNote } from './menu-import.model.ts';

type Fault = Omit<ImportNote, 'row'>;

/** So long the other jobs, and the locks on them, may wait. */
const TURN_MS = 20;
/** Of one item; the fullest that is allowed has fewer. */
const MAX_VALUES = 4_000;
const MAX_WORDS = 300;

/**
 * Item by item and not at once: what is wrong with a file of nothing but faults is a million things, of which the report holds a few
 * hundred. Others have their turn in between.
 */
export async function checkDocument(given: unknown): Promise<{ document: MenuDocument | null; faults: Fault[] }> {
  const check = new Check();
  const { categories, ...head } = asRecord(given);
  const isList = Array.isArray(categories);
  if (!check.passes(documentHeadSchema, isList ? { ...head, categories: [] } : given, '')) return check.refusal();
  if ((categories as unknown[]).length > MAX_CATEGORIES) check.note('categories', 'list_full', TOO_LONG);
  const read: DocumentCategory[] = [];
  for (const [index, category] of (categories as unknown[]).slice(0, MAX_CATEGORIES).entries()) {
    const checked = await check.category(category, `categories.${index}`);
    if (checked !== null) read.push(checked);
    if (check.isOver) break;
  }
  if (check.faults.length > 0) return check.refusal();
  return { document: { ...(head as Pick<MenuDocument, 'format'>), categories: read }, faults: [] };
}

const TOO_LONG = `A menu has at most ${MAX_CATEGORIES} categories and ${MAX_ITEMS} items.`;

class Check {
  readonly faults: Fault[] = [];
  private itemCount = 0;
  private turnEndsAt = performance.now() + TURN_MS;

  /** More would not be read. */
  get isOver(): boolean {
    return this.faults.length > MAX_NOTES || this.itemCount > MAX_ITEMS;
  }

  refusal(): { document: null; faults: Fault[] } {
    return { document: null, faults: this.faults };
  }

  note(path: string, code: string, message: string): void {
    this.faults.push({ path: path.slice(0, MAX_WORDS), code, message: message.slice(0, MAX_WORDS) });
  }

  async category(given: unknown, path: string): Promise<DocumentCategory | null> {
    const { items = [], ...head } = asRecord(given);
    const isList = Array.isArray(items);
    // What is no list is the schema's to refuse.
    const category = this.passes(categoryHeadSchema, isList ? { ...head, items: [] } : given, path);
    const read: DocumentCategory['items'] = [];
    for (const [index, item] of (isList ? (items as unknown[]) : []).entries()) {
      this.itemCount += 1;
      if (this.itemCount > MAX_ITEMS) this.note('', 'list_full', TOO_LONG);
      if (this.isOver) break;
      const checked = this.passes(documentItemSchema, item, `${path}.items.${index}`);
      if (checked !== null) read.push(checked);
      await this.giveWay();
    }
    return category === null ? null : { ...category, items: read };
  }

  /** What the schema makes of it, or null with its faults noted. */
  passes<S extends z.ZodType>(schema: S, given: unknown, path: string): z.output<S> | null {
    if (!hasValuesAtMost(given, MAX_VALUES)) {
      this.note(path, 'too_many_values', 'There are too many values in it.');
      return null;
    }
    const parsed = schema.safeParse(given);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues.slice(0, MAX_NOTES)) {
      this.note([path, ...issue.path.map(String)].filter((part) => part !== '').join('.'), issue.code, issue.message);
    }
    return null;
  }

  private async giveWay(): Promise<void> {
    if (performance.now() < this.turnEndsAt) return;
    await nextTurn();
    this.turnEndsAt = performance.now() + TURN_MS;
  }
}

/** For taking apart only; what it is, the schema says. */
function asRecord(given: unknown): Record<string, unknown> {
  return typeof given === 'object' && given !== null ? (given as Record<string, unknown>) : {};
}
