/**
 * One dish each, drawn around the middle of a plate (0, 0) that has a radius of 100. `a` to `d` stand for the colours of the tile:
 * the cuisine's strong one, its second, a light one and a dark one.
 */
export const GLYPHS = {
  bowl: `
    <path d="M-82-8H82A82 70 0 0 1-82-8Z" fill="a"/><ellipse cy="-8" rx="82" ry="24" fill="d"/>
    <ellipse cy="-8" rx="72" ry="18" fill="b"/><circle cx="-28" cy="-10" r="9" fill="c"/><circle cx="12" cy="-4" r="11" fill="c"/>
    <circle cx="40" cy="-12" r="7" fill="c"/><path d="M-24-44q-10-12 0-24t0-24M6-44q-10-12 0-24t0-24M34-44q-10-12 0-24t0-24" class="steam"/>`,
  rice: `
    <path d="M-86 4H86A86 62 0 0 1-86 4Z" fill="a"/><path d="M-76 4C-70-66 70-66 76 4Z" fill="c"/>
    <path d="M-40-16l14-6M-10-34l14 5M22-14l14-7M-24-2l13 4M6-12l12 6M44-4l12-5M-52 0l9-8" stroke="b" stroke-width="7" stroke-linecap="round"/>
    <path d="M-4-46q12-22 30-20-4 18-30 20Z" fill="d"/>`,
  flatbread: `
    <circle r="78" fill="b"/><circle r="78" fill="none" stroke="a" stroke-width="8"/>
    <circle cx="-28" cy="-24" r="13" fill="a"/><circle cx="26" cy="-36" r="9" fill="a"/><circle cx="34" cy="18" r="15" fill="a"/>
    <circle cx="-16" cy="30" r="10" fill="a"/><circle cx="-50" cy="14" r="6" fill="a"/><circle cx="4" cy="-4" r="7" fill="a"/>
    <path d="M48-60q-22 2-30-14M-56 52q6-18 24-20" stroke="c" stroke-width="6" fill="none" stroke-linecap="round"/>`,
  pizza: `
    <path d="M0 86L-72-50Q0-92 72-50Z" fill="b"/><path d="M-72-50Q0-92 72-50L64-36Q0-74-64-36Z" fill="d"/>
    <circle cx="-24" cy="-28" r="14" fill="a"/><circle cx="24" cy="-26" r="14" fill="a"/><circle cx="0" cy="16" r="13" fill="a"/>
    <path d="M-4-14q12-10 16 2-8 10-16-2ZM-16 42q-4-12 8-14 6 12-8 14Z" fill="c"/>`,
  burger: `
    <path d="M-76-14C-76-80 76-80 76-14Z" fill="b"/><rect x="-80" y="16" width="160" height="22" rx="11" fill="d"/>
    <path d="M-82-10H82q0 14-16 14-12 0-18 10-8-10-20-10T8 14Q-2 4-14 4T-36 14Q-44 4-56 4-82 4-82-10Z" fill="c"/>
    <path d="M-76 44H76Q76 74 46 74H-46Q-76 74-76 44Z" fill="b"/>
    <path d="M-36-44l10 4M-2-54l10 2M30-42l9-5M-12-32l8 3M50-28l7 3" stroke="c" stroke-width="6" stroke-linecap="round"/>`,
  noodles: `
    <path d="M-84 0H84A84 72 0 0 1-84 0Z" fill="a"/>
    <path d="M-70 0q10-34 30-10 14-40 34-6 16-38 36-2 22-30 40 18" fill="none" stroke="b" stroke-width="11" stroke-linecap="round"/>
    <path d="M-54 0q14-26 30 0M-8 0q16-26 32 0M34 0q12-20 26 0" fill="none" stroke="c" stroke-width="8" stroke-linecap="round"/>
    <path d="M10-20L78-88M28-14L92-78" stroke="d" stroke-width="8" stroke-linecap="round"/>`,
  skewer: `
    <path d="M-88 62L88-62" stroke="d" stroke-width="7" stroke-linecap="round"/>
    <g transform="rotate(-35)"><rect x="-70" y="-24" width="38" height="48" rx="12" fill="a"/><rect x="-26" y="-20" width="16" height="40" rx="7" fill="c"/>
    <rect x="-4" y="-24" width="38" height="48" rx="12" fill="a"/><rect x="40" y="-20" width="16" height="40" rx="7" fill="b"/></g>`,
  fish: `
    <path d="M-80 0C-50-58 30-54 52-6L88-40V46L52 8C30 54-50 58-80 0Z" fill="a"/><circle cx="-48" cy="-10" r="8" fill="c"/>
    <path d="M-26-30q18 30 0 60M2-34q16 34 0 68M28-24q12 24 0 48" stroke="b" stroke-width="7" fill="none" stroke-linecap="round"/>`,
  dumplings: `
    <path d="M-92 26Q-92-34-48-34T-4 26Z" fill="c"/><path d="M4 26Q4-34 48-34T92 26Z" fill="c"/><path d="M-46 62Q-46-6 0-6T46 62Z" fill="b"/>
    <path d="M-48-34v22M-62-28l6 18M-34-28l-6 18M48-34v22M34-28l6 18M62-28l-6 18M0-6v24M-15 0l6 20M15 0l-6 20" stroke="a" stroke-width="6" stroke-linecap="round"/>`,
  sushi: `
    <g transform="translate(-44-6)"><rect x="-40" y="-32" width="80" height="66" rx="20" fill="c"/><rect x="-40" y="-36" width="80" height="30" rx="15" fill="a"/><rect x="-9" y="-36" width="18" height="70" fill="d"/></g>
    <g transform="translate(48 10)"><circle r="40" fill="d"/><circle r="31" fill="c"/><circle r="15" fill="b"/><circle cx="6" cy="-4" r="6" fill="a"/></g>`,
  wrap: `
    <g transform="rotate(-28)"><rect x="-38" y="-88" width="76" height="176" rx="34" fill="b"/><path d="M-38-16H38V54A34 34 0 0 1 4 88H-4A34 34 0 0 1-38 54Z" fill="c"/>
    <path d="M-28-60q14-24 28-6t28 0" stroke="a" stroke-width="14" fill="none" stroke-linecap="round"/><path d="M-38-4L38-22M-38 22L38 4" stroke="a" stroke-width="6"/></g>`,
  salad: `
    <path d="M-84 4H84A84 68 0 0 1-84 4Z" fill="d"/><path d="M-76 4q-8-40 26-46 4-34 38-28 30-24 52 8 40 0 36 66Z" fill="c"/>
    <circle cx="-24" cy="-22" r="15" fill="a"/><circle cx="34" cy="-18" r="13" fill="a"/><path d="M-4-6q10-30 24-26-2 22-24 26ZM-58-6q4-18 18-16-2 14-18 16Z" fill="b"/>`,
  soup: `
    <ellipse rx="92" ry="84" fill="a"/><ellipse rx="74" ry="66" fill="b"/><path d="M-46 6q20-34 46-10t46-12" stroke="c" stroke-width="12" fill="none" stroke-linecap="round"/>
    <circle cx="-20" cy="30" r="8" fill="d"/><circle cx="22" cy="26" r="6" fill="d"/><circle cx="0" cy="-40" r="7" fill="d"/>`,
  bread: `
    <path d="M-92 18Q-92-44-46-44H46Q92-44 92 18 92 46 66 46H-66Q-92 46-92 18Z" fill="b"/>
    <path d="M-52-30q22 18 14 48M-10-34q22 18 14 50M32-32q22 18 14 46" stroke="a" stroke-width="11" fill="none" stroke-linecap="round"/>`,
  crepe: `
    <path d="M-88-36Q0-84 88-36L6 80Q0 88-6 80Z" fill="b"/><path d="M-88-36Q0-84 88-36L70-12Q0-52-66-8Z" fill="c"/>
    <path d="M-30-40q30 40-6 66M20-44q-20 44 2 60" stroke="a" stroke-width="9" fill="none" stroke-linecap="round"/><circle cx="-4" cy="-50" r="14" fill="d"/>`,
  cake: `
    <path d="M-78 60V-6L40-58 78-6V60Z" fill="c"/><path d="M-78-6L40-58 78-6Z" fill="b"/><rect x="-78" y="18" width="156" height="14" fill="a"/>
    <path d="M-78-6H78V6q-12 14-26 0-14 14-26 0-14 14-26 0-14 14-26 0-14 14-26 0-14 14-26 0Z" fill="d"/><circle cx="30" cy="-66" r="15" fill="a"/>`,
  scoop: `
    <path d="M-34 8H34L0 94Z" fill="d"/><path d="M-22 8L12 66M22 8L-12 66" stroke="b" stroke-width="5"/>
    <circle cx="-26" cy="-14" r="32" fill="a"/><circle cx="26" cy="-14" r="32" fill="b"/><circle cx="0" cy="-52" r="34" fill="c"/><circle cx="6" cy="-88" r="11" fill="a"/>`,
  cup: `
    <path d="M-66-34H50V22Q50 66 6 66H-22Q-66 66-66 22Z" fill="a"/><path d="M50-18q38-4 38 24T50 34" stroke="a" stroke-width="14" fill="none"/>
    <ellipse cx="-8" cy="-34" rx="58" ry="15" fill="d"/><path d="M-34-60q-10-10 0-20t0-20M-8-60q-10-10 0-20t0-20M18-60q-10-10 0-20t0-20" class="steam"/>`,
  glass: `
    <path d="M-48-66H48L36 82H-36Z" fill="c"/><path d="M-44-34H44L36 82H-36Z" fill="b"/><circle cx="-12" cy="0" r="13" fill="c"/><circle cx="16" cy="34" r="11" fill="c"/>
    <path d="M10-40L42-100" stroke="a" stroke-width="9" stroke-linecap="round"/><circle cx="-44" cy="-62" r="24" fill="a"/><circle cx="-44" cy="-62" r="15" fill="d"/>`,
  plate: `
    <circle r="86" fill="c"/><circle r="66" fill="b"/><path d="M-44 10Q-44-44 4-40T44 6 4 44-44 10Z" fill="a"/>
    <path d="M-20-10q20-18 34 0M-16 16q18 16 36-2" stroke="d" stroke-width="7" fill="none" stroke-linecap="round"/><circle cx="44" cy="-30" r="11" fill="d"/>`,
} as const satisfies Record<string, string>;

export type Glyph = keyof typeof GLYPHS;

export function isGlyph(name: string): name is Glyph {
  return Object.hasOwn(GLYPHS, name);
}

/** Words of a dish's name, the first that fits decides. */
const BY_WORD: readonly [RegExp, Glyph][] = [
  [/pizz|margherita|marinara|calzone|capricciosa|funghi|quattro|reine|napolitaine/i, 'pizza'],
  [/burger|smash|slider|croque|sandwich|bagel|pav|bun|hot dog|club|panini/i, 'burger'],
  [/biryani|pulao|rice|khichdi|risotto|donburi|congee|fried rice|paella|bisi/i, 'rice'],
  [
    /cola|soda|lemonade|sparkling|iced|juice|shake|smoothie|lassi|water|mojito|sharbat|cider|cidre|jus|citronnade|bière/i,
    'glass',
  ],
  [/tea|chai|coffee|latte|espresso|cappuccino|mocha|chocolat chaud|café|thé|americano|flat white|cortado/i, 'cup'],
  [/ice cream|kulfi|gelato|falooda|sorbet|sundae|scoop|mochi|glace/i, 'scoop'],
  [
    /cake|tiramisu|brownie|muffin|cheesecake|halwa|gulab|jamun|barfi|baklava|pudding|kheer|pie|éclair|tarte|macaron|mousse|sandesh|jalebi|cookie|doughnut|pastry|paris-brest|religieuse|millefeuille|cannoli|panna/i,
    'cake',
  ],
  [/crêpe|galette|pancake|dosa|uttapam|appam|pesarattu|waffle/i, 'crepe'],
  [/naan|roti|paratha|kulcha|puri|bhatura|chapati|pita|manakish|tortilla|thepla|luchi|focaccia/i, 'flatbread'],
  [/bread|toast|croissant|baguette|loaf|bun|pain|brioche|chausson|bruschetta|ciabatta|fougasse/i, 'bread'],
  [
    /noodle|ramen|pasta|spaghetti|penne|pad|udon|soba|fettuccine|linguine|chop suey|laksa|vermicelli|carbonara|lasagne|ravioli|gnocchi|tagliatelle/i,
    'noodles',
  ],
  [
    /momo|dumpling|gyoza|samosa|kachori|idli|vada|dim sum|puff|fritter|bhaji|pakora|arancini|falafel|kofta/i,
    'dumplings',
  ],
  [/sushi|maki|nigiri|sashimi|roll set|temaki/i, 'sushi'],
  [/kebab|tikka|skewer|satay|seekh|yakitori|souvlaki|brochette|grill/i, 'skewer'],
  [
    /fish|prawn|shrimp|crab|squid|calamari|surmai|pomfret|machh|ilish|salmon|tuna|oyster|mussel|moule|huître|saumon|bar |sole|thon|bombil/i,
    'fish',
  ],
  [/salad|salade|slaw|greens|tabbouleh|fattoush|caprese|crudités|sprout/i, 'salad'],
  [/wrap|roll|burrito|taco|shawarma|quesadilla|frankie|enchilada|fajita/i, 'wrap'],
  [/soup|soupe|broth|rasam|dal|shorba|velouté|tom|minestrone|gratinée|bisque|sambar|pho/i, 'soup'],
  [
    /curry|masala|gravy|stew|korma|bowl|chaat|bhel|handi|kadhi|butter|paneer|chana|rajma|hummus|tagine|bourguignon|cassoulet/i,
    'bowl',
  ],
];

export function glyphOf(dish: string): Glyph {
  return BY_WORD.find(([word]) => word.test(dish))?.[1] ?? 'plate';
}
