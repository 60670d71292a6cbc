/** Option groups by the tag that a dish carries (`+size`): at least, at most, options with their price, in the unit of the table. */
interface GroupTemplate {
  name: string;
  minSelect: number;
  maxSelect: number;
  options: [name: string, price: number][];
}

function one(name: string, ...options: [string, number][]): GroupTemplate {
  return { name, minSelect: 1, maxSelect: 1, options };
}

function upTo(maxSelect: number, name: string, ...options: [string, number][]): GroupTemplate {
  return { name, minSelect: 0, maxSelect, options };
}

export const OPTION_GROUPS = {
  spice: one('How spicy', ['Mild', 0], ['Medium', 0], ['Hot', 0], ['Very hot', 0]),
  portion: one('Portion', ['Half', 0], ['Full', 160]),
  size: one('Size', ['Regular', 0], ['Large', 80]),
  crust: one('Crust', ['Hand tossed', 0], ['Thin', 0], ['Cheese burst', 90]),
  bread: one('Bread', ['Plain', 0], ['Whole wheat', 10], ['Gluten-free', 40]),
  pasta: one('Pasta', ['Spaghetti', 0], ['Penne', 0], ['Gluten-free penne', 50]),
  milk: one('Milk', ['Cow', 0], ['Oat', 40], ['Almond', 50]),
  weight: one('Weight', ['500 g', 0], ['1 kg', 550]),
  pieces: one('Pieces', ['2 pieces', 0], ['4 pieces', 70], ['12 pieces', 320]),
  curry: one('Stew', ['Vegetable', 0], ['Chicken', 60]),
  drink: one('Drink', ['Cola', 0], ['Iced tea', 0], ['Vanilla shake', 60]),
  protein: upTo(1, 'Add protein', ['Tofu', 50], ['Egg', 30], ['Chicken', 70], ['Prawns', 120]),
  extras: upTo(3, 'Extras', ['Cheese', 30], ['Egg', 20], ['Extra patty or filling', 70], ['Pickled onions', 15]),
  egg: upTo(2, 'Add egg', ['Fried egg', 30], ['Soft-boiled egg', 30]),
  chutney: upTo(2, 'Extra chutney', ['Coconut', 15], ['Tomato', 15], ['Gunpowder', 20]),
  sauce: upTo(2, 'Sauce', ['Chilli', 10], ['Garlic', 15], ['Sesame', 15]),
  dip: upTo(2, 'Dip', ['Chipotle mayonnaise', 30], ['Garlic', 25], ['Barbecue', 25]),
  salsa: upTo(2, 'Salsa', ['Pico de gallo', 0], ['Roasted tomato', 0], ['Habanero', 20]),
  dressing: one('Dressing', ['Lemon and olive oil', 0], ['Peanut', 0], ['Yoghurt', 0]),
  wasabi: upTo(2, 'On the side', ['Wasabi', 0], ['Pickled ginger', 0]),
  flavour: one('Flavour', ['Vanilla', 0], ['Mango', 0], ['Matcha', 20]),
  sugar: one('Sweetness', ['None', 0], ['Half', 0], ['Full', 0]),
  message: upTo(1, 'On the cake', ['Happy birthday', 0], ['Congratulations', 0]),
  cup: one('Cup', ['Small', 0], ['Large', 30]),
  ice: upTo(1, 'Ice', ['No ice', 0], ['Extra ice', 0]),
  cuisson: one('Cuisson', ['Bleu', 0], ['Saignant', 0], ['À point', 0], ['Bien cuit', 0]),
  garniture: upTo(2, 'Accompagnement', ['Frites maison', 350], ['Haricots verts', 350], ['Salade verte', 250]),
  chantilly: upTo(1, 'Supplément', ['Crème chantilly', 100], ['Boule de glace', 200]),
  quantite: upTo(1, 'Par lot', ['Lot de quatre', 400], ['Lot de huit', 860]),
  lait: one('Lait', ['Lait entier', 0], ['Lait d’avoine', 60]),
} as const satisfies Record<string, GroupTemplate>;

export type OptionGroupTag = keyof typeof OPTION_GROUPS;

/** Asked only with an option of the group: what a drink comes in. */
export const NESTED_GROUPS: Partial<Record<OptionGroupTag, readonly OptionGroupTag[]>> = { drink: ['cup', 'ice'] };

export function isOptionGroupTag(tag: string): tag is OptionGroupTag {
  return Object.hasOwn(OPTION_GROUPS, tag);
}
