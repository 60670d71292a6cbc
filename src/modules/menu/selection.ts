import type { FieldProblem } from '../../errors/index.ts';

export interface SelectableOption {
  id: string;
  name: string;
  priceMinor: number;
  isAvailable: boolean;
  /** Asked only when this option is chosen. */
  groups?: readonly SelectableGroup[];
}

export interface SelectableGroup<Option extends SelectableOption = SelectableOption> {
  id: string;
  name: string;
  /** 0: may be left out. */
  minSelect: number;
  maxSelect: number;
  options: readonly Option[];
}

export interface SelectableSize {
  id: string;
  name: string;
  priceMinor: number;
  isAvailable: boolean;
}

interface SelectableItem<Option extends SelectableOption, Size extends SelectableSize> {
  sizes?: readonly Size[];
  optionGroups: readonly SelectableGroup<Option>[];
}

export interface Selection<Option extends SelectableOption, Size extends SelectableSize = SelectableSize> {
  /** Null where there are none, and where none of them was chosen. */
  size: Size | null;
  /** In the order of the menu, what hangs on an option after it, whatever the order of the request. */
  options: Option[];
  /** Empty: the selection fits. Ready to be the details of `option_selection_invalid`. */
  problems: FieldProblem[];
}

/**
 * Do this size and these options make the item complete and cookable? Option ids come flat; those of a nested group count only with
 * the option that asks for the group. Never throws, so that a stale cart line can say what is wrong with it.
 */
export function validateSelection<Option extends SelectableOption, Size extends SelectableSize>(
  item: SelectableItem<Option, Size>,
  optionIds: readonly string[],
  sizeId: string | null = null,
): Selection<Option, Size> {
  const wanted = new Set(optionIds);
  const places = placesOf(item.optionGroups, null);
  const known = new Map(places.map((place) => [place.option.id, place]));
  const size = item.sizes?.find(({ id }) => id === sizeId) ?? null;
  const problems = [
    ...problemsOfSize(item.sizes ?? [], size, sizeId),
    ...optionIds.flatMap((id, index) => problemOfId({ id, index, optionIds, wanted, place: known.get(id) })),
    ...item.optionGroups.flatMap((group) => problemsOfGroup(group, wanted)),
  ];
  return { size, options: places.map(({ option }) => option).filter(({ id }) => wanted.has(id)), problems };
}

/** What one piece costs: a size takes the place of the item's own price. */
export function unitPriceOf(
  item: { priceMinor: number },
  { size, options }: Pick<Selection<SelectableOption>, 'size' | 'options'>,
): number {
  return options.reduce((sum, { priceMinor }) => sum + priceMinor, size?.priceMinor ?? item.priceMinor);
}

interface OptionPlace<Option extends SelectableOption> {
  option: Option;
  /** The option that asks for its group. */
  parent: Option | null;
}

function placesOf<Option extends SelectableOption>(
  groups: readonly SelectableGroup<Option>[],
  parent: Option | null,
): OptionPlace<Option>[] {
  return groups.flatMap(({ options }) =>
    options.flatMap((option) => {
      const nested = (option.groups ?? []) as readonly SelectableGroup<Option>[];
      return [{ option, parent }, ...placesOf(nested, option)];
    }),
  );
}

function problemsOfSize(
  sizes: readonly SelectableSize[],
  size: SelectableSize | null,
  sizeId: string | null,
): FieldProblem[] {
  const path = 'sizeId';
  if (sizeId === null) {
    return sizes.length === 0 ? [] : [{ path, code: 'size_required', message: 'Choose a size.' }];
  }
  if (size === null) return [{ path, code: 'unknown_size', message: 'The item has no such size.' }];
  if (!size.isAvailable) return [{ path, code: 'size_unavailable', message: `${size.name} is sold out.` }];
  return [];
}

interface ChosenId {
  id: string;
  index: number;
  optionIds: readonly string[];
  wanted: ReadonlySet<string>;
  place: OptionPlace<SelectableOption> | undefined;
}

function problemOfId({ id, index, optionIds, wanted, place }: ChosenId): FieldProblem[] {
  const path = `optionIds.${index}`;
  if (place === undefined) return [{ path, code: 'unknown_option', message: 'The item has no such option.' }];
  const { option, parent } = place;
  if (optionIds.indexOf(id) !== index)
    return [{ path, code: 'duplicate_option', message: `${option.name} is chosen twice.` }];
  if (parent !== null && !wanted.has(parent.id))
    return [{ path, code: 'parent_missing', message: `${option.name} goes with ${parent.name} only.` }];
  if (!option.isAvailable) return [{ path, code: 'option_unavailable', message: `${option.name} is sold out.` }];
  return [];
}

function problemsOfGroup(group: SelectableGroup, wanted: ReadonlySet<string>): FieldProblem[] {
  const chosen = group.options.filter((option) => wanted.has(option.id));
  const nested = chosen.flatMap(({ groups = [] }) => groups.flatMap((below) => problemsOfGroup(below, wanted)));
  return [...problemsOfCount(group, chosen.length), ...nested];
}

function problemsOfCount({ id, name, minSelect, maxSelect }: SelectableGroup, count: number): FieldProblem[] {
  const path = `optionGroups.${id}`;
  if (count < minSelect) {
    return [{ path, code: 'too_few_options', message: `${name}: choose at least ${minSelect}.` }];
  }
  if (count > maxSelect) {
    return [{ path, code: 'too_many_options', message: `${name}: choose at most ${maxSelect}.` }];
  }
  return [];
}
