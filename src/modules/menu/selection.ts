import type { FieldProblem } from '../../errors/index.ts';

export interface SelectableOption {
  id: string;
  name: string;
  priceMinor: number;
  isAvailable: boolean;
}

export interface SelectableGroup<Option extends SelectableOption = SelectableOption> {
  id: string;
  name: string;
  /** 0: may be left out. */
  minSelect: number;
  maxSelect: number;
  options: readonly Option[];
}

export interface Selection<Option extends SelectableOption> {
  /** In the order of the menu, whatever the order of the request. */
  options: Option[];
  /** Empty: the selection fits. Ready to be the details of `option_selection_invalid`. */
  problems: FieldProblem[];
}

/** Do these options make the item complete and cookable? Never throws, so that a stale cart line can say what is wrong with it. */
export function validateSelection<Option extends SelectableOption>(
  item: { optionGroups: readonly SelectableGroup<Option>[] },
  optionIds: readonly string[],
): Selection<Option> {
  const wanted = new Set(optionIds);
  const known = new Map(item.optionGroups.flatMap((group) => group.options).map((option) => [option.id, option]));
  const problems = optionIds.flatMap((id, index) => problemOfId({ id, index, optionIds, option: known.get(id) }));
  for (const group of item.optionGroups) problems.push(...problemsOfGroup(group, wanted));
  return { options: [...known.values()].filter((option) => wanted.has(option.id)), problems };
}

interface ChosenId {
  id: string;
  index: number;
  optionIds: readonly string[];
  option: SelectableOption | undefined;
}

function problemOfId({ id, index, optionIds, option }: ChosenId): FieldProblem[] {
  const path = `optionIds.${index}`;
  if (option === undefined) return [{ path, code: 'unknown_option', message: 'The item has no such option.' }];
  if (optionIds.indexOf(id) !== index)
    return [{ path, code: 'duplicate_option', message: `${option.name} is chosen twice.` }];
  if (!option.isAvailable) return [{ path, code: 'option_unavailable', message: `${option.name} is sold out.` }];
  return [];
}

function problemsOfGroup(group: SelectableGroup, wanted: Set<string>): FieldProblem[] {
  const count = group.options.filter((option) => wanted.has(option.id)).length;
  const path = `optionGroups.${group.id}`;
  if (count < group.minSelect) {
    return [{ path, code: 'too_few_options', message: `${group.name}: choose at least ${group.minSelect}.` }];
  }
  if (count > group.maxSelect) {
    return [{ path, code: 'too_many_options', message: `${group.name}: choose at most ${group.maxSelect}.` }];
  }
  return [];
}
